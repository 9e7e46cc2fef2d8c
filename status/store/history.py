"""The history of a list, and the values that it comes to."""

from __future__ import annotations

from collections.abc import Mapping
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
    """Adds all of the changes to the history. Raises `StoreError` if one of them cannot be; then it adds none."""
    listed = find(transaction, url, lock=True)
    _check(transaction, listed, changes)
    ((last,),) = transaction.rows("SELECT coalesce(max(number), 0) FROM status_change WHERE list = ?", (listed.key,))
    added = [
        Change(url, number, index, value, actor, reason, moment_of(at))
        for number, (index, value) in enumerate(changes.items(), last + 1)
    ]
    transaction.insert(_INSERT, [_row(listed, change, at) for change in added])
    return added


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


def _check(transaction: Transaction, listed: Listed, changes: Mapping[int, int]) -> None:
    """Raises `StoreError` for a change that cannot be: of an index that no credential has, or of what is final."""
    info = listed.info
    for index, value in changes.items():
        if type(index) is not int or not 0 <= index < info.length:
            raise StoreError("an index lies outside of the list", code="INVALID_ARGUMENT", url=info.url)
        if type(value) is not int or not 0 <= value < 1 << info.size:
            raise StoreError(f"a value has not {info.size} bits", code="INVALID_ARGUMENT", url=info.url)
    current = _current(transaction, listed.key, changes)
    for index, value in changes.items():
        if index not in current:
            raise StoreError(f"index {index} was given to no credential", code="NOT_ALLOCATED", url=info.url)
        before = current[index] or 0
        if before != value and info.is_final(before):
            raise StoreError(f"index {index} is revoked, for ever", code="REVOCATION_IS_FINAL", url=info.url)


def _current(transaction: Transaction, key: int, changes: Mapping[int, int]) -> dict[int, int | None]:
    """The values of those of the indexes that were given to a credential; None where there was no change."""
    sql = """
        SELECT idx, (
            SELECT value FROM status_change c WHERE c.list = a.list AND c.idx = a.idx ORDER BY number DESC LIMIT 1
        ) FROM status_allocation a WHERE list = ? AND idx IN (?)"""
    return dict(transaction.among(sql, key, changes))


def _row(listed: Listed, change: Change, at: int) -> Row:
    final = int(listed.info.is_final(change.value))
    return (listed.key, change.number, change.index, change.value, final, change.actor, change.reason, at)
