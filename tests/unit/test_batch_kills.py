"""Jobs as processes: what is killed loses nothing, what is asked to stop stops, and what the command says."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.unit.batch_jobs import ISSUER, contents, credential, hang, harmful, harming, job, mixed, rows, write
from vc_core.batch.engines.local import local
from vc_core.cli import main

AT = "2026-02-01T00:00:00Z"
LINES = 300


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A file of records and a finished job over it, in small parts."""
    folder = tmp_path_factory.mktemp("kills")
    file = write(folder / "records.jsonl", mixed(LINES))
    with command(file, folder / "job") as process:
        assert process.wait(60) == 1
    assert [row["position"] for row in rows(folder / "job")] == list(range(1, LINES + 1))
    return file, folder / "job"


def command(file: Path, folder: Path, *more: str) -> subprocess.Popen[str]:
    """The command as a process."""
    options = ["--issuer", ISSUER, "--at", AT, "--offline", "--workers", "2", "--part-size", "5", *more]
    words = [sys.executable, "-m", "vc_core.cli", "verify-batch", str(file), "-o", str(folder), *options]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def workers(process: subprocess.Popen[str]) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{process.pid}/task").iterdir())
        return [int(each) for task in tasks for each in (task / "children").read_text().split()]
    except OSError:
        return []


def lives(process: int) -> bool:
    """Whether there is such a process, and not only what its parent has not asked about yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def done(folder: Path) -> int:
    return sum(1 for _ in (folder / "parts").glob("part-*")) if (folder / "parts").is_dir() else 0


def wait_for_parts(folder: Path, number: int, process: subprocess.Popen[str]) -> None:
    while done(folder) < number and process.poll() is None:
        time.sleep(0.001)


def test_a_driver_that_is_killed_again_and_again_loses_and_doubles_nothing(
    undisturbed: tuple[Path, Path], tmp_path: Path
) -> None:
    file, folder = undisturbed
    points = random.Random(7)
    kills = 0
    for target in (0, 9, 30, 55):
        with command(file, tmp_path / "job") as process:
            wait_for_parts(tmp_path / "job", target, process)
            time.sleep(points.random() / 50)
            kills += process.poll() is None
            orphans = workers(process)
            process.kill()
        deadline = time.monotonic() + 5
        while any(map(lives, orphans)) and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not any(map(lives, orphans))
    assert kills >= 3
    with command(file, tmp_path / "job") as process:
        assert process.wait(60) == 1
    assert contents(tmp_path / "job") == contents(folder)


def test_workers_that_are_killed_lose_and_double_nothing(undisturbed: tuple[Path, Path], tmp_path: Path) -> None:
    file, folder = undisturbed
    points = random.Random(8)
    kills = 0
    with command(file, tmp_path / "job") as process:
        while process.poll() is None:
            time.sleep(points.random() / 3)
            for each in workers(process):
                os.kill(each, signal.SIGKILL)
                kills += 1
            if kills > 6:
                break
        assert process.wait(60) == 1
    assert kills >= 2
    assert contents(tmp_path / "job") == contents(folder)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_job_that_is_asked_to_stop_stops_and_goes_on_later(
    undisturbed: tuple[Path, Path], tmp_path: Path, number: signal.Signals
) -> None:
    file, folder = undisturbed
    with command(file, tmp_path / "job") as process:
        wait_for_parts(tmp_path / "job", 3, process)
        began = time.monotonic()
        process.send_signal(number)
        assert process.wait(20) == 130
        assert time.monotonic() - began < 5
        out, err = process.communicate()
    assert (out, err) == ("", "vc-core: stopped; the same command goes on from here\n")
    assert 3 <= done(tmp_path / "job") < 60
    with command(file, tmp_path / "job") as process:
        assert process.wait(60) == 1
    assert contents(tmp_path / "job") == contents(folder)


def test_a_job_that_is_asked_to_stop_stops_while_its_input_is_looked_at(tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    with file.open("wb") as sparse:
        sparse.truncate(100 * 1024**3)
    with command(file, tmp_path / "job") as process:
        while not any(Path(each).resolve() == file for each in Path(f"/proc/{process.pid}/fd").iterdir()):
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 130
        assert process.communicate() == ("", "vc-core: stopped; the same command goes on from here\n")


def test_a_job_stops_also_while_a_record_hangs(tmp_path: Path) -> None:
    file = write(tmp_path / "records.jsonl", [credential(1), harmful()])
    hanging = job(tmp_path / "job", file, policy=harming(hang))

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 1.5)
    began = time.monotonic()
    try:
        with pytest.raises(KeyboardInterrupt):
            hanging.run(local)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert time.monotonic() - began < 5


def test_the_command_says_what_came_out(
    undisturbed: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, _ = undisturbed
    words = ["verify-batch", str(file), "-o", str(tmp_path / "job"), "--issuer", ISSUER, "--offline"]
    assert main([*words, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["verdicts"] == {"verified": 180, "rejected": 90, "undecided": 30}
    assert told["job"] == str(tmp_path / "job")
    assert main(words) == 1  # without --at it goes on at the time at which it was begun
    out, err = capsys.readouterr()
    assert "300 records" in out
    assert "60.0 %  verified" in out
    assert "STATUS_RETRIEVAL_ERROR" in out
    assert err == ""
    assert main([*words, "--at", AT]) == 2
    assert "JOB_CHANGED" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lines", "code"),
    [(mixed(5), 0), (mixed(10), 1), ([mixed(10)[7], *mixed(5)], 3), ([], 0), ([b" ", b"", b"\t"], 0)],
)
def test_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str], lines: list[bytes], code: int) -> None:
    file = write(tmp_path / "records.jsonl", lines)
    folder = tmp_path / "job"
    assert main(["verify-batch", str(file), "-o", str(folder), "--issuer", ISSUER, "--at", AT, "--offline"]) == code
    assert f"{len([line for line in lines if line.strip()]):,} records" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["missing.jsonl", "--offline"], "INPUT_UNREADABLE"),
        ([".", "--offline"], "INPUT_UNREADABLE"),
        (["records.jsonl", "--engine", "spark"], "--offline"),
        (["records.jsonl", "--offline", "--column", "x"], "only Parquet has columns"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "records.jsonl", mixed(1))
    assert main(["verify-batch", *words, "-o", "job", "--any-issuer"]) == 2
    err = capsys.readouterr().err
    assert told in err
    assert err.count("\n") == 1
