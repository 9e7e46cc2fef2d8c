"""Whatever single part of a verification says no, the verdict is no; and no part is passed over in silence."""

from __future__ import annotations

import json
from collections.abc import Callable, Container
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, NoReturn

import pytest

from did import InvalidVerificationMethod, StaticResolver
from status import StatusEntry, StatusVerificationError
from vc_core import CODES, Evidence, Outcome, Policy, Problem, VCError, Verdict, VerificationError, verify
from vc_core.errors import LimitExceeded, ParsingError, ProofTransformationError, ProofVerificationError
from vc_core.result import VerificationResult
from vectors.making.credentials import CONTEXTS, secure, text, version_2
from vectors.making.keys import did_of

module = import_module("vc_core.verify")  # its name in the package is that of the function

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
ISSUER = did_of("issuer", "Ed25519")
SCHEMA, RESOURCE = "https://schemas.example/1", "https://pictures.example/1"

# A credential on which every check has something to say: it has a status, a schema, a related resource, a challenge.
CLAIMS = version_2(ISSUER) | {
    "credentialStatus": {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://status.example/1",
    },
    "credentialSchema": {"id": SCHEMA, "type": "JsonSchema"},
    "relatedResource": {
        "id": RESOURCE,
        "digestSRI": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    },
}
EVIDENCE = Evidence(resources={SCHEMA: b"{}", RESOURCE: b""})


class NothingRevoked:
    """A status list on which every bit is clear."""

    def look_up(self, entry: StatusEntry, *, issuers: Container[str], now: datetime) -> int:
        return 0


@pytest.fixture(params=["eddsa-jcs-2022", "eddsa-rdfc-2022"])
def credential(request: pytest.FixtureRequest) -> bytes:
    return text(secure(CLAIMS, request.param, challenge="c", domain="d.example"))


def result_of(credential: bytes, resolver: Any = None, status: Any = None) -> VerificationResult:
    policy = Policy(
        accepted_issuers=frozenset({ISSUER}),
        contexts=CONTEXTS,
        challenge="c",
        domain=frozenset({"d.example"}),
        resources="require",
    )
    return verify(
        credential,
        resolver=resolver or StaticResolver(),
        status=status or NothingRevoked(),
        policy=policy,
        now=NOW,
        evidence=EVIDENCE,
    )


NAMES = [name for name, _ in module.CHECKS]


def assert_refused(result: VerificationResult) -> None:
    assert not result
    assert result.verdict is not Verdict.VERIFIED
    assert [check.check for check in result.checks] == NAMES
    with pytest.raises(VerificationError):
        _ = result.credential
    assert (result.issuer, result.valid_from, result.valid_until) == (None, None, None)
    assert "vectors.example" not in json.dumps(result.to_json()), "claims of what is not verified"


def test_without_a_fault_every_check_passes(credential: bytes) -> None:
    result = result_of(credential)
    assert result.problems == ()
    assert result.verdict is Verdict.VERIFIED
    assert [(check.check, check.outcome) for check in result.checks] == [(name, Outcome.PASSED) for name in NAMES]


def with_fault(monkeypatch: pytest.MonkeyPatch, name: str, fault: Callable[[Any], Any]) -> None:
    replaced = tuple((each, fault if each == name else check) for each, check in module.CHECKS)
    monkeypatch.setattr(module, "CHECKS", replaced)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("how", ["answers", "raises", "answers and goes on"])
def test_one_check_says_no(monkeypatch: pytest.MonkeyPatch, credential: bytes, name: str, how: str) -> None:
    original = dict(module.CHECKS)[name]

    def fault(examination: Any) -> list[Problem]:
        if how == "raises":
            raise ProofVerificationError("injected")
        if how == "answers and goes on":
            original(examination)
        return [Problem("PROOF_VERIFICATION_ERROR", "injected")]

    with_fault(monkeypatch, name, fault)
    result = result_of(credential)
    assert_refused(result)
    assert result.verdict is Verdict.REJECTED
    [injected] = [problem for problem in result.problems if problem.detail == "injected"]
    assert injected.code in CODES
    [entry] = [check for check in result.checks if check.check == name]
    assert (entry.outcome, entry.because) == (Outcome.FAILED, "injected")


