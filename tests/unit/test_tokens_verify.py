"""Tokens before `verify`: whose key it is, what has to agree, when it is valid, and what a policy asks of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Container
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from did import StaticResolver
from vc_core import Evidence, Limits, Outcome, Policy, Verdict, VerificationError, verify
from vc_core.securing.cose.sign1 import write_sign1
from vc_core.securing.sd_jwt.disclosure import Disclosure, digest
from vectors.making.credentials import Claims, text
from vectors.making.keys import private_key, signer_of
from vectors.making.tokens import (
    AUDIENCE,
    CREDENTIAL_KINDS,
    EMBEDDED,
    HOLDER,
    ISSUER,
    NONCE,
    NOW,
    SD_JWT_KINDS,
    STRANGER,
    TYPE,
    bound,
    claims_of,
    codes,
    credential,
    header_of,
    payload_of,
    resigned,
    signed,
    verdict,
)

TOKENS: Final = [kind for kind in CREDENTIAL_KINDS if kind not in EMBEDDED]
COMPACT: Final = [kind for kind in TOKENS if kind != "vc+cose"]
SECOND: Final = timedelta(seconds=1)
SKEW: Final = timedelta(seconds=60)
EARLIER: Final = NOW - timedelta(days=1)
SECONDS: Final = int(NOW.timestamp())


def seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def as_cose(claims: Claims, cwt_claims: dict[int, Any] | None = None, **header: Any) -> bytes:
    """A vc+cose with these claims and CWT claims; `header` has the parameters to put in place."""
    signer = signer_of("issuer", "Ed25519")
    parameters: dict[int, Any] = {1: -8, 3: "application/vc", 4: signer.verification_method.encode()}
    parameters |= {16: "application/vc+cose", **({15: cwt_claims} if cwt_claims else {})}
    parameters |= {{"kid": 4}[name]: value for name, value in header.items()}
    return write_sign1(parameters, text(claims), signer=signer)


# What a credential hands out


@pytest.mark.parametrize("kind", TOKENS)
def test_what_is_verified_is_handed_out(kind: str) -> None:
    result = verdict(credential(kind))
    assert result.problems == ()
    assert result.securing == kind
    assert result.issuer == ISSUER
    found = result.credential
    claims = claims_of(kind)
    assert found.types == ((TYPE,) if kind == "dc+sd-jwt" else ("VerifiableCredential",))
    assert {name: found.claims[name] for name in claims} == claims
    assert found.valid_from == (None if kind == "dc+sd-jwt" else "2026-01-15T09:30:00Z")
    assert found.valid_until is None
    [method] = found.proven_by
    assert (method.securing, method.controller) == (kind, ISSUER)
    assert (found.cnf is not None) is (kind in SD_JWT_KINDS)
    found.claims.clear()
    assert found.claims, "the claims are a fresh copy each time"


@pytest.mark.parametrize("kind", TOKENS)
def test_of_what_is_not_verified_nothing_is_handed_out(kind: str) -> None:
    result = verdict(credential(kind), accepted_issuers=frozenset({STRANGER}))
    assert codes(result) == {"UNACCEPTED_ISSUER"}
    with pytest.raises(VerificationError):
        _ = result.credential
    printed = json.dumps(result.to_json())
    assert "2026-01-15" not in printed
    assert HOLDER not in printed


def test_the_period_is_that_of_the_credential_and_of_its_token() -> None:
    end = NOW + timedelta(days=1)
    assert verdict(credential("vc+jwt", expires=end)).valid_until == "2026-02-01T12:00:00Z"
    assert verdict(credential("dc+sd-jwt", expires=end)).valid_until == "2026-02-01T12:00:00Z"
    assert verdict(credential("vc+cose", expires=end)).valid_until == "2026-02-01T12:00:00Z"
    for until, expected in (
        ("2030-01-01T00:00:00Z", "2026-02-01T12:00:00Z"),
        ("2026-02-01T11:00:00Z", "2026-02-01T11:00:00Z"),
    ):
        claims = claims_of("vc+jwt") | {"validUntil": until}
        assert verdict(credential("vc+jwt", claims, expires=end)).valid_until == expected, "both have to be valid"


# Whose key it is


@pytest.mark.parametrize("kind", TOKENS)
def test_a_key_of_somebody_else_in_the_issuers_name(kind: str) -> None:
    data = credential(kind, name="stranger")
    assert codes(verdict(data)) == {"ISSUER_MISMATCH"}
    assert verdict(data, require_issuer_control=False), "the caller may not ask whose key signed"


def method(did: str, fragment: str, name: str, **members: Any) -> Claims:
    multikey = private_key(name, "Ed25519").public_key.multikey
    return {"id": f"{did}#{fragment}", "type": "Multikey", "controller": did, "publicKeyMultibase": multikey} | members


def document(did: str, *methods: Claims, authorised: list[str] | None = None) -> Claims:
    return {
        "id": did,
        "verificationMethod": list(methods),
        "assertionMethod": [each["id"] for each in methods] if authorised is None else authorised,
    }


A, B = "did:example:a", "did:example:b"


def by(did: str, kind: str = "vc+jwt") -> Claims:
    return claims_of(kind) | {"iss" if kind == "dc+sd-jwt" else "issuer": did}


def token_of(kind: str, issuer: str, kid: str | None, **claims: Any) -> bytes:
    """A token in the name of `issuer`, signed with the key of "issuer", with any `kid`."""
    payload = by(issuer, kind)
    if kind == "jwt_vc":
        payload = {"iss": issuer, "vc": payload}
    header = {"typ": "JWT" if kind == "jwt_vc" else kind, "kid": kid}
    return signed(header, payload | claims) + (b"~" if kind in SD_JWT_KINDS else b"")


def judged(data: bytes, resolver: StaticResolver) -> set[str]:
    return codes(verdict(data, resolver=resolver, accepted_issuers=frozenset({A, B})))


@pytest.mark.parametrize("kind", COMPACT)
def test_where_the_key_is(kind: str) -> None:
    """`kid` is an absolute URL of a key in the document of the issuer, and nothing else will do."""
    own = StaticResolver({A: document(A, method(A, "k", "issuer")), B: document(B, method(B, "k", "issuer"))})
    assert judged(token_of(kind, A, f"{A}#k"), own) == set()
    # the same key in the document of another, who is accepted as well
    assert judged(token_of(kind, A, f"{B}#k"), own) == {"ISSUER_MISMATCH"}
    # no fragment, an empty one, and none at all
    for kid in (A, f"{A}#", "", None, "#"):
        assert judged(token_of(kind, A, kid), own) == {"TOKEN_HEADER_ERROR"}, kid
    for kid in (f"{A}#other", f"{A}?x=1#k", f"{A}/#k", f"{A}#K"):
        assert judged(token_of(kind, A, kid), own) & {
            "INVALID_VERIFICATION_METHOD",
            "INVALID_DID",
            "INVALID_DID_URL",
            "NOT_FOUND",
        }, kid


@pytest.mark.parametrize("kind", COMPACT)
@pytest.mark.parametrize("kid", ["k", "#k"])
def test_a_relative_kid_is_completed_by_the_claim_iss(kind: str, kid: str) -> None:
    own = StaticResolver({A: document(A, method(A, "k", "issuer")), B: document(B, method(B, "k", "issuer"))})
    assert judged(token_of(kind, A, kid, iss=A), own) == set()
    wrong = judged(token_of(kind, A, kid, iss=B), own)
    # the claim that completes the kid is not about another issuer; an SD-JWT VC has no other issuer than that
    assert wrong == (set() if kind == "dc+sd-jwt" else {"ISSUER_MISMATCH", "TOKEN_CLAIMS_ERROR"})
    for iss in (None, 7, "", "no url", "#", f"{A}#k"):
        claims = {"iss": iss} if iss is not None else {}
        if iss is None and kind in ("jwt_vc", "dc+sd-jwt"):
            continue
        assert "TOKEN_HEADER_ERROR" in judged(token_of(kind, A, kid, **claims), own), iss


def test_the_same_for_cose() -> None:
    own = StaticResolver({A: document(A, method(A, "k", "issuer")), B: document(B, method(B, "k", "issuer"))})
    assert judged(as_cose(by(A), kid=f"{A}#k".encode()), own) == set()
    assert judged(as_cose(by(A), kid=f"{B}#k".encode()), own) == {"ISSUER_MISMATCH"}
    assert judged(as_cose(by(A), {1: A}, kid=b"#k"), own) == set()
    assert "ISSUER_MISMATCH" in judged(as_cose(by(A), {1: B}, kid=b"#k"), own)
    for kid in (b"#k", b"", A.encode(), b"\xff"):
        assert judged(as_cose(by(A), kid=kid), own) == {"TOKEN_HEADER_ERROR"}, kid


@pytest.mark.parametrize("kind", COMPACT)
def test_a_document_that_lists_the_key_of_another(kind: str) -> None:
    """The document of A names B's method, by reference, by value, or with B as the controller of its own."""
    stranger = document(B, method(B, "k", "issuer"))
    resolver = StaticResolver({A: document(A, authorised=[f"{B}#k"]), B: stranger})
    assert judged(token_of(kind, A, f"{B}#k"), resolver) == {"ISSUER_MISMATCH"}
    resolver = StaticResolver({A: document(A, method(B, "k", "issuer")), B: document(B)})
    assert judged(token_of(kind, A, f"{B}#k"), resolver) & {"INVALID_VERIFICATION_METHOD", "ISSUER_MISMATCH"}
    resolver = StaticResolver({A: document(A, method(A, "k", "issuer", controller=B)), B: document(B)})
    assert judged(token_of(kind, A, f"{A}#k"), resolver) == {"INVALID_VERIFICATION_METHOD"}
    resolver = StaticResolver({A: {**document(A), "controller": B}, B: stranger})
    assert judged(token_of(kind, A, f"{B}#k"), resolver) == {"ISSUER_MISMATCH"}


