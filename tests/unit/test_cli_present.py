"""`vc-core present`, and that `vc-core verify` accepts what it makes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import did
import vc_core
from vc_core import (
    JWTVC,
    SDJWTVC,
    VCCOSE,
    VCJWT,
    VCSDJWT,
    DataIntegrity,
    Limits,
    LocalSigner,
    Securing,
    sd_jwt,
)
from vc_core.cli import main
from vc_core.cli.mechanisms import PRESENTING
from vc_core.securing import vc_jwt

NOON = "2026-01-31T12:00:00Z"
NONCE, AUDIENCE = "nonce-12345678", "https://verifier.example"
ASKED = ("--nonce", NONCE, "--audience", AUDIENCE)
LIMITS = Limits()


class Wallet:
    """A folder with a holder's key, and credentials that somebody issued to the holder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.key = path / "key"
        self.new_key("P-256")
        self.issuer_key = did.PrivateKey.generate("Ed25519")
        self.issuer = did.did_key(self.issuer_key.public_key)
        self.out = path / "out"

    def new_key(self, key_type: str) -> None:
        """Afterwards the holder has another key, and is somebody else."""
        self.key.unlink(missing_ok=True)
        main(["key", "generate", "--type", key_type, "--out", str(self.key)])
        self.holder_key = did.PrivateKey.from_jwk(json.loads(self.key.read_bytes()))
        self.holder = did.did_key(self.holder_key.public_key)

    def credential(self, securing: Securing, name: str = "credential", **more: Any) -> str:
        """The path of a new credential, its file as the command line writes it."""
        if isinstance(securing, SDJWTVC):
            claims: dict[str, Any] = {"iss": self.issuer, "vct": "https://example.org/type", "name": "Anna"}
            claims |= {"grade": 9, "address": {"city": "Rīga", "street": "Elizabetes"}}
        elif isinstance(securing, JWTVC):
            claims = {"@context": ["https://www.w3.org/2018/credentials/v1"], "issuanceDate": "2026-01-01T00:00:00Z"}
        else:
            claims = {"@context": ["https://www.w3.org/ns/credentials/v2"], "name": "Kurss"}
        if not isinstance(securing, SDJWTVC):
            claims |= {"type": ["VerifiableCredential"], "issuer": self.issuer}
            claims |= {"credentialSubject": {"id": self.holder}}
        data = vc_core.issue(
            claims | more,
            signer=LocalSigner.of_did_key(self.issuer_key),
            securing=securing,
            created=datetime(2026, 1, 31, tzinfo=UTC),
        )
        file = self.path / name
        file.write_bytes(data if isinstance(securing, VCCOSE) else data + b"\n")
        return str(file)

    def sd_jwt_vc(self, name: str = "sd-jwt", *, bound: bool = True) -> str:
        disclosable = frozenset({"/name", "/grade", "/address", "/address/street"})
        key = self.holder_key.public_key if bound else None
        return self.credential(SDJWTVC(disclosable=disclosable, key_binding=key), name)

    def present(self, *arguments: str) -> int:
        return main(["present", *arguments, "--key", str(self.key), "--created", NOON, "-o", str(self.out)])

    def verify(self, *arguments: str, asked: tuple[str, ...] = ASKED) -> int:
        return main(["verify", str(self.out), "--issuer", self.issuer, "--at", NOON, *asked, *arguments])

    def shown(self) -> set[tuple[str | int, ...]]:
        """The claims that the SD-JWT that was written discloses."""
        return set(sd_jwt.read(self.out.read_bytes().rstrip(b"\n"), limits=LIMITS).disclosed)


@pytest.fixture
def wallet(tmp_path: Path) -> Wallet:
    return Wallet(tmp_path)


