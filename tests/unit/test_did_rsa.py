"""RSA keys: which numbers are one, their one form on every way in, and what never comes out."""

from __future__ import annotations

import base64
import copy
import math
import pickle
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

import did
from did.errors import InvalidKey
from did.jwk import number, number_text
from did.keys import PrivateKey, PublicKey
from did.multibase import encode_base58btc, encode_base64url, join_multicodec
from did.rsa import NEW_MODULUS_BITS, write_private

PRIVATE_MEMBERS = ("d", "p", "q", "dp", "dq", "qi")


def key_of(bits: int) -> PrivateKey:
    return PrivateKey("RSA", write_private(rsa.generate_private_key(65537, bits)))


KEY, OTHER = key_of(2048), key_of(2048)
PUBLIC = KEY.public_key
NUMBERS = {name: number(KEY.jwk, name) for name in ("n", "e", *PRIVATE_MEMBERS)}
N = NUMBERS["n"]


def refusal(read: Any, *arguments: Any) -> InvalidKey:
    """The one error, in whose whole chain no private number stands in any notation."""
    with pytest.raises(InvalidKey) as caught:
        read(*arguments)
    assert caught.value.code == "INVALID_VERIFICATION_METHOD"
    assert len(caught.value.detail) < 200
    assert not leaks("".join(traceback.format_exception(caught.value)))
    return caught.value


def leaks(text: str) -> set[str]:
    """The private numbers of which twenty digits stand in the text, in base64url, decimal or hexadecimal."""
    return {name for name in PRIVATE_MEMBERS for notation in NOTATIONS if notation(NUMBERS[name])[2:22] in text}


NOTATIONS: tuple[Callable[[int], str], ...] = (number_text, str, hex)


# --- DER, written by hand ---------------------------------------------------------------------------


def der(tag: int, *parts: bytes) -> bytes:
    contents = b"".join(parts)
    size = len(contents)
    if size < 128:
        return bytes([tag, size]) + contents
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + contents


def integer(value: int) -> bytes:
    return der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def pkcs1(n: int, e: int) -> bytes:
    return der(0x30, integer(n), integer(e))


RSA_ENCRYPTION = bytes.fromhex("06092a864886f70d010101")
RSASSA_PSS = bytes.fromhex("06092a864886f70d01010a")
NULL = b"\x05\x00"


def spki(raw: bytes, *algorithm: bytes) -> bytes:
    return der(0x30, der(0x30, *algorithm), der(3, b"\0" + raw))


def armoured(label: str, data: bytes) -> bytes:
    return f"-----BEGIN {label}-----\n".encode() + base64.encodebytes(data) + f"-----END {label}-----\n".encode()


def ways_in(n: int, e: int) -> dict[str, Callable[[], object]]:
    """Each way in which two numbers can be said to be a public key."""
    raw = pkcs1(n, e)
    jwk = {"e": number_text(e), "kty": "RSA", "n": number_text(n)}
    text = f'{{"e":"{jwk["e"]}","kty":"RSA","n":"{jwk["n"]}"}}'.encode()

    def multikey(codec: int, data: bytes) -> str:
        return "z" + encode_base58btc(join_multicodec(codec, data))

    return {
        "raw": lambda: PublicKey("RSA", raw),
        "JWK": lambda: PublicKey.from_jwk(jwk),
        "PEM": lambda: PublicKey.from_pem(armoured("PUBLIC KEY", spki(raw, RSA_ENCRYPTION, NULL))),
        "Multikey": lambda: PublicKey.from_multikey(multikey(0x1205, raw)),
        "did:key": lambda: did.resolve(f"did:key:{multikey(0x1205, raw)}"),
        "did:key jwk_jcs": lambda: did.resolve(f"did:key:{multikey(0xEB51, text)}"),
        "did:jwk": lambda: did.resolve(f"did:jwk:{encode_base64url(text)}"),
    }


# --- numbers ----------------------------------------------------------------------------------------


def test_keys_within_the_limits_are_read_on_every_way_in() -> None:
    for n in (2**2047 + 1, 2**2048 - 1, 2**2048 + 1, 2**8191 + 1, 2**8192 - 1):
        for e in (65537, 2**32 - 1):
            key = PublicKey("RSA", pkcs1(n, e))
            assert key.handle.public_numbers() == rsa.RSAPublicNumbers(e, n)
            for load in ways_in(n, e).values():
                found = load()
                assert found == key or isinstance(found, did.DIDDocument)


