"""Published identifiers and documents: did:key, did:jwk, EBSI's did:key, and the syntax of DIDs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import did
from did.multibase import decode_base58btc
from did.url import parse_did

SIGNATURES = {"authentication", "assertionMethod", "capabilityInvocation", "capabilityDelegation"}


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def did_keys(folder: Path, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The cases of one file: an identifier, and members of which `didDocument` is the expected document."""
    cases = read(folder / "conformance/did/did-key" / name)
    if "didDocument" in cases:
        cases = {identifier: {"didDocument": document} for identifier, document in cases["didDocument"].items()}
    yield from cases.items()


def expected_key(method: dict[str, Any], key_type: str) -> bytes:
    """The canonical bytes of the key in a verification method, read by hand from the form it stands in."""
    if "publicKeyBase58" in method:
        return decode_base58btc(method["publicKeyBase58"])
    import base64

    jwk = method["publicKeyJwk"]
    x, y = (base64.urlsafe_b64decode(jwk.get(name, "") + "==") for name in ("x", "y"))
    return x if key_type == "Ed25519" else bytes([2 | y[-1] & 1]) + x


@pytest.mark.parametrize(
    ("name", "types", "count"),
    [
        ("ed25519-x25519.json", {"Ed25519"}, 5),
        ("nist-curves.json", {"P-256", "P-384", "P-521"}, 7),
        ("secp256k1.json", {"secp256k1"}, 6),
    ],
)
def test_did_keys_resolve_to_the_published_keys(conformance: Path, name: str, types: set[str], count: int) -> None:
    """Key bytes and relationships; the published documents use method types that have since been retired."""
    seen = 0
    for identifier, case in did_keys(conformance, name):
        published = case["didDocument"]
        method = published["verificationMethod"][0]
        seen += 1
        document = did.resolve(identifier)
        for relationship in SIGNATURES:
            assert published[relationship] == [method["id"]] == document.json[relationship]
            found = document.verification_method(method["id"], relationship=relationship)
        assert found.public_key.type in types
        assert found.public_key.raw == expected_key(method, found.public_key.type)
        assert found.controller == identifier
        assert did.did_key(found.public_key) == identifier
        assert "keyAgreement" not in document.json
    assert seen == count


@pytest.mark.parametrize(
    ("name", "count"), [("ed25519-x25519.json", 5), ("nist-curves.json", 7), ("secp256k1.json", 6)]
)
def test_the_published_documents_themselves_can_be_used(conformance: Path, name: str, count: int) -> None:
    seen = 0
    for identifier, case in did_keys(conformance, name):
        seen += 1
        document = did.DIDDocument.parse(case["didDocument"], identifier)
        method_id = case["didDocument"]["assertionMethod"][0]
        found = document.verification_method(method_id, relationship="assertionMethod")
        assert did.did_key(found.public_key) == identifier
    assert seen == count


def test_did_keys_of_other_types_are_refused(conformance: Path) -> None:
    identifiers = [
        *(identifier for identifier, _ in did_keys(conformance, "x25519.json")),
        *(identifier for identifier, _ in did_keys(conformance, "bls12381.json")),
    ]
    assert len(identifiers) == 4 + 6
    for identifier in identifiers:
        with pytest.raises(did.InvalidDID) as caught:
            did.resolve(identifier)
        assert "multicodec" in caught.value.detail


def test_the_private_keys_beside_the_did_keys_are_theirs(conformance: Path) -> None:
    seen = 0
    for name in ("nist-curves.json", "secp256k1.json", "ed25519-x25519.json"):
        for identifier, case in did_keys(conformance, name):
            pair = case.get("verificationMethod") or case["verificationKeyPair"]
            jwk = pair.get("privateKeyJwk")
            if jwk is not None:
                seen += 1
                assert did.did_key(did.PrivateKey.from_jwk(jwk).public_key) == identifier
                with pytest.raises(did.InvalidKey):
                    did.PublicKey.from_jwk(jwk)
            elif name == "secp256k1.json":
                seen += 1
                secret = bytes.fromhex(case["seed"])
                assert did.did_key(did.PrivateKey("secp256k1", secret).public_key) == identifier
    assert seen == 13


