"""The errors of status lists, each with the code of Bitstring Status List 1.0, section 3.5."""

from __future__ import annotations

from typing import ClassVar


class StatusError(Exception):
    """A status cannot be read. `detail` is one printable line; `url` the list it concerns, where known."""

    code: ClassVar[str] = "STATUS_VERIFICATION_ERROR"

    def __init__(self, detail: str, *, url: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.url = url


class StatusRetrievalError(StatusError):
    """The list could not be had. Says nothing about the credential."""

    code = "STATUS_RETRIEVAL_ERROR"


class StatusVerificationError(StatusError):
    """The entry or the list is malformed, or they do not belong together."""

    code = "STATUS_VERIFICATION_ERROR"


class RangeError(StatusError):
    """The index lies outside of the list."""

    code = "RANGE_ERROR"
