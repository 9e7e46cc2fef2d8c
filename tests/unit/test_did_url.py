"""The syntax of DIDs, DID URLs, and https URLs in their place."""

from __future__ import annotations

import pytest

from did.errors import InvalidDID
from did.url import DIDURL, MAX_DID, MAX_DID_URL, check_identifier, parse_did, split_url


def test_the_parts_of_a_did_url() -> None:
    url = DIDURL.parse("did:example:abc:def/path/to?service=x&y=/?#frag/?")
    assert url == DIDURL(
        did="did:example:abc:def",
        method="example",
        method_specific_id="abc:def",
        path="/path/to",
        query="service=x&y=/?",
        fragment="frag/?",
    )


def test_absent_and_empty_parts_differ() -> None:
    assert (DIDURL.parse("did:a:b").query, DIDURL.parse("did:a:b").fragment) == (None, None)
    assert (DIDURL.parse("did:a:b?#").query, DIDURL.parse("did:a:b?#").fragment) == ("", "")


@pytest.mark.parametrize("text", ["did:a:b", "did:a:b?#", "did:a:b/", "did:a::b/c//d?e#f", "did:9:%41", "did:a:b#"])
def test_str_gives_the_text_back(text: str) -> None:
    assert str(DIDURL.parse(text)) == text


NOT_DID_URLS = [
    "",
    "did",
    "did:",
    "did::b",
    "did:a:",
    "did:a:b:",
    "DID:a:b",
    "did:A:b",
    "did:a-b:c",
    "did:a:b c",
    "did:a:b\n",
    " did:a:b",
    "did:a:%4",
    "did:a:%zz",
    "did:a:b%",
    "did:a:é",
    "did:a:b#c#d",
    "did:a:b/%",
    "did:a:b?^",
    "did:a:b#[",
    "did:a:b\\c",
    "did:a:b\x00",
    "#frag",
    "https://example.com/#key",
]


@pytest.mark.parametrize("text", NOT_DID_URLS)
def test_what_is_not_a_did_url(text: str) -> None:
    with pytest.raises(InvalidDID) as caught:
        DIDURL.parse(text)
    assert caught.value.code == "INVALID_DID_URL"
    with pytest.raises(InvalidDID) as caught:
        parse_did(text)
    assert caught.value.code == "INVALID_DID"


@pytest.mark.parametrize("text", ["did:a:b/", "did:a:b?", "did:a:b#", "did:a:b/c?d#e"])
def test_a_did_url_is_not_a_did(text: str) -> None:
    with pytest.raises(InvalidDID) as caught:
        parse_did(text)
    assert caught.value.code == "INVALID_DID"


def test_lengths_are_bounded() -> None:
    longest = "did:a:" + "b" * (MAX_DID - 6)
    assert parse_did(longest).did == longest
    with pytest.raises(InvalidDID):
        parse_did(longest + "b")
    url = longest + "#" + "c" * (MAX_DID_URL - MAX_DID - 1)
    assert DIDURL.parse(url).did == longest
    with pytest.raises(InvalidDID) as caught:
        DIDURL.parse(url + "c")
    assert len(str(caught.value)) < 200


HTTPS_URLS = [
    "https://example.com",
    "https://example.com/",
    "https://EXAMPLE.com:8443/issuers/%C4%80;v=1/@me?id=2&x=/?",
    "https://localhost",
    "https://192.0.2.1/a",
    "https://xn--bcher-kva.example//a/../b",
]
NOT_HTTPS_URLS = [
    "https://",
    "https:///a",
    "https://?a",
    "https://user@example.com",
    "https://user:password@example.com/a",
    "https://example.com@other.example",
    "https://example.com:/a",
    "https://example.com:123456",
    "https://example.com:a",
    "https://.example.com",
    "https://example..com",
    "https://example.com.",
    "https://[2001:db8::1]/",
    "https://bücher.example",
    "https://example.com/ā",
    "https://example.com/a b",
    "https://example.com\\a",
    "https://example.com/%4",
    "https://example.com/a\n",
    "https://example.com/<a>",
    "https://example.com#a#b",
    "HTTPS://example.com",
    "http://example.com",
    "ftp://example.com",
    "//example.com",
    "example.com",
    "https:example.com",
]


@pytest.mark.parametrize("url", HTTPS_URLS)
def test_an_https_url_can_stand_in_place_of_a_did(url: str) -> None:
    check_identifier(url)
    assert split_url(url) == (url, None)
    assert split_url(url + "#key/1?") == (url, "key/1?")
    assert split_url(url + "#") == (url, "")
    for fragment in ("#", "#key"):
        with pytest.raises(InvalidDID) as caught:
            check_identifier(url + fragment)
        assert caught.value.code == "INVALID_DID"


@pytest.mark.parametrize("url", NOT_HTTPS_URLS)
def test_what_cannot_stand_in_place_of_a_did(url: str) -> None:
    for check, code in ((check_identifier, "INVALID_DID"), (split_url, "INVALID_DID_URL")):
        with pytest.raises(InvalidDID) as caught:
            check(url)
        assert caught.value.code == code


def test_dids_are_identifiers_and_did_urls_are_split() -> None:
    check_identifier("did:a:b")
    assert split_url("did:a:b/c?d#e") == ("did:a:b/c?d", "e")
    assert split_url("did:a:b") == ("did:a:b", None)
    with pytest.raises(InvalidDID):
        check_identifier("did:a:b#c")


def test_https_urls_are_bounded() -> None:
    longest = "https://example.com/" + "a" * (MAX_DID - 20)
    check_identifier(longest)
    with pytest.raises(InvalidDID):
        check_identifier(longest + "a")
    url = longest + "#" + "c" * (MAX_DID_URL - MAX_DID - 1)
    assert split_url(url)[0] == longest
    with pytest.raises(InvalidDID) as caught:
        split_url(url + "c")
    assert len(str(caught.value)) < 200
