"""Parts in groups, for engines that have so much to do for one task of theirs that several parts are worth it.

To such an engine a part is two values: bytes that say what is in it, and bytes of the file that is made of it. So it
copies them as they are, and nothing on the way looks into records and rows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Final

import msgspec

from vc_core.batch.arrow import pa
from vc_core.batch.engines.part_function import JudgeLines, JudgeRecords, request
from vc_core.batch.job import Run
from vc_core.batch.parts import Part, written
from vc_core.batch.rows import received_batch
from vc_core.batch.verification import verify_batches

_GROUP: Final = 8
_AT_A_TIME: Final = 3
"""Groups under way: while one is verified, another one is read, and the parts of a third are written."""
_REQUESTS: Final = msgspec.msgpack.Decoder(list[JudgeLines | JudgeRecords])

TASKS: Final = pa.schema(
    [pa.field("number", pa.int64(), nullable=False), pa.field("work", pa.binary(), nullable=False)]
)
"""Parts to be verified: their numbers, and what is in them."""
FILES: Final = pa.schema(
    [
        pa.field("number", pa.int64(), nullable=False),
        pa.field("rows", pa.int64(), nullable=False),
        pa.field("file", pa.binary(), nullable=False),
    ]
)
"""Parts that are verified: how many rows each has, and the Parquet file of them."""


def in_groups(run: Run, found: Iterator[Part], verified: Callable[[list[pa.RecordBatch]], pa.Table]) -> None:
    """Finishes all parts that are found.

    `verified` has the parts of several batches of `TASKS` `made`, in any order; threads call it.
    """

    def finish(together: Sequence[Part]) -> None:
        files = verified([_task(part) for part in together]).select(FILES.names)
        shares = {part.number: part.share for part in together}
        for number, rows, file in zip(*(column.to_pylist() for column in files.columns), strict=True):
            run.finish(number, file, rows=rows)
            run.advance(rows, shares[number])

    under_way: deque[Future[None]] = deque()
    with ThreadPoolExecutor(_AT_A_TIME) as threads:
        while together := list(islice(found, _GROUP)):
            if len(under_way) == _AT_A_TIME:
                under_way.popleft().result()
            under_way.append(threads.submit(finish, together))
        for future in under_way:
            future.result()


def made(verification: bytes, tasks: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The files of parts, in batches of `FILES`; `verification` is a packed `Verification`."""
    for batch in tasks:
        for number, work in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            records = map(_records, _REQUESTS.decode(_expanded(work)))
            rows = pa.Table.from_batches(verify_batches(verification, records))
            yield pa.record_batch([[number], [len(rows)], [written(rows)]], schema=FILES)


def _task(part: Part) -> pa.RecordBatch:
    work = _compressed(msgspec.msgpack.encode([request(piece, known=0) for piece in part.pieces]))
    return pa.record_batch([[part.number], [work]], schema=TASKS)


def _compressed(data: bytes) -> bytes:
    """For what an engine copies many times on its way: credentials of one kind have much in common."""
    stream = pa.BufferOutputStream()
    with pa.CompressedOutputStream(stream, "lz4") as compressing:
        compressing.write(data)
    return bytes(stream.getvalue().to_pybytes())


def _expanded(data: bytes) -> bytes:
    with pa.CompressedInputStream(pa.BufferReader(data), "lz4") as expanding:
        return bytes(expanding.read())


def _records(of: JudgeLines | JudgeRecords) -> pa.RecordBatch:
    return of.lines.records() if isinstance(of, JudgeLines) else received_batch(of.records)
