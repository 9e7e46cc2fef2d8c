"""The engine of one machine: supervised processes, and what they miss is fetched once.

This process does next to nothing for a record: it hands on the bytes of pieces as they are in the input, and of rows as
they come from a worker, so it can feed many workers. They take records out of lines, and also write the Parquet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from functools import partial
from typing import NamedTuple, TypeAlias

from vc_core.batch.arrow import pa
from vc_core.batch.engines.part_function import PartFunction, WriteRows, answered, asked, request
from vc_core.batch.errors import JobError
from vc_core.batch.job import Run
from vc_core.batch.parts import Part
from vc_core.batch.pieces import Piece
from vc_core.batch.rows import received, sent
from vc_core.batch.supervision import ATTEMPTS_ALONE, WorkerDied, WorkerFailed, Workers, isolated
from vc_core.batch.verification import Missing, crashed_row
from vc_core.gathering import MOST_ROUNDS

Work: TypeAlias = Piece | pa.RecordBatch


def local(run: Run, found: Iterator[Part]) -> None:
    """Finishes all parts that are found. An exception, also KeyboardInterrupt, ends the workers at once.

    A record that kills its worker, or takes it more than the job's limits allow, gets a row with the code
    WORKER_CRASHED; the rows of others are what they would be without it. One part more than there are workers is under
    way, so that none of them waits while this process writes.
    """
    job = run.job
    most = job.workers + 1
    under_way: set[Future[None]] = set()
    with Workers(job.workers, PartFunction(job.verification, run.folder), job.limits, threads=most) as workers:
        try:
            for part in found:
                while len(under_way) >= most:
                    under_way = _one_ended(under_way)
                under_way.add(workers.submit(partial(_finish, run, workers), part))
            while under_way:
                under_way = _one_ended(under_way)
        finally:
            run.evidence.stop()


def _one_ended(under_way: set[Future[None]]) -> set[Future[None]]:
    """Those that are still under way when one has ended; raises what it raised."""
    ended, others = wait(under_way, return_when=FIRST_COMPLETED)
    for future in ended:
        future.result()
    return others


def _finish(run: Run, workers: Workers, part: Part) -> None:
    rows: list[bytes] = []
    number = 0
    for piece in part.pieces:
        judged = _settled(run, workers, piece)
        rows += judged.rows
        number += judged.number
        run.advance(judged.number, part.share / len(part.pieces))
    run.finish(part.number, _written(workers, rows), rows=number)


class _Judged(NamedTuple):
    """So many rows, in the order of their records, as a worker sent them, and by their index what was missing.

    They rest on `known` files of evidence.
    """

    number: int
    rows: list[bytes]
    missing: dict[int, tuple[Missing, ...]]
    known: int


def _settled(run: Run, workers: Workers, piece: Piece) -> _Judged:
    """The rows of a piece, when nothing more can be had of what was missing for any of them."""
    evidence = run.evidence
    judged = _judged(run, workers, piece)
    missing, known = judged.missing, judged.known
    for _ in range(MOST_ROUNDS if missing else 0):
        evidence.ask(name for names in missing.values() for name in names)
        again = [index for index, names in missing.items() if evidence.answered_since(known, names)]
        if not again:
            break
        others = _judged(run, workers, piece.records().take(again))
        judged = judged._replace(rows=[_replaced(judged.rows, again, others.rows)])
        missing, known = {again[index]: names for index, names in others.missing.items()}, others.known
    return judged


def _judged(run: Run, workers: Workers, work: Work) -> _Judged:
    """The rows of a piece or a batch, also where a record in it kills workers."""
    known = run.evidence.number
    judged = _Judged(0, [], {}, known)

    def ask(some: Work) -> _Judged:
        number, rows, missing = answered(_made(workers, asked(request(some, known=known))))
        return _Judged(number, [rows], missing, known)

    def crashed(record: Work, cause: str) -> _Judged:
        return _Judged(1, [sent(crashed_row(record, cause, run.job.verification))], {}, known)

    for each in isolated(ask, work, _singly, crashed):
        judged.missing.update({judged.number + index: names for index, names in each.missing.items()})
        judged = judged._replace(number=judged.number + each.number, rows=judged.rows + each.rows)
    return judged


def _singly(work: Work) -> Iterator[Work]:
    batch = work if isinstance(work, pa.RecordBatch) else work.records()
    return (batch.slice(index, 1) for index in range(len(batch)))


def _written(workers: Workers, rows: list[bytes]) -> bytes:
    """The file of a part. No record can do harm to who writes it, so somebody else killed a worker that dies of it."""
    for _ in range(ATTEMPTS_ALONE):
        try:
            return _made(workers, asked(WriteRows(rows)))
        except WorkerDied as error:
            death = error
    raise JobError(f"a part cannot be written: {death}", code="WORKER_UNUSABLE") from death


def _made(workers: Workers, work: bytes) -> bytes:
    try:
        return workers.ask(work)
    except WorkerFailed as error:
        raise JobError(f"a worker process failed: {error}", code="WORKER_UNUSABLE") from error


def _replaced(rows: Sequence[bytes], places: Sequence[int], others: Sequence[bytes]) -> bytes:
    """The rows with others in these places."""
    before, after = (pa.concat_tables(map(received, each)) for each in (rows, others))
    order = list(range(len(before)))
    for index, place in enumerate(places):
        order[place] = len(before) + index
    return sent(pa.concat_tables([before, after]).take(order))