@pytest.mark.parametrize("kind", COMPACT)
def test_a_key_that_is_not_in_force_or_not_at_hand(kind: str) -> None:
    data = token_of(kind, A, f"{A}#k")
    for state in ("revoked", "expires"):
        members = {state: "2026-01-30T00:00:00Z"}
        assert judged(data, StaticResolver({A: document(A, method(A, "k", "issuer", **members))})) == {
            "INVALID_VERIFICATION_METHOD"
        }
    wrong = StaticResolver({A: document(A, method(A, "k", "stranger"))})
    assert judged(data, wrong) == {"PROOF_VERIFICATION_ERROR"}
    result = verdict(data, accepted_issuers=frozenset({A}))
    assert (result.verdict, codes(result)) == (Verdict.UNDECIDED, {"NOT_FOUND"})


@pytest.mark.parametrize("alg", ["ES256", "EdDSA", "Ed25519", "ES384", "ES256K", "RS256", "none", "HS256"])
def test_the_algorithm_is_that_of_the_key(alg: str) -> None:
    """Whatever `alg` says under which the signature was made: the key takes one algorithm only."""
    header, payload = {"typ": "vc+jwt", "alg": alg}, claims_of("vc+jwt")
    result = verdict(signed(header, payload))
    assert bool(result) is (alg in {"EdDSA", "Ed25519"})
    assert codes(result) <= {"PROOF_VERIFICATION_ERROR", "TOKEN_HEADER_ERROR"}


