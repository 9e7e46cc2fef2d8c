"""Where something stands in a document: the places in errors are JSON pointers (RFC 6901)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, ParamSpec, TypeVar

from vc_core.document import Json
from vc_core.errors import ProofTransformationError, VCError

_P = ParamSpec("_P")
_T = TypeVar("_T")

LONGEST: Final = 500
"""Characters of a place that is remembered. Many values may be below a name that is as long as a document."""
_TOO_LONG: Final = "..."


def token(key: str) -> str:
    """A key as a part of a pointer (section 3)."""
    return key.replace("~", "~0").replace("/", "~1")


def below(at: str, part: str) -> str:
    """The place of a part of what is at a place; one that is no place for all that are longer than `LONGEST`."""
    place = at if at == _TOO_LONG else f"{at}/{part}"
    return place if len(place) <= LONGEST else _TOO_LONG


def each(member: Json, at: str) -> Iterator[tuple[Json, str]]:
    """The items of an array, which has some, or the one value; each with its place."""
    if not isinstance(member, list):
        yield member, at
    elif not member:
        raise lost("an empty array says nothing", at)
    else:
        for position, item in enumerate(member):
            yield item, f"{at}/{position}"


def placed(at: str, function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """The answer of a function that knows nothing of places; its errors get `at`."""
    try:
        return function(*args, **kwargs)
    except VCError as error:
        error.at = at + error.at
        raise


def lost(detail: str, at: str) -> ProofTransformationError:
    """The error for what processors of JSON-LD would drop."""
    return ProofTransformationError(detail, code="DATA_LOSS_DETECTION_ERROR", at=at)


def refused(detail: str, at: str) -> ProofTransformationError:
    """The error for what is not accepted."""
    return ProofTransformationError(detail, at=at)
