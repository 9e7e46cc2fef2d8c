"""RDF Dataset Canonicalization, RDFC-1.0 (W3C Recommendation of 21 May 2024), within a limit on its work.

The algorithm tries orders of blank nodes that look alike, so a few dozen quads can demand more time than
there is (section 7.1, Dataset Poisoning). Here work is paid for before it is done, in units that depend on
nothing but the quads: what is computed, or refused, on one machine is so on every other. One unit pays for

- 256 characters of the dataset, which are written once and hashed at most three times;
- a quarter of Hash First Degree Quads of one blank node;
- one call of Hash N-Degree Quads, one blank node related there, or 256 characters of the predicate between;
- one order of up to seven related blank nodes with equal hashes, so k different ones cost k! units; one that is
  related several times, as a graph is to what is described in it, makes no other order;
- eight issued identifiers taken back before the next order.

These take about the same time. A dataset in which fewer than 100 blank nodes look alike has only its share of
the limit, a hundredth for each of them: what so few need beyond that only keeps a verifier busy.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from types import MappingProxyType
from typing import Final, TypeAlias

from vc_core.canonical.nquads import Quad, lines
from vc_core.errors import LimitExceeded, ProofTransformationError

HASH_ALGORITHMS: Final = MappingProxyType({"sha256": hashlib.sha256, "sha384": hashlib.sha384})
"""The hash functions that RDFC-1.0 is used with."""
CHARACTERS_A_UNIT: Final = 256
"""Characters of the terms of a dataset that one unit of work pays for, however many quads they are in."""
_IDENTIFIERS_A_UNIT: Final = 8
_FIRST_DEGREE_UNITS: Final = 4
_SHARES: Final = 100
_NODES_A_UNIT: Final = 8
_BEYOND_ANY_LIMIT: Final = 10**15

_Hashing: TypeAlias = Generator[str, str | None, str]
"""A call of Hash N-Degree Quads: yields blank nodes, is sent the hash of each, returns its own hash."""


@dataclass(frozen=True, slots=True)
class Canonical:
    """A canonicalized dataset: two with equal `nquads` are isomorphic.

    Two that are isomorphic have equal `nquads`, but for a gap in the specification: where quads join three
    blank nodes, blank nodes that differ may get equal hashes, and then the order of the input decides.
    """

    nquads: str
    """The serialized canonical form (section 5): a line for each quad, in code point order."""
    labels: Mapping[str, str]
    """The issued identifiers map: the canonical label of each input label, both without `_:`."""
    work: int
    """Work units spent."""


def canonicalize(quads: Iterable[Quad], *, hash_algorithm: str = "sha256", work_limit: int) -> Canonical:
    """The canonical form of a dataset (section 4.4), whatever the order of its quads and the labels in them.

    A quad given twice counts once. The terms must be in canonical form, as `vc_core.canonical.nquads` makes
    them: they are not read again. `hash_algorithm` is "sha256" or "sha384".

    Raises `LimitExceeded` (`WORK_LIMIT_EXCEEDED`) before more than `work_limit` units are spent, and
    `ProofTransformationError` for a blank node as predicate, which RDF does not have.
    """
    if hash_algorithm not in HASH_ALGORITHMS:
        raise ValueError(f"hash_algorithm is one of {', '.join(HASH_ALGORITHMS)}")
    dataset = _Dataset(dict.fromkeys(quads), hash_algorithm, work_limit)
    dataset.issue_canonical_identifiers()
    return Canonical(
        nquads="".join(lines(dataset.quads, dataset.canonical)),
        labels=MappingProxyType({node[2:]: label[2:] for node, label in dataset.canonical.items()}),
        work=dataset.work,
    )


class _Dataset:
    """The canonicalization state (section 4.2) and the account of the work.

    Blank nodes and identifiers are terms (`_:label`); an identifier issuer (section 4.3) is a dictionary from
    the one to the other, in the order of issue.
    """

    __slots__ = (
        "_first_degree",
        "_limit",
        "_mentions",
        "_new_hash",
        "_related",
        "canonical",
        "quads",
        "work",
    )

    def __init__(self, quads: Collection[Quad], hash_algorithm: str, work_limit: int) -> None:
        self.quads = quads
        self.canonical: dict[str, str] = {}
        self.work = 0
        self._limit = work_limit
        self._new_hash = HASH_ALGORITHMS[hash_algorithm]
        self._mentions: dict[str, list[Quad]] = {}
        self._first_degree: dict[str, str] = {}
        self._related: dict[str, tuple[int, list[tuple[str, str, str]]]] = {}

    def issue_canonical_identifiers(self) -> None:
        """Fills `canonical`: Canonicalization Algorithm (section 4.4.3), steps 2 to 5."""
        self._spend(sum(map(len, chain.from_iterable(self.quads))) // CHARACTERS_A_UNIT)
        self._map_mentions()
        self._hash_first_degree_quads()
        nodes_by_hash: dict[str, list[str]] = {}
        for node, first_degree_hash in self._first_degree.items():
            nodes_by_hash.setdefault(first_degree_hash, []).append(node)
        alike = []
        for _, nodes in sorted(nodes_by_hash.items()):
            if len(nodes) == 1:
                self._issue(nodes)
            else:
                alike.append(nodes)
        self._limit = min(self._limit, self.work + self._limit * sum(map(len, alike)) // _SHARES)
        for nodes in alike:
            results = []
            for node in nodes:
                if node not in self.canonical:
                    issued = {node: "_:b0"}
                    results.append((self._hash_n_degree_quads(node, issued), issued))
            for _, issued in sorted(results, key=itemgetter(0)):
                self._issue(issued)

    def _issue(self, nodes: Iterable[str]) -> None:
        for node in nodes:
            if node not in self.canonical:
                self.canonical[node] = f"_:c14n{len(self.canonical)}"

    def _map_mentions(self) -> None:
        """The blank node to quads map: each quad once for each blank node in it."""
        mentions = self._mentions
        for quad in self.quads:
            s, p, o, g = quad
            if p[0] == "_":
                raise ProofTransformationError("a blank node as predicate")
            if s[0] == "_":
                mentions.setdefault(s, []).append(quad)
            if o[0] == "_" and o != s:
                mentions.setdefault(o, []).append(quad)
            if g and g[0] == "_" and g not in {s, o}:
                mentions.setdefault(g, []).append(quad)

    def _hash_first_degree_quads(self) -> None:
        """Hash First Degree Quads (section 4.6) of each blank node."""
        self._spend(len(self._mentions) * _FIRST_DEGREE_UNITS)
        names = dict.fromkeys(self._mentions, "_:z")
        for node, quads in self._mentions.items():
            names[node] = "_:a"
            self._first_degree[node] = self._hash("".join(lines(quads, names)))
            names[node] = "_:z"

    def _hash_n_degree_quads(self, node: str, issued: dict[str, str]) -> str:
        """Hash N-Degree Quads (section 4.8) of `node`, adding to `issued`.

        The calls that wait for one another are kept in a list, so only work bounds how deep they nest.
        """
        waiting = [self._hashing(node, issued)]
        result: str | None = None
        while True:
            try:
                related = waiting[-1].send(result)
            except StopIteration as end:
                waiting.pop()
                result = end.value
                if not waiting:
                    return result
            else:
                waiting.append(self._hashing(related, issued))
                result = None

    def _hashing(self, node: str, issued: dict[str, str]) -> _Hashing:
        """Hash N-Degree Quads, section 4.8.3. Each permutation starts from the same `issued`."""
        groups = self._related_nodes(node, issued)
        self._spend(sum(_number_of_orders(nodes) * (1 + len(nodes) // _NODES_A_UNIT) for nodes in groups.values()))
        data_to_hash = ""
        for related_hash, nodes in sorted(groups.items()):
            if len(nodes) == 1:
                chosen_path = yield from self._path(nodes, issued, "")
            else:
                chosen_path = yield from self._chosen_path(nodes, issued)
            data_to_hash += related_hash + chosen_path
        return self._hash(data_to_hash)

    def _chosen_path(self, nodes: list[str], issued: dict[str, str]) -> _Hashing:
        """The least path of all permutations (step 5.4), each once; `issued` gets what was issued on it."""
        chosen_path = ""
        chosen_issued: list[tuple[str, str]] = []
        before = len(issued)
        for permutation in _orders(nodes):
            path = yield from self._path(permutation, issued, chosen_path)
            taken_back = [issued.popitem() for _ in range(len(issued) - before)]
            self._spend(len(taken_back) // _IDENTIFIERS_A_UNIT)
            if path:
                chosen_path, chosen_issued = path, taken_back
        issued.update(reversed(chosen_issued))
        return chosen_path

    def _path(self, permutation: Iterable[str], issued: dict[str, str], chosen_path: str) -> _Hashing:
        """The path of one permutation (steps 5.4.2 to 5.4.6), or "" once it is above the chosen one."""
        path = ""
        recursion_list = []
        for related in permutation:
            identifier = self.canonical.get(related) or issued.get(related)
            if identifier is None:
                identifier = issued[related] = f"_:b{len(issued)}"
                recursion_list.append(related)
            path += identifier
        for related in recursion_list:
            related_hash = yield related
            path += f"{issued[related]}<{related_hash}>"
            if chosen_path and path > chosen_path:
                return ""
        return path if not chosen_path or path < chosen_path else ""

    def _related_nodes(self, node: str, issued: dict[str, str]) -> dict[str, list[str]]:
        """The blank nodes in the quads of `node` by their Hash Related Blank Node (section 4.7)."""
        if node not in self._related:
            related = [
                (position, predicate, other)
                for s, p, o, g in self._mentions[node]
                for position, predicate, other in (("s", p, s), ("o", p, o), ("g", "", g))
                if other[:2] == "_:" and other != node
            ]
            units = 1 + sum(1 + len(predicate) // CHARACTERS_A_UNIT for _, predicate, _ in related)
            self._related[node] = units, related
        units, related = self._related[node]
        self._spend(units)
        groups: dict[str, list[str]] = {}
        for position, predicate, other in related:
            identifier = self.canonical.get(other) or issued.get(other) or self._first_degree[other]
            groups.setdefault(self._hash(position + predicate + identifier), []).append(other)
        return groups

    def _hash(self, text: str) -> str:
        return self._new_hash(text.encode()).hexdigest()

    def _spend(self, units: int) -> None:
        if units > self._limit - self.work:
            raise LimitExceeded(f"canonicalization needs more than {self._limit} work units")
        self.work += units


def work_of(characters: int, nodes: int) -> int:
    """The units for a dataset of so many characters and blank nodes, if all first degree hashes are different."""
    return characters // CHARACTERS_A_UNIT + nodes * _FIRST_DEGREE_UNITS


def _number_of_orders(nodes: list[str]) -> int:
    """How many orders the nodes have, of which some may be the same one; or a number that is beyond any limit."""
    orders, placed = 1, 0
    for times in Counter(nodes).values():
        for time in range(1, times + 1):
            placed += 1
            orders = orders * placed // time
            if orders > _BEYOND_ANY_LIMIT:
                return orders
    return orders


def _orders(nodes: list[str]) -> Iterator[list[str]]:
    """The orders of the nodes, each of them once, though some of the nodes may be the same one."""
    different = list(dict.fromkeys(nodes))
    rank = {node: position for position, node in enumerate(different)}
    order = sorted(map(rank.__getitem__, nodes))
    while True:
        yield [different[position] for position in order]
        # the next greater order: the last place that can take more, with the least of what is more behind it
        place = len(order) - 2
        while place >= 0 and order[place] >= order[place + 1]:
            place -= 1
        if place < 0:
            return
        other = len(order) - 1
        while order[other] <= order[place]:
            other -= 1
        order[place], order[other] = order[other], order[place]
        order[place + 1 :] = order[:place:-1]
