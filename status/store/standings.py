"""How far lists have come, in numbers, without a look at what each value is."""

from __future__ import annotations

from typing import Final

from status.store.lists import Listed
from status.store.records import Standing, moment_of
from status.store.transaction import Transaction

_ALLOCATED: Final = "SELECT count(*) FROM status_allocation WHERE list = ?"
_CHANGES: Final = "SELECT coalesce(max(number), 0) FROM status_change WHERE list = ?"
_SET: Final = """
    SELECT count(*) FROM status_change c WHERE list = ? AND value <> 0 AND number = (
        SELECT max(number) FROM status_change l WHERE l.list = c.list AND l.idx = c.idx
    )"""
_PUBLISHED: Final = """
    SELECT v.version, v.changes, v.at FROM status_placement p
    JOIN status_version v ON v.list = p.list AND v.version = p.version
    WHERE p.list = ? ORDER BY v.version DESC LIMIT 1"""


def standing(transaction: Transaction, listed: Listed) -> Standing:
    """How far the list has come."""
    (allocated, is_set, changes) = (transaction.rows(sql, (listed.key,))[0][0] for sql in (_ALLOCATED, _SET, _CHANGES))
    published = transaction.rows(_PUBLISHED, (listed.key,))
    version, of_these, at = published[0] if published else (0, 0, None)
    return Standing(listed.info, allocated, is_set, changes, version, of_these, None if at is None else moment_of(at))
