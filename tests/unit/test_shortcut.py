"""The quick way to a verdict: taken for what is of a series, and never to another verdict than the general way."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any

import pytest

from benches.same_verdicts import watched
from did import StaticResolver
from did.multibase import encode_base58btc
from status import NO_STATUS_LISTS
from tests.unit.series_of import (
    BY_NAME,
    MECHANISMS,
    NOW,
    POLICY,
    Mechanism,
    Verifier,
    seen,
)
from vc_core import (
    ANY_ISSUER,
    Evidence,
    Limits,
    MemoryNonces,
    Outcome,
    Policy,
    PresentationPolicy,
    Verdict,
    verify_presentation,
)
from vc_core.canonical import jcs
from vc_core.policy import AnyIssuer
from vc_core.securing import proof as module
from vc_core.securing.cryptosuites import CRYPTOSUITES
from vectors.making import tokens
from vectors.making.credentials import Claims, changed, in_proof, text
from vectors.making.keys import did_of, signer_of
from vectors.making.status import entry
from vectors.making.tokens import AUDIENCE, NONCE, STRANGER, header_of, payload_of, presentation, resigned, signed

EDDSA, RDFC, VCJWT, JWTVC = (BY_NAME[name] for name in ("eddsa-jcs-2022", "eddsa-rdfc-2022", "vc+jwt", "jwt_vc"))
each_mechanism = pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda mechanism: mechanism.name)
each_embedded = pytest.mark.parametrize(
    "mechanism", [each for each in MECHANISMS if not each.is_token], ids=lambda mechanism: mechanism.name
)
each_token = pytest.mark.parametrize("mechanism", [VCJWT, JWTVC], ids=lambda mechanism: mechanism.name)
Change = Callable[[Claims], object]


def knowing(mechanism: Mechanism, change: Change | None = None, **options: Any) -> Verifier:
    """A verifier who has met a series: its first two credentials, both after this `change`."""
    given = {name: options.pop(name) for name in ("bits", "evidence", "now") if name in options}
    of_proof = {name: options.pop(name) for name in ("challenge", "domain", "expires") if name in options}
    verifier = Verifier(replace(POLICY, **options), **given)
    for number in (1, 2):
        data = mechanism.credential(number, change, **of_proof)
        assert verifier.slow(data), "the general path has to accept what the series is made of"
    return verifier


def codes(verifier: Verifier, data: bytes, **options: Any) -> list[str]:
    """The codes of the problems of something that is refused, which teaches nothing."""
    result = verifier.slow(data, **options)
    assert not result
    assert verifier.slow(data, **options) == result
    return [problem.code for problem in result.problems]


# What goes by the shortcut


@each_mechanism
def test_the_third_of_a_series_goes_by_the_shortcut(mechanism: Mechanism) -> None:
    verifier = knowing(mechanism)
    for number in (3, 4, 1, 2):
        result = verifier.quick(mechanism.credential(number))
        assert result
        claims = result.credential.claims
        assert claims["id"] == f"urn:uuid:6f0ae3a8-2f38-4c5e-9a0c-{number:012d}"
        assert json.dumps(claims).count(f'"did:example:learner-{number}"') == 1
        assert {check.outcome for check in result.checks} == {Outcome.PASSED, Outcome.NOT_CHECKED}


@each_mechanism
def test_every_member_that_may_differ_may_differ(mechanism: Mechanism) -> None:
    """A later member is met in the general way, and widens the series."""
    days = {"jwt_vc": ("expirationDate",)}.get(mechanism.name, ("validFrom", "validUntil"))

    def of(number: int) -> bytes:
        def change(claims: Claims) -> None:
            for name in days:
                claims[name] = f"20{26 if name == 'validFrom' else 29}-01-{number:02d}T09:30:00Z"
            claims["credentialSubject"]["achievement"]["outcome"][1] = f"Nr. {number}"

        return mechanism.credential(number, change, created=NOW - timedelta(minutes=number))

    verifier = knowing(mechanism)
    assert verifier.slow(of(11))
    assert verifier.quick(of(12))
    assert verifier.quick(of(13))
    assert verifier.quick(mechanism.credential(3))


@each_mechanism
def test_claims_that_are_handed_out_may_be_changed(mechanism: Mechanism) -> None:
    verifier = knowing(mechanism)
    data = mechanism.credential(3)
    claims = verifier.quick(data).credential.claims
    claims["type"].append("Another")
    claims["credentialSubject"]["achievement"]["title"].clear()
    claims["@context"].clear()
    assert verifier.quick(data)
    assert verifier.quick(mechanism.credential(4)).credential.types == ("VerifiableCredential", "MicroCredential")


@each_mechanism
def test_the_same_is_asked_as_otherwise(mechanism: Mechanism) -> None:
    """`both` compares the questions; here the numbers are seen."""

    def with_status(claims: Claims) -> None:
        claims["credentialStatus"] = [entry(id="urn:x:1"), entry(id="urn:x:2", statusListIndex="8")]

    verifier = knowing(mechanism, with_status)
    assert verifier.quick(mechanism.credential(3, with_status))
    url = "https://status.example/lists/1"
    assert verifier.asked == {mechanism.issuer: 1, f"{url}#7": 1, f"{url}#8": 1}


def test_two_policies_do_not_share_what_they_know() -> None:
    verifier = knowing(EDDSA)
    others = [replace(verifier.policy), replace(verifier.policy, accepted_issuers=frozenset({STRANGER}))]
    data = EDDSA.credential(3)
    assert verifier.slow(data, policy=others[0])
    assert [problem.code for problem in verifier.slow(data, policy=others[1]).problems] == ["UNACCEPTED_ISSUER"]
    assert verifier.quick(data)


def test_other_checks_than_the_usual_are_all_made() -> None:
    verifier = knowing(VCJWT)
    with watched() as taken:
        assert verifier.in_general(VCJWT.credential(3))
    assert taken == []


def test_credentials_in_a_presentation_take_it_too() -> None:
    """One by itself is of the series that were met. Several have limits of their own, and begin anew."""
    verifier = knowing(EDDSA)
    audience = frozenset({AUDIENCE})
    rules = PresentationPolicy(credentials=verifier.policy, nonce=NONCE, audience=audience, holder_binding="bearer")
    fine = [EDDSA.credential(number) for number in (3, 4, 5, 6)]
    spoilt = EDDSA.credential(7).replace(b"learner-7", b"learner-8")
    for credentials, quick in (
        (fine[:1], fine[:1]),
        ([spoilt], [spoilt]),
        (fine[:2], []),
        (fine, fine[2:]),
        ([*fine, spoilt], [*fine[2:], spoilt]),
    ):
        data = presentation("eddsa-jcs-2022", credentials)
        with watched() as taken:
            result = verify_presentation(
                data, resolver=verifier, status=verifier, policy=rules, now=NOW, nonces=MemoryNonces()
            )
        assert taken == quick
        assert [bool(each) for each in result.of_credentials] == [each is not spoilt for each in credentials]
        assert bool(result) is (spoilt not in credentials)


# What is refused


@each_mechanism
def test_a_changed_field_is_not_signed(mechanism: Mechanism) -> None:
    """The shortcut is taken, and at its end stands the signature."""
    verifier, data = knowing(mechanism), mechanism.credential(3)
    for old, new in ((b'"credits":6', b'"credits":7'), (b"3. grupa", b"4. grupa"), (b"learner-3", b"learner-4")):
        if mechanism.is_token:
            spoilt = tokens.with_payload(data, tokens.payload_bytes(data).replace(old, new))
        else:
            spoilt = data.replace(old, new)
        assert spoilt != data
        result = verifier.quick(spoilt)
        assert [problem.code for problem in result.problems] == ["PROOF_VERIFICATION_ERROR"]
        assert result.checks[-1].outcome is Outcome.NOT_CHECKED
    assert verifier.quick(data)


@each_mechanism
def test_a_field_of_another_member_of_the_series_is_not_signed(mechanism: Mechanism) -> None:
    verifier = knowing(mechanism)
    one, other = mechanism.credential(3), mechanism.credential(4)
    if mechanism.is_token:
        mixed = b".".join([*one.split(b".")[:2], other.split(b".")[2]])
    else:
        mixed = changed(json.loads(one), lambda tree: tree.update(proof=json.loads(other)["proof"]))
    assert not verifier.quick(mixed)


@each_mechanism
def test_times(mechanism: Mechanism) -> None:
    def expiring(claims: Claims) -> None:
        claims.update(_EXPIRES[mechanism.is_v1])

    verifier = knowing(mechanism, expiring)
    data = {number: mechanism.credential(number, expiring) for number in (3, 4)}
    assert verifier.quick(data[3])
    late = codes(verifier, data[4], now=NOW + timedelta(days=40))
    assert set(late) == {"EXPIRED"}
    early = codes(verifier, data[4], now=NOW - timedelta(days=40))
    assert early[0] == "NOT_YET_VALID"
    if not mechanism.is_token:
        assert early[1:] == ["PROOF_VERIFICATION_ERROR"]  # made in the future
    assert verifier.quick(data[4])


_EXPIRES = {True: {"expirationDate": "2026-02-15T09:30:00Z"}, False: {"validUntil": "2026-02-15T09:30:00Z"}}


@each_mechanism
def test_a_member_of_the_series_that_has_expired(mechanism: Mechanism) -> None:
    """The verifier has met members with different ends, so the end is a field."""
    name = "expirationDate" if mechanism.is_v1 else "validUntil"

    def until(year: int, number: int) -> bytes:
        return mechanism.credential(number, lambda claims: claims.update({name: f"{year}-01-20T09:30:00Z"}))

    verifier = knowing(mechanism)
    assert verifier.slow(until(2028, 3))
    assert verifier.quick(until(2031, 4))
    assert set(codes(verifier, until(2026, 5))) == {"EXPIRED"}
    assert set(codes(verifier, until(2025, 6))) >= {"EXPIRED", "MALFORMED_VALUE_ERROR"}
    assert verifier.quick(until(2027, 7))


@each_embedded
def test_proofs_that_were_created_in_the_future(mechanism: Mechanism) -> None:
    verifier = knowing(mechanism)
    assert verifier.slow(mechanism.credential(3, created=NOW - timedelta(seconds=5)))
    assert verifier.quick(mechanism.credential(4, created=NOW + timedelta(seconds=60)))
    data = mechanism.credential(5, created=NOW + timedelta(seconds=61))
    assert codes(verifier, data) == ["PROOF_VERIFICATION_ERROR"]
    assert verifier.quick(data, now=NOW + timedelta(seconds=5))


@each_embedded
def test_proofs_that_have_expired(mechanism: Mechanism) -> None:
    verifier = knowing(mechanism, expires=NOW)
    data = mechanism.credential(3, expires=NOW)
    assert verifier.quick(data, now=NOW + timedelta(seconds=59))
    assert codes(verifier, data, now=NOW + timedelta(seconds=60)) == ["PROOF_VERIFICATION_ERROR"]


@each_mechanism
@pytest.mark.parametrize("identifier", ["", "no-url", "http://a b", "x:", "did:example:3 ", ":x", "urn:x:{3}"])
def test_identifiers_that_are_no_urls(mechanism: Mechanism, identifier: str) -> None:
    verifier = knowing(mechanism)
    for place in ("id", "subject"):

        def change(claims: Claims, place: str = place) -> None:
            (claims if place == "id" else claims["credentialSubject"])["id"] = identifier

        found = verifier.slow(_signed_all_the_same(mechanism, change)).problems
        at = "/id" if place == "id" else "/credentialSubject/id"
        assert ("MALFORMED_VALUE_ERROR", at) in [(problem.code, problem.at) for problem in found]


def _signed_all_the_same(mechanism: Mechanism, change: Change) -> bytes:
    """A credential that breaks a rule; one that no statements can be made of has the proof of another."""
    try:
        return mechanism.credential(3, change)
    except Exception:
        if mechanism is not RDFC:
            raise
        return changed(json.loads(mechanism.credential(3)), change)


@each_mechanism
def test_identifiers_of_several_subjects_and_of_status_entries(mechanism: Mechanism) -> None:
    def change(claims: Claims, subject: str, status: str) -> None:
        claims["credentialSubject"] = [claims["credentialSubject"], {"id": subject, "alsoKnownAs": "x"}]
        claims["credentialStatus"] = entry(id=status, statusListIndex="1")

    def of(number: int, subject: str = "urn:x:subject", status: str = "urn:x:status") -> bytes:
        return _signed_all_the_same(
            mechanism, lambda claims: change(claims, subject + str(number), status + str(number))
        )

    verifier = Verifier(replace(POLICY))
    assert verifier.slow(of(1))
    assert verifier.slow(of(2))
    assert verifier.quick(of(3))
    assert "MALFORMED_VALUE_ERROR" in codes(verifier, of(4, subject="nobody"))
    assert "MALFORMED_VALUE_ERROR" in codes(verifier, of(5, status="nowhere"))


@each_mechanism
def test_status_entries_are_looked_up(mechanism: Mechanism) -> None:
    def of(number: int) -> bytes:
        status = entry(id=f"urn:x:status:{number}", statusListIndex=str(number))
        return mechanism.credential(number, lambda claims: claims.update(credentialStatus=status))

    verifier = Verifier(replace(POLICY), bits={4: 1})
    assert verifier.slow(of(1))
    assert verifier.slow(of(2))
    assert verifier.quick(of(3))
    revoked = verifier.quick(of(4))
    assert [problem.code for problem in revoked.problems] == ["REVOKED"]
    assert verifier.quick(of(5))
    assert not verifier.quick(of(5), policy=verifier.policy).problems
    verifier.bits = {5: 1}
    assert [problem.code for problem in verifier.quick(of(5)).problems] == ["REVOKED"]
    assert verifier.quick(of(4))


@pytest.mark.parametrize("index", ["07", "-1", "1.0", "x", "", "1000000000"])
def test_status_entries_that_are_none(index: str) -> None:
    def change(claims: Claims, index: str) -> None:
        claims["credentialStatus"] = entry(statusListIndex=index)

    verifier = Verifier(replace(POLICY))
    for number in (1, 2):
        assert verifier.slow(EDDSA.credential(number, partial(change, index=str(number))))
    result = verifier.quick(EDDSA.credential(3, partial(change, index=index)))
    assert [problem.code for problem in result.problems] == ["STATUS_VERIFICATION_ERROR"]


def test_the_claim_status_of_a_token_is_looked_up() -> None:
    def of(number: int, *, list_number: int = 1) -> bytes:
        reference = {"idx": number, "uri": f"https://status.example/{list_number}"}
        return VCJWT.credential(number, lambda claims: claims.update(status={"status_list": reference}))

    verifier = Verifier(replace(POLICY), bits={4: 2})
    assert verifier.slow(of(1))
    assert verifier.slow(of(2))
    assert verifier.quick(of(3))
    assert [problem.code for problem in verifier.quick(of(4)).problems] == ["SUSPENDED"]
    assert verifier.slow(of(5, list_number=2))


def test_the_claim_status_beside_the_claim_vc_is_looked_up() -> None:
    def of(number: int) -> bytes:
        reference = {"status_list": {"idx": number, "uri": "https://status.example/1"}}
        return resigned(JWTVC.credential(number), lambda payload: payload.update(status=reference))

    verifier = Verifier(replace(POLICY), bits={4: 1})
    assert verifier.slow(of(1))
    assert verifier.slow(of(2))
    assert verifier.quick(of(3))
    assert [problem.code for problem in verifier.quick(of(4)).problems] == ["REVOKED"]


@each_mechanism
def test_issuers_that_are_not_accepted(mechanism: Mechanism) -> None:
    verifier = knowing(mechanism)
    by_stranger = mechanism.credential(
        3, lambda claims: _set_issuer(claims, did_of("stranger", mechanism.key_type)), name="stranger"
    )
    assert codes(verifier, by_stranger) == ["UNACCEPTED_ISSUER"]
    by_another_key = verifier.both(mechanism.credential(3, name="stranger"))
    assert [problem.code for problem in by_another_key.problems] == ["ISSUER_MISMATCH"]


def _set_issuer(claims: Claims, issuer: str) -> None:
    claims["issuer"] = issuer if isinstance(claims["issuer"], str) else {**claims["issuer"], "id": issuer}


@each_mechanism
def test_a_key_of_another_with_the_name_of_the_issuers(mechanism: Mechanism) -> None:
    """All that is in the bytes is of the series; only the signature is not by that key."""
    verifier = knowing(mechanism)
    method = signer_of("issuer", mechanism.key_type).verification_method
    forged = mechanism.credential(3, name="stranger", method=method)
    assert [problem.code for problem in verifier.quick(forged).problems] == ["PROOF_VERIFICATION_ERROR"]


@each_mechanism
def test_a_key_of_another_where_nobody_asks_whose_it_is(mechanism: Mechanism) -> None:
    verifier = knowing(mechanism, require_issuer_control=False)
    result = verifier.both(mechanism.credential(3, name="stranger"))
    assert result
    assert result.credential.proven_by[0].controller == did_of("stranger", mechanism.key_type)


@each_embedded
def test_challenges_and_domains_are_those_of_the_policy(mechanism: Mechanism) -> None:
    expected: dict[str, Any] = {"challenge": "c", "domain": "d.example"}
    of_policy: dict[str, Any] = {"challenge": "c", "domain": frozenset({"d.example"})}
    verifier = Verifier(replace(POLICY, **of_policy))
    for number in (1, 2):
        assert verifier.slow(mechanism.credential(number, **expected))
    assert verifier.quick(mechanism.credential(3, **expected))
    for options, code in (
        (expected | {"challenge": "C"}, "INVALID_CHALLENGE_ERROR"),
        (expected | {"domain": "e.example"}, "INVALID_DOMAIN_ERROR"),
        ({"domain": "d.example"}, "INVALID_CHALLENGE_ERROR"),
        ({"challenge": "c"}, "INVALID_DOMAIN_ERROR"),
    ):
        assert codes(verifier, mechanism.credential(4, **options)) == [code]


@each_embedded
@pytest.mark.parametrize(
    "value", ["", "z", "m1", "Z1", "z0", "zO", "z1l", "z1 ", "ž1", "z" + "1" * 64, "z" + "1" * 88, "z" + "1" * 5_000, 5]
)
def test_proof_values_that_are_none(mechanism: Mechanism, value: object) -> None:
    verifier = knowing(mechanism)
    data = in_proof(json.loads(mechanism.credential(3)), lambda proof: proof.update(proofValue=value))
    assert not verifier.both(data)
    assert verifier.quick(mechanism.credential(3))


@each_embedded
@pytest.mark.parametrize(
    "change",
    [
        lambda proof: proof.update(created="2026-01-15T09:30:00"),
        lambda proof: proof.update(created=""),
        lambda proof: proof.update(created="yesterday"),
        lambda proof: proof.update(proofPurpose="authentication"),
        lambda proof: proof.update(cryptosuite="eddsa-rdfc-2023"),
        lambda proof: proof.update(type="Ed25519Signature2020"),
        lambda proof: proof.update(verificationMethod=proof["verificationMethod"] + "x"),
        lambda proof: proof.update(previousProof="urn:x:1"),
        lambda proof: proof.update(nonce=""),
        lambda proof: proof.pop("created"),
        lambda proof: proof.clear(),
    ],
)
def test_options_that_were_not_signed(mechanism: Mechanism, change: Change) -> None:
    verifier = knowing(mechanism)
    assert not verifier.both(in_proof(json.loads(mechanism.credential(3)), change))
    several = changed(json.loads(mechanism.credential(3)), lambda tree: tree.update(proof=[tree["proof"], {}]))
    assert not verifier.slow(several)


@pytest.mark.parametrize(
    ("header", "fine_as"),
    [
        ({}, ("vc+jwt", "jwt_vc")),
        ({"alg": "Ed25519"}, ("vc+jwt", "jwt_vc")),
        ({"x": {"y": [1]}}, ("vc+jwt", "jwt_vc")),
        ({"typ": "vc+jwt"}, ("vc+jwt",)),
        ({"typ": "vc+ld+jwt", "cty": None}, ("vc+jwt",)),
        ({"typ": "application/vc+jwt", "cty": None}, ("vc+jwt",)),
        ({"typ": "JWT", "cty": None}, ("jwt_vc",)),
        ({"typ": None}, ("jwt_vc",)),
        ({"cty": "vp"}, ("jwt_vc",)),
        ({"typ": "vp+jwt", "cty": None}, ()),
        ({"typ": "dc+sd-jwt"}, ()),
        ({"typ": "x"}, ()),
        ({"typ": 1}, ()),
        ({"kid": "#other"}, ()),
        ({"kid": f"{STRANGER}#{STRANGER.removeprefix('did:key:')}"}, ()),
        ({"kid": None}, ()),
        ({"kid": "did:example:nobody#1"}, ()),
        ({"alg": "ES256"}, ()),
        ({"alg": "none"}, ()),
        ({"crit": ["b64"]}, ()),
        ({"iss": "did:example:other"}, ()),
    ],
    ids=str,
)
@each_token
def test_headers_of_all_kinds(mechanism: Mechanism, header: Claims, fine_as: tuple[str, ...]) -> None:
    """The header is no part of the series: it is read as ever, and refused for the same reasons."""
    verifier, data = knowing(mechanism), mechanism.credential(3)
    its_own = {name: value for name, value in header_of(data).items() if name != "alg"}
    result = verifier.both(signed(its_own | header, tokens.payload_bytes(data)))
    assert bool(result) is (mechanism.name in fine_as), result.problems


def test_very_long_options_of_a_proof_are_read_anew() -> None:
    """Nothing of them is remembered but what a series has in common, and each keeps its own."""
    verifier = Verifier(replace(POLICY))
    for number in (1, 2):
        assert verifier.slow(EDDSA.credential(number, proof_id=f"urn:x:{number}:{'y' * 1_024}"))
    asked = module._remembered_options.cache_info()
    for number in (3, 4):
        assert verifier.quick(EDDSA.credential(number, proof_id=f"urn:x:{number}:{'y' * 1_024}"))
    assert module._remembered_options.cache_info() == asked
    assert verifier.quick(EDDSA.credential(5, proof_id="urn:x:5"))


@each_token
@pytest.mark.parametrize(
    ("claim", "value", "code"),
    [
        ("exp", int(NOW.timestamp()) - 100, "EXPIRED"),
        ("nbf", int(NOW.timestamp()) + 100, "NOT_YET_VALID"),
        ("iat", int(NOW.timestamp()) + 100, "NOT_YET_VALID"),
        ("exp", 0, "MALFORMED_VALUE_ERROR"),
        ("exp", 10**14, "MALFORMED_VALUE_ERROR"),
        ("exp", -1, "MALFORMED_VALUE_ERROR"),
        ("jti", "urn:x:another", "TOKEN_CLAIMS_ERROR"),
        ("jti", "no url", "TOKEN_CLAIMS_ERROR"),
        ("sub", "did:example:another", "TOKEN_CLAIMS_ERROR"),
        ("sub", "no url", "TOKEN_CLAIMS_ERROR"),
        ("sub", "", "TOKEN_CLAIMS_ERROR"),
        ("iss", "did:example:another", "TOKEN_CLAIMS_ERROR"),
        ("aud", "https://another.example", "INVALID_DOMAIN_ERROR"),
        ("exp", "soon", "MALFORMED_VALUE_ERROR"),
    ],
)
def test_claims_of_a_token(mechanism: Mechanism, claim: str, value: Any, code: str) -> None:
    """In the series every registered claim is a field; in one token one of them is not what it has to be."""
    ends = int((NOW + timedelta(days=400)).timestamp())

    def of(number: int, **wrong: Any) -> bytes:
        token = mechanism.credential(number, lambda claims: claims.pop("expirationDate", None))
        document = payload_of(token).get("vc", payload_of(token))
        begins = int(NOW.timestamp()) - number if mechanism is VCJWT else payload_of(token)["nbf"]
        registered = {
            "iat": int(NOW.timestamp()) - number,
            "nbf": begins,
            "exp": ends + number,
            "jti": document["id"],
            "sub": document["credentialSubject"]["id"],
        }
        return resigned(token, lambda payload: payload.update(registered | wrong))

    verifier = Verifier(replace(POLICY))
    assert verifier.slow(of(1))
    assert verifier.slow(of(2))
    assert verifier.quick(of(3))
    assert code in codes(verifier, of(4, **{claim: value}))
    assert verifier.quick(of(5))


SCHEMA = "https://schemas.example/1"
CREDITS_BELOW_7 = {
    "type": "object",
    "properties": {
        "credentialSubject": {
            "properties": {"achievement": {"properties": {"credits": {"type": ["integer", "string"], "maximum": 6}}}}
        }
    },
}


@each_mechanism
def test_schemas_are_asked_of_every_member(mechanism: Mechanism) -> None:
    """Of numbers of an RDFC suite the schema sees what the statements say."""

    def with_schema(claims: Claims) -> None:
        claims["credentialSchema"] = {"id": SCHEMA, "type": "JsonSchema"}

    evidence = Evidence(resources={SCHEMA: json.dumps(CREDITS_BELOW_7).encode()})
    verifier = knowing(mechanism, with_schema, evidence=evidence)
    assert verifier.quick(mechanism.credential(3, with_schema))
    too_many = verifier.quick(mechanism.credential(4, with_schema))
    assert [problem.code for problem in too_many.problems] == ["SCHEMA_VALIDATION_ERROR"]
    assert verifier.quick(mechanism.credential(0, with_schema))
    without = verifier.quick(mechanism.credential(4, with_schema), evidence=Evidence())
    assert [check.because for check in without.checks if check.check == "schema"] == [
        f"the schema '{SCHEMA}' was not supplied"
    ]


def test_resources_are_compared_in_every_member() -> None:
    url = "https://pictures.example/1"
    related = {"id": url, "digestSRI": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}

    def change(claims: Claims) -> None:
        claims["relatedResource"] = related

    verifier = knowing(EDDSA, change, evidence=Evidence(resources={url: b""}))
    assert verifier.quick(EDDSA.credential(3, change))
    assert not verifier.quick(EDDSA.credential(4, change), evidence=Evidence(resources={url: b"x"}))


# What teaches nothing


@each_mechanism
def test_what_is_rejected_teaches_nothing(mechanism: Mechanism) -> None:
    verifier = Verifier(replace(POLICY, accepted_issuers=frozenset({STRANGER})))
    for number in (1, 2, 3):
        assert verifier.slow(mechanism.credential(number)).verdict is Verdict.REJECTED
    verifier = Verifier(replace(POLICY))
    for number in (1, 2, 3):
        assert verifier.slow(mechanism.credential(number, name="stranger")).verdict is Verdict.REJECTED
    for number in (1, 2, 3):
        result = verifier.slow(mechanism.credential(number), now=NOW - timedelta(days=900))
        assert result.verdict is Verdict.REJECTED
    assert verifier.policy.known._entries == {}


@each_mechanism
def test_what_is_undecided_teaches_nothing(mechanism: Mechanism) -> None:
    verifier = Verifier(replace(POLICY))

    def with_schema(claims: Claims) -> None:
        claims["credentialSchema"] = {"id": SCHEMA, "type": "JsonSchema"}

    for number in (1, 2, 3):
        data = mechanism.credential(number, with_schema)
        result = verifier.verify(data, policy=replace(POLICY, resources="require"))
        assert result.verdict is Verdict.UNDECIDED
    strict = Verifier(replace(POLICY, resources="require"))
    for number in (1, 2, 3):
        assert strict.slow(mechanism.credential(number, with_schema)).verdict is Verdict.UNDECIDED
    assert strict.policy.known._entries == {}


def test_a_revoked_credential_teaches_nothing() -> None:
    verifier = Verifier(replace(POLICY), bits={7: 1})
    for number in (1, 2, 3):
        assert not verifier.slow(EDDSA.credential(number, lambda claims: claims.update(credentialStatus=entry())))
    assert verifier.policy.known._entries == {}


# What never takes it


@pytest.mark.parametrize("kind", ["vc+sd-jwt", "dc+sd-jwt", "vc+cose"])
def test_other_kinds_of_tokens_never_take_it(kind: str) -> None:
    verifier = Verifier(replace(tokens.POLICY))
    identifier = "sub" if kind == "dc+sd-jwt" else "id"
    for number in range(4):
        data = tokens.credential(kind, tokens.claims_of(kind) | {identifier: f"urn:x:{number}"})
        assert verifier.slow(data)


@pytest.mark.parametrize("kind", ["vc+sd-jwt", "dc+sd-jwt", "vc+cose"])
def test_other_kinds_of_tokens_teach_nothing(kind: str) -> None:
    """Even where nothing is hidden in them."""
    verifier = Verifier(replace(tokens.POLICY))
    for _ in range(2):
        assert verifier.verify(tokens.credential(kind))
    assert verifier.policy.known._entries == {}


@pytest.mark.parametrize("form", ["enveloped", "flattened", "general"])
def test_tokens_in_other_forms_never_take_it(form: str) -> None:
    verifier = knowing(VCJWT)
    for number in (3, 4, 5):
        token = VCJWT.credential(number).decode()
        header, payload, signature = token.split(".")
        forms: dict[str, Claims] = {
            "enveloped": {
                "@context": ["https://www.w3.org/ns/credentials/v2"],
                "type": "EnvelopedVerifiableCredential",
                "id": f"data:application/vc+jwt,{token}",
            },
            "flattened": {"protected": header, "payload": payload, "signature": signature},
            "general": {"payload": payload, "signatures": [{"protected": header, "signature": signature}]},
        }
        assert bool(verifier.slow(text(forms[form]))) is (form == "enveloped")
    assert [len(entries) for entries in verifier.policy.known._entries.values()] == [1]


def test_sd_jwts_of_the_same_payload_never_take_it() -> None:
    verifier = knowing(VCJWT)
    for number in (3, 4):
        token = VCJWT.credential(number)
        assert not verifier.slow(token + b"~")


@each_embedded
def test_several_proofs_never_take_it(mechanism: Mechanism) -> None:
    verifier = Verifier(replace(POLICY))
    for number in (1, 2, 3):
        document = json.loads(mechanism.credential(number))
        verifier.slow(text({**document, "proof": [document["proof"]]}))


def test_credentials_with_fractions_never_take_it() -> None:
    """What is not plain has no canonical form at hand."""
    verifier = Verifier(replace(POLICY))
    for number in (1, 2, 3):
        assert verifier.slow(EDDSA.credential(number, lambda claims: claims["credentialSubject"].update(ratio=0.5)))


def test_presentations_are_no_credentials() -> None:
    policy = replace(POLICY, proof_purpose="authentication")
    verifier = Verifier(policy)
    for kind in ("vp+jwt", "jwt_vp"):
        for number in (1, 2, 3):
            data = presentation(kind, [VCJWT.credential(number)])
            assert not verifier.slow(data)


@each_mechanism
def test_credentials_beyond_the_limit_are_refused(mechanism: Mechanism) -> None:
    longest = len(mechanism.credential(3))
    verifier = knowing(mechanism, limits=Limits(document_bytes=longest + 50))

    def longer(claims: Claims) -> None:
        claims["credentialSubject"]["achievement"]["title"]["lv"] += "x" * 200

    assert verifier.quick(mechanism.credential(3))
    assert codes(verifier, mechanism.credential(4, longer)) == ["INPUT_TOO_LARGE"]


def test_bytes_of_another_type_are_refused_as_ever() -> None:
    class Bytes(bytes):
        """Whose methods may answer anything."""

    verifier = knowing(EDDSA)
    with watched() as taken, pytest.raises(TypeError):
        verifier.verify(Bytes(EDDSA.credential(3)))
    assert taken == []


@pytest.mark.parametrize("mechanism", [VCJWT, JWTVC], ids=lambda mechanism: mechanism.name)
def test_rules_of_a_profile_are_asked_of_every_token(mechanism: Mechanism) -> None:
    """The policy's envelopes and purpose are looked at for each."""
    rules: list[dict[str, Any]] = [{"envelopes": {}}, {"proof_purpose": "authentication"}]
    for options in rules:
        verifier = Verifier(replace(POLICY, **options))
        for number in (1, 2, 3):
            assert not verifier.slow(mechanism.credential(number))


