"""Whatever the bytes: a result and never an exception, in bounded time, and nothing verified that was not signed."""

from __future__ import annotations

import copy
import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benches.fuzz import Report, fuzz
from did import StaticResolver
from status import NO_STATUS_LISTS
from vc_core import ANY_ISSUER, CODES, Limits, Outcome, Policy, Verdict, VerificationResult, verify
from vc_core.verify import CHECKS, TOKEN_CHECKS
from vectors.harness import Vector, load
from vectors.making.credentials import CONTEXTS, Claims, secure, text, version_2
from vectors.making.keys import did_of

POLICY = Policy(accepted_issuers=ANY_ISSUER, contexts=CONTEXTS, require_issuer_control=False)
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
NAMES = [name for name, _ in CHECKS], [name for name, _ in TOKEN_CHECKS]


def result_of(data: bytes) -> VerificationResult:
    """The result, which has every check, knows its codes and can be printed."""
    result = verify(data, resolver=StaticResolver(), status=NO_STATUS_LISTS, policy=POLICY, now=NOW)
    assert [check.check for check in result.checks] in NAMES
    assert (result.verdict is Verdict.VERIFIED) is bool(result) is (not result.problems)
    assert {problem.code for problem in result.problems} <= CODES.keys()
    failed = [check for check in result.checks if check.outcome is Outcome.FAILED]
    assert bool(failed) is bool(result.problems)
    for problem in result.problems:
        assert problem.detail.isprintable()
        assert len(problem.detail) < 500
    json.dumps(result.to_json(), allow_nan=False).encode()
    return result


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_bytes(data: bytes) -> None:
    assert not result_of(data)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_texts(data: str) -> None:
    assert not result_of(data.encode("utf-8", "surrogatepass"))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(values)
def test_json(value: Any) -> None:
    assert not result_of(json.dumps(value).encode())


SECURED = {
    suite: secure(version_2(did_of("issuer", "Ed25519")), suite) for suite in ("eddsa-jcs-2022", "eddsa-rdfc-2022")
}
MEMBERS = ["@context", "id", "type", "issuer", "validFrom", "validUntil", "name", "credentialSubject", "proof"]
OPTIONS = [*SECURED["eddsa-jcs-2022"]["proof"], "domain", "challenge", "expires", "previousProof", "id"]
MORE = ["credentialStatus", "credentialSchema", "relatedResource", "evidence", "issuanceDate", "expirationDate"]


@pytest.mark.parametrize("suite", SECURED)
@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(MEMBERS + MORE), value=values)
def test_any_value_for_any_member(suite: str, name: str, value: Any) -> None:
    assert not result_of(json.dumps({**SECURED[suite], name: value}).encode())


@pytest.mark.parametrize("suite", SECURED)
@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(OPTIONS),
    value=values,
)
def test_any_value_for_any_option_of_the_proof(suite: str, name: str, value: Any) -> None:
    document = SECURED[suite]
    assert not result_of(json.dumps({**document, "proof": {**document["proof"], name: value}}).encode())


@settings(max_examples=100, deadline=None)
@given(value=values.filter(lambda value: isinstance(value, dict)))
def test_what_somebody_signed_who_keeps_to_no_rule(value: Claims) -> None:
    """A valid signature makes nothing valid: signed nonsense goes through every check, also those after it."""
    try:
        claims = json.loads(json.dumps(value, allow_nan=False))
        data = text(secure({**version_2(did_of("issuer", "Ed25519")), **claims, **hostile_members(value)}))
    except Exception:  # noqa: BLE001  (what cannot be signed is of no interest here)
        return
    result_of(data)


def hostile_members(value: Claims) -> Claims:
    """The value as what a verifier follows, so each of its parts stands where something else is expected."""
    parts = list(value.values())
    return {
        "credentialStatus": [value, *parts],
        "credentialSchema": [{"id": "urn:x:1", "type": part} for part in parts] or value,
        "relatedResource": [{"id": "urn:x:1", "digestSRI": part, "digestMultibase": part} for part in parts],
        "termsOfUse": value,
        "evidence": parts,
    }


def test_changed_vectors() -> None:
    """A small run of `python -m benches.fuzz`."""
    report = Report()
    vectors: list[Vector] = list(load())
    fuzz(report, vectors, random.Random(7), stop=lambda report: report.inputs >= len(vectors) + 4_000)
    assert report.wrong == []
    assert report.verdicts["verified"] > 0
    assert len(report.codes) > 20


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 1_000_000,
        b'{"a":' * 1_000_000,
        b'{"a":"' + b"x" * 10_000_000,
        b"1" * 1_000_000,
        b'{"a":' + b"1" * 1_000_000 + b"}",
        b'"' + b"\\u0041" * 100_000 + b'"',
        b"{" + b",".join(b'"%d":{}' % number for number in range(100_000)) + b"}",
        b'{"@context":[' + b'"https://x.example",' * 100_000 + b"null]}",
        b'{"proof":[' + b"{}," * 100_000 + b"{}]}",
        b" " * 11_000_000,
    ],
    ids=lambda data: f"{data[:12]!r} {len(data)}",
)
def test_large_inputs_are_refused(data: bytes) -> None:
    """How fast is in benches/README.md (`python -m benches.refusals`)."""
    assert not result_of(data)


def many_statements(document: Claims) -> None:
    document["credentialSubject"]["alsoKnownAs"] = [str(number) for number in range(40_000)]


def many_alike(document: Claims) -> None:
    document["credentialSubject"]["achievement"] = [{"type": "Achievement", "credits": 3} for _ in range(10_000)]


def many_digits(document: Claims) -> None:
    document["credentialSubject"]["ratio"] = [0.1234567890123] * 50_000


@pytest.mark.parametrize("suite", SECURED)
@pytest.mark.parametrize("change", [many_statements, many_alike, many_digits])
@pytest.mark.parametrize("proofs", [1, Limits().proofs])
def test_many_proofs_of_a_large_document_share_the_work(suite: str, change: Any, proofs: int) -> None:
    """Whoever sends a document decides how many proofs it has, but not how often its statements are put in order."""
    document = copy.deepcopy(SECURED[suite])
    change(document)
    document["proof"] = [{**document["proof"], "id": f"urn:example:{number}"} for number in range(proofs)]
    result = result_of(text(document))
    assert not result
    refused = {"PROOF_VERIFICATION_ERROR", "WORK_LIMIT_EXCEEDED", "DATA_LOSS_DETECTION_ERROR", "TOO_MANY_PROOFS"}
    assert {problem.code for problem in result.problems} <= refused
