"""Jobs: the rows, what is refused, what is done again, and what a record can do."""

from __future__ import annotations

import hashlib
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyarrow as pa
import pytest

import vc_core
from did import NotAsked, Postponed, Response, StaticResolver
from tests.unit import batch_jobs as jobs
from tests.unit.batch_jobs import (
    FAR,
    ISSUER,
    LISTS,
    NOW,
    POLICY,
    SCHEMA,
    Far,
    contents,
    credential,
    far_credential,
    harmful,
    harming,
    mixed,
    rows,
    run,
    write,
)
from vc_core import Evidence, Verdict, verify
from vc_core.batch import JobError, WorkerLimits, fetching
from vc_core.batch.engines.local import local
from vc_core.batch.fetching import Network
from vc_core.batch.folder import Folder
from vc_core.batch.manifest import seal
from vc_core.batch.rows import ROWS
from vc_core.batch.summary import Summary
from vc_core.cli.verify_batch import _print

WORKER_ALONE = 512 * 1024**2
"""Bytes of memory that a worker has mapped with little evidence, and some more."""


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A file of records and a finished job over it."""
    folder = tmp_path_factory.mktemp("batch")
    file = write(folder / "records.jsonl", mixed(120))
    run(folder / "job", file)
    return file, folder / "job"


@pytest.fixture
def copied(undisturbed: tuple[Path, Path], tmp_path: Path) -> tuple[Path, Path]:
    """The same, to be spoilt."""
    file = tmp_path / "records.jsonl"
    file.write_bytes(undisturbed[0].read_bytes())
    subprocess.run(["cp", "-r", undisturbed[1], tmp_path / "job"], check=True)
    return file, tmp_path / "job"


def test_the_rows_say_what_verify_says(undisturbed: tuple[Path, Path]) -> None:
    found = rows(undisturbed[1])
    assert [row["position"] for row in found] == list(range(1, 121))
    for row, line in zip(found, mixed(120), strict=True):
        result = verify(line, resolver=StaticResolver(), status=LISTS, policy=POLICY, now=NOW)
        told = result.to_json()
        for problem in told["problems"]:
            del problem["title"]
        assert {name: row[name] for name in ("verdict", "problems", "checks", "issuer", "securing")} == {
            name: told[name] for name in ("verdict", "problems", "checks", "issuer", "securing")
        }
        assert row["checked_at"] == NOW
        if result:
            assert row["id"].startswith("urn:example:")
            assert row["verification_method"] == result.credential.proven_by[0].verification_method
        else:
            assert (row["id"], row["verification_method"]) == (None, None)
    assert found[5]["claimed_issuer"] == ISSUER
    assert found[8]["claimed_issuer"] is None
    assert found[0]["input_sha256"] == hashlib.sha256(mixed(1)[0]).hexdigest()


def test_the_parts_have_the_one_schema(undisturbed: tuple[Path, Path]) -> None:
    parts = sorted((undisturbed[1] / "parts").iterdir())
    assert [re.sub("-[0-9a-f]{16}", "", part.name) for part in parts] == [
        "part-000000.parquet",
        "part-000001.parquet",
        "part-000002.parquet",
    ]
    assert {len(pa.parquet.read_table(part)) for part in parts} == {50, 20}
    assert all(pa.parquet.read_schema(part) == ROWS for part in parts)


def test_the_counts(undisturbed: tuple[Path, Path]) -> None:
    summary = json.loads((undisturbed[1] / "summary.json").read_bytes())
    assert (summary["records"], summary["parts"]) == (120, 3)
    assert summary["verdicts"] == {"verified": 72, "rejected": 36, "undecided": 12}
    assert summary["problems"]["STATUS_RETRIEVAL_ERROR"] == 12
    assert summary["issuers"][ISSUER] == {"rejected": 12, "undecided": 12, "verified": 72}
    assert summary["issuers"]["(nobody is named)"] == {"rejected": 24}


def test_the_number_of_workers_changes_nothing(undisturbed: tuple[Path, Path], tmp_path: Path) -> None:
    file, folder = undisturbed
    run(tmp_path / "job", file, workers=3)
    assert contents(tmp_path / "job") == contents(folder)


def test_what_is_there_is_not_done_again(copied: tuple[Path, Path]) -> None:
    file, folder = copied
    before = contents(folder)
    parts = sorted((folder / "parts").iterdir())
    parts[1].unlink()
    (folder / "summary.json").unlink()
    stamps = [part.stat().st_mtime_ns for part in (parts[0], parts[2])]
    seen: list[int] = []
    jobs.job(folder, file).run(local, lambda records, _share: seen.append(records))
    assert contents(folder) == before
    assert [part.stat().st_mtime_ns for part in (parts[0], parts[2])] == stamps
    assert max(seen) == 50


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: data[:200] + bytes([data[200] ^ 1]) + data[201:],
        lambda data: data + b"x",
    ],
)
def test_a_damaged_part_is_done_again(copied: tuple[Path, Path], spoil: Any) -> None:
    file, folder = copied
    before = contents(folder)
    part = sorted((folder / "parts").iterdir())[1]
    part.write_bytes(spoil(part.read_bytes()))
    run(folder, file)
    assert contents(folder) == before


def test_drafts_of_a_killed_run_are_removed(copied: tuple[Path, Path]) -> None:
    file, folder = copied
    before = contents(folder)
    (folder / "parts" / ".draft-part-000001.parquet").write_bytes(b"half")
    (folder / ".draft-summary.json").write_bytes(b"half")
    run(folder, file)
    assert contents(folder) == before
    assert not list(folder.rglob(".draft*"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"policy": replace(POLICY, status="skip")}, r"another policy \(status\)"),
        ({"policy": harming(jobs.leave)}, "another policy"),
        (
            {"policy": replace(POLICY, contexts=POLICY.contexts | {"https://x.example/": b'{"@context":{}}'})},
            "contexts",
        ),
        ({"evidence": Evidence(resources={"https://x.example/": b"{}"})}, "other evidence"),
        ({"now": NOW + timedelta(seconds=1)}, "another time"),
        ({"part_size": 51}, r"other settings \(partSize\)"),
        ({"limits": WorkerLimits(seconds=31)}, r"other settings \(seconds\)"),
    ],
)
def test_a_job_goes_on_only_as_it_was_begun(undisturbed: tuple[Path, Path], change: Any, words: str) -> None:
    file, folder = undisturbed
    with pytest.raises(JobError, match=words) as caught:
        run(folder, file, **change)
    assert caught.value.code == "JOB_CHANGED"


def test_another_input_or_version_is_refused(copied: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    file, folder = copied
    data = file.read_bytes()
    file.write_bytes(data + b"{}\n")
    with pytest.raises(JobError, match="another input") as caught:
        run(folder, file)
    assert caught.value.code == "JOB_CHANGED"
    file.write_bytes(data)
    monkeypatch.setattr(vc_core, "__version__", "0.0.9")
    with pytest.raises(JobError, match="version"):
        run(folder, file)


def test_an_input_that_changes_while_it_is_read_is_told(tmp_path: Path) -> None:
    file = write(tmp_path / "records.jsonl", mixed(20))
    job = jobs.job(tmp_path / "job", file)
    with file.open("ab") as more:
        more.write(b"{}\n")
    with pytest.raises(JobError) as caught:
        job.run(local)
    assert caught.value.code == "INPUT_CHANGED"
    assert not (tmp_path / "job" / "summary.json").exists()


def test_rows_of_an_input_that_is_changed_meanwhile_are_not_kept(tmp_path: Path) -> None:
    good = [credential(number) for number in range(6)]
    file = write(tmp_path / "records.jsonl", good)
    stamp = file.stat()
    job = jobs.job(tmp_path / "job", file, part_size=2)
    write(file, [line.replace(b"Mikro", b"Makro") for line in good])
    os.utime(file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))  # its size and time are what they were
    with pytest.raises(JobError) as caught:
        job.run(local)
    assert caught.value.code == "INPUT_CHANGED"
    assert not list((tmp_path / "job" / "parts").iterdir())
    write(file, good)
    assert run(tmp_path / "job", file, part_size=2).verdicts["verified"] == 6


def test_parts_of_another_job_and_of_another_place_are_done_again(copied: tuple[Path, Path], tmp_path: Path) -> None:
    file, folder = copied
    before = contents(folder)
    run(tmp_path / "other", write(tmp_path / "other.jsonl", [b"{}"] * 120))
    for part in (tmp_path / "other" / "parts").iterdir():
        shutil.copy(part, folder / "parts" / part.name)
    run(folder, file)
    assert contents(folder) == before
    first, second, _ = sorted((folder / "parts").iterdir())
    second.write_bytes(first.read_bytes())
    second.rename(second.with_name(first.name.replace("part-000000", "part-000001")))
    run(folder, file)
    assert contents(folder) == before


def test_a_part_that_is_no_table_is_told(copied: tuple[Path, Path]) -> None:
    file, folder = copied
    sorted((folder / "parts").iterdir())[1].unlink()
    known = json.loads((folder / "manifest.json").read_bytes())
    Folder(folder, seal(known)).write_part(1, b"written by hand")
    with pytest.raises(JobError) as caught:
        run(folder, file)
    assert caught.value.code == "NOT_A_JOB"


def test_two_drivers_do_not_work_on_one_job(undisturbed: tuple[Path, Path]) -> None:
    file, folder = undisturbed
    with Folder(folder).opened(), pytest.raises(JobError) as caught:
        run(folder, file)
    assert caught.value.code == "JOB_LOCKED"
    run(folder, file)


@pytest.mark.parametrize("stray", ["notes.txt", "parts/notes.txt", "parts/part-000009-0123456789abcdef.parquet"])
def test_files_of_others_are_not_touched(copied: tuple[Path, Path], stray: str) -> None:
    file, folder = copied
    content = b"" if "notes" in stray else (folder / "summary.json").read_bytes()
    (folder / stray).write_bytes(content)
    if "part-" in stray:  # a part beyond the last, and whole
        (folder / stray).unlink()
        known = json.loads((folder / "manifest.json").read_bytes())
        Folder(folder, seal(known)).write_part(9, content)
    with pytest.raises(JobError) as caught:
        run(folder, file)
    assert caught.value.code == "NOT_A_JOB"


@pytest.mark.parametrize("manifest", [b"", b"[]", b"{", None])
def test_a_manifest_that_is_damaged_or_gone_is_told(copied: tuple[Path, Path], manifest: bytes | None) -> None:
    file, folder = copied
    if manifest is None:
        (folder / "manifest.json").unlink()
    else:
        (folder / "manifest.json").write_bytes(manifest)
    with pytest.raises(JobError) as caught:
        run(folder, file)
    assert caught.value.code == "NOT_A_JOB"


def test_one_record_among_200_kills_its_worker(tmp_path: Path) -> None:
    lines = mixed(200)
    lines[133] = harmful()
    run(tmp_path / "job", write(tmp_path / "records.jsonl", lines), policy=harming(jobs.segfault))
    found = rows(tmp_path / "job")
    marked = [row for row in found if any(each["code"] == "WORKER_CRASHED" for each in row["problems"])]
    assert [(row["position"], row["verdict"]) for row in marked] == [(134, "undecided")]
    assert "SIGSEGV" in marked[0]["problems"][0]["detail"]
    del lines[133], found[133]
    wanted = [verify(line, resolver=StaticResolver(), status=LISTS, policy=POLICY, now=NOW) for line in lines]
    assert [row["verdict"] for row in found] == [result.verdict.value for result in wanted]


def test_a_fault_of_ours_costs_one_record(tmp_path: Path) -> None:
    lines = [credential(1), harmful(), credential(2)]
    run(tmp_path / "job", write(tmp_path / "records.jsonl", lines), policy=harming(jobs.fail))
    found = rows(tmp_path / "job")
    assert [row["verdict"] for row in found] == ["verified", "undecided", "verified"]
    assert found[1]["problems"][0]["code"] == "INTERNAL_ERROR"
    assert found[1]["problems"][0]["detail"] == "ZeroDivisionError"


def test_a_full_disk_is_told_and_the_job_goes_on_later(undisturbed: tuple[Path, Path], tmp_path: Path) -> None:
    file, folder = undisturbed
    largest = max(part.stat().st_size for part in (folder / "parts").iterdir()) - 1
    assert largest > (folder / "manifest.json").stat().st_size
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from tests.unit.batch_jobs import run\n"
        "from vc_core.batch import JobError\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({largest}, resource.RLIM_INFINITY))\n"
        "try:\n"
        f"    run(Path({str(tmp_path / 'job')!r}), Path({str(file)!r}))\n"
        "except JobError as error:\n"
        "    print(error.code, error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("JOB_UNWRITABLE 'part-00000")
    assert "File too large" in done.stdout
    assert done.stderr == ""
    assert not list((tmp_path / "job").rglob(".draft*"))
    run(tmp_path / "job", file)
    assert contents(tmp_path / "job") == contents(folder)
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_memory_is_limited(tmp_path: Path) -> None:
    lines = [credential(1), harmful(), credential(2)]
    run(tmp_path / "job", write(tmp_path / "records.jsonl", lines), policy=harming(jobs.devour))
    assert [row["verdict"] for row in rows(tmp_path / "job")] == ["verified", "undecided", "verified"]
    assert "out of memory" in rows(tmp_path / "job")[1]["problems"][0]["detail"]


def test_missing_evidence_is_fetched_once_for_the_whole_job(tmp_path: Path) -> None:
    lost = "did:example:lost"
    schema = {"credentialSchema": {"id": SCHEMA, "type": "JsonSchema"}}
    lines = [far_credential(1), far_credential(2, **schema), far_credential(3, lost), credential(4)] * 40
    file = write(tmp_path / "records.jsonl", lines)
    policy = replace(POLICY, accepted_issuers=frozenset({FAR, ISSUER, lost}), resources="require")
    far = Far()
    fetched: list[str] = []

    def fetch(url: str, *, accept: str) -> Response:
        fetched.append(url)
        return Response(200, "application/json", b'{"type": "object"}', url)

    network = Network(far, fetch, lambda: NOW, lambda _text: None)
    summary = run(tmp_path / "job", file, policy=policy, network=network, workers=2)
    assert sorted(far.asked) == [FAR, lost]
    assert fetched == [SCHEMA]
    assert summary.verdicts == {"verified": 120, "rejected": 0, "undecided": 40}
    assert [row["position"] for row in rows(tmp_path / "job")] == list(range(1, 161))

    parts = sorted((tmp_path / "job" / "parts").iterdir())
    before = contents(tmp_path / "job")
    parts[0].unlink()
    parts[2].unlink()
    run(tmp_path / "job", file, policy=policy, network=network)
    assert contents(tmp_path / "job") == before
    assert sorted(far.asked) == [FAR, lost]
    assert fetched == [SCHEMA]


def test_what_is_fetched_for_one_job_is_bounded_in_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "_TOGETHER", 2)
    monkeypatch.setattr(fetching, "MOST_BYTES", 5000)
    lines = [
        credential(number, credentialSchema={"id": f"https://schemas.example/{number}", "type": "JsonSchema"})
        for number in range(8)
    ]
    file = write(tmp_path / "records.jsonl", lines)
    asked: list[str] = []

    def fetch(url: str, *, accept: str) -> Response:
        asked.append(url)
        return Response(200, "application/schema+json", json.dumps({"$id": url, "title": "x" * 2000}).encode(), url)

    network = Network(StaticResolver(), fetch, lambda: NOW, lambda _text: None)
    policy = replace(POLICY, resources="require")
    for _ in range(2):
        summary = run(tmp_path / "job", file, policy=policy, network=network)
        assert len(asked) == 4  # two files reach the bound, also when the job goes on
        assert summary.verdicts == {"verified": 4, "rejected": 0, "undecided": 4}
        for part in (tmp_path / "job" / "parts").iterdir():
            part.unlink()


def issued_each_second(count: int, issuer: str) -> list[bytes]:
    return [far_credential(number, issuer, created=NOW - timedelta(seconds=1000 - number)) for number in range(count)]


@pytest.mark.parametrize(("issuer", "asked"), [("did:web:far.example", 1), ("https://far.example/keys", 1), (FAR, 20)])
def test_an_issuer_is_fetched_once_and_for_any_time_unless_it_has_a_history(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, issuer: str, asked: int
) -> None:
    monkeypatch.setitem(fetching.MOST_NAMES, "document", 1)  # type: ignore[arg-type]  # it is a dict
    far, other = Far(issuer), "https://other.example/keys"  # which comes later in the order of names
    policy = replace(POLICY, accepted_issuers=frozenset({issuer, other}), keys_as_of="issuance")
    lines = [*issued_each_second(20, issuer), far_credential(1, other)]
    file = write(tmp_path / "records.jsonl", lines)
    network = Network(far, unreachable, lambda: NOW, lambda _text: None)
    for _ in range(2):
        summary = run(tmp_path / "job", file, policy=policy, network=network)
        assert summary.verdicts == {"verified": 20, "rejected": 0, "undecided": 1}
        assert far.asked == [issuer] * asked  # and nobody for the other one, for which there is no room
        assert summary.used_up == ["1 names of a document"]
        for part in (tmp_path / "job" / "parts").iterdir():
            part.unlink()


def unreachable(url: str, *, accept: str) -> Response:
    raise OSError("nobody")


def test_a_log_of_all_versions_is_fetched_once() -> None:
    asked: list[str] = []

    def fetch(url: str, *, accept: str) -> Response:
        asked.append(url)
        return Response(200, "text/jsonl", bytes(fetching._MOST_REMEMBERED // 2 + 1), url)

    remembering = fetching.RememberingFetch(fetch)
    for url in ("a", "a", "b", "b", "a"):
        remembering(url, accept="*/*")
    assert asked == ["a", "b", "a"]  # there is room for one of them


def test_whoever_names_many_schemas_leaves_room_for_documents_and_status_lists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(fetching.MOST_NAMES, "resource", 10)  # type: ignore[arg-type]  # it is a dict
    schemas = [{"id": f"https://x{number}.example/", "type": "JsonSchema"} for number in range(32)]
    file = write(
        tmp_path / "records.jsonl",
        [credential(1, credentialSchema=schemas), far_credential(2), credential(3, credentialStatus=jobs.STATUS)],
    )
    asked: list[str] = []

    def fetch(url: str, *, accept: str) -> Response:
        asked.append(url)
        raise OSError("nobody")

    network = Network(Far(), fetch, lambda: NOW, lambda _text: None)
    policy = replace(POLICY, accepted_issuers=frozenset({FAR, ISSUER}), resources="require")
    summary = run(tmp_path / "job", file, policy=policy, network=network, part_size=1)
    assert summary.verdicts == {"verified": 1, "rejected": 0, "undecided": 2}
    assert len(asked) == 11
    assert asked[-1] == jobs.STATUS["statusListCredential"]
    assert summary.used_up == ["10 names of a resource"]
    _print(summary, "job")
    assert "10 names of a resource." in capsys.readouterr().out
    assert "10 names of a resource." in (tmp_path / "job" / "report.html").read_text("utf-8")


def test_the_time_for_what_is_fetched_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "MOST_SECONDS", 0.01)
    monkeypatch.setattr(fetching, "_TOGETHER", 2)
    schemas = [{"id": f"https://x{number}.example/", "type": "JsonSchema"} for number in range(6)]
    file = write(tmp_path / "records.jsonl", [credential(1, credentialSchema=schemas)])
    asked: list[str] = []

    def fetch(url: str, *, accept: str) -> Response:
        asked.append(url)
        time.sleep(0.02)
        raise OSError("nobody")

    network = Network(StaticResolver(), fetch, lambda: NOW, lambda _text: None)
    for _ in range(2):
        summary = run(tmp_path / "job", file, policy=replace(POLICY, resources="require"), network=network)
        assert len(asked) == 2
        assert summary.used_up == ["0 seconds"]
        for part in (tmp_path / "job" / "parts").iterdir():
            part.unlink()


def test_for_whom_nobody_was_asked_may_be_asked_for_again(tmp_path: Path) -> None:
    lines = [far_credential(1), credential(2, credentialSchema={"id": SCHEMA, "type": "JsonSchema"})] * 2
    file = write(tmp_path / "records.jsonl", lines)
    postponed = {FAR, SCHEMA}
    far = Far()

    class Busy:
        def resolve(self, did: str, *, at: Any = None) -> Any:
            if did in postponed:
                postponed.remove(did)
                raise NotAsked("too many at a time")
            return far.resolve(did, at=at)

    def fetch(url: str, *, accept: str) -> Response:
        if url in postponed:
            postponed.remove(url)
            raise Postponed("too many at a time")
        return Response(200, "application/json", b'{"type": "object"}', url)

    network = Network(Busy(), fetch, lambda: NOW, lambda _text: None)
    policy = replace(POLICY, accepted_issuers=frozenset({FAR, ISSUER}), resources="require")
    run(tmp_path / "job", file, policy=policy, network=network, part_size=2)
    assert [row["verdict"] for row in rows(tmp_path / "job")] == ["undecided", "undecided", "verified", "verified"]


@pytest.mark.parametrize("fetched", [False, True])
def test_evidence_that_does_not_fit_into_a_worker_is_no_fault_of_records(tmp_path: Path, fetched: bool) -> None:
    file = write(tmp_path / "records.jsonl", [credential(1)])
    evidence = Evidence(resources={"https://x.example/": b"x" * (80 * 1024**2)})
    job = jobs.job(tmp_path / "job", file, limits=WorkerLimits(memory=WORKER_ALONE))
    assert job.run(local).verdicts[Verdict.VERIFIED.value] == 1
    if fetched:
        (part,) = (tmp_path / "job" / "parts").iterdir()
        part.unlink()
        data = {"asked": [], "seconds": 0, "evidence": evidence.write().decode()}
        (tmp_path / "job" / "evidence" / "000001.json").write_text(json.dumps(data))
    else:
        job = jobs.job(tmp_path / "other", file, evidence=evidence, limits=job.limits)
    with pytest.raises(JobError, match="no worker process starts") as caught:
        job.run(local)
    assert caught.value.code == "WORKER_UNUSABLE"


def test_fetched_evidence_that_is_damaged_is_told(tmp_path: Path) -> None:
    file = write(tmp_path / "records.jsonl", [far_credential(1)])
    policy = replace(POLICY, accepted_issuers=frozenset({FAR}))
    network = Network(Far(), lambda url, *, accept: Response(404, "", b"", url), lambda: NOW, lambda _text: None)
    assert run(tmp_path / "job", file, policy=policy, network=network).verdicts[Verdict.VERIFIED.value] == 1
    (kept,) = (tmp_path / "job" / "evidence").iterdir()
    kept.write_bytes(kept.read_bytes()[:-9])
    with pytest.raises(JobError) as caught:
        run(tmp_path / "job", file, policy=policy, network=network)
    assert caught.value.code == "NOT_A_JOB"


def test_rows_that_are_there_twice_are_told(tmp_path: Path) -> None:
    run(tmp_path / "job", write(tmp_path / "records.jsonl", mixed(60)))
    first, second = sorted((tmp_path / "job" / "parts").iterdir())
    assert Summary.of([first, second], used_up=[]).records == 60
    for parts in ([first, first], [second, first]):
        with pytest.raises(JobError, match="order of the input"):
            Summary.of(parts, used_up=[])


def test_an_issuer_that_is_named_as_a_row_of_ours_has_its_own(tmp_path: Path) -> None:
    names = ["(nobody is named)", "(others)", "\\(others)"]
    lines = [b"{}", *(json.dumps(jobs.claims(1, issuer=name)).encode() for name in names)]
    found = run(tmp_path / "job", write(tmp_path / "records.jsonl", lines)).issuers
    assert sorted(found) == ["(nobody is named)", "\\(nobody is named)", "\\(others)", "\\\\(others)"]


def test_nothing_turns_the_writing_of_the_report(tmp_path: Path) -> None:
    line = json.dumps(jobs.claims(1, issuer="did:x:\x1b[31m\u202e\x9b")).encode()
    run(tmp_path / "job", write(tmp_path / "records.jsonl", [line]))
    page = (tmp_path / "job" / "report.html").read_text("utf-8")
    assert "did:x:\\x1b[31m\\u202e\\x9b" in page
    assert not {"\x1b", "\u202e", "\x9b"} & set(page)


def test_a_job_is_no_file(tmp_path: Path) -> None:
    file = write(tmp_path / "records.jsonl", [])
    with pytest.raises(JobError, match="is a file, and a job is a folder"):
        run(file, file)


def test_the_report_is_text_and_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    evil = "https://x.example/</text></svg><script>alert(1)</script>&\"'"
    lines = [json.dumps(jobs.claims(1, issuer=evil)).encode(), credential(2)] * 30
    run(tmp_path / "job", write(tmp_path / "records.jsonl", lines), part_size=10)
    page = (tmp_path / "job" / "report.html").read_text("utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "UNACCEPTED_ISSUER" in page
    assert page.count("<svg") >= 4
    assert not re.findall(r"(?:src|href|url)\s*[=(]", page)
    ET.fromstring("\n".join(re.findall(r"<svg.*?</svg>", page, re.DOTALL)).join(("<all>", "</all>")))
