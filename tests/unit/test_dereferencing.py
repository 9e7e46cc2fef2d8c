"""What a DID URL names (DID Resolution 1.0, section 5)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import pytest

import did
from did.dereferencing import URI_LIST
from did.reference import below

EXAMPLE = "did:example:123456789abcdefghi"
KEY = {
    "id": f"{EXAMPLE}#keys-1",
    "type": "Multikey",
    "controller": EXAMPLE,
    "publicKeyMultibase": "z6MkmM42vxfqZQsv4ehtTjFFxQ4sQKS2w6WR7emozFAn5cxu",
}
EMBEDDED = KEY | {"id": "#keys-2"}
MESSAGES = {
    "id": f"{EXAMPLE}#messages",
    "type": "DIDCommMessaging",
    "serviceEndpoint": "https://example.com/messages/8377464",
}
LINKED = {
    "id": "#linkedvp",
    "type": ["LinkedVerifiablePresentation", "Other"],
    "serviceEndpoint": ["https://example.com/verifiable-presentation.jsonld", {"uri": "https://x.example"}],
}
OBJECT = {"id": f"{EXAMPLE}#object", "type": "Object", "serviceEndpoint": {"uri": "https://x.example"}}
FRAGMENT = {"id": "#with-fragment", "type": "Odd", "serviceEndpoint": "https://example.com/a#b"}
DID_ENDPOINT = {"id": "#loop", "type": "Loop", "serviceEndpoint": f"{EXAMPLE}?service=loop"}
BAD = {"id": "#bad", "type": "Bad", "serviceEndpoint": "https://example.com/\r\nSet-Cookie: a"}
DOCUMENT: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/did/v1.1"],
    "id": EXAMPLE,
    "controller": "did:example:somebody-else",
    "verificationMethod": [KEY],
    "assertionMethod": [KEY["id"]],
    "authentication": [EMBEDDED],
    "service": [MESSAGES, LINKED, OBJECT, FRAGMENT, DID_ENDPOINT, BAD, "no object"],
}
OLD = {"id": EXAMPLE, "name": "old"}
HISTORY = [{"document": OLD, "until": "2025-01-01T00:00:00Z"}, {"document": DOCUMENT, "from": "2025-01-01T00:00:01Z"}]


class Asked:
    """A resolver that keeps what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, datetime | None]] = []
        self.inner = did.StaticResolver({EXAMPLE: HISTORY})

    def resolve(self, identifier: str, *, at: datetime | None = None) -> did.DIDDocument:
        self.asked.append((identifier, at))
        return self.inner.resolve(identifier, at=at)


@pytest.fixture
def resolver() -> Asked:
    return Asked()


def test_a_did_names_its_document(resolver: Asked) -> None:
    found = did.dereference(EXAMPLE, resolver)
    assert (found.content, found.media_type) == (DOCUMENT, "application/did")
    assert did.dereference(EXAMPLE, resolver, accept="application/did+ld+json").media_type == "application/did+ld+json"


def test_a_fragment_names_a_method_or_a_service(resolver: Asked) -> None:
    """The example of section 5.5.1; the context is that of the document."""
    context = {"@context": DOCUMENT["@context"]}
    for name, expected in (("keys-1", KEY), ("keys-2", EMBEDDED), ("messages", MESSAGES), ("linkedvp", LINKED)):
        found = did.dereference(f"{EXAMPLE}#{name}", resolver)
        assert found.content == context | expected | {"id": f"{EXAMPLE}#{name}"}
    for name in ("keys-3", "", "keys-1%20", "Keys-1", "somebody-else"):
        with pytest.raises(did.NotFound):
            did.dereference(f"{EXAMPLE}#{name}", resolver)


