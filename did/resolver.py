"""From a DID, or an https URL in its place, to its document (DID Resolution 1.0, Controlled Identifiers 1.0)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Final, Protocol

from did.document import DIDDocument, Json
from did.errors import (
    Deactivated,
    DIDError,
    FeatureNotSupported,
    InvalidDID,
    InvalidDIDDocument,
    InvalidOptions,
    MethodNotSupported,
    NotFound,
    RepresentationNotSupported,
    Unavailable,
    shown,
)
from did.history import History
from did.methods import METHODS, SELF_DESCRIBING, Fetch, Method
from did.url import HTTPS, check_identifier, parse_did


def resolve(
    did: str, *, at: datetime | None = None, fetch: Fetch | None = None, methods: Mapping[str, Method] = METHODS
) -> DIDDocument:
    """The document of `did`, by the method that the DID names: as it was at the aware time `at`, or is now for None.

    Raises `InvalidDID`, `MethodNotSupported` if the method is not in `methods`, and what that method raises.
    `fetch` is for methods that need the network; did:key and did:jwk do not.
    """
    parsed = parse_did(did)
    method = methods.get(parsed.method)
    if method is None:
        raise MethodNotSupported(f"the DID method {shown(parsed.method)} is not supported")
    document = method(parsed, fetch, at=at)
    if document.id != did:
        raise InvalidDIDDocument(
            f"the method answered with the document of {shown(document.id, 256)}",
            code="INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID",
        )
    return document


class Resolver(Protocol):
    """Whatever turns DIDs, and https URLs of controlled identifier documents, into documents."""

    def resolve(self, did: str, *, at: datetime | None = None) -> DIDDocument:
        """The document of `did`, a DID or an https URL: as it was at the aware time `at`, or is now for None.

        Raises `NotFound` if it cannot be had, another `DIDError` if it is invalid. Where no history is kept, the
        present document is the answer for every time.
        """
        ...


class StaticResolver:
    """Resolves did:key and did:jwk by computation, and the rest from documents handed in. Opens no socket.

    The documents are JSON objects by DID or https URL, or lists of versions of them, as `History.read` has them. They
    are parsed at once: `InvalidDID` or `InvalidDIDDocument` is raised for the first that is not the document of its
    identifier. One of a DID that can be computed is never the answer. An instance can be shared by threads; it keeps
    the last `remembered` computed documents.

    `now` is the aware time that counts as the present, for the versions of a document that is wanted of no other time.

    `methods` are the methods by which a document is computed: those of the table, or a table of one's own.
    """

    __slots__ = ("_arguments", "_computed", "_histories", "_now")

    def __init__(
        self,
        documents: Mapping[str, object] = MappingProxyType({}),
        *,
        methods: Mapping[str, Method] = SELF_DESCRIBING,
        remembered: int = 1024,
        now: datetime | None = None,
    ) -> None:
        self._arguments: Final = (documents, methods, remembered, now)
        self._now: Final = now
        histories = {did: History.read(value, did) for did, value in documents.items()}
        self._histories: Final = {
            did: history
            for did, history in histories.items()
            if did.startswith(HTTPS) or parse_did(did).method not in methods
        }
        self._computed: Final = lru_cache(maxsize=remembered)(partial(resolve, methods=methods))

    def __reduce__(self) -> tuple[object, ...]:
        """For `pickle`: the same documents are parsed again. A class that is derived from this one needs its own."""
        if type(self) is not StaticResolver:  # else it would come out as one that does less
            raise TypeError(f"{type(self).__name__} has no __reduce__ of its own")
        documents, methods, remembered, now = self._arguments
        made = partial(StaticResolver, methods=dict(methods), remembered=remembered, now=now)
        return made, (dict(documents),)

    def resolve(self, did: str, *, at: datetime | None = None) -> DIDDocument:
        """The document of `did` that is in force at the aware time `at`, or at present for None.

        Raises `InvalidDID`, or `NotFound` if it is neither computed nor at hand.
        """
        history = self._histories.get(did)
        if history is not None:
            return history.at(at, now=self._now)
        if did.startswith(HTTPS):
            check_identifier(did)
            raise _absent(did)
        try:
            return self._computed(did)
        except MethodNotSupported as error:
            raise _absent(did) from error


def _absent(did: str) -> NotFound:
    return NotFound(f"the document of {shown(did, 256)} is not at hand")


_TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "INVALID_DID": "The DID is malformed",
        "INVALID_OPTIONS": "An option is malformed",
        "INVALID_DID_DOCUMENT": "The DID document is malformed",
        "METHOD_NOT_SUPPORTED": "The DID method is not supported",
        "FEATURE_NOT_SUPPORTED": "An option is not supported",
        "REPRESENTATION_NOT_SUPPORTED": "The media type is not supported",
        "NOT_FOUND": "The DID document was not found",
        "INTERNAL_ERROR": "The resolver failed",
    }
)


def resolution_result(did: str, resolver: Resolver, *, at: datetime | None = None) -> dict[str, Json]:
    """The DID resolution result as JSON (DID Resolution 1.0, sections 4 and 9). Raises no `DIDError`.

    One of a DID that was deactivated is no error there: it has neither an error nor a document.
    """
    try:
        document = resolver.resolve(did, at=at)
    except Deactivated:
        return {"didDocument": None, "didResolutionMetadata": {}, "didDocumentMetadata": {"deactivated": True}}
    except DIDError as error:
        return {"didDocument": None, "didResolutionMetadata": {"error": problem(error)}, "didDocumentMetadata": {}}
    return {
        "didDocument": document.json,
        "didResolutionMetadata": {"contentType": "application/did"},
        "didDocumentMetadata": document.metadata,
    }


def problem(error: DIDError) -> dict[str, Json]:
    """The problem details of an error of a resolution (DID Resolution 1.0, section 11; RFC 9457)."""
    code = _resolution_code(error)
    return {"type": f"https://www.w3.org/ns/did#{code}", "title": _TITLES[code], "detail": error.detail}


def _resolution_code(error: DIDError) -> str:
    match error:
        case InvalidDID():
            return "INVALID_DID"
        case InvalidDIDDocument():
            return "INVALID_DID_DOCUMENT"
        case Unavailable():
            return "INTERNAL_ERROR"
        case NotFound() | MethodNotSupported() | FeatureNotSupported() | RepresentationNotSupported():
            return error.default_code
        case InvalidOptions():
            return error.default_code
    return "INTERNAL_ERROR"