@pytest.mark.parametrize("kind", TOKENS)
def test_the_table_of_algorithms_is_the_policys(kind: str) -> None:
    assert codes(verdict(credential(kind), algorithms={})) == {"PROOF_VERIFICATION_ERROR"}


# What a token says twice

MOMENT: Final = seconds(datetime.fromisoformat("2026-01-15T09:30:00Z"))


def changed(kind: str, **claims: Any) -> set[str]:
    """What is said of the token after these claims, None for none, were put in place and signed."""

    def change(payload: Claims) -> None:
        payload.update(claims)
        for name in [name for name, value in claims.items() if value is None]:
            del payload[name]

    return codes(verdict(resigned(credential(kind), change)))


OTHER: Final = "did:example:other"


@pytest.mark.parametrize("kind", ["jwt_vc", "vc+jwt", "vc+sd-jwt"])
def test_registered_claims_agree_with_the_credential(kind: str) -> None:
    assert changed(kind, iss=ISSUER, sub=HOLDER, jti=claims_of(kind)["id"]) == set()
    assert changed(kind, iss=OTHER) == {"TOKEN_CLAIMS_ERROR"}
    assert changed(kind, sub=OTHER) == {"TOKEN_CLAIMS_ERROR"}
    assert changed(kind, jti="urn:uuid:another") == {"TOKEN_CLAIMS_ERROR"}
    for name in ("iss", "sub", "jti"):
        for value in (7, [], {}, [HOLDER], True):
            assert "TOKEN_CLAIMS_ERROR" in changed(kind, **{name: value}), (name, value)


