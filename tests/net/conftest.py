"""The fetcher against hosts on this machine, with real sockets and real TLS.

Sockets are blocked in all tests (`--disable-socket`). Those here are marked with `allow_hosts`: they may open sockets,
and connect to 127.0.0.1 and nowhere else. Whatever connects to another address fails the test.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.net.loopback import Answer, Authority, Server, ok

HERE = Path(__file__).resolve().parent
EMPTY = ok()
Start = Callable[..., Server]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1"]))


@pytest.fixture(scope="session")
def authority() -> Authority:
    """The certification authority that the fetchers of the tests trust."""
    return Authority()


@pytest.fixture(scope="session")
def certified(authority: Authority) -> ssl.SSLContext:
    """TLS of a server that is each of the hosts of the tests."""
    return authority.server("host.test", "other.test", "slow.test", "quick.test")


@pytest.fixture
def start(certified: ssl.SSLContext) -> Iterator[Start]:
    """Starts servers, which end with the test."""
    with ExitStack() as stack:

        def started(answer: Answer = EMPTY, *, tls: ssl.SSLContext | None = certified) -> Server:
            return stack.enter_context(Server(answer, tls=tls))

        yield started
