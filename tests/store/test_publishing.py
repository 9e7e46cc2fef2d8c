"""Publishing: a file that is whole, never older than before, and never in place of what the store does not know."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

import pytest

from status.store import Snapshot, Store, StoreError
from tests.store.trials import NOW, SET, URL, WHO, check, opened, publish, seal

NAME = "3"


def refused(code: str) -> Any:
    return pytest.raises(StoreError, check=lambda error: error.code == code)


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.fixture
def index(store: Store) -> int:
    store.create(URL, format="bitstring", purposes=["suspension"], **WHO)
    return store.allocate(URL, credential="urn:example:1", **WHO)


def test_what_is_published_is_the_list_as_it_is(store: Store, folder: Path, index: int) -> None:
    assert store.snapshot(URL).version == 0
    for value in (0, 1, 0):
        store.set(URL, index, value, **SET)
        published = store.publish(URL, folder, seal=seal, check=check, at=NOW)
        assert published.path == folder / NAME
        assert opened(published.path.read_bytes())[0] == published.version
        snapshot = store.snapshot(URL)
        assert (snapshot.version, snapshot.changes, snapshot.at) == (published.version, published.changes, published.at)
        check(published.path.read_bytes(), snapshot)
    assert names_in(folder) == {NAME}


def test_versions_and_times_only_grow(store: Store, folder: Path, index: int) -> None:
    snapshots: list[Snapshot] = []

    def keep(snapshot: Snapshot) -> bytes:
        snapshots.append(snapshot)
        return seal(snapshot)

    for at in (NOW, NOW, NOW - timedelta(minutes=4), NOW + timedelta(days=1)):
        store.publish(URL, folder, seal=keep, check=check, at=at)
    microsecond = timedelta(microseconds=1)
    assert [each.version for each in snapshots] == [1, 2, 3, 4]
    assert [each.at for each in snapshots] == [
        NOW,
        NOW + microsecond,
        NOW + 2 * microsecond,
        NOW + timedelta(days=1),
    ]


def test_a_clock_that_was_far_ahead_does_not_keep_the_list_for_ever(store: Store, folder: Path, index: int) -> None:
    ahead = NOW + timedelta(days=3650)
    store.publish(URL, folder, seal=seal, check=check, at=ahead)
    before = (folder / NAME).read_bytes()
    for at in (NOW, ahead - timedelta(minutes=5)):
        with refused("CLOCK_BEHIND"):
            store.publish(URL, folder, seal=seal, check=check, at=at)
    assert (folder / NAME).read_bytes() == before
    again = store.publish(URL, folder, seal=seal, check=check, at=NOW, clock_was_ahead=True)
    assert (again.version, again.at) == (2, NOW)
    after = store.publish(URL, folder, seal=seal, check=check, at=NOW, clock_was_ahead=True)
    assert (after.version, after.at) == (3, NOW + timedelta(microseconds=1))
    assert store.publish(URL, folder, seal=seal, check=check, at=NOW + timedelta(days=1)).version == 4


def test_a_refusal_to_seal_or_to_verify_is_passed_on_and_publishes_nothing(
    store: Store, folder: Path, index: int
) -> None:
    publish(store, folder)
    before = (folder / NAME).read_bytes()

    def fail(*_: object) -> bytes:
        raise ArithmeticError("no")

    with pytest.raises(ArithmeticError):
        store.publish(URL, folder, seal=fail, check=check, at=NOW)
    with pytest.raises(ArithmeticError):
        store.publish(URL, folder, seal=seal, check=fail, at=NOW)
    assert (folder / NAME).read_bytes() == before
    assert names_in(folder) == {NAME}
    assert publish(store, folder) == 4


def test_of_two_publishers_the_stale_one_loses(store: Store, folder: Path, index: int, location: str) -> None:
    def slow(snapshot: Snapshot) -> bytes:
        with Store.open(location) as other:
            other.set(URL, index, 1, **SET)
            assert publish(other, folder) == snapshot.version + 1
        return seal(snapshot)

    with refused("SUPERSEDED"):
        store.publish(URL, folder, seal=slow, check=check, at=NOW)
    assert opened((folder / NAME).read_bytes())[0] == 2
    assert names_in(folder) == {NAME}


def test_a_publisher_that_is_overtaken_just_before_it_places_loses(
    store: Store, folder: Path, index: int, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from status.store import publishing

    place = publishing._place

    def overtaken(*arguments: Any, **named: Any) -> None:
        monkeypatch.setattr(publishing, "_place", place)
        raise _Overtaken

    monkeypatch.setattr(publishing, "_place", overtaken)
    with pytest.raises(_Overtaken):
        publish(store, folder)  # recorded, and not placed
    with Store.open(location) as other:
        assert publish(other, folder) == 2
    assert opened((folder / NAME).read_bytes())[0] == 2


class _Overtaken(Exception):
    pass


def test_one_who_was_recorded_and_then_overtaken_does_not_take_the_place(
    store: Store, folder: Path, index: int, location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the two last steps another publishes: the lock is not held there."""
    from status.store import publishing

    record = publishing._record
    runs: list[int] = []

    def recorded(transaction: Any, *, published: Any) -> None:
        record(transaction, published=published)
        runs.append(published.version)

    monkeypatch.setattr(publishing, "_record", recorded)
    run = store._commits.run

    class Commits:
        def run(self, key: str, work: Any) -> Any:
            result = run(key, work)
            if runs == [1]:
                runs.append(0)
                with Store.open(location) as other:
                    publish(other, folder)
            return result

    store._commits = Commits()  # type: ignore[assignment]  # what lies between two transactions cannot be had otherwise
    with refused("SUPERSEDED"):
        publish(store, folder)
    assert opened((folder / NAME).read_bytes())[0] == 2


