"""Canonical RDF by templates is that of the general path, whatever came before.

`benches.templates` does far more of this.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benches.leaf_changes import mutations
from benches.template_cases import context, document, sibling
from benches.templates import (
    LIMITS,
    Report,
    Watched,
    answer_of,
    answer_of_general_path,
    corpus,
    generated,
    supplied,
)
from vc_core.canonical.contexts import Contexts
from vc_core.errors import VCError

CONFORMANCE = Path(os.environ.get("VC_CORE_CONFORMANCE", Path(__file__).parents[2].parent / "shared"))

slow = settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=60)


@slow
@given(st.randoms(use_true_random=False))
def test_siblings_of_a_document_are_answered_as_without_it(chance: random.Random) -> None:
    terms = context(chance)
    try:
        contexts = Contexts() | {"urn:terms": json.dumps(terms).encode()}
    except VCError:
        return
    templates = Watched(contexts, LIMITS, allow_inline_contexts=True)
    original = document(chance, terms["@context"], "urn:terms")
    for case in (original, original, original, *(sibling(chance, original) for _ in range(12)), original):
        assert answer_of(templates, case) == answer_of_general_path(case, contexts)


@slow
@given(st.lists(st.tuples(st.text(), st.text(), st.integers(-(2**53), 2**53)), min_size=3, max_size=8))
def test_any_texts_and_numbers_can_be_filled_in(values: list[tuple[str, str, int]]) -> None:
    terms = {"a": "urn:p:a", "b": "urn:p:b", "n": "urn:p:n", "l": {"@id": "urn:p:l", "@container": "@list"}}
    contexts = Contexts() | {"urn:terms": json.dumps({"@context": terms}).encode()}
    templates = Watched(contexts, LIMITS, allow_inline_contexts=True)
    for one, other, number in values:
        inside = {"a": other, "n": number}
        case = {
            "@context": "urn:terms",
            "a": [one, {"@value": other, "@language": "en"}],
            "b": inside,
            "l": [number, one],
        }
        assert answer_of(templates, case) == answer_of_general_path(case, contexts)


@slow
@given(st.lists(st.tuples(st.text(), st.text()), min_size=3, max_size=8))
def test_any_identifiers_can_be_filled_in(values: list[tuple[str, str]]) -> None:
    terms = {"a": {"@id": "urn:p:a", "@type": "@id"}, "urn": {"@id": "urn:q:", "@prefix": True}, "b": "urn:p:b"}
    contexts = Contexts() | {"urn:terms": json.dumps({"@context": terms}).encode()}
    templates = Watched(contexts, LIMITS, allow_inline_contexts=True)
    for one, other in [("//x", "y"), ("//y", "x"), *values]:
        case = {
            "@context": "urn:terms",
            "@id": f"did:{one}",
            "a": [f"urn:{one}", f"did:{other}"],
            "b": {"@id": f"x:{other}"},
        }
        assert answer_of(templates, case) == answer_of_general_path(case, contexts)


def test_many_generated_cases() -> None:
    report = Report()
    generated(report, random.Random(7), 6_000)
    assert report.different == []
    assert report.given_up == 0
    assert report.fast > 800
    assert report.outcomes["stated"] > 2_000
    assert {"DATA_LOSS_DETECTION_ERROR", "PROOF_TRANSFORMATION_ERROR"} <= report.outcomes.keys()


def test_published_documents_and_their_siblings() -> None:
    if not (CONFORMANCE / "conformance").is_dir():
        pytest.skip("the published data is not here")
    listed: Any = json.loads((CONFORMANCE / "contexts" / "index.json").read_bytes())
    contexts = supplied(listed, CONFORMANCE / "contexts")
    templates, report, chance = Watched(contexts, LIMITS, allow_inline_contexts=True), Report(), random.Random(1)
    stated = 0
    for original in corpus([CONFORMANCE / "conformance", CONFORMANCE / "elm"]):
        answers = [report.compare(templates, original) for _ in range(3)]
        if not isinstance(answers[0], bytes) or len(answers[0]) > 20_000:
            continue
        stated += 1
        report.compare(templates, sibling(chance, original))
        for _, _, changed in chance.sample(list(mutations(original)), 6):
            if isinstance(changed, dict):
                report.compare(templates, changed)
    assert report.different == []
    assert stated > 200
    assert report.fast > 400
