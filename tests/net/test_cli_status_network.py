"""`vc-core status check` and `verify` with lists that a host on this machine serves, over real TLS."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.net.loopback import ADDRESS, Authority, Server, Stream, ok
from tests.unit.status_issuer import Issuer

Start = Callable[..., Server]
REFUSED = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


@dataclass(frozen=True)
class Here:
    """An issuer whose folder is served at `url`, and a credential of it."""

    issuer: Issuer
    server: Server
    url: str
    options: list[str]

    def run(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        code, out, _ = self.issuer.run(*arguments, "--json", *self.options)
        return code, json.loads(out[0])

    def said(self, *arguments: str) -> tuple[int, str]:
        code, _, err = self.issuer.run(*arguments, "--json", *self.options)
        return code, err


@pytest.fixture
def here(
    start: Start,
    authority: Authority,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Here:
    def getaddrinfo(*_: object, **__: object) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ADDRESS, 0))]

    def answer(server: Server, stream: Stream) -> None:
        file = tmp_path / "public" / server.requests[-1].decode().split()[1].removeprefix("/lists/")
        stream.sendall(ok(file.read_bytes()) if file.is_file() else REFUSED)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    issuer = Issuer.new(tmp_path, capsys, monkeypatch, with_list=False)
    server = start(answer)
    url = f"https://host.test:{server.port}/lists/1"
    issuer.create("--purpose", "revocation", url=url)
    claims = tmp_path / "claims"
    tree = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"], "id": "urn:x:1"}
    claims.write_text(json.dumps(tree | {"issuer": issuer.did, "credentialSubject": {"id": "did:example:learner"}}))
    code, _, _ = issuer.run(
        *("issue", str(claims), "--key", issuer.key, "--securing", "vc+jwt", "-o", str(tmp_path / "credential")),
        *("--status-list", url, "--status-store", issuer.store),
    )
    assert code == 0
    return Here(issuer, server, url, ["--allow-host", f"host.test:{server.port}", "--tls-ca", str(tmp_path / "ca.pem")])


def test_what_is_published_is_checked_where_it_is(here: Here) -> None:
    code, found = here.run("status", "check", here.url)
    assert (code, found["verdict"]) == (3, "undecided")
    assert "answers with status 404" in found["problems"][0]["detail"]
    here.issuer.publish()
    code, found = here.run("status", "check", here.url, "--store", here.issuer.store, "--fresh-for", "1d")
    assert (code, found["list"], found["differing"]) == (0, here.url, 0)
    assert here.issuer.set("--credential", "urn:x:1", url=here.url)[0] == 0
    code, found = here.run("status", "check", here.url, "--store", here.issuer.store)
    assert (code, found["problems"][0]["code"]) == (1, "NOT_PUBLISHED")


def test_a_list_of_another_url_is_none(here: Here) -> None:
    here.issuer.publish("--name", "2")
    code, found = here.run("status", "check", here.url.removesuffix("1") + "2")
    assert (code, found["problems"][0]["code"]) == (1, "STATUS_VERIFICATION_ERROR")


def test_a_revocation_reaches_the_verifier(here: Here) -> None:
    credential = str(here.issuer.folder / "credential")
    assert here.run("verify", credential, "--any-issuer")[0] == 3
    here.issuer.publish()
    assert here.run("verify", credential, "--any-issuer")[0] == 0
    here.issuer.set("--credential", "urn:x:1", url=here.url)
    assert here.run("verify", credential, "--any-issuer")[0] == 0
    here.issuer.publish()
    code, found = here.run("verify", credential, "--any-issuer")
    assert (code, found["problems"][0]["code"]) == (1, "REVOKED")
    code, found = here.run("status", "check", credential)
    assert (code, found["entries"][0]["value"]) == (1, 1)


def test_a_host_that_does_not_answer_leaves_it_open(here: Here) -> None:
    credential = str(here.issuer.folder / "credential")
    code, found = here.run("status", "check", credential)
    assert (code, found["entries"][0]["problem"]) == (3, "STATUS_RETRIEVAL_ERROR")
    code, found = here.run("status", "check", "https://elsewhere.test/1")
    assert (code, found["verdict"], found["list"]) == (3, "undecided", "https://elsewhere.test/1")
    assert "is not fetched" in found["problems"][0]["detail"]
