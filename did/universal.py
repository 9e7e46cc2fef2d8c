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
    InvalidOptions,
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
_ERRORS: Final[Mapping[str, type[DIDError]]] = MappingProxyType(
    {
        "INVALID_DID": InvalidDID,
        "INVALID_DID_DOCUMENT": InvalidDIDDocument,
        "INVALID_OPTIONS": InvalidOptions,
        "METHOD_NOT_SUPPORTED": MethodNotSupported,
        "NOT_FOUND": NotFound,
        # the words of older resolvers
        "invalidDid": InvalidDID,
        "methodNotSupported": MethodNotSupported,
        "notFound": NotFound,
    }
)


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

    What is conclusive has to be said by the result. A status alone may be that of whatever stands before the resolver.
    """
    try:
        tree = read_object(response.body, longest=_MAX_RESULT)
    except InvalidEncoding as error:
        if response.status == 200:
            raise InvalidDIDDocument(f"the result for {shown(did, 256)} cannot be read: {error.detail}") from error
        raise refusal(response) from error
    metadata = tree.get("didDocumentMetadata", {})
    if isinstance(metadata, dict) and metadata.get("deactivated") is True:
        raise Deactivated(f"{shown(did, 256)} is deactivated")
    match tree.get("didResolutionMetadata"):
        case {"error": error} if error:
            raise _error(error, response)
    if response.status != 200:
        raise refusal(response)
    return DIDDocument.parse(tree.get("didDocument", tree), did, source=response.url, metadata=metadata)


def _error(error: object, response: Response) -> DIDError:
    """The error that the resolver answers with, in whatever words; one that is its own is no answer."""
    name, detail = error, None
    match error:
        case {"type": str(uri), **others}:
            name, detail = uri.rpartition("#")[2], others.get("detail")
    kind = _ERRORS.get(name, Unavailable) if isinstance(name, str) else Unavailable
    said = "" if detail is None else f", {shown(detail, 128)}"
    return kind(f"{shown(response.url, 256)} answered with {shown(name)}{said}")
