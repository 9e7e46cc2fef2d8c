"""A list of numbers of a few bits each, as the bytes that it is published as."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from status.errors import RangeError

LARGEST_SIZE: Final = 8
"""Bits of the widest value that is read."""
_WHOLE_SIZES: Final = frozenset({1, 2, 4, 8})
"""The sizes of which no value lies in two bytes."""


@dataclass(frozen=True, slots=True)
class StatusList:
    """As many values of `size` bits, 1 to 8, as fit into `data`, each beside the next.

    The first bits of a byte are its most significant ones (Bitstring Status List 1.0, section 7.1), or with
    `least_significant_first`, for 1, 2, 4 or 8 bits, the least significant (Token Status List, section 4.1). A value
    has its most significant bit on the left in either order.
    """

    data: bytes
    size: int = 1
    least_significant_first: bool = False

    def __post_init__(self) -> None:
        """Raises `ValueError` for a size that there is not."""
        if not 1 <= self.size <= LARGEST_SIZE or (self.least_significant_first and self.size not in _WHOLE_SIZES):
            raise ValueError(f"there are no status lists of {self.size} bits a value in this order")

    @classmethod
    def of_length(cls, length: int, *, size: int = 1, least_significant_first: bool = False) -> StatusList:
        """The shortest list of whole bytes for `length` values, all of them 0."""
        return cls(bytes((length * size + 7) // 8), size, least_significant_first)

    def __len__(self) -> int:
        return len(self.data) * 8 // self.size

    def __getitem__(self, index: int) -> int:
        """The value at `index`, counted from 0. Raises `RangeError` beyond the list, and below 0."""
        size, data = self.size, self.data
        start = index * size
        byte, offset = start >> 3, start & 7
        end = offset + size
        if index < 0 or byte + (end > 8) >= len(data):
            raise RangeError(f"the list of {len(self)} values has none at the index asked for")
        if self.least_significant_first:
            window = data[byte] >> offset
        elif end <= 8:
            window = data[byte] >> 8 - end
        else:
            window = (data[byte] << 8 | data[byte + 1]) >> 16 - end
        return window & (1 << size) - 1

    def __iter__(self) -> Iterator[int]:
        return iter(self.values(range(len(self))))

    def values(self, indexes: Iterable[int]) -> list[int]:
        """The values at `indexes`, in their order; for sizes that divide 8, several times as fast as one by one.

        Raises `RangeError` as for one.
        """
        indexes = indexes if isinstance(indexes, list | tuple | range) else list(indexes)
        if self.size not in _WHOLE_SIZES:
            return [self[index] for index in indexes]
        if indexes and not 0 <= min(indexes) <= max(indexes) < len(self):
            raise RangeError(f"the list of {len(self)} values has none at an index asked for")
        data, mask = self.data, (1 << self.size) - 1
        byte = (8 // self.size).bit_length() - 1  # the bits of an index that say which byte are those above so many
        last = (1 << byte) - 1
        scale = 3 - byte
        if self.size == 1:
            if self.least_significant_first:
                return [data[index >> 3] >> (index & 7) & 1 for index in indexes]
            return [data[index >> 3] >> (~index & 7) & 1 for index in indexes]
        if self.least_significant_first:
            return [data[index >> byte] >> ((index & last) << scale) & mask for index in indexes]
        return [data[index >> byte] >> ((~index & last) << scale) & mask for index in indexes]

    def updated(self, changes: Mapping[int, int]) -> StatusList:
        """The same list but for the values of `changes`, by index.

        Raises `RangeError` for an index as one look-up does, and for a value that does not fit.
        """
        data, size = bytearray(self.data), self.size
        mask, length = (1 << size) - 1, len(self)
        for index, value in changes.items():
            if not 0 <= index < length or not 0 <= value <= mask:
                raise RangeError(f"a list of {length} values of {size} bits cannot hold a value at an index asked for")
            start = index * size
            byte, offset = start >> 3, start & 7
            if self.least_significant_first:
                shift, width = offset, 1
            else:
                width = (offset + size + 7) // 8
                shift = 8 * width - offset - size
            window = int.from_bytes(data[byte : byte + width], "big") & ~(mask << shift) | value << shift
            data[byte : byte + width] = window.to_bytes(width, "big")
        return StatusList(bytes(data), size, self.least_significant_first)
