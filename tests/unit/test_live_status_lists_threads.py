"""Many threads and one cache of lists: none of another URL, none that has expired, and one fetch for a burst."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from status import LiveStatusLists, OpenedList, StatusEntry, StatusList, StatusRetrievalError

THREADS, REQUESTS = 16, 100_000
TTL, NEGATIVE_TTL = 10.0, 2.0
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
ISSUER = "did:example:university"


def run(count: int, work: Callable[[int], None]) -> None:
    """Runs `work` in so many threads at once; the first error of any is raised."""
    errors: list[BaseException] = []
    ready = threading.Barrier(count)

    def target(number: int) -> None:
        try:
            ready.wait()
            work(number)
        except BaseException as error:  # noqa: BLE001  (is raised below, in the thread of the test)
            errors.append(error)

    threads = [threading.Thread(target=target, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


@cache
def numbered(number: int) -> StatusList:
    return StatusList(number.to_bytes(4, "big") + bytes(131_068), 8)


def opened(body: bytes, /, *, url: str, now: datetime) -> OpenedList:
    """A list whose values at 0 to 3 are the number in the body."""
    return OpenedList(
        url=url,
        format="bitstring",
        issuer=ISSUER,
        purposes=frozenset({"message"}),
        statuses=numbered(int(body.partition(b" ")[2])),
        valid_from=NOON,
    )


def entry(url: str, index: int = 3) -> StatusEntry:
    return StatusEntry("BitstringStatusListEntry", "message", index, url, 8)


class Seen:
    """Issuers of whom each is accepted, and the last one that was asked for is known."""

    def __init__(self) -> None:
        self.issuer = ""

    def __contains__(self, issuer: object) -> bool:
        self.issuer = str(issuer)
        return True


def test_threads_over_the_edges_of_expiry() -> None:
    """Each list says for which URL it is and when it was fetched; one in five hosts has none at times."""
    clock = [1000.0]
    fetched: Counter[str] = Counter()
    guard = threading.Lock()

    def fetch(url: str, /) -> bytes:
        with guard:
            began = clock[0]
            fetched[url] += 1
        if "host-0" in url and int(began) % 3 == 0:
            raise StatusRetrievalError("down", url=url)
        return f"{url} {began}".encode()

    def open_list(body: bytes, /, *, url: str, now: datetime) -> OpenedList:
        return replace(opened(b"a 7", url=url, now=now), issuer=body.decode(), valid_from=None)

    lists = LiveStatusLists(
        fetch, open_list, ttl=TTL, negative_ttl=NEGATIVE_TTL, capacity=40 * 132_000, clock=lambda: clock[0]
    )
    urls = [f"https://host-{number % 5}.example/{number}" for number in range(50)]
    entries = [entry(url) for url in urls]
    crossed: list[tuple[str, str]] = []
    stale: list[tuple[str, float, float]] = []
    answers: Counter[str] = Counter()

    def work(number: int) -> None:
        choice, seen = random.Random(number), Seen()  # seeded: the requests are the same in every run
        for _ in range(REQUESTS // THREADS):
            each = entries[int(50 * choice.random() ** 2)]
            if choice.random() < 0.01:
                with guard:
                    clock[0] += choice.choice([0.01, 0.1, NEGATIVE_TTL, TTL / 2, TTL])
            before = clock[0]
            try:
                assert lists.look_up(each, issuers=seen, now=NOON) == 7
            except StatusRetrievalError:
                answers["failure"] += 1
                continue
            url, _, at = seen.issuer.partition(" ")
            answers["value"] += 1
            if url != each.list_url:
                crossed.append((each.list_url, url))
            if float(at) <= before - TTL:
                stale.append((url, float(at), before))

    run(THREADS, work)
    assert answers.total() <= REQUESTS  # a counter of threads may miss some
    assert answers["failure"] > 100
    assert 1_000 < fetched.total() < REQUESTS / 2
    assert (crossed, stale) == ([], [])


def test_bursts_at_the_moment_of_expiry() -> None:
    """All threads ask for one list at once, again and again, each time when it has just expired."""
    clock, rounds = [1000.0], 200
    fetched: list[str] = []

    def fetch(url: str, /) -> bytes:
        fetched.append(url)
        return f"{url} {len(fetched) % 256}".encode()

    lists = LiveStatusLists(fetch, opened, ttl=TTL, clock=lambda: clock[0])

    def expire() -> None:
        clock[0] += TTL

    together = threading.Barrier(THREADS, action=expire)

    def work(number: int) -> None:
        for turn in range(rounds):
            together.wait()
            assert lists.look_up(entry("https://a.example"), issuers={ISSUER}, now=NOON) == (turn + 1) % 256

    run(THREADS, work)
    assert len(fetched) == rounds


@pytest.mark.parametrize("succeeds", [True, False])
def test_a_thousand_threads_make_one_fetch(succeeds: bool) -> None:
    waiting = threading.Semaphore(0)
    fetched: list[str] = []

    def fetch(url: str, /) -> bytes:
        fetched.append(url)
        waiting.acquire(timeout=10)  # until all others have asked
        if not succeeds:
            raise StatusRetrievalError("down", url=url)
        return b"a 7"

    lists = LiveStatusLists(fetch, opened)
    count = 1000
    arrived = [0]
    guard = threading.Lock()
    outcomes: list[Any] = []

    def work(number: int) -> None:
        with guard:
            arrived[0] += 1
            if arrived[0] == count:
                threading.Timer(0.3, waiting.release).start()
        try:
            outcomes.append(lists.look_up(entry("https://a.example"), issuers={ISSUER}, now=NOON))
        except StatusRetrievalError as error:
            outcomes.append(error)

    run(count, work)
    assert (len(fetched), len(outcomes)) == (1, count)
    if succeeds:
        assert set(outcomes) == {7}
    else:
        assert len({id(each) for each in outcomes}) == count  # an error of its own for each, and the same text
        assert {each.detail for each in outcomes} == {"down"}


def test_a_fetch_that_is_broken_off_leaves_nobody_waiting() -> None:
    """Who waited fetches for himself."""
    begun, go_on = threading.Event(), threading.Event()
    fetched: list[str] = []

    def fetch(url: str, /) -> bytes:
        fetched.append(url)
        if len(fetched) == 1:
            begun.set()
            go_on.wait(10)
            raise KeyboardInterrupt
        return b"a 7"

    lists = LiveStatusLists(fetch, opened)
    found: list[Any] = []

    def ask() -> None:
        try:
            found.append(lists.look_up(entry("https://a.example"), issuers={ISSUER}, now=NOON))
        except KeyboardInterrupt:
            found.append("interrupted")

    one = threading.Thread(target=ask)
    one.start()
    assert begun.wait(10)
    other = threading.Thread(target=ask)
    other.start()
    other.join(0.1)
    assert (other.is_alive(), len(fetched)) == (True, 1)
    go_on.set()
    one.join(10)
    other.join(10)
    assert sorted(found, key=str) == [7, "interrupted"]
    assert len(fetched) == 2


def test_who_waited_in_vain_for_another_time_asks_anew() -> None:
    """A list that could not be verified for a time long ago may be good for now."""
    begun, go_on = threading.Event(), threading.Event()
    past = NOON - timedelta(days=400)
    fetched: list[str] = []

    def fetch(url: str, /) -> bytes:
        fetched.append(url)
        if len(fetched) == 1:
            begun.set()
            go_on.wait(10)
        return b"a 7"

    def open_list(body: bytes, /, *, url: str, now: datetime) -> OpenedList:
        if now == past:
            raise StatusRetrievalError("not then", url=url)
        return opened(body, url=url, now=now)

    lists = LiveStatusLists(fetch, open_list)
    found: list[Any] = []

    def ask(now: datetime) -> None:
        try:
            found.append(lists.look_up(entry("https://a.example"), issuers={ISSUER}, now=now))
        except StatusRetrievalError as error:
            found.append(error.detail)

    one = threading.Thread(target=ask, args=(past,))
    one.start()
    assert begun.wait(10)
    other = threading.Thread(target=ask, args=(NOON,))
    other.start()
    other.join(0.1)
    go_on.set()
    one.join(10)
    other.join(10)
    assert sorted(found, key=str) == [7, "not then"]


def test_nobody_waits_for_what_does_not_end() -> None:
    """A fetch that hangs is waited for as long as a list would be good for, and then begun anew."""
    begun, hanging = threading.Event(), threading.Event()
    fetched: list[str] = []

    def fetch(url: str, /) -> bytes:
        fetched.append(url)
        if len(fetched) == 1:
            begun.set()
            hanging.wait(10)
        return b"a 7"

    lists = LiveStatusLists(fetch, opened, ttl=0.2)

    def ask() -> None:
        lists.look_up(entry("https://a.example"), issuers={ISSUER}, now=NOON)

    first = threading.Thread(target=ask)
    first.start()
    assert begun.wait(10)
    ask()
    assert (len(fetched), first.is_alive()) == (2, True)
    hanging.set()
    first.join(10)
    assert not first.is_alive()
