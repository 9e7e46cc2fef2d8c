"""How much of one host is asked at a time, and when it is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Lock
from typing import Final

from did.errors import shown
from vc_core.net.deadline import Clock, Deadline
from vc_core.net.errors import FetchError, FetchPostponed

_MAX_REMEMBERED: Final = 4096
_FAILURES: Final = frozenset({"HOST_NOT_FOUND", "CONNECTION_ERROR", "TLS_ERROR", "DEADLINE_EXCEEDED"})
"""What says that a host does not work. Any other refusal is ours, or about one answer of a host that gives some."""
_NOT_KNOWN: Final = frozenset({"LOOKUP_FAILED", "NO_TURN"})  # the host was not reached, and not for its own fault


class _Host:
    __slots__ = ("asking", "closed_until", "failures", "free", "present")

    def __init__(self, lock: Lock) -> None:
        self.free = Condition(lock)
        self.present = 0  # who has a turn or waits for one
        self.asking = 0  # who has a turn
        self.failures = 0  # of the last turns, without one that succeeded
        self.closed_until = 0.0


class Turn:
    """A turn to ask a host. The host has failed if time runs out, unless most of it was over before it `begins`."""

    __slots__ = ("_deadline", "is_late")

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self.begins()

    def begins(self) -> None:
        """What happens from now on is up to the host; what was before, such as the look-up of its name, is not."""
        self.is_late = self._deadline.is_near()


class Hosts:
    """A turn for each request to a host, and a circuit breaker for each host. It serves any number of threads.

    At most `connections` turns of one host are taken at a time; the others wait. After `failures` turns in a row that
    failed the circuit is open: turns are refused at once, but for one in every `pause` seconds, which finds out whether
    the host works again. If it does, all is as before.

    Hosts that failed are remembered, up to 4096 of them. Of the others nothing is kept.
    """

    __slots__ = ("_clock", "_connections", "_failures", "_hosts", "_lock", "_pause")

    def __init__(self, *, connections: int, failures: int, pause: float, clock: Clock) -> None:
        self._connections = connections
        self._failures = failures
        self._pause = pause
        self._clock = clock
        self._lock = Lock()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def turn(self, name: str, deadline: Deadline) -> Iterator[Turn]:
        """A turn to ask the host of this name. What is raised in it says whether the host failed.

        Raises `FetchPostponed` with code CIRCUIT_OPEN; or NO_TURN, if there was no turn in time, or if most of the time
        was spent waiting for it and the rest did not suffice.
        """
        was_near = deadline.is_near()
        host = self._entered(name, deadline)
        turn = Turn(deadline)
        waited_long = turn.is_late and not was_near
        failed: bool | None = None  # not known, where what ends the turn says nothing of the host
        try:
            yield turn
            failed = False
        except FetchError as error:
            is_too_late = error.code == "DEADLINE_EXCEEDED" and turn.is_late
            if not is_too_late and error.code not in _NOT_KNOWN:
                failed = error.code in _FAILURES
            if is_too_late and waited_long:
                raise _no_turn(name) from error
            raise
        finally:
            self._left(name, host, failed=failed)

    def _entered(self, name: str, deadline: Deadline) -> _Host:
        with self._lock:
            host = self._hosts.setdefault(name, _Host(self._lock))
            host.present += 1
            try:
                while True:
                    self._check_circuit(name, host)
                    if host.asking < self._connections:
                        break
                    host.free.wait(_time_left(deadline, name))
            except BaseException:
                self._forget(name, host)
                raise
            host.asking += 1
            host.closed_until = self._clock() + self._pause
            return host

    def _left(self, name: str, host: _Host, *, failed: bool | None) -> None:
        with self._lock:
            host.asking -= 1
            if failed is not None:
                host.failures = host.failures + 1 if failed else 0
                host.closed_until = self._clock() + self._pause
            host.free.notify_all()
            self._forget(name, host)

    def _check_circuit(self, name: str, host: _Host) -> None:
        if host.failures >= self._failures and self._clock() < host.closed_until:
            raise FetchPostponed(
                "CIRCUIT_OPEN", f"{shown(name)} failed {host.failures} times in a row, and is left alone for a while"
            )

    def _forget(self, name: str, host: _Host) -> None:
        """Somebody is not here any more; forget the host if that says nothing, or another one if there are too many."""
        host.present -= 1
        if not host.present and not host.failures:
            del self._hosts[name]
        elif len(self._hosts) > _MAX_REMEMBERED:
            absent = next((other for other, state in self._hosts.items() if not state.present), None)
            if absent is not None:
                del self._hosts[absent]


def _time_left(deadline: Deadline, name: str) -> float:
    """The seconds that are left to wait for a turn. Raises `FetchPostponed` with code NO_TURN if none are."""
    try:
        return deadline.left()
    except FetchError as error:
        raise _no_turn(name) from error


def _no_turn(name: str) -> FetchPostponed:
    return FetchPostponed("NO_TURN", f"{shown(name)} was not asked in time: too much is asked of it at once")
