"""No leaf of a secured document can be changed unnoticed. `python -m benches.leaf_mutation` does far more of this."""

from __future__ import annotations

import json

import pytest

from benches.leaf_changes import mutations, places
from benches.leaf_claims import claims_of
from benches.leaf_mutation import Tally, check
from vectors.making.credentials import SUITES

ALIKE_UNDER_JSON = {"wrapped in an array"}
"""One proof, and a set of one proof."""
ALIKE_UNDER_RDF = {
    "changed",  # the letters of a language tag
    "given a language",  # the one that the context gives it
    "given another element in @context",  # a known context that changes no statement
    "given an element twice in @context",
    "renamed",  # a language tag, or another term for the same property
    "reordered",  # values without an order
    "typed",  # with the type that it has
    "wrapped in @id",
    "wrapped in @value",
    "wrapped in an array",
}
"""The kinds of change that can leave all RDF statements as they were. What is handed out is the same for each."""


@pytest.mark.parametrize(("suite", "key_type"), SUITES)
def test_what_becomes_of_every_change(suite: str, key_type: str) -> None:
    covers_json = "-jcs-" in suite
    tally = Tally()
    for seed in range(2) if covers_json else range(1):
        check(tally, seed, suite, key_type)
    assert tally.holes == []
    assert tally.total > 2_000
    assert tally.same.keys() <= (ALIKE_UNDER_JSON if covers_json else ALIKE_UNDER_RDF)
    assert tally.rejected.total() > 0.95 * tally.total


def test_the_changes_are_changes() -> None:
    """Each document differs from the original, and every place in it is among those changed."""
    document = claims_of(1, "did:example:issuer")
    before = json.dumps(document)
    changed_places = set()
    for _, path, changed in mutations(document):
        assert json.dumps(changed) != before
        changed_places.add(path)
    assert changed_places == {path for path, _ in places(document)}
    assert json.dumps(document) == before


def test_the_documents_differ_and_come_again() -> None:
    texts = [json.dumps(claims_of(seed, "did:example:issuer")) for seed in range(50)]
    assert len(set(texts)) == 50
    assert texts == [json.dumps(claims_of(seed, "did:example:issuer")) for seed in range(50)]
