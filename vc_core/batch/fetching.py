"""Evidence that is missing in a job: each document and resource is fetched once, and kept with the job."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Event, Lock
from typing import Final

from did import DIDError, Fetch, Resolver
from vc_core import datetimestamp
from vc_core.batch.errors import JobError
from vc_core.batch.folder import Folder, writing
from vc_core.batch.supervision import Stopped
from vc_core.batch.verification import Missing, Verifier
from vc_core.errors import VCError
from vc_core.evidence import Evidence
from vc_core.gathering import Gathering
from vc_core.result import VerificationResult

MOST_FETCHED: Final = 10_000
"""Documents and resources that are fetched for one job. What is missing beyond that stays missing."""
MOST_BYTES: Final = 256 * 1024 * 1024
"""The same for the bytes that they have in the folder, of which each worker has a copy."""
_TOGETHER: Final = 64
"""Answers of a file, so that it stays far below the largest file of evidence that can be read."""
_AT_A_TIME: Final = 8
"""So a host that is slow to answer does not hold up all others."""


@dataclass(frozen=True, slots=True)
class Network:
    """How a job gets what it misses: a resolver that may ask others, and what fetches resources.

    `now` gives the present time; `report` gets a text, not safe to print, for each resource that was not had.
    """

    resolver: Resolver
    fetch: Fetch
    now: Callable[[], datetime]
    report: Callable[[str], None]


class SharedEvidence:
    """What was fetched for a job so far: numbered files in its folder, which its workers read.

    What was answered first, be it with an error, is the answer for the whole job, also when it goes on later: no name
    is asked for twice. So verdicts do not depend on the order in which parts are done, or on how often it was stopped.
    """

    def __init__(self, folder: Folder, supplied: Evidence, network: Network | None) -> None:
        self._folder, self._network = folder, network
        self._answered: dict[Missing, int] = {}
        self._lock, self._stopped = Lock(), Event()
        self._bytes = 0
        self.number = 0
        """How many files there are."""
        while (asked_and_had := _read(folder, self.number + 1)) is not None:
            self.number += 1
            self._answered |= dict.fromkeys(asked_and_had[0], self.number)
            self._bytes += _file(folder, self.number).stat().st_size
        if network is not None:
            self._gathering = Gathering(
                network.resolver, network.fetch, supplied=supplied, now=network.now, report=network.report
            )

    def ask(self, missing: Iterable[Missing]) -> None:
        """Afterwards each name was asked for once, by this call or an earlier one, as far as there is room."""
        with self._lock:
            room = MOST_FETCHED - len(self._answered)
            new = sorted(set(missing) - self._answered.keys(), key=_order)[: max(0, room)]
            for start in range(0, len(new) if self._network is not None else 0, _TOGETHER):
                if self._bytes >= MOST_BYTES:
                    break
                some = new[start : start + _TOGETHER]
                with ThreadPoolExecutor(_AT_A_TIME) as threads:
                    list(threads.map(self._fetch, some))
                self._keep(some)

    def answered_since(self, number: int, missing: Iterable[Missing]) -> bool:
        """Whether an answer for one of the names is in a later file than that of this number."""
        return any(self._answered.get(each, 0) > number for each in missing)

    def stop(self) -> None:
        """From now on nothing more is fetched: whoever waits for an answer gets `Stopped`."""
        self._stopped.set()

    def _fetch(self, name: Missing) -> None:
        if self._stopped.is_set():
            raise Stopped
        self._gathering.settled(partial(self._asked, name))

    def _asked(self, name: Missing, *, evidence: Evidence) -> VerificationResult:
        """What makes the gathering get a name: a verdict that asks for it."""
        if name.is_resource:
            evidence.resources.get(name.name)
        else:
            with suppress(DIDError):  # which is kept, too
                self._gathering.resolver.resolve(name.name, at=name.at)
        return _NOTHING

    def _keep(self, asked: list[Missing]) -> None:
        names = {each.name for each in asked}
        every = self._gathering.evidence()
        had = Evidence(
            {url: data for url, data in every.resources.items() if url in names},
            {did: documents for did, documents in every.did_documents.items() if did in names},
            {url: time for url, time in every.retrieved.items() if url in names},
        )
        tree = {"asked": [_json(each) for each in asked], "evidence": had.write().decode()}
        data = json.dumps(tree).encode()
        self._folder.write(_file(self._folder, self.number + 1), data)
        self._bytes += len(data)
        self.number += 1
        self._answered |= dict.fromkeys(asked, self.number)


class GrowingVerifier:
    """A verifier that knows the first so many files of what was fetched for the job."""

    def __init__(self, verifier: Verifier, folder: Folder) -> None:
        self._verifier, self._folder = verifier, folder
        self._number = 0

    def knowing(self, number: int) -> Verifier:
        """The verifier, with the evidence of the files up to this number."""
        while self._number < number:
            asked_and_had = _read(self._folder, self._number + 1)
            if asked_and_had is None:
                raise JobError("fetched evidence is no longer there", code="NOT_A_JOB")
            self._verifier.add(asked_and_had[1])
            self._number += 1
        return self._verifier


_NOTHING: Final = VerificationResult((), (), None, None)


def _file(folder: Folder, number: int) -> Path:
    return folder.evidence / f"{number:06}.json"


def _read(folder: Folder, number: int) -> tuple[set[Missing], Evidence] | None:
    """What was asked for, and what was had of it; None if there is no such file."""
    file = _file(folder, number)
    with writing(file):
        if not file.exists():
            return None
        data = file.read_bytes()
    try:
        tree = json.loads(data)
        asked = {_missing(*each) for each in tree["asked"]}
        return asked, Evidence.read(tree["evidence"].encode())
    except (ValueError, TypeError, KeyError, AttributeError, VCError) as error:
        raise JobError(f"the evidence in {file.name!r} is damaged", code="NOT_A_JOB") from error


def _json(missing: Missing) -> list[object]:
    return [missing.name, missing.at and missing.at.isoformat(), missing.is_resource]


def _missing(name: str, at: str | None, is_resource: bool) -> Missing:  # noqa: FBT001  (as it stands in the file)
    return Missing(name, None if at is None else datetimestamp.parse(at), is_resource)


def _order(missing: Missing) -> tuple[bool, str, str]:
    return missing.is_resource, missing.name, str(missing.at)
