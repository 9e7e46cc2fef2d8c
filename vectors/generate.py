"""Writes the vectors: `python -m vectors.generate [FOLDER]`. The same version writes the same bytes, anywhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Final

from vectors.making import (
    algorithms,
    cose,
    data_model,
    ebsi,
    enveloped,
    jose_headers,
    jose_texts,
    json_ld,
    json_text,
    key_bindings,
    list_encodings,
    methods,
    presentation_forms,
    presentations,
    presented,
    proofs,
    resources,
    sd_jwt,
    sd_jwt_digests,
    sd_jwt_vc,
    status,
    status_lists,
    suites,
    token_status_lists,
    vc_jwt,
)
from vectors.making.case import Case, written

HERE: Final = Path(__file__).resolve().parent


def cases() -> Iterator[Case]:
    """Every case, grouped as in the manifest."""
    return chain.from_iterable(part.cases() for part in _PARTS)


_PARTS: Final = (
    *(suites, proofs, methods, data_model, json_text, json_ld, status, resources),
    *(algorithms, jose_headers, jose_texts, vc_jwt, enveloped, ebsi),
    *(sd_jwt, sd_jwt_digests, sd_jwt_vc, cose),
    *(status_lists, list_encodings, token_status_lists),
    *(presentations, presented, presentation_forms, key_bindings),
)


def files() -> Iterator[tuple[str, str]]:
    """The path of every file below the folder of the vectors, and its text."""
    listed = []
    for case in cases():
        path = f"{case.id}.json"
        yield path, written(case.json())
        listed.append({"file": path, "title": case.title, "verdict": case.verdict, "covers": case.covers})
    yield "manifest.json", written({"format": "schema.json", "cases": listed})


def write(folder: Path) -> int:
    """Writes every file below `folder`, removes those of cases that are no more, and returns how many there are."""
    texts = dict(files())
    for stale in {path for path in folder.glob("*/*.json") if str(path.relative_to(folder)) not in texts}:
        stale.unlink()
    for path, text in texts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="\n")
    return len(texts) - 1


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    print(f"{write(target)} vectors in {target}")
