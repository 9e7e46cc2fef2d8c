"""A nonce is spent once: by whom of many, until when, and what happens where that cannot be known."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from vc_core.errors import VCError
from vc_core.nonces import MemoryNonces, Nonces, NoncesUnavailable, SQLiteNonces

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
HOUR, MINUTE, LEAST = timedelta(hours=1), timedelta(minutes=1), timedelta(microseconds=1)
UNTIL = NOW + HOUR


@pytest.fixture(params=["memory", "SQLite"])
def nonces(request: pytest.FixtureRequest, tmp_path: Path) -> Nonces:
    return MemoryNonces() if request.param == "memory" else SQLiteNonces(tmp_path / "nonces")


def spent_in(store: Any) -> int:
    """How many nonces the store remembers."""
    if isinstance(store, MemoryNonces):
        assert len(store._spent) == len(store._in_order)
        return len(store._spent)
    with store._transaction("rw") as database:
        ((count,),) = database.execute("SELECT count(*) FROM spent")
        return int(count)


def program(text: str, *arguments: str) -> subprocess.Popen[str]:
    """Another process that has the store of the file `arguments[0]`, and these times."""
    prologue = f"""
import os, sys, time
sys.path.insert(0, {str(ROOT)!r})
from datetime import UTC, datetime, timedelta
from vc_core.nonces import NoncesUnavailable, SQLiteNonces
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
UNTIL = NOW + timedelta(hours=1)
store = SQLiteNonces(sys.argv[1], timeout=60)
def spend(nonce):
    return store.spend(nonce, until=UNTIL, now=NOW)
"""
    return subprocess.Popen([sys.executable, "-c", prologue + text, *arguments], stdout=subprocess.PIPE, text=True)


def lines_of(process: subprocess.Popen[str]) -> list[str]:
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return output.split()


# --- once


def test_once(nonces: Nonces) -> None:
    assert nonces.spend("a", until=UNTIL, now=NOW) is True
    assert nonces.spend("a", until=UNTIL, now=NOW) is False
    assert nonces.spend("a", until=UNTIL + HOUR, now=NOW + MINUTE) is False
    assert nonces.spend("b", until=UNTIL, now=NOW) is True
    assert spent_in(nonces) == 2


@pytest.mark.parametrize("nonce", ["", " ", "a\0", "\ud800", "ā" * 10_000_000])
def test_any_text_is_a_nonce(nonces: Nonces, nonce: str) -> None:
    assert nonces.spend(nonce, until=UNTIL, now=NOW)
    assert not nonces.spend(nonce, until=UNTIL, now=NOW)
    assert nonces.spend(nonce + "a", until=UNTIL, now=NOW)


def test_no_two_texts_are_one_nonce(nonces: Nonces) -> None:
    texts = ["?", "\ud800", "\ud801", "\ufffd", "ā", "a\u0304", "A", "a", "a "]
    assert all(nonces.spend(text, until=UNTIL, now=NOW) for text in texts)


def test_what_is_kept_has_one_length(tmp_path: Path) -> None:
    memory, file = MemoryNonces(), SQLiteNonces(tmp_path / "nonces")
    for nonce in ("short", "long" * 1_000_000):
        memory.spend(nonce, until=UNTIL, now=NOW)
        file.spend(nonce, until=UNTIL, now=NOW)
    with file._transaction("rw") as database:
        kept = {digest for (digest,) in database.execute("SELECT digest FROM spent")}
    assert kept == memory._spent
    assert {len(digest) for digest in kept} == {32}


@pytest.mark.parametrize("rounds", [3])
def test_a_hundred_threads(nonces: Nonces, rounds: int) -> None:
    for number in range(rounds):
        start, answers = threading.Barrier(100), list[bool]()

        def spend(nonce: str, start: threading.Barrier = start, answers: list[bool] = answers) -> None:
            start.wait()
            answers.append(nonces.spend(nonce, until=UNTIL, now=NOW))

        threads = [threading.Thread(target=spend, args=(f"nonce {number}",)) for _ in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers) == [False] * 99 + [True]


def test_threads_wait_for_one_another() -> None:
    class Slow(set[bytes]):
        def __contains__(self, digest: object) -> bool:
            found = super().__contains__(digest)
            time.sleep(0.01)  # for others to come in between, if they could
            return found

    nonces, answers = MemoryNonces(), list[bool]()
    nonces._spent = Slow()
    threads = [
        threading.Thread(target=lambda: answers.append(nonces.spend("a", until=UNTIL, now=NOW))) for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False] * 4 + [True]


def test_eight_processes(tmp_path: Path) -> None:
    text = "print(*[number for number in range(200) if spend(str(number))])"
    processes = [program(text, str(tmp_path / "nonces")) for _ in range(8)]
    spent = [int(number) for process in processes for number in lines_of(process)]
    assert sorted(spent) == list(range(200))


def test_a_fork_shares_the_file(tmp_path: Path) -> None:
    text = """
