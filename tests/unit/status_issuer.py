"""An issuer at the command line, for the tests of `vc-core status`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import did
from status.store import Store
from vc_core.cli import main

URL = "https://university.example/status/3"
TOKENS = "https://university.example/status/tokens"


@dataclass(frozen=True)
class Issuer:
    """An issuer at the command line, with a store in a folder, a key and a folder to publish in."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def store(self) -> str:
        return str(self.folder / "store")

    @property
    def key(self) -> str:
        return str(self.folder / "key")

    @property
    def did(self) -> str:
        private_key = did.PrivateKey.from_jwk(json.loads(Path(self.key).read_bytes()))
        return did.did_key(private_key.public_key)

    def run(self, *arguments: str) -> tuple[int, list[str], str]:
        """The exit code, the lines of the result, and what is said to people."""
        self.capsys.readouterr()
        code = main(arguments)
        out, err = self.capsys.readouterr()
        assert "Traceback" not in err
        return code, out.splitlines(), err

    def refused(self, *arguments: str) -> str:
        """What is said, where the command ends with 2 and prints nothing."""
        code, out, err = self.run(*arguments)
        assert (code, out) == (2, [])
        assert err.startswith("vc-core")
        return err

    def create(self, *options: str, url: str = URL) -> None:
        assert self.run("status", "create", self.store, "--url", url, *options)[0] == 0

    def allocate(self, *options: str, url: str = URL) -> list[dict[str, Any]]:
        code, out, _ = self.run("status", "allocate", self.store, "--list", url, *options)
        assert code == 0
        return [json.loads(line) for line in out]

    def set(self, *options: str, url: str = URL) -> tuple[int, list[str], str]:
        return self.run("status", "set", self.store, "--list", url, "--reason", "test", *options)

    def publish(self, *options: str, securing: str = "eddsa-jcs-2022") -> tuple[int, list[str], str]:
        (self.folder / "public").mkdir(exist_ok=True)
        return self.run(
            *("status", "publish", self.store, "--key", self.key, "--securing", securing),
            *("--out", str(self.folder / "public"), *options),
        )

    def check(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        code, out, _ = self.run("status", "check", *arguments, "--json", "--offline")
        assert len(out) == 1
        return code, json.loads(out[0])

    def published(self, name: str = "3") -> str:
        return str(self.folder / "public" / name)

    def values(self, url: str = URL) -> dict[int, int]:
        with Store.open(self.store) as store:
            return {change.index: change.value for change in store.history(url)}

    def file(self, *lines: str) -> str:
        path = self.folder / "bulk"
        path.write_text("\n".join(lines))
        return str(path)

    @classmethod
    def new(
        cls, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *, with_list: bool
    ) -> Issuer:
        """An issuer with a key, and with a list for revocation or no store at all."""
        monkeypatch.delenv("VC_CORE_STATUS_STORE", raising=False)
        made = cls(folder, capsys)
        assert main(["key", "generate", "--out", made.key]) == 0
        if with_list:
            made.create("--purpose", "revocation")
        return made
