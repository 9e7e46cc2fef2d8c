"""W3C's cases for credentials and presentations in JSON Web Tokens, as far as a token alone decides them.

Cases 1 to 5 are made from the inputs, 6 to 16 are verified. What case 5 wants refused is a term without a meaning, and
case 9 one of other keys; the rules of the data model that 16 breaks are looked at elsewhere.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from did import PrivateKey, PublicKey
from vc_core import Limits, LocalSigner, VCError
from vc_core.securing.jwt import problems_of_times
from vc_core.securing.signed_data import check
from vc_core.securing.token import Token
from vc_core.securing.vc_jwt import JWT_PROFILES, VCJWT, VPJWT, problems_of_claims, read

LIMITS = Limits()
NOW = datetime(2024, 12, 16, tzinfo=UTC)
CONTROLLER = "https://example.issuer/vc-jose-cose"


@pytest.fixture(scope="session")
def folder(conformance: Path) -> Path:
    return conformance / "conformance/vc-jose-cose"


def case_of(folder: Path, number: int) -> dict[str, Any]:
    cases = json.loads((folder / "cases.json").read_text())["cases"]
    return next(case for case in cases if case["number"] == number)


def public_key(folder: Path, name: str) -> PublicKey:
    jwk = json.loads((folder / name).read_text())["publicKeyJwk"]
    return PublicKey.from_jwk(jwk)


def text_of(folder: Path, name: str) -> bytes:
    """The token in the file; the newline at the end of some is the file's."""
    return (folder / name).read_bytes().removesuffix(b"\n")


def token_of(folder: Path, name: str, key: str) -> Token:
    token = read(text_of(folder, name), limits=LIMITS)
    check(token.signed, public_key(folder, key))
    return token


@pytest.mark.parametrize(
    ("number", "securing"),
    [(6, "vc+jwt"), (7, "vp+jwt"), (8, "vc+jwt")],
)
def test_a_case_that_is_verified(folder: Path, number: int, securing: str) -> None:
    case = case_of(folder, number)
    token = token_of(folder, case["input_file"], case["key_file"])
    assert case["expected"] == "success"
    assert token.securing == securing
    assert token.controller == CONTROLLER == token.payload["iss"]
    assert token.verification_method == f"{CONTROLLER}#{token.kid}"
    assert problems_of_claims(token, JWT_PROFILES["general"]) == []
    assert token.claims["@context"] == [
        "https://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/examples/v2",
    ]


def test_the_time_of_case_7(folder: Path) -> None:
    """A signature of December 2024, which was good for a day."""
    payload = read(text_of(folder, "presentation-jose-multiple.txt"), limits=LIMITS).payload
    assert problems_of_times(payload, now=datetime(2024, 12, 16, 12, tzinfo=UTC)) == []
    assert [each.code for each in problems_of_times(payload, now=datetime(2026, 1, 1, tzinfo=UTC))] == ["EXPIRED"]


def test_the_credential_in_case_7(folder: Path) -> None:
    """The first of the three in the presentation is a JSON Web Token."""
    credentials: Any = read(text_of(folder, "presentation-jose-multiple.txt"), limits=LIMITS).claims[
        "verifiableCredential"
    ]
    media_type, _, text = credentials[0]["id"].partition(",")
    token = read(text.encode(), limits=LIMITS)
    assert media_type == f"data:application/{token.securing}" == "data:application/vc+jwt"
    check(token.signed, public_key(folder, "vm-p256.json"))


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (9, "PROOF_VERIFICATION_ERROR"),
        (10, "PARSING_ERROR"),
        (11, "PARSING_ERROR"),
        (12, "PROOF_VERIFICATION_ERROR"),
        (13, "TOKEN_TYPE_ERROR"),
        (14, "TOKEN_TYPE_ERROR"),
        (15, "TOKEN_CLAIMS_ERROR"),
    ],
)
def test_a_case_that_is_refused(folder: Path, number: int, code: str) -> None:
    case = case_of(folder, number)
    assert case["expected"] == "failure"
    with pytest.raises(VCError) as caught:
        token_of(folder, case["input_file"], case["key_file"])
    assert caught.value.code == code


def test_a_presentation_whose_credential_is_none(folder: Path) -> None:
    """Case 16: the token itself holds; the credential in it cannot be read."""
    token = token_of(folder, "presentation-jose-bad-credential.txt", "vm-ed25519.json")
    credentials: Any = token.claims["verifiableCredential"]
    assert len(credentials) == 1
    with pytest.raises(VCError) as caught:
        read(credentials[0]["id"].encode(), limits=LIMITS)
    assert caught.value.code == "PARSING_ERROR"


def test_case_9_with_the_key_that_made_it(folder: Path) -> None:
    token = token_of(folder, "credential-jose-unknown-extensions.txt", "vm-p521.json")
    assert problems_of_claims(token, JWT_PROFILES["general"]) == []


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_case_that_is_issued(folder: Path, number: int) -> None:
    case = case_of(folder, number)
    document = json.loads((folder / case["input_file"]).read_text())
    method = json.loads((folder / case["key_file"]).read_text())
    signer = LocalSigner(PrivateKey.from_jwk(method["secretKeyJwk"]), method["id"])
    securing = (
        VCJWT() if case["feature"] == "credential_jose" else VPJWT(nonce="n", audience="https://verifier.example")
    )
    token = read(securing.secure(document, signer=signer, created=NOW), limits=LIMITS)
    check(token.signed, public_key(folder, case["key_file"]))
    assert token.header["alg"] == method["publicKeyJwk"]["alg"]
    assert token.claims.items() >= document.items()
