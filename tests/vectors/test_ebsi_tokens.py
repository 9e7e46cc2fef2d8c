"""Tokens with valid signatures that EBSI published: examples of its libraries, and accreditations of its pilot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from did import PublicKey
from vc_core import Limits, ProofVerificationError
from vc_core.securing.jwt import numeric_date
from vc_core.securing.signed_data import check
from vc_core.securing.token import Token
from vc_core.securing.vc_jwt import JWT_PROFILES, problems_of_claims, read

LIMITS = Limits()
DATES_IN_TEXT = "legacy sample"


@pytest.fixture(scope="session")
def examples(conformance: Path) -> list[dict[str, Any]]:
    value: list[dict[str, Any]] = json.loads((conformance / "conformance/ebsi/signed_examples.json").read_text())
    assert len(value) == 11
    return value


def token_of(example: dict[str, Any]) -> Token:
    token = read(example["jwt"].encode(), limits=LIMITS)
    check(token.signed, PublicKey.from_jwk(example["publicKeyJwk"]))
    return token


def places(token: Token, profile: str) -> list[str]:
    return [problem.at for problem in problems_of_claims(token, JWT_PROFILES[profile])]


def is_legacy(example: dict[str, Any]) -> bool:
    return DATES_IN_TEXT in example.get("note", "")


def test_every_signature_verifies(examples: list[dict[str, Any]]) -> None:
    for example in examples:
        token = token_of(example)
        assert token.securing == ("jwt_vp" if example["kind"] == "VP-JWT" else "jwt_vc")
        assert (token.signed.algorithm, token.kid) == (example["alg"], example["kid"])
        assert token.controller == token.kid.partition("#")[0] == token.payload["iss"]
        assert token.claims is token.payload[token.securing[4:]]  # the token says nothing that is not in there
        for data in (token.signed.data + b"A", token.signed.data[1:]):
            with pytest.raises(ProofVerificationError):
                check(token.signed._replace(data=data), PublicKey.from_jwk(example["publicKeyJwk"]))


def test_the_examples_follow_the_rules(examples: list[dict[str, Any]]) -> None:
    chosen = [each for each in examples if "attribute" not in each["source"] and not is_legacy(each)]
    assert len(chosen) == 6
    for example in chosen:
        for profile in JWT_PROFILES:
            assert places(token_of(example), profile) == [], (example["source"], profile)


def test_the_example_with_dates_in_text(examples: list[dict[str, Any]]) -> None:
    """Its signature is good, its claims are not, whatever the profile."""
    [example] = [each for each in examples if is_legacy(each)]
    token = token_of(example)
    assert places(token, "general") == ["/nbf"]
    assert places(token, "EBSI") == places(token, "EBSI registry") == ["/iat", "/nbf", "/exp"]


def test_the_accreditations(examples: list[dict[str, Any]]) -> None:
    """Two of the three in force were renewed with other times than those of the credential."""
    chosen = [each for each in examples if "attribute" in each["source"]]
    assert len(chosen) == 4
    refused = 0
    for example in chosen:
        token = token_of(example)
        renewed = example.get("claims_match_vc", {}).get("nbf==validFrom") is False
        assert places(token, "EBSI registry") == []
        assert places(token, "EBSI") == (["/iat", "/nbf"] if renewed else [])
        refused += renewed
    assert refused == 2


def test_the_credential_in_the_presentation(examples: list[dict[str, Any]]) -> None:
    [example] = [each for each in examples if each["kind"] == "VP-JWT"]
    presentation = token_of(example)
    holder_of = next(each for each in examples if [each["jwt"]] == presentation.claims["verifiableCredential"])
    credential = token_of(holder_of)
    assert credential.payload["sub"] == presentation.payload["iss"]
    for name in ("nbf", "exp"):
        assert numeric_date(presentation.payload[name]) == numeric_date(credential.payload[name])


@pytest.mark.parametrize("size", [63, 65, 70, 72])
def test_signatures_have_one_length(examples: list[dict[str, Any]], size: int) -> None:
    """64 bytes, r || s; a DER signature has others."""
    for example in examples:
        signed = token_of(example).signed
        with pytest.raises(ProofVerificationError):
            check(signed._replace(signature=(signed.signature * 2)[:size]), PublicKey.from_jwk(example["publicKeyJwk"]))


def test_changing_a_token(examples: list[dict[str, Any]]) -> None:
    """One character of a token, changed: refused when it is read, or by its signature."""
    example = examples[0]
    text, key = example["jwt"].encode(), PublicKey.from_jwk(example["publicKeyJwk"])
    for position in range(0, len(text), 23):
        other = text[:position] + (b"A" if text[position : position + 1] != b"A" else b"B") + text[position + 1 :]
        try:
            token = read(other, limits=LIMITS)
            check(token.signed, key)
        except Exception as error:  # noqa: BLE001  (the type is what is asked)
            assert type(error).__module__ == "vc_core.errors"  # noqa: PT017
        else:
            pytest.fail(f"accepted with another character at {position}")
