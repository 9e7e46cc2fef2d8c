"""Many credentials: one verdict each, in their order, whatever the number of processes that make them."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain, islice
from typing import Any, Final, NamedTuple, TypeAlias

import msgspec

from did import Resolver
from status import StatusLists
from vc_core.batch.supervision import WorkerDied, WorkerFailed, Workers, isolated
from vc_core.batch.worker import WorkerLimits
from vc_core.evidence import NO_EVIDENCE, Evidence
from vc_core.policy import Policy
from vc_core.result import Check, Credential, Problem, ProvenMethod, VerificationResult
from vc_core.verify import verify

MOST_WORKERS: Final = 1024
_SLICE: Final = 128
"""Lines that are handed to a worker at a time."""
_SLICE_BYTES: Final = 1024 * 1024
_AHEAD: Final = 2
"""Slices for each worker that are under way or wait to be taken out."""

Judge: TypeAlias = Callable[[bytes], VerificationResult]
Slice: TypeAlias = list[bytes]


def verify_many(
    lines: Iterable[bytes],
    *,
    resolver: Resolver,
    status: StatusLists,
    policy: Policy,
    now: datetime,
    evidence: Evidence = NO_EVIDENCE,
    workers: int = 1,
    limits: WorkerLimits = WorkerLimits(),  # noqa: B008  (a frozen value)
) -> Iterator[VerificationResult]:
    """The result of `vc_core.verify` for each of `lines`, in their order, as they are taken out.

    `lines` may be endless: no more than some slices of them are held. With several `workers` they are verified by as
    many processes, or by threads where the interpreter runs threads at the same time; what is handed in is then packed
    (see `vc_core.batch.portable`), and every process has a resolver and status lists of its own. The claims of a
    credential from another process are read again here, from the bytes, when they are asked for.

    A line that kills its process, or takes it more than `limits` allows, is UNDECIDED with the code WORKER_CRASHED; the
    others are not touched by it. With one worker nothing stands between a line and this process.

    Raises TypeError at once for what cannot be packed, such as a resolver or lists of the network; when a result is
    taken out what `verify` raises, and `JobError` if no process can be started.
    """
    if not 1 <= workers <= MOST_WORKERS:
        raise ValueError(f"workers is a number from 1 to {MOST_WORKERS}")
    judge = partial(verify, resolver=resolver, status=status, policy=policy, now=now, evidence=evidence)
    if workers == 1:
        return map(judge, lines)
    if runs_threads_at_once():
        return _by_threads(lines, judge, workers)
    return _by_processes(lines, judge, Workers(workers, _Judging(judge), limits, threads=_AHEAD * workers), workers)


def runs_threads_at_once() -> bool:
    """Whether this interpreter has no global lock, so that threads are as good as processes."""
    return not getattr(sys, "_is_gil_enabled", lambda: True)()


def _by_threads(lines: Iterable[bytes], judge: Judge, workers: int) -> Iterator[VerificationResult]:
    with ThreadPoolExecutor(workers) as pool:
        yield from _ordered(lines, lambda part: pool.submit(list, map(judge, part)), workers)


def _by_processes(lines: Iterable[bytes], judge: Judge, pool: Workers, workers: int) -> Iterator[VerificationResult]:
    with pool:

        def asked(part: Slice) -> Iterable[VerificationResult]:
            try:
                return results(pool.ask(msgspec.msgpack.encode(part)), part, judge)
            except WorkerFailed as error:
                if len(part) > 1:
                    raise WorkerDied from error  # one by one: another line of them may kill who verifies it
                return map(judge, part)  # it is raised here, too, and in its turn

        def judged(part: Slice) -> Iterable[VerificationResult]:
            return chain.from_iterable(list(isolated(asked, part, _singly, _crashed)))

        yield from _ordered(lines, partial(pool.submit, judged), workers)


def _ordered(
    lines: Iterable[bytes], submit: Callable[[Slice], Future[Iterable[VerificationResult]]], workers: int
) -> Iterator[VerificationResult]:
    """The results of all slices in order, with a bounded number of them under way; then what taking lines raised."""
    raised: list[Exception] = []
    parts = _slices(_taken(lines, raised))
    under_way = deque(map(submit, islice(parts, workers * _AHEAD)))
    try:
        while under_way:
            yield from under_way.popleft().result()
            under_way.extend(map(submit, islice(parts, 1)))
    finally:
        for future in under_way:
            future.cancel()
    for error in raised:
        raise error


def _taken(lines: Iterable[bytes], raised: list[Exception]) -> Iterator[bytes]:
    """The lines until one cannot be had, or is none: what can be changed yet is not what it was when it is verified."""
    try:
        for line in lines:
            if not isinstance(line, bytes):
                raise TypeError("a credential is given as bytes")  # noqa: TRY301  (as whoever hands them in might)
            yield line
    except Exception as error:  # noqa: BLE001  (it is raised when its turn has come)
        raised.append(error)


def _slices(lines: Iterable[bytes]) -> Iterator[Slice]:
    """The lines in slices that are bounded in number and, but for their last line, in bytes."""
    part: Slice = []
    size = 0
    for line in lines:
        part.append(line)
        size += len(line)
        if len(part) == _SLICE or size >= _SLICE_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part


class _Known(NamedTuple):
    """A credential without its claims."""

    issuer: str
    types: tuple[str, ...]
    valid_from: str | None
    valid_until: str | None
    proven_by: tuple[ProvenMethod, ...]
    cnf: Mapping[str, Any] | None


class _Sent(NamedTuple):
    """Results of a slice: one of each kind of checks, as most are alike, and for each result the number of its kind.

    What is known of a credential stays as it was sent until somebody asks.
    """

    checks: list[tuple[Check, ...]]
    results: list[tuple[tuple[Problem, ...], int, str | None, msgspec.Raw]]


_SENT: Final = msgspec.msgpack.Decoder(_Sent)
_KNOWN: Final = msgspec.msgpack.Decoder(_Known)
_LINES: Final = msgspec.msgpack.Decoder(list[bytes])


def results(data: bytes, lines: Slice, judge: Judge) -> list[VerificationResult]:
    """The results of these lines in what a worker answered. Their claims are made by `judge`, here."""
    sent = _SENT.decode(data)
    return [
        VerificationResult(
            problems, sent.checks[kind], securing, None if problems else partial(_credential, known, judge, line)
        )
        for line, (problems, kind, securing, known) in zip(lines, sent.results, strict=True)
    ]


def _credential(known: msgspec.Raw, judge: Judge, line: bytes) -> Credential:
    return Credential(*_KNOWN.decode(known), lambda: judge(line).credential.claims)


@dataclass(frozen=True, slots=True)
class _Judging:
    """What a worker applies to a slice."""

    judge: Judge

    def __call__(self, work: bytes) -> bytes:
        kinds: list[tuple[Check, ...]] = []
        made = []
        for line in _LINES.decode(work):
            result = self.judge(line)
            if result.checks not in kinds:  # the same few objects, so they are compared faster than hashed
                kinds.append(result.checks)
            known = None
            if result:
                of = result.credential
                known = _Known(of.issuer, of.types, of.valid_from, of.valid_until, of.proven_by, of.cnf)
            made.append((result.problems, kinds.index(result.checks), result.securing, known))
        return msgspec.msgpack.encode((kinds, made))


def crashed(cause: str) -> Problem:
    """The problem of a record that no worker survives. It leaves the verdict open."""
    return Problem("WORKER_CRASHED", f"the process that verified it ended: {cause}", missing="a verdict")


def _singly(part: Slice) -> Iterator[Slice]:
    return ([line] for line in part)


def _crashed(_part: Slice, cause: str) -> Iterable[VerificationResult]:
    return [VerificationResult((crashed(cause),), (), None, None)]
