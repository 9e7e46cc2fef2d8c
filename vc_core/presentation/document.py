"""The checks of a presentation itself: its form, who made it, when, for whom, and what is in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from did.errors import shown
from vc_core import credential as data_model
from vc_core import datetimestamp
from vc_core.checks import proofs, signatures
from vc_core.checks.claims import problems_of_version
from vc_core.checks.tokens import problems_of_token_times
from vc_core.document import Json, write_json
from vc_core.errors import ParsingError
from vc_core.examination import Finding
from vc_core.presentation.examination import PresentationExamination
from vc_core.result import Problem
from vc_core.securing.envelopes import ENVELOPED_CREDENTIAL, is_enveloped
from vc_core.securing.jwt import numeric_date
from vc_core.verify import verify

_UNSIGNED: Final = "the presentation has no proof, which the policy allows"
_CREDENTIALS: Final = "verifiableCredential"


def contexts(examination: PresentationExamination) -> Finding:
    """Every context is known, and the base context is the first. Credentials have contexts of their own."""
    own = {name: value for name, value in examination.tree.items() if name != _CREDENTIALS}
    problems = data_model.problems_of_contexts(own, examination.transformation)
    if examination.token is not None and not problems:
        problems = problems_of_version(own, examination.token)
    examination.contexts_known = not problems
    return problems


def rules_of_data_model(examination: PresentationExamination) -> Finding:
    """The rules for presentations (VCDM 2.0, section 4.13; VCDM 1.1, section 4.10)."""
    return data_model.problems_of_presentation(examination.tree, most=examination.policy.limits.credentials)


def proof(examination: PresentationExamination) -> Finding:
    """There are proofs, for authentication, with the challenge and the domain of the policy."""
    if "proof" not in examination.tree and examination.rules.allow_unsigned_presentation:
        return _UNSIGNED
    return proofs.proof(examination)


def validity_period(examination: PresentationExamination) -> Finding:
    """The token is valid at the time of the verification."""
    return problems_of_token_times(examination)


def age(examination: PresentationExamination) -> Finding:
    """The presentation was made lately, where it says when."""
    longest = examination.rules.longest_age + examination.policy.clock_skew
    moments = [proof.created for proof in examination.proofs]
    if examination.token is not None and "iat" in examination.token.payload:
        try:
            moments = [moment_of(examination.token.payload["iat"])]
        except ParsingError:
            return "the time of the presentation could not be read"
    known = [moment for moment in moments if moment is not None]
    if not known:
        return "the presentation does not say when it was made"
    if examination.now - min(known) > longest:
        detail = f"the presentation was made at {datetimestamp.text(min(known))}, which is too long ago"
        return [Problem("EXPIRED", detail)]
    return None


def holder_control(examination: PresentationExamination) -> Finding:
    """A key of the holder signed the presentation; where that names none, whoever controls the key is the holder."""
    if not examination.signatures and examination.rules.allow_unsigned_presentation:
        return _UNSIGNED
    if not examination.methods:
        return signatures.NO_METHOD
    named = data_model.holder_of(examination.tree)
    holder = named or examination.methods[0].controller
    methods = [method for method in examination.methods if method.controller == holder]
    if named is None and len(methods) < len(examination.methods):
        detail = "the presentation names no holder, and its proofs are by keys of several"
        return [Problem("HOLDER_BINDING_ERROR", detail, "/proof")]
    if not methods:
        other = shown(examination.methods[0].controller)
        detail = f"no proof is by a key of the holder, but by one of {other}"
        return [Problem("HOLDER_BINDING_ERROR", detail, "/holder")]
    examination.holder = holder
    examination.holder_keys = tuple(method.public_key for method in methods)
    examination.holder_urls = tuple(method.id for method in methods)
    return None


def signature(examination: PresentationExamination) -> Finding:
    """Each proof was made over the presentation by the key that it names."""
    if "proof" not in examination.tree and examination.rules.allow_unsigned_presentation:
        return _UNSIGNED
    return proofs.signature(examination)


def credentials(examination: PresentationExamination) -> Finding:
    """Each credential is verified by itself, under the policy for credentials; all share the work of one document."""
    if examination.problems:
        return "the presentation itself does not hold"
    problems: list[Problem] = []
    entries = _entries(examination.tree)
    policy = examination.rules.credentials
    if len(entries) > 1:
        policy = replace(policy, limits=policy.limits.shared_by(len(entries)))
    for at, data in entries:
        if data is None:
            problems.append(Problem("PARSING_ERROR", "this is no secured credential", at))
            continue
        result = verify(
            data,
            resolver=examination.resolver,
            status=examination.status,
            policy=policy,
            now=examination.now,
            evidence=examination.evidence,
        )
        examination.credentials.append((at, result))
        problems += [Problem(each.code, each.detail, at + each.at, each.missing) for each in result.problems]
    if not problems and not examination.credentials:
        return "the presentation has no credentials"
    return problems


def _entries(tree: dict[str, Json]) -> list[tuple[str, bytes | None]]:
    """Each credential as the bytes it is verified from, with its place; None for what can be none."""
    value = tree.get(_CREDENTIALS, [])
    if not isinstance(value, list):
        return [(f"/{_CREDENTIALS}", _octets(value))]
    return [(f"/{_CREDENTIALS}/{position}", _octets(entry)) for position, entry in enumerate(value)]


def _octets(entry: Json) -> bytes | None:
    """A token by itself, or an object, with proofs or with a token in it (VCDM 1.1, 6.3.1; VCDM 2.0, 4.13)."""
    if isinstance(entry, str):
        return entry.encode() if entry.isascii() and not entry.lstrip().startswith("{") else None
    if isinstance(entry, dict) and ("proof" in entry or is_enveloped(entry, ENVELOPED_CREDENTIAL)):
        return write_json(entry)
    return None


def moment_of(value: Json) -> datetime:
    """The time of an `iat`: a NumericDate, or the text that some presentations have there."""
    return datetimestamp.parse(value) if isinstance(value, str) else numeric_date(value)
