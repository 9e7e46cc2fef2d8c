"""The peers: long-lived node processes with independent implementations, of Data Integrity unless told otherwise.

    with Peer(contexts={url: text, ...}) as peer:
        answer = peer.ask("sign", document=text, cryptosuite="eddsa-jcs-2022", key=key, created=created)
        peer.ask("verify", document=answer["document"], now="2026-01-01T00:00:00Z")["verified"]

The commands and their fields are listed at the top of `serve.mjs` and `peer.mjs`; `Peer(script="tokens.mjs")` is the
one for tokens. To time one of them inside the process,
without the pipe, as a benchmark beside one of ours:

    timing = peer.ask("bench", of="verify", count=200, document=secured, now="2026-01-01T00:00:00Z")
    timing["median_us"], timing["min_us"], timing["answer"]["verified"]
"""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

HERE = Path(__file__).resolve().parent
INSTALL = "npm ci --prefix tests/interop"


class PeerError(Exception):
    """The peer could not carry out a command; the message is its own."""


def missing() -> str:
    """Why the peer cannot be started here, in words; empty where it can."""
    if shutil.which("node") is None:
        return "node is not installed"
    if not (HERE / "node_modules").is_dir():
        return f"the peer's packages are not installed: {INSTALL}"
    return ""


class Peer:
    """A started peer that knows `contexts` (URL to JSON text); a context manager that ends its process.

    A command that takes longer than `seconds` ends it too. Raises `FileNotFoundError` where node is not installed.
    """

    def __init__(
        self, contexts: Mapping[str, str] | None = None, *, script: str = "peer.mjs", seconds: float = 60
    ) -> None:
        self._seconds = seconds
        self._process = subprocess.Popen(["node", script], cwd=HERE, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if contexts is not None:
            self.ask("contexts", contexts=dict(contexts))

    def ask(self, command: str, **request: object) -> dict[str, Any]:
        """The answer to one command. Raises `PeerError` for a failure, or if none comes in time."""
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:  # never so with PIPE; says it to the type checker
            raise PeerError("the peer has no pipes")
        guard = threading.Timer(self._seconds, self._process.kill)
        guard.start()
        try:
            stdin.write(json.dumps({"command": command, **request}).encode() + b"\n")
            stdin.flush()
            line = stdout.readline()
        except BrokenPipeError as error:
            raise PeerError(f"the peer ended before {command}") from error
        finally:
            guard.cancel()
        if not line:
            raise PeerError(f"the peer ended during {command}, or gave no answer within {self._seconds} s")
        reply = json.loads(line)
        if "error" in reply:
            raise PeerError(reply["error"])
        answer: dict[str, Any] = reply["answer"]
        return answer

    def ask_all(self, command: str, requests: Iterable[Mapping[str, object]]) -> list[dict[str, Any]]:
        """The replies to one command for many requests: each has a member `answer`, or `error`."""
        batch = [{"command": command, **request} for request in requests]
        replies: list[dict[str, Any]] = self.ask("batch", requests=batch)["replies"]
        return replies

    def close(self) -> None:
        """The process has ended."""
        self._process.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
