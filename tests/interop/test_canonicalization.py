"""Both sides bring a document into the same canonical form, to the byte."""

from __future__ import annotations

import json
import random
import struct
from collections.abc import Iterable
from functools import cache
from typing import Any

import pytest
from cases import CASES, Case
from peer import Peer
from sides import CONTEXTS, ED25519

from vc_core.canonical import jcs, jsonld, rdfc
from vc_core.document import read_json
from vc_core.errors import VCError
from vc_core.limits import Limits

LIMITS = Limits()
WORK_FACTOR = 3  # more than theirs allows by default, so that only the result is compared


def ours_nquads(text: str, hash_algorithm: str) -> str:
    document = read_json(text.encode(), limits=LIMITS)
    assert isinstance(document, dict)
    quads = jsonld.to_quads(document, contexts=CONTEXTS, limits=LIMITS)
    canonical = rdfc.canonicalize(quads, hash_algorithm=hash_algorithm, work_limit=LIMITS.canonicalization_work)
    return canonical.nquads


def theirs_nquads(peer: Peer, texts: Iterable[str], hash_algorithm: str) -> list[str | None]:
    """The canonical N-Quads of each text; None where theirs refuses it."""
    requests = [{"document": text, "hash": hash_algorithm, "workFactor": WORK_FACTOR} for text in texts]
    replies = peer.ask_all("canonize", requests)
    return [reply["answer"]["nquads"] if "answer" in reply else None for reply in replies]


@cache
def theirs_of_all(peer: Peer, hash_algorithm: str) -> dict[str, str | None]:
    texts = {case.name: json.dumps(case.document(ED25519.did)) for case in CASES}
    return dict(zip(texts, theirs_nquads(peer, texts.values(), hash_algorithm), strict=True))


@pytest.mark.parametrize("hash_algorithm", ["sha256", "sha384"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_nquads(peer: Peer, case: Case, hash_algorithm: str) -> None:
    text = json.dumps(case.document(ED25519.did))
    try:
        ours: str | None = ours_nquads(text, hash_algorithm)
    except VCError:
        ours = None
    theirs = theirs_of_all(peer, hash_algorithm)[case.name]
    assert (ours is None) is bool(case.rdfc.ours_issues)
    assert (theirs is None) is (bool(case.rdfc.theirs_signs) and "iterations" not in case.rdfc.theirs_signs)
    if ours is not None and theirs is not None:
        assert (ours == theirs) is not bool(case.rdfc.ours_verifies), (ours, theirs)


def modules(random_: random.Random, depth: int) -> list[dict[str, Any]]:
    """Anonymous nodes that are often equal, and often differ only far below."""
    return [
        {"title": random_.choice("ab")} if depth == 0 else {"module": modules(random_, depth - 1)}
        for _ in range(random_.randint(1, 3))
    ]


def test_nquads_of_anonymous_structures(peer: Peer) -> None:
    random_ = random.Random(1)
    case = next(case for case in CASES if case.name == "latvian text")
    texts = []
    for _ in range(25):
        subject = {"id": "urn:example:learner", "module": modules(random_, depth=3)}
        texts.append(json.dumps(case.document(ED25519.did) | {"credentialSubject": subject}))
    theirs = theirs_nquads(peer, texts, "sha256")
    for text, expected in zip(texts, theirs, strict=True):
        assert ours_nquads(text, "sha256") == expected, text


def ours_jcs(text: str) -> str:
    return jcs.canonicalize(read_json(text.encode(), limits=LIMITS)).decode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_jcs(peer: Peer, case: Case) -> None:
    text = json.dumps(case.document(ED25519.did))
    if case.jcs.ours_issues == "PARSING_ERROR":
        with pytest.raises(VCError):
            ours_jcs(text)
    else:
        assert ours_jcs(text) == peer.ask("jcs", document=text)["text"]


KEYS = [
    "",
    "a",
    "A",
    "1",
    "10",
    "\x01",
    "é",
    "ķ",
    "\ud7ff",
    "\ue000",
    "\ufb33",
    "\uffff",
    "\U00010000",
    "\U0001f600",
]
LEAVES: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    5.0,
    -0.0,
    1e21,
    1e-7,
    0.1,
    "",
    "ā\u2028\x7f\x1f\U0001f600",
    [],
    {},
]


def value(random_: random.Random, depth: int) -> Any:
    kind = random_.choice(["leaf", "array", "object"]) if depth else "leaf"
    if kind == "leaf":
        return random_.choice(LEAVES)
    inner = [value(random_, depth - 1) for _ in range(random_.randint(0, 5))]
    return inner if kind == "array" else dict(zip(random_.sample(KEYS, len(inner)), inner, strict=True))


def test_jcs_of_structures(peer: Peer) -> None:
    random_ = random.Random(8785)
    texts = [json.dumps({"value": value(random_, depth=4)}, ensure_ascii=random_.random() < 0.5) for _ in range(500)]
    replies = peer.ask_all("jcs", [{"document": text} for text in texts])
    for text, reply in zip(texts, replies, strict=True):
        assert ours_jcs(text) == reply["answer"]["text"], text


def test_jcs_of_doubles(peer: Peer) -> None:
    """Random bit patterns, and the neighbours of the powers of ten, where the notation changes."""
    random_ = random.Random(8785)
    patterns = [random_.getrandbits(64) for _ in range(20_000)]
    patterns += [
        struct.unpack(">Q", struct.pack(">d", float(f"1e{exponent}")))[0] + step
        for exponent in range(-330, 309)
        for step in (-1, 0, 1)
        if float(f"1e{exponent}") > 0
    ]
    doubles = {f"{pattern:016x}": struct.unpack(">d", pattern.to_bytes(8))[0] for pattern in patterns}
    finite = {text: double for text, double in doubles.items() if abs(double) <= 1.7976931348623157e308}
    theirs = peer.ask("numbers", doubles=list(finite))["texts"]
    assert [jcs.canonicalize(double).decode() for double in finite.values()] == theirs
