"""Every leaf of secured documents changed in every way we know: how many of the changes go unnoticed.

    python -m benches.leaf_mutation [--documents 100] [--seed 1] [--suite NAME]

Under a suite that covers JSON, every document that says something else has to be rejected; only the array around a
single proof says nothing. Under a suite that covers RDF statements, another document with the same statements may
verify, if what the verifier hands out is the same.
Prints, for each cryptosuite and key type, what became of each kind of change. The exit code is 1 if one is a hole.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import process_time
from typing import Any, Final

from did import StaticResolver
from status import NO_STATUS_LISTS
from vc_core import DataIntegrity, Policy, VerificationResult, issue, verify
from vectors.making.credentials import CONTEXTS, CREATED, SUITES, TERMS, V1, V2, Claims
from vectors.making.keys import did_of, signer_of

NOW: Final = datetime(2026, 1, 31, 12, tzinfo=UTC)
LEAVES: Final = "https://vectors.example/leaves/v1"
_LEAF: Final = "https://vectors.example/leaves#"
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
LEAVES_CONTEXT: Final[Claims] = {
    "@context": {
        "@version": 1.1,
        "Chapter": {"@id": _LEAF + "Chapter", "@context": {"page": _LEAF + "page"}},
        "Section": _LEAF + "Section",
        "text": _LEAF + "text",
        "words": {"@id": _LEAF + "words", "@container": "@language"},
        "latvian": {"@id": _LEAF + "latvian", "@language": "lv"},
        "link": {"@id": _LEAF + "link", "@type": "@id"},
        "kind": {"@id": _LEAF + "kind", "@type": "@vocab"},
        "day": {"@id": _LEAF + "day", "@type": _XSD + "date"},
        "sequence": {"@id": _LEAF + "sequence", "@container": "@list"},
        "bag": {"@id": _LEAF + "bag", "@container": "@set"},
        "raw": {"@id": _LEAF + "raw", "@type": "@json"},
        "part": _LEAF + "part",
        "amount": _LEAF + "amount",
        "ratio": {"@id": _LEAF + "ratio", "@type": _XSD + "double"},
        "flag": _LEAF + "flag",
        "otherText": _LEAF + "text",
    }
}
"""A term of every kind that a credential can use, and two terms for one property."""
KNOWN: Final = CONTEXTS | {LEAVES: json.dumps(LEAVES_CONTEXT).encode()}
_LISTS: Final = frozenset({"sequence", "outcome", "raw", "@context"})
"""Members whose arrays have an order."""

Path = tuple[str | int, ...]


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


def mutations(document: Claims) -> Iterator[tuple[str, Path, Claims]]:
    """Documents that differ from this one in one place: the kind of the change, the place, and the document."""
    for path, value in places(document):
        for kind, new in _values_instead(value):
            yield kind, path, replaced(document, path, new)
        if path:
            yield "deleted", path, without(document, path)
        if isinstance(value, dict):
            for kind, new in _objects_instead(value):
                yield kind, path, replaced(document, path, new)
        if isinstance(value, list):
            for kind, new in _arrays_instead(value):
                yield kind, path, replaced(document, path, new)


def places(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every place in a document with the value there, outer before inner."""
    yield path, value
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in inner:
        yield from places(child, (*path, key))


def replaced(document: Any, path: Path, value: Any) -> Any:
    """A document with another value at a place; only what is on the way is copied."""
    if not path:
        return value
    copied = document.copy()
    copied[path[0]] = replaced(document[path[0]], path[1:], value)
    return copied


def without(document: Any, path: Path) -> Any:
    """A document without a member or element."""
    copied = document.copy()
    if len(path) == 1:
        del copied[path[0]]
    else:
        copied[path[0]] = without(document[path[0]], path[1:])
    return copied


