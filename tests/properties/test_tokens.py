"""What is issued as a token verifies and gives back its claims, what is presented verifies, and nothing else does."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benches.leaf_changes import mutations
from did import StaticResolver
from status import NO_STATUS_LISTS
from vc_core import (
    ANY_ISSUER,
    CODES,
    Limits,
    Outcome,
    Policy,
    PresentationPolicy,
    PresentationResult,
    VCError,
    Verdict,
    VerificationResult,
    sd_jwt,
    verify,
    verify_presentation,
)
from vc_core.presentation.verification import PRESENTATION_CHECKS, PRESENTATION_TOKEN_CHECKS, SD_JWT_CHECKS
from vc_core.securing.cose.sign1 import write_sign1
from vc_core.securing.envelopes import data_url
from vc_core.verify import CHECKS, TOKEN_CHECKS
from vectors.making.credentials import V2, Claims, text
from vectors.making.keys import signer_of
from vectors.making.tokens import (
    AUDIENCE,
    CREDENTIAL_KINDS,
    EMBEDDED,
    HOLDER,
    NONCE,
    NOW,
    PRESENTATION_KINDS,
    SD_JWT_KINDS,
    bound,
    claims_of,
    credential,
    encoded,
    header_of,
    payload_of,
    presentation,
    rebound,
    signed,
    verdict,
    verdict_on_presentation,
    with_payload,
)

TOKENS: Final = [kind for kind in CREDENTIAL_KINDS if kind not in EMBEDDED]
COMPACT: Final = [kind for kind in TOKENS if kind != "vc+cose"]
BOUND: Final = [f"{kind} with key binding" for kind in SD_JWT_KINDS]
LIMITS: Final = Limits()

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
RESERVED: Final = frozenset({"@context", "_sd", "_sd_alg", "..."})


def has_reserved_names(value: Any) -> bool:
    if isinstance(value, dict):
        return not RESERVED.isdisjoint(value) or any(map(has_reserved_names, value.values()))
    return isinstance(value, list) and any(map(has_reserved_names, value))


subjects = st.dictionaries(texts.filter(lambda name: name != "id"), values, max_size=5).filter(
    lambda value: not has_reserved_names(value)
)


def with_subject(kind: str, subject: Claims) -> Claims:
    """Claims of that kind in which the subject stands, about the holder."""
    if kind == "dc+sd-jwt":
        return claims_of(kind) | {"about": subject}
    return claims_of(kind) | {"credentialSubject": {"id": HOLDER, **subject}}


# What is issued, and what is presented


@pytest.mark.parametrize("kind", TOKENS)
@settings(max_examples=40)
@given(subject=subjects)
def test_any_json_comes_back_as_it_was(kind: str, subject: Claims) -> None:
    claims = with_subject(kind, subject)
    data = credential(kind, claims)
    result = verdict(data)
    assert result.problems == ()
    found = result.credential.claims
    assert json.dumps({name: found[name] for name in claims}) == json.dumps(claims)
    media_type = "jwt" if kind == "jwt_vc" else kind
    for url in (f"data:application/{media_type};base64,{base64.b64encode(data).decode()}", data_url(data, kind)):
        enveloped = verdict(text({"@context": [V2], "type": "EnvelopedVerifiableCredential", "id": url}))
        assert enveloped == result
        assert json.dumps(enveloped.credential.claims) == json.dumps(found)


def pointers(value: Any, at: str = "") -> list[str]:
    """Every place inside of a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found: list[str] = []
    for key, child in inner:
        place = f"{at}/{str(key).replace('~', '~0').replace('/', '~1')}"
        found += [place, *pointers(child, place)]
    return found


@pytest.mark.parametrize("kind", SD_JWT_KINDS)
@settings(max_examples=40)
@given(subject=subjects, data=st.data())
def test_what_is_disclosed_is_shown_and_the_rest_is_not(kind: str, subject: Claims, data: st.DataObject) -> None:
    """Whatever is hidden, and whatever of it is shown: the claims without what is hidden still."""
    member = "about" if kind == "dc+sd-jwt" else "credentialSubject"
    claims = with_subject(kind, subject)
    places = [place for place in pointers(claims[member], f"/{member}") if not place.endswith("/credentialSubject/id")]
    hidden = frozenset(data.draw(st.lists(st.sampled_from(places), unique=True, max_size=6))) if places else frozenset()
    shown = frozenset(place for place in sorted(hidden) if data.draw(st.booleans()))
    secured = credential(kind, claims, disclosable=hidden)
    assert verdict(secured).problems == ()
    selected = sd_jwt.select(secured, disclose=shown, limits=LIMITS)
    result = verdict_on_presentation(bound(selected))
    assert result.problems == ()
    [found] = result.presentation.credentials
    above = {place for place in hidden for other in shown if other.startswith(place + "/") or other == place}
    assert found.claims[member] == pruned(claims[member], f"/{member}", hidden - above)


