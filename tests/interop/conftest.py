"""The two sides: `ours` is this library, the others are independent implementations.

`peer` is the one in `peer.mjs`, for Data Integrity, `token_peer` those in `tokens.mjs`, for tokens, and `status_peer`
those in `status.mjs`, for status lists; others are packages for Python.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# The test modules here share the modules beside them, which are no tests themselves.
sys.path.insert(0, str(Path(__file__).resolve().parent))

from peer import Peer, missing
from sides import context_texts

HERE = Path(__file__).resolve().parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here runs other people's JavaScript."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.node)


@pytest.fixture(scope="session")
def peer() -> Iterator[Peer]:
    """The started peer, with the contexts of our side; what needs it is skipped where it cannot start."""
    if reason := missing():
        pytest.skip(reason)
    with Peer(context_texts()) as started:
        yield started


@pytest.fixture(scope="session")
def token_peer() -> Iterator[Peer]:
    """The started peer for tokens, likewise."""
    if reason := missing():
        pytest.skip(reason)
    with Peer(script="tokens.mjs") as started:
        yield started


@pytest.fixture(scope="session")
def status_peer() -> Iterator[Peer]:
    """The started peer for status lists, likewise, with the contexts of our side."""
    if reason := missing():
        pytest.skip(reason)
    with Peer(context_texts(), script="status.mjs") as started:
        yield started
