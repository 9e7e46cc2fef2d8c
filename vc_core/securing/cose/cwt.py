"""CBOR Web Tokens (RFC 8392): COSE_Sign1 messages whose payload is a map of claims. Read and written for status lists.

The payload is walked through before it is decoded: a token says what it says in few items, however long they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from did.errors import shown
from vc_core.errors import LimitExceeded, ParsingError, ProofGenerationError, ProofVerificationError
from vc_core.limits import Limits
from vc_core.securing.cose.reading import ALG, COSE_ALGORITHMS, ISS, KID, TYP, algorithm_of, check_places, kid_of
from vc_core.securing.cose.sign1 import decode_map, encode_map, read_sign1, write_sign1
from vc_core.securing.jose import KeyPlace, key_place
from vc_core.securing.signed_data import ALGORITHMS, Algorithm, SignedData, Signer

MOST_ITEMS: Final = 256
"""Items of CBOR in the claims of one token."""


class CWT(NamedTuple):
    """A token, read strictly: its claims by their labels, whose key it names, and what has to hold under that key."""

    claims: Mapping[int | str, Any]
    place: KeyPlace
    signed: SignedData


def type_of(data: bytes, *, limits: Limits) -> object:
    """The protected header parameter `typ` of a COSE_Sign1 message, None where there is none; raises `VCError`."""
    return read_sign1(data, limits=limits).protected.get(TYP)


def read_cwt(data: bytes, *, typ: str, limits: Limits) -> CWT:
    """The token of the type `typ` that the message `data` is. No signature is checked.

    Raises `ParsingError`; `LimitExceeded`; and `ProofVerificationError` with code TOKEN_TYPE_ERROR for another type and
    TOKEN_HEADER_ERROR for a header that is not accepted.
    """
    message = read_sign1(data, limits=limits)
    check_places(message)
    if message.protected.get(TYP) != typ:
        detail = f"the token is of the type {shown(message.protected.get(TYP))}, not {typ!r}"
        raise ProofVerificationError(detail, code="TOKEN_TYPE_ERROR")
    name, algorithm = algorithm_of(message.protected.get(ALG))
    _check_items(message.payload)
    claims = decode_map(message.payload, limits=limits)
    place = key_place({"alg": name, "kid": kid_of(message.protected.get(KID))}, {"iss": claims.get(ISS)})
    return CWT(claims, place, SignedData(message.signed, algorithm, message.signature, place.url))


def write_cwt(
    claims: Mapping[int, Any], *, typ: str, signer: Signer, algorithms: Mapping[str, Algorithm] = ALGORITHMS
) -> bytes:
    """The token of the type `typ` that `signer` makes of the claims; its signature has been checked.

    Raises `ProofGenerationError`, and `ParsingError` with code MISSING_DEPENDENCY.
    """
    found = [label for label, (_, name) in COSE_ALGORITHMS.items() if name == signer.algorithm]
    if not found:
        raise ProofGenerationError(f"COSE has no identifier here for the algorithm {shown(signer.algorithm)}")
    header = {ALG: found[0], KID: signer.verification_method.encode(), TYP: typ}
    return write_sign1(header, encode_map(claims), signer=signer, algorithms=algorithms)


def _check_items(data: bytes) -> None:
    """Returns if `data` is one item of CBOR that consists of few, of definite length and without tags (RFC 8949, 3)."""
    position, pending, number = 0, 1, 0
    while pending:
        number += 1
        if number > MOST_ITEMS:
            raise LimitExceeded(f"the claims of a token have more than {MOST_ITEMS} items", code="INPUT_TOO_LARGE")
        kind, argument = divmod(data[position], 32) if position < len(data) else (_TAG, 0)
        size = 1 << argument - 24 if argument >= 24 else 0
        if kind == _TAG or argument > 27:
            raise ParsingError("the claims are cut off, or not CBOR of definite length without tags")
        length = int.from_bytes(data[position + 1 : position + 1 + size], "big") if size else argument
        position += 1 + size + (length if kind in _STRINGS else 0)
        pending += -1 + length * _MEMBERS.get(kind, 0)
    if position != len(data):
        raise ParsingError("the claims are cut off, or bytes follow them")


_STRINGS: Final = (2, 3)
_MEMBERS: Final = {4: 1, 5: 2}
"""How many items each member of an array and of a map is."""
_TAG: Final = 6
