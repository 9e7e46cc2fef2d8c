"""A store in a file, by SQLite, for any number of processes and threads of one machine.

The journal is one for rollback, and each commit waits until the disk has it (synchronous=FULL). A write-ahead log
would wait less often; but with several processes that write, what it holds depends on a subtle order between them,
and a release of SQLite that keeps it is not to be had everywhere. Group commit gives back what that costs.

Locks are not kept on most network file systems: the file has to be on a disk of this machine.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final, Literal

from status.errors import StoreError
from status.store.connections import Connections
from status.store.folders import is_full, sync
from status.store.schema import APPEND_ONLY, FINAL, GROWING, NEXT_NUMBER, NOT_NEXT, TABLES, UNDOES
from status.store.transaction import Row, Transaction, Value, printed, savepoint, unavailable

_KIND: Final = 0x56435354
"""The `application_id` in the head of the file: it is a store, and not another program's database."""

SCHEMA: Final = (
    f"PRAGMA application_id = {_KIND}",
    *TABLES,
    *(
        f"CREATE TRIGGER {table}_{event} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
        for table in GROWING
        for event in ("UPDATE", "DELETE")
    ),
    f"""
    CREATE TRIGGER status_change_insert BEFORE INSERT ON status_change BEGIN
        SELECT RAISE(ABORT, '{NEXT_NUMBER}') WHERE {NOT_NEXT};
        SELECT RAISE(ABORT, '{FINAL}') WHERE {UNDOES};
    END""",
)
_TOUCH: Final = "SELECT count(*) FROM sqlite_master"
_PAUSE: Final = 0.001
_LOOKS: Final = 200
"""How often a file that looks damaged is looked at, before it counts as damaged."""
_CODES: Final = {
    sqlite3.SQLITE_FULL: "STORAGE_FULL",
    sqlite3.SQLITE_BUSY: "STORE_BUSY",
    sqlite3.SQLITE_LOCKED: "STORE_BUSY",
    sqlite3.SQLITE_CORRUPT: "STORE_DAMAGED",
    sqlite3.SQLITE_NOTADB: "STORE_DAMAGED",
}


