"""The peers of `benches.tokens`: openvc-core and didkit, timed inside of one process in an environment of their own.

It imports nothing of this project. One JSON request a line on standard input, one JSON answer a line on standard
output:

    {"peer": "openvc-core", "act": "verify", "inputs": [token, ...], "seconds": 1}
    {"peer": "didkit", "act": "issue", "inputs": [credential, ...], "seconds": 1, "kind": "jwt_vc",
     "key": private JWK, "kid": DID URL, "disclosable": [name of a claim, ...]}

An answer is {"median_us": ..., "least_us": ...}, or {"error": why the peer cannot do it}. Keys are cached where a peer
can cache them.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
from collections.abc import Awaitable, Callable
from itertools import cycle
from time import perf_counter_ns
from typing import Any

import didkit
from openvc import VerificationPolicy, signing_key_from_jwk, verify_credential
from openvc.cache import CachingDidResolver
from openvc.did.base import DidResolverRegistry
from openvc.did.did_key import DidKeyResolver
from openvc.proof.sd_jwt import SdJwtVcProofSuite
from openvc.proof.vc_jwt import VcJwtProofSuite

RESOLVER = CachingDidResolver(DidResolverRegistry([DidKeyResolver()]))
POLICY = VerificationPolicy()


def openvc_operation(request: dict[str, Any]) -> Callable[[Any], Awaitable[object]]:
    """What openvc-core does with one input. Raises its errors where it cannot."""

    async def verify(token: str) -> object:
        return verify_credential(token, policy=POLICY, resolver=RESOLVER)

    async def issue(credential: dict[str, Any]) -> object:
        return suite.sign(credential, signing_key=key)

    async def issue_sd_jwt(claims: dict[str, Any]) -> object:
        return sd_jwt.issue(claims, signing_key=key, disclosable=request["disclosable"])

    if request["act"] == "verify":
        return verify
    key = signing_key_from_jwk(request["key"], kid=request["kid"])
    suite, sd_jwt = VcJwtProofSuite(), SdJwtVcProofSuite()
    return issue_sd_jwt if request["kind"] == "dc+sd-jwt" else issue


def didkit_operation(request: dict[str, Any]) -> Callable[[Any], Awaitable[object]]:
    """What didkit does with one input."""

    async def verify(token: str) -> object:
        errors = json.loads(await didkit.verify_credential(token, '{"proofFormat": "jwt"}'))["errors"]
        if errors:
            raise ValueError(errors[0])
        return errors

    async def issue(credential: dict[str, Any]) -> object:
        return await didkit.issue_credential(json.dumps(credential), options, key)

    if request["act"] == "verify":
        return verify
    options = json.dumps({"proofFormat": "jwt", "verificationMethod": request["kid"]})
    key = json.dumps(request["key"])
    return issue


OPERATIONS = {"openvc-core": openvc_operation, "didkit": didkit_operation}


async def timed(request: dict[str, Any]) -> dict[str, object]:
    """The times of one operation over its inputs in turn."""
    try:
        operation = OPERATIONS[request["peer"]](request)
        for each in request["inputs"]:
            await operation(each)
    except Exception as error:  # noqa: BLE001  (whatever the peer raises is its answer)
        return {"error": f"{type(error).__name__}: {error}"}
    times = []
    inputs = cycle(request["inputs"])
    end = perf_counter_ns() + int(request["seconds"] * 1e9)
    while perf_counter_ns() < end:
        each = next(inputs)
        start = perf_counter_ns()
        await operation(each)
        times.append(perf_counter_ns() - start)
    return {"median_us": statistics.median(times) / 1000, "least_us": min(times) / 1000}


async def main() -> None:
    for line in sys.stdin:
        print(json.dumps(await timed(json.loads(line))), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
