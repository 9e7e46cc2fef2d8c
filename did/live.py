"""Resolution over the network, with a cache that is bounded in size and in time."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from threading import Event, Lock
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from did.document import DIDDocument
from did.errors import DIDError, NotAsked, Unavailable
from did.history import given, outcome_of
from did.methods import METHODS, SELF_DESCRIBING, WITHOUT_HISTORY, Fetch, Method
from did.methods.web import resolve_url
from did.resolver import StaticResolver, resolve
from did.url import HTTPS, check_identifier
from did.version_time import whole_seconds

LARGEST_NEGATIVE_TTL: Final = 30.0
"""Seconds for which a failure may be remembered: whoever makes a resolution fail once does no more than that."""

_Key: TypeAlias = "str | tuple[str, datetime]"


class _Entry(NamedTuple):
    """An outcome, when the resolution that gave it began, and until when it may be given again, in error or not."""

    outcome: DIDDocument | DIDError
    began: float
    expires: float
    usable: float


class _Flight:
    """A resolution that is under way; `outcome` stands from when it has `landed`, None if it was broken off."""

    __slots__ = ("began", "landed", "outcome")

    def __init__(self, began: float) -> None:
        self.began: Final = began
        self.landed: Final = Event()
        self.outcome: DIDDocument | DIDError | None = None

    def awaited(self, seconds: float) -> DIDDocument | DIDError | None:
        """The outcome, once it stands, or None after so many seconds."""
        self.landed.wait(seconds)
        return self.outcome


class LiveResolver:
    """Resolves DIDs by their methods, over the network where they need it, and https URLs.

    A document is given again for `ttl` seconds after its resolution began, a failure for `negative_ttl` seconds, at
    most `LARGEST_NEGATIVE_TTL`. Of each kind no more than `capacity` are kept, the last used ones; a failure never
    takes the place of a document. What is asked for by many threads at once is resolved once, and none of them gets
    what began to be resolved earlier than `ttl` before. The cache is that of the instance: parties that shall not
    notice each other have one each.

    Documents are kept by the exact DID or URL, and by the time that is asked for where the method has a history.
    Those that are computed from the DID are kept apart. `pinned` are documents, or histories of them, as a
    `StaticResolver` takes them, which are never fetched and do not expire; `now` is the present of their versions.

    `stale_if_error` are seconds for which an expired document is still given where its place gives no answer. It is
    no answer that counts: after one that says that there is no document, the expired one is forgotten.

    `clock` gives seconds and never goes back. `fetch` opens the connections; nothing here does.
    """

    def __init__(
        self,
        fetch: Fetch,
        *,
        methods: Mapping[str, Method] = METHODS,
        pinned: Mapping[str, object] = MappingProxyType({}),
        ttl: float = 300.0,
        negative_ttl: float = 10.0,
        capacity: int = 1024,
        stale_if_error: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
        now: datetime | None = None,
    ) -> None:
        """Raises what `StaticResolver` raises for `pinned`, and `ValueError` for a time or a capacity out of range."""
        if min(ttl, negative_ttl, stale_if_error) < 0 or negative_ttl > LARGEST_NEGATIVE_TTL or capacity < 1:
            raise ValueError(f"times are not below 0, negative_ttl not above {LARGEST_NEGATIVE_TTL}, capacity above 0")
        self._fetch, self._methods, self._clock = fetch, methods, clock
        self._ttl, self._negative_ttl, self._stale = ttl, negative_ttl, stale_if_error
        self._capacity = capacity
        computed = {name: each for name, each in SELF_DESCRIBING.items() if methods.get(name) is each}
        self._offline = StaticResolver(pinned, methods=computed, remembered=capacity, now=now)
        self._offline_prefixes = _prefixes(computed)
        self._pinned = frozenset(pinned)
        self._present_prefixes = (HTTPS, *_prefixes(name for name in methods if methods[name] in WITHOUT_HISTORY))
        self._documents: OrderedDict[_Key, _Entry] = OrderedDict()
        self._failures: OrderedDict[_Key, _Entry] = OrderedDict()
        self._flights: dict[_Key, _Flight] = {}
        self._lock = Lock()

    def resolve(self, did: str, *, at: datetime | None = None, no_cache: bool = False) -> DIDDocument:
        """The document of `did`, a DID or an https URL: as it was at the aware time `at`, or is now for None.

        With `no_cache` it is resolved anew, by this call itself. Raises `InvalidDID` for what is neither, `NotFound` if
        the document cannot be had, also where that has just been so, and another `DIDError` if it is invalid.
        """
        if did in self._pinned or did.startswith(self._offline_prefixes):
            return self._offline.resolve(did, at=at)
        key = did if at is None else self._key(did, at)
        if key not in self._documents:
            check_identifier(did)  # so that what is kept of what anybody may send is bounded in length
        if no_cache:
            return given(self._resolved(key, did, at, self._clock(), fresh=True))
        while True:
            with self._lock:
                now = self._clock()
                outcome = self._found(key, now)
                flight = self._flights.get(key)
                leads = outcome is None and (flight is None or now >= flight.began + self._ttl)
                if leads:
                    flight = self._flights[key] = _Flight(now)
            if outcome is None and flight is not None:
                outcome = self._led(flight, key, did, at) if leads else flight.awaited(self._ttl)
            if outcome is not None:
                return given(outcome)

    def _key(self, did: str, at: datetime) -> _Key:
        instant = whole_seconds(at)
        return did if did.startswith(self._present_prefixes) else (did, instant)

    def _found(self, key: _Key, now: float) -> DIDDocument | DIDError | None:
        """What may be given again; the lock is held."""
        for kept in (self._documents, self._failures):
            entry = kept.get(key)
            if entry is not None and now < entry.expires:
                kept.move_to_end(key)
                return entry.outcome
        return None

    def _led(self, flight: _Flight, key: _Key, did: str, at: datetime | None) -> DIDDocument | DIDError:
        """The outcome of a resolution that others may be waiting for; they go on whatever happens here."""
        try:
            flight.outcome = self._resolved(key, did, at, flight.began)
            return flight.outcome
        finally:
            with self._lock:
                if self._flights.get(key) is flight:
                    del self._flights[key]
            flight.landed.set()

    def _resolved(
        self, key: _Key, did: str, at: datetime | None, began: float, *, fresh: bool = False
    ) -> DIDDocument | DIDError:
        """The outcome of a resolution that begins now, or without `fresh` an expired document in place of no answer."""
        if did.startswith(HTTPS):
            outcome = outcome_of(partial(resolve_url, did, self._fetch))
        else:
            outcome = outcome_of(partial(resolve, did, at=at, fetch=self._fetch, methods=self._methods))
        with self._lock:
            return self._kept(key, outcome, began, fresh=fresh)

    def _kept(self, key: _Key, outcome: DIDDocument | DIDError, began: float, *, fresh: bool) -> DIDDocument | DIDError:
        """The outcome, which is remembered unless there is a later one; the lock is held."""
        known = self._documents.get(key)
        if known is not None and known.began > began:
            return outcome
        now = self._clock()
        if isinstance(outcome, DIDDocument):
            expires = began + self._ttl
            self._keep(self._documents, key, _Entry(outcome, began, expires, expires + self._stale))
            self._failures.pop(key, None)
            return outcome
        if known is not None and not isinstance(outcome, Unavailable):
            del self._documents[key]
        elif known is not None and not fresh and now < known.usable:
            self._documents[key] = known._replace(expires=min(now + self._negative_ttl, known.usable))
            return known.outcome
        if not isinstance(outcome, NotAsked):
            self._keep(self._failures, key, _Entry(outcome, began, now + self._negative_ttl, now))
        return outcome

    def _keep(self, kept: OrderedDict[_Key, _Entry], key: _Key, entry: _Entry) -> None:
        kept[key] = entry
        kept.move_to_end(key)
        if len(kept) > self._capacity:
            kept.popitem(last=False)


def _prefixes(methods: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"did:{name}:" for name in methods)
