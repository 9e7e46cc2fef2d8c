"""Credentials and presentations in COSE_Sign1 messages (VC-JOSE-COSE, sections 3.3 and 4.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from types import MappingProxyType
from typing import Any, Final

from did.errors import shown
from vc_core.document import Json, read_json
from vc_core.errors import ParsingError, ProofVerificationError
from vc_core.ijson import LARGEST_INTEGER
from vc_core.limits import Limits
from vc_core.securing.cose.sign1 import Sign1, read_sign1
from vc_core.securing.jose import header_error, key_place
from vc_core.securing.signed_data import SignedData
from vc_core.securing.token import Token

ALG: Final = 1
CONTENT_TYPE: Final = 3
KID: Final = 4
CWT_CLAIMS: Final = 15  # RFC 9597
TYP: Final = 16  # RFC 9596

COSE_ALGORITHMS: Final[Mapping[int, tuple[str, str]]] = MappingProxyType(
    {
        -7: ("ES256", "ES256"),  # RFC 9053, section 2.1
        -8: ("EdDSA", "Ed25519"),  # RFC 9053, section 2.2; the only EdDSA here is Ed25519
        -35: ("ES384", "ES384"),  # RFC 9053, section 2.1
        -36: ("ES512", "ES512"),  # RFC 9053, section 2.1
        -47: ("ES256K", "ES256K"),  # RFC 8812, section 3.2
        -9: ("ESP256", "ES256"),  # RFC 9864, section 2.1
        -51: ("ESP384", "ES384"),  # RFC 9864, section 2.1
        -52: ("ESP512", "ES512"),  # RFC 9864, section 2.1
        -19: ("Ed25519", "Ed25519"),  # RFC 9864, section 2.2
    }
)
"""The algorithms by their COSE identifiers: the name that COSE has for each, and that of `ALGORITHMS`.

