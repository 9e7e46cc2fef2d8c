"""The tables of a job: the records that go in, and one row for each that comes out."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from vc_core.batch.arrow import pa
from vc_core.result import Check, Problem, VerificationResult

RECORDS: Final = pa.schema(
    [pa.field("position", pa.int64(), nullable=False), pa.field("credential", pa.binary(), nullable=False)]
)
"""What the part function takes: the position of a record in its input, counted from 1, and its bytes."""

_TEXT: Final = pa.string()

ROWS: Final = pa.schema(
    [
        pa.field("position", pa.int64(), nullable=False),
        pa.field("input_sha256", _TEXT),
        pa.field("verdict", _TEXT, nullable=False),
        pa.field("problems", pa.list_(pa.struct({"code": _TEXT, "detail": _TEXT, "at": _TEXT})), nullable=False),
        pa.field("checks", pa.list_(pa.struct({"check": _TEXT, "outcome": _TEXT, "because": _TEXT})), nullable=False),
        pa.field("id", _TEXT),
        pa.field("issuer", _TEXT),
        pa.field("securing", _TEXT),
        pa.field("verification_method", _TEXT),
        pa.field("checked_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("claimed_issuer", _TEXT),
    ]
)
"""What it gives back, one row for each record.

- `input_sha256`: the digest of the record in hexadecimal; null for one that is longer than is read.
- `verdict`: "verified", "rejected" or "undecided".
- `id`, `issuer`, `verification_method`: those of a verified credential, else null.
- `securing`: the mechanism as the record names it.
- `checked_at`: the time of the verdict, which is the same for a whole job.
- `claimed_issuer`: whom the record names as its issuer, whatever the verdict. It says whom to ask, and proves nothing;
  of a very long one there is the beginning.
"""

_SENT: Final = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
_RECEIVED: Final = pa.ipc.IpcReadOptions(use_threads=False)
"""Threads of Arrow, as many as the machine has processors, would take their memory from each worker's limit."""

Item = TypeVar("Item", Problem, Check)


@dataclass(frozen=True, slots=True)
class Row:
    """One verdict, as far as it is kept."""

    result: VerificationResult
    id: str | None = None
    issuer: str | None = None
    verification_method: str | None = None
    claimed_issuer: str | None = None


def records(positions: Sequence[int], credentials: Sequence[bytes]) -> pa.RecordBatch:
    """A batch of records in the schema `RECORDS`."""
    return pa.record_batch([pa.array(positions, pa.int64()), pa.array(credentials, pa.binary())], schema=RECORDS)


def sent(batch: pa.RecordBatch | pa.Table) -> bytes:
    """Records or rows for another process. What repeats itself in them takes little room."""
    stream = pa.BufferOutputStream()
    with pa.ipc.new_stream(stream, batch.schema, options=_SENT) as writer:
        writer.write(batch)
    return stream.getvalue().to_pybytes()  # type: ignore[no-any-return]  # pyarrow has no types


def received(data: bytes) -> pa.Table:
    """What was sent."""
    return pa.ipc.open_stream(data, options=_RECEIVED).read_all()


def received_batch(data: bytes) -> pa.RecordBatch:
    """The batch that was sent, which may be empty: a table of such has no batch any more."""
    return pa.ipc.open_stream(data, options=_RECEIVED).read_next_batch()


def rows(batch: pa.RecordBatch, made: Sequence[Row], *, now: datetime, longest: int) -> pa.RecordBatch:
    """The rows of a batch of records; `longest` is the length in bytes of the longest record that is read whole."""
    results = [row.result for row in made]
    digests = [
        hashlib.sha256(data).hexdigest() if len(data) <= longest else None
        for data in batch.column("credential").to_pylist()
    ]
    columns = {
        "position": batch.column("position"),
        "input_sha256": digests,
        "verdict": [result.verdict.value for result in results],
        "problems": _lists([result.problems for result in results], _problem, "problems"),
        "checks": _lists([result.checks for result in results], Check.to_json, "checks"),
        "id": [_text(row.id) for row in made],
        "issuer": [_text(row.issuer) for row in made],
        "securing": [_text(result.securing) for result in results],
        "verification_method": [_text(row.verification_method) for row in made],
        "checked_at": [now] * len(made),
        "claimed_issuer": [_text(row.claimed_issuer) for row in made],
    }
    return pa.record_batch([_array(columns[field.name], field.type) for field in ROWS], schema=ROWS)


def _array(values: Any, kind: pa.DataType) -> pa.Array:
    return values if isinstance(values, pa.Array) else pa.array(values, kind)


def _lists(values: Iterable[tuple[Item, ...]], json: Any, column: str) -> pa.Array:
    """An array of lists. Most records have the same ones, which are converted once."""
    places: dict[Hashable, int] = {}
    indices = [places.setdefault(value, len(places)) for value in values]
    different = [[json(each) for each in value] for value in places]  # type: ignore[attr-defined]  # the keys are tuples
    return pa.array(different, ROWS.field(column).type).take(pa.array(indices, pa.int64()))


def _problem(problem: Problem) -> dict[str, str | None]:
    return {"code": problem.code, "detail": _text(problem.detail), "at": _text(problem.at)}


def _text(value: str | None) -> str | None:
    """`value` as text that has an encoding: half of a surrogate pair becomes "?"."""
    return None if value is None else value.encode("utf-8", "replace").decode()
