"""Processes that write together, die at any moment, and run out of room. At full size: `python -m benches.store`."""

from __future__ import annotations

from pathlib import Path

import pytest

from status.store import Store, StoreError
from status.store.sqlite import SQLite
from tests.store import trials
from tests.store.model import run_model
from tests.store.server import Server


def test_no_acknowledged_revocation_is_lost_when_writers_are_killed(location: str) -> None:
    figures = trials.revocations(location, writers=4, each=100, kills=4, seed=5)
    assert figures["killed"] == 4
    assert (figures["lost"], figures["cleared"]) == (0, 0)


def test_processes_that_allocate_together_give_no_index_twice(location: str) -> None:
    figures = trials.allocations(location, writers=4, each=150)
    assert (figures["drawn"], figures["duplicates"]) == (600, 0)
    assert figures["chi"] < 370  # 255 degrees of freedom: once in 300,000 by chance


def test_readers_see_whole_lists_that_never_go_back_while_publishers_are_killed(location: str, folder: Path) -> None:
    figures = trials.publications(location, folder, publishes=24, reads=2000, readers=2, stride=29)
    assert figures["killed"] >= 15
    assert figures["steps"] > 200
    assert figures["reads"] == 2000


def test_without_room_nothing_is_lost_and_the_error_says_so(location: str, folder: Path) -> None:
    ends = trials.without_room(location, folder, [0, 64, 4096, 40_960], each=8)
    assert set(ends) <= {"STORAGE_FULL", "STORE_UNAVAILABLE", "OUTCOME_UNKNOWN", ""}
    assert sum(count for code, count in ends.items() if code) >= 2


def test_a_file_that_may_not_grow_longer_is_no_room(tmp_path: Path) -> None:
    """Nor one that is longer already, of which no part beyond the limit can be written."""
    path = str(tmp_path / "status.db")
    trials.fresh(path, 2000)
    size = Path(path).stat().st_size
    for limit, count in ((0, 1), (8192, 1), (size, 20_000), (size + 100_000, 20_000), (size * 2, 50_000)):
        assert trials.ends_when_full(path, limit, count) == "STORAGE_FULL", limit
        with Store.open(path) as store:
            assert store.standings()[0].allocated == 2000
    assert trials.ends_when_full(path, size * 50, 20_000) == ""


def test_a_database_without_room_says_so(tmp_path: Path) -> None:
    path = tmp_path / "status.db"
    indexes = trials.fresh(str(path), 3000)
    with Store.open(path) as store:
        database = store._database
        assert isinstance(database, SQLite)
        with database._connections.lent() as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        done: list[int] = []

        def fill() -> None:
            for index in indexes:
                store.set(trials.URL, index, 1, **trials.SET)
                done.append(index)

        with pytest.raises(StoreError, match="full") as raised:
            fill()
        assert raised.value.code == "STORAGE_FULL"
        statuses = store.snapshot(trials.URL).statuses
        assert [index for index, value in enumerate(statuses) if value] == sorted(done)
        database._connections._let_go()
        store.set(trials.URL, indexes[-1], 1, **trials.SET)  # on a connection that has room again


def test_the_store_agrees_with_a_dictionary_on_sqlite(tmp_path: Path) -> None:
    places = iter(range(10_000))
    assert run_model(lambda: str(tmp_path / f"{next(places)}.db"), examples=6, steps=25) > 100


def test_the_store_agrees_with_a_dictionary_on_postgresql(server: Server) -> None:
    assert run_model(server.location, examples=4, steps=25) > 60


def test_a_server_that_ends_at_once_has_kept_what_was_acknowledged() -> None:
    """The immediate shutdown writes nothing more, and the next start recovers from the log."""
    with Server() as server:
        location = server.location()
        indexes = trials.fresh(location, 20)
        with Store.open(location) as store:
            for index in indexes[:10]:
                store.set(trials.URL, index, 1, **trials.SET)
            server.stop(at_once=True)
            server.start()
            for _ in range(2):  # the first finds its connection broken, and says so
                try:
                    store.set(trials.URL, indexes[10], 1, **trials.SET)
                except StoreError as error:
                    assert error.code == "STORE_UNAVAILABLE"  # noqa: PT017  (both ways are right)
            statuses = store.snapshot(trials.URL).statuses
        assert [index for index, value in enumerate(statuses) if value] == sorted(indexes[:11])
