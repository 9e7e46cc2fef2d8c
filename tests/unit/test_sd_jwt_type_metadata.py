"""The rules that the metadata of a type have for its credentials."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest

from did import PrivateKey
from vc_core import Limits, ParsingError, ProofGenerationError
from vc_core.result import Problem
from vc_core.securing.sd_jwt import SDJWTVC, read, select
from vc_core.securing.sd_jwt.integrity import has_integrity
from vc_core.securing.signed_data import LocalSigner
from vc_core.type_metadata import problems_of_type_metadata

LIMITS = Limits()
NOW = datetime(2026, 3, 1, tzinfo=UTC)
SIGNER = LocalSigner.of_did_key(PrivateKey("Ed25519", bytes(range(32))))
HOLDER = PrivateKey("P-256", bytes(range(1, 33))).public_key
VCT = "urn:example:type"
CLAIMS: dict[str, Any] = {
    "iss": "https://issuer.example",
    "vct": VCT,
    "name": "Ada",
    "degrees": [{"title": "BSc"}, {"title": "MSc"}],
    "empty": [],
}


def metadata(*claims: dict[str, Any], vct: str = VCT, **members: Any) -> bytes:
    return json.dumps({"vct": vct, "claims": list(claims), **members}).encode()


def rule(*path: str | int | None, **members: Any) -> dict[str, Any]:
    return {"path": list(path), **members}


def sri(data: bytes, name: str = "sha256") -> str:
    return f"{name}-{base64.b64encode(hashlib.new(name, data).digest()).decode()}"


def problems(
    documents: dict[str, bytes],
    *,
    claims: dict[str, Any] = CLAIMS,
    hidden: set[str] = frozenset(),
    disclose: set[str] | None = None,
) -> tuple[list[Problem], list[Problem]]:
    data = SDJWTVC(disclosable=hidden).secure(dict(claims), signer=SIGNER, created=NOW)
    if disclose is not None:
        data = select(data, disclose=disclose, limits=LIMITS)
    return problems_of_type_metadata(read(data, limits=LIMITS), evidence=documents, limits=LIMITS)


def places(*rules: dict[str, Any], **options: Any) -> list[str]:
    found, missing = problems({VCT: metadata(*rules)}, **options)
    assert missing == []
    assert {problem.code for problem in found} <= {"TYPE_METADATA_ERROR"}
    return [problem.at for problem in found]


def test_metadata_without_rules() -> None:
    assert problems({VCT: json.dumps({"vct": VCT, "name": "A type"}).encode()}) == ([], [])


def test_a_token_without_a_type_has_a_problem_elsewhere() -> None:
    token = read(SDJWTVC().secure(dict(CLAIMS), signer=SIGNER, created=NOW), limits=LIMITS)
    assert problems_of_type_metadata(token._replace(payload={"vct": 1}), evidence={}, limits=LIMITS) == ([], [])


def test_metadata_that_were_not_supplied() -> None:
    found, [missing] = problems({})
    assert found == []
    assert (missing.code, missing.missing, missing.at) == ("TYPE_METADATA_RETRIEVAL_ERROR", VCT, "/vct")


@pytest.mark.parametrize(
    ("rules", "hidden", "expected"),
    [
        ([rule("name", sd="always")], {"/name"}, []),
        ([rule("name", sd="always")], set(), ["/name"]),
        ([rule("name", sd="never")], {"/name"}, ["/name"]),
        ([rule("name", sd="never")], set(), []),
        ([rule("name", sd="allowed")], {"/name"}, []),
        ([rule("name")], {"/name"}, []),
        ([rule("other", sd="always")], set(), []),
        ([rule("degrees", None, "title", sd="always")], {"/degrees/0/title"}, ["/degrees/1/title"]),
        ([rule("degrees", None, sd="never")], {"/degrees/1"}, ["/degrees/1"]),
        ([rule("degrees", 1, sd="never")], {"/degrees/0"}, []),
        ([rule("degrees", 7, sd="always")], set(), []),
        ([rule("degrees", sd="always"), rule("degrees", None, sd="never")], {"/degrees"}, []),
        ([rule("degrees", "x", sd="always")], set(), []),
        ([rule("name", None, sd="always")], set(), []),
        ([rule("degrees", sd="never")], {"/degrees/0"}, []),
    ],
)
def test_selective_disclosure(rules: list[dict[str, Any]], hidden: set[str], expected: list[str]) -> None:
    assert places(*rules, hidden=hidden) == expected


@pytest.mark.parametrize(
    ("rules", "is_missing"),
    [
        ([rule("name", mandatory=True, sd="never")], False),
        ([rule("other", mandatory=True, sd="never")], True),
        ([rule("other", mandatory=False, sd="never")], False),
        ([rule("other", mandatory=True, sd="always")], False),  # the holder may have kept it back
        ([rule("other", mandatory=True)], False),
        ([rule("degrees", sd="never"), rule("degrees", None, mandatory=True, sd="never")], False),
        ([rule("empty", sd="never"), rule("empty", None, mandatory=True, sd="never")], True),
        ([rule("other", sd="never"), rule("other", "x", mandatory=True, sd="never")], False),
        ([rule("other", sd="never", mandatory=True), rule("other", "x", mandatory=True, sd="never")], True),
        ([rule("other", "x", mandatory=True, sd="never")], False),  # what it stands in may be hidden
        ([rule("name", sd="never"), rule("name", "x", mandatory=True, sd="never")], True),
    ],
)
def test_mandatory_claims_of_which_a_holder_may_keep_some_back(
    rules: list[dict[str, Any]], *, is_missing: bool
) -> None:
    assert bool(places(*rules)) == is_missing


@pytest.mark.parametrize(
    ("rules", "is_missing"),
    [
        ([rule("other", mandatory=True, sd="always")], True),
        ([rule("other", mandatory=True)], True),
        ([rule("other", "x", mandatory=True)], True),
        ([rule("other"), rule("other", "x", mandatory=True)], False),
        ([rule("degrees", None, "title", mandatory=True)], False),
        ([rule("degrees", None, "grade", mandatory=True)], True),
        ([rule("degrees", 2, mandatory=True)], True),
        ([rule("empty", None, "x", mandatory=True)], False),
    ],
)
def test_mandatory_claims_for_an_issuer(rules: list[dict[str, Any]], *, is_missing: bool) -> None:
    mechanism = SDJWTVC(type_metadata=metadata(*rules))
    if is_missing:
        with pytest.raises(ProofGenerationError) as caught:
            mechanism.secure(dict(CLAIMS), signer=SIGNER, created=NOW)
        assert caught.value.code == "TYPE_METADATA_ERROR"
    else:
        mechanism.secure(dict(CLAIMS), signer=SIGNER, created=NOW)


def test_what_is_always_disclosable_is_made_so() -> None:
    mechanism = SDJWTVC(type_metadata=metadata(rule("name", sd="always"), rule("degrees", None, "title", sd="always")))
    token = read(mechanism.secure(dict(CLAIMS), signer=SIGNER, created=NOW), limits=LIMITS)
    assert set(token.disclosed) == {("name",), ("degrees", 0, "title"), ("degrees", 1, "title")}


def test_metadata_for_an_issuer_that_are_not_there() -> None:
    with pytest.raises(ProofGenerationError) as caught:
        SDJWTVC(type_metadata={}).secure(dict(CLAIMS), signer=SIGNER, created=NOW)
    assert (caught.value.code, caught.value.missing) == ("TYPE_METADATA_RETRIEVAL_ERROR", VCT)


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"[]",
        b"{}",
        b'{"vct":"urn:example:other"}',
        b'{"vct":"urn:example:type","vct":"urn:example:type"}',
        metadata(vct="urn:example:type "),
        json.dumps({"vct": VCT, "claims": {}}).encode(),
        json.dumps({"vct": VCT, "claims": None}).encode(),
        json.dumps({"vct": VCT, "claims": ["name"]}).encode(),
        metadata({}),
        metadata(rule()),
        metadata({"path": "name"}),
        metadata(rule("name", -1)),
        metadata(rule("name", True)),
        metadata(rule("name", 1.5)),
        metadata(rule("name", ["x"])),
        metadata(rule("name", sd="maybe")),
        metadata(rule("name", sd=None)),
        metadata(rule("name", mandatory="true")),
        metadata(rule("name", mandatory=None)),
        metadata(rule("name", sd="always"), rule("name", sd="never")),
        metadata(*[rule(str(number)) for number in range(1001)]),
        metadata(extends=VCT),
        metadata(extends=1),
    ],
)
def test_metadata_that_are_refused(document: bytes) -> None:
    [problem], missing = problems({VCT: document})
    assert (problem.code, missing) == ("TYPE_METADATA_ERROR", [])


class TestExtends:
    BASE = "urn:example:base"

    def chain(self, base: list[dict[str, Any]], own: list[dict[str, Any]], **members: Any) -> dict[str, bytes]:
        return {
            self.BASE: metadata(*base, vct=self.BASE),
            VCT: metadata(*own, extends=self.BASE, **members),
        }

    def test_rules_are_inherited(self) -> None:
        [problem], _ = problems(self.chain([rule("name", sd="always")], []))
        assert problem.at == "/name"
        assert problems(self.chain([rule("name", sd="always")], []), hidden={"/name"}) == ([], [])

    def test_rules_are_made_stricter(self) -> None:
        [problem], _ = problems(self.chain([rule("name")], [rule("name", sd="always")]))
        assert problem.at == "/name"
        [problem], _ = problems(self.chain([rule("x", sd="never")], [rule("x", sd="never", mandatory=True)]))
        assert "'x'" in problem.detail

    @pytest.mark.parametrize(
        ("base", "own"),
        [
            ({"sd": "always"}, {"sd": "never"}),
            ({"sd": "never"}, {"sd": "always"}),
            ({"sd": "never"}, {"sd": "allowed"}),
            ({"sd": "always"}, {}),
            ({"mandatory": True}, {}),
            ({"mandatory": True}, {"mandatory": False}),
        ],
    )
    def test_rules_are_not_weakened(self, base: dict[str, Any], own: dict[str, Any]) -> None:
        [problem], _ = problems(self.chain([rule("name", **base)], [rule("name", **own)]))
        assert "weakens" in problem.detail

    def test_a_type_that_was_not_supplied(self) -> None:
        documents = self.chain([], [])
        del documents[self.BASE]
        assert [problem.missing for problem in problems(documents)[1]] == [self.BASE]

    def test_types_in_a_circle(self) -> None:
        documents = {VCT: metadata(extends=self.BASE), self.BASE: metadata(vct=self.BASE, extends=VCT)}
        [problem], _ = problems(documents)
        assert problem.code == "TYPE_METADATA_ERROR"

    @pytest.mark.parametrize(("length", "is_refused"), [(8, False), (9, True)])
    def test_many_types_in_a_row(self, length: int, *, is_refused: bool) -> None:
        names = [VCT, *(f"urn:example:{number}" for number in range(1, length))]
        documents = {
            name: metadata(vct=name, **({"extends": other} if other else {}))
            for name, other in zip(names, [*names[1:], None], strict=True)
        }
        assert bool(problems(documents)[0]) == is_refused

    def test_integrity_of_the_extended_type(self) -> None:
        documents = self.chain([], [])
        good = self.chain([], [], **{"extends#integrity": sri(documents[self.BASE])})
        assert problems(good) == ([], [])
        bad = self.chain([], [], **{"extends#integrity": sri(b"other")})
        [problem], _ = problems(bad)
        assert problem.code == "TYPE_METADATA_ERROR"


def test_integrity_of_the_type() -> None:
    document = metadata()
    claims = {**CLAIMS, "vct#integrity": sri(document, "sha384")}
    assert problems({VCT: document}, claims=claims) == ([], [])
    [problem], _ = problems({VCT: document + b" "}, claims=claims)
    assert problem.code == "TYPE_METADATA_ERROR"
    [problem], _ = problems({VCT: document}, claims={**CLAIMS, "vct#integrity": "sha256-x"})
    assert problem.code == "TYPE_METADATA_ERROR"


class TestIntegrityMetadata:
    @pytest.mark.parametrize(
        "text",
        [
            sri(b"x"),
            sri(b"x", "sha512"),
            f"{sri(b'y')} {sri(b'x')}",
            f"  {sri(b'x')}\n",
            f"{sri(b'x')}?option",
            f"{sri(b'y')} {sri(b'x', 'sha384')}",
            f"md5-abc {sri(b'x')}",
            sri(b"x").replace("+", "-").replace("/", "_"),
        ],
    )
    def test_it_is_the_document(self, text: str) -> None:
        assert has_integrity(b"x", text)

    @pytest.mark.parametrize(
        "text", [sri(b"y"), f"{sri(b'x')} {sri(b'y', 'sha512')}", "sha256-AAAA", "sha256-", "sha256"]
    )
    def test_it_is_another(self, text: str) -> None:
        assert not has_integrity(b"x", text)

    @pytest.mark.parametrize(
        "text", ["", " ", "md5-AAAA", "sha1-" + "A" * 28, "SHA256-AAAA", "sha256-!", sri(b"x") + " " * 5000]
    )
    def test_nothing_could_be_checked(self, text: str) -> None:
        with pytest.raises(ParsingError) as caught:
            has_integrity(b"x", text)
        assert caught.value.code == "MALFORMED_VALUE_ERROR"


def test_many_rules_for_many_claims_end_at_the_limit() -> None:
    rules = [rule("list", None, f"x{number}", sd="always") for number in range(1000)]
    [problem], _ = problems({VCT: metadata(*rules)}, claims={**CLAIMS, "list": [{}] * 60_000})
    assert problem.code == "WORK_LIMIT_EXCEEDED"


class TestLearningCredential:
    """The EUDI Learning Credential, under the metadata of its type."""

    VCT = "urn:eu.europa.ec.eudi:learning:credential:1"
    CLAIMS: ClassVar[dict[str, Any]] = {
        "iss": "https://issuer.example",
        "vct": VCT,
        "jti": "urn:uuid:9c1ff0ae-1f3b-4a0f-a6b5-94ce3d7fa2b9",
        "issuing_authority": "Latvijas Universitāte",
        "issuing_country": "LV",
        "date_of_issuance": "2026-02-27",
        "family_name": "Bērziņa",
        "given_name": "Anna",
        "learner_identification": "LV-123456",
        "achievement_title": "Mikrokvalifikācija datu analīzē",
        "learning_outcomes": ["Analyse data", "Explain results"],
        "expected_study_time": "3 months",
        "level_of_learning_experience": 6,
        "types_of_quality_assurance": ["External Evaluation"],
        "language_of_classes": ["lv", "en"],
        "integration_stackability_options": True,
    }
    HIDDEN: ClassVar[set[str]] = {
        *("family_name", "given_name", "learner_identification", "learning_outcomes", "expected_study_time"),
        *("level_of_learning_experience", "types_of_quality_assurance", "integration_stackability_options"),
    }

    @pytest.fixture
    def document(self, conformance: Path) -> bytes:
        return (conformance / "elm/samples/eudi/vct-learning_credential-1.json").read_bytes()

    def issued(self, document: bytes, claims: dict[str, Any] | None = None, **options: Any) -> bytes:
        options = {"key_binding": HOLDER, "expires": datetime(2027, 1, 1, tzinfo=UTC), **options}
        mechanism = SDJWTVC(type_metadata=document, **options)
        return mechanism.secure(dict(claims or self.CLAIMS), signer=SIGNER, created=NOW)

    def test_it_is_issued_and_follows_its_type(self, document: bytes) -> None:
        token = read(self.issued(document), limits=LIMITS)
        assert set(token.disclosed) == {(name,) for name in self.HIDDEN}
        assert problems_of_type_metadata(token, evidence={self.VCT: document}, limits=LIMITS) == ([], [])

    def test_a_part_of_it_follows_its_type(self, document: bytes) -> None:
        less = select(self.issued(document), disclose={"/family_name"}, limits=LIMITS)
        token = read(less, limits=LIMITS)
        assert "given_name" not in token.claims
        assert token.claims["family_name"] == "Bērziņa"
        assert problems_of_type_metadata(token, evidence={self.VCT: document}, limits=LIMITS) == ([], [])

    @pytest.mark.parametrize(
        "pointer", ["/issuing_authority", "/jti", "/achievement_title", "/language_of_classes", "/learning_outcomes/0"]
    )
    def test_what_is_never_disclosable_cannot_be_made_so(self, document: bytes, pointer: str) -> None:
        with pytest.raises(ProofGenerationError) as caught:
            self.issued(document, disclosable={pointer})
        assert (caught.value.code, caught.value.at) == ("TYPE_METADATA_ERROR", pointer)

    @pytest.mark.parametrize("name", ["jti", "family_name", "language_of_classes", "types_of_quality_assurance"])
    def test_what_is_mandatory_cannot_be_left_out(self, document: bytes, name: str) -> None:
        with pytest.raises(ProofGenerationError) as caught:
            self.issued(document, {key: value for key, value in self.CLAIMS.items() if key != name})
        assert caught.value.code == "TYPE_METADATA_ERROR"
        assert name in caught.value.detail

    @pytest.mark.parametrize("options", [{"key_binding": None}, {"expires": None}])
    def test_a_holder_and_an_end_are_mandatory(self, document: bytes, options: dict[str, Any]) -> None:
        with pytest.raises(ProofGenerationError) as caught:
            self.issued(document, **options)
        assert caught.value.code == "TYPE_METADATA_ERROR"

    def test_one_that_was_issued_without_its_metadata_is_found_out(self, document: bytes) -> None:
        data = SDJWTVC(disclosable={"/issuing_country"}).secure(dict(self.CLAIMS), signer=SIGNER, created=NOW)
        found, _ = problems_of_type_metadata(read(data, limits=LIMITS), evidence={self.VCT: document}, limits=LIMITS)
        assert {problem.at for problem in found if problem.at} == {f"/{name}" for name in self.HIDDEN} | {
            "/issuing_country"
        }
        missing = {problem.detail.rpartition(" ")[2] for problem in found if not problem.at}
        assert missing == {"'exp'", "'cnf'", "'cnf/jwk'"}
