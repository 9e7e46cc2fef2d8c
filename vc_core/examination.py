"""One verification under way: what is given, what was read so far, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache

from did import Resolver
from did.document import VerificationMethod
from status import StatusLists
from vc_core import credential as data_model
from vc_core import resources
from vc_core.document import Json, SecuredDocument
from vc_core.errors import VCError
from vc_core.evidence import Evidence
from vc_core.policy import Policy
from vc_core.result import Check, Credential, Outcome, Problem, ProvenMethod, VerificationResult
from vc_core.securing.cryptosuites.cryptosuite import Transformation
from vc_core.securing.proof import Proof, covered_claims, name_of_suite, unsecured


@dataclass(slots=True)
class Examination:
    """What the checks of one verification share. Each of them reads what those before it entered."""

    data: bytes
    resolver: Resolver
    status: StatusLists
    policy: Policy
    now: datetime
    evidence: Evidence
    transformation: Transformation
    document: SecuredDocument | None = None
    tree: dict[str, Json] = field(default_factory=dict)
    contexts_known: bool = False
    issuer: str | None = None
    proofs: tuple[Proof, ...] = ()
    methods: tuple[VerificationMethod, ...] = ()
    signature_holds: bool = False
    problems: list[Problem] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    def run(self, checks: Iterable[tuple[str, Callable[[Examination], Finding]]]) -> None:
        """Runs the checks and enters their outcomes. Without a document nothing but the document is checked."""
        entered = self.checks
        for name, check in checks:
            if self.document is None and entered:
                entered.append(_not_checked(name, "the document could not be read"))
                continue
            try:
                finding = check(self)
            except VCError as error:
                finding = [Problem.of(error)]
            if not finding:
                entered.append(_passed(name))
            elif isinstance(finding, str):
                entered.append(_not_checked(name, finding))
            else:
                self.problems += finding
                entered.append(Check(name, Outcome.FAILED, finding[0].detail))

    def signed_objects(self, name: str) -> list[tuple[str, dict[str, Json]]] | str:
        """The objects in a member that names other documents, or why they are not followed: only signed ones are.

        Where statements were signed, an object has all that the document says of its identifier, wherever it says it.
        """
        if not self.signature_holds:
            return "the signature does not hold"
        entries = list(resources.named_objects(self.tree, name))
        if not self.covers_json:
            entries = resources.described(entries, unsecured(self.tree))
        return entries or f"the credential has no {name}"

    @property
    def covers_json(self) -> bool:
        """Whether the proofs cover the JSON of the document, and not only its statements."""
        return all(proof.suite.canonicalization.covers_json for proof in self.proofs)

    def signed_claims(self) -> dict[str, Json]:
        """The claims that the proofs cover: the document's own if they cover JSON, else the form of its statements."""
        return unsecured(self.tree) if self.covers_json else self.covered_claims()

    def covered_claims(self) -> dict[str, Json]:
        """A fresh copy of these claims."""
        return covered_claims(self.tree, self.proofs, self.policy.transformation())

    def result(self) -> VerificationResult:
        """The verdict with its reasons. Nothing is verified of which it was not shown that a signature holds."""
        if not self.problems and not self.signature_holds:
            self.problems.append(Problem("INTERNAL_ERROR", "the signature was not checked"))
        securing = self.proofs[0].suite.name if self.proofs else name_of_suite(self.tree)
        product = None if self.problems else self._credential
        return VerificationResult(tuple(self.problems), tuple(self.checks), securing, product)

    def _credential(self) -> Credential:
        valid_from, valid_until = data_model.validity_period_of(self.tree)
        return Credential(
            issuer=self.issuer or "",
            types=data_model.types_of(self.tree),
            valid_from=valid_from,
            valid_until=valid_until,
            proven_by=tuple(
                ProvenMethod(proof.suite.name, method.id, method.controller, _text(proof.options.get("created")))
                for proof, method in zip(self.proofs, self.methods, strict=True)
            ),
            _claims=self.covered_claims,
        )


Finding = Sequence[Problem] | str | None
"""What a check answers: the problems it found; or, in a text, why it was not made."""


@cache
def _passed(name: str) -> Check:
    return Check(name, Outcome.PASSED)


@lru_cache(maxsize=256)
def _not_checked(name: str, because: str) -> Check:
    return Check(name, Outcome.NOT_CHECKED, because)


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None
