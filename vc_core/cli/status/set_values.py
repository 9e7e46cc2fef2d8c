"""`vc-core status set`: revoke, suspend, reinstate; one credential, or as many as a file names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import click

from status import StatusList
from status.store import Change, ListInfo, Store, StoreError
from vc_core.cli import terminal
from vc_core.cli.exit_codes import ExitCode, InputError
from vc_core.cli.options import now
from vc_core.cli.status.bulk import Faults, Wanted, read_changes
from vc_core.cli.status.stores import (
    actor_option,
    actor_or_user,
    json_option,
    list_of,
    list_option,
    members_of_change,
    open_store,
    store_argument,
)

_SHOWN: Final = 10
"""Changes that are told one by one to people."""


@click.command(name="set")
@store_argument
@list_option
@click.option("--index", type=click.IntRange(min=0), metavar="N", help="The index of the credential.")
@click.option("--credential", metavar="ID", help="The credential, as it was called when it got its index.")
@click.option(
    "--from",
    "file",
    metavar="FILE",
    help="Many at once: an id or index on each line, or CSV or JSON lines with credential, index, value. "
    'All or nothing. "-" is standard input.',
)
@click.option("--value", type=click.IntRange(0, 255), metavar="N", help="The new value.  [default: 1]")
@click.option("--clear", is_flag=True, help="The same as --value 0: reinstate what was suspended.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; kept for ever.")
@actor_option
@json_option
def set_values(
    *,
    store: str,
    url: str,
    index: int | None,
    credential: str | None,
    file: str | None,
    value: int | None,
    clear: bool,
    reason: str,
    actor: str | None,
    as_json: bool,
) -> ExitCode:
    """Change what a list says of credentials.

    When the command is done the change is on the disk, with who, when and why. Verifiers see it after the next
    status publish. A revocation is final: no command takes one back. Asked again for the same, for the same reason, it
    is the same change.
    """
    if sum(each is not None for each in (index, credential, file)) != 1:
        raise click.UsageError("Say one of --index, --credential and --from.", click.get_current_context())
    if clear and value is not None:
        raise click.UsageError("Say --value or --clear, not both.", click.get_current_context())
    chosen = 0 if clear else 1 if value is None else value
    with open_store(store) as opened:
        info = list_of(opened, url)
        lines: dict[int | None, int] = {}
        if file is not None:
            changes, lines = _from_file(opened, info, file, chosen)
        elif credential is not None:
            changes = {opened.index_of(url, credential): chosen}
        else:
            changes = {index or 0: chosen}
        try:
            made = opened.set_many(url, changes, actor=actor_or_user(actor), reason=reason, at=now())
        except StoreError as error:
            if error.index not in lines:
                raise
            detail = f"{terminal.printable(str(file))}, line {lines[error.index]}: {error.detail}"
            raise StoreError(detail, code=error.code, url=url, index=error.index) from error
    _print(made, as_json=as_json)
    return ExitCode.DONE


def _from_file(store: Store, info: ListInfo, file: str, value: int) -> tuple[dict[int, int], dict[int | None, int]]:
    """The changes that the file asks for, none of which the list refuses as it is now, and the line of each index.

    Raises `InputError`.
    """
    faults = Faults(file)
    wanted = read_changes(file, faults, url=info.url)
    faults.check()
    current = store.snapshot(info.url).statuses
    known = store.indexes_of(info.url, filter(None, map(_name, wanted)))
    changes: dict[int, int] = {}
    lines: dict[int | None, int] = {}
    for each in terminal.progress(wanted, label="Reading", length=len(wanted)):
        try:
            index, chosen = _change(info, known, current, each, value)
        except InputError as error:
            faults.add(each.line, error.format_message())
            continue
        if changes.setdefault(index, chosen) != chosen:
            faults.add(each.line, f"index {index} gets another value in line {lines[index]}")
        lines.setdefault(index, each.line)
    faults.check()
    return changes, lines


def _name(wanted: Wanted) -> str | None:
    """What the line calls a credential, or could mean to call one."""
    return str(wanted.index) if wanted.is_bare else wanted.credential


def _change(
    info: ListInfo, known: Mapping[str, int], current: StatusList, wanted: Wanted, value: int
) -> tuple[int, int]:
    """The index that the line is about, and its value. Raises `InputError`."""
    index, chosen = wanted.index or 0, value if wanted.value is None else wanted.value
    if wanted.credential is not None:
        if wanted.credential not in known:
            raise InputError("the credential has no index in this list")
        index = known[wanted.credential]
        if wanted.index not in {None, index}:
            raise InputError(f"the credential has the index {index}, and the line says {wanted.index}")
    if wanted.is_bare and known.get(str(index), index) != index:
        raise InputError(f"{index} is an index, and what another credential is called: give the file a column heading")
    if index >= info.length:
        raise InputError(f"the list has {info.length} values, and none at index {index}")
    if chosen >> info.size:
        raise InputError(f"the value {chosen} does not fit into {info.size} bits")
    if info.is_final(current[index]) and current[index] != chosen:
        raise InputError(f"index {index} is revoked, for ever")
    return index, chosen


def _print(made: Sequence[Change], *, as_json: bool) -> None:
    if as_json:
        for change in made:
            terminal.json_result(members_of_change(change))
        return
    for change in made[:_SHOWN]:
        terminal.result(f"index {change.index}: {change.value}  (change {change.number})")
    if len(made) > _SHOWN:
        terminal.result(f"and {len(made) - _SHOWN} more, {len(made)} in all")
    terminal.note("Verifiers see it after the next vc-core status publish.")
