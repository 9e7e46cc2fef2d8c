"""Verify and issue per kind of token, as ratios to the raw signature operation of the same run, on one core.

    python -m benches.tokens [--seconds 4] [--peers FOLDER]

The credential is that of `benches.verify_and_issue`; for an SD-JWT VC, the same texts as ten claims that are all
disclosed. Verification goes from bytes to result with the key and the header cached, over 50 different tokens in turn.
Issuing goes from claims to bytes, and includes the self-verification. Raw operations are libsodium's `crypto_sign_open`
and OpenSSL's ECDSA on the very signing inputs of these tokens. One of ours and one raw operation alternate, so whatever
slows the machine slows both.

With `--peers`, openvc-core and didkit verify and issue the same in the same run, inside of a process of their own. They
are installed into a virtual environment in the folder, unless it is there already.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import statistics
import subprocess
import sys
import venv
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from itertools import cycle
from pathlib import Path
from time import perf_counter_ns
from typing import Any, Final, NamedTuple, Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from nacl.bindings import crypto_sign_open

from benches.verify_and_issue import NOW, der, open_badge
from did import PrivateKey, StaticResolver, did_key
from status import NO_STATUS_LISTS
from vc_core import ALGORITHMS, LocalSigner, Policy, Securing, VerificationResult, issue, verify
from vc_core.limits import Limits
from vc_core.securing.cose import VCCOSE
from vc_core.securing.envelopes import read_token
from vc_core.securing.sd_jwt import SDJWTVC
from vc_core.securing.signed_data import SignedData, check
from vc_core.securing.vc_jwt import JWTVC, VCJWT

PEERS: Final = {"openvc-core": "1.37.0", "didkit": "0.3.3"}
CANNOT: Final = {
    ("openvc-core", "vc+jwt"): "reads credentials in the claim `vc` only",
    ("openvc-core", "vc+cose"): "has no COSE for credentials",
    ("didkit", "vc+jwt"): "reads credentials in the claim `vc` only",
    ("didkit", "dc+sd-jwt"): "has no SD-JWT",
    ("didkit", "vc+cose"): "has no COSE",
}
"""Which peer has which kind not, in words; it is not asked."""
CASES: Final = tuple(
    (kind, key) for kind in ("vc+jwt", "jwt_vc", "dc+sd-jwt", "vc+cose") for key in ("Ed25519", "P-256")
)
NUMBER: Final = 50


class Time(NamedTuple):
    """Of many times of one operation the median and the least, in microseconds."""

    median: float
    least: float


Operation = tuple[Callable[..., object], list[tuple[object, ...]]]


def alternating(operations: dict[str, Operation], seconds: float) -> dict[str, Time]:
    """The times of each operation, in turns, each over its own inputs."""
    times: dict[str, list[int]] = {name: [] for name in operations}
    inputs = {name: cycle(arguments) for name, (_, arguments) in operations.items()}
    gc.collect()
    end = perf_counter_ns() + int(seconds * 1e9)
    while perf_counter_ns() < end:
        for name, (operation, _) in operations.items():
            arguments = next(inputs[name])
            start = perf_counter_ns()
            operation(*arguments)
            times[name].append(perf_counter_ns() - start)
    return {name: Time(statistics.median(taken) / 1000, min(taken) / 1000) for name, taken in times.items()}


def older_badge(issuer: str, number: int) -> dict[str, Any]:
    """The same credential in the data model 1.1."""
    badge = open_badge(issuer, number)
    badge["@context"] = [
        "https://www.w3.org/2018/credentials/v1",
        "https://purl.imsglobal.org/spec/ob/v3p0/context.json",
    ]
    badge["issuanceDate"], badge["expirationDate"] = badge.pop("validFrom"), badge.pop("validUntil")
    return badge


def flat_badge(issuer: str, number: int) -> dict[str, Any]:
    """The same texts as the claims of an SD-JWT VC, ten besides those that cannot be hidden."""
    badge: Any = open_badge(issuer, number)
    achievement = badge["credentialSubject"]["achievement"]
    alignment = {f"alignment_{index}": each for index, each in enumerate(achievement["alignment"], start=1)}
    names = ("id", "name", "achievementType", "description", "criteria")
    return {
        "vct": "https://credentials.example/micro-credential",
        "iss": issuer,
        "sub": badge["credentialSubject"]["id"],
        "university": badge["issuer"]["name"],
        **{name: achievement[name] for name in names},
        **alignment,
    }


def disclosable(claims: Iterable[str]) -> list[str]:
    return [name for name in claims if name not in ("vct", "iss", "sub")]


class Case:
    """One kind of token with one type of key, and 50 tokens made with it."""

    def __init__(self, kind: str, key_type: str) -> None:
        self.kind, self.key = kind, PrivateKey.generate(key_type)
        self.issuer = did_key(self.key.public_key)
        self.signer = LocalSigner.of_did_key(self.key)
        badge = {"jwt_vc": older_badge, "dc+sd-jwt": flat_badge}.get(kind, open_badge)
        self.claims: list[dict[str, Any]] = [badge(self.issuer, number) for number in range(NUMBER)]
        self.securing = self._securing()
        self.tokens = [self.issued(claims) for claims in self.claims]
        self.signed = [self._signed(token) for token in self.tokens]

    def _securing(self) -> Securing:
        if self.kind == "dc+sd-jwt":
            return SDJWTVC(disclosable=frozenset(f"/{name}" for name in disclosable(self.claims[0])))
        mechanisms: dict[str, Callable[[], Securing]] = {"vc+jwt": VCJWT, "jwt_vc": JWTVC, "vc+cose": VCCOSE}
        return mechanisms[self.kind]()

    def _signed(self, token: bytes) -> SignedData:
        """What the signature of a token covers, checked."""
        signed = read_token(token, limits=Limits()).signed
        check(signed, self.key.public_key)
        return signed

    def issued(self, claims: dict[str, Any]) -> bytes:
        return issue(claims, signer=self.signer, securing=self.securing, created=NOW)

    def times(self, seconds: float) -> dict[str, Time]:
        policy, resolver = Policy(accepted_issuers=frozenset({self.issuer})), StaticResolver()

        def verified(token: bytes) -> VerificationResult:
            return verify(token, resolver=resolver, status=NO_STATUS_LISTS, policy=policy, now=NOW)

        for token in self.tokens:
            if not verified(token):
                raise SystemExit(f"not verified: {verified(token).problems}")
        sign = ALGORITHMS[self.signer.algorithm].sign
        verifying: dict[str, Operation] = {
            "verify": (verified, [(each,) for each in self.tokens]),
            "raw verify": self._raw_verification(),
        }
        issuing: dict[str, Operation] = {
            "issue": (self.issued, [(each,) for each in self.claims]),
            "raw sign": (sign, [(self.key, each.data) for each in self.signed]),
        }
        return alternating(verifying, seconds) | alternating(issuing, seconds / 4)

    def _raw_verification(self) -> Operation:
        """The backend's own verification with nothing around it, and its inputs."""
        public = self.key.public_key
        if public.type == "Ed25519":
            return crypto_sign_open, [(each.signature + each.data, public.raw) for each in self.signed]
        scheme = ec.ECDSA(hashes.SHA256())
        return public.handle.verify, [(der(each.signature), each.data, scheme) for each in self.signed]


