"""Resolving a DID: from the cache of `LiveResolver`, and did:key from its text, beside openvc-core in the same run.

    python -m benches.resolve [--seconds 2] [--peers FOLDER]

One core. The cached time is beside that of a dictionary look-up of the same texts. did:key is parsed and resolved anew
each time, with the key decoded and checked; openvc-core, one of `benches.peers`, does the same in a process of its own.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from statistics import median
from time import perf_counter_ns

import did
from benches.peers import Peers
from benches.tables import Report, Settings, Table, run

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


def cached(seconds: float) -> Table:
    """What the cache costs above a dictionary."""
    names = [f"did:web:host-{number}.example" for number in range(_MANY)]

    def fetch(url: str, *, accept: str) -> did.Response:  # noqa: ARG001  (the protocol's parameter)
        name = "did:web:" + url.removeprefix("https://").partition("/")[0]
        return did.Response(200, "application/did+json", json.dumps({"id": name}).encode(), url)

    resolver = did.LiveResolver(fetch, capacity=2 * _MANY, ttl=86_400)
    for name in names:
        resolver.resolve(name)
    dictionary = dict.fromkeys(names, 0)
    found, looked_up = timed(resolver.resolve, names, seconds), timed(dictionary.__getitem__, names, seconds)
    cells = ("a cached DID", f"{found:.2f}", f"{looked_up:.2f}", f"{found - looked_up:.2f}")
    return Table(("`LiveResolver.resolve`", "µs", "a dictionary µs", "above it µs"), [cells])


def did_key(seconds: float, peers: Peers) -> Table:
    """What a did:key costs that was not seen before, of each kind of key."""
    rows = []
    for kind in ("Ed25519", "P-256", "P-384"):
        names = [did.did_key(did.PrivateKey.generate(kind).public_key) for _ in range(50)]
        ours, theirs = timed(did.resolve, names, seconds), "–"
        if peers.python is not None:
            request = json.dumps({"dids": names, "seconds": seconds})
            answer = subprocess.run(
                [peers.python, "-c", _PEER], input=request, capture_output=True, text=True, check=True
            )
            theirs = f"{float(answer.stdout) / ours:.1f} ×"
        rows.append((kind, f"{ours:.1f}", theirs))
    return Table(("did:key, parsed and resolved anew", "µs", "openvc-core"), rows)


def tables(settings: Settings) -> Report:
    seconds = settings.seconds / 2
    return Report({"resolve cached": cached(seconds), "resolve did:key": did_key(seconds, settings.peers)})


if __name__ == "__main__":
    run(tables, __doc__)
