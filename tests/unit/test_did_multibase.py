"""base58btc, base64url, multibase and multicodec: what is read is what would be written."""

from __future__ import annotations

import pytest

from did.errors import InvalidEncoding
from did.multibase import (
    MAX_BASE58,
    MAX_BASE64URL,
    decode_base58btc,
    decode_base64url,
    decode_multibase,
    encode_base58btc,
    encode_base64url,
    join_multicodec,
    split_multicodec,
)


@pytest.mark.parametrize(
    ("data", "text"),
    [  # draft-msporny-base58, section 5, and the edges
        (b"", ""),
        (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
        (
            b"The quick brown fox jumps over the lazy dog.",
            "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
        ),
        (bytes.fromhex("0000287fb4cd"), "11233QC4"),
        (b"\0", "1"),
        (b"\0\0", "11"),
        (b"\x01", "2"),
        (b"\x39", "z"),
        (b"\x3a", "21"),
    ],
)
def test_base58_examples(data: bytes, text: str) -> None:
    assert decode_base58btc(text) == data
    assert encode_base58btc(data) == text


@pytest.mark.parametrize("text", [" 2", "2 ", "2\n", "\t2", "0", "O", "I", "l", "2_", "2é", "2\x00", "２", "\ud800"])
def test_foreign_characters_are_refused_in_base58(text: str) -> None:
    with pytest.raises(InvalidEncoding) as caught:
        decode_base58btc(text)
    assert caught.value.code == "MALFORMED_VALUE_ERROR"


def test_base58_is_bounded_before_any_work() -> None:
    longest = "z" * MAX_BASE58
    assert encode_base58btc(decode_base58btc(longest)) == longest
    assert encode_base58btc(bytes(MAX_BASE58)) == "1" * MAX_BASE58
    for too_long in ("z" * (MAX_BASE58 + 2), "z" * 1_000_000, "z" + "1" * 1_000_000, "z" * 10_000_000):
        for decode in (decode_base58btc, decode_multibase):
            with pytest.raises(InvalidEncoding, match="longer than"):
                decode(too_long)
    longest_data = decode_base58btc(longest)
    assert decode_base58btc(encode_base58btc(b"\xff" * (len(longest_data) - 1))) == b"\xff" * (len(longest_data) - 1)
    for data in (b"\xff" * (len(longest_data) + 1), bytes(MAX_BASE58 + 1), b"\xff" * 1_000_000):
        with pytest.raises(InvalidEncoding):
            encode_base58btc(data)


@pytest.mark.parametrize(
    ("data", "text"), [(b"", ""), (b"f", "Zg"), (b"fo", "Zm8"), (b"foo", "Zm9v"), (b"\xfb\xff\xfe", "-__-")]
)
def test_base64url_examples(data: bytes, text: str) -> None:
    assert decode_base64url(text) == data
    assert encode_base64url(data) == text


@pytest.mark.parametrize(
    "text",
    [
        "Zg==",
        "Zg=",
        "Zh",
        "Zm9",
        "Z",
        "Zm9vZ",
        " Zg",
        "Zg ",
        "Z\ng",
        "+__-",
        "-//-",
        "Zg!",
        "Zé",
        "Zm9v=",
        "=",
        "\ud800",
        "Zg\x00",
    ],
)
def test_other_texts_of_the_same_bytes_are_refused_in_base64url(text: str) -> None:
    with pytest.raises(InvalidEncoding):
        decode_base64url(text)


def test_multibase_reads_z_and_u_only() -> None:
    assert decode_multibase("zLUv") == b"abc"[:0] + decode_base58btc("LUv")
    assert decode_multibase("uZm9v") == b"foo"
    assert decode_multibase("z") == decode_multibase("u") == b""
    for text in ("", "f00", "mZm9v", "UZm9v", "ZLUv", "9", "\ud800", " zLUv"):
        with pytest.raises(InvalidEncoding):
            decode_multibase(text)
    assert len(decode_multibase("u" + "A" * MAX_BASE64URL)) == MAX_BASE64URL * 3 // 4
    with pytest.raises(InvalidEncoding):
        decode_multibase("u" + "A" * (MAX_BASE64URL + 4))


@pytest.mark.parametrize(
    ("code", "prefix"),
    [
        (0, "00"),
        (0x7F, "7f"),
        (0xED, "ed01"),
        (0x1200, "8024"),
        (0xEB51, "d1d603"),
        (2**63 - 1, "ff" * 8 + "7f"),
    ],
)
def test_multicodec_prefixes(code: int, prefix: str) -> None:
    assert join_multicodec(code, b"rest") == bytes.fromhex(prefix) + b"rest"
    assert split_multicodec(bytes.fromhex(prefix) + b"rest") == (code, b"rest")


@pytest.mark.parametrize("data", ["", "80", "ed", "ed8100", "8000", "808000", "ff" * 9 + "7f", "80" * 9 + "01"])
def test_multicodec_prefixes_that_are_not_the_shortest(data: str) -> None:
    with pytest.raises(InvalidEncoding):
        split_multicodec(bytes.fromhex(data))