print(spend("of the parent"), flush=True)
if os.fork() == 0:
    print(spend("of the parent"), spend("of the child"), flush=True)
    os._exit(0)
os.wait()
print(spend("of the child"))
"""
    assert lines_of(program(text, str(tmp_path / "nonces"))) == ["True", "False", "True", "False"]


# --- until when


def test_until_is_after_now(nonces: Nonces) -> None:
    assert not nonces.spend("over", until=NOW - LEAST, now=NOW)
    assert not nonces.spend("over", until=NOW, now=NOW)
    assert spent_in(nonces) == 0
    assert nonces.spend("over", until=NOW + LEAST, now=NOW)


def test_it_is_remembered_until_it_is_over_and_a_while_longer(nonces: Nonces) -> None:
    nonces.spend("a", until=UNTIL, now=NOW)
    for now in (NOW, UNTIL - LEAST, UNTIL, UNTIL + 5 * MINUTE - LEAST):
        assert not nonces.spend("a", until=now + HOUR, now=now)
        assert spent_in(nonces) == 1
    nonces.spend("b", until=UNTIL + HOUR, now=UNTIL + 5 * MINUTE)
    assert spent_in(nonces) == 1


def test_a_bounded_number_is_forgotten_at_once(nonces: Nonces, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vc_core.nonces._FORGOTTEN_AT_ONCE", 5)
    for number in range(8):
        nonces.spend(str(number), until=UNTIL - number * LEAST, now=NOW)
    later = UNTIL + HOUR
    for remembered, nonce in ((4, "a"), (2, "b"), (3, "c")):
        assert nonces.spend(nonce, until=later + HOUR, now=later)
        assert spent_in(nonces) == remembered


def test_zones_are_of_no_account(nonces: Nonces) -> None:
    vilnius = timezone(timedelta(hours=2))
    assert not nonces.spend("a", until=NOW.astimezone(vilnius), now=NOW)
    assert nonces.spend("a", until=UNTIL.astimezone(vilnius), now=NOW)
    with pytest.raises(TypeError):
        nonces.spend("b", until=UNTIL.replace(tzinfo=None), now=NOW)
    with pytest.raises(TypeError):
        nonces.spend("b", until=UNTIL, now=NOW.replace(tzinfo=None))


def test_the_ends_of_time(nonces: Nonces) -> None:
    assert nonces.spend("a", until=datetime.max.replace(tzinfo=UTC), now=datetime(1970, 1, 1, tzinfo=UTC))
    assert not nonces.spend("a", until=datetime.max.replace(tzinfo=UTC), now=NOW)


def test_a_clock_that_is_set_back_a_little_brings_nothing_back(nonces: Nonces) -> None:
    nonces.spend("a", until=UNTIL, now=NOW)
    nonces.spend("b", until=UNTIL + HOUR, now=UNTIL + 5 * MINUTE - LEAST)
    assert not nonces.spend("a", until=UNTIL, now=NOW)


def test_a_clock_that_is_set_back_to_what_was_forgotten_is_not_believed(nonces: Nonces) -> None:
    nonces.spend("a", until=UNTIL, now=NOW)
    nonces.spend("b", until=UNTIL + 2 * HOUR, now=UNTIL + HOUR)  # "a" is forgotten
    for nonce in ("a", "c"):
        with pytest.raises(NoncesUnavailable, match="set back"):
            nonces.spend(nonce, until=UNTIL, now=UNTIL - LEAST)
    assert nonces.spend("c", until=UNTIL + LEAST, now=UNTIL)
    assert not nonces.spend("b", until=UNTIL + 2 * HOUR, now=UNTIL)


def test_the_last_of_what_was_forgotten_counts(nonces: Nonces) -> None:
    for minutes in (1, 3, 2):
        nonces.spend(f"{minutes}", until=NOW + minutes * MINUTE, now=NOW)
    nonces.spend("b", until=UNTIL + HOUR, now=UNTIL)
    assert spent_in(nonces) == 1
    with pytest.raises(NoncesUnavailable):
        nonces.spend("3", until=UNTIL, now=NOW + 3 * MINUTE - LEAST)
    assert nonces.spend("c", until=UNTIL, now=NOW + 3 * MINUTE)


def test_a_clock_in_the_far_future_locks_nobody_out_for_longer_than_a_nonce_lives(nonces: Nonces) -> None:
    nonces.spend("a", until=UNTIL, now=NOW)
    nonces.spend("b", until=NOW + timedelta(days=36_501), now=NOW + timedelta(days=36_500))
    assert nonces.spend("c", until=UNTIL + HOUR, now=UNTIL)


# --- where it cannot be known


def test_a_full_store_refuses_more() -> None:
    nonces = MemoryNonces(capacity=3)
    for nonce in "abc":
        assert nonces.spend(nonce, until=UNTIL, now=NOW)
    with pytest.raises(NoncesUnavailable, match="full"):
        nonces.spend("d", until=UNTIL, now=NOW)
    assert not nonces.spend("a", until=UNTIL, now=NOW)
    later = UNTIL + 5 * MINUTE
    assert nonces.spend("d", until=later + HOUR, now=later)


def refused(attempt: Callable[[], object]) -> str:
    with pytest.raises(NoncesUnavailable) as caught:
        attempt()
    assert isinstance(caught.value, VCError)
    assert caught.value.code == "NONCE_STORE_ERROR"
    assert caught.value.missing
    assert caught.value.detail.isprintable()
    return caught.value.detail


def spend_in(store: SQLiteNonces) -> Callable[[], bool]:
    return lambda: store.spend("a", until=UNTIL, now=NOW)


def test_a_file_that_is_something_else(tmp_path: Path) -> None:
    path = tmp_path / "nonces"
    path.write_bytes(b"not a database, " * 1000)
    assert "not a database" in refused(lambda: SQLiteNonces(path))
    refused(lambda: SQLiteNonces(tmp_path))
    refused(lambda: SQLiteNonces(tmp_path / "no folder" / "nonces"))


def overwrite(path: Path) -> None:
    path.write_bytes(b"\xff" * path.stat().st_size)


def overwrite_the_end(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:4096])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def remove(path: Path) -> None:
    path.unlink()


def fill_with_other_rows(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE forgotten SET until = 'never'")


def remove_a_row(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DELETE FROM forgotten")


def remove_a_table(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TABLE spent")


@pytest.mark.parametrize(
    "damage",
    [
        overwrite,
        overwrite_the_end,
        truncate,
        empty,
        remove,
        fill_with_other_rows,
        remove_a_row,
        remove_a_table,
    ],
)
def test_a_damaged_file(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    path = tmp_path / "nonces"
    nonces = SQLiteNonces(path)
    assert nonces.spend("a", until=UNTIL, now=NOW)
    damage(path)
    refused(spend_in(nonces))
    refused(lambda: nonces.spend("new", until=UNTIL, now=NOW))


def test_a_file_that_vanished_is_not_made_again(tmp_path: Path) -> None:
    path = tmp_path / "nonces"
    nonces = SQLiteNonces(path)
    path.unlink()
    refused(spend_in(nonces))
    assert not path.exists()


def test_a_journal_that_cannot_be_written(tmp_path: Path) -> None:
    nonces = SQLiteNonces(tmp_path / "nonces")
    (tmp_path / "nonces-journal").mkdir()
    refused(spend_in(nonces))
    (tmp_path / "nonces-journal").rmdir()
    assert spend_in(nonces)()


def test_a_file_that_cannot_be_written() -> None:
    """By a user who is not allowed to: the administrator may write everything."""
    text = """