def pruned(value: Any, at: str, hidden: frozenset[str]) -> Any:
    """The value without what stands at these places."""
    if isinstance(value, dict):
        places = {name: f"{at}/{name.replace('~', '~0').replace('/', '~1')}" for name in value}
        return {
            name: pruned(child, places[name], hidden) for name, child in value.items() if places[name] not in hidden
        }
    if isinstance(value, list):
        return [
            pruned(child, f"{at}/{position}", hidden)
            for position, child in enumerate(value)
            if f"{at}/{position}" not in hidden
        ]
    return value


@pytest.mark.parametrize("kind", PRESENTATION_KINDS)
@settings(max_examples=25)
@given(
    kinds=st.lists(st.sampled_from(CREDENTIAL_KINDS), max_size=4),
    nonce=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=8, max_size=16),
    audience=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
    name=texts,
)
def test_what_is_presented_verifies(kind: str, kinds: list[str], nonce: str, audience: str, name: str) -> None:
    """Any credentials together, for any verifier, and for nobody else."""
    assume(kind != "jwt_vp" or "vc+cose" not in kinds)
    assume(len(nonce.encode()) <= 64)
    credentials = [
        credential(
            each,
            claims_of(each) | ({"title": name} if each == "dc+sd-jwt" else {"name": name} if each != "jwt_vc" else {}),
        )
        for each in kinds
    ]
    data = presentation(kind, credentials, nonce=nonce, audience=audience)
    result = verdict_on_presentation(data, nonce=nonce, audience=frozenset({audience}))
    assert result.problems == ()
    assert result.holder == HOLDER
    alone = [verdict(each).credential for each in credentials]
    assert result.presentation.credentials == tuple(alone)
    assert [each.claims for each in result.presentation.credentials] == [each.claims for each in alone]
    assert not verdict_on_presentation(data, nonce=nonce + "x", audience=frozenset({audience}))
    assert not verdict_on_presentation(data, nonce=nonce, audience=frozenset({audience + "x"}))
    if kind not in EMBEDDED:
        url = f"data:application/{'jwt' if kind == 'jwt_vp' else kind};base64,{base64.b64encode(data).decode()}"
        enveloped = text({"@context": [V2], "type": "EnvelopedVerifiablePresentation", "id": url})
        assert verdict_on_presentation(enveloped, nonce=nonce, audience=frozenset({audience})) == result


# Whatever the bytes

OPEN: Final = Policy(accepted_issuers=ANY_ISSUER, require_issuer_control=False)
LENIENT: Final = PresentationPolicy(
    credentials=OPEN,
    nonce=None,
    audience=None,
    holder_binding="bearer",
    longest_age=timedelta(days=1000),
    nonce_lifetime=timedelta(days=2000),
)
STRICT: Final = PresentationPolicy(
    credentials=OPEN, nonce=NONCE, audience=frozenset({AUDIENCE}), holder_binding="subject or cnf"
)
TABLES: Final = [
    [name for name, _ in table]
    for table in (CHECKS, TOKEN_CHECKS, PRESENTATION_CHECKS, PRESENTATION_TOKEN_CHECKS, SD_JWT_CHECKS)
]


def results_of(data: bytes) -> list[VerificationResult | PresentationResult]:
    """What is said of the bytes as a credential and as a presentation; each can be printed, and knows its codes."""
    found: list[VerificationResult | PresentationResult] = [verify_here(data, OPEN)]
    found += [present_here(data, policy) for policy in (LENIENT, STRICT)]
    for result in found:
        assert [check.check for check in result.checks] in TABLES
        assert (result.verdict is Verdict.VERIFIED) is bool(result) is (not result.problems)
        assert {problem.code for problem in result.problems} <= CODES.keys()
        failed = [check for check in result.checks if check.outcome is Outcome.FAILED]
        assert bool(failed) is bool(result.problems)
        for problem in result.problems:
            assert problem.detail.isprintable()
            assert len(problem.detail) < 600
        json.dumps(result.to_json(), allow_nan=False).encode()
        if isinstance(result, PresentationResult):
            assert result.holder is None or result
            if result:
                assert all(result.of_credentials)
                _ = [each.claims for each in result.presentation.credentials]
        elif result:
            _ = result.credential.claims
    return found


