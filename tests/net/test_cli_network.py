"""`vc-core verify` and `vc-core resolve` over the network, against hosts on this machine with real TLS."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import did
import vc_core
from did.multibase import encode_base58btc
from status import FORMATS, StatusList
from tests.net.loopback import ADDRESS, Authority, Server, Stream, ok
from vc_core import JWTVC, SDJWTVC, DataIntegrity, Evidence, LocalSigner, Securing
from vc_core import credential as data_model
from vc_core.cli import main
from vc_core.securing.jose import write_jws

Start = Callable[..., Server]
KEY, NEW_KEY = (did.PrivateKey("Ed25519", bytes(range(first, first + 32))) for first in (1, 2))
NOON = "2026-01-31T12:00:00Z"
ISSUED = datetime(2026, 1, 31, 11, tzinfo=UTC)
ENTITY = "did:ebsi:z" + encode_base58btc(b"\x01" + bytes(range(16)))
REFUSED = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def routes(answers: Mapping[str, bytes]) -> Callable[[Server, Stream], None]:
    """A host with these answers by path and query, and with none elsewhere."""

    def answer(server: Server, stream: Stream) -> None:
        stream.sendall(answers.get(server.requests[-1].decode().split()[1], REFUSED))

    return answer


def document(identifier: str, key: did.PrivateKey, name: str = "key-1") -> bytes:
    method = {
        "id": f"{identifier}#{name}",
        "type": "Multikey",
        "controller": identifier,
        "publicKeyMultibase": key.public_key.multikey,
    }
    tree = {"id": identifier, "verificationMethod": [method], "assertionMethod": [method["id"]]}
    return json.dumps(tree).encode()


def asked(server: Server) -> list[str]:
    """The paths that the host was asked for."""
    return [request.decode().split()[1] for request in server.requests]


@dataclass(frozen=True)
class Here:
    """A host of these tests, and the command line that may ask it."""

    server: Server
    folder: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def url(self) -> str:
        return f"https://host.test:{self.server.port}"

    @property
    def web(self) -> str:
        return f"did:web:host.test%3A{self.server.port}"

    def serve(self, answers: Mapping[str, bytes]) -> None:
        self.server.answer = routes(answers)

    def options(self) -> list[str]:
        return ["--allow-host", f"host.test:{self.server.port}", "--tls-ca", str(self.folder / "ca.pem")]

    def credential(
        self, issuer: str, securing: Securing | None = None, key: did.PrivateKey = KEY, name: str = "key-1", **more: Any
    ) -> str:
        claims = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiableCredential"],
            "issuer": issuer,
            "credentialSubject": {"id": "did:example:learner", "grade": 9},
            **more,
        }
        data = vc_core.issue(
            claims,
            signer=LocalSigner(key, f"{issuer}#{name}"),
            securing=securing or DataIntegrity(cryptosuite="eddsa-jcs-2022"),
            created=ISSUED,
        )
        (self.folder / "credential").write_bytes(data)
        return str(self.folder / "credential")

    def verify(self, file: str, *options: str) -> tuple[int, dict[str, Any], str]:
        """The exit code, the JSON, and what is said to people."""
        code = main(["verify", file, "--any-issuer", "--json", "--at", NOON, *self.options(), *options])
        out, err = self.capsys.readouterr()
        return code, json.loads(out), err

    def resolve(self, *arguments: str) -> tuple[int, dict[str, Any], str]:
        code = main(["resolve", *arguments, "--json", *self.options()])
        out, err = self.capsys.readouterr()
        assert out.count("\n") == 1
        return code, json.loads(out), err


@pytest.fixture
def here(
    start: Start,
    authority: Authority,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Here:
    """A host that knows nothing yet; no other name has an address."""

    def getaddrinfo(host: str, *_: object, **__: object) -> list[Any]:
        if host != "host.test":
            raise socket.gaierror(-2, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ADDRESS, 0))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    (tmp_path / "ca.pem").write_bytes(authority.pem)
    return Here(start(REFUSED), tmp_path, capsys)


def codes(result: Mapping[str, Any]) -> set[str]:
    return {problem["code"] for problem in result["problems"]}


def check(result: Mapping[str, Any], name: str) -> tuple[str, str]:
    return next((each["outcome"], each["because"]) for each in result["checks"] if each["check"] == name)


def test_an_issuer_on_the_web(here: Here) -> None:
    file = here.credential(here.web)
    here.serve({"/.well-known/did.json": ok(document(here.web, KEY))})
    code, result, err = here.verify(file)
    assert (code, result["verdict"], result["issuer"], err) == (0, "verified", here.web, "")
    assert asked(here.server) == ["/.well-known/did.json"]


def test_several_files_ask_once(here: Here) -> None:
    file = here.credential(here.web)
    here.serve({"/.well-known/did.json": ok(document(here.web, KEY))})
    assert main(["verify", file, file, file, "--issuer", here.web, "--at", NOON, *here.options()]) == 0
    assert here.server.accepted == 1


@pytest.mark.parametrize("securing", [None, JWTVC()], ids=["proof", "token"])
def test_a_key_that_was_replaced_proves_the_past_only_where_that_is_asked_for(
    here: Here, securing: Securing | None
) -> None:
    """A registry with a history: the old key is in the document of the time of issuance, the new one in that of now."""
    path = f"/did-registry/v5/identifiers/{ENTITY}"
    then = ok(document(ENTITY, KEY))
    here.serve({path: ok(document(ENTITY, NEW_KEY, "key-2")), f"{path}?valid-at=2026-01-31T11:00:00Z": then})
    more = {} if securing is None else {"@context": [data_model.V1], "issuanceDate": "2026-01-31T11:00:00Z"}
    file = here.credential(ENTITY, securing, **more)
    registry = ["--ebsi-registry", f"{here.url}/did-registry/v5"]
    saved = here.folder / "evidence"

    code, result, _ = here.verify(file, *registry)
    assert (code, codes(result)) == (1, {"INVALID_VERIFICATION_METHOD"})

    code, result, _ = here.verify(file, *registry, "--keys-as-of", "issuance", "--save-evidence", str(saved))
    assert (code, result["verdict"]) == (0, "verified")
    again = here.verify(file, "--keys-as-of", "issuance", "--offline", "--evidence", str(saved))
    assert again[:2] == (0, result)

    arguments = ["verify", file, "--issuer", ENTITY, "--at", NOON, "--keys-as-of", "issuance", *registry]
    assert main([*arguments, *here.options()]) == 0
    assert "not as of now" in " ".join(here.capsys.readouterr().out.split())

    late = here.credential(ENTITY, securing, NEW_KEY, "key-2", **more)
    assert here.verify(late, *registry)[0] == 0
    code, result, _ = here.verify(late, *registry, "--keys-as-of", "issuance")
    assert (code, codes(result)) == (1, {"INVALID_VERIFICATION_METHOD"})
    assert "as of 2026-01-31T11:00:00Z" in result["problems"][0]["detail"]


def test_a_method_without_a_history_has_only_the_present_keys(here: Here) -> None:
    file = here.credential(here.web)
    here.serve({"/.well-known/did.json": ok(document(here.web, NEW_KEY))})
    for moment in ("now", "issuance"):
        code, result, _ = here.verify(file, "--keys-as-of", moment)
        assert (code, codes(result)) == (1, {"PROOF_VERIFICATION_ERROR"})


def test_no_registry_is_a_default(here: Here) -> None:
    code, result, _ = here.verify(here.credential(ENTITY))
    assert (code, codes(result)) == (3, {"NOT_FOUND"})
    assert "no DID Registry was named" in result["problems"][0]["detail"]
    assert here.server.accepted == 0


def test_a_method_that_nobody_knows_leaves_the_verdict_open(here: Here) -> None:
    code, result, _ = here.verify(here.credential("did:example:issuer"))
    assert (code, result["verdict"], codes(result)) == (3, "undecided", {"METHOD_NOT_SUPPORTED"})


def test_a_universal_resolver_knows_the_methods_that_are_not_built_in(here: Here) -> None:
    """It is not asked for the others: a did:web is had from its own host."""
    other = "did:example:issuer"
    path = "/1.0/identifiers/did%3Aexample%3Aissuer"
    whole = {
        "didDocument": json.loads(document(other, KEY)),
        "didResolutionMetadata": {"contentType": "application/did"},
        "didDocumentMetadata": {},
    }
    here.serve({path: ok(json.dumps(whole).encode()), "/.well-known/did.json": ok(document(here.web, KEY))})
    assert here.verify(here.credential(other), "--resolver", here.url)[0] == 0
    assert here.verify(here.credential(here.web), "--resolver", here.url)[0] == 0
    assert here.resolve(other, "--resolver", here.url)[:2] == (0, whole)
    assert asked(here.server) == [path, "/.well-known/did.json", path]
    code, result, _ = here.verify(here.credential(ENTITY), "--resolver", here.url)
    assert (code, codes(result)) == (3, {"NOT_FOUND"})
    assert asked(here.server)[-1].startswith("/1.0/identifiers/did%3Aebsi%3A")


def dead(server: Server) -> None:
    server.stop()


@pytest.mark.parametrize(
    ("answer", "code", "problem", "words"),
    [
        (REFUSED, 3, "NOT_FOUND", "status 404"),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", 3, "NOT_FOUND", "status 503"),
        (b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n", 3, "NOT_FOUND", "not followed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n", 3, "NOT_FOUND", "larger than 1048576 bytes"),
        (b"nonsense\r\n\r\n", 3, "NOT_FOUND", "not HTTP/1.1"),
        (dead, 3, "NOT_FOUND", "does not answer"),
        (ok(b"<html>"), 1, "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT", "cannot be read"),
        (ok(b" " * 300_000), 1, "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT", "cannot be read"),
        (
            ok(document("did:web:evil.test", KEY)),
            1,
            "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID",
            "evil.test",
        ),
    ],
    ids=["absent", "busy", "redirect", "huge", "nonsense", "dead", "html", "long", "another id"],
)
def test_what_a_host_does_is_a_verdict_with_a_reason_and_can_be_told_again(
    here: Here, answer: bytes | Callable[[Server], None], code: int, problem: str, words: str
) -> None:
    file, saved = here.credential(here.web), here.folder / "evidence"
    if isinstance(answer, bytes):
        here.server.answer = answer
    else:
        answer(here.server)
    found, result, err = here.verify(file, "--save-evidence", str(saved))
    assert (found, codes(result)) == (code, {problem})
    assert words in result["problems"][0]["detail"]
    assert "Traceback" not in err
    assert here.verify(file, "--evidence", str(saved), "--offline")[:2] == (code, result)
    found, result, err = here.resolve(here.web)
    assert found == code
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "method", ["nonsense#key", "did:web:#key", "did:web:127.0.0.1#key", "did:ebsi:z1#key", "https://host.test:1/a#b"]
)
def test_a_key_of_a_malformed_identifier_is_told_again_too(here: Here, method: str) -> None:
    tree = json.loads(Path(here.credential(here.web)).read_bytes())
    tree["proof"]["verificationMethod"] = method
    (here.folder / "credential").write_text(json.dumps(tree))
    file, saved = str(here.folder / "credential"), here.folder / "evidence"
    code, result, _ = here.verify(file, "--save-evidence", str(saved))
    assert code in (1, 3)
    assert here.verify(file, "--evidence", str(saved), "--offline")[:2] == (code, result)
    assert here.server.accepted == 0


def test_a_host_that_is_not_allowed_is_not_asked(here: Here) -> None:
    here.serve({"/.well-known/did.json": ok(document(here.web, KEY))})
    file = here.credential(here.web)
    for options in ([], ["--allow-host", f"host.test:{here.server.port}=private"]):
        assert main(["verify", file, "--any-issuer", "--at", NOON, *options]) == 3
    assert here.server.accepted == 0
    assert main(["verify", file, "--any-issuer", "--at", NOON, *here.options()[:2]]) == 3  # nobody certified it
    assert "TLS" in here.capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--allow-host", "host.test"], "--allow-host cannot be used"),
        (["--allow-host", "host.test:443=anything"], "--allow-host cannot be used"),
        (["--ebsi-registry", "http://host.test"], "--ebsi-registry or --resolver cannot be used"),
        (["--resolver", "https://host.test/?a=b"], "--ebsi-registry or --resolver cannot be used"),
        (["--tls-ca", "{file}"], "cannot be used: these are no certificates"),
        (["--tls-ca", "{file}.absent"], "cannot read"),
        (["--save-evidence", "-"], "--save-evidence names a file"),
        (["--save-evidence", "{file}"], "is what this command reads"),
    ],
)
def test_an_option_that_cannot_be_used_is_one_line(here: Here, options: list[str], words: str) -> None:
    file = here.credential(here.web)
    assert main(["verify", file, "--any-issuer", *(each.format(file=file) for each in options)]) == 2
    out, err = here.capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert words in err


# resources


def with_schema(here: Here, schema: bytes, **answers: bytes) -> str:
    """A credential with a schema that is at its host."""
    here.serve(
        {
            "/.well-known/did.json": ok(document(here.web, KEY)),
            "/schema.json": ok(schema),
            **{f"/{name}.json": answer for name, answer in answers.items()},
        }
    )
    entry = {"id": f"{here.url}/schema.json", "type": "JsonSchema"}
    return here.credential(here.web, credentialSchema=entry)


def subject(rule: Mapping[str, Any]) -> bytes:
    return json.dumps({"properties": {"credentialSubject": rule}}).encode()


def test_a_schema_is_fetched_with_what_it_refers_to(here: Here) -> None:
    file = with_schema(here, b"")
    for most, code in ((10, 0), (8, 1)):
        schema = subject({"$ref": f"{here.url}/subject.json"})
        with_schema(
            here,
            schema,
            subject=ok(json.dumps({"properties": {"grade": {"$ref": f"{here.url}/grade.json"}}}).encode()),
            grade=ok(json.dumps({"maximum": most}).encode()),
        )
        saved = here.folder / "evidence"
        here.server.requests.clear()
        found, result, err = here.verify(file, "--save-evidence", str(saved))
        assert (found, codes(result)) == (code, {"SCHEMA_VALIDATION_ERROR"} if code else set())
        assert check(result, "schema")[0] == ("failed" if code else "passed")
        assert asked(here.server) == ["/.well-known/did.json", "/schema.json", "/subject.json", "/grade.json"]
        assert err == f"Wrote {saved}, for verdicts as of {NOON}.\n"
        accepted = here.server.accepted
        assert here.verify(file, "--evidence", str(saved), "--offline")[:2] == (code, result)
        assert here.server.accepted == accepted


def test_evidence_says_where_from_when_and_what(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["vc_core.cli.verify"], "now", lambda: datetime(2026, 2, 3, 4, 5, 6, tzinfo=UTC))
    schema, saved = subject({}), here.folder / "evidence"
    assert here.verify(with_schema(here, schema), "--save-evidence", str(saved))[0] == 0
    tree = json.loads(saved.read_bytes())
    digest = hashlib.sha256(schema).hexdigest()
    entry = {"text": schema.decode(), "sha256": digest, "retrieved": "2026-02-03T04:05:06Z"}
    assert tree["resources"] == {f"{here.url}/schema.json": entry}
    ((version,),) = tree["didDocuments"].values()
    assert version["document"] == json.loads(document(here.web, KEY))
    assert (version["source"], version["retrieved"]) == (f"{here.url}/.well-known/did.json", "2026-02-03T04:05:06Z")
    assert len(version["sha256"]) == 64
    assert Evidence.read(saved.read_bytes()).write() == saved.read_bytes()

    monkeypatch.setattr(sys.modules["vc_core.cli.verify"], "now", lambda: datetime(2027, 1, 1, tzinfo=UTC))
    again = here.folder / "again"
    assert here.verify(str(here.folder / "credential"), "--evidence", str(saved), "--save-evidence", str(again))[0] == 0
    assert again.read_bytes() == saved.read_bytes()  # the time is that of the first, and nothing was fetched


def test_a_schema_that_cannot_be_had(here: Here) -> None:
    """It is not checked, or the verdict is open, as the policy says; why, is told to people."""
    policy = here.folder / "policy"
    policy.write_text('{"resources": "require"}')
    for answer, words in (
        (REFUSED, "answered with status 404"),
        (b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n", "(REDIRECT_REFUSED)"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n", "(TOO_LARGE)"),
    ):
        file = with_schema(here, b"")
        here.serve({"/.well-known/did.json": ok(document(here.web, KEY)), "/schema.json": answer})
        code, result, err = here.verify(file)
        assert (code, check(result, "schema")[0]) == (0, "not checked")
        assert words in err
        assert err.count("\n") == 1
        code, result, _ = here.verify(file, "--policy", str(policy))
        assert (code, codes(result)) == (3, {"SCHEMA_RETRIEVAL_ERROR"})


def test_no_resource_is_fetched_that_no_accepted_issuer_signed(here: Here) -> None:
    file = Path(with_schema(here, subject({})))
    assert main(["verify", str(file), "--issuer", "did:web:other.example", "--at", NOON, *here.options()]) == 1
    here.capsys.readouterr()
    file.write_bytes(file.read_bytes().replace(b'"grade":9', b'"grade":8'))
    assert here.verify(str(file))[0] == 1
    assert set(asked(here.server)) == {"/.well-known/did.json"}


def test_only_https_urls_are_fetched_and_not_without_end(here: Here) -> None:
    here.serve({"/.well-known/did.json": ok(document(here.web, KEY))})
    names = ["http://host.test/a", "urn:uuid:1", "file:///etc/passwd", *(f"{here.url}/{n}" for n in range(40))]
    digest = "sha256-" + base64.b64encode(bytes(32)).decode()
    file = here.credential(here.web, relatedResource=[{"id": name, "digestSRI": digest} for name in names])
    code, result, err = here.verify(file)
    assert (code, check(result, "related resources")[0]) == (0, "not checked")
    assert len(asked(here.server)) == 1 + 32
    assert err.count("status 404") == 32
    assert err.count("one verdict gets at most 32 resources, in 8 rounds") == 8


def test_several_files_are_told_again_as_they_were(here: Here) -> None:
    """Also one that is rejected before one with the same schema that is not."""
    late = here.folder / "late"
    entry = {"id": f"{here.url}/schema.json", "type": "JsonSchema"}
    here.credential(here.web, credentialSchema=entry, validFrom="2030-01-01T00:00:00Z")
    (here.folder / "credential").rename(late)
    file, saved = with_schema(here, subject({})), here.folder / "evidence"
    arguments = ["verify", str(late), file, "--any-issuer", "--json", "--at", NOON]
    assert main([*arguments, *here.options(), "--save-evidence", str(saved)]) == 1
    out = here.capsys.readouterr().out
    assert main([*arguments, "--evidence", str(saved), "--offline"]) == 1
    assert here.capsys.readouterr().out == out
    assert [json.loads(line)["verdict"] for line in out.splitlines()] == ["rejected", "verified"]


def test_a_chain_of_schemas_ends(here: Here) -> None:
    chain = {f"/{n}.json": ok(subject({"$ref": f"{here.url}/{n + 1}.json"})) for n in range(10)}
    here.serve({"/.well-known/did.json": ok(document(here.web, KEY)), **chain})
    file = here.credential(here.web, credentialSchema={"id": f"{here.url}/0.json", "type": "JsonSchema"})
    code, result, err = here.verify(file)
    assert (code, codes(result)) == (3, {"SCHEMA_RETRIEVAL_ERROR"})
    assert asked(here.server)[1:] == [f"/{number}.json" for number in range(8)]
    assert "in 8 rounds" in err


def test_a_resource_that_is_another_one_is_refused(here: Here) -> None:
    here.serve({"/.well-known/did.json": ok(document(here.web, KEY)), "/syllabus": ok(b"Saturs")})
    for text, code in ((b"Saturs", 0), (b"Cits", 1)):
        digest = "sha256-" + base64.b64encode(hashlib.sha256(text).digest()).decode()
        file = here.credential(here.web, relatedResource={"id": f"{here.url}/syllabus", "digestSRI": digest})
        found, result, _ = here.verify(file)
        assert (found, codes(result)) == (code, {"RELATED_RESOURCE_DIGEST_ERROR"} if code else set())


def test_the_metadata_of_a_type_are_fetched_with_those_that_it_extends(here: Here) -> None:
    vct, extended = f"{here.url}/course", f"{here.url}/achievement"
    token = vc_core.issue(
        {"iss": here.web, "vct": vct, "grade": 9},
        signer=LocalSigner(KEY, f"{here.web}#key-1"),
        securing=SDJWTVC(),
        created=ISSUED,
    )
    (here.folder / "credential").write_bytes(token)
    for mandatory, code in (("grade", 0), ("name", 1)):
        rules = {"vct": extended, "claims": [{"path": [mandatory], "mandatory": True, "sd": "never"}]}
        here.serve(
            {
                "/.well-known/did.json": ok(document(here.web, KEY)),
                "/course": ok(json.dumps({"vct": vct, "extends": extended}).encode()),
                "/achievement": ok(json.dumps(rules).encode()),
            }
        )
        found, result, _ = here.verify(str(here.folder / "credential"))
        assert (found, codes(result)) == (code, {"TYPE_METADATA_ERROR"} if code else set())
        assert check(result, "type metadata")[0] == ("failed" if code else "passed")


# no network


def test_offline_no_connection_is_made_and_no_name_looked_up(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    for name in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, lambda *_, name=name, **__: calls.append(name))
    file = with_schema(here, subject({}))
    saved = here.folder / "evidence"
    code, result, err = here.verify(file, "--offline", "--save-evidence", str(saved))
    assert (code, codes(result), err) == (3, {"NOT_FOUND"}, f"Wrote {saved}, for verdicts as of {NOON}.\n")
    assert here.verify(here.credential(ENTITY), "--offline", "--ebsi-registry", f"{here.url}/v5")[0] == 3
    assert here.verify(here.credential("did:example:1"), "--offline", "--resolver", here.url)[0] == 3
    assert here.resolve(here.web, "--offline")[0] == 3
    assert here.resolve(here.url, "--offline")[0] == 3
    assert (calls, here.server.accepted) == ([], 0)


def test_without_the_extra_nothing_is_fetched_and_that_is_said_where_something_is_missing(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "h11", None)
    monkeypatch.delitem(sys.modules, "vc_core.net.exchange")
    code, result, err = here.verify(here.credential(here.web))
    assert (code, codes(result), err) == (3, {"NOT_FOUND"}, "")
    assert "install vc-core[net]" in result["problems"][0]["detail"]
    issuer = did.did_key(KEY.public_key)
    name = issuer.removeprefix("did:key:")
    assert here.verify(here.credential(issuer, name=name))[::2] == (0, "")
    entry = {"id": f"{here.url}/schema.json", "type": "JsonSchema"}
    code, _, err = here.verify(here.credential(issuer, name=name, credentialSchema=entry))
    assert code == 0
    assert err.count("\n") == 1
    assert "install vc-core[net] (MISSING_DEPENDENCY)" in err
    assert here.server.accepted == 0


# presentations


def test_the_nonce_of_a_presentation_is_spent_once_however_often_it_is_looked_at(here: Here) -> None:
    file = with_schema(here, subject({}))
    holder = did.did_key(NEW_KEY.public_key)
    data = vc_core.present(
        [Path(file).read_bytes()],
        signer=LocalSigner(NEW_KEY, f"{holder}#{holder.removeprefix('did:key:')}"),
        securing=DataIntegrity(
            cryptosuite="eddsa-jcs-2022", proof_purpose="authentication", challenge="nonce-12345678", domain="d"
        ),
        created=datetime(2026, 1, 31, 12, tzinfo=UTC),
    )
    Path(file).write_bytes(data)
    options = ["--nonce", "nonce-12345678", "--audience", "d", "--holder-binding", "bearer"]
    options += ["--nonces", str(here.folder / "nonces")]
    code, result, _ = here.verify(file, *options)
    assert (code, result["verdict"]) == (0, "verified")
    assert check(result["credentials"][0], "schema")[0] == "passed"
    code, result, _ = here.verify(file, *options)
    assert code == 1


# resolve


def test_resolve(here: Here) -> None:
    path = f"/did-registry/v5/identifiers/{ENTITY}"
    here.serve(
        {
            "/.well-known/did.json": ok(document(here.web, KEY)),
            "/issuer": ok(document(f"{here.url}/issuer", KEY)),
            path: ok(document(ENTITY, NEW_KEY)),
            f"{path}?valid-at=2026-01-31T12:00:00Z": ok(document(ENTITY, KEY)),
        }
    )
    registry = ("--ebsi-registry", f"{here.url}/did-registry/v5")
    for identifier, options, key in (
        (here.web, (), KEY),
        (f"{here.url}/issuer", (), KEY),
        (ENTITY, registry, NEW_KEY),
        (ENTITY, (*registry, "--at", NOON), KEY),
    ):
        code, result, err = here.resolve(identifier, *options)
        assert (code, err) == (0, "")
        assert result["didDocument"] == json.loads(document(identifier, key))
        assert result["didResolutionMetadata"] == {"contentType": "application/did"}


def test_resolve_knows_the_evidence(here: Here) -> None:
    evidence = here.folder / "evidence"
    evidence.write_bytes(Evidence(did_documents={here.web: json.loads(document(here.web, KEY))}).write())
    for options in ((), ("--offline",)):
        assert here.resolve(here.web, "--evidence", str(evidence), *options)[0] == 0
    evidence.write_text('{"didDocuments": {"did:web:a.test": {"id": "did:web:b.test"}}}')
    assert main(["resolve", here.web, "--evidence", str(evidence)]) == 2
    assert here.server.accepted == 0


def test_a_did_that_was_deactivated_has_no_document(here: Here) -> None:
    result = {"didDocument": None, "didResolutionMetadata": {}, "didDocumentMetadata": {"deactivated": True}}
    here.server.answer = ok(json.dumps(result).encode())
    code, found, err = here.resolve("did:example:1", "--resolver", here.url)
    assert (code, found) == (1, result)
    assert err == "vc-core: The DID is deactivated: it has no document any more\n"


# status


def entry_of(here: Here, index: int, name: str = "list", **members: Any) -> dict[str, Any]:
    return {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": f"{here.url}/{name}",
    } | members


def list_at(here: Here, *revoked: int, issuer: str = "", key: did.PrivateKey = KEY, **claims: Any) -> bytes:
    """A status list that is at `/list`."""
    statuses = StatusList.of_length(131_072).updated(dict.fromkeys(revoked, 1))
    url, issuer = f"{here.url}/list", issuer or here.web
    members = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": "2026-01-31T10:00:00Z",
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": FORMATS["bitstring"].encode(statuses),
        },
        **claims,
    }
    signer = LocalSigner(key, f"{issuer}#key-1")
    return vc_core.issue(members, signer=signer, securing=DataIntegrity(cryptosuite="eddsa-jcs-2022"), created=ISSUED)


def test_a_status_is_looked_up_in_the_list_that_is_fetched(here: Here) -> None:
    answers = {"/.well-known/did.json": ok(document(here.web, KEY)), "/list": ok(list_at(here, 7))}
    here.serve(answers)
    for index, code, found in ((8, 0, set()), (7, 1, {"REVOKED"})):
        here.server.requests.clear()
        saved = here.folder / f"evidence-{index}"
        file = here.credential(here.web, credentialStatus=entry_of(here, index))
        outcome = here.verify(file, "--save-evidence", str(saved))
        assert (outcome[0], codes(outcome[1]), outcome[2].strip()) == (
            code,
            found,
            f"Wrote {saved}, for verdicts as of {NOON}.",
        )
        assert asked(here.server) == ["/.well-known/did.json", "/list"]
        assert here.verify(file, "--offline", "--evidence", str(saved))[:2] == outcome[:2]
        assert here.verify(file, "--offline")[0] == 3
    accept = next(line for line in here.server.requests[-1].decode().splitlines() if line.lower().startswith("accept:"))
    assert "application/statuslist+jwt" in accept


def test_one_list_is_fetched_once_for_many_credentials(here: Here) -> None:
    here.serve({"/.well-known/did.json": ok(document(here.web, KEY)), "/list": ok(list_at(here, 7))})
    files = []
    for index in range(5, 10):
        path = Path(here.credential(here.web, credentialStatus=entry_of(here, index)))
        files.append(str(path.rename(here.folder / f"credential-{index}")))
    assert main(["verify", *files, "--issuer", here.web, "--json", "--at", NOON, *here.options()]) == 1
    results = [json.loads(line) for line in here.capsys.readouterr().out.splitlines()]
    assert [codes(each) for each in results] == [set(), set(), {"REVOKED"}, set(), set()]
    assert asked(here.server) == ["/.well-known/did.json", "/list"]


@pytest.mark.parametrize(
    ("answer", "code", "problem"),
    [
        (REFUSED, 3, "STATUS_RETRIEVAL_ERROR"),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", 3, "STATUS_RETRIEVAL_ERROR"),
        (b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n", 3, "STATUS_RETRIEVAL_ERROR"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n", 3, "STATUS_RETRIEVAL_ERROR"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{", 3, "STATUS_RETRIEVAL_ERROR"),
        (b"nonsense\r\n\r\n", 3, "STATUS_RETRIEVAL_ERROR"),
        (ok(b"<html>not found</html>"), 1, "STATUS_VERIFICATION_ERROR"),
    ],
    ids=["absent", "busy", "redirect", "huge", "cut off", "nonsense", "html"],
)
def test_a_list_that_cannot_be_had_is_never_one_that_clears(here: Here, answer: bytes, code: int, problem: str) -> None:
    here.serve({"/.well-known/did.json": ok(document(here.web, KEY)), "/list": answer})
    file, saved = here.credential(here.web, credentialStatus=entry_of(here, 8)), here.folder / "evidence"
    found, result, _ = here.verify(file, "--save-evidence", str(saved))
    assert (found, codes(result)) == (code, {problem})
    assert here.verify(file, "--offline", "--evidence", str(saved))[:2] == (found, result)
    assert here.verify(file, "--status", "skip")[0] == 0


def test_a_host_of_lists_that_is_down(here: Here, start: Start) -> None:
    """The issuer's own host answers; that of the list, which is another one, does not."""
    here.serve({"/.well-known/did.json": ok(document(here.web, KEY))})
    other = start(REFUSED)
    other.stop()
    status = entry_of(here, 8, statusListCredential=f"https://host.test:{other.port}/list")
    file = here.credential(here.web, credentialStatus=status)
    code, result, err = here.verify(file, "--allow-host", f"host.test:{other.port}")
    assert (code, codes(result)) == (3, {"STATUS_RETRIEVAL_ERROR"})
    assert "Traceback" not in err


