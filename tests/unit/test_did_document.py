"""DID documents: what conforms, and Controlled Identifiers 1.0, section 3.3, code by code."""

from __future__ import annotations

import copy
from collections import Counter
from http import HTTPStatus
from typing import Any

import pytest

from did.document import MAX_DEPTH, MAX_VALUES, RELATIONSHIPS, DIDDocument
from did.errors import DIDError, InvalidDID, InvalidDIDDocument, InvalidVerificationMethod
from did.keys import PrivateKey, PublicKey
from did.multibase import encode_base58btc

DID = "did:web:example.com"
KEY = PrivateKey("Ed25519", bytes(range(1, 33))).public_key
P256 = PrivateKey("P-256", bytes(range(1, 33))).public_key
SECP256K1 = PrivateKey("secp256k1", bytes(range(1, 33))).public_key


def method(fragment: Any = "#key", **members: Any) -> dict[str, Any]:
    found = {
        "id": fragment,
        "type": "Multikey",
        "controller": DID,
        "publicKeyMultibase": KEY.multikey,
        **members,
    }
    return {name: value for name, value in found.items() if value is not ...}


def document(*methods: Any, **members: Any) -> dict[str, Any]:
    found = {
        "id": DID,
        "verificationMethod": list(methods) or [method()],
        "assertionMethod": ["#key"],
        **members,
    }
    return {name: value for name, value in found.items() if value is not ...}


def use(value: Any, url: str = f"{DID}#key", relationship: str = "assertionMethod") -> Any:
    return DIDDocument.parse(value, DID).verification_method(url, relationship=relationship)


def refused(kind: type[DIDError], code: str, *arguments: Any) -> str:
    with pytest.raises(kind) as caught:
        use(*arguments)
    assert type(caught.value) is kind
    assert caught.value.code == code
    assert len(caught.value.detail) < 700
    return caught.value.detail


CONFORMS = "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"
WRONG_ID = "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"
WRONG_URL = "INVALID_VERIFICATION_METHOD_URL"
WRONG_METHOD = "INVALID_VERIFICATION_METHOD"
WRONG_RELATIONSHIP = "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"


def test_a_method_with_all_that_it_says() -> None:
    found = use(document(method(controller="did:web:other", expires="2030-01-01T00:00:00Z", revoked="2029")))
    assert (found.id, found.type, found.controller) == (f"{DID}#key", "Multikey", "did:web:other")
    assert found.public_key == KEY
    assert (found.expires, found.revoked) == ("2030-01-01T00:00:00Z", "2029")
    assert use(document()).expires is None


@pytest.mark.parametrize("method_id", ["#key", f"{DID}#key"])
@pytest.mark.parametrize("reference", ["#key", f"{DID}#key"])
def test_references_may_be_relative(method_id: str, reference: str) -> None:
    assert use(document(method(method_id), assertionMethod=[reference])).id == f"{DID}#key"


def test_each_relationship_is_its_own() -> None:
    for listed in RELATIONSHIPS:
        value = document(assertionMethod=...) | {listed: ["#key"]}
        for asked in RELATIONSHIPS:
            if asked == listed:
                assert use(value, f"{DID}#key", asked).public_key == KEY
            else:
                refused(InvalidVerificationMethod, WRONG_RELATIONSHIP, value, f"{DID}#key", asked)
    for asked in ("verificationMethod", "unknown", "", "id"):
        refused(InvalidVerificationMethod, WRONG_RELATIONSHIP, document(), f"{DID}#key", asked)


def test_an_embedded_method_is_for_its_relationship_only() -> None:
    value = document(verificationMethod=[], assertionMethod=[method("#embedded")])
    assert use(value, f"{DID}#embedded").public_key == KEY
    refused(InvalidVerificationMethod, WRONG_RELATIONSHIP, value, f"{DID}#embedded", "authentication")


@pytest.mark.parametrize(
    "url",
    [
        "#key",
        "",
        "key",
        f"{DID}#",
        DID,
        "http://example.com/#key",
        "https://user@example.com/#key",
        "https://example.com/#",
        f"{DID}#key ",
        f"{DID}#a#b",
        "did:web:",
        f"{DID}/#",
    ],
)
def test_urls_that_are_not_those_of_a_method(url: str) -> None:
    refused(InvalidVerificationMethod, WRONG_URL, document(), url)


