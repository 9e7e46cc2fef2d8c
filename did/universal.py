"""Resolution by another resolver, over the HTTP(S) binding of DID Resolution 1.0 (section 12.1).

What such a resolver says is believed: it is one that the caller runs, or has a reason to trust.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from did.document import DIDDocument
from did.errors import (
    Deactivated,
    DIDError,
    InvalidDID,
    InvalidDIDDocument,
    InvalidEncoding,
    MethodNotSupported,
    NotFound,
    Unavailable,
    shown,
)
from did.ijson import read_object
from did.methods import SELF_DESCRIBING
from did.methods.fetched import MAX_DOCUMENT, answer, refusal
from did.methods.method import Fetch, Method, Response
from did.resolver import resolve
from did.url import DIDURL, check_base, parse_did
from did.version_time import version_time

ACCEPT: Final = 'application/did-resolution, application/ld+json;profile="https://w3id.org/did-resolution";q=0.9'

_MAX_RESULT: Final = 2 * MAX_DOCUMENT
_RESULT: Final = "application/did-resolution"
_EITHER: Final = frozenset({"application/ld+json", "application/json"})
_DOCUMENTS: Final = frozenset({"application/did", "application/did+ld+json", "application/did+json"})
_OF_A_RESULT: Final = frozenset({"didDocument", "didResolutionMetadata", "didDocumentMetadata"})
_ERROR_TYPES: Final = "https://www.w3.org/ns/did#"
_ERRORS: Final[Mapping[str, type[DIDError]]] = MappingProxyType(
    {
        "INVALID_DID": InvalidDID,
        "INVALID_DID_DOCUMENT": InvalidDIDDocument,
        "METHOD_NOT_SUPPORTED": MethodNotSupported,
        "NOT_FOUND": NotFound,
        # the words of older resolvers
        "invalidDid": InvalidDID,
        "invalidDidDocument": InvalidDIDDocument,
        "methodNotSupported": MethodNotSupported,
        "notFound": NotFound,
    }
)
"""What the errors that are about the DID mean. The others are about the request, or the resolver itself."""


class UniversalResolver:
    """Resolves DIDs of any method by the resolver at `endpoint`, such as `https://resolver.example`.

    Those that contain their own key are computed here, whatever that resolver would say. Nothing is remembered: a
    `LiveResolver` does that, with `universal_method(endpoint)` for each method that it is to ask for.
    """

    def __init__(self, endpoint: str, fetch: Fetch) -> None:
        """Raises `ValueError` where `universal_method` does."""
        self._method, self._fetch = universal_method(endpoint), fetch

    def resolve(self, did: str, *, at: datetime | None = None) -> DIDDocument:
        """The document of `did`, with its metadata. Raises a `DIDError` as a method does."""
        parsed = parse_did(did)
        method = SELF_DESCRIBING.get(parsed.method, self._method)
        return resolve(did, at=at, fetch=self._fetch, methods={parsed.method: method})


def universal_method(endpoint: str) -> Method:
    """A method whose DIDs are resolved at `{endpoint}/1.0/identifiers/`.

    Raises `ValueError` if `endpoint` is not an https URL that a path can be added to.
    """
    check_base(endpoint)

    def resolve(did: DIDURL, fetch: Fetch | None = None, /, *, at: datetime | None = None) -> DIDDocument:
        """The document of `did` as the resolver at the endpoint gives it; one with another id is refused.

        Raises the error that the resolver answers with, `Deactivated` if it says so, and `Unavailable` for an error
        that is its own, or if there is no answer.
        """
        url = f"{endpoint}/1.0/identifiers/{did.did.replace('%', '%25').replace(':', '%3A')}"
        if at is not None:
            url += f"?versionTime={version_time(at)}"
        return _document(did.did, answer(url, fetch, accept=ACCEPT))

    return resolve


def _document(did: str, response: Response) -> DIDDocument:
    """The document in an answer: a resolution result, or from a driver the document by itself.

    What is conclusive has to be said by the result. A status alone may be that of whatever stands before the resolver,
    and so may an answer of another media type.
    """
    members = _members(response)
    is_result = not _is_document(members, response.media_type)
    if is_result and (error := _object(members, "didResolutionMetadata", response).get("error")) is not None:
        raise _error(error, response)
    metadata = _object(members, "didDocumentMetadata", response) if is_result else {}
    match metadata.get("deactivated", False):
        case True:
            raise Deactivated(f"{shown(did, 256)} is deactivated")
        case False:
            pass
        case other:
            raise _unusable(response, f"says of the DID that deactivated is {shown(other)}")
    if response.status != 200:
        raise refusal(response)
    document = members.get("didDocument") if is_result else members
    if document is None:
        raise _unusable(response, "has neither a document nor an error")
    return DIDDocument.parse(document, did, source=response.url, metadata=metadata)


def _members(response: Response) -> dict[str, object]:
    """The members of the JSON object that the answer is. Raises `Unavailable`, and the refusal that the status is."""
    if response.media_type not in {_RESULT, *_EITHER, *_DOCUMENTS}:
        raise _unread(response, f"its media type is {shown(response.media_type)}")
    try:
        return read_object(response.body, longest=_MAX_RESULT)
    except InvalidEncoding as error:
        raise _unread(response, error.detail) from error


def _unread(response: Response, why: str) -> NotFound:
    return refusal(response) if response.status != 200 else _unusable(response, f"is no resolution result: {why}")


def _is_document(members: Mapping[str, object], media_type: str) -> bool:
    """Whether the answer is the document by itself. What no media type says, its members do."""
    may_be = media_type in _EITHER and "id" in members and _OF_A_RESULT.isdisjoint(members)
    return may_be or media_type in _DOCUMENTS


def _object(members: Mapping[str, object], name: str, response: Response) -> dict[str, object]:
    value = members.get(name, {})
    if not isinstance(value, dict):
        raise _unusable(response, f"has {name} that are not an object")
    return value


def _unusable(response: Response, detail: str) -> Unavailable:
    return Unavailable(f"the answer of {shown(response.url, 256)} {detail}")


def _error(error: object, response: Response) -> DIDError:
    """The error that the resolver answers with: a problem (RFC 9457), or as before that its type alone, or a word.

    One that is not about the DID is no answer.
    """
    name, detail = error, None
    match error:
        case {"type": name, **others}:
            detail = others.get("detail", others.get("title"))
    word = name.removeprefix(_ERROR_TYPES) if isinstance(name, str) else ""
    said = "" if detail is None else f", {shown(detail, 128)}"
    return _ERRORS.get(word, Unavailable)(f"{shown(response.url, 256)} answered with {shown(word or name)}{said}")