def verify_here(data: bytes, policy: Policy) -> VerificationResult:
    return verify(data, resolver=StaticResolver(), status=NO_STATUS_LISTS, policy=policy, now=NOW)


def present_here(data: bytes, policy: PresentationPolicy) -> PresentationResult:
    return verify_presentation(
        data, resolver=StaticResolver(), status=NO_STATUS_LISTS, policy=policy, now=NOW, nonces=None
    )


DISCLOSABLE: Final = {"vc+sd-jwt": {"/id", "/termsOfUse"}, "dc+sd-jwt": {"/title", "/credits"}}
SEEDS: Final = {
    **{
        kind: credential(kind, disclosable=DISCLOSABLE[kind]) if kind in SD_JWT_KINDS else credential(kind)
        for kind in CREDENTIAL_KINDS
    },
    **{
        f"presentation as {kind}": presentation(kind, [credential("vc+jwt"), credential("eddsa-jcs-2022")])
        for kind in PRESENTATION_KINDS
    },
    **{f"{kind} with key binding": bound(credential(kind, disclosable=DISCLOSABLE[kind])) for kind in SD_JWT_KINDS},
    "in JSON": credential("dc+sd-jwt", serialization="json"),
    "enveloped": text(
        {"@context": V2, "type": "EnvelopedVerifiableCredential", "id": data_url(credential("vc+jwt"), "vc+jwt")}
    ),
}


def test_the_seeds_are_in_order() -> None:
    for name, data in SEEDS.items():
        assert any(results_of(data)), name


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes(data: bytes) -> None:
    assert not any(results_of(data))


BEGINNINGS: Final = (
    b"\xd2\x84",
    b"\xd2",
    b"\x84",
    b"eyJ",
    b"~",
    b"{",
    b'{"payload":',
    b"a.b.c",
    b"\xd2\x84\x43\xa1\x01\x26\xa0",
)


@settings(max_examples=200)
@given(st.sampled_from(BEGINNINGS), st.binary(max_size=60))
def test_any_bytes_behind_a_beginning(beginning: bytes, data: bytes) -> None:
    assert not any(results_of(beginning + data))


@st.composite
def spoiled(draw: st.DrawFn) -> tuple[str, bytes]:
    """A seed that was cut, changed, doubled or mixed with another in the text."""
    name = draw(st.sampled_from(sorted(SEEDS)))
    data = SEEDS[name]
    start = draw(st.integers(0, len(data) - 1))
    end = draw(st.integers(start, min(len(data), start + 40)))
    other = SEEDS[draw(st.sampled_from(sorted(SEEDS)))]
    instead = draw(
        st.binary(max_size=8)
        | st.sampled_from(
            [b"", b".", b"~", b"=", b"\n", b" ", b"A", b"-", b"_", b"+", b"/", b'"', b"\x00", b"{}", b"\xff"]
        )
        | st.just(other[start : start + 30])
    )
    how = draw(st.sampled_from(["cut", "cut from the front", "changed", "doubled", "joined"]))
    if how == "cut":
        return name, data[:start]
    if how == "cut from the front":
        return name, data[start:]
    if how == "doubled":
        return name, data + data[start:]
    if how == "joined":
        return name, data[:start] + other[start:]
    return name, data[:start] + instead + data[end:]


@settings(max_examples=600)
@given(spoiled())
def test_a_spoiled_token(case: tuple[str, bytes]) -> None:
    """No exception; and nothing else than the seed itself is verified by a strict verifier, but for its order."""
    name, data = case
    found = results_of(data)
    if data not in SEEDS.values():
        assert not found[2] or says_the_same(name, data)


