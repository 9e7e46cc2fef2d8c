"""Properties of the canonical form, and its equality with an independent implementation."""

from __future__ import annotations

from collections import Counter
from random import Random

import pyoxigraph
from hypothesis import assume, example, given
from hypothesis import strategies as st

from vc_core.canonical.nquads import Quad, iri, lines, literal, parse
from vc_core.canonical.rdfc import Canonical, canonicalize
from vc_core.errors import LimitExceeded, ParsingError, ProofTransformationError

WORK_LIMIT = 2_000_000
NODES = tuple(f"_:n{i}" for i in range(6))
IRIS = ("<urn:a>", "<urn:b>")

nodes = st.sampled_from(NODES)
characters = st.characters(exclude_categories=["Cs"]) | st.sampled_from('\0\x07\b\t\n\x0b\f\r\x1f\x7f"\\\ufffe\uffff')
literals = st.builds(literal, st.text(characters, max_size=4)) | st.builds(
    lambda text: literal(text, language="en"), st.text(characters, max_size=2)
)
any_quads = st.tuples(
    nodes | st.sampled_from(IRIS),
    st.sampled_from(("<urn:p>", "<urn:q>")),
    nodes | st.sampled_from(IRIS) | literals,
    st.just("") | nodes | st.sampled_from(IRIS),
)
any_datasets = st.lists(any_quads, max_size=12)


def copies(quads: list[Quad], count: int) -> list[Quad]:
    """The dataset and others like it: blank nodes that look alike, and pairs that are alike."""
    return [(name(s, copy), p, name(o, copy), name(g, copy)) for copy in range(count) for s, p, o, g in quads]


def name(term: str, copy: int) -> str:
    return f"{term}.{copy}" if term.startswith("_:") else term


def blank_nodes(quads: list[Quad]) -> list[str]:
    return list(dict.fromkeys(term for quad in quads for term in quad if term.startswith("_:")))


def has_one_canonical_form(quad: Quad) -> bool:
    """Whether a quad joins two blank nodes at most: with three, the hashes of RDFC-1.0 can be too weak."""
    return len(blank_nodes([quad])) <= 2


datasets = st.builds(copies, st.lists(any_quads.filter(has_one_canonical_form), max_size=12), st.integers(1, 3))


def canonical(quads: list[Quad]) -> str:
    return canonicalize(quads, work_limit=WORK_LIMIT).nquads


@given(datasets, st.randoms(use_true_random=False))
def test_the_order_of_quads_and_the_labels_of_blank_nodes_do_not_matter(quads: list[Quad], random: Random) -> None:
    labels = blank_nodes(quads)
    renamed = [f"_:c14n{i}" for i in range(len(labels))]
    random.shuffle(renamed)
    names = dict(zip(labels, renamed, strict=True))
    shuffled = [(names.get(s, s), p, names.get(o, o), names.get(g, g)) for s, p, o, g in quads]
    random.shuffle(shuffled)
    assert canonical(shuffled) == canonical(quads)


@given(datasets)
def test_the_canonical_form_is_its_own_canonical_form(quads: list[Quad]) -> None:
    document = canonical(quads)
    again = canonicalize(parse(document), work_limit=WORK_LIMIT)
    assert again.nquads == document


@given(any_datasets)
def test_the_canonical_form_is_the_dataset_with_other_labels(quads: list[Quad]) -> None:
    result = canonicalize(quads, work_limit=WORK_LIMIT)
    assert set(result.labels) == {node[2:] for node in blank_nodes(quads)}
    assert list(result.labels.values()) == [f"c14n{i}" for i in range(len(result.labels))]
    names = {f"_:{label}": f"_:{issued}" for label, issued in result.labels.items()}
    assert result.nquads == "".join(lines(set(quads), names))
    assert len(parse(result.nquads)) == len(set(quads))


@given(datasets)
def test_it_is_the_form_that_the_oracle_computes(quads: list[Quad]) -> None:
    assume(not relates_twice(quads))
    assert canonical(quads) == oracle(quads)


