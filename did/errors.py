"""The errors of this package, and how untrusted text appears in them.

Each has a stable `code`: a word of DID Resolution 1.0 (section 11, and DEACTIVATED, which is metadata there), of
Controlled Identifiers 1.0 (section 3.5) or, for an encoding, of Verifiable Credentials Data Model 2.0 (section 7).

    DIDError
    ├── InvalidDID                 INVALID_DID, INVALID_DID_URL
    ├── InvalidOptions             INVALID_OPTIONS
    ├── MethodNotSupported         METHOD_NOT_SUPPORTED
    ├── FeatureNotSupported        FEATURE_NOT_SUPPORTED
    ├── RepresentationNotSupported REPRESENTATION_NOT_SUPPORTED
    ├── NotFound                   NOT_FOUND
    │   └── Unavailable            NOT_FOUND
    │       └── NotAsked           NOT_FOUND
    ├── Deactivated                DEACTIVATED
    ├── InvalidDIDDocument         INVALID_CONTROLLED_IDENTIFIER_DOCUMENT, ..._DOCUMENT_ID
    ├── InvalidVerificationMethod  INVALID_VERIFICATION_METHOD, ..._METHOD_URL, INVALID_RELATIONSHIP_FOR_...
    │   └── InvalidKey             INVALID_VERIFICATION_METHOD
    └── InvalidEncoding            MALFORMED_VALUE_ERROR
"""

from __future__ import annotations

from typing import ClassVar


class DIDError(Exception):
    """Something is wrong with an identifier, a document or a key, for the reason `code`.

    `detail` is one line for people, safe to print: no control characters, no unbounded quotes, no secrets.
    """

    default_code: ClassVar[str] = "INTERNAL_ERROR"

    def __init__(self, detail: str, *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = self.default_code if code is None else code


class InvalidDID(DIDError):
    """A text is not a DID, not a DID URL, or not one that its method could have made."""

    default_code = "INVALID_DID"


class MethodNotSupported(DIDError):
    """The DID is well-formed, but its method is not in the table of methods."""

    default_code = "METHOD_NOT_SUPPORTED"


class InvalidOptions(DIDError):
    """An option or parameter of a resolution or dereferencing has a value that it cannot have."""

    default_code = "INVALID_OPTIONS"


class FeatureNotSupported(DIDError):
    """An option or parameter is a known one, and not supported."""

    default_code = "FEATURE_NOT_SUPPORTED"


class RepresentationNotSupported(DIDError):
    """There is an answer, and not in any of the media types that were asked for."""

    default_code = "REPRESENTATION_NOT_SUPPORTED"


class NotFound(DIDError):
    """The DID is well-formed, and there is no document for it where it was allowed to look."""

    default_code = "NOT_FOUND"


class Unavailable(NotFound):
    """The place of the document gave no answer, or none that says anything: it may be there at another time."""


class NotAsked(Unavailable):
    """The place of the document was not asked, for reasons of the one who would have, such as too much at a time.

    It says nothing about the place and holds for a moment only, so there is no point in remembering it.
    """


class Deactivated(DIDError):
    """The DID had a document and has none any more, by the word of its method."""

    default_code = "DEACTIVATED"


class InvalidDIDDocument(DIDError):
    """A document is malformed, or is not the document of the DID that was asked for."""

    default_code = "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"


class InvalidVerificationMethod(DIDError):
    """A verification method is absent, unusable, or not authorised for the purpose asked."""

    default_code = "INVALID_VERIFICATION_METHOD"


class InvalidKey(InvalidVerificationMethod):
    """Key material is malformed, out of range, weak by construction, or not of a supported type."""


class InvalidEncoding(DIDError):
    """A text is not the one canonical encoding of any bytes, or is longer than its limit."""

    default_code = "MALFORMED_VALUE_ERROR"


def shown(value: object, limit: int = 64) -> str:
    """Untrusted `value` as one short line of printable ASCII, in quotes if it is text.

    At most `limit` characters or bytes of it are looked at, so the cost does not depend on its size; "…"
    says that something was cut. Everything but printable ASCII is escaped: control characters, line breaks
    and characters that change the direction of writing cannot alter the message around them. What is neither
    text nor a small number is shown by the name of its type.
    """
    if isinstance(value, str | bytes):
        return ascii(value[:limit]) + ("…" if len(value) > limit else "")
    if value is None or isinstance(value, bool | float) or (isinstance(value, int) and abs(value) < 1 << 64):
        return ascii(value)
    return f"a value of type {ascii(type(value).__name__[:limit])[1:-1]}"


def plain(text: str, limit: int = 256) -> str:
    """What somebody else says, as a part of a message: as `shown` has it, but without quotes and in its own words.

    Printable ASCII stays as it is, so a message that has quotes inside gets no second ones.
    """
    cut = text[:limit]
    line = cut if cut.isascii() and cut.isprintable() else cut.encode("unicode_escape").decode("ascii")
    return line + ("…" if len(text) > limit else "")
