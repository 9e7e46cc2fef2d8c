"""Lists with a cache: what is fetched again and when, what is kept, and what is never believed again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from status import (
    LiveStatusLists,
    OpenedList,
    StatusEntry,
    StatusList,
    StatusLists,
    StatusRetrievalError,
    StatusVerificationError,
)
from status.live import LARGEST_NEGATIVE_TTL

LIST = "https://university.example/status/3"
ISSUER = "did:example:university"
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
TTL, LONGEST, NEGATIVE_TTL = 60.0, 600.0, 5.0
BITS = StatusList(bytes(16_384))


class Clock:
    """Time that passes when it is told to, by both clocks."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time

    @property
    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.time - 1000)


class Web:
    """Serves lists that count how often anything was asked for, and opens them: value 1 at the index of the count."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.opened: list[datetime] = []
        self.answer: Callable[[str], bytes] = self.document
        self.members: dict[str, Any] = {}

    def __call__(self, url: str, /) -> bytes:
        self.asked.append(url)
        return self.answer(url)

    def document(self, url: str) -> bytes:
        return str(len(self.asked)).encode()

    def down(self, detail: str = "down") -> None:
        def fail(url: str) -> bytes:
            raise StatusRetrievalError(detail, url=url)

        self.answer = fail

    def open(self, body: bytes, /, *, url: str, now: datetime) -> OpenedList:
        self.opened.append(now)
        if body == b"bad":
            raise StatusVerificationError("the list is not genuine", url=url)
        return OpenedList(
            **{
                "url": url,
                "format": "bitstring",
                "issuer": ISSUER,
                "purposes": frozenset({"revocation"}),
                "statuses": BITS.updated({int(body): 1}),
                **self.members,
            }
        )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def web() -> Web:
    return Web()


def live(web: Web, clock: Clock, **members: Any) -> LiveStatusLists:
    defaults = {"ttl": TTL, "longest_ttl": LONGEST, "negative_ttl": NEGATIVE_TTL, "clock": clock}
    return LiveStatusLists(web, web.open, **(defaults | members))


def entry(url: str = LIST, index: int = 0) -> StatusEntry:
    return StatusEntry("BitstringStatusListEntry", "revocation", index, url)


def count(lists: StatusLists, now: datetime, url: str = LIST) -> int:
    """How often anything had been asked for when the list was served."""
    found = [index for index in range(50) if lists.look_up(entry(url, index), issuers={ISSUER}, now=now)]
    assert len(found) == 1
    return found[0]


def test_a_list_is_given_again_until_it_expires(web: Web, clock: Clock) -> None:
    lists = live(web, clock)
    assert count(lists, NOON) == 1
    clock.time += TTL - 0.001
    assert count(lists, clock.now) == 1
    clock.time += 0.001
    assert count(lists, clock.now) == 2
    assert web.asked == [LIST] * 2
    assert web.opened == [NOON, NOON + timedelta(seconds=TTL)]


@pytest.mark.parametrize(("ttl", "kept"), [(10.0, 10.0), (300.0, 300.0), (86_400.0, LONGEST), (0.001, 0.001)])
def test_a_list_says_how_long_it_may_be_kept_within_reason(web: Web, clock: Clock, ttl: float, kept: float) -> None:
    web.members = {"ttl": timedelta(seconds=ttl)}
    lists = live(web, clock)
    lists.look_up(entry(), issuers={ISSUER}, now=NOON)
    clock.time += kept * 0.999
    lists.look_up(entry(), issuers={ISSUER}, now=NOON)
    assert len(web.asked) == 1
    clock.time += kept * 0.002
    lists.look_up(entry(), issuers={ISSUER}, now=NOON)
    assert len(web.asked) == 2


def test_a_list_that_may_not_be_kept_is_not(web: Web, clock: Clock) -> None:
    web.members = {"ttl": timedelta()}
    lists = live(web, clock)
    for _ in range(3):
        lists.look_up(entry(), issuers={ISSUER}, now=NOON)
    assert len(web.asked) == 3


def test_time_runs_from_the_beginning_of_a_fetch(web: Web, clock: Clock) -> None:
    """What a slow host serves was true when it was asked at the earliest."""

    def slow(url: str) -> bytes:
        clock.time += 20
        return web.document(url)

    web.answer = slow
    lists = live(web, clock)
    count(lists, NOON)
    clock.time += TTL - 20
    assert count(lists, NOON) == 2


def test_a_list_is_not_used_after_its_validity_period(web: Web, clock: Clock) -> None:
    """Though its ttl has not passed; and a new one is fetched then."""
    web.members = {"valid_until": NOON + timedelta(seconds=30)}
    lists = live(web, clock)
    assert count(lists, clock.now) == 1
    clock.time += 30
    assert count(lists, clock.now) == 1
    clock.time += 0.001
    web.members = {}
    assert count(lists, clock.now) == 2


def test_a_list_that_stays_invalid_is_asked_for_no_more_often_than_a_failure(web: Web, clock: Clock) -> None:
    web.members = {"valid_until": NOON}
    lists = live(web, clock)
    count(lists, NOON)
    clock.time += TTL / 2
    for _ in range(10):
        with pytest.raises(StatusRetrievalError, match="no longer valid"):
            count(lists, clock.now)
        clock.time += NEGATIVE_TTL / 10 * 1.001
    assert len(web.asked) == 2
    with pytest.raises(StatusRetrievalError, match="no longer valid"):
        count(lists, clock.now)
    assert len(web.asked) == 3


def test_a_list_that_is_not_valid_yet_becomes_so(web: Web, clock: Clock) -> None:
    web.members = {"valid_from": NOON + timedelta(seconds=1)}
    lists = live(web, clock)
    with pytest.raises(StatusRetrievalError, match="not valid yet"):
        count(lists, NOON)
    clock.time += 1
    assert count(lists, clock.now) == 1
    assert len(web.asked) == 1


def test_lists_are_not_confused(web: Web, clock: Clock) -> None:
    """Each is kept by its exact URL; nothing is cut off, decoded or folded."""
    urls = [LIST, LIST + "/", LIST + "?a", LIST + "#a", LIST.upper(), "https://university.example/status/%33", ""]
    lists = live(web, clock)
    for _ in range(2):
        assert [count(lists, NOON, url) for url in urls] == list(range(1, len(urls) + 1))
    assert web.asked == urls


def test_a_list_for_another_url_is_never_used(web: Web, clock: Clock) -> None:
    """Though it were opened by mistake."""
    web.members = {"url": LIST + "/other"}
    with pytest.raises(StatusVerificationError, match="not the one"):
        count(live(web, clock), NOON)


@pytest.mark.parametrize("failure", ["down", "bad"])
def test_a_failure_is_remembered_for_a_short_time(web: Web, clock: Clock, failure: str) -> None:
    kind: type[Exception] = StatusVerificationError
    web.answer = lambda url: b"bad"
    if failure == "down":
        kind = StatusRetrievalError
        web.down()
    lists = live(web, clock)
    errors = []
    for _ in range(4):
        with pytest.raises(kind) as caught:
            count(lists, clock.now)
        errors.append(caught.value)
        clock.time += NEGATIVE_TTL / 4
    assert len({id(error) for error in errors}) == 4
    assert len({(error.detail, error.url, error.code) for error in errors}) == 1  # type: ignore[attr-defined]  # ours
    assert errors[0].__cause__ is errors[0].__context__ is None
    assert len(web.asked) == 1
    web.answer = web.document
    assert count(lists, clock.now) == 2


def test_an_expired_list_is_not_used_where_there_is_no_answer(web: Web, clock: Clock) -> None:
    lists = live(web, clock)
    count(lists, NOON)
    clock.time += TTL
    web.down()
    for _ in range(3):
        with pytest.raises(StatusRetrievalError, match="down"):
            count(lists, clock.now)
        clock.time += NEGATIVE_TTL


def test_an_error_that_is_none_of_ours_is_not_remembered(web: Web, clock: Clock) -> None:
    def broken(url: str) -> bytes:
        raise RuntimeError("a mistake of somebody's")

    web.answer = broken
    lists = live(web, clock)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            count(lists, NOON)
    web.answer = web.document
    assert count(lists, NOON) == 3


def serve(web: Web, since: datetime | None, **members: Any) -> None:
    web.members = {"valid_from": since, **members}


def test_an_older_list_is_refused(web: Web, clock: Clock) -> None:
    lists = live(web, clock)
    serve(web, NOON)
    count(lists, NOON)
    for since in (NOON - timedelta(microseconds=1), NOON - timedelta(days=400), None):
        clock.time += TTL
        serve(web, since)
        with pytest.raises(StatusRetrievalError, match="older") as caught:
            count(lists, clock.now)
        assert caught.value.url == LIST
    clock.time += TTL
    serve(web, NOON)
    assert count(lists, clock.now) == 5
    clock.time += TTL
    serve(web, clock.now)
    assert count(lists, clock.now) == 6
    clock.time += TTL
    serve(web, NOON)
    with pytest.raises(StatusRetrievalError, match="older"):
        count(lists, clock.now)


def test_an_older_list_is_refused_for_every_time_asked_for(web: Web, clock: Clock) -> None:
    """One that is verified again, from its bytes, is held against those that were seen, too."""
    lists = live(web, clock)
    serve(web, NOON)
    count(lists, NOON)
    clock.time += TTL
    serve(web, NOON - timedelta(days=2))
    for days in (0, 1, 2, 3):
        with pytest.raises(StatusRetrievalError, match="older"):
            count(lists, NOON - timedelta(days=days))
    assert len(web.asked) == 2


def test_a_list_is_still_known_when_it_is_no_longer_kept(web: Web, clock: Clock) -> None:
    lists = live(web, clock, capacity=0)
    serve(web, NOON)
    lists.look_up(entry(), issuers={ISSUER}, now=NOON)
    serve(web, NOON - timedelta(1))
    with pytest.raises(StatusRetrievalError, match="older"):
        lists.look_up(entry(), issuers={ISSUER}, now=NOON)


def test_what_is_known_of_lists_is_bounded(web: Web, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lists that were seen last are those that are known."""
    monkeypatch.setattr("status.live._NEWEST", 2)
    lists = live(web, clock)
    serve(web, NOON)
    for url in ("a", "b", "c"):
        count(lists, NOON, url)
    clock.time += TTL
    serve(web, NOON - timedelta(1))
    for url in ("b", "c"):
        with pytest.raises(StatusRetrievalError, match="older"):
            count(lists, clock.now, url)
    assert count(lists, clock.now, "a") == 6


