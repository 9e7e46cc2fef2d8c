"""What a store promises, on both databases."""

from __future__ import annotations

import doctest
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

import status.store
from status.store import Change, ListInfo, Snapshot, Standing, Store, StoreError
from tests.store.trials import NOW, SET, URL, WHO, check, publish, seal

OTHER = "https://example.org/status/4"


def create(store: Store, url: str = URL, **more: Any) -> ListInfo:
    return store.create(url, **{"format": "bitstring", "purposes": ["revocation"], **WHO, **more})


@pytest.fixture(scope="module")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A store with a list, for tests that leave it as it is."""
    with Store.open(tmp_path_factory.mktemp("store") / "status.db") as opened:
        create(opened)
        opened.allocate_many(URL, [f"urn:{number}" for number in range(100)], **WHO)
        yield opened


def refused(code: str) -> Any:
    return pytest.raises(StoreError, check=lambda error: error.code == code)


def test_a_list_is_as_it_was_created(store: Store, location: str) -> None:
    made = create(
        store, purposes=["message"], size=2, length=200_000, ttl=timedelta(minutes=5), messages=["a", "b", "č", "d"]
    )
    assert made == ListInfo(
        URL, "bitstring", ("message",), 2, 200_000, timedelta(minutes=5), ("a", "b", "č", "d"), "registrar", NOW
    )
    create(store, OTHER, format="token", purposes=[], length=8, size=4)
    with Store.open(location) as again:
        assert again.lists() == store.lists()
        assert again.lists()[0] == made
        assert [info.url for info in again.lists()] == [URL, OTHER]
        statuses = again.snapshot(OTHER).statuses
    assert (len(statuses), statuses.size, statuses.least_significant_first) == (8, 4, True)


def test_a_list_is_created_once(store: Store) -> None:
    create(store)
    with refused("LIST_EXISTS"):
        create(store, purposes=["suspension"])
    assert store.lists()[0].purposes == ("revocation",)


@pytest.mark.parametrize(
    "wrong",
    [
        {"format": "other"},
        {"size": 0},
        {"size": 9},
        {"size": 3, "format": "token", "purposes": []},
        {"length": 131_064},
        {"length": 131_073},
        {"length": (1 << 26) + 8},
        {"purposes": []},
        {"purposes": ["revocation", "revocation"]},
        {"purposes": [""]},
        {"format": "token"},
        {"messages": ["one"]},
        {"messages": ["one", "\0"]},
        {"ttl": timedelta(0)},
        {"actor": ""},
        {"actor": "x" * 2049},
        {"actor": "two\nlines"},
        {"actor": "\ud800"},
        {"at": datetime(2030, 1, 1)},  # noqa: DTZ001  (without a zone is what is tested)
        {"url": ""},
        {"url": 3},
    ],
    ids=repr,
)
def test_what_no_list_can_have_is_refused(store: Store, wrong: dict[str, Any]) -> None:
    with refused("INVALID_ARGUMENT"):
        create(store, **wrong)
    assert store.lists() == []


def test_a_credential_keeps_its_index_and_nobody_else_has_it(store: Store) -> None:
    create(store, format="token", purposes=[], length=1000)
    names = [f"urn:example:{number}" for number in range(700)]
    indexes = store.allocate_many(URL, names, **WHO)
    assert len(set(indexes)) == 700
    assert set(indexes) <= set(range(1000))
    assert indexes != sorted(indexes)
    assert store.allocate_many(URL, names[::-1], **WHO) == indexes[::-1]
    assert store.allocate(URL, credential=names[3], **WHO) == indexes[3] == store.index_of(URL, names[3])
    twice = store.allocate_many(URL, ["urn:example:new"] * 2, **WHO)
    assert twice[0] == twice[1]
    assert twice[0] not in indexes


def test_every_index_of_a_list_is_given_and_then_it_is_full(store: Store) -> None:
    create(store, format="token", purposes=[], length=64)
    indexes = [store.allocate(URL, credential=str(number), **WHO) for number in range(62)]
    with refused("LIST_FULL"):
        store.allocate_many(URL, ["a", "b", "c"], **WHO)
    with refused("NOT_ALLOCATED"):
        store.index_of(URL, "a")
    indexes += store.allocate_many(URL, ["a", "b"], **WHO)
    assert sorted(indexes) == list(range(64))
    with refused("LIST_FULL"):
        store.allocate(URL, credential="c", **WHO)
    assert store.allocate(URL, credential="b", **WHO) == indexes[-1]


def test_indexes_are_given_as_likely_one_as_another_also_when_few_are_free(store: Store) -> None:
    """In lists of 8 the last three indexes are drawn by two ways; each way gives each index about as often."""
    found = [0] * 8
    for number in range(80):
        url = f"{URL}/{number}"
        create(store, url, format="token", purposes=[], length=8)
        for index in store.allocate_many(url, ["a", "b"], **WHO):
            found[index] += 1
    assert sum(found) == 160
    squares = sum((count - 20) ** 2 for count in found) / (20 * 0.75)
    assert squares < 35, found  # seven degrees of freedom: once in 100,000 by chance


def test_the_history_says_who_changed_what_when_and_why(store: Store) -> None:
    create(store, purposes=["suspension"])
    one, two = store.allocate_many(URL, ["a", "b"], **WHO)
    later = NOW + timedelta(microseconds=1)
    first = store.set(URL, one, 1, actor="registrar", reason="a doubt", at=NOW)
    assert first == Change(URL, 1, one, 1, "registrar", "a doubt", NOW)
    store.set_many(URL, {two: 1, one: 0}, actor="deān", reason="the doubt is gone", at=later)
    assert list(store.history(URL)) == [
        first,
        Change(URL, 2, two, 1, "deān", "the doubt is gone", later),
        Change(URL, 3, one, 0, "deān", "the doubt is gone", later),
    ]
    assert [change.number for change in store.history(URL, one)] == [1, 3]
    assert [store.snapshot(URL).statuses[index] for index in (one, two)] == [0, 1]


def test_a_long_history_is_read_in_parts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("status.store.history.PAGE", 3)
    create(store, purposes=["suspension"])
    index = store.allocate(URL, credential="a", **WHO)
    for number in range(7):
        store.set(URL, index, number % 2, **SET)
        assert [change.number for change in store.history(URL)] == list(range(1, number + 2))
        assert store.snapshot(URL).statuses[index] == number % 2


@pytest.mark.parametrize(
    ("made", "steps", "last"),
    [
        ({}, [1, 1], 0),
        ({"purposes": ["suspension", "revocation"]}, [1], 0),
        ({"size": 2, "messages": list("abcd")}, [0, 2, 2], 1),
        ({"format": "statuslist2021"}, [1], 0),
        ({"format": "token", "purposes": [], "size": 2}, [2, 0, 3, 1, 1], 0),
        ({"format": "token", "purposes": [], "size": 2}, [1], 2),
    ],
    ids=repr,
)
def test_a_revocation_is_for_ever(store: Store, made: dict[str, Any], steps: list[int], last: int) -> None:
    create(store, **made)
    index, other = store.allocate_many(URL, ["a", "b"], **WHO)
    for value in steps:
        store.set(URL, index, value, **SET)
    with refused("REVOCATION_IS_FINAL"):
        store.set_many(URL, {other: 1, index: last}, **SET)
    statuses = store.snapshot(URL).statuses
    assert (statuses[index], statuses[other]) == (steps[-1], 0)
    assert [change.value for change in store.history(URL)] == [value for value, _ in groupby(steps)]


def test_what_is_asked_for_again_is_not_told_twice(store: Store) -> None:
    """The same value by the same actor for the same reason is the same change, whenever it is asked for."""
    create(store, purposes=["suspension"])
    one, two = store.allocate_many(URL, ["a", "b"], **WHO)
    first = store.set(URL, one, 1, **SET)
    assert store.set(URL, one, 1, **SET | {"at": NOW + timedelta(days=1)}) == first
    both = store.set_many(URL, {two: 1, one: 1}, **SET)
    assert both == [replace(first, number=2, index=two), first]
    others = [store.set(URL, one, 1, **SET | other) for other in ({"actor": "dean"}, {"reason": "another"})]
    assert [change.number for change in others] == [3, 4]
    assert [store.set(URL, one, value, **SET).number for value in (0, 0, 1, 1)] == [5, 5, 6, 6]
    assert store.set(URL, two, 1, **SET) == both[0]
    assert [(change.index, change.value) for change in store.history(URL)] == [
        *((one, 1), (two, 1), (one, 1), (one, 1), (one, 0), (one, 1)),
    ]
    assert [store.snapshot(URL).statuses[index] for index in (one, two)] == [1, 1]


def test_the_first_change_is_told_also_if_it_changes_nothing(store: Store) -> None:
    create(store, purposes=["suspension"])
    index = store.allocate(URL, credential="a", **WHO)
    assert [store.set(URL, index, 0, **SET).number for _ in range(2)] == [1, 1]


def test_the_index_at_fault_is_named(store: Store) -> None:
    create(store)
    one, two = store.allocate_many(URL, ["a", "b"], **WHO)
    store.set(URL, one, 1, **SET)
    free = next(index for index in range(3) if index not in {one, two})
    for changes, index, words in (
        ({two: 1, one: 0}, one, "for ever"),
        ({two: 1, free: 1}, free, "no credential"),
        ({two: 2}, two, "values from 0 to 1"),
        ({two: 1, 131_072: 1}, 131_072, "indexes from 0 to 131071"),
    ):
        with pytest.raises(StoreError, match=words) as raised:
            store.set_many(URL, changes, **SET)
        assert raised.value.index == index
    with pytest.raises(StoreError) as raised:
        store.set_many(OTHER, {one: 1}, **SET)
    assert raised.value.index is None


def test_the_indexes_of_many_credentials_are_looked_up_together(store: Store) -> None:
    create(store)
    create(store, OTHER)
    names = [f"urn:example:{number}" for number in range(1200)]
    indexes = dict(zip(names, store.allocate_many(URL, names, **WHO), strict=True))
    assert store.indexes_of(URL, reversed([*names, *names, "urn:example:none"])) == indexes
    assert store.indexes_of(OTHER, names) == store.indexes_of(URL, []) == {}
    with refused("NO_SUCH_LIST"):
        store.indexes_of(URL + "0", names)


@pytest.mark.parametrize("name", ["", "a\0b", "\ud800", "x" * 2049])
def test_what_no_credential_is_called_has_no_index(store: Store, name: str) -> None:
    create(store)
    assert store.indexes_of(URL, [name]) == {}
    with refused("NOT_ALLOCATED"):
        store.index_of(URL, name)


def test_how_far_each_list_has_come(store: Store, folder: Path) -> None:
    assert store.standings() == []
    made = [create(store, purposes=["suspension"]), create(store, OTHER)]
    assert store.standings() == [Standing(info, 0, 0, 0, 0, 0, None) for info in made]
    one, two, _ = store.allocate_many(URL, ["a", "b", "c"], **WHO)
    store.set_many(URL, {one: 1, two: 1}, **SET)
    store.set(URL, two, 0, **SET)
    publish(store, folder)
    store.set(URL, one, 1, **SET | {"actor": "dean"})
    assert store.standings() == [Standing(made[0], 3, 1, 4, 1, 3, NOW), Standing(made[1], 0, 0, 0, 0, 0, None)]
    with pytest.raises(ValueError, match="unsealed"):
        store.publish(URL, folder, seal=unsealed, check=check, at=NOW)
    assert store.standings()[0].published == 1
    publish(store, folder)
    standing = store.standings()[0]
    assert (standing.published, standing.published_changes) == (3, 4)
    assert standing.published_at == NOW + timedelta(microseconds=2)


def unsealed(snapshot: Snapshot) -> bytes:
    raise ValueError("unsealed")


def test_what_is_not_there_cannot_be_changed(store: Store) -> None:
    with refused("NO_SUCH_LIST"):
        store.allocate(URL, credential="a", **WHO)
    with refused("NO_SUCH_LIST"):
        store.snapshot(URL)
    create(store)
    index = store.allocate(URL, credential="a", **WHO)
    with refused("NOT_ALLOCATED"):
        store.set(URL, (index + 1) % 131_072, 1, **SET)
    for wrong in ({-1: 1}, {131_072: 1}, {index: 2}, {index: -1}, {index: True}, {"0": 1}):
        with refused("INVALID_ARGUMENT"):
            store.set_many(URL, wrong, **SET)
    with refused("INVALID_ARGUMENT"):
        store.set(URL, index, 1, actor="registrar", reason="", at=NOW)
    assert store.set_many(URL, {}, **SET) == []
    assert list(store.history(URL)) == []


def test_lists_do_not_touch_each_other(store: Store) -> None:
    create(store)
    create(store, OTHER)
    one = store.allocate(URL, credential="a", **WHO)
    assert isinstance(store.allocate(OTHER, credential="a", **WHO), int)
    store.set(URL, one, 1, **SET)
    assert sum(store.snapshot(OTHER).statuses) == 0
    assert list(store.history(OTHER)) == []


def test_threads_that_write_together_each_get_their_own_outcome(store: Store) -> None:
    create(store)
    indexes = store.allocate_many(URL, [str(number) for number in range(400)], **WHO)
    codes: list[str] = []

    def work(part: list[int]) -> None:
        for index in part:
            assert store.set(URL, index, 1, **SET).index == index
            try:
                store.set(URL, index, 0, **SET)
            except StoreError as error:
                codes.append(error.code)

    threads = [threading.Thread(target=work, args=(indexes[number::8],)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == ["REVOCATION_IS_FINAL"] * 400
    assert [change.number for change in store.history(URL)] == list(range(1, 401))
    assert sum(store.snapshot(URL).statuses) == 400


def test_times_of_other_zones_and_centuries_come_back_as_the_same_moment(store: Store) -> None:
    create(store)
    index = store.allocate(URL, credential="a", **WHO)
    moments = [datetime.min.replace(tzinfo=UTC), datetime.fromisoformat("1969-12-31T23:59:59.999999+05:30"), NOW]
    for moment in moments:
        assert store.set(URL, index, 1, actor="registrar", reason=f"{moment}", at=moment).at == moment
    assert [change.at for change in store.history(URL)] == moments


WRONG_TEXTS: list[Any] = ["", "a\0b", "\ud800", "x" * 2049, None, 5, b"a", ["a"]]
WRONG_TIMES: list[Any] = [
    *(None, "now", 5, datetime(2030, 1, 1)),  # noqa: DTZ001  (without a zone is what is tested)
    *(datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=timezone(timedelta(hours=5)))),
]
WRONG_NUMBERS: list[Any] = [None, "1", 1.0, True, -1, 1 << 63, 1 << 80]
MORE: dict[str, Any] = {"format": "bitstring", "purposes": ["revocation"]}


@pytest.mark.parametrize(
    "use",
    [
        *(lambda store, wrong=wrong: store.create(wrong, **WHO, **MORE) for wrong in WRONG_TEXTS),
        *(lambda store, wrong=wrong: store.create(OTHER, actor="a", at=wrong, **MORE) for wrong in WRONG_TIMES),
        *(lambda store, wrong=wrong: store.create(OTHER, **WHO, **MORE, size=wrong) for wrong in WRONG_NUMBERS),
        *(lambda store, wrong=wrong: store.create(OTHER, **WHO, **MORE, length=wrong) for wrong in WRONG_NUMBERS),
        *(lambda store, wrong=wrong: store.create(OTHER, **WHO, **MORE, ttl=wrong) for wrong in (5, timedelta.max)),
        *(lambda store, wrong=wrong: store.create(OTHER, **WHO, format=wrong) for wrong in WRONG_TEXTS),
        *(
            lambda store, wrong=wrong: store.create(OTHER, **WHO, format="bitstring", purposes=wrong)
            for wrong in ("revocation", ["\ud800"], [1], None, {"revocation": 1})
        ),
        *(lambda store, wrong=wrong: store.create(OTHER, **WHO, **MORE, messages=wrong) for wrong in ("ab", None, [1])),
        *(lambda store, wrong=wrong: store.allocate(wrong, credential="a", **WHO) for wrong in WRONG_TEXTS),
        *(lambda store, wrong=wrong: store.allocate(URL, credential=wrong, **WHO) for wrong in WRONG_TEXTS),
        *(lambda store, wrong=wrong: store.allocate_many(URL, wrong, **WHO) for wrong in ("abc", None, 5)),
        *(lambda store, wrong=wrong: store.index_of(wrong, "a") for wrong in WRONG_TEXTS),
        *(lambda store, wrong=wrong: store.indexes_of(URL, wrong) for wrong in ("abc", None, 5)),
        *(lambda store, wrong=wrong: store.set(wrong, 1, 1, **SET) for wrong in WRONG_TEXTS),
        *(lambda store, wrong=wrong: store.set(URL, wrong, 1, **SET) for wrong in WRONG_NUMBERS),
        *(lambda store, wrong=wrong: store.set(URL, 1, wrong, **SET) for wrong in WRONG_NUMBERS),
        *(lambda store, wrong=wrong: store.set(URL, 1, 1, **SET | {"actor": wrong}) for wrong in WRONG_TEXTS),
        *(lambda store, wrong=wrong: store.set(URL, 1, 1, **SET | {"reason": wrong}) for wrong in WRONG_TEXTS),
        *(lambda store, wrong=wrong: store.set(URL, 1, 1, **SET | {"at": wrong}) for wrong in WRONG_TIMES),
        *(lambda store, wrong=wrong: store.set_many(URL, wrong, **SET) for wrong in (None, [1], "ab")),
        *(lambda store, wrong=wrong: store.history(wrong) for wrong in WRONG_TEXTS),
        *(lambda store, wrong=wrong: store.history(URL, wrong) for wrong in WRONG_NUMBERS[1:]),
        *(lambda store, wrong=wrong: store.snapshot(wrong) for wrong in WRONG_TEXTS),
        *(
            lambda store, wrong=wrong: store.publish(wrong, ".", seal=seal, check=check, at=NOW)
            for wrong in WRONG_TEXTS
        ),
        *(
            lambda store, wrong=wrong: store.publish(URL, ".", seal=seal, check=check, at=wrong)
            for wrong in WRONG_TIMES
        ),
        lambda store: store.publish(URL, None, seal=seal, check=check, at=NOW),
        lambda store: store.publish(URL, ".", name=5, seal=seal, check=check, at=NOW),
        lambda store: store.publish(URL, ".", seal=str, check=check, at=NOW),
    ],
)
def test_an_argument_that_cannot_be_is_refused_before_anybody_waits_for_it(
    sqlite_store: Store, use: Callable[[Any], object]
) -> None:
    with refused("INVALID_ARGUMENT"):
        use(sqlite_store)


@pytest.mark.parametrize("location", [None, 5, b"status.db", "mysql://u:p@host/name"])
def test_a_location_that_cannot_be_is_refused(location: Any) -> None:
    with refused("INVALID_ARGUMENT"):
        Store.open(location)


def test_a_wrong_call_ends_no_other_call(store: Store) -> None:
    create(store)
    indexes = store.allocate_many(URL, [f"urn:{number}" for number in range(400)], **WHO)
    errors: list[StoreError] = []
    is_done = threading.Event()

    def revoke(some: list[int]) -> None:
        for index in some:
            try:
                store.set(URL, index, 1, **SET)
            except StoreError as error:
                errors.append(error)

    def disturb() -> None:
        while not is_done.is_set():
            with pytest.raises(StoreError):
                store.set("\ud800", 1, 1, **SET)
            with pytest.raises(ZeroDivisionError):
                store._commits.run(URL, lambda _: 1 // 0)

    threads = [threading.Thread(target=revoke, args=(indexes[part::4],)) for part in range(4)]
    disturber = threading.Thread(target=disturb)
    for thread in (*threads, disturber):
        thread.start()
    for thread in threads:
        thread.join()
    is_done.set()
    disturber.join()
    assert errors == []
    assert sum(store.snapshot(URL).statuses) == 400


def test_a_store_that_was_closed_is_not_used(location: str) -> None:
    with Store.open(location) as store:
        create(store)
    for use in (store.lists, lambda: create(store, OTHER)):
        with refused("STORE_UNAVAILABLE"):
            use()


def test_the_example_of_the_package_runs() -> None:
    outcome = doctest.testmod(status.store)
    assert outcome.attempted > 0
    assert outcome.failed == 0
