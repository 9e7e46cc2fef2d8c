"""Percent-encoding (RFC 3986, section 2.1)."""

from __future__ import annotations

import re
from typing import Final

_ENCODED: Final = re.compile("%([0-9A-Fa-f]{2})")


def percent_decoded(text: str) -> str | None:
    """The text with everything decoded that is percent-encoded in it, once; None if that is not UTF-8."""
    try:
        data = _ENCODED.sub(lambda match: chr(int(match[1], 16)), text).encode("latin-1")
        return data.decode("utf-8")
    except UnicodeError:
        return None