def one_line(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("vc-core")
    assert err.count("\n") == 1
    return err


@pytest.mark.parametrize("name", PRESENTING)
def test_every_mechanism_makes_what_verify_accepts(
    name: str, wallet: Wallet, capsys: pytest.CaptureFixture[str]
) -> None:
    if name.startswith(("eddsa", "Ed25519")):
        wallet.new_key("Ed25519")
    if name == "jwt_vp":
        files = [wallet.credential(JWTVC())]
    else:
        mechanisms = {"proof": DataIntegrity(cryptosuite="eddsa-jcs-2022"), "jwt": VCJWT(), "cose": VCCOSE()}
        files = [wallet.credential(securing, file) for file, securing in mechanisms.items()]
    assert wallet.present(*files, "--securing", name, *ASKED) == 0
    capsys.readouterr()
    assert wallet.verify("--holder-binding", "subject", "--json") == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["holder"], result["securing"]) == (wallet.holder, name)
    assert [each["verdict"] for each in result["credentials"]] == ["verified"] * len(files)
    for asked in (("--nonce", "another-nonce", *ASKED[2:]), (*ASKED[:2], "--audience", "https://other.example")):
        assert wallet.verify("--holder-binding", "subject", asked=asked) == 1


def test_one_sd_jwt_is_bound_to_its_holder_and_shows_what_was_chosen(wallet: Wallet) -> None:
    assert wallet.present(wallet.sd_jwt_vc(), *ASKED, "--disclose", "/name", "--disclose", "/address/street") == 0
    assert wallet.shown() == {("name",), ("address",), ("address", "street")}
    assert wallet.verify("--holder-binding", "cnf") == 0
    assert wallet.verify("--holder-binding", "subject") == 1


def test_nothing_is_shown_that_nobody_chose(wallet: Wallet) -> None:
    assert wallet.present(wallet.sd_jwt_vc(), "--securing", "kb+jwt", *ASKED) == 0
    assert wallet.shown() == set()
    assert wallet.present(wallet.sd_jwt_vc(), *ASKED, "--disclose-all") == 0
    assert len(wallet.shown()) == 4


