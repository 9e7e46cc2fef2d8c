"""Credentials and presentations of every kind, tokens that say what nobody ought to have signed, and who verifies them.

The issuer is `ISSUER`, the holder and only subject `HOLDER`; the keys are those of `vectors.making.keys`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from did import Resolver, StaticResolver
from status import NO_STATUS_LISTS, StatusLists
from vc_core import (
    JWTVC,
    JWTVP,
    SDJWTVC,
    VCCOSE,
    VCJWT,
    VCSDJWT,
    VPCOSE,
    VPJWT,
    DataIntegrity,
    Limits,
    Nonces,
    Policy,
    PresentationPolicy,
    PresentationResult,
    Securing,
    Signer,
    VerificationResult,
    issue,
    present,
    sd_jwt,
    verify,
    verify_presentation,
)
from vc_core.document import write_json
from vc_core.securing import jose
from vectors.making.credentials import V1, V2, Claims
from vectors.making.keys import did_of, private_key, signer_of

NOW: Final = datetime(2026, 1, 31, 12, tzinfo=UTC)
NONCE: Final = "n-0S6_WzA2Mj"
AUDIENCE: Final = "https://verifier.example"
ISSUER, HOLDER, STRANGER = (did_of(name, "Ed25519") for name in ("issuer", "holder", "stranger"))
TYPE: Final = "https://credentials.example/micro"
"""The `vct` of the SD-JWT VC."""

EMBEDDED: Final = ("eddsa-jcs-2022", "eddsa-rdfc-2022")
CREDENTIAL_KINDS: Final = (*EMBEDDED, "jwt_vc", "vc+jwt", "vc+sd-jwt", "dc+sd-jwt", "vc+cose")
PRESENTATION_KINDS: Final = (*EMBEDDED, "jwt_vp", "vp+jwt", "vp+sd-jwt", "vp+cose")
SD_JWT_KINDS: Final = ("vc+sd-jwt", "dc+sd-jwt")
"""Credentials that are presented by themselves, with a key binding."""


def claims_of(kind: str) -> Claims:
    """Claims for a credential of that kind."""
    if kind == "dc+sd-jwt":
        return {"vct": TYPE, "iss": ISSUER, "sub": HOLDER, "title": "Datu ētika", "credits": 3}
    claims: Claims = {
        "@context": [V1 if kind == "jwt_vc" else V2],
        "id": "urn:uuid:6f0ae3a8-2f38-4c5e-9a0c-3a2f7d4f3b11",
        "type": ["VerifiableCredential"],
        "issuer": ISSUER,
        "credentialSubject": {"id": HOLDER},
        "termsOfUse": {"type": "https://credentials.example/terms#NoDerivatives"},
    }
    begin = "issuanceDate" if kind == "jwt_vc" else "validFrom"
    return {**claims, begin: "2026-01-15T09:30:00Z"}


_SECURING: Final[Mapping[str, Callable[..., Securing]]] = MappingProxyType(
    {"jwt_vc": JWTVC, "vc+jwt": VCJWT, "vc+sd-jwt": VCSDJWT, "dc+sd-jwt": SDJWTVC, "vc+cose": VCCOSE}
)


def credential(
    kind: str,
    claims: Claims | None = None,
    *,
    name: str = "issuer",
    method: str | None = None,
    created: datetime = NOW,
    **options: Any,
) -> bytes:
    """A credential of that kind, issued with the key of `name`; `options` are those of the mechanism.

    An SD-JWT is bound to the holder's key, unless the options say otherwise. The verification method is that of the
    key's did:key, unless there is a `method`.
    """
    if kind in EMBEDDED:
        securing: Securing = DataIntegrity(cryptosuite=kind, **options)
    else:
        if kind in SD_JWT_KINDS:
            options = {"key_binding": private_key("holder", "Ed25519").public_key} | options
        securing = _SECURING[kind](**options)
    signer = signer_of(name, "Ed25519", method)
    return issue(claims_of(kind) if claims is None else claims, signer=signer, securing=securing, created=created)


def presentation(
    kind: str,
    credentials: Sequence[bytes],
    *,
    nonce: str = NONCE,
    audience: str = AUDIENCE,
    name: str = "holder",
    method: str | None = None,
    created: datetime = NOW,
    **options: Any,
) -> bytes:
    """A presentation of that kind, by the key of `name`; `options` are those of `present`."""
    signer = signer_of(name, "Ed25519", method)
    if kind == "vp+sd-jwt":
        token = present(
            credentials, signer=signer, securing=VPJWT(nonce=nonce, audience=audience), created=created, **options
        )
        return _as_sd_jwt(token, signer)
    if kind in EMBEDDED:
        securing: Securing = DataIntegrity(
            cryptosuite=kind, proof_purpose="authentication", challenge=nonce, domain=audience
        )
    else:
        securing = {"jwt_vp": JWTVP, "vp+jwt": VPJWT, "vp+cose": VPCOSE}[kind](nonce=nonce, audience=audience)
    return present(credentials, signer=signer, securing=securing, created=created, **options)


def _as_sd_jwt(token: bytes, signer: Signer) -> bytes:
    """The payload of a vp+jwt as an SD-JWT that hides nothing. There is no mechanism that makes them."""
    header: Claims = {"typ": "vp+sd-jwt", "cty": "vp", "kid": signer.verification_method}
    return jose.write_jws(header, payload_bytes(token), signer=signer) + b"~"


def bound(
    credential: bytes,
    *,
    nonce: str = NONCE,
    audience: str = AUDIENCE,
    name: str = "holder",
    method: str | None = None,
    created: datetime = NOW,
) -> bytes:
    """An SD-JWT with a key binding, by the key of `name`."""
    signer = signer_of(name, "Ed25519", method)
    return sd_jwt.bind(credential, signer=signer, nonce=nonce, audience=audience, created=created, limits=Limits())


def rebound(presented: bytes, change: Callable[[Claims], object], *, name: str = "holder", **header: Any) -> bytes:
    """An SD-JWT after `change` was made to the payload of its key binding, signed by the key of `name`."""
    credential, _, kb_jwt = presented.rpartition(b"~")
    payload = payload_of(kb_jwt)
    change(payload)
    return credential + b"~" + signed({"typ": "kb+jwt", "kid": None} | header, payload, name=name)


def signed(header: Claims, payload: Claims | bytes, *, name: str = "issuer") -> bytes:
    """A token with this header and this payload, whatever they say.

    `alg` and `kid` are those of the key, unless they are given; None leaves them out.
    """
    signer = signer_of(name, "Ed25519")
    header = {"alg": "EdDSA", "kid": signer.verification_method} | header
    present = {key: value for key, value in header.items() if value is not None}
    text = payload if isinstance(payload, bytes) else write_json(payload)
    signing_input = b".".join(map(encoded, (write_json(present), text)))
    return signing_input + b"." + encoded(signer.sign(signing_input))


def resigned(token: bytes, change: Callable[[Claims], object], *, name: str = "issuer") -> bytes:
    """A token in the compact serialization after `change` was made to its payload, signed by the key of `name`."""
    jwt, tilde, rest = token.partition(b"~")
    header, payload = header_of(jwt), payload_of(jwt)
    change(payload)
    del header["alg"]
    return signed(header, payload, name=name) + tilde + rest


def header_of(token: bytes) -> Claims:
    """The header of a token in the compact serialization."""
    header: Claims = json.loads(_decoded(token.partition(b"~")[0].split(b".")[0]))
    return header


def payload_of(token: bytes) -> Claims:
    """The payload of such a token."""
    payload: Claims = json.loads(payload_bytes(token))
    return payload


def payload_bytes(token: bytes) -> bytes:
    """The text of the payload."""
    return _decoded(token.partition(b"~")[0].split(b".")[1])


def with_payload(token: bytes, payload: bytes) -> bytes:
    """The token with another payload under the signature that it has."""
    jwt, tilde, rest = token.partition(b"~")
    header, _, signature = jwt.split(b".")
    return b".".join((header, encoded(payload), signature)) + tilde + rest


def encoded(data: bytes) -> bytes:
    """The part of a token for these bytes."""
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _decoded(part: bytes) -> bytes:
    return base64.urlsafe_b64decode(part + b"=" * (-len(part) % 4))


_RESOLVER: Final = StaticResolver()
POLICY: Final = Policy(accepted_issuers=frozenset({ISSUER}))
PRESENTATION_POLICY: Final = PresentationPolicy(
    credentials=POLICY, nonce=NONCE, audience=frozenset({AUDIENCE}), holder_binding="subject or cnf"
)


def verdict(
    data: bytes,
    *,
    now: datetime = NOW,
    resolver: Resolver = _RESOLVER,
    status: StatusLists = NO_STATUS_LISTS,
    **policy: Any,
) -> VerificationResult:
    """What a verifier says of a credential who accepts `ISSUER` alone; `policy` has members to put in place."""
    return verify(data, resolver=resolver, status=status, policy=replace(POLICY, **policy), now=now)


def verdict_on_presentation(
    data: bytes,
    *,
    now: datetime = NOW,
    resolver: Resolver = _RESOLVER,
    status: StatusLists = NO_STATUS_LISTS,
    nonces: Nonces | None = None,
    **policy: Any,
) -> PresentationResult:
    """What a verifier says of a presentation who expects `NONCE` and `AUDIENCE`, with the same policy for credentials.

    A presentation is tied to its holder by the subject or by a key, unless `policy` says otherwise.
    """
    rules = replace(PRESENTATION_POLICY, **policy)
    return verify_presentation(data, resolver=resolver, status=status, policy=rules, now=now, nonces=nonces)


def codes(result: VerificationResult | PresentationResult) -> set[str]:
    """The codes of all problems."""
    return {problem.code for problem in result.problems}