@pytest.mark.parametrize(
    "url",
    ["did:web:other#key", f"{DID}?versionId=1#key", f"{DID}/path#key", f"{DID}:a#key", "https://example.com/#key"],
)
def test_urls_of_other_documents(url: str) -> None:
    refused(InvalidDIDDocument, WRONG_ID, document(), url)


def test_a_method_that_is_not_there() -> None:
    assert "#other" in refused(InvalidVerificationMethod, WRONG_METHOD, document(), f"{DID}#other")
    refused(InvalidVerificationMethod, WRONG_METHOD, document(verificationMethod=...), f"{DID}#key")


def test_methods_of_other_documents_cannot_be_reached() -> None:
    foreign = method("did:web:other#key")
    value = document(foreign, assertionMethod=["did:web:other#key", "#key"])
    refused(InvalidDIDDocument, WRONG_ID, value, "did:web:other#key")
    refused(InvalidVerificationMethod, WRONG_METHOD, value)
    versioned = document(method(f"{DID}?versionId=1#key"), assertionMethod=[f"{DID}?versionId=1#key"])
    refused(InvalidDIDDocument, WRONG_ID, versioned, f"{DID}?versionId=1#key")


@pytest.mark.parametrize(
    "document_id", ["did:web:EXAMPLE.com", f"{DID}#", f"{DID} ", "did:web:other", None, [DID], 1, ...]
)
def test_the_document_has_to_be_the_one_asked_for(document_id: Any) -> None:
    refused(InvalidDIDDocument, WRONG_ID, document(id=document_id))


def test_the_did_asked_for_has_to_be_one() -> None:
    for text in (
        "",
        "example.com",
        f"{DID}#key",
        "http://example.com",
        "https://a@example.com",
        "https://example.com#a",
    ):
        with pytest.raises(InvalidDID):
            DIDDocument.parse(document(id=text), text)


# --- documents of https URLs ------------------------------------------------------------------------

HTTPS = "https://example.issuer/vc-jose-cose"


def https_document(*methods: Any, **members: Any) -> dict[str, Any]:
    return document(*(methods or (method(controller=HTTPS),)), id=HTTPS, **members)


@pytest.mark.parametrize("method_id", ["#key", f"{HTTPS}#key"])
@pytest.mark.parametrize(
    "identifier", [HTTPS, f"{HTTPS}?id=7", "https://example.issuer", "https://example.issuer:8443/"]
)
def test_the_document_of_an_https_url(identifier: str, method_id: str) -> None:
    absolute = method_id.replace(HTTPS, identifier)
    value = https_document(method(absolute, controller=identifier), assertionMethod=[absolute]) | {"id": identifier}
    parsed = DIDDocument.parse(value, identifier)
    found = parsed.verification_method(f"{identifier}#key", relationship="assertionMethod")
    assert (parsed.id, found.id, found.controller, found.public_key) == (
        identifier,
        f"{identifier}#key",
        identifier,
        KEY,
    )
    for url in ("https://example.issuer/#key", f"{identifier}/#key", f"{DID}#key"):
        with pytest.raises(InvalidDIDDocument) as caught:
            parsed.verification_method(url, relationship="assertionMethod")
        assert caught.value.code == WRONG_ID


@pytest.mark.parametrize(
    "document_id", [DID, f"{HTTPS}/", f"{HTTPS}#", f"{HTTPS}?", HTTPS.replace("example", "EXAMPLE"), None, ...]
)
def test_the_document_of_an_https_url_has_to_be_the_one_asked_for(document_id: Any) -> None:
    value = https_document() | {"id": document_id}
    with pytest.raises(InvalidDIDDocument) as caught:
        DIDDocument.parse({name: each for name, each in value.items() if each is not ...}, HTTPS)
    assert caught.value.code == WRONG_ID


def test_methods_of_other_documents_cannot_be_reached_from_an_https_url() -> None:
    foreign = method("https://other.example/a#key", controller=HTTPS)
    parsed = DIDDocument.parse(https_document(foreign, assertionMethod=["https://other.example/a#key"]), HTTPS)
    with pytest.raises(InvalidDIDDocument):
        parsed.verification_method("https://other.example/a#key", relationship="assertionMethod")
    for bad in ("https://a@other.example/a#key", "http://other.example/a#key", "https://other.example/a"):
        with pytest.raises(InvalidDIDDocument) as caught:
            DIDDocument.parse(https_document(method(bad)), HTTPS)
        assert caught.value.code == CONFORMS


