"""From a proof to a signature that holds: what the proof says, whose key it names, and whether that key signed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from did import DIDError, MethodNotSupported, NotFound, Resolver
from did.document import VerificationMethod
from did.errors import shown
from vc_core import datetimestamp
from vc_core.document import Json
from vc_core.errors import ParsingError, ProofVerificationError
from vc_core.policy import Policy
from vc_core.result import Problem
from vc_core.securing.cryptosuites.cryptosuite import Transformation
from vc_core.securing.proof import Proof
from vc_core.securing.signed_data import Algorithm, check
from vc_core.securing.token import Token


def problems_of_options(proof: Proof, *, policy: Policy, now: datetime) -> list[Problem]:
    """Each option of the proof that is not what the policy expects at `now` (VC Data Integrity 1.0, section 4.4)."""
    problems: list[Problem] = []
    if proof.purpose != policy.proof_purpose:
        detail = f"the proof is for {shown(proof.purpose)}, not for {policy.proof_purpose}"
        problems.append(Problem("PROOF_VERIFICATION_ERROR", detail, f"{proof.at}/proofPurpose"))
    if proof.created is not None and proof.created > now and proof.created - now > policy.clock_skew:
        detail = "the proof was created in the future"
        problems.append(Problem("PROOF_VERIFICATION_ERROR", detail, f"{proof.at}/created"))
    if proof.expires is not None and now - proof.expires >= policy.clock_skew:
        problems.append(Problem("PROOF_VERIFICATION_ERROR", "the proof has expired", f"{proof.at}/expires"))
    if policy.challenge is not None and proof.challenge != policy.challenge:
        detail = "the challenge is missing or another one"
        problems.append(Problem("INVALID_CHALLENGE_ERROR", detail, f"{proof.at}/challenge"))
    if policy.domain and proof.domain != policy.domain:
        problems.append(Problem("INVALID_DOMAIN_ERROR", "the domain is missing or another one", f"{proof.at}/domain"))
    return problems


def unexpected_options(proofs: tuple[Proof, ...], policy: Policy) -> str | None:
    """Which options the proofs have that the policy expects nothing of; None if there is none."""
    names: list[str] = []
    for proof in proofs:
        if proof.challenge is not None and policy.challenge is None and "challenge" not in names:
            names.append("challenge")
        if proof.domain and not policy.domain and "domain" not in names:
            names.append("domain")
    return f"the policy expects no {' and no '.join(names)}" if names else None


def resolve_method(
    proof: Proof | Token, *, resolver: Resolver, now: datetime, at_issuance: bool = False
) -> VerificationMethod:
    """The verification method that the proof or the token names, authorised for its purpose and in force.

    Follows Controlled Identifiers 1.0, section 3.3, and raises `VCError` with its codes. The document is the present
    one, and a method that is revoked or has expired at `now` is refused, whatever time the proof gives for itself; or,
    `at_issuance`, all of that at the time the proof or the token says that it was made. A method of another controller
    than the document it stands in is refused.
    """
    at = f"{proof.at}/verificationMethod" if isinstance(proof, Proof) else proof.at
    url = proof.verification_method
    kid = proof.kid if isinstance(proof, Token) and proof.kid != url else None
    moment = _issuance(proof, at) if at_issuance else None
    return resolve_url(url, kid=kid, purpose=proof.purpose, at=at, resolver=resolver, now=now, as_of=moment)


def _issuance(proof: Proof | Token, at: str) -> datetime:
    """When the proof or the token says that it was made."""
    moment = proof.created
    if moment is None:
        detail = "the key is to be of the time of issuance, which the proof does not give"
        raise ProofVerificationError(detail, code="INVALID_VERIFICATION_METHOD", at=at)
    return moment


def resolve_url(
    url: str,
    *,
    purpose: str,
    at: str,
    resolver: Resolver,
    now: datetime,
    kid: str | None = None,
    as_of: datetime | None = None,
) -> VerificationMethod:
    """The same for a URL that stands at `at`, in the present document or in that `as_of` another time.

    With a `kid` of a token that is no URL, `url` is made of it, and it names the key in the document: as the fragment
    of a method, or by the `kid` of its JWK (RFC 7515, section 4.1.4).
    """
    did, separator, fragment = url.partition("#")
    if not separator or not fragment:
        raise ProofVerificationError(
            f"{shown(url)} names no verification method", code="INVALID_VERIFICATION_METHOD_URL", at=at
        )
    try:
        document = resolver.resolve(did) if as_of is None else resolver.resolve(did, at=as_of)
        if kid is None:
            method = document.verification_method(url, relationship=purpose)
        else:
            method = document.verification_method_of_kid(kid.removeprefix("#"), relationship=purpose)
    except (NotFound, MethodNotSupported) as error:  # another resolver might know the method
        raise ProofVerificationError(error.detail, code=error.code, at=at, missing=did) from error
    except DIDError as error:
        detail = error.detail if as_of is None else f"{error.detail}, as of {datetimestamp.text(as_of)}"
        raise ProofVerificationError(detail, code=error.code, at=at) from error
    if method.controller != did:
        detail = f"the method is controlled by {shown(method.controller)}, not by the DID it stands in"
        raise ProofVerificationError(detail, code="INVALID_VERIFICATION_METHOD", at=at)
    if method.revoked is not None or method.expires is not None:
        _require_force(method, now if as_of is None else as_of, at)
    return method


def _require_force(method: VerificationMethod, moment: datetime, at: str) -> None:
    for name, text in (("revoked", method.revoked), ("expires", method.expires)):
        if text is None:
            continue
        try:
            over = datetimestamp.parse(text) <= moment
        except ParsingError as error:
            raise ProofVerificationError(error.detail, code="INVALID_VERIFICATION_METHOD", at=at) from error
        if over:
            word = "was revoked" if name == "revoked" else "expired"
            detail = f"the verification method {word} at {text}"
            raise ProofVerificationError(detail, code="INVALID_VERIFICATION_METHOD", at=at)


def check_signature(
    tree: dict[str, Json],
    proof: Proof,
    method: VerificationMethod,
    transformation: Transformation,
    *,
    algorithms: Mapping[str, Algorithm],
    canonical: bytes | None = None,
) -> None:
    """Returns if the method's key made the proof over the secured document `tree`; raises `VCError` otherwise.

    `canonical` is that of the `SecuredDocument` whose tree this is, if it is at hand.
    """
    signed = proof.signed_data(tree, method.public_key, transformation, canonical=canonical)
    try:
        check(signed, method.public_key, algorithms=algorithms)
    except ProofVerificationError as error:
        raise ProofVerificationError(error.detail, code=error.code, at=proof.at) from error
