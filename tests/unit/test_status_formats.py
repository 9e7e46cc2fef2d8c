"""The formats of lists: what is written, and the many things that are not read."""

from __future__ import annotations

import base64
import gzip
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest

from status import (
    FORMATS,
    MOST_BYTES,
    Format,
    MalformedStatusList,
    StatusList,
    StatusListLengthError,
    StatusVerificationError,
)
from status.formats.compression import GZIP, ZLIB

LENGTH = 131_072
NAMES = ["bitstring", "statuslist2021", "token"]
MEBIBYTE = bytes(1 << 20)


def text_of(name: str, compressed: bytes) -> str:
    """The text around any bytes, as the format writes it."""
    return FORMATS[name].bytes_to_text(compressed)


def compressed(name: str, data: bytes) -> bytes:
    return zlib.compress(data) if name == "token" else gzip.compress(data, mtime=0)


def statuses_of(name: str, *, length: int = LENGTH, size: int = 1) -> StatusList:
    return StatusList.of_length(length, size=size, least_significant_first=name == "token").updated({5: 1, 70_000: 1})


def refused(name: str, encoded: str | bytes, *, most_bytes: int = MOST_BYTES) -> str:
    """Why it is refused, with the code for what is malformed."""
    with pytest.raises(MalformedStatusList) as caught:
        FORMATS[name].decode(encoded, most_bytes=most_bytes)
    assert caught.value.code == "MALFORMED_VALUE_ERROR"
    assert isinstance(caught.value, StatusVerificationError)
    return caught.value.detail


def test_the_table_of_formats() -> None:
    assert list(FORMATS) == NAMES
    assert [each.name for each in FORMATS.values()] == NAMES
    with pytest.raises(TypeError):
        FORMATS["other"] = FORMATS["token"]  # type: ignore[index]  # is what is refused


@pytest.mark.parametrize("name", NAMES)
def test_writing_is_deterministic_and_bears_no_date(name: str) -> None:
    statuses = statuses_of(name)
    text = FORMATS[name].encode(statuses)

    assert text == FORMATS[name].encode(
        StatusList(bytes(bytearray(statuses.data)), 1, statuses.least_significant_first)
    )
    assert text.startswith({"bitstring": "uH4sIAAAAAA", "statuslist2021": "H4sIAAAAAA", "token": "eN"}[name])
    assert not set(text) & set("=" if name == "statuslist2021" else "=+/")


def test_what_is_written_others_read() -> None:
    """With nothing but the standard library."""
    for name in NAMES:
        statuses = statuses_of(name)
        text = FORMATS[name].encode(statuses).removeprefix("u")
        alphabet = base64.b64decode if name == "statuslist2021" else base64.urlsafe_b64decode
        data = alphabet(text + "=" * (-len(text) % 4))
        assert (zlib.decompress if name == "token" else gzip.decompress)(data) == statuses.data
    assert zlib.decompress(FORMATS["token"].encode_bytes(statuses_of("token"))) == statuses_of("token").data


def test_a_list_of_2021_is_read_in_either_alphabet_padded_or_not() -> None:
    texts = set()
    for number in range(40):
        statuses = statuses_of("statuslist2021").updated({number * 1000 + 1: 1})
        data = gzip.compress(statuses.data, mtime=number)
        plain, url = base64.b64encode(data).decode(), base64.urlsafe_b64encode(data).decode()
        for text in (plain, url, plain.rstrip("="), url.rstrip("=")):
            texts.add(text)
            assert FORMATS["statuslist2021"].decode(text, most_bytes=MOST_BYTES) == statuses
    assert {len(text.rstrip("=")) % 4 for text in texts} == {0, 2, 3}
    assert any("+" in text for text in texts)
    assert any("_" in text for text in texts)


@pytest.mark.parametrize("name", ["bitstring", "statuslist2021"])
def test_a_short_list_is_read_and_not_believed_and_not_written(name: str) -> None:
    layout = FORMATS[name]
    short = StatusList(bytes(16_383))
    read = layout.decode(text_of(name, compressed(name, short.data)), most_bytes=MOST_BYTES)

    assert read == short
    for attempt in (layout.check_length, layout.encode):
        with pytest.raises(StatusListLengthError) as caught:
            attempt(short)
        assert caught.value.code == "STATUS_LIST_LENGTH_ERROR"
    layout.check_length(StatusList(bytes(16_384)))


