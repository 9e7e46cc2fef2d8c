"""Hiding claims: what is to be disclosed selectively leaves the payload, and its digest stays (RFC 9901, section 4.2).

A frame is the paths of the claims to hide, and the number of decoys for each object and array. A claim and what it
stands in may both be hidden: then who is to see the inner one has to be shown the outer one (section 4.2.6).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from did.errors import shown
from vc_core.document import Json
from vc_core.errors import ProofGenerationError
from vc_core.securing.sd_jwt.disclosure import RESERVED_NAMES, Disclosure, decoy, digest
from vc_core.securing.sd_jwt.paths import Path, path_in, pointer_to, value_at

MOST_DECOYS: Final = 1000
"""Decoys of one object or array."""


def paths_of(claims: dict[str, Json], pointers: Iterable[str]) -> frozenset[Path]:
    """The paths of the JSON pointers. Raises `ProofGenerationError` for one at which nothing stands, or all claims."""
    paths = set()
    for pointer in pointers:
        path = path_in(claims, pointer)
        if not path:
            raise ProofGenerationError(
                f"there is no claim at {shown(pointer)}, which has to be a JSON pointer such as /name", at=pointer
            )
        paths.add(path)
    return frozenset(paths)


def decoys_of(claims: dict[str, Json], numbers: Mapping[str, int]) -> dict[Path, int]:
    """The numbers of decoys by the paths of the objects and arrays that the JSON pointers lead to."""
    decoys = {}
    for pointer, number in numbers.items():
        path = path_in(claims, pointer)
        if path is None or not isinstance(value_at(claims, path), dict | list):
            raise ProofGenerationError(f"there is no object and no array at {shown(pointer)}", at=pointer)
        if not 0 <= number <= MOST_DECOYS:
            raise ProofGenerationError(f"the number of decoys is between 0 and {MOST_DECOYS}", at=pointer)
        decoys[path] = number
    return decoys


def check_names(claims: dict[str, Json]) -> None:
    """Raises `ProofGenerationError` if a claim, anywhere, has a name that is reserved for digests."""
    todo: list[tuple[dict[str, Json] | list[Json], Path]] = [(claims, ())]
    while todo:
        value, path = todo.pop()
        if isinstance(value, dict) and (reserved := RESERVED_NAMES & value.keys()):
            raise ProofGenerationError(f"no claim may have the name {min(reserved)}", at=pointer_to(path))
        children = value.items() if isinstance(value, dict) else enumerate(value)
        todo += [(child, (*path, token)) for token, child in children if isinstance(child, dict | list)]


def hide(
    claims: dict[str, Json], disclosable: AbstractSet[Path], decoys: Mapping[Path, int], *, hash_algorithm: str
) -> tuple[str, ...]:
    """Replaces the disclosable claims, in place, by digests of disclosures, which it returns in no meaningful order.

    So says the order of digests in an object nothing, and neither does the place of decoys in an array.
    """
    hidden: dict[Path, list[str | int]] = {path: [] for path in decoys}
    for path in disclosable:
        hidden.setdefault(path[:-1], []).append(path[-1])
    disclosures: list[str] = []
    for path in sorted(hidden, key=len, reverse=True):  # from the inside out: what is hidden is complete
        container, number = value_at(claims, path), decoys.get(path, 0)
        if isinstance(container, dict):
            disclosures += _hide_members(container, map(str, hidden[path]), number, hash_algorithm)
        elif isinstance(container, list):
            disclosures += _hide_elements(container, map(int, hidden[path]), number, hash_algorithm)
    return tuple(sorted(disclosures))  # they begin with their salts


def _hide_members(members: dict[str, Json], names: Iterable[str], number: int, hash_algorithm: str) -> list[str]:
    texts = [Disclosure(name, members.pop(name)).text() for name in names]
    digests = [digest(text.encode(), hash_algorithm) for text in texts]
    digests += [decoy(hash_algorithm) for _ in range(number)]
    if digests:
        members["_sd"] = list[Json](sorted(digests))
    return texts


def _hide_elements(elements: list[Json], positions: Iterable[int], number: int, hash_algorithm: str) -> list[str]:
    texts = []
    for position in positions:
        text = Disclosure(None, elements[position]).text()
        texts.append(text)
        elements[position] = {"...": digest(text.encode(), hash_algorithm)}
    for _ in range(number):
        elements.insert(secrets.randbelow(len(elements) + 1), {"...": decoy(hash_algorithm)})
    return texts
