"""JSON Canonicalization Scheme (RFC 8785): the bytes that are hashed in place of a JSON document.

Members are sorted by the UTF-16 code units of their names, strings have only the escapes that JSON demands,
and numbers are written as ECMAScript writes them. `canonicalize_slowly` is the whole of it; `canonicalize`
has `orjson` write the documents of which it is known that the two agree.

As in `vc_core.ijson`, a value is made of exactly the types that JSON is read into, and an `int` ends at
±(2^53 - 1), where ECMAScript would begin to write another number. A `float` may be any finite double.
"""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from did.errors import shown
from vc_core.document import floats_of, order_may_differ
from vc_core.errors import LimitExceeded, ProofTransformationError
from vc_core.ijson import LARGEST_INTEGER, Json

if TYPE_CHECKING:
    from collections.abc import Iterator

try:
    import orjson
except ImportError:  # it is not built for every interpreter
    _FAST = False
else:
    _FAST = True
    _CANONICAL: Final = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER

DEEPEST: Final = 1000
"""Nested arrays and objects that are still written. No cycle ends before."""


def canonicalize(value: Json, *, plain: bool = False) -> bytes:
    """The canonical form of `value`, in UTF-8.

    `plain` is that of the `SecuredDocument` of which `value` is made up: it saves a search for what cannot be
    there. Raises `ProofTransformationError` for a value without a canonical form, and `LimitExceeded` with
    code NESTING_TOO_DEEP beyond `DEEPEST`.
    """
    if _FAST and (plain or _types_agree(value)):
        try:
            canonical = orjson.dumps(value, option=_CANONICAL)
        except orjson.JSONEncodeError:
            pass  # an integer out of range, a lone surrogate, a name that is no string, 255 levels
        else:
            if plain or not order_may_differ(canonical):
                return canonical
    return canonicalize_slowly(value)


def canonicalize_slowly(value: Json) -> bytes:
    """The same as `canonicalize(value)`, by the letter of RFC 8785 and without any help."""
    text: list[str] = []
    levels: list[tuple[Iterator[tuple[str, Any]], str]] = [(iter([("", value)]), "")]
    while levels:
        entries, end = levels[-1]
        entry = next(entries, None)
        if entry is None:
            text.append(end)
            levels.pop()
            continue
        before, inner = entry
        if type(inner) is dict:
            text.append(before + "{")
            levels.append((_members(inner), "}"))
        elif type(inner) is list:
            text.append(before + "[")
            levels.append((_elements(inner), "]"))
        else:
            text.append(before + _scalar(inner))
        if len(levels) > 1 + DEEPEST:
            raise LimitExceeded(f"nested deeper than {DEEPEST} arrays and objects", code="NESTING_TOO_DEEP")
    try:
        return "".join(text).encode()
    except UnicodeEncodeError as error:
        raise ProofTransformationError("a lone surrogate in a string has no canonical form") from error


def _types_agree(value: Json) -> bool:
    """Whether `orjson` is sure to write the scalars of `value` as RFC 8785 does, or to refuse them."""
    floats = floats_of(value, depth=DEEPEST)
    return floats is not None and all(map(_written_alike, floats))


def _written_alike(number: float) -> bool:
    """Whether `orjson` is sure to write a float as ECMAScript does: with a point, and without an exponent."""
    return 1e-3 < abs(number) < 1e15 and not number.is_integer()


def _members(members: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    """What is written before each member, and its value, in the order of section 3.2.3."""
    for name in members:
        if type(name) is not str:
            raise ProofTransformationError(f"a member is named by {shown(name)}, not by a string")
    comma = ""
    for name in sorted(members, key=_utf_16):
        yield f"{comma}{_quoted(name)}:", members[name]
        comma = ","


def _elements(elements: list[Any]) -> Iterator[tuple[str, Any]]:
    comma = ""
    for element in elements:
        yield comma, element
        comma = ","


def _utf_16(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")


_quoted: Final = json.JSONEncoder(ensure_ascii=False).encode
"""A string in quotes, with the escapes of section 3.2.2.2 and no others."""


def _scalar(value: Any) -> str:
    """A literal, a string or a number as text."""
    kind = type(value)
    if kind is str:
        return _quoted(value)
    if kind is int and -LARGEST_INTEGER <= value <= LARGEST_INTEGER:
        return str(value)
    if kind is float and isfinite(value):
        return _number(value)
    if kind is bool:
        return "true" if value else "false"
    if value is None:
        return "null"
    raise ProofTransformationError(f"{shown(value)} has no canonical form")


def _number(value: float) -> str:
    """`Number::toString` of ECMA-262, section 6.1.6.1.20, where `digits` are s, their number k, `point` n.

    `repr` finds the same shortest digits that read as `value`; only the notation is another.
    """
    if value == 0:
        return "0"
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    point = len(whole) + int(exponent or 0)  # where the decimal point stands, counted from the first digit
    digits = (whole + fraction).lstrip("0")
    point -= len(whole + fraction) - len(digits)
    digits = digits.rstrip("0")
    sign = "-" if value < 0 else ""
    if len(digits) <= point <= 21:
        return sign + digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    rest = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{rest}e{point - 1:+}"
