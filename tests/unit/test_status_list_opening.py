"""Status lists that are verified and opened, made and checked: every mechanism, every refusal that is no vector."""

from __future__ import annotations

import json
import tracemalloc
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

import did
from status import (
    FORMATS,
    MalformedStatusList,
    OpenedList,
    StatusEntry,
    StatusError,
    StatusList,
    StatusRetrievalError,
    StatusVerificationError,
)
from status.lists import outcome_of
from status.store import ListInfo, Snapshot
from vc_core import (
    ANY_ISSUER,
    JWTVC,
    SDJWTVC,
    VCCOSE,
    VCJWT,
    VCSDJWT,
    DataIntegrity,
    Evidence,
    Limits,
    ParsingError,
    Policy,
    VCError,
    issue,
)
from vc_core.status_lists import (
    EvidenceLists,
    check_list,
    list_credential,
    media_type,
    open_list,
    read_aggregation,
    seal_list,
    status_lists,
    write_aggregation,
)
from vc_core.status_lists import evidence as module_of_evidence
from vectors.making.credentials import secure, text
from vectors.making.keys import did_of, signer_of
from vectors.making.signing import compact, header
from vectors.making.status_lists import list_claims
from vectors.making.tokens import NOW

URL = "https://status.example/lists/1"
ISSUER = did_of("issuer", "Ed25519")
SIGNER = signer_of("issuer", "Ed25519")
RESOLVER = did.StaticResolver()
POLICY = Policy(accepted_issuers=frozenset({ISSUER}))
TTL = timedelta(minutes=5)

EDDSA, RDFC = (DataIntegrity(cryptosuite=name) for name in ("eddsa-jcs-2022", "eddsa-rdfc-2022"))
SECURINGS: dict[str, tuple[str, Any, str]] = {
    "eddsa-jcs-2022": ("bitstring", EDDSA, "application/vc"),
    "eddsa-rdfc-2022": ("bitstring", RDFC, "application/vc"),
    "vc+jwt": ("bitstring", VCJWT(), "application/vc+jwt"),
    "vc+sd-jwt": ("bitstring", VCSDJWT(), "application/vc+sd-jwt"),
    "vc+cose": ("bitstring", VCCOSE(), "application/vc+cose"),
    "jwt_vc": ("bitstring", JWTVC(), "application/jwt"),
    "2021 jwt_vc": ("statuslist2021", JWTVC(), "application/jwt"),
    "2021 eddsa-jcs-2022": ("statuslist2021", EDDSA, "application/vc"),
    "2021 eddsa-rdfc-2022": ("statuslist2021", RDFC, "application/vc"),
    "statuslist+jwt": ("token", "statuslist+jwt", "application/statuslist+jwt"),
    "statuslist+cwt": ("token", "statuslist+cwt", "application/statuslist+cwt"),
}


def snapshot(name: str = "bitstring", values: dict[int, int] | None = None, **members: Any) -> Snapshot:
    of_token = name == "token"
    size = members.pop("size", 2 if of_token else 1)
    at = members.pop("at", NOW)
    purposes = () if of_token else members.pop("purposes", ("revocation",))
    info = ListInfo(
        **{"url": URL, "format": name, "purposes": purposes, "size": size, "length": 131_072, "ttl": TTL}
        | {"messages": (), "actor": "registrar", "created": NOW}
        | members
    )
    empty = StatusList.of_length(131_072, size=size, least_significant_first=of_token)
    return Snapshot(info, empty.updated({7: 1} if values is None else values), 1, 1, at)


def opened(body: bytes, *, url: str = URL, now: datetime = NOW, policy: Policy = POLICY) -> OpenedList:
    return open_list(RESOLVER, policy)(body, url=url, now=now)


