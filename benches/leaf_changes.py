"""The ways to change a document in one place."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from benches.leaf_claims import LEAF, LEAVES, XSD
from vectors.making.credentials import TERMS, Claims

Path = tuple[str | int, ...]


def mutations(document: Claims) -> Iterator[tuple[str, Path, Claims]]:
    """Documents that differ from this one in one place: the kind of the change, the place, and the document."""
    for path, value in places(document):
        for kind, new in _values_instead(value):
            yield kind, path, replaced(document, path, new)
        if path:
            yield "deleted", path, without(document, path)
        if isinstance(value, dict):
            for kind, new in _objects_instead(value):
                yield kind, path, replaced(document, path, new)
        if isinstance(value, list):
            for kind, new in _arrays_instead(value):
                yield kind, path, replaced(document, path, new)


def places(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every place in a document with the value there, outer before inner."""
    yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield from places(child, (*path, key))


def replaced(document: Any, path: Path, value: Any) -> Any:
    """A document with another value at a place; only what is on the way is copied."""
    if not path:
        return value
    copied = document.copy()
    copied[path[0]] = replaced(document[path[0]], path[1:], value)
    return copied


def without(document: Any, path: Path) -> Any:
    """A document without a member or element."""
    copied = document.copy()
    if len(path) == 1:
        del copied[path[0]]
    else:
        copied[path[0]] = without(document[path[0]], path[1:])
    return copied


def _values_instead(value: Any) -> Iterator[tuple[str, Any]]:
    yield "wrapped in an array", [value]
    yield "wrapped in two arrays", [[value]]
    yield "doubled", [value, value]
    for keyword in ("@value", "@id", "@set", "@list", "@graph", "@included", "@json", "value"):
        yield f"wrapped in {keyword}", {keyword: value}
    for other in (None, {}, [], "", 0):
        if other != value or type(other) is not type(value):
            yield "changed to another kind", other
    if isinstance(value, str):
        yield from _texts_instead(value)
    elif isinstance(value, bool):
        yield from (
            ("changed", not value),
            ("changed to another kind", int(value)),
            ("changed to another kind", str(value).lower()),
        )
        yield "typed", {"@type": XSD + "boolean", "@value": str(value).lower()}
    elif isinstance(value, int | float):
        yield from (
            ("changed", value + 1),
            ("changed", -value if value else 1),
            ("changed to another kind", str(value)),
        )
        yield "typed", {"@type": XSD + ("integer" if isinstance(value, int) else "double"), "@value": str(value)}
        yield "changed in the least", value + 2.0**-30 if abs(value) < 1000 else value - 1


def _texts_instead(value: str) -> Iterator[tuple[str, Any]]:
    for other in (value + "x", value[:-1], value + " ", "\ufeff" + value, value + "\u0000", value.swapcase()):
        if other != value:
            yield "changed", other
    for form in ("NFC", "NFD", "NFKC"):
        if (normal := unicodedata.normalize(form, value)) != value:
            yield "normalised", normal
    for language in ("lv", "LV", "en", "x y"):
        yield "given a language", {"@value": value, "@language": language}
    for datatype in ("string", "date", "dateTime", "integer", "anyURI"):
        yield "typed", {"@type": XSD + datatype, "@value": value}
    yield "given a direction", {"@value": value, "@direction": "ltr"}
    yield "given an index", {"@value": value, "@index": "x"}


EVIL: Final = (
    ("x-evil", 1), ("alsoKnownAs", "evil"), ("text", "evil"), ("otherText", "evil"), ("@id", "urn:evil"),
    ("id", "urn:evil"), ("id", "_:b0"), ("@type", "Learner"), ("type", "Section"), ("@index", "evil"),
    ("@context", {}), ("@context", LEAVES), ("@context", None), ("@context", []), ("@nest",
    {"alsoKnownAs": "evil"}), ("details", {"alsoKnownAs": "evil"}), ("@reverse", {"link": "urn:evil"}),
    ("@included", [{"id": "urn:evil", "text": "evil"}]), ("@graph", []), ("@value", "x"), ("@language", "lv"),
    ("@direction", "rtl"), ("@set", []), ("@list", []), ("@base", "urn:x:"), ("@vocab", "urn:x:"), ("", 1),
    (LEAF + "text", "evil"), ("part", {"id": "did:example:learner"}), ("termsOfUse", {"type": "Section"}),
    ("proof", {}),
)  # fmt: skip


def _objects_instead(value: Claims) -> Iterator[tuple[str, Any]]:
    for name, evil in EVIL:
        if name not in value:
            yield "given another member", {**value, name: evil}
    for name, member in value.items():
        others = {"id": "@id", "@id": "id", "type": "@type", "@type": "type", "text": "otherText", "otherText": "text"}
        for other in (
            others.get(name),
            f"{LEAF}{name}",
            f"https://www.w3.org/2018/credentials#{name}",
            name.upper(),
            name + " ",
            f"_:{name}",
        ):
            if other is not None and other != name and other not in value:
                yield "renamed", {other if key == name else key: each for key, each in value.items()}
        for under, child in value.items():
            if under != name and isinstance(child, dict) and name not in child:
                moved = {key: each for key, each in value.items() if key != name}
                yield "moved inwards", {**moved, under: {**child, name: member}}
        if isinstance(member, dict) and name != "@context":
            for inner in member:
                if inner not in value:
                    rest = {key: each for key, each in member.items() if key != inner}
                    yield "moved outwards", {**value, name: rest, inner: member[inner]}


def _arrays_instead(value: list[Any]) -> Iterator[tuple[str, Any]]:
    if len(value) > 1 and value != value[::-1]:
        yield "reordered", value[::-1]
        yield "nested", [value[0], value[1:]]
    for position, item in enumerate(value):
        yield "given an element twice", [*value[:position], item, *value[position:]]
    for evil in ("evil", None, 0, {}, [], {"id": "urn:evil"}, "https://w3id.org/security/multikey/v1", TERMS):
        if evil not in value:
            yield "given another element", [*value, evil]
            yield "given another element", [evil, *value]
