"""Where the values of status entries come from."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Protocol

from status.entry import StatusEntry
from status.errors import StatusRetrievalError


class StatusLists(Protocol):
    """Verified status lists, by URL."""

    def look_up(self, entry: StatusEntry, *, now: datetime) -> int:
        """The value at the entry, as the list valid at `now` has it.

        Raises `StatusRetrievalError` if the list cannot be had, and another `StatusError` if it cannot be used.
        """
        ...


class _NoStatusLists:
    """Holds no list."""

    def look_up(self, entry: StatusEntry, *, now: datetime) -> int:  # noqa: ARG002  (the protocol's parameter)
        """Raises `StatusRetrievalError`: no list was handed in."""
        raise StatusRetrievalError(f"the list {entry.list_url[:200]!r} was not handed in", url=entry.list_url)


NO_STATUS_LISTS: Final[StatusLists] = _NoStatusLists()
"""No list at all: a credential with a status entry stays undecided, unless the policy skips the status."""
