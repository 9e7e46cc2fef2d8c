"""Public and private keys for signatures, decoded and validated once, when they are made.

Forms: raw bytes, Multikey (Controlled Identifiers 1.0, section 2.2.2), JWK (RFC 7517, 7518, 8037, 8812) and PEM
(RFC 7468). A form is read only in the way in which it is written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Never, Self

from did import pem, rsa
from did.errors import InvalidEncoding, InvalidKey
from did.jwk import has_private_members, number, number_text, octets, signature_key
from did.key_types import (
    ED25519_SMALL_ORDER,
    KEY_TYPES,
    KeyType,
    decode_private,
    decode_public,
    key_type,
    random_secret,
)
from did.multibase import (
    decode_base58btc,
    encode_base58btc,
    encode_base64url,
    join_multicodec,
    split_multicodec,
)

__all__ = ["ED25519_SMALL_ORDER", "PrivateKey", "PublicKey"]

_PUBLIC_CODECS: Final = {each.public_codec: each for each in KEY_TYPES.values()}
_PRIVATE_CODECS: Final = {each.private_codec: each for each in KEY_TYPES.values() if each.private_codec is not None}
_RSA_PRIVATE: Final = ("d", "p", "q", "dp", "dq", "qi")
"""The private members of an RSA key, all of which have to be there (RFC 7518, section 6.3.2)."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A valid public key: `PublicKey(type, raw)` raises `InvalidKey` for anything else.

    `type` is "Ed25519", "P-256", "P-384", "P-521", "secp256k1" or "RSA". `raw` is the canonical form: 32 bytes for
    Ed25519, the DER RSAPublicKey structure for RSA, and for the others the compressed SEC 1 point, which may be
    given uncompressed. `algorithm` is the only one that the key is for, by its name in JOSE (`Ed25519`, not
    `EdDSA`), where the JWK that it was read from says so in `alg`. `handle` is what the signature backend takes:
    `raw` for Ed25519, an `RSAPublicKey` for RSA, an `EllipticCurvePublicKey` for the others.
    """

    type: str
    raw: bytes
    algorithm: str | None = field(default=None, compare=False)
    handle: Any = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        raw, handle = decode_public(key_type(self.type), self.raw)
        object.__setattr__(self, "raw", raw)
        object.__setattr__(self, "handle", handle)

    def __reduce__(self) -> tuple[object, ...]:
        return self.__class__, (self.type, self.raw, self.algorithm)

    @classmethod
    def from_multikey(cls, text: object) -> Self:
        """The key in a `publicKeyMultibase`: the header `z`, a multicodec prefix, the canonical form."""
        return cls.from_multicodec(*_decoded_multikey(text))

    @classmethod
    def from_multicodec(cls, code: int, raw: bytes) -> Self:
        """The key in what a Multikey encodes: the code of its type, and the canonical form."""
        found = _type_of_code(code, _PUBLIC_CODECS)
        key = cls(found.name, raw)
        if key.raw != raw:
            raise InvalidKey(f"a Multikey of type {found.name} is not compressed")
        return key

    @classmethod
    def from_jwk(cls, jwk: object) -> Self:
        """The key in a public JWK. One with private members is refused, and they are not quoted."""
        found, members = signature_key(jwk, "verify")
        algorithm = members.get("alg")
        name = "Ed25519" if algorithm == "EdDSA" else algorithm
        return cls(found.name, _public_octets(found, members), name if isinstance(name, str) else None)

    @classmethod
    def from_pem(cls, data: bytes) -> Self:
        """The key in a PEM file with one SubjectPublicKeyInfo: a named curve, an uncompressed point."""
        return cls(*pem.read_public(data))

    @property
    def multikey(self) -> str:
        """The key as a `publicKeyMultibase`."""
        return "z" + encode_base58btc(join_multicodec(KEY_TYPES[self.type].public_codec, self.raw))

    @property
    def jwk(self) -> dict[str, str]:
        """The required members of the key's JWK, in the order of their names; a new object each time."""
        if self.type == "Ed25519":
            return {"crv": self.type, "kty": "OKP", "x": encode_base64url(self.raw)}
        size, numbers = KEY_TYPES[self.type].size, self.handle.public_numbers()
        if self.type == "RSA":
            return {"e": number_text(numbers.e), "kty": "RSA", "n": number_text(numbers.n)}
        x, y = (encode_base64url(number.to_bytes(size, "big")) for number in (numbers.x, numbers.y))
        return {"crv": self.type, "kty": "EC", "x": x, "y": y}

    @property
    def canonical_jwk(self) -> bytes:
        """The required members as a thumbprint hashes them (RFC 7638, section 3), which is their JCS form."""
        return json.dumps(self.jwk, separators=(",", ":")).encode("ascii")

    @property
    def thumbprint(self) -> str:
        """The SHA-256 JWK thumbprint, base64url (RFC 7638)."""
        return encode_base64url(hashlib.sha256(self.canonical_jwk).digest())

    def to_pem(self) -> bytes:
        """The key as a PEM file with one SubjectPublicKeyInfo."""
        return pem.write_public(self.handle)


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A valid private key: `PrivateKey(type, secret)` raises `InvalidKey` for anything else.

    `secret` is the seed of Ed25519, the DER RSAPrivateKey structure of RSA, or the scalar of the other types in as
    many bytes as a coordinate. It stands in no representation and no error, and the object can be neither pickled
    nor copied. `public_key` is computed and never given, so that nothing is signed under the public key of somebody
    else. `handle` is what the signature backend takes: the 64 bytes of libsodium for Ed25519, an `RSAPrivateKey` for
    RSA, an `EllipticCurvePrivateKey` for the others.
    """

    type: str
    secret: bytes = field(repr=False)
    handle: Any = field(init=False, repr=False, compare=False)
    public_key: PublicKey = field(init=False, compare=False)

    def __post_init__(self) -> None:
        raw, handle = decode_private(key_type(self.type), self.secret)
        object.__setattr__(self, "handle", handle)
        object.__setattr__(self, "public_key", PublicKey(self.type, raw))

    def __reduce__(self) -> Never:
        raise TypeError("a private key can be neither pickled nor copied")

    @classmethod
    def generate(cls, type: str = "Ed25519") -> Self:  # noqa: A002  (the name of the field)
        """A new key from the random number generator of the operating system."""
        return cls(type, random_secret(key_type(type)))

    @classmethod
    def from_multikey(cls, text: object) -> Self:
        """The key in a `secretKeyMultibase`."""
        code, secret = _decoded_multikey(text)
        return cls(_type_of_code(code, _PRIVATE_CODECS).name, secret)

    @classmethod
    def from_jwk(cls, jwk: object) -> Self:
        """The key in a private JWK, whose public members have to be those of the private ones."""
        found, members = signature_key(jwk, "sign")
        private = _RSA_PRIVATE if found.kty == "RSA" else ("d",)
        key = cls(found.name, _secret(found, members))
        public_members = {name: value for name, value in members.items() if name not in private}
        if PublicKey(found.name, _public_octets(found, public_members)) != key.public_key:
            raise InvalidKey("the private and the public members of the JWK are not of one key")
        return key

    @classmethod
    def from_pem(cls, data: bytes, password: bytes | None = None) -> Self:
        """The key in a PEM file with one PKCS#8 structure, encrypted if and only if there is a `password`."""
        return cls(*pem.read_private(data, password))

    @property
    def multikey(self) -> str:
        """The key as a `secretKeyMultibase`. Raises `InvalidKey` for RSA, which has none."""
        codec = KEY_TYPES[self.type].private_codec
        if codec is None:
            raise InvalidKey(f"a private key of type {self.type} has no Multikey")
        return "z" + encode_base58btc(join_multicodec(codec, self.secret))

    @property
    def jwk(self) -> dict[str, str]:
        """The required members of the private JWK, for RSA with all of its numbers; a new object each time."""
        if self.type == "RSA":
            own = self.handle.private_numbers()
            values = (own.d, own.p, own.q, own.dmp1, own.dmq1, own.iqmp)
            return self.public_key.jwk | dict(zip(_RSA_PRIVATE, map(number_text, values), strict=True))
        return {**self.public_key.jwk, "d": encode_base64url(self.secret)}

    def to_pem(self, password: bytes | None = None) -> bytes:
        """The key as a PEM file with one PKCS#8 structure, encrypted if there is a `password`."""
        return pem.write_private(self.handle, password)


