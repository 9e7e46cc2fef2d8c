"""Verify and issue per cryptosuite, as ratios to the raw signature operation of the same run, on one core.

    python -m benches.verify_and_issue [--seconds 2] [--peers FOLDER]

The credential is a micro-credential of about 3 kB in the form of Open Badges 3.0, under bundled contexts alone.
Verification goes from bytes to result with the key cached, over 50 different credentials in turn. Issuing goes from
claims to bytes, and includes the self-verification. How it is timed is in `benches.case`, the peers are in
`benches.peers`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from benches.case import Case, Measured, measured, report
from benches.peers import RunningPeers
from benches.tables import Report, Settings, run
from vc_core import DataIntegrity

CASES: Final = (
    ("eddsa-jcs-2022", "Ed25519"),
    ("ecdsa-jcs-2019", "P-256"),
    ("ecdsa-jcs-2019", "P-384"),
    ("eddsa-rdfc-2022", "Ed25519"),
    ("Ed25519Signature2020", "Ed25519"),
    ("ecdsa-rdfc-2019", "P-256"),
    ("ecdsa-rdfc-2019", "P-384"),
)
_OUTCOMES: Final = (
    "Apraksta datu kopas ar statistikas rādītājiem un pamato to izvēli.",
    "Veido saprotamas vizualizācijas un izvairās no maldinošām.",
    "Geba parengti duomenis analizei ir įvertinti jų kokybę.",
    "Explains the limits of a conclusion to a reader without training in statistics.",
)


def open_badge(issuer: str, number: int) -> dict[str, Any]:
    """A micro-credential under bundled contexts alone, so that it can be processed as JSON-LD."""
    valid_from = datetime(2026, 1, 15, 9, tzinfo=UTC) + timedelta(seconds=number)
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": f"urn:uuid:58172aac-d8ba-41ed-83dd-0b3aef56{number:04x}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Datu analīzes pamati",
        "issuer": {"id": issuer, "type": "Profile", "name": "Daugavkrasta universitāte (piemērs)"},
        "validFrom": valid_from.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "validUntil": "2031-01-15T09:00:00Z",
        "credentialSubject": {
            "id": f"did:example:learner-{number}",
            "type": "AchievementSubject",
            "achievement": {
                "id": "https://example.org/courses/data-analysis",
                "type": "Achievement",
                "achievementType": "MicroCredential",
                "name": "Datu analīzes pamati",
                "description": " ".join(_OUTCOMES),
                "criteria": {"narrative": f"Projekta darbs Nr. {number} un tā aizstāvēšana, 3 ECTS, EKI 6. līmenis."},
                "alignment": [
                    {
                        "type": "Alignment",
                        "targetName": outcome,
                        "targetUrl": f"https://example.org/outcomes/{position}",
                        "targetDescription": f"{outcome} {outcome}",
                    }
                    for position, outcome in enumerate(_OUTCOMES)
                ],
            },
        },
    }


def older_badge(issuer: str, number: int) -> dict[str, Any]:
    """The same credential in the data model 1.1."""
    badge = open_badge(issuer, number)
    badge["@context"] = [
        "https://www.w3.org/2018/credentials/v1",
        "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
    ]
    badge["issuanceDate"], badge["expirationDate"] = badge.pop("validFrom"), badge.pop("validUntil")
    return badge


def case(suite: str, key_type: str) -> Case:
    """The suite of 2020 is timed with the data model that it was made for, which is the one that its peers know."""
    claims = older_badge if suite == "Ed25519Signature2020" else open_badge
    return Case(suite, key_type, claims, securing=DataIntegrity(cryptosuite=suite))


def measured_all(settings: Settings, peers: RunningPeers) -> list[list[Measured]]:
    """Of each case what verifying takes, and what issuing takes."""
    return [measured(case(*each), settings, peers) for each in CASES]


def tables(settings: Settings) -> Report:
    with RunningPeers(settings.peers) as peers:
        return report(measured_all(settings, peers), peers)


if __name__ == "__main__":
    run(tables, __doc__)
