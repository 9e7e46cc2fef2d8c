"""What a verifier of presentations accepts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final, Literal

from vc_core.policy import ANY_ISSUER, Policy

HOLDER_BINDINGS: Final = ("subject", "cnf", "subject or cnf", "bearer")


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentationPolicy:
    """The rules for a presentation. What guards against theft and replay has no default.

    `credentials` is the policy for every credential in it, and its tables, contexts and limits are those for the
    presentation, too.
    """

    credentials: Policy
    nonce: str | None
    """The `challenge` of a proof, or the `nonce` of a token, that this verifier gave to this holder for this one
    presentation. None leaves it unchecked: whoever has seen a presentation can then present it again."""
    audience: frozenset[str] | None
    """The `domain` of a proof, or the `aud` of a token: exactly these. None leaves it unchecked: whoever the holder
    presented to can then present it here."""
    holder_binding: Literal["subject", "cnf", "subject or cnf", "bearer"]
    """What has to tie each credential to the holder. "subject": each of its subjects has the holder's identifier.
    "cnf": its confirmation claim has the key that signed the presentation. "bearer" is the unsafe choice: whoever
    has got hold of a credential, by whatever means, can present it."""
    allow_unsigned_presentation: bool = False
    """Whether a presentation may have no proof. It then shows nothing but its credentials, and needs "bearer"."""
    longest_age: timedelta = timedelta(minutes=5)
    """How long before the verification a presentation may have been made, where it says when it was."""
    nonce_lifetime: timedelta = timedelta(days=1)
    """How long a spent nonce is remembered. The verifier expects no nonce for longer than this."""
    of_presentation: Policy = field(init=False, repr=False, compare=False)
    """The policy for the proof of the presentation itself, made of the settings above."""

    def __post_init__(self) -> None:
        if self.nonce == "" or not isinstance(self.nonce, str | None):
            raise ValueError("an expected nonce is a text that is not empty")
        if self.audience is not None and not _are_texts(self.audience):
            raise ValueError("audience is a frozenset of texts, neither it nor they empty, or None")
        if self.holder_binding not in HOLDER_BINDINGS:
            raise ValueError(f"holder_binding is one of {', '.join(map(repr, HOLDER_BINDINGS))}")
        if self.allow_unsigned_presentation and self.holder_binding != "bearer":
            raise ValueError("without a signature nothing is bound to its holder: that is holder_binding 'bearer'")
        if self.allow_unsigned_presentation and (self.nonce is not None or self.audience is not None):
            raise ValueError("without a signature there is neither a nonce nor an audience to be sure of")
        if self.longest_age <= timedelta(0) or self.nonce_lifetime <= self.longest_age:
            raise ValueError("longest_age is positive, and nonce_lifetime longer than that")
        of_presentation = replace(
            self.credentials,
            accepted_issuers=ANY_ISSUER,
            require_issuer_control=False,
            keys_as_of="now",
            proof_purpose="authentication",
            challenge=self.nonce,
            domain=self.audience or frozenset(),
        )
        object.__setattr__(self, "of_presentation", of_presentation)


def _are_texts(value: object) -> bool:
    return isinstance(value, frozenset) and bool(value) and all(isinstance(each, str) and each for each in value)
