"""What holds of every SD-JWT: what is kept back is gone, what is disclosed is as it was, and nothing breaks out."""

from __future__ import annotations

import contextlib
import copy
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from did import PrivateKey
from did.multibase import encode_base64url
from vc_core import Limits, VCError
from vc_core.securing.sd_jwt import SDJWT, SDJWTVC, bind, read, read_sd_jwt, select
from vc_core.securing.sd_jwt.paths import Path, path_in, pointer_to
from vc_core.securing.signed_data import LocalSigner, check
from vc_core.securing.token import Token

LIMITS = Limits()
NOW = datetime(2026, 3, 1, tzinfo=UTC)
SIGNER = LocalSigner.of_did_key(PrivateKey("Ed25519", bytes(range(32))))
NEEDED = {"iss": "https://issuer.example", "vct": "urn:example:type"}

names = st.text(st.characters(codec="utf-8"), max_size=4).filter(lambda name: name not in {"_sd", "_sd_alg", "..."})
scalars = (
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8"), max_size=5)
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4), max_leaves=12
)
claims = st.dictionaries(names.map(lambda name: "x" + name), values, min_size=1, max_size=5)


def paths(value: Any, path: Path = ()) -> list[Path]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [each for token, child in children for each in ((*path, token), *paths(child, (*path, token)))]


def without(value: Any, hidden: set[Path], path: Path = ()) -> Any:
    """The claims without those that are kept back."""
    if isinstance(value, dict):
        return {
            name: without(child, hidden, (*path, name)) for name, child in value.items() if (*path, name) not in hidden
        }
    if isinstance(value, list):
        return [without(child, hidden, (*path, at)) for at, child in enumerate(value) if (*path, at) not in hidden]
    return value


@given(st.data(), claims, st.sampled_from(["compact", "json"]), st.sampled_from(["sha-256", "sha-384", "sha-512"]))
def test_what_is_selected_is_what_is_read(data: st.DataObject, tree: dict[str, Any], form: str, hash_name: str) -> None:
    disclosable = set(data.draw(st.lists(st.sampled_from(paths(tree)), max_size=8)))
    containers = [path for path in ((), *paths(tree)) if isinstance(value(tree, path), dict | list)]
    decoys = {pointer_to(path): 2 for path in data.draw(st.lists(st.sampled_from(containers), max_size=3))}
    mechanism = SDJWTVC(
        disclosable={pointer_to(path) for path in disclosable},
        decoys=decoys,
        serialization=form,
        hash_algorithm=hash_name,
    )
    issued = mechanism.secure({**NEEDED, **copy.deepcopy(tree)}, signer=SIGNER, created=NOW)
    whole = read(issued, limits=LIMITS)
    assert whole.claims == {**NEEDED, **tree, "iat": int(NOW.timestamp())}
    chosen = data.draw(st.sets(st.sampled_from(sorted(disclosable, key=repr)))) if disclosable else set()
    shown = select(issued, disclose={pointer_to(path) for path in chosen}, limits=LIMITS)
    needed = {path[:length] for path in chosen for length in range(1, len(path) + 1)}
    token = read(shown, limits=LIMITS)
    assert token.claims == {**NEEDED, **without(tree, disclosable - needed), "iat": int(NOW.timestamp())}
    check(token.signed, SIGNER.public_key)
    assert select(issued, disclose=lambda path: path in chosen, limits=LIMITS) == shown


def value(tree: Any, path: Path) -> Any:
    for token in path:
        tree = tree[token]
    return tree


@given(claims, st.sampled_from(["compact", "flattened", "general"]))
def test_serializations_are_the_same_token(tree: dict[str, Any], form: str) -> None:
    mechanism = SDJWTVC(disclosable={pointer_to(path) for path in paths(tree)}, key_binding=SIGNER.public_key)
    issued = mechanism.secure({**NEEDED, **tree}, signer=SIGNER, created=NOW)
    bound = bind(issued, signer=SIGNER, nonce="n", audience="a", created=NOW, limits=LIMITS)
    taken_apart = read_sd_jwt(bound, limits=LIMITS)
    other = taken_apart._replace(form=form)  # type: ignore[arg-type]  # one of the literals
    assert read_sd_jwt(other.write(), limits=LIMITS) == other
    assert taken_apart.write() == bound
    assert read(other.write(), limits=LIMITS)._replace(text=b"") == read(bound, limits=LIMITS)._replace(text=b"")


@given(
    st.binary(max_size=200)
    | st.text(max_size=100).map(str.encode)
    | st.from_regex(rb"[A-Za-z0-9_.~-]*", fullmatch=True)
)
def test_any_bytes_are_a_token_or_refused(data: bytes) -> None:
    with contextlib.suppress(VCError):
        assert isinstance(read(data, limits=LIMITS), Token)


@given(st.binary(min_size=1, max_size=50) | st.sampled_from([b"~", b".", b" ", b"\n", b"=", b"A", b"{}"]))
def test_nothing_can_be_added(data: bytes) -> None:
    for changed in (ISSUED + data, data + ISSUED, ISSUED.replace(b"~", b"~" + data, 1)):
        with pytest.raises(VCError):
            read(changed, limits=LIMITS)


ISSUED = SDJWTVC(disclosable={"/a", "/b/0"}).secure(
    {**NEEDED, "a": [{"x": 1}], "b": [1, 2]}, signer=SIGNER, created=NOW
)


@given(st.integers(0, len(ISSUED) - 1), st.integers(1, 255))
def test_a_changed_byte_is_found(position: int, change: int) -> None:
    data = bytearray(ISSUED)
    data[position] ^= change
    with pytest.raises(VCError):
        check(read(bytes(data), limits=LIMITS).signed, SIGNER.public_key)


json_values = st.recursive(
    scalars | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["_sd", "...", "_sd_alg", "x"]), inner, max_size=3)
    ),
)


@given(json_values, st.lists(json_values, max_size=3))
@settings(max_examples=200)
def test_odd_payloads_and_disclosures(payload: Any, disclosures: list[Any]) -> None:
    header = encode_base64url(json.dumps({"typ": "dc+sd-jwt", "alg": "EdDSA", "kid": "did:example:a#b"}).encode())
    body = encode_base64url(json.dumps(payload).encode())
    texts = tuple(encode_base64url(json.dumps(each).encode()) for each in disclosures)
    try:
        token = read(SDJWT(f"{header}.{body}.AA".encode(), texts).write(), limits=LIMITS)
    except VCError:
        return
    assert "_sd" not in json.dumps(list(keys(token.claims)))
    assert "..." not in keys(token.claims)


def keys(tree: Any) -> set[str]:
    children = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return (set(tree) if isinstance(tree, dict) else set()).union(*(keys(child) for child in children))


@given(claims)
def test_pointers_and_paths_are_inverse(tree: dict[str, Any]) -> None:
    for path in paths(tree):
        assert path_in(tree, pointer_to(path)) == path
