"""Evidence files: everything a verdict needs besides the credential, in a form that is read strictly."""

import base64
import hashlib
import json
from typing import Any

import pytest

from did import DIDError, NotFound
from vc_core import NO_EVIDENCE, Evidence, ParsingError

WEB = "did:web:example.org"
DOCUMENT = {"id": WEB, "verificationMethod": []}


def read(value: Any) -> Evidence:
    return Evidence.read(json.dumps(value).encode())


def test_resources_are_text_or_base64() -> None:
    binary = bytes(range(256))

    evidence = read(
        {
            "resources": {
                "https://example.org/a": {"text": "mācīšanās"},
                "https://example.org/b": {"base64": base64.b64encode(binary).decode()},
                "https://example.org/c": {"text": ""},
                "https://example.org/d": {"base64": ""},
            }
        }
    )

    assert dict(evidence.resources) == {
        "https://example.org/a": "mācīšanās".encode(),
        "https://example.org/b": binary,
        "https://example.org/c": b"",
        "https://example.org/d": b"",
    }
    assert dict(evidence.did_documents) == {}


def test_what_is_written_is_read_with_its_digests_and_times() -> None:
    url, other = "https://example.org/a", "https://example.org/b"
    evidence = Evidence(resources={url: b"a", other: b"\xff"}, retrieved={url: "2026-01-31T12:00:00Z"})

    written = evidence.write()

    assert Evidence.read(written) == evidence
    assert json.loads(written)["resources"] == {
        url: {"text": "a", "sha256": hashlib.sha256(b"a").hexdigest(), "retrieved": "2026-01-31T12:00:00Z"},
        other: {"base64": "/w==", "sha256": hashlib.sha256(b"\xff").hexdigest()},
    }


def test_did_documents_become_a_resolver() -> None:
    resolver = read({"didDocuments": {WEB: DOCUMENT}}).resolver()

    assert resolver.resolve(WEB).json == DOCUMENT
    with pytest.raises(NotFound):
        resolver.resolve("did:web:example.com")


def test_a_did_document_of_another_did_is_refused() -> None:
    with pytest.raises(DIDError):
        read({"didDocuments": {"did:web:example.com": DOCUMENT}}).resolver()


def test_no_evidence_is_empty_and_cannot_be_filled() -> None:
    assert read({}) == NO_EVIDENCE == Evidence()
    with pytest.raises(TypeError):
        NO_EVIDENCE.resources["https://example.org"] = b""  # type: ignore[index]  # is what is tested
    with pytest.raises(TypeError):
        read({"resources": {}}).resources["https://example.org"] = b""  # type: ignore[index]  # likewise


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ([], ""),
        ("text", ""),
        (None, ""),
        ({"did_documents": {}}, ""),
        ({"resources": {}, "other": 1}, ""),
        ({"resources": []}, "/resources"),
        ({"resources": None}, "/resources"),
        ({"didDocuments": [DOCUMENT]}, "/didDocuments"),
        ({"didDocuments": {WEB: "document"}}, "/didDocuments"),
        ({"resources": {"https://example.org": "text"}}, "/resources"),
        ({"resources": {"https://example.org": {}}}, "/resources"),
        ({"resources": {"https://example.org": {"text": 1}}}, "/resources"),
        ({"resources": {"https://example.org": {"text": None}}}, "/resources"),
        ({"resources": {"https://example.org": {"text": "a", "base64": ""}}}, "/resources"),
        ({"resources": {"https://example.org": {"text": "a", "type": "b"}}}, "/resources"),
        ({"resources": {"https://example.org": {"text": "a", "sha256": "0" * 64}}}, "/resources"),
        ({"resources": {"https://example.org": {"text": "a", "sha256": None}}}, "/resources"),
        ({"resources": {"https://example.org": {"text": "a", "retrieved": 1}}}, "/resources"),
        ({"resources": {"https://example.org": {"retrieved": "2026-01-31T12:00:00Z"}}}, "/resources"),
        ({"resources": {"https://example.org": {"base64": "a"}}}, "/resources"),
        ({"resources": {"https://example.org": {"base64": "YQ"}}}, "/resources"),
        ({"resources": {"https://example.org": {"base64": "Y Q=="}}}, "/resources"),
        ({"resources": {"https://example.org": {"base64": "_-8="}}}, "/resources"),
        ({"resources": {"https://example.org": {"base64": "ā"}}}, "/resources"),
        ({"resources": {"https://example.org": {"base64": ["YQ=="]}}}, "/resources"),
    ],
)
def test_another_form_is_refused(value: Any, at: str) -> None:
    with pytest.raises(ParsingError) as caught:
        read(value)

    assert caught.value.code == "PARSING_ERROR"
    assert caught.value.at == at
    assert caught.value.detail.isprintable()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'{"resources": {}, "resources": {}}',
        b"\xef\xbb\xbf{}",
        b'{"resources": NaN}',
        b'{"a": "\\ud800"}',
    ],
)
def test_what_is_no_strict_json_is_refused(data: bytes) -> None:
    with pytest.raises(ParsingError):
        Evidence.read(data)
