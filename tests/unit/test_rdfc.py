from __future__ import annotations

import dataclasses
import os
import runpy
import subprocess
import sys
from collections.abc import Iterable
from hashlib import sha256
from itertools import pairwise, permutations
from pathlib import Path

import pytest

from vc_core.canonical import rdfc
from vc_core.canonical.nquads import Quad, lines, parse
from vc_core.canonical.rdfc import Canonical, canonicalize
from vc_core.errors import LimitExceeded, ProofTransformationError
from vc_core.limits import Limits

REPOSITORY = Path(__file__).resolve().parents[2]
WORK_LIMIT = Limits().canonicalization_work


def default(quads: Iterable[Quad]) -> Canonical:
    return canonicalize(quads, work_limit=WORK_LIMIT)


def identical_items(count: int) -> list[Quad]:
    items = [f"_:item{i}" for i in range(count)]
    return [quad for item in items for quad in (("<urn:s>", "<urn:p>", item, ""), (item, "<urn:q>", '"v"', ""))]


def ring(size: int, predicate: str = "<urn:p>") -> list[Quad]:
    return [(f"_:n{i}", predicate, f"_:n{(i + 1) % size}", "") for i in range(size)]


def units_until_refused(quads: Iterable[Quad], work_limit: int = WORK_LIMIT) -> int:
    """What a dataset has cost when it is refused."""
    dataset = rdfc._Dataset(dict.fromkeys(quads), "sha256", work_limit)
    with pytest.raises(LimitExceeded) as refused:
        dataset.issue_canonical_identifiers()
    assert refused.value.code == "WORK_LIMIT_EXCEEDED"
    return dataset.work


def test_the_empty_dataset() -> None:
    assert default([]) == Canonical(nquads="", labels={}, work=0)


def test_a_dataset_without_blank_nodes_is_sorted_by_code_point() -> None:
    quads = [("<urn:s>", "<urn:p>", f'"{letter}"', "") for letter in ("\U00010000", "\uffe0", "b", "a")]
    assert default(quads).nquads == "".join(f"{s} {p} {o} .\n" for s, p, o, _ in reversed(quads))
    assert default(quads).labels == {}


def test_blank_nodes_are_labelled_by_the_hash_of_their_quads() -> None:
    """The first example of the specification, unique hashes (section 4.4.2)."""
    quads = parse(
        "<http://example.com/#p> <http://example.com/#q> _:e0 .\n"
        "<http://example.com/#p> <http://example.com/#r> _:e1 .\n"
        "_:e0 <http://example.com/#s> <http://example.com/#u> .\n"
        "_:e1 <http://example.com/#t> <http://example.com/#u> .\n"
    )
    assert default(quads).labels == {"e0": "c14n0", "e1": "c14n1"}


def test_blank_nodes_that_look_alike_are_told_apart_by_their_neighbours() -> None:
    """The second example of the specification, shared hashes (section 4.4.2)."""
    quads = parse(
        "<http://example.com/#p> <http://example.com/#q> _:e0 .\n"
        "<http://example.com/#p> <http://example.com/#q> _:e1 .\n"
        "_:e0 <http://example.com/#p> _:e2 .\n"
        "_:e1 <http://example.com/#p> _:e3 .\n"
        "_:e2 <http://example.com/#r> _:e3 .\n"
    )
    assert default(quads).labels == {"e2": "c14n0", "e3": "c14n1", "e1": "c14n2", "e0": "c14n3"}


def test_a_statement_given_twice_counts_once() -> None:
    quads = ring(3)
    assert default(quads * 2) == default(quads)


def test_only_whole_terms_are_renamed() -> None:
    quads = [("_:a", "<urn:p>", '"_:a _:b"', ""), ("_:a", "<urn:_:b>", "_:b", "<urn:_:a>")]
    result = default(quads)
    assert result.labels == {"a": "c14n1", "b": "c14n0"}
    assert result.nquads == '_:c14n1 <urn:_:b> _:c14n0 <urn:_:a> .\n_:c14n1 <urn:p> "_:a _:b" .\n'


