"""Published data about did:web and did:ebsi, and a recorded registry whose keys verify real accreditations."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import did
from did.methods import web
from did.methods.ebsi import check_ebsi
from did.multibase import decode_base58btc
from did.url import parse_did
from vc_core import Evidence, Limits, ProofVerificationError
from vc_core.securing.signed_data import check
from vc_core.securing.vc_jwt import read

PILOT = "https://api-pilot.ebsi.eu/did-registry/v5"
ENTITY = "did:ebsi:zZeKyEJfUTGwajhNyNX928z"
UNKNOWN = "did:ebsi:zuzajyUa2aStQC9D6rtMnDg"


@pytest.fixture(scope="module")
def published(conformance: Path) -> Any:
    """Reads a file of published data."""
    return lambda name: json.loads((conformance / "conformance" / name).read_text(encoding="utf-8"))


class Recorded:
    """The recorded answers of the pilot's registries by URL; whoever does not ask for their media type gets none."""

    def __init__(self, responses: dict[str, Any]) -> None:
        self.responses, self.asked = responses, []

    def __call__(self, url: str, *, accept: str) -> did.Response:
        self.asked.append(url)
        if url not in self.responses:
            raise ConnectionError("nothing was recorded")
        answer = self.responses[url]
        if answer["status"] == 200 and answer["contentType"] not in accept:
            return did.Response(406, "application/problem+json", b"{}", url)
        return did.Response(answer["status"], answer["contentType"], json.dumps(answer["body"]).encode(), url)


@pytest.fixture
def pilot(published: Any) -> Recorded:
    """The pilot's registries as they answered."""
    return Recorded(published("ebsi/pilot_registry.json")["responses"])


def live(fetch: did.Fetch) -> did.LiveResolver:
    return did.LiveResolver(fetch, methods=did.METHODS | {"ebsi": did.ebsi_method(PILOT)})


def test_urls_of_did_web(published: Any) -> None:
    cases = published("did/did-web/vectors.json")["did_to_url"]
    assert len(cases) == 4
    assert {case["did"]: web.document_url(parse_did(case["did"])) for case in cases} == {
        case["did"]: case["url"] for case in cases
    }


def test_documents_of_did_web(published: Any) -> None:
    """Resolved as if they were served where they belong."""
    cases = published("did/did-web/vectors.json")["documents"]
    assert len(cases) == 2
    for case in cases:
        document = case["didDocument"]
        url = web.document_url(parse_did(document["id"]))

        def fetch(asked: str, *, accept: str, url: str = url, document: Any = document) -> did.Response:
            return did.Response(200 if asked == url else 404, "application/json", json.dumps(document).encode(), asked)

        assert did.LiveResolver(fetch).resolve(document["id"]).json == document


def test_identifiers_of_did_ebsi(published: Any) -> None:
    found = 0
    for case in published("did/did-ebsi/vectors.json")["vectors"] + published("ebsi/did_vectors.json")["did_ebsi"]:
        parsed = parse_did(case["did"])
        check_ebsi(parsed)
        data = decode_base58btc(parsed.method_specific_id[1:])
        assert data.hex() == case.get("decoded_hex", case.get("bytes_hex"))
        found += 1
    assert found >= 8


def test_the_real_document_of_the_pilot(pilot: Recorded) -> None:
    resolver = live(pilot)
    document = resolver.resolve(ENTITY)
    url = f"{PILOT}/identifiers/{ENTITY}"
    assert (document.json, document.source) == (pilot.responses[url]["body"], url)
    assert pilot.asked == [url]
    for name, key_type in (
        ("RqnJsdrEXgSMJgCdlxFGya2oLmVEP1zz0Jo-VMFqq6E", "secp256k1"),
        ("So1HIRt0Kqf0_BSwqv4VMNgkax3mCF9IjcQJwMnB3bs", "P-256"),
    ):
        key = document.verification_method(f"{ENTITY}#{name}", relationship="authentication").public_key
        assert (key.type, key.thumbprint) == (key_type, name)


def test_the_real_accreditations_verify_under_the_keys_of_the_registry(pilot: Recorded, published: Any) -> None:
    resolver = live(pilot)
    chosen = [each for each in published("ebsi/signed_examples.json") if "attribute" in each["source"]]
    assert len(chosen) == 4
    for example in chosen:
        token = read(example["jwt"].encode(), limits=Limits())
        method = resolver.resolve(token.controller).verification_method(token.kid, relationship="assertionMethod")
        check(token.signed, method.public_key)
        with pytest.raises(ProofVerificationError):
            check(token.signed._replace(data=token.signed.data[:-1]), method.public_key)
    assert len(pilot.asked) == 1


def test_the_accreditations_verify_from_evidence(pilot: Recorded, published: Any) -> None:
    """What was used is written to a file, which resolves the same without the registry."""
    recorder = did.RecordingResolver(live(pilot), now=lambda: datetime(2026, 7, 1, tzinfo=UTC))
    recorder.resolve(ENTITY)
    file = Evidence(did_documents=recorder.recorded()).write()
    resolver = Evidence.read(file).resolver()
    for example in (each for each in published("ebsi/signed_examples.json") if "attribute" in each["source"]):
        token = read(example["jwt"].encode(), limits=Limits())
        check(
            token.signed,
            resolver.resolve(ENTITY).verification_method(token.kid, relationship="assertionMethod").public_key,
        )
    [version] = json.loads(file)["didDocuments"][ENTITY]
    assert version["source"] == f"{PILOT}/identifiers/{ENTITY}"
    assert version["retrieved"] == version["from"] == "2026-07-01T00:00:00Z"


def test_an_identifier_that_the_registry_does_not_know(pilot: Recorded) -> None:
    """Answers with status 404 have problem details, which are shown."""
    problems = {url: each for url, each in pilot.responses.items() if each["status"] == 404}
    assert problems
    for answer in problems.values():
        pilot.responses[f"{PILOT}/identifiers/{UNKNOWN}"] = answer
        with pytest.raises(did.NotFound) as caught:
            live(pilot).resolve(UNKNOWN)
        assert answer["body"]["title"] in caught.value.detail
    with pytest.raises(did.Unavailable):
        live(pilot).resolve("did:ebsi:zYcXJpGw4oxsrGXc5WdR3UA")


def test_the_documents_of_other_implementers(published: Any) -> None:
    """What they published as the documents of their DIDs, if it is that."""
    resolved = 0
    for name in ("did-ebsi", "did-web-spruce"):
        fixture = published(f"did/did-core-fixtures/{name}.json")
        for identifier in fixture["dids"]:
            value = fixture[identifier].get("didDocumentDataModel", {}).get("properties")
            if value is None:
                continue
            body = json.dumps(value).encode()
            resolver = live(lambda url, *, accept, body=body: did.Response(200, "", body, url))
            assert resolver.resolve(identifier).json == value
            resolved += 1
    assert resolved >= 2
