"""Canonical RDF of a credential: by a template, on the general path, and by peers, in one run on one core.

    python -m benches.rdfc_templates [--rounds 40]

The credential is the micro-credential of `benches.verify_and_issue`, 50 of them in turn. Each row is the least and the
median time; the ratio is that of libsodium's check of the signature alone to the least. The general path is JSON-LD and
RDFC-1.0 of this project; "a new form" is what a document costs that is the first, or the second, of its form. The peers
are PyLD, from JSON to canonical N-Quads, and pyoxigraph, which is given the N-Quads and only canonicalizes them.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
from collections.abc import Callable
from time import perf_counter_ns
from typing import Any

import pyoxigraph
from nacl.signing import VerifyKey
from pyld import jsonld as pyld

from benches.verify_and_issue import NOW, Case
from status import NO_STATUS_LISTS
from vc_core import CRYPTOSUITES, PINNED_CONTEXTS, Limits, verify
from vc_core.canonical import jsonld, rdfc
from vc_core.canonical.templates import Templates
from vc_core.securing.proof import read_proofs, unsecured

LIMITS = Limits()


def general(document: dict[str, Any]) -> bytes:
    quads = jsonld.to_quads(document, contexts=PINNED_CONTEXTS, limits=LIMITS)
    return rdfc.canonicalize(quads, work_limit=LIMITS.canonicalization_work).nquads.encode()


def nth_of_its_form(times: int) -> Callable[[dict[str, Any]], Callable[[], bytes]]:
    """Makes what canonicalizes a document that is seen for so many times."""

    def prepared(document: dict[str, Any]) -> Callable[[], bytes]:
        fresh = Templates(PINNED_CONTEXTS, LIMITS, allow_inline_contexts=False)
        for _ in range(times - 1):
            fresh.canonical(document)
        return lambda: fresh.canonical(document)

    return prepared


def by_pyld(document: dict[str, Any]) -> bytes:
    options = {"base": None, "documentLoader": load, "algorithm": "URDNA2015", "format": "application/n-quads"}
    text: str = pyld.normalize(document, options)
    return text.encode()


CONTEXTS = {url: PINNED_CONTEXTS[url] for url in PINNED_CONTEXTS}


def load(url: str, _options: object) -> dict[str, Any]:
    return {"document": CONTEXTS[url], "documentUrl": url, "contextUrl": None}


def by_pyoxigraph(nquads: bytes) -> Callable[[], bytes]:
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(nquads, format=pyoxigraph.RdfFormat.N_QUADS))

    def canonicalized() -> bytes:
        copy = pyoxigraph.Dataset(dataset)
        copy.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
        return b""

    return canonicalized


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    case = Case("eddsa-rdfc-2022", "Ed25519")
    shared = Templates.shared(PINNED_CONTEXTS, LIMITS, allow_inline_contexts=False)
    documents: list[dict[str, Any]] = []
    options: list[dict[str, Any]] = []
    for credential in case.credentials:
        tree = json.loads(credential)
        (proof,) = read_proofs(tree, cryptosuites=CRYPTOSUITES, limits=LIMITS)
        documents.append(unsecured(tree))
        options.append({**proof.options, "@context": tree["@context"]})
    for document in documents + options:
        if not shared.canonical(document) == general(document) == by_pyld(document):
            raise SystemExit("not the same canonical form")
    key = VerifyKey(case.key.public_key.raw)

    def verified(credential: bytes) -> None:
        if not verify(credential, resolver=case.resolver, status=NO_STATUS_LISTS, policy=case.policy, now=NOW):
            raise SystemExit("not verified")

    def each(function: Callable[..., Any], arguments: list[Any]) -> list[Callable[[], Any]]:
        return [lambda argument=argument: function(argument) for argument in arguments]

    rows: dict[str, Callable[[], list[Callable[[], Any]]]] = {
        "libsodium, the signature alone": lambda: [
            lambda one=one: key.verify(one.data, one.signature) for one in case.signed
        ],
        "verify, from bytes to result": lambda: each(verified, case.credentials),
        "claims, by a template": lambda: each(shared.canonical, documents),
        "claims, general path": lambda: each(general, documents),
        "claims, the first of a new form": lambda: list(map(nth_of_its_form(1), documents)),
        "claims, the second of a new form": lambda: list(map(nth_of_its_form(2), documents)),
        "claims, PyLD": lambda: each(by_pyld, documents[:10]),
        "claims, pyoxigraph, without JSON-LD": lambda: [by_pyoxigraph(general(one)) for one in documents],
        "proof options, by a template": lambda: each(shared.canonical, options),
        "proof options, general path": lambda: each(general, options),
    }
    times: dict[str, list[int]] = {name: [] for name in rows}
    gc.collect()
    for _ in range(rounds):
        for name, prepare in rows.items():
            for operation in prepare():
                start = perf_counter_ns()
                operation()
                times[name].append(perf_counter_ns() - start)
    raw = min(times["libsodium, the signature alone"])
    print("| | least µs | median µs | signature / least |\n| --- | ---: | ---: | ---: |")
    for name, taken in times.items():
        print(f"| {name} | {min(taken) / 1000:.1f} | {statistics.median(taken) / 1000:.1f} | {raw / min(taken):.2f} |")


if __name__ == "__main__":
    main()
