"""Every leaf of secured documents changed in every way we know: how many of the changes go unnoticed.

    python -m benches.leaf_mutation [--documents 100] [--seed 1] [--suite NAME]

Under a suite that covers JSON, every document that says something else has to be rejected; only the array around a
single proof says nothing. Under a suite that covers RDF statements, another document with the same statements may
verify, if what the verifier hands out is the same.
Prints, for each cryptosuite and key type, what became of each kind of change. The exit code is 1 if one is a hole.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import process_time
from typing import Any, Final

from benches.leaf_changes import Path, mutations
from benches.leaf_claims import KNOWN, claims_of
from did import StaticResolver
from status import NO_STATUS_LISTS
from vc_core import DataIntegrity, Policy, VerificationResult, issue, verify
from vectors.making.credentials import CREATED, SUITES, Claims
from vectors.making.keys import did_of, signer_of

NOW: Final = datetime(2026, 1, 31, 12, tzinfo=UTC)
_LISTS: Final = frozenset({"sequence", "outcome", "raw", "@context"})
"""Members whose arrays have an order."""


@dataclass(slots=True)
class Tally:
    """What became of the changes: how many of each kind were rejected, read as the original was, or are holes."""

    rejected: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)
    holes: list[tuple[str, Path, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many documents were looked at."""
        return self.rejected.total() + self.same.total() + len(self.holes)


def check(tally: Tally, seed: int, suite: str, key_type: str) -> None:
    """Secures the claims of a seed, changes them in every way, and enters what became of it."""
    issuer = did_of("issuer", key_type)
    covers_json = "-jcs-" in suite
    secured = issue(
        claims_of(seed, issuer),
        signer=signer_of("issuer", key_type),
        securing=DataIntegrity(cryptosuite=suite, contexts=KNOWN),
        created=CREATED,
    )
    policy = Policy(accepted_issuers=frozenset({issuer}), contexts=KNOWN)

    def read(data: bytes) -> VerificationResult:
        return verify(data, resolver=_RESOLVER, status=NO_STATUS_LISTS, policy=policy, now=NOW)

    original = read(secured)
    handed_out = seen(original)
    document = json.loads(secured)
    for kind, path, changed in mutations(document):
        text = json.dumps(changed, ensure_ascii=False)
        result = read(text.encode())
        if not result:
            tally.rejected[kind] += 1
        elif not covers_json and seen(result) == handed_out:
            tally.same[f"{kind} in @context" if path[:1] == ("@context",) else kind] += 1
        elif covers_json and seen(result) == handed_out and _same_json(document, _with_one_proof(changed)):
            tally.same[kind] += 1
        else:
            tally.holes.append((kind, path, text))


_RESOLVER: Final = StaticResolver()


def _with_one_proof(document: Claims) -> Claims:
    """The document with its proof outside of an array, if it is the only one: a proof set of one."""
    proofs = document["proof"]
    return {**document, "proof": proofs[0]} if isinstance(proofs, list) and len(proofs) == 1 else document


def _same_json(left: Any, right: Any) -> bool:
    """Whether two values are one to JSON, for which 3 and 3.0 are the same number but 1 and true are not."""
    if isinstance(left, bool) or isinstance(right, bool) or type(left) in (str, type(None)):
        return type(left) is type(right) and bool(left == right)
    if isinstance(left, dict):
        return (
            isinstance(right, dict)
            and left.keys() == right.keys()
            and all(_same_json(left[key], right[key]) for key in left)
        )
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(_same_json, left, right))
    return isinstance(right, int | float) and bool(left == right)


def seen(result: VerificationResult) -> str:
    """All that a verifier hands out about a credential, in one order, but the list of its contexts.

    A proof over RDF statements covers what the contexts make of a document, and not their list.
    """
    credential = result.credential
    return json.dumps(
        [
            _ordered({name: value for name, value in credential.claims.items() if name != "@context"}),
            credential.issuer,
            sorted(credential.types),
            credential.valid_from,
            credential.valid_until,
            [repr(method) for method in credential.proven_by],
        ],
        sort_keys=True,
    )


def _ordered(value: Any, key: str = "") -> Any:
    """The value with the arrays that have no order of their own in one order."""
    if isinstance(value, dict) and key != "raw":
        return {name: _ordered(member, name) for name, member in value.items()}
    if isinstance(value, list) and key not in _LISTS:
        return sorted((_ordered(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    return value


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--suite", choices=[suite for suite, _ in SUITES])
    options = parser.parse_args(arguments)
    holes = 0
    for suite, key_type in SUITES:
        if options.suite not in (None, suite):
            continue
        tally, began = Tally(), process_time()
        for seed in range(options.seed, options.seed + options.documents):
            check(tally, seed, suite, key_type)
        seconds = process_time() - began
        print(f"{suite} {key_type}: {options.documents} documents, {tally.total} changes, {seconds:.0f} s")
        print(f"  rejected {tally.rejected.total()}, read alike {tally.same.total()}, holes {len(tally.holes)}")
        for kind, count in sorted(tally.same.items()):
            print(f"    read alike: {kind} {count}")
        for kind, path, _ in tally.holes[:20]:
            print(f"    HOLE: {kind} at /{'/'.join(map(str, path))}")
        holes += len(tally.holes)
    return 1 if holes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
