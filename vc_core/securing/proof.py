"""Embedded proofs, read (Verifiable Credential Data Integrity 1.0).

A proof covers the document without its `proof`, the proof's own options without `proofValue`, and, where it has a
`previousProof`, the proofs it names (section 2.1.2). Everything a proof does not cover is an error here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple, TypeGuard

from did import DIDError
from did.errors import shown
from did.keys import PublicKey
from did.multibase import decode_base58btc
from vc_core import datetimestamp
from vc_core.canonical import jcs
from vc_core.document import Json, copy_json, read_json
from vc_core.errors import LimitExceeded, ParsingError, ProofTransformationError, ProofVerificationError, VCError
from vc_core.limits import Limits
from vc_core.securing.cryptosuites import Cryptosuite
from vc_core.securing.cryptosuites.cryptosuite import JCS, Canonicalization, Transformation, digest
from vc_core.securing.previous_proof import previous_proofs
from vc_core.securing.signed_data import SignedData

_LONGEST_VALUE: Final = 256
"""Characters of a `proofValue`: enough for the 96 bytes of P-384 in base58."""
_REQUIRED: Final = ("type", "proofPurpose", "verificationMethod")
_TEXTS: Final = frozenset({*_REQUIRED, "cryptosuite", "created", "expires", "challenge", "nonce", "id"})
"""The options of a proof that are texts (section 2.1)."""
_MEMBERS: Final = _TEXTS | {"proofValue", "@context", "domain", "previousProof"}
"""All members of a proof. Under RDF a further one could stand for one of these, and hide it from its rule."""


class Proof(NamedTuple):
    """One proof, its members read and their forms checked; `at` is its JSON pointer in the document.

    `options` are the proof's members without `proofValue`, as they enter the hash; `canonical` is their canonical form
    (RFC 8785), where it is at hand. `previous` are the proofs that `previousProof` names, complete. `identifier` is the
    DID, or the URL of a document, in which the key is to be.
    """

    suite: Cryptosuite
    signature: bytes
    previous: tuple[dict[str, Json], ...]
    at: str
    canonical: bytes | None
    options: dict[str, Json]
    purpose: str
    verification_method: str
    identifier: str
    created: datetime | None
    expires: datetime | None
    domain: frozenset[str]
    challenge: str | None

    @property
    def securing(self) -> str:
        """The name of the cryptosuite."""
        return self.suite.name

    def signed_data(
        self,
        tree: dict[str, Json],
        key: PublicKey,
        transformation: Transformation,
        *,
        canonical: bytes | None = None,
    ) -> SignedData:
        """What the signature has to cover in the secured document `tree` if `key` made it (sections 4.3 and 4.5).

        The hash of the proof options comes first, then that of the document, whose `canonical` form without its proofs
        may be at hand. Raises `ProofTransformationError` if the suite does not take the key, or if the document cannot
        be canonicalized without losing something.
        """
        same = "@context" not in self.options or self.options["@context"] == tree.get("@context")
        if canonical and self.canonical and same and not self.previous and self.suite.canonicalization is JCS:
            use = self.suite.key_use(key.type)
            data = _digest_of_options(self.canonical, use.hash_algorithm) + digest(canonical, use.hash_algorithm)
            return SignedData(data, use.algorithm, self.signature, self.verification_method)
        claims = unsecured(tree)
        contexts = claims.get("@context")
        options = self.options
        if self.suite.canonicalization.covers_json:
            if options.get("@context", contexts) != contexts:
                raise ProofVerificationError("the document has other contexts than its proof", at="/@context")
        elif "@context" in options:
            raise ProofVerificationError("this proof does not cover a context inside of it", at=f"{self.at}/@context")
        use = self.suite.key_use(key.type)
        # the document first: what is wrong with its contexts is reported at their own place
        if self.previous:
            claims["proof"] = [*self.previous]
        of_claims = self.suite.digest(claims, use.hash_algorithm, transformation)
        try:
            of_options = self._digest_of_options(claims, use.hash_algorithm, transformation)
        except ProofTransformationError as error:
            error.at = self.at + error.at
            raise
        return SignedData(of_options + of_claims, use.algorithm, self.signature, self.verification_method)

    def _digest_of_options(self, claims: dict[str, Json], hash_algorithm: str, transformation: Transformation) -> bytes:
        """The hash of the options; under the contexts of the claims, if it is statements that the proof covers."""
        if self.suite.canonicalization.covers_json or "@context" not in claims:
            return self.suite.digest(self.options, hash_algorithm, transformation)
        contexts = claims["@context"]
        if self.canonical is None or len(self.canonical) > _LONGEST_KNOWN or not _are_texts(contexts):
            return self.suite.digest({**self.options, "@context": contexts}, hash_algorithm, transformation)
        return _remembered_statements(
            self.canonical, tuple(contexts), self.suite.canonicalization, hash_algorithm, transformation
        )


def _are_texts(contexts: Json) -> TypeGuard[list[str]]:
    return isinstance(contexts, list) and {*map(type, contexts)} <= {str}


@lru_cache(maxsize=1024)
def _remembered_statements(
    options: bytes,
    contexts: tuple[str, ...],
    canonicalization: Canonicalization,
    hash_algorithm: str,
    transformation: Transformation,
) -> bytes:
    """The hash of the statements that options make under contexts. Nothing that it raises is remembered."""
    document = read_json(options, limits=_AS_DEEP_AS_A_DOCUMENT)
    members = document if isinstance(document, dict) else {}
    canonical = canonicalization.canonicalize({**members, "@context": [*contexts]}, hash_algorithm, transformation)
    return digest(canonical, hash_algorithm)


@lru_cache(maxsize=1024)
def _remembered_digest(canonical: bytes, hash_algorithm: str) -> bytes:
    return digest(canonical, hash_algorithm)


def _digest_of_options(canonical: bytes, hash_algorithm: str) -> bytes:
    known = _remembered_digest if len(canonical) <= _LONGEST_KNOWN else digest
    return known(canonical, hash_algorithm)


def unsecured(tree: dict[str, Json]) -> dict[str, Json]:
    """The members of a document that its proofs are about."""
    claims = tree.copy()
    claims.pop("proof", None)
    return claims


def covered_claims(tree: dict[str, Json], proofs: Sequence[Proof], transformation: Transformation) -> dict[str, Json]:
    """A fresh copy of the claims that the proofs cover: the JSON itself, if all of them cover JSON.

    Otherwise somebody signed RDF statements, which several JSON texts share; their one compact form is returned. A
    second proof that covers the JSON changes nothing about that: anybody may have added it.
    """
    claims = unsecured(tree)
    if all(proof.suite.canonicalization.covers_json for proof in proofs):
        copy = copy_json(claims, limits=transformation.limits)
        return copy if isinstance(copy, dict) else {}
    from vc_core.canonical import jsonld

    return jsonld.compacted(
        claims,
        contexts=transformation.contexts,
        limits=transformation.limits,
        allow_inline_contexts=transformation.allow_inline_contexts,
    )


def name_of_suite(tree: Mapping[str, Json]) -> str | None:
    """The cryptosuite that the first proof names, for people; None where there is no such name. Proves nothing."""
    proof = tree.get("proof")
    if isinstance(proof, list):
        proof = proof[0] if proof else None
    if not isinstance(proof, dict):
        return None
    name = proof.get("cryptosuite", proof.get("type"))
    return name[:64] if isinstance(name, str) and name.isprintable() else None


def read_proofs(
    tree: dict[str, Json], *, cryptosuites: Mapping[str, Cryptosuite], limits: Limits, plain: bool = False
) -> tuple[Proof, ...]:
    """The proofs of the secured document `tree`, at least one, in their order. All of them have to hold.

    `plain` is that of the `SecuredDocument` with this tree; it saves work on options that were read before.

    Raises `ParsingError` or `ProofVerificationError` for a proof that is malformed, not of a suite in
    `cryptosuites`, equal to another one, or that names a previous proof which is not there, twice there, or itself
    a later link of the same chain; `LimitExceeded` for more proofs than the limit.
    """
    member = tree.get("proof")
    if isinstance(member, dict) and "previousProof" not in member:
        canonical = jcs.canonicalize(_without_value(member), plain=True) if plain else None
        return (read_proof(member, canonical=canonical, cryptosuites=cryptosuites),)
    entries: Json = [member] if isinstance(member, dict) else member
    if not isinstance(entries, list) or not entries:
        raise ParsingError("the document has no proof", at="/proof")
    if len(entries) > limits.proofs:
        raise LimitExceeded(f"more than {limits.proofs} proofs", code="TOO_MANY_PROOFS", at="/proof")
    places = [f"/proof/{position}" for position in range(len(entries))] if entries is member else ["/proof"]
    objects: list[dict[str, Json]] = []
    for entry, at in zip(entries, places, strict=True):
        if not isinstance(entry, dict):
            raise ParsingError("a proof is not an object", at=at)
        if entry in objects:
            raise ProofVerificationError("the same proof stands twice", at=at)
        objects.append(entry)
    previous = previous_proofs(objects, places)
    return tuple(
        _read(entry, links, cryptosuites, at) for entry, links, at in zip(objects, previous, places, strict=True)
    )


def read_proof(proof: dict[str, Json], *, canonical: bytes | None, cryptosuites: Mapping[str, Cryptosuite]) -> Proof:
    """The only proof of a document, which follows no other one. Raises as `read_proofs`.

    `canonical` is the canonical form (RFC 8785) of its options, where it is at hand.
    """
    return _read(proof, (), cryptosuites, "/proof", canonical=canonical)


def _read(
    proof: dict[str, Json],
    previous: tuple[dict[str, Json], ...],
    cryptosuites: Mapping[str, Cryptosuite],
    at: str,
    *,
    canonical: bytes | None = None,
) -> Proof:
    read = None if canonical is None else _known_options(canonical)
    if read is None:
        read = _read_options(_without_value(proof), at)
    value = proof.get("proofValue")
    if not isinstance(value, str) or not value:
        if "proofValue" in proof:
            raise ProofVerificationError("proofValue is not a text", at=f"{at}/proofValue")
        raise ProofVerificationError("proofValue is missing", at=at)
    suite = _suite(read.options, cryptosuites, at)
    if not suite.canonicalization.covers_json and not proof.keys() <= _MEMBERS:
        other = min(proof.keys() - _MEMBERS)
        raise ProofTransformationError(
            f"{shown(other)} is no option of a proof", code="DATA_LOSS_DETECTION_ERROR", at=at
        )
    return Proof(suite, _signature(value, at), previous, at, canonical, *read)


def _without_value(proof: dict[str, Json]) -> dict[str, Json]:
    """The options of a proof."""
    options = proof.copy()
    options.pop("proofValue", None)
    return options


class _Options(NamedTuple):
    """The members of the same names in a `Proof`."""

    options: dict[str, Json]
    purpose: str
    verification_method: str
    identifier: str
    created: datetime | None
    expires: datetime | None
    domain: frozenset[str]
    challenge: str | None


def _known_options(canonical: bytes) -> _Options | None:
    """What the options are that have this canonical form; None if something is wrong with them, or if it is long."""
    try:
        return _remembered_options(canonical) if len(canonical) <= _LONGEST_KNOWN else None
    except VCError:
        return None


@lru_cache(maxsize=1024)
def _remembered_options(canonical: bytes) -> _Options:
    """The same; all that one issuer signs in one second has the same options. Nothing that it raises is remembered."""
    options = read_json(canonical, limits=_AS_DEEP_AS_A_DOCUMENT)
    return _read_options(options if isinstance(options, dict) else {}, "")


_LONGEST_KNOWN: Final = 1024
"""Bytes of the longest options that are remembered."""
_AS_DEEP_AS_A_DOCUMENT: Final = Limits(depth=jcs.DEEPEST)


def _read_options(options: dict[str, Json], at: str) -> _Options:
    texts = _texts(options, at)
    created = _time(texts, "created", at) if "created" in texts else None
    expires = _time(texts, "expires", at) if "expires" in texts else None
    if created is not None and expires is not None and expires <= created:
        raise ProofVerificationError("the proof expires before it was created", at=f"{at}/expires")
    return _Options(
        options,
        texts["proofPurpose"],
        texts["verificationMethod"],
        texts["verificationMethod"].partition("#")[0],
        created,
        expires,
        _domain(options["domain"], at) if "domain" in options else frozenset(),
        texts.get("challenge"),
    )


def _texts(options: dict[str, Json], at: str) -> dict[str, str]:
    """The members that are texts: the required ones, and of the others those that are there."""
    texts: dict[str, str] = {}
    for name, value in options.items():
        if name in _TEXTS:
            if not isinstance(value, str) or not value:
                raise ProofVerificationError(f"{name} is not a text", at=f"{at}/{name}")
            texts[name] = value
    for name in _REQUIRED:
        if name not in texts:
            raise ProofVerificationError(f"{name} is missing", at=at)
    return texts


def _domain(value: Json, at: str) -> frozenset[str]:
    domains = value if isinstance(value, list) else [value]
    texts = frozenset(each for each in domains if isinstance(each, str) and each)
    if len(texts) != len(domains) or not texts:
        raise ProofVerificationError("domain is neither a text nor a list of different texts", at=f"{at}/domain")
    return texts


def _suite(options: Mapping[str, Json], cryptosuites: Mapping[str, Cryptosuite], at: str) -> Cryptosuite:
    proof_type, name = options["type"], options.get("cryptosuite")
    if proof_type != "DataIntegrityProof":
        if name is not None:
            raise ProofVerificationError(
                f"a proof of type {shown(proof_type)} has no cryptosuite", at=f"{at}/cryptosuite"
            )
        name = proof_type
    elif name is None:
        raise ProofVerificationError("cryptosuite is missing", at=at)
    suite = cryptosuites.get(name) if isinstance(name, str) else None
    if suite is None or suite.proof_type != proof_type:
        raise ProofVerificationError(f"the cryptosuite {shown(name)} is not accepted", at=at)
    return suite


def _time(texts: Mapping[str, str], name: str, at: str) -> datetime:
    try:
        return datetimestamp.parse(texts[name])
    except ParsingError as error:
        raise ProofVerificationError(f"{name}: {error.detail}", at=f"{at}/{name}") from error


def _signature(value: str, at: str) -> bytes:
    if not value.startswith("z") or len(value) > _LONGEST_VALUE:
        raise ProofVerificationError("proofValue is not a short multibase base58btc text", at=f"{at}/proofValue")
    try:
        return decode_base58btc(value[1:])
    except DIDError as error:
        raise ProofVerificationError(f"proofValue: {error.detail}", at=f"{at}/proofValue") from error
