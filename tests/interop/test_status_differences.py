"""Entries and lists out of the ordinary: what each side does is as expected, and every difference has its reason."""

from __future__ import annotations

import pytest
import status_token_odd
from peer import Peer
from sides import ED25519, codes
from status_cwt_odd import CWTS, OddCWT
from status_odd import MIXED, W3C, Odd, text_of
from status_sides import LIST, ours_verify, theirs_sign, theirs_verify
from status_token_odd import TOKENS, OddToken
from token_keys import key_of

SUITE = "eddsa-jcs-2022"
"""Signs whatever JSON there is, so that entries and lists are seen that do not have the types of their terms."""


@pytest.mark.parametrize("odd", W3C, ids=lambda odd: odd.name)
def test_w3c_lists(status_peer: Peer, peer: Peer, odd: Odd) -> None:
    text = theirs_sign(peer, odd.credential(), SUITE, ED25519)
    lists = {LIST: odd.served(theirs_sign(peer, odd.list_credential(), SUITE, ED25519))}
    result = ours_verify(text, ED25519.did, lists)
    assert codes(result) == ({odd.ours} if odd.ours else set()), result.problems
    said = theirs_verify(status_peer, text, lists)
    assert odd.theirs in said
    assert bool(said) is bool(odd.theirs), said


@pytest.mark.parametrize("odd", TOKENS, ids=lambda odd: odd.name)
def test_token_lists(status_peer: Peer, odd: OddToken) -> None:
    credential, token = odd.credential(), odd.token()
    result = ours_verify(credential, key_of("ES256").did, {LIST: token})
    assert codes(result) == ({odd.ours} if odd.ours else set()), result.problems
    said = odd.theirs_say(status_peer, credential, token)
    assert odd.theirs in said
    assert bool(said) is bool(odd.theirs), said


@pytest.mark.parametrize("odd", CWTS, ids=lambda odd: odd.name)
def test_token_lists_in_cbor(status_peer: Peer, odd: OddCWT) -> None:
    assert odd.ours_say() == odd.ours
    said = odd.theirs_say(status_peer)
    assert odd.theirs in said
    assert bool(said) is bool(odd.theirs), said


def test_every_difference_is_explained() -> None:
    for odds in (W3C, TOKENS, CWTS):
        for odd in odds:
            assert bool(odd.because) is (bool(odd.ours) is not bool(odd.theirs)), odd.name
        assert len({odd.name for odd in odds}) == len(odds)


@pytest.mark.parametrize("data", [MIXED, status_token_odd.MIXED])
def test_the_mixed_lists_are_what_they_are_said_to_be(data: bytes) -> None:
    """Otherwise the cases of padding and of alphabets would show nothing."""
    assert len(text_of(data)) % 4
    assert {"-", "_"} & set(text_of(data))
