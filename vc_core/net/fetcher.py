"""The fetcher: what the other modules here check, one after the other."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from did.errors import shown
from did.methods.method import Response
from vc_core.net.addresses import PURPOSES, Address, check_addresses
from vc_core.net.connection import Unanswered, connected, proves_the_host, system_trust
from vc_core.net.deadline import Clock, Deadline
from vc_core.net.errors import FetchError
from vc_core.net.hosts import Hosts
from vc_core.net.names import Lookup, Names, system_lookup
from vc_core.net.url import HttpsURL, is_origin

if TYPE_CHECKING:
    from vc_core.net.exchange import Answer

_MIB: Final = 1024 * 1024
_MAX_SECONDS: Final = 3600
_ATTEMPTS: Final = 4


class Fetcher:
    """A `did.methods.method.Fetch` for the public Internet. One serves any number of threads; nothing is to be closed.

    Each request is a GET on a connection of its own, made to an address of the host that was looked up once, and
    checked. What the environment says of proxies has no effect.

    - `seconds` is the time for all that one call does, redirects and the wait for a turn included; an hour at most.
    - `max_bytes` is the size of the largest body.
    - `redirects` is how many are followed in one call. Each leads to a URL that is checked like the first.
    - `allowances` says for a host and port, such as `localhost:8443` or `[::1]:8443`, what each of its addresses has to
      be for, one of `vc_core.net.PURPOSES`: `loopback` or `private` for a host that is being developed, `global` for
      one whose port is not 443. Every other host has a domain name, the port 443 and global addresses only.
    - `nat64` is for a network without IPv4 whose name servers make up addresses in 64:ff9b::/96 (RFC 6147). They are
      judged as the IPv4 addresses that they stand for.
    - `tls` replaces the trust in the certification authorities of the operating system.
    - `lookup` replaces what the operating system says the addresses of a host are.
    - `connections`, `failures` and `pause` (in seconds) say how much of one host is asked at a time and when it is left
      alone, as `vc_core.net.hosts.Hosts` does it.
    - `clock` replaces the monotonic clock.

    Raises `FetchError` with code MISSING_DEPENDENCY without the extra `net`; ValueError for a number that is out of
    range, an allowance that is none, and a TLS context that does not make a host prove its name.
    """

    __slots__ = (
        "_allowances",
        "_clock",
        "_exchange",
        "_hosts",
        "_max_bytes",
        "_names",
        "_public",
        "_redirects",
        "_seconds",
        "_tls",
    )

    def __init__(
        self,
        *,
        seconds: float = 5.0,
        max_bytes: int = _MIB,
        redirects: int = 0,
        allowances: Mapping[str, str] | None = None,
        nat64: bool = False,
        tls: ssl.SSLContext | None = None,
        lookup: Lookup = system_lookup,
        connections: int = 8,
        failures: int = 5,
        pause: float = 30.0,
        clock: Clock = time.monotonic,
    ) -> None:
        if not 0 < seconds <= _MAX_SECONDS or min(max_bytes, redirects, pause) < 0 or min(connections, failures) < 1:
            raise ValueError("a number is out of range")
        if tls is not None and not proves_the_host(tls):
            raise ValueError("this TLS context takes a host that does not prove its name, or an unexpected end")
        self._allowances = dict(allowances or {})
        for origin, purpose in self._allowances.items():
            if not is_origin(origin) or purpose not in PURPOSES:
                raise ValueError(f"not a host with a port, and what its addresses are for: {origin!r}: {purpose!r}")
        try:
            from vc_core.net.exchange import exchange
        except ImportError as error:
            raise FetchError(
                "MISSING_DEPENDENCY", "the network needs h11, which is not installed: install vc-core[net]"
            ) from error
        self._exchange = exchange
        self._public = frozenset({"global", "NAT64"} if nat64 else {"global"})
        self._seconds = seconds
        self._max_bytes = max_bytes
        self._redirects = redirects
        self._tls = system_trust() if tls is None else tls
        self._names = Names(lookup)
        self._hosts = Hosts(connections=connections, failures=failures, pause=pause, clock=clock)
        self._clock = clock

    def __call__(self, url: str, *, accept: str) -> Response:
        """The answer to a GET request for `url` with the header `Accept`, whatever its status but a redirect.

        Raises `FetchError`, and nothing else for anything that a URL, a name server or a host can do; its kind
        `FetchPostponed` if the host was not asked because too much is asked for, or because it failed lately. Raises
        ValueError if `accept` cannot be the value of a header.
        """
        try:
            return self._followed(url, accept, Deadline(self._seconds, self._clock))
        except FetchError as error:
            error.url = url
            raise

    def _followed(self, place: str, accept: str, deadline: Deadline) -> Response:
        """The answer from this place, or from where it leads within the allowed number of redirects."""
        for _ in range(self._redirects + 1):
            url = HttpsURL.parse(place, allowed=self._allowances)
            answer = self._ask(url, accept, deadline)
            if answer.location is None:
                return Response(answer.status, answer.media_type, answer.body, place)
            place = url.joined(answer.location)
        raise FetchError("REDIRECT_REFUSED", f"not followed: status {answer.status}, to {shown(place, 128)}")

    def _ask(self, url: HttpsURL, accept: str, deadline: Deadline) -> Answer:
        allowance = self._allowances.get(url.origin)
        with self._hosts.turn(url.origin, deadline) as turn:
            addresses = self._names.addresses(url.host, deadline)
            turn.begins()
            check_addresses(addresses, allowed=self._public if allowance is None else {allowance})
            return self._answer(addresses, url, accept, deadline)

    def _answer(self, addresses: Sequence[Address], url: HttpsURL, accept: str, deadline: Deadline) -> Answer:
        """The answer of the first address that gives one; a single address is tried twice."""
        tries = addresses[:_ATTEMPTS] if len(addresses) > 1 else [*addresses, *addresses]
        failure: Unanswered | None = None
        for number, address in enumerate(tries):
            seconds = deadline.left() / (len(tries) - number)
            try:
                with connected(address, url, tls=self._tls, seconds=seconds, deadline=deadline) as connection:
                    return self._exchange(connection, url, accept=accept, max_bytes=self._max_bytes)
            except Unanswered as error:
                failure = error
        deadline.left()  # if none is, that is the reason
        raise FetchError("CONNECTION_ERROR", f"{url.authority} does not answer: {failure}") from failure
