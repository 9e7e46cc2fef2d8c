"""A series: documents that are the same, byte by byte, but for a few strings and integers.

The credentials that one issuer makes are like that. What was read of the first holds for all of them, except for these
fields; so of the others only the fields are read, and all else is compared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from secrets import token_hex
from typing import Any, Final, NamedTuple, TypeAlias

from vc_core.canonical import jcs
from vc_core.document import Json, SecuredDocument
from vc_core.series.fields import is_identifier
from vc_core.series.leaves import Leaf, Path, is_integer

_MARK: Final = token_hex(16)
"""Begins each marker. Every process draws its own, so no document can be written against them."""
_MARKER: Final = re.compile(rf'{_MARK}s(\d+)\.|"{_MARK}i(\d+)\."'.encode())
_CONTROL: Final = re.compile(r"[\x00-\x1f]").search
_MOST_FIELDS: Final = 32
"""Fields of one series. With more of them there is little to be saved."""

Plan: TypeAlias = "list[tuple[Any, int | Plan]]"
"""Of a container, the members or elements that are fields, by their number, or that have fields in them."""


class Read(NamedTuple):
    """A document of a series: what `SecuredDocument.read` makes of it, the values of its fields, and its proof.

    Of the proof these are the options, in canonical form; for the payload of a token they are empty.
    """

    document: SecuredDocument
    values: list[Any]
    options: bytes


class Weave(NamedTuple):
    """A text with fields in it: its fixed parts, and the order in which they and the fields follow each other."""

    fixed: tuple[bytes, ...]
    order: Callable[[tuple[bytes, ...]], tuple[bytes, ...]]

    def filled(self, texts: tuple[bytes, ...]) -> bytes:
        """The text with these fields."""
        return b"".join(self.order(texts + self.fixed))


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """The documents with the bytes of `first`, but for the texts of `fields`.

    `identifiers` are the numbers of those fields that have to be URLs. Behind each field comes a piece: its first byte,
    all of it, and its length.
    """

    first: SecuredDocument
    fields: tuple[Leaf, ...]
    identifiers: tuple[int, ...]
    _opening: bytes = field(repr=False)
    _pieces: tuple[tuple[bytes, bytes, int], ...] = field(repr=False)
    _integers: tuple[int, ...] = field(repr=False)
    _plan: Plan = field(repr=False)
    _claims: Weave | None = field(repr=False)
    _options: Weave = field(repr=False)

    @classmethod
    def of(cls, first: SecuredDocument, fields: Sequence[Leaf], *, is_payload: bool) -> Series | None:
        """The series of a document, or of the payload of a token, with these of its leaves as fields, in their order.

        None if there are too many of them.
        """
        if len(fields) > _MOST_FIELDS or _MARK.encode() in first.data:
            return None
        data, plan = first.data, _plan([leaf.path for leaf in fields])
        ends = [leaf.start for leaf in fields[1:]] + [len(data)]
        pieces = [data[leaf.end : end] for leaf, end in zip(fields, ends, strict=True)] if fields else []
        marked = _filled(
            first.tree, plan, [f"{_MARK}{'i' if leaf.is_integer else 's'}{n}." for n, leaf in enumerate(fields)]
        )
        options = {} if is_payload else options_of(marked)
        marked.pop("proof", None)
        return cls(
            first,
            tuple(fields),
            tuple([n for n, leaf in enumerate(fields) if is_identifier(leaf.path, of_token=is_payload)]),
            data[: fields[0].start] if fields else data,
            tuple([(piece[:1], piece, len(piece)) for piece in pieces]),
            tuple([n for n, leaf in enumerate(fields) if leaf.is_integer]),
            plan,
            None if first.canonical is None else _woven(marked, len(fields)),
            _woven(options, len(fields)),
        )

    def read(self, data: bytes) -> Read | None:
        """What the document `data` says; None if it is not of the series, or not sure to be."""
        if not data.startswith(self._opening):
            return None
        position = len(self._opening)
        texts = []
        for stop, piece, length in self._pieces:
            end = data.find(stop, position)
            if end < 0 or not data.startswith(piece, end):
                return None
            texts.append(data[position:end])
            position = end + length
        if position != len(data):
            return None
        try:
            values: list[Any] = [text.decode() for text in texts]
        except UnicodeDecodeError:
            return None
        together = "".join(values)
        if "\\" in together or (not together.isprintable() and _CONTROL(together)):
            return None
        for number in self._integers:
            if not is_integer(texts[number]):
                return None
            values[number] = int(texts[number])
        fields = tuple(texts)
        canonical = None if self._claims is None else self._claims.filled(fields)
        document = SecuredDocument(data, _filled(self.first.tree, self._plan, values), canonical)
        return Read(document, values, self._options.filled(fields))


def options_of(tree: dict[str, Json]) -> dict[str, Json]:
    """The options of the only proof of a document; none of anything else."""
    proof = tree.get("proof")
    return {name: value for name, value in proof.items() if name != "proofValue"} if isinstance(proof, dict) else {}


def _plan(paths: Sequence[Path]) -> Plan:
    plan: dict[Any, Any] = {}
    for number, path in enumerate(paths):
        inner = plan
        for step in path[:-1]:
            inner = inner.setdefault(step, {})
        inner[path[-1]] = number
    return _as_list(plan)


def _as_list(plan: dict[Any, Any]) -> Plan:
    return [(step, what if isinstance(what, int) else _as_list(what)) for step, what in plan.items()]


def _filled(container: Any, plan: Plan, values: Sequence[Json]) -> Any:
    """The same with these values in its fields; what has no field in it is shared."""
    copy = container.copy()
    for step, what in plan:
        copy[step] = values[what] if type(what) is int else _filled(copy[step], what, values)  # type: ignore[arg-type]  # the other is a plan
    return copy


def _woven(marked: dict[str, Json], fields: int) -> Weave:
    """The canonical form of a value with markers, for a document with so many fields."""
    pieces = _MARKER.split(jcs.canonicalize(marked, plain=True))  # fixed, one of two numbers, fixed, ..., fixed
    fixed = (*pieces[::3], b"")
    order = [fields]
    for position in range(1, len(pieces), 3):
        order += [int(pieces[position] or pieces[position + 1]), fields + position // 3 + 1]
    return Weave(fixed, itemgetter(*order, fields + len(fixed) - 1))
