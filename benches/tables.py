"""Tables of a bench, and the places between two markers of a page that they stand in."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from cryptography.hazmat.backends.openssl import backend

from benches.peers import NO_PEERS, Peers, PeersError, installed


@dataclass(frozen=True, slots=True)
class Table:
    """Cells by columns. The first `texts` columns are aligned as texts, all others as numbers."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    texts: int = 1
    notes: Sequence[str] = ()
    """What has to be said of this run, a line each: such as why a column is empty."""

    def __str__(self) -> str:
        alignment = ["---"] * self.texts + ["---:"] * (len(self.columns) - self.texts)
        lines = [f"| {' | '.join(cells)} |".replace("|  |", "| |") for cells in (self.columns, alignment, *self.rows)]
        return "\n".join(lines + [f"\n{note}" for note in self.notes])


@dataclass(frozen=True, slots=True)
class Settings:
    """What a bench is run with: how long each of its rows takes, about, and the peers that can be had."""

    seconds: float = 2.0
    peers: Peers = NO_PEERS


@dataclass(frozen=True, slots=True)
class Report:
    """What a bench has found: tables by the names of their places, and files by their names."""

    tables: Mapping[str, Table]
    files: Mapping[str, str] = field(default_factory=dict)


class Unavailable(Exception):
    """A bench cannot run here; the message says what is missing."""


Bench = Callable[[Settings], Report]


def report_of(name: str, settings: Settings) -> Report:
    """What the bench of that name finds, in whichever process this is called."""
    found: Report = import_module(f"benches.{name}").tables(settings)
    return found


def run(bench: Bench, description: str | None) -> None:
    """The command line of one bench: prints its tables."""
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=Settings().seconds, help="per row, about")
    parser.add_argument("--peers", type=Path, metavar="FOLDER", help="time the peers beside ours, installed there")
    arguments = parser.parse_args()
    try:
        peers = NO_PEERS if arguments.peers is None else installed(arguments.peers)
        report = bench(Settings(arguments.seconds, peers))
    except PeersError as error:
        raise SystemExit(str(error)) from error
    except Unavailable as error:
        parser.exit(3, f"{error}\n")
    print(machine(peers), *report.tables.values(), sep="\n\n")


def rewritten(page: str, name: str, body: str) -> str:
    """The page with `body` between the two markers of a place, and all else as it was.

    Raises `ValueError` unless the page has exactly one such place.
    """
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    if page.count(start) != 1 or page.count(end) != 1 or page.index(end) < page.index(start):
        raise ValueError(f"the page has not exactly one place {name!r}")
    before, _, rest = page.partition(start)
    return f"{before}{start}\n{body}\n\n{end}{rest.partition(end)[2]}"


def inside(page: str, name: str) -> str:
    """What stands between the two markers of a place; nothing if there is no such place."""
    return page.partition(f"<!-- {name} -->\n")[2].partition(f"<!-- end of {name} -->")[0].strip()


def write(path: Path, text: str) -> None:
    """The file has this text: whoever reads it meanwhile finds all of the old one, or all of the new."""
    with tempfile.NamedTemporaryFile(
        "w", dir=path.parent, prefix=f".{path.name}-", delete=False, encoding="utf-8"
    ) as draft:
        try:
            draft.write(text)
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            Path(draft.name).replace(path)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise


_PACKAGES: Final = ("PyNaCl", "cryptography", "orjson", "msgspec", "PyLD")


def machine(peers: Peers) -> str:
    """The line on what the figures were taken with."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    parts = [f"{_processor()}, {os.cpu_count()} cores, {platform.system()}", python]
    parts += [f"{name} {found}" for name, found in zip(_PACKAGES, map(_version, _PACKAGES), strict=True) if found]
    return f"{', '.join([*parts, backend.openssl_version_text(), *peers.versions])}."


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return f"{platform.machine()} ({next(names, platform.processor() or 'unknown')})"