def test_what_the_store_does_not_know_is_not_replaced(store: Store, folder: Path, index: int) -> None:
    (folder / NAME).write_bytes(b"another list")
    with refused("UNKNOWN_PUBLICATION"):
        publish(store, folder)
    assert (folder / NAME).read_bytes() == b"another list"
    (folder / NAME).unlink()
    (folder / NAME).symlink_to(folder / "elsewhere")
    with refused("UNKNOWN_PUBLICATION"):
        publish(store, folder)
    assert (folder / NAME).is_symlink()
    assert names_in(folder) == {NAME}


def test_a_store_that_was_restored_from_a_copy_takes_no_revocation_back(tmp_path: Path, folder: Path) -> None:
    path, copy = tmp_path / "one.db", tmp_path / "copy.db"
    with Store.open(path) as store:
        store.create(URL, format="bitstring", purposes=["revocation"], **WHO)
        index = store.allocate(URL, credential="urn:example:1", **WHO)
        publish(store, folder)
        copy.write_bytes(path.read_bytes())
        store.set(URL, index, 1, **SET)
        publish(store, folder)
    before = (folder / NAME).read_bytes()
    with Store.open(copy) as store, refused("UNKNOWN_PUBLICATION"):
        publish(store, folder)
    assert (folder / NAME).read_bytes() == before


def test_drafts_of_dead_publishers_go_and_those_of_later_ones_stay(store: Store, folder: Path, index: int) -> None:
    publish(store, folder)
    names = {".3.1.draft", ".3.9.draft", ".3.x.draft", ".3.1.1.draft", ".33.1.draft"}
    for name in names:
        (folder / name).touch()
    publish(store, folder)
    assert names_in(folder) == {NAME} | names - {".3.1.draft"}


def test_the_file_is_for_all_to_read_and_a_name_can_be_given(store: Store, folder: Path, index: int) -> None:
    before = os.umask(0o022)
    try:
        published = store.publish(URL, str(folder), name="list.jwt", seal=seal, check=check, at=NOW)
    finally:
        os.umask(before)
    assert published.path == folder / "list.jwt"
    assert published.path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "a/b", ".hidden", "a\0", "ā", "x" * 129, "a\n"])
def test_names_that_lead_elsewhere_are_refused(store: Store, folder: Path, index: int, name: str) -> None:
    with refused("INVALID_ARGUMENT"):
        store.publish(URL, folder, name=name, seal=seal, check=check, at=NOW)
    assert store.snapshot(URL).version == 0


def test_a_url_without_a_name_needs_one(store: Store, folder: Path) -> None:
    url = "https://example.org/status/?list=3"
    store.create(url, format="bitstring", purposes=["revocation"], **WHO)
    with refused("INVALID_ARGUMENT"):
        publish(store, folder, url=url)
    assert store.publish(url, folder, name="3", seal=seal, check=check, at=NOW).version == 1


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO])
@pytest.mark.parametrize("call", ["open", "fsync", "replace", "write", "close"])
def test_a_folder_that_fails_at_any_step_leaves_the_old_list(
    store: Store, folder: Path, index: int, monkeypatch: pytest.MonkeyPatch, call: str, number: int
) -> None:
    publish(store, folder)
    before = (folder / NAME).read_bytes()
    store.set(URL, index, 1, **SET)
    with monkeypatch.context() as patched:
        fail_in_drafts(patched, call, number)
        with refused("PUBLICATION_FAILED" if number == errno.EIO else "STORAGE_FULL") as raised:
            publish(store, folder)
    assert os.strerror(number) in raised.value.detail
    assert (folder / NAME).read_bytes() == before
    assert names_in(folder) == {NAME}
    assert publish(store, folder) == 3


def fail_in_drafts(patched: pytest.MonkeyPatch, call: str, number: int) -> None:
    """From now on the call fails when it is about a draft."""
    if call in {"write", "close"}:
        real_open: Callable[..., Any] = os.fdopen

        class Failing:
            def __init__(self, file: Any) -> None:
                self.file = file

            def __enter__(self) -> Self:
                return self

            def __exit__(self, *error: object) -> None:
                self.file.close()
                if call == "close":
                    raise OSError(number, os.strerror(number))

            def write(self, data: bytes) -> None:
                self.file.write(data[:10])
                if call == "write":
                    raise OSError(number, os.strerror(number))

            def flush(self) -> None:
                self.file.flush()

        patched.setattr(os, "fdopen", lambda *arguments: Failing(real_open(*arguments)))
        return
    real = getattr(os, call)

    def failing(target: Any, *arguments: Any, **named: Any) -> Any:
        path = Path(f"/proc/self/fd/{target}").readlink() if isinstance(target, int) else Path(target)
        if path.suffix == ".draft":
            raise OSError(number, os.strerror(number))
        return real(target, *arguments, **named)

    patched.setattr(os, call, failing)


def test_a_folder_that_is_not_there_is_an_error(store: Store, folder: Path, index: int) -> None:
    with refused("PUBLICATION_FAILED"):
        publish(store, folder / "none")
    with refused("PUBLICATION_FAILED"):
        publish(store, folder / "a\0b")
