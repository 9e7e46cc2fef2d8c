"""The sides of an exchange of SD-JWTs: ours, and two independent implementations, each as issuer, holder and verifier.

What is hidden and what is shown is said by JSON pointers into the complete claims; each side translates them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from peer import Peer, PeerError
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier
from sides import CONTEXTS
from token_keys import RESOLVER, Key

from did import PublicKey
from status import NO_STATUS_LISTS
from vc_core import Limits, Policy, issue, verify
from vc_core.errors import VCError
from vc_core.presentation import PresentationPolicy, verify_presentation
from vc_core.securing.sd_jwt import SDJWTVC, VCSDJWT, bind, select

NOW: Final = datetime.now(UTC).replace(microsecond=0)
"""The reference implementation of SD-JWT dates a key binding with the clock, so all sides do."""
CREATED: Final = NOW - timedelta(days=1)
AUDIENCE: Final = "https://verifier.example"
NONCE: Final = "n-0S6_WzA2Mj"


class Refused(Exception):
    """A side did not make or did not accept a token: our code, or the other's message."""


class Side(Protocol):
    """One implementation in its three roles. `holder` is the key of a key binding, where there is one."""

    name: str

    def issue(
        self,
        claims: Mapping[str, Any],
        issuer: Key,
        *,
        disclosable: Collection[str] = (),
        decoys: Mapping[str, int] | None = None,
        holder: Key | None = None,
    ) -> str:
        """An SD-JWT VC of these claims with `iat` and, of a holder, `cnf`."""
        ...

    def present(self, token: str, shown: Collection[str], holder: Key | None = None, *, nonce: str = NONCE) -> str:
        """The token with these claims shown, and with them those that they stand in."""
        ...

    def verify(self, token: str, issuer: Key, *, nonce: str | None = None) -> dict[str, Any]:
        """The claims that are shown. Whoever expects a nonce expects the audience, and a key binding, too."""
        ...


def complete(claims: Mapping[str, Any], holder: Key | None) -> dict[str, Any]:
    """The claims with those about the token."""
    cnf = {} if holder is None else {"cnf": {"jwk": holder.public_jwk}}
    return {**claims, "iat": int(CREATED.timestamp()), **cnf}


def path_of(pointer: str) -> list[str]:
    """The names and positions in a JSON pointer."""
    return [token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:]]


class Ours:
    """This library."""

    name = "ours"

    def issue(
        self,
        claims: Mapping[str, Any],
        issuer: Key,
        *,
        disclosable: Collection[str] = (),
        decoys: Mapping[str, int] | None = None,
        holder: Key | None = None,
        hash_algorithm: str = "sha-256",
    ) -> str:
        securing = SDJWTVC(
            disclosable=frozenset(disclosable),
            decoys=decoys or {},
            key_binding=None if holder is None else PublicKey.from_jwk(holder.public_jwk),
            hash_algorithm=hash_algorithm,
        )
        return issue(claims, signer=issuer.signer, securing=securing, created=CREATED).decode()

    def issue_w3c(self, claims: Mapping[str, Any], issuer: Key, *, disclosable: Collection[str]) -> str:
        """The same for a credential of the data model 2.0."""
        securing = VCSDJWT(disclosable=frozenset(disclosable), contexts=CONTEXTS)
        return issue(claims, signer=issuer.signer, securing=securing, created=CREATED).decode()

    def present(self, token: str, shown: Collection[str], holder: Key | None = None, *, nonce: str = NONCE) -> str:
        try:
            chosen = select(token.encode(), disclose=shown, limits=Limits())
            if holder is not None:
                chosen = bind(
                    chosen, signer=holder.signer, nonce=nonce, audience=AUDIENCE, created=NOW, limits=Limits()
                )
        except VCError as error:
            raise Refused(error.code) from error
        return chosen.decode()

    def verify(self, token: str, issuer: Key, *, nonce: str | None = None) -> dict[str, Any]:
        policy = Policy(accepted_issuers=frozenset({issuer.did}), status="skip", contexts=CONTEXTS)
        common: dict[str, Any] = {"resolver": RESOLVER, "status": NO_STATUS_LISTS, "now": NOW}
        if nonce is None:
            result: Any = verify(token.encode(), policy=policy, **common)
        else:
            rules = PresentationPolicy(
                credentials=policy, nonce=nonce, audience=frozenset({AUDIENCE}), holder_binding="cnf"
            )
            result = verify_presentation(token.encode(), policy=rules, nonces=None, **common)
        if not result:
            raise Refused(", ".join(sorted({problem.code for problem in result.problems})))
        credential = result.credential if nonce is None else result.presentation.credentials[0]
        claims: dict[str, Any] = credential.claims
        return claims