def test_a_blank_node_twice_in_a_statement_is_mentioned_once() -> None:
    """Mentioned twice, its two equal lines would be hashed, and the labels would be exchanged."""
    predicate = "tests/unit/test_rdfc.py"
    lines_by_node = {"x": f"_:a {predicate} <urn:o> .\n", "z": f"_:a {predicate} _:a _:a .\n"}
    by_hash = sorted(lines_by_node, key=lambda node: sha256(lines_by_node[node].encode()).digest())
    quads = [("_:x", predicate, "<urn:o>", ""), ("_:z", predicate, "_:z", "_:z")]
    assert default(quads).labels == {node: f"c14n{i}" for i, node in enumerate(by_hash)}


def test_the_hash_algorithm_is_a_parameter() -> None:
    quads = [("_:a", f"<urn:p{i}>", f"_:b{i}", "") for i in range(4)]
    assert canonicalize(quads, hash_algorithm="sha384", work_limit=WORK_LIMIT).labels != default(quads).labels
    for name in ("sha512", "SHA256", "md5", ""):
        with pytest.raises(ValueError, match="sha256, sha384"):
            canonicalize(quads, hash_algorithm=name, work_limit=WORK_LIMIT)


def test_a_blank_node_as_predicate_is_refused() -> None:
    with pytest.raises(ProofTransformationError):
        default([("<urn:s>", "_:p", "<urn:o>", "")])


def test_the_result_cannot_be_changed() -> None:
    result = default(ring(2))
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.nquads = ""  # type: ignore[misc]  # what must not work
    with pytest.raises(TypeError):
        result.labels["n0"] = "c14n9"  # type: ignore[index]  # what must not work


def test_identical_items_cost_five_units_each() -> None:
    result = default(identical_items(1000))
    assert result.nquads.count("\n") == 2000
    assert sorted(result.labels.values()) == sorted(f"c14n{i}" for i in range(1000))
    assert result.work == 1000 * 5 + sum(len(term) for quad in identical_items(1000) for term in quad) // 256


def test_a_long_list_of_equal_values_is_computed() -> None:
    """Every cell of an RDF list looks like its neighbours: the calls nest as deep as the list is long."""
    rest, first = "<urn:rest>", "<urn:first>"
    cells = [f"_:cell{i}" for i in range(120)]
    quads = [(a, rest, b, "") for a, b in pairwise(cells)]
    quads += [(cell, first, '"8"', "") for cell in cells]
    assert len(default(quads).labels) == 120


def test_calls_nest_deeper_than_the_stack_of_the_interpreter() -> None:
    size = sys.getrecursionlimit() * 2
    assert units_until_refused(ring(size)) <= WORK_LIMIT
    dataset = rdfc._Dataset(dict.fromkeys(ring(size)), "sha256", 10**6)
    dataset._map_mentions()
    dataset._hash_first_degree_quads()
    issued = {"_:n0": "_:b0"}
    dataset._hash_n_degree_quads("_:n0", issued)
    assert len(issued) == size


def test_poisons_are_refused_before_the_limit_is_passed() -> None:
    """How long each takes, and how much memory, is what the script prints; the units here say as much."""
    poisons = list(runpy.run_path(str(REPOSITORY / "benches" / "rdfc_poison.py"))["poisons"]())
    assert len(poisons) >= 200
    spent = {name: units_until_refused(quads) for name, quads in poisons}
    assert max(spent.values()) <= WORK_LIMIT
    few = {"clique 5": 5020, "clique 60": 589, "ring 2000": 100_000}
    assert {name: spent[name] for name in few} == few


