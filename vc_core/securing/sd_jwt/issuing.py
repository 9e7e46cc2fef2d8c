"""SD-JWTs made by an issuer: SD-JWT VCs, and W3C credentials with selective disclosure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import ClassVar, Final, Literal

from did import PublicKey
from vc_core.canonical.contexts import PINNED, Contexts
from vc_core.document import Json, copy_json, write_json
from vc_core.errors import ParsingError, ProofGenerationError, ProofVerificationError, VCError
from vc_core.limits import Limits
from vc_core.securing import jose
from vc_core.securing.cryptosuites.cryptosuite import Transformation
from vc_core.securing.jwt import numeric_date
from vc_core.securing.sd_jwt.disclosure import HASH_ALGORITHMS
from vc_core.securing.sd_jwt.frame import check_names, decoys_of, hide, paths_of
from vc_core.securing.sd_jwt.paths import Path, pointer_to
from vc_core.securing.sd_jwt.reading import read
from vc_core.securing.sd_jwt.sd_jwt_vc import NEVER_HIDDEN, problems_of_sd_jwt_vc
from vc_core.securing.sd_jwt.serialization import SDJWT, Form
from vc_core.securing.sd_jwt.type_metadata import ClaimRule, always_disclosable, claim_rules, problems_of_claims
from vc_core.securing.signed_data import ALGORITHMS, Algorithm, Signer, check

_V2: Final = "https://www.w3.org/ns/credentials/v2"


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectiveDisclosure(ABC):
    """What of the claims a holder may keep back, and how the token is written: the options of both mechanisms.

    `disclosable` are JSON pointers (RFC 6901) to members of objects and to elements of arrays; a claim and what it
    stands in may both be among them. `decoys` are numbers of digests of nothing, by the JSON pointer of the object or
    array they are mixed into, "" for the claims as a whole: who sees the token cannot count what is hidden there. Salts
    are random, and cannot be given.

    `key_binding` is the key that the holder has to prove to have, which becomes the claim `cnf`. `expires`, an aware
    time or how long after it was made, becomes `exp`. "json" is the flattened JSON serialization.
    """

    disclosable: AbstractSet[str] = frozenset()
    decoys: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    key_binding: PublicKey | None = None
    expires: datetime | timedelta | None = None
    hash_algorithm: str = "sha-256"
    serialization: Literal["compact", "json"] = "compact"
    algorithms: Mapping[str, Algorithm] = field(default_factory=lambda: ALGORITHMS)
    contexts: Contexts = PINNED
    limits: Limits = Limits()  # noqa: RUF009  (a frozen value)

    securing: ClassVar[str]
    data_model: ClassVar[Literal["VCDM", "SD-JWT VC"]]
    never_disclosable: ClassVar[frozenset[str]]
    """Claims of which nothing can be hidden."""

    def __post_init__(self) -> None:
        if self.hash_algorithm not in HASH_ALGORITHMS or self.serialization not in ("compact", "json"):
            raise ValueError(f"the hash algorithm is one of {', '.join(HASH_ALGORITHMS)}, the form compact or json")

    @property
    def transformation(self) -> Transformation:
        """The contexts and the limits that claims are secured under."""
        return Transformation(self.contexts, self.limits)

    @property
    def proof_purpose(self) -> str:
        """The verification relationship that the signer's key needs."""
        return "assertionMethod"

    def secure(self, claims: dict[str, Json], *, signer: Signer, created: datetime) -> bytes:
        """The claims as an SD-JWT that `signer` made at `created`, an aware time, with all of its disclosures.

        `iat` is the second of `created`, unless a W3C credential has one already. Of the claims, `exp`, `cnf` and in an
        SD-JWT VC `iat` may not be there already if they are written here. The token has been read back, says the same
        claims, and its signature was checked. Raises `ProofGenerationError` with the code of the rule that is broken,
        and its place; and another `VCError` for claims that are no JSON.
        """
        payload = self._payload(claims, created)
        check_names(payload)
        decoys = decoys_of(payload, self.decoys)
        disclosable = self._disclosable(payload, paths_of(payload, self.disclosable))
        self._check_frame((*disclosable, *decoys))
        complete = copy_json(payload, limits=self.limits)
        disclosures = hide(payload, disclosable, decoys, hash_algorithm=self.hash_algorithm)
        if disclosures or any(decoys.values()):
            payload["_sd_alg"] = self.hash_algorithm
        header: dict[str, Json] = {"typ": self.securing, "kid": signer.verification_method}
        if self.data_model == "VCDM":
            header["cty"] = self.securing[:2]
        jwt = jose.write_jws(header, write_json(payload), signer=signer, algorithms=self.algorithms)
        form: Form = "compact" if self.serialization == "compact" else "flattened"
        secured = SDJWT(jwt, disclosures, None, form).write()
        try:
            token = read(secured, limits=self.limits)
            check(token.signed, signer.public_key, algorithms=self.algorithms)
        except VCError as error:
            raise ProofGenerationError(error.detail, code=error.code, at=error.at) from error
        if token.claims != complete or token.securing != self.securing or set(token.disclosed) != disclosable:
            raise ProofGenerationError("what was secured does not say the same as the claims")
        return secured

    def _payload(self, claims: dict[str, Json], created: datetime) -> dict[str, Json]:
        """A copy of the claims, with those that the options add."""
        added: dict[str, Json] = {}
        if self.data_model == "SD-JWT VC" or "iat" not in claims:
            added["iat"] = _seconds(created)
        if self.expires is not None:
            added["exp"] = _seconds(created + self.expires if isinstance(self.expires, timedelta) else self.expires)
        if self.key_binding is not None:
            added["cnf"] = {"jwk": dict(self.key_binding.jwk)}
        if present := claims.keys() & added.keys():
            raise ProofGenerationError(f"the claim {min(present)} is written here", at=f"/{min(present)}")
        payload = copy_json({**claims, **added}, limits=self.limits)
        for name in ("exp", "nbf"):
            if name in claims:
                try:
                    numeric_date(claims[name])
                except ParsingError as error:
                    raise ProofGenerationError(error.detail, code=error.code, at=f"/{name}") from error
        return payload  # type: ignore[return-value]  # a copy of an object is one

    @abstractmethod
    def _disclosable(self, payload: dict[str, Json], asked: frozenset[Path]) -> frozenset[Path]:
        """The paths of what is hidden, at least those that were asked for. Refuses claims that break a rule."""
        ...

    def _check_frame(self, paths: Iterable[Path]) -> None:
        """Refuses to hide anything of what everybody has to see."""
        for path in paths:
            if path and path[0] in self.never_disclosable:
                raise ProofGenerationError(f"nothing of the claim {path[0]} can be hidden", at=pointer_to(path))


