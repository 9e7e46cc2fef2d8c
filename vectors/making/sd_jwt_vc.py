"""The two kinds of credentials as SD-JWTs: SD-JWT VCs with the metadata of their types, and W3C credentials."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any, Final

from vectors.making.case import Case
from vectors.making.credentials import V1, Claims, accepting, small
from vectors.making.disclosures import ISSUER, TYPE, digest, disclosure, sd_jwt, vc
from vectors.making.keys import did_of, private_key
from vectors.making.signing import compact, header, seconds, without

_MALFORMED: Final = "MALFORMED_VALUE_ERROR"
_TYPE: Final = "TOKEN_TYPE_ERROR"
_METADATA: Final = "TYPE_METADATA_ERROR"
_TITLE: Final = disclosure("title", "Datu ētika")


def cases() -> Iterator[Case]:
    """The cases about the two kinds."""
    yield from _types()
    yield from _claims()
    yield from _web_issuers()
    yield from _metadata()
    yield from _extended()
    yield from _w3c()


def _case(name: str, title: str, document: bytes, *codes: str, **members: Any) -> Case:
    members = {
        "policy": accepting(),
        "reference": "SD-JWT VC, section 2.2.2",
        "covers": {"envelope": "dc+sd-jwt"},
    } | members
    return Case(spec="sd-jwt", name=name, title=title, document=document, codes=codes, **members)


def _types() -> Iterator[Case]:
    reference = "SD-JWT VC, section 2.2.1"
    for name, typ in (("former", "vc+sd-jwt"), ("full", "application/dc+sd-jwt"), ("case", "DC+SD-JWT")):
        yield _case(f"typ-{name}", f"typ is {typ}", sd_jwt(vc(), head=header(typ)), reference=reference)
    for name, typ in (("jwt", "JWT"), ("vc-jwt", "vc+jwt"), ("sd-jwt", "sd+jwt"), ("key-binding", "kb+jwt")):
        yield _case(f"typ-{name}", f"typ is {typ}", sd_jwt(vc(), head=header(typ)), _TYPE, reference=reference)
    absent = sd_jwt(vc(), head=without(header("dc+sd-jwt"), "typ"))
    yield _case("typ-absent", "there is no typ", absent, _TYPE, reference=reference)
    former = header("vc+sd-jwt")
    both = sd_jwt(small(ISSUER) | {"vct": TYPE}, head=former)
    yield _case("typ-both", "typ is vc+sd-jwt, and there are both vct and @context", both, _TYPE, reference=reference)
    neither = sd_jwt(without(vc(), "vct"), head=former)
    yield _case(
        "typ-neither", "typ is vc+sd-jwt, and there is neither vct nor @context", neither, _TYPE, reference=reference
    )
    policy = accepting(envelopes=["vc+sd-jwt"])
    yield _case("not-accepted", "the policy accepts W3C credentials only", sd_jwt(vc()), _TYPE, policy=policy)
    policy = accepting(envelopes=["vc+sd-jwt"])
    yield _case(
        "not-accepted-former",
        "the policy accepts W3C credentials only, and typ is vc+sd-jwt, the name that was before",
        sd_jwt(vc(), head=former),
        _TYPE,
        policy=policy,
    )


def _claims() -> Iterator[Case]:
    for name in ("vct", "iss"):
        yield _case(
            f"{name}-absent",
            f"there is no {name}",
            sd_jwt(without(vc(), name)),
            _MALFORMED,
            *(("ISSUER_MISMATCH",) if name == "iss" else ()),
        )
    wrong: dict[str, tuple[str, Claims]] = {
        "vct-empty": ("vct is empty", {"vct": ""}),
        "vct-number": ("vct is a number", {"vct": 7}),
        "sub-list": ("sub is a list", {"sub": ["did:example:learner"]}),
        "cnf-text": ("cnf is a text", {"cnf": did_of("holder", "Ed25519")}),
        "status-empty": ("status is an empty object", {"status": {}}),
        "exp-text": ("exp is a text", {"exp": "2029-01-15T09:30:00Z"}),
    }
    for name, (title, members) in wrong.items():
        codes = (_MALFORMED,) if name != "status-empty" else (_MALFORMED, "STATUS_VERIFICATION_ERROR")
        yield _case(f"claim-{name}", title, sd_jwt(vc(**members)), *codes)
    over = sd_jwt(vc(exp=seconds("2026-01-31T11:58:00Z")))
    yield _case("claim-exp-over", "exp is over", over, "EXPIRED")
    ahead = sd_jwt(vc(nbf=seconds("2026-01-31T12:02:00Z")))
    yield _case("claim-nbf-ahead", "nbf lies ahead", ahead, "NOT_YET_VALID")
    status = {"status_list": {"idx": 7, "uri": "https://status.example/lists/1"}}
    named = sd_jwt(vc(status=status))
    reference = "SD-JWT VC, section 2.2.2.3"
    yield _case(
        "status",
        "a status list is named, which was not handed in",
        named,
        "STATUS_RETRIEVAL_ERROR",
        missing=True,
        reference=reference,
    )
    skipped = accepting(status="skip")
    yield _case("status-skipped", "the policy skips the status", named, policy=skipped, reference=reference)
    stranger = accepting(did_of("stranger", "Ed25519"))
    yield _case(
        "issuer-unaccepted", "the policy does not accept the issuer", sd_jwt(vc()), "UNACCEPTED_ISSUER", policy=stranger
    )


def _web_issuers() -> Iterator[Case]:
    """Issuers that are https URLs. Their keys are handed in as a controlled identifier document."""
    issuer = "https://university.example/issuers/1"
    method = f"{issuer}#one"
    key = {"type": "JsonWebKey", "publicKeyJwk": private_key("issuer", "Ed25519").public_key.jwk}
    document = {
        "id": issuer,
        "verificationMethod": [{"id": method, "controller": issuer} | key],
        "assertionMethod": [method],
    }
    members: dict[str, Any] = {"policy": accepting(issuer), "reference": "SD-JWT VC, section 3.5"}
    evidence = {"didDocuments": {issuer: document}}
    named = sd_jwt(vc(iss=issuer), head=header("dc+sd-jwt", {"kid": "one"}))
    yield _case(
        "issuer-url", "the issuer is an https URL, and kid names one of its keys", named, evidence=evidence, **members
    )
    yield _case(
        "issuer-url-missing",
        "the issuer is an https URL, and its keys were not handed in",
        named,
        "NOT_FOUND",
        missing=True,
        **members,
    )
    http = "http://university.example/issuers/1"
    plain = sd_jwt(vc(iss=http), head=header("dc+sd-jwt", {"kid": "one"}))
    yield _case(
        "issuer-url-http",
        "the issuer is an http URL",
        plain,
        "INVALID_DID",
        policy=accepting(http),
        reference="SD-JWT VC, section 3.5",
    )


def _metadata() -> Iterator[Case]:
    """What the type says about its claims. The metadata stand among the resources, under the `vct`."""

    def typed(
        name: str,
        title: str,
        rules: list[Claims] | None,
        *codes: str,
        token: bytes | None = None,
        served: str = "",
        **members: Any,
    ) -> Case:
        text = served or json.dumps({"vct": TYPE, "claims": rules})
        evidence = {} if rules is None else {"resources": {TYPE: {"text": text}}}
        members = {"reference": "SD-JWT VC, sections 4 to 7", "evidence": evidence} | members
        return _case(f"type-{name}", title, token or hidden, *codes, **members)

    hidden = sd_jwt(vc(_sd=[digest(_TITLE)]), _TITLE)
    shown = sd_jwt(vc(title="Datu ētika"))
    title = ["title"]
    yield typed(
        "kept",
        "the claim is there and hidden, as the type demands",
        [{"path": title, "sd": "always", "mandatory": True}],
    )
    yield typed(
        "sd-always", "the claim has to be hidden and is not", [{"path": title, "sd": "always"}], _METADATA, token=shown
    )
    yield typed("sd-never", "the claim may not be hidden and is", [{"path": title, "sd": "never"}], _METADATA)
    yield typed(
        "mandatory",
        "a claim that nobody may hide is missing",
        [{"path": ["credits"], "sd": "never", "mandatory": True}],
        _METADATA,
    )
    held_back = sd_jwt(vc(_sd=[digest(_TITLE)], jti="urn:uuid:5"))
    yield typed(
        "mandatory-hidden",
        "a claim that the holder may hide is not disclosed",
        [{"path": title, "mandatory": True}],
        token=held_back,
    )
    outcomes = sd_jwt(vc(outcome=[{"text": "a"}, {}]))
    paths: tuple[list[str | None], ...] = (["outcome"], ["outcome", None], ["outcome", None, "text"])
    rules: list[Claims] = [{"path": path, "sd": "never", "mandatory": True} for path in paths]
    yield typed(
        "mandatory-each", "one element of an array lacks what each has to have", rules, _METADATA, token=outcomes
    )
    yield typed("unsupplied", "the metadata were not handed in, and need not be", None)
    required = accepting(resources="require")
    yield typed(
        "unsupplied-required",
        "the metadata were not handed in, and have to be",
        None,
        "TYPE_METADATA_RETRIEVAL_ERROR",
        policy=required,
        missing=True,
    )
    yield typed(
        "rule-malformed", "a rule has a value that is not defined", [{"path": title, "sd": "sometimes"}], _METADATA
    )
    yield typed("path-empty", "a rule has an empty path", [{"path": []}], _METADATA)
    other = json.dumps({"vct": "https://credentials.example/other"})
    yield typed("of-another", "the metadata are those of another type", [], _METADATA, served=other)
    yield typed("no-json", "the metadata are no JSON", [], _METADATA, served="<html/>")
    served = json.dumps({"vct": TYPE})
    integrity = "sha256-" + base64.b64encode(hashlib.sha256(served.encode()).digest()).decode()
    reference = "SD-JWT VC, section 6"
    right = sd_jwt(vc(**{"vct#integrity": integrity}))
    yield typed(
        "integrity",
        "the metadata have the digest that the credential gives",
        [],
        token=right,
        served=served,
        reference=reference,
    )
    yield typed(
        "integrity-wrong",
        "the metadata have another digest",
        [],
        _METADATA,
        token=right,
        served=served + " ",
        reference=reference,
    )
    unknown = sd_jwt(vc(**{"vct#integrity": "md5-1B2M2Y8AsgTpgAmY7PhCfg=="}))
    yield typed(
        "integrity-unknown",
        "the digest is by no function that is accepted",
        [],
        _METADATA,
        token=unknown,
        served=served,
        reference=reference,
    )


def _extended() -> Iterator[Case]:
    """Types that extend others."""
    base = "https://credentials.example/base"
    token = sd_jwt(vc(title="Datu ētika"))

    def extending(name: str, title: str, own: Claims, extended: Claims | None, *codes: str, **members: Any) -> Case:
        documents = {TYPE: {"vct": TYPE, "extends": base} | own}
        if extended is not None:
            documents[base] = {"vct": base} | extended
        resources = {url: {"text": json.dumps(document)} for url, document in documents.items()}
        reference = "SD-JWT VC, section 4.4"
        return _case(
            f"extends-{name}", title, token, *codes, evidence={"resources": resources}, reference=reference, **members
        )

    always = {"claims": [{"path": ["title"], "sd": "always"}]}
    allowed = {"claims": [{"path": ["title"], "sd": "allowed"}]}
    yield extending("kept", "the claims keep the rules of both types", {}, allowed)
    yield extending("broken", "a rule of the type that is extended is broken", {}, always, _METADATA)
    yield extending("weakened", "a type weakens a rule of the one that it extends", allowed, always, _METADATA)
    yield extending("itself", "a type extends itself", {"extends": TYPE}, {}, _METADATA)
    yield extending("in-a-circle", "two types extend each other", {}, {"extends": TYPE}, _METADATA)
    missing = "TYPE_METADATA_RETRIEVAL_ERROR"
    policy = accepting(resources="require")
    yield extending(
        "unsupplied",
        "the metadata of the type that is extended were not handed in",
        {},
        None,
        missing,
        missing=True,
        policy=policy,
    )


def _w3c() -> Iterator[Case]:
    """W3C credentials as SD-JWTs."""
    claims = small(ISSUER)
    name = disclosure("name", "Mikroapliecinājums")
    hidden = without(claims, "name") | {"_sd": [digest(name)]}

    def w3c(case: str, title: str, document: bytes, *codes: str, **members: Any) -> Case:
        members = {"reference": "VC-JOSE-COSE 1.0, section 3.2", "covers": {"envelope": "vc+sd-jwt"}} | members
        return _case(f"w3c-{case}", f"vc+sd-jwt: {title}", document, *codes, **members)

    def token(payload: Claims, *disclosures: str, **members: object) -> bytes:
        return sd_jwt(payload, *disclosures, head=header("vc+sd-jwt", members))

    yield w3c("accepted", "a member is disclosed", token(hidden, name))
    yield w3c("nothing-hidden", "nothing is hidden", token(claims))
    subject = disclosure("id", "did:example:learner")
    nested = without(claims, "credentialSubject") | {"credentialSubject": {"_sd": [digest(subject)], "name": "Anna"}}
    yield w3c("subject", "the id of the subject is disclosed", token(nested, subject))
    yield w3c("cty", "cty is vc", token(claims, cty="vc"))
    yield w3c("cty-of-presentation", "cty is vp", token(claims, cty="vp"), _TYPE)
    yield w3c(
        "typ-of-draft", "typ is the name that an older draft had", sd_jwt(claims, head=header("vc+ld+json+sd-jwt"))
    )
    excluded = accepting(envelopes=["dc+sd-jwt"])
    yield w3c("not-accepted", "the policy accepts SD-JWT VCs only", token(claims), _TYPE, policy=excluded)
    by_another = sd_jwt(hidden, name, head=header("vc+sd-jwt"), name="stranger")
    yield w3c("key-of-another", "somebody else signed under the issuer's name", by_another, "PROOF_VERIFICATION_ERROR")
    yield w3c("unreferenced", "a disclosure has no digest in the token", token(claims, _TITLE), "DISCLOSURE_ERROR")
    context = disclosure("@context", claims["@context"])
    no_context = without(claims, "@context") | {"_sd": [digest(context)]}
    yield w3c("hidden-context", "@context comes out of a disclosure", token(no_context, context), _TYPE)
    issuer = disclosure("issuer", ISSUER)
    no_issuer = without(claims, "issuer") | {"_sd": [digest(issuer)]}
    yield w3c(
        "issuer-held-back", "the issuer is hidden and not disclosed", token(no_issuer), _MALFORMED, "ISSUER_MISMATCH"
    )
    values: Claims = {
        "issuer": ISSUER,
        "type": ["VerifiableCredential"],
        "validUntil": "2026-01-20T00:00:00Z",
        "credentialStatus": {"type": "Unheard"},
        "credentialSchema": {"id": "https://schemas.example/learner.json", "type": "JsonSchema"},
    }
    for member, value in values.items():
        disclosed = disclosure(member, value)
        lacking = without(claims, member) | {"_sd": [digest(disclosed)]}
        title, document = f"{member} comes out of a disclosure", token(lacking, disclosed)
        yield w3c(f"hidden-{member}", title, document, "DISCLOSURE_ERROR", reference="VC-JOSE-COSE 1.0, section 3.2.1")
    nest = disclosure("@context", ["https://x.example/c"])
    inner = claims | {"credentialSubject": {"id": "did:example:learner", "_sd": [digest(nest)]}}
    yield w3c(
        "disclosed-context", "a context comes out of a disclosure in the subject", token(inner, nest), "UNKNOWN_CONTEXT"
    )
    version_1 = without(claims, "name") | {"@context": [V1], "issuanceDate": "2026-01-15T09:30:00Z"}
    differs = "TOKEN_CLAIMS_ERROR"
    yield w3c("data-model-1", "a credential of the data model 1.1", token(version_1), differs)
    yield w3c(
        "iss-differs",
        "iss is not the issuer, whose key signed",
        token(claims | {"iss": did_of("stranger", "Ed25519")}),
        differs,
    )
    yield w3c("vc", "there is a claim vc", token(claims | {"vc": {}}), differs)
    without_tilde = compact(header("vc+sd-jwt"), claims)
    yield w3c("no-tilde", "there is no tilde behind the token", without_tilde, _TYPE, reference="RFC 9901, section 4")
