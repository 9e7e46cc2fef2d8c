"""Token Status List: a zlib stream, as base64url in JSON and as bytes in CBOR (sections 4.1 to 4.3)."""

from __future__ import annotations

from typing import Final

from status.formats import base64url
from status.formats.compression import ZLIB
from status.formats.format import Format

TOKEN: Final = Format(
    name="token",
    entry_type="status_list",
    entry_is_explicit=False,
    minimum_length=1,
    sizes=frozenset({1, 2, 4, 8}),
    least_significant_first=True,
    container=ZLIB,
    text_to_bytes=base64url.decode,
    bytes_to_text=base64url.encode,
    has_binary_form=True,
)
