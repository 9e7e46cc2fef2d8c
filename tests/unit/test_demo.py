"""The demo, and the micro-credentials that it, the benches and other tests are made of."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest

import vc_core
from status.store import Store
from vc_core import PINNED_CONTEXTS, Limits, Verdict
from vc_core.canonical.jsonld import to_quads
from vc_core.cli import main
from vc_core.cli.demo import cases
from vc_core.cli.demo.cases import GENUINE, OTHERS, Issuer, case_of
from vc_core.cli.demo.courses import COURSES, INSTITUTIONS, LABELS, LEARNERS
from vc_core.cli.demo.credentials import CONTEXT, STATUS_CONTEXT, micro_credential
from vc_core.cli.demo.elements import ELEMENTS, LANGUAGES, elements
from vc_core.cli.demo.lists import Lists
from vc_core.cli.demo.report import Rate, Report, Verified

ISSUER = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
EVERY_COURSE = range(len(COURSES))
ENTRY = {
    "id": "https://status.example/1#17",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "17",
    "statusListCredential": "https://status.example/1",
}


def values(tree: Any, path: list[str]) -> Iterator[Any]:
    """What stands at the end of `path`; single values and lists of them are alike."""
    if isinstance(tree, list):
        for each in tree:
            yield from values(each, path)
    elif not path:
        yield tree
    elif isinstance(tree, dict):
        name, kind = re.fullmatch(r"(\w+)(?:\[\*\])?(?:\((\w+)\))?", path[0]).groups()
        found = tree.get(name, [])
        yield from values([each for each in [found] if kind is None or each["type"] == kind], path[1:])


def paths(element: dict[str, Any]) -> list[list[str]]:
    """The ELM paths of an element, without those that come with a condition in words."""
    return [path.split(".") for path in element["elm"] if re.fullmatch(r"[\w.*\[\]()]+", path)]


@pytest.mark.parametrize("number", EVERY_COURSE)
def test_all_eleven_mandatory_elements_are_found_by_their_paths(number: int, conformance: Path) -> None:
    table = json.loads((conformance / "elm/annex1/annex1-elements.json").read_bytes())
    mandatory = [each for each in table["elements"] if each["kind"] == "mandatory"]
    credential = micro_credential(number, ISSUER)
    assert len(mandatory) == 11
    missing = [each["key"] for each in mandatory if not any(list(values(credential, path)) for path in paths(each))]
    assert missing == []


@pytest.mark.parametrize("number", EVERY_COURSE)
def test_it_is_json_ld_of_which_nothing_is_lost(number: int, conformance: Path) -> None:
    context = (conformance / "elm/contexts/edc-ap-3.2.jsonld").read_bytes()
    credential = micro_credential(number, ISSUER, valid_until=NOON, status=[ENTRY])
    quads = to_quads(credential, contexts=PINNED_CONTEXTS | {CONTEXT[1]: context}, limits=Limits())
    literals = {quad[2] for quad in quads}
    course = COURSES[number]
    assert {f'"{text.lv}"@lv' for text in (course.title, *course.outcomes)} <= literals
    assert {f'"{text.lt}"@lt' for text in (course.title, *course.outcomes)} <= literals
    assert len(quads) > 80


def test_it_takes_an_rdfc_proof_where_its_context_is_at_hand(
    tmp_path: Path, conformance: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, claims, out = (str(tmp_path / name) for name in ("key", "claims", "out"))
    assert main(["key", "generate", "--out", key]) == 0
    issuer = capsys.readouterr().out.strip()
    Path(claims).write_text(json.dumps(micro_credential(1, issuer)))
    arguments = ["issue", claims, "--key", key, "--securing", "eddsa-rdfc-2022", "-o", out]
    context = ["--context", f"{CONTEXT[1]}={conformance / 'elm/contexts/edc-ap-3.2.jsonld'}"]
    assert main(arguments) == 2
    assert f"--context {CONTEXT[1]}=FILE" in capsys.readouterr().err
    assert main([*arguments, *context]) == 0
    assert main(["verify", out, "--issuer", issuer, *context]) == 0
    assert main(["verify", out, "--issuer", issuer]) == 3


def test_its_words_are_those_of_the_vocabularies(conformance: Path) -> None:
    vocabularies = conformance / "elm/vocab"
    known = {
        identifier
        for file in vocabularies.glob("*.json")
        for identifier in json.loads(file.read_bytes()).get("concepts", {})
    }
    for number in range(2 * len(COURSES)):
        credential = micro_credential(number, ISSUER, institution=INSTITUTIONS[number % 2])
        concepts = set(re.findall(r'"(http://(?:data|publications)\.europa\.eu/[^"]+)"', json.dumps(credential)))
        assert concepts - {CONTEXT[1]} <= known
    english = json.loads((vocabularies / "learning-assessment-type.json").read_bytes())["concepts"]
    assert all(LABELS[uri].en == english[uri]["en"] for uri in LABELS if uri in english)


def test_the_same_number_is_the_same_credential_and_shares_nothing() -> None:
    first, second = micro_credential(3, ISSUER), micro_credential(3, ISSUER)
    assert first == second
    first["credentialSubject"]["hasClaim"]["title"]["lv"] = "changed"
    first["@context"].append("changed")
    assert second == micro_credential(3, ISSUER)
    assert first != second


def test_other_numbers_are_other_credentials() -> None:
    credentials = [json.dumps(micro_credential(number, ISSUER)) for number in range(500)]
    assert len(set(credentials)) == 500


def test_validity_and_status_are_as_asked() -> None:
    plain = micro_credential(1, ISSUER, issued=NOON)
    assert plain["issued"] == plain["issuanceDate"] == plain["validFrom"] == "2026-01-31T12:00:00Z"
    assert plain.keys().isdisjoint({"validUntil", "expirationDate", "credentialStatus"})
    assert STATUS_CONTEXT not in plain["@context"]
    later = datetime(2027, 1, 1, tzinfo=UTC)
    full = micro_credential(1, ISSUER, issued=NOON, valid_from=later, valid_until=later, status=[ENTRY])
    assert full["issued"] == "2026-01-31T12:00:00Z"
    assert full["validFrom"] == full["validUntil"] == full["expirationDate"] == "2027-01-01T00:00:00Z"
    assert full["credentialStatus"] == ENTRY
    assert micro_credential(1, ISSUER, status=[ENTRY, ENTRY])["credentialStatus"] == [ENTRY, ENTRY]
    assert full["@context"] == [*CONTEXT, STATUS_CONTEXT]


def test_a_secured_one_is_of_the_size_of_a_real_one() -> None:
    issuer = Issuer.new(INSTITUTIONS[0])
    sizes = [len(cases.issue(GENUINE, number, issuer, issuer, NOON, [ENTRY])) for number in range(20)]
    assert 3000 <= sum(sizes) / len(sizes) <= 4500


def test_the_elements_are_told_in_three_languages() -> None:
    assert len(ELEMENTS) == 11
    for number in range(20):
        credential = micro_credential(number, ISSUER, institution=INSTITUTIONS[number % 2])
        told = {language: dict(elements(credential, language)) for language in LANGUAGES}
        assert all(len(each) == 11 for each in told.values())
        assert all(text for each in told.values() for texts in each.values() for text in texts)
        assert told["lv"]["Mikroapliecinājuma nosaukums"] == [COURSES[number % len(COURSES)].title.lv]
    assert told["lv"]["Nosacītā darba slodze"] == ["2,5 ECTS (65 h)"]
    assert told["en"]["Notional workload"] == ["2.5 ECTS (65 h)"]
    assert told["lt"]["Mokymosi patirties lygis"] == ["EKS 6 lygis"]


def test_the_names_of_the_elements_are_official(conformance: Path) -> None:
    table = json.loads((conformance / "elm/annex1/annex1-elements.json").read_bytes())
    official = [each["labels"] for each in table["elements"] if each["kind"] == "mandatory"]
    for element, labels in zip(ELEMENTS, official, strict=True):
        for language in LANGUAGES:
            words = getattr(element.name, language).casefold().split()
            assert [word for word in words if word not in labels[language].casefold()] == []


def test_everybody_is_invented() -> None:
    assert all("(piemērs)" in each.name.lv and "(example)" in each.name.en for each in INSTITUTIONS)
    words = ("Piemēr", "Paraudz", "Izdom", "Pavyzd", "Bandom", "Išgalv")
    assert all(learner.family.startswith(words) for learner in LEARNERS)


def test_every_case_occurs_and_most_are_genuine() -> None:
    counted = [case_of(number) for number in range(500)]
    assert counted.count(GENUINE) > 400
    assert all(counted.count(case) >= 5 for case in OTHERS)
    assert {case.verdict for case in counted} == set(Verdict)


@pytest.mark.parametrize("case", [GENUINE, *OTHERS], ids=lambda case: case.words)
def test_tampering_changes_the_credential_and_nothing_else_does(case: cases.Case) -> None:
    issuer, stranger = cases.new_issuers()
    for number in range(20):
        issued = cases.issue(case, number, issuer, stranger, NOON)
        received = json.loads(cases.tampered(case, issued))
        assert (received != json.loads(issued)) == (case.tamper is not None)


def test_the_demo_finds_what_it_expects(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--count", "120"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "Every verdict is the expected one." in out
    for case in (GENUINE, *OTHERS):
        assert re.search(rf"{case.words} +\d+ +{case.verdict}$", out, re.MULTILINE)
    for code in {case.code for case in OTHERS} - {None}:
        assert code in out
    for heading in LANGUAGES.values():
        assert heading in out
    assert "the status list of these credentials was not handed in" in " ".join(out.split())


def test_the_demo_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert main(["demo", "--count", "30"]) == 0
    assert list(tmp_path.iterdir()) == []


def test_the_demo_revokes_in_its_lists_and_nowhere_else(tmp_path: Path) -> None:
    issuers = cases.new_issuers()
    numbered = [(number, case_of(number), issuers[number % 2]) for number in range(1, 200)]
    with Store.open(tmp_path / "store") as store:
        lists = Lists(store, issuers)
        lists.create(NOON)
        entries = lists.allocate(numbered, NOON)
        assert all(len(entries[number]) == len(case.lists) for number, case, _ in numbered)
        changes = lists.set(numbered, NOON)
        published = lists.publish(tmp_path, NOON)
        values = sum(sum(store.snapshot(info.url).statuses) for info in store.lists())
        histories = [len(list(store.history(info.url))) for info in store.lists()]
    assert values == sum(case.set_in is not None for _, case, _ in numbered) > 0
    assert sum(histories) == changes > values
    assert len(published) == 4
    assert not any("withheld" in url for url in published)


def test_a_case_is_set_only_in_a_list_that_it_has() -> None:
    assert all(case.set_in is None or case.set_in in case.lists for case in (GENUINE, *OTHERS))


def test_the_demo_fails_when_a_verdict_is_not_the_expected_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    genuine = vc_core.verify

    def credulous(credential: bytes, **arguments: Any) -> Any:
        policy = vc_core.Policy(accepted_issuers=vc_core.ANY_ISSUER, require_issuer_control=False)
        return genuine(credential, **(arguments | {"policy": policy}))

    monkeypatch.setattr(vc_core, "verify", credulous)
    assert main(["demo", "--count", "60"]) == 1
    assert "of 60 verdicts are not the expected ones." in capsys.readouterr().out


def test_a_report_without_a_verified_credential_shows_no_claims() -> None:
    verified = (Verified(OTHERS[0], Verdict.REJECTED, OTHERS[0].codes),)
    report = Report(
        (Issuer.new(INSTITUTIONS[0]),), NOON, verified, None, 3700, (Rate("verified", 1, 0.5), Rate("revoked", 0, 0.1))
    )
    assert report.as_expected
    assert "European elements" not in report.text()
    assert "1, 3.7 kB each" in report.text()
    assert re.search(r"verified +1 +0.50 +2$", report.text(), re.MULTILINE)
    assert "revoked" not in report.text()


def test_a_case_that_gets_several_verdicts_shows_each() -> None:
    verified = tuple(Verified(GENUINE, verdict, frozenset()) for verdict in Verdict)
    report = Report((), NOON, verified, None, 0, ())
    assert not report.as_expected
    text = click.unstyle(report.text())
    assert re.search(r"left as it was issued +3   1 rejected, 1 undecided, 1 verified$", text, re.MULTILINE)
    assert "2 of 3 verdicts are not the expected ones." in text


def test_the_right_verdict_for_a_wrong_reason_is_not_the_expected_one() -> None:
    expired = next(case for case in OTHERS if case.code == "EXPIRED")
    assert Verified(expired, Verdict.REJECTED, frozenset({"EXPIRED"})).as_expected
    assert not Verified(expired, Verdict.REJECTED, frozenset({"PARSING_ERROR"})).as_expected
    assert not Verified(expired, Verdict.REJECTED, frozenset({"EXPIRED", "PARSING_ERROR"})).as_expected
    assert not Verified(expired, Verdict.UNDECIDED, frozenset({"EXPIRED"})).as_expected


def test_a_demo_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "--count", "1"]) == 0
    out = capsys.readouterr().out
    assert "Undecided means" not in out
    assert out.count("verified") == 4