def test_the_example_of_the_did_key_specification(conformance: Path) -> None:
    """Equal but for the context, there that of DID 1.1, and for X25519 keys, which are not derived."""
    documents = read(conformance / "conformance/did/did-key/spec-example-multikey.json")["didDocuments"]
    assert len(documents) == 2
    for published in documents:
        document = did.resolve(published["id"]).json
        derived = published.pop("keyAgreement")
        assert derived[0]["publicKeyMultibase"].startswith("z6LS")
        assert published.pop("@context") == ["https://www.w3.org/ns/did/v1.1"]
        assert document.pop("@context") == [
            "https://www.w3.org/ns/did/v1",
            "https://w3id.org/security/multikey/v1",
        ]
        assert document == published


def test_did_jwk_documents_are_the_published_ones(conformance: Path) -> None:
    vectors = read(conformance / "conformance/did/did-jwk/vectors.json")["vectors"]
    assert len(vectors) == 2
    for case in vectors:
        document = did.resolve(case["did"])
        assert document.json == case["didDocument"]
        method_id = f"{case['did']}#0"
        if case["jwk"]["crv"] == "P-256":
            found = document.verification_method(method_id, relationship="assertionMethod")
            assert found.public_key == did.PublicKey.from_jwk(case["jwk"])
            assert did.did_jwk(found.public_key) == case["did"]
        else:
            with pytest.raises(did.InvalidVerificationMethod) as caught:
                document.verification_method(method_id, relationship="assertionMethod")
            assert caught.value.code == "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"
            with pytest.raises(did.InvalidVerificationMethod) as caught:
                document.verification_method(method_id, relationship="keyAgreement")
            assert caught.value.code == "INVALID_VERIFICATION_METHOD"


def test_the_did_key_document_of_ebsi(conformance: Path) -> None:
    (case,) = read(conformance / "conformance/did/did-key/ebsi-jwk_jcs-pub.json")["vectors"]
    assert did.resolve(case["did"]).json == case["didDocument"]
    key = did.PublicKey.from_jwk(json.loads(case["jcs_utf8"]))
    assert key.canonical_jwk == case["jcs_utf8"].encode()
    assert did.did_key_jwk_jcs(key) == case["did"]


def test_the_did_keys_of_ebsi(conformance: Path) -> None:
    vectors = read(conformance / "conformance/ebsi/did_vectors.json")
    assert len(vectors["did_key"]) == 8
    for case in vectors["did_key"]:
        document = did.resolve(case["did"])
        url = f"{case['did']}#{case['did'].removeprefix('did:key:')}"
        found = document.verification_method(url, relationship="authentication").public_key
        assert found.jwk == case["publicKeyJwk"]
        assert did.did_key_jwk_jcs(did.PublicKey.from_jwk(case["publicKeyJwk"])) == case["did"]


def test_the_thumbprints_of_ebsi(conformance: Path) -> None:
    cases = read(conformance / "conformance/ebsi/did_vectors.json")["thumbprints"]
    assert len(cases) == 5
    for case in cases:
        key = did.PublicKey.from_jwk(case["publicKeyJwk"])
        assert key.thumbprint == did.DIDURL.parse(case["kid"]).fragment


def test_every_did_key_in_the_examples_of_ebsi_resolves(conformance: Path) -> None:
    import re

    text = (conformance / "conformance/ebsi/signed_examples.json").read_text(encoding="utf-8")
    identifiers = set(re.findall(r"did:key:z[1-9A-HJ-NP-Za-km-z]+", text))
    assert len(identifiers) == 3
    for identifier in identifiers:
        assert did.resolve(identifier).id == identifier


def test_the_recorded_document_of_ebsi_can_be_used(conformance: Path) -> None:
    registry = read(conformance / "conformance/ebsi/pilot_registry.json")
    documents = [
        response
        for response in find_objects(registry)
        if isinstance(response.get("verificationMethod"), list) and "id" in response
    ]
    assert documents
    for document in documents:
        resolver = did.StaticResolver({document["id"]: document})
        parsed = resolver.resolve(document["id"])
        used = [
            parsed.verification_method(url, relationship=relationship)
            for relationship in did.RELATIONSHIPS
            for url in document.get(relationship, [])
        ]
        assert {each.public_key.type for each in used} == {"P-256", "secp256k1"}
        assert all(each.id.endswith("#" + each.public_key.thumbprint) for each in used)


