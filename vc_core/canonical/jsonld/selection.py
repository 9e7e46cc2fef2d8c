"""Which term a value of a property is written with (JSON-LD 1.1 API, section 6.4, Term Selection).

Contexts can have several terms for one property, with different coercions or for no reason. Here one of them is
the term for a value, the same one for all who read and write. So no other name can hide the value from a reader
who looks for this one.
"""

from __future__ import annotations

from typing import TypeAlias

from vc_core.canonical.jsonld import literals
from vc_core.canonical.jsonld.literals import Literal, Scalar
from vc_core.canonical.jsonld.terms import ActiveContext, Term, own_name_of
from vc_core.errors import ProofTransformationError

Value: TypeAlias = "str | Literal | tuple[Value, ...]"
"""An IRI or a blank node label that begins with `_:`; a literal; an ordered list."""


def is_list(value: Value) -> bool:
    """Whether a value is an ordered list."""
    return isinstance(value, tuple) and not isinstance(value, Literal)


def term_for(value: Value, predicate: str, active: ActiveContext, *, is_graph: bool) -> tuple[str, Term]:
    """The key for a value of a property, and what it means; the IRI of the property if there is no term.

    A term that is the property's own name comes first, then one that makes the value short, then one without
    a capital, because types are written with capitals, then a short one.
    """

    def order(name: str) -> tuple[bool, bool, bool, int, str]:
        is_own = name == own_name_of(predicate)
        return not is_own, not _is_short(value, active.terms[name]), name[0].isupper(), len(name), name

    names = [
        name for name in active.names.get(predicate, ()) if _can_have(active.terms[name], value, is_graph=is_graph)
    ]
    if names:
        key = min(names, key=order)
        return key, active.terms[key]
    return active.in_vocabulary(predicate) or predicate, Term(predicate, language=active.language)


def scalar_for(value: Literal, term: Term) -> Scalar | None:
    """The scalar that is read as a literal under a term; None if there is none."""
    if term.coercion in {"@id", "@vocab"}:
        return None
    for scalar in literals.scalars(value):
        try:
            if literals.literal(scalar, term) == value:
                return scalar
        except ProofTransformationError:
            continue
    return None


def _can_have(term: Term, value: Value, *, is_graph: bool) -> bool:
    """Whether a member with this term can have this value."""
    if term.unusable:
        return False
    if isinstance(value, Literal):
        if (value.datatype == literals.JSON) != (term.coercion == "@json"):
            return False
        is_text = value.datatype in {literals.STRING, literals.LANGUAGE_STRING}
        return term.container <= ({"@language", "@set"} if is_text else {"@set"})
    if term.coercion == "@json":
        return False
    if is_list(value):
        return "@list" in term.container
    return "@graph" in term.container if is_graph else term.container <= {"@set"}


def _is_short(value: Value, term: Term) -> bool:
    if isinstance(value, Literal):
        return term.coercion == "@json" or "@language" in term.container or scalar_for(value, term) is not None
    return is_list(value) or term.coercion in {"@id", "@vocab"}
