"""The published vectors of RFC 8785, and a sample of numbers beside a JavaScript engine.

`tests/interop/jcs_numbers.py` does the same with a million numbers and more.
"""

from __future__ import annotations

import hashlib
import json
import random
import runpy
import shutil
import subprocess
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from vc_core.canonical import jcs
from vc_core.document import read_json
from vc_core.limits import Limits

DOCUMENTS = ["arrays", "french", "structures", "unicode", "values", "weird"]


@pytest.fixture(scope="module")
def numbers() -> dict[str, Any]:
    return runpy.run_path(str(Path(__file__).resolve().parent.parent / "interop/jcs_numbers.py"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_document(conformance: Path, name: str) -> None:
    folder = conformance / "conformance/jcs"
    value = read_json((folder / f"input/{name}.json").read_bytes(), limits=Limits())
    expected = (folder / f"output/{name}.json").read_bytes()
    assert bytes.fromhex((folder / f"outhex/{name}.txt").read_text()) == expected
    assert jcs.canonicalize(value) == expected
    assert jcs.canonicalize_slowly(value) == expected
    assert jcs.canonicalize(read_json(expected, limits=Limits())) == expected


def test_every_document_is_among_them(conformance: Path) -> None:
    assert sorted(path.stem for path in (conformance / "conformance/jcs/input").iterdir()) == DOCUMENTS


def test_published_numbers(conformance: Path, numbers: dict[str, Any]) -> None:
    folder = conformance / "conformance/jcs"
    description = json.loads((folder / "es6-numbers.json").read_bytes())
    checksums = {step["lines"]: step["sha256"] for step in description["checksums"]}
    lines = list(islice(numbers["published_lines"](description), 10_000))
    assert hashlib.sha256(b"".join(lines[:1000])).hexdigest() == checksums[1000]
    assert hashlib.sha256(b"".join(lines)).hexdigest() == checksums[10_000]
    assert b"".join(lines) == (folder / "es6-numbers-10000.txt").read_bytes()


@pytest.mark.node
@pytest.mark.skipif(shutil.which("node") is None, reason="node is not on the path")
def test_numbers_beside_javascript(numbers: dict[str, Any]) -> None:
    sample = [0.0, -0.0, *islice(numbers["doubles"](seed=1), 20_000)]
    ours, theirs = numbers["written"](sample), numbers["written_by_node"](sample)
    assert len(ours) == len(theirs)
    assert [(x, a, b) for x, a, b in zip(sample, ours, theirs, strict=True) if a != b] == []


@pytest.mark.node
@pytest.mark.skipif(shutil.which("node") is None, reason="node is not on the path")
def test_order_and_strings_beside_javascript() -> None:
    """`sort` of JavaScript compares UTF-16 code units; `JSON.stringify` escapes as section 3.2.2.2 says."""
    chance = random.Random(3)
    alphabet = [*'a1"\\/\x00\x1f\x7fé\u2028\ud7ff\ue000\uffff😀', "\U0010ffff", ""]
    names = {"".join(chance.choices(alphabet, k=3)) for _ in range(1000)}
    program = """
        const names = JSON.parse(require("fs").readFileSync(0));
        process.stdout.write(names.sort().map((name) => JSON.stringify(name)).join("\\n"));
    """
    data = json.dumps(list(names)).encode()
    process = subprocess.run(["node", "-e", program], input=data, stdout=subprocess.PIPE, check=True)
    ordered = process.stdout.decode().split("\n")
    members = ",".join(f"{name}:null" for name in ordered)
    assert jcs.canonicalize(dict.fromkeys(names)).decode() == f"{{{members}}}"
