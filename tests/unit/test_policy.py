"""Policies: the caller decides, nothing is accepted by omission, and a wrong policy is an error at once."""

from dataclasses import FrozenInstanceError, replace
from datetime import timedelta
from typing import Any

import pytest

from vc_core import ALGORITHMS, ANY_ISSUER, CRYPTOSUITES, PINNED_CONTEXTS, Limits, Policy
from vc_core.policy import LARGEST_CLOCK_SKEW

ISSUER = "did:example:issuer"


def test_the_issuers_have_no_default() -> None:
    with pytest.raises(TypeError, match="accepted_issuers"):
        Policy()  # type: ignore[call-arg]  # that it cannot be called so is what is tested


def test_the_defaults_are_the_strict_choices() -> None:
    policy = Policy(accepted_issuers=frozenset({ISSUER}))

    assert policy.require_issuer_control
    assert not policy.allow_inline_contexts
    assert (policy.status, policy.resources, policy.proof_purpose) == (
        "require",
        "if supplied",
        "assertionMethod",
    )
    assert (policy.challenge, policy.domain) == (None, frozenset())
    assert policy.clock_skew == timedelta(seconds=60)
    assert policy.limits == Limits()
    assert policy.cryptosuites is CRYPTOSUITES
    assert policy.algorithms is ALGORITHMS
    assert policy.contexts is PINNED_CONTEXTS


def test_only_the_named_issuers_are_accepted() -> None:
    accepted = Policy(accepted_issuers=frozenset({ISSUER})).accepted_issuers

    assert ISSUER in accepted
    assert f"{ISSUER}2" not in accepted


def test_no_issuer_at_all_can_be_accepted() -> None:
    assert ISSUER not in Policy(accepted_issuers=frozenset()).accepted_issuers


def test_any_issuer_is_any_text_and_says_so() -> None:
    assert ISSUER in ANY_ISSUER
    assert None not in ANY_ISSUER
    assert 1 not in ANY_ISSUER
    assert repr(ANY_ISSUER) == "ANY_ISSUER"
    assert "ANY_ISSUER" in repr(Policy(accepted_issuers=ANY_ISSUER))


@pytest.mark.parametrize("issuers", [None, ISSUER, [ISSUER], {ISSUER}, (ISSUER,), True, "*"])
def test_issuers_are_a_frozenset(issuers: Any) -> None:
    with pytest.raises(TypeError, match="accepted_issuers"):
        Policy(accepted_issuers=issuers)


@pytest.mark.parametrize("skew", [timedelta(0), timedelta(seconds=60), LARGEST_CLOCK_SKEW])
def test_a_clock_may_be_wrong_by_minutes(skew: timedelta) -> None:
    assert Policy(accepted_issuers=ANY_ISSUER, clock_skew=skew).clock_skew == skew


@pytest.mark.parametrize("skew", [timedelta(microseconds=-1), LARGEST_CLOCK_SKEW + timedelta(microseconds=1)])
def test_a_clock_may_not_be_wrong_by_more(skew: timedelta) -> None:
    with pytest.raises(ValueError, match="clock_skew"):
        Policy(accepted_issuers=ANY_ISSUER, clock_skew=skew)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("status", "ignore"),
        ("status", ""),
        ("status", None),
        ("resources", "skip"),
        ("resources", True),
        ("challenge", ""),
        ("domain", {"https://example.org"}),
        ("domain", "https://example.org"),
        ("domain", None),
    ],
)
def test_another_value_is_refused_at_once(member: str, value: Any) -> None:
    options: dict[str, Any] = {member: value}

    with pytest.raises(ValueError, match=member):
        Policy(accepted_issuers=ANY_ISSUER, **options)


def test_a_policy_is_frozen() -> None:
    policy = Policy(accepted_issuers=frozenset({ISSUER}))

    with pytest.raises(FrozenInstanceError):
        policy.accepted_issuers = ANY_ISSUER  # type: ignore[misc]  # that it cannot be set is what is tested
    assert replace(policy, status="skip") != policy


def test_the_inputs_of_canonicalization_are_the_policys() -> None:
    limits = Limits(quads=7)
    policy = Policy(accepted_issuers=ANY_ISSUER, limits=limits, allow_inline_contexts=True)

    transformation = policy.transformation(plain=True)

    assert transformation.contexts is policy.contexts
    assert transformation.limits is limits
    assert transformation.allow_inline_contexts
    assert transformation.plain
    assert not policy.transformation(plain=False).plain
