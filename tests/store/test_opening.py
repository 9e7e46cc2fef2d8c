"""A store is opened while others write to it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from status.store import Store, StoreError
from status.store import sqlite as sqlite_store
from tests.store import trials


def test_what_looks_damaged_is_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is read without a lock, and so at a moment when it is being written, too."""
    location = str(tmp_path / "status.db")
    trials.fresh(location, 1)
    damaged = sqlite3.DatabaseError("database disk image is malformed")
    damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    looks = iter([damaged, damaged, None])
    kind = sqlite_store._kind

    def looked(path: Path) -> int:
        if (error := next(looks)) is not None:
            raise error
        return kind(path)

    monkeypatch.setattr(sqlite_store, "_kind", looked)
    with Store.open(location, new=False) as store:
        assert len(store.lists()) == 1
    assert next(looks, "all") == "all"


def test_what_is_damaged_is_not_looked_at_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    location = str(tmp_path / "status.db")
    trials.fresh(location, 1)
    looks = []

    def looked(path: Path) -> int:
        looks.append(path)
        damaged = sqlite3.DatabaseError("database disk image is malformed")
        damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise damaged

    monkeypatch.setattr(sqlite_store, "_kind", looked)
    monkeypatch.setattr(sqlite_store, "_PAUSE", 0)
    with pytest.raises(StoreError) as caught:
        Store.open(location, new=False)
    assert caught.value.code == "STORE_DAMAGED"
    assert len(looks) == sqlite_store._LOOKS
