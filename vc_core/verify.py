"""Verification: bytes in, one strict parse, a verdict out. No network, no clock, no state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from did import Resolver
from did.errors import shown
from status import StatusEntry, StatusError, StatusLists, StatusRetrievalError
from vc_core import credential as data_model
from vc_core import proofs, resources
from vc_core.document import SecuredDocument
from vc_core.errors import VCError
from vc_core.evidence import NO_EVIDENCE, Evidence
from vc_core.examination import Examination, Finding
from vc_core.policy import Policy
from vc_core.result import Problem, VerificationResult
from vc_core.securing.proof import read_proofs

_BLOCKING: Final[Mapping[str, str]] = MappingProxyType({"revocation": "REVOKED", "suspension": "SUSPENDED"})
"""The codes for purposes of a status whose value speaks against a credential."""
_INFORMING: Final = frozenset({"refresh", "message"})
"""The purposes whose value does not (Bitstring Status List 1.0, section 2.1). That of any other does."""
_NO_PROOF: Final = "the proof could not be read"
_NO_METHOD: Final = "the verification method could not be resolved"


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

    Whatever the bytes are, the answer is a result and never an exception; every check of `CHECKS` appears in it as
    passed, failed or not checked. What is raised is raised by wrong arguments, or by a resolver or status lists with
    errors other than `did.DIDError` and `status.StatusError`.
    """
    if not isinstance(credential, bytes):
        raise TypeError("a credential is given as bytes")
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    examination = Examination(credential, resolver, status, policy, now, evidence, policy.transformation())
    examination.run(CHECKS)
    return examination.result()


def _document(examination: Examination) -> None:
    document = SecuredDocument.read(examination.data, limits=examination.policy.limits)
    examination.document, examination.tree = document, document.tree
    if document.plain:
        examination.transformation = examination.policy.transformation(plain=True)


def _contexts(examination: Examination) -> Finding:
    document, proof = examination.document, examination.tree.get("proof")
    look_inside = True
    if document is not None and document.plain:  # then every name is spelled without escapes
        expected = 2 if isinstance(proof, dict) and "@context" in proof else 1
        data = document.data
        look_inside = data.count(b"@") != expected and data.count(b'"@context"') != expected
    problems = data_model.problems_of_contexts(examination.tree, examination.transformation, look_inside=look_inside)
    examination.contexts_known = not problems
    return problems


def _data_model(examination: Examination) -> Finding:
    return data_model.problems_of_data_model(examination.tree)


def _validity_period(examination: Examination) -> Finding:
    skew = examination.policy.clock_skew
    return data_model.problems_of_validity_period(examination.tree, now=examination.now, clock_skew=skew)


def _issuer(examination: Examination) -> Finding:
    issuer = examination.issuer = data_model.issuer_of(examination.tree)
    if issuer is None or issuer in examination.policy.accepted_issuers:
        return None
    return [Problem("UNACCEPTED_ISSUER", f"{shown(issuer)} is not among the issuers of the policy", "/issuer")]


def _proof(examination: Examination) -> Finding:
    policy = examination.policy
    examination.proofs = read_proofs(examination.tree, cryptosuites=policy.cryptosuites, limits=policy.limits)
    problems: list[Problem] = []
    if len(examination.proofs) * len(examination.data) > policy.limits.document_bytes:  # each proof reads all of it
        problems.append(Problem("TOO_MANY_PROOFS", "there are too many proofs for a document of this size", "/proof"))
        examination.proofs = ()
    for proof in examination.proofs:
        problems += proofs.problems_of_options(proof, policy=policy, now=examination.now)
    return problems


def _challenge_and_domain(examination: Examination) -> Finding:
    return proofs.unexpected_options(examination.proofs, examination.policy) if examination.proofs else _NO_PROOF


def _verification_method(examination: Examination) -> Finding:
    if not examination.proofs:
        return _NO_PROOF
    methods, problems = [], []
    for proof in examination.proofs:
        try:
            methods.append(proofs.resolve_method(proof, resolver=examination.resolver, now=examination.now))
        except VCError as error:
            problems.append(Problem.of(error))
    examination.methods = () if problems else tuple(methods)
    return problems


def _issuer_control(examination: Examination) -> Finding:
    if not examination.policy.require_issuer_control:
        return "the policy does not ask whose key signed"
    if not examination.methods:
        return _NO_METHOD
    if examination.issuer in [method.controller for method in examination.methods]:
        return None
    other = shown(examination.methods[0].controller)
    return [Problem("ISSUER_MISMATCH", f"no proof is by a key of the issuer, but by one of {other}", "/issuer")]


