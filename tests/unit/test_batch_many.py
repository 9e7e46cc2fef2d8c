"""`verify_many`: the results of `verify`, in order, in bounded memory, whatever a line does to its process."""

from __future__ import annotations

import itertools
import math
import os
import signal
import struct
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import did
from did import LiveResolver, NotFound, StaticResolver
from status import NO_STATUS_LISTS, LiveStatusLists
from tests.unit.batch_jobs import (
    FAR,
    ISSUER,
    LISTS,
    NOW,
    POLICY,
    STATUS,
    Far,
    credential,
    devour,
    far_credential,
    hang,
    harmful,
    harming,
    leave,
    mixed,
    segfault,
)
from vc_core import Evidence, Verdict, verify
from vc_core.batch import JobError, WorkerLimits, many, supervision, verify_many
from vc_core.batch.messages import Message, exchange
from vc_core.batch.portable import packed
from vc_core.batch.supervision import Stopped, Worker, WorkerDied
from vc_core.policy import AnyIssuer
from vc_core.securing.signed_data import ED25519
from vc_core.status_lists import EvidenceLists, open_list, status_lists

COMMON: dict[str, Any] = {"resolver": StaticResolver(), "status": NO_STATUS_LISTS, "policy": POLICY, "now": NOW}


def children() -> set[int]:
    """The processes that this one has started and that live."""
    text = Path(f"/proc/self/task/{threading.get_native_id()}/children")
    tasks = Path("/proc/self/task").iterdir()
    assert text.exists()
    return {int(each) for task in tasks for each in (task / "children").read_text().split()}


@pytest.mark.parametrize("workers", [1, 2])
def test_the_results_are_those_of_verify_in_order(workers: int) -> None:
    lines = mixed(700)
    found = list(verify_many(lines, workers=workers, **COMMON))
    wanted = [verify(line, **COMMON) for line in lines]
    assert found == wanted
    assert [each.to_json() for each in found] == [each.to_json() for each in wanted]
    assert {each.verdict for each in found} == set(Verdict)
    for one, other in zip(found[:10], wanted[:10], strict=True):
        if one:
            assert one.credential.claims == other.credential.claims
            assert one.credential == other.credential


def test_threads_take_the_place_of_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "runs_threads_at_once", lambda: True)
    before = children()
    lines = mixed(300)
    results = verify_many(lines, workers=2, **COMMON)
    first = next(results)
    assert children() == before
    assert [first, *results] == [verify(line, **COMMON) for line in lines]


@pytest.mark.parametrize("workers", [1, 2])
def test_endless_lines_are_not_held(workers: int) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        for line in itertools.cycle(mixed(10)):
            taken += 1
            yield line

    before = children()
    results = verify_many(endless(), workers=workers, **COMMON)
    found = list(itertools.islice(results, 1000))
    assert len(found) == 1000
    assert taken <= 1000 + 128 * 2 * 2
    if workers > 1:
        assert len(children() - before) == workers
        results.close()  # type: ignore[attr-defined]  # it is a generator
    assert children() == before


@pytest.mark.parametrize(
    ("harm", "cause"), [(segfault, "SIGSEGV"), (leave, "exit code 3"), (devour, "out of memory"), (hang, "in time")]
)
def test_a_line_that_kills_its_process_is_told_and_no_other_is_touched(harm: Any, cause: str) -> None:
    lines = mixed(20)
    lines[13] = harmful()
    settings = COMMON | {"policy": harming(harm)}
    results = list(verify_many(lines, workers=2, limits=WorkerLimits(seconds=0.5), **settings))
    (problem,) = results[13].problems
    assert (problem.code, results[13].verdict) == ("WORKER_CRASHED", Verdict.UNDECIDED)
    assert cause in problem.detail
    del results[13], lines[13]
    assert results == [verify(line, **COMMON) for line in lines]


def test_processes_that_are_killed_from_outside_change_nothing() -> None:
    lines = mixed(3000)
    before = children()
    found = []
    killed = 0
    for number, result in enumerate(verify_many(lines, workers=2, **COMMON)):
        found.append(result)
        if number % 1000 == 0:
            for each in children() - before:
                os.kill(each, signal.SIGKILL)
                killed += 1
    assert killed >= 4
    assert found == [verify(line, **COMMON) for line in lines]


def test_a_process_that_is_stopped_is_replaced() -> None:
    before = children()
    results = verify_many(mixed(3000), workers=2, limits=WorkerLimits(seconds=0.2), **COMMON)
    next(results)
    (one, *_) = children() - before
    os.kill(one, signal.SIGSTOP)
    began = time.monotonic()
    assert len(list(results)) == 2999
    assert time.monotonic() - began < 20


