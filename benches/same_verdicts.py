"""Whether `verify` says of every credential the same by its shortcut as it does by making every check.

    python -m benches.same_verdicts [--cases 1000000] [--seed 1] [--keep FOLDER]

The credentials are of many series at once, of several issuers, forms and mechanisms. A third of them are as they were
issued, in one third bytes or values were changed afterwards, and in one third before, so that a key of the issuer
signed what breaks a rule. Compared are the problems, the checks, the mechanism, and all that is handed out.
What a policy knows grows over thousands of credentials, until it is replaced by one that knows nothing.

Prints a table by mechanism. The exit code is 1 if there is a difference; the input is then written to FOLDER.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from time import process_time
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from benches.verdict_cases import MECHANISMS, NOW, SCHEMA, WEB, credentials
from did import StaticResolver
from status import StatusEntry
from vc_core import Check, Credential, Evidence, Policy, Problem, shortcut
from vc_core.document import write_json
from vc_core.examination import Examination
from vectors.making.credentials import CONTEXTS
from vectors.making.keys import did_of, private_key

module: Final = import_module("vc_core.verify")  # its name in the package is that of the function

_MOMENTS: Final = (
    *[NOW] * 12,
    NOW - timedelta(hours=30),
    NOW - timedelta(days=500),
    NOW + timedelta(days=200),
    NOW + timedelta(days=3_000),
)
_EVIDENCE: Final = Evidence(
    resources={SCHEMA: b'{"properties":{"credentialSubject":{"properties":{"name":{"maxLength":9}}}}}'}
)
_METHOD: Final = {
    "id": f"{WEB}#1",
    "type": "Multikey",
    "controller": WEB,
    "publicKeyMultibase": private_key("holder", "Ed25519").public_key.multikey,
}
_RESOLVER: Final = StaticResolver({WEB: {"id": WEB, "assertionMethod": [_METHOD]}})


class _Lists:
    """Status lists on which every seventh bit is set."""

    def look_up(self, entry: StatusEntry, *, issuers: Container[str], now: datetime) -> int:  # noqa: ARG002  (of all)
        return int(entry.index % 7 == 0)


_LISTS: Final = _Lists()
_STRICT: Final = Policy(
    accepted_issuers=frozenset({WEB, *[did_of("issuer", kind) for kind in ("Ed25519", "P-256", "P-384")]}),
    contexts=CONTEXTS,
)
_POLICIES: Final = (
    _STRICT,
    replace(_STRICT, status="skip", require_issuer_control=False, keys_as_of="issuance", resources="require"),
)


@dataclass(slots=True)
class Row:
    """What became of the credentials of one mechanism."""

    cases: int = 0
    quick: int = 0
    verified: int = 0
    differences: int = 0


@dataclass(slots=True)
class Tally:
    """What became of all: a row for each mechanism, and the inputs on which the two ways differ, with what they say."""

    rows: dict[str, Row] = field(default_factory=lambda: {each.name: Row() for each in MECHANISMS})
    codes: Counter[str] = field(default_factory=Counter)
    different: list[tuple[bytes, str]] = field(default_factory=list)

    @property
    def total(self) -> Row:
        """The sum of the rows."""
        rows = self.rows.values()
        return Row(
            sum(row.cases for row in rows),
            sum(row.quick for row in rows),
            sum(row.verified for row in rows),
            sum(row.differences for row in rows),
        )


def compare(tally: Tally, cases: int, chance: random.Random) -> None:
    """Verifies so many credentials in both ways, and enters whether the results are the same."""
    arriving = credentials(chance)
    with watched() as taken:
        for number in range(cases):
            if number % _LIFE_OF_A_POLICY == 0:
                met = [replace(each) for each in _POLICIES]
            mechanism, data = next(arriving)
            policy, now = int(chance.random() < 0.2), chance.choice(_MOMENTS)
            taken.clear()
            quick = module.examine(data, policy=met[policy], now=now, **_GIVEN)
            row = tally.rows[mechanism]
            row.cases += 1
            row.quick += bool(taken)
            said, expected = seen(quick), seen(_in_general(data, policy, now))
            row.verified += not said.problems
            tally.codes.update(problem.code for problem in said.problems)
            if said != expected:
                row.differences += 1
                tally.different.append((data, f"{said}\n{expected}"))


_LIFE_OF_A_POLICY: Final = 20_000
_GIVEN: Final[Mapping[str, Any]] = MappingProxyType({"resolver": _RESOLVER, "status": _LISTS, "evidence": _EVIDENCE})


@contextmanager
def watched() -> Iterator[list[bytes]]:
    """The credentials that go by the shortcut from now on, as they come."""
    taken: list[bytes] = []
    begin = shortcut.begin

    def spied(examination: Examination) -> shortcut.Memory | None:
        memory = begin(examination)
        if memory is not None:
            taken.append(examination.data)
        return memory

    shortcut.begin = spied
    try:
        yield taken
    finally:
        shortcut.begin = begin


@lru_cache(maxsize=2048)
def _in_general(data: bytes, policy: int, now: datetime) -> Examination:
    """The examination with every check made. It knows nothing of others, so it may be that of an earlier case."""
    tables = {"checks": module.CHECKS, "token_checks": module.TOKEN_CHECKS}
    examination: Examination = module.examine(data, policy=_POLICIES[policy], now=now, **tables, **_GIVEN)
    return examination


class Seen(NamedTuple):
    """All that is handed out, but that the claims are those of which they are made: all of the tree, byte by byte."""

    problems: tuple[Problem, ...]
    checks: tuple[Check, ...]
    securing: str | None
    credential: Credential | None
    tree: bytes


def seen(examination: Examination) -> Seen:
    """What a caller gets to see of this examination."""
    result = examination.result()
    if not result:
        return Seen(result.problems, result.checks, result.securing, None, b"")
    return Seen(result.problems, result.checks, result.securing, result.credential, write_json(examination.tree))


def table(tally: Tally) -> str:
    """The rows in Markdown."""
    lines = ["| mechanism | cases | by the shortcut | verified | differences |", "| --- | ---: | ---: | ---: | ---: |"]
    for name, row in (*tally.rows.items(), ("**all**", tally.total)):
        lines.append(f"| {name} | {row.cases:,} | {row.quick:,} | {row.verified:,} | {row.differences} |")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("different-verdicts"))
    options = parser.parse_args(arguments)
    tally, began = Tally(), process_time()
    compare(tally, options.cases, random.Random(options.seed))
    seconds = process_time() - began
    print(table(tally))
    rate = f"{options.cases / seconds:,.0f} cases a second of one core"
    print(f"\nseed {options.seed}, {len(tally.codes)} codes of problems, {rate}")
    for number, (data, said) in enumerate(tally.different[:50]):
        options.keep.mkdir(parents=True, exist_ok=True)
        kept = options.keep / f"{options.seed}-{number}.bin"
        kept.write_bytes(data)
        print(f"{kept}:\n{said}")
    return 1 if tally.different else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