os.chmod(sys.argv[1], 0o444)
os.chmod(os.path.dirname(sys.argv[1]), 0o555)
if os.geteuid() == 0:
    os.setuid(65534)
try:
    print(spend("a"))
except NoncesUnavailable as error:
    print("readonly" in error.detail)
"""
    with tempfile.TemporaryDirectory() as folder:
        answer = lines_of(program(text, f"{folder}/nonces"))
        Path(folder).chmod(0o700)
    assert answer == ["True"]


def test_a_full_disk(tmp_path: Path) -> None:
    text = """
import resource
size = os.path.getsize(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
answers = []
for number in range(2000):
    try:
        answers.append(spend(str(number)))
    except NoncesUnavailable:
        break
print(len(answers), all(answers))
"""
    count, accepted = lines_of(program(text, str(tmp_path / "nonces")))
    assert accepted == "True"
    assert 0 < int(count) < 2000
    nonces = SQLiteNonces(tmp_path / "nonces")
    for number in range(int(count)):
        assert not nonces.spend(str(number), until=UNTIL, now=NOW)


def test_a_file_that_others_hold(tmp_path: Path) -> None:
    nonces = SQLiteNonces(tmp_path / "nonces", timeout=0.05)
    with nonces._transaction("rw"):
        assert "locked" in refused(spend_in(nonces))
    assert spend_in(nonces)()


# --- the end of a process


def test_a_process_that_is_killed(tmp_path: Path) -> None:
    """What it said was spent is spent, and what it had not done yet holds nobody up."""
    text = """
for number in range(1_000_000):
    print(number, spend(str(number)), flush=True)
"""
    path = str(tmp_path / "nonces")
    process = program(text.replace("str(number)", "sys.argv[2] + str(number)"), path, "a")
    assert process.stdout is not None
    spent = [process.stdout.readline().split() for _ in range(30)]
    process.send_signal(signal.SIGKILL)
    spent += [line.split() for line in process.stdout if line.endswith("\n")]
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    assert len(spent) >= 30
    nonces = SQLiteNonces(path)
    for number, answer in spent:
        assert answer == "True"
        assert not nonces.spend("a" + number, until=UNTIL, now=NOW)
    assert nonces.spend("new", until=UNTIL, now=NOW)


def test_a_process_that_is_killed_in_a_transaction(tmp_path: Path) -> None:
    text = """
spend("done")
with store._transaction("rw") as database:
    database.execute("PRAGMA cache_size = 1")  # so that changes are in the file before they are agreed upon
    for number in range(2000):
        database.execute("INSERT INTO spent VALUES (?, ?)", (os.urandom(32), 9**17))
    print("now", flush=True)
    time.sleep(60)
"""
    path = tmp_path / "nonces"
    process = program(text, str(path))
    assert process.stdout is not None
    assert process.stdout.readline() == "now\n"
    assert (tmp_path / "nonces-journal").stat().st_size > 0
    process.kill()
    process.stdout.close()
    process.wait()
    nonces = SQLiteNonces(path)
    assert spent_in(nonces) == 1
    assert not nonces.spend("done", until=UNTIL, now=NOW)
    assert nonces.spend("new", until=UNTIL, now=NOW)


def test_what_is_answered_is_on_the_disk(tmp_path: Path) -> None:
    """The settings of SQLite that a loss of power depends on (its documentation of PRAGMA synchronous)."""
    with SQLiteNonces(tmp_path / "nonces")._transaction("rw") as database:
        assert database.execute("PRAGMA synchronous").fetchone() == (3,)
        assert database.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_nothing_is_left_open(tmp_path: Path) -> None:
    def open_files() -> int:
        return sum(1 for _ in Path("/proc/self/fd").glob("*"))  # none, where there is no such folder

    before = open_files()
    nonces = SQLiteNonces(tmp_path / "nonces")
    assert spend_in(nonces)()
    refused(lambda: SQLiteNonces(tmp_path))
    with pytest.raises(NoncesUnavailable):
        nonces.spend("b", until=UNTIL, now=NOW - timedelta(days=30_000))
    assert open_files() == before
    assert [path.name for path in tmp_path.iterdir()] == ["nonces"]


def test_a_path_with_signs_that_urls_know(tmp_path: Path) -> None:
    path = tmp_path / "a?mode=memory#%41 ą"
    assert SQLiteNonces(path).spend("a", until=UNTIL, now=NOW)
    assert not SQLiteNonces(str(path)).spend("a", until=UNTIL, now=NOW)
    assert path.is_file()


def test_a_relative_path_stays_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    nonces = SQLiteNonces("nonces")
    monkeypatch.chdir("/")
    assert nonces.spend("a", until=UNTIL, now=NOW)
    assert (tmp_path / "nonces").is_file()
