"""The folder of a job: files that appear whole or not at all, and one process that works in it.

JOB/manifest.json    what the job is: written first, never changed
JOB/evidence/        what was fetched, in numbered files
JOB/parts/           the rows, in numbered files, each with the beginning of its own SHA-256 in its name
JOB/progress.jsonl   when parts were done; decides nothing
JOB/summary.json     the counts; there once all parts are
JOB/report.html      the same for people
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vc_core.batch.errors import JobError

_NAMES: Final = frozenset(
    {"manifest.json", "evidence", "parts", "progress.jsonl", "summary.json", "report.html", "lock", "staged"}
)
_DRAFT: Final = ".draft-"
_PART: Final = re.compile(r"part-(\d{6,})-([0-9a-f]{16})\.parquet", re.ASCII)


@dataclass(frozen=True, slots=True)
class Folder:
    """A job's folder. `opened` makes sure that it is one, and that nobody else works in it."""

    path: Path

    @property
    def parts(self) -> Path:
        """Where the rows are."""
        return self.path / "parts"

    @property
    def evidence(self) -> Path:
        """Where is what was fetched."""
        return self.path / "evidence"

    @contextmanager
    def opened(self) -> Iterator[None]:
        """While the context lasts this process alone works in the folder, which is made if it is not there.

        The operating system ends that with the process, however it dies. Raises `JobError` with code JOB_LOCKED if
        somebody works there, NOT_A_JOB if something else is there.
        """
        with writing(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            strange = {each.name for each in self.path.iterdir() if not each.name.startswith(_DRAFT)} - _NAMES
            if strange:
                raise JobError("the folder holds other files than those of a job", code="NOT_A_JOB")
            descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _lock(descriptor)
            with writing(self.path):
                self.parts.mkdir(exist_ok=True)
                self.evidence.mkdir(exist_ok=True)
                for place in (self.path, self.parts, self.evidence):
                    for draft in place.glob(f"{_DRAFT}*"):
                        draft.unlink()
            yield
        finally:
            os.close(descriptor)

    def write(self, place: Path, data: bytes) -> None:
        """Afterwards the file `place` has `data`, also after a loss of power; at no moment does it have a part of it.

        Raises `JobError` with code JOB_UNWRITABLE, and then leaves nothing behind.
        """
        draft = place.parent / f"{_DRAFT}{place.name}"
        with writing(place):
            try:
                with draft.open("wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                draft.replace(place)
            except OSError:
                with suppress(OSError):
                    draft.unlink()
                raise
            _sync(place.parent)

    def write_part(self, number: int, data: bytes) -> None:
        """As `write`, for the rows of a part."""
        self.write(self.parts / f"part-{number:06}-{_digest(data)}.parquet", data)

    def done_parts(self) -> dict[int, Path]:
        """The parts that are there, by number. One whose content is not what it was when it was written is removed.

        Raises `JobError` for a file that is no part.
        """
        found: dict[int, Path] = {}
        with writing(self.parts):
            for file in sorted(self.parts.iterdir()):
                name = _PART.fullmatch(file.name)
                if name is None:
                    raise JobError(f"{file.name!r} is not a part of this job", code="NOT_A_JOB")
                number = int(name[1])
                if number in found or _digest(file.read_bytes()) != name[2]:
                    file.unlink()
                else:
                    found[number] = file
        return found


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """Makes of what can go wrong with files of the job the one error."""
    try:
        yield
    except OSError as error:
        raise JobError(
            f"{place.name!r} of the job cannot be read or written: {error.strerror or error}; with room for it, the "
            "same command goes on from here",
            code="JOB_UNWRITABLE",
        ) from error


def _digest(data: bytes) -> str:
    """As many digits of the SHA-256 as show damage."""
    return hashlib.sha256(data).hexdigest()[:16]


def _lock(descriptor: int) -> None:
    try:
        import fcntl
    except ImportError as error:
        raise JobError("jobs need a system with advisory locks on files", code="JOB_UNWRITABLE") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise JobError("another process works on this job", code="JOB_LOCKED") from error


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
