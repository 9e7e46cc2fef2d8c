"""What a document says: RDF statements, each once, within limits on their number and their characters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from vc_core.canonical import nquads
from vc_core.canonical.jsonld.literals import JSON, LANGUAGE_STRING, Literal
from vc_core.canonical.jsonld.places import lost, placed, refused
from vc_core.canonical.jsonld.selection import Value, is_list
from vc_core.canonical.jsonld.terms import RDF, TYPE
from vc_core.canonical.rdfc import CHARACTERS_A_UNIT
from vc_core.errors import LimitExceeded
from vc_core.limits import Limits

_FIRST, _REST, _NIL = (nquads.iri(RDF + name) for name in ("first", "rest", "nil"))


class Statement(NamedTuple):
    """A statement; `graph` is the label of the blank node that names its graph, or empty."""

    subject: str
    predicate: str
    value: Value
    graph: str


@dataclass(slots=True)
class Dataset:
    """Statements, as they are made. Blank nodes are `_:b0`, `_:b1`, ..."""

    limits: Limits
    statements: list[Statement] = field(default_factory=list)
    quads: dict[nquads.Quad, None] = field(default_factory=dict)
    """The statements as RDF, each once."""
    roots: dict[str, str] = field(default_factory=dict)
    """The node that each graph begins with, by the name of the graph; it is no value in its graph."""
    _blank_nodes: int = 0
    _characters: int = 0
    _iris: dict[str, str] = field(default_factory=dict)
    _literals: dict[Literal, str] = field(default_factory=dict)
    """What is written for a literal, as `_iris` are for IRIs: each is written once, however often it is said."""
    _mentioned: set[tuple[str, str]] = field(default_factory=set)
    _indivisible: set[tuple[str, str, str]] = field(default_factory=set)

    def blank_node(self) -> str:
        """The label of a new blank node."""
        self._blank_nodes += 1
        return f"_:b{self._blank_nodes - 1}"

    def begin(self, graph: str, root: str, at: str) -> None:
        """Enters the root of a graph whose statements are made; refuses statements about it as a value."""
        self.roots[graph] = root
        if (graph, root) in self._mentioned:
            raise refused("the identifier of the whole stands again inside of it", at)

    def state(self, statement: Statement, said: set[tuple[str, Value]], at: str) -> None:
        """Makes a statement; `said` is what one object said before, and gets what it says now."""
        subject, predicate, value, graph = statement
        if (predicate, value) in said:
            raise lost("this was said here before, and counts once", at)
        said.add((predicate, value))
        if is_list(value) or (isinstance(value, Literal) and value.datatype == JSON):
            if (graph, subject, predicate) in self._indivisible:
                raise refused("a list or a JSON value of the same thing stands twice", at)
            self._indivisible.add((graph, subject, predicate))
        self.statements.append(statement)
        node = self._value(value, graph, at, mentioned=predicate != TYPE)
        self._quad(self._node(subject, at), self._node(predicate, at), node, graph, at)

    def _value(self, value: Value, graph: str, at: str, *, mentioned: bool = True) -> str:
        """The RDF term of a value; the cells of a list are stated."""
        if isinstance(value, Literal):
            term = self._literals.get(value)
            if term is None:
                term = self._literals[value] = placed(at, _literal_term, value)
            return term
        if isinstance(value, str):
            if mentioned:
                self._mentioned.add((graph, value))
            return self._node(value, at)
        head = _NIL
        for item in reversed(value):
            cell = self.blank_node()
            self._quad(cell, _FIRST, self._value(item, graph, at), graph, at)
            self._quad(cell, _REST, head, graph, at)
            head = cell
        return head

    def _node(self, text: str, at: str) -> str:
        """The RDF term of an IRI or a label."""
        if text.startswith("_:"):
            return text
        term = self._iris.get(text)
        if term is None:
            term = self._iris[text] = placed(at, nquads.iri, text)
        return term

    def _quad(self, subject: str, predicate: str, value: str, graph: str, at: str) -> None:
        """States a quad; one that is too much is refused here, before there are more that together take much memory."""
        before = len(self.quads)
        self.quads[subject, predicate, value, graph] = None
        if len(self.quads) == before:
            return
        if before >= self.limits.quads:
            raise LimitExceeded(f"more than {self.limits.quads} statements", at=at)
        self._characters += len(subject) + len(predicate) + len(value) + len(graph)
        if self._characters // CHARACTERS_A_UNIT > self.limits.canonicalization_work:
            raise LimitExceeded(f"the statements need more than {self.limits.canonicalization_work} work units", at=at)


def _literal_term(value: Literal) -> str:
    if value.datatype == LANGUAGE_STRING:
        return nquads.literal(value.text, language=value.language)
    return nquads.literal(value.text, datatype=value.datatype)
