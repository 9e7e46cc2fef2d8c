"""`vc-core demo`: the main job, offline. Micro-credentials are issued, some are spoilt, and all are verified.

>>> from vc_core.cli.demo.credentials import micro_credential
>>> micro_credential(1, "did:key:z6MkExample")["credentialSubject"]["hasClaim"]["title"]["lv"]
'Kiberdrošības pamati'
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from time import perf_counter
from typing import Any

import click

import vc_core
from did import StaticResolver
from status import NO_STATUS_LISTS
from vc_core import Policy
from vc_core.cli import terminal
from vc_core.cli.demo import cases
from vc_core.cli.demo.cases import Case, Issuer, case_of, tampered
from vc_core.cli.demo.courses import INSTITUTIONS
from vc_core.cli.demo.report import Report, Verified
from vc_core.cli.exit_codes import ExitCode
from vc_core.cli.options import now

_MOST = 100_000
"""Credentials of one run: they are all in memory, at 4 kB each."""


@click.command(epilog="Exit codes: 0 every verdict is the expected one, 1 one is not.")
@click.option(
    "--count",
    type=click.IntRange(1, _MOST),
    default=500,
    show_default=True,
    metavar="N",
    help="How many credentials.",
)
def demo(*, count: int) -> ExitCode:
    """See the main job done, offline.

    Issues N invented micro-credentials with the eleven European elements, tampers with some, verifies all,
    and prints the verdicts with their reasons and the rate.
    """
    moment = now()
    batch = [case_of(number) for number in range(1, count + 1)]
    issuers, stranger = cases.new_issuers(), Issuer.new(INSTITUTIONS[0])
    began = perf_counter()
    issued = list(_issue(batch, issuers, stranger, moment))
    issuing = perf_counter() - began
    received = [tampered(case, credential) for case, credential in zip(batch, issued, strict=True)]
    began = perf_counter()
    verified, claims = _verify(batch, received, issuers, moment)
    verifying = perf_counter() - began
    report = Report(issuers, moment, verified, claims, sum(map(len, issued)) // count, issuing, verifying)
    terminal.result(report.text())
    return ExitCode.DONE if report.as_expected else ExitCode.REJECTED


def _issue(batch: list[Case], issuers: tuple[Issuer, ...], stranger: Issuer, moment: datetime) -> Iterator[bytes]:
    watched = terminal.progress(batch, label="Issuing  ", length=len(batch))
    for number, case in enumerate(watched, start=1):
        yield cases.issue(case, number, issuers[number % len(issuers)], stranger, moment)


def _verify(
    batch: list[Case], received: list[bytes], issuers: tuple[Issuer, ...], moment: datetime
) -> tuple[tuple[Verified, ...], dict[str, Any] | None]:
    """What came out for each credential, and the claims of the first that is verified."""
    policy = Policy(accepted_issuers=frozenset(issuer.did for issuer in issuers))
    resolver, lists = StaticResolver(), NO_STATUS_LISTS
    verified: list[Verified] = []
    claims = None
    watched = terminal.progress(received, label="Verifying", length=len(received))
    for case, credential in zip(batch, watched, strict=True):
        result = vc_core.verify(credential, resolver=resolver, status=lists, policy=policy, now=moment)
        codes = frozenset(problem.code for problem in result.problems)
        verified.append(Verified(case, result.verdict, codes))
        if result and claims is None:
            claims = result.credential.claims
    return tuple(verified), claims
