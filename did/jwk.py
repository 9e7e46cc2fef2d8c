"""JSON Web Keys as data: what may be a member of one, and what may not (RFC 7517, 7518, 7638, 8037, 8812)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from did.errors import InvalidEncoding, InvalidKey, shown
from did.ijson import read_object
from did.key_types import KeyType, key_type
from did.multibase import decode_base64url, encode_base64url
from did.rsa import MODULUS_BYTES

MAX_JWK: Final = 16_384
"""Bytes of the longest JWK text: room for a certificate chain that is then ignored."""

PRIVATE_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"})
"""Members that hold private or symmetric key material of any `kty`."""


def parse_jwk(data: bytes) -> dict[str, object]:
    """The members of a JWK text: UTF-8, one JSON object, no name twice, no NaN. Raises `InvalidKey`."""
    try:
        return read_object(data, longest=MAX_JWK)
    except InvalidEncoding as error:
        raise InvalidKey(f"the JWK cannot be read: {error.detail}") from error


def has_private_members(jwk: Mapping[str, object]) -> bool:
    """Whether any member holds private or symmetric key material."""
    return not PRIVATE_MEMBERS.isdisjoint(jwk)


def type_name(jwk: Mapping[str, object]) -> object:
    """What a JWK says is the name of its key type: "RSA" if that is its `kty`, else its `crv`."""
    return "RSA" if jwk.get("kty") == "RSA" else jwk.get("crv")


def signature_key(jwk: object, operation: str) -> tuple[KeyType, Mapping[str, object]]:
    """The type and the members of a JWK that may be used for `operation`, "verify" or "sign".

    Raises `InvalidKey` if `kty` and `crv` are not those of a supported type, or if `use`, `key_ops` or `alg`
    reserve the key for something else (RFC 7517, sections 4.2 to 4.4).
    """
    if not isinstance(jwk, Mapping):
        raise InvalidKey("the JWK is not an object")
    found = key_type(type_name(jwk))
    if jwk.get("kty") != found.kty:
        raise InvalidKey(f"a JWK of type {found.name} has the kty {found.kty}, not {shown(jwk.get('kty'))}")
    if found.kty == "RSA" and "crv" in jwk:
        raise InvalidKey("a JWK of type RSA has no crv")
    if jwk.get("use", "sig") != "sig":
        raise InvalidKey(f"the JWK is not for signatures: its use is {shown(jwk['use'])}")
    operations = jwk.get("key_ops", [operation])
    if not isinstance(operations, list) or operations.count(operation) != 1:
        raise InvalidKey(f"the key_ops of the JWK do not name {operation} once")
    if "alg" in jwk and not (isinstance(jwk["alg"], str) and jwk["alg"] in found.algorithms):
        raise InvalidKey(f"the alg of the JWK, {shown(jwk['alg'])}, is not one for {found.name}")
    return found, jwk


def octets(jwk: Mapping[str, object], name: str, size: int) -> bytes:
    """The member `name`, the base64url text of exactly `size` bytes. Errors (`InvalidKey`) never quote it."""
    text = jwk.get(name)
    if not isinstance(text, str) or len(text) != (8 * size + 5) // 6:
        raise InvalidKey(f"the member {name} of the JWK is not the base64url text of {size} bytes")
    try:
        return decode_base64url(text)
    except InvalidEncoding as error:
        raise InvalidKey(f"the member {name} of the JWK is not the base64url text of {size} bytes") from error


def number(jwk: Mapping[str, object], name: str) -> int:
    """The member `name`, the shortest Base64urlUInt of a number above 0 (RFC 7518, section 2).

    Numbers longer than those of an RSA key are refused. Errors (`InvalidKey`) never quote the member.
    """
    text = jwk.get(name)
    if not isinstance(text, str) or len(text) > (8 * MODULUS_BYTES + 5) // 6:
        raise InvalidKey(f"the member {name} of the JWK is not the base64url text of at most {MODULUS_BYTES} bytes")
    try:
        data = decode_base64url(text)
    except InvalidEncoding as error:
        raise InvalidKey(f"the member {name} of the JWK is not base64url") from error
    if not data or data[0] == 0:
        raise InvalidKey(f"the member {name} of the JWK is not the shortest form of a number above 0")
    return int.from_bytes(data, "big")


def number_text(value: int) -> str:
    """The shortest Base64urlUInt of a number above 0."""
    return encode_base64url(value.to_bytes((value.bit_length() + 7) // 8, "big"))
