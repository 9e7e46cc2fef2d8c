"""Where the strings and the integers of a JSON text stand.

The text is one that `vc_core.document` has read without objection, so nothing of its grammar is looked at again.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The names of members and the positions in arrays that lead to a value."""

_TOKEN: Final = re.compile(rb'"((?:[^"\\]|\\.)*)"|[\[\]{},]|[^\s\[\]{},:"]+')
_INTEGER: Final = re.compile(rb"0|-?[1-9][0-9]{0,14}").fullmatch


class Leaf(NamedTuple):
    """A string or an integer: what leads to it, and where its text begins and ends, without quotation marks."""

    path: Path
    start: int
    end: int
    is_integer: bool


def is_integer(text: bytes) -> bool:
    """Whether this is an integer below 10^15 in the one way that RFC 8785 writes it."""
    return _INTEGER(text) is not None


def leaves_of(data: bytes) -> tuple[Leaf, ...] | None:
    """The strings and the integers in the object `data`, in their order; None where a name is written with escapes."""
    leaves: list[Leaf] = []
    path: list[str | int] = []
    expects_name = False
    for token in _TOKEN.finditer(data):
        string, text = token[1], token[0]
        if string is None and text in b"[{":
            path.append("" if text == b"{" else 0)
            expects_name = text == b"{"
        elif string is None and text in b"]}":
            path.pop()
            expects_name = False
        elif text == b",":
            step = path[-1]
            if isinstance(step, int):
                path[-1] = step + 1
            else:
                expects_name = True
        elif string is not None and expects_name:
            if b"\\" in string:
                return None
            path[-1], expects_name = string.decode(), False
        elif string is not None:
            leaves.append(Leaf(tuple(path), *token.span(1), is_integer=False))
        elif is_integer(text):
            leaves.append(Leaf(tuple(path), *token.span(), is_integer=True))
    return tuple(leaves)