# --- methods by kid ---------------------------------------------------------------------------------


def by_kid(value: Any, kid: str, relationship: str = "assertionMethod") -> Any:
    return DIDDocument.parse(value, DID).verification_method_of_kid(kid, relationship=relationship)


def jwk_method(fragment: str, kid: Any = ..., key: PublicKey = P256) -> dict[str, Any]:
    jwk = key.jwk if kid is ... else {**key.jwk, "kid": kid}
    return method(fragment, type="JsonWebKey", publicKeyMultibase=..., publicKeyJwk=jwk)


def test_a_method_is_found_by_the_kid_of_its_jwk_or_by_its_fragment() -> None:
    value = document(
        method(), jwk_method("#one", "kid 1"), jwk_method("#two"), assertionMethod=["#key", "#one", "#two"]
    )
    assert by_kid(value, "key").public_key == KEY
    assert by_kid(value, "kid 1").id == by_kid(value, "one").id == f"{DID}#one"
    assert by_kid(value, "two").id == f"{DID}#two"
    same = document(jwk_method("#one", "one"), assertionMethod=["#one"])
    assert by_kid(same, "one").public_key == P256


@pytest.mark.parametrize("kid", ["", "KEY", "#key", f"{DID}#key", "key ", "kid 1"])
def test_a_kid_of_no_method_finds_none(kid: str) -> None:
    value = document(method(), jwk_method("#one", ["kid 1"]), assertionMethod=["#key", "#one"])
    with pytest.raises(InvalidVerificationMethod) as caught:
        by_kid(value, kid)
    assert caught.value.code == WRONG_METHOD


def test_a_kid_finds_what_is_authorised_only() -> None:
    value = document(
        jwk_method("#one", "a"), jwk_method("#two", "a", KEY), assertionMethod=["#one"], authentication=["#two"]
    )
    assert by_kid(value, "a").public_key == P256
    assert by_kid(value, "a", "authentication").public_key == KEY
    for relationship in ("keyAgreement", "unknown", ""):
        with pytest.raises(InvalidVerificationMethod):
            by_kid(value, "a", relationship)


def test_a_kid_of_several_methods_finds_none() -> None:
    for others in (
        [jwk_method("#one", "a"), jwk_method("#two", "a", KEY)],
        [jwk_method("#one", "a"), jwk_method("#a")],
        [jwk_method("#one", "a"), method("#a", type="Unknown")],
    ):
        value = document(*others, assertionMethod=[each["id"] for each in others])
        with pytest.raises(InvalidVerificationMethod, match="2 methods"):
            by_kid(value, "a")


def test_a_kid_of_a_foreign_method_finds_none() -> None:
    foreign = jwk_method("did:web:other#a", "a")
    with pytest.raises(InvalidVerificationMethod, match="0 methods"):
        by_kid(document(foreign, assertionMethod=["did:web:other#a"]), "a")


def test_a_method_that_is_found_by_kid_has_to_be_usable() -> None:
    value = document(jwk_method("#one", "a") | {"type": "Unknown"}, assertionMethod=["#one"])
    with pytest.raises(InvalidVerificationMethod, match="Unknown"):
        by_kid(value, "a")


class OwnText(str):
    """What a JSON parser never makes."""


