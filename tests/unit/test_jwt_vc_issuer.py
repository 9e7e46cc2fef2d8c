"""JWT VC Issuer Metadata as a document: whose keys, which of them, and under which names."""

from __future__ import annotations

from typing import Any

import pytest

import did

ISSUER = "https://example.com/tenant/1234"
P256 = did.PrivateKey("P-256", bytes(range(1, 33)))
ED25519 = did.PrivateKey("Ed25519", bytes(range(1, 33))).public_key


def metadata(*keys: Any, **members: Any) -> dict[str, Any]:
    found = {"issuer": ISSUER, "jwks": {"keys": list(keys)}, "display": [{"name": "Issuer"}], **members}
    return {name: value for name, value in found.items() if value is not ...}


def key(kid: Any, public_key: did.PublicKey = P256.public_key) -> dict[str, Any]:
    return {**public_key.jwk, "kid": kid}


def refusal(value: Any, issuer: str = ISSUER) -> did.DIDError:
    with pytest.raises((did.InvalidDIDDocument, did.InvalidDID)) as caught:
        did.jwt_vc_issuer(value, issuer)
    assert len(caught.value.detail) < 400
    return caught.value


def test_the_keys_become_methods_for_assertions() -> None:
    document = did.jwt_vc_issuer(metadata(key("one"), key("two", ED25519)), ISSUER)
    assert document.json == {
        "@context": "https://www.w3.org/ns/cid/v1",
        "id": ISSUER,
        "verificationMethod": [
            {"id": f"{ISSUER}#one", "type": "JsonWebKey", "controller": ISSUER, "publicKeyJwk": key("one")},
            {"id": f"{ISSUER}#two", "type": "JsonWebKey", "controller": ISSUER, "publicKeyJwk": key("two", ED25519)},
        ],
        "assertionMethod": [f"{ISSUER}#one", f"{ISSUER}#two"],
    }
    resolved = did.StaticResolver({ISSUER: document.json}).resolve(ISSUER)
    assert resolved == document
    found = resolved.verification_method(f"{ISSUER}#two", relationship="assertionMethod")
    assert (found.public_key, found.controller) == (ED25519, ISSUER)
    assert resolved.verification_method_of_kid("one", relationship="assertionMethod").public_key == P256.public_key
    with pytest.raises(did.InvalidVerificationMethod):
        resolved.verification_method_of_kid("one", relationship="authentication")


@pytest.mark.parametrize(
    ("kid", "fragment"),
    [
        ("2aOHaQxsWVT4mLsUkdtlCnUV-au0BBR-5yPYaPaCc5k", "2aOHaQxsWVT4mLsUkdtlCnUV-au0BBR-5yPYaPaCc5k"),
        ("a b", "a%20b"),
        ("a%20b", "a%2520b"),
        ("did:web:a#b", "did%3Aweb%3Aa%23b"),
        ("atslēga", "atsl%C4%93ga"),
    ],
)
def test_a_kid_is_found_whatever_its_characters(kid: str, fragment: str) -> None:
    document = did.jwt_vc_issuer(metadata(key(kid), key("other")), ISSUER)
    found = document.verification_method_of_kid(kid, relationship="assertionMethod")
    assert found.id == f"{ISSUER}#{fragment}"


def test_kids_that_look_alike_stay_apart() -> None:
    document = did.jwt_vc_issuer(metadata(key("a b"), key("a%20b", ED25519)), ISSUER)
    assert document.verification_method(f"{ISSUER}#a%2520b", relationship="assertionMethod").public_key == ED25519
    with pytest.raises(did.InvalidVerificationMethod, match="2 methods"):  # one by its JWK, one by its fragment
        document.verification_method_of_kid("a%20b", relationship="assertionMethod")
    assert document.verification_method_of_kid("a b", relationship="assertionMethod").public_key == P256.public_key


def test_a_key_without_a_kid_is_left_out() -> None:
    document = did.jwt_vc_issuer(metadata(P256.public_key.jwk, key("two", ED25519)), ISSUER)
    assert document.json["assertionMethod"] == [f"{ISSUER}#two"]
    assert did.jwt_vc_issuer(metadata(), ISSUER).json["verificationMethod"] == []


def test_a_key_that_cannot_be_used_does_no_harm() -> None:
    x25519 = {"kty": "OKP", "crv": "X25519", "x": "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08", "kid": "x"}
    document = did.jwt_vc_issuer(metadata(x25519, key("e") | {"use": "enc"}, key("one")), ISSUER)
    assert document.verification_method_of_kid("one", relationship="assertionMethod").public_key == P256.public_key
    for kid in ("x", "e"):
        with pytest.raises(did.InvalidVerificationMethod):
            document.verification_method_of_kid(kid, relationship="assertionMethod")


NOT_METADATA: dict[str, Any] = {
    "not an object": [],
    "nothing": None,
    "no jwks": metadata(jwks=...),
    "jwks elsewhere": metadata(jwks=..., jwks_uri="https://example.com/keys.jwks"),
    "jwks here and elsewhere": metadata(key("one"), jwks_uri="https://example.com/keys.jwks"),
    "jwks a list": metadata(jwks=[key("one")]),
    "jwks without keys": metadata(jwks={}),
    "keys an object": metadata(jwks={"keys": key("one")}),
    "a key that is no object": metadata("key"),
    "a kid twice": metadata(key("one"), key("one", ED25519)),
    "a kid that is a number": metadata(key(1)),
    "a kid that is null": metadata(key(None)),
    "a kid that is empty": metadata(key("")),
    "a kid that is not Unicode": metadata(key("\ud800")),
    "a kid that is long": metadata(key("a" * 5000)),
    "a symmetric key": metadata(key("one"), {"kty": "oct", "k": "canary", "kid": "two"}),
    "a private key": metadata(key("one") | {"d": "canary"}),
    "a private key without a kid": metadata(key("one"), P256.public_key.jwk | {"d": "canary"}),
    "many keys": metadata(*(key(str(number)) for number in range(3000))),
}


@pytest.mark.parametrize("shape", NOT_METADATA)
def test_metadata_that_are_refused(shape: str) -> None:
    assert "canary" not in str(refusal(NOT_METADATA[shape]))


@pytest.mark.parametrize(
    "issuer", ["https://example.com", f"{ISSUER}/", "https://EXAMPLE.com/tenant/1234", None, 7, ...]
)
def test_the_metadata_have_to_be_those_of_the_issuer(issuer: Any) -> None:
    error = refusal(metadata(key("one"), issuer=issuer))
    assert error.code == "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"


@pytest.mark.parametrize(
    "issuer", ["", "did:web:example.com", "http://example.com", f"{ISSUER}?a", f"{ISSUER}#a", "https://a@example.com"]
)
def test_the_issuer_is_an_https_url_without_query_and_fragment(issuer: str) -> None:
    assert refusal(metadata(key("one"), issuer=issuer), issuer).code == "INVALID_DID"
