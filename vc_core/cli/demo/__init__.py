"""`vc-core demo`: the main job, offline. Micro-credentials are issued, some are revoked or spoilt, all are verified.

>>> from vc_core.cli.demo.credentials import micro_credential
>>> micro_credential(1, "did:key:z6MkExample")["credentialSubject"]["hasClaim"]["title"]["lv"]
'Kiberdrošības pamati'
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

import vc_core
from did import StaticResolver
from status.store import Store
from vc_core import Evidence, Json, Policy
from vc_core.cli import terminal
from vc_core.cli.demo import cases
from vc_core.cli.demo.cases import Case, Issuer, case_of, tampered
from vc_core.cli.demo.courses import INSTITUTIONS
from vc_core.cli.demo.lists import Lists, Numbered
from vc_core.cli.demo.report import Clock, Report, Verified
from vc_core.cli.exit_codes import ExitCode
from vc_core.cli.options import now
from vc_core.status_lists import status_lists

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

    Issues N invented micro-credentials with the eleven European elements, revokes some in a store of status
    lists and publishes these, tampers with some, verifies all, and prints the verdicts with their reasons and
    the rates. Nothing of it is left behind.
    """
    moment = now()
    batch = [case_of(number) for number in range(1, count + 1)]
    issuers, stranger = cases.new_issuers(), Issuer.new(INSTITUTIONS[0])
    numbered = [(number, case, issuers[number % len(issuers)]) for number, case in enumerate(batch, start=1)]
    clock = Clock()
    with TemporaryDirectory(prefix="vc-core-demo-") as folder, Store.open(Path(folder) / "store.sqlite") as store:
        lists = Lists(store, issuers)
        lists.create(moment)
        entries = lists.allocate(numbered, moment)
        clock.took("indexes allocated", sum(map(len, entries.values())))
        issued = list(_issue(numbered, entries, stranger, moment))
        clock.took("issued", count)
        clock.took("status changed", lists.set(numbered, moment))
        published = lists.publish(Path(folder), moment)
        clock.took("status lists published", len(store.lists()))
    received = [tampered(case, credential) for case, credential in zip(batch, issued, strict=True)]
    clock.begin()
    verified, claims = _verify(batch, received, issuers, Evidence(resources=published), moment)
    clock.took("verified", count)
    report = Report(issuers, moment, verified, claims, sum(map(len, issued)) // count, tuple(clock.rates))
    terminal.result(report.text())
    return ExitCode.DONE if report.as_expected else ExitCode.REJECTED


def _issue(
    numbered: list[Numbered], entries: dict[int, list[Json]], stranger: Issuer, moment: datetime
) -> Iterator[bytes]:
    for number, case, issuer in terminal.progress(numbered, label="Issuing  ", length=len(numbered)):
        yield cases.issue(case, number, issuer, stranger, moment, entries[number])


def _verify(
    batch: list[Case], received: list[bytes], issuers: tuple[Issuer, ...], evidence: Evidence, moment: datetime
) -> tuple[tuple[Verified, ...], dict[str, Any] | None]:
    """What came out for each credential, and the claims of the first that is verified."""
    policy = Policy(accepted_issuers=frozenset(issuer.did for issuer in issuers))
    resolver = StaticResolver()
    lists = status_lists(evidence, resolver=resolver, policy=policy)
    verified: list[Verified] = []
    claims = None
    watched = terminal.progress(received, label="Verifying", length=len(received))
    for case, credential in zip(batch, watched, strict=True):
        result = vc_core.verify(
            credential, resolver=resolver, status=lists, policy=policy, now=moment, evidence=evidence
        )
        codes = frozenset(problem.code for problem in result.problems)
        verified.append(Verified(case, result.verdict, codes))
        if result and claims is None:
            claims = result.credential.claims
    return tuple(verified), claims
