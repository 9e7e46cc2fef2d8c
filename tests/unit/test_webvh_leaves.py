"""did:webvh: no value anywhere in a log, or in the proofs of its witnesses, can be changed."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

import did
from tests.unit import webvh_logs as logs
from tests.unit.webvh_logs import APPROVED, WITNESSED, Host, resolve

Path = tuple[str | int, ...]

LOGS: Final = {
    "one": logs.ONE,
    "three": logs.THREE,
    "rotated": logs.ROTATED,
    "pre-rotated": logs.PREROTATED,
    "deactivated": logs.DEACTIVATED,
    "witnessed": WITNESSED,
    "portable": logs.PORTABLE,
    "moved": logs.MOVED,
}
URLS: Final = {"moved": logs.NEW_URL}
DIDS: Final = {"moved": logs.MOVED_DID}


def leaves(value: Any, path: Path = ()) -> Iterator[Path]:
    """The ways to all values that are neither objects nor lists with something in them."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = False
    for name, child in children:
        found = True
        yield from leaves(child, (*path, name))
    if not found:
        yield path


def at(value: Any, path: Path) -> Any:
    for name in path:
        value = value[name]
    return value


LEAVES: Final = [(name, path) for name, log in LOGS.items() for path in leaves(log)]
ANY_JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)


def answer(name: str, log: Any, proofs: Any = APPROVED) -> str:
    """The answer of the last time at which the DID has a document."""
    own = DIDS.get(name, logs.identifier(LOGS[name]))
    last = logs.month(2) if name == "deactivated" else None
    return resolve(own, Host(log, proofs, URLS.get(name, logs.URL)), last).id


def refused(name: str, log: Any, proofs: Any = APPROVED) -> None:
    with pytest.raises((did.InvalidDIDDocument, did.MethodNotSupported)):
        answer(name, log, proofs)


@st.composite
def others(draw: st.DrawFn, value: Any) -> Any:
    """Another value of any kind, or one that is only a little different."""
    if isinstance(value, str) and value and draw(st.booleans()):
        position = draw(st.integers(0, len(value) - 1))
        other = value[:position] + draw(st.characters(codec="utf-8")) + value[position + 1 :]
    else:
        other = draw(ANY_JSON)
    return other


def different(one: Any, another: Any) -> bool:
    """Whether the two are not the same JSON: 1 and 1.0 are, true is neither of them."""
    return (type(one) is not type(another) and (isinstance(one, bool) or isinstance(another, bool))) or one != another


def test_the_logs_are_good() -> None:
    for name, log in LOGS.items():
        assert answer(name, log)


@given(data=st.data(), leaf=st.sampled_from(LEAVES))
def test_a_value_that_was_changed(data: st.DataObject, leaf: tuple[str, Path]) -> None:
    name, path = leaf
    log = deepcopy(LOGS[name])
    before = at(log, path)
    after = data.draw(others(before).filter(lambda value: different(before, value)))
    at(log, path[:-1])[path[-1]] = after
    refused(name, log)


@pytest.mark.parametrize("name", LOGS)
def test_a_value_that_was_left_out(name: str) -> None:
    for path in leaves(LOGS[name]):
        log = deepcopy(LOGS[name])
        del at(log, path[:-1])[path[-1]]
        refused(name, log)


@given(data=st.data(), path=st.sampled_from(list(leaves(APPROVED))))
def test_a_value_in_a_proof_of_a_witness(data: st.DataObject, path: Path) -> None:
    proofs = deepcopy(APPROVED)
    before = at(proofs, path)
    after = data.draw(others(before).filter(lambda value: different(before, value)))
    at(proofs, path[:-1])[path[-1]] = after
    refused("witnessed", WITNESSED, proofs)
