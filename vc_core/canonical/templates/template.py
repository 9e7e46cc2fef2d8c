"""The statements of all documents of one form, as lines with holes, and what a document has to be to fill them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256
from operator import itemgetter, mul
from typing import Any, Final, NamedTuple, TypeAlias

from vc_core.canonical import rdfc
from vc_core.canonical.templates.form import Form, framed

Texts: TypeAlias = tuple[bytes, ...]
Pick: TypeAlias = Callable[[Sequence[Any]], tuple[Any, ...]]
"""Picks the items at some positions."""

_BYTES: Final = 1200
"""What the objects take that any template is made of, and its places in the tables of those that are kept."""
_BYTES_OF_A_TEXT: Final = 96
"""What a text in a set takes besides its bytes."""
_BYTES_OF_A_USE: Final = 8
_IRI_CHARACTERS: Final = bytes(code for code in range(0x21, 0x7F) if chr(code) not in '<>"{}|^`\\')
"""What an identifier is made of here. Others have more characters, and are left to the general path."""


def picked(positions: Sequence[int]) -> Pick:
    """What picks the items at these positions."""
    if len(positions) > 1:
        return itemgetter(*positions)
    return lambda items: tuple(items[position] for position in positions)


class Different(NamedTuple):
    """Literals of one property of one thing, with one datatype or language: each is another one."""

    holes: Pick
    fixed: frozenset[bytes]
    """The texts of those that are in no hole."""
    number: int
    """How many there are."""

    @property
    def size(self) -> int:
        """Bytes that it takes, roughly."""
        return _BYTES_OF_A_TEXT * (4 + self.number) + _size(self.fixed)


@dataclass(frozen=True, slots=True, eq=False)
class Weave:
    """Texts of lines with holes, to be filled all at once."""

    picks: tuple[Pick, ...]
    """For each text: picks its parts from what fills the holes, followed by `fixed`."""
    fixed: Texts
    unsorted: tuple[int, ...]
    """The texts in which the order of the lines depends on what is in the holes."""
    size: int
    """Bytes that it takes, roughly."""

    def texts(self, filling: Texts) -> list[bytes]:
        """The texts, the lines of each in code point order."""
        filling += self.fixed
        texts = [b"".join(pick(filling)) for pick in self.picks]
        for position in self.unsorted:
            texts[position] = b"".join(sorted(texts[position].splitlines(keepends=True)))
        return texts


class Trial(NamedTuple):
    """What a template was right for so far: the document that it was made of."""

    hash_algorithm: str
    filling: bytes
    """A digest of what is in its holes."""


@dataclass(slots=True, eq=False)
class Template:
    """What the documents of one form state.

    The holes are the distinct identifiers, then the texts of literals; all other texts of the document are those of the
    form.
    """

    form: Form
    holes: Pick
    others: frozenset[bytes]
    """The identifiers that are in no hole, and none of which is in one."""
    same: tuple[Pick, Pick] | None
    """What picks the texts that stand again, and those that they are the same as."""
    different: tuple[Different, ...]
    first_degree: Weave
    """What is hashed for each blank node (RDFC-1.0, section 4.6)."""
    labels: Texts
    """The canonical labels, as many as there are blank nodes."""
    statements: Weave
    """The statements about each thing; the labels of blank nodes are filled in behind the holes."""
    uses: tuple[int, ...]
    """How often each hole is in the statements."""
    length: int
    """Bytes of the statements, at most, with nothing in the holes."""
    trial: Trial | None = None
    """None when the answer for another document than the example was right as well."""

    @property
    def size(self) -> int:
        """Bytes that it takes, roughly."""
        others = _size(self.others) + _size(self.labels) + sum(different.size for different in self.different)
        uses = _BYTES_OF_A_USE * len(self.uses)
        return _BYTES + uses + self.form.size + self.first_degree.size + self.statements.size + others

    def is_proven_for(self, texts: Sequence[bytes], hash_algorithm: str) -> bool:
        """Whether it may answer alone: it is on trial no more, or for the document that it was made of."""
        return self.trial is None or self.trial == Trial(hash_algorithm, self.filling(texts))

    def filling(self, texts: Sequence[bytes]) -> bytes:
        """A digest of what is in the holes."""
        return sha256(framed(self.holes(texts))).digest()

    def canonical(self, texts: Sequence[bytes], hash_algorithm: str, work_limit: int) -> bytes | None:
        """The canonical form of the dataset of a document with these texts, and the shape and frame of the form.

        None if something is in a hole that cannot be there, if more than first degree hashes has to be known, or if
        `work_limit` may not be enough.
        """
        holes = self.holes(texts)
        # nothing is written before it is known how long it gets, and that is no less than the general path has to pay
        length = self.length + sum(map(mul, map(len, holes), self.uses))
        if rdfc.work_of(length, len(self.labels)) > work_limit or not self._fits(texts, holes):
            return None
        labels = self._labels(holes, rdfc.HASH_ALGORITHMS[hash_algorithm])
        if labels is None:
            return None
        about = self.statements.texts(holes + labels)
        about.sort()
        return b"".join(about)

    def _fits(self, texts: Sequence[bytes], holes: Texts) -> bool:
        """Whether what is in the holes can be there."""
        schemes, others = self.form.schemes, self.others
        identifiers = holes[: len(schemes)]
        if b"".join(identifiers).translate(None, _IRI_CHARACTERS):
            return False
        if not all(map(bytes.startswith, identifiers, schemes)):
            return False
        if len(others.union(identifiers)) != len(others) + len(schemes):
            return False
        if self.same is not None:
            again, first = self.same
            if again(texts) != first(texts):
                return False
        return not self.different or all(
            len(fixed.union(among(holes))) == number for among, fixed, number in self.different
        )

    def _labels(self, holes: Texts, new_hash: Callable[[bytes], Any]) -> Texts | None:
        """The canonical label of each blank node (RDFC-1.0, section 4.4.3, steps 3 and 4); None if two are alike."""
        if len(self.labels) < 2:
            return self.labels
        hashes = [new_hash(text).digest() for text in self.first_degree.texts(holes)]
        label_of = dict(zip(sorted(hashes), self.labels, strict=True))
        return tuple(map(label_of.__getitem__, hashes)) if len(label_of) == len(hashes) else None


def _size(texts: Collection[bytes]) -> int:
    return sum(map(len, texts)) + _BYTES_OF_A_TEXT * len(texts)
