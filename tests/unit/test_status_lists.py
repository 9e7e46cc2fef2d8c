"""Entry against list: every rule, and which of them are conclusive; and lists that are at hand as bytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from status import (
    FORMATS,
    OpenedList,
    RangeError,
    StaticStatusLists,
    StatusEntry,
    StatusError,
    StatusList,
    StatusListLengthError,
    StatusLists,
    StatusRetrievalError,
    StatusVerificationError,
)

LIST = "https://university.example/status/3"
ISSUER = "did:example:university"
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
BITS = StatusList.of_length(131_072).updated({7: 1})


def entry(**members: Any) -> StatusEntry:
    return StatusEntry("BitstringStatusListEntry", "revocation", 7, LIST)._replace(**members)


def opened(**members: Any) -> OpenedList:
    return OpenedList(
        **{
            "url": LIST,
            "format": "bitstring",
            "issuer": ISSUER,
            "purposes": frozenset({"revocation"}),
            "statuses": BITS,
            **members,
        }
    )


def value(of: OpenedList, at: StatusEntry, *, issuers: frozenset[str] = frozenset({ISSUER})) -> int:
    return of.value(at, issuers=issuers, now=NOON)


def test_the_value_at_an_entry() -> None:
    assert [value(opened(), entry(index=index)) for index in (6, 7, 131_071)] == [0, 1, 0]


@pytest.mark.parametrize(
    ("of", "at"),
    [
        ({}, {"list_url": LIST + "/"}),
        ({"url": LIST.replace("https", "HTTPS")}, {}),
        ({}, {"type": "StatusList2021Entry"}),
        ({}, {"type": "status_list", "purpose": ""}),
        ({"format": "statuslist2021"}, {}),
        ({"format": "token", "purposes": frozenset()}, {}),
        ({"issuer": "did:example:other"}, {}),
        ({"issuer": ""}, {}),
        ({"issuer": ISSUER + "#key-1"}, {}),
        ({}, {"purpose": "suspension"}),
        ({"purposes": frozenset({"suspension", "message"})}, {}),
        ({"purposes": frozenset()}, {}),
        ({}, {"purpose": ""}),
        ({}, {"purpose": "Revocation"}),
        ({"stated_size": 2}, {}),
        ({"stated_size": 1}, {"size": 2}),
        ({}, {"size": 9}),
        ({"format": "statuslist2021"}, {"type": "StatusList2021Entry", "size": 2}),
    ],
)
def test_entry_and_list_belong_together(of: dict[str, Any], at: dict[str, Any]) -> None:
    with pytest.raises(StatusVerificationError) as caught:
        value(opened(**of), entry(**at))
    assert (caught.value.code, caught.value.url) == ("STATUS_VERIFICATION_ERROR", opened(**of).url)


def test_a_list_of_several_purposes_has_each_of_them() -> None:
    both = opened(purposes=frozenset({"revocation", "suspension"}))
    assert [value(both, entry(purpose=purpose)) for purpose in ("revocation", "suspension")] == [1, 1]


def test_whose_lists_count_is_for_the_caller_to_say() -> None:
    assert value(opened(issuer="did:example:office"), entry(), issuers=frozenset({ISSUER, "did:example:office"})) == 1
    with pytest.raises(StatusVerificationError, match="issuer"):
        value(opened(), entry(), issuers=frozenset())


def test_the_entry_says_how_wide_its_value_is() -> None:
    """A list of the data model need not."""
    wide = StatusList.of_length(131_072, size=2).updated({7: 3, 131_071: 2})
    for of in (
        opened(statuses=StatusList(wide.data), purposes=frozenset({"message"})),
        opened(statuses=wide, purposes=frozenset({"message"}), stated_size=2),
    ):
        values = [value(of, entry(purpose="message", size=2, index=index)) for index in (6, 7, 131_071)]
        assert values == [0, 3, 2]
        with pytest.raises(RangeError):
            value(of, entry(purpose="message", size=2, index=131_072))


def test_a_token_s_list_says_how_wide_its_values_are() -> None:
    statuses = StatusList.of_length(8, size=4, least_significant_first=True).updated({7: 12})
    of = opened(format="token", statuses=statuses, purposes=frozenset())
    reference = StatusEntry.reference({"idx": 7, "uri": LIST})

    assert value(of, reference) == 12
    with pytest.raises(RangeError):
        value(of, reference._replace(index=8))


@pytest.mark.parametrize("index", [131_072, 999_999_999, -1])
def test_the_index_lies_in_the_list(index: int) -> None:
    with pytest.raises(RangeError):
        value(opened(), entry(index=index))


def test_a_short_list_is_not_believed() -> None:
    short = StatusList(bytes(16_383))
    for name, layout in FORMATS.items():
        if layout.entry_is_explicit:
            with pytest.raises(StatusListLengthError):
                value(opened(format=name, statuses=short), entry(type=layout.entry_type))
    with pytest.raises(StatusListLengthError):  # long enough for values of one bit, and not for those of two
        value(opened(statuses=BITS), entry(size=2))


def test_the_validity_period_includes_its_ends() -> None:
    for period in (
        {"valid_from": NOON, "valid_until": NOON},
        {"valid_from": NOON - SECOND},
        {"valid_until": NOON + SECOND},
    ):
        assert value(opened(**period), entry()) == 1


@pytest.mark.parametrize("period", [{"valid_from": NOON + SECOND}, {"valid_until": NOON - SECOND}])
@pytest.mark.parametrize("at", [{}, {"index": 999_999_999}, {"purpose": "suspension"}])
def test_a_list_of_another_time_says_nothing(period: dict[str, datetime], at: dict[str, Any]) -> None:
    """Also nothing that is conclusive: that of the time in question may be another."""
    with pytest.raises(StatusRetrievalError) as caught:
        value(opened(**period), entry(**at))
    assert (caught.value.code, caught.value.url) == ("STATUS_RETRIEVAL_ERROR", LIST)


class Opener:
    """Opens bodies that are names of issuers, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, datetime]] = []

    def __call__(self, body: bytes, /, *, url: str, now: datetime) -> OpenedList:
        self.asked.append((url, now))
        if body == b"unsigned":
            raise StatusVerificationError("the list is not signed", url=url)
        return opened(url=url, issuer=body.decode())


