"""Reads the vectors and runs them against this library. Another implementation needs `schema.json`, and not this."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from did import DIDDocument, StaticResolver
from status import RangeError, StatusEntry, StatusRetrievalError
from vc_core import (
    ALGORITHMS,
    ANY_ISSUER,
    CRYPTOSUITES,
    PINNED_CONTEXTS,
    Evidence,
    Limits,
    Policy,
    VerificationResult,
    verify,
)
from vc_core.datetimestamp import parse

HERE: Final = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Vector:
    """One case as it stands in its file."""

    case: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The name of the case among all."""
        return str(self.case["id"])

    @property
    def data(self) -> bytes:
        """The input."""
        return _bytes(self.case["input"])

    @property
    def now(self) -> datetime:
        """The clock."""
        return parse(self.case["now"])

    @property
    def expected(self) -> tuple[str, tuple[str, ...]]:
        """The verdict, and the codes of all problems in order, each once."""
        return self.case["expected"]["verdict"], tuple(self.case["expected"]["codes"])

    @property
    def policy(self) -> Policy:
        """The policy of the case."""
        return _policy(self.case["policy"])

    def verify(self, data: bytes | None = None, **policy: Any) -> VerificationResult:
        """The result of this library for the input, or for `data`; `policy` has members to put in place."""
        evidence = self.case["evidence"]
        resources = {url: _bytes(each) for url, each in evidence.get("resources", {}).items()}
        return verify(
            self.data if data is None else data,
            resolver=Documents(evidence.get("didDocuments", {})),
            status=Lists(evidence.get("statusLists", {})),
            policy=replace(self.policy, **policy),
            now=self.now,
            evidence=Evidence(resources=resources),
        )


def load(folder: Path = HERE) -> Iterator[Vector]:
    """The vectors of the manifest, in its order."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for entry in manifest["cases"]:
        yield Vector(json.loads((folder / entry["file"]).read_text(encoding="utf-8")))


def outcome(result: VerificationResult) -> tuple[str, tuple[str, ...]]:
    """The result in the form of `Vector.expected`."""
    return result.verdict.value, tuple(sorted({problem.code for problem in result.problems}))


class Documents:
    """A resolver that reads a DID document when it is asked for, so that a malformed one spoils no other."""

    def __init__(self, documents: Mapping[str, object]) -> None:
        self._documents = documents
        self._computed = StaticResolver()

    def resolve(self, did: str) -> DIDDocument:
        """The document of `did`."""
        if did in self._documents:
            return DIDDocument.parse(self._documents[did], did)
        return self._computed.resolve(did)


class Lists:
    """Status lists by URL: `length`, and the `values` by index that are not 0."""

    def __init__(self, lists: Mapping[str, Mapping[str, Any]]) -> None:
        self._lists = lists

    def look_up(self, entry: StatusEntry, *, now: datetime) -> int:  # noqa: ARG002  (the protocol's parameter)
        """The value at the entry."""
        found = self._lists.get(entry.list_url)
        if found is None:
            raise StatusRetrievalError("the list was not handed in", url=entry.list_url)
        if entry.index >= found["length"]:
            raise RangeError("the index lies outside of the list", url=entry.list_url)
        value: int = found["values"].get(str(entry.index), 0)
        return value


def _policy(case: Mapping[str, Any]) -> Policy:
    accepted = case["acceptedIssuers"]
    members: dict[str, Any] = {
        "accepted_issuers": ANY_ISSUER if accepted == "any" else frozenset(accepted),
        "domain": frozenset(case.get("domain", ())),
        "contexts": PINNED_CONTEXTS | {url: _bytes(each) for url, each in case.get("contexts", {}).items()},
        "limits": Limits(**{_WORDS[name]: value for name, value in case.get("limits", {}).items()}),
    }
    for name, table in (("cryptosuites", CRYPTOSUITES), ("algorithms", ALGORITHMS)):
        if name in case:
            members[name] = {each: table[each] for each in case[name]}
    if "clockSkew" in case:
        members["clock_skew"] = timedelta(seconds=case["clockSkew"])
    plain = ("requireIssuerControl", "proofPurpose", "challenge", "status", "resources", "allowInlineContexts")
    members |= {_WORDS[name]: case[name] for name in plain if name in case}
    return Policy(**members)


_WORDS: Final = {
    "requireIssuerControl": "require_issuer_control",
    "proofPurpose": "proof_purpose",
    "challenge": "challenge",
    "status": "status",
    "resources": "resources",
    "allowInlineContexts": "allow_inline_contexts",
    "documentBytes": "document_bytes",
    "depth": "depth",
    "proofs": "proofs",
    "contexts": "contexts",
    "quads": "quads",
    "canonicalizationWork": "canonicalization_work",
}


def _bytes(entry: Mapping[str, str]) -> bytes:
    return entry["text"].encode() if "text" in entry else base64.b64decode(entry["base64"])
