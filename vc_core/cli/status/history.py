"""`vc-core status history`: who changed what, when and why."""

from __future__ import annotations

import click

from vc_core import datetimestamp
from vc_core.cli import terminal
from vc_core.cli.exit_codes import ExitCode
from vc_core.cli.status.stores import (
    json_option,
    list_of,
    list_option,
    members_of_change,
    open_store,
    store_argument,
)


@click.command()
@store_argument
@list_option
@click.option("--index", type=click.IntRange(min=0), metavar="N", help="Only this index.")
@click.option("--credential", metavar="ID", help="Only this credential, as it was called when it got its index.")
@json_option
def history(*, store: str, url: str, index: int | None, credential: str | None, as_json: bool) -> ExitCode:
    """Show the changes of a list, from the first to the last.

    Nothing in it ever changes, and nothing can be taken out of it.
    """
    if index is not None and credential is not None:
        raise click.UsageError("Say --index or --credential, not both.", click.get_current_context())
    with open_store(store) as opened:
        list_of(opened, url)
        if credential is not None:
            index = opened.index_of(url, credential)
        for change in opened.history(url, index):
            if as_json:
                terminal.json_result(members_of_change(change))
            else:
                what = f"{change.number}  {datetimestamp.text(change.at)}  index {change.index}: {change.value}"
                terminal.result(terminal.printable(f"{what}  by {change.actor}: {change.reason}"))
    return ExitCode.DONE