def _values_instead(value: Any) -> Iterator[tuple[str, Any]]:
    yield "wrapped in an array", [value]
    yield "wrapped in two arrays", [[value]]
    yield "doubled", [value, value]
    for keyword in ("@value", "@id", "@set", "@list", "@graph", "@included", "@json", "value"):
        yield f"wrapped in {keyword}", {keyword: value}
    for other in (None, {}, [], "", 0):
        if other != value or type(other) is not type(value):
            yield "changed to another kind", other
    if isinstance(value, str):
        yield from _texts_instead(value)
    elif isinstance(value, bool):
        yield from (("changed", not value), ("changed to another kind", int(value)), ("changed to another kind", str(value).lower()))
        yield "typed", {"@type": _XSD + "boolean", "@value": str(value).lower()}
    elif isinstance(value, int | float):
        yield from (("changed", value + 1), ("changed", -value if value else 1), ("changed to another kind", str(value)))
        yield "typed", {"@type": _XSD + ("integer" if isinstance(value, int) else "double"), "@value": str(value)}
        yield "changed in the least", value + 2.0**-30 if abs(value) < 1000 else value - 1


def _texts_instead(value: str) -> Iterator[tuple[str, Any]]:
    for other in (value + "x", value[:-1], value + " ", "\ufeff" + value, value + "\u0000", value.swapcase()):
        if other != value:
            yield "changed", other
    for form in ("NFC", "NFD", "NFKC"):
        if (normal := unicodedata.normalize(form, value)) != value:
            yield "normalised", normal
    for language in ("lv", "LV", "en", "x y"):
        yield "given a language", {"@value": value, "@language": language}
    for datatype in ("string", "date", "dateTime", "integer", "anyURI"):
        yield "typed", {"@type": _XSD + datatype, "@value": value}
    yield "given a direction", {"@value": value, "@direction": "ltr"}
    yield "given an index", {"@value": value, "@index": "x"}


EVIL: Final = (
    ("x-evil", 1), ("alsoKnownAs", "evil"), ("text", "evil"), ("otherText", "evil"), ("@id", "urn:evil"), ("id", "urn:evil"),
    ("id", "_:b0"), ("@type", "Learner"), ("type", "Section"), ("@index", "evil"), ("@context", {}), ("@context", LEAVES),
    ("@context", None), ("@context", []), ("@nest", {"alsoKnownAs": "evil"}), ("details", {"alsoKnownAs": "evil"}),
    ("@reverse", {"link": "urn:evil"}), ("@included", [{"id": "urn:evil", "text": "evil"}]), ("@graph", []), ("@value", "x"),
    ("@language", "lv"), ("@direction", "rtl"), ("@set", []), ("@list", []), ("@base", "urn:x:"), ("@vocab", "urn:x:"), ("", 1),
    (_LEAF + "text", "evil"), ("part", {"id": "did:example:learner"}), ("termsOfUse", {"type": "Section"}), ("proof", {}),
)  # fmt: skip


def _objects_instead(value: Claims) -> Iterator[tuple[str, Any]]:
    for name, evil in EVIL:
        if name not in value:
            yield "given another member", {**value, name: evil}
    for name, member in value.items():
        others = {"id": "@id", "@id": "id", "type": "@type", "@type": "type", "text": "otherText", "otherText": "text"}
        for other in (others.get(name), f"{_LEAF}{name}", f"https://www.w3.org/2018/credentials#{name}", name.upper(), name + " ", f"_:{name}"):
            if other is not None and other != name and other not in value:
                yield "renamed", {other if key == name else key: each for key, each in value.items()}
        for under, child in value.items():
            if under != name and isinstance(child, dict) and name not in child:
                moved = {key: each for key, each in value.items() if key != name}
                yield "moved inwards", {**moved, under: {**child, name: member}}
        if isinstance(member, dict) and name not in {"@context"}:
            for inner in member:
                if inner not in value:
                    rest = {key: each for key, each in member.items() if key != inner}
                    yield "moved outwards", {**value, name: rest, inner: member[inner]}


def _arrays_instead(value: list[Any]) -> Iterator[tuple[str, Any]]:
    if len(value) > 1 and value != value[::-1]:
        yield "reordered", value[::-1]
        yield "nested", [value[0], value[1:]]
    for position, item in enumerate(value):
        yield "given an element twice", [*value[:position], item, *value[position:]]
    for evil in ("evil", None, 0, {}, [], {"id": "urn:evil"}, "https://w3id.org/security/multikey/v1", TERMS):
        if evil not in value:
            yield "given another element", [*value, evil]
            yield "given another element", [evil, *value]