def test_times_agree_with_the_credential_of_data_model_1() -> None:
    assert changed("jwt_vc", nbf=MOMENT) == set()
    assert changed("jwt_vc", nbf=MOMENT + 1) == {"TOKEN_CLAIMS_ERROR"}
    assert changed("jwt_vc", nbf=MOMENT - 1) == {"TOKEN_CLAIMS_ERROR"}
    ending = claims_of("jwt_vc") | {"expirationDate": "2029-01-15T09:30:00Z"}
    end = seconds(datetime.fromisoformat("2029-01-15T09:30:00Z"))
    token = credential("jwt_vc", ending)
    assert payload_of(token)["exp"] == end
    assert verdict(token)
    for value, expected in ((end, set()), (end + 1, {"TOKEN_CLAIMS_ERROR"}), (end - 1, {"TOKEN_CLAIMS_ERROR"})):
        assert codes(verdict(resigned(token, lambda payload, value=value: payload.update(exp=value)))) == expected


def test_in_data_model_2_times_are_about_the_signature() -> None:
    """VC-JOSE-COSE, section 3.1.3: they need not be those of the credential, and both count."""
    later, earlier = SECONDS + 600, SECONDS - 600
    for kind in ("vc+jwt", "vc+sd-jwt"):
        assert changed(kind, nbf=earlier, exp=later, iat=earlier) == set()
        assert changed(kind, nbf=later) == {"NOT_YET_VALID"}
        assert changed(kind, exp=earlier) == {"EXPIRED"}
        assert changed(kind, validUntil="2026-01-30T00:00:00Z", exp=later) == {"EXPIRED"}


def test_only_one_of_two_places() -> None:
    """What only the token says of a credential of data model 1.1 is what the credential says (VCDM 1.1, 6.3.1)."""

    def strip(payload: Claims) -> None:
        for name in ("issuer", "id", "issuanceDate"):
            del payload["vc"][name]
        del payload["vc"]["credentialSubject"]["id"]
        payload["vc"]["credentialSubject"]["title"] = "Datu ētika"

    result = verdict(resigned(credential("jwt_vc"), strip))
    assert result.problems == ()
    assert result.credential.claims["credentialSubject"] == {"id": HOLDER, "title": "Datu ētika"}
    assert (result.issuer, result.valid_from) == (ISSUER, "2026-01-15T09:30:00Z")
    only_inside = resigned(credential("jwt_vc"), lambda payload: [payload.pop(name) for name in ("sub", "jti", "nbf")])
    assert verdict(only_inside)
    assert codes(verdict(resigned(credential("jwt_vc"), lambda payload: payload.pop("iss")))) == {"TOKEN_CLAIMS_ERROR"}
    for kind in ("vc+jwt", "vc+sd-jwt"):
        assert "MALFORMED_VALUE_ERROR" in changed(kind, issuer=None, iss=ISSUER), "a vc+jwt has the member itself"


def test_claims_of_a_message_in_cose_agree_with_the_credential() -> None:
    claims = claims_of("vc+cose")
    assert verdict(as_cose(claims, {1: ISSUER, 2: HOLDER, 4: SECONDS + 600, 5: SECONDS, 6: SECONDS}))
    for cwt_claims in ({1: OTHER}, {2: OTHER}, {1: STRANGER, 2: HOLDER}):
        assert codes(verdict(as_cose(claims, cwt_claims))) == {"TOKEN_CLAIMS_ERROR"}, cwt_claims
    for cwt_claims, expected in (
        ({4: SECONDS - 60}, {"EXPIRED"}),
        ({5: SECONDS + 61}, {"NOT_YET_VALID"}),
        ({6: SECONDS + 61}, {"NOT_YET_VALID"}),
    ):
        assert codes(verdict(as_cose(claims, cwt_claims))) == expected, cwt_claims


def test_a_subject_among_several() -> None:
    for subjects, accepted in (
        ([{"id": HOLDER}, {"id": STRANGER}], True),
        ([{"id": OTHER}, {"id": STRANGER}], False),
        ([{"x": 1}, {"id": HOLDER}], True),
        ([{"x": 1}, {"x": 2}], False),
    ):
        found = changed("vc+jwt", sub=HOLDER, credentialSubject=subjects)
        assert found == (set() if accepted else {"TOKEN_CLAIMS_ERROR"}), subjects


