"""`vc-core status check`: whether what is published is right and fresh, and what it says of a credential."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import click

from did.url import HTTPS
from status import StatusRetrievalError
from vc_core import ANY_ISSUER, Evidence, Limits, Policy
from vc_core.cli import terminal
from vc_core.cli.exit_codes import OF_VERDICT, ExitCode, InputError, worst
from vc_core.cli.files import read_file, read_secured
from vc_core.cli.key import key_urls, read_private_key
from vc_core.cli.network import Network, network_options
from vc_core.cli.options import now, time
from vc_core.cli.status.durations import duration
from vc_core.cli.status.findings import Findings
from vc_core.cli.status.of_credential import findings_of_credential
from vc_core.cli.status.of_list import Expected, findings_of_list, unreadable
from vc_core.cli.status.stores import json_option, open_store, store_named
from vc_core.gathering import Gathering
from vc_core.status_lists import describe

_ACCEPT: Final = "application/vc, application/vc+jwt, application/statuslist+jwt, application/statuslist+cwt, */*;q=0.1"
_MOST_FILES: Final = 10_000


@click.command(
    epilog="Exit codes: 0 it is genuine, in force, and nothing in it speaks against the credential; 1 it is not, or "
    "ends before --fresh-for, or differs from --store; 2 input error; 3 undecided: something cannot be had."
)
@click.argument("files", nargs=-1, required=True, metavar="FILE_OR_URL...")
@click.option(
    "--index",
    "indexes",
    multiple=True,
    type=click.IntRange(0),
    metavar="N",
    help="Show its value in a list. May be repeated.",
)
@click.option(
    "--store",
    metavar="STORE",
    help="Compare a list with what the issuer's store says now; env is the one that VC_CORE_STATUS_STORE names.",
)
@click.option(
    "--fresh-for",
    callback=duration,
    metavar="DURATION",
    help="The alarm: a list has to be in force for so much longer.",
)
@click.option(
    "--issuer",
    "issuers",
    multiple=True,
    metavar="DID",
    help="Who has to have issued it. May be repeated.  [default: anyone]",
)
@click.option("--key", "key_file", metavar="KEY", help="The issuer's private key: its DIDs are accepted, too.")
@click.option(
    "--list-issuer",
    "list_issuers",
    multiple=True,
    metavar="DID",
    help="Whose lists count beside those of a credential's issuer.",
)
@click.option(
    "--folder", metavar="FOLDER", help="Take the lists that are in this folder from there, and do not fetch them."
)
@click.option(
    "--size",
    type=click.IntRange(1, 8),
    metavar="N",
    help="Bits of a value, where neither the list nor --store says it.",
)
@click.option("--at", callback=time, metavar="TIME", help="As of then.  [default: now]")
@network_options
@json_option
def check(
    *,
    files: tuple[str, ...],
    indexes: tuple[int, ...],
    store: str | None,
    fresh_for: timedelta | None,
    issuers: tuple[str, ...],
    key_file: str | None,
    list_issuers: tuple[str, ...],
    folder: str | None,
    size: int | None,
    at: datetime | None,
    network: Network,
    supplied: Evidence,
    as_json: bool,
) -> ExitCode:
    """Look at published lists, or at what lists say of a credential.

    Of a list: whether its signature holds, who issued it, since when and until when it is in force, how many of its
    values are set, and those at --index. Of a credential: its verdict, and for each status entry the list, the
    purpose, the value and what it means. A list is fetched if it is neither in --folder nor in --evidence.
    """
    accepted = frozenset(issuers) | (frozenset(key_urls(read_private_key(key_file))) if key_file else frozenset())
    policy = Policy(accepted_issuers=accepted or ANY_ISSUER, status_issuers=frozenset(list_issuers))
    if folder is not None:
        supplied = Evidence({**supplied.resources, **_published(folder)}, supplied.did_documents, supplied.retrieved)
    moment = at or now()
    expected = Expected(policy, moment, indexes, fresh_for, size)
    place = None if store is None else store_named(store)
    codes = []
    for file in files:
        try:
            findings = _findings(file, expected, place, network, supplied)
        except InputError as error:
            terminal.note(f"vc-core: {error.format_message()}")
            codes.append(ExitCode.INPUT_ERROR)
            continue
        findings.show(terminal.printable(file), as_json=as_json)
        codes.append(OF_VERDICT[findings.verdict])
    return worst(codes)


def _findings(file: str, expected: Expected, store: str | None, network: Network, supplied: Evidence) -> Findings:
    url = file if file.startswith(HTTPS) else None
    try:
        data = _fetched(url, network) if url else read_secured(file, largest=expected.policy.limits.document_bytes)
    except StatusRetrievalError as error:
        return unreadable(error, file)
    resolver = network.resolver(supplied, expected.now)
    gathering = Gathering(resolver, network.fetch, supplied=supplied, now=now, report=_report)
    description = describe(data, limits=expected.policy.limits)
    if description is None:
        return findings_of_credential(data, expected.policy, gathering, expected.now)
    place = url or description.url
    if store is None:
        return findings_of_list(data, place, expected, gathering.resolver, None)
    with open_store(store) as opened:
        return findings_of_list(data, place, expected, gathering.resolver, opened)


def _fetched(url: str, network: Network) -> bytes:
    """What is served at the URL; raises `StatusRetrievalError`, and `InputError` if it may not be fetched."""
    if network.fetch is None:
        raise InputError(f"{terminal.printable(url)} is not fetched: --offline")
    try:
        response = network.fetch(url, accept=_ACCEPT)
    except OSError as error:
        raise StatusRetrievalError(f"it is not fetched: {str(error)[:256]}", url=url) from error
    if response.status != 200 or response.url != url:
        detail = f"{response.url} answers with status {response.status}, where the list has to be"
        raise StatusRetrievalError(detail, url=url)
    return response.body


def _published(folder: str) -> dict[str, bytes]:
    """The lists in the folder, by the URLs that they say they are published at.

    Raises `InputError`, also for two files that say the same URL: an older one could hide a revocation.
    """
    limits = Limits()
    try:
        files = sorted(each for each in Path(folder).iterdir() if each.is_file() and not each.name.startswith("."))
    except OSError as error:
        raise InputError(f"cannot read {terminal.printable(folder)}: {error.strerror}") from error
    if len(files) > _MOST_FILES:
        raise InputError(f"{terminal.printable(folder)} has more than {_MOST_FILES} files")
    found: dict[str, bytes] = {}
    names: dict[str, str] = {}
    for file in files:
        data = read_file(str(file), largest=limits.document_bytes)
        description = describe(data, limits=limits)
        if description is None:
            continue
        if (other := names.setdefault(description.url, file.name)) != file.name:
            both = f"{terminal.printable(other)} and {terminal.printable(file.name)} in {terminal.printable(folder)}"
            raise InputError(f"{both} are both the list {terminal.printable(description.url)}: leave one there")
        found[description.url] = data
    return found


def _report(text: str) -> None:
    terminal.note(terminal.printable(f"vc-core: {text}"))