@each_mechanism
def test_keys_as_of_the_issuance(mechanism: Mechanism) -> None:
    verifier = knowing(mechanism, keys_as_of="issuance")
    result = verifier.quick(mechanism.credential(3))
    assert result.credential.proven_by[0].keys_as_of == "issuance"


def test_keys_that_are_not_found() -> None:
    verifier = knowing(EDDSA)

    class Forgetful(Verifier):
        def resolve(self, did: str, *, at: Any = None) -> Any:
            self.asked[did] += 1
            return StaticResolver(methods={}).resolve(did)

    forgetful = Forgetful(verifier.policy)
    result = forgetful.quick(EDDSA.credential(3))
    assert result.verdict is Verdict.UNDECIDED
    assert forgetful.asked == {EDDSA.issuer: 1}


def test_status_lists_that_are_not_there() -> None:
    verifier = knowing(EDDSA, lambda claims: claims.update(credentialStatus=entry()))
    data = EDDSA.credential(3, lambda claims: claims.update(credentialStatus=entry()))
    assert verifier.quick(data)

    class Listless(Verifier):
        def look_up(self, *arguments: Any, **options: Any) -> int:
            return NO_STATUS_LISTS.look_up(*arguments, **options)

    assert Listless(verifier.policy).quick(data).verdict is Verdict.UNDECIDED


