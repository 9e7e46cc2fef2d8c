"""One request and its answer in HTTP/1.1 (RFC 9110, RFC 9112), by h11, which reads strictly and knows no socket."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import h11

from did.errors import shown
from vc_core.net.connection import Connection
from vc_core.net.errors import FetchError
from vc_core.net.url import HttpsURL

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MAX_HEAD: Final = 32 * 1024  # bytes within which a head is complete; as much is left for the framing of a body
_MAX_HEADERS: Final = 100
_HEAD_TOO_LARGE: Final = 431  # RFC 6585, section 5
_NOT_TWICE: Final = frozenset({"content-type", "content-encoding", "location"})
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]+/[a-z0-9!#$%&'*+.^_`|~-]+")


class Answer(NamedTuple):
    """What came back."""

    status: int
    media_type: str
    """In lower case, without parameters; empty if there is none."""
    body: bytes
    location: str | None = None
    """Where a redirect leads, as the host wrote it; None for every other answer."""


def exchange(connection: Connection, url: HttpsURL, *, accept: str, max_bytes: int) -> Answer:
    """The complete answer to a GET request; that to a redirect without its body, which is not read.

    The host learns the URL and `accept`, and nothing else: there are no cookies and no credentials. A body of more than
    `max_bytes` is refused, and so is a compressed one, asked for by nobody. Raises `FetchError` with code
    PROTOCOL_ERROR, ENCODING_REFUSED or TOO_LARGE, and what the connection raises; ValueError if `accept` cannot be the
    value of a header.
    """
    http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MAX_HEAD)
    connection.send(_request(http, url, accept))
    try:
        events = _events(http, connection, max_bytes=max_bytes)
        head = next(event for event in events if isinstance(event, h11.Response))
        headers = _headers(head)
        if head.status_code in _REDIRECTS:
            return Answer(head.status_code, "", b"", headers.get("location", ""))
        _check_framing(headers, max_bytes=max_bytes)
        body = b"".join(event.data for event in events if isinstance(event, h11.Data))
    except h11.RemoteProtocolError as error:
        if error.error_status_hint == _HEAD_TOO_LARGE:
            raise _head_too_large() from error
        raise FetchError("PROTOCOL_ERROR", f"the answer is not HTTP/1.1: {shown(str(error), 128)}") from error
    if len(body) > max_bytes:
        raise _body_too_large(max_bytes)
    return Answer(head.status_code, _media_type(headers), body)


def _request(http: h11.Connection, url: HttpsURL, accept: str) -> bytes:
    headers = [
        ("Host", url.authority),
        ("Accept", accept),
        ("Accept-Encoding", "identity"),
        ("Connection", "close"),
        ("User-Agent", "vc-core"),
    ]
    try:
        head = http.send(h11.Request(method="GET", target=url.target, headers=headers))
    except (h11.LocalProtocolError, UnicodeError) as error:
        raise ValueError(f"not the value of an Accept header: {shown(accept)}") from error
    return (head or b"") + (http.send(h11.EndOfMessage()) or b"")


def _events(http: h11.Connection, connection: Connection, *, max_bytes: int) -> Iterator[h11.Event]:
    """The parts of the answer up to its end. What is read for them is bounded, whatever it is."""
    received = 0
    too_large = _head_too_large()
    limit = _MAX_HEAD
    while True:
        event = http.next_event()
        if isinstance(event, h11.EndOfMessage):
            if http.trailing_data[0]:
                raise FetchError("PROTOCOL_ERROR", "the answer is longer than it says")
            return
        if isinstance(event, h11.Event):
            yield event
            if isinstance(event, h11.Response):
                limit += max_bytes
                too_large = _body_too_large(max_bytes)
        elif received >= limit:
            raise too_large
        else:
            data = connection.receive()
            received += len(data)
            http.receive_data(data)


def _headers(head: h11.Response) -> Mapping[str, str]:
    if head.http_version not in {b"1.0", b"1.1"}:
        raise FetchError("PROTOCOL_ERROR", f"the answer is not HTTP/1.1 but HTTP/{head.http_version.decode()}")
    if len(head.headers) > _MAX_HEADERS:
        raise FetchError("TOO_LARGE", f"the answer has more than {_MAX_HEADERS} headers")
    if sum(len(name) + len(value) for name, value in head.headers) > _MAX_HEAD:
        raise _head_too_large()
    headers: dict[str, str] = {}
    for raw_name, value in head.headers:
        name = raw_name.decode("ascii")
        if name in headers and name in _NOT_TWICE:
            raise FetchError("PROTOCOL_ERROR", f"the answer has two headers {name}")
        headers[name] = value.decode("latin-1")
    return headers


def _check_framing(headers: Mapping[str, str], *, max_bytes: int) -> None:
    """There is one way to tell where the body ends, it says no more than `max_bytes`, and the body is as it is."""
    encoding = headers.get("content-encoding", "identity")
    if encoding.lower() != "identity":
        raise FetchError("ENCODING_REFUSED", f"the answer has the content encoding {shown(encoding)}")
    if "content-length" in headers and "transfer-encoding" in headers:
        raise FetchError("PROTOCOL_ERROR", "the answer says in two ways where it ends")
    if int(headers.get("content-length", "0")) > max_bytes:
        raise _body_too_large(max_bytes)


def _media_type(headers: Mapping[str, str]) -> str:
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    return media_type if _MEDIA_TYPE.fullmatch(media_type) else ""


def _head_too_large() -> FetchError:
    return FetchError("TOO_LARGE", f"the head of the answer, or of a part of it, is larger than {_MAX_HEAD} bytes")


def _body_too_large(max_bytes: int) -> FetchError:
    return FetchError("TOO_LARGE", f"the answer is larger than {max_bytes} bytes")