def test_the_length_is_in_values_and_not_in_bits() -> None:
    with pytest.raises(StatusListLengthError):
        FORMATS["bitstring"].encode(StatusList(bytes(16_384), 2))
    FORMATS["bitstring"].encode(StatusList(bytes(32_768), 2))


def test_a_token_s_list_may_be_short_but_not_empty() -> None:
    token = FORMATS["token"]
    assert token.encode(StatusList(bytes.fromhex("b9a3"), 1, least_significant_first=True)) == "eNrbuRgAAhcBXQ"
    with pytest.raises(StatusListLengthError):
        token.encode(StatusList(b"", 1, least_significant_first=True))


@pytest.mark.parametrize("name", NAMES)
def test_a_list_of_another_layout_is_not_written(name: str) -> None:
    other = StatusList(bytes(16_384), 1, least_significant_first=name != "token")
    with pytest.raises(ValueError, match="laid out"):
        FORMATS[name].encode(other)
    if name != "bitstring":
        with pytest.raises(ValueError, match="laid out"):
            FORMATS[name].encode(StatusList(bytes(131_072), 3))


@pytest.mark.parametrize(
    ("name", "sizes"), [("bitstring", range(1, 9)), ("statuslist2021", [1]), ("token", [1, 2, 4, 8])]
)
def test_the_sizes_of_each_format(name: str, sizes: list[int]) -> None:
    data = compressed(name, bytes(131_072))
    for size in range(-1, 20):
        if size in sizes:
            assert len(FORMATS[name].decode(text_of(name, data), size=size, most_bytes=MOST_BYTES)) == 2**20 // size
        else:
            with pytest.raises(StatusVerificationError, match="so many bits"):
                FORMATS[name].decode(text_of(name, data), size=size, most_bytes=MOST_BYTES)


def test_only_a_token_has_a_binary_form() -> None:
    for name in ("bitstring", "statuslist2021"):
        with pytest.raises(ValueError, match="text"):
            FORMATS[name].encode_bytes(statuses_of(name))
        assert refused(name, gzip.compress(bytes(16_384))) == "the encoded list is not a text"


@pytest.mark.parametrize(("name", "binary"), [*((name, False) for name in NAMES), ("token", True)])
def test_defects_of_the_stream(name: str, binary: bool) -> None:
    """Each of which a careless reader takes for a list."""
    good = compressed(name, bytes(16_384))
    wrong_crc = bytearray(good)
    wrong_crc[-5 if name != "token" else -1] ^= 1
    wrong_length = bytearray(good)
    wrong_length[-1] ^= 1
    damaged = bytearray(good)
    damaged[12] ^= 0xFF
    other_container = gzip.compress(bytes(16_384)) if name == "token" else zlib.compress(bytes(16_384))
    defects = {
        "truncated by a byte": good[:-1],
        "truncated in the middle": good[: len(good) // 2],
        "without its checksum": good[: -8 if name != "token" else -4],
        "nothing": b"",
        "two members": good + good,
        "an empty second member": good + compressed(name, b""),
        "a byte behind": good + b"\0",
        "many zeros behind": good + bytes(512),
        "another checksum": bytes(wrong_crc),
        "another length or checksum": bytes(wrong_length),
        "damaged": bytes(damaged),
        "of the other container": other_container,
        "raw": zlib.compress(bytes(16_384), wbits=-15),
        "not compressed": bytes(16_384),
    }
    passed = []
    for defect, data in defects.items():
        try:
            FORMATS[name].decode(data if binary else text_of(name, data), most_bytes=MOST_BYTES)
        except MalformedStatusList:
            continue
        passed.append(defect)
    assert passed == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "spoil", ["{} ", " {}", "{}\n", "{}=", "{}====", "{}*", "z{}", "{}é", "{}\udcff", "{}\0", "{}A"]
)
def test_defects_of_the_text(name: str, spoil: str) -> None:
    text = FORMATS[name].encode(statuses_of(name))
    FORMATS[name].decode(text, most_bytes=MOST_BYTES)
    refused(name, spoil.format(text))
    refused(name, text[:20] + spoil.format("")[:1] + text[20:])


