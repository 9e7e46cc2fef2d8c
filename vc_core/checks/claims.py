"""The checks of what a credential says, however it is secured."""

from __future__ import annotations

from typing import Final

from did.errors import shown
from vc_core import credential as data_model
from vc_core import resources
from vc_core.checks.tokens import problems_of_token_times
from vc_core.document import Json
from vc_core.examination import Examination, Finding
from vc_core.policy import Policy
from vc_core.result import Problem
from vc_core.securing.sd_jwt.sd_jwt_vc import problems_of_sd_jwt_vc
from vc_core.securing.token import Token
from vc_core.type_metadata import problems_of_type_metadata

_OF_EITHER_VERSION: Final = frozenset({"jwt_vc", "jwt_vp"})


def contexts(examination: Examination) -> Finding:
    """Every context is known, and the base context is the first."""
    if not examination.is_vcdm:
        return "an SD-JWT VC has no contexts"
    problems = data_model.problems_of_contexts(
        examination.tree, examination.transformation, look_inside=_may_hold_contexts(examination)
    )
    if examination.token is not None and not problems:
        problems = problems_of_version(examination.tree, examination.token)
    examination.contexts_known = not problems
    return problems


def problems_of_version(tree: dict[str, Json], token: Token) -> list[Problem]:
    """What VC-JOSE-COSE secures is of the data model 2.0; only the older tokens may have another (section 1.1.1)."""
    if token.securing in _OF_EITHER_VERSION or tree["@context"][0] == data_model.V2:  # type: ignore[index]  # a list, as was just seen
        return []
    return [Problem("TOKEN_CLAIMS_ERROR", f"a token of the kind {token.securing} has the data model 2.0", "/@context")]


def _may_hold_contexts(examination: Examination) -> bool:
    """Whether there may be a member `@context` besides that of the document and that of its proof."""
    document, token, proof = examination.document, examination.token, examination.tree.get("proof")
    if token is not None:
        text = b"" if b"\\" in token.text and b"\\u" in token.text else token.text  # the first search is the faster
    else:
        text = document.data if document is not None and document.plain else b""
    if not text:  # else every name is spelled without escapes
        return True
    expected = 2 if isinstance(proof, dict) and "@context" in proof else 1
    return not _has_as_many(text, b"@", expected) and not _has_as_many(text, b'"@context"', expected)


def _has_as_many(text: bytes, part: bytes, number: int) -> bool:
    """Whether `part` stands in `text` so many times, and not once more. Counting all of it takes longer."""
    position = -1
    for _ in range(number):
        position = text.find(part, position + 1)
        if position < 0:
            return False
    return text.find(part, position + 1) < 0


def rules_of_data_model(examination: Examination) -> Finding:
    """The rules of the data model that the credential follows."""
    if examination.is_vcdm:
        return data_model.problems_of_data_model(examination.tree)
    return problems_of_sd_jwt_vc(examination.tree)


def validity_period(examination: Examination) -> Finding:
    """The credential, and the token it is in, are valid at the time of the verification."""
    now, skew = examination.now, examination.policy.clock_skew
    problems: list[Problem] = []
    if examination.is_vcdm:
        problems = data_model.problems_of_validity_period(examination.tree, now=now, clock_skew=skew)
    return problems if examination.token is None else problems + problems_of_token_times(examination)


def issuer(examination: Examination) -> Finding:
    """The policy accepts the issuer."""
    name = "issuer" if examination.is_vcdm else "iss"
    value = data_model.issuer_of(examination.tree) if examination.is_vcdm else examination.tree.get("iss")
    issuer = examination.issuer = value if isinstance(value, str) else None
    if issuer is None or issuer in examination.policy.accepted_issuers:
        return None
    return [Problem("UNACCEPTED_ISSUER", f"{shown(issuer)} is not among the issuers of the policy", f"/{name}")]


def schema(examination: Examination) -> Finding:
    """The credential follows the schemas it names, where they are at hand."""
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


def related_resources(examination: Examination) -> Finding:
    """The related resources at hand are those that were signed."""
    if "relatedResource" not in examination.tree:
        return "the credential has no relatedResource"
    entries = examination.signed_objects("relatedResource")
    if isinstance(entries, str):
        return entries
    supplied = examination.evidence.resources
    problems: list[Problem] = []
    missing: list[Problem] = []
    seen: set[str] = set()
    for at, entry in entries:
        url = str(entry.get("id"))
        if url in seen:
            continue  # a second one the data model refuses
        seen.add(url)
        if url in supplied:
            problems += resources.problems_of_digest(entry, supplied[url], at)
        else:
            detail = f"the resource {shown(url)} was not supplied"
            missing.append(Problem("RELATED_RESOURCE_RETRIEVAL_ERROR", detail, at, missing=url))
    return _with_missing(problems, missing, examination.policy)


def type_metadata(examination: Examination) -> Finding:
    """An SD-JWT VC follows the type metadata of its `vct`, where they are at hand."""
    token = examination.token
    if token is None or examination.is_vcdm:
        return "only an SD-JWT VC has type metadata"
    if not examination.signature_holds:
        return "the signature does not hold"
    supplied, limits = examination.evidence.resources, examination.policy.limits
    problems, missing = problems_of_type_metadata(token, evidence=supplied, limits=limits)
    return _with_missing(problems, missing, examination.policy)


def _with_missing(problems: list[Problem], missing: list[Problem], policy: Policy) -> Finding:
    """Both, if the policy requires the resources; else what is missing makes it a check that was not made."""
    if policy.resources == "require":
        return problems + missing
    return problems or (missing[0].detail if missing else None)
