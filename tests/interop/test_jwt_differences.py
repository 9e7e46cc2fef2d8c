"""Tokens that are out of the ordinary: what each side does is as expected, and every difference has its reason."""

from __future__ import annotations

import pytest
from jwt_cases import ODD, Odd
from jwt_sides import Jose, Joserfc, Refused, ours_verify
from peer import Peer
from sides import codes


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.name)
def test_what_each_side_does(token_peer: Peer, odd: Odd) -> None:
    token = odd.token()
    result = ours_verify(token, odd.key)
    assert codes(result) == ({odd.ours} if odd.ours else set()), result.problems
    for side, expected in ((Jose(token_peer), odd.jose), (Joserfc(), odd.joserfc)):
        if expected:
            with pytest.raises(Refused) as refusal:
                side.verify(token, odd.key)
            assert expected in str(refusal.value)
        else:
            side.verify(token, odd.key)


def test_every_difference_is_explained() -> None:
    for odd in ODD:
        assert bool(odd.because) is (len({bool(odd.ours), bool(odd.jose), bool(odd.joserfc)}) > 1), odd.name
    assert len({odd.name for odd in ODD}) == len(ODD)
