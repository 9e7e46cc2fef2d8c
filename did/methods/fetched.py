"""What the methods that fetch have in common: one request, and what each kind of answer to it means."""

from __future__ import annotations

from typing import Final

from did.document import DIDDocument
from did.errors import InvalidDIDDocument, InvalidEncoding, NotAsked, NotFound, Unavailable, plain, shown
from did.ijson import read_object
from did.methods.method import Fetch, Postponed, Response

MAX_DOCUMENT: Final = 262_144
"""Bytes of the longest document that is read."""

_MAX_PROBLEM: Final = 16_384
_TRY_LATER: Final = frozenset({408, 425, 429})


def fetched_document(identifier: str, url: str, fetch: Fetch | None, *, accept: str) -> DIDDocument:
    """The document of `identifier`, a DID or an https URL, that is served at `url` itself.

    Raises as `get` does, and `InvalidDIDDocument` for a text that is not strict JSON, or not the document of
    `identifier`. The media type of the answer decides nothing: many servers know none for such files.
    """
    try:
        members = read_object(get(url, fetch, accept=accept), longest=MAX_DOCUMENT)
    except InvalidEncoding as error:
        raise InvalidDIDDocument(f"what is served at {shown(url, 256)} cannot be read: {error.detail}") from error
    return DIDDocument.parse(members, identifier, source=url)


def get(url: str, fetch: Fetch | None, *, accept: str) -> bytes:
    """The body of the answer to a GET request for `url`, which was given at `url` itself.

    Raises `NotFound` where the answer says that there is no document, or that it is somewhere else, for redirects are
    not followed, and without `fetch`; and `Unavailable`, a kind of it, where there is no answer, or one that is about
    the server.
    """
    response = answer(url, fetch, accept=accept)
    if response.status == 200:
        return response.body
    raise refusal(response)


def answer(url: str, fetch: Fetch | None, *, accept: str) -> Response:
    """The answer of `url` itself, whatever its status.

    Raises `NotFound` and `Unavailable` where `get` does; of the latter the kind `NotAsked` where `fetch` raises
    `Postponed`.
    """
    if fetch is None:
        raise NotFound(f"{shown(url, 256)} would have to be fetched, and nothing may be fetched here")
    try:
        response = fetch(url, accept=accept)
    except OSError as error:
        kind = NotAsked if isinstance(error, Postponed) else Unavailable
        raise kind(f"{shown(url, 256)} was not fetched: {plain(str(error))}") from error
    if response.url != url:
        raise NotFound(f"{shown(url, 256)} leads to {shown(response.url, 256)}: redirects are not followed")
    return response


def refusal(response: Response) -> NotFound:
    """What an answer with another status than 200 means, with what its problem details say (RFC 9457)."""
    status = response.status
    detail = f"{shown(response.url, 256)} answered with status {status}{_problem(response)}"
    if status in _TRY_LATER or status >= 500:
        return Unavailable(detail)
    if 300 <= status < 400:
        detail += ": redirects are not followed"
    return NotFound(detail)


def _problem(response: Response) -> str:
    """The title and the detail of the problem; empty if there are none."""
    if response.media_type != "application/problem+json":
        return ""
    try:
        problem = read_object(response.body, longest=_MAX_PROBLEM)
    except InvalidEncoding:
        return ""
    return "".join(f", {shown(problem[name], 128)}" for name in ("title", "detail") if name in problem)
