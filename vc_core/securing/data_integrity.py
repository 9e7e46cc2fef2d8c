"""Embedded proofs, made (Verifiable Credential Data Integrity 1.0)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal

from did.errors import shown
from did.keys import PublicKey
from did.multibase import encode_base58btc
from vc_core import datetimestamp
from vc_core.canonical.contexts import PINNED, Contexts
from vc_core.document import Json, SecuredDocument, write_json
from vc_core.errors import ProofGenerationError
from vc_core.limits import Limits
from vc_core.securing.cryptosuites import CRYPTOSUITES, Cryptosuite
from vc_core.securing.cryptosuites.cryptosuite import Transformation
from vc_core.securing.proof import read_proofs, unsecured
from vc_core.securing.signed_data import ALGORITHMS, Algorithm, SignedData, Signer, check, sign


@dataclass(frozen=True, slots=True, kw_only=True)
class DataIntegrity:
    """Secures claims with an embedded proof. All times are aware; `domain` and `challenge` are for presentations.

    `previous_proof` names proofs by their `id` that the claims already carry and that this proof extends to a chain.
    """

    cryptosuite: str
    proof_purpose: str = "assertionMethod"
    proof_id: str | None = None
    expires: datetime | None = None
    domain: str | Sequence[str] | None = None
    challenge: str | None = None
    previous_proof: str | Sequence[str] | None = None
    cryptosuites: Mapping[str, Cryptosuite] = field(default_factory=lambda: CRYPTOSUITES)
    algorithms: Mapping[str, Algorithm] = field(default_factory=lambda: ALGORITHMS)
    contexts: Contexts = PINNED
    allow_inline_contexts: bool = False
    limits: Limits = Limits()  # noqa: RUF009  (a frozen value)
    data_model: ClassVar[Literal["VCDM"]] = "VCDM"

    @property
    def transformation(self) -> Transformation:
        """The contexts and the limits that claims are secured under."""
        return Transformation(self.contexts, self.limits, allow_inline_contexts=self.allow_inline_contexts)

    def secure(self, claims: dict[str, Json], *, signer: Signer, created: datetime) -> bytes:
        """The claims with one more proof, made by `signer` (sections 4.2 and 4.3), as JSON in UTF-8.

        Where the claims' contexts do not define the terms of the proof, the context that does is appended
        (section 2.4.2, context injection). The proof has been read back from the returned bytes and verified with the
        signer's public key. Raises `ProofGenerationError`, or `ProofTransformationError` for claims that cannot be
        canonicalized without loss.
        """
        suite = self.cryptosuites.get(self.cryptosuite)
        if suite is None:
            raise ProofGenerationError(f"there is no cryptosuite {shown(self.cryptosuite)}")
        present = claims.get("proof", [])
        proofs = present if isinstance(present, list) else [present]
        document = _with_context(unsecured(claims), suite)
        if proofs and document.get("@context") != claims.get("@context"):
            detail = f"{suite.name} needs {suite.context}, which the proofs that are there would not cover"
            raise ProofGenerationError(detail, at="/@context")
        options = self._options(suite, signer, created)
        if suite.canonicalization.covers_json and "@context" in document:
            options["@context"] = document["@context"]
        options["proofValue"] = "z1"  # until there is one
        draft = {**document, "proof": [*proofs, options] if proofs else options}
        unsigned = self._signed_data(draft, signer.public_key)
        options["proofValue"] = "z" + encode_base58btc(
            sign(unsigned.data, signer, algorithms=self.algorithms).signature
        )
        secured = write_json(draft)
        read_back = SecuredDocument.read(secured, limits=self.limits)
        check(self._signed_data(read_back.tree, signer.public_key), signer.public_key, algorithms=self.algorithms)
        return secured

    def _signed_data(self, tree: dict[str, Json], key: PublicKey) -> SignedData:
        """What the last proof of the document covers."""
        proofs = read_proofs(tree, cryptosuites=self.cryptosuites, limits=self.limits)
        return proofs[-1].signed_data(tree, key, self.transformation.shared_by(len(proofs)))

    def _options(self, suite: Cryptosuite, signer: Signer, created: datetime) -> dict[str, Json]:
        """The proof without its value. A suite that does not take the signer's key is refused."""
        use = suite.keys.get(signer.public_key.type)
        if use is None:
            takes = " or ".join(suite.keys)
            detail = f"{suite.name} takes a key of type {takes}; this one is of type {signer.public_key.type}"
            raise ProofGenerationError(detail)
        if use.algorithm != signer.algorithm:
            detail = f"{suite.name} signs with {use.algorithm} here, the signer with {shown(signer.algorithm)}"
            raise ProofGenerationError(detail)
        named_by_type = suite.proof_type == suite.name
        members: dict[str, Json | Sequence[str]] = {
            "type": suite.proof_type,
            **({} if named_by_type else {"cryptosuite": suite.name}),
            **({} if self.proof_id is None else {"id": self.proof_id}),
            "created": datetimestamp.text(created),
            **({} if self.expires is None else {"expires": datetimestamp.text(self.expires)}),
            "verificationMethod": signer.verification_method,
            "proofPurpose": self.proof_purpose,
        }
        for name, value in (
            ("domain", self.domain),
            ("challenge", self.challenge),
            ("previousProof", self.previous_proof),
        ):
            if value is not None:
                members[name] = value if isinstance(value, str) else list(value)
        return members  # type: ignore[return-value]  # lists were made of the sequences above


def _with_context(document: dict[str, Json], suite: Cryptosuite) -> dict[str, Json]:
    contexts = document.get("@context")
    if not isinstance(contexts, list) or any(isinstance(each, str) and each in suite.contexts for each in contexts):
        return document
    return {**document, "@context": [*contexts, suite.context]}
