"""What is known about the document of one identifier over time, in a form that a file can hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Final, NamedTuple, Self

from did.document import DIDDocument
from did.errors import (
    Deactivated,
    DIDError,
    FeatureNotSupported,
    InvalidDID,
    InvalidDIDDocument,
    InvalidOptions,
    MethodNotSupported,
    NotFound,
    shown,
)
from did.url import check_identifier
from did.version_time import parse_version_time, version_time, whole_seconds

_MEMBERS: Final = frozenset({"document", "error", "from", "until", "retrieved", "source", "sha256"})
_ERRORS: Final[Mapping[str, type[DIDError]]] = MappingProxyType(
    {
        **{
            kind.default_code: kind
            for kind in (
                Deactivated,
                FeatureNotSupported,
                InvalidDID,
                InvalidDIDDocument,
                InvalidOptions,
                MethodNotSupported,
                NotFound,
            )
        },
        "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID": InvalidDIDDocument,
    }
)


class Version(NamedTuple):
    """A document, or the error in its place, in force from `start` to `end`, both inclusive; None is without end.

    `retrieved` is when it was had, where that is known.
    """

    outcome: DIDDocument | DIDError
    start: datetime | None = None
    end: datetime | None = None
    retrieved: datetime | None = None


@dataclass(frozen=True, slots=True)
class History:
    """The versions of the document of `id`, in the order in which they were handed in."""

    id: str
    versions: tuple[Version, ...]

    @classmethod
    def read(cls, value: object, identifier: str) -> Self:
        """The history in JSON: one document, which is in force at any time, or a list of versions.

        A version is an object with a `document` or, where there is none, an `error` with `code` and `detail`; and with
        the times that it is in force, `from` and `until`, each of which may be absent. They are inclusive, in whole
        seconds and in UTC, and so is the time when it was `retrieved`. `source` and `sha256` decide nothing.

        Raises `InvalidDID` if `identifier` is neither a DID nor an https URL, and `InvalidDIDDocument` for another
        form, or a document that is not that of `identifier`.
        """
        if not isinstance(value, list):
            return cls(identifier, (Version(DIDDocument.parse(value, identifier)),))
        check_identifier(identifier)
        return cls(identifier, tuple(_version(entry, identifier) for entry in value))

    def at(self, moment: datetime | None, *, now: datetime | None = None) -> DIDDocument:
        """The document in force at the aware time `moment`, or for None the present one.

        The present one is in force without an end. If `now`, the time that counts as the present, is given, it was in
        force when it was retrieved, or else it is the one in force then. Of several it is the one that came into force
        last, and of those the last in the list. Raises the error that stands in its place, and `NotFound` if nothing is
        known of that time.
        """
        if len(self.versions) == 1 and self.versions[0][1:3] == (None, None):
            return given(self.versions[0].outcome)
        instant = None if moment is None else whole_seconds(moment)
        found = [version for version in self.versions if _is_in_force(version, instant)]
        if instant is None and now is not None:
            present = whole_seconds(now)
            found = [version for version in found if _was_present(version)] or [
                version for version in self.versions if _is_in_force(version, present)
            ]
        if not found:
            when = "" if instant is None else f" of {version_time(instant)}"
            raise NotFound(f"the document of {shown(self.id, 256)}{when} is not at hand")
        return given(max(enumerate(found), key=lambda each: (each[1].start or _EARLIEST, each[0]))[1].outcome)


def outcome_of(resolution: Callable[[], DIDDocument]) -> DIDDocument | DIDError:
    """The document that a resolution gives, or the error that it raises, without the frames that it went through."""
    try:
        return resolution()
    except DIDError as error:
        return type(error)(error.detail, code=error.code)


def given(outcome: DIDDocument | DIDError) -> DIDDocument:
    """The document of an outcome. Its error is raised anew each time, since one collects the frames it goes through."""
    if isinstance(outcome, DIDDocument):
        return outcome
    raise type(outcome)(outcome.detail, code=outcome.code)


_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)


def _is_in_force(version: Version, instant: datetime | None) -> bool:
    if instant is None:
        return version.end is None
    return (version.start is None or version.start <= instant) and (version.end is None or instant <= version.end)


def _was_present(version: Version) -> bool:
    """Whether it was in force when it was retrieved."""
    return version.retrieved is not None and (version.start is None or version.start <= version.retrieved)


def _version(entry: object, identifier: str) -> Version:
    if not isinstance(entry, dict) or not entry.keys() <= _MEMBERS or ("document" in entry) is ("error" in entry):
        raise InvalidDIDDocument(f"a version of {shown(identifier, 256)} is not an object with a document, or an error")
    if "error" in entry:
        outcome: DIDDocument | DIDError = _error(entry["error"])
    else:
        outcome = DIDDocument.parse(entry["document"], identifier, source=_source(entry.get("source", "")))
    return Version(outcome, *(_time(entry.get(name)) for name in ("from", "until", "retrieved")))


def _error(value: object) -> DIDError:
    match value:
        case {"code": str(code), "detail": str(detail), **others} if not others and (code + detail).isprintable():
            return _ERRORS.get(code, DIDError)(detail, code=code)
    raise InvalidDIDDocument("an error in the place of a document has a code and a detail, each of them one line")


def _source(value: object) -> str:
    if not isinstance(value, str):
        raise InvalidDIDDocument(f"the source of a document is {shown(value)}, which is not a text")
    return value


def _time(value: object) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidDIDDocument(f"the time of a version is {shown(value)}, which is not a text")
    try:
        return parse_version_time(value)
    except InvalidOptions as error:
        raise InvalidDIDDocument(f"the time of a version: {error.detail}") from error
