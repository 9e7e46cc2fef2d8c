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
_DID: Final = b'"did:'
_KEY: Final = 512
"""Bytes of a document, from its member `issuer` on, in which it says who that is."""
_LONGEST: Final = 1 << 15
"""Bytes of the longest document that a series is made of."""
_MOST_VALUES: Final = 1024
"""Values in such a document."""
_BYTES_OF_A_VALUE: Final = 256
"""What is made of a document takes so much for each of its values."""
_MOST_BYTES: Final = 1 << 25
"""Bytes of all that is kept."""
_SERIES: Final = 32
"""Series of one issuer."""
_FEW: Final = 12
"""A series is not widened beyond so many fields while there is room for another one. A field takes about half a
microsecond of every document, and the credentials of one course have few of them."""
_LOOKED_AT: Final = 2
"""Documents that one is compared with, leaf by leaf."""
_CREDIT: Final = 1024
"""What may be spent at most on making series without a pause.

A document that is of none earns 1. A try to make one costs half the values of the document, and at least 16; it takes
about as long as two verifications. So for documents that are all different, trying adds a few percent.
"""


@dataclass(slots=True)
class _Entry:
    """A document, what is remembered of it, about how many values it has, and a series once there is one.

    `form` is a number that documents whose leaves have the same places share. It is not known of the first ones.
    """

    document: SecuredDocument
    memory: Any
    values: int
    form: int | None = None
    series: Series | None = None

    @property
    def size(self) -> int:
        """The bytes it is counted with."""
        return len(self.document.data) + _BYTES_OF_A_VALUE * self.values


_Key: TypeAlias = tuple[bool, bytes]
_Entries: TypeAlias = tuple[_Entry, ...]


class Known:
    """What is known of documents that were verified, for those that differ from them only in a few fields.

    It depends on nothing but what was handed to `learn`, and forgets the oldest beyond some megabytes. What is made of
    it by `pickle` or `copy` knows nothing.
    """

    __slots__ = ("_bytes", "_credit", "_entries", "_learning")

    def __init__(self) -> None:
        self._entries: dict[_Key, _Entries] = {}
        self._bytes, self._credit = 0, _CREDIT
        self._learning = Lock()

    def __reduce__(self) -> tuple[type[Known], tuple[()]]:
        return Known, ()

    def find(self, data: bytes, *, is_payload: bool) -> tuple[Any, Series, Read] | None:
        """What is remembered of a document of whose series `data` is, the series, and what `data` says."""
        for entry in self._entries.get((is_payload, _issuer(data)), ()):
            if entry.series is not None and (read := entry.series.read(data)) is not None:
                return entry.memory, entry.series, read
        return None

    def learn(self, document: SecuredDocument, memory: Any, *, issuer: str, is_payload: bool) -> None:
        """Remembers `memory` for documents of `issuer` that differ from this one only where `fields` lets them.

        The document was not found. Of the first of a series that is all; with each further one the series is made, or
        widened by fields that were the same before.
        """
        data, name = document.data, _issuer(document.data)
        values = data.count(b",") + data.count(b"[") + data.count(b"{")
        if len(data) > _LONGEST or values > _MOST_VALUES or issuer.encode("utf-8", "replace") not in name:
            return
        if self._learning.acquire(blocking=False):
            try:
                self._learn(_Entry(document, memory, values), (is_payload, name))
            except RecursionError:  # what called this has left little room, and the document has its verdict
                pass
            finally:
                self._learning.release()

    def _learn(self, entry: _Entry, key: _Key) -> None:
        entries = self._entries.get(key, ())
        self._credit = min(self._credit + 1, _CREDIT)
        if entries:
            if (price := max(entry.values // 2, 16)) > self._credit:
                return
            self._credit -= price
            for other, fields in _wider(entry, entries, is_payload=key[0]):
                if len(fields) > _FEW and len(entries) < _SERIES:
                    break
                if _widen(other, entry, fields, is_payload=key[0]):
                    return
        if len(entries) == _SERIES:  # the oldest goes that came to nothing, or of all that did not
            oldest = next((each for each in reversed(entries) if each.series is None), entries[-1])
            entries = tuple(each for each in entries if each is not oldest)
            self._bytes -= oldest.size
        self._bytes += entry.size
        self._entries[key] = (entry, *entries)
        while self._bytes > _MOST_BYTES and len(self._entries) > 1:
            self._bytes -= sum(each.size for each in self._entries.pop(next(iter(self._entries))))


def _issuer(data: bytes) -> bytes:
    """The bytes that say who issued a document, or that its other documents have there, too."""
    start = data.find(_NAME)
    if start < 0:
        return b""
    end = start + _KEY
    did = data.find(_DID, start, end)
    return data[did:end].split(b'"', 2)[1] if did > 0 else data[start:end].partition(b",")[0]


def _wider(entry: _Entry, others: _Entries, *, is_payload: bool) -> list[tuple[_Entry, list[Leaf]]]:
    """Those of the others whose series could hold the document as well, and the fields it then has.

    Only the few are looked at that have most in common with it. Those with few fields come first.
    """
    leaves = leaves_of(entry.document.data)
    if leaves is None:
        return []
    entry.form = hash(tuple([leaf.place for leaf in leaves]))
    alike = [other for other in others if other.memory == entry.memory and other.form in (None, entry.form)]
    pieces = set(entry.document.data.split(b'"'))
    alike.sort(key=lambda other: len(pieces.intersection(other.document.data.split(b'"'))), reverse=True)
    found = [(other, _fields(other, entry, leaves, is_payload=is_payload)) for other in alike[:_LOOKED_AT]]
    return sorted([(other, fields) for other, fields in found if fields is not None], key=lambda each: len(each[1]))


def _fields(known: _Entry, other: _Entry, leaves: tuple[Leaf, ...], *, is_payload: bool) -> list[Leaf] | None:
    """The fields of a series of both documents, of which the other has these leaves; None if there is none."""
    first = known.document.data
    ours = leaves_of(first) or ()
    places = [leaf.place for leaf in ours]
    known.form = hash(tuple(places))
    if places != [leaf.place for leaf in leaves]:
        return None
    fields = set() if known.series is None else set(known.series.fields)
    for leaf, its in zip(ours, leaves, strict=True):
        if first[leaf.start : leaf.end] != other.document.data[its.start : its.end]:
            if not may_differ(leaf.path, of_token=is_payload):
                return None
            fields.add(leaf)
    return sorted(fields, key=attrgetter("start"))


def _widen(known: _Entry, other: _Entry, fields: list[Leaf], *, is_payload: bool) -> bool:
    """Makes the series of the one hold the other document as well.

    It is kept only if it reads both of them as they were read in the first place.
    """
    series = Series.of(known.document, fields, is_payload=is_payload)
    if series is None or not all(_reads(series, entry.document, is_payload=is_payload) for entry in (known, other)):
        return False
    known.series = series
    return True


def _reads(series: Series, document: SecuredDocument, *, is_payload: bool) -> bool:
    """Whether the series has the document, and says of it what was read."""
    read = series.read(document.data)
    if read is None or read.document.tree != document.tree or read.document.canonical != document.canonical:
        return False
    return is_payload or read.options == jcs.canonicalize(options_of(document.tree))
