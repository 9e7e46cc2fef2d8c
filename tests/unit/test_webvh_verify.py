"""Credentials of issuers with a did:webvh: what becomes of the verdict when keys are replaced, or the log fails."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

import did
from status import NO_STATUS_LISTS
from tests.unit import webvh_logs as logs
from tests.unit.webvh_logs import DID, ISSUER, NEW_ISSUER, NOW, Host
from vc_core import VCJWT, DataIntegrity, Evidence, LocalSigner, Policy, Securing, Verdict, VerificationResult
from vc_core import issue as issued
from vc_core import verify as verified

ROTATED = logs.extended(logs.ONE, {}, logs.document(DID, NEW_ISSUER))
BEFORE, AFTER = logs.month(1), logs.month(3)
SECURINGS: list[Securing] = [DataIntegrity(cryptosuite="eddsa-jcs-2022"), VCJWT()]


def credential(key: did.PrivateKey, created: datetime, securing: Securing = SECURINGS[0]) -> bytes:
    """A credential made at `created`; a token says so in `iat`."""
    claims: dict[str, Any] = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": DID,
        "credentialSubject": {"id": "did:example:learner"},
    }
    if isinstance(securing, VCJWT):
        claims["iat"] = int(created.timestamp())
    signer = LocalSigner(key, f"{DID}#{logs.multikey(key)}")
    return issued(claims, signer=signer, securing=securing, created=created)


def verdict(data: bytes, resolver: did.Resolver, keys_as_of: Any = "now") -> VerificationResult:
    policy = Policy(accepted_issuers=frozenset({DID}), keys_as_of=keys_as_of)
    return verified(data, resolver=resolver, status=NO_STATUS_LISTS, policy=policy, now=NOW)


def live(host: did.Fetch) -> did.LiveResolver:
    return did.LiveResolver(host, methods=logs.methods())


@pytest.mark.parametrize("securing", SECURINGS, ids=["proof", "token"])
def test_a_key_that_was_replaced(securing: Securing) -> None:
    data = credential(ISSUER, BEFORE, securing)
    then = verdict(data, live(Host(ROTATED)), "issuance")
    assert then.verdict is Verdict.VERIFIED
    assert then.credential.proven_by[0].keys_as_of == "issuance"
    now = verdict(data, live(Host(ROTATED)))
    assert now.verdict is Verdict.REJECTED
    assert [problem.code for problem in now.problems] == ["INVALID_VERIFICATION_METHOD"]
    assert "not in its document" in now.problems[0].detail


@pytest.mark.parametrize("securing", SECURINGS, ids=["proof", "token"])
def test_a_key_used_out_of_its_time(securing: Securing) -> None:
    for key, created in ((NEW_ISSUER, BEFORE), (ISSUER, AFTER)):
        result = verdict(credential(key, created, securing), live(Host(ROTATED)), "issuance")
        assert result.verdict is Verdict.REJECTED
    for keys_as_of in ("now", "issuance"):
        data = credential(NEW_ISSUER, AFTER, securing)
        assert verdict(data, live(Host(ROTATED)), keys_as_of).verdict is Verdict.VERIFIED


def test_a_log_that_was_changed_rejects() -> None:
    host = Host(logs.changed(ROTATED, lambda log: log[1]["state"].update(logs.document(DID, ISSUER))))
    result = verdict(credential(ISSUER, BEFORE), live(host))
    assert result.verdict is Verdict.REJECTED
    assert "entry 2 of the log is invalid" in result.problems[0].detail


def test_a_did_that_was_deactivated() -> None:
    data = credential(ISSUER, BEFORE)
    assert verdict(data, live(Host(logs.DEACTIVATED))).verdict is Verdict.REJECTED
    assert verdict(data, live(Host(logs.DEACTIVATED)), "issuance").verdict is Verdict.VERIFIED


def test_what_cannot_be_had_or_read_leaves_the_verdict_open() -> None:
    def broken(url: str, *, accept: str) -> did.Response:
        raise TimeoutError

    data = credential(ISSUER, BEFORE)
    newer = logs.extended(logs.ONE, {"method": "did:webvh:1.1"})
    without_proofs = logs.extended(logs.ONE, {"witness": logs.witnesses(1, logs.WITNESS)})
    for host in (broken, Host(b"", url="https://elsewhere.example"), Host(newer), Host(without_proofs)):
        assert verdict(data, live(host)).verdict is Verdict.UNDECIDED


def test_what_was_recorded_gives_the_same_verdict() -> None:
    data = credential(ISSUER, BEFORE)
    resolver = did.RecordingResolver(live(Host(ROTATED)), now=lambda: datetime(2026, 6, 1, tzinfo=UTC))
    for keys_as_of, expected in (("issuance", Verdict.VERIFIED), ("now", Verdict.REJECTED)):
        assert verdict(data, resolver, keys_as_of).verdict is expected
    kept = Evidence.read(Evidence(did_documents=resolver.recorded()).write()).resolver()
    for keys_as_of, expected in (("issuance", Verdict.VERIFIED), ("now", Verdict.REJECTED)):
        assert verdict(data, kept, keys_as_of).verdict is expected
