"""Claims with values of every kind, for looking at what becomes of each of them when it is changed."""

from __future__ import annotations

import json
import random
from typing import Any, Final

from vectors.making.credentials import CONTEXTS, TERMS, V1, V2, Claims

LEAVES: Final = "https://vectors.example/leaves/v1"
LEAF: Final = "https://vectors.example/leaves#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
LEAVES_CONTEXT: Final[Claims] = {
    "@context": {
        "@version": 1.1,
        "Chapter": {"@id": LEAF + "Chapter", "@context": {"page": LEAF + "page"}},
        "Section": LEAF + "Section",
        "text": LEAF + "text",
        "words": {"@id": LEAF + "words", "@container": "@language"},
        "latvian": {"@id": LEAF + "latvian", "@language": "lv"},
        "link": {"@id": LEAF + "link", "@type": "@id"},
        "kind": {"@id": LEAF + "kind", "@type": "@vocab"},
        "day": {"@id": LEAF + "day", "@type": XSD + "date"},
        "sequence": {"@id": LEAF + "sequence", "@container": "@list"},
        "bag": {"@id": LEAF + "bag", "@container": "@set"},
        "raw": {"@id": LEAF + "raw", "@type": "@json"},
        "part": LEAF + "part",
        "amount": LEAF + "amount",
        "ratio": {"@id": LEAF + "ratio", "@type": XSD + "double"},
        "flag": LEAF + "flag",
        "otherText": LEAF + "text",
    }
}
"""A term of every kind that a credential can use, and two terms for one property."""
KNOWN: Final = CONTEXTS | {LEAVES: json.dumps(LEAVES_CONTEXT).encode()}


def claims_of(seed: int, issuer: str) -> Claims:
    """Claims with values of every kind, the same for the same seed; each of their contexts is needed."""
    chance = random.Random(seed)
    version_1 = chance.random() < 0.3
    claims: Claims = {
        "@context": [V1 if version_1 else V2, TERMS, LEAVES],
        "id": f"urn:example:{chance.randrange(10**9)}",
        "type": ["VerifiableCredential", "MicroCredential"],
        "issuer": issuer if version_1 or chance.random() < 0.5 else {"id": issuer, "name": _text(chance)},
        "validFrom": "2026-01-15T09:30:00Z",
        "credentialSubject": {
            "id": "did:example:learner",
            "type": "Learner",
            "achievement": {"type": "Achievement", "title": {"lv": _text(chance), "en": _text(chance)}, "credits": 3},
            **_members(chance, depth=0),
        },
    }
    if version_1:
        claims["issuanceDate"] = claims.pop("validFrom")
    else:
        claims["name"] = {"@value": _text(chance), "@language": "lt"}
    return claims


def _text(chance: random.Random) -> str:
    alphabet = 'aeiouāēīūčšž ąęėįųū"\\/<>:.-_{}\t\n\u200f\u2028é😀0123456789'
    return "".join(chance.choice(alphabet) for _ in range(chance.randint(1, 8)))


def _json(chance: random.Random, depth: int = 0) -> Any:
    kinds = [lambda: _text(chance), lambda: chance.randint(-9, 9), lambda: None, lambda: True, lambda: 0.5]
    if depth < 2:
        kinds += [
            lambda: [_json(chance, depth + 1) for _ in range(chance.randint(0, 2))],
            lambda: {_text(chance): _json(chance, depth + 1) for _ in range(chance.randint(0, 2))},
        ]
    return chance.choice(kinds)()


def _members(chance: random.Random, depth: int) -> Claims:
    kinds: dict[str, Any] = {
        "text": lambda: _several(chance, lambda: _text(chance)),
        "words": lambda: {tag: _text(chance) for tag in chance.sample(["lv", "lt", "en", "de-at"], 2)},
        "latvian": lambda: _text(chance),
        "link": lambda: f"https://x.example/{chance.randrange(99)}",
        "kind": lambda: chance.choice(["Section", "Chapter"]),
        "day": lambda: f"2026-01-{chance.randint(10, 28)}",
        "sequence": lambda: [chance.choice([_text(chance), chance.randint(0, 9)]) for _ in range(3)],
        "bag": lambda: _several(chance, lambda: _text(chance), least=2),
        "raw": lambda: _json(chance),
        "amount": lambda: chance.randint(-(2**53) + 1, 2**53 - 1),
        "ratio": lambda: chance.randint(1, 99) / 8 + 0.0625,
        "flag": lambda: chance.random() < 0.5,
    }
    chosen = chance.sample(sorted(kinds), 4 if depth else 6)
    members: Claims = {name: kinds[name]() for name in chosen}
    if depth < 2:
        inner = _members(chance, depth + 1) | {"type": "Section"}
        members["part"] = [inner, {"type": "Chapter", "page": chance.randint(1, 9)}] if depth == 0 else inner
        if chance.random() < 0.5:
            inner["id"] = f"urn:example:part:{depth}"
    return members


def _several(chance: random.Random, make: Any, least: int = 1) -> Any:
    values = sorted({make() for _ in range(chance.randint(least, 3))})
    return values[0] if len(values) == 1 and least == 1 else values
