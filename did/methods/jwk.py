"""did:jwk: the DID is a JWK, in whatever serialisation its maker chose; it is never written anew."""

from __future__ import annotations

from datetime import datetime

from did.document import FOR_SIGNATURES, RELATIONSHIPS, DIDDocument
from did.errors import InvalidDID, InvalidDIDDocument, InvalidEncoding, InvalidKey, shown
from did.jwk import parse_jwk, type_name
from did.key_types import KEY_TYPES
from did.keys import PublicKey
from did.methods.method import Fetch
from did.multibase import decode_base64url, encode_base64url
from did.url import DIDURL


def resolve(did: DIDURL, _fetch: Fetch | None = None, /, *, at: datetime | None = None) -> DIDDocument:  # noqa: ARG001  (it is the same at any time)
    """The document of a did:jwk, whose one verification method is `#0`.

    Raises `InvalidDID` if the JWK is not strict JSON, holds private members, is symmetric, or is not a valid
    key of the type it names. Keys of types that are not supported resolve, and cannot be used.
    """
    try:
        return _document(did.did, parse_jwk(decode_base64url(did.method_specific_id)))
    except (InvalidDIDDocument, InvalidEncoding, InvalidKey) as error:
        raise InvalidDID(f"a did:jwk that cannot be used: {error.detail}") from error  # it may hold a private key


def did_jwk(public_key: PublicKey) -> str:
    """The did:jwk of a public key, from the required members of its JWK."""
    return f"did:jwk:{encode_base64url(public_key.canonical_jwk)}"


def _document(did: str, jwk: dict[str, object]) -> DIDDocument:
    kty, name = jwk.get("kty"), type_name(jwk)
    if not isinstance(kty, str) or kty == "oct":
        raise InvalidKey(f"a JWK of the kty {shown(kty)} is not a public key")
    relationships = _relationships(jwk)
    method_id = f"{did}#0"
    keys = {}
    if "assertionMethod" in relationships and isinstance(name, str) and name in KEY_TYPES:
        keys[method_id] = PublicKey.from_jwk(jwk)
    document = {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"],
        "id": did,
        "verificationMethod": [{"id": method_id, "type": "JsonWebKey2020", "controller": did, "publicKeyJwk": jwk}],
        **{name: [method_id] for name in relationships},
    }
    return DIDDocument.parse(document, did, keys=keys)


def _relationships(jwk: dict[str, object]) -> tuple[str, ...]:
    """The relationships that the `use` of the JWK allows: all of them if it does not say."""
    if "use" not in jwk:
        return RELATIONSHIPS
    if jwk["use"] == "sig":
        return FOR_SIGNATURES
    if jwk["use"] == "enc":
        return ("keyAgreement",)
    raise InvalidKey(f"the use of the JWK, {shown(jwk['use'])}, is neither sig nor enc")
