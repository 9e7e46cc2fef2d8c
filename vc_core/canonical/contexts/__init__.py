"""The JSON-LD contexts that documents may name, each known by its URL and pinned by its digest.

`PINNED` holds the published contexts of credentials, their proofs, status lists and keys. No context is ever
fetched; a caller who needs another one supplies it:

    contexts = PINNED | {"https://example.org/terms/v1": Path("terms-v1.jsonld").read_bytes()}

`manifest.json` says for each URL which published package its file comes from, under which licence, and its
SHA-256. An entry without a file is known by name only: nobody may pass it on under this project's licence.
Such a context is accepted where its name is enough, and has to be supplied where its terms are needed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from did.errors import shown
from vc_core.document import Json, read_json
from vc_core.errors import ParsingError, ProofTransformationError
from vc_core.limits import Limits

_LIMITS: Final = Limits()


@dataclass(frozen=True, slots=True)
class Contexts:
    """An immutable set of contexts, each found by exactly its URL: another case or slash is another context.

    Nothing is read before it is asked for. Two sets are equal if they give the same bytes for the same URLs.
    """

    _pinned: bool = False
    _added: tuple[tuple[str, bytes], ...] = ()

    def __contains__(self, url: object) -> bool:
        """Whether the context is known, be it by name only."""
        return isinstance(url, str) and ((self._pinned and url in _manifest()) or url in dict(self._added))

    @property
    def names(self) -> frozenset[str]:
        """The URLs of all contexts that are known, be it by name only."""
        return frozenset(_manifest() if self._pinned else ()) | {url for url, _ in self._added}

    def __iter__(self) -> Iterator[str]:
        """The URLs of the contexts that are here, so not of those known by name only, in code point order."""
        files = {url for url, entry in _manifest().items() if "file" in entry} if self._pinned else set()
        return iter(sorted(files | dict(self._added).keys()))

    def __getitem__(self, url: str) -> dict[str, Json]:
        """The document of the context: an object with a member `@context`, the caller's own copy.

        Raises `ProofTransformationError` with code UNKNOWN_CONTEXT if the context is not known, or (then with
        `missing`, the URL) if it is known by name only; with code PROOF_TRANSFORMATION_ERROR if a file of
        this package is not the one that was pinned.
        """
        return _context(self._bytes(url))

    def __or__(self, added: Mapping[str, bytes]) -> Contexts:
        """These contexts and those of `added`, a URL and the bytes of a JSON document each.

        Raises `ParsingError` or `LimitExceeded` if one is not strict JSON with a member `@context`, or if it
        would replace one that is already here.
        """
        here = set(self)
        for url, data in added.items():
            if not isinstance(url, str) or not isinstance(data, bytes):
                raise TypeError("a context is given as its URL and its bytes")
            if url in here:
                raise ParsingError(f"the context {shown(url)} is already here and cannot be replaced")
            _context(data)
        return Contexts(self._pinned, tuple(sorted({**dict(self._added), **added}.items())))

    def sha256(self, url: str) -> str:
        """The SHA-256 of the bytes of a context in lower-case hexadecimal; raises as `contexts[url]` does."""
        return hashlib.sha256(self._bytes(url)).hexdigest()

    def _bytes(self, url: str) -> bytes:
        added = dict(self._added).get(url)
        if added is not None:
            return added
        entry = _manifest().get(url) if self._pinned else None
        if entry is None:
            raise ProofTransformationError(f"the context {shown(url)} is not known here", code="UNKNOWN_CONTEXT")
        if "file" not in entry:
            raise ProofTransformationError(
                f"the context {url} is known by name only; supply it with --context {url}=FILE",
                code="UNKNOWN_CONTEXT",
                missing=url,
            )
        return _file(entry["file"], entry["sha256"])


def _context(data: bytes) -> dict[str, Json]:
    document = read_json(data, limits=_LIMITS)
    if not isinstance(document, dict) or "@context" not in document:
        raise ParsingError("a context is a JSON object with a member @context")
    return document


@cache
def _manifest() -> Mapping[str, Mapping[str, str]]:
    manifest: Mapping[str, Mapping[str, str]] = json.loads(_read("manifest.json"))
    return manifest


@cache
def _file(name: str, sha256: str) -> bytes:
    data = _read(name)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ProofTransformationError(f"the file {name} of the pinned contexts was changed")
    return data


def _read(name: str) -> bytes:
    from importlib import resources

    return resources.files(__name__).joinpath(name).read_bytes()


PINNED: Final = Contexts(_pinned=True)
"""The contexts that come with this package."""
