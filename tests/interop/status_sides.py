"""The sides of an exchange of status lists: ours, and the independent implementations of `status.mjs`.

A list is said by its length and by its values that are not 0, by index.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from documents import V1, V2
from peer import Peer
from sides import CONTEXTS, CREATED, NOW, Key
from token_keys import RESOLVER

from did import PrivateKey
from status import FORMATS, MOST_BYTES, OpenedList, StatusEntry, StatusList
from status.store import ListInfo, Snapshot
from vc_core import ANY_ISSUER, LocalSigner, Policy, Signer, VerificationResult, verify
from vc_core.evidence import Evidence
from vc_core.status_lists import ListSecuring, check_list, open_list, seal_list, status_lists

LIST: Final = "https://issuer.example/status/3"
LENGTH: Final = 131_072
MADE: Final = datetime.fromisoformat(CREATED)
MOMENT: Final = datetime.fromisoformat(NOW)

W3C_TYPES: Final = {"bitstring": "BitstringStatusListEntry", "statuslist2021": "StatusList2021Entry"}
TERMS_OF_STATUS: Final = {
    "bitstring": "https://www.w3.org/ns/credentials/status/v1",
    "statuslist2021": "https://w3id.org/vc/status-list/2021/v1",
}
"""The contexts that a credential of the data model 1.1 needs for its entries."""


@dataclass(frozen=True, slots=True)
class Codec:
    """One encoding of lists: the name of our format, and the name that `status.mjs` has for it."""

    ours: str
    theirs: str

    def list_of(self, length: int, values: Mapping[int, int], *, size: int = 1) -> StatusList:
        """The list as we lay it out; it may be longer, to fill its last byte."""
        order = FORMATS[self.ours].least_significant_first
        return StatusList.of_length(length, size=size, least_significant_first=order).updated(values)

    def ours_encode(self, statuses: StatusList) -> str | bytes:
        layout = FORMATS[self.ours]
        return layout.encode_bytes(statuses) if self.theirs == "token-cbor" else layout.encode(statuses)

    def ours_decode(self, encoded: str | bytes, *, size: int = 1) -> StatusList:
        return FORMATS[self.ours].decode(encoded, size=size, most_bytes=MOST_BYTES)

    def theirs_encode(self, peer: Peer, length: int, values: Mapping[int, int], *, size: int = 1) -> str | bytes:
        answer = peer.ask("encode", format=self.theirs, length=length, size=size, values=dict(values))
        encoded: str = answer["encoded"]
        return bytes.fromhex(encoded) if self.theirs == "token-cbor" else encoded

    def theirs_decode(
        self, peer: Peer, encoded: str | bytes, indexes: Iterable[int], *, size: int = 1
    ) -> tuple[int, list[int]]:
        """The length that they read, and the values at `indexes`."""
        text = encoded.hex() if isinstance(encoded, bytes) else encoded
        answer = peer.ask("decode", format=self.theirs, encoded=text, size=size, indexes=list(indexes))
        return answer["length"], answer["values"]


CODECS: Final = (
    Codec("bitstring", "bitstring"),
    Codec("statuslist2021", "statuslist2021"),
    Codec("token", "token"),
    Codec("token", "token-cbor"),
)


def snapshot(
    kind: str,
    values: Mapping[int, int],
    *,
    url: str = LIST,
    purposes: tuple[str, ...] = ("revocation",),
    size: int = 1,
    length: int = LENGTH,
    ttl: timedelta | None = None,
) -> Snapshot:
    """What our store would hand out to be published: a list of the format `kind`."""
    statuses = Codec(kind, kind).list_of(length, values, size=size)
    purposes = () if kind == "token" else purposes
    info = ListInfo(url, kind, purposes, size, length, ttl, (), "registrar", MADE)
    return Snapshot(info, statuses, len(values), 1, MADE)


def seal(taken: Snapshot, signer: Signer, securing: ListSecuring, **options: Any) -> bytes:
    """The list as we publish it, checked as our store has it checked."""
    body = seal_list(taken, signer=signer, securing=securing, **options)
    check_list(body, taken, issuer=signer.verification_method.partition("#")[0], resolver=RESOLVER)
    return body


def opened(body: str | bytes, *, url: str = LIST) -> OpenedList:
    """A list of anybody, opened by us. Raises `StatusError`."""
    policy = Policy(accepted_issuers=ANY_ISSUER, contexts=CONTEXTS)
    return open_list(RESOLVER, policy)(octets(body), url=url, now=MOMENT)


def values_of(found: OpenedList, indexes: Iterable[int], *, purpose: str = "revocation") -> list[int]:
    """What the opened list says at `indexes` of entries, by the issuer of the list."""
    if found.format == "token":
        entries = [StatusEntry.reference(reference(index)["status_list"]) for index in indexes]
    else:
        entries = [StatusEntry.parse(entry(found.format, index, purpose=purpose)) for index in indexes]
    return [found.value(each, issuers={found.issuer}, now=MOMENT) for each in entries]


def ours_verify(
    credential: str | bytes, issuer: str, lists: Mapping[str, str | bytes], **rules: Any
) -> VerificationResult:
    """What we say at `NOW` of a credential of `issuer` whose lists are at hand, as they are served."""
    policy = Policy(accepted_issuers=frozenset({issuer}), contexts=CONTEXTS, **rules)
    evidence = Evidence(resources={url: octets(text) for url, text in lists.items()})
    found = status_lists(evidence, resolver=RESOLVER, policy=policy)
    return verify(octets(credential), resolver=RESOLVER, status=found, policy=policy, now=MOMENT)


def theirs_verify(peer: Peer, credential: str | bytes, lists: Mapping[str, str | bytes]) -> str:
    """Empty if they verify the credential at `NOW` and find no bit set; else what they say.

    Of a Bitstring Status List they report the bits and leave it to the caller what follows; of a Status List 2021 a
    bit that is set is a failure without a message.
    """
    texts = {url: octets(text).decode() for url, text in lists.items()}
    answer = peer.ask("check", document=octets(credential).decode(), lists=texts, now=NOW)
    if answer["verified"]:
        return SET if True in answer["statuses"] else ""
    return str(answer.get("error") or SET)


SET: Final = "a bit is set"


def octets(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def entry(kind: str, index: int, *, purpose: str = "revocation", url: str = LIST) -> dict[str, Any]:
    """A status entry of a credential."""
    return {
        "id": f"{url}#{index}",
        "type": W3C_TYPES[kind],
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": url,
    }


def reference(index: int, *, url: str = LIST) -> dict[str, Any]:
    """The claim `status` of a token."""
    return {"status_list": {"idx": index, "uri": url}}


def credential(status: object, issuer: str, *, kind: str = "bitstring", model: str = "2.0") -> dict[str, Any]:
    """A credential with a status, under "1.1" with the terms of the format `kind`."""
    contexts, beginning = ([V2], "validFrom") if model == "2.0" else ([V1, TERMS_OF_STATUS[kind]], "issuanceDate")
    return {
        "@context": contexts,
        "id": "urn:example:credential",
        "type": ["VerifiableCredential"],
        "issuer": issuer,
        beginning: CREATED,
        "credentialStatus": status,
        "credentialSubject": {"id": "urn:example:learner"},
    }


def signer_of(key: Key) -> LocalSigner:
    """The key of a did:key for W3C credentials."""
    return LocalSigner(PrivateKey.from_multikey(key.secret), key.verification_method)


def theirs_sign(peer: Peer, document: Mapping[str, Any], cryptosuite: str, key: Key) -> str:
    """The document as they secure it, in the peer for Data Integrity; its content they do not look at."""
    asked = {"cryptosuite": cryptosuite, "key": key.multikey, "created": CREATED, "proof": {}}
    text: str = peer.ask("sign", document=json.dumps(document), **asked)["document"]
    return text