def test_both_claims_of_data_model_1() -> None:
    for vp in ({}, {"type": "VerifiablePresentation"}, None, 7):
        token = resigned(credential("jwt_vc"), lambda payload, vp=vp: payload.update(vp=vp))
        assert codes(verdict(token)) == {"TOKEN_TYPE_ERROR"}
    for name in ("vc", "vp"):
        assert changed("vc+jwt", **{name: {}}) == {"TOKEN_CLAIMS_ERROR"}
        assert changed("vc+sd-jwt", **{name: {}}) == {"TOKEN_CLAIMS_ERROR"}


@pytest.mark.parametrize("kind", ["vc+jwt", "vc+sd-jwt", "vc+cose"])
def test_these_secure_data_model_2_alone(kind: str) -> None:
    old = claims_of("jwt_vc")
    data = as_cose(old) if kind == "vc+cose" else signed({"typ": kind}, old) + (b"~" if "sd" in kind else b"")
    assert codes(verdict(data)) == {"TOKEN_CLAIMS_ERROR"}


def test_a_jwt_vc_may_hold_either_data_model() -> None:
    payload = {"iss": ISSUER, "sub": HOLDER, "vc": claims_of("vc+jwt")}
    assert verdict(signed({"typ": "JWT"}, payload))


def test_contexts_inside_of_a_token_are_refused() -> None:
    for subject in ({"id": HOLDER, "@context": {}}, {"id": HOLDER, "x": [{"@context": []}]}):
        assert changed("vc+jwt", credentialSubject=subject) == {"UNKNOWN_CONTEXT"}
        assert changed("vc+sd-jwt", credentialSubject=subject) == {"UNKNOWN_CONTEXT"}
        inside = resigned(credential("jwt_vc"), lambda payload, s=subject: payload["vc"].update(credentialSubject=s))
        assert codes(verdict(inside)) == {"UNKNOWN_CONTEXT"}
        assert codes(verdict(as_cose(claims_of("vc+cose") | {"credentialSubject": subject}))) == {"UNKNOWN_CONTEXT"}
        hidden = credential("vc+sd-jwt", claims_of("vc+jwt") | {"name": "x"}, disclosable={"/name"})
        assert verdict(hidden)
    escaped = text(claims_of("vc+jwt") | {"x": {"@context": {}}}).replace(b'{"@context":{}}', b'{"\\u0040context":{}}')
    assert codes(verdict(signed({"typ": "vc+jwt"}, escaped))) == {"UNKNOWN_CONTEXT"}


def test_unknown_contexts() -> None:
    unknown = ["https://www.w3.org/ns/credentials/v2", "https://unknown.example"]
    for kind in ("vc+jwt", "vc+sd-jwt"):
        assert changed(kind, **{"@context": unknown}) == {"UNKNOWN_CONTEXT"}


# When it is valid


@pytest.mark.parametrize("kind", TOKENS)
def test_the_end_of_a_token_is_exclusive(kind: str) -> None:
    """RFC 7519, section 4.1.4: "on or after"."""
    if kind == "jwt_vc":
        end = NOW.replace(microsecond=0)
        claims = claims_of(kind) | {"expirationDate": end.isoformat().replace("+00:00", "Z")}
        data = credential(kind, claims, created=EARLIER)
    else:
        end, data = NOW, credential(kind, created=EARLIER, expires=NOW)
    for skew in (timedelta(0), SKEW):
        assert verdict(data, now=end + skew - SECOND, clock_skew=skew)
        assert codes(verdict(data, now=end + skew, clock_skew=skew)) == {"EXPIRED"}
        assert codes(verdict(data, now=end + skew + SECOND, clock_skew=skew)) == {"EXPIRED"}
        assert verdict(data, now=end + skew - timedelta(microseconds=1), clock_skew=skew)


@pytest.mark.parametrize("kind", ["vc+jwt", "vc+sd-jwt", "dc+sd-jwt"])
@pytest.mark.parametrize("name", ["nbf", "iat"])
def test_the_beginning_of_a_token_is_inclusive(kind: str, name: str) -> None:
    data = resigned(credential(kind), lambda payload: payload.update({name: SECONDS}))
    for skew in (timedelta(0), SKEW):
        assert verdict(data, now=NOW - skew, clock_skew=skew)
        assert verdict(data, now=NOW - skew + SECOND, clock_skew=skew)
        assert codes(verdict(data, now=NOW - skew - SECOND, clock_skew=skew)) == {"NOT_YET_VALID"}
        assert codes(verdict(data, now=NOW - skew - timedelta(microseconds=1), clock_skew=skew)) == {"NOT_YET_VALID"}


