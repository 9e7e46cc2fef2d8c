"""All published tables with one command, and the chart, written to their places in benches/README.md.

    python -m benches [--only NAME ...] [--seconds 2] [--peers FOLDER] [--list]

The peers are installed first, into a folder that is kept: `vc-core-benches` in the user's cache, unless another one is
named. One that cannot be installed has dashes for figures, and a line says why. Each bench runs in a process of its
own, so that none warms another. In the end the tables of those that ran are written, and the chart; what is between
their places stays as it is.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Final

from benches.peers import Peers, installed
from benches.tables import Report, Settings, Unavailable, inside, machine, report_of, rewritten, write

PAGE: Final = Path(__file__).with_name("README.md")
BENCHES: Final = {
    "mechanisms": ("verify", "issue"),
    "warm": ("warm series", "warm different", "warm remembered"),
    "instructions": ("instructions",),
    "rdfc_templates": ("templates",),
    "refusals": ("refusals",),
    "resolve": ("resolve cached", "resolve did:key"),
    "status": ("status decode", "status open", "status entry", "status look-up", "status bombs"),
    "store": ("store",),
    "fetch": ("fetches", "slow hosts"),
}
"""The benches with their places in the page, in the order of a run."""
LONG: Final = {
    "python -m benches.fuzz --seconds 630 --seed 11": "any bytes whatever: no exception, nothing wrong verified",
    "python -m benches.leaf_mutation --documents 100": "each change to a leaf of a secured document",
    "python -m benches.templates --cases 320000 --seed 11": "templates beside the general path",
    "python -m benches.same_verdicts --cases 1000000 --seed 2026": "all verdicts beside those of the general path",
    "python -m benches.batch kills": "a job whose command and workers are killed at random points",
    "python -m benches.batch sizes": "jobs of 10^4 to 10^6 records",
    "python -m benches.batch workers": "what a second worker brings",
    "python -m benches.batch engines": "the same job on Spark and Ray",
    "python -m benches.rdfc_poison": "datasets that are made to exhaust the canonicalization",
    "python -m benches.store": "processes that are killed, disks that are full, a model of the store",
    "python -m benches.fetch --redirects": "where redirects must not lead",
    "python tests/interop/jcs_numbers.py": "a million numbers beside V8",
}
"""Long runs, each a command of its own, whose figures stand in the page as text."""


def alone(name: str, settings: Settings) -> Report:
    """What the bench of that name finds, in a fresh process, which has ended then."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        return process.submit(report_of, name, settings).result()


def publish(reports: list[Report], line: str) -> None:
    """The page has the tables of the reports, and the folder their files, in one step each.

    The line on the machine is another one only if all benches ran. Else a table says by itself what it is of, where
    that is not what the page says.
    """
    page = PAGE.read_text(encoding="utf-8")
    if len(reports) == len(BENCHES):
        page = rewritten(page, "machine", line)
    note = "" if inside(page, "machine") == line else f"\n\nThis table: {line}"
    for report in reports:
        for place, table in report.tables.items():
            page = rewritten(page, place, f"{table}{note}")
        for name, text in report.files.items():
            write(PAGE.with_name(name), text)
    write(PAGE, page)


def run_all(names: list[str], settings: Settings) -> list[Report]:
    """What those of the benches found that could run; the others are named."""
    reports = []
    for name in names:
        start = time.perf_counter()
        try:
            reports.append(alone(name, settings))
        except Unavailable as error:
            print(f"{name}: not run: {error}", flush=True)
        except (Exception, SystemExit) as error:  # noqa: BLE001  (one that fails keeps no other from running)
            reason = "".join(str(error).strip().splitlines()[-1:])
            print(f"{name}: failed: {type(error).__name__}: {reason}", flush=True)
        else:
            print(f"{name}: {time.perf_counter() - start:.0f} s", flush=True)
    return reports


def cache() -> Path:
    """Where the peers are kept, if nobody names a folder: in the user's cache, or beside temporary files."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vc-core-benches"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Path(tempfile.gettempdir()) / "vc-core-benches"
    return folder


def peers(folder: Path) -> Peers:
    """The peers that can be had; says of the others why they cannot."""
    found = installed(folder)
    for name, reason in found.missing.items():
        print(f"{name}: {reason}", flush=True)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benches", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", nargs="+", choices=BENCHES, default=list(BENCHES), metavar="NAME")
    parser.add_argument("--seconds", type=float, default=Settings().seconds, help="per row, about")
    parser.add_argument("--peers", type=Path, metavar="FOLDER", help="where the peers from PyPI are installed")
    parser.add_argument("--list", action="store_true", help="list the benches, and the long runs")
    arguments = parser.parse_args()
    if arguments.list:
        for name, places in BENCHES.items():
            print(f"{name}: {', '.join(places)}")
        print("\nlong runs, not among these:")
        for command, what in LONG.items():
            print(f"  {command}\n      {what}")
        return 0
    settings = Settings(arguments.seconds, peers(arguments.peers or cache()))
    reports = run_all(arguments.only, settings)
    publish(reports, machine(settings.peers))
    return 0 if len(reports) == len(arguments.only) else 1


if __name__ == "__main__":
    sys.exit(main())
