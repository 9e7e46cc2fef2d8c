"""Proof chains: which proofs a proof extends (VC Data Integrity 1.0, section 4.5, step 2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vc_core.document import Json
from vc_core.errors import ProofVerificationError


def previous_proofs(proofs: Sequence[dict[str, Json]], places: Sequence[str]) -> list[tuple[dict[str, Json], ...]]:
    """For each proof, the proofs that its `previousProof` names, complete; `places` are the proofs' JSON pointers.

    Raises `ProofVerificationError` for a name that no proof has, that stands twice, or that two proofs share, and for
    proofs that name each other in a circle.
    """
    by_id: dict[str, int] = {}
    for position, proof in enumerate(proofs):
        identifier = proof.get("id")
        if isinstance(identifier, str) and by_id.setdefault(identifier, position) != position:
            raise ProofVerificationError("two proofs have the same id", at=f"{places[position]}/id")
    links = [_previous_positions(proof, by_id, at) for proof, at in zip(proofs, places, strict=True)]
    _refuse_cycles(links)
    return [tuple(proofs[target] for target in targets) for targets in links]


def _previous_positions(proof: dict[str, Json], by_id: Mapping[str, int], at: str) -> list[int]:
    if "previousProof" not in proof:
        return []
    at = f"{at}/previousProof"
    named = proof["previousProof"]
    identifiers = [named] if isinstance(named, str) else named
    if not isinstance(identifiers, list) or not identifiers:
        raise ProofVerificationError("previousProof is neither a text nor a list of texts", at=at)
    found: list[int] = []
    for identifier in identifiers:
        target = by_id.get(identifier) if isinstance(identifier, str) else None
        if target is None:
            raise ProofVerificationError("previousProof names a proof that is not there", at=at)
        if target in found:
            raise ProofVerificationError("previousProof names the same proof twice", at=at)
        found.append(target)
    return found


def _refuse_cycles(links: Sequence[Sequence[int]]) -> None:
    """Takes away proofs whose previous proofs are all taken away, until none is left or a cycle remains."""
    open_links = {position: set(targets) for position, targets in enumerate(links)}
    while open_links:
        done = {position for position, targets in open_links.items() if not targets}
        if not done:
            raise ProofVerificationError("proofs name each other as previous proofs", at="/proof")
        open_links = {position: targets - done for position, targets in open_links.items() if position not in done}