def says_the_same(name: str, data: bytes) -> bool:
    """Whether this is the JSON of a presentation in other words, for a JCS proof covers what the JSON says.

    Or the same COSE_Sign1 message without its tag, which is no part of what it says.
    """
    if name.endswith("cose"):
        return data == SEEDS[name][1:]
    if not name.endswith(EMBEDDED):
        return False
    return bool(json.loads(data) == json.loads(SEEDS[name]))


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
    | st.sampled_from(
        ["", V2, HOLDER, "2026-01-31T12:00:00Z", "VerifiableCredential", "did:example:x#y", "a~b", "EdDSA"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(texts | st.sampled_from(sorted(RESERVED)), inner, max_size=3)
    ),
    max_leaves=8,
)
CLAIMS: Final = [
    *("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "nonce", "cnf", "vc", "vp", "vct", "vct#integrity", "status"),
    *("@context", "id", "type", "issuer", "holder", "credentialSubject", "verifiableCredential", "validFrom"),
    *("validUntil", "issuanceDate", "expirationDate", "credentialStatus", "credentialSchema", "relatedResource"),
    *("termsOfUse", "evidence", "refreshService", "name", "description", "proof", "_sd", "_sd_alg", "...", "sd_hash"),
]
SIGNED: Final = [name for name in SEEDS if name in COMPACT or (name.startswith("presentation") and "jwt" in name)]


@settings(max_examples=400)
@given(
    name=st.sampled_from(SIGNED),
    inside=st.booleans(),
    claims=st.dictionaries(st.sampled_from(CLAIMS), anything, min_size=1, max_size=3),
)
def test_what_somebody_signed_who_keeps_to_no_rule(name: str, inside: bool, claims: Claims) -> None:
    """A valid signature makes nothing valid: signed nonsense goes through every check."""
    by = "holder" if name.startswith("presentation") else "issuer"
    jwt, tilde, rest = SEEDS[name].partition(b"~")
    header, payload = header_of(jwt), payload_of(jwt)
    target = payload
    if inside and isinstance(payload.get("vc", payload.get("vp")), dict):
        target = payload.get("vc", payload.get("vp"))
    target.update(claims)
    del header["alg"]
    results_of(signed(header, payload, name=by) + tilde + rest)


@settings(max_examples=150)
@given(
    name=st.sampled_from(BOUND),
    claims=st.dictionaries(
        st.sampled_from(["iat", "exp", "nbf", "aud", "nonce", "sd_hash", "cnf", "_sd"]), anything, min_size=1
    ),
)
def test_any_claims_in_a_key_binding(name: str, claims: Claims) -> None:
    found = results_of(rebound(SEEDS[name], lambda payload: payload.update(claims)))
    expected = payload_of(SEEDS[name].rpartition(b"~")[2])
    if any(claims.get(claim, expected[claim]) != expected[claim] for claim in ("nonce", "aud", "sd_hash")):
        assert not found[2]


HEADERS: Final = ["typ", "cty", "alg", "kid", "crit", "b64", "jwk", "jku", "x5c", "x5u", "zip", "enc", "x", "iss"]


@settings(max_examples=200)
@given(name=st.sampled_from(SIGNED), header=st.dictionaries(st.sampled_from(HEADERS), anything, min_size=1, max_size=2))
def test_any_header(name: str, header: Claims) -> None:
    by = "holder" if name.startswith("presentation") else "issuer"
    jwt, tilde, rest = SEEDS[name].partition(b"~")
    results_of(signed(header_of(jwt) | header, payload_of(jwt), name=by) + tilde + rest)


cwt_values = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=8)
    | st.binary(max_size=70)
)
cwt_values |= st.lists(cwt_values, max_size=2) | st.dictionaries(
    st.integers(0, 9) | st.text(max_size=3), cwt_values, max_size=2
)


@settings(max_examples=150)
@given(
    name=st.sampled_from(["vc", "vp"]),
    header=st.dictionaries(st.sampled_from([1, 2, 3, 4, 15, 16, 33, 99]), cwt_values, max_size=2),
    cwt_claims=st.dictionaries(st.integers(1, 12), cwt_values, max_size=3),
    claims=st.dictionaries(st.sampled_from(CLAIMS), anything, max_size=2),
)
def test_any_message_in_cose(name: str, header: Claims, cwt_claims: Claims, claims: Claims) -> None:
    signer = signer_of("issuer" if name == "vc" else "holder", "Ed25519")
    parameters: dict[int, Any] = {
        1: -8,
        3: f"application/{name}",
        4: signer.verification_method.encode(),
        15: cwt_claims,
        16: f"application/{name}+cose",
        **header,
    }
    payload = claims_of("vc+cose") if name == "vc" else {"@context": [V2], "type": "VerifiablePresentation"}
    results_of(write_sign1(parameters, text(payload | claims), signer=signer))


