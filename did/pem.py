"""PEM files with one SubjectPublicKeyInfo or PKCS#8 structure (RFC 7468, sections 10, 11 and 13)."""

from __future__ import annotations

import binascii
import re
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from did import rsa
from did.errors import InvalidKey, shown
from did.key_types import KEY_TYPES

MAX_PEM: Final = 16_384
"""Bytes of the longest PEM file."""

_BLOCK: Final = re.compile(rb"\s*+-----BEGIN ([A-Z0-9 ]++)-----([A-Za-z0-9+/=\s]++)-----END \1-----\s*+")
_SPKI: Final = PublicFormat.SubjectPublicKeyInfo
_TYPE_OF_CURVE: Final = {each.curve.name: each.name for each in KEY_TYPES.values() if each.curve is not None}


def _der(pem: bytes, *labels: bytes) -> tuple[bytes, bytes]:
    """The label and the contents of a file with one block, of one of the `labels`."""
    block = _BLOCK.fullmatch(pem) if len(pem) <= MAX_PEM else None
    if block is None:
        raise InvalidKey("the file is not one PEM block")
    if block[1] not in labels:
        raise InvalidKey(f"the PEM block is labelled {shown(block[1])}, not {' or '.join(map(ascii, labels))}")
    try:
        return block[1], binascii.a2b_base64(b"".join(block[2].split()), strict_mode=True)
    except binascii.Error as error:
        raise InvalidKey("the PEM block is not base64") from error


def read_public(pem: bytes) -> tuple[str, bytes]:
    """The key type and the bytes of a public key. Raises `InvalidKey`.

    The structure has to be the canonical one: a curve by its name, an uncompressed point; for RSA the parameters
    that restrict it to no signature scheme (RFC 3279, section 2.3.1).
    """
    _, der = _der(pem, b"PUBLIC KEY")
    try:
        key = load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InvalidKey("the PEM file does not hold a public key that can be read") from error
    if key.public_bytes(Encoding.DER, _SPKI) != der:
        raise InvalidKey("the PEM file holds a public key that is not in canonical form")
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "Ed25519", key.public_bytes_raw()
    if isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _TYPE_OF_CURVE:
        return _TYPE_OF_CURVE[key.curve.name], key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    if isinstance(key, RSAPublicKey):
        return "RSA", rsa.write_public(key)
    raise InvalidKey("the PEM file holds a public key of a type that is not supported")


def read_private(pem: bytes, password: bytes | None) -> tuple[str, bytes]:
    """The key type and the bytes of a private key, encrypted if and only if there is a `password`.

    Raises `InvalidKey`. The time to decrypt is what the file asks for, so this is for files of one's own. A
    public key in the file has to be that of the private one. Parameters of a curve that are spelled out have
    to be those of a named one. The numbers of an RSA key are checked where all of them are, in `PrivateKey`.
    """
    label, der = _der(pem, b"PRIVATE KEY", b"ENCRYPTED PRIVATE KEY")
    if (label == b"ENCRYPTED PRIVATE KEY") != (password is not None):
        raise InvalidKey("an encrypted PEM file needs a password, and no other takes one")
    try:
        key = load_der_private_key(der, password, unsafe_skip_rsa_key_validation=True)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise InvalidKey("the PEM file does not hold a private key that can be read so") from error
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return "Ed25519", key.private_bytes_raw()
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _TYPE_OF_CURVE:
        name = _TYPE_OF_CURVE[key.curve.name]
        return name, key.private_numbers().private_value.to_bytes(KEY_TYPES[name].size, "big")
    if isinstance(key, RSAPrivateKey):
        return "RSA", rsa.write_private(key)
    raise InvalidKey("the PEM file holds a private key of a type that is not supported")


def write_public(handle: bytes | ec.EllipticCurvePublicKey | RSAPublicKey) -> bytes:
    """The PEM file of a public key, given as the signature backend takes it."""
    key = ed25519.Ed25519PublicKey.from_public_bytes(handle) if isinstance(handle, bytes) else handle
    return key.public_bytes(Encoding.PEM, _SPKI)


def write_private(handle: bytes | ec.EllipticCurvePrivateKey | RSAPrivateKey, password: bytes | None) -> bytes:
    """The PEM file of a private key, given as the signature backend takes it; encrypted with a `password`."""
    key = ed25519.Ed25519PrivateKey.from_private_bytes(handle[:32]) if isinstance(handle, bytes) else handle
    encryption: KeySerializationEncryption = NoEncryption() if password is None else BestAvailableEncryption(password)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
