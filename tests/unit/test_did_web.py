"""did:web: which URL each DID is, and what is made of the answers from there."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

import did
from did.methods import web
from did.methods.fetched import MAX_DOCUMENT
from did.url import parse_did

WEB = "did:web:university.example"
URL = "https://university.example/.well-known/did.json"
DOCUMENT = {"id": WEB, "assertionMethod": []}

URLS = {
    "did:web:university.example": URL,
    "did:web:w3c-ccg.github.io:user:alice": "https://w3c-ccg.github.io/user/alice/did.json",
    "did:web:example.com%3A3000": "https://example.com:3000/.well-known/did.json",
    "did:web:example.com%3A3000:user:alice": "https://example.com:3000/user/alice/did.json",
    "did:web:localhost%3A8443": "https://localhost:8443/.well-known/did.json",
    "did:web:xn--bcher-kva.example": "https://xn--bcher-kva.example/.well-known/did.json",
    "did:web:a.b-c.example:A.B_c-1": "https://a.b-c.example/A.B_c-1/did.json",
    "did:web:example.com:...": "https://example.com/.../did.json",
    "did:web:example.com%3A65535": "https://example.com:65535/.well-known/did.json",
    "did:web:1.2.3.example": "https://1.2.3.example/.well-known/did.json",
}
REFUSED = [
    "did:web:user%40evil.example",
    "did:web:user%3Apass%40evil.example",
    "did:web:example.com%2Fpath",
    "did:web:example.com%3A22%2F..",
    "did:web:example.com%23",
    "did:web:example.com%3F",
    "did:web:example.com%0d%0aHost%3A%20evil.example",
    "did:web:example.com%3a3000",
    "did:web:example.com%3A",
    "did:web:example.com%3A0",
    "did:web:example.com%3A080",
    "did:web:example.com%3A65536",
    "did:web:example.com%3A3000%3A4000",
    "did:web:example.com%3A+80",
    "did:web:example.com:..:admin",
    "did:web:example.com:.:admin",
    "did:web:example.com:%2e%2e:admin",
    "did:web:example.com:a%2F..%2Fb",
    "did:web:example.com:a::b",
    "did:web::example.com",
    "did:web:EXAMPLE.com",
    "did:web:b%C3%BCcher.example",
    "did:web:under_score.example",
    "did:web:-a.example",
    "did:web:a-.example",
    "did:web:a..example",
    "did:web:example.com.",
    "did:web:.example.com",
    "did:web:127.0.0.1",
    "did:web:127.1",
    "did:web:2130706433",
    "did:web:0x7f000001",
    "did:web:0177.0.0.1",
    "did:web:%5B%3A%3A1%5D",
    f"did:web:{'a' * 64}.example",
    f"did:web:{'a.' * 126}example",
]


class Host:
    """Answers with what it has, and keeps what it was asked."""

    def __init__(self, **members: Any) -> None:
        self.asked: list[tuple[str, str]] = []
        self.members = {
            "status": 200,
            "media_type": "application/json",
            "body": json.dumps(DOCUMENT).encode(),
        } | members

    def __call__(self, url: str, *, accept: str) -> did.Response:
        self.asked.append((url, accept))
        return did.Response(**({"url": url} | self.members))


@pytest.mark.parametrize("identifier", URLS)
def test_the_url_of_a_did(identifier: str) -> None:
    url = web.document_url(parse_did(identifier))
    assert url == URLS[identifier]
    parts = urlsplit(url)
    assert (parts.scheme, parts.username, parts.query, parts.fragment) == ("https", None, "", "")
    host, _, port = identifier.removeprefix("did:web:").split(":")[0].partition("%3A")
    assert (parts.hostname, parts.port) == (host, int(port) if port else None)


@pytest.mark.parametrize("identifier", REFUSED)
def test_what_is_no_did_of_a_place_on_the_web(identifier: str) -> None:
    host = Host()
    with pytest.raises(did.InvalidDID) as caught:
        did.resolve(identifier, fetch=host)
    assert caught.value.code == "INVALID_DID"
    assert caught.value.detail.isprintable()
    assert host.asked == []


def test_a_url_that_others_could_read_otherwise_is_not_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reading of the URL that was made decides, be it that the grammar of the DID let something pass."""

    class Other:
        @staticmethod
        def parse(url: str) -> tuple[str, str, str, None, None]:
            return url, "443", "/", None, None

    monkeypatch.setattr(web, "HttpsURL", Other)
    with pytest.raises(did.InvalidDID, match="others could read otherwise"):
        web.document_url(parse_did(WEB))


