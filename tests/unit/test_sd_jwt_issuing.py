"""SD-JWTs that an issuer makes, and what a holder discloses of them."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest

from did import PrivateKey
from did.multibase import decode_base64url
from vc_core import Limits, ProofGenerationError, VCError
from vc_core.securing.sd_jwt import SDJWTVC, VCSDJWT, issuing, read, read_sd_jwt, select
from vc_core.securing.sd_jwt.disclosure import Disclosure
from vc_core.securing.signed_data import LocalSigner, check

LIMITS = Limits()
NOW = datetime(2026, 3, 1, 12, 30, 15, 900_000, tzinfo=UTC)
SIGNER = LocalSigner.of_did_key(PrivateKey("P-256", bytes(range(1, 33))))
HOLDER = PrivateKey("Ed25519", bytes(range(32))).public_key
CLAIMS: dict[str, Any] = {
    "iss": "https://issuer.example",
    "vct": "urn:example:type",
    "name": "Āda",
    "address": {"street": "Iela 1", "city": {"name": "Rīga", "code": None}},
    "degrees": [{"title": "BSc", "grade": 9.5}, {"title": "MSc", "grade": 10}],
    "a/b~c": [[1, 2], [3]],
}
W3C: dict[str, Any] = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "issuer": "did:example:issuer",
    "credentialSubject": {"id": "did:example:subject", "degree": {"type": "Degree", "name": "BSc"}},
}
ALL = frozenset(
    {
        *("/name", "/address", "/address/street", "/address/city", "/address/city/name", "/degrees", "/degrees/0"),
        *("/degrees/0/title", "/degrees/1/grade", "/a~1b~0c/0/1", "/a~1b~0c/1", "/a~1b~0c/1/0"),
    }
)


def issued(claims: dict[str, Any] = CLAIMS, **options: Any) -> bytes:
    return SDJWTVC(**options).secure(copy.deepcopy(claims), signer=SIGNER, created=NOW)


def payload_of(data: bytes) -> dict[str, Any]:
    return json.loads(decode_base64url(read_sd_jwt(data, limits=LIMITS).jwt.split(b".")[1].decode()))


@pytest.mark.parametrize("hash_algorithm", ["sha-256", "sha-384", "sha-512"])
@pytest.mark.parametrize("serialization", ["compact", "json"])
def test_claims_come_back(serialization: str, hash_algorithm: str) -> None:
    data = issued(disclosable=ALL, serialization=serialization, hash_algorithm=hash_algorithm, decoys={"": 2})
    assert data.startswith(b"{") == (serialization == "json")
    token = read(data, limits=LIMITS)
    check(token.signed, SIGNER.public_key)
    assert token.securing == "dc+sd-jwt"
    assert token.claims == {**CLAIMS, "iat": int(NOW.timestamp())}
    assert len(token.disclosed) == len(ALL)
    assert token.kid == SIGNER.verification_method
    assert payload_of(data)["_sd_alg"] == hash_algorithm


def test_without_anything_to_disclose_there_are_no_digests() -> None:
    data = issued()
    assert payload_of(data) == {**CLAIMS, "iat": int(NOW.timestamp())}
    assert data.endswith(b"~")
    assert data.count(b"~") == 1


def test_the_claims_that_are_handed_in_stay_as_they_are() -> None:
    claims = copy.deepcopy(CLAIMS)
    SDJWTVC(disclosable=ALL, decoys={"": 1, "/degrees": 2}).secure(claims, signer=SIGNER, created=NOW)
    assert claims == CLAIMS


def test_what_is_hidden_is_not_in_the_payload() -> None:
    text = json.dumps(payload_of(issued(disclosable=ALL)), ensure_ascii=False)
    for word in ("name", "Āda", "address", "Iela", "Rīga", "degrees", "title", "grade"):
        assert word not in text


def test_the_key_of_the_holder_and_the_end() -> None:
    end = datetime(2030, 1, 1, tzinfo=UTC)
    payload = payload_of(issued(key_binding=HOLDER, expires=end))
    assert payload["cnf"] == {"jwk": HOLDER.jwk}
    assert payload["exp"] == int(end.timestamp())


def test_salts_are_never_the_same() -> None:
    """S9: 100,000 salts of 128 bits."""
    claim = Disclosure("name", None)
    salts = {json.loads(decode_base64url(claim.text()))[0] for _ in range(100_000)}
    assert len(salts) == 100_000
    assert {len(decode_base64url(salt)) for salt in list(salts)[:1000]} == {16}


def test_there_is_no_way_to_hand_in_a_salt() -> None:
    with pytest.raises(TypeError):
        SDJWTVC(salt="x")  # type: ignore[call-arg]  # what is tested


def test_the_order_of_digests_says_nothing() -> None:
    names = [f"claim{number}" for number in range(20)]
    claims = {"iss": "https://issuer.example", "vct": "urn:x:y", **dict.fromkeys(names, 1)}
    orders = set()
    for _ in range(3):
        data = issued(claims, disclosable=frozenset(f"/{name}" for name in names), decoys={"": 5})
        digests = payload_of(data)["_sd"]
        assert len(digests) == 25
        assert all(first < second for first, second in pairwise(digests))
        orders.add(tuple(path[0] for path in read(data, limits=LIMITS).disclosed))
    assert len(orders) == 3  # that of the disclosures is another each time


def test_decoys() -> None:
    data = issued(
        disclosable=frozenset({"/address/city"}), decoys={"": 3, "/address": 4, "/degrees": 5, "/a~1b~0c/0": 1}
    )
    payload = payload_of(data)
    assert len(payload["_sd"]) == 3
    assert len(payload["address"]["_sd"]) == 5
    assert sum("..." in each for each in payload["degrees"]) == 5
    assert len(payload["degrees"]) == 7
    assert len(payload["a/b~c"][0]) == 3
    assert {len(digest) for digest in (*payload["_sd"], *payload["address"]["_sd"])} == {43}
    assert read(data, limits=LIMITS).claims == {**CLAIMS, "iat": int(NOW.timestamp())}


def test_decoys_stand_anywhere_in_an_array() -> None:
    places = {tuple("..." in each for each in payload_of(issued(decoys={"/degrees": 1}))["degrees"]) for _ in range(60)}
    assert len(places) == 3


def test_decoys_in_what_is_hidden() -> None:
    data = issued(disclosable=frozenset({"/address"}), decoys={"/address": 2})
    assert read(data, limits=LIMITS).claims["address"] == CLAIMS["address"]
    [text] = read_sd_jwt(data, limits=LIMITS).disclosures
    assert len(json.loads(decode_base64url(text))[2]["_sd"]) == 2


@pytest.mark.parametrize(
    ("claims", "options", "code", "at"),
    [
        ({}, {"disclosable": {"/other"}}, "PROOF_GENERATION_ERROR", "/other"),
        ({}, {"disclosable": {"/degrees/2"}}, "PROOF_GENERATION_ERROR", "/degrees/2"),
        ({}, {"disclosable": {"/degrees/00"}}, "PROOF_GENERATION_ERROR", "/degrees/00"),
        ({}, {"disclosable": {"/degrees/-"}}, "PROOF_GENERATION_ERROR", "/degrees/-"),
        ({}, {"disclosable": {"name"}}, "PROOF_GENERATION_ERROR", "name"),
        ({}, {"disclosable": {""}}, "PROOF_GENERATION_ERROR", ""),
        ({}, {"disclosable": {"/name/x"}}, "PROOF_GENERATION_ERROR", "/name/x"),
        *(({}, {"disclosable": {f"/{name}"}}, "PROOF_GENERATION_ERROR", f"/{name}") for name in ("iss", "vct")),
        ({"status": {"a": 1}}, {"disclosable": {"/status"}}, "PROOF_GENERATION_ERROR", "/status"),
        ({"status": {"a": 1}}, {"disclosable": {"/status/a"}}, "PROOF_GENERATION_ERROR", "/status/a"),
        ({"status": {"a": 1}}, {"decoys": {"/status": 1}}, "PROOF_GENERATION_ERROR", "/status"),
        ({"exp": 1, "nbf": 1}, {"disclosable": {"/exp"}}, "PROOF_GENERATION_ERROR", "/exp"),
        ({"nbf": 1}, {"disclosable": {"/nbf"}}, "PROOF_GENERATION_ERROR", "/nbf"),
        ({}, {"disclosable": {"/cnf"}, "key_binding": HOLDER}, "PROOF_GENERATION_ERROR", "/cnf"),
        ({}, {"disclosable": {"/cnf/jwk/x"}, "key_binding": HOLDER}, "PROOF_GENERATION_ERROR", "/cnf/jwk/x"),
        ({"vct#integrity": "x"}, {"disclosable": {"/vct#integrity"}}, "PROOF_GENERATION_ERROR", "/vct#integrity"),
        ({}, {"decoys": {"/name": 1}}, "PROOF_GENERATION_ERROR", "/name"),
        ({}, {"decoys": {"/other": 1}}, "PROOF_GENERATION_ERROR", "/other"),
        ({}, {"decoys": {"": -1}}, "PROOF_GENERATION_ERROR", ""),
        ({}, {"decoys": {"": 1001}}, "PROOF_GENERATION_ERROR", ""),
        ({"iat": 1}, {}, "PROOF_GENERATION_ERROR", "/iat"),
        ({"exp": 1}, {"expires": NOW}, "PROOF_GENERATION_ERROR", "/exp"),
        ({"cnf": {"kid": "x"}}, {"key_binding": HOLDER}, "PROOF_GENERATION_ERROR", "/cnf"),
        ({"exp": "2030"}, {}, "MALFORMED_VALUE_ERROR", "/exp"),
        ({"nbf": True}, {}, "MALFORMED_VALUE_ERROR", "/nbf"),
        ({"vct": None}, {}, "MALFORMED_VALUE_ERROR", "/vct"),
        ({"iss": "x"}, {}, "MALFORMED_VALUE_ERROR", "/iss"),
        ({"status": []}, {}, "MALFORMED_VALUE_ERROR", "/status"),
        ({"_sd": []}, {}, "PROOF_GENERATION_ERROR", ""),
        ({"_sd_alg": "sha-256"}, {}, "PROOF_GENERATION_ERROR", ""),
        ({"x": [{"y": {"...": 1}}]}, {}, "PROOF_GENERATION_ERROR", "/x/0/y"),
        ({"x": {"_sd": []}}, {"disclosable": {"/x"}}, "PROOF_GENERATION_ERROR", "/x"),
    ],
)
def test_what_cannot_be_issued(claims: dict[str, Any], options: dict[str, Any], code: str, at: str) -> None:
    with pytest.raises(ProofGenerationError) as caught:
        issued({**CLAIMS, **claims}, **options)
    assert (caught.value.code, caught.value.at) == (code, at)


def test_limits_hold_for_issuers() -> None:
    with pytest.raises(VCError) as caught:
        issued(disclosable=ALL, limits=Limits(disclosures=3))
    assert caught.value.code == "TOO_MANY_DISCLOSURES"


@pytest.mark.parametrize(
    "options", [{"hash_algorithm": "md5"}, {"hash_algorithm": "sha-256-32"}, {"serialization": "x"}]
)
def test_options_that_do_not_exist(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        SDJWTVC(**options)


@pytest.mark.parametrize("options", [{"created": datetime(2026, 1, 1)}])  # noqa: DTZ001  (a naive time is what is refused)
def test_times_have_a_zone(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="zone"):
        SDJWTVC().secure(dict(CLAIMS), signer=SIGNER, **options)


def test_a_token_that_says_something_else_is_not_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuing, "hide", lambda *_, **__: ())
    with pytest.raises(ProofGenerationError, match="same"):
        issued(disclosable={"/name"})
    monkeypatch.setattr(issuing, "hide", lambda claims, *_, **__: claims.clear() or claims.update(CLAIMS) or ())
    with pytest.raises(ProofGenerationError, match="same"):
        issued()  # iat is lost


def test_a_signer_of_another_key_is_found_out() -> None:
    class Broken:
        algorithm, verification_method = SIGNER.algorithm, SIGNER.verification_method
        public_key = PrivateKey("P-256", bytes(range(2, 34))).public_key

        def sign(self, data: bytes) -> bytes:
            return SIGNER.sign(data)

    with pytest.raises(ProofGenerationError):
        SDJWTVC().secure(dict(CLAIMS), signer=Broken(), created=NOW)


def test_what_claims_are_secured_under() -> None:
    limits = Limits(depth=7)
    assert SDJWTVC(limits=limits).transformation.limits == limits
    assert not SDJWTVC().transformation.allow_inline_contexts
    with pytest.raises(VCError) as caught:
        issued({**CLAIMS, "x": [[[]]]}, limits=Limits(depth=3))
    assert caught.value.code == "NESTING_TOO_DEEP"


def test_a_place_that_is_too_long_to_show() -> None:
    name = "x" * 2000
    with pytest.raises(ProofGenerationError) as caught:
        issued({**CLAIMS, name: {"_sd": []}})
    assert caught.value.at == ""


class TestW3C:
    def issued(self, claims: dict[str, Any] = W3C, **options: Any) -> bytes:
        return VCSDJWT(**options).secure(copy.deepcopy(claims), signer=SIGNER, created=NOW)

    def test_claims_come_back(self) -> None:
        data = self.issued(disclosable={"/credentialSubject/degree", "/credentialSubject/degree/name"})
        token = read(data, limits=LIMITS)
        assert (token.securing, token.claims) == ("vc+sd-jwt", W3C | {"iat": int(NOW.timestamp())})
        assert (token.header["typ"], token.header["cty"]) == ("vc+sd-jwt", "vc")
        assert read(self.issued({**W3C, "iat": 5}), limits=LIMITS).claims["iat"] == 5
        assert VCSDJWT.data_model == "VCDM"
        assert VCSDJWT().proof_purpose == "assertionMethod"
        assert VCSDJWT(allow_inline_contexts=True).transformation.allow_inline_contexts

    @pytest.mark.parametrize("name", ["@context", "type", "issuer", "validUntil", "credentialStatus", "@context/0"])
    def test_what_a_verifier_needs_is_not_hidden(self, name: str) -> None:
        claims = {**W3C, "validUntil": "2030-01-01T00:00:00Z", "credentialStatus": {"type": "X"}}
        with pytest.raises(ProofGenerationError) as caught:
            self.issued(claims, disclosable={f"/{name}"})
        assert caught.value.at == f"/{name}"

    @pytest.mark.parametrize(
        "change",
        [{"@context": ["https://www.w3.org/2018/credentials/v1"]}, {"@context": "x"}, {"vct": "urn:x:y"}, {"vc": {}}],
    )
    def test_other_documents_are_refused(self, change: dict[str, Any]) -> None:
        with pytest.raises(ProofGenerationError):
            self.issued({**W3C, **change})


class TestSelect:
    TOKEN = issued(disclosable=ALL)

    def claims(self, *pointers: str, data: bytes = TOKEN) -> dict[str, Any]:
        return read(select(data, disclose=pointers, limits=LIMITS), limits=LIMITS).claims

    def test_nothing(self) -> None:
        assert self.claims().keys() == {"iss", "vct", "iat", "a/b~c"}

    def test_a_claim_with_what_it_stands_in(self) -> None:
        assert self.claims("/address/city/name")["address"] == {"city": {"name": "Rīga", "code": None}}
        assert self.claims("/degrees/0/title")["degrees"] == [{"title": "BSc", "grade": 9.5}, {"title": "MSc"}]

    def test_a_claim_without_what_can_be_disclosed_in_it(self) -> None:
        assert self.claims("/address")["address"] == {}
        assert self.claims("/degrees")["degrees"] == [{"title": "MSc"}]

    def test_a_claim_that_is_always_disclosed(self) -> None:
        assert self.claims("/iss") == self.claims()
        assert self.claims("/address/city/code")["address"] == {"city": {"code": None}}

    def test_positions_are_those_of_the_whole(self) -> None:
        assert self.claims("/a~1b~0c/1")["a/b~c"] == [[1], []]
        assert self.claims("/a~1b~0c/0/1")["a/b~c"] == [[1, 2]]

    def test_a_function_may_choose(self) -> None:
        chosen = select(self.TOKEN, disclose=lambda path: path[-1] == "title", limits=LIMITS)
        assert read(chosen, limits=LIMITS).claims["degrees"] == [{"title": "BSc", "grade": 9.5}, {"title": "MSc"}]
        assert select(self.TOKEN, disclose=lambda _: True, limits=LIMITS) == self.TOKEN

    @pytest.mark.parametrize("pointer", ["/other", "/degrees/2", "name", "/address/x"])
    def test_what_is_not_there_cannot_be_disclosed(self, pointer: str) -> None:
        with pytest.raises(ProofGenerationError) as caught:
            self.claims("/name", pointer)
        assert caught.value.at == pointer

    def test_selecting_again(self) -> None:
        less = select(self.TOKEN, disclose={"/address/city/name", "/name"}, limits=LIMITS)
        assert self.claims("/name", data=less).keys() == {"iss", "vct", "iat", "a/b~c", "name"}
        with pytest.raises(ProofGenerationError):
            self.claims("/address/street", data=less)

    @pytest.mark.parametrize("form", ["compact", "flattened", "general"])
    def test_the_serialization_stays(self, form: str) -> None:
        token = read_sd_jwt(self.TOKEN, limits=LIMITS)._replace(form=form)
        less = read_sd_jwt(select(token.write(), disclose={"/name"}, limits=LIMITS), limits=LIMITS)
        assert (less.form, less.jwt, len(less.disclosures)) == (form, token.jwt, 1)
