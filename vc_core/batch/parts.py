"""The parts of a job: consecutive lines or values, cut alike each time, and the Parquet file of their rows."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from vc_core.batch.arrow import pa
from vc_core.batch.pieces import Piece

PART_SIZE: Final = 10_000
"""Lines or values of a part, where nothing else is said."""
_PART_BYTES: Final = 16 * 1024 * 1024
"""A part ends with the piece that reaches this, too. A few parts more than there are workers are in memory."""
_DICTIONARIES: Final = [
    "verdict",
    *(f"problems.list.element.{name}" for name in ("code", "detail", "at")),
    *(f"checks.list.element.{name}" for name in ("check", "outcome", "because")),
    *("issuer", "securing", "verification_method", "checked_at", "claimed_issuer"),
]


@dataclass(frozen=True, slots=True)
class Part:
    """Consecutive pieces of the input up to the position `last`; no pieces of a part that is done.

    Parts are numbered from 0. `share` is how much of the whole job it is.
    """

    number: int
    last: int
    pieces: tuple[Piece, ...]
    share: float = 0.0


def parts(pieces: Iterable[Piece], *, size: int, done: Container[int]) -> Iterator[Part]:
    """The pieces in parts of `size` lines or values, fewer where they are large. Parts that are `done` have none."""
    number = last = count = held = 0
    kept: list[Piece] = []
    for piece in pieces:
        rest: Piece | None = piece
        while rest is not None:
            some, rest = rest.split(size - count)
            last, count, held = last + some.count, count + some.count, held + some.size
            if number not in done:
                kept.append(some)
            if count == size or held >= _PART_BYTES:
                yield Part(number, last, tuple(kept))
                number, count, held, kept = number + 1, 0, 0, []
    if count:
        yield Part(number, last, tuple(kept))


def written(rows: pa.Table) -> bytes:
    """The Parquet file of the rows: the same bytes for the same rows, however they came in pieces."""
    out = pa.BufferOutputStream()
    pa.parquet.write_table(
        rows.combine_chunks(),
        out,
        compression="zstd",
        use_dictionary=_DICTIONARIES,
        row_group_size=PART_SIZE,
        version="2.6",
        store_schema=True,
    )
    return bytes(out.getvalue().to_pybytes())
