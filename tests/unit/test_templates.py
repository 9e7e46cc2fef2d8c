"""A template answers as the general path does, or not at all."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tracemalloc
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from itertools import product
from typing import Any

import pytest

from benches.templates import Watched, answer_of, answer_of_general_path
from vc_core.canonical import rdfc
from vc_core.canonical.contexts import Contexts
from vc_core.canonical.templates import Templates, cutting
from vc_core.canonical.templates.form import Example, Form
from vc_core.errors import LimitExceeded, ProofTransformationError
from vc_core.limits import Limits

NS, XSD = "https://terms.example/ns#", "http://www.w3.org/2001/XMLSchema#"
TERMS = {
    "id": "@id",
    "type": "@type",
    "Thing": NS + "Thing",
    "Course": {"@id": NS + "Course", "@context": {"name": NS + "courseName"}},
    "name": NS + "name",
    "title": {"@id": NS + "title", "@language": "lv"},
    "titles": {"@id": NS + "titles", "@container": "@language"},
    "flag": NS + "flag",
    "count": NS + "count",
    "credits": {"@id": NS + "credits", "@type": XSD + "decimal"},
    "score": {"@id": NS + "score", "@type": XSD + "double"},
    "typed": {"@id": NS + "either", "@type": XSD + "integer"},
    "untyped": NS + "either",
    "link": {"@id": NS + "link", "@type": "@id"},
    "grade": {"@id": NS + "grade", "@type": "@vocab"},
    "Good": NS + "Good",
    "Excellent": "urn:excellent",
    "part": NS + "part",
    "items": {"@id": NS + "items", "@container": "@list"},
    "raw": {"@id": NS + "raw", "@type": "@json"},
    "inner": {"@id": NS + "inner", "@container": "@graph"},
    "https": {"@id": "urn:https:", "@prefix": True},
}
CONTEXTS = Contexts() | {"urn:terms": json.dumps({"@context": TERMS}).encode()}
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)

COMPILING: Any = import_module("vc_core.canonical.templates.compiling")
KEPT: Any = import_module("vc_core.canonical.templates.kept")
DECIDING: Any = import_module("vc_core.canonical.templates.deciding")


def made(*documents: dict[str, Any], limits: Limits = Limits()) -> Watched:  # noqa: B008  (a frozen value)
    """Templates that have seen each document often enough, and are on trial no more: their rules are what is tested."""
    found = Watched(CONTEXTS, limits, allow_inline_contexts=True)
    for document in documents:
        for _ in range(3):
            assert answer_of(found, document) == answer_of_general_path(document, CONTEXTS, limits)
    for template in all_of(found):
        template.trial = None
    found.readings = 0
    return found


def all_of(kept: Watched) -> list[Any]:
    frames = [frame for shape in kept.kept.shapes.values() for frame in shape.frames]
    return [template for frame in frames for alike in frame.templates.values() for template in alike]


def of(**members: Any) -> dict[str, Any]:
    return {"@context": "urn:terms", "id": "urn:root", **members}


@pytest.mark.parametrize(
    ("first", "other"),
    [
        (of(name="a"), of(name="ā 😀 \u2028 / ' &")),
        (of(name="a"), of(name="")),
        (of(name="a"), of(name='"quoted" \\ back\\slash\\" \n\r\t\b\f')),
        (of(name='"'), of(name="\\")),
        (of(name="a"), of(name="urn:a")),
        (of(name="a"), of(name="@id")),
        (of(name=["a", "b"]), of(name=["b", "a"])),
        (of(name=["a", "b"]), of(name=["z", "c"])),
        (of(title="a"), of(title="b")),
        (of(titles={"en": ["a", "b"], "@none": "c"}), of(titles={"en": ["c", "a"], "@none": "b"})),
        (of(name={"@value": "a", "@language": "EN"}), of(name={"@value": "b", "@language": "EN"})),
        (of(name={"@value": "a", "@type": XSD + "date"}), of(name={"@value": "b", "@type": XSD + "date"})),
        (of(count=3), of(count=-(2**53) + 1)),
        (of(count=[1, 20, -3]), of(count=[0, 7, 2**53 - 1])),
        (of(credits=3), of(credits=4)),
        (of(credits=[3, "a"]), of(credits=[4, "b"])),
        (of(link="urn:a"), of(link="urn://b")),
        (of(link="https://a.example"), of(link="https://b.example/?q=[1]#~")),
        (of(link=["urn:a", "urn:b"]), of(link=["urn:z", "urn:c"])),
        (of(link=["urn:a", {"id": "urn:b", "name": "b"}]), of(link=["urn:z", {"id": "urn:c", "name": "b"}])),
        (of(part=[{"name": "a"}, {"name": "b"}]), of(part=[{"name": "y"}, {"name": "x"}])),
        (of(items=["a", {"id": "urn:a", "name": "b"}, ["c"]]), of(items=["c", {"id": "urn:b", "name": "b"}, ["c"]])),
        (of(inner={"id": "urn:a", "name": "a"}), of(inner={"id": "urn:b", "name": "b"})),
        (
            of(part=[{"id": "urn:a", "name": "a"}, {"part": {"id": "urn:a", "name": ["a", "b"]}}]),
            of(part=[{"id": "urn:c", "name": "c"}, {"part": {"id": "urn:c", "name": ["c", "d"]}}]),
        ),
        (
            of(part=[{"id": "urn:a", "count": 1}, {"part": {"id": "urn:a", "count": 1, "title": "a"}}]),
            of(part=[{"id": "urn:a", "count": 2}, {"part": {"id": "urn:a", "count": 2, "title": "b"}}]),
        ),
        (
            of(part={"link": "urn:a", "part": {"id": "urn:a", "name": "x"}}),
            of(part={"link": "urn:b", "part": {"id": "urn:b", "name": "y"}}),
        ),
    ],
)
def test_other_texts_are_filled_in(first: dict[str, Any], other: dict[str, Any]) -> None:
    kept = made(first)
    assert kept.canonical(other) == answer_of_general_path(other, CONTEXTS)
    assert kept.readings == 0


DIFFERENT = [
    (of(name="a"), of(name="\u007f")),
    (of(name="a"), of(name="\u001f")),
    (of(name="a"), of(name="\uffff")),
    (of(name="a"), of(name="\ufffe")),
    (of(name="a"), of(name=None)),
    (of(name="a"), of(name=1)),
    (of(name="a"), of(name=True)),
    (of(name="a"), of(name=["a"])),
    (of(name="a"), of(name={"@value": "a"})),
    (of(name=["a", "b"]), of(name=["a", "a"])),
    (of(name=[{"@value": "a", "@language": "en"}, "a"]), of(name=[{"@value": "a", "@language": "EN"}, "a"])),
    (
        of(name=[{"@value": "a", "@language": "en"}, {"@value": "b", "@language": "EN"}]),
        of(name=[{"@value": "a", "@language": "en"}, {"@value": "a", "@language": "EN"}]),
    ),
    (of(titles={"en": "a", "EN": "b"}), of(titles={"en": "a", "EN": "a"})),
    (of(count=3), of(count=3.0)),
    (of(count=3), of(count=0.5)),
    (of(count=3), of(count="3")),
    (of(count=3), of(count=2**53)),
    (of(count=[1, 2]), of(count=[1, 1])),
    (of(count=[1, 2]), of(count=[1, -1.5])),
    (
        of(count=[1, {"@value": "2", "@type": XSD + "integer"}]),
        of(count=[1, {"@value": "1", "@type": XSD + "integer"}]),
    ),
    (of(credits=[1, "2"]), of(credits=[1, "1"])),
    (
        of(flag=[True, {"@value": "false", "@type": XSD + "boolean"}]),
        of(flag=[True, {"@value": "true", "@type": XSD + "boolean"}]),
    ),
    (of(flag=True), of(flag=False)),
    (of(score="1.5E0"), of(score="1.5")),
    (of(score=3.5), of(score=4.5)),
    (of(score={"@value": "1.5E0", "@type": XSD + "double"}), of(score={"@value": "x", "@type": XSD + "double"})),
    (
        of(untyped={"@value": "a", "@type": XSD + "integer"}),
        of(untyped={"@value": "1", "@type": XSD + "integer"}),
    ),
    (of(typed="a"), of(typed="1")),
    (of(link="urn:a"), of(link="urn:b c")),
    (of(link="urn:a"), of(link="urn:ā")),
    (of(link="urn:a"), of(link='urn:"')),
    (of(link="urn:a"), of(link="urn:\\")),
    (of(link="urn:a"), of(link="_:b0")),
    (of(link="urn:a"), of(link="a")),
    (of(link="urn:a"), of(link="")),
    (of(link="urn:a"), of(link="https:a")),
    (of(link="https://a"), of(link="https:a")),
    (of(link="http://a"), of(link="http://www.w3.org/1999/02/22-rdf-syntax-ns#nil")),
    (
        of(part={"id": "http://a", "name": "a"}),
        of(part={"id": "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil", "name": "a"}),
    ),
    (of(link="urn:a"), of(link="urn:root")),
    (of(link=["urn:a", "urn:b"]), of(link=["urn:a", "urn:a"])),
    (of(grade="urn:a", link="urn:b"), of(grade="urn:a", link="urn:a")),
    (of(grade="urn:a"), of(grade="urn:excellent")),
    (of(grade="urn:a"), of(grade="urn:b")),
    (of(grade="Good"), of(grade="Excellent")),
    (of(type="Thing", name="a"), of(type="Course", name="a")),
    (of(type="Thing", name="a"), of(type="urn:a", name="a")),
    (of(type="urn:a", name="a"), of(type="urn:b", name="a")),
    (of(raw={"a": "b"}), of(raw={"a": "c"})),
    (of(raw={"a": 1}), of(raw={"a": 2})),
    (of(raw={"a": '"'}), of(raw={"a": "\\"})),
    (of(part=[{"name": "a"}, {"name": "b"}]), of(part=[{"name": "a"}, {"name": "a"}])),
    (
        of(part=[{"id": "urn:a", "name": "a"}, {"id": "urn:b", "name": "a"}]),
        of(part=[{"id": "urn:a", "name": "a"}, {"id": "urn:a", "name": "a"}]),
    ),
    (
        of(part=[{"id": "urn:a", "name": "a"}, {"part": {"id": "urn:a", "name": "b"}}]),
        of(part=[{"id": "urn:a", "name": "a"}, {"part": {"id": "urn:a", "name": "a"}}]),
    ),
    (
        of(part=[{"id": "urn:a", "name": "a"}, {"part": {"id": "urn:a", "name": ["a", "b"]}}]),
        of(part=[{"id": "urn:a", "name": "c"}, {"part": {"id": "urn:a", "name": ["a", "b"]}}]),
    ),
    (
        of(part=[{"id": "urn:a", "name": "a"}, {"part": {"id": "urn:a", "name": ["a", "b"]}}]),
        of(part=[{"id": "urn:a", "name": "b"}, {"part": {"id": "urn:a", "name": ["b", "b"]}}]),
    ),
    (
        of(part={"id": "urn:a", "part": {"id": "urn:a", "name": "b"}}),
        of(part={"id": "urn:a", "part": {"id": "urn:b", "name": "b"}}),
    ),
    (
        of(part=[{"id": "urn:a", "items": ["a"]}, {"id": "urn:b", "items": ["b"]}]),
        of(part=[{"id": "urn:a", "items": ["a"]}, {"id": "urn:a", "items": ["b"]}]),
    ),
    (
        of(inner={"id": "urn:a", "link": "urn:b"}),
        of(inner={"id": "urn:a", "link": "urn:a"}),
    ),
    (of(name="a"), {"@context": "urn:terms", "name": "a", "id": "urn:root"}),
    (of(name="a", title="b"), of(title="b", name="a")),
    (of(name="a"), of(title="a")),
    (of(name="a"), of(name="a") | {"@context": ["urn:terms"]}),
    (of(name="a"), of(name="a") | {"@context": "urn:other"}),
    (
        {"@context": {"name": NS + "a"}, "@id": "urn:a", "name": "a"},
        {"@context": {"name": NS + "b"}, "@id": "urn:a", "name": "a"},
    ),
]


@pytest.mark.parametrize(("first", "other"), DIFFERENT)
@pytest.mark.parametrize("turned", [False, True])
def test_what_may_be_processed_in_another_way_is(first: dict[str, Any], other: dict[str, Any], *, turned: bool) -> None:
    if turned:
        first, other = other, first
    kept = made(first)
    for _ in range(4):
        assert answer_of(kept, other) == answer_of_general_path(other, CONTEXTS)
    assert answer_of(kept, first) == answer_of_general_path(first, CONTEXTS)


@pytest.mark.parametrize(("first", "other"), DIFFERENT)
def test_it_is_the_general_path_that_takes_these(first: dict[str, Any], other: dict[str, Any]) -> None:
    kept = made(first)
    answer_of(kept, other)
    assert kept.readings == 1


@pytest.mark.parametrize(
    "document",
    [
        of(items="a"),
        of(items={"name": "a", "part": {"name": "b"}}),
        of(items=["a", ["b", {"name": "c"}]]),
        of(titles={"en": ["a", "b"], "@none": "c"}, count=[1, 2, {"@value": "3"}], link=[{"id": "urn:a"}, "urn:b"]),
        of(inner={"id": "urn:a", "name": "a"}, raw={"name": "a"}),
    ],
)
def test_each_free_place_is_in_the_document(document: dict[str, Any]) -> None:
    reading = Watched(CONTEXTS, Limits(), allow_inline_contexts=True)._read(document)
    assert reading.free
    assert Counter(reading.free.values()) == Counter(filter(None, cutting.kinds(document, reading.free)))


def test_the_first_three_documents_take_the_general_path_and_no_more() -> None:
    kept = Watched(CONTEXTS, Limits(), allow_inline_contexts=True)
    readings = []
    for name in ("a", "b", "b", "c", "d", "e"):
        kept.canonical(of(name=name))
        readings.append(kept.readings)
    # the second is read again, with markers; it comes again; then there is another one, for which the template is tried
    assert readings == [1, 3, 3, 4, 4, 4]


def template_of(kept: Watched, document: dict[str, Any]) -> Any:
    """The template of the form of a document, before anything is asked of it."""
    in_two, reading = cutting.cut(document), kept._read(document)
    assert in_two is not None
    example = Example(document, in_two, reading.free, cutting.kinds(document, reading.free), reading.dataset.quads)
    return kept._template(example, Form.of(example))


def known_markers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The markers, as if a document could be written against them."""
    monkeypatch.setattr(COMPILING, "_STRING_MARK", "\U0010fffd")
    monkeypatch.setattr(COMPILING, "_INTEGER_MARK", "9007199253")