def test_without_a_key_an_sd_jwt_is_selected_and_not_bound(wallet: Wallet, capsys: pytest.CaptureFixture[str]) -> None:
    file = wallet.sd_jwt_vc()
    capsys.readouterr()
    assert main(["present", file, "--disclose", "/grade", "-o", str(wallet.out)]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "bound to no holder and no verifier: whoever has this SD-JWT can present it" in err
    assert wallet.shown() == {("grade",)}
    assert main(["verify", str(wallet.out), "--issuer", wallet.issuer, "--at", NOON]) == 0
    assert wallet.verify("--holder-binding", "cnf") == 1
    assert main(["present", file]) == 0
    out, err = capsys.readouterr()
    assert out.endswith("~\n")
    assert "whoever has this SD-JWT" in err


@pytest.mark.parametrize(
    "options",
    [
        ("--nonce", "n"),
        ("--audience", "a"),
        ("--securing", "kb+jwt"),
        ("--created", NOON),
        ("--holder", "did:example:1"),
        ("--id", "urn:x"),
    ],
)
def test_what_needs_a_signature_needs_a_key(
    options: tuple[str, str], wallet: Wallet, capsys: pytest.CaptureFixture[str]
) -> None:
    file = wallet.sd_jwt_vc()
    capsys.readouterr()
    assert main(["present", file, *options]) == 2
    assert f"{options[0]} does not go with an SD-JWT without --key." in one_line(capsys)


def test_only_one_sd_jwt_alone_can_go_without_a_key(wallet: Wallet, capsys: pytest.CaptureFixture[str]) -> None:
    one, other, token = wallet.sd_jwt_vc("one"), wallet.sd_jwt_vc("other"), wallet.credential(VCJWT())
    capsys.readouterr()
    for files in ([token], [one, other], [one, token]):
        assert main(["present", *files]) == 2
        assert "Missing option '--key'" in one_line(capsys)


def test_a_choice_of_claims_is_for_one_sd_jwt(wallet: Wallet, capsys: pytest.CaptureFixture[str]) -> None:
    one, other, token = wallet.sd_jwt_vc("one"), wallet.sd_jwt_vc("other"), wallet.credential(VCJWT())
    capsys.readouterr()
    for files, more in (([token], []), ([one, other], []), ([one], ["--disclose-all"])):
        assert wallet.present(*files, "--securing", "vp+jwt", *ASKED, "--disclose", "/name", *more) == 2
        assert "--disclose is for one SD-JWT" in one_line(capsys)
        assert not wallet.out.exists()


def test_sd_jwts_among_others_are_presented_with_what_was_chosen(wallet: Wallet) -> None:
    token = wallet.credential(VCJWT())
    hidden = VCSDJWT(disclosable=frozenset({"/name"}), key_binding=wallet.holder_key.public_key)
    one = wallet.credential(hidden, "one")
    for options, number in (((), 0), (("--disclose", "/name"), 1), (("--disclose-all",), 1)):
        assert wallet.present(one, token, "--securing", "vp+jwt", *ASKED, *options) == 0
        assert wallet.verify("--holder-binding", "subject") == 0
        assert _disclosures(wallet) == [number]
    other = wallet.credential(hidden, "other")
    for options, numbers in (((), [0, 0]), (("--disclose-all",), [1, 1])):
        assert wallet.present(one, other, "--securing", "vp+jwt", *ASKED, *options) == 0
        assert wallet.verify("--holder-binding", "subject-or-cnf") == 0
        assert _disclosures(wallet) == numbers


def _disclosures(wallet: Wallet) -> list[int]:
    """How many disclosures each SD-JWT in the presentation has."""
    token = vc_jwt.read(wallet.out.read_bytes().rstrip(b"\n"), limits=LIMITS)
    urls = [entry["id"] for entry in token.claims["verifiableCredential"]]
    return [url.count("~") - 1 for url in urls if "sd-jwt" in url]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([*ASKED], "Say --securing NAME"),
        (["--securing", "vp+jwt"], "Say --nonce TEXT and --audience TEXT"),
        (["--securing", "vp+jwt", "--nonce", "n"], "Say --nonce TEXT and --audience TEXT"),
        (["--securing", "vp+jwt", "--nonce", "", "--audience", "a"], "Say --nonce TEXT and --audience TEXT"),
        (["--securing", "kb+jwt", *ASKED], "kb+jwt is for one SD-JWT alone"),
        (["--securing", "vp+jwt", *ASKED, "--domain", "b"], "say it once"),
        (["--securing", "vp+jwt", *ASKED, "--profile", "EBSI"], "--profile does not go with vp+jwt"),
        (["--securing", "vp+cose", "--nonce", "short", "--audience", "a"], "a nonce of 8 to 64 bytes"),
        (["--securing", "eddsa-jcs-2022", *ASKED], "takes a key of type Ed25519"),
        (["--securing", "vp+jwt", *ASKED, "--holder", "did:example:other"], "the holder is 'did:example:other'"),
        (["--securing", "vp+jwt", *ASKED, "--id", "no url"], "/id"),
        (["--securing", "vp+jwt", *ASKED, "--created", "now"], "is no dateTimeStamp"),
        (["--securing", "vp+jwt", *ASKED, "--verification-method", "did:key:z6Mk#x"], "verification method"),
    ],
)
def test_what_cannot_be_made_is_one_line(
    arguments: list[str], words: str, wallet: Wallet, capsys: pytest.CaptureFixture[str]
) -> None:
    file = wallet.credential(VCJWT())
    capsys.readouterr()
    assert main(["present", file, "--key", str(wallet.key), "-o", str(wallet.out), *arguments]) == 2
    assert words in one_line(capsys)
    assert not wallet.out.exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--holder", "did:example:1"),
        ("--id", "urn:x"),
        ("--expires", NOON),
        ("--profile", "general"),
        ("--context", "https://example.org/={file}"),
    ],
)
def test_what_a_key_binding_does_not_have_is_refused(
    options: tuple[str, str], wallet: Wallet, capsys: pytest.CaptureFixture[str]
) -> None:
    file = wallet.sd_jwt_vc()
    capsys.readouterr()
    assert wallet.present(file, *ASKED, options[0], options[1].format(file=file)) == 2
    assert f"{options[0]} does not go with kb+jwt." in one_line(capsys)
    assert not wallet.out.exists()