def _signature(examination: Examination) -> Finding:
    if not examination.methods:
        return _NO_METHOD
    if not examination.contexts_known:
        return "the contexts of the document are not known"
    transformation = examination.transformation.shared_by(len(examination.proofs))
    problems: list[Problem] = []
    for proof, method in zip(examination.proofs, examination.methods, strict=True):
        try:
            proofs.check_signature(
                examination.tree, proof, method, transformation, algorithms=examination.policy.algorithms
            )
        except VCError as error:
            problems.append(Problem.of(error))
    examination.signature_holds = not problems
    return problems


def _status(examination: Examination) -> Finding:
    if "credentialStatus" not in examination.tree:
        return "the credential has no credentialStatus"
    entries = examination.signed_objects("credentialStatus")
    if isinstance(entries, str):
        return entries
    if examination.policy.status == "skip":
        return "the policy skips the status"
    problems: list[Problem] = []
    for at, entry in entries:
        try:
            parsed = StatusEntry.parse(entry)
            value = examination.status.look_up(parsed, now=examination.now)
        except StatusRetrievalError as error:
            problems.append(Problem(error.code, error.detail, at, missing=error.url or "the status list"))
        except StatusError as error:
            problems.append(Problem(error.code, error.detail, at))
        else:
            if value and parsed.purpose not in _INFORMING:
                code = _BLOCKING.get(parsed.purpose, "STATUS_VERIFICATION_ERROR")
                problems.append(Problem(code, f"the status list says {shown(parsed.purpose)}", at))
    return problems


def _schema(examination: Examination) -> Finding:
    if "credentialSchema" not in examination.tree:
        return "the credential has no credentialSchema"
    entries = examination.signed_objects("credentialSchema")
    if isinstance(entries, str):
        return entries
    evidence, limits = examination.evidence, examination.policy.limits
    claims = examination.signed_claims()
    problems: list[Problem] = []
    missing: list[Problem] = []
    for at, entry in entries:
        url = str(entry.get("id"))
        if resources.SCHEMA_TYPES.isdisjoint(data_model.types_of(entry)):
            detail = "the schema is of a type that is not checked"
            missing.append(Problem("SCHEMA_RETRIEVAL_ERROR", detail, at, missing=url))
        elif url not in evidence.resources:
            detail = f"the schema {shown(url)} was not supplied"
            missing.append(Problem("SCHEMA_RETRIEVAL_ERROR", detail, at, missing=url))
        else:
            problems += resources.problems_of_schema(claims, entry, evidence=evidence, limits=limits, at=at)
    return _with_missing(problems, missing, examination.policy)


def _related_resources(examination: Examination) -> Finding:
    if "relatedResource" not in examination.tree:
        return "the credential has no relatedResource"
    entries = examination.signed_objects("relatedResource")
    if isinstance(entries, str):
        return entries
    supplied = examination.evidence.resources
    problems: list[Problem] = []
    missing: list[Problem] = []
    for at, entry in entries:
        url = str(entry.get("id"))
        if url in supplied:
            problems += resources.problems_of_digest(entry, supplied[url], at)
        else:
            detail = f"the resource {shown(url)} was not supplied"
            missing.append(Problem("RELATED_RESOURCE_RETRIEVAL_ERROR", detail, at, missing=url))
    return _with_missing(problems, missing, examination.policy)


def _with_missing(problems: list[Problem], missing: list[Problem], policy: Policy) -> Finding:
    """Both, if the policy requires the resources; else what is missing makes it a check that was not made."""
    if policy.resources == "require":
        return problems + missing
    return problems or (missing[0].detail if missing else None)


CHECKS: Final[tuple[tuple[str, Callable[[Examination], Finding]], ...]] = (
    ("document", _document),  # 1. one strict parse (RFC 8259, RFC 7493)
    ("contexts", _contexts),  # 2. every context is known (VC Data Integrity 1.0, 4.6)
    ("data model", _data_model),  # 3. VCDM 2.0, 4; VCDM 1.1, 4 and 5
    ("validity period", _validity_period),  # 4. VCDM 2.0, 4.9
    ("issuer", _issuer),  # 5. the policy accepts the issuer
    ("proof", _proof),  # 6. VC Data Integrity 1.0, 4.4 and 4.5
    ("challenge and domain", _challenge_and_domain),  # 7. VC Data Integrity 1.0, 4.4
    ("verification method", _verification_method),  # 8. Controlled Identifiers 1.0, 3.3
    ("issuer control", _issuer_control),  # 9. a proof is by a key of the issuer
    ("signature", _signature),  # 10. the cryptosuite of each proof
    ("status", _status),  # 11. VCDM 2.0, 4.10
    ("schema", _schema),  # 12. VCDM 2.0, 4.11
    ("related resources", _related_resources),  # 13. VCDM 2.0, 5.3
)
"""What is looked at, in this order. Every check runs that can; each failing one fails the whole."""