# Depth


DEEP = Limits(depth=254)
DEEPER = Limits(depth=255)


def deep(number: int, levels: int) -> bytes:
    """A token with a field within so many objects more than in others."""
    token = VCJWT.credential(number)
    member = b'"deep":' + b'{"a":' * levels + str(number).encode() + b"}" * levels
    payload = tokens.payload_bytes(token).replace(b'"credits"', member + b',"credits"')
    return signed(tokens_header(token), payload)


def tokens_header(token: bytes) -> Claims:
    """The header without its `alg`, which a signature brings."""
    return {name: value for name, value in header_of(token).items() if name != "alg"}


def test_documents_that_are_very_deep_go_by_the_shortcut_up_to_a_limit() -> None:
    verifier = Verifier(replace(POLICY, limits=DEEP))
    for number in (1, 2):
        assert verifier.slow(deep(number, 251))
    assert verifier.quick(deep(3, 251))
    assert codes(verifier, deep(4, 252)) == ["NESTING_TOO_DEEP"]


@pytest.mark.parametrize("levels", [0, 251, 252, 300, 800])
def test_where_deeper_ones_are_allowed_it_is_never_taken(levels: int) -> None:
    verifier = Verifier(replace(POLICY, limits=Limits(depth=900)))
    for number in (1, 2, 3):
        assert verifier.slow(deep(number, levels))
    assert verifier.policy.known._entries == {}
    verifier = Verifier(replace(POLICY, limits=DEEPER))
    for number in (1, 2, 3):
        verifier.slow(EDDSA.credential(number))
    assert verifier.policy.known._entries == {}


