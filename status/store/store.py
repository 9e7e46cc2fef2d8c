"""The store of an issuer: its lists, whose index is whose, what was changed when by whom, and what was published."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from status.errors import StoreError
from status.store import allocation, history, lists, publishing, standings
from status.store.commits import GroupCommit
from status.store.publishing import Check, Seal
from status.store.records import (
    Change,
    ListInfo,
    Published,
    Snapshot,
    Standing,
    invalid,
    is_text,
    microseconds,
    number,
    text,
    texts,
)
from status.store.schema import prepare
from status.store.sqlite import SQLite
from status.store.transaction import Database

_POSTGRESQL: Final = ("postgresql://", "postgres://")
_URL: Final = "://"
_FIRST: Final = ""
"""The key of work that comes before that on any list."""


class Store:
    """An open store, for any number of threads of the process that opened it, beside any number of others.

    What a method returns is durable: it survives the end of the process at any moment, and a loss of power. What it
    raises is `StoreError`, and then it did nothing; only OUTCOME_UNKNOWN leaves open whether it did. `actor` says who
    asks for something, `at` when, an aware time; both are kept for ever, as are `reason` and the names of credentials.
    Threads that write at the same time wait for the disk together.
    """

    __slots__ = ("_commits", "_database")

    def __init__(self, database: Database, *, new: bool = True) -> None:
        try:
            prepare(database, new=new)
        except BaseException:
            database.close()
            raise
        self._database = database
        self._commits = GroupCommit(database)

    @classmethod
    def open(cls, location: str | os.PathLike[str], *, new: bool = True) -> Store:
        """The store in a file, or in a database named "postgresql://...".

        Where there is none, it is made, unless `new` is false: then the error is NO_STORE. A file that holds anything
        else is refused with that in any case, and stays as it is. A file has to be on a disk of this machine, and not
        on a network file system. PostgreSQL needs the extra `postgres`.
        """
        if not isinstance(location, str | os.PathLike):
            raise invalid("the location is neither a file nor a URI of PostgreSQL")
        if isinstance(location, str) and location.startswith(_POSTGRESQL):
            from status.store.postgresql import PostgreSQL

            return cls(PostgreSQL(location), new=new)
        if isinstance(location, str) and _URL in location:  # it may have a password in it, and is not shown
            raise invalid("the location is a URL of a kind that is not known: a store is a file, or postgresql://...")
        return cls(SQLite(location, new=new), new=new)

    def close(self) -> None:
        """Afterwards the store cannot be used; what others are writing is written first."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def create(
        self,
        url: str,
        *,
        format: str,  # noqa: A002  (the name in FORMATS is called so everywhere)
        purposes: Sequence[str] = (),
        size: int = 1,
        length: int = 131_072,
        ttl: timedelta | None = None,
        messages: Sequence[str] = (),
        actor: str,
        at: datetime,
    ) -> ListInfo:
        """A new list at `url`, of `length` values of `size` bits that are all 0. See `ListInfo`.

        Raises LIST_EXISTS, or INVALID_ARGUMENT for what the format cannot have.
        """
        words, spoken = texts(purposes, "a purpose"), texts(messages, "a message")
        info = ListInfo(url, format, words, size, length, ttl, spoken, actor, at)
        return self._commits.run(_FIRST, partial(lists.create, info=lists.checked(info)))

    def lists(self) -> list[ListInfo]:
        """All lists, in the order in which they were created."""
        with self._database.reading() as transaction:
            return [listed.info for listed in lists.every(transaction)]

    def standings(self) -> list[Standing]:
        """How far each list has come, in the order in which they were created, all as of one moment."""
        with self._database.reading() as transaction:
            return [standings.standing(transaction, listed) for listed in lists.every(transaction)]

    def allocate(self, url: str, *, credential: str, actor: str, at: datetime) -> int:
        """The index of the credential in the list. See `allocate_many`."""
        return self.allocate_many(url, [credential], actor=actor, at=at)[0]

    def allocate_many(self, url: str, credentials: Sequence[str], *, actor: str, at: datetime) -> list[int]:
        """The index of each credential in the list, in their order.

        A credential that has none gets one: any that is free, each as likely, that nobody else has or ever gets.
        `credentials` are what the caller calls them, such as their `id`. Raises LIST_FULL; then none was given.
        """
        names = texts(credentials, "a credential's name")
        work = partial(allocation.allocate, url=url, credentials=names, actor=text(actor, "actor"), at=microseconds(at))
        return self._commits.run(text(url, "url"), work)

    def index_of(self, url: str, credential: str) -> int:
        """The index that the credential has in the list. Raises NOT_ALLOCATED if it has none."""
        found = self.indexes_of(url, [credential])
        if not found:
            raise StoreError("the credential has no index in this list", code="NOT_ALLOCATED", url=url)
        return found[credential]

    def indexes_of(self, url: str, credentials: Iterable[str]) -> dict[str, int]:
        """The indexes of those of the credentials that have one in the list, all as of one moment.

        What no credential can be called has none.
        """
        if isinstance(credentials, str) or not isinstance(credentials, Iterable):
            raise invalid("the credentials do not stand in a list")
        names = list(dict.fromkeys(filter(is_text, credentials)))
        with self._database.reading() as transaction:
            return allocation.given(transaction, lists.find(transaction, text(url, "url")).key, names)

    def set(self, url: str, index: int, value: int, *, actor: str, reason: str, at: datetime) -> Change:
        """The index has the value, and the history says so. See `set_many`."""
        return self.set_many(url, {index: value}, actor=actor, reason=reason, at=at)[0]

    def set_many(self, url: str, changes: Mapping[int, int], *, actor: str, reason: str, at: datetime) -> list[Change]:
        """Each index has its value, and the history says so. The changes that say it, in the order of the indexes.

        An index that has its value already gets an entry in the history as well, unless the last one about it is the
        same but for its time: by the same actor, for the same reason. Then it is that one, so that what is asked for
        again, such as a file that was interrupted, is not told twice.

        All of it, or none: raises REVOCATION_IS_FINAL for an index whose value cannot change any more
        (`ListInfo.is_final`), NOT_ALLOCATED for one that no credential has, INVALID_ARGUMENT for what the list cannot
        have; `StoreError.index` says for which.
        """
        if not isinstance(changes, Mapping):
            raise invalid("the changes do not say which index gets which value")
        pairs = {number(index, "an index"): number(value, "a value") for index, value in changes.items()}
        work = partial(
            history.append,
            url=url,
            changes=pairs,
            actor=text(actor, "actor"),
            reason=text(reason, "reason"),
            at=microseconds(at),
        )
        return self._commits.run(text(url, "url"), work)

    def history(self, url: str, index: int | None = None) -> Iterator[Change]:
        """All changes of the list, or of one index, from the first to the last that there is when it is reached."""
        return self._history(text(url, "url"), None if index is None else number(index, "an index"))

    def _history(self, url: str, index: int | None) -> Iterator[Change]:
        after = 0
        while True:
            with self._database.reading() as transaction:
                found = history.page(transaction, url, index, after=after)
            yield from found
            if len(found) < history.PAGE:
                return
            after = found[-1].number

    def snapshot(self, url: str) -> Snapshot:
        """The list as it is now, with the version and time of the last publication. Raises STORE_DAMAGED."""
        with self._database.reading() as transaction:
            return publishing.snapshot(transaction, lists.find(transaction, text(url, "url")))

    def publish(
        self,
        url: str,
        folder: str | os.PathLike[str],
        *,
        name: str | None = None,
        seal: Seal,
        check: Check,
        at: datetime,
        clock_was_ahead: bool = False,
    ) -> Published:
        """The list as it is now is in the folder, under the last part of its URL or under `name`.

        At no moment is there a part of it, or an older one than before. Its version is greater than any before, and
        its time is `at`, or if need be a microsecond after that of the last. `seal` signs, and `check` raises if what
        was signed does not verify as the snapshot; what they raise is passed on, and nothing was published then.

        The last version may be of a time up to 5 minutes after `at`; if it is of a later one, a clock is or was wrong:
        raises CLOCK_BEHIND. With `clock_was_ahead` it was that of the last version, and the new one is of `at` all the
        same.

        Raises SUPERSEDED if somebody published a later version meanwhile, UNKNOWN_PUBLICATION if the file that is
        there is not one that this store published, PUBLICATION_FAILED or STORAGE_FULL if it cannot be written, and
        STORE_DAMAGED rather than to take back a revocation. After an error the file is the old one or the new one.
        """
        if not isinstance(folder, str | os.PathLike):
            raise invalid("the folder is not a path")
        return publishing.publish(
            self._commits,
            text(url, "url"),
            Path(folder),
            name,
            seal=seal,
            check=check,
            at=microseconds(at),
            clock_was_ahead=clock_was_ahead,
        )
