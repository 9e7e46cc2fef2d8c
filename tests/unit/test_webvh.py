"""did:webvh: where the log is, and which version of the document is the answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import did
from did.url import parse_did
from tests.unit import webvh_logs as logs
from tests.unit.webvh_logs import DID, NEW_PLACE, NEW_URL, NOW, ONE, PLACE, URL, Host, Log, month, resolve, started
from vc_core.webvh import log_url

SCID = logs.scid(ONE)
PLACES = {
    "example.com": "https://example.com/.well-known/did.jsonl",
    "issuer.example.com": "https://issuer.example.com/.well-known/did.jsonl",
    "example.com:dids:issuer": "https://example.com/dids/issuer/did.jsonl",
    "example.com%3A3000:dids:issuer": "https://example.com:3000/dids/issuer/did.jsonl",
    "example.com%3A3000": "https://example.com:3000/.well-known/did.jsonl",
    "xn--jp-cd2fp15c.xn--fsq.example": "https://xn--jp-cd2fp15c.xn--fsq.example/.well-known/did.jsonl",
    f"{SCID.lower()}.example.com:{SCID}": f"https://{SCID.lower()}.example.com/{SCID}/did.jsonl",
}
REFUSED = [
    "example.com",
    f"{SCID[:-1]}:example.com",
    f"{SCID}1:example.com",
    f"0{SCID[1:]}:example.com",
    SCID,
    *(
        f"{SCID}:{place}"
        for place in (
            "localhost",
            "localhost%3A8443",
            "127.0.0.1",
            "127%2E0%2E0%2E1",
            "example.com%3a3000",
            "example.com%3A0",
            "example.com:..:issuer",
            "example.com:%2e%2e",
            "example.com::issuer",
            "Example.com",
            "user%40example.com",
            "%3A3000",
            ".example.com",
        )
    ),
]


@pytest.mark.parametrize("place", PLACES)
def test_the_url_of_a_log(place: str) -> None:
    assert log_url(parse_did(f"did:webvh:{SCID}:{place}")) == PLACES[place]


@pytest.mark.parametrize("identifier", REFUSED)
def test_what_names_no_place_is_not_fetched(identifier: str) -> None:
    host = Host(ONE)
    with pytest.raises(did.InvalidDID) as caught:
        resolve(f"did:webvh:{identifier}", host)
    assert caught.value.code == "INVALID_DID"
    assert caught.value.detail.isprintable()
    assert host.asked == []


def test_one_version() -> None:
    host = Host(ONE)
    found = resolve(DID, host)
    assert found.json == ONE[0]["state"]
    assert found.source == URL
    assert host.asked == [URL]
    assert found.metadata == {
        "versionId": ONE[0]["versionId"],
        "versionTime": "2026-01-01T00:00:00Z",
        "created": "2026-01-01T00:00:00Z",
        "updated": "2026-01-01T00:00:00Z",
        "scid": SCID,
        "portable": False,
        "deactivated": False,
        "ttl": "3600",
    }


@pytest.mark.parametrize("log", [logs.THREE, logs.ROTATED, logs.PREROTATED], ids=["plain", "rotated", "pre-rotated"])
def test_each_version_is_the_answer_for_its_time(log: Log) -> None:
    host = Host(log)
    own = logs.identifier(log)
    for position, entry in enumerate(log):
        start = datetime.fromisoformat(entry["versionTime"])
        for at in (start, month(position + 1)):
            found = resolve(own, host, at)
            assert found.json == entry["state"]
            assert (found.metadata["versionId"], found.metadata["updated"]) == (
                entry["versionId"],
                log[-1]["versionTime"],
            )
        if position:
            before = resolve(own, host, start - timedelta(seconds=1))
            assert before.metadata["versionId"] == log[position - 1]["versionId"]
    assert resolve(own, host).json == log[-1]["state"]


def test_a_time_before_the_first_version() -> None:
    with pytest.raises(did.NotFound, match="had no document at 2025-12-31T23:59:59Z") as caught:
        resolve(DID, Host(logs.THREE), datetime(2025, 12, 31, 23, 59, 59, 999999, tzinfo=UTC))
    assert not isinstance(caught.value, did.Unavailable)


def test_deactivated() -> None:
    host = Host(logs.DEACTIVATED)
    for at in (None, month(3), month(5)):
        with pytest.raises(did.Deactivated, match="was deactivated at 2026-03-01T00:00:00Z"):
            resolve(DID, host, at)
    before = resolve(DID, host, month(2))
    assert before.json == ONE[0]["state"]
    assert before.metadata["deactivated"] is True


def test_moved() -> None:
    """Each name is good for its own time, and of each place the whole log is asked."""
    old = logs.identifier(logs.PORTABLE)
    new_host, old_host = Host(logs.MOVED, url=NEW_URL), Host(logs.MOVED)
    assert resolve(logs.MOVED_DID, new_host).json == logs.MOVED[1]["state"]
    assert resolve(old, old_host, month(1)).json == logs.MOVED[0]["state"]
    with pytest.raises(did.NotFound, match=f"has another name now, which is not followed: '{logs.MOVED_DID}'"):
        resolve(old, old_host)
    with pytest.raises(did.NotFound, match="has another name at 2026-01-15T00:00:00Z"):
        resolve(logs.MOVED_DID, new_host, month(1))
    assert set(old_host.asked) == {URL}


def test_a_portable_did_that_stays() -> None:
    log = logs.extended(logs.extended(logs.PORTABLE, {"portable": True}), {"portable": False})
    assert resolve(logs.identifier(log), Host(log)).metadata["portable"] is False


def test_names_in_the_document_are_not_followed() -> None:
    names = [f"did:web:{PLACE}", "did:web:evil.example"]
    log = logs.extended(ONE, {"watchers": ["https://watcher.example"]}, logs.document(DID, alsoKnownAs=names))
    host = Host(log)
    found = resolve(DID, host)
    assert host.asked == [URL]
    assert found.json["alsoKnownAs"] == names
    assert found.metadata["watchers"] == ["https://watcher.example"]


def test_null_in_the_place_of_a_default() -> None:
    """Early logs have it for what is not in use (did:webvh Parameters)."""
    nothing = dict.fromkeys(("nextKeyHashes", "witness", "watchers", "ttl"))
    log = logs.extended(started(nothing), {**nothing, "updateKeys": None, "deactivated": True})
    metadata = resolve(logs.identifier(log), Host(log), month(1)).metadata
    assert metadata["ttl"] == "3600"
    assert not {"witness", "watchers"} & metadata.keys()


@pytest.mark.parametrize("ttl", [0, 1, 2**31])
def test_the_ttl_is_told(ttl: int) -> None:
    log = started({"ttl": ttl})
    assert resolve(logs.identifier(log), Host(log)).metadata["ttl"] == str(ttl)


def test_what_may_stand_in_a_log() -> None:
    """Several keys and proofs, one proof without a list, no line break at the end, fractions of seconds, spaces."""
    keys = [logs.multikey(key) for key in (logs.FIRST, logs.SECOND)]
    log = started({"updateKeys": keys}, keys=[logs.SECOND, logs.FIRST], time="2026-01-01T00:00:00.123Z")
    log = logs.extended(log, {"method": "did:webvh:1.0"}, keys=[logs.SECOND], time="2026-01-01T00:00:00.5+00:00")
    log[1]["proof"] = log[1]["proof"][0]
    own = logs.identifier(log)
    assert resolve(own, Host(logs.written(log).removesuffix(b"\n"))).json == log[1]["state"]
    assert resolve(own, Host(logs.written(log).replace(b"\n", b" \r\n"))).json == log[1]["state"]
    assert resolve(own, Host(log), datetime(2026, 1, 1, 0, 0, 1, tzinfo=UTC)).metadata["versionId"].startswith("2-")


def test_as_many_keys_as_there_may_be() -> None:
    log = started({"updateKeys": [logs.multikey(logs.FIRST), *map(str, range(63))]})
    assert resolve(logs.identifier(log), Host(log)).id == logs.identifier(log)


def test_a_log_that_ends_earlier_is_complete_by_itself() -> None:
    assert resolve(DID, Host(logs.THREE[:2])).metadata["versionId"] == logs.THREE[1]["versionId"]


@pytest.mark.parametrize("ahead", [-60, 0, 60])
def test_the_clock_may_be_a_minute_behind(ahead: int) -> None:
    start = datetime.fromisoformat(ONE[0]["versionTime"])
    assert resolve(DID, Host(ONE), now=start - timedelta(seconds=ahead)).id == DID


def test_the_clock_is_asked_each_time() -> None:
    times = iter([NOW - timedelta(days=365), NOW])
    table = did.METHODS | {"webvh": logs.webvh_method(now=lambda: next(times))}
    with pytest.raises(did.InvalidDIDDocument, match="in the future"):
        did.resolve(DID, fetch=Host(ONE), methods=table)
    assert did.resolve(DID, fetch=Host(ONE), methods=table).id == DID


def test_the_longest_log() -> None:
    """As many entries as there may be, and one more; as many bytes, and one more."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    log = list(ONE)
    for number in range(1, 1024):
        log = [*log, *logs.extended(log[-1:], time=(start + timedelta(minutes=number)).isoformat())[1:]]
        log[-1] = logs.sealed(log[-1], log[-2]["versionId"], number + 1, logs.FIRST)
    assert resolve(DID, Host(log)).metadata["versionId"].startswith("1024-")
    with pytest.raises(did.InvalidDIDDocument, match="more than 1024 entries"):
        resolve(DID, Host(logs.written(log) + b"{}\n"))
    for size, says in ((4 * 2**20, "larger than 524288 bytes"), (4 * 2**20 + 1, "the log has 4194305 bytes")):
        with pytest.raises(did.InvalidDIDDocument, match=says):
            resolve(DID, Host(logs.written(ONE).ljust(size)))