WITH_VOCAB = Contexts() | {"urn:terms": json.dumps({"@context": TERMS | {"@vocab": "urn:"}}).encode()}
WITH_MARKERS = [
    of(name="\U0010fffd0"),
    of(name="a", raw="a \U0010fffd0"),
    of(link="urn:\U0010fffd1"),
    of(count=9007199253000001),
    of(count=5, raw=9007199253000001.0),
    of(count=5, raw=[1, {"a": 9007199253000001.0}]),
    of(count=5, raw="9007199253000001"),
    of(type="\U0010fffd0"),
    of(grade="\U0010fffd0"),
    of(**{"\U0010fffd0": "a"}),
]


@pytest.mark.parametrize("document", WITH_MARKERS)
def test_what_has_a_marker_in_it_or_states_one_gives_no_template(
    monkeypatch: pytest.MonkeyPatch, document: dict[str, Any]
) -> None:
    kept = Watched(WITH_VOCAB, Limits(), allow_inline_contexts=True)
    assert template_of(kept, document) is not None
    known_markers(monkeypatch)
    assert template_of(kept, document) is None


def test_a_marker_that_is_put_together_from_pieces_gives_no_template(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(COMPILING, "_STRING_MARK", "urn:T-mark")
    kept = Watched(WITH_VOCAB, Limits(), allow_inline_contexts=True)
    assert template_of(kept, of(type="T-mar")) is not None
    assert template_of(kept, of(type="T-mark0")) is None
    monkeypatch.setattr(COMPILING, "_are_in_holes", lambda *_: True)
    assert template_of(kept, of(type="T-mark0")) is None


def test_what_is_free_is_so_with_markers_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    spelled = "vc_core.canonical.jsonld.reading.is_spelled_freely"
    kept = Watched(CONTEXTS, Limits(), allow_inline_contexts=True)
    assert template_of(kept, of(name="a")) is not None
    monkeypatch.setattr(spelled, lambda value, **_: "\U0010fffd" not in value.text)
    assert template_of(kept, of(name="a")) is None


def test_markers_are_nowhere_but_in_holes(monkeypatch: pytest.MonkeyPatch) -> None:
    real = COMPILING.compiled

    kept = Watched(CONTEXTS, Limits(), allow_inline_contexts=True)
    for change, is_made in (
        (lambda marked: [marked], True),
        (lambda marked: [marked, f'"a{marked[1:]}'], False),
        (lambda marked: [marked, f"<urn:a:{marked[1:-1]}>"], False),
        (lambda _marked: ['"a"'], False),  # there is a hole that is in no statement
    ):

        def astray(form: Any, names: Any, quads: Any, change: Any = change) -> Any:
            ((subject, predicate, marked, graph),) = quads
            return real(form, names, [(subject, predicate, each, graph) for each in change(marked)])

        monkeypatch.setattr(DECIDING, "compiled", astray)
        assert (template_of(kept, of(name="a")) is not None) == is_made


def test_a_document_with_markers_of_its_own_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    known_markers(monkeypatch)
    for odd in WITH_MARKERS:
        for root in ("urn:ā", "urn:a", "urn:\U0010fffd0"):
            kept = Watched(WITH_VOCAB, Limits(), allow_inline_contexts=True)
            first = odd | {"id": root}
            others = [{**first, "id": "urn:b", "count": number} if "count" in first else first for number in (6, 7, 8)]
            for document in (first, first, *others, first, first | {"id": "urn:c"}, first | {"id": "urn:d"}):
                assert answer_of(kept, document) == answer_of_general_path(document, WITH_VOCAB)


def test_markers_are_drawn_by_chance() -> None:
    command = (
        "from vc_core.canonical.templates import compiling; print(compiling._STRING_MARK, compiling._INTEGER_MARK)"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"}
    drawn = subprocess.run([sys.executable, "-c", command], env=environment, capture_output=True, check=True).stdout
    for other, own in zip(drawn.decode().split(), (COMPILING._STRING_MARK, COMPILING._INTEGER_MARK), strict=True):
        assert other != own
    for integer in (10**9, 9 * 10**9 - 1):
        assert integer * COMPILING._HOLES + COMPILING._HOLES - 1 < 2**53


def said_as_a_text_and_as_an_integer(root: str, number: int, names: str) -> dict[str, Any]:
    text = {"@value": str(number), "@type": XSD + "integer"}
    return of(
        link={"id": root, "count": text}, part=[{"id": root, "count": number}, *({"name": name} for name in names)]
    )


@pytest.mark.parametrize(("roots", "names"), [(("urn:ā", "urn:b"), ("xy", "xy")), (("urn:a", "urn:a"), ("xx", "xy"))])
def test_an_integer_and_a_text_that_make_one_statement_give_no_template(
    roots: tuple[str, str], names: tuple[str, str]
) -> None:
    kept = Watched(CONTEXTS, Limits(), allow_inline_contexts=True)
    first, other = (said_as_a_text_and_as_an_integer(root, 5, name) for root, name in zip(roots, names, strict=True))
    assert template_of(kept, first) is template_of(kept, other) is None
    assert isinstance(answer_of_general_path(first, CONTEXTS), bytes)
    for document in (first, first, said_as_a_text_and_as_an_integer(roots[1], 7, names[1]), other):
        assert answer_of(kept, document) == answer_of_general_path(document, CONTEXTS)


@pytest.mark.parametrize("first", [of(link="urn:ā", name="a"), of(name="a", part=[{"count": 1}, {"count": 1}])])
def test_a_template_that_does_not_answer_for_its_own_document_is_not_kept(first: dict[str, Any]) -> None:
    kept = made(first)
    assert template_of(kept, first) is not None
    assert all_of(kept) == []


def test_a_template_waits_for_a_document_that_it_answers_for() -> None:
    kept = made(of(link="urn:ā"))
    for _ in range(2):
        kept.canonical(of(link="urn:a"))
    assert len(all_of(kept)) == 1


def wrong_for_another(template: Any, document: dict[str, Any]) -> None:
    """Makes it take the texts of a document for fixed, so it is right for documents with these texts only."""
    in_two = cutting.cut(document)
    assert in_two is not None
    holes = template.holes(in_two.texts)
    template.statements = replace(
        template.statements,
        picks=tuple(
            lambda filling, pick=pick: pick(holes + filling[len(holes) :]) for pick in template.statements.picks
        ),
    )


def on_trial(document: dict[str, Any]) -> Watched:
    kept = Watched(CONTEXTS, Limits(), allow_inline_contexts=True)
    for _ in range(2):
        kept.canonical(document)
    (template,) = all_of(kept)
    wrong_for_another(template, document)
    kept.readings = 0
    return kept


def test_a_template_that_is_wrong_for_a_second_document_is_dropped_and_not_made_again() -> None:
    kept = on_trial(of(name="a"))
    for _ in range(4):
        assert kept.canonical(of(name="a")) == answer_of_general_path(of(name="a"), CONTEXTS)
    assert kept.readings == 0
    for number in range(1, 40):
        assert kept.canonical(of(name="b")) == answer_of_general_path(of(name="b"), CONTEXTS)
        assert kept.readings == number
    assert all_of(kept) == []
    assert kept.given_up == 1


def test_a_form_is_given_up_whether_a_text_is_said_again_in_it_or_not() -> None:
    kept = Watched(CONTEXTS, Limits(), allow_inline_contexts=True)
    for number in range(40):
        name = f"name {number}"
        parts = [{"id": "urn:a", "name": name}, {"part": {"id": "urn:a", "name": name}}]
        kept.canonical(of(part=parts))
        for template in all_of(kept):
            template.statements = replace(template.statements, picks=(lambda _filling: (b"wrong",),), unsorted=())
    assert kept.given_up == 1
    assert all_of(kept) == []
    assert kept.readings == 40 + 2  # the document with markers, and once more with the text that is said again


def test_a_trial_ends_with_another_document_and_not_with_another_hash_algorithm() -> None:
    kept = Watched(CONTEXTS, Limits(), allow_inline_contexts=True)
    for _ in range(2):
        kept.canonical(of(name="a"))
    kept.readings = 0
    for number in (1, 2):
        kept.canonical(of(name="a"), hash_algorithm="sha384")
        assert kept.readings == number
    kept.canonical(of(name="b"), hash_algorithm="sha384")
    assert kept.readings == 3
    kept.canonical(of(name="c"))
    assert kept.readings == 3


@pytest.mark.parametrize(
    "error", [MemoryError(), KeyboardInterrupt(), RecursionError(), LimitExceeded("deep", code="NESTING_TOO_DEEP")]
)
def test_what_goes_wrong_beside_a_trial_says_nothing_of_the_template(
    monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    kept = Watched(CONTEXTS, Limits(), allow_inline_contexts=True)
    for _ in range(2):
        kept.canonical(of(name="a"))

    def fails(*_arguments: Any, **_named: Any) -> Any:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(rdfc, "canonicalize", fails)
        with pytest.raises(type(error)):
            kept.canonical(of(name="b"))
    assert kept.given_up == 0
    (template,) = all_of(kept)
    assert template.trial is not None
    kept.canonical(of(name="b"))
    assert template.trial is None


def test_a_template_that_answers_what_the_general_path_refuses_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = on_trial(of(name="a"))

    def refused(*_arguments: Any, **_named: Any) -> Any:
        raise ProofTransformationError("refused")

    monkeypatch.setattr(rdfc, "canonicalize", refused)
    with pytest.raises(ProofTransformationError):
        kept.canonical(of(name="b"))
    assert all_of(kept) == []


def test_a_hash_algorithm_that_there_is_not_is_refused_by_the_same_error() -> None:
    kept = made(of(name="a"))
    for templates in (kept, Watched(CONTEXTS, Limits(), allow_inline_contexts=True)):
        with pytest.raises(ValueError, match="hash_algorithm is one of sha256, sha384"):
            templates.canonical(of(name="a"), hash_algorithm="md5")


def test_little_room_on_the_stack_gives_no_template_and_no_error_of_its_own() -> None:
    document = of(raw=nested(120), name="a")
    expected = answer_of_general_path(document, CONTEXTS)

    def below(frames: int, kept: Watched) -> Any:
        return answer_of(kept, document) if not frames else below(frames - 1, kept)

    outcomes = set()
    for frames in range(sys.getrecursionlimit() - 900, sys.getrecursionlimit(), 1):
        kept = Watched(CONTEXTS, Limits(), allow_inline_contexts=True)
        try:
            # the last few frames are too few for anything, and there the general path raises this as well
            found = [below(frames, kept) for _ in range(2)]
        except RecursionError:
            break
        for answer in found:
            outcomes.add("stated" if answer == expected else answer[1])
    assert outcomes == {"stated", "NESTING_TOO_DEEP"}


def nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def test_the_work_limit_is_that_of_the_general_path() -> None:
    for work in range(4, 24, 2):
        limits = Limits(canonicalization_work=work)
        kept = Watched(CONTEXTS, limits, allow_inline_contexts=True)
        for length in (1, 1, 1, 700, 2_000, 3_000, 4_500):
            document = of(part={"name": "n" * length})
            assert answer_of(kept, document) == answer_of_general_path(document, CONTEXTS, limits)


def most_memory_of(kept: Watched, document: dict[str, Any]) -> int:
    tracemalloc.start()
    try:
        answer_of(kept, document)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_nothing_is_written_beyond_the_work_limit() -> None:
    texts = [str(number) for number in range(1_000)]
    kept = made(of(name=texts))
    long = of(name=texts) | {"id": "urn:" + "a" * 200_000}
    assert most_memory_of(kept, long) < 5_000_000
    assert kept.readings == 1
    assert answer_of(kept, long)[1] == "WORK_LIMIT_EXCEEDED"


@pytest.mark.parametrize(
    ("document", "contexts"),
    [
        (of(raw={"k" * 100_000: [1] * 1_000}, name="a"), CONTEXTS),
        (of(raw={"k" * 100_000: [1] * 1_000}, name=[str(number) for number in range(1_000)]), CONTEXTS),
        (of(**{"k" * 60_000: [str(number) for number in range(1_000)]}), WITH_VOCAB),
    ],
)
def test_no_place_below_a_long_name_is_kept(document: dict[str, Any], contexts: Contexts) -> None:
    kept = Watched(contexts, Limits(), allow_inline_contexts=True)
    answer_of(kept, of(name="a"))
    for _ in range(3):
        assert most_memory_of(kept, document) < 8_000_000
        assert answer_of(kept, document) == answer_of_general_path(document, contexts)


def test_texts_below_a_long_name_are_in_no_hole() -> None:
    kept = Watched(WITH_VOCAB, Limits(), allow_inline_contexts=True)
    for number in range(6):
        for length in (400, 494, 495, 496, 497, 600):
            document = of(name=f"{number}", **{"k" * length: ["a", {"@value": f"{number}"}]})
            assert answer_of(kept, document) == answer_of_general_path(document, WITH_VOCAB)
    assert 0 < kept.readings < kept.asked


def test_a_statement_that_is_made_of_many_texts_is_not_made_of_many_markers() -> None:
    terms = {"name": NS + "n" * 100_000, "part": NS + "part", "count": NS + "count"}
    parts = [{"count": str(number), "part": {"@id": "urn:b", "name": "a"}} for number in range(400)]
    document = {"@context": terms, "@id": "urn:a", "part": parts}
    kept = Watched(CONTEXTS, Limits(), allow_inline_contexts=True)
    answer_of(kept, document)
    assert most_memory_of(kept, document) < 15_000_000
    assert kept.readings == 3
    assert all_of(kept) == []


def test_a_document_that_is_json_for_the_most_part_gives_no_template() -> None:
    assert all_of(made(of(name="a", raw=["x"] * 200))) == []
    assert all_of(made(of(name="a", raw=["x"] * 20))) != []


def test_limits_and_contexts_have_templates_of_their_own() -> None:
    usual = Templates.shared(CONTEXTS, Limits(), allow_inline_contexts=False)
    assert usual is Templates.shared(CONTEXTS, Limits(), allow_inline_contexts=False)
    others = [
        Templates.shared(CONTEXTS, Limits(quads=1), allow_inline_contexts=False),
        Templates.shared(CONTEXTS, Limits(), allow_inline_contexts=True),
        Templates.shared(Contexts(), Limits(), allow_inline_contexts=False),
    ]
    assert len({id(each) for each in (usual, *others)}) == 4


def test_another_process_gets_its_own_shared_ones() -> None:
    usual = Templates.shared(CONTEXTS, Limits(depth=63), allow_inline_contexts=False)
    assert pickle.loads(pickle.dumps(usual)) is usual


def test_each_hash_algorithm_gives_its_own_labels() -> None:
    documents = [of(part=[{"name": f"{number} {item}"} for item in range(6)]) for number in range(6)]
    kept = made(documents[0])
    answers = {name: [kept.canonical(each, hash_algorithm=name) for each in documents] for name in ("sha256", "sha384")}
    fresh = {
        name: [
            Watched(CONTEXTS, Limits(), allow_inline_contexts=True).canonical(each, hash_algorithm=name)
            for each in documents
        ]
        for name in answers
    }
    assert answers == fresh
    assert answers["sha256"] != answers["sha384"]


def test_few_templates_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KEPT, "SHAPES", 4)
    monkeypatch.setattr(DECIDING, "_SEEN", 8)
    kept = made(*(of(name=[str(each) for each in range(number)]) for number in range(1, 9)))
    assert len(kept.kept.shapes) == 4
    assert 0 < len(kept._seen) <= 8
    assert 0 < sum(template.size for template in all_of(kept)) < kept.kept.size
    monkeypatch.setattr(KEPT, "BYTES", 2 * kept.kept.size)
    for number in range(10, 30):
        for _ in range(3):
            kept.canonical(of(name=[str(each) for each in range(number)]))
        assert 0 < kept.kept.size <= KEPT.BYTES


def test_few_templates_are_kept_of_one_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    made_one = made(of(name={"@value": "a", "@language": "l-0"}))
    monkeypatch.setattr(KEPT, "BYTES", 5 * KEPT.SHARE * made_one.kept.size)
    kept = made(*(of(name={"@value": "a", "@language": f"l-{number}"}) for number in range(12)))
    assert 2 <= len(all_of(kept)) <= 5


def test_a_template_that_went_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KEPT, "SHAPES", 2)
    kept = made(of(name="a"), *(of(title=[str(each) for each in range(number)]) for number in range(1, 9)))
    readings = []
    for number in range(20):
        kept.readings = 0
        kept.canonical(of(name=str(number)))
        readings.append(kept.readings)
    assert readings == [1, 2, 1, *[0] * 17]  # the third and the fourth of all, and one for which it is tried


def test_a_form_whose_template_is_of_no_use_is_compiled_ever_more_seldom_and_at_last_no_more() -> None:
    kept = Watched(CONTEXTS, Limits(), allow_inline_contexts=True)
    for number, compiled in ((100, 6), (1_000, 9), (3_000, 10)):
        while kept.asked < number:
            answer_of(kept, of(part=[{"name": "a"}, {"name": "a"}]))
        assert kept.readings == number + compiled


def test_a_template_that_is_too_large_is_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KEPT, "BYTES", 1024)
    kept = Watched(CONTEXTS, Limits(), allow_inline_contexts=True)
    for _ in range(20):
        kept.canonical(of(name="a"))
    assert kept.readings == 20 + 1
    assert all_of(kept) == []