class BrokenResolver:
    """A resolver that breaks its contract."""

    def resolve(self, did: str, *, at: Any = None) -> did.DIDDocument:
        raise KeyError(did)


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_broken_resolver_raises_is_raised(workers: int) -> None:
    results = verify_many([credential(1)], workers=workers, **COMMON | {"resolver": BrokenResolver()})
    with pytest.raises(KeyError):
        list(results)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_line_is_bytes(workers: int) -> None:
    with pytest.raises(TypeError, match="as bytes"):
        list(verify_many(["{}"], workers=workers, **COMMON))  # type: ignore[list-item]  # a text is none


def torn(lines: list[Any]) -> Iterator[Any]:
    """These lines, and then no more for a reason."""
    yield from lines
    raise EOFError


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("more", [[], ["{}"], [bytearray(b"{}")], [memoryview(b"{}")], [None]])
def test_the_results_before_a_line_that_cannot_be_had_are_given(workers: int, more: list[Any]) -> None:
    lines = [credential(number % 3) for number in range(290)]
    found = []
    with pytest.raises(TypeError if more else EOFError):  # noqa: PT012  (it is raised in the loop)
        for result in verify_many(torn(lines + more), workers=workers, **COMMON):
            found.append(result)  # noqa: PERF402  (what was given before the error counts)
    assert len(found) == len(lines)
    assert all(found)


def test_a_line_that_is_changed_later_is_none() -> None:
    """Else its verdict would be that of the line which took its place."""
    place = bytearray()

    def reused() -> Iterator[Any]:
        for line in (credential(1).replace(b"Mikro", b"Makro"), credential(1)):
            place[:] = line
            yield place

    with pytest.raises(TypeError, match="as bytes"):
        list(verify_many(reused(), workers=2, **COMMON))


class PartlyBroken:
    """A resolver that fails for one DID."""

    def resolve(self, did: str, *, at: Any = None) -> Any:
        if did.startswith("did:example:"):
            raise KeyError(did)
        return StaticResolver().resolve(did, at=at)


def test_where_verify_raises_no_other_line_is_verified_in_this_process() -> None:
    lines = [credential(1), harmful(), credential(2), far_credential(3), harmful(), credential(4)]
    policy = replace(harming(leave), accepted_issuers=frozenset({ISSUER, FAR}))
    found = []
    with pytest.raises(KeyError):  # noqa: PT012  (it is raised in the loop)
        for result in verify_many(lines, workers=2, **COMMON | {"policy": policy, "resolver": PartlyBroken()}):
            found.append(result.verdict)  # noqa: PERF401  (what was given before the error counts)
    assert found == [Verdict.VERIFIED, Verdict.UNDECIDED, Verdict.VERIFIED]


@pytest.mark.parametrize(
    "live",
    [
        {"resolver": LiveResolver(Far())},  # type: ignore[arg-type]  # nothing is fetched
        {"status": LiveStatusLists(list, open_list(StaticResolver(), POLICY))},  # type: ignore[arg-type]  # nothing is fetched
        {"status": LISTS, "policy": replace(POLICY, algorithms={"Ed25519": replace(ED25519, verify=lambda *_: True)})},
    ],
)
def test_what_cannot_go_to_another_process_is_told_at_once(live: Any) -> None:
    before = children()
    with pytest.raises(TypeError, match="cannot go to another process"):
        verify_many([], workers=2, **COMMON | live)
    verify_many([], workers=1, **COMMON | live)
    assert children() == before


class Strict(StaticResolver):
    """A resolver that knows nobody."""

    def resolve(self, did: str, *, at: datetime | None = None) -> Any:
        raise NotFound("nobody is known here")


def test_a_resolver_of_another_class_does_not_become_the_plain_one() -> None:
    with pytest.raises(TypeError, match="Strict has no __reduce__ of its own"):
        verify_many([], workers=2, **COMMON | {"resolver": Strict()})


class Registry(AnyIssuer):
    """Issuers that others decide on."""

    def __contains__(self, issuer: object) -> bool:
        return False


def test_accepted_issuers_of_another_class_do_not_become_all_of_them() -> None:
    policy = replace(POLICY, accepted_issuers=Registry())
    settings = COMMON | {"policy": policy}
    expected = verify(credential(1), **settings)
    assert [each.code for each in expected.problems] == ["UNACCEPTED_ISSUER"]
    assert list(verify_many([credential(1)], workers=2, **settings)) == [expected]


