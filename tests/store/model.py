"""A store beside a dictionary: whatever is asked of both, in any order and through crashes, they agree."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from status import FORMATS, MOST_BYTES, StatusList
from status.store import Store, StoreError
from tests.store.trials import SET, WHO, killed, opened, publish

REVOCATION = "https://example.org/status/revocation"
SUSPENSION = "https://example.org/status/suspension"
URLS = {REVOCATION: "revocation", SUSPENSION: "suspension"}
MOST_LEFT = 20
"""Stores that are left open; each has a connection, and a server gives out so many only."""
NAMES = [f"urn:example:{number}" for number in range(12)]
urls = st.sampled_from(sorted(URLS))
names = st.sampled_from(NAMES)


def blank() -> StatusList:
    return StatusList.of_length(131_072)


class StoreMachine(RuleBasedStateMachine):
    """`location` is set by whoever runs it."""

    location: Callable[[], str]
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.place = type(self).location()
        self.folder = Path(tempfile.mkdtemp(prefix="public-"))
        self.indexes: dict[tuple[str, str], int] = {}
        self.values: dict[str, dict[int, int]] = {url: {} for url in URLS}
        self.history: dict[str, list[tuple[int, int]]] = {url: [] for url in URLS}
        self.published: dict[str, tuple[int, int]] = dict.fromkeys(URLS, (0, 0))  # version, changes
        self.store = Store.open(self.place)
        self.left: list[Store] = []

    @initialize()
    def create(self) -> None:
        for url, purpose in URLS.items():
            self.store.create(url, format="bitstring", purposes=[purpose], **WHO)

    @rule(url=urls, name=names)
    def issue(self, url: str, name: str) -> None:
        index = self.store.allocate(url, credential=name, **WHO)
        assert self.indexes.setdefault((url, name), index) == index
        given = [each for (where, _), each in self.indexes.items() if where == url]
        assert len(set(given)) == len(given)

    @rule(url=urls, name=names, value=st.integers(0, 1))
    def revoke_suspend_reinstate(self, url: str, name: str, value: int) -> None:
        if (url, name) not in self.indexes:
            with pytest.raises(StoreError, match="no index"):
                self.store.index_of(url, name)
            return
        index = self.store.index_of(url, name)
        assert index == self.indexes[url, name]
        if url == REVOCATION and self.values[url].get(index) and not value:
            with pytest.raises(StoreError, match="for ever"):
                self.store.set(url, index, value, **SET)
            return
        change = self.store.set(url, index, value, **SET)
        assert change.number == self.recorded(url, index, value)

    @rule(url=urls)
    def publish(self, url: str) -> None:
        version = publish(self.store, self.folder, url=url)
        assert version > self.published[url][0]
        self.published[url] = (version, len(self.history[url]))

    @rule(url=urls, name=names, step=st.integers(1, 400))
    def crash_while_setting(self, url: str, name: str, step: int) -> None:
        index = self.indexes.get((url, name))
        if index is None:
            return
        place = self.place

        def work() -> None:
            with Store.open(place) as store:
                store.set(url, index, 1, **SET)

        died = killed(step, work)
        count = len(list(self.store.history(url)))
        before = len(self.history[url])
        after = before + (self.values[url].get(index) != 1)
        assert count in ({before, after} if died else {after})
        if count > before:
            self.recorded(url, index, 1)

    @rule(url=urls, name=names, step=st.integers(1, 400))
    def crash_while_issuing(self, url: str, name: str, step: int) -> None:
        place = self.place

        def work() -> None:
            with Store.open(place) as store:
                store.allocate(url, credential=name, **WHO)

        died = killed(step, work)
        try:
            index = self.store.index_of(url, name)
        except StoreError:
            assert died
            assert (url, name) not in self.indexes
        else:
            assert self.indexes.setdefault((url, name), index) == index

    @rule(url=urls, step=st.integers(1, 900))
    def crash_while_publishing(self, url: str, step: int) -> None:
        place, folder = self.place, self.folder

        def work() -> None:
            with Store.open(place) as store:
                publish(store, folder, url=url)

        killed(step, work)
        file = folder / URLS[url]
        if file.exists():
            version, _ = opened(file.read_bytes())
            assert version >= self.published[url][0]
            if version > self.published[url][0]:
                self.published[url] = (version, len(self.history[url]))

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = Store.open(self.place)

    @rule()
    def crash(self) -> None:
        """What was open is left open."""
        self.left.append(self.store)
        if len(self.left) > MOST_LEFT:
            self.left.pop(0).close()
        self.store = Store.open(self.place)

    @invariant()
    def they_agree(self) -> None:
        type(self).steps += 1
        if not self.store.lists():
            return
        for url, name in URLS.items():
            snapshot = self.store.snapshot(url)
            assert snapshot.statuses == blank().updated(self.values[url])
            assert [(change.index, change.value) for change in self.store.history(url)] == self.history[url]
            version, changes = self.published[url]
            file = self.folder / name
            assert file.exists() == bool(version)
            if version:
                found, encoded = opened(file.read_bytes())
                then: dict[int, int] = dict(self.history[url][:changes])
                statuses = FORMATS["bitstring"].decode(encoded.decode(), most_bytes=MOST_BYTES)
                assert found == version
                assert statuses == blank().updated(then)

    def recorded(self, url: str, index: int, value: int) -> int:
        """The number of the change; that of the last one of this index, which is always for the same reason."""
        if self.values[url].get(index) != value:
            self.values[url][index] = value
            self.history[url].append((index, value))
        return max(number for number, (where, _) in enumerate(self.history[url], 1) if where == index)

    def teardown(self) -> None:
        for store in (self.store, *self.left):
            store.close()
        shutil.rmtree(self.folder)


def run_model(location: Callable[[], str], *, examples: int, steps: int, chance: int | None = None) -> int:
    """Runs it so often, each time for so many steps; with the seed `chance` always the same. How many steps it took."""
    machine: Any = type("Machine", (StoreMachine,), {"location": staticmethod(location), "steps": 0})
    if chance is not None:
        machine = seed(chance)(machine)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return int(machine.steps)
