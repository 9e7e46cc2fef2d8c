"""Pieces of the input of a job: consecutive lines or values as they are stored, from which records are made later.

A record is a line without the white space around it, so a credential in JSON or a token in text; or a value of a
column, byte for byte. Lines of white space and null values are no records, and still have a position. Of a record that
is longer than may be read, one byte more than that is kept: the verdict is then that it is too long.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from vc_core.batch.arrow import pa
from vc_core.batch.rows import RECORDS, records

PIECE: Final = 128
"""Lines or values of a piece. It is what a worker gets at a time, so what it leaves undone if it dies is no more."""
_PIECE_BYTES: Final = 1024 * 1024
"""A piece ends with the line that reaches this, too."""
_SPACE: Final = b" \t\r\n"


@dataclass(frozen=True, slots=True)
class Lines:
    """So many lines, with what ends all but the last; the first has the position `first`, counted from 1."""

    first: int
    count: int
    data: bytes
    longest: int

    @property
    def size(self) -> int:
        """How many bytes they have."""
        return len(self.data)

    def split(self, number: int) -> tuple[Piece, Piece | None]:
        """The first so many lines, and the others, if there are any."""
        if number >= self.count:
            return self, None
        end = -1
        for _ in range(number):
            end = self.data.index(b"\n", end + 1)
        return (
            replace(self, count=number, data=self.data[:end]),
            replace(self, first=self.first + number, count=self.count - number, data=self.data[end + 1 :]),
        )

    def records(self) -> pa.RecordBatch:
        """The records in the lines."""
        positions, found = [], []
        for position, line in enumerate(self.data.split(b"\n"), self.first):
            record = line[: self.longest + 1] if len(line) > self.longest else line.strip(_SPACE)
            if record:
                positions.append(position)
                found.append(record)
        return records(positions, found)


@dataclass(frozen=True, slots=True)
class Values:
    """The values of an array, of which the first has the position `first`, counted from 1."""

    first: int
    values: pa.Array

    @property
    def count(self) -> int:
        """How many they are, with those that are null."""
        return len(self.values)

    @property
    def size(self) -> int:
        """How many bytes they have, about."""
        return int(self.values.nbytes)

    def split(self, number: int) -> tuple[Piece, Piece | None]:
        """The first so many values, and the others, if there are any."""
        if number >= self.count:
            return self, None
        rest = replace(self, first=self.first + number, values=self.values.slice(number))
        return replace(self, values=self.values.slice(0, number)), rest

    def records(self) -> pa.RecordBatch:
        """The values that are not null."""
        positions = pa.array(range(self.first, self.first + self.count), pa.int64())
        batch = pa.record_batch([positions, self.values], names=RECORDS.names)
        return batch.filter(self.values.is_valid()).cast(RECORDS)


Piece: TypeAlias = Lines | Values


def lines(chunks: Iterator[bytes], *, longest: int) -> Iterator[Lines]:
    """All lines of a text, in pieces. Of a line that has not ended yet no more is held than makes it too long."""
    first, held = 1, b""
    for chunk in chunks:
        data = held + chunk
        begin = after = count = 0
        while (end := data.find(b"\n", after)) >= 0:
            count, after = count + 1, end + 1
            if count == PIECE or after - begin >= _PIECE_BYTES:
                yield Lines(first, count, data[begin:end], longest)
                first, begin, count = first + count, after, 0
        held = data[begin : after + longest + 1]
    if held:
        yield Lines(first, held.count(b"\n") + (not held.endswith(b"\n")), held.removesuffix(b"\n"), longest)


def values(arrays: Iterator[pa.Array], *, longest: int) -> Iterator[Values]:
    """All values of a column, in pieces, of which each ends with the array that reaches its bounds."""
    first = count = size = 0
    held: list[pa.Array] = []
    for array in arrays:
        held.append(_cut(array.cast(pa.binary()), longest))
        count, size = count + len(array), size + held[-1].nbytes
        if count >= PIECE or size >= _PIECE_BYTES:
            yield Values(first + 1, pa.concat_arrays(held))
            first, count, size, held = first + count, 0, 0, []
    if count:
        yield Values(first + 1, pa.concat_arrays(held))


def _cut(values: pa.Array, longest: int) -> pa.Array:
    """The values; of those that are longer, as much as makes them too long."""
    if (pa.compute.max(pa.compute.binary_length(values)).as_py() or 0) > longest:
        return pa.compute.binary_slice(values, 0, longest + 1)
    return values
