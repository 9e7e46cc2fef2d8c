"""What is done to the demo's credentials, and the verdict that each has to get for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

import vc_core
from did import PrivateKey, did_key
from vc_core import DataIntegrity, Json, LocalSigner, Signer, Verdict
from vc_core.cli.demo.courses import INSTITUTIONS, Institution
from vc_core.cli.demo.credentials import micro_credential

Claims = dict[str, Any]
ListName: TypeAlias = Literal["revocation", "suspension", "withheld"]

SECURING: Final = DataIntegrity(cryptosuite="eddsa-jcs-2022")
_EVERY: Final = 7
"""One credential in so many is not left as it is."""


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that can happen to a credential, and what verification has to say about it.

    `begins` and `ends` are the days from now on which the validity period does; `code` is the one code of all
    problems that have to be found, None for none. `tamper` changes the secured credential in place. `lists` are the
    names of the status lists that it has an index in, and `set_in` that of the one where its value is set.
    """

    words: str
    verdict: Verdict
    code: str | None = None
    begins: int = -30
    ends: int = 3 * 365
    lists: tuple[ListName, ...] = ("revocation",)
    set_in: ListName | None = None
    by_a_stranger: bool = False
    tamper: Callable[[Claims], object] | None = None

    @property
    def codes(self) -> frozenset[str]:
        """The codes of the problems that have to be found."""
        return frozenset() if self.code is None else frozenset({self.code})


def _change_grade(credential: Claims) -> None:
    grade = credential["credentialSubject"]["hasClaim"]["provenBy"]["grade"]
    grade["noteLiteral"] = {"lv": "10 no 10", "lt": "10 iš 10", "en": "10 out of 10"}


def _swap_learner(credential: Claims) -> None:
    credential["credentialSubject"] |= {"givenName": {"lv": "Valdis"}, "familyName": {"lv": "Viltvārdis"}}


def _extend_period(credential: Claims) -> None:
    credential |= {"expirationDate": "2099-12-31T00:00:00Z", "validUntil": "2099-12-31T00:00:00Z"}


def _remove_proof(credential: Claims) -> None:
    del credential["proof"]


GENUINE: Final = Case("left as it was issued", Verdict.VERIFIED)

OTHERS: Final = (
    Case("grade changed", Verdict.REJECTED, "PROOF_VERIFICATION_ERROR", tamper=_change_grade),
    Case("learner swapped", Verdict.REJECTED, "PROOF_VERIFICATION_ERROR", tamper=_swap_learner),
    Case(
        "expired, then extended",
        Verdict.REJECTED,
        "PROOF_VERIFICATION_ERROR",
        -900,
        ends=-100,
        tamper=_extend_period,
    ),
    Case("proof by a stranger's key", Verdict.REJECTED, "ISSUER_MISMATCH", by_a_stranger=True),
    Case("proof removed", Verdict.REJECTED, "PARSING_ERROR", tamper=_remove_proof),
    Case("expired", Verdict.REJECTED, "EXPIRED", -900, ends=-100),
    Case("not yet valid", Verdict.REJECTED, "NOT_YET_VALID", begins=30),
    Case("revoked", Verdict.REJECTED, "REVOKED", set_in="revocation"),
    Case("suspended", Verdict.REJECTED, "SUSPENDED", lists=("revocation", "suspension"), set_in="suspension"),
    Case("suspended, then reinstated", Verdict.VERIFIED, lists=("revocation", "suspension")),
    Case("status list not handed in", Verdict.UNDECIDED, "STATUS_RETRIEVAL_ERROR", lists=("withheld",)),
)


def case_of(number: int) -> Case:
    """The case of the credential `number`: mostly the genuine one, the others in turn."""
    turn, place = divmod(number, _EVERY)
    return OTHERS[turn % len(OTHERS)] if place == _EVERY - 1 else GENUINE


@dataclass(frozen=True, slots=True)
class Issuer:
    """An institution with a key of its own, made for this run and forgotten after it."""

    institution: Institution
    did: str
    signer: Signer

    @classmethod
    def new(cls, institution: Institution) -> Issuer:
        """The institution with a fresh Ed25519 key; its DID contains the key."""
        key = PrivateKey.generate("Ed25519")
        did = did_key(key.public_key)
        return cls(institution, did, LocalSigner(key, f"{did}#{did.removeprefix('did:key:')}"))


def issue(
    case: Case, number: int, issuer: Issuer, stranger: Issuer, now: datetime, status: Sequence[Json] = ()
) -> bytes:
    """The credential `number` as it is issued for its case, with these status entries, before it is tampered with."""
    begin = now + timedelta(days=case.begins)
    issued = min(begin, now)
    claims = micro_credential(
        number,
        issuer.did,
        institution=issuer.institution,
        issued=issued,
        valid_from=begin,
        valid_until=now + timedelta(days=case.ends),
        status=status,
    )
    signer = (stranger if case.by_a_stranger else issuer).signer
    return vc_core.issue(claims, signer=signer, securing=SECURING, created=issued)


def tampered(case: Case, credential: bytes) -> bytes:
    """The credential as it comes to be verified."""
    if case.tamper is None:
        return credential
    changed = json.loads(credential)
    case.tamper(changed)
    return json.dumps(changed, ensure_ascii=False).encode()


def new_issuers() -> tuple[Issuer, ...]:
    """The demo's institutions, each with a new key."""
    return tuple(Issuer.new(institution) for institution in INSTITUTIONS)
