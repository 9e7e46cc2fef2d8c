"""The one error that leaves this package, with the kind of it that passes, and the table of its codes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from did.methods.method import Postponed

FETCH_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "BAD_URL": "The URL is not one that is fetched: https, no credentials, no fragment, well-formed",
        "HOST_NOT_ALLOWED": "The host is not named by a domain name, or the port is not 443, and nothing allows it",
        "HOST_NOT_FOUND": "The name of the host has no address",
        "LOOKUP_FAILED": "Whether the name of the host has an address could not be found out, or not in time",
        "ADDRESS_NOT_ALLOWED": "The name of the host has an address that is not one of the public Internet",
        "CONNECTION_ERROR": "No connection can be made, or it broke",
        "TLS_ERROR": "The host does not prove that it is the one that was asked, or not with TLS 1.2 or later",
        "PROTOCOL_ERROR": "The answer is not well-formed HTTP/1.1, or not complete",
        "ENCODING_REFUSED": "The answer is compressed, which was not asked for",
        "TOO_LARGE": "The answer is larger than the limit",
        "REDIRECT_REFUSED": "The answer is at another place, and no further redirect is followed",
        "DEADLINE_EXCEEDED": "There was no complete answer in time",
        "CIRCUIT_OPEN": "The host failed several times in a row and is left alone for a while",
        "NO_TURN": "There was no turn to ask the host in time: too much is asked for at once",
        "MISSING_DEPENDENCY": "An optional part of this library is not installed",
    }
)


class FetchError(OSError):
    """Nothing was fetched from `url`, for the reason `code` (a key of `FETCH_CODES`).

    `detail` is one line for people, safe to print: no control characters, no unbounded quotes. `url` is what was asked
    for, as it was given, and not safe to print as it is.
    """

    def __init__(self, code: str, detail: str, *, url: str = "") -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.url = url


class FetchPostponed(FetchError, Postponed):
    """Nothing was asked of the host, by a decision of this package that holds for a while: CIRCUIT_OPEN or NO_TURN."""
