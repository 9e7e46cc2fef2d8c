"""RDF literals for the scalars of JSON, one to one (JSON-LD 1.1 API, section 8.2.2 and 8.6).

Two different scalars under one term never become the same literal, and processors do not differ about any
that is accepted. So these are refused: integers beyond ±(2^53 - 1); doubles that are integers (`3.0`,
`1e20`), that some processors write as integers because they are small and have one digit (`1e-7`), or that
need more than the 16 digits of the canonical form; strings typed `xsd:double` in another form than the
canonical one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import isfinite
from typing import Final, NamedTuple, TypeAlias

from did.errors import shown
from vc_core.canonical.jsonld.terms import RDF, Term
from vc_core.document import Json
from vc_core.errors import ProofTransformationError

JSON: Final = RDF + "JSON"
LANGUAGE_STRING: Final = RDF + "langString"

_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
STRING: Final = _XSD + "string"
_BOOLEAN: Final = _XSD + "boolean"
_INTEGER: Final = _XSD + "integer"
_DOUBLE: Final = _XSD + "double"
_NUMERIC: Final = frozenset(
    namespace + name
    for namespace in (_XSD, "https" + _XSD.removeprefix("http"))  # Open Badges 3.0 writes the second
    for name in (
        *("integer", "decimal", "double", "float", "long", "int", "short", "byte"),
        *("nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
        *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)
_LARGEST_INTEGER: Final = 2**53 - 1
_RESERVED: Final = frozenset({JSON, LANGUAGE_STRING, RDF + "dirLangString"})
"""Datatypes of literals that have more to them than a text."""

Scalar: TypeAlias = str | int | float | bool


class Literal(NamedTuple):
    """A literal: its lexical form, its datatype, and its language tag in lower case or an empty string."""

    text: str
    datatype: str = STRING
    language: str = ""


def literal(value: Scalar, term: Term) -> Literal:
    """The literal that a scalar is under a term.

    Raises `ProofTransformationError` for a scalar that the rules of this module refuse, and for one under a term
    whose values are identifiers or JSON.
    """
    datatype = term.coercion
    if isinstance(value, str):
        if datatype:
            return typed(value, datatype)
        return Literal(value, LANGUAGE_STRING, term.language) if term.language else Literal(value)
    if datatype in _RESERVED or datatype.startswith("@") or (isinstance(value, bool) and datatype in _NUMERIC):
        raise ProofTransformationError(f"{shown(value)} cannot have the type {shown(datatype)}")
    if isinstance(value, bool):
        return Literal("true" if value else "false", datatype or _BOOLEAN)
    if isinstance(value, int):
        if abs(value) > _LARGEST_INTEGER:
            raise ProofTransformationError(f"the integer {shown(value)} is beyond ±(2^53 - 1)")
        if datatype != _DOUBLE:
            return Literal(str(value), datatype or _INTEGER)
    elif not isfinite(value) or value.is_integer() or (abs(value) < 1e-6 and "." not in repr(value)):
        raise ProofTransformationError(f"processors disagree about the number {value!r}: write it as a text")
    text = _canonical_double(value)
    if float(text) != value:
        raise ProofTransformationError(f"the number {value!r} has more digits than its canonical form")
    return Literal(text, datatype or _DOUBLE)


def typed(text: str, datatype: str) -> Literal:
    """The literal that a string of a datatype is; raises `ProofTransformationError` as `literal` does."""
    if datatype in _RESERVED:
        raise ProofTransformationError(f"a string cannot have the type {shown(datatype)}")
    if datatype == _DOUBLE and not _is_canonical_double(text):
        raise ProofTransformationError(f"{shown(text)} is not the canonical form of a double")
    return Literal(text, datatype)


def is_spelled_freely(value: Literal, *, one_term: bool) -> bool:
    """Whether no rule looks at the text of a literal that comes from a string or an integer.

    Numbers and truth values are looked at where there is more than one term that a value may be written with.
    """
    return value.datatype not in {_DOUBLE, JSON} and (
        one_term or (value.datatype != _BOOLEAN and value.datatype not in _NUMERIC)
    )


def scalars(value: Literal) -> Iterator[Scalar]:
    """The scalars that may give a literal, depending on the term; the preferred one first."""
    if value.datatype == _BOOLEAN and value.text in {"true", "false"}:
        yield value.text == "true"
    if value.datatype in _NUMERIC and len(value.text) <= 32:
        try:
            number = float(value.text)
            yield int(number) if number.is_integer() else number
        except ValueError:
            pass  # a text that is no number, whatever its type says
    yield value.text


def read_canonical_json(text: str) -> Json:
    """The value of a JSON literal; numbers that are integers to every reader are `int`, others `float`."""

    def number(digits: str) -> int | float:
        return int(digits) if abs(int(digits)) <= _LARGEST_INTEGER else float(digits)

    value: Json = json.loads(text, parse_int=number)
    return value


def _canonical_double(value: float) -> str:
    """The canonical form of an `xsd:double`, with the 16 digits that JSON-LD gives it."""
    mantissa, _, exponent = f"{value:.15E}".partition("E")
    digits = mantissa.rstrip("0")
    return f"{digits}{'0' if digits.endswith('.') else ''}E{int(exponent)}"


def _is_canonical_double(text: str) -> bool:
    try:
        return text == _canonical_double(float(text))
    except ValueError:
        return False
