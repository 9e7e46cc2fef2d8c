"""Regular expressions that every Python from 3.11 on matches alike."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_no_group_is_possessive() -> None:
    """Before 3.11.5 such a one does not always match what it should; of single characters they are sound."""
    character_set = re.compile(r"\[(?:\\.|[^]\\])*\]")
    possessive = re.compile(r"""(?<![\\(])\)(?:[*+?]|\{[0-9,]+\})\+(?!\+)""")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for package in ("did", "status", "vc_core")
        for path in sorted((ROOT / package).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if possessive.search(character_set.sub("", line))
    ]
    assert found == []
