"""Statements in the compact form of their contexts (JSON-LD 1.1 Processing Algorithms and API, section 6).

What is written depends on the statements and the contexts alone, and not on the document that they were read
from. Reading it gives the same statements, as long as the contexts have terms for all of them; a statement
without a term is written with its IRI. Only what `vc_core.canonical.jsonld.reading` accepts has to be
written, so this is far less than the algorithm of the specification, and identifiers are never shortened.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple, TypeAlias

from vc_core.canonical import rdfc
from vc_core.canonical.jsonld import literals
from vc_core.canonical.jsonld.dataset import Dataset
from vc_core.canonical.jsonld.literals import Literal
from vc_core.canonical.jsonld.processing import followed, of_property, of_type
from vc_core.canonical.jsonld.reading import Reading
from vc_core.canonical.jsonld.selection import Value, is_list, scalar_for, term_for
from vc_core.canonical.jsonld.terms import TYPE, ActiveContext, Term
from vc_core.document import Json, copy_json

_Node: TypeAlias = tuple[str, str]
"""The name of a graph, and the IRI or label of a node in it."""
_Descriptions: TypeAlias = Mapping[_Node, Mapping[str, Mapping[Value, None]]]
"""The properties of each node that has some, and their values."""


def compact(reading: Reading) -> dict[str, Json]:
    """The object for the root of a document, without its `@context`."""
    described: dict[_Node, dict[str, dict[Value, None]]] = {}
    for subject, predicate, value, graph in reading.dataset.statements:
        described.setdefault((graph, subject), {}).setdefault(predicate, {})[value] = None
    writer = _Writer(reading, described, _places(reading.dataset, described))
    return writer.node(("", reading.dataset.roots[""]), reading.context)


def _places(dataset: Dataset, described: _Descriptions) -> Mapping[_Node, tuple[str, str]] | None:
    """The subject and the property under which each node is described; None if there is no choice.

    Of the places where a node stands as a value it is the first one in breadth from the top of its graph, by
    the IRIs of properties and nodes. Blank nodes go by their canonical labels, so the choice is the same for
    all isomorphic datasets.
    """
    mentions = Counter(
        (graph, node)
        for _, predicate, value, graph in dataset.statements
        if predicate != TYPE
        for node in _nodes(value)
    )
    if all(count == 1 for node, count in mentions.items() if node in described):
        return None
    labels = rdfc.canonicalize(dataset.quads, work_limit=dataset.limits.canonicalization_work).labels

    def order(value: Value) -> list[str]:
        return ["_:" + labels[node[2:]] if node.startswith("_:") else node for node in _nodes(value)]

    places: dict[_Node, tuple[str, str]] = {}
    for graph, root in dataset.roots.items():
        queue = deque([root])
        while queue:
            subject = queue.popleft()
            for predicate, values in sorted(described[graph, subject].items()):
                values_in_order = sorted(values, key=order) if predicate != TYPE else []
                for node in chain.from_iterable(map(_nodes, values_in_order)):
                    if (graph, node) in described and (graph, node) not in places:
                        places[graph, node] = subject, predicate
                        queue.append(node)
    return places


def _nodes(value: Value) -> Iterator[str]:
    """The IRIs and labels in a value."""
    if isinstance(value, str):
        yield value
    elif not isinstance(value, Literal):
        for item in value:
            yield from _nodes(item)


class _Property(NamedTuple):
    """A property of a node, and the context of the object that describes the node."""

    node: _Node
    predicate: str
    active: ActiveContext


@dataclass(slots=True)
class _Writer:
    """Writes the nodes of a dataset, the description of each once."""

    reading: Reading
    described: _Descriptions
    places: Mapping[_Node, tuple[str, str]] | None
    written: set[_Node] = field(default_factory=set)

    def node(self, node: _Node, context: ActiveContext) -> dict[str, Json]:
        """The object that describes a node."""
        self.written.add(node)
        result: dict[str, Json] = {}
        if node in self.reading.contexts_inside:
            local = self.reading.contexts_inside[node]
            context = followed(context, local, allow_inline_contexts=True)
            result["@context"] = copy_json(local, limits=self.reading.limits)
        properties = self.described.get(node, {})
        types = [context.word_for(iri) for iri in properties.get(TYPE, ()) if isinstance(iri, str)]
        active = context
        for name in sorted(types):
            if name in context.scoped:
                active = of_type(context, active, name)
        if not node[1].startswith("_:"):
            result[active.keyword_for("@id")] = node[1]
        if types:
            key = context.keyword_for("@type")
            result[key] = _unwrapped(list[Json](types), context.terms.get(key))
        for predicate, values in properties.items():
            if predicate != TYPE:
                result |= self._members(_Property(node, predicate, active), values)
        return result

    def _members(self, property_: _Property, values: Mapping[Value, None]) -> dict[str, Json]:
        """The members for the values of a property: one for each term that is needed."""
        written: dict[str, list[Json]] = {}
        maps: dict[str, dict[str, list[Json]]] = {}
        terms: dict[str, Term] = {}
        for value in sorted(values, key=is_list):
            key, terms[key] = term_for(
                value, property_.predicate, property_.active, is_graph=value in self.reading.dataset.roots
            )
            if "@language" in terms[key].container and isinstance(value, Literal):
                maps.setdefault(key, {}).setdefault(value.language or "@none", []).append(value.text)
            else:
                written.setdefault(key, []).append(self._value(value, key, terms[key], property_))
        return {key: _unwrapped(items, terms[key]) for key, items in written.items()} | {
            key: {tag: _unwrapped(texts, terms[key]) for tag, texts in tags.items()} for key, tags in maps.items()
        }

    def _value(self, value: Value, key: str, term: Term, property_: _Property) -> Json:
        """One value, written under a key."""
        (graph, subject), predicate, active = property_
        below = of_property(active, active, key) if key in active.scoped else active
        if isinstance(value, Literal):
            return self._literal(value, term, below)
        if not isinstance(value, str):
            items = [self._value(item, key, term, property_) for item in value]
            return items if "@list" in term.container else {"@list": items}
        base = active.previous or active
        inside = of_property(active, base, key) if key in active.scoped else base
        if value in self.reading.dataset.roots:
            whole = self.node((value, self.reading.dataset.roots[value]), inside)
            return whole if "@graph" in term.container else {"@graph": whole}
        target = graph, value
        here = self.places is None or self.places.get(target) == (subject, predicate)
        if value.startswith("_:") or (here and target in self.described and target not in self.written):
            return self.node(target, inside)
        if term.coercion == "@id":
            return value
        return below.word_for(value) if term.coercion == "@vocab" else {below.keyword_for("@id"): value}

    def _literal(self, value: Literal, term: Term, below: ActiveContext) -> Json:
        if value.datatype == literals.JSON:
            return literals.read_canonical_json(value.text)
        scalar = scalar_for(value, term)
        if scalar is not None:
            return scalar
        if value.datatype == literals.STRING:
            return {"@value": value.text}
        if value.language:
            return {"@language": value.language, "@value": value.text}
        return {"@type": below.word_for(value.datatype), "@value": value.text}


def _unwrapped(items: list[Json], term: Term | None) -> Json:
    if len(items) > 1 or (term is not None and "@set" in term.container and term.coercion != "@json"):
        return items
    return items[0]
