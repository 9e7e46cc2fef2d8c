"""From a DID URL to what it names: a document, a part of one, or the URLs of services (DID Resolution 1.0, section 5).

Nothing that a document names is followed: no service, no controller, no DID URL in the place of a service.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final, NamedTuple, cast

from did.document import RELATIONSHIPS, DIDDocument, Json
from did.errors import (
    Deactivated,
    DIDError,
    FeatureNotSupported,
    InvalidDID,
    InvalidVerificationMethod,
    NotFound,
    RepresentationNotSupported,
    shown,
)
from did.percent import percent_decoded
from did.reference import below
from did.resolver import Resolver, problem
from did.url import DIDURL
from did.version_time import parse_version_time

DOCUMENT: Final = "application/did"
DOCUMENT_TYPES: Final = (DOCUMENT, "application/did+ld+json", "application/did+json")
URI_LIST: Final = "text/uri-list"

_PARAMETERS: Final = frozenset({"service", "serviceType", "relativeRef", "versionId", "versionTime"})


class Content(NamedTuple):
    """What a DID URL names: a document or a part of one, as JSON, or a list of URLs, as the media type says.

    `metadata` are those of the DID document.
    """

    content: dict[str, Json] | list[str]
    media_type: str
    metadata: dict[str, Json]


def dereference(
    did_url: str,
    resolver: Resolver,
    *,
    accept: str = DOCUMENT,
    at: datetime | None = None,
    verification_relationship: str | None = None,
) -> Content:
    """What `did_url` names, of the media type `accept`: one of `DOCUMENT_TYPES`, or `URI_LIST` for URLs of services.

    Without a path and a query that is the document; with a fragment, its verification method or service of that id,
    which has to be authorised for `verification_relationship` if one is given. The parameters `service` and
    `serviceType` leave the services that they select in the document, or give the URLs of their endpoints, below
    which `relativeRef` then is. `versionTime`, or `at` in its place, is the time that the document is of.

    Raises `InvalidDID` with the code INVALID_DID_URL for a URL that is malformed, has a parameter twice, or would lead
    out of an endpoint; `InvalidOptions` for a time that is none; `FeatureNotSupported` for `versionId`; `NotFound`
    where there is nothing; `RepresentationNotSupported`; `InvalidVerificationMethod` as `DIDDocument` does; and what
    the resolver raises.
    """
    url = DIDURL.parse(did_url)
    parameters = _parameters(url)
    if "versionId" in parameters:
        raise FeatureNotSupported("versions of documents are looked up by their time, not by an id")
    if "versionTime" in parameters:
        at = parse_version_time(parameters["versionTime"])
    of_services = not parameters.keys().isdisjoint({"service", "serviceType"})
    if url.path or ("relativeRef" in parameters and not of_services) or not parameters.keys() <= _PARAMETERS:
        raise NotFound(f"{shown(did_url, 256)} has a path or a query that means nothing for its method")
    if accept not in (*DOCUMENT_TYPES, *([URI_LIST] if of_services else ())):
        raise RepresentationNotSupported(f"what {shown(did_url, 256)} names is not of the type {shown(accept)}")
    if verification_relationship is not None and (of_services or url.fragment is None):
        raise InvalidVerificationMethod(f"{shown(did_url, 256)} names no verification method")
    document = resolver.resolve(url.did, at=at)
    if not of_services:
        content = document.json if url.fragment is None else _part(document, url, verification_relationship)
        return Content(content, accept, document.metadata)
    services = list(_selected(document, parameters))
    if not services:
        raise NotFound(f"the document has no service that {shown(did_url, 256)} selects")
    if accept == URI_LIST:
        return Content(_endpoints(services, parameters.get("relativeRef"), url.fragment), accept, document.metadata)
    if url.fragment is not None:
        raise NotFound("a fragment is one of the whole document, not of one with some of its services")
    return Content(document.json | {"service": cast("Json", services)}, accept, document.metadata)


def dereferencing_result(
    did_url: str,
    resolver: Resolver,
    *,
    accept: str = DOCUMENT,
    at: datetime | None = None,
    verification_relationship: str | None = None,
) -> dict[str, Json]:
    """The DID URL dereferencing result as JSON (DID Resolution 1.0, sections 5 and 10). Raises no `DIDError`."""
    try:
        found = dereference(
            did_url, resolver, accept=accept, at=at, verification_relationship=verification_relationship
        )
    except Deactivated:
        return {"content": None, "dereferencingMetadata": {}, "contentMetadata": {"deactivated": True}}
    except DIDError as error:
        return {"content": None, "dereferencingMetadata": {"error": _problem(error)}, "contentMetadata": {}}
    return {
        "content": cast("Json", found.content),
        "dereferencingMetadata": {"contentType": found.media_type},
        "contentMetadata": found.metadata,
    }


def _problem(error: DIDError) -> dict[str, Json]:
    match error:
        case InvalidDID(code="INVALID_DID_URL"):
            return {"type": f"{_DID}INVALID_DID_URL", "title": "The DID URL is malformed", "detail": error.detail}
        case InvalidVerificationMethod():
            title = "The verification method cannot be used"
            return {"type": f"https://w3id.org/security#{error.code}", "title": title, "detail": error.detail}
    return problem(error)


_DID: Final = "https://www.w3.org/ns/did#"


def _parameters(url: DIDURL) -> dict[str, str]:
    """The parameters of the query by name, decoded; one without a value is empty."""
    parameters: dict[str, str] = {}
    for parameter in url.query.split("&") if url.query else ():
        name, _, value = parameter.partition("=")
        if name in parameters:
            raise _invalid(url, f"the parameter {shown(name)} twice")
        decoded = percent_decoded(value)
        if decoded is None:
            raise _invalid(url, f"the parameter {shown(name)}, which is not UTF-8")
        parameters[name] = decoded
    return parameters


def _invalid(url: DIDURL, what: str) -> InvalidDID:
    return InvalidDID(f"{shown(str(url), 256)} has {what}", code="INVALID_DID_URL")


def _part(document: DIDDocument, url: DIDURL, relationship: str | None) -> dict[str, Json]:
    """The verification method or service of the document that the fragment of `url` names, with its context."""
    absolute = f"{url.did}#{url.fragment}"
    if relationship is not None:
        document.verification_method(absolute, relationship=relationship)
    tree = document.json
    for name in ("verificationMethod", *RELATIONSHIPS, "service"):
        for entry in _objects(tree.get(name)):
            if _absolute(entry.get("id"), url.did) == absolute:
                context: dict[str, Json] = {"@context": tree["@context"]} if "@context" in tree else {}
                return context | entry | {"id": absolute}
    raise NotFound(f"{shown(absolute, 256)} is not in its document")


def _objects(entries: Json) -> Iterator[dict[str, Json]]:
    return (entry for entry in (entries if isinstance(entries, list) else ()) if isinstance(entry, dict))


def _absolute(reference: Json, did: str) -> Json:
    return did + reference if isinstance(reference, str) and reference.startswith("#") else reference


def _selected(document: DIDDocument, parameters: Mapping[str, str]) -> Iterator[dict[str, Json]]:
    """The services with the id, and of the type, that the parameters name; each has all that the document says."""
    wanted = parameters.get("service")
    names = {_absolute(wanted, document.id), f"{document.id}#{wanted}"}
    for service in _objects(document.json.get("service")):
        types = service.get("type")
        has_id = wanted is None or _absolute(service.get("id"), document.id) in names
        has_type = "serviceType" not in parameters or parameters["serviceType"] in (
            types if isinstance(types, list) else [types]
        )
        if has_id and has_type:
            yield service


def _endpoints(services: list[dict[str, Json]], reference: str | None, fragment: str | None) -> list[str]:
    """The URLs of the endpoints, with the reference below them; an endpoint that is an object has none."""
    endpoints = [service.get("serviceEndpoint") for service in services]
    several = [each if isinstance(each, list) else [each] for each in endpoints]
    urls = [below(each, reference, fragment) for some in several for each in some if isinstance(each, str)]
    if not urls:
        raise NotFound("the services that are selected have no endpoint that is a URL")
    return urls
