"""What a token says twice: one test for each pair, equal, different, and on one side only."""

import json
from typing import Any

import pytest

from did import PrivateKey
from vc_core import Limits, LocalSigner
from vc_core.securing.jose import write_jws
from vc_core.securing.vc_jwt import JWT_PROFILES, problems_of_claims, read

SIGNER = LocalSigner.of_did_key(PrivateKey("Ed25519", bytes(range(32))))
KID = SIGNER.verification_method
ISSUER, SUBJECT, OTHER, ID = "did:example:issuer", "did:example:subject", "did:example:other", "urn:uuid:1"
FROM, UNTIL = "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"
NBF, EXP = 1767225600, 1798761600
KINDS = ("jwt_vc", "vc+jwt")


def places(kind: str, payload: dict[str, Any], document: dict[str, Any]) -> list[str]:
    """Where the problems are, of a token with these claims that secures this document."""
    typ = kind if "+" in kind else "JWT"
    whole = {**payload, kind[4:]: document} if typ == "JWT" else {**document, **payload}
    text = write_jws({"typ": typ, "kid": KID}, json.dumps(whole).encode(), signer=SIGNER)
    token = read(text, limits=Limits())
    assert token.securing == kind
    problems = problems_of_claims(token, JWT_PROFILES["general"])
    assert {problem.code for problem in problems} <= {"TOKEN_CLAIMS_ERROR"}
    assert all(problem.detail.isprintable() and len(problem.detail) < 400 for problem in problems)
    assert not any(problem.missing for problem in problems)
    return [problem.at for problem in problems]


def differs(kind: str, claim: str, value: Any, document: dict[str, Any]) -> bool:
    """Whether the claim beside the right `iss` is the one problem of the token; there is no other."""
    payload = {"iss": ISSUER, claim: value}
    found = places(kind, payload, {"issuer": ISSUER, **document})
    assert found in ([], [f"/{claim}"])
    return bool(found)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("issuer", [ISSUER, {"id": ISSUER}, {"id": ISSUER, "name": "University"}])
def test_iss_and_issuer(kind: str, issuer: Any) -> None:
    assert places(kind, {"iss": ISSUER}, {"issuer": issuer}) == []
    assert places(kind, {"iss": OTHER}, {"issuer": issuer}) == ["/iss"]
    assert places(kind, {"iss": ISSUER + "/"}, {"issuer": issuer}) == ["/iss"]
    assert places(kind, {"iss": ISSUER.upper()}, {"issuer": issuer}) == ["/iss"]
    assert places(kind, {"iss": [ISSUER]}, {"issuer": issuer}) == ["/iss", "/iss"]


def test_iss_alone_and_issuer_alone() -> None:
    for kind in KINDS:
        assert places(kind, {"iss": ISSUER}, {}) == []
        assert places(kind, {"iss": ISSUER}, {"issuer": {"name": "University"}}) == []
    assert places("jwt_vc", {}, {"issuer": ISSUER}) == ["/iss"]  # required there
    assert places("vc+jwt", {}, {"issuer": ISSUER}) == []


@pytest.mark.parametrize("kind", ["jwt_vp", "vp+jwt"])
def test_iss_and_holder(kind: str) -> None:
    assert places(kind, {"iss": ISSUER}, {"holder": ISSUER}) == []
    assert places(kind, {"iss": ISSUER}, {"holder": {"id": ISSUER}}) == []
    assert places(kind, {"iss": OTHER}, {"holder": ISSUER}) == ["/iss"]
    assert places(kind, {"iss": OTHER}, {"holder": {"id": ISSUER}}) == ["/iss"]
    assert places(kind, {"iss": ISSUER}, {}) == []
    assert places(kind, {"iss": ISSUER}, {"issuer": OTHER}) == []  # a presentation has no issuer
    assert places(kind, {}, {"holder": ISSUER}) == (["/iss"] if kind == "jwt_vp" else [])


