"""Key binding: made by the holder, and everything that may be wrong with it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from did import PrivateKey
from did.multibase import encode_base64url
from vc_core import Limits, ProofGenerationError, ProofVerificationError, VCError
from vc_core.result import Problem
from vc_core.securing.jose import write_jws
from vc_core.securing.sd_jwt import (
    SDJWTVC,
    bind,
    holder_key,
    problems_of_key_binding,
    read,
    read_sd_jwt,
    select,
)
from vc_core.securing.signed_data import LocalSigner, check
from vc_core.securing.token import Token

LIMITS = Limits()
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ISSUER = LocalSigner.of_did_key(PrivateKey("Ed25519", bytes(range(32))))
HOLDER = LocalSigner.of_did_key(PrivateKey("P-256", bytes(range(1, 33))))
NONCE, AUDIENCE = "n-0S6_WzA2Mj", "https://verifier.example"
CLAIMS = {"iss": "https://issuer.example", "vct": "urn:example:type", "name": "Ada", "city": "Rīga"}
FORMS = ("compact", "json")


def issued(form: str = "compact", **options: Any) -> bytes:
    mechanism = SDJWTVC(
        disclosable=frozenset({"/name", "/city"}), serialization=form, key_binding=HOLDER.public_key, **options
    )
    return mechanism.secure(dict(CLAIMS), signer=ISSUER, created=NOW)


def bound(form: str = "compact", created: datetime = NOW, **options: Any) -> bytes:
    data = select(issued(form, **options), disclose={"/name"}, limits=LIMITS)
    return bind(data, signer=HOLDER, nonce=NONCE, audience=AUDIENCE, created=created, limits=LIMITS)


def problems(token: Token, **changes: Any) -> list[Problem]:
    options = {
        "nonce": NONCE,
        "audience": frozenset({AUDIENCE}),
        "now": NOW,
        "clock_skew": timedelta(seconds=60),
        "longest_age": timedelta(minutes=5),
        **changes,
    }
    return problems_of_key_binding(token, **options)


def codes(token: Token, **changes: Any) -> list[str]:
    return [problem.code for problem in problems(token, **changes)]


@pytest.mark.parametrize("hash_algorithm", ["sha-256", "sha-384", "sha-512"])
@pytest.mark.parametrize("form", FORMS)
def test_a_key_binding_holds(form: str, hash_algorithm: str) -> None:
    token = read(bound(form, hash_algorithm=hash_algorithm), limits=LIMITS)
    assert token.key_binding is not None
    assert problems(token) == []
    assert problems(token, nonce=None, audience=None) == []
    key = holder_key(token.payload)
    assert key == HOLDER.public_key
    check(token.key_binding.signed, key)
    with pytest.raises(ProofVerificationError):
        check(token.key_binding.signed, ISSUER.public_key)


def rebound(
    form: str = "compact", claims: dict[str, Any] | None = None, typ: object = "kb+jwt", **header: Any
) -> Token:
    """The token with a key binding of other claims; None takes one away."""
    data = bound(form)
    sd_jwt, original = read_sd_jwt(data, limits=LIMITS), dict(read(data, limits=LIMITS).key_binding.claims)
    changed = {name: value for name, value in {**original, **(claims or {})}.items() if value is not None}
    full = {name: value for name, value in {"typ": typ, **header}.items() if value is not None}
    kb_jwt = write_jws(full, json.dumps(changed).encode(), signer=HOLDER)
    return read(sd_jwt._replace(kb_jwt=kb_jwt).write(), limits=LIMITS)


SECONDS = int(NOW.timestamp())

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "another nonce": ({"nonce": "other"}, "INVALID_CHALLENGE_ERROR"),
    "an empty nonce": ({"nonce": ""}, "INVALID_CHALLENGE_ERROR"),
    "the nonce in other letters": ({"nonce": NONCE.lower()}, "INVALID_CHALLENGE_ERROR"),
    "a nonce that is an array": ({"nonce": [NONCE]}, "KEY_BINDING_ERROR"),
    "no nonce": ({"nonce": None}, "KEY_BINDING_ERROR"),
    "another audience": ({"aud": "https://other.example"}, "INVALID_DOMAIN_ERROR"),
    "a longer audience": ({"aud": AUDIENCE + "/"}, "INVALID_DOMAIN_ERROR"),
    "a list of audiences": ({"aud": [AUDIENCE]}, "KEY_BINDING_ERROR"),
    "an audience that is an object": ({"aud": {}}, "KEY_BINDING_ERROR"),
    "no audience": ({"aud": None}, "KEY_BINDING_ERROR"),
    "no iat": ({"iat": None}, "KEY_BINDING_ERROR"),
    "iat of 1970": ({"iat": 1}, "KEY_BINDING_ERROR"),
    "iat too long ago": ({"iat": SECONDS - 361}, "KEY_BINDING_ERROR"),
    "iat in the future": ({"iat": SECONDS + 61}, "KEY_BINDING_ERROR"),
    "iat as a text": ({"iat": str(SECONDS)}, "KEY_BINDING_ERROR"),
    "iat that is true": ({"iat": True}, "KEY_BINDING_ERROR"),
    "iat that is negative": ({"iat": -1}, "KEY_BINDING_ERROR"),
    "exp in the past": ({"exp": SECONDS - 60}, "KEY_BINDING_ERROR"),
    "exp as a text": ({"exp": "x"}, "KEY_BINDING_ERROR"),
    "nbf in the future": ({"nbf": SECONDS + 61}, "KEY_BINDING_ERROR"),
    "another sd_hash": ({"sd_hash": "x"}, "KEY_BINDING_ERROR"),
    "no sd_hash": ({"sd_hash": None}, "KEY_BINDING_ERROR"),
    "sd_hash that is an array": ({"sd_hash": []}, "KEY_BINDING_ERROR"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said(name: str, form: str) -> None:
    claims, code = WRONG[name]
    assert codes(rebound(form, claims)) == [code]


@pytest.mark.parametrize("typ", [None, "JWT", "KB+JWT", "application/kb+jwt", "kb+sd-jwt", "dc+sd-jwt", ""])
def test_the_type_is_exact(typ: object) -> None:
    assert codes(rebound(typ=typ)) == ["KEY_BINDING_ERROR"]


@pytest.mark.parametrize("claims", [{"iat": SECONDS - 360}, {"iat": SECONDS + 60}, {"exp": SECONDS - 59}, {"x": 1}])
def test_at_the_edge(claims: dict[str, Any]) -> None:
    assert problems(rebound(claims=claims)) == []


def test_none_leaves_a_value_unchecked_but_not_its_form() -> None:
    token = rebound(claims={"nonce": "other", "aud": "https://other.example"})
    assert problems(token, nonce=None, audience=None) == []
    assert codes(rebound(claims={"nonce": 1}), nonce=None) == ["KEY_BINDING_ERROR"]
    assert codes(token, audience=frozenset()) == ["INVALID_CHALLENGE_ERROR", "INVALID_DOMAIN_ERROR"]


@pytest.mark.parametrize("form", FORMS)
def test_a_key_binding_that_was_taken_away_is_missed(form: str) -> None:
    data = read_sd_jwt(bound(form), limits=LIMITS)._replace(kb_jwt=None).write()
    assert codes(read(data, limits=LIMITS)) == ["KEY_BINDING_ERROR"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("change", ["drop", "add", "swap", "other issuer"])
def test_it_is_about_the_disclosures_as_they_came(change: str, form: str) -> None:
    """S7: nothing can be dropped, added, put in another order or replaced under a key binding."""
    whole = read_sd_jwt(issued(form), limits=LIMITS)
    data = bind(whole.write(), signer=HOLDER, nonce=NONCE, audience=AUDIENCE, created=NOW, limits=LIMITS)
    if change == "add":
        data = bind(
            whole._replace(disclosures=whole.disclosures[:1]).write(),
            signer=HOLDER,
            nonce=NONCE,
            audience=AUDIENCE,
            created=NOW,
            limits=LIMITS,
        )
    taken_apart = read_sd_jwt(data, limits=LIMITS)
    assert problems(read(data, limits=LIMITS)) == []
    other = read_sd_jwt(issued(form), limits=LIMITS)
    changed = {
        "drop": taken_apart._replace(disclosures=taken_apart.disclosures[1:]),
        "add": taken_apart._replace(disclosures=whole.disclosures),
        "swap": taken_apart._replace(disclosures=taken_apart.disclosures[::-1]),
        "other issuer": other._replace(kb_jwt=taken_apart.kb_jwt),
    }[change]
    assert codes(read(changed.write(), limits=LIMITS)) == ["KEY_BINDING_ERROR"]


@pytest.mark.parametrize("form", FORMS)
def test_the_serialization_does_not_matter_to_it(form: str) -> None:
    token = read_sd_jwt(bound(form), limits=LIMITS)
    for other in ("compact", "flattened", "general"):
        assert problems(read(token._replace(form=other).write(), limits=LIMITS)) == []


@pytest.mark.parametrize("alg", ["none", "NONE", "HS256", "x", None])
@pytest.mark.parametrize("form", FORMS)
def test_algorithms_of_a_key_binding(alg: object, form: str) -> None:
    header = encode_base64url(json.dumps({"typ": "kb+jwt", "alg": alg}).encode()).encode()
    sd_jwt = read_sd_jwt(bound(form), limits=LIMITS)
    kb_jwt = b".".join((header, *sd_jwt.kb_jwt.split(b".")[1:]))
    with pytest.raises(VCError) as caught:
        read(sd_jwt._replace(kb_jwt=kb_jwt).write(), limits=LIMITS)
    assert caught.value.code == "TOKEN_HEADER_ERROR"


@pytest.mark.parametrize(
    "cnf",
    [
        None,
        "x",
        {},
        [],
        {"jwk": None},
        {"jwk": {}},
        {"jwk": {"kty": "oct", "k": "AAAA"}},
        {"jwk": {**HOLDER.public_key.jwk, "crv": "P-521"}},
        {"jwk": HOLDER.private_key.jwk},
        {"jwk": HOLDER.public_key.jwk, "kid": HOLDER.verification_method},
        {"jwk": HOLDER.public_key.jwk, "jku": "https://keys.example"},
        {"jku": "https://keys.example"},
        {"jkt": "x"},
        {"kid": "key-1"},
        {"kid": "#key-1"},
        {"kid": "https://keys.example#key-1"},
        {"kid": "did:example:holder"},
        {"kid": "did:example:holder#"},
        {"kid": 1},
        {"x5t#S256": "x"},
    ],
)
def test_holders_without_a_key(cnf: object) -> None:
    with pytest.raises(ProofVerificationError) as caught:
        holder_key({"cnf": cnf})
    assert caught.value.code == "KEY_BINDING_ERROR"
    assert HOLDER.private_key.jwk["d"] not in caught.value.detail
    with pytest.raises(ProofVerificationError):
        holder_key({})


def test_a_holder_whose_key_has_to_be_resolved() -> None:
    assert holder_key({"cnf": {"kid": "did:example:holder#key-1"}}) == "did:example:holder#key-1"


class TestBind:
    def test_the_key_is_that_of_cnf(self) -> None:
        with pytest.raises(ProofGenerationError) as caught:
            bind(issued(), signer=ISSUER, nonce=NONCE, audience=AUDIENCE, created=NOW, limits=LIMITS)
        assert caught.value.code == "KEY_BINDING_ERROR"

    def test_a_key_that_is_named(self) -> None:
        claims = {**CLAIMS, "cnf": {"kid": HOLDER.verification_method}}
        data = SDJWTVC().secure(claims, signer=ISSUER, created=NOW)
        options: dict[str, Any] = {"nonce": NONCE, "audience": AUDIENCE, "created": NOW, "limits": LIMITS}
        assert problems(read(bind(data, signer=HOLDER, **options), limits=LIMITS)) == []
        with pytest.raises(ProofGenerationError):
            bind(data, signer=ISSUER, **options)

    def test_a_token_without_cnf_cannot_be_bound(self) -> None:
        data = SDJWTVC().secure(dict(CLAIMS), signer=ISSUER, created=NOW)
        with pytest.raises(ProofGenerationError) as caught:
            bind(data, signer=HOLDER, nonce=NONCE, audience=AUDIENCE, created=NOW, limits=LIMITS)
        assert caught.value.code == "KEY_BINDING_ERROR"

    def test_a_token_is_bound_once(self) -> None:
        for again in (
            lambda: bind(bound(), signer=HOLDER, nonce=NONCE, audience=AUDIENCE, created=NOW, limits=LIMITS),
            lambda: select(bound(), disclose=(), limits=LIMITS),
        ):
            with pytest.raises(ProofGenerationError) as caught:
                again()
            assert caught.value.code == "KEY_BINDING_ERROR"

    @pytest.mark.parametrize(
        "change",
        [{"nonce": ""}, {"audience": ""}, {"created": datetime(2026, 1, 1)}],  # noqa: DTZ001  (a naive time is what is refused)
    )
    def test_arguments(self, change: dict[str, Any]) -> None:
        options = {"signer": HOLDER, "nonce": NONCE, "audience": AUDIENCE, "created": NOW, "limits": LIMITS, **change}
        with pytest.raises(ValueError):
            bind(issued(), **options)
