"""One verification under way: what is given, what was read so far, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from typing import Final, Self

from did import Resolver
from did.document import VerificationMethod
from status import StatusLists
from vc_core import credential as data_model
from vc_core import datetimestamp, resources
from vc_core.document import Json, SecuredDocument, copy_json
from vc_core.errors import VCError
from vc_core.evidence import Evidence
from vc_core.policy import Policy
from vc_core.result import Check, Credential, Outcome, Problem, ProvenMethod, VerificationResult
from vc_core.securing.cryptosuites.cryptosuite import Transformation
from vc_core.securing.envelopes import ENVELOPES
from vc_core.securing.jwt import numeric_date
from vc_core.securing.proof import Proof, covered_claims, name_of_suite, unsecured
from vc_core.securing.token import Token


@dataclass(slots=True)
class Examination:
    """What the checks of one verification share. Each of them reads what those before it entered.

    `tree` are the claims: a document with its proofs, or what a token secures. `is_vcdm` says whether they follow the
    Verifiable Credentials Data Model, and are no SD-JWT VC. `signatures` is what somebody signed: each of the proofs,
    or the token.
    """

    data: bytes
    resolver: Resolver
    status: StatusLists
    policy: Policy
    now: datetime
    evidence: Evidence
    transformation: Transformation
    document: SecuredDocument | None = None
    token: Token | None = None
    tree: dict[str, Json] = field(default_factory=dict)
    is_vcdm: bool = True
    contexts_known: bool = False
    issuer: str | None = None
    proofs: tuple[Proof, ...] = ()
    signatures: Sequence[Proof | Token] = ()
    methods: tuple[VerificationMethod, ...] = ()
    signature_holds: bool = False
    problems: list[Problem] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    def run(self, checks: Iterable[tuple[str, Callable[[Self], Finding]]]) -> None:
        """Runs the checks and enters their outcomes. After a document that could not be read nothing is checked."""
        entered = self.checks
        if entered and self.document is None and self.token is None:
            entered += [_not_checked(name, "the document could not be read") for name, _ in checks]
            return
        for name, check in checks:
            try:
                finding = check(self)
            except VCError as error:
                finding = [Problem.of(error)]
            if not finding:
                entered.append(_passed(name))
            elif isinstance(finding, str):
                entered.append(_not_checked(name, finding))
            elif isinstance(finding, Remark):
                entered.append(Check(name, Outcome.PASSED, finding.text))
            else:
                self._enter_problems(finding)
                entered.append(Check(name, Outcome.FAILED, finding[0].detail))

    def _enter_problems(self, found: Sequence[Problem]) -> None:
        """Enters the problems, or of too many as many as are told, and that there are more."""
        room = MOST_PROBLEMS - len(self.problems)
        self.problems += found[: max(0, room)]
        if len(found) > room >= 0:
            self.problems.append(Problem("WORK_LIMIT_EXCEEDED", "there are more problems than are told"))

    def enter(self, token: Token | None, document: SecuredDocument | None) -> None:
        """Enters what was read: a token, or a document."""
        if token is not None:
            self.token, self.tree, self.signatures = token, token.claims, (token,)
            self.is_vcdm = ENVELOPES[token.securing].data_model == "VCDM"
        elif document is not None:
            self.document, self.tree = document, document.tree
            if document.canonical is not None:
                self.transformation = self.policy.transformation(plain=True)

    def enter_proofs(self, proofs: tuple[Proof, ...]) -> None:
        """Enters the proofs of the document."""
        self.proofs = self.signatures = proofs

    @property
    def any_audience(self) -> bool:
        """Whether a token may be made for an audience that the policy says nothing of."""
        return False

    @property
    def is_hopeless(self) -> bool:
        """Whether nobody needs to be asked for a key, since none of an accepted issuer can have signed."""
        if self.issuer is None or self.is_of_another:
            return True
        return bool(self.problems) and any(problem.code == "UNACCEPTED_ISSUER" for problem in self.problems)

    @property
    def is_of_another(self) -> bool:
        """Whether no key can be the issuer's, where it has to be: one belongs to the identifier in its URL."""
        if not self.policy.require_issuer_control:
            return False
        for each in self.signatures:
            if each.identifier == self.issuer:
                return False
        return bool(self.signatures)

    def unfollowed(self) -> str | None:
        """Why nothing that the claims name is looked for; None if a key of an accepted issuer signed them."""
        if not self.signature_holds:
            return "the signature does not hold"
        if self.problems and any(problem.code in _OF_ISSUER for problem in self.problems):
            return "the issuer is not accepted"
        return None

    def signed_objects(self, name: str) -> list[tuple[str, dict[str, Json]]] | str:
        """The objects in a member that names other documents, or why they are not followed: only signed ones are.

        Where statements were signed, an object has all that the document says of its identifier, wherever it says it.
        """
        if (unfollowed := self.unfollowed()) is not None:
            return unfollowed
        entries = resources.named_objects(self.tree, name)
        if not self.covers_json:
            entries = resources.described(entries, unsecured(self.tree))
        return entries or f"the credential has no {name}"

    @property
    def covers_json(self) -> bool:
        """Whether the signatures cover the JSON of the document, and not only its statements. A token's does."""
        return all(proof.suite.canonicalization.covers_json for proof in self.proofs)

    def signed_claims(self) -> dict[str, Json]:
        """The claims that the proofs cover: the document's own if they cover JSON, else the form of its statements."""
        if self.token is not None:
            return self.tree
        return unsecured(self.tree) if self.covers_json else self.covered_claims()

    def covered_claims(self) -> dict[str, Json]:
        """A fresh copy of these claims."""
        if self.token is not None:
            copy = copy_json(self.tree, limits=self.policy.limits)
            return copy if isinstance(copy, dict) else {}
        return covered_claims(self.tree, self.proofs, self.policy.transformation())

    def result(self) -> VerificationResult:
        """The verdict with its reasons. Nothing is verified of which it was not shown that a signature holds."""
        if not self.problems and not self.signature_holds:
            self.problems.append(Problem("INTERNAL_ERROR", "the signature was not checked"))
        product = None if self.problems else self._credential
        securing = self.signatures[0].securing if self.signatures else name_of_suite(self.tree)
        return VerificationResult(tuple(self.problems), tuple(self.checks), securing, product)

    def _credential(self) -> Credential:
        valid_from, valid_until = self._validity_period()
        return Credential(
            issuer=self.issuer or "",
            types=data_model.types_of(self.tree) if self.is_vcdm else (str(self.tree["vct"]),),
            valid_from=valid_from,
            valid_until=valid_until,
            proven_by=tuple(
                [
                    proven(signature, method, keys_as_of=self.policy.keys_as_of)
                    for signature, method in zip(self.signatures, self.methods, strict=True)
                ]
            ),
            cnf=self._cnf(),
            _claims=self.covered_claims,
        )

    def _cnf(self) -> dict[str, Json] | None:
        value = None if self.token is None else self.token.payload.get("cnf")
        return copy_json(value, limits=self.policy.limits) if isinstance(value, dict) else None  # type: ignore[return-value]  # a copy of an object is one

    def _validity_period(self) -> tuple[str | None, str | None]:
        """The period in which both the claims and the token that they are in are valid."""
        begin, end = data_model.validity_period_of(self.tree) if self.is_vcdm else (None, None)
        if self.token is None:
            return begin, end
        begins = [begin, _time(self.token.payload.get("nbf"))]
        ends = [end, _time(self.token.payload.get("exp"))]
        return (
            max((each for each in begins if each is not None), key=datetimestamp.parse, default=None),
            min((each for each in ends if each is not None), key=datetimestamp.parse, default=None),
        )


