"""The narrow waist: bytes, an algorithm, a signature and the name of a key.

Above it nobody knows about curves, below it nobody knows about credentials. PyNaCl and cryptography are wrapped
here for signatures and in `did.keys` for keys, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from nacl.bindings import crypto_sign, crypto_sign_BYTES, crypto_sign_open
from nacl.exceptions import CryptoError

from did import did_key
from did.keys import ED25519_SMALL_ORDER, PrivateKey, PublicKey
from vc_core.errors import ProofGenerationError, ProofVerificationError

_L: Final = 2**252 + 27742317777372353535851937790883648493
"""The order of the Ed25519 base point (RFC 8032, section 5.1)."""


class SignedData(NamedTuple):
    """What was signed, how, the signature, and the DID URL of the key that is said to have made it."""

    data: bytes
    algorithm: str
    signature: bytes
    verification_method: str


@dataclass(frozen=True, slots=True)
class Algorithm:
    """A signature algorithm: the one key type it takes, the exact length of its signatures, and its two operations.

    The length is in bytes, None for that of the key's modulus. `verify` answers for a key of that type and a signature
    of that length; `sign` returns such a signature.
    """

    name: str
    key_type: str
    signature_length: int | None
    verify: Callable[[PublicKey, bytes, bytes], bool]
    sign: Callable[[PrivateKey, bytes], bytes]


def _ed25519_strict(signature: bytes) -> bool:
    """Whether S < L, and R is a canonical encoding of a point that is not of small order.

    Together with the same rules for keys this makes the answer independent of the backend: both backends use the
    equation without cofactor, and differ only in which of these encodings they take.
    """
    r = signature[:32]
    if r in ED25519_SMALL_ORDER or (signature[63] >= 0x10 and int.from_bytes(signature[32:], "little") >= _L):
        return False
    return r[31] & 0x7F != 0x7F or int.from_bytes(r, "little") & (2**255 - 1) < 2**255 - 19


def _ed25519_verify(key: PublicKey, data: bytes, signature: bytes) -> bool:
    try:
        crypto_sign_open(signature + data, key.raw)
    except CryptoError:
        return False
    return _ed25519_strict(signature)


def _ed25519_verify_openssl(key: PublicKey, data: bytes, signature: bytes) -> bool:
    if not _ed25519_strict(signature):
        return False
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(key.raw).verify(signature, data)
    except InvalidSignature:
        return False
    return True


def _ed25519_sign(key: PrivateKey, data: bytes) -> bytes:
    return crypto_sign(data, key.handle)[:crypto_sign_BYTES]


def _ecdsa(name: str, key_type: str, size: int, hash_function: hashes.HashAlgorithm) -> Algorithm:
    """ECDSA with signatures r || s of `size` bytes each (RFC 7518, section 3.4); nonces by RFC 6979, s as it comes."""
    scheme = ec.ECDSA(hash_function)
    deterministic = ec.ECDSA(hash_function, deterministic_signing=True)

    def verify(key: PublicKey, data: bytes, signature: bytes) -> bool:
        r, s = int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big")
        try:
            key.handle.verify(encode_dss_signature(r, s), data, scheme)
        except InvalidSignature:
            return False
        return True

    def sign(key: PrivateKey, data: bytes) -> bytes:
        r, s = decode_dss_signature(key.handle.sign(data, deterministic))
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")

    return Algorithm(name, key_type, 2 * size, verify, sign)


def _rsa(name: str, scheme: padding.AsymmetricPadding) -> Algorithm:
    """RSA with SHA-256; the backend makes the encoded message anew, and compares it as a whole."""
    digest = hashes.SHA256()

    def verify(key: PublicKey, data: bytes, signature: bytes) -> bool:
        try:
            key.handle.verify(signature, data, scheme, digest)
        except InvalidSignature:
            return False
        return True

    def sign(key: PrivateKey, data: bytes) -> bytes:
        signature: bytes = key.handle.sign(data, scheme, digest)
        return signature

    return Algorithm(name, "RSA", None, verify, sign)


ED25519: Final = Algorithm("Ed25519", "Ed25519", 64, _ed25519_verify, _ed25519_sign)
ED25519_OPENSSL: Final = Algorithm("Ed25519", "Ed25519", 64, _ed25519_verify_openssl, _ed25519_sign)
"""The same algorithm checked by OpenSSL, for a table of one's own: `ALGORITHMS | {"Ed25519": ED25519_OPENSSL}`."""

