"""When a fetch is over, whatever it is doing."""

from __future__ import annotations

from collections.abc import Callable

from vc_core.net.errors import FetchError

Clock = Callable[[], float]
"""Seconds since some moment; it is never set back (`time.monotonic`)."""


class Deadline:
    """The end of one fetch. Every wait of the fetch, for a turn, a name, a connection or a byte, ends at it."""

    __slots__ = ("_clock", "_end", "_seconds")

    def __init__(self, seconds: float, clock: Clock) -> None:
        self._clock = clock
        self._seconds = seconds
        self._end = clock() + seconds

    def left(self) -> float:
        """The seconds that are left, more than 0. Raises `FetchError` with code DEADLINE_EXCEEDED if none are."""
        left = self._end - self._clock()
        if left <= 0:
            raise self.exceeded()
        return left

    def is_near(self) -> bool:
        """Whether more than half of the time is over, so that what ends now is not to be blamed for all of it."""
        return self._end - self._clock() < self._seconds / 2

    def exceeded(self) -> FetchError:
        """The error that says so."""
        return FetchError("DEADLINE_EXCEEDED", f"there was no complete answer within {self._seconds:g} s")
