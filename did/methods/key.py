"""did:key: the DID is a public key.

Two encodings are read: the Multikey of the did:key method, and EBSI's for natural persons, a JWK in canonical
form behind the multicodec `jwk_jcs-pub`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from did.document import DIDDocument, Json
from did.errors import InvalidDID, InvalidEncoding, InvalidKey
from did.jwk import parse_jwk
from did.keys import PublicKey
from did.methods.method import Fetch
from did.multibase import decode_base58btc, encode_base58btc, join_multicodec, split_multicodec
from did.url import DIDURL

JWK_JCS_PUB: Final = 0xEB51
"""The multicodec of a public JWK in canonical form."""


def resolve(did: DIDURL, _fetch: Fetch | None = None, /, *, at: datetime | None = None) -> DIDDocument:  # noqa: ARG001  (it is the same at any time)
    """The document of a did:key: one verification method, for everything but key agreement.

    Raises `InvalidDID` for keys that are invalid or not for signatures, and for every text but the one of
    its key. So a version before the key (`did:key:1:z...`) is refused: the method's syntax has none. No
    X25519 key is derived from an Ed25519 key, which the method leaves to the implementation.
    """
    try:
        return _document(did.did, did.method_specific_id)
    except (InvalidEncoding, InvalidKey) as error:
        raise InvalidDID(f"a did:key that cannot be used: {error.detail}") from error  # it may hold a private key


def did_key(public_key: PublicKey) -> str:
    """The did:key of a public key, as the did:key method writes it."""
    return f"did:key:{public_key.multikey}"


def did_key_jwk_jcs(public_key: PublicKey) -> str:
    """The did:key of a public key, as EBSI writes it for natural persons."""
    return "did:key:z" + encode_base58btc(join_multicodec(JWK_JCS_PUB, public_key.canonical_jwk))


def _document(did: str, multibase: str) -> DIDDocument:
    if not multibase.startswith("z"):
        raise InvalidKey("the key is not in base58btc")
    code, data = split_multicodec(decode_base58btc(multibase[1:]))
    method: dict[str, Json] = {"id": f"{did}#{multibase}", "controller": did}
    if code == JWK_JCS_PUB:
        key = PublicKey.from_jwk(parse_jwk(data))
        if key.canonical_jwk != data:
            raise InvalidKey("the JWK is not in canonical form")
        context = "https://w3id.org/security/suites/jws-2020/v1"
        method |= {"type": "JsonWebKey2020", "publicKeyJwk": dict(key.jwk)}
    else:
        key = PublicKey.from_multicodec(code, data)
        context = "https://w3id.org/security/multikey/v1"
        method |= {"type": "Multikey", "publicKeyMultibase": multibase}
    return DIDDocument.of_key(did, ["https://www.w3.org/ns/did/v1", context], method, key)