@pytest.mark.parametrize("kind", SECURINGS)
@pytest.mark.parametrize("later", [timedelta(0), timedelta(microseconds=123_456)])
def test_what_is_made_is_what_is_opened(kind: str, later: timedelta) -> None:
    name, securing, served_as = SECURINGS[kind]
    made = snapshot(name, {0: 1, 131_071: 1}, at=NOW + later)
    body = seal_list(made, signer=SIGNER, securing=securing, lifetime=timedelta(days=1))
    check_list(body, made, issuer=ISSUER, resolver=RESOLVER)
    assert media_type(body) == served_as
    found = opened(body)
    assert (found.url, found.format, found.issuer) == (URL, name, ISSUER)
    assert found.purposes == frozenset(made.info.purposes)
    assert found.statuses.data == made.statuses.data
    assert found.ttl == (None if name == "statuslist2021" else TTL)
    assert found.valid_from == made.at - POLICY.clock_skew
    ends = found.valid_until
    assert ends is not None
    assert timedelta(days=1) - timedelta(seconds=1) < ends - NOW <= timedelta(days=1) + later
    for each in (0, 131_071):
        assert found.value(entry(name, each), issuers={ISSUER}, now=NOW) == 1
    assert found.value(entry(name, 1), issuers={ISSUER}, now=NOW) == 0


def entry(name: str, index: int) -> StatusEntry:
    if name == "token":
        return StatusEntry.reference({"idx": index, "uri": URL})
    return StatusEntry(FORMATS[name].entry_type, "revocation", index, URL)


def test_a_list_in_the_form_of_ebsi() -> None:
    made = snapshot("statuslist2021")
    schema = "https://registry.example/trusted-schemas-registry/v3/schemas/z1"
    securing = JWTVC(profile="EBSI")
    body = seal_list(made, signer=SIGNER, securing=securing, lifetime=timedelta(days=1), ebsi_schema=schema)
    check_list(body, made, issuer=ISSUER, resolver=RESOLVER)
    assert opened(body, policy=replace(POLICY, jwt_profile="EBSI")).format == "statuslist2021"
    with pytest.raises(VCError):
        seal_list(made, signer=SIGNER, securing=securing)


def test_a_list_of_several_purposes_and_of_messages() -> None:
    for purposes, size in ((("revocation", "suspension"), 1), (("message",), 3)):
        made = snapshot(purposes=purposes, size=size, values={5: 1})
        body = seal_list(made, signer=SIGNER, securing=EDDSA)
        check_list(body, made, issuer=ISSUER, resolver=RESOLVER)
        found = opened(body)
        assert (found.purposes, found.valid_until) == (set(purposes), None)
        of_size = StatusEntry("BitstringStatusListEntry", purposes[-1], 5, URL, size)
        assert found.value(of_size, issuers={ISSUER}, now=NOW) == 1


def test_where_all_lists_are_named() -> None:
    uri = "https://status.example/lists"
    body = seal_list(snapshot("token"), signer=SIGNER, securing="statuslist+cwt", aggregation_uri=uri)
    assert uri.encode() in body
    urls = ("https://status.example/lists/1", "https://status.example/lists/2")
    assert read_aggregation(write_aggregation(urls)) == urls
    assert read_aggregation(b'{"status_lists": [], "other": 1}') == ()
    for wrong in (b"[]", b"{}", b'{"status_lists": "x"}', b'{"status_lists": [1]}', b'{"status_lists": [""]}', b"-"):
        with pytest.raises(ParsingError):
            read_aggregation(wrong)


@pytest.mark.parametrize(
    ("name", "securing"), [("token", EDDSA), ("bitstring", "statuslist+jwt"), ("statuslist2021", "statuslist+cwt")]
)
def test_a_mechanism_that_is_not_for_the_format(name: str, securing: Any) -> None:
    with pytest.raises(ValueError, match=f"format {name}"):
        seal_list(snapshot(name), signer=SIGNER, securing=securing)


def test_a_list_credential_of_another_data_model() -> None:
    for name, data_model in (("statuslist2021", "2.0"), ("token", "2.0"), ("token", "1.1")):
        with pytest.raises(ValueError, match=f"format {name}"):
            list_credential(snapshot(name), issuer=ISSUER, data_model=data_model)  # type: ignore[arg-type]  # a text


