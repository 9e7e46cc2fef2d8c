"""A presentation whose statements are signed says what other JSON-LD processors say that it says.

Credentials in it are graphs of their own, with contexts of their own; the context of the presentation ends where they
begin (the term `verifiableCredential` of data model 2.0 has the context null).
"""

from __future__ import annotations

import copy
import json
from typing import Any, Final

import pytest
from pyld import jsonld as pyld

from vc_core import Contexts, DataIntegrity, Limits, Policy, ProofTransformationError, VCError, Verdict, issue, present
from vc_core.canonical import jsonld, nquads, rdfc
from vc_core.securing.envelopes import data_url
from vectors.making.credentials import CONTEXTS, TERMS, V1, V2, Claims, text, version_1, version_2
from vectors.making.keys import signer_of
from vectors.making.tokens import (
    AUDIENCE,
    HOLDER,
    ISSUER,
    NONCE,
    NOW,
    claims_of,
    codes,
    credential,
    verdict_on_presentation,
)

LIMITS: Final = Limits()
POLICY: Final = Policy(accepted_issuers=frozenset({ISSUER}), contexts=CONTEXTS)
SUITES: Final = ("eddsa-jcs-2022", "eddsa-rdfc-2022", "Ed25519Signature2020")


def load(url: str, _options: object) -> dict[str, Any]:
    """The documents of the known contexts, for another processor."""
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": copy.deepcopy(CONTEXTS[url]),
    }


OPTIONS: Final = {"base": None, "documentLoader": load, "format": "application/n-quads"}


def ours(document: Claims, contexts: Contexts = CONTEXTS) -> str:
    quads = jsonld.to_quads(document, contexts=contexts, limits=LIMITS)
    return rdfc.canonicalize(quads, work_limit=LIMITS.canonicalization_work).nquads


def theirs(document: Claims) -> str:
    return rdfc.canonicalize(
        nquads.parse(pyld.to_rdf(document, OPTIONS)), work_limit=LIMITS.canonicalization_work
    ).nquads


def all_theirs(document: Claims) -> str:
    """Their statements in their canonical form; no text here has one of the characters that differ in it."""
    return str(pyld.normalize(document, {**OPTIONS, "algorithm": "URDNA2015"}))


def with_terms(version: Any, number: int, suite: str) -> Claims:
    """A credential with contexts of its own."""
    claims = version(ISSUER)
    claims["id"] = f"urn:example:{number}"
    claims["credentialSubject"] = {**claims["credentialSubject"], "id": HOLDER}
    return signed(claims, suite)


def plain(suite: str) -> Claims:
    return signed(claims_of("vc+jwt"), suite)


def signed(claims: Claims, suite: str) -> Claims:
    securing = DataIntegrity(cryptosuite=suite, contexts=CONTEXTS)
    document: Claims = json.loads(issue(claims, signer=signer_of("issuer", "Ed25519"), securing=securing, created=NOW))
    return document


def enveloped(kind: str) -> Claims:
    return {"@context": V2, "id": data_url(credential(kind), kind), "type": "EnvelopedVerifiableCredential"}


def holding(*entries: Claims, context: str = V2) -> Claims:
    return {
        "@context": [context],
        "type": ["VerifiablePresentation"],
        "holder": HOLDER,
        "verifiableCredential": list(entries),
    }


def presented(*entries: Claims) -> bytes:
    securing = DataIntegrity(
        cryptosuite="eddsa-rdfc-2022",
        proof_purpose="authentication",
        challenge=NONCE,
        domain=AUDIENCE,
        contexts=CONTEXTS,
    )
    signer = signer_of("holder", "Ed25519")
    return present([text(entry) for entry in entries], signer=signer, securing=securing, created=NOW)


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("make", [plain, lambda suite: with_terms(version_2, 1, suite)], ids=["plain", "with terms"])
def test_one_document(suite: str, make: Any) -> None:
    document = holding(make(suite))
    assert ours(document) == theirs(document) == all_theirs(document)
    assert verdict_on_presentation(presented(make(suite)), credentials=POLICY).problems == ()


def test_a_document_of_the_other_version() -> None:
    """The contexts of both versions define the same terms, and protect them; here they do not meet."""
    for suite in SUITES:
        document = holding(with_terms(version_1, 1, suite))
        assert ours(document) == theirs(document) == all_theirs(document)
        assert verdict_on_presentation(presented(with_terms(version_1, 1, suite)), credentials=POLICY).problems == ()


def test_tokens_beside_a_document() -> None:
    entries = [
        enveloped("vc+jwt"),
        with_terms(version_2, 1, "eddsa-jcs-2022"),
        enveloped("vc+cose"),
        enveloped("jwt_vc"),
    ]
    document = holding(*entries)
    assert ours(document) == theirs(document) == all_theirs(document)
    result = verdict_on_presentation(presented(*entries), credentials=POLICY)
    assert result.problems == ()
    assert [each.securing for each in result.of_credentials] == ["vc+jwt", "eddsa-jcs-2022", "vc+cose", "jwt_vc"]


