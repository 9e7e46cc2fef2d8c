"""The series that were met, found again by the issuer that a document names."""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from threading import Lock
from typing import Any, Final, TypeAlias

from vc_core.canonical import jcs
from vc_core.document import SecuredDocument
from vc_core.series.fields import may_differ
from vc_core.series.leaves import Leaf, leaves_of
from vc_core.series.series import Read, Series, options_of

_NAME: Final = b'"issuer"'
_KEY: Final = 96
"""Bytes of a document, from its member `issuer` on, that its series is found by."""
_LONGEST: Final = 1 << 15
"""Bytes of the longest document that a series is made of."""
_MOST_BYTES: Final = 1 << 22
"""Bytes of the documents that are kept. With all that is made of them it is some ten times as much."""
_SERIES: Final = 8
"""Series that are found by the same bytes."""
_TRIES: Final = 32
"""How often they are made or widened, at first. Then it takes so many documents that are of none for each time:"""
_DOCUMENTS_A_TRY: Final = 64

_Key: TypeAlias = tuple[bool, bytes]


@dataclass(slots=True)
class _Entry:
    """A document, what is remembered of it, and a series once there is one."""

    document: SecuredDocument
    memory: Any
    series: Series | None = None


@dataclass(slots=True)
class _Family:
    """The documents that are found by the same bytes."""

    entries: tuple[_Entry, ...]
    tries: int = 0
    strangers: int = 0


class Known:
    """What is known of documents that were verified, for those that differ from them only in a few fields.

    It depends on nothing but what was handed to `learn`, and forgets the oldest beyond some megabytes. A copy knows
    nothing, nor does what was pickled.
    """

    __slots__ = ("_bytes", "_families", "_learning")

    def __init__(self) -> None:
        self._families: dict[_Key, _Family] = {}
        self._bytes = 0
        self._learning = Lock()

    def __reduce__(self) -> tuple[type[Known], tuple[()]]:
        return Known, ()

    def find(self, data: bytes, *, is_payload: bool) -> tuple[Any, Series, Read] | None:
        """What is remembered of a document of whose series `data` is, the series, and what `data` says."""
        family = self._families.get(_key(data, is_payload))
        if family is not None:
            for entry in family.entries:
                if entry.series is not None and (read := entry.series.read(data)) is not None:
                    return entry.memory, entry.series, read
        return None

    def learn(self, document: SecuredDocument, memory: Any, *, is_payload: bool) -> None:
        """Remembers `memory` for documents that differ from this one only where `vc_core.series.fields` lets them.

        The document was not found. Of the first of a series that is all; with each further one the series is made, or
        widened by fields that were the same before.
        """
        if len(document.data) > _LONGEST or not self._learning.acquire(blocking=False):
            return
        try:
            self._learn(_Entry(document, memory), _key(document.data, is_payload), is_payload=is_payload)
        finally:
            self._learning.release()

    def _learn(self, entry: _Entry, key: _Key, *, is_payload: bool) -> None:
        family = self._families.get(key)
        if family is None:
            self._families[key] = _Family((entry,))
            self._make_room(len(entry.document.data))
            return
        family.strangers += 1
        if family.tries >= _TRIES + family.strangers // _DOCUMENTS_A_TRY:
            return
        family.tries += 1
        leaves = leaves_of(entry.document.data)
        for other in family.entries:
            if leaves is not None and _widen(other, entry, leaves, is_payload=is_payload):
                return
        self._bytes -= sum(len(each.document.data) for each in family.entries[_SERIES - 1 :])
        family.entries = (entry, *family.entries[: _SERIES - 1])
        self._make_room(len(entry.document.data))

    def _make_room(self, added: int) -> None:
        self._bytes += added
        while self._bytes > _MOST_BYTES and len(self._families) > 1:
            oldest = self._families.pop(next(iter(self._families)))
            self._bytes -= sum(len(entry.document.data) for entry in oldest.entries)


def _key(data: bytes, is_payload: bool) -> _Key:  # noqa: FBT001  (half of the key)
    start = data.find(_NAME)
    return is_payload, data[start : start + _KEY] if start >= 0 else b""


def _widen(known: _Entry, other: _Entry, leaves: tuple[Leaf, ...], *, is_payload: bool) -> bool:
    """Whether the series of the one could be made to hold the other document, which has these leaves, as well.

    It is kept only if it reads both of them as they were read in the first place.
    """
    first = known.document.data
    ours = leaves_of(first) if known.memory == other.memory else None
    if ours is None or [leaf.place for leaf in ours] != [leaf.place for leaf in leaves]:
        return False
    fields = set() if known.series is None else set(known.series.fields)
    for leaf, its in zip(ours, leaves, strict=True):
        if first[leaf.start : leaf.end] != other.document.data[its.start : its.end]:
            if not may_differ(leaf.path, of_token=is_payload):
                return False
            fields.add(leaf)
    series = Series.of(known.document, sorted(fields, key=attrgetter("start")), is_payload=is_payload)
    if series is None or not all(_reads(series, entry.document) for entry in (known, other)):
        return False
    known.series = series
    return True


def _reads(series: Series, document: SecuredDocument) -> bool:
    """Whether the series has the document, and says of it what was read."""
    read = series.read(document.data)
    if read is None or read.document.tree != document.tree or read.document.canonical != document.canonical:
        return False
    return read.options == jcs.canonicalize(options_of(document.tree))
