"""What the caller accepts. The input never decides any of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Literal

from vc_core.canonical.contexts import PINNED, Contexts
from vc_core.limits import Limits
from vc_core.securing.cryptosuites import CRYPTOSUITES, Cryptosuite
from vc_core.securing.cryptosuites.cryptosuite import Transformation
from vc_core.securing.envelopes import ENVELOPES, Envelope
from vc_core.securing.signed_data import ALGORITHMS, Algorithm
from vc_core.securing.vc_jwt import JWT_PROFILES
from vc_core.series import Known


class AnyIssuer:
    """The type of `ANY_ISSUER`."""

    __slots__ = ()

    def __contains__(self, issuer: object) -> bool:
        return isinstance(issuer, str)

    def __repr__(self) -> str:
        return "ANY_ISSUER"


ANY_ISSUER: Final = AnyIssuer()
"""Accepts every issuer: a result then says only that whoever the credential names signed it."""

LARGEST_CLOCK_SKEW: Final = timedelta(seconds=300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rules of a verification. Only the issuers have no default.

    `cryptosuites`, `envelopes` and `algorithms` are the tables that proofs and tokens are dispatched by: what is not
    in them cannot run, and empty ones verify nothing. `contexts` are the JSON-LD contexts that are known; a document
    with another one is refused, also where only its JSON is signed, because nobody can know what its terms mean.
    """

    accepted_issuers: frozenset[str] | AnyIssuer
    require_issuer_control: bool = True
    """Whether the key must belong to the issuer's DID. Without it, a key of anyone at all may have signed."""
    keys_as_of: Literal["now", "issuance"] = "now"
    """Of which time the DID documents are that keys are looked up in. "now": a key that has been taken out of its
    document proves nothing any more. "issuance": it still proves what was made while it was there, by the time that the
    proof or token itself gives, so whoever has got hold of an old key can still sign for the past. A DID method without
    a history has only the present document."""
    proof_purpose: str = "assertionMethod"
    challenge: str | None = None
    """The challenge that every proof, or the nonce that every token, must have; None leaves it unchecked."""
    domain: frozenset[str] = frozenset()
    """The domains of every proof, or the audience of every token, exactly these; empty leaves them unchecked."""
    status: Literal["require", "skip"] = "require"
    status_issuers: frozenset[str] = frozenset()
    """Whose status lists count besides those of the credential's own issuer, whatever that is."""
    status_registries: frozenset[str] = frozenset()
    """The Trusted Issuers Registries that are believed about accreditations, as the beginnings of their URLs, such as
    `https://registry.example/trusted-issuers-registry/v5`."""
    resources: Literal["require", "if supplied"] = "if supplied"
    """Whether credential schemas and related resources have to be among the evidence."""
    cryptosuites: Mapping[str, Cryptosuite] = field(default_factory=lambda: CRYPTOSUITES)
    envelopes: Mapping[str, Envelope] = field(default_factory=lambda: ENVELOPES)
    algorithms: Mapping[str, Algorithm] = field(default_factory=lambda: ALGORITHMS)
    jwt_profile: Literal["general", "EBSI", "EBSI registry"] = "general"
    """What the claims of a VC-JWT of the data model 1.1 have to be: `vc_core.securing.vc_jwt.JWT_PROFILES`."""
    contexts: Contexts = PINNED
    allow_inline_contexts: bool = False
    """Whether a document may define terms of its own (an object inside of `@context`)."""
    clock_skew: timedelta = timedelta(seconds=60)
    limits: Limits = Limits()  # noqa: RUF009  (a frozen value)
    known: Known = field(init=False, repr=False, compare=False, default_factory=Known)
    """The series of documents that were met under this policy. It saves work, and decides nothing."""
    _transformations: tuple[Transformation, Transformation] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not isinstance(self.accepted_issuers, frozenset | AnyIssuer):
            raise TypeError("accepted_issuers is a frozenset of identifiers, or ANY_ISSUER")
        if not timedelta(0) <= self.clock_skew <= LARGEST_CLOCK_SKEW:
            raise ValueError(f"clock_skew is between 0 and {LARGEST_CLOCK_SKEW.seconds} seconds")
        if self.status not in ("require", "skip") or self.resources not in ("require", "if supplied"):
            raise ValueError("status is 'require' or 'skip', resources 'require' or 'if supplied'")
        if self.keys_as_of not in ("now", "issuance"):
            raise ValueError("keys_as_of is 'now' or 'issuance'")
        if self.jwt_profile not in JWT_PROFILES:
            raise ValueError(f"jwt_profile is one of {', '.join(map(repr, JWT_PROFILES))}")
        if not (isinstance(self.status_issuers, frozenset) and isinstance(self.status_registries, frozenset)):
            raise TypeError("status_issuers and status_registries are frozensets of identifiers and of URLs")
        if self.challenge == "" or not isinstance(self.domain, frozenset):
            raise ValueError("an expected challenge is not empty, and domain is a frozenset of texts")

        general, plain = (
            Transformation(self.contexts, self.limits, allow_inline_contexts=self.allow_inline_contexts, plain=plain)
            for plain in (False, True)
        )
        object.__setattr__(self, "_transformations", (general, plain))

    def transformation(self, *, plain: bool = False) -> Transformation:
        """The inputs of canonicalization under this policy."""
        return self._transformations[plain]
