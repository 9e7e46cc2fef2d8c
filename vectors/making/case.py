"""What a vector consists of, and the JSON that it is written as."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import Any, Final

NOW: Final = "2026-01-31T12:00:00Z"
"""The clock of every vector that does not say otherwise."""

PROVENANCE: Final = "made by vectors/generate.py; the keys follow from the text in vectors/making/keys.py"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One input with everything that decides about it, and the verdict.

    `codes` are those of all problems, without repetition. None of them makes the case one that is accepted. Where
    `missing` is true, each of them names evidence that is not there, and the verdict is undecided.
    `covers` says which cryptosuite, key type, DID method, envelope and algorithm the case is about, where it is about
    one. With `presentation`, which says what is expected of whoever presents, the input is a presentation.
    """

    spec: str
    name: str
    title: str
    reference: str
    document: bytes
    codes: tuple[str, ...] = ()
    missing: bool = False
    now: str = NOW
    policy: dict[str, Any] = field(default_factory=dict)
    presentation: dict[str, Any] | None = None
    evidence: dict[str, Any] = field(default_factory=dict)
    covers: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The case's place, which is its name among all."""
        return f"{self.spec}/{self.name}"

    @property
    def verdict(self) -> str:
        """The expected verdict."""
        if not self.codes:
            return "verified"
        return "undecided" if self.missing else "rejected"

    def json(self) -> dict[str, Any]:
        """The members of the case's file, as `schema.json` describes them."""
        return {
            "id": self.id,
            "title": self.title,
            "reference": self.reference,
            "provenance": PROVENANCE,
            "covers": dict(sorted(self.covers.items())),
            "input": _input(self.document),
            "now": self.now,
            "policy": self.policy,
            **({} if self.presentation is None else {"presentation": self.presentation}),
            "evidence": self.evidence,
            "expected": {"verdict": self.verdict, "codes": sorted(self.codes)},
        }


def _input(document: bytes) -> dict[str, str]:
    try:
        return {"text": document.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(document).decode()}


def written(value: object) -> str:
    """JSON for people: indented, with its letters as they are, and a line break at the end.

    Characters that cannot be seen, or that change how a line is read, are escaped.
    """
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return "".join(each if each == "\n" or each.isprintable() else _escape(each) for each in text) + "\n"


def _escape(character: str) -> str:
    return json.dumps(character)[1:-1] if ord(character) > 0x7F else f"\\u{ord(character):04x}"
