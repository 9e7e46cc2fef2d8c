"""XSD 1.1 `dateTimeStamp`: the one grammar of points in time that this library reads.

Narrower than ISO 8601, and than what the standard library reads: upper-case `T` and `Z`, a full date, seconds,
and always a time zone (XML Schema Definition Language 1.1 Part 2, section 3.4.28).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from did.errors import shown
from vc_core.errors import ParsingError

_GRAMMAR: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,30})?(Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
)
_LONGEST: Final = 64


@lru_cache(maxsize=4096)
def parse(text: str) -> datetime:
    """The point in time, in UTC, to the microsecond (finer fractions are cut).

    `24:00:00` is the end of that day. Years run from 0001 to 9999. Anything else raises `ParsingError` with code
    MALFORMED_VALUE_ERROR.
    """
    match = _GRAMMAR.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        detail = f"{shown(text)} is no dateTimeStamp such as 2026-01-31T12:00:00Z"
        raise ParsingError(detail, code="MALFORMED_VALUE_ERROR")
    day, time, fraction, zone = match.groups(default="")
    next_day = time == "24:00:00" and not fraction.strip(".0")
    try:
        moment = datetime.fromisoformat(f"{day}T{'00:00:00' if next_day else time}{fraction[:7]}{zone}")
        return (moment + timedelta(days=next_day)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ParsingError(f"{shown(text)} is no point in time", code="MALFORMED_VALUE_ERROR") from error


def text(moment: datetime) -> str:
    """The dateTimeStamp of an aware `moment`, in UTC, to the second where nothing is lost by it."""
    if moment.tzinfo is None:
        raise ValueError("a point in time needs a time zone")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
