"""`vc-core status set --from`: a whole file of changes, or none of it."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from status.store import Store, StoreError
from tests.unit.status_issuer import URL, Issuer
from vc_core.cli.status import bulk


@pytest.fixture
def issuer(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Issuer:
    """An issuer with a list in which urn:0 to urn:9 have an index."""
    made = Issuer.new(tmp_path, capsys, monkeypatch, with_list=True)
    made.allocate(*(word for number in range(10) for word in ("--credential", f"urn:{number}")))
    return made


def index(issuer: Issuer, number: int) -> int:
    return int(issuer.allocate("--credential", f"urn:{number}")[0]["index"])


def test_lines_are_credentials_or_indexes(issuer: Issuer) -> None:
    fifth = index(issuer, 5)
    code, out, _ = issuer.set("--from", issuer.file("urn:1", "", "  urn:2\r", str(fifth), "urn:1"))
    assert (code, len(out)) == (0, 3)
    assert issuer.values() == {index(issuer, 1): 1, index(issuer, 2): 1, fifth: 1}


@pytest.mark.parametrize("separator", [",", ";"])
def test_columns_are_named_by_the_first_line(issuer: Issuer, separator: str) -> None:
    fifth = index(issuer, 5)
    rows = [("credential", "index", "value"), ("urn:1", "", "1"), ("", str(fifth), ""), ('"urn:2"', "", "1")]
    file = issuer.file(*(separator.join(row) for row in rows))
    Path(file).write_bytes(b"\xef\xbb\xbf" + Path(file).read_bytes().replace(b"\n", b"\r\n"))
    assert issuer.set("--from", file)[0] == 0
    assert set(issuer.values()) == {index(issuer, 1), index(issuer, 2), fifth}


def test_what_allocate_prints_can_be_revoked(issuer: Issuer) -> None:
    lines = issuer.allocate("--count", "300")
    code, out, _ = issuer.set("--from", issuer.file(*map(json.dumps, lines)))
    assert code == 0
    assert out[-1] == "and 290 more, 300 in all"
    assert set(issuer.values()) == {line["index"] for line in lines}


def test_each_change_is_a_line_of_json(issuer: Issuer) -> None:
    code, out, _ = issuer.set("--from", issuer.file("urn:1", "urn:2"), "--json")
    assert code == 0
    assert [json.loads(line)["change"] for line in out] == [1, 2]


WRONG: dict[str, tuple[str, ...]] = {
    "no index": ("urn:nobody",),
    "an index that nobody has beyond the list": ("999999999999",),
    "a value that is too large": ("credential,value", "urn:2,2"),
    "a negative value": ("credential,value", "urn:2,-1"),
    "too few cells": ("credential,value", "urn:2"),
    "too many cells": ("credential,value", "urn:2,1,1"),
    "a value that is no number": ("credential,value", "urn:2,yes"),
    "an open quotation mark": ("credential,value", '"urn:2,1'),
    "nothing in the row": ("credential,index", ","),
    "no object": ('{"credential": "urn:1"}', "[]"),
    "no JSON": ('{"credential": "urn:1"}', "urn:2"),
    "deep JSON": ('{"credential": "urn:1"}', '{"credential": ' + "[" * 10_000),
    "a member that is not known": ('{"credential": "urn:1", "indx": 1}',),
    "an empty member": ('{"": true}',),
    "a member twice": ('{"credential": "urn:1", "credential": "urn:2"}',),
    "an index that is a truth": ('{"index": true}',),
    "an index that is a fraction": ('{"index": 1.5}',),
    "an index below zero": ('{"index": -1}',),
    "a credential that is a number": ('{"credential": 5}',),
    "another list": ('{"credential": "urn:1", "list": "https://other.example/1"}',),
    "another value than before": ("credential,value", "urn:2,1", "urn:2,0"),
    "an index of another": ('{"credential": "urn:1", "index": 131071}',),
    "a line that is too long": ("u" * 20_000,),
    "a null character": ("urn:2\0",),
}


@pytest.mark.parametrize("lines", WRONG.values(), ids=WRONG.keys())
def test_one_wrong_line_and_nothing_is_done(issuer: Issuer, lines: tuple[str, ...]) -> None:
    if lines[0].startswith("{"):
        file = issuer.file('{"credential": "urn:7"}', *lines)
    elif lines[0].startswith("credential,"):
        file = issuer.file(*lines, "urn:7,1" if lines[0].endswith("value") else "urn:7,")
    else:
        file = issuer.file("urn:7", *lines)
    code, out, err = issuer.set("--from", file)
    assert (code, out) == (2, [])
    told = err.splitlines()
    assert any(f", line {number}: " in told[0] for number in range(1, len(lines) + 3))
    assert told[-1].startswith("vc-core: nothing was done: 1 line of")
    assert issuer.values() == {}


def test_every_wrong_line_is_counted_and_the_first_ones_are_told(issuer: Issuer) -> None:
    code, _, err = issuer.set("--from", issuer.file("urn:1", *(f"urn:nobody{number}" for number in range(50))))
    told = err.splitlines()
    assert code == 2
    assert len(told) == 11
    assert "line 2: the credential has no index" in told[0]
    assert "50 lines of" in told[-1]


def test_what_is_revoked_already_is_told_by_its_line(issuer: Issuer) -> None:
    assert issuer.set("--from", issuer.file("urn:1", "urn:2"))[0] == 0
    assert issuer.set("--from", issuer.file("urn:2", "urn:3"))[0] == 0
    code, _, err = issuer.set("--from", issuer.file("urn:4", "urn:2"), "--clear")
    assert code == 2
    assert "line 2: index" in err
    assert "is revoked, for ever" in err
    assert len(issuer.values()) == 3


def test_a_number_that_could_be_a_name_is_not_guessed(issuer: Issuer) -> None:
    number = str(index(issuer, 1))
    issuer.allocate("--credential", number)
    code, _, err = issuer.set("--from", issuer.file(number))
    assert code == 2
    assert "give the file a column heading" in err
    assert issuer.values() == {}
    assert issuer.set("--from", issuer.file("credential", number))[0] == 0
    assert issuer.values() == {int(issuer.allocate("--credential", number)[0]["index"]): 1}


def test_an_index_that_was_given_to_nobody_changes_nothing(issuer: Issuer) -> None:
    taken = {index(issuer, number) for number in range(10)}
    free = next(number for number in range(100) if number not in taken)
    code, _, err = issuer.set("--from", issuer.file("urn:1", str(free)))
    assert code == 2
    assert f"index {free} was given to no credential" in err
    assert issuer.values() == {}


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"", "has no lines"), (b"\n \n", "has no lines"), (b"urn:1\nurn:\xff\n", "line 2: it is not UTF-8")],
)
def test_a_file_that_cannot_be_read(issuer: Issuer, data: bytes, words: str) -> None:
    file = issuer.folder / "bulk"
    file.write_bytes(data)
    code, _, err = issuer.set("--from", str(file))
    assert code == 2
    assert words in err


def test_a_file_that_is_too_large_is_refused(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_LARGEST", 1 << 20)
    file = issuer.folder / "bulk"
    file.write_bytes(b"urn:1\n" * 200_000)
    assert "larger than 1 MiB" in issuer.set("--from", str(file))[2]
    monkeypatch.setattr(bulk, "_MOST_LINES", 10)
    assert "more than 10 lines" in issuer.set("--from", issuer.file(*["urn:1"] * 11))[2]
    assert issuer.values() == {}


def test_the_store_has_the_last_word(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look at the list and the change somebody else may revoke."""
    module = importlib.import_module("vc_core.cli.status.set_values")
    assert issuer.set("--credential", "urn:1")[0] == 0
    monkeypatch.setattr(module, "_change", lambda *_: (index_of_first, 0))
    index_of_first = next(iter(issuer.values()))
    code, _, err = issuer.set("--from", issuer.file("", "", "urn:1"))
    assert code == 1
    assert f"bulk, line 3: index {index_of_first} is revoked, for ever (REVOCATION_IS_FINAL)" in err


