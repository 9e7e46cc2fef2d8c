"""Lists: creating them, and the lock that whoever writes to one holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from status.errors import StoreError
from status.formats import FORMATS, MOST_BYTES
from status.store.records import ListInfo, invalid, microseconds, moment_of, number, text, texts
from status.store.transaction import Row, Transaction

_COLUMNS: Final = "id, url, format, purposes, size, length, ttl, messages, actor, at"
_MICROSECOND: Final = timedelta(microseconds=1)
_LONGEST_TTL: Final = timedelta(days=36_600)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list and its key in the tables."""

    key: int
    info: ListInfo


def checked(info: ListInfo) -> ListInfo:
    """The list, if it is one that its format can have. Raises `StoreError`."""
    for value, name in ((info.url, "url"), (info.actor, "actor"), (info.format, "format")):
        text(value, name)
    texts(info.purposes, "a purpose")
    texts(info.messages, "a message")
    number(info.size, "size")
    number(info.length, "length")
    microseconds(info.created)
    form = FORMATS.get(info.format)
    if form is None:
        raise invalid(f"the format is none of {', '.join(FORMATS)}")
    if info.size not in form.sizes:
        raise invalid(f"values of this format are not {info.size} bits wide")
    longest = MOST_BYTES * 8 // info.size
    if not form.minimum_length <= info.length <= longest or info.length * info.size % 8:
        raise invalid(f"a list of this format has {form.minimum_length} to {longest} values, in whole bytes")
    if len(set(info.purposes)) != len(info.purposes) or (info.format == "token") == bool(info.purposes):
        raise invalid("purposes stand once each; a list of the format token has none, others have one at least")
    if info.messages and len(info.messages) != 1 << info.size:
        raise invalid("there is not one message for each value")
    if info.ttl is not None and not (isinstance(info.ttl, timedelta) and timedelta(0) < info.ttl <= _LONGEST_TTL):
        raise invalid(f"the time to live is not positive, or longer than {_LONGEST_TTL.days} days")
    return info


def create(transaction: Transaction, info: ListInfo) -> ListInfo:
    """Adds a list. Raises `StoreError` with LIST_EXISTS if there is one of its URL."""
    transaction.rows("SELECT version FROM status_store" + transaction.locking)
    if transaction.rows("SELECT id FROM status_list WHERE url = ?", (info.url,)):
        raise StoreError("there is a list of this URL already", code="LIST_EXISTS", url=info.url)
    ((last,),) = transaction.rows("SELECT coalesce(max(id), 0) FROM status_list")
    ttl = None if info.ttl is None else info.ttl // _MICROSECOND
    row = (
        *(last + 1, info.url, info.format, json.dumps(info.purposes), info.size, info.length),
        *(ttl, json.dumps(info.messages), info.actor, microseconds(info.created)),
    )
    transaction.insert(f"INSERT INTO status_list ({_COLUMNS}) VALUES ({', '.join('?' * len(row))})", [row])
    return info


def find(transaction: Transaction, url: str, *, lock: bool = False) -> Listed:
    """The list of the URL; with `lock`, nobody else writes to it until the transaction ends."""
    found = transaction.rows(
        f"SELECT {_COLUMNS} FROM status_list WHERE url = ?" + (transaction.locking if lock else ""), (url,)
    )
    if not found:
        raise StoreError("there is no list of this URL in the store", code="NO_SUCH_LIST", url=url)
    return _listed(found[0])


def every(transaction: Transaction) -> list[Listed]:
    """All lists, in the order in which they were created."""
    return [_listed(row) for row in transaction.rows(f"SELECT {_COLUMNS} FROM status_list ORDER BY id")]


def _listed(row: Row) -> Listed:
    key, url, form, purposes, size, length, ttl, messages, actor, at = row
    try:
        words, spoken = tuple(json.loads(purposes)), tuple(json.loads(messages))
        life = None if ttl is None else timedelta(microseconds=ttl)
        return Listed(key, ListInfo(url, form, words, size, length, life, spoken, actor, moment_of(at)))
    except (ValueError, TypeError, OverflowError) as error:
        raise StoreError("a list is not as it was written", code="STORE_DAMAGED") from error
