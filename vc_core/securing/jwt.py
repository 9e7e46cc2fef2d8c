"""The registered claims of JSON Web Tokens that are about time (RFC 7519, section 4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from did.errors import shown
from vc_core.document import Json
from vc_core.errors import ParsingError
from vc_core.result import Problem

_END_OF_TIME: Final = 253_402_300_800
"""The first second of the year 10000."""


def numeric_date(value: Json) -> datetime:
    """The point in time, in UTC, to the microsecond, that a NumericDate is (RFC 7519, section 2).

    It lies after 1970-01-01T00:00:00Z and before the year 10000. Anything else raises `ParsingError` with code
    MALFORMED_VALUE_ERROR.
    """
    if isinstance(value, int | float) and value is not True and 0 < value < _END_OF_TIME:  # not NaN either
        return _EPOCH + timedelta(seconds=value)
    raise ParsingError(f"{shown(value)} is no NumericDate: seconds since 1970", code="MALFORMED_VALUE_ERROR")


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def problems_of_times(
    payload: Mapping[str, Json], *, now: datetime, clock_skew: timedelta = timedelta(0)
) -> list[Problem]:
    """What `exp`, `nbf` and `iat` have against `now`, give or take `clock_skew` (RFC 7519, sections 4.1.4 to 4.1.6).

    The token is valid from `nbf` on, and before `exp`; it was not made in the future. A claim that is not there says
    nothing.
    """
    problems: list[Problem] = []
    elapsed, skew = (now - _EPOCH) // _MICROSECOND, clock_skew // _MICROSECOND
    for name in _TIMES:
        if name not in payload:
            continue
        value = payload[name]
        if type(value) is int and 0 < value < _END_OF_TIME:  # nearly always, and nearly always it is fine
            late = elapsed - value * 1_000_000
            if late < skew if name == "exp" else -late <= skew:
                continue
        try:
            moment = numeric_date(value)
        except ParsingError as error:
            problems.append(Problem(error.code, error.detail, f"/{name}"))
            continue
        if name == "exp":
            if now - moment >= clock_skew:
                problems.append(Problem("EXPIRED", f"the token expired at {moment.isoformat()}", "/exp"))
        elif moment - now > clock_skew:
            what = "is valid from" if name == "nbf" else "was made in the future, at"
            problems.append(Problem("NOT_YET_VALID", f"the token {what} {moment.isoformat()}", f"/{name}"))
    return problems


_TIMES: Final = ("exp", "nbf", "iat")