def at_depth(depth: int, call: Callable[[], Any]) -> Any:
    """What a call answers for which so many others wait."""
    return call() if depth == 0 else at_depth(depth - 1, call)


def room() -> int:
    """How many more calls there may be."""
    return sys.getrecursionlimit() - len(inspect.stack())


@pytest.mark.parametrize(
    ("limits", "levels"), [(DEEP, 0), (DEEP, 200), (DEEP, 250), (Limits(depth=900), 300), (Limits(depth=900), 600)]
)
def test_whatever_is_left_of_the_stack_both_ways_say_the_same(limits: Limits, levels: int) -> None:
    """Of a policy that knows the series, and of one that is to learn it there. `verify` is one call more."""
    policy, tokens = replace(POLICY, limits=limits), [deep(number, levels) for number in range(4)]
    knowing, verified = Verifier(policy), 0
    for token in tokens[:3]:
        assert knowing.both(token)
    deepest = room() - 40
    with watched() as taken:
        for depth in range(max(0, deepest - 2 * levels - 40), deepest, 3):
            expected = seen(at_depth(depth + 1, partial(knowing.in_general, tokens[3])))
            assert seen(at_depth(depth, partial(knowing.verify, tokens[3]))) == expected
            learning = Verifier(replace(policy))
            for token in tokens:
                result = at_depth(depth, partial(learning.verify, token))
                assert bool(result) is bool(expected[0])
            assert seen(result) == expected
            verified += bool(result)
    assert verified
    assert bool(taken) is (limits is DEEP)