class SQLite:
    """A database in the file at `path`; others wait for at most `timeout` seconds.

    With `new` it is made if nothing is there, or an empty file. Whatever else is there, and is no store, stays as it
    is: `StoreError` with NO_STORE.
    """

    schema = SCHEMA
    exclusively = "SELECT 1"
    tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'status_store'"

    __slots__ = ("_connections", "_path", "_timeout", "_url")

    def __init__(self, path: str | os.PathLike[str], *, timeout: float = 30.0, new: bool = True) -> None:
        self._path = Path(path)
        if new:
            _make(self._path)
        _check(self._path, new=new)
        self._url = f"{self._path.absolute().as_uri()}?mode=rw"
        self._timeout = timeout
        self._connections = Connections(self._connect)

    def writing(self) -> AbstractContextManager[Transaction]:
        """See `Database.writing`: everybody else who writes waits."""
        return self._transaction("BEGIN IMMEDIATE")

    def reading(self) -> AbstractContextManager[Transaction]:
        """See `Database.reading`."""
        return self._transaction("BEGIN")

    def close(self) -> None:
        """See `Database.close`."""
        self._connections.close()

    @contextmanager
    def _transaction(self, begin: Literal["BEGIN", "BEGIN IMMEDIATE"]) -> Iterator[Transaction]:
        with self._connections.lent() as connection:
            commits = False
            try:
                self._waited(connection, begin)
                self._waited(connection, _TOUCH)
                yield self._transaction_of(connection)
                commits = begin != "BEGIN"
                self._waited(connection, "COMMIT")
            except sqlite3.Error as error:
                raise self._store_error(error, commits=commits) from error
            finally:
                if connection.in_transaction:
                    with suppress(sqlite3.Error):  # whoever comes next rolls back what could not be rolled back here
                        connection.rollback()

    def _connect(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(self._url, uri=True, timeout=0, isolation_level=None, check_same_thread=False)
        except sqlite3.Error as error:
            raise _store_error(error) from error
        try:
            for setting in ("foreign_keys = ON", "synchronous = FULL", "fullfsync = ON"):
                self._waited(connection, f"PRAGMA {setting}")
            if self._waited(connection, "PRAGMA journal_mode = PERSIST") != [("persist",)]:
                raise unavailable("SQLite cannot keep a journal beside the file")
        except sqlite3.Error as error:
            connection.close()
            raise _store_error(error) from error
        except StoreError:
            connection.close()
            raise
        return connection

    def _store_error(self, error: sqlite3.Error, *, commits: bool = False) -> StoreError:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_IOERR_WRITE and self._is_too_large():
            return StoreError("no file of this process may be so large", code="STORAGE_FULL")
        return _store_error(error, commits=commits)

    def _transaction_of(self, connection: sqlite3.Connection) -> Transaction:
        def rows(sql: str, parameters: Sequence[Value] = ()) -> list[Row]:
            return connection.execute(sql, parameters).fetchall()

        def insert(sql: str, many: Sequence[Row]) -> None:
            connection.executemany(sql, many)

        return Transaction(rows, insert, partial(savepoint, connection.execute, sqlite3.Error, self._store_error))

    def _is_too_large(self) -> bool:
        """Whether the file is about as long as any that the process writes may be, and so is its journal."""
        largest = _largest_file()
        return largest is not None and self._path.stat().st_size > largest * 15 // 16

    def _waited(self, connection: sqlite3.Connection, sql: str) -> list[Row]:
        """The rows of a statement that may have to wait for others; asked again often, so that nobody starves."""
        end = time.monotonic() + self._timeout
        while True:
            try:
                return connection.execute(sql).fetchall()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= end:
                    raise
            time.sleep(_PAUSE)


def _largest_file() -> int | None:
    """Bytes that a file of this process may have, if there is a limit.

    Of a write that the system refuses for this reason, SQLite says no more than that it failed. Then nothing of the
    transaction is kept: what ends it is written to the beginning of the journal.
    """
    try:
        import resource
    except ImportError:  # only POSIX has such limits
        return None
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    return None if limit == resource.RLIM_INFINITY else limit


def _make(path: Path) -> None:
    """Afterwards there is a file, and its name is on the disk. Who makes it is who can read it: it has names in it.

    A file that is there is not opened: to close it would end the locks that this process has on it.
    """
    try:
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
            sync(path.absolute().parent)
    except (OSError, ValueError) as error:
        code = "STORAGE_FULL" if isinstance(error, OSError) and is_full(error) else "STORE_UNAVAILABLE"
        reason = (error.strerror if isinstance(error, OSError) else None) or printed(error)
        raise StoreError(f"the file of the store cannot be opened: {reason}", code=code) from error


def _kind(path: Path) -> int:
    """The number by which programs tell their files of SQLite apart."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
        ((number,),) = connection.execute("PRAGMA application_id").fetchall()
    return int(number)


def _check(path: Path, *, new: bool) -> None:
    """Raises `StoreError` with NO_STORE unless the file is a store, or, with `new`, empty. The file is only read.

    It is read without its journal, which would be rolled back otherwise, and could be another program's; and so without
    its locks: what somebody is just writing can look damaged, and is then looked at again.
    """
    if not path.is_file():
        raise StoreError("there is no file of a store, or something that is no file", code="NO_STORE")
    if new and not path.stat().st_size:
        return
    for remaining in reversed(range(_LOOKS)):
        try:
            is_store = _kind(path) == _KIND
            break
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_NOTADB) & 0xFF
            if code == sqlite3.SQLITE_NOTADB:
                is_store = False
                break
            if code != sqlite3.SQLITE_CORRUPT or not remaining:
                raise _store_error(error) from error
        time.sleep(_PAUSE)
    if not is_store:
        raise StoreError("the file is not a store of status lists: it stays as it is", code="NO_STORE")


def _store_error(error: sqlite3.Error, *, commits: bool = False) -> StoreError:
    """What the error means. A commit that failed was rolled back, unless the disk cannot be read or written."""
    number = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if number == sqlite3.SQLITE_CONSTRAINT and str(error) == FINAL:
        return StoreError(FINAL, code="REVOCATION_IS_FINAL")
    code = "OUTCOME_UNKNOWN" if commits and number not in _CODES else _CODES.get(number, "STORE_UNAVAILABLE")
    return StoreError(f"SQLite: {printed(error)}", code=code)
