"""The issuer's store, as the commands name and open it, and who uses it."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import Final

import click

from status.store import Change, ListInfo, Store
from vc_core import Json, datetimestamp
from vc_core.cli.exit_codes import InputError
from vc_core.cli.terminal import printable

STORE_VARIABLE: Final = "VC_CORE_STATUS_STORE"
FROM_ENVIRONMENT: Final = "env"
"""What an option says to name the store in that variable, which others cannot read."""
_URL: Final = "://"

store_argument = click.argument("store", envvar=STORE_VARIABLE, metavar="STORE")
list_option = click.option("--list", "url", required=True, metavar="URL", help="The URL of the list.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object for each result.")


actor_option = click.option(
    "--actor", metavar="NAME", help="Who does this; kept for ever.  [default: the name of the user]"
)


def actor_or_user(actor: str | None) -> str:
    """Who does it: the one that was named, else whom the operating system says; raises `InputError`."""
    try:
        return actor or getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise InputError("the operating system has no name for you: say --actor") from error


def open_store(location: str, *, new: bool = False) -> Store:
    """The store at the location, a file or a database; only with `new` one that is not there is made.

    Raises `InputError` and `StoreError`, neither with what may be a password: no URL is shown.
    """
    if not new and _URL not in location and not Path(location).exists():
        raise InputError(f"there is no store {printable(location)}: vc-core status create makes one")
    try:
        return Store.open(location, new=new)
    except ImportError as error:
        raise InputError("a store in PostgreSQL needs the extra: pip install 'vc-core[postgres]'") from error


def store_named(location: str) -> str:
    """The location of the store that an option names: itself, or that in the environment; raises `InputError`."""
    if location != FROM_ENVIRONMENT:
        return location
    if not (found := os.environ.get(STORE_VARIABLE)):
        raise InputError(f"{STORE_VARIABLE} is not set: it has to name the store")
    return found


def plural(count: int, noun: str) -> str:
    """So many of them, in words."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def list_of(store: Store, url: str) -> ListInfo:
    """The list of that URL in the store; raises `InputError`."""
    lists = {info.url: info for info in store.lists()}
    if url not in lists:
        there = f"there are {', '.join(map(printable, list(lists)[:5]))}" if lists else "there is none at all"
        raise InputError(f"the store has no list {printable(url)}: {there}")
    return lists[url]


def members_of(info: ListInfo) -> dict[str, Json]:
    """A list as JSON, in the order in which people ask for it."""
    return {
        "list": info.url,
        "format": info.format,
        "purposes": list(info.purposes),
        "size": info.size,
        "length": info.length,
        "ttl": None if info.ttl is None else int(info.ttl.total_seconds()),
        "messages": list(info.messages),
    }


def members_of_change(change: Change) -> dict[str, Json]:
    """An entry of a history as JSON."""
    return {
        "list": change.url,
        "change": change.number,
        "index": change.index,
        "value": change.value,
        "actor": change.actor,
        "reason": change.reason,
        "at": datetimestamp.text(change.at),
    }