@pytest.mark.parametrize("kind", ["vc+jwt", "jwt_vc", "vc+sd-jwt", "vc+cose"])
def test_the_period_of_a_credential_is_inclusive(kind: str) -> None:
    """VCDM 2.0, section 4.9."""
    begin, end = ("issuanceDate", "expirationDate") if kind == "jwt_vc" else ("validFrom", "validUntil")
    claims = claims_of(kind) | {begin: "2026-01-15T09:30:00Z", end: "2026-01-31T12:00:00Z"}
    first_second = datetime.fromisoformat("2026-01-15T09:30:00Z")
    data = credential(kind, claims, created=first_second - SKEW)
    if kind == "jwt_vc":
        data = resigned(data, lambda payload: payload.pop("exp"))
    for skew in (timedelta(0), SKEW):
        last, first = NOW + skew, first_second - skew
        assert verdict(data, now=last, clock_skew=skew)
        assert codes(verdict(data, now=last + SECOND, clock_skew=skew)) == {"EXPIRED"}
        assert verdict(data, now=first, clock_skew=skew)
        assert codes(verdict(data, now=first - SECOND, clock_skew=skew)) == {"NOT_YET_VALID"}


def test_one_clock_that_only_goes_forward() -> None:
    """Not yet valid, then valid, then expired: no verdict comes back."""
    made = credential("vc+jwt", created=EARLIER)
    data = resigned(made, lambda payload: payload.update(nbf=SECONDS - 3, exp=SECONDS + 3))
    seen = [
        verdict(data, now=NOW + timedelta(seconds=offset), clock_skew=timedelta(seconds=1)) for offset in range(-10, 10)
    ]
    story = ["/".join(sorted(codes(result))) or "valid" for result in seen]
    assert story == ["NOT_YET_VALID"] * 6 + ["valid"] * 8 + ["EXPIRED"] * 6


TIMES: Final[list[Any]] = [
    *(None, True, False, "", "1768000000", "2026-01-31T12:00:00Z", [], {}, -1, 0, -0.0, 253402300800, 2**53 - 1),
]


@pytest.mark.parametrize("kind", ["jwt_vc", "vc+jwt", "vc+sd-jwt", "dc+sd-jwt"])
@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
def test_what_is_no_time(kind: str, name: str) -> None:
    for value in TIMES:
        data = resigned(credential(kind), lambda payload, value=value: payload.update({name: value}))
        found = codes(verdict(data))
        textual = name == "iat" and kind in ("vc+jwt", "vc+sd-jwt") and value == "2026-01-31T12:00:00Z"
        if textual:
            assert found == set(), "examples of W3C have such a text there"
        else:
            assert found & {"MALFORMED_VALUE_ERROR", "TOKEN_CLAIMS_ERROR"}, value
            assert found <= {"MALFORMED_VALUE_ERROR", "TOKEN_CLAIMS_ERROR"}, value


@pytest.mark.parametrize(
    "number", [b"NaN", b"Infinity", b"1e400", b"-1e400", b"1e9999999999", b"0x10", b"1_0", b"1" * 18]
)
def test_numbers_that_are_none(number: bytes) -> None:
    payload = text(claims_of("vc+jwt") | {"exp": "EXP"}).replace(b'"EXP"', number)
    assert codes(verdict(signed({"typ": "vc+jwt"}, payload))) == {"PARSING_ERROR"}


def test_an_issue_date_in_words() -> None:
    for value, expected in (
        ("2026-01-31T12:00:59Z", set()),
        ("2026-01-31T12:01:01Z", {"NOT_YET_VALID"}),
        ("2026-01-31", {"TOKEN_CLAIMS_ERROR"}),
        ("yesterday", {"TOKEN_CLAIMS_ERROR"}),
    ):
        assert changed("vc+jwt", iat=value) == expected, value


# What a policy asks for


@pytest.mark.parametrize("kind", TOKENS)
def test_a_challenge_and_a_domain_are_asked_of_tokens_too(kind: str) -> None:
    """A policy that expects them is not passed by what has none."""
    assert codes(verdict(credential(kind), challenge=NONCE)) == {"INVALID_CHALLENGE_ERROR"}
    assert codes(verdict(credential(kind), domain=frozenset({AUDIENCE}))) == {"INVALID_DOMAIN_ERROR"}
    both = verdict(credential(kind), challenge=NONCE, domain=frozenset({AUDIENCE}))
    assert codes(both) == {"INVALID_CHALLENGE_ERROR", "INVALID_DOMAIN_ERROR"}


