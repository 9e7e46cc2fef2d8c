"""The input of a job: JSON Lines, plain or compressed, or Parquet; read once from the beginning, in bounded memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

from vc_core.batch.arrow import pa
from vc_core.batch.errors import JobError
from vc_core.batch.pieces import Piece, lines, values

_CHUNK: Final = 1024 * 1024
_COMPRESSIONS: Final = ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd"))
_ZSTD_SKIPPABLE: Final = frozenset(bytes((first, 0x2A, 0x4D, 0x18)) for first in range(0x50, 0x60))
"""How a frame begins that has no content, which may stand before the others (RFC 8878, section 3.1.2)."""
_PARQUET: Final = b"PAR1"
_VALUES: Final = 8
"""Values that are decoded at a time: what is small as a file may be large in memory, and that much more so."""
_LARGE: Final = 1024 * 1024
"""Bytes of a value, on an average, from which they are decoded one by one."""
_MOST_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Input:
    """A file of records, as it was when it was looked at.

    `form` is "JSON Lines", "JSON Lines+gzip", "JSON Lines+zstd" or "Parquet". `stamp` shows that it is changed while
    it is read, without reading it.
    """

    path: Path
    form: str
    column: str | None
    sha256: str
    size: int
    stamp: tuple[int, ...]

    @classmethod
    def read(cls, path: Path, *, column: str | None = None) -> Self:
        """The file at `path`; raises `JobError`. All of it is read for its digest."""
        if str(path) == "-" or (path.exists() and not path.is_file()):
            raise JobError(
                f"the input {str(path)!r} is not a file, and only a file can be read twice", code="INPUT_UNREADABLE"
            )
        with _reading(path), path.open("rb") as file:
            stamp = _stamp(path)
            form = _form(file.read(4))
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if form == "Parquet":
            column = _column(path, column)
        elif column is not None:
            raise JobError("only Parquet has columns", code="INPUT_UNREADABLE")
        return cls(path, form, column, digest, stamp[0], stamp)

    def check_unchanged(self) -> None:
        """Raises `JobError` with code INPUT_CHANGED if the file is not the one that was looked at."""
        with _reading(self.path):
            if _stamp(self.path) != self.stamp:
                raise JobError("the input was changed while it was read", code="INPUT_CHANGED")

    def pieces(self, *, longest: int, seen: Callable[[float], None]) -> Iterator[Piece]:
        """All of it in pieces, always the same ones; records of more than `longest` bytes are cut off one byte later.

        `seen` is told now and then which share of the input is read. Raises `JobError` for what cannot be read, after
        the pieces before it.
        """
        with _reading(self.path):
            if self.form == "Parquet":
                yield from values(self._columns(seen), longest=longest)
            else:
                yield from lines(self._chunks(seen), longest=longest)

    def _chunks(self, seen: Callable[[float], None]) -> Iterator[bytes]:
        compression = self.form.partition("+")[2]
        with pa.OSFile(str(self.path)) as file:
            stream = pa.CompressedInputStream(file, compression) if compression else file
            while chunk := stream.read(_CHUNK):
                seen(file.tell() / self.size)
                yield chunk

    def _columns(self, seen: Callable[[float], None]) -> Iterator[pa.Array]:
        with pa.parquet.ParquetFile(self.path) as file:
            number = 0
            groups = map(file.metadata.row_group, range(file.metadata.num_row_groups))
            large = any(group.total_byte_size > _LARGE * group.num_rows for group in groups)
            for batch in file.iter_batches(1 if large else _VALUES, columns=[self.column]):
                seen(number / max(1, file.metadata.num_rows))
                yield batch.column(self.column)  # of "a.b" comes what is in "a", too
                number += len(batch)


def _form(beginning: bytes) -> str:
    if beginning == _PARQUET:
        return "Parquet"
    if beginning in _ZSTD_SKIPPABLE:
        return "JSON Lines+zstd"
    compression = next((name for magic, name in _COMPRESSIONS if beginning.startswith(magic)), "")
    return f"JSON Lines+{compression}" if compression else "JSON Lines"


def _column(path: Path, wanted: str | None) -> str:
    """The column with the records: the one that is wanted, or the only one that can be it."""
    with _reading(path):
        schema = pa.parquet.read_schema(path)
    fit = [field.name for field in schema if _holds_bytes(field.type)]
    name = fit[0] if wanted is None and len(fit) == 1 else wanted
    if name in fit and schema.names.count(name) == 1:
        return str(name)
    shown = ", ".join(map(repr, fit[:_MOST_SHOWN])) or "none"
    raise JobError(
        f"name the column with the credentials, one that is there once; those of text or binary: {shown[:200]}",
        code="INPUT_UNREADABLE",
    )


def _holds_bytes(kind: Any) -> bool:
    tests = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_string, pa.types.is_large_string)
    return any(test(kind) for test in tests)


def _stamp(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino  # a program can set the second back


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Makes of what can go wrong with a file the one error."""
    try:
        yield
    except (OSError, EOFError, pa.ArrowException) as error:
        reason = getattr(error, "strerror", None) or str(error).partition("\n")[0]
        raise JobError(f"the input {path.name!r} cannot be read: {reason[:200]!r}", code="INPUT_UNREADABLE") from error
