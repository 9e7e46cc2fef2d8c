"""DID and DID URL syntax."""

from __future__ import annotations

import pytest

from did.errors import InvalidDID
from did.url import DIDURL, MAX_DID, MAX_DID_URL, parse_did


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
