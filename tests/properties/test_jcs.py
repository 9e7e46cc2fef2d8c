"""RFC 8785 on generated values: the fast way, the slow way and an independent implementation agree."""

from __future__ import annotations

import json
import random
from typing import Any

import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from vc_core.canonical import jcs
from vc_core.document import SecuredDocument, read_json
from vc_core.errors import VCError
from vc_core.limits import Limits

LIMITS = Limits()

# Characters at the borders of what is escaped, of the encodings' lengths and of the two orders.
CHARACTERS = st.sampled_from('a"\\/:\x00\x1f\x7f\x80é\u07ff\u0800\u2028\ud7ff\ue000\ufb33\uffff\U00010000😀\U0010ffff')
STRINGS = st.text(st.characters(codec="utf-8") | CHARACTERS, max_size=8)
INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
FLOATS = st.floats(allow_nan=False, allow_infinity=False) | st.decimals(-999, 999, places=2).map(float)


def values(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(STRINGS, inner, max_size=4),
        max_leaves=12,
    )


PLAIN = st.none() | st.booleans() | INTEGERS | STRINGS
VALUES = values(PLAIN | FLOATS)
HOSTILE = values(
    PLAIN
    | FLOATS
    | st.sampled_from([float("nan"), float("inf"), 2**53, -(2**64), "\ud800", (1,), b"", {1: 2}, {"\udfff": 1}])
)


@given(VALUES)
@example({"\ufb33": 1, "😀": [1.0, -0.0, 1e20, 1e-6, 5e-324]})
def test_three_implementations_agree(value: Any) -> None:
    canonical = jcs.canonicalize(value)
    assert canonical == jcs.canonicalize_slowly(value)
    assert canonical == rfc8785.dumps(value)


@given(HOSTILE)
def test_both_ways_refuse_the_same(value: Any) -> None:
    outcomes = []
    for canonicalize in (jcs.canonicalize, jcs.canonicalize_slowly):
        try:
            outcomes.append(canonicalize(value))
        except VCError as error:
            outcomes.append(error.code.encode())
    assert outcomes[0] == outcomes[1]


@given(values(PLAIN))
def test_idempotent(value: Any) -> None:
    canonical = jcs.canonicalize(value)
    assert read_json(canonical, limits=LIMITS) == value
    assert jcs.canonicalize(read_json(canonical, limits=LIMITS)) == canonical


@given(FLOATS)
def test_a_number_reads_as_itself(value: float) -> None:
    canonical = jcs.canonicalize(value)
    assert float(canonical) == value
    assert jcs.canonicalize(float(canonical)) == canonical


def shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, list):
        return [shuffled(element, chance) for element in value]
    if isinstance(value, dict):
        names = sorted(value)
        chance.shuffle(names)
        return {name: shuffled(value[name], chance) for name in names}
    return value


@given(VALUES, st.randoms(use_true_random=False))
def test_blind_to_the_order_of_members(value: Any, chance: random.Random) -> None:
    assert jcs.canonicalize(shuffled(value, chance)) == jcs.canonicalize(value)


@given(st.dictionaries(STRINGS, VALUES, max_size=5), st.data())
def test_plain_holds_for_any_parts(members: dict[str, Any], data: st.DataObject) -> None:
    text = json.dumps(members, ensure_ascii=data.draw(st.booleans())).encode()
    document = SecuredDocument.read(text, limits=LIMITS)
    parts: dict[str, Any] = {"proof": document.tree}
    for name in members:
        if data.draw(st.booleans()):
            parts[name] = document.tree[name]
    assert jcs.canonicalize(parts, plain=document.plain) == jcs.canonicalize_slowly(parts)
