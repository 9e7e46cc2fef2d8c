"""What the demo tells when it is done, as text for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import Final, NamedTuple

from vc_core import CODES, Verdict, datetimestamp
from vc_core.cli.demo.cases import GENUINE, OTHERS, SECURING, Case, Issuer
from vc_core.cli.demo.elements import LANGUAGES, Claims, elements
from vc_core.cli.terminal import coloured, columns, faint, heading

_VALUES: Final = 40
"""The column at which the values of the elements begin."""

_ABOUT_STATUS: Final = (
    "Undecided: the status list of these credentials was not handed in, as if its host were down. What has a status "
    "that cannot be looked up is never called verified."
)


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of something were done in so many seconds."""

    name: str
    count: int
    seconds: float


class Clock:
    """Takes the time of one thing after the other."""

    def __init__(self) -> None:
        self.rates: list[Rate] = []
        self.begin()

    def begin(self) -> None:
        """What follows begins now."""
        self._began = perf_counter()

    def took(self, name: str, count: int) -> None:
        """What was done since the last beginning, which is then that of the next."""
        self.rates.append(Rate(name, count, perf_counter() - self._began))
        self.begin()


class Verified(NamedTuple):
    """What is kept of one result: the credential's case, the verdict, and the codes of the problems."""

    case: Case
    verdict: Verdict
    codes: frozenset[str]

    @property
    def as_expected(self) -> bool:
        """Whether this is the verdict of the case, and for the reason of the case only."""
        return self.verdict is self.case.verdict and self.codes == self.case.codes


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one run. `claims` are those of one verified credential.

    `size` is the mean size of a credential in bytes.
    """

    issuers: tuple[Issuer, ...]
    now: datetime
    verified: tuple[Verified, ...]
    claims: Claims | None
    size: int
    rates: tuple[Rate, ...]

    @property
    def as_expected(self) -> bool:
        """Whether every verdict is the one that its case has to get."""
        return all(each.as_expected for each in self.verified)

    def text(self) -> str:
        """The whole report."""
        parts = (self._scene(), self._one(), self._cases(), self._reasons(), self._rates(), self._end())
        return "\n".join(line for part in parts for line in (*part, "")).rstrip("\n")

    def _scene(self) -> Iterator[str]:
        yield heading("vc-core demo") + faint("   offline; every person and every university is invented")
        yield ""
        for issuer in self.issuers:
            yield f"  {issuer.institution.country.label.en:<13}{issuer.institution.name.en}"
            yield faint(f"  {'':<13}{issuer.did}")
        yield f"  {'Credentials':<13}{len(self.verified)}, {self.size / 1000:.1f} kB each, data model 1.1"
        yield f"  {'Securing':<13}{SECURING.cryptosuite}"
        yield f"  {'Status lists':<13}revocation and suspension, signed by each university"
        yield f"  {'Time':<13}{datetimestamp.text(self.now)}"

    def _one(self) -> Iterator[str]:
        """The European elements of one verified credential, in each language."""
        if self.claims is None:
            return
        yield heading("  The eleven European elements of one of them, as verified")
        for language, name in LANGUAGES.items():
            yield ""
            yield f"  {name}"
            for element, values in elements(self.claims, language):
                yield columns(element, *values, at=_VALUES, indent="    ")

    def _cases(self) -> Iterator[str]:
        """A row for each case: how often, and what came of it."""
        yield heading(f"  {'What happened to them':<28}{'Credentials':>11}   Verdict")
        for case in (GENUINE, *OTHERS):
            verdicts = Counter(each.verdict for each in self.verified if each.case is case)
            if verdicts:
                words = ", ".join(
                    coloured(verdict) if len(verdicts) == 1 else f"{count} {coloured(verdict)}"
                    for verdict, count in sorted(verdicts.items())
                )
                yield f"  {case.words:<28}{verdicts.total():>11}   {words}"

    def _reasons(self) -> Iterator[str]:
        """A row for each verdict, and one for each reason it has: how many credentials."""
        yield heading(f"  {'Verdict and reasons':<28}{'Credentials':>11}")
        for verdict in Verdict:
            found = [each for each in self.verified if each.verdict is verdict]
            if found:
                yield f"  {coloured(verdict, f'{verdict.value:<28}')}{len(found):>11}"
            for code, count in Counter(code for each in found for code in each.codes).most_common():
                yield f"    {code:<26}{count:>11}   {faint(CODES[code].title)}"

    def _rates(self) -> Iterator[str]:
        yield heading(f"  {'Rate, in one process':<28}{'How many':>11}{'Seconds':>10}{'A second':>11}")
        for rate in self.rates:
            if rate.count:
                yield f"  {rate.name:<28}{rate.count:>11}{rate.seconds:>10.2f}{rate.count / rate.seconds:>11.0f}"

    def _end(self) -> Iterator[str]:
        if any(each.verdict is Verdict.UNDECIDED for each in self.verified):
            yield columns("", _ABOUT_STATUS, at=2)
            yield ""
        unexpected = sum(not each.as_expected for each in self.verified)
        if unexpected:
            words = f"{unexpected} of {len(self.verified)} verdicts are not the expected ones."
            yield "  " + coloured(Verdict.REJECTED, words)
        else:
            yield "  " + coloured(Verdict.VERIFIED, "Every verdict is the expected one.")