class JavaScript:
    """`@sd-jwt/sd-jwt-vc` in the JavaScript peer."""

    name = "JavaScript"

    def __init__(self, peer: Peer) -> None:
        self._peer = peer

    def _ask(self, command: str, **request: object) -> dict[str, Any]:
        try:
            return self._peer.ask(command, **request)
        except PeerError as error:
            raise Refused(str(error)) from error

    def issue(
        self,
        claims: Mapping[str, Any],
        issuer: Key,
        *,
        disclosable: Collection[str] = (),
        decoys: Mapping[str, int] | None = None,
        holder: Key | None = None,
        typ: str = "dc+sd-jwt",
        hash_algorithm: str = "sha-256",
    ) -> str:
        answer = self._ask(
            "sd-issue",
            claims=json.dumps(complete(claims, holder)),
            frame=frame_to_issue(claims, disclosable, decoys or {}),
            header={"kid": issuer.kid, "typ": typ},
            key=issuer.to_sign,
            hash=hash_algorithm,
        )
        token: str = answer["token"]
        return token

    def present(self, token: str, shown: Collection[str], holder: Key | None = None, *, nonce: str = NONCE) -> str:
        binding: dict[str, Any] = {}
        if holder is not None:
            payload = {"iat": int(NOW.timestamp()), "aud": AUDIENCE, "nonce": nonce}
            binding = {"key": holder.to_sign, "payload": payload}
        presented: str = self._ask("sd-present", token=token, frame=frame_to_present(shown), **binding)["token"]
        return presented

    def verify(self, token: str, issuer: Key, *, nonce: str | None = None, typ: str = "dc+sd-jwt") -> dict[str, Any]:
        expected = {} if nonce is None else {"nonce": nonce}
        answer = self._ask(
            "sd-verify", token=token, key=issuer.to_verify, now=int(NOW.timestamp()), typ=typ, **expected
        )
        if nonce is not None and answer["kb"]["aud"] != AUDIENCE:
            raise Refused("another audience")  # which the library leaves to its caller
        claims: dict[str, Any] = json.loads(answer["claims"])
        return claims


def frame_to_issue(claims: Any, disclosable: Collection[str], decoys: Mapping[str, int]) -> dict[str, Any]:
    """The frame with `_sd`, of names or positions, and `_sd_decoy` at every level."""
    top: dict[str, Any] = {}

    def frame_at(tokens: list[str]) -> tuple[dict[str, Any], Any]:
        frame, value = top, claims
        for token in tokens:
            frame = frame.setdefault(token, {})
            value = value[int(token)] if isinstance(value, list) else value[token]
        return frame, value

    for pointer in disclosable:
        *parents, last = path_of(pointer)
        frame, container = frame_at(parents)
        frame.setdefault("_sd", []).append(int(last) if isinstance(container, list) else last)
    for pointer, number in decoys.items():
        frame_at(path_of(pointer))[0]["_sd_decoy"] = number
    return top


def frame_to_present(shown: Collection[str]) -> dict[str, Any]:
    """The frame with what is shown."""
    top: dict[str, Any] = {}
    for pointer in shown:
        frame = top
        for token in path_of(pointer):
            frame = frame.setdefault(token, {})
    return top


