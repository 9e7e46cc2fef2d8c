"""Whose credentials they are: nobody presents what was issued to somebody else."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, Final

import pytest

from did import StaticResolver, did_key
from vc_core import (
    DataIntegrity,
    Outcome,
    Policy,
    PresentationPolicy,
    PresentationResult,
    Verdict,
    VerificationError,
)
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
    POLICY,
    PRESENTATION_KINDS,
    SD_JWT_KINDS,
    STRANGER,
    bound,
    claims_of,
    codes,
    credential,
    header_of,
    payload_of,
    presentation,
    rebound,
    resigned,
    signed,
    verdict_on_presentation,
)

RULES: Final = ("subject", "cnf", "subject or cnf", "bearer")
HOLDER_KEY, STRANGER_KEY = (private_key(name, "Ed25519").public_key for name in ("holder", "stranger"))
THUMBPRINT: Final = f"urn:ietf:params:oauth:jwk-thumbprint:sha-256:{HOLDER_KEY.thumbprint}"
WITH_CNF: Final = ("jwt_vc", "vc+jwt", *SD_JWT_KINDS)
"""The kinds of credentials that have a place for the claim `cnf`."""


def about(kind: str, subject: str | None, cnf: Claims | None = None, **members: Any) -> bytes:
    """A credential about `subject` that confirms a key, or neither."""
    claims = claims_of(kind) | members
    if kind == "dc+sd-jwt":
        claims["sub"] = subject
        if subject is None:
            del claims["sub"]
    elif "credentialSubject" not in members:
        claims["credentialSubject"] = {"id": subject} if subject else {"description": "whoever has it"}
        if kind == "eddsa-rdfc-2022" and subject is None:
            claims["credentialSubject"] = {"type": "https://credentials.example/terms#Person"}
    if kind in SD_JWT_KINDS:
        return credential(kind, claims | ({} if cnf is None else {"cnf": cnf}), key_binding=None)
    data = credential(kind, claims)
    if cnf is None:
        return data
    return resigned(data, lambda payload: payload.update(cnf=cnf))


def jwk_of(key: Any) -> Claims:
    return {"jwk": dict(key.jwk)}


def accepted_under(data: bytes, **options: Any) -> set[str]:
    """The rules under which the presentation is accepted; under the others it lacks the binding and nothing else."""
    accepted = set()
    for rule in RULES:
        result = verdict_on_presentation(data, holder_binding=rule, **options)
        assert codes(result) <= {"HOLDER_BINDING_ERROR"}, (rule, result.problems)
        if result:
            accepted.add(rule)
    return accepted


BY_SUBJECT: Final = {"subject", "subject or cnf", "bearer"}
BY_CNF: Final = {"cnf", "subject or cnf", "bearer"}


# A presentation of credentials


@pytest.mark.parametrize("kind", CREDENTIAL_KINDS)
@pytest.mark.parametrize("form", PRESENTATION_KINDS)
def test_the_subject_presents(kind: str, form: str) -> None:
    if (form, kind) == ("jwt_vp", "vc+cose"):
        return  # there is no place for it
    data = presentation(form, [about(kind, HOLDER)])
    assert accepted_under(data) == BY_SUBJECT
    result = verdict_on_presentation(data)
    assert result.holder == HOLDER
    [proven] = result.presentation.proven_by
    assert (proven.securing, proven.controller) == (form, HOLDER)
    [found] = result.presentation.credentials
    assert found.issuer == ISSUER


@pytest.mark.parametrize("kind", CREDENTIAL_KINDS)
@pytest.mark.parametrize("form", PRESENTATION_KINDS)
def test_a_thief_presents(kind: str, form: str) -> None:
    """The credential of somebody else, in a presentation that is in order otherwise."""
    if (form, kind) == ("jwt_vp", "vc+cose"):
        return
    data = presentation(form, [about(kind, HOLDER)], name="stranger")
    assert accepted_under(data) == {"bearer"}
    result = verdict_on_presentation(data)
    assert result.verdict is Verdict.REJECTED
    at = "/verifiableCredential/0"
    assert [(problem.code, problem.at) for problem in result.problems] == [("HOLDER_BINDING_ERROR", at)]
    with pytest.raises(VerificationError):
        _ = result.presentation
    assert HOLDER not in json.dumps(result.to_json())


@pytest.mark.parametrize("form", PRESENTATION_KINDS)
def test_a_thief_in_the_holders_name(form: str) -> None:
    data = presentation(form, [about("vc+jwt", HOLDER)], name="stranger", holder=HOLDER)
    for rule in RULES:
        result = verdict_on_presentation(data, holder_binding=rule)
        assert codes(result) == {"HOLDER_BINDING_ERROR"}
        assert [problem.at for problem in result.problems] == ["/holder"]


@pytest.mark.parametrize("form", ["jwt_vp", "vp+jwt", "vp+sd-jwt"])
def test_a_thief_who_says_nothing_of_a_holder_or_two_things(form: str) -> None:
    data = presentation(form, [about("vc+jwt", HOLDER)], name="stranger")

    def change(payload: Claims) -> None:
        document = payload.get("vp", payload)
        if member is None:
            document.pop("holder", None)
        else:
            document["holder"] = member
        payload.update(iss)

    for member, iss in (
        (None, {}),
        (None, {"iss": STRANGER}),
        (STRANGER, {"sub": HOLDER}),
        (None, {"iss": HOLDER}),
        (HOLDER, {"iss": STRANGER}),
        (STRANGER, {"iss": HOLDER}),
        ([STRANGER, HOLDER], {}),
        ([HOLDER], {}),
        ({"id": HOLDER}, {}),
        ({"id": [HOLDER]}, {}),
        ({"id": STRANGER, "@id": HOLDER}, {}),
        (HOLDER + "#", {}),
    ):
        result = verdict_on_presentation(resigned(data, change, name="stranger"))
        assert result.verdict is Verdict.REJECTED, (member, iss)
        assert codes(result) <= {"HOLDER_BINDING_ERROR", "TOKEN_CLAIMS_ERROR", "MALFORMED_VALUE_ERROR"}


def test_a_holder_who_is_an_object() -> None:
    data = resigned(presentation("vp+jwt", [about("vc+jwt", HOLDER)]), _as_object, name="holder")
    assert verdict_on_presentation(data).holder == HOLDER


def _as_object(payload: Claims) -> None:
    payload["holder"] = {"id": HOLDER, "name": "x"}


@pytest.mark.parametrize("form", PRESENTATION_KINDS)
def test_several_subjects(form: str) -> None:
    """All of them have to be the holder: what is said of another is not the holder's to show."""
    for subjects, accepted in (
        ([{"id": HOLDER}], True),
        ([{"id": HOLDER}, {"id": HOLDER, "description": "x"}], True),
        ([{"id": HOLDER}, {"id": STRANGER}], False),
        ([{"id": STRANGER}, {"id": HOLDER}], False),
        ([{"id": HOLDER}, {"description": "x"}], False),
        ([{"description": "x"}], False),
        ({"id": HOLDER, "description": "x"}, True),
    ):
        data = presentation(form, [about("vc+jwt", None, credentialSubject=subjects)])
        assert accepted_under(data) == (BY_SUBJECT if accepted else {"bearer"}), subjects


