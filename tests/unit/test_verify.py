"""`verify`: what it answers, what it hands out, and what it takes for a mistake of the caller."""

from __future__ import annotations

import gc
import json
from collections.abc import Container
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from did import DIDDocument, StaticResolver
from status import NO_STATUS_LISTS, StatusEntry
from vc_core import (
    ALGORITHMS,
    ANY_ISSUER,
    CODES,
    CRYPTOSUITES,
    ED25519_OPENSSL,
    Evidence,
    Outcome,
    Policy,
    Verdict,
    VerificationError,
    VerificationResult,
    verify,
)
from vc_core.document import SecuredDocument
from vectors.making.credentials import (
    CONTEXTS,
    SUITES,
    Claims,
    changed,
    secure,
    small,
    text,
    version_1,
    version_2,
)
from vectors.making.keys import did_of, method_of

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
ISSUER = did_of("issuer", "Ed25519")
STRANGER = did_of("stranger", "Ed25519")


def result_of(data: bytes, now: datetime = NOW, lists: Any = NO_STATUS_LISTS, **policy: Any) -> VerificationResult:
    members = {"accepted_issuers": frozenset({ISSUER}), "contexts": CONTEXTS} | policy
    return verify(data, resolver=StaticResolver(), status=lists, policy=Policy(**members), now=now)


def codes(result: VerificationResult) -> list[str]:
    return sorted(problem.code for problem in result.problems)


def test_a_verified_credential_is_handed_out_with_what_was_proven() -> None:
    result = result_of(text(secure(version_2(ISSUER))))
    assert result.verdict is Verdict.VERIFIED
    assert result
    credential = result.credential
    assert (credential.issuer, credential.valid_from, credential.valid_until) == (
        ISSUER,
        "2026-01-15T09:30:00Z",
        "2029-01-15T09:30:00Z",
    )
    assert credential.types == ("VerifiableCredential", "MicroCredential")
    [proven] = credential.proven_by
    assert (proven.securing, proven.verification_method) == ("eddsa-jcs-2022", method_of(ISSUER))
    assert (proven.controller, proven.created) == (ISSUER, "2026-01-15T09:30:00Z")
    assert credential.claims == version_2(ISSUER)
    assert result.to_json() == {
        "verdict": "verified",
        "problems": [],
        "checks": [check.to_json() for check in result.checks],
        "issuer": ISSUER,
        "validFrom": "2026-01-15T09:30:00Z",
        "validUntil": "2029-01-15T09:30:00Z",
        "securing": "eddsa-jcs-2022",
    }


@pytest.mark.parametrize(("suite", "key_type"), SUITES)
def test_claims_come_without_the_proof_and_with_their_contexts(suite: str, key_type: str) -> None:
    issuer = did_of("issuer", key_type)
    secured = secure(version_1(issuer), suite, key_type)
    result = result_of(text(secured), accepted_issuers=frozenset({issuer}))
    assert result.credential.claims == {name: value for name, value in secured.items() if name != "proof"}


def test_what_is_rejected_gives_no_claims() -> None:
    result = result_of(changed(secure(small(ISSUER)), lambda each: each.update(name="Doktora grāds")))
    assert not result
    assert (result.issuer, result.valid_from, result.valid_until) == (None, None, None)
    with pytest.raises(VerificationError) as raised:
        _ = result.credential
    assert raised.value.result is result
    assert "Doktora" not in json.dumps(result.to_json(), ensure_ascii=False) + repr(result)


def test_everything_that_is_wrong_is_listed() -> None:
    claims = small(STRANGER) | {"validUntil": "2026-01-01T00:00:00Z", "id": "relative", "name": 7}
    secured = secure(claims, expires=NOW - timedelta(hours=1))
    result = result_of(changed(secured, lambda each: each["credentialSubject"].update(x=1)))
    assert codes(result) == [
        "EXPIRED",
        "ISSUER_MISMATCH",
        "MALFORMED_VALUE_ERROR",
        "MALFORMED_VALUE_ERROR",
        "PROOF_VERIFICATION_ERROR",
        "PROOF_VERIFICATION_ERROR",
        "UNACCEPTED_ISSUER",
    ]
    assert {problem.at for problem in result.problems} >= {"/id", "/name", "/validUntil", "/issuer", "/proof"}


