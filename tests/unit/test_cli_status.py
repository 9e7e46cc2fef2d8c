"""`vc-core status`: a store is made, credentials get indexes and are revoked, lists are published and looked at."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from status.store import Store, StoreError
from tests.unit.status_issuer import TOKENS, URL, Issuer
from vc_core.cli.exit_codes import exit_code_of
from vc_core.cli.status.durations import read_duration, written

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def issuer(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Issuer:
    return Issuer.new(tmp_path, capsys, monkeypatch, with_list=False)


@pytest.fixture
def with_list(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Issuer:
    return Issuer.new(tmp_path, capsys, monkeypatch, with_list=True)


# --- create


def test_a_list_is_created_as_it_was_asked_for(issuer: Issuer) -> None:
    code, out, err = issuer.run("status", "create", issuer.store, "--url", URL, "--purpose", "revocation")
    assert (code, out, err) == (0, [f"{URL}: bitstring, revocation, 131072 values of 1 bit"], "")
    code, out, _ = issuer.run(
        *("status", "create", issuer.store, "--url", TOKENS, "--format", "token", "--size", "2"),
        *("--length", "200000", "--ttl", "15m", "--json", "--actor", "registrar"),
    )
    assert code == 0
    assert json.loads(out[0]) == {
        "list": TOKENS,
        "format": "token",
        "purposes": [],
        "size": 2,
        "length": 200_000,
        "ttl": 900,
        "messages": [],
    }
    with Store.open(issuer.store) as store:
        assert [info.actor for info in store.lists()][1] == "registrar"


def test_messages_are_for_values(issuer: Issuer) -> None:
    issuer.create("--purpose", "message", "--size", "2", "--message", "0x1=pending", "--message", "2=a=b")
    (line,) = issuer.allocate("--credential", "urn:x")
    entry = line["credentialStatus"]
    assert entry["statusSize"] == 2
    assert [each["message"] for each in entry["statusMessage"]] == ["undefined", "pending", "a=b", "undefined"]
    assert [each["status"] for each in entry["statusMessage"]] == ["0x0", "0x1", "0x2", "0x3"]


@pytest.mark.parametrize(
    "url",
    [
        *("http://a.example/1", "https://u:secret@a.example/1", "https://a.example/", "https://a.example"),
        *("https://a.example/1#a", "https://a.example/1?a=b", "", "https://a.example/1 2", "file:///etc/passwd"),
        *("https://a.example/..%2f", "https://a.example/.hidden", "https://a.example/" + "a" * 300, "urn:uuid:1"),
        *("https://a.example/\x1b[2J", "https://ā.example/1", "https://a.example/..", "javascript:alert(1)"),
        *(
            "https://a.example/a/../3",
            "https://a.example/./3",
            "https://a.example/%2e%2E/3",
            "https://a.example/.%2e/3",
        ),
    ],
)
def test_a_url_that_verifiers_would_not_fetch_makes_no_list(issuer: Issuer, url: str) -> None:
    said = issuer.refused("status", "create", issuer.store, "--url", url, "--purpose", "revocation")
    assert "--url" in said
    assert "secret" not in said
    assert not Path(issuer.store).exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "Say --purpose"),
        (["--format", "token", "--purpose", "revocation"], "Say --purpose, but for the format token"),
        (["--purpose", "other"], "'other' is not one of"),
        (["--purpose", "revocation", "--length", "8"], "INVALID_ARGUMENT"),
        (["--purpose", "revocation", "--length", "99999999999999"], "INVALID_ARGUMENT"),
        (["--purpose", "message", "--size", "2"], "need --message"),
        (["--purpose", "message", "--size", "2", "--message", "4=x"], "--message 4=x"),
        (["--purpose", "message", "--size", "2", "--message", "1=x", "--message", "0x1=y"], "--message 0x1=y"),
        (["--purpose", "message", "--size", "2", "--message", "x"], "--message x"),
        (["--format", "token", "--message", "1=x"], "does not go with the format token"),
        (["--format", "token", "--size", "3"], "INVALID_ARGUMENT"),
        (["--purpose", "revocation", "--ttl", "soon"], "write a number with s, m, h or d"),
        (["--purpose", "revocation", "--actor", "a\nb"], "INVALID_ARGUMENT"),
    ],
)
def test_a_list_that_cannot_be_is_refused(issuer: Issuer, options: list[str], words: str) -> None:
    assert words in issuer.refused("status", "create", issuer.store, "--url", URL, *options)


def test_a_list_is_created_once(with_list: Issuer) -> None:
    said = with_list.refused("status", "create", with_list.store, "--url", URL, "--purpose", "suspension")
    assert "LIST_EXISTS" in said


# --- allocate


def test_an_entry_is_ready_to_be_embedded(with_list: Issuer) -> None:
    first, second = with_list.allocate("--credential", "urn:a", "--credential", "urn:b")
    assert first["credential"] == "urn:a"
    assert first["index"] != second["index"]
    assert first["credentialStatus"] == {
        "id": f"{URL}#{first['index']}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(first["index"]),
        "statusListCredential": URL,
    }
    assert with_list.allocate("--credential", "urn:a") == [first]


def test_a_token_gets_a_reference(issuer: Issuer) -> None:
    issuer.create("--format", "token", url=TOKENS)
    (line,) = issuer.allocate("--credential", "urn:a", url=TOKENS)
    assert line["status"] == {"status_list": {"idx": line["index"], "uri": TOKENS}}
    assert "credentialStatus" not in line


def test_many_are_given_new_names_or_those_of_a_file(with_list: Issuer) -> None:
    lines = with_list.allocate("--count", "500")
    assert len({line["index"] for line in lines}) == len({line["credential"] for line in lines}) == 500
    assert all(line["credential"].startswith("urn:uuid:") for line in lines)
    named = with_list.allocate("--from", with_list.file("urn:a", "", "  urn:b  "))
    assert [line["credential"] for line in named] == ["urn:a", "urn:b"]


def test_all_are_given_or_none(with_list: Issuer) -> None:
    code, out, err = with_list.run("status", "allocate", with_list.store, "--list", URL, "--count", "131073")
    assert (code, out) == (1, [])
    assert "LIST_FULL" in err
    assert len(with_list.allocate("--count", "10")) == 10


@pytest.mark.parametrize(
    "options", [[], ["--credential", "a", "--count", "1"], ["--count", "0"], ["--count", "1000000000"]]
)
def test_what_to_allocate_has_to_be_said_once(with_list: Issuer, options: list[str]) -> None:
    with_list.refused("status", "allocate", with_list.store, "--list", URL, *options)


# --- set


def test_a_credential_is_revoked_for_ever(with_list: Issuer) -> None:
    (line,) = with_list.allocate("--credential", "urn:a")
    code, out, err = with_list.set("--credential", "urn:a", "--actor", "registrar")
    assert (code, out) == (0, [f"index {line['index']}: 1  (change 1)"])
    assert "status publish" in err
    code, out, err = with_list.set("--index", str(line["index"]), "--clear")
    assert (code, out) == (1, [])
    assert "REVOCATION_IS_FINAL" in err
    with Store.open(with_list.store) as store:
        (change,) = store.history(URL)
    assert (change.actor, change.reason, change.value) == ("registrar", "test", 1)


def test_a_suspension_is_lifted(issuer: Issuer) -> None:
    issuer.create("--purpose", "suspension")
    (line,) = issuer.allocate("--credential", "urn:a")
    assert issuer.set("--credential", "urn:a")[0] == 0
    code, out, _ = issuer.set("--credential", "urn:a", "--clear", "--json")
    assert code == 0
    assert {**json.loads(out[0]), "at": None, "actor": None} == {
        "list": URL,
        "change": 2,
        "index": line["index"],
        "value": 0,
        "reason": "test",
        "actor": None,
        "at": None,
    }
    assert issuer.values() == {line["index"]: 0}


def test_who_does_it_is_whom_the_system_says(with_list: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    with_list.allocate("--credential", "urn:a")
    monkeypatch.setattr("getpass.getuser", lambda: "anna")
    with_list.set("--credential", "urn:a")
    with Store.open(with_list.store) as store:
        assert [change.actor for change in store.history(URL)] == ["anna"]

    def nobody() -> str:
        raise OSError("no user")

    monkeypatch.setattr("getpass.getuser", nobody)
    code, _, err = with_list.set("--credential", "urn:a")
    assert code == 2
    assert "say --actor" in err


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--index", "1000000000"], "INVALID_ARGUMENT"),
        (["--index", "-1"], "'--index'"),
        (["--index", "9" * 4000], "INVALID_ARGUMENT"),
        (["--index", "1"], "NOT_ALLOCATED"),
        (["--credential", "urn:nobody"], "NOT_ALLOCATED"),
        (["--credential", "urn:a", "--value", "2"], "INVALID_ARGUMENT"),
        (["--credential", "urn:a", "--value", "256"], "'--value'"),
        (["--credential", "urn:a", "--value", "1", "--clear"], "not both"),
        (["--credential", "urn:a", "--index", "1"], "Say one of"),
        ([], "Say one of"),
        (["--from", "nowhere"], "cannot read nowhere"),
    ],
)
def test_a_change_that_cannot_be_is_refused(with_list: Issuer, options: list[str], words: str) -> None:
    with_list.allocate("--credential", "urn:a")
    code, out, err = with_list.set(*options)
    assert (code, out) == (2, [])
    assert words in err
    assert with_list.values() == {}


# --- the store


def test_the_store_is_named_by_the_environment(with_list: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VC_CORE_STATUS_STORE", with_list.store)
    code, out, _ = with_list.run("status", "allocate", "--list", URL, "--credential", "urn:a")
    assert code == 0
    assert json.loads(out[0])["credential"] == "urn:a"


def test_no_store_is_made_by_mistake(issuer: Issuer) -> None:
    for command in (
        ["allocate", "--count", "1", "--list", URL],
        ["set", "--index", "1", "--reason", "x", "--list", URL],
        ["publish", "--key", issuer.key, "--securing", "eddsa-jcs-2022", "--out", str(issuer.folder)],
    ):
        said = issuer.refused("status", *command[:1], issuer.store, *command[1:])
        assert "status create makes one" in said
        assert not Path(issuer.store).exists()


def test_a_file_that_is_no_store_is_left_as_it_is(issuer: Issuer) -> None:
    Path(issuer.store).write_text("a letter\n" * 1000)
    said = issuer.refused("status", "create", issuer.store, "--url", URL, "--purpose", "revocation")
    assert "NO_STORE" in said
    assert Path(issuer.store).read_text() == "a letter\n" * 1000


def test_only_create_makes_a_store_of_an_empty_file(issuer: Issuer) -> None:
    Path(issuer.store).touch()
    assert "NO_STORE" in issuer.refused("status", "list", issuer.store)
    assert Path(issuer.store).stat().st_size == 0
    issuer.create("--purpose", "revocation")


@pytest.mark.parametrize("scheme", ["postgresql+psycopg", "POSTGRESQL", "mysql", "Postgres"])
def test_a_url_of_another_kind_is_not_shown(issuer: Issuer, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(issuer.folder)
    location = f"{scheme}://u:hunter2@host/name"
    for command in (
        ["list", location],
        ["create", location, "--url", URL, "--purpose", "revocation"],
        ["publish", location, "--key", issuer.key, "--securing", "eddsa-jcs-2022", "--out", "."],
    ):
        said = issuer.refused("status", *command)
        assert "hunter2" not in said
        assert "INVALID_ARGUMENT" in said


def test_a_store_of_a_later_version_is_left_to_it(with_list: Issuer) -> None:
    with sqlite3.connect(with_list.store) as connection:
        connection.execute("INSERT INTO status_store (version) VALUES (999)")
    connection.close()
    said = with_list.refused("status", "allocate", with_list.store, "--list", URL, "--count", "1")
    assert "STORE_VERSION" in said


@pytest.mark.parametrize(
    ("code", "ends"), [("STORE_BUSY", 3), ("OUTCOME_UNKNOWN", 3), ("STORAGE_FULL", 2), ("STORE_UNAVAILABLE", 2)]
)
def test_what_goes_wrong_in_the_store_is_one_line(
    with_list: Issuer, monkeypatch: pytest.MonkeyPatch, code: str, ends: int
) -> None:
    with_list.allocate("--credential", "urn:a")

    def refuse(*_: object, **__: object) -> None:
        raise StoreError("the disk says no", code=code)

    monkeypatch.setattr(Store, "set_many", refuse)
    ended, out, err = with_list.set("--credential", "urn:a")
    assert (ended, out, err) == (ends, [], f"vc-core: the disk says no ({code})\n")
    assert exit_code_of(StoreError("", code=code)) == ends


def test_a_password_is_never_said(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Store, "open", lambda _location: (_ for _ in ()).throw(ImportError("psycopg")))
    place = "postgresql://registrar:s3cret@database.example/lists"
    for arguments in (
        ["status", place, "create"],
        ["status", "create", place, "--url", URL, "--purpose", "revocation"],
        ["status", "create", place, place, "--url", URL, "--purpose", "revocation"],
        ["status", "create", "--url", URL, "--purpose", place, "store"],
        ["status", "allocate", place, "--list", place, "--count", place],
        [place],
    ):
        said = issuer.refused(*arguments)
        assert "s3cret" not in said
        assert "registrar" not in said


def test_postgresql_without_its_extra_says_what_is_missing(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "status.store.postgresql", None)
    said = issuer.refused("status", "allocate", "postgresql://h/db", "--list", URL, "--count", "1")
    assert "vc-core[postgres]" in said


def test_an_unknown_list_is_told_with_those_there_are(with_list: Issuer) -> None:
    said = with_list.refused("status", "allocate", with_list.store, "--list", f"{URL}0", "--count", "1")
    assert f"has no list {URL}0: there are {URL}\n" in said


def test_commands_at_the_same_time_lose_nothing(with_list: Issuer) -> None:
    files = []
    for number in range(4):
        file = with_list.folder / f"names{number}"
        file.write_text("".join(f"urn:{number}:{each}\n" for each in range(50)))
        files.append(file)
    with_list.allocate("--from", str(files[0]))

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "vc_core.cli", "status", *arguments]
        return subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    running = [start("allocate", with_list.store, "--list", URL, "--from", str(file)) for file in files[1:]]
    running.append(start("set", with_list.store, "--list", URL, "--reason", "recall", "--from", str(files[0])))
    for process in running:
        _, err = process.communicate(timeout=60)
        assert (process.returncode, b"Traceback" in err) == (0, False)
    assert list(with_list.values().values()) == [1] * 50
    indexes = {line["index"] for file in files for line in with_list.allocate("--from", str(file))}
    assert len(indexes) == 200


# --- lengths of time


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90s", timedelta(seconds=90)),
        ("15m", timedelta(minutes=15)),
        ("12h", timedelta(hours=12)),
        ("7d", timedelta(7)),
    ],
)
def test_a_length_of_time(text: str, length: timedelta) -> None:
    assert read_duration(text) == length
    assert written(length) == text


@pytest.mark.parametrize("text", ["", "7", "d", "0d", "-1d", "1.5d", "7 d", "99999999999d", "4000d", "1y", "1w", "٧d"])
def test_no_length_of_time(issuer: Issuer, text: str) -> None:
    said = issuer.refused("status", "create", issuer.store, "--url", URL, "--purpose", "revocation", "--ttl", text)
    assert "'--ttl'" in said


def test_json_is_what_allocate_prints_in_any_case(with_list: Issuer) -> None:
    assert with_list.allocate("--credential", "urn:a", "--json") == with_list.allocate("--credential", "urn:a")


# --- list, history


def test_what_lists_there_are(with_list: Issuer) -> None:
    with_list.create("--format", "token", "--length", "64", "--size", "2", url=TOKENS)
    with_list.allocate("--credential", "urn:a", "--credential", "urn:b")
    with_list.set("--credential", "urn:a")
    with_list.publish("--list", URL)
    with_list.set("--credential", "urn:b")
    code, out, _ = with_list.run("status", "list", with_list.store, "--json")
    assert code == 0
    first, second = map(json.loads, out)
    published_at = first.pop("publishedAt")
    assert abs(datetime.now(UTC) - datetime.fromisoformat(published_at)) < timedelta(minutes=5)
    assert first == {
        "list": URL,
        "format": "bitstring",
        "purposes": ["revocation"],
        "size": 1,
        "length": 131_072,
        "ttl": None,
        "messages": [],
        "allocated": 2,
        "set": 2,
        "changes": 2,
        "version": 1,
        "unpublished": 1,
    }
    assert (second["list"], second["allocated"], second["set"], second["version"]) == (TOKENS, 0, 0, 0)
    assert second["publishedAt"] is None


def test_people_see_lists_in_a_table(with_list: Issuer) -> None:
    with_list.create("--format", "token", "--length", "64", "--size", "2", url=TOKENS)
    with_list.allocate("--credential", "urn:a")
    with_list.publish("--list", URL)
    with_list.set("--credential", "urn:a")
    code, out, _ = with_list.run("status", "list", with_list.store)
    assert (code, out[0], out[6]) == (0, URL, TOKENS)
    assert out[1:5] == [
        "  is for          revocation, bitstring",
        "  length          131072 values of 1 bit",
        "  allocated       1",
        "  set             1",
    ]
    assert out[5].startswith("  published       version 1, at 20")
    assert out[5].endswith("; 1 change since")
    assert out[7:9] == ["  is for          token", "  length          64 values of 2 bits"]
    assert out[11] == "  published       never"


def test_a_store_without_lists_says_so(issuer: Issuer) -> None:
    Store.open(issuer.store).close()
    code, out, err = issuer.run("status", "list", issuer.store)
    assert (code, out) == (0, [])
    assert "has no lists" in err


def test_the_history_of_a_list_is_shown(with_list: Issuer) -> None:
    one, two = (line["index"] for line in with_list.allocate("--credential", "urn:a", "--credential", "urn:b"))
    with_list.set("--credential", "urn:a", "--actor", "dean")
    with_list.set("--credential", "urn:b", "--actor", "registrar")
    asked = ("status", "history", with_list.store, "--list", URL)
    code, out, _ = with_list.run(*asked)
    assert code == 0
    assert [line.partition("Z  ")[2] for line in out] == [
        f"index {one}: 1  by dean: test",
        f"index {two}: 1  by registrar: test",
    ]
    for chosen in (["--index", str(two)], ["--credential", "urn:b"]):
        _, (line,), _ = with_list.run(*asked, *chosen, "--json")
        found = json.loads(line)
        assert datetime.fromisoformat(found.pop("at")).tzinfo is not None
        assert found == {
            "list": URL,
            "change": 2,
            "index": two,
            "value": 1,
            "actor": "registrar",
            "reason": "test",
        }
    assert with_list.run(*asked, "--index", "131071" if two != 131_071 else "0")[1] == []


def test_no_history_of_what_is_not_there(with_list: Issuer) -> None:
    asked = ("status", "history", with_list.store, "--list")
    assert "the store has no list" in with_list.refused(*asked, TOKENS)
    assert "NOT_ALLOCATED" in with_list.run(*asked, URL, "--credential", "urn:a")[2]
    assert "not both" in with_list.refused(*asked, URL, "--credential", "urn:a", "--index", "1")


def test_every_command_has_help(issuer: Issuer) -> None:
    for command in ("create", "allocate", "set", "publish", "check", "list", "history"):
        code, out, err = issuer.run("status", command, "--help")
        assert (code, err) == (0, "")
        assert out[0].startswith(f"Usage: vc-core status {command}")
