"""A store in PostgreSQL, for any number of machines. Needs psycopg, which the extra `postgres` brings.

Whoever writes to a list holds its row locked, so the transactions that concern a list follow each other, and each
sees what those before it have done. A commit waits until the server has it on its disk, whatever the server's default;
a server that is set up to lose what it has acknowledged is refused.

What a location says may be secret. No error shows it, and none shows what the server says of a connection that it
refuses, where a password could be among it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import lru_cache, partial
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict

from status.errors import StoreError
from status.store.connections import Connections
from status.store.schema import APPEND_ONLY, FINAL, GROWING, NEXT_NUMBER, NOT_NEXT, TABLES, UNDOES
from status.store.transaction import Row, Transaction, Value, printed, savepoint, unavailable

SCHEMA: Final = (
    *TABLES,
    f"""
    CREATE FUNCTION status_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{APPEND_ONLY}';
    END $$""",
    f"""
    CREATE FUNCTION status_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {NOT_NEXT} THEN RAISE EXCEPTION '{NEXT_NUMBER}'; END IF;
        IF {UNDOES} THEN RAISE EXCEPTION '{FINAL}'; END IF;
        RETURN NEW;
    END $$""",
    *(
        f"CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION status_refuse()"
        for table in GROWING
    ),
    "CREATE TRIGGER status_check BEFORE INSERT ON status_change FOR EACH ROW EXECUTE FUNCTION status_check_change()",
)
_WAIT: Final = 30
_DEFAULTS: Final[dict[str, Any]] = {"connect_timeout": 10, "tcp_user_timeout": 1000 * _WAIT}
_SESSION: Final = (
    "SET synchronous_commit = on",
    f"SET lock_timeout = '{_WAIT}s'",
    "SET client_encoding = 'UTF8'",
)
_STATES: Final = {
    "53100": "STORAGE_FULL",
    "55P03": "STORE_BUSY",
    "40P01": "STORE_BUSY",
    "XX001": "STORE_DAMAGED",
    "XX002": "STORE_DAMAGED",
}
_REFUSED_COMMIT: Final = ("23", "40")
"""The classes of SQLSTATE with which a commit certainly was rolled back."""

Connection = psycopg.Connection[Row]


class PostgreSQL:
    """A database of a server, named by a URI of libpq: PostgreSQL's manual, section 34.1.1.2."""

    schema = SCHEMA
    tables = """
        SELECT count(*) FROM information_schema.tables
        WHERE table_schema = current_schema() AND table_name = 'status_store'"""
    exclusively = "SELECT pg_advisory_xact_lock(hashtextextended('status_store', 0))"

    __slots__ = ("_connections", "_parameters", "_speaks")

    def __init__(self, location: str) -> None:
        try:
            given = conninfo_to_dict(location)
        except psycopg.Error:
            raise StoreError("the location is not a URI of PostgreSQL", code="INVALID_ARGUMENT") from None
        self._parameters = _DEFAULTS | given
        self._speaks = "password" not in given and "@" not in location
        self._connections = Connections(self._connect)

    def writing(self) -> AbstractContextManager[Transaction]:
        """See `Database.writing`. Nobody waits for another but those who write to the same list."""
        return self._transaction("BEGIN ISOLATION LEVEL READ COMMITTED")

    def reading(self) -> AbstractContextManager[Transaction]:
        """See `Database.reading`."""
        return self._transaction("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def close(self) -> None:
        """See `Database.close`."""
        self._connections.close()

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Transaction]:
        with self._connections.lent() as connection:
            commits = False
            try:
                connection.execute(begin.encode())
                yield _transaction_of(connection)
                commits = True
                connection.execute("COMMIT")
            except psycopg.Error as error:
                raise _store_error(error, commits=commits) from error
            except BaseException:
                with suppress(psycopg.Error):  # the connection is closed, which ends the transaction as well
                    connection.execute("ROLLBACK")
                raise

    def _connect(self) -> Connection:
        try:
            connection: Connection = psycopg.connect(**self._parameters, autocommit=True)
        except psycopg.Error as error:
            raise self._unreachable(error) from None
        try:
            for setting in _SESSION:
                connection.execute(setting.encode())
            is_kept = connection.execute("SHOW fsync").fetchall() == [("on",)]
        except psycopg.Error as error:
            connection.close()
            raise self._unreachable(error) from None
        if not is_kept:
            connection.close()
            raise unavailable("PostgreSQL is set up to lose what it has acknowledged: fsync is off")
        return connection

    def _unreachable(self, error: psycopg.Error) -> StoreError:
        reason = f": {printed(error)}" if self._speaks else ", or refuses the connection"
        return unavailable(f"PostgreSQL cannot be reached{reason}")


def _transaction_of(connection: Connection) -> Transaction:
    def rows(sql: str, parameters: Sequence[Value] = ()) -> list[Row]:
        cursor = connection.execute(_translated(sql), parameters or None)
        return cursor.fetchall() if cursor.description is not None else []

    def insert(sql: str, many: Sequence[Row]) -> None:
        connection.cursor().executemany(_translated(sql), many)

    return Transaction(rows, insert, partial(savepoint, rows, psycopg.Error, _store_error), locking=" FOR UPDATE")


@lru_cache(maxsize=256)
def _translated(sql: str) -> bytes:
    """The statement with psycopg's placeholders. Ours have neither question marks nor per cent signs in texts."""
    return sql.replace("?", "%s").encode()


def _store_error(error: psycopg.Error, *, commits: bool = False) -> StoreError:
    """What the error means, without its details, which quote rows."""
    state = error.sqlstate or ""
    said = (error.diag.message_primary or "").strip()
    if FINAL in said:
        return StoreError(FINAL, code="REVOCATION_IS_FINAL")
    code = _STATES.get(state, "STORE_UNAVAILABLE")
    if commits and not state.startswith(_REFUSED_COMMIT):
        code = "OUTCOME_UNKNOWN"
    shown = ascii(said[:200])[1:-1] if said else "the connection is lost"
    return StoreError(f"PostgreSQL: {shown}" + (f" ({state})" if state else ""), code=code)
