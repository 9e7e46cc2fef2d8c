"""Properties of JSON-LD in safe mode, over generated documents."""

from __future__ import annotations

import contextlib
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pyld import jsonld as pyld

from vc_core.canonical import jsonld, nquads, rdfc
from vc_core.canonical.contexts import Contexts
from vc_core.errors import VCError
from vc_core.limits import Limits

NS = "https://terms.example/ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
LIMITS = Limits()
TERMS = {
    "@context": {
        "id": "@id",
        "type": "@type",
        "Thing": NS + "Thing",
        "Course": {"@id": NS + "Course", "@context": {"level": NS + "level"}},
        "title": NS + "title",
        "note": {"@id": NS + "note", "@language": "lv"},
        "titles": {"@id": NS + "titles", "@container": "@language"},
        "number": NS + "number",
        "credits": {"@id": NS + "credits", "@type": XSD + "decimal"},
        "date": {"@id": NS + "date", "@type": XSD + "date"},
        "link": {"@id": NS + "link", "@type": "@id"},
        "node": NS + "node",
        "grade": {"@id": NS + "grade", "@type": "@vocab"},
        "Excellent": NS + "Excellent",
        "Good": NS + "Good",
        "part": {"@id": NS + "part", "@container": "@set"},
        "below": {"@id": NS + "below", "@context": {"title": NS + "titleBelow"}},
        "items": {"@id": NS + "items", "@container": "@list"},
        "raw": {"@id": NS + "raw", "@type": "@json"},
        "inner": {"@id": NS + "inner", "@container": "@graph"},
    }
}
CONTEXTS = Contexts() | {"urn:terms": json.dumps(TERMS).encode()}

texts = st.text(max_size=8)
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.sampled_from([0.5, -1.25, 0.1, 123456.789, 1.5e-7])
tags = st.sampled_from(["en", "EN-gb", "lv", "Lt"])
identifiers = st.sampled_from([f"urn:n{number}" for number in range(4)])
language_values = st.builds(lambda text, tag: {"@value": text, "@language": tag}, texts, tags)
raw_values = st.recursive(
    st.none() | st.booleans() | st.integers(-1000, 1000) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


def one_or_several(draw: st.DrawFn, values: st.SearchStrategy[Any]) -> Any:
    """A value, or an array of different ones."""
    count = draw(st.sampled_from([0, 0, 1, 2, 3]))
    items = {json.dumps(item, sort_keys=True): item for item in (draw(values) for _ in range(count))}
    return list(items.values()) if items else draw(values)


@st.composite
def nodes(draw: st.DrawFn, depth: int) -> dict[str, Any]:
    """An object under the terms above, with a few members."""
    members = ["id", "type", "title", "note", "titles", "number", "credits", "date", "link", "grade", "raw"]
    if depth:
        members += ["node", "links", "part", "below", "items", "inner"] * 2
    node: dict[str, Any] = {}
    for name in draw(st.sets(st.sampled_from(members), max_size=5)):
        match name:
            case "id":
                node[name] = draw(identifiers)
            case "type":
                node[name] = one_or_several(draw, st.sampled_from(["Thing", "Course", "urn:Type"]))
            case "title":
                node[name] = one_or_several(draw, texts | language_values)
            case "note" | "date":
                node[name] = one_or_several(draw, texts)
            case "titles":
                keys = draw(st.sets(tags | st.just("@none"), min_size=1, max_size=3))
                node[name] = {key: one_or_several(draw, texts) for key in keys}
            case "number":
                node[name] = one_or_several(draw, numbers | st.booleans())
            case "credits":
                node[name] = one_or_several(draw, numbers)
            case "link":
                node[name] = one_or_several(draw, identifiers)
            case "grade":
                node[name] = draw(st.sampled_from(["Excellent", "Good", "urn:other"]))
            case "raw":
                node[name] = draw(raw_values)
            case "links":
                node["link"] = [draw(identifiers), draw(nodes(depth - 1))]
            case "items":
                node[name] = draw(st.lists(nodes(depth - 1) | texts | st.lists(texts, max_size=2), max_size=3))
            case "below":
                node[name] = draw(nodes(depth - 1))
            case "inner":
                node[name] = [{"title": "inside", **draw(nodes(depth - 1))}]
            case _:
                node[name] = one_or_several(draw, nodes(depth - 1))
    return node


documents = nodes(3).map(lambda node: {"@context": "urn:terms", "title": "top", **node, "id": "urn:root"})


def quads(document: Any) -> list[nquads.Quad]:
    return jsonld.to_quads(document, contexts=CONTEXTS, limits=LIMITS, allow_inline_contexts=True)


def canonical(document: Any) -> str:
    return rdfc.canonicalize(quads(document), work_limit=LIMITS.canonicalization_work).nquads


def compacted(document: Any) -> dict[str, Any]:
    return jsonld.compacted(document, contexts=CONTEXTS, limits=LIMITS, allow_inline_contexts=True)


def accepted(document: Any) -> str:
    """The canonical form; a document that is refused is no example."""
    try:
        return canonical(document)
    except VCError:
        assume(False)
        raise


def in_order(value: Any, *, of_list: bool = False) -> Any:
    """JSON without the order of arrays that are no lists."""
    if isinstance(value, dict):
        return {
            key: member if key == "raw" else in_order(member, of_list=key == "items") for key, member in value.items()
        }
    if isinstance(value, list):
        items = [in_order(item, of_list=of_list) for item in value]
        return items if of_list else sorted(items, key=lambda item: json.dumps(item, sort_keys=True))
    return value


slow = settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow], deadline=None)


