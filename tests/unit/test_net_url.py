"""Which URLs are fetched, and that what was checked is what is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.net.forms import HOSTS
from vc_core.net import FetchError
from vc_core.net.url import HttpsURL, is_origin

TARGET_CHARACTERS = "abcXYZ019-._~!$&'()*+,;=:@/"


def refusal(text: str, **options: object) -> str:
    """The code with which a URL is refused; its detail is one printable line."""
    with pytest.raises(FetchError) as caught:
        HttpsURL.parse(text, **options)
    assert caught.value.detail.isprintable()
    return caught.value.code


def test_there_are_enough_forms() -> None:
    assert len(set(HOSTS)) >= 60


@pytest.mark.parametrize("host", HOSTS)
def test_forms_of_hosts_that_are_refused(host: str) -> None:
    assert refusal(f"https://{host}/did.json") in {"BAD_URL", "HOST_NOT_ALLOWED"}


@pytest.mark.parametrize("host", [host for host in HOSTS if ":443" not in host and host.strip("[]")])
def test_an_allowance_is_for_one_host_only(host: str) -> None:
    assert refusal(f"https://{host}/", allowed={"127.0.0.1:8443", "[::1]:8443", "localhost:8443", "example.com:8444"})


@pytest.mark.parametrize(
    ("text", "host", "port", "target", "authority"),
    [
        ("https://example.com", "example.com", 443, "/", "example.com"),
        ("https://example.com/", "example.com", 443, "/", "example.com"),
        ("https://example.com:443/", "example.com", 443, "/", "example.com"),
        ("https://EXAMPLE.Com/Did.json", "example.com", 443, "/Did.json", "example.com"),
        (
            "https://a-b.c--d.xn--4ca9at.example/",
            "a-b.c--d.xn--4ca9at.example",
            443,
            "/",
            "a-b.c--d.xn--4ca9at.example",
        ),
        (
            "https://1.2.3.example/a/%C4%81/?x=%20?/&y=:@",
            "1.2.3.example",
            443,
            "/a/%C4%81/?x=%20?/&y=:@",
            "1.2.3.example",
        ),
        ("https://example.com?a=b", "example.com", 443, "/?a=b", "example.com"),
        (
            "https://example.com/.../.well-known/a..b/?/../x",
            "example.com",
            443,
            "/.../.well-known/a..b/?/../x",
            "example.com",
        ),
        ("https://example.com/~a/did.json", "example.com", 443, "/~a/did.json", "example.com"),
    ],
)
def test_urls_that_are_fetched(text: str, host: str, port: int, target: str, authority: str) -> None:
    url = HttpsURL.parse(text)
    assert (url.host, url.port, url.target, url.authority) == (host, port, target, authority)


@pytest.mark.parametrize(
    "text",
    [
        *("", "example.com", "//example.com/", "http://example.com/", "HTTPS://example.com/", "https:example.com/"),
        *("https:/example.com/", "https:///example.com/", "ftp://example.com/", "file:///etc/passwd", "data:,x"),
        *(" https://example.com/", "https://example.com/ ", "https://example.com/\n", "https://example.com/\r\nX: y"),
        *("https://example.com/#", "https://example.com/#key", "https://example.com/a b", "https://example.com/a\x00"),
        *("https://example.com/%", "https://example.com/%zz", "https://example.com/%4", "https://example.com/ā"),
        *("https://example.com/\\a", 'https://example.com/"', "https://example.com/<a>", "https://example.com/[1]"),
        *(
            "https://example.com/a/../b",
            "https://example.com/..",
            "https://example.com/./?a",
            "https://example.com/%2e%2E/",
        ),
        *(
            "https://example.com/.%2e?a",
            "https://example.com/?a#b",
            "https://example.com/" + "a" * 2048,
            "https://\ud800.com/",
        ),
    ],
)
def test_texts_that_are_no_urls_to_fetch(text: str) -> None:
    assert refusal(text) == "BAD_URL"


@pytest.mark.parametrize(
    ("origin", "text", "authority"),
    [
        ("localhost:8443", "https://localhost:8443/", "localhost:8443"),
        ("localhost:443", "https://localhost/", "localhost"),
        ("127.0.0.1:8443", "https://127.0.0.1:8443/", "127.0.0.1:8443"),
        ("[::1]:8443", "https://[::1]:8443/", "[::1]:8443"),
        ("[::1]:443", "https://[::1]/", "[::1]"),
        ("example.com:8443", "https://EXAMPLE.com:8443/", "example.com:8443"),
    ],
)
def test_an_allowed_host(origin: str, text: str, authority: str) -> None:
    assert is_origin(origin)
    assert refusal(text) == "HOST_NOT_ALLOWED"
    url = HttpsURL.parse(text, allowed={origin})
    assert (url.origin, url.authority) == (origin, authority)
    assert "[" not in url.host
    assert HttpsURL.parse(str(url), allowed={origin}) == url


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "localhost",
            ":8443",
            "localhost:",
            "localhost:0",
            "localhost:65536",
            "LOCALHOST:8443",
            "a b:8443",
            "*:8443",
        ),
        *(
            "::1:8443",
            "[::1]",
            "[0:0::1]:8443",
            "[::1%eth0]:8443",
            "[1]:8443",
            "a..b:1",
            "https://localhost:8443",
            "ā:1",
        ),
        *("localhost:8443/", "user@localhost:8443", "a." * 127 + "example:1"),
    ],
)
def test_what_is_no_host_with_a_port(text: str) -> None:
    assert not is_origin(text)


@pytest.mark.parametrize(
    ("reference", "joined"),
    [
        ("b", "https://example.com/a/b"),
        ("/b?c", "https://example.com/b?c"),
        ("../../../b", "https://example.com/b"),
        ("//evil.example/b", "https://evil.example/b"),
        ("http://example.com/", "http://example.com/"),
        ("https:b", "https:b"),
        ("HTTPS:///b", "HTTPS:///b"),
        ("", "https://example.com/a/did.json?q"),
    ],
)
def test_references(reference: str, joined: str) -> None:
    assert HttpsURL.parse("https://example.com/a/did.json?q").joined(reference) == joined


def test_a_reference_that_is_none() -> None:
    with pytest.raises(FetchError) as caught:
        HttpsURL.parse("https://example.com/").joined("//[")
    assert caught.value.code == "BAD_URL"


def test_a_secret_is_not_repeated() -> None:
    with pytest.raises(FetchError) as caught:
        HttpsURL.parse("https://user:hidden@example.com/")
    assert caught.value.code == "BAD_URL"
    assert "hidden" not in caught.value.detail


@given(st.text())
def test_any_authority_is_a_domain_name_or_refused(authority: str) -> None:
    try:
        host = HttpsURL.parse(f"https://{authority}/").host
    except FetchError as error:
        host = error.code
    assert host in {"BAD_URL", "HOST_NOT_ALLOWED"} or (
        set(host) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.") and host.rpartition(".")[2][0].isalpha()
    )


@given(st.text(TARGET_CHARACTERS), st.text(TARGET_CHARACTERS + "?"))
def test_what_is_read_is_written(path: str, query: str) -> None:
    text = f"https://example.com/x{path.replace('/.', '/x')}?{query}"
    url = HttpsURL.parse(text)
    assert str(url) == text
    assert HttpsURL.parse(str(url)) == url


def test_a_long_text_costs_nothing() -> None:
    assert refusal("https://" + "a." * 10_000_000) == "BAD_URL"
