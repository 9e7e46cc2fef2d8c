"""A PostgreSQL of our own, in a temporary folder, on a Unix socket, as the distribution's package brings it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path
from typing import Self

import psycopg

MISSING = (
    "PostgreSQL is not here, and the tests of the store run on it too: install it (apt-get install postgresql), "
    "or put its initdb and postgres on the PATH"
)
_names = count()


def binaries() -> Path | None:
    """The folder that has initdb and postgres: the one of the newest version that is installed, or of the PATH."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: (len(path.parts[-2]), path.parts[-2])
    )
    on_path = shutil.which("initdb")
    folders = [*reversed(installed), *([Path(on_path).resolve().parent] if on_path else [])]
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


class Server:
    """A server for as long as the block lasts; `location` gives a fresh place in it for a store."""

    def __init__(self, folder: Path | None = None, *settings: str) -> None:
        found = binaries()
        if found is None:
            raise RuntimeError(MISSING)
        self._binaries = found
        self._folder = Path(tempfile.mkdtemp(prefix="pg-", dir=folder))
        self._settings = settings
        self._user = _unprivileged() if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if self._user is not None:
            os.chown(self._folder, self._user.pw_uid, self._user.pw_gid)
        data = str(self._folder / "data")
        made = self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-instructions")
        said, _ = made.communicate(timeout=120)
        assert made.returncode == 0, said.decode()
        self.start()
        return self

    def start(self) -> None:
        settings = [part for setting in ("listen_addresses=", *self._settings) for part in ("-c", setting)]
        self._process = self._run("postgres", "-D", str(self._folder / "data"), "-k", str(self._folder), *settings)
        for _ in range(300):
            try:
                psycopg.connect(self.url()).close()
            except psycopg.OperationalError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("PostgreSQL has not started")

    def stop(self, *, at_once: bool) -> None:
        """Ends it: at once as a loss of the machine would, or in order."""
        assert self._process is not None
        if at_once:
            self._process.send_signal(3)  # the immediate shutdown: no checkpoint, so that a start has to recover
        else:
            self._process.terminate()
        self._process.communicate(timeout=60)

    def restart(self) -> None:
        assert self._process is not None
        if self._process.poll() is None:
            self.stop(at_once=True)
        self.start()

    def __exit__(self, *error: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self.stop(at_once=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, **more: str) -> str:
        parts = {"host": str(self._folder), "user": "postgres"} | more
        return "postgresql:///postgres?" + "&".join(f"{key}={value}" for key, value in parts.items())

    def location(self) -> str:
        schema = f"s{next(_names)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {schema}".encode())
        return self.url(options=f"-csearch_path%3D{schema}")

    def _run(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        who = {} if self._user is None else {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        return subprocess.Popen(
            [str(self._binaries / program), *arguments],
            stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            cwd=self._folder,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            **who,
        )


def _unprivileged() -> pwd.struct_passwd:
    """Whom it runs as where we are root, as whom it refuses to run."""
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]
