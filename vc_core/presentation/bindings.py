"""The checks that tie credentials to whoever presents them, and a presentation to the moment it was asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from did.errors import shown
from vc_core import proofs
from vc_core.document import Json
from vc_core.errors import ProofVerificationError, VCError
from vc_core.examination import Finding
from vc_core.presentation.examination import PresentationExamination
from vc_core.result import Credential, Problem
from vc_core.securing.sd_jwt.key_binding import holder_key, problems_of_key_binding
from vc_core.securing.signed_data import check
from vc_core.verify import WITH_KEY_BINDING, examine

_END_OF_TIME: Final = datetime.max.replace(tzinfo=UTC)
_THUMBPRINT: Final = "urn:ietf:params:oauth:jwk-thumbprint:sha-256:"
"""The URN of a key that has no other name (RFC 9278)."""


def sd_jwt_credential(examination: PresentationExamination) -> Finding:
    """The SD-JWT is a credential that is verified by itself; its key binding is the next check's."""
    own = examine(
        examination.data,
        resolver=examination.resolver,
        status=examination.status,
        policy=examination.rules.credentials,
        now=examination.now,
        evidence=examination.evidence,
        token_checks=WITH_KEY_BINDING,
    )
    examination.methods, examination.signature_holds = own.methods, own.signature_holds
    result = own.result()
    examination.credentials.append(("", result))
    return result.problems


def key_binding(examination: PresentationExamination) -> Finding:
    """The key of the claim `cnf` made the key binding, for this nonce and this audience (RFC 9901, section 7.3)."""
    token, rules = examination.token, examination.rules
    if token is None:
        return "the token could not be read"
    binding = token.key_binding
    if binding is None:
        if rules.holder_binding != "bearer":
            return [Problem("KEY_BINDING_ERROR", "the credential is presented without a key binding")]
        if rules.nonce is not None or rules.audience is not None:
            return [Problem("KEY_BINDING_ERROR", "only a key binding could have the nonce and the audience expected")]
        return "the policy accepts whoever has the credential"
    problems = problems_of_key_binding(
        token,
        nonce=rules.nonce,
        audience=rules.audience,
        now=examination.now,
        clock_skew=examination.policy.clock_skew,
        longest_age=rules.longest_age,
    )
    try:
        _enter_holder(examination, token.payload)
        check(binding.signed, examination.holder_keys[0], algorithms=examination.policy.algorithms)
    except VCError as error:
        problems.append(Problem("KEY_BINDING_ERROR", error.detail, "/cnf", error.missing))
    return problems


def _enter_holder(examination: PresentationExamination, payload: dict[str, Json]) -> None:
    key = holder_key(payload)
    if isinstance(key, str):
        method = proofs.resolve_url(
            key, purpose="authentication", at="/cnf", resolver=examination.resolver, now=examination.now
        )
        examination.holder, examination.holder_keys = method.controller, (method.public_key,)
        examination.holder_urls = (method.id,)
    else:
        examination.holder, examination.holder_keys = _THUMBPRINT + key.thumbprint, (key,)


def holder_binding(examination: PresentationExamination) -> Finding:
    """Each credential is the holder's, in the way that the policy asks for."""
    rule = examination.rules.holder_binding
    if rule == "bearer":
        return "the policy accepts whoever has the credentials"
    if not examination.credentials:
        return "there are no credentials, or none that were looked at"
    if examination.holder is None:
        return "the holder is not known"
    problems: list[Problem] = []
    for at, result in examination.credentials:
        if not result:
            continue
        by_subject = "subject" in rule and _is_about(examination.holder, result.credential)
        by_key = "cnf" in rule and _is_confirmed(examination, result.credential)
        if not by_subject and not by_key:
            detail = f"nothing ties the credential to {shown(examination.holder, 256)} by its {rule}"
            problems.append(Problem("HOLDER_BINDING_ERROR", detail, at))
    if problems or all(result for _, result in examination.credentials):
        return problems
    return "not every credential is verified"


def _is_about(holder: str, credential: Credential) -> bool:
    """Whether every subject of the credential has the holder's identifier; one that has nothing else may be a text."""
    claims = credential.claims
    is_sd_jwt_vc = credential.proven_by[0].securing == "dc+sd-jwt"
    subject = claims.get("sub") if is_sd_jwt_vc else claims.get("credentialSubject")
    subjects = subject if isinstance(subject, list) else [subject]
    return bool(subjects) and all((each.get("id") if isinstance(each, dict) else each) == holder for each in subjects)


def _is_confirmed(examination: PresentationExamination, credential: Credential) -> bool:
    """Whether the credential confirms the key that signed the presentation (RFC 7800, section 3)."""
    if credential.cnf is None:
        return False
    try:
        key = holder_key({"cnf": dict(credential.cnf)})
    except ProofVerificationError:
        return False
    if isinstance(key, str):
        return key in examination.holder_urls
    return key in examination.holder_keys


def nonce(examination: PresentationExamination) -> Finding:
    """The nonce was not spent before, and is from now on. Only what holds otherwise spends it."""
    rules = examination.rules
    if rules.nonce is None:
        return "the policy expects no nonce"
    if examination.nonces is None:
        return "no store of spent nonces was handed in"
    if examination.problems or examination.unchecked():
        return "the presentation does not hold, so its nonce was not spent"
    until = examination.now + min(rules.nonce_lifetime, _END_OF_TIME - examination.now)
    if examination.nonces.spend(rules.nonce, until=until, now=examination.now):
        return None
    return [Problem("NONCE_SPENT_ERROR", "a presentation with this nonce has been accepted before")]
