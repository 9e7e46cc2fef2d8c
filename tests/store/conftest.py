"""Each test of the store runs on both databases, on a real PostgreSQL as well, which talks through a Unix socket."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from status.store import Store
from tests.store.server import MISSING, Server, binaries


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    if binaries() is None:
        pytest.skip(MISSING)
    with Server() as started:
        yield started


@pytest.fixture(params=["sqlite", "postgresql"])
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place for a store that nothing is in yet."""
    if request.param == "sqlite":
        return str(tmp_path / "status.db")
    server: Server = request.getfixturevalue("server")
    return server.location()


@pytest.fixture
def store(location: str) -> Iterator[Store]:
    with Store.open(location) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where lists are published."""
    made = tmp_path / "public"
    made.mkdir()
    return made
