"""Status entries of credentials, and the lists they point into. Knows no credential and no DID.

>>> from status import StatusEntry, StatusList
>>> entry = StatusEntry.parse({"type": "BitstringStatusListEntry", "statusPurpose": "revocation",
...                            "statusListIndex": "94567", "statusListCredential": "https://example.org/list/3"})
>>> StatusList.of_length(131_072).updated({entry.index: 1})[entry.index]
1
"""

from status.bits import StatusList
from status.entry import ENTRY_TYPES, StatusEntry
from status.errors import (
    MalformedStatusList,
    RangeError,
    StatusError,
    StatusListLengthError,
    StatusRetrievalError,
    StatusVerificationError,
)
from status.formats import FORMATS, MOST_BYTES, Format
from status.lists import (
    NO_STATUS_LISTS,
    FetchList,
    OpenedList,
    OpenList,
    StaticStatusLists,
    StatusLists,
)
from status.live import LiveStatusLists

__all__ = [
    "ENTRY_TYPES",
    "FORMATS",
    "MOST_BYTES",
    "NO_STATUS_LISTS",
    "FetchList",
    "Format",
    "LiveStatusLists",
    "MalformedStatusList",
    "OpenList",
    "OpenedList",
    "RangeError",
    "StaticStatusLists",
    "StatusEntry",
    "StatusError",
    "StatusList",
    "StatusListLengthError",
    "StatusLists",
    "StatusRetrievalError",
    "StatusVerificationError",
]
