"""The status step: what is looked up, on whose word, and what becomes of what the lists say."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime
from typing import Any

import pytest

from did import StaticResolver
from status import RangeError, StatusEntry, StatusRetrievalError
from vc_core import (
    ANY_ISSUER,
    SDJWTVC,
    DataIntegrity,
    Evidence,
    Outcome,
    Policy,
    ProofGenerationError,
    Verdict,
    VerificationResult,
    issue,
    verify,
)
from vc_core.checks.status import MOST_ENTRIES
from vectors.making.credentials import secure, small, text
from vectors.making.keys import did_of, signer_of
from vectors.making.messages import CWT_CLAIMS, header, message
from vectors.making.signing import compact
from vectors.making.signing import header as token_header
from vectors.making.status import entry
from vectors.making.tokens import NOW

ISSUER, STRANGER = (did_of(name, "Ed25519") for name in ("issuer", "stranger"))
REFERENCE = {"status_list": {"idx": 3, "uri": "https://status.example/tokens/1"}}


class Lists:
    """Gives each list, by its number, the same value everywhere; below 0 the list cannot be had."""

    def __init__(self, *values: int) -> None:
        self.values = values
        self.asked: list[tuple[StatusEntry, Container[str], datetime]] = []

    def look_up(self, entry: StatusEntry, *, issuers: Container[str], now: datetime) -> int:
        self.asked.append((entry, issuers, now))
        value = self.values[len(self.asked) - 1]
        if value == -1:
            raise StatusRetrievalError("not at hand", url=entry.list_url)
        if value == -2:
            raise StatusRetrievalError("not at hand")
        if value == -3:
            raise RangeError("beyond")
        return value


def result_of(data: bytes, lists: Lists, evidence: Evidence | None = None, **policy: Any) -> VerificationResult:
    members = {"accepted_issuers": frozenset({ISSUER})} | policy
    return verify(
        data,
        resolver=StaticResolver(),
        status=lists,
        policy=Policy(**members),
        now=NOW,
        evidence=evidence or Evidence(),
    )


def credential(*entries: Any) -> bytes:
    return text(secure(small(ISSUER) | {"credentialStatus": list(entries)}))


def codes(result: VerificationResult) -> list[tuple[str, str]]:
    return [(problem.code, problem.at) for problem in result.problems]


def outcome(result: VerificationResult) -> tuple[Outcome, str]:
    return next((check.outcome, check.because) for check in result.checks if check.check == "status")


def test_whose_lists_count_is_the_issuer_and_whom_the_policy_names() -> None:
    for policy, issuers in (({}, {ISSUER}), ({"status_issuers": frozenset({STRANGER})}, {ISSUER, STRANGER})):
        lists = Lists(0)
        assert result_of(credential(entry()), lists, **policy)
        [(asked, given, now)] = lists.asked
        assert (asked, given, now) == (StatusEntry.parse(entry()), issuers, NOW)
        assert "" not in given


@pytest.mark.parametrize("values", [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0)])
def test_every_entry_is_looked_at(values: tuple[int, ...]) -> None:
    lists = Lists(*values)
    result = result_of(credential(entry(), entry(statusPurpose="suspension"), entry(statusListIndex="9")), lists)
    assert len(lists.asked) == 3
    said = ("REVOKED", "SUSPENDED", "REVOKED")
    expected = [
        (code, f"/credentialStatus/{at}") for at, (code, value) in enumerate(zip(said, values, strict=True)) if value
    ]
    assert codes(result) == expected


def test_what_is_certain_outranks_what_is_missing() -> None:
    missing = result_of(credential(entry(), entry()), Lists(-1, 0))
    assert (missing.verdict, missing.problems[0].missing) == (Verdict.UNDECIDED, entry()["statusListCredential"])
    assert result_of(credential(entry()), Lists(-2)).problems[0].missing == "the status list"
    for other in (1, -3):
        result = result_of(credential(entry(), entry()), Lists(-1, other))
        assert result.verdict is Verdict.REJECTED
        assert len(result.problems) == 2


def test_the_claim_and_the_entries_of_a_token_are_both_looked_at() -> None:
    claims = small(ISSUER) | {"credentialStatus": entry()}
    in_payload = compact(token_header("vc+jwt"), claims | {"status": REFERENCE})
    in_header = message(header("vc+cose", {CWT_CLAIMS: {65535: REFERENCE}}), claims)
    for data in (in_payload, in_header):
        assert result_of(data, Lists(0, 0))
        assert codes(result_of(data, Lists(1, 0))) == [("REVOKED", "/credentialStatus")]
        assert codes(result_of(data, Lists(0, 2))) == [("SUSPENDED", "/status/status_list")]
        assert codes(result_of(data, Lists(1, 9))) == [
            ("REVOKED", "/credentialStatus"),
            ("STATUS_VERIFICATION_ERROR", "/status/status_list"),
        ]


def test_a_member_of_that_name_in_a_document_may_mean_something_else() -> None:
    lists = Lists()
    data = compact(token_header("vc+jwt"), small(ISSUER) | {"status": "enrolled"})
    result = result_of(data, lists)
    assert outcome(result) == (Outcome.NOT_CHECKED, "the credential has no credentialStatus")
    assert lists.asked == []


@pytest.mark.parametrize("value", [{}, [], "x", 7, {b"status_list": {}}, {"status_list": [], 7: 1}])
def test_a_cwt_claim_of_another_form(value: Any) -> None:
    data = message(header("vc+cose", {CWT_CLAIMS: {65535: value}}), small(ISSUER))
    assert codes(result_of(data, Lists()))[0][0] == "TOKEN_HEADER_ERROR"


@pytest.mark.parametrize("reference", [[], "x", {"idx": b"1", "uri": "x:y"}, {"idx": 1, "uri": b"x:y"}, {1: 1}])
def test_a_cwt_claim_with_a_reference_of_another_form(reference: Any) -> None:
    data = message(header("vc+cose", {CWT_CLAIMS: {65535: {"status_list": reference}}}), small(ISSUER))
    assert {code for code, _ in codes(result_of(data, Lists()))} == {"STATUS_VERIFICATION_ERROR"}


def test_nothing_is_looked_up_for_a_credential_that_nobody_accepted_signed() -> None:
    tampered = credential(entry()).replace(b"learner", b"another")
    for data, policy in ((tampered, {}), (credential(entry()), {"accepted_issuers": frozenset({STRANGER})})):
        lists = Lists()
        result = result_of(data, lists, **policy)
        assert outcome(result)[0] is Outcome.NOT_CHECKED
        assert lists.asked == []
    signed = compact(token_header("dc+sd-jwt"), {"vct": "x", "iss": ISSUER, "status": REFERENCE}) + b"~"
    for data in (signed[:-10] + b"AAAAAAAAA~", signed):
        lists = Lists()
        policy = {"accepted_issuers": frozenset({STRANGER})} if data == signed else {}
        assert outcome(result_of(data, lists, **policy))[0] is Outcome.NOT_CHECKED
        assert lists.asked == []


def test_what_informs_is_a_remark() -> None:
    messages = [{"status": hex(value), "message": f"message {value}"} for value in range(4)]
    informing = [entry(statusPurpose="message", statusSize=2, statusMessage=messages), entry(statusPurpose="refresh")]
    result = result_of(credential(*informing, entry()), Lists(3, 1, 0))
    assert result
    assert outcome(result) == (Outcome.PASSED, "message 0x3 'message 3'; refresh 0x1")
    assert outcome(result_of(credential(*informing), Lists(0, 0))) == (Outcome.PASSED, "")
    revoked = result_of(credential(*informing, entry()), Lists(3, 1, 1))
    assert outcome(revoked) == (Outcome.FAILED, "the status list says 'revocation'")


def test_entries_are_counted_before_any_is_looked_up() -> None:
    most = [entry(statusListIndex=str(index)) for index in range(MOST_ENTRIES)]
    assert result_of(credential(*most), Lists(*[0] * MOST_ENTRIES))
    lists = Lists()
    assert codes(result_of(credential(*most, entry()), lists)) == [("STATUS_VERIFICATION_ERROR", "/credentialStatus")]
    assert lists.asked == []


def test_no_entries_at_all_are_no_status() -> None:
    """An empty list is nothing that was checked."""
    assert outcome(result_of(credential(), Lists())) == (Outcome.NOT_CHECKED, "the credential has no credentialStatus")


@pytest.mark.parametrize("name", ["status_issuers", "status_registries"])
@pytest.mark.parametrize("value", [None, ISSUER, [ISSUER], {ISSUER}, (ISSUER,), ANY_ISSUER])
def test_they_are_named_one_by_one(name: str, value: Any) -> None:
    with pytest.raises(TypeError, match=name):
        Policy(accepted_issuers=ANY_ISSUER, **{name: value})


# issuing


@pytest.mark.parametrize(
    "reference",
    [
        {"idx": -1, "uri": "x:y"},
        {"idx": "1", "uri": "x:y"},
        {"idx": 1},
        {"uri": "x:y"},
        {},
        [],
        "x",
        {"idx": 10**9, "uri": "x:y"},
    ],
)
def test_no_reference_is_issued_that_no_verifier_follows(reference: Any) -> None:
    claims = {"vct": "https://types.example/1", "iss": ISSUER, "status": {"status_list": reference}}
    with pytest.raises(ProofGenerationError) as raised:
        issue(claims, signer=signer_of("issuer", "Ed25519"), securing=SDJWTVC(), created=NOW)
    assert (raised.value.code, raised.value.at) == ("STATUS_VERIFICATION_ERROR", "/status/status_list")
    claims["status"] = REFERENCE
    assert issue(claims, signer=signer_of("issuer", "Ed25519"), securing=SDJWTVC(), created=NOW)


def test_no_accreditation_is_issued_whose_entry_is_about_something_else() -> None:
    subject = {"id": "did:ebsi:zzVWLVDDAaTjGpMHBCKYwV3", "reservedAttributeId": "ab" * 32}
    url = f"https://registry.example/v5/issuers/{subject['id']}/attributes/{subject['reservedAttributeId']}"
    securing = DataIntegrity(cryptosuite="eddsa-jcs-2022")
    signer = signer_of("issuer", "Ed25519")
    for place, issued in ((url, True), (f"{url}0", False), (f"{url}/revisions/1", False)):
        status = {"id": place, "type": "EbsiAccreditationEntry"}
        claims = small(ISSUER) | {"credentialSubject": subject, "credentialStatus": status}
        if issued:
            assert issue(claims, signer=signer, securing=securing, created=NOW)
        else:
            with pytest.raises(ProofGenerationError) as raised:
                issue(claims, signer=signer, securing=securing, created=NOW)
            assert (raised.value.code, raised.value.at) == ("STATUS_VERIFICATION_ERROR", "/credentialStatus")
