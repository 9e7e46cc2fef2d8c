"""The keys of the vectors. They are published: whoever uses them for anything else gives that thing away.

The private key of a name and a type is the SHA-512 hash of the text `SEED`, cut to the length of the type's private
keys, with zeros before it where it is shorter. The primes of an RSA key, of 1024 bits each, are what SHAKE256 makes of
the text followed by `, p` or `, q`, with the first two bits and the last one set, and the number in `_TO_PRIMES` added.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Final

from did import PrivateKey, did_jwk, did_key, did_key_jwk_jcs
from did.rsa import encode_private
from vc_core import LocalSigner

SEED: Final = "vc-core test vectors: the {type} key of the {name}"
_LENGTHS: Final = {"Ed25519": 32, "P-256": 32, "P-384": 48, "P-521": 66, "secp256k1": 32}
_TO_PRIMES: Final = {"issuer": (238, 102), "stranger": (110, 394)}
_EXPONENT: Final = 65537
TYPES: Final = (*_LENGTHS, "RSA")


@cache
def private_key(name: str, key_type: str) -> PrivateKey:
    """The private key that `name` has of this type."""
    if key_type == "RSA":
        return PrivateKey("RSA", _rsa(name))
    digest = hashlib.sha512(SEED.format(type=key_type, name=name).encode()).digest()
    return PrivateKey(key_type, digest[: _LENGTHS[key_type]].rjust(_LENGTHS[key_type], b"\0"))


def _rsa(name: str) -> bytes:
    p, q = (_prime(name, letter, step) for letter, step in zip("pq", _TO_PRIMES[name], strict=True))
    d = pow(_EXPONENT, -1, (p - 1) * (q - 1))
    return encode_private(p * q, _EXPONENT, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p))


def _prime(name: str, letter: str, step: int) -> int:
    text = f"{SEED.format(type='RSA', name=name)}, {letter}"
    digest = bytearray(hashlib.shake_256(text.encode()).digest(128))
    digest[0] |= 0xC0
    digest[-1] |= 1
    return int.from_bytes(digest, "big") + step


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
