"""What the options of `vc-core verify` say is accepted: the policies for credentials, and for presentations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

import click

from vc_core import ANY_ISSUER, Limits, Policy, PresentationPolicy
from vc_core.cli.exit_codes import InputError
from vc_core.cli.files import read_file
from vc_core.cli.options import ContextFiles, with_contexts
from vc_core.cli.policy_file import read_policy

HolderBinding: TypeAlias = Literal["subject", "cnf", "subject or cnf", "bearer"]

HOLDER_BINDINGS: Final[Mapping[str, HolderBinding]] = MappingProxyType(
    {"subject": "subject", "cnf": "cnf", "subject-or-cnf": "subject or cnf", "bearer": "bearer"}
)
"""The words of `--holder-binding`, and those of the policy."""


def credential_policy(
    *,
    issuers: tuple[str, ...],
    any_issuer: bool,
    status: str | None,
    keys_as_of: str | None,
    policy: str | None,
    contexts: ContextFiles,
    challenge: str | None,
    domains: tuple[str, ...],
) -> Policy:
    """The policy of the file, and what the options say instead; raises `click.UsageError` and `InputError`."""
    if issuers and any_issuer:
        raise _usage("Say --issuer or --any-issuer, not both.")
    settings = {} if policy is None else read_policy(read_file(policy, largest=Limits().document_bytes))
    options = {
        "accepted_issuers": ANY_ISSUER if any_issuer else frozenset(issuers) or None,
        "status": status,
        "keys_as_of": keys_as_of,
        "challenge": challenge,
        "domain": frozenset(domains) or None,
        "contexts": with_contexts(contexts),
    }
    settings |= {name: value for name, value in options.items() if value is not None}
    if "accepted_issuers" not in settings:
        raise _usage("Say whom you trust: --issuer DID for each issuer that you accept, or --any-issuer.")
    try:
        return Policy(**settings)
    except ValueError as error:
        raise InputError(f"the policy cannot be used: {error}") from error


def presentation_policy(
    policy: Policy,
    *,
    holder_binding: str | None,
    any_nonce: bool,
    any_audience: bool,
    allow_unsigned: bool,
    nonces: str | None,
) -> PresentationPolicy | None:
    """The policy for presentations, with `policy` for the credentials in them; None if no option is about any.

    The challenge and the domain of `policy` are those of the presentation: what credentials have of their own was for
    others. Raises `click.UsageError` where a choice is missing, or made twice, and `InputError`.
    """
    if not (holder_binding or any_nonce or any_audience or allow_unsigned or nonces):
        return None
    if any_nonce and policy.challenge is not None:
        raise _usage("Say --nonce or --any-nonce, not both.")
    if any_audience and policy.domain:
        raise _usage("Say --audience or --any-audience, not both.")
    if any_nonce and nonces is not None:
        raise _usage("--nonces spends the nonce of --nonce: with --any-nonce there is none.")
    missing = missing_choices(policy, holder_binding=holder_binding, any_nonce=any_nonce, any_audience=any_audience)
    if missing:
        raise _usage(f"For presentations, {missing}.")
    try:
        return PresentationPolicy(
            credentials=replace(policy, challenge=None, domain=frozenset()),
            nonce=policy.challenge,
            audience=policy.domain or None,
            holder_binding=HOLDER_BINDINGS[holder_binding or ""],
            allow_unsigned_presentation=allow_unsigned,
        )
    except ValueError as error:
        raise InputError(f"the policy for presentations cannot be used: {error}") from error


def missing_choices(
    policy: Policy, *, holder_binding: str | None = None, any_nonce: bool = False, any_audience: bool = False
) -> str:
    """What has still to be said before a presentation can be verified; empty if it is all there."""
    choices = (
        (any_nonce or policy.challenge is not None, "--nonce TEXT (or --any-nonce)"),
        (any_audience or bool(policy.domain), "--audience TEXT (or --any-audience)"),
        (holder_binding is not None, f"--holder-binding {'|'.join(HOLDER_BINDINGS)}"),
    )
    missing = [words for is_said, words in choices if not is_said]
    return f"say {' and '.join(missing)}" if missing else ""


def _usage(message: str) -> click.UsageError:
    return click.UsageError(message, click.get_current_context())
