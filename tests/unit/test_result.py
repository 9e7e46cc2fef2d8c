"""Results: a verdict that cannot be misread, and claims that cannot be had without one."""

import inspect
import json
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

import did.errors
import status.errors
import vc_core.errors
from vc_core import (
    CODES,
    Check,
    Credential,
    LimitExceeded,
    Outcome,
    ParsingError,
    Problem,
    ProvenMethod,
    Verdict,
    VerificationError,
    VerificationResult,
)

CONCLUSIVE = Problem("EXPIRED", "the credential was valid until 2025-01-01T00:00:00Z", "/validUntil")
OPEN = Problem("STATUS_RETRIEVAL_ERROR", "no list", "/credentialStatus", missing="https://example.org/list")
CREDENTIAL = Credential(
    issuer="did:example:issuer",
    types=("VerifiableCredential",),
    valid_from="2024-01-01T00:00:00Z",
    valid_until=None,
    proven_by=(ProvenMethod("eddsa-jcs-2022", "did:example:issuer#key", "did:example:issuer", None),),
    cnf=None,
    _claims=lambda: {"name": ["a", "b"]},
)
CHECKS = (
    Check("document", Outcome.PASSED),
    Check("schema", Outcome.NOT_CHECKED, "the credential has no credentialSchema"),
)


def result(*problems: Problem) -> VerificationResult:
    return VerificationResult(problems, CHECKS, "eddsa-jcs-2022", lambda: CREDENTIAL)


@pytest.mark.parametrize(
    ("problems", "verdict"),
    [
        ((), Verdict.VERIFIED),
        ((OPEN,), Verdict.UNDECIDED),
        ((OPEN, OPEN), Verdict.UNDECIDED),
        ((CONCLUSIVE,), Verdict.REJECTED),
        ((OPEN, CONCLUSIVE), Verdict.REJECTED),
        ((CONCLUSIVE, OPEN), Verdict.REJECTED),
        ((Problem("NOT_FOUND", "an empty name names nothing", missing=""),), Verdict.REJECTED),
    ],
)
def test_a_conclusive_problem_outranks_missing_evidence(problems: tuple[Problem, ...], verdict: Verdict) -> None:
    found = result(*problems)

    assert found.verdict is verdict
    assert bool(found) == (verdict is Verdict.VERIFIED)


def test_the_claims_of_a_verified_credential() -> None:
    found = result()

    assert found.credential is CREDENTIAL
    assert found.credential.claims == {"name": ["a", "b"]}
    assert (found.issuer, found.valid_from, found.valid_until) == (
        "did:example:issuer",
        "2024-01-01T00:00:00Z",
        None,
    )


def test_claims_are_a_fresh_copy_each_time() -> None:
    found = result()
    found.credential.claims["name"].append("c")

    assert found.credential.claims == {"name": ["a", "b"]}


@pytest.mark.parametrize("problem", [CONCLUSIVE, OPEN])
def test_nothing_of_the_credential_without_a_verdict(problem: Problem) -> None:
    found = result(problem)

    with pytest.raises(VerificationError, match=problem.code) as caught:
        _ = found.credential
    assert caught.value.result is found
    assert found.verdict.value in caught.value.detail
    assert (found.issuer, found.valid_from, found.valid_until) == (None, None, None)
    assert "did:example" not in repr(found)


def test_a_result_without_a_credential_has_none_to_give() -> None:
    with pytest.raises(VerificationError):
        _ = VerificationResult((), CHECKS, None, None).credential


def test_the_form_that_is_printed() -> None:
    assert result().to_json() == {
        "verdict": "verified",
        "problems": [],
        "checks": [
            {"check": "document", "outcome": "passed", "because": ""},
            {
                "check": "schema",
                "outcome": "not checked",
                "because": "the credential has no credentialSchema",
            },
        ],
        "issuer": "did:example:issuer",
        "validFrom": "2024-01-01T00:00:00Z",
        "validUntil": None,
        "securing": "eddsa-jcs-2022",
    }


def test_the_form_that_is_printed_holds_no_claim_unless_verified() -> None:
    printed = result(CONCLUSIVE, OPEN).to_json()

    assert json.loads(json.dumps(printed)) == printed
    assert printed["verdict"] == "rejected"
    assert (printed["issuer"], printed["validFrom"], printed["validUntil"]) == (None, None, None)
    assert printed["problems"] == [
        {
            "code": "EXPIRED",
            "title": "The validity period is over",
            "detail": "the credential was valid until 2025-01-01T00:00:00Z",
            "at": "/validUntil",
        },
        {
            "code": "STATUS_RETRIEVAL_ERROR",
            "title": "The status list cannot be had",
            "detail": "no list",
            "at": "/credentialStatus",
        },
    ]


def test_a_problem_is_made_of_an_error() -> None:
    error = LimitExceeded("too much", code="TOO_MANY_PROOFS", at="/proof", missing=None)

    assert Problem.of(error) == Problem("TOO_MANY_PROOFS", "too much", "/proof")
    assert Problem.of(ParsingError("odd", at="/b", missing="x"), at="/a") == Problem(
        "PARSING_ERROR", "odd", "/a/b", "x"
    )


@pytest.mark.parametrize("value", [CONCLUSIVE, CREDENTIAL, result(), CHECKS[0], CREDENTIAL.proven_by[0]])
def test_nothing_can_be_changed_afterwards(value: Any) -> None:
    name = next(iter(value.__dataclass_fields__))

    with pytest.raises((FrozenInstanceError, AttributeError)):
        setattr(value, name, "another")


@pytest.mark.parametrize("module", [did.errors, status.errors, vc_core.errors])
def test_every_error_has_a_code_that_the_table_explains(module: Any) -> None:
    errors = [
        each
        for _, each in inspect.getmembers(module, inspect.isclass)
        if issubclass(each, Exception) and each.__module__ == module.__name__
    ]
    codes = {each.__name__: getattr(each, "default_code", None) or each.code for each in errors}

    assert len(errors) > 3
    assert {name: code for name, code in codes.items() if code not in CODES} == {}


def test_every_code_has_a_type_and_a_title() -> None:
    for code, entry in CODES.items():
        assert entry.type.startswith("https://"), code
        assert entry.title, code
        assert code == code.upper()
