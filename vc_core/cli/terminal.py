"""What the commands put on the screen: results on standard output, words for people on standard error."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import zip_longest
from time import monotonic
from typing import Any, Final, TypeVar

import click

from vc_core.result import Verdict

Item = TypeVar("Item")

_BAR: Final = 40
_PAUSE: Final = 0.1
_CLEAR_LINE: Final = "\r\x1b[K"
_COLOURS: Final = {Verdict.VERIFIED: "green", Verdict.REJECTED: "red", Verdict.UNDECIDED: "yellow"}


def printable(text: str) -> str:
    """`text` on one line, with every character escaped that could move the cursor or turn the writing."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def prepare_streams() -> None:
    """Afterwards a character that the terminal's encoding lacks is shown as "?" and is no error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def result(text: str = "") -> None:
    """Prints `text` on standard output. Colours are left out off a terminal, and where NO_COLOR is set."""
    click.echo(text, color=_colours())


def json_result(value: Any, *, indent: int | None = None) -> None:
    """Prints `value` as JSON on standard output, on one line unless `indent` is given.

    It is all ASCII: no terminal misreads it, and no encoding lacks a character of it.
    """
    click.echo(json.dumps(value, indent=indent))


def note(text: str) -> None:
    """Prints words for people on standard error. That nobody can read them there changes no outcome."""
    with suppress(OSError):
        click.echo(text, err=True, color=_colours())


def _colours() -> bool | None:
    """False if NO_COLOR says so (no-color.org); None leaves it to whether the stream is a terminal."""
    return False if os.environ.get("NO_COLOR") else None


def heading(text: str) -> str:
    """`text` in bold."""
    return click.style(text, bold=True)


def faint(text: str) -> str:
    """`text` for the second glance."""
    return click.style(text, dim=True)


def coloured(verdict: Verdict, text: str | None = None) -> str:
    """The verdict's word, or `text` in its place, in the verdict's colour."""
    return click.style(verdict.value if text is None else text, fg=_COLOURS[verdict], bold=True)


def width() -> int:
    """Columns to write in: those of the terminal, within reason; 80 off a terminal."""
    return max(60, min(shutil.get_terminal_size().columns, 100))


def columns(left: str, *right: str, at: int, indent: str = "  ") -> str:
    """Two columns of wrapped text: `left`, and from column `at` on each of the texts `right`, begun anew."""
    heads = textwrap.wrap(left, at - 1, initial_indent=indent, subsequent_indent=indent + "  ")
    deeper = "  " if len(right) > 1 else ""
    lines = [line for text in right for line in textwrap.wrap(text, width() - at, subsequent_indent=deeper)]
    rows = zip_longest(heads, lines, fillvalue="")
    return "\n".join(f"{head:<{at}}{line}".rstrip() for head, line in rows)


def progress(items: Iterable[Item], *, label: str, length: int) -> Iterator[Item]:
    """The items. While they are consumed a bar stands on standard error, if that is a terminal."""
    stream = sys.stderr
    if not (stream and stream.isatty()) or os.environ.get("TERM") == "dumb":
        yield from items
        return
    full, empty = ("━", "─") if _can_write("━─") else ("#", "-")
    drawn = -1
    try:
        for done, item in enumerate(items, start=1):
            yield item
            if (percent := 100 * done // length) != drawn:
                drawn, filled = percent, _BAR * done // length
                stream.write(f"{_CLEAR_LINE}{label}  {full * filled}{empty * (_BAR - filled)}  {percent:3} %")
                stream.flush()
    finally:
        stream.write(_CLEAR_LINE)
        stream.flush()


@contextmanager
def shares(label: str, *, unit: str) -> Iterator[Callable[[int, float], None]]:
    """What draws a bar on standard error, if that is a terminal, from a number done and the share of all that it is.

    Beside the bar stand how many are done a second, and the time that the rest takes at this rate. Several threads may
    draw.
    """
    stream = sys.stderr
    if not (stream and stream.isatty()) or os.environ.get("TERM") == "dumb":
        yield lambda _done, _share: None
        return
    full, empty = ("━", "─") if _can_write("━─") else ("#", "-")
    began = drawn = monotonic()
    first: float | None = None

    def draw(done: int, share: float) -> None:
        nonlocal drawn, first
        moment = monotonic()
        if not done:
            first = share  # done before
        if moment - drawn < _PAUSE:
            return
        drawn = moment
        seconds, here = moment - began, share - (first or 0.0)
        filled = min(_BAR, int(_BAR * share))
        left = _duration(seconds * (1 - share) / here) if here > 0 else "?"
        stream.write(
            f"{_CLEAR_LINE}{label}  {full * filled}{empty * (_BAR - filled)}  {min(100, int(100 * share)):3} %  "
            f"{done / seconds:,.0f} {unit}/s  {left} left"
        )
        stream.flush()

    try:
        yield draw
    finally:
        stream.write(_CLEAR_LINE)
        stream.flush()


def _duration(seconds: float) -> str:
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _can_write(text: str) -> bool:
    try:
        text.encode(sys.stderr.encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True
