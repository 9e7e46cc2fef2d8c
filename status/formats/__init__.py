"""The formats of status lists, by name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from status.formats.bitstring import BITSTRING
from status.formats.format import Format
from status.formats.statuslist2021 import STATUSLIST2021
from status.formats.token import TOKEN

__all__ = ["FORMATS", "MOST_BYTES", "Format"]

FORMATS: Final[Mapping[str, Format]] = MappingProxyType(
    {each.name: each for each in (BITSTRING, STATUSLIST2021, TOKEN)}
)
"""Every format that is read and written."""

MOST_BYTES: Final = 8 * 1024 * 1024
"""Bytes of the longest list that is worth reading, 2^26 values of one bit: more costs more than the refusal may."""
