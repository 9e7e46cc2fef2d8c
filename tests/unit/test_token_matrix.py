"""A token is of one kind, and whoever asked for another kind does not get it (RFC 8725, section 3.11).

Every kind of secured document that this library makes, and of tokens that others make with the same keys, before
verifiers of which each accepts one kind alone.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import Any, Final

import pytest

from did import StaticResolver
from vc_core import CRYPTOSUITES, ENVELOPES, PresentationResult, Verdict, VerificationResult
from vectors.making.credentials import Claims
from vectors.making.keys import did_of, private_key
from vectors.making.tokens import (
    AUDIENCE,
    CREDENTIAL_KINDS,
    EMBEDDED,
    ISSUER,
    NONCE,
    NOW,
    POLICY,
    PRESENTATION_KINDS,
    SD_JWT_KINDS,
    bound,
    claims_of,
    codes,
    credential,
    presentation,
    signed,
    verdict,
    verdict_on_presentation,
)

SECONDS: Final = int(NOW.timestamp())
BOUND: Final = tuple(f"{kind} with key binding" for kind in SD_JWT_KINDS)
OTHERS: Final = ("KB-JWT alone", "statuslist+jwt", "OpenID ID token", "at+jwt", "JWT of the data model without typ")
ALL: Final = (
    *CREDENTIAL_KINDS,
    *(f"presentation as {kind}" for kind in PRESENTATION_KINDS),
    *BOUND,
    *OTHERS,
)


@cache
def document(kind: str) -> bytes:
    """A secured document of that kind, which is in order; presentations have no credentials."""
    if kind in CREDENTIAL_KINDS:
        return credential(kind)
    if kind.startswith("presentation as "):
        return presentation(kind.removeprefix("presentation as "), [])
    if kind in BOUND:
        return bound(credential(kind.split(" ", maxsplit=1)[0]))
    if kind == "KB-JWT alone":
        return bound(credential("dc+sd-jwt")).rpartition(b"~")[2]
    return signed(*_OTHERS[kind])


def _token(**claims: Any) -> Claims:
    return {"iss": ISSUER, "sub": did_of("holder", "Ed25519"), "iat": SECONDS, "exp": SECONDS + 600, **claims}


_OTHERS: Final[MappingProxyType[str, tuple[Claims, Claims]]] = MappingProxyType(
    {
        # draft-ietf-oauth-status-list, section 5.1
        "statuslist+jwt": (
            {"typ": "statuslist+jwt"},
            _token(sub="https://status.example/1", status_list={"bits": 1, "lst": "eNrbuRgAAhcBXQ"}),
        ),
        # OpenID Connect Core 1.0, section 2
        "OpenID ID token": ({"typ": "JWT"}, _token(aud=AUDIENCE, nonce=NONCE, auth_time=SECONDS)),
        # RFC 9068, section 2
        "at+jwt": ({"typ": "at+jwt"}, _token(aud=AUDIENCE, client_id="c", jti="1", scope="credential")),
        "JWT of the data model without typ": ({}, _token(**claims_of("vc+jwt"))),
    }
)


def policy_for(kind: str | None) -> dict[str, Any]:
    """The tables that hold this kind alone, or nothing."""
    return {
        "cryptosuites": {name: suite for name, suite in CRYPTOSUITES.items() if name == kind},
        "envelopes": {name: envelope for name, envelope in ENVELOPES.items() if name == kind},
    }


def verified(kind: str, accepted: str | None) -> VerificationResult:
    return verdict(document(kind), **policy_for(accepted))


def presented(kind: str, accepted: str | None) -> PresentationResult:
    return verdict_on_presentation(document(kind), credentials=replace(POLICY, **policy_for(accepted)))


@pytest.mark.parametrize("accepted", [*CREDENTIAL_KINDS, None])
def test_a_verifier_of_credentials_takes_one_kind(accepted: str | None) -> None:
    results = {kind: verified(kind, accepted) for kind in ALL}
    assert {kind for kind, result in results.items() if result} == ({accepted} if accepted else set())
    for kind, result in results.items():
        if kind == accepted:
            assert result.securing == accepted
            continue
        assert result.verdict is Verdict.REJECTED
        assert codes(result) == as_no_credential(kind, accepted), kind


def as_no_credential(kind: str, accepted: str | None) -> set[str]:
    """Why this is not the credential that was asked for."""
    if kind in EMBEDDED:
        return {"PROOF_VERIFICATION_ERROR"}  # the cryptosuite is not in the table
    if kind.removeprefix("presentation as ") in EMBEDDED:
        # neither type, issuer nor subject, and a proof for another purpose, or of another suite
        return {"MALFORMED_VALUE_ERROR", "PROOF_VERIFICATION_ERROR"} | (
            {"ISSUER_MISMATCH"} if kind.endswith(str(accepted)) else set()
        )
    if kind in BOUND:
        return {"KEY_BINDING_ERROR"} | (set() if kind.startswith(str(accepted)) else {"TOKEN_TYPE_ERROR"})
    return {"TOKEN_TYPE_ERROR"}


@pytest.mark.parametrize("accepted", [*PRESENTATION_KINDS, *SD_JWT_KINDS, None])
def test_a_verifier_of_presentations_takes_one_kind(accepted: str | None) -> None:
    results = {kind: presented(kind, accepted) for kind in ALL}
    name = f"{accepted} with key binding" if accepted in SD_JWT_KINDS else f"presentation as {accepted}"
    assert {kind for kind, result in results.items() if result} == ({name} if accepted else set())
    for kind, result in results.items():
        if kind == name:
            assert result.securing == accepted
            continue
        assert result.verdict is Verdict.REJECTED
        assert codes(result) == as_no_presentation(kind, accepted), kind


def as_no_presentation(kind: str, accepted: str | None) -> set[str]:
    """Why this is not the presentation that was asked for."""
    if kind.removeprefix("presentation as ") in EMBEDDED:
        found = {"PROOF_VERIFICATION_ERROR"}  # the cryptosuite is not in the table; the purpose is another
        if kind in EMBEDDED:
            found.add("MALFORMED_VALUE_ERROR")  # the type
            if kind == accepted:
                found |= {"INVALID_CHALLENGE_ERROR", "INVALID_DOMAIN_ERROR"}
        return found
    if kind in SD_JWT_KINDS:
        return {"KEY_BINDING_ERROR"} | (set() if kind == accepted else {"TOKEN_TYPE_ERROR"})
    return {"TOKEN_TYPE_ERROR"}


@pytest.mark.parametrize("kind", CREDENTIAL_KINDS)
def test_a_credential_in_a_presentation_is_of_the_kind_that_is_accepted(kind: str) -> None:
    """A presentation of one kind does not bring credentials of another in with it."""
    data = presentation("vp+jwt", [credential(kind)])
    for accepted in CREDENTIAL_KINDS:
        tables = policy_for(accepted)
        tables["envelopes"] |= {"vp+jwt": ENVELOPES["vp+jwt"]}
        result = verdict_on_presentation(data, credentials=replace(POLICY, **tables))
        assert bool(result) is (kind == accepted), accepted
        if not result:
            assert codes(result) <= {"TOKEN_TYPE_ERROR", "PROOF_VERIFICATION_ERROR"}
            assert {problem.at.split("/")[1] for problem in result.problems} == {"verifiableCredential"}


DID: Final = "did:example:one"
KEY: Final = f"{DID}#key"


def controlling(name: str, *relationships: str) -> StaticResolver:
    """Resolves `DID` to a document with the key of `name`, for these purposes."""
    multikey = private_key(name, "Ed25519").public_key.multikey
    method = {"id": KEY, "type": "Multikey", "controller": DID, "publicKeyMultibase": multikey}
    return StaticResolver({DID: {"id": DID, "verificationMethod": [method], **{each: [KEY] for each in relationships}}})


@pytest.mark.parametrize("kind", CREDENTIAL_KINDS)
def test_a_key_for_presentations_makes_no_credentials(kind: str) -> None:
    claims = claims_of(kind) | {"iss" if kind == "dc+sd-jwt" else "issuer": DID}
    data = credential(kind, claims, method=KEY)
    accepting = {"accepted_issuers": frozenset({DID})}
    assert verdict(data, resolver=controlling("issuer", "assertionMethod"), **accepting)
    result = verdict(data, resolver=controlling("issuer", "authentication"), **accepting)
    assert codes(result) == {"INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"}


@pytest.mark.parametrize("kind", PRESENTATION_KINDS)
def test_a_key_for_credentials_makes_no_presentations(kind: str) -> None:
    data = presentation(kind, [], method=KEY)
    assert verdict_on_presentation(data, resolver=controlling("holder", "authentication")).holder == DID
    result = verdict_on_presentation(data, resolver=controlling("holder", "assertionMethod"))
    assert codes(result) == {"INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"}