def test_a_template_that_is_of_use_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KEPT, "SHAPES", 4)
    kept = made(of(name="a"))
    for number in range(1, 30):
        for _ in range(2):
            kept.canonical(of(title=[str(each) for each in range(number)]))
        assert len(all_of(kept)) <= 4
        kept.readings = 0
        kept.canonical(of(name=str(number)))
        assert kept.readings == 0


def test_a_template_that_does_not_answer_as_the_general_path_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    real = DECIDING.compiled

    def wrong(form: Any, names: Any, quads: Any) -> Any:
        return real(form, names, [(s, "<urn:other>", o, g) for s, p, o, g in quads])

    monkeypatch.setattr(DECIDING, "compiled", wrong)
    assert all_of(made(of(name="a", count=1))) == []


def test_a_rule_that_was_overlooked_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vc_core.canonical.jsonld.reading.is_spelled_freely", lambda *_, **__: True)
    assert all_of(made(of(score="1.5E0"), of(score="1.5"), of(score=2))) == []
    assert all_of(made(of(name="a"))) != []


def test_without_orjson_all_documents_take_the_general_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "_AVAILABLE", False)
    kept = made(of(name="a"), of(count=1))
    kept.canonical(of(name="b"))
    assert kept.readings == 1
    assert all_of(kept) == []


