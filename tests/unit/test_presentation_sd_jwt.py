"""Presentations that are SD-JWTs themselves: what is withheld of one is not there, and nothing can be put in."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations

import pytest

from did import PrivateKey, StaticResolver, did_key
from status import NO_STATUS_LISTS
from vc_core import (
    ANY_ISSUER,
    VCSDJWT,
    VPSDJWT,
    Limits,
    LocalSigner,
    Policy,
    PresentationPolicy,
    PresentationResult,
    ProofGenerationError,
    Verdict,
    issue,
    present,
    sd_jwt,
    verify_presentation,
)

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
KEY = PrivateKey("Ed25519", bytes(range(32)))
SIGNER = LocalSigner.of_did_key(KEY)
HOLDER = did_key(KEY.public_key)
HIDDEN = ("/holder", "/verifiableCredential/0", "/verifiableCredential/1")
CLAIMS = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "issuer": HOLDER,
    "credentialSubject": {"id": HOLDER},
}


@pytest.fixture(scope="module")
def credential() -> bytes:
    return issue(CLAIMS, signer=SIGNER, securing=VCSDJWT(), created=NOW)


@pytest.fixture(scope="module")
def presentation(credential: bytes) -> bytes:
    securing = VPSDJWT(nonce="n", audience="https://v.example", disclosable=frozenset(HIDDEN))
    return present([credential, credential], signer=SIGNER, securing=securing, created=NOW)


def result_of(data: bytes, nonce: str = "n") -> PresentationResult:
    policy = PresentationPolicy(
        credentials=Policy(accepted_issuers=ANY_ISSUER),
        nonce=nonce,
        audience=frozenset({"https://v.example"}),
        holder_binding="subject",
    )
    return verify_presentation(
        data, resolver=StaticResolver(), status=NO_STATUS_LISTS, policy=policy, now=NOW, nonces=None
    )


@pytest.mark.parametrize("shown", [each for number in range(4) for each in combinations(HIDDEN, number)])
def test_what_is_shown_is_what_is_there(presentation: bytes, shown: tuple[str, ...]) -> None:
    result = result_of(sd_jwt.select(presentation, disclose=shown, limits=Limits()))

    assert result.verdict is Verdict.VERIFIED
    assert result.securing == "vp+sd-jwt"
    assert result.holder == HOLDER  # whoever controls the key, where the presentation does not say it
    assert len(result.presentation.credentials) == len([each for each in shown if each != "/holder"])


def test_another_nonce(presentation: bytes) -> None:
    assert {problem.code for problem in result_of(presentation, nonce="m").problems} == {"INVALID_CHALLENGE_ERROR"}


def test_a_disclosure_of_another_presentation(presentation: bytes, credential: bytes) -> None:
    securing = VPSDJWT(nonce="n", audience="https://v.example", disclosable=frozenset(HIDDEN[:2]))
    other = present([credential], signer=SIGNER, securing=securing, created=NOW)
    foreign = other.split(b"~")[1]

    assert {problem.code for problem in result_of(presentation + foreign + b"~").problems} == {"DISCLOSURE_ERROR"}


@pytest.mark.parametrize("hidden", ["/@context", "/nonce", "/aud", "/iat"])
def test_what_a_verifier_needs_is_not_hidden(credential: bytes, hidden: str) -> None:
    securing = VPSDJWT(nonce="n", audience="https://v.example", disclosable=frozenset({hidden}))
    with pytest.raises(ProofGenerationError):
        present([credential], signer=SIGNER, securing=securing, created=NOW)


@pytest.mark.parametrize("name", ["iat", "nonce", "aud"])
def test_claims_that_are_written_here(name: str) -> None:
    claims = {"@context": CLAIMS["@context"], "type": ["VerifiablePresentation"], name: "x"}
    with pytest.raises(ProofGenerationError, match="written here"):
        VPSDJWT(nonce="n", audience="a").secure(claims, signer=SIGNER, created=NOW)


@pytest.mark.parametrize(("nonce", "audience"), [("", "a"), ("n", "")])
def test_a_presentation_has_a_nonce_and_an_audience(nonce: str, audience: str) -> None:
    with pytest.raises(ValueError, match="nonce"):
        VPSDJWT(nonce=nonce, audience=audience)