def look_up(lists: StatusLists, url: str = LIST, now: datetime = NOON) -> int:
    return lists.look_up(entry(list_url=url), issuers={ISSUER}, now=now)


def test_lists_at_hand_are_opened_once() -> None:
    opener = Opener()
    lists = StaticStatusLists({LIST: ISSUER.encode(), LIST + "/4": ISSUER.encode()}, opener)

    assert opener.asked == []
    assert [look_up(lists) for _ in range(3)] == [1, 1, 1]
    assert look_up(lists, LIST + "/4") == 1
    assert opener.asked == [(LIST, NOON), (LIST + "/4", NOON)]


def test_of_many_lists_at_hand_the_last_ones_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("status.lists.MOST_KEPT", 2 * len(opened().statuses.data))
    opener = Opener()
    urls = [f"{LIST}/{number}" for number in range(4)]
    lists = StaticStatusLists(dict.fromkeys(urls, ISSUER.encode()), opener)
    for url in (*urls, *urls[2:], urls[0], urls[3], urls[2]):
        assert look_up(lists, url) == 1
    assert [url for url, _ in opener.asked] == [*urls, urls[0], urls[2]]


def test_a_list_at_hand_is_verified_for_the_time_asked_for() -> None:
    """So that no answer depends on what was asked before."""
    opener = Opener()
    lists = StaticStatusLists({LIST: ISSUER.encode()}, opener)
    for now in (NOON, NOON + SECOND, NOON):
        look_up(lists, now=now)
    assert [now for _, now in opener.asked] == [NOON, NOON + SECOND, NOON]


def test_a_list_that_is_not_at_hand_is_missing() -> None:
    opener = Opener()
    lists = StaticStatusLists({LIST: ISSUER.encode()}, opener)
    for url in (LIST + "/", LIST + "#list", LIST.upper(), "", " " + LIST):
        with pytest.raises(StatusRetrievalError) as caught:
            look_up(lists, url)
        assert (caught.value.url, caught.value.code) == (url, "STATUS_RETRIEVAL_ERROR")
    assert opener.asked == []


def test_a_bad_list_at_hand_is_refused_each_time_anew() -> None:
    opener = Opener()
    lists = StaticStatusLists({LIST: b"unsigned"}, opener)
    errors: list[StatusError] = []
    for _ in range(3):
        with pytest.raises(StatusVerificationError, match="not signed") as caught:
            look_up(lists)
        errors.append(caught.value)
    assert len({id(error) for error in errors}) == 3
    assert {(error.detail, error.url) for error in errors} == {("the list is not signed", LIST)}
    assert len(opener.asked) == 1


def test_a_list_at_hand_of_somebody_else_is_refused() -> None:
    lists = StaticStatusLists({LIST: b"did:example:other"}, Opener())
    with pytest.raises(StatusVerificationError, match="issuer"):
        look_up(lists)
