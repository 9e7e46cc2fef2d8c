"""`vc-core verify-batch`: the verdicts on all records of a file, in a folder, whatever happens on the way."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

import click

from vc_core import Evidence, Policy, Verdict
from vc_core.cli import terminal
from vc_core.cli.acceptance import credential_policy
from vc_core.cli.exit_codes import OF_VERDICT, ExitCode, worst
from vc_core.cli.network import Network, network_options
from vc_core.cli.options import context_option, now, time

if TYPE_CHECKING:
    from vc_core.batch.job import Engine, Job
    from vc_core.batch.summary import Summary

_MIB: Final = 1024 * 1024
_MOST_CODES: Final = 20


@click.command(
    name="verify-batch",
    epilog="Exit codes: 0 all verified, 1 some rejected, 3 some undecided and none rejected, 2 usage or input error, "
    "130 stopped. After the last two the same command goes on from where it was.",
)
@click.argument("file", metavar="INPUT")
@click.option(
    "-o", "--out", "folder", required=True, metavar="JOB", help="The folder of the job: new, or begun before."
)
@click.option("--column", metavar="NAME", help="The column of a Parquet file that has the credentials.")
@click.option(
    "--engine",
    type=click.Choice(["local", "spark", "ray"]),
    default="local",
    show_default=True,
    help="What runs it: processes of this machine, or a cluster.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    metavar="N",
    help="How many processes.  [default: one for each processor]",
)
@click.option(
    "--part-size",
    type=click.IntRange(1, 1_000_000),
    default=10_000,
    show_default=True,
    metavar="N",
    help="Lines or rows of a part.",
)
@click.option(
    "--seconds",
    type=click.FloatRange(0.1, 3600),
    default=30,
    show_default=True,
    metavar="S",
    help="Time for one record.",
)
@click.option(
    "--memory",
    type=click.IntRange(512),
    default=4096,
    show_default=True,
    metavar="MIB",
    help="Memory that a process may map.",
)
@click.option("--issuer", "issuers", multiple=True, metavar="DID", help="An issuer to accept. May be repeated.")
@click.option("--any-issuer", is_flag=True, help="Accept every issuer: says only that whoever is named signed it.")
@click.option(
    "--at", callback=time, metavar="TIME", help="The time of all verdicts.  [default: when the job was begun]"
)
@click.option(
    "--status",
    type=click.Choice(["require", "skip"]),
    help="What to do about revocation.  [default: require]",
)
@click.option(
    "--keys-as-of",
    type=click.Choice(["now", "issuance"]),
    help="Of which time the issuer's keys are.  [default: now]",
)
@network_options
@click.option("--policy", metavar="FILE", help="JSON with the settings of the policy; options outrank it.")
@context_option
@click.option("--json", "as_json", is_flag=True, help="Print the counts as one JSON object.")
def verify_batch(
    *,
    file: str,
    folder: str,
    column: str | None,
    engine: str,
    at: datetime | None,
    network: Network,
    supplied: Evidence,
    as_json: bool,
    **settings: Any,
) -> ExitCode:
    """Say what all credentials of a file are worth.

    INPUT is JSON Lines, plain or compressed with gzip or zstd, a credential in JSON or a token on each line; or
    Parquet. Afterwards the folder JOB has a Parquet file of rows for each part of it, their counts, and a report.
    The command may be killed at any time: the same command goes on from there. Needs the extra batch.
    """
    if engine != "local" and network.fetch is not None:
        raise click.UsageError("A cluster fetches nothing: say --offline, and supply what is needed with --evidence.")
    sizes = {name: settings.pop(name) for name in ("workers", "part_size", "seconds", "memory")}
    policy = credential_policy(**settings, challenge=None, domains=())
    with _terminated_as_interrupted():
        try:
            job = _job(Path(file), Path(folder), column, policy, supplied, network, at, sizes)
            summary = _run(job, engine)
        except KeyboardInterrupt:
            terminal.note("vc-core: stopped; the same command goes on from here")
            return ExitCode.INTERRUPTED
    if as_json:
        terminal.json_result(summary.to_json() | {"job": folder})
    else:
        _print(summary, folder)
    return worst(OF_VERDICT[verdict] for verdict in Verdict if summary.verdicts[verdict.value])


def _job(
    file: Path,
    folder: Path,
    column: str | None,
    policy: Policy,
    supplied: Evidence,
    network: Network,
    at: datetime | None,
    sizes: dict[str, Any],
) -> Job:
    from vc_core.batch import fetching  # Arrow, which few commands need
    from vc_core.batch.input import Input
    from vc_core.batch.job import Job
    from vc_core.batch.manifest import time_of
    from vc_core.batch.verification import Verification
    from vc_core.batch.worker import WorkerLimits

    moment = at or time_of(folder) or now()
    remembering = None if network.fetch is None else fetching.RememberingFetch(network.fetch)
    resolver = replace(network, fetch=remembering).resolver(supplied, moment)
    return Job(
        folder=folder,
        source=Input.read(file, column=column),
        verification=Verification(policy, moment, supplied),
        part_size=sizes["part_size"],
        limits=WorkerLimits(sizes["seconds"], sizes["memory"] * _MIB),
        network=None if network.fetch is None else fetching.Network(resolver, network.fetch, now, _report),
        workers=sizes["workers"] or _processors(),
    )


def _processors() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _run(job: Job, engine: str) -> Summary:
    with terminal.shares("Verifying", unit="records") as draw:
        return job.run(_engine(engine), draw)


def _engine(name: str) -> Engine:
    from vc_core.batch.engines import local, ray, spark

    return {"local": local.local, "ray": ray.ray, "spark": spark.spark}[name]


def _report(text: str) -> None:
    terminal.note(terminal.printable(f"vc-core: {text}"))


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """A request to terminate ends the command as an interrupt from the keyboard does: in order, and at once."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _print(summary: Summary, folder: str) -> None:
    from vc_core.batch.summary import NOT_FETCHED

    terminal.result(terminal.heading(f"{summary.records:,} records in {terminal.printable(folder)}"))
    for verdict in Verdict:
        count = summary.verdicts[verdict.value]
        share = 100 * count / (summary.records or 1)
        terminal.result(f"  {count:>13,}  {share:5.1f} %  {terminal.coloured(verdict)}")
    if summary.used_up:
        terminal.result(f"  {NOT_FETCHED}: {', '.join(summary.used_up)}.")
    found = sorted(summary.codes.items(), key=lambda item: (-item[1], item[0]))
    for code, count in found[:_MOST_CODES]:
        terminal.result(f"  {count:>13,}           {terminal.printable(code)}")
    terminal.result(terminal.faint(f"  report: {terminal.printable(str(Path(folder) / 'report.html'))}"))
