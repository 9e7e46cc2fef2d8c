"""Indexes for credentials: drawn at random, so that where a credential stands says nothing about when it was issued."""

from __future__ import annotations

import secrets
from array import array
from collections.abc import Iterable, Sequence
from typing import Final

from status.errors import StoreError
from status.store.lists import Listed, find
from status.store.records import ListInfo
from status.store.transaction import Transaction

_ROUNDS: Final = 4
_SPARE: Final = 32
_INSERT: Final = "INSERT INTO status_allocation (list, idx, credential, actor, at) VALUES (?, ?, ?, ?, ?)"


def allocate(transaction: Transaction, url: str, credentials: Sequence[str], *, actor: str, at: int) -> list[int]:
    """The index of each credential, which it keeps: one that has none gets any that is free, each as likely.

    Raises `StoreError` with LIST_FULL if too few are free; then none was given.
    """
    listed = find(transaction, url, lock=True)
    indexes = given(transaction, listed.key, credentials)
    new = [name for name in dict.fromkeys(credentials) if name not in indexes]
    drawn = dict(zip(new, _drawn(transaction, listed, len(new)), strict=True))
    transaction.insert(_INSERT, [(listed.key, index, name, actor, at) for name, index in drawn.items()])
    indexes |= drawn
    return [indexes[name] for name in credentials]


def given(transaction: Transaction, key: int, credentials: Iterable[str]) -> dict[str, int]:
    """The indexes of those of the credentials that have one."""
    sql = "SELECT credential, idx FROM status_allocation WHERE list = ? AND credential IN (?)"
    return dict(transaction.among(sql, key, credentials))


def _drawn(transaction: Transaction, listed: Listed, count: int) -> list[int]:
    """Free indexes, any as likely as any other, and in any order.

    They are drawn from all, and those that are taken are drawn again. A list so full that this takes too long is
    read whole, and what is free in it is drawn from.
    """
    drawn: dict[int, None] = {}  # in the order of drawing, which the order of the indexes must not show through
    for _ in range(_ROUNDS):
        missing = count - len(drawn)
        if not missing:
            break
        tried = dict.fromkeys(secrets.randbelow(listed.info.length) for _ in range(missing + _SPARE))
        sql = "SELECT idx FROM status_allocation WHERE list = ? AND idx IN (?)"
        taken = {index for (index,) in transaction.among(sql, listed.key, tried)}
        free = [index for index in tried if index not in taken]
        drawn |= dict.fromkeys(free[:missing])
    if len(drawn) < count:
        drawn |= dict.fromkeys(_rest(transaction, listed, drawn, count - len(drawn)))
    return list(drawn)


def _rest(transaction: Transaction, listed: Listed, drawn: Iterable[int], count: int) -> list[int]:
    is_taken = bytearray(listed.info.length)
    for (index,) in transaction.rows("SELECT idx FROM status_allocation WHERE list = ?", (listed.key,)):
        is_taken[index] = True
    for index in drawn:
        is_taken[index] = True
    free = array("L", (index for index, taken in enumerate(is_taken) if not taken))
    if len(free) < count:
        raise full(listed.info)
    return secrets.SystemRandom().sample(free, count)


def full(info: ListInfo) -> StoreError:
    """The error for a list that has not enough free indexes."""
    return StoreError("not enough indexes of this list are free: create another", code="LIST_FULL", url=info.url)
