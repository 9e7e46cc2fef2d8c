"""The identifier of a did:webvh: an SCID, and a place on the web (did:webvh 1.0, Method-Specific Identifier)."""

from __future__ import annotations

import re
from typing import Final

from did.errors import InvalidDID, shown
from did.methods import web
from did.url import DIDURL, parse_did

LOG: Final = "did.jsonl"
"""The file of the log."""

_IDENTIFIER: Final = re.compile(r"(?P<scid>[1-9A-HJ-NP-Za-km-z]{46}):(?P<place>[^.:%]+\..+)")


def log_url(did: DIDURL) -> str:
    """The https URL of the log of a did:webvh: that of the document of a did:web of the same place, but for its file.

    Raises `InvalidDID` if the DID does not begin with an SCID, or goes on as no did:web does: with a domain name of at
    least two labels in lower case, then a port or none, then segments of a path (The DID to HTTPS Transformation).
    """
    _, place = _parts(did)
    try:
        url = web.document_url(parse_did(f"did:web:{place}"))
    except InvalidDID as error:
        raise InvalidDID(f"{shown(did.did, 256)} names no place: {error.detail}") from error
    return url.removesuffix("did.json") + LOG


def scid_of(did: DIDURL) -> str:
    """The self-certifying identifier in a did:webvh. Raises `InvalidDID` if there is none."""
    return _parts(did)[0]


def _parts(did: DIDURL) -> tuple[str, str]:
    """The SCID, and the place behind it."""
    match = _IDENTIFIER.fullmatch(did.method_specific_id)
    if match is None:
        raise InvalidDID(f"{shown(did.did, 256)} is not an SCID, 46 characters of base58btc, and a domain name")
    return match["scid"], match["place"]