@pytest.mark.parametrize("kind", COMPACT)
def test_a_nonce_and_an_audience_of_a_credential(kind: str) -> None:
    data = resigned(credential(kind), lambda payload: payload.update(nonce=NONCE, aud=AUDIENCE))
    assert verdict(data, challenge=NONCE, domain=frozenset({AUDIENCE}))
    assert codes(verdict(data, challenge=NONCE + "x", domain=frozenset({AUDIENCE}))) == {"INVALID_CHALLENGE_ERROR"}
    assert codes(verdict(data, challenge=NONCE, domain=frozenset({"x"}))) == {"INVALID_DOMAIN_ERROR"}
    assert codes(verdict(data, domain=frozenset({AUDIENCE, "x"}))) == {"INVALID_DOMAIN_ERROR"}
    assert codes(verdict(data)) == {"INVALID_DOMAIN_ERROR"}, "it is made for somebody who does not say who they are"
    unchecked = verdict(resigned(data, lambda payload: payload.pop("aud")))
    [check] = [check for check in unchecked.checks if check.check == "nonce and audience"]
    assert (check.outcome, check.because) == (Outcome.NOT_CHECKED, "the policy expects no nonce")
    assert unchecked


@pytest.mark.parametrize("kind", CREDENTIAL_KINDS)
def test_the_purpose_is_the_policys(kind: str) -> None:
    assert codes(verdict(credential(kind), proof_purpose="authentication")) == {"PROOF_VERIFICATION_ERROR"}
    assert codes(verdict(credential(kind), proof_purpose="capabilityInvocation")) == {"PROOF_VERIFICATION_ERROR"}


@pytest.mark.parametrize("kind", SD_JWT_KINDS)
def test_a_key_binding_that_nobody_asked_for(kind: str) -> None:
    data = bound(credential(kind))
    assert codes(verdict(data)) == {"KEY_BINDING_ERROR"}
    credential_alone, _, kb_jwt = data.rpartition(b"~")
    assert verdict(credential_alone + b"~")
    for other in (b"x", b"a.b.c", b".", b"..", kb_jwt[:-1]):
        assert verdict(credential_alone + b"~" + other).verdict is Verdict.REJECTED


@pytest.mark.parametrize("kind", TOKENS)
def test_limits_are_the_policys(kind: str) -> None:
    data = credential(kind)
    assert codes(verdict(data, limits=Limits(document_bytes=len(data) - 1))) == {"INPUT_TOO_LARGE"}
    assert verdict(data, limits=Limits(document_bytes=len(data)))
    assert codes(verdict(data, limits=Limits(token_header_bytes=20))) == {"INPUT_TOO_LARGE"}
    flat = as_cose(claims_of(kind)) if kind == "vc+cose" else data  # without CWT claims, a map in a header
    assert codes(verdict(flat, limits=Limits(depth=1))) == {"NESTING_TOO_DEEP"}


def test_the_status_of_a_token() -> None:
    entry = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": "https://status.example/1",
    }

    class Bits:
        def __init__(self, value: int) -> None:
            self.value = value

        def look_up(self, _: object, *, issuers: Container[str], now: datetime) -> int:
            return self.value

    for kind in ("jwt_vc", "vc+jwt", "vc+sd-jwt", "vc+cose"):
        status = {"id": "https://status.example/1#7", **entry} if kind == "jwt_vc" else entry
        data = credential(kind, claims_of(kind) | {"credentialStatus": status})
        assert verdict(data, status=Bits(0))
        assert codes(verdict(data, status=Bits(1))) == {"REVOKED"}
        result = verdict(data)
        assert (result.verdict, codes(result)) == (Verdict.UNDECIDED, {"STATUS_RETRIEVAL_ERROR"})
    listed = credential("dc+sd-jwt", claims_of("dc+sd-jwt") | {"status": {"status_list": {"idx": 0, "uri": "x:y"}}})
    assert verdict(listed).verdict is Verdict.UNDECIDED


