"""What a verdict rests on besides the credential: DID documents, schemas and resources, handed in by the caller.

The core fetches nothing. A file of evidence makes a verdict reproducible, years later and offline.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import did
from did.errors import shown
from vc_core.document import Json, read_json
from vc_core.errors import ParsingError
from vc_core.limits import Limits

_FILE: Final = Limits(document_bytes=256 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Documents by the URL that names them: `resources` as the bytes served there, `did_documents` by DID."""

    resources: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    did_documents: Mapping[str, Mapping[str, Json]] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def read(cls, data: bytes) -> Evidence:
        """The evidence in the JSON file `data`; raises `ParsingError` where it has another form.

        `{"didDocuments": {DID: document}, "resources": {URL: {"text": ...} or {"base64": ...}}}`, both optional.
        """
        tree = read_json(data, limits=_FILE)
        if not isinstance(tree, dict) or not tree.keys() <= {"didDocuments", "resources"}:
            raise ParsingError("evidence is an object with the members didDocuments and resources")
        documents = _members(tree, "didDocuments")
        resources = _members(tree, "resources")
        return cls(
            resources=MappingProxyType({url: _bytes(url, value) for url, value in resources.items()}),
            did_documents=MappingProxyType(documents),
        )

    def resolver(self) -> did.StaticResolver:
        """A resolver that knows these DID documents, and the DIDs that contain their own key."""
        return did.StaticResolver(self.did_documents)


def _members(tree: dict[str, Json], name: str) -> dict[str, dict[str, Json]]:
    members = tree.get(name, {})
    if not isinstance(members, dict):
        raise ParsingError(f"{name} is not an object", at=f"/{name}")
    found: dict[str, dict[str, Json]] = {}
    for key, value in members.items():
        if not isinstance(value, dict):
            raise ParsingError(f"the entry of {shown(key)} is not an object", at=f"/{name}")
        found[key] = value
    return found


def _bytes(url: str, entry: dict[str, Json]) -> bytes:
    match entry:
        case {"text": str(text), **others} if not others:
            return text.encode()
        case {"base64": str(text), **others} if not others:
            try:
                return base64.b64decode(text, validate=True)
            except ValueError as error:
                raise ParsingError(f"the base64 of {shown(url)} cannot be decoded", at="/resources") from error
    raise ParsingError(f"the resource {shown(url)} has neither one text nor one base64", at="/resources")


NO_EVIDENCE: Final = Evidence()
"""Nothing but what the credential itself contains."""
