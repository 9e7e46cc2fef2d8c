"""Which kind of token an SD-JWT is, and what is taken out of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from did import PrivateKey
from vc_core import Limits, VCError
from vc_core.securing.jose import write_jws
from vc_core.securing.sd_jwt import SDJWT, problems_of_sd_jwt_vc, read
from vc_core.securing.signed_data import LocalSigner

LIMITS = Limits()
SIGNER = LocalSigner.of_did_key(PrivateKey("Ed25519", bytes(range(32))))
CONTEXT = {"@context": ["https://www.w3.org/ns/credentials/v2"]}
VCT = {"vct": "urn:example:type"}


def token(claims: dict[str, Any], typ: object, **header: object) -> bytes:
    full = {"typ": typ, "kid": SIGNER.verification_method, **header}
    return SDJWT(write_jws(full, json.dumps(claims).encode(), signer=SIGNER)).write()


KINDS = [
    ("dc+sd-jwt", VCT, "dc+sd-jwt"),
    ("application/dc+sd-jwt", VCT, "dc+sd-jwt"),
    ("DC+SD-JWT", VCT, "dc+sd-jwt"),
    ("dc+sd-jwt", {}, "dc+sd-jwt"),  # that vct is missing is a matter of its claims
    ("vc+sd-jwt", VCT, "dc+sd-jwt"),
    ("application/vc+sd-jwt", VCT, "dc+sd-jwt"),
    ("vc+sd-jwt", CONTEXT, "vc+sd-jwt"),
    ("application/vc+sd-jwt", CONTEXT, "vc+sd-jwt"),
    ("vc+ld+json+sd-jwt", CONTEXT, "vc+sd-jwt"),
    ("vp+sd-jwt", CONTEXT, "vp+sd-jwt"),
    ("application/vp+sd-jwt", CONTEXT, "vp+sd-jwt"),
    ("vp+ld+json+sd-jwt", CONTEXT, "vp+sd-jwt"),
]


@pytest.mark.parametrize(("typ", "claims", "securing"), KINDS)
def test_kinds(typ: str, claims: dict[str, Any], securing: str) -> None:
    read_back = read(token(claims, typ), limits=LIMITS)
    assert read_back.securing == securing
    assert read_back.claims is read_back.payload
    assert read_back.claims == claims
    assert read_back.purpose == ("authentication" if securing == "vp+sd-jwt" else "assertionMethod")
    assert (read_back.controller, read_back.kid) == (SIGNER.verification_method.partition("#")[0], read_back.kid)
    assert read_back.verification_method == SIGNER.verification_method
    assert json.loads(read_back.text) == claims
    assert read_back.key_binding is None


@pytest.mark.parametrize(
    ("typ", "claims"),
    [
        ("vc+sd-jwt", {}),
        ("vc+sd-jwt", VCT | CONTEXT),
        ("vc+ld+json+sd-jwt", VCT),
        ("vc+ld+json+sd-jwt", VCT | CONTEXT),
        *(
            (typ, VCT)
            for typ in ("kb+jwt", "vc+jwt", "vp+jwt", "JWT", "sd-jwt", "example+sd-jwt", "statuslist+jwt", "")
        ),
        ("text/dc+sd-jwt", VCT),
        ("dc+sd-jwt ", VCT),
    ],
)
def test_other_kinds_are_refused(typ: str, claims: dict[str, Any]) -> None:
    with pytest.raises(VCError) as caught:
        read(token(claims, typ), limits=LIMITS)
    assert caught.value.code == "TOKEN_TYPE_ERROR"


@pytest.mark.parametrize(
    ("typ", "claims", "header", "code"),
    [
        ("vc+sd-jwt", CONTEXT, {"cty": "vp"}, "TOKEN_TYPE_ERROR"),
        ("vp+sd-jwt", CONTEXT, {"cty": "vc"}, "TOKEN_TYPE_ERROR"),
        ("vc+sd-jwt", CONTEXT | {"vc": {}}, {}, "TOKEN_CLAIMS_ERROR"),
        ("vp+sd-jwt", CONTEXT | {"vp": {}}, {"cty": "vp"}, "TOKEN_CLAIMS_ERROR"),
    ],
)
def test_w3c_documents_are_the_payload(typ: str, claims: dict[str, Any], header: dict[str, str], code: str) -> None:
    with pytest.raises(VCError) as caught:
        read(token(claims, typ, **header), limits=LIMITS)
    assert caught.value.code == code


def test_a_token_without_a_type_is_refused() -> None:
    data = SDJWT(write_jws({"kid": SIGNER.verification_method}, b"{}", signer=SIGNER)).write()
    with pytest.raises(VCError, match="typ"):
        read(data, limits=LIMITS)


def test_a_kid_is_completed_by_iss() -> None:
    claims = {"iss": "did:example:issuer"}
    read_back = read(token(claims, "dc+sd-jwt", kid="#key-1"), limits=LIMITS)
    assert read_back.controller == "did:example:issuer"
    assert read_back.verification_method == "did:example:issuer#key-1"


GOOD = {
    "vct": "https://example.org/type",
    "iss": "did:example:issuer",
    "sub": "someone",
    "cnf": {"jwk": {}},
    "status": {"status_list": {"idx": 1, "uri": "https://example.org/list"}},
    "vct#integrity": "sha256-x",
}


def test_claims_that_follow_the_rules() -> None:
    assert problems_of_sd_jwt_vc(GOOD) == []
    assert problems_of_sd_jwt_vc({"vct": "ExampleType", "iss": "https://example.org"}) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("vct", value) for value in (None, "", 1, ["urn:x:y"], "a:b c", ":x")),
        *(("iss", value) for value in (None, "", 1, "issuer", ["did:example:a"], "did:example:a b")),
        *((name, value) for name in ("cnf", "status") for value in (None, {}, [], "x", 1)),
        *((name, 1) for name in ("sub", "jti", "vct#integrity")),
    ],
)
def test_claims_that_break_a_rule(name: str, value: object) -> None:
    [problem] = problems_of_sd_jwt_vc({**GOOD, name: value})
    assert (problem.code, problem.at) == ("MALFORMED_VALUE_ERROR", f"/{name}")


@pytest.mark.parametrize("name", ["vct", "iss"])
def test_claims_that_are_required(name: str) -> None:
    [problem] = problems_of_sd_jwt_vc({key: value for key, value in GOOD.items() if key != name})
    assert problem.at == f"/{name}"
