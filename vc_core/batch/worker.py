"""A worker: a process that is sent a function from bytes to bytes, and then applies it to whatever it is sent.

What it is sent it believes. What it answers is data and nothing else: it is the one that reads what strangers wrote.

It reads from the pipe on its standard input and answers on the pipe on its standard output, one answer for each work.
It ends when the pipe ends, so it does not outlive whoever started it; while it works, an alarm of the operating system
ends it after `seconds`, whatever it does and whoever still lives.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Final

from vc_core.batch.messages import Message, receive, send
from vc_core.batch.portable import unpacked

NO_MEMORY: Final = 70
"""The exit code of a worker that ran out of memory."""


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What one work may cost: `seconds` of time, and the bytes of memory that the process may have mapped."""

    seconds: float = 30.0
    memory: int = 4 * 1024**3

    def __post_init__(self) -> None:
        if not (self.seconds > 0 and self.memory > 0):
            raise ValueError("a worker has some time and some memory")


def main() -> None:
    """Serves on the standard streams until they end. What is printed meanwhile goes to standard error."""
    requests = os.fdopen(0, "rb", closefd=False)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _ignore_interrupts()
    serve(requests, answers)


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers one request after the other, until nobody asks or listens any more.

    The first one is the packed function, packed again with its limits. A work for which there is not enough memory, or
    time, ends the process, and so does a function for which there is not enough memory.
    """
    try:
        made = _made(receive(requests).data, answers)
        while made is not None:
            function, limits = made
            work = receive(requests).data
            _set_alarm(limits.seconds)
            answer = _answer(function, work)
            _set_alarm(0)
            send(answers, answer)
    except (EOFError, BrokenPipeError):
        return


def _made(data: bytes, answers: BinaryIO) -> tuple[Callable[[bytes], bytes], WorkerLimits] | None:
    """The function and its limits; None if it cannot be made. Which of these it is has been answered."""
    packed_function, limits = unpacked(data)
    _limit_memory(limits.memory)
    try:
        function: Callable[[bytes], bytes] = unpacked(packed_function)
    except MemoryError:
        os._exit(NO_MEMORY)
    except Exception as error:  # noqa: BLE001  (whoever started this process says what it means)
        send(answers, Message(done=False, data=type(error).__name__.encode()))
        return None
    send(answers, Message(done=True, data=b""))
    return function, limits


def _answer(function: Callable[[bytes], bytes], work: bytes) -> Message:
    try:
        return Message(done=True, data=function(work))
    except MemoryError:
        os._exit(NO_MEMORY)  # nothing here can be relied on any more
    except Exception as error:  # noqa: BLE001  (whoever asked says what it means)
        return Message(done=False, data=type(error).__name__.encode())


def _ignore_interrupts() -> None:
    """An interrupt from the keyboard is for the process that started this one."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _set_alarm(seconds: float) -> None:
    """Ends this process after so many seconds, or never for 0, where the operating system has alarms."""
    import signal

    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # no such limits on this system
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (size if most == resource.RLIM_INFINITY else min(size, most), most))
