"""The keys of the vectors. They are published: whoever uses them for anything else gives that thing away.

The private key of a name and a type is the SHA-512 hash of the text `SEED`, cut to the length of the type's private
keys.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Final

from did import PrivateKey, did_jwk, did_key, did_key_jwk_jcs
from vc_core import LocalSigner

SEED: Final = "vc-core test vectors: the {type} key of the {name}"
_LENGTHS: Final = {"Ed25519": 32, "P-256": 32, "P-384": 48, "secp256k1": 32}
TYPES: Final = tuple(_LENGTHS)


@cache
def private_key(name: str, key_type: str) -> PrivateKey:
    """The private key that `name` has of this type."""
    digest = hashlib.sha512(SEED.format(type=key_type, name=name).encode()).digest()
    return PrivateKey(key_type, digest[: _LENGTHS[key_type]])


@cache
def did_of(name: str, key_type: str) -> str:
    """The did:key of that key."""
    return did_key(private_key(name, key_type).public_key)


def method_of(did: str) -> str:
    """The DID URL of the one verification method of a did:key or did:jwk."""
    return f"{did}#0" if did.startswith("did:jwk:") else f"{did}#{did.removeprefix('did:key:')}"


def signer_of(name: str, key_type: str, verification_method: str | None = None) -> LocalSigner:
    """Signs with that key; its verification method is that of the did:key, unless another is given."""
    return LocalSigner(private_key(name, key_type), verification_method or method_of(did_of(name, key_type)))


def all_dids(name: str, key_type: str) -> dict[str, str]:
    """Every DID that consists of that key, by the way in which it is written."""
    key = private_key(name, key_type).public_key
    return {"did:key": did_key(key), "did:key with a JWK": did_key_jwk_jcs(key), "did:jwk": did_jwk(key)}
