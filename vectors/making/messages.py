"""COSE_Sign1 messages (RFC 9052), made by hand: of any header and payload, whatever they say."""

from __future__ import annotations

from typing import Any, Final

import cbor2

from vectors.making.credentials import Claims, text
from vectors.making.keys import did_of, method_of
from vectors.making.signing import sign

ALG, CONTENT_TYPE, KID, CWT_CLAIMS, TYP = 1, 3, 4, 15, 16
ISS, AUD, EXP, NBF, IAT, NONCE = 1, 3, 4, 5, 6, 10
TAG: Final = b"\xd2"
_USUAL: Final = {"Ed25519": -8, "P-256": -7, "P-384": -35, "P-521": -36, "secp256k1": -47, "RSA": -37}


def header(
    kind: str, members: dict[Any, Any] | None = None, *, name: str = "issuer", key_type: str = "Ed25519"
) -> dict[Any, Any]:
    """A protected header for a message of that type, by the key of the did:key; `members` are put in its place."""
    kid = method_of(did_of(name, key_type)).encode()
    return {ALG: _USUAL[key_type], KID: kid, TYP: f"application/{kind}"} | (members or {})


def message(
    protected: dict[Any, Any] | bytes,
    payload: Claims | bytes,
    *,
    unprotected: dict[Any, Any] | bytes = b"\xa0",
    name: str = "issuer",
    key_type: str = "Ed25519",
) -> bytes:
    """The tagged message of this header and this payload, or of these bytes of them, signed by the key of `name`."""
    encoded = protected if isinstance(protected, bytes) else cbor2.dumps(protected, canonical=True)
    data = payload if isinstance(payload, bytes) else text(payload)
    signature = sign(cbor2.dumps(["Signature1", encoded, b"", data]), name=name, key_type=key_type)
    others = unprotected if isinstance(unprotected, bytes) else cbor2.dumps(unprotected, canonical=True)
    return TAG + b"\x84" + cbor2.dumps(encoded) + others + cbor2.dumps(data) + cbor2.dumps(signature)


def with_payload(made: bytes, payload: Claims | None) -> bytes:
    """The message with another payload, or none, under the signature that it has."""
    encoded, unprotected, _, signature = cbor2.loads(made[1:])
    data = None if payload is None else text(payload)
    return TAG + cbor2.dumps([encoded, unprotected, data, signature])


def with_signature(made: bytes, signature: bytes) -> bytes:
    """The message with another signature."""
    encoded, unprotected, data, _ = cbor2.loads(made[1:])
    return TAG + cbor2.dumps([encoded, unprotected, data, signature])