@dataclass(frozen=True, slots=True, kw_only=True)
class VCSDJWT(SelectiveDisclosure):
    """Secures a W3C credential as an SD-JWT, `application/vc+sd-jwt` (VC-JOSE-COSE 1.0, section 3.2)."""

    securing: ClassVar[str] = "vc+sd-jwt"
    data_model: ClassVar[Literal["VCDM", "SD-JWT VC"]] = "VCDM"
    never_disclosable: ClassVar[frozenset[str]] = NEVER_HIDDEN["vc+sd-jwt"]

    allow_inline_contexts: bool = False

    @property
    def transformation(self) -> Transformation:
        """The contexts and the limits that claims are secured under."""
        return Transformation(self.contexts, self.limits, allow_inline_contexts=self.allow_inline_contexts)

    def _disclosable(self, payload: dict[str, Json], asked: frozenset[Path]) -> frozenset[Path]:
        contexts = payload.get("@context")
        if not isinstance(contexts, list) or contexts[:1] != [_V2]:
            raise ProofGenerationError("this token secures what is of the data model 2.0", at="/@context")
        return asked


@dataclass(frozen=True, slots=True, kw_only=True)
class VPSDJWT(VCSDJWT):
    """Secures a W3C presentation as an SD-JWT, `application/vp+sd-jwt`, for one verifier, with a nonce of theirs."""

    nonce: str
    audience: str

    securing: ClassVar[str] = "vp+sd-jwt"
    never_disclosable: ClassVar[frozenset[str]] = NEVER_HIDDEN["vp+sd-jwt"]

    def __post_init__(self) -> None:
        SelectiveDisclosure.__post_init__(self)
        if not (self.nonce and self.audience and isinstance(self.nonce, str) and isinstance(self.audience, str)):
            raise ValueError("a presentation has a nonce and an audience, one text each")

    @property
    def proof_purpose(self) -> str:
        """The verification relationship that the signer's key needs."""
        return "authentication"

    def _payload(self, claims: dict[str, Json], created: datetime) -> dict[str, Json]:
        added: dict[str, Json] = {"iat": _seconds(created), "nonce": self.nonce, "aud": self.audience}
        if present := claims.keys() & added.keys():
            raise ProofGenerationError(f"the claim {min(present)} is written here", at=f"/{min(present)}")
        return super(VPSDJWT, self)._payload({**claims, **added}, created)


@dataclass(frozen=True, slots=True, kw_only=True)
class SDJWTVC(SelectiveDisclosure):
    """Secures claims as an SD-JWT VC, `application/dc+sd-jwt` (draft-ietf-oauth-sd-jwt-vc).

    `type_metadata` are those of the type `vct`, or those of several types by their `vct` where it extends others. They
    are followed: what they want always selectively disclosable is made so, and claims that break them are refused.
    """

    type_metadata: bytes | Mapping[str, bytes] | None = None

    securing: ClassVar[str] = "dc+sd-jwt"
    data_model: ClassVar[Literal["VCDM", "SD-JWT VC"]] = "SD-JWT VC"
    never_disclosable: ClassVar[frozenset[str]] = NEVER_HIDDEN["dc+sd-jwt"]

    def _disclosable(self, payload: dict[str, Json], asked: frozenset[Path]) -> frozenset[Path]:
        rules = self._rules(payload)
        paths = asked | always_disclosable(payload, rules)
        problems = problems_of_sd_jwt_vc(payload) or problems_of_claims(payload, paths, rules, complete=True)
        for problem in problems:
            raise ProofGenerationError(problem.detail, code=problem.code, at=problem.at)
        return paths

    def _rules(self, payload: dict[str, Json]) -> tuple[ClaimRule, ...]:
        vct, documents = payload.get("vct"), self.type_metadata
        if documents is None or not isinstance(vct, str):
            return ()
        if isinstance(documents, bytes):
            documents = {vct: documents}
        try:
            return claim_rules(vct, payload.get("vct#integrity"), documents, limits=self.limits)
        except ProofVerificationError as error:
            raise ProofGenerationError(error.detail, code=error.code, at=error.at, missing=error.missing) from error


def _seconds(moment: datetime) -> int:
    """The whole seconds since 1970 of an aware time (NumericDate, RFC 7519, section 2)."""
    if moment.tzinfo is None:
        raise ValueError("a point in time needs a time zone")
    return int(moment.timestamp())
