"""The four kinds of tokens, made: each has been read back, and its signature and claims checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import floor
from typing import ClassVar, Final, Literal

from did.errors import shown
from vc_core import datetimestamp
from vc_core.canonical.contexts import PINNED, Contexts
from vc_core.document import Json, write_json
from vc_core.errors import ProofGenerationError, VCError
from vc_core.limits import Limits
from vc_core.securing.cryptosuites.cryptosuite import Transformation
from vc_core.securing.jose import claims_set, read_jws, write_jws
from vc_core.securing.signed_data import ALGORITHMS, Algorithm, Signer, check
from vc_core.securing.vc_jwt import ebsi
from vc_core.securing.vc_jwt.claims import JWT_PROFILES, problems_of_claims
from vc_core.securing.vc_jwt.reading import read


@dataclass(frozen=True, slots=True, kw_only=True)
class _JWTSecuring:
    """What all kinds have. `profile` is a key of `JWT_PROFILES`; `alg` says `EdDSA` unless it is `fully_specified`."""

    data_model: ClassVar[Literal["VCDM"]] = "VCDM"
    proof_purpose: ClassVar[str] = "assertionMethod"

    profile: str = "general"
    fully_specified: bool = False
    algorithms: Mapping[str, Algorithm] = field(default_factory=lambda: ALGORITHMS)
    contexts: Contexts = PINNED
    allow_inline_contexts: bool = False
    limits: Limits = Limits()  # noqa: RUF009  (a frozen value)

    def __post_init__(self) -> None:
        if self.profile not in JWT_PROFILES:
            raise ValueError(f"profile is one of {', '.join(map(repr, JWT_PROFILES))}")

    @property
    def transformation(self) -> Transformation:
        """The contexts and the limits that claims are secured under."""
        return Transformation(self.contexts, self.limits, allow_inline_contexts=self.allow_inline_contexts)

    def _token(self, header: dict[str, Json], payload: dict[str, Json], signer: Signer) -> bytes:
        """The token, as it is verified. Raises `ProofGenerationError` with the code of what is wrong."""
        text = write_jws(
            {**header, "kid": signer.verification_method},
            write_json(payload),
            signer=signer,
            algorithms=self.algorithms,
            fully_specified=self.fully_specified,
        )
        try:
            token = read(text, limits=self.limits)
            check(token.signed, signer.public_key, algorithms=self.algorithms)
        except VCError as error:
            raise ProofGenerationError(error.detail, code=error.code, at=error.at) from error
        for problem in problems_of_claims(token, JWT_PROFILES[self.profile]):
            raise ProofGenerationError(problem.detail, code=problem.code, at=problem.at)
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class _ForOneVerifier(_JWTSecuring):
    """What presentations have: a nonce and an audience, and an end, as a point in time or counted from the making."""

    proof_purpose: ClassVar[str] = "authentication"

    nonce: str
    audience: str
    expires: datetime | timedelta | None = None

    def __post_init__(self) -> None:
        _JWTSecuring.__post_init__(self)
        if not (self.nonce and self.audience and isinstance(self.nonce, str) and isinstance(self.audience, str)):
            raise ValueError("a presentation has a nonce and an audience, one text each")

    def _end(self, created: datetime) -> int | None:
        if isinstance(self.expires, timedelta):
            return _seconds(created + self.expires)
        return None if self.expires is None else _seconds(self.expires)


@dataclass(frozen=True, slots=True, kw_only=True)
class JWTVC(_JWTSecuring):
    """Secures a credential of the data model 1.1 in the claim `vc` (its section 6.3.1, JWT Encoding)."""

    def secure(self, claims: dict[str, Json], *, signer: Signer, created: datetime) -> bytes:
        """The credential with all its members in `vc`, and again in `iss`, `sub`, `jti`, `nbf`, `exp` what they say.

        `iat` is the second of `created`; under the rules of EBSI that of the member `issued`. Times are cut to seconds.
        Raises `ProofGenerationError`, and `ParsingError` with code MALFORMED_VALUE_ERROR for a date that is none.
        """
        _require_version(claims, "1.1", _V1)
        issued = _second_of(claims, "issued") if JWT_PROFILES[self.profile].ebsi else None
        identifiers = ebsi.identifiers_of(claims.get("credentialSubject"))
        payload = _present(
            iss=_identifier(claims.get("issuer")),
            sub=identifiers[0] if identifiers else None,
            jti=claims.get("id"),
            nbf=_second_of(claims, "issuanceDate", "validFrom"),
            iat=_seconds(created) if issued is None else issued,
            exp=_second_of(claims, "expirationDate"),
        )
        return self._token({"typ": "JWT"}, {**payload, "vc": claims}, signer)


@dataclass(frozen=True, slots=True, kw_only=True)
class VCJWT(_JWTSecuring):
    """Secures a credential of the data model 2.0 as the payload (VC-JOSE-COSE, section 3.1.1).

    `expires` is when the signature expires, not the credential; it becomes the claim `exp`.
    """

    expires: datetime | None = None

    def secure(self, claims: dict[str, Json], *, signer: Signer, created: datetime) -> bytes:
        """The credential as it is, with `iat`, the second in which it is signed, and, if it expires, `exp`.

        An `iat` that the claims have already stays (section 3.1.3). Raises `ProofGenerationError`.
        """
        _require_version(claims, "2.0", _V2)
        added = _present(
            iat=None if "iat" in claims else _seconds(created),
            exp=None if self.expires is None else _seconds(self.expires),
        )
        return self._token({"typ": "vc+jwt", "cty": "vc"}, _joined(claims, added), signer)


@dataclass(frozen=True, slots=True, kw_only=True)
class JWTVP(_ForOneVerifier):
    """Secures a presentation of the data model 1.1 in the claim `vp` (its section 6.3.1, JWT Encoding).

    Under the rules of EBSI it begins when the last of its credentials does, and ends by default when the first does.
    """

    def secure(self, claims: dict[str, Json], *, signer: Signer, created: datetime) -> bytes:
        """The presentation in `vp`, with `iss`, `jti`, `aud`, `nonce`, `iat` and, if it expires, `exp`.

        Where no holder is named, `iss` is whose document has the signer's key. Raises `ProofGenerationError`, also for
        a presentation under the rules of EBSI that would end after one of its credentials, or never.
        """
        _require_version(claims, "1.1", _V1)
        holder = _identifier(claims.get("holder")) or signer.verification_method.partition("#")[0]
        begin, end = None, self._end(created)
        is_ebsi = JWT_PROFILES[self.profile].ebsi
        if is_ebsi:
            begins, ends = self._periods(claims.get("verifiableCredential"))
            begin = max(begins, default=_seconds(created))
            end = min(ends, default=None) if end is None else end
            if end is None or any(end > other for other in ends):
                raise ProofGenerationError("the presentation has to end, and not after its credentials")
        payload = _present(
            iss=holder,
            sub=holder if is_ebsi else None,
            jti=claims.get("id"),
            aud=self.audience,
            nonce=self.nonce,
            iat=_seconds(created),
            nbf=begin,
            exp=end,
        )
        return self._token({"typ": "JWT"}, {**payload, "vp": claims}, signer)

    def _periods(self, credentials: Json) -> tuple[list[int], list[int]]:
        """The claims `nbf` and `exp` of the tokens among the credentials that can be read."""
        begins: list[int] = []
        ends: list[int] = []
        for each in credentials if isinstance(credentials, list) else []:
            try:
                jws = read_jws(each.encode() if isinstance(each, str) else b"", limits=self.limits)
                payload = claims_set(jws.payload, limits=self.limits)
            except (VCError, UnicodeEncodeError):
                continue
            for name, values in (("nbf", begins), ("exp", ends)):
                value = payload.get(name)
                if isinstance(value, int | float):
                    values.append(floor(value))
        return begins, ends


@dataclass(frozen=True, slots=True, kw_only=True)
class VPJWT(_ForOneVerifier):
    """Secures a presentation of the data model 2.0 as the payload (VC-JOSE-COSE, section 3.1.2)."""

    def secure(self, claims: dict[str, Json], *, signer: Signer, created: datetime) -> bytes:
        """The presentation as it is, with `aud`, `nonce`, `iat` and, if it expires, `exp`.

        Raises `ProofGenerationError`.
        """
        _require_version(claims, "2.0", _V2)
        added = _present(aud=self.audience, nonce=self.nonce, iat=_seconds(created), exp=self._end(created))
        return self._token({"typ": "vp+jwt", "cty": "vp"}, _joined(claims, added), signer)


_V1: Final = "https://www.w3.org/2018/credentials/v1"
_V2: Final = "https://www.w3.org/ns/credentials/v2"


def _require_version(claims: dict[str, Json], version: str, context: str) -> None:
    contexts = claims.get("@context")
    if not isinstance(contexts, list) or contexts[:1] != [context]:
        raise ProofGenerationError(f"this token secures what is of the data model {version}", at="/@context")


def _present(**members: Json) -> dict[str, Json]:
    return {name: value for name, value in members.items() if value is not None}


def _joined(claims: dict[str, Json], added: dict[str, Json]) -> dict[str, Json]:
    if taken := claims.keys() & added.keys():
        name = min(taken)
        raise ProofGenerationError(f"the claim {shown(name)} is there already", at=f"/{name}")
    return {**claims, **added}


def _identifier(party: Json) -> Json:
    return party.get("id") if isinstance(party, dict) else party


def _second_of(claims: dict[str, Json], *names: str) -> int | None:
    """The second of the first of these members that is there, if it is a text."""
    value = next((claims[name] for name in names if name in claims), None)
    return _seconds(datetimestamp.parse(value)) if isinstance(value, str) else None


def _seconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("a point in time needs a time zone")
    return floor(moment.timestamp())