def test_a_method_has_to_be_authorised_for_what_is_asked(resolver: Asked) -> None:
    url = f"{EXAMPLE}#keys-1"
    assert did.dereference(url, resolver, verification_relationship="assertionMethod").content
    for name, relationship, code in (
        ("keys-1", "authentication", "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"),
        ("keys-2", "assertionMethod", "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"),
        ("messages", "assertionMethod", "INVALID_VERIFICATION_METHOD"),
    ):
        with pytest.raises(did.InvalidVerificationMethod) as caught:
            did.dereference(f"{EXAMPLE}#{name}", resolver, verification_relationship=relationship)
        assert caught.value.code == code
    for other in (EXAMPLE, f"{EXAMPLE}?service=messages", f"{EXAMPLE}?service=messages#keys-1"):
        with pytest.raises(did.InvalidVerificationMethod):
            did.dereference(other, resolver, verification_relationship="assertionMethod")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("service=messages", [MESSAGES]),
        ("service=%23messages", [MESSAGES]),
        (f"service={EXAMPLE.replace(':', '%3A')}%23messages", [MESSAGES]),
        ("service=linkedvp", [LINKED]),
        ("serviceType=LinkedVerifiablePresentation", [LINKED]),
        ("serviceType=DIDCommMessaging&service=messages", [MESSAGES]),
        ("service=messages&relativeRef=%2Fa", [MESSAGES]),
    ],
)
def test_services_are_selected(resolver: Asked, query: str, expected: list[Any]) -> None:
    found = did.dereference(f"{EXAMPLE}?{query}", resolver)
    assert found.content == DOCUMENT | {"service": expected}


@pytest.mark.parametrize(
    ("query", "urls"),
    [
        ("service=messages", ["https://example.com/messages/8377464"]),
        (
            "service=messages&relativeRef=%2Fsome%2Fpath%3Fquery#frag",
            ["https://example.com/messages/8377464/some/path?query#frag"],
        ),
        ("service=messages&relativeRef=/some/path", ["https://example.com/messages/8377464/some/path"]),
        ("service=messages#frag", ["https://example.com/messages/8377464#frag"]),
        ("service=linkedvp", ["https://example.com/verifiable-presentation.jsonld"]),
        ("service=with-fragment", ["https://example.com/a#b"]),
        ("service=with-fragment&relativeRef=c#d", ["https://example.com/a/c#d"]),
        ("service=loop", [f"{EXAMPLE}?service=loop"]),
    ],
)
def test_urls_of_services(resolver: Asked, query: str, urls: list[str]) -> None:
    """The second is the example of section 5.5.2. Whatever is at these URLs is not asked for."""
    assert did.dereference(f"{EXAMPLE}?{query}", resolver, accept=URI_LIST).content == urls
    assert [name for name, _ in resolver.asked] == [EXAMPLE]


def test_nothing_is_followed(resolver: Asked) -> None:
    """Controllers, endpoints that are DID URLs, other DIDs: one resolution, of the DID in the URL."""
    for url in (EXAMPLE, f"{EXAMPLE}#keys-1", f"{EXAMPLE}?service=loop"):
        resolver.asked.clear()
        did.dereference(url, resolver)
        assert resolver.asked == [(EXAMPLE, None)]
    with pytest.raises(did.InvalidDID):
        did.dereference(f"{EXAMPLE}?service=loop&relativeRef=a", resolver, accept=URI_LIST)


def test_a_version_is_asked_for_by_its_time(resolver: Asked) -> None:
    noon = datetime(2024, 12, 31, 12, tzinfo=UTC)
    assert did.dereference(f"{EXAMPLE}?versionTime=2024-12-31T12:00:00Z", resolver).content == OLD
    assert did.dereference(f"{EXAMPLE}?versionTime=2024-12-31T12%3A00%3A00Z", resolver).content == OLD
    assert did.dereference(EXAMPLE, resolver, at=noon).content == OLD
    assert resolver.asked == [(EXAMPLE, noon)] * 3
    with pytest.raises(did.NotFound):
        did.dereference(f"{EXAMPLE}?versionTime=2024-12-31T12:00:00Z#keys-1", resolver)
    assert did.dereference(f"{EXAMPLE}?versionTime=2025-06-01T00:00:00Z#keys-1", resolver).content


