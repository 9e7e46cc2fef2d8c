"""RFC 8785: order, strings, numbers and refusals, the fast way and the slow one."""

from __future__ import annotations

import importlib.util
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

import orjson
import pytest

from vc_core.canonical import jcs
from vc_core.errors import LimitExceeded, ProofTransformationError

Way = Callable[[Any], bytes]


@pytest.fixture(params=[jcs.canonicalize, jcs.canonicalize_slowly], ids=["fast", "slow"])
def canonicalize(request: pytest.FixtureRequest) -> Way:
    way: Way = request.param
    return way


class Text(str):
    __slots__ = ()


class Colour(StrEnum):
    RED = "red"


class Number(IntEnum):
    ONE = 1


class Members(dict[str, Any]):
    pass


class Elements(list[Any]):
    pass


CANONICAL: list[tuple[Any, str]] = [
    (None, "null"),
    ({"b": True, "a": False}, '{"a":false,"b":true}'),
    ([], "[]"),
    ({}, "{}"),
    ([[], {}, [[{"a": []}]]], '[[],{},[[{"a":[]}]]]'),
    ('€$\x0f\nA\'B"\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\"/"'),
    ("\x00\x08\t\n\x0b\x0c\r\x1f\x7f\x80", '"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\x7f\x80"'),
    ("\u2028\u2029\ufeff\uffff😀", '"\u2028\u2029\ufeff\uffff😀"'),
    ({"e\u0301": 1, "\u00e9": 2}, '{"e\u0301":1,"\u00e9":2}'),
    (9007199254740991, "9007199254740991"),
    (-9007199254740991, "-9007199254740991"),
    ({"10": 1, "1": 2, "": 3, "A": 4, "a": 5, "É": 6}, '{"":3,"1":2,"10":1,"A":4,"a":5,"É":6}'),
    ({"\ufb33": 1, "😀": 2, "ö": 3}, '{"ö":3,"😀":2,"\ufb33":1}'),
    (
        {"\ud7ff": 1, "\U00010000": 2, "\ue000": 3, "\uffff": 4},
        '{"\ud7ff":1,"\U00010000":2,"\ue000":3,"\uffff":4}',
    ),
    ({"a": {"a😀": 1, "a\ue000": 2}}, '{"a":{"a😀":1,"a\ue000":2}}'),
    ([1.5, 3.0, {"a": 0.002}], '[1.5,3,{"a":0.002}]'),
]


@pytest.mark.parametrize(("value", "text"), CANONICAL)
def test_canonical(canonicalize: Way, value: object, text: str) -> None:
    assert canonicalize(value) == text.encode()


# RFC 8785, appendix B, then the borders between the notations.
NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]


@pytest.mark.parametrize(("bits", "text"), NUMBERS)
def test_numbers_of_appendix_b(canonicalize: Way, bits: str, text: str) -> None:
    assert canonicalize(struct.unpack(">d", bytes.fromhex(bits))[0]) == text.encode()


