"""What is in a presentation is verified by itself; and what holds the credentials is signed, or nobody is deceived."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from vc_core import (
    JWTVC,
    JWTVP,
    SDJWTVC,
    VPJWT,
    DataIntegrity,
    LimitExceeded,
    Limits,
    MemoryNonces,
    Outcome,
    ParsingError,
    Policy,
    PresentationPolicy,
    ProofGenerationError,
    Verdict,
    VerificationError,
    is_presentation,
    present,
    sd_jwt,
    verify_presentation,
)
from vc_core.securing.envelopes import data_url
from vc_core.securing.sd_jwt.disclosure import Disclosure, digest
from vectors.making.credentials import V1, V2, secure, text
from vectors.making.keys import signer_of
from vectors.making.tokens import (
    AUDIENCE,
    CREDENTIAL_KINDS,
    EMBEDDED,
    HOLDER,
    ISSUER,
    NONCE,
    NOW,
    POLICY,
    PRESENTATION_KINDS,
    STRANGER,
    bound,
    claims_of,
    codes,
    credential,
    payload_of,
    presentation,
    resigned,
    signed,
    verdict,
    verdict_on_presentation,
)

ALL: Final = [credential(kind) for kind in CREDENTIAL_KINDS]
HOLDER_SIGNER: Final = signer_of("holder", "Ed25519")


def holding(*entries: Any, form: str = "vp+jwt", **members: Any) -> bytes:
    """A presentation that the holder signed with these entries, whatever they are."""
    return holding_as(list(entries), form, **members)


def holding_as(entries: Any, form: str = "vp+jwt", **members: Any) -> bytes:
    document = {"@context": [V1 if form == "jwt_vp" else V2], "type": ["VerifiablePresentation"], "holder": HOLDER}
    document |= {"verifiableCredential": entries, **members}
    if form in EMBEDDED:
        options = {"proof_purpose": "authentication", "challenge": NONCE, "domain": AUDIENCE, "created": NOW}
        return text(secure(document, form, name="holder", **options))
    claims = {"nonce": NONCE, "aud": AUDIENCE, "iat": int(NOW.timestamp())}
    if form == "jwt_vp":
        return signed({"typ": "JWT"}, {"iss": HOLDER, **claims, "vp": document}, name="holder")
    return signed({"typ": form}, document | claims, name="holder") + (b"~" if form == "vp+sd-jwt" else b"")


FORMS: Final = ("eddsa-jcs-2022", "jwt_vp", "vp+jwt", "vp+sd-jwt")


# Every credential is verified


@pytest.mark.parametrize("form", PRESENTATION_KINDS)
def test_every_kind_of_credential_in_every_kind_of_presentation(form: str) -> None:
    credentials = ALL if form != "jwt_vp" else ALL[:-1]
    result = verdict_on_presentation(presentation(form, credentials))
    assert result.problems == ()
    alone = [verdict(each) for each in credentials]
    assert [each.checks for each in result.of_credentials] == [each.checks for each in alone]
    assert [each.securing for each in result.of_credentials] == [each.securing for each in alone]
    assert result.presentation.credentials == tuple(each.credential for each in alone)
    found = [each.claims for each in result.presentation.credentials]
    assert found == [each.credential.claims for each in alone]


@pytest.mark.parametrize("form", FORMS)
def test_an_unsigned_credential_in_a_signed_presentation(form: str) -> None:
    """Whoever signs a presentation does not vouch for what is in it."""
    unsigned = claims_of("vc+jwt")
    for entry in (unsigned, unsigned | {"proof": []}, unsigned | {"proof": {}}, unsigned | {"proof": None}):
        result = verdict_on_presentation(holding(entry, form=form))
        assert result.verdict is Verdict.REJECTED
        assert codes(result) <= {"PARSING_ERROR", "PROOF_VERIFICATION_ERROR"}
        assert {problem.at.split("/")[2] for problem in result.problems} == {"0"}


@pytest.mark.parametrize("form", FORMS)
def test_one_bad_credential_of_ten(form: str) -> None:
    good, bad = credential("vc+jwt"), credential("vc+jwt", name="stranger")
    entries: list[Any] = [_entry(good, form) for _ in range(10)]
    entries[6] = _entry(bad, form)
    result = verdict_on_presentation(holding(*entries, form=form))
    assert result.verdict is Verdict.REJECTED
    assert [(problem.code, problem.at) for problem in result.problems] == [
        ("ISSUER_MISMATCH", "/verifiableCredential/6/issuer")
    ]
    assert [bool(each) for each in result.of_credentials] == [position != 6 for position in range(10)]
    assert codes(result.of_credentials[6]) == {"ISSUER_MISMATCH"}
    with pytest.raises(VerificationError) as caught:
        _ = result.presentation
    assert caught.value.result is result
    for each in result.of_credentials:
        with pytest.raises(VerificationError):
            _ = each.credential
        assert (each.issuer, each.valid_from, each.valid_until) == (None, None, None)
    assert "2026-01-15" not in json.dumps(result.to_json())


def _entry(data: bytes, form: str) -> Any:
    kind = "vc+jwt"
    if form == "jwt_vp":
        return data.decode()
    return {"@context": V2, "id": data_url(data, kind), "type": "EnvelopedVerifiableCredential"}


@pytest.mark.parametrize("position", [0, 1, 2])
def test_one_credential_for_which_something_is_missing(position: int) -> None:
    """It leaves the verdict open; a conclusive problem of another does not."""
    entry = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://status.example/1",
    }
    credentials = [credential("vc+jwt")] * 3
    credentials[position] = credential("vc+jwt", claims_of("vc+jwt") | {"credentialStatus": entry})
    result = verdict_on_presentation(presentation("vp+jwt", credentials))
    assert result.verdict is Verdict.UNDECIDED
    assert [problem.at.split("/")[2] for problem in result.problems] == [str(position)]
    [binding] = [check for check in result.checks if check.check == "holder binding"]
    assert (binding.outcome, binding.because) == (Outcome.NOT_CHECKED, "not every credential is verified")
    credentials.append(credential("vc+jwt", name="stranger"))
    assert verdict_on_presentation(presentation("vp+jwt", credentials)).verdict is Verdict.REJECTED


def test_the_policy_for_credentials_is_that_of_verify() -> None:
    data = presentation("vp+jwt", [credential("vc+jwt")])
    nobody = Policy(accepted_issuers=frozenset({STRANGER}))
    assert codes(verdict_on_presentation(data, credentials=nobody)) == {"UNACCEPTED_ISSUER"}
    later = claims_of("vc+jwt") | {"validUntil": "2026-01-30T00:00:00Z"}
    expired = presentation("vp+jwt", [credential("vc+jwt", later)])
    result = verdict_on_presentation(expired)
    assert [(each.code, each.at) for each in result.problems] == [("EXPIRED", "/verifiableCredential/0/validUntil")]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "entry",
    [None, True, 7, "", "x", "a.b.c", "{}", " {}", '{"proof":{}}', [], {}, [[]], {"id": "urn:x"}, "ā", "data:,x"],
    ids=repr,
)
def test_what_is_no_credential(form: str, entry: Any) -> None:
    for entries in ([entry], entry):
        if entries == []:
            continue  # no credentials at all
        result = verdict_on_presentation(holding_as(entries, form))
        assert result.verdict is Verdict.REJECTED
        assert codes(result) <= {"PARSING_ERROR", "TOKEN_TYPE_ERROR"}
        assert all(problem.at.startswith("/verifiableCredential") for problem in result.problems)


@pytest.mark.parametrize("form", FORMS)
def test_a_presentation_is_no_credential(form: str) -> None:
    inner = presentation(form, [credential("vc+jwt")])
    entry = json.loads(inner) if form in EMBEDDED else inner.decode()
    result = verdict_on_presentation(holding(entry, form=form))
    assert result.verdict is Verdict.REJECTED
    assert codes(result) & {"TOKEN_TYPE_ERROR", "MALFORMED_VALUE_ERROR"}


def test_one_credential_that_is_not_in_a_list() -> None:
    for entry in (credential("vc+jwt").decode(), json.loads(credential("eddsa-jcs-2022"))):
        result = verdict_on_presentation(holding_as(entry))
        assert result.problems == ()
        assert len(result.presentation.credentials) == 1


def test_more_credentials_than_the_limit() -> None:
    limits = Limits(credentials=2)
    policy = Policy(accepted_issuers=frozenset({ISSUER}), limits=limits)
    for count in (2, 3, 50):
        data = presentation("vp+jwt", [credential("vc+jwt")] * count)
        result = verdict_on_presentation(data, credentials=policy)
        assert codes(result) == (set() if count == 2 else {"TOO_MANY_CREDENTIALS"})
        assert len(result.of_credentials) == (2 if count == 2 else 0), "none of them costs anything"


def test_a_member_that_hides_credentials_elsewhere() -> None:
    """Only the credentials of the presentation are seen, and only they are said to be verified."""
    thief = credential("vc+jwt", name="stranger").decode()
    for name in ("VerifiableCredential", "verifiableCredentials", "vc:verifiableCredential", "credential"):
        data = holding(credential("vc+jwt").decode(), **{name: [thief]})
        assert len(verdict_on_presentation(data).presentation.credentials) == 1


def test_a_member_that_stands_twice() -> None:
    data = holding(credential("vc+jwt").decode())
    payload = text(payload_of(data))
    doubled = payload[:-1] + b',"verifiableCredential":[]}'
    assert codes(verdict_on_presentation(signed({"typ": "vp+jwt"}, doubled, name="holder"))) == {"PARSING_ERROR"}


# The form of a presentation


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("types", [None, "", [], "VerifiableCredential", ["x"], {}, 7, ["VerifiablePresentation", 7]])
def test_the_type(form: str, types: Any) -> None:
    result = verdict_on_presentation(holding(type=types, form=form))
    assert "MALFORMED_VALUE_ERROR" in codes(result)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("contexts", [None, [], [[]], {}, ["https://x.example"], "https://x.example", 7])
def test_the_contexts(form: str, contexts: Any) -> None:
    result = verdict_on_presentation(holding(**{"@context": contexts}, form=form))
    assert result.verdict is Verdict.REJECTED
    assert codes(result) & {"MALFORMED_VALUE_ERROR", "UNKNOWN_CONTEXT", "PROOF_TRANSFORMATION_ERROR"}


@pytest.mark.parametrize("form", FORMS)
def test_contexts_that_nobody_knows(form: str) -> None:
    base = V1 if form == "jwt_vp" else V2
    for contexts in ([base, "https://unknown.example"], [base, {}], [base, {"holder": "urn:x:y"}], [base, base]):
        result = verdict_on_presentation(holding(**{"@context": contexts}, form=form))
        assert codes(result) & {"UNKNOWN_CONTEXT", "MALFORMED_VALUE_ERROR"}
    inside = holding(form=form, termsOfUse={"type": "urn:x:y", "@context": {}})
    assert codes(verdict_on_presentation(inside)) == {"UNKNOWN_CONTEXT"}


@pytest.mark.parametrize("form", ["vp+jwt", "vp+sd-jwt"])
def test_these_present_data_model_2(form: str) -> None:
    assert codes(verdict_on_presentation(holding(**{"@context": [V1]}, form=form))) == {"TOKEN_CLAIMS_ERROR"}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("holder", ["", "me", 7, [], {}, {"id": "me"}, {"id": None}, [HOLDER], "did key:x"])
def test_the_holder_is_a_url(form: str, holder: Any) -> None:
    result = verdict_on_presentation(holding(holder=holder, form=form))
    assert "MALFORMED_VALUE_ERROR" in codes(result)
    assert result.verdict is Verdict.REJECTED


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("identifier", ["", "me", 7, [], {}, None])
def test_the_identifier_is_a_url(form: str, identifier: Any) -> None:
    assert "MALFORMED_VALUE_ERROR" in codes(verdict_on_presentation(holding(id=identifier, form=form)))


def test_claims_of_a_token_agree_with_the_presentation() -> None:
    named = {"id": "urn:uuid:1"}
    assert verdict_on_presentation(holding(form="jwt_vp", **named))
    for form in ("jwt_vp", "vp+jwt", "vp+sd-jwt"):
        for claims, expected in (
            ({"iss": HOLDER, "jti": "urn:uuid:1"}, set()),
            ({"iss": STRANGER}, {"TOKEN_CLAIMS_ERROR"}),
            ({"jti": "urn:uuid:2"}, {"TOKEN_CLAIMS_ERROR"}),
            ({"iss": [HOLDER]}, {"TOKEN_CLAIMS_ERROR"}),
        ):
            data = resigned(
                holding(form=form, **named), lambda payload, claims=claims: payload.update(claims), name="holder"
            )
            assert codes(verdict_on_presentation(data)) == expected, (form, claims)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"null", b"x", b"\xd2", b"\x84", b"~", b"a~", b"...", b"{" * 99])
def test_what_is_no_presentation(data: bytes) -> None:
    result = verdict_on_presentation(data)
    assert result.verdict is Verdict.REJECTED
    assert result.of_credentials == ()
    assert not is_presentation(data, policy=POLICY)


def test_a_credential_is_no_presentation() -> None:
    for data in ALL:
        assert not verdict_on_presentation(data)
        assert not is_presentation(data, policy=POLICY)
    for form in PRESENTATION_KINDS:
        assert is_presentation(presentation(form, []), policy=POLICY)
    assert is_presentation(bound(credential("dc+sd-jwt")), policy=POLICY)
    assert is_presentation(text({"type": "VerifiablePresentation"}), policy=POLICY)


def test_a_document_of_both_types_is_of_one_purpose() -> None:
    """It could be read as either; but a proof is for one purpose, and that is the one of either."""
    both = claims_of("vc+jwt") | {"type": ["VerifiableCredential", "VerifiablePresentation"], "holder": ISSUER}
    as_credential = text(secure(both, "eddsa-jcs-2022", challenge=NONCE, domain=AUDIENCE, created=NOW))
    assert verdict(as_credential)
    assert codes(verdict_on_presentation(as_credential)) == {"PROOF_VERIFICATION_ERROR"}
    options = {"proof_purpose": "authentication", "challenge": NONCE, "domain": AUDIENCE, "created": NOW}
    as_presentation = text(secure(both, "eddsa-jcs-2022", **options))
    assert verdict_on_presentation(as_presentation).holder == ISSUER
    assert codes(verdict(as_presentation)) == {"PROOF_VERIFICATION_ERROR"}


# Who holds the credentials has signed


def unsigned(*entries: Any, **members: Any) -> bytes:
    return text({"@context": [V2], "type": "VerifiablePresentation", "verifiableCredential": list(entries), **members})


def test_an_unsigned_presentation() -> None:
    data = unsigned(json.loads(credential("eddsa-jcs-2022")), holder=HOLDER)
    for rule in ("subject", "cnf", "subject or cnf", "bearer"):
        for expectation in ({}, {"nonce": None, "audience": None}):
            result = verdict_on_presentation(data, holder_binding=rule, **expectation)
            assert codes(result) == {"PARSING_ERROR"}
            assert [problem.at for problem in result.problems] == ["/proof"]


OPEN: Final = {"allow_unsigned_presentation": True, "holder_binding": "bearer", "nonce": None, "audience": None}


def test_an_unsigned_presentation_that_the_policy_allows() -> None:
    data = unsigned(json.loads(credential("eddsa-jcs-2022")))
    result = verdict_on_presentation(data, **OPEN)
    assert result.problems == ()
    assert result.securing is None
    assert result.presentation.proven_by == ()
    assert result.holder is None
    assert len(result.presentation.credentials) == 1
    signature = {check.check: check.outcome for check in result.checks}
    for name in ("proof", "holder control", "signature", "holder binding", "nonce"):
        assert signature[name] is Outcome.NOT_CHECKED
    forged = json.loads(credential("eddsa-jcs-2022")) | {"validUntil": "2039-01-01T00:00:00Z"}
    assert codes(verdict_on_presentation(unsigned(forged), **OPEN)) == {"PROOF_VERIFICATION_ERROR"}


@pytest.mark.parametrize("proof", [[], {}, None, "", [{}], {"type": "DataIntegrityProof"}])
def test_a_proof_that_is_there_counts(proof: Any) -> None:
    """Whoever breaks a proof does not make the presentation one that has none."""
    data = unsigned(json.loads(credential("eddsa-jcs-2022")), proof=proof)
    assert not verdict_on_presentation(data, **OPEN)


def test_a_signed_presentation_is_checked_where_unsigned_ones_are_allowed() -> None:
    for form in PRESENTATION_KINDS:
        data = presentation(form, [credential("vc+jwt")])
        assert verdict_on_presentation(data, **OPEN).holder == HOLDER
        if form in EMBEDDED:
            document = json.loads(data)
            document["proof"]["created"] = "2026-01-31T12:00:01Z"
            data = text(document)
        else:
            data = data[:-3] + b"AA~" if form == "vp+sd-jwt" else data[:-3] + b"AAA"
        assert not verdict_on_presentation(data, **OPEN)


@pytest.mark.parametrize("form", ["jwt_vp", "vp+jwt"])
def test_a_token_without_a_signature_is_none(form: str) -> None:
    header, payload, signature = presentation(form, []).split(b".")
    for data in (b".".join((header, payload, b"")), b".".join((header, payload)), header + b"." + payload + b".AA"):
        assert not verdict_on_presentation(data, **OPEN)
    assert signature
    none = signed({"alg": "none", "typ": "JWT" if form == "jwt_vp" else form}, payload_of(presentation(form, [])))
    assert codes(verdict_on_presentation(none.rpartition(b".")[0] + b".", **OPEN)) == {"TOKEN_HEADER_ERROR"}


# Selective disclosure


def test_a_presentation_as_sd_jwt_may_have_lost_credentials_on_the_way() -> None:
    """Whoever carries it can leave disclosures out, as with every SD-JWT. What is left is what was signed."""
    entries = [Disclosure(None, _entry(credential("vc+jwt"), "vp+jwt")).text() for _ in range(2)]
    hidden = [{"...": digest(entry.encode(), "sha-256")} for entry in entries]
    jwt = holding_as(hidden, "vp+sd-jwt")
    for shown in (entries, entries[:1], entries[1:], []):
        data = jwt + b"".join(entry.encode() + b"~" for entry in shown)
        result = verdict_on_presentation(data)
        assert result.problems == ()
        assert len(result.presentation.credentials) == len(shown)


def test_a_credential_with_what_was_selected() -> None:
    whole = credential("dc+sd-jwt", disclosable={"/title", "/credits"})
    shown = sd_jwt.select(whole, disclose=["/title"], limits=Limits())
    result = verdict_on_presentation(bound(shown))
    assert "credits" not in result.presentation.credentials[0].claims
    assert result.presentation.credentials[0].claims["title"] == "Datu ētika"


# Presenting


def test_what_present_refuses() -> None:
    securing, created = VPJWT(nonce=NONCE, audience=AUDIENCE), NOW
    for credentials, mechanism, error in (
        ([b""], securing, ParsingError),
        ([b"x"], securing, ParsingError),
        ([text(claims_of("vc+jwt"))], securing, ProofGenerationError),
        ([presentation("vp+jwt", [])], securing, ProofGenerationError),
        ([bound(credential("vc+sd-jwt"))], securing, ProofGenerationError),
        ([credential("vc+cose")], JWTVP(nonce=NONCE, audience=AUDIENCE), ProofGenerationError),
        ([credential("vc+jwt")] * 101, securing, ProofGenerationError),
        ([], JWTVC(), ProofGenerationError),
        ([], SDJWTVC(), ProofGenerationError),
        ([], DataIntegrity(cryptosuite="eddsa-jcs-2022"), ProofGenerationError),
        ([credential("vc+jwt")], VPJWT(nonce=NONCE, audience=AUDIENCE, limits=Limits(document_bytes=9)), LimitExceeded),
    ):
        with pytest.raises(error):
            present(credentials, signer=HOLDER_SIGNER, securing=mechanism, created=created)
    for holder in ("me", " ", "did key:x"):
        with pytest.raises(ProofGenerationError):
            present([], signer=HOLDER_SIGNER, securing=securing, created=created, holder=holder)
    with pytest.raises(ProofGenerationError):
        present([], signer=HOLDER_SIGNER, securing=securing, created=created, presentation_id="me")
    with pytest.raises(ProofGenerationError):
        present(
            [], signer=signer_of("holder", "Ed25519", f"{STRANGER}#{STRANGER[8:]}"), securing=securing, created=created
        )


def test_a_presentation_with_an_identifier() -> None:
    for form in PRESENTATION_KINDS:
        assert verdict_on_presentation(presentation(form, [], presentation_id="urn:uuid:1"))


# The call itself


def test_wrong_arguments_are_raised() -> None:
    data = presentation("vp+jwt", [])
    rules = PresentationPolicy(credentials=POLICY, nonce=None, audience=None, holder_binding="bearer")
    for wrong in (data.decode(), bytearray(data), memoryview(data), None, {}):
        with pytest.raises(TypeError):
            verdict_on_presentation(wrong)  # type: ignore[arg-type]  # which is what is tested
    with pytest.raises(ValueError, match="time zone"):
        verdict_on_presentation(data, now=NOW.replace(tzinfo=None))
    with pytest.raises(TypeError):
        verify_presentation(data, resolver=None, status=None, policy=rules, now=NOW)  # type: ignore[call-arg,arg-type]


def test_one_nonce_for_many_is_not_a_matter_of_the_bytes() -> None:
    """Two presentations that differ in white space are the same occasion."""
    store, document = MemoryNonces(), json.loads(presentation("eddsa-jcs-2022", []))
    assert verdict_on_presentation(text(document), nonces=store)
    spaced = json.dumps(document, indent=1).encode()
    assert codes(verdict_on_presentation(spaced, nonces=store)) == {"NONCE_SPENT_ERROR"}