MOST_PROBLEMS: Final = 1000
"""Problems of one result. There may be more; each check says whether it failed."""
_OF_ISSUER: Final = frozenset({"UNACCEPTED_ISSUER", "ISSUER_MISMATCH"})


@dataclass(frozen=True, slots=True)
class Remark:
    """What a check found that speaks neither against the credential nor for it, in one printable line."""

    text: str


Finding = Sequence[Problem] | str | Remark | None
"""What a check answers: the problems it found; or, in a text, why it was not made."""


@cache
def _passed(name: str) -> Check:
    return Check(name, Outcome.PASSED)


@lru_cache(maxsize=256)
def _not_checked(name: str, because: str) -> Check:
    return Check(name, Outcome.NOT_CHECKED, because)


def proven(signature: Proof | Token, method: VerificationMethod, *, keys_as_of: str = "now") -> ProvenMethod:
    """Who can have made a signature that holds, and when it says that it was made."""
    expires = None if isinstance(signature, Token) else signature.options.get("expires")
    return ProvenMethod(
        signature.securing,
        method.id,
        method.controller,
        _created(signature),
        keys_as_of,
        expires,  # type: ignore[arg-type]  # a text, as was read
    )


def _created(signature: Proof | Token) -> str | None:
    """When the proof or the token says that it was made."""
    value = signature.payload.get("iat") if isinstance(signature, Token) else signature.options.get("created")
    return value if isinstance(value, str) else _time(value)


def _time(value: Json) -> str | None:
    return None if value is None else datetimestamp.text(numeric_date(value))