def test_a_list_by_somebody_else_counts_only_if_the_policy_says_so(here: Here) -> None:
    authority = f"{here.web}:authority"
    here.serve(
        {
            "/.well-known/did.json": ok(document(here.web, KEY)),
            "/authority/did.json": ok(document(authority, NEW_KEY)),
            "/list": ok(list_at(here, 7, issuer=authority, key=NEW_KEY)),
        }
    )
    file, policy = here.credential(here.web, credentialStatus=entry_of(here, 8)), here.folder / "policy"
    code, result, _ = here.verify(file)
    assert (code, codes(result)) == (1, {"STATUS_VERIFICATION_ERROR"})
    policy.write_text(json.dumps({"statusIssuers": [authority]}))
    assert here.verify(file, "--policy", str(policy))[0] == 0
    revoked = here.credential(here.web, credentialStatus=entry_of(here, 7))
    assert codes(here.verify(revoked, "--policy", str(policy))[1]) == {"REVOKED"}


def test_the_list_of_another_time(here: Here) -> None:
    over = list_at(here, validUntil="2026-01-31T11:30:00Z")
    here.serve({"/.well-known/did.json": ok(document(here.web, KEY)), "/list": ok(over)})
    file = here.credential(here.web, credentialStatus=entry_of(here, 8))
    code, result, _ = here.verify(file)
    assert (code, codes(result)) == (3, {"STATUS_RETRIEVAL_ERROR"})
    assert here.verify(file, "--at", "2026-01-31T11:15:00Z")[0] == 0


