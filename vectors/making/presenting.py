"""Presentations of every kind, made by hand. The holder is the subject of every credential, unless it is said."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any, Final

from vc_core.datetimestamp import parse
from vectors.making.credentials import V1, V2, Claims, accepting, secure, small, text
from vectors.making.disclosures import digest, disclosure, sd_jwt, vc
from vectors.making.keys import did_of, method_of, private_key
from vectors.making.messages import AUD, CWT_CLAIMS, IAT, NONCE, message
from vectors.making.messages import header as cose_header
from vectors.making.signing import compact, header, seconds, without

ISSUER, HOLDER, STRANGER = (did_of(name, "Ed25519") for name in ("issuer", "holder", "stranger"))
NONCE_TEXT: Final = "n-0S6_WzA2Mj"
AUDIENCE: Final = "https://verifier.example"
MADE: Final = "2026-01-31T11:58:00Z"
"""Two minutes before the clock of the verifier."""

EMBEDDED: Final = ("eddsa-jcs-2022", "eddsa-rdfc-2022")
TOKENS: Final = ("jwt_vp", "vp+jwt", "vp+sd-jwt", "vp+cose")
BOUND: Final = ("dc+sd-jwt", "vc+sd-jwt")
"""Credentials that are presented with a key binding."""
TITLE: Final = disclosure("title", "Datu ētika")
CREDITS: Final = disclosure("credits", 3)


def claims(subject: str = HOLDER) -> Claims:
    """A credential of the data model 2.0."""
    return small(ISSUER) | {"credentialSubject": {"id": subject}}


def old_claims(subject: str = HOLDER) -> Claims:
    """A credential of the data model 1.1."""
    own = {"@context": [V1], "issuanceDate": "2026-01-15T09:30:00Z", "credentialSubject": {"id": subject}}
    return without(small(ISSUER), "name") | own


def as_jwt_vc(credential: Claims | None = None, *, name: str = "issuer") -> str:
    """A credential of the data model 1.1 as a token."""
    return compact(header("JWT"), {"iss": ISSUER, "vc": credential or old_claims()}, name=name).decode()


def as_vc_jwt(credential: Claims | None = None, *, name: str = "issuer", **added: object) -> Claims:
    """A credential as a token in its envelope."""
    token = compact(header("vc+jwt"), (credential or claims()) | added, name=name)
    return enveloped(token, "application/vc+jwt")


def enveloped(token: bytes, media_type: str, kind: str = "EnvelopedVerifiableCredential") -> Claims:
    """The object that holds a token."""
    if media_type.endswith("+cose"):
        return {"@context": V2, "id": f"data:{media_type};base64,{base64.b64encode(token).decode()}", "type": kind}
    return {"@context": V2, "id": f"data:{media_type},{token.decode()}", "type": kind}


def credential_for(kind: str, subject: str = HOLDER) -> Any:
    """The credential that stands in a presentation of that kind."""
    if kind in EMBEDDED:
        return secure(claims(subject))
    return as_jwt_vc(old_claims(subject)) if kind == "jwt_vp" else as_vc_jwt(claims(subject))


def document(kind: str, credentials: Sequence[Any] | None = None, **members: object) -> Claims:
    """The presentation, not yet secured."""
    own = {
        "@context": [V1 if kind == "jwt_vp" else V2],
        "type": ["VerifiablePresentation"],
        "holder": HOLDER,
        "verifiableCredential": [credential_for(kind)] if credentials is None else list(credentials),
    }
    return {**own, **members}


def presentation(
    kind: str,
    presented: Claims | None = None,
    *,
    nonce: str | None = NONCE_TEXT,
    audience: Any = AUDIENCE,
    made: str | None = MADE,
    named: str = "holder",
    by: str = "holder",
    **added: Any,
) -> bytes:
    """A presentation of that kind that names the key of `named`, signed with the key of `by`.

    `added` are claims for a token, or options of a proof.
    """
    tree = document(kind) if presented is None else presented
    if kind in EMBEDDED:
        return _embedded(kind, tree, nonce, audience, made or MADE, named, by, added)
    iat = None if made is None else seconds(made)
    if kind == "vp+cose":
        own = {AUD: audience, NONCE: nonce and nonce.encode(), IAT: iat} | added
        cwt_claims = {label: value for label, value in own.items() if value is not None}
        return message(cose_header(kind, {CWT_CLAIMS: cwt_claims}, name=named), tree, name=by)
    said: Claims = {"aud": audience, "nonce": nonce, "iat": iat}
    said = {name: value for name, value in said.items() if value is not None} | added
    if kind == "jwt_vp":
        payload = {"iss": tree.get("holder", HOLDER)} | said | {"vp": tree}
        return compact(header("JWT", name=named), payload, name=by)
    if kind == "vp+jwt":
        return compact(header(kind, name=named), tree | said, name=by)
    return sd_jwt(tree | said, head=header(kind, name=named), name=by)


def _embedded(
    suite: str, tree: Claims, nonce: str | None, audience: Any, made: str, named: str, by: str, options: Claims
) -> bytes:
    own = {"proof_purpose": "authentication", "challenge": nonce, "domain": audience, "created": parse(made)}
    method = method_of(did_of(named, "Ed25519"))
    return text(secure(tree, suite, name=by, method=method, **(own | options)))


def bindable(kind: str, **added: object) -> bytes:
    """A credential whose claim `cnf` has the holder's key; its title is disclosed, its credits are not."""
    hidden = {
        "_sd": sorted((digest(TITLE), digest(CREDITS))),
        "cnf": {"jwk": private_key("holder", "Ed25519").public_key.jwk},
    }
    own = vc(sub=HOLDER) if kind == "dc+sd-jwt" else claims()
    return sd_jwt(own | hidden | added, TITLE, head=header(kind))


def bound(
    credential: bytes,
    *,
    nonce: str | None = NONCE_TEXT,
    audience: Any = AUDIENCE,
    made: str | None = MADE,
    by: str = "holder",
    key_type: str = "Ed25519",
    head: Claims | None = None,
    function: str = "sha256",
    **added: object,
) -> bytes:
    """The credential with a key binding made with the key of `by`; `added` are claims of it, `head` is its header."""
    own = {
        "iat": None if made is None else seconds(made),
        "aud": audience,
        "nonce": nonce,
        "sd_hash": digest(credential.decode(), function),
    } | added
    said = {name: value for name, value in own.items() if value is not None}
    head = without(header("kb+jwt", key_type=key_type), "kid") if head is None else head
    return credential + compact(head, said, name=by, key_type=key_type)


def expecting(holder_binding: str = "subject", **members: object) -> Claims:
    """What a verifier expects who gave out the nonce."""
    return {"nonce": NONCE_TEXT, "audience": [AUDIENCE], "holderBinding": holder_binding, **members}


def unasked(holder_binding: str = "subject", **members: object) -> Claims:
    """What a verifier expects who gave out none."""
    return without(expecting(holder_binding, **members), "nonce", "audience")


def policy(**members: object) -> Claims:
    """A policy that accepts the issuer of the credentials."""
    return accepting(ISSUER, **members)
