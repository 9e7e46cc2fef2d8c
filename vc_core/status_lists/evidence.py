"""The status lists among evidence, as a verdict needs them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache, partial
from typing import Final, Self

from did import Resolver
from status import OpenedList, OpenList, StaticStatusLists, StatusError, StatusLists, StatusRetrievalError
from vc_core.evidence import Evidence
from vc_core.policy import Policy
from vc_core.status_lists.opening import open_list

REMEMBERED: Final = 64
"""Opened lists that are kept, the last used ones: each is as large as `Limits.status_list_bytes` at most."""


def status_lists(evidence: Evidence, *, resolver: Resolver, policy: Policy) -> StatusLists:
    """The lists among the `resources` of the evidence, each verified when it is asked for.

    They are for one verdict, or several on the same evidence. For many verdicts on evidence that grows, see
    `EvidenceLists`.
    """
    return StaticStatusLists(evidence.resources, open_list(resolver, policy, evidence))


class EvidenceLists:
    """Makes `status_lists` for many verdicts: a list is opened once for the same bytes and the same time."""

    def __init__(self, resolver: Resolver, policy: Policy, *, capacity: int = REMEMBERED) -> None:
        self._resolver, self._policy = resolver, policy
        self._open_list: Final = _Remembering(open_list(resolver, policy), capacity)

    def of(self, evidence: Evidence) -> StatusLists:
        """The lists among this evidence."""
        if self._policy.resources == "require":  # then more decides about a list than its bytes
            return status_lists(evidence, resolver=self._resolver, policy=self._policy)
        return StaticStatusLists(evidence.resources, self._open_list)


class _Remembering:
    """The same opener, which remembers what it decided. What could not be decided may be another time.

    Packed for another process, it leaves behind what it remembers.
    """

    def __init__(self, opener: OpenList, capacity: int) -> None:
        self._opener, self._capacity = opener, capacity
        self._decided = lru_cache(maxsize=capacity)(partial(_decided, opener))

    def __call__(self, body: bytes, /, *, url: str, now: datetime) -> OpenedList:
        """As `status.OpenList`."""
        outcome = self._decided(body, url, now)
        if isinstance(outcome, OpenedList):
            return outcome
        raise outcome()

    def __reduce__(self) -> tuple[type[Self], tuple[OpenList, int]]:
        return type(self), (self._opener, self._capacity)


def _decided(opener: OpenList, body: bytes, url: str, now: datetime) -> OpenedList | Callable[[], StatusError]:
    """The list, or what makes the error that refuses it; raises the error that leaves it open."""
    try:
        return opener(body, url=url, now=now)
    except StatusRetrievalError:
        raise
    except StatusError as error:
        return partial(type(error), error.detail, url=url)
