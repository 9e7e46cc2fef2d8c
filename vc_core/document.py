"""Bytes to a document, once and strictly, and back.

`vc_core.ijson` says what is read, and its strict reader decides and names what is wrong. Most documents come
the fast way to the same tree, which answers only where it has proof that nothing was lost.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

from vc_core.errors import LimitExceeded, ParsingError
from vc_core.ijson import Json, copy_json, read_strictly

if TYPE_CHECKING:
    from vc_core.limits import Limits


def _no_float(_text: str) -> Json:
    raise ValueError


try:
    import msgspec
    import orjson
except ImportError:  # they are not built for every interpreter, and the strict reader can do without
    _FAST = False
else:
    _FAST = True
    _INTEGERS: Final = msgspec.json.Decoder(float_hook=_no_float)
    _CANONICAL: Final = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
    _REFUSALS: Final = (msgspec.DecodeError, orjson.JSONEncodeError, ValueError, RecursionError)

__all__ = ["Json", "SecuredDocument", "copy_json", "read_json", "write_json"]


@dataclass(frozen=True, slots=True, eq=False)
class SecuredDocument:
    r"""A document as it arrived, and as it was read.

    `data` is the truth. `tree` is what it says; it is never changed and never handed out.

    `plain` promises two things. RFC 8785 writes the tree, each part and any combination of its parts as
    `orjson` does with sorted names: all numbers are integers, and sorting finds the same order. And `data`
    has no `\u` escape: a search there for a name in quotes finds all its members, if it has no slash.

    `canonical` is the canonical form (RFC 8785) of the tree without its member `proof`, if the document is plain. It
    was written to see that nothing was lost.
    """

    data: bytes = field(repr=False)
    tree: dict[str, Json] = field(repr=False)
    canonical: bytes | None = field(repr=False)

    @property
    def plain(self) -> bool:
        """Whether nothing is in the document on which a fast sorter and RFC 8785 differ."""
        return self.canonical is not None

    @classmethod
    def read(cls, data: bytes, *, limits: Limits) -> Self:
        """The JSON object that `data` is; raises what `read_json` raises."""
        _require_size(data, limits)
        found = _read_object(data, limits.depth) if _FAST else None
        if found is not None:
            tree, canonical = found
            return cls(data, tree, None if _has(data, rb"\u") or order_may_differ(data) else canonical)
        value = _read_other(data, limits)
        if type(value) is not dict:
            raise ParsingError("the document is JSON, but not a JSON object")
        return cls(data, value, None)


def read_json(data: bytes, *, limits: Limits) -> Json:
    """The value that `data` is, made of exactly `dict`, `list`, `str`, `int`, `float`, `bool` and None.

    Whatever the bytes, raises nothing but `ParsingError`, whose detail names the reason, or `LimitExceeded`
    with code INPUT_TOO_LARGE or NESTING_TOO_DEEP; `at` is the place where it is known.
    """
    _require_size(data, limits)
    found = _read_integers(data, limits.depth) if _FAST else None
    return _read_other(data, limits) if found is None else found[0]


def write_json(value: Json) -> bytes:
    """A compact text that `read_json` reads as `value`, which itself came from it or from `copy_json`.

    Members keep their order. Raises `LimitExceeded` with code NESTING_TOO_DEEP.
    """
    if _FAST:
        try:
            return orjson.dumps(value)
        except orjson.JSONEncodeError:
            pass  # beyond 254 levels
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except RecursionError as error:
        raise LimitExceeded("nested deeper than the stack allows", code="NESTING_TOO_DEEP") from error


def floats_of(value: Any, *, depth: int) -> list[float] | None:
    """The floats in `value`; None unless it has the exact types of JSON and nests no deeper than `depth`.

    It may be None as well for a value at the limit. Names of members are not looked at.
    """
    floats: list[float] = []
    level = [value]
    for _ in range(depth):
        children: list[Any] = []
        for item in level:
            kind = type(item)
            if kind is dict:
                children += item.values()
            elif kind is list:
                children += item
            elif kind is float:
                floats.append(item)
            elif kind not in _LEAVES:
                return None
            if len(children) > _WIDEST:
                return None
        level = [child for child in children if type(child) is not str]
        if not level:
            return floats
    return None


_LEAVES: Final = frozenset({str, int, bool, type(None)})
_WIDEST: Final = 1 << 20
"""Values on one level; more are left to the careful ways. A cycle would have them without end."""


def order_may_differ(text: bytes) -> bool:
    """Whether RFC 8785 might not sort the names in UTF-8 `text` as their bytes are sorted.

    It sorts UTF-16 code units, and the order of bytes is that of code points. The two differ only between a
    character beyond U+FFFF (its first byte is F0 to F4) and one from U+E000 to U+FFFF (EE or EF).
    """
    if text.isascii() or not (b"\xee" in text or b"\xef" in text):
        return False
    return any(first in text for first in (b"\xf0", b"\xf1", b"\xf2", b"\xf3", b"\xf4"))


def _require_size(data: bytes, limits: Limits) -> None:
    if type(data) is not bytes:
        raise TypeError(f"a document is bytes, not {type(data).__name__}")
    if len(data) > limits.document_bytes:
        raise LimitExceeded(f"larger than {limits.document_bytes} bytes", code="INPUT_TOO_LARGE")


def _read_other(data: bytes, limits: Limits) -> Json:
    """As `read_json`, for what was found to be no text with integers alone."""
    fast = _read_fast(data, limits.depth) if _FAST else None
    return read_strictly(data, limits=limits) if fast is None else fast[0]


def _read_object(data: bytes, depth: int) -> tuple[dict[str, Json], bytes] | None:
    """The object, and as `orjson` sorts it without its `proof`, for a text whose numbers are all written as integers.

    None for any other text. The parser says whether there is another number.
    """
    try:
        tree = _INTEGERS.decode(data)
        if type(tree) is not dict:
            return None
        claims = tree.copy()
        proof = claims.pop("proof", None)
        written = orjson.dumps(claims, option=_CANONICAL)
        others = b"" if len(claims) == len(tree) else b',"proof":' + orjson.dumps(proof, option=_CANONICAL)
        if not (_is_shallow(data, tree, depth) and _nothing_lost(data, written, others)):
            return None
    except _REFUSALS:
        return None
    return tree, written


def _read_integers(data: bytes, depth: int) -> tuple[Json] | None:
    """The value of a text whose numbers are all written as integers, as in most credentials; None for any other."""
    try:
        tree = _INTEGERS.decode(data)
        written = orjson.dumps(tree, option=orjson.OPT_STRICT_INTEGER)
        return (tree,) if _is_shallow(data, tree, depth) and _nothing_lost(data, written) else None
    except _REFUSALS:
        return None


def _is_shallow(data: bytes, tree: Json, depth: int) -> bool:
    """Whether the `tree` that was read from `data` is sure to be no deeper than `depth`, without a look at its values.

    It has no more levels than brackets; and written with indentation, no line begins with as many steps of two spaces.
    """
    if len(data.translate(None, _NO_OPENING)) <= depth:
        return True
    if len(data) > _INDENTED:
        return floats_of(tree, depth=depth) is not None
    return b"\n" + b"  " * depth not in orjson.dumps(tree, option=orjson.OPT_INDENT_2)


_NO_OPENING: Final = bytes(set(range(256)) - set(b"[{"))
_INDENTED: Final = 1 << 16
"""The longest text in bytes whose tree is written with indentation: that is up to 250 times as long."""


def _read_fast(data: bytes, depth: int) -> tuple[Json] | None:
    """The value of a text with other numbers; None if it takes the strict reader to say what `data` is, or is not."""
    try:
        tree = orjson.loads(data)
        floats = floats_of(tree, depth=depth)
        if floats is None or not all(map(_written_as_float, floats)):
            return None
        written = orjson.dumps(tree, option=orjson.OPT_STRICT_INTEGER)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    return (tree,) if written == data or _same_members(data, written) else None


def _written_as_float(number: float) -> bool:
    """Whether the text was sure to have a fraction or an exponent: 20 digits, or -0, may be read as a float."""
    return 0 < abs(number) < 2**53


def _nothing_lost(data: bytes, written: bytes, others: bytes = b"") -> bool:
    """Whether the tree that was read from `data`, and is `written` again, in two pieces, kept every member of `data`.

    A parser that meets a member twice may drop one of the two, and say nothing. But nothing is written in more bytes
    than it was read from: no integer, no string and no other value. So what is written is as long as `data`, less the
    spaces and what escapes cost more, and less what was dropped: equal lengths prove that this was nothing.
    """
    return len(data) == len(written) + len(others) or _same_members(data, written + others)


def _same_members(data: bytes, written: bytes) -> bool:
    r"""The same by another proof: each member of `data` costs it a colon, beside those within strings.

    Writing spends one on each member that is left, and those within strings again. So `written` has as many colons as
    `data`, less at least one for each member that was dropped: equal numbers prove that none was. Only a colon that
    `data` spells `\u003a` or `\u003A` could make up for a lost one; where there may be such, nothing is said. Spaces,
    numbers and other escapes have no colons.
    """
    return not _has(data, rb"\u003") and data.count(b":") == written.count(b":")


def _has(data: bytes, escape: bytes) -> bool:
    return b"\\" in data and escape in data  # the search for one byte is many times faster
