"""Names to addresses, in time."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread
from typing import Final

from did.errors import plain, shown
from vc_core.net.addresses import Address
from vc_core.net.deadline import Deadline
from vc_core.net.errors import FetchError, FetchPostponed

Lookup = Callable[[str], Iterable[str]]
"""The addresses of a host, each in the textual form of RFC 4291 or RFC 1166. Raises `OSError` if there are none."""
_AT_A_TIME: Final = 512
_NOT_KNOWN: Final = frozenset({socket.EAI_AGAIN, socket.EAI_MEMORY})  # what the system says of itself, not of the name


def system_lookup(host: str) -> list[str]:
    """What the operating system says, in its order of preference (RFC 6724)."""
    return [str(where[0]) for *_, where in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


class Names:
    """A look-up that ends at a deadline.

    The system's own cannot be stopped. So it runs in a thread of its own, which is left behind when the deadline is
    over and ends when the system gives up; there are never more than 512 of them.
    """

    __slots__ = ("_free", "_lookup")

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self._free = BoundedSemaphore(_AT_A_TIME)

    def addresses(self, host: str, deadline: Deadline) -> list[Address]:
        """Every address of the host, at least one, each once, in the order of the answer.

        Raises `FetchError` with code HOST_NOT_FOUND; LOOKUP_FAILED if there is no word on it, or none in time; or
        ADDRESS_NOT_ALLOWED for what is no address, such as one that holds on one interface only (RFC 4007). Raises
        `FetchPostponed` with code NO_TURN if there are too many look-ups.
        """
        with suppress(ValueError):
            return [ip_address(host)]
        found = self._looked_up(host, deadline)
        if not found:
            raise FetchError("HOST_NOT_FOUND", f"{shown(host)} has no address")
        try:
            return [ip_address(_unscoped(text)) for text in dict.fromkeys(found)]
        except ValueError as error:
            raise FetchError("ADDRESS_NOT_ALLOWED", f"not an IP address of the host: {shown(str(error))}") from error

    def _looked_up(self, host: str, deadline: Deadline) -> list[str]:
        answer: SimpleQueue[list[str] | Exception] = SimpleQueue()

        def look_up() -> None:
            try:
                answer.put(list(self._lookup(host)))
            except Exception as error:  # noqa: BLE001  (whatever it is, it is raised where the answer is waited for)
                answer.put(error)
            finally:
                self._free.release()

        if not self._free.acquire(timeout=deadline.left()):
            raise FetchPostponed("NO_TURN", f"{shown(host)} was not looked up in time: too many names are")
        try:
            Thread(target=look_up, daemon=True, name="vc_core.net look-up").start()
        except RuntimeError as error:  # there can be no more threads
            self._free.release()
            raise FetchPostponed("NO_TURN", f"{shown(host)} was not looked up: there can be no more threads") from error
        try:
            found = answer.get(timeout=deadline.left())
        except Empty as error:
            raise FetchError("LOOKUP_FAILED", f"{shown(host)} was not looked up in time") from error
        if isinstance(found, Exception):
            is_known = not (isinstance(found, socket.gaierror) and found.errno in _NOT_KNOWN)
            code = "HOST_NOT_FOUND" if is_known else "LOOKUP_FAILED"
            raise FetchError(code, f"{shown(host)} cannot be looked up: {plain(str(found), 128)}") from found
        return found


def _unscoped(text: str) -> str:
    if "%" in text:
        raise ValueError(f"{text} is an address on one interface")
    return text
