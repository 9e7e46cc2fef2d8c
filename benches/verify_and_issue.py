"""Verify and issue per cryptosuite, as ratios to the raw signature operation of the same run, on one core.

    python -m benches.verify_and_issue [--seconds 4] [--peer]

The credential is a micro-credential of about 3 kB in the form of Open Badges 3.0, under bundled contexts alone.
Verification goes from bytes to result with the key cached, over 50 different credentials in turn. Issuing goes from
claims to bytes, and includes the self-verification. Raw operations are libsodium's for Ed25519 and OpenSSL's for
ECDSA, on the very hashes and signatures of these credentials. One of ours and one raw operation alternate, and the
ratio is that of the medians, so whatever slows the machine slows both. With `--peer`, Digital Bazaar's JavaScript
verifies one of the credentials in the same run; it needs node, and `npm ci --prefix tests/interop`.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import statistics
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import cycle
from time import perf_counter_ns
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from nacl.signing import VerifyKey

from did import PrivateKey, StaticResolver, did_key
from status import NO_STATUS_LISTS
from vc_core import CRYPTOSUITES, PINNED_CONTEXTS, DataIntegrity, LocalSigner, Policy, VerificationResult, issue, verify
from vc_core.securing.proof import read_proofs
from vc_core.securing.signed_data import ALGORITHMS, SignedData, check

if TYPE_CHECKING:
    from tests.interop.peer import Peer

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
CASES = (
    ("eddsa-jcs-2022", "Ed25519"),
    ("ecdsa-jcs-2019", "P-256"),
    ("ecdsa-jcs-2019", "P-384"),
    ("eddsa-rdfc-2022", "Ed25519"),
    ("Ed25519Signature2020", "Ed25519"),
    ("ecdsa-rdfc-2019", "P-256"),
    ("ecdsa-rdfc-2019", "P-384"),
)


def open_badge(issuer: str, number: int) -> dict[str, object]:
    """A micro-credential under bundled contexts alone, so that it can be processed as JSON-LD."""
    outcomes = [
        "Apraksta datu kopas ar statistikas rādītājiem un pamato to izvēli.",
        "Veido saprotamas vizualizācijas un izvairās no maldinošām.",
        "Geba parengti duomenis analizei ir įvertinti jų kokybę.",
        "Explains the limits of a conclusion to a reader without training in statistics.",
    ]
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": f"urn:uuid:58172aac-d8ba-41ed-83dd-0b3aef56{number:04d}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Datu analīzes pamati",
        "issuer": {"id": issuer, "type": "Profile", "name": "Daugavkrasta universitāte (piemērs)"},
        "validFrom": f"2026-01-15T09:00:{number:02d}Z",
        "validUntil": "2031-01-15T09:00:00Z",
        "credentialSubject": {
            "id": f"did:example:learner-{number}",
            "type": "AchievementSubject",
            "achievement": {
                "id": "https://example.org/courses/data-analysis",
                "type": "Achievement",
                "achievementType": "MicroCredential",
                "name": "Datu analīzes pamati",
                "description": " ".join(outcomes),
                "criteria": {"narrative": "Projekta darbs un tā aizstāvēšana, 3 ECTS, EKI 6. līmenis."},
                "alignment": [
                    {
                        "type": "Alignment",
                        "targetName": outcome,
                        "targetUrl": f"https://example.org/outcomes/{number}",
                        "targetDescription": f"{outcome} {outcome}",
                    }
                    for number, outcome in enumerate(outcomes)
                ],
            },
        },
    }


def alternating(
    operations: dict[str, tuple[Callable[..., object], list[tuple[object, ...]]]], seconds: float
) -> dict[str, float]:
    """The median time of each operation in microseconds, in turns, each over its own inputs."""
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
    return {name: statistics.median(taken) / 1000 for name, taken in times.items()}


class Case:
    """One suite with one type of key, and 50 credentials made with it."""

    def __init__(self, suite: str, key_type: str) -> None:
        self.key = PrivateKey.generate(key_type)
        issuer = did_key(self.key.public_key)
        self.signer = LocalSigner.of_did_key(self.key)
        self.securing = DataIntegrity(cryptosuite=suite)
        self.claims = [open_badge(issuer, number) for number in range(50)]
        self.credentials = [self.issued(claims) for claims in self.claims]
        self.policy = Policy(accepted_issuers=frozenset({issuer}))
        self.resolver = StaticResolver()
        self.signed = [self.signed_data(credential) for credential in self.credentials]

    def signed_data(self, credential: bytes) -> SignedData:
        """What the signature of a credential covers, checked."""
        tree = json.loads(credential)
        (proof,) = read_proofs(tree, cryptosuites=CRYPTOSUITES, limits=self.policy.limits)
        signed = proof.signed_data(tree, self.key.public_key, self.policy.transformation())
        check(signed, self.key.public_key)
        return signed

    def issued(self, claims: dict[str, object]) -> bytes:
        return issue(claims, signer=self.signer, securing=self.securing, created=NOW)

    def times(self, seconds: float) -> dict[str, float]:
        def verified(credential: bytes) -> VerificationResult:
            return verify(credential, resolver=resolver, status=NO_STATUS_LISTS, policy=policy, now=NOW)

        resolver, policy = self.resolver, self.policy
        for credential in self.credentials:
            if not verified(credential):
                raise SystemExit(f"not verified: {verified(credential).problems}")
        verifying = {
            "verify": (verified, [(each,) for each in self.credentials]),
            "raw verify": raw_verification(self.key, self.signed),
        }
        issuing = {
            "issue": (self.issued, [(each,) for each in self.claims]),
            "raw sign": (ALGORITHMS[self.signer.algorithm].sign, [(self.key, each.data) for each in self.signed]),
        }
        return alternating(verifying, seconds) | alternating(issuing, seconds / 4)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4.0, help="per case")
    parser.add_argument("--peer", action="store_true", help="time Digital Bazaar's JavaScript beside ours")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        peer = stack.enter_context(started_peer()) if arguments.peer else None
        print(f"Python {platform.python_version()}, {platform.machine()}\n")
        print(
            "| suite | key | bytes | raw verify µs | verify µs | **ratio** | raw sign µs | issue µs | **ratio** | JS |"
        )
        print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
        for suite, key_type in CASES:
            case = Case(suite, key_type)
            times = case.times(arguments.seconds)
            beside = f"{peer_time(peer, case) / times['verify']:.1f} × ours" if peer else ""
            ratios = times["raw verify"] / times["verify"], times["raw sign"] / times["issue"]
            print(
                f"| {suite} | {key_type} | {len(case.credentials[0])} "
                f"| {times['raw verify']:.1f} | {times['verify']:.1f} | **{ratios[0]:.2f}** "
                f"| {times['raw sign']:.1f} | {times['issue']:.1f} | **{ratios[1]:.2f}** | {beside} |"
            )


def started_peer() -> Peer:
    from tests.interop.peer import Peer

    return Peer({url: json.dumps(PINNED_CONTEXTS[url]) for url in PINNED_CONTEXTS})


def peer_time(peer: Peer, case: Case) -> float:
    """The peer's median time of verifying one of the credentials, in microseconds, inside its own process."""
    timing = peer.ask(
        "bench", of="verify", count=300, document=case.credentials[0].decode(), now="2026-01-31T12:00:00Z"
    )
    if not timing["answer"]["verified"]:
        raise SystemExit("the peer does not verify the credential")
    return float(timing["median_us"])


def raw_verification(
    key: PrivateKey, signed: list[SignedData]
) -> tuple[Callable[..., object], list[tuple[object, ...]]]:
    """The backend's own verification with nothing around it, and its inputs."""
    if key.type == "Ed25519":
        return VerifyKey(key.public_key.raw).verify, [(each.data, each.signature) for each in signed]
    scheme = ec.ECDSA(hashes.SHA384() if key.type == "P-384" else hashes.SHA256())
    return key.public_key.handle.verify, [(der(each.signature), each.data, scheme) for each in signed]


def der(signature: bytes) -> bytes:
    """The signature r || s as OpenSSL wants it."""
    half = len(signature) // 2
    r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    return encode_dss_signature(r, s)


if __name__ == "__main__":
    main()
