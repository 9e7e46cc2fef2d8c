"""What all commands share: exit codes, one line for whatever goes wrong, streams and colours."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from status import StatusVerificationError
from vc_core import ParsingError
from vc_core.cli import commands, main, terminal
from vc_core.cli.exit_codes import ExitCode, worst
from vc_core.result import Verdict

REPOSITORY = Path(__file__).resolve().parents[2]


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "vc_core.cli", *arguments]


def one_line(text: str) -> str:
    assert text.endswith("\n")
    assert text.count("\n") == 1
    assert text.startswith("vc-core")
    return text


def test_the_worst_of_several_exit_codes() -> None:
    done, rejected, unusable, undecided = (
        ExitCode.DONE,
        ExitCode.REJECTED,
        ExitCode.INPUT_ERROR,
        ExitCode.UNDECIDED,
    )
    assert worst([]) == 0
    assert worst([done, done]) == 0
    assert worst([done, undecided, done]) == 3
    assert worst([undecided, rejected, done]) == 1
    assert worst([undecided, rejected, unusable, done]) == 2


def test_the_commands_of_this_version() -> None:
    assert set(commands.commands) == {
        *("demo", "key", "issue", "verify", "verify-batch", "present", "resolve", "status")
    }


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Missing command"),
        (["nonsense"], "No such command 'nonsense'"),
        (["key"], "Missing command"),
        (["key", "generate"], "Missing option '--out'"),
        (["key", "generate", "--type", "DSA", "--out", "x"], "'DSA' is not one of"),
        (["issue", "x"], "Missing option '--key'"),
        (["issue", "x", "--key", "x"], "Missing option '--securing'"),
        (["verify"], "Missing argument 'FILE...'"),
        (["verify", "x"], "Say whom you trust"),
        (["verify", "x", "--issuer", "did:key:z", "--any-issuer"], "not both"),
        (["verify", "x", "--any-issuer", "--at", "yesterday"], "is no dateTimeStamp"),
        (["verify", "x", "--any-issuer", "--context", "https://example.org/"], "write URL=FILE"),
        (["verify", "x", "--any-issuer", "--nonsense"], "No such option"),
        (["verify", "x", "--any-issuer", "--nonce", "a", "--challenge", "b"], "say it once"),
        (["verify", "x", "--any-issuer", "--holder-binding", "nobody"], "'nobody' is not one of"),
        (["present"], "Missing argument 'CREDENTIAL...'"),
        (["present", "x", "--securing", "vc+jwt"], "'vc+jwt' is not one of"),
        (["demo", "--count", "0"], "'--count'"),
        (["resolve"], "Missing argument 'DID'"),
        (["status"], "Missing command"),
        (["status", "nonsense"], "No such command 'nonsense'"),
        (["status", "set", "store"], "Missing option '--list'"),
        (["status", "check"], "Missing argument 'FILE_OR_URL...'"),
        (["issue", "x", "--key", "x", "--securing", "vc+jwt", "--status-list", "x"], "Say --status-store"),
        (["nonsense\x1b[2J\u202e"], r"\x1b[2J\u202e"),
    ],
)
def test_a_usage_error_is_one_line_and_says_where_help_is(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in one_line(err)
    assert "--help" in err
    assert "\x1b" not in err


@pytest.mark.parametrize("name", [None, "demo", "key", "issue", "verify", "present", "resolve", "status"])
def test_help_is_a_result(name: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*([name] if name else []), "--help"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Usage: vc-core")
    assert err == ""


def test_the_help_of_verify_names_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    main(["verify", "--help"])
    words = " ".join(capsys.readouterr().out.split())
    assert "0 verified, 1 rejected, 2 input error, 3 undecided" in words
    assert "an input error outranks a rejection, and a rejection an undecided file" in words
    assert "--offline Fetch nothing" in words


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ParsingError("the input is\nodd"), "the input is odd (PARSING_ERROR)"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (StatusVerificationError("no list"), "no list (STATUS_VERIFICATION_ERROR)"),
        (KeyError("surprise"), "a fault of vc-core itself, please report it: KeyError: 'surprise'"),
        (RecursionError("deep"), "RecursionError: deep"),
    ],
)
def test_nothing_is_ever_a_traceback(
    error: Exception, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def broken() -> None:
        raise error

    monkeypatch.setitem(commands.commands, "broken", broken)
    assert main(["broken"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in one_line(err)


def test_an_interruption_has_its_own_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @click.command()
    def endless() -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(commands.commands, "endless", endless)
    assert main(["endless"]) == 130
    assert capsys.readouterr().err == "vc-core: interrupted\n"


def test_importing_the_library_does_not_import_the_command_line() -> None:
    code = "import sys, vc_core; sys.exit('click' in sys.modules or 'vc_core.cli' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=False).returncode == 0


def test_a_reader_who_leaves_early_causes_no_complaint() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        process = subprocess.run(
            command("resolve", "did:jwk:e30"),
            cwd=REPOSITORY,
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
        )
    finally:
        os.close(writing)
    assert process.stderr == b""
    assert process.returncode == 2


@pytest.mark.parametrize(("streams", "code"), [(">&- 2>&-", 3), ("2>/dev/full", 3), (">/dev/full", 2)])
def test_the_exit_code_holds_whatever_the_streams_are(streams: str, code: int) -> None:
    line = f"{sys.executable} -m vc_core.cli resolve did:web:example.org --offline {streams}"
    process = subprocess.run(["sh", "-c", line], cwd=REPOSITORY, capture_output=True, check=False)
    assert process.returncode == code
    assert b"Traceback" not in process.stderr


def on_a_terminal(*arguments: str, **environment: str) -> tuple[str, int]:
    """What the command shows where all its streams are one terminal, and its exit code."""
    master, slave = pty.openpty()
    variables = {**os.environ, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **environment}
    variables = {name: value for name, value in variables.items() if value}
    process = subprocess.Popen(
        command(*arguments), cwd=REPOSITORY, stdin=slave, stdout=slave, stderr=slave, env=variables
    )
    os.close(slave)
    shown = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(master)
    return shown.decode(), process.wait()


def test_colours_and_the_bar_are_for_terminals() -> None:
    shown, code = on_a_terminal("demo", "--count", "20", NO_COLOR="")
    assert code == 0
    assert "\x1b[32m" in shown
    assert "Verifying  ━" in shown


def test_no_color_is_honoured() -> None:
    shown, code = on_a_terminal("demo", "--count", "20", NO_COLOR="1")
    assert code == 0
    assert not re.search(r"\x1b\[[0-9;]*m", shown)


def test_nothing_but_the_result_appears_off_a_terminal() -> None:
    process = subprocess.run(command("demo", "--count", "20"), cwd=REPOSITORY, capture_output=True, check=False)
    assert process.returncode == 0
    assert process.stderr == b""
    assert b"\x1b" not in process.stdout


def test_a_terminal_that_lacks_a_letter_shows_a_question_mark() -> None:
    variables = {**os.environ, "PYTHONIOENCODING": "iso-8859-1"}
    process = subprocess.run(
        command("demo", "--count", "1"), cwd=REPOSITORY, env=variables, capture_output=True, check=False
    )
    assert process.returncode == 0
    assert b"Kvalit?tes" in process.stdout


def test_printable_text_stays_on_its_line_and_in_its_direction() -> None:
    assert terminal.printable("mācības \U0001f393.json") == "mācības \U0001f393.json"
    assert terminal.printable("a\nb\r\x1b[1m\u202e\u2028\x85\udc80") == r"a\nb\r\x1b[1m\u202e\u2028\x85\udc80"


def test_a_bar_is_as_long_as_the_work(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    assert list(terminal.progress("abcd", label="Work", length=4)) == list("abcd")
    drawn = capsys.readouterr().err.split("\r\x1b[K")
    assert [line.count("━") for line in drawn] == [0, 10, 20, 30, 40, 0]
    assert drawn[-1] == ""
    monkeypatch.setenv("TERM", "dumb")
    assert list(terminal.progress("ab", label="Work", length=2)) == ["a", "b"]
    assert capsys.readouterr().err == ""


def test_a_bar_is_drawn_with_what_the_terminal_has(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TERM", "xterm")
    with (tmp_path / "screen").open("w+", encoding="ascii") as screen:
        monkeypatch.setattr(screen, "isatty", lambda: True)
        monkeypatch.setattr(sys, "stderr", screen)
        assert list(terminal.progress("ab", label="Work", length=2)) == ["a", "b"]
        screen.seek(0)
        assert "Work  " + "#" * 20 + "-" * 20 + "   50 %" in screen.read()


def test_columns_are_wrapped_each_for_itself() -> None:
    assert terminal.columns("a", "b", at=6) == "  a   b"
    assert terminal.columns("", "b", at=2) == "  b"
    text = terminal.columns("a long name that goes on", "one", "word " * 15, at=20, indent="    ")
    assert text.splitlines() == [
        "    a long name     one",
        "      that goes on  word word word word word word word word word word word word",
        "                      word word word",
    ]
    assert terminal.columns("a", "word " * 15, at=20).splitlines()[1] == " " * 20 + "word word word"


def test_each_verdict_has_its_word_and_its_colour() -> None:
    shown = {verdict: terminal.coloured(verdict) for verdict in Verdict}
    assert len(set(shown.values())) == len(Verdict)
    assert all(verdict.value in text for verdict, text in shown.items())


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert re.fullmatch(r"vc-core \d+\.\d+\.\d+\n", capsys.readouterr().out)
