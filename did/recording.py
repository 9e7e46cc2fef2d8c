"""What a resolver has answered, as evidence: the same answers can be given again, elsewhere and at any time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from threading import Lock

from did.document import DIDDocument, Json
from did.errors import DIDError, NotAsked
from did.history import given, outcome_of
from did.methods import COMPUTED
from did.resolver import Resolver
from did.version_time import version_time, whole_seconds


class RecordingResolver:
    """Answers as `inner` does, and remembers each answer, a failure too.

    What was answered once is the answer from then on, unless nobody was asked at all (`NotAsked`). So all that is
    decided with one recorder rests on the same documents, and a `StaticResolver` with what was `recorded` decides it
    again in the same way. It grows with every identifier, and by each time that is asked for. Documents that are
    computed from their DIDs are not remembered.

    `now` gives the present time, with a zone: that at which an answer was given.
    """

    def __init__(self, inner: Resolver, *, now: Callable[[], datetime]) -> None:
        self._inner, self._now = inner, now
        self._answers: dict[tuple[str, datetime | None], tuple[DIDDocument | DIDError, str]] = {}
        self._lock = Lock()

    def resolve(self, did: str, *, at: datetime | None = None) -> DIDDocument:
        """The document of `did` as `inner` gives it, or has given it. Raises what `inner` raises, or has raised."""
        if did.startswith(COMPUTED):
            return self._inner.resolve(did, at=at)
        key = did, None if at is None else whole_seconds(at)
        known = self._answers.get(key)
        if known is None or isinstance(known[0], NotAsked):
            outcome = outcome_of(partial(self._inner.resolve, did, at=at))
            with self._lock:
                known = self._answers.get(key)
                if known is None or isinstance(known[0], NotAsked):
                    known = self._answers[key] = outcome, version_time(self._now())
        return given(known[0])

    def recorded(self) -> dict[str, list[Json]]:
        """The answers until now, as histories by DID or URL.

        A present document is in force from the time of the answer. One of another time is in force at that time, since
        nothing is known of what is before and after it.
        """
        histories: dict[str, list[Json]] = {}
        with self._lock:
            answers = sorted(self._answers.items(), key=lambda answer: answer[0][1] is not None)
        for (did, at), (outcome, retrieved) in answers:
            times = {"from": retrieved} if at is None else {"from": version_time(at), "until": version_time(at)}
            histories.setdefault(did, []).append({**_member(outcome), **times, "retrieved": retrieved})
        return histories


def _member(outcome: DIDDocument | DIDError) -> dict[str, Json]:
    if isinstance(outcome, DIDError):
        return {"error": {"code": outcome.code, "detail": outcome.detail}}
    return {"document": outcome.json} | ({"source": outcome.source} if outcome.source else {})
