"""The numbers of RFC 8785 beside two other sources, in any amount.

    python tests/interop/jcs_numbers.py [COUNT]

COUNT doubles (a million if not given) are written by `canonicalize` and by the JavaScript engine of `node`,
where every text must be the same. Then the published sequence of test numbers is written by
`canonicalize_slowly`, as far as 1,000, 10,000, 100,000, ... lines within COUNT, where the SHA-256 so far must
be the published one.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import random
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from vc_core.canonical import jcs

JAVASCRIPT = """
const bytes = require("fs").readFileSync(0);
const doubles = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
process.stdout.write(Array.from(doubles, (double) => JSON.stringify(double)).join("\\n"));
"""
PART = 1 << 16


def written(numbers: list[float]) -> list[str]:
    """The numbers as this library writes them."""
    return [jcs.canonicalize(number).decode() for number in numbers]


def written_by_node(numbers: list[float]) -> list[str]:
    """The numbers as `JSON.stringify` writes them."""
    data = struct.pack(f"<{len(numbers)}d", *numbers)
    process = subprocess.run(["node", "-e", JAVASCRIPT], input=data, stdout=subprocess.PIPE, check=True)
    return process.stdout.decode().split("\n")


def doubles(seed: int) -> Iterator[float]:
    """Finite doubles without end: where notation and digits change, then decimals and bits at random."""
    for exponent in range(-323, 309):
        for double in (float(f"1e{exponent}"), math.ldexp(1.0, exponent)):
            for neighbour in (math.nextafter(double, 0.0), double, math.nextafter(double, math.inf)):
                yield from (neighbour, -neighbour)
    chance = random.Random(seed)
    while True:
        yield from (chance.randrange(10**17) / 10 ** chance.randrange(24) for _ in range(256))
        yield from filter(math.isfinite, struct.unpack("<1024d", chance.randbytes(8192)))


def published_sequence(description: dict[str, list[str]]) -> Iterator[float]:
    """The test numbers that `es6-numbers.json` describes, without end."""
    for text in description["static_values_hex"]:
        yield struct.unpack(">d", bytes.fromhex(text))[0]
    for step in range(2000):
        yield struct.unpack(">d", (0x0010000000000000 + step).to_bytes(8))[0]
    block = bytes(32)
    while True:
        block = hashlib.sha256(block).digest()
        yield from (double for double in struct.unpack("<4d", block) if double and math.isfinite(double))


def published_lines(description: dict[str, list[str]]) -> Iterator[bytes]:
    """The lines of the published file, its numbers as this library writes them."""
    for double in published_sequence(description):
        bits = struct.unpack(">Q", struct.pack(">d", double))[0]
        yield b"%x,%s\n" % (bits, jcs.canonicalize_slowly(double))


def main(count: int) -> int:
    """Prints what was compared; the exit status is 1 if anything differed."""
    start = time.perf_counter()
    source = doubles(seed=8785)
    differences = 0
    for first in range(0, count, PART):
        part = list(islice(source, min(PART, count - first)))
        differences += sum(a != b for a, b in zip(written(part), written_by_node(part), strict=True))
    print(f"{count} doubles, {differences} differ from node, {time.perf_counter() - start:.1f} s")

    folder = Path(os.environ.get("VC_CORE_CONFORMANCE", Path(__file__).resolve().parents[3] / "shared"))
    description = json.loads((folder / "conformance/jcs/es6-numbers.json").read_bytes())
    expected = {step["lines"]: step["sha256"] for step in description["checksums"]}
    sha256 = hashlib.sha256()
    for number, line in enumerate(islice(published_lines(description), count), start=1):
        sha256.update(line)
        if number in expected:
            same = sha256.hexdigest() == expected[number]
            differences += not same
            print(f"{number} lines, SHA-256 {sha256.hexdigest()}, {'as published' if same else 'DIFFERENT'}")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
