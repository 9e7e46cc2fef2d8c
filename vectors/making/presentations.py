"""Presentations of every kind: accepted, and refused for each reason that all of them share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vectors.making.case import Case
from vectors.making.credentials import Claims
from vectors.making.keys import did_of, private_key
from vectors.making.presenting import (
    BOUND,
    EMBEDDED,
    HOLDER,
    NONCE_TEXT,
    STRANGER,
    TOKENS,
    bindable,
    bound,
    credential_for,
    document,
    expecting,
    policy,
    presentation,
)

_NONCE: Final = "INVALID_CHALLENGE_ERROR"
_AUDIENCE: Final = "INVALID_DOMAIN_ERROR"
_FAILED: Final = "PROOF_VERIFICATION_ERROR"
_HOLDER: Final = "HOLDER_BINDING_ERROR"
_BINDING: Final = "KEY_BINDING_ERROR"
_ANOTHER: Final[Claims] = {"nonce": "another-nonce", "audience": "https://another.example"}
_LONG_AGO: Final = "2026-01-31T11:53:59Z"
_AHEAD: Final = "2026-01-31T12:01:01Z"

REFERENCES: Final = {
    "jwt_vp": "Verifiable Credentials Data Model 1.1, section 6.3.1",
    "vp+jwt": "VC-JOSE-COSE 1.0, section 3.1.2",
    "vp+sd-jwt": "VC-JOSE-COSE 1.0, section 3.2.2",
    "vp+cose": "VC-JOSE-COSE 1.0, section 3.3.2",
    **dict.fromkeys(EMBEDDED, "Verifiable Credential Data Integrity 1.0, section 4.4"),
    **dict.fromkeys(BOUND, "RFC 9901, section 7.3"),
}
"""Where each kind is defined."""


def cases() -> Iterator[Case]:
    """The cases that every kind has."""
    for kind in (*EMBEDDED, *TOKENS):
        yield from _signed(kind)
    for kind in (EMBEDDED[0], *TOKENS):
        yield from _fresh(kind)
        yield from _stolen(kind)
    for kind in TOKENS:
        excluded = policy(envelopes=["jwt_vc", "vc+jwt", *(each for each in TOKENS if each != kind)])
        title = "the policy does not accept presentations of this kind"
        yield case(kind, "not-accepted", title, presentation(kind), "TOKEN_TYPE_ERROR", policy=excluded)
    for kind in BOUND:
        yield from _bound(kind)


def case(kind: str, name: str, title: str, data: bytes, *codes: str, **members: Any) -> Case:
    """A case about a presentation of that kind."""
    about = {"cryptosuite": kind, "key": "Ed25519"} if kind in EMBEDDED else {"envelope": kind}
    members = {
        "policy": policy(),
        "presentation": expecting("cnf" if kind in BOUND else "subject"),
        "reference": REFERENCES[kind],
        "covers": about,
    } | members
    short = kind.replace("+", "-").replace("_", "-")
    return Case(
        spec="presentations", name=f"{short}-{name}", title=f"{kind}: {title}", document=data, codes=codes, **members
    )


def _signed(kind: str) -> Iterator[Case]:
    """Whose signature it is, and for what."""
    yield case(kind, "accepted", "a presentation of one credential", presentation(kind))
    by_another = presentation(kind, by="stranger")
    yield case(kind, "key-of-another", "somebody else signed under the holder's name", by_another, _FAILED)
    title = "somebody else signed in the holder's name, with a key of their own"
    yield case(kind, "signed-by-another", title, presentation(kind, named="stranger", by="stranger"), _HOLDER)
    codes: tuple[str, ...] = ("TOKEN_TYPE_ERROR",)
    if kind in EMBEDDED:
        codes = ("MALFORMED_VALUE_ERROR", "UNKNOWN_CONTEXT", _FAILED, "ISSUER_MISMATCH")
    title = "shown where a credential is asked for"
    yield case(kind, "as-credential", title, presentation(kind), *codes, presentation=None)


def _fresh(kind: str) -> Iterator[Case]:
    """For whom and in answer to what it was made, and when."""
    yield case(kind, "nonce-another", "another nonce", presentation(kind, nonce=_ANOTHER["nonce"]), _NONCE)
    yield case(kind, "nonce-absent", "no nonce", presentation(kind, nonce=None), _NONCE)
    for_another = presentation(kind, audience=_ANOTHER["audience"])
    yield case(kind, "audience-another", "for another verifier", for_another, _AUDIENCE)
    yield case(kind, "audience-absent", "for no verifier", presentation(kind, audience=None), _AUDIENCE)
    spent = expecting(spentNonces=[NONCE_TEXT])
    shown, title = presentation(kind), "its nonce was spent before"
    yield case(kind, "nonce-spent", title, shown, "NONCE_SPENT_ERROR", presentation=spent)
    yield case(kind, "long-ago", "made six minutes and a second ago", presentation(kind, made=_LONG_AGO), "EXPIRED")
    ahead = _FAILED if kind in EMBEDDED else "NOT_YET_VALID"
    yield case(kind, "ahead", "made in 61 seconds", presentation(kind, made=_AHEAD), ahead)


def _stolen(kind: str) -> Iterator[Case]:
    """Credentials of somebody else. The presentation itself is right."""
    reference = "Verifiable Credentials Data Model 2.0, section 4.13"
    stolen = presentation(kind, document(kind, holder=STRANGER), named="stranger", by="stranger")
    yield case(kind, "stolen", "the holder is not the subject of the credential", stolen, _HOLDER, reference=reference)
    two = document(kind, [credential_for(kind), credential_for(kind, STRANGER)])
    yield case(
        kind,
        "stolen-one-of-two",
        "the holder is the subject of one credential of two",
        presentation(kind, two),
        _HOLDER,
        reference=reference,
    )
    bearer = expecting("bearer")
    yield case(
        kind,
        "bearer",
        "the policy accepts whoever has the credential",
        stolen,
        presentation=bearer,
        reference=reference,
    )


def _bound(kind: str) -> Iterator[Case]:
    credential = bindable(kind)
    yield case(kind, "accepted", "a credential with its key binding", bound(credential))
    yield case(kind, "nonce-another", "another nonce", bound(credential, nonce=_ANOTHER["nonce"]), _NONCE)
    yield case(kind, "nonce-absent", "no nonce", bound(credential, nonce=None), _BINDING)
    yield case(
        kind, "audience-another", "for another verifier", bound(credential, audience=_ANOTHER["audience"]), _AUDIENCE
    )
    spent = expecting("cnf", spentNonces=[NONCE_TEXT])
    yield case(
        kind, "nonce-spent", "its nonce was spent before", bound(credential), "NONCE_SPENT_ERROR", presentation=spent
    )
    yield case(kind, "long-ago", "made six minutes and a second ago", bound(credential, made=_LONG_AGO), _BINDING)
    yield case(kind, "ahead", "made in 61 seconds", bound(credential, made=_AHEAD), _BINDING)
    yield case(kind, "key-of-another", "a key that is not that of cnf", bound(credential, by="stranger"), _BINDING)
    yield case(kind, "absent", "the key binding was left out", credential, _BINDING)
    yield case(
        kind, "as-credential", "shown where a credential is asked for", bound(credential), _BINDING, presentation=None
    )
    url = {"cnf": {"kid": f"{HOLDER}#{HOLDER.removeprefix('did:key:')}"}}
    by_url = bound(bindable(kind, **url))
    either = expecting("subject")
    yield case(kind, "subject", "cnf has the URL of a key of the subject", by_url, presentation=either)
    stranger = private_key("stranger", "Ed25519").public_key.jwk
    foreign = bound(bindable(kind, cnf={"jwk": stranger}), by="stranger")
    yield case(
        kind, "not-subject", "cnf has the key of somebody who is not the subject", foreign, _HOLDER, presentation=either
    )
    policy_of_others = policy() | {"acceptedIssuers": [did_of("stranger", "Ed25519")]}
    yield case(
        kind,
        "issuer-unaccepted",
        "the policy does not accept the issuer",
        bound(credential),
        "UNACCEPTED_ISSUER",
        policy=policy_of_others,
    )
