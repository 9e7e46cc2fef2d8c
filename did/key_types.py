"""The key types, and which bytes are a key of each. PyNaCl and cryptography do the arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nacl.bindings import crypto_core_ed25519_add, crypto_sign_seed_keypair
from nacl.exceptions import CryptoError
from nacl.utils import random

from did import rsa
from did.errors import InvalidKey, shown


class KeyType(NamedTuple):
    """One key type: its name and all that depends on it.

    The name is the `crv` of its JWKs, which those of RSA do not have. `size` is the length in bytes of a coordinate
    and of a private key, for RSA 0: there it is different from key to key. The codecs are those of the multicodec
    table, which does not say what a private RSA key is. `algorithms` are the values that `alg` may have in a JWK.
    Only elliptic curves of `kty` "EC" need a `curve` object.
    """

    name: str
    kty: str
    size: int
    public_codec: int
    private_codec: int | None
    algorithms: frozenset[str]
    curve: ec.EllipticCurve | None = None


KEY_TYPES: Final[Mapping[str, KeyType]] = MappingProxyType(
    {
        "Ed25519": KeyType("Ed25519", "OKP", 32, 0xED, 0x1300, frozenset({"EdDSA", "Ed25519"})),
        "P-256": KeyType("P-256", "EC", 32, 0x1200, 0x1306, frozenset({"ES256"}), ec.SECP256R1()),
        "P-384": KeyType("P-384", "EC", 48, 0x1201, 0x1307, frozenset({"ES384"}), ec.SECP384R1()),
        "P-521": KeyType("P-521", "EC", 66, 0x1202, 0x1308, frozenset({"ES512"}), ec.SECP521R1()),
        "secp256k1": KeyType("secp256k1", "EC", 32, 0xE7, 0x1301, frozenset({"ES256K"}), ec.SECP256K1()),
        "RSA": KeyType("RSA", "RSA", 0, 0x1205, None, frozenset({"PS256", "RS256"})),
    }
)
"""The key types for signatures. No other curve or parameter can be had: RFC 8032, SEC 2, RFC 8812, RFC 8017."""


def key_type(name: object) -> KeyType:
    """The key type of that name. Raises `InvalidKey`."""
    found = KEY_TYPES.get(name) if isinstance(name, str) else None
    if found is None:
        raise InvalidKey(f"{shown(name)} is not a key type for signatures that is supported")
    return found


_P: Final = 2**255 - 19
_SIGN: Final = 1 << 255
_ORDER_8: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
"""The y coordinate of four of the points of order 8; that of the other four is its negative."""

ED25519_SMALL_ORDER: Final = frozenset(
    (y | sign).to_bytes(32, "little")
    for y in (0, 1, _ORDER_8, _P - _ORDER_8, _P - 1, _P, _P + 1)
    for sign in (0, _SIGN)
)
"""The fourteen encodings of the eight points whose order divides 8, of which six are not canonical.

Under such a key, or with such an R, one signature holds for many messages.
"""
_IDENTITY: Final = b"\x01" + bytes(31)


def decode_public(found: KeyType, data: bytes) -> tuple[bytes, Any]:
    """The canonical form of a public key, and what the signature backend takes of it. Raises `InvalidKey`.

    The canonical form is 32 bytes for Ed25519, a DER RSAPublicKey structure for RSA and the compressed SEC 1 point
    for the others. The backend takes the same bytes for Ed25519, and objects of its own for the others.
    """
    if found.kty == "RSA":
        return data, rsa.read_public(data)
    if found.curve is None:
        _check_ed25519(data)
        return data, data
    forms = {b"\x02": 1 + found.size, b"\x03": 1 + found.size, b"\x04": 1 + 2 * found.size}
    if len(data) != forms.get(data[:1]):
        raise InvalidKey(f"{len(data)} bytes are not a point of {found.name} in compressed or uncompressed form")
    try:
        handle = ec.EllipticCurvePublicKey.from_encoded_point(found.curve, data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InvalidKey(f"the public key is not a point on {found.name}") from error
    if data[0] == 0x04:
        data = bytes([0x02 | data[-1] & 1]) + data[1 : 1 + found.size]
    return data, handle


def _check_ed25519(raw: bytes) -> None:
    """Returns if `raw` is the canonical encoding of a point not of small order (RFC 8032, section 5.1.3).

    The two encodings of x = 0 with the sign of a negative x are among those of small order. Points of mixed
    order pass, as they do with every common verifier.
    """
    if len(raw) != 32:
        raise InvalidKey(f"an Ed25519 public key has 32 bytes, not {len(raw)}")
    if raw in ED25519_SMALL_ORDER:
        raise InvalidKey("the Ed25519 public key is a point of small order")
    if int.from_bytes(raw, "little") & ~_SIGN >= _P:
        raise InvalidKey("the Ed25519 public key is not canonically encoded")
    try:
        crypto_core_ed25519_add(raw, _IDENTITY)  # decodes the point, and fails if there is none
    except CryptoError as error:
        raise InvalidKey("the Ed25519 public key is not a point on the curve") from error


def decode_private(found: KeyType, secret: bytes) -> tuple[bytes, Any]:
    """The public key of a private one, and what the signature backend takes to sign. Raises `InvalidKey`.

    The backend takes the 64 bytes of libsodium for Ed25519, and objects of its own for the others.
    """
    if found.kty == "RSA":
        key = rsa.read_private(secret)
        return rsa.write_public(key.public_key()), key
    if len(secret) != found.size:
        raise InvalidKey(f"a private key of type {found.name} has {found.size} bytes, not {len(secret)}")
    if len(set(secret)) == 1:
        raise InvalidKey("the private key is one byte repeated, as a broken random number generator makes it")
    if found.curve is None:
        return crypto_sign_seed_keypair(secret)
    try:
        handle = ec.derive_private_key(int.from_bytes(secret, "big"), found.curve)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InvalidKey(f"the private key is not a scalar of {found.name}") from error
    return handle.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint), handle


def random_secret(found: KeyType) -> bytes:
    """A private key from the random number generator of the operating system, by way of the backend."""
    if found.kty == "RSA":
        return rsa.new_private()
    if found.curve is None:
        return random(found.size)
    return ec.generate_private_key(found.curve).private_numbers().private_value.to_bytes(found.size, "big")
