"""`vc-core status publish`: what the store says becomes files that verifiers can fetch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import click

from status import StatusError
from status.store import ListInfo, Published
from vc_core import LocalSigner, VCError, datetimestamp
from vc_core.cli import terminal
from vc_core.cli.exit_codes import ExitCode, InputError, exit_code_of, worst
from vc_core.cli.key import key_urls, read_private_key
from vc_core.cli.mechanisms import unfit
from vc_core.cli.options import profile_option
from vc_core.cli.status.durations import duration, lifetime
from vc_core.cli.status.sealing import HAS_PROFILE, LIST_SECURINGS, Sealing
from vc_core.cli.status.stores import json_option, list_of, open_store, plural, store_argument
from vc_core.status_lists import media_type


@click.command(
    epilog="Exit codes: 0 all are published, 1 refused (a later version, or a file that is not of this store, is in "
    "the place; the last version is of a time to come), 2 input error, 3 the store is busy; of several lists the worst."
)
@store_argument
@click.option("--list", "urls", multiple=True, metavar="URL", help="May be repeated.  [default: every list]")
@click.option("--key", "key_file", required=True, metavar="KEY", help="The issuer's private key, a JWK file.")
@click.option(
    "--securing",
    "names",
    multiple=True,
    required=True,
    type=click.Choice(LIST_SECURINGS),
    metavar="NAME",
    help=f"How lists are secured: {', '.join(LIST_SECURINGS)}. May be repeated: a list has the first that is for "
    "its format.",
)
@click.option("--out", required=True, metavar="FOLDER", help="The folder that is served; it has to be there.")
@click.option(
    "--name", metavar="FILE", help="The name of the file, of a single list.  [default: the last part of its URL]"
)
@click.option(
    "--valid-for",
    callback=lifetime,
    default="7d",
    show_default=True,
    metavar="DURATION",
    help="When verifiers stop believing it, unless a newer one is published before; or unlimited.",
)
@click.option("--ttl", callback=duration, metavar="DURATION", help="How long they may keep it.  [default: the list's]")
@click.option(
    "--clock-was-ahead",
    is_flag=True,
    help="The last version was published by a clock that was ahead: go on with the time that it is now.",
)
@click.option("--verification-method", metavar="URL", help="The DID URL of the key.  [default: that of its did:key]")
@profile_option
@click.option("--ebsi-schema", metavar="URL", help="The schema that EBSI asks for, in its registry of trusted schemas.")
@json_option
def publish(
    *,
    store: str,
    urls: tuple[str, ...],
    key_file: str,
    names: tuple[str, ...],
    out: str,
    name: str | None,
    valid_for: timedelta | None,
    ttl: timedelta | None,
    clock_was_ahead: bool,
    verification_method: str | None,
    profile: str | None,
    ebsi_schema: str | None,
    as_json: bool,
) -> ExitCode:
    """Sign lists, look at them as a verifier would, and put them into a folder.

    A list appears in one step, whole, and never an older one after a newer one. Publish after every change that is
    urgent, and well before what is published ends: status check --fresh-for DURATION is the alarm.
    """
    if profile is not None and HAS_PROFILE not in names:
        raise unfit("profile", names[0])
    key = read_private_key(key_file)
    signer = LocalSigner(key, verification_method or next(iter(key_urls(key).values())))
    if not Path(out).is_dir():
        raise InputError(f"{terminal.printable(out)} is not a folder: make it first")
    with open_store(store) as opened:
        infos = [list_of(opened, url) for url in dict.fromkeys(urls)] if urls else opened.lists()
        if not infos:
            raise InputError("the store has no lists")
        if name is not None and len(infos) != 1:
            raise click.UsageError("--name is for a single list.", click.get_current_context())
        _check_files(infos)
        sealings = [Sealing.of(info, names, signer, valid_for, ttl, profile, ebsi_schema) for info in infos]
        watched = terminal.progress(sealings, label="Publishing", length=len(sealings))
        outcomes = [sealing.published(opened, out, name, clock_was_ahead=clock_was_ahead) for sealing in watched]
    return worst(_told(sealing, outcome, as_json=as_json) for sealing, outcome in zip(sealings, outcomes, strict=True))


def _check_files(infos: Sequence[ListInfo]) -> None:
    """Raises `InputError` if two lists would be one file."""
    files: dict[str, str] = {}
    for info in infos:
        other = files.setdefault(info.url.rpartition("/")[2], info.url)
        if other != info.url:
            both = f"{terminal.printable(other)} and {terminal.printable(info.url)}"
            raise InputError(f"{both} would be the same file: publish each with --list to a folder of its own")


def _told(sealing: Sealing, outcome: Published | StatusError | VCError, *, as_json: bool) -> ExitCode:
    """How it ended for one list, which is printed."""
    if not isinstance(outcome, Published):
        url, detail = sealing.info.url, outcome.detail
        terminal.note(terminal.printable(f"vc-core: {url} is not published: {detail} ({outcome.code})"))
        return exit_code_of(outcome)
    until = None if sealing.valid_for is None else outcome.at + sealing.valid_for
    _print(outcome, until, as_json=as_json)
    return ExitCode.DONE


def _print(published: Published, until: datetime | None, *, as_json: bool) -> None:
    if as_json:
        terminal.json_result(
            {
                "list": published.url,
                "version": published.version,
                "changes": published.changes,
                "validFrom": datetimestamp.text(published.at),
                "validUntil": None if until is None else datetimestamp.text(until),
                "file": str(published.path),
                "mediaType": media_type(published.path.read_bytes()),
                "sha256": published.sha256,
            }
        )
        return
    end = "without an end" if until is None else f"valid until {datetimestamp.text(until)}"
    terminal.result(
        terminal.printable(
            f"{published.url}: version {published.version}, {plural(published.changes, 'change')}, {end}"
        )
    )
    terminal.note(f"Wrote {terminal.printable(str(published.path))}.")