def test_schema_and_resources_of_a_token() -> None:
    schema, resource = "https://schemas.example/1", "https://pictures.example/1"
    claims = claims_of("vc+jwt") | {
        "credentialSchema": {"id": schema, "type": "JsonSchema"},
        "relatedResource": {"id": resource, "digestSRI": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
    }
    policy = Policy(accepted_issuers=frozenset({ISSUER}), resources="require")

    def judge(evidence: Evidence) -> set[str]:
        for kind in ("vc+jwt", "vc+sd-jwt", "vc+cose"):
            result = verify(
                credential(kind, claims),
                resolver=StaticResolver(),
                status=_NONE,
                policy=policy,
                now=NOW,
                evidence=evidence,
            )
            found = codes(result)
        return found

    assert judge(Evidence(resources={schema: b"{}", resource: b""})) == set()
    assert judge(Evidence(resources={schema: b'{"required":["x"]}', resource: b""})) == {"SCHEMA_VALIDATION_ERROR"}
    assert judge(Evidence(resources={schema: b"{}", resource: b"x"})) == {"RELATED_RESOURCE_DIGEST_ERROR"}
    assert judge(Evidence()) == {"SCHEMA_RETRIEVAL_ERROR", "RELATED_RESOURCE_RETRIEVAL_ERROR"}


class _NoStatus:
    def look_up(self, _: object, *, issuers: Container[str], now: datetime) -> int:
        raise AssertionError("there is no status")


_NONE: Final = _NoStatus()


def hiding(element: Claims) -> tuple[Claims, bytes]:
    """What stands for an element of an array that is hidden, and its disclosure."""
    disclosure = Disclosure(None, element).text()
    return {"...": digest(disclosure.encode(), "sha-256")}, disclosure.encode()


@pytest.mark.parametrize(
    ("name", "kept", "hidden"),
    [
        ("credentialSubject", {"id": HOLDER}, {"id": STRANGER}),
        ("credentialStatus", {"type": "urn:x:other"}, {"type": "BitstringStatusListEntry"}),
        ("credentialSchema", {"id": "urn:x:1", "type": "JsonSchema"}, {"id": "urn:x:2", "type": "JsonSchema"}),
    ],
)
def test_nothing_is_hidden_that_decides(name: str, kept: Claims, hidden: Claims) -> None:
    """A holder could keep back a status, a schema, or that somebody else is a subject too. Disclosed or not."""
    digest_of, disclosure = hiding(hidden)
    token = signed({"typ": "vc+sd-jwt"}, claims_of("vc+sd-jwt") | {name: [kept, digest_of]}) + b"~"
    for data in (token, token + disclosure + b"~"):
        assert codes(verdict(data)) == {"DISCLOSURE_ERROR"}


# One bad thing at a time


def flip(position: int) -> Callable[[bytes], bytes]:
    return lambda data: data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]


@pytest.mark.parametrize("kind", TOKENS)
def test_no_part_of_a_token_can_be_changed(kind: str) -> None:
    """Every bit of the lowest order, at a sample of places; and each part of another token of the same issuer."""
    data = credential(kind)
    for position in range(0, len(data) - 1, 7):
        assert not verdict(flip(position)(data)), position
    if kind == "vc+cose":
        return
    other = credential(kind, claims_of(kind) | ({"jti": "x"} if kind == "dc+sd-jwt" else {"id": "urn:x:other"}))
    ours, theirs = (each.partition(b"~")[0].split(b".") for each in (data, other))
    for part in (1, 2):
        mixed = b".".join([*ours[:part], theirs[part], *ours[part + 1 :]]) + data[len(b".".join(ours)) :]
        assert codes(verdict(mixed)) == {"PROOF_VERIFICATION_ERROR"}


@pytest.mark.parametrize("kind", COMPACT)
def test_a_header_under_the_signature_of_another(kind: str) -> None:
    """A signature covers the header: another `typ`, `kid` or `alg` breaks it, if it was accepted at all."""
    data = credential(kind)
    jwt = data.partition(b"~")[0]
    _, payload, signature = jwt.split(b".")
    for change in ({"typ": "JWT"}, {"typ": "vc+jwt"}, {"x": 1}, {"alg": "Ed25519"}, {"cty": "vc"}):
        header = header_of(data) | change
        if header == header_of(data):
            continue
        encoded = signed(header, {}).split(b".")[0]
        assert not verdict(b".".join((encoded, payload, signature)) + data[len(jwt) :]), change
