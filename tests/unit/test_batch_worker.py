"""What happens inside of a worker, and an engine without any process."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

from did import Response
from tests.unit import batch_jobs as jobs
from tests.unit.batch_jobs import (
    FAR,
    NOW,
    POLICY,
    SCHEMA,
    Far,
    contents,
    credential,
    far_credential,
    mixed,
    rows,
    run,
    write,
)
from vc_core import NO_EVIDENCE, Verdict
from vc_core.batch import JobError, WorkerLimits, worker
from vc_core.batch.engines.groups import in_groups, made
from vc_core.batch.engines.local import _written
from vc_core.batch.engines.part_function import JudgeRecords, PartFunction, WriteRows, answered
from vc_core.batch.engines.part_function import asked as requested
from vc_core.batch.fetching import Network, SharedEvidence
from vc_core.batch.folder import Folder
from vc_core.batch.job import Run
from vc_core.batch.messages import Message, receive, send
from vc_core.batch.parts import Part
from vc_core.batch.portable import packed, unpacked
from vc_core.batch.rows import received, records, sent
from vc_core.batch.supervision import Stopped, WorkerDied, WorkerFailed
from vc_core.batch.verification import Missing, Verification, Verifier, crashed_row, verify_batches


def doubled(data: bytes) -> bytes:
    """The data twice, or an error for none."""
    if not data:
        raise ZeroDivisionError
    return data * 2


def test_a_worker_answers_until_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    limited: list[float] = []
    monkeypatch.setattr(worker, "_limit_memory", limited.append)
    monkeypatch.setattr(worker, "_set_alarm", limited.append)
    requests, answers = io.BytesIO(), io.BytesIO()
    for data in (packed((packed(doubled), WorkerLimits(3, 500))), b"ab", b""):
        send(requests, Message(done=True, data=data))
    requests.seek(0)
    worker.serve(requests, answers)
    answers.seek(0)
    found = [receive(answers) for _ in range(3)]
    assert found == [(True, b""), (True, b"abab"), (False, b"ZeroDivisionError")]
    with pytest.raises(EOFError):
        receive(answers)
    assert limited == [500, 3, 0, 3, 0]


def test_what_is_packed_is_what_is_unpacked() -> None:
    verification = Verification(POLICY, NOW, NO_EVIDENCE)
    again = unpacked(packed(verification))
    assert again.policy == POLICY
    assert all(again.policy.algorithms[name] is POLICY.algorithms[name] for name in POLICY.algorithms)
    assert all(again.policy.cryptosuites[name] is POLICY.cryptosuites[name] for name in POLICY.cryptosuites)
    with pytest.raises(TypeError):
        again.policy.algorithms["none"] = None


def asked(function: PartFunction, known: int, batch: pa.RecordBatch) -> tuple[list[dict[str, Any]], Any]:
    number, rows, missing = answered(function(requested(JudgeRecords(known, sent(batch)))))
    found = received(rows).to_pylist()
    assert number == len(found)
    return found, missing


def test_a_worker_says_what_was_missing_and_learns_what_was_fetched(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    policy = replace(POLICY, accepted_issuers=frozenset({FAR}), resources="require")
    schema = {"credentialSchema": {"id": SCHEMA, "type": "JsonSchema"}}
    batch = records([1, 2, 3], [far_credential(1, **schema), b"{}", far_credential(3)])
    function = PartFunction(Verification(policy, NOW, NO_EVIDENCE), folder)
    far = Far()

    def fetch(url: str, *, accept: str) -> Response:
        return Response(200, "application/json", b'{"type": "object"}', url)

    with folder.opened():
        evidence = SharedEvidence(folder, NO_EVIDENCE, Network(far, fetch, lambda: NOW, lambda _text: None))
        rows, missing = asked(function, 0, batch)
        assert missing == {0: (Missing(FAR),), 2: (Missing(FAR),)}
        evidence.ask(missing[0])
        rows, missing = asked(function, 1, batch)
        assert missing == {0: (Missing(SCHEMA, None, "resource"),)}
        assert [row["verdict"] for row in rows] == ["undecided", "rejected", "verified"]
        evidence.ask(missing[0])
        assert evidence.answered_since(1, missing[0])
        assert not evidence.answered_since(2, missing[0])
        rows, missing = asked(function, 2, batch)
        assert missing == {}
        assert [row["verdict"] for row in rows] == ["verified", "rejected", "verified"]
        assert json.loads((tmp_path / "evidence" / "000001.json").read_bytes())["asked"] == [[FAR, None, "document"]]
        with pytest.raises(JobError) as caught:
            asked(function, 3, batch)
        assert caught.value.code == "NOT_A_JOB"
        evidence.stop()
        with pytest.raises(Stopped):
            evidence.ask([Missing("did:example:more")])


def test_of_much_that_is_missing_a_part_is_told() -> None:
    resources = [{"id": f"https://x.example/{number}", "digestSRI": "sha256-" + "A" * 43 + "="} for number in range(50)]
    policy = replace(POLICY, resources="require")
    verifier = Verifier(Verification(policy, NOW, NO_EVIDENCE))
    _, missing = verifier.verified(records([1], [jobs.credential(1, relatedResource=resources)]))
    assert len(missing[0]) == 32


def test_a_record_that_is_too_long_has_no_digest() -> None:
    policy = replace(POLICY, limits=replace(POLICY.limits, document_bytes=100))
    verification = Verification(policy, NOW, NO_EVIDENCE)
    rows, _ = Verifier(verification).verified(records([1, 2], [b" " * 101, b" " * 100]))
    assert [row["input_sha256"] is None for row in rows.to_pylist()] == [True, False]
    assert rows.to_pylist()[0]["problems"][0]["code"] == "INPUT_TOO_LARGE"
    (row,) = crashed_row(records([7], [b"x"]), "of something", verification).to_pylist()
    assert (row["position"], row["verdict"]) == (7, Verdict.UNDECIDED.value)


def test_a_long_name_of_nobody_is_cut_off() -> None:
    verifier = Verifier(Verification(POLICY, NOW, NO_EVIDENCE))
    line = json.dumps(jobs.claims(1, issuer="https://x.example/" + "x" * 5000)).encode()
    (row,) = verifier.verified(records([1], [line]))[0].to_pylist()
    assert len(row["claimed_issuer"]) == 1024


def test_an_engine_may_hand_back_the_files_of_several_parts_in_any_order(tmp_path: Path) -> None:
    table = pa.table({"credential": [*mixed(119), None]})
    pa.parquet.write_table(table, tmp_path / "records.parquet")
    for file in (write(tmp_path / "records.jsonl", mixed(120)), tmp_path / "records.parquet"):
        run(tmp_path / f"local-{file.suffix}", file)

        def backwards(run: Run, found: Iterator[Part]) -> None:
            verification = packed(run.job.verification)
            in_groups(run, found, lambda tasks: pa.Table.from_batches(made(verification, reversed(tasks))))

        jobs.job(tmp_path / f"other-{file.suffix}", file).run(backwards)
        assert contents(tmp_path / f"other-{file.suffix}") == contents(tmp_path / f"local-{file.suffix}")


def test_many_nulls_are_no_records_for_any_engine(tmp_path: Path) -> None:
    file = tmp_path / "records.parquet"
    pa.parquet.write_table(pa.table({"credential": pa.array([None] * 399 + [credential(1)], pa.binary())}), file)
    run(tmp_path / "local", file)
    assert [row["position"] for row in rows(tmp_path / "local")] == [400]

    def grouped(run: Run, found: Iterator[Part]) -> None:
        verification = packed(run.job.verification)
        in_groups(run, found, lambda tasks: pa.Table.from_batches(made(verification, iter(tasks))))

    jobs.job(tmp_path / "other", file).run(grouped)
    assert contents(tmp_path / "other") == contents(tmp_path / "local")


def test_a_null_in_a_frame_is_no_record() -> None:
    batch = pa.record_batch([[1, 2, 3], pa.array([b"{}", None, b"[]"], pa.binary())], names=["position", "credential"])
    (found,) = verify_batches(packed(Verification(POLICY, NOW, NO_EVIDENCE)), iter([batch]))
    assert found.column("position").to_pylist() == [1, 3]


def test_a_part_that_an_engine_forgets_is_told(tmp_path: Path) -> None:
    file = write(tmp_path / "records.jsonl", mixed(120))

    def forgetful(run: Run, found: Iterator[Part]) -> None:
        list(found)

    with pytest.raises(JobError) as caught:
        jobs.job(tmp_path / "job", file).run(forgetful)
    assert caught.value.code == "NOT_A_JOB"
    assert not (tmp_path / "job" / "summary.json").exists()


class Dying:
    """Workers of which so many die or fail before one answers with what it was asked."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = [*errors]

    def ask(self, work: bytes) -> bytes:
        if self.errors:
            raise self.errors.pop()
        return work


def test_a_part_is_written_although_workers_are_killed_and_not_for_ever() -> None:
    deaths = [WorkerDied("SIGKILL")] * 3
    assert _written(Dying(*deaths[1:]), [b"rows"]) == requested(WriteRows([b"rows"]))  # type: ignore[arg-type]  # it answers as workers do
    for errors, words in ((deaths, "cannot be written: SIGKILL"), ([WorkerFailed("OSError")], "failed: OSError")):
        with pytest.raises(JobError, match=words) as caught:
            _written(Dying(*errors), [b"rows"])  # type: ignore[arg-type]  # it answers as workers do
        assert caught.value.code == "WORKER_UNUSABLE"
