"""Resolution: by method, from documents at hand, and its result as JSON."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import pytest

import did
from did.document import DIDDocument
from did.methods import METHODS, SELF_DESCRIBING
from did.resolver import StaticResolver, resolution_result, resolve

KEY = did.PrivateKey("Ed25519", bytes(range(1, 33))).public_key
DID_KEY = did.did_key(KEY)
WEB = {"id": "did:web:example.com", "assertionMethod": []}


def test_methods_are_the_table() -> None:
    assert set(METHODS) == {"ebsi", "jwk", "key", "web"}
    assert {name: METHODS[name] for name in ("jwk", "key")} == SELF_DESCRIBING
    with pytest.raises(did.MethodNotSupported) as caught:
        resolve("did:example:com")
    assert caught.value.code == "METHOD_NOT_SUPPORTED"
    with pytest.raises(did.MethodNotSupported):
        resolve(DID_KEY, methods={})


def test_a_method_can_be_added_and_gets_what_it_needs() -> None:
    asked: list[str] = []

    def fetch(url: str, *, accept: str) -> did.Response:
        asked.append(url)
        return did.Response(200, accept, b"example.com", url)

    def example(identifier: did.DIDURL, fetch: did.Fetch | None, /, *, at: datetime | None = None) -> DIDDocument:
        assert fetch is not None
        name = fetch(f"https://{identifier.method_specific_id}", accept="text/plain").body.decode()
        return DIDDocument.parse({"id": f"did:example:{name}"}, f"did:example:{name}")

    methods = METHODS | {"example": example}
    assert resolve("did:example:example.com", fetch=fetch, methods=methods).id == "did:example:example.com"
    assert asked == ["https://example.com"]
    with pytest.raises(did.InvalidDIDDocument) as caught:
        resolve("did:example:other", fetch=fetch, methods=methods)
    assert caught.value.code == "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"


@pytest.mark.parametrize("text", ["", "key", f"{DID_KEY}#{KEY.multikey}", f"{DID_KEY}?a", "did:KEY:z", "did:key:"])
def test_what_is_not_a_did_does_not_resolve(text: str) -> None:
    for attempt in (resolve, StaticResolver().resolve):
        with pytest.raises(did.InvalidDID) as caught:
            attempt(text)
        assert caught.value.code == "INVALID_DID"


def test_a_static_resolver_computes_and_looks_up() -> None:
    resolver = StaticResolver({"did:web:example.com": WEB})
    assert resolver.resolve("did:web:example.com").json == WEB
    assert resolver.resolve(DID_KEY).id == DID_KEY
    assert resolver.resolve(DID_KEY) is resolver.resolve(DID_KEY)
    for unknown in ("did:web:example.com:a", "did:web:EXAMPLE.com", "did:unknown:x"):
        with pytest.raises(did.NotFound) as caught:
            resolver.resolve(unknown)
        assert caught.value.code == "NOT_FOUND"


HTTPS = "https://example.issuer/vc-jose-cose"


def test_a_static_resolver_looks_up_https_urls() -> None:
    resolver = StaticResolver({HTTPS: {"id": HTTPS}}, methods=METHODS | {"https": METHODS["key"]})
    assert resolver.resolve(HTTPS).json == {"id": HTTPS}
    for unknown in (HTTPS + "/", "https://example.issuer", "https://other.example?a"):
        with pytest.raises(did.NotFound) as caught:
            resolver.resolve(unknown)
        assert caught.value.code == "NOT_FOUND"
        assert unknown in caught.value.detail
    for bad in (HTTPS + "#key", "https://me@example.issuer", "https://", "http://example.issuer"):
        with pytest.raises(did.InvalidDID) as invalid:
            resolver.resolve(bad)
        assert invalid.value.code == "INVALID_DID"


def test_an_https_url_is_no_did() -> None:
    with pytest.raises(did.InvalidDID):
        resolve(HTTPS)
    assert resolution_result(HTTPS, StaticResolver({HTTPS: {"id": HTTPS}}))["didDocument"] == {"id": HTTPS}


def test_a_static_resolver_is_not_changed_by_its_caller() -> None:
    documents: dict[str, Any] = {"did:web:example.com": dict(WEB)}
    resolver = StaticResolver(documents)
    documents["did:web:example.com"]["id"] = "did:web:other"
    documents.clear()
    assert resolver.resolve("did:web:example.com").json == WEB


@pytest.mark.parametrize(
    ("documents", "kind"),
    [
        ({"did:web:other": WEB}, did.InvalidDIDDocument),
        ({"did:web:example.com": "text"}, did.InvalidDIDDocument),
        ({"example.com": {"id": "example.com"}}, did.InvalidDID),
        ({HTTPS: WEB}, did.InvalidDIDDocument),
        ({f"{HTTPS}#key": {"id": f"{HTTPS}#key"}}, did.InvalidDID),
    ],
)
def test_documents_are_checked_at_once(documents: dict[str, Any], kind: type[did.DIDError]) -> None:
    with pytest.raises(kind):
        StaticResolver(documents)


def test_a_document_cannot_replace_a_computed_one() -> None:
    other = did.PrivateKey("Ed25519", bytes(range(2, 34))).public_key
    forged: Any = did.resolve(DID_KEY).json
    forged["verificationMethod"][0]["publicKeyMultibase"] = other.multikey
    document = StaticResolver({DID_KEY: forged}).resolve(DID_KEY)
    method = document.verification_method(f"{DID_KEY}#{KEY.multikey}", relationship="assertionMethod")
    assert method.public_key == KEY


def test_the_memory_of_a_static_resolver_is_bounded() -> None:
    resolver = StaticResolver(remembered=2)
    keys = [did.did_key(did.PrivateKey.generate().public_key) for _ in range(3)]
    first = resolver.resolve(keys[0])
    assert resolver.resolve(keys[0]) is first
    for identifier in keys[1:]:
        resolver.resolve(identifier)
    assert resolver.resolve(keys[0]) is not first
    assert resolver.resolve(keys[0]) == first


def test_threads_share_a_static_resolver() -> None:
    resolver = StaticResolver(remembered=4)
    keys = [did.PrivateKey.generate().public_key for _ in range(8)]
    wrong: list[str] = []

    def work() -> None:
        for _ in range(50):
            for key in keys:
                url = f"{did.did_key(key)}#{key.multikey}"
                document = resolver.resolve(did.did_key(key))
                if document.verification_method(url, relationship="assertionMethod").public_key != key:
                    wrong.append(url)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_result_of_a_resolution() -> None:
    assert resolution_result(DID_KEY, StaticResolver()) == {
        "didDocument": resolve(DID_KEY).json,
        "didResolutionMetadata": {"contentType": "application/did"},
        "didDocumentMetadata": {},
    }


class Raises:
    """A resolver that fails in one way."""

    def __init__(self, error: did.DIDError) -> None:
        self.error = error

    def resolve(self, did: str, *, at: datetime | None = None) -> DIDDocument:
        raise self.error if did else AssertionError


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (did.InvalidDID("x"), "INVALID_DID"),
        (did.InvalidDID("x", code="INVALID_DID_URL"), "INVALID_DID"),
        (did.MethodNotSupported("x"), "METHOD_NOT_SUPPORTED"),
        (did.NotFound("x"), "NOT_FOUND"),
        (did.Unavailable("x"), "INTERNAL_ERROR"),
        (did.InvalidOptions("x"), "INVALID_OPTIONS"),
        (did.FeatureNotSupported("x"), "FEATURE_NOT_SUPPORTED"),
        (did.RepresentationNotSupported("x"), "REPRESENTATION_NOT_SUPPORTED"),
        (did.InvalidDIDDocument("x"), "INVALID_DID_DOCUMENT"),
        (
            did.InvalidDIDDocument("x", code="INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"),
            "INVALID_DID_DOCUMENT",
        ),
        (did.InvalidKey("x"), "INTERNAL_ERROR"),
        (did.DIDError("x"), "INTERNAL_ERROR"),
    ],
)
def test_the_result_of_a_resolution_that_fails(error: did.DIDError, code: str) -> None:
    result = resolution_result("did:web:example.com", Raises(error))
    assert result["didDocument"] is None
    assert result["didDocumentMetadata"] == {}
    problem: Any = result["didResolutionMetadata"]
    assert problem["error"]["type"] == f"https://www.w3.org/ns/did#{code}"
    assert problem["error"]["detail"] == "x"
    assert problem["error"]["title"]


def test_a_resolver_is_whatever_resolves() -> None:
    resolver: did.Resolver = Raises(did.NotFound("x"))
    static: did.Resolver = StaticResolver()
    assert static.resolve(DID_KEY).id == DID_KEY
    with pytest.raises(did.NotFound):
        resolver.resolve(DID_KEY)


def test_a_resolver_computes_by_the_methods_it_is_given() -> None:
    """A document that such a method computes is not replaced by one that was handed in."""

    def fixed(url: did.DIDURL, _fetch: object, /, *, at: datetime | None = None) -> DIDDocument:
        return DIDDocument.parse({"id": url.did}, url.did)

    handed_in = {"did:fixed:1": {"id": "did:fixed:1", "controller": "did:example:other"}, "did:web:example.com": WEB}
    resolver = StaticResolver(handed_in, methods=SELF_DESCRIBING | {"fixed": fixed})
    assert resolver.resolve("did:fixed:1").json == {"id": "did:fixed:1"}
    assert resolver.resolve("did:web:example.com").id == "did:web:example.com"
    with pytest.raises(did.NotFound):
        StaticResolver(methods={}).resolve(DID_KEY)
