"""The quick way to the same verdict, for a credential of a series of which others were verified.

What is remembered of those others are the outcomes of the checks that no field of the series has to do with
(`vc_core.series.fields`). All other checks are made, by the same functions, on all that the document says; so in the
end the examination is the one that `vc_core.verify` makes anew. What is out of the ordinary is left to that.
"""

from __future__ import annotations

from functools import partial
from itertools import takewhile
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from vc_core import credential as data_model
from vc_core import proofs
from vc_core.checks.claims import validity_period
from vc_core.checks.tokens import token as rules_of_token
from vc_core.document import SecuredDocument
from vc_core.errors import VCError
from vc_core.examination import Examination
from vc_core.result import Check
from vc_core.securing.jose import read_jws
from vc_core.securing.proof import read_proof
from vc_core.securing.vc_jwt import of_payload
from vc_core.series import Read, Series


class Memory(NamedTuple):
    """What all credentials of a series have in common: the mechanism, the issuer, and the outcomes of some checks.

    `first` are those of checks from the first on, none of which found anything. `last` are those of checks up to the
    last, none of which had anything to look at.
    """

    securing: str
    issuer: str
    first: tuple[Check, ...]
    last: tuple[Check, ...]


_DEEPEST: Final = 254
"""Levels of a document that are read whatever is left of the stack. Where more are allowed, that may decide whether one
can be read, so nothing is remembered."""
_JWT: Final = b"ey"
"""How a token in the compact serialization begins: with a header that is an object, and this is its `{"`."""
_Found: TypeAlias = tuple[Memory, Series, Read]


def begin(examination: Examination) -> Memory | None:
    """Makes the `first` checks of an examination, which find nothing, and tells of which series the credential is.

    None if it is of none, or if there may be something to find: a new examination is to say what.
    """
    data = examination.data
    if type(data) is not bytes or len(data) > examination.policy.limits.document_bytes:
        return None
    try:
        memory = _token(examination) if data.startswith(_JWT) else _document(examination)
        if memory is None or memory.issuer not in examination.policy.accepted_issuers or validity_period(examination):
            return None
    except (VCError, RecursionError):
        return None
    examination.checks += memory.first
    return memory


def _document(examination: Examination) -> Memory | None:
    policy = examination.policy
    found: _Found | None = policy.known.find(examination.data, is_payload=False)
    if found is None:
        return None
    memory, series, read = found
    member = read.document.tree["proof"]
    if not isinstance(member, dict) or not _are_identifiers(series, read):
        return None
    proof = read_proof(member, canonical=read.options, cryptosuites=policy.cryptosuites)
    if proof.suite.name != memory.securing:
        return None
    if proofs.problems_of_options(proof, policy=policy, now=examination.now):
        return None
    examination.enter(None, read.document)
    examination.enter_proofs((proof,))
    examination.contexts_known, examination.issuer = True, memory.issuer
    return memory


def _token(examination: Examination) -> Memory | None:
    if b"~" in examination.data:  # an SD-JWT
        return None
    jws = read_jws(examination.data, limits=examination.policy.limits)
    found: _Found | None = examination.policy.known.find(jws.payload, is_payload=True)
    if found is None:
        return None
    memory, series, read = found
    token = of_payload(jws, read.document.tree)
    if token.securing != memory.securing or not _are_identifiers(series, read):
        return None
    examination.enter(token, None)
    if rules_of_token(examination):
        return None
    examination.contexts_known, examination.issuer = True, memory.issuer
    return memory


def _are_identifiers(series: Series, read: Read) -> bool:
    """Whether the fields that have to be URLs are."""
    for number in series.identifiers:  # noqa: SIM110  (twice as fast as a generator)
        if not data_model.is_url(read.values[number]):
            return False
    return True


def remember(examination: Examination) -> None:
    """Remembers checks of an examination that is over and found nothing. What is not verified teaches nothing."""
    known, token, document = examination.policy.known, examination.token, examination.document
    if examination.problems or not examination.signature_holds or examination.issuer is None:
        return
    if examination.policy.limits.depth > _DEEPEST:
        return
    first = takewhile(_is_of_claims, examination.checks)
    last = [*takewhile(partial(_has_nothing_to_look_at, examination), reversed(examination.checks))]
    securing = examination.signatures[0].securing
    memory = Memory(securing, examination.issuer, tuple(first), tuple(reversed(last)))
    if token is not None:
        if examination.data.startswith(_JWT) and token.text and b"~" not in examination.data:
            document = SecuredDocument(token.text, token.payload, None)
            known.learn(document, memory, issuer=memory.issuer, is_payload=True)
    elif document is not None and document.plain and _is_single(document):
        known.learn(document, memory, issuer=memory.issuer, is_payload=False)


def _is_of_claims(check: Check) -> bool:
    """Whether the check comes before those of the key and the signature."""
    return check.check != "verification method"


_LOOKED_AT: Final = MappingProxyType(
    {
        "status": ("credentialStatus", "status"),
        "schema": ("credentialSchema",),
        "related resources": ("relatedResource",),
        "type metadata": ("vct",),
    }
)
"""The members that each of the last checks looks at."""


def _has_nothing_to_look_at(examination: Examination, check: Check) -> bool:
    names = _LOOKED_AT.get(check.check)
    claims = [examination.tree] if examination.token is None else [examination.tree, examination.token.payload]
    return names is not None and not any(name in each for each in claims for name in names)


def _is_single(document: SecuredDocument) -> bool:
    """Whether the document has one proof, which follows no other one."""
    proof = document.tree.get("proof")
    return isinstance(proof, dict) and "previousProof" not in proof
