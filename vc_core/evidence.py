"""What a verdict rests on besides the credential: DID documents, schemas and resources, handed in by the caller.

The core fetches nothing. A file of evidence makes a verdict reproducible, years later and offline.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

import did
from did.errors import shown
from vc_core.canonical.jcs import canonicalize
from vc_core.document import Json, copy_json, read_json
from vc_core.errors import LimitExceeded, ParsingError
from vc_core.limits import Limits

_FILE: Final = Limits(document_bytes=256 * 1024 * 1024)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Documents by the URL that names them: `resources` as the bytes served there, `did_documents` by DID.

    A DID document is in force at any time, or it is a list of versions, as `did.StaticResolver` takes them. What a
    `did.RecordingResolver` has `recorded` is such a list for each DID. `retrieved` says when resources were had, and
    decides nothing.
    """

    resources: Mapping[str, bytes] = field(default_factory=lambda: MappingProxyType({}))
    did_documents: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    retrieved: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def read(cls, data: bytes) -> Evidence:
        """The evidence in the JSON file `data`; raises `ParsingError` where it has another form.

        `{"didDocuments": {DID: document or [version, ...]}, "resources": {URL: {"text": ...} or {"base64": ...}}}`,
        both optional. A version that has a `sha256` has to hold the document of that digest, in hexadecimal: the
        SHA-256 of its canonical form (RFC 8785); of a resource it is that of its bytes. It shows damage, and no more
        than that: whoever alters the document can alter the digest. A resource may say when it was `retrieved`.
        """
        tree = read_json(data, limits=_FILE)
        if not isinstance(tree, dict) or not tree.keys() <= {"didDocuments", "resources"}:
            raise ParsingError("evidence is an object with the members didDocuments and resources")
        documents = _object(tree, "didDocuments")
        for name, document in documents.items():
            _check_documents(name, document)
        resources = _members(tree, "resources")
        return cls(
            resources=MappingProxyType({url: _bytes(url, value) for url, value in resources.items()}),
            did_documents=MappingProxyType(documents),
            retrieved=MappingProxyType({url: _retrieved(value) for url, value in resources.items() if _TIME in value}),
        )

    def write(self) -> bytes:
        """The JSON file that `read` reads as this evidence, with the digest of each resource and version of a document.

        Raises `VCError` for what `read` would refuse, which includes a file of more than 256 MiB.
        """
        documents = {name: _with_digests(document) for name, document in self.did_documents.items()}
        resources = {url: _entry(data, self.retrieved.get(url)) for url, data in self.resources.items()}
        tree = copy_json({"didDocuments": documents, "resources": resources}, limits=_FILE)
        written = json.dumps(tree, ensure_ascii=False, indent=1).encode() + b"\n"
        if len(written) > _FILE.document_bytes:
            detail = (
                f"the evidence has {len(written)} bytes as a file, of which at most {_FILE.document_bytes} are read"
            )
            raise LimitExceeded(detail, code="INPUT_TOO_LARGE")
        return written

    def resolver(self, *, now: datetime | None = None) -> did.StaticResolver:
        """A resolver that knows these DID documents, and the DIDs that contain their own key.

        `now` is the time of the verdict: of a document that has versions, it decides which is the present one.
        """
        return did.StaticResolver(self.did_documents, now=now)


def _object(tree: dict[str, Json], name: str) -> dict[str, Json]:
    value = tree.get(name, {})
    if not isinstance(value, dict):
        raise ParsingError(f"{name} is not an object", at=f"/{name}")
    return value


def _members(tree: dict[str, Json], name: str) -> dict[str, dict[str, Json]]:
    found: dict[str, dict[str, Json]] = {}
    for key, value in _object(tree, name).items():
        if not isinstance(value, dict):
            raise ParsingError(f"the entry of {shown(key)} is not an object", at=f"/{name}")
        found[key] = value
    return found


def _check_documents(name: str, value: Json) -> None:
    """Returns if `value` has the form of a document or of versions of one, and each version its own digest."""
    versions = value if isinstance(value, list) else [value]
    for version in versions:
        if not isinstance(version, dict):
            raise ParsingError(f"the entry of {shown(name)} is no document and no version of one", at="/didDocuments")
        if isinstance(value, list) and "sha256" in version and version["sha256"] != _digest(version):
            raise ParsingError(f"a document of {shown(name)} is not the one of its sha256", at="/didDocuments")


def _with_digests(value: Json) -> Json:
    if not isinstance(value, list):
        return value
    return [
        version | {"sha256": _digest(version)} if isinstance(version, dict) and "document" in version else version
        for version in value
    ]


def _digest(version: dict[str, Json]) -> str | None:
    """The digest of the document of a version; None if it has none."""
    return hashlib.sha256(canonicalize(version["document"])).hexdigest() if "document" in version else None


_TIME: Final = "retrieved"


def _entry(data: bytes, retrieved: str | None) -> dict[str, str]:
    about = {"sha256": hashlib.sha256(data).hexdigest()} | ({} if retrieved is None else {_TIME: retrieved})
    encoded = {"base64": base64.b64encode(data).decode(), **about}
    try:
        text = {"text": data.decode(), **about}
    except UnicodeDecodeError:
        return encoded
    return min(text, encoded, key=_length)


def _length(value: Mapping[str, str]) -> int:
    """The bytes that it takes in a file, where characters that are escaped take up to six of them."""
    return len(json.dumps(value, ensure_ascii=False).encode())


def _bytes(url: str, entry: dict[str, Json]) -> bytes:
    """The bytes of a resource, which have the digest that the entry gives, if it gives one."""
    match {name: value for name, value in entry.items() if name not in ("sha256", _TIME)}:
        case {"text": str(text), **others} if not others:
            data = text.encode()
        case {"base64": str(text), **others} if not others:
            try:
                data = base64.b64decode(text, validate=True)
            except ValueError as error:
                raise ParsingError(f"the base64 of {shown(url)} cannot be decoded", at="/resources") from error
        case _:
            raise ParsingError(f"the resource {shown(url)} has neither one text nor one base64", at="/resources")
    if "sha256" in entry and entry["sha256"] != hashlib.sha256(data).hexdigest():
        raise ParsingError(f"the resource {shown(url)} is not the one of its sha256", at="/resources")
    return data


def _retrieved(entry: dict[str, Json]) -> str:
    time = entry[_TIME]
    if not isinstance(time, str):
        raise ParsingError(f"the time of a resource is {shown(time)}, which is not a text", at="/resources")
    return time


NO_EVIDENCE: Final = Evidence()
"""Nothing but what the credential itself contains."""