@pytest.mark.parametrize("kind", CREDENTIAL_KINDS)
def test_a_credential_about_nobody(kind: str) -> None:
    assert accepted_under(presentation("vp+jwt", [about(kind, None)])) == {"bearer"}


@pytest.mark.parametrize("other", [HOLDER + "x", HOLDER[:-1], HOLDER.upper(), HOLDER + "#key", "did:example:x"])
def test_only_the_very_same_identifier_is_the_holder(other: str) -> None:
    assert accepted_under(presentation("vp+jwt", [about("vc+jwt", other)])) == {"bearer"}


# By a key that the credential confirms


@pytest.mark.parametrize("kind", WITH_CNF)
@pytest.mark.parametrize("form", PRESENTATION_KINDS)
def test_the_confirmed_key_presents(kind: str, form: str) -> None:
    data = presentation(form, [about(kind, "did:example:somebody", jwk_of(HOLDER_KEY))])
    assert accepted_under(data) == BY_CNF
    stolen = presentation(form, [about(kind, "did:example:somebody", jwk_of(HOLDER_KEY))], name="stranger")
    assert accepted_under(stolen) == {"bearer"}


@pytest.mark.parametrize("kind", WITH_CNF)
def test_the_confirmed_key_is_another(kind: str) -> None:
    """With the right subject: "cnf" asks for the key all the same."""
    data = presentation("vp+jwt", [about(kind, HOLDER, jwk_of(STRANGER_KEY))])
    assert accepted_under(data) == BY_SUBJECT