@slow
@given(documents)
def test_the_canonical_form_has_as_many_quads_and_means_the_same(document: Any) -> None:
    text = accepted(document)
    again = nquads.parse(text)
    assert len(again) == len(quads(document)) == len(set(quads(document)))
    assert rdfc.canonicalize(again, work_limit=LIMITS.canonicalization_work).nquads == text


@slow
@given(documents)
def test_another_processor_finds_the_same_statements(document: Any) -> None:
    ours = accepted(document)

    def load(url: str, _options: object) -> dict[str, Any]:
        return {"document": CONTEXTS[url], "documentUrl": url, "contextUrl": None}

    theirs = nquads.parse(
        pyld.to_rdf(document, {"base": None, "documentLoader": load, "format": "application/n-quads"})
    )
    assert rdfc.canonicalize(theirs, work_limit=LIMITS.canonicalization_work).nquads == ours


@slow
@given(documents)
def test_the_compact_form_has_the_same_statements_and_is_its_own_compact_form(document: Any) -> None:
    text = accepted(document)
    compact = compacted(document)
    if "https:" not in json.dumps(compact):  # a property without a term where its thing is described now
        assert canonical(compact) == text
        assert in_order(compacted(compact)) == in_order(compact)


def rewritten(value: Any, random_: random.Random, key: str = "", *, is_item: bool = False) -> Any:
    """The same statements in other JSON: order, arrays, value objects, references and the case of tags."""
    if key == "raw":
        return value
    if isinstance(value, dict):
        members = [(name, rewritten(member, random_, name)) for name, member in value.items()]
        random_.shuffle(members)
        return {name.swapcase() if key == "titles" and name != "@none" else name: member for name, member in members}
    if isinstance(value, list):
        if key == "items":
            return [rewritten(item, random_) if isinstance(item, dict) else item for item in value]
        items = [rewritten(item, random_, key, is_item=True) for item in value]
        random_.shuffle(items)
        return items[0] if len(items) == 1 and random_.random() < 0.5 else items
    written = value
    if key in {"title", "number"} and random_.random() < 0.5:
        if isinstance(value, str):
            written = {"@value": value}
        elif isinstance(value, int) and not isinstance(value, bool):
            written = {"@value": str(value), "@type": XSD + "integer"}
    elif key == "date" and random_.random() < 0.5:
        written = {"@value": value, "@type": XSD + "date"}
    elif key == "link" and random_.random() < 0.5:
        written = {"id": value}
    elif key == "@language":
        written = value.swapcase()
    several_allowed = not is_item and key in {
        "type",
        "title",
        "note",
        "number",
        "credits",
        "date",
        "link",
        "node",
        "part",
        "grade",
    }
    return [written] if several_allowed and random_.random() < 0.5 else written


@slow
@given(documents, st.integers(0, 2**32))
def test_documents_with_the_same_statements_have_the_same_compact_form(document: Any, seed: int) -> None:
    text = accepted(document)
    other = rewritten(document, random.Random(seed))
    assert canonical(other) == text
    assert in_order(compacted(other)) == in_order(compacted(document))


