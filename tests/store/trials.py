"""Trials of a store: processes that write, are killed, run out of room. Small ones are tests, large ones a bench.

A publication here is a text whose first line has its version and the SHA-256 of the rest, the encoded list.
"""

from __future__ import annotations

import hashlib
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any

from status import FORMATS, MOST_BYTES, StatusList
from status.store import Snapshot, Store, StoreError

HERE = Path(__file__).resolve()
NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
URL = "https://example.org/status/3"
WHO: dict[str, Any] = {"actor": "registrar", "at": NOW}
SET: dict[str, Any] = WHO | {"reason": "an error"}
_PER_CHANGE = ("is_final", "values")
_STORE = str(Path("/status/store/_"))[:-1]


def seal(snapshot: Snapshot) -> bytes:
    encoded = FORMATS[snapshot.info.format].encode(snapshot.statuses).encode()
    return b"%d %s\n" % (snapshot.version, hashlib.sha256(encoded).hexdigest().encode()) + encoded


def opened(data: bytes) -> tuple[int, bytes]:
    """The version and the encoded list of what was published; fails for what is not whole."""
    head, _, encoded = data.partition(b"\n")
    version, digest = head.split(b" ")
    assert hashlib.sha256(encoded).hexdigest() == digest.decode(), "a list that is not whole"
    return int(version), encoded


def check(data: bytes, snapshot: Snapshot) -> None:
    version, encoded = opened(data)
    assert version == snapshot.version
    assert FORMATS[snapshot.info.format].decode(encoded.decode(), most_bytes=MOST_BYTES) == snapshot.statuses


def fresh(location: str, count: int, *, url: str = URL, purpose: str = "revocation") -> list[int]:
    """Makes a list with so many credentials, and gives their indexes."""
    with Store.open(location) as store:
        store.create(url, format="bitstring", purposes=[purpose], **WHO)
        return store.allocate_many(url, [f"urn:example:{number}" for number in range(count)], **WHO)


def publish(store: Store, folder: Path, *, url: str = URL) -> int:
    return store.publish(url, folder, seal=seal, check=check, at=NOW).version


def killed(step: int, work: Callable[[], object]) -> bool:
    """Does the work in a child, which dies at the step-th call or return that the store's code makes.

    Whether it died so; False if the work was done before.
    """
    child = os.fork()
    if not child:
        try:
            steps = 0

            def count(frame: Any, event: str, argument: Any) -> None:
                nonlocal steps
                # not in what is called for each change, or a long history would hide the steps that follow
                if _STORE in frame.f_code.co_filename and frame.f_code.co_name not in _PER_CHANGE:
                    steps += 1
                    if steps >= step:
                        os._exit(9)

            sys.setprofile(count)
            work()
            sys.setprofile(None)
            os._exit(0)
        except BaseException as error:  # noqa: BLE001  (a child of a fork ends here)
            os.write(2, f"{error!r}\n".encode())
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in {0, 9}
    return code == 9


class Writer:
    """A process that does one thing after another, and says of each that it is done when the store has said so."""

    def __init__(self, *arguments: str) -> None:
        environment = os.environ | {"PYTHONPATH": str(HERE.parents[2])}
        command = [sys.executable, str(HERE), *arguments]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment)
        self.said: list[int] = []
        self._listener = Thread(target=self._listen)
        self._listener.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith("\n"):
                self.said.append(int(line))

    def end(self, *, kill: bool = False) -> list[int]:
        """What it said, after it has ended; it has to end well unless it was killed."""
        assert self.process.stdin is not None
        if kill:
            self.process.kill()
        self.process.stdin.close()
        code = self.process.wait()
        self._listener.join()
        assert self.process.stdout is not None
        self.process.stdout.close()
        assert code == 0 or (kill and code == -signal.SIGKILL), code
        return self.said


