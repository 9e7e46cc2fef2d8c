"""The twelve signatures on which verifiers of Ed25519 disagree: one rule, whichever library computes.

Ours is the strictest of the published rows: S below the order, canonical encodings, no point of small
order, and the equation without cofactor. It accepts case 3 alone.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from did import InvalidKey, PublicKey
from vc_core import ED25519_OPENSSL, ProofVerificationError
from vc_core.securing.signed_data import ED25519, Algorithm, SignedData, check

BACKENDS = {"libsodium": ED25519, "OpenSSL": ED25519_OPENSSL}
NOT_A_KEY = {0, 1, 10, 11}
"""The cases whose key is of small order; two of them are not canonical either."""


@pytest.fixture(scope="module")
def cases(conformance: Path) -> list[dict[str, bytes]]:
    text = (conformance / "conformance/ed25519-speccheck/cases.json").read_text()
    return [{name: bytes.fromhex(value) for name, value in case.items()} for case in json.loads(text)]


def accepts(backend: Algorithm, case: dict[str, bytes]) -> bool:
    try:
        key = PublicKey("Ed25519", case["pub_key"])
        signed = SignedData(case["message"], "Ed25519", case["signature"], "did:example:a#b")
        check(signed, key, algorithms={"Ed25519": backend})
    except (InvalidKey, ProofVerificationError):
        return False
    return True


@pytest.mark.parametrize("backend", BACKENDS)
def test_only_case_3_is_a_signature(backend: str, cases: list[dict[str, bytes]]) -> None:
    assert len(cases) == 12
    assert [number for number, case in enumerate(cases) if accepts(BACKENDS[backend], case)] == [3]


def test_keys_of_small_order_are_refused_before_any_signature_is_looked_at(
    cases: list[dict[str, bytes]],
) -> None:
    refused = set()
    for number, case in enumerate(cases):
        try:
            PublicKey("Ed25519", case["pub_key"])
        except InvalidKey:
            refused.add(number)

    assert refused == NOT_A_KEY


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_rule_for_signatures_does_not_lean_on_that_for_keys(backend: str, cases: list[dict[str, bytes]]) -> None:
    """Had a weak key been let in, a small or malformed R and a large S would still be refused."""
    accepted = {
        number
        for number, case in enumerate(cases)
        if BACKENDS[backend].verify(
            SimpleNamespace(type="Ed25519", raw=case["pub_key"]),  # type: ignore[arg-type]  # no PublicKey holds it
            case["message"],
            case["signature"],
        )
    }

    assert 3 in accepted
    assert accepted.isdisjoint({0, 2, 4, 5, 6, 7, 8, 9})
