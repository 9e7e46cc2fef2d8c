"""Names to addresses, by look-ups of the tests' own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from ipaddress import ip_address
from threading import Event
from typing import Any

import pytest

from vc_core.net import FetchError, FetchPostponed
from vc_core.net.deadline import Deadline
from vc_core.net.names import Names, system_lookup


def deadline(seconds: float = 30) -> Deadline:
    return Deadline(seconds, time.monotonic)


def refusal(lookup: Callable[[str], Any], *, seconds: float = 30) -> str:
    with pytest.raises(FetchError) as caught:
        Names(lookup).addresses("example.com", deadline(seconds))
    assert caught.value.detail.isprintable()
    return caught.value.code


def raising(error: Exception) -> Callable[[str], Any]:
    def lookup(_: str) -> Any:
        raise error

    return lookup


def test_every_address_once_and_in_order() -> None:
    asked: list[str] = []

    def lookup(host: str) -> list[str]:
        asked.append(host)
        return ["2606:4700::1111", "1.1.1.1", "2606:4700::1111"]

    found = Names(lookup).addresses("example.com", deadline())
    assert found == [ip_address("2606:4700::1111"), ip_address("1.1.1.1")]
    assert asked == ["example.com"]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_an_address_is_not_looked_up(host: str) -> None:
    assert Names(raising(AssertionError())).addresses(host, deadline()) == [ip_address(host)]


@pytest.mark.parametrize(
    ("lookup", "code"),
    [
        (lambda _: [], "HOST_NOT_FOUND"),
        (raising(socket.gaierror(-2, "Name or service not known")), "HOST_NOT_FOUND"),
        (raising(socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")), "LOOKUP_FAILED"),
        (raising(socket.gaierror(socket.EAI_MEMORY, "Memory allocation failure")), "LOOKUP_FAILED"),
        (raising(UnicodeError("label\nempty")), "HOST_NOT_FOUND"),
        (raising(KeyError("x")), "HOST_NOT_FOUND"),
        (lambda _: 1, "HOST_NOT_FOUND"),
        (lambda _: ["fe80::1%eth0"], "ADDRESS_NOT_ALLOWED"),
        (lambda _: ["1.1.1.1", "fe80::1%2"], "ADDRESS_NOT_ALLOWED"),
        (lambda _: ["localhost"], "ADDRESS_NOT_ALLOWED"),
        (lambda _: ["0177.0.0.1"], "ADDRESS_NOT_ALLOWED"),
        (lambda _: ["\x1b[2J"], "ADDRESS_NOT_ALLOWED"),
    ],
)
def test_what_gives_no_address(lookup: Callable[[str], Any], code: str) -> None:
    assert refusal(lookup) == code


def test_a_look_up_that_hangs_is_left_behind() -> None:
    go_on = Event()
    try:
        assert refusal(lambda _: go_on.wait(30) and [], seconds=0.05) == "LOOKUP_FAILED"
    finally:
        go_on.set()


def test_look_ups_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vc_core.net.names._AT_A_TIME", 2)
    go_on, names = Event(), Names(lambda host: ["1.1.1.1"] if host == "good.example" else go_on.wait(30) and [])
    for host, code in (("a.example", "LOOKUP_FAILED"), ("b.example", "LOOKUP_FAILED"), ("good.example", "NO_TURN")):
        with pytest.raises(FetchError) as caught:
            names.addresses(host, deadline(0.05))
        assert caught.value.code == code
        assert isinstance(caught.value, FetchPostponed) is (code == "NO_TURN")
    go_on.set()
    assert names.addresses("good.example", deadline()) == [ip_address("1.1.1.1")]


def test_there_can_be_no_more_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("vc_core.net.names._AT_A_TIME", 1)
    names = Names(lambda _: ["1.1.1.1"])
    with monkeypatch.context() as broken:
        broken.setattr(threading.Thread, "start", start)
        with pytest.raises(FetchError) as caught:
            names.addresses("example.com", deadline())
    assert caught.value.code == "NO_TURN"
    assert names.addresses("example.com", deadline()) == [ip_address("1.1.1.1")]


def test_the_system_s_own_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(host: str, port: None, *, type: int) -> list[Any]:  # noqa: A002  (the name it has there)
        assert (host, port, type) == ("example.com", None, socket.SOCK_STREAM)
        return [
            (socket.AF_INET6, type, 6, "", ("2606:4700::1111", 0, 0, 0)),
            (socket.AF_INET, type, 6, "", ("1.1.1.1", 0)),
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    assert system_lookup("example.com") == ["2606:4700::1111", "1.1.1.1"]
