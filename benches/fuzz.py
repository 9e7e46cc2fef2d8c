"""Fuzzes `verify`: no exception whatever the bytes, no input that takes a second, nothing verified but what was signed.

    python -m benches.fuzz [--seconds 600] [--seed 1] [--keep FOLDER]

Every fifth input is arbitrary bytes; the others are vectors and secured documents, changed in the text or in the tree,
several times over. Prints how many inputs a second, what the verdicts were and which input was the slowest. The exit
code is 1 if anything went wrong; such inputs are written to FOLDER.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Any, Final

from benches.leaf_changes import EVIL, places, replaced, without
from did import PublicKey
from vc_core import ALGORITHMS, CODES, Credential, Outcome, VerificationResult
from vc_core.securing.signed_data import Algorithm
from vectors.harness import Vector, load

SLOW: Final = 1.0
"""Seconds that no input may take."""

_PIECES: Final = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\\ud800", b"\\u0040",
    b"\\u003a", b"\\", b'"', b'""', b"{", b"}", b"[", b"]", b"[" * 70, b'{"a":' * 70, b":", b",", b"null",
    b"true", b"NaN", b"1e400", b"-0", b"0.1", b"1E-7", b"9007199254740993", b"123456789012345678901234567890",
    b'"@context"', b'"proof"', b'"@id"', b'"@graph":', b'"id":"_:b0",', b'"proof":{},', b'"credentialStatus":',
    b"did:key:z6Mk", b"did:jwk:e30#0", b"did:web:a#b", b"#", b"z", b"1" * 300, b"%", b"\n",
)  # fmt: skip
_SCALARS: Final = (
    None, True, False, 0, -1, 1.5, 2**53, 10**30, 1e-7, 1e308, "", " ", "x", "\u0000", "\ud7ff", "😀",
    "a" * 5_000, "did:key:z" + "1" * 400, "did:jwk:e30#0", "did:web:x#y", "#", "2026-01-31T12:00:00Z",
    "9999-12-31T24:00:00Z", "0000-00-00T00:00:00Z", [], {}, [[]], [None], {"@value": "x"}, {"@id": "urn:x:1"},
    {"@list": []}, ["x"] * 100, {"a": {"a": {"a": {}}}}, "https://www.w3.org/ns/credentials/v2",
)  # fmt: skip
_NAMES: Final = (
    "@context", "@id", "@type", "@value", "@language", "@list", "@set", "@graph", "@nest", "@reverse",
    "@included", "@index", "@none", "id", "type", "proof", "issuer", "validFrom", "validUntil",
    "credentialStatus", "credentialSchema", "relatedResource", "credentialSubject", "name", "description",
    "statusListIndex", "statusSize", "statusMessage", "digestSRI", "digestMultibase", "proofValue", "created",
    "expires", "domain", "challenge", "previousProof", "verificationMethod", "proofPurpose", "cryptosuite", "",
    "\u0000", "https://x.example/y",
)  # fmt: skip


@dataclass(slots=True)
class Report:
    """What a run found."""

    inputs: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    slowest_input: bytes = b""
    slowest_vector: str = ""
    wrong: list[tuple[str, str, bytes]] = field(default_factory=list)


def fuzz(report: Report, vectors: list[Vector], chance: random.Random, *, stop: Callable[[Report], bool]) -> None:
    """Verifies one input after another until `stop` says so, the vectors themselves first."""
    inputs = chain(((vector, vector.data) for vector in vectors), _inputs(vectors, chance))
    oracle = Oracle()
    while not stop(report):
        vector, data = next(inputs)
        oracle.held.clear()
        began = perf_counter()
        try:
            result = vector.verify(data, algorithms=oracle.algorithms)
            seconds = perf_counter() - began
            faults = list(chain(_faults(result), oracle.faults(result)))
        except Exception as error:  # noqa: BLE001  (which is what is looked for)
            seconds, faults = perf_counter() - began, [repr(error)]
        else:
            report.verdicts[result.verdict.value] += 1
            report.codes.update(problem.code for problem in result.problems)
        report.inputs += 1
        if seconds > report.slowest:
            report.slowest, report.slowest_input, report.slowest_vector = seconds, data, vector.id
        if seconds > SLOW:
            faults.append(f"took {seconds:.2f} s")
        report.wrong += [(vector.id, fault, data) for fault in faults]


def _faults(result: VerificationResult) -> Iterator[str]:
    """What must not be said of any result."""
    printed = result.to_json()
    json.dumps(printed, allow_nan=False).encode()
    if any(problem.code not in CODES or not problem.detail.isprintable() for problem in result.problems):
        yield "a problem that cannot be printed"
    if bool(result) and any(check.outcome is Outcome.FAILED for check in result.checks):
        yield "verified, though a check failed"
    if not result and (printed["issuer"], printed["validFrom"], printed["validUntil"]) != (None, None, None):
        yield "claims of what is not verified"


class Oracle:
    """Knows which bytes were signed whenever a signature held, and what was handed out then.

    If the same signed bytes once go with other claims, then something is not covered by the signature.
    """

    def __init__(self) -> None:
        self.held: list[bytes] = []
        self.algorithms = {name: replace(each, verify=self._recorded(each)) for name, each in ALGORITHMS.items()}
        self._claims: dict[tuple[bytes, ...], str] = {}

    def _recorded(self, algorithm: Algorithm) -> Callable[[PublicKey, bytes, bytes], bool]:
        def verify(key: PublicKey, data: bytes, signature: bytes) -> bool:
            holds = algorithm.verify(key, data, signature)
            if holds:
                self.held.append(data)
            return holds

        return verify

    def faults(self, result: VerificationResult) -> Iterator[str]:
        """What the claims of a verified result contradict."""
        if not result:
            return
        if not self.held:
            yield "verified without a signature"
        if str(result.securing).endswith("+sd-jwt"):
            return  # what the same signed bytes say depends on what is disclosed of them
        claims = _claims(result.credential)
        if self._claims.setdefault(tuple(sorted(self.held)), claims) != claims:
            yield "verified, and says something else than was signed"


def _claims(credential: Credential) -> str:
    """All that is handed out, in one order. The list of contexts is covered by no proof over RDF statements."""
    claims = {name: value for name, value in credential.claims.items() if name != "@context"}
    others = (credential.issuer, sorted(credential.types), credential.valid_from, credential.valid_until)
    return json.dumps([_ordered(claims), others], sort_keys=True)


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _ordered(member) for name, member in value.items()}
    if isinstance(value, list):
        return sorted((_ordered(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    if isinstance(value, float) and value.is_integer():
        return int(value)  # 3 and 3.0 are one number to JSON
    return value


def _inputs(vectors: list[Vector], chance: random.Random) -> Iterator[tuple[Vector, bytes]]:
    """Inputs without an end, each with the vector whose policy and evidence it is verified under."""
    while True:
        vector = chance.choice(vectors)
        yield vector, _input(vector.data, vectors, chance)


def _input(seed: bytes, vectors: list[Vector], chance: random.Random) -> bytes:
    """The next input, made from the bytes of a vector or from nothing."""
    if chance.random() < 0.2:
        return _arbitrary(chance)
    data = seed
    if chance.random() < 0.7:
        data = _changed_tree(data, chance)
    if chance.random() < 0.1:
        data = chance.choice(vectors).data
    for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 8))):
        data = _changed_text(data, chance)
    return data


def _arbitrary(chance: random.Random) -> bytes:
    match chance.randrange(3):
        case 0:
            return chance.randbytes(chance.choice((0, 1, 4, 64, 2_000)))
        case 1:
            return b"".join(chance.choice(_PIECES) for _ in range(chance.randrange(40)))
        case _:
            return json.dumps(_tree(chance, 0)).encode()


def _tree(chance: random.Random, depth: int) -> Any:
    kind = chance.randrange(4 if depth < 5 else 1)
    if kind < 2:
        return chance.choice(_SCALARS)
    if kind == 2:
        return [_tree(chance, depth + 1) for _ in range(chance.randrange(4))]
    return {chance.choice(_NAMES): _tree(chance, depth + 1) for _ in range(chance.randrange(6))}


def _changed_text(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    end = min(len(data), start + chance.choice((0, 1, 1, 2, 16, 200)))
    match chance.randrange(5):
        case 0:
            return data[:start] + data[end:]
        case 1:
            return data[:start] + chance.choice(_PIECES) + data[end:]
        case 2:
            return data[:start] + chance.randbytes(end - start) + data[end:]
        case 3:
            return data[:end] + data[start:]
        case _:
            other = chance.randrange(len(data) + 1)
            return data[:other] + data[start:end] + data[other:]


def _changed_tree(data: bytes, chance: random.Random) -> bytes:
    try:
        tree = json.loads(data)
        for _ in range(chance.choice((1, 1, 2, 4))):
            tree = _changed_once(tree, chance)
        return json.dumps(tree, ensure_ascii=chance.random() < 0.5).encode()
    except (ValueError, RecursionError, UnicodeError):
        return data


def _changed_once(tree: Any, chance: random.Random) -> Any:
    found = list(places(tree))
    path, value = chance.choice(found)
    match chance.randrange(7):
        case 0:
            return without(tree, path) if path else tree
        case 1:
            return replaced(tree, path, chance.choice(_SCALARS))
        case 2:
            return replaced(tree, path, chance.choice(found)[1])
        case 3:
            return replaced(tree, path, [value, value] if chance.random() < 0.5 else [value])
        case 4 if isinstance(value, dict):
            return replaced(tree, path, {**value, **dict([chance.choice(EVIL)])})
        case 5 if isinstance(value, dict) and value:
            name = chance.choice(list(value))
            return replaced(
                tree, path, {chance.choice(_NAMES) if each == name else each: value[each] for each in value}
            )
        case 6 if isinstance(value, str) and value:
            cut = chance.randrange(len(value))
            return replaced(
                tree,
                path,
                value[:cut] + chance.choice(("", "\u0000", "x", "#", ":", "\u202e", "😀", value)) + value[cut + 1 :],
            )
        case _:
            return replaced(tree, path, _tree(chance, 3))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    options = parser.parse_args(arguments)
    vectors, report = list(load()), Report()
    began = perf_counter()
    fuzz(report, vectors, random.Random(options.seed), stop=lambda _: perf_counter() - began > options.seconds)
    seconds = perf_counter() - began
    print(f"{report.inputs} inputs in {seconds:.0f} s, {report.inputs / seconds:.0f} a second, seed {options.seed}")
    print(f"  verdicts {dict(report.verdicts)}, codes {len(report.codes)} of {len(CODES)}")
    print(f"  slowest {report.slowest * 1000:.0f} ms, {len(report.slowest_input)} bytes, under {report.slowest_vector}")
    print(f"  wrong {len(report.wrong)}")
    for number, (vector, fault, data) in enumerate(report.wrong[:50]):
        options.keep.mkdir(parents=True, exist_ok=True)
        (options.keep / f"{options.seed}-{number}.bin").write_bytes(data)
        print(f"    {vector}: {fault[:200]}, {options.keep / f'{options.seed}-{number}.bin'}")
    return 1 if report.wrong or report.slowest > SLOW else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