def test_a_confirmed_key_by_its_url() -> None:
    cnf = {"kid": signer_of("holder", "Ed25519").verification_method}
    assert accepted_under(presentation("vp+jwt", [about("vc+jwt", "did:example:x", cnf)])) == BY_CNF
    other = presentation("vp+jwt", [about("vc+jwt", "did:example:x", cnf)], name="stranger")
    assert accepted_under(other) == {"bearer"}


@pytest.mark.parametrize(
    "cnf",
    [
        {},
        {"jwk": {}},
        {"jwk": None},
        {"jwk": [dict(HOLDER_KEY.jwk)]},
        {"jwk": dict(HOLDER_KEY.jwk) | {"d": "AAAA"}},
        {"jwk": dict(HOLDER_KEY.jwk), "kid": "x"},
        {"jwk": dict(HOLDER_KEY.jwk), "jku": "https://else.example"},
        {"jku": "https://else.example", "kid": "x"},
        {"x5t#S256": "AAAA"},
        {"jkt": HOLDER_KEY.thumbprint},
        {"kid": ""},
        {"kid": HOLDER},
        {"kid": "#" + HOLDER_KEY.multikey},
        {"kid": f"{HOLDER}#"},
        {"kid": [signer_of("holder", "Ed25519").verification_method]},
        {"kid": HOLDER_KEY.thumbprint},
        {"jwk": dict(private_key("holder", "P-256").public_key.jwk)},
    ],
    ids=lambda cnf: json.dumps(cnf)[:40],
)
def test_what_confirms_nothing(cnf: Claims) -> None:
    """A form that is not understood is no confirmation, and takes nothing from the binding by subject."""
    data = presentation("vp+jwt", [about("vc+jwt", HOLDER, cnf)])
    assert accepted_under(data) == BY_SUBJECT


@pytest.mark.parametrize("cnf", [None, 7, [], "x", [{"jwk": dict(HOLDER_KEY.jwk)}]])
def test_a_confirmation_that_is_no_object(cnf: Any) -> None:
    data = resigned(credential("vc+jwt"), lambda payload: payload.update(cnf=cnf))
    assert not verdict_on_presentation(presentation("vp+jwt", [data]), holder_binding="cnf")


def test_confirmation_is_not_had_from_the_document_of_a_proof() -> None:
    """An embedded proof secures a document that has no claims of a token."""
    claims = claims_of("eddsa-jcs-2022") | {"cnf": jwk_of(HOLDER_KEY)}
    data = presentation("vp+jwt", [credential("eddsa-jcs-2022", claims)])
    assert codes(verdict_on_presentation(data, holder_binding="cnf")) == {"HOLDER_BINDING_ERROR"}


def test_every_credential_has_to_be_bound() -> None:
    """One of them by its subject and the other by its key; and none by that of another."""
    mine, keyed, theirs = (
        about("vc+jwt", HOLDER),
        about("vc+jwt", "did:example:x", jwk_of(HOLDER_KEY)),
        about("vc+jwt", STRANGER),
    )
    assert accepted_under(presentation("vp+jwt", [mine, mine])) == BY_SUBJECT
    assert accepted_under(presentation("vp+jwt", [mine, keyed])) == {"subject or cnf", "bearer"}
    result = verdict_on_presentation(presentation("vp+jwt", [mine, theirs, mine, theirs]))
    assert [problem.at for problem in result.problems] == ["/verifiableCredential/1", "/verifiableCredential/3"]


def test_a_presentation_of_nothing_shows_who_presents() -> None:
    for form in PRESENTATION_KINDS:
        for rule in RULES:
            result = verdict_on_presentation(presentation(form, []), holder_binding=rule)
            assert result.holder == HOLDER
            assert result.presentation.credentials == ()
            assert {check.outcome for check in result.checks if check.check == "credentials"} == {Outcome.NOT_CHECKED}


# Several proofs


def two_proofs(first: str, second: str, **members: Any) -> bytes:
    """A presentation by the keys of two."""
    securing = DataIntegrity(
        cryptosuite="eddsa-jcs-2022", proof_purpose="authentication", challenge=NONCE, domain=AUDIENCE
    )
    document = json.loads(presentation("eddsa-jcs-2022", [about("vc+jwt", HOLDER)]))
    del document["proof"], document["holder"]
    data = document | members
    for name in (first, second):
        data = json.loads(securing.secure(data, signer=signer_of(name, "Ed25519"), created=NOW))
    return text(data)