def test_a_token_status_list_and_an_accreditation(here: Here) -> None:
    statuses = StatusList.of_length(64, size=2, least_significant_first=True).updated({3: 2})
    listed = {"bits": 2, "lst": FORMATS["token"].encode(statuses)}
    claims = {"sub": f"{here.url}/list", "iat": 1769850000, "status_list": listed}
    header = {"typ": "statuslist+jwt", "kid": f"{here.web}#key-1"}
    token = write_jws(header, json.dumps(claims).encode(), signer=LocalSigner(KEY, f"{here.web}#key-1"))
    subject = "did:ebsi:zzVWLVDDAaTjGpMHBCKYwV3"
    path = f"/tir/v5/issuers/{subject}/attributes/{'ab' * 32}"
    record = {"did": subject, "attribute": {"issuerType": "Revoked"}}
    here.serve(
        {
            "/.well-known/did.json": ok(document(here.web, KEY)),
            "/list": ok(token),
            path: ok(json.dumps(record).encode()),
        }
    )
    file = str(here.folder / "credential")
    for index, found in ((2, set()), (3, {"SUSPENDED"})):
        data = vc_core.issue(
            {
                "vct": "https://types.example/1",
                "iss": here.web,
                "status": {"status_list": {"idx": index, "uri": claims["sub"]}},
            },
            signer=LocalSigner(KEY, f"{here.web}#key-1"),
            securing=SDJWTVC(),
            created=ISSUED,
        )
        Path(file).write_bytes(data)
        assert codes(here.verify(file)[1]) == found
    here.credential(
        here.web,
        credentialSubject={"id": subject, "reservedAttributeId": "ab" * 32},
        credentialStatus={"id": here.url + path, "type": "EbsiAccreditationEntry"},
    )
    policy, saved = here.folder / "policy", here.folder / "evidence"
    assert here.verify(file)[0] == 3
    policy.write_text(json.dumps({"statusRegistries": [f"{here.url}/tir/v5"]}))
    code, result, _ = here.verify(file, "--policy", str(policy), "--save-evidence", str(saved))
    assert (code, codes(result)) == (1, {"REVOKED"})
    again = here.verify(file, "--policy", str(policy), "--offline", "--evidence", str(saved))
    assert again[:2] == (code, result)


def test_a_message_of_the_list_is_told(here: Here) -> None:
    subject = {
        "type": "BitstringStatusList",
        "statusPurpose": "message",
        "encodedList": FORMATS["bitstring"].encode(StatusList.of_length(131_072, size=2).updated({7: 2})),
    }
    served = list_at(here, credentialSubject=subject)
    here.serve({"/.well-known/did.json": ok(document(here.web, KEY)), "/list": ok(served)})
    messages = [{"status": hex(value), "message": f"message {value}\x1b[2J"} for value in range(4)]
    status = entry_of(here, 7, statusPurpose="message", statusSize=2, statusMessage=messages)
    file = here.credential(here.web, credentialStatus=status)
    code, result, _ = here.verify(file)
    assert code == 0
    assert check(result, "status") == ("passed", r"message 0x2 'message 2\x1b[2J'")
    assert main(["verify", file, "--any-issuer", "--at", NOON, *here.options()]) == 0
    out = here.capsys.readouterr().out
    assert "noted        status: message 0x2 'message 2" in out
    assert "\x1b" not in out