def test_the_document_is_fetched_and_says_where_from() -> None:
    host = Host()
    for at in (None, datetime(2020, 1, 1, tzinfo=UTC)):
        document = did.resolve(WEB, at=at, fetch=host)
        assert (document.json, document.source) == (DOCUMENT, URL)
    assert host.asked == [(URL, web.ACCEPT)] * 2


def test_without_a_way_to_the_network_nothing_is_found() -> None:
    with pytest.raises(did.NotFound) as caught:
        did.resolve(WEB)
    assert not isinstance(caught.value, did.Unavailable)


@pytest.mark.parametrize("media_type", ["application/json", "application/did", "text/plain", ""])
def test_the_media_type_decides_nothing(media_type: str) -> None:
    assert did.resolve(WEB, fetch=Host(media_type=media_type)).id == WEB


@pytest.mark.parametrize(
    "value",
    [
        "did:web:evil.example",
        f"{WEB}#key",
        f"{WEB}/",
        WEB.upper(),
        "did:web:University.example",
        [WEB],
        None,
        {},
        1,
        "",
    ],
)
def test_a_document_with_another_id_is_refused(value: Any) -> None:
    with pytest.raises(did.InvalidDIDDocument) as caught:
        did.resolve(WEB, fetch=Host(body=json.dumps({"id": value}).encode()))
    assert caught.value.code == "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"


def test_a_document_without_an_id_is_refused() -> None:
    with pytest.raises(did.InvalidDIDDocument):
        did.resolve(WEB, fetch=Host(body=b"{}"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html>",
        b"[]",
        b"null",
        b'{"id": "did:web:university.example", "id": "did:web:university.example"}',
        b'{"id": "did:web:university.example", "a": NaN}',
        b'{"id": "did:web:university.example", "a": 9007199254740992}',
        b'{"id": "did:web:university.example", "a": "\\ud800"}',
        b"\xef\xbb\xbf" + json.dumps(DOCUMENT).encode(),
        json.dumps(DOCUMENT).encode("utf-16"),
        b"\xff",
        b"[" * 100_000,
        json.dumps(DOCUMENT | {"pad": "x" * MAX_DOCUMENT}).encode(),
    ],
)
def test_a_malformed_document_is_refused(body: bytes) -> None:
    with pytest.raises(did.InvalidDIDDocument) as caught:
        did.resolve(WEB, fetch=Host(body=body))
    assert caught.value.code == "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"


def test_methods_of_other_documents_are_not_those_of_this_one() -> None:
    """A method's id is an absolute DID URL, or `#...` of this document; that of another document gives no key here."""
    key = did.PrivateKey("Ed25519", bytes(range(1, 33))).public_key.multikey

    def method(name: str) -> dict[str, str]:
        return {"id": name, "type": "Multikey", "controller": WEB, "publicKeyMultibase": key}

    other = "did:web:evil.example#key"
    methods = [method(f"{WEB}#absolute"), method("#relative"), method(other)]
    body = {"id": WEB, "verificationMethod": methods, "assertionMethod": [f"{WEB}#absolute", "#relative", other]}
    document = did.resolve(WEB, fetch=Host(body=json.dumps(body).encode()))
    for name in ("absolute", "relative"):
        assert document.verification_method(f"{WEB}#{name}", relationship="assertionMethod").id == f"{WEB}#{name}"
    with pytest.raises(did.InvalidDIDDocument):
        document.verification_method(other, relationship="assertionMethod")


@pytest.mark.parametrize("status", [201, 204, 301, 302, 303, 307, 308, 400, 401, 403, 404, 406, 410, 418])
def test_no_document_is_not_found(status: int) -> None:
    with pytest.raises(did.NotFound) as caught:
        did.resolve(WEB, fetch=Host(status=status))
    assert not isinstance(caught.value, did.Unavailable)
    assert str(status) in caught.value.detail
    assert ("redirects are not followed" in caught.value.detail) is (300 <= status < 400)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
