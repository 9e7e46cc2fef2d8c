"""Each side verifies what the other side secured, for every suite that both have and every document."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from cases import AGREE, CASES, JCS, RDFC, Case
from documents import DATA_INTEGRITY, DOCUMENTS, ED25519_2020, TERMS, V1, V2
from peer import Peer
from sides import (
    CREATED,
    ED25519,
    NOW,
    OTHER_ED25519,
    P256,
    P384,
    SUITES,
    Key,
    codes,
    ours_issue,
    ours_verify,
)

from vc_core.errors import VCError

PAIRS = [pytest.param(suite, case, id=f"{suite}-{case.name}") for suite in SUITES for case in CASES]


def to_sign(document: dict[str, Any], cryptosuite: str, key: Key, **proof: object) -> dict[str, object]:
    """The request for theirs to secure a document."""
    return {
        "document": json.dumps(document),
        "cryptosuite": cryptosuite,
        "key": key.multikey,
        "created": CREATED,
        "proof": proof,
    }


def theirs_sign(peer: Peer, document: dict[str, Any], cryptosuite: str, key: Key, **proof: object) -> str:
    text: str = peer.ask("sign", **to_sign(document, cryptosuite, key, **proof))["document"]
    return text


@dataclass(frozen=True, slots=True)
class Exchange:
    """What came of all cases under one suite, by the name of the case.

    `issued` is our text, or our refusal; `judged` their reply to the text; `signed` their reply to the document.
    """

    issued: dict[str, str | VCError]
    judged: dict[str, dict[str, Any]]
    signed: dict[str, dict[str, Any]]


@cache
def exchange(peer: Peer, suite: str) -> Exchange:
    """Both directions at once: the peer is asked twice for a suite, and not twice for each document."""
    cryptosuite, key = SUITES[suite]
    documents = {case.name: case.document(key.did) for case in CASES}
    issued: dict[str, str | VCError] = {}
    for name, document in documents.items():
        try:
            issued[name] = ours_issue(document, cryptosuite, key)
        except VCError as refusal:
            issued[name] = refusal
    texts = {name: text for name, text in issued.items() if isinstance(text, str)}
    judged = peer.ask_all("verify", [{"document": text, "now": NOW} for text in texts.values()])
    signed = peer.ask_all("sign", [to_sign(each, cryptosuite, key) for each in documents.values()])
    return Exchange(issued, dict(zip(texts, judged, strict=True)), dict(zip(documents, signed, strict=True)))


@pytest.mark.parametrize(("suite", "case"), PAIRS)
def test_theirs_verifies_ours(peer: Peer, suite: str, case: Case) -> None:
    expected = case.expected(SUITES[suite][0])
    found = exchange(peer, suite)
    issued = found.issued[case.name]
    if expected.ours_issues:
        assert isinstance(issued, VCError)
        assert issued.code == expected.ours_issues
    else:
        answer = found.judged[case.name]["answer"]
        assert answer["verified"] is not bool(expected.theirs_verifies), answer
        assert expected.theirs_verifies in answer.get("error", "")


@pytest.mark.parametrize(("suite", "case"), PAIRS)
def test_ours_verifies_theirs(peer: Peer, suite: str, case: Case) -> None:
    cryptosuite, key = SUITES[suite]
    expected = case.expected(cryptosuite)
    signed = exchange(peer, suite).signed[case.name]
    if expected.theirs_signs:
        assert expected.theirs_signs in signed["error"]
    else:
        result = ours_verify(signed["answer"]["document"], key)
        wanted = {expected.ours_verifies} if expected.ours_verifies else set()
        assert codes(result) == wanted, result.problems


@pytest.mark.parametrize("suite", ["eddsa-jcs-2022", "eddsa-rdfc-2022", "Ed25519Signature2020"])
def test_both_make_the_same_secured_document(peer: Peer, suite: str) -> None:
    """Ed25519 signatures are deterministic, so even the proof value is the same."""
    found = exchange(peer, suite)
    agreed = [case.name for case in CASES if case.expected(suite) == AGREE]
    assert len(agreed) >= 50
    for name in agreed:
        ours = found.issued[name]
        assert isinstance(ours, str)
        assert json.loads(ours) == json.loads(found.signed[name]["answer"]["document"]), name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_difference_is_explained(case: Case) -> None:
    for expected in (case.jcs, case.rdfc):
        same = bool(expected.ours_issues) == bool(expected.theirs_signs)
        same = same and not expected.ours_verifies and not expected.theirs_verifies
        assert same is not bool(expected.because)
    assert JCS.keys() | RDFC.keys() <= DOCUMENTS.keys()


# Sets and chains of proofs (VC Data Integrity 1.0, sections 2.1.1 and 2.1.2)

SET = [
    ("eddsa-jcs-2022", ED25519),
    ("eddsa-rdfc-2022", OTHER_ED25519),
    ("ecdsa-jcs-2019", P256),
    ("ecdsa-rdfc-2019", P384),
    ("Ed25519Signature2020", ED25519),
]


def to_be_secured(context: str) -> dict[str, Any]:
    """A credential whose contexts define the terms of every proof type, so that no side adds one."""
    start = {"validFrom": CREATED} if context == V2 else {"issuanceDate": CREATED}
    return {
        "@context": [context, TERMS, DATA_INTEGRITY, ED25519_2020],
        "type": ["VerifiableCredential", "LearningCredential"],
        "issuer": ED25519.did,
        **start,
        "credentialSubject": {"id": "urn:example:learner", "title": "Ētikas pamati"},
    }


@pytest.mark.parametrize("context", [V1, V2])
@pytest.mark.parametrize("ours_first", [True, False])
def test_a_set_of_proofs_made_by_both_sides_in_turn(peer: Peer, context: str, ours_first: bool) -> None:
    document = to_be_secured(context)
    for index, (cryptosuite, key) in enumerate(SET):
        if (index % 2 == 0) is ours_first:
            document = json.loads(ours_issue(document, cryptosuite, key))
        else:
            document = json.loads(theirs_sign(peer, document, cryptosuite, key))
    text = json.dumps(document)
    answer = peer.ask("verify", document=text, now=NOW, issuerControl=False)
    assert [proof["verified"] for proof in answer["proofs"]] == [True] * len(SET), answer
    result = ours_verify(text, ED25519, require_issuer_control=False)
    assert result, result.problems
    assert len(result.credential.proven_by) == len(SET)


@pytest.mark.parametrize("context", [V1, V2])
@pytest.mark.parametrize("ours_first", [True, False])
@pytest.mark.parametrize("cryptosuite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_a_chain_of_proofs_made_by_both_sides_in_turn(
    peer: Peer, context: str, ours_first: bool, cryptosuite: str
) -> None:
    document = to_be_secured(context)
    for index, previous in enumerate([None, "urn:proof:0", "urn:proof:1"]):
        key = (ED25519, OTHER_ED25519)[index % 2]
        name = f"urn:proof:{index}"
        if (index % 2 == 0) is ours_first:
            text = ours_issue(document, cryptosuite, key, proof_id=name, previous_proof=previous)
        else:
            options = {"id": name} | ({"previousProof": previous} if previous else {})
            text = theirs_sign(peer, document, cryptosuite, key, **options)
        document = json.loads(text)
    text = json.dumps(document)
    answer = peer.ask("verify", document=text, now=NOW, issuerControl=False)
    assert [proof["verified"] for proof in answer["proofs"]] == [True] * 3, answer
    result = ours_verify(text, ED25519, require_issuer_control=False)
    assert result, result.problems

    del document["proof"][1]  # the proof that the last one covers
    text = json.dumps(document)
    assert not peer.ask("verify", document=text, now=NOW, issuerControl=False)["verified"]
    assert codes(ours_verify(text, ED25519, require_issuer_control=False)) == {"PROOF_VERIFICATION_ERROR"}


def test_a_set_with_a_proof_that_does_not_hold(peer: Peer) -> None:
    """Theirs asks for one proof that holds and reports on each; ours asks for all of them."""
    document = to_be_secured(V2)
    for cryptosuite in ("eddsa-jcs-2022", "eddsa-rdfc-2022"):
        document = json.loads(theirs_sign(peer, document, cryptosuite, ED25519))
    document["proof"][0]["created"] = "2025-06-01T12:00:01Z"
    text = json.dumps(document)
    answer = peer.ask("verify", document=text, now=NOW)
    assert [proof["verified"] for proof in answer["proofs"]] == [False, True]
    assert answer["verified"] is True
    assert codes(ours_verify(text, ED25519)) == {"PROOF_VERIFICATION_ERROR"}


def test_a_set_whose_later_proof_needs_one_more_context(peer: Peer) -> None:
    """The JCS proof does not cover the context. Theirs leaves it aside; ours refuses the document."""
    document = to_be_secured(V2) | {"@context": [V2, TERMS]}
    for cryptosuite in ("eddsa-jcs-2022", "Ed25519Signature2020"):
        document = json.loads(theirs_sign(peer, document, cryptosuite, ED25519))
    assert document["@context"] == [V2, TERMS, ED25519_2020]
    text = json.dumps(document)
    assert peer.ask("verify", document=text, now=NOW)["verified"]
    assert codes(ours_verify(text, ED25519)) == {"PROOF_VERIFICATION_ERROR"}


@pytest.mark.parametrize("cryptosuite", ["eddsa-jcs-2022", "eddsa-rdfc-2022"])
@pytest.mark.parametrize("ours_signs", [True, False])
def test_a_context_in_the_document_where_the_policy_allows_it(peer: Peer, cryptosuite: str, ours_signs: bool) -> None:
    """Theirs compares the contexts of a JCS proof by identity, and finds no object equal to another."""
    document = to_be_secured(V2)
    document["@context"].append({"own": "https://terms.example/own"})
    document["credentialSubject"]["own"] = "x"
    if ours_signs:
        text = ours_issue(document, cryptosuite, ED25519, allow_inline_contexts=True)
    else:
        text = theirs_sign(peer, document, cryptosuite, ED25519)
    result = ours_verify(text, ED25519, allow_inline_contexts=True)
    assert result, result.problems
    assert peer.ask("verify", document=text, now=NOW)["verified"] is (cryptosuite == "eddsa-rdfc-2022")


@pytest.mark.parametrize("cryptosuite", ["eddsa-jcs-2022", "eddsa-rdfc-2022"])
def test_more_proof_options(peer: Peer, cryptosuite: str) -> None:
    options = {"expires": "2030-01-01T00:00:00Z", "domain": "verifier.example", "challenge": "1f44d55f"}
    text = theirs_sign(peer, to_be_secured(V2), cryptosuite, ED25519, **options)
    assert ours_verify(text, ED25519), ours_verify(text, ED25519).problems
    text = ours_issue(
        to_be_secured(V2),
        cryptosuite,
        ED25519,
        expires=datetime(2030, 1, 1, tzinfo=UTC),
        domain="verifier.example",
        challenge="1f44d55f",
    )
    answer = peer.ask("verify", document=text, now=NOW)
    assert answer["verified"], answer


@pytest.mark.parametrize(
    ("now", "verified"),
    [("2024-12-31T00:00:00Z", False), ("2025-07-01T00:00:00Z", True), ("2026-01-02T00:00:00Z", False)],
)
def test_the_validity_period(peer: Peer, now: str, verified: bool) -> None:
    document = to_be_secured(V2) | {"validFrom": "2025-01-01T00:00:00Z", "validUntil": "2026-01-01T00:00:00Z"}
    text = ours_issue(document, "eddsa-jcs-2022", ED25519)
    assert peer.ask("verify", document=text, now=now)["verified"] is verified
    assert bool(ours_verify(text, ED25519, now=now)) is verified


def test_a_proof_by_somebody_else(peer: Peer) -> None:
    text = theirs_sign(peer, to_be_secured(V2), "eddsa-rdfc-2022", OTHER_ED25519)
    answer = peer.ask("verify", document=text, now=NOW)
    assert not answer["verified"]
    assert "issuer must match" in answer["error"]
    assert codes(ours_verify(text, ED25519)) == {"ISSUER_MISMATCH"}
