"""Fetching from hosts on this machine: how many in a second, when a slow host is given up, and what is never reached.

    python -m benches.fetch [--seconds 2]
    python -m benches.fetch --redirects

The hosts are processes of their own and have TLS 1.3 with P-256; each fetch is a new connection. With `--redirects`,
every form of a host is combined with every address of `tests/net/forms.py` in a redirect, and a spy on the socket layer
counts what is connected to.
"""

from __future__ import annotations

import http.client
import multiprocessing
import socket
import ssl
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from benches.tables import Report, Settings, Table, run
from tests.net.forms import ADDRESSES, HOSTS
from tests.net.loopback import ADDRESS, Answer, Authority, Server, Stream, fetcher, ok
from vc_core.net import Fetcher, FetchError

DOCUMENT = ok(b'{"id":"did:web:host.test"}' + b" " * 2000)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n"
DROP = 0.25  # seconds between two bytes
SECONDS = 5.0
SLICE = 0.2


class Elsewhere:
    """A server in another process, as `tests.net.loopback.fetcher` takes one."""

    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, host: str) -> str:
        return f"https://{host}:{self.port}/did.json"


@contextmanager
def elsewhere(answer: Answer, tls: ssl.SSLContext | None) -> Iterator[Any]:
    """A server that answers in a process of its own, which ends with the block."""
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe()

    def serve() -> None:
        with Server(answer, tls=tls) as server:
            theirs.send(server.port)
            theirs.recv()

    process = fork.Process(target=serve, daemon=True)
    process.start()
    try:
        yield Elsewhere(ours.recv())
    finally:
        ours.send(None)
        process.join(10)


def rates(*asks: Callable[[], object], seconds: float, threads: int = 1) -> list[float]:
    """Calls a second of each, by that many threads together: the median of short slices that take turns."""
    slices: list[list[float]] = [[] for _ in asks]
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(threads) as pool:
        while time.monotonic() < end:
            for ask, found in zip(asks, slices, strict=True):
                begin = time.monotonic()
                counts = pool.map(calls, [ask] * threads, [begin + SLICE] * threads)
                found.append(sum(counts) / (time.monotonic() - begin))
    return [statistics.median(found) for found in slices]


def calls(ask: Callable[[], object], end: float) -> int:
    """How often it is called until then."""
    count = 0
    while time.monotonic() < end:
        ask()
        count += 1
    return count


def with_the_standard_library(port: int, tls: ssl.SSLContext) -> Callable[[], object]:
    """The same request by `http.client`: without any check, a limit, or a deadline for the whole."""

    def ask() -> bytes:
        connection = http.client.HTTPSConnection("host.test", port, context=tls, timeout=SECONDS)
        bare = socket.create_connection((ADDRESS, port), timeout=SECONDS)
        bare.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sock = tls.wrap_socket(bare, server_hostname="host.test")
        connection.request("GET", "/did.json", headers={"Accept": "application/did", "Connection": "close"})
        body = connection.getresponse().read()
        connection.close()
        return body

    return ask


def fetches(authority: Authority, tls: ssl.SSLContext, seconds: float) -> Table:
    rows = []
    with elsewhere(DOCUMENT, tls) as server:
        fetch = fetcher(authority, {"host.test": server})
        peer = with_the_standard_library(server.port, authority.client())
        for threads in (1, 8):
            ours, theirs = rates(
                lambda: fetch(server.url("host.test"), accept="application/did"), peer, seconds=seconds, threads=threads
            )
            name = "1 thread" if threads == 1 else f"{threads} threads"
            rows.append((name, f"{ours:.0f}", f"{theirs:.0f}", f"{ours / theirs:.2f}"))
    return Table(("fetches a second", "fetcher", "http.client", "ratio"), rows)


def dripping(start: bytes, rest: bytes) -> Answer:
    def answer(server: Server, stream: Stream) -> None:
        stream.sendall(start)
        server.drip(stream, rest, seconds=DROP)

    return answer


