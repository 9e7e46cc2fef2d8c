"""Status List 2021, which EBSI uses: the base64 text of a gzip stream (sections 2.2, 3.3 and 3.4).

Its specification says base64 and leaves open which. It is written here in the plain alphabet without padding, which
is what the reader of EBSI takes, and read in either alphabet, with padding or without: issuers write all of these.
The stream is gzip and nothing else, as the specification has it.
"""

from __future__ import annotations

import binascii
from typing import Final

from status.errors import MalformedStatusList
from status.formats import base64url
from status.formats.bitstring import MINIMUM_LENGTH
from status.formats.compression import GZIP
from status.formats.format import Format

_TO_URL: Final = str.maketrans("+/", "-_")


def _decode(text: str) -> bytes:
    if ("-" in text or "_" in text) and ("+" in text or "/" in text):
        raise MalformedStatusList("the encoded list is in two alphabets of base64 at once")
    unpadded = text.rstrip("=")
    if len(text) != len(unpadded) and len(text) != len(unpadded) + -len(unpadded) % 4:
        raise MalformedStatusList("the padding of the encoded list has not the right length")
    return base64url.decode(unpadded.translate(_TO_URL))


def _encode(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).rstrip(b"=").decode("ascii")


STATUSLIST2021: Final = Format(
    name="statuslist2021",
    entry_type="StatusList2021Entry",
    entry_is_explicit=True,
    minimum_length=MINIMUM_LENGTH,
    sizes=frozenset({1}),
    least_significant_first=False,
    container=GZIP,
    text_to_bytes=_decode,
    bytes_to_text=_encode,
)