def test_every_result_has_every_check_and_every_reason() -> None:
    """A check that did not pass says why, and one that was not made never looks like one that passed."""
    inputs = [
        b"",
        b"{}",
        text(secure(small(ISSUER))),
        text(secure(version_2(ISSUER), "eddsa-rdfc-2022")),
        text(small(ISSUER)),
    ]
    names = [check.check for check in result_of(b"").checks]
    assert len(names) == len(set(names)) > 10
    for data in inputs:
        result = result_of(data)
        assert [check.check for check in result.checks] == names
        assert all(bool(check.because) == (check.outcome is not Outcome.PASSED) for check in result.checks)
        failed = {check.check for check in result.checks if check.outcome is Outcome.FAILED}
        assert bool(failed) == bool(result.problems)


def test_missing_evidence_leaves_the_verdict_open_and_names_itself() -> None:
    web = "did:web:university.example"
    result = result_of(text(secure(small(web), method=f"{web}#1")), accepted_issuers=frozenset({web}))
    assert (result.verdict, codes(result)) == (Verdict.UNDECIDED, ["NOT_FOUND"])
    assert result.problems[0].missing == web
    assert not result
    expired = secure(small(web) | {"validUntil": "2026-01-01T00:00:00Z"}, method=f"{web}#1")
    assert result_of(text(expired), accepted_issuers=frozenset({web})).verdict is Verdict.REJECTED


def test_a_status_is_looked_up_only_where_a_signature_names_it() -> None:
    asked: list[StatusEntry] = []

    class Asked:
        def look_up(self, entry: StatusEntry, *, issuers: Container[str], now: datetime) -> int:
            asked.append(entry)
            return 0

    entry = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://status.example/1",
    }
    secured = secure(small(ISSUER) | {"credentialStatus": entry})
    assert result_of(text(secured), lists=Asked())
    assert [each.index for each in asked] == [7]
    tampered = changed(
        secured, lambda each: each["credentialStatus"].update(statusListCredential="https://evil.example")
    )
    assert not result_of(tampered, lists=Asked())
    assert len(asked) == 1


def test_the_clock_is_the_callers() -> None:
    secured = text(secure(version_2(ISSUER)))
    assert result_of(secured, now=datetime(2029, 1, 15, 11, 30, tzinfo=timezone(timedelta(hours=2))))
    late = result_of(secured, now=datetime(2029, 1, 15, 9, 32, tzinfo=UTC))
    assert codes(late) == ["EXPIRED"]
    assert codes(result_of(secured, now=datetime(2026, 1, 15, 9, 28, tzinfo=UTC))) == [
        "NOT_YET_VALID",
        "PROOF_VERIFICATION_ERROR",
    ]


@pytest.mark.parametrize(
    ("end", "verdict"),
    [
        ("0001-01-01T00:00:00Z", Verdict.REJECTED),
        ("9999-12-31T24:00:00Z", Verdict.REJECTED),
        ("9999-12-31T23:59:59-14:00", Verdict.REJECTED),
        ("9999-12-31T23:59:59.999999999Z", Verdict.VERIFIED),
    ],
)
def test_the_ends_of_time(end: str, verdict: Verdict) -> None:
    secured = text(secure(small(ISSUER) | {"validUntil": end}))
    assert result_of(secured, now=datetime(9999, 12, 30, tzinfo=UTC)).verdict is verdict
    assert result_of(secured, now=datetime(1, 1, 2, tzinfo=UTC)).verdict is Verdict.REJECTED


def test_mistakes_of_the_caller_are_raised() -> None:
    secured = text(secure(small(ISSUER)))
    for mistake in (secured.decode(), bytearray(secured), memoryview(secured), None, json.loads(secured)):
        with pytest.raises(TypeError):
            result_of(mistake)  # type: ignore[arg-type]  # the mistake
    with pytest.raises(ValueError, match="time zone"):
        result_of(secured, now=datetime(2026, 1, 31))  # noqa: DTZ001  (the mistake)
    for members in (
        {"accepted_issuers": {ISSUER}},
        {"accepted_issuers": ISSUER},
        {"accepted_issuers": None},
        {"domain": {"d.example"}},
    ):
        with pytest.raises((TypeError, ValueError)):
            result_of(secured, **members)
    for name, value in (
        ("challenge", ""),
        ("status", "maybe"),
        ("resources", "never"),
        ("clock_skew", timedelta(hours=1)),
    ):
        with pytest.raises(ValueError, match=r".+"):
            result_of(secured, **{name: value})


