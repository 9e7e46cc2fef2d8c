"""Options of a proof that were read before are read as if they never had been."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from vc_core import VCError
from vc_core.document import SecuredDocument
from vc_core.limits import Limits
from vc_core.securing import proof as proofs
from vc_core.securing.cryptosuites import CRYPTOSUITES

LIMITS = Limits()
PROOF = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "created": "2026-01-31T12:00:00Z",
    "expires": "2027-01-31T12:00:00Z",
    "verificationMethod": "did:example:a#b",
    "proofPurpose": "assertionMethod",
    "challenge": "c",
    "domain": ["d"],
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "proofValue": "z1",
}
VALUES = st.sampled_from(
    [
        None,
        True,
        0,
        1,
        "",
        "a",
        "z2",
        "0",
        "é",
        [],
        ["a"],
        ["a", "a"],
        {},
        {"id": 1},
        "2026-01-31T12:00:00Z",
        "x" * 2000,
    ]
)
CHANGES = st.dictionaries(st.sampled_from([*PROOF, "id", "nonce", "more"]), VALUES, max_size=2)
LEFT_OUT = st.sets(st.sampled_from([*PROOF]), max_size=2)


def outcome(tree: dict[str, Any], *, plain: bool) -> object:
    """All that is read, without the canonical form; or what is refused, and where."""
    try:
        return [
            proof._replace(canonical=None)
            for proof in proofs.read_proofs(tree, cryptosuites=CRYPTOSUITES, limits=LIMITS, plain=plain)
        ]
    except VCError as error:
        return error.code, error.detail, error.at


@given(CHANGES, LEFT_OUT, CHANGES)
def test_what_was_read_before_decides_nothing(first: Any, left_out: set[str], second: Any) -> None:
    for changes in (first, second, first, {}):
        proof = {name: value for name, value in {**PROOF, **changes}.items() if name not in left_out}
        document = SecuredDocument.read(json.dumps({"proof": proof}, ensure_ascii=False).encode(), limits=LIMITS)
        assert document.plain
        assert outcome(document.tree, plain=True) == outcome(document.tree, plain=False)
        proofs._remembered_options.cache_clear()
        assert outcome(document.tree, plain=True) == outcome(document.tree, plain=False)


def test_nothing_that_is_refused_or_long_is_remembered() -> None:
    proofs._remembered_options.cache_clear()
    for changes in ({"created": "yesterday"}, {"domain": []}, {"nonce": "x" * 2000}):
        outcome({"proof": {**PROOF, **changes}}, plain=True)
    assert proofs._remembered_options.cache_info().currsize == 0
    outcome({"proof": PROOF}, plain=True)
    assert proofs._remembered_options.cache_info().currsize == 1


def test_what_is_remembered_is_nobody_elses() -> None:
    """A change of the document it was read from first changes nothing."""
    proof: dict[str, Any] = json.loads(json.dumps(PROOF))
    (first,) = proofs.read_proofs({"proof": proof}, cryptosuites=CRYPTOSUITES, limits=LIMITS, plain=True)
    proof["domain"].append("e")
    (second,) = proofs.read_proofs({"proof": PROOF}, cryptosuites=CRYPTOSUITES, limits=LIMITS, plain=True)
    assert second == first
    assert second.domain == frozenset({"d"})
