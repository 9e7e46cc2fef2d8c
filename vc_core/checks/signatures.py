"""The checks of whose keys signed, the same for proofs and tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from did import StaticResolver
from did.document import VerificationMethod
from did.errors import shown
from did.methods import COMPUTED
from vc_core import proofs
from vc_core.errors import VCError
from vc_core.examination import Examination, Finding
from vc_core.result import Outcome, Problem
from vc_core.securing.proof import Proof
from vc_core.securing.token import Token

_COMPUTED_ONLY: Final = StaticResolver()
"""Knows the keys of the DIDs that contain them."""
NO_METHOD: Final = "the verification method could not be resolved"
_NOT_LOOKED_FOR: Final = "the verdict does not depend on the key, so it was not looked for"


def verification_method(examination: Examination) -> Finding:
    """The keys that the proofs or the token name are at hand, authorised for the purpose, and in force.

    The network is not for everybody: the resolver is asked for no key where that cannot change the verdict, and for a
    second one only when the signature by the first holds. Keys that are in their DIDs are looked at in any case.
    """
    signatures = examination.signatures
    if not signatures:
        return "the proof could not be read"
    hopeless = examination.is_hopeless
    if len(signatures) == 1:
        try:
            examination.methods = (_method(examination, signatures[0], hopeless=hopeless),)
        except VCError as error:
            return _NOT_LOOKED_FOR if hopeless and error.missing is not None else [Problem.of(error)]
        return None
    methods: dict[int, VerificationMethod] = {}
    problems: list[Problem] = []
    trusted = 0
    for number in _issuers_first(examination):
        each = signatures[number]
        if not hopeless and methods and not each.identifier.startswith(COMPUTED):
            problems += problems_of_signatures(examination, list(methods.items())[trusted:])
            hopeless, trusted = bool(problems) or not examination.contexts_known, len(methods)
        try:
            methods[number] = _method(examination, each, hopeless=hopeless)
        except VCError as error:
            if not hopeless or error.missing is None:
                problems.append(Problem.of(error))
            hopeless = True
    if problems or len(methods) < len(signatures):
        return problems or _NOT_LOOKED_FOR
    examination.methods = tuple([methods[number] for number in range(len(signatures))])
    return None


def _method(examination: Examination, signature: Proof | Token, *, hopeless: bool) -> VerificationMethod:
    return proofs.resolve_method(
        signature,
        resolver=_COMPUTED_ONLY if hopeless else examination.resolver,
        now=examination.now,
        at_issuance=examination.policy.keys_as_of == "issuance",
    )


def _issuers_first(examination: Examination) -> Sequence[int]:
    """The numbers of the signatures, those before the others that name a key of the issuer."""
    signatures = examination.signatures
    return sorted(range(len(signatures)), key=lambda number: signatures[number].identifier != examination.issuer)


def issuer_control(examination: Examination) -> Finding:
    """One of the keys belongs to the issuer."""
    if not examination.policy.require_issuer_control:
        return "the policy does not ask whose key signed"
    for method in examination.methods:
        if method.controller == examination.issuer:
            return None
    if not examination.methods and examination.checks[-1].outcome is Outcome.FAILED:  # of the verification method
        return NO_METHOD
    if examination.is_of_another:
        other = shown(examination.signatures[0].identifier)
        at = "/issuer" if examination.is_vcdm else "/iss"
        return [Problem("ISSUER_MISMATCH", f"no proof is by a key of the issuer, but by one of {other}", at)]
    return NO_METHOD


def problems_of_signatures(
    examination: Examination, methods: Iterable[tuple[int, VerificationMethod]]
) -> list[Problem]:
    """What speaks against the proofs of these numbers having been made by the keys of these methods."""
    if not examination.contexts_known:
        return []  # which is a problem of its own
    problems: list[Problem] = []
    transformation = examination.transformation
    if len(examination.proofs) > 1:
        transformation = transformation.shared_by(len(examination.proofs))
    canonical = None if examination.document is None else examination.document.canonical
    for number, method in methods:
        try:
            proofs.check_signature(
                examination.tree,
                examination.proofs[number],
                method,
                transformation,
                algorithms=examination.policy.algorithms,
                canonical=canonical,
            )
        except VCError as error:
            problems.append(Problem.of(error))
    return problems
