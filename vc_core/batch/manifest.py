"""What a job is: the digests of all that its verdicts depend on. It goes on only where each of them is the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import vc_core
from vc_core import datetimestamp
from vc_core.batch.arrow import pa
from vc_core.batch.errors import JobError
from vc_core.batch.folder import Folder, writing
from vc_core.batch.input import Input
from vc_core.batch.verification import Verification
from vc_core.batch.worker import WorkerLimits
from vc_core.errors import VCError
from vc_core.limits import Limits
from vc_core.policy import ANY_ISSUER, AnyIssuer, Policy

_FILE: Final = "manifest.json"
_WORDS: Final[Mapping[str, str]] = {
    "input": "another input",
    "policy": "another policy",
    "contexts": "other contexts",
    "evidence": "other evidence",
    "now": "another time of the verdicts",
    "settings": "other settings",
    "versions": "another version of the software",
}
_BY_MEMBER: Final = frozenset({"policy", "settings", "versions"})
"""Of these it is also told which members are others."""

Manifest = dict[str, Any]


def manifest(
    source: Input, verification: Verification, *, part_size: int, limits: WorkerLimits, fetches: bool
) -> Manifest:
    """The manifest of a job over this input. Where its file lies is not in it: the file may be moved."""
    contexts = verification.policy.contexts
    return {
        "input": {"sha256": source.sha256, "bytes": source.size, "form": source.form, "column": source.column},
        "policy": _policy(verification.policy),
        "contexts": {url: contexts.sha256(url) for url in contexts},
        "evidence": hashlib.sha256(verification.evidence.write()).hexdigest(),
        "now": verification.now.isoformat(),
        "settings": {
            "partSize": part_size,
            "seconds": limits.seconds,
            "memory": limits.memory,
            "fetches": fetches,
            "status": f"{verification.status.__module__}.{verification.status.__qualname__}",
        },
        "versions": {"vc-core": vc_core.__version__, "pyarrow": pa.__version__},
    }


def time_of(path: Path) -> datetime | None:
    """The time of the verdicts of the job in this folder; None if there is none yet. Raises `JobError`."""
    known = _read(Folder(path))
    try:
        return None if known is None else datetimestamp.parse(known["now"])
    except (VCError, TypeError, KeyError) as error:
        raise JobError("the manifest is damaged", code="NOT_A_JOB") from error


def enter(folder: Folder, wanted: Manifest) -> None:
    """Afterwards the folder is that of the wanted job; raises `JobError` with code JOB_CHANGED if it is another's."""
    known = _read(folder)
    if known is None:
        with writing(folder.parts):
            parts = any(folder.parts.iterdir())
        if parts:
            raise JobError("there are parts, and no manifest", code="NOT_A_JOB")
        folder.write(folder.path / _FILE, json.dumps(wanted, indent=1, ensure_ascii=False).encode() + b"\n")
        return
    changed = [
        words + _members(known, wanted, name) for name, words in _WORDS.items() if known.get(name) != wanted[name]
    ]
    if changed:
        raise JobError(
            f"the job was begun with {' and '.join(changed)}: begin a new one, in another folder",
            code="JOB_CHANGED",
        )


def _members(known: Manifest, wanted: Manifest, name: str) -> str:
    """The members that are others, in parentheses; nothing where that says no more."""
    before = known.get(name)
    if name not in _BY_MEMBER or not isinstance(before, dict):
        return ""
    others = [each for each, value in wanted[name].items() if before.get(each) != value]
    return f" ({', '.join(others)})" if others else ""


def seal(known: Manifest) -> bytes:
    """A digest of the manifest."""
    return hashlib.sha256(json.dumps(known, sort_keys=True).encode()).digest()


def _read(folder: Folder) -> Manifest | None:
    file = folder.path / _FILE
    with writing(file):
        if not file.exists():
            return None
        data = file.read_bytes()
    try:
        known = json.loads(data)
    except ValueError as error:
        raise JobError("the manifest is damaged", code="NOT_A_JOB") from error
    if not isinstance(known, dict):
        raise JobError("the manifest is damaged", code="NOT_A_JOB")
    return known


def _policy(policy: Policy) -> dict[str, Any]:
    """All settings of a policy but its contexts, which stand by themselves."""
    published = Policy(accepted_issuers=ANY_ISSUER)
    names = [each.name for each in fields(policy) if each.init and each.name != "contexts"]
    return {name: _plain(getattr(policy, name), getattr(published, name)) for name in names}


def _plain(value: object, published: object) -> object:
    """A setting as JSON. Of an entry of a table that is not the published one it is said that it is another."""
    match value:
        case AnyIssuer():
            return "any"
        case frozenset():
            return sorted(map(str, value))
        case timedelta():
            return value.total_seconds()
        case Limits():
            return asdict(value)
        case Mapping() if isinstance(published, Mapping):
            return {name: "published" if value[name] is published.get(name) else "one's own" for name in sorted(value)}
        case str() | bool() | int() | None:
            return value
    raise TypeError(f"a manifest does not know settings of type {type(value).__name__}")