def test_nothing_is_accepted_by_default() -> None:
    with pytest.raises(TypeError):
        Policy()  # type: ignore[call-arg]  # the mistake
    secured = text(secure(small(ISSUER)))
    assert codes(result_of(secured, accepted_issuers=frozenset())) == ["UNACCEPTED_ISSUER"]
    assert result_of(secured, accepted_issuers=ANY_ISSUER)
    assert not result_of(secured, cryptosuites={})
    assert not result_of(secured, algorithms={})


def test_the_caller_may_add_to_the_tables() -> None:
    secured = text(secure(small(ISSUER)))
    assert result_of(secured, algorithms={**ALGORITHMS, "Ed25519": ED25519_OPENSSL})
    assert result_of(secured, cryptosuites={"eddsa-jcs-2022": CRYPTOSUITES["eddsa-jcs-2022"]})
    assert not result_of(secured, cryptosuites={"eddsa-rdfc-2022": CRYPTOSUITES["eddsa-rdfc-2022"]})


class TestWhatIsHandedOutCannotBeTurnedAgainstTheResult:
    @pytest.mark.parametrize("suite", ["eddsa-jcs-2022", "eddsa-rdfc-2022"])
    def test_claims_are_a_copy_each_time(self, suite: str) -> None:
        result = result_of(text(secure(version_2(ISSUER), suite)))
        before = json.dumps(result.credential.claims)
        claims = result.credential.claims
        claims["issuer"]["id"] = "did:evil:1"
        claims["credentialSubject"]["achievement"]["title"]["lv"] = "Doktora grāds"
        claims["type"].append("Evil")
        claims.clear()
        assert json.dumps(result.credential.claims) == before
        assert result.issuer == ISSUER
        assert result

    def test_nothing_can_be_set(self) -> None:
        result = result_of(text(secure(version_2(ISSUER))))
        for thing, name in ((result, "problems"), (result.credential, "issuer"), (result.checks[0], "outcome")):
            with pytest.raises(AttributeError):
                setattr(thing, name, ())
        with pytest.raises((AttributeError, TypeError)):
            result.forged = True  # type: ignore[attr-defined]  # the mistake

    def test_the_unverified_document_is_not_kept(self) -> None:
        def documents() -> set[int]:
            gc.collect()
            return {id(each) for each in gc.get_objects() if isinstance(each, SecuredDocument)}

        before = documents()  # other tests may hold some
        result = result_of(changed(secure(small(ISSUER)), lambda each: each.update(name="x")))
        assert documents() <= before
        assert not result

    def test_no_public_name_leads_to_the_unverified_document(self) -> None:
        result = result_of(text(secure(small(ISSUER))))
        level: list[Any] = [result]
        for _ in range(4):
            assert not any(isinstance(thing, SecuredDocument | bytes) for thing in level)
            ours = [thing for thing in level if type(thing).__module__.startswith("vc_core")]
            inside = [thing for each in level if isinstance(each, tuple) for thing in each]
            level = inside + [getattr(each, name) for each in ours for name in dir(each) if name[0] != "_"]


def test_the_resolver_is_asked_for_no_more_than_the_proof_names() -> None:
    asked: list[str] = []

    class Asked:
        def resolve(self, did: str) -> DIDDocument:
            asked.append(did)
            return StaticResolver().resolve(did)

    policy = Policy(accepted_issuers=frozenset({ISSUER}), contexts=CONTEXTS)
    secured = secure(secure(version_2(ISSUER)), name="stranger")
    assert verify(text(secured), resolver=Asked(), status=NO_STATUS_LISTS, policy=policy, now=NOW)
    assert asked == [ISSUER, STRANGER]


def test_two_backends_give_one_answer() -> None:
    """The two of Ed25519 differ on hostile signatures unless both are strict (see the vectors of ed25519-speccheck)."""
    secured = secure(small(ISSUER))
    for change in (lambda each: None, lambda each: each.update(name="x"), lambda each: each["proof"].update(nonce="n")):
        data = changed(secured, change)
        results = [result_of(data, algorithms={"Ed25519": each}) for each in (ALGORITHMS["Ed25519"], ED25519_OPENSSL)]
        assert results[0] == results[1]


def every_code(claims: Claims) -> set[str]:
    return {problem.code for problem in result_of(text(claims)).problems}


def test_every_code_is_known() -> None:
    assert every_code({}) <= CODES.keys()
    assert every_code(small(ISSUER)) <= CODES.keys()


