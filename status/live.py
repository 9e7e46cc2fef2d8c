"""Status lists over the network, with a cache that is bounded in size and in time."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Container
from datetime import datetime, timedelta
from threading import Event, Lock
from typing import Final, NamedTuple

from status.entry import StatusEntry
from status.errors import StatusError, StatusRetrievalError
from status.lists import FetchList, OpenedList, OpenList, detached, given, outcome_of

LARGEST_NEGATIVE_TTL: Final = 30.0
"""Seconds for which a failure may be remembered: whoever makes a fetch fail once does no more than that."""

_FAILURES: Final = 1024
_NEWEST: Final = 65_536
"""Lists of which it is remembered since when the last one seen is valid: some 20 MiB, without the lists."""


class _Entry(NamedTuple):
    """An outcome, as of the time `at`, None where it is the same for all times; and the bytes of a list.

    It was asked for at `began`, and may be given again until `expires`. From `retry` on, no list that is no longer
    valid is given again.
    """

    outcome: OpenedList | StatusError
    body: bytes
    at: datetime | None
    began: float
    expires: float
    retry: float

    @property
    def weight(self) -> int:
        """Bytes that the list takes."""
        return len(self.body) + (len(self.outcome.statuses.data) if isinstance(self.outcome, OpenedList) else 0)


class _Flight:
    """A fetch that is under way; `entry` stands from when it has `landed`, None if it was broken off."""

    __slots__ = ("began", "entry", "landed")

    def __init__(self, began: float) -> None:
        self.began: Final = began
        self.landed: Final = Event()
        self.entry: _Entry | None = None

    def awaited(self, seconds: float) -> _Entry | None:
        """The entry, once it stands, or None after so many seconds."""
        self.landed.wait(seconds)
        return self.entry


class LiveStatusLists:
    """Fetches lists as a whole, so that nobody learns whose status is asked for, and verifies them with `open_list`.

    A list is given again until its own `ttl` has passed since its fetch began, `ttl` seconds where it has none, but no
    longer than `longest_ttl`; and never for a time outside of its validity period. It counts as verified for times
    within `longest_ttl` of the one that it was verified for, and is verified again for others. A failure is given
    again for `negative_ttl` seconds, at most `LARGEST_NEGATIVE_TTL`. What is asked for by many threads at once is
    fetched once. Lists are kept by their exact URL, those last used, up to `capacity` bytes in all. The cache is that
    of the instance: parties that shall not notice each other have one each.

    Once a list of an issuer was seen that is valid since some time, none at the same URL is accepted that is valid
    since an earlier time or does not say since when: whoever serves an old list again clears nothing. A list that
    will be valid in future does not count for this until it is.

    `clock` gives seconds and never goes back. `fetch` opens the connections; nothing here does.
    """

    def __init__(
        self,
        fetch: FetchList,
        open_list: OpenList,
        *,
        ttl: float = 300.0,
        longest_ttl: float = 86_400.0,
        negative_ttl: float = 10.0,
        capacity: int = 256 * 1024 * 1024,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Raises `ValueError` for a time or a capacity out of range."""
        if not 0 <= ttl <= longest_ttl or not 0 <= negative_ttl <= LARGEST_NEGATIVE_TTL or capacity < 0:
            raise ValueError(f"0 <= ttl <= longest_ttl, 0 <= negative_ttl <= {LARGEST_NEGATIVE_TTL}, 0 <= capacity")
        self._fetch, self._open_list, self._clock = fetch, open_list, clock
        self._ttl, self._longest_ttl, self._negative_ttl = ttl, longest_ttl, negative_ttl
        self._near = timedelta(seconds=longest_ttl)
        self._capacity, self._weight = capacity, 0
        self._lists: OrderedDict[str, _Entry] = OrderedDict()
        self._failures: OrderedDict[str, _Entry] = OrderedDict()
        self._newest: OrderedDict[tuple[str, str], datetime] = OrderedDict()
        self._flights: dict[str, _Flight] = {}
        self._lock = Lock()

    def look_up(self, entry: StatusEntry, *, issuers: Container[str], now: datetime) -> int:
        """The value at the entry, as the list valid at the aware time `now` has it that one of `issuers` has issued.

        Raises `StatusRetrievalError` if the list cannot be had, also where that has just been so, and another
        `StatusError` if it cannot be used.
        """
        return given(self._outcome(entry.list_url, now)).value(entry, issuers=issuers, now=now)

    def _outcome(self, url: str, now: datetime) -> OpenedList | StatusError:
        while True:
            with self._lock:
                moment = self._clock()
                found = self._found(url, now, moment)
                flight = self._flights.get(url)
                leads = found is None and (flight is None or moment >= flight.began + self._ttl)
                if leads:
                    flight = self._flights[url] = _Flight(moment)
            if found is None and flight is not None:
                found = self._led(flight, url, now) if leads else flight.awaited(self._ttl)
            if found is not None and (outcome := self._as_of(now, url, found)) is not None:
                return outcome

    def _found(self, url: str, now: datetime, moment: float) -> _Entry | None:
        """What may be given again; the lock is held."""
        for kept in (self._lists, self._failures):
            entry = kept.get(url)
            if entry is None or moment >= entry.expires:
                continue
            if isinstance(entry.outcome, OpenedList):
                until = entry.outcome.valid_until
                usable = moment < entry.retry or until is None or now <= until
            else:
                usable = self._is_near(now, entry)
            if usable:
                kept.move_to_end(url)
                return entry
        return None

    def _is_near(self, now: datetime, entry: _Entry) -> bool:
        return entry.at is None or abs(now - entry.at) <= self._near

    def _as_of(self, now: datetime, url: str, entry: _Entry) -> OpenedList | StatusError | None:
        """The outcome for the time `now`; None for a failure of another time, which says nothing about this one."""
        if self._is_near(now, entry):
            return entry.outcome
        return self._opened(entry.body, url, now)[0] if isinstance(entry.outcome, OpenedList) else None

    def _led(self, flight: _Flight, url: str, now: datetime) -> _Entry:
        """The entry of a fetch that others may be waiting for; they go on whatever happens here."""
        try:
            flight.entry = self._fetched(url, now, flight.began)
            return flight.entry
        finally:
            with self._lock:
                if self._flights.get(url) is flight:
                    del self._flights[url]
            flight.landed.set()

    def _fetched(self, url: str, now: datetime, began: float) -> _Entry:
        """The entry of a fetch that begins now, which is remembered unless there is a later one."""
        outcome: OpenedList | StatusError
        body, at = b"", None
        try:
            body = self._fetch(url)
        except StatusRetrievalError as error:
            outcome = detached(error)
        else:
            outcome, at = self._opened(body, url, now)
        with self._lock:
            retry = self._clock() + self._negative_ttl
            if not isinstance(outcome, OpenedList):
                return self._kept(url, _Entry(outcome, b"", at, began, retry, retry))
            ttl = self._ttl if outcome.ttl is None else outcome.ttl.total_seconds()
            return self._kept(url, _Entry(outcome, body, at, began, began + min(ttl, self._longest_ttl), retry))

    def _opened(self, body: bytes, url: str, now: datetime) -> tuple[OpenedList | StatusError, datetime | None]:
        """What the bytes are, and the time that this is said for; a list that is older than one seen is none."""
        outcome = outcome_of(self._open_list, body, url=url, now=now)
        if not isinstance(outcome, OpenedList):
            return outcome, now
        key, since = (url, outcome.issuer), outcome.valid_from
        with self._lock:
            newest = self._newest.get(key)
            if newest is not None and (since is None or since < newest):
                return StatusRetrievalError("the list is older than one that was seen before", url=url), None
            if since is not None and since <= now:
                self._newest[key] = since
                self._newest.move_to_end(key)
                if len(self._newest) > _NEWEST:
                    self._newest.popitem(last=False)
        return outcome, now

    def _kept(self, url: str, entry: _Entry) -> _Entry:
        """The entry, or that of a later fetch; the lock is held. A failure takes no place of a list."""
        known = self._lists.get(url)
        if known is not None and known.began > entry.began:
            return known
        if isinstance(entry.outcome, OpenedList):
            self._forget(url)
            self._lists[url] = entry
            self._weight += entry.weight
            while self._weight > self._capacity:
                self._forget(next(iter(self._lists)))
        else:
            self._failures[url] = entry
            self._failures.move_to_end(url)
            if len(self._failures) > _FAILURES:
                self._failures.popitem(last=False)
        return entry

    def _forget(self, url: str) -> None:
        known = self._lists.pop(url, None)
        if known is not None:
            self._weight -= known.weight
