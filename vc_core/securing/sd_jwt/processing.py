"""The payload of an SD-JWT with its disclosures put in their places (RFC 9901, section 7.1, steps 3 to 5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from vc_core.document import Json
from vc_core.errors import LimitExceeded
from vc_core.limits import Limits
from vc_core.securing.sd_jwt.disclosure import Disclosure, digest, disclosure_error, hash_algorithm_of
from vc_core.securing.sd_jwt.paths import Path

_Container: TypeAlias = dict[str, Json] | list[Json]


class Processed(NamedTuple):
    """The processed payload, and for each disclosure, in the order in which they were given, where its claim stands.

    `partly_hidden` are the names of the top claims in which digests stood, of claims that were disclosed or were not.
    `incomplete` are those among them that are arrays, with digests in the place of elements.
    """

    claims: dict[str, Json]
    disclosed: tuple[Path, ...]
    partly_hidden: frozenset[str]
    incomplete: frozenset[str]


def process(payload: dict[str, Json], disclosures: Sequence[str], *, limits: Limits) -> Processed:
    """The claims of `payload`, changed in place: each disclosure where its digest stood, all other digests removed.

    Each disclosure is used exactly once, and no digest stands twice, neither in the payload nor in disclosures; what
    carries digests has the one form that it is defined in. Raises `ProofVerificationError` with code DISCLOSURE_ERROR,
    or `ParsingError`; and `LimitExceeded` with code TOO_MANY_DISCLOSURES before any is looked at, NESTING_TOO_DEEP, or
    INPUT_TOO_LARGE.
    """
    if len(disclosures) > limits.disclosures:
        raise LimitExceeded(f"more than {limits.disclosures} disclosures", code="TOO_MANY_DISCLOSURES")
    hash_algorithm = hash_algorithm_of(payload)
    payload.pop("_sd_alg", None)
    digests = _Digests({digest(text.encode(), hash_algorithm): text for text in disclosures}, limits)
    if len(digests.unused) < len(disclosures):
        raise disclosure_error("a disclosure stands twice")
    places, partly_hidden, incomplete = _fill(payload, digests, limits)
    if digests.unused:
        raise disclosure_error("the digest of a disclosure stands nowhere in the token")
    return Processed(payload, tuple(places[text] for text in disclosures), partly_hidden, incomplete)


def _fill(
    payload: dict[str, Json], digests: _Digests, limits: Limits
) -> tuple[dict[str, Path], frozenset[str], frozenset[str]]:
    """Fills the payload and everything in it; the place of each disclosure, and the top claims that held digests."""
    places: dict[str, Path] = {text: (name,) for text, name in _fill_object(payload, digests)}
    partly_hidden: set[str] = set()
    incomplete: set[str] = set()
    path: list[str | int] = []
    left = [_containers(payload)]  # what has still to be filled: in the payload, in something in it, and so on
    while left:
        found = next(left[-1], None)
        if found is None:
            left.pop()
            del path[-1:]
            continue
        if len(left) >= limits.depth:
            detail = f"nested deeper than {limits.depth} arrays and objects"
            raise LimitExceeded(detail, code="NESTING_TOO_DEEP")
        token, container = found
        path.append(token)
        met = len(digests.met)
        filled = _fill_object(container, digests) if isinstance(container, dict) else _fill_array(container, digests)
        if len(digests.met) > met:
            partly_hidden.add(str(path[0]))
            if len(path) == 1 and isinstance(container, list):
                incomplete.add(str(token))
            places.update({text: (*path, token) for text, token in filled})
        left.append(_containers(container))
    return places, frozenset(partly_hidden), frozenset(incomplete)


def _containers(container: _Container) -> Iterator[tuple[str | int, _Container]]:
    """The objects and arrays that stand in one, each with its name or position."""
    children = container.items() if isinstance(container, dict) else enumerate(container)
    return ((token, child) for token, child in children if isinstance(child, dict | list))


class _Digests:
    """The disclosures by their digests, and the digests that were met."""

    def __init__(self, disclosures: dict[str, str], limits: Limits) -> None:
        self.unused = disclosures
        self._limits = limits
        self.met: set[str] = set()

    def disclosed(self, value: Json) -> tuple[str, Disclosure] | None:
        """The disclosure whose digest is `value`, with its text; None for the digest of one that was not given."""
        if not isinstance(value, str):
            raise disclosure_error("a digest is not a text")
        if value in self.met:
            raise disclosure_error("a digest stands twice")
        self.met.add(value)
        text = self.unused.pop(value, None)
        return None if text is None else (text, Disclosure.read(text, limits=self._limits))


def _fill_object(members: dict[str, Json], digests: _Digests) -> list[tuple[str, str | int]]:
    """Puts the disclosed members in; the texts of their disclosures, and their names."""
    if "..." in members or "_sd_alg" in members:
        raise disclosure_error("'...' or '_sd_alg' stands where it does not belong")
    if "_sd" not in members:
        return []
    filled: list[tuple[str, str | int]] = []
    listed = members.pop("_sd")
    if not isinstance(listed, list):
        raise disclosure_error("'_sd' is not an array")
    for value in listed:
        if (found := digests.disclosed(value)) is None:
            continue
        text, disclosure = found
        if disclosure.name is None:
            raise disclosure_error("a disclosure of an array element stands for a member of an object")
        if disclosure.name in members:
            raise disclosure_error("a disclosed claim is there already")
        members[disclosure.name] = disclosure.value
        filled.append((text, disclosure.name))
    return filled


def _fill_array(elements: list[Json], digests: _Digests) -> list[tuple[str, str | int]]:
    """Puts the disclosed elements in, and removes the others; the texts of the disclosures, and the positions."""
    if not any(isinstance(element, dict) and "..." in element for element in elements):
        return []
    filled: list[tuple[str, str | int]] = []
    kept: list[Json] = []
    for element in elements:
        if not (isinstance(element, dict) and "..." in element):
            kept.append(element)
            continue
        if len(element) != 1:
            raise disclosure_error("beside the digest of an array element stands something else")
        if (found := digests.disclosed(element["..."])) is None:
            continue
        text, disclosure = found
        if disclosure.name is not None:
            raise disclosure_error("a disclosure of a member of an object stands for an array element")
        filled.append((text, len(kept)))
        kept.append(disclosure.value)
    elements[:] = kept
    return filled
