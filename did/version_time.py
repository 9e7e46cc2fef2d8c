"""The times of versions of documents: whole seconds in UTC (DID Resolution 1.0, section 3.1)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from did.errors import InvalidOptions, shown

_GRAMMAR: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def parse_version_time(text: str) -> datetime:
    """The aware time that `text`, such as `2026-01-31T12:00:00Z`, stands for. Raises `InvalidOptions`."""
    try:
        if len(text) <= 20 and _GRAMMAR.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass  # a day or an hour that there is not
    raise InvalidOptions(f"{shown(text)} is not a time in whole seconds in UTC, such as 2026-01-31T12:00:00Z")


def version_time(moment: datetime) -> str:
    """The text of an aware time; what it has below a second is cut off."""
    return whole_seconds(moment).replace(tzinfo=None).isoformat() + "Z"


def whole_seconds(moment: datetime) -> datetime:
    """An aware time in UTC without what it has below a second. Raises `ValueError` for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("the time of a version needs a time zone")
    return moment.astimezone(UTC).replace(microsecond=0)
