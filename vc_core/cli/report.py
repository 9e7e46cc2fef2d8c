"""What `vc-core verify` prints for people. Claims are shown only of what is verified."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from vc_core import Check, Credential, Outcome, PresentationResult, Problem, VerificationResult
from vc_core.cli import terminal


def print_result(file: str, result: VerificationResult | PresentationResult) -> None:
    """The verdict on the file, and what it rests on."""
    terminal.result(f"{terminal.coloured(result.verdict)}  {terminal.printable(file)}")
    if isinstance(result, PresentationResult):
        _print_presentation(result)
    else:
        _print_credential(result)


def _print_credential(result: VerificationResult) -> None:
    if result:
        _lines("issuer", [result.issuer or ""])
        _lines("valid", [_period(result)])
        _lines("securing", [result.securing or ""])
        _lines("keys", _keys(result.credential))
    _lines("because", map(_reason, result.problems))
    _lines("noted", _remarks(result.checks))
    _lines("not checked", _unchecked(result.checks))


def _print_presentation(result: PresentationResult) -> None:
    """The credentials have numbers, in their order; who issued them is known only if all is verified."""
    issuers = [""] * len(result.of_credentials)
    if result:
        _lines("holder", [result.holder or "nobody is named"])
        _lines("securing", [result.securing or "nobody signed"])
        issuers = [f", issued by {each.issuer}" for each in result.presentation.credentials]
    for number, (each, issuer) in enumerate(zip(result.of_credentials, issuers, strict=True), start=1):
        _lines(f"credential {number}", [f"{each.verdict.value}, {each.securing or 'of no known kind'}{issuer}"])
    _lines("because", map(_reason, result.problems))
    _lines("not checked", [*_unchecked(result.checks), *_unchecked_of(result.of_credentials)])


def _unchecked_of(credentials: Sequence[VerificationResult]) -> Iterator[str]:
    """The checks that were not made of credentials, what several have in common on one line."""
    numbers: dict[str, list[int]] = {}
    for number, each in enumerate(credentials, start=1):
        for line in _unchecked(each.checks):
            numbers.setdefault(line, []).append(number)
    for line, found in numbers.items():
        if 1 < len(found) == len(credentials):
            yield f"all credentials, {line}"
        else:
            yield f"credential {', '.join(map(str, found))}, {line}"


def _keys(credential: Credential) -> Iterator[str]:
    """Of which time the keys are, where they are not those of now."""
    for each in credential.proven_by:
        if each.keys_as_of == "issuance":
            yield f"as of the time that the signature gives for itself, {each.created}; not as of now"


def _period(result: VerificationResult) -> str:
    limits = (("from", result.valid_from), ("until", result.valid_until))
    return " ".join(f"{word} {moment}" for word, moment in limits if moment) or "without a beginning or an end"


def _reason(problem: Problem) -> str:
    place = f", at {problem.at}" if problem.at else ""
    return f"{problem.title}: {problem.detail} ({problem.code}{place})"


def _remarks(checks: Iterable[Check]) -> Iterator[str]:
    """What checks that passed found besides, such as the message of a status list."""
    return (f"{check.check}: {check.because}" for check in checks if check.outcome is Outcome.PASSED and check.because)


def _unchecked(checks: Iterable[Check]) -> Iterator[str]:
    """The checks that were not made, those with one reason on one line."""
    names: dict[str, list[str]] = {}
    for check in checks:
        if check.outcome is Outcome.NOT_CHECKED:
            names.setdefault(check.because, []).append(check.check)
    return (f"{', '.join(each)}: {because}" for because, each in names.items())


def _lines(name: str, texts: Iterable[str]) -> None:
    """The texts in a column beside their name; nothing where there is none."""
    printable = [terminal.printable(text) for text in texts]
    if printable:
        terminal.result(terminal.columns(name, *printable, at=15))
