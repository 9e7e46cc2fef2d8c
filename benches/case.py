"""What a mechanism takes from bytes to result, beside the raw signature operation and the peers, on one core.

One of ours and one raw operation take turns, so whatever slows the machine slows both; a peer follows in each of three
rounds, of which the quietest counts. Raw operations are libsodium's for Ed25519 and OpenSSL's for ECDSA, on the very
bytes and signatures of the credentials.
"""

from __future__ import annotations

import gc
import json
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import cycle
from time import perf_counter_ns
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from nacl.bindings import crypto_sign_open

from benches.peers import CANNOT, PEERS, Request, RunningPeers, Time
from benches.tables import Report, Settings, Table
from did import PrivateKey, PublicKey, StaticResolver, did_key
from status import NO_STATUS_LISTS
from vc_core import ALGORITHMS, ANY_ISSUER, LocalSigner, Policy, Securing, VerificationResult, issue, verify
from vc_core.batch import verify_many
from vc_core.securing.envelopes import read_token
from vc_core.securing.proof import read_proofs
from vc_core.securing.signed_data import SignedData, check

NOW: Final = datetime(2026, 1, 31, 12, tzinfo=UTC)
NUMBER: Final = 50
"""Credentials of a case."""
_ROUNDS: Final = 3
"""How often each is timed. The quietest round counts: that with the least medians."""

Operation = tuple[Callable[..., object], Sequence[tuple[object, ...]]]
"""What is timed, and the arguments that it gets in turn."""


def alternating(operations: Mapping[str, Operation], seconds: float) -> dict[str, Time]:
    """The times of each operation, in turns, each over its own inputs."""
    times: dict[str, list[int]] = {name: [] for name in operations}
    inputs = {name: cycle(arguments) for name, (_, arguments) in operations.items()}
    gc.collect()
    end = perf_counter_ns() + int(seconds * 1e9)
    while perf_counter_ns() < end:
        for name, (operation, _) in operations.items():
            arguments = next(inputs[name])
            start = perf_counter_ns()
            operation(*arguments)
            times[name].append(perf_counter_ns() - start)
    return {name: Time(statistics.median(taken) / 1000, min(taken) / 1000) for name, taken in times.items()}


def created(number: int) -> datetime:
    """When the credential of that number was signed: each a second before the one that is before it."""
    return NOW - timedelta(seconds=number)


class Case:
    """A mechanism with one type of key, and credentials of one issuer that are made with it.

    They differ in identifiers, times, texts and signatures.
    """

    def __init__(
        self,
        mechanism: str,
        key_type: str,
        claims: Callable[[str, int], dict[str, Any]],
        *,
        securing: Securing,
        number: int = NUMBER,
    ) -> None:
        self.mechanism, self.securing = mechanism, securing
        self.key = PrivateKey.generate(key_type)
        self.issuer = did_key(self.key.public_key)
        self.signer = LocalSigner.of_did_key(self.key)
        self.claims = [claims(self.issuer, each) for each in range(number)]
        self.credentials = [self.issued(each, created(at)) for at, each in enumerate(self.claims)]
        self.policy, self.resolver = Policy(accepted_issuers=frozenset({self.issuer})), StaticResolver()

    def issued(self, claims: dict[str, Any], at: datetime = NOW) -> bytes:
        return issue(claims, signer=self.signer, securing=self.securing, created=at)

    def verified(self, credential: bytes) -> VerificationResult:
        return verify(credential, resolver=self.resolver, status=NO_STATUS_LISTS, policy=self.policy, now=NOW)

    @property
    def many(self) -> Iterator[VerificationResult]:
        """The results of the credentials in turn, without an end."""
        return verify_many(
            cycle(self.credentials), resolver=self.resolver, status=NO_STATUS_LISTS, policy=self.policy, now=NOW
        )

    def must_verify(self, credential: bytes) -> None:
        if not (result := self.verified(credential)):
            raise SystemExit(f"{self.mechanism} is not verified: {result.problems}")

    @property
    def signed(self) -> list[SignedData]:
        """What the signatures cover, each of them checked."""
        return [signed_data(each, self.key.public_key) for each in self.credentials]

    @property
    def raw_verification(self) -> Operation:
        """The backend's own check of the signatures with nothing around it."""
        public, signed = self.key.public_key, self.signed
        if public.type == "Ed25519":
            return crypto_sign_open, [(each.signature + each.data, public.raw) for each in signed]
        scheme = ec.ECDSA(hashes.SHA384() if public.type == "P-384" else hashes.SHA256())
        return public.handle.verify, [(_der(each.signature), each.data, scheme) for each in signed]

    @property
    def raw_signing(self) -> Operation:
        return ALGORITHMS[self.signer.algorithm].sign, [(self.key, each.data) for each in self.signed]

    def request(self, act: str, disclosable: Sequence[str]) -> Request:
        """What the peers are asked, to do the same."""
        texts = [each.decode() for each in self.credentials]
        return Request(
            act=act,
            mechanism=self.mechanism,
            inputs=texts if act == "verify" else self.claims,
            jwk=self.key.jwk,
            multikey={"publicKeyMultibase": self.key.public_key.multikey, "secretKeyMultibase": self.key.multikey},
            verification_method=self.signer.verification_method,
            contexts=self.claims[0].get("@context", ()),
            disclosable=disclosable,
            now=NOW.strftime("%Y-%m-%dT%H:%M:%SZ"),
        )