def test_the_oldest_of_too_many_that_are_alike_goes() -> None:
    documents = [of(link=f"scheme-{number}:a") for number in range(KEPT.ALIKE + 3)]
    kept = made(*documents)
    schemes = [template.form.schemes for template in all_of(kept)]
    assert schemes == [(b"urn:", f"scheme-{number}:".encode()) for number in range(3, KEPT.ALIKE + 3)]
    assert_the_sizes_add_up(kept)


def test_the_frame_that_is_the_oldest_of_too_many_goes() -> None:
    free, fixed = {"name": "a", "title": "b", "link": "urn:a"}, {"grade": "Good", "raw": "r", "typed": "a"}
    documents = [of(**dict(chosen)) for chosen in product(*zip(free.items(), fixed.items(), strict=True))][:6]
    kept = made(*documents)
    for document in documents[::-1]:
        kept.readings = 0
        kept.canonical(document)
        assert kept.readings == (document not in documents[-KEPT.FRAMES :])
    (of_shape,) = kept.kept.shapes.values()
    assert len(of_shape.frames) == KEPT.FRAMES
    assert_the_sizes_add_up(kept)


def assert_the_sizes_add_up(kept: Watched) -> None:
    (of_shape,) = kept.kept.shapes.values()
    assert of_shape.size == sum(template.size for template in all_of(kept))


