"""RDF 1.1 N-Quads syntax tests of the W3C: what must be read, and what must be refused."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph
import pytest

from vc_core.canonical.nquads import lines, parse
from vc_core.errors import ParsingError


def documents(conformance: Path, kind: str) -> dict[str, str]:
    """The N-Quads documents of the tests of one type, by file name."""
    folder = conformance / "conformance" / "n-quads"
    manifest = (folder / "manifest.ttl").read_text(encoding="utf-8")
    names = re.findall(rf"rdft:TestNQuads{kind}Syntax\b.*?mf:action\s+<([^>]+)>", manifest, re.DOTALL)
    return {name: (folder / name).read_bytes().decode() for name in names}


def test_good_documents_are_read_as_the_oracle_reads_them(conformance: Path) -> None:
    """The oracle writes language tags in small letters; RDFC-1.0 leaves them as they are."""
    good = documents(conformance, "Positive")
    assert len(good) == 53
    read = {name: [line.replace("@en-UK", "@en-uk") for line in lines(parse(text), {})] for name, text in good.items()}
    oracle = {
        name: sorted(f"{quad} .\n" for quad in pyoxigraph.parse(text, format=pyoxigraph.RdfFormat.N_QUADS))
        for name, text in good.items()
    }
    assert read == oracle


def test_bad_documents_are_refused(conformance: Path) -> None:
    bad = documents(conformance, "Negative")
    assert len(bad) == 34
    for name, text in bad.items():
        with pytest.raises(ParsingError) as refused:
            pytest.fail(f"{name} was read as {parse(text)}")
        assert refused.value.code == "PARSING_ERROR"
