"""The errors of status lists, each with the code of Bitstring Status List 1.0, section 3.5."""

from __future__ import annotations


class StatusError(Exception):
    """A status cannot be read. `detail` is one printable line; `url` the list it concerns, where known."""

    code: str = "STATUS_VERIFICATION_ERROR"

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


class MalformedStatusList(StatusVerificationError):
    """What a list is published as cannot be decoded: it is not of its format, damaged, or too long."""

    code = "MALFORMED_VALUE_ERROR"


class StatusListLengthError(StatusError):
    """The list has fewer values than its format demands, so that an index may tell whose it is."""

    code = "STATUS_LIST_LENGTH_ERROR"


class RangeError(StatusError):
    """The index lies outside of the list, or a value does not fit into the bits of its list."""

    code = "RANGE_ERROR"


class StoreError(StatusError):
    """The issuer's store refuses what was asked, or cannot do it. Nothing of it was done, but for OUTCOME_UNKNOWN.

    Where one index of several is at fault, `index` says which.

    The codes, which are the project's own:

        INVALID_ARGUMENT        a text, number or time that no list can have
        NO_SUCH_LIST            there is no list of that URL
        LIST_EXISTS             there is one already
        LIST_FULL               fewer indexes are free than were asked for
        NOT_ALLOCATED           the index, or the credential, was never given to the other
        REVOCATION_IS_FINAL     what is revoked cannot be anything else again
        SUPERSEDED              a later version was published meanwhile
        CLOCK_BEHIND            the last version was published at a time that is still to come
        UNKNOWN_PUBLICATION     what is published is not of this store, or of a later state of it
        PUBLICATION_FAILED      the file cannot be written
        STORAGE_FULL            no room, in the database or in the folder
        STORE_BUSY              others kept the database for too long
        STORE_UNAVAILABLE       the database cannot be had, read or written
        STORE_DAMAGED           the database is not what was written to it
        STORE_VERSION           the database is of another version of this library
        NO_STORE                there is no store in that place, or something else
        OUTCOME_UNKNOWN         the database went away while it was told to commit: the history has the answer
    """

    def __init__(self, detail: str, *, code: str, url: str | None = None, index: int | None = None) -> None:
        super().__init__(detail, url=url)
        self.code = code
        self.index = index
