"""XSD 1.1 dateTimeStamp, text by text: what is a point in time, and what only looks like one."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from vc_core import datetimestamp
from vc_core.errors import ParsingError


def at(*fields: int) -> datetime:
    return datetime(*fields, tzinfo=UTC)


ACCEPTED = {
    "2024-01-31T12:00:00Z": at(2024, 1, 31, 12),
    "2024-01-31T12:00:00+00:00": at(2024, 1, 31, 12),
    "2024-01-31T12:00:00-00:00": at(2024, 1, 31, 12),
    "2024-01-31T12:00:00+02:00": at(2024, 1, 31, 10),
    "2024-01-31T12:00:00-05:30": at(2024, 1, 31, 17, 30),
    "2024-01-31T12:00:00+13:59": at(2024, 1, 30, 22, 1),
    "2024-01-31T12:00:00+14:00": at(2024, 1, 30, 22),
    "2024-01-31T12:00:00-14:00": at(2024, 2, 1, 2),
    "2024-01-31T12:00:00.5Z": at(2024, 1, 31, 12, 0, 0, 500_000),
    "2024-01-31T12:00:00.123456Z": at(2024, 1, 31, 12, 0, 0, 123_456),
    "2024-01-31T12:00:00.123456999Z": at(2024, 1, 31, 12, 0, 0, 123_456),
    f"2024-01-31T12:00:00.{'9' * 30}Z": at(2024, 1, 31, 12, 0, 0, 999_999),
    "2024-02-29T00:00:00Z": at(2024, 2, 29),
    "2024-12-31T24:00:00Z": at(2025, 1, 1),
    "2024-02-28T24:00:00.000-01:00": at(2024, 2, 29, 1),
    "0001-01-01T00:00:00Z": at(1, 1, 1),
    "9999-12-31T23:59:59Z": at(9999, 12, 31, 23, 59, 59),
}

REFUSED = {
    "": "nothing",
    "2024-01-31": "a date",
    "12:00:00Z": "a time",
    "2024-01-31T12:00:00": "no time zone",
    "2024-01-31 12:00:00Z": "a space for the T",
    "2024-01-31x12:00:00Z": "another separator",
    "2024-01-31t12:00:00Z": "a lower-case T",
    "2024-01-31T12:00:00z": "a lower-case Z",
    "2024-01-31T12:00Z": "no seconds",
    "2024-01-31T12Z": "only hours",
    "20240131T120000Z": "the basic format",
    "2024-W05-3T12:00:00Z": "a week date",
    "2024-031T12:00:00Z": "an ordinal date",
    "2024-01-31T12:00:00,5Z": "a comma",
    "2024-01-31T12:00:00.Z": "a point without digits",
    f"2024-01-31T12:00:00.{'0' * 31}Z": "more digits than are read",
    "2024-01-31T12:00:00+0200": "a zone without a colon",
    "2024-01-31T12:00:00+02": "a zone without minutes",
    "2024-01-31T12:00:00+02:00:30": "a zone with seconds",
    "2024-01-31T12:00:00+14:01": "a zone beyond the last one",
    "2024-01-31T12:00:00+15:00": "a zone beyond the last one",
    "2024-01-31T12:00:00+01:60": "a zone with 60 minutes",
    "2024-01-31T12:00:00 Z": "a space before the zone",
    " 2024-01-31T12:00:00Z": "a space before",
    "2024-01-31T12:00:00Z\n": "a line break behind",
    "2024-01-31T12:00:00Z\0": "a zero behind",
    "2024-01-31T12:00:60Z": "a leap second",
    "2024-01-31T12:60:00Z": "60 minutes",
    "2024-01-31T25:00:00Z": "25 hours",
    "2024-01-31T24:00:01Z": "past the end of the day",
    "2024-01-31T24:01:00Z": "past the end of the day",
    "2024-01-31T24:00:00.1Z": "past the end of the day",
    "2023-02-29T12:00:00Z": "no leap year",
    "2024-13-01T12:00:00Z": "13 months",
    "2024-00-01T12:00:00Z": "no month",
    "2024-01-32T12:00:00Z": "32 days",
    "0000-01-01T12:00:00Z": "the year 0, which the standard library does not have",
    "-0001-01-01T12:00:00Z": "a year before",
    "12024-01-01T12:00:00Z": "five digits",
    "9999-12-31T24:00:00Z": "past the last year",
    "9999-12-31T23:59:59-00:01": "past the last year, in UTC",
    "0001-01-01T00:00:00+00:01": "before the first year, in UTC",
    "２０２４-01-31T12:00:00Z": "digits of another script",
    "2024-01-31T12:00:00−02:00": "the mathematical minus",
    "2024-01-31T12:00:00Z" * 5: "five of them",
}


@pytest.mark.parametrize("text", ACCEPTED)
def test_a_date_time_stamp_is_a_point_in_time(text: str) -> None:
    moment = datetimestamp.parse(text)

    assert moment == ACCEPTED[text]
    assert moment.utcoffset() == timedelta(0)


@pytest.mark.parametrize("text", REFUSED, ids=REFUSED.values())
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ParsingError) as caught:
        datetimestamp.parse(text)

    assert caught.value.code == "MALFORMED_VALUE_ERROR"
    assert caught.value.detail.isprintable()
    assert len(caught.value.detail) < 160


def test_a_long_text_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(ParsingError, match="no dateTimeStamp"):
        datetimestamp.parse("2" * 10_000_000)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (at(2024, 1, 31, 12), "2024-01-31T12:00:00Z"),
        (at(2024, 1, 31, 12, 0, 0, 5), "2024-01-31T12:00:00.000005Z"),
        (at(476, 9, 4), "0476-09-04T00:00:00Z"),
        (datetime(2024, 1, 31, 12, tzinfo=timezone(timedelta(hours=2))), "2024-01-31T10:00:00Z"),
    ],
)
def test_a_moment_is_written_in_utc_and_read_back(moment: datetime, text: str) -> None:
    assert datetimestamp.text(moment) == text
    assert datetimestamp.parse(text) == moment


def test_a_moment_without_a_zone_is_no_point_in_time() -> None:
    with pytest.raises(ValueError, match="time zone"):
        datetimestamp.text(datetime(2024, 1, 31, 12))  # noqa: DTZ001  (the absence is the subject)