class Reference:
    """`sd-jwt`, the reference implementation in Python. It hashes with SHA-256, and verifies key bindings of ES256."""

    name = "reference"

    def issue(
        self,
        claims: Mapping[str, Any],
        issuer: Key,
        *,
        disclosable: Collection[str] = (),
        decoys: Mapping[str, int] | None = None,
        holder: Key | None = None,
    ) -> str:
        made = SDJWTIssuer(
            user_claims=marked({**claims, "iat": int(CREATED.timestamp())}, frozenset(disclosable)),
            issuer_key=JWK(**issuer.private.jwk),
            holder_key=None if holder is None else JWK(**holder.public_jwk),
            sign_alg=issuer.alg,
            add_decoy_claims=bool(decoys),  # some in every object
            extra_header_parameters={"typ": "dc+sd-jwt", "kid": issuer.kid},
        )
        token: str = made.sd_jwt_issuance
        return token

    def present(self, token: str, shown: Collection[str], holder: Key | None = None, *, nonce: str = NONCE) -> str:
        try:
            presenting = SDJWTHolder(token)
            wanted = structure(presenting, shown)
            if holder is None:
                presenting.create_presentation(wanted)
            else:
                presenting.create_presentation(wanted, nonce, AUDIENCE, JWK(**holder.private.jwk), holder.alg)
        except (LookupError, TypeError, ValueError) as error:
            raise Refused(f"{type(error).__name__}: {error}") from error
        presented: str = presenting.sd_jwt_presentation
        return presented

    def verify(self, token: str, issuer: Key, *, nonce: str | None = None) -> dict[str, Any]:
        audience = None if nonce is None else AUDIENCE
        try:
            verifier = SDJWTVerifier(token, lambda *_: JWK(**issuer.public_jwk), audience, nonce)
            claims: dict[str, Any] = verifier.get_verified_payload()
        except (JWException, ValueError, KeyError, TypeError) as error:
            raise Refused(f"{type(error).__name__}: {error}") from error
        return claims


def marked(value: Any, disclosable: Collection[str], pointer: str = "") -> Any:
    """The claims with a mark around each that can be disclosed: around the name, or the element."""

    def mark(inner: str, thing: Any) -> Any:
        return SDObj(thing) if inner in disclosable else thing

    if isinstance(value, dict):
        inner = {name: f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}" for name in value}
        return {mark(inner[name], name): marked(value[name], disclosable, inner[name]) for name in value}
    if isinstance(value, list):
        paths = [f"{pointer}/{position}" for position in range(len(value))]
        return [mark(path, marked(each, disclosable, path)) for path, each in zip(paths, value, strict=True)]
    return value


def structure(presenting: SDJWTHolder, shown: Collection[str]) -> Any:
    """The claims that are shown, in the form of the claims: True, or the objects and arrays that they stand in."""
    return _with_arrays(frame_to_present(shown), presenting.sd_jwt_payload, presenting._hash_to_decoded_disclosure)


def _with_arrays(wanted: dict[str, Any], value: Any, disclosed: Mapping[str, Any]) -> Any:
    """The tree of names with arrays where the token has arrays; digests are followed into their disclosures."""
    if not wanted:
        return True
    if isinstance(value, list):
        elements = [disclosed[each["..."]][1] if _is_digest(each, disclosed) else each for each in value]
        return [
            _with_arrays(wanted[str(position)], element, disclosed) if str(position) in wanted else None
            for position, element in enumerate(elements)
        ]
    members = dict(value)
    members.update(disclosed[digest][1:] for digest in value.get("_sd", ()) if digest in disclosed)
    return {name: _with_arrays(inner, members[name], disclosed) for name, inner in wanted.items()}


def _is_digest(element: Any, disclosed: Mapping[str, Any]) -> bool:
    return isinstance(element, dict) and element.get("...") in disclosed
