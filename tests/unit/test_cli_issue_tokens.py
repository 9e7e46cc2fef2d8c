"""`vc-core issue` for credentials that are tokens: JOSE, SD-JWT and COSE."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

import did
from vc_core import Limits
from vc_core.cli import main
from vc_core.cli.mechanisms import ISSUING
from vc_core.securing import cose, sd_jwt, vc_jwt

V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
VCT = "https://example.org/types/course"
LIMITS = Limits()
SD_JWTS = ("vc+sd-jwt", "dc+sd-jwt")


class Folder:
    """A folder with the key of an issuer and that of a holder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.key = path / "key"
        main(["key", "generate", "--out", str(self.key)])
        self.issuer = did.did_key(self.private_key.public_key)
        self.holder_key = did.PrivateKey.generate("P-256")
        self.public_jwk = self.write("holder", self.holder_key.public_key.jwk)

    @property
    def private_key(self) -> did.PrivateKey:
        return did.PrivateKey.from_jwk(json.loads(self.key.read_bytes()))

    def write(self, name: str, value: Any) -> Path:
        (self.path / name).write_text(value if isinstance(value, str) else json.dumps(value))
        return self.path / name

    def claims(self, name: str, **more: Any) -> Path:
        """The file of claims that the mechanism `name` takes."""
        if name == "dc+sd-jwt":
            claims: dict[str, Any] = {"iss": self.issuer, "vct": VCT, "name": "Anna", "courses": ["a", "b"]}
        elif name == "jwt_vc":
            claims = {"@context": [V1], "issuanceDate": "2026-01-01T00:00:00Z"}
        else:
            claims = {"@context": [V2], "name": "Kurss"}
        if name != "dc+sd-jwt":
            claims |= {"type": ["VerifiableCredential"], "issuer": self.issuer}
            claims |= {"credentialSubject": {"id": "did:example:learner", "name": "Anna"}}
        return self.write("claims", claims | more)

    def issue(self, name: str, *options: str, claims: Path | None = None) -> int:
        file = self.claims(name) if claims is None else claims
        arguments = ["issue", str(file), "--key", str(self.key), "--securing", name]
        return main([*arguments, "-o", str(self.out), *options])

    @property
    def out(self) -> Path:
        return self.path / "out"

    def sd_jwt(self) -> Any:
        """The SD-JWT that was written, with its disclosures in their places."""
        return sd_jwt.read(self.out.read_bytes().rstrip(b"\n"), limits=LIMITS)

    def payload(self) -> dict[str, Any]:
        """The payload of the token that was written, as it was signed."""
        text = self.out.read_bytes().split(b".")[1]
        return json.loads(base64.urlsafe_b64decode(text + b"=="))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("vc-core")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize("name", ISSUING)
