"""One verification of a presentation under way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from did.keys import PublicKey
from vc_core import datetimestamp
from vc_core.examination import Examination, proven
from vc_core.nonces import Nonces
from vc_core.presentation.policy import PresentationPolicy
from vc_core.result import Credential, Presentation, PresentationResult, Problem, ProvenMethod, VerificationResult
from vc_core.securing.jwt import numeric_date
from vc_core.securing.sd_jwt.key_binding import TYPE


@dataclass(slots=True, kw_only=True)
class PresentationExamination(Examination):
    """What the checks of one presentation share, besides what those of a credential do.

    `holder` is who presents, by identifier; `holder_keys` are the keys of theirs that signed the presentation, and
    `holder_urls` the URLs of these keys where they have some. The places of `credentials` are their JSON pointers.
    """

    rules: PresentationPolicy
    nonces: Nonces | None
    is_sd_jwt: bool = False
    holder: str | None = None
    holder_keys: tuple[PublicKey, ...] = ()
    holder_urls: tuple[str, ...] = ()
    credentials: list[tuple[str, VerificationResult]] = field(default_factory=list)

    @property
    def any_audience(self) -> bool:
        """Whether the presentation may be made for anybody."""
        return self.rules.audience is None

    @property
    def is_hopeless(self) -> bool:
        """Whether nobody needs to be asked for a key, since the presentation is refused whoever signed it."""
        return any(problem.missing is None for problem in self.problems)

    def presentation_result(self) -> PresentationResult:
        """The verdict with its reasons. Nothing is verified of which it was not shown that a signature holds."""
        if not self.problems and (unchecked := self.unchecked()):
            self.problems.append(Problem("INTERNAL_ERROR", f"the {unchecked} was not checked"))
        found = self.signatures
        results = [result for _, result in self.credentials]
        if self.problems:
            results = [replace(result, _credential=None) for result in results]
        return PresentationResult(
            tuple(self.problems),
            tuple(self.checks),
            found[0].securing if found else None,
            tuple(results),
            None if self.problems else self._presentation,
        )

    def unchecked(self) -> str | None:
        """What nothing was shown of, though no check failed, and without which nothing is verified."""
        if not self.signature_holds and (self.signatures or not self.rules.allow_unsigned_presentation):
            return "signature"
        return "holder" if self.holder is None and self.rules.holder_binding != "bearer" else None

    def verified_credentials(self) -> tuple[Credential, ...]:
        """The credentials that are verified, for the checks that look at what they claim."""
        return tuple(result.credential for _, result in self.credentials if result)

    def _presentation(self) -> Presentation:
        return Presentation(self.holder, self.verified_credentials(), self._proven_by())

    def _proven_by(self) -> tuple[ProvenMethod, ...]:
        if self.is_sd_jwt:
            return self._bound_by()
        return tuple(proven(signature, method) for signature, method in zip(self.signatures, self.methods, strict=True))

    def _bound_by(self) -> tuple[ProvenMethod, ...]:
        """The key of the key binding: who issued an SD-JWT does not present it."""
        binding = None if self.token is None else self.token.key_binding
        if binding is None or self.holder is None:
            return ()
        url = self.holder_urls[0] if self.holder_urls else self.holder
        created = datetimestamp.text(numeric_date(binding.claims["iat"]))
        return (ProvenMethod(TYPE, url, self.holder, created),)