def find_objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from find_objects(child)


def test_the_syntax_of_dids_and_did_urls(conformance: Path) -> None:
    cases = read(conformance / "conformance/did/did-syntax.json")
    assert (len(cases["did"]["valid"]), len(cases["did"]["invalid"])) == (8, 6)
    assert (len(cases["did_url"]["valid"]), len(cases["did_url"]["invalid"])) == (15, 3)
    for text in cases["did"]["valid"]:
        assert str(parse_did(text)) == text
    for text in cases["did_url"]["valid"]:
        assert str(did.DIDURL.parse(text)) == text
    for kind, parse in (("did", parse_did), ("did_url", did.DIDURL.parse)):
        for text in cases[kind]["invalid"]:
            with pytest.raises(did.InvalidDID):
                parse(text)


def test_published_did_web_documents_are_read(conformance: Path) -> None:
    cases = read(conformance / "conformance/did/did-web/vectors.json")["documents"]
    jwks, address = (did.DIDDocument.parse(case["didDocument"], "did:web:example.com") for case in cases)
    types = {"key-0": "Ed25519", "key-2": "P-256"}
    for fragment, key_type in types.items():
        url = f"did:web:example.com#{fragment}"
        assert jwks.verification_method(url, relationship="assertionMethod").public_key.type == key_type
    for parsed, url, relationship in (
        (jwks, "did:web:example.com#key-1", "keyAgreement"),
        (address, "did:web:example.com#address-0", "authentication"),
    ):
        with pytest.raises(did.InvalidVerificationMethod) as caught:
            parsed.verification_method(url, relationship=relationship)
        assert caught.value.code == "INVALID_VERIFICATION_METHOD"


def test_documents_of_other_implementations_are_read(conformance: Path) -> None:
    """Submissions to the W3C suite: each document in them conforms, and is the document of its own DID."""
    seen = 0
    for path in sorted((conformance / "conformance/did/did-core-fixtures").glob("*.json")):
        for found in find_objects(read(path)):
            document = found.get("didDocument") or found.get("didDocumentDataModel", {}).get("properties")
            if isinstance(document, dict) and "id" in document:
                seen += 1
                parsed = did.DIDDocument.parse(document, document["id"])
                assert parsed.json == document
    assert seen == 10


def test_issuers_with_https_urls(conformance: Path) -> None:
    """The keys of the VC-JOSE-COSE cases, gathered in the document of the URL that their issuers are named by."""
    issuer = "https://example.issuer/vc-jose-cose"
    methods = [read(path) for path in sorted((conformance / "conformance/vc-jose-cose").glob("vm-[ep]*.json"))]
    secrets = [did.PrivateKey.from_jwk(method.pop("secretKeyJwk")) for method in methods]
    document = {"id": issuer, "verificationMethod": methods, "assertionMethod": [each["id"] for each in methods]}
    resolved = did.StaticResolver({issuer: document}).resolve(issuer)
    assert [key.type for key in secrets] == ["Ed25519", "P-256", "P-384", "P-521"]
    for method, secret in zip(methods, secrets, strict=True):
        found = resolved.verification_method(method["id"], relationship="assertionMethod")
        assert (found.public_key, found.controller) == (secret.public_key, issuer)
        for kid in (method["publicKeyJwk"]["kid"], method["id"].removeprefix(f"{issuer}#")):
            assert resolved.verification_method_of_kid(kid, relationship="assertionMethod") is found


def test_a_document_with_the_secret_keys_beside_the_public_ones_is_refused(conformance: Path) -> None:
    method = read(conformance / "conformance/vc-jose-cose/vm-p521.json")
    issuer = method["controller"]
    with pytest.raises(did.InvalidDIDDocument) as caught:
        did.DIDDocument.parse({"id": issuer, "verificationMethod": [method]}, issuer)
    assert "compromised" in caught.value.detail
