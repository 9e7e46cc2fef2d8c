"""Evidence that is missing in a job: each document and resource is fetched once, and kept with the job."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import groupby, islice
from threading import Event, Lock
from typing import Final, TypeAlias

from did import METHODS, DIDError, Fetch, NotAsked, Postponed, Resolver, Response
from did.methods import WITHOUT_HISTORY
from did.url import HTTPS
from vc_core.batch.fetched import Kept, place, read, written
from vc_core.batch.folder import Folder
from vc_core.batch.supervision import Stopped
from vc_core.batch.verification import Kind, Missing
from vc_core.document import Json
from vc_core.evidence import Evidence
from vc_core.gathering import Gathering

MOST_NAMES: Final[Mapping[Kind, int]] = {"document": 10_000, "status list": 10_000, "resource": 10_000}
"""DIDs and URLs of each kind that are fetched for one job. What is missing beyond that stays missing.

Each kind has its own, so that whoever names many schemas leaves room for the status lists of others.
"""
MOST_BYTES: Final = 256 * 1024 * 1024
"""The same for the bytes that they have in the folder, of which each worker has a copy."""
MOST_SECONDS: Final = 3600.0
"""The same for the time that a job waits for them."""
_TOGETHER: Final = 64
"""Answers of a file, so that it stays far below the largest file of evidence that can be read."""
_AT_A_TIME: Final = 8
"""So a host that is slow to answer does not hold up all others."""
_MOST_REMEMBERED: Final = 32 * 1024 * 1024
_WITHOUT_HISTORY: Final = (
    HTTPS,
    *(f"did:{name}:" for name, method in METHODS.items() if method in WITHOUT_HISTORY),
)
"""How names begin of which there is one document, whatever time it is wanted of."""

_Asked: TypeAlias = tuple[str, datetime | None, bool]
"""A name as it is asked for: of what kind a resource is makes no difference, nor a time where there is no history."""


@dataclass(frozen=True, slots=True)
class Network:
    """How a job gets what it misses: a resolver that may ask others, and what fetches resources.

    What `resolver` answers for a did:web or an https URL holds for any time that a document is wanted of. `now` gives
    the present time; `report` gets a text, not safe to print, for each resource that was not had.
    """

    resolver: Resolver
    fetch: Fetch
    now: Callable[[], datetime]
    report: Callable[[str], None]


class RememberingFetch:
    """A fetch that gives the last answers again: of a log with all versions of a document, one answer is enough."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch, self._lock = fetch, Lock()
        self._answers: dict[tuple[str, str], Response] = {}
        self._size = 0

    def __call__(self, url: str, *, accept: str) -> Response:
        """As `did.Fetch`."""
        known = self._answers.get((url, accept))
        if known is not None:
            return known
        response = self._fetch(url, accept=accept)
        with self._lock:
            if self._answers.setdefault((url, accept), response) is response:
                self._size += len(response.body)
            while self._size > _MOST_REMEMBERED:
                self._size -= len(self._answers.pop(next(iter(self._answers))).body)
        return response


