"""Worker processes, seen from the process that started them: what they die of is not lost with them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock
from typing import IO, Final, Self, TypeAlias, TypeVar

from vc_core.batch.errors import JobError
from vc_core.batch.messages import Message, exchange, widen
from vc_core.batch.portable import packed
from vc_core.batch.worker import NO_MEMORY, WorkerLimits

ATTEMPTS_ALONE: Final = 3
"""How often a record is tried by itself, after its worker died, before it is said to be what kills workers."""
_STARTS: Final = 20
"""How often a process is started that is killed before it can be asked for anything."""
_MOST_TO_START: Final = 300.0
"""Seconds in which a worker is ready: large evidence takes some to be read."""
_GRACE: Final = 5.0
"""Seconds that a worker has for an answer beyond those after which its own alarm ends it."""
_FAREWELL: Final = 1.0
"""Seconds for a process that has closed its pipes to end, before it is killed."""
_NO_ANSWER: Final = "it had no answer in time"
_BOOT: Final = "import sys; sys.path[:] = sys.argv[1:]; from vc_core.batch.worker import main; main()"

Function: TypeAlias = Callable[[bytes], bytes]
Item = TypeVar("Item")
Work = TypeVar("Work")
Result = TypeVar("Result")


class WorkerDied(Exception):
    """The process died before it answered; the text says of what."""


class WorkerFailed(Exception):
    """The function raised an error, of which the text is the name."""


class Stopped(Exception):
    """The worker was closed for good."""


class Worker:
    """One process that applies a function, from bytes to bytes, to one work after the other.

    `packed_function` is that, packed, and packed again with the limits: see `vc_core.batch.portable`. What it takes to
    be made counts against the limit of memory, and has time enough.

    When it dies the next work has a new one. `ask` is called by one thread at a time; `close` by any.
    """

    def __init__(self, packed_function: bytes, limits: WorkerLimits) -> None:
        self._function, self._limits = packed_function, limits
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._lock = Lock()

    def ask(self, work: bytes) -> bytes:
        """What the function makes of `work`.

        Raises `WorkerFailed` if it raised an error, `WorkerDied` if the process died of it or had no answer in time,
        `Stopped` if the worker is closed, and `JobError` with code WORKER_UNUSABLE if no process gets as far as to be
        asked.
        """
        process = self._process or self._started()
        try:
            answer = self._exchanged(process, work, seconds=self._limits.seconds)
        except (EOFError, OSError) as error:
            code = self._buried(process, patience=0.0 if isinstance(error, TimeoutError) else _FAREWELL)
            raise WorkerDied(_NO_ANSWER if isinstance(error, TimeoutError) else _cause(code)) from error
        except BaseException:
            self._buried(process)  # half a message may be in its pipes, which is not the answer to another work
            raise
        if not answer.done:
            raise WorkerFailed(answer.data.decode())
        return answer.data

    def close(self) -> None:
        """Ends the process at once; whoever waits for its answer gets `Stopped`."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                self._process.kill()

    def bury(self) -> None:
        """After `close`, and when nobody asks any more: nothing of the process is left."""
        if self._process is not None:
            with suppress(Stopped):
                self._buried(self._process)

    def _started(self) -> subprocess.Popen[bytes]:
        cause = ""
        for _ in range(_STARTS):
            with self._lock:
                if self._closed:
                    raise Stopped
                process = self._process = _launched()
            try:
                for each in _pipes(process):
                    os.set_blocking(each.fileno(), False)
                    widen(each.fileno())
                ready = self._exchanged(process, self._function, seconds=_MOST_TO_START)
            except (EOFError, OSError) as error:
                code = self._buried(process, patience=0.0 if isinstance(error, TimeoutError) else _FAREWELL)
                cause = _NO_ANSWER if isinstance(error, TimeoutError) else _cause(code)
                if code != -signal.SIGKILL or isinstance(error, TimeoutError):  # nobody else has done it
                    break
            except BaseException:
                self._buried(process)
                raise
            else:
                if ready.done:
                    return process
                self._buried(process)
                cause = ready.data.decode()
                break
        raise JobError(f"no worker process starts: {cause}", code="WORKER_UNUSABLE")

    def _exchanged(self, process: subprocess.Popen[bytes], message: bytes, *, seconds: float) -> Message:
        to, back = (pipe.fileno() for pipe in _pipes(process))
        return exchange(to, back, message, seconds=seconds + _GRACE)

    def _buried(self, process: subprocess.Popen[bytes], *, patience: float = 0.0) -> int:
        """The exit code of the process, below 0 for a signal; it is dead then. Raises `Stopped` if it was closed."""
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)  # it may be about to end by itself, with a code that says why
        process.kill()
        code = process.wait()
        for pipe in _pipes(process):
            with suppress(OSError):
                pipe.close()
        with self._lock:
            self._process = None
            if self._closed:
                raise Stopped
        return code


