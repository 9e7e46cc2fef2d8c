"""Messages over pipes: for a process that waits for them, and for one that waits no longer than it has to."""

from __future__ import annotations

import os
import select
import struct
import time
from contextlib import suppress
from typing import BinaryIO, Final, NamedTuple

_HEAD: Final = struct.Struct(">?Q")
_MOST_READ: Final = 1024 * 1024
_WIDTH: Final = 1024 * 1024


class Message(NamedTuple):
    """Bytes, and whether they are what was asked for or the name of an error."""

    done: bool
    data: bytes


def send(pipe: BinaryIO, message: Message) -> None:
    """Afterwards the message is in the pipe. Raises OSError if nobody reads."""
    pipe.write(_HEAD.pack(message.done, len(message.data)))
    pipe.write(message.data)
    pipe.flush()


def receive(pipe: BinaryIO) -> Message:
    """The next message. Raises EOFError if the pipe ends before it does."""
    done, length = _HEAD.unpack(_whole(pipe.read(_HEAD.size), _HEAD.size))
    return Message(done, _whole(pipe.read(length), length))


def exchange(to: int, back: int, data: bytes, *, seconds: float) -> Message:
    """The answer to a message, both over pipes that do not block.

    Raises EOFError if the other side ends, OSError if it is gone, and TimeoutError if all of it takes longer.
    """
    deadline = time.monotonic() + seconds
    _put(to, _HEAD.pack(True, len(data)), deadline)  # noqa: FBT003  (a field of the head)
    _put(to, data, deadline)
    done, length = _HEAD.unpack(_got(back, _HEAD.size, deadline))
    return Message(done, _got(back, length, deadline))


def widen(pipe: int) -> None:
    """Lets the pipe hold a whole message of usual size, where the system can: fewer turns for the same bytes."""
    import fcntl

    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _WIDTH)


def _whole(data: bytes, size: int) -> bytes:
    if len(data) < size:
        raise EOFError
    return data


def _put(pipe: int, data: bytes, deadline: float) -> None:
    rest = memoryview(data)
    while rest:
        _wait(pipe, select.POLLOUT, deadline)
        rest = rest[os.write(pipe, rest) :]


def _got(pipe: int, size: int, deadline: float) -> bytes:
    data = bytearray()
    while len(data) < size:
        _wait(pipe, select.POLLIN, deadline)
        some = os.read(pipe, min(size - len(data), _MOST_READ))
        if not some:
            raise EOFError
        data += some
    return bytes(data)


def _wait(pipe: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(pipe, event)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise TimeoutError
