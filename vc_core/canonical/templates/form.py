"""The form of a document: all of it that may decide how it is processed.

A reading says of which texts and integers nothing depends, but the statements that they are in; these are the holes.
The form is the shape of the document, all other texts, and what is asked of the holes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple

from vc_core.canonical.nquads import Quad
from vc_core.canonical.templates.cutting import Cut
from vc_core.document import Json

_BYTES_OF_A_POSITION: Final = 24
_NOTHING: Final[Mapping[int, int]] = MappingProxyType({})


class Example(NamedTuple):
    """A document that was read: cut in two, what its `Reading` says is free, by place and for each text, and stated."""

    document: dict[str, Json]
    cut: Cut
    free: Mapping[str, str]
    kinds: Sequence[str | None]
    quads: Collection[Quad]


@dataclass(frozen=True, slots=True)
class Form:
    """Positions among the texts of a document, and what is the same in all documents of the form.

    Two that differ in nothing but `same_texts` have the same hash, by which it is remembered how often one was seen.
    """

    shape: bytes
    frame: tuple[int, ...]
    """Where the texts are that are in no hole."""
    in_frame: bytes
    """These texts, as `framed` joins them."""
    identifiers: tuple[int, ...]
    """Where each identifier stands first."""
    schemes: tuple[bytes, ...]
    same_identifiers: tuple[tuple[int, int], ...]
    """Where an identifier stands again, and where it stood first."""
    literals: tuple[int, ...] = field(hash=False)
    """The texts of literals that are not in `same_texts`."""
    same_texts: tuple[tuple[int, int], ...] = field(hash=False)
    """Where the text of a literal stands again in the same statement, and where it stood first."""

    @property
    def same(self) -> tuple[tuple[int, int], ...]:
        """Where a text stands that is the same as another one, and where that stands."""
        return self.same_identifiers + self.same_texts

    @property
    def size(self) -> int:
        """Bytes that it takes, roughly."""
        positions = len(self.frame) + len(self.identifiers) + len(self.literals) + len(self.same)
        return len(self.shape) + len(self.in_frame) + _BYTES_OF_A_POSITION * positions

    @classmethod
    def of(cls, example: Example, said_again: Mapping[int, int] = _NOTHING) -> Form:
        """The form of a document.

        `said_again` are texts of literals, and what they are the same as: no more than one statement is made of both.
        """
        texts = example.cut.texts
        frame: list[int] = []
        first: dict[bytes, int] = {}
        same_identifiers: list[tuple[int, int]] = []
        literals: list[int] = []
        for position, (text, kind) in enumerate(zip(texts, example.kinds, strict=True)):
            if kind is None:
                frame.append(position)
            elif kind == "@value":
                if position not in said_again:
                    literals.append(position)
            elif first.setdefault(text, position) != position:
                same_identifiers.append((position, first[text]))
        return cls(
            shape=example.cut.shape,
            frame=tuple(frame),
            in_frame=framed([texts[position] for position in frame]),
            identifiers=tuple(first.values()),
            schemes=tuple(map(_scheme, first)),
            same_identifiers=tuple(same_identifiers),
            literals=tuple(literals),
            same_texts=tuple(said_again.items()),
        )


def framed(texts: Iterable[bytes]) -> bytes:
    """Texts as one. Of as many texts no others give the same: there is no byte 0 in them."""
    return b"\x00".join(texts)


def _scheme(identifier: bytes) -> bytes:
    """What decides whether an identifier is one, or a compact IRI."""
    scheme, colon, rest = identifier.partition(b":")
    return scheme + colon + (b"//" if rest.startswith(b"//") else b"")
