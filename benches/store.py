"""The issuer's store at full size, on SQLite and on a PostgreSQL that is started for it.

    python -m benches.store [--only revocations ...] [--on sqlite postgresql] [--folder FOLDER] [--small FOLDER]
                            [--scale 1.0]

`--folder` is where the databases are, on the disk that is to be measured. A trial fails for whatever was lost, cleared,
given twice, not whole or older than before; the figures are only printed when nothing was.
"""

from __future__ import annotations

import argparse
import math
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from statistics import median

from benches.tables import Report, Settings, Table
from status.store import Store, StoreError
from tests.store import trials
from tests.store.model import run_model
from tests.store.server import Server, binaries

_THREADS = (1, 8, 16)


class Place:
    """Gives out fresh places for a store of one kind."""

    def __init__(self, kind: str, folder: Path, server: Server | None) -> None:
        self.kind = kind
        self._folder, self._server = folder, server
        self._numbers: Iterator[int] = count()

    def location(self) -> str:
        if self._server is not None:
            return self._server.location()
        return str(self._folder / f"status-{next(self._numbers)}.db")

    def folder(self) -> Path:
        made = self._folder / f"public-{self.kind}-{next(self._numbers)}"
        made.mkdir()
        return made


def fsync(folder: Path) -> float:
    """What the disk takes for a block that is added to a file, in microseconds, the median."""
    samples = []
    with (folder / "blocks").open("wb", buffering=0) as file:
        for _ in range(300):
            file.write(bytes(4096))
            start = time.perf_counter()
            os.fsync(file.fileno())
            samples.append((time.perf_counter() - start) * 1e6)
    return median(samples)


def throughput(place: Place, scale: float) -> dict[str, object]:
    """Revocations a second, acknowledged one by one, by threads of one process."""
    figures: dict[str, object] = {"a bare fsync, us": round(fsync(place.folder()))}
    each = int(2000 * scale)
    for threads in _THREADS:
        location = place.location()
        indexes = trials.fresh(location, each * threads)
        with Store.open(location) as store:

            def work(part: list[int], store: Store = store) -> None:
                for index in part:
                    store.set(trials.URL, index, 1, **trials.SET)

            running = [threading.Thread(target=work, args=(indexes[number::threads],)) for number in range(threads)]
            start = time.perf_counter()
            for thread in running:
                thread.start()
            for thread in running:
                thread.join()
            figures[f"{threads} threads"] = round(len(indexes) / (time.perf_counter() - start))
    return figures


def revocations(place: Place, scale: float) -> dict[str, object]:
    return dict(trials.revocations(place.location(), writers=8, each=int(10_000 * scale), kills=24, seed=7))


def allocations(place: Place, scale: float) -> dict[str, object]:
    found = trials.allocations(place.location(), writers=16, each=int(10_000 * scale))
    # chi-square with 255 degrees of freedom, by Wilson and Hilferty
    spread = 2 / (9 * 255)
    normal = ((found["chi"] / 255) ** (1 / 3) - (1 - spread)) / math.sqrt(spread)
    return found | {"p": math.erfc(normal / math.sqrt(2)) / 2}


def publications(place: Place, scale: float) -> dict[str, object]:
    found = trials.publications(
        place.location(), place.folder(), publishes=int(1000 * scale), reads=int(100_000 * scale), readers=2
    )
    return dict(found)


def rooms(place: Place, scale: float) -> dict[str, object]:
    """No file can grow beyond a limit: for SQLite the database and its journal, for both what is published."""
    points, each = int(50 * scale), 40
    limits = [7 * point for point in range(points)]
    if place.kind == "sqlite":
        measured = place.location()
        trials.fresh(measured, points * each)
        size = Path(measured).stat().st_size
        limits = [size + 2048 * point if point % 2 else 512 * point for point in range(points)]
    return dict(trials.without_room(place.location(), place.folder(), limits, each=each))


def full_servers(folder: Path, points: int) -> dict[str, object]:
    """PostgreSQL in `folder`, a file system of some 100 MB of its own, which is filled but for a few blocks."""
    ends: dict[str, int] = {}
    with Server(folder) as server:
        location = server.location()
        unused = iter(trials.fresh(location, 20_000))
        revoked: set[int] = set()
        for point in range(points):
            ballast = folder / "ballast"
            room = os.statvfs(folder)
            free = room.f_bavail * room.f_frsize - 4096 * (1 + point // 2)
            ballast.write_bytes(bytes(max(free, 0)))
            code = ""
            try:
                with Store.open(location) as store:
                    for index in (next(unused) for _ in range(390)):
                        store.set(trials.URL, index, 1, **trials.SET)
                        revoked.add(index)
            except StoreError as error:
                code = error.code
            ends[code] = ends.get(code, 0) + 1
            ballast.unlink()
            server.restart()
            with Store.open(location) as store:
                statuses = store.snapshot(trials.URL).statuses
            if not all(statuses[index] for index in revoked):
                raise SystemExit("an acknowledged revocation is lost")
            revoked = {index for index, value in enumerate(statuses) if value}
    return dict(ends)


def model(place: Place, scale: float) -> dict[str, object]:
    seeds = int(50 * scale)
    steps = sum(run_model(place.location, chance=chance, examples=2, steps=50) for chance in range(seeds))
    return {"seeds": seeds, "steps": steps}


TRIALS: dict[str, Callable[[Place, float], dict[str, object]]] = {
    each.__name__: each for each in (throughput, revocations, allocations, publications, rooms, model)
}


def tables(settings: Settings) -> Report:
    """Throughput alone, on a disk: the folder for temporary files is to be on one."""
    found: dict[str, dict[str, object]] = {}
    notes: list[str] = []
    for kind in ("SQLite", "PostgreSQL"):
        if kind == "PostgreSQL" and binaries() is None:
            notes.append("PostgreSQL: it is not installed.")
            continue
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="store-")))
            server = stack.enter_context(Server()) if kind == "PostgreSQL" else None
            found[kind] = throughput(Place(kind, folder, server), settings.seconds / 4)
    rows = []
    for threads in _THREADS:
        cells = (str(found[kind][f"{threads} threads"]) if kind in found else "–" for kind in ("SQLite", "PostgreSQL"))
        rows.append(("1 thread" if threads == 1 else f"{threads} threads", *cells))
    notes += [f"A bare `fsync` of one block took {found['SQLite']['a bare fsync, us']} µs in this run."]
    return Report({"store": Table(("revocations a second", "SQLite", "PostgreSQL"), rows, notes=notes)})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=TRIALS, default=list(TRIALS))
    parser.add_argument("--on", nargs="*", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--small", type=Path, help="a file system of some 100 MB, to be filled by PostgreSQL")
    chosen = parser.parse_args()
    if chosen.small is not None:
        print(f"postgresql full_servers: {full_servers(chosen.small, int(50 * chosen.scale))}", flush=True)
    for kind in chosen.on:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="store-", dir=chosen.folder)))
            server = stack.enter_context(Server(chosen.folder)) if kind == "postgresql" else None
            place = Place(kind, folder, server)
            for name in chosen.only:
                start = time.perf_counter()
                figures = TRIALS[name](place, chosen.scale)
                said = ", ".join(
                    f"{key} {value:.4g}" if isinstance(value, float) else f"{key} {value}"
                    for key, value in figures.items()
                )
                print(f"{kind} {name}: {said} ({time.perf_counter() - start:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
