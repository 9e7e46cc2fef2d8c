"""SD-JWTs (RFC 9901), made by hand. A salt, which an issuer draws at random, follows here from what it is for."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from vectors.making.credentials import Claims, text
from vectors.making.keys import did_of
from vectors.making.signing import compact, encoded, header

ISSUER: Final = did_of("issuer", "Ed25519")
TYPE: Final = "https://credentials.example/micro"
"""The `vct` of every SD-JWT VC here."""


def salt(*content: object) -> str:
    """128 bits for a claim of this name and value."""
    return encoded(hashlib.sha256(json.dumps(content).encode()).digest()[:16]).decode()


def disclosure(*content: object) -> str:
    """The disclosure of a member, by its name and value, or of an element of an array, by its value."""
    return of_text(json.dumps([salt(*content), *content], ensure_ascii=False))


def of_text(array: str) -> str:
    """The disclosure whose JSON is this text, whatever it says."""
    return encoded(array.encode()).decode()


def digest(disclosed: str, function: str = "sha256") -> str:
    """The digest of a disclosure."""
    return encoded(hashlib.new(function, disclosed.encode()).digest()).decode()


def slot(disclosed: str) -> Claims:
    """What stands in an array for an element."""
    return {"...": digest(disclosed)}


def sd_jwt(payload: Claims, *disclosures: str, head: Claims | None = None, name: str = "issuer") -> bytes:
    """The SD-JWT of this payload with these disclosures; it is an SD-JWT VC unless the header says otherwise."""
    token = compact(head or header("dc+sd-jwt"), payload, name=name)
    return b"~".join((token, *(each.encode() for each in disclosures), b""))


def vc(**claims: object) -> Claims:
    """The claims of an SD-JWT VC."""
    return {"vct": TYPE, "iss": ISSUER, "sub": "did:example:learner", **claims}


def in_json(token: bytes, *, general: bool = False, **members: Any) -> bytes:
    """An SD-JWT in a JSON serialization (RFC 9901, section 8); `members` are put into the unprotected header."""
    jwt, *disclosures, bound = token.decode().split("~")
    protected, payload, signature = jwt.split(".")
    unprotected = {"disclosures": disclosures, **({"kb_jwt": bound} if bound else {}), **members}
    signed = {"protected": protected, "signature": signature, "header": unprotected}
    return text({"payload": payload, "signatures": [signed]} if general else {"payload": payload, **signed})
