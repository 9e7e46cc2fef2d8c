"""The sides of an exchange of JWTs: ours, and two independent implementations with the same two verbs.

Each of the others signs a payload and verifies a token for one algorithm, at a time; what it makes of credentials is
nothing, so the members of the payload are compared by the tests.
"""

from __future__ import annotations

import json
import warnings
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from joserfc import jwk, jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jws import JWSRegistry
from peer import Peer, PeerError
from sides import CONTEXTS
from token_keys import RESOLVER, Key

from did import Resolver
from status import NO_STATUS_LISTS
from vc_core import Json, Policy, VerificationResult, issue, verify
from vc_core.securing.vc_jwt import JWTVC, VCJWT

NOW: Final = datetime(2026, 1, 1, tzinfo=UTC)
CREATED: Final = datetime(2025, 6, 1, 12, tzinfo=UTC)
SKEW: Final = timedelta(seconds=60)
KINDS: Final = ("jwt_vc", "vc+jwt")
"""Credentials of the data model 1.1 in the claim `vc`, and those of 2.0 that are the payload."""


class Refused(Exception):
    """A side did not make or did not accept a token; the message is its own."""


class Side(Protocol):
    """An independent implementation."""

    def sign(self, header: dict[str, Any], payload: dict[str, Any], key: Key) -> bytes:
        """The payload as a token; `header` are parameters besides `alg`."""
        ...

    def verify(self, token: bytes, key: Key, *, typ: str | None = None, audience: str | None = None) -> dict[str, Any]:
        """The payload of a token that holds at `NOW`; `typ` and `audience` are what is expected of it."""
        ...


class Jose:
    """`jose` in the JavaScript peer."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def _ask(self, command: str, **request: object) -> dict[str, Any]:
        try:
            return self._peer.ask(command, **request)
        except PeerError as error:
            raise Refused(str(error)) from error

    def sign(self, header: dict[str, Any], payload: dict[str, Any], key: Key) -> bytes:
        answer = self._ask("jwt-sign", header=header, payload=json.dumps(payload), key=key.to_sign)
        token: str = answer["token"]
        return token.encode()

    def verify(self, token: bytes, key: Key, *, typ: str | None = None, audience: str | None = None) -> dict[str, Any]:
        asked = {"typ": typ, "audience": audience}
        expected = {name: value for name, value in asked.items() if value is not None}
        answer = self._ask("jwt-verify", token=token.decode(), key=key.to_verify, now=NOW.timestamp(), **expected)
        payload: dict[str, Any] = json.loads(answer["payload"])
        return payload


class _LongHeaders(JWSRegistry):
    """Its rules for headers, with room for the `kid` of an RSA key that is a did:key."""

    max_header_length = 4096


class Joserfc:
    """`joserfc`, which warns of the name `EdDSA`."""

    def sign(self, header: dict[str, Any], payload: dict[str, Any], key: Key) -> bytes:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)
            return jwt.encode(
                {"alg": key.alg, **header},
                payload,
                jwk.import_key(dict(key.private.jwk)),
                registry=_LongHeaders(algorithms=[key.alg]),
            ).encode()

    def verify(self, token: bytes, key: Key, *, typ: str | None = None, audience: str | None = None) -> dict[str, Any]:
        rules: dict[str, Any] = {} if audience is None else {"aud": {"essential": True, "value": audience}}
        claims = jwt.JWTClaimsRegistry(now=int(NOW.timestamp()), leeway=int(SKEW.total_seconds()), **rules)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SecurityWarning)
                registry = _LongHeaders(algorithms=[key.alg])
                decoded = jwt.decode(token, jwk.import_key(key.public_jwk), registry=registry)
            claims.validate(decoded.claims)
        except (JoseError, ValueError) as error:
            raise Refused(f"{type(error).__name__}: {error}") from error
        if typ is not None and decoded.header.get("typ") != typ:
            raise Refused("another typ")  # left to the caller
        return dict(decoded.claims)


def ours_issue(document: dict[str, Json], key: Key, kind: str) -> bytes:
    """The document as we secure it. Raises `VCError`."""
    mechanism = JWTVC if kind == "jwt_vc" else VCJWT
    securing = mechanism(contexts=CONTEXTS, fully_specified=key.alg == "Ed25519")
    return issue(document, signer=key.signer, securing=securing, created=CREATED)


def ours_verify(token: bytes, key: Key, *, resolver: Resolver = RESOLVER, **rules: Any) -> VerificationResult:
    """What we say at `NOW` about a token of the issuer whose key it is."""
    members: dict[str, Any] = {"accepted_issuers": frozenset({key.did}), "status": "skip", "contexts": CONTEXTS} | rules
    policy = Policy(**members)
    return verify(token, resolver=resolver, status=NO_STATUS_LISTS, policy=policy, now=NOW)


def payload_of(document: dict[str, Any], kind: str) -> dict[str, Any]:
    """The claims for a document as a token of that kind (VCDM 1.1, section 6.3.1; VC-JOSE-COSE, section 3.1.1)."""
    if kind == "vc+jwt":
        return document
    issuer, subject = document["issuer"], document["credentialSubject"]
    payload = {"iss": issuer["id"] if isinstance(issuer, dict) else issuer, "vc": document}
    payload["nbf"] = int(datetime.fromisoformat(document["issuanceDate"]).timestamp())
    if "id" in document:
        payload["jti"] = document["id"]
    if isinstance(subject, dict) and "id" in subject:
        payload["sub"] = subject["id"]
    if "expirationDate" in document:
        payload["exp"] = int(datetime.fromisoformat(document["expirationDate"]).timestamp())
    return payload


def header_of(key: Key, kind: str) -> dict[str, str]:
    """The header parameters for a token of that kind, besides `alg`."""
    if kind == "jwt_vc":
        return {"typ": "JWT", "kid": key.kid}
    return {"typ": "vc+jwt", "cty": "vc", "kid": key.kid}
