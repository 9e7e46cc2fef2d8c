"""Evidence files: everything a verdict needs besides the credential, in a form that is read strictly."""

import base64
import hashlib
import json
from typing import Any

import pytest

from did import DIDError, NotFound
from vc_core import NO_EVIDENCE, Evidence, LimitExceeded, Limits, ParsingError

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


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (b"", "text"),
        (b"{}", "text"),
        (b"\x00\x00", "base64"),
        (b"\x1b" * 1000, "base64"),
        (b'"' * 1000, "base64"),
        (b'"a' * 1000, "base64"),
        (b'"aaa' * 1000, "text"),
        ("ā".encode() * 1000, "text"),
        (bytes(range(128)), "base64"),
        (bytes(range(32, 127)), "text"),
        (b"\xff", "base64"),
    ],
)
def test_a_resource_is_written_in_its_shorter_form(data: bytes, form: str) -> None:
    url = "https://example.org/a"
    written = Evidence(resources={url: data}).write()
    assert json.loads(written)["resources"][url].keys() == {form, "sha256"}
    assert len(written) < 200 + 4 * len(data) / 3
    assert Evidence.read(written).resources == {url: data}


def test_no_file_is_written_that_is_too_large_to_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = Evidence(
        resources={"https://example.org/a": b"\xff" * 300},
        did_documents={WEB: {"id": WEB, "alsoKnownAs": ["urn:\x1b" * 100]}},
    )
    size = len(evidence.write())
    monkeypatch.setattr("vc_core.evidence._FILE", Limits(document_bytes=size))
    assert Evidence.read(evidence.write()).resources == evidence.resources
    monkeypatch.setattr("vc_core.evidence._FILE", Limits(document_bytes=size - 1))
    with pytest.raises(LimitExceeded, match=f"{size} bytes as a file, of which at most {size - 1}") as caught:
        evidence.write()
    assert caught.value.code == "INPUT_TOO_LARGE"
    with pytest.raises(LimitExceeded):
        Evidence.read(b" " * size)


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
