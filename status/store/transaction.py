"""What a database is to the store: transactions, and errors that say what is wrong without saying a secret."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from status.errors import StoreError

Row = tuple[Any, ...]
"""A row of a result. What is in it is what the tables say: numbers and texts."""
Value = int | str | None
_CHUNK: Final = 500


class Rows(Protocol):
    """Asks for rows."""

    def __call__(self, sql: str, parameters: Sequence[Value] = (), /) -> list[Row]:
        """All of them."""
        ...


@dataclass(frozen=True, slots=True)
class Transaction:
    """What is done in one transaction. SQL is written with `?`; `locking` makes a SELECT lock what it selects.

    What ends within `savepoint` with an error is undone, and the transaction goes on; raises `SavepointLost` where it
    cannot.
    """

    rows: Rows
    insert: Callable[[str, Sequence[Row]], None]
    savepoint: Callable[[], AbstractContextManager[None]]
    locking: str = ""

    def among(self, sql: str, key: int, values: Iterable[int | str]) -> list[Row]:
        """The rows of `sql` for the key and any of the values, which take the place of `(?)`, some at a time."""
        wanted = list(values)
        found: list[Row] = []
        for start in range(0, len(wanted), _CHUNK):
            part = wanted[start : start + _CHUNK]
            found += self.rows(sql.replace("(?)", f"({', '.join('?' * len(part))})"), (key, *part))
        return found


E = TypeVar("E", bound=Exception)


class SavepointLost(StoreError):
    """The transaction did not live through an error: nothing of it is kept."""


@contextmanager
def savepoint(execute: Callable[[str], object], kind: type[E], meaning: Callable[[E], StoreError]) -> Iterator[None]:
    """See `Transaction.savepoint`: errors of the driver are of this kind, and mean this."""
    execute("SAVEPOINT job")
    try:
        yield
    except Exception as error:
        told = meaning(error) if isinstance(error, kind) else error
        try:
            execute("ROLLBACK TO SAVEPOINT job")
            execute("RELEASE SAVEPOINT job")
        except kind as failure:
            lost = told if isinstance(told, StoreError) and told is not error else meaning(failure)
            raise SavepointLost(lost.detail, code=lost.code) from error
        if told is error:
            raise
        raise told from error
    execute("RELEASE SAVEPOINT job")


class Database(Protocol):
    """An open database, for any number of threads. Every error that leaves it is a `StoreError`.

    `schema` are the statements that make the tables, `tables` counts those that are there already, and `exclusively`
    keeps others from making them at the same time.
    """

    schema: tuple[str, ...]
    tables: str
    exclusively: str

    def writing(self) -> AbstractContextManager[Transaction]:
        """A transaction that is durable when it ends without an error, and leaves nothing when it ends with one."""
        ...

    def reading(self) -> AbstractContextManager[Transaction]:
        """A transaction that sees one state of the database from beginning to end."""
        ...

    def close(self) -> None:
        """Afterwards no connection is open."""
        ...


def printed(error: BaseException) -> str:
    """What another library says of an error, on one short line."""
    return ascii(str(error).strip().partition("\n")[0][:200])[1:-1]


def unavailable(detail: str) -> StoreError:
    """The error for a database that cannot be used."""
    return StoreError(detail, code="STORE_UNAVAILABLE")
