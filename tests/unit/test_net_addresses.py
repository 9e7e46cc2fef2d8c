"""What addresses are for, and which are connected to."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.net.forms import ADDRESSES, GLOBAL
from vc_core.net import PURPOSES, FetchError
from vc_core.net.addresses import check_addresses, purposes

PUBLIC = frozenset({"global"})


def test_there_are_enough_addresses() -> None:
    assert len({ip_address(text) for text in ADDRESSES}) >= 45


@pytest.mark.parametrize("text", ADDRESSES)
def test_special_addresses(text: str) -> None:
    assert purposes(ip_address(text)) != ("global",)
    with pytest.raises(FetchError) as caught:
        check_addresses([ip_address(text)], allowed=PUBLIC)
    assert caught.value.code == "ADDRESS_NOT_ALLOWED"
    assert caught.value.detail.isprintable()


@pytest.mark.parametrize("text", GLOBAL)
def test_global_addresses(text: str) -> None:
    assert purposes(ip_address(text)) == ("global",)
    check_addresses([ip_address(text)], allowed=PUBLIC)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("127.0.0.1", ("loopback",)),
        ("::1", ("loopback",)),
        ("::", ("unspecified",)),
        ("::2", ("IPv4-compatible", "this network")),
        ("::ffff:10.0.0.1", ("IPv4-mapped", "private")),
        ("::ffff:0:10.0.0.1", ("IPv4-translated", "private")),
        ("64:ff9b::169.254.169.254", ("NAT64", "link-local")),
        ("64:ff9b::8.8.8.8", ("NAT64", "global")),
        ("2002:c0a8:101::", ("6to4", "private")),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", ("Teredo",)),
        ("2001:db8::5efe:127.0.0.1", ("documentation", "ISATAP", "loopback")),
        ("2606:4700::5efe:127.0.0.1", ("global", "ISATAP", "loopback")),
        ("fd00::1", ("private",)),
        ("168.63.129.17", ("global",)),
    ],
)
def test_purposes(text: str, found: tuple[str, ...]) -> None:
    assert purposes(ip_address(text)) == found
    assert set(found) <= PURPOSES | {"ISATAP"}


@pytest.mark.parametrize("bad", ADDRESSES)
def test_one_bad_address_among_good_ones(bad: str) -> None:
    for mixed in ([*GLOBAL, bad], [bad, *GLOBAL], [GLOBAL[0], bad, GLOBAL[1]]):
        with pytest.raises(FetchError, match="not allowed"):
            check_addresses(map(ip_address, mixed), allowed=PUBLIC)


def test_nat64_is_judged_by_what_it_stands_for() -> None:
    allowed = {"global", "NAT64"}
    check_addresses([ip_address("64:ff9b::8.8.8.8")], allowed=allowed)
    for text in ("64:ff9b::127.0.0.1", "64:ff9b:1::8.8.8.8", "::ffff:8.8.8.8"):
        with pytest.raises(FetchError):
            check_addresses([ip_address(text)], allowed=allowed)


def test_an_allowance_is_for_one_purpose() -> None:
    check_addresses(map(ip_address, ("127.0.0.1", "::1")), allowed={"loopback"})
    for text in ("10.0.0.1", "8.8.8.8", "::ffff:127.0.0.1", "2606:4700::5efe:127.0.0.1"):
        with pytest.raises(FetchError):
            check_addresses([ip_address(text)], allowed={"loopback"})


@given(st.integers(0, 2**32 - 1).map(IPv4Address) | st.integers(0, 2**128 - 1).map(IPv6Address))
def test_every_address_has_a_purpose_and_the_standard_library_agrees_on_what_is_global(
    address: IPv4Address | IPv6Address,
) -> None:
    found = purposes(address)
    assert set(found) <= PURPOSES | {"ISATAP"}
    if found == ("global",):
        assert address.is_global
        assert not address.is_multicast


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_what_carries_an_address_is_never_global(address: IPv4Address) -> None:
    bits = int(address)
    carriers = (0, 0xFFFF << 32, 0xFFFF << 48, 0x64FF9B << 96, (0x2002 << 112), 0x2606_4700 << 96 | 0x5EFE << 32)
    for carrier in carriers:
        carried = IPv6Address(carrier | (bits << 80 if carrier >> 112 == 0x2002 else bits))
        assert purposes(carried) != ("global",)
        if carrier or bits > 1:
            assert purposes(carried)[-1:] == purposes(address)
