"""`vc-core status publish` and `check`, and `vc-core issue --status-list`."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import vc_core
from status.store import Store
from tests.unit.status_issuer import TOKENS, URL, Issuer
from vc_core import PINNED_CONTEXTS
from vc_core.cli.mechanisms import LISTS
from vc_core.status_lists import describe

V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
OTHER = "https://university.example/status/suspended"
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def issuer(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Issuer:
    return Issuer.new(tmp_path, capsys, monkeypatch, with_list=True)


def revoke(issuer: Issuer, name: str = "urn:a", url: str = URL) -> int:
    (line,) = issuer.allocate("--credential", name, url=url)
    assert issuer.set("--credential", name, url=url)[0] == 0
    return int(line["index"])


def files(issuer: Issuer) -> list[str]:
    return sorted(file.name for file in (issuer.folder / "public").iterdir())


# --- publish


def test_a_list_is_published_and_is_what_the_store_says(issuer: Issuer) -> None:
    index = revoke(issuer)
    code, out, err = issuer.publish()
    assert code == 0
    assert out[0].startswith(f"{URL}: version 1, 1 change, valid until ")
    assert err == f"Wrote {issuer.published()}.\n"
    code, found = issuer.check(issuer.published(), "--store", issuer.store, "--key", issuer.key, "--index", str(index))
    assert (code, found["verdict"], found["problems"]) == (0, "verified", [])
    assert found["values"] == [{"index": index, "value": 1, "message": None}]
    assert {name: found[name] for name in ("list", "issuer", "set", "length", "size", "purposes", "differing")} == {
        "list": URL,
        "issuer": issuer.did,
        "set": 1,
        "length": 131_072,
        "size": 1,
        "purposes": ["revocation"],
        "differing": 0,
    }
    assert files(issuer) == ["3"]


def test_the_result_says_what_a_server_has_to_know(issuer: Issuer) -> None:
    issuer.publish()
    code, out, _ = issuer.publish("--json", securing="vc+jwt")
    published = json.loads(out[0])
    assert code == 0
    assert (published["version"], published["mediaType"]) == (2, "application/vc+jwt")
    assert published["file"] == issuer.published()
    assert published["validFrom"] < published["validUntil"]


def test_every_list_has_a_mechanism_of_its_format(issuer: Issuer) -> None:
    issuer.create("--format", "token", url=TOKENS)
    code, out, _ = issuer.publish("--securing", "statuslist+cwt")
    assert code == 0
    assert len(out) == 2
    said = describe(Path(issuer.published("tokens")).read_bytes())
    assert said is not None
    assert said.media_type == "application/statuslist+cwt"


def test_nothing_is_published_where_one_list_has_no_mechanism(issuer: Issuer) -> None:
    issuer.create("--format", "token", url=TOKENS)
    code, out, err = issuer.publish()
    assert (code, out) == (2, [])
    assert f"{TOKENS} has the format token: say --securing with one of statuslist+jwt, statuslist+cwt" in err
    assert files(issuer) == []


def test_one_list_that_cannot_be_published_keeps_back_no_other(issuer: Issuer) -> None:
    issuer.create("--purpose", "suspension", url=OTHER)
    (issuer.folder / "public").mkdir()
    Path(issuer.published("3")).write_text("what somebody else has put here")
    code, out, err = issuer.publish()
    assert code == 1
    assert [line.partition(":")[0] + line[5 : len(OTHER)] for line in out] == [f"https{OTHER[5:]}"]
    assert f"{URL} is not published" in err
    assert "UNKNOWN_PUBLICATION" in err
    assert Path(issuer.published("3")).read_text() == "what somebody else has put here"


@pytest.mark.parametrize(("form", "name"), [(form, name) for form, table in LISTS.items() for name in table])
def test_every_mechanism_makes_lists_that_can_be_opened(issuer: Issuer, form: str, name: str) -> None:
    url = f"{URL}-{form}"
    issuer.create("--format", form, "--purpose", "revocation", url=url)
    if "ecdsa" in name:
        Path(issuer.key).unlink()
        assert issuer.run("key", "generate", "--type", "P-256", "--out", issuer.key)[0] == 0
    code, _, err = issuer.publish("--list", url, securing=name)
    assert (code, err.startswith("Wrote")) == (0, True)
    assert issuer.check(issuer.published(f"3-{form}"), "--store", issuer.store)[0] == 0


def test_a_list_of_another_did_is_verified_with_the_key_it_has(issuer: Issuer) -> None:
    web = "did:web:university.example"
    code, _, _ = issuer.publish("--verification-method", f"{web}#key-1", "--valid-for", "unlimited")
    assert code == 0
    code, found = issuer.check(issuer.published())
    assert (code, found["verdict"]) == (3, "undecided")
    method = {"id": f"{web}#key-1", "type": "Multikey", "controller": web}
    method["publicKeyMultibase"] = issuer.did.removeprefix("did:key:")
    documents = {web: {"id": web, "verificationMethod": [method], "assertionMethod": [method["id"]]}}
    evidence = issuer.folder / "evidence"
    evidence.write_text(json.dumps({"didDocuments": documents}))
    code, found = issuer.check(issuer.published(), "--evidence", str(evidence), "--issuer", web)
    assert (code, found["issuer"], found["validUntil"]) == (0, web, None)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--ttl", "9d"], "could be kept for longer than it is valid for"),
        (["--valid-for", "yesterday"], "'--valid-for'"),
        (["--list", "https://nowhere.example/1"], "the store has no list"),
        (["--out", "/nowhere"], "is not a folder"),
        (["--key", "/nowhere"], "cannot read"),
        (["--securing", "vc+sd-jwt"], "'vc+sd-jwt' is not one of"),
        (["--name", "../escaped"], "INVALID_ARGUMENT"),
        (["--profile", "EBSI"], "--profile does not go with eddsa-jcs-2022"),
        (["--ebsi-schema", "not a URL"], "is not published"),
    ],
)
def test_what_cannot_be_published_is_refused(issuer: Issuer, options: list[str], words: str) -> None:
    code, out, err = issuer.publish(*options)
    assert (code, out) == (2, [])
    assert words in err
    assert files(issuer) == []


def test_a_key_of_another_type_publishes_nothing(issuer: Issuer) -> None:
    code, _, err = issuer.publish(securing="ecdsa-jcs-2019")
    assert code == 2
    assert "is not published: ecdsa-jcs-2019 takes a key of type" in err
    assert files(issuer) == []


def test_two_lists_are_never_one_file(issuer: Issuer) -> None:
    issuer.create("--purpose", "suspension", url="https://university.example/other/3")
    assert "would be the same file" in issuer.publish()[2]
    assert issuer.publish("--list", URL)[0] == 0
    assert issuer.publish("--list", "https://university.example/other/3", "--name", "3b")[0] == 0


def test_a_store_without_lists_publishes_nothing(issuer: Issuer) -> None:
    Path(issuer.store).unlink()
    Store.open(issuer.store).close()
    assert "the store has no lists" in issuer.publish()[2]


def test_a_name_is_for_a_single_list(issuer: Issuer) -> None:
    issuer.create("--purpose", "suspension", url=OTHER)
    assert "--name is for a single list" in issuer.publish("--name", "x")[2]
    assert files(issuer) == []
    code, out, _ = issuer.publish("--name", "x", "--list", URL, "--list", URL)
    assert (code, len(out), files(issuer)) == (0, 1, ["x"])


def test_the_time_to_live_can_be_another_one(issuer: Issuer) -> None:
    assert issuer.publish("--ttl", "5m")[0] == 0
    assert issuer.check(issuer.published())[1]["ttl"] == 300
    issuer.create("--format", "statuslist2021", "--purpose", "suspension", url=OTHER)
    assert "leave out --ttl" in issuer.publish("--ttl", "5m")[2]


# --- check: a list


def test_a_revocation_that_is_not_published_is_found(issuer: Issuer) -> None:
    issuer.publish()
    revoke(issuer, "urn:b")
    code, found = issuer.check(issuer.published(), "--store", issuer.store)
    assert (code, found["verdict"], found["differing"]) == (1, "rejected", 1)
    assert [problem["code"] for problem in found["problems"]] == ["NOT_PUBLISHED"]


def test_the_alarm_comes_before_the_end(issuer: Issuer) -> None:
    issuer.publish("--valid-for", "2d")
    assert issuer.check(issuer.published(), "--fresh-for", "1d")[0] == 0
    code, found = issuer.check(issuer.published(), "--fresh-for", "3d")
    assert (code, [problem["code"] for problem in found["problems"]]) == (1, ["ENDS_SOON"])
    code, found = issuer.check(issuer.published(), "--at", "2099-01-01T00:00:00Z")
    assert (code, [problem["code"] for problem in found["problems"]]) == (1, ["EXPIRED"])
    issuer.publish(securing="vc+jwt")
    code, found = issuer.check(issuer.published(), "--at", "2020-01-01T00:00:00Z")
    assert (code, [problem["code"] for problem in found["problems"]]) == (1, ["NOT_YET_VALID"])


def test_a_list_of_somebody_else_is_told(issuer: Issuer) -> None:
    issuer.publish()
    code, found = issuer.check(issuer.published(), "--issuer", "did:web:university.example")
    assert (code, [problem["code"] for problem in found["problems"]]) == (1, ["ISSUER_NOT_ACCEPTED"])
    assert issuer.did in found["problems"][0]["detail"]


@pytest.mark.parametrize("securing", ["statuslist+jwt", "statuslist+cwt"])
def test_the_end_of_a_token_is_shown_as_it_states_it(issuer: Issuer, securing: str) -> None:
    issuer.create("--format", "token", "--length", "64", url=TOKENS)
    issuer.publish("--list", TOKENS, securing=securing)
    file = issuer.published("tokens")
    description = describe(Path(file).read_bytes())
    assert description is not None
    assert description.valid_until is not None
    code, found = issuer.check(file, "--fresh-for", "30d")
    assert code == 1
    assert datetime.fromisoformat(found["validUntil"]) == description.valid_until
    assert found["validUntil"] in found["problems"][0]["detail"]
    at_the_end = issuer.check(file, "--at", found["validUntil"])
    assert (at_the_end[0], at_the_end[1]["problems"][0]["code"]) == (1, "EXPIRED")


def test_the_store_to_compare_with_is_in_the_environment_if_that_is_asked_for(
    issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    issuer.publish()
    compared = ("status", "check", issuer.published(), "--offline", "--store", "env")
    assert "VC_CORE_STATUS_STORE is not set" in issuer.refused(*compared)
    monkeypatch.setenv("VC_CORE_STATUS_STORE", issuer.store)
    assert "differing" not in issuer.check(issuer.published())[1]
    assert issuer.check(issuer.published(), "--store", "env")[1]["differing"] == 0


def test_a_list_that_was_tampered_with_is_rejected(issuer: Issuer) -> None:
    revoke(issuer)
    issuer.publish()
    tree = json.loads(Path(issuer.published()).read_bytes())
    tree["validUntil"] = "2099-01-01T00:00:00Z"
    Path(issuer.published()).write_text(json.dumps(tree))
    code, found = issuer.check(issuer.published())
    assert (code, found["verdict"]) == (1, "rejected")
    assert "set" not in found


def test_a_list_of_other_making_than_the_store_is_told(issuer: Issuer) -> None:
    issuer.publish()
    other = Issuer(issuer.folder / "other", issuer.capsys)
    other.folder.mkdir()
    other.create("--purpose", "suspension", "--length", "262144")
    code, found = issuer.check(issuer.published(), "--store", other.store)
    assert (code, [problem["code"] for problem in found["problems"]]) == (1, ["OTHER_LIST"])
    longer = issuer.check(issuer.published(), "--store", _empty(issuer, URL, "--length", "262144"))
    assert longer[1]["problems"][0]["detail"].startswith("its length")
    assert "has no list" in issuer.refused(
        "status", "check", issuer.published(), "--offline", "--store", _empty(issuer, OTHER)
    )


def _empty(issuer: Issuer, url: str, *options: str) -> str:
    other = Issuer(issuer.folder / str(len(options)), issuer.capsys)
    other.folder.mkdir()
    other.create("--purpose", "revocation", *options, url=url)
    return other.store


def test_values_of_several_bits(issuer: Issuer) -> None:
    url = f"{URL}-wide"
    issuer.create("--purpose", "message", "--size", "4", "--message", "5=in review", url=url)
    (line,) = issuer.allocate("--credential", "urn:a", url=url)
    assert issuer.set("--credential", "urn:a", "--value", "5", url=url)[0] == 0
    issuer.publish("--list", url)
    index = str(line["index"])
    code, found = issuer.check(issuer.published("3-wide"), "--store", issuer.store, "--index", index)
    assert (code, found["size"], found["set"]) == (0, 4, 1)
    assert found["values"] == [{"index": line["index"], "value": 5, "message": "in review"}]
    assert issuer.check(issuer.published("3-wide"), "--size", "4", "--index", index)[1]["values"][0]["value"] == 5
    last = ("--size", "8", "--index", str(line["index"] // 2))
    assert issuer.check(issuer.published("3-wide"), "--store", issuer.store, *last)[1]["values"][0]["message"] is None
    (free,) = issuer.allocate("--credential", "urn:b", url=url)
    issuer.set("--credential", "urn:b", "--value", "3", url=url)
    assert free["index"] != line["index"]
    assert issuer.check(issuer.published("3-wide"), "--store", issuer.store)[1]["differing"] == 1


@pytest.mark.parametrize("name", ["nowhere", "key", "store"])
def test_a_file_that_is_no_list_is_no_fault_of_ours(issuer: Issuer, name: str) -> None:
    code, _, err = issuer.run("status", "check", str(issuer.folder / name), "--offline")
    assert code in {1, 2}
    assert "fault of vc-core" not in err


def test_an_index_beyond_the_list_is_an_input_error(issuer: Issuer) -> None:
    issuer.publish()
    said = issuer.refused("status", "check", issuer.published(), "--offline", "--index", "1000000000")
    assert "--index 1000000000" in said


def test_nothing_is_fetched_offline(issuer: Issuer) -> None:
    assert "is not fetched: --offline" in issuer.refused("status", "check", URL, "--offline")


def test_people_get_a_table(issuer: Issuer) -> None:
    index = revoke(issuer)
    issuer.publish()
    code, out, _ = issuer.run("status", "check", issuer.published(), "--offline", "--index", str(index))
    assert code == 0
    assert out[0] == f"verified  {issuer.published()}"
    text = "\n".join(out)
    assert f"  list            {URL}" in text
    assert f"  index {index:<10}value 1" in text
    code, out, _ = issuer.run("status", "check", issuer.published(), "--offline", "--fresh-for", "30d")
    assert code == 1
    assert "publish it" in "\n".join(out)


# --- issue --status-list, and check: a credential


def claims(issuer: Issuer, **members: object) -> str:
    tree = {"@context": [V2], "type": ["VerifiableCredential"], "issuer": issuer.did, "id": "urn:x:1"}
    tree |= {"credentialSubject": {"id": "did:example:learner"}, **members}
    if V1 in tree["@context"]:
        tree["issuanceDate"] = "2026-01-01T00:00:00Z"
    file = issuer.folder / "claims"
    file.write_text(json.dumps({name: value for name, value in tree.items() if value is not None}))
    return str(file)


def issue(issuer: Issuer, file: str, securing: str, *urls: str) -> tuple[int, str]:
    """The exit code, and what was said; the credential is in the file `credential`."""
    lists = [word for url in urls for word in ("--status-list", url)]
    code, _, err = issuer.run(
        *("issue", file, "--key", issuer.key, "--securing", securing, "--status-store", issuer.store),
        *(*lists, "--actor", "registrar", "-o", str(issuer.folder / "credential")),
    )
    return code, err


def looked_at(issuer: Issuer) -> tuple[int, dict[str, object]]:
    return issuer.check(str(issuer.folder / "credential"), "--folder", str(issuer.folder / "public"))


@pytest.mark.parametrize(
    ("context", "securing", "form"),
    [
        *((V2, name, "bitstring") for name in ("eddsa-jcs-2022", "eddsa-rdfc-2022", "vc+jwt", "vc+sd-jwt", "vc+cose")),
        *((V1, name, "bitstring") for name in ("eddsa-jcs-2022", "eddsa-rdfc-2022", "jwt_vc")),
        *((V1, name, "statuslist2021") for name in ("eddsa-jcs-2022", "eddsa-rdfc-2022", "jwt_vc")),
        *((V2, name, "token") for name in ("vc+jwt", "vc+sd-jwt")),
    ],
)
def test_a_credential_is_issued_with_its_status_and_revoked(
    issuer: Issuer, context: str, securing: str, form: str
) -> None:
    url = f"{URL}-{form}"
    issuer.create("--format", form, *(() if form == "token" else ("--purpose", "revocation")), url=url)
    made = "statuslist+jwt" if form == "token" else "eddsa-jcs-2022"
    code, err = issue(issuer, claims(issuer, **{"@context": [context]}), securing, url)
    assert code == 0
    assert f" of {url}, of the credential urn:x:1." in err
    issuer.publish("--list", url, securing=made)
    code, found = looked_at(issuer)
    assert (code, found["verdict"]) == (0, "verified")
    (entry,) = found["entries"]
    assert (entry["list"], entry["value"], entry["problem"]) == (url, 0, None)
    assert entry["validFrom"] < entry["validUntil"]
    assert issuer.set("--credential", "urn:x:1", url=url)[0] == 0
    issuer.publish("--list", url, securing=made)
    code, found = looked_at(issuer)
    assert (code, found["verdict"], found["problems"][0]["code"]) == (1, "rejected", "REVOKED")
    assert found["entries"][0]["value"] == 1


def test_an_sd_jwt_vc_has_the_claim_status(issuer: Issuer) -> None:
    issuer.create("--format", "token", "--size", "2", url=TOKENS)
    file = issuer.folder / "claims"
    file.write_text(json.dumps({"iss": issuer.did, "vct": "https://example.org/course", "jti": "urn:course:1"}))
    assert issue(issuer, str(file), "dc+sd-jwt", TOKENS)[0] == 0
    issuer.set("--credential", "urn:course:1", "--value", "2", url=TOKENS)
    issuer.publish("--list", TOKENS, securing="statuslist+cwt")
    code, found = looked_at(issuer)
    assert (code, found["problems"][0]["code"]) == (1, "SUSPENDED")
    assert (found["entries"][0]["type"], found["entries"][0]["value"]) == ("status_list", 2)


def test_a_credential_without_a_name_gets_one_for_the_store(issuer: Issuer) -> None:
    code, err = issue(issuer, claims(issuer, id=None), "eddsa-jcs-2022", URL)
    assert code == 0
    name = err.split("of the credential ")[1].split(".\n")[0]
    assert name.startswith("urn:uuid:")
    assert "id" not in json.loads((issuer.folder / "credential").read_bytes())
    assert issuer.set("--credential", name)[0] == 0


def test_several_lists_are_several_entries(issuer: Issuer) -> None:
    issuer.create("--purpose", "suspension", url=OTHER)
    assert issue(issuer, claims(issuer), "eddsa-jcs-2022", URL, OTHER, URL)[0] == 0
    entries = json.loads((issuer.folder / "credential").read_bytes())["credentialStatus"]
    assert [entry["statusPurpose"] for entry in entries] == ["revocation", "suspension"]
    issuer.set("--credential", "urn:x:1", url=OTHER)
    issuer.publish()
    code, found = looked_at(issuer)
    assert (code, [problem["code"] for problem in found["problems"]]) == (1, ["SUSPENDED"])
    (issuer.folder / "public" / "3").unlink()
    issuer.set("--credential", "urn:x:1", "--clear", url=OTHER)
    issuer.publish("--list", OTHER)
    code, found = looked_at(issuer)
    assert (code, found["verdict"]) == (3, "undecided")
    assert [entry["problem"] for entry in found["entries"]] == ["STATUS_RETRIEVAL_ERROR", None]


def test_the_same_credential_has_the_same_index_again(issuer: Issuer) -> None:
    made = []
    for _ in range(2):
        assert issue(issuer, claims(issuer), "eddsa-jcs-2022", URL)[0] == 0
        made.append(json.loads((issuer.folder / "credential").read_bytes())["credentialStatus"])
    assert made[0] == made[1]


def test_the_entry_brings_its_context_where_that_is_missing(issuer: Issuer) -> None:
    assert issue(issuer, claims(issuer, **{"@context": [V1]}), "eddsa-jcs-2022", URL)[0] == 0
    contexts = json.loads((issuer.folder / "credential").read_bytes())["@context"]
    assert contexts[1] == "https://www.w3.org/ns/credentials/status/v1"
    assert all(each in PINNED_CONTEXTS for each in contexts)
    assert issue(issuer, claims(issuer), "eddsa-jcs-2022", URL)[0] == 0
    contexts = json.loads((issuer.folder / "credential").read_bytes())["@context"]
    assert "https://www.w3.org/ns/credentials/status/v1" not in contexts


@pytest.mark.parametrize(
    ("securing", "form", "words"),
    [
        ("dc+sd-jwt", "bitstring", "dc+sd-jwt takes a list of the format token"),
        ("eddsa-jcs-2022", "token", "eddsa-jcs-2022 takes a list of the format bitstring"),
        ("jwt_vc", "token", "jwt_vc takes a list of the format bitstring"),
        ("vc+cose", "token", "vc+cose takes a list of the format bitstring"),
    ],
)
def test_a_list_that_does_not_go_with_the_credential_gives_no_index(
    issuer: Issuer, securing: str, form: str, words: str
) -> None:
    issuer.create("--format", "token", url=TOKENS)
    file = claims(issuer, **{"@context": [V1]} if securing == "jwt_vc" else {})
    if securing == "dc+sd-jwt":
        Path(file).write_text(json.dumps({"iss": issuer.did, "vct": "https://example.org/course"}))
    code, err = issue(issuer, file, securing, TOKENS if form == "token" else URL)
    assert code == 2
    assert words in err
    assert not (issuer.folder / "credential").exists()


@pytest.mark.parametrize(
    ("members", "urls", "words"),
    [
        ({"credentialStatus": {"type": "X", "statusListCredential": URL}}, [URL], "refer to the list"),
        ({"status": {"status_list": {"idx": 1, "uri": TOKENS}}}, [TOKENS], "one claim status"),
        ({}, [TOKENS, f"{TOKENS}2"], "one claim status"),
        ({}, ["https://nowhere.example/1"], "the store has no list"),
    ],
)
def test_claims_that_have_a_status_get_no_second_one(
    issuer: Issuer, members: dict[str, object], urls: list[str], words: str
) -> None:
    for url in (TOKENS, f"{TOKENS}2"):
        issuer.create("--format", "token", url=url)
    code, err = issue(issuer, claims(issuer, **members), "vc+jwt", *urls)
    assert code == 2
    assert words in err


@pytest.mark.parametrize(
    "members",
    [{"credentialSubject": []}, {"validUntil": "yesterday"}, {"type": ["Course"]}, {"credentialStatus": {"type": 1}}],
)
def test_claims_that_cannot_be_issued_get_no_index(issuer: Issuer, members: dict[str, object]) -> None:
    code, err = issue(issuer, claims(issuer, **members), "eddsa-jcs-2022", URL)
    assert code != 0
    assert "Status: index" not in err
    with Store.open(issuer.store) as store:
        assert store.standings()[0].allocated == 0


def test_a_list_needs_a_store(issuer: Issuer) -> None:
    said = issuer.refused(*("issue", claims(issuer), "--key", issuer.key, "--securing", "vc+jwt", "--status-list", URL))
    assert "Say --status-store" in said


def test_issuing_without_a_status_needs_no_user(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: (_ for _ in ()).throw(OSError("nobody")))
    code, _, _ = issuer.run("issue", claims(issuer), "--key", issuer.key, "--securing", "vc+jwt")
    assert code == 0


def test_a_credential_that_is_not_genuine_has_nothing_looked_up(issuer: Issuer) -> None:
    issue(issuer, claims(issuer), "eddsa-jcs-2022", URL)
    issuer.publish()
    file = issuer.folder / "credential"
    tree = json.loads(file.read_bytes())
    file.write_text(json.dumps(tree | {"name": "changed"}))
    code, found = looked_at(issuer)
    assert (code, found["entries"]) == (1, [])
    assert found["problems"][0]["code"] == "PROOF_VERIFICATION_ERROR"


def test_a_list_of_another_issuer_counts_only_if_it_is_named(issuer: Issuer) -> None:
    issue(issuer, claims(issuer), "eddsa-jcs-2022", URL)
    Path(issuer.key).rename(issuer.folder / "first")
    issuer.run("key", "generate", "--out", issuer.key)
    issuer.publish()
    credential, folder = str(issuer.folder / "credential"), str(issuer.folder / "public")
    code, found = issuer.check(credential, "--folder", folder)
    assert (code, found["entries"][0]["problem"]) == (1, "STATUS_VERIFICATION_ERROR")
    assert issuer.check(credential, "--folder", folder, "--list-issuer", issuer.did)[0] == 0


def test_a_folder_with_other_files_is_no_trouble(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    issue(issuer, claims(issuer), "eddsa-jcs-2022", URL)
    issuer.publish()
    (issuer.folder / "public" / "page.html").write_text("<html></html>")
    (issuer.folder / "public" / ".3.9.draft").write_text("{}")
    assert looked_at(issuer)[0] == 0
    said = issuer.refused("status", "check", "x", "--offline", "--folder", str(issuer.folder / "nowhere"))
    assert "cannot read" in said
    monkeypatch.setattr(importlib.import_module("vc_core.cli.status.check"), "_MOST_FILES", 1)
    said = issuer.refused("status", "check", "x", "--offline", "--folder", str(issuer.folder / "public"))
    assert "more than 1 files" in said


def test_a_revoked_credential_is_rejected_by_verify(issuer: Issuer) -> None:
    issue(issuer, claims(issuer), "eddsa-jcs-2022", URL)
    issuer.set("--credential", "urn:x:1")
    issuer.publish()
    evidence = issuer.folder / "evidence"
    evidence.write_bytes(vc_core.Evidence({URL: Path(issuer.published()).read_bytes()}).write())
    credential = str(issuer.folder / "credential")
    code, out, _ = issuer.run("verify", credential, "--any-issuer", "--offline", "--json", "--evidence", str(evidence))
    assert (code, json.loads(out[0])["problems"][0]["code"]) == (1, "REVOKED")
    assert issuer.run("verify", credential, "--any-issuer", "--offline")[0] == 3


def test_a_copy_beside_a_list_does_not_hide_a_revocation(issuer: Issuer) -> None:
    assert issue(issuer, claims(issuer), "eddsa-jcs-2022", URL)[0] == 0
    issuer.publish()
    old = Path(issuer.published()).read_bytes()
    issuer.set("--credential", "urn:x:1")
    issuer.publish()
    Path(issuer.published("9.bak")).write_bytes(old)
    credential, public = str(issuer.folder / "credential"), str(issuer.folder / "public")
    said = issuer.refused("status", "check", credential, "--folder", public, "--offline")
    assert "3 and 9.bak" in said
    Path(issuer.published("9.bak")).unlink()
    assert looked_at(issuer)[0] == 1


def test_whether_the_issuer_was_checked_is_said(issuer: Issuer) -> None:
    issuer.publish()
    list_file = issuer.published()
    code, out, _ = issuer.run("status", "check", list_file, "--offline")
    assert code == 0
    assert any("issuer not checked" in line for line in out)
    for options in (["--key", issuer.key], ["--issuer", issuer.did]):
        code, out, _ = issuer.run("status", "check", list_file, "--offline", *options)
        assert code == 0
        assert not any("checked" in line.lower() for line in out)
        assert issuer.check(list_file, *options)[1]["issuerChecked"] is True
    assert issuer.check(list_file)[1]["issuerChecked"] is False
    assert issuer.check(list_file, "--issuer", "did:web:other.example")[0] == 1


def test_a_clock_that_was_ahead_is_told_and_overcome(issuer: Issuer, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        sealing = importlib.import_module("vc_core.cli.status.sealing")
        patch.setattr(sealing, "now", lambda: datetime(2100, 1, 1, tzinfo=UTC))
        assert issuer.publish()[0] == 0
    code, out, err = issuer.publish()
    assert (code, out) == (1, [])
    assert "CLOCK_BEHIND" in err
    assert issuer.publish("--clock-was-ahead")[0] == 0
    assert issuer.publish()[0] == 0
    assert issuer.check(issuer.published(), "--key", issuer.key)[0] == 0


def test_whoever_reads_no_further_gets_no_traceback(issuer: Issuer) -> None:
    issuer.publish()
    code = "import sys; from vc_core.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", code, "status", "check", *[issuer.published()] * 30, "--offline"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=REPOSITORY
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("verified")
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (2, "")
