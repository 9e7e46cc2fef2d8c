"""What a Data Integrity cryptosuite consists of (VC Data Integrity 1.0, section 3.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from did.errors import shown
from vc_core.canonical import jcs as _jcs
from vc_core.canonical.contexts import Contexts
from vc_core.document import Json
from vc_core.errors import ProofTransformationError
from vc_core.limits import Limits

if TYPE_CHECKING:
    from vc_core.canonical.templates import Templates

DATA_INTEGRITY_V2: Final = "https://w3id.org/security/data-integrity/v2"
DATA_INTEGRITY_CONTEXTS: Final = frozenset(
    {"https://www.w3.org/ns/credentials/v2", DATA_INTEGRITY_V2, "https://w3id.org/security/data-integrity/v1"}
)
"""The contexts that define the terms of a `DataIntegrityProof` (VC Data Integrity 1.0, section 2.4.1)."""

_HASHES: Final = MappingProxyType({"sha256": hashlib.sha256, "sha384": hashlib.sha384})


@dataclass(frozen=True, slots=True)
class Transformation:
    """What a document's canonical form depends on besides the document.

    `plain` says that the document holds nothing on which the fast path of JCS and RFC 8785 differ.
    """

    contexts: Contexts
    limits: Limits
    allow_inline_contexts: bool = False
    plain: bool = False
    known: frozenset[str] = field(init=False, repr=False, compare=False)
    """The URLs of `contexts`, at hand for every document."""
    _templates: Templates | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", self.contexts.names)

    @property
    def templates(self) -> Templates:
        """What canonicalizes documents as RDF. JSON-LD is loaded when it is first asked for."""
        if self._templates is None:
            from vc_core.canonical.templates import Templates

            shared = Templates.shared(self.contexts, self.limits, allow_inline_contexts=self.allow_inline_contexts)
            object.__setattr__(self, "_templates", shared)
            return shared
        return self._templates

    def shared_by(self, proofs: int) -> Transformation:
        """The same for each of several proofs, which share the work on RDF that one document may cost."""
        return self if proofs < 2 else replace(self, limits=self.limits.shared_by(proofs))


@dataclass(frozen=True, slots=True)
class KeyUse:
    """How a cryptosuite uses a key of one type: the signature algorithm, and the hash of both inputs."""

    algorithm: str
    hash_algorithm: str


@dataclass(frozen=True, slots=True)
class Canonicalization:
    """A canonicalization algorithm, and whether the JSON or the RDF statements of a document are covered."""

    covers_json: bool
    canonicalize: Callable[[dict[str, Json], str, Transformation], bytes]


@dataclass(frozen=True, slots=True)
class Cryptosuite:
    """A cryptosuite: canonicalization, key types, and where its terms are defined.

    `proof_type` is the `type` of its proofs; `name` their `cryptosuite`, or the type itself for suites from before
    that member. `context` is injected at issuance where the document's contexts do not define the proof's terms.
    """

    name: str
    proof_type: str
    canonicalization: Canonicalization
    keys: Mapping[str, KeyUse]
    context: str
    contexts: frozenset[str]

    def key_use(self, key_type: str) -> KeyUse:
        """How a key of `key_type` is used; raises `ProofTransformationError` for one the suite does not take."""
        use = self.keys.get(key_type)
        if use is None:
            raise ProofTransformationError(f"{self.name} does not take a key of type {shown(key_type)}")
        return use

    def digest(self, document: dict[str, Json], hash_algorithm: str, transformation: Transformation) -> bytes:
        """The hash of the canonical form of a document, or of proof options."""
        canonical = self.canonicalization.canonicalize(document, hash_algorithm, transformation)
        return digest(canonical, hash_algorithm)


def digest(canonical: bytes, hash_algorithm: str) -> bytes:
    """The hash of a canonical form by an algorithm that a `KeyUse` names."""
    return _HASHES[hash_algorithm](canonical).digest()


def _canonicalize_json(document: dict[str, Json], _hash: str, transformation: Transformation) -> bytes:
    return _jcs.canonicalize(document, plain=transformation.plain)


def _canonicalize_rdf(document: dict[str, Json], hash_algorithm: str, transformation: Transformation) -> bytes:
    return transformation.templates.canonical(document, hash_algorithm=hash_algorithm)


JCS = Canonicalization(covers_json=True, canonicalize=_canonicalize_json)
"""JSON Canonicalization Scheme (RFC 8785)."""
RDFC = Canonicalization(covers_json=False, canonicalize=_canonicalize_rdf)
"""RDF Dataset Canonicalization (RDFC-1.0), with the suite's hash inside as well."""