# No leaf can be changed


def unchanged(
    result: VerificationResult | PresentationResult, original: VerificationResult | PresentationResult
) -> bool:
    """Whether another text was accepted, and what is handed out is the same."""
    if isinstance(result, PresentationResult) and isinstance(original, PresentationResult):
        mine, theirs = result.presentation, original.presentation
        return mine == theirs and [each.claims for each in mine.credentials] == [
            each.claims for each in theirs.credentials
        ]
    assert isinstance(result, VerificationResult)
    assert isinstance(original, VerificationResult)
    return result.credential == original.credential and result.credential.claims == original.credential.claims


@pytest.mark.parametrize("kind", COMPACT)
def test_no_leaf_of_a_payload_can_be_changed(kind: str) -> None:
    """Each change of the payload in one place, encoded again and not signed, is rejected."""
    data = SEEDS[kind]
    assert verdict(data)
    tried = 0
    for how, path, changed in mutations(payload_of(data)):
        if not isinstance(changed, dict):
            continue
        assert verdict(with_payload(data, text(changed))).verdict is Verdict.REJECTED, (how, path)
        tried += 1
    assert tried > 300
    # and no other text for the same payload
    for other in (json.dumps(payload_of(data)), json.dumps(payload_of(data), indent=1)):
        assert verdict(with_payload(data, other.encode())).verdict is Verdict.REJECTED


@pytest.mark.parametrize("kind", ["jwt_vp", "vp+jwt", "vp+sd-jwt"])
def test_no_leaf_of_a_presentation_as_token_can_be_changed(kind: str) -> None:
    data = SEEDS[f"presentation as {kind}"]
    assert verdict_on_presentation(data)
    every = 5  # the payload is large
    for number, (how, path, changed) in enumerate(mutations(payload_of(data))):
        if number % every == 0 and isinstance(changed, dict):
            result = verdict_on_presentation(with_payload(data, text(changed)))
            assert result.verdict is Verdict.REJECTED, (how, path)


@pytest.mark.parametrize("kind", EMBEDDED)
def test_no_leaf_of_a_presentation_with_proofs_can_be_changed(kind: str) -> None:
    """Under RDF, another text for the same statements is the same; what is handed out is as well."""
    data = SEEDS[f"presentation as {kind}"]
    original = verdict_on_presentation(data)
    accepted = total = 0
    for number, (how, path, changed) in enumerate(mutations(json.loads(data))):
        if number % (3 if kind == "eddsa-jcs-2022" else 9):
            continue
        result = verdict_on_presentation(json.dumps(changed).encode())
        total += 1
        if result:
            accepted += 1
            assert unchanged(result, original), (how, path)
            assert kind != "eddsa-jcs-2022" or (how, path) == ("wrapped in an array", ("proof",)), (how, path)
        else:
            assert result.verdict is Verdict.REJECTED
    assert total > 100
    assert accepted < total / 20


@pytest.mark.parametrize("kind", SD_JWT_KINDS)
def test_no_leaf_of_a_disclosure_can_be_changed(kind: str) -> None:
    data = SEEDS[kind]
    jwt, *disclosures, _ = data.split(b"~")
    for position, disclosure in enumerate(disclosures):
        array = json.loads(base64.urlsafe_b64decode(disclosure + b"=" * (-len(disclosure) % 4)))
        for how, path, changed in mutations(array):
            spoiled_one = encoded(text(changed))
            mixed = [*disclosures[:position], spoiled_one, *disclosures[position + 1 :]]
            result = verdict(b"~".join([jwt, *mixed, b""]))
            assert result.verdict is Verdict.REJECTED, (how, path)


def test_nothing_is_signed_that_cannot_be_read() -> None:
    """What issuing refuses is an error of the family, whatever the claims."""
    for value in (float("nan"), 2**60, object(), {1: 2}, "\ud800"):
        for kind in CREDENTIAL_KINDS:
            with pytest.raises(VCError):
                credential(kind, with_subject(kind, {"x": value}))
