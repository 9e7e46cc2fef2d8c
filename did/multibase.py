"""Bytes as text: base58btc, base64url and the multibase header; and multicodec prefixes.

Every function here is a bijection: each byte string has one text, and every other text is refused. So
`encode(decode(text)) == text` for each text that is accepted, and no two texts name one key.

Controlled Identifiers 1.0, section 2.4 (Multibase); RFC 4648, section 5 (base64url without padding);
the multicodec table's unsigned varints.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from did.errors import InvalidEncoding, shown

MAX_BASE58: Final = 2048
"""Characters of the longest base58 text, a power of two: room for the did:key of an RSA key of 8192 bits.

Conversion is quadratic, so longer ones are not tried. The longest takes about 80 µs to decode and 2 ms to encode.
"""

MAX_BASE64URL: Final = 65_536
"""Characters of the longest multibase base64url text."""

_ALPHABET: Final = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_FOREIGN: Final = 0xFF
_DIGITS: Final = bytes(_ALPHABET.find(character) & 0xFF for character in range(256))
"""The digit of each character; -1, cut to a byte, is `_FOREIGN`."""


def _folds() -> tuple[tuple[int, int, int], ...]:
    """How `MAX_BASE58` digits become one number in eleven steps, each of which joins all neighbours at once.

    A number whose bytes are base58 digits is a row of lanes. A step adds to every even lane 58 ** width times
    the odd lane beside it, for all lanes in one multiplication, and so halves the lanes and doubles their
    width. No lane overflows into its neighbour, since 58 ** width < 256 ** width.
    """
    widths = [2**step for step in range(MAX_BASE58.bit_length() - 1)]
    return tuple(
        (
            8 * width,
            int.from_bytes((bytes(width) + b"\xff" * width) * (MAX_BASE58 // (2 * width)), "big"),
            58**width,
        )
        for width in widths
    )


_FOLDS: Final = _folds()


def decode_base58btc(text: str) -> bytes:
    """The bytes that `text` stands for, at most `MAX_BASE58` characters, without a multibase header.

    Raises `InvalidEncoding`, before any work for a text that is too long.
    """
    if len(text) > MAX_BASE58:
        raise InvalidEncoding(f"base58 of {len(text)} characters is longer than {MAX_BASE58}")
    try:
        digits = text.encode("ascii").translate(_DIGITS)
    except UnicodeEncodeError as error:
        raise InvalidEncoding("base58 text has a character outside of its alphabet") from error
    if _FOREIGN in digits:
        raise InvalidEncoding("base58 text has a character outside of its alphabet")
    number = int.from_bytes(digits, "big")
    bits = 8 * len(digits)
    for shift, even, base in _FOLDS:
        if shift >= bits:
            break
        number = (number & even) + (number >> shift & even) * base
    zeros = len(digits) - len(digits.lstrip(b"\0"))
    return number.to_bytes(zeros + (number.bit_length() + 7) // 8, "big")


def encode_base58btc(data: bytes) -> str:
    """The base58 text of `data`, without a multibase header. Raises `InvalidEncoding` for a longer one."""
    if len(data) > MAX_BASE58:
        raise InvalidEncoding(f"{len(data)} bytes are too many for base58")
    number = int.from_bytes(data, "big")
    text = bytearray()
    while number:
        number, digit = divmod(number, 58)
        text.append(_ALPHABET[digit])
    text.extend(b"1" * (len(data) - len(data.lstrip(b"\0"))))
    if len(text) > MAX_BASE58:
        raise InvalidEncoding(f"{len(data)} bytes are too many for base58")
    text.reverse()
    return text.decode("ascii")


_TO_URL: Final = bytes.maketrans(b"+/", b"-_")
_FROM_URL: Final = bytes.maketrans(b"-_+/", b"+/\0\0")
"""Turns the characters of plain base64 that base64url does not have into one that no alphabet has."""


def decode_base64url(text: str) -> bytes:
    """The bytes that the unpadded `text` stands for, in time linear in its length.

    Raises `InvalidEncoding` for padding, white space, foreign characters and non-zero trailing bits.
    """
    try:
        encoded = text.encode("ascii").translate(_FROM_URL) + b"=" * (-len(text) % 4)
        data = binascii.a2b_base64(encoded, strict_mode=True)
    except ValueError as error:  # of which UnicodeEncodeError and binascii.Error are kinds
        raise InvalidEncoding("text is not base64url without padding") from error
    if encode_base64url(data) != text:
        raise InvalidEncoding("base64url text is not the canonical one of its bytes")
    return data


def encode_base64url(data: bytes) -> str:
    """The base64url text of `data`, without padding."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL).rstrip(b"=").decode("ascii")


_BASES: Final[Mapping[str, tuple[int, Callable[[str], bytes]]]] = MappingProxyType(
    {"z": (MAX_BASE58, decode_base58btc), "u": (MAX_BASE64URL, decode_base64url)}
)


def decode_multibase(text: str) -> bytes:
    """The bytes of a multibase text with the header `z` (base58btc) or `u` (base64url).

    Raises `InvalidEncoding` for other headers, and for texts longer than `MAX_BASE58` or `MAX_BASE64URL`.
    """
    base = _BASES.get(text[:1])
    if base is None:
        raise InvalidEncoding(f"the multibase header {shown(text[:1])} is neither 'z' nor 'u'")
    longest, decode = base
    if len(text) > longest + 1:
        raise InvalidEncoding(f"multibase text of {len(text)} characters is longer than {longest + 1}")
    return decode(text[1:])


def split_multicodec(data: bytes) -> tuple[int, bytes]:
    """The code of the multicodec prefix of `data`, and the rest.

    Raises `InvalidEncoding` for a varint that is cut off, or longer than nine bytes or than it needs to be.
    """
    code = 0
    for position, byte in enumerate(data[:9]):
        code |= (byte & 0x7F) << 7 * position
        if byte < 0x80:
            if byte == 0 and position:
                raise InvalidEncoding("multicodec prefix is not the shortest form of its code")
            return code, data[position + 1 :]
    raise InvalidEncoding("multicodec prefix has no end")


def join_multicodec(code: int, data: bytes) -> bytes:
    """`data` behind the shortest multicodec prefix of `code`."""
    prefix = bytearray()
    while code >= 0x80:
        prefix.append(code & 0x7F | 0x80)
        code >>= 7
    prefix.append(code)
    return bytes(prefix) + data