def revocations(location: str, *, writers: int, each: int, kills: int, seed: int) -> dict[str, float]:
    """So many processes revoke, and are killed at random moments; another then goes on with what one has left.

    None of them ends before it is told to, so each is alive when it is killed.
    """
    chance = random.Random(seed)
    indexes = fresh(location, writers * each)
    parts = [indexes[number::writers] for number in range(writers)]
    acknowledged: set[int] = set()
    killed_ones = 0
    start = time.perf_counter()
    running = [Writer("revoke", location, _joined(part)) for part in parts]
    for moment in sorted(chance.sample(range(len(indexes) * 9 // 10), kills)):
        while len(acknowledged) + sum(len(writer.said) for writer in running) < moment:
            time.sleep(0.002)
            assert all(writer.process.poll() is None for writer in running), "a writer has ended"
        victim = chance.randrange(writers)
        said = set(running[victim].end(kill=True))
        killed_ones += running[victim].process.returncode != 0
        acknowledged |= said
        parts[victim] = [index for index in parts[victim] if index not in said]
        running[victim] = Writer("revoke", location, _joined(parts[victim]))
    for writer in running:
        acknowledged |= set(writer.end())
    seconds = time.perf_counter() - start
    with Store.open(location) as store:
        statuses = store.snapshot(URL).statuses
        changes = list(store.history(URL))
    lost = sum(statuses[index] != 1 for index in acknowledged)
    cleared = sum(change.value != 1 for change in changes)
    assert acknowledged == set(indexes)
    assert sum(statuses) == len(indexes)
    return {"killed": killed_ones, "lost": lost, "cleared": cleared, "per second": len(changes) / seconds}


def allocations(location: str, *, writers: int, each: int, length: int = 1 << 18) -> dict[str, float]:
    """So many processes give indexes to credentials, one by one. `chi` is the sum of squares over 256 ranges."""
    with Store.open(location) as store:
        store.create(URL, format="bitstring", purposes=["revocation"], length=length, **WHO)
    start = time.perf_counter()
    running = [Writer("allocate", location, f"urn:example:{number}", str(each)) for number in range(writers)]
    drawn = [index for writer in running for index in writer.end()]
    seconds = time.perf_counter() - start
    expected = len(drawn) / 256
    ranges = [0] * 256
    for index in drawn:
        ranges[index * 256 // length] += 1
    squares = sum((found - expected) ** 2 for found in ranges) / (expected * (1 - len(drawn) / length))
    return {
        "drawn": len(drawn),
        "duplicates": len(drawn) - len(set(drawn)),
        "chi": squares,
        "per second": len(drawn) / seconds,
    }


def publications(
    location: str, folder: Path, *, publishes: int, reads: int, readers: int, stride: int = 1
) -> dict[str, float]:
    """Publishes, each other one killed at the next of its steps, while processes read; nothing is ever not whole."""
    indexes = fresh(location, publishes)
    with Store.open(location) as store:
        publish(store, folder)
    running = [Writer("read", str(folder), str(reads // readers)) for _ in range(readers)]
    step, kills, done, last = 1, 0, 0, 0
    steps = 0

    def work() -> None:
        with Store.open(location) as store:
            publish(store, folder)

    while done < publishes:
        with Store.open(location) as store:
            store.set(URL, indexes[done], 1, **SET)
        died = killed(step, work)
        kills, steps = kills + died, max(steps, step)
        step = step + stride if died else 1
        if died:
            work()
        version, encoded = opened((folder / "3").read_bytes())
        statuses = FORMATS["bitstring"].decode(encoded.decode(), most_bytes=MOST_BYTES)
        assert version > last, "a version went back"
        assert sum(statuses) == done + 1, "a revocation is not there"
        assert [path.name for path in folder.iterdir()] == ["3"], "a draft stayed"
        last, done = version, done + 1
    seen = [writer.end()[-1] for writer in running]
    return {"publishes": done + kills, "killed": kills, "steps": steps, "reads": sum(seen)}


def without_room(location: str, folder: Path, limits: list[int], *, each: int = 40) -> dict[str, int]:
    """For each limit: revokes and publishes in a child none of whose files can grow longer, until there is no room.

    How often each code was the end of it. What was acknowledged is there afterwards, and the store goes on.
    """
    ends: dict[str, int] = {}
    unused = iter(fresh(location, len(limits) * each))
    with Store.open(location) as store:
        last = publish(store, folder)
    revoked = 0
    for limit in limits:
        indexes = [next(unused) for _ in range(each)]

        def work(say: Callable[[int], None], indexes: list[int] = indexes) -> None:
            with Store.open(location) as store:
                for index in indexes:
                    store.set(URL, index, 1, **SET)
                    say(index)
                    publish(store, folder)

        done, code = _until_full(limit, work)
        ends[code] = ends.get(code, 0) + 1
        with Store.open(location) as store:
            statuses = store.snapshot(URL).statuses
            assert all(statuses[index] for index in done), "an acknowledged revocation is lost"
            assert sum(statuses) >= revoked + len(done)
            revoked = sum(statuses)
            version, _ = opened((folder / "3").read_bytes())
            assert version >= last, "a version went back"
            assert [path.name for path in folder.iterdir()] == ["3"], "a draft stayed"
            last = publish(store, folder)
    return ends


def ends_when_full(location: str, limit: int, count: int) -> str:
    """The code of the error that ends giving so many indexes at once, "" if none does; no file can exceed the limit."""

    def work(_: Callable[[int], None]) -> None:
        with Store.open(location) as store:
            store.allocate_many(URL, [f"urn:example:more:{number}" for number in range(count)], **WHO)

    return _until_full(limit, work)[1]


def _until_full(limit: int, work: Callable[[Callable[[int], None]], None]) -> tuple[list[int], str]:
    """Does the work in a child with the limit: what it said, and the code of the error, or "" if there was none."""
    source, sink = os.pipe()
    child = os.fork()
    if not child:
        code = ""
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            work(lambda number: os.write(sink, b"%d\n" % number) and None)
        except StoreError as error:
            code = error.code
        except BaseException as error:  # noqa: BLE001  (a child of a fork ends here)
            code = repr(error)
        os.write(sink, code.encode())
        os._exit(0)
    os.close(sink)
    with os.fdopen(source, encoding="utf-8") as said:
        *done, code = said.read().split("\n")
    os.waitpid(child, 0)
    return [int(line) for line in done], code


def _joined(numbers: Iterable[int]) -> str:
    return ",".join(map(str, numbers))


def _say(number: int) -> None:
    os.write(1, b"%d\n" % number)


def _revoke(location: str, indexes: str) -> None:
    with Store.open(location) as store:
        for index in filter(None, indexes.split(",")):
            store.set(URL, int(index), 1, **SET)
            _say(int(index))
    sys.stdin.read()


def _allocate(location: str, prefix: str, count: str) -> None:
    with Store.open(location) as store:
        for number in range(int(count)):
            _say(store.allocate(URL, credential=f"{prefix}:{number}", **WHO))


def _read(folder: str, least: str) -> None:
    """Reads what is published as often as asked, and for as long as somebody publishes."""
    last, revoked, count = 0, 0, 0
    end = time.monotonic() + 3600
    while count < int(least) and time.monotonic() < end:
        version, encoded = opened((Path(folder) / "3").read_bytes())
        assert version >= last, "a version went back"
        if version > last:
            statuses: StatusList = FORMATS["bitstring"].decode(encoded.decode(), most_bytes=MOST_BYTES)
            assert sum(statuses) >= revoked, "a revocation was cleared"
            last, revoked = version, sum(statuses)
        count += 1
        if count % 100 == 0:
            time.sleep(0.002)
    _say(count)


if __name__ == "__main__":
    {"revoke": _revoke, "allocate": _allocate, "read": _read}[sys.argv[1]](*sys.argv[2:])
