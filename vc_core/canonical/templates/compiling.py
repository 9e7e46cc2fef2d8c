"""A template, from a document that was read, and why it answers as the general path does.

The document is read once more, with a marker in each of its holes, and from this reading the template is made. What
later documents have to resemble is this marked document. The reader accepted it and named the same places as free, so
what `Reading.free` promises of other texts in these places holds for it: a document that differs from it in nothing
else, and keeps to what is said there, is accepted, and its statements are those with its own texts for the markers.

- It differs in nothing else: it is cut into pieces that together are the document (`cutting`), and each piece is either
  equal to that of the marked document, or is in a hole (`form`).
- It keeps to what is said there: this is checked (`template`). Identifiers have the schemes of the marked ones, and
  characters that all IRIs may have; those that were equal are equal, and all others are different, also from those that
  are in no hole; literals of one property of one thing are different. In the marked document all of this is so, as
  markers are equal only where the form has a text again.
- The markers in the statements say where the holes are: nothing of a marker is in the document itself nor in what it
  states, and in the statements with markers there is none but where a hole is. Else no template is made. Each process
  draws markers of its own, so a document cannot be written against them.
- Canonical labels are given by first degree hashes, which are computed anew for each document. Where two are equal, the
  general path decides.
- Limits on depth, contexts and the number of statements depend on nothing in a hole. The work, which does, is computed
  before a template answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from secrets import randbelow, token_hex
from typing import Final, NamedTuple, TypeAlias

from vc_core.canonical.jsonld.terms import RDF
from vc_core.canonical.nquads import Quad
from vc_core.canonical.templates.cutting import with_scalars
from vc_core.canonical.templates.form import Example, Form
from vc_core.canonical.templates.template import Different, Template, Weave, picked
from vc_core.document import Json

_Part: TypeAlias = bytes | int
"""A part of a line: fixed, or the number of a hole. Behind the holes of a form come those for labels."""
_Parts: TypeAlias = tuple[_Part, ...]
_Names: TypeAlias = dict[str, _Parts]
"""What is written for a term with a hole in it (of a literal up to its second quotation mark), or a blank node."""

_STRING_MARK: Final = f"\U0010fffd{token_hex(16)}-"
"""What is in each marker but those for integers. The first character is a private one."""
_INTEGER_MARK: Final = str(10**9 + randbelow(8 * 10**9))
"""What each marker for an integer begins with: ten digits, so that with the number of a hole they are below 2 ** 53."""
_HOLES: Final = 10**6
"""Holes that markers for integers tell from each other; a document that is cut has fewer."""
_NIL: Final = f"{RDF}nil".encode()
_BYTES_OF_A_PART: Final = 32


class Marked(NamedTuple):
    """A document with a marker in each hole of its form, and what is written for the terms that they give."""

    document: dict[str, Json]
    names: _Names

    @classmethod
    def of(cls, example: Example, form: Form) -> Marked | None:
        """The example of a form with markers.

        None if there is something like them in it already, or if an integer is to be the same as a string.
        """
        own = chain([example.cut.shape], example.cut.texts, (term.encode() for quad in example.quads for term in quad))
        if _has_marks(own):
            return None
        names: _Names = {}
        markers: dict[int, str | int] = {}
        strings = form.shape.count(b'"')
        for hole, (position, scheme) in enumerate(zip(form.identifiers, form.schemes, strict=True)):
            markers[position] = f"{scheme.decode()}{_STRING_MARK}{hole}"
            names[f"<{markers[position]}>"] = (b"<", hole, b">")
        for hole, position in enumerate(form.literals, start=len(names)):
            markers[position] = f"{_STRING_MARK}{hole}" if position < strings else int(_INTEGER_MARK) * _HOLES + hole
            names[f'"{markers[position]}"'] = (b'"', hole, b'"')
        for position, first in form.same:
            if (position < strings) != (first < strings):
                return None
            markers[position] = markers[first]
        return cls(with_scalars(example.document, markers, strings), names)


def compiled(form: Form, names: _Names, quads: Iterable[Quad]) -> Template | None:
    """The template of a form, from the statements of a document that was marked; None if a marker went astray."""
    quads = list(quads)
    if not _are_in_holes(names, quads):
        return None
    holes, nodes = len(names), _blank_nodes(quads)
    labels = tuple(b"_:c14n%d" % position for position in range(len(nodes)))
    labelled = names | {node: (holes + position,) for position, node in enumerate(nodes)}
    about: dict[str, list[_Parts]] = {}
    for quad in quads:
        about.setdefault(quad[0], []).append(_line(quad, labelled))
    written = Counter(part for lines in about.values() for line in lines for part in line)
    longest = len(labels[-1]) if labels else 0
    return Template(
        form=form,
        holes=picked(form.identifiers + form.literals),
        others=_others(quads, names),
        same=(picked([again for again, _ in form.same]), picked([first for _, first in form.same]))
        if form.same
        else None,
        different=_different(quads, names),
        first_degree=_woven(holes, _first_degree(quads, names, nodes)),
        labels=labels,
        statements=_woven(holes + len(nodes), list(about.values())),
        uses=tuple(written[hole] for hole in range(holes)),
        length=sum(
            times * (len(part) if isinstance(part, bytes) else longest * (part >= holes))
            for part, times in written.items()
        ),
    )


def said_again(template: Template, texts: Sequence[bytes]) -> dict[int, int]:
    """The texts of literals of a document that make the same statement as another one, and where that text stands."""
    again: dict[int, int] = {}
    positions = template.form.identifiers + template.form.literals
    for different in template.different:
        first: dict[bytes, int] = {}
        for position in different.holes(positions):
            if first.setdefault(texts[position], position) != position:
                again[position] = first[texts[position]]
    return again


def _has_marks(texts: Iterable[bytes]) -> bool:
    text = b"\x00".join(texts)
    return _STRING_MARK.encode() in text or _INTEGER_MARK.encode() in text


def _are_in_holes(names: _Names, quads: Iterable[Quad]) -> bool:
    """Whether each hole is in the statements, and markers are nowhere else in them."""
    parts = {part for quad in quads for term in quad for part in _parts(term, names)}
    fixed = {part for part in parts if isinstance(part, bytes)}
    return not _has_marks(fixed) and parts - fixed == set(range(len(names)))


def _blank_nodes(quads: Iterable[Quad]) -> list[str]:
    return list(dict.fromkeys(term for quad in quads for term in quad if term.startswith("_:")))


def _parts(term: str, names: _Names) -> _Parts:
    """What is written for a term."""
    if term.startswith('"'):
        end = term.rindex('"') + 1
        return (*names.get(term[:end], (term[:end].encode(),)), term[end:].encode())
    return names.get(term) or (term.encode(),)


def _line(quad: Quad, names: _Names) -> _Parts:
    """A statement as a line of canonical N-Quads."""
    parts: list[_Part] = []
    for term in quad:
        if term:
            parts += _parts(term, names)
            parts.append(b" ")
    parts.append(b".\n")
    return tuple(parts)


def _merged(parts: Iterable[_Part]) -> list[_Part]:
    """The same parts, with one between two holes."""
    merged: list[_Part] = []
    fixed: list[bytes] = []
    for part in parts:
        if isinstance(part, bytes):
            fixed.append(part)
        else:
            merged += [b"".join(fixed), part]
            fixed.clear()
    return [part for part in (*merged, b"".join(fixed)) if part or isinstance(part, int)]


def _first_degree(quads: Sequence[Quad], names: _Names, nodes: Sequence[str]) -> list[list[_Parts]]:
    """The lines that are hashed for each blank node (RDFC-1.0, section 4.6)."""
    mentions: dict[str, list[Quad]] = {node: [] for node in nodes}
    for quad in quads:
        for node in _blank_nodes([quad]):
            mentions[node].append(quad)
    names = names | dict.fromkeys(nodes, (b"_:z",))
    texts = []
    for node in nodes:
        names[node] = (b"_:a",)
        texts.append([_line(quad, names) for quad in mentions[node]])
        names[node] = (b"_:z",)
    return texts


def _woven(holes: int, texts: Sequence[list[_Parts]]) -> Weave:
    """The lines as texts, sorted as far as that can be done before the holes are filled."""
    fixed: dict[bytes, int] = {}
    picks, unsorted, size = [], [], 0
    for position, lines in enumerate(texts):
        lines.sort(key=_in_some_order)
        if not all(_comes_before(one, other) for one, other in pairwise(lines)):
            unsorted.append(position)
        parts = _merged(chain.from_iterable(lines))
        picks.append(
            picked([part if isinstance(part, int) else holes + fixed.setdefault(part, len(fixed)) for part in parts])
        )
        size += _BYTES_OF_A_PART * len(parts)
    return Weave(tuple(picks), tuple(fixed), tuple(unsorted), size + sum(map(len, fixed)))


def _in_some_order(line: _Parts) -> bytes:
    return b"".join(part if isinstance(part, bytes) else b"%d" % part for part in line)


def _comes_before(one: _Parts, other: _Parts) -> bool:
    """Whether a line comes before another one, whatever is in the holes."""
    for ours, theirs in zip(one, other, strict=False):
        if isinstance(ours, bytes) and isinstance(theirs, bytes):
            if ours != theirs:
                shorter = min(len(ours), len(theirs))
                return ours[:shorter] < theirs[:shorter]
        elif type(ours) is not type(theirs) or ours != theirs:
            return False
    return False


def _others(quads: Iterable[Quad], names: _Names) -> frozenset[bytes]:
    """The identifiers that are in no hole, with that of the empty list, which is never in one."""
    terms = {term for subject, _, value, _ in quads for term in (subject, value) if term.startswith("<")}
    return frozenset([_NIL, *(term[1:-1].encode() for term in terms - names.keys())])


def _different(quads: Iterable[Quad], names: _Names) -> tuple[Different, ...]:
    """Where the literals of one property of one thing have to stay different, so that each remains a statement."""
    texts: dict[tuple[str, ...], list[_Part]] = {}
    for subject, predicate, value, graph in quads:
        if value.startswith('"'):
            end = value.rindex('"') + 1
            _, text, _ = names.get(value[:end], (b"", value[1 : end - 1].encode(), b""))
            texts.setdefault((subject, predicate, value[end:], graph), []).append(text)
    return tuple(
        Different(
            picked([text for text in among if isinstance(text, int)]),
            frozenset(text for text in among if isinstance(text, bytes)),
            len(among),
        )
        for among in texts.values()
        if len(among) > 1 and any(isinstance(text, int) for text in among)
    )