ALGORITHMS: Final[MappingProxyType[str, Algorithm]] = MappingProxyType(
    {
        "Ed25519": ED25519,  # RFC 8032, RFC 9864
        "ES256": _ecdsa("ES256", "P-256", 32, hashes.SHA256()),  # RFC 7518
        "ES384": _ecdsa("ES384", "P-384", 48, hashes.SHA384()),  # RFC 7518
        "ES512": _ecdsa("ES512", "P-521", 66, hashes.SHA512()),  # RFC 7518
        "ES256K": _ecdsa("ES256K", "secp256k1", 32, hashes.SHA256()),  # RFC 8812
        "PS256": _rsa("PS256", padding.PSS(padding.MGF1(hashes.SHA256()), salt_length=32)),  # RFC 7518
        "RS256": _rsa("RS256", padding.PKCS1v15()),  # RFC 7518
    }
)
"""The signature algorithms, by their JOSE names; the first of a key type is the one that such keys sign with."""


def check(signed: SignedData, key: PublicKey, *, algorithms: Mapping[str, Algorithm] = ALGORITHMS) -> None:
    """Returns if `key` made the signature; raises `ProofVerificationError` otherwise.

    An algorithm that is not in `algorithms` cannot run, and a key of another type than the algorithm's, or one that is
    for another algorithm (RFC 7517, section 4.4), is refused before anything is computed with it.
    """
    algorithm = algorithms.get(signed.algorithm)
    if algorithm is None:
        raise ProofVerificationError(f"the algorithm {signed.algorithm} is not accepted")
    if key.type != algorithm.key_type:
        raise ProofVerificationError(f"{algorithm.name} takes a key of type {algorithm.key_type}, not {key.type}")
    if key.algorithm is not None and key.algorithm != algorithm.name:
        raise ProofVerificationError(f"the key is for {key.algorithm} alone, not for {algorithm.name}")
    length = algorithm.signature_length or (key.handle.key_size + 7) // 8
    if len(signed.signature) != length:
        raise ProofVerificationError(f"a signature of {algorithm.name} has {length} bytes, not {len(signed.signature)}")
    if not algorithm.verify(key, signed.data, signed.signature):
        raise ProofVerificationError("the signature does not match the document and the key")


class Signer(Protocol):
    """A private key, wherever it lives: in memory, in a hardware module, behind a service."""

    @property
    def algorithm(self) -> str:
        """The JOSE name of the algorithm, a key of `ALGORITHMS`."""
        ...

    @property
    def verification_method(self) -> str:
        """The DID URL under which verifiers find the public key."""
        ...

    @property
    def public_key(self) -> PublicKey:
        """The public key; what is signed is checked against it before it is handed out."""
        ...

    def sign(self, data: bytes) -> bytes:
        """The signature over `data`: 64 bytes for Ed25519, r || s for ECDSA, as many as the modulus for RSA."""
        ...


@dataclass(frozen=True, slots=True)
class LocalSigner:
    """A `Signer` whose private key is in memory.

    `algorithm` is the JOSE name of one that takes the key, and by default the first of its type: PS256 for RSA. Raises
    `ProofGenerationError` for another.
    """

    private_key: PrivateKey
    verification_method: str
    algorithm: str = field(default="", kw_only=True)

    def __post_init__(self) -> None:
        names = [name for name, each in ALGORITHMS.items() if each.key_type == self.private_key.type]
        if not self.algorithm:
            object.__setattr__(self, "algorithm", names[0])
        elif self.algorithm not in names:
            raise ProofGenerationError(f"a key of type {self.private_key.type} signs with {' or '.join(names)}")

    @classmethod
    def of_did_key(cls, private_key: PrivateKey, *, algorithm: str = "") -> LocalSigner:
        """A signer whose verification method is the one of the key's own did:key."""
        public_key = private_key.public_key
        return cls(private_key, f"{did_key(public_key)}#{public_key.multikey}", algorithm=algorithm)

    @property
    def public_key(self) -> PublicKey:
        """The public half of the key."""
        return self.private_key.public_key

    def sign(self, data: bytes) -> bytes:
        """The signature over `data`."""
        return ALGORITHMS[self.algorithm].sign(self.private_key, data)


def sign(data: bytes, signer: Signer, *, algorithms: Mapping[str, Algorithm] = ALGORITHMS) -> SignedData:
    """The data with a signature that has been checked against the signer's public key.

    Raises `ProofGenerationError` if the signer's answer does not verify: a wrong key, or a broken device.
    """
    signed = SignedData(data, signer.algorithm, signer.sign(data), signer.verification_method)
    try:
        check(signed, signer.public_key, algorithms=algorithms)
    except ProofVerificationError as error:
        raise ProofGenerationError(f"the signer's answer does not verify: {error.detail}") from error
    return signed
