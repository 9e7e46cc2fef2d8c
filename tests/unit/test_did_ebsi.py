"""did:ebsi: which DIDs there are, what a registry is asked, and what is made of its answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

import did
from did.multibase import encode_base58btc

REGISTRY = "https://registry.example/did-registry/v5"
EBSI = did.ebsi_method(REGISTRY)
METHODS = did.METHODS | {"ebsi": EBSI}


def ebsi(data: bytes) -> str:
    return "did:ebsi:z" + encode_base58btc(data)


ENTITY = ebsi(b"\x01" + bytes(range(16)))
OLD, NEW = (did.PrivateKey("P-256", bytes(range(first, first + 32))).public_key for first in (1, 2))


def document(*fragments: str, key: did.PublicKey = OLD) -> dict[str, Any]:
    methods = [
        {"id": f"{ENTITY}#{each}", "type": "JsonWebKey2020", "controller": ENTITY, "publicKeyJwk": key.jwk}
        for each in fragments
    ]
    return {"id": ENTITY, "verificationMethod": methods, "assertionMethod": [method["id"] for method in methods]}


class Registry:
    """A registry that has one document, and what it was asked."""

    def __init__(self, value: Any = None, **members: Any) -> None:
        self.asked: list[tuple[str, str]] = []
        body = json.dumps(document("keys-1") if value is None else value).encode()
        self.members = {"status": 200, "media_type": "application/did+ld+json", "body": body} | members

    def __call__(self, url: str, *, accept: str) -> did.Response:
        self.asked.append((url, accept))
        return did.Response(**({"url": url} | self.members))


def resolve(fetch: did.Fetch, at: datetime | None = None, identifier: str = ENTITY) -> did.DIDDocument:
    return did.resolve(identifier, at=at, fetch=fetch, methods=METHODS)


def test_published_identifiers() -> None:
    """Of the form, made from known bytes."""
    assert ebsi(b"\x01" + bytes(range(16))) == "did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA"
    assert ebsi(b"\x01" + b"\xff" * 16) == "did:ebsi:z26DzLvVpBBbrzgVAVV4mjgr"
    assert ebsi(b"\x01" + bytes(16)) == "did:ebsi:zYcVfxkQb6JRzqk5kF2tNLw"


@pytest.mark.parametrize(
    ("identifier", "says"),
    [
        ("did:ebsi:pilot:zYcXJpGw4oxsrGXc5WdR3UA", "names a network"),
        ("did:ebsi:YcXJpGw4oxsrGXc5WdR3UA", "begins with z"),
        ("did:ebsi:ZYcXJpGw4oxsrGXc5WdR3UA", "begins with z"),
        ("did:ebsi:uAQ", "begins with z"),
        ("did:ebsi:z0OIl", "cannot be decoded"),
        ("did:ebsi:zYcXJpGw4oxsrGXc5WdR3U%41", "cannot be decoded"),
        ("did:ebsi:z", "has no version"),
        (ebsi(b"\x00" + bytes(16)), "has no version"),
        (ebsi(b"\x02" + bytes(32)), "is of version 2"),
        (ebsi(b"\x03" + bytes(16)), "is of version 3"),
        (ebsi(b"\x01"), "has 0 bytes"),
        (ebsi(b"\x01" + bytes(15)), "has 15 bytes"),
        (ebsi(b"\x01" + bytes(17)), "has 17 bytes"),
        ("did:ebsi:z" + "1" * 1000, "has more than 64 characters"),
    ],
)
@pytest.mark.parametrize("methods", [METHODS, did.METHODS])
def test_other_identifiers_are_refused(identifier: str, says: str, methods: Any) -> None:
    registry = Registry()
    with pytest.raises(did.InvalidDID, match=says) as caught:
        did.resolve(identifier, fetch=registry, methods=methods)
    assert caught.value.code == "INVALID_DID"
    assert caught.value.detail.isprintable()
    assert registry.asked == []


def test_the_registry_is_asked_for_what_it_serves() -> None:
    registry = Registry()
    found = resolve(registry)
    url = f"{REGISTRY}/identifiers/{ENTITY}"
    assert registry.asked == [(url, "application/did+ld+json")]
    assert (found.json, found.source) == (document("keys-1"), url)


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2024, 4, 10, 8, 24, 57, tzinfo=UTC), "2024-04-10T08:24:57Z"),
        (datetime(2024, 4, 10, 8, 24, 57, 999_999, tzinfo=UTC), "2024-04-10T08:24:57Z"),
        (datetime(2024, 4, 10, 1, 0, tzinfo=timezone(timedelta(hours=3))), "2024-04-09T22:00:00Z"),
    ],
)
def test_the_registry_is_asked_for_a_time(at: datetime, text: str) -> None:
    registry = Registry()
    resolve(registry, at)
    assert [url for url, _ in registry.asked] == [f"{REGISTRY}/identifiers/{ENTITY}?valid-at={text}"]


def test_a_time_has_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        resolve(Registry(), datetime(2024, 4, 10))  # noqa: DTZ001  (is what is refused)


def test_ids_of_keys_stand_as_they_do() -> None:
    thumbprint = "So1HIRt0Kqf0_BSwqv4VMNgkax3mCF9IjcQJwMnB3bs"  # of another key, which nobody asks
    found = resolve(Registry(document("keys-1", thumbprint)))
    for fragment in ("keys-1", thumbprint):
        method = found.verification_method(f"{ENTITY}#{fragment}", relationship="assertionMethod")
        assert (method.id, method.public_key) == (f"{ENTITY}#{fragment}", OLD)


def test_a_key_that_was_replaced_is_in_the_document_of_its_time() -> None:
    """The registry leaves a method out of the document as soon as nothing authorises it any more."""
    replaced = datetime(2025, 6, 1, tzinfo=UTC)
    method = f"{ENTITY}#keys-1"

    def fetch(url: str, *, accept: str) -> did.Response:
        _, _, time = url.partition("?valid-at=")
        is_old = bool(time) and datetime.fromisoformat(time) < replaced
        body = json.dumps(document("keys-1" if is_old else "keys-2", key=OLD if is_old else NEW)).encode()
        return did.Response(200, accept, body, url)

    before = resolve(fetch, replaced - timedelta(seconds=1))
    assert before.verification_method(method, relationship="assertionMethod").public_key == OLD
    for now in (resolve(fetch), resolve(fetch, replaced)):
        with pytest.raises(did.InvalidVerificationMethod):
            now.verification_method(method, relationship="assertionMethod")
        assert now.verification_method(f"{ENTITY}#keys-2", relationship="assertionMethod").public_key == NEW


def test_the_document_of_another_did_is_refused() -> None:
    other = ebsi(b"\x01" + b"\xff" * 16)
    for value in ({"id": other}, {"id": f"{ENTITY}#keys-1"}, {"id": ENTITY.lower()}, {"id": [ENTITY]}, {}):
        with pytest.raises(did.InvalidDIDDocument) as caught:
            resolve(Registry(value))
        assert caught.value.code == "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"


@pytest.mark.parametrize(
    ("status", "title", "kind"),
    [
        (400, "Bad Request", did.NotFound),
        (404, "Identifier Not Found", did.NotFound),
        (406, "Not Acceptable", did.NotFound),
        (429, "Too Many Requests", did.Unavailable),
        (500, "Internal Server Error", did.Unavailable),
    ],
)
def test_problems_of_the_registry_are_told(status: int, title: str, kind: type[did.DIDError]) -> None:
    problem = {"title": title, "status": status, "type": "about:blank", "detail": f"Identifier {ENTITY} not found"}
    with pytest.raises(kind) as caught:
        resolve(Registry(problem, status=status, media_type="application/problem+json"))
    assert type(caught.value) is kind
    assert f"status {status}, '{title}', 'Identifier {ENTITY} not found'" in caught.value.detail


def test_nobody_is_asked_before_a_registry_is_named() -> None:
    registry = Registry()
    with pytest.raises(did.NotFound, match="no DID Registry was named"):
        did.resolve(ENTITY, fetch=registry)
    assert registry.asked == []


@pytest.mark.parametrize(
    "registry",
    [
        "",
        "registry.example",
        "http://registry.example/did-registry/v5",
        "https://me@registry.example/did-registry/v5",
        f"{REGISTRY}/",
        f"{REGISTRY}?a=b",
        f"{REGISTRY}#a",
        "https://[::1]/did-registry/v5",
        "https://registry.example/did registry",
    ],
)
def test_the_registry_is_an_https_url(registry: str) -> None:
    with pytest.raises(ValueError, match=r"https|slash"):
        did.ebsi_method(registry)


def test_the_place_that_is_asked_does_not_depend_on_the_did() -> None:
    """Whatever stands in a DID or a document, one registry is asked, for identifiers."""
    elsewhere = document("keys-1") | {
        "service": [{"id": "#registry", "type": "Registry", "serviceEndpoint": "https://evil.example/did-registry/v5"}],
        "controller": ["did:ebsi:z26DzLvVpBBbrzgVAVV4mjgr"],
    }
    registry = Registry(elsewhere)
    for identifier in (ENTITY, "did:ebsi:z26DzLvVpBBbrzgVAVV4mjgr", "did:ebsi:evil.example", "did:ebsi:z%2F..%2F"):
        try:
            resolve(registry, identifier=identifier)
        except did.DIDError:
            continue
    assert len(registry.asked) == 2
    assert all(url.startswith(f"{REGISTRY}/identifiers/did:ebsi:z") for url, _ in registry.asked)
