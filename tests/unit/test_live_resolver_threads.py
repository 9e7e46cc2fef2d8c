"""Many threads and one resolver: no document of another DID, none that has expired, and one fetch for a burst."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

import did

THREADS, REQUESTS = 16, 100_000
TTL, NEGATIVE_TTL = 10.0, 2.0


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


def name_of(url: str) -> str:
    return "did:web:" + url.removeprefix("https://").removesuffix("/.well-known/did.json")


def test_threads_over_the_edges_of_expiry() -> None:
    """Each document says for whom it is and when it was fetched; one in five hosts has none at times."""
    clock = [1000.0]
    fetched: Counter[str] = Counter()
    guard = threading.Lock()

    def fetch(url: str, *, accept: str) -> did.Response:
        with guard:
            began = clock[0]
            fetched[url] += 1
        body = json.dumps({"id": name_of(url), "alsoKnownAs": [f"urn:at:{began}"]}).encode()
        failed = url.startswith("https://host-0") and int(began) % 3 == 0
        return did.Response(404 if failed else 200, "", body, url)

    resolver = did.LiveResolver(fetch, ttl=TTL, negative_ttl=NEGATIVE_TTL, capacity=40, clock=lambda: clock[0])
    names = [f"did:web:host-{number % 5}-{number}.example" for number in range(50)]
    wrong: list[tuple[str, str]] = []
    stale: list[tuple[str, float, float]] = []
    answers: Counter[str] = Counter()

    def work(number: int) -> None:
        choice = random.Random(number)  # seeded: the requests are the same in every run
        for _ in range(REQUESTS // THREADS):
            name = names[int(50 * choice.random() ** 2)]
            if choice.random() < 0.01:
                with guard:
                    clock[0] += choice.choice([0.01, 0.1, NEGATIVE_TTL, TTL / 2, TTL])
            before = clock[0]
            try:
                document = resolver.resolve(name)
            except did.NotFound:
                answers["failure"] += 1
                continue
            known: Any = document.json["alsoKnownAs"][0]
            at = float(known.removeprefix("urn:at:"))
            answers["document"] += 1
            if document.id != name:
                wrong.append((name, document.id))
            if at <= before - TTL:
                stale.append((name, at, before))

    run(THREADS, work)
    assert answers.total() <= REQUESTS  # a counter of threads may miss some
    assert answers["failure"] > 100
    assert 1_000 < fetched.total() < REQUESTS / 2
    assert (wrong, stale) == ([], [])


def test_bursts_at_the_moment_of_expiry() -> None:
    """All threads ask for one document at once, again and again, each time when it has just expired."""
    clock, rounds = [1000.0], 200
    fetched: list[str] = []

    def fetch(url: str, *, accept: str) -> did.Response:
        fetched.append(url)
        return did.Response(200, "", json.dumps({"id": name_of(url)}).encode(), url)

    resolver = did.LiveResolver(fetch, ttl=TTL, clock=lambda: clock[0])

    def expire() -> None:
        clock[0] += TTL

    together = threading.Barrier(THREADS, action=expire)

    def work(number: int) -> None:
        for _ in range(rounds):
            together.wait()
            assert resolver.resolve("did:web:a.example").id == "did:web:a.example"

    run(THREADS, work)
    assert len(fetched) == rounds


@pytest.mark.parametrize("succeeds", [True, False])
def test_a_thousand_threads_make_one_fetch(succeeds: bool) -> None:
    waiting = threading.Semaphore(0)
    fetched: list[str] = []

    def fetch(url: str, *, accept: str) -> did.Response:
        fetched.append(url)
        waiting.acquire(timeout=10)  # until all others have asked
        body = json.dumps({"id": name_of(url)}).encode()
        return did.Response(200 if succeeds else 404, "", body, url)

    resolver = did.LiveResolver(fetch)
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
            outcomes.append(resolver.resolve("did:web:a.example"))
        except did.NotFound as error:
            outcomes.append(error)

    run(count, work)
    assert len(fetched) == 1
    assert len(outcomes) == count
    if succeeds:
        assert {id(each) for each in outcomes} == {id(outcomes[0])}
    else:
        assert len({id(each) for each in outcomes}) == count  # an error of its own for each, and the same text
        assert len({each.detail for each in outcomes}) == 1


def test_a_resolution_that_is_broken_off_leaves_nobody_waiting() -> None:
    """Who waited resolves for himself."""
    begun, go_on = threading.Event(), threading.Event()
    fetched: list[str] = []

    def fetch(url: str, *, accept: str) -> did.Response:
        fetched.append(url)
        if len(fetched) == 1:
            begun.set()
            go_on.wait(10)
            raise KeyboardInterrupt
        return did.Response(200, "", json.dumps({"id": name_of(url)}).encode(), url)

    resolver = did.LiveResolver(fetch)
    found: list[Any] = []

    def first() -> None:
        try:
            resolver.resolve("did:web:a.example")
        except KeyboardInterrupt:
            found.append("interrupted")

    def second() -> None:
        found.append(resolver.resolve("did:web:a.example").id)

    one = threading.Thread(target=first)
    one.start()
    assert begun.wait(10)
    other = threading.Thread(target=second)
    other.start()
    other.join(0.1)
    assert (other.is_alive(), fetched) == (True, fetched[:1])
    go_on.set()
    one.join(10)
    other.join(10)
    assert sorted(found) == ["did:web:a.example", "interrupted"]
    assert len(fetched) == 2


def test_nobody_waits_for_what_does_not_end() -> None:
    """A resolution that hangs is waited for as long as its document would be good for, and then begun anew."""
    begun, hanging = threading.Event(), threading.Event()
    fetched: list[str] = []

    def fetch(url: str, *, accept: str) -> did.Response:
        fetched.append(url)
        if len(fetched) == 1:
            begun.set()
            hanging.wait(10)
        return did.Response(200, "", json.dumps({"id": name_of(url)}).encode(), url)

    resolver = did.LiveResolver(fetch, ttl=0.2)
    first = threading.Thread(target=resolver.resolve, args=("did:web:a.example",))
    first.start()
    assert begun.wait(10)
    assert resolver.resolve("did:web:a.example").id == "did:web:a.example"
    assert (len(fetched), first.is_alive()) == (2, True)
    hanging.set()
    first.join(10)
    assert not first.is_alive()