@each_mechanism
def test_with_hardly_anything_left_of_the_stack_both_ways_say_the_same(mechanism: Mechanism) -> None:
    """Up to where there is not even enough for the general way: the other one takes two calls more."""
    verifier, data = knowing(mechanism), mechanism.credential(3)
    expected = seen(verifier.both(data))
    for depth in range(room() - 60, room()):
        try:
            at_depth(depth + 2, partial(verifier.in_general, data))
        except RecursionError:
            break
        assert seen(at_depth(depth, partial(verifier.verify, data))) == expected
    else:
        pytest.fail("there is always enough")


# Issuers


def test_any_issuer() -> None:
    """Two issuers are two series, and neither is taken for the other."""
    verifier = Verifier(Policy(accepted_issuers=ANY_ISSUER, contexts=POLICY.contexts))
    others = [
        EDDSA.credential(number, lambda claims: _set_issuer(claims, STRANGER), name="stranger") for number in range(4)
    ]
    for number in (1, 2):
        assert verifier.slow(EDDSA.credential(number))
        assert verifier.slow(others[number])
    assert verifier.quick(EDDSA.credential(3)).credential.issuer == EDDSA.issuer
    assert verifier.quick(others[3]).credential.issuer == STRANGER


class Some(AnyIssuer):
    """Accepts every issuer but those that are refused by now."""

    def __init__(self) -> None:
        self.refused: set[object] = set()

    def __contains__(self, issuer: object) -> bool:
        return issuer not in self.refused


