"""`vc-core status create`: a new list in a store, which is made with its first list."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

import click

from did import DIDError
from did.url import HttpsURL
from status import FORMATS
from vc_core.cli import terminal
from vc_core.cli.exit_codes import ExitCode, InputError
from vc_core.cli.options import now
from vc_core.cli.status.durations import duration
from vc_core.cli.status.stores import (
    actor_option,
    actor_or_user,
    json_option,
    members_of,
    open_store,
    plural,
    store_argument,
)
from vc_core.status_lists.serving import FILE_NAME

_PURPOSES: Final = ("revocation", "suspension", "refresh", "message")
_MESSAGE: Final = re.compile(r"(?P<value>0x[0-9a-fA-F]{1,2}|[0-9]{1,3})=(?P<text>.+)")
_UNDEFINED: Final = "undefined"
_DOTS: Final = re.compile(r"(?:\.|%2[eE]){1,2}")
"""Segments that are taken out of a path: RFC 3986, section 5.2.4."""


@click.command()
@store_argument
@click.option("--url", required=True, metavar="URL", help="Where it will be published: an https URL, for ever.")
@click.option(
    "--format",
    "name",
    type=click.Choice(list(FORMATS)),
    default="bitstring",
    show_default=True,
    help="bitstring is W3C's, statuslist2021 EBSI's, token the IETF's, for SD-JWT VC.",
)
@click.option(
    "--purpose", type=click.Choice(_PURPOSES), help="What its values say. A list of the format token has none."
)
@click.option("--length", type=click.IntRange(min=1), default=131_072, show_default=True, help="How many credentials.")
@click.option("--size", type=click.IntRange(1, 8), default=1, show_default=True, help="Bits of a value.")
@click.option("--ttl", callback=duration, metavar="DURATION", help="How long verifiers may keep it, such as 15m.")
@click.option(
    "--message",
    "messages",
    multiple=True,
    metavar="VALUE=TEXT",
    help="What a value means, such as 0x1=pending. May be repeated; those without have the text undefined.",
)
@actor_option
@json_option
def create(
    *,
    store: str,
    url: str,
    name: str,
    purpose: str | None,
    length: int,
    size: int,
    ttl: timedelta | None,
    messages: tuple[str, ...],
    actor: str | None,
    as_json: bool,
) -> ExitCode:
    """Add a list to STORE; the store is made if it is not there.

    All values are 0: nobody is revoked. What a list is never changes. For revocation and for suspension make a
    list each: what was revoked stays so, a suspension can be lifted.
    """
    _check_url(url)
    if (purpose is None) is not (name == "token"):
        raise click.UsageError("Say --purpose, but for the format token.", click.get_current_context())
    if name == "token" and messages:
        raise click.UsageError("--message does not go with the format token.", click.get_current_context())
    if name == "bitstring" and size > 1 and not messages:
        raise click.UsageError("Values of several bits need --message VALUE=TEXT.", click.get_current_context())
    with open_store(store, new=True) as opened:
        info = opened.create(
            url,
            format=name,
            purposes=() if purpose is None else (purpose,),
            size=size,
            length=length,
            ttl=ttl,
            messages=_messages(messages, size),
            actor=actor_or_user(actor),
            at=now(),
        )
    if as_json:
        terminal.json_result(members_of(info))
    else:
        about = ", ".join([info.format, *info.purposes, f"{info.length} values of {plural(info.size, 'bit')}"])
        terminal.result(f"{terminal.printable(url)}: {about}")
    return ExitCode.DONE


def _check_url(url: str) -> None:
    """Raises `InputError` for what verifiers would not fetch: they ask for exactly this URL, over https."""
    try:
        parsed = HttpsURL.parse(url)
    except DIDError as error:
        raise InputError("--url is not an https URL without a user") from error
    *folders, name = parsed.path.split("/")
    if any(_DOTS.fullmatch(each) for each in folders):
        raise InputError("--url has a part that is only dots, which whoever fetches it would leave out")
    if parsed.fragment is not None or parsed.query is not None or not FILE_NAME.fullmatch(name):
        raise InputError("--url has to end with what can be the name of a file, without a query or fragment")


def _messages(given: tuple[str, ...], size: int) -> tuple[str, ...]:
    """A text for each value that so many bits have, or none at all; raises `InputError`."""
    texts: dict[int, str] = {}
    for each in given:
        match = _MESSAGE.fullmatch(each)
        value = -1 if match is None else int(match["value"], 0 if each.startswith("0x") else 10)
        if match is None or value >> size or value in texts:
            raise InputError(f"--message {terminal.printable(each[:64])}: write VALUE=TEXT, once for a value of --size")
        texts[value] = match["text"]
    return tuple(texts.get(value, _UNDEFINED) for value in range(1 << size)) if texts else ()
