"""Properties of identifiers and keys, against independent implementations where there are any."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import base58
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from multiformats import multibase, multicodec

import did
from did.errors import DIDError, InvalidEncoding, InvalidKey, shown
from did.jwk import number_text, parse_jwk
from did.key_types import ED25519_SMALL_ORDER, KEY_TYPES
from did.multibase import (
    decode_base58btc,
    decode_base64url,
    decode_multibase,
    encode_base58btc,
    encode_base64url,
    join_multicodec,
    split_multicodec,
)
from did.rsa import MODULUS_BITS

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P

TYPES = st.sampled_from(sorted(KEY_TYPES.keys() - {"RSA"}))
SHORT_BYTES = st.binary(max_size=186) | st.binary(max_size=1400)


@st.composite
def private_keys(draw: st.DrawFn) -> did.PrivateKey:
    name = draw(TYPES)
    size = KEY_TYPES[name].size
    try:
        return did.PrivateKey(name, draw(st.binary(min_size=size, max_size=size)))
    except InvalidKey:
        reject()


@st.composite
def rsa_public_keys(draw: st.DrawFn) -> did.PublicKey:
    """Keys of all lengths, most of which nobody has the factors of."""
    bits = draw(st.integers(MODULUS_BITS[0], MODULUS_BITS[-1]))
    n = 1 << bits - 1 | draw(st.integers(0, 2 ** (bits - 1) - 1)) | 1
    e = draw(st.integers(2**15, 2**31 - 1)) * 2 + 1
    return did.PublicKey.from_jwk({"kty": "RSA", "n": number_text(n), "e": number_text(e)})


def is_on_ed25519(raw: bytes) -> bool:
    """Euler's criterion for x², from the curve's equation and nothing else."""
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    return y < P and pow((y * y - 1) * (D * y * y + 1), (P - 1) // 2, P) in {0, 1}


@given(SHORT_BYTES)
def test_base58_agrees_with_another_implementation(data: bytes) -> None:
    text = encode_base58btc(data)
    assert text == base58.b58encode(data).decode()
    assert decode_base58btc(text) == data
    assert decode_multibase("z" + text) == data
    assert multibase.decode("z" + text) == data


@given(st.text(alphabet="123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", max_size=2048))
def test_every_base58_text_is_the_only_one_of_its_bytes(text: str) -> None:
    assert encode_base58btc(decode_base58btc(text)) == text


@given(st.binary())
def test_base64url_agrees_with_another_implementation(data: bytes) -> None:
    text = encode_base64url(data)
    assert decode_base64url(text) == data
    assert multibase.encode(data, "base64url") == "u" + text


@given(st.one_of(st.text(), st.text(alphabet="AZaz09-_+/= \n", max_size=12)))
def test_what_base64url_and_base58_accept_is_canonical(text: str) -> None:
    for decode, encode in ((decode_base64url, encode_base64url), (decode_base58btc, encode_base58btc)):
        try:
            data = decode(text)
        except InvalidEncoding:
            continue
        assert encode(data) == text


@given(st.binary(max_size=12))
def test_what_multicodec_accepts_is_canonical(data: bytes) -> None:
    try:
        code, rest = split_multicodec(data)
    except InvalidEncoding:
        return
    assert join_multicodec(code, rest) == data


@given(
    st.sampled_from(["ed25519-pub", "p256-pub", "p521-pub", "rsa-pub", "secp256k1-pub", "p521-priv", "jwk_jcs-pub"]),
    st.binary(),
)
def test_multicodec_agrees_with_another_implementation(name: str, data: bytes) -> None:
    codec = multicodec.get(name)
    assert join_multicodec(codec.code, data) == multicodec.wrap(name, data)
    assert split_multicodec(multicodec.wrap(name, data)) == (codec.code, data)


@given(st.binary(min_size=32, max_size=32))
def test_ed25519_keys_are_the_canonical_points_of_the_curve(raw: bytes) -> None:
    try:
        did.PublicKey("Ed25519", raw)
    except InvalidKey:
        assert not is_on_ed25519(raw) or raw in ED25519_SMALL_ORDER
    else:
        assert is_on_ed25519(raw)
        assert raw not in ED25519_SMALL_ORDER


@given(private_keys())
def test_each_form_of_a_key_gives_the_key_back(key: did.PrivateKey) -> None:
    public = key.public_key
    assert did.PublicKey.from_multikey(public.multikey) == public
    assert did.PublicKey.from_jwk(public.jwk) == public
    assert did.PublicKey.from_pem(public.to_pem()) == public
    assert did.PrivateKey.from_multikey(key.multikey) == key
    assert did.PrivateKey.from_jwk(key.jwk) == key
    assert did.PrivateKey.from_pem(key.to_pem()) == key


@given(rsa_public_keys())
def test_each_form_of_an_rsa_key_gives_the_key_back(key: did.PublicKey) -> None:
    assert did.PublicKey.from_multikey(key.multikey) == key
    assert did.PublicKey.from_jwk(key.jwk) == key
    assert did.PublicKey.from_pem(key.to_pem()) == key


@given(st.builds(lambda key: key.public_key, private_keys()) | rsa_public_keys())
def test_each_did_of_a_key_resolves_to_the_key(key: did.PublicKey) -> None:
    for make, fragment in ((did.did_key, None), (did.did_key_jwk_jcs, None), (did.did_jwk, "0")):
        identifier = make(key)
        document = did.resolve(identifier)
        assert document.id == document.json["id"] == identifier
        url = f"{identifier}#{fragment or identifier.removeprefix('did:key:')}"
        method = document.verification_method(url, relationship="assertionMethod")
        assert method.public_key == key
        again = did.DIDDocument.parse(document.json, identifier)
        assert again == document
        assert again.verification_method(url, relationship="assertionMethod") == method


@given(st.text())
def test_any_text_resolves_or_is_refused(text: str) -> None:
    for candidate in (text, "did:key:" + text, "did:key:z" + text, "did:jwk:" + text):
        result: Any = did.resolution_result(candidate, did.StaticResolver())
        assert (result["didDocument"] is None) == ("error" in result["didResolutionMetadata"])


@given(st.binary(max_size=80))
def test_any_bytes_as_a_key_are_read_or_refused(data: bytes) -> None:
    texts = [f"did:key:z{encode_base58btc(join_multicodec(code, data))}" for code in (0xED, 0x1200, 0x1205, 0xEB51)]
    for identifier in [*texts, "did:jwk:" + encode_base64url(data)]:
        try:
            document = did.resolve(identifier)
        except did.InvalidDID:
            continue
        assert document.id == identifier
    for read in (parse_jwk, did.PublicKey.from_pem, did.PrivateKey.from_pem):
        try:
            read(data)
        except InvalidKey:
            continue


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=8), children, max_size=4),
    max_leaves=12,
)
MEMBERS = st.sampled_from(
    [
        *(
            "id",
            "type",
            "controller",
            "verificationMethod",
            "assertionMethod",
            "authentication",
            "keyAgreement",
        ),
        *("expires", "publicKeyJwk", "publicKeyMultibase", "publicKeyBase58"),
        *("kty", "crv", "x", "y", "n", "e", "use", "alg", "key_ops"),
    ]
)
TEXTS = st.sampled_from(
    [
        *("did:web:a", "#k", "did:web:a#k", "Multikey", "JsonWebKey", "Ed25519VerificationKey2018", "sig"),
        *("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"),
        *("OKP", "Ed25519", "EC", "P-256", "RSA", "AQAB"),
    ]
)
NEAR_DOCUMENTS = st.recursive(
    TEXTS | JSON_VALUES,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(MEMBERS, children, max_size=6),
    max_leaves=20,
)


@given(NEAR_DOCUMENTS)
def test_any_json_is_a_document_or_refused(value: Any) -> None:
    if isinstance(value, dict):
        value["id"] = "did:web:a"
    try:
        document = did.DIDDocument.parse(value, "did:web:a")
    except did.InvalidDIDDocument:
        return
    assert document.json == value
    for relationship in did.RELATIONSHIPS:
        try:
            document.verification_method("did:web:a#k", relationship=relationship)
        except did.InvalidVerificationMethod:
            continue


@given(NEAR_DOCUMENTS)
def test_any_json_is_a_jwk_or_refused(value: Any) -> None:
    for read in (did.PublicKey.from_jwk, did.PrivateKey.from_jwk, did.PublicKey.from_multikey):
        try:
            read(value)
        except InvalidKey:
            continue


@given(st.one_of(st.text(), st.binary(), JSON_VALUES))
def test_shown_is_printable_and_short(value: object) -> None:
    text = shown(value)
    assert "\n" not in text
    assert text.removesuffix("…").isascii()
    assert text.isprintable()
    assert len(text) <= 64 * len("\\U0010ffff") + 4


def test_all_errors_are_of_one_family() -> None:
    assert all(issubclass(getattr(did, name), DIDError) for name in did.__all__ if name.startswith("Invalid"))


URLS = st.from_regex(r"https://[A-Za-z0-9:@./?#\[\]%-]{0,24}", fullmatch=True)


@given(URLS)
def test_any_https_url_names_a_document_or_is_refused(url: str) -> None:
    """What names a document has a host, nothing before it, and no fragment; a method in it has one."""
    try:
        document = did.DIDDocument.parse({"id": url}, url)
    except did.InvalidDID:
        return
    parts = urlsplit(url)
    assert document.id == url
    assert parts.hostname
    assert (parts.username, parts.password, parts.fragment) == (None, None, "")
    assert "#" not in url
    with pytest.raises(did.NotFound):
        did.StaticResolver().resolve(url)