@pytest.mark.parametrize("kind", ["eddsa-jcs-2022", "jwt_vc", "statuslist+jwt", "statuslist+cwt"])
def test_what_is_made_is_checked(kind: str) -> None:
    """As a store does before it publishes: whatever is not the snapshot by the issuer is refused."""
    name, securing, _ = SECURINGS[kind]
    made = snapshot(name)
    body = seal_list(made, signer=SIGNER, securing=securing)
    others: list[Snapshot] = [
        replace(made, statuses=made.statuses.updated({8: 1})),
        replace(made, at=made.at + timedelta(seconds=1)),
        replace(made, info=replace(made.info, url=f"{URL}0")),
    ]
    if name != "token":
        others.append(replace(made, info=replace(made.info, purposes=("suspension",))))
    else:
        others.append(replace(made, info=replace(made.info, size=4)))
    for other in others:
        with pytest.raises(StatusError):
            check_list(body, other, issuer=ISSUER, resolver=RESOLVER)
    with pytest.raises(StatusVerificationError, match="was made to say"):
        check_list(body, made, issuer=did_of("stranger", "Ed25519"), resolver=RESOLVER)
    with pytest.raises(StatusError):
        check_list(body[:-5] + b"AAAAA", made, issuer=ISSUER, resolver=RESOLVER)


@pytest.mark.parametrize("kind", SECURINGS)
def test_every_change_of_a_byte_is_refused_or_changes_nothing(kind: str) -> None:
    name, securing, _ = SECURINGS[kind]
    body = seal_list(snapshot(name), signer=SIGNER, securing=securing)
    original = opened(body)
    for position in range(0, len(body), 29):
        other = body[:position] + bytes([body[position] ^ 1]) + body[position + 1 :]
        found = outcome_of(open_list(RESOLVER, POLICY), other, url=URL, now=NOW)
        assert found == original or (isinstance(found, StatusError) and found.url == URL), position


@pytest.mark.parametrize("kind", ["eddsa-jcs-2022", "vc+jwt", "statuslist+jwt", "statuslist+cwt"])
def test_a_key_that_is_not_at_hand_leaves_it_open(kind: str) -> None:
    name, securing, _ = SECURINGS[kind]
    signer = signer_of("issuer", "Ed25519", "did:web:issuer.example#one")
    body = seal_list(snapshot(name), signer=signer, securing=securing)
    with pytest.raises(StatusRetrievalError, match="not at hand") as raised:
        opened(body)
    assert raised.value.url == URL


@pytest.mark.parametrize("kind", ["eddsa-jcs-2022", "vc+jwt", "jwt_vc", "statuslist+jwt", "statuslist+cwt"])
def test_a_list_of_another_time_is_opened_and_not_asked(kind: str) -> None:
    name, securing, _ = SECURINGS[kind]
    body = seal_list(snapshot(name), signer=SIGNER, securing=securing, lifetime=timedelta(hours=1))
    second = timedelta(seconds=1)
    for moment, answers in (
        (NOW - POLICY.clock_skew - second, False),
        (NOW - POLICY.clock_skew, True),
        (NOW + timedelta(hours=1) - second, True),
        (NOW + timedelta(hours=1) + second, False),
    ):
        if kind == "eddsa-jcs-2022" and not answers and moment < NOW:
            continue  # its proof was made in the future, which is refused at once
        found = opened(body, now=moment)
        if answers:
            assert found.value(entry(name, 7), issuers={ISSUER}, now=moment) == 1
        else:
            with pytest.raises(StatusRetrievalError):
                found.value(entry(name, 7), issuers={ISSUER}, now=moment)


def test_versions_follow_each_other_by_when_they_were_made() -> None:
    """Also where the validity period says nothing of it: a list that is older is seen to be."""
    made = [secure(list_claims(validFrom=None), created=datetime(2026, 1, day, tzinfo=UTC)) for day in (10, 11, 12)]
    begins = [opened(text(each)).valid_from for each in made]
    assert all(one is not None and other is not None and one < other for one, other in pairwise(begins))
    claims = list_claims(validFrom=None)
    token = opened(issue(claims, signer=SIGNER, securing=VCJWT(), created=NOW))
    assert token.valid_from == NOW - POLICY.clock_skew
    assert opened(compact(header("vc+jwt"), claims)).valid_from is None


