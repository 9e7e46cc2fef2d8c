"""Lengths of time on the command line, such as `7d`."""

from __future__ import annotations

import re
from datetime import timedelta
from types import MappingProxyType
from typing import Final

import click

_UNITS: Final = MappingProxyType({"s": "seconds", "m": "minutes", "h": "hours", "d": "days"})
_DURATION: Final = re.compile(r"([1-9][0-9]{0,8})([smhd])")
_LONGEST: Final = timedelta(days=3660)


def duration(_context: click.Context, _parameter: click.Parameter, value: str | None) -> timedelta | None:
    """The callback of an option whose value is a length of time."""
    return None if value is None else read_duration(value)


def lifetime(_context: click.Context, _parameter: click.Parameter, value: str) -> timedelta | None:
    """The same, where `unlimited` is one, too: None."""
    return None if value == "unlimited" else read_duration(value)


def read_duration(text: str) -> timedelta:
    """A whole number of seconds, minutes, hours or days, up to ten years; raises `click.BadParameter`."""
    match = _DURATION.fullmatch(text)
    seconds = 0 if match is None else int(match[1]) * timedelta(**{_UNITS[match[2]]: 1}).total_seconds()
    if not 0 < seconds <= _LONGEST.total_seconds():
        raise click.BadParameter("write a number with s, m, h or d behind it, such as 12h or 7d; at most ten years")
    return timedelta(seconds=seconds)


def written(length: timedelta) -> str:
    """The length of time in the largest unit that it is a whole number of."""
    return next(
        f"{length // unit}{letter}"
        for letter, unit in reversed([(each, timedelta(**{name: 1})) for each, name in _UNITS.items()])
        if not length % unit
    )