def test_one_of_several_signed() -> None:
    """The holder that is named has to be among them; where none is named, nobody says which of them it is."""
    assert verdict_on_presentation(two_proofs("stranger", "holder", holder=HOLDER)).holder == HOLDER
    assert verdict_on_presentation(two_proofs("holder", "stranger", holder=HOLDER)).holder == HOLDER
    assert codes(verdict_on_presentation(two_proofs("issuer", "stranger", holder=HOLDER))) == {"HOLDER_BINDING_ERROR"}
    for first, second in (("holder", "stranger"), ("stranger", "holder")):
        assert codes(verdict_on_presentation(two_proofs(first, second))) == {"HOLDER_BINDING_ERROR"}


def test_a_key_that_only_took_part_confirms_nothing() -> None:
    """Only the keys of the holder count, not those of whoever else signed."""
    securing = DataIntegrity(
        cryptosuite="eddsa-jcs-2022", proof_purpose="authentication", challenge=NONCE, domain=AUDIENCE
    )
    keyed = about("vc+jwt", HOLDER, jwk_of(HOLDER_KEY))
    data = presentation("eddsa-jcs-2022", [keyed], name="stranger")
    data = securing.secure(json.loads(data), signer=signer_of("holder", "Ed25519"), created=NOW)
    result = verdict_on_presentation(data, holder_binding="cnf")
    assert codes(result) == {"HOLDER_BINDING_ERROR"}
    assert verdict_on_presentation(data, holder_binding="bearer").holder == STRANGER


# An SD-JWT by itself


@pytest.mark.parametrize("kind", SD_JWT_KINDS)
def test_a_key_binding_under_each_rule(kind: str) -> None:
    """The holder is the key. It is the subject only if the subject is named so, too."""
    data = bound(credential(kind))
    assert accepted_under(data) == BY_CNF
    result = verdict_on_presentation(data)
    assert result.holder == THUMBPRINT
    assert accepted_under(bound(about(kind, THUMBPRINT, jwk_of(HOLDER_KEY)))) == set(RULES)


@pytest.mark.parametrize("kind", SD_JWT_KINDS)
def test_who_presents_an_sd_jwt_is_not_who_issued_it(kind: str) -> None:
    [proven] = verdict_on_presentation(bound(credential(kind))).presentation.proven_by
    assert (proven.securing, proven.controller, proven.verification_method) == ("kb+jwt", THUMBPRINT, THUMBPRINT)
    assert proven.created == "2026-01-31T12:00:00Z"
    [found] = verdict_on_presentation(bound(credential(kind))).presentation.credentials
    assert found.proven_by[0].controller == ISSUER


@pytest.mark.parametrize("kind", SD_JWT_KINDS)
def test_a_key_by_its_url(kind: str) -> None:
    """Then the holder is a DID, of whose document the key is."""
    url = signer_of("holder", "Ed25519").verification_method
    data = bound(about(kind, HOLDER, {"kid": url}))
    assert accepted_under(data) == set(RULES)
    result = verdict_on_presentation(data)
    assert result.holder == HOLDER
    assert result.presentation.proven_by[0].verification_method == url
    assert accepted_under(bound(about(kind, STRANGER, {"kid": url}))) == BY_CNF


@pytest.mark.parametrize("kind", SD_JWT_KINDS)
def test_a_key_by_a_url_that_does_not_resolve(kind: str) -> None:
    data = bound(about(kind, HOLDER, {"kid": "did:example:h#k"}), method="did:example:h#k")
    result = verdict_on_presentation(data)
    assert result.verdict is Verdict.UNDECIDED
    assert codes(result) == {"KEY_BINDING_ERROR"}
    method = {
        "id": "did:example:h#k",
        "type": "Multikey",
        "controller": "did:example:h",
        "publicKeyMultibase": HOLDER_KEY.multikey,
    }
    for relationship, accepted in (("authentication", True), ("assertionMethod", False)):
        document = {"id": "did:example:h", "verificationMethod": [method], relationship: ["did:example:h#k"]}
        resolver = StaticResolver({"did:example:h": document})
        assert bool(verdict_on_presentation(data, resolver=resolver, holder_binding="cnf")) is accepted


