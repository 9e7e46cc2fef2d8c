"""The peers from PyPI: openvc-core and didkit, timed inside of one process in an environment of their own.

It imports nothing of this project. One JSON request a line on standard input, one JSON answer a line on standard
output:

    {"peer": "openvc-core", "act": "verify", "inputs": [credential or token, ...], "seconds": 1, "kind": mechanism,
     "contexts": {url: context}}
    {"peer": "didkit", "act": "issue", "inputs": [claims, ...], "seconds": 1, "kind": mechanism,
     "key": private JWK, "kid": DID URL, "disclosable": [name of a claim, ...], "contexts": {}}

An answer is {"median_us": ..., "least_us": ...}, or {"error": why the peer cannot do it}. Keys are cached where a peer
can cache them. Like ours, verifying begins with text that is not parsed yet.
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
from openvc.proof.data_integrity import DataIntegrityProofSuite
from openvc.proof.di_ecdsa_rdfc import EcdsaRdfcProofSuite
from openvc.proof.di_jcs import EcdsaJcsProofSuite, EddsaJcsProofSuite
from openvc.proof.sd_jwt import SdJwtVcProofSuite
from openvc.proof.vc_jwt import VcJwtProofSuite

RESOLVER = CachingDidResolver(DidResolverRegistry([DidKeyResolver()]))
POLICY = VerificationPolicy()
SUITES = {
    "eddsa-jcs-2022": EddsaJcsProofSuite(),
    "ecdsa-jcs-2019": EcdsaJcsProofSuite(),
    "eddsa-rdfc-2022": DataIntegrityProofSuite(),
    "ecdsa-rdfc-2019": EcdsaRdfcProofSuite(),
}


def openvc_operation(request: dict[str, Any]) -> Callable[[Any], Awaitable[object]]:
    """What openvc-core does with one input. Raises its errors where it cannot."""
    contexts = request["contexts"] or None

    async def verify(text: str) -> object:
        credential = json.loads(text) if text.startswith("{") else text
        return verify_credential(credential, policy=POLICY, resolver=RESOLVER, extra_contexts=contexts)

    async def issue(claims: dict[str, Any]) -> object:
        return VcJwtProofSuite().sign(claims, signing_key=key)

    async def issue_sd_jwt(claims: dict[str, Any]) -> object:
        return SdJwtVcProofSuite().issue(claims, signing_key=key, disclosable=request["disclosable"])

    async def add_proof(claims: dict[str, Any]) -> object:
        suite, more = SUITES[request["kind"]], {"extra_contexts": contexts} if "rdfc" in request["kind"] else {}
        return suite.add_proof(claims, signing_key=key, verification_method=request["kid"], **more)

    if request["act"] == "verify":
        return verify
    key = signing_key_from_jwk(request["key"], kid=request["kid"])
    if request["kind"] in SUITES:
        return add_proof
    return issue_sd_jwt if request["kind"] == "dc+sd-jwt" else issue


def didkit_operation(request: dict[str, Any]) -> Callable[[Any], Awaitable[object]]:
    """What didkit does with one input."""
    is_token = request["kind"] == "jwt_vc"

    async def verify(text: str) -> object:
        errors = json.loads(await didkit.verify_credential(text, proof_format))["errors"]
        if errors:
            raise ValueError(errors[0])
        return errors

    async def issue(claims: dict[str, Any]) -> object:
        return await didkit.issue_credential(json.dumps(claims), options, key)

    proof_format = json.dumps({"proofFormat": "jwt" if is_token else "ldp"})
    if request["act"] == "verify":
        return verify
    chosen = {"proofFormat": "jwt"} if is_token else {"proofFormat": "ldp", "type": request["kind"]}
    options = json.dumps({**chosen, "verificationMethod": request["kid"]})
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
