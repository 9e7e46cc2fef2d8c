"""What an IP address is for, by the registries of special-purpose addresses (RFC 6890).

This is our own table, because what the standard library calls global depends on its version and takes no account of the
addresses that carry another one. It follows the IANA registries of IPv4 and of IPv6 special-purpose addresses, the
multicast and the global unicast space (RFC 4291), the obsolete site-local addresses (RFC 3879) and the mechanisms that
carry an IPv4 address inside an IPv6 address. Where a registry calls a special block globally reachable, no web server
is in it, and it is special here all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Final, NamedTuple

from vc_core.net.errors import FetchError

Address = IPv4Address | IPv6Address
_IPV4: Final = 0xFFFF_FFFF


class _Block(NamedTuple):
    network: IPv4Network | IPv6Network
    purpose: str
    carries: int | None = None  # where the IPv4 address is that it carries, in bits from the right


_BLOCKS: Final = tuple(
    _Block(ip_network(network), purpose, *carries)
    for network, purpose, *carries in (  # the first that matches
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "shared"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "platform"),  # the host of a virtual machine of one large provider
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "AS112"),
        ("192.52.193.0/24", "AMT"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "AS112"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("240.0.0.0/4", "reserved"),
        ("0.0.0.0/0", "global"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::/96", "IPv4-compatible", 0),
        ("::ffff:0:0/96", "IPv4-mapped", 0),
        ("::ffff:0:0:0/96", "IPv4-translated", 0),
        ("64:ff9b::/96", "NAT64", 0),
        ("64:ff9b:1::/48", "local NAT64"),  # each network says for itself where the IPv4 address is
        ("100::/64", "discard-only"),
        ("2001::/32", "Teredo"),
        ("2001:2::/48", "benchmarking"),
        ("2001:10::/28", "ORCHID"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4", 80),
        ("2620:4f:8000::/48", "AS112"),
        ("3fff::/20", "documentation"),
        ("2000::/3", "global"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
        ("::/0", "reserved"),
    )
)
PURPOSES: Final = frozenset(block.purpose for block in _BLOCKS)
"""Every purpose that there is a block for."""


def purposes(address: Address) -> tuple[str, ...]:
    """What the address is for, and after it what the IPv4 address is for that it carries, if it carries one.

    `("global",)` are unicast addresses of the public Internet, and nothing else is.
    """
    block = next(block for block in _BLOCKS if block.network.version == address.version and address in block.network)
    if block.carries is not None:
        return (block.purpose, *purposes(IPv4Address(int(address) >> block.carries & _IPV4)))
    if address.version == 6 and int(address) >> 32 & 0xFDFF_FFFF == 0x5EFE:  # RFC 5214, section 6.1
        return (block.purpose, "ISATAP", *purposes(IPv4Address(int(address) & _IPV4)))
    return (block.purpose,)


def check_addresses(addresses: Iterable[Address], *, allowed: Collection[str]) -> None:
    """Every address is for what is in `allowed`, and so is what it carries. Raises `FetchError` otherwise.

    One that is not, among others that are, says that the name is used to reach into a network, or that something is
    wrong with it. The others are not used then: what the name means is not to depend on the order of its records.
    """
    for address in addresses:
        found = purposes(address)
        if not set(found) <= set(allowed):
            raise FetchError("ADDRESS_NOT_ALLOWED", f"an address of the host is not allowed: {', '.join(found)}")