def test_a_list_of_the_future_locks_nobody_out(web: Web, clock: Clock) -> None:
    lists = live(web, clock)
    serve(web, NOON + timedelta(days=400))
    with pytest.raises(StatusRetrievalError, match="not valid yet"):
        count(lists, NOON)
    clock.time += TTL
    serve(web, NOON)
    assert count(lists, clock.now) == 2


def test_a_list_of_another_issuer_locks_nobody_out(web: Web, clock: Clock) -> None:
    lists = live(web, clock)
    serve(web, NOON, issuer="did:example:other")
    with pytest.raises(StatusVerificationError, match="issuer"):
        count(lists, NOON)
    clock.time += TTL
    serve(web, NOON - timedelta(1))
    assert count(lists, clock.now) == 2


def test_lists_at_other_urls_are_not_held_against_each_other(web: Web, clock: Clock) -> None:
    lists = live(web, clock)
    serve(web, NOON)
    count(lists, NOON)
    serve(web, NOON - timedelta(1))
    assert count(lists, NOON, LIST + "/4") == 2


def test_a_list_is_verified_again_for_a_time_far_away(web: Web, clock: Clock) -> None:
    """A signature that is good today need not have been good then; nothing is fetched again for it."""
    lists = live(web, clock)
    past, near = NOON - timedelta(seconds=LONGEST + 1), NOON - timedelta(seconds=LONGEST)
    for now in (NOON, near, past):
        lists.look_up(entry(), issuers={ISSUER}, now=now)
    assert web.opened == [NOON, past]
    assert len(web.asked) == 1
    open_list = web.open

    def bad_then(body: bytes, /, *, url: str, now: datetime) -> OpenedList:
        return open_list(b"bad" if now == past else body, url=url, now=now)

    lists = LiveStatusLists(web, bad_then, ttl=TTL, longest_ttl=LONGEST, clock=clock)
    assert count(lists, NOON) == 2
    with pytest.raises(StatusVerificationError, match="genuine"):
        count(lists, past)
    assert count(lists, NOON) == 2


