"""Keys that changed: what was signed before holds as of issuance, and not as of now; both say why."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import did
from status import FORMATS, NO_STATUS_LISTS, OpenedList, StatusList, StatusVerificationError
from status.lists import outcome_of
from vc_core import (
    VCCOSE,
    VCJWT,
    VCSDJWT,
    DataIntegrity,
    LocalSigner,
    Policy,
    Securing,
    Verdict,
    VerificationResult,
    issue,
    verify,
)
from vc_core.securing.jose import write_jws
from vc_core.status_lists import open_list

ISSUER = "did:web:university.example"
OLD, NEW = (did.PrivateKey("Ed25519", bytes(range(first, first + 32))) for first in (1, 2))
ROTATION = datetime(2026, 1, 1, tzinfo=UTC)
BEFORE, NOW = ROTATION - timedelta(days=1), ROTATION + timedelta(days=30)
CLAIMS: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "issuer": ISSUER,
    "credentialSubject": {"id": "did:example:learner"},
}
SECURINGS: list[Securing] = [DataIntegrity(cryptosuite="eddsa-jcs-2022"), VCJWT(), VCSDJWT(), VCCOSE()]
KINDS = ["proof", "vc+jwt", "vc+sd-jwt", "vc+cose"]


def document(key: did.PrivateKey, name: str) -> dict[str, Any]:
    url = f"{ISSUER}#{name}"
    method = {"id": url, "type": "Multikey", "controller": ISSUER, "publicKeyMultibase": key.public_key.multikey}
    return {"id": ISSUER, "verificationMethod": [method], "assertionMethod": [url]}


RESOLVER = did.StaticResolver(
    {
        ISSUER: [
            {"document": document(OLD, "old"), "until": "2025-12-31T23:59:59Z"},
            {"document": document(NEW, "new"), "from": "2026-01-01T00:00:00Z"},
        ]
    }
)


def signed(key: did.PrivateKey, name: str, securing: Securing, created: datetime) -> bytes:
    """A credential made at `created`; a token says so in `iat`."""
    return issue(CLAIMS, signer=LocalSigner(key, f"{ISSUER}#{name}"), securing=securing, created=created)


def verdict(data: bytes, keys_as_of: Any) -> VerificationResult:
    policy = Policy(accepted_issuers=frozenset({ISSUER}), keys_as_of=keys_as_of)
    return verify(data, resolver=RESOLVER, status=NO_STATUS_LISTS, policy=policy, now=NOW)


@pytest.mark.parametrize("securing", SECURINGS, ids=KINDS)
def test_a_key_that_was_replaced(securing: Securing) -> None:
    data = signed(OLD, "old", securing, BEFORE)

    then = verdict(data, "issuance")
    assert then.verdict is Verdict.VERIFIED
    assert then.credential.proven_by[0].keys_as_of == "issuance"

    now = verdict(data, "now")
    assert now.verdict is Verdict.REJECTED
    assert [problem.code for problem in now.problems] == ["INVALID_VERIFICATION_METHOD"]
    assert "not in its document" in now.problems[0].detail


@pytest.mark.parametrize("securing", SECURINGS, ids=KINDS)
def test_a_new_key(securing: Securing) -> None:
    data = signed(NEW, "new", securing, NOW)
    assert verdict(data, "now").credential.proven_by[0].keys_as_of == "now"
    assert verdict(data, "issuance").verdict is Verdict.VERIFIED


@pytest.mark.parametrize("securing", SECURINGS, ids=KINDS)
def test_a_key_used_out_of_its_time(securing: Securing) -> None:
    """Neither before it was there, nor after it was taken out."""
    for key, name, created in ((NEW, "new", BEFORE), (OLD, "old", NOW)):
        result = verdict(signed(key, name, securing, created), "issuance")
        assert [problem.code for problem in result.problems] == ["INVALID_VERIFICATION_METHOD"]
        assert "as of 20" in result.problems[0].detail


def test_what_does_not_say_when_it_was_made() -> None:
    url = f"{ISSUER}#new"
    header: dict[str, Any] = {"typ": "vc+jwt", "kid": url}
    token = write_jws(header, json.dumps(CLAIMS).encode(), signer=LocalSigner(NEW, url))
    assert verdict(token, "now").verdict is Verdict.VERIFIED
    result = verdict(token, "issuance")
    assert [problem.code for problem in result.problems] == ["INVALID_VERIFICATION_METHOD"]
    assert "does not give" in result.problems[0].detail
    garbled = write_jws(header, b'{"iat": "x", "issuer": "y"}', signer=LocalSigner(NEW, url))
    assert verdict(garbled, "issuance").verdict is Verdict.REJECTED


def test_the_policy_names_one_of_two() -> None:
    with pytest.raises(ValueError, match="keys_as_of"):
        Policy(accepted_issuers=frozenset({ISSUER}), keys_as_of="then")  # type: ignore[arg-type]


@pytest.mark.parametrize("securing", SECURINGS, ids=KINDS)
def test_a_status_list_needs_a_key_of_now(securing: Securing) -> None:
    """Whoever has got hold of an old key would else reinstate what was revoked."""
    url = "https://university.example/lists/1"
    statuses = StatusList.of_length(131_072)
    subject = {"type": "BitstringStatusList", "statusPurpose": "revocation"}
    claims = CLAIMS | {
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "credentialSubject": subject | {"encodedList": FORMATS["bitstring"].encode(statuses)},
    }
    for moment in ("now", "issuance"):
        policy = Policy(accepted_issuers=frozenset({ISSUER}), keys_as_of=moment)  # type: ignore[arg-type]  # a text
        for key, name, created, good in ((OLD, "old", BEFORE, False), (NEW, "new", NOW, True)):
            dated = claims | ({"iat": int(created.timestamp())} if isinstance(securing, VCJWT) else {})
            body = issue(dated, signer=LocalSigner(key, f"{ISSUER}#{name}"), securing=securing, created=created)
            outcome = outcome_of(open_list(RESOLVER, policy), body, url=url, now=NOW)
            assert isinstance(outcome, OpenedList if good else StatusVerificationError)
