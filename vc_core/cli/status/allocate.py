"""`vc-core status allocate`: indexes for credentials that are about to be issued."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Final

import click

from status.store import ListInfo
from status.store.records import is_text
from vc_core.cli import terminal
from vc_core.cli.exit_codes import ExitCode
from vc_core.cli.options import now
from vc_core.cli.status.bulk import Faults, read_lines
from vc_core.cli.status.stores import actor_option, actor_or_user, list_of, list_option, open_store, store_argument
from vc_core.status_lists import status_claims

_MOST: Final = 1_000_000


@click.command(epilog="Each line is a JSON object: credential, list, index, and the claims to put into the credential.")
@store_argument
@list_option
@click.option(
    "--credential", "credentials", multiple=True, metavar="ID", help="What you call it: its id. May be repeated."
)
@click.option("--from", "file", metavar="FILE", help='The ids, one on a line; "-" is standard input.')
@click.option("--count", type=click.IntRange(1, _MOST), metavar="N", help="So many new ids, each a urn:uuid:.")
@actor_option
@click.option("--json", "_", is_flag=True, expose_value=False, help="The same: what is printed is JSON in any case.")
def allocate(
    *, store: str, url: str, credentials: tuple[str, ...], file: str | None, count: int | None, actor: str | None
) -> ExitCode:
    """Give credentials an index in a list, and print their entries.

    An index is drawn at random, and is nobody else's, ever. Asked again for the same id it is the same index.
    All of them are given, or none. `vc-core issue --status-list` does this by itself.
    """
    if sum((bool(credentials), file is not None, count is not None)) != 1:
        raise click.UsageError("Say one of --credential, --from and --count.", click.get_current_context())
    if file is not None:
        names: Sequence[str] = _from_file(file)
    else:
        names = credentials or [uuid.uuid4().urn for _ in range(count or 0)]
    with open_store(store) as opened:
        info = list_of(opened, url)
        indexes = opened.allocate_many(url, names, actor=actor_or_user(actor), at=now())
    for line in _lines(info, names, indexes):
        terminal.json_result(line)
    return ExitCode.DONE


def _from_file(file: str) -> list[str]:
    """The names of credentials on the lines of the file. Raises `InputError` if one of them cannot be a name."""
    faults = Faults(file)
    lines = read_lines(file)
    for number, line in lines:
        if not is_text(line):
            faults.add(number, "it is longer than a credential may be called, or cannot be printed")
    faults.check()
    return [line for _, line in lines]


def _lines(info: ListInfo, names: Sequence[str], indexes: Sequence[int]) -> Iterator[dict[str, object]]:
    for name, index in zip(names, indexes, strict=True):
        yield {"credential": name, "list": info.url, "index": index, **status_claims(info, index)}
