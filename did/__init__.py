"""Decentralized identifiers, their documents, and the keys in them. Knows no credential, and opens no socket.

>>> import did
>>> document = did.resolve("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")
>>> method = document.verification_method(
...     "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
...     "#z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
...     relationship="assertionMethod",
... )
>>> method.public_key.type, len(method.public_key.raw)
('Ed25519', 32)
"""

from did.document import RELATIONSHIPS, DIDDocument
from did.errors import (
    DIDError,
    InvalidDID,
    InvalidDIDDocument,
    InvalidEncoding,
    InvalidKey,
    InvalidVerificationMethod,
    MethodNotSupported,
    NotFound,
)
from did.jwt_vc_issuer import jwt_vc_issuer
from did.keys import PrivateKey, PublicKey
from did.methods import METHODS, Fetch, Method
from did.methods.jwk import did_jwk
from did.methods.key import did_key, did_key_jwk_jcs
from did.resolver import Resolver, StaticResolver, resolution_result, resolve
from did.url import DIDURL
from did.verification_method import VerificationMethod

__all__ = [
    "DIDURL",
    "METHODS",
    "RELATIONSHIPS",
    "DIDDocument",
    "DIDError",
    "Fetch",
    "InvalidDID",
    "InvalidDIDDocument",
    "InvalidEncoding",
    "InvalidKey",
    "InvalidVerificationMethod",
    "Method",
    "MethodNotSupported",
    "NotFound",
    "PrivateKey",
    "PublicKey",
    "Resolver",
    "StaticResolver",
    "VerificationMethod",
    "did_jwk",
    "did_key",
    "did_key_jwk_jcs",
    "jwt_vc_issuer",
    "resolution_result",
    "resolve",
]
