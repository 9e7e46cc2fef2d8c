"""What a published list says of itself, and what a store's entry for it looks like."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from status import StatusEntry
from status.store import ListInfo
from vc_core.status_lists import context_of_entries, describe, status_claims

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
URL = "https://university.example/status/3"
LIST: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": URL,
    "type": ["VerifiableCredential", "BitstringStatusListCredential"],
    "validUntil": "2026-01-31T12:00:00Z",
    "credentialSubject": {"type": "BitstringStatusList", "ttl": 900_000},
}


def written(**members: Any) -> bytes:
    return json.dumps({**LIST, **members}).encode()


@pytest.mark.parametrize(
    ("members", "until", "ttl"),
    [
        ({}, NOON, timedelta(minutes=15)),
        ({"credentialSubject": [LIST["credentialSubject"]]}, NOON, timedelta(minutes=15)),
        ({"credentialSubject": {}}, NOON, None),
        ({"credentialSubject": "https://example.org/"}, NOON, None),
        ({"validUntil": None}, None, timedelta(minutes=15)),
        ({"credentialSubject": {"ttl": 1e300}}, NOON, timedelta(days=365)),
    ],
)
def test_a_list_says_how_long_it_is_good(
    members: dict[str, Any], until: datetime | None, ttl: timedelta | None
) -> None:
    assert describe(written(**members)) == (URL, "application/vc", until, ttl)


@pytest.mark.parametrize(
    "members",
    [
        {"type": "VerifiableCredential"},
        {"type": None},
        {"id": 5},
        {"id": None},
        {"validUntil": "tomorrow"},
        {"credentialSubject": {"ttl": "long"}},
        {"credentialSubject": {"ttl": -1}},
        {"credentialSubject": {"ttl": True}},
    ],
)
def test_what_cannot_be_read_is_no_list(members: dict[str, Any]) -> None:
    assert describe(written(**members)) is None


@given(
    st.binary(max_size=200)
    | st.sampled_from([b"\xd2", b"\x84", b"ey", b"{"]).flatmap(
        lambda start: st.binary(max_size=100).map(lambda rest: start + rest)
    )
)
def test_any_bytes_are_described_or_not(data: bytes) -> None:
    assert describe(data) is None


def info(form: str, *purposes: str, size: int = 1, messages: tuple[str, ...] = ()) -> ListInfo:
    return ListInfo(URL, form, purposes, size, 131_072, None, messages, "test", NOON)


@pytest.mark.parametrize("form", ["bitstring", "statuslist2021"])
def test_an_entry_is_read_as_the_one_it_is(form: str) -> None:
    entry = status_claims(info(form, "revocation"), 94_567)["credentialStatus"]
    parsed = StatusEntry.parse(entry)
    assert (parsed.purpose, parsed.index, parsed.list_url, parsed.size) == ("revocation", 94_567, URL, 1)
    assert context_of_entries(info(form)) is not None


def test_several_purposes_are_several_entries() -> None:
    entries = status_claims(info("bitstring", "revocation", "suspension"), 5)["credentialStatus"]
    assert [StatusEntry.parse(entry).purpose for entry in entries] == ["revocation", "suspension"]
    assert len({entry["id"] for entry in entries}) == 2


def test_messages_are_read_with_their_values() -> None:
    entry = status_claims(info("bitstring", "message", size=2, messages=("a", "b", "c", "d")), 5)["credentialStatus"]
    assert (StatusEntry.parse(entry).size, StatusEntry.parse(entry).messages) == (2, ("a", "b", "c", "d"))


def test_a_reference_is_no_json_ld() -> None:
    reference = status_claims(info("token"), 5)["status"]["status_list"]
    assert StatusEntry.reference(reference) == StatusEntry("status_list", "", 5, URL)
    assert context_of_entries(info("token")) is None
