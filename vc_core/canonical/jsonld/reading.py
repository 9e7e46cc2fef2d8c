"""What a JSON-LD document says, in safe mode: every member becomes RDF statements, or an error.

This is expansion and deserialization in one walk (JSON-LD 1.1 Processing Algorithms and API, sections 5.1 and
8.2), for what credentials use of JSON-LD, without a base IRI. It loses nothing by construction: the walk
comes to every value and either states it or names it in a `ProofTransformationError`, with code
DATA_LOSS_DETECTION_ERROR where processors would drop something. Refused everywhere are

- undefined terms and types; relative identifiers; compact IRIs, so that no prefix can change what an
  identifier says; labels of blank nodes; nulls; empty arrays and arrays in arrays, but for lists;
- two values of one object that are the same statement, and statements about the whole of a graph inside of
  it;
- all keywords but `@context`, `@id`, `@type`, `@value` and `@language`, and terms that stand for others;
  terms with an `@index`, `@id` or `@type` container, a direction, `@nest` or `@reverse`;
- other names: `id`, `type`, `proof` and the properties of the credentials vocabulary are written with these
  names, and where contexts have several terms for a property or a type, there is one for each value;
- contexts that are written out, and contexts inside of the document, unless the caller allows them; the root of a graph
  within it, such as a credential in a presentation, may have contexts of its own;
- numbers that processors disagree about, see `vc_core.canonical.jsonld.literals`.

A thing with an identifier may be described in several places, even with the same words: it is one thing, and
what is said twice of it is one statement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from did.errors import shown
from vc_core.canonical import jcs
from vc_core.canonical.contexts import Contexts
from vc_core.canonical.jsonld import processing
from vc_core.canonical.jsonld.dataset import Dataset, Statement
from vc_core.canonical.jsonld.literals import JSON, LANGUAGE_STRING, Literal, is_spelled_freely, literal, typed
from vc_core.canonical.jsonld.places import LONGEST, each, lost, placed, refused, token
from vc_core.canonical.jsonld.processing import of_property, of_type
from vc_core.canonical.jsonld.selection import Value, term_for
from vc_core.canonical.jsonld.terms import RDF, TYPE, ActiveContext, Term
from vc_core.document import Json
from vc_core.errors import LimitExceeded
from vc_core.limits import Limits

_ENTERED: Final = 64
"""Scoped contexts that one document can enter."""


_Derivation: TypeAlias = Callable[[ActiveContext, ActiveContext, str], ActiveContext]


class _Member(NamedTuple):
    """A member of an object that states a property: its key, and what holds where it stands.

    `active` is the context of the object, `below` that of the values; a node among them may have yet another.
    """

    key: str
    term: Term
    active: ActiveContext
    below: ActiveContext
    graph: str
    depth: int


@dataclass(slots=True)
class Reading:
    """A document that is read: what it says, and what its names mean."""

    context: ActiveContext
    """The active context of the whole document."""
    limits: Limits
    allow_inline_contexts: bool
    dataset: Dataset
    contexts_inside: dict[tuple[str, str], Json] = field(default_factory=dict)
    """The contexts that objects inside of the document name, by graph and node."""
    free: dict[str, str] = field(default_factory=dict)
    """The places of strings and integers on which nothing depends but the terms that are made of them.

    One is an identifier (`@id`), or the text of a literal (`@value`). Other ones could stand there, and all else in the
    statements would be the same, as long as each identifier has its scheme, and `//` behind it if it had that, and is
    an IRI, but not that of the empty list; those that were the same are the same, and no others are; and no two
    literals of one property of one thing are the same. `vc_core.canonical.templates` builds on that. A place of which
    a rule asks more is not entered, nor is one that is longer than `places.LONGEST`.
    """
    _contexts: int = 0
    _context_members: int = 0
    _entered: dict[tuple[_Derivation, ActiveContext, ActiveContext, str], ActiveContext] = field(default_factory=dict)

    @classmethod
    def of(
        cls, document: dict[str, Json], *, contexts: Contexts, limits: Limits, allow_inline_contexts: bool
    ) -> Reading:
        """Reads a document; raises `ProofTransformationError` or `LimitExceeded`."""
        self = cls(processing.initial(contexts), limits, allow_inline_contexts, Dataset(limits))
        if "@context" not in document:
            raise refused("the document has no @context", "")
        try:
            self.context = self._followed(self.context, document["@context"], "/@context")
            self._graph("", document, self.context, "", 1)
        except RecursionError:
            raise LimitExceeded("the document is nested too deep", code="NESTING_TOO_DEEP") from None
        return self

    def _graph(self, name: str, item: dict[str, Json], context: ActiveContext, at: str, depth: int) -> None:
        """States a node in a graph of its own."""
        before = len(self.dataset.quads)
        root = self._node(item, context, name, at, depth, is_root=True)
        if len(self.dataset.quads) == before:
            raise lost("nothing is said here", at)
        self.dataset.begin(name, root, at)

    def _node(
        self, item: dict[str, Json], context: ActiveContext, graph: str, at: str, depth: int, *, is_root: bool = False
    ) -> str:
        """States what an object says, and answers the subject of it.

        The root of a graph is a document of its own, such as a credential in a presentation, and may name contexts.
        """
        self._require_depth(depth, at)
        is_inside = depth > 1 and "@context" in item
        if is_inside:
            if not is_root and not self.allow_inline_contexts:
                raise refused("a context inside of the document changes what its terms mean", f"{at}/@context")
            if is_root:
                self._contexts = 0
            context = self._followed(context, item["@context"], f"{at}/@context")
        types = self._types(item, context, at)
        active = context
        for name in sorted(types):
            if name in context.scoped:
                active = self._entered_by(of_type, context, active, name, at)
        subject = self._subject(item, active, at)
        if is_inside:
            self.contexts_inside.setdefault((graph, subject), item["@context"])
        said: set[tuple[str, Value]] = set()
        for name, place in types.items():
            self.dataset.state(Statement(subject, TYPE, placed(place, context.word, name), graph), said, place)
        for key, value in item.items():
            keyword = active.keywords.get(key)
            if key == "@context" or keyword == "@id" or keyword == "@type" == context.keywords.get(key):
                continue
            place = f"{at}/{token(key)}"
            if keyword is not None or context.keywords.get(key) == "@type":
                raise refused(f"{shown(key)} has no place here, or two meanings", place)
            below = active
            if key in active.scoped:
                below = self._entered_by(of_property, active, active, key, place)
            member = _Member(key, placed(place, active.property, key), active, below, graph, depth)
            for stated, where in self._values(value, member, place):
                self._require_term(stated, member, where)
                self.dataset.state(Statement(subject, member.term.iri, stated, graph), said, where)
        return subject

    def _types(self, item: dict[str, Json], context: ActiveContext, at: str) -> dict[str, str]:
        """The types as the object writes them, each with its place."""
        types: dict[str, str] = {}
        for key, member in item.items():
            if context.keywords.get(key) != "@type":
                continue
            place = f"{at}/{token(key)}"
            placed(place, context.require_own_name, key, "@type")
            if types:
                raise refused("the types of an object stand in two members", place)
            for name, where in each(member, place):
                if not isinstance(name, str):
                    raise refused("a type is not a text", where)
                if name in types:
                    raise lost(f"the type {shown(name)} stands twice", where)
                types[name] = where
        return types

    def _subject(self, item: dict[str, Json], active: ActiveContext, at: str) -> str:
        """The identifier of an object, or a new blank node."""
        subject = ""
        for key, member in item.items():
            if active.keywords.get(key) != "@id":
                continue
            place = f"{at}/{token(key)}"
            placed(place, active.require_own_name, key, "@id")
            if not isinstance(member, str) or subject:
                raise refused("the identifier of an object is not one text", place)
            subject = placed(place, active.identifier, member)
            self._enter(place, "@id")
        return subject or self.dataset.blank_node()

    def _values(self, value: Json, member: _Member, at: str) -> Iterator[tuple[Value, str]]:
        """The values of a property, each with its place: at least one."""
        container = member.term.container
        if member.term.coercion == "@json":
            if container - {"@set"}:
                raise refused("JSON in a container is not processed", at)
            yield Literal(placed(at, jcs.canonicalize, value).decode(), JSON), at
        elif "@language" in container:
            for text, place in _language_map(value, member.below, at):
                self._enter(place, "@value")
                yield text, place
        elif "@list" in container:
            if isinstance(value, list):
                yield self._list(value, member, at, member.depth), at
            else:
                yield (self._value(value, member, at),), at
        else:
            state = self._graph_name if "@graph" in container else self._value
            for item, place in each(value, at):
                yield state(item, member, place), place

    def _graph_name(self, item: Json, member: _Member, at: str) -> str:
        """The name of a new graph, of which an object is the whole."""
        if not isinstance(item, dict):
            raise lost("only an object has a graph of its own", at)
        name = self.dataset.blank_node()
        self._graph(name, item, self._context_of_node(member, at), at, member.depth + 1)
        return name

    def _list(self, items: list[Json], member: _Member, at: str, depth: int) -> tuple[Value, ...]:
        self._require_depth(depth, at)
        return tuple(
            self._list(item, member, f"{at}/{position}", depth + 1)
            if isinstance(item, list)
            else self._value(item, member, f"{at}/{position}")
            for position, item in enumerate(items)
        )

    def _value(self, item: Json, member: _Member, at: str) -> str | Literal:
        """One value that is neither a list nor a graph: a literal, or a node, which is stated."""
        coercion = member.term.coercion
        if isinstance(item, dict):
            keywords = {member.active.keywords.get(name) for name in item}
            if "@value" in keywords:
                stated = self._value_object(item, member.below, at)
                text = next(name for name in item if member.below.keywords.get(name) == "@value")
                self._enter_free(stated, member, f"{at}/{token(text)}")
                return stated
            if keywords == {"@id"}:
                if any(member.below.keywords.get(name) != "@id" for name in item):
                    raise refused(f"the context of the term {shown(member.key)} changes what this means", at)
                node = self._subject(item, member.below, at)
            else:
                node = self._node(item, self._context_of_node(member, at), member.graph, at, member.depth + 1)
        elif isinstance(item, list):
            raise lost("an array in an array is no value", at)
        elif item is None:
            raise lost("a null says nothing", at)
        elif member.below is not member.active and member.key not in member.below.terms:
            raise refused(f"the context of the term {shown(member.key)} removes that term", at)
        elif isinstance(item, str) and coercion == "@id":
            node = placed(at, member.below.identifier, item)
            self._enter(at, "@id")
        elif isinstance(item, str) and coercion == "@vocab":
            node = placed(at, member.below.word, item)
        else:
            stated = placed(at, literal, item, member.term)
            if not isinstance(item, float | bool):
                self._enter_free(stated, member, at)
            return stated
        if node == RDF + "nil":
            raise refused("the empty list is written as an empty array", at)
        return node

    def _value_object(self, item: dict[str, Json], below: ActiveContext, at: str) -> Literal:
        """A text with its type or its language (JSON-LD 1.1, section 9.5)."""
        parts: dict[str, str] = {}
        for key, member in item.items():
            place = f"{at}/{token(key)}"
            keyword = below.keywords.get(key)
            if keyword not in {"@value", "@type", "@language"} or keyword in parts:
                raise lost(f"{shown(key)} has no place beside a value", place)
            if not isinstance(member, str):
                raise refused(f"{keyword} is not a text", place)
            parts[keyword] = placed(place, below.word, member) if keyword == "@type" else member
        text, datatype, language = parts.get("@value"), parts.get("@type"), parts.get("@language")
        if text is None:
            raise lost("a value without its text", at)
        if datatype is None:
            return Literal(text) if language is None else Literal(text, LANGUAGE_STRING, language.lower())
        if language is not None:
            raise refused("a value has a type and a language", at)
        return placed(at, typed, text, datatype)

    def _enter_free(self, value: Literal, member: _Member, at: str) -> None:
        """Enters the text or the integer of a literal as free, unless rules look at how it is spelled."""
        names = member.active.names.get(member.term.iri, ())
        if is_spelled_freely(value, one_term=not names or names == [member.key]):
            self._enter(at, "@value")

    def _enter(self, place: str, kind: str) -> None:
        if len(place) <= LONGEST:
            self.free[place] = kind

    def _require_term(self, value: Value, member: _Member, at: str) -> None:
        """Refuses a value that another term of the same property is for."""
        names = member.active.names.get(member.term.iri, ())
        if names and names != [member.key]:
            key, _ = term_for(value, member.term.iri, member.active, is_graph=value in self.dataset.roots)
            if key != member.key:
                raise refused(f"this value of {shown(member.key)} is written under {shown(key)}", at)

    def _followed(self, active: ActiveContext, local: Json, at: str) -> ActiveContext:
        """The active context after a member `@context`."""
        self._contexts += len(local) if isinstance(local, list) else 1
        if self._contexts > self.limits.contexts:
            raise LimitExceeded(f"more than {self.limits.contexts} contexts", at=at)
        self._context_members += placed(at, processing.size, local)
        if self._context_members > processing.LARGEST:
            raise LimitExceeded(f"contexts with more than {processing.LARGEST} members in the document", at=at)
        return placed(at, processing.followed, active, local, allow_inline_contexts=self.allow_inline_contexts)

    def _context_of_node(self, member: _Member, at: str) -> ActiveContext:
        """The active context of an object that is a value of a property (section 5.1.2, steps 7 and 8)."""
        base = member.active.previous or member.active
        if member.key not in member.active.scoped:
            return base
        return self._entered_by(of_property, member.active, base, member.key, at)

    def _entered_by(
        self,
        derive: _Derivation,
        source: ActiveContext,
        base: ActiveContext,
        name: str,
        at: str,
    ) -> ActiveContext:
        """A scoped context. How many there are is counted here, whether they are at hand already or not."""
        way = derive, source, base, name
        entered = self._entered.get(way)
        if entered is None:
            if len(self._entered) == _ENTERED:
                raise LimitExceeded(f"more than {_ENTERED} scoped contexts", at=at)
            entered = self._entered[way] = placed(at, derive, source, base, name)
        return entered

    def _require_depth(self, depth: int, at: str) -> None:
        if depth > self.limits.depth:
            raise LimitExceeded(f"nested deeper than {self.limits.depth}", code="NESTING_TOO_DEEP", at=at)


def _language_map(member: Json, active: ActiveContext, at: str) -> Iterator[tuple[Literal, str]]:
    """Texts by their language (JSON-LD 1.1, section 9.8); those of `@none` have none."""
    if not isinstance(member, dict) or not member:
        raise lost("a language map is an object with members", at)
    for tag, texts in member.items():
        language = tag.lower()
        for text, place in each(texts, f"{at}/{token(tag)}"):
            if not isinstance(text, str):
                raise lost("the value of a language is not a text", place)
            if "@none" in {tag, active.keywords.get(tag)}:
                yield Literal(text), place
            else:
                yield Literal(text, LANGUAGE_STRING, language), place
