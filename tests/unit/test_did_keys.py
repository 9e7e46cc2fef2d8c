"""Keys: what is refused on every way in, and what never comes out. What is of RSA alone is in `test_did_rsa`."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import traceback
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, rsa, x25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

import did
from did import key_types, pem
from did.errors import DIDError, InvalidKey
from did.jwk import MAX_JWK, parse_jwk
from did.keys import ED25519_SMALL_ORDER, PrivateKey, PublicKey
from did.multibase import encode_base58btc, encode_base64url, join_multicodec

P25519 = 2**255 - 19
P256 = 2**256 - 2**224 + 2**192 + 2**96 - 1
N256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
TYPES = ("Ed25519", "P-256", "P-384", "P-521", "secp256k1")
KEYS = {name: PrivateKey(name, bytes(range(1, key_types.KEY_TYPES[name].size + 1))) for name in TYPES}


def refusal(read: Any, *arguments: Any) -> InvalidKey:
    with pytest.raises(InvalidKey) as caught:
        read(*arguments)
    assert caught.value.code == "INVALID_VERIFICATION_METHOD"
    return caught.value


def ways_in(name: str, raw: bytes) -> dict[str, Any]:
    """Each way in which bytes can be said to be a public key."""
    codec = key_types.KEY_TYPES[name].public_codec
    multikey = "z" + encode_base58btc(join_multicodec(codec, raw))
    ways: dict[str, Any] = {
        "raw": lambda: PublicKey(name, raw),
        "Multikey": lambda: PublicKey.from_multikey(multikey),
        "did:key": lambda: did.resolve(f"did:key:{multikey}"),
    }
    if name == "Ed25519":
        jwk = {"crv": "Ed25519", "kty": "OKP", "x": encode_base64url(raw)}
        text = f'{{"crv":"Ed25519","kty":"OKP","x":"{encode_base64url(raw)}"}}'.encode()
        ways["JWK"] = lambda: PublicKey.from_jwk(jwk)
        ways["did:jwk"] = lambda: did.resolve("did:jwk:" + encode_base64url(text))
        ways["did:key jwk_jcs"] = lambda: did.resolve("did:key:z" + encode_base58btc(join_multicodec(0xEB51, text)))
        der = bytes.fromhex("302a300506032b6570032100") + raw
        ways["PEM"] = lambda: PublicKey.from_pem(armoured("PUBLIC KEY", der))
        for form in (
            {"type": "JsonWebKey", "publicKeyJwk": jwk},
            {"type": "Multikey", "publicKeyMultibase": multikey},
        ):
            ways[f"did:web {form['type']}"] = lambda form=form: in_document(form)
        base58 = {"type": "Ed25519VerificationKey2018", "publicKeyBase58": encode_base58btc(raw)}
        ways["did:web base58"] = lambda: in_document(base58)
    return ways


def in_document(form: dict[str, Any]) -> did.VerificationMethod:
    method = {"id": "#k", "controller": "did:web:a", **form}
    document = {"id": "did:web:a", "verificationMethod": [method], "assertionMethod": ["#k"]}
    return did.DIDDocument.parse(document, "did:web:a").verification_method(
        "did:web:a#k", relationship="assertionMethod"
    )


def armoured(label: str, der: bytes) -> bytes:
    import base64

    return f"-----BEGIN {label}-----\n".encode() + base64.encodebytes(der) + f"-----END {label}-----\n".encode()


# --- Ed25519 --------------------------------------------------------------------------------------


def edwards_add(p: tuple[int, int], q: tuple[int, int]) -> tuple[int, int]:
    d = -121665 * pow(121666, -1, P25519) % P25519
    (x1, y1), (x2, y2) = p, q
    t = d * x1 * x2 * y1 * y2
    return (
        (x1 * y2 + x2 * y1) * pow(1 + t, -1, P25519) % P25519,
        (y1 * y2 + x1 * x2) * pow(1 - t, -1, P25519) % P25519,
    )


def test_the_fourteen_encodings_are_those_of_the_points_whose_order_divides_eight() -> None:
    d = -121665 * pow(121666, -1, P25519) % P25519
    assert len(ED25519_SMALL_ORDER) == 14
    points = set()
    for encoding in ED25519_SMALL_ORDER:
        number = int.from_bytes(encoding, "little")
        y, sign = (number & (2**255 - 1)) % P25519, number >> 255
        square = (y * y - 1) * pow(d * y * y + 1, -1, P25519) % P25519
        x = pow(square, (P25519 + 3) // 8, P25519)
        x = x if x * x % P25519 == square else x * pow(2, (P25519 - 1) // 4, P25519) % P25519
        assert x * x % P25519 == square
        point = (P25519 - x if x and x & 1 != sign else x, y)
        points.add(point)
        eightfold = point
        for _ in range(3):
            eightfold = edwards_add(eightfold, eightfold)
        assert eightfold == (0, 1)
    assert len(points) == 8


def test_small_order_keys_are_refused_on_every_way_in() -> None:
    for raw in ED25519_SMALL_ORDER:
        for way, load in ways_in("Ed25519", raw).items():
            with pytest.raises((did.InvalidDID, InvalidKey)) as caught:
                load()
            assert "small order" in caught.value.detail, way


@pytest.mark.parametrize("y", [P25519 + 2, P25519 + 3, P25519 + 18])
@pytest.mark.parametrize("sign", [0, 1 << 255])
def test_keys_that_are_not_canonical_are_refused_on_every_way_in(y: int, sign: int) -> None:
    for way, load in ways_in("Ed25519", (y | sign).to_bytes(32, "little")).items():
        with pytest.raises((did.InvalidDID, InvalidKey)) as caught:
            load()
        assert "canonical" in caught.value.detail, way


def test_keys_that_are_not_points_are_refused_on_every_way_in() -> None:
    for way, load in ways_in("Ed25519", (2).to_bytes(32, "little")).items():
        with pytest.raises((did.InvalidDID, InvalidKey)) as caught:
            load()
        assert "not a point" in caught.value.detail, way


@pytest.mark.parametrize("length", [0, 1, 31, 33, 64])
def test_keys_of_other_lengths_are_refused(length: int) -> None:
    for name in TYPES:
        for load in list(ways_in(name, b"\x05" * length).values())[:2]:
            if (name, length) != ("secp256k1", 33):
                refusal(load)


# --- elliptic curves ------------------------------------------------------------------------------


def small_x_point() -> tuple[int, int]:
    """A point of P-256 whose x is so small that x + p still has 32 bytes."""
    for x in range(5, 100):
        try:
            point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x02" + x.to_bytes(32, "big"))
        except ValueError:
            continue
        return x, point.public_numbers().y
    raise AssertionError


WRONG_FORMS = {
    *("infinity", "infinity, padded", "hybrid", "hybrid, other sign", "unknown form", "without a form"),
    *("cut", "extended", "empty"),
}


def test_points_that_are_refused() -> None:
    key = KEYS["P-256"].public_key
    numbers = key.handle.public_numbers()
    x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
    small_x, small_y = small_x_point()
    shapes = {
        "off the curve": b"\x04" + x + (numbers.y ^ 1).to_bytes(32, "big"),
        "infinity": b"\x00",
        "infinity, padded": bytes(33),
        "hybrid": bytes([6 | numbers.y & 1]) + x + y,
        "hybrid, other sign": bytes([7 ^ numbers.y & 1]) + x + y,
        "x >= p, compressed": b"\x02" + (small_x + P256).to_bytes(32, "big"),
        "x >= p, uncompressed": b"\x04" + (small_x + P256).to_bytes(32, "big") + small_y.to_bytes(32, "big"),
        "x = p": b"\x02" + P256.to_bytes(32, "big"),
        "all ones": b"\x02" + b"\xff" * 32,
        "x without y": b"\x02" + (1).to_bytes(32, "big"),
        "unknown form": b"\x05" + x,
        "without a form": x + y,
        "cut": b"\x04" + x + y[:-1],
        "extended": b"\x04" + x + y + b"\0",
        "empty": b"",
    }
    for shape, raw in shapes.items():
        with pytest.raises(InvalidKey):
            PublicKey.from_multikey("z" + encode_base58btc(join_multicodec(0x1200, raw)))
        with pytest.raises(did.InvalidDID):
            did.resolve("did:key:z" + encode_base58btc(join_multicodec(0x1200, raw)))
        expected = "compressed" if shape in WRONG_FORMS else "not a point on P-256"
        assert expected in refusal(PublicKey, "P-256", raw).detail, shape


def test_a_point_of_one_curve_is_not_one_of_another() -> None:
    point = KEYS["P-256"].public_key.handle.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    assert refusal(PublicKey, "secp256k1", point)
    assert refusal(PublicKey, "P-384", point)
    jwk = KEYS["P-256"].public_key.jwk | {"crv": "secp256k1"}
    assert refusal(PublicKey.from_jwk, jwk)


@pytest.mark.parametrize(
    "name", ["X25519", "P-224", "brainpoolP256r1", "sect283k1", "ed25519", "rsa", "", None, 1, ["P-256"], {}]
)
def test_other_key_types_are_refused(name: Any) -> None:
    refusal(PublicKey, name, bytes(32))
    refusal(PrivateKey, name, bytes(32))
    refusal(PrivateKey.generate, name)
    refusal(PublicKey.from_jwk, {"kty": "EC", "crv": name, "x": "", "y": ""})


@pytest.mark.parametrize("name", ["P-256", "P-384", "P-521", "secp256k1"])
def test_uncompressed_points_become_the_canonical_form(name: str) -> None:
    key = KEYS[name].public_key
    uncompressed = key.handle.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    assert PublicKey(name, uncompressed) == key
    assert PublicKey(name, uncompressed).raw == key.raw
    codec = key_types.KEY_TYPES[name].public_codec
    refusal(PublicKey.from_multikey, "z" + encode_base58btc(join_multicodec(codec, uncompressed)))


# --- Multikey -------------------------------------------------------------------------------------


def test_there_is_one_multikey_of_a_key() -> None:
    key = KEYS["Ed25519"].public_key
    data = join_multicodec(0xED, key.raw)
    for text in (
        "u" + encode_base64url(data),
        "f" + data.hex(),
        "m" + encode_base64url(data),
        "Z" + key.multikey[1:],
        " " + key.multikey,
        key.multikey + " ",
        key.multikey + "\n",
        "z1" + key.multikey[1:],
        key.multikey[1:],
        "z",
        "",
        "z" + encode_base58btc(b"\xed\x81\x00" + key.raw),
        "z" + encode_base58btc(b"\xed" + key.raw),
        "z" + encode_base58btc(key.raw),
        "z" + encode_base58btc(data + b"\0"),
        "z" + encode_base58btc(data[:-1]),
        "z" + "1" * 1_000_000,
        None,
        7,
        ["z"],
    ):
        refusal(PublicKey.from_multikey, text)


@pytest.mark.parametrize("codec", [0xEC, 0x1203, 0xEA, 0xEB, 0x1305, 0x1300, 0xEB51, 0, 1])
def test_multicodecs_of_other_keys_are_refused(codec: int) -> None:
    for read in (PublicKey.from_multikey, PrivateKey.from_multikey):
        if (read, codec) != (PrivateKey.from_multikey, 0x1300):
            refusal(read, "z" + encode_base58btc(join_multicodec(codec, bytes(range(32)))))


def test_errors_about_multikeys_quote_no_secret() -> None:
    secret = KEYS["Ed25519"].multikey
    for text in (secret[:-1] + "0", secret + "1", secret[:-1]):
        assert secret[4:12] not in "".join(traceback.format_exception(refusal(PrivateKey.from_multikey, text)))
    assert secret[4:12] not in str(refusal(PublicKey.from_multikey, secret))


# --- JWK ------------------------------------------------------------------------------------------


def changed(name: str, **members: Any) -> dict[str, Any]:
    jwk: dict[str, Any] = dict(KEYS[name].public_key.jwk) | members
    return {member: value for member, value in jwk.items() if value is not ...}


X = KEYS["P-256"].public_key.jwk["x"]
POINT = KEYS["P-256"].public_key.handle.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]
X521 = KEYS["P-521"].public_key.handle.public_numbers().x.to_bytes(66, "big")
REFUSED_JWKS: dict[str, Any] = {
    "symmetric": {"kty": "oct", "k": encode_base64url(bytes(range(32)))},
    "symmetric beside": changed("P-256", k="AAAA"),
    "private": changed("P-256", d=encode_base64url(bytes(range(32)))),
    "private of another kind": changed("Ed25519", p="AAAA"),
    "wrong kty": changed("P-256", kty="OKP"),
    "wrong kty of Ed25519": changed("Ed25519", kty="EC"),
    "no kty": changed("P-256", kty=...),
    "no crv": changed("P-256", crv=...),
    "other curve": changed("P-256", crv="P-384"),
    "use enc": changed("P-256", use="enc"),
    "use unknown": changed("P-256", use="tls"),
    "use null": changed("P-256", use=None),
    "key_ops without verify": changed("P-256", key_ops=["sign"]),
    "key_ops empty": changed("P-256", key_ops=[]),
    "key_ops twice": changed("P-256", key_ops=["verify", "verify"]),
    "key_ops text": changed("P-256", key_ops="verify"),
    "alg of another curve": changed("P-256", alg="ES384"),
    "alg of another kind": changed("Ed25519", alg="ES256"),
    "alg symmetric": changed("P-256", alg="HS256"),
    "alg none": changed("P-256", alg="none"),
    "alg null": changed("P-256", alg=None),
    "alg list": changed("P-256", alg=["ES256"]),
    "x padded": changed("P-256", x=X + "="),
    "x with a zero byte before": changed("P-256", x=encode_base64url(bytes(1) + bytes(32))),
    "x short": changed("P-256", x=X[:-2]),
    "x with trailing bits": changed("P-256", x=X[:-1] + ("B" if X[-1] == "A" else chr(ord(X[-1]) + 1))),
    "x with plain base64": changed("P-256", x="+" + X[1:]),
    "x with white space": changed("P-256", x=" " + X[1:]),
    "x number": changed("P-256", x=7),
    "x absent": changed("P-256", x=...),
    "y absent": changed("P-256", y=...),
    "y of another point": changed("P-256", y=X),
    "x and y cut elsewhere": changed("P-256", x=encode_base64url(POINT[:31]), y=encode_base64url(POINT[31:])),
    "P-521: private": changed("P-521", d=KEYS["P-521"].jwk["d"]),
    "P-521: symmetric beside": changed("P-521", k="AAAA"),
    "P-521: wrong kty": changed("P-521", kty="RSA"),
    "P-521: other curve": changed("P-521", crv="P-384"),
    "P-521: use enc": changed("P-521", use="enc"),
    "P-521: key_ops without verify": changed("P-521", key_ops=["sign"]),
    "P-521: alg of another curve": changed("P-521", alg="ES256"),
    "P-521: alg with a slip": changed("P-521", alg="ES521"),
    "P-521: x padded": changed("P-521", x=KEYS["P-521"].public_key.jwk["x"] + "="),
    "P-521: x with a zero byte before": changed("P-521", x=encode_base64url(bytes(1) + X521)),
    "P-521: x without the zero byte before": changed("P-521", x=encode_base64url(X521[1:])),
    "P-521: y of another point": changed("P-521", y=KEYS["P-521"].public_key.jwk["x"]),
    "not an object": [],
    "a text": "{}",
    "nothing": None,
}


@pytest.mark.parametrize("shape", REFUSED_JWKS)
def test_jwks_that_are_refused(shape: str) -> None:
    error = refusal(PublicKey.from_jwk, REFUSED_JWKS[shape])
    assert len(error.detail) < 200
    assert "\n" not in error.detail


def test_a_public_jwk_with_private_members_is_refused_without_quoting_them() -> None:
    canary = encode_base64url(b"canary-canary-canary-canary-cana")
    for member in ("d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"):
        error = refusal(PublicKey.from_jwk, changed("P-256", **{member: canary}))
        assert canary[:8] not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("Ed25519", {"alg": "EdDSA"}),
        ("Ed25519", {"alg": "Ed25519"}),
        ("P-256", {"alg": "ES256", "use": "sig", "key_ops": ["verify"], "kid": "k", "x5c": ["ignored"]}),
        ("P-384", {"alg": "ES384"}),
        ("P-521", {"alg": "ES512"}),
        ("secp256k1", {"alg": "ES256K", "key_ops": ["sign", "verify"]}),
    ],
)
def test_jwks_that_say_what_they_are_for(name: str, members: dict[str, Any]) -> None:
    assert PublicKey.from_jwk(KEYS[name].public_key.jwk | members) == KEYS[name].public_key


def test_a_p_521_key_of_published_data_has_an_alg_that_is_none() -> None:
    """The EC key that many copied from the examples of RFC 7520 says ES521. No algorithm has that name, and what a
    key is for is not guessed: the key can be used once its `alg` is put right or left out."""
    key = KEYS["P-521"].public_key
    assert "'ES521'" in refusal(PublicKey.from_jwk, key.jwk | {"alg": "ES521"}).detail
    assert PublicKey.from_jwk(key.jwk | {"alg": "ES512"}) == PublicKey.from_jwk(key.jwk) == key


def test_the_thumbprint_of_rfc_8037() -> None:
    key = PublicKey.from_jwk({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
    assert key.thumbprint == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert key.canonical_jwk == b'{"crv":"Ed25519","kty":"OKP","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}'


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b'"{}"',
        b"{",
        b'{"kty":"EC","kty":"OKP"}',
        b'{"a":{"b":1,"b":1}}',
        b'{"a":NaN}',
        b'{"a":-Infinity}',
        b'\xef\xbb\xbf{"kty":"EC"}',
        '{"kty":"EC"}'.encode("utf-16"),
        b'{"kty":"\xff"}',
        b"[" * 5000,
        b'{"a":' + b"1" * 5000 + b"}",
        b'{"a":"' + b"a" * MAX_JWK + b'"}',
    ],
)
def test_jwk_texts_that_are_not_strict_json(text: bytes) -> None:
    refusal(parse_jwk, text)


# --- PEM ------------------------------------------------------------------------------------------


def der(tag: int, *parts: bytes) -> bytes:
    contents = b"".join(parts)
    length = len(contents).to_bytes(2, "big")
    return bytes([tag]) + (length[1:] if len(contents) < 128 else b"\x82" + length) + contents


def integer(value: int) -> bytes:
    return der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


EC_KEY = bytes.fromhex("06072a8648ce3d0201")
NAMED_P256 = bytes.fromhex("06082a8648ce3d030107")


def explicit_p256() -> bytes:
    """The parameters of P-256 spelled out (RFC 3279, section 2.3.5)."""
    g = ec.derive_private_key(1, ec.SECP256R1()).public_key()
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    return der(
        0x30,
        integer(1),
        der(0x30, bytes.fromhex("06072a8648ce3d0101"), integer(P256)),
        der(0x30, der(4, (P256 - 3).to_bytes(32, "big")), der(4, b.to_bytes(32, "big"))),
        der(4, g.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)),
        integer(N256),
        integer(1),
    )


def spki(parameters: bytes, point: bytes) -> bytes:
    return armoured("PUBLIC KEY", der(0x30, der(0x30, EC_KEY, parameters), der(3, b"\0" + point)))


def test_public_pem_files_that_are_refused() -> None:
    key = KEYS["P-256"].public_key
    point = key.handle.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    good = spki(NAMED_P256, point)
    assert PublicKey.from_pem(good) == key
    other_types = {
        "RSA of 1024 bits": rsa.generate_private_key(65537, 1024),
        "DSA": dsa.generate_private_key(1024),
        "P-224": ec.generate_private_key(ec.SECP224R1()),
        "X25519": x25519.X25519PrivateKey.generate(),
        "Ed448": ed448.Ed448PrivateKey.generate(),
    }
    shapes = {
        "explicit parameters": spki(explicit_p256(), point),
        "hybrid": spki(NAMED_P256, bytes([6 | point[-1] & 1]) + point[1:]),
        "compressed": spki(NAMED_P256, key.raw),
        "infinity": spki(NAMED_P256, b"\0"),
        "off the curve": spki(NAMED_P256, point[:-1] + bytes([point[-1] ^ 1])),
        "no parameters": spki(b"", point),
        "two blocks": good + good,
        "text before": b"x\n" + good,
        "not base64": good.replace(b"A", b"=", 1),
        "private label": good.replace(b"PUBLIC", b"PRIVATE"),
        "labels differ": good.replace(b"END PUBLIC", b"END RSA PUBLIC"),
        "private key": KEYS["P-256"].to_pem(),
        **{
            name: each.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            for name, each in other_types.items()
        },
        "empty": b"",
        "large": good + b" " * pem.MAX_PEM,
        "huge": b"-----BEGIN PUBLIC KEY-----" * 100_000,
    }
    for shape, data in shapes.items():
        assert refusal(PublicKey.from_pem, data), shape


def test_private_pem_files_that_are_refused() -> None:
    key = KEYS["P-256"]
    good = key.to_pem()
    locked = key.to_pem(b"password")
    assert PrivateKey.from_pem(locked, b"password") == key
    other = KEYS["P-384"].public_key.handle.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    point = PrivateKey("P-256", bytes(range(2, 34))).public_key.handle.public_bytes(
        Encoding.X962, PublicFormat.UncompressedPoint
    )

    def pkcs8(secret: bytes, public: bytes = b"") -> bytes:
        stored = der(0xA1, der(3, b"\0" + public)) if public else b""
        inner = der(0x30, integer(1), der(4, secret), stored)
        return armoured("PRIVATE KEY", der(0x30, integer(0), der(0x30, EC_KEY, NAMED_P256), der(4, inner)))

    assert PrivateKey.from_pem(pkcs8(key.secret)) == key
    shapes: dict[str, tuple[bytes, bytes | None]] = {
        "no password": (locked, None),
        "wrong password": (locked, b"other"),
        "password for an open file": (good, b"password"),
        "password for a file that does not say so": (locked.replace(b"ENCRYPTED ", b""), b"password"),
        "password for an open file that says it is not": (
            good.replace(b"PRIVATE", b"ENCRYPTED PRIVATE"),
            b"password",
        ),
        "stored public key of another": (pkcs8(key.secret, point), None),
        "stored public key of another curve": (pkcs8(key.secret, other), None),
        "zero": (pkcs8(bytes(32)), None),
        "the order": (pkcs8(N256.to_bytes(32, "big")), None),
        "repeated": (pkcs8(b"\x11" * 32), None),
        "public": (key.public_key.to_pem(), None),
        "SEC 1": (
            key.handle.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
            None,
        ),
        "P-224": (
            ec.generate_private_key(ec.SECP224R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            None,
        ),
        "empty": (b"", None),
    }
    for shape, (data, password) in shapes.items():
        assert refusal(PrivateKey.from_pem, data, password), shape


@pytest.mark.parametrize("name", TYPES)
def test_pem_files_are_what_others_read(name: str) -> None:
    key = KEYS[name]
    public = serialization.load_pem_public_key(key.public_key.to_pem())
    private: Any = serialization.load_pem_private_key(key.to_pem(b"pw"), b"pw")
    assert private.public_key() == public
    assert PrivateKey.from_pem(key.to_pem(b"pw"), b"pw") == key
    assert PublicKey.from_pem(key.public_key.to_pem()) == key.public_key


# --- private keys ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("byte", [b"\x00", b"\xff", b"\x42"])
def test_secrets_of_a_broken_generator_are_refused(name: str, byte: bytes) -> None:
    size = key_types.KEY_TYPES[name].size
    secret = byte * size
    codec = key_types.KEY_TYPES[name].private_codec
    refusal(PrivateKey, name, secret)
    refusal(PrivateKey.from_multikey, "z" + encode_base58btc(join_multicodec(codec, secret)))
    refusal(PrivateKey.from_jwk, KEYS[name].public_key.jwk | {"d": encode_base64url(secret)})


@pytest.mark.parametrize("value", [N256, N256 + 1, 2**256 - 2])
def test_scalars_out_of_range_are_refused(value: int) -> None:
    refusal(PrivateKey, "P-256", value.to_bytes(32, "big"))


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("change", [-1, 1])
def test_secrets_of_other_lengths_are_refused(name: str, change: int) -> None:
    refusal(PrivateKey, name, bytes(range(1, key_types.KEY_TYPES[name].size + change + 1)))


@pytest.mark.parametrize("name", TYPES)
def test_a_stored_public_half_has_to_match(name: str) -> None:
    other = PrivateKey.generate(name)
    jwk = other.public_key.jwk | {"d": KEYS[name].jwk["d"]}
    assert "not of one key" in refusal(PrivateKey.from_jwk, jwk).detail
    assert PrivateKey.from_jwk(KEYS[name].jwk | {"key_ops": ["sign"], "kid": "k"}) == KEYS[name]


@pytest.mark.parametrize(
    "members",
    [
        {"d": None},
        {"d": "AA"},
        {"use": "enc"},
        {"key_ops": ["verify"]},
        {"p": "AA"},
        {"k": "AA"},
        {"x": "AA"},
        {"x": None},
    ],
)
def test_private_jwks_that_are_refused(members: dict[str, Any]) -> None:
    error = refusal(PrivateKey.from_jwk, KEYS["P-256"].jwk | members)
    assert KEYS["P-256"].jwk["d"] not in "".join(traceback.format_exception(error))


@pytest.mark.parametrize("jwk", [KEYS["P-256"].public_key.jwk, [], None, "x"])
def test_what_is_not_a_private_jwk(jwk: Any) -> None:
    refusal(PrivateKey.from_jwk, jwk)


@pytest.mark.parametrize("name", [*TYPES, "RSA"])
def test_keys_are_generated_by_the_backend(name: str) -> None:
    key, other = PrivateKey.generate(name), PrivateKey.generate(name)
    assert key.type == key.public_key.type == name
    assert key != other
    assert hash(key) != hash(other)
    assert key == PrivateKey(name, key.secret)


def test_a_generator_that_fails_gives_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(key_types, "random", bytes)
    refusal(PrivateKey.generate, "Ed25519")

    def fail(_: int) -> bytes:
        raise OSError("no entropy")

    monkeypatch.setattr(key_types, "random", fail)
    with pytest.raises(OSError, match="no entropy"):
        PrivateKey.generate()


@pytest.mark.parametrize("name", TYPES)
def test_the_secret_stays_inside(name: str) -> None:
    key = KEYS[name]
    for text in (repr(key), str(key), f"{key}", f"{[key]!r}"):
        assert key.secret.hex() not in text
        assert repr(key.secret)[2:20] not in text
        assert key.jwk["d"] not in text
        assert key.multikey not in text
        assert key.public_key.type in text
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="neither pickled nor copied"):
            leak(key)
    with pytest.raises(dataclasses.FrozenInstanceError):
        key.secret = bytes(32)  # type: ignore[misc]  # the point of the test


def test_public_keys_travel_between_processes() -> None:
    for key in KEYS.values():
        assert pickle.loads(pickle.dumps(key.public_key)) == key.public_key
        assert copy.deepcopy(key.public_key) == key.public_key


def test_the_handle_is_what_the_backends_take() -> None:
    data = b"data"
    ed25519 = KEYS["Ed25519"]
    assert ed25519.handle == ed25519.secret + ed25519.public_key.raw
    assert ed25519.public_key.handle == ed25519.public_key.raw
    scheme = ec.ECDSA(hashes.SHA256())
    for name in ("P-256", "P-384", "P-521", "secp256k1"):
        KEYS[name].public_key.handle.verify(KEYS[name].handle.sign(data, scheme), data, scheme)


def test_keys_of_different_types_are_not_equal() -> None:
    secret = bytes(range(1, 33))
    keys = {PrivateKey(name, secret) for name in ("Ed25519", "P-256", "secp256k1")}
    assert len(keys) == len({key.public_key for key in keys}) == 3


def test_errors_of_the_backends_do_not_leak() -> None:
    for read in (PublicKey.from_pem, PrivateKey.from_pem):
        for label in ("PUBLIC KEY", "PRIVATE KEY"):
            for body in (b"", b"0", der(0x30), b"\xff" * 100, der(0x30, der(0x30, EC_KEY, explicit_p256()))):
                with pytest.raises(DIDError):
                    read(armoured(label, body))