@pytest.mark.parametrize(
    ("url", "accept", "kind", "code"),
    [
        ("", "", did.InvalidDID, "INVALID_DID_URL"),
        ("did:example", "", did.InvalidDID, "INVALID_DID_URL"),
        ("https://example.com", "", did.InvalidDID, "INVALID_DID_URL"),
        (f"{EXAMPLE}?service=a&service=b", "", did.InvalidDID, "INVALID_DID_URL"),
        (f"{EXAMPLE}?service=messages&service=messages", "", did.InvalidDID, "INVALID_DID_URL"),
        (f"{EXAMPLE}?service=%ff", "", did.InvalidDID, "INVALID_DID_URL"),
        (f"{EXAMPLE}?versionTime=yesterday", "", did.InvalidOptions, "INVALID_OPTIONS"),
        (f"{EXAMPLE}?versionTime=2024-12-31T12:00:00", "", did.InvalidOptions, "INVALID_OPTIONS"),
        (f"{EXAMPLE}?versionTime=2024-12-31T12:00:00.0Z", "", did.InvalidOptions, "INVALID_OPTIONS"),
        (f"{EXAMPLE}?versionTime=", "", did.InvalidOptions, "INVALID_OPTIONS"),
        (f"{EXAMPLE}?versionId=1", "", did.FeatureNotSupported, "FEATURE_NOT_SUPPORTED"),
        (f"{EXAMPLE}/path", "", did.NotFound, "NOT_FOUND"),
        (f"{EXAMPLE}/", "", did.NotFound, "NOT_FOUND"),
        (f"{EXAMPLE}?hl=x", "", did.NotFound, "NOT_FOUND"),
        (f"{EXAMPLE}?Service=messages", "", did.NotFound, "NOT_FOUND"),
        (f"{EXAMPLE}?relativeRef=a", "", did.NotFound, "NOT_FOUND"),
        (f"{EXAMPLE}?service=nothing", "", did.NotFound, "NOT_FOUND"),
        (f"{EXAMPLE}?service=", "", did.NotFound, "NOT_FOUND"),
        (f"{EXAMPLE}?service", "", did.NotFound, "NOT_FOUND"),
        (f"{EXAMPLE}?serviceType=DIDCommMessaging&service=linkedvp", "", did.NotFound, "NOT_FOUND"),
        (f"{EXAMPLE}?service=messages#keys-1", "", did.NotFound, "NOT_FOUND"),
        (f"{EXAMPLE}?service=object", URI_LIST, did.NotFound, "NOT_FOUND"),
        (f"{EXAMPLE}?service=with-fragment#c", URI_LIST, did.InvalidDID, "INVALID_DID_URL"),
        (f"{EXAMPLE}?service=messages&relativeRef=a%23b#c", URI_LIST, did.InvalidDID, "INVALID_DID_URL"),
        (f"{EXAMPLE}?service=bad", URI_LIST, did.InvalidDIDDocument, "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"),
        (EXAMPLE, URI_LIST, did.RepresentationNotSupported, "REPRESENTATION_NOT_SUPPORTED"),
        (f"{EXAMPLE}#keys-1", URI_LIST, did.RepresentationNotSupported, "REPRESENTATION_NOT_SUPPORTED"),
        (EXAMPLE, "application/did+cbor", did.RepresentationNotSupported, "REPRESENTATION_NOT_SUPPORTED"),
        ("did:example:other", "", did.NotFound, "NOT_FOUND"),
        ("did:key:z6Mk#z6Mk", "", did.InvalidDID, "INVALID_DID"),
    ],
)
def test_what_names_nothing(resolver: Asked, url: str, accept: str, kind: type[did.DIDError], code: str) -> None:
    members = {"accept": accept} if accept else {}
    with pytest.raises(kind) as caught:
        did.dereference(url, resolver, **members)
    assert caught.value.code == code
    assert caught.value.detail.isprintable()
    result: Any = did.dereferencing_result(url, resolver, **members)
    error = result["dereferencingMetadata"]["error"]
    expected = "INVALID_DID_DOCUMENT" if kind is did.InvalidDIDDocument else code
    assert error["type"] == f"https://www.w3.org/ns/did#{expected}"
    assert (result["content"], result["contentMetadata"]) == (None, {})


