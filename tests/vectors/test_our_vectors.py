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
from vc_core import ALGORITHMS, CODES, CRYPTOSUITES, ENVELOPES, VerificationResult
from vectors import generate, harness
from vectors.harness import Vector, outcome

NEVER_FOUND = {
    "WORKER_CRASHED": "is what a job says of a record that ends its worker; none here does",
    "CRYPTOGRAPHIC_SECURITY_ERROR": "its refinements are given",
    "DEACTIVATED": "is what a method says; the evidence of a vector has documents",
    "FEATURE_NOT_SUPPORTED": "is about the options of a resolution",
    "INTERNAL_ERROR": "no input reaches it: see the fault injection",
    "INVALID_DID_DOCUMENT": "the codes of Controlled Identifiers are given for the same",
    "INVALID_OPTIONS": "is about the options of a resolution",
    "INVALID_DID_URL": "a proof names its key by a DID and a fragment, which are looked at one by one",
    "METHOD_NOT_SUPPORTED": "a static resolver answers NOT_FOUND: another one might know the method",
    "MISSING_DEPENDENCY": "the vectors need every part of the library",
    "NONCE_STORE_ERROR": "the store of the vectors can always answer",
    "PROOF_GENERATION_ERROR": "is about issuing",
    "REPRESENTATION_NOT_SUPPORTED": "is about the options of a resolution",
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
    assert len(names) == len({name.lower() for name in names}) > 1300
    manifest = json.loads((harness.HERE / "manifest.json").read_text(encoding="utf-8"))
    assert [entry["file"] for entry in manifest["cases"]] == [f"{name}.json" for name in names]
    assert [entry["verdict"] for entry in manifest["cases"]] == [vector.expected[0] for vector in vectors]


def test_every_file_can_be_read_by_people() -> None:
    for path in chain(harness.HERE.glob("*/*.json"), [harness.HERE / "manifest.json"]):
        text = path.read_text(encoding="utf-8")
        assert text.endswith("\n"), path
        assert all(each == "\n" or each.isprintable() for each in text), path
        assert len(text) < (20_000 if path.parent != harness.HERE else 400_000), path


def test_verdicts_and_codes(vectors: list[Vector]) -> None:
    differing = {
        vector.id: (found, vector.expected)
        for vector in vectors
        if (found := outcome(vector.result())) != vector.expected
    }
    assert differing == {}


def test_a_verified_case_gives_claims_and_no_other_does(vectors: list[Vector]) -> None:
    for vector in vectors:
        result = vector.result()
        verified = vector.expected[0] == "verified"
        assert bool(result) is verified, vector.id
        if not verified:
            printed = result.to_json()
            assert {printed.get(name) for name in ("issuer", "holder", "validFrom", "validUntil")} == {None}, vector.id
        elif isinstance(result, VerificationResult):
            assert json.loads(json.dumps(result.credential.claims)), vector.id
        else:
            claims = [credential.claims for credential in result.presentation.credentials]
            assert len(claims) == len(result.of_credentials), vector.id
            assert all(json.loads(json.dumps(each)) for each in claims), vector.id


def test_presentations_are_refused_for_a_spent_nonce_and_nothing_else(vectors: list[Vector]) -> None:
    """What these cases are about is the store: without what is in it, each is accepted."""
    spent = [vector for vector in vectors if vector.case.get("presentation", {}).get("spentNonces")]
    assert {vector.expected for vector in spent} == {("rejected", ("NONCE_SPENT_ERROR",))}
    for vector in spent:
        expected = {name: value for name, value in vector.case["presentation"].items() if name != "spentNonces"}
        assert Vector({**vector.case, "presentation": expected}).result(), vector.id


def keys_covered(vectors: list[Vector]) -> Iterator[tuple[str, str]]:
    """What in the library's tables each vector is about, with its verdict."""
    for vector in vectors:
        covers, verdict = vector.case["covers"], vector.expected[0]
        if "cryptosuite" in covers:
            suite = CRYPTOSUITES[covers["cryptosuite"]]
            yield f"cryptosuite {suite.name}", verdict
            yield f"cryptosuite {suite.name} with {covers['key']}", verdict
            yield f"algorithm {suite.keys[covers['key']].algorithm}", verdict
        for name in ("method", "envelope", "algorithm"):
            if name in covers:
                yield f"{name} {covers[name]}", verdict
        if {"envelope", "algorithm"} <= covers.keys():
            yield f"algorithm {covers['algorithm']} in a token", verdict


def test_every_entry_of_every_table_is_accepted_once_and_refused_once(vectors: list[Vector]) -> None:
    tables = {"cryptosuite": CRYPTOSUITES, "method": METHODS, "envelope": ENVELOPES, "algorithm": ALGORITHMS}
    demanded = {f"{name} {key}" for name, table in tables.items() for key in table}
    demanded |= {f"algorithm {name} in a token" for name in ALGORITHMS}
    for suite in CRYPTOSUITES.values():
        for key_type, use in suite.keys.items():
            assert use.algorithm in ALGORITHMS
            demanded.add(f"cryptosuite {suite.name} with {key_type}")
    verdicts = defaultdict(set)
    for key, verdict in keys_covered(vectors):
        verdicts[key].add(verdict)
    assert {key for key in demanded if not verdicts[key] >= {"verified", "rejected"}} == set()


def test_every_code_stands_in_a_vector(vectors: list[Vector]) -> None:
    found = {code for vector in vectors for code in vector.expected[1]}
    assert found | NEVER_FOUND.keys() == CODES.keys()
    assert found.isdisjoint(NEVER_FOUND)
