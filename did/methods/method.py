"""What a DID method is: a function from a DID to its document."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol

from did.document import DIDDocument
from did.url import DIDURL


class Response(NamedTuple):
    """An answer over HTTP, whatever its status.

    `media_type` is in lower case, without parameters, and empty where the answer has none. `url` is where `body` comes
    from: another URL than the one that was asked for if a redirect was followed.
    """

    status: int
    media_type: str
    body: bytes
    url: str


class Postponed(OSError):
    """What a `Fetch` raises where it asked nobody, for reasons of its own that pass, such as too much at a time."""


class Fetch(Protocol):
    """How a method reaches the network where it needs to: the caller's own function, with its own guards."""

    def __call__(self, url: str, *, accept: str) -> Response:
        """The answer to a GET request for `url` with the header field `Accept`.

        Raises `OSError` if there is none, and `Postponed`, a kind of it, if none was asked for.
        """
        ...


class Method(Protocol):
    """The resolution of the DIDs of one method (DID 1.1, section 7.2)."""

    def __call__(self, did: DIDURL, fetch: Fetch | None, /, *, at: datetime | None = None) -> DIDDocument:
        """The document of `did`, whose `id` is that DID. Raises a `DIDError` otherwise.

        It is the document as it was at the aware time `at`, in whole seconds, or the present one for None. A method
        without a history answers with the present document in both cases. One that finds the document in the DID
        itself does not use `fetch`.
        """
        ...
