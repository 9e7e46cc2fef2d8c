"""Records and jobs for the tests of batches, and signature algorithms that do harm."""

from __future__ import annotations

import ctypes
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import base58
import pyarrow.parquet

import did
from did import NotFound, PublicKey
from did.document import DIDDocument
from vc_core import ALGORITHMS, NO_EVIDENCE, VCJWT, DataIntegrity, LocalSigner, Policy, issue
from vc_core.batch.engines.local import local
from vc_core.batch.input import Input
from vc_core.batch.job import Job
from vc_core.batch.summary import Summary
from vc_core.batch.verification import Verification
from vc_core.securing.signed_data import ED25519
from vc_core.status_lists import status_lists

NOW = datetime(2026, 2, 1, tzinfo=UTC)
KEY = did.PrivateKey("Ed25519", bytes(range(32)))
ISSUER = did.did_key(KEY.public_key)
POLICY = Policy(accepted_issuers=frozenset({ISSUER}))
LISTS = status_lists(NO_EVIDENCE, resolver=did.StaticResolver(), policy=POLICY)
SUITE = DataIntegrity(cryptosuite="eddsa-jcs-2022")
HARM = b"\x01" * 64
"""The signature of the record that does harm under a policy of `harming`."""


def claims(number: int, **more: Any) -> dict[str, Any]:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": f"urn:example:{number}",
        "type": ["VerifiableCredential"],
        "issuer": ISSUER,
        "name": f"Mikroapliecinājums {number}",
        "credentialSubject": {"id": "did:example:learner"},
        **more,
    }


def credential(number: int, securing: Any = SUITE, **more: Any) -> bytes:
    return issue(claims(number, **more), signer=LocalSigner.of_did_key(KEY), securing=securing, created=NOW)


STATUS = {
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "7",
    "statusListCredential": "https://example.org/status/1",
}


def mixed(count: int) -> list[bytes]:
    """Records of every verdict, in several forms."""
    good = [credential(number) for number in range(5)]
    others = [
        credential(5).replace(b"Mikro", b"Makro"),
        credential(6, VCJWT()),
        credential(7, credentialStatus=STATUS),
        b"not a credential \xff",
        b"{}",
    ]
    return [(good + others)[number % 10] for number in range(count)]


def harmful(number: int = 0) -> bytes:
    """A credential with a signature that a harmful algorithm knows."""
    tree = json.loads(credential(number))
    tree["proof"]["proofValue"] = "z" + base58.b58encode(HARM).decode()
    return json.dumps(tree).encode()


def segfault() -> None:
    ctypes.string_at(0)


def hang() -> None:
    time.sleep(600)


def devour() -> None:
    bytearray(64 * 1024**3)


def leave() -> None:
    os._exit(3)


def fail() -> None:
    raise ZeroDivisionError


class Harming:
    """A verification of signatures that does harm at one of them. An instance can be packed."""

    def __init__(self, harm: Callable[[], None]) -> None:
        self.harm = harm

    def __call__(self, key: PublicKey, data: bytes, signature: bytes) -> bool:
        if signature == HARM:
            self.harm()
        return ED25519.verify(key, data, signature)


def harming(harm: Callable[[], None]) -> Policy:
    """A policy under which one signature does harm."""
    return replace(POLICY, algorithms={**ALGORITHMS, "Ed25519": replace(ED25519, verify=Harming(harm))})


def write(path: Path, lines: Sequence[bytes]) -> Path:
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def job(folder: Path, file: Path, **settings: Any) -> Job:
    verification = Verification(
        settings.pop("policy", POLICY), settings.pop("now", NOW), settings.pop("evidence", NO_EVIDENCE)
    )
    return Job(folder, Input.read(file), verification, **{"part_size": 50, **settings})


def run(folder: Path, file: Path, **settings: Any) -> Summary:
    return job(folder, file, **settings).run(local)


def rows(folder: Path) -> list[dict[str, Any]]:
    """All rows of a job, in the order of its parts."""
    found: list[dict[str, Any]] = []
    for part in sorted((folder / "parts").iterdir()):
        found += pyarrow.parquet.read_table(part).to_pylist()
    return found


def contents(folder: Path) -> dict[str, bytes]:
    """What of a job is the same however often it was stopped."""
    files = [folder / "manifest.json", folder / "summary.json", *(folder / "parts").iterdir()]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


SCHEMA = "https://schemas.example/1.json"
FAR = "did:example:far"


class Far:
    """A resolver over a network that counts what it is asked for."""

    def __init__(self, known: str = FAR) -> None:
        self.known = known
        self.asked: list[str] = []

    def resolve(self, did: str, *, at: Any = None) -> DIDDocument:
        self.asked.append(did)
        if did != self.known:
            raise NotFound("nobody knows it")
        method = {"id": f"{did}#1", "type": "Multikey", "controller": did}
        method["publicKeyMultibase"] = KEY.public_key.multikey
        return DIDDocument.parse({"id": did, "verificationMethod": [method], "assertionMethod": [method["id"]]}, did)


def far_credential(number: int, issuer: str = FAR, *, created: datetime = NOW, **more: Any) -> bytes:
    return issue(
        claims(number, issuer=issuer, **more),
        signer=LocalSigner(KEY, f"{issuer}#1"),
        securing=SUITE,
        created=created,
    )
