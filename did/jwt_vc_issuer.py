"""JWT VC Issuer Metadata: the keys of an issuer that is named by an https URL.

SD-JWT-based Verifiable Credentials (draft-ietf-oauth-sd-jwt-vc), section "JWT VC Issuer Metadata"; JWK Sets of RFC
7517, section 5.
"""

from __future__ import annotations

import re
from typing import Final

from did.document import DIDDocument
from did.errors import InvalidDID, InvalidDIDDocument, shown
from did.jwk import has_private_members
from did.url import HTTPS, check_identifier

_NOT_IN_FRAGMENTS: Final = re.compile(rb"[^A-Za-z0-9._~-]")


def jwt_vc_issuer(metadata: object, issuer: str) -> DIDDocument:
    """The metadata of `issuer` as a controlled identifier document, whose `json` a resolver or evidence can hold.

    Each key of its `jwks` that has a `kid` is a verification method for assertions, with the id `issuer#kid`, where
    what cannot stand in a fragment is percent-encoded. A key without a `kid` is left out: no token can name it.

    Raises `InvalidDID` if `issuer` is not an https URL without query and fragment, and `InvalidDIDDocument` if the
    metadata are not those of `issuer`, or have a `jwks_uri` in place of the keys, a `kid` twice, or private or
    symmetric keys. The other rules are those of `DIDDocument.parse`.
    """
    check_identifier(issuer)
    if not issuer.startswith(HTTPS) or "?" in issuer:
        raise InvalidDID(f"{shown(issuer, 256)} is not an https URL without a query")
    if not isinstance(metadata, dict) or metadata.get("issuer") != issuer:
        raise InvalidDIDDocument(
            f"the metadata are not those of {shown(issuer, 256)}", code="INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"
        )
    methods = [
        {"id": f"{issuer}#{_fragment(key['kid'])}", "type": "JsonWebKey", "controller": issuer, "publicKeyJwk": key}
        for key in _keys(metadata)
        if "kid" in key
    ]
    document = {
        "@context": "https://www.w3.org/ns/cid/v1",
        "id": issuer,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
    return DIDDocument.parse(document, issuer)


def _keys(metadata: dict[str, object]) -> list[dict[str, object]]:
    jwks = metadata.get("jwks")
    if "jwks_uri" in metadata or not isinstance(jwks, dict) or not isinstance(jwks.get("keys"), list):
        raise InvalidDIDDocument("the metadata have to hold the keys themselves, as the keys of a jwks")
    for key in jwks["keys"]:
        if not isinstance(key, dict):
            raise InvalidDIDDocument("a key of the jwks is not an object")
        if has_private_members(key):
            raise InvalidDIDDocument("a key of the jwks is private or symmetric: it has to be taken as compromised")
    return list(jwks["keys"])


def _fragment(kid: object) -> str:
    try:
        text = kid.encode() if isinstance(kid, str) else b""
    except UnicodeEncodeError:
        text = b""
    if not text:
        raise InvalidDIDDocument(f"the kid of a key is {shown(kid)}, which is no text or an empty one")
    return _NOT_IN_FRAGMENTS.sub(lambda found: b"%%%02X" % found[0][0], text).decode()
