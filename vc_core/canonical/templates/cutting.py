"""A document, cut at the quotation marks of its JSON: what is outside of strings, and the strings.

The two together are the document, so what is compared of them is compared of it: nothing is left out. A string is
kept as JSON writes it, in UTF-8, and this is how canonical N-Quads write it as well; the few documents in which it is
not are not cut.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import count
from typing import Final, NamedTuple

from vc_core.canonical.jsonld.places import below, token
from vc_core.document import Json

try:
    import orjson
except ImportError:  # it is not built for every interpreter, and every document can be done without
    _AVAILABLE = False
else:
    _AVAILABLE = True
    _AS_JSON: Final = (
        orjson.OPT_STRICT_INTEGER
        | orjson.OPT_PASSTHROUGH_SUBCLASS
        | orjson.OPT_PASSTHROUGH_DATACLASS
        | orjson.OPT_PASSTHROUGH_DATETIME
    )

_LONGEST: Final = 1 << 18
"""Bytes of a document that is cut. What is longer has so much to hash that little is gained."""
_DIGITS: Final = b"0123456789"
_FEW_DIGITS: Final = 64
_STRINGS_A_DIGIT: Final = 8
"""Digits of numbers that a document may have, and one more for so many strings: JSON of more is stated sooner."""
_INTEGER: Final = re.compile(rb"([-\d](?<![\d.eE+-].)\d*+(?![.eE]))")
"""A number with no fraction and no exponent. What it begins with is quick to search for, so the rest stands behind."""


class Cut(NamedTuple):
    """A document in two: its shape, and its texts, which are its strings and behind them its integers.

    Strings are members' names and values, in their order. Of an integer the shape keeps where it stands, a `0`.
    """

    shape: bytes
    texts: list[bytes]


def cut(document: dict[str, Json]) -> Cut | None:
    """The document in two; None for one that is long, or has many numbers or characters that N-Quads write otherwise.

    It is made of exactly what `read_json` makes documents of. Values that are not JSON are in no document then; most
    of them give None here, so that the general path refuses them.
    """
    if not _AVAILABLE:
        return None
    try:
        text = orjson.dumps(document, option=_AS_JSON)
    except orjson.JSONEncodeError:
        return None
    if len(text) > _LONGEST or b"\x7f" in text:
        return None
    if b"\xef" in text and b"\xef\xbf" in text:  # U+FFFE or U+FFFF, perhaps; the search for one byte is the faster
        return None
    if b"\\" in text:
        if b"\\u" in text:  # a control, perhaps
            return None
        pieces = _pieces_with_escapes(text)
    else:
        pieces = text.split(b'"')
    shape, texts = b'"'.join(pieces[::2]), pieces[1::2]
    if b"null" in shape:  # it says nothing in most places, and numbers that are not finite are written like it
        return None
    digits = len(shape) - len(shape.translate(None, _DIGITS))
    if digits > _FEW_DIGITS + len(texts) // _STRINGS_A_DIGIT:
        return None
    if digits:
        between = _INTEGER.split(shape)
        shape, texts = b"0".join(between[::2]), texts + between[1::2]
    return Cut(shape, texts)


def _pieces_with_escapes(text: bytes) -> list[bytes]:
    """As `text.split`, but not at quotation marks that are escaped. JSON has no control characters in its text."""
    marked = text.replace(rb"\\", b"\x00").replace(rb"\"", b"\x01")
    pieces = marked.split(b'"')
    if len(marked) != len(text):
        pieces = [piece.replace(b"\x01", rb"\"").replace(b"\x00", rb"\\") for piece in pieces]
    return pieces


def kinds(document: dict[str, Json], free: Mapping[str, str]) -> list[str | None]:
    """What each of the texts of a document is that is free, by its place; None for all others.

    A place is as long as the names of the members above it, and many things may be below a long name: none is kept.
    """
    of_strings: list[str | None] = []
    of_integers: list[str | None] = []

    def visit(value: Json, at: str) -> None:
        if isinstance(value, str):
            of_strings.append(free.get(at))
        elif isinstance(value, int) and not isinstance(value, bool):
            of_integers.append(free.get(at))
        elif isinstance(value, dict):
            for name, member in value.items():
                of_strings.append(None)
                visit(member, below(at, token(name)))
        elif isinstance(value, list):
            for position, item in enumerate(value):
                visit(item, below(at, str(position)))

    visit(document, "")
    return of_strings + of_integers


def with_scalars(document: dict[str, Json], scalars: Mapping[int, str | int], strings: int) -> dict[str, Json]:
    """A document with so many strings, with other scalars in place of some of its texts, by their positions."""
    string, integer = count(), count(strings)

    def visit(value: Json) -> Json:
        if isinstance(value, str):
            return scalars.get(next(string), value)
        if isinstance(value, int) and not isinstance(value, bool):
            return scalars.get(next(integer), value)
        if isinstance(value, list):
            return [visit(item) for item in value]
        return members(value) if isinstance(value, dict) else value

    def members(of: dict[str, Json]) -> dict[str, Json]:
        changed = {}
        for name, member in of.items():
            next(string)
            changed[name] = visit(member)
        return changed

    return members(document)
