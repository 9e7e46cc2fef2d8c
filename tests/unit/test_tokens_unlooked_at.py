"""What nobody looked at is not accepted: parts of tokens and presentations that no rule and no signature is about."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from did import DIDError, PrivateKey, StaticResolver
from vc_core import Limits, LocalSigner, Policy, Verdict
from vc_core.examination import MOST_PROBLEMS
from vc_core.securing.jose import write_jws
from vectors.making.keys import private_key, signer_of
from vectors.making.tokens import (
    AUDIENCE,
    HOLDER,
    ISSUER,
    claims_of,
    codes,
    credential,
    payload_of,
    presentation,
    resigned,
    verdict,
    verdict_on_presentation,
)

JWT_KINDS = ("jwt_vc", "vc+jwt", "vc+sd-jwt")


@pytest.mark.parametrize("kind", JWT_KINDS)
def test_a_proof_inside_of_a_token(kind: str) -> None:
    def add(payload: Any) -> None:
        (payload["vc"] if kind == "jwt_vc" else payload)["proof"] = {"type": "DataIntegrityProof"}

    assert "TOKEN_CLAIMS_ERROR" in codes(verdict(resigned(credential(kind), add)))


@pytest.mark.parametrize("kind", [*JWT_KINDS, "dc+sd-jwt"])
@pytest.mark.parametrize("audience", ["https://other.example", ["https://other.example"], [], 5, None])
def test_what_is_for_somebody_else(kind: str, audience: Any) -> None:
    data = resigned(credential(kind), lambda payload: payload.update(aud=audience))
    assert codes(verdict(data)) == {"INVALID_DOMAIN_ERROR"}


def test_what_is_for_this_verifier() -> None:
    data = resigned(credential("vc+jwt"), lambda payload: payload.update(aud=AUDIENCE))
    assert verdict(data, domain=frozenset({AUDIENCE})).verdict is Verdict.VERIFIED


@pytest.mark.parametrize("kind", [*JWT_KINDS, "dc+sd-jwt"])
def test_a_status_of_the_other_kind(kind: str) -> None:
    status = {"status_list": {"idx": 3, "uri": "https://lists.example/1"}}
    data = resigned(credential(kind), lambda payload: payload.update(status=status))
    result = verdict(data)
    assert (result.verdict, codes(result)) == (Verdict.UNDECIDED, {"STATUS_RETRIEVAL_ERROR"})


@pytest.mark.parametrize("name", ["type", "issuer", "validFrom", "validUntil", "credentialStatus", "credentialSchema"])
def test_what_controls_the_validity_is_not_hidden_in_a_w3c_credential(name: str) -> None:
    """The issuer who hides it, and the holder who shows it, are refused alike."""
    claims = claims_of("vc+sd-jwt") | {
        "validUntil": "2030-01-01T00:00:00Z",
        "credentialStatus": {"type": "BitstringStatusListEntry"},
        "credentialSchema": {"id": "https://s.example/1", "type": "JsonSchema"},
    }
    whole = payload_of(credential("vc+jwt", {**claims, "credentialStatus": _STATUS}))
    text, digest = _disclosure(name, whole.pop(name))
    signer = signer_of("issuer", "Ed25519")
    header = {"typ": "vc+sd-jwt", "kid": signer.verification_method}
    jwt = write_jws(header, json.dumps({**whole, "_sd": [digest], "_sd_alg": "sha-256"}).encode(), signer=signer)
    assert codes(verdict(jwt + b"~" + text + b"~")) == {"DISCLOSURE_ERROR"}


_STATUS = {
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "3",
    "statusListCredential": "https://lists.example/1",
}


def _disclosure(name: str | None, value: Any) -> tuple[bytes, str]:
    parts = ["c2FsdHNhbHRzYWx0c2FsdA", *([] if name is None else [name]), value]
    text = base64.urlsafe_b64encode(json.dumps(parts).encode()).rstrip(b"=")
    return text, base64.urlsafe_b64encode(hashlib.sha256(text).digest()).rstrip(b"=").decode()


def test_one_of_several_subjects_is_not_hidden() -> None:
    """Who may leave a subject out could pass a credential about two off as one about themselves."""
    text, digest = _disclosure(None, {"id": "did:example:other"})
    signer = signer_of("issuer", "Ed25519")
    payload = {**claims_of("vc+sd-jwt"), "credentialSubject": [{"id": HOLDER}, {"...": digest}]}
    header = {"typ": "vc+sd-jwt", "kid": signer.verification_method}
    jwt = write_jws(header, json.dumps(payload).encode(), signer=signer)
    for shown in (b"~", b"~" + text + b"~"):
        assert codes(verdict(jwt + shown)) == {"DISCLOSURE_ERROR"}


def test_a_key_is_for_the_algorithm_that_its_jwk_names() -> None:
    key = PrivateKey.generate("RSA")
    url = "did:web:issuer.example#key"
    method = {"id": url, "type": "JsonWebKey", "controller": "did:web:issuer.example"}

    def found(alg: str | None, used: str) -> set[str]:
        jwk = key.public_key.jwk | ({} if alg is None else {"alg": alg})
        document = {
            "id": "did:web:issuer.example",
            "verificationMethod": [method | {"publicKeyJwk": jwk}],
            "assertionMethod": [url],
        }
        claims = claims_of("vc+jwt") | {"issuer": "did:web:issuer.example"}
        token = write_jws(
            {"typ": "vc+jwt", "kid": url}, json.dumps(claims).encode(), signer=LocalSigner(key, url, algorithm=used)
        )
        resolver = StaticResolver({"did:web:issuer.example": document})
        return codes(verdict(token, resolver=resolver, accepted_issuers=frozenset({"did:web:issuer.example"})))

    assert found(None, "PS256") == found("PS256", "PS256") == found("RS256", "RS256") == set()
    assert found("PS256", "RS256") == found("RS256", "PS256") == {"PROOF_VERIFICATION_ERROR"}


@pytest.mark.parametrize("made_of", ["jwk", "multikey"])
def test_a_private_key_in_a_did_is_not_quoted(made_of: str) -> None:
    key = private_key("issuer", "Ed25519")
    secret = key.jwk["d"] if made_of == "jwk" else key.multikey
    if made_of == "jwk":
        jwk = json.dumps({"d": secret, **key.public_key.jwk}).encode()
        did = "did:jwk:" + base64.urlsafe_b64encode(jwk).rstrip(b"=").decode()
    else:
        did = f"did:key:{secret}"
    with pytest.raises(DIDError) as caught:
        StaticResolver().resolve(did)
    assert did[8:40] not in caught.value.detail


# -- presentations ---------------------------------------------------------------------------------


def test_credentials_of_a_presentation_that_does_not_hold_are_not_looked_at() -> None:
    """Otherwise whoever sends anything at all would have a hundred credentials looked at."""
    entries = [credential("vc+jwt")] * 3
    good = presentation("vp+jwt", entries)
    bad = good[:-8] + b"AAAAAAAA"
    assert len(verdict_on_presentation(good).of_credentials) == 3
    result = verdict_on_presentation(bad)
    assert result.of_credentials == ()
    assert {check.check: check.because for check in result.checks}["credentials"] == (
        "the presentation itself does not hold"
    )


def test_credentials_share_the_work_of_one_document() -> None:
    claims = claims_of("eddsa-rdfc-2022")
    one = credential("eddsa-rdfc-2022", claims)
    quads = 12
    limits = Limits(quads=4 * quads)
    policy = Policy(accepted_issuers=frozenset({ISSUER}), limits=limits)
    assert verdict_on_presentation(presentation("vp+jwt", [one]), credentials=policy)
    result = verdict_on_presentation(presentation("vp+jwt", [one] * 48), credentials=policy)
    assert codes(result) == {"WORK_LIMIT_EXCEEDED"}


def test_as_many_credentials_as_the_limit_says_under_a_suite_that_signs_statements() -> None:
    entries = [credential("vc+jwt", claims_of("vc+jwt") | {"id": f"urn:example:{number}"}) for number in range(100)]
    result = verdict_on_presentation(presentation("eddsa-rdfc-2022", entries))
    assert result.problems == ()
    assert len(result.of_credentials) == 100


def test_problems_that_are_told_are_bounded() -> None:
    bad = {"type": 5}
    members = ("credentialStatus", "credentialSchema", "termsOfUse", "evidence", "refreshService")
    claims = claims_of("vc+jwt") | {name: [bad] * 900 for name in members}
    signer = signer_of("issuer", "Ed25519")
    header = {"typ": "vc+jwt", "kid": signer.verification_method}
    token = write_jws(header, json.dumps(claims).encode(), signer=signer)
    result = verdict(token)
    assert result.verdict is Verdict.REJECTED
    assert 100 < len(result.problems) <= MOST_PROBLEMS + 1
    vp = presentation("vp+jwt", [token] * 50)
    result = verdict_on_presentation(vp)
    assert len(result.problems) == MOST_PROBLEMS + 1
    assert result.problems[-1].code == "WORK_LIMIT_EXCEEDED"


def test_who_an_unsigned_presentation_names_is_not_the_holder() -> None:
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": "did:example:president",
    }
    result = verdict_on_presentation(
        json.dumps(document).encode(),
        nonce=None,
        audience=None,
        holder_binding="bearer",
        allow_unsigned_presentation=True,
    )
    assert result.verdict is Verdict.VERIFIED
    assert result.presentation.holder is None


def test_the_last_day_there_is() -> None:
    late = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    for data in (credential("vc+jwt"), credential("eddsa-jcs-2022")):
        assert verdict(data, now=late).verdict in Verdict
    assert verdict_on_presentation(presentation("vp+jwt", []), now=late).verdict is Verdict.REJECTED