def test_every_mechanism_makes_what_verify_accepts(
    name: str, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    if name.startswith("ecdsa"):
        folder.key.unlink()
        main(["key", "generate", "--type", "P-256", "--out", str(folder.key)])
        folder.issuer = did.did_key(folder.private_key.public_key)
    assert folder.issue(name) == 0
    capsys.readouterr()
    assert main(["verify", str(folder.out), "--issuer", folder.issuer, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["securing"], result["issuer"]) == (name, folder.issuer)
    assert main(["verify", str(folder.out), "--issuer", "did:example:other"]) == 1


def test_text_ends_with_a_line_feed_and_a_message_in_binary_does_not(folder: Folder) -> None:
    folder.issue("vc+jwt")
    token = folder.out.read_bytes()
    assert token.count(b"\n") == 1
    assert vc_jwt.read(token.removesuffix(b"\n"), limits=LIMITS).securing == "vc+jwt"
    folder.issue("vc+cose")
    assert cose.read(folder.out.read_bytes(), limits=LIMITS).securing == "vc+cose"


def test_a_message_in_binary_goes_to_standard_output_as_it_is_but_not_to_a_terminal(
    folder: Folder, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    capfdbinary.readouterr()
    assert folder.issue("vc+cose", "-o", "-") == 0
    assert cose.read(capfdbinary.readouterr().out, limits=LIMITS).securing == "vc+cose"
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert folder.issue("vc+cose", "-o", "-") == 2
    out, err = capfdbinary.readouterr()
    assert out == b""
    assert b"name a file with -o" in err


@pytest.mark.parametrize(
    ("option", "names"),
    [
        ("--expires=2030-01-01T00:00:00Z", set(ISSUING) - {"jwt_vc"}),
        ("--disclosable=/name", set(SD_JWTS)),
        ("--decoys=1", set(SD_JWTS)),
        ("--holder-key={holder}", set(SD_JWTS)),
        ("--type-metadata={metadata}", {"dc+sd-jwt"}),
        ("--profile=EBSI", {"jwt_vc"}),
    ],
)
def test_an_option_that_a_mechanism_does_not_have_is_refused(
    option: str, names: set[str], folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    metadata = folder.write("metadata", {"vct": VCT})
    given = option.format(holder=folder.public_jwk, metadata=metadata)
    capsys.readouterr()
    for name in set(ISSUING) - names:
        assert folder.issue(name, given) == 2
        err = one_line(capsys)
        assert f"{option.partition('=')[0]} does not go with {name}." in err
        assert "--help" in err
        assert not folder.out.exists()
    for name in names - {"jwt_vc"}:
        if not name.startswith("ecdsa"):  # which takes another key
            assert folder.issue(name, given) == 0


def test_claims_that_may_be_kept_back_are_hidden_among_decoys(folder: Folder) -> None:
    pointers = ("/name", "/courses/1")
    options = [f"--disclosable={pointer}" for pointer in pointers]
    assert folder.issue("dc+sd-jwt", *options, "--decoys", "3") == 0
    payload = folder.payload()
    assert "name" not in payload
    assert len(payload["_sd"]) == 1 + 3
    assert payload["courses"].count("a") == 1
    assert sum("..." in each for each in payload["courses"]) == 1 + 3
    token = folder.sd_jwt()
    assert token.claims["name"] == "Anna"
    assert token.claims["courses"] == ["a", "b"]
    assert set(token.disclosed) == {("name",), ("courses", 1)}


def test_decoys_without_claims_to_hide_are_mixed_into_the_whole(folder: Folder) -> None:
    assert folder.issue("vc+sd-jwt", "--decoys", "2") == 0
    assert len(folder.payload()["_sd"]) == 2
    assert folder.issue("vc+sd-jwt", "--decoys", "0") == 0
    assert "_sd" not in folder.payload()


def test_the_key_of_the_holder_is_in_cnf(folder: Folder) -> None:
    for name in SD_JWTS:
        assert folder.issue(name, "--holder-key", str(folder.public_jwk)) == 0
        assert folder.payload()["cnf"] == {"jwk": folder.holder_key.public_key.jwk}


def test_a_private_key_of_the_holder_is_refused_and_not_quoted(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    private = folder.write("private", folder.holder_key.jwk)
    capsys.readouterr()
    assert folder.issue("dc+sd-jwt", "--holder-key", str(private)) == 2
    err = one_line(capsys)
    assert "private" in err
    assert folder.holder_key.jwk["d"] not in err
    assert not folder.out.exists()


@pytest.mark.parametrize("content", ["", "{}", "[" * 5000, "x" * 20_000, '{"kty":"oct","k":"secret-part"}'])
def test_what_is_no_public_jwk_is_refused_and_not_quoted(
    content: str, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder.write("bad", content)
    capsys.readouterr()
    assert folder.issue("dc+sd-jwt", "--holder-key", str(file)) == 2
    err = one_line(capsys)
    assert err.startswith(f"vc-core: {file} does not hold a public JWK: ")
    assert "secret-part" not in err


def test_files_that_are_read_are_not_replaced(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    metadata = folder.write("metadata", {"vct": VCT})
    for option, file in (("--holder-key", folder.public_jwk), ("--type-metadata", metadata)):
        before = file.read_bytes()
        capsys.readouterr()
        assert folder.issue("dc+sd-jwt", option, str(file), "-o", str(file)) == 2
        assert "name another file to write" in one_line(capsys)
        assert file.read_bytes() == before


def test_type_metadata_are_followed(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    general = "https://example.org/types/any"
    extending = {"vct": VCT, "extends": general, "claims": [{"path": ["courses"], "mandatory": True}]}
    extended = {"vct": general, "claims": [{"path": ["name"], "sd": "always"}]}
    files = [str(folder.write(name, value)) for name, value in (("one", extending), ("other", extended))]
    options = [word for file in files for word in ("--type-metadata", file)]
    assert folder.issue("dc+sd-jwt", *options) == 0
    assert folder.sd_jwt().disclosed == (("name",),)
    capsys.readouterr()
    assert folder.issue("dc+sd-jwt", *options[:2]) == 2
    assert "TYPE_METADATA_RETRIEVAL_ERROR" in one_line(capsys)
    claims = json.loads(folder.claims("dc+sd-jwt").read_bytes())
    del claims["courses"]
    assert folder.issue("dc+sd-jwt", *options, claims=folder.write("claims", claims)) == 2
    assert "TYPE_METADATA_ERROR" in one_line(capsys)


@pytest.mark.parametrize(
    ("content", "words"),
    [("", "cannot be read"), ("[]", "are not a JSON object"), ("{}", "do not say in vct"), ('{"vct": 1}', "in vct")],
)
def test_unfit_type_metadata_are_one_line(
    content: str, words: str, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder.write("metadata", content)
    capsys.readouterr()
    assert folder.issue("dc+sd-jwt", "--type-metadata", str(file)) == 2
    err = one_line(capsys)
    assert err.startswith(f"vc-core: the type metadata in {file} ")
    assert words in err


def test_the_rules_of_ebsi_are_a_profile(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    moment = "2026-01-01T00:00:00Z"
    more = {
        "id": "urn:uuid:3f2b4a52-6f0c-4b7e-9d39-6a0b34cbb0a4",
        "type": ["VerifiableCredential", "VerifiableAttestation"],
        "issued": moment,
        "validFrom": moment,
        "credentialSchema": {"id": "https://example.org/schema", "type": "FullJsonSchemaValidator2021"},
    }
    attestation = folder.claims("jwt_vc", **more)
    assert folder.issue("jwt_vc", "--profile", "EBSI", claims=attestation) == 0
    policy = folder.write("policy", {"acceptedIssuers": "any", "jwtProfile": "EBSI"})
    assert main(["verify", str(folder.out), "--policy", str(policy)]) == 0
    assert folder.issue("jwt_vc", "--profile", "general") == 0
    assert main(["verify", str(folder.out), "--policy", str(policy)]) == 1
    capsys.readouterr()
    assert folder.issue("jwt_vc", "--profile", "EBSI") == 2
    assert "TOKEN_CLAIMS_ERROR" in one_line(capsys)


def test_the_end_of_a_signature_is_written(folder: Folder) -> None:
    for name in ("vc+jwt", *SD_JWTS):
        assert folder.issue(name, "--expires", "2030-01-01T00:00:00Z") == 0
        assert folder.payload()["exp"] == 1893456000
    assert folder.issue("vc+cose", "--expires", "2030-01-01T00:00:00Z") == 0
    for moment, code in (("2029-12-31T00:00:00Z", 0), ("2030-01-02T00:00:00Z", 1)):
        assert main(["verify", str(folder.out), "--any-issuer", "--at", moment]) == code


def test_the_issuer_of_an_sd_jwt_vc_is_its_iss(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (did.did_key_jwk_jcs, did.did_jwk):
        claims = folder.claims("dc+sd-jwt", iss=name(folder.private_key.public_key))
        assert folder.issue("dc+sd-jwt", claims=claims) == 0
    capsys.readouterr()
    claims = folder.claims("dc+sd-jwt", iss="https://example.org", issuer=folder.issuer)
    assert folder.issue("dc+sd-jwt", claims=claims) == 2
    assert "the issuer of the claims is 'https://example.org', which is no DID of this key" in one_line(capsys)


@pytest.mark.parametrize(
    ("name", "claims", "words"),
    [
        ("dc+sd-jwt", {"iss": 1}, "at /iss"),
        ("dc+sd-jwt", {"vct": ""}, "at /vct"),
        ("dc+sd-jwt", {"_sd": []}, "_sd"),
        ("vc+jwt", {"@context": [V1], "issuanceDate": "2026-01-01T00:00:00Z"}, "data model 2.0"),
        ("jwt_vc", {"@context": [V2]}, "data model"),
        ("vc+cose", {"@context": [V1], "issuanceDate": "2026-01-01T00:00:00Z"}, "data model 2.0"),
        ("vc+sd-jwt", {"validFrom": "yesterday"}, "at /validFrom"),
    ],
)
def test_claims_that_a_mechanism_does_not_take_are_one_line(
    name: str, claims: dict[str, Any], words: str, folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder.claims(name, **claims)
    capsys.readouterr()
    assert folder.issue(name, claims=file) == 2
    assert words in one_line(capsys)
    assert not folder.out.exists()


@pytest.mark.parametrize("pointer", ["/absent", "name", "", "/iss", "/vct", "/name\x1b[2J"])
def test_what_cannot_be_hidden_is_one_line(pointer: str, folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert folder.issue("dc+sd-jwt", f"--disclosable={pointer}") == 2
    assert "\x1b" not in one_line(capsys)


def test_too_many_decoys_are_refused(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    for number in ("-1", "1000000", "x"):
        capsys.readouterr()
        assert folder.issue("dc+sd-jwt", "--decoys", number) == 2
        one_line(capsys)
