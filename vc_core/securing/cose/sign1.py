"""COSE_Sign1 messages (RFC 9052, section 4.2), read and written. Nothing here knows of credentials.

One message has one reading: lengths are definite and in their shortest form, labels are unique, tags stand nowhere but
before the message, and nothing follows it. The byte strings are cut out here, by their lengths, so that only the two
header maps are left to be decoded. There is no code for other COSE messages, for payloads that travel apart from their
signature, or for external data.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from types import MappingProxyType, ModuleType
from typing import Any, Final, NamedTuple, Never

from vc_core.errors import LimitExceeded, ParsingError
from vc_core.limits import Limits
from vc_core.securing.signed_data import ALGORITHMS, Algorithm, Signer, sign

_TAG: Final = b"\xd2"
"""Tag 18, COSE_Sign1. It may be left out where the kind of message is known (RFC 9052, section 2)."""
_ARRAY_OF_FOUR: Final = b"\x84"
_NIL: Final = b"\xf6"
LARGEST_HEADER: Final = 16 * 1024
"""Bytes of a header that is decoded, even if the limits are higher: labels made to collide take quadratic time."""


class Sign1(NamedTuple):
    """The parts of a message. `signed` is what the signature covers, of which `unprotected` is no part."""

    protected: Mapping[int | str, Any]
    unprotected: Mapping[int | str, Any]
    payload: bytes
    signature: bytes
    signed: bytes


def read_sign1(data: bytes, *, limits: Limits) -> Sign1:
    """The one COSE_Sign1 message that `data` is, with its tag or without (RFC 9052, sections 3 and 4.2).

    No signature is checked. Raises `ParsingError`, with code MISSING_DEPENDENCY where CBOR cannot be read; and
    `LimitExceeded` with code INPUT_TOO_LARGE for a message or one of its headers.
    """
    if type(data) is not bytes:
        raise TypeError(f"a message is bytes, not {type(data).__name__}")
    if len(data) > limits.document_bytes:
        raise LimitExceeded(f"a message of more than {limits.document_bytes} bytes", code="INPUT_TOO_LARGE")
    start = len(_TAG) if data.startswith(_TAG) else 0
    if not data.startswith(_ARRAY_OF_FOUR, start):
        raise ParsingError("not a COSE_Sign1 message: it has to be an array of four")
    encoded, position = _byte_string(data, start + 1, "protected header")
    protected, length = _header_map(encoded, limits) if encoded else ({}, 0)
    if length != len(encoded):
        raise ParsingError("bytes follow the map in the protected header")
    unprotected, length = _header_map(data[position : position + LARGEST_HEADER + 1], limits)
    if data.startswith(_NIL, position + length):
        raise ParsingError("the payload is detached, which is not supported")
    payload, position = _byte_string(data, position + length, "payload")
    signature, position = _byte_string(data, position, "signature")
    if position != len(data):
        raise ParsingError("bytes follow the message")
    signed = _sig_structure(encoded if protected else b"", payload)  # two ways to write an empty header, one to sign it
    return Sign1(MappingProxyType(protected), MappingProxyType(unprotected), payload, signature, signed)


def write_sign1(
    protected: Mapping[int, Any],
    payload: bytes,
    *,
    signer: Signer,
    algorithms: Mapping[str, Algorithm] = ALGORITHMS,
) -> bytes:
    """The tagged message that `signer` makes of the payload; its signature has been checked.

    The unprotected header is empty. Raises `ProofGenerationError`, and `ParsingError` with code MISSING_DEPENDENCY.
    """
    cbor2 = _cbor2()
    encoded = encode_map(protected)
    signature = sign(_sig_structure(encoded, payload), signer, algorithms=algorithms).signature
    message: bytes = _TAG + cbor2.dumps([encoded, {}, payload, signature])
    return message


def _sig_structure(protected: bytes, payload: bytes) -> bytes:
    """What is signed (RFC 9052, section 4.4), without external data."""
    structure: bytes = _cbor2().dumps(["Signature1", protected, b"", payload])
    return structure


def _byte_string(data: bytes, position: int, part: str) -> tuple[bytes, int]:
    """The byte string at `position`, and where it ends (RFC 8949, section 3)."""
    detail = f"the {part} is not a byte string of definite length"
    kind, argument = divmod(data[position], 32) if position < len(data) else (0, 0)
    if kind != 2 or argument > 27:
        raise ParsingError(detail)
    start, length = position + 1, argument
    if argument >= 24:
        size = 1 << argument - 24  # the bytes in which the length is written
        start += size
        length = int.from_bytes(data[position + 1 : start], "big")
        if length < (24, 1 << 8, 1 << 16, 1 << 32)[argument - 24]:
            raise ParsingError(f"the length of the {part} is cut off, or not in its shortest form")
    end = start + length
    if end > len(data):
        raise ParsingError(f"the {part} is cut off")
    return data[start:end], end


def _header_map(data: bytes, limits: Limits) -> tuple[dict[int | str, Any], int]:
    """The header map that `data` begins with, and its length (RFC 9052, section 3)."""
    return _map(data, min(limits.token_header_bytes, LARGEST_HEADER), "header", limits)


def decode_map(data: bytes, *, limits: Limits) -> dict[int | str, Any]:
    """The map that the payload `data` is, under the same rules. The caller has seen that it has few items.

    Raises `ParsingError`.
    """
    return _map(data, len(data), "payload", limits)[0]


def encode_map(members: Mapping[int, Any]) -> bytes:
    """The map in its deterministic form (RFC 8949, section 4.2). Raises `ParsingError` with code MISSING_DEPENDENCY."""
    encoded: bytes = _cbor2().dumps(dict(members), canonical=True)
    return encoded


def _map(data: bytes, largest: int, part: str, limits: Limits) -> tuple[dict[int | str, Any], int]:
    cbor2 = _cbor2()
    too_large = LimitExceeded(f"a token header of more than {largest} bytes", code="INPUT_TOO_LARGE")
    stream = BytesIO(data[: largest + 1])
    decoder = cbor2.CBORDecoder(stream, max_depth=limits.depth, semantic_decoders=_no_tags(), **_STRICT)
    try:
        header = decoder.decode()
    except cbor2.CBORError as error:
        if isinstance(error, cbor2.CBORDecodeEOF) and len(data) > largest:
            raise too_large from error
        raise ParsingError(f"a {part} is not a map of CBOR, without tags and with unique labels") from error
    if stream.tell() > largest:
        raise too_large
    if type(header) is not dict or any(type(label) not in (int, str) for label in header):
        raise ParsingError(f"a {part} is not a map with integers or texts as labels")
    return header, stream.tell()


_STRICT: Final[Mapping[str, Any]] = MappingProxyType({"allow_indefinite": False, "allow_duplicate_keys": False})


@cache
def _cbor2() -> ModuleType:
    try:
        import cbor2

        cbor2.CBORDecoder(BytesIO(), **_STRICT)  # what older versions cannot do
    except (ImportError, TypeError) as error:
        raise ParsingError(
            "COSE needs cbor2 6.2 or later, which is not installed: install vc-core[cose]",
            code="MISSING_DEPENDENCY",
            missing="vc-core[cose]",
        ) from error
    module: ModuleType = cbor2
    return module


@cache
def _no_tags() -> Mapping[int, Any]:
    """A table of decoders for tags, of which every look-up ends the decoding."""
    cbor2 = _cbor2()

    class NoTags(dict[int, Any]):
        def __missing__(self, tag: int) -> Never:
            raise cbor2.CBORDecodeError(f"tag {tag}")

    return NoTags()
