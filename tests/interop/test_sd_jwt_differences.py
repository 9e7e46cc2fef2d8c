"""SD-JWTs that are out of the ordinary: what each side does is as expected, and every difference has its reason."""

from __future__ import annotations

import pytest
from peer import Peer
from sd_jwt_odd import ODD, Odd, issuer
from sd_jwt_sides import NONCE, JavaScript, Ours, Reference, Refused, Side


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.name)
def test_what_each_side_does(token_peer: Peer, odd: Odd) -> None:
    token = odd.token()
    sides: tuple[Side, ...] = (Ours(), JavaScript(token_peer), Reference())
    for side, expected in zip(sides, (odd.ours, odd.javascript, odd.reference), strict=True):
        nonce = NONCE if odd.asked else None
        if expected:
            with pytest.raises(Refused) as refusal:
                side.verify(token, issuer(), nonce=nonce)
            assert expected in str(refusal.value), side.name
            assert expected == str(refusal.value) or side.name != "ours"
        else:
            side.verify(token, issuer(), nonce=nonce)


def test_every_difference_is_explained() -> None:
    for odd in ODD:
        assert bool(odd.because) is (len({bool(odd.ours), bool(odd.javascript), bool(odd.reference)}) > 1), odd.name
    assert len({odd.name for odd in ODD}) == len(ODD)
