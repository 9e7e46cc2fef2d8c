"""The caps on what one credential may cost. Each is reached before the cost is paid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The largest input that is still looked at; a larger one raises `LimitExceeded`."""

    document_bytes: int = 10 * 1024 * 1024
    """Length of the input in bytes (`INPUT_TOO_LARGE`). Credentials that carry rendered pages reach megabytes."""
    depth: int = 64
    """Nested arrays and objects, the outermost counted as 1 (`NESTING_TOO_DEEP`)."""
    proofs: int = 16
    """Proofs of one document (`TOO_MANY_PROOFS`)."""
    contexts: int = 32
    """Entries of the `@context` of one document (`WORK_LIMIT_EXCEEDED`)."""
    quads: int = 50_000
    """RDF statements of one document (`WORK_LIMIT_EXCEEDED`)."""
    canonicalization_work: int = 100_000
    """Work units of RDFC-1.0, about a microsecond each, as `vc_core.canonical.rdfc` counts them
    (`WORK_LIMIT_EXCEEDED`)."""
    token_header_bytes: int = 64 * 1024
    """Length of the encoded header of a token in bytes (`INPUT_TOO_LARGE`)."""
    disclosures: int = 1000
    """Disclosures of one SD-JWT (`TOO_MANY_DISCLOSURES`)."""
    credentials: int = 100
    """Credentials of one presentation (`TOO_MANY_CREDENTIALS`)."""
    identifiers: int = 32
    """DIDs, and URLs of documents, that the keys of one presentation are looked for in (`TOO_MANY_IDENTIFIERS`). Those
    that contain their own key are not counted."""

    status_list_bytes: int = 8 * 1024 * 1024
    """Length of a decompressed status list in bytes (`MALFORMED_VALUE_ERROR`): 2^26 values of one bit."""

    def shared_by(self, number: int) -> Self:
        """The same for each of several things, which share the work on RDF that one document may cost."""
        if number < 2:
            return self
        return replace(self, quads=self.quads // number, canonicalization_work=self.canonicalization_work // number)