@pytest.mark.parametrize("name", NAMES)
def test_one_check_lacks_evidence(monkeypatch: pytest.MonkeyPatch, credential: bytes, name: str) -> None:
    original = dict(module.CHECKS)[name]

    def fault(examination: Any) -> list[Problem]:
        original(examination)
        return [Problem("NOT_FOUND", "injected", missing="https://x.example")]

    with_fault(monkeypatch, name, fault)
    result = result_of(credential)
    assert_refused(result)
    assert result.verdict is Verdict.UNDECIDED


@pytest.mark.parametrize("name", NAMES)
def test_one_check_is_not_made(monkeypatch: pytest.MonkeyPatch, credential: bytes, name: str) -> None:
    """A check that is not made is entered as that. Where others rest on it, they do not pass either."""
    with_fault(monkeypatch, name, lambda _: "injected")
    result = result_of(credential)
    assert [check.check for check in result.checks] == NAMES
    [entry] = [check for check in result.checks if check.check == name]
    assert (entry.outcome, entry.because) == (Outcome.NOT_CHECKED, "injected")
    if name in {"document", "contexts", "proof", "verification method", "signature"}:
        assert_refused(result)


ERRORS: tuple[VCError, ...] = (
    ParsingError("injected"),
    LimitExceeded("injected"),
    ProofTransformationError("injected"),
    ProofVerificationError("injected"),
)

# What the checks rest on, each by the module or class in which `verify` and its parts look it up.
LOWER = {
    "read the document": ("vc_core.document:SecuredDocument", "read"),
    "rules for contexts": ("vc_core.credential", "problems_of_contexts"),
    "rules of the data model": ("vc_core.credential", "problems_of_data_model"),
    "rules for the validity period": ("vc_core.credential", "problems_of_validity_period"),
    "read the proofs": ("vc_core.checks.proofs", "read_proofs"),
    "rules for proof options": ("vc_core.proofs", "problems_of_options"),
    "resolve the method": ("vc_core.proofs", "resolve_method"),
    "check the signature": ("vc_core.proofs", "check_signature"),
    "the waist": ("vc_core.proofs", "check"),
    "what was signed": ("vc_core.securing.proof:Proof", "signed_data"),
    "compare the schema": ("vc_core.resources", "problems_of_schema"),
    "compare the digest": ("vc_core.resources", "problems_of_digest"),
}


def replace(monkeypatch: pytest.MonkeyPatch, part: str, by: Callable[..., Any]) -> None:
    name, attribute = LOWER[part]
    module_name, _, class_name = name.partition(":")
    owner = import_module(module_name)
    monkeypatch.setattr(getattr(owner, class_name) if class_name else owner, attribute, by)


@pytest.mark.parametrize("part", LOWER)
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_what_a_check_rests_on_fails(
    monkeypatch: pytest.MonkeyPatch, credential: bytes, part: str, error: VCError
) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise error

    replace(monkeypatch, part, fail)
    result = result_of(credential)
    assert_refused(result)
    assert "injected" in {problem.detail for problem in result.problems}


RULES = [name for name, (_, attribute) in LOWER.items() if attribute.startswith("problems_of_")]


@pytest.mark.parametrize("part", RULES)
def test_a_rule_finds_a_problem(monkeypatch: pytest.MonkeyPatch, credential: bytes, part: str) -> None:
    replace(monkeypatch, part, lambda *_, **__: [Problem("MALFORMED_VALUE_ERROR", "injected")])
    result = result_of(credential)
    assert_refused(result)
    assert result.verdict is Verdict.REJECTED


def test_the_signature_algorithm_says_no(monkeypatch: pytest.MonkeyPatch, credential: bytes) -> None:
    monkeypatch.setattr("vc_core.securing.signed_data._ed25519_strict", lambda _: False)
    assert_refused(result_of(credential))


def test_the_resolver_and_the_lists_say_no(credential: bytes) -> None:
    class NoResolver:
        def resolve(self, did: str) -> NoReturn:
            raise InvalidVerificationMethod("injected")

    class NoStatus:
        def look_up(self, entry: StatusEntry, *, issuers: Container[str], now: datetime) -> NoReturn:
            raise StatusVerificationError("injected")

    class Revoked:
        def look_up(self, entry: StatusEntry, *, issuers: Container[str], now: datetime) -> int:
            return 1

    for result in (
        result_of(credential, resolver=NoResolver()),
        result_of(credential, status=NoStatus()),
        result_of(credential, status=Revoked()),
    ):
        assert_refused(result)
        assert result.verdict is Verdict.REJECTED


def test_the_module_that_is_tested_is_the_one_that_is_exported() -> None:
    assert module.verify is verify
