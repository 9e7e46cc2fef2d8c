"""Compression, and its reverse within bounds: the one place where what a list holds is inflated."""

from __future__ import annotations

import zlib
from typing import Final

from status.errors import MalformedStatusList

GZIP: Final = 16 + zlib.MAX_WBITS
"""The container of RFC 1952, and no other."""
ZLIB: Final = zlib.MAX_WBITS
"""The container of RFC 1950, and no other."""


def most_compressed(most_bytes: int) -> int:
    """The length of the longest stream that an honest writer needs for `most_bytes` bytes that do not compress."""
    return most_bytes + most_bytes // 128 + 1024


def inflate(data: bytes, *, container: int, most_bytes: int) -> bytes:
    """What the one stream in `data` holds, its checksum compared.

    Raises `MalformedStatusList` for anything else: a stream that is damaged or ends early, a second one, other bytes
    behind it, or more than `most_bytes` bytes in it, of which no more than that are ever inflated.
    """
    if len(data) > most_compressed(most_bytes):
        raise MalformedStatusList(f"the compressed list is longer than any of {most_bytes} bytes")
    stream = zlib.decompressobj(container)
    try:
        inflated = stream.decompress(data, most_bytes + 1)
    except zlib.error as error:
        raise MalformedStatusList("the list is not compressed as its format has it, or is damaged") from error
    if len(inflated) > most_bytes:
        raise MalformedStatusList(f"the list is longer than {most_bytes} bytes")
    if not stream.eof:
        raise MalformedStatusList("the compressed list ends early")
    if stream.unused_data:
        raise MalformedStatusList("something stands behind the compressed list")
    return inflated


def deflate(data: bytes, *, container: int) -> bytes:
    """`data` as one stream, compressed as far as zlib can. It bears no date: the same data give the same stream."""
    stream = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, container)
    return stream.compress(data) + stream.flush()
