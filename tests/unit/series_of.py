"""Credentials of one series, by each mechanism that has any, and a verifier who compares the two ways to a verdict."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, Final

from benches.same_verdicts import watched
from did import DIDDocument, StaticResolver
from status import StatusEntry
from vc_core import JWTVC, VCJWT, DataIntegrity, Evidence, Policy, Securing, VerificationResult, verify
from vc_core.evidence import NO_EVIDENCE
from vectors.making.credentials import CONTEXTS, CREATED, Claims, version_1, version_2
from vectors.making.keys import did_of, signer_of

module: Final = import_module("vc_core.verify")  # its name in the package is that of the function
NOW: Final = datetime(2026, 1, 31, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Mechanism:
    """How the credentials of a series are secured, and by a key of which type."""

    name: str
    key_type: str
    securing: Callable[..., Securing]
    claims: Callable[[str], Claims] = version_2
    is_token: bool = False

    @property
    def is_v1(self) -> bool:
        """Whether the credentials are of the data model 1.1."""
        return self.claims is version_1

    @property
    def issuer(self) -> str:
        return did_of("issuer", self.key_type)

    def credential(self, number: int = 0, change: Callable[[Claims], object] | None = None, **options: Any) -> bytes:
        """The credential of this number after `change` was made to its claims, whatever rule it breaks.

        `options` are those of the mechanism; `created`; and `name` and `method` for a key of somebody else.
        """
        created, name = options.pop("created", CREATED), options.pop("name", "issuer")
        claims = member(self.claims(self.issuer), number)
        if change is not None:
            change(claims)
        signer = signer_of(name, self.key_type, options.pop("method", None))
        return self.securing(contexts=CONTEXTS, **options).secure(claims, signer=signer, created=created)


def member(claims: Claims, number: int) -> Claims:
    """The claims as they are for the learner of this number."""
    claims = copy.deepcopy(claims)
    claims["id"] = f"urn:uuid:6f0ae3a8-2f38-4c5e-9a0c-{number:012d}"
    subject = claims["credentialSubject"]
    subject["id"] = f"did:example:learner-{number}"
    subject["achievement"]["title"]["lv"] = f"Datu ētika, {number}. grupa"
    subject["achievement"]["credits"] = number + 3
    return claims


def _suite(name: str) -> Callable[..., Securing]:
    return lambda **options: DataIntegrity(cryptosuite=name, **options)


MECHANISMS: Final = (
    Mechanism("eddsa-jcs-2022", "Ed25519", _suite("eddsa-jcs-2022")),
    Mechanism("ecdsa-jcs-2019, P-256", "P-256", _suite("ecdsa-jcs-2019")),
    Mechanism("ecdsa-jcs-2019, P-384", "P-384", _suite("ecdsa-jcs-2019")),
    Mechanism("eddsa-rdfc-2022", "Ed25519", _suite("eddsa-rdfc-2022")),
    Mechanism("vc+jwt", "Ed25519", VCJWT, is_token=True),
    Mechanism("jwt_vc", "Ed25519", JWTVC, version_1, is_token=True),
)
BY_NAME: Final[Mapping[str, Mechanism]] = {each.name: each for each in MECHANISMS}
POLICY: Final = Policy(accepted_issuers=frozenset(each.issuer for each in MECHANISMS), contexts=CONTEXTS)


def seen(result: VerificationResult) -> Any:
    """All that a result says, with the claims."""
    if not result:
        return result, result.to_json(), None, None
    return result, result.to_json(), result.credential, json.dumps(result.credential.claims, ensure_ascii=False)


@dataclass
class Verifier:
    """Somebody who takes the usual way and the general one, and insists on the same result.

    `bits` are those of every status list. `asked` counts what the resolver and the status lists were asked for.
    """

    policy: Policy
    bits: Mapping[int, int] = field(default_factory=dict)
    evidence: Evidence = NO_EVIDENCE
    now: datetime = NOW
    asked: Counter[str] = field(default_factory=Counter)

    def resolve(self, did: str, *, at: datetime | None = None) -> DIDDocument:
        self.asked[did] += 1
        return _RESOLVER.resolve(did, at=at)

    def look_up(self, entry: StatusEntry, *, issuers: Container[str], now: datetime) -> int:
        self.asked[f"{entry.list_url}#{entry.index}"] += 1
        return self.bits.get(entry.index, 0)

    def verify(self, data: bytes, **options: Any) -> VerificationResult:
        """The result, by the shortcut where it is taken."""
        given: dict[str, Any] = {"policy": self.policy, "now": self.now, "evidence": self.evidence} | options
        return verify(data, resolver=self, status=self, **given)

    def in_general(self, data: bytes, **options: Any) -> VerificationResult:
        """The result when every check is made."""
        given: dict[str, Any] = {"policy": self.policy, "now": self.now, "evidence": self.evidence} | options
        tables = {"checks": module.CHECKS, "token_checks": module.TOKEN_CHECKS}
        result: VerificationResult = module.examine(data, resolver=self, status=self, **tables, **given).result()
        return result

    def both(self, data: bytes, **options: Any) -> VerificationResult:
        """The result, which is the same both ways, for which the same was asked."""
        self.asked.clear()
        expected, asked = self.in_general(data, **options), self.asked.copy()
        self.asked.clear()
        result = self.verify(data, **options)
        assert seen(result) == seen(expected)
        assert self.asked == asked
        return result

    def quick(self, data: bytes, **options: Any) -> VerificationResult:
        """The same, of a credential that has to go by the shortcut."""
        with watched() as taken:
            result = self.both(data, **options)
        assert taken == [data]
        return result

    def slow(self, data: bytes, **options: Any) -> VerificationResult:
        """The same, of one that must not."""
        with watched() as taken:
            result = self.both(data, **options)
        assert taken == []
        return result


_RESOLVER: Final = StaticResolver()
