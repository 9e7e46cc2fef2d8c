"""Whatever is served as a status list, and whoever signed it: a list, or an error that says which."""

from __future__ import annotations

from typing import Any

import cbor2
from hypothesis import given
from hypothesis import strategies as st

from did import StaticResolver
from status import OpenedList, StatusError
from status.lists import outcome_of
from vc_core import ANY_ISSUER, CODES, Policy
from vc_core.errors import VCError
from vc_core.status_lists import open_list, read_aggregation
from vectors.making.credentials import text
from vectors.making.messages import header as cose_header
from vectors.making.messages import message
from vectors.making.signing import compact, header
from vectors.making.status import LIST
from vectors.making.status_lists import list_claims
from vectors.making.tokens import NOW

OPEN = open_list(StaticResolver(), Policy(accepted_issuers=ANY_ISSUER))
TOKEN: dict[str, Any] = {"sub": LIST, "iat": 1_769_850_000, "status_list": {"bits": 1, "lst": "eNrbuRgAAhcBXQ"}}
LABELS: dict[str, int] = {"sub": 2, "iat": 6, "exp": 4, "nbf": 5, "ttl": 65534, "status_list": 65533, "iss": 1}

scalars = (
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False) | st.text(max_size=20)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def check(body: bytes) -> None:
    found = outcome_of(OPEN, body, url=LIST, now=NOW)
    if isinstance(found, StatusError):
        assert found.code in CODES
        assert found.url == LIST
        assert found.detail.isprintable()
    else:
        assert isinstance(found, OpenedList)
        assert found.url == LIST


@given(
    st.binary(max_size=200)
    | st.sampled_from([b"\xd2", b"\x84", b"\xd2\x84", b"{", b"eyJ"]).flatmap(
        lambda start: st.binary(max_size=100).map(lambda end: start + end)
    )
)
def test_any_bytes(body: bytes) -> None:
    check(body)


@given(st.sampled_from(sorted(LABELS)), values)
def test_any_claim_of_a_token(name: str, value: Any) -> None:
    check(compact(header("statuslist+jwt"), TOKEN | {name: value}))


@given(st.sampled_from(["bits", "lst"]), values | st.binary(max_size=20))
def test_any_list_in_a_token(name: str, value: Any) -> None:
    if not isinstance(value, bytes):
        check(compact(header("statuslist+jwt"), TOKEN | {"status_list": TOKEN["status_list"] | {name: value}}))
    claims = {LABELS[each]: said for each, said in TOKEN.items()} | {65533: {"bits": 1, "lst": b"", name: value}}
    check(message(cose_header("statuslist+cwt"), cbor2.dumps(claims)))


@given(st.sampled_from(sorted(LABELS.values())), values | st.binary(max_size=20))
def test_any_claim_of_a_message(label: int, value: Any) -> None:
    claims = {LABELS[each]: said for each, said in TOKEN.items()} | {65533: {"bits": 1, "lst": b""}, label: value}
    check(message(cose_header("statuslist+cwt"), cbor2.dumps(claims)))


@given(st.sampled_from(sorted(list_claims())), values)
def test_any_member_of_a_list_credential(name: str, value: Any) -> None:
    check(compact(header("vc+jwt"), list_claims() | {name: value}))


@given(st.sampled_from(["type", "statusPurpose", "encodedList", "ttl", "statusSize", "id"]), values)
def test_any_member_of_its_subject(name: str, value: Any) -> None:
    claims = list_claims()
    claims["credentialSubject"] = claims["credentialSubject"] | {name: value}
    check(compact(header("vc+jwt"), claims))


@given(values | st.fixed_dictionaries({"status_lists": values}))
def test_any_aggregation(value: Any) -> None:
    try:
        found: Any = list(read_aggregation(text(value)))
    except VCError as error:
        found = error.code
    assert found in CODES if isinstance(found, str) else found == value["status_lists"]
