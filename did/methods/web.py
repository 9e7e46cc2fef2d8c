"""did:web: the DID is the place of its document on the web. And https URLs, which are that place themselves.

The did:web method specification; Controlled Identifiers 1.0, section 2.1.1.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from did.document import DIDDocument
from did.errors import InvalidDID, shown
from did.methods.fetched import fetched_document
from did.methods.method import Fetch
from did.url import DIDURL, HTTPS, HttpsURL, check_identifier

ACCEPT: Final = "application/did, application/did+ld+json, application/did+json, application/json, */*;q=0.1"
ACCEPT_CONTROLLED_IDENTIFIER: Final = "application/cid, application/did, application/json, */*;q=0.1"

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_WEB: Final = re.compile(
    rf"(?P<domain>(?:{_LABEL}\.)*(?=[a-z]){_LABEL})(?:%3A(?P<port>[1-9][0-9]{{0,4}}))?(?P<path>(?::[A-Za-z0-9._-]+)*)"
)
_LONGEST_DOMAIN: Final = 253


def resolve(did: DIDURL, fetch: Fetch | None = None, /, *, at: datetime | None = None) -> DIDDocument:  # noqa: ARG001  (it has no history)
    """The present document of a did:web, whatever the time.

    Raises `InvalidDID` where `document_url` does; otherwise as `fetched_document` does, so a document with another
    `id` is refused, and one that is not there, or cannot be had, is not found.
    """
    return fetched_document(did.did, document_url(did), fetch, accept=ACCEPT)


def resolve_url(url: str, fetch: Fetch | None = None, /) -> DIDDocument:
    """The present controlled identifier document that the https URL `url` names. Raises as `resolve` does."""
    check_identifier(url)
    if not url.startswith(HTTPS):
        raise InvalidDID(f"{shown(url, 256)} is not an https URL")
    return fetched_document(url, url, fetch, accept=ACCEPT_CONTROLLED_IDENTIFIER)


def document_url(did: DIDURL) -> str:
    """The https URL of the document of a did:web.

    Raises `InvalidDID` if the DID is not a domain name in lower case, as it is in DNS, with a last label that no IP
    address can end in; then a port, or none, behind a colon that is percent-encoded in upper case; then segments of a
    path, none of them empty or made of dots. So there is one DID of a URL, and nothing in it is decoded but the colon.
    """
    match = _WEB.fullmatch(did.method_specific_id)
    if match is None or len(match["domain"]) > _LONGEST_DOMAIN or int(match["port"] or 0) > 0xFFFF:
        raise InvalidDID(f"{shown(did.did, 256)} is not a domain name with a port and a path as did:web has them")
    domain, port, segments = match["domain"], match["port"], match["path"].split(":")[1:]
    if not {".", ".."}.isdisjoint(segments):
        raise InvalidDID(f"{shown(did.did, 256)} has a path that leads elsewhere")
    path = "".join(f"/{segment}" for segment in segments or [".well-known"]) + "/did.json"
    url = f"{HTTPS}{domain}{'' if port is None else f':{port}'}{path}"
    if HttpsURL.parse(url) != (domain, port, path, None, None):
        raise InvalidDID(f"{shown(did.did, 256)} makes a URL that others could read otherwise")
    return url
