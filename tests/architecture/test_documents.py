"""What the documents show runs, and what they state is so."""

from __future__ import annotations

import doctest
import re
from dataclasses import fields
from pathlib import Path

import did
import status
import vc_core
import vc_core.batch
import vc_core.status_lists
from vc_core import Limits

ROOT = Path(__file__).resolve().parents[2]


def test_the_examples_of_the_packages_run() -> None:
    for package in (vc_core, vc_core.batch, did, status, vc_core.status_lists):
        outcome = doctest.testmod(package)
        assert outcome.attempted > 0
        assert outcome.failed == 0


def test_the_program_of_the_readme_runs(capsys) -> None:
    program = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(program[1], "README.md", "exec"), {})
    assert capsys.readouterr().out == "Mikroapliecinājums\n"


def test_the_limits_that_are_documented_are_the_limits() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    limits = Limits()
    stated = {
        "document_bytes": ("size of a credential", f"{limits.document_bytes // 2**20} MiB"),
        "depth": ("nesting", f"{limits.depth} levels"),
        "proofs": ("proofs of one document", f"{limits.proofs}"),
        "contexts": ("contexts of one document", f"{limits.contexts}"),
        "quads": ("RDF statements", f"{limits.quads:,}"),
        "canonicalization_work": (
            "work of RDFC-1.0",
            f"{limits.canonicalization_work:,} units, about a microsecond each",
        ),
        "token_header_bytes": ("encoded header of a token", f"{limits.token_header_bytes // 1024} KiB"),
        "disclosures": ("disclosures of one SD-JWT", f"{limits.disclosures:,}"),
        "status_list_bytes": ("decompressed status list", f"{limits.status_list_bytes // 2**20} MiB"),
        "credentials": ("credentials of one presentation", f"{limits.credentials}"),
        "identifiers": ("identifiers whose documents are had for one presentation", f"{limits.identifiers}"),
    }
    assert stated.keys() == {each.name for each in fields(Limits)}
    for name, value in stated.values():
        assert f"| {name} | {value} |" in text


def test_links_between_the_documents_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in (
            *ROOT.glob("*.md"),
            *ROOT.glob("docs/**/*.md"),
            ROOT / "vectors/README.md",
            ROOT / "benches/README.md",
        )
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
