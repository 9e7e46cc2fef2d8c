"""JSON-LD in safe mode: what is stated, what is refused, and the compact form."""

from __future__ import annotations

import itertools
import json
import socket
import sys
from typing import Any

import pytest

from vc_core.canonical import jsonld, nquads, rdfc
from vc_core.canonical.contexts import PINNED, Contexts
from vc_core.canonical.jsonld import processing
from vc_core.errors import LimitExceeded, ParsingError, ProofTransformationError, VCError
from vc_core.limits import Limits

V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
TERMS = "https://terms.example/v1"
NS = "https://terms.example/ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LIMITS = Limits()
CONTEXTS = PINNED | {
    TERMS: json.dumps(
        {
            "@context": {
                "@version": 1.1,
                "id": "@id",
                "type": "@type",
                "ex": NS,
                "Thing": NS + "Thing",
                "Scoped": {"@id": NS + "Scoped", "@context": {"inScope": NS + "inScope"}},
                "ScopedToo": {"@id": NS + "ScopedToo", "@context": {"inScopeToo": NS + "inScopeToo"}},
                "title": NS + "title",
                "link": {"@id": NS + "link", "@type": "@id"},
                "word": {"@id": NS + "word", "@type": "@vocab"},
                "raw": {"@id": NS + "raw", "@type": "@json"},
                "rawSet": {"@id": NS + "rawSet", "@type": "@json", "@container": "@set"},
                "date": {"@id": NS + "date", "@type": XSD + "date"},
                "float": {"@id": NS + "float", "@type": "https://www.w3.org/2001/XMLSchema#float"},
                "double": {"@id": NS + "double", "@type": XSD + "double"},
                "integer": {"@id": NS + "integer", "@type": XSD + "integer"},
                "flag": {"@id": NS + "flag", "@type": XSD + "boolean"},
                "latvian": {"@id": NS + "latvian", "@language": "LV"},
                "titles": {"@id": NS + "titles", "@container": "@language"},
                "items": {"@id": NS + "items", "@container": "@list"},
                "part": {"@id": NS + "part", "@container": "@set"},
                "inner": {"@id": NS + "inner", "@container": "@graph"},
                "below": {"@id": NS + "below", "@context": {"title": NS + "titleBelow"}},
                "hidden": None,
                "reverse": {"@reverse": NS + "reverse", "@type": "@id"},
                "byIndex": {"@id": NS + "byIndex", "@container": "@index"},
                "byId": {"@id": NS + "byId", "@container": "@id"},
                "byType": {"@id": NS + "byType", "@container": "@type"},
                "graphById": {"@id": NS + "graphById", "@container": ["@graph", "@id"]},
                "directed": {"@id": NS + "directed", "@direction": "rtl"},
                "nested": "@nest",
                "graphs": "@graph",
                "lists": "@list",
                "reversed": "@reverse",
                "included": "@included",
                "index": "@index",
                "blank": "_:property",
                "first": "http://www.w3.org/1999/02/22-rdf-syntax-ns#first",
                "kind": {"@id": "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "@type": "@id"},
                "space": "https://terms.example/a>b",
                "tagged": {"@id": NS + "tagged", "@type": RDF + "langString"},
                "rawList": {"@id": NS + "rawList", "@type": "@json", "@container": "@list"},
                "short": NS + "doubleName",
                "aLongerName": NS + "doubleName",
            }
        }
    ).encode()
}


def document(*contexts: Any, **members: Any) -> dict[str, Any]:
    return {"@context": [TERMS, *contexts], "id": "urn:x", **members}


def quads(
    subject: dict[str, Any], *, contexts: Contexts = CONTEXTS, limits: Limits = LIMITS, inline: bool = False
) -> list[nquads.Quad]:
    return jsonld.to_quads(subject, contexts=contexts, limits=limits, allow_inline_contexts=inline)


def canonical(subject: dict[str, Any], **options: Any) -> str:
    return rdfc.canonicalize(quads(subject, **options), work_limit=LIMITS.canonicalization_work).nquads


def compacted(subject: dict[str, Any], *, inline: bool = False) -> dict[str, Any]:
    return jsonld.compacted(subject, contexts=CONTEXTS, limits=LIMITS, allow_inline_contexts=inline)


def refusal(subject: dict[str, Any], **options: Any) -> tuple[str, str]:
    """The code and the place of the error."""
    with pytest.raises(ProofTransformationError) as caught:
        quads(subject, **options)
    assert caught.value.detail.isprintable()
    assert len(caught.value.detail) < 200
    return caught.value.code, caught.value.at


LOST = "DATA_LOSS_DETECTION_ERROR"
REFUSED = "PROOF_TRANSFORMATION_ERROR"


# What is stated


def values_of(**members: Any) -> set[str]:
    """The terms that stand as values of `urn:x` for members of the test vocabulary."""
    return {value for subject, _, value, _ in quads(document(**members)) if subject == "<urn:x>"}


@pytest.mark.parametrize(
    ("member", "value", "term"),
    [
        ("title", "text", '"text"'),
        ("title", "", '""'),
        ("title", 'a "quote"\n\\', '"a \\"quote\\"\\n\\\\"'),
        ("title", True, f'"true"^^<{XSD}boolean>'),
        ("title", False, f'"false"^^<{XSD}boolean>'),
        ("title", 5, f'"5"^^<{XSD}integer>'),
        ("title", -9007199254740991, f'"-9007199254740991"^^<{XSD}integer>'),
        ("title", 0.1, f'"1.0E-1"^^<{XSD}double>'),
        ("title", -1.5, f'"-1.5E0"^^<{XSD}double>'),
        ("title", 123456789.125, f'"1.23456789125E8"^^<{XSD}double>'),
        ("title", 1e-6, f'"1.0E-6"^^<{XSD}double>'),
        ("title", 1.5e-7, f'"1.5E-7"^^<{XSD}double>'),
        ("integer", 5, f'"5"^^<{XSD}integer>'),
        ("integer", "5", f'"5"^^<{XSD}integer>'),
        ("double", 5, f'"5.0E0"^^<{XSD}double>'),
        ("double", 9007199254740991, f'"9.007199254740991E15"^^<{XSD}double>'),
        ("double", "5.0E0", f'"5.0E0"^^<{XSD}double>'),
        ("float", 3, '"3"^^<https://www.w3.org/2001/XMLSchema#float>'),
        ("float", 3.5, '"3.5E0"^^<https://www.w3.org/2001/XMLSchema#float>'),
        ("flag", True, f'"true"^^<{XSD}boolean>'),
        ("date", 5, f'"5"^^<{XSD}date>'),
        ("date", True, f'"true"^^<{XSD}date>'),
        ("date", "2024-02-29", f'"2024-02-29"^^<{XSD}date>'),
        ("latvian", "Ētika", '"Ētika"@lv'),
        ("titles", {"EN-gb": "x"}, '"x"@en-gb'),
        ("titles", {"@none": "x"}, '"x"'),
        ("title", {"@value": "x"}, '"x"'),
        ("latvian", {"@value": "x"}, '"x"'),
        ("title", {"@value": "x", "@language": "LV"}, '"x"@lv'),
        ("title", {"@value": "P3M", "@type": XSD + "duration"}, f'"P3M"^^<{XSD}duration>'),
        ("date", {"@value": "P3M", "@type": XSD + "duration"}, f'"P3M"^^<{XSD}duration>'),
        ("link", "urn:y", "<urn:y>"),
        ("link", {"id": "urn:y"}, "<urn:y>"),
        ("title", {"id": "urn:y"}, "<urn:y>"),
        ("link", "https://universitāte.example/ētika?q=%C4%93#ķ", "<https://universitāte.example/ētika?q=%C4%93#ķ>"),
        ("word", "Thing", f"<{NS}Thing>"),
        ("word", "urn:y", "<urn:y>"),
        ("items", [], "<http://www.w3.org/1999/02/22-rdf-syntax-ns#nil>"),
        (
            "raw",
            {"b": [1, None, 1e21], "a": "\u20ac"},
            '"{\\"a\\":\\"\u20ac\\",\\"b\\":[1,null,1e+21]}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>',
        ),
        ("raw", None, '"null"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>'),
        ("raw", [], '"[]"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>'),
        ("short", "x", '"x"'),
    ],
)
def test_a_value_is_stated(member: str, value: Any, term: str) -> None:
    assert values_of(**{member: value}) == {term}


def test_a_default_language_holds_for_terms_defined_before_it() -> None:
    (quad,) = quads(document({"@language": "EN"}, title="x"), inline=True)
    assert quad[2] == '"x"@en'
    subject = document({"@language": "en"}, title="x", latvian="x", date="x")
    assert {value for _, _, value, _ in quads(subject, inline=True)} == {'"x"@en', '"x"@lv', f'"x"^^<{XSD}date>'}


def test_types_are_stated() -> None:
    assert values_of(type=["Thing", "https://other.example/Type"]) == {
        f"<{NS}Thing>",
        "<https://other.example/Type>",
    }


def test_a_list_is_stated_in_its_order() -> None:
    text = canonical(document(items=["b", ["c", []], {"title": "d"}, "b"]))
    assert text.count("#first>") == 6
    assert text.count("#rest>") == 6
    assert text.count("#nil>") == 3
    assert text != canonical(document(items=["b", {"title": "d"}, ["c", []], "b"]))


def test_a_graph_is_stated_apart() -> None:
    stated = quads(document(inner=[{"id": "urn:a", "title": "a"}, {"id": "urn:a", "title": "a"}]))
    names = {value for subject, _, value, _ in stated if subject == "<urn:x>"}
    assert names == {"_:b0", "_:b1"}
    assert {(subject, graph) for subject, _, _, graph in stated if graph} == {
        ("<urn:a>", "_:b0"),
        ("<urn:a>", "_:b1"),
    }


def test_scoped_contexts_hold_where_they_are_scoped_to() -> None:
    assert f"<{NS}titleBelow>" in canonical(document(below={"title": "x"}))
    assert f"<{NS}titleBelow>" in canonical(document(below={"link": {"title": "x"}}))
    assert f"<{NS}inScope>" in canonical(document(type="Scoped", inScope="x"))
    assert refusal(document(type="Scoped", link={"inScope": "x"})) == (LOST, "/link/inScope")
    assert refusal(document(inScope="x")) == (LOST, "/inScope")
    both = document(type=["ScopedToo", "Scoped"], inScope="x", inScopeToo="y", link={"title": "z"})
    assert len(quads(both)) == 6
    for name in ("inScope", "inScopeToo"):
        assert refusal(both | {"link": {name: "z"}}) == (LOST, f"/link/{name}")


def test_blank_nodes_are_labelled_in_order() -> None:
    labels = {term for quad in quads(document(part=[{"title": "a"}, {"title": "b"}, {}])) for term in quad}
    assert {label for label in labels if label.startswith("_:")} == {"_:b0", "_:b1", "_:b2"}


def test_one_thing_may_be_described_in_several_places() -> None:
    described = {"id": "urn:y", "title": "twice"}
    once = quads(document(part=[{"link": described}, {"link": "urn:y"}]))
    twice = quads(document(part=[{"link": described}, {"link": described}]))
    assert len(twice) == len(once) == len(set(once))


# What is refused


@pytest.mark.parametrize(
    ("members", "code", "at"),
    [
        ({"notDefined": "x"}, LOST, "/notDefined"),
        ({"part": [{"title": "x"}, {"x-evil": "x"}]}, LOST, "/part/1/x-evil"),
        ({"a/b~c": "x"}, LOST, "/a~1b~0c"),
        ({"": "x"}, LOST, "/"),
        ({"hidden": "x"}, LOST, "/hidden"),
        ({"blank": "x"}, LOST, "/blank"),
        ({"space": "x"}, LOST, "/space"),
        ({"type": "NotDefined"}, LOST, "/type"),
        ({"type": ["Thing", "NotDefined"]}, LOST, "/type/1"),
        ({"type": "hidden"}, LOST, "/type"),
        ({"type": "blank"}, LOST, "/type"),
        ({"type": "id"}, LOST, "/type"),
        ({"type": "@json"}, LOST, "/type"),
        ({"type": ["Thing", "Thing"]}, LOST, "/type/1"),
        ({"type": []}, LOST, "/type"),
        ({"type": None}, REFUSED, "/type"),
        ({"type": {"@default": "Thing"}}, REFUSED, "/type"),
        ({"type": NS + "Thing"}, REFUSED, "/type"),
        ({"type": "ex:Thing"}, REFUSED, "/type"),
        ({"word": "NotDefined"}, LOST, "/word"),
        ({"word": "ex:other"}, REFUSED, "/word"),
        ({"word": NS + "Thing"}, REFUSED, "/word"),
        ({"link": "relative"}, LOST, "/link"),
        ({"link": ""}, LOST, "/link"),
        ({"link": "#fragment"}, LOST, "/link"),
        ({"link": "//host/path"}, LOST, "/link"),
        ({"link": {"id": "relative"}}, LOST, "/link/id"),
        ({"link": "ex:compact"}, REFUSED, "/link"),
        ({"link": "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil"}, REFUSED, "/link"),
        ({"link": 5}, REFUSED, "/link"),
        ({"link": True}, REFUSED, "/link"),
        ({"link": {"id": ["urn:y"]}}, REFUSED, "/link/id"),
        ({"link": {"id": None}}, REFUSED, "/link/id"),
        ({"link": {"id": "urn:y", "@id": "urn:z"}}, REFUSED, "/link/@id"),
        ({"link": {"@id": "urn:y"}}, REFUSED, "/link/@id"),
        ({"@type": "Thing"}, REFUSED, "/@type"),
        ({"type": "Thing", "@type": "Scoped"}, REFUSED, "/@type"),
        ({"link": None}, LOST, "/link"),
        ({"title": None}, LOST, "/title"),
        ({"title": []}, LOST, "/title"),
        ({"title": [None]}, LOST, "/title/0"),
        ({"title": [["x"]]}, LOST, "/title/0"),
        ({"title": ["a", "b", "a"]}, LOST, "/title/2"),
        ({"title": ["5", {"@value": "5"}]}, LOST, "/title/1"),
        ({"integer": [5, "5"]}, LOST, "/integer/1"),
        ({"link": ["urn:y", {"id": "urn:y", "title": "x"}]}, LOST, "/link/1"),
        ({"titles": {"en": "x", "EN": "x"}}, LOST, "/titles/EN"),
        ({"titles": "x"}, LOST, "/titles"),
        ({"titles": {}}, LOST, "/titles"),
        ({"titles": {"en": []}}, LOST, "/titles/en"),
        ({"titles": {"en": None}}, LOST, "/titles/en"),
        ({"titles": {"en": {"@value": "x"}}}, LOST, "/titles/en"),
        ({"items": [None]}, LOST, "/items/0"),
        ({"items": ["a", [{"y": 1}]]}, LOST, "/items/1/0/y"),
        ({"inner": {}}, LOST, "/inner"),
        ({"inner": {"id": "urn:y"}}, LOST, "/inner"),
        ({"inner": "urn:y"}, LOST, "/inner"),
        ({"inner": {"id": "urn:y", "link": {"link": "urn:y"}}}, REFUSED, "/inner"),
        ({"link": {"link": "urn:x"}}, REFUSED, ""),
        ({"link": "urn:x"}, REFUSED, ""),
        ({"items": [{"id": "urn:x", "title": "x"}]}, REFUSED, ""),
        ({"first": "x"}, REFUSED, "/first"),
        ({"kind": "urn:y"}, REFUSED, "/kind"),
        ({NS + "title": "x"}, REFUSED, "/https:~1~1terms.example~1ns#title"),
        ({"ex:title": "x"}, REFUSED, "/ex:title"),
        ({"_:b0": "x"}, REFUSED, "/_:b0"),
        ({"reverse": "urn:y"}, LOST, "/reverse"),
        ({"byIndex": {"a": "x"}}, LOST, "/byIndex"),
        ({"byId": {"urn:y": {"title": "x"}}}, LOST, "/byId"),
        ({"byType": {"Thing": {"title": "x"}}}, LOST, "/byType"),
        ({"graphById": {"urn:y": {"title": "x"}}}, LOST, "/graphById"),
        ({"directed": "x"}, LOST, "/directed"),
        ({"title": {"@value": "x", "@direction": "rtl"}}, LOST, "/title/@direction"),
        ({"title": {"@value": "x", "@index": "i"}}, LOST, "/title/@index"),
        ({"title": {"@value": "x", "index": "i"}}, LOST, "/title/index"),
        ({"title": {"@value": "x", "title": "y"}}, LOST, "/title/title"),
        ({"title": {"@value": "x", "@language": None}}, REFUSED, "/title/@language"),
        ({"title": {"@value": None}}, REFUSED, "/title/@value"),
        ({"title": {"@value": 5}}, REFUSED, "/title/@value"),
        ({"title": {"@value": {"a": 1}, "@type": "@json"}}, REFUSED, "/title/@value"),
        ({"title": {"@value": "{}", "@type": "@json"}}, LOST, "/title/@type"),
        ({"title": {"@value": "x", "@type": "xsd:date"}}, None, ""),
        ({"title": {"@value": "x", "@type": "relative"}}, LOST, "/title/@type"),
        ({"title": {"@value": "x", "@type": XSD + "date", "@language": "en"}}, REFUSED, "/title"),
        ({"title": {"@value": "x", "@type": RDF + "langString"}}, REFUSED, "/title"),
        ({"title": {"@value": "{}", "@type": RDF + "JSON"}}, REFUSED, "/title"),
        ({"tagged": "x"}, REFUSED, "/tagged"),
        ({"tagged": 5}, REFUSED, "/tagged"),
        ({"rawList": [1]}, REFUSED, "/rawList"),
        ({"title": {"@language": "en"}}, REFUSED, "/title/@language"),
        ({"title": {"@set": ["x"]}}, REFUSED, "/title/@set"),
        ({"title": {"@list": ["x"]}}, REFUSED, "/title/@list"),
        ({"@value": "x"}, REFUSED, "/@value"),
        ({"aLongerName": "x"}, REFUSED, "/aLongerName"),
        ({"raw": {"a": float("nan")}}, REFUSED, "/raw"),
    ],
)
def test_a_member_is_refused(members: dict[str, Any], code: str | None, at: str) -> None:
    if code is None:  # no prefix of this name is defined here, so this is an absolute IRI
        assert quads(document(**members))
    else:
        assert refusal(document(**members)) == (code, at)


KEYWORDS = [
    *("@base", "@container", "@default", "@direction", "@embed", "@explicit", "@graph", "@import", "@included"),
    *("@index", "@json", "@language", "@list", "@nest", "@none", "@omitDefault", "@preserve", "@propagate"),
    *("@protected", "@requireAll", "@reverse", "@set", "@value", "@version", "@vocab", "@unheardOf", "@"),
    *("nested", "graphs", "lists", "reversed", "included", "index"),
]


@pytest.mark.parametrize("keyword", KEYWORDS)
@pytest.mark.parametrize("value", ["x", {"id": "urn:y", "title": "x"}, [{"title": "x"}], {}])
def test_no_other_keyword_and_no_alias_has_a_place(keyword: str, value: Any) -> None:
    """At the top, in a node inside, beside a value, and in a graph."""
    for members in (
        {keyword: value},
        {"link": {"title": "x", keyword: value}},
        {"title": {"@value": "x", keyword: value}},
        {"inner": {"title": "x", keyword: value}},
    ):
        if keyword in {"@value", "@language"} and "title" in members:
            continue  # has its place there
        code, at = refusal(document(**members))
        assert code == REFUSED or "title" in members or keyword == "@value"
        assert keyword in at or keyword == "@value"


@pytest.mark.parametrize(
    "number",
    [
        *(3.0, -0.0, 0.0, 1e16, 1e20, 1e21, 1.5e300, 1e-7, -1e-7, 1e-10, 5e-324, 2.0**53, 2**53, -(2**53), 2**64),
        *(0.12345678901234568, 1.7976931348623157e308, 2.2250738585072014e-308, float("nan"), float("inf")),
    ],
)
def test_a_number_that_processors_disagree_about_is_refused(number: float) -> None:
    assert refusal(document(title=number)) == (REFUSED, "/title")


@pytest.mark.parametrize(
    ("member", "value"),
    [
        *itertools.product(["link", "word"], [5, 1.5, True]),
        *itertools.product(["integer", "double", "float"], [True]),
        ("double", "5"),
        ("double", "5.0"),
        ("double", "5.0E+0"),
        ("double", "5.00E0"),
        ("double", "INF"),
        ("double", "NaN"),
        ("double", "1_0.0E0"),
    ],
)
def test_a_value_that_does_not_fit_its_type_is_refused(member: str, value: Any) -> None:
    assert refusal(document(**{member: value}))[1] == f"/{member}"


# Hostile text

HOSTILE = [
    *('en .\n<s> <p> "true"', "en\n", "e n", "en>", 'en"', "en\\", "en\x00", "en\x7f", "en\u2028", "lv_LV"),
    *("", "-", "en-", "-en", "abcdefghi", "en-abcdefghi", "e1", "é", "en@x", "en#", "x" * 10_000, "\u0435n"),
]
HOSTILE_IRIS = [
    *("urn:a b", "urn:a\nb", "urn:a\tb", "urn:a>", "urn:<a", 'urn:a"', "urn:a\\u003e", "urn:a\x00", "urn:a{", "urn:a}"),
    *("urn:a|b", "urn:a^b", "urn:a`b", "urn:a\x7f", "urn:a\x85", "urn:a\ufffe", "1a:b", "a_b:c", ":b", "é:b", "@id:b"),
    *("http://a/> <urn:p> <urn:o> .\n<urn:s", "@id", "@foo", "://x"),
]
BLANK_LABELS = ["_:a", "_:", "_:a b", "_:b0", "_:c14n0", "_:a\n<urn:s> <urn:p> <urn:o> .", "_:a.", "_://x"]


@pytest.mark.parametrize("tag", HOSTILE)
def test_a_malformed_language_tag_is_refused(tag: str) -> None:
    assert refusal(document(title={"@value": "x", "@language": tag})) == (LOST, "/title")
    assert refusal(document(titles={tag: "x"}))[0] == LOST
    supplied = Contexts() | {
        "urn:c": json.dumps({"@context": {"a": {"@id": "urn:a", "@language": tag}}}).encode(),
        "urn:d": json.dumps({"@context": {"@language": tag, "a": "urn:a"}}).encode(),
    }
    for context in ("urn:c", "urn:d") if tag else ():
        assert refusal({"@context": context, "a": "x"}, contexts=supplied) == (LOST, "/a")


@pytest.mark.parametrize("text", HOSTILE_IRIS)
def test_a_malformed_iri_is_refused_wherever_it_stands(text: str) -> None:
    for members in (
        {"link": text},
        {"link": {"id": text}},
        {"link": {"id": text, "title": "x"}},
        {"items": [{"id": text}]},
        {"type": text},
        {"word": text},
        {"title": {"@value": "x", "@type": text}},
    ):
        assert refusal(document(**members))[0] in {LOST, REFUSED}
    inline = {"@vocab": text} if ":" in text else {"a": {"@id": "urn:a", "@type": text}}
    assert refusal(document(inline, a="x"), inline=True)[0] in {LOST, REFUSED}


@pytest.mark.parametrize("text", BLANK_LABELS)
def test_a_document_does_not_name_blank_nodes(text: str) -> None:
    for members in ({"link": text}, {"link": {"id": text}}, {"type": text}, {"word": text}):
        assert refusal(document(**members))[0] == REFUSED
    assert refusal({"@context": TERMS, "id": text, "title": "x"}) == (REFUSED, "/id")
    assert refusal(document(**{text: "x"}))[0] == REFUSED


@pytest.mark.parametrize("text", ["\ud800", "a\udfff", "\udc00\ud800"])
def test_a_lone_surrogate_is_refused(text: str) -> None:
    for members in (
        {"title": text},
        {"link": "urn:" + text},
        {"raw": text},
        {"raw": {text: 1}},
        {"titles": {"en": text}},
    ):
        with pytest.raises(VCError):
            quads(document(**members))


def test_hostile_text_stays_in_its_literal() -> None:
    text = '" .\n<urn:s> <urn:p> "x'
    (quad,) = quads(document(title=text))
    (again,) = nquads.parse(" ".join(part for part in quad if part) + " .")
    assert again == quad


@pytest.mark.parametrize("direction", ["ltr", "rtl", "LTR", "", None, 5, "auto", 'rtl"'])
def test_a_direction_is_refused_as_rdf_has_none(direction: Any) -> None:
    value = {"@value": "x", "@language": "ar", "@direction": direction}
    assert refusal(document(title=value)) == (LOST, "/title/@direction")
    assert refusal(document({"@direction": direction}, title="x"), inline=True)[1] == "/@context/1"


# Contexts


def test_a_document_needs_its_contexts() -> None:
    assert refusal({"id": "urn:x", "title": "x"}) == (REFUSED, "")
    for nothing in (None, {}, 5, True, [None], [[TERMS]], [TERMS, None]):
        assert refusal({"@context": nothing, "title": "x"})[1].startswith("/@context")
        assert refusal({"@context": nothing, "title": "x"}, inline=True)[1].startswith(("/@context", "/title"))
    assert refusal(document(None, title="x"), inline=True) == (REFUSED, "/@context/1")
    assert refusal({"@context": {"@context": {"a": "urn:a"}}, "a": "x"}, inline=True) == (REFUSED, "/@context")
    assert refusal({"@context": [], "title": "x"}) == (LOST, "/title")


@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://unknown.example/v1",
            V2.replace("https", "http"),
            V2 + "/",
            V2.upper(),
            "file:///x",
            "credentials/v2",
        ),
        *("data:application/ld+json,{}", "http://127.0.0.1/", "https ://not-a-url"),
    ],
)
def test_an_unknown_context_is_refused_and_not_fetched(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_socket(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", no_socket)
    monkeypatch.setattr(socket, "create_connection", no_socket)
    assert refusal(document(url, title="x")) == ("UNKNOWN_CONTEXT", "/@context/1")
    assert refusal({"@context": url, "title": "x"}) == ("UNKNOWN_CONTEXT", "/@context")
    scoped = Contexts() | {"urn:c": json.dumps({"@context": {"a": {"@id": "urn:a", "@context": url}}}).encode()}
    assert refusal({"@context": "urn:c", "a": {"a": "x"}}, contexts=scoped) == ("UNKNOWN_CONTEXT", "/@context")


def test_a_context_known_by_name_only_is_evidence_that_is_missing() -> None:
    elm = "http://data.europa.eu/snb/model/context/edc-ap"
    with pytest.raises(ProofTransformationError) as caught:
        quads(document(elm, title="x"))
    assert (caught.value.code, caught.value.missing) == ("UNKNOWN_CONTEXT", elm)
    assert (caught.value.at, f"--context {elm}=FILE" in caught.value.detail) == ("/@context/1", True)


def test_a_context_that_names_another_one_needs_that_one() -> None:
    with pytest.raises(ProofTransformationError) as caught:
        quads({"@context": [V1, "https://www.w3.org/2018/credentials/examples/v1"], "id": "urn:x"})
    assert caught.value.missing == "https://www.w3.org/ns/odrl.jsonld"


def test_a_context_is_not_found_under_a_url_that_is_resolved() -> None:
    supplied = Contexts() | {
        "https://c.example/b": b'{"@context": {"a": "urn:wrong"}}',
        "https://c.example/x/../b": b'{"@context": {"a": "urn:right"}}',
        "urn:c": b'{"@context": {"t": {"@id": "urn:t", "@context": "https://c.example/x/../b"}}}',
    }
    assert quads({"@context": "https://c.example/x/../b", "a": "x"}, contexts=supplied)[0][1] == "<urn:right>"
    assert refusal({"@context": "urn:c", "t": {"a": "x"}}, contexts=supplied)[0] == REFUSED


def test_protected_terms_cannot_be_redefined() -> None:
    redefined = {"@context": [V2, {"name": "https://x.example/"}], "type": "VerifiableCredential"}
    with pytest.raises(ProofTransformationError, match="do not fit together: protected term redefinition"):
        quads(redefined, inline=True)
    assert refusal(redefined, inline=True) == (REFUSED, "/@context/1")
    assert refusal({"@context": [V2, V1], "type": "VerifiableCredential"}) == (REFUSED, "/@context/1")


def test_a_context_stands_once() -> None:
    assert refusal(document(TERMS, title="x")) == (REFUSED, "/@context/1")


def test_contexts_are_written_out_only_if_the_caller_allows_it() -> None:
    own = document({"own": NS + "own"}, own="x")
    assert refusal(own) == (REFUSED, "/@context/1")
    assert quads(own, inline=True) == quads(document({"@context": {"own": NS + "own"}}, own="x"), inline=True)
    inside = document(link={"@context": {"own": NS + "own"}, "own": "x"})
    assert refusal(inside) == (REFUSED, "/link/@context")
    assert len(quads(inside, inline=True)) == 2
    known = document(link={"@context": V2, "type": "VerifiableCredential", "id": "urn:y"})
    assert refusal(known) == (REFUSED, "/link/@context")
    assert len(quads(known, inline=True)) == 2


@pytest.mark.parametrize("keyword", ["@base", "@direction", "@import", "@propagate", "@unheardOf", "@graph"])
def test_contexts_that_say_more_are_refused(keyword: str) -> None:
    assert refusal(document({keyword: "ltr"}, title="x"), inline=True) == (REFUSED, "/@context/1")
    supplied = CONTEXTS | {"urn:c": json.dumps({"@context": {keyword: "ltr"}}).encode()}
    assert refusal(document("urn:c", title="x"), contexts=supplied) == (REFUSED, "/@context/1")


@pytest.mark.parametrize(
    "local",
    [
        {"a": "@foo"},
        {"a": {"@id": "@foo"}},
        {"a": {"@reverse": "@foo"}},
        {"a": {"@id": 5}},
        {"a": 5},
        {"a": []},
        {"a": {"@id": "relative"}},
        {"a": {"@id": "urn:a", "@container": "@list", "@unheardOf": 1}},
        {"a": {"@id": "urn:a", "@container": ["@list", "@set"]}},
        {"a": {"@id": "urn:a", "@container": {"b": 1}}},
        {"a": {"@id": "urn:a", "@type": {"b": 1}}},
        {"a": {"@id": "urn:a", "@context": 5}},
        {"a": {"@id": "urn:a", "@context": {"b": {"@id": 7}}}},
        {"a": {"@id": "urn:a", "@context": TERMS}},
        {"a": {"@id": "urn:a", "@context": [TERMS]}},
        {"a": "b:x", "b": "a:x"},
        {"": "urn:a"},
        {"@vocab": "relative"},
        {"@vocab": ""},
        {"@vocab": "_:b"},
        {"@vocab": 5},
        {"@vocab": None},
        {"@language": 5},
        {"@version": 2},
        {"id": "@type"},
        {"type": {"@id": "@id", "@container": "@set"}},
        {"@type": {"@container": "@list"}},
        {"@type": "urn:a"},
    ],
)
def test_whatever_a_context_says_the_error_is_ours(local: dict[str, Any]) -> None:
    """Among these are contexts on which the processor raises errors of Python."""
    with pytest.raises(ProofTransformationError):
        quads(document(local, a="x", title="x"), inline=True)


@pytest.mark.parametrize("local", [{"a": "@foo"}, {"a": {"@id": "@foo"}}, {"a": {"@reverse": "@foo"}}])
@pytest.mark.filterwarnings("ignore")
def test_a_term_for_what_looks_like_a_keyword_is_refused_even_if_it_is_not_used(local: dict[str, Any]) -> None:
    assert refusal(document(local, title="x"), inline=True) == (REFUSED, "/@context/1")


def test_where_nothing_is_called_id_and_type_other_names_will_do() -> None:
    local = {
        "a": "@id",
        "b": "@id",
        "c": "@type",
        "d": "@type",
        "v": "@value",
        "w": "@value",
        "T": "urn:T",
        "p": "urn:p",
    }
    assert len(quads({"@context": local, "a": "urn:x", "c": "T"}, inline=True)) == 1
    assert refusal({"@context": local, "a": "urn:x", "b": "urn:y", "c": "T"}, inline=True) == (REFUSED, "/b")
    assert refusal({"@context": local, "c": "T", "d": "urn:U"}, inline=True) == (REFUSED, "/d")
    assert refusal({"@context": local, "p": {"v": "x", "w": "y"}}, inline=True) == (LOST, "/p/w")
    written = compacted({"@context": local, "b": "urn:x", "d": "T"}, inline=True)
    assert written == {"@context": local, "a": "urn:x", "c": "T"}


def test_where_contexts_have_no_other_names_keywords_stand_for_themselves() -> None:
    subject = {"@context": {"p": "urn:p"}, "@id": "urn:x", "@type": ["urn:T"], "p": {"@id": "urn:y"}}
    assert len(quads(subject, inline=True)) == 2
    assert compacted(subject, inline=True) == subject | {"@type": "urn:T"}


def test_an_identifier_with_an_authority_is_no_compact_iri() -> None:
    local = {"https": {"@id": "urn:other#", "@prefix": True}}
    assert quads(document(local, link="https://x.example/"), inline=True)[0][2] == "<https://x.example/>"
    assert refusal(document(local, link="https:x"), inline=True) == (REFUSED, "/link")


@pytest.mark.parametrize("member", ["items", "raw"])
def test_a_list_of_a_thing_stands_once(member: str) -> None:
    part = [{"link": {"id": "urn:y", member: ["a"]}}, {"link": {"id": "urn:y", member: ["b"]}}]
    assert refusal(document(part=part)) == (REFUSED, f"/part/1/link/{member}")
    part[1]["link"].pop(member)
    assert quads(document(part=part))


def test_a_term_that_its_own_context_redefines_is_refused() -> None:
    again = {"a": {"@id": "urn:a", "@context": {"a": "urn:other"}}}
    assert refusal(document(again, a={"a": "x"}), inline=True) == (REFUSED, "/a")
    removed: dict[str, Any] = {"a": {"@id": "urn:a", "@type": "@id", "@context": {"a": None}}}
    assert refusal(document(removed, a="urn:y"), inline=True) == (REFUSED, "/a")


def test_a_term_that_its_own_context_removes_has_only_objects() -> None:
    local = {"a": {"@id": "urn:a", "@type": "@id", "@context": None}}
    assert refusal(document(local, a="urn:y"), inline=True) == (REFUSED, "/a")
    assert refusal(document(local, a={"title": "x"}), inline=True) == (LOST, "/a/title")
    assert len(quads(document(local, a={"@id": "urn:y"}), inline=True)) == 1
    assert refusal(document(local, a={"id": "urn:y"}), inline=True) == (REFUSED, "/a")


def test_an_alias_of_a_value_that_becomes_something_else_is_refused() -> None:
    local = {"value": "@value", "a": {"@id": "urn:a", "@context": {"value": "@language"}}}
    assert refusal(document(local, a={"value": "en"}), inline=True) == (LOST, "/a")
    assert len(quads(document({"value": "@value"}, title={"value": "en"}), inline=True)) == 1


def test_a_supplied_context_may_name_others() -> None:
    supplied = Contexts() | {
        "urn:a": b'{"@context": ["urn:b", {"t": {"@id": "urn:t", "@context": "urn:c"}}]}',
        "urn:b": b'{"@context": {"b": "urn:b"}}',
        "urn:c": b'{"@context": {"c": {"@id": "urn:c", "@context": "urn:a"}}}',
    }
    subject = {"@context": "urn:a", "b": "x", "t": {"c": {"t": {"c": "y"}, "b": "z"}}}
    assert len(quads(subject, contexts=supplied)) == 6


def test_an_alias_cannot_change_its_meaning_by_a_type() -> None:
    local = {"Odd": {"@id": "urn:Odd", "@context": {"type": "urn:type", "id": "urn:id"}}}
    assert refusal(document(local, type="Odd"), inline=True) == (REFUSED, "/type")


# Names that rules look for


@pytest.mark.parametrize(
    "name",
    [
        *(
            "credentialStatus",
            "validUntil",
            "validFrom",
            "expirationDate",
            "issuanceDate",
            "credentialSchema",
            "holder",
        ),
        *("termsOfUse", "evidence", "refreshService", "issuer", "credentialSubject", "relatedResource", "newProperty"),
    ],
)
def test_a_property_of_credentials_has_its_own_name(name: str) -> None:
    alias = {"alias": f"https://www.w3.org/2018/credentials#{name}"}
    for contexts in ([V2, alias], [TERMS, alias]):
        subject = {"@context": contexts, "type": ["VerifiableCredential"][: len(contexts) - 1], "alias": "x"}
        subject.pop("type") if contexts[0] == TERMS else None
        assert refusal(subject, inline=True) == (REFUSED, "/alias")


def test_a_proof_has_its_own_name() -> None:
    alias = {"evidence2": {"@id": "https://w3id.org/security#proof", "@container": "@graph"}}
    subject = document(alias, evidence2={"title": "x"})
    assert refusal(subject, inline=True) == (REFUSED, "/evidence2")


def test_a_type_of_credentials_has_its_own_name_where_there_are_others() -> None:
    alias = {"VC": "https://www.w3.org/2018/credentials#VerifiableCredential"}
    subject = {"@context": [V2, alias], "id": "urn:x", "type": "VerifiableCredential"}
    assert compacted(subject, inline=True) == subject
    assert refusal(subject | {"type": "VC"}, inline=True) == (REFUSED, "/type")


def test_the_expiry_of_a_proof_cannot_be_renamed_by_adding_a_known_context() -> None:
    proof = {"@context": [V2], "type": "DataIntegrityProof", "expires": "2025-01-01T00:00:00Z"}
    contexts = [V2, "https://w3id.org/security/v1"]
    assert canonical(proof) == canonical(proof | {"@context": contexts})
    renamed = {"@context": contexts, "type": "DataIntegrityProof", "expiration": "2025-01-01T00:00:00Z"}
    assert refusal(renamed) == (REFUSED, "/expiration")


def test_a_credential_cannot_be_turned_inside_out() -> None:
    """Both have the same statements: which of the two is the credential is not among them."""
    inner = {"id": "urn:inner", "type": "VerifiableCredential", "link": "urn:outer"}
    outer = {"@context": [V2, TERMS], "id": "urn:outer", "type": "VerifiableCredential", "link": inner}
    assert refusal(outer) == (REFUSED, "")
    inner["link"] = {"id": "urn:outer", "type": "VerifiableCredential", "link": "urn:inner"}
    assert refusal({"@context": [V2, TERMS], **inner}) == (REFUSED, "")


def test_a_term_with_a_context_as_type_and_as_property_is_not_confused() -> None:
    local = {"Both": {"@id": "urn:Both", "@type": "@id", "@context": {"inside": "urn:inside"}}}
    typed = document(local, type="Both", inside="x", title="y", link={"Both": {"inside": "z"}})
    assert len(quads(typed, inline=True)) == 6


SEVERAL = {
    "any": NS + "p",
    "Any": NS + "p",
    "anyOther": NS + "p",
    "link2": {"@id": NS + "p", "@type": "@id"},
    "day": {"@id": NS + "p", "@type": XSD + "date"},
    "lithuanian": {"@id": NS + "p", "@language": "lt"},
    "inLanguages": {"@id": NS + "p", "@container": "@language"},
    "inOrder": {"@id": NS + "p", "@container": "@list"},
    "apart": {"@id": NS + "p", "@container": "@graph"},
    "asJson": {"@id": NS + "p", "@type": "@json"},
    "indexed": {"@id": NS + "p", "@container": "@index"},
}


@pytest.mark.parametrize(
    ("key", "value", "others"),
    [
        ("any", "x", ["Any", "anyOther"]),
        ("any", 5, ["Any", "anyOther", "link3"]),
        ("any", {"@value": "x", "@type": XSD + "time"}, ["Any", "anyOther", "link2", "day", "lithuanian"]),
        ("link2", "urn:y", []),
        ("link2", {"id": "urn:y"}, ["any", "Any", "anyOther", "day", "lithuanian"]),
        ("link2", {"title": "x"}, ["any", "Any", "anyOther", "day", "lithuanian"]),
        ("day", "2024-02-29", []),
        ("day", {"@value": "2024-02-29", "@type": XSD + "date"}, ["any", "link2", "lithuanian"]),
        ("lithuanian", "Etika", []),
        ("inOrder", [], []),
        ("inOrder", ["x", {"id": "urn:y"}], []),
        ("apart", {"title": "x"}, []),
        ("asJson", {"title": "x"}, []),
    ],
)
def test_each_value_has_one_of_several_terms(key: str, value: Any, others: list[str]) -> None:
    """So a value cannot be hidden from a reader who looks for it under the term it is written with."""
    several = document(SEVERAL, **{key: value})
    assert quads(several, inline=True)
    assert compacted(several, inline=True).keys() == several.keys()
    for other in others:
        assert refusal(document(SEVERAL, **{other: value}), inline=True)[1].startswith(f"/{other}")


def test_a_text_in_a_language_has_the_term_of_the_language_or_the_map() -> None:
    assert quads(document(SEVERAL, inLanguages={"en": "x"}), inline=True)
    assert refusal(document(SEVERAL, inLanguages={"lt": "x"}), inline=True) == (REFUSED, "/inLanguages/lt")
    assert refusal(document(SEVERAL, any={"@value": "x", "@language": "en"}), inline=True) == (REFUSED, "/any")


def test_a_key_of_the_vocabulary_does_not_stand_for_a_term() -> None:
    local = {"@vocab": NS, "renamed": NS + "original"}
    assert refusal(document(local, original="x"), inline=True) == (REFUSED, "/original")
    assert quads(document(local, renamed="x"), inline=True) == quads(
        document({"@vocab": NS}, original="x"), inline=True
    )
    assert refusal(document(local, link={"type": "original"}), inline=True) == (REFUSED, "/link/type")


@pytest.mark.parametrize("name", ["hidden", "id", "type", "blank", "@foo", "@type", "indexed@"])
def test_a_vocabulary_does_not_define_what_the_contexts_took_away(name: str) -> None:
    subject = document({"@vocab": NS}, type=name)
    if name == "indexed@":
        assert quads(subject, inline=True)
    else:
        assert refusal(subject, inline=True) == (LOST, "/type")


@pytest.mark.parametrize("rest", ["a:b", "@foo", "", "other", "title"])
def test_a_word_that_would_be_read_otherwise_is_written_in_full(rest: str) -> None:
    contexts = [{"@vocab": NS, "title": None, "ex": None}, {"other": "urn:other", "title": "urn:title"}]
    subject = document(*contexts, type=NS + rest, word=NS + rest)
    assert compacted(subject, inline=True) == subject


def test_the_vocabulary_in_the_compact_form() -> None:
    subject = document({"@vocab": NS, "@language": "lv"}, other="x", type="Other", link={"other": {"@value": "x"}})
    assert compacted(subject, inline=True) == subject


# What hostile input made processors fail on


@pytest.mark.parametrize(
    "subject",
    [
        {"@context": {"@base": "http://a.example/"}, "@id": "@foo", "urn:p": {"@id": "@bar"}},
        {"@context": {"term": "@foo"}, "term": "x"},
        {"@context": {"l": {"@id": "urn:l", "@container": "@list"}}, "@id": "urn:x", "l": [{"@id": "relative"}]},
        {"@context": {"@base": None, "l": {"@id": "urn:l", "@container": "@list"}}, "l": [{"@id": "@foo"}]},
        {"@context": {"@vocab": "relative"}, "@id": "urn:x", "term": "x"},
        {"@context": {"@vocab": "/relative"}, "@id": "urn:x", "term": "x"},
        {"@context": {"@vocab": ""}, "@id": "urn:x", "@type": "Type"},
        {"@context": {"@vocab": None, "l": "urn:l"}, "l": "x"},
        {"@context": {"l": {"@id": "urn:l", "@language": "a b"}}, "l": "x"},
    ],
)
def test_inputs_that_processors_fail_on_are_ordinary_errors(subject: dict[str, Any]) -> None:
    with pytest.raises(ProofTransformationError):
        quads(subject, inline=True)


def test_without_pyld_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyld", None)
    processing._pyld.cache_clear()
    try:
        with pytest.raises(ProofTransformationError) as caught:
            quads({"@context": "urn:c", "a": "x"}, contexts=Contexts() | {"urn:c": b'{"@context": {"a": "urn:a"}}'})
    finally:
        processing._pyld.cache_clear()
    assert (caught.value.code, caught.value.missing) == ("MISSING_DEPENDENCY", "vc-core[rdf]")
    assert "vc-core[rdf]" in caught.value.detail


# Limits and bombs


def nested(depth: int, value: Any) -> Any:
    for _ in range(depth):
        value = {"link": value}
    return value


def test_depth_has_a_limit() -> None:
    with pytest.raises(LimitExceeded) as caught:
        quads(document(link=nested(9, {"title": "x"})), limits=Limits(depth=10))
    assert caught.value.code == "NESTING_TOO_DEEP"
    assert caught.value.at.count("/link") == 10
    assert quads(document(link=nested(8, {"title": "x"})), limits=Limits(depth=10))
    with pytest.raises(LimitExceeded):
        quads(document(items=json.loads("[" * 50 + "]" * 50)), limits=Limits(depth=10))
    with pytest.raises(LimitExceeded, match="too deep"):
        quads(document(link=nested(5_000, {"title": "x"})), limits=Limits(depth=10_000))


def test_quads_have_a_limit() -> None:
    titles = [str(number) for number in range(10)]
    assert len(quads(document(title=titles), limits=Limits(quads=10))) == 10
    assert len(quads(document(items=titles), limits=Limits(quads=21))) == 21
    for members, at in (({"title": [*titles, "x"]}, "/title/10"), ({"items": titles}, "/items")):
        with pytest.raises(LimitExceeded) as caught:
            quads(document(**members), limits=Limits(quads=10))
        assert (caught.value.code, caught.value.at) == ("WORK_LIMIT_EXCEEDED", at)


def terms_written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Gets each term for an IRI or a literal as it is written."""
    written: list[str] = []

    def watch(name: str) -> None:
        write = getattr(nquads, name)

        def watched(*arguments: Any, **named: Any) -> str:
            written.append(write(*arguments, **named))
            return written[-1]

        monkeypatch.setattr(nquads, name, watched)

    for name in ("iri", "literal"):
        watch(name)
    return written


LONG = "a" * 10_000
TEXTS = [str(number) for number in range(1_000)]


@pytest.mark.parametrize(
    ("members", "at"),
    [
        ({"titles": {"en" + "-abcdefgh" * 1_000: TEXTS}}, "/titles/en" + "-abcdefgh" * 1_000),
        ({"@context": {"id": "@id", "title": {"@id": NS, "@type": f"urn:{LONG}"}}, "title": TEXTS}, "/title"),
        ({"@context": {"id": "@id", "title": f"urn:{LONG}"}, "title": TEXTS}, "/title"),
        ({"id": f"urn:{LONG}", "title": TEXTS}, "/title"),
    ],
)
def test_characters_have_a_limit_that_is_reached_before_they_are_written(
    monkeypatch: pytest.MonkeyPatch, members: dict[str, Any], at: str
) -> None:
    written = terms_written(monkeypatch)
    with pytest.raises(LimitExceeded) as caught:
        quads(document(**members), limits=Limits(canonicalization_work=1_000), inline=True)
    assert caught.value.code == "WORK_LIMIT_EXCEEDED"
    assert caught.value.at.rpartition("/")[0] == at
    assert sum(map(len, written)) < 3 * 1_000 * 256


def test_the_limit_on_characters_is_that_of_canonicalization() -> None:
    subject = document(title=[text + LONG for text in TEXTS[:9]], items=["a", {"id": "urn:b", "title": "c"}])
    needed = rdfc.work_of(sum(len(term) for quad in quads(subject) for term in quad), 0)
    assert quads(subject, limits=Limits(canonicalization_work=needed))
    with pytest.raises(LimitExceeded):
        quads(subject, limits=Limits(canonicalization_work=needed - 1))


def test_what_is_said_again_is_not_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    written = terms_written(monkeypatch)
    parts = [{"id": "urn:a", "date": "2026-01-31", "titles": {"en": "x"}, "link": "urn:b"} for _ in range(100)]
    assert len(quads(document(part=[{"part": part} for part in parts]))) == 2 * 100 + 3
    assert len(written) == len(set(written))


def scoped(depth: int) -> dict[str, Any]:
    local: dict[str, Any] = {"z": "urn:z"}
    for number in range(depth):
        local = {f"t{number}": {"@id": f"urn:t{number}", "@context": local}}
    return local


TYPES = {f"T{number}": {"@id": f"urn:T{number}", "@context": {f"x{number}": "urn:x"}} for number in range(110)}
BOMBS: dict[str, dict[str, Any]] = {
    "ten thousand unknown contexts": document(*[f"https://e.example/{number}" for number in range(10_000)]),
    "ten thousand inline contexts": document(*[{f"a{number}": "urn:a"} for number in range(10_000)]),
    "a million aliases": document({f"a{number}": "urn:x" for number in range(1_000_000)}),
    "many contexts of many terms": document(
        *[{f"a{outer}_{inner}": "urn:x" for inner in range(400)} for outer in range(31)]
    ),
    "contexts of terms of contexts, a hundred deep": document(scoped(100)),
    "contexts of terms of contexts, five thousand deep": document(scoped(5_000)),
    "scoped contexts that name large ones": document(
        {f"t{number}": {"@id": "urn:x", "@context": [V2, V1]} for number in range(80)}
    ),
    "an import": document({"@import": V2}),
    "terms that define each other": document({"a": "b:x", "b": "c:x", "c": "a:x"}, a="x"),
    "a term of a megabyte": document({"x" * 1_000_000: "urn:x"}),
    "a vocabulary of a megabyte": document({"@vocab": "urn:" + "x" * 1_000_000}),
    "a context in each of many nodes": document(
        part=[{"@context": {"a": f"urn:{number}"}, "a": "x"} for number in range(1_000)]
    ),
    "every pair of types with a context": document(
        TYPES, part=[{"type": list(pair)} for pair in itertools.combinations(TYPES, 2)]
    ),
    "every chain of properties with a context": document(
        TYPES, part=[{first: {second: {"title": "x"}}} for first, second in itertools.product(TYPES, TYPES)]
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cost of contexts is what the processor does: it is bounded by how often it is called, on how much."""
    calls = 0
    process = processing._process

    def counted(base: Any, local: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if local is not None and calls > 1:  # the first is the known context of the document
            assert processing.size(local) <= processing.LARGEST
        return process(base, local, **options)

    monkeypatch.setattr(processing, "_process", counted)
    for cached in (processing._known, processing.of_property, processing.of_type):
        cached.cache_clear()
    with pytest.raises(VCError) as caught:
        quads(BOMBS[name], inline=True)
    assert caught.value.code in {"WORK_LIMIT_EXCEEDED", REFUSED, "UNKNOWN_CONTEXT"}
    assert calls <= 70


def test_the_number_of_scoped_contexts_does_not_depend_on_what_was_read_before() -> None:
    subject = BOMBS["every pair of types with a context"]
    places = set()
    for _ in range(2):
        with pytest.raises(LimitExceeded) as caught:
            quads(subject, inline=True)
        places.add(caught.value.at)
    processing.of_type.cache_clear()
    with pytest.raises(LimitExceeded) as caught:
        quads(subject, inline=True)
    assert places == {caught.value.at}


# The compact form


@pytest.mark.parametrize(
    ("members", "compact"),
    [
        ({"title": ["x"]}, {"title": "x"}),
        ({"title": {"@value": "x"}}, {"title": "x"}),
        ({"title": {"@value": "x", "@language": "EN"}}, {"title": {"@value": "x", "@language": "en"}}),
        ({"latvian": {"@value": "x", "@language": "LV"}}, {"latvian": "x"}),
        ({"latvian": {"@value": "x"}}, {"latvian": {"@value": "x"}}),
        ({"titles": {"EN": ["x"], "@none": "y"}}, {"titles": {"en": "x", "@none": "y"}}),
        ({"titles": {"en": ["x", "y"]}}, {"titles": {"en": ["x", "y"]}}),
        ({"link": {"id": "urn:y"}}, {"link": "urn:y"}),
        ({"title": {"id": "urn:y"}}, {"title": {"id": "urn:y"}}),
        ({"word": ["Thing"]}, {"word": "Thing"}),
        ({"type": ["Thing"]}, {"type": "Thing"}),
        ({"type": ["Thing", "Scoped"], "inScope": "x"}, {"type": ["Thing", "Scoped"], "inScope": "x"}),
        ({"part": {"title": "x"}}, {"part": [{"title": "x"}]}),
        ({"items": "x"}, {"items": ["x"]}),
        ({"items": []}, {"items": []}),
        ({"items": [["x"], [], "y"]}, {"items": [["x"], [], "y"]}),
        ({"inner": [{"title": "x"}]}, {"inner": {"title": "x"}}),
        ({"below": {"title": "x"}}, {"below": {"title": "x"}}),
        ({"integer": "5"}, {"integer": 5}),
        ({"integer": "05"}, {"integer": "05"}),
        ({"integer": " 5"}, {"integer": " 5"}),
        ({"integer": "five"}, {"integer": "five"}),
        ({"integer": "1" * 40}, {"integer": "1" * 40}),
        ({"float": "3.5E0"}, {"float": 3.5}),
        ({"double": 5}, {"double": 5}),
        ({"double": "1.5E0"}, {"double": 1.5}),
        ({"double": "5.0E0"}, {"double": 5}),
        ({"double": "1.0E300"}, {"double": "1.0E300"}),
        ({"flag": "true"}, {"flag": True}),
        ({"flag": "1"}, {"flag": "1"}),
        ({"flag": 1}, {"flag": "1"}),
        ({"date": 5}, {"date": "5"}),
        ({"date": "true"}, {"date": "true"}),
        ({"title": {"@value": "5", "@type": XSD + "integer"}}, {"title": 5}),
        ({"title": {"@value": "5", "@type": XSD + "string"}}, {"title": "5"}),
        ({"title": {"@value": "5", "@type": XSD + "date"}}, {"title": {"@value": "5", "@type": XSD + "date"}}),
        ({"raw": [{"b": 1.0, "a": [1e21]}]}, {"raw": [{"a": [1e21], "b": 1}]}),
        ({"rawSet": []}, {"rawSet": []}),
        ({"raw": [2.0**53, 2.0**53 - 1, 1.5]}, {"raw": [2.0**53, 2**53 - 1, 1.5]}),
        ({"raw": None}, {"raw": None}),
        ({"part": [{}, {}]}, {"part": [{}, {}]}),
    ],
)
def test_the_compact_form(members: dict[str, Any], compact: dict[str, Any]) -> None:
    expected = document(**compact)
    written = compacted(document(**members))
    assert written == expected
    assert json.dumps(written, sort_keys=True) == json.dumps(expected, sort_keys=True)  # 5 is not 5.0, 1 not true
    assert compacted(written) == written
    assert canonical(written) == canonical(document(**members))


def test_the_compact_form_keeps_the_context_and_is_the_callers_own() -> None:
    subject = document({"own": NS + "own"}, own="x")
    written = compacted(subject, inline=True)
    assert written == subject
    written["@context"][1]["own"] = "changed"
    assert subject["@context"][1]["own"] == NS + "own"


def test_a_thing_is_described_where_it_stands_closest_to_the_top() -> None:
    described = {"id": "did:ex:a", "title": "Anna"}
    wanted = document(link=described, title={"link": "did:ex:a"})
    assert compacted(wanted) == wanted
    assert compacted(document(link="did:ex:a", title={"link": described})) == wanted
    assert compacted(document(link=described, title={"link": described})) == wanted
    apart = document(link={"id": "did:ex:a", "date": "2024-01-01"}, title={"link": described})
    assert compacted(apart) == document(link={**described, "date": "2024-01-01"}, title={"link": "did:ex:a"})


def test_equal_depth_is_decided_by_the_properties_and_then_by_canonical_labels() -> None:
    described = {"id": "urn:y", "title": "Anna"}
    wanted = document(link=described, title={"id": "urn:y"})
    assert compacted(document(link="urn:y", title=described)) == wanted
    one = compacted(document(part=[{"link": described}, {"link": "urn:y", "title": "other"}]))
    other = compacted(document(part=[{"link": "urn:y"}, {"link": described, "title": "other"}]))
    assert sorted(map(str, one["part"])) == sorted(map(str, other["part"]))


def test_a_thing_that_stands_twice_in_a_list_is_described_once() -> None:
    described = {"id": "urn:y", "title": "x"}
    wanted = document(items=[described, {"id": "urn:y"}])
    assert compacted(document(items=[{"id": "urn:y"}, described])) == wanted


def test_things_that_refer_to_each_other_end() -> None:
    circle = {"id": "urn:y", "link": {"id": "urn:z", "link": "urn:y"}}
    written = compacted(document(link=circle))
    assert written == document(link=circle)
    assert compacted(document(link={"id": "urn:y", "link": {"id": "urn:z", "link": {"id": "urn:y"}}})) == written


def test_a_self_issued_credential() -> None:
    credential = {
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "issuer": {"id": "did:ex:me", "name": "Me"},
        "credentialSubject": {"id": "did:ex:me", "description": "also me"},
    }
    assert compacted(credential) == {
        "@context": [V2],
        "type": "VerifiableCredential",
        "issuer": "did:ex:me",
        "credentialSubject": {"id": "did:ex:me", "name": "Me", "description": "also me"},
    }


def test_an_open_badge_whose_issuer_is_described_twice() -> None:
    badges = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
    issuer = {"id": "https://u.example/", "type": "Profile", "name": "Universitāte"}
    achievement = {
        "id": "urn:achievement",
        "type": "Achievement",
        "name": "Datu ētika",
        "criteria": {"narrative": "Eksāmens"},
        "creator": issuer,
    }
    badge = {
        "@context": [V2, badges],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": issuer,
        "credentialSubject": {"type": "AchievementSubject", "achievement": achievement},
    }
    subject = {"type": "AchievementSubject", "achievement": {**achievement, "creator": {"id": issuer["id"]}}}
    assert compacted(badge) == badge | {"credentialSubject": subject}
    assert compacted(badge | {"credentialSubject": subject}) == badge | {"credentialSubject": subject}


def test_contexts_inside_are_kept_in_the_compact_form() -> None:
    inside = {
        "@context": [V2],
        "type": "VerifiableCredential",
        "issuer": "did:ex:a",
        "credentialSubject": {"id": "urn:s"},
    }
    subject = {"@context": [V2], "type": "VerifiablePresentation", "verifiableCredential": [inside]}
    wanted = inside | {"credentialSubject": "urn:s"}
    assert compacted(subject, inline=True) == subject | {"verifiableCredential": wanted}


def test_a_statement_without_a_term_is_written_with_its_iri() -> None:
    """`inScope` has a term only in a `Scoped` thing; the place closer to the top describes the thing."""
    local = {"only": {"@id": NS + "only", "@type": "@id", "@context": {"here": {"@id": NS + "here", "@type": "@id"}}}}
    subject = document(local, link="urn:y", title={"only": {"id": "urn:y", "here": "urn:z"}})
    assert compacted(subject, inline=True)["link"] == {"id": "urn:y", NS + "here": {"id": "urn:z"}}


def test_the_terms_of_types_are_not_taken_for_properties() -> None:
    badges = "https://purl.imsglobal.org/spec/ob/v3p0/context.json"
    geo = {"type": "GeoCoordinates", "latitude": "56.95", "longitude": "24.1"}
    address = {"type": "Address", "geo": geo, "addressLocality": "Rīga"}
    issuer = {"id": "urn:u", "type": "Profile", "address": address}
    badge = {"@context": [V1, badges], "type": "VerifiableCredential", "issuer": issuer}
    assert compacted(badge) == badge
    assert refusal(badge | {"issuer": {"id": "urn:u", "type": "Profile", "Address": address}}) == (
        REFUSED,
        "/issuer/Address",
    )


def test_a_context_cannot_be_added_that_is_no_json() -> None:
    with pytest.raises(ParsingError):
        CONTEXTS | {"urn:c": b"{"}
