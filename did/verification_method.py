"""Verification methods: how a document holds a key (Controlled Identifiers 1.0, section 2.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from did.errors import InvalidEncoding, InvalidKey, InvalidVerificationMethod, shown
from did.keys import PublicKey
from did.multibase import decode_base58btc


@dataclass(frozen=True, slots=True)
class VerificationMethod:
    """A verification method with a key that can be used. `controller` is what the method itself says.

    `expires` and `revoked` are texts as the document has them: whoever uses the method compares them with a
    clock.
    """

    id: str
    type: str
    controller: str
    public_key: PublicKey
    expires: str | None = None
    revoked: str | None = None


class _Form(NamedTuple):
    """Where a type of verification method has its key, and which key type it implies, None for any."""

    members: frozenset[str]
    key_type: str | None = None


_MULTIBASE: Final = frozenset({"publicKeyMultibase"})
_JWK: Final = frozenset({"publicKeyJwk"})
_BASE58_OR_JWK: Final = frozenset({"publicKeyBase58", "publicKeyJwk"})

_FORMS: Final[Mapping[str, _Form]] = MappingProxyType(
    {
        "Multikey": _Form(_MULTIBASE),
        "JsonWebKey": _Form(_JWK),
        "JsonWebKey2020": _Form(_JWK),
        "Ed25519VerificationKey2020": _Form(_MULTIBASE, "Ed25519"),
        "Ed25519VerificationKey2018": _Form(_BASE58_OR_JWK, "Ed25519"),
        "EcdsaSecp256k1VerificationKey2019": _Form(_BASE58_OR_JWK, "secp256k1"),
        "P256Key2021": _Form(_BASE58_OR_JWK, "P-256"),
    }
)


def read_public_key(method: Mapping[str, object]) -> PublicKey:
    """The key of a verification method. Raises `InvalidVerificationMethod`.

    The type has to be a known one, and the method has to have one key, in a form of its type.
    """
    name = method["type"]
    form = _FORMS.get(name) if isinstance(name, str) else None
    if form is None:
        raise InvalidVerificationMethod(f"the verification method type {shown(name)} is not supported")
    present = [member for member in method if member.startswith("publicKey")]
    if len(present) != 1 or present[0] not in form.members:
        raise InvalidVerificationMethod(f"a method of type {name} has one of: {', '.join(sorted(form.members))}")
    value = method[present[0]]
    match present[0]:
        case "publicKeyMultibase":
            key = PublicKey.from_multikey(value)
        case "publicKeyJwk":
            key = PublicKey.from_jwk(value)
        case _:
            key = _from_base58(form.key_type, value)
    if form.key_type not in {None, key.type}:
        raise InvalidVerificationMethod(f"a method of type {name} has a key of type {key.type}")
    return key


def _from_base58(key_type: str | None, value: object) -> PublicKey:
    if key_type is None or not isinstance(value, str):
        raise InvalidKey("publicKeyBase58 is not a text")
    try:
        return PublicKey(key_type, decode_base58btc(value))
    except InvalidEncoding as error:
        raise InvalidKey(f"publicKeyBase58: {error.detail}") from error
