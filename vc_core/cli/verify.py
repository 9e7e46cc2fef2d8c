"""`vc-core verify`: what a file is worth, under a policy that the caller names."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

import click

import vc_core
from status import NO_STATUS_LISTS
from vc_core import (
    ANY_ISSUER,
    NO_EVIDENCE,
    Evidence,
    Limits,
    Outcome,
    Policy,
    Problem,
    VCError,
    VerificationResult,
)
from vc_core.cli import terminal
from vc_core.cli.exit_codes import OF_VERDICT, ExitCode, InputError, worst
from vc_core.cli.files import read_file
from vc_core.cli.options import ContextFiles, context_option, now, time, with_contexts
from vc_core.cli.policy_file import read_policy

_LARGEST_EVIDENCE: Final = 256 * 1024 * 1024
"""In bytes."""


@click.command(
    epilog="Exit codes: 0 verified, 1 rejected, 2 input error, 3 undecided; of several files the worst, "
    "where an input error outranks a rejection, and a rejection an undecided file."
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--issuer", "issuers", multiple=True, metavar="DID", help="An issuer to accept. May be repeated.")
@click.option("--any-issuer", is_flag=True, help="Accept every issuer: says only that whoever is named signed it.")
@click.option("--at", callback=time, metavar="TIME", help="The time of the verdict.  [default: now]")
@click.option(
    "--status",
    type=click.Choice(["require", "skip"]),
    help="What to do about revocation.  [default: require]",
)
@click.option("--offline", is_flag=True, help="Fetch nothing. This version never does, with or without this option.")
@click.option("--evidence", metavar="FILE", help="JSON with didDocuments and resources that the verdict may rest on.")
@click.option("--policy", metavar="FILE", help="JSON with the settings of the policy; options outrank it.")
@context_option
@click.option("--challenge", metavar="TEXT", help="The challenge that every proof must have.")
@click.option(
    "--domain",
    "domains",
    multiple=True,
    metavar="TEXT",
    help="A domain of every proof, which must have exactly those given. May be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each file.")
def verify(
    *,
    files: tuple[str, ...],
    at: datetime | None,
    evidence: str | None,
    as_json: bool,
    offline: bool,  # noqa: ARG001  (accepted, so that scripts can say what they rely on)
    **settings: Any,
) -> ExitCode:
    """Say what credentials are worth.

    Each FILE gets its own verdict, with its reasons; "-" is standard input. Nothing is trusted that is not
    named here: issuers, evidence and contexts.
    """
    policy = _policy(**settings)
    moment = at or now()
    supplied = _evidence(evidence)
    resolver = supplied.resolver()
    codes = []
    for file in files:
        try:
            data = read_file(file, largest=policy.limits.document_bytes)
        except InputError as error:
            terminal.note(f"vc-core: {error.format_message()}")
            codes.append(ExitCode.INPUT_ERROR)
            continue
        result = vc_core.verify(
            data, resolver=resolver, status=NO_STATUS_LISTS, policy=policy, now=moment, evidence=supplied
        )
        if as_json:
            terminal.json_result(result.to_json() | {"file": file})
        else:
            _print(file, result)
        codes.append(OF_VERDICT[result.verdict])
    return worst(codes)


def _policy(
    *,
    issuers: tuple[str, ...],
    any_issuer: bool,
    status: str | None,
    policy: str | None,
    contexts: ContextFiles,
    challenge: str | None,
    domains: tuple[str, ...],
) -> Policy:
    """The policy of the file, and what the options say instead."""
    if issuers and any_issuer:
        raise click.UsageError("Say --issuer or --any-issuer, not both.", click.get_current_context())
    settings = {} if policy is None else read_policy(read_file(policy, largest=Limits().document_bytes))
    options = {
        "accepted_issuers": ANY_ISSUER if any_issuer else frozenset(issuers) or None,
        "status": status,
        "challenge": challenge,
        "domain": frozenset(domains) or None,
        "contexts": with_contexts(contexts),
    }
    settings |= {name: value for name, value in options.items() if value is not None}
    if "accepted_issuers" not in settings:
        raise click.UsageError(
            "Say whom you trust: --issuer DID for each issuer that you accept, or --any-issuer.",
            click.get_current_context(),
        )
    try:
        return Policy(**settings)
    except ValueError as error:
        raise InputError(f"the policy cannot be used: {error}") from error


def _evidence(file: str | None) -> Evidence:
    if file is None:
        return NO_EVIDENCE
    try:
        return Evidence.read(read_file(file, largest=_LARGEST_EVIDENCE))
    except VCError as error:
        raise InputError(f"the evidence in {terminal.printable(file)} cannot be used: {error.detail}") from error


def _print(file: str, result: VerificationResult) -> None:
    """The verdict with its reasons, for people. Claims are shown only of a verified credential."""
    terminal.result(f"{terminal.coloured(result.verdict)}  {terminal.printable(file)}")
    if result:
        _lines("issuer", [result.issuer or ""])
        _lines("valid", [_period(result)])
        _lines("securing", [result.securing or ""])
    _lines("because", map(_reason, result.problems))
    unchecked: dict[str, list[str]] = {}
    for check in result.checks:
        if check.outcome is Outcome.NOT_CHECKED:
            unchecked.setdefault(check.because, []).append(check.check)
    _lines("not checked", (f"{', '.join(names)}: {because}" for because, names in unchecked.items()))


def _period(result: VerificationResult) -> str:
    limits = (("from", result.valid_from), ("until", result.valid_until))
    return " ".join(f"{word} {moment}" for word, moment in limits if moment) or "without a beginning or an end"


def _reason(problem: Problem) -> str:
    place = f", at {problem.at}" if problem.at else ""
    return f"{problem.title}: {problem.detail} ({problem.code}{place})"


def _lines(name: str, texts: Iterable[str]) -> None:
    """The texts in a column beside their name; nothing where there is none."""
    printable = [terminal.printable(text) for text in texts]
    if printable:
        terminal.result(terminal.columns(name, *printable, at=15))