def test_a_file_costs_few_questions_to_the_store(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    real = Store.indexes_of

    def counted(store: Store, url: str, credentials: Iterable[str]) -> dict[str, int]:
        names = list(credentials)
        asked.append(len(names))
        return real(store, url, names)

    monkeypatch.setattr(Store, "indexes_of", counted)
    names = [f"urn:{number}" for number in range(10)]
    assert issuer.set("--from", issuer.file(*names, str(index(issuer, 1))))[0] == 0
    assert max(asked) == 11
    assert len(issuer.values()) == 10


def test_a_file_that_is_given_again_changes_nothing_more(issuer: Issuer) -> None:
    file = issuer.file("urn:1", "urn:2")
    first = issuer.set("--from", file, "--json")[1]
    assert issuer.set("--from", issuer.file("urn:1", "urn:2", "urn:3"), "--json")[1][:2] == first
    with Store.open(issuer.store) as store:
        assert len(list(store.history(URL))) == 3


def test_a_name_that_no_text_can_have_is_told_by_its_line(issuer: Issuer) -> None:
    code, _, err = issuer.set("--from", issuer.file(json.dumps({"credential": "\ud800"})))
    assert code == 2
    assert "line 1: the credential has no index" in err


def test_a_name_that_no_credential_can_have_is_told_by_its_line(issuer: Issuer) -> None:
    file = issuer.file("urn:a", "x" * 2049, "urn:b\x07c")
    said = issuer.refused("status", "allocate", issuer.store, "--list", URL, "--from", file)
    assert "line 2: " in said
    assert "line 3: " in said
    assert "nothing was done" in said


def test_it_is_about_the_list_that_was_named(issuer: Issuer) -> None:
    other = f"{URL}-other"
    issuer.create("--purpose", "revocation", url=other)
    assert issuer.set("--from", issuer.file("urn:1"), url=other)[0] == 2
    assert issuer.values(other) == issuer.values() == {}


def test_a_store_that_fails_in_between_is_not_taken_for_an_answer(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> int:
        raise StoreError("others keep it", code="STORE_BUSY")

    monkeypatch.setattr(Store, "indexes_of", busy)
    code, _, err = issuer.set("--from", issuer.file("1"))
    assert code == 3
    assert "others keep it (STORE_BUSY)" in err
    assert issuer.values() == {}