def _public_octets(found: KeyType, members: Mapping[str, object]) -> bytes:
    """The bytes of the public key in a JWK that has no private members."""
    if has_private_members(members):
        raise InvalidKey("a public JWK holds private members: that key has to be taken as compromised")
    if found.kty == "RSA":
        return rsa.encode_public(number(members, "n"), number(members, "e"))
    x = octets(members, "x", found.size)
    return x if found.curve is None else b"\x04" + x + octets(members, "y", found.size)


def _secret(found: KeyType, members: Mapping[str, object]) -> bytes:
    """The bytes of the private key in a JWK; whether those of RSA are of one key is for `PrivateKey` to say."""
    if found.kty != "RSA":
        return octets(members, "d", found.size)
    n, e, d, p, q, dp, dq, qi = (number(members, name) for name in ("n", "e", *_RSA_PRIVATE))
    return rsa.encode_private(n, e, d, p, q, dp, dq, qi)


def _decoded_multikey(text: object) -> tuple[int, bytes]:
    """The code of the multicodec prefix of a Multikey, and the bytes behind it. Errors quote no text."""
    if not isinstance(text, str) or not text.startswith("z"):
        raise InvalidKey("a Multikey is a text that begins with 'z'")
    try:
        return split_multicodec(decode_base58btc(text[1:]))
    except InvalidEncoding as error:
        raise InvalidKey(f"the Multikey cannot be decoded: {error.detail}") from error


def _type_of_code(code: int, codecs: Mapping[int, KeyType]) -> KeyType:
    found = codecs.get(code)
    if found is None:
        raise InvalidKey(f"the multicodec {code:#x} is not that of a key for signatures that is supported")
    return found
