"""What a verification says: a verdict, every problem found, and what was and was not checked."""

from __future__ import annotations

from collections.abc import Callable
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
    """One thing that was looked at, or not; `because` says why where it did not simply pass."""

    check: str
    outcome: Outcome
    because: str = ""

    def to_json(self) -> dict[str, str]:
        """The members `check`, `outcome` and `because`."""
        return {"check": self.check, "outcome": self.outcome.value, "because": self.because}


@dataclass(frozen=True, slots=True)
class ProvenMethod:
    """A signature that held: who can make it, and when the proof says it was made."""

    securing: str
    verification_method: str
    controller: str
    created: str | None


@dataclass(frozen=True, slots=True)
class Credential:
    """The claims of a verified credential. Exists only as the product of a verification."""

    issuer: str
    types: tuple[str, ...]
    valid_from: str | None
    valid_until: str | None
    proven_by: tuple[ProvenMethod, ...]
    _claims: Callable[[], dict[str, Any]] = field(repr=False, compare=False)

    @property
    def claims(self) -> dict[str, Any]:
        """The signed claims without their proof, as a fresh copy that the caller may change.

        Under a JCS suite they are the JSON that was signed. Under an RDFC suite the RDF statements were signed,
        which several JSON texts share; the claims are then the one compact form of those statements, so nobody can
        alter what is read here without breaking the signature. Arrays without an order in JSON-LD have none here.
        """
        return self._claims()


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
        if not self.problems:
            return Verdict.VERIFIED
        return Verdict.UNDECIDED if all(problem.missing for problem in self.problems) else Verdict.REJECTED

    def __bool__(self) -> bool:
        return not self.problems

    @property
    def credential(self) -> Credential:
        """The verified credential. Raises `VerificationError` unless the verdict is VERIFIED."""
        if self.problems or self._credential is None:
            first = self.problems[0] if self.problems else None
            reason = f": {first.code}: {first.detail}" if first else ""
            raise VerificationError(f"the credential is {self.verdict.value}{reason}", result=self)
        return self._credential()

    @property
    def issuer(self) -> str | None:
        """The issuer's identifier, of a verified credential."""
        return self.credential.issuer if self else None

    @property
    def valid_from(self) -> str | None:
        """The beginning of the validity period, of a verified credential."""
        return self.credential.valid_from if self else None

    @property
    def valid_until(self) -> str | None:
        """The end of the validity period, of a verified credential."""
        return self.credential.valid_until if self else None

    def to_json(self) -> dict[str, Any]:
        """The form that the command line prints. It holds no claim unless the verdict is VERIFIED."""
        return {
            "verdict": self.verdict.value,
            "problems": [problem.to_json() for problem in self.problems],
            "checks": [check.to_json() for check in self.checks],
            "issuer": self.issuer,
            "validFrom": self.valid_from,
            "validUntil": self.valid_until,
            "securing": self.securing,
        }