Where two stand for one algorithm, the old one is first, which all readers know.
"""

REFUSED_PARAMETERS: Final[Mapping[int, str]] = MappingProxyType(
    {
        2: "crit",  # extensions that have to be understood: none is (RFC 9052, section 3.1)
        13: "kcwt",  # a key that the token itself brings or points to (RFC 9528; below RFC 9360)
        14: "kccs",
        32: "x5bag",
        33: "x5chain",
        34: "x5t",
        35: "x5u",
    }
)
"""Header parameters that no token may have, whatever they hold."""

_PROTECTED: Final = frozenset({ALG, CONTENT_TYPE, KID, CWT_CLAIMS, TYP, *REFUSED_PARAMETERS})
"""What is understood has a meaning only where it is signed."""
_KINDS: Final[Mapping[str, tuple[str, str, str]]] = MappingProxyType(
    {
        "application/vc+cose": ("vc+cose", "application/vc", "assertionMethod"),
        "application/vp+cose": ("vp+cose", "application/vp", "authentication"),
    }
)
"""By `typ`: the kind of token, its content type, and the purpose of its key."""


def read(data: bytes, *, limits: Limits) -> Token:
    """The token that the message `data` is: a credential (`vc+cose`) or a presentation (`vp+cose`).

    `Token.claims` is the payload. `Token.payload` holds the CWT claims of the header (RFC 9597), under the names that
    JWT has for them: `iss`, `sub`, `aud`, `exp`, `nbf`, `iat`, `nonce`, and `status`; the payload has no place for
    these, being the document itself. Parameters and claims that are not understood are ignored (section 3.3.3), those
    of `REFUSED_PARAMETERS` excepted; one that is understood is an error in the unprotected header.

    No signature is checked. Raises `ParsingError`; `LimitExceeded`; and `ProofVerificationError` with code
    TOKEN_HEADER_ERROR, or TOKEN_TYPE_ERROR where `typ` or the content type is not that of either kind.
    """
    message = read_sign1(data, limits=limits)
    check_places(message)
    kind, purpose = _kind(message.protected)
    name, algorithm = algorithm_of(message.protected.get(ALG))
    header: dict[str, Json] = {"alg": name, "typ": f"application/{kind}", "kid": kid_of(message.protected.get(KID))}
    if CONTENT_TYPE in message.protected:
        header["cty"] = message.protected[CONTENT_TYPE]
    payload = _cwt_claims(message.protected.get(CWT_CLAIMS, {}))
    place = key_place(header, payload)
    claims = read_json(message.payload, limits=limits)
    if not isinstance(claims, dict):
        raise ParsingError("the payload is JSON, but not a JSON object")
    return Token(
        securing=kind,
        header=MappingProxyType(header),
        payload=payload,
        claims=claims,
        signed=SignedData(message.signed, algorithm, message.signature, place.url),
        controller=place.controller,
        kid=place.kid,
        purpose=purpose,
        text=message.payload,
    )


def check_places(message: Sign1) -> None:
    """Refuses what stands in the wrong header, in both, or in any (RFC 9052, section 3)."""
    if unsigned := _PROTECTED & message.unprotected.keys():
        raise header_error(f"the header parameter {min(unsigned)} is not in the protected header")
    if twice := message.protected.keys() & message.unprotected.keys():
        raise header_error(f"the header parameter {shown(min(twice, key=str))} is in both headers")
    if refused := REFUSED_PARAMETERS.keys() & message.protected.keys():
        raise header_error(f"the header parameter '{REFUSED_PARAMETERS[min(refused)]}' is not supported")


def _kind(header: Mapping[int | str, Any]) -> tuple[str, str]:
    """The kind of token, and the purpose of its key. A media type is written in full here (RFC 9596, section 2)."""
    typ = header.get(TYP)
    found = _KINDS.get(typ) if type(typ) is str else None
    if found is None:
        raise _type_error(f"the token is of the type {shown(typ)}, neither of {' and '.join(map(repr, _KINDS))}")
    kind, content_type, purpose = found
    if CONTENT_TYPE in header and header[CONTENT_TYPE] != content_type:
        raise _type_error(f"the content of a token of the type {kind} is {content_type!r}, nothing else")
    return kind, purpose


def algorithm_of(alg: object) -> tuple[str, str]:
    """The names of the algorithm in COSE and in `ALGORITHMS`. Raises `ProofVerificationError` if it is not known."""
    found = COSE_ALGORITHMS.get(alg) if type(alg) is int else None
    if found is None:
        raise header_error(f"the algorithm {shown(alg)} is missing, or not supported")
    return found


def kid_of(value: object) -> str:
    """The text of the header parameter `kid`. Raises `ProofVerificationError` if it is none."""
    if type(value) is not bytes:
        raise header_error("the header parameter 'kid' is missing, or not a byte string")
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise header_error("the header parameter 'kid' is not a text in UTF-8") from error


def _cwt_claims(value: object) -> dict[str, Json]:
    """The claims that are understood, by their names in JWT (RFC 8392, section 3.1)."""
    if type(value) is not dict:
        raise header_error("the CWT claims are not a map")
    claims: dict[str, Json] = {}
    for label, claim in value.items():
        if type(label) is int and label in _CLAIMS:
            name, read_claim = _CLAIMS[label]
            read_value = claims[name] = read_claim(claim)
            if read_value is None:
                raise header_error(f"the CWT claim '{name}' is not of its type")
    return claims


def _text(value: object) -> str | None:
    return value if type(value) is str else None


def _audience(value: object) -> Json:
    """A text, or several (RFC 8392, section 3.1.3)."""
    if type(value) is list and value and all(type(each) is str for each in value):
        return value
    return _text(value)


def numeric_date(value: object) -> int | float | None:
    """An untagged number (RFC 8392, section 2). Which times it can be is seen where it is used."""
    if type(value) is int and abs(value) <= LARGEST_INTEGER:
        return value
    return value if type(value) is float and isfinite(value) else None


def _nonce(value: object) -> str | None:
    """The text whose UTF-8 form is the byte string, of 8 to 64 bytes (RFC 9711, section 4.1)."""
    if type(value) is not bytes or not SHORTEST_NONCE <= len(value) <= LONGEST_NONCE:
        return None
    try:
        return value.decode()
    except UnicodeDecodeError:
        return None


def _status(value: object) -> Json:
    """The references to status mechanisms, of which that to a Token Status List is read (its section 6.3).

    Of any other there is only that it is named.
    """
    if type(value) is not dict or not value or any(type(name) is not str for name in value):
        return None
    return {name: _members(reference) if name == "status_list" else None for name, reference in value.items()}


def _members(value: object) -> Json:
    """The members of a map that are texts and numbers."""
    if type(value) is not dict:
        return None
    return {name: each for name, each in value.items() if type(name) is str and type(each) in (int, str)}


SHORTEST_NONCE: Final = 8
LONGEST_NONCE: Final = 64
"""Bytes."""

ISS, SUB, AUD, EXP, NBF, IAT, NONCE, STATUS = 1, 2, 3, 4, 5, 6, 10, 65535
_CLAIMS: Final[Mapping[int, tuple[str, Callable[[object], Json]]]] = MappingProxyType(
    {
        ISS: ("iss", _text),
        SUB: ("sub", _text),
        AUD: ("aud", _audience),
        EXP: ("exp", numeric_date),
        NBF: ("nbf", numeric_date),
        IAT: ("iat", numeric_date),
        NONCE: ("nonce", _nonce),
        STATUS: ("status", _status),
    }
)


def _type_error(detail: str) -> ProofVerificationError:
    return ProofVerificationError(detail, code="TOKEN_TYPE_ERROR")
