"""Status entries: one grammar for the index, and nothing that only looks like an entry."""

from datetime import UTC, datetime

import pytest

from status import (
    ENTRY_TYPES,
    NO_STATUS_LISTS,
    MalformedStatusList,
    RangeError,
    StatusEntry,
    StatusError,
    StatusListLengthError,
    StatusRetrievalError,
    StatusVerificationError,
)

LIST = "https://example.org/status/3"
ISSUER = "did:example:issuer"


def entry(**members: object) -> dict[str, object]:
    return {
        "id": f"{LIST}#94567",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "94567",
        "statusListCredential": LIST,
        **members,
    }


def without(name: str) -> dict[str, object]:
    return {key: value for key, value in entry().items() if key != name}


@pytest.mark.parametrize("entry_type", sorted(ENTRY_TYPES))
def test_the_members_of_an_entry(entry_type: str) -> None:
    parsed = StatusEntry.parse(entry(type=entry_type))

    assert parsed == StatusEntry(entry_type, "revocation", 94567, LIST, size=1, messages=())


@pytest.mark.parametrize(("text", "index"), [("0", 0), ("1", 1), ("131071", 131071), ("999999999", 999_999_999)])
def test_the_index_is_a_decimal_number_in_a_text(text: str, index: int) -> None:
    assert StatusEntry.parse(entry(statusListIndex=text)).index == index


def test_the_url_of_a_list_is_not_longer_than_a_url_has_to_be() -> None:
    longest = LIST + "x" * (2048 - len(LIST))
    assert StatusEntry.parse(entry(statusListCredential=longest)).list_url == longest
    assert StatusEntry.reference({"idx": 1, "uri": longest}).list_url == longest
    with pytest.raises(StatusVerificationError):
        StatusEntry.parse(entry(statusListCredential=longest + "x"))
    with pytest.raises(StatusVerificationError):
        StatusEntry.reference({"idx": 1, "uri": longest + "x"})


INDEX_TEXTS = {
    "": "nothing",
    "-1": "a sign",
    "-0": "a sign",
    "+5": "a sign",
    "012": "a leading zero",
    "00": "a leading zero",
    " 12": "a space before",
    "12 ": "a space behind",
    "12\n": "a line break",
    "1_000": "an underscore",
    "1,000": "a comma",
    "1.0": "a fraction",
    "1e3": "an exponent",
    "0x1f": "hexadecimal",
    "１２": "full-width digits",
    "١٢": "Arabic digits",
    "²": "a superscript",
    "1000000000": "ten digits",
    "9" * 100_000: "far too many digits",
    "12\0": "a zero",
}


@pytest.mark.parametrize("text", INDEX_TEXTS, ids=INDEX_TEXTS.values())
def test_another_index_is_refused(text: str) -> None:
    with pytest.raises(StatusVerificationError, match="statusListIndex"):
        StatusEntry.parse(entry(statusListIndex=text))


@pytest.mark.parametrize("value", [12, 12.0, True, None, ["12"], {"@value": "12"}, b"12"])
def test_an_index_that_is_no_text_is_refused(value: object) -> None:
    with pytest.raises(StatusVerificationError, match="statusListIndex"):
        StatusEntry.parse(entry(statusListIndex=value))


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "BitstringStatusList",
        "bitstringstatuslistentry",
        1,
        ["BitstringStatusListEntry"],
        {"a": {}},
        [],
    ],
)
def test_a_type_that_is_not_understood_is_refused(value: object) -> None:
    with pytest.raises(StatusVerificationError, match="type that is not understood"):
        StatusEntry.parse(entry(type=value))


@pytest.mark.parametrize("name", ["type", "statusPurpose", "statusListIndex", "statusListCredential"])
def test_every_required_member_is_required(name: str) -> None:
    with pytest.raises(StatusVerificationError):
        StatusEntry.parse(without(name))


@pytest.mark.parametrize("name", ["statusPurpose", "statusListCredential"])
@pytest.mark.parametrize("value", [None, "", 1, ["revocation"], {"id": LIST}])
def test_purpose_and_list_are_texts(name: str, value: object) -> None:
    with pytest.raises(StatusVerificationError, match=name):
        StatusEntry.parse(entry(**{name: value}))


@pytest.mark.parametrize("size", [1, 2, 8])
def test_a_size_comes_with_one_message_for_every_value(size: int) -> None:
    messages = [{"status": hex(value), "message": "m"} for value in range(2**size)]

    assert StatusEntry.parse(entry(statusSize=size, statusMessage=messages)).size == size


def test_a_size_of_one_needs_no_messages() -> None:
    assert StatusEntry.parse(entry(statusSize=1)).size == 1


@pytest.mark.parametrize("size", [0, -1, 9, 2**60, 1.0, True, "1", None, [1], {}])
def test_another_size_is_refused(size: object) -> None:
    with pytest.raises(StatusVerificationError, match="statusSize"):
        StatusEntry.parse(entry(statusSize=size, statusMessage=[{}] * 4))


