"""Many are verified as one by one, whatever they are."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from did import StaticResolver
from tests.unit.batch_jobs import LISTS, NOW, POLICY, mixed
from vc_core import NO_EVIDENCE, verify
from vc_core.batch import verify_many
from vc_core.batch.many import _Judging, results
from vc_core.batch.portable import packed, unpacked
from vc_core.batch.rows import records
from vc_core.batch.verification import Verification, verify_batches

COMMON: dict[str, Any] = {"resolver": StaticResolver(), "status": LISTS, "policy": POLICY, "now": NOW}
KNOWN = mixed(10)


@st.composite
def changed(draw: st.DrawFn) -> bytes:
    """A known record with some of its bytes replaced, or cut."""
    data = draw(st.sampled_from(KNOWN))
    place = draw(st.integers(0, len(data)))
    return data[:place] + draw(st.binary(max_size=4)) + data[place + draw(st.integers(0, 4)) :]


lines = st.lists(st.sampled_from(KNOWN) | changed() | st.binary(max_size=40), max_size=40)


@given(lines)
def test_a_slice_in_another_process_has_the_results_of_one_by_one(found: list[bytes]) -> None:
    """What a worker does, and what is sent back from it, without the process."""
    judge = partial(verify, **COMMON)
    function = unpacked(packed(_Judging(judge)))
    told = results(function(msgspec.msgpack.encode(found)), found, judge)
    wanted = [verify(line, **COMMON) for line in found]
    assert told == wanted
    assert [each.to_json() for each in told] == [each.to_json() for each in wanted]
    for one, other in zip(told, wanted, strict=True):
        if one:
            assert one.credential.claims == other.credential.claims


@settings(max_examples=5)
@given(lines)
def test_several_processes_have_the_results_of_one_by_one(found: list[bytes]) -> None:
    assert list(verify_many(found, workers=2, **COMMON)) == [verify(line, **COMMON) for line in found]


@given(lines, st.integers(1, 7))
def test_the_part_function_has_a_row_for_each_record_in_order(found: list[bytes], size: int) -> None:
    batches = [
        records(list(range(start, min(start + size, len(found)))), found[start : start + size])
        for start in range(0, len(found), size)
    ]
    verification = packed(Verification(POLICY, NOW, NO_EVIDENCE))
    rows = [row for batch in verify_batches(verification, iter(batches)) for row in batch.to_pylist()]
    assert [row["position"] for row in rows] == list(range(len(found)))
    for row, line in zip(rows, found, strict=True):
        result = verify(line, **COMMON)
        told = result.to_json()
        assert (row["verdict"], row["checks"], row["issuer"]) == (told["verdict"], told["checks"], told["issuer"])
        assert [each["code"] for each in row["problems"]] == [each.code for each in result.problems]
        assert [each["detail"] for each in row["problems"]] == [each.detail for each in result.problems]
