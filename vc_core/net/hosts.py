"""How much of one host is asked at a time, and when it is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Lock
from typing import Final

from did.errors import shown
from vc_core.net.deadline import Clock, Deadline
from vc_core.net.errors import FetchError

_MAX_REMEMBERED: Final = 4096
_FAILURES: Final = frozenset(
    {"HOST_NOT_FOUND", "CONNECTION_ERROR", "TLS_ERROR", "PROTOCOL_ERROR", "DEADLINE_EXCEEDED"},
)  # what says that a host does not work; any other refusal comes from a host that does, or is ours


class _Host:
    __slots__ = ("asking", "closed_until", "failures", "free", "present")

    def __init__(self, lock: Lock) -> None:
        self.free = Condition(lock)
        self.present = 0  # who has a turn or waits for one
        self.asking = 0  # who has a turn
        self.failures = 0  # of the last turns, without one that succeeded
        self.closed_until = 0.0


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
    def turn(self, name: str, deadline: Deadline) -> Iterator[None]:
        """A turn to ask the host of this name. What is raised in it says whether the host failed.

        A deadline does not, if most of its time was over before the turn. Raises `FetchError` with code CIRCUIT_OPEN,
        or DEADLINE_EXCEEDED if there was no turn in time.
        """
        host = self._entered(name, deadline)
        late = deadline.is_near()
        failed: bool | None = None  # not known, where what ends the turn says nothing of the host
        try:
            yield
            failed = False
        except FetchError as error:
            if not (late and error.code == "DEADLINE_EXCEEDED"):
                failed = error.code in _FAILURES
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
                    host.free.wait(deadline.left())
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
            raise FetchError(
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
