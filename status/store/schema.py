"""The tables of a store. Both databases hold the same, and refuse the same by triggers of their own.

Nothing is ever changed or deleted: each table only grows. Numbers of changes and versions are counted for each list,
by whoever holds the lock of the list, and have no gap, so a row that is missing shows. Times are microseconds since
1970. A publication is first reserved (`status_version`) and then, when its file is whole and checked, placed
(`status_placement`); a version that was never placed is one that something went wrong with.
"""

from __future__ import annotations

from typing import Final

from status.errors import StoreError
from status.store.transaction import Database, Transaction

VERSION: Final = 1
"""The version of these tables."""

APPEND_ONLY: Final = "a store only grows"
NEXT_NUMBER: Final = "the number of a change is not the next one"
FINAL: Final = "a revocation is final"

TABLES: Final = (
    "CREATE TABLE status_store (version BIGINT PRIMARY KEY)",
    """
    CREATE TABLE status_list (
        id BIGINT PRIMARY KEY,
        url TEXT NOT NULL UNIQUE,
        format TEXT NOT NULL,
        purposes TEXT NOT NULL,
        size BIGINT NOT NULL,
        length BIGINT NOT NULL,
        ttl BIGINT,
        messages TEXT NOT NULL,
        actor TEXT NOT NULL,
        at BIGINT NOT NULL
    )""",
    """
    CREATE TABLE status_allocation (
        list BIGINT NOT NULL REFERENCES status_list (id),
        idx BIGINT NOT NULL,
        credential TEXT NOT NULL,
        actor TEXT NOT NULL,
        at BIGINT NOT NULL,
        PRIMARY KEY (list, idx),
        UNIQUE (list, credential)
    )""",
    """
    CREATE TABLE status_change (
        list BIGINT NOT NULL,
        number BIGINT NOT NULL,
        idx BIGINT NOT NULL,
        value BIGINT NOT NULL,
        final BIGINT NOT NULL,
        actor TEXT NOT NULL,
        reason TEXT NOT NULL,
        at BIGINT NOT NULL,
        PRIMARY KEY (list, number),
        FOREIGN KEY (list, idx) REFERENCES status_allocation (list, idx)
    )""",
    "CREATE INDEX status_change_of_index ON status_change (list, idx, number)",
    """
    CREATE TABLE status_version (
        list BIGINT NOT NULL REFERENCES status_list (id),
        version BIGINT NOT NULL,
        changes BIGINT NOT NULL,
        at BIGINT NOT NULL,
        PRIMARY KEY (list, version)
    )""",
    """
    CREATE TABLE status_placement (
        list BIGINT NOT NULL,
        version BIGINT NOT NULL,
        sha256 TEXT NOT NULL,
        PRIMARY KEY (list, version),
        FOREIGN KEY (list, version) REFERENCES status_version (list, version)
    )""",
    "CREATE INDEX status_placement_of_digest ON status_placement (list, sha256)",
)

GROWING: Final = ("status_store", "status_list", "status_allocation", "status_change", "status_version",
                  "status_placement")  # fmt: skip

NOT_NEXT: Final = "NEW.number <> 1 + (SELECT coalesce(max(number), 0) FROM status_change WHERE list = NEW.list)"
"""Whether a new change is not numbered as the next one of its list."""
UNDOES: Final = """
    EXISTS (
        SELECT 1 FROM status_change
        WHERE list = NEW.list AND idx = NEW.idx AND final = 1 AND value <> NEW.value
    )"""
"""Whether a new change would undo one that is final."""


def prepare(database: Database, *, new: bool) -> None:
    """Afterwards the database has the tables, which are made only with `new`.

    Raises `StoreError` if it has those of another version, and NO_STORE if it has none and is not to get them.
    """
    with database.reading() as transaction:
        if transaction.rows(database.tables) == [(1,)]:
            _check_version(transaction)
            return
    if not new:
        raise StoreError("the database has no store of status lists", code="NO_STORE")
    with database.writing() as transaction:
        transaction.rows(database.exclusively)
        if transaction.rows(database.tables) == [(0,)]:
            for statement in database.schema:
                transaction.rows(statement)
            transaction.insert("INSERT INTO status_store (version) VALUES (?)", [(VERSION,)])
        _check_version(transaction)


def _check_version(transaction: Transaction) -> None:
    found = [version for (version,) in transaction.rows("SELECT version FROM status_store")]
    if found != [VERSION]:
        raise StoreError(
            f"the database is of version {', '.join(map(str, found)) or 'none'}, and this library of {VERSION}",
            code="STORE_VERSION",
        )
