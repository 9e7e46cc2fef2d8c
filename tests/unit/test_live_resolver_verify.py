"""Verdicts over the network, and the same verdicts again from the evidence that was recorded."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

import did
from status import NO_STATUS_LISTS
from vc_core import DataIntegrity, Evidence, LocalSigner, Policy, VerificationResult, issue, verify

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
WEB = "did:web:university.example"
METHOD = f"{WEB}#key-1"
KEY, NEW_KEY = (did.PrivateKey("Ed25519", bytes(range(first, first + 32))) for first in (1, 2))
POLICY = Policy(accepted_issuers=frozenset({WEB}))
CREDENTIAL = issue(
    {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": WEB,
        "credentialSubject": {"id": "did:example:learner"},
    },
    signer=LocalSigner(KEY, METHOD),
    securing=DataIntegrity(cryptosuite="eddsa-jcs-2022"),
    created=NOW,
)


def document(key: did.PrivateKey = KEY, **members: Any) -> bytes:
    method = {
        "id": METHOD,
        "type": "Multikey",
        "controller": WEB,
        "publicKeyMultibase": key.public_key.multikey,
    }
    return json.dumps({"id": WEB, "verificationMethod": [method], "assertionMethod": [METHOD]} | members).encode()


def verdict(resolver: did.Resolver) -> VerificationResult:
    return verify(CREDENTIAL, resolver=resolver, status=NO_STATUS_LISTS, policy=POLICY, now=NOW)


@pytest.mark.parametrize(
    ("status", "body", "expected", "codes"),
    [
        (200, document(), "verified", set()),
        (200, document(NEW_KEY), "rejected", {"PROOF_VERIFICATION_ERROR"}),
        (200, document(assertionMethod=[]), "rejected", {"INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"}),
        (200, document(id="did:web:evil.example"), "rejected", {"INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"}),
        (200, b"<html>", "rejected", {"INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"}),
        (404, b"", "undecided", {"NOT_FOUND"}),
        (503, b"", "undecided", {"NOT_FOUND"}),
        (302, b"", "undecided", {"NOT_FOUND"}),
        (None, b"", "undecided", {"NOT_FOUND"}),
    ],
)
def test_verdicts(status: int | None, body: bytes, expected: str, codes: set[str]) -> None:
    """The file of evidence gives the same result, to the last byte, and without the network."""

    def fetch(url: str, *, accept: str) -> did.Response:
        if status is None:
            raise TimeoutError("no answer in 5 s")
        return did.Response(status, "application/json", body, url)

    recorder = did.RecordingResolver(did.LiveResolver(fetch), now=lambda: NOW)
    result = verdict(recorder)
    assert (result.verdict.value, {problem.code for problem in result.problems}) == (expected, codes)
    file = Evidence(did_documents=recorder.recorded()).write()
    replayed = verdict(Evidence.read(file).resolver())
    assert json.dumps(replayed.to_json()) == json.dumps(result.to_json())
