"""Presentations, verified: who presents, whether the credentials are theirs, and that nobody presents them twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from did import Resolver
from status import StatusLists
from vc_core import credential as data_model
from vc_core.checks import proofs, signatures, tokens
from vc_core.errors import ProofVerificationError, VCError
from vc_core.evidence import NO_EVIDENCE, Evidence
from vc_core.examination import Finding
from vc_core.nonces import Nonces
from vc_core.policy import Policy
from vc_core.presentation import bindings
from vc_core.presentation import document as presentations
from vc_core.presentation.asking import BoundedResolver
from vc_core.presentation.examination import PresentationExamination
from vc_core.presentation.policy import PresentationPolicy
from vc_core.result import PresentationResult
from vc_core.securing.envelopes import ENVELOPED_PRESENTATION, ENVELOPES, read


def verify_presentation(
    presentation: bytes,
    *,
    resolver: Resolver,
    status: StatusLists,
    policy: PresentationPolicy,
    now: datetime,
    nonces: Nonces | None,
    evidence: Evidence = NO_EVIDENCE,
) -> PresentationResult:
    """The verdict on a presentation and on every credential in it at `now`, an aware time.

    The form is recognised from the bytes: a `VerifiablePresentation` with embedded proofs, a token of a kind that is a
    presentation, by itself or in an `EnvelopedVerifiablePresentation`, or an SD-JWT with its key binding.

    `nonces` is the store in which the policy's nonce is spent, last of all and only if everything else holds: of
    several verifications with one store, in however many threads or processes, one accepts. With None nothing is spent,
    and the result says so; a store that cannot answer leaves the verdict open. What is raised is as with `verify`.
    """
    if not isinstance(presentation, bytes):
        raise TypeError("a presentation is given as bytes")
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    own = policy.of_presentation
    resolver = BoundedResolver(resolver, own.limits.identifiers)
    examination = PresentationExamination(
        presentation, resolver, status, own, now, evidence, own.transformation(), rules=policy, nonces=nonces
    )
    examination.run(PRESENTATION_CHECKS[:1])
    if examination.token is None:
        checks = PRESENTATION_CHECKS
    else:
        checks = SD_JWT_CHECKS if examination.is_sd_jwt else PRESENTATION_TOKEN_CHECKS
    examination.run(checks[1:])
    return examination.presentation_result()


def is_presentation(data: bytes, *, policy: Policy) -> bool:
    """Whether the bytes look like a presentation: they are for `verify_presentation`, and others for `verify`."""
    try:
        token, document = read(data, ENVELOPED_PRESENTATION, limits=policy.limits)
    except VCError:
        return False
    if token is not None:
        return ENVELOPES[token.securing].is_presentation or token.key_binding is not None
    return document is not None and "VerifiablePresentation" in data_model.types_of(document.tree)


def _document(examination: PresentationExamination) -> Finding:
    token, document = read(examination.data, ENVELOPED_PRESENTATION, limits=examination.policy.limits)
    if token is not None and not ENVELOPES[token.securing].is_presentation:
        if not token.securing.endswith("+sd-jwt"):
            raise ProofVerificationError(
                "the token is a credential, not a presentation: see verify", code="TOKEN_TYPE_ERROR"
            )
        examination.is_sd_jwt = True
    examination.enter(token, document)
    return None


_Checks = tuple[tuple[str, Callable[[PresentationExamination], Finding]], ...]

PRESENTATION_CHECKS: Final[_Checks] = (
    ("document", _document),  # 1. one strict parse
    ("contexts", presentations.contexts),  # 2. every context is known (VC Data Integrity 1.0, 4.6)
    ("data model", presentations.rules_of_data_model),  # 3. VCDM 2.0, 4.13; VCDM 1.1, 4.10
    ("proof", presentations.proof),  # 4. for authentication, challenge and domain (VC Data Integrity 1.0, 4.4)
    ("challenge and domain", proofs.challenge_and_domain),  # 5. none that is not expected
    ("age", presentations.age),  # 6. it was made lately
    ("verification method", signatures.verification_method),  # 7. Controlled Identifiers 1.0, 3.3
    ("holder control", presentations.holder_control),  # 8. a proof is by a key of the holder
    ("signature", presentations.signature),  # 9. the cryptosuite of each proof
    ("credentials", presentations.credentials),  # 10. each by `verify`
    ("holder binding", bindings.holder_binding),  # 11. each is the holder's
    ("nonce", bindings.nonce),  # 12. spent here and now, if all else holds
)
"""What is looked at in a presentation with embedded proofs, in this order."""

PRESENTATION_TOKEN_CHECKS: Final[_Checks] = (
    ("document", _document),  # 1. one strict reading
    ("token", tokens.token),  # 2. a kind that the policy accepts, claims that agree (RFC 8725, 3.11)
    ("key binding", tokens.no_key_binding),  # 3. none that nobody asked for: the presentation itself is signed
    ("nonce and audience", tokens.nonce_and_audience),  # 4. RFC 7519, 4.1.3; OpenID Connect Core 1.0, 2
    ("contexts", presentations.contexts),  # 5. every context is known
    ("data model", presentations.rules_of_data_model),  # 6. VCDM 2.0, 4.13; VCDM 1.1, 4.10
    ("validity period", presentations.validity_period),  # 7. RFC 7519, 4.1
    ("age", presentations.age),  # 8. it was made lately
    ("verification method", signatures.verification_method),  # 9. Controlled Identifiers 1.0, 3.3
    ("holder control", presentations.holder_control),  # 10. the key is one of the holder
    ("signature", tokens.signature),  # 11. RFC 7515, 5.2; RFC 9052, 4.4
    ("credentials", presentations.credentials),  # 12. each by `verify`
    ("holder binding", bindings.holder_binding),  # 13. each is the holder's
    ("nonce", bindings.nonce),  # 14. spent here and now, if all else holds
)
"""What is looked at in a presentation that is a token, in this order."""

SD_JWT_CHECKS: Final[_Checks] = (
    ("document", _document),  # 1. one strict reading
    ("credentials", bindings.sd_jwt_credential),  # 2. the SD-JWT, by `verify`
    ("key binding", bindings.key_binding),  # 3. by the key of `cnf`, for this nonce and audience (RFC 9901, 7.3)
    ("holder binding", bindings.holder_binding),  # 4. the credential is the holder's
    ("nonce", bindings.nonce),  # 5. spent here and now, if all else holds
)
"""What is looked at in an SD-JWT that somebody presents, in this order."""
