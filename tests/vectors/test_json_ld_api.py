"""The JSON-LD 1.1 test suite (w3c/json-ld-api) through safe mode.

Safe mode refuses much of what JSON-LD can do. What it accepts has to be right: the dataset of the suite, or that of
an independent processor, up to the names of blank nodes. How much is accepted is pinned, so that neither a new
refusal nor a new acceptance goes unnoticed.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld as pyld

from vc_core.canonical import jsonld, nquads, rdfc
from vc_core.canonical.contexts import Contexts
from vc_core.document import Json
from vc_core.errors import VCError
from vc_core.limits import Limits

BASE = "https://w3c.github.io/json-ld-api/tests/"
LIMITS = Limits()
WRONGLY_ACCEPTED = {
    "#ter42": "an error of JSON-LD 1.0 only; the entry has an option for that version",
}
"""Negative cases that are accepted, with the reason."""


@pytest.fixture(scope="module")
def suite(conformance: Path) -> Path:
    return conformance / "conformance" / "json-ld-api"


@pytest.fixture(scope="module")
def contexts(suite: Path) -> Contexts:
    """Every file of the suite that can be a context, under its URL."""
    files = {BASE + str(file.relative_to(suite)): file.read_bytes() for file in sorted(suite.rglob("*.jsonld"))}
    documents = {url: json.loads(data) for url, data in files.items()}
    return Contexts() | {
        url: files[url] for url, document in documents.items() if isinstance(document, dict) and "@context" in document
    }


def quads(document: dict[str, Json], contexts: Contexts) -> list[nquads.Quad]:
    return jsonld.to_quads(document, contexts=contexts, limits=LIMITS, allow_inline_contexts=True)


def canonical(dataset: list[nquads.Quad]) -> str:
    return rdfc.canonicalize(dataset, work_limit=LIMITS.canonicalization_work).nquads


def test_to_rdf(suite: Path, contexts: Contexts) -> None:
    outcomes: Counter[tuple[str, str]] = Counter()
    wrong = []
    manifest = json.loads((suite / "toRdf-manifest.jsonld").read_bytes())
    for entry in manifest["sequence"]:
        if entry.get("option", {}).get("specVersion") == "json-ld-1.0":
            continue
        kind = entry["@type"][0].removeprefix("jld:").removesuffix("Test")
        document = json.loads((suite / entry["input"]).read_bytes())
        outcome = "refused"
        if isinstance(document, dict):  # a credential is an object
            try:
                dataset = quads(document, contexts)
            except VCError:
                pass
            else:
                outcome = "accepted"
                if kind == "PositiveEvaluation":
                    expected = nquads.parse((suite / entry["expect"]).read_text())
                    if canonical(dataset) != canonical(expected):
                        wrong.append(entry["@id"])
                elif kind == "NegativeEvaluation" and entry["@id"] not in WRONGLY_ACCEPTED:
                    wrong.append(entry["@id"])
        outcomes[kind, outcome] += 1
    assert wrong == []
    assert outcomes == {
        ("PositiveEvaluation", "accepted"): 82,
        ("PositiveEvaluation", "refused"): 258,
        ("NegativeEvaluation", "accepted"): 1,
        ("NegativeEvaluation", "refused"): 99,
        ("PositiveSyntax", "refused"): 16,
    }


def test_all_files_give_the_dataset_of_another_processor(suite: Path, contexts: Contexts) -> None:
    """And their compact forms have the same dataset."""

    def load(url: str, _options: object) -> dict[str, Any]:
        return {"document": contexts[url], "documentUrl": url, "contextUrl": None}

    outcomes: Counter[str] = Counter()
    wrong = []
    for file in sorted(suite.rglob("*.jsonld")):
        document = json.loads(file.read_bytes())
        if not isinstance(document, dict) or file.name.endswith("-manifest.jsonld"):
            continue
        try:
            ours = canonical(quads(document, contexts))
        except VCError:
            outcomes["refused"] += 1
            continue
        outcomes["accepted"] += 1
        options = {"base": None, "documentLoader": load, "format": "application/n-quads"}
        theirs = canonical(nquads.parse(pyld.to_rdf(document, options)))
        compact = jsonld.compacted(document, contexts=contexts, limits=LIMITS, allow_inline_contexts=True)
        if not ours == theirs == canonical(quads(compact, contexts)):
            wrong.append(file.name)
    assert wrong == []
    assert outcomes == {"accepted": 245, "refused": 1167}
