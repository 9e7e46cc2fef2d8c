"""Verify and issue per cryptosuite, as ratios to the raw signature operation of the same run, on one core.

    python benches/verify_and_issue.py [--seconds 2]

The credential is a micro-credential of about 3 kB as the demo issues it (under the RDFC suites one of the Verifiable
Credentials Data Model 2.0, because the context of the European Learning Model is not bundled). Verification goes from
bytes to result with the key cached; issuing from claims to bytes, and includes the self-verification. Raw operations
are libsodium's for Ed25519 and OpenSSL's for ECDSA, on 64 bytes. Rounds of ours and of the raw operation alternate, and
the ratio is that of the medians, so a busy machine slows both.
"""

from __future__ import annotations

import argparse
import gc
import platform
import statistics
from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter

from did import PrivateKey, StaticResolver, did_key
from status import NO_STATUS_LISTS
from vc_core import DataIntegrity, LocalSigner, Policy, issue, verify
from vc_core.cli.demo.credentials import micro_credential
from vc_core.securing.signed_data import ALGORITHMS, SignedData, check

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


def open_badge(issuer: str) -> dict[str, object]:
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
        "id": "urn:uuid:58172aac-d8ba-41ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Datu analīzes pamati",
        "issuer": {"id": issuer, "type": "Profile", "name": "Daugavkrasta universitāte (piemērs)"},
        "validFrom": "2026-01-15T09:00:00Z",
        "validUntil": "2031-01-15T09:00:00Z",
        "credentialSubject": {
            "id": "did:example:learner",
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


def alternating(pairs: dict[str, Callable[[], object]], seconds: float) -> dict[str, float]:
    """The median time of each operation in microseconds, measured in turns."""
    rounds: dict[str, list[float]] = {name: [] for name in pairs}
    gc.collect()
    end = perf_counter() + seconds
    while perf_counter() < end:
        for name, operation in pairs.items():
            operation()
            start = perf_counter()
            for _ in range(20):
                operation()
            rounds[name].append((perf_counter() - start) / 20)
    return {name: statistics.median(times) * 1e6 for name, times in rounds.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2.0, help="per case")
    seconds = parser.parse_args().seconds
    print(f"Python {platform.python_version()}, {platform.machine()}, {NOW:%Y}\n")
    print("| suite | key | bytes | raw verify µs | verify µs | **ratio** | raw sign µs | issue µs | **ratio** |")
    print("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for suite, key_type in CASES:
        key = PrivateKey.generate(key_type)
        issuer = did_key(key.public_key)
        signer = LocalSigner(key, f"{issuer}#{issuer.removeprefix('did:key:')}")
        claims = micro_credential(1, issuer) if "jcs" in suite else open_badge(issuer)
        securing = DataIntegrity(cryptosuite=suite)
        credential = issue(claims, signer=signer, securing=securing, created=NOW)
        policy, resolver = Policy(accepted_issuers=frozenset({issuer})), StaticResolver()
        data = bytes(64)
        signed = SignedData(data, signer.algorithm, signer.sign(data), signer.verification_method)

        def verified(credential=credential, policy=policy, resolver=resolver) -> bool:  # noqa: ANN001  (bound now)
            result = verify(credential, resolver=resolver, status=NO_STATUS_LISTS, policy=policy, now=NOW)
            if not result:
                raise SystemExit(f"not verified: {result.problems}")
            return True

        times = alternating(
            {
                "raw verify": raw_verification(key, signed),
                "verify": verified,
                "raw sign": lambda key=key, signer=signer: ALGORITHMS[signer.algorithm].sign(key, data),
                "issue": lambda claims=claims, signer=signer, securing=securing: issue(
                    claims, signer=signer, securing=securing, created=NOW
                ),
            },
            seconds,
        )
        check(signed, key.public_key)
        print(
            f"| {suite} | {key_type} | {len(credential)} | {times['raw verify']:.1f} | {times['verify']:.1f} "
            f"| **{times['raw verify'] / times['verify']:.2f}** | {times['raw sign']:.1f} | {times['issue']:.1f} "
            f"| **{times['raw sign'] / times['issue']:.3f}** |"
        )


def raw_verification(key: PrivateKey, signed: SignedData) -> Callable[[], object]:
    """The backend's own verification of the signature, with nothing around it."""
    if key.type == "Ed25519":
        from nacl.signing import VerifyKey

        verify_key = VerifyKey(key.public_key.raw)
        return lambda: verify_key.verify(signed.data, signed.signature)
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    half = len(signed.signature) // 2
    r, s = (int.from_bytes(part, "big") for part in (signed.signature[:half], signed.signature[half:]))
    der, handle = encode_dss_signature(r, s), key.public_key.handle
    scheme = ec.ECDSA(hashes.SHA384() if key.type == "P-384" else hashes.SHA256())
    return lambda: handle.verify(der, signed.data, scheme)


if __name__ == "__main__":
    main()