def test_what_is_of_the_program_itself_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process cannot import it."""
    monkeypatch.setattr(Far, "__module__", "__main__")
    with pytest.raises(TypeError, match="'Far' is of the program itself: put it in a module"):
        verify_many([], workers=2, **COMMON | {"status": Far()})


@pytest.mark.parametrize("limits", [{"seconds": 0}, {"seconds": -1}, {"memory": 0}, {"seconds": math.nan}])
def test_a_worker_has_some_time_and_some_memory(limits: Any) -> None:
    with pytest.raises(ValueError, match="some time and some memory"):
        WorkerLimits(**limits)


def test_status_lists_go_to_another_process_as_they_were_given() -> None:
    """What was opened or refused here is opened anew there."""
    evidence = Evidence(resources={STATUS["statusListCredential"]: b"no list"})
    for lists in (
        status_lists(evidence, resolver=StaticResolver(), policy=POLICY),
        EvidenceLists(StaticResolver(), POLICY).of(evidence),
    ):
        line, settings = credential(7, credentialStatus=STATUS), COMMON | {"status": lists}
        result = verify(line, **settings)
        assert [each.code for each in result.problems] == ["STATUS_VERIFICATION_ERROR"]
        assert list(verify_many([line], workers=2, **settings)) == [result]


@pytest.mark.parametrize("workers", [0, -1, 1025])
def test_the_number_of_workers_is_checked_at_once(workers: int) -> None:
    with pytest.raises(ValueError, match="1 to 1024"):
        verify_many([], workers=workers, **COMMON)


class _Unpackable:
    """Ends the process that unpacks it."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os._exit, (4,)


def test_a_worker_that_does_not_start_is_an_error_and_no_verdict() -> None:
    worker = Worker(packed(_Unpackable()), WorkerLimits())
    with pytest.raises(JobError, match="exit code 4") as caught:
        worker.ask(b"")
    assert caught.value.code == "WORKER_UNUSABLE"


class _Unmakable:
    """Cannot be unpacked."""

    def __reduce__(self) -> tuple[Any, ...]:
        return int, ("x",)


def test_a_function_that_cannot_be_made_is_an_error_and_no_verdict() -> None:
    before = children()
    worker = Worker(packed((packed(_Unmakable()), WorkerLimits())), WorkerLimits())
    with pytest.raises(JobError, match="no worker process starts: ValueError") as caught:
        worker.ask(b"")
    assert caught.value.code == "WORKER_UNUSABLE"
    assert children() == before


@pytest.mark.parametrize("program", ["/nowhere/python", "", None])
def test_a_process_that_cannot_be_made_is_an_error_of_ours(program: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", program)
    with pytest.raises(JobError, match="no worker process starts") as caught:
        list(verify_many([b"{}"], workers=2, **COMMON))
    assert caught.value.code == "WORKER_UNUSABLE"


@pytest.mark.parametrize("call", [1, 2])
def test_an_answer_that_was_not_taken_is_not_that_to_another_work(call: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first exchange hands over the function, the second a work."""
    calls = itertools.count(1)

    def exhausted(to: int, back: int, data: bytes, *, seconds: float) -> Message:
        if next(calls) != call:
            return exchange(to, back, data, seconds=seconds)
        os.write(to, struct.pack(">?Q", True, len(data)) + data)
        raise MemoryError

    monkeypatch.setattr(supervision, "exchange", exhausted)
    worker = Worker(packed((packed(same), WorkerLimits())), WorkerLimits())
    try:
        with pytest.raises(MemoryError):
            worker.ask(b"1")
        assert worker.ask(b"2") == b"2"
    finally:
        worker.close()
        worker.bury()


def test_no_lines_need_no_process() -> None:
    before = children()
    assert list(verify_many([], workers=2, **COMMON)) == []
    assert children() == before


def same(data: bytes) -> bytes:
    """What it is given."""
    return data


def test_a_process_that_does_not_even_read_is_replaced() -> None:
    limits = WorkerLimits(seconds=0.1)
    worker = Worker(packed((packed(same), limits)), limits)
    before = children()
    try:
        assert worker.ask(b"1") == b"1"
        (one,) = children() - before
        os.kill(one, signal.SIGSTOP)
        with pytest.raises(WorkerDied, match="no answer in time"):
            worker.ask(bytes(10_000_000))
        assert worker.ask(b"2") == b"2"
    finally:
        worker.close()
        worker.bury()
    with pytest.raises(Stopped):
        worker.ask(b"3")