class SharedEvidence:
    """What was fetched for a job so far: numbered files in its folder, which its workers read.

    What was answered first, be it with an error, is the answer for the whole job, also when it goes on later: no name
    is asked for twice, unless nobody was asked for it, for a reason that passes. So verdicts do not depend on the order
    in which parts are done, or on how often it was stopped.
    """

    def __init__(self, folder: Folder, supplied: Evidence, network: Network | None) -> None:
        self._folder, self._supplied, self._network = folder, supplied, network
        self._answered: dict[_Asked, int] = {}
        self._names: dict[Kind, set[str]] = {kind: set() for kind in MOST_NAMES}
        self._lock, self._stopped = Lock(), Event()
        self._bytes, self._seconds = 0, 0.0
        self.number = 0
        """How many files there are."""
        while (kept := read(folder, self.number + 1)) is not None:
            self._count(kept.asked, place(folder, self.number + 1).stat().st_size, kept.seconds)

    def ask(self, missing: Iterable[Missing]) -> None:
        """Afterwards each name was asked for once, by this call or an earlier one, as far as there is room."""
        if self._network is None:
            return
        with self._lock:
            names = self._with_room({_as_asked(each): each for each in sorted(missing, key=_order, reverse=True)})
            while self._bytes < MOST_BYTES and self._seconds < MOST_SECONDS:
                some = list(islice(names, _TOGETHER))
                if not some:
                    break
                self._fetch(some, self._network)

    def answered_since(self, number: int, missing: Iterable[Missing]) -> bool:
        """Whether an answer for one of the names is in a later file than that of this number."""
        return any(self._answered.get(_as_asked(each), 0) > number for each in missing)

    def used_up(self) -> list[str]:
        """What there was no more of to fetch with, in words; what was missing after that has stayed so."""
        counts = {f"{most:,} names of a {kind}": len(self._names[kind]) >= most for kind, most in MOST_NAMES.items()}
        counts[f"{MOST_BYTES // 1024**2:,} MiB"] = self._bytes >= MOST_BYTES
        counts[f"{MOST_SECONDS:,.0f} seconds"] = self._seconds >= MOST_SECONDS
        return [words for words, is_used_up in counts.items() if is_used_up]

    def stop(self) -> None:
        """From now on nothing more is fetched: whoever waits for an answer gets `Stopped`."""
        self._stopped.set()

    def _with_room(self, asked: Mapping[_Asked, Missing]) -> Iterator[Missing]:
        """Those that nobody has answered yet, and of each kind no more names than may be fetched."""
        for key in sorted(asked.keys() - self._answered.keys(), key=lambda key: _order(asked[key])):
            name, at, _ = key
            kind = asked[key].kind
            if name in self._names[kind] or len(self._names[kind]) < MOST_NAMES[kind]:
                self._names[kind].add(name)
                yield Missing(name, at, kind)

    def _fetch(self, some: Sequence[Missing], network: Network) -> None:
        """Afterwards there is one file more, with the answers."""
        began = time.monotonic()
        gathering = _Recording(network, self._supplied)

        def fetch(names: list[Missing]) -> None:
            for name in names:
                if self._stopped.is_set():
                    raise Stopped
                gathering.fetch(name)

        with ThreadPoolExecutor(_AT_A_TIME) as threads:
            list(threads.map(fetch, [list(each) for _, each in groupby(some, key=lambda name: name.name)]))
        kept = gathering.kept(some, seconds=time.monotonic() - began)
        if kept.asked:
            data = written(kept)
            self._folder.write(place(self._folder, self.number + 1), data)
            self._count(kept.asked, len(data), kept.seconds)
        else:
            self._seconds += kept.seconds

    def _count(self, asked: Iterable[Missing], size: int, seconds: float) -> None:
        """There is one file more."""
        self._bytes, self._seconds = self._bytes + size, self._seconds + seconds
        for each in asked:
            self._names[each.kind].add(each.name)
            self._answered[_as_asked(each)] = self.number + 1
        self.number += 1


class _Recording:
    """Fetches some names, by a gathering of their own."""

    def __init__(self, network: Network, supplied: Evidence) -> None:
        self._network, self._supplied = network, supplied
        self._gathering = Gathering(
            network.resolver, self._asked, supplied=supplied, now=network.now, report=network.report
        )
        self._postponed: set[str] = set()

    def fetch(self, name: Missing) -> None:
        """Afterwards it was asked for."""
        if name.kind != "document":
            self._gathering.settled(partial(_looking_up, name.name))
            return
        try:
            self._gathering.resolver.resolve(name.name, at=name.at)
        except NotAsked:
            self._postponed.add(name.name)
        except DIDError:
            pass  # which is kept, too

    def kept(self, asked: Iterable[Missing], *, seconds: float) -> Kept:
        """What was had. Of names for which nobody was asked there is nothing: they may be asked for again."""
        found = self._gathering.evidence()
        return Kept(
            [each for each in asked if each.name not in self._postponed],
            Evidence(
                {url: data for url, data in found.resources.items() if url not in self._supplied.resources},
                {
                    did: _for_any_time(answers) if did.startswith(_WITHOUT_HISTORY) else answers
                    for did, answers in found.did_documents.items()
                    if did not in self._postponed and did not in self._supplied.did_documents
                },
                found.retrieved,
            ),
            round(seconds, 3),
        )

    def _asked(self, url: str, *, accept: str) -> Response:
        try:
            return self._network.fetch(url, accept=accept)
        except Postponed:
            self._postponed.add(url)
            raise


def _looking_up(url: str, *, evidence: Evidence) -> bytes | None:
    """What makes a gathering get a resource: it is asked for."""
    return evidence.resources.get(url)


def _for_any_time(answers: Json) -> Json:
    """The answers, without the time from which they are in force."""
    if not isinstance(answers, list):
        return answers
    return [
        {name: value for name, value in each.items() if name != "from"} for each in answers if isinstance(each, dict)
    ]


def _as_asked(missing: Missing) -> _Asked:
    at = None if missing.name.startswith(_WITHOUT_HISTORY) else missing.at
    return missing.name, at, missing.kind == "document"


def _order(missing: Missing) -> tuple[int, str, str]:
    return list(MOST_NAMES).index(missing.kind), missing.name, str(missing.at)
