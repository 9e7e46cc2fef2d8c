"""What each database adds: what it refuses by itself, what it says of errors, and who may read it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import traceback
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest

from status.store import Store, StoreError
from status.store.commits import GroupCommit
from status.store.postgresql import PostgreSQL
from status.store.schema import GROWING
from status.store.sqlite import SQLite
from status.store.transaction import Transaction
from tests.store.server import Server
from tests.store.trials import NOW, SET, URL, WHO, fresh, publish


def refused(code: str) -> Any:
    return pytest.raises(StoreError, check=lambda error: error.code == code)


def run(store: Store, sql: str) -> Any:
    """One statement, past the store, in a transaction of its own."""
    with store._database.writing() as transaction:
        return transaction.rows(sql)


@pytest.mark.parametrize("table", GROWING)
def test_no_table_can_be_changed(location: str, folder: Path, table: str) -> None:
    index = fresh(location, 1)[0]
    with Store.open(location) as store:
        store.set(URL, index, 1, **SET)
        publish(store, folder)
        column = "version" if table in {"status_store", "status_version", "status_placement"} else "actor"
        before = run(store, f"SELECT * FROM {table}")
        assert before
        statements = [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"]
        if location.startswith("postgresql"):
            statements.append(f"TRUNCATE {table} CASCADE")
        for statement in statements:
            with pytest.raises(StoreError, match="a store only grows"):
                run(store, statement)
        assert run(store, f"SELECT * FROM {table}") == before


def test_a_revocation_cannot_be_undone_past_the_store_either(location: str) -> None:
    index = fresh(location, 1)[0]
    with Store.open(location) as store:
        store.set(URL, index, 1, **SET)
        insert = "INSERT INTO status_change (list, number, idx, value, final, actor, reason, at) VALUES "
        for kind in ("INSERT", "INSERT OR REPLACE") if not location.startswith("postgresql") else ("INSERT",):
            statement = insert.replace("INSERT", kind)
            with refused("REVOCATION_IS_FINAL"):
                run(store, f"{statement} (1, 2, {index}, 0, 0, 'a', 'r', 0)")
            for number in (1, 3, 0):
                with pytest.raises(StoreError, match="not the next one"):
                    run(store, f"{statement} (1, {number}, {index}, 1, 1, 'a', 'r', 0)")
        with refused("STORE_UNAVAILABLE"):
            run(store, f"{insert} (1, 2, {(index + 1) % 131_072}, 1, 1, 'a', 'r', 0)")  # of no credential
        assert len(list(store.history(URL))) == 1


def drop_triggers(store: Store) -> None:
    on_server = isinstance(store._database, PostgreSQL)
    find = "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal"
    find += " AND relnamespace = current_schema()::regnamespace"
    for name, table in run(store, find if on_server else "SELECT name, '' FROM sqlite_master WHERE type = 'trigger'"):
        run(store, f"DROP TRIGGER {name}" + (f" ON {table}" if on_server else ""))


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM status_change WHERE number = 1",
        "DELETE FROM status_change WHERE number = 2",
        "UPDATE status_change SET value = 0 WHERE number = 2",
        "UPDATE status_list SET purposes = 'x'",
    ],
)
def test_a_history_that_was_tampered_with_is_not_published(location: str, folder: Path, damage: str) -> None:
    index = fresh(location, 1)[0]
    with Store.open(location) as store:
        store.set(URL, index, 1, **SET)
        store.set(URL, index, 1, **SET | {"reason": "another"})
        publish(store, folder)
        before = (folder / "3").read_bytes()
        drop_triggers(store)
        run(store, damage)
        for use in (lambda: publish(store, folder), lambda: store.snapshot(URL)):
            with refused("STORE_DAMAGED"):
                use()
    assert (folder / "3").read_bytes() == before


@pytest.mark.parametrize("change", ["UPDATE status_store SET version = 2", "DELETE FROM status_store"])
def test_a_database_of_another_version_is_refused(location: str, change: str) -> None:
    with Store.open(location) as store:
        drop_triggers(store)
        run(store, change)
    with refused("STORE_VERSION"):
        Store.open(location)


def test_processes_that_open_a_new_store_together_make_it_once(location: str) -> None:
    errors: list[StoreError] = []

    def work() -> None:
        try:
            Store.open(location).close()
        except StoreError as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with Store.open(location) as store:
        assert run(store, "SELECT version FROM status_store") == [(1,)]


def test_a_child_cannot_use_what_its_parent_opened(location: str) -> None:
    with Store.open(location) as store:
        store.lists()
        child = os.fork()
        if not child:
            codes = []
            for use in (store.lists, lambda: store.create(URL, format="token", length=8, **WHO)):
                try:
                    use()
                except StoreError as error:
                    codes.append(error.code)
            os._exit(0 if codes == ["STORE_UNAVAILABLE"] * 2 else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert store.lists() == []


# --- group commit


class Broken(Exception):
    pass


class Interrupted(BaseException):
    pass


def test_an_error_in_a_group_is_one_jobs_unless_the_transaction_is_lost(location: str) -> None:
    with Store.open(location) as store:
        commits: GroupCommit = store._commits
        inside, go = threading.Event(), threading.Event()
        outcomes: dict[str, object] = {}

        def note(name: str, work: Any) -> None:
            try:
                outcomes[name] = commits.run(name, work)
            except (StoreError, Broken, Interrupted) as error:
                outcomes[name] = getattr(error, "code", error)

        def hold(_: Transaction) -> str:
            inside.set()
            go.wait(20)
            return "done"

        def refuse(_: Transaction) -> None:
            raise StoreError("no", code="LIST_FULL")

        def breaks(transaction: Transaction) -> None:
            transaction.insert("INSERT INTO status_store (version) VALUES (?)", [(999,)])
            raise Broken

        def ends_it(transaction: Transaction) -> None:
            transaction.rows("ROLLBACK")
            raise Broken

        def is_interrupted(_: Transaction) -> None:
            raise Interrupted

        def bad(transaction: Transaction) -> None:
            transaction.rows("SELECT nothing FROM nowhere")

        def round_of(works: dict[str, Any]) -> dict[str, object]:
            """All of them in one group, which queues while another is held."""
            outcomes.clear()
            inside.clear()
            go.clear()
            first = threading.Thread(target=note, args=("first", hold))
            first.start()
            assert inside.wait(20)
            others = [threading.Thread(target=note, args=item) for item in works.items()]
            for thread in others:
                thread.start()
            while len(commits._queue) < len(works):
                assert first.is_alive()
            go.set()
            for thread in (first, *others):
                thread.join()
            assert outcomes.pop("first") == "done"
            return outcomes

        assert round_of({"a": refuse, "b": lambda _: 3}) == {"a": "LIST_FULL", "b": 3}
        assert round_of({"a": bad, "b": lambda _: 3}) == {"a": "STORE_UNAVAILABLE", "b": 3}
        found = round_of({"a": breaks, "b": lambda _: 3})
        assert (type(found["a"]), found["b"]) == (Broken, 3)
        assert run(store, "SELECT version FROM status_store") == [(1,)]
        assert round_of({"a": lambda _: 3, "b": ends_it}) == {"a": "STORE_UNAVAILABLE", "b": "STORE_UNAVAILABLE"}
        found = round_of({"a": lambda _: 3, "b": is_interrupted})
        assert sorted(type(each).__name__ for each in found.values()) in (["Interrupted", "str"], ["str", "str"])
        assert "OUTCOME_UNKNOWN" in found.values()
        assert commits.run("a", lambda _: 4) == 4


def test_one_who_is_interrupted_while_another_leads_leaves_the_queue(location: str) -> None:
    with Store.open(location) as store:
        commits: GroupCommit = store._commits
        inside, go = threading.Event(), threading.Event()

        def hold(_: Transaction) -> None:
            inside.set()
            go.wait(20)

        def interrupt(*_: object) -> None:
            raise KeyboardInterrupt

        leader = threading.Thread(target=commits.run, args=("a", hold))
        leader.start()
        assert inside.wait(20)
        before = signal.signal(signal.SIGALRM, interrupt)
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        try:
            with pytest.raises(KeyboardInterrupt):
                commits.run("b", lambda _: pytest.fail("it was interrupted before its turn"))
        finally:
            signal.signal(signal.SIGALRM, before)
        go.set()
        leader.join()
        assert commits.run("c", lambda _: 5) == 5


def test_more_connections_than_are_kept_are_closed(location: str) -> None:
    with Store.open(location) as store, ExitStack() as stack:
        several = [stack.enter_context(store._database.reading()) for _ in range(6)]
        assert [transaction.rows("SELECT 1") for transaction in several] == [[(1,)]] * 6
        stack.close()
        assert store.lists() == []
        assert len(store._database._connections._idle) == 4


# --- SQLite


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "status.db"
    with Store.open(path) as store:
        store.create(URL, format="token", length=8, **WHO)
        assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
            "status.db": 0o600,
            "status.db-journal": 0o600,
        }


def test_each_commit_waits_for_the_disk(tmp_path: Path) -> None:
    database = SQLite(tmp_path / "status.db")
    with database._connections.lent() as connection:
        for name, value in (("synchronous", 2), ("journal_mode", "persist"), ("foreign_keys", 1)):
            assert connection.execute(f"PRAGMA {name}").fetchone() == (value,)
    database.close()


def test_a_database_that_somebody_keeps_is_waited_for_and_then_given_up(tmp_path: Path) -> None:
    path = tmp_path / "status.db"
    database = SQLite(path, timeout=0.2)
    store = Store(database)
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    for use in (store.lists, lambda: store.create(URL, format="token", length=8, **WHO)):
        with refused("STORE_BUSY"):
            use()
    timer = threading.Timer(0.05, other.execute, ["ROLLBACK"])
    timer.start()
    store.create(URL, format="token", length=8, **WHO)
    timer.join()
    other.close()
    store.close()


def test_what_is_no_database_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear registrar, " * 100)
    for new in (True, False):
        with refused("NO_STORE"):
            Store.open(path, new=new)
    assert path.read_text().startswith("Dear registrar")
    os.mkfifo(tmp_path / "pipe")
    for wrong in (tmp_path, Path("/dev/null"), tmp_path / "pipe"):
        with refused("NO_STORE"):
            Store.open(wrong)
    for wrong in (tmp_path / "none" / "status.db", "a\0b"):
        with refused("STORE_UNAVAILABLE"):
            Store.open(wrong)


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
@pytest.mark.parametrize("new", [True, False])
def test_a_database_of_another_program_is_left_as_it_is(tmp_path: Path, mode: str, new: bool) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute(f"PRAGMA journal_mode = {mode}")
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    with refused("NO_STORE"):
        Store.open(path, new=new)
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before


def test_only_who_says_so_makes_a_store(location: str) -> None:
    with refused("NO_STORE"):
        Store.open(location, new=False)
    if not location.startswith("postgresql"):
        assert not Path(location).exists()
        Path(location).touch()
        with refused("NO_STORE"):
            Store.open(location, new=False)
        assert Path(location).stat().st_size == 0
    Store.open(location).close()
    with Store.open(location, new=False) as store:
        assert store.lists() == []


def test_to_open_a_store_ends_no_lock_that_the_process_has(tmp_path: Path) -> None:
    path = tmp_path / "status.db"
    fresh(str(path), 1)
    begin = (
        "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None).execute('BEGIN IMMEDIATE')"
    )
    with Store.open(path) as store, store._database.writing():
        other = SQLite(path)
        done = subprocess.run([sys.executable, "-c", begin, path], capture_output=True, text=True, check=False)
        other.close()
    assert "database is locked" in done.stderr


def test_a_file_that_vanishes_is_an_error_and_no_new_beginning(tmp_path: Path) -> None:
    path = tmp_path / "status.db"
    store = Store(SQLite(path))
    store.close()
    database = SQLite(path)
    path.unlink()
    with refused("STORE_UNAVAILABLE"), database.reading():
        pass
    assert not path.exists()


def test_a_database_in_another_journal_mode_is_used_in_ours(tmp_path: Path) -> None:
    path = tmp_path / "status.db"
    fresh(str(path), 1)
    other = sqlite3.connect(path)
    assert other.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)
    other.close()
    with Store.open(path) as store:
        assert len(store.lists()) == 1
        assert run(store, "PRAGMA journal_mode") == [("persist",)]


# --- PostgreSQL

SECRET = "hunter2"


@pytest.mark.parametrize(
    "location",
    [
        f"postgresql://registrar:{SECRET}@/status?host=/nowhere",
        f"postgresql://registrar:x@{SECRET}@/status?host=/nowhere",
        f"postgresql://registrar:x@%2F{SECRET}/status",  # a password with an @ in it, taken for a folder
        f"postgresql:///status?host=/nowhere&password={SECRET}",
        f"postgresql://registrar:{SECRET}@/status?nonsense={SECRET}",
        f"postgresql://registrar:{SECRET}%zz@/status",
        f"postgresql://[{SECRET}",
    ],
)
def test_a_password_is_in_no_error(location: str) -> None:
    with pytest.raises(StoreError) as raised:
        Store.open(location)
    said = "".join(traceback.format_exception(raised.value, chain=True)) + repr(raised.value)
    lines = [line for line in said.splitlines() if "test_databases" not in line]
    assert SECRET not in "\n".join(lines)
    assert raised.value.code in {"STORE_UNAVAILABLE", "INVALID_ARGUMENT"}


def test_without_a_password_the_reason_is_said() -> None:
    with pytest.raises(StoreError, match="nowhere") as raised:
        Store.open("postgresql:///status?host=/nowhere")
    assert raised.value.code == "STORE_UNAVAILABLE"


def test_rows_are_in_no_error(location: str) -> None:
    fresh(location, 1)
    with Store.open(location) as store, pytest.raises(StoreError) as raised:
        run(
            store,
            "INSERT INTO status_allocation (list, idx, credential, actor, at) VALUES (1, 1, 'urn:example:0', 'a', 1)",
        )
    assert "urn:example" not in raised.value.detail


def test_commits_wait_for_the_disk_whatever_is_the_default(server: Server) -> None:
    location = server.location() + "%20-csynchronous_commit%3Doff"
    with Store.open(location) as store:
        assert run(store, "SHOW synchronous_commit") == [("on",)]


def test_a_server_that_does_not_wait_for_its_disk_is_refused() -> None:
    with Server(None, "fsync=off") as server, pytest.raises(StoreError, match="fsync is off"):
        Store.open(server.location())


def test_connections_that_the_server_has_ended_are_replaced(server: Server) -> None:
    location = server.location()
    index = fresh(location, 1)[0]
    with Store.open(location) as store:
        store.set(URL, index, 1, **SET)
        store.lists()
        with psycopg.connect(server.url(), autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
        with refused("STORE_UNAVAILABLE"):
            store.set(URL, index, 1, **SET | {"reason": "another"})
        assert store.set(URL, index, 1, **SET | {"reason": "another"}).number == 2


def test_lists_are_locked_one_by_one(server: Server) -> None:
    location = server.location()
    other_url = URL + "0"
    one = fresh(location, 1)[0]
    other = fresh(location, 1, url=other_url)[0]
    with Store.open(location) as store, psycopg.connect(location) as blocker:
        blocker.execute("SELECT id FROM status_list WHERE url = %s FOR UPDATE", [URL])
        store.set(other_url, other, 1, **SET)
        run_later = threading.Thread(target=store.set, args=(URL, one, 1), kwargs=SET)
        run_later.start()
        run_later.join(0.3)
        assert run_later.is_alive()
        blocker.rollback()
        run_later.join()
        assert store.snapshot(URL).statuses[one] == 1
        assert store.snapshot(URL).at == NOW
