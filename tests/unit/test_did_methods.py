"""did:key and did:jwk: one way to write each, and nothing private in them."""

from __future__ import annotations

import json
from typing import Any

import pytest

import did
from did.multibase import decode_base58btc, encode_base58btc, encode_base64url, join_multicodec

SECRET = bytes(range(1, 33))
ED25519 = did.PrivateKey("Ed25519", SECRET).public_key
P256 = did.PrivateKey("P-256", SECRET).public_key
P384 = did.PrivateKey("P-384", SECRET + SECRET[:16]).public_key
P521 = did.PrivateKey("P-521", bytes(range(1, 67))).public_key
RSA = did.PublicKey.from_jwk({"kty": "RSA", "n": encode_base64url(bytes(range(129, 256)) * 3), "e": "AQAB"})
SECP256K1 = did.PrivateKey("secp256k1", SECRET).public_key
KEYS = [ED25519, P256, P384, P521, SECP256K1, RSA]
SIGNATURES = ["authentication", "assertionMethod", "capabilityInvocation", "capabilityDelegation"]


def jwk_did(value: Any) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return "did:jwk:" + encode_base64url(text)


def jcs_did(text: bytes) -> str:
    return "did:key:z" + encode_base58btc(join_multicodec(0xEB51, text))


def refusal(identifier: str) -> did.InvalidDID:
    with pytest.raises(did.InvalidDID) as caught:
        did.resolve(identifier)
    assert caught.value.code == "INVALID_DID"
    assert len(caught.value.detail) < 400
    return caught.value


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.type)
def test_the_document_of_a_did_key(key: did.PublicKey) -> None:
    identifier = did.did_key(key)
    method_id = f"{identifier}#{key.multikey}"
    assert did.resolve(identifier).json == {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": identifier,
        "verificationMethod": [
            {
                "id": method_id,
                "type": "Multikey",
                "controller": identifier,
                "publicKeyMultibase": key.multikey,
            }
        ],
        **{name: [method_id] for name in SIGNATURES},
    }


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.type)
def test_the_document_of_a_did_key_with_a_jwk(key: did.PublicKey) -> None:
    identifier = did.did_key_jwk_jcs(key)
    method_id = f"{identifier}#{identifier.removeprefix('did:key:')}"
    assert did.resolve(identifier).json == {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": identifier,
        "verificationMethod": [
            {"id": method_id, "type": "JsonWebKey2020", "controller": identifier, "publicKeyJwk": key.jwk}
        ],
        **{name: [method_id] for name in SIGNATURES},
    }


def test_the_key_may_be_used_for_signatures_only() -> None:
    for identifier in (did.did_key(P256), did.did_key_jwk_jcs(P256)):
        document = did.resolve(identifier)
        url = f"{identifier}#{identifier.removeprefix('did:key:')}"
        for relationship in SIGNATURES:
            assert document.verification_method(url, relationship=relationship).public_key == P256
        with pytest.raises(did.InvalidVerificationMethod):
            document.verification_method(url, relationship="keyAgreement")


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.type)
def test_the_document_of_a_did_key_is_one_that_could_be_read(key: did.PublicKey) -> None:
    """It is made without the checks for what others write, and keeps them all the same."""
    for identifier in (did.did_key(key), did.did_key_jwk_jcs(key)):
        made = did.resolve(identifier)
        read = did.DIDDocument.parse(made.json, identifier)
        assert (made, made.controllers, made.source, made.metadata) == (read, (), "", {})
        url = made.json["verificationMethod"][0]["id"]
        for relationship in SIGNATURES:
            method = made.verification_method(url, relationship=relationship)
            assert method == read.verification_method(url, relationship=relationship)
            assert method.public_key == key
        for relationship in ("keyAgreement", "verificationMethod", ""):
            with pytest.raises(did.InvalidVerificationMethod) as caught:
                made.verification_method(url, relationship=relationship)
            assert caught.value.code == "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"
        for document in (made.json, made.json):
            document["authentication"].append("x")
            document["verificationMethod"][0]["id"] = document["@context"][0] = "y"
        assert made == read


def test_there_is_one_did_key_of_a_key() -> None:
    multikey = ED25519.multikey
    for text in (
        f"1:{multikey}",
        f"1.1:{multikey}",
        f":{multikey}",
        "u" + encode_base64url(decode_base58btc(multikey[1:])),
        "z1" + multikey[1:],
        "z" + encode_base58btc(b"\xed\x81\x00" + ED25519.raw),
        multikey[1:],
        multikey + "%20",
        "z",
        "z" + "1" * 300,
        "z" + "z" * 2000,
        "z6LSj72tK8brWgZja8NLRwPigth2T9QRiG1uH9oKZuKjdh9p",
    ):
        refusal(f"did:key:{text}")


JCS = P256.canonical_jwk
X, Y = P256.jwk["x"], P256.jwk["y"]


