"""What the tests over published data share: the contexts that the data names, and its vector sets."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from vc_core import PINNED_CONTEXTS, Contexts

EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"


@dataclass(frozen=True)
class Vector:
    """One vector set: every value between a document and its signed form."""

    folder: Path
    suffix: str
    unsigned: dict[str, Any]

    def text(self, name: str) -> str:
        return (self.folder / f"{name}{self.suffix}.txt").read_text()

    def json(self, name: str) -> dict[str, Any]:
        value: dict[str, Any] = json.loads((self.folder / f"{name}{self.suffix}.json").read_text())
        return value


@pytest.fixture(scope="session")
def vector(conformance: Path) -> Callable[[str, str, str], Vector]:
    """Gives the vector set in a folder, by the ending of its files' names and the name of its input."""

    def find(folder: str, suffix: str, unsigned: str) -> Vector:
        suite = conformance / "conformance" / folder.partition("/")[0]
        return Vector(
            conformance / "conformance" / folder, suffix, json.loads((suite / f"{unsigned}.json").read_text())
        )

    return find


@pytest.fixture(scope="session")
def contexts(conformance: Path) -> Contexts:
    """The pinned contexts and that of the examples, which is known by name only."""
    return PINNED_CONTEXTS | {EXAMPLES: (conformance / "contexts/credentials-examples-v2.jsonld").read_bytes()}