@pytest.mark.parametrize("kind", SD_JWT_KINDS)
def test_a_key_binding_by_another_key(kind: str) -> None:
    data = rebound(bound(credential(kind)), lambda _: None, name="stranger")
    for rule in RULES:
        assert "KEY_BINDING_ERROR" in codes(verdict_on_presentation(data, holder_binding=rule))
    named = rebound(
        bound(credential(kind)),
        lambda _: None,
        name="stranger",
        kid=signer_of("stranger", "Ed25519").verification_method,
    )
    assert "KEY_BINDING_ERROR" in codes(verdict_on_presentation(named, holder_binding="bearer"))


@pytest.mark.parametrize("kind", SD_JWT_KINDS)
def test_a_key_binding_was_taken_off(kind: str) -> None:
    for data in (credential(kind), about(kind, HOLDER)):
        for rule in RULES:
            assert codes(verdict_on_presentation(data, holder_binding=rule)) >= {"KEY_BINDING_ERROR"}
            if rule != "bearer":
                result = verdict_on_presentation(data, holder_binding=rule, nonce=None, audience=None)
                assert codes(result) == {"KEY_BINDING_ERROR"}
        for expectation in ({"nonce": None}, {"audience": None}):
            result = verdict_on_presentation(data, holder_binding="bearer", **expectation)
            assert codes(result) == {"KEY_BINDING_ERROR"}
        result = verdict_on_presentation(data, holder_binding="bearer", nonce=None, audience=None)
        assert result.problems == ()
        assert result.presentation.proven_by == ()
        assert result.holder is None


@pytest.mark.parametrize("kind", SD_JWT_KINDS)
def test_a_key_binding_without_a_confirmed_key(kind: str) -> None:
    """A key binding is checked where it is there, also if whoever has the credential may present it."""
    without = about(kind, HOLDER)
    kb_jwt = bound(credential(kind)).rpartition(b"~")[2]
    for rule in RULES:
        found = codes(verdict_on_presentation(without + kb_jwt, holder_binding=rule, nonce=None, audience=None))
        assert "KEY_BINDING_ERROR" in found


@pytest.mark.parametrize("kind", SD_JWT_KINDS)
def test_what_a_key_binding_is_about(kind: str) -> None:
    """The disclosures that it came with, in their order, and no other token."""
    claims = claims_of(kind)
    disclosable = {"/title", "/credits"} if kind == "dc+sd-jwt" else {"/id", "/termsOfUse"}
    whole = credential(kind, claims, disclosable=disclosable)
    data = bound(whole)
    jwt, *disclosures, kb_jwt = data.split(b"~")
    assert len(disclosures) == 2
    assert verdict_on_presentation(data)
    for changed in (disclosures[:1], disclosures[1:], [], disclosures[::-1]):
        assert codes(verdict_on_presentation(b"~".join([jwt, *changed, kb_jwt]))) == {"KEY_BINDING_ERROR"}
    other = bound(credential(kind, claims)).rpartition(b"~")[0] + b"~" + kb_jwt
    assert codes(verdict_on_presentation(other)) == {"KEY_BINDING_ERROR"}


@pytest.mark.parametrize("kind", SD_JWT_KINDS)
@pytest.mark.parametrize("typ", [None, "JWT", "KB+JWT", "kb+jwt ", "application/kb+jwt", "vp+jwt", ""])
def test_a_key_binding_of_another_type(kind: str, typ: str | None) -> None:
    data = rebound(bound(credential(kind)), lambda _: None, typ=typ)
    assert codes(verdict_on_presentation(data)) == {"KEY_BINDING_ERROR"}


def test_a_presentation_takes_no_key_binding() -> None:
    """It is signed by the holder itself. What else is there, nobody asked for, and it would go unchecked."""
    data = presentation("vp+sd-jwt", [about("vc+jwt", HOLDER)])
    assert verdict_on_presentation(data)
    kb_jwt = bound(credential("vc+sd-jwt")).rpartition(b"~")[2]
    assert codes(verdict_on_presentation(data + kb_jwt)) == {"KEY_BINDING_ERROR"}


