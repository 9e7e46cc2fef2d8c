"""The folder of a job: files that appear whole or not at all, and one process that works in it.

JOB/manifest.json    what the job is: written first, never changed
JOB/evidence/        what was fetched, in numbered files
JOB/parts/           the rows, in numbered files; a digest of manifest, number and rows is in each name
JOB/progress.jsonl   when parts were done; decides nothing
JOB/summary.json     the counts; there once all parts are
JOB/report.html      the same for people
JOB/lock             held by the process that works on the job
"""

from __future__ import annotations

import errno
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
    {"manifest.json", "evidence", "parts", "progress.jsonl", "summary.json", "report.html", "lock"}
)
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_DRAFT: Final = ".draft-"
_PART: Final = re.compile(r"part-(\d{6,})-([0-9a-f]{16})\.parquet", re.ASCII)


@dataclass(frozen=True, slots=True)
class Folder:
    """A job's folder. `opened` makes sure that it is one, and that nobody else works in it."""

    path: Path
    seal: bytes = b""
    """The digest of the manifest. The names of parts depend on it, so that those of another job do not fit."""

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
            if self.path.exists() and not self.path.is_dir():
                raise JobError(f"{self.path.name!r} is a file, and a job is a folder", code="NOT_A_JOB")
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
        self.write(self.parts / self._part_name(number, data), data)

    def done_parts(self) -> dict[int, Path]:
        """The parts that are there, by number. One whose content is not what it was when it was written is removed.

        So is one that was written for another job, or for another place in this one.

        Raises `JobError` for a file that is no part.
        """
        found: dict[int, Path] = {}
        with writing(self.parts):
            for file in sorted(self.parts.iterdir()):
                name = _PART.fullmatch(file.name)
                if name is None:
                    raise JobError(f"{file.name!r} is not a part of this job", code="NOT_A_JOB")
                number = int(name[1])
                if file.name != self._part_name(number, file.read_bytes()):
                    file.unlink()
                else:
                    found[number] = file
        return found

    def _part_name(self, number: int, data: bytes) -> str:
        """The name with as many digits of a SHA-256 as show damage and mistakes."""
        digest = hashlib.sha256(b"%b %d " % (self.seal, number))
        digest.update(data)
        return f"part-{number:06}-{digest.hexdigest()[:16]}.parquet"


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """Makes of what can go wrong with files of the job the one error."""
    try:
        yield
    except OSError as error:
        advice = "; with room for it, the same command goes on from here" if error.errno in _FULL else ""
        raise JobError(
            f"{place.name!r} of the job cannot be read or written: {error.strerror or error}{advice}",
            code="JOB_UNWRITABLE",
        ) from error


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
