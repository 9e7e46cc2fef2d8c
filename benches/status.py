"""Status lists: decoded, opened with their signature, looked up in, and refused when they are bombs.

    python -m benches.status [--seconds 1]

One core. A list of 131,072 values of one bit is decoded from its text, and opened from the bytes that are served, which
verifies it; one in a hundred of its values is set, at random, which is about as badly as lists compress. The ratio is
that of inflating with zlib alone to ours, of the medians. Values are looked up at a million random indexes of a list
of ten million. What a status entry costs a verdict is the difference between requiring the status, its list loaded, and
skipping it, for the same credentials; which of the two comes first changes each time. Bombs are zeros, refused under
the limit of 8 MiB: CPU time, the best of three, and the peak of the memory that Python and zlib ask for meanwhile,
above the input.
"""

from __future__ import annotations

import argparse
import random
import tracemalloc
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from statistics import median
from time import perf_counter, perf_counter_ns, process_time

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


def decoding(seconds: float) -> None:
    """Prints what it takes to decode a list, and to inflate it."""
    print("| list of 131,072 | bytes | zlib us | decode us | ratio |\n| --- | ---: | ---: | ---: | ---: |")
    for name, layout in FORMATS.items():
        text = layout.encode(a_list(name))
        stream = layout.text_to_bytes(text)
        raw, ours = medians(
            seconds,
            partial(zlib.decompress, stream, layout.container),
            partial(layout.decode, text, most_bytes=MOST_BYTES),
        )
        print(f"| {name} | {len(text)} | {raw:.1f} | {ours:.1f} | {raw / ours:.2f} |")


def opening(seconds: float) -> None:
    """Prints what it takes to verify and open a list with an Ed25519 signature, from the bytes that are served."""
    key = PrivateKey.generate("Ed25519")
    did = did_key(key.public_key)
    signer = LocalSigner(key, f"{did}#{did.removeprefix('did:key:')}")
    open_it = open_list(StaticResolver(), Policy(accepted_issuers=ANY_ISSUER))
    print("| list of 131,072 | bytes | open us |\n| --- | ---: | ---: |")
    for name, mechanism, securing in SECURED:
        purposes = () if name == "token" else ("revocation",)
        info = ListInfo(URL, name, purposes, 1, LENGTH, None, (), "bench", NOW)
        body = seal_list(Snapshot(info, a_list(name), 1, 1, NOW), signer=signer, securing=securing)
        (ours,) = medians(seconds, partial(open_it, body, url=URL, now=NOW))
        print(f"| {name}, {mechanism} | {len(body)} | {ours:.1f} |")


def verifying(seconds: float) -> None:
    """Prints what a status entry adds to the verification of a credential of 3 kB whose list is loaded."""
    signer = LocalSigner.of_did_key(PrivateKey.generate("Ed25519"))
    issuer, resolver = signer.verification_method.partition("#")[0], StaticResolver()
    info = ListInfo(URL, "bitstring", ("revocation",), 1, LENGTH, None, (), "bench", NOW)
    snapshot = Snapshot(info, StatusList.of_length(LENGTH), 1, 1, NOW)
    evidence = Evidence({URL: seal_list(snapshot, signer=signer, securing=DataIntegrity(cryptosuite="eddsa-jcs-2022"))})
    policies = [Policy(accepted_issuers=frozenset({issuer}), status=status) for status in ("require", "skip")]
    lists = status_lists(evidence, resolver=resolver, policy=policies[0])
    print("| 3 kB, of a loaded list | bytes | skipped us | required us | more |\n| --- | ---: | ---: | ---: | ---: |")
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
        print(f"| {name} | {len(credentials[0])} | {skipped:.1f} | {required:.1f} | {required / skipped - 1:.1%} |")


def looking_up() -> None:
    """Prints how many values are looked up in a second, together and one by one."""
    choice = random.Random(5)
    indexes = [choice.randrange(MANY) for _ in range(LOOK_UPS)]
    print("| list of 10,000,000 | values() a second | [] a second |\n| --- | ---: | ---: |")
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
        print(f"| {bits}, {order} significant first | {median(together):,.0f} | {median(single):,.0f} |")


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


def bombs() -> None:
    """Prints what it takes to refuse each bomb."""
    print("| zeros | format | MB | code | ms CPU | MiB |\n| --- | --- | ---: | --- | ---: | ---: |")
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
            print(f"| {what} | {name} | {len(text) / 1e6:.2f} | `{code}` | {milliseconds:.1f} | {mebibytes:.1f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=1)
    arguments = parser.parse_args()
    decoding(arguments.seconds)
    opening(arguments.seconds)
    verifying(arguments.seconds)
    looking_up()
    bombs()


if __name__ == "__main__":
    main()
