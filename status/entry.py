"""Status entries: where in which list the status of a credential stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from status.bits import LARGEST_SIZE
from status.errors import StatusVerificationError

ENTRY_TYPES: Final = frozenset({"BitstringStatusListEntry", "StatusList2021Entry"})
"""The types of entries in `credentialStatus`: Bitstring Status List 1.0, section 2.1, and its predecessor."""

REFERENCE_TYPE: Final = "status_list"
"""What stands for the type of a reference in the claim `status` of a token: its name there."""

LONGEST_URL: Final = 2048
"""Characters that the URL of a list may have."""

_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,8}")
_INDEXES: Final = 10**9
_STATUS: Final = re.compile(r"0x0*([0-9a-fA-F]{1,2})")
_UNDEFINED: Final = "undefined"


class StatusEntry(NamedTuple):
    """One entry: the value `size` bits wide at `index` of the list at `list_url`, and what it is about.

    `messages` has what each value means, in the order of the values, "" for one that is undefined; it is empty where
    the entry does not say. A reference of a token has no `purpose`, and its list alone knows the size of its values.
    """

    type: str
    purpose: str
    index: int  # type: ignore[assignment]  # hides the method of tuples, which nobody needs of an entry
    list_url: str
    size: int = 1
    messages: tuple[str, ...] = ()

    @classmethod
    def parse(cls, entry: Mapping[str, object]) -> StatusEntry:
        """The entry of a JSON object in `credentialStatus`. Raises `StatusVerificationError` for every deviation.

        The index is ASCII decimal text without sign, space or leading zero, below 10^9.
        """
        kind, purpose = entry.get("type"), entry.get("statusPurpose")
        index, url = entry.get("statusListIndex"), entry.get("statusListCredential")
        if not isinstance(kind, str) or kind not in ENTRY_TYPES:
            raise StatusVerificationError("the status entry is of a type that is not understood")
        if not isinstance(purpose, str) or not purpose:
            raise StatusVerificationError("statusPurpose is not a text")
        if not isinstance(index, str) or _INDEX.fullmatch(index) is None:
            raise StatusVerificationError('statusListIndex is not a decimal number in a text, such as "94567"')
        if not isinstance(url, str) or not 0 < len(url) <= LONGEST_URL:
            raise StatusVerificationError(f"statusListCredential is not a URL of at most {LONGEST_URL} characters")
        if entry.get("id") == url:
            raise StatusVerificationError("the id of the status entry is the URL of its list")
        if "statusSize" not in entry and "statusMessage" not in entry:
            return cls(kind, purpose, int(index), url)
        size = _size(entry)
        return cls(kind, purpose, int(index), url, size, _messages(entry, size))

    @classmethod
    def reference(cls, status_list: Mapping[str, object]) -> StatusEntry:
        """The entry of the member `status_list` in the claim `status` of a token (Token Status List, section 6.2).

        Raises `StatusVerificationError` unless `idx` is a number from 0 to 10^9 - 1, and `uri` a text that is not too
        long.
        """
        index, url = status_list.get("idx"), status_list.get("uri")
        if type(index) is not int or not 0 <= index < _INDEXES:
            raise StatusVerificationError("idx is not the number of a place in a list")
        if not isinstance(url, str) or not 0 < len(url) <= LONGEST_URL:
            raise StatusVerificationError(f"uri is not the URI of a list, of at most {LONGEST_URL} characters")
        return cls(REFERENCE_TYPE, "", index, url)


def _size(entry: Mapping[str, object]) -> int:
    """`statusSize`, 1 by default (section 2.1)."""
    size = entry.get("statusSize", 1)
    if type(size) is not int or not 1 <= size <= LARGEST_SIZE:
        raise StatusVerificationError(f"statusSize is not a number from 1 to {LARGEST_SIZE}")
    return size


def _messages(entry: Mapping[str, object], size: int) -> tuple[str, ...]:
    """`statusMessage`, a message for every value of `size` bits, which only one bit can do without (section 2.1)."""
    if size == 1 and "statusMessage" not in entry:
        return ()
    listed = entry.get("statusMessage")
    if not isinstance(listed, list) or len(listed) != 1 << size:
        raise StatusVerificationError("statusMessage has not one message for every value of statusSize bits")
    messages: dict[int, str] = {}
    for each in listed:
        status, message = (each.get("status"), each.get("message")) if isinstance(each, Mapping) else (None, None)
        number = _STATUS.fullmatch(status) if isinstance(status, str) else None
        if not isinstance(message, str) or (number is None and status != _UNDEFINED):
            raise StatusVerificationError('statusMessage has an element without a status such as "0x1" and a message')
        if number is not None and messages.setdefault(int(number[1], 16), message) is not message:
            raise StatusVerificationError("statusMessage has two messages for one status")
    if any(value >> size for value in messages):
        raise StatusVerificationError("statusMessage has a status that statusSize bits cannot hold")
    return tuple(messages.get(value, "") for value in range(1 << size))
