"""The input of a job: its forms, its positions, and what is wrong with it."""

from __future__ import annotations

import gzip
import hashlib
import tracemalloc
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet
import pytest

from vc_core.batch import JobError
from vc_core.batch.input import Input
from vc_core.batch.parts import parts
from vc_core.batch.pieces import PIECE, Lines, Piece, Values, lines
from vc_core.batch.rows import RECORDS


class Record(NamedTuple):
    """A record and its position."""

    position: int
    data: bytes


LINES = b'{"a": 1}\n\n  \t\n{"b": 2}\r\nlast'
WANTED = [Record(1, b'{"a": 1}'), Record(4, b'{"b": 2}'), Record(5, b"last")]


def read(path: Path, *, longest: int = 1000, column: str | None = None) -> list[Record]:
    return records_of(Input.read(path, column=column).pieces(longest=longest, seen=lambda _share: None))


def records_of(pieces: Iterable[Piece]) -> list[Record]:
    batches = [piece.records() for piece in pieces]
    assert all(batch.schema == RECORDS for batch in batches)
    return [Record(*row.values()) for batch in batches for row in batch.to_pylist()]


def zstd(data: bytes) -> bytes:
    return bytes(pa.compress(data, codec="zstd", asbytes=True))


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ("JSON Lines", LINES),
        ("JSON Lines", LINES + b"\n"),
        ("JSON Lines+gzip", gzip.compress(LINES)),
        ("JSON Lines+gzip", gzip.compress(LINES[:7]) + gzip.compress(LINES[7:])),
        ("JSON Lines+zstd", zstd(LINES)),
        ("JSON Lines+zstd", zstd(LINES[:7]) + zstd(LINES[7:])),
        ("JSON Lines+zstd", b"\x5a\x2a\x4d\x18\x03\0\0\0abc" + zstd(LINES)),
    ],
)
def test_lines(tmp_path: Path, form: str, data: bytes) -> None:
    file = tmp_path / "records"
    file.write_bytes(data)
    found = Input.read(file)
    assert (found.form, found.size, found.sha256) == (form, len(data), hashlib.sha256(data).hexdigest())
    assert read(file) == WANTED


def test_an_empty_file_has_no_records(tmp_path: Path) -> None:
    (tmp_path / "records").write_bytes(b"")
    assert read(tmp_path / "records") == []


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.string(), pa.large_string()])
def test_parquet(tmp_path: Path, kind: Any) -> None:
    values = [b'{"a": 1}', None, b" kept ", b"x" * 2000]
    table = pa.table({"number": [1, 2, 3, 4], "credential": pa.array(values, pa.binary()).cast(kind)})
    pa.parquet.write_table(table, tmp_path / "records", row_group_size=2)
    assert Input.read(tmp_path / "records").form == "Parquet"
    assert read(tmp_path / "records") == [Record(1, b'{"a": 1}'), Record(3, b" kept "), Record(4, b"x" * 1001)]


@pytest.mark.parametrize(("count", "size", "most"), [(60, 4 * 1024**2, 100), (2000, 1000, 20)])
@pytest.mark.parametrize("use_dictionary", [True, False])
def test_small_parquet_of_large_values_is_not_decoded_at_once(
    tmp_path: Path, use_dictionary: bool, count: int, size: int, most: int
) -> None:
    table = pa.table({"c": pa.chunked_array([pa.array([b" " * size])] * count)})
    pa.parquet.write_table(table, tmp_path / "input", compression="zstd", use_dictionary=use_dictionary)
    del table
    before, largest, found = pa.total_allocated_bytes(), 0, 0
    for piece in Input.read(tmp_path / "input").pieces(longest=2000, seen=lambda _share: None):
        largest = max(largest, pa.total_allocated_bytes() - before)
        found += len(piece.records())
    assert found == count
    assert largest < most * 1024**2


def test_of_several_columns_one_has_to_be_named(tmp_path: Path) -> None:
    table = pa.table({"one": ["1"], "other": ["2"], "third": [3]})
    pa.parquet.write_table(table, tmp_path / "records")
    assert read(tmp_path / "records", column="other") == [Record(1, b"2")]
    for column in (None, "third", "absent"):
        with pytest.raises(JobError, match="name the column") as caught:
            Input.read(tmp_path / "records", column=column)
        assert caught.value.code == "INPUT_UNREADABLE"


def test_a_column_is_that_of_its_whole_name(tmp_path: Path) -> None:
    inner = pa.StructArray.from_arrays([pa.array(["{}"])], ["c"])
    pa.parquet.write_table(pa.Table.from_arrays([inner, pa.array(["1"])], ["a", "a.c"]), tmp_path / "records")
    assert read(tmp_path / "records", column="a.c") == [Record(1, b"1")]


@pytest.mark.parametrize("path", ["-", "/dev/null", "."])
def test_only_a_file_is_an_input(path: str) -> None:
    with pytest.raises(JobError, match=f"'{path}' is not a file") as caught:
        Input.read(Path(path))
    assert caught.value.code == "INPUT_UNREADABLE"


