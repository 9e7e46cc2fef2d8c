"""What a verification says: a verdict, every problem found, and what was and was not checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from vc_core.errors import CODES, VCError, VerificationError


class Verdict(StrEnum):
    """The outcome of a verification. A conclusive problem outranks missing evidence."""

    VERIFIED = "verified"
    REJECTED = "rejected"
    UNDECIDED = "undecided"


class Outcome(StrEnum):
    """The outcome of one check."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason against a credential.

    `code` is a key of `vc_core.errors.CODES`; `detail` is one printable line; `at` a JSON pointer into the document,
    made of its own names and therefore not safe to print as it is. `missing` names evidence that could not be had:
    such a problem leaves the verdict open.
    """

    code: str
    detail: str
    at: str = ""
    missing: str | None = None

    @classmethod
    def of(cls, error: VCError, *, at: str = "") -> Problem:
        """The problem that `error` reports, its place counted from `at`."""
        return cls(error.code, error.detail, at + error.at, error.missing)

    @property
    def title(self) -> str:
        """What the code means, in a few words; one that is not ours, from a resolver say, is its own title."""
        return CODES[self.code].title if self.code in CODES else self.code

    def to_json(self) -> dict[str, str]:
        """The members `code`, `title`, `detail` and `at`."""
        return {"code": self.code, "title": self.title, "detail": self.detail, "at": self.at}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at, or not; `because` says why where it did not simply pass, or what else was found."""

    check: str
    outcome: Outcome
    because: str = ""

    def to_json(self) -> dict[str, str]:
        """The members `check`, `outcome` and `because`."""
        return {"check": self.check, "outcome": self.outcome.value, "because": self.because}


@dataclass(frozen=True, slots=True)
class ProvenMethod:
    """A signature that held: who can make it, when the proof says it was made, and when the proof itself expires.

    `keys_as_of` says of which time the document is that the key was found in: "now" or "issuance", as the policy asked.
    """

    securing: str
    verification_method: str
    controller: str
    created: str | None
    keys_as_of: str = "now"
    expires: str | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    """The claims of a verified credential. Exists only as the product of a verification."""

    issuer: str
    types: tuple[str, ...]
    valid_from: str | None
    valid_until: str | None
    proven_by: tuple[ProvenMethod, ...]
    cnf: Mapping[str, Any] | None
    """The confirmation claim of a token (RFC 7800): the key whose holder the credential was issued to."""
    _claims: Callable[[], dict[str, Any]] = field(repr=False, compare=False)

    @property
    def claims(self) -> dict[str, Any]:
        """The signed claims without their proof, as a fresh copy that the caller may change.

        Under a JCS suite they are the JSON that was signed. Under an RDFC suite the RDF statements were signed,
        which several JSON texts share; the claims are then the one compact form of those statements, so nobody can
        alter what is read here without breaking the signature. Arrays without an order in JSON-LD have none here.
        """
        return self._claims()


def _verdict(problems: tuple[Problem, ...]) -> Verdict:
    if not problems:
        return Verdict.VERIFIED
    return Verdict.UNDECIDED if all(problem.missing for problem in problems) else Verdict.REJECTED


def _reason(verdict: Verdict, problems: tuple[Problem, ...]) -> str:
    return (
        f"{verdict.value}: {problems[0].code}: {problems[0].detail}"
        if problems
        else "withheld, since the presentation it is in is not verified"
    )


@dataclass(frozen=True, slots=True)
class VerificationResult:
    """The result of `verify`. True in a condition only if the verdict is VERIFIED.

    `securing` is the mechanism of the (first) proof as the input names it, where it could be recognised.
    """

    problems: tuple[Problem, ...]
    checks: tuple[Check, ...]
    securing: str | None
    _credential: Callable[[], Credential] | None = field(repr=False, compare=False)

    @property
    def verdict(self) -> Verdict:
        """VERIFIED without problems, REJECTED with a conclusive one, else UNDECIDED."""
        return _verdict(self.problems)

    def __bool__(self) -> bool:
        return not self.problems

    @property
    def credential(self) -> Credential:
        """The verified credential. Raises `VerificationError` unless the verdict is VERIFIED.

        That of a credential in a presentation is had from the presentation, and only if all of that is verified.
        """
        if self.problems or self._credential is None:
            raise VerificationError(f"the credential is {_reason(self.verdict, self.problems)}", result=self)
        return self._credential()

    @property
    def issuer(self) -> str | None:
        """The issuer's identifier, of a verified credential."""
        return self._credential().issuer if self and self._credential else None

    @property
    def valid_from(self) -> str | None:
        """The beginning of the validity period, of a verified credential."""
        return self._credential().valid_from if self and self._credential else None

    @property
    def valid_until(self) -> str | None:
        """The end of the validity period, of a verified credential."""
        return self._credential().valid_until if self and self._credential else None

    def to_json(self) -> dict[str, Any]:
        """The form that the command line prints. Of the claims it holds who issued, and for when, if VERIFIED."""
        return {
            "verdict": self.verdict.value,
            "problems": [problem.to_json() for problem in self.problems],
            "checks": [check.to_json() for check in self.checks],
            "issuer": self.issuer,
            "validFrom": self.valid_from,
            "validUntil": self.valid_until,
            "securing": self.securing,
        }


@dataclass(frozen=True, slots=True)
class Presentation:
    """A verified presentation. Exists only as the product of a verification.

    `holder` is the identifier of whoever presented: a DID or another URL; for a key that has no other name its
    thumbprint (RFC 9278); None for an unsigned presentation, whoever it names, and for a bearer's. `proven_by` is empty
    if nobody signed.
    """

    holder: str | None
    credentials: tuple[Credential, ...]
    proven_by: tuple[ProvenMethod, ...]


@dataclass(frozen=True, slots=True)
class PresentationResult:
    """The result of `verify_presentation`. True in a condition only if the verdict is VERIFIED.

    `problems` holds those of the presentation and of every credential in it. `of_credentials` says of each
    credential what was found; what it claims can be had only if the whole presentation is verified.
    """

    problems: tuple[Problem, ...]
    checks: tuple[Check, ...]
    securing: str | None
    of_credentials: tuple[VerificationResult, ...]
    _presentation: Callable[[], Presentation] | None = field(repr=False, compare=False)

    @property
    def verdict(self) -> Verdict:
        """VERIFIED without problems, REJECTED with a conclusive one, else UNDECIDED."""
        return _verdict(self.problems)

    def __bool__(self) -> bool:
        return not self.problems

    @property
    def presentation(self) -> Presentation:
        """The verified presentation. Raises `VerificationError` unless the verdict is VERIFIED."""
        if self.problems or self._presentation is None:
            raise VerificationError(f"the presentation is {_reason(self.verdict, self.problems)}", result=self)
        return self._presentation()

    @property
    def holder(self) -> str | None:
        """The holder's identifier, of a verified presentation."""
        return self._presentation().holder if self and self._presentation else None

    def to_json(self) -> dict[str, Any]:
        """The form that the command line prints. It holds no claim unless the verdict is VERIFIED."""
        return {
            "verdict": self.verdict.value,
            "problems": [problem.to_json() for problem in self.problems],
            "checks": [check.to_json() for check in self.checks],
            "holder": self.holder,
            "securing": self.securing,
            "credentials": [result.to_json() for result in self.of_credentials],
        }
