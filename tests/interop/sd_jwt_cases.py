"""Claims that are disclosed selectively, in every way that SD-JWT has, and where the sides differ about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

VCT: Final = "https://credentials.example/micro-credential"


@dataclass(frozen=True, slots=True)
class Case:
    """Claims, without issuer and type, what of them can be disclosed, and what holders show of it in turn.

    `shows` are sets of pointers to disclosable claims; what they stand in is shown with them. `decoys` are numbers by
    the pointer of an object or array. `differs` says for whom in the roles of issuer, holder and verifier something
    else comes of it, or nothing, `because` why.
    """

    name: str
    claims: Mapping[str, Any]
    disclosable: tuple[str, ...]
    shows: tuple[tuple[str, ...], ...] = ()
    decoys: Mapping[str, int] = field(default_factory=dict)
    differs: Callable[[str, str, str], bool] = lambda *_: False
    because: str = ""

    def complete(self, issuer: str) -> dict[str, Any]:
        return {"vct": VCT, "iss": issuer, **self.claims}

    @property
    def presentations(self) -> tuple[tuple[str, ...], ...]:
        """What holders show: nothing, everything, and what the case says."""
        return ((), self.disclosable, *self.shows)


_PERSON: Final = {
    "given_name": "Līga",
    "family_name": "Ozoliņa",
    "address": {"street_address": "Brīvības iela 1", "locality": "Rīga", "country": "LV"},
    "nationalities": ["LV", "LT"],
}
_DEEP: Final = {
    "achievement": {
        "name": "Datu ētika",
        "results": [
            {"unit": "A", "marks": [9, 10]},
            {"unit": "B", "marks": [7, 8]},
            "not assessed",
        ],
    }
}
_TEXTS: Final = {
    "latviski": "ķēde, ģipsis, šķūnis",
    "学校": "大学 \U0001f393",
    "escapes": '"\\/\b\f\n\r\t\u0001\u2028\ufeff',
    "": "no name",
    "a/b": "slash",
    "m~n": "tilde",
    "with space": "space",
    "0": "digit",
}
_VALUES: Final[dict[str, Any]] = {
    "true": True,
    "false": False,
    "null": None,
    "zero": 0,
    "empty text": "",
    "empty array": [],
    "empty object": {},
    "fraction": 4.5,
    "negative": -17,
    "large": 9007199254740991,
    "elements": [True, False, None, 0, "", [], {}, 4.5],
}

CASES: Final = (
    Case("nothing disclosable", _PERSON, ()),
    Case(
        "members of the top",
        _PERSON,
        ("/given_name", "/family_name", "/address", "/nationalities"),
        (("/given_name",), ("/address", "/nationalities")),
    ),
    Case(
        "members of an object",
        _PERSON,
        ("/address/street_address", "/address/locality", "/address/country"),
        (("/address/country",),),
    ),
    Case("array elements", _PERSON, ("/nationalities/0", "/nationalities/1"), (("/nationalities/1",),)),
    Case(
        "recursive",
        _PERSON,
        ("/address", "/address/street_address", "/address/locality", "/nationalities", "/nationalities/0"),
        (("/address",), ("/address/locality",), ("/nationalities",), ("/nationalities/0", "/address")),
    ),
    Case(
        "nested",
        _DEEP,
        (
            "/achievement/results/0",
            "/achievement/results/0/marks",
            "/achievement/results/0/marks/1",
            "/achievement/results/1/marks/0",
            "/achievement/results/2",
            "/achievement/name",
        ),
        (
            ("/achievement/results/0/marks/1",),
            ("/achievement/results/0", "/achievement/results/2"),
            ("/achievement/results/1/marks/0", "/achievement/name"),
        ),
    ),
    Case(
        "arrays in arrays",
        {"table": [[1, 2], [[3, 4], 5], [6]]},
        ("/table/0", "/table/0/1", "/table/1/0/0", "/table/1/0", "/table/2/0"),
        (("/table/0/1",), ("/table/1/0/0",), ("/table/0", "/table/2/0")),
    ),
    Case(
        "all the way down",
        {"a": {"b": {"c": {"d": {"e": "deep"}}}}},
        ("/a", "/a/b", "/a/b/c", "/a/b/c/d", "/a/b/c/d/e"),
        (("/a/b",), ("/a/b/c/d/e",)),
    ),
    Case(
        "texts",
        _TEXTS,
        tuple("/" + name.replace("~", "~0").replace("/", "~1") for name in _TEXTS if name),
        (("/a~1b", "/0"), ("/latviski", "/学校", "/m~0n")),
    ),
    Case(
        "values",
        _VALUES,
        (*(f"/{name}" for name in _VALUES if name != "elements"), *(f"/elements/{number}" for number in range(8))),
        (("/null", "/elements/2"), ("/false", "/elements/1", "/elements/3"), ("/empty array", "/elements/6")),
    ),
    Case(
        "the same value twice",
        {"a": {"grade": 10}, "b": {"grade": 10}, "list": ["x", "x", "x"]},
        ("/a/grade", "/b/grade", "/list/0", "/list/1", "/list/2"),
        (("/a/grade", "/list/1"),),
    ),
    Case(
        "an array left empty",
        {"list": ["a", "b"], "object": {"a": 1}},
        ("/list/0", "/list/1", "/object/a"),
        (("/object/a",),),
    ),
    Case(
        "decoys in objects",
        _PERSON,
        ("/given_name", "/address/locality"),
        (("/given_name",),),
        {"": 3, "/address": 2},
    ),
    Case("decoys alone", _PERSON, (), (), {"": 4}),
    Case(
        "many",
        {f"claim {number}": f"value {number}" for number in range(80)},
        tuple(f"/claim {number}" for number in range(80)),
        (("/claim 17", "/claim 79"),),
    ),
    # where the sides differ
    Case(
        "a name that other objects have",
        {"constructor": "c", "toString": "t"},
        ("/constructor", "/toString"),
        differs=lambda issuer, _, __: issuer == "JavaScript",
        because="the side looks the name up where one of that name is already; RFC 9901 reserves no such name",
    ),
    Case(
        "the name of a prototype",
        {"__proto__": {"member": 1}, "a": 1},
        ("/__proto__", "/a"),
        differs=lambda *roles: "JavaScript" in roles,
        because="a member of that name cannot be written in the usual way in JavaScript",
    ),
    Case(
        "an empty name",
        {"": 1, "a": {"": {"": 3}}},
        ("/", "/a/", "/a//"),
        (("/",), ("/a//",)),
        differs=lambda *roles: "JavaScript" in roles,
        because="the side takes an empty name for none; a name is any text (RFC 9901, section 4.2.1)",
    ),
    Case(
        "a dot in a name",
        {"a.b": 1, "a": {"b": 2}},
        ("/a.b", "/a/b"),
        (("/a.b",), ("/a/b",)),
        differs=lambda _, holder, __: holder == "JavaScript",
        because="the side names claims by the names that lead there with dots between them",
    ),
    Case(
        "decoys in an array",
        _PERSON,
        ("/nationalities/0", "/nationalities/1"),
        (("/nationalities/1",),),
        {"/nationalities": 200},
        differs=lambda issuer, holder, _: issuer == "ours" != holder,
        because="we mix decoys among the elements; the others name an element by its position among the digests",
    ),
)


def shown_of(claims: Any, disclosable: frozenset[str], shown: frozenset[str], pointer: str = "") -> Any:
    """What remains of the claims if of what is disclosable only that is there, with what it stands in."""

    def is_there(inner: str) -> bool:
        return inner not in disclosable or any(each == inner or each.startswith(inner + "/") for each in shown)

    if isinstance(claims, dict):
        places = {name: f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}" for name in claims}
        return {
            name: shown_of(claims[name], disclosable, shown, place) for name, place in places.items() if is_there(place)
        }
    if isinstance(claims, list):
        places_in_list = [f"{pointer}/{position}" for position in range(len(claims))]
        return [
            shown_of(each, disclosable, shown, place)
            for each, place in zip(claims, places_in_list, strict=True)
            if is_there(place)
        ]
    return claims
