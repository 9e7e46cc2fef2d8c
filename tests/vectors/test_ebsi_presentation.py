"""A presentation that was published for the European Blockchain Services Infrastructure, as its verifier judges it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from did import StaticResolver
from status import NO_STATUS_LISTS
from vc_core import Outcome, Policy, PresentationPolicy, PresentationResult, Verdict, verify_presentation
from vectors.making.credentials import Claims
from vectors.making.tokens import codes, payload_of

VERIFIER: Final = "did:ebsi:zwNAE5xThBpmGJUWAY23kgx"


@pytest.fixture(scope="module")
def samples(conformance: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((conformance / "conformance/ebsi/signed_examples.json").read_text())
    return found


@pytest.fixture(scope="module")
def presentation(samples: list[dict[str, Any]]) -> bytes:
    [sample] = [sample for sample in samples if sample["kind"] == "VP-JWT"]
    return str(sample["jwt"]).encode()


@pytest.fixture(scope="module")
def resolver(samples: list[dict[str, Any]]) -> StaticResolver:
    """Knows the documents of the legal entities, which a registry would answer with."""
    documents: dict[str, Claims] = {}
    for sample in samples:
        did = sample["kid"].partition("#")[0]
        if did.startswith("did:ebsi:"):
            method = {
                "id": sample["kid"],
                "type": "JsonWebKey2020",
                "controller": did,
                "publicKeyJwk": sample["publicKeyJwk"],
            }
            both = {"authentication": [sample["kid"]], "assertionMethod": [sample["kid"]]}
            documents[did] = {"id": did, "verificationMethod": [method], **both}
    return StaticResolver(documents)


def judged(data: bytes, resolver: StaticResolver, *, now: datetime | None = None, **members: Any) -> PresentationResult:
    payload = payload_of(data)
    issuer = payload_of(payload["vp"]["verifiableCredential"][0].encode())["iss"]
    credentials = Policy(accepted_issuers=frozenset({issuer}), jwt_profile=members.pop("profile", "EBSI"))
    policy = PresentationPolicy(
        credentials=credentials, nonce=None, audience=frozenset({VERIFIER}), holder_binding="subject"
    )
    return verify_presentation(
        data,
        resolver=resolver,
        status=NO_STATUS_LISTS,
        policy=replace(policy, **members),
        now=now or datetime.fromtimestamp(payload["iat"], UTC),
        nonces=None,
    )


@pytest.mark.parametrize("profile", ["general", "EBSI", "EBSI registry"])
def test_it_is_verified(presentation: bytes, resolver: StaticResolver, profile: str) -> None:
    result = judged(presentation, resolver, profile=profile)
    assert result.problems == ()
    assert result.securing == "jwt_vp"
    assert result.holder == payload_of(presentation)["iss"]
    [credential] = result.presentation.credentials
    assert credential.claims["credentialSubject"]["id"] == result.holder
    assert credential.issuer == "did:ebsi:zxaYaUtb8pvoAtYNWbKcveg"
    assert {check.check for check in result.checks if check.outcome is Outcome.NOT_CHECKED} == {"nonce"}


def test_it_is_for_one_verifier_and_one_time(presentation: bytes, resolver: StaticResolver) -> None:
    now = datetime.fromtimestamp(payload_of(presentation)["iat"], UTC)
    for members, expected in (
        ({"audience": frozenset({"did:ebsi:zother"})}, {"INVALID_DOMAIN_ERROR"}),
        ({"nonce": "n"}, {"INVALID_CHALLENGE_ERROR"}),
        ({"now": now + timedelta(minutes=7)}, {"EXPIRED"}),
        ({"now": now - timedelta(minutes=2)}, {"NOT_YET_VALID"}),
    ):
        assert codes(judged(presentation, resolver, **members)) >= expected, members
    absent = judged(presentation, StaticResolver())
    assert (absent.verdict, codes(absent)) == (Verdict.UNDECIDED, {"NOT_FOUND"})