@pytest.mark.parametrize("kind", [*KINDS, "jwt_vp", "vp+jwt"])
def test_jti_and_id(kind: str) -> None:
    payload = {"iss": ISSUER}
    assert places(kind, {**payload, "jti": ID}, {"id": ID}) == []
    assert places(kind, {**payload, "jti": "urn:uuid:2"}, {"id": ID}) == ["/jti"]
    assert places(kind, {**payload, "jti": ID}, {}) == []
    assert places(kind, payload, {"id": ID}) == []
    assert places(kind, {**payload, "jti": 1}, {}) == ["/jti"]
    assert places(kind, {**payload, "jti": None}, {"id": None}) == ["/jti"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("sub", "subject", "is_wrong"),
    [
        pytest.param(SUBJECT, {"id": SUBJECT}, False, id="the same"),
        pytest.param(OTHER, {"id": SUBJECT}, True, id="another"),
        pytest.param(SUBJECT, {"name": "Zane"}, False, id="sub only"),
        pytest.param(SUBJECT, None, False, id="no subject"),
        pytest.param(SUBJECT, [{"id": SUBJECT}], False, id="the only one"),
        pytest.param(OTHER, [{"id": SUBJECT}], True, id="not the only one"),
        pytest.param(SUBJECT, [{"id": OTHER}, {"id": SUBJECT}], False, id="one of two"),
        pytest.param("did:example:third", [{"id": OTHER}, {"id": SUBJECT}], True, id="none of two"),
        pytest.param(SUBJECT, [{"name": "Zane"}, {"id": SUBJECT}], False, id="the one with an identifier"),
        pytest.param(OTHER, [{"name": "Zane"}, {"id": SUBJECT}], True, id="not the one with an identifier"),
        pytest.param(SUBJECT, [{"name": "Zane"}], False, id="one without an identifier"),
        pytest.param(SUBJECT, [{"name": "Zane"}, {"name": "Jonas"}], True, id="nobody knows which"),
        pytest.param(SUBJECT, [], False, id="an empty list"),
        pytest.param(7, {"id": 7}, True, id="a number"),
    ],
)
def test_sub_and_subject(kind: str, sub: Any, subject: Any, is_wrong: bool) -> None:
    assert differs(kind, "sub", sub, {} if subject is None else {"credentialSubject": subject}) is is_wrong


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("subject", [{"id": SUBJECT}, [{"id": SUBJECT}], [{"id": SUBJECT}, {"id": OTHER}], {}])
def test_subject_alone(kind: str, subject: Any) -> None:
    assert places(kind, {"iss": ISSUER}, {"issuer": ISSUER, "credentialSubject": subject}) == []


def test_a_presentation_has_no_subject() -> None:
    for kind in ("jwt_vp", "vp+jwt"):
        assert places(kind, {"iss": ISSUER, "sub": ISSUER}, {"holder": ISSUER}) == []


@pytest.mark.parametrize(
    ("claim", "member", "value", "text"),
    [("nbf", "issuanceDate", NBF, FROM), ("nbf", "validFrom", NBF, FROM), ("exp", "expirationDate", EXP, UNTIL)],
)
def test_the_times_of_a_credential_in_a_claim(claim: str, member: str, value: int, text: str) -> None:
    assert not differs("jwt_vc", claim, value, {member: text})
    assert not differs("jwt_vc", claim, float(value), {member: text})
    assert not differs("jwt_vc", claim, value, {member: text.replace("Z", ".000Z")})
    assert not differs("jwt_vc", claim, value, {member: text.replace("T00:00:00Z", "T02:00:00+02:00")})
    assert not differs("jwt_vc", claim, value, {member: text.replace("Z", ".75Z")})  # cut to the second
    assert not differs("jwt_vc", claim, value + 0.75, {member: text.replace("Z", ".75Z")})
    for wrong in (value + 1, value - 1, value + 0.5, value * 1000, 0, -value, text, str(value), None, True, [value]):
        assert differs("jwt_vc", claim, wrong, {member: text}), wrong
    for wrong in ("", "yesterday", text[:10], text[:-1], value, None):
        assert differs("jwt_vc", claim, value, {member: wrong}), wrong


def test_truth_is_no_number() -> None:
    second = "1970-01-01T00:00:01Z"
    assert not differs("jwt_vc", "nbf", 1, {"issuanceDate": second})
    assert differs("jwt_vc", "nbf", True, {"issuanceDate": second})