@pytest.mark.parametrize("column", [None, "c"])
def test_a_column_that_is_there_twice_is_none(tmp_path: Path, column: str | None) -> None:
    columns = [pa.array(["1"]), pa.array([2 if column is None else "2"])]
    pa.parquet.write_table(pa.Table.from_arrays(columns, ["c", "c"]), tmp_path / "records")
    with pytest.raises(JobError, match="one that is there once"):
        Input.read(tmp_path / "records", column=column)


@pytest.mark.parametrize("cut", [1, 5, 100])
@pytest.mark.parametrize("pack", [gzip.compress, zstd])
def test_compressed_data_that_ends_early_is_an_error_after_what_was_read(tmp_path: Path, pack: Any, cut: int) -> None:
    (tmp_path / "records").write_bytes(pack(bytes(range(10, 250)) * 400)[:-cut])
    with pytest.raises(JobError) as caught:
        read(tmp_path / "records")
    assert caught.value.code == "INPUT_UNREADABLE"
    assert "\n" not in caught.value.detail


def test_parquet_that_is_damaged_is_an_error(tmp_path: Path) -> None:
    pa.parquet.write_table(pa.table({"c": [bytes([each]) * 500 for each in range(200)]}), tmp_path / "whole")
    data = (tmp_path / "whole").read_bytes()
    for spoilt in (data[:-10], data[:4], b"PAR1" + b"\0" * 3000 + data[3004:]):
        (tmp_path / "records").write_bytes(spoilt)
        with pytest.raises(JobError) as caught:
            read(tmp_path / "records")
        assert caught.value.code == "INPUT_UNREADABLE"


def test_a_long_line_is_cut_off_and_the_next_one_is_whole(tmp_path: Path) -> None:
    (tmp_path / "records").write_bytes(b"a" * 5_000_000 + b"\nb\n" + b"c" * 1001 + b"\n" + b"d" * 1000)
    assert read(tmp_path / "records") == [
        Record(1, b"a" * 1001),
        Record(2, b"b"),
        Record(3, b"c" * 1001),
        Record(4, b"d" * 1000),
    ]


def test_what_is_cut_off_is_not_taken_for_white_space(tmp_path: Path) -> None:
    """A record never loses anything but white space at its ends: one that is cut off stays too long."""
    (tmp_path / "records").write_bytes(b"{}" + b" " * 3_000_000 + b"junk\n{} " + b" " * 900)
    found = read(tmp_path / "records")
    assert found == [Record(1, b"{}" + b" " * 999), Record(2, b"{}")]


def test_one_endless_line_needs_no_memory(tmp_path: Path) -> None:
    (tmp_path / "records").write_bytes(gzip.compress(b" " * 100_000_000))
    tracemalloc.start()
    try:
        (found,) = read(tmp_path / "records")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found.data) == 1001
    assert most < 10_000_000


@pytest.mark.parametrize("chunk", [1, 7, 1000, 10**6])
def test_lines_are_the_same_however_they_are_read(chunk: int) -> None:
    text = b"\n".join(b"%d" % number * (number % 40) for number in range(1000))
    wanted = [Record(position, line) for position, line in enumerate(text.split(b"\n"), 1) if line]
    for end in (b"", b"\n"):
        data = text + end
        pieces = list(lines((data[at : at + chunk] for at in range(0, len(data), chunk)), longest=1000))
        assert records_of(pieces) == wanted
        assert [piece.count for piece in pieces] == [PIECE] * 7 + [1000 - 7 * PIECE]
        assert [piece.first for piece in pieces] == list(range(1, 1001, PIECE))


@pytest.mark.parametrize(
    "piece", [Lines(5, 4, b"a\n\n c\nd", 9), Values(5, pa.array([b"a", None, b" c", b"d" * 20], pa.binary()))]
)
def test_a_piece_is_split_between_its_records(piece: Piece) -> None:
    for number in range(1, 4):
        some, rest = piece.split(number)
        assert rest is not None
        assert (some.count, rest.count, rest.first) == (number, 4 - number, 5 + number)
        assert records_of([some, rest]) == records_of([piece])
    assert piece.split(4) == (piece, None)
    assert [record.position for record in records_of([piece])] == [5, 7, 8]


def test_parts_are_cut_alike_whatever_is_done() -> None:
    found = [Lines(1 + 3 * number, 3, b"x\ny\nz", 100) for number in range(4)]
    every = list(parts(found, size=5, done=()))
    positions = [[record.position for record in records_of(part.pieces)] for part in every]
    assert positions == [[1, 2, 3, 4, 5], [6, 7, 8, 9, 10], [11, 12]]
    assert [part.last for part in every] == [5, 10, 12]
    large = list(parts([Lines(number, 1, b"x" * 9_000_000, 100) for number in range(1, 6)], size=4, done=()))
    assert [part.last for part in large] == [2, 4, 5]
    again = list(parts(found, size=5, done={1}))
    assert [(part.number, part.last, bool(part.pieces)) for part in again] == [
        (0, 5, True),
        (1, 10, False),
        (2, 12, True),
    ]
    assert again[2].pieces == every[2].pieces
