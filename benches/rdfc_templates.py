"""Canonical RDF of a credential: by a template, on the general path, and by peers, in one run on one core.

    python -m benches.rdfc_templates [--seconds 2]

The credential is the micro-credential of `benches.verify_and_issue`, 50 of them in turn. Each row is the least and the
median time; the ratio is that of libsodium's check of the signature alone to the least. The general path is JSON-LD and
RDFC-1.0 of this project; "a new form" is what a document costs that is the first, or the second, of its form. The peers
are PyLD, from JSON to canonical N-Quads, and pyoxigraph, which is given the N-Quads and only canonicalizes them.
"""

from __future__ import annotations

import gc
import json
import statistics
from collections.abc import Callable
from time import perf_counter_ns
from typing import Any

import pyoxigraph
from nacl.signing import VerifyKey
from pyld import jsonld as pyld

from benches.case import NOW
from benches.tables import Report, Settings, Table, run
from benches.verify_and_issue import case
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


def tables(settings: Settings) -> Report:
    """A round takes a third of a second, about."""
    one = case("eddsa-rdfc-2022", "Ed25519")
    shared = Templates.shared(PINNED_CONTEXTS, LIMITS, allow_inline_contexts=False)
    documents: list[dict[str, Any]] = []
    options: list[dict[str, Any]] = []
    for credential in one.credentials:
        tree = json.loads(credential)
        (proof,) = read_proofs(tree, cryptosuites=CRYPTOSUITES, limits=LIMITS)
        documents.append(unsecured(tree))
        options.append({**proof.options, "@context": tree["@context"]})
    for document in documents + options:
        if not shared.canonical(document) == general(document) == by_pyld(document):
            raise SystemExit("not the same canonical form")
    key = VerifyKey(one.key.public_key.raw)

    def verified(credential: bytes) -> None:
        if not verify(credential, resolver=one.resolver, status=NO_STATUS_LISTS, policy=one.policy, now=NOW):
            raise SystemExit("not verified")

    def each(function: Callable[..., Any], arguments: list[Any]) -> list[Callable[[], Any]]:
        return [lambda argument=argument: function(argument) for argument in arguments]

    rows: dict[str, Callable[[], list[Callable[[], Any]]]] = {
        "libsodium, the signature alone": lambda: [
            lambda each=each: key.verify(each.data, each.signature) for each in one.signed
        ],
        "verify, from bytes to result": lambda: each(verified, one.credentials),
        "claims, by a template": lambda: each(shared.canonical, documents),
        "claims, general path": lambda: each(general, documents),
        "claims, the first of a new form": lambda: list(map(nth_of_its_form(1), documents)),
        "claims, the second of a new form": lambda: list(map(nth_of_its_form(2), documents)),
        "claims, PyLD": lambda: each(by_pyld, documents[:10]),
        "claims, pyoxigraph, without JSON-LD": lambda: [by_pyoxigraph(general(document)) for document in documents],
        "proof options, by a template": lambda: each(shared.canonical, options),
        "proof options, general path": lambda: each(general, options),
    }
    times: dict[str, list[int]] = {name: [] for name in rows}
    gc.collect()
    for _ in range(max(3, round(settings.seconds * 10))):
        for name, prepare in rows.items():
            for operation in prepare():
                start = perf_counter_ns()
                operation()
                times[name].append(perf_counter_ns() - start)
    raw = min(times["libsodium, the signature alone"])
    cells = [
        (name, f"{min(taken) / 1000:.1f}", f"{statistics.median(taken) / 1000:.1f}", f"{raw / min(taken):.2f}")
        for name, taken in times.items()
    ]
    return Report({"templates": Table(("", "least µs", "median µs", "signature / least"), cells)})


if __name__ == "__main__":
    run(tables, __doc__)
