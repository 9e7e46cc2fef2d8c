"""Instructions of one verification, beside those of the raw signature check: where a time is too noisy.

    python -m benches.instructions [--seconds 2]

They are counted by `perf stat`, where the processor's counters can be read, else by valgrind's callgrind. What one
takes is the difference between processes that verify the same credentials 200 and 400 times, so that starting up and
warming up do not count. Where there is neither, it says so and exits with 3.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

from nacl.bindings import crypto_sign_open

from benches.case import NOW
from benches.tables import Report, Settings, Table, Unavailable, run
from benches.warm import cases
from did import StaticResolver
from status import NO_STATUS_LISTS
from vc_core import Policy, verify

_TIMES: Final = 200
_PERF: Final = ("perf", "stat", "-x,", "-e", "instructions:u")
_CALLGRIND: Final = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")


def counter() -> tuple[str, Callable[[list[str]], int]]:
    """What counts the instructions of a command, and its name. Raises `Unavailable` where there is none."""
    if shutil.which("perf") and _perf(["true"]):
        return "perf stat", _perf
    if shutil.which("valgrind"):
        return "callgrind", _callgrind
    raise Unavailable(
        "instructions are counted by perf or valgrind: perf counts none here, and valgrind is not installed"
    )


def _perf(command: list[str]) -> int:
    """The count; 0 if there are no counters to be read."""
    first = _said([*_PERF, *command]).strip().splitlines()[-1:]
    count = "".join(first).partition(",")[0]
    return int(count) if count.isdecimal() else 0


def _callgrind(command: list[str]) -> int:
    found = re.search(r"Collected : (\d+)", _said([*_CALLGRIND, *command]))
    if found is None:
        raise Unavailable("valgrind counted nothing")
    return int(found[1])


def _said(command: list[str]) -> str:
    environ = {**os.environ, "PYTHONHASHSEED": "0"}
    done = subprocess.run(command, capture_output=True, text=True, env=environ, check=False)
    if done.returncode:
        raise Unavailable(f"{command[0]} failed: {done.stderr.strip().splitlines()[-1:]}")
    return done.stderr


def repeat(file: str, what: str, times: str) -> None:
    """What is counted: so many verifications, or raw checks, of the credentials in a file."""
    given: dict[str, Any] = json.loads(Path(file).read_text(encoding="utf-8"))
    if what == "raw":
        key = b64decode(given["key"])
        for signed in islice(cycle(map(b64decode, given["signed"])), int(times)):
            crypto_sign_open(signed, key)
        return
    policy, resolver = Policy(accepted_issuers=frozenset({given["issuer"]})), StaticResolver()
    credentials = [each.encode() for each in given["credentials"]]
    for credential in islice(cycle(credentials), int(times)):
        if not verify(credential, resolver=resolver, status=NO_STATUS_LISTS, policy=policy, now=NOW):
            raise SystemExit("not verified")


def tables(_settings: Settings) -> Report:
    name, count = counter()
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for case in cases(50):
            signed = [b64encode(each.signature + each.data).decode() for each in case.signed]
            given = {
                "issuer": case.issuer,
                "credentials": [each.decode() for each in case.credentials],
                "key": b64encode(case.key.public_key.raw).decode(),
                "signed": signed,
            }
            file = Path(folder) / "given.json"
            file.write_text(json.dumps(given), encoding="utf-8")

            def one(what: str, file: Path = file) -> float:
                command = [sys.executable, "-m", "benches.instructions", "repeat", str(file), what]
                fewer, more = (count([*command, str(times)]) for times in (_TIMES, 2 * _TIMES))
                return (more - fewer) / _TIMES

            raw, ours = one("raw"), one("verify")
            rows.append((case.mechanism, f"{raw:,.0f}", f"{ours:,.0f}", f"**{raw / ours:.2f}**"))
    columns = (f"instructions, by {name}", "raw verify", "verify", "**ratio**")
    return Report({"instructions": Table(columns, rows)})


if __name__ == "__main__":
    if sys.argv[1:2] == ["repeat"]:
        repeat(*sys.argv[2:])
    else:
        run(tables, __doc__)