def test_an_empty_list_of_statuses_is_not_a_status_that_was_checked() -> None:
    secured = secure(small(ISSUER) | {"credentialStatus": [], "relatedResource": [], "credentialSchema": []})
    result = result_of(text(secured))
    outcomes = {check.check: check.outcome for check in result.checks}
    assert {outcomes[name] for name in ("status", "schema", "related resources")} == {Outcome.NOT_CHECKED}


def test_a_schema_judges_the_claims_that_are_handed_out() -> None:
    """Under RDF a description may move to another place where its thing is named; the claims are then the same."""
    url = "https://vectors.example/schema.json"
    schema = {"properties": {"credentialSubject": {"properties": {"holds": {"properties": {"level": {"maximum": 8}}}}}}}
    evidence = Evidence(resources={url: json.dumps(schema).encode()})
    claims = small(ISSUER) | {"credentialSchema": {"id": url, "type": "JsonSchema"}}
    claims["@context"] = [*claims["@context"], "https://www.w3.org/ns/credentials/undefined-terms/v2"]
    level, thing = {"level": 9}, {"id": "urn:example:thing"}
    claims["credentialSubject"] = {"id": "did:example:learner", "holds": thing | level, "knows": thing}
    secured = secure(claims, "eddsa-rdfc-2022")
    moved = secured | {"credentialSubject": claims["credentialSubject"] | {"holds": thing, "knows": thing | level}}
    assert result_of(text(moved))
    assert result_of(text(moved)).credential.claims == result_of(text(secured)).credential.claims
    for document in (secured, moved):
        policy = Policy(accepted_issuers=frozenset({ISSUER}), contexts=CONTEXTS)
        lists, resolver = NO_STATUS_LISTS, StaticResolver()
        result = verify(text(document), resolver=resolver, status=lists, policy=policy, now=NOW, evidence=evidence)
        assert codes(result) == ["SCHEMA_VALIDATION_ERROR"]


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_a_thing_that_two_members_name_is_checked_in_both(suite: str) -> None:
    """To RDF they are one thing, described once; each rule still finds its own part of the description."""
    url = "https://vectors.example/schema.json"
    digest = {"id": url, "digestSRI": "sha256-" + "A" * 43 + "="}
    claims = small(ISSUER) | {"credentialSchema": {"id": url, "type": "JsonSchema"}, "relatedResource": [digest]}
    result = result_of(text(secure(claims, suite)), resources="require")
    assert codes(result) == ["RELATED_RESOURCE_RETRIEVAL_ERROR", "SCHEMA_RETRIEVAL_ERROR"]

    policy = Policy(accepted_issuers=frozenset({ISSUER}), contexts=CONTEXTS)
    evidence, lists, resolver = Evidence(resources={url: b"{}"}), NO_STATUS_LISTS, StaticResolver()
    data = text(secure(claims, suite))
    result = verify(data, resolver=resolver, status=lists, policy=policy, now=NOW, evidence=evidence)
    assert set(codes(result)) == {"RELATED_RESOURCE_DIGEST_ERROR"}


def test_a_digest_that_is_written_beside_another_mention_of_the_schema_counts() -> None:
    url = "https://vectors.example/schema.json"
    schema, digest = {"id": url, "type": "JsonSchema"}, {"digestSRI": "sha256-" + "A" * 43 + "="}
    secured = secure(small(ISSUER) | {"credentialSchema": schema, "termsOfUse": schema | digest}, "eddsa-rdfc-2022")
    policy = Policy(accepted_issuers=frozenset({ISSUER}), contexts=CONTEXTS)
    evidence, lists, resolver = Evidence(resources={url: b"{}"}), NO_STATUS_LISTS, StaticResolver()
    result = verify(text(secured), resolver=resolver, status=lists, policy=policy, now=NOW, evidence=evidence)
    assert codes(result) == ["RELATED_RESOURCE_DIGEST_ERROR"]


@pytest.mark.parametrize("member", ["credentialSchema", "evidence", "termsOfUse"])
def test_a_status_that_another_member_names_too_is_looked_up(member: str) -> None:
    entry = {
        "id": "urn:example:status",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://status.example/1",
    }
    other = {"id": entry["id"], "type": entry["type"]}
    secured = secure(small(ISSUER) | {"credentialStatus": entry, member: other}, "eddsa-rdfc-2022")

    class Revoked:
        def look_up(self, entry: StatusEntry, *, issuers: Container[str], now: datetime) -> int:
            return 1

    assert codes(result_of(text(secured), lists=Revoked())) == ["REVOKED"]
