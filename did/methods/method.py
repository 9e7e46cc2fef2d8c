"""What a DID method is: a function from a DID to its document."""

from __future__ import annotations

from typing import Protocol

from did.document import DIDDocument
from did.url import DIDURL


class Fetch(Protocol):
    """How a method reaches the network where it needs to: the caller's own function, with its own guards."""

    def __call__(self, url: str) -> bytes:
        """The body of the answer to a GET request for `url`. Raises `NotFound` if there is none."""
        ...


class Method(Protocol):
    """The resolution of the DIDs of one method (DID 1.1, section 7.2)."""

    def __call__(self, did: DIDURL, fetch: Fetch | None, /) -> DIDDocument:
        """The document of `did`, whose `id` is that DID. Raises a `DIDError` otherwise.

        A method that finds the document in the DID itself does not use `fetch`.
        """
        ...
