"""The options that several commands have, and the clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeAlias

import click

from vc_core import datetimestamp
from vc_core.canonical.contexts import PINNED, Contexts
from vc_core.cli.exit_codes import InputError
from vc_core.cli.files import read_file
from vc_core.errors import VCError
from vc_core.limits import Limits

ContextFiles: TypeAlias = tuple[tuple[str, bytes], ...]
"""URLs of contexts, each with the bytes of its file."""


def time(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    """The callback of an option whose value is an XSD dateTimeStamp: the moment in UTC."""
    try:
        return None if value is None else datetimestamp.parse(value)
    except VCError as error:
        raise click.BadParameter(error.detail) from error


def one_text(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> str | None:
    """The callback of an option that may be given once, under one of its two names."""
    if len(values) > 1:
        raise click.BadParameter("say it once, under one of the names")
    return values[0] if values else None


def _context_files(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> ContextFiles:
    return tuple(_context_file(value) for value in values)


def _context_file(value: str) -> tuple[str, bytes]:
    """The URL and the bytes of the file; the last "=" divides them, for a URL may contain others."""
    url, _, file = value.rpartition("=")
    if not url or not file:
        raise click.BadParameter("write URL=FILE: the URL that documents use, and the file with the context")
    return url, read_file(file, largest=Limits().document_bytes)


context_option = click.option(
    "--context",
    "contexts",
    multiple=True,
    metavar="URL=FILE",
    callback=_context_files,
    help="A JSON-LD context to know beside those that come with vc-core. May be repeated.",
)


profile_option = click.option(
    "--profile",
    type=click.Choice(["general", "EBSI"]),
    metavar="NAME",
    help="Whose rules the claims of the token follow, general or EBSI. For the data model 1.1.",
)


def with_contexts(files: ContextFiles) -> Contexts:
    """The contexts that come with this library, and those of `--context`; raises `InputError`."""
    if len(dict(files)) != len(files):
        raise InputError("--context names the same URL twice")
    try:
        return PINNED | dict(files)
    except VCError as error:
        raise InputError(f"a file of --context cannot be used: {error.detail}") from error
    except ValueError as error:
        raise InputError(f"--context cannot be used: {error}") from error


def now() -> datetime:
    """The time of the computer's clock, to the second. Only the command line reads it, and only here."""
    return datetime.now(UTC).replace(microsecond=0)