def test_results(resolver: Asked) -> None:
    assert did.dereferencing_result(f"{EXAMPLE}?service=messages", resolver, accept=URI_LIST) == {
        "content": [MESSAGES["serviceEndpoint"]],
        "dereferencingMetadata": {"contentType": URI_LIST},
        "contentMetadata": {},
    }
    result: Any = did.dereferencing_result(f"{EXAMPLE}#keys-1", resolver, verification_relationship="keyAgreement")
    assert result["dereferencingMetadata"]["error"]["type"] == (
        "https://w3id.org/security#INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"
    )
    gone = did.StaticResolver({EXAMPLE: [{"error": {"code": "DEACTIVATED", "detail": "gone"}}]})
    expected = {"content": None, "dereferencingMetadata": {}, "contentMetadata": {"deactivated": True}}
    assert did.dereferencing_result(f"{EXAMPLE}#keys-1", gone) == expected


BASES = [
    "https://h.example",
    "https://h.example/",
    "https://h.example/files",
    "https://h.example/files/",
    "https://h.example/a/b?q=1",
]
REFERENCES = [
    "",
    "x",
    "x/y",
    "/x",
    "/files",
    "/files/x",
    "/files2/x",
    "?r=2",
    "x?r=2",
    "#f",
    "x#f",
    "a/b",
    "/a/b/c",
    ";p",
    "x:y/z",
]


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("reference", REFERENCES)
def test_references_stay_below_the_endpoint(base: str, reference: str) -> None:
    """What RFC 3986 says where it stays below; where it does not, the path that is appended."""
    if ":" in reference:
        with pytest.raises(did.InvalidDID):
            below(base, reference, None)
        return
    root = base.partition("?")[0]
    url = below(base, reference, None)
    path = url.partition("#")[0].partition("?")[0]
    folder = root.rstrip("/") + "/"
    assert path in {root, folder} or path.startswith(folder)
    standard = urljoin(base, reference)
    standard_path = standard.partition("#")[0].partition("?")[0]
    if standard_path == root or standard_path.startswith(folder):
        assert url == standard
    else:
        assert url == folder + reference.removeprefix("/")


@pytest.mark.parametrize(
    "reference",
    [
        "..",
        "../x",
        "a/../../x",
        "./x",
        "/../x",
        "%2e%2e/x",
        ".%2E/x",
        "%2E%2E%2Fx",
        "%252E%252E%252Fx",
        "%25252e%25252e/x",
        "%2525252525252e/x",
        "..%5cx",
        "a%5c..%5cx",
        "a%5cb",
        "%00",
        "a%0d%0aHost:%20x",
        "%7f",
        "%ff",
        "..\\x",
        "//evil.example/x",
        "///x",
        "https://evil.example",
        "javascript:alert(1)",
        "a b",
        "a\r\nb",
        "\u00e9",
        "a%",
        "a%zz",
        "<x>",
    ],
)
def test_references_that_lead_out_are_refused(reference: str) -> None:
    for base in BASES:
        with pytest.raises(did.InvalidDID) as caught:
            below(base, reference, None)
        assert caught.value.code == "INVALID_DID_URL"
        assert caught.value.detail.isprintable()


def test_an_endpoint_with_dot_segments_gets_no_reference() -> None:
    assert below("https://h.example/a/../b", None, None) == "https://h.example/a/../b"
    with pytest.raises(did.InvalidDID):
        below("https://h.example/a/../b", "x", None)


def test_an_endpoint_without_an_authority_gets_no_reference() -> None:
    assert below("mailto:a@b.example", None, "x") == "mailto:a@b.example#x"
    assert below("mailto:a@b.example", "", None) == "mailto:a@b.example"
    with pytest.raises(did.InvalidDID):
        below("mailto:a@b.example", "x", None)
