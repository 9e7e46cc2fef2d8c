"""Verification: bytes in, one strict parse, a verdict out. No network, no clock, and no state that decides anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from did import Resolver
from status import StatusLists
from vc_core import shortcut
from vc_core.checks import claims, proofs, signatures, tokens
from vc_core.checks.status import status as check_status
from vc_core.errors import ProofVerificationError
from vc_core.evidence import NO_EVIDENCE, Evidence
from vc_core.examination import Examination, Finding
from vc_core.policy import Policy
from vc_core.result import VerificationResult
from vc_core.securing.envelopes import ENVELOPED_CREDENTIAL, ENVELOPES, is_token, read

Checks = tuple[tuple[str, Callable[[Examination], Finding]], ...]


def verify(
    credential: bytes,
    *,
    resolver: Resolver,
    status: StatusLists,
    policy: Policy,
    now: datetime,
    evidence: Evidence = NO_EVIDENCE,
) -> VerificationResult:
    """The verdict on a secured credential at `now`, an aware time, and everything that was found on the way.

    The mechanism is recognised from the bytes: embedded proofs, or a token of one of the kinds in `ENVELOPES`, by
    itself or in an `EnvelopedVerifiableCredential`. A presentation is not a credential: see `verify_presentation`.

    Whatever the bytes are, the answer is a result and never an exception; every check of `CHECKS` or `TOKEN_CHECKS`
    appears in it as passed, failed or not checked. What is raised is raised by wrong arguments, or by a resolver or
    status lists with errors other than `did.DIDError` and `status.StatusError`.
    """
    if not isinstance(credential, bytes):
        raise TypeError("a credential is given as bytes")
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    return examine(credential, resolver=resolver, status=status, policy=policy, now=now, evidence=evidence).result()


def examine(
    credential: bytes,
    *,
    resolver: Resolver,
    status: StatusLists,
    policy: Policy,
    now: datetime,
    evidence: Evidence,
    checks: Checks | None = None,
    token_checks: Checks | None = None,
) -> Examination:
    """As `verify`, with all that was read on the way; other checks in the place of `CHECKS` and `TOKEN_CHECKS`.

    Where such are given, even these two themselves, no check is saved that others of a series went through.
    """
    given = (credential, resolver, status, policy, now, evidence, policy.transformation())
    examination = Examination(*given)
    is_usual = checks is None and token_checks is None
    if is_usual and (memory := shortcut.begin(examination)) is not None:
        others = CHECKS if examination.token is None else TOKEN_CHECKS
        examination.run(others[len(memory.first) : len(others) - len(memory.last)])
        examination.checks += memory.last
        return examination
    examination = Examination(*given)
    examination.run(CHECKS[:1])
    of_token = examination.token is not None or (examination.document is None and is_token(credential))
    examination.run(((token_checks or TOKEN_CHECKS) if of_token else (checks or CHECKS))[1:])
    if is_usual:
        shortcut.remember(examination)
    return examination


def _document(examination: Examination) -> Finding:
    token, document = read(examination.data, ENVELOPED_CREDENTIAL, limits=examination.policy.limits)
    if token is not None and ENVELOPES[token.securing].is_presentation:
        raise ProofVerificationError(
            "the token is a presentation, not a credential: see verify_presentation", code="TOKEN_TYPE_ERROR"
        )
    examination.enter(token, document)
    return None


CHECKS: Final[Checks] = (
    ("document", _document),  # 1. one strict parse (RFC 8259, RFC 7493)
    ("contexts", claims.contexts),  # 2. every context is known (VC Data Integrity 1.0, 4.6)
    ("data model", claims.rules_of_data_model),  # 3. VCDM 2.0, 4; VCDM 1.1, 4 and 5
    ("validity period", claims.validity_period),  # 4. VCDM 2.0, 4.9
    ("issuer", claims.issuer),  # 5. the policy accepts the issuer
    ("proof", proofs.proof),  # 6. VC Data Integrity 1.0, 4.4 and 4.5
    ("challenge and domain", proofs.challenge_and_domain),  # 7. VC Data Integrity 1.0, 4.4
    ("verification method", signatures.verification_method),  # 8. Controlled Identifiers 1.0, 3.3
    ("issuer control", signatures.issuer_control),  # 9. a proof is by a key of the issuer
    ("signature", proofs.signature),  # 10. the cryptosuite of each proof
    ("status", check_status),  # 11. VCDM 2.0, 4.10
    ("schema", claims.schema),  # 12. VCDM 2.0, 4.11
    ("related resources", claims.related_resources),  # 13. VCDM 2.0, 5.3
)
"""What is looked at in a document with embedded proofs, in this order. Every check runs that can; each failing one
fails the whole."""

TOKEN_CHECKS: Final[Checks] = (
    ("document", _document),  # 1. one strict reading (RFC 7515, 5.2; RFC 9901, 7.1; RFC 9052, 4.4)
    ("token", tokens.token),  # 2. a kind that the policy accepts (RFC 8725, 3.11), claims that agree (VCDM 1.1, 6.3.1)
    ("key binding", tokens.no_key_binding),  # 3. none that nobody asked for (RFC 9901, 7.3)
    ("nonce and audience", tokens.nonce_and_audience),  # 4. RFC 7519, 4.1.3; OpenID Connect Core 1.0, 2
    ("contexts", claims.contexts),  # 5. every context is known
    ("data model", claims.rules_of_data_model),  # 6. VCDM 2.0, 4; VCDM 1.1, 4 and 5; SD-JWT VC, 3.2
    ("validity period", claims.validity_period),  # 7. VCDM 2.0, 4.9; RFC 7519, 4.1
    ("issuer", claims.issuer),  # 8. the policy accepts the issuer
    ("verification method", signatures.verification_method),  # 9. Controlled Identifiers 1.0, 3.3
    ("issuer control", signatures.issuer_control),  # 10. the key is one of the issuer
    ("signature", tokens.signature),  # 11. RFC 7515, 5.2; RFC 9052, 4.4
    ("status", check_status),  # 12. VCDM 2.0, 4.10
    ("schema", claims.schema),  # 13. VCDM 2.0, 4.11
    ("related resources", claims.related_resources),  # 14. VCDM 2.0, 5.3
    ("type metadata", claims.type_metadata),  # 15. SD-JWT VC, 6
)
"""What is looked at in a token, in this order."""

WITH_KEY_BINDING: Final[Checks] = tuple(each for each in TOKEN_CHECKS if each[0] != "key binding")
"""The same for an SD-JWT that is presented: its key binding is the business of the presentation."""
