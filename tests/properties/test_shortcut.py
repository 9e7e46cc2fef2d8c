"""Whatever a policy has met before: `verify` says what it says when every check is made, and verifies nothing else."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache, partial
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benches.leaf_changes import places, replaced, without
from benches.same_verdicts import Tally, compare, watched
from tests.unit.series_of import MECHANISMS, POLICY, Mechanism, Verifier
from vc_core.series import known
from vc_core.series.fields import may_differ
from vc_core.series.leaves import leaves_of
from vectors.making.credentials import CREATED, Claims
from vectors.making.credentials import text as as_text
from vectors.making.tokens import encoded, header_of, payload_bytes, signed, with_payload

LONG_LIVED: Final = Verifier(replace(POLICY))
"""Whoever sees the credentials of all examples, and learns from those that hold."""
NASTY: Final = (
    "", " ", "\x00", "\t", '"', "\\", "\\u0041", "\x7f", "\u00a0", "\u00ad", "\u2028", "\ufeff", "\ue000", "\uffff",
    "ﬁ", "😀", "ﬁ😀", "e\u0301", '","id":"urn:x:z', '"}', "}", ",", ":", "@context", "@id", "null", "01", "urn:x:1",
    "x" * 2_000,
)  # fmt: skip
texts = st.text("abāž名😀 :/.-", max_size=8) | st.sampled_from(NASTY) | st.text(max_size=8)
numbers = st.sampled_from([0, -1, 10**14, 10**15 - 1, 10**15, 2**53 - 1, 1.5, True, None]) | st.integers(
    -(2**40), 2**40
)


# Members of series


def issued(mechanism: Mechanism, number: int, values: dict[str, Any], way: int) -> bytes:
    """A member of one series, with these values in some of its fields, written in one of the ways."""

    def change(claims: Claims) -> None:
        for name, write in FIELDS.items():
            write(claims, values.get(name, number + 3 if name == "credits" else f"{PLAIN.get(name, 'Nr. ')}{number}"))

    data = mechanism.credential(number, change, created=CREATED + timedelta(seconds=number))
    if not mechanism.is_token:
        return json.dumps(json.loads(data), **WAYS[way]).encode()
    return signed(its_header(data), json.dumps(json.loads(payload_bytes(data)), **WAYS[way]).encode())


def its_header(token: bytes) -> Claims:
    """The header without its `alg`, which a signature brings."""
    return {name: value for name, value in header_of(token).items() if name != "alg"}


@cache
def taught(mechanism: Mechanism, way: int) -> tuple[bytes, bytes]:
    """Two that differ in every field."""
    return issued(mechanism, 1, {}, way), issued(mechanism, 2, {}, way)


@st.composite
def members(draw: st.DrawFn, mechanism: Mechanism, way: int) -> bytes:
    """One that its issuer signed, though perhaps against the rules."""
    names = draw(st.lists(st.sampled_from(sorted(FIELDS)), max_size=2, unique=True))
    values = {name: draw(numbers if name == "credits" else texts) for name in names}
    number = draw(st.integers(0, 9))
    try:
        return issued(mechanism, number, values, way)
    except Exception:  # noqa: BLE001  (what has no statements, or no time, is of no interest here)
        return issued(mechanism, number, {}, way)


def _subject(name: str) -> Callable[[Claims, Any], None]:
    return lambda claims, value: claims["credentialSubject"].update({name: value})


def _member(name: str) -> Callable[[Claims, Any], None]:
    return lambda claims, value: claims.update({name: value})


FIELDS: Final[dict[str, Callable[[Claims, Any], None]]] = {
    "id": _member("id"),
    "name": _member("name"),
    "validUntil": lambda claims, value: claims.update(validUntil=f"{value}Z"),
    "subject": _subject("id"),
    "alias": _subject("alsoKnownAs"),
    "title": lambda claims, value: claims["credentialSubject"]["achievement"]["title"].update(lt=value),
    "outcome": lambda claims, value: claims["credentialSubject"]["achievement"].update(outcome=["x", value]),
    "credits": lambda claims, value: claims["credentialSubject"]["achievement"].update(credits=value),
}
PLAIN: Final = {"id": "urn:x:", "subject": "did:example:", "validUntil": "2031-01-01T09:30:0"}
"""What the values of some fields begin with, before a digit."""
WAYS: Final[tuple[dict[str, Any], ...]] = (
    *[{"ensure_ascii": False, "separators": (",", ":")}] * 4,
    {"ensure_ascii": True, "separators": (",", ":")},
    {"ensure_ascii": False},
    {"ensure_ascii": False, "indent": 1},
)


# Changes


@st.composite
def changed(draw: st.DrawFn, mechanism: Mechanism, data: bytes, other: bytes) -> bytes:
    """The credential after a change to its bytes or to its tree; a token keeps its signature, or is signed again."""
    kind = draw(st.sampled_from(["none", "none", "field", "field", "byte", "cut", "insert", "splice", "leaf", "swap"]))
    if kind == "none":
        return data
    text, others = (payload_bytes(each) if mechanism.is_token else each for each in (data, other))
    if kind in ("leaf", "swap"):
        text = as_text(_changed_tree(draw, kind, json.loads(text)))
    elif kind == "field":
        leaves = [leaf for leaf in leaves_of(text) or () if may_differ(leaf.path, of_token=mechanism.is_token)]
        likely = [leaf for leaf in leaves if text[leaf.start : leaf.end].startswith(b"Nr. ")]
        leaf = draw(st.sampled_from(likely or leaves))
        text = text[: leaf.start] + draw(texts).encode() + text[leaf.end :]
    else:
        start = draw(st.integers(0, len(text) - 1))
        length = draw(st.integers(1, 30))
        instead = {
            "byte": draw(st.binary(min_size=1, max_size=1)) + text[start + 1 : start + length],
            "cut": b"",
            "insert": draw(texts).encode() + text[start : start + length],
            "splice": others[start : start + length],
        }[kind]
        text = text[:start] + instead + text[start + length :]
    if not mechanism.is_token:
        return text
    return with_payload(data, text) if draw(st.booleans()) else signed(its_header(data), text)


def _changed_tree(draw: st.DrawFn, kind: str, tree: Any) -> Any:
    found = [(path, value) for path, value in places(tree) if path]
    path, value = draw(st.sampled_from(found))
    if kind == "swap":
        other_path, other = draw(st.sampled_from(found))
        if path[: len(other_path)] == other_path or other_path[: len(path)] == path:
            return tree
        return replaced(replaced(tree, path, other), other_path, value)
    return draw(
        st.sampled_from([without(tree, path), replaced(tree, path, [value])])
        | st.builds(lambda new: replaced(tree, path, new), texts | numbers)
    )


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda mechanism: mechanism.name)
def test_whatever_is_verified_after_whatever(mechanism: Mechanism) -> None:
    met: Counter[tuple[bool, bool]] = Counter()

    @settings(max_examples=120)
    @given(data=st.data(), way=st.sampled_from([0, 0, 0, *range(len(WAYS))]))
    def each(data: st.DataObject, way: int) -> None:
        other, one = data.draw(members(mechanism, way)), data.draw(members(mechanism, way))
        credential = data.draw(changed(mechanism, one, other))
        fresh = Verifier(replace(POLICY))
        for first in taught(mechanism, way):
            assert fresh.both(first)
        for verifier, members_of_it in ((LONG_LIVED, [credential]), (fresh, [one, credential])):
            for member in members_of_it:
                with watched() as taken:
                    result = verifier.both(member)
                met[bool(taken), bool(result)] += 1

    each()
    assert met[True, True] > 20, met
    assert met[True, False] + met[False, False] > 20, met


def test_among_many_issuers_and_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small run of `python -m benches.same_verdicts`, in which nothing is spared in making series."""
    monkeypatch.setattr(known, "_CREDIT", 1 << 20)
    tally = Tally()
    compare(tally, 3_000, random.Random(7))
    assert tally.different == []
    assert tally.total.quick > 500
    assert tally.total.verified > 1_000
    assert all(row.quick and row.verified < row.cases for row in tally.rows.values())
    assert len(tally.codes) > 10


