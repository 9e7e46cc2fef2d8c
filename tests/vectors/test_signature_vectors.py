"""Published signatures below the level of tokens: the JWS file of Project Wycheproof, and RFC 7520.

Here a token is cut at its dots, and the algorithm is the one that its header names: what is tried is whether each
signature is taken exactly under the key and the scheme that made it. How tokens are read is tried elsewhere.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from did import InvalidEncoding, InvalidKey, PrivateKey, PublicKey
from did.multibase import decode_base64url
from vc_core import ALGORITHMS, LocalSigner, ProofVerificationError
from vc_core.securing.signed_data import SignedData, check, sign


def algorithm_of(token: str) -> str:
    """What the header of a token names, "" for what has no header."""
    try:
        return str(json.loads(decode_base64url(token.partition(".")[0]))["alg"])
    except (InvalidEncoding, ValueError):
        return ""


def accepts(key: PublicKey, token: str) -> bool:
    signing_input, _, signature = token.rpartition(".")
    if signing_input.count(".") != 1:
        return False
    try:
        signed = SignedData(signing_input.encode(), algorithm_of(token), decode_base64url(signature), "did:example:a#b")
        check(signed, key)
    except (InvalidEncoding, ProofVerificationError):
        return False
    return True


def key_of(jwk: dict[str, Any]) -> PublicKey | None:
    """The key of a group; the one with a slip in its `alg`, which is refused, without that member."""
    slip = jwk.get("alg") == "ES521"
    try:
        return PublicKey.from_jwk({name: value for name, value in jwk.items() if name != "alg"} if slip else jwk)
    except InvalidKey:
        return None


def test_signatures(conformance: Path) -> None:
    path = conformance / "conformance/wycheproof/json_web_signature_test.json"
    groups = [group for group in json.loads(path.read_text())["testGroups"] if "public" in group]
    wrong: list[str] = []
    seen: Counter[tuple[str, str]] = Counter()
    for group in groups:
        key = key_of(group["public"])
        for case in group["tests"]:
            algorithm = algorithm_of(case["jws"])
            offered = key is not None and algorithm in ALGORITHMS
            seen[algorithm if offered else "not offered", case["result"]] += 1
            if (key is not None and accepts(key, case["jws"])) != (offered and case["result"] == "valid"):
                wrong.append(f"{case['tcId']} ({case['result']}): {algorithm} {case['comment']} {case['flags']}")

    assert wrong == []
    assert seen == {
        ("ES256", "valid"): 2,
        ("ES256", "invalid"): 31,
        ("ES512", "valid"): 2,
        ("PS256", "valid"): 6,
        ("PS256", "invalid"): 42,
        ("RS256", "valid"): 8,
        ("RS256", "invalid"): 220,
        ("not offered", "valid"): 18,  # with SHA-384 and SHA-512, for RSA
        ("not offered", "invalid"): 32,
    }


@pytest.mark.parametrize(
    ("name", "algorithm", "deterministic"),
    [("4_1.rsa_v15_signature", "RS256", True), ("4_3.ecdsa_signature", "ES512", False)],
)
def test_signatures_of_rfc_7520(name: str, algorithm: str, deterministic: bool, conformance: Path) -> None:
    case = json.loads((conformance / f"conformance/jose/cookbook/jws/{name}.json").read_text())
    data, published = case["signing"]["sig-input"].encode(), decode_base64url(case["signing"]["sig"])
    key = PrivateKey.from_jwk(case["input"]["key"])

    ours = sign(data, LocalSigner(key, "did:example:a#b", algorithm=algorithm))

    check(SignedData(data, algorithm, published, "did:example:a#b"), key.public_key)
    assert ours.algorithm == case["signing"]["protected"]["alg"] == algorithm
    assert (ours.signature == published) == deterministic  # the nonce of the published ES512 signature is random
