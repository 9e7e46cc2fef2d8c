"""Redirects: not followed unless it is asked for, and then each is checked like the first URL."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.net.loopback import Authority, Server, Stream, fetcher, ok
from vc_core.net import Fetcher, FetchError

Start = Callable[..., Server]
STATUSES = (301, 302, 303, 307, 308)


def to(location: str, status: int = 302) -> bytes:
    return f"HTTP/1.1 {status} Elsewhere\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


def code_of(fetch: Fetcher, server: Server) -> str:
    url = f"https://host.test:{server.port}/start"
    with pytest.raises(FetchError) as caught:
        fetch(url, accept="*/*")
    assert caught.value.url == url
    assert caught.value.detail.isprintable()
    return caught.value.code


@pytest.mark.parametrize("status", STATUSES)
def test_no_redirect_is_followed_unless_it_is_asked_for(authority: Authority, start: Start, status: int) -> None:
    target, server = start(), start()
    server.answer = to(f"https://other.test:{target.port}/", status)
    fetch = fetcher(authority, {"host.test": server, "other.test": target})
    assert code_of(fetch, server) == "REDIRECT_REFUSED"
    assert (server.accepted, target.accepted) == (1, 0)


@pytest.mark.parametrize(
    "headers",
    [
        "Refresh: 0; url={url}",
        "Link: <{url}>; rel=canonical",
        "Location: {url}",
        "Content-Location: {url}",
        'Alt-Svc: h2=":{port}"',
        "X-Accel-Redirect: {url}",
    ],
)
def test_other_headers_do_not_redirect(authority: Authority, start: Start, headers: str) -> None:
    target, server = start(), start()
    url = f"https://other.test:{target.port}/"
    page = f'<meta http-equiv="refresh" content="0; url={url}">'.encode()
    server.answer = ok(page, headers.format(url=url, port=target.port))
    fetch = fetcher(authority, {"host.test": server, "other.test": target}, redirects=5)
    assert fetch(f"https://host.test:{server.port}/", accept="*/*").body == page
    assert target.accepted == 0


@pytest.mark.parametrize("status", [300, 304, 305, 306, 309])
def test_other_statuses_do_not_redirect(authority: Authority, start: Start, status: int) -> None:
    target, server = start(), start()
    server.answer = to(f"https://other.test:{target.port}/", status)
    fetch = fetcher(authority, {"host.test": server, "other.test": target}, redirects=5)
    assert fetch(f"https://host.test:{server.port}/", accept="*/*").status == status
    assert target.accepted == 0


@pytest.mark.parametrize("status", STATUSES)
def test_a_redirect_that_is_asked_for(authority: Authority, start: Start, status: int) -> None:
    target, server = start(ok(b"there")), start()
    server.answer = to(f"https://other.test:{target.port}/b?c", status)
    fetch = fetcher(authority, {"host.test": server, "other.test": target}, redirects=1)
    response = fetch(f"https://host.test:{server.port}/", accept="application/did")
    assert response.body == b"there"
    assert response.url == f"https://other.test:{target.port}/b?c"
    request = target.requests[0].decode()
    assert request.startswith("GET /b?c HTTP/1.1\r\n")
    assert "Accept: application/did\r\n" in request
    assert "host.test" not in request.replace("other.test", "")


def test_a_relative_redirect(authority: Authority, start: Start) -> None:
    def answer(server: Server, stream: Stream) -> None:
        stream.sendall(to("next?q") if server.accepted == 1 else ok(b"there"))

    server = start(answer)
    response = fetcher(authority, {"host.test": server}, redirects=1)(
        f"https://host.test:{server.port}/a/b", accept="*/*"
    )
    assert response.url == f"https://host.test:{server.port}/a/next?q"


@pytest.mark.parametrize("redirects", [0, 1, 3])
def test_redirects_have_an_end(authority: Authority, start: Start, redirects: int) -> None:
    server = start(to("/start"))
    assert code_of(fetcher(authority, {"host.test": server}, redirects=redirects), server) == "REDIRECT_REFUSED"
    assert server.accepted == redirects + 1


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://other.test:{port}/", "BAD_URL"),
        ("file:///etc/passwd", "BAD_URL"),
        ("data:,x", "BAD_URL"),
        ("https://user@other.test:{port}/", "BAD_URL"),
        ("https://other.test:{port}/#x", "BAD_URL"),
        ("https://other.test:{port}/ x", "BAD_URL"),
        ("https://other.test:{port}/a/../b", "BAD_URL"),
        ("https:///", "BAD_URL"),
        ("https:b", "BAD_URL"),
        ("HTTPS://other.test:{port}/", "BAD_URL"),
        ("https://[/", "BAD_URL"),
        ("//[/", "BAD_URL"),
        ("//127.0.0.1:{port}/", "HOST_NOT_ALLOWED"),
        ("https://127.0.0.1:{port}/", "HOST_NOT_ALLOWED"),
        ("https://2130706433/", "HOST_NOT_ALLOWED"),
        ("https://localhost:{port}/", "HOST_NOT_ALLOWED"),
        ("https://example.com:{port}/", "HOST_NOT_ALLOWED"),
        ("https://internal.example/", "ADDRESS_NOT_ALLOWED"),
        ("https://nowhere.example/", "HOST_NOT_FOUND"),
        ("https://" + "a." * 1500 + "example/", "BAD_URL"),
    ],
)
def test_a_redirect_is_checked_like_the_first_url(authority: Authority, start: Start, location: str, code: str) -> None:
    target, server = start(), start()
    server.answer = to(location.format(port=target.port))

    def lookup(host: str) -> list[str]:
        return {"host.test": ["127.0.0.1"], "other.test": ["127.0.0.1"], "internal.example": ["10.0.0.1"]}.get(host, [])

    fetch = fetcher(authority, {"host.test": server, "other.test": target}, redirects=5, lookup=lookup)
    assert code_of(fetch, server) == code
    assert target.accepted == 0


def test_a_redirect_to_no_place(authority: Authority, start: Start) -> None:
    server = start(b"HTTP/1.1 302 Nowhere\r\nContent-Length: 0\r\n\r\n")
    assert code_of(fetcher(authority, {"host.test": server}, redirects=1), server) == "REDIRECT_REFUSED"


def test_redirects_are_within_the_one_deadline(authority: Authority, start: Start) -> None:
    def answer(server: Server, stream: Stream) -> None:
        server.stopped.wait(0.1)
        stream.sendall(to("/start"))

    server = start(answer)
    fetch = fetcher(authority, {"host.test": server}, redirects=1000, seconds=0.35)
    assert code_of(fetch, server) == "DEADLINE_EXCEEDED"
    assert server.accepted <= 4
