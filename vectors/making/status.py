"""Status entries, and what the lists say, which the verifier was given as numbers; accreditations in a registry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from vectors.making.case import Case
from vectors.making.credentials import Claims, accepting, secure, small, text
from vectors.making.keys import did_of

LIST: Final = "https://status.example/lists/1"

_ISSUER: Final = did_of("issuer", "Ed25519")
_RANGE: Final = {"length": 131_072, "values": {"7": 1, "9": 2}}
_REGISTRY: Final = "https://registry.example/trusted-issuers-registry/v5"
_SUBJECT: Final = "did:ebsi:zzVWLVDDAaTjGpMHBCKYwV3"
_RESERVED: Final = "cf89e47e260eda53bb199096ca97347790c84d2c8a5f2ce3f411eaba14d0003e"
_ATTRIBUTE: Final = f"{_REGISTRY}/issuers/{_SUBJECT}/attributes/{_RESERVED}"


def cases() -> Iterator[Case]:
    """The cases about status entries."""
    yield from _statuses()
    yield from _accreditations()


def _case(name: str, title: str, claims: Claims, *codes: str, **members: Any) -> Case:
    members = {"policy": accepting()} | members
    document = text(secure(small(_ISSUER) | claims))
    return Case(spec="status", name=name, title=title, document=document, codes=codes, **members)


def entry(**members: Any) -> Claims:
    """An entry of `credentialStatus`; `members` are put in its place."""
    return {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "7",
        "statusListCredential": LIST,
    } | members


def _statuses() -> Iterator[Case]:
    """Status entries, and what the list says. `statusLists` gives for each list its length and the values not 0."""

    def status(name: str, title: str, value: Any, *codes: str, **members: Any) -> Case:
        members = {"evidence": {"statusLists": {LIST: _RANGE}}} | members
        reference = "Bitstring Status List 1.0, section 3.2"
        return _case(name, title, {"credentialStatus": value}, *codes, reference=reference, **members)

    bad, missing = "STATUS_VERIFICATION_ERROR", "STATUS_RETRIEVAL_ERROR"
    yield status("revoked", "the list says that it is revoked", entry(), "REVOKED")
    yield status("suspended", "the list says that it is suspended", entry(statusPurpose="suspension"), "SUSPENDED")
    yield status("clear", "the list says nothing against it", entry(statusListIndex="8"))
    yield status("message", "a set bit for another purpose does not speak against it", entry(statusPurpose="refresh"))
    entries = [entry(statusListIndex="8"), entry(statusPurpose="suspension")]
    yield status("two-entries", "one entry of two speaks against it", entries, "SUSPENDED")
    yield status("earlier-type", "an entry of the type before", entry(type="StatusList2021Entry"), "REVOKED")
    yield status("list-missing", "the list was not handed in", entry(), missing, missing=True, evidence={})
    yield status(
        "list-missing-skipped", "the policy skips the status", entry(), evidence={}, policy=accepting(status="skip")
    )
    both = [entry(), entry(statusListCredential="https://status.example/lists/2", statusListIndex="8")]
    yield status(
        "list-missing-revoked", "one list is missing, and the other says that it is revoked", both, "REVOKED", missing
    )
    yield status(
        "beyond-the-list", "the index lies outside of the list", entry(statusListIndex="131072"), "RANGE_ERROR"
    )
    wide = entry(
        statusPurpose="message",
        statusSize=2,
        statusListIndex="9",
        statusMessage=[{"status": hex(n), "message": "m"} for n in range(4)],
    )
    yield status("size-two", "an entry two bits wide", wide)
    wrong: dict[str, tuple[str, Claims]] = {
        "type-unknown": ("a type that nobody knows", {"type": "CredentialStatusList2017"}),
        "type-list": ("a list of types", {"type": ["BitstringStatusListEntry"]}),
        "purpose-missing": ("an empty purpose", {"statusPurpose": ""}),
        "purpose-list": ("a list of purposes", {"statusPurpose": ["revocation"]}),
        "index-number": ("the index is a number", {"statusListIndex": 7}),
        "index-negative": ("a negative index", {"statusListIndex": "-7"}),
        "index-zero-first": ("an index with a zero before it", {"statusListIndex": "07"}),
        "index-spaces": ("an index with a space", {"statusListIndex": " 7"}),
        "index-other-digits": ("an index in other digits", {"statusListIndex": "७"}),
        "index-huge": ("an index of a thousand digits", {"statusListIndex": "1" * 1000}),
        "list-number": ("the list is a number", {"statusListCredential": 1}),
        "size-zero": ("an entry no bit wide", {"statusSize": 0}),
        "size-true": ("an entry true bits wide", {"statusSize": True}),
        "size-without-messages": ("an entry two bits wide, without messages", {"statusSize": 2}),
    }
    for name, (title, members) in wrong.items():
        yield status(name, title, entry(**members), bad)


def _accreditations() -> Iterator[Case]:
    """Accreditations of EBSI, whose status is what the registry says of the attribute that they stand in."""

    def accreditation(
        name: str,
        title: str,
        *codes: str,
        status: Claims | None = None,
        subject: Claims | None = None,
        answer: Claims | None = None,
        registries: tuple[str, ...] = (_REGISTRY,),
        **members: Any,
    ) -> Case:
        record = {"did": _SUBJECT, "attribute": {"issuerType": "TI"}} | (answer or {})
        claims = {
            "credentialSubject": {"id": _SUBJECT, "reservedAttributeId": _RESERVED} | (subject or {}),
            "credentialStatus": {"id": _ATTRIBUTE, "type": "EbsiAccreditationEntry"} | (status or {}),
        }
        members = {"evidence": {"resources": {_ATTRIBUTE: {"text": text(record).decode()}}}} | members
        return _case(
            f"accreditation-{name}",
            f"an accreditation: {title}",
            claims,
            *codes,
            reference="EBSI, Trusted Issuers Registry API v5",
            policy=accepting(statusRegistries=list(registries)),
            **members,
        )

    bad, missing = "STATUS_VERIFICATION_ERROR", "STATUS_RETRIEVAL_ERROR"
    yield accreditation("in-force", "the registry says that it is in force")
    for issuer_type in ("RootTAO", "TAO"):
        yield accreditation(
            f"of-{issuer_type}", f"of a {issuer_type}", answer={"attribute": {"issuerType": issuer_type}}
        )
    revoked = {"attribute": {"issuerType": "Revoked"}}
    yield accreditation("revoked", "the registry says that it is revoked", "REVOKED", answer=revoked)
    undefined = {"attribute": {"issuerType": "Undefined"}}
    yield accreditation("undefined", "the registry has it, and nobody accepted it yet", bad, answer=undefined)
    yield accreditation("untyped", "the registry does not say what it is", bad, answer={"attribute": {}})
    yield accreditation("of-another", "the registry speaks of another subject", bad, answer={"did": _ISSUER})
    yield accreditation(
        "no-json", "the registry answers with something else", bad, evidence={"resources": {_ATTRIBUTE: {"text": "-"}}}
    )
    yield accreditation("not-supplied", "the answer was not handed in", missing, missing=True, evidence={})
    yield accreditation("no-registry", "the policy names no registry", missing, missing=True, registries=())
    other = ("https://registry.example/trusted-issuers-registry/v4",)
    yield accreditation("other-registry", "the policy names another registry", missing, missing=True, registries=other)
    yield accreditation(
        "short-id", "the reserved attribute has 31 bytes", bad, subject={"reservedAttributeId": "ab" * 31}
    )
    yield accreditation("no-id", "no attribute is reserved", bad, subject={"reservedAttributeId": None})
    yield accreditation(
        "of-stranger", "the entry names the attribute of another subject", bad, subject={"id": "did:ebsi:zother"}
    )
    elsewhere = {"id": f"https://other.example/#{_ATTRIBUTE}"}
    yield accreditation("elsewhere", "the entry names another host", missing, missing=True, status=elsewhere)
    beyond = {"id": f"{_ATTRIBUTE}/revisions/1"}
    yield accreditation("revision", "the entry names a revision of the attribute", bad, status=beyond)
