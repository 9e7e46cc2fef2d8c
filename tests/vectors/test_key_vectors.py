"""Published keys in each form that they are published in: Wycheproof, the JOSE RFCs, Data Integrity."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import did
from did import PrivateKey, PublicKey
from did.errors import InvalidKey
from did.keys import ED25519_SMALL_ORDER

CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp256k1": "secp256k1", "edwards25519": "Ed25519"}


def wycheproof(folder: Path, name: str) -> list[dict[str, Any]]:
    data = json.loads((folder / "conformance/wycheproof" / name).read_text(encoding="utf-8"))
    groups: list[dict[str, Any]] = data["testGroups"]
    return groups


def test_wycheproof_keys_are_the_same_key_in_each_form(conformance: Path) -> None:
    seen = 0
    for path in sorted((conformance / "conformance/wycheproof").glob("*_test.json")):
        if path.name.startswith("json_web"):
            continue
        for group in wycheproof(conformance, path.name):
            published = group["publicKey"]
            name = CURVES[published["curve"]]
            raw = bytes.fromhex(published.get("uncompressed") or published["pk"])
            key = PublicKey(name, raw)
            forms = [
                PublicKey.from_pem(group["publicKeyPem"].encode()),
                PublicKey.from_multikey(key.multikey),
                PublicKey(name, key.raw),
            ]
            if "publicKeyJwk" in group:
                forms.append(PublicKey.from_jwk(group["publicKeyJwk"]))
                assert key.jwk.items() <= group["publicKeyJwk"].items()
            assert all(form == key for form in forms)
            assert key.to_pem().split() == group["publicKeyPem"].encode().split()
            seen += 1
    assert seen == 99 + 108 + 109 + 112 + 113 + 105 + 104 + 105 + 78


def jwks(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if isinstance(value.get("kty"), str):
            yield value
        for child in value.values():
            yield from jwks(child)
    elif isinstance(value, list):
        for child in value:
            yield from jwks(child)


ELLIPSIS = "...."
"""Stands in one published modulus for its middle."""


def readable(jwk: dict[str, Any], operation: str) -> bool:
    """Whether a JWK is for signatures of a supported type, by what it says and apart from its numbers."""
    algorithms = {
        ("EC", "P-256"): {"ES256"},
        ("EC", "P-384"): {"ES384"},
        ("EC", "P-521"): {"ES512"},
        ("EC", "secp256k1"): {"ES256K"},
        ("OKP", "Ed25519"): {"EdDSA", "Ed25519"},
        ("RSA", None): {"PS256", "RS256"},
    }
    found = algorithms.get((jwk["kty"], jwk.get("crv")))
    return (
        found is not None
        and jwk.get("use", "sig") == "sig"
        and operation in jwk.get("key_ops", [operation])
        and jwk.get("alg") in {None, *found}
        and ELLIPSIS not in jwk.get("n", "")
    )


BAD_NUMBERS = {"invalid_point", "wrong_curve", "jws_rsa_roca_key", "keysize_too_small", "exponentOne"}
"""Groups whose keys say what they should and are none."""


def test_wycheproof_jwks_are_read_or_refused_by_what_they_say(conformance: Path) -> None:
    read: dict[str, int] = {"public": 0, "private": 0, "refused": 0}
    for name in ("json_web_key_test.json", "json_web_signature_test.json", "json_web_crypto_test.json"):
        for group in wycheproof(conformance, name):
            for jwk in jwks([group.get("public"), group.get("private")]):
                private = bool({"d", "k"} & jwk.keys())
                load = PrivateKey.from_jwk if private else PublicKey.from_jwk
                good = readable(jwk, "sign" if private else "verify") and group["comment"] not in BAD_NUMBERS
                if good:
                    load(jwk)
                    read["private" if private else "public"] += 1
                else:
                    with pytest.raises(InvalidKey):
                        load(jwk)
                    read["refused"] += 1
                if private:
                    with pytest.raises(InvalidKey):
                        PublicKey.from_jwk(jwk)
    assert read == {"public": 14, "private": 11, "refused": 69}


def test_keys_of_the_jose_cookbook(conformance: Path) -> None:
    found = [
        jwk
        for path in sorted((conformance / "conformance/jose").rglob("*.json"))
        for jwk in jwks(json.loads(path.read_text(encoding="utf-8")))
    ]
    supported = [jwk for jwk in found if readable(jwk, "sign" if "d" in jwk else "verify")]
    assert (len(supported), len(found)) == (33, 45)
    for jwk in supported:
        if "d" in jwk:
            assert PrivateKey.from_jwk(jwk).jwk.items() <= jwk.items()
        else:
            assert PublicKey.from_jwk(jwk).jwk.items() <= jwk.items()
    for jwk in found:
        if jwk["kty"] == "oct" or ELLIPSIS in jwk.get("n", ""):
            with pytest.raises(InvalidKey):
                PublicKey.from_jwk(jwk)


def test_a_slip_in_published_data_is_not_followed(conformance: Path) -> None:
    """Two groups of Wycheproof have the EC key of RFC 7520 with the alg ES521, which no algorithm has as its name.

    They count it as valid. Here such a key is refused: what a key says it is for is not guessed. Without that member
    it is read, and its signature holds (`test_signature_vectors`).
    """
    groups = wycheproof(conformance, "json_web_signature_test.json")
    keys = [key for group in groups for key in jwks([group.get("public"), group.get("private")])]
    slips = [key for key in keys if key.get("alg") == "ES521"]
    assert len(slips) == 4
    for key in slips:
        load = PrivateKey.from_jwk if "d" in key else PublicKey.from_jwk
        with pytest.raises(InvalidKey, match="ES521"):
            load(key)
        assert load({name: value for name, value in key.items() if name != "alg"}).type == "P-521"


@pytest.mark.parametrize(
    ("name", "key_type"),
    [
        ("vc-di-eddsa/keyPair.json", "Ed25519"),
        ("vc-di-ecdsa/p256KeyPair.json", "P-256"),
        ("vc-di-ecdsa/p384KeyPair.json", "P-384"),
    ],
)
def test_key_pairs_of_data_integrity(conformance: Path, name: str, key_type: str) -> None:
    pair = json.loads((conformance / "conformance" / name).read_text(encoding="utf-8"))
    secret = pair.get("secretKeyMultibase") or pair["privateKeyMultibase"]
    key = PrivateKey.from_multikey(secret)
    assert key.type == key_type
    assert key.multikey == secret
    assert key.public_key.multikey == pair["publicKeyMultibase"]
    assert PublicKey.from_multikey(pair["publicKeyMultibase"]) == key.public_key
    for swapped in (
        lambda: PublicKey.from_multikey(secret),
        lambda: PrivateKey.from_multikey(key.public_key.multikey),
    ):
        with pytest.raises(InvalidKey):
            swapped()


def test_key_pairs_of_proof_sets_and_chains(conformance: Path) -> None:
    path = conformance / "conformance/vc-di-eddsa/proof-set-chain/multiKeyPairs.json"
    pairs = [pair for pair in json.loads(path.read_text(encoding="utf-8")).values() if isinstance(pair, dict)]
    assert pairs
    for pair in pairs:
        secret = pair.get("secretKeyMultibase") or pair["privateKeyMultibase"]
        key = PrivateKey.from_multikey(secret)
        identifier = did.did_key(key.public_key)
        url = f"{identifier}#{pair['publicKeyMultibase']}"
        document = did.resolve(identifier)
        assert document.verification_method(url, relationship="assertionMethod").public_key == key.public_key


def test_edge_cases_of_ed25519(conformance: Path) -> None:
    """Cases 0, 1, 10 and 11 have a key of small order or in another form than the canonical one."""
    path = conformance / "conformance/ed25519-speccheck/cases.json"
    cases = json.loads(path.read_text(encoding="utf-8"))
    keys = [bytes.fromhex(case["pub_key"]) for case in cases]
    refused = set()
    for number, raw in enumerate(keys):
        try:
            PublicKey("Ed25519", raw)
        except InvalidKey:
            refused.add(number)
    assert refused == {0, 1, 10, 11}
    assert {number for number in refused if keys[number] in ED25519_SMALL_ORDER} == {0, 1, 10, 11}
