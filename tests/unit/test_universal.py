"""Resolution by another resolver: what it is asked, and what of its answers counts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

import did

ENDPOINT = "https://resolver.example"
NAME = "did:example:a%3Ab:c"
DOCUMENT = {"id": NAME, "alsoKnownAs": ["urn:x"]}
URL = f"{ENDPOINT}/1.0/identifiers/did%3Aexample%3Aa%253Ab%3Ac"
RESULT = {
    "didDocument": DOCUMENT,
    "didResolutionMetadata": {"contentType": "application/did"},
    "didDocumentMetadata": {"versionId": "2", "updated": "2025-01-01T00:00:00Z"},
}


class Remote:
    """Answers with what it has, and keeps what it was asked."""

    def __init__(self, body: Any, status: int = 200, **members: Any) -> None:
        self.asked: list[tuple[str, str]] = []
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.members = {"status": status, "media_type": "application/did-resolution", "body": data} | members

    def __call__(self, url: str, *, accept: str) -> did.Response:
        self.asked.append((url, accept))
        return did.Response(**({"url": url} | self.members))


def test_a_result_has_a_document_with_metadata() -> None:
    remote = Remote(RESULT)
    resolver: did.Resolver = did.UniversalResolver(ENDPOINT, remote)
    found = resolver.resolve(NAME)
    assert (found.json, found.metadata, found.source) == (DOCUMENT, RESULT["didDocumentMetadata"], URL)
    [(url, accept)] = remote.asked
    assert url == URL
    assert accept.startswith("application/did-resolution, ")
    assert did.resolution_result(NAME, resolver) == RESULT


def test_a_version_is_asked_for_by_its_time() -> None:
    remote = Remote(RESULT)
    did.UniversalResolver(ENDPOINT, remote).resolve(NAME, at=datetime(2024, 1, 1, 12, 0, 0, 5, tzinfo=UTC))
    assert [url for url, _ in remote.asked] == [f"{URL}?versionTime=2024-01-01T12:00:00Z"]


def test_a_driver_may_answer_with_the_document_alone() -> None:
    found = did.UniversalResolver(ENDPOINT, Remote(DOCUMENT, media_type="application/did")).resolve(NAME)
    assert (found.json, found.metadata) == (DOCUMENT, {})


def test_what_can_be_computed_is_not_asked_for() -> None:
    """A resolver that is not honest could give another key for it."""
    key = did.PrivateKey.generate()
    remote = Remote({"id": did.did_key(key.public_key)})
    resolver = did.UniversalResolver(ENDPOINT, remote)
    for name in (did.did_key(key.public_key), did.did_jwk(key.public_key)):
        assert resolver.resolve(name) == did.resolve(name)
    with pytest.raises(did.InvalidDID):
        resolver.resolve("did:key:z6Mk")
    assert remote.asked == []


def test_a_live_resolver_can_ask_for_some_methods() -> None:
    remote = Remote(RESULT)
    resolver = did.LiveResolver(remote, methods=did.METHODS | {"example": did.universal_method(ENDPOINT)})
    assert resolver.resolve(NAME) is resolver.resolve(NAME)
    assert len(remote.asked) == 1
    with pytest.raises(did.MethodNotSupported):
        resolver.resolve("did:other:x")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"type": "https://www.w3.org/ns/did#INVALID_DID", "detail": "no\n"}, did.InvalidDID),
        ({"type": "https://www.w3.org/ns/did#INVALID_DID_DOCUMENT"}, did.InvalidDIDDocument),
        ({"type": "https://www.w3.org/ns/did#INVALID_OPTIONS"}, did.Unavailable),
        ({"type": "https://www.w3.org/ns/did#INVALID_DID_URL"}, did.Unavailable),
        ({"type": "https://www.w3.org/ns/did#NOT_FOUND"}, did.NotFound),
        ({"type": "https://www.w3.org/ns/did#METHOD_NOT_SUPPORTED"}, did.MethodNotSupported),
        ({"type": "https://www.w3.org/ns/did#INTERNAL_ERROR"}, did.Unavailable),
        ({"type": "https://www.w3.org/ns/did#SOMETHING"}, did.Unavailable),
        ({"type": "https://resolver.example/errors#NOT_FOUND"}, did.Unavailable),
        ({"type": 1}, did.Unavailable),
        ("https://www.w3.org/ns/did#INVALID_DID", did.InvalidDID),
        ("https://www.w3.org/ns/did#NOT_FOUND", did.NotFound),
        ("NOT_FOUND", did.NotFound),
        ({"title": "x"}, did.Unavailable),
        ("invalidDid", did.InvalidDID),
        ("notFound", did.NotFound),
        ("methodNotSupported", did.MethodNotSupported),
        ("internalError", did.Unavailable),
        ("invalidOptions", did.Unavailable),
        ("", did.Unavailable),
        (False, did.Unavailable),
        ({}, did.Unavailable),
        (["notFound"], did.Unavailable),
    ],
)
@pytest.mark.parametrize("status", [200, 400, 404, 500, 501])
def test_errors_are_those_of_the_result(error: Any, kind: type[did.DIDError], status: int) -> None:
    result = {"didDocument": None, "didResolutionMetadata": {"error": error}, "didDocumentMetadata": {}}
    with pytest.raises(kind) as caught:
        did.UniversalResolver(ENDPOINT, Remote(result, status)).resolve(NAME)
    assert type(caught.value) is kind
    assert caught.value.detail.isprintable()


@pytest.mark.parametrize("media_type", ["application/did-resolution", "application/ld+json", "application/json"])
@pytest.mark.parametrize("error", [{}, {"error": None}])
def test_a_result_without_an_error(media_type: str, error: Any) -> None:
    result = RESULT | {"didResolutionMetadata": error, "didDocumentMetadata": {"deactivated": False}}
    found = did.UniversalResolver(ENDPOINT, Remote(result, media_type=media_type)).resolve(NAME)
    assert (found.json, found.metadata) == (DOCUMENT, {"deactivated": False})


@pytest.mark.parametrize("status", [200, 410])
def test_a_deactivated_did_has_no_document(status: int) -> None:
    result = RESULT | {"didDocumentMetadata": {"deactivated": True}}
    with pytest.raises(did.Deactivated):
        did.UniversalResolver(ENDPOINT, Remote(result, status)).resolve(NAME)


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (b"<html>", 400, did.NotFound),
        (b"<html>", 404, did.NotFound),
        (b"", 410, did.NotFound),
        (b"", 302, did.NotFound),
        (b"{}", 406, did.NotFound),
        (b"<html>", 500, did.Unavailable),
        (b"", 501, did.Unavailable),
        (b"{}", 503, did.Unavailable),
        (b"", 429, did.Unavailable),
    ],
)
def test_a_status_alone_is_not_conclusive(body: bytes, status: int, kind: type[did.DIDError]) -> None:
    with pytest.raises(did.NotFound) as caught:
        did.UniversalResolver(ENDPOINT, Remote(body, status)).resolve(NAME)
    assert type(caught.value) is kind


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"<html>", "text/html"),
        (RESULT, "text/html"),
        (RESULT, "text/plain"),
        (RESULT, ""),
        (DOCUMENT, "application/octet-stream"),
        (DOCUMENT, "application/did-resolution"),
        (b"<html>", "application/did-resolution"),
        (b"[]", "application/did-resolution"),
        (b"{}", "application/did-resolution"),
        (b"{}", "application/json"),
        ({"message": "busy"}, "application/json"),
        (RESULT | {"didDocument": None}, "application/did-resolution"),
        (RESULT | {"didDocument": None}, "application/json"),
        (RESULT | {"didResolutionMetadata": None}, "application/did-resolution"),
        (RESULT | {"didResolutionMetadata": []}, "application/did-resolution"),
        (RESULT | {"didDocumentMetadata": None}, "application/did-resolution"),
        (RESULT | {"didDocumentMetadata": "x"}, "application/json"),
        *(
            (RESULT | {"didDocumentMetadata": {"deactivated": value}}, "application/did-resolution")
            for value in (None, 0, 1, "true", "false", [], {})
        ),
    ],
)
def test_what_is_no_result_says_nothing(body: Any, media_type: str) -> None:
    with pytest.raises(did.Unavailable, match=r"the answer of 'https://resolver\.example/") as caught:
        did.UniversalResolver(ENDPOINT, Remote(body, media_type=media_type)).resolve(NAME)
    assert type(caught.value) is did.Unavailable
    assert caught.value.detail.isprintable()


@pytest.mark.parametrize(
    "body",
    [
        RESULT | {"didDocument": DOCUMENT | {"id": "did:example:other"}},
        RESULT | {"didDocument": []},
        RESULT | {"didDocumentMetadata": {"a": 2**60}},
    ],
)
def test_what_is_no_document_of_the_did_is_refused(body: Any) -> None:
    with pytest.raises(did.InvalidDIDDocument):
        did.UniversalResolver(ENDPOINT, Remote(body)).resolve(NAME)


@pytest.mark.parametrize("media_type", ["application/did", "application/did+ld+json", "application/json"])
def test_a_document_by_itself_is_that_of_the_did(media_type: str) -> None:
    assert did.UniversalResolver(ENDPOINT, Remote(DOCUMENT, media_type=media_type)).resolve(NAME).json == DOCUMENT
    other = Remote(DOCUMENT | {"id": "did:example:a:b:c"}, media_type=media_type)
    with pytest.raises(did.InvalidDIDDocument):
        did.UniversalResolver(ENDPOINT, other).resolve(NAME)


def test_a_failure_of_the_network_says_nothing() -> None:
    def fetch(url: str, *, accept: str) -> did.Response:
        raise TimeoutError("no answer")

    with pytest.raises(did.Unavailable):
        did.UniversalResolver(ENDPOINT, fetch).resolve(NAME)
    with pytest.raises(did.NotFound, match="redirects"):
        did.UniversalResolver(ENDPOINT, Remote(RESULT, url="https://other.example")).resolve(NAME)


def test_what_is_no_did_is_not_asked_for() -> None:
    remote = Remote(RESULT)
    for name in ("", "did:example", f"{NAME}#key", f"{NAME}?a", f"{NAME}/../x", "https://example.org"):
        with pytest.raises(did.InvalidDID):
            did.UniversalResolver(ENDPOINT, remote).resolve(name)
    assert remote.asked == []


@pytest.mark.parametrize(
    "endpoint", ["", "http://resolver.example", f"{ENDPOINT}/", f"{ENDPOINT}?x", "https://a@b.example"]
)
def test_the_endpoint_is_an_https_url(endpoint: str) -> None:
    with pytest.raises(ValueError, match=r"https|slash"):
        did.UniversalResolver(endpoint, Remote(RESULT))
