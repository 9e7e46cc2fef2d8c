"""What a fetcher may be made of, and what it needs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from threading import Event
from typing import Any

import pytest

import vc_core.net
from did.methods.method import Fetch
from vc_core.net import FETCH_CODES, Fetcher, FetchError
from vc_core.net.connection import Unanswered
from vc_core.net.deadline import Deadline

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    "options",
    [
        *(
            {"seconds": 0},
            {"seconds": -1},
            {"seconds": float("nan")},
            {"seconds": 3601},
            {"max_bytes": -1},
            {"redirects": -1},
        ),
        *({"connections": 0}, {"failures": 0}, {"pause": -1}),
        *({"allowances": {"localhost": "loopback"}}, {"allowances": {"localhost:8443": "local"}}),
        *({"allowances": {"*:8443": "loopback"}}, {"allowances": {"https://localhost:8443": "loopback"}}),
        *({"allowances": {"LOCALHOST:8443": "loopback"}}, {"allowances": {"localhost:8443": "ISATAP"}}),
    ],
)
def test_arguments_that_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"out of range|not a host"):
        Fetcher(**options)


def test_an_allowance_that_is_changed_later_has_no_effect() -> None:
    allowances = {"localhost:8443": "loopback"}
    fetch = Fetcher(allowances=allowances)
    allowances["127.0.0.1:8443"] = "loopback"
    with pytest.raises(FetchError) as caught:
        fetch("https://127.0.0.1:8443/", accept="*/*")
    assert caught.value.code == "HOST_NOT_ALLOWED"


def test_a_fetcher_is_a_fetch() -> None:
    fetch: Fetch = Fetcher()
    with pytest.raises(OSError, match="not an https URL") as caught:
        fetch("http://example.com/", accept="*/*")
    error = caught.value
    assert isinstance(error, FetchError)
    assert (error.code, error.url, str(error)) == ("BAD_URL", "http://example.com/", error.detail)


def test_a_hostile_url_is_one_short_line() -> None:
    with pytest.raises(FetchError) as caught:
        Fetcher()("https://example.com/\x1b[2J\n\u202e" + "a" * 1_000_000, accept="*/*")
    assert caught.value.detail.isprintable()
    assert len(caught.value.detail) < 300


def test_a_deadline() -> None:
    times = iter((10.0, 10.0, 14.75, 15.0, 16.0))
    deadline = Deadline(5, lambda: next(times))
    assert deadline.left() == 5
    assert deadline.left() == 0.25
    for _ in range(2):
        with pytest.raises(FetchError, match="within 5 s") as caught:
            deadline.left()
        assert caught.value.code == "DEADLINE_EXCEEDED"


def test_it_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "vc_core.net.exchange", raising=False)
    monkeypatch.setitem(sys.modules, "h11", None)
    with pytest.raises(FetchError) as caught:
        Fetcher()
    assert caught.value.code == "MISSING_DEPENDENCY"
    assert "vc-core[net]" in caught.value.detail


def test_importing_the_package_does_not_need_it() -> None:
    code = "import sys, vc_core.net; print('h11' in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert loaded.stdout.strip() == "False"


def test_every_code_that_is_raised_is_in_the_table_and_the_other_way_round() -> None:
    folder = Path(vc_core.net.__file__).parent
    sources = "".join(path.read_text() for path in folder.glob("*.py") if path.name != "errors.py")
    assert {code for code in FETCH_CODES if f'"{code}"' not in sources} == set()
    for line in re.split(r"Fetch(?:Error|Postponed)\(", sources)[1:]:
        name = line.lstrip().split('"')[1] if line.lstrip().startswith('"') else None
        assert name is None or name in FETCH_CODES


def test_a_slow_look_up_is_not_the_host_s_failure() -> None:
    go_on, asked = Event(), []

    def lookup(host: str) -> list[str]:
        asked.append(host)
        go_on.wait(30)
        return []

    fetch = Fetcher(seconds=0.02, failures=1, lookup=lookup)
    try:
        for _ in range(3):
            with pytest.raises(FetchError) as caught:
                fetch("https://example.com/", accept="*/*")
            assert caught.value.code == "LOOKUP_FAILED"
    finally:
        go_on.set()
    assert asked == ["example.com"] * 3


def test_the_time_of_a_look_up_is_not_the_host_s(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is found when most of the time is over, and the host has no answer in what is left."""
    now = 100.0

    def lookup(_: str) -> list[str]:
        nonlocal now
        now += 4
        return ["1.1.1.1"]

    def connected(*_: Any, **__: Any) -> Any:
        nonlocal now
        now += 4
        raise Unanswered("as the test wants it")

    monkeypatch.setattr("vc_core.net.fetcher.connected", connected)
    fetch = Fetcher(failures=1, lookup=lookup, clock=lambda: now)
    for _ in range(3):
        with pytest.raises(FetchError) as caught:
            fetch("https://example.com/", accept="*/*")
        assert caught.value.code == "DEADLINE_EXCEEDED"


def test_what_the_package_offers() -> None:
    names = vc_core.net.__all__
    assert sorted(names) == ["FETCH_CODES", "FetchError", "FetchPostponed", "Fetcher", "Lookup", "PURPOSES", "trust"]
    assert all(hasattr(vc_core.net, name) for name in names)
