"""What is read as an answer, whatever arrives. There is no socket here: the connection is a list of bytes."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.net.loopback import ok
from vc_core.net import FetchError
from vc_core.net.exchange import Answer, exchange
from vc_core.net.url import HttpsURL

URL = HttpsURL.parse("https://example.com/a?b")
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
LIMIT = 1000
HEAD_LIMIT = 32 * 1024
READ = 64 * 1024


class Wire:
    """Gives what it was given in pieces, and then nothing."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.sent = b""
        self.received = 0
        self._pieces = iter(pieces)

    def send(self, data: bytes) -> None:
        self.sent += data

    def receive(self) -> bytes:
        piece = next(self._pieces, b"")
        self.received += len(piece)
        return piece


def pieces(data: bytes, size: int = READ) -> Iterable[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def answered(data: bytes, *, size: int = READ) -> Answer:
    wire: Any = Wire(pieces(data, size))
    return exchange(wire, URL, accept="application/did", max_bytes=LIMIT)


def refusal(data: bytes) -> str:
    """The code; the same in whichever pieces the data arrives."""
    codes = set()
    for size in (READ, 100, 1):
        with pytest.raises(FetchError) as caught:
            answered(data, size=size)
        assert caught.value.detail.isprintable()
        codes.add(caught.value.code)
    (code,) = codes
    return code


def test_the_request() -> None:
    wire: Any = Wire([ok()])
    exchange(wire, URL, accept="application/did, application/json;q=0.5", max_bytes=LIMIT)
    assert wire.sent.split(b"\r\n") == [
        *(b"GET /a?b HTTP/1.1", b"Host: example.com", b"Accept: application/did, application/json;q=0.5"),
        *(b"Accept-Encoding: identity", b"Connection: close", b"User-Agent: vc-core", b"", b""),
    ]


@pytest.mark.parametrize("accept", ["a\r\nX: y", "a\n", "a\0", "ā", " a", "\ud800"])
def test_what_cannot_be_the_value_of_a_header(accept: str) -> None:
    wire: Any = Wire([ok()])
    with pytest.raises(ValueError, match="Accept"):
        exchange(wire, URL, accept=accept, max_bytes=LIMIT)
    assert wire.sent == b""


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (ok(b"{}"), Answer(200, "application/json", b"{}")),
        (ok(b""), Answer(200, "application/json", b"")),
        (ok(b"x" * LIMIT), Answer(200, "application/json", b"x" * LIMIT)),
        (ok(b"no", status="404 Not Found"), Answer(404, "application/json", b"no")),
        (ok(b"no", status="500 Oops"), Answer(500, "application/json", b"no")),
        (b"HTTP/1.1 204 No Content\r\n\r\n", Answer(204, "", b"")),
        (b"HTTP/1.1 304 Not Modified\r\nLocation: /x\r\n\r\n", Answer(304, "", b"")),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + ok(), Answer(200, "application/json", b"{}")),
        (b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + ok(), Answer(200, "application/json", b"{}")),
        (HEAD + b"\r\nabc", Answer(200, "", b"abc")),
        (b"HTTP/1.0 200 OK\r\n\r\nabc", Answer(200, "", b"abc")),
        (CHUNKED + b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: x\r\n\r\n", Answer(200, "", b"abcde")),
        (HEAD + b"Content-Type: Application/DID; charset=UTF-8\r\n\r\n", Answer(200, "application/did", b"")),
        (HEAD + b"Content-Type: ld+json, x/y\r\n\r\n", Answer(200, "", b"")),
        (HEAD + b"Content-Encoding: Identity\r\n\r\nabc", Answer(200, "", b"abc")),
        (HEAD + b"Refresh: 0; url=https://evil.example/\r\nLink: </x>\r\n\r\nabc", Answer(200, "", b"abc")),
    ],
)
@pytest.mark.parametrize("size", [READ, 1])
def test_answers(data: bytes, answer: Answer, size: int) -> None:
    assert answered(data, size=size) == answer


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_the_body_of_a_redirect_is_not_read(status: int) -> None:
    head = (
        b"HTTP/1.1 %d Elsewhere\r\nLocation: /x\r\nContent-Length: 1000000\r\nContent-Encoding: gzip\r\n\r\n" % status
    )
    wire: Any = Wire([head, b"x" * 1_000_000])
    assert exchange(wire, URL, accept="*/*", max_bytes=LIMIT) == Answer(status, "", b"", "/x")
    assert wire.received == len(head)
    assert answered(b"HTTP/1.1 %d Nowhere\r\n\r\n" % status).location == ""


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"\r\n", b"HTTP", b"hello\r\n\r\n", b"<html></html>", b"\x16\x03\x01\x02\x00", b"SSH-2.0-x\r\n"),
        *(b"HTTP/2.0 200 OK\r\n\r\n", b"HTTP/0.9 200 OK\r\n\r\n", b"HTTP/1.1 99 X\r\n\r\n", b"HTTP/1.1 1000 X\r\n\r\n"),
        *(b"HTTP/1.1 2OO OK\r\n\r\n", b"HTTP/1.1 101 Switching\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
        *(HEAD, HEAD + b"Content-Le", HEAD + b"no colon\r\n\r\n", HEAD + b"A : b\r\n\r\n", HEAD + b": b\r\n\r\n"),
        *(HEAD + b"A: b\x00\r\n\r\n", HEAD + b"A: b\rC: d\r\n\r\n", HEAD + "ā: b\r\n\r\n".encode()),
        *(HEAD + b"Content-Length: 10\r\n\r\nabc", HEAD + b"Content-Length:\r\n\r\n"),
        *(HEAD + b"Content-Length: -3\r\n\r\nabc", HEAD + b"Content-Length: +3\r\n\r\nabc"),
        *(HEAD + b"Content-Length: 0x3\r\n\r\nabc", HEAD + b"Content-Length: 1_0\r\n\r\nabc"),
        *(HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", HEAD + b"Content-Length: 3, 4\r\n\r\nabc"),
        HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        *(HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", HEAD + b"Transfer-Encoding: gzip\r\n\r\nabc"),
        *(CHUNKED, CHUNKED + b"3\r\nab", CHUNKED + b"3\r\nabc\r\n", CHUNKED + b"-3\r\nabc\r\n0\r\n\r\n"),
        *(CHUNKED + b"0x3\r\nabc\r\n0\r\n\r\n", CHUNKED + b"3\r\nabcXX0\r\n\r\n", CHUNKED + b"\r\nabc\r\n0\r\n\r\n"),
        *(CHUNKED + b"0\r\n", CHUNKED + b"0\r\nbad trailer\r\n\r\n"),
        HEAD + b"Content-Type: a/b\r\nContent-Type: c/d\r\n\r\n",
        b"HTTP/1.1 302 X\r\nLocation: /a\r\nLocation: /b\r\n\r\n",
        HEAD + b"Content-Encoding: identity\r\nContent-Encoding: gzip\r\n\r\n",
    ],
)
def test_what_is_no_answer(data: bytes) -> None:
    assert refusal(data) == "PROTOCOL_ERROR"


@pytest.mark.parametrize("data", [ok() + b"more", ok(b"") + ok(), CHUNKED + b"0\r\n\r\n0\r\n\r\n"])
def test_an_answer_that_is_longer_than_it_says(data: bytes) -> None:
    """As far as it arrived; nothing is waited for once the answer is complete."""
    with pytest.raises(FetchError, match="longer"):
        answered(data)
    assert answered(data, size=1).body in {b"{}", b""}


@pytest.mark.parametrize(
    "encoding", ["gzip", "x-gzip", "br", "deflate", "zstd", "compress", "gzip, gzip", "identity, gzip", ""]
)
def test_compression_is_refused_unread(encoding: str) -> None:
    bomb = gzip.compress(bytes(1_000_000))
    wire: Any = Wire([HEAD + f"Content-Encoding: {encoding}\r\n\r\n".encode(), bomb])
    with pytest.raises(FetchError) as caught:
        exchange(wire, URL, accept="*/*", max_bytes=LIMIT)
    assert caught.value.code == "ENCODING_REFUSED"
    assert wire.received < 100


def endless(start: bytes, piece: bytes) -> Wire:
    def forever() -> Iterable[bytes]:
        yield start
        while True:
            yield piece

    return Wire(forever())


@pytest.mark.parametrize(
    ("start", "piece", "most"),
    [
        (HEAD + b"A: ", b"a" * 1000, HEAD_LIMIT),
        (HEAD, b"A: b\r\n" * 100, HEAD_LIMIT),
        (HEAD + b"A: b", b"\r\n c" * 100, HEAD_LIMIT),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n" * 10, HEAD_LIMIT),
        (b"HTTP/1.1 200 ", b"O" * 1000, HEAD_LIMIT),
        (HEAD + b"\r\n", b"a" * 1000, HEAD_LIMIT + LIMIT),
        (HEAD + b"Content-Length: 1001\r\n\r\n", b"a" * 1000, 1000),
        (HEAD + b"Content-Length: 99999999999999999999\r\n\r\n", b"a" * 1000, 1000),
        (CHUNKED, b"1\r\na\r\n" * 100, HEAD_LIMIT + LIMIT),
        (CHUNKED, b"3E8\r\n" + b"a" * 1000 + b"\r\n", HEAD_LIMIT + LIMIT),
        (CHUNKED + b"FFFFFFFFFFFFFFFF\r\n", b"a" * 1000, HEAD_LIMIT + LIMIT),
        (CHUNKED + b"1;", b"a" * 1000, HEAD_LIMIT + LIMIT),
        (CHUNKED + b"0\r\n", b"A: b\r\n" * 100, HEAD_LIMIT + LIMIT),
    ],
)
def test_what_is_read_has_an_end(start: bytes, piece: bytes, most: int) -> None:
    wire: Any = endless(start, piece)
    with pytest.raises(FetchError) as caught:
        exchange(wire, URL, accept="*/*", max_bytes=LIMIT)
    assert caught.value.code == "TOO_LARGE"
    assert wire.received <= most + 1000


def test_the_limits_exactly() -> None:
    body = b"x" * (LIMIT + 1)
    assert refusal(ok(body)) == "TOO_LARGE"
    assert refusal(HEAD + b"\r\n" + body) == "TOO_LARGE"
    assert refusal(CHUNKED + b"3E9\r\n" + body + b"\r\n0\r\n\r\n") == "TOO_LARGE"
    assert answered(HEAD + b"A: b\r\n" * 100 + b"\r\n").status == 200
    assert refusal(HEAD + b"A: b\r\n" * 101 + b"\r\n") == "TOO_LARGE"
    assert answered(HEAD + b"A: " + b"a" * 32_000 + b"\r\n\r\n").status == 200
    assert refusal(HEAD + b"A: " + b"a" * 33_000 + b"\r\n\r\n") == "TOO_LARGE"


@given(st.binary(), st.sampled_from([b"", HEAD, HEAD + b"\r\n", CHUNKED, HEAD + b"Content-Length: 3\r\n\r\n"]))
def test_any_bytes_are_an_answer_or_an_error_of_ours(data: bytes, start: bytes) -> None:
    try:
        answer = answered(start + data)
    except FetchError as error:
        code = error.code
    else:
        code = "answered" if start and answer.body in data else "made up"
    assert code in {"answered", "PROTOCOL_ERROR", "TOO_LARGE", "ENCODING_REFUSED"}
