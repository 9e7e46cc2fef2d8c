"""`vc-core resolve` and `vc-core verify` with a did:webvh, whose log is on a host of this machine with real TLS."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.net.loopback import ADDRESS, Authority, Server, Stream, ok
from tests.unit import webvh_logs as logs
from vc_core import DataIntegrity, LocalSigner, issue
from vc_core.cli import main

LOG_PATH, WITNESS_PATH = "/dids/issuer/did.jsonl", "/dids/issuer/did-witness.json"
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class Here:
    """A host, the log of an issuer that it has, and the options with which it may be asked."""

    def __init__(self, server: Server, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.server, self.folder, self.capsys = server, folder, capsys
        place = f"host.test%3A{server.port}:dids:issuer"
        placeholder = f"did:webvh:{{SCID}}:{place}"
        parameters = {"witness": logs.witnesses(1, logs.WITNESS)}
        log = logs.started(parameters, logs.document(placeholder))
        self.did = logs.identifier(log, place)
        self.log = logs.extended(log, {}, logs.document(self.did, logs.NEW_ISSUER))
        self.proofs: list[Any] = logs.approvals(self.log, (2, [logs.WITNESS]))
        server.answer = self.answer

    def answer(self, server: Server, stream: Stream) -> None:
        files = {LOG_PATH: logs.written(self.log), WITNESS_PATH: json.dumps(self.proofs).encode()}
        path = self.asked()[-1]
        stream.sendall(ok(files[path]) if path in files else NOT_FOUND)

    def asked(self) -> list[str]:
        """The paths that the host was asked for."""
        return [request.decode().split()[1] for request in self.server.requests]

    def run(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        options = ["--allow-host", f"host.test:{self.server.port}", "--tls-ca", str(self.folder / "ca.pem")]
        code = main([*arguments, "--json", *options])
        return code, json.loads(self.capsys.readouterr().out)

    def credential(self, key: Any, created: datetime) -> str:
        claims = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiableCredential"],
            "issuer": self.did,
            "credentialSubject": {"id": "did:example:learner"},
        }
        signer = LocalSigner(key, f"{self.did}#{logs.multikey(key)}")
        securing = DataIntegrity(cryptosuite="eddsa-jcs-2022")
        file = self.folder / "credential.json"
        file.write_bytes(issue(claims, signer=signer, securing=securing, created=created))
        return str(file)


@pytest.fixture
def here(
    start: Callable[..., Server],
    authority: Authority,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Here:
    def getaddrinfo(host: str, *_: object, **__: object) -> list[Any]:
        assert host == "host.test"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ADDRESS, 0))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    return Here(start(NOT_FOUND), tmp_path, capsys)


def test_resolve(here: Here) -> None:
    code, result = here.run("resolve", here.did)
    assert (code, result["didDocument"]) == (0, here.log[1]["state"])
    assert result["didDocumentMetadata"]["versionId"] == here.log[1]["versionId"]
    assert here.asked() == [LOG_PATH, WITNESS_PATH]
    code, result = here.run("resolve", here.did, "--at", "2026-01-15T00:00:00Z")
    assert (code, result["didDocument"]) == (0, here.log[0]["state"])


def test_what_is_wrong_and_what_is_not_there(here: Here) -> None:
    here.proofs = []
    code, result = here.run("resolve", here.did)
    assert code == 1
    assert "has the approval of 0 of its witnesses" in result["didResolutionMetadata"]["error"]["detail"]
    here.log = []
    code, result = here.run("resolve", here.did)
    assert code == 1
    assert "entry 1 of the log is invalid" in result["didResolutionMetadata"]["error"]["detail"]
    code, result = here.run("resolve", here.did.replace(":issuer", ":nobody"))
    assert code == 3
    assert "status 404" in result["didResolutionMetadata"]["error"]["detail"]


def test_a_universal_resolver_is_not_asked(here: Here) -> None:
    url = f"https://host.test:{here.server.port}"
    assert here.run("resolve", here.did, "--resolver", url)[0] == 0
    assert here.asked() == [LOG_PATH, WITNESS_PATH]


def test_verify_and_again_from_what_was_saved(here: Here) -> None:
    """A key of before the rotation is good as of issuance; the evidence gives the same verdict without the host."""
    file = here.credential(logs.ISSUER, datetime(2026, 1, 15, tzinfo=UTC))
    saved = str(here.folder / "evidence.json")
    common = ("verify", file, "--issuer", here.did, "--at", "2026-06-01T00:00:00Z", "--keys-as-of")
    assert here.run(*common, "now")[1]["verdict"] == "rejected"
    code, result = here.run(*common, "issuance", "--save-evidence", saved)
    assert (code, result["verdict"]) == (0, "verified")
    number = len(here.asked())
    again = here.run(*common, "issuance", "--evidence", saved, "--offline")
    assert (again[0], again[1]["verdict"], len(here.asked())) == (0, "verified", number)
