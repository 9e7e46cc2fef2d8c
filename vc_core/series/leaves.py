"""Where the strings and the integers of a JSON text stand.

The text is one that `vc_core.document` has read without objection, so nothing of its grammar is looked at again.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""The names of members and the positions in arrays that lead to a value."""

_TOKEN: Final = re.compile(rb'"([^"\\]*(?:\\.[^"\\]*)*)"(\s*:)?|(\{)|(\[)|([\]}])|(,)|([^\s\[\]{},:"]+)')
_STRING, _NAME, _OBJECT, _ARRAY, _END, _COMMA, _SCALAR = range(1, 8)
_INTEGER: Final = re.compile(rb"0|-?[1-9][0-9]{0,14}").fullmatch


class Leaf(NamedTuple):
    """A string or an integer: what leads to it, and where its text begins and ends, without quotation marks."""

    path: Path
    start: int
    end: int
    is_integer: bool

    @property
    def place(self) -> tuple[Path, bool]:
        """What documents of one series have in common, of each leaf."""
        return self.path, self.is_integer


def is_integer(text: bytes) -> bool:
    """Whether this is an integer below 10^15 in the one way that RFC 8785 writes it."""
    return _INTEGER(text) is not None


def leaves_of(data: bytes) -> tuple[Leaf, ...] | None:
    """The strings and the integers in the object `data`, in their order; None where a name is written with escapes."""
    leaves: list[Leaf] = []
    path: list[str | int] = []
    for token in _TOKEN.finditer(data):
        kind = token.lastindex
        if kind == _NAME:
            if b"\\" in token[_STRING]:
                return None
            path[-1] = token[_STRING].decode()
        elif kind == _STRING:
            leaves.append(Leaf(tuple(path), *token.span(_STRING), is_integer=False))
        elif kind == _COMMA:
            if isinstance(step := path[-1], int):
                path[-1] = step + 1
        elif kind == _OBJECT:
            path.append("")
        elif kind == _ARRAY:
            path.append(0)
        elif kind == _END:
            path.pop()
        elif kind == _SCALAR and is_integer(token[_SCALAR]):
            leaves.append(Leaf(tuple(path), *token.span(), is_integer=True))
    return tuple(leaves)
