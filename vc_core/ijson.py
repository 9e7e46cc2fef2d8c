"""I-JSON (RFC 7493): the JSON on which no two readers disagree, and its strict reader.

That is RFC 8259 in UTF-8, without a byte order mark, without lone surrogates, with no member twice in one
object, with integers within ±(2^53 - 1) and all numbers within the range of a double. A number with a
fraction or an exponent becomes the nearest double, as RFC 8785 has it.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from itertools import accumulate
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from did.errors import shown
from vc_core.errors import LimitExceeded, ParsingError

if TYPE_CHECKING:
    from vc_core.limits import Limits

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

LARGEST_INTEGER: Final = 2**53 - 1
"""Integers up to this one, and down to its negative, are the same to every reader (RFC 7493, section 2.2)."""


def read_strictly(data: bytes, *, limits: Limits) -> Json:
    """The value that `data` is, by the standard library's parser and a check for all that it lets pass.

    Whatever the bytes, raises nothing but `ParsingError` and `LimitExceeded`.
    """
    text = _decoded(data)
    if _deeper_than(limits.depth, data):
        raise LimitExceeded(_too_deep(limits), code="NESTING_TOO_DEEP")
    try:
        tree = _PARSER.decode(text)
    except json.JSONDecodeError as error:
        raise ParsingError(f"not JSON: {error.msg} at line {error.lineno} column {error.colno}") from error
    except RecursionError as error:  # with a limit beyond the usual, or little stack left by the caller
        raise LimitExceeded("nested deeper than the stack allows", code="NESTING_TOO_DEEP") from error
    return copy_json(tree, limits=limits)


def copy_json(value: object, *, limits: Limits) -> Json:
    """A deep copy of `value`, if a document within the limits could say the same.

    So `value` is made of the exact types that JSON is read into, and keeps the same rules. A cycle is too
    deep, and what would need more than `limits.document_bytes` to write is too large. Raises `ParsingError`
    or `LimitExceeded`, with the place in `at`.
    """
    whole: list[Json] = [None]  # the copy is its one element, so a scalar is no special case
    todo: list[tuple[Any, Any, _Place]] = [([value], whole, _Place(None, "", 0))]
    budget = limits.document_bytes
    while todo:
        original, copy, place = todo.pop()
        members = type(original) is dict
        if members:
            if fault := next(filter(None, map(_name_fault, original)), None):
                raise ParsingError(fault, at=place.pointer())
            budget -= sum(map(len, original))
        for token, child in original.items() if members else enumerate(original):
            kind = type(child)
            budget -= 1
            if kind is dict or kind is list:
                inner = _Place(place, token, place.depth + 1)
                if inner.depth > limits.depth:
                    raise LimitExceeded(_too_deep(limits), code="NESTING_TOO_DEEP", at=inner.pointer())
                budget -= len(child)
                copy[token] = {} if kind is dict else [None] * len(child)
                todo.append((child, copy[token], inner))
            elif fault := _fault(child):
                raise ParsingError(fault, at=_Place(place, token, place.depth).pointer())
            else:
                budget -= len(child) if kind is str else 0
                copy[token] = child
            if budget < 0:
                raise LimitExceeded(f"larger than {limits.document_bytes} bytes", code="INPUT_TOO_LARGE")
    return whole[0]


def _too_deep(limits: Limits) -> str:
    return f"nested deeper than {limits.depth} arrays and objects"


def _decoded(data: bytes) -> str:
    if data.startswith(BOM_UTF8):
        raise ParsingError("not JSON: it begins with a byte order mark")
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or b"\0" in data[:2]:
        raise ParsingError("not JSON: UTF-16 or UTF-32 in place of UTF-8")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        start = data[error.start : error.start + 2]
        name = next((name for first, end, name in _UTF_8_FAULTS if first <= start < end), "invalid UTF-8")
        raise ParsingError(f"not JSON: {name} at byte {error.start}") from error


_UTF_8_FAULTS: Final = (
    (b"\xc0", b"\xc2", "overlong UTF-8"),
    (b"\xe0\x80", b"\xe0\xa0", "overlong UTF-8"),
    (b"\xf0\x80", b"\xf0\x90", "overlong UTF-8"),
    (b"\xed\xa0", b"\xed\xc0", "a lone surrogate in UTF-8"),
)


def _deeper_than(depth: int, data: bytes) -> bool:
    """Whether a parser that reads `data` from its beginning would enter more than `depth` containers."""
    if data.count(b"[") + data.count(b"{") <= depth:
        return False
    # Without escaped backslashes and then escaped quotes, strings are the odd pieces between quotes.
    outside_strings = data.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')[::2]
    steps = b"".join(outside_strings).translate(_STEPS, _NO_BRACKETS)
    return any(map(depth.__lt__, accumulate(memoryview(steps).cast("b"))))


_NO_BRACKETS: Final = bytes(set(range(256)) - set(b"[{]}"))
_STEPS: Final = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")  # as signed bytes, one level in and one out


class _Refused(NamedTuple):
    """Stands in a tree for what is JSON, but not I-JSON, until it is known where that is."""

    reason: str


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Refused:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    [(name, _)] = Counter(name for name, _ in pairs).most_common(1)
    return _Refused(f"duplicate member {shown(name)}")


def _integer(text: str) -> int | _Refused:
    if len(text) > len("-9007199254740991"):  # before a million digits are made a number
        return _Refused(_UNSAFE_INTEGER)
    return int(text)


def _float(text: str) -> float | _Refused:
    value = float(text)
    return value if isfinite(value) else _Refused("a number beyond the range of a double")


def _constant(name: str) -> _Refused:
    return _Refused(f"{name} is not JSON")


_PARSER: Final = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_integer, parse_float=_float, parse_constant=_constant
)
_UNSAFE_INTEGER: Final = "an integer beyond ±(2^53 - 1), which readers of JSON take for different numbers"


def _fault(value: Any) -> str | None:
    """Why `value`, which is no container, cannot stand in a document; None if it can."""
    kind = type(value)
    if kind is str:
        return None if value.isascii() or _encodable(value) else "a lone surrogate in a string"
    if kind is int:
        return None if -LARGEST_INTEGER <= value <= LARGEST_INTEGER else _UNSAFE_INTEGER
    if kind is float:
        return None if isfinite(value) else f"{value} is not JSON"
    if kind is bool or value is None:
        return None
    return value.reason if kind is _Refused else f"{shown(value)} is not of a type that JSON has"


def _name_fault(name: Any) -> str | None:
    if type(name) is not str:
        return f"a member is named by {shown(name)}, not by a string"
    return (fault := _fault(name)) and f"{fault} that names a member, {shown(name)}"


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class _Place(NamedTuple):
    """A member or element `token` of what stands at `parent`, and the number of containers around it."""

    parent: _Place | None
    token: str | int
    depth: int

    def pointer(self) -> str:
        """The JSON pointer (RFC 6901) to this place; to the whole, if that would be unreasonably long."""
        tokens: list[str] = []
        place = self
        while place.parent is not None:
            tokens.append(str(place.token).replace("~", "~0").replace("/", "~1"))
            place = place.parent
        pointer = "".join(f"/{token}" for token in tokens[-2::-1])  # without the list around the whole
        return pointer if len(pointer) <= 1000 else ""
