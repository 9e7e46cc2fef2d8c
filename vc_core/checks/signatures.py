"""The checks of whose keys signed, the same for proofs and tokens."""

from __future__ import annotations

from typing import Final

from did import StaticResolver
from did.errors import shown
from vc_core import proofs
from vc_core.errors import VCError
from vc_core.examination import Examination, Finding
from vc_core.result import Outcome, Problem

_COMPUTED: Final = StaticResolver()
"""Knows the keys of the DIDs that contain them."""
NO_METHOD: Final = "the verification method could not be resolved"


def verification_method(examination: Examination) -> Finding:
    """The keys that the proofs or the token name are at hand, authorised for the purpose, and in force.

    Where it is clear that no accepted issuer signed, the resolver is asked for none: the network is not for everybody.
    Then only the keys that are in their DIDs are looked at.
    """
    if not examination.signatures:
        return "the proof could not be read"
    pointless = _is_of_another(examination) or any(each.code == "UNACCEPTED_ISSUER" for each in examination.problems)
    resolver = _COMPUTED if pointless else examination.resolver
    at_issuance = examination.policy.keys_as_of == "issuance"
    methods, problems = [], []
    for each in examination.signatures:
        try:
            methods.append(proofs.resolve_method(each, resolver=resolver, now=examination.now, at_issuance=at_issuance))
        except VCError as error:
            if not pointless or error.missing is None:
                problems.append(Problem.of(error))
    if problems or len(methods) < len(examination.signatures):
        return problems or "no accepted issuer signed, so the key was not looked for"
    examination.methods = tuple(methods)
    return None


def issuer_control(examination: Examination) -> Finding:
    """One of the keys belongs to the issuer."""
    if not examination.policy.require_issuer_control:
        return "the policy does not ask whose key signed"
    if not examination.methods and examination.checks[-1].outcome is Outcome.FAILED:  # of the verification method
        return NO_METHOD
    if _is_of_another(examination):
        other = shown(_identifiers(examination)[0])
        at = "/issuer" if examination.is_vcdm else "/iss"
        return [Problem("ISSUER_MISMATCH", f"no proof is by a key of the issuer, but by one of {other}", at)]
    return None if examination.methods else NO_METHOD


def _is_of_another(examination: Examination) -> bool:
    """Whether none of the keys can be the issuer's: a method belongs to the identifier in whose document it stands."""
    if not examination.policy.require_issuer_control or not examination.signatures:
        return False
    return examination.issuer not in _identifiers(examination)


def _identifiers(examination: Examination) -> list[str]:
    """The DIDs, or URLs of documents, that the proofs or the token name a key of."""
    return [each.verification_method.partition("#")[0] for each in examination.signatures]