def described_at(places_: list[dict[str, Any]]) -> dict[str, Any]:
    """A document in which a thing stands in five places, with what is said about it in each."""
    first, second, third, fourth, fifth = ({"id": "urn:n0", **place} for place in places_)
    return {
        "@context": "urn:terms",
        "id": "urn:root",
        "node": [{"link": first}, {"link": second}, {"title": "other", "link": third}],
        "items": [fourth, fifth],
    }


@slow
@given(nodes(1), st.data())
def test_where_a_thing_is_described_makes_no_difference(description: Any, data: st.DataObject) -> None:
    description.pop("id", None)
    documents_ = []
    for _ in range(2):
        places_: list[dict[str, Any]] = [{} for _ in range(5)]
        for name, member in description.items():
            data.draw(st.sampled_from(places_))[name] = member
        documents_.append(described_at(places_))
    one, other = documents_
    assume(accepted(one) == accepted(other))  # the terms of a type hold only beside it
    assert in_order(compacted(one)) == in_order(compacted(other))


def places(value: Any) -> Iterator[Any]:
    """Every object and array of a document, but those of contexts and JSON literals."""
    if isinstance(value, dict | list):
        yield value
        for key, item in list(value.items()) if isinstance(value, dict) else enumerate(value):
            if key not in {"raw", "@context"}:
                yield from places(item)


@slow
@given(documents, st.data())
def test_a_member_that_no_context_defines_is_refused_wherever_it_is_added(document: Any, data: st.DataObject) -> None:
    text = accepted(document)
    objects_ = [place for place in places(document) if isinstance(place, dict)]
    place = data.draw(st.sampled_from(objects_))
    evil = data.draw(st.sampled_from(["x", {"@value": "x"}, {"id": "urn:x"}, [], None, {}, True, 1]))
    place["x-evil"] = evil
    try:
        changed = canonical(document)
    except VCError:
        return
    assert changed != text  # in a language map it is the name of a language
    assert "@x-evil" in changed


@slow
@given(documents, st.data())
def test_no_value_can_be_removed_unnoticed(document: Any, data: st.DataObject) -> None:
    """But for what is said twice of a thing with an identifier."""
    text = accepted(document)
    described = [
        place["id"] for place in places(document) if isinstance(place, dict) and len(place) > 1 and "id" in place
    ]
    assume(len(described) == len(set(described)))
    place = data.draw(st.sampled_from([place for place in places(document) if place]))
    keys = [key for key in place if key != "@context"] if isinstance(place, dict) else list(range(len(place)))
    assume(keys)
    del place[data.draw(st.sampled_from(keys))]
    with contextlib.suppress(VCError):
        assert canonical(document) != text


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            texts
            | st.sampled_from(
                [
                    *TERMS["@context"],
                    "@id",
                    "@type",
                    "@value",
                    "@language",
                    "@list",
                    "@graph",
                    "@context",
                    "@vocab",
                    *("@container", "@protected", "@version", "@reverse", "@none", "@base", "@import", "@direction"),
                ]
            ),
            inner | st.sampled_from(["urn:terms", "@id", "@type", "@json", "@vocab", "@set", "@list", "urn:x", "a:b"]),
            max_size=4,
        )
    ),
    max_leaves=12,
)


@slow
@given(st.dictionaries(st.sampled_from(list(TERMS["@context"])), anything, max_size=4), anything | st.just("urn:terms"))
def test_whatever_the_document_the_answer_is_statements_or_an_error_of_ours(members: Any, context: Any) -> None:
    document = {**members, "@context": context}
    try:
        stated = quads(document)
    except VCError as error:
        message = error.detail
    else:
        message = "stated"
        text = "".join(" ".join(part for part in quad if part) + " .\n" for quad in stated)
        assert sorted(nquads.parse(text)) == sorted(stated)
        assert compacted(document)["@context"] == context
    assert message.isprintable()


@pytest.mark.parametrize("document", [{"@context": "urn:terms", "id": "urn:root", "titles": {"en": "x"}, "raw": {}}])
def test_the_tools_of_these_tests_work(document: Any) -> None:
    assert accepted(document) == canonical(rewritten(document, random.Random(1)))
    assert [list(place) for place in places(document)] == [list(document), ["en"]]