@dataclass(slots=True)
class Tally:
    """What became of the changes: how many of each kind were rejected, read as the original was, or are holes."""

    rejected: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)
    holes: list[tuple[str, Path, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many documents were looked at."""
        return self.rejected.total() + self.same.total() + len(self.holes)


def check(tally: Tally, seed: int, suite: str, key_type: str) -> None:
    """Secures the claims of a seed, changes them in every way, and enters what became of it."""
    issuer = did_of("issuer", key_type)
    covers_json = "-jcs-" in suite
    secured = issue(
        claims_of(seed, issuer),
        signer=signer_of("issuer", key_type),
        securing=DataIntegrity(cryptosuite=suite, contexts=KNOWN),
        created=CREATED,
    )
    policy = Policy(accepted_issuers=frozenset({issuer}), contexts=KNOWN)

    def read(data: bytes) -> VerificationResult:
        return verify(data, resolver=_RESOLVER, status=NO_STATUS_LISTS, policy=policy, now=NOW)

    original = read(secured)
    handed_out = seen(original)
    document = json.loads(secured)
    for kind, path, changed in mutations(document):
        text = json.dumps(changed, ensure_ascii=False)
        result = read(text.encode())
        if not result:
            tally.rejected[kind] += 1
        elif not covers_json and seen(result) == handed_out:
            tally.same[f"{kind} in @context" if path[:1] == ("@context",) else kind] += 1
        elif covers_json and seen(result) == handed_out and _same_json(document, _with_one_proof(changed)):
            tally.same[kind] += 1
        else:
            tally.holes.append((kind, path, text))


_RESOLVER: Final = StaticResolver()


def _with_one_proof(document: Claims) -> Claims:
    """The document with its proof outside of an array, if it is the only one: a proof set of one."""
    proofs = document["proof"]
    return {**document, "proof": proofs[0]} if isinstance(proofs, list) and len(proofs) == 1 else document


def _same_json(left: Any, right: Any) -> bool:
    """Whether two values are one to JSON, for which 3 and 3.0 are the same number but 1 and true are not."""
    if isinstance(left, bool) or isinstance(right, bool) or type(left) in (str, type(None)):
        return type(left) is type(right) and bool(left == right)
    if isinstance(left, dict):
        return isinstance(right, dict) and left.keys() == right.keys() and all(_same_json(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(_same_json, left, right))
    return isinstance(right, int | float) and bool(left == right)


def seen(result: VerificationResult) -> str:
    """All that a verifier hands out about a credential, in one order, but the list of its contexts.

    A proof over RDF statements covers what the contexts make of a document, and not their list.
    """
    credential = result.credential
    return json.dumps(
        [
            _ordered({name: value for name, value in credential.claims.items() if name != "@context"}),
            credential.issuer,
            sorted(credential.types),
            credential.valid_from,
            credential.valid_until,
            [repr(method) for method in credential.proven_by],
        ],
        sort_keys=True,
    )


def _ordered(value: Any, key: str = "") -> Any:
    """The value with the arrays that have no order of their own in one order."""
    if isinstance(value, dict) and key != "raw":
        return {name: _ordered(member, name) for name, member in value.items()}
    if isinstance(value, list) and key not in _LISTS:
        return sorted((_ordered(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
    return value


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--documents", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--suite", choices=[suite for suite, _ in SUITES])
    options = parser.parse_args(arguments)
    holes = 0
    for suite, key_type in SUITES:
        if options.suite not in (None, suite):
            continue
        tally, began = Tally(), process_time()
        for seed in range(options.seed, options.seed + options.documents):
            check(tally, seed, suite, key_type)
        seconds = process_time() - began
        print(f"{suite} {key_type}: {options.documents} documents, {tally.total} changes, {seconds:.0f} s")
        print(f"  rejected {tally.rejected.total()}, read alike {tally.same.total()}, holes {len(tally.holes)}")
        for kind, count in sorted(tally.same.items()):
            print(f"    read alike: {kind} {count}")
        for kind, path, _ in tally.holes[:20]:
            print(f"    HOLE: {kind} at /{'/'.join(map(str, path))}")
        holes += len(tally.holes)
    return 1 if holes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
