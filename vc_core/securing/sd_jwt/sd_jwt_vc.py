"""The rules of SD-JWT VC for the claims of a credential (draft-ietf-oauth-sd-jwt-vc, section 2.2.2)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from vc_core.document import Json
from vc_core.result import Problem

_OF_EVERY_KIND: Final = frozenset(
    {
        *("iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status"),
        "aud",  # RFC 9901, section 9.7
        "@context",  # what all else in a W3C credential means
    }
)
NEVER_HIDDEN: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "dc+sd-jwt": _OF_EVERY_KIND,
        "vc+sd-jwt": _OF_EVERY_KIND
        | {"type", "issuer", "validFrom", "validUntil", "credentialStatus", "credentialSchema", "relatedResource"},
        "vp+sd-jwt": _OF_EVERY_KIND | {"nonce", "iat"},
    }
)
"""Claims of which not even a part may be hidden, by the kind of token, because the verdict rests on them.

SD-JWT VC, section 2.2.2.2; VC-JOSE-COSE 1.0, section 3.2.1; RFC 9901, section 9.7.
"""

_TEXTS: Final = ("sub", "jti", "vct#integrity")
_OBJECTS: Final = ("cnf", "status")
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+:[^\x00-\x20<>\"{}|\\^`\x7f]++").fullmatch


def problems_of_sd_jwt_vc(claims: Mapping[str, Json]) -> list[Problem]:
    """What the processed payload of an SD-JWT VC breaks of the rules for its claims; for times see `jwt`.

    `iss` is required, more than the draft asks: of the ways to know the issuer, it is the one that is supported.
    """
    problems: list[Problem] = []
    vct = claims.get("vct")
    if not isinstance(vct, str) or not _is_string_or_uri(vct):
        problems.append(_malformed("vct is missing, or neither a URI nor another text", "/vct"))
    if not isinstance(issuer := claims.get("iss"), str) or not _URL(issuer):
        problems.append(_malformed("iss is missing, or not one absolute URL", "/iss"))
    problems += [
        _malformed(f"{name} is not a text", f"/{name}") for name in _TEXTS if not isinstance(claims.get(name, ""), str)
    ]
    problems += [
        _malformed(f"{name} is not an object, or an empty one", f"/{name}")
        for name in _OBJECTS
        if name in claims and not (isinstance(value := claims[name], dict) and value)
    ]
    return problems


def _is_string_or_uri(text: str) -> bool:
    """Whether this is a StringOrURI, and not empty (RFC 7519, section 2)."""
    return _URL(text) is not None if ":" in text else bool(text)


def _malformed(detail: str, at: str) -> Problem:
    return Problem("MALFORMED_VALUE_ERROR", detail, at)
