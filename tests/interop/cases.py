"""What is expected of each side for each document.

A case says what each side does under the JCS suites and under the RDFC suites. Where nothing is said, both
secure the document and each verifies what the other secured. Every difference is pinned, with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from documents import DOCUMENTS


@dataclass(frozen=True, slots=True)
class Expected:
    """What the two sides do; an empty string says that it succeeds.

    `ours_issues` and `ours_verifies` name the problem code of our refusal to secure it, and to accept what
    the other side secured; `theirs_signs` and `theirs_verifies` are a part of the other side's message
    likewise. `because` explains a difference.
    """

    ours_issues: str = ""
    theirs_signs: str = ""
    ours_verifies: str = ""
    theirs_verifies: str = ""
    because: str = ""


AGREE = Expected()


def refused(code: str, message: str) -> Expected:
    """Both sides refuse to secure it."""
    return Expected(ours_issues=code, theirs_signs=message)


@dataclass(frozen=True, slots=True)
class Case:
    """One document, without issuer and proof, and what is expected under each family of suites."""

    name: str
    claims: Mapping[str, Any]
    jcs: Expected = AGREE
    rdfc: Expected = AGREE

    def document(self, issuer: str) -> dict[str, Any]:
        """The document as `issuer` would secure it: a fresh copy. An issuer object keeps its members."""
        document: dict[str, Any] = json.loads(json.dumps(dict(self.claims)))
        named = document.get("issuer")
        document["issuer"] = {**named, "id": issuer} if isinstance(named, dict) else issuer
        return document

    def expected(self, cryptosuite: str) -> Expected:
        """What is expected under a suite."""
        return self.jcs if "-jcs-" in cryptosuite else self.rdfc


_PARSING = "PARSING_ERROR"
_MALFORMED = "MALFORMED_VALUE_ERROR"
_UNKNOWN = "UNKNOWN_CONTEXT"
_LOSS = "DATA_LOSS_DETECTION_ERROR"
_TRANSFORMATION = "PROOF_TRANSFORMATION_ERROR"


def _stricter(code: str, because: str) -> Expected:
    """We refuse to secure and to accept what the other side does secure."""
    return Expected(ours_issues=code, ours_verifies=code, because=because)


_BIG_INTEGER = _stricter(_PARSING, "beyond 2^53 - 1 the two sides would sign different numbers (RFC 7493)")
_OWN_TERMS = "our policy knows the contexts it accepts; terms that a document defines itself are not among them"
_UNSUPPORTED = "we refuse a kind of term that we do not process; the other side processes it"
_SAYS_NOTHING = "it leaves no statement, so anybody could put it there; we take that for a loss of data"
_NOTATION = "processors differ in whether such a number is an integer or a double, so we ask for another notation"
_WORK = "the other side allows fewer steps by default for nodes that look alike; the result is the same"


def _ours_only(message: str) -> Expected:
    return Expected(theirs_signs=message, theirs_verifies=message, because=_WORK)


JCS: dict[str, Expected] = {
    "malformed language tag": _stricter(_MALFORMED, "VCDM 2.0, section 11.1, also holds under a JCS suite"),
    "redefined protected term": _stricter(_UNKNOWN, _OWN_TERMS),
    "context in the document": _stricter(_UNKNOWN, _OWN_TERMS),
    "context that nobody has": _stricter(_UNKNOWN, "nobody can know what its terms mean, also under JCS"),
    "2^53": _BIG_INTEGER,
    "2^53 + 1": _BIG_INTEGER,
    "1e16": Expected(ours_verifies=_PARSING, because="the other side writes this double as an integer"),
    "1e20": Expected(ours_verifies=_PARSING, because="the other side writes this double as an integer"),
}
RDFC: dict[str, Expected] = {
    "direction": _stricter(_LOSS, "no cryptosuite says how a direction becomes RDF; the other side chose a way"),
    "direction without language": _stricter(_LOSS, "no cryptosuite says how a direction becomes RDF"),
    "noncharacters": Expected(
        theirs_verifies="Invalid signature",
        ours_verifies="PROOF_VERIFICATION_ERROR",
        because="canonical N-Quads escape what is no Char of XML 1.1; the other side writes it as it is",
    ),
    "two isomorphic branches that differ at the leaf": _ours_only("Maximum deep iterations exceeded"),
    "deep anonymous chain": _ours_only("Maximum deep iterations exceeded"),
    "cycle of labelled blank nodes": refused(_TRANSFORMATION, "Maximum deep iterations exceeded"),
    "empty set": _stricter(_LOSS, _SAYS_NOTHING),
    "null value": _stricter(_LOSS, _SAYS_NOTHING),
    "repeated values": _stricter(_LOSS, _SAYS_NOTHING),
    "index map": _stricter(_LOSS, _UNSUPPORTED),
    "id map": _stricter(_LOSS, _UNSUPPORTED),
    "type map": _stricter(_LOSS, _UNSUPPORTED),
    "reverse property": _stricter(_LOSS, _UNSUPPORTED),
    "nested properties": _stricter(_TRANSFORMATION, _UNSUPPORTED),
    "undefined term": refused(_LOSS, "invalid property"),
    "undefined type": refused(_LOSS, "relative @type reference"),
    "relative identifier": refused(_LOSS, "relative object reference"),
    "malformed language tag": refused(_MALFORMED, "invalid @language value"),
    "redefined protected term": refused(_UNKNOWN, "tried to redefine a protected term"),
    "context in the document": _stricter(_UNKNOWN, _OWN_TERMS),
    "context that nobody has": refused(_UNKNOWN, "Dereferencing a URL"),
    "1.1 undefined term": refused(_LOSS, "invalid property"),
    "2^53": _BIG_INTEGER,
    "2^53 + 1": _BIG_INTEGER,
    "-0.0": Expected(ours_issues=_TRANSFORMATION, because=_NOTATION + "; the other side writes 0"),
    "5.0": Expected(ours_issues=_TRANSFORMATION, because=_NOTATION + "; the other side writes 5"),
    "1e-7": _stricter(_TRANSFORMATION, _NOTATION),
    "5e-324": _stricter(_TRANSFORMATION, _NOTATION),
    "1e16": Expected(ours_issues=_TRANSFORMATION, ours_verifies=_PARSING, because=_NOTATION),
    "1e20": Expected(ours_issues=_TRANSFORMATION, ours_verifies=_PARSING, because=_NOTATION),
    "1e21": _stricter(_TRANSFORMATION, _NOTATION),
    "1.5e300": _stricter(_TRANSFORMATION, _NOTATION),
    "1.7976931348623157e308": _stricter(_TRANSFORMATION, _NOTATION),
    "double from a string": _stricter(_TRANSFORMATION, "the other side rewrites the text of a double"),
}

CASES = tuple(
    Case(name, claims, jcs=JCS.get(name, AGREE), rdfc=RDFC.get(name, AGREE)) for name, claims in DOCUMENTS.items()
)