def test_a_text_has_one_alphabet() -> None:
    bitstring, token = FORMATS["bitstring"], FORMATS["token"]
    data = next(data for data in streams() if {"-", "_"} <= set(text_of("bitstring", data)))
    url = text_of("bitstring", data)[1:]
    plain = url.replace("-", "+").replace("_", "/")

    assert bitstring.decode("u" + url, most_bytes=MOST_BYTES)
    for foreign in (plain, url.replace("-", "+"), url.replace("_", "/")):
        refused("bitstring", "u" + foreign)
        refused("token", foreign)
    assert FORMATS["statuslist2021"].decode(plain, most_bytes=MOST_BYTES)
    assert "alphabets" in refused("statuslist2021", url.replace("-", "+"))
    assert token.decode(token.encode(statuses_of("token")), most_bytes=MOST_BYTES)


def streams() -> Iterator[bytes]:
    """Gzip streams of a list, each with another date."""
    return (gzip.compress(bytes(16_384), mtime=number) for number in range(1, 1_000_000, 97))


def test_the_multibase_header_is_required_where_it_belongs_and_nowhere_else() -> None:
    text = FORMATS["bitstring"].encode(statuses_of("bitstring"))
    for header in ("", "U", "z", "m", "uu", " u"):
        refused("bitstring", header + text[1:])
    refused("statuslist2021", text)


def test_bits_behind_the_last_byte_are_zero() -> None:
    lists = (StatusList(bytes(16_384)).updated({number: 1, 3 * number: 1}) for number in range(100))
    data = next(each for each in (gzip.compress(statuses.data) for statuses in lists) if len(each) % 3)
    text = text_of("bitstring", data)
    assert FORMATS["bitstring"].decode(text, most_bytes=MOST_BYTES)
    last = text[-1]
    assert last in "AEIMQUYcgkosw048"
    assert "canonical" in refused("bitstring", text[:-1] + chr(ord(last) + 1))


def bomb(name: str, mebibytes: int) -> bytes:
    """So many MiB of zeros, compressed without ever being held."""
    stream = zlib.compressobj(9, zlib.DEFLATED, ZLIB if name == "token" else GZIP)
    return b"".join(stream.compress(MEBIBYTE) for _ in range(mebibytes)) + stream.flush()


@pytest.mark.parametrize("name", NAMES)
def test_bombs_are_inflated_no_further_than_allowed(name: str) -> None:
    data = bomb(name, 64)
    inner = compressed(name, data)
    for stream, most_bytes in ((data, MOST_BYTES), (data, 1 << 20), (data[:-100], MOST_BYTES), (data + data, 1 << 20)):
        text = text_of(name, stream)
        tracemalloc.start()
        try:
            assert refused(name, text, most_bytes=most_bytes) == f"the list is longer than {most_bytes} bytes"
            assert tracemalloc.get_traced_memory()[1] < 3 * most_bytes + 4 * len(text)
        finally:
            tracemalloc.stop()
    nested = FORMATS[name].decode(text_of(name, inner), most_bytes=MOST_BYTES)
    assert nested.data == data  # what is inside of a list is a list, whatever it looks like


@pytest.mark.parametrize("name", NAMES)
def test_a_text_that_is_too_long_is_not_even_decoded(name: str) -> None:
    text = "u" + "A" * 50_000_000
    tracemalloc.start()
    try:
        assert "encoded list is longer" in refused(name, text)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()
    if name == "token":
        assert "compressed list is longer" in refused(name, bytes(50_000_000))


@pytest.mark.parametrize("layout", FORMATS.values(), ids=NAMES)
def test_what_does_not_compress_is_read_up_to_the_limit(layout: Format) -> None:
    """The limits on what is encoded leave room for every list within the limit on what it holds."""
    noise = zlib.decompress(zlib.compress(bytes(range(256)) * 8)) + b"".join(
        (number * 2_654_435_761 % 2**32).to_bytes(4, "big") for number in range(65_536)
    )
    statuses = StatusList(noise, 1, layout.least_significant_first)
    stored = zlib.compressobj(0, zlib.DEFLATED, layout.container)
    stream = stored.compress(noise) + stored.flush()

    assert len(stream) > len(noise)
    for text in (layout.encode(statuses), layout.bytes_to_text(stream)):
        assert layout.decode(text, most_bytes=len(noise)) == statuses