def test_an_sd_jwt_in_a_presentation_has_no_key_binding_of_its_own() -> None:
    sd_jwt = about("vc+sd-jwt", HOLDER, jwk_of(HOLDER_KEY))
    assert accepted_under(presentation("vp+jwt", [sd_jwt])) == set(RULES)
    payload = payload_of(presentation("vp+jwt", [sd_jwt]))
    payload["verifiableCredential"][0]["id"] += bound(credential("vc+sd-jwt")).rpartition(b"~")[2].decode()
    header = {"typ": "vp+jwt"}
    result = verdict_on_presentation(signed(header, payload, name="holder"))
    assert codes(result) == {"KEY_BINDING_ERROR"}


# What a policy may ask for


def policy(**members: Any) -> PresentationPolicy:
    return PresentationPolicy(
        **{"credentials": POLICY, "nonce": None, "audience": None, "holder_binding": "bearer", **members}
    )


@pytest.mark.parametrize(
    "members",
    [
        {"nonce": ""},
        {"nonce": 7},
        {"nonce": b"n"},
        {"nonce": ["n"]},
        {"audience": AUDIENCE},
        {"audience": {AUDIENCE}},
        {"audience": [AUDIENCE]},
        {"audience": frozenset()},
        {"audience": frozenset({""})},
        {"audience": frozenset({AUDIENCE, ""})},
        {"audience": frozenset({7})},
        {"audience": frozenset({None})},
        {"holder_binding": "none"},
        {"holder_binding": ""},
        {"holder_binding": None},
        {"holder_binding": "Subject"},
        {"holder_binding": "cnf or subject"},
        {"allow_unsigned_presentation": True, "holder_binding": "subject"},
        {"allow_unsigned_presentation": True, "holder_binding": "cnf"},
        {"allow_unsigned_presentation": True, "holder_binding": "subject or cnf"},
        {"allow_unsigned_presentation": True, "nonce": "n"},
        {"allow_unsigned_presentation": True, "audience": frozenset({AUDIENCE})},
        {"longest_age": timedelta(0)},
        {"longest_age": timedelta(seconds=-1)},
        {"nonce_lifetime": timedelta(minutes=5)},
        {"nonce_lifetime": timedelta(minutes=1)},
    ],
    ids=str,
)
def test_a_policy_that_makes_no_sense(members: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        policy(**members)


@pytest.mark.parametrize("name", ["credentials", "nonce", "audience", "holder_binding"])
def test_what_guards_against_theft_and_replay_has_no_default(name: str) -> None:
    members: dict[str, Any] = {"credentials": POLICY, "nonce": None, "audience": None, "holder_binding": "bearer"}
    del members[name]
    with pytest.raises(TypeError):
        PresentationPolicy(**members)


def test_the_tables_of_the_policy_are_those_for_the_presentation() -> None:
    own = policy(nonce=NONCE, audience=frozenset({AUDIENCE})).of_presentation
    assert (own.challenge, own.domain, own.proof_purpose) == (NONCE, frozenset({AUDIENCE}), "authentication")
    assert not own.require_issuer_control
    bare = Policy(accepted_issuers=frozenset({ISSUER}), algorithms={})
    for form in PRESENTATION_KINDS:
        result = verdict_on_presentation(presentation(form, []), credentials=bare)
        assert codes(result) == {"PROOF_VERIFICATION_ERROR"}


def test_the_members_of_a_result() -> None:
    result = verdict_on_presentation(presentation("vp+jwt", [about("vc+jwt", HOLDER)]))
    assert isinstance(result, PresentationResult)
    printed = json.loads(json.dumps(result.to_json()))
    assert printed["holder"] == HOLDER
    assert printed["verdict"] == "verified"
    assert [each["verdict"] for each in printed["credentials"]] == ["verified"]
    assert [each["issuer"] for each in printed["credentials"]] == [ISSUER]
    assert result.of_credentials[0].credential == result.presentation.credentials[0]
    stolen = verdict_on_presentation(presentation("vp+jwt", [about("vc+jwt", HOLDER)], name="stranger"))
    assert stolen.of_credentials[0], "by itself it is in order"
    with pytest.raises(VerificationError, match="withheld"):
        _ = stolen.of_credentials[0].credential
    assert [each["issuer"] for each in stolen.to_json()["credentials"]] == [None]


def test_the_keys_are_what_these_tests_take_them_for() -> None:
    assert did_key(HOLDER_KEY) == HOLDER
    assert header_of(presentation("vp+jwt", []))["kid"].startswith(HOLDER)
    assert set(EMBEDDED) <= set(PRESENTATION_KINDS)
