"""The peers: other implementations, installed by the benches and timed in processes of their own beside ours.

openvc-core and didkit come from PyPI into a virtual environment, Digital Bazaar's JavaScript from npm into
`tests/interop`; each in the versions that are named here, or in its lock file. No script of a package for JavaScript
is run while it is installed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import venv
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from tests.interop.peer import Peer, PeerError
from vc_core import PINNED_CONTEXTS

PYTHON_PEERS: Final = {"openvc-core": "1.37.0", "didkit": "0.3.3"}
_EXTRAS: Final = {"openvc-core": "[data-integrity]"}
JAVASCRIPT: Final = "Digital Bazaar"
PEERS: Final = (JAVASCRIPT, *PYTHON_PEERS)
INTEROP: Final = Path(__file__).resolve().parent.parent / "tests" / "interop"
_WARMUP: Final = 150
_COUNT: Final = 150
"""How often JavaScript does a thing until it is compiled, and then to be timed."""
_TOKENS: Final = ("vc+jwt", "jwt_vc", "dc+sd-jwt", "vc+cose")
_SUITES: Final = ("eddsa-jcs-2022", "ecdsa-jcs-2019", "eddsa-rdfc-2022", "ecdsa-rdfc-2019")
CANNOT: Final[Mapping[tuple[str, str], str]] = {
    **{(JAVASCRIPT, kind): "asked for Data Integrity only" for kind in _TOKENS},
    ("openvc-core", "vc+jwt"): "reads credentials in the claim `vc` only",
    ("openvc-core", "vc+cose"): "has no COSE for credentials",
    ("openvc-core", "Ed25519Signature2020"): "does not know the suite",
    **{("didkit", suite): "does not know the suite" for suite in _SUITES},
    ("didkit", "vc+jwt"): "reads credentials in the claim `vc` only",
    ("didkit", "dc+sd-jwt"): "has no SD-JWT",
    ("didkit", "vc+cose"): "has no COSE",
}
"""Which peer has which mechanism not, in words; it is not asked."""


class PeersError(Exception):
    """A peer could not be installed; the message says why."""


class Time(NamedTuple):
    """Of many times of one operation the median and the least, in microseconds."""

    median: float
    least: float


@dataclass(frozen=True, slots=True)
class Peers:
    """Which peers can be had, and why the others cannot."""

    python: Path | None = None
    """The interpreter of the environment with those from PyPI."""
    has_javascript: bool = False
    versions: tuple[str, ...] = ()
    missing: Mapping[str, str] = field(default_factory=dict)
    """Why a peer is not to be had, in words."""


NO_PEERS: Final = Peers(missing=dict.fromkeys(PEERS, "not asked for"))


def environment(folder: Path) -> Path:
    """The interpreter of the virtual environment in the folder, which has the peers from PyPI from now on."""
    python = folder / "bin" / "python"
    if not python.exists():
        try:
            venv.create(folder, with_pip=True)
        except (OSError, ValueError, subprocess.CalledProcessError) as error:
            raise PeersError(f"no virtual environment could be made: {error}") from error
    packages = [f"{name}{_EXTRAS.get(name, '')}=={number}" for name, number in PYTHON_PEERS.items()]
    _done("pip", python, "-m", "pip", "install", "--quiet", "--prefer-binary", *packages)
    return python


def javascript() -> str:
    """The version of node, where the packages of `tests/interop` are installed from now on."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise PeersError("node and npm are not installed")
    lock, made = INTEROP / "package-lock.json", INTEROP / "node_modules" / ".package-lock.json"
    if not made.exists() or made.stat().st_mtime < lock.stat().st_mtime:
        _done("npm", "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(INTEROP))
    return _done("node", "node", "--version").strip().removeprefix("v")


def installed(folder: Path) -> Peers:
    """All peers that can be had, those from PyPI in the folder."""
    missing: dict[str, str] = {}
    versions: list[str] = []
    python = None
    try:
        versions.append(f"{JAVASCRIPT}'s packages for JavaScript with Node.js {javascript()}")
    except PeersError as error:
        missing[JAVASCRIPT] = str(error)
    try:
        python = environment(folder)
        versions += [f"{name} {number}" for name, number in PYTHON_PEERS.items()]
    except PeersError as error:
        missing |= dict.fromkeys(PYTHON_PEERS, str(error))
    return Peers(python, JAVASCRIPT not in missing, tuple(versions), missing)


def _done(name: str, *command: str | Path) -> str:
    """The output of a command. Raises `PeersError` with the last line of what went wrong."""
    try:
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=600).stdout
    except subprocess.CalledProcessError as error:
        said = [line for line in error.stderr.splitlines() if line.strip()]
        reason = said[-1].strip() if said else f"exit code {error.returncode}"
        raise PeersError(f"{name} failed: {reason}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeersError(f"{name} failed: {error}") from error


@dataclass(frozen=True, slots=True)
class Request:
    """What a peer is to do: `act` is "verify" or "issue", of inputs that are all of one mechanism."""

    act: str
    mechanism: str
    inputs: Sequence[Any]
    jwk: Mapping[str, str]
    multikey: Mapping[str, str]
    verification_method: str
    now: str
    contexts: Sequence[str] = ()
    """The URLs of the contexts of the inputs."""
    disclosable: Sequence[str] = ()


class RunningPeers:
    """The started peers; a context manager that ends their processes. `reasons` are why one gave no time, each once."""

    def __init__(self, peers: Peers) -> None:
        self.reasons: dict[str, None] = {f"{name}: {reason}.": None for name, reason in peers.missing.items()}
        self._stack = ExitStack()
        self._python = self._start(peers.python) if peers.python else None
        contexts = {url: json.dumps(PINNED_CONTEXTS[url]) for url in PINNED_CONTEXTS}
        self._javascript = self._stack.enter_context(Peer(contexts)) if peers.has_javascript else None

    def _start(self, python: Path) -> subprocess.Popen[str]:
        script = Path(__file__).with_name("python_peers.py")
        environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        process = subprocess.Popen(
            [python, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ
        )
        self._stack.callback(process.communicate)
        return process

    def time(self, name: str, request: Request, seconds: float) -> Time | None:
        """The time that a peer takes; None if it cannot do it, for one of the `reasons`."""
        try:
            return self._javascript_time(request) if name == JAVASCRIPT else self._python_time(name, request, seconds)
        except PeerError as error:
            self.reasons[f"{name} gave no time to {request.act} {request.mechanism}: {error}"] = None
            return None

    def _javascript_time(self, request: Request) -> Time | None:
        """Of one of the inputs again and again, inside of its process."""
        if self._javascript is None:
            return None
        document = request.inputs[0]
        if request.act == "verify":
            timing = self._javascript.ask(
                "bench", of="verify", warmup=_WARMUP, count=_COUNT, document=document, now=request.now
            )
            if not timing["answer"]["verified"]:
                raise PeerError("it does not verify the credential")
        else:
            timing = self._javascript.ask(
                "bench",
                of="sign",
                warmup=_WARMUP,
                count=_COUNT,
                document=json.dumps(document),
                cryptosuite=request.mechanism,
                key=request.multikey,
                created=request.now,
            )
        return Time(timing["median_us"], timing["min_us"])

    def _python_time(self, name: str, request: Request, seconds: float) -> Time | None:
        """Of all of the inputs in turn, inside of its process."""
        process = self._python
        if process is None or process.stdin is None or process.stdout is None:
            return None
        asked = {
            "peer": name,
            "act": request.act,
            "inputs": request.inputs,
            "key": request.jwk,
            "kid": request.verification_method,
            "kind": request.mechanism,
            "disclosable": request.disclosable,
            "contexts": {url: PINNED_CONTEXTS[url] for url in request.contexts},
            "seconds": seconds,
        }
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if not line:
            raise PeerError("its process ended")
        answer = json.loads(line)
        if "error" in answer:
            raise PeerError(answer["error"])
        return Time(answer["median_us"], answer["least_us"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
