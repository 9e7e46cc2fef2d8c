"""`vc-core status` on both databases."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from status.store import Store
from vc_core.cli import main

URL = "https://university.example/status/3"


def test_the_commands_do_the_same_on_every_database(
    location: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key, published = str(tmp_path / "key"), str(folder / "3")
    monkeypatch.setenv("VC_CORE_STATUS_STORE", location)
    assert main(["key", "generate", "--out", key]) == 0
    assert main(["status", "create", "--url", URL, "--purpose", "revocation"]) == 0
    capsys.readouterr()
    assert main(["status", "allocate", "--list", URL, "--count", "600"]) == 0
    lines = capsys.readouterr().out
    (tmp_path / "recall").write_text("".join(lines.splitlines(keepends=True)[:500]))
    assert main(["status", "set", "--list", URL, "--from", str(tmp_path / "recall"), "--reason", "recall"]) == 0
    assert main(["status", "set", "--list", URL, "--from", str(tmp_path / "recall"), "--reason", "x", "--clear"]) == 2
    assert "is revoked, for ever" in capsys.readouterr().err
    assert main(["status", "publish", "--key", key, "--securing", "vc+jwt", "--out", str(folder)]) == 0
    assert main(["status", "create", "--url", URL, "--purpose", "revocation"]) == 2
    capsys.readouterr()
    assert main(["status", "check", published, "--store", location, "--key", key, "--offline", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["set"], found["differing"], found["lastVersion"]) == (500, 0, 1)
    with Store.open(location) as store:
        assert len(list(store.history(URL))) == 500


def test_a_server_that_cannot_be_reached_is_one_line_without_its_password(capsys: pytest.CaptureFixture[str]) -> None:
    location = "postgresql://registrar:s3cret@127.0.0.1:1/lists?connect_timeout=1"
    assert main(["status", "allocate", location, "--list", URL, "--count", "1"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "STORE_UNAVAILABLE" in err
    assert "s3cret" not in err
