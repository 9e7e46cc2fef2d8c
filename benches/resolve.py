"""Resolving a DID: from the cache of `LiveResolver`, and did:key from its text, beside openvc-core in the same run.

    python -m benches.resolve [--seconds 1] [--peers FOLDER]

One core. The cached time is beside that of a dictionary look-up of the same texts. did:key is parsed and resolved anew
each time, with the key decoded and checked; openvc-core, installed into a virtual environment in the folder unless it
is there, does the same in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter_ns

import did
from benches.tokens import environment

_MANY = 1000
_PEER = """
import json, sys
from itertools import cycle
from statistics import median
from time import perf_counter_ns
from openvc.did.did_key import DidKeyResolver
request = json.loads(sys.stdin.readline())
resolver, texts = DidKeyResolver(), cycle(request["dids"])
samples, end = [], perf_counter_ns() + request["seconds"] * 1e9
while perf_counter_ns() < end:
    did = next(texts)
    start = perf_counter_ns()
    resolver.resolve(did)
    samples.append(perf_counter_ns() - start)
print(median(samples) / 1000)
"""


def timed(operation: Callable[[str], object], texts: list[str], seconds: float) -> float:
    """The median time of one operation in microseconds, in rounds over all of the texts."""
    samples = []
    end = perf_counter_ns() + seconds * 1e9
    while perf_counter_ns() < end:
        start = perf_counter_ns()
        for text in texts:
            operation(text)
        samples.append((perf_counter_ns() - start) / len(texts) / 1000)
    return median(samples)


def cached(seconds: float) -> None:
    """Prints what the cache costs above a dictionary."""
    names = [f"did:web:host-{number}.example" for number in range(_MANY)]

    def fetch(url: str, *, accept: str) -> did.Response:  # noqa: ARG001  (the protocol's parameter)
        name = "did:web:" + url.removeprefix("https://").partition("/")[0]
        return did.Response(200, "application/did+json", json.dumps({"id": name}).encode(), url)

    resolver = did.LiveResolver(fetch, capacity=2 * _MANY, ttl=86_400)
    for name in names:
        resolver.resolve(name)
    dictionary = dict.fromkeys(names, 0)
    found, looked_up = timed(resolver.resolve, names, seconds), timed(dictionary.__getitem__, names, seconds)
    print(f"cached resolve {found:.2f} us, dictionary {looked_up:.2f} us, above it {found - looked_up:.2f} us")


def did_key(seconds: float, peers: Path | None) -> None:
    """Prints what a did:key costs that was not seen before, of each kind of key."""
    for kind in ("Ed25519", "P-256", "P-384"):
        names = [did.did_key(did.PrivateKey.generate(kind).public_key) for _ in range(50)]
        ours = timed(did.resolve, names, seconds)
        line = f"did:key {kind}: {ours:.1f} us"
        if peers is not None:
            request = json.dumps({"dids": names, "seconds": seconds})
            answer = subprocess.run(
                [environment(peers), "-c", _PEER], input=request, capture_output=True, text=True, check=True
            )
            theirs = float(answer.stdout)
            line += f", openvc-core {theirs:.1f} us, {theirs / ours:.1f} times ours"
        print(line)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--peers", type=Path, metavar="FOLDER", help="time openvc-core, installed there")
    arguments = parser.parse_args()
    cached(arguments.seconds)
    did_key(arguments.seconds, arguments.peers)


if __name__ == "__main__":
    main()
