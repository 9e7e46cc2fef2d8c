"""Whatever single part of the verification of a token or of a presentation says no, the verdict is no.

`test_fault_injection` has the same for documents with embedded proofs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any, Final, NoReturn

import pytest

from did import StaticResolver
from vc_core import (
    CODES,
    Evidence,
    MemoryNonces,
    Outcome,
    Policy,
    PresentationResult,
    Problem,
    VCError,
    Verdict,
    VerificationError,
    VerificationResult,
    verify,
    verify_presentation,
)
from vc_core.errors import LimitExceeded, ParsingError, ProofTransformationError, ProofVerificationError
from vectors.making.credentials import Claims
from vectors.making.tokens import (
    AUDIENCE,
    ISSUER,
    NONCE,
    NOW,
    PRESENTATION_POLICY,
    STRANGER,
    TYPE,
    bound,
    claims_of,
    credential,
    presentation,
    resigned,
)

of_tokens = import_module("vc_core.verify")
of_presentations = import_module("vc_core.presentation.verification")

SCHEMA, RESOURCE = "https://schemas.example/1", "https://pictures.example/1"
NAMED: Final = {
    "credentialStatus": {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://status.example/1",
    },
    "credentialSchema": {"id": SCHEMA, "type": "JsonSchema"},
    "relatedResource": {"id": RESOURCE, "digestSRI": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
}
"""What gives every check of a credential something to say."""
EVIDENCE: Final = Evidence(resources={SCHEMA: b"{}", RESOURCE: b"", TYPE: json.dumps({"vct": TYPE}).encode()})
POLICY: Final = Policy(
    accepted_issuers=frozenset({ISSUER}), challenge=NONCE, domain=frozenset({AUDIENCE}), resources="require"
)
OF_CREDENTIALS: Final = replace(POLICY, challenge=None, domain=frozenset())


class NothingRevoked:
    def look_up(self, entry: object, *, issuers: Container[str], now: datetime) -> int:
        return 0


class Untouched:
    """A store that nobody may ask."""

    def spend(self, nonce: str, *, until: datetime, now: datetime) -> bool:
        raise AssertionError("the nonce was spent")


def token(kind: str) -> bytes:
    """A credential that is for this verifier alone, and on which every check has something to say."""
    claims = claims_of(kind) | (NAMED if kind != "dc+sd-jwt" else {})
    return resigned(credential(kind, claims), lambda payload: payload.update(nonce=NONCE, aud=AUDIENCE))


@dataclass(frozen=True)
class Subject:
    """Something to verify, the table of the checks that it goes through, and what these leave out in order."""

    name: str
    module: Any
    table: str
    data: Callable[[], bytes]
    not_checked: frozenset[str] = frozenset()

    @property
    def checks(self) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
        checks: tuple[tuple[str, Callable[[Any], Any]], ...] = getattr(self.module, self.table)
        return checks

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.checks]

    def result(self, nonces: Any = None, data: bytes | None = None, **options: Any) -> Any:
        """What a verifier says who looks at everything."""
        data = self.data() if data is None else data
        options = {"resolver": StaticResolver(), "status": NothingRevoked(), "now": NOW, "evidence": EVIDENCE} | options
        if self.module is of_tokens:
            return verify(data, **{"policy": replace(POLICY), **options})  # one that has met nothing yet
        rules = replace(PRESENTATION_POLICY, credentials=OF_CREDENTIALS)
        return verify_presentation(data, nonces=nonces or MemoryNonces(), **{"policy": rules, **options})


def presented(kind: str) -> Callable[[], bytes]:
    return lambda: presentation(kind, [credential("vc+jwt", claims_of("vc+jwt") | NAMED), credential("dc+sd-jwt")])


NOT_OF_VCDM: Final = frozenset({"contexts", "status", "schema", "related resources"})
SUBJECTS: Final = (
    Subject("vc+jwt", of_tokens, "TOKEN_CHECKS", lambda: token("vc+jwt"), frozenset({"type metadata"})),
    Subject("vc+sd-jwt", of_tokens, "TOKEN_CHECKS", lambda: token("vc+sd-jwt"), frozenset({"type metadata"})),
    Subject("dc+sd-jwt", of_tokens, "TOKEN_CHECKS", lambda: token("dc+sd-jwt"), NOT_OF_VCDM),
    Subject("presentation, JCS", of_presentations, "PRESENTATION_CHECKS", presented("eddsa-jcs-2022")),
    Subject("presentation, RDFC", of_presentations, "PRESENTATION_CHECKS", presented("eddsa-rdfc-2022")),
    Subject("vp+jwt", of_presentations, "PRESENTATION_TOKEN_CHECKS", presented("vp+jwt")),
    Subject("vp+cose", of_presentations, "PRESENTATION_TOKEN_CHECKS", presented("vp+cose")),
    Subject("SD-JWT+KB", of_presentations, "SD_JWT_CHECKS", lambda: bound(credential("dc+sd-jwt"))),
    Subject("SD-JWT+KB, W3C", of_presentations, "SD_JWT_CHECKS", lambda: bound(credential("vc+sd-jwt"))),
)
EACH: Final = [
    pytest.param(subject, name, id=f"{subject.name}: {name}") for subject in SUBJECTS for name in subject.names
]
each_subject = pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)


def with_fault(
    monkeypatch: pytest.MonkeyPatch, subject: Subject, name: str, fault: Callable[[Any], Any]
) -> Callable[[Any], Any]:
    """Puts a fault in the place of one check, which is answered."""
    original = dict(subject.checks)[name]
    # the document is read before it is known which of the tables is for it
    reading = "CHECKS" if subject.module is of_tokens else "PRESENTATION_CHECKS"
    for table in {subject.table, reading} if name == "document" else {subject.table}:
        checks = getattr(subject.module, table)
        replaced = tuple((each, fault if each == name else check) for each, check in checks)
        monkeypatch.setattr(subject.module, table, replaced)
    return original


def assert_refused(result: VerificationResult | PresentationResult, subject: Subject | None = None) -> None:
    """The verdict is not VERIFIED, nothing is handed out, and every check is entered."""
    assert not result
    assert result.verdict is not Verdict.VERIFIED
    if subject is not None:
        assert [check.check for check in result.checks] == subject.names
    with pytest.raises(VerificationError):
        _ = result.presentation if isinstance(result, PresentationResult) else result.credential
    if isinstance(result, PresentationResult):
        assert result.holder is None
        for each in result.of_credentials:
            with pytest.raises(VerificationError):
                _ = each.credential
    printed = json.dumps(result.to_json())
    for claim in ("2026-01-15", "Datu", "NoDerivatives"):
        assert claim not in printed, "claims of what is not verified"


def test_every_table_of_checks_is_here() -> None:
    tables = {
        (module, name)
        for module in (of_tokens, of_presentations)
        for name, value in vars(module).items()
        if name.endswith("CHECKS") and isinstance(value, tuple)
    }
    here = {(subject.module, subject.table) for subject in SUBJECTS}
    assert tables - here == {(of_tokens, "CHECKS")}, "which test_fault_injection is about"


@each_subject
def test_without_a_fault_every_check_passes(subject: Subject) -> None:
    result = subject.result()
    assert result.problems == ()
    assert [check.check for check in result.checks] == subject.names
    skipped = {check.check for check in result.checks if check.outcome is Outcome.NOT_CHECKED}
    assert skipped == subject.not_checked
    assert all(check.outcome is not Outcome.FAILED for check in result.checks)


@pytest.mark.parametrize(("subject", "name"), EACH)
@pytest.mark.parametrize("how", ["answers", "raises", "answers and goes on"])
def test_one_check_says_no(monkeypatch: pytest.MonkeyPatch, subject: Subject, name: str, how: str) -> None:
    def fault(examination: Any) -> list[Problem]:
        if how == "raises":
            raise ProofVerificationError("injected")
        if how == "answers and goes on":
            original(examination)
        return [Problem("PROOF_VERIFICATION_ERROR", "injected")]

    original = with_fault(monkeypatch, subject, name, fault)
    result = subject.result(None if name == "nonce" else Untouched())
    assert_refused(result, subject if name != "document" else None)
    assert result.verdict is Verdict.REJECTED
    [injected] = [problem for problem in result.problems if problem.detail == "injected"]
    assert injected.code in CODES
    [entry] = [check for check in result.checks if check.check == name]
    assert (entry.outcome, entry.because) == (Outcome.FAILED, "injected")


@pytest.mark.parametrize(("subject", "name"), EACH)
def test_one_check_lacks_evidence(monkeypatch: pytest.MonkeyPatch, subject: Subject, name: str) -> None:
    def fault(examination: Any) -> list[Problem]:
        original(examination)
        return [Problem("NOT_FOUND", "injected", missing="https://x.example")]

    original = with_fault(monkeypatch, subject, name, fault)
    result = subject.result(None if name == "nonce" else Untouched())
    assert_refused(result, subject if name != "document" else None)
    assert result.verdict is Verdict.UNDECIDED


ALWAYS: Final = frozenset({"document", "proof", "verification method", "holder control", "signature"})
INDISPENSABLE: Final = {
    "TOKEN_CHECKS": ALWAYS | {"issuer"},
    "PRESENTATION_CHECKS": ALWAYS | {"contexts"},
    "PRESENTATION_TOKEN_CHECKS": ALWAYS,
    "SD_JWT_CHECKS": ALWAYS | {"credentials", "key binding"},
}
"""Without these checks nothing is verified, even if no other says no: who signed, that it holds, and who presents."""


@pytest.mark.parametrize(("subject", "name"), EACH)
def test_one_check_is_not_made(monkeypatch: pytest.MonkeyPatch, subject: Subject, name: str) -> None:
    """It is entered as that. Where all else rests on it, nothing is verified, and no nonce is spent."""
    with_fault(monkeypatch, subject, name, lambda _: "injected")
    needed = name in INDISPENSABLE[subject.table]
    result = subject.result(Untouched() if needed else None)
    [entry] = [check for check in result.checks if check.check == name]
    assert (entry.outcome, entry.because) == (Outcome.NOT_CHECKED, "injected")
    assert bool(result) is not needed
    if needed:
        assert_refused(result)
    if result and name == "credentials":
        assert result.presentation.credentials == (), "what nobody looked at is not handed out"


# What is wrong with an input is found, whichever other check is passed over


def with_vp(change: Callable[[Claims], object]) -> Callable[[], bytes]:
    return lambda: resigned(presented("vp+jwt")(), change, name="holder")


def with_vc(change: Callable[[Claims], object]) -> Callable[[], bytes]:
    return lambda: resigned(token("vc+jwt"), change)


OLD: Final = int((NOW - timedelta(hours=1)).timestamp())
WRONG_VP: Final[dict[str, tuple[Callable[[], bytes], str]]] = {
    "another nonce": (with_vp(lambda payload: payload.update(nonce="x")), "nonce and audience"),
    "another audience": (with_vp(lambda payload: payload.update(aud="x")), "nonce and audience"),
    "unknown context": (with_vp(lambda payload: payload["@context"].append("https://x.example")), "contexts"),
    "another type": (with_vp(lambda payload: payload.update(type="Other")), "data model"),
    "expired": (with_vp(lambda payload: payload.update(exp=OLD)), "validity period"),
    "old": (with_vp(lambda payload: payload.update(iat=OLD)), "age"),
    "another holder": (with_vp(lambda payload: payload.update(holder=STRANGER)), "holder control"),
    "another issuer of the token": (with_vp(lambda payload: payload.update(iss=STRANGER)), "token"),
    "a bad signature": (lambda: presented("vp+jwt")()[:-8] + b"AAAAAAAA", "signature"),
    "an unsigned credential": (
        with_vp(lambda payload: payload["verifiableCredential"].append(claims_of("vc+jwt"))),
        "credentials",
    ),
    "a stolen credential": (
        lambda: presentation("vp+jwt", [credential("vc+jwt")], name="stranger"),
        "holder binding",
    ),
}
WRONG_VC: Final[dict[str, tuple[Callable[[], bytes], str]]] = {
    "another nonce": (with_vc(lambda payload: payload.update(nonce="x")), "nonce and audience"),
    "another audience": (with_vc(lambda payload: payload.update(aud="x")), "nonce and audience"),
    "unknown context": (with_vc(lambda payload: payload["@context"].append("https://x.example")), "contexts"),
    "another type": (with_vc(lambda payload: payload.update(type="Other")), "data model"),
    "expired": (with_vc(lambda payload: payload.update(exp=OLD)), "validity period"),
    "another subject": (with_vc(lambda payload: payload.update(sub=STRANGER)), "token"),
    "a bad signature": (lambda: token("vc+jwt")[:-8] + b"AAAAAAAA", "signature"),
    "by a stranger": (
        lambda: resigned(token("vc+jwt"), lambda payload: payload.update(issuer=STRANGER, iss=STRANGER)),
        "issuer",
    ),
    "in the issuer's name": (
        lambda: resigned(_with_kid_of("stranger"), lambda _: None, name="stranger"),
        "issuer control",
    ),
    "another schema": (
        with_vc(lambda payload: payload.update(credentialSchema={"id": RESOURCE, "type": "JsonSchema"})),
        "schema",
    ),
    "another resource": (with_vc(lambda payload: payload["relatedResource"].update(id=SCHEMA)), "related resources"),
}


def _with_kid_of(name: str) -> bytes:
    data = credential("vc+jwt", claims_of("vc+jwt") | NAMED, name=name)
    return resigned(data, lambda payload: payload.update(nonce=NONCE, aud=AUDIENCE), name=name)


VP, VC = (next(each for each in SUBJECTS if each.name == name) for name in ("vp+jwt", "vc+jwt"))
WRONG: Final = [
    pytest.param(subject, *wrong, id=f"{subject.name}: {name}")
    for subject, wrongs in ((VP, WRONG_VP), (VC, WRONG_VC))
    for name, wrong in wrongs.items()
]


@pytest.mark.parametrize(("subject", "data", "found_by"), WRONG)
def test_what_is_wrong_is_found_by_its_check(subject: Subject, data: Callable[[], bytes], found_by: str) -> None:
    result = subject.result(Untouched(), data())
    assert_refused(result, subject)
    assert found_by in {check.check for check in result.checks if check.outcome is Outcome.FAILED}


@pytest.mark.parametrize(("subject", "data", "found_by"), WRONG)
def test_no_check_hides_another(
    monkeypatch: pytest.MonkeyPatch, subject: Subject, data: Callable[[], bytes], found_by: str
) -> None:
    """With each of the others passed over, or saying no, what is wrong still keeps the verdict from being VERIFIED."""
    wrong, original = data(), subject.checks
    for name in subject.names:
        for fault in (lambda _: "injected", lambda _: [Problem("NOT_FOUND", "injected", missing="x")]):
            if name == found_by:
                continue
            monkeypatch.setattr(subject.module, subject.table, original)
            with_fault(monkeypatch, subject, name, fault)
            result = subject.result(None, wrong)
            if result and name == "credentials":
                assert result.presentation.credentials == ()  # nobody has seen them
                continue
            assert_refused(result)


# What the checks rest on

ERRORS: Final[tuple[VCError, ...]] = (
    ParsingError("injected"),
    LimitExceeded("injected"),
    ProofTransformationError("injected"),
    ProofVerificationError("injected"),
)
OF_ALL: Final = (
    ("vc_core.securing.vc_jwt", "read", ("vc+jwt", "vp+jwt")),
    ("vc_core.securing.sd_jwt", "read", ("vc+sd-jwt", "dc+sd-jwt", "SD-JWT+KB")),
    ("vc_core.securing.cose", "read", ("vp+cose",)),
    ("vc_core.checks.tokens", "problems_of_claims", ("vc+jwt", "vc+sd-jwt", "vp+jwt")),
    ("vc_core.checks.tokens", "problems_of_times", ("vc+jwt", "dc+sd-jwt", "vp+jwt", "vp+cose", "SD-JWT+KB")),
    ("vc_core.checks.tokens", "check", ("vc+jwt", "dc+sd-jwt", "vp+jwt", "vp+cose", "SD-JWT+KB")),
    ("vc_core.proofs", "resolve_method", ("vc+jwt", "dc+sd-jwt", "vp+jwt", "presentation, JCS", "SD-JWT+KB")),
    ("vc_core.proofs", "resolve_url", ("vc+jwt", "dc+sd-jwt", "vp+jwt", "presentation, JCS")),
    ("vc_core.proofs", "check_signature", ("presentation, JCS", "presentation, RDFC")),
    ("vc_core.proofs", "problems_of_options", ("presentation, JCS",)),
    ("vc_core.credential", "problems_of_contexts", ("vc+jwt", "vp+jwt", "presentation, JCS")),
    ("vc_core.credential", "problems_of_data_model", ("vc+jwt", "vp+jwt", "presentation, JCS")),
    ("vc_core.credential", "problems_of_validity_period", ("vc+jwt", "vp+jwt", "presentation, JCS")),
    ("vc_core.credential", "problems_of_presentation", ("vp+jwt", "presentation, JCS")),
    ("vc_core.checks.claims", "problems_of_version", ("vc+jwt", "vp+jwt")),
    ("vc_core.checks.claims", "problems_of_sd_jwt_vc", ("dc+sd-jwt", "SD-JWT+KB")),
    ("vc_core.checks.claims", "problems_of_type_metadata", ("dc+sd-jwt",)),
    ("vc_core.resources", "problems_of_schema", ("vc+jwt", "vp+jwt")),
    ("vc_core.resources", "problems_of_digest", ("vc+jwt", "vp+jwt")),
    ("vc_core.presentation.bindings", "problems_of_key_binding", ("SD-JWT+KB", "SD-JWT+KB, W3C")),
    ("vc_core.presentation.bindings", "holder_key", ("SD-JWT+KB", "SD-JWT+KB, W3C")),
    ("vc_core.presentation.bindings", "check", ("SD-JWT+KB", "SD-JWT+KB, W3C")),
    ("vc_core.presentation.bindings", "examine", ("SD-JWT+KB", "SD-JWT+KB, W3C")),
    ("vc_core.presentation.document", "verify", ("vp+jwt", "presentation, JCS", "vp+cose")),
)
LOWER: Final = [
    pytest.param(
        module, attribute, next(each for each in SUBJECTS if each.name == name), id=f"{name}: {module}.{attribute}"
    )
    for module, attribute, names in OF_ALL
    for name in names
]


@pytest.mark.parametrize(("module", "attribute", "subject"), LOWER)
def test_what_a_check_rests_on_fails(
    monkeypatch: pytest.MonkeyPatch, module: str, attribute: str, subject: Subject
) -> None:
    data = subject.data()
    for error in ERRORS:

        def fail(*_: object, error: VCError = error, **__: object) -> NoReturn:
            raise error

        monkeypatch.setattr(import_module(module), attribute, fail)
        result = subject.result(Untouched(), data)
        assert_refused(result)
        assert "injected" in {problem.detail for problem in result.problems}


@pytest.mark.parametrize(
    ("module", "attribute", "subject"), [each for each in LOWER if str(each.values[1]).startswith("problems_of")]
)
def test_a_rule_finds_a_problem(monkeypatch: pytest.MonkeyPatch, module: str, attribute: str, subject: Subject) -> None:
    data = subject.data()
    answer: Any = [Problem("MALFORMED_VALUE_ERROR", "injected")]
    if attribute == "problems_of_type_metadata":
        answer = (answer, [])
    monkeypatch.setattr(import_module(module), attribute, lambda *_, **__: answer)
    result = subject.result(Untouched(), data)
    assert_refused(result)
    assert result.verdict is Verdict.REJECTED


@each_subject
def test_the_signature_algorithm_says_no(monkeypatch: pytest.MonkeyPatch, subject: Subject) -> None:
    data = subject.data()
    monkeypatch.setattr("vc_core.securing.signed_data._ed25519_strict", lambda _: False)
    assert_refused(subject.result(Untouched(), data), subject)


def test_the_key_binding_says_no_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the issuer's signature in order, as a thief has it."""
    subject = next(each for each in SUBJECTS if each.name == "SD-JWT+KB")
    data = subject.data()

    def fail(*_: object, **__: object) -> NoReturn:
        raise ProofVerificationError("injected")

    monkeypatch.setattr("vc_core.presentation.bindings.check", fail)
    result = subject.result(Untouched(), data)
    assert {problem.code for problem in result.problems} == {"KEY_BINDING_ERROR"}
    assert [bool(each) for each in result.of_credentials] == [True]
    assert_refused(result, subject)
