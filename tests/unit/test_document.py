"""Bytes to a document: what is read, what is refused and under which name, and that both ways agree."""

from __future__ import annotations

import dataclasses
import decimal
import importlib.util
import json
import sys
import threading
from collections import OrderedDict
from contextlib import suppress
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

import orjson
import pytest

from vc_core import document, ijson
from vc_core.document import SecuredDocument, copy_json, read_json, write_json
from vc_core.errors import LimitExceeded, ParsingError
from vc_core.limits import Limits

LIMITS = Limits()


@pytest.fixture(params=["fast", "strict"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every test that asks for this runs with orjson and without it."""
    monkeypatch.setattr(document, "_FAST", request.param == "fast")
    return str(request.param)


class Text(str):
    __slots__ = ()


class Colour(StrEnum):
    RED = "red"


class Number(IntEnum):
    ONE = 1


READ = [
    (b"{}", {}),
    (b" [ ] \r\n\t", []),
    (b'""', ""),
    (b"0", 0),
    (b"-0", 0),
    (b"true", True),
    (b"null", None),
    (b"9007199254740991", 2**53 - 1),
    (b"-9007199254740991", -(2**53) + 1),
    (b"[1.0, -0.0, 1e3, 1E+2, 1.5e-3]", [1.0, -0.0, 1000.0, 100.0, 0.0015]),
    (b"9007199254740993.0", 9007199254740992.0),
    (b"1e22", 1e22),
    (b"1e-400", 0.0),
    (b'{"a": {"a": 1}, "b": {"a": 2}}', {"a": {"a": 1}, "b": {"a": 2}}),
    (b'{"a:b": ":", "c": "{[\\"]}"}', {"a:b": ":", "c": '{["]}'}),
    (b'"\\u0101\\u003a\\ud83d\\ude00\\/\\b\\f\\n\\r\\t\\\\\\""', 'ā:😀/\b\f\n\r\t\\"'),
    (
        '{"ķēde": "āčēģīķļņšūž\x7f\u2028\ufeff\uffff😀"}'.encode(),
        {"ķēde": "āčēģīķļņšūž\x7f\u2028\ufeff\uffff😀"},
    ),
    (b'{"\\u003a": 1}', {":": 1}),
    (b'["\\u003a\\\\", "%b"]' % (b"[" * 100), [":\\", "[" * 100]),
    (b'["\\u003a\\\\\\"", "%b"]' % (b"[" * 100), [':\\"', "[" * 100]),
]


@pytest.mark.parametrize(("data", "value"), READ)
def test_reads(way: str, data: bytes, value: object) -> None:
    read = read_json(data, limits=LIMITS)
    assert repr(read) == repr(value)  # so that types and the sign of zero count
    assert copy_json(read, limits=LIMITS) == value


LONE = "a lone surrogate"
REFUSED = [
    (b"", "not JSON", ""),
    (b"{", "not JSON", ""),
    (b"[1,]", "not JSON", ""),
    (b"{'a': 1}", "not JSON", ""),
    (b"01", "not JSON", ""),
    (b'"\x01"', "not JSON: Invalid control character", ""),
    (b'"\\x41"', "not JSON", ""),
    (b"{} {}", "not JSON: Extra data at line 1 column 4", ""),
    (b'{"a":1,"a":1}', "duplicate member 'a'", ""),
    (b'{"a":1,"\\u0061":2}', "duplicate member 'a'", ""),
    (b'{"x/y":[0,{"~":{"\xc4\x81":1,"b":0,"\xc4\x81":2}}]}', "duplicate member '\\u0101'", "/x~1y/1/~0"),
    (b'{"a":"\\u003a","b":1,"b":2}', "duplicate member 'b'", ""),
    (b'{"a":-0.0000000000,"b":1,"b":2}', "duplicate member 'b'", ""),
    (b'{"a":1e20,"":0,"":0}', "duplicate member ''", ""),
    (b"[NaN]", "NaN is not JSON", "/0"),
    (b'{"a":Infinity}', "Infinity is not JSON", "/a"),
    (b'{"a":[1,-Infinity]}', "-Infinity is not JSON", "/a/1"),
    (b"[1e400]", "beyond the range of a double", "/0"),
    (b"-1e400", "beyond the range of a double", ""),
    (b"[1" + b"0" * 400 + b".0]", "beyond the range of a double", "/0"),
    (b'{"a":9007199254740992}', "an integer beyond", "/a"),
    (b"[-9007199254740992]", "an integer beyond", "/0"),
    (b"18446744073709551616", "an integer beyond", ""),
    (b"[100000000000000000000]", "an integer beyond", "/0"),
    (b"1" * 5000, "an integer beyond", ""),
    (b'["\\ud800"]', LONE, "/0"),
    (b'{"a":["\\udc00\\ud800"]}', LONE, "/a/0"),
    (b'{"a":{"\\udfff":1}}', LONE + " in a string that names a member, '\\udfff'", "/a"),
    (b'"\xed\xa0\x80"', LONE + " in UTF-8 at byte 1", ""),
    (b'{"\xed\xbf\xbf":1}', LONE + " in UTF-8 at byte 2", ""),
    (b"\xef\xbb\xbf{}", "byte order mark", ""),
    ("{}".encode("utf-16"), "UTF-16 or UTF-32", ""),
    ("{}".encode("utf-16-le"), "UTF-16 or UTF-32", ""),
    ("{}".encode("utf-16-be"), "UTF-16 or UTF-32", ""),
    ("{}".encode("utf-32"), "UTF-16 or UTF-32", ""),
    ("{}".encode("utf-32-le"), "UTF-16 or UTF-32", ""),
    ("{}".encode("utf-32-be"), "UTF-16 or UTF-32", ""),
    (b'"\xff"', "invalid UTF-8 at byte 1", ""),
    (b'"\xe4\xb8"', "invalid UTF-8 at byte 1", ""),
    (b'"\xf4\x90\x80\x80"', "invalid UTF-8 at byte 1", ""),
    (b'"\xc0\xaf"', "overlong UTF-8 at byte 1", ""),
    (b'"\xe0\x80\xaf"', "overlong UTF-8 at byte 1", ""),
    (b'"\xf0\x80\x80\xaf"', "overlong UTF-8 at byte 1", ""),
]


@pytest.mark.parametrize(("data", "detail", "at"), REFUSED)
def test_refuses_by_name(way: str, data: bytes, detail: str, at: str) -> None:
    with pytest.raises(ParsingError) as raised:
        read_json(data, limits=LIMITS)
    assert raised.value.code == "PARSING_ERROR"
    assert detail in raised.value.detail
    assert raised.value.at == at


@pytest.mark.parametrize("depth", range(6))
def test_refuses_a_duplicate_at_every_depth(way: str, depth: int) -> None:
    text = b'{"a":1,"b":2,"a":3}'
    for level in range(depth):
        text = b'{"c":%b}' % text if level % 2 else b"[%b]" % text
    with pytest.raises(ParsingError, match="duplicate member 'a'"):
        read_json(text, limits=LIMITS)


def test_detail_is_one_safe_line(way: str) -> None:
    name = "\\u202e\\n" + "x" * 5000
    with pytest.raises(ParsingError) as raised:
        read_json(f'{{"{name}": 1, "{name}": 1}}'.encode(), limits=LIMITS)
    assert raised.value.detail.isprintable()
    assert len(raised.value.detail) < 200


def test_place_of_unreasonable_length_is_the_whole(way: str) -> None:
    with pytest.raises(ParsingError) as raised:
        read_json(b'{"%b": [NaN]}' % (b"x" * 1000), limits=LIMITS)
    assert raised.value.at == ""


@pytest.mark.parametrize(("opening", "closing", "levels"), [("[", "]", 1), ('{"[{":', "}", 1), ('[{"\\"[":', "}]", 2)])
@pytest.mark.parametrize("leaf", ["[]", "{}", '["]"]', "[1]", "[1.5]", '{"a":"{"}'])
def test_depth_ends_at_the_limit(way: str, opening: str, closing: str, levels: int, leaf: str) -> None:
    limits = Limits(depth=20 * levels + 1)
    text = opening * 20 + leaf + closing * 20
    assert write_json(read_json(text.encode(), limits=limits)) == text.encode()
    with pytest.raises(LimitExceeded) as raised:
        read_json(f"[{text}]".encode(), limits=limits)
    assert raised.value.code == "NESTING_TOO_DEEP"


@pytest.mark.parametrize("text", [b"[" * 100_000, b"[" * 100_000 + b"]" * 100_000, b'[{"":' * 50_000])
def test_refuses_100000_levels(text: bytes) -> None:
    with pytest.raises(LimitExceeded, match="nested deeper than 64") as raised:
        read_json(text, limits=LIMITS)
    assert raised.value.code == "NESTING_TOO_DEEP"


def test_unclosed_brackets_are_no_depth(way: str) -> None:
    for text in (b"[" * 64, b"[]]" * 65, b'["' + b"[" * 65, b'"\\"' + b"[" * 65, b'{"a\\\\":"[[[["' * 20):
        with pytest.raises(ParsingError, match="not JSON"):
            read_json(text, limits=LIMITS)


def test_a_limit_beyond_the_stack_is_no_recursion_error(way: str) -> None:
    text = b"[" * 200_000 + b"]" * 200_000
    with pytest.raises(LimitExceeded, match="stack") as raised:
        read_json(text, limits=Limits(depth=1_000_000))
    assert raised.value.code == "NESTING_TOO_DEEP"


def test_deeper_than_orjson_writes() -> None:
    text = b"[" * 400 + b"]" * 400
    read = read_json(text, limits=Limits(depth=400))
    assert write_json(read) == text


def test_size_ends_at_the_limit(way: str) -> None:
    assert read_json(b'"12345678"', limits=Limits(document_bytes=10)) == "12345678"
    with pytest.raises(LimitExceeded) as raised:
        read_json(b'"12345678" ', limits=Limits(document_bytes=10))
    assert raised.value.code == "INPUT_TOO_LARGE"


@pytest.mark.parametrize("data", ["{}", bytearray(b"{}"), memoryview(b"{}"), None])
def test_anything_but_bytes_is_misuse(data: object) -> None:
    with pytest.raises(TypeError, match="bytes"):
        read_json(data, limits=LIMITS)  # type: ignore[arg-type]  # that is the point


PLAIN = [
    (b'{"a":1}', True),
    (b'{ "a" : [true, null, {"b": "\\n"}] }', True),
    ('{"ķ":"ā"}'.encode(), True),
    ('{"😀":"ā"}'.encode(), True),
    ('{"\uffff":"ā"}'.encode(), True),
    ('{"😀":"\ufb33"}'.encode(), False),
    ('{"\U0010ffff":"\ue000"}'.encode(), False),
    (b'{"a":1.5}', False),
    (b'{"a":1.0}', False),
    (b'{"a":1e22}', False),
    (b'{"\\u0061":1}', False),
    (b'{"a":"\\u0001"}', False),
]


@pytest.mark.parametrize(("data", "plain"), PLAIN)
def test_plain(data: bytes, plain: bool) -> None:
    read = SecuredDocument.read(data, limits=LIMITS)
    assert (read.data, read.plain) == (data, plain)


def test_nothing_is_plain_without_orjson(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "_FAST", False)
    assert not SecuredDocument.read(b'{"a":1}', limits=LIMITS).plain


@pytest.mark.parametrize("data", [b"[]", b'"a"', b"1", b"null"])
def test_a_document_is_an_object(way: str, data: bytes) -> None:
    with pytest.raises(ParsingError, match="not a JSON object"):
        SecuredDocument.read(data, limits=LIMITS)


def test_a_document_is_immutable_and_keeps_its_content_to_itself() -> None:
    read = SecuredDocument.read(b'{"name": "secret"}', limits=LIMITS)
    assert "secret" not in repr(read)
    with pytest.raises(dataclasses.FrozenInstanceError):
        read.canonical = b"{}"  # type: ignore[misc]  # that is the point


def test_the_proof_that_nothing_was_lost_needs_colons_to_be_spelled() -> None:
    spelled, written = b'{"a":"\\u003a\\u003A","a":":"}', b'{"a":":"}'
    assert not document._nothing_lost(spelled, written)
    assert not document._nothing_lost(b'{"a":1,"a":2}', b'{"a":2}')
    assert document._nothing_lost(b'{ "a" : "\\u0041:" }', b'{"a":"A:"}')


def test_a_float_that_may_have_been_an_integer_is_left_to_the_strict_reader() -> None:
    assert document._written_as_float(-1.5)
    assert not document._written_as_float(-0.0)
    assert not document._written_as_float(2.0**64)


def test_copy_shares_nothing() -> None:
    original: Any = {"b": [{"c": "ā"}, 1, 1.5, None, True], "a": {}}
    copy: Any = copy_json(original, limits=LIMITS)
    assert copy == original
    assert list(copy) == ["b", "a"]
    original["b"][0]["c"] = "changed"
    original["a"]["d"] = 1
    assert copy == {"b": [{"c": "ā"}, 1, 1.5, None, True], "a": {}}


NOT_JSON = [
    ({"a": (1, 2)}, "of a type", "/a"),
    ({"a": [Text("x")]}, "of a type", "/a/0"),
    ([Colour.RED], "of a type", "/0"),
    ([Number.ONE], "of a type", "/0"),
    ([datetime(2026, 1, 1, tzinfo=UTC)], "datetime", "/0"),
    ([UUID(int=0)], "UUID", "/0"),
    ([decimal.Decimal(1)], "Decimal", "/0"),
    ([OrderedDict(a=1)], "OrderedDict", "/0"),
    ([b"x"], "of a type", "/0"),
    ([float("nan")], "nan is not JSON", "/0"),
    ([float("inf")], "inf is not JSON", "/0"),
    ([2**53], "integer beyond", "/0"),
    (["\ud800"], LONE, "/0"),
    ({"a": {"\ud800": 1}}, LONE, "/a"),
    ({"a": {1: 1}}, "named by 1", "/a"),
    ({"a": {True: 1}}, "named by True", "/a"),
    ({"a": {None: 1}}, "named by None", "/a"),
    ({"a": {Text("b"): 1}}, "named by 'b'", "/a"),
    ({"a": {Colour.RED: 1}}, "named by 'red'", "/a"),
]


@pytest.mark.parametrize(("value", "detail", "at"), NOT_JSON)
def test_copies_nothing_that_a_document_cannot_say(value: object, detail: str, at: str) -> None:
    with pytest.raises(ParsingError) as raised:
        copy_json(value, limits=LIMITS)
    assert detail in raised.value.detail
    assert raised.value.at == at


def test_a_cycle_is_too_deep() -> None:
    cycle: list[object] = []
    cycle += [cycle, cycle]
    with pytest.raises(LimitExceeded) as raised:
        copy_json(cycle, limits=LIMITS)
    assert raised.value.code == "NESTING_TOO_DEEP"
    assert raised.value.at.count("/") == 64


def test_shared_values_are_paid_for_each_time() -> None:
    value: list[object] = ["x" * 100]
    for _ in range(60):
        value = [value, value]
    with pytest.raises(LimitExceeded) as raised:
        copy_json(value, limits=Limits(document_bytes=10_000))
    assert raised.value.code == "INPUT_TOO_LARGE"


@pytest.mark.parametrize("text", [b"[1,2,3]", b'{"a":1}', b'["abc",{}]', b'"abc"', b"1", b"[[[[]]]]"])
def test_a_copy_is_not_larger_than_its_text(text: bytes) -> None:
    value = read_json(text, limits=LIMITS)
    assert copy_json(value, limits=Limits(document_bytes=len(text))) == value


@pytest.mark.parametrize("text", [b"[1,2,3]", b"[[0,0],0]"])
def test_a_copy_is_refused_before_it_is_made(text: bytes) -> None:
    with pytest.raises(LimitExceeded):
        copy_json(json.loads(text), limits=Limits(document_bytes=len(text) - 1))


def test_names_count_for_the_size_of_a_copy() -> None:
    with pytest.raises(LimitExceeded):
        copy_json({"x" * 100: 1}, limits=Limits(document_bytes=100))


def test_writing_keeps_the_order(way: str) -> None:
    text = '{"b":1,"a":[true,null,"ā\\n"],"c":1.5}'.encode()
    assert write_json(read_json(text, limits=LIMITS)) == text


def test_writing_beyond_the_stack_is_no_recursion_error() -> None:
    value: list[document.Json] = []
    for _ in range(200_000):
        value = [value]
    with pytest.raises(LimitExceeded) as raised:
        write_json(value)
    assert raised.value.code == "NESTING_TOO_DEEP"
    while value:  # taking it apart level by level spares the interpreter the recursion
        value = value.pop()  # type: ignore[assignment]


def test_a_value_wider_than_any_document_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "_WIDEST", 10)
    assert document.floats_of([1] * 10, depth=2) == []
    assert document.floats_of([1] * 11, depth=2) is None
    assert read_json(b"[1,1,1,1,1,1,1,1,1,1,1]", limits=LIMITS) == [1] * 11


def test_works_where_orjson_cannot_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "orjson", None)
    spec = importlib.util.spec_from_file_location("document_without_orjson", document.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "document_without_orjson", module)
    spec.loader.exec_module(module)
    assert module._FAST is False
    assert module.SecuredDocument.read(b'{"a":[1]}', limits=LIMITS).tree == {"a": [1]}
    assert module.write_json({"a": [1]}) == b'{"a":[1]}'


def test_threads_do_not_disturb_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "_FAST", False)
    text = b"[" + b",".join(b'{"name%d":%d,"x":[1.5]}' % (i, i) for i in range(200)) + b"]"
    expected = ijson.read_strictly(text, limits=LIMITS)
    read: list[object] = []
    threads = [threading.Thread(target=lambda: read.append(read_json(text, limits=LIMITS))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read == [expected] * 8


def test_a_deep_and_wide_document_is_never_written_with_indentation(monkeypatch: pytest.MonkeyPatch) -> None:
    """That would take some 250 times the memory of the text, before anything is known about it."""
    written: list[int] = []
    dumps = orjson.dumps

    def counting(value: object, **options: int) -> bytes:
        text = dumps(value, **options)
        written.append(len(text))
        return text

    monkeypatch.setattr("vc_core.document.orjson.dumps", counting)
    for depth in (63, 250):
        text = b'{"a":' + b"[" * depth + b"1," * 50_000 + b"1" + b"]" * depth + b"}"
        with suppress(LimitExceeded):
            read_json(text, limits=LIMITS)
    assert max(written, default=0) < 200_000
