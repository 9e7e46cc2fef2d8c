"""Status lists: decoded, opened with their signature, looked up in, and refused when they are bombs.

    python -m benches.status [--seconds 2]

One core. A list of 131,072 values of one bit is decoded from its text, and opened from the bytes that are served, which
verifies it; one in a hundred of its values is set, at random, which is about as badly as lists compress. The ratio is
that of inflating with zlib alone to ours, of the medians. Values are looked up at a million random indexes of a list
of ten million. What a status entry costs a verdict is the difference between requiring the status, its list loaded, and
skipping it, for the same credentials; which of the two comes first changes each time. Bombs are zeros, refused under
the limit of 8 MiB: CPU time, the best of three, and the peak of the memory that Python and zlib ask for meanwhile,
above the input.
"""

from __future__ import annotations

import random
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from statistics import median
from time import perf_counter, perf_counter_ns, process_time

from benches.tables import Report, Settings, Table, run
from benches.verify_and_issue import open_badge
from did import PrivateKey, StaticResolver, did_key
from status import FORMATS, MOST_BYTES, StatusError, StatusList
from status.formats.compression import deflate
from status.store import ListInfo, Snapshot
from vc_core import ANY_ISSUER, VCJWT, DataIntegrity, Evidence, LocalSigner, Policy, Securing, issue, verify
from vc_core.status_lists import ListSecuring, open_list, seal_list, status_claims, status_lists

LENGTH, MANY, LOOK_UPS = 131_072, 10_000_000, 1_000_000
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
URL = "https://university.example/status/3"
SECURED: tuple[tuple[str, str, ListSecuring], ...] = (
    ("bitstring", "eddsa-jcs-2022", DataIntegrity(cryptosuite="eddsa-jcs-2022")),
    ("bitstring", "vc+jwt", VCJWT()),
    ("token", "statuslist+jwt", "statuslist+jwt"),
    ("token", "statuslist+cwt", "statuslist+cwt"),
)
OF_CREDENTIALS: dict[str, Securing] = {
    "eddsa-jcs-2022": DataIntegrity(cryptosuite="eddsa-jcs-2022"),
    "vc+jwt": VCJWT(),
    "eddsa-rdfc-2022": DataIntegrity(cryptosuite="eddsa-rdfc-2022"),
}


def medians(seconds: float, *operations: Callable[[], object]) -> list[float]:
    """The median time of each in microseconds, in turn, so that whatever slows the machine slows all."""
    samples: list[list[int]] = [[] for _ in operations]
    end = perf_counter_ns() + seconds * 1e9
    while perf_counter_ns() < end:
        for operation, times in zip(operations, samples, strict=True):
            start = perf_counter_ns()
            operation()
            times.append(perf_counter_ns() - start)
    return [median(times) / 1000 for times in samples]