REFUSED_NUMBERS: dict[str, tuple[int, int, str]] = {
    "2047 bits": (2**2047 - 1, 65537, "not 2047"),
    "1025 bits": (2**1024 + 1, 65537, "not 1025"),
    "four bits": (15, 65537, "not 4"),
    "8193 bits": (2**8192 + 1, 65537, "not 8193"),
    "even": (N - 1, 65537, "even"),
    "a power of two": (2**2047, 65537, "even"),
    **{f"exponent {e}": (N, e, "exponent") for e in (1, 2, 3, 17, 65535, 65536, 65538, 2**32, 2**32 + 1, 2**64 + 1)},
    "exponent of the length of n": (N, N - 2, "exponent"),
}


@pytest.mark.parametrize("shape", REFUSED_NUMBERS)
def test_other_numbers_are_refused_on_every_way_in(shape: str) -> None:
    n, e, words = REFUSED_NUMBERS[shape]
    details = []
    for load in ways_in(n, e).values():
        with pytest.raises((did.InvalidDID, InvalidKey)) as caught:
            load()
        details.append(caught.value.detail)
    assert any(words in detail for detail in details)


def test_a_number_that_is_too_long_is_refused_before_any_work() -> None:
    assert "at most" in refusal(PublicKey, "RSA", pkcs1(2**100_000 + 1, 65537)).detail
    assert "at most" in refusal(PrivateKey, "RSA", bytes(100_000)).detail
    for member in ("n", "e"):
        assert "at most" in refusal(PublicKey.from_jwk, PUBLIC.jwk | {member: "A" * 100_000}).detail
    for member in PRIVATE_MEMBERS:
        assert "at most" in refusal(PrivateKey.from_jwk, KEY.jwk | {member: "A" * 100_000}).detail


