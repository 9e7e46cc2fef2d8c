"""Resolution with a cache: what is asked again and when, what is kept, and what is never given."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import did
from did.live import LARGEST_NEGATIVE_TTL

WEB = "did:web:university.example"
KEY = did.PrivateKey("Ed25519", bytes(range(1, 33))).public_key
TTL, NEGATIVE_TTL = 60.0, 5.0


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


class Web:
    """Serves for each DID and https URL a document that counts how often it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: Callable[[str], did.Response] = self.document

    def __call__(self, url: str, *, accept: str) -> did.Response:
        self.asked.append(url)
        return self.answer(url)

    def document(self, url: str) -> did.Response:
        host, *path = url.removeprefix("https://").removesuffix("/did.json").split("/")
        name = ":".join([f"did:web:{host}", *(each for each in path if each != ".well-known")])
        identifier = name if url.endswith("/did.json") else url
        count = {"id": identifier, "alsoKnownAs": [f"urn:count:{len(self.asked)}"]}
        return did.Response(200, "application/json", json.dumps(count).encode(), url)

    def status(self, status: int) -> None:
        self.answer = lambda url: did.Response(status, "", b"", url)

    def down(self) -> None:
        def fail(url: str) -> did.Response:
            raise OSError("down")

        self.answer = fail


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def web() -> Web:
    return Web()


def live(web: Web, clock: Clock, **members: Any) -> did.LiveResolver:
    return did.LiveResolver(web, **({"ttl": TTL, "negative_ttl": NEGATIVE_TTL, "clock": clock} | members))


def count(document: did.DIDDocument) -> int:
    """How often anything had been asked for when the document was served."""
    name: Any = document.json["alsoKnownAs"][0]
    return int(name.removeprefix("urn:count:"))


def test_a_document_is_given_again_until_it_expires(web: Web, clock: Clock) -> None:
    resolver: did.Resolver = live(web, clock)
    first = resolver.resolve(WEB)
    clock.time += TTL - 0.001
    assert resolver.resolve(WEB) is first
    clock.time += 0.001
    assert count(resolver.resolve(WEB)) == 2
    assert web.asked == ["https://university.example/.well-known/did.json"] * 2


def test_time_runs_from_the_beginning_of_a_fetch(web: Web, clock: Clock) -> None:
    """What a slow host serves was true when it was asked at the earliest."""

    def slow(url: str) -> did.Response:
        clock.time += 20
        return web.document(url)

    web.answer = slow
    resolver = live(web, clock)
    resolver.resolve(WEB)
    clock.time += TTL - 20
    assert count(resolver.resolve(WEB)) == 2


@pytest.mark.parametrize("ttl", [0.0, 10.0])
def test_a_fetch_that_takes_longer_than_its_document_lasts(web: Web, clock: Clock, ttl: float) -> None:
    def slow(url: str) -> did.Response:
        clock.time += 20
        return web.document(url)

    web.answer = slow
    resolver = live(web, clock, ttl=ttl)
    assert [count(resolver.resolve(WEB)) for _ in range(3)] == [1, 2, 3]


def test_https_urls_are_resolved_too(web: Web, clock: Clock) -> None:
    resolver = live(web, clock)
    url = "https://university.example/.well-known/did.json?a"
    assert resolver.resolve(url) is resolver.resolve(url)
    assert web.asked == [url]
    for bad in (url + "#key", "http://university.example", "https://a@b"):
        with pytest.raises(did.InvalidDID):
            resolver.resolve(bad)
    assert web.asked == [url]


def test_identifiers_are_not_confused(web: Web, clock: Clock) -> None:
    """Each is looked up by its exact text; nothing is cut off, decoded or folded."""
    names = [
        WEB,
        f"{WEB}:a",
        f"{WEB}%3A443",
        f"{WEB}:a:b",
        "did:web:university.example.org",
        "https://university.example",
    ]
    resolver = live(web, clock)
    web.answer = lambda url: did.Response(200, "", json.dumps({"id": names[len(web.asked) - 1]}).encode(), url)
    for _ in range(2):
        assert [resolver.resolve(name).id for name in names] == names
    assert len(web.asked) == len(names)
    for name in (f"{WEB}#key", f"{WEB}?a", f"{WEB}/", f" {WEB}", WEB.upper(), WEB + "\n"):
        with pytest.raises(did.InvalidDID):
            resolver.resolve(name)
    assert len(web.asked) == len(names)