def test_a_template_that_is_made_again_drops_no_other() -> None:
    kept = made(of(link=["urn:a", "urn:b"], name="a"), of(link=["urn:a", "urn:a:b"], name="a"))
    before = all_of(kept)
    for template in before:
        assert kept.kept.keep(template)
    assert all_of(kept) == before != []


def test_threads_may_share_them() -> None:
    documents = [
        of(name=f"{number}", part=[{"name": str(item)} for item in range(number % 7)] or "x") for number in range(300)
    ]
    kept = Watched(CONTEXTS, Limits(), allow_inline_contexts=True)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda each: answer_of(kept, each), documents))
    assert found == [answer_of_general_path(each, CONTEXTS) for each in documents]


def test_a_process_that_is_forked_while_threads_use_them_can_use_them() -> None:
    kept = made(of(name="a"))
    holding = [value for value in (kept, kept.kept) for value in map(value.__getattribute__, slots_of(value))]
    assert not [value for value in holding if hasattr(value, "acquire")]


def slots_of(value: object) -> list[str]:
    return [name for each in type(value).__mro__ for name in getattr(each, "__slots__", ())]


def test_a_document_is_the_pieces_it_is_cut_into() -> None:
    values = [
        "",
        "a",
        '"',
        "\\",
        '\\"',
        '"\\',
        "a,b",
        "{",
        0,
        1,
        10,
        -1,
        0.5,
        1.5e-7,
        10.25,
        True,
        [],
        {},
        [1],
        ["1"],
        {"": ""},
    ]
    seen = {}
    for one in values:
        for other in values:
            document = {"a": one, "b": [other, one]}
            found = cutting.cut(document)
            assert found is not None
            assert seen.setdefault((found.shape, *found.texts), document) == document
            assert len(cutting.kinds(document, {})) == len(found.texts)
    assert len(seen) == len(values) ** 2


@pytest.mark.parametrize(
    "value",
    ["\u007f", "\u0001", "\uffff", "\ud800", 2**60, "a" * 300_000, None, float("inf"), object(), NOON, [1] * 80],
)
def test_what_is_not_cut(value: Any) -> None:
    assert cutting.cut({"a": value}) is None