# Every byte


def knowing(mechanism: Mechanism) -> tuple[Verifier, bytes]:
    """A verifier who has met a series, and a member of it."""
    verifier, data = Verifier(replace(POLICY)), mechanism.credential(3)
    for number in (1, 2):
        assert verifier.slow(mechanism.credential(number))
    assert verifier.quick(data)
    return verifier, data


def becomes(claims: Claims, new: Claims) -> None:
    """Has all of the new members, and none of its own."""
    claims.clear()
    claims.update(new)


def with_one_other_byte(data: bytes) -> Iterator[bytes]:
    """The text with each of its bytes replaced or removed."""
    for position, octet in enumerate(data):
        for other in (bytes([octet ^ 1]), b'"' if octet % 2 else b"\\", b""):
            yield data[:position] + other + data[position + 1 :]


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda mechanism: mechanism.name)
def test_every_byte_of_a_credential(mechanism: Mechanism) -> None:
    """What is verified all the same says the same, and the shortcut is taken for a part of the rest."""
    verifier, data = knowing(mechanism)
    claims = verifier.both(data).credential.claims
    with watched() as taken:
        for changed in with_one_other_byte(data):
            result = verifier.both(changed)
            if result and changed != data:
                assert result.credential.claims == claims
                assert not mechanism.is_token
    assert len(taken) > 50
    assert verifier.quick(data)


@pytest.mark.parametrize("mechanism", [each for each in MECHANISMS if each.is_token], ids=lambda each: each.name)
def test_every_byte_of_a_payload(mechanism: Mechanism) -> None:
    """Under the signature of the payload that it was, nothing is verified; and signed again, what the rules allow."""
    verifier, data = knowing(mechanism)
    header, payload = its_header(data), payload_bytes(data)
    verified = 0
    with watched() as taken:
        for changed in with_one_other_byte(payload):
            assert changed == payload or not verifier.both(with_payload(data, changed))
            result = verifier.both(signed(header, changed))
            verified += bool(result)
    assert len(taken) > 100
    assert 50 < verified < len(payload)
    assert encoded(payload) in data


@pytest.mark.parametrize("mechanism", [each for each in MECHANISMS if "jcs" in each.name], ids=lambda each: each.name)
def test_every_byte_of_a_document_that_is_signed_again(mechanism: Mechanism) -> None:
    """The same for documents: whatever their issuer may sign, the rules are looked at."""
    verifier, data = knowing(mechanism)
    before, verified = json.loads(data), 0
    text = json.dumps({name: value for name, value in before.items() if name != "proof"}, ensure_ascii=False).encode()
    step = 1 if mechanism.key_type == "Ed25519" else 9
    with watched() as taken:
        for changed in list(with_one_other_byte(text))[::step]:
            try:
                claims = json.loads(changed)
                again = mechanism.credential(3, partial(becomes, new=claims))
            except Exception:  # noqa: BLE001  (no JSON, or nothing that can be signed)
                continue
            verified += bool(verifier.both(again))
    assert len(taken) > 20
    assert verified > 20
