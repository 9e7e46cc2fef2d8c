"""What status lists say of a credential: each of its entries, with the list that answers for it."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime
from typing import Any

import vc_core
from status import OpenedList, OpenList, StaticStatusLists, StatusEntry, StatusError
from vc_core import Evidence, Policy, VerificationResult
from vc_core.cli.status.findings import Findings, times_of, whether_checked
from vc_core.gathering import Gathering
from vc_core.status_lists import open_list


def findings_of_credential(data: bytes, policy: Policy, gathering: Gathering, now: datetime) -> Findings:
    """The verdict on the credential, with all that was looked up for it.

    Nothing is looked up of a credential that is not genuine: its entries could be anybody's.
    """
    looked_up: list[_Observing] = []

    def judge(evidence: Evidence) -> VerificationResult:
        opener = open_list(gathering.resolver, policy, evidence)
        looked_up[:] = [_Observing(evidence, opener, policy)]
        return vc_core.verify(
            data, resolver=gathering.resolver, status=looked_up[0], policy=policy, now=now, evidence=evidence
        )

    result, _ = gathering.settled(judge)
    problems = [{"code": each.code, "detail": each.detail, "at": each.at} for each in result.problems]
    return Findings(
        result.verdict, problems, {"issuer": result.issuer, **whether_checked(policy)}, looked_up[0].rows, "entries"
    )


class _Observing:
    """Status lists that write down what they are asked for, and what they answer."""

    def __init__(self, evidence: Evidence, opener: OpenList, policy: Policy) -> None:
        self.rows: list[dict[str, Any]] = []
        self._times: dict[str, dict[str, Any]] = {}

        def opening(body: bytes, /, *, url: str, now: datetime) -> OpenedList:
            opened = opener(body, url=url, now=now)
            self._times[url] = times_of(opened, policy.clock_skew)
            return opened

        self._lists = StaticStatusLists(evidence.resources, opening)

    def look_up(self, entry: StatusEntry, *, issuers: Container[str], now: datetime) -> int:
        """See `StatusLists.look_up`."""
        row: dict[str, Any] = {
            "list": entry.list_url,
            "type": entry.type,
            "purpose": entry.purpose or None,
            "index": entry.index,
        }
        self.rows.append(row)
        try:
            value = self._lists.look_up(entry, issuers=issuers, now=now)
        except StatusError as error:
            row |= {"value": None, "message": None, "problem": error.code}
            raise
        else:
            message = entry.messages[value] if entry.messages else None
            row |= {"value": value, "message": message, "problem": None}
            return value
        finally:
            row |= self._times.get(entry.list_url, {})
