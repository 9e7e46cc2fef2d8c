"""What it takes to verify credentials that are not like those before them, on one core.

    python -m benches.warm [--seconds 2]

Three tables. The first, the second and the further ones of a series: a process of its own for each measurement, in
which credentials of other issuers and other structures were verified, so that the code, the contexts and the key are
at hand and nothing else. Credentials that are all different in structure, each verified once: beside `examine` with its
checks spelled out, which knows no series. And so many credentials of one series that what is remembered of their times
does not last until they come again.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import count
from statistics import median
from time import perf_counter_ns
from typing import Any, Final

from benches.case import NOW, Case, alternating
from benches.tables import Report, Settings, Table, run
from benches.verify_and_issue import open_badge
from did import StaticResolver
from status import NO_STATUS_LISTS
from vc_core import (
    ANY_ISSUER,
    NO_EVIDENCE,
    VCJWT,
    DataIntegrity,
    Limits,
    Policy,
    VerificationResult,
    verify,
)
from vc_core.verify import CHECKS, TOKEN_CHECKS, examine

KINDS: Final = ("eddsa-jcs-2022", "vc+jwt", "eddsa-rdfc-2022")
_SERIES: Final = 12
"""Credentials of a series, of which the last are those from the fourth on."""
_MANY: Final = 5000
_DIFFERENT: Final = 256
_SETTINGS: Final = count(Limits().document_bytes + 1)
"""Limits that differ in a byte, so that each has templates of its own, which know no form yet."""

_OF_ACHIEVEMENT: Final = (
    ("fieldOfStudy", "Statistika"),
    ("humanCode", "DAP-3"),
    ("inLanguage", "lv"),
    ("specialization", "Datu analīze"),
    ("version", "2"),
)
_OF_SUBJECT: Final = (
    ("licenseNumber", "LV-2026-117"),
    ("role", "Studente"),
    ("term", "2025/2026"),
)


def different_badge(issuer: str, number: int) -> dict[str, Any]:
    """A micro-credential that has other members than those of all other numbers below 1,024."""
    badge = open_badge(issuer, number)
    subject = badge["credentialSubject"]
    achievement = subject["achievement"]
    achievement |= {each[0]: each[1] for bit, each in enumerate(_OF_ACHIEVEMENT) if number >> bit & 1}
    subject |= {each[0]: each[1] for bit, each in enumerate(_OF_SUBJECT, len(_OF_ACHIEVEMENT)) if number >> bit & 1}
    achievement["alignment"] = achievement["alignment"][: 4 - (number >> len(_OF_ACHIEVEMENT + _OF_SUBJECT))]
    return badge


def other_badge(issuer: str, number: int) -> dict[str, Any]:
    """A micro-credential of one of two other structures."""
    return {
        **open_badge(issuer, number),
        "credentialSubject": different_badge(issuer, 1 + number % 2)["credentialSubject"],
    }


def cases(number: int, claims: Callable[[str, int], dict[str, Any]] = open_badge) -> Iterator[Case]:
    """A case of each kind, with so many credentials."""
    for kind in KINDS:
        if kind == "vc+jwt":
            yield Case(kind, "Ed25519", claims, securing=VCJWT(), number=number)
        else:
            yield Case(kind, "Ed25519", claims, securing=DataIntegrity(cryptosuite=kind), number=number)


def fresh_policy() -> Policy:
    """A policy that has met nothing, nor has any other with its limits."""
    return Policy(accepted_issuers=ANY_ISSUER, limits=replace(Limits(), document_bytes=next(_SETTINGS)))


def in_turn(before: list[bytes], issuer: str, series: list[bytes]) -> list[float]:
    """The time of each credential of a series in microseconds, once those before it were verified."""
    resolver, policies = StaticResolver(), (fresh_policy(), fresh_policy())

    def verified(credential: bytes, policy: Policy) -> VerificationResult:
        return verify(credential, resolver=resolver, status=NO_STATUS_LISTS, policy=policy, now=NOW)

    if not all(verified(each, policies[0]) for each in before):
        raise SystemExit("a credential was not verified")
    resolver.resolve(issuer)
    times = []
    for credential in series:
        start = perf_counter_ns()
        result = verified(credential, policies[1])
        times.append((perf_counter_ns() - start) / 1000)
        if not result:
            raise SystemExit("a credential of the series was not verified")
    return times


def series(seconds: float) -> Table:
    """What the first ones of a series take, and what those after them."""
    rows = []
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, max_tasks_per_child=1) as process:
        for case, others in zip(cases(_SERIES), cases(2 * _SERIES, other_badge), strict=True):
            taken = [
                process.submit(in_turn, others.credentials, case.issuer, case.credentials).result()
                for _ in range(max(3, round(seconds * 6)))
            ]
            nth = [median(times) for times in zip(*taken, strict=True)]
            cells = (f"{time:.0f}" for time in (*nth[:3], median(nth[3:])))
            rows.append((case.mechanism, *cells))
    return Table(("µs of a series", "the first", "the second", "the third", "from the fourth on"), rows)


def different(seconds: float) -> Table:
    """What credentials take that are all different in structure, and what they take without any series."""
    rows = []
    for case in cases(_DIFFERENT, different_badge):
        times: tuple[list[int], list[int]] = [], []
        resolver, end, turn = StaticResolver(), perf_counter_ns() + seconds * 1e9, 0
        while perf_counter_ns() < end or turn == 0:
            policies = fresh_policy(), fresh_policy()
            for credential in case.credentials:
                turn += 1
                for way in (0, 1) if turn % 2 else (1, 0):
                    given: dict[str, Any] = {"resolver": resolver, "status": NO_STATUS_LISTS, "policy": policies[way]}
                    start = perf_counter_ns()
                    if way == 0:
                        result = verify(credential, **given, now=NOW)
                    else:
                        result = examine(
                            credential,
                            **given,
                            now=NOW,
                            evidence=NO_EVIDENCE,
                            checks=CHECKS,
                            token_checks=TOKEN_CHECKS,
                        ).result()
                    times[way].append(perf_counter_ns() - start)
                    if not result:
                        raise SystemExit(f"not verified: {result.problems}")
        ours, general = (median(each) / 1000 for each in times)
        rows.append((case.mechanism, f"{ours:.1f}", f"{general:.1f}", f"**{general / ours:.2f}**"))
    return Table(("all of another structure", "verify µs", "without series µs", "**ratio**"), rows)


def remembered(seconds: float) -> Table:
    """What it costs when times are other ones each time, beyond what is remembered of them."""
    rows = []
    for case in cases(_MANY):
        at_once = [case.issued(claims) for claims in case.claims]
        inputs = {"few": case.credentials[:50], "at once": at_once, "many": case.credentials}
        times = alternating(
            {name: (case.verified, [(each,) for each in credentials]) for name, credentials in inputs.items()},
            max(seconds, 1.5),
        )
        rows.append((case.mechanism, *(f"{times[name].median:.1f}" for name in inputs)))
    columns = (
        "verify µs",
        "50 in turn",
        f"{_MANY:,}, signed in one second",
        f"{_MANY:,}, each signed in another second",
    )
    return Table(columns, rows)


def tables(settings: Settings) -> Report:
    return Report(
        {
            "warm series": series(settings.seconds),
            "warm different": different(settings.seconds),
            "warm remembered": remembered(settings.seconds),
        }
    )


if __name__ == "__main__":
    run(tables, __doc__)
