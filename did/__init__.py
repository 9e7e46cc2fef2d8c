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

from did.dereferencing import Content, dereference, dereferencing_result
from did.document import RELATIONSHIPS, DIDDocument
from did.driver import Answer, driver
from did.errors import (
    Deactivated,
    DIDError,
    FeatureNotSupported,
    InvalidDID,
    InvalidDIDDocument,
    InvalidEncoding,
    InvalidKey,
    InvalidOptions,
    InvalidVerificationMethod,
    MethodNotSupported,
    NotAsked,
    NotFound,
    RepresentationNotSupported,
    Unavailable,
)
from did.jwt_vc_issuer import jwt_vc_issuer
from did.keys import PrivateKey, PublicKey
from did.live import LiveResolver
from did.methods import METHODS, SELF_DESCRIBING, Fetch, Method, Postponed, Response, ebsi_method
from did.methods.jwk import did_jwk
from did.methods.key import did_key, did_key_jwk_jcs
from did.recording import RecordingResolver
from did.resolver import Resolver, StaticResolver, resolution_result, resolve
from did.universal import UniversalResolver, universal_method
from did.url import DIDURL
from did.verification_method import VerificationMethod

__all__ = [
    "DIDURL",
    "METHODS",
    "RELATIONSHIPS",
    "SELF_DESCRIBING",
    "Answer",
    "Content",
    "DIDDocument",
    "DIDError",
    "Deactivated",
    "FeatureNotSupported",
    "Fetch",
    "InvalidDID",
    "InvalidDIDDocument",
    "InvalidEncoding",
    "InvalidKey",
    "InvalidOptions",
    "InvalidVerificationMethod",
    "LiveResolver",
    "Method",
    "MethodNotSupported",
    "NotAsked",
    "NotFound",
    "Postponed",
    "PrivateKey",
    "PublicKey",
    "RecordingResolver",
    "RepresentationNotSupported",
    "Resolver",
    "Response",
    "StaticResolver",
    "Unavailable",
    "UniversalResolver",
    "VerificationMethod",
    "dereference",
    "dereferencing_result",
    "did_jwk",
    "did_key",
    "did_key_jwk_jcs",
    "driver",
    "ebsi_method",
    "jwt_vc_issuer",
    "resolution_result",
    "resolve",
    "universal_method",
]