SLOW: dict[str, tuple[Answer, bool]] = {
    "headers in drops": (dripping(b"", HEAD), True),
    "a body in drops": (dripping(HEAD + b"\r\n", bytes(1000)), True),
    "chunks in drops": (dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n" * 100), True),
    "silence after TLS": (lambda server, _: bool(server.stopped.wait(60)) and None, True),
    "TLS in drops": (dripping(b"", b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc" + bytes(1000)), False),
    "silence before TLS": (lambda server, _: bool(server.stopped.wait(60)) and None, False),
}


def slow_hosts(authority: Authority, tls: ssl.SSLContext) -> Table:
    rows = []
    with elsewhere(DOCUMENT, tls) as quick:
        for name, (answer, with_tls) in SLOW.items():
            with elsewhere(answer, tls if with_tls else None) as slow:
                fetch = fetcher(authority, {"slow.test": slow, "quick.test": quick}, seconds=SECONDS)

                def ask(fetch: Fetcher = fetch) -> None:
                    fetch(quick.url("quick.test"), accept="application/did")

                (before,) = rates(ask, seconds=SECONDS - 1)
                with ThreadPoolExecutor(8) as pool:
                    ends = [pool.submit(given_up, fetch, slow.url("slow.test")) for _ in range(8)]
                    (meanwhile,) = rates(ask, seconds=SECONDS - 1)
                    results = [end.result() for end in ends]
                (code,) = {code for code, _ in results}
                took = f"{min(took for _, took in results):.3f} to {max(took for _, took in results):.3f}"
                others = (f"{before:.0f}", f"{meanwhile:.0f}", f"{meanwhile / before:.2f}")
                rows.append((name, f"`{code}`", took, *others))
    columns = ("host", "code", f"ends after s, of {SECONDS:g}", "others: fetches a second before", "meanwhile", "ratio")
    return Table(columns, rows, texts=2)


def given_up(fetch: Fetcher, url: str) -> tuple[str, float]:
    """The code with which a fetch ends, and after how many seconds."""
    begin = time.monotonic()
    try:
        fetch(url, accept="application/did")
    except FetchError as error:
        return error.code, time.monotonic() - begin
    raise SystemExit(f"{url} was fetched")


def redirects(authority: Authority, tls: ssl.SSLContext) -> None:
    connects: list[tuple[str, int]] = []
    connect = socket.socket.connect

    def spy(self: socket.socket, where: tuple[Any, ...]) -> None:
        connects.append(where[:2])
        connect(self, where)

    codes: dict[str, int] = {}
    with Server(DOCUMENT, tls=tls) as server:
        socket.socket.connect = spy  # type: ignore[method-assign]  # what is counted is what happens to be connected to
        try:
            for host in (*HOSTS, "example.com"):
                server.answer = f"HTTP/1.1 302 Found\r\nLocation: https://{host}/\r\n\r\n".encode()
                for bad in ADDRESSES:
                    answers = iter(((ADDRESS,), (bad,)))
                    fetch = fetcher(authority, {"host.test": server}, redirects=1, lookup=lambda _, a=answers: next(a))
                    code, _ = given_up(fetch, f"https://host.test:{server.port}/")
                    codes[code] = codes.get(code, 0) + 1
        finally:
            socket.socket.connect = connect  # type: ignore[method-assign]  # as it was
    elsewhere_connected = sum(where != (ADDRESS, server.port) for where in connects)
    print(f"\n{sum(codes.values())} redirects, {codes}: {elsewhere_connected} connections to where they lead")


def tables(settings: Settings) -> Report:
    authority = Authority()
    tls = authority.server("host.test", "slow.test", "quick.test")
    rates = fetches(authority, tls, max(1.0, settings.seconds * 2))
    return Report({"fetches": rates, "slow hosts": slow_hosts(authority, tls)})


if __name__ == "__main__":
    if sys.argv[1:] == ["--redirects"]:
        authority = Authority()
        redirects(authority, authority.server("host.test"))
    else:
        run(tables, __doc__)