def test_one_time_alone() -> None:
    assert not differs("jwt_vc", "nbf", NBF, {})
    assert not differs("jwt_vc", "exp", EXP, {})
    alone = {"issuer": ISSUER, "issuanceDate": FROM, "validFrom": FROM, "expirationDate": UNTIL}
    assert places("jwt_vc", {"iss": ISSUER}, alone) == []


def test_nbf_is_the_issuance_date_where_there_is_one() -> None:
    assert not differs("jwt_vc", "nbf", NBF, {"issuanceDate": FROM, "validFrom": UNTIL})
    assert differs("jwt_vc", "nbf", NBF, {"issuanceDate": UNTIL, "validFrom": FROM})


@pytest.mark.parametrize(("claim", "member"), [("iat", "issuanceDate"), ("iat", "issued"), ("exp", "validUntil")])
def test_what_is_no_pair(claim: str, member: str) -> None:
    assert not differs("jwt_vc", claim, NBF, {member: UNTIL})


def test_the_times_of_other_tokens_are_their_own() -> None:
    """Of a token whose payload is the document, and of a presentation (VC-JOSE-COSE, section 3.1.3)."""
    times = {"nbf": 1, "iat": 2, "exp": 3}
    dates = {"issuanceDate": FROM, "validFrom": FROM, "expirationDate": UNTIL, "validUntil": UNTIL}
    assert places("vc+jwt", {"iss": ISSUER, **times}, {"issuer": ISSUER, **dates}) == []
    assert places("vp+jwt", {"iss": ISSUER, **times}, {"holder": ISSUER, **dates}) == []
    assert places("jwt_vp", {"iss": ISSUER, **times}, {"holder": ISSUER, **dates}) == []


@pytest.mark.parametrize("kind", ["vc+jwt", "vp+jwt"])
def test_an_iat_in_text(kind: str) -> None:
    assert places(kind, {"iat": FROM}, {}) == []
    assert places(kind, {"iat": NBF}, {}) == []
    assert places(kind, {"iat": "yesterday"}, {}) == ["/iat"]
    assert places(kind, {"iat": FROM[:-1]}, {}) == ["/iat"]


def test_every_problem_is_found() -> None:
    payload = {"iss": OTHER, "sub": OTHER, "jti": OTHER, "nbf": 1, "exp": 2}
    credential = {
        "issuer": ISSUER,
        "id": ID,
        "credentialSubject": {"id": SUBJECT},
        "issuanceDate": FROM,
        "expirationDate": UNTIL,
    }
    assert places("jwt_vc", payload, credential) == ["/iss", "/jti", "/sub", "/nbf", "/exp"]


def test_other_kinds_of_tokens() -> None:
    """The claims of an SD-JWT VC say nothing twice; an SD-JWT of the data model does."""
    text = write_jws(
        {"typ": "vc+jwt", "kid": KID}, json.dumps({"iss": OTHER, "issuer": ISSUER}).encode(), signer=SIGNER
    )
    token = read(text, limits=Limits())
    for kind, count in (("dc+sd-jwt", 0), ("vc+cose", 1), ("vp+cose", 0), ("vc+sd-jwt", 1)):
        assert len(problems_of_claims(token._replace(securing=kind), JWT_PROFILES["general"])) == count
    holder = token._replace(securing="vp+sd-jwt", claims={"holder": ISSUER})
    assert [problem.at for problem in problems_of_claims(holder, JWT_PROFILES["EBSI"])] == ["/iss"]


def test_a_token_whose_document_is_not_in_its_place() -> None:
    """No reader gives such a token."""
    text = write_jws({"typ": "vc+jwt", "kid": KID}, b"{}", signer=SIGNER)
    token = read(text, limits=Limits())._replace(securing="jwt_vc", payload={"iss": ISSUER, "vc": []})
    assert [problem.at for problem in problems_of_claims(token, JWT_PROFILES["general"])] == ["/vc"]


def test_the_table_of_profiles_cannot_be_changed() -> None:
    assert list(JWT_PROFILES) == ["general", "EBSI", "EBSI registry"]
    assert all(profile.name == name for name, profile in JWT_PROFILES.items())
    with pytest.raises(TypeError):
        JWT_PROFILES["none"] = JWT_PROFILES["general"]  # type: ignore[index]
    with pytest.raises(TypeError):
        JWT_PROFILES["general"].times["nbf"] = ()  # type: ignore[index]
