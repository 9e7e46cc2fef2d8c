"""Status entries: where in which list the status of a credential stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from status.errors import StatusVerificationError

ENTRY_TYPES: Final = frozenset({"BitstringStatusListEntry", "StatusList2021Entry"})
"""The entry types that are understood: Bitstring Status List 1.0, section 2.1, and its predecessor."""

_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_LARGEST_SIZE: Final = 8


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """One entry of `credentialStatus`: the value `size` bits wide at `index` of the list at `list_url`."""

    type: str
    purpose: str
    index: int
    list_url: str
    size: int = 1

    @classmethod
    def parse(cls, entry: Mapping[str, object]) -> StatusEntry:
        """The entry of a JSON object. Raises `StatusVerificationError` for every deviation.

        The index is ASCII decimal text without sign, space or leading zero, below 10^9.
        """
        kind = entry.get("type")
        if not isinstance(kind, str) or kind not in ENTRY_TYPES:
            raise StatusVerificationError("the status entry is of a type that is not understood")
        purpose, index, url = (entry.get(name) for name in ("statusPurpose", "statusListIndex", "statusListCredential"))
        if not isinstance(purpose, str) or not purpose:
            raise StatusVerificationError("statusPurpose is not a text")
        if not isinstance(index, str) or _INDEX.fullmatch(index) is None:
            raise StatusVerificationError('statusListIndex is not a decimal number in a text, such as "94567"')
        if not isinstance(url, str) or not url:
            raise StatusVerificationError("statusListCredential is not a URL")
        return cls(kind, purpose, int(index), url, _size(entry))


def _size(entry: Mapping[str, object]) -> int:
    """`statusSize`, 1 by default, with a `statusMessage` for every value where it is larger (section 2.1)."""
    size = entry.get("statusSize", 1)
    if type(size) is not int or not 1 <= size <= _LARGEST_SIZE:
        raise StatusVerificationError(f"statusSize is not a number from 1 to {_LARGEST_SIZE}")
    messages = entry.get("statusMessage")
    if size > 1 and not (isinstance(messages, list) and len(messages) == 1 << size):
        raise StatusVerificationError("statusMessage has not one message for every value of statusSize bits")
    return size
