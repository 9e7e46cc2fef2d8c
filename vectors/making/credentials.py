"""The credentials that the vectors secure, and how they are secured, tampered with and re-signed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from vc_core import PINNED_CONTEXTS, DataIntegrity
from vectors.making.keys import did_of, signer_of

Claims = dict[str, Any]

V1: Final = "https://www.w3.org/2018/credentials/v1"
V2: Final = "https://www.w3.org/ns/credentials/v2"
TERMS: Final = "https://vectors.example/terms/v1"
DATA_INTEGRITY: Final = "https://w3id.org/security/data-integrity/v2"
ED25519_2020: Final = "https://w3id.org/security/suites/ed25519-2020/v1"

CREATED: Final = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)

SUITES: Final = (
    ("eddsa-jcs-2022", "Ed25519"),
    ("eddsa-rdfc-2022", "Ed25519"),
    ("ecdsa-jcs-2019", "P-256"),
    ("ecdsa-jcs-2019", "P-384"),
    ("ecdsa-rdfc-2019", "P-256"),
    ("ecdsa-rdfc-2019", "P-384"),
    ("Ed25519Signature2020", "Ed25519"),
)
"""Every cryptosuite with every key type that it takes."""


_TERM: Final = "https://vectors.example/terms#"
TERMS_CONTEXT: Final[Claims] = {
    "@context": {
        "@version": 1.1,
        "@protected": True,
        "id": "@id",
        "type": "@type",
        "MicroCredential": _TERM + "MicroCredential",
        "Learner": _TERM + "Learner",
        "Achievement": {
            "@id": _TERM + "Achievement",
            "@context": {
                "title": {"@id": _TERM + "title", "@container": "@language"},
                "credits": _TERM + "credits",
                "passed": _TERM + "passed",
                "outcome": {"@id": _TERM + "outcome", "@container": "@list"},
                "specifiedBy": {"@id": _TERM + "specifiedBy", "@type": "@id"},
            },
        },
        "achievement": {"@id": _TERM + "achievement", "@type": "@id"},
        "alsoKnownAs": _TERM + "alsoKnownAs",
        "heading": _TERM + "heading",
        "title": {"@id": _TERM + "title", "@container": "@language"},
        "details": "@nest",
    }
}
"""The terms of the learner's achievement. The vectors hand them in as a context of the policy."""
_TERMS_TEXT: Final = json.dumps(TERMS_CONTEXT, separators=(",", ":"))
CONTEXTS: Final = PINNED_CONTEXTS | {TERMS: _TERMS_TEXT.encode()}


def version_2(issuer: str) -> Claims:
    """A micro-credential on data model 2.0."""
    return {
        "@context": [V2, TERMS],
        "id": "urn:uuid:6f0ae3a8-2f38-4c5e-9a0c-3a2f7d4f3b11",
        "type": ["VerifiableCredential", "MicroCredential"],
        "issuer": {"id": issuer, "name": "Pavyzdžio universitetas"},
        "validFrom": "2026-01-15T09:30:00Z",
        "validUntil": "2029-01-15T09:30:00Z",
        "name": {"@value": "Datu ētikas mikroapliecinājums", "@language": "lv"},
        "credentialSubject": _learner(),
    }


def version_1(issuer: str) -> Claims:
    """A micro-credential on data model 1.1."""
    return {
        "@context": [V1, TERMS],
        "id": "urn:uuid:0a2b9c1e-6a1b-4b8e-8d1f-5b3f1e9c7d22",
        "type": ["VerifiableCredential", "MicroCredential"],
        "issuer": issuer,
        "issuanceDate": "2026-01-15T09:30:00Z",
        "expirationDate": "2029-01-15T09:30:00Z",
        "credentialSubject": _learner(),
    }


def _learner() -> Claims:
    return {
        "id": "did:example:learner",
        "type": "Learner",
        "achievement": {
            "type": "Achievement",
            "title": {"lv": "Datu ētika", "lt": "Duomenų etika", "en": "Data ethics"},
            "credits": 3,
            "passed": True,
            "outcome": ["Atpazīst datus", "Pagrindžia pasirinkimą"],
        },
    }


def small(issuer: str) -> Claims:
    """The least that data model 2.0 allows, with a name for people."""
    return {
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "issuer": issuer,
        "name": "Mikroapliecinājums",
        "credentialSubject": {"id": "did:example:learner"},
    }


def secure(claims: Claims, suite: str = "eddsa-jcs-2022", key_type: str = "Ed25519", **options: Any) -> Claims:
    """The claims with one more proof by the issuer's key of this type, though they follow no rule but JSON's.

    `options` are those of `DataIntegrity`, and `name` and `method` for a key of somebody else.
    """
    signer = signer_of(options.pop("name", "issuer"), key_type, options.pop("method", None))
    created = options.pop("created", CREATED)
    options = {"contexts": CONTEXTS} | options
    data = DataIntegrity(cryptosuite=suite, **options).secure(copy.deepcopy(claims), signer=signer, created=created)
    secured: Claims = json.loads(data)
    return secured


def text(document: Claims) -> bytes:
    """The document as compact JSON in UTF-8."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def changed(document: Claims, change: Callable[[Claims], object]) -> bytes:
    """The document after `change` was made to a copy of it."""
    copied = copy.deepcopy(document)
    change(copied)
    return text(copied)


def in_proof(document: Claims, change: Callable[[Claims], object]) -> bytes:
    """The document after `change` was made to its one proof."""
    return changed(document, lambda copied: change(copied["proof"]))


def accepting(*dids: str, **members: Any) -> dict[str, Any]:
    """A policy that accepts these issuers, by default the vectors' issuer with an Ed25519 key."""
    return {"acceptedIssuers": list(dids or (did_of("issuer", "Ed25519"),)), **members}


def with_terms(*dids: str, **members: Any) -> dict[str, Any]:
    """The same, for a credential that uses the context of the terms."""
    return accepting(*dids, contexts={TERMS: {"text": _TERMS_TEXT}}, **members)
