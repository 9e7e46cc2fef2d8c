"""Reads the vectors and runs them against this library. Another implementation needs `schema.json`, and not this."""

from __future__ import annotations

import base64
import json
from collections.abc import Container, Iterator, Mapping
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
    ENVELOPES,
    PINNED_CONTEXTS,
    Evidence,
    Limits,
    MemoryNonces,
    Policy,
    PresentationPolicy,
    PresentationResult,
    VerificationResult,
    verify,
    verify_presentation,
)
from vc_core.datetimestamp import parse
from vc_core.status_lists import status_lists

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

    @property
    def is_presentation(self) -> bool:
        """Whether the input is a presentation, and `presentation_policy` says what is expected of it."""
        return "presentation" in self.case

    @property
    def presentation_policy(self) -> PresentationPolicy:
        """What the case expects of a presentation."""
        case = self.case["presentation"]
        return PresentationPolicy(
            credentials=self.policy,
            nonce=case.get("nonce"),
            audience=frozenset(case["audience"]) if "audience" in case else None,
            holder_binding=case["holderBinding"],
            longest_age=timedelta(seconds=case.get("longestAge", 300)),
            allow_unsigned_presentation=case.get("allowUnsigned", False),
        )

    def result(self) -> VerificationResult | PresentationResult:
        """The result of this library for the case."""
        return self.verify_presentation() if self.is_presentation else self.verify()

    def verify(self, data: bytes | None = None, **policy: Any) -> VerificationResult:
        """That for the input as a credential, or for `data`; `policy` has members to put in place."""
        return verify(
            self.data if data is None else data, policy=replace(self.policy, **policy), now=self.now, **self._evidence()
        )

    def verify_presentation(self) -> PresentationResult:
        """That for the input as a presentation, with a store in which the nonces of the case are spent."""
        rules, nonces = self.presentation_policy, MemoryNonces()
        for spent in self.case["presentation"].get("spentNonces", ()):
            nonces.spend(spent, until=self.now + rules.nonce_lifetime, now=self.now)
        return verify_presentation(self.data, policy=rules, now=self.now, nonces=nonces, **self._evidence())

    def _evidence(self) -> dict[str, Any]:
        """What both verbs are handed."""
        case = self.case["evidence"]
        evidence = Evidence(resources={url: _bytes(each) for url, each in case.get("resources", {}).items()})
        resolver = Documents(case.get("didDocuments", {}))
        served = status_lists(evidence, resolver=resolver, policy=self.policy)
        return {
            "resolver": resolver,
            "status": Lists(case["statusLists"]) if "statusLists" in case else served,
            "evidence": evidence,
        }


def load(folder: Path = HERE) -> Iterator[Vector]:
    """The vectors of the manifest, in its order."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for entry in manifest["cases"]:
        yield Vector(json.loads((folder / entry["file"]).read_text(encoding="utf-8")))


def outcome(result: VerificationResult | PresentationResult) -> tuple[str, tuple[str, ...]]:
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

    def look_up(
        self,
        entry: StatusEntry,
        *,
        issuers: Container[str],  # noqa: ARG002  (the protocol's parameter)
        now: datetime,  # noqa: ARG002  (the protocol's parameter)
    ) -> int:
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
        "status_issuers": frozenset(case.get("statusIssuers", ())),
        "status_registries": frozenset(case.get("statusRegistries", ())),
        "limits": Limits(**{_WORDS[name]: value for name, value in case.get("limits", {}).items()}),
    }
    for name, table in (("cryptosuites", CRYPTOSUITES), ("envelopes", ENVELOPES), ("algorithms", ALGORITHMS)):
        if name in case:
            members[name] = {each: table[each] for each in case[name]}
    if "clockSkew" in case:
        members["clock_skew"] = timedelta(seconds=case["clockSkew"])
    members |= {_WORDS[name]: case[name] for name in _PLAIN if name in case}
    return Policy(**members)


_PLAIN: Final = (
    *("requireIssuerControl", "proofPurpose", "challenge", "status", "resources", "jwtProfile"),
    "allowInlineContexts",
)
"""The members of a policy that are the same in both."""
_WORDS: Final = {
    "requireIssuerControl": "require_issuer_control",
    "proofPurpose": "proof_purpose",
    "challenge": "challenge",
    "status": "status",
    "resources": "resources",
    "jwtProfile": "jwt_profile",
    "allowInlineContexts": "allow_inline_contexts",
    "documentBytes": "document_bytes",
    "depth": "depth",
    "proofs": "proofs",
    "contexts": "contexts",
    "quads": "quads",
    "canonicalizationWork": "canonicalization_work",
    "tokenHeaderBytes": "token_header_bytes",
    "disclosures": "disclosures",
    "credentials": "credentials",
    "statusListBytes": "status_list_bytes",
    "identifiers": "identifiers",
}


def _bytes(entry: Mapping[str, str]) -> bytes:
    return entry["text"].encode() if "text" in entry else base64.b64decode(entry["base64"])
