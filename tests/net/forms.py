"""What a hostile URL writes where a host belongs, and what a hostile name server answers."""

from __future__ import annotations

HOSTS = (
    # IPv4 addresses, as people write them and as resolvers read them
    *(
        "127.0.0.1",
        "127.1",
        "127.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "0177.0.0.1",
        "017700000001",
        "0",
        "0x0",
    ),
    *(
        "127.0.0.1.",
        "0000127.0.0.1",
        "127.0.0.1:443",
        "10.0.0.1",
        "169.254.169.254",
        "192.168.0.1",
        "0.0.0.0",
        "127.0.0.0x1",
    ),
    *("8.8.8.8", "1.1", "256.256.256.256", "1.2.3.4.5"),
    # IPv6 addresses
    *(
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:0:0:1]",
        "[fe80::1%25eth0]",
        "[64:ff9b::7f00:1]",
    ),
    *("[fd00:ec2::254]", "[2606:4700::1111]", "::1", "[::1", "[v1.fe80]"),
    # names that a machine has for itself, and names that are none
    *("localhost", "localhost.", "LOCALHOST", "ip6-localhost", "metadata", "a", "com", "", ".", "..", ".example.com"),
    *("example..com", "example.com.", "-a.example", "a-.example", "a_b.example", "*.example", "a." * 127 + "example"),
    *("a" * 64 + ".example", "example.1", "example.0x1", "example.1a"),
    # what is taken for something else after it was checked
    *(
        "①②⑦.0.0.1",
        "１２７.0.0.1",
        "example。com",
        "exam\u212aple.com",
        "exämple.com",
        "ⓔxample.com",
        "example\u00ad.com",
    ),
    *(
        "user@example.com",
        "user:secret@example.com",
        "example.com@127.0.0.1",
        "example.com\\@127.0.0.1",
        "%31%32%37.0.0.1",
    ),
    *("example.com%00.evil", "example.com\x00", "example.com ", " example.com", "example.com\t", "example\r\n.com"),
    *("example.com:80", "example.com:8443", "example.com:", "example.com:0443", "example.com:-1", "example.com:99999"),
    *("example.com:443:443", "example.com;.evil", "example.com&.evil"),
)
"""Each is refused as the authority of an https URL."""

ADDRESSES = (
    *(
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
    ),
    *("168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1"),
    *("192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.1.1", "192.175.48.1", "198.18.0.1", "198.19.255.255"),
    *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1"),
    *("64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1", "64:ff9b:1:7f00:0:100::", "100::1", "100:0:0:1::1"),
    *("2001::1", "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:2::1", "2001:10::1", "2001:20::1", "2001:db8::1"),
    *("2002:7f00:1::", "2002:a00:1::1", "2002:808:808::1", "2606:4700::5efe:10.0.0.1", "2606:4700::200:5efe:7f00:1"),
    *("2620:4f:8000::1", "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1"),
    *("ff0e::1", "8000::1"),
)
"""Each is refused as an address of a host: it is not a global unicast address, or carries one that is not."""

GLOBAL = (
    "93.184.216.34",
    "8.8.8.8",
    "1.1.1.1",
    "172.32.0.1",
    "100.63.255.255",
    "223.255.255.255",
    "2606:4700::1111",
    "2a00::1",
)
