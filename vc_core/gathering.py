"""Evidence from the network: what a verdict asks for and has not got is fetched, and the verdict is made again.

So the core stays as it is, without the network: it says what it would have to know, and somebody else gets it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final, TypeVar

from did import Fetch, InvalidDID, Postponed, RecordingResolver, Resolver
from did.errors import shown
from did.url import HTTPS, check_identifier
from did.version_time import version_time
from vc_core.evidence import Evidence

MOST_ROUNDS: Final = 8
"""Times that resources are fetched for one verdict: a schema, what it refers to, and what that refers to."""
MOST_RESOURCES: Final = 32
"""Resources that are fetched for one verdict."""

_ACCEPT: Final = (
    "application/schema+json, application/json, application/vc, application/vc+jwt, application/jwt, "
    "application/statuslist+jwt, application/statuslist+cwt, */*;q=0.1"
)

Result = TypeVar("Result")


class Gathering:
    """Makes verdicts on `supplied` evidence, and on what is fetched where that does not suffice.

    Every DID and resource is had once, and what was answered first is the answer for all verdicts that are made with
    one gathering, unless nobody was asked for it, for a reason that passes. `resolver` finds the DID documents; the one
    here is asked in its place, for it remembers the answers. Resources are fetched from https URLs only, and, since
    nothing else is asked for, only those that were signed by an issuer that the policy accepts. Without `fetch`
    nothing is fetched.

    `now` gives the present time, with a zone. `report` gets a text for each resource that was not had, which is not
    safe to print as it is.
    """

    def __init__(
        self,
        resolver: Resolver,
        fetch: Fetch | None,
        *,
        supplied: Evidence,
        now: Callable[[], datetime],
        report: Callable[[str], None],
    ) -> None:
        self.resolver: Final = RecordingResolver(resolver, now=now)
        self._fetch, self._supplied, self._now, self._report = fetch, supplied, now, report
        self._resources = dict(supplied.resources)
        self._retrieved = dict(supplied.retrieved)
        self._used: set[str] = set()
        self._failed: set[str] = set()
        self._postponed: set[str] = set()

    def settled(self, judge: Callable[..., Result]) -> tuple[Result, Evidence]:
        """What `judge` finds when nothing more can be had, such as a verdict, and the evidence that it rests on.

        `judge(evidence=...)` is called with more evidence each time, and must change nothing.
        """
        room = MOST_RESOURCES
        self._postponed.clear()
        for _ in range(MOST_ROUNDS):
            result, evidence, missing = self._judged(judge)
            if not missing or self._fetch is None:
                return result, evidence
            self._retrieve(missing[:room], self._fetch)
            room -= len(missing[:room])
        result, evidence, missing = self._judged(judge)
        for url in missing:
            limits = f"{MOST_RESOURCES} resources, in {MOST_ROUNDS} rounds"
            self._report(f"{shown(url, 256)} was not fetched: one verdict gets at most {limits}")
        return result, evidence

    def evidence(self) -> Evidence:
        """All that the verdicts asked for and got, also that a DID document could not be had.

        With it, the same verdicts are made again without the network, at the same time and under the same policy.
        """
        documents = {
            did: self._supplied.did_documents.get(did, answers)
            for did, answers in self.resolver.recorded().items()
            if _is_identifier(did)
        }
        return Evidence(
            resources={url: data for url, data in self._resources.items() if url in self._used},
            did_documents=documents,
            retrieved={url: time for url, time in self._retrieved.items() if url in self._used},
        )

    def _judged(self, judge: Callable[..., Result]) -> tuple[Result, Evidence, list[str]]:
        """The verdict on what is there now, that evidence, and the URLs it asked for that might be had yet."""
        resources = _Observed(self._resources)
        evidence = Evidence(resources=resources, did_documents=self._supplied.did_documents)
        result = judge(evidence=evidence)
        self._used |= resources.asked.keys() & self._resources.keys()
        known = self._resources.keys() | self._failed | self._postponed
        return result, evidence, [url for url in resources.asked if url.startswith(HTTPS) and url not in known]

    def _retrieve(self, urls: Iterable[str], fetch: Fetch) -> None:
        for url in urls:
            try:
                response = fetch(url, accept=_ACCEPT)
            except Postponed as error:
                self._postponed.add(url)
                self._report(f"{shown(url, 256)} was not asked for: {str(error)[:256]}")
                continue
            except OSError as error:
                code = f" ({error.code})" if hasattr(error, "code") else ""
                self._fail(url, f"was not fetched: {str(error)[:256]}{code}")
                continue
            if response.url != url or response.status != 200:
                self._fail(url, f"is not had: {shown(response.url, 256)} answered with status {response.status}")
                continue
            self._resources[url] = response.body
            self._retrieved[url] = version_time(self._now())

    def _fail(self, url: str, reason: str) -> None:
        self._failed.add(url)
        self._report(f"{shown(url, 256)} {reason}")


class _Observed(Mapping[str, bytes]):
    """Resources, and in `asked` the URLs that were looked for, in this order, whether they are there or not."""

    def __init__(self, resources: Mapping[str, bytes]) -> None:
        self._resources = resources
        self.asked: dict[str, None] = {}

    def __getitem__(self, url: str) -> bytes:
        self.asked[url] = None
        return self._resources[url]

    def __iter__(self) -> Iterator[str]:
        return iter(self._resources)

    def __len__(self) -> int:
        return len(self._resources)


def _is_identifier(text: str) -> bool:
    """Whether evidence can hold an answer for it; what is malformed needs none."""
    try:
        check_identifier(text)
    except InvalidDID:
        return False
    return True
