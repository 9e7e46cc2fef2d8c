"""`vc-core status list`: what lists there are, and how far each has come."""

from __future__ import annotations

from typing import Any, Final

import click

from status.store import Standing
from vc_core import datetimestamp
from vc_core.cli import terminal
from vc_core.cli.exit_codes import ExitCode
from vc_core.cli.status.stores import json_option, members_of, open_store, plural, store_argument

_AT: Final = 18


@click.command(name="list")
@store_argument
@json_option
def list_lists(*, store: str, as_json: bool) -> ExitCode:
    """Show the lists of STORE.

    Of each: what it is for, how many indexes it has, how many of them are given to credentials and how many set to a
    value other than 0, the last version that was published, and how many changes verifiers cannot see yet.
    """
    with open_store(store) as opened:
        standings = opened.standings()
    for standing in standings:
        if as_json:
            terminal.json_result({**members_of(standing.info), **_numbers(standing)})
        else:
            _show(standing)
    if not standings:
        terminal.note("The store has no lists: vc-core status create makes one.")
    return ExitCode.DONE


def _numbers(standing: Standing) -> dict[str, Any]:
    published_at = standing.published_at
    return {
        "allocated": standing.allocated,
        "set": standing.set,
        "changes": standing.changes,
        "version": standing.published,
        "publishedAt": None if published_at is None else datetimestamp.text(published_at),
        "unpublished": standing.changes - standing.published_changes,
    }


def _show(standing: Standing) -> None:
    info, numbers = standing.info, _numbers(standing)
    waiting = standing.changes - standing.published_changes
    published = f"version {standing.published}, at {numbers['publishedAt']}" if standing.published else "never"
    rows = {
        "is for": ", ".join([*info.purposes, info.format]),
        "length": f"{info.length} values of {plural(info.size, 'bit')}",
        "allocated": str(standing.allocated),
        "set": str(standing.set),
        "published": published + (f"; {plural(waiting, 'change')} since" if waiting else ""),
    }
    terminal.result(terminal.printable(info.url))
    for name, text in rows.items():
        terminal.result(terminal.columns(name, terminal.printable(text), at=_AT))