@pytest.mark.parametrize("messages", [None, [], [{}] * 3, [{}] * 5, {"0x0": "valid"}, "four", 4])
def test_too_few_or_too_many_messages_are_refused(messages: object) -> None:
    with pytest.raises(StatusVerificationError, match="statusMessage"):
        StatusEntry.parse(entry(statusSize=2, statusMessage=messages))


def test_a_size_without_messages_is_refused() -> None:
    with pytest.raises(StatusVerificationError, match="statusMessage"):
        StatusEntry.parse(entry(statusSize=2))


def messages(*statuses: object) -> list[dict[str, object]]:
    return [{"status": status, "message": f"m{status}"} for status in statuses]


def test_the_messages_are_in_the_order_of_the_values() -> None:
    listed = messages("0x3", "0x0", "0x02", "0x1")

    assert StatusEntry.parse(entry(statusSize=2, statusMessage=listed)).messages == ("m0x0", "m0x1", "m0x02", "m0x3")
    assert StatusEntry.parse(entry(statusMessage=messages("0x0", "0x1"))).messages == ("m0x0", "m0x1")
    every = messages(*(f"0x{value:02X}" for value in range(256)))
    assert StatusEntry.parse(entry(statusSize=8, statusMessage=every)).messages[0xAB] == "m0xAB"


def test_a_value_may_be_undefined() -> None:
    listed = messages("0x0", "0x1", "undefined", "undefined")

    assert StatusEntry.parse(entry(statusSize=2, statusMessage=listed)).messages == ("m0x0", "m0x1", "", "")


@pytest.mark.parametrize(
    "listed",
    [
        messages("0x0", "0x0"),
        messages("0x0", "0x2"),
        messages("0x0", "1"),
        messages("0x0", 1),
        messages("0x0", "0x"),
        messages("0x0", "0x１"),
        messages("0x0", "0x1\n"),
        messages("0x0", None),
        [*messages("0x0"), {"status": "0x1"}],
        [*messages("0x0"), {"status": "0x1", "message": 1}],
        [*messages("0x0"), {"message": "m"}],
        [*messages("0x0"), "0x1"],
        messages("0x0"),
        messages("0x0", "0x1", "0x1"),
        {"0x0": "a", "0x1": "b"},
        None,
    ],
)
def test_other_messages_are_refused(listed: object) -> None:
    with pytest.raises(StatusVerificationError, match="statusMessage"):
        StatusEntry.parse(entry(statusMessage=listed))


def test_an_entry_is_not_its_list() -> None:
    with pytest.raises(StatusVerificationError, match="id of the status entry"):
        StatusEntry.parse(entry(id=LIST))
    assert StatusEntry.parse(without("id")) == StatusEntry.parse(entry())


def test_the_members_of_a_reference() -> None:
    parsed = StatusEntry.reference({"idx": 7, "uri": LIST, "other": 1})

    assert parsed == StatusEntry("status_list", "", 7, LIST)
    assert [StatusEntry.reference({"idx": index, "uri": LIST}).index for index in (0, 999_999_999)] == [0, 999_999_999]


@pytest.mark.parametrize("index", [-1, 10**9, 10**30, 1.0, True, "7", None, [7], {}])
def test_the_index_of_a_reference_is_a_number(index: object) -> None:
    with pytest.raises(StatusVerificationError, match="idx"):
        StatusEntry.reference({"idx": index, "uri": LIST})
    with pytest.raises(StatusVerificationError, match="idx"):
        StatusEntry.reference({"uri": LIST})


@pytest.mark.parametrize("uri", [None, "", 7, [LIST], {"id": LIST}, b"https://example.org/"])
def test_the_uri_of_a_reference_is_a_text(uri: object) -> None:
    with pytest.raises(StatusVerificationError, match="uri"):
        StatusEntry.reference({"idx": 7, "uri": uri})
    with pytest.raises(StatusVerificationError, match="uri"):
        StatusEntry.reference({"idx": 7})


def test_no_status_lists_hold_nothing_and_name_what_is_missing() -> None:
    with pytest.raises(StatusRetrievalError) as caught:
        NO_STATUS_LISTS.look_up(StatusEntry.parse(entry()), issuers={ISSUER}, now=datetime(2026, 1, 1, tzinfo=UTC))

    assert caught.value.url == LIST
    assert caught.value.code == "STATUS_RETRIEVAL_ERROR"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StatusError, "STATUS_VERIFICATION_ERROR"),
        (StatusRetrievalError, "STATUS_RETRIEVAL_ERROR"),
        (StatusVerificationError, "STATUS_VERIFICATION_ERROR"),
        (MalformedStatusList, "MALFORMED_VALUE_ERROR"),
        (StatusListLengthError, "STATUS_LIST_LENGTH_ERROR"),
        (RangeError, "RANGE_ERROR"),
    ],
)
def test_the_codes_of_the_errors_are_those_of_the_specification(error: type[StatusError], code: str) -> None:
    raised = error("a reason", url=LIST)

    assert (raised.code, raised.detail, raised.url, str(raised)) == (code, "a reason", LIST, "a reason")
    assert isinstance(raised, StatusError)