def signed_data(credential: bytes, key: PublicKey) -> SignedData:
    """What the signature of a token, or of a credential with one proof, covers; checked."""
    policy = Policy(accepted_issuers=ANY_ISSUER)
    if credential.startswith(b"{"):
        tree = json.loads(credential)
        (proof,) = read_proofs(tree, cryptosuites=policy.cryptosuites, limits=policy.limits)
        signed = proof.signed_data(tree, key, policy.transformation())
    else:
        signed = read_token(credential, limits=policy.limits).signed
    check(signed, key)
    return signed


def _der(signature: bytes) -> bytes:
    """The signature r || s as OpenSSL wants it."""
    half = len(signature) // 2
    r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    return encode_dss_signature(r, s)


WAYS: Final[Mapping[str, Callable[[Case], Operation]]] = {
    "verify": lambda case: (case.verified, [(each,) for each in case.credentials]),
    "verify_many": lambda case: (case.many.__next__, [()]),
}
"""The ways from bytes to results. Each has a column for its time and one for its ratio, and the first its peers."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found for one case. `ours` are the times of ours by way, beside the raw operation of the same run."""

    mechanism: str
    key: str
    length: int
    raw: Time
    ours: Mapping[str, Time]
    peers: Mapping[str, Time | None]

    def ratio(self, way: str) -> float:
        return self.raw.median / self.ours[way].median

    @property
    def first(self) -> Time:
        return next(iter(self.ours.values()))

    @property
    def cells(self) -> list[str]:
        cells = [self.mechanism, self.key, str(self.length), f"{self.raw.median:.1f}"]
        for way, time in self.ours.items():
            cells += [f"{time.median:.1f}", f"**{self.ratio(way):.2f}**", f"{self.raw.least / time.least:.2f}"]
        times = self.peers.values()
        return cells + ["–" if time is None else f"{time.median / self.first.median:.1f} ×" for time in times]


def measured(case: Case, settings: Settings, peers: RunningPeers, disclosable: Sequence[str] = ()) -> list[Measured]:
    """Of one case what verifying takes, and what issuing takes: two."""
    for credential in case.credentials:
        case.must_verify(credential)
    ways = {way: operation(case) for way, operation in WAYS.items()}
    issuing: Operation = case.issued, [(each,) for each in case.claims]
    acts: list[tuple[str, dict[str, Operation], float]] = [
        ("verify", {"raw": case.raw_verification, **ways}, settings.seconds),
        ("issue", {"raw": case.raw_signing, "issue": issuing}, settings.seconds / 2),
    ]
    found = []
    for act, operations, seconds in acts:
        able = [name for name in PEERS if (name, case.mechanism) not in CANNOT]
        rounds: list[dict[str, Time]] = []
        theirs: dict[str, list[Time]] = {}
        for _ in range(_ROUNDS):
            rounds.append(alternating(operations, seconds / _ROUNDS))
            for name in able:
                request = case.request(act, disclosable)
                if (time := peers.time(name, request, seconds / _ROUNDS / 2)) is not None:
                    theirs.setdefault(name, []).append(time)
        ours = min(rounds, key=lambda times: sum(each.median for each in times.values()))
        others = {name: min(theirs[name]) if name in theirs else None for name in PEERS}
        found.append(Measured(case.mechanism, case.key.type, len(case.credentials[0]), ours.pop("raw"), ours, others))
    return found


def table(act: str, rows: Sequence[Measured], reasons: Sequence[str] = ()) -> Table:
    """The table of verifying or of issuing."""
    ways = [(f"{way} µs", "**ratio**", "of the least") for way in rows[0].ours]
    columns = ["mechanism", "key", "bytes", f"raw {act} µs", *(name for names in ways for name in names), *PEERS]
    return Table(columns, [each.cells for each in rows], texts=2, notes=reasons)


def report(found: Sequence[Sequence[Measured]], peers: RunningPeers) -> Report:
    """The two tables of what was found for each case."""
    verifying, issuing = zip(*found, strict=True)
    return Report({"verify": table("verify", verifying, [*peers.reasons]), "issue": table("issue", issuing)})
