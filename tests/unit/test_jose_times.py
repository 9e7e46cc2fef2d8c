"""The registered claims about time."""

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from vc_core import ParsingError
from vc_core.securing.jwt import numeric_date, problems_of_times

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
SKEW = timedelta(seconds=60)

MALFORMED: tuple[Any, ...] = (
    *(math.nan, math.inf, -math.inf, 1e400, 1e300, 10**18, 10**400, 253402300800, -1, -1e-9, 0, 0.0, -0.0),
    *(True, False, None, "", "9999999999", "2026-01-31T12:00:00Z", [], [SECONDS], {}, {"exp": SECONDS}),
)


@pytest.mark.parametrize("value", MALFORMED, ids=[str(value)[:20] for value in MALFORMED])
@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
def test_what_is_no_numeric_date(name: str, value: Any) -> None:
    with pytest.raises(ParsingError) as caught:
        numeric_date(value)
    assert caught.value.code == "MALFORMED_VALUE_ERROR"
    [problem] = problems_of_times({name: value}, now=NOW)
    assert (problem.code, problem.at, problem.missing) == ("MALFORMED_VALUE_ERROR", f"/{name}", None)
    assert len(problem.detail) < 200
    assert problem.detail.isprintable()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1970-01-01T00:00:01+00:00"),
        (SECONDS, "2026-01-31T12:00:00+00:00"),
        (SECONDS + 0.25, "2026-01-31T12:00:00.250000+00:00"),
        (float(SECONDS), "2026-01-31T12:00:00+00:00"),
        (5e-324, "1970-01-01T00:00:00+00:00"),
        (253402300799, "9999-12-31T23:59:59+00:00"),
        (math.nextafter(253402300800, 0), "9999-12-31T23:59:59.999969+00:00"),
    ],
)
def test_a_numeric_date(value: float, text: str) -> None:
    assert numeric_date(value).isoformat() == text


@pytest.mark.parametrize(
    ("name", "offset", "code"),
    [
        ("exp", -61, "EXPIRED"),
        ("exp", -60, "EXPIRED"),
        ("exp", -59, None),
        ("exp", 0, None),
        ("exp", 1, None),
        ("nbf", 61, "NOT_YET_VALID"),
        ("nbf", 60, None),
        ("nbf", 59, None),
        ("nbf", -1, None),
        ("iat", 61, "NOT_YET_VALID"),
        ("iat", 60, None),
        ("iat", -(10**9), None),
    ],
)
def test_the_boundaries_with_clock_skew(name: str, offset: int, code: str | None) -> None:
    problems = problems_of_times({name: SECONDS + offset}, now=NOW, clock_skew=SKEW)
    assert [(problem.code, problem.at) for problem in problems] == ([] if code is None else [(code, f"/{name}")])


@pytest.mark.parametrize(
    ("name", "offset", "is_valid"), [("exp", 0, False), ("exp", 1, True), ("nbf", 0, True), ("nbf", 1, False)]
)
def test_the_boundaries_without(name: str, offset: int, is_valid: bool) -> None:
    assert (not problems_of_times({name: SECONDS + offset}, now=NOW)) is is_valid


def test_time_passes_in_one_direction() -> None:
    """A token is not yet valid, then valid, then expired, and never again anything else."""
    payload = {"nbf": SECONDS, "exp": SECONDS + 5}
    codes = [
        [problem.code for problem in problems_of_times(payload, now=NOW + timedelta(seconds=step))]
        for step in range(-3, 9)
    ]
    assert codes == [["NOT_YET_VALID"]] * 3 + [[]] * 5 + [["EXPIRED"]] * 4


def test_every_problem_is_found() -> None:
    problems = problems_of_times({"exp": 1, "nbf": SECONDS + 99, "iat": "now"}, now=NOW)
    assert [(problem.code, problem.at) for problem in problems] == [
        ("EXPIRED", "/exp"),
        ("NOT_YET_VALID", "/nbf"),
        ("MALFORMED_VALUE_ERROR", "/iat"),
    ]


def test_a_token_that_says_nothing() -> None:
    assert problems_of_times({"iss": "did:example:issuer"}, now=NOW) == []


@pytest.mark.parametrize("now", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_the_ends_of_time(now: datetime) -> None:
    """At the edges of what can be counted there is an answer, and no exception."""
    assert isinstance(
        problems_of_times({"exp": SECONDS, "nbf": SECONDS, "iat": SECONDS}, now=now, clock_skew=SKEW), list
    )