def environment(folder: Path) -> Path:
    """The interpreter of the virtual environment in the folder, which has the peers from now on."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    packages = [f"{name}=={version}" for name, version in PEERS.items()]
    subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    return python


class Peers:
    """The started peers; a context manager that ends their process."""

    def __init__(self, folder: Path) -> None:
        python = environment(folder)
        script = Path(__file__).with_name("token_peers.py")
        self._process = subprocess.Popen([python, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def time(self, peer: str, act: str, case: Case, seconds: float) -> Time | str:
        """The time that a peer takes for a case, or a dash with the reason on the standard error if it cannot do it."""
        if (peer, case.kind) in CANNOT:
            return "–"
        request = {
            "peer": peer,
            "act": act,
            "inputs": [token.decode() for token in case.tokens] if act == "verify" else case.claims,
            "key": case.key.jwk,
            "kid": case.signer.verification_method,
            "kind": case.kind,
            "disclosable": disclosable(case.claims[0]),
            "seconds": seconds,
        }
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise SystemExit("the peers have no pipes")
        stdin.write(json.dumps(request) + "\n")
        stdin.flush()
        answer = json.loads(stdout.readline())
        if "error" in answer:
            print(f"{peer}, {act}, {case.kind}: {answer['error']}", file=sys.stderr)
            return "–"
        return Time(answer["median_us"], answer["least_us"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def beside(peers: Peers | None, act: str, case: Case, ours: Time, seconds: float) -> list[str]:
    """The times of the peers as multiples of ours: of the medians, and of the least."""
    if peers is None:
        return []
    found = [peers.time(peer, act, case, seconds) for peer in PEERS]
    return [
        time if isinstance(time, str) else f"{time.median / ours.median:.1f} × ({time.least / ours.least:.1f} ×)"
        for time in found
    ]


def row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4.0, help="per case")
    parser.add_argument("--peers", type=Path, metavar="FOLDER", help="time openvc-core and didkit, installed there")
    arguments = parser.parse_args()
    acts = {"verify": "raw verify", "issue": "raw sign"}
    rows: dict[str, list[list[str]]] = {act: [] for act in acts}
    with ExitStack() as stack:
        peers = stack.enter_context(Peers(arguments.peers)) if arguments.peers else None
        for kind, key_type in CASES:
            case = Case(kind, key_type)
            times = case.times(arguments.seconds)
            for act, raw_act in acts.items():
                ours, raw = times[act], times[raw_act]
                cells = [kind, key_type, str(len(case.tokens[0])), f"{raw.median:.1f}", f"{ours.median:.1f}"]
                cells += [f"**{raw.median / ours.median:.2f}**", f"{raw.least / ours.least:.2f}"]
                rows[act].append(cells + beside(peers, act, case, ours, arguments.seconds / 4))
    print(f"Python {platform.python_version()}, {platform.machine()}")
    for act, raw_act in acts.items():
        names = ["kind", "key", "bytes", f"{raw_act} µs", f"{act} µs", "**ratio**", "of the least"]
        print("", row(names + (list(PEERS) if arguments.peers else [])), sep="\n")
        print(row(["---", "---", *["---:"] * (len(rows[act][0]) - 2)]))
        print("\n".join(map(row, rows[act])))
    if arguments.peers:
        print("", *(f"{peer}, {kind}: {reason}" for (peer, kind), reason in CANNOT.items()), sep="\n")


if __name__ == "__main__":
    main()
