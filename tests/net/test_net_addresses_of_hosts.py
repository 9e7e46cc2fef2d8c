"""Which addresses are connected to, whatever URLs, name servers and redirects say. A spy sits on the socket layer."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from itertools import chain, cycle, repeat
from typing import Any

import pytest

from tests.net.forms import ADDRESSES, GLOBAL, HOSTS
from tests.net.loopback import ADDRESS, Authority, Server, fetcher
from vc_core.net import Fetcher, FetchError

HOLE = "127.0.0.2"  # nothing that is sent there comes back
GOOD, OTHER = GLOBAL[:2]
Start = Callable[..., Server]
Spied = list[tuple[str, int]]


@pytest.fixture
def connects(monkeypatch: pytest.MonkeyPatch) -> Spied:
    """Every address and port that a socket is to be connected to; it happens only on this machine."""
    connects: Spied = []
    real = socket.socket.connect

    def connect(self: socket.socket, where: tuple[Any, ...]) -> None:
        connects.append((where[0], where[1]))
        if where[0] == HOLE:
            time.sleep(self.gettimeout() or 0)
            raise TimeoutError("timed out")
        if where[0] != ADDRESS:
            raise ConnectionRefusedError(111, "refused by the spy")
        real(self, where)

    def unexpected(*_: object, **__: object) -> None:
        raise AssertionError("nothing else opens a connection or looks up a name")

    monkeypatch.setattr(socket.socket, "connect", connect)
    for name in ("connect_ex", "sendto", "sendmsg"):
        monkeypatch.setattr(socket.socket, name, unexpected)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, unexpected)
    return connects


class NameServer:
    """Says for every host the next of these answers; counts how often it is asked."""

    def __init__(self, *answers: list[str]) -> None:
        self.asked = 0
        self._answers = iter(chain(answers, repeat(answers[-1])))

    def __call__(self, _: str) -> list[str]:
        self.asked += 1
        return next(self._answers)


def code_of(fetch: Fetcher, url: str) -> str:
    with pytest.raises(FetchError) as caught:
        fetch(url, accept="*/*")
    assert caught.value.detail.isprintable()
    return caught.value.code


# --- one answer is used, and checked whole


@pytest.mark.parametrize(
    "bad", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"]
)
def test_one_bad_record_refuses_the_host(connects: Spied, bad: str) -> None:
    for records in ([bad], [GOOD, bad], [bad, GOOD], [GOOD, OTHER, bad]):
        assert code_of(Fetcher(lookup=NameServer(records)), "https://example.com/") == "ADDRESS_NOT_ALLOWED"
    assert connects == []


def test_a_host_is_looked_up_once(connects: Spied) -> None:
    """A second answer would be another one: good for the check, bad for the connection."""
    names = NameServer([GOOD], ["127.0.0.1"])
    fetch = Fetcher(lookup=names)
    assert code_of(fetch, "https://example.com/") == "CONNECTION_ERROR"
    assert connects == [(GOOD, 443), (GOOD, 443)]
    assert names.asked == 1
    assert code_of(fetch, "https://example.com/") == "ADDRESS_NOT_ALLOWED"
    assert len(connects) == 2


def test_every_good_address_is_tried_once(connects: Spied) -> None:
    assert code_of(Fetcher(lookup=NameServer([*GLOBAL[:3], GOOD])), "https://example.com/") == "CONNECTION_ERROR"
    assert connects == [(address, 443) for address in GLOBAL[:3]]


def test_not_more_than_four_addresses_are_tried(connects: Spied) -> None:
    many = [f"1.1.{number}.1" for number in range(200)]
    assert code_of(Fetcher(lookup=NameServer(many)), "https://example.com/") == "CONNECTION_ERROR"
    assert connects == [(address, 443) for address in many[:4]]
    assert code_of(Fetcher(lookup=NameServer([*many, "127.0.0.1"])), "https://example.com/") == "ADDRESS_NOT_ALLOWED"
    assert len(connects) == 4


def test_an_address_that_does_not_answer_leaves_time_for_the_others(
    connects: Spied, authority: Authority, start: Start
) -> None:
    server = start()
    fetch = fetcher(authority, {"host.test": server}, seconds=3, lookup=NameServer([HOLE, ADDRESS]))
    assert fetch(f"https://host.test:{server.port}/", accept="*/*").status == 200
    assert [address for address, _ in connects] == [HOLE, ADDRESS]


def test_an_address_that_does_not_answer_at_all(connects: Spied, authority: Authority, start: Start) -> None:
    server = start()
    fetch = fetcher(authority, {"host.test": server}, seconds=0.2, lookup=NameServer([HOLE]))
    assert code_of(fetch, f"https://host.test:{server.port}/") == "DEADLINE_EXCEEDED"
    assert [address for address, _ in connects] == [HOLE, HOLE]


def test_an_ipv6_address(connects: Spied) -> None:
    assert code_of(Fetcher(lookup=NameServer(["2606:4700::1111"])), "https://example.com/") == "CONNECTION_ERROR"
    assert set(connects) == {("2606:4700::1111", 443)}


def test_a_system_without_ipv6(connects: Spied, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(97, "Address family not supported by protocol")

    monkeypatch.setattr(socket, "socket", refuse)
    assert code_of(Fetcher(lookup=NameServer(["2606:4700::1111"])), "https://example.com/") == "CONNECTION_ERROR"
    assert connects == []


def test_nat64(connects: Spied) -> None:
    for nat64, code in ((False, "ADDRESS_NOT_ALLOWED"), (True, "CONNECTION_ERROR")):
        fetch = Fetcher(nat64=nat64, lookup=NameServer(["64:ff9b::808:808"]))
        assert code_of(fetch, "https://example.com/") == code
    assert set(connects) == {("64:ff9b::808:808", 443)}
    fetch = Fetcher(nat64=True, lookup=NameServer(["64:ff9b::7f00:1"]))
    assert code_of(fetch, "https://example.com/") == "ADDRESS_NOT_ALLOWED"


# --- what is proven is the name, and what is connected to is the address that was checked


def test_the_name_is_sent_and_proven(authority: Authority, start: Start) -> None:
    seen: list[str | None] = []
    tls = authority.server("host.test")
    tls.sni_callback = lambda _, name, __: seen.append(name)
    server = start(tls=tls)
    fetch = fetcher(authority, {"host.test": server})
    assert fetch(f"https://HOST.test:{server.port}/", accept="*/*").status == 200
    assert seen == ["host.test"]
    assert f"\r\nHost: host.test:{server.port}\r\n".encode() in server.requests[0]


# --- allowances


def test_an_allowance_is_for_one_host_one_port_and_one_purpose(
    authority: Authority, start: Start, connects: Spied
) -> None:
    server, other = start(), start()
    fetch = fetcher(authority, {"host.test": server})
    assert fetch(f"https://host.test:{server.port}/", accept="*/*").status == 200
    assert connects == [(ADDRESS, server.port)]
    for url in (
        *(f"https://host.test:{other.port}/", "https://host.test/", f"https://other.test:{server.port}/"),
        *(
            f"https://{ADDRESS}:{server.port}/",
            f"https://localhost:{server.port}/",
            f"https://host.test.:{server.port}/",
        ),
    ):
        assert code_of(fetch, url) in {"HOST_NOT_ALLOWED", "ADDRESS_NOT_ALLOWED"}
    allowances = {f"host.test:{server.port}": "loopback"}
    for address in ("10.0.0.1", "169.254.169.254", GOOD, "::ffff:127.0.0.1", "0.0.0.0"):
        fetch = Fetcher(allowances=allowances, lookup=NameServer([address]), tls=authority.client())
        assert code_of(fetch, f"https://host.test:{server.port}/") == "ADDRESS_NOT_ALLOWED"
    assert connects == [(ADDRESS, server.port)]


def test_another_port_of_a_public_host(connects: Spied) -> None:
    fetch = Fetcher(allowances={"example.com:8443": "global"}, lookup=NameServer([GOOD], [GOOD], ["127.0.0.1"]))
    assert code_of(fetch, "https://example.com:8443/") == "CONNECTION_ERROR"
    assert code_of(fetch, "https://example.com/") == "CONNECTION_ERROR"
    assert code_of(fetch, "https://example.com:8443/") == "ADDRESS_NOT_ALLOWED"
    assert set(connects) == {(GOOD, 8443), (GOOD, 443)}


# --- proxies


def test_variables_for_proxies_have_no_effect(
    authority: Authority, start: Start, connects: Spied, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, server = start(tls=None), start()
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    monkeypatch.setenv("NO_PROXY", "")
    fetch = fetcher(authority, {"host.test": server})
    assert fetch(f"https://host.test:{server.port}/", accept="*/*").status == 200
    assert code_of(Fetcher(lookup=NameServer(["127.0.0.1"])), "https://example.com/") == "ADDRESS_NOT_ALLOWED"
    assert connects == [(ADDRESS, server.port)]
    assert proxy.accepted == 0


# --- all of it: every form of a host, every address


WITH_A_NAME = (*HOSTS, "example.com")


def test_no_form_of_a_host_and_no_address_leads_into_a_network(connects: Spied, authority: Authority) -> None:
    """Directly; by a second answer that differs from the first; and by one record among good ones."""
    tls, allowed = authority.client(), {(GOOD, 443)}
    for bad in ADDRESSES:
        for host in WITH_A_NAME:
            direct, mixed, rebinding = ([bad],), ([GOOD, bad],), ([GOOD], [bad])
            for answers in (direct, mixed, rebinding):
                fetch = Fetcher(lookup=NameServer(*answers), tls=tls)
                for _ in answers:
                    assert code_of(fetch, f"https://{host}/"), (host, answers)
            assert set(connects) <= allowed, (host, bad)
    assert set(connects) == allowed


def test_no_redirect_leads_into_a_network(connects: Spied, authority: Authority, start: Start) -> None:
    """Every form of a host with an address, and every address with a form; benches/fetch.py has each with each."""
    server = start()
    pairs = chain(zip(WITH_A_NAME, cycle(ADDRESSES)), zip(repeat("example.com"), ADDRESSES))
    for host, bad in pairs:
        server.answer = f"HTTP/1.1 302 Found\r\nLocation: https://{host}/\r\n\r\n".encode()
        names = NameServer([ADDRESS], [bad])
        fetch = fetcher(authority, {"host.test": server}, redirects=1, lookup=names)
        assert code_of(fetch, f"https://host.test:{server.port}/") != "REDIRECT_REFUSED"
    assert set(connects) == {(ADDRESS, server.port)}
