"""Publishing: a version of a list becomes a file, whole and checked, and never an older one than what is there.

The steps, and what holds if everything ends after one of them:

1. A version is reserved, with what the list then has. It is used up, whatever becomes of it.
2. The caller seals the snapshot, and checks what was sealed as a verifier would.
3. It is written beside its place, as a draft, and is on the disk.
4. That it is about to be placed is recorded, with its digest. So there is never a file that the store does not know.
5. With the lock of the list: if nothing later was recorded meanwhile, the draft takes the place in one step.

Whoever is overtaken between 1 and 5 loses, and says so. Drafts that a dead process left go with the next version.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from status.bits import StatusList
from status.errors import StoreError
from status.formats import FORMATS
from status.store.commits import GroupCommit
from status.store.folders import is_full, sync, write_new
from status.store.history import values
from status.store.lists import Listed, find
from status.store.records import Published, Snapshot, invalid, microseconds, moment_of
from status.store.transaction import Transaction, printed

Seal = Callable[[Snapshot], bytes]
"""Makes of a snapshot what is published: a credential or token that its issuer has signed."""
Check = Callable[[bytes, Snapshot], None]
"""Raises if what was sealed is not what a verifier would take for the snapshot."""

_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")
_MODE: Final = 0o644
_MOST_AHEAD: Final = 5 * 60 * 1_000_000
"""Microseconds by which clocks may differ, and by which a publication may thus be later than the clock says."""


def snapshot(transaction: Transaction, listed: Listed) -> Snapshot:
    """The list as it is now, with the version and time of the last publication that was begun."""
    info = listed.info
    changes, count = values(transaction, listed)
    last = transaction.rows(
        "SELECT version, changes, at FROM status_version WHERE list = ? ORDER BY version DESC LIMIT 1", (listed.key,)
    )
    version, published, at = last[0] if last else (0, 0, microseconds(info.created))
    if count < published:
        raise StoreError("changes that were published are missing", code="STORE_DAMAGED", url=info.url)
    order = FORMATS[info.format].least_significant_first
    statuses = StatusList.of_length(info.length, size=info.size, least_significant_first=order).updated(changes)
    return Snapshot(info, statuses, count, version, moment_of(at))


def publish(
    commits: GroupCommit,
    url: str,
    folder: Path,
    name: str | None,
    *,
    seal: Seal,
    check: Check,
    at: int,
    clock_was_ahead: bool,
) -> Published:
    """See `Store.publish`."""
    target = folder / _name(url, name)
    taken = commits.run(url, partial(_reserve, url=url, at=at, clock_was_ahead=clock_was_ahead))
    data = seal(taken)
    if not isinstance(data, bytes):
        raise invalid("what the list was sealed as is not bytes")
    check(data, taken)
    draft = folder / f".{target.name}.{taken.version}.draft"
    published = Published(url, taken.version, taken.changes, taken.at, target, hashlib.sha256(data).hexdigest())
    try:
        write_new(draft, data, mode=_MODE)
    except (OSError, ValueError) as error:
        raise _failed(error, url) from error
    try:
        commits.run(url, partial(_record, published=published))
        commits.run(url, partial(_place, published=published, draft=draft))
    finally:
        _remove(draft)
    return published


def _reserve(transaction: Transaction, *, url: str, at: int, clock_was_ahead: bool) -> Snapshot:
    listed = find(transaction, url, lock=True)
    last = snapshot(transaction, listed)
    version = last.version + 1
    moment = max(at, microseconds(last.at) + 1) if last.version else at
    if moment > at + _MOST_AHEAD:
        if not clock_was_ahead:
            detail = f"the last version is of {last.at.isoformat()}, which is still to come: a clock is wrong"
            raise StoreError(detail, code="CLOCK_BEHIND", url=url)
        moment = at
    transaction.insert(
        "INSERT INTO status_version (list, version, changes, at) VALUES (?, ?, ?, ?)",
        [(listed.key, version, last.changes, moment)],
    )
    return Snapshot(last.info, last.statuses, last.changes, version, moment_of(moment))


def _record(transaction: Transaction, *, published: Published) -> None:
    key = find(transaction, published.url, lock=True).key
    transaction.insert(
        "INSERT INTO status_placement (list, version, sha256) VALUES (?, ?, ?)",
        [(key, published.version, published.sha256)],
    )


def _place(transaction: Transaction, *, published: Published, draft: Path) -> None:
    key = find(transaction, published.url, lock=True).key
    ((latest,),) = transaction.rows("SELECT max(version) FROM status_placement WHERE list = ?", (key,))
    if latest != published.version:
        detail = f"a later version than {published.version} was published meanwhile"
        raise StoreError(detail, code="SUPERSEDED", url=published.url)
    target = published.path
    try:
        _refuse_others(transaction, key, published)
        draft.replace(target)
        sync(target.parent)
        _remove_older_drafts(published)
    except OSError as error:
        raise _failed(error, published.url) from error


def _refuse_others(transaction: Transaction, key: int, published: Published) -> None:
    """Raises `StoreError` if what stands in the place was not put there by this store.

    That is another list, or a version that the store has forgotten because it was restored from a copy: to put one
    of these in its place could take back a revocation.
    """
    target = published.path
    if not os.path.lexists(target):
        return
    if stat.S_ISREG(target.lstat().st_mode):
        with target.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        sql = "SELECT version FROM status_placement WHERE list = ? AND sha256 = ?"
        if transaction.rows(sql, (key, digest)):
            return
    raise StoreError(
        f"{target.name!a} holds what this store never published: was the store restored from a copy?",
        code="UNKNOWN_PUBLICATION",
        url=published.url,
    )


def _remove_older_drafts(published: Published) -> None:
    """Removes drafts of earlier versions, of processes that have died or are about to be told that they lost."""
    prefix = f".{published.path.name}."
    for draft in published.path.parent.glob(f"{prefix}*.draft"):
        version = draft.name.removeprefix(prefix).removesuffix(".draft")
        if version.isdecimal() and int(version) < published.version:
            _remove(draft)


def _remove(draft: Path) -> None:
    try:
        draft.unlink(missing_ok=True)
    except OSError:
        return  # a draft that cannot be removed does no harm, and the next version tries again


def _name(url: str, name: str | None) -> str:
    name = url.partition("?")[0].partition("#")[0].rpartition("/")[2] if name is None else name
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise StoreError("the last part of the URL cannot be the name of a file: give one", code="INVALID_ARGUMENT")
    return name


def _failed(error: OSError | ValueError, url: str) -> StoreError:
    code = "STORAGE_FULL" if isinstance(error, OSError) and is_full(error) else "PUBLICATION_FAILED"
    reason = (error.strerror if isinstance(error, OSError) else None) or printed(error)
    return StoreError(f"the list cannot be written to its folder: {reason}", code=code, url=url)