def test_the_holder_may_be_any_did_of_the_key(wallet: Wallet, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (did.did_key, did.did_key_jwk_jcs, did.did_jwk):
        holder = name(wallet.holder_key.public_key)
        file = wallet.credential(VCJWT(), credentialSubject={"id": holder})
        for number, options in enumerate(([], ["--id", "urn:uuid:6f0c4b7e-9d39-4a52-8b3f-6a0b34cbb0a4"])):
            assert wallet.present(file, "--securing", "vp+jwt", *ASKED, "--holder", holder, *options) == 0
            capsys.readouterr()
            assert wallet.verify("--holder-binding", "subject", "--json") == 0, number
            assert json.loads(capsys.readouterr().out)["holder"] == holder


def test_the_rules_of_ebsi_are_a_profile(wallet: Wallet, capsys: pytest.CaptureFixture[str]) -> None:
    holder = did.did_key_jwk_jcs(wallet.holder_key.public_key)
    begin = "2026-01-01T00:00:00Z"
    attestation = {
        "id": "urn:uuid:3f2b4a52-6f0c-4b7e-9d39-6a0b34cbb0a4",
        "type": ["VerifiableCredential", "VerifiableAttestation"],
        "issued": begin,
        "validFrom": begin,
        "expirationDate": "2031-01-01T00:00:00Z",
        "credentialSubject": {"id": holder},
        "credentialSchema": {"id": "https://example.org/schema", "type": "FullJsonSchemaValidator2021"},
    }
    file = wallet.credential(JWTVC(profile="EBSI"), **attestation)
    policy = wallet.path / "policy"
    policy.write_text('{"jwtProfile": "EBSI"}')
    for profile, code in (("EBSI", 0), ("general", 1)):
        options = ("--securing", "jwt_vp", "--profile", profile, "--holder", holder)
        assert wallet.present(file, *ASKED, *options) == 0
        assert wallet.verify("--holder-binding", "subject", "--policy", str(policy)) == code
    endless = {name: value for name, value in attestation.items() if name != "expirationDate"}
    file = wallet.credential(JWTVC(profile="EBSI"), **endless)
    capsys.readouterr()
    assert wallet.present(file, *ASKED, "--securing", "jwt_vp", "--profile", "EBSI", "--holder", holder) == 2
    assert "has to end" in one_line(capsys)


def test_a_holder_of_another_method_names_the_verification_method(wallet: Wallet) -> None:
    web, method = "did:web:example.org", "did:web:example.org#key-1"
    file = wallet.credential(VCJWT(), credentialSubject={"id": web})
    assert wallet.present(file, "--securing", "vp+jwt", *ASKED, "--verification-method", method) == 0
    assert wallet.verify("--holder-binding", "subject") == 3
    key = {"id": method, "type": "JsonWebKey", "controller": web, "publicKeyJwk": wallet.holder_key.public_key.jwk}
    document = {"id": web, "verificationMethod": [key], "authentication": [method]}
    evidence = wallet.path / "evidence"
    evidence.write_text(json.dumps({"didDocuments": {web: document}}))
    assert wallet.verify("--holder-binding", "subject", "--evidence", str(evidence)) == 0


def test_what_is_said_of_the_presentation_stands_in_it(wallet: Wallet) -> None:
    urn, other = "urn:uuid:6f0c4b7e-9d39-4a52-8b3f-6a0b34cbb0a4", "did:example:other"
    method = f"{wallet.holder}#{wallet.holder.removeprefix('did:key:')}"
    options = ("--id", urn, "--holder", other, "--verification-method", method)
    assert wallet.present(wallet.credential(VCJWT()), "--securing", "vp+jwt", *ASKED, *options) == 0
    token = vc_jwt.read(wallet.out.read_bytes().rstrip(b"\n"), limits=LIMITS)
    assert (token.claims["id"], token.claims["holder"], token.kid) == (urn, other, method)
    assert token.payload["iat"] == int(datetime.fromisoformat(NOON).timestamp())
    assert wallet.verify("--holder-binding", "subject") == 1


def test_a_presentation_ends_when_it_says(wallet: Wallet) -> None:
    file = wallet.credential(VCJWT())
    for name in ("vp+jwt", "vp+cose", "ecdsa-jcs-2019"):
        assert wallet.present(file, "--securing", name, *ASKED, "--expires", "2026-01-31T12:01:00Z") == 0
        for moment, code in (("2026-01-31T12:00:30Z", 0), ("2026-01-31T12:03:00Z", 1)):
            assert wallet.verify("--holder-binding", "subject", "--at", moment) == code


def test_an_sd_jwt_without_a_key_of_the_holder_is_not_bound(wallet: Wallet, capsys: pytest.CaptureFixture[str]) -> None:
    file = wallet.sd_jwt_vc(bound=False)
    capsys.readouterr()
    assert wallet.present(file, *ASKED) == 2
    assert "KEY_BINDING_ERROR" in one_line(capsys)


def test_somebody_elses_sd_jwt_is_not_bound(wallet: Wallet, capsys: pytest.CaptureFixture[str]) -> None:
    file = wallet.sd_jwt_vc()
    wallet.new_key("P-256")
    capsys.readouterr()
    assert wallet.present(file, *ASKED) == 2
    assert "cnf names another key" in one_line(capsys)


def test_a_presentation_is_not_presented_again(wallet: Wallet, capsys: pytest.CaptureFixture[str]) -> None:
    assert wallet.present(wallet.sd_jwt_vc(), *ASKED) == 0
    bound = wallet.out.rename(wallet.path / "bound")
    wallet.present(wallet.credential(VCJWT()), "--securing", "vp+jwt", *ASKED)
    enveloping = wallet.out.rename(wallet.path / "enveloping")
    capsys.readouterr()
    for file in (bound, enveloping):
        for options in ([], ["--disclose-all"]):
            assert wallet.present(str(file), "--securing", "vp+jwt", *ASKED, *options) == 2
            one_line(capsys)
            assert not wallet.out.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"\xff\xfe\x00",
        b"\xd2\x84",
        bytes(range(256)),
        b"{}",
        b"[" * 100_000,
        b"a.b.c",
        b"a.b.c~",
        b"~" * 5000,
    ],
    ids=range(10),
)
@pytest.mark.parametrize("with_key", [True, False])
def test_whatever_the_bytes_the_answer_is_one_line(
    content: bytes, with_key: bool, wallet: Wallet, capsys: pytest.CaptureFixture[str]
) -> None:
    file = wallet.path / "file\x1b[2J"
    file.write_bytes(content)
    capsys.readouterr()
    if with_key:
        assert wallet.present(str(file), "--securing", "vp+jwt", *ASKED) == 2
    else:
        assert main(["present", str(file), "-o", str(wallet.out)]) == 2
    assert "\x1b" not in one_line(capsys)
    assert not wallet.out.exists()


