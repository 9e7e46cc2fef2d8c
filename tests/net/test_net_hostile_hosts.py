"""Hosts that are slow, endless, broken or malicious, each with a certificate: a named error each, in time."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

import pytest

from tests.net.loopback import Answer, Authority, Server, Stream, fetcher, ok, reset
from vc_core.net import Fetcher, FetchError

Start = Callable[..., Server]
HEAD = b"HTTP/1.1 200 OK\r\n"
MIB = 1024 * 1024
SOON = 10  # seconds: what is over by then did not wait for the host; benches/fetch.py has the exact times


def refusal(authority: Authority, server: Server, **options: object) -> str:
    """The code with which the answer of a server is refused."""
    fetch = fetcher(authority, {"host.test": server}, **options)
    with pytest.raises(FetchError) as caught:
        fetch(f"https://host.test:{server.port}/did.json", accept="*/*")
    assert caught.value.url == f"https://host.test:{server.port}/did.json"
    assert caught.value.detail == str(caught.value)
    assert caught.value.detail.isprintable()
    return caught.value.code


def forever(start: bytes, piece: bytes) -> Answer:
    def answer(server: Server, stream: Stream) -> None:
        stream.sendall(start)
        while not server.stopped.is_set():
            stream.sendall(piece)

    return answer


def then(data: bytes, end: Callable[[Stream], None]) -> Answer:
    def answer(_: Server, stream: Stream) -> None:
        if data:
            stream.sendall(data)
        end(stream)

    return answer


def cut(stream: Stream) -> None:
    """End the connection without the word of TLS that this is all."""
    stream.close()


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (ok(bytes(10_000_000)), "TOO_LARGE"),
        (HEAD + b"\r\n" + bytes(10_000_000), "TOO_LARGE"),
        (HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(bytes(10_000_000)), "ENCODING_REFUSED"),
        (forever(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + bytes(4096) + b"\r\n"), "TOO_LARGE"),
        (forever(HEAD + b"A: ", b"a" * 4096), "TOO_LARGE"),
        (forever(HEAD, b"A: b\r\n" * 700), "TOO_LARGE"),
        (forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 160), "TOO_LARGE"),
        (HEAD + b"Content-Length: 10\r\n\r\nabc", "PROTOCOL_ERROR"),
        (HEAD + b"Content-Length: 2\r\n\r\nabc", "PROTOCOL_ERROR"),
        (b"SSH-2.0-x\r\n\r\n", "PROTOCOL_ERROR"),
        (then(HEAD + b"Content-Length: 10\r\n\r\nabc", reset), "CONNECTION_ERROR"),
        (then(HEAD + b"Content-Le", reset), "CONNECTION_ERROR"),
        (then(HEAD + b"Content-Length: 10\r\n\r\nabc", cut), "CONNECTION_ERROR"),
        (then(HEAD + b"\r\nabc", cut), "CONNECTION_ERROR"),
        (then(b"", reset), "CONNECTION_ERROR"),
        (then(b"", cut), "CONNECTION_ERROR"),
        (b"", "CONNECTION_ERROR"),
    ],
)
def test_a_named_error_each(authority: Authority, start: Start, answer: Answer, code: str) -> None:
    assert refusal(authority, start(answer), max_bytes=MIB, seconds=30) == code


def test_the_largest_body_of_all(authority: Authority, start: Start) -> None:
    server = start(ok(bytes(MIB)))
    fetch = fetcher(authority, {"host.test": server})
    assert len(fetch(f"https://host.test:{server.port}/", accept="*/*").body) == MIB


@pytest.mark.parametrize(
    "data",
    [
        HEAD + b"Content-Length: 1000\r\n" + b"A: b\r\n" * 100,
        HEAD + b"Content-Length: 1000\r\n\r\n" + bytes(1000),
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\na\r\n" * 1000,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 100,
    ],
)
@pytest.mark.parametrize("at_once", [0, 60])
def test_an_answer_in_drops_ends_at_the_deadline(authority: Authority, start: Start, data: bytes, at_once: int) -> None:
    def answer(server: Server, stream: Stream) -> None:
        stream.sendall(data[:at_once])
        server.drip(stream, data[at_once:], seconds=0.02)

    begin = time.monotonic()
    assert refusal(authority, start(answer), seconds=0.3) == "DEADLINE_EXCEEDED"
    assert 0.3 <= time.monotonic() - begin < SOON


def silent(server: Server, _: Stream) -> None:
    server.stopped.wait(30)


def dripping_tls(server: Server, stream: Stream) -> None:
    """The beginning of a TLS record that never ends."""
    server.drip(stream, b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc" + bytes(1000), seconds=0.02)


@pytest.mark.parametrize(("answer", "with_tls"), [(silent, True), (silent, False), (dripping_tls, False)])
def test_a_host_that_says_nothing_ends_at_the_deadline(
    authority: Authority, start: Start, answer: Answer, with_tls: bool
) -> None:
    server = start(answer) if with_tls else start(answer, tls=None)
    begin = time.monotonic()
    assert refusal(authority, server, seconds=0.3) == "DEADLINE_EXCEEDED"
    assert 0.3 <= time.monotonic() - begin < SOON


def test_a_slow_host_does_not_slow_the_others(authority: Authority, start: Start) -> None:
    def slow(server: Server, stream: Stream) -> None:
        server.drip(stream, ok(bytes(1000)), seconds=0.05)

    servers = {"slow.test": start(slow), "quick.test": start()}
    fetch = fetcher(authority, servers, seconds=SOON)
    ended: list[str] = []

    def ask_the_slow_one() -> None:
        with suppress(FetchError):
            fetch(f"https://slow.test:{servers['slow.test'].port}/", accept="*/*")
        ended.append("slow")

    threads = [Thread(target=ask_the_slow_one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for _ in range(50):
        assert fetch(f"https://quick.test:{servers['quick.test'].port}/", accept="*/*").status == 200
    assert ended == []
    servers["slow.test"].stop()
    for thread in threads:
        thread.join(30)
    assert len(ended) == 12


def test_a_connection_that_failed_is_tried_once_more(authority: Authority, start: Start) -> None:
    def answer(server: Server, stream: Stream) -> None:
        if server.accepted == 1:
            reset(stream)
        else:
            stream.sendall(ok())

    server = start(answer)
    fetch = fetcher(authority, {"host.test": server})
    assert fetch(f"https://host.test:{server.port}/", accept="*/*").status == 200
    assert server.accepted == 2


@pytest.mark.parametrize(
    ("answer", "accepted"),
    [
        (then(b"", reset), 2),  # nothing came back: the request may be made again
        (then(b"H", reset), 1),  # something did: it was heard
        (then(HEAD + b"Content-Length: 10\r\n\r\n", reset), 1),
        (ok(b"", status="503 Busy"), 1),
        (b"nonsense\r\n\r\n", 1),
    ],
)
def test_what_is_tried_again(authority: Authority, start: Start, answer: Answer, accepted: int) -> None:
    server = start(answer)
    fetch = fetcher(authority, {"host.test": server})
    with suppress(FetchError):
        fetch(f"https://host.test:{server.port}/", accept="*/*")
    assert server.accepted == accepted


def test_a_port_where_nobody_is(authority: Authority, start: Start) -> None:
    with Server(ok(), tls=None) as server:
        pass
    assert refusal(authority, server) == "CONNECTION_ERROR"


def test_a_host_that_fails_is_left_alone(authority: Authority, start: Start) -> None:
    server = start(then(b"H", reset))
    fetch = fetcher(authority, {"host.test": server}, failures=3)
    codes = [code_of(fetch, f"https://host.test:{server.port}/") for _ in range(5)]
    assert codes == ["CONNECTION_ERROR"] * 3 + ["CIRCUIT_OPEN"] * 2
    assert server.accepted == 3


def test_another_port_is_another_host(authority: Authority, start: Start) -> None:
    broken, sound = start(then(b"H", reset)), start()
    allowances = {f"host.test:{server.port}": "loopback" for server in (broken, sound)}
    fetch = fetcher(authority, {"host.test": broken}, allowances=allowances, failures=1)
    codes = [code_of(fetch, f"https://host.test:{broken.port}/") for _ in range(2)]
    assert codes == ["CONNECTION_ERROR", "CIRCUIT_OPEN"]
    assert fetch(f"https://host.test:{sound.port}/", accept="*/*").status == 200


def code_of(fetch: Fetcher, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        fetch(url, accept="*/*")
    return caught.value.code


def test_many_threads(authority: Authority, start: Start) -> None:
    here: list[Stream] = []
    most: list[int] = []

    def answer(server: Server, stream: Stream) -> None:
        here.append(stream)
        most.append(len(here))
        server.stopped.wait(0.005)
        here.remove(stream)
        stream.sendall(ok(b"answer"))

    server = start(answer)
    fetch = fetcher(authority, {"host.test": server}, connections=4, seconds=60)
    bodies: list[bytes] = []

    def ask() -> None:
        bodies.extend(fetch(f"https://host.test:{server.port}/", accept="*/*").body for _ in range(5))

    threads = [Thread(target=ask) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert bodies == [b"answer"] * 80
    assert 2 <= max(most) <= 4
    assert not fetch._hosts._hosts
