"""The history of a list, and the values that it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from status.errors import StoreError
from status.store.lists import Listed, find
from status.store.records import Change, moment_of
from status.store.transaction import Row, Transaction

PAGE: Final = 10_000
"""How many changes are read at once."""

_INSERT: Final = (
    "INSERT INTO status_change (list, number, idx, value, final, actor, reason, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


def append(
    transaction: Transaction, url: str, changes: Mapping[int, int], *, actor: str, reason: str, at: int
) -> list[Change]:
    """The entries of the history that have the changes. Those that are not there yet are added: see `Store.set_many`.

    Raises `StoreError` if one of them cannot be; then it adds none.
    """
    listed = find(transaction, url, lock=True)
    current = _checked(transaction, listed, changes)
    ((last,),) = transaction.rows("SELECT coalesce(max(number), 0) FROM status_change WHERE list = ?", (listed.key,))
    entries: list[Change] = []
    added: list[Row] = []
    for index, value in changes.items():
        entry = current[index]
        if entry is None or (entry.value, entry.actor, entry.reason) != (value, actor, reason):
            entry = Change(url, last + len(added) + 1, index, value, actor, reason, moment_of(at))
            added.append(_row(listed, entry, at))
        entries.append(entry)
    transaction.insert(_INSERT, added)
    return entries


def page(transaction: Transaction, url: str, index: int | None, *, after: int, most: int = PAGE) -> list[Change]:
    """The changes of a list, or of one of its indexes, that follow number `after`: the first `most` of them."""
    key = find(transaction, url).key
    where, what = ("", ()) if index is None else (" AND idx = ?", (index,))
    rows = transaction.rows(
        "SELECT number, idx, value, actor, reason, at FROM status_change WHERE list = ? AND number > ?"
        f"{where} ORDER BY number LIMIT {most}",
        (key, after, *what),
    )
    return [
        Change(url, number, index, value, actor, reason, moment_of(at))
        for number, index, value, actor, reason, at in rows
    ]


def values(transaction: Transaction, listed: Listed) -> tuple[dict[int, int], int]:
    """The value of each index that ever had one, and the number of changes.

    Raises `StoreError` with STORE_DAMAGED if a change is missing, or has undone a revocation: the tables refuse both,
    and what is to be published is not to depend on that.
    """
    found: dict[int, int] = {}
    count = 0
    while rows := _page(transaction, listed, count):
        for number, index, value in rows:
            count += 1
            before = found.get(index, 0)
            if number != count or (before != value and listed.info.is_final(before)):
                raise StoreError(
                    f"change {count} is missing, or undoes a revocation", code="STORE_DAMAGED", url=listed.info.url
                )
            found[index] = value
    return found, count


def _page(transaction: Transaction, listed: Listed, after: int) -> list[Row]:
    return transaction.rows(
        f"SELECT number, idx, value FROM status_change WHERE list = ? AND number > ? ORDER BY number LIMIT {PAGE}",
        (listed.key, after),
    )


def _checked(transaction: Transaction, listed: Listed, changes: Mapping[int, int]) -> dict[int, Change | None]:
    """The last entries about these indexes; None where there is none.

    Raises `StoreError` for a change that cannot be: of an index that no credential has, or of what is final.
    """
    url, info = listed.info.url, listed.info
    for index, value in changes.items():
        if type(index) is not int or not 0 <= index < info.length:
            detail = f"the list has indexes from 0 to {info.length - 1}, and no other"
            raise StoreError(detail, code="INVALID_ARGUMENT", url=url, index=index)
        if type(value) is not int or not 0 <= value < 1 << info.size:
            detail = f"the list has values from 0 to {(1 << info.size) - 1}, and no other"
            raise StoreError(detail, code="INVALID_ARGUMENT", url=url, index=index)
    current = _current(transaction, listed, changes)
    for index, value in changes.items():
        if index not in current:
            detail = f"index {index} was given to no credential"
            raise StoreError(detail, code="NOT_ALLOCATED", url=url, index=index)
        before = current[index]
        if before is not None and before.value != value and info.is_final(before.value):
            raise StoreError(f"index {index} is revoked, for ever", code="REVOCATION_IS_FINAL", url=url, index=index)
    return current


def _current(transaction: Transaction, listed: Listed, indexes: Iterable[int]) -> dict[int, Change | None]:
    """The last entries about those of the indexes that were given to a credential; None where there is none."""
    sql = """
        SELECT a.idx, c.number, c.value, c.actor, c.reason, c.at FROM status_allocation a
        LEFT JOIN status_change c ON c.list = a.list AND c.idx = a.idx AND c.number = (
            SELECT max(number) FROM status_change l WHERE l.list = a.list AND l.idx = a.idx
        ) WHERE a.list = ? AND a.idx IN (?)"""
    return {
        index: None if number is None else Change(listed.info.url, number, index, value, actor, reason, moment_of(at))
        for index, number, value, actor, reason, at in transaction.among(sql, listed.key, indexes)
    }


def _row(listed: Listed, change: Change, at: int) -> Row:
    final = int(listed.info.is_final(change.value))
    return (listed.key, change.number, change.index, change.value, final, change.actor, change.reason, at)