def test_random_graphs_have_the_form_that_the_oracle_computes() -> None:
    """Denser datasets than those above: blank nodes almost everywhere, in one to three copies."""
    compared = 0
    for seed in range(3000):
        quads = random_dataset(Random(seed))
        if not relates_twice(quads):
            compared += 1
            assert canonical(quads) == oracle(quads), seed
    assert compared > 2000


def random_dataset(random: Random) -> list[Quad]:
    some_nodes = NODES[: random.randint(2, 6)]

    def term(share: float, *others: str) -> str:
        return random.choice(some_nodes if random.random() < share else others)

    quads = [
        (term(0.9, *IRIS), random.choice(("<urn:p>", "<urn:q>")), term(0.8, *IRIS), term(0.3, "", *IRIS))
        for _ in range(random.randint(1, 12))
    ]
    return copies([quad for quad in quads if has_one_canonical_form(quad)], random.randint(1, 3))


def oracle(quads: list[Quad]) -> str:
    document = "".join(lines(quads, {}))
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(document, format=pyoxigraph.RdfFormat.N_QUADS))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return "".join(sorted(f"{quad} .\n" for quad in dataset))


def relates_twice(quads: list[Quad]) -> bool:
    """Whether two blank nodes are related in the same way in more than one graph.

    The specification then lists the related one twice in Hash N-Degree Quads (step 3.1.2), the oracle once.
    """
    relations = Counter(
        (node, position, p if position != "g" else "", related)
        for s, p, o, g in set(quads)
        for node in {s, o, g}
        for position, related in (("s", s), ("o", o), ("g", g))
        if node.startswith("_:") and related.startswith("_:") and node != related
    )
    return max(relations.values(), default=0) > 1


@given(any_datasets, st.integers(0, 3000))
def test_a_limit_either_refuses_or_changes_nothing(quads: list[Quad], work_limit: int) -> None:
    unlimited = canonicalize(quads, work_limit=WORK_LIMIT)
    limited = within(quads, work_limit)
    assert limited in (unlimited, "WORK_LIMIT_EXCEEDED")
    assert limited == "WORK_LIMIT_EXCEEDED" or unlimited.work <= work_limit


def within(quads: list[Quad], work_limit: int) -> Canonical | str:
    """The canonical form, or the code with which it was refused."""
    try:
        return canonicalize(quads, work_limit=work_limit)
    except LimitExceeded as error:
        return error.code


@given(st.text(st.characters() | characters), st.none() | st.text(), st.none() | st.text())
@example("en", None, "en .\n<urn:s> <urn:p> <urn:o")
@example("", "urn:d> .\n<urn:s> <urn:p> <urn:o", None)
def test_a_literal_is_refused_or_read_back(text: str, datatype: str | None, language: str | None) -> None:
    try:
        term = literal(text, datatype=datatype, language=language)
    except ProofTransformationError:
        return
    assert parse(f"<urn:s> <urn:p> {term} .") == [("<urn:s>", "<urn:p>", term, "")]


@given(st.text(characters))
def test_a_literal_means_its_text(text: str) -> None:
    (quad,) = pyoxigraph.parse(f"<urn:s> <urn:p> {literal(text)} .", format=pyoxigraph.RdfFormat.N_QUADS)
    assert quad.object == pyoxigraph.Literal(text)
    assert str(quad.object) == literal(text)


@given(st.builds("urn:{}".format, st.text(st.characters() | characters)))
def test_an_iri_is_refused_or_read_back(text: str) -> None:
    try:
        term = iri(text)
    except ProofTransformationError:
        return
    assert parse(f"{term} {term} {term} {term} .") == [(term, term, term, term)]


@given(st.text(st.sampled_from('<>_:ab."\\u041@-^ \t\r\n#\ud800') | st.characters()))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        quads = parse(text)
    except ParsingError:
        return
    assert "".join(lines(parse("".join(lines(quads, {}))), {})) == "".join(lines(quads, {}))
