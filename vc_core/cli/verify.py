"""`vc-core verify`: what a file is worth, under a policy that the caller names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

import vc_core
from vc_core import (
    Evidence,
    Nonces,
    Policy,
    PresentationPolicy,
    PresentationResult,
    SQLiteNonces,
    VCError,
    VerificationResult,
    datetimestamp,
)
from vc_core.cli import terminal
from vc_core.cli.acceptance import HOLDER_BINDINGS, credential_policy, missing_choices, presentation_policy
from vc_core.cli.exit_codes import OF_VERDICT, ExitCode, InputError, worst
from vc_core.cli.files import STANDARD_STREAM, read_secured, refuse_to_replace, write_file
from vc_core.cli.network import Network, network_options
from vc_core.cli.options import context_option, now, one_text, time
from vc_core.cli.report import print_result
from vc_core.gathering import Gathering
from vc_core.nonces import NoncesUnavailable
from vc_core.status_lists import EvidenceLists


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
@click.option(
    "--keys-as-of",
    type=click.Choice(["now", "issuance"]),
    help="Of which time the issuer's keys are: of now, or of the time that the signature gives for itself, "
    "where the DID method has a history.  [default: now]",
)
@network_options
@click.option(
    "--save-evidence", metavar="FILE", help="Write all that was used, so that --evidence FILE --offline says the same."
)
@click.option("--policy", metavar="FILE", help="JSON with the settings of the policy; options outrank it.")
@context_option
@click.option(
    "--nonce",
    "--challenge",
    "challenge",
    multiple=True,
    callback=one_text,
    metavar="TEXT",
    help="What a presentation, or every proof of a credential, has to answer.",
)
@click.option(
    "--audience",
    "--domain",
    "domains",
    multiple=True,
    metavar="TEXT",
    help="Whom a presentation, or every proof of a credential, has to be for: exactly those given. May be repeated.",
)
@click.option(
    "--holder-binding",
    type=click.Choice(list(HOLDER_BINDINGS)),
    metavar="RULE",
    help="What ties a credential to who presents it: subject, cnf, subject-or-cnf; or bearer, the unsafe choice. "
    "With it, or any option below, every FILE has to be a presentation.",
)
@click.option("--nonces", metavar="FILE", help="The store, a file, in which the nonce of a presentation is spent.")
@click.option("--any-nonce", is_flag=True, help="Unsafe: who has seen a presentation can present it again.")
@click.option("--any-audience", is_flag=True, help="Unsafe: what was presented to others can be presented here.")
@click.option("--allow-unsigned", is_flag=True, help="Unsafe: take presentations that nobody signed.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each file.")
def verify(
    *,
    files: tuple[str, ...],
    at: datetime | None,
    network: Network,
    supplied: Evidence,
    save_evidence: str | None,
    as_json: bool,
    holder_binding: str | None,
    nonces: str | None,
    any_nonce: bool,
    any_audience: bool,
    allow_unsigned: bool,
    **settings: Any,
) -> ExitCode:
    """Say what credentials, or presentations of them, are worth.

    Each FILE gets its own verdict, with its reasons; "-" is standard input. Nothing is trusted that is not
    named here: issuers, evidence and contexts. DID documents, schemas, resources and status lists that are not
    supplied are fetched. What a file is, its bytes say; for presentations it has to be said what they answer,
    whom they are for, and how they are bound to their holder.
    """
    policy = credential_policy(**settings)
    presented = presentation_policy(
        policy,
        holder_binding=holder_binding,
        any_nonce=any_nonce,
        any_audience=any_audience,
        allow_unsigned=allow_unsigned,
        nonces=nonces,
    )
    store = None if nonces is None else _store(nonces)
    if save_evidence is not None:
        _check_writable(save_evidence, files)
    moment = at or now()
    resolver = network.resolver(supplied, moment)
    gathering = Gathering(resolver, network.fetch, supplied=supplied, now=now, report=_report)
    lists = EvidenceLists(gathering.resolver, policy)
    codes = []
    for file in files:
        try:
            data = _read(file, policy, presented)
        except InputError as error:
            terminal.note(f"vc-core: {error.format_message()}")
            codes.append(ExitCode.INPUT_ERROR)
            continue
        result = _result(data, presented or policy, store, gathering, lists, moment)
        if as_json:
            terminal.json_result(result.to_json() | {"file": file})
        else:
            print_result(file, result)
        codes.append(OF_VERDICT[result.verdict])
    if save_evidence is not None:
        _save(gathering.evidence(), save_evidence, moment)
    return worst(codes)


def _result(
    data: bytes,
    policy: Policy | PresentationPolicy,
    store: Nonces | None,
    gathering: Gathering,
    lists: EvidenceLists,
    moment: datetime,
) -> VerificationResult | PresentationResult:
    """The verdict on all the evidence that can be had. A nonce is spent only on the last one, when there is no more."""

    def handed_in(evidence: Evidence) -> dict[str, Any]:
        return {
            "resolver": gathering.resolver,
            "status": lists.of(evidence),
            "evidence": evidence,
            "now": moment,
        }

    if isinstance(policy, Policy):
        return gathering.settled(lambda evidence: vc_core.verify(data, policy=policy, **handed_in(evidence)))[0]

    def judge(evidence: Evidence, nonces: Nonces | None = None) -> PresentationResult:
        return vc_core.verify_presentation(data, policy=policy, nonces=nonces, **handed_in(evidence))

    result, evidence = gathering.settled(judge)
    return result if store is None else judge(evidence, store)


def _report(text: str) -> None:
    terminal.note(terminal.printable(f"vc-core: {text}"))


def _check_writable(file: str, inputs: tuple[str, ...]) -> None:
    """Raises `InputError` before anything is done, if the evidence cannot go to that file."""
    if file == STANDARD_STREAM:
        raise InputError("--save-evidence names a file: standard output has the verdicts")
    refuse_to_replace(file, *inputs)


def _save(evidence: Evidence, file: str, moment: datetime) -> None:
    try:
        write_file(file, evidence.write())
    except VCError as error:
        raise InputError(f"the evidence cannot be written to {terminal.printable(file)}: {error.detail}") from error
    terminal.note(f"Wrote {terminal.printable(file)}, for verdicts as of {datetimestamp.text(moment)}.")


def _read(file: str, policy: Policy, presented: PresentationPolicy | None) -> bytes:
    """The bytes of the file. Without a policy for presentations it raises `InputError` for one."""
    data = read_secured(file, largest=policy.limits.document_bytes)
    if presented is None and vc_core.is_presentation(data, policy=policy):
        raise InputError(f"{terminal.printable(file)} is a presentation: {missing_choices(policy)}")
    return data


def _store(file: str) -> SQLiteNonces:
    try:
        return SQLiteNonces(file)
    except NoncesUnavailable as error:
        raise InputError(f"{terminal.printable(file)} is no store of nonces: {error.detail}") from error