NOT_CONFORMING: dict[str, Any] = {
    "not an object": [],
    "nothing": None,
    "a text": "{}",
    "methods not a list": document(verificationMethod=method()),
    "a method not an object": document("#key"),
    "a method without id": document(method(...)),
    "a method with another id": document(method(1)),
    "a method without fragment": document(method(DID)),
    "a method with an empty fragment": document(method("#")),
    "a method id that is no DID URL": document(method("key")),
    "a method id with white space": document(method("#k k")),
    "a method without type": document(method(type=...)),
    "a method with many types": document(method(type=["Multikey"])),
    "a method without controller": document(method(controller=...)),
    "a method with a controller that is no URL": document(method(controller="me")),
    "a method with many controllers": document(method(controller=[DID])),
    "a method with a number for expires": document(method(expires=1)),
    "a method with null for revoked": document(method(revoked=None)),
    "two methods with one id": document(method(), method(f"{DID}#key")),
    "an embedded method with a taken id": document(assertionMethod=[method()]),
    "two embedded methods with one id": document(
        verificationMethod=..., assertionMethod=[method()], authentication=[method()]
    ),
    "a relationship not a list": document(assertionMethod="#key"),
    "a relationship with a number": document(assertionMethod=[1]),
    "a relationship with null": document(assertionMethod=[None]),
    "a relationship with a foreign text": document(assertionMethod=["key"]),
    "a relationship with a bad embedded method": document(assertionMethod=[{}]),
    "a controller that is no URL": document(controller="me"),
    "a controller that is an object": document(controller={"id": DID}),
    "a list of controllers with null": document(controller=[None]),
    "a controller with a line break": document(controller="did:web:a\n"),
    "a long controller": document(controller="did:web:" + "a" * 5000),
    "an int as a name": document(service={1: 2}),
    "not a number": document(service=float("nan")),
    "infinity": document(service=float("inf")),
    "a tuple": document(service=()),
    "bytes": document(service=b""),
    "a kind of dict": document(service=Counter()),
    "a kind of text": document(service=OwnText("x")),
    "a kind of number": document(service=HTTPStatus.OK),
    "a surrogate": document(service="\ud800"),
    "a surrogate in a name": document(service={"\ud800": 1}),
    "deep": document(service=[[]] * 1),
    "many values": document(service=[0] * MAX_VALUES),
}
_deep: Any = 0
for _ in range(MAX_DEPTH + 1):
    _deep = [_deep]
NOT_CONFORMING["deep"] = document(service=_deep)


@pytest.mark.parametrize("shape", NOT_CONFORMING)
def test_documents_that_do_not_conform(shape: str) -> None:
    refused(InvalidDIDDocument, CONFORMS, NOT_CONFORMING[shape])


@pytest.mark.parametrize(
    "members",
    [
        {"privateKeyJwk": {}},
        {"privateKeyMultibase": "canary"},
        {"privateKeyBase58": "canary"},
        {"secretKeyMultibase": "canary"},
        {"secretKeyJwk": {"d": "canary"}},
        {"publicKeyJwk": {"kty": "OKP", "d": "canary"}},
        {"publicKeyJwk": {"kty": "oct", "k": "canary"}},
    ],
)
def test_documents_with_private_keys_are_refused_without_quoting_them(members: dict[str, Any]) -> None:
    for value in (
        document(method(**members)),
        document(assertionMethod=[method("#embedded", **members)]),
        document(method(), method("#unused", type="Unknown", **members)),
    ):
        assert "canary" not in refused(InvalidDIDDocument, CONFORMS, value)
    refused(InvalidDIDDocument, CONFORMS, document(service={"privateKeyJwk": 1}))


def test_what_is_large_but_allowed() -> None:
    deep: Any = 0
    for _ in range(MAX_DEPTH - 1):
        deep = [deep]
    assert use(document(service=deep)).public_key == KEY
    assert use(document(service=[0] * (MAX_VALUES - 20))).public_key == KEY


def test_controllers() -> None:
    for member, expected in (
        (..., ()),
        ("did:a:b", ("did:a:b",)),
        (["did:a:b", "https://c"], ("did:a:b", "https://c")),
        ([], ()),
    ):
        assert DIDDocument.parse(document(controller=member), DID).controllers == expected


FORMS: list[tuple[dict[str, Any], PublicKey]] = [
    ({}, KEY),
    ({"type": "Multikey", "publicKeyMultibase": P256.multikey}, P256),
    ({"type": "Ed25519VerificationKey2020"}, KEY),
    ({"type": "JsonWebKey", "publicKeyMultibase": ..., "publicKeyJwk": P256.jwk}, P256),
    ({"type": "JsonWebKey2020", "publicKeyMultibase": ..., "publicKeyJwk": KEY.jwk | {"kid": "k"}}, KEY),
    (
        {
            "type": "Ed25519VerificationKey2018",
            "publicKeyMultibase": ...,
            "publicKeyBase58": encode_base58btc(KEY.raw),
        },
        KEY,
    ),
    ({"type": "Ed25519VerificationKey2018", "publicKeyMultibase": ..., "publicKeyJwk": KEY.jwk}, KEY),
    (
        {
            "type": "EcdsaSecp256k1VerificationKey2019",
            "publicKeyMultibase": ...,
            "publicKeyBase58": encode_base58btc(SECP256K1.raw),
        },
        SECP256K1,
    ),
    ({"type": "P256Key2021", "publicKeyMultibase": ..., "publicKeyBase58": encode_base58btc(P256.raw)}, P256),
]


