"""Strict JSON texts: UTF-8, one object, no name twice, no number that others could read otherwise (RFC 7493)."""

from __future__ import annotations

import json
from typing import Final, Never

from did.errors import InvalidEncoding

LARGEST_INTEGER: Final = 2**53 - 1
"""Integers up to this one, and down to its negative, are the same to every reader (RFC 7493, section 2.2)."""


def read_object(data: bytes, *, longest: int) -> dict[str, object]:
    """The members of the object that `data` is, of at most `longest` bytes. Raises `InvalidEncoding`."""
    if len(data) > longest:
        raise InvalidEncoding(f"a JSON text of {len(data)} bytes is longer than {longest}")
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise InvalidEncoding("the text is not strict JSON") from error
    if not isinstance(value, dict):
        raise InvalidEncoding("the JSON text is not an object")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise InvalidEncoding("the JSON text has a member twice in one object")
    return members


def _no_constant(name: str) -> Never:
    raise InvalidEncoding(f"the text has the number {name}, which is not JSON")
