"""Status lists as they are served, verified and opened: W3C credentials of every securing mechanism, and IETF tokens.

A list credential is verified as any credential, by the same code but without the status step: a list that has a status
of its own is refused, so nothing recurs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from did import Resolver
from status import NO_STATUS_LISTS, OpenedList, OpenList, StatusError, StatusRetrievalError, StatusVerificationError
from vc_core.checks import claims, proofs
from vc_core.errors import VCError
from vc_core.evidence import NO_EVIDENCE, Evidence
from vc_core.examination import Examination, Finding
from vc_core.policy import ANY_ISSUER, Policy
from vc_core.result import Verdict, VerificationResult
from vc_core.status_lists.credentials import list_in_credential
from vc_core.status_lists.tokens import is_list_token, list_in_token
from vc_core.verify import CHECKS, TOKEN_CHECKS, Checks, examine

_OF_TIME: Final = frozenset({"EXPIRED", "NOT_YET_VALID"})
_NEVER: Final = frozenset({"status"})
_IF_REQUIRED: Final = frozenset({"schema", "related resources", "type metadata"})


def open_list(resolver: Resolver, policy: Policy, evidence: Evidence = NO_EVIDENCE) -> OpenList:
    """What opens the lists that credentials under `policy` point into.

    The policy is the caller's without what is about one credential: anyone may have issued a list if it was with a key
    of their own, as the keys are now, and `OpenedList.issuer` says who it was. `evidence` matters only where the policy
    requires resources; then it has those that the list credential names, too.

    What opens them raises `StatusRetrievalError` where the key of the list's issuer cannot be had, and another
    `StatusError` for a list that is none, is not signed as it should be, or is not the one of the URL. A list outside
    of its validity period is opened. The beginning of that period is earlier by the policy's `clock_skew`.
    """
    own = replace(
        policy,
        accepted_issuers=ANY_ISSUER,
        require_issuer_control=True,
        keys_as_of="now",
        proof_purpose="assertionMethod",
        challenge=None,
        domain=frozenset(),
    )
    return _ListOpener(resolver, own, evidence)


@dataclass(frozen=True, slots=True)
class _ListOpener:
    """Opens lists under `policy`, which is one for lists. It can be packed for another process if the resolver can."""

    resolver: Resolver
    policy: Policy
    evidence: Evidence

    def __call__(self, body: bytes, /, *, url: str, now: datetime) -> OpenedList:
        """As `status.OpenList`."""
        try:
            if is_list_token(body, limits=self.policy.limits):
                return list_in_token(body, url=url, resolver=self.resolver, policy=self.policy, now=now)
            result = self._result(body, now)
            _require_verified(result, url)
            return list_in_credential(result.credential, url=url, policy=self.policy)
        except VCError as error:
            refused = StatusVerificationError if error.missing is None else StatusRetrievalError
            raise refused(f"the status list is not verified: {error.detail}", url=url) from error
        except StatusError as error:
            error.url = url
            raise

    def _result(self, body: bytes, now: datetime) -> VerificationResult:
        required = self.policy.resources == "require"
        return examine(
            body,
            resolver=self.resolver,
            status=NO_STATUS_LISTS,
            policy=self.policy,
            now=now,
            evidence=self.evidence,
            checks=_of_lists(CHECKS, required=required),
            token_checks=_of_lists(TOKEN_CHECKS, required=required),
        ).result()


def _of_lists(table: Checks, *, required: bool) -> Checks:
    """The checks of `table` that a list credential undergoes."""
    left_out = _NEVER if required else _NEVER | _IF_REQUIRED
    kept = (each for each in table if each[0] not in left_out)
    return tuple((name, _AT_ANY_TIME.get(name, check)) for name, check in kept)


def _form_of_validity_period(examination: Examination) -> Finding:
    """The validity period has a beginning and an end that can be read; when it is, is seen at each look-up."""
    found = claims.validity_period(examination)
    return [each for each in found if each.code not in _OF_TIME] if isinstance(found, list) else found


def _proof_of_any_time(examination: Examination) -> Finding:
    """The proofs are what the policy expects; when they were made and expire, is seen at each look-up, too."""
    found = proofs.proof(examination)
    return [each for each in found if not each.at.endswith(_TIMES_OF_PROOF)] if isinstance(found, list) else found


_AT_ANY_TIME: Final = {"validity period": _form_of_validity_period, "proof": _proof_of_any_time}
_TIMES_OF_PROOF: Final = ("/created", "/expires")
"""What the problems of a proof stand at that are about the time of the verification: all others are raised."""


def _require_verified(result: VerificationResult, url: str) -> None:
    """Raises `StatusError` with the problem that decides, a conclusive one before one of missing evidence."""
    if not result:
        refused = StatusRetrievalError if result.verdict is Verdict.UNDECIDED else StatusVerificationError
        problem = next((each for each in result.problems if each.missing is None), result.problems[0])
        raise refused(f"the status list is not verified: {problem.detail}", url=url)
