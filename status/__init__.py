"""Status entries of credentials, and the lists they point into. Knows no credential and no DID.

>>> from status import StatusEntry
>>> StatusEntry.parse({"type": "BitstringStatusListEntry", "statusPurpose": "revocation",
...                    "statusListIndex": "94567", "statusListCredential": "https://example.org/list/3"}).index
94567
"""

from status.entry import ENTRY_TYPES, StatusEntry
from status.errors import RangeError, StatusError, StatusRetrievalError, StatusVerificationError
from status.lists import NO_STATUS_LISTS, StatusLists

__all__ = [
    "ENTRY_TYPES",
    "NO_STATUS_LISTS",
    "RangeError",
    "StatusEntry",
    "StatusError",
    "StatusLists",
    "StatusRetrievalError",
    "StatusVerificationError",
]
