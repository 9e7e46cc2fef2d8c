"""Integrity metadata: the digests of a document in one text (Subresource Integrity, sections 3.3 and 3.5)."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from did.errors import shown
from vc_core.errors import ParsingError

_STRENGTH: Final = ("sha256", "sha384", "sha512")
"""The hash algorithms, the weakest first."""
_LONGEST: Final = 4096
"""Characters of the longest text that is read."""


def has_integrity(data: bytes, integrity: str) -> bool:
    """Whether `data` has one of the digests of the strongest hash algorithm in the integrity metadata.

    Digests of algorithms that are not known are ignored. Where no other is left, nothing would be checked: that raises
    `ParsingError` with code MALFORMED_VALUE_ERROR, where a browser would accept any document.
    """
    digests: dict[str, set[bytes]] = {}
    for expression in integrity.split() if len(integrity) <= _LONGEST else ():
        algorithm, _, rest = expression.partition("-")
        encoded, _, _options = rest.partition("?")
        if algorithm in _STRENGTH:
            digests.setdefault(algorithm, set()).add(_decoded(encoded))
    strongest = next((algorithm for algorithm in reversed(_STRENGTH) if algorithm in digests), None)
    if strongest is None:
        raise ParsingError(f"{shown(integrity)} has no digest that can be checked", code="MALFORMED_VALUE_ERROR")
    return hashlib.new(strongest, data).digest() in digests[strongest]


def _decoded(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded.replace("-", "+").replace("_", "/"), validate=True)
    except ValueError as error:
        raise ParsingError(f"{shown(encoded)} is not base64", code="MALFORMED_VALUE_ERROR") from error
