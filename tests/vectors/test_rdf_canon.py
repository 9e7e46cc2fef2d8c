"""The RDFC-1.0 test suite of the W3C, all of it under the default limits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from vc_core.canonical.nquads import Quad, parse
from vc_core.canonical.rdfc import Canonical, canonicalize
from vc_core.errors import LimitExceeded
from vc_core.limits import Limits

WORK_LIMIT = Limits().canonicalization_work


class Suite:
    """The tests of the manifest, and the files that they name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.entries: list[dict[str, Any]] = json.loads(self.text("manifest.jsonld"))["entries"]

    def text(self, name: str) -> str:
        return (self.folder / name).read_bytes().decode()

    def of_type(self, name: str) -> list[dict[str, Any]]:
        return [entry for entry in self.entries if entry["type"] == f"rdfc:{name}"]

    def quads(self, entry: dict[str, Any]) -> list[Quad]:
        return parse(self.text(entry["action"]))

    def canonical(self, entry: dict[str, Any]) -> Canonical:
        hash_algorithm = entry.get("hashAlgorithm", "SHA256").lower()
        return canonicalize(self.quads(entry), hash_algorithm=hash_algorithm, work_limit=WORK_LIMIT)


@pytest.fixture(scope="module")
def suite(conformance: Path) -> Suite:
    return Suite(conformance / "conformance" / "rdf-canon")


def test_the_manifest_holds_no_test_that_is_not_run(suite: Suite) -> None:
    run = {"RDFC10EvalTest": 64, "RDFC10MapTest": 21, "RDFC10NegativeEvalTest": 1}
    assert {name: len(suite.of_type(name)) for name in run} == run
    assert len(suite.entries) == sum(run.values())


def test_canonical_forms(suite: Suite) -> None:
    entries = suite.of_type("RDFC10EvalTest")
    results = {entry["id"]: suite.canonical(entry).nquads for entry in entries}
    assert results == {entry["id"]: suite.text(entry["result"]) for entry in entries}


def test_issued_identifiers_maps(suite: Suite) -> None:
    entries = suite.of_type("RDFC10MapTest")
    results = {entry["id"]: dict(suite.canonical(entry).labels) for entry in entries}
    assert results == {entry["id"]: json.loads(suite.text(entry["result"])) for entry in entries}


def test_the_clique_is_refused(suite: Suite) -> None:
    (entry,) = suite.of_type("RDFC10NegativeEvalTest")
    with pytest.raises(LimitExceeded) as refused:
        suite.canonical(entry)
    assert refused.value.code == "WORK_LIMIT_EXCEEDED"


def test_the_hard_datasets_need_a_twentieth_of_the_limit(suite: Suite) -> None:
    """Their work is pinned: it does not depend on the machine, nor on the run."""
    entries = {entry["id"]: entry for entry in suite.entries}
    work = {name: suite.canonical(entries[f"#test{name}c"]).work for name in ("044", "045", "046")}
    assert work == {"044": 5663, "045": 5663, "046": 5715}
    assert max(work.values()) * 17 < WORK_LIMIT
