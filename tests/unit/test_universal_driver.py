"""The HTTP(S) binding of DID Resolution 1.0, from the side of the server."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

import did
from did.driver import DEREFERENCING, OLDER_RESULT, RESOLUTION, Answer, driver

NAME = "did:web:university.example%3A3000:a"
OLD, NEW = (
    {"id": NAME, "alsoKnownAs": ["urn:old"]},
    {
        "id": NAME,
        "service": [
            {"id": "#files", "type": "Files", "serviceEndpoint": ["https://files.example", "https://mirror.example"]},
        ],
        "verificationMethod": [{"id": "#key", "type": "Unknown", "controller": NAME}],
    },
)
GONE = "did:web:gone.example"
KEY = did.did_key(did.PrivateKey("Ed25519", bytes(range(1, 33))).public_key)
DOCUMENTS = did.StaticResolver(
    {
        NAME: [{"document": OLD, "until": "2024-12-31T23:59:59Z"}, {"document": NEW, "from": "2025-01-01T00:00:00Z"}],
        GONE: [{"error": {"code": "DEACTIVATED", "detail": "gone"}}],
        "did:web:down.example": [{"error": {"code": "INTERNAL_ERROR", "detail": "down"}}],
        "did:web:bad.example": [{"error": {"code": "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT", "detail": "bad"}}],
        "did:other:x": [{"error": {"code": "METHOD_NOT_SUPPORTED", "detail": "other"}}],
    }
)


def get(target: str, accept: str = "") -> tuple[Answer, Any]:
    answer = driver(target, accept, DOCUMENTS)
    assert bool(answer.location) is (answer.status == 303)
    return answer, json.loads(answer.body) if answer.body else None


def error(value: Any, metadata: str = "didResolutionMetadata") -> str:
    kind: str = value[metadata]["error"]["type"]
    return kind.removeprefix("https://www.w3.org/ns/did#")


@pytest.mark.parametrize("target", [NAME, quote(NAME, safe=""), "did%3aweb%3auniversity.example%253A3000%3Aa"])
def test_a_did_as_it_stands_or_encoded(target: str) -> None:
    answer, value = get(target)
    assert (answer.status, answer.media_type) == (200, RESOLUTION)
    assert value == {
        "didDocument": NEW,
        "didResolutionMetadata": {"contentType": "application/did"},
        "didDocumentMetadata": {},
    }


@pytest.mark.parametrize(
    ("accept", "media_type", "is_document"),
    [
        ("", RESOLUTION, False),
        ("*/*", RESOLUTION, False),
        ("application/*", RESOLUTION, False),
        (RESOLUTION, RESOLUTION, False),
        ("application/did", "application/did", True),
        ("application/did+ld+json", "application/did+ld+json", True),
        ("application/did+json", "application/did+json", True),
        ("application/ld+json", "application/ld+json", True),
        ("application/json", "application/json", False),
        ("APPLICATION/DID ; q=0.5", "application/did", True),
        ("application/did;q=0.5, application/did-resolution;q=0.4", "application/did", True),
        ("application/did;q=0.5, application/did-resolution", RESOLUTION, False),
        ("text/html, */*;q=0.1", RESOLUTION, False),
        ("application/did-resolution;q=0, */*", "application/did", True),
        ("application/did;charset=utf-8", "application/did", True),
        (" , application/did, ", "application/did", True),
    ],
)
def test_media_types(accept: str, media_type: str, is_document: bool) -> None:
    answer, value = get(NAME, accept)
    assert (answer.status, answer.media_type) == (200, media_type)
    assert (value == NEW) is is_document
    assert is_document or value["didDocument"] == NEW


@pytest.mark.parametrize(
    "accept", ["text/html", "application/did;q=0", "application/did;q=x", "*/*;q=0", "x", "text/*"]
)
def test_media_types_that_there_are_none_of(accept: str) -> None:
    for target, metadata in ((NAME, "didResolutionMetadata"), (f"{NAME}%23key", "didResolutionMetadata")):
        answer, value = get(target, accept)
        assert answer.status == 406
        assert error(value, metadata) == "REPRESENTATION_NOT_SUPPORTED"
    answer, value = get(quote(f"{NAME}#key", safe=""), accept)
    assert (answer.status, answer.media_type) == (406, DEREFERENCING)
    assert error(value, "dereferencingMetadata") == "REPRESENTATION_NOT_SUPPORTED"


@pytest.mark.parametrize(
    ("target", "status", "code"),
    [
        ("", 400, "INVALID_DID"),
        ("not-a-did", 400, "INVALID_DID"),
        ("did:example", 400, "INVALID_DID"),
        ("%ff", 400, "INVALID_DID"),
        ("\u0100", 400, "INVALID_DID"),
        ("did%3Aexample", 400, "INVALID_DID"),
        ("did:key:z6Mk", 400, "INVALID_DID"),
        ("did:unheard:of", 404, "NOT_FOUND"),
        ("did:web:nowhere.example", 404, "NOT_FOUND"),
        ("did:other:x", 501, "METHOD_NOT_SUPPORTED"),
        ("did:web:down.example", 500, "INTERNAL_ERROR"),
        ("did:web:bad.example", 500, "INVALID_DID_DOCUMENT"),
        (f"{NAME}?versionTime=yesterday", 400, "INVALID_OPTIONS"),
        (f"{NAME}?versionTime=2024-01-01T00:00:00Z&versionTime=2024-01-01T00:00:00Z", 400, "INVALID_OPTIONS"),
        (f"{NAME}?versionTime=%ff", 400, "INVALID_OPTIONS"),
        (f"{NAME}?verificationRelationship=assertionMethod", 400, "INVALID_OPTIONS"),
        (f"{NAME}?versionId=1", 501, "FEATURE_NOT_SUPPORTED"),
        (f"{NAME}?noCache=true", 501, "FEATURE_NOT_SUPPORTED"),
        (f"{NAME}?expandRelativeUrls=true", 501, "FEATURE_NOT_SUPPORTED"),
        (f"{quote(NAME, safe='')}?option1=value1", 501, "FEATURE_NOT_SUPPORTED"),
    ],
)
@pytest.mark.parametrize("accept", ["", "application/did", RESOLUTION])
def test_errors_of_resolution(target: str, status: int, code: str, accept: str) -> None:
    """Whatever is asked for, an error comes with a result that says what it is."""
    answer, value = get(target, accept)
    assert (answer.status, answer.media_type) == (status, RESOLUTION)
    assert error(value) == code
    assert (value["didDocument"], value["didDocumentMetadata"]) == (None, {})


def test_a_deactivated_did_is_gone() -> None:
    answer, value = get(GONE)
    assert answer.status == 410
    assert value == {"didDocument": None, "didResolutionMetadata": {}, "didDocumentMetadata": {"deactivated": True}}
    answer, value = get(quote(f"{GONE}#key", safe=""))
    assert (answer.status, value["contentMetadata"]) == (410, {"deactivated": True})


@pytest.mark.parametrize("target", [NAME, quote(NAME, safe="")])
def test_options(target: str) -> None:
    _, value = get(f"{target}?versionTime=2024-06-01T00:00:00Z&noCache=false&expandRelativeUrls=false")
    assert value["didDocument"] == OLD
    _, value = get(f"{target}?versionTime=2024-06-01T00%3A00%3A00Z", "application/did")
    assert value == OLD


def test_did_urls() -> None:
    answer, value = get(quote(f"{NAME}#key", safe=""))
    assert (answer.status, answer.media_type) == (200, DEREFERENCING)
    assert value["content"] == {"id": f"{NAME}#key", "type": "Unknown", "controller": NAME}
    assert value["dereferencingMetadata"] == {"contentType": "application/did"}
    answer, value = get(quote(f"{NAME}#key", safe=""), "application/did")
    assert (answer.media_type, value["id"]) == ("application/did", f"{NAME}#key")
    answer, value = get(f"{quote(f'{NAME}#key', safe='')}?verificationRelationship=assertionMethod")
    assert answer.status == 500
    kind = "https://w3id.org/security#INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"
    assert value["dereferencingMetadata"]["error"]["type"] == kind
    for target, status in ((f"{NAME}/path", 404), (f"{NAME}?service=x", 404), (f"{NAME}?service=a&service=b", 400)):
        answer, value = get(target)
        assert (answer.status, answer.media_type) == (status, DEREFERENCING)
    _, value = get(f"{NAME}?service=files&versionTime=2024-06-01T00:00:00Z")
    assert error(value, "dereferencingMetadata") == "NOT_FOUND"


@pytest.mark.parametrize(
    "target",
    [f"{NAME}?service=files&relativeRef=/resume.pdf", quote(f"{NAME}?service=files&relativeRef=/resume.pdf", safe="")],
)
def test_a_service_is_another_place(target: str) -> None:
    assert get(target, "text/uri-list") == (Answer(303, "text/uri-list", b"", "https://files.example/resume.pdf"), None)
    answer, value = get(target)
    assert (answer.status, value["content"]) == (200, NEW)


@pytest.mark.parametrize(
    ("target", "word"),
    [
        (NAME, None),
        ("did:example", "invalidDid"),
        ("did:other:x", "methodNotSupported"),
        ("did:web:nowhere.example", "notFound"),
        ("did:web:bad.example", "invalidDidDocument"),
    ],
)
def test_the_older_form_of_results(target: str, word: str | None) -> None:
    answer, value = get(target, OLDER_RESULT)
    assert answer.media_type == OLDER_RESULT
    assert value.keys() == {"@context", "didDocument", "didResolutionMetadata", "didDocumentMetadata"}
    assert value["didResolutionMetadata"].get("error") == word
    assert (value["didDocument"] is None) is (word is not None)


def test_the_older_form_of_results_for_did_urls() -> None:
    url = f"{KEY}#{KEY.removeprefix('did:key:')}"
    _, value = get(quote(url, safe=""), OLDER_RESULT)
    assert (value["didDocument"]["id"], value["didDocument"]["controller"]) == (url, KEY)
    assert value["didDereferencingMetadata"] == {"contentType": "application/did"}
    answer, value = get(quote(f"{KEY}#^`", safe=""), OLDER_RESULT)
    assert (answer.status, value["didDereferencingMetadata"]) == (400, {"error": "invalidDidUrl"})


def test_the_client_and_the_driver_understand_each_other() -> None:
    """What the one asks the other answers, and each error arrives as what it was."""

    def fetch(url: str, *, accept: str) -> did.Response:
        answer = driver(url.removeprefix("https://resolver.example/1.0/identifiers/"), accept, DOCUMENTS)
        return did.Response(answer.status, answer.media_type.partition(";")[0], answer.body, url)

    client = did.UniversalResolver("https://resolver.example", fetch)
    assert client.resolve(NAME).json == NEW
    assert client.resolve(NAME, at=datetime.fromisoformat("2024-01-01T00:00:00Z")).json == OLD
    for name, kind in (
        (GONE, did.Deactivated),
        ("did:other:x", did.MethodNotSupported),
        ("did:web:down.example", did.Unavailable),
        ("did:web:bad.example", did.InvalidDIDDocument),
        ("did:web:nowhere.example", did.NotFound),
    ):
        with pytest.raises(kind) as caught:
            client.resolve(name)
        assert type(caught.value) is kind


@given(st.text(), st.text())
def test_whatever_is_asked_there_is_an_answer(target: str, accept: str) -> None:
    answer = driver(target, accept, DOCUMENTS)
    assert answer.status in {200, 303, 400, 404, 406, 410, 500, 501}
    assert json.loads(answer.body)


@given(
    st.sampled_from([NAME, GONE, KEY]),
    st.lists(
        st.sampled_from(
            [
                "service",
                "relativeRef",
                "versionTime",
                "=",
                "&",
                "%2F",
                "..",
                "files",
                "#",
                "/",
                "?",
                "2024-01-01T00:00:00Z",
            ]
        )
    ),
    st.booleans(),
)
def test_whatever_a_did_url_is_there_is_an_answer(name: str, parts: list[str], encoded: bool) -> None:
    target = name + "?" + "".join(parts)
    answer = driver(quote(target, safe="") if encoded else target, "text/uri-list, */*;q=0.5", DOCUMENTS)
    assert answer.status in {200, 303, 400, 404, 410, 501}
    assert answer.location == "" or answer.location.startswith("https://files.example")
