"""Contexts, documents under them, and other documents that differ from one in a few places, all by chance.

They are so close to each other that their texts, identifiers and statements often meet.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from typing import Any, Final

from benches.leaf_changes import places, replaced, without

NS: Final = "https://terms.example/ns#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
Json = dict[str, Any]

TEXTS: Final = (
    "a", "b", "c", "a b", "", " ", 'a "quoted" word', '"', "\\", "\\\\", '\\"', "C:\\users", "two\nlines", "tab\t",
    "\r", "\b\f", "\u0000", "\u001f", "\u007f", "\u0080", "\u2028", "\ufffd", "\ufffe", "\uffff", "\ue000", "ā", "Ā",
    "😀", "\U0010fffd0", "\U0010fffd1", "true", "false", "1", "01", "-1", "1.0", "1.5E0", "1.0E0", "1e3", "INF", "null",
    "2026-01-31", "urn:a", "urn:b", "https://x.example/a", "_:b0", "@id", "@type", "T0", "W0", "p0", "en", "<", ">",
    "</a>", '"@en', '"^^', "\\u0041",
)  # fmt: skip
IDENTIFIERS: Final = (
    "urn:a", "urn:b", "urn:c", "urn:d", "did:example:1", "did:example:2#key", "https://x.example/a", "https://x.example/b",
    "http://x.example/?q=[1]&r=~", "mailto:a@x.example",
)  # fmt: skip
ODD_IDENTIFIERS: Final = (
    "urn:", "urn://a", "https:a", "http:", "ex:a", "ex://a", "q:a", "q://a", "_:b0", "_:b1", "relative", "", "#a",
    "urn:ā", "urn:a b", "urn:<", "urn:a\\", "urn:a\n", 'urn:"', "urn:\u007f", "urn:\u0001", "urn:%zz", "URN:a",
    "Urn:a", ":a", "1:a",
    "urn", RDF + "nil", RDF + "type", NS + "T0", NS + "T1", NS + "W0", NS + "0", "T0", "W0", "@id", "@none",
    "\U0010fffd0", "urn:\U0010fffd0",
)  # fmt: skip
NUMBERS: Final = (
    0, 1, 2, -1, 10, 123456789, 2**53 - 1, -(2**53) + 1, 2**53 - 2, 2**53 - 3, 0.5, -1.25, 1.5e-7, 1.0,
    2**53, 1e21, True, False,
)  # fmt: skip
MARK: Final = "\U0010fffd"
INTEGER_MARK: Final = "9007199253"
"""Markers as templates could have them, were they not drawn by chance: some texts and numbers here look like these."""
NEAR_MARKERS: Final = tuple(
    number for hole in range(4) for number in (9007199253000000 + hole, 9007199253000000.0 + hole)
)
WORDS: Final = (*(f"{MARK}{hole}" for hole in range(3)), "word", "a", "ā")
"""What a vocabulary makes identifiers of."""
LANGUAGES: Final = ("en", "EN", "lv", "en-GB", "@none", "x y", "toolongtag", "de", "none")
COERCIONS: Final = (
    *(None, None, None, "@id", "@id", "@vocab", "@json", "@none"),
    *(XSD + name for name in ("string", "date", "boolean", "integer", "decimal", "double", "dateTime")),
)
SPELLINGS: Final = (
    "1",
    "2",
    "01",
    "+1",
    "1.5E0",
    "2.5E0",
    "1.0E0",
    "1.5",
    "true",
    "false",
    "TRUE",
    "INF",
    "a",
    "",
    "1e400",
)
"""Texts that may be numbers or truth values, or are nearly."""
CONTAINERS: Final = (
    *(None,) * 8,
    "@set", "@set", "@list", "@language", "@graph", "@index", "@id", "@type", ["@graph", "@set"], ["@set", "@language"],
)  # fmt: skip


def context(chance: random.Random) -> Json:
    """A context, with some that are scoped to its terms."""
    terms = _terms(chance, depth=0) if chance.random() < 0.8 else _narrow_terms(chance)
    if chance.random() < 0.8:
        terms |= {"id": "@id", "type": "@type"}
    if chance.random() < 0.3:
        terms[chance.choice(["name", "called"])] = chance.choice(["@id", "@type", "@value", "@language", "@none"])
    if chance.random() < 0.4:
        terms |= {"ex": "https://ex.example/", "q": {"@id": "urn:q:", "@prefix": True}}
    if chance.random() < 0.2:
        terms["https"] = {"@id": "urn:https:", "@prefix": True}
    if chance.random() < 0.2:
        terms["@vocab"] = chance.choice([NS, "https://other.example/", "urn:", "urn:"])
    if chance.random() < 0.15:
        terms["@language"] = chance.choice(["en", "LV"])
    if chance.random() < 0.3:
        terms |= {"p8": NS + "said", "p9": NS + "about", "p7": {"@id": NS + "raw", "@type": "@json"}}
    if chance.random() < 0.2:
        terms |= {"@protected": True, "@version": 1.1}
    return {"@context": terms}


def _terms(chance: random.Random, depth: int) -> Json:
    terms: Json = {}
    for name in chance.sample([f"p{number}" for number in range(10)], chance.randint(3, 8)):
        terms[name] = _definition(chance, depth)
    for name in chance.sample(["T0", "T1", "T2"], chance.randint(0, 3)):
        terms[name] = {"@id": NS + name}
        if chance.random() < 0.4 and depth < 2:
            terms[name]["@context"] = _terms(chance, depth + 1)
    for name in chance.sample(["W0", "W1", "W2"], chance.randint(0, 2)):
        terms[name] = chance.choice([NS + name, NS + "W0", "urn:b"])
    return terms


def _narrow_terms(chance: random.Random) -> Json:
    """Several terms for a property, of which the text of a value may decide which one it is written with."""
    coercions = (None, "@vocab", *(XSD + name for name in ("integer", "boolean", "double", "decimal", "string")))
    terms: Json = {f"W{number}": NS + f"W{number}" for number in range(2)}
    for number in range(7):
        definition: Json = {"@id": NS + str(chance.randrange(4))}
        if coercion := chance.choice(coercions):
            definition["@type"] = coercion
        terms[f"p{number}"] = definition
    return terms


def _definition(chance: random.Random, depth: int) -> Any:
    definition: Json = {"@id": NS + str(chance.randrange(12))}
    if coercion := chance.choice(COERCIONS):
        definition["@type"] = coercion
    elif chance.random() < 0.15:
        definition["@language"] = chance.choice(["en", "LV", None])
    if container := chance.choice(CONTAINERS):
        definition["@container"] = container
    if chance.random() < 0.12 and depth < 2:
        definition["@context"] = _terms(chance, depth + 1)
    if chance.random() < 0.03:
        definition["@nest"] = "@nest"
    if chance.random() < 0.03:
        return {"@reverse": definition["@id"]}
    if chance.random() < 0.05:
        definition["@protected"] = True
    return definition


def document(chance: random.Random, terms: Mapping[str, Any], url: str) -> Json:
    """A document that names its context by a URL, or has it written out."""
    named = chance.choice([url, [url]]) if chance.random() < 0.95 else dict(terms)
    node = _node(chance, terms, 0)
    if terms.get("p8") == NS + "said" and chance.random() < 0.4:
        node["p9"] = _said_twice(chance)
    return {"@context": named, **node}


def foreign(chance: random.Random, original: Json) -> Json:
    """The same, but one of the identifiers in it is not ASCII, so that no template answers for it."""
    text = json.dumps(original, ensure_ascii=False)
    found = [f'"{each}"' for each in IDENTIFIERS if f'"{each}"' in text]
    if not found:
        return original
    changed: Json = json.loads(text.replace(chance.choice(found), '"urn:ā"'))
    return changed


def _said_twice(chance: random.Random) -> list[Json]:
    """Objects that say one thing of another, mostly: as a number, and as a text with its type."""
    number, root = chance.choice((1, 2, 5)), chance.choice(IDENTIFIERS[:3])
    texts = chance.choice((str(number), str(number), "7"))
    said = [number, {"@value": texts, "@type": XSD + "integer"}]
    chance.shuffle(said)
    alike = chance.choice(([], [], [{"p8": "a"}, {"p8": "a"}], [{"p8": "a"}, {"p8": "b"}]))
    return [{"@id": root, "p8": each} for each in said] + alike


def _node(chance: random.Random, terms: Mapping[str, Any], depth: int) -> Json:
    node: Json = {}
    if chance.random() < 0.6:
        node["id" if "id" in terms else "@id"] = _identifier(chance)
    types = [name for name in ("T0", "T1", "T2") if name in terms]
    if types and chance.random() < 0.6:
        chosen = chance.sample(types, chance.randint(1, len(types)))
        node["type" if "type" in terms else "@type"] = chosen if len(chosen) > 1 else chosen[0]
        if "@vocab" in terms and chance.random() < 0.3:
            node["type" if "type" in terms else "@type"] = [*chosen, chance.choice(WORDS)]
        for name in chosen:
            if isinstance(terms[name], dict):
                terms = {**terms, **terms[name].get("@context", {})}
    properties = [name for name in terms if name.startswith("p")]
    for name in chance.sample(properties, min(len(properties), chance.randint(1, 4))):
        node[name] = _values(chance, terms, name, depth)
    items = list(node.items())
    chance.shuffle(items)
    return dict(items)


def _values(chance: random.Random, terms: Mapping[str, Any], name: str, depth: int) -> Any:
    definition = terms[name] if isinstance(terms[name], dict) else {}
    container = definition.get("@container") or []
    if definition.get("@type") == "@json":
        near = chance.choice(NEAR_MARKERS)
        return chance.choice(["a", 1, True, None, [], {}, {"a": [1, "b", {"c": None}]}, ["x", 2], near, near, [near]])
    if "@language" in container:
        tags = chance.sample(LANGUAGES[:5], chance.randint(1, 3))
        return {tag: chance.choice([_text(chance), [_text(chance), "other"]]) for tag in tags}

    def value() -> Any:
        return _value(chance, {**terms, **definition.get("@context", {})}, definition, depth)

    if "@list" in container:
        return [value() if chance.random() < 0.9 else [value(), value()] for _ in range(chance.randrange(4))]
    if chance.random() < 0.6:
        return value()
    several = [value() for _ in range(chance.choice((1, 2, 2, 3)))]
    return several + [sibling(chance, each) for each in several if isinstance(each, dict) and chance.random() < 0.7]


def _value(chance: random.Random, terms: Mapping[str, Any], definition: Mapping[str, Any], depth: int) -> Any:
    coercion = definition.get("@type") or ""
    if depth < 3 and (chance.random() < 0.25 or "@graph" in (definition.get("@container") or [])):
        if chance.random() < 0.1:
            return {"id" if "id" in terms else "@id": _identifier(chance)}
        return _node(chance, terms, depth + 1)
    if coercion == "@id":
        return _identifier(chance)
    if coercion == "@vocab":
        words = WORDS if "@vocab" in terms else ()
        return chance.choice([*(name for name in ("W0", "W1", "W2") if name in terms), "urn:a", "urn:b", *words])
    if chance.random() < 0.12:
        beside = chance.choice([{}, {"@language": chance.choice(LANGUAGES[:4])}, {"@type": XSD + "date"}])
        return {"@value": _text(chance), **beside}
    if chance.random() < 0.12:
        spelled = XSD + chance.choice(("boolean", "integer", "double", "decimal"))
        return {"@value": chance.choice(SPELLINGS), "@type": spelled}
    if coercion in {XSD + "integer", XSD + "decimal", XSD + "double"} or chance.random() < 0.15:
        return chance.choice((*NUMBERS[:13], *NEAR_MARKERS[::2]))
    if coercion == XSD + "boolean":
        return chance.choice([True, False, "true"])
    return _text(chance)


def _text(chance: random.Random) -> str:
    return chance.choice(TEXTS[:16] if chance.random() < 0.7 else TEXTS)


def _identifier(chance: random.Random) -> str:
    return chance.choice(IDENTIFIERS if chance.random() < 0.97 else ODD_IDENTIFIERS)


def sibling(chance: random.Random, original: Json) -> Json:
    """A document that differs in some places; mostly in what texts, identifiers and numbers there are."""
    changed = original
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        changed = _changed(chance, changed)
    return json.loads(json.dumps(changed)) if isinstance(changed, dict) else original


def _changed(chance: random.Random, document_: Json) -> Json:
    but = "@context" if chance.random() < 0.95 else None
    found = [(path, value) for path, value in places(document_) if path and path[0] != but]
    if not found:
        return document_
    leaves = [(path, value) for path, value in found if not isinstance(value, dict | list)]
    if leaves and chance.random() < 0.9:
        path, value = chance.choice(leaves)
        return replaced(document_, path, _scalar_instead(chance, value, leaves))
    path, value = chance.choice(found)
    changes: tuple[Callable[[], Any], ...] = (
        lambda: without(document_, path),
        lambda: replaced(document_, path, [value, value]),
        lambda: replaced(document_, path, [value]),
        lambda: replaced(document_, path, chance.choice(found)[1]),
        lambda: replaced(document_, path, {chance.choice(("@value", "@id", "id", "@list", "@set", "@graph")): value}),
        lambda: replaced(document_, path, chance.choice([None, [], {}, "", 0, 0.0, False])),
        lambda: replaced(document_, path, _reordered(chance, value)),
        lambda: replaced(document_, path, _renamed(chance, value)),
    )
    return chance.choice(changes)()


def _scalar_instead(chance: random.Random, value: Any, leaves: list[tuple[Any, Any]]) -> Any:
    draw = chance.random()
    if draw < 0.15:
        return chance.choice(leaves)[1]
    if draw < 0.18:
        return chance.choice((None, True, "", 0, 1.5, [], {}))
    if isinstance(value, str) and draw < 0.25 and value:
        cut = chance.randrange(len(value) + 1)
        return value[:cut] + chance.choice((*TEXTS, ":", "//", "/", "#")) + value[cut + chance.randint(0, 1) :]
    if value in SPELLINGS and draw < 0.9:
        return chance.choice(SPELLINGS)
    if isinstance(value, str):
        pool = chance.choice((IDENTIFIERS, IDENTIFIERS, IDENTIFIERS, ODD_IDENTIFIERS))
        alike = [other for other in pool if other[:3] == value[:3]]
        if ":" in value and draw < 0.95:
            return chance.choice(alike if alike and draw < 0.85 else ODD_IDENTIFIERS)
        return _text(chance) if draw < 0.95 else chance.choice(IDENTIFIERS)
    return chance.choice(NEAR_MARKERS if value in NEAR_MARKERS else NUMBERS)


def _reordered(chance: random.Random, value: Any) -> Any:
    if isinstance(value, dict):
        items = list(value.items())
        chance.shuffle(items)
        return dict(items)
    return chance.sample(value, len(value)) if isinstance(value, list) else value


def _renamed(chance: random.Random, value: Any) -> Any:
    if not isinstance(value, dict) or not value:
        return value
    name = chance.choice(list(value))
    others = ("id", "@id", "type", "@type", "@value", "@language", "p0", "p1", "p2", "W0", *LANGUAGES)
    other = chance.choice(others)
    return {other if each == name else each: member for each, member in value.items()}