def test_a_failure_for_one_time_is_none_for_another_far_away(web: Web, clock: Clock) -> None:
    past = NOON - timedelta(days=400)

    def bad_then(body: bytes, /, *, url: str, now: datetime) -> OpenedList:
        return web.open(b"bad" if now == past else body, url=url, now=now)

    lists = LiveStatusLists(web, bad_then, ttl=TTL, longest_ttl=LONGEST, clock=clock)
    for _ in range(2):
        with pytest.raises(StatusVerificationError, match="genuine"):
            count(lists, past)
    assert len(web.asked) == 1
    assert count(lists, NOON) == 2


def test_a_host_that_is_down_is_down_for_every_time(web: Web, clock: Clock) -> None:
    web.down()
    lists = live(web, clock)
    for days in (0, 400, 4000):
        with pytest.raises(StatusRetrievalError):
            count(lists, NOON - timedelta(days=days))
    assert len(web.asked) == 1


def test_what_was_used_longest_ago_is_forgotten_first(web: Web, clock: Clock) -> None:
    lists = live(web, clock, capacity=2 * 16_384 + 10)
    for name in ("a", "b", "a", "c"):
        count(lists, NOON, name)
    assert [count(lists, NOON, name) for name in ("a", "c", "b")] == [1, 3, 4]


