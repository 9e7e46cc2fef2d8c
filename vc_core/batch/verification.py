"""The part function: batches of records in, batches of rows out. Every engine runs this one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final, Literal, NamedTuple, TypeAlias

from did import DIDDocument, NotFound, Resolver
from did.history import History
from status import StatusLists
from vc_core.batch.arrow import pa
from vc_core.batch.many import crashed
from vc_core.batch.portable import unpacked
from vc_core.batch.rows import Row, rows
from vc_core.evidence import Evidence
from vc_core.gathering import MOST_RESOURCES
from vc_core.policy import Policy
from vc_core.result import Problem, VerificationResult
from vc_core.status_lists import status_lists
from vc_core.verify import examine

LONGEST_CLAIM: Final = 1024
"""Characters of a name that nobody has proven, after which it is cut off."""

StatusSource: TypeAlias = Callable[[Evidence, Resolver, Policy], StatusLists]
"""What makes status lists of evidence; packed by its name, so it is a function of a module."""


def lists_in_evidence(evidence: Evidence, resolver: Resolver, policy: Policy) -> StatusLists:
    """The lists that are among the resources of the evidence."""
    return status_lists(evidence, resolver=resolver, policy=policy)


Kind: TypeAlias = Literal["document", "status list", "resource"]


class Missing(NamedTuple):
    """Evidence that was asked for and is not there: a DID or URL, and the time of which a document is wanted.

    Of what is no document there is no time.
    """

    name: str
    at: datetime | None = None
    kind: Kind = "document"


@dataclass(frozen=True, slots=True)
class Verification:
    """All that verdicts depend on besides the record."""

    policy: Policy
    now: datetime
    evidence: Evidence
    status: StatusSource = lists_in_evidence


def verify_batches(verification: bytes, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows (`vc_core.batch.rows.ROWS`) of records (`RECORDS`), batch by batch and in order.

    A null is no record. `verification` is a packed `Verification`. It depends on nothing else, so that any engine can
    call it anywhere and again, with the same outcome.
    """
    verifier = _verifier(verification)
    for batch in batches:
        yield verifier.verified(batch.filter(batch.column("credential").is_valid()))[0]


@lru_cache(maxsize=1)
def _verifier(verification: bytes) -> Verifier:
    """A process that is handed many tasks of one job makes its verifier once."""
    return Verifier(unpacked(verification))


class Verifier:
    """Makes the verdicts of one process. Evidence can be added; it is never taken away."""

    def __init__(self, verification: Verification) -> None:
        self._policy, self._now = verification.policy, verification.now
        self._known = dict(verification.evidence.resources)
        self._resources, self._lists = _Resources(self._known), _Resources(self._known)
        self._resolver = _Documents(verification.evidence, verification.now)
        self._evidence = Evidence(self._resources, verification.evidence.did_documents)
        self._of_lists = Evidence(self._lists, verification.evidence.did_documents)
        self._source = verification.status
        self._status = self._source(self._of_lists, self._resolver, self._policy)

    def add(self, evidence: Evidence) -> None:
        """What is verified from now on rests on this, too."""
        self._resolver.add(evidence)
        if evidence.resources:
            self._known.update(evidence.resources)
            self._status = self._source(self._of_lists, self._resolver, self._policy)

    def verified(self, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, dict[int, tuple[Missing, ...]]]:
        """The rows of the records, and by the index of a row what was missing for it, where anything was.

        Of much that is missing for one record not all is told: it is no more than is fetched for one verdict, and
        documents and status lists come first.
        """
        made: list[Row] = []
        missing: dict[int, tuple[Missing, ...]] = {}
        for index, data in enumerate(batch.column("credential").to_pylist()):
            for each in (self._resolver, self._lists, self._resources):
                each.missing.clear()
            made.append(self._row(data))
            if found := self._missing():
                missing[index] = found[:MOST_RESOURCES]
        longest = self._policy.limits.document_bytes
        return rows(batch, made, now=self._now, longest=longest), missing

    def _missing(self) -> tuple[Missing, ...]:
        lists = (Missing(url, kind="status list") for url in self._lists.missing)
        resources = (Missing(url, kind="resource") for url in self._resources.missing)
        return (*self._resolver.missing, *lists, *resources)

    def _row(self, data: bytes) -> Row:
        try:
            examination = examine(
                data,
                resolver=self._resolver,
                status=self._status,
                policy=self._policy,
                now=self._now,
                evidence=self._evidence,
            )
            result = examination.result()
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001  (one record does not stop all others, whatever is wrong here)
            return Row(_failed(Problem("INTERNAL_ERROR", type(error).__name__, missing="a verdict")))
        if not result:
            return Row(result, claimed_issuer=(examination.issuer or "")[:LONGEST_CLAIM] or None)
        name, issuer = examination.tree.get("id"), examination.issuer
        return Row(
            result,
            id=name if isinstance(name, str) else None,
            issuer=issuer,
            verification_method=examination.methods[0].id,
            claimed_issuer=issuer,
        )


def crashed_row(record: pa.RecordBatch, cause: str, verification: Verification) -> pa.RecordBatch:
    """The row of a batch with one record, which no worker survives."""
    longest = verification.policy.limits.document_bytes
    return rows(record, [Row(_failed(crashed(cause)))], now=verification.now, longest=longest)


def _failed(problem: Problem) -> VerificationResult:
    return VerificationResult((problem,), (), None, None)


class _Resources(Mapping[str, bytes]):
    """Resources, and in `missing` the URLs that were looked for and are not there."""

    def __init__(self, resources: Mapping[str, bytes]) -> None:
        self._resources = resources
        self.missing: dict[str, None] = {}

    def __getitem__(self, url: str) -> bytes:
        try:
            return self._resources[url]
        except KeyError:
            self.missing[url] = None
            raise

    def __iter__(self) -> Iterator[str]:
        return iter(self._resources)

    def __len__(self) -> int:
        return len(self._resources)


class _Documents:
    """A resolver that knows what it was given, and in `missing` has what it did not know."""

    def __init__(self, evidence: Evidence, now: datetime) -> None:
        self._given: Resolver = evidence.resolver(now=now)
        self._now = now
        self._added: dict[str, History] = {}
        self.missing: dict[Missing, None] = {}

    def add(self, evidence: Evidence) -> None:
        """The versions of each document are those that were ever added."""
        for did, value in evidence.did_documents.items():
            added = History.read(value, did)
            known = self._added.get(did)
            self._added[did] = added if known is None else History(did, known.versions + added.versions)

    def resolve(self, did: str, *, at: datetime | None = None) -> DIDDocument:
        """As `did.Resolver`."""
        added = self._added.get(did)
        try:
            return self._given.resolve(did, at=at) if added is None else added.at(at, now=self._now)
        except NotFound:
            self.missing[Missing(did, at)] = None
            raise
