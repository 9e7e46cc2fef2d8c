"""What `vc-core status check` found, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from status import FORMATS, OpenedList
from vc_core import ANY_ISSUER, Policy, Verdict, datetimestamp
from vc_core.cli import terminal
from vc_core.cli.terminal import printable
from vc_core.status_lists.tokens import INSTANT

_NOT_CHECKED: Final = "issuer not checked: say --key or --issuer"


@dataclass(frozen=True, slots=True)
class Findings:
    """The verdict on a list or a credential, why, and what else is known of it.

    `problems` have a code and a detail. `facts` are the members of the JSON object, and for people the rows of a table;
    what is true needs no row.
    `rows` are the values at indexes, or of entries.
    """

    verdict: Verdict
    problems: list[dict[str, Any]]
    facts: dict[str, Any]
    rows: list[dict[str, Any]] = field(default_factory=list)
    rows_name: Literal["values", "entries"] = "values"

    def show(self, name: str, *, as_json: bool) -> None:
        """Prints them, for people or as one JSON object."""
        if as_json:
            members = {"verdict": self.verdict.value, "problems": self.problems, **self.facts}
            terminal.json_result({**members, self.rows_name: self.rows, "file": name})
            return
        terminal.result(f"{terminal.coloured(self.verdict)}  {name}")
        for line in self._lines():
            terminal.result(line)

    def _lines(self) -> Iterator[str]:
        for name, value in self.facts.items():
            if value is False:
                yield _row("note", _NOT_CHECKED)
            elif value is not True and value not in (None, [], ""):
                yield _row(name, ", ".join(map(str, value)) if isinstance(value, list) else str(value))
        for number, row in enumerate(self.rows, start=1):
            words = [f"{name} {value}" for name, value in row.items() if value is not None]
            head = f"entry {number}" if self.rows_name == "entries" else words.pop(0)
            yield _row(head, ", ".join(words))
        for problem in self.problems:
            yield _row("because", f"{problem['detail']} ({problem['code']})")


def _row(name: str, text: str) -> str:
    return terminal.columns(printable(name), printable(text), at=18)


def whether_checked(policy: Policy) -> dict[str, bool]:
    """Whether the issuer had to be one that the caller named."""
    return {"issuerChecked": policy.accepted_issuers is not ANY_ISSUER}


def when(moment: datetime | None, *, later: timedelta = timedelta(0)) -> str | None:
    """The time as JSON has it."""
    return None if moment is None else datetimestamp.text(moment + later)


def seconds(length: timedelta | None) -> int | None:
    """The length of time as JSON has it."""
    return None if length is None else int(length.total_seconds())


def end_of(opened: OpenedList) -> datetime | None:
    """The end of the list as it states it. That of a token is the moment from which on it is no longer in force."""
    if opened.valid_until is None or opened.format != FORMATS["token"].name:
        return opened.valid_until
    return opened.valid_until + INSTANT


def times_of(opened: OpenedList, skew: timedelta) -> dict[str, Any]:
    """When the list was made, until when it is in force, and for how many seconds it can be kept."""
    return {
        "validFrom": when(opened.valid_from, later=skew),
        "validUntil": when(end_of(opened)),
        "ttl": seconds(opened.ttl),
    }
