"""Bitstring Status List 1.0: the multibase base64url text of a gzip stream (sections 2.2, 3.3 and 3.4)."""

from __future__ import annotations

from typing import Final

from status.bits import LARGEST_SIZE
from status.errors import MalformedStatusList
from status.formats import base64url
from status.formats.compression import GZIP
from status.formats.format import Format

MINIMUM_LENGTH: Final = 131_072
"""`minimumNumberOfEntries` of section 3.2."""


def _decode(text: str) -> bytes:
    if not text.startswith("u"):
        raise MalformedStatusList("the encoded list has not the multibase header u, for base64url")
    return base64url.decode(text[1:])


def _encode(data: bytes) -> str:
    return "u" + base64url.encode(data)


BITSTRING: Final = Format(
    name="bitstring",
    entry_type="BitstringStatusListEntry",
    entry_is_explicit=True,
    minimum_length=MINIMUM_LENGTH,
    sizes=frozenset(range(1, LARGEST_SIZE + 1)),
    least_significant_first=False,
    container=GZIP,
    text_to_bytes=_decode,
    bytes_to_text=_encode,
)
