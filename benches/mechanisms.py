"""Verify and issue, every mechanism in one table, beside the peers in one run, with a chart of the ratios.

    python -m benches.mechanisms [--seconds 2] [--peers FOLDER]

The cases are those of `benches.verify_and_issue` and `benches.tokens`.
"""

from __future__ import annotations

from collections.abc import Sequence

from benches import tokens, verify_and_issue
from benches.case import Measured, report
from benches.chart import Group, svg
from benches.peers import RunningPeers
from benches.tables import Report, Settings, run


def chart(rows: Sequence[Measured]) -> str:
    """The ratio of the raw operation to ours, and to each of the peers."""
    groups = []
    for each in rows:
        ours = {f"vc-core, {way}": each.ratio(way) for way in each.ours}
        peers = {name: each.raw.median / time.median for name, time in each.peers.items() if time is not None}
        groups.append(Group(f"{each.mechanism}, {each.key}", ours | peers))
    caption = "Time of the raw signature check as a share of the whole time, on one core. 1 would be nothing else."
    return svg("Verification, from bytes to result", caption, groups)


def tables(settings: Settings) -> Report:
    with RunningPeers(settings.peers) as peers:
        found = [*verify_and_issue.measured_all(settings, peers), *tokens.measured_all(settings, peers)]
        made = report(found, peers)
    return Report(made.tables, {"ratios.svg": chart([verifying for verifying, _ in found])})


if __name__ == "__main__":
    run(tables, __doc__)
