"""DIDs, DID URLs, and the https URLs that can stand in their place: syntax only.

DID 1.1, sections 3.1 and 3.2; path, query and fragment of RFC 3986; Controlled Identifiers 1.0, section 2.1.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

from did.errors import InvalidDID, shown

MAX_DID: Final = 2048
"""Characters of the longest DID, or other identifier: room for a did:jwk with a large key."""

MAX_DID_URL: Final = 4096
"""Characters of the longest DID URL, or https URL."""

HTTPS: Final = "https://"

_PERCENT: Final = r"%[0-9A-Fa-f]{2}"
_IDCHAR: Final = "A-Za-z0-9._-"
_PCHAR: Final = "A-Za-z0-9._~!$&'()*+,;=:@-"
FRAGMENT: Final = f"/?{_PCHAR}"
"""The characters of a fragment, and of a query, for a set of a pattern (RFC 3986, section 3.5)."""


def run(characters: str) -> str:
    """The pattern of any number of these characters, and of percent-encoded ones. It can match a text in one way only.

    No group of it is possessive: releases of Python before 3.11.5 do not match such as they should.
    """
    return rf"[{characters}]*(?:{_PERCENT}[{characters}]*)*"


_DID_URL: Final = re.compile(
    rf"(?P<did>did:(?P<method>[a-z0-9]++):(?P<id>(?:{run(_IDCHAR)}:)*(?:[{_IDCHAR}]|{_PERCENT}){run(_IDCHAR)}))"
    rf"(?P<path>(?:/{run(_PCHAR)})*)(?:\?(?P<query>{run(FRAGMENT)}))?(?:\#(?P<fragment>{run(FRAGMENT)}))?"
)
_LABEL: Final = r"[A-Za-z0-9-]++"
_HTTPS_URL: Final = re.compile(
    rf"{HTTPS}(?P<host>{_LABEL}(?:\.{_LABEL})*)(?::(?P<port>[0-9]{{1,5}}+))?(?P<path>(?:/{run(_PCHAR)})*)"
    rf"(?:\?(?P<query>{run(FRAGMENT)}))?(?:\#(?P<fragment>{run(FRAGMENT)}))?"
)


@dataclass(frozen=True, slots=True)
class DIDURL:
    """A DID with what may follow it.

    `path` includes its slashes. A query or fragment that is absent is None, one that is empty is empty.
    """

    did: str
    method: str
    method_specific_id: str
    path: str
    query: str | None
    fragment: str | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """The parts of an absolute DID URL. Raises `InvalidDID` with the code `INVALID_DID_URL`.

        Nothing is decoded or normalised: two DID URLs are the same only if their texts are.
        """
        match = _DID_URL.fullmatch(text) if len(text) <= MAX_DID_URL else None
        if match is None or len(match["did"]) > MAX_DID:
            raise InvalidDID(f"{shown(text)} is not a DID URL", code="INVALID_DID_URL")
        return cls(*match.groups())

    def __str__(self) -> str:
        query = "" if self.query is None else f"?{self.query}"
        fragment = "" if self.fragment is None else f"#{self.fragment}"
        return f"{self.did}{self.path}{query}{fragment}"


class HttpsURL(NamedTuple):
    """The parts of an https URL. `path` includes its slashes; a port, query or fragment that is absent is None."""

    host: str
    port: str | None
    path: str
    query: str | None
    fragment: str | None

    @classmethod
    def parse(cls, url: str) -> Self:
        """The parts of an absolute https URL. Raises `InvalidDID` with the code `INVALID_DID_URL`.

        It has the name of a host, no user information, and only characters of RFC 3986. Nothing is normalised.
        """
        match = _HTTPS_URL.fullmatch(url) if len(url) <= MAX_DID_URL else None
        if match is None:
            raise InvalidDID(f"{shown(url)} is not an https URL of a host by its name", code="INVALID_DID_URL")
        return cls(*match.groups())


def parse_did(text: str) -> DIDURL:
    """The parts of a DID without path, query and fragment. Raises `InvalidDID`."""
    try:
        url = DIDURL.parse(text)
    except InvalidDID as error:
        raise InvalidDID(f"{shown(text)} is not a DID") from error
    if url.did != text:
        raise InvalidDID(f"{shown(text)} is a DID URL, not a DID")
    return url


def split_url(url: str) -> tuple[str, str | None]:
    """An absolute DID URL or https URL without its fragment, and the fragment, None if there is none.

    Raises `InvalidDID` with the code `INVALID_DID_URL`.
    """
    if not url.startswith(HTTPS):
        return url.partition("#")[0], DIDURL.parse(url).fragment
    return url.partition("#")[0], HttpsURL.parse(url).fragment


def check_identifier(text: str) -> None:
    """Returns if `text` can be the id of a controlled identifier document: a DID, or an https URL without fragment.

    Raises `InvalidDID`.
    """
    if not text.startswith(HTTPS):
        parse_did(text)
        return
    try:
        without_fragment, _ = split_url(text)
    except InvalidDID as error:
        raise InvalidDID(error.detail) from error
    if without_fragment != text or len(text) > MAX_DID:
        raise InvalidDID(f"{shown(text)} has a fragment or is longer than {MAX_DID} characters")


def check_base(url: str) -> None:
    """Returns if a path can be added to `url`, an https URL of somebody's configuration. Raises `ValueError`."""
    try:
        parts = HttpsURL.parse(url)
    except InvalidDID as error:
        raise ValueError(error.detail) from error
    if parts.query is not None or parts.fragment is not None or parts.path.endswith("/"):
        raise ValueError(f"{shown(url, 256)} has a query, a fragment or a slash at its end")
