"""A job: the verdicts on all records of a file, in a folder, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import TypeAlias

from vc_core.batch.errors import JobError
from vc_core.batch.fetching import Network, SharedEvidence
from vc_core.batch.folder import Folder, writing
from vc_core.batch.input import Input
from vc_core.batch.log import Log, rates
from vc_core.batch.manifest import enter, manifest, seal
from vc_core.batch.parts import PART_SIZE, Part, parts
from vc_core.batch.report import report
from vc_core.batch.summary import Summary
from vc_core.batch.verification import Verification
from vc_core.batch.worker import WorkerLimits

Progress: TypeAlias = Callable[[int, float], None]
"""Is told how many records were verified by this run so far, and which share of the job is done."""


@dataclass(frozen=True, slots=True)
class Job:
    """The verdicts on the records of `source`, as `verification` has them, and the folder that they go to.

    Without `network` nothing is fetched. All but the number of workers and the network's ways belongs to the identity
    of a job: what is begun with it can only be finished with it.
    """

    folder: Path
    source: Input
    verification: Verification
    part_size: int = PART_SIZE
    limits: WorkerLimits = WorkerLimits()  # noqa: RUF009  (a frozen value)
    network: Network | None = None
    workers: int = 1

    def run(self, engine: Engine, progress: Progress = lambda _records, _share: None) -> Summary:
        """Afterwards the folder has one row for each record, in order, and the counts of them.

        The same job can be run again: it goes on from what is there, and where all is there it only counts. It may be
        killed at any time. Raises `JobError`, and what was done until then stands.
        """
        folder = Folder(self.folder)
        with folder.opened():
            identity = manifest(
                self.source,
                self.verification,
                part_size=self.part_size,
                limits=self.limits,
                fetches=self.network is not None,
            )
            enter(folder, identity)
            folder = replace(folder, seal=seal(identity))
            done = folder.done_parts()
            with writing(folder.path):
                (folder.path / "summary.json").unlink(missing_ok=True)
            run = Run(self, folder, progress)
            engine(run, run.pending(done))
            self.source.check_unchanged()
            found = folder.done_parts()
            if sorted(found) != list(range(run.parts)):
                raise JobError("the parts that are there are not those of the input", code="NOT_A_JOB")
            summary = Summary.of((found[number] for number in range(run.parts)), used_up=run.evidence.used_up())
            folder.write(folder.path / "report.html", report(summary, identity, rates(folder)))
            folder.write(folder.path / "summary.json", summary.write())
            return summary


class Run:
    """One run of a job: what an engine is handed the parts of, and hands the rows back to. Threads may share it."""

    def __init__(self, job: Job, folder: Folder, progress: Progress) -> None:
        self.job, self.folder = job, folder
        self.evidence = SharedEvidence(folder, job.verification.evidence, job.network)
        self.parts = 0
        """How many parts the input has, as far as it was read."""
        self._progress, self._log, self._lock = progress, Log(folder), Lock()
        self._read = self._share = 0.0
        self._records = 0

    def pending(self, done: Container[int]) -> Iterator[Part]:
        """The parts that are not done, with the share that each is of the whole."""
        longest = self.job.verification.policy.limits.document_bytes
        found = self.job.source.pieces(longest=longest, seen=self._seen)
        before = 0.0
        for part in parts(found, size=self.job.part_size, done=done):
            self.parts += 1
            share, before = self._read - before, self._read
            if part.number in done:
                self.advance(0, share)
            else:
                yield replace(part, share=share)

    def advance(self, records: int, share: float) -> None:
        """So many more records are verified, and so much more of the whole."""
        with self._lock:
            self._records += records
            self._share += share
            self._progress(self._records, self._share)

    def finish(self, part: int, file: bytes, *, rows: int) -> None:
        """Afterwards the part of this number is done: the file of its rows is in the folder.

        Raises `JobError` with code INPUT_CHANGED if they may be those of another input: if they were kept, and the
        input made again what it was, the job would go on with them.
        """
        self.job.source.check_unchanged()
        self.folder.write_part(part, file)
        self._log.add(rows)

    def _seen(self, share: float) -> None:
        self._read = share


Engine: TypeAlias = Callable[[Run, Iterator[Part]], None]
"""What verifies parts, and finishes each of them: see `vc_core.batch.engines`."""