def test_a_list_is_valid_no_longer_than_its_proof() -> None:
    """And that it has expired says no more than that there may be another one."""
    expires = NOW + timedelta(hours=1)
    body = text(secure(list_claims(validUntil="2026-12-31T00:00:00Z"), expires=expires))
    for moment in (NOW, expires + timedelta(days=1)):
        assert opened(body, now=moment).valid_until == expires


def test_the_policy_is_that_for_credentials_without_what_is_about_one() -> None:
    body = text(secure(list_claims()))
    other = replace(
        POLICY,
        accepted_issuers=frozenset(),
        proof_purpose="authentication",
        challenge="n-0S6_WzA2Mj",
        domain=frozenset({"verifier.example"}),
        keys_as_of="issuance",
        require_issuer_control=False,
    )
    assert opened(body, policy=other).issuer == ISSUER
    borrowed = text(secure(list_claims(issuer=did_of("stranger", "Ed25519"))))
    with pytest.raises(StatusVerificationError, match="key of the issuer"):
        opened(borrowed, policy=other)
    for narrow in (replace(POLICY, cryptosuites={}), replace(POLICY, algorithms={}), replace(POLICY, contexts=NONE)):
        with pytest.raises(StatusVerificationError):
            opened(body, policy=narrow)
    for kind in ("statuslist+jwt", "statuslist+cwt"):
        token = seal_list(snapshot("token"), signer=SIGNER, securing=kind)
        with pytest.raises(StatusVerificationError):
            opened(token, policy=replace(POLICY, algorithms={}))
        with pytest.raises(StatusVerificationError):
            opened(token, policy=replace(POLICY, limits=Limits(document_bytes=len(token) - 1)))
    token = seal_list(snapshot(), signer=SIGNER, securing=VCJWT())
    with pytest.raises(StatusVerificationError, match="accepts no token"):
        opened(token, policy=replace(POLICY, envelopes={}))


NONE = type(POLICY.contexts)({})


def test_schemas_of_lists_are_looked_for_only_where_they_are_required() -> None:
    schema = "https://schemas.example/list.json"
    body = text(secure(list_claims(credentialSchema={"id": schema, "type": "JsonSchema"})))
    evidence = Evidence(resources={schema: b'{"required": ["nothing"]}'})
    require = replace(POLICY, resources="require")
    assert open_list(RESOLVER, POLICY, evidence)(body, url=URL, now=NOW)
    with pytest.raises(StatusRetrievalError, match="was not supplied"):
        open_list(RESOLVER, require)(body, url=URL, now=NOW)
    with pytest.raises(StatusVerificationError, match="schema is broken"):
        open_list(RESOLVER, require, evidence)(body, url=URL, now=NOW)
    kind = Evidence(resources={schema: b"{}"})
    assert open_list(RESOLVER, require, kind)(body, url=URL, now=NOW)


def test_what_is_no_list() -> None:
    signed_vc = issue({"vct": "https://types.example/1", "iss": ISSUER}, signer=SIGNER, securing=SDJWTVC(), created=NOW)
    for body in (signed_vc, b"", b"\xd2", b"\x84", b"~", b"eyJ", b"{}", b"[]", b"null", bytes(range(256))):
        with pytest.raises(StatusError) as raised:
            opened(body)
        assert (raised.value.url, type(raised.value)) == (URL, StatusVerificationError)


