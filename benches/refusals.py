"""How long it takes to refuse what is too large, too deep or too much work.

    python -m benches.refusals

CPU time, the best of three; each input is handed to the part that refuses it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from time import process_time

from benches.tables import Report, Settings, Table, run
from did import DIDError, StaticResolver
from did.multibase import decode_multibase
from status import NO_STATUS_LISTS
from vc_core import ANY_ISSUER, Policy, verify

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
POLICY = Policy(accepted_issuers=ANY_ISSUER)


def refused(data: bytes) -> str:
    """The code of the first problem of a document."""
    result = verify(data, resolver=StaticResolver(), status=NO_STATUS_LISTS, policy=POLICY, now=NOW)
    return result.problems[0].code


def undecodable(text: str) -> str:
    """The code of the error of a multibase text."""
    try:
        decode_multibase(text)
    except DIDError as error:
        return error.code
    raise SystemExit("decoded")


INPUTS: dict[str, Callable[[], str]] = {
    "base58 of 1 MB": lambda: undecodable("z" * 1_000_000),
    "base58 of 10 MB": lambda: undecodable("z" * 10_000_000),
    "100,000 nested arrays": lambda: refused(b"[" * 100_000),
    "50,000 nested objects": lambda: refused(b'{"a":' * 50_000),
    "10 MiB and one byte": lambda: refused(b" " * (10 * 2**20 + 1)),
    "an integer of 1 MB": lambda: refused(b'{"a":' + b"1" * 1_000_000 + b"}"),
    "100,000 contexts": lambda: refused(b'{"@context":[' + b'"https://x.example",' * 100_000 + b"null]}"),
    "100,000 proofs": lambda: refused(b'{"proof":[' + b"{}," * 100_000 + b"{}]}"),
    "100,000 members": lambda: refused(b"{" + b",".join(b'"%d":{}' % number for number in range(100_000)) + b"}"),
}


def tables(_settings: Settings) -> Report:
    rows = []
    for name, refuse in INPUTS.items():
        times = []
        for _ in range(3):
            start = process_time()
            code = refuse()
            times.append(process_time() - start)
        rows.append((name, f"`{code}`", f"{min(times) * 1000:.2f}"))
    return Report({"refusals": Table(("input", "code", "ms CPU"), rows, texts=2)})


if __name__ == "__main__":
    run(tables, __doc__)