class Listed(frozenset[str]):
    """The same, of those that are in the set."""

    refused: set[object]

    def __contains__(self, issuer: object) -> bool:
        return super().__contains__(issuer) and issuer not in self.refused


def listed() -> Listed:
    issuers = Listed(POLICY.accepted_issuers)  # type: ignore[arg-type]  # a set
    issuers.refused = set()
    return issuers


@each_mechanism
@pytest.mark.parametrize("make", [Some, listed])
def test_an_issuer_that_is_refused_from_now_on_is_refused_at_once(
    mechanism: Mechanism, make: Callable[[], Some | Listed]
) -> None:
    accepted = make()
    verifier = knowing(mechanism, accepted_issuers=accepted)
    data = mechanism.credential(3)
    assert verifier.quick(data)
    accepted.refused.add(mechanism.issuer)
    assert codes(verifier, data) == ["UNACCEPTED_ISSUER"]
    accepted.refused.clear()
    assert verifier.quick(data)


@each_mechanism
def test_an_issuer_with_another_member_before_its_identifier(mechanism: Mechanism) -> None:
    def change(claims: Claims) -> None:
        claims["issuer"] = {"name": "Daugavkrasta universitāte, ārpus Rīgas", "id": mechanism.issuer}

    assert knowing(mechanism, change).quick(mechanism.credential(3, change))


