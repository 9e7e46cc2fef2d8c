"""The checks of embedded proofs (Verifiable Credential Data Integrity 1.0)."""

from __future__ import annotations

from vc_core import proofs
from vc_core.checks.signatures import NO_METHOD, problems_of_signatures
from vc_core.examination import Examination, Finding
from vc_core.result import Problem
from vc_core.securing.proof import read_proofs


def proof(examination: Examination) -> Finding:
    """The proofs can be read, and each is what the policy expects."""
    policy, plain = examination.policy, examination.transformation.plain
    read = read_proofs(examination.tree, cryptosuites=policy.cryptosuites, limits=policy.limits, plain=plain)
    problems: list[Problem] = []
    if len(read) * len(examination.data) > policy.limits.document_bytes:  # each proof reads all of it
        return [Problem("TOO_MANY_PROOFS", "there are too many proofs for a document of this size", "/proof")]
    examination.enter_proofs(read)
    for each in read:
        problems += proofs.problems_of_options(each, policy=policy, now=examination.now)
    return problems


def challenge_and_domain(examination: Examination) -> Finding:
    """The proofs have no challenge and no domain but those that the policy expects."""
    if not examination.proofs:
        return "the proof could not be read"
    return proofs.unexpected_options(examination.proofs, examination.policy)


def signature(examination: Examination) -> Finding:
    """Each proof was made over the document by the key that it names."""
    if not examination.methods:
        return NO_METHOD
    if not examination.contexts_known:
        return "the contexts of the document are not known"
    problems = problems_of_signatures(examination, enumerate(examination.methods))
    examination.signature_holds = not problems
    return problems