@pytest.mark.parametrize("bits", ["7fffffffffffffff", "7ff0000000000000", "fff0000000000000"])
def test_no_number_of_appendix_b(canonicalize: Way, bits: str) -> None:
    with pytest.raises(ProofTransformationError, match="no canonical form"):
        canonicalize(struct.unpack(">d", bytes.fromhex(bits))[0])


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1e20, "100000000000000000000"),
        (1.5e20, "150000000000000000000"),
        (1e-6, "0.000001"),
        (1.25e-6, "0.00000125"),
        (1e-7, "1e-7"),
        (-1.25e-7, "-1.25e-7"),
        (0.001, "0.001"),
        (123.456, "123.456"),
        (100.0, "100"),
        (-1.5, "-1.5"),
        (1e300, "1e+300"),
        (1e15, "1000000000000000"),
        (999999999999999.9, "999999999999999.9"),
    ],
)
def test_numbers(canonicalize: Way, number: float, text: str) -> None:
    assert canonicalize([number]) == f"[{text}]".encode()


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        float("-inf"),
        2**53,
        -(2**53),
        2**64,
        10**400,
        "\ud800",
        "\udc00\ud800",
        (1, 2),
        {1},
        b"a",
        Text("a"),
        Colour.RED,
        Number.ONE,
        Members(a=1),
        Elements([1]),
        Decimal(1),
        datetime(2026, 1, 1, tzinfo=UTC),
        UUID(int=0),
        object(),
        {"\ud800": 1},
        {1: 1},
        {True: 1},
        {None: 1},
        {1.5: 1},
        {Text("a"): 1},
        {Colour.RED: 1},
        {"a": 1, 2: 3},
    ],
    ids=repr,
)
@pytest.mark.parametrize("around", [lambda value: value, lambda value: {"a": ["b", value]}], ids=["alone", "within"])
def test_refusals(canonicalize: Way, value: object, around: Callable[[object], object]) -> None:
    with pytest.raises(ProofTransformationError) as raised:
        canonicalize(around(value))
    assert raised.value.code == "PROOF_TRANSFORMATION_ERROR"
    assert raised.value.detail.isprintable()


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth - 1):
        value = [value]
    return value


@pytest.mark.parametrize("depth", [1, 64, 254, 255, jcs.DEEPEST])
def test_nesting(canonicalize: Way, depth: int) -> None:
    assert canonicalize(nested(depth)) == b"[" * depth + b"]" * depth


@pytest.mark.parametrize("plain", [False, True])
def test_plain_is_no_way_around_the_depth(plain: bool) -> None:
    assert jcs.canonicalize(nested(500), plain=plain) == b"[" * 500 + b"]" * 500
    with pytest.raises(LimitExceeded):
        jcs.canonicalize(nested(jcs.DEEPEST + 1), plain=plain)


def cycle() -> list[Any]:
    value: list[Any] = []
    value += [value, value]
    return value


def object_cycle() -> dict[str, Any]:
    value: dict[str, Any] = {}
    value["a"] = {"b": value}
    return value


@pytest.mark.parametrize("value", [nested(jcs.DEEPEST + 1), nested(5000), cycle(), object_cycle()], ids=range(4))
def test_too_deep(canonicalize: Way, value: object) -> None:
    with pytest.raises(LimitExceeded) as raised:
        canonicalize(value)
    assert raised.value.code == "NESTING_TOO_DEEP"


def test_what_reaches_orjson(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the two differ, or orjson would write what is no JSON value, it is not even asked."""
    asked: list[object] = []
    dumps = orjson.dumps

    def spy(value: Any, *, option: int) -> bytes:
        asked.append(value)
        return dumps(value, option=option)

    monkeypatch.setattr(orjson, "dumps", spy)
    time = datetime(2026, 1, 1, tzinfo=UTC)
    values: list[Any] = [float("nan"), UUID(int=0), Colour.RED, Number.ONE, time, (1,), 1.0, 1e20, -0.0, 1e-5]
    for value in values:
        within: list[Any] = [value, [value], {"a": {"b": value}}]
        for each in within:
            with suppress(ProofTransformationError):
                jcs.canonicalize(each)
    assert asked == []
    assert jcs.canonicalize({"b": [1, True, None, "x", 1.5], "a": 1}) == b'{"a":1,"b":[1,true,null,"x",1.5]}'
    assert len(asked) == 1


def test_plain_trusts_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jcs, "canonicalize_slowly", None)
    monkeypatch.setattr(jcs, "_types_agree", None)
    assert jcs.canonicalize({"b": 1, "a": "ā"}, plain=True) == '{"a":"ā","b":1}'.encode()


def test_works_where_orjson_cannot_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "orjson", None)
    spec = importlib.util.spec_from_file_location("jcs_without_orjson", jcs.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module._FAST is False
    assert module.canonicalize({"b": 1, "a": [2.0]}, plain=True) == b'{"a":[2],"b":1}'
