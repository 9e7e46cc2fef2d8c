"""`vc-core verify`: verdicts, exit codes, and what is printed."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import vc_core
from did import PrivateKey, did_key
from vc_core import DataIntegrity, LocalSigner
from vc_core.cli import main

NOON = "2026-01-31T12:00:00Z"
MEMBERS = ["verdict", "problems", "checks", "issuer", "validFrom", "validUntil", "securing", "file"]


@dataclass(frozen=True)
class Issuing:
    """A key, its DID, and a folder for what is issued with it."""

    key: PrivateKey
    did: str
    folder: Path

    def credential(self, name: str = "good", *, method: str | None = None, **more: Any) -> str:
        """The path of a new credential with the claims `more`."""
        claims = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiableCredential"],
            "issuer": self.did,
            "name": "Mikroapliecinājums",
            "credentialSubject": {"id": "did:example:learner"},
            **more,
        }
        secured = vc_core.issue(
            claims,
            signer=LocalSigner(self.key, method or f"{self.did}#{self.did.removeprefix('did:key:')}"),
            securing=DataIntegrity(cryptosuite="eddsa-jcs-2022"),
            created=datetime(2026, 1, 31, 12, tzinfo=UTC),
        )
        (self.folder / name).write_bytes(secured)
        return str(self.folder / name)


@pytest.fixture
def issuing(tmp_path: Path) -> Issuing:
    """A new issuer."""
    key = PrivateKey.generate("Ed25519")
    return Issuing(key, did_key(key.public_key), tmp_path)


@pytest.fixture
def rejected(issuing: Issuing) -> str:
    """The path of a credential with changed claims."""
    file = Path(issuing.credential("rejected"))
    file.write_bytes(file.read_bytes().replace(b"Mikro", b"Makro"))
    return str(file)


@pytest.fixture
def undecided(issuing: Issuing) -> str:
    """The path of a credential whose status list is not at hand."""
    entry = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://example.org/status/1",
    }
    return issuing.credential("undecided", credentialStatus=entry)


def verify(issuing: Issuing, *arguments: str) -> int:
    return main(["verify", "--offline", "--issuer", issuing.did, "--at", NOON, *arguments])


def test_a_verified_credential(issuing: Issuing, capsys: pytest.CaptureFixture[str]) -> None:
    file = issuing.credential(validFrom="2026-01-01T00:00:00Z", validUntil="2027-01-01T00:00:00Z")
    assert verify(issuing, file) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"verified  {file}\n  issuer       {issuing.did}\n")
    assert "from 2026-01-01T00:00:00Z until 2027-01-01T00:00:00Z" in out
    assert "eddsa-jcs-2022" in out
    assert err == ""


def test_a_rejected_credential(issuing: Issuing, rejected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(issuing, rejected) == 1
    out = capsys.readouterr().out
    assert out.startswith(f"rejected  {rejected}\n  because")
    assert "PROOF_VERIFICATION_ERROR" in " ".join(out.split())
    assert issuing.did not in out


def test_an_undecided_credential(issuing: Issuing, undecided: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(issuing, undecided) == 3
    assert "STATUS_RETRIEVAL_ERROR" in capsys.readouterr().out
    assert verify(issuing, undecided, "--status", "skip") == 0
    assert "status: the policy skips the status" in " ".join(capsys.readouterr().out.split())


def test_the_worst_file_decides_the_exit_code(
    issuing: Issuing, rejected: str, undecided: str, capsys: pytest.CaptureFixture[str]
) -> None:
    good, absent = issuing.credential(), str(issuing.folder / "absent")
    assert verify(issuing, good, good) == 0
    assert verify(issuing, good, undecided) == 3
    assert verify(issuing, undecided, rejected, good) == 1
    capsys.readouterr()
    assert verify(issuing, absent, undecided, rejected, good) == 2
    out, err = capsys.readouterr()
    assert [line.split()[0] for line in out.splitlines() if not line.startswith(" ")] == [
        "undecided",
        "rejected",
        "verified",
    ]
    assert err == f"vc-core: cannot read {absent}: No such file or directory\n"


def test_json_is_one_object_for_each_file_that_could_be_read(
    issuing: Issuing, rejected: str, undecided: str, capsys: pytest.CaptureFixture[str]
) -> None:
    good, absent = issuing.credential(validFrom=NOON), str(issuing.folder / "absent")
    assert verify(issuing, "--json", good, absent, rejected, undecided) == 2
    out, err = capsys.readouterr()
    first, second, third = map(json.loads, out.splitlines())
    assert all(list(each) == MEMBERS for each in (first, second, third))
    assert [each["file"] for each in (first, second, third)] == [good, rejected, undecided]
    assert first == first | {
        "verdict": "verified",
        "problems": [],
        "issuer": issuing.did,
        "validFrom": NOON,
        "validUntil": None,
        "securing": "eddsa-jcs-2022",
    }
    assert {check["outcome"] for check in first["checks"]} == {"passed", "not checked"}
    assert all(set(check) == {"check", "outcome", "because"} for check in first["checks"])
    assert second["verdict"] == "rejected"
    (problem,) = second["problems"]
    assert set(problem) == {"code", "title", "detail", "at"}
    assert (problem["code"], problem["at"]) == ("PROOF_VERIFICATION_ERROR", "/proof")
    assert (second["issuer"], second["validFrom"]) == (None, None)
    assert "failed" in {check["outcome"] for check in second["checks"]}
    assert third["verdict"] == "undecided"
    assert third["issuer"] is None
    assert out.isascii()
    assert "absent" in err


def test_no_claim_of_an_unverified_credential_is_printed(issuing: Issuing, capsys: pytest.CaptureFixture[str]) -> None:
    file = Path(issuing.credential(validFrom="2001-01-01T00:00:00Z", credentialSubject={"name": "Claimed Name"}))
    file.write_bytes(file.read_bytes().replace(b"Claimed Name", b"Another Name"))
    assert verify(issuing, str(file), str(file), "--json") == 1
    assert verify(issuing, str(file)) == 1
    out = capsys.readouterr().out
    assert "Name" not in out
    assert "2001-01-01" not in out
    assert issuing.did not in out


def test_standard_input(issuing: Issuing, capsys: pytest.CaptureFixture[str]) -> None:
    kept = os.dup(0)
    with Path(issuing.credential()).open("rb") as file:
        os.dup2(file.fileno(), 0)
    try:
        assert verify(issuing, "-") == 0
    finally:
        os.dup2(kept, 0)
        os.close(kept)
    assert capsys.readouterr().out.startswith("verified  -\n")


def test_who_is_trusted_is_said(issuing: Issuing) -> None:
    good = issuing.credential()
    assert main(["verify", good, "--issuer", "did:example:other", "--at", NOON]) == 1
    assert main(["verify", good, "--issuer", "did:example:other", "--issuer", issuing.did, "--at", NOON]) == 0
    assert main(["verify", good, "--any-issuer", "--at", NOON, "--offline"]) == 0


def test_the_clock_is_read_unless_a_time_is_given(issuing: Issuing, monkeypatch: pytest.MonkeyPatch) -> None:
    file = issuing.credential(validFrom="2026-02-01T00:00:00Z")
    assert verify(issuing, file) == 1
    for time, code in ((datetime(2026, 1, 31, tzinfo=UTC), 1), (datetime(2026, 2, 2, tzinfo=UTC), 0)):
        monkeypatch.setattr(sys.modules["vc_core.cli.verify"], "now", lambda time=time: time)
        assert main(["verify", file, "--any-issuer"]) == code


def test_a_policy_file_is_outranked_by_options(
    issuing: Issuing, undecided: str, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = issuing.folder / "policy"
    policy.write_text(json.dumps({"acceptedIssuers": [issuing.did], "status": "skip"}))
    arguments = ["verify", undecided, "--policy", str(policy), "--at", NOON]
    assert main(arguments) == 0
    assert main([*arguments, "--status", "require"]) == 3
    assert main([*arguments, "--issuer", "did:example:other"]) == 1
    policy.write_text('{"statuss": "skip"}')
    capsys.readouterr()
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "has no setting statuss" in err
    assert main(["verify", undecided, "--policy", str(policy.with_name("absent"))]) == 2


def test_a_policy_limit_is_a_limit_of_reading(issuing: Issuing, capsys: pytest.CaptureFixture[str]) -> None:
    policy = issuing.folder / "policy"
    policy.write_text('{"limits": {"documentBytes": 100}}')
    assert verify(issuing, issuing.credential(), "/dev/zero", "--policy", str(policy), "--json") == 1
    for line in capsys.readouterr().out.splitlines():
        assert json.loads(line)["problems"][0]["code"] == "INPUT_TOO_LARGE"


def test_evidence_supplies_did_documents(issuing: Issuing, capsys: pytest.CaptureFixture[str]) -> None:
    web, method = "did:web:example.org", "did:web:example.org#key-1"
    file = issuing.credential(method=method, issuer=web)
    key = {
        "id": method,
        "type": "Multikey",
        "controller": web,
        "publicKeyMultibase": issuing.key.public_key.multikey,
    }
    document = {"id": web, "verificationMethod": [key], "assertionMethod": [method]}
    evidence = issuing.folder / "evidence"
    evidence.write_text(json.dumps({"didDocuments": {web: document}}))
    arguments = ["verify", file, "--issuer", web, "--at", NOON, "--offline"]
    assert main(arguments) == 3
    assert "NOT_FOUND" in capsys.readouterr().out
    assert main([*arguments, "--evidence", str(evidence)]) == 0
    evidence.write_text('{"documents": {}}')
    capsys.readouterr()
    assert main([*arguments, "--evidence", str(evidence)]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"vc-core: the evidence in {evidence} cannot be used: ")
    assert err.count("\n") == 1


def test_evidence_supplies_related_resources(issuing: Issuing, capsys: pytest.CaptureFixture[str]) -> None:
    url, text = "https://example.org/syllabus", "Saturs"
    digest = "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    file = issuing.credential(relatedResource={"id": url, "digestSRI": digest})
    evidence = issuing.folder / "evidence"
    for supplied, code, outcome in ((text, 0, "passed"), ("Cits", 1, "failed")):
        evidence.write_text(json.dumps({"resources": {url: {"text": supplied}}}))
        assert verify(issuing, file, "--evidence", str(evidence), "--json") == code
        checks = json.loads(capsys.readouterr().out)["checks"]
        assert outcome in [check["outcome"] for check in checks if check["check"] == "related resources"]


def test_a_did_document_in_the_evidence_that_is_not_one_is_one_line(
    issuing: Issuing, capsys: pytest.CaptureFixture[str]
) -> None:
    evidence = issuing.folder / "evidence"
    evidence.write_text(json.dumps({"didDocuments": {"did:web:example.org": {"id": "did:web:example.com"}}}))
    assert verify(issuing, issuing.credential(), "--evidence", str(evidence)) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_challenge_and_domain_have_to_be_those_of_the_proof(
    issuing: Issuing, capsys: pytest.CaptureFixture[str]
) -> None:
    good = issuing.credential()
    assert verify(issuing, good, "--challenge", "c") == 1
    assert verify(issuing, good, "--domain", "example.org") == 1
    capsys.readouterr()
    assert verify(issuing, good, "--challenge", "") == 2
    assert capsys.readouterr().err.startswith("vc-core: the policy cannot be used: ")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{}", b"[" * 100_000, b'"text"', b'{"proof": \x1b}'])
def test_whatever_the_bytes_the_answer_is_a_verdict(
    content: bytes, issuing: Issuing, capsys: pytest.CaptureFixture[str]
) -> None:
    file = issuing.folder / "file\x1b[2J"
    file.write_bytes(content)
    assert verify(issuing, str(file)) == 1
    out, err = capsys.readouterr()
    assert out.startswith("rejected  ")
    assert r"file\x1b[2J" in out
    assert "\x1b" not in out
    assert err == ""


def test_checks_that_were_not_made_for_one_reason_share_a_line(
    issuing: Issuing, capsys: pytest.CaptureFixture[str]
) -> None:
    file = issuing.folder / "file"
    file.write_bytes(b"nonsense")
    verify(issuing, str(file))
    out = capsys.readouterr().out
    assert out.count("not checked") == 1
    assert "contexts, data model, validity period" in " ".join(out.split())
