"""Each side verifies the presentations that the other side made into tokens, with the credentials in them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import pytest
from documents import V1, V2
from jwt_sides import (
    CREATED,
    KINDS,
    NOW,
    Jose,
    Joserfc,
    Refused,
    Side,
    header_of,
    ours_issue,
    payload_of,
)
from peer import Peer
from sides import CONTEXTS
from token_keys import RESOLVER, Key, key_of

from status import NO_STATUS_LISTS
from vc_core import Policy
from vc_core.present import present
from vc_core.presentation import PresentationPolicy, verify_presentation
from vc_core.result import PresentationResult
from vc_core.securing.vc_jwt import JWTVP, VPJWT

AUDIENCE: Final = "https://verifier.example"
NONCE: Final = "n-0S6_WzA2Mj"
ALGORITHMS: Final = ("EdDSA", "ES256", "ES384", "ES512", "PS256")
MADE: Final = NOW - timedelta(seconds=30)


@pytest.fixture(params=["jose", "joserfc"])
def side(request: pytest.FixtureRequest, token_peer: Peer) -> Side:
    return Jose(token_peer) if request.param == "jose" else Joserfc()


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """The kind of the credentials; that of the presentation goes with it."""
    name: str = request.param
    return name


def credential(kind: str, holder: Key) -> dict[str, Any]:
    document: dict[str, Any] = {
        "@context": [V1 if kind == "jwt_vc" else V2],
        "type": ["VerifiableCredential"],
        "issuer": key_of("ES256").did,
        "credentialSubject": {"id": holder.did},
    }
    return document | ({"issuanceDate": "2025-01-01T00:00:00Z"} if kind == "jwt_vc" else {})


def presentation(kind: str, holder: Key, tokens: list[bytes]) -> dict[str, Any]:
    """What a holder secures, in the form of each data model (VCDM 1.1, 6.3.1; VCDM 2.0, 4.13)."""
    document = {"type": ["VerifiablePresentation"], "holder": holder.did}
    texts = [token.decode() for token in tokens]
    if kind == "jwt_vc":
        return {"@context": [V1], **document, "verifiableCredential": texts}
    entries = [
        {"@context": V2, "id": f"data:application/vc+jwt,{text}", "type": "EnvelopedVerifiableCredential"}
        for text in texts
    ]
    return {"@context": [V2], **document, "verifiableCredential": entries}


def claims_of(kind: str, holder: Key, tokens: list[bytes]) -> dict[str, Any]:
    """The claims of a token with the presentation."""
    times = {"iat": int(MADE.timestamp()), "exp": int((MADE + timedelta(minutes=5)).timestamp())}
    asked = {"aud": AUDIENCE, "nonce": NONCE, **times}
    document = presentation(kind, holder, tokens)
    return {"iss": holder.did, "vp": document, **asked} if kind == "jwt_vc" else {**document, **asked}


def vp_header(kind: str, holder: Key) -> dict[str, str]:
    if kind == "jwt_vc":
        return {"typ": "JWT", "kid": holder.kid}
    return {"typ": "vp+jwt", "cty": "vp", "kid": holder.kid}


def ours_judges(token: bytes, **rules: Any) -> PresentationResult:
    credentials = Policy(accepted_issuers=frozenset({key_of("ES256").did}), status="skip", contexts=CONTEXTS)
    expected = {"nonce": NONCE, "audience": frozenset({AUDIENCE}), "holder_binding": "subject"} | rules
    policy = PresentationPolicy(credentials=credentials, **expected)
    return verify_presentation(token, resolver=RESOLVER, status=NO_STATUS_LISTS, policy=policy, now=NOW, nonces=None)


def codes(result: PresentationResult) -> set[str]:
    return {problem.code for problem in result.problems}


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_theirs_verifies_ours(side: Side, kind: str, alg: str) -> None:
    holder, issuer = key_of(alg, "holder"), key_of("ES256")
    tokens = [ours_issue(credential(kind, holder), issuer, kind) for _ in range(2)]
    mechanism = JWTVP if kind == "jwt_vc" else VPJWT
    securing = mechanism(nonce=NONCE, audience=AUDIENCE, expires=timedelta(minutes=5))
    token = present(tokens, signer=holder.signer, securing=securing, created=MADE)
    payload = side.verify(token, holder, typ=vp_header(kind, holder)["typ"], audience=AUDIENCE)
    assert payload == claims_of(kind, holder, tokens)
    for each in tokens:
        found = side.verify(each, issuer)
        document = credential(kind, holder)
        assert found["vc"] == document if kind == "jwt_vc" else found == document | {"iat": int(CREATED.timestamp())}
    with pytest.raises(Refused):
        side.verify(token, holder, audience="https://other.example")
    with pytest.raises(Refused):
        side.verify(token, key_of(alg, "somebody else"), audience=AUDIENCE)


@pytest.mark.parametrize("alg", ALGORITHMS)
def test_ours_verifies_theirs(side: Side, kind: str, alg: str) -> None:
    holder, issuer = key_of(alg, "holder"), key_of("ES256")
    document = credential(kind, holder)
    tokens = [side.sign(header_of(issuer, kind), payload_of(document, kind), issuer) for _ in range(2)]
    token = side.sign(vp_header(kind, holder), claims_of(kind, holder, tokens), holder)
    result = ours_judges(token)
    assert result, result.problems
    assert result.presentation.holder == holder.did
    assert [each.claims for each in result.presentation.credentials] == [document, document]
    assert codes(ours_judges(token, nonce="another")) == {"INVALID_CHALLENGE_ERROR"}
    assert codes(ours_judges(token, audience=frozenset({"https://other.example"}))) == {"INVALID_DOMAIN_ERROR"}


def test_what_ours_refuses_of_theirs(side: Side, kind: str) -> None:
    holder, thief, issuer = key_of("EdDSA", "holder"), key_of("EdDSA", "thief"), key_of("ES256")
    good = side.sign(header_of(issuer, kind), payload_of(credential(kind, holder), kind), issuer)
    changed = good[:-5] + (b"A" if good[-5:-4] != b"A" else b"B") + good[-4:]
    claims = claims_of(kind, holder, [good])
    header = vp_header(kind, holder)
    cases = {
        "a presentation by somebody else": (
            vp_header(kind, thief),
            claims_of(kind, thief, [good]),
            thief,
            {"HOLDER_BINDING_ERROR"},
        ),
        "in the name of the holder": (header, claims, thief, {"PROOF_VERIFICATION_ERROR"}),
        "a credential with another signature": (
            header,
            claims_of(kind, holder, [changed]),
            holder,
            {"PROOF_VERIFICATION_ERROR"},
        ),
        "one credential of two that holds": (
            header,
            claims_of(kind, holder, [good, changed]),
            holder,
            {"PROOF_VERIFICATION_ERROR"},
        ),
        "expired": (header, claims | {"exp": int(NOW.timestamp()) - 60}, holder, {"EXPIRED"}),
        "made too long ago": (header, claims | {"iat": int(CREATED.timestamp())}, holder, {"EXPIRED"}),
        "no nonce": (header, {**claims, "nonce": None}, holder, {"INVALID_CHALLENGE_ERROR"}),
        "of the type of a credential": (
            header | {"typ": "vc+jwt", "cty": "vc"},
            claims,
            holder,
            {"TOKEN_CLAIMS_ERROR"} if kind == "jwt_vc" else {"TOKEN_TYPE_ERROR"},
        ),
    }
    for name, (parameters, payload, key, expected) in cases.items():
        token = side.sign(parameters, {claim: value for claim, value in payload.items() if value is not None}, key)
        result = ours_judges(token)
        assert codes(result) == expected, (name, result.problems)
