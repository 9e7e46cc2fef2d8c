"""Nonces that are spent once, so that a presentation is accepted once.

A verifier gives a nonce to one holder for one presentation, and ceases to expect it at some time: the `until` of the
nonce. From then on no presentation can be accepted with it, whatever a store says, and that is why the store may
forget it. What has to be so for that is the verifier's to see to: `until` is a time of the nonce and not one that a
holder chooses, such as the `exp` of a presentation, and no nonce is given out twice.

The store guards the other half. It remembers everything for some minutes longer than it has to, so that clocks may
differ by as much; and if a clock was set back by more than that, to before the `until` of something that it forgot, it
refuses to answer. So it does in every case in which it cannot know: unknown is not unspent.
"""

from __future__ import annotations

import hashlib
import heapq
import os
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, Literal, Protocol

from did.errors import shown
from vc_core.errors import VCError

if TYPE_CHECKING:
    import sqlite3

_GRACE: Final = 5 * 60 * 1_000_000
"""How long after its `until` a nonce is remembered at least, in microseconds."""
_FORGOTTEN_AT_ONCE: Final = 100
"""Nonces that are forgotten when one is spent, at most. With two or more, what is over does not pile up."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class NoncesUnavailable(VCError):
    """A store cannot say whether a nonce was spent: it is full, broken, locked, or not there. Nothing was accepted."""

    default_code: ClassVar[str] = "NONCE_STORE_ERROR"

    def __init__(self, detail: str) -> None:
        super().__init__(detail, missing="the store of spent nonces")


class Nonces(Protocol):
    """A store of spent nonces."""

    def spend(self, nonce: str, *, until: datetime, now: datetime) -> bool:
        """Whether the nonce was not spent before; it is from now on.

        True exactly once for each nonce, whoever asks and however many at the same time. False as well if `until`,
        when the verifier ceases to expect the nonce, is not after `now`. Both are aware. Raises `NoncesUnavailable`.
        """
        ...


class MemoryNonces:
    """A store in the memory of one process, for any number of its threads. What was spent ends with the process.

    Another process, a fork of this one too, has a store of its own, and a nonce could be spent in each. It holds up to
    `capacity` nonces, of about 300 bytes each; a full one refuses more, rather than to forget one that is not over.
    """

    __slots__ = ("_capacity", "_forgotten", "_in_order", "_lock", "_spent")

    def __init__(self, *, capacity: int = 100_000) -> None:
        self._capacity = capacity
        self._lock = threading.Lock()
        self._spent: set[bytes] = set()
        self._in_order: list[tuple[int, bytes]] = []  # a heap, by the end of each
        self._forgotten = 0  # the last end of those that are not there any more

    def spend(self, nonce: str, *, until: datetime, now: datetime) -> bool:
        """See `Nonces.spend`. Raises `NoncesUnavailable` if the store is full, or a clock was set back."""
        end, moment, digest = _microseconds(until), _microseconds(now), _digest(nonce)
        with self._lock:
            _check_clock(moment, self._forgotten)
            for _ in range(_FORGOTTEN_AT_ONCE):
                if not self._in_order or self._in_order[0][0] > moment - _GRACE:
                    break
                self._forgotten, over = heapq.heappop(self._in_order)
                self._spent.remove(over)
            if end <= moment or digest in self._spent:
                return False
            if len(self._spent) >= self._capacity:
                raise NoncesUnavailable(f"the store is full: {self._capacity} nonces were spent and are not over")
            self._spent.add(digest)
            heapq.heappush(self._in_order, (end, digest))
            return True


class SQLiteNonces:
    """A store in a file, for any number of processes and threads of one machine. It survives all of them.

    The file is made if it is not there; if it vanishes later, that is an error and not a new beginning. Nonces are kept
    as their SHA-256. A nonce that was spent stays so through the end of a process at any moment and through a loss of
    power: the journal and the folder of the file are on the disk (synchronous=EXTRA) before the answer is given. The
    file has to be on a disk of this machine, for locks are not kept on most network file systems.

    Each call opens the file and closes it, so there is nothing that a fork, a thread or a signal could leave in a wrong
    state; it waits up to `timeout` seconds for others. The journal is one for rollback: here everybody writes, and a
    write-ahead log helps those who read. A call takes about a millisecond, most of it for the disk.
    """

    __slots__ = ("_timeout", "_url")

    def __init__(self, path: str | os.PathLike[str], *, timeout: float = 10.0) -> None:
        self._url = Path(path).absolute().as_uri()
        self._timeout = timeout
        with self._transaction("rwc") as database:
            database.execute("CREATE TABLE IF NOT EXISTS spent (digest BLOB PRIMARY KEY, until INTEGER) WITHOUT ROWID")
            database.execute("CREATE INDEX IF NOT EXISTS spent_by_until ON spent (until)")
            database.execute("CREATE TABLE IF NOT EXISTS forgotten (until INTEGER)")
            database.execute("INSERT INTO forgotten SELECT 0 WHERE NOT EXISTS (SELECT * FROM forgotten)")

    def spend(self, nonce: str, *, until: datetime, now: datetime) -> bool:
        """See `Nonces.spend`. Raises `NoncesUnavailable` for whatever keeps the store from being read and written."""
        end, moment, digest = _microseconds(until), _microseconds(now), _digest(nonce)
        with self._transaction("rw") as database:
            ((forgotten,),) = database.execute("SELECT until FROM forgotten")
            _check_clock(moment, forgotten)
            over = database.execute(
                "SELECT digest, until FROM spent WHERE until <= ? ORDER BY until LIMIT ?",
                (moment - _GRACE, _FORGOTTEN_AT_ONCE),
            ).fetchall()
            if over:
                database.executemany("DELETE FROM spent WHERE digest = ?", [row[:1] for row in over])
                database.execute("UPDATE forgotten SET until = ?", over[-1][1:])
            if end <= moment:
                return False
            return database.execute("INSERT OR IGNORE INTO spent VALUES (?, ?)", (digest, end)).rowcount == 1

    @contextmanager
    def _transaction(self, mode: Literal["rw", "rwc"]) -> Iterator[sqlite3.Connection]:
        """A transaction that nobody else can read or write in; what is done in it holds at the end, or not at all."""
        import sqlite3

        try:
            with closing(
                sqlite3.connect(f"{self._url}?mode={mode}", uri=True, timeout=self._timeout, isolation_level=None)
            ) as database:
                database.execute("PRAGMA synchronous = EXTRA")
                database.execute("BEGIN IMMEDIATE")
                yield database
                database.execute("COMMIT")
        except (sqlite3.Error, TypeError, ValueError) as error:  # the latter two for rows that were not written here
            raise NoncesUnavailable(f"the store cannot be used: {shown(str(error))}") from error


def _check_clock(moment: int, forgotten: int) -> None:
    if moment < forgotten:
        raise NoncesUnavailable("the clock was set back, to when nonces were not over that have been forgotten")


def _microseconds(moment: datetime) -> int:
    """Since 1970. A time without a zone raises TypeError."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _digest(nonce: str) -> bytes:
    return hashlib.sha256(nonce.encode("utf-8", "surrogatepass")).digest()
