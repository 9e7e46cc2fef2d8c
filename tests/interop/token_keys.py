"""The keys of all sides: made anew in each run, so that every form of a number occurs sooner or later."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from did import PrivateKey, StaticResolver, did_key
from vc_core import LocalSigner

KEY_TYPES: Final = {
    "EdDSA": "Ed25519",
    "Ed25519": "Ed25519",
    "ES256": "P-256",
    "ES384": "P-384",
    "ES512": "P-521",
    "ES256K": "secp256k1",
    "PS256": "RSA",
    "RS256": "RSA",
}
"""The type of key by the name of the algorithm in a header; `EdDSA` and `Ed25519` are one algorithm (RFC 9864)."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key pair and the name of the algorithm that it is used with; its did:key is who uses it."""

    alg: str
    private: PrivateKey

    @property
    def did(self) -> str:
        return did_key(self.private.public_key)

    @property
    def kid(self) -> str:
        return f"{self.did}#{self.private.public_key.multikey}"

    @property
    def signer(self) -> LocalSigner:
        return LocalSigner(self.private, self.kid, algorithm="Ed25519" if self.alg == "EdDSA" else self.alg)

    @property
    def public_jwk(self) -> dict[str, Any]:
        return dict(self.private.public_key.jwk)

    @property
    def to_sign(self) -> dict[str, Any]:
        """The key as the JavaScript peer takes it, to sign with."""
        return {"alg": self.alg, "jwk": dict(self.private.jwk)}

    @property
    def to_verify(self) -> dict[str, Any]:
        """The same, to verify with."""
        return {"alg": self.alg, "jwk": self.public_jwk}


@cache
def key_of(alg: str, whose: str = "issuer") -> Key:
    """The key of somebody for an algorithm; of a type, each has one."""
    return Key(alg, _private(KEY_TYPES[alg], whose))


@cache
def _private(key_type: str, whose: str) -> PrivateKey:
    return PrivateKey.generate(key_type)


RESOLVER: Final = StaticResolver()
"""Knows the did:keys."""
