"""Jobs over many credentials: kills, memory, the cost of size, and what a second worker or another engine brings.

    python -m benches.batch kills [--records 10000] [--points 200]
    python -m benches.batch sizes [--records 1000000]
    python -m benches.batch workers [--records 50000] [--rounds 5]
    python -m benches.batch engines [--records 200000] [--kill]

The records are 1,000 different micro-credentials of about 3 kB with eddsa-jcs-2022, again and again; every tenth has
been tampered with. They and the jobs go to a folder for temporary files, which needs 3 GB for 1,000,000 records. Every
job is the command, as a process of its own. Costs are CPU time, user and system, of the command and its workers, which
a busy machine falsifies less than it does the time of day.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benches.case import NOW
from benches.verify_and_issue import open_badge
from did import PrivateKey, did_key
from vc_core import DataIntegrity, LocalSigner, issue

DIFFERENT: Final = 1000
PROBE: Final = 0.2
SMALL: Final = 15_000
"""Records of a job that is over as soon as each worker has had its first part."""
CLUSTERS: Final = {
    "PYSPARK_PYTHON": sys.executable,
    "PYSPARK_SUBMIT_ARGS": "--master local[2,4] --driver-memory 2g --conf spark.ui.enabled=false pyspark-shell",
    "PYTHONPATH": os.pathsep.join(sys.path),
    "RAY_AUTH_MODE": "disabled",
}
"""What Spark and Ray are told; as elsewhere, what Spark is told lets it try a task four times."""


@dataclass(frozen=True)
class Finished:
    """What one run of the command took: seconds of the clock and of the processors, and the most memory in MiB.

    `workers` is that of the largest worker at any time, `early` and `late` that of the command when a fifth of its time
    had gone by, and at the end.
    """

    code: int
    seconds: float
    cpu: float
    driver: float
    workers: float
    early: float
    late: float


def credentials(issuer: str, signer: LocalSigner) -> list[bytes]:
    """The different records."""
    securing = DataIntegrity(cryptosuite="eddsa-jcs-2022")
    made = [
        issue(open_badge(issuer, number % 60), signer=signer, securing=securing, created=NOW)
        for number in range(DIFFERENT)
    ]
    return [data.replace(b"Datu anal", b"Data anal") if number % 10 == 3 else data for number, data in enumerate(made)]


def written(folder: Path, made: list[bytes], records: int) -> Path:
    """A file of so many records."""
    file = folder / f"{records}.jsonl"
    block = b"".join(each + b"\n" for each in made)
    with file.open("wb") as out:
        for _ in range(records // DIFFERENT):
            out.write(block)
        out.writelines(each + b"\n" for each in made[: records % DIFFERENT])
    return file


def command(file: Path, folder: Path, issuer: str, *more: str) -> subprocess.Popen[bytes]:
    """The command as a process."""
    words = [sys.executable, "-m", "vc_core.cli", "verify-batch", str(file), "-o", str(folder), "--issuer", issuer]
    words += ["--at", NOW.isoformat(), "--offline", *more]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, env=CLUSTERS | os.environ)


def children(process: int) -> list[int]:
    """The processes that a process has started."""
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        return [int(each) for task in tasks for each in (task / "children").read_text().split()]
    except OSError:
        return []


def memory(process: int) -> float:
    """What a process has in memory, in MiB; 0 if it is gone."""
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
    except (OSError, IndexError):
        return 0.0


def finished(process: subprocess.Popen[bytes]) -> Finished:
    """Waits for the end of the command and watches what it takes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    seen: list[float] = []
    largest = 0.0
    while True:
        try:
            process.wait(PROBE)
            break
        except subprocess.TimeoutExpired:
            seen.append(memory(process.pid))
            largest = max([largest, *map(memory, children(process.pid))])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    seen = [each for each in seen if each] or [0.0]
    early, late = max(seen[: max(1, len(seen) // 5)]), max(seen[-max(1, len(seen) // 5) :])
    return Finished(process.returncode, time.monotonic() - began, cpu, max(seen), largest, early, late)


def contents(folder: Path) -> dict[str, bytes]:
    """What of a job is the same however often it was stopped."""
    files = [folder / "manifest.json", folder / "summary.json", *(folder / "parts").iterdir()]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def kills(place: Path, made: list[bytes], issuer: str, records: int, points: int) -> None:
    """Kills the driver, or a worker, at random points of one job, and compares it with an undisturbed one."""
    file = written(place, made, records)
    options = ("--workers", "2", "--part-size", "50")
    finished(command(file, place / "undisturbed", issuer, *options))
    chance = random.Random(1)
    killed = {"driver": 0, "worker": 0}
    process = command(file, place / "job", issuer, *options)
    runs = 1
    while sum(killed.values()) < points:
        time.sleep(chance.expovariate(1.5))
        workers = children(process.pid)
        if process.poll() is not None:  # it is done before it was killed often enough: some parts are done again
            for part in chance.sample(sorted((place / "job" / "parts").iterdir()), 60):
                part.unlink()
        elif workers and chance.random() < 0.5:
            os.kill(chance.choice(workers), signal.SIGKILL)
            killed["worker"] += 1
            continue
        else:
            process.kill()
            process.wait()
            killed["driver"] += 1
        process = command(file, place / "job", issuer, *options)
        runs += 1
    process.wait()
    process = command(file, place / "job", issuer, *options)
    process.wait()
    same = contents(place / "job") == contents(place / "undisturbed")
    print(f"{killed['driver']} kills of the driver, {killed['worker']} of workers, {runs} runs of the command")
    print(f"{records:,} records, output {'byte-identical' if same else 'DIFFERENT'}")


def sizes(place: Path, made: list[bytes], issuer: str, records: int) -> None:
    """Cost and memory from 10^4 records on."""
    print("| records | workers | s | CPU µs a record | driver MiB | early | late | worker MiB |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    size = 10_000
    while size <= records:
        file = written(place, made, size)
        found = finished(command(file, place / f"job-{size}", issuer, "--workers", "2"))
        print(
            f"| {size:,} | 2 | {found.seconds:.1f} | {found.cpu / size * 1e6:.1f} | {found.driver:.0f} "
            f"| {found.early:.0f} | {found.late:.0f} | {found.workers:.0f} |",
            flush=True,
        )
        shutil.rmtree(place / f"job-{size}")
        file.unlink()
        size *= 10


def workers(place: Path, made: list[bytes], issuer: str, records: int, rounds: int) -> None:
    """What two workers are to one, in turns. The start of the processes is in it."""
    file = written(place, made, records)
    ratios = []
    for _ in range(rounds):
        times = []
        for number in (1, 2):
            times.append(finished(command(file, place / "job", issuer, "--workers", str(number))).seconds)
            shutil.rmtree(place / "job")
        ratios.append(times[0] / times[1])
        print(f"1 worker {times[0]:.2f} s, 2 workers {times[1]:.2f} s, ratio {ratios[-1]:.2f}", flush=True)
    print(f"median {statistics.median(ratios):.2f}, best {max(ratios):.2f}")


def engines(place: Path, made: list[bytes], issuer: str, records: int, *, kill: bool) -> None:
    """The same job on every engine, which is to have the same rows; a small one shows what the start takes."""
    small, file = written(place, made, SMALL), written(place, made, records)
    found, rates = {}, {}
    for engine in ("local", "spark", "ray"):
        options = ("--workers", "2", "--engine", engine)
        start = finished(command(small, place / f"{engine}-small", issuer, *options)).seconds
        process = command(file, place / engine, issuer, *options)
        if kill and engine != "local":
            _kill_one(process)
        taken = finished(process).seconds
        found[engine] = contents(place / engine) if (place / engine / "summary.json").exists() else {}
        rates[engine] = (records - SMALL) / (taken - start)
        print(
            f"{engine}: {taken:.1f} s, of which {start:.1f} s are for the first {SMALL:,}; after that "
            f"{rates[engine]:,.0f} a second, {rates[engine] / rates['local']:.2f} of the local ones; "
            f"the same rows: {found[engine] == found['local']}",
            flush=True,
        )


def _kill_one(process: subprocess.Popen[bytes]) -> None:
    """Kills one of the processes that verify, some time after they were started."""
    for _ in range(600):
        time.sleep(0.1)
        if victims := [each for each in _descendants(process.pid) if _works(each)]:
            time.sleep(0.5)
            os.kill(victims[-1], signal.SIGKILL)
            print(f"killed {victims[-1]}")
            return


def _descendants(process: int) -> Iterator[int]:
    for each in children(process):
        yield each
        yield from _descendants(each)


def _works(process: int) -> bool:
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return False
    return b"pyspark.daemon" in words or b"ray::MapBatches" in words


def main() -> None:
    """Reads the command line and runs one bench."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench", choices=("kills", "sizes", "workers", "engines"))
    parser.add_argument("--records", type=int)
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kill", action="store_true", help="kill a worker of each cluster")
    given = parser.parse_args()
    key = PrivateKey.generate("Ed25519")
    issuer = did_key(key.public_key)
    made = credentials(issuer, LocalSigner.of_did_key(key))
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        match given.bench:
            case "kills":
                kills(place, made, issuer, given.records or 10_000, given.points)
            case "sizes":
                sizes(place, made, issuer, given.records or 1_000_000)
            case "workers":
                workers(place, made, issuer, given.records or 50_000, given.rounds)
            case _:
                engines(place, made, issuer, given.records or 200_000, kill=given.kill)


if __name__ == "__main__":
    main()