def test_computed_documents_take_nobody_s_place(web: Web, clock: Clock) -> None:
    resolver = live(web, clock, capacity=1)
    first = resolver.resolve(WEB)
    name = did.did_key(KEY)
    assert resolver.resolve(name) is resolver.resolve(name)
    for _ in range(10):
        resolver.resolve(did.did_jwk(did.PrivateKey.generate().public_key))
    assert resolver.resolve(WEB) is first


def test_what_was_used_longest_ago_is_forgotten_first(web: Web, clock: Clock) -> None:
    resolver = live(web, clock, capacity=2)
    for name in ("a", "b", "a", "c"):
        resolver.resolve(f"did:web:{name}.example")
    assert [count(resolver.resolve(f"did:web:{name}.example")) for name in ("a", "c", "b")] == [1, 3, 4]


def test_failures_take_no_documents_place(web: Web, clock: Clock) -> None:
    resolver = live(web, clock, capacity=2)
    first = resolver.resolve(WEB)
    web.status(404)
    for number in range(10):
        with pytest.raises(did.NotFound):
            resolver.resolve(f"did:web:host-{number}.example")
    assert resolver.resolve(WEB) is first


def test_pinned_documents_are_never_fetched_and_never_forgotten(web: Web, clock: Clock) -> None:
    pinned = {"id": WEB, "alsoKnownAs": ["urn:count:0"]}
    resolver = live(
        web,
        clock,
        capacity=1,
        pinned={WEB: pinned, "https://university.example/x": {"id": "https://university.example/x"}},
    )
    for number in range(100):
        resolver.resolve(f"did:web:host-{number}.example")
        clock.time += TTL
        assert resolver.resolve(WEB).json == pinned
        assert resolver.resolve(WEB, no_cache=True).json == pinned
    assert resolver.resolve("https://university.example/x").id == "https://university.example/x"
    assert len(web.asked) == 100
    with pytest.raises(did.InvalidDIDDocument):
        live(web, clock, pinned={WEB: {"id": "did:web:other.example"}})


def test_a_pinned_history_is_all_that_is_known(web: Web, clock: Clock) -> None:
    resolver = live(web, clock, pinned={WEB: [{"document": {"id": WEB}, "until": "2025-01-01T00:00:00Z"}]})
    assert resolver.resolve(WEB, at=datetime(2024, 1, 1, tzinfo=UTC)).id == WEB
    with pytest.raises(did.NotFound):
        resolver.resolve(WEB)
    assert web.asked == []


@pytest.mark.parametrize("failure", ["404", "410", "down", "503", "malformed", "another id"])
def test_a_failure_is_remembered_for_a_short_time(web: Web, clock: Clock, failure: str) -> None:
    bodies = {"malformed": b"<html>", "another id": b'{"id": "did:web:evil.example"}'}
    if failure == "down":
        web.down()
    elif failure.isdigit():
        web.status(int(failure))
    else:
        web.answer = lambda url: did.Response(200, "", bodies[failure], url)
    kind = did.InvalidDIDDocument if failure in bodies else did.NotFound
    resolver = live(web, clock)
    details = set()
    for _ in range(3):
        with pytest.raises(kind) as caught:
            resolver.resolve(WEB)
        details.add((type(caught.value), caught.value.code, caught.value.detail))
        clock.time += NEGATIVE_TTL / 4
    assert (len(details), len(web.asked)) == (1, 1)
    clock.time += NEGATIVE_TTL / 4
    web.answer = web.document
    assert count(resolver.resolve(WEB)) == 2


def test_a_failure_does_not_collect_what_raised_it(web: Web, clock: Clock) -> None:
    web.down()
    resolver = live(web, clock)
    depths = []
    for _ in range(5):
        with pytest.raises(did.NotFound) as caught:
            resolver.resolve(WEB)
        depths.append(len(caught.traceback))
        assert caught.value.__cause__ is caught.value.__context__ is None
    assert depths[1:] == depths[1:2] * 4


