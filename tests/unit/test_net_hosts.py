"""Turns and circuits, with a clock that stands still unless it is set."""

from __future__ import annotations

import time
from contextlib import suppress
from threading import Barrier, Event, Thread

import pytest

import did
from vc_core.net import FETCH_CODES, FetchError, FetchPostponed
from vc_core.net.deadline import Deadline
from vc_core.net.hosts import Hosts

HOST = "example.com:443"
PAUSE = 30.0
OF_THE_HOST = {"HOST_NOT_FOUND", "CONNECTION_ERROR", "TLS_ERROR", "DEADLINE_EXCEEDED"}


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def hosts(clock: Clock) -> Hosts:
    return Hosts(connections=2, failures=3, pause=PAUSE, clock=clock)


def turn(hosts: Hosts, code: str | None = None, *, host: str = HOST, seconds: float = 5) -> str:
    """A turn that ends with this error, or well; the code with which it ended."""
    try:
        with hosts.turn(host, Deadline(seconds, time.monotonic)):
            if code:
                raise FetchError(code, "as the test wants it")
    except FetchError as error:
        return error.code
    return "done"


def spent(hosts: Hosts, deadline: Deadline, clock: Clock, *, look_up: float = 0) -> FetchError:
    """How a turn ends in which a look-up takes so many seconds and the host more than are left."""
    try:
        with hosts.turn(HOST, deadline) as began:
            clock.now += look_up
            began.begins()
            clock.now += 5
            deadline.left()
    except FetchError as error:
        return error
    raise AssertionError("there was time left")


def failed(hosts: Hosts, times: int, *, host: str = HOST) -> None:
    for _ in range(times):
        assert turn(hosts, "CONNECTION_ERROR", host=host) == "CONNECTION_ERROR"


def test_the_circuit_opens_after_failures_in_a_row(hosts: Hosts, clock: Clock) -> None:
    failed(hosts, 2)
    assert turn(hosts) == "done"
    failed(hosts, 3)
    assert turn(hosts) == "CIRCUIT_OPEN"
    assert turn(hosts, host="example.com:8443") == "done"
    clock.now += PAUSE - 0.001
    assert turn(hosts) == "CIRCUIT_OPEN"
    clock.now += 0.001
    assert turn(hosts) == "done"
    failed(hosts, 2)
    assert turn(hosts) == "done"


def test_a_trial_that_fails_opens_it_again(hosts: Hosts, clock: Clock) -> None:
    failed(hosts, 3)
    for _ in range(3):
        clock.now += PAUSE
        failed(hosts, 1)
        assert turn(hosts) == "CIRCUIT_OPEN"


def test_the_pause_begins_with_the_failure(hosts: Hosts, clock: Clock) -> None:
    failed(hosts, 2)
    with suppress(FetchError), hosts.turn(HOST, Deadline(5, time.monotonic)):
        clock.now += PAUSE
        raise FetchError("DEADLINE_EXCEEDED", "as the test wants it")
    assert turn(hosts) == "CIRCUIT_OPEN"


def test_one_trial_at_a_time(hosts: Hosts, clock: Clock) -> None:
    failed(hosts, 3)
    clock.now += PAUSE
    with hosts.turn(HOST, Deadline(5, time.monotonic)):
        assert turn(hosts) == "CIRCUIT_OPEN"
    assert turn(hosts) == "done"


def test_a_trial_that_says_nothing_of_the_host(hosts: Hosts, clock: Clock) -> None:
    failed(hosts, 3)
    clock.now += PAUSE
    with pytest.raises(KeyboardInterrupt), hosts.turn(HOST, Deadline(5, time.monotonic)):
        raise KeyboardInterrupt
    assert turn(hosts) == "CIRCUIT_OPEN"
    clock.now += PAUSE
    assert turn(hosts) == "done"


@pytest.mark.parametrize("code", sorted(FETCH_CODES))
def test_which_errors_are_the_host_s(hosts: Hosts, code: str) -> None:
    for _ in range(3):
        assert turn(hosts, code) == code
    assert turn(hosts) == ("CIRCUIT_OPEN" if code in OF_THE_HOST else "done")


def test_a_deadline_that_others_used_up_says_nothing(hosts: Hosts, clock: Clock) -> None:
    for late, outcome in ((2.6, "done"), (2.4, "CIRCUIT_OPEN")):
        for _ in range(3):
            deadline = Deadline(5, clock)
            clock.now += late
            assert spent(hosts, deadline, clock).code == "DEADLINE_EXCEEDED"
        assert turn(hosts) == outcome


def test_a_turn_that_comes_late(hosts: Hosts, clock: Clock) -> None:
    """Who has to wait for most of the time, and gets no answer in the rest, was not let in time."""
    for late, code in ((2.6, "NO_TURN"), (2.4, "DEADLINE_EXCEEDED")):
        ended: list[FetchError] = []
        deadline = Deadline(5, clock)
        waiting = Thread(target=lambda d=deadline, e=ended: e.append(spent(hosts, d, clock)))
        with hosts.turn(HOST, Deadline(5, clock)), hosts.turn(HOST, Deadline(5, clock)):
            waiting.start()
            while hosts._hosts[HOST].present < 3:
                time.sleep(0.001)
            clock.now += late
        waiting.join(30)
        assert [error.code for error in ended] == [code]
        assert isinstance(ended[0], FetchPostponed) is (code == "NO_TURN")


