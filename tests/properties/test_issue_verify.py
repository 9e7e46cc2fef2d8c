"""What is issued verifies, gives back the claims, and stays the same document however it is written."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from did import StaticResolver
from status import NO_STATUS_LISTS
from vc_core import DataIntegrity, Policy, VCError, VerificationResult, issue, verify
from vectors.making.credentials import CONTEXTS, CREATED, SUITES, Claims, small, version_1, version_2
from vectors.making.keys import did_of, signer_of

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
JCS = [(suite, key_type) for suite, key_type in SUITES if "-jcs-" in suite]
RDFC = [(suite, key_type) for suite, key_type in SUITES if "-jcs-" not in suite]

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
subjects = st.dictionaries(texts.filter(lambda name: name not in {"id", "@context"}), values, max_size=5)


def issued(claims: Claims, suite: str, key_type: str) -> bytes:
    securing = DataIntegrity(cryptosuite=suite, contexts=CONTEXTS)
    return issue(claims, signer=signer_of("issuer", key_type), securing=securing, created=CREATED)


def result_of(data: bytes, key_type: str) -> VerificationResult:
    policy = Policy(accepted_issuers=frozenset({did_of("issuer", key_type)}), contexts=CONTEXTS)
    return verify(data, resolver=StaticResolver(), status=NO_STATUS_LISTS, policy=policy, now=NOW)


def has_context(value: Any) -> bool:
    if isinstance(value, dict):
        return "@context" in value or any(map(has_context, value.values()))
    return isinstance(value, list) and any(map(has_context, value))


@pytest.mark.parametrize(("suite", "key_type"), JCS)
@settings(max_examples=40, deadline=None)
@given(subject=subjects.filter(lambda value: not has_context(value)), name=texts)
def test_any_json_comes_back_as_it_was(suite: str, key_type: str, subject: Claims, name: str) -> None:
    claims = small(did_of("issuer", key_type)) | {"name": name}
    claims["credentialSubject"] = {"id": "did:example:learner", **subject}
    data = issued(claims, suite, key_type)
    result = result_of(data, key_type)
    assert result.problems == ()
    assert json.dumps(result.credential.claims) == json.dumps(claims)
    for again in (
        json.dumps(json.loads(data)),  # with escapes and spaces
        json.dumps(json.loads(data), ensure_ascii=False, indent=1),
        json.dumps(json.loads(data), sort_keys=True),
    ):
        assert result_of(again.encode(), key_type).problems == ()


@pytest.mark.parametrize(("suite", "key_type"), RDFC)
@settings(max_examples=15, deadline=None)
@given(
    name=texts,
    tag=st.sampled_from(["lv", "lt", "en", "sr-latn"]),
    points=st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e9, 1e9, allow_nan=False),
    passed=st.booleans(),
    outcomes=st.lists(texts, min_size=1, max_size=4),
    data_model=st.sampled_from([version_1, version_2]),
)
def test_any_statements_come_back_as_they_were(
    suite: str, key_type: str, name: str, tag: str, points: float, passed: bool, outcomes: list[str], data_model: Any
) -> None:
    """Or they are not issued: nothing is secured that would be read otherwise than it was meant."""
    claims = data_model(did_of("issuer", key_type))
    achievement = claims["credentialSubject"]["achievement"]
    achievement |= {"title": {tag: name}, "credits": points, "passed": passed, "outcome": outcomes}
    try:
        data = issued(claims, suite, key_type)
    except VCError:
        if isinstance(points, int):
            raise
        return  # a double that processors of JSON-LD write in more than one way
    result = result_of(data, key_type)
    assert result.problems == ()
    claims["@context"] = json.loads(data)["@context"]
    found = result.credential.claims
    found_outcomes = found["credentialSubject"]["achievement"].pop("outcome")
    expected = achievement.pop("outcome")
    assert (found_outcomes if isinstance(found_outcomes, list) else [found_outcomes]) == expected
    assert json.dumps(found, sort_keys=True) == json.dumps(claims, sort_keys=True)


@settings(max_examples=60, deadline=None)
@given(moment=st.integers(0, 7_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)))
def test_the_verdict_follows_the_clock(moment: datetime) -> None:
    """Within the period, and never outside of it, at whatever time one looks."""
    data = issued(version_2(did_of("issuer", "Ed25519")), "eddsa-jcs-2022", "Ed25519")
    policy = Policy(accepted_issuers=frozenset({did_of("issuer", "Ed25519")}), contexts=CONTEXTS)
    result = verify(data, resolver=StaticResolver(), status=NO_STATUS_LISTS, policy=policy, now=moment)
    begin, end = datetime(2026, 1, 15, 9, 29, tzinfo=UTC), datetime(2029, 1, 15, 9, 31, tzinfo=UTC)
    assert bool(result) is (begin <= moment <= end)