def test_an_expired_document_is_not_given_in_an_error(web: Web, clock: Clock) -> None:
    resolver = live(web, clock)
    resolver.resolve(WEB)
    clock.time += TTL
    web.down()
    with pytest.raises(did.Unavailable):
        resolver.resolve(WEB)


def test_an_expired_document_may_be_given_where_there_is_no_answer(web: Web, clock: Clock) -> None:
    resolver = live(web, clock, stale_if_error=100.0)
    first = resolver.resolve(WEB)
    clock.time += TTL
    web.down()
    for _ in range(3):
        assert resolver.resolve(WEB) is first
        clock.time += 1
    assert len(web.asked) == 2  # the host is left alone for as long as after any failure
    clock.time += NEGATIVE_TTL
    assert resolver.resolve(WEB) is first
    assert len(web.asked) == 3
    clock.time = 1000.0 + TTL + 100.0
    with pytest.raises(did.Unavailable):
        resolver.resolve(WEB)


def test_an_expired_document_is_forgotten_after_an_answer_that_says_so(web: Web, clock: Clock) -> None:
    """A document that was taken away, or replaced by a bad one, does not come back with the next failure."""
    for body, status in ((b"", 404), (b"{}", 200)):
        web.answer = web.document
        resolver = live(web, clock, stale_if_error=1000.0)
        resolver.resolve(WEB)
        clock.time += TTL
        web.answer = lambda url, body=body, status=status: did.Response(status, "", body, url)
        with pytest.raises(did.DIDError):
            resolver.resolve(WEB)
        clock.time += NEGATIVE_TTL
        web.down()
        with pytest.raises(did.Unavailable):
            resolver.resolve(WEB)


def test_a_caller_can_ask_anew(web: Web, clock: Clock) -> None:
    resolver = live(web, clock)
    resolver.resolve(WEB)
    assert count(resolver.resolve(WEB, no_cache=True)) == 2
    assert count(resolver.resolve(WEB)) == 2
    web.down()
    with pytest.raises(did.Unavailable):  # an expired document would do, had it not been asked for anew
        live(web, clock, stale_if_error=100.0).resolve(WEB, no_cache=True)
    with pytest.raises(did.Unavailable):
        resolver.resolve(WEB, no_cache=True)
    assert count(resolver.resolve(WEB)) == 2
    web.status(404)
    with pytest.raises(did.NotFound):
        resolver.resolve(WEB, no_cache=True)
    with pytest.raises(did.NotFound):  # a key that was taken away is not used from the cache any more
        resolver.resolve(WEB)


def test_a_document_ends_the_failure_before_it(web: Web, clock: Clock) -> None:
    """Also where it expires earlier than the failure would have."""
    resolver = live(web, clock, ttl=1.0)
    web.down()
    with pytest.raises(did.Unavailable):
        resolver.resolve(WEB)
    web.answer = web.document
    assert count(resolver.resolve(WEB, no_cache=True)) == 2
    clock.time += 1
    assert count(resolver.resolve(WEB)) == 3


def test_an_earlier_resolution_does_not_replace_a_later_one(web: Web, clock: Clock) -> None:
    """A slow answer, begun before the document changed, arrives after the answer to somebody who asked anew."""
    resolver = live(web, clock)

    def slow(url: str) -> did.Response:
        early = web.document(url)
        web.answer = web.document
        clock.time += 1
        assert count(resolver.resolve(WEB, no_cache=True)) == 2
        return early

    web.answer = slow
    assert count(resolver.resolve(WEB)) == 1
    assert count(resolver.resolve(WEB)) == 2


def test_an_earlier_failure_does_not_replace_a_later_document(web: Web, clock: Clock) -> None:
    resolver = live(web, clock)

    def slow(url: str) -> did.Response:
        web.answer = web.document
        clock.time += 1
        resolver.resolve(WEB, no_cache=True)
        return did.Response(404, "", b"", url)

    web.answer = slow
    with pytest.raises(did.NotFound):
        resolver.resolve(WEB)
    assert count(resolver.resolve(WEB)) == 2


NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
ENTITY = "did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA"


def test_a_document_without_a_history_is_one_for_all_times(web: Web, clock: Clock) -> None:
    resolver = live(web, clock)
    times = [None, NOON, NOON - timedelta(days=400)]
    assert {count(resolver.resolve(WEB, at=at)) for at in times} == {1}
    assert {count(resolver.resolve("https://a.example/x", at=at)) for at in times} == {2}


def test_a_document_with_a_history_is_one_for_each_second(web: Web, clock: Clock) -> None:
    web.answer = lambda url: did.Response(200, "", json.dumps({"id": ENTITY, "alsoKnownAs": [url]}).encode(), url)
    registry = "https://registry.example/did-registry/v5"
    resolver = live(web, clock, methods=did.METHODS | {"ebsi": did.ebsi_method(registry)})
    times = [None, NOON, NOON + timedelta(seconds=1), NOON.astimezone(), NOON + timedelta(milliseconds=900)]
    names: list[Any] = [resolver.resolve(ENTITY, at=at).json["alsoKnownAs"] for at in times]
    url = f"{registry}/identifiers/{ENTITY}"
    noon, later = (f"{url}?valid-at=2026-01-31T12:00:0{second}Z" for second in (0, 1))
    assert [name for [name] in names] == [url, noon, later, noon, noon]
    assert web.asked == [url, noon, later]


def test_a_method_of_one_s_own_is_taken_to_have_a_history(web: Web, clock: Clock) -> None:
    """Also one that stands in the place of a method without any."""

    def dated(url: did.DIDURL, fetch: did.Fetch | None, /, *, at: datetime | None = None) -> did.DIDDocument:
        return did.DIDDocument.parse({"id": url.did, "alsoKnownAs": [f"urn:at:{at}"]}, url.did)

    resolver = live(web, clock, methods={"web": dated, "key": dated})
    for name in (WEB, did.did_key(KEY)):
        found = [resolver.resolve(name, at=at).json["alsoKnownAs"] for at in (None, NOON, None)]
        assert found == [["urn:at:None"], [f"urn:at:{NOON}"], ["urn:at:None"]]


def test_a_time_has_a_zone(web: Web, clock: Clock) -> None:
    for name in (WEB, ENTITY):
        with pytest.raises(ValueError, match="time zone"):
            live(web, clock).resolve(name, at=datetime(2026, 1, 31))  # noqa: DTZ001  (is what is refused)


def test_methods_that_are_not_there_are_not_supported(web: Web, clock: Clock) -> None:
    with pytest.raises(did.MethodNotSupported):
        live(web, clock).resolve("did:example:1")
    with pytest.raises(did.MethodNotSupported):
        live(web, clock, methods={}).resolve(did.did_key(KEY))


def test_one_instance_does_not_notice_another(web: Web, clock: Clock) -> None:
    one, other = live(web, clock), live(web, clock)
    one.resolve(WEB)
    web.status(404)
    with pytest.raises(did.NotFound):
        other.resolve(WEB)
    assert count(one.resolve(WEB)) == 1


def test_an_error_that_is_none_of_ours_is_not_remembered(web: Web, clock: Clock) -> None:
    def broken(url: str) -> did.Response:
        raise RuntimeError("a mistake of somebody's")

    web.answer = broken
    resolver = live(web, clock)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            resolver.resolve(WEB)
    web.answer = web.document
    assert count(resolver.resolve(WEB)) == 3


@pytest.mark.parametrize(
    "members",
    [
        {"ttl": -1.0},
        {"negative_ttl": -1.0},
        {"negative_ttl": LARGEST_NEGATIVE_TTL + 0.1},
        {"stale_if_error": -1.0},
        {"capacity": 0},
    ],
)
def test_limits_have_limits(web: Web, clock: Clock, members: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="negative_ttl"):
        live(web, clock, **members)
    assert LARGEST_NEGATIVE_TTL <= 30
