"""Our side: the keys, the contexts, and the verbs with everything but the document fixed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from documents import CONTEXT, TERMS

from did.keys import PrivateKey
from did.resolver import StaticResolver
from status import NO_STATUS_LISTS
from vc_core import PINNED_CONTEXTS, DataIntegrity, LocalSigner, Policy, VerificationResult, issue, verify

CREATED = "2025-06-01T12:00:00Z"
NOW = "2026-01-01T00:00:00Z"
CONTEXTS = PINNED_CONTEXTS | {TERMS: CONTEXT.encode()}


@dataclass(frozen=True, slots=True)
class Key:
    """A key pair made for these tests only, as Multikey; its did:key is the issuer."""

    public: str
    secret: str

    @property
    def did(self) -> str:
        return f"did:key:{self.public}"

    @property
    def verification_method(self) -> str:
        return f"{self.did}#{self.public}"

    @property
    def multikey(self) -> dict[str, str]:
        """The pair as the peer takes it."""
        return {"publicKeyMultibase": self.public, "secretKeyMultibase": self.secret}


ED25519 = Key("z6MkfrkGfbxXbGhjs89tBDrbBXXUhE3EyCZh71r18JJsmq9k", "z3u2dGoXUXt4dKK9GP1FNdvGU5tHi2CvifRR8VK1t77GVjvi")
OTHER_ED25519 = Key(
    "z6MkqS46SGpP2bwdwiiDfcpuzxbAJ4Gba13pSD3rqJAhfwjr", "z3u2U2gCKvo6z7MuZ62QkGLBZqoSriefJHBBhRdDj57ECTY1"
)
P256 = Key("zDnaewmEjnWLFBXfBLftZnz4sXA5AaY4xAbgZ7JiisTkparNW", "z42tioRnHdddoDArmqLSvyJydGbh99tZC4f5iiMXAiWZsudM")
P384 = Key(
    "z82LkvNWVmJ9okSG4GhTR5TK9aaJ4ZGHNPSzMpTNLYNng669mmYxm23HV6cC8RdxkUFYV3g",
    "z2famdTBJvQ46JUyftSjemv3USBC8eXpiGY9GAWR27zRBzNsWEdUQ514hcX8RAjTwYCKXz",
)

SUITES = {
    "eddsa-jcs-2022": ("eddsa-jcs-2022", ED25519),
    "eddsa-rdfc-2022": ("eddsa-rdfc-2022", ED25519),
    "ecdsa-jcs-2019 P-256": ("ecdsa-jcs-2019", P256),
    "ecdsa-jcs-2019 P-384": ("ecdsa-jcs-2019", P384),
    "ecdsa-rdfc-2019 P-256": ("ecdsa-rdfc-2019", P256),
    "ecdsa-rdfc-2019 P-384": ("ecdsa-rdfc-2019", P384),
    "Ed25519Signature2020": ("Ed25519Signature2020", ED25519),
}
"""Every suite that both sides have, with a key: name for people -> (cryptosuite, key)."""


def context_texts() -> dict[str, str]:
    """The contexts of our side as JSON text, for the peer."""
    return {url: json.dumps(CONTEXTS[url]) for url in CONTEXTS}


def ours_issue(document: dict[str, Any], cryptosuite: str, key: Key, **options: Any) -> str:
    """The document as we secure it, as JSON text. Raises `VCError`."""
    signer = LocalSigner(PrivateKey.from_multikey(key.secret), key.verification_method)
    securing = DataIntegrity(cryptosuite=cryptosuite, contexts=CONTEXTS, **options)
    return issue(document, signer=signer, securing=securing, created=datetime.fromisoformat(CREATED)).decode()


def ours_verify(text: str, issuer: Key, *, now: str = NOW, **rules: Any) -> VerificationResult:
    """What we say about a document of `issuer` at `now`; `rules` are further members of the policy."""
    policy = Policy(accepted_issuers=frozenset({issuer.did}), status="skip", contexts=CONTEXTS, **rules)
    moment = datetime.fromisoformat(now).astimezone(UTC)
    return verify(text.encode(), resolver=StaticResolver(), status=NO_STATUS_LISTS, policy=policy, now=moment)


def codes(result: VerificationResult) -> set[str]:
    """The codes of the problems of a result."""
    return {problem.code for problem in result.problems}