@each_mechanism
def test_an_issuer_that_is_named_after_another_one_teaches_nothing(mechanism: Mechanism) -> None:
    """What is looked for is where the first stands, and nobody but that one may fill it."""
    other: Claims = {"id": "urn:x:another", "type": "VerifiableCredential", "issuer": STRANGER}

    def before(claims: Claims) -> None:
        later = claims.copy()
        claims.clear()
        claims |= {"evidence": other} | later

    def after(claims: Claims) -> None:
        claims["evidence"] = other

    verifier = Verifier(replace(POLICY))
    for number in (1, 2, 3):
        data = mechanism.credential(number, before)
        text = tokens.payload_bytes(data) if mechanism.is_token else data
        assert text.partition(b'"issuer":"')[2].startswith(STRANGER.encode())
        assert verifier.slow(data)
    assert verifier.policy.known._entries == {}
    assert knowing(mechanism, after).quick(mechanism.credential(3, after))


# Cryptosuites


def test_suites_that_the_policy_changes_are_the_new_ones() -> None:
    """The mapping is the caller's, and what it says now is what counts."""
    suites = dict(CRYPTOSUITES)
    verifier = knowing(EDDSA, cryptosuites=suites)
    data = EDDSA.credential(3)
    suites["eddsa-jcs-2022"] = CRYPTOSUITES["eddsa-rdfc-2022"]
    assert codes(verifier, data) == ["PROOF_VERIFICATION_ERROR"]
    del suites["eddsa-jcs-2022"]
    assert not verifier.slow(data)
    suites |= CRYPTOSUITES
    assert verifier.quick(data)


def test_a_suite_for_statements_has_no_unknown_members_in_a_proof() -> None:
    """Though the series was met when the suite of that name covered JSON."""
    suites = dict(CRYPTOSUITES)
    verifier = Verifier(replace(POLICY, cryptosuites=suites))
    for number in (1, 2):
        assert verifier.slow(_with_unknown_option(number))
    data = _with_unknown_option(3)
    assert verifier.quick(data)
    suites["eddsa-jcs-2022"] = replace(CRYPTOSUITES["eddsa-rdfc-2022"], name="eddsa-jcs-2022")
    assert codes(verifier, data) == ["DATA_LOSS_DETECTION_ERROR"]
    suites |= CRYPTOSUITES
    assert verifier.quick(data)


def _with_unknown_option(number: int) -> bytes:
    """A credential whose proof has a member of no meaning, which is signed as well."""
    tree = json.loads(EDDSA.credential(number))
    proof = tree.pop("proof") | {"remark": "x"}
    proof.pop("proofValue")
    hashes = b"".join(sha256(jcs.canonicalize(each)).digest() for each in (proof, tree))
    signature = signer_of("issuer", "Ed25519").sign(hashes)
    return text({**tree, "proof": {**proof, "proofValue": "z" + encode_base58btc(signature)}})
