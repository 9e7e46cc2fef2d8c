"""The reader on generated texts: nothing is lost, nothing escapes, and both of its ways agree."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vc_core import document
from vc_core.canonical import jcs
from vc_core.document import SecuredDocument, copy_json, read_json, write_json
from vc_core.errors import LimitExceeded, ParsingError, VCError
from vc_core.ijson import read_strictly
from vc_core.limits import Limits

LIMITS = Limits()
SHALLOW = Limits(depth=4)

NAMES = st.sampled_from(["", "a", "b", ":", "a:b", "\\", '"', "\\u003a", "ā", "😀", "\ufb33", "@context"])
STRINGS = NAMES | st.text(st.characters(codec="utf-8"), max_size=6)
INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.integers(-9, 9)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | INTEGERS | FLOATS | STRINGS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=10,
)
ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class Spelling:
    """Writes JSON as chance decides: spaces, escapes, notations; and, if asked to, members twice."""

    def __init__(self, chance: random.Random, *, duplicates: bool = False) -> None:
        self.chance = chance
        self.duplicates = duplicates
        self.duplicated = False

    def text(self, value: Any) -> str:
        if isinstance(value, dict):
            members = [f"{self.string(name)}{self.space()}:{self.text(member)}" for name, member in value.items()]
            if self.duplicates and value and self.chance.random() < 0.5:
                self.duplicated = True
                again = self.chance.choice(sorted(value))
                twin = self.chance.choice([value[again], 0, ":", [-0.0, 1e300]])
                place = self.chance.randint(0, len(members))
                members.insert(place, f"{self.string(again)}:{self.text(twin)}")
            inner = "{" + ",".join(members) + "}"
        elif isinstance(value, list):
            inner = "[" + ",".join(map(self.text, value)) + self.space() + "]"
        elif isinstance(value, str):
            inner = self.string(value)
        elif isinstance(value, float):
            inner = self.chance.choice([repr(value), f"{value:.17e}", f"{value:.17E}"])
        else:
            inner = json.dumps(value)
        return self.space() + inner + self.space()

    def space(self) -> str:
        return self.chance.choice(["", "", "", " ", "\n", "\t\r "])

    def string(self, value: str) -> str:
        return '"' + "".join(map(self.character, value)) + '"'

    def character(self, character: str) -> str:
        if self.chance.random() < 0.2:
            units = character.encode("utf-16-be").hex()
            escapes = "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
            return self.chance.choice([escapes, escapes.upper().replace("\\U", "\\u")])
        if character == "/":
            return self.chance.choice(["/", "\\/"])
        return ESCAPES.get(character) or (f"\\u{ord(character):04x}" if character < " " else character)


def outcome(data: bytes, *, fast: bool) -> str:
    """The value with the types of its numbers, or the code of the error; nothing else may be raised."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(document, "_FAST", fast)
        try:
            return repr(read_json(data, limits=SHALLOW))
        except (ParsingError, LimitExceeded) as error:
            return f"{error.code} {error.detail} {error.at}"


@given(VALUES, st.randoms(use_true_random=False))
def test_reads_every_spelling(value: Any, chance: random.Random) -> None:
    data = Spelling(chance).text(value).encode()
    assert read_json(data, limits=LIMITS) == value
    assert outcome(data, fast=True) == outcome(data, fast=False)
    assert repr(read_json(data, limits=LIMITS)) == repr(json.loads(data))


@given(VALUES, st.randoms(use_true_random=False))
@example({"a": {"b": [1]}}, random.Random(1))
def test_refuses_every_duplicate(value: Any, chance: random.Random) -> None:
    spelling = Spelling(chance, duplicates=True)
    data = spelling.text(value).encode()
    if spelling.duplicated:
        with pytest.raises(ParsingError, match="duplicate member"):
            read_json(data, limits=LIMITS)
    else:
        assert read_json(data, limits=LIMITS) == value


@given(st.binary(max_size=40) | st.text('{}[]:,"\\u0019eE.+-a \n', max_size=40).map(str.encode))
@example(b'{"a":-0,"b":-0}')
@example(b"[1,18446744073709551616.0]")
@example(b"[12345678901234567890123]")
def test_any_bytes_give_a_value_or_our_error(data: bytes) -> None:
    assert outcome(data, fast=True) == outcome(data, fast=False)


@given(VALUES, st.randoms(use_true_random=False), st.data())
def test_damaged_texts_are_judged_alike(value: Any, chance: random.Random, data: st.DataObject) -> None:
    text = bytearray(Spelling(chance, duplicates=True).text(value).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text) - 1))
        text[at : at + data.draw(st.integers(0, 2))] = data.draw(st.binary(max_size=2))
        text += b" "
    assert outcome(bytes(text), fast=True) == outcome(bytes(text), fast=False)


@given(VALUES)
def test_what_is_written_is_read(value: Any) -> None:
    for fast in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(document, "_FAST", fast)
            assert repr(read_json(write_json(value), limits=LIMITS)) == repr(value)


