"""What a store holds, in the form in which it is handed out, and what may be put into it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from status.bits import StatusList
from status.errors import StoreError

REVOCATION: Final = "revocation"
"""The `statusPurpose` that cannot be undone: Bitstring Status List 1.0, section 2.1."""
TOKEN_INVALID: Final = 1
"""The value INVALID of the IETF's Token Status List, section 7.1: as final as a revocation."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST: Final = datetime.min.replace(tzinfo=UTC)
_END: Final = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)
_LONGEST_TEXT: Final = 2048
_LARGEST: Final = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class ListInfo:
    """A list as it was created; nothing of it ever changes.

    `purposes` are the values of `statusPurpose`, none for the IETF's lists. `messages` has a text for each value
    that `size` bits can have, or nothing. `created` and `actor` say when and by whom it was created.
    """

    url: str
    format: str
    purposes: tuple[str, ...]
    size: int
    length: int
    ttl: timedelta | None
    messages: tuple[str, ...]
    actor: str
    created: datetime

    def is_final(self, value: int) -> bool:
        """Whether an index that has the value keeps it for ever.

        So it is with any value but 0 where one of the purposes is revocation, also for those of its credentials that
        are only suspended: a list for suspension is to be another list. In an IETF list so it is with INVALID.
        """
        if REVOCATION in self.purposes:
            return value != 0
        return not self.purposes and value == TOKEN_INVALID


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the history of a list. `number` counts them, from 1, without a gap."""

    url: str
    number: int
    index: int
    value: int
    actor: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All values of a list after its first `changes` changes, to be published as `version`, valid from `at`.

    `version` grows from each publication to the next, and so does `at`, unless a clock was ahead (`Store.publish`). A
    snapshot that was not made for publishing has those of the last that was, or 0 and the time when the list was
    created.
    """

    info: ListInfo
    statuses: StatusList
    changes: int
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a list has come: so many indexes are given to credentials, and so many have a value other than 0.

    `changes` is the length of its history. `published` is the last version that was made ready and put into its place,
    0 if there was none, with the first `published_changes` changes, at `published_at`.
    """

    info: ListInfo
    allocated: int
    set: int
    changes: int
    published: int
    published_changes: int
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Published:
    """A version of a list that is in its place: its file and the SHA-256 of that, in hexadecimal."""

    url: str
    version: int
    changes: int
    at: datetime
    path: Path
    sha256: str


def is_text(value: object) -> bool:
    """Whether both databases can hold the value, and a line can show it: no surrogate is printable."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST_TEXT and value.isprintable()


def text(value: str, name: str) -> str:
    """The value, if it is such a text. Raises `StoreError`, without the value."""
    if not is_text(value):
        raise invalid(f"{name} is not a text of 1 to {_LONGEST_TEXT} characters that can be printed")
    return value


def texts(values: Sequence[str], name: str) -> tuple[str, ...]:
    """The values, if each is such a text; raises `StoreError`. A text is no sequence of texts."""
    if isinstance(values, str) or not isinstance(values, Sequence):
        raise invalid(f"{name} does not stand in a list")
    return tuple(text(value, name) for value in values)


def number(value: int, name: str) -> int:
    """The value, if it is a number from 0 that both databases can hold; raises `StoreError`."""
    if type(value) is not int or not 0 <= value <= _LARGEST:
        raise invalid(f"{name} is not a whole number from 0 to {_LARGEST}")
    return value


def microseconds(moment: datetime) -> int:
    """Since 1970, of an aware time. Raises `StoreError` for one without a zone, or not of the years 1 to 9999."""
    if not isinstance(moment, datetime) or moment.utcoffset() is None:
        raise invalid("a time is none, or has no zone")
    if not _FIRST <= moment < _END:
        raise invalid("a time is out of range")
    return (moment - _EPOCH) // timedelta(microseconds=1)


def invalid(detail: str) -> StoreError:
    """The error for an argument that cannot be."""
    return StoreError(detail, code="INVALID_ARGUMENT")


def moment_of(value: int) -> datetime:
    """The time in UTC, of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=value)