def test_a_modulus_of_a_kind_that_can_be_factored_is_refused() -> None:
    """Both factors are powers of 65537 modulo the product of the first primes, and so is the modulus."""
    primes = [p for p in range(2, 168) if all(p % q for q in range(2, p))]
    product = math.prod(primes)
    factors = [pow(65537, exponent, product) + (2**1023 // product) * product for exponent in (12345, 54321)]
    n = math.prod(factors) + 2 * product * (2**2047 // product)
    assert "can be found" in refusal(PublicKey, "RSA", pkcs1(n, 65537)).detail
    assert {pow(65537, exponent, 11) for exponent in range(11)} == {1, 10}
    otherwise = next(m for k in range(1, 11) if (m := n + k * product // 11) % 11 not in {1, 10})
    assert PublicKey("RSA", pkcs1(otherwise, 65537)).type == "RSA"  # all is the same, but for the residue modulo 11


# --- the one form -----------------------------------------------------------------------------------


def test_the_canonical_form_is_the_structure_of_pkcs_1() -> None:
    raw = pkcs1(N, 65537)
    assert PUBLIC.raw == raw == PUBLIC.handle.public_bytes(Encoding.DER, PublicFormat.PKCS1)
    inner = raw[4:]
    forms = {
        "trailing byte": raw + b"\0",
        "cut": raw[:-1],
        "empty": b"",
        "long length": b"\x30\x83\x00" + raw[2:],
        "indefinite length": b"\x30\x80" + inner + b"\0\0",
        "zeros before n": der(0x30, der(2, b"\0\0" + N.to_bytes(256, "big")), integer(65537)),
        "zero before e": der(0x30, integer(N), der(2, b"\0\1\0\1")),
        "negative n": der(0x30, der(2, N.to_bytes(256, "big")), integer(65537)),
        "a third number": der(0x30, integer(N), integer(65537), integer(1)),
        "no e": der(0x30, integer(N)),
        "SubjectPublicKeyInfo": spki(raw, RSA_ENCRYPTION, NULL),
        "another key": ec.generate_private_key(ec.SECP256R1())
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        "private": KEY.secret,
        "text": b"-----BEGIN PUBLIC KEY-----",
    }
    for form, data in forms.items():
        assert refusal(PublicKey, "RSA", data), form
        assert refusal(PublicKey.from_multikey, "z" + encode_base58btc(join_multicodec(0x1205, data))), form


def test_the_canonical_form_of_a_private_key() -> None:
    pkcs8 = KEY.handle.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    other = ec.generate_private_key(ec.SECP256R1())
    assert KEY.secret == der(0x30, integer(0), *(integer(NUMBERS[name]) for name in ("n", "e", *PRIVATE_MEMBERS)))
    assert PrivateKey("RSA", KEY.secret) == KEY
    for data in (
        b"",
        KEY.secret + b"\0",
        KEY.secret[:-1],
        pkcs8,
        PUBLIC.raw,
        other.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
        der(0x30, integer(1), *(integer(NUMBERS[name]) for name in ("n", "e", *PRIVATE_MEMBERS))),
        b"\x30\x83\x00" + KEY.secret[2:],
    ):
        refusal(PrivateKey, "RSA", data)


# --- JWK --------------------------------------------------------------------------------------------


def changed(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in (dict(PUBLIC.jwk) | members).items() if value is not ...}


TEXT = PUBLIC.jwk["n"]
REFUSED_JWKS: dict[str, Any] = {
    **{f"private: {name}": changed(**{name: KEY.jwk[name]}) for name in PRIVATE_MEMBERS},
    "more primes": changed(oth=[]),
    "symmetric beside": changed(k="AAAA"),
    "wrong kty": changed(kty="EC"),
    "kty in lower case": changed(kty="rsa"),
    "no kty": changed(kty=...),
    "with a curve": changed(crv="P-256"),
    "with itself as a curve": changed(crv="RSA"),
    "with null as a curve": changed(crv=None),
    "RSA as a curve": changed(kty="EC", crv="RSA"),
    "use enc": changed(use="enc"),
    "key_ops without verify": changed(key_ops=["encrypt"]),
    "alg of another type": changed(alg="ES256"),
    "alg with another hash": changed(alg="RS512"),
    "alg for encryption": changed(alg="RSA-OAEP"),
    "alg symmetric": changed(alg="HS256"),
    "n padded": changed(n=TEXT + "="),
    "n with a zero byte before": changed(n=encode_base64url(b"\0" + N.to_bytes(256, "big"))),
    "n with trailing bits": changed(n=TEXT[:-1] + chr(ord(TEXT[-1]) + 1)),
    "n with plain base64": changed(n="+" + TEXT[1:]),
    "n with white space": changed(n=TEXT + "\n"),
    "n a number": changed(n=N),
    "n absent": changed(n=...),
    "n empty": changed(n=""),
    "n short": changed(n=TEXT[:171]),
    "e absent": changed(e=...),
    "e empty": changed(e=""),
    "e zero": changed(e="AA"),
    "e one": changed(e="AQ"),
    "e with a zero byte before": changed(e="AAEAAQ"),
    "e a number": changed(e=65537),
}


@pytest.mark.parametrize("shape", REFUSED_JWKS)
def test_jwks_that_are_refused(shape: str) -> None:
    refusal(PublicKey.from_jwk, REFUSED_JWKS[shape])


@pytest.mark.parametrize(
    "members", [{}, {"alg": "PS256"}, {"alg": "RS256", "use": "sig", "key_ops": ["verify"], "kid": "k", "x5c": []}]
)
def test_jwks_that_say_what_they_are_for(members: dict[str, Any]) -> None:
    assert PublicKey.from_jwk(PUBLIC.jwk | members) == PUBLIC
    private = members | ({"key_ops": ["sign"]} if "key_ops" in members else {})
    assert PrivateKey.from_jwk(KEY.jwk | private) == KEY


def test_the_thumbprint_of_rfc_7638() -> None:
    n = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4"
        "n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0"
        "zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-c"
        "sFCur-kEgU8awapJzKnqDKgw"
    )
    key = PublicKey.from_jwk({"kty": "RSA", "n": n, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"})
    assert key.thumbprint == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


@pytest.mark.parametrize("member", PRIVATE_MEMBERS)
def test_each_private_number_has_to_be_there_and_fit(member: str) -> None:
    value = NUMBERS[member]
    refusal(PrivateKey.from_jwk, {name: text for name, text in KEY.jwk.items() if name != member})
    for wrong in (value + 2, 1, 3, N - 2, N, number(OTHER.jwk, member)):
        refusal(PrivateKey.from_jwk, KEY.jwk | {member: number_text(wrong)})
    for wrong_text in ("", "AA", KEY.jwk[member] + "=", "AA" + KEY.jwk[member], 7, None):
        refusal(PrivateKey.from_jwk, KEY.jwk | {member: wrong_text})


@pytest.mark.parametrize(
    "members",
    [
        {"n": OTHER.jwk["n"]},
        {"e": "AQAD"},
        {"e": "AQ"},
        {"oth": []},
        {"k": "AA"},
        {"use": "enc"},
        {"key_ops": ["verify"]},
        {"alg": "ES256"},
        {"crv": "P-256"},
        {"p": KEY.jwk["q"], "q": KEY.jwk["p"]},
        {"p": KEY.jwk["n"], "q": "AQ"},
    ],
)
def test_private_jwks_that_are_refused(members: dict[str, Any]) -> None:
    refusal(PrivateKey.from_jwk, KEY.jwk | members)


def test_factors_that_are_not_prime_make_no_private_key() -> None:
    short = rsa.generate_private_key(65537, 1024).private_numbers()
    a, b = short.p, short.q
    c = rsa.generate_private_key(65537, 2052).private_numbers().p
    p, q = a * b, c
    d = pow(65537, -1, math.lcm(a - 1, b - 1, c - 1))
    values = (p * q, 65537, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p))
    assert "not of one key" in refusal(PrivateKey, "RSA", der(0x30, integer(0), *map(integer, values))).detail


# --- PEM --------------------------------------------------------------------------------------------


def test_public_pem_files() -> None:
    raw = PUBLIC.raw
    assert PublicKey.from_pem(PUBLIC.to_pem()) == PUBLIC
    assert serialization.load_pem_public_key(PUBLIC.to_pem()) == PUBLIC.handle
    for data in (
        armoured("RSA PUBLIC KEY", raw),
        armoured("PUBLIC KEY", raw),
        armoured("PUBLIC KEY", spki(raw, RSA_ENCRYPTION)),
        armoured("PUBLIC KEY", spki(raw, RSASSA_PSS)),
        armoured("PUBLIC KEY", spki(raw, RSASSA_PSS, NULL)),
        armoured("PUBLIC KEY", spki(raw + b"\0", RSA_ENCRYPTION, NULL)),
    ):
        refusal(PublicKey.from_pem, data)


def test_private_pem_files() -> None:
    assert PrivateKey.from_pem(KEY.to_pem()) == PrivateKey.from_pem(KEY.to_pem(b"password"), b"password") == KEY
    loaded: Any = serialization.load_pem_private_key(KEY.to_pem(b"password"), b"password")
    assert loaded.private_numbers() == KEY.handle.private_numbers()
    values = [0, *(NUMBERS[name] for name in ("n", "e", *PRIVATE_MEMBERS))]
    algorithm = der(0x30, RSA_ENCRYPTION, NULL)
    for position in range(1, len(values)):
        wrong = [value + 2 * (place == position) for place, value in enumerate(values)]
        pkcs8 = der(0x30, integer(0), algorithm, der(4, der(0x30, *map(integer, wrong))))
        refusal(PrivateKey.from_pem, armoured("PRIVATE KEY", pkcs8))
    refusal(PrivateKey.from_pem, armoured("RSA PRIVATE KEY", KEY.secret))
    small = rsa.generate_private_key(65537, 1024).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert "1024" in refusal(PrivateKey.from_pem, small).detail


# --- private keys -----------------------------------------------------------------------------------


def test_a_new_key_is_as_strong_as_those_of_the_other_types() -> None:
    key = PrivateKey.generate("RSA")
    assert key.handle.key_size == NEW_MODULUS_BITS == 3072
    assert key.handle.public_key().public_numbers().e == 65537
    assert PrivateKey.from_jwk(key.jwk) == key


def test_the_secret_stays_inside() -> None:
    for text in (repr(KEY), str(KEY), f"{KEY}", f"{[KEY]!r}"):
        assert leaks(text) == set()
        assert repr(KEY.secret)[-40:-2] not in text
        assert "RSA" in text
    assert leaks(str(KEY.jwk)) == set(PRIVATE_MEMBERS)  # so `leaks` does find what there is
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="neither pickled nor copied"):
            leak(KEY)
    assert pickle.loads(pickle.dumps(PUBLIC)) == PUBLIC


def test_a_private_key_has_no_multikey() -> None:
    """The multicodec table has a code for it, and does not say what stands behind that code."""
    assert "no Multikey" in refusal(lambda: KEY.multikey).detail
    refusal(PrivateKey.from_multikey, "z" + encode_base58btc(join_multicodec(0x1305, KEY.secret)))


def test_the_dids_of_a_key() -> None:
    for make, fragment in ((did.did_key, None), (did.did_key_jwk_jcs, None), (did.did_jwk, "0")):
        identifier = make(PUBLIC)
        url = f"{identifier}#{fragment or identifier.removeprefix('did:key:')}"
        method = did.resolve(identifier).verification_method(url, relationship="assertionMethod")
        assert method.public_key == PUBLIC
    assert did.did_key(PUBLIC).startswith("did:key:z4MX")  # as the did:key method says of 2048 bits
