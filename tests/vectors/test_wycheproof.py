"""Project Wycheproof: every signature of its Ed25519 and ECDSA (r || s) files, with every form of every key.

The DER files are not for us: no securing mechanism here takes a DER signature.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from did import PublicKey
from vc_core import ALGORITHMS, ED25519_OPENSSL, ProofVerificationError
from vc_core.securing.signed_data import ED25519, Algorithm, SignedData, check

FILES = [
    pytest.param("ed25519_test", "Ed25519", ED25519, 151, id="Ed25519-libsodium"),
    pytest.param("ed25519_test", "Ed25519", ED25519_OPENSSL, 151, id="Ed25519-OpenSSL"),
    pytest.param("ecdsa_secp256r1_sha256_p1363_test", "P-256", ALGORITHMS["ES256"], 262, id="P-256"),
    pytest.param("ecdsa_secp384r1_sha384_p1363_test", "P-384", ALGORITHMS["ES384"], 280, id="P-384"),
    pytest.param("ecdsa_secp256k1_sha256_p1363_test", "secp256k1", ALGORITHMS["ES256K"], 252, id="secp256k1"),
]


def keys_of(group: dict[str, Any], key_type: str) -> Iterator[tuple[str, PublicKey]]:
    """The group's key by each way in; not every group has a JWK."""
    raw = bytes.fromhex(group["publicKey"]["pk" if key_type == "Ed25519" else "uncompressed"])
    der = base64.encodebytes(bytes.fromhex(group["publicKeyDer"])).decode().replace("\n", "")
    lines = "\n".join(der[start : start + 64] for start in range(0, len(der), 64))
    key = PublicKey(key_type, raw)
    yield "raw", key
    yield "PEM", PublicKey.from_pem(group["publicKeyPem"].encode())
    yield (
        "DER",
        PublicKey.from_pem(f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----\n".encode()),
    )
    yield "canonical", PublicKey(key_type, key.raw)
    yield "Multikey", PublicKey.from_multikey(key.multikey)
    yield "JWK of ours", PublicKey.from_jwk(key.jwk)
    if "publicKeyJwk" in group:
        yield "JWK", PublicKey.from_jwk(group["publicKeyJwk"])


def accepts(algorithm: Algorithm, key: PublicKey, case: dict[str, Any]) -> bool:
    signed = SignedData(bytes.fromhex(case["msg"]), algorithm.name, bytes.fromhex(case["sig"]), "did:example:a#b")
    try:
        check(signed, key, algorithms={algorithm.name: algorithm})
    except ProofVerificationError:
        return False
    return True


@pytest.mark.parametrize(("file", "key_type", "algorithm", "count"), FILES)
def test_signatures(file: str, key_type: str, algorithm: Algorithm, count: int, conformance: Path) -> None:
    groups = json.loads((conformance / f"conformance/wycheproof/{file}.json").read_text())["testGroups"]
    wrong: list[str] = []
    seen = 0
    for group in groups:
        keys = dict(keys_of(group, key_type))
        assert len(set(keys.values())) == 1, f"the key has several forms: {keys}"
        for case in group["tests"]:
            seen += 1
            for form, key in keys.items():
                if accepts(algorithm, key, case) != (case["result"] == "valid"):
                    wrong.append(f"{case['tcId']} ({case['result']}, key as {form}): {case['comment']} {case['flags']}")

    assert wrong == []
    assert seen == count
