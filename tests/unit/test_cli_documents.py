"""What the documents say of the command line is so."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click

from vc_core import CRYPTOSUITES, ENVELOPES, Evidence, Limits, Policy, sd_jwt
from vc_core.cli import commands
from vc_core.cli.mechanisms import ISSUING, PRESENTING
from vc_core.cli.policy_file import SETTINGS, read_policy
from vc_core.securing.cose.reading import REFUSED_PARAMETERS as REFUSED_BY_COSE
from vc_core.securing.jose import REFUSED_PARAMETERS

REPOSITORY = Path(__file__).resolve().parents[2]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
MANUAL = (REPOSITORY / "docs" / "manual.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_commands_of_the_readme_run(tmp_path: Path) -> None:
    shown = [block.removeprefix(". .venv/bin/activate\n") for block in blocks(README, "sh") if "\nvc-core " in block]
    assert len(shown) == 3
    script = tmp_path / "bin" / "vc-core"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m vc_core.cli "$@"\n')
    script.chmod(0o755)
    paths = {"PATH": f"{script.parent}:{os.environ['PATH']}", "PYTHONPATH": str(REPOSITORY)}
    process = subprocess.run(
        ["sh", "-e", "-c", "".join(shown)],
        cwd=tmp_path,
        env=os.environ | paths,
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    assert re.findall(r"^(\w+)  (\S+)$", process.stdout, re.MULTILINE) == [
        ("verified", "credential.json"),
        ("verified", "shown.sd-jwt"),
        ("verified", "public/3"),
        ("rejected", "revocable.jwt"),
    ]
    assert process.stdout.count("did:key:") >= 4
    presented = sd_jwt.read((tmp_path / "shown.sd-jwt").read_bytes().rstrip(b"\n"), limits=Limits())
    assert presented.disclosed == (("grade",),)
    assert "name" not in presented.claims


def test_the_files_of_the_manual_are_read() -> None:
    evidence, policy = blocks(MANUAL, "json")
    assert Evidence.read(evidence.encode()).resources == {"https://example.org/schema.json": b"{}"}
    assert Policy(**read_policy(policy.encode())).limits.document_bytes == 2**20
    unnamed = SETTINGS.keys() - json.loads(policy).keys()
    assert [name for name in unnamed if f"`{name}`" not in MANUAL] == []


def test_the_manual_names_every_mechanism_and_every_refused_parameter() -> None:
    names = {*ENVELOPES, *(ISSUING.keys() | PRESENTING.keys()) - CRYPTOSUITES.keys()}
    names |= REFUSED_PARAMETERS | set(REFUSED_BY_COSE.values())
    assert [name for name in sorted(names) if f"`{name}`" not in MANUAL] == []
    assert [name for name in sorted({*ENVELOPES, *CRYPTOSUITES}) if f"`{name}`" not in README] == []


def test_the_options_that_the_documents_name_are_there() -> None:
    known = {"--ignore-scripts", "--prefix", "--help"}
    todo: list[click.Command] = [commands]
    while todo:
        command = todo.pop()
        known.update(option for each in command.params for option in each.opts)
        todo += command.commands.values() if isinstance(command, click.Group) else []
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README + MANUAL))
    assert sorted(named - known) == []
