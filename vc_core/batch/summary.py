"""What came out of a job, in numbers: counted from its parts, so it is the same however often the job was stopped."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from vc_core.batch.arrow import pa
from vc_core.batch.errors import JobError
from vc_core.batch.folder import writing
from vc_core.result import Verdict

MOST_ISSUERS: Final = 10_000
"""Issuers that are counted by themselves, those that come first in the input; others are counted together."""
OTHERS: Final = "(others)"
NOBODY: Final = "(nobody is named)"
_OURS: Final = ("(", "\\")
"""How names begin that get a backslash before them, so that none of them is taken for one of these."""
NOT_FETCHED: Final = "Some evidence may not have been fetched, as all that a job may fetch with was used up"
_COLUMNS: Final = ["position", "verdict", "problems", "claimed_issuer"]


@dataclass(slots=True)
class Summary:
    """Counts of a finished job: records by verdict, problems by code, and records that are not verified by issuer.

    Issuers are those that the records name, which proves nothing. A record with several problems of one code counts
    once for each.
    """

    records: int = 0
    parts: int = 0
    verdicts: Counter[str] = field(default_factory=lambda: Counter({verdict.value: 0 for verdict in Verdict}))
    codes: Counter[str] = field(default_factory=Counter)
    issuers: dict[str, Counter[str]] = field(default_factory=dict)
    used_up: list[str] = field(default_factory=list)
    """What of the job's budget for missing evidence is used up, in words: what was missing after that stayed so."""
    last: int = 0
    """The position of the last record."""

    @classmethod
    def of(cls, parts: Iterable[Path], *, used_up: list[str]) -> Self:
        """The counts of these files of rows, in their order."""
        summary = cls(used_up=used_up)
        for part in parts:
            with writing(part):
                try:
                    summary._add(pa.parquet.read_table(part, columns=_COLUMNS))
                except (pa.ArrowException, KeyError) as error:
                    raise JobError(f"{part.name!r} holds no rows of a job", code="NOT_A_JOB") from error
        return summary

    def _add(self, table: pa.Table) -> None:
        self.parts += 1
        self.records += len(table)
        positions = pa.concat_arrays([pa.array([self.last], pa.int64()), *table["position"].chunks])
        step = pa.compute.min(pa.compute.pairwise_diff(positions)).as_py()
        if step is not None and step < 1:
            raise JobError("the rows are not in the order of the input, or are there twice", code="NOT_A_JOB")
        self.last = positions[-1].as_py()
        for (issuer, verdict), count in _counted(table["claimed_issuer"], table["verdict"]).items():
            self.verdicts[verdict] += count
            name = NOBODY if issuer is None else f"\\{issuer}" if issuer.startswith(_OURS) else issuer
            if name not in self.issuers and len(self.issuers) >= MOST_ISSUERS:
                name = OTHERS
            self.issuers.setdefault(name, Counter())[verdict] += count
        problems = pa.compute.list_flatten(table["problems"])
        codes = pa.compute.struct_field(problems, "code")
        self.codes.update({each["values"]: each["counts"] for each in codes.value_counts().to_pylist()})

    def to_json(self) -> dict[str, Any]:
        """The counts, the most frequent first."""
        return {
            "records": self.records,
            "parts": self.parts,
            "verdicts": dict(self.verdicts),
            "problems": dict(_ordered(self.codes)),
            "fetchingUsedUp": self.used_up,
            "issuers": {issuer: dict(sorted(self.issuers[issuer].items())) for issuer in self.by_failures()},
        }

    def by_failures(self) -> list[str]:
        """The issuers, those with the most records that are not verified first."""
        return sorted(self.issuers, key=lambda issuer: (-failures(self.issuers[issuer]), issuer))

    def write(self) -> bytes:
        """The counts as a file, all ASCII: no terminal that shows it misreads what issuers wrote."""
        return json.dumps(self.to_json(), indent=1).encode() + b"\n"


def failures(verdicts: Counter[str]) -> int:
    """How many records are not verified."""
    return verdicts.total() - verdicts[Verdict.VERIFIED.value]


def _ordered(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _counted(first: pa.ChunkedArray, second: pa.ChunkedArray) -> dict[tuple[str | None, str], int]:
    """How often each pair comes, in the order of the first time."""
    pairs = pa.table({"first": first, "second": second})
    groups = pairs.group_by(["first", "second"], use_threads=False).aggregate([([], "count_all")])
    return {(each["first"], each["second"]): each["count_all"] for each in groups.to_pylist()}
