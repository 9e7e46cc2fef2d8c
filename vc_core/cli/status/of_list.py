"""A published list, looked at by its issuer: is it right, is it fresh, is it what the store says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from did import Resolver
from status import FORMATS, OpenedList, RangeError, StatusError, StatusList, StatusRetrievalError
from status.store import ListInfo, Store
from vc_core import Policy, Verdict
from vc_core.cli.exit_codes import InputError
from vc_core.cli.status.durations import written
from vc_core.cli.status.findings import Findings, end_of, times_of, when, whether_checked
from vc_core.cli.status.stores import list_of
from vc_core.status_lists import open_list

_CHUNK: Final = 65_536
"""Values that are looked at together."""


class Expected(NamedTuple):
    """What the caller wants to hold at `now`, and to see."""

    policy: Policy
    now: datetime
    indexes: tuple[int, ...] = ()
    fresh_for: timedelta | None = None
    size: int | None = None


def findings_of_list(data: bytes, url: str, expected: Expected, resolver: Resolver, store: Store | None) -> Findings:
    """What is to be said of the list in `data` that is published at `url`. Raises `InputError` for a wrong index."""
    policy, now = expected.policy, expected.now
    info = None if store is None else list_of(store, url)
    try:
        opened = open_list(resolver, policy)(data, url=url, now=now)
    except StatusError as error:
        return unreadable(error, url)
    statuses = _sized(opened, expected, info)
    problems = list(_problems(opened, expected))
    facts = {
        "list": opened.url,
        "format": opened.format,
        "purposes": sorted(opened.purposes),
        "issuer": opened.issuer,
        **whether_checked(policy),
        "size": statuses.size,
        "length": len(statuses),
        "set": _count(statuses),
        **times_of(opened, policy.clock_skew),
    }
    if store is not None and info is not None:
        problems += _differences(statuses, opened, info, store, facts)
    verdict = Verdict.REJECTED if problems else Verdict.VERIFIED
    rows = [_value(statuses, index, info) for index in expected.indexes]
    return Findings(verdict, problems, facts, rows)


def unreadable(error: StatusError, url: str) -> Findings:
    """What is to be said of the list at `url` that cannot be had, or is none."""
    verdict = Verdict.UNDECIDED if isinstance(error, StatusRetrievalError) else Verdict.REJECTED
    return Findings(verdict, [_problem(error.code, error.detail)], {"list": url})


def _sized(opened: OpenedList, expected: Expected, info: ListInfo | None) -> StatusList:
    """The values of the list, as wide as it says itself, or as its store or the caller does."""
    statuses = opened.statuses
    if not FORMATS[opened.format].entry_is_explicit:
        return statuses
    size = expected.size or opened.stated_size or (1 if info is None else info.size)
    return StatusList(statuses.data, size, statuses.least_significant_first)


def _problems(opened: OpenedList, expected: Expected) -> Iterator[dict[str, str]]:
    now, fresh_for = expected.now, expected.fresh_for
    if opened.issuer not in expected.policy.accepted_issuers:
        yield _problem("ISSUER_NOT_ACCEPTED", f"it was issued by {opened.issuer}")
    if opened.valid_from is not None and now < opened.valid_from:
        yield _problem("NOT_YET_VALID", "it is not in force yet")
    if opened.valid_until is None:
        return
    if now > opened.valid_until:
        yield _problem("EXPIRED", "it is no longer in force: publish it again")
    elif fresh_for is not None and opened.valid_until - now < fresh_for:
        detail = f"it ends at {when(end_of(opened))}, in less than {written(fresh_for)}: publish it again"
        yield _problem("ENDS_SOON", detail)


def _differences(
    statuses: StatusList, opened: OpenedList, info: ListInfo, store: Store, facts: dict[str, Any]
) -> Iterator[dict[str, str]]:
    """What the list says otherwise than the store does now; adds to the facts how much."""
    snapshot = store.snapshot(info.url)
    if (opened.format, opened.purposes, statuses.size) != (info.format, frozenset(info.purposes), info.size):
        yield _problem("OTHER_LIST", "its format, its purpose or its size is not that of the list in the store")
        return
    if len(statuses.data) != len(snapshot.statuses.data):
        yield _problem("OTHER_LIST", "its length is not that of the list in the store")
        return
    differing = _differing(statuses, snapshot.statuses)
    facts |= {"lastVersion": snapshot.version, "changes": snapshot.changes, "differing": differing}
    if differing:
        yield _problem("NOT_PUBLISHED", f"{differing} values are not those of the store: publish it")


def _differing(one: StatusList, other: StatusList) -> int:
    if one.data == other.data:
        return 0
    return sum(
        first != second
        for start in range(0, len(one), _CHUNK)
        for first, second in zip(_chunk(one, start), _chunk(other, start), strict=True)
    )


def _count(statuses: StatusList) -> int:
    """How many values are not 0."""
    if statuses.size == 1:
        return int.from_bytes(statuses.data).bit_count()
    return sum(value != 0 for start in range(0, len(statuses), _CHUNK) for value in _chunk(statuses, start))


def _chunk(statuses: StatusList, start: int) -> list[int]:
    return statuses.values(range(start, min(start + _CHUNK, len(statuses))))


def _value(statuses: StatusList, index: int, info: ListInfo | None) -> dict[str, Any]:
    """A row for an index. Raises `InputError` for one that the list has not."""
    try:
        value = statuses[index]
    except RangeError as error:
        raise InputError(f"--index {index}: {error.detail}") from error
    messages = info.messages if info is not None and info.size == statuses.size else ()
    return {"index": index, "value": value, "message": messages[value] if messages else None}


def _problem(code: str, detail: str) -> dict[str, str]:
    return {"code": code, "detail": detail}