def test_a_server_in_trouble_says_nothing(status: int) -> None:
    with pytest.raises(did.Unavailable):
        did.resolve(WEB, fetch=Host(status=status))


@pytest.mark.parametrize("error", [OSError("no route\n\x1b[31m"), TimeoutError(), ConnectionResetError(104, "reset")])
def test_a_failure_of_the_network_says_nothing(error: OSError) -> None:
    def fetch(url: str, *, accept: str) -> did.Response:
        raise error

    with pytest.raises(did.Unavailable) as caught:
        did.resolve(WEB, fetch=fetch)
    assert caught.value.code == "NOT_FOUND"
    assert caught.value.detail.isprintable()
    assert caught.value.__cause__ is error


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("example.com does not answer: 'reset'", "example.com does not answer: 'reset'"),
        ("no route\n\x1b[31m", "no route\\n\\x1b[31m"),
        ("x" * 1000, "x" * 256 + "…"),
    ],
)
def test_what_the_network_said_stands_in_the_message_as_it_is(said: str, shown: str) -> None:
    def fetch(url: str, *, accept: str) -> did.Response:
        raise OSError(said)

    with pytest.raises(did.Unavailable) as caught:
        did.resolve(WEB, fetch=fetch)
    assert caught.value.detail == f"{URL!r} was not fetched: {shown}"


@pytest.mark.parametrize("failure", [did.Postponed, type("Own", (TimeoutError, did.Postponed), {})])
def test_what_was_not_asked_says_so(failure: type[OSError]) -> None:
    def fetch(url: str, *, accept: str) -> did.Response:
        raise failure("too much at once")

    resolver = did.LiveResolver(fetch)
    for resolve in (resolver.resolve, lambda name: did.resolve(name, fetch=fetch)):
        with pytest.raises(did.NotAsked) as caught:
            resolve(WEB)
        assert type(caught.value) is did.NotAsked
        assert caught.value.code == "NOT_FOUND"


@pytest.mark.parametrize("url", ["https://evil.example/did.json", URL + "?x", "http://university.example", ""])
def test_a_redirect_that_was_followed_is_refused(url: str) -> None:
    with pytest.raises(did.NotFound, match="redirects are not followed"):
        did.resolve(WEB, fetch=Host(url=url))


def test_problem_details_are_shown_and_made_safe() -> None:
    problem = {"title": "Gone\n", "detail": "x" * 1000, "type": "about:blank", "status": 410}
    host = Host(status=410, media_type="application/problem+json", body=json.dumps(problem).encode())
    with pytest.raises(did.NotFound) as caught:
        did.resolve(WEB, fetch=host)
    assert "'Gone\\n'" in caught.value.detail
    assert len(caught.value.detail) < 400
    for body in (b"{", b"[]", b"{}", b'{"title": "' + b"x" * 20_000 + b'"}'):
        with pytest.raises(did.NotFound) as caught:
            did.resolve(WEB, fetch=Host(status=404, media_type="application/problem+json", body=body))
        assert caught.value.detail.endswith("status 404")


HTTPS = "https://example.issuer/documents/1?a=b"


def test_an_https_url_is_where_its_document_is() -> None:
    host = Host(body=json.dumps({"id": HTTPS}).encode())
    document = web.resolve_url(HTTPS, host)
    assert (document.id, document.source) == (HTTPS, HTTPS)
    assert host.asked == [(HTTPS, web.ACCEPT_CONTROLLED_IDENTIFIER)]
    with pytest.raises(did.InvalidDIDDocument):
        web.resolve_url(HTTPS, Host(body=json.dumps({"id": HTTPS + "#"}).encode()))


@pytest.mark.parametrize("url", [WEB, HTTPS + "#key", "https://me@example.issuer", "http://example.issuer", "https://"])
def test_what_is_no_https_url_is_not_fetched(url: str) -> None:
    host = Host()
    with pytest.raises(did.InvalidDID):
        web.resolve_url(url, host)
    assert host.asked == []
