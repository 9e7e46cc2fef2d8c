"""Key bindings of SD-JWTs: what they are about, whose key makes them, and what they have to say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vectors.making.case import Case
from vectors.making.disclosures import digest, in_json
from vectors.making.keys import private_key
from vectors.making.presentations import case
from vectors.making.presenting import (
    AUDIENCE,
    CREDITS,
    HOLDER,
    NONCE_TEXT,
    TITLE,
    bindable,
    bound,
    expecting,
    policy,
    unasked,
)
from vectors.making.signing import encoded, seconds

_BINDING: Final = "KEY_BINDING_ERROR"
_KIND: Final = "dc+sd-jwt"
_CREDENTIAL: Final = bindable(_KIND)


def cases() -> Iterator[Case]:
    """The cases about key bindings."""
    yield from _disclosures()
    yield from _headers()
    yield from _claims()
    yield from _keys()
    yield from _bearers()
    yield from _serializations()


def _case(name: str, title: str, data: bytes, *codes: str, **members: Any) -> Case:
    return case(_KIND, name, title, data, *codes, **({"reference": "RFC 9901, section 4.3"} | members))


def _disclosures() -> Iterator[Case]:
    """The binding is about the token with the disclosures that it came with."""
    jwt = _CREDENTIAL.split(b"~")[0]
    all_of_them = b"~".join((jwt, TITLE.encode(), CREDITS.encode(), b""))
    none_of_them = jwt + b"~"
    kb_jwt = bound(all_of_them).rpartition(b"~")[2]
    dropped = _CREDENTIAL + kb_jwt
    yield _case("disclosure-dropped", "a disclosure was removed", dropped, _BINDING)
    yield _case("disclosures-dropped", "all disclosures were removed", none_of_them + kb_jwt, _BINDING)
    reordered = b"~".join((jwt, CREDITS.encode(), TITLE.encode(), kb_jwt))
    yield _case("disclosures-reordered", "the disclosures stand in another order", reordered, _BINDING)
    of_less = bound(_CREDENTIAL).rpartition(b"~")[2]
    yield _case("disclosure-added", "a disclosure was added", all_of_them + of_less, _BINDING)
    other = bindable(_KIND, jti="urn:uuid:1")
    yield _case("of-another", "the key binding is that of another credential", other + of_less, _BINDING)


def _headers() -> Iterator[Case]:
    right = {"alg": "EdDSA", "typ": "kb+jwt"}
    for name, title, head in (
        ("typ-absent", "there is no typ", {"alg": "EdDSA"}),
        ("typ-jwt", "typ is JWT", right | {"typ": "JWT"}),
    ):
        yield _case(f"kb-{name}", title, bound(_CREDENTIAL, head=head), _BINDING)
    for name, title, members in (
        ("alg-none", "alg is none", {"alg": "none"}),
        ("alg-hmac", "alg is HS256", {"alg": "HS256"}),
        ("jwk", "the header brings a key", {"jwk": private_key("holder", "Ed25519").public_key.jwk}),
        ("crit", "the header has an empty list crit", {"crit": []}),
    ):
        data = bound(_CREDENTIAL, head=right | members)
        yield _case(f"kb-{name}", title, data, "TOKEN_HEADER_ERROR", reference="RFC 9901, section 9.1")


def _claims() -> Iterator[Case]:
    wrong: dict[str, tuple[str, dict[str, Any]]] = {
        "iat-absent": ("there is no iat", {"made": None}),
        "iat-text": ("iat is a text", {"iat": "2026-01-31T11:59:00Z"}),
        "exp": ("exp is over", {"exp": seconds("2026-01-31T11:58:59Z")}),
        "aud-absent": ("there is no audience", {"audience": None}),
        "aud-list": ("the audience is a list", {"audience": [AUDIENCE]}),
        "nonce-list": ("the nonce is a list", {"nonce": [NONCE_TEXT]}),
        "sd-hash-absent": ("there is no sd_hash", {"sd_hash": None}),
        "sd-hash-padded": ("sd_hash has padding", {"sd_hash": digest(_CREDENTIAL.decode()) + "="}),
    }
    for name, (title, changes) in wrong.items():
        yield _case(f"kb-{name}", title, bound(_CREDENTIAL, **changes), _BINDING)
    several = expecting("cnf") | {"audience": ["https://x.example", AUDIENCE]}
    title = "the audience is one of two that are expected"
    yield _case("kb-aud-one-of-two", title, bound(_CREDENTIAL), "INVALID_DOMAIN_ERROR", presentation=several)
    sha_384 = digest(TITLE, "sha384")
    stronger = bindable(_KIND, _sd_alg="sha-384", _sd=[sha_384])
    by_sha_384 = bound(stronger, function="sha384")
    yield _case("kb-sha-384", "sd_hash is by the function of the credential", by_sha_384)
    yield _case("kb-sha-256", "sd_hash is by another function than that of the credential", bound(stronger), _BINDING)


def _keys() -> Iterator[Case]:
    """The claim `cnf` says whose key it is."""
    reference = "RFC 9901, section 4.1.2; RFC 7800, section 3"
    holder = private_key("holder", "Ed25519")
    p_256 = private_key("holder", "P-256")
    other = bindable(_KIND, cnf={"jwk": p_256.public_key.jwk})
    yield _case("cnf-P-256", "the key of cnf is of type P-256", bound(other, key_type="P-256"), reference=reference)
    absent = bindable(_KIND, cnf=None)
    yield _case("cnf-null", "cnf is null", bound(absent), "MALFORMED_VALUE_ERROR", _BINDING, reference=reference)
    wrong: dict[str, tuple[str, dict[str, Any]]] = {
        "two": ("cnf has a key and the URL of one", {"jwk": holder.public_key.jwk, "kid": f"{HOLDER}#x"}),
        "jku": ("cnf says where keys are to be had", {"jku": "https://learner.example/keys"}),
        "private": ("cnf has the private key", {"jwk": holder.jwk}),
        "symmetric": ("cnf has a shared secret", {"jwk": {"kty": "oct", "k": encoded(bytes(32)).decode()}}),
        "kid-did": ("cnf has a DID without a fragment", {"kid": HOLDER}),
    }
    for name, (title, cnf) in wrong.items():
        yield _case(f"cnf-{name}", title, bound(bindable(_KIND, cnf=cnf)), _BINDING, reference=reference)
    elsewhere = bindable(_KIND, cnf={"kid": "did:web:learner.example#one"})
    yield _case(
        "cnf-missing",
        "the document with the key of cnf was not handed in",
        bound(elsewhere),
        _BINDING,
        missing=True,
        reference=reference,
    )


def _bearers() -> Iterator[Case]:
    """Without a key binding there is nobody whom the credential is shown to belong to."""
    reference = "RFC 9901, section 9.5"
    bearer = unasked("bearer")
    yield _case(
        "bearer",
        "there is no key binding, and the policy accepts whoever has the credential",
        _CREDENTIAL,
        presentation=bearer,
        reference=reference,
    )
    asked = expecting("bearer")
    yield _case(
        "bearer-with-nonce",
        "there is no key binding, and the policy accepts whoever has the credential and expects a nonce",
        _CREDENTIAL,
        _BINDING,
        presentation=asked,
        reference=reference,
    )
    foreign = bound(_CREDENTIAL, by="stranger")
    yield _case(
        "bearer-bound",
        "a key binding with another key, and the policy accepts whoever has the credential",
        foreign,
        _BINDING,
        presentation=bearer,
        reference=reference,
    )
    over = bound(bindable(_KIND, exp=seconds("2026-01-20T00:00:00Z")))
    yield _case("credential-over", "the credential is over", over, "EXPIRED", reference="RFC 9901, section 7.1")
    first, _, rest = bound(_CREDENTIAL).partition(b".")
    _, _, rest = rest.partition(b".")
    jwt, _, others = rest.partition(b"~")
    forged = b".".join((first, encoded(b'{"vct":"x","iss":"did:example:x"}'), jwt)) + b"~" + others
    yield _case(
        "credential-forged",
        "a token of whose claims nobody signed any",
        forged,
        "DISCLOSURE_ERROR",
        reference="RFC 9901, section 7.1",
    )
    excluded = policy(envelopes=["vc+sd-jwt"])
    yield _case(
        "not-accepted",
        "the policy does not accept this kind of credential",
        bound(_CREDENTIAL),
        "TOKEN_TYPE_ERROR",
        policy=excluded,
    )


def _serializations() -> Iterator[Case]:
    reference = "RFC 9901, section 8.1"
    data = bound(_CREDENTIAL)
    for name, general in (("flattened", False), ("general", True)):
        yield _case(
            f"json-{name}", f"in the {name} JSON serialization", in_json(data, general=general), reference=reference
        )
    dropped = in_json(data, disclosures=[])
    yield _case(
        "json-disclosure-dropped",
        "a disclosure was removed from the JSON serialization",
        dropped,
        _BINDING,
        reference=reference,
    )
    yield _case(
        "json-absent",
        "the key binding was removed from the JSON serialization",
        in_json(_CREDENTIAL),
        _BINDING,
        reference=reference,
    )