def test_characters_of_the_dataset_are_work() -> None:
    name = f"<urn:{'s' * 10_000}>"
    quads = [(name, f"<urn:p{i:02}>", '""', "") for i in range(100)]
    characters = 100 * (len(name) + len("<urn:p00>") + 2)
    assert default(quads).work == characters // 256
    assert units_until_refused(quads, characters // 256 - 1) == 0


def test_blank_nodes_are_work() -> None:
    quads = [("_:a", f"<urn:p{i}>", f"_:b{i}", "") for i in range(9)]
    assert default(quads).work == 40 + sum(len(term) for quad in quads for term in quad) // 256
    assert units_until_refused(quads, 39) <= 1


def test_characters_of_predicates_are_work_as_often_as_they_are_hashed() -> None:
    """A call in the ring hashes its predicate twice; three blank nodes have three hundredths of the limit."""
    quads = ring(3, f"<urn:{'p' * 256_000}>")
    assert default(quads[:1]).work == 1000 + 2 * 4
    one_call = 1 + 2 * (1 + 1000) + 2
    assert units_until_refused(quads) == 3 * 1000 + 3 * 4 + one_call


def test_orders_are_work_before_the_first_of_them_is_tried() -> None:
    """Two hubs with twelve leaves each: the orders of the leaves are too many, and none of them is begun."""
    quads = [(f"_:h{hub}", "<urn:p>", f"_:h{hub}l{leaf}", "") for hub in range(2) for leaf in range(12)]
    characters = sum(len(term) for quad in quads for term in quad)
    first_call, second_call = 1 + 1, 1 + 12
    before = characters // 256 + 26 * 4
    assert units_until_refused(quads) in {before + second_call, before + first_call + 1 + second_call}


def test_a_node_that_is_related_several_times_makes_one_order() -> None:
    """As a graph is to all that is described in it: two alike credentials in a presentation, say."""
    for graphs in (6, 20, 500):
        quads = [(f"_:s{s}", "<urn:p>", "_:o", f"<urn:g{g}>") for s in range(2) for g in range(graphs)]
        assert default(quads).work < 20 + 3 * graphs
    described = [(f"_:s{s}", f"<urn:p{p}>", f'"{p}"', f"_:g{s}") for s in range(2) for p in range(30)]
    described += [("<urn:all>", "<urn:part>", f"_:g{s}", "") for s in range(2)]
    described += [("_:s0", "<urn:p>", '"other"', "_:g0")]
    assert default(described).work < 200


def test_the_orders_are_all_the_different_ones_and_each_once() -> None:
    for nodes in ("a", "ab", "aab", "abc", "aabb", "abab", "abcabc", "aaaaaab"):
        orders = [tuple(order) for order in rdfc._orders(list(nodes))]
        assert sorted(orders) == sorted(set(permutations(nodes)))
        assert rdfc._number_of_orders(list(nodes)) == len(orders)
    assert rdfc._number_of_orders(["a"] * 50_000) == 1
    assert rdfc._number_of_orders(list(map(str, range(50_000)))) > 10**9


def test_identifiers_taken_back_are_work() -> None:
    """Two hubs, two arms of eight nodes on each: both orders of the arms issue sixteen and take them back."""
    arms = [[f"_:h{hub}", *(f"_:h{hub}a{arm}n{i}" for i in range(8))] for hub in range(2) for arm in range(2)]
    quads = [(a, "<urn:p>", b, "") for arm in arms for a, b in pairwise(arm)]
    quads += [(f"_:h{hub}", "<urn:q>", '"1"', "") for hub in range(2)]
    inner, last = 1 + 2 + 2, 1 + 1 + 1
    one_order = 14 * inner + 2 * last + 16 // 8
    hub = 1 + 2 + 2 + 2 * one_order
    characters = sum(len(term) for quad in quads for term in quad)
    assert default(quads).work == characters // 256 + 34 * 4 + 2 * hub


def test_the_limit_itself_may_be_spent() -> None:
    quads = identical_items(100)
    work = default(quads).work
    assert canonicalize(quads, work_limit=work) == default(quads)
    assert units_until_refused(quads, work - 1) == work - 1


def test_few_blank_nodes_have_only_their_share_of_the_limit() -> None:
    quads = [(f"_:n{i}", "<urn:p>", f"_:n{j}", "") for i in range(5) for j in range(5) if i != j]
    assert units_until_refused(quads) < WORK_LIMIT // 10
    result = canonicalize(quads, work_limit=10 * WORK_LIMIT)
    assert result.work < WORK_LIMIT
    assert result.nquads == "".join(lines(quads, {f"_:n{i}": f"_:c14n{i}" for i in range(5)}))


def test_work_and_result_do_not_depend_on_the_hash_seed_of_the_process() -> None:
    program = (
        "from vc_core.canonical.rdfc import canonicalize\n"
        "quads = [(f'_:a{i}', '<urn:p>', f'_:b{i % 3}', f'_:g{i % 2}') for i in range(6)]\n"
        "print(canonicalize(quads, work_limit=100_000))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(REPOSITORY)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(outputs) == 1
