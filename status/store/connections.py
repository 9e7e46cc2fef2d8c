"""Connections that are kept open between transactions, each used by one thread at a time."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final, Generic, Protocol, TypeVar

from status.store.transaction import unavailable

_MOST_IDLE: Final = 4


class Closable(Protocol):
    """A connection."""

    def close(self) -> None:
        """Ends it."""
        ...


C = TypeVar("C", bound=Closable)


class Connections(Generic[C]):
    """Lends connections. One that was in use when an error came is closed, and so are those that wait beside it.

    They are of the process that opened them: with a connection that a fork has inherited, two processes would speak
    at the same time, or a lock of a file would be lost.
    """

    __slots__ = ("_closed", "_connect", "_idle", "_lock", "_process")

    def __init__(self, connect: Callable[[], C]) -> None:
        self._connect = connect
        self._idle: list[C] = []
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._closed = False

    @contextmanager
    def lent(self) -> Iterator[C]:
        """A connection for the time of the block. Raises `StoreError` after `close`, and in another process."""
        if self._closed or os.getpid() != self._process:
            raise unavailable("the store was closed, or was opened by another process")
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        if connection is None:
            connection = self._connect()
        try:
            yield connection
        except BaseException:
            _close([connection])
            self._let_go()
            raise
        with self._lock:
            keep = not self._closed and len(self._idle) < _MOST_IDLE
            if keep:
                self._idle.append(connection)
        if not keep:
            connection.close()

    def close(self) -> None:
        """Afterwards none is lent, and those that are come to an end when they are given back."""
        self._closed = True
        self._let_go()

    def _let_go(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        _close(idle)


def _close(connections: list[C]) -> None:
    for connection in connections:
        with suppress(Exception):  # what cannot even be closed is of no use either
            connection.close()