@pytest.mark.parametrize("suite", SUITES)
def test_documents_under_different_contexts(suite: str) -> None:
    """Of two that describe alike things, as two micro-credentials do."""
    for entries in (
        (with_terms(version_2, 1, suite), with_terms(version_2, 2, suite)),
        (with_terms(version_2, 1, suite), with_terms(version_1, 2, suite), plain(suite)),
        tuple(with_terms(version_2, number, suite) for number in range(5)),
    ):
        document = holding(*entries)
        assert ours(document) == theirs(document) == all_theirs(document)
        assert verdict_on_presentation(presented(*entries), credentials=POLICY).problems == ()


def test_a_presentation_of_data_model_1_holds_what_is_of_data_model_1() -> None:
    """Its context is not taken away inside, and the other one may not be put upon it."""
    for suite in SUITES:
        document = holding(with_terms(version_1, 1, suite), context=V1)
        assert ours(document) == theirs(document) == all_theirs(document)
        other = holding(with_terms(version_2, 1, suite), context=V1)
        with pytest.raises(ProofTransformationError, match="protected"):
            ours(other)
        with pytest.raises(pyld.JsonLdError):
            theirs(other)


def test_the_context_of_the_presentation_means_nothing_inside() -> None:
    """A credential without contexts of its own has no terms; and one of it, none of what it does not name."""
    entry = with_terms(version_2, 1, "eddsa-jcs-2022")
    document = holding(entry)
    document["@context"] = [V2, TERMS]
    assert ours(document) == theirs(document)
    del entry["@context"]
    with pytest.raises(VCError):
        ours(document)
    entry["@context"] = [V2]
    with pytest.raises(VCError):
        ours(document)


@pytest.mark.parametrize("context", [[], {}, None, [None], [{}], "https://unknown.example", [V2, {"name": "urn:x:y"}]])
def test_contexts_of_a_credential_are_known_and_by_name(context: Any) -> None:
    entry = plain("eddsa-jcs-2022") | {"@context": context}
    with pytest.raises(VCError):
        ours(holding(entry))


def test_contexts_stand_nowhere_else() -> None:
    """At the beginning of a credential, and in the proof of one where its JSON is signed; not within either."""
    entry = plain("eddsa-jcs-2022")
    assert "@context" in entry["proof"]
    for inside in (
        {**entry, "credentialSubject": {"id": HOLDER, "@context": V2, "description": "x"}},
        {**entry, "termsOfUse": {"type": "urn:x:y", "@context": V2}},
        {**entry, "issuer": {"id": ISSUER, "@context": [V2]}},
    ):
        with pytest.raises(ProofTransformationError, match="context inside"):
            ours(holding(inside))
    top = holding(entry) | {"termsOfUse": {"type": "urn:x:y", "@context": V2}}
    with pytest.raises(ProofTransformationError, match="context inside"):
        ours(top)


def test_a_credential_cannot_be_said_otherwise_in_a_signed_presentation() -> None:
    """Other contexts, other words, another place: the statements are the same, or the proof does not hold."""
    entry = with_terms(version_2, 1, "eddsa-rdfc-2022")
    data = presented(entry)
    assert verdict_on_presentation(data, credentials=POLICY)
    document = json.loads(data)
    inside = document["verifiableCredential"][0]
    for name, value in (
        ("@context", [V2]),
        ("@context", [V2, TERMS, "https://w3id.org/security/data-integrity/v2"]),
        ("name", "another name"),
        ("id", "urn:example:2"),
        ("type", ["VerifiableCredential"]),
        ("validUntil", "2039-01-15T09:30:00Z"),
    ):
        changed = {**document, "verifiableCredential": [{**inside, name: value}]}
        result = verdict_on_presentation(text(changed), credentials=POLICY)
        if result:
            original = verdict_on_presentation(data, credentials=POLICY).presentation.credentials[0].claims
            assert result.presentation.credentials[0].claims | {"@context": None} == original | {"@context": None}
        else:
            assert result.verdict is Verdict.REJECTED
            assert codes(result) <= {"PROOF_VERIFICATION_ERROR", "DATA_LOSS_DETECTION_ERROR"}
    unwrapped = {**document, "verifiableCredential": inside}
    assert verdict_on_presentation(text(unwrapped), credentials=POLICY)
    for other in ([inside, inside], [], [{**inside, "proof": {**inside["proof"], "created": "2026-01-31T12:00:01Z"}}]):
        assert not verdict_on_presentation(text({**document, "verifiableCredential": other}), credentials=POLICY)
