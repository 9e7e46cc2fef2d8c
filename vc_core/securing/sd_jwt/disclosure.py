"""Disclosures, and the digests that stand for them (RFC 9901, section 4.2)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from did import InvalidEncoding
from did.errors import shown
from did.multibase import decode_base64url, encode_base64url
from vc_core.document import Json, read_json, write_json
from vc_core.errors import ParsingError, ProofVerificationError
from vc_core.limits import Limits

HASH_ALGORITHMS: Final[Mapping[str, Callable[[bytes], Any]]] = MappingProxyType(
    {"sha-256": hashlib.sha256, "sha-384": hashlib.sha384, "sha-512": hashlib.sha512}
)
"""The values of `_sd_alg` that are accepted: names of the IANA registry of named information, none of them cut."""

RESERVED_NAMES: Final = frozenset({"_sd", "_sd_alg", "..."})
"""The members that carry digests. No claim may have such a name, wherever it stands."""

_SALT_BYTES: Final = 16
"""128 bits, the entropy that RFC 9901 recommends (section 9.3)."""


class Disclosure(NamedTuple):
    """A claim that was hidden: a member `name` of an object, or an element of an array where that is None."""

    name: str | None
    value: Json

    @classmethod
    def read(cls, text: str, *, limits: Limits) -> Disclosure:
        """The disclosure that `text` is: base64url of a JSON array of salt, name and value, or of salt and value.

        Raises `ParsingError` and `LimitExceeded` for what is no strict JSON, and `ProofVerificationError` with code
        DISCLOSURE_ERROR for an array of another form, and for a name that no claim may have.
        """
        try:
            data = decode_base64url(text)
        except InvalidEncoding as error:
            raise ParsingError("a disclosure is not base64url without padding") from error
        match read_json(data, limits=limits):
            case [str(), str(name), value] if name not in RESERVED_NAMES:
                return cls(name, value)
            case [str(), value]:
                return cls(None, value)
            case [str(), str(name), _]:
                raise disclosure_error(f"a disclosure has the name {name}, which is reserved")
        raise disclosure_error("a disclosure is not an array of a salt, the name of a member of an object, and a value")

    def text(self) -> str:
        """A disclosure of this claim with a salt of its own, different each time."""
        salt = secrets.token_urlsafe(_SALT_BYTES)
        return encode_base64url(write_json([salt, *([] if self.name is None else [self.name]), self.value]))


def hash_algorithm_of(payload: Mapping[str, Json]) -> str:
    """The name of the hash algorithm of the digests in an SD-JWT payload (section 4.1.1).

    Raises `ProofVerificationError` with code DISCLOSURE_ERROR for one that is not in `HASH_ALGORITHMS`.
    """
    name = payload.get("_sd_alg", "sha-256")
    if not isinstance(name, str) or name not in HASH_ALGORITHMS:
        raise disclosure_error(f"the hash algorithm {shown(name)} is not accepted", at="/_sd_alg")
    return name


def digest(text: bytes, hash_algorithm: str) -> str:
    """The digest of the ASCII bytes of a disclosure, or of a presented SD-JWT, as base64url (section 4.2.3)."""
    return encode_base64url(HASH_ALGORITHMS[hash_algorithm](text).digest())


def decoy(hash_algorithm: str) -> str:
    """A digest of nothing that anybody knows (section 4.2.5)."""
    return digest(secrets.token_bytes(2 * _SALT_BYTES), hash_algorithm)


def disclosure_error(detail: str, *, at: str = "") -> ProofVerificationError:
    """The error for disclosures and digests that do not belong together."""
    return ProofVerificationError(detail, code="DISCLOSURE_ERROR", at=at)