class Workers:
    """So many workers, and as many threads, or more, to wait for their answers. After the context none of them is left.

    They are started when there is work. Raises TypeError at once for a function that cannot be packed.
    """

    def __init__(self, number: int, function: Function, limits: WorkerLimits, *, threads: int | None = None) -> None:
        packed_function = packed((packed(function), limits))
        self._workers = [Worker(packed_function, limits) for _ in range(number)]
        self._idle: SimpleQueue[Worker] = SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._threads = ThreadPoolExecutor(threads or number, thread_name_prefix="vc-core-worker")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.close()
        self._threads.shutdown(cancel_futures=True)
        for worker in self._workers:
            worker.bury()

    def submit(self, task: Callable[[Item], Result], item: Item) -> Future[Result]:
        """The future outcome of `task(item)`, in a thread. Each task may `ask`."""
        return self._threads.submit(task, item)

    def ask(self, work: bytes) -> bytes:
        """What `Worker.ask` gives, of one that is idle."""
        worker = self._idle.get()
        try:
            return worker.ask(work)
        finally:
            self._idle.put(worker)


def isolated(
    ask: Callable[[Work], Result],
    work: Work,
    singly: Callable[[Work], Iterable[Work]],
    crashed: Callable[[Work, str], Result],
) -> Iterator[Result]:
    """The results of a work, which is several records, whatever they do to the worker.

    If it dies they are tried one by one, as `singly` divides them. Of one that kills its worker `ATTEMPTS_ALONE` times,
    and so each time, `crashed` makes the result, from the work with it alone and the cause of the last death; no other
    is touched by it.

    Halving the work again and again would find the record, too, but at the price of a death for each halving: of 128
    records that is 8 deaths and as many new processes, of half a second each, and for a record that hangs 8 times its
    time limit, before it is alone. One by one it is a single death before that, and 127 records that are verified once
    more, in some 15 ms.
    """
    try:
        yield ask(work)
    except WorkerDied:
        for each in singly(work):
            yield _alone(ask, each, crashed)


def _alone(ask: Callable[[Work], Result], work: Work, crashed: Callable[[Work, str], Result]) -> Result:
    cause = ""
    for _ in range(ATTEMPTS_ALONE):
        try:
            return ask(work)
        except WorkerDied as death:
            cause = str(death)
    return crashed(work, cause)


def _launched() -> subprocess.Popen[bytes]:
    command, pipe = [sys.executable or "", "-c", _BOOT, *sys.path], subprocess.PIPE
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # it is for us, also before the worker says so
    try:
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, bufsize=0)  # noqa: S603  (ours)
    except OSError as error:
        raise JobError(f"no worker process starts: {error.strerror or error}", code="WORKER_UNUSABLE") from error
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _pipes(process: subprocess.Popen[bytes]) -> list[IO[bytes]]:
    return [pipe for pipe in (process.stdin, process.stdout) if pipe is not None]


def _cause(code: int) -> str:
    """What an exit code says. The alarm is that of the worker itself; the end by SIGKILL is ours, or anybody's."""
    if code >= 0:
        return "it ran out of memory" if code == NO_MEMORY else f"exit code {code}"
    if -code == signal.SIGALRM:
        return _NO_ANSWER
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"signal {-code}"
