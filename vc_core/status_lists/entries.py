"""What a credential carries so that verifiers find its status: an entry for its index in a list of a store."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from status import FORMATS
from status.store import ListInfo
from vc_core.document import Json

_CONTEXTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bitstring": "https://www.w3.org/ns/credentials/status/v1",
        "statuslist2021": "https://w3id.org/vc/status-list/2021/v1",
    }
)


def status_claims(info: ListInfo, index: int) -> dict[str, Json]:
    """The claims that refer to the index: `credentialStatus`, or for a list of the format "token" `status`.

    Bitstring Status List 1.0, section 2.1; Token Status List, section 6.2. A list of several purposes has an entry for
    each. Nothing is checked; `Store.allocate` gives indexes.
    """
    if info.format == "token":
        return {"status": {"status_list": {"idx": index, "uri": info.url}}}
    entries: list[Json] = [_entry(info, purpose, index) for purpose in info.purposes]
    return {"credentialStatus": entries[0] if len(entries) == 1 else entries}


def context_of_entries(info: ListInfo) -> str | None:
    """The context that defines the terms of the entries, beside that of the data model; None if they are no JSON-LD.

    That of the data model 2.0 has those of the format "bitstring" already.
    """
    return _CONTEXTS.get(info.format)


def _entry(info: ListInfo, purpose: str, index: int) -> dict[str, Json]:
    entry: dict[str, Json] = {
        "id": f"{info.url}#{index}" if len(info.purposes) == 1 else f"{info.url}#{purpose}-{index}",
        "type": FORMATS[info.format].entry_type,
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": info.url,
    }
    if info.size > 1 or info.messages:
        entry["statusSize"] = info.size
    if info.messages:
        entry["statusMessage"] = [
            {"status": f"{value:#x}", "message": message} for value, message in enumerate(info.messages)
        ]
    return entry