@pytest.mark.parametrize(
    "text",
    [
        JCS + b" ",
        b" " + JCS,
        JCS.replace(b",", b", "),
        JCS.replace(b'"crv":"P-256","kty":"EC"', b'"kty":"EC","crv":"P-256"'),
        JCS.replace(b'"kty":"EC"', b'"kty":"EC","kty":"EC"'),
        JCS.replace(b"P-256", b"P\\u002d256"),
        JCS[:-1] + b',"kid":"k"}',
        JCS[:-1] + b',"use":"sig"}',
        JCS.replace(b'{"crv"', b'{"alg":"ES256","crv"'),
        JCS.replace(b'"kty"', b'"d":"AAAA","kty"'),
        JCS.replace(X.encode(), Y.encode()),
        JCS.replace(b"P-256", b"P-257"),
        JCS.replace(b"P-256", b"secp256k1"),
        b'{"e":"AQAB","kty":"RSA","n":"' + b"A" * 100 + b'"}',
        b'{"k":"AAAA","kty":"oct"}',
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff",
        JCS + b"\0",
    ],
)
def test_there_is_one_did_key_of_a_jwk(text: bytes) -> None:
    assert did.resolve(jcs_did(JCS)).json["id"] == did.did_key_jwk_jcs(P256)
    refusal(jcs_did(text))


@pytest.mark.parametrize("header", ["", "u", "f", "Z", "1"])
def test_a_did_key_begins_with_z(header: str) -> None:
    for identifier in (did.did_key(P256), did.did_key_jwk_jcs(P256)):
        assert "base58btc" in refusal(identifier.replace(":z", f":{header}")).detail


def test_the_fragment_of_a_did_jwk_is_0_whatever_the_kid() -> None:
    identifier = jwk_did(P256.jwk | {"kid": "k"})
    document = did.resolve(identifier)
    assert document.verification_method(f"{identifier}#0", relationship="assertionMethod").public_key == P256
    with pytest.raises(did.InvalidVerificationMethod):
        document.verification_method(f"{identifier}#k", relationship="assertionMethod")


def test_a_did_jwk_is_never_written_anew() -> None:
    for text in (
        b' {"kty" : "EC","crv":"P-256","x":"%s","y":"%s"} ' % (X.encode(), Y.encode()),
        P256.canonical_jwk,
    ):
        document: Any = did.resolve(jwk_did(text)).json
        assert document["id"] == jwk_did(text)
        assert document["verificationMethod"][0]["publicKeyJwk"] == P256.jwk


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, [*SIGNATURES, "keyAgreement"]),
        ({"use": "sig"}, SIGNATURES),
        ({"use": "enc"}, ["keyAgreement"]),
        ({"use": None}, [*SIGNATURES, "keyAgreement"]),
    ],
)
def test_the_use_of_a_jwk_decides_the_relationships(members: dict[str, Any], expected: list[str]) -> None:
    key = P256.jwk | members
    if members.get("use", ...) is None:
        refusal(jwk_did(key))
        return
    document = did.resolve(jwk_did(key)).json
    assert {name for name in did.RELATIONSHIPS if name in document} == set(expected)


@pytest.mark.parametrize(
    "jwk",
    [
        P256.jwk | {"d": "AAAA"},
        P256.jwk | {"k": "AAAA"},
        {"kty": "oct", "k": "AAAA"},
        {"kty": "oct"},
        {"kty": "RSA", "n": "AA", "e": "AQAB", "d": "AA"},
        P256.jwk | {"use": "tls"},
        P256.jwk | {"use": ["sig"]},
        P256.jwk | {"use": {}},
        P256.jwk | {"alg": "ES384"},
        P256.jwk | {"key_ops": ["encrypt"]},
        P256.jwk | {"x": Y},
        P256.jwk | {"x": "\ud800"},
        P256.jwk | {"note": "\ud800"},
        P256.jwk | {"privateKeyJwk": 1},
        P256.jwk | {"crv": "secp256k1"},
        {"crv": "P-256", "x": X, "y": Y},
        {"kty": ["EC"], "crv": "P-256"},
        {"kty": "RSA", "n": "AA", "e": "AQAB"},
        {"kty": "EC", "crv": "RSA"},
        RSA.jwk | {"crv": "P-256"},
        RSA.jwk | {"p": "AAAA"},
        RSA.jwk | {"e": "AQ"},
        {},
        [],
        "x",
        b"",
        b"\xff",
        b'{"kty":"EC","kty":"EC"}',
        b'{"kty":"EC","n":NaN}',
        b"[" * 1400,
    ],
)
def test_jwks_that_make_no_did_jwk(jwk: Any) -> None:
    refusal(jwk_did(jwk))


@pytest.mark.parametrize("text", ["eyJ9=", "e30", "e3 0", "e31", "eyJrdHkiOiJFQyJ9A", "%20", "a:b"])
def test_texts_that_are_no_did_jwk(text: str) -> None:
    with pytest.raises(did.InvalidDID):
        did.resolve(f"did:jwk:{text}")


@pytest.mark.parametrize(
    "jwk",
    [
        {"kty": "RSA", "n": "AA", "e": "AQAB", "use": "enc"},
        {"kty": "OKP", "crv": "X25519", "x": "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"},
        {"kty": "EC", "crv": ["P-256"]},
        P256.jwk | {"use": "enc"},
    ],
)
def test_jwks_of_other_kinds_resolve_and_cannot_be_used(jwk: dict[str, Any]) -> None:
    document = did.resolve(jwk_did(jwk))
    relationship = "keyAgreement" if "use" in jwk else "assertionMethod"
    with pytest.raises(did.InvalidVerificationMethod) as caught:
        document.verification_method(f"{document.id}#0", relationship=relationship)
    assert caught.value.code == "INVALID_VERIFICATION_METHOD"


def test_errors_do_not_quote_private_members() -> None:
    canary = "canarycanarycanary"
    for jwk in (P256.jwk | {"d": canary}, {"kty": "oct", "k": canary}):
        assert canary not in refusal(jwk_did(jwk)).detail
