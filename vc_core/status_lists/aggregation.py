"""Which Token Status Lists an issuer has, so that they can be fetched ahead (Token Status List, section 9)."""

from __future__ import annotations

from collections.abc import Iterable

from vc_core.document import read_json, write_json
from vc_core.errors import ParsingError
from vc_core.limits import Limits

_MEMBER = "status_lists"


def read_aggregation(data: bytes, *, limits: Limits = Limits()) -> tuple[str, ...]:  # noqa: B008  (a frozen value)
    """The URIs of the lists in the JSON document `data`. It is not signed: what is served at them has to be verified.

    Raises `ParsingError`, or `LimitExceeded`.
    """
    tree = read_json(data, limits=limits)
    urls = tree.get(_MEMBER) if isinstance(tree, dict) else None
    if not isinstance(urls, list):
        raise ParsingError(f"an aggregation of status lists is an object with a list {_MEMBER}")
    found = tuple(url for url in urls if isinstance(url, str) and url)
    if len(found) != len(urls):
        raise ParsingError(f"{_MEMBER} is not a list of URIs", at=f"/{_MEMBER}")
    return found


def write_aggregation(urls: Iterable[str]) -> bytes:
    """The document that `read_aggregation` reads as these, to be served as `application/json`."""
    return write_json({_MEMBER: list(urls)})