@pytest.mark.parametrize(("capacity", "fetches"), [(16_385, 1), (16_384, 3), (0, 3)])
def test_a_list_that_is_too_large_is_used_and_not_kept(web: Web, clock: Clock, capacity: int, fetches: int) -> None:
    lists = live(web, clock, capacity=capacity)
    for _ in range(3):
        lists.look_up(entry(), issuers={ISSUER}, now=NOON)
    assert len(web.asked) == fetches


def test_a_list_that_is_replaced_takes_the_place_of_one(web: Web, clock: Clock) -> None:
    lists = live(web, clock, capacity=2 * 16_384 + 10)
    count(lists, NOON, "a")
    for _ in range(5):
        clock.time += TTL
        count(lists, NOON)
    clock.time -= 5 * TTL
    assert count(lists, NOON, "a") == 1


def test_failures_take_no_list_s_place(web: Web, clock: Clock) -> None:
    lists = live(web, clock, capacity=16_385)
    count(lists, NOON)
    web.down()
    for number in range(2000):
        with pytest.raises(StatusRetrievalError):
            lists.look_up(entry(f"https://host-{number}.example"), issuers={ISSUER}, now=NOON)
    assert count(lists, NOON) == 1
    assert len(lists._failures) <= 1024


def test_an_earlier_fetch_does_not_replace_a_later_one(web: Web, clock: Clock) -> None:
    """A slow answer, begun before the list changed, arrives after the answer to somebody who would not wait."""
    lists = live(web, clock)

    def slow(url: str) -> bytes:
        early = web.document(url)
        web.answer = web.document
        clock.time += TTL
        assert count(lists, clock.now) == 2
        return early

    web.answer = slow
    assert count(lists, NOON) == 2
    assert len(web.asked) == 2


def test_one_instance_does_not_notice_another(web: Web, clock: Clock) -> None:
    one, other = live(web, clock), live(web, clock)
    serve(web, NOON)
    count(one, NOON)
    serve(web, NOON - timedelta(1))
    assert count(other, NOON) == 2
    assert count(one, NOON) == 1


@pytest.mark.parametrize(
    "members",
    [
        {"ttl": -1.0},
        {"ttl": LONGEST + 1},
        {"longest_ttl": -1.0, "ttl": -1.0},
        {"negative_ttl": -1.0},
        {"negative_ttl": LARGEST_NEGATIVE_TTL + 0.1},
        {"capacity": -1},
    ],
)
def test_limits_have_limits(web: Web, clock: Clock, members: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="negative_ttl"):
        live(web, clock, **members)
    assert LARGEST_NEGATIVE_TTL <= 30
