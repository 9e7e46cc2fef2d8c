"""The server's side of the HTTP(S) binding of DID Resolution 1.0 (section 12.1), as a function; no server is here.

It is what a driver of a universal resolver does as well, and what older clients ask for is understood.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, NamedTuple, cast

from did.dereferencing import DOCUMENT, DOCUMENT_TYPES, URI_LIST, dereferencing_result
from did.document import Json
from did.errors import DIDError, FeatureNotSupported, InvalidOptions, RepresentationNotSupported, shown
from did.percent import percent_decoded
from did.resolver import Resolver, problem, resolution_result
from did.version_time import parse_version_time

RESOLUTION: Final = "application/did-resolution"
DEREFERENCING: Final = "application/did-url-dereferencing"
OLDER_RESULT: Final = 'application/ld+json;profile="https://w3id.org/did-resolution"'
"""A result whose error is one word, and of the form of a resolution result for DID URLs too."""

_JSON: Final = "application/json"
_LD_JSON: Final = "application/ld+json"
_WHOLE: Final = frozenset({RESOLUTION, DEREFERENCING, OLDER_RESULT, _JSON})
_OPTIONS: Final = frozenset({"versionTime", "versionId", "noCache", "expandRelativeUrls", "verificationRelationship"})
_SELECTS_SERVICES: Final = re.compile(r"[?&]service(?:Type)?=")
_QUALITY: Final = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")
_STATUSES: Final[Mapping[str, int]] = MappingProxyType(
    {
        "INVALID_DID": 400,
        "INVALID_DID_URL": 400,
        "INVALID_OPTIONS": 400,
        "NOT_FOUND": 404,
        "REPRESENTATION_NOT_SUPPORTED": 406,
        "METHOD_NOT_SUPPORTED": 501,
        "FEATURE_NOT_SUPPORTED": 501,
    }
)
"""The status of each error; that of all others is 500."""


class Answer(NamedTuple):
    """An answer over HTTP; `location` is the header field of that name, which there is with status 303 only."""

    status: int
    media_type: str
    body: bytes
    location: str = ""


class _Function(NamedTuple):
    """A function of the binding: the media type of its result, and the members of that."""

    result: str
    content: str
    metadata: str
    of_content: str


_RESOLVE: Final = _Function(RESOLUTION, "didDocument", "didResolutionMetadata", "didDocumentMetadata")
_DEREFERENCE: Final = _Function(DEREFERENCING, "content", "dereferencingMetadata", "contentMetadata")


def driver(target: str, accept: str, resolver: Resolver) -> Answer:
    """The answer to `GET /1.0/identifiers/{target}` with the header field `Accept`, which may be empty.

    `target` is what the request has there, with its query, and not decoded by anybody. A DID, or DID URL, that begins
    with `did:` is taken as it stands, with the query as its own; any other has to be percent-encoded as a whole, and
    the query has options. Whatever `target` and `accept` are, the answer is an `Answer`.
    """
    identifier, _, query = target.partition("?")
    options = _members(query)
    if not identifier.startswith("did:"):
        identifier = percent_decoded(identifier) or ""
    elif not options.keys() <= _OPTIONS:
        identifier, options = target, {}
    function = _RESOLVE if frozenset("/?#").isdisjoint(identifier) else _DEREFERENCE
    offered = [function.result, *DOCUMENT_TYPES, OLDER_RESULT, _JSON, _LD_JSON]
    media_type = _preferred(accept, [*offered, URI_LIST] if _SELECTS_SERVICES.search(identifier) else offered)
    try:
        result = _result(function, identifier, media_type, _checked(options), resolver)
    except DIDError as error:
        result = {function.content: None, function.metadata: {"error": problem(error)}, function.of_content: {}}
    return _answer(function, result, media_type or function.result)


def _members(query: str) -> dict[str, str | None]:
    """The options in a query; None is for one that is there twice, or cannot be decoded."""
    options: dict[str, str | None] = {}
    for member in query.split("&") if query else ():
        name, _, value = member.partition("=")
        options[name] = None if name in options else percent_decoded(value)
    return options


def _checked(options: Mapping[str, str | None]) -> dict[str, str]:
    """The options, if they are known and have values. Raises `InvalidOptions` and `FeatureNotSupported`."""
    checked = {}
    for name, value in options.items():
        if value is None:
            raise InvalidOptions(f"the option {shown(name)} is there twice, or cannot be decoded")
        if name in {"noCache", "expandRelativeUrls"} and value == "false":
            continue
        if name not in {"versionTime", "verificationRelationship"}:
            raise FeatureNotSupported(
                f"the option {shown(name)} is not supported, or not with the value {shown(value)}"
            )
        checked[name] = value
    return checked


def _result(
    function: _Function, identifier: str, media_type: str | None, options: Mapping[str, str], resolver: Resolver
) -> dict[str, Json]:
    if media_type is None:
        raise RepresentationNotSupported("the header field Accept names no media type in which there are answers")
    at: datetime | None = parse_version_time(options["versionTime"]) if "versionTime" in options else None
    relationship = options.get("verificationRelationship")
    if function is _DEREFERENCE:
        inner = media_type if media_type in {*DOCUMENT_TYPES, URI_LIST} else DOCUMENT
        return dereferencing_result(identifier, resolver, accept=inner, at=at, verification_relationship=relationship)
    if relationship is not None:
        raise InvalidOptions("a DID is not authorised for anything: only its verification methods are")
    return resolution_result(identifier, resolver, at=at)


def _answer(function: _Function, result: dict[str, Json], media_type: str) -> Answer:
    metadata = cast("dict[str, Json]", result[function.metadata])
    error, content = metadata.get("error"), result[function.content]
    status = 200
    if isinstance(error, dict):
        status = _STATUSES.get(str(error["type"]).rpartition("#")[2], 500)
    elif content is None:
        status = 410
    elif isinstance(content, list):
        return Answer(303, URI_LIST, b"", str(content[0]))
    if media_type == OLDER_RESULT:
        return Answer(status, media_type, _json(_older(function, result)))
    if status != 200:
        return Answer(status, function.result, _json(result))
    return Answer(status, media_type, _json(result if media_type in _WHOLE else content))


def _older(function: _Function, result: dict[str, Json]) -> dict[str, Json]:
    """The result in its older form (did:key test suite): errors are words such as `invalidDid`."""
    metadata = cast("dict[str, Json]", result[function.metadata])
    match metadata.get("error"):
        case {"type": str(kind)}:
            first, *others = kind.rpartition("#")[2].lower().split("_")
            metadata = {**metadata, "error": first + "".join(other.capitalize() for other in others)}
    return {
        "@context": "https://w3id.org/did-resolution/v1",
        "didDocument": result[function.content],
        "didResolutionMetadata" if function is _RESOLVE else "didDereferencingMetadata": metadata,
        "didDocumentMetadata": result[function.of_content],
    }


def _json(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _preferred(accept: str, offered: list[str]) -> str | None:
    """The media type of those offered that the header field likes best; None if it likes none of them.

    RFC 9110, section 12.5.1. Of those that it likes as well, the first that is offered.
    """
    ranges = dict(_range(each) for each in accept.split(",") if each.strip()) or {"*/*": 1.0}

    def quality(media_type: str) -> float:
        kind = media_type.partition("/")[0]
        return next((ranges[each] for each in (media_type, f"{kind}/*", "*/*") if each in ranges), 0.0)

    best = max(offered, key=quality)
    return best if quality(best) > 0 else None


def _range(text: str) -> tuple[str, float]:
    """A media range, of whose parameters only `profile` is kept, and its quality; 0 for one that is malformed."""
    media_range, *parameters = (part.strip().lower() for part in text.split(";"))
    quality = 1.0
    for parameter in parameters:
        name, _, value = (part.strip() for part in parameter.partition("="))
        if name == "profile":
            media_range += f";profile={value}"
        elif name == "q":
            quality = float(value) if _QUALITY.fullmatch(value) else 0.0
    return media_range, quality
