"""Verify and issue per kind of token, as ratios to the raw signature operation of the same run, on one core.

    python -m benches.tokens [--seconds 2] [--peers FOLDER]

The credential is that of `benches.verify_and_issue`; for an SD-JWT VC, the same texts as ten claims that are all
disclosed. Verification goes from bytes to result with the key and the header cached, over 50 different tokens in turn.
Issuing goes from claims to bytes, and includes the self-verification. How it is timed is in `benches.case`, the peers
are in `benches.peers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from benches.case import Case, Measured, measured, report
from benches.peers import RunningPeers
from benches.tables import Report, Settings, run
from benches.verify_and_issue import older_badge, open_badge
from vc_core import Securing
from vc_core.securing.cose import VCCOSE
from vc_core.securing.sd_jwt import SDJWTVC
from vc_core.securing.vc_jwt import JWTVC, VCJWT

CASES: Final = tuple(
    (kind, key) for kind in ("vc+jwt", "jwt_vc", "dc+sd-jwt", "vc+cose") for key in ("Ed25519", "P-256")
)


def flat_badge(issuer: str, number: int) -> dict[str, Any]:
    """The same texts as the claims of an SD-JWT VC, ten besides those that cannot be hidden."""
    badge: Any = open_badge(issuer, number)
    achievement = badge["credentialSubject"]["achievement"]
    alignment = {f"alignment_{index}": each for index, each in enumerate(achievement["alignment"], start=1)}
    names = ("id", "name", "achievementType", "description", "criteria")
    return {
        "vct": "https://credentials.example/micro-credential",
        "iss": issuer,
        "sub": badge["credentialSubject"]["id"],
        "university": badge["issuer"]["name"],
        **{name: achievement[name] for name in names},
        **alignment,
    }


def disclosable(claims: Iterable[str]) -> list[str]:
    """The claims of a `flat_badge` that can be hidden."""
    return [name for name in claims if name not in ("vct", "iss", "sub")]


def _sd_jwt() -> Securing:
    return SDJWTVC(disclosable=frozenset(f"/{name}" for name in disclosable(flat_badge("did:example:issuer", 0))))


_MECHANISMS: Final[dict[str, tuple[Callable[[str, int], dict[str, Any]], Callable[[], Securing]]]] = {
    "vc+jwt": (open_badge, VCJWT),
    "jwt_vc": (older_badge, JWTVC),
    "dc+sd-jwt": (flat_badge, _sd_jwt),
    "vc+cose": (open_badge, VCCOSE),
}


def case(kind: str, key_type: str) -> Case:
    claims, securing = _MECHANISMS[kind]
    return Case(kind, key_type, claims, securing=securing())


def measured_all(settings: Settings, peers: RunningPeers) -> list[list[Measured]]:
    """Of each case what verifying takes, and what issuing takes."""
    return [measured(one, settings, peers, disclosable(one.claims[0])) for one in (case(*each) for each in CASES)]


def tables(settings: Settings) -> Report:
    with RunningPeers(settings.peers) as peers:
        return report(measured_all(settings, peers), peers)


if __name__ == "__main__":
    run(tables, __doc__)