def a_list(name: str) -> StatusList:
    empty = StatusList.of_length(LENGTH, least_significant_first=name == "token")
    return empty.updated(dict.fromkeys(random.Random(5).sample(range(LENGTH), LENGTH // 100), 1))


def decoding(seconds: float) -> Table:
    """What it takes to decode a list, and to inflate it."""
    rows = []
    for name, layout in FORMATS.items():
        text = layout.encode(a_list(name))
        stream = layout.text_to_bytes(text)
        raw, ours = medians(
            seconds,
            partial(zlib.decompress, stream, layout.container),
            partial(layout.decode, text, most_bytes=MOST_BYTES),
        )
        rows.append((name, str(len(text)), f"{raw:.1f}", f"{ours:.1f}", f"**{raw / ours:.2f}**"))
    return Table(("list", "bytes of text", "zlib alone µs", "decode µs", "**ratio**"), rows)


def opening(seconds: float) -> Table:
    """What it takes to verify and open a list with an Ed25519 signature, from the bytes that are served."""
    key = PrivateKey.generate("Ed25519")
    did = did_key(key.public_key)
    signer = LocalSigner(key, f"{did}#{did.removeprefix('did:key:')}")
    open_it = open_list(StaticResolver(), Policy(accepted_issuers=ANY_ISSUER))
    rows = []
    for name, mechanism, securing in SECURED:
        purposes = () if name == "token" else ("revocation",)
        info = ListInfo(URL, name, purposes, 1, LENGTH, None, (), "bench", NOW)
        body = seal_list(Snapshot(info, a_list(name), 1, 1, NOW), signer=signer, securing=securing)
        (ours,) = medians(seconds, partial(open_it, body, url=URL, now=NOW))
        rows.append((f"{name}, `{mechanism}`", str(len(body)), f"{ours:.1f}"))
    return Table(("list as it is served", "bytes", "open µs"), rows)


def verifying(seconds: float) -> Table:
    """What a status entry adds to the verification of a credential of 3 kB whose list is loaded."""
    signer = LocalSigner.of_did_key(PrivateKey.generate("Ed25519"))
    issuer, resolver = signer.verification_method.partition("#")[0], StaticResolver()
    info = ListInfo(URL, "bitstring", ("revocation",), 1, LENGTH, None, (), "bench", NOW)
    snapshot = Snapshot(info, StatusList.of_length(LENGTH), 1, 1, NOW)
    evidence = Evidence({URL: seal_list(snapshot, signer=signer, securing=DataIntegrity(cryptosuite="eddsa-jcs-2022"))})
    policies = [Policy(accepted_issuers=frozenset({issuer}), status=status) for status in ("require", "skip")]
    lists = status_lists(evidence, resolver=resolver, policy=policies[0])
    rows = []
    for name, securing in OF_CREDENTIALS.items():
        credentials = [
            issue(
                {**open_badge(issuer, number), **status_claims(info, number * 2000 + 7)},
                signer=signer,
                securing=securing,
                created=NOW,
            )
            for number in range(50)
        ]
        times: list[list[int]] = [[], []]
        inputs, end = cycle(credentials), perf_counter_ns() + seconds * 4e9
        while perf_counter_ns() < end:
            for number in (0, 1) if len(times[0]) % 2 else (1, 0):
                credential, start = next(inputs), perf_counter_ns()
                is_verified = verify(credential, resolver=resolver, status=lists, policy=policies[number], now=NOW)
                times[number].append(perf_counter_ns() - start)
                if not is_verified:
                    raise SystemExit("a credential was not verified")
        required, skipped = (median(each) / 1000 for each in times)
        more = f"**{required / skipped - 1:.1%}**".replace("%", " %")
        rows.append((f"`{name}`", str(len(credentials[0])), f"{skipped:.1f}", f"{required:.1f}", more))
    return Table(("credential", "bytes", "skipped µs", "required µs", "more"), rows)


def looking_up() -> Table:
    """How many values are looked up in a second, together and one by one."""
    choice = random.Random(5)
    indexes = [choice.randrange(MANY) for _ in range(LOOK_UPS)]
    rows = []
    for size, least in ((1, False), (1, True), (2, True), (8, True)):
        noise = choice.randbytes(MANY * size // 8)
        statuses = StatusList(noise, size, least)
        together, single = [], []
        for _ in range(5):
            start = perf_counter()
            values = statuses.values(indexes)
            together.append(LOOK_UPS / (perf_counter() - start))
            start = perf_counter()
            each = [statuses[index] for index in indexes]
            single.append(LOOK_UPS / (perf_counter() - start))
            if values != each:
                raise SystemExit("they differ")
        order = "least" if least else "most"
        bits = "1 bit" if size == 1 else f"{size} bits"
        rates = (f"{median(each) / 1e6:.1f} million" for each in (together, single))
        rows.append((f"{bits}, {order} significant first", *rates))
    return Table(("values", "`values()` a second", "`[]` a second"), rows)


def bomb_of(gibibytes: int, container: int) -> bytes:
    """So many GiB of zeros, of which each is compressed alike. Only the checksum at the very end is not theirs."""
    stream = zlib.compressobj(9, zlib.DEFLATED, container)
    start = stream.compress(b"") + stream.flush(zlib.Z_FULL_FLUSH)
    zeros = bytes(1 << 20)
    gibibyte = b"".join(stream.compress(zeros) for _ in range(1024)) + stream.flush(zlib.Z_FULL_FLUSH)
    return start + gibibyte * gibibytes + stream.flush()


def cost(refuse: Callable[[], object]) -> tuple[str, float, float]:
    """The code of the refusal, the CPU time in ms and the memory in MiB that it takes."""
    times = []
    for _ in range(3):
        start = process_time()
        code = code_of(refuse)
        times.append(process_time() - start)
    tracemalloc.start()
    code_of(refuse)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return code, min(times) * 1000, peak / 2**20


def code_of(refuse: Callable[[], object]) -> str:
    try:
        refuse()
    except StatusError as error:
        return error.code
    raise SystemExit("a bomb was decoded")


def bombs() -> Table:
    """What it takes to refuse each bomb."""
    rows = []
    for name in ("bitstring", "token"):
        layout = FORMATS[name]
        one, hundred = (bomb_of(number, layout.container) for number in (1, 100))
        streams = {
            "1 GiB": one,
            "100 GiB": hundred,
            "100 GiB, compressed twice": deflate(hundred, container=layout.container),
            "1 GiB, its end cut off": one[:-100],
            "1 GiB, in front of another": one + one,
        }
        for what, stream in streams.items():
            text = layout.bytes_to_text(stream)
            code, milliseconds, mebibytes = cost(partial(layout.decode, text, most_bytes=MOST_BYTES))
            cells = (f"{len(text) / 1e6:.2f}", f"{milliseconds:.1f}", f"{mebibytes:.1f}")
            rows.append((what, name, f"`{code}`", *cells))
    return Table(("zeros", "format", "code", "MB of text", "ms CPU", "MiB above the input"), rows, texts=3)


def tables(settings: Settings) -> Report:
    seconds = settings.seconds / 2
    return Report(
        {
            "status decode": decoding(seconds),
            "status open": opening(seconds),
            "status entry": verifying(seconds),
            "status look-up": looking_up(),
            "status bombs": bombs(),
        }
    )


if __name__ == "__main__":
    run(tables, __doc__)
