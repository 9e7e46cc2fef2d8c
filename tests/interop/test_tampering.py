"""Whatever is changed in a secured document, both sides refuse it, unless both read the same claims in it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from documents import TERMS, V2
from sides import NOW, OTHER_ED25519, SUITES, ours_issue, ours_verify

if TYPE_CHECKING:
    from peer import Peer

# One of each kind of value.
DOCUMENT = {
    "@context": [V2, TERMS],
    "id": "urn:uuid:8a3b1f0e-55a8-4f4a-9c54-3a7d1f0a9f11",
    "type": ["VerifiableCredential", "LearningCredential"],
    "name": {"@value": "Datu ētika", "@language": "lv"},
    "validFrom": "2025-01-01T00:00:00Z",
    "credentialSubject": {
        "id": "urn:example:learner",
        "title": ["viens", "divi"],
        "module": [{"title": "same"}, {"title": "same"}],
        "sequence": ["a", {"title": "b"}],
        "number": 4.5,
        "raw": {"deep": [1, None, True]},
    },
}

Path = tuple[str | int, ...]


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place in a document below the top, inner and outer."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield (*path, key)
        yield from places(child, (*path, key))


def parent(document: Any, path: Path) -> Any:
    for key in path[:-1]:
        document = document[key]
    return document


def other(value: Any) -> Any:
    """A value of the same kind that says something else."""
    match value:
        case bool():
            return not value
        case str():
            return value[:-1] + ("x" if value[-1:] != "x" else "y")
        case int() | float():
            return value + 1
        case None:
            return 0
        case list():
            return [*value, "x"]
        case _:
            return {**value, "title": "x"}


def change(document: Any, path: Path) -> None:
    parent(document, path)[path[-1]] = other(parent(document, path)[path[-1]])


def delete(document: Any, path: Path) -> None:
    del parent(document, path)[path[-1]]


def add(document: Any, path: Path) -> None:
    place = parent(document, path)[path[-1]]
    if isinstance(place, dict):
        place["added"] = "x"
    else:
        parent(document, path)[path[-1]] = [place, "x"]


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A change of the JSON that leaves its RDF statements alone, and who accepts it under each kind of suite.

    Each pair is ours and theirs. An RDFC suite signs the statements, so what is refused there is refused for
    the form that we ask of a document.
    """

    change: Callable[[dict[str, Any]], object]
    rdfc: tuple[bool, bool]
    jcs: tuple[bool, bool]
    because: str = ""


BOTH, NONE, THEIRS = (True, True), (False, False), (False, True)
UNUSED = "https://w3id.org/security/multikey/v1"

REWRITINGS = {
    "members in another order": Rewriting(
        lambda document: document.update(name=document.pop("name")), rdfc=BOTH, jcs=BOTH
    ),
    "types in another order": Rewriting(lambda document: document["type"].reverse(), rdfc=BOTH, jcs=NONE),
    "values in another order": Rewriting(
        lambda document: document["credentialSubject"]["title"].reverse(), rdfc=BOTH, jcs=NONE
    ),
    "one value in an array": Rewriting(lambda document: document.update(name=[document["name"]]), rdfc=BOTH, jcs=NONE),
    "a value said twice": Rewriting(
        lambda document: document["credentialSubject"]["title"].append("viens"),
        rdfc=THEIRS,
        jcs=NONE,
        because="the second time is covered by no proof",
    ),
    "a keyword for its alias": Rewriting(
        lambda document: document.update({"@id": document.pop("id")}),
        rdfc=THEIRS,
        jcs=NONE,
        because="readers of the JSON look for the alias",
    ),
    "a context more": Rewriting(
        lambda document: document["@context"].append(UNUSED),
        rdfc=BOTH,
        jcs=THEIRS,
        because="a JCS suite lets contexts follow those that it covers; we take only what is covered",
    ),
}