@pytest.mark.parametrize("status", [404, 410, 302, 401])
def test_no_log_is_not_found(status: int) -> None:
    def fetch(url: str, *, accept: str) -> did.Response:
        return did.Response(status, "", b"", url)

    with pytest.raises(did.NotFound, match=str(status)) as caught:
        resolve(DID, fetch)
    assert not isinstance(caught.value, did.Unavailable)


def test_a_failure_of_the_network_says_nothing() -> None:
    def broken(url: str, *, accept: str) -> did.Response:
        raise ConnectionResetError(104, "reset")

    def busy(url: str, *, accept: str) -> did.Response:
        return did.Response(503, "", b"", url)

    for fetch in (broken, busy):
        with pytest.raises(did.Unavailable):
            resolve(DID, fetch)
    with pytest.raises(did.NotFound, match="nothing may be fetched here"):
        did.resolve(DID, methods=logs.methods())


def test_a_log_of_somebody_else() -> None:
    """It is whole and right, and of another DID: of another SCID, or of another place."""
    with pytest.raises(did.InvalidDIDDocument, match="its scid is") as caught:
        resolve(DID, Host(logs.PORTABLE))
    assert caught.value.code == "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"
    with pytest.raises(did.InvalidDIDDocument, match=f"the log is of '{DID}'") as caught:
        resolve(logs.identifier(ONE, NEW_PLACE), Host(ONE, url=NEW_URL))
    assert caught.value.code == "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"


def test_a_document_that_cannot_be_used_spoils_its_own_time_alone() -> None:
    log = logs.extended(ONE, {}, {"id": DID, "verificationMethod": {}})
    assert resolve(DID, Host(log), month(1)).json == ONE[0]["state"]
    with pytest.raises(did.InvalidDIDDocument, match="verificationMethod is not a list"):
        resolve(DID, Host(log))


def test_the_resolution_result() -> None:
    resolver = did.LiveResolver(Host(logs.DEACTIVATED), methods=logs.methods())
    result: Any = did.resolution_result(DID, resolver)
    assert (result["didDocument"], result["didDocumentMetadata"]) == (None, {"deactivated": True})
    result = did.resolution_result(DID, resolver, at=month(1))
    assert json.loads(json.dumps(result["didDocument"])) == ONE[0]["state"]
    found = did.dereference(f"{DID}?versionTime=2026-01-15T00:00:00Z", resolver)
    assert found.content == ONE[0]["state"]