def test_a_deadline_that_a_look_up_used_up_says_nothing(hosts: Hosts, clock: Clock) -> None:
    for slow, outcome in ((2.6, "done"), (2.4, "CIRCUIT_OPEN")):
        for _ in range(3):
            deadline = Deadline(5, clock)
            assert spent(hosts, deadline, clock, look_up=slow).code == "DEADLINE_EXCEEDED"
        assert turn(hosts) == outcome


@pytest.mark.parametrize("code", ["LOOKUP_FAILED", "NO_TURN"])
def test_what_is_not_known_of_a_host_changes_nothing(hosts: Hosts, clock: Clock, code: str) -> None:
    """Neither for the worse nor for the better."""
    failed(hosts, 2)
    assert turn(hosts, code) == code
    failed(hosts, 1)
    assert turn(hosts) == "CIRCUIT_OPEN"
    clock.now += PAUSE
    assert turn(hosts, code) == code
    assert turn(hosts) == "CIRCUIT_OPEN"


def test_what_is_postponed_is_of_a_kind_that_resolution_knows(hosts: Hosts) -> None:
    def fetch(url: str, *, accept: str) -> did.Response:
        with hosts.turn(HOST, Deadline(0.05, time.monotonic)):
            raise FetchError("CONNECTION_ERROR", "as the test wants it", url=url + accept)

    for kind in (did.Unavailable, did.Unavailable, did.Unavailable, did.NotAsked):
        with pytest.raises(did.Unavailable) as caught:
            did.resolve("did:web:example.com", fetch=fetch)
        assert type(caught.value) is kind
    with pytest.raises(FetchPostponed), hosts.turn(HOST, Deadline(5, time.monotonic)):
        pass
    assert issubclass(FetchPostponed, did.Postponed)


def test_turns_of_one_host_are_limited(hosts: Hosts) -> None:
    inside, most, most_seen, leave = Barrier(3), 0, 0, Event()

    def ask() -> None:
        nonlocal most, most_seen
        with hosts.turn(HOST, Deadline(30, time.monotonic)):
            most += 1
            most_seen = max(most, most_seen)
            if not leave.is_set():
                inside.wait(30)
                leave.wait(30)
            most -= 1

    threads = [Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    inside.wait(30)  # two are in, and the test makes three
    with pytest.raises(FetchPostponed) as caught, hosts.turn(HOST, Deadline(0.05, time.monotonic)):
        pass
    assert caught.value.code == "NO_TURN"
    assert turn(hosts, host="other.example:443", seconds=0.05) == "done"
    leave.set()
    for thread in threads:
        thread.join(30)
    assert (most, most_seen) == (0, 2)
    assert turn(hosts) == "done"
    assert not hosts._hosts


def test_who_waits_is_told_when_the_circuit_opens(hosts: Hosts) -> None:
    ended: list[str] = []
    inside, fail = Barrier(3), Event()

    def ask() -> None:
        try:
            with hosts.turn(HOST, Deadline(30, time.monotonic)):
                inside.wait(30)
                fail.wait(30)
                raise FetchError("TLS_ERROR", "as the test wants it")
        except FetchError as error:
            ended.append(error.code)

    failed(hosts, 2)
    threads = [Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    inside.wait(30)
    waiting = [Thread(target=lambda: ended.append(turn(hosts, seconds=30))) for _ in range(5)]
    for thread in waiting:
        thread.start()
    while hosts._hosts[HOST].present < 7:
        time.sleep(0.001)
    fail.set()
    for thread in threads + waiting:
        thread.join(15)  # half of what they would wait for a turn
        assert not thread.is_alive()
    assert sorted(ended) == ["CIRCUIT_OPEN"] * 5 + ["TLS_ERROR"] * 2


def test_hosts_without_failures_are_forgotten(hosts: Hosts) -> None:
    assert turn(hosts) == "done"
    assert turn(hosts, "TOO_LARGE") == "TOO_LARGE"
    assert not hosts._hosts


def test_hosts_with_failures_are_remembered_up_to_a_number(hosts: Hosts) -> None:
    failed(hosts, 1, host="first.example:443")
    with hosts.turn("present.example:443", Deadline(30, time.monotonic)):
        for number in range(5000):
            failed(hosts, 1, host=f"{number}.example:443")
        assert len(hosts._hosts) == 4096
        assert "present.example:443" in hosts._hosts
    assert "first.example:443" not in hosts._hosts
    assert "4999.example:443" in hosts._hosts


def test_nobody_is_forgotten_who_is_here(hosts: Hosts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vc_core.net.hosts._MAX_REMEMBERED", 1)
    with hosts.turn("a.example:443", Deadline(5, time.monotonic)), hosts.turn(HOST, Deadline(5, time.monotonic)):
        failed(hosts, 1, host="a.example:443")
        assert set(hosts._hosts) == {"a.example:443", HOST}
    assert turn(hosts) == "done"