@given(VALUES, st.randoms(use_true_random=False))
def test_a_name_in_quotes_finds_all_its_members(value: Any, chance: random.Random) -> None:
    data = Spelling(chance).text({"@context": value}).encode()
    members = 0
    todo = [json.loads(data)]
    while todo:
        inner = todo.pop()
        if isinstance(inner, dict):
            members += "@context" in inner
            todo += inner.values()
        elif isinstance(inner, list):
            todo += inner
    read = SecuredDocument.read(data, limits=LIMITS)
    assert not read.plain or data.count(b'"@context"') >= members


def secured(data: bytes, *, fast: bool) -> str:
    """The document, or the code of the error."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(document, "_FAST", fast)
        try:
            return repr(SecuredDocument.read(data, limits=SHALLOW).tree)
        except (ParsingError, LimitExceeded) as error:
            return f"{error.code} {error.detail} {error.at}"


SECURED = st.dictionaries(NAMES | st.just("proof"), VALUES, max_size=5)


@given(SECURED, st.randoms(use_true_random=False), st.booleans(), st.binary(max_size=2), st.integers(0))
@example({"a": {"b": [1]}, "proof": {}}, random.Random(1), False, b"", 0)
def test_an_object_is_read_both_ways(
    value: Any, chance: random.Random, damaged: bool, damage: bytes, place: int
) -> None:
    spelling = Spelling(chance, duplicates=True)
    text = spelling.text(value).encode()
    if damaged:
        text = text[: place % len(text)] + damage + text[place % len(text) + 1 :]
    assert secured(text, fast=True) == secured(text, fast=False)
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    assert secured(compact, fast=True) == secured(compact, fast=False)


@given(SECURED, st.randoms(use_true_random=False), st.booleans())
def test_the_canonical_form_at_hand_is_that_of_the_claims(value: Any, chance: random.Random, compact: bool) -> None:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")) if compact else Spelling(chance).text(value)
    read = SecuredDocument.read(text.encode(), limits=LIMITS)
    claims = {name: member for name, member in value.items() if name != "proof"}
    assert read.canonical is None or read.canonical == jcs.canonicalize_slowly(claims)
    assert read.tree == value


@given(st.dictionaries(NAMES, VALUES, max_size=4), st.integers(0, 9), st.data())
def test_a_dropped_member_is_never_made_up_for(value: Any, number: int, data: st.DataObject) -> None:
    """The longest text of a member twice, of which the shorter one is kept, is still longer than what is written."""
    name = data.draw(NAMES)
    twice = json.dumps({name: number, **value}, separators=(",", ":"), ensure_ascii=False)
    again = json.dumps(name, ensure_ascii=False) + ":" + data.draw(st.sampled_from(['"\\u001f"', "1", '"\\/"', "[]"]))
    text = ("{" + again + "," + twice[1:]).encode()
    for inner in (text, b'{"proof":' + text + b"}", b'{"a":[' + text + b"]}"):
        with pytest.raises(ParsingError, match="duplicate member"):
            SecuredDocument.read(inner, limits=LIMITS)
        with pytest.raises(ParsingError, match="duplicate member"):
            read_json(inner, limits=LIMITS)


@given(st.integers(1, 9), st.integers(0, 90), st.booleans())
def test_depth_is_counted_alike(depth: int, beside: int, secured_document: bool) -> None:
    """With brackets in strings and beside each other, so that neither their number nor the indentation is the depth."""
    inner: Any = "[{" * beside
    for level in range(depth - 1):
        inner = {"a": inner, "proof": []} if level % 2 else [inner]
    value = {"a": inner, "b": [[] for _ in range(beside)]}
    deepest = max(depth, 3 if beside else 2)
    text = json.dumps(value, separators=(",", ":")).encode()
    read = SecuredDocument.read if secured_document else read_json
    read(text, limits=Limits(depth=deepest))
    for refused in (read, read_strictly):
        with pytest.raises(LimitExceeded, match="nested deeper than"):
            refused(text, limits=Limits(depth=deepest - 1))


@given(VALUES)
def test_a_copy_is_equal_and_shares_nothing_mutable(value: Any) -> None:
    copy = copy_json(value, limits=LIMITS)
    assert repr(copy) == repr(value)
    text = repr(value)
    todo: list[Any] = [copy]
    while todo:
        inner = todo.pop()
        if isinstance(inner, dict | list):
            todo += inner.values() if isinstance(inner, dict) else inner
            inner.clear()
    assert repr(value) == text


ANY = st.recursive(
    SCALARS | st.sampled_from([float("nan"), 2**53, "\ud800", (), b"", object(), 1j]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(NAMES | st.sampled_from([1, None, "\udfff", ("a",)]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(ANY)
def test_a_copy_is_what_a_text_could_say(value: Any) -> None:
    try:
        copy = copy_json(value, limits=LIMITS)
    except VCError as error:
        assert error.code in {"PARSING_ERROR", "NESTING_TOO_DEEP"}  # noqa: PT017  (either outcome is right)
    else:
        assert repr(read_json(write_json(copy), limits=LIMITS)) == repr(value)
        assert repr(read_strictly(json.dumps(value).encode(), limits=LIMITS)) == repr(value)
