"""Lists that somebody verified, and where the values of status entries come from."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol, Self

from status.bits import StatusList
from status.entry import StatusEntry
from status.errors import StatusError, StatusRetrievalError, StatusVerificationError
from status.formats import FORMATS

MOST_KEPT: Final = 64 * 1024 * 1024
"""Bytes of opened lists that a `StaticStatusLists` keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedList:
    """A status list that was verified: that `issuer` has secured it, and that it is the one at `url`.

    `format` is a name in `FORMATS`. `valid_from` and `valid_until` are its validity period, both included, in aware
    times. For `ttl` after it was fetched it need not be fetched again. `stated_size` is what a list of the format
    "bitstring" itself says about the size of its values, if it does; the entries say it in any case.
    """

    url: str
    format: str
    issuer: str
    purposes: frozenset[str]
    statuses: StatusList
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    ttl: timedelta | None = None
    stated_size: int | None = None

    def value(self, entry: StatusEntry, *, issuers: Container[str], now: datetime) -> int:
        """The value at `entry`, which this list answers for at `now` if one of `issuers` has issued it.

        Raises `StatusRetrievalError` outside of its validity period: another list may be the one of that time. Else
        `StatusVerificationError`, `StatusListLengthError` or `RangeError` if list and entry do not belong together
        (Bitstring Status List 1.0, section 3.2; Token Status List, section 8.3).
        """
        if self.valid_from is not None and now < self.valid_from:
            raise StatusRetrievalError("the list at hand is not valid yet at the time asked for", url=self.url)
        if self.valid_until is not None and now > self.valid_until:
            raise StatusRetrievalError("the list at hand is no longer valid at the time asked for", url=self.url)
        layout, statuses = FORMATS[self.format], self.statuses
        if entry.list_url != self.url:
            raise self._mismatch("the list is not the one that the entry names")
        if entry.type != layout.entry_type:
            raise self._mismatch("the list is of another format than the entry")
        if self.issuer not in issuers:
            raise self._mismatch("the list has another issuer")
        if layout.entry_is_explicit:
            if entry.purpose not in self.purposes:
                raise self._mismatch("the list is for another purpose than the entry")
            if entry.size not in layout.sizes or (self.stated_size is not None and entry.size != self.stated_size):
                raise self._mismatch("the list has values of another size than the entry")
            if entry.size != statuses.size:
                statuses = StatusList(statuses.data, entry.size, statuses.least_significant_first)
        if len(statuses.data) * 8 < layout.minimum_length * statuses.size:
            layout.check_length(statuses)
        return statuses[entry.index]

    def _mismatch(self, detail: str) -> StatusVerificationError:
        return StatusVerificationError(detail, url=self.url)


class OpenList(Protocol):
    """Verifies lists."""

    def __call__(self, body: bytes, /, *, url: str, now: datetime) -> OpenedList:
        """The list in the bytes that were served at `url`, verified as of `now`.

        Raises `StatusRetrievalError` if it cannot be decided whether it is genuine, and another `StatusError` if it
        is not, or not a list, or not the one of `url`. That it is outside of its validity period is no error.
        """
        ...


class FetchList(Protocol):
    """Fetches what is published."""

    def __call__(self, url: str, /) -> bytes:
        """What is served at `url`, all of it. Raises `StatusRetrievalError`."""
        ...


class StatusLists(Protocol):
    """Verified status lists, by URL."""

    def look_up(self, entry: StatusEntry, *, issuers: Container[str], now: datetime) -> int:
        """The value at the entry, as a list valid at `now` has it that one of `issuers` has issued.

        Raises `StatusRetrievalError` if the list cannot be had, and another `StatusError` if it cannot be used.
        """
        ...


class StaticStatusLists:
    """The lists in `resources`, the bytes that were served by URL, and no others. They are verified when asked for.

    An outcome is kept for as long as the same time is asked for, so that it depends on nothing that was asked before.
    Of many lists those that were opened last are kept, up to `MOST_KEPT` bytes; the others are verified again.
    """

    def __init__(self, resources: Mapping[str, bytes], open_list: OpenList) -> None:
        """`resources` are looked at when a list is asked for."""
        self._resources, self._open_list = resources, open_list
        self._opened: dict[str, tuple[datetime, OpenedList | StatusError]] = {}

    def __reduce__(self) -> tuple[type[Self], tuple[dict[str, bytes], OpenList]]:
        """For `pickle`: the same resources, of which none is opened yet."""
        return type(self), (dict(self._resources), self._open_list)

    def look_up(self, entry: StatusEntry, *, issuers: Container[str], now: datetime) -> int:
        """The value at the entry. Raises `StatusRetrievalError` for a list that is not in `resources`, too."""
        known = self._opened.get(entry.list_url)
        outcome = known[1] if known is not None and known[0] == now else self._outcome(entry.list_url, now)
        if isinstance(outcome, OpenedList):
            return outcome.value(entry, issuers=issuers, now=now)
        raise detached(outcome)

    def _outcome(self, url: str, now: datetime) -> OpenedList | StatusError:
        if url not in self._resources:
            raise StatusRetrievalError("the status list was not supplied", url=url)
        outcome = outcome_of(self._open_list, self._resources[url], url=url, now=now)
        self._opened.pop(url, None)
        self._opened[url] = now, outcome
        kept = 0
        for each, (_, known) in reversed(list(self._opened.items())):
            kept += len(known.statuses.data) if isinstance(known, OpenedList) else 0
            if kept > MOST_KEPT:
                self._opened.pop(each, None)
        return outcome


def outcome_of(open_list: OpenList, body: bytes, *, url: str, now: datetime) -> OpenedList | StatusError:
    """The list that was opened, or the error, without what raised it, so that it can be kept."""
    try:
        return open_list(body, url=url, now=now)
    except StatusError as error:
        return detached(error)


def detached(error: StatusError) -> StatusError:
    """The same error as a new object, since one that is raised collects the frames it goes through."""
    return type(error)(error.detail, url=error.url)


def given(outcome: OpenedList | StatusError) -> OpenedList:
    """The list of an outcome. Its error is raised anew each time."""
    if isinstance(outcome, StatusError):
        raise detached(outcome)
    return outcome


class _NoStatusLists:
    """Holds no list."""

    def look_up(
        self,
        entry: StatusEntry,
        *,
        issuers: Container[str],  # noqa: ARG002  (the protocol's parameter)
        now: datetime,  # noqa: ARG002  (the protocol's parameter)
    ) -> int:
        """Raises `StatusRetrievalError`: no list was handed in."""
        raise StatusRetrievalError(f"the list {entry.list_url[:200]!r} was not handed in", url=entry.list_url)


NO_STATUS_LISTS: Final[StatusLists] = _NoStatusLists()
"""No list at all: a credential with a status entry stays undecided, unless the policy skips the status."""
