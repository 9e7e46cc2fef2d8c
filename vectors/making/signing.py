"""Tokens in the compact serialization (RFC 7515), made by hand: of any header and payload, whatever they say.

Each signature is the only one that its key makes over that text. ECDSA is by RFC 6979, and the salt of RSASSA-PSS
(RFC 8017, section 9.1.1), which anybody else draws at random, follows here from what is signed.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from did import PrivateKey
from vc_core import ALGORITHMS
from vc_core.datetimestamp import parse
from vectors.making.credentials import Claims, text
from vectors.making.keys import did_of, method_of, private_key

NAMES: Final = (
    ("EdDSA", "Ed25519", "Ed25519"),
    ("Ed25519", "Ed25519", "Ed25519"),
    ("ES256", "ES256", "P-256"),
    ("ES384", "ES384", "P-384"),
    ("ES512", "ES512", "P-521"),
    ("ES256K", "ES256K", "secp256k1"),
    ("PS256", "PS256", "RSA"),
    ("RS256", "RS256", "RSA"),
)
"""What a header may have as `alg`, with the algorithm and the type of key that it stands for."""
_USUAL: Final = {key_type: (alg, algorithm) for alg, algorithm, key_type in reversed(NAMES)}
"""The first of each type."""


def header(
    kind: str,
    members: Mapping[str, object] = MappingProxyType({}),
    *,
    name: str = "issuer",
    key_type: str = "Ed25519",
) -> Claims:
    """A header for a token of that type, whose `kid` is the did:key of the key; `members` are put in its place."""
    own = {"alg": _USUAL[key_type][0], "typ": kind, "kid": method_of(did_of(name, key_type))}
    return {**own, **members}


def without(members: Mapping[Any, Any], *names: Any) -> dict[Any, Any]:
    """The same without some members."""
    return {name: value for name, value in members.items() if name not in names}


def compact(
    header: Claims | bytes,
    payload: Claims | bytes,
    *,
    name: str = "issuer",
    key_type: str = "Ed25519",
    algorithm: str = "",
) -> bytes:
    """The token of this header and this payload, or of these texts of them, signed by the key of `name`.

    The algorithm is the first of the key's type unless it is given. What the header says of it is not looked at.
    """
    parts = (each if isinstance(each, bytes) else text(each) for each in (header, payload))
    return over(b".".join(map(encoded, parts)), name=name, key_type=key_type, algorithm=algorithm)


def over(signing_input: bytes, *, name: str = "issuer", key_type: str = "Ed25519", algorithm: str = "") -> bytes:
    """The token of which this is all but the signature."""
    signature = sign(signing_input, name=name, key_type=key_type, algorithm=algorithm)
    return signing_input + b"." + encoded(signature)


def sign(data: bytes, *, name: str = "issuer", key_type: str = "Ed25519", algorithm: str = "") -> bytes:
    """The signature of that key over the data."""
    algorithm, key = algorithm or _USUAL[key_type][1], private_key(name, key_type)
    return pss(data, key) if algorithm == "PS256" else ALGORITHMS[algorithm].sign(key, data)


def pss(data: bytes, key: PrivateKey, *, salt_bytes: int = 32) -> bytes:
    """The RSASSA-PSS signature with SHA-256 and MGF1 whose salt is the beginning of a hash of the data's hash."""
    numbers = key.handle.private_numbers()
    bits = numbers.public_numbers.n.bit_length()
    size = (bits + 7) // 8
    digest = hashlib.sha256(data).digest()
    salt = hashlib.sha256(digest).digest()[:salt_bytes]
    inner = hashlib.sha256(bytes(8) + digest + salt).digest()
    block = bytes(size - salt_bytes - 34) + b"\1" + salt
    masks = (hashlib.sha256(inner + count.to_bytes(4, "big")).digest() for count in range(size // 32))
    masked = bytearray(one ^ other for one, other in zip(block, b"".join(masks), strict=False))
    masked[0] &= 0xFF >> (8 * size - bits + 1)
    message = int.from_bytes(bytes(masked) + inner + b"\xbc", "big")
    signature: bytes = pow(message, numbers.d, numbers.public_numbers.n).to_bytes(size, "big")
    return signature


def encoded(data: bytes) -> bytes:
    """The base64url of the data, without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def decoded(part: bytes) -> bytes:
    """The bytes of a part of a token."""
    return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))


def signature_of(token: bytes) -> bytes:
    """The signature of a token."""
    return decoded(token.rpartition(b".")[2])


def with_signature(token: bytes, signature: bytes) -> bytes:
    """The token with another signature."""
    return token.rpartition(b".")[0] + b"." + encoded(signature)


def with_payload(token: bytes, payload: Claims) -> bytes:
    """The token with another payload under the signature that it has."""
    first, _, last = token.split(b".")
    return b".".join((first, encoded(text(payload)), last))


def seconds(moment: str) -> int:
    """The NumericDate of a time."""
    return int(parse(moment).timestamp())
