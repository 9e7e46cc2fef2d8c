"""Base64url without padding (RFC 4648, section 5): each byte string has one text, and every other text is refused."""

from __future__ import annotations

import binascii
from typing import Final

from status.errors import MalformedStatusList

TO_URL: Final = bytes.maketrans(b"+/", b"-_")
_FROM_URL: Final = bytes.maketrans(b"-_+/=", b"+/\0\0\0")
"""Turns the characters of plain base64 that base64url without padding does not have into one that no alphabet has."""


def decode(text: str) -> bytes:
    """The bytes that `text` stands for. Raises `MalformedStatusList` for padding and all that is foreign to it."""
    try:
        encoded = text.encode("ascii").translate(_FROM_URL) + b"=" * (-len(text) % 4)
        data = binascii.a2b_base64(encoded, strict_mode=True)
    except ValueError as error:  # of which UnicodeEncodeError and binascii.Error are kinds
        raise MalformedStatusList("the encoded list is not base64url without padding") from error
    if binascii.b2a_base64(data, newline=False) != encoded:
        raise MalformedStatusList("the encoded list is not the canonical base64url of its bytes")
    return data


def encode(data: bytes) -> str:
    """The text of `data`."""
    return binascii.b2a_base64(data, newline=False).translate(TO_URL).rstrip(b"=").decode("ascii")
