"""The peer is what it is taken for: it accepts the published vectors, and it can be timed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from peer import Peer, PeerError
from sides import CREATED, ED25519, NOW


def test_it_verifies_the_published_vectors(peer: Peer, conformance: Path) -> None:
    index = json.loads((conformance / "contexts/index.json").read_text())
    examples = "https://www.w3.org/ns/credentials/examples/v2"
    peer.ask(
        "contexts",
        contexts={examples: (conformance / "contexts" / index[examples]["file"]).read_text()},
    )
    folder = conformance / "conformance"
    signed = [
        path for name in ("vc-di-eddsa", "vc-di-ecdsa") for path in sorted((folder / name).glob("**/signed*.json"))
    ]
    assert len(signed) == 14
    answers = {
        path.name: peer.ask("verify", document=path.read_text(), now=NOW, issuerControl=False) for path in signed
    }
    assert [name for name, answer in answers.items() if not answer["verified"]] == []


def test_it_writes_the_published_numbers(peer: Peer, conformance: Path) -> None:
    lines = (conformance / "conformance/jcs/es6-numbers-10000.txt").read_text().split()
    patterns, texts = zip(*(line.split(",") for line in lines), strict=True)
    assert peer.ask("numbers", doubles=patterns)["texts"] == list(texts)


def test_it_refuses_what_was_not_handed_over(peer: Peer) -> None:
    document = json.dumps({"@context": "https://www.example.com/v1", "id": "urn:example:x"})
    with pytest.raises(PeerError, match="Dereferencing a URL"):
        peer.ask("canonize", document=document)


def test_it_can_be_timed(peer: Peer) -> None:
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": ED25519.did,
        "credentialSubject": {"id": "urn:example:learner"},
    }
    secured = peer.ask(
        "sign",
        document=json.dumps(document),
        cryptosuite="eddsa-jcs-2022",
        key=ED25519.multikey,
        created=CREATED,
    )["document"]
    timing = peer.ask("bench", of="verify", count=5, warmup=1, document=secured, now=NOW)
    assert timing["answer"]["verified"]
    assert 0 < timing["min_us"] <= timing["median_us"]


def test_it_says_which_packages_it_runs(peer: Peer) -> None:
    versions = peer.ask("versions")
    assert versions["packages"]["jsonld"] == "9.0.0"
    assert int(versions["node"].split(".")[0]) >= 20