def test_files_that_cannot_be_used_are_one_line(wallet: Wallet, capsys: pytest.CaptureFixture[str]) -> None:
    good, large = wallet.credential(VCJWT()), wallet.path / "large"
    with large.open("wb") as file:
        file.truncate(LIMITS.document_bytes + 1)
    secret = wallet.key.read_text()
    capsys.readouterr()
    for name in (wallet.path, wallet.path / "absent", large, "/dev/zero"):
        assert wallet.present(good, str(name), "--securing", "vp+jwt", *ASKED) == 2
        one_line(capsys)
    wallet.key.chmod(0o644)
    assert wallet.present(good, "--securing", "vp+jwt", *ASKED) == 2
    err = one_line(capsys)
    assert f"run chmod 600 {wallet.key}" in err
    assert json.loads(secret)["d"] not in err
    wallet.key.chmod(0o600)
    for name in (good, str(wallet.key)):
        before = Path(name).read_bytes()
        arguments = ["present", good, "--key", str(wallet.key), "--securing", "vp+jwt", *ASKED, "-o", name]
        assert main(arguments) == 2
        assert "name another file to write" in one_line(capsys)
        assert Path(name).read_bytes() == before


def test_a_pointer_to_nothing_is_one_line(wallet: Wallet, capsys: pytest.CaptureFixture[str]) -> None:
    file = wallet.sd_jwt_vc()
    capsys.readouterr()
    for pointer in ("/absent", "name", "/name\x1b[2J"):
        assert wallet.present(file, *ASKED, "--disclose", pointer) == 2
        assert "\x1b" not in one_line(capsys)
        assert not wallet.out.exists()