@pytest.mark.parametrize("form", range(len(FORMS)))
def test_forms_of_keys(form: int) -> None:
    members, key = FORMS[form]
    assert use(document(method(**members))).public_key == key


UNUSABLE: dict[str, dict[str, Any]] = {
    "unknown type": {"type": "Unknown"},
    "no key": {"publicKeyMultibase": ...},
    "key in the form of another type": {"type": "JsonWebKey"},
    "JWK for a Multikey": {"publicKeyMultibase": ..., "publicKeyJwk": KEY.jwk},
    "two keys": {"publicKeyJwk": KEY.jwk},
    "two keys, one unknown": {"publicKeyHex": "00"},
    "Multikey that is no text": {"publicKeyMultibase": 7},
    "Multikey in base64url": {"publicKeyMultibase": "uZg"},
    "X25519": {"publicKeyMultibase": "z6LSj72tK8brWgZja8NLRwPigth2T9QRiG1uH9oKZuKjdh9p"},
    "JWK that is no object": {"type": "JsonWebKey", "publicKeyMultibase": ..., "publicKeyJwk": "x"},
    "JWK for encryption": {
        "type": "JsonWebKey",
        "publicKeyMultibase": ...,
        "publicKeyJwk": P256.jwk | {"use": "enc"},
    },
    "type of another key": {"type": "Ed25519VerificationKey2020", "publicKeyMultibase": P256.multikey},
    "type of another JWK": {
        "type": "Ed25519VerificationKey2018",
        "publicKeyMultibase": ...,
        "publicKeyJwk": P256.jwk,
    },
    "base58 of another type": {
        "type": "Ed25519VerificationKey2018",
        "publicKeyMultibase": ...,
        "publicKeyBase58": "LUv",
    },
    "base58 that is no text": {
        "type": "Ed25519VerificationKey2018",
        "publicKeyMultibase": ...,
        "publicKeyBase58": 1,
    },
    "base58 with white space": {
        "type": "Ed25519VerificationKey2018",
        "publicKeyMultibase": ...,
        "publicKeyBase58": encode_base58btc(KEY.raw) + "\n",
    },
}


@pytest.mark.parametrize("shape", UNUSABLE)
def test_methods_that_cannot_be_used_do_harm_only_when_used(shape: str) -> None:
    value = document(method("#bad", **UNUSABLE[shape]), method(), assertionMethod=["#bad", "#key"])
    assert use(value).public_key == KEY
    with pytest.raises(InvalidVerificationMethod) as caught:
        use(value, f"{DID}#bad")
    assert caught.value.code == WRONG_METHOD
    with pytest.raises(InvalidVerificationMethod) as caught:
        use(value, f"{DID}#bad", "authentication")
    assert caught.value.code == WRONG_RELATIONSHIP


def test_a_document_cannot_be_changed() -> None:
    value = document(service=[{"id": "#s", "type": "T", "serviceEndpoint": ["https://a"]}])
    original = copy.deepcopy(value)
    parsed = DIDDocument.parse(value, DID)
    value["verificationMethod"][0]["publicKeyMultibase"] = P256.multikey
    value["assertionMethod"].clear()
    handed_out: Any = parsed.json
    handed_out["service"].clear()
    handed_out["id"] = "did:web:other"
    assert parsed.json == original
    assert parsed.verification_method(f"{DID}#key", relationship="assertionMethod").public_key == KEY
    with pytest.raises(AttributeError):
        parsed.id = "did:web:other"  # type: ignore[misc]  # the point of the test


def test_keys_are_decoded_once() -> None:
    parsed = DIDDocument.parse(document(), DID)
    first = parsed.verification_method(f"{DID}#key", relationship="assertionMethod")
    assert parsed.verification_method(f"{DID}#key", relationship="assertionMethod") is first


def test_documents_are_equal_when_their_json_is() -> None:
    one, other = DIDDocument.parse(document(), DID), DIDDocument.parse(document(), DID)
    one.verification_method(f"{DID}#key", relationship="assertionMethod")
    assert one == other
    assert hash(one) == hash(other)
    assert one != DIDDocument.parse(document(service=[]), DID)
    assert KEY.multikey not in repr(one)
