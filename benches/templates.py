"""Compares the canonical RDF of `Templates` with that of the general path, over generated cases.

    python -m benches.templates [--cases 1000000] [--seed 1] [--corpus FOLDER ...] [--contexts FOLDER]

A case is a document that follows others like it: first one is canonicalized several times, so that there is a template,
then come documents that differ from it in some places. For each the answer is that of a general path that knows
nothing of the others: the same bytes, or the same error at the same place. Contexts and documents are generated; under
half of the contexts documents know the markers that templates are made with, and under half of them no template is on
trial, so that its rules have to hold alone; with
`--corpus`, the JSON documents in these folders are cases as well, under the contexts that `index.json` in the folder
of contexts lists: each with every change of `benches.leaf_changes` in every place, and with as many changes by chance.
Prints how many cases took the fast path, and every case that differs; then the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any, Final
from unittest.mock import patch

from benches.leaf_changes import mutations
from benches.template_cases import INTEGER_MARK, MARK, context, document, foreign, sibling
from vc_core.canonical import jsonld, rdfc
from vc_core.canonical.contexts import PINNED, Contexts
from vc_core.canonical.jsonld.reading import Reading
from vc_core.canonical.templates import Templates, compiling
from vc_core.canonical.templates.cutting import Cut
from vc_core.canonical.templates.form import Form
from vc_core.canonical.templates.template import Template
from vc_core.errors import VCError
from vc_core.limits import Limits

_URL: Final = "urn:terms"
_DOCUMENTS_OF_A_CONTEXT: Final = 12
_SIBLINGS: Final = 40
_LARGEST: Final = 300_000
LIMITS: Final = Limits()


Answer = bytes | tuple[str, str, str, str]


@dataclass(slots=True, eq=False)
class Watched(Templates):
    """Templates that count how many documents were read, so took the general path, and how many forms they gave up.

    When they are `trusting`, no template is on trial: its rules have to hold alone.
    """

    readings: int = 0
    asked: int = 0
    given_up: int = 0
    trusting: bool = False

    def canonical(self, document: dict[str, Any], *, hash_algorithm: str = "sha256") -> bytes:
        self.asked += 1
        return super(Watched, self).canonical(document, hash_algorithm=hash_algorithm)

    def _give_up(self, form: Form) -> None:
        self.given_up += 1
        super(Watched, self)._give_up(form)

    def _filled(self, in_two: Cut, hash_algorithm: str) -> tuple[Template, bytes] | tuple[None, bytes]:
        template, filled = super(Watched, self)._filled(in_two, hash_algorithm)
        if template is not None and self.trusting:
            template.trial = None
        return (None, b"") if template is None else (template, filled)

    def _read(self, document: dict[str, Any]) -> Reading:
        self.readings += 1
        return super(Watched, self)._read(document)  # a class with slots is made anew


@dataclass(slots=True)
class Report:
    """What a run found."""

    cases: int = 0
    fast: int = 0
    given_up: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    different: list[tuple[dict[str, Any], object, object]] = field(default_factory=list)

    def compare(self, templates: Watched, case: dict[str, Any]) -> Answer:
        """One case, and what is expected of it."""
        expected = answer_of_general_path(case, templates.contexts)
        before = templates.readings
        found = answer_of(templates, case)
        self.cases += 1
        if templates.readings == before and isinstance(found, bytes):
            self.fast += 1
        self.outcomes["stated" if isinstance(expected, bytes) else expected[1]] += 1
        if found != expected:
            self.different.append((case, found, expected))
        return expected


def answer_of_general_path(case: dict[str, Any], contexts: Contexts, limits: Limits = LIMITS) -> Answer:
    """The canonical form, or the error with its code and place."""
    try:
        quads = jsonld.to_quads(case, contexts=contexts, limits=limits, allow_inline_contexts=True)
        return rdfc.canonicalize(quads, work_limit=limits.canonicalization_work).nquads.encode()
    except VCError as error:
        return type(error).__name__, error.code, error.at, error.detail


def answer_of(templates: Templates, case: dict[str, Any]) -> Answer:
    """The same, by whatever way the templates take."""
    try:
        return templates.canonical(case)
    except VCError as error:
        return type(error).__name__, error.code, error.at, error.detail


def generated(report: Report, chance: random.Random, cases: int) -> None:
    """Cases under generated contexts, until there were so many."""
    while report.cases < cases:
        terms = context(chance)
        try:
            contexts = Contexts() | {_URL: json.dumps(terms).encode()}
            jsonld.to_quads({"@context": _URL, "@id": "urn:a"}, contexts=contexts, limits=LIMITS)
        except VCError as error:
            if "nothing is said" not in error.detail:
                continue  # these terms do not fit together
        with ExitStack() as stack:
            if chance.random() < 0.5:
                stack.enter_context(patch.multiple(compiling, _STRING_MARK=MARK, _INTEGER_MARK=INTEGER_MARK))
            _under_a_context(report, chance, contexts, terms["@context"])


def _under_a_context(report: Report, chance: random.Random, contexts: Contexts, terms: dict[str, Any]) -> None:
    templates = Watched(contexts, LIMITS, allow_inline_contexts=True, trusting=chance.random() < 0.5)
    for _ in range(_DOCUMENTS_OF_A_CONTEXT):
        original = document(chance, terms, _URL)
        if not isinstance(answer_of_general_path(original, contexts), bytes) and chance.random() < 0.9:
            continue
        if chance.random() < 0.3:
            odd = foreign(chance, original)
            report.compare(templates, odd)
            report.compare(templates, odd)
        for case in (original, original, original):
            report.compare(templates, case)
        for _ in range(_SIBLINGS):
            report.compare(templates, sibling(chance, original))
    report.given_up += templates.given_up


def corpus(folders: list[Path]) -> Iterator[dict[str, Any]]:
    """The documents with contexts in the folders, and those inside of them, each once."""
    seen: set[str] = set()
    for folder in folders:
        for path in sorted(folder.rglob("*.json*")):
            if path.stat().st_size > _LARGEST:
                continue
            try:
                tree = json.loads(path.read_bytes())
            except (ValueError, RecursionError):
                continue
            for document_ in _with_contexts(tree):
                text = json.dumps(document_)
                if text not in seen:
                    seen.add(text)
                    yield document_


def _with_contexts(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        if "@context" in tree and len(tree) > 1:
            yield tree
            yield {name: member for name, member in tree.items() if name != "proof"}
        for member in tree.values():
            yield from _with_contexts(member)
    elif isinstance(tree, list):
        for item in tree:
            yield from _with_contexts(item)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, nargs="*", default=[])
    parser.add_argument("--contexts", type=Path)
    parser.add_argument("--changes", type=int, default=10**6, help="at most so many of each document of the corpus")
    options = parser.parse_args(arguments)
    chance, report, began = random.Random(options.seed), Report(), perf_counter()
    contexts = PINNED
    if options.contexts:
        listed = json.loads((options.contexts / "index.json").read_bytes())
        contexts = supplied(listed, options.contexts)
    documents = stated = 0
    templates = Watched(contexts, LIMITS, allow_inline_contexts=True)
    for original in corpus(options.corpus):
        documents += 1
        for case in (original, original, original):
            report.compare(templates, case)
        if isinstance(answer_of_general_path(original, contexts), bytes):
            stated += 1
            changes = [changed for _, path, changed in mutations(original) if path]
            for case in chance.sample(changes, min(len(changes), options.changes)):
                report.compare(templates, case)
                report.compare(templates, sibling(chance, original))
    print(
        f"corpus: {documents} documents, {stated} of which can be stated; "
        f"{report.cases} cases, {report.fast} of them the fast way"
    )
    generated(report, chance, report.cases + options.cases)
    seconds = perf_counter() - began
    print(f"{report.cases} cases in {seconds:.0f} s, {report.fast} the fast way, seed {options.seed}")
    print(f"  outcomes {dict(report.outcomes)}")
    print(f"  templates that were wrong for their own document, or for the second one: {report.given_up}")
    print(f"  different {len(report.different)}")
    for case, found, expected in report.different[:20]:
        print(f"    {json.dumps(case)}\n      {found!r}\n      {expected!r}")
    return 1 if report.different else 0


def supplied(listed: Any, folder: Path) -> Contexts:
    """The pinned contexts with those of a folder."""
    files = {url: (folder / entry["file"]).read_bytes() for url, entry in listed.items()}
    return PINNED | {url: data for url, data in files.items() if url not in set(PINNED)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
