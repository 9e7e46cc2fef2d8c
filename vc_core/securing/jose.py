"""JSON Web Signatures in the compact serialization (RFC 7515), read and written. Nothing here knows of credentials.

One text has one reading: base64url is canonical, JSON is I-JSON, and every header parameter that could change which
key is used, what was signed, or how it is read, is refused. There is no code for shared secrets, for encryption, for
the JSON serializations, or for payloads that travel apart from their signature.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from did.errors import shown
from did.multibase import encode_base64url
from did.url import FRAGMENT, MAX_DID_URL, run
from vc_core.document import Json, read_json, write_json
from vc_core.errors import LimitExceeded, ParsingError, ProofVerificationError
from vc_core.limits import Limits
from vc_core.securing.signed_data import ALGORITHMS, Algorithm, SignedData, Signer, sign

try:
    import msgspec
except ImportError:  # it is not built for every interpreter
    _FAST = False
    _FAULTS: tuple[type[Exception], ...] = (binascii.Error,)
else:
    _FAST = True
    _FAULTS = (binascii.Error, msgspec.DecodeError)
    _STRINGS: Final = msgspec.json.Decoder(bytes)

REFUSED_PARAMETERS: Final = frozenset(
    {
        *("jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256"),  # a key that the token itself brings or points to
        "crit",  # extensions that have to be understood: none is
        "b64",  # a payload that is signed in another form than it is sent in (RFC 7797)
        *("zip", "enc"),  # compression and encryption (RFC 7516)
    }
)
"""Header parameters that no token may have, whatever they hold."""

_TEXTS: Final = ("typ", "cty", "kid")
_ALIASES: Final[Mapping[str, str]] = MappingProxyType({"EdDSA": "Ed25519"})
"""Names of `alg` that stand for another (RFC 9864, section 2.2; the only EdDSA here is Ed25519)."""
_URL: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+:[!-~]++").fullmatch
_FRAGMENT: Final = re.compile(rf"(?=.){run(FRAGMENT)}").fullmatch


class JWS(NamedTuple):
    """The parts of a signed token. `header` cannot be changed; `signing_input` is what the signature covers."""

    header: Mapping[str, Json]
    payload: bytes
    signature: bytes
    signing_input: bytes


def read_jws(text: bytes, *, limits: Limits) -> JWS:
    """The one token in the compact serialization that `text` is (RFC 7515, section 5.2, steps 1 to 7).

    No signature is checked. Raises `ParsingError`; `LimitExceeded` with code INPUT_TOO_LARGE, before anything is
    decoded; and `ProofVerificationError` with code TOKEN_HEADER_ERROR.
    """
    if type(text) is not bytes:
        raise TypeError(f"a token is bytes, not {type(text).__name__}")
    if len(text) > limits.document_bytes:
        raise LimitExceeded(f"a token of more than {limits.document_bytes} bytes", code="INPUT_TOO_LARGE")
    signing_input, _, signature = text.rpartition(b".")
    header, dot, payload = signing_input.partition(b".")
    if not dot or b"." in payload:
        raise ParsingError(_not_three_parts(text))
    return JWS(
        _header(header, limits),
        decode_part(payload, "payload"),
        decode_part(signature, "signature"),
        signing_input,
    )


def _not_three_parts(text: bytes) -> str:
    if text.lstrip()[:1] == b"{":
        return "not a token in the compact serialization, but something like JSON"
    if text.count(b".") == 4:
        return "a token of five parts is encrypted, which is not supported"
    return "not a token: it has to be three parts with two dots between them"


_FROM_URL: Final = bytes(
    byte if bytes((byte,)).isalnum() else {ord("-"): ord("+"), ord("_"): ord("/")}.get(byte, 0) for byte in range(256)
)
"""Turns the characters of this alphabet into those of plain base64, and all others into one that neither has."""
_LAST: Final = (bytes(range(256)), b"", b"AQgw", b"AEIMQUYcgkosw048")
"""The last characters that leave no bit over, by the length of the text modulo 4; with a rest of 1 there is none."""


def decode_part(encoded: bytes, part: str) -> bytes:
    """The bytes of one `part` of a token: canonical base64url without padding (RFC 7515, section 2).

    Raises `ParsingError` for padding, white space, foreign characters, and bits left over that are not zero.
    """
    if encoded[-1:] not in _LAST[len(encoded) % 4]:
        raise ParsingError(f"the {part} is not the canonical base64url text of any bytes")
    try:
        return _from_base64(encoded.translate(_FROM_URL) + b"=="[: -len(encoded) % 4])
    except _FAULTS as error:
        raise ParsingError(f"the {part} is not base64url without padding") from error


def _from_base64(text: bytes) -> bytes:
    if _FAST:
        return _STRINGS.decode(b'"%b"' % text)  # twice as fast as the standard library
    return binascii.a2b_base64(text, strict_mode=True)


def _header(encoded: bytes, limits: Limits) -> Mapping[str, Json]:
    if len(encoded) > limits.token_header_bytes:
        raise LimitExceeded(f"a token header of more than {limits.token_header_bytes} bytes", code="INPUT_TOO_LARGE")
    known = _known_header(encoded, limits.depth) if len(encoded) <= _SHORT else None
    return known or _read_header(encoded, limits)


_SHORT: Final = 2048
"""The longest encoded header in bytes that is kept: 1024 of them are a few megabytes."""


@lru_cache(maxsize=1024)
def _known_header(encoded: bytes, depth: int) -> Mapping[str, Json] | None:
    """The header, which all tokens of one key share; None if something in it could be changed by who gets it."""
    header = _read_header(encoded, Limits(depth=depth))
    return None if any(isinstance(value, dict | list) for value in header.values()) else header


def _read_header(encoded: bytes, limits: Limits) -> Mapping[str, Json]:
    header = read_json(decode_part(encoded, "header"), limits=limits)
    if not isinstance(header, dict):
        raise ParsingError("the header is JSON, but not a JSON object")
    if refused := REFUSED_PARAMETERS & header.keys():
        raise header_error(f"the header parameter {shown(min(refused))} is not supported")
    if not isinstance(header.get("alg"), str):
        raise header_error("the header parameter 'alg' is missing, or not a text")
    for name in _TEXTS:
        if name in header and not isinstance(header[name], str):
            raise header_error(f"the header parameter {name!r} is not a text")
    return MappingProxyType(header)


def header_error(detail: str) -> ProofVerificationError:
    """The error for a header that is read, but not accepted."""
    return ProofVerificationError(detail, code="TOKEN_HEADER_ERROR")


def signed_data(jws: JWS, verification_method: str) -> SignedData:
    """What has to hold for the token, under the key of the URL `verification_method`.

    The algorithm is that of `ALGORITHMS` which `alg` names. `none`, shared secrets (HS256 and the like) and everything
    else that is not in that table raise `ProofVerificationError` with code TOKEN_HEADER_ERROR.
    """
    alg = jws.header["alg"]
    name = _ALIASES.get(alg, alg) if isinstance(alg, str) else None
    if name is None or name not in ALGORITHMS:
        raise header_error(f"the algorithm {shown(alg)} is not supported")
    return SignedData(jws.signing_input, name, jws.signature, verification_method)


def write_jws(
    header: Mapping[str, Json],
    payload: bytes,
    *,
    signer: Signer,
    algorithms: Mapping[str, Algorithm] = ALGORITHMS,
    fully_specified: bool = False,
) -> bytes:
    """The token that `signer` makes of the payload, in the compact serialization; its signature has been checked.

    `alg` is put in here. For Ed25519 it is the old name `EdDSA`, which all readers know, or the new name `Ed25519`
    (RFC 9864) if it shall be `fully_specified`. Raises `ProofGenerationError`.
    """
    names = {} if fully_specified else {algorithm: alias for alias, algorithm in _ALIASES.items()}
    complete = {name: value for name, value in header.items() if name != "alg"}
    complete = {"alg": names.get(signer.algorithm, signer.algorithm), **complete}
    signing_input = b".".join(map(_encode, (write_json(complete), payload)))
    return b".".join((signing_input, _encode(sign(signing_input, signer, algorithms=algorithms).signature)))


def _encode(data: bytes) -> bytes:
    return encode_base64url(data).encode()


class KeyPlace(NamedTuple):
    """Where the key of a token is: in the document of `controller`, under the absolute `url`; `kid` is as written."""

    controller: str
    kid: str
    url: str


def key_place(header: Mapping[str, Json], payload: Mapping[str, Json]) -> KeyPlace:
    """The place of the key that the header parameter `kid` names, an absolute URL with a fragment.

    A `kid` that is only a fragment, with its `#` or without, is one of the document of the claim `iss`, which then has
    to be a URL (VC-JOSE-COSE, section 4.1). Raises `ProofVerificationError` with code TOKEN_HEADER_ERROR.
    """
    kid = header.get("kid")
    if not isinstance(kid, str):
        raise header_error("the header parameter 'kid' is missing")
    place = _place_of_kid(kid) if len(kid) <= MAX_DID_URL else None
    if place is None:
        raise header_error(f"the header parameter 'kid' is {shown(kid)}, no URL of a key")
    if place.controller:
        return place
    issuer = payload.get("iss")
    if not isinstance(issuer, str) or not _URL(issuer) or "#" in issuer:
        raise header_error(f"the header parameter 'kid' is {shown(kid)}, and there is no claim 'iss' to complete it")
    return KeyPlace(issuer, kid, f"{issuer}#{place.url}")


@lru_cache(maxsize=1024)
def _place_of_kid(kid: str) -> KeyPlace | None:
    """The place that `kid` names by itself, or without a controller where it is only a fragment."""
    before, sharp, after = kid.partition("#")
    if before and sharp:
        return KeyPlace(before, kid, kid) if _URL(before) and _FRAGMENT(after) else None
    return None if _URL(kid) or not _FRAGMENT(after or before) else KeyPlace("", kid, after or before)


def claims_set(payload: bytes, *, limits: Limits) -> dict[str, Json]:
    """The claims that a payload is (RFC 7519, section 7.2, step 10). Raises `ParsingError` or `LimitExceeded`."""
    claims = read_json(payload, limits=limits)
    if not isinstance(claims, dict):
        raise ParsingError("the payload is JSON, but not a JSON object")
    return claims