@pytest.mark.parametrize("kind", ["eddsa-jcs-2022", "vc+jwt", "statuslist+jwt"])
def test_a_list_that_inflates_beyond_all_bounds(kind: str) -> None:
    """64 MiB of zeros, signed: what is inflated of them is the limit, and no more."""
    name, securing, _ = SECURINGS[kind]
    layout = FORMATS[name]
    stream = zlib.compressobj(9, zlib.DEFLATED, layout.container)
    zeros = bytes(1 << 20)
    bomb = layout.bytes_to_text(b"".join(stream.compress(zeros) for _ in range(64)) + stream.flush())
    if name == "token":
        claims: dict[str, Any] = {"sub": URL, "iat": 1_769_850_000, "status_list": {"bits": 1, "lst": bomb}}
        body = compact(header("statuslist+jwt"), claims)
    else:
        body = issue(list_claims({"encodedList": bomb}), signer=SIGNER, securing=securing, created=NOW)
    tracemalloc.start()
    try:
        with pytest.raises(MalformedStatusList, match="longer than"):
            opened(body)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 40 * 1024 * 1024


# lists among evidence


class Counted:
    """An opener that counts how often it is asked, and answers as it is told."""

    def __init__(self, answer: Callable[[], OpenedList]) -> None:
        self.answer, self.asked = answer, 0

    def __call__(self, body: bytes, /, *, url: str, now: datetime) -> OpenedList:
        self.asked += 1
        return self.answer()


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """Opens every list as one and the same."""
    found = opened(text(secure(list_claims())))
    opener = Counted(lambda: found)
    monkeypatch.setattr(module_of_evidence, "open_list", lambda *_: opener)
    return opener


def look_up(lists: Any, *, now: datetime = NOW) -> int:
    value: int = lists.look_up(entry("bitstring", 7), issuers={ISSUER}, now=now)
    return value


def test_a_list_is_opened_once_for_all_verdicts(counted: Counted) -> None:
    lists = EvidenceLists(RESOLVER, POLICY)
    for _ in range(5):
        assert look_up(lists.of(Evidence(resources={URL: bytes(bytearray(b"list"))}))) == 1
    assert counted.asked == 1
    look_up(lists.of(Evidence(resources={URL: b"other list"})))
    look_up(lists.of(Evidence(resources={URL: b"list"})), now=NOW + TTL)
    assert counted.asked == 3


def test_a_list_that_is_refused_is_refused_once(counted: Counted) -> None:
    def refuse() -> OpenedList:
        raise StatusVerificationError("no list")

    counted.answer = refuse
    lists, raised = EvidenceLists(RESOLVER, POLICY), []
    for _ in range(3):
        with pytest.raises(StatusVerificationError, match="no list") as error:
            look_up(lists.of(Evidence(resources={URL: b"list"})))
        raised.append(error.value)
    assert counted.asked == 1
    assert len(set(map(id, raised))) == 3
    assert {each.url for each in raised} == {URL}


def test_a_list_that_is_open_is_tried_again(counted: Counted) -> None:
    def refuse() -> OpenedList:
        raise StatusRetrievalError("not yet")

    counted.answer = refuse
    lists = EvidenceLists(RESOLVER, POLICY)
    for _ in range(3):
        with pytest.raises(StatusRetrievalError, match="not yet"):
            look_up(lists.of(Evidence(resources={URL: b"list"})))
    assert counted.asked == 3


def test_where_resources_are_required_the_evidence_decides_about_lists_too() -> None:
    schema = "https://schemas.example/list.json"
    body = text(secure(list_claims(credentialSchema={"id": schema, "type": "JsonSchema"})))
    lists = EvidenceLists(RESOLVER, replace(POLICY, resources="require"))
    with pytest.raises(StatusRetrievalError):
        look_up(lists.of(Evidence(resources={URL: body})))
    assert look_up(lists.of(Evidence(resources={URL: body, schema: b"{}"}))) == 1


def test_lists_of_one_piece_of_evidence() -> None:
    body = text(secure(list_claims()))
    lists = status_lists(Evidence(resources={URL: body}), resolver=RESOLVER, policy=POLICY)
    assert look_up(lists) == 1
    with pytest.raises(StatusRetrievalError, match="not supplied"):
        look_up(status_lists(Evidence(), resolver=RESOLVER, policy=Policy(accepted_issuers=ANY_ISSUER)))
    again = Evidence.read(Evidence(resources={URL: body}).write())
    assert look_up(status_lists(again, resolver=RESOLVER, policy=POLICY)) == 1
    assert json.loads(again.resources[URL])["id"] == URL