@pytest.fixture(params=SUITES)
def suite(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def secured(suite: str) -> dict[str, Any]:
    cryptosuite, key = SUITES[suite]
    document: dict[str, Any] = json.loads(ours_issue(DOCUMENT | {"issuer": key.did}, cryptosuite, key))
    return document


def accept_all(peer: Peer, suite: str, documents: Iterable[dict[str, Any]]) -> list[tuple[bool, bool]]:
    """Whether ours and theirs accept each document."""
    texts = [json.dumps(document) for document in documents]
    theirs = peer.ask_all("verify", [{"document": text, "now": NOW} for text in texts])
    return [
        (bool(ours_verify(text, SUITES[suite][1])), reply["answer"]["verified"])
        for text, reply in zip(texts, theirs, strict=True)
    ]


def accepts(peer: Peer, suite: str, document: dict[str, Any]) -> tuple[bool, bool]:
    """Whether ours and theirs accept a document."""
    return accept_all(peer, suite, [document])[0]


@pytest.mark.parametrize("operation", [change, delete, add])
def test_any_change_is_refused_by_both(peer: Peer, suite: str, operation: Callable[[Any, Path], None]) -> None:
    original = secured(suite)
    assert accepts(peer, suite, original) == BOTH
    changed = {}
    for path in places(original):
        changed[path] = copy.deepcopy(original)
        operation(changed[path], path)
    answers = zip(changed, accept_all(peer, suite, changed.values()), strict=True)
    accepted = {path: answer for path, answer in answers if answer != NONE}
    if operation is change and "-jcs-" in suite:
        assert accepted.pop(("@context",)) == THEIRS  # appends a context: see REWRITINGS
    assert accepted == {}


@pytest.mark.parametrize("name", REWRITINGS)
def test_other_json_with_the_same_statements(peer: Peer, suite: str, name: str) -> None:
    rewriting = REWRITINGS[name]
    document = secured(suite)
    rewriting.change(document)
    expected = rewriting.jcs if "-jcs-" in suite else rewriting.rdfc
    assert accepts(peer, suite, document) == expected, rewriting.because


def unordered(value: Any) -> Any:
    """The same for values that differ in the order of arrays only, unless JSON-LD gives them an order."""
    if isinstance(value, dict):
        return {name: inner if name in ("sequence", "raw") else unordered(inner) for name, inner in value.items()}
    return sorted(map(unordered, value), key=json.dumps) if isinstance(value, list) else value


def test_what_is_read_does_not_depend_on_the_json(suite: str) -> None:
    """Whoever rewrites the JSON of an accepted document changes nothing in the claims that we give out."""

    def read(document: dict[str, Any]) -> Any:
        claims = ours_verify(json.dumps(document), SUITES[suite][1]).credential.claims
        del claims["@context"]  # says how to read, not what
        return unordered(claims)

    claims = read(secured(suite))
    for name, rewriting in REWRITINGS.items():
        ours, _ = rewriting.jcs if "-jcs-" in suite else rewriting.rdfc
        if ours:
            document = secured(suite)
            rewriting.change(document)
            assert read(document) == claims, name


def test_a_proof_with_another_key(peer: Peer, suite: str) -> None:
    document = secured(suite)
    document["proof"]["verificationMethod"] = OTHER_ED25519.verification_method
    assert accepts(peer, suite, document) == (False, False)


def test_a_proof_of_another_document(peer: Peer, suite: str) -> None:
    document = secured(suite)
    cryptosuite, key = SUITES[suite]
    other_document = DOCUMENT | {"issuer": key.did, "id": "urn:example:another"}
    document["proof"] = json.loads(ours_issue(other_document, cryptosuite, key))["proof"]
    assert accepts(peer, suite, document) == (False, False)


def test_a_proof_under_another_cryptosuite(peer: Peer) -> None:
    """The JCS and the RDFC suites of one key type differ in nothing but the canonical form."""
    for left, right in (
        ("eddsa-jcs-2022", "eddsa-rdfc-2022"),
        ("ecdsa-jcs-2019 P-256", "ecdsa-rdfc-2019 P-256"),
    ):
        for suite, renamed in ((left, right), (right, left)):
            document = secured(suite)
            document["proof"]["cryptosuite"] = SUITES[renamed][0]
            assert accepts(peer, suite, document) == (False, False), (suite, renamed)
