"""What a format of status lists is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from status.bits import StatusList
from status.errors import MalformedStatusList, StatusListLengthError, StatusVerificationError
from status.formats.compression import deflate, inflate, most_compressed


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """How the values of a list are laid out, compressed and written as text, and what entries point to it."""

    name: str
    entry_type: str
    """The type of the entries that point into lists of this format."""
    entry_is_explicit: bool
    """Whether an entry states its purpose and its size; if not, they are the list's alone to know."""
    minimum_length: int
    """Values that a list has at least, so that its index alone tells nothing about a credential."""
    sizes: frozenset[int]
    least_significant_first: bool
    container: int
    text_to_bytes: Callable[[str], bytes]
    bytes_to_text: Callable[[bytes], str]
    has_binary_form: bool = False
    """Whether the compressed bytes themselves are published too, without a text around them."""

    def decode(self, encoded: str | bytes, *, size: int = 1, most_bytes: int) -> StatusList:
        """The list of values of `size` bits that is published as `encoded`, of any length up to `most_bytes` bytes.

        Raises `StatusVerificationError` if there is no such size in this format, and `MalformedStatusList`, before
        any work for what is too long, if `encoded` is not what `encode` or `encode_bytes` could have made.
        """
        if size not in self.sizes:
            raise StatusVerificationError(f"the format {self.name} has no values of so many bits")
        if isinstance(encoded, str):
            if len(encoded) > (most_compressed(most_bytes) + 2) // 3 * 4 + 1:
                raise MalformedStatusList(f"the encoded list is longer than any of {most_bytes} bytes")
            compressed = self.text_to_bytes(encoded)
        elif self.has_binary_form:
            compressed = encoded
        else:
            raise MalformedStatusList("the encoded list is not a text")
        inflated = inflate(compressed, container=self.container, most_bytes=most_bytes)
        return StatusList(inflated, size, self.least_significant_first)

    def encode(self, statuses: StatusList) -> str:
        """The text that `statuses` are published as, always the same for the same list.

        Raises `StatusListLengthError` for a list that is too short, `ValueError` for one of another size or order.
        """
        return self.bytes_to_text(self._compressed(statuses))

    def encode_bytes(self, statuses: StatusList) -> bytes:
        """The bytes that `statuses` are published as. Raises what `encode` does, and `ValueError` if there are none."""
        if not self.has_binary_form:
            raise ValueError(f"the format {self.name} is a text")
        return self._compressed(statuses)

    def check_length(self, statuses: StatusList) -> None:
        """Raises `StatusListLengthError` for a list that is too short to be published, or believed."""
        if len(statuses) < self.minimum_length:
            raise StatusListLengthError(
                f"the list has {len(statuses)} values, fewer than the {self.minimum_length} of its format"
            )

    def _compressed(self, statuses: StatusList) -> bytes:
        if statuses.size not in self.sizes or statuses.least_significant_first != self.least_significant_first:
            raise ValueError(f"the list is not laid out as the format {self.name} has it")
        self.check_length(statuses)
        return deflate(statuses.data, container=self.container)
