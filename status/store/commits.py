"""Group commit: what several threads write at the same time becomes durable in one transaction."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable
from typing import Final, TypeVar, cast

from status.errors import StoreError
from status.store.transaction import Database, SavepointLost, Transaction, unavailable

T = TypeVar("T")
_MOST_AT_ONCE: Final = 256


class _Job:
    """A piece of work that somebody waits for, and what became of it."""

    __slots__ = ("done", "error", "key", "leads", "result", "told", "work")

    def __init__(self, key: str, work: Callable[[Transaction], object]) -> None:
        self.key = key
        self.work = work
        self.result: object = None
        self.error: Exception | None = None
        self.done = False
        self.leads = False
        self.told = threading.Lock()  # held until the job is done, or its thread is to lead
        self.told.acquire()

    def run(self, transaction: Transaction) -> None:
        """Whatever error the work ends with is this job's alone, and nothing of the job is written then.

        Raises `SavepointLost` if the transaction did not live through it.
        """
        try:
            with transaction.savepoint():
                self.result = self.work(transaction)
        except SavepointLost:
            raise
        except Exception as error:  # noqa: BLE001  (it is raised where the work came from)
            self.error = error


class GroupCommit:
    """Runs pieces of work on a database, for any number of threads.

    Each thread queues its work. The first leads: it runs all that is queued, in one transaction, while others queue
    theirs; then the first of those leads. So the disk is waited for once for as many as came meanwhile.

    The error of a piece of work is that piece's alone: it is undone, and the others go on, unless the transaction did
    not live through it. Groups run in the order of their keys, the same everywhere: so two processes that lock several
    lists cannot wait for each other.
    """

    __slots__ = ("_database", "_is_led", "_lock", "_process", "_queue")

    def __init__(self, database: Database) -> None:
        self._database = database
        self._process = os.getpid()
        self._lock = threading.Lock()  # of the two below
        self._queue: deque[_Job] = deque()
        self._is_led = False

    def run(self, key: str, work: Callable[[Transaction], T]) -> T:
        """The result of `work`, which is durable. Raises what it raised, or the `StoreError` of the database."""
        if os.getpid() != self._process:
            raise unavailable("the store was opened by another process")
        job = _Job(key, work)
        try:
            with self._lock:
                self._queue.append(job)
                job.leads, self._is_led = not self._is_led, True
            if not job.leads:
                job.told.acquire()
            if not job.done:
                self._run_group()
        finally:
            if job.leads or not job.done:
                self._leave(job)
        if job.error is not None:
            raise job.error
        return cast("T", job.result)

    def _leave(self, job: _Job) -> None:
        """If the job led, the first that has queued meanwhile leads. One that was interrupted before its turn goes."""
        with self._lock:
            if job in self._queue:
                self._queue.remove(job)
            if job.leads:
                self._is_led = bool(self._queue)
                if self._queue:
                    self._queue[0].leads = True
                    self._queue[0].told.release()

    def _run_group(self) -> None:
        """Runs what is queued; the job of who leads is the first of it."""
        with self._lock:
            group = [self._queue.popleft() for _ in range(min(len(self._queue), _MOST_AT_ONCE))]
        try:
            with self._database.writing() as transaction:
                for job in sorted(group, key=lambda job: job.key):
                    job.run(transaction)
        except StoreError as error:
            for job in group:
                job.error = StoreError(error.detail, code=error.code)
                job.error.__cause__ = error
        except BaseException as error:
            for job in group:
                job.error = StoreError("a thread was interrupted while it wrote for others", code="OUTCOME_UNKNOWN")
                job.error.__cause__ = error
            raise
        finally:
            for job in group:
                job.done = True
                if not job.leads:
                    job.told.release()
