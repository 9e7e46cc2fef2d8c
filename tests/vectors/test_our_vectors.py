"""Our own vectors: they are what their generator writes, keep to their schema, and this library agrees with them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import jsonschema_rs
import pytest

from did import METHODS
from vc_core import ALGORITHMS, CODES, CRYPTOSUITES
from vectors import generate, harness
from vectors.harness import Vector, outcome

NEVER_FOUND = {
    "CRYPTOGRAPHIC_SECURITY_ERROR": "its refinements are given",
    "INTERNAL_ERROR": "no input reaches it: see the fault injection",
    "INVALID_DID_DOCUMENT": "the codes of Controlled Identifiers are given for the same",
    "INVALID_DID_URL": "a proof names its key by a DID and a fragment, which are looked at one by one",
    "METHOD_NOT_SUPPORTED": "a static resolver answers NOT_FOUND: another one might know the method",
    "MISSING_DEPENDENCY": "the vectors need every part of the library",
    "PROOF_GENERATION_ERROR": "is about issuing",
    "STATUS_LIST_LENGTH_ERROR": "is about the lists, which the vectors take as verified",
}
"""Codes that no vector has, and why."""


@pytest.fixture(scope="module")
def vectors() -> list[Vector]:
    return list(harness.load())


def test_the_files_are_what_the_generator_writes() -> None:
    """Byte for byte, so every vector can be made again from the text that its keys come from."""
    written = dict(generate.files())
    folder = harness.HERE
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("*/*.json")}
    found["manifest.json"] = (folder / "manifest.json").read_bytes()
    assert sorted(found) == sorted(written)
    assert [name for name, text in written.items() if found[name] != text.encode()] == []


def test_the_generator_writes_into_any_folder(tmp_path: Path) -> None:
    (tmp_path / "data-model").mkdir()
    stale = tmp_path / "data-model" / "no-more.json"
    stale.write_text("{}")
    assert generate.write(tmp_path) == len(list(tmp_path.glob("*/*.json")))
    assert not stale.exists()


def test_every_case_keeps_to_the_schema(vectors: list[Vector]) -> None:
    schema = json.loads((harness.HERE / "schema.json").read_text(encoding="utf-8"))
    jsonschema_rs.meta.validate(schema)
    validator = jsonschema_rs.validator_for(schema, validate_formats=True)
    assert {vector.id: error.message for vector in vectors for error in validator.iter_errors(vector.case)} == {}


def test_every_case_has_a_name_of_its_own_that_is_its_place(vectors: list[Vector]) -> None:
    names = [vector.id for vector in vectors]
    assert len(names) == len(set(names)) > 500
    manifest = json.loads((harness.HERE / "manifest.json").read_text(encoding="utf-8"))
    assert [entry["file"] for entry in manifest["cases"]] == [f"{name}.json" for name in names]
    assert [entry["verdict"] for entry in manifest["cases"]] == [vector.expected[0] for vector in vectors]


def test_every_file_can_be_read_by_people() -> None:
    for path in chain(harness.HERE.glob("*/*.json"), [harness.HERE / "manifest.json"]):
        text = path.read_text(encoding="utf-8")
        assert text.endswith("\n"), path
        assert all(each == "\n" or each.isprintable() for each in text), path
        assert len(text) < 200_000, path


def test_verdicts_and_codes(vectors: list[Vector]) -> None:
    differing = {
        vector.id: (found, vector.expected)
        for vector in vectors
        if (found := outcome(vector.verify())) != vector.expected
    }
    assert differing == {}


def test_a_verified_case_gives_claims_and_no_other_does(vectors: list[Vector]) -> None:
    for vector in vectors:
        result = vector.verify()
        if vector.expected[0] == "verified":
            assert json.loads(json.dumps(result.credential.claims)), vector.id
        else:
            assert (bool(result), result.issuer) == (False, None), vector.id


def keys_covered(vectors: list[Vector]) -> Iterator[tuple[str, str]]:
    """What in the library's tables each vector is about, with its verdict."""
    for vector in vectors:
        covers, verdict = vector.case["covers"], vector.expected[0]
        if "cryptosuite" in covers:
            suite = CRYPTOSUITES[covers["cryptosuite"]]
            yield f"cryptosuite {suite.name}", verdict
            yield f"cryptosuite {suite.name} with {covers['key']}", verdict
            yield f"algorithm {suite.keys[covers['key']].algorithm}", verdict
        if "method" in covers:
            yield f"method {covers['method']}", verdict


def test_every_entry_of_every_table_is_accepted_once_and_refused_once(vectors: list[Vector]) -> None:
    demanded = {f"cryptosuite {name}" for name in CRYPTOSUITES} | {f"method {name}" for name in METHODS}
    for suite in CRYPTOSUITES.values():
        for key_type, use in suite.keys.items():
            assert use.algorithm in ALGORITHMS
            demanded |= {f"cryptosuite {suite.name} with {key_type}", f"algorithm {use.algorithm}"}
    verdicts = defaultdict(set)
    for key, verdict in keys_covered(vectors):
        verdicts[key].add(verdict)
    assert {key for key in demanded if not verdicts[key] >= {"verified", "rejected"}} == set()


def test_every_code_stands_in_a_vector(vectors: list[Vector]) -> None:
    found = {code for vector in vectors for code in vector.expected[1]}
    assert found | NEVER_FOUND.keys() == CODES.keys()
    assert found.isdisjoint(NEVER_FOUND)
