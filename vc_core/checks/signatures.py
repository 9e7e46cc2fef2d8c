"""The checks of whose keys signed, the same for proofs and tokens."""

from __future__ import annotations

from typing import Final

from did.errors import shown
from vc_core import proofs
from vc_core.errors import VCError
from vc_core.examination import Examination, Finding
from vc_core.result import Problem

NO_METHOD: Final = "the verification method could not be resolved"


def verification_method(examination: Examination) -> Finding:
    """The keys that the proofs or the token name are at hand, authorised for the purpose, and in force."""
    if not examination.signatures:
        return "the proof could not be read"
    methods, problems = [], []
    for each in examination.signatures:
        try:
            methods.append(
                proofs.resolve_method(
                    each,
                    resolver=examination.resolver,
                    now=examination.now,
                    at_issuance=examination.policy.keys_as_of == "issuance",
                )
            )
        except VCError as error:
            problems.append(Problem.of(error))
    examination.methods = () if problems else tuple(methods)
    return problems


def issuer_control(examination: Examination) -> Finding:
    """One of the keys belongs to the issuer."""
    if not examination.policy.require_issuer_control:
        return "the policy does not ask whose key signed"
    if not examination.methods:
        return NO_METHOD
    if examination.issuer in [method.controller for method in examination.methods]:
        return None
    other = shown(examination.methods[0].controller)
    at = "/issuer" if examination.is_vcdm else "/iss"
    return [Problem("ISSUER_MISMATCH", f"no proof is by a key of the issuer, but by one of {other}", at)]
