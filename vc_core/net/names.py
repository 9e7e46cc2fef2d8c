"""Names to addresses, in time."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread
from typing import Final

from did.errors import shown
from vc_core.net.addresses import Address
from vc_core.net.deadline import Deadline
from vc_core.net.errors import FetchError

Lookup = Callable[[str], Iterable[str]]
"""The addresses of a host, each in the textual form of RFC 4291 or RFC 1166. Raises `OSError` if there are none."""
_AT_A_TIME: Final = 512


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

        Raises `FetchError` with code HOST_NOT_FOUND, or ADDRESS_NOT_ALLOWED for what is no address, such as one that
        holds on one interface only (RFC 4007).
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
            raise deadline.exceeded()
        try:
            Thread(target=look_up, daemon=True, name="vc_core.net look-up").start()
        except RuntimeError as error:  # there can be no more threads
            self._free.release()
            raise FetchError("HOST_NOT_FOUND", "nothing can be looked up now") from error
        try:
            found = answer.get(timeout=deadline.left())
        except Empty as error:
            raise deadline.exceeded() from error
        if isinstance(found, Exception):
            raise FetchError("HOST_NOT_FOUND", f"{shown(host)} cannot be looked up: {shown(str(found))}") from found
        return found


def _unscoped(text: str) -> str:
    if "%" in text:
        raise ValueError(f"{text} is an address on one interface")
    return text
