r"""RDF terms and quads in canonical N-Quads syntax, their writer, and a strict reader of N-Quads.

A term is a string in the form of RDFC-1.0, appendix A (A Canonical form of N-Quads): equal terms are equal
strings, and a quad is written by putting spaces between its terms. `iri` and `literal` are the only ways from
text to a term, and no text can get out of the term that it was put into.

    >>> literal('said "no"', language="en")
    '"said \\"no\\""@en'
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from did.errors import shown
from vc_core.errors import LimitExceeded, ParsingError, ProofTransformationError
from vc_core.limits import Limits

Quad: TypeAlias = tuple[str, str, str, str]
"""Subject, predicate, object and graph name, each a term: `<iri>`, `_:label`, `"text"`, `"text"@tag` or
`"text"^^<datatype>`. The graph name of the default graph is the empty string."""

_DEFAULT_LIMITS: Final = Limits()
_XSD_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"

_ECHAR: Final = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "'": "'", "\\": "\\"}
_ESCAPED: Final = {
    **{code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)},
    **{ord(character): f"\\{letter}" for letter, character in _ECHAR.items() if character != "'"},
}
_TO_ESCAPE: Final = re.compile(r'["\\\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]')
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
_LANGUAGE_TAG: Final = re.compile(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*")
_IRI: Final = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20\x7f-\x9f<>"{}|^`\\\ufffe\uffff\ud800-\udfff]*""")


def iri(text: str) -> str:
    """The term for an absolute IRI.

    Raises `ProofTransformationError` (`DATA_LOSS_DETECTION_ERROR`) for a relative IRI and for characters that
    no IRI has (RFC 3987): the space, controls, lone surrogates, `<>"{}|^`, backtick and backslash.
    """
    if _IRI.fullmatch(text) is None:
        raise _lossy(f"not an absolute IRI: {shown(text)}")
    return f"<{text}>"


def literal(text: str, *, datatype: str | None = None, language: str | None = None) -> str:
    """The term for a literal: with a datatype IRI, with a language tag in the case given, or `xsd:string`.

    Raises `ProofTransformationError`: `DATA_LOSS_DETECTION_ERROR` for a datatype that is no absolute IRI and
    for a language tag that has not the shape of BCP 47, `PROOF_TRANSFORMATION_ERROR` for a lone surrogate in
    the text and for a datatype together with a language.
    """
    if _TO_ESCAPE.search(text):
        if _SURROGATE.search(text):
            raise ProofTransformationError("a literal holds a lone surrogate, which is not a character")
        text = text.translate(_ESCAPED)
    if language is None:
        return f'"{text}"' if datatype in {None, _XSD_STRING} else f'"{text}"^^{iri(datatype)}'
    if datatype is not None:
        raise ProofTransformationError("a literal has a datatype or a language, not both")
    if _LANGUAGE_TAG.fullmatch(language) is None:
        raise _lossy(f"not a well-formed language tag: {shown(language)}")
    return f'"{text}"@{language}'


def _lossy(detail: str) -> ProofTransformationError:
    return ProofTransformationError(detail, code="DATA_LOSS_DETECTION_ERROR")


def lines(quads: Iterable[Quad], names: Mapping[str, str]) -> list[str]:
    """Each quad as a line of canonical N-Quads, in code point order.

    A term that is a key of `names` is replaced by what it stands for, always as a whole.
    """
    name = names.get
    return sorted(
        f"{name(s, s)} {p} {name(o, o)} {name(g, g)} .\n" if g else f"{name(s, s)} {p} {name(o, o)} .\n"
        for s, p, o, g in quads
    )


# The terminals of RDF 1.1 N-Quads, section 4. What follows a terminal cannot go on with it, so there is one match and
# time is linear in the text; no group is possessive, which releases of Python before 3.11.5 do not match as they
# should. The published tests refuse a colon in a label.
_UCHAR: Final = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ESCAPE: Final = re.compile(rf"""{_UCHAR}|\\[tbnrf"'\\]""")
_LABEL: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff_0-9"
)
_LABEL_PART: Final = _LABEL + "\u00b7\u0300-\u036f\u203f-\u2040-"
_IRIREF: Final = rf"""<[^\x00-\x20<>"{{}}|^`\\]*(?:(?:{_UCHAR})[^\x00-\x20<>"{{}}|^`\\]*)*>"""
_NODE: Final = rf"{_IRIREF}|_:[{_LABEL}](?:\.*[{_LABEL_PART}])*(?!\.*[{_LABEL_PART}])"
_LINE: Final = re.compile(
    rf"""
    [ \t]*+
    (?: (?P<subject>{_NODE}) [ \t]*+ (?P<predicate>{_IRIREF}) [ \t]*+
        (?: (?P<object>{_NODE})
          | "(?P<text>[^"\\\n\r]*(?:(?:{_ESCAPE.pattern})[^"\\\n\r]*)*)" [ \t]*+
            (?: \^\^ [ \t]*+ (?P<datatype>{_IRIREF}) | @(?P<language>[a-zA-Z]++(?:-[a-zA-Z0-9]++)*) )?
        ) [ \t]*+
        (?P<graph>{_NODE})? [ \t]*+ \. [ \t]*+
    )?
    (?: \#[^\ud800-\udfff]*+ )?
    """,
    re.VERBOSE,
)


def parse(text: str, *, limits: Limits = _DEFAULT_LIMITS) -> list[Quad]:
    """The quads of an N-Quads document, in its order and as often as they are there, in canonical terms.

    Blank nodes keep their labels. Raises `ParsingError` for what is not RDF 1.1 N-Quads, for a relative IRI
    and for surrogates, `LimitExceeded` for more text than `Limits.document_bytes`, counted in characters, or
    more quads than `Limits.quads`.
    """
    if len(text) > limits.document_bytes:
        raise LimitExceeded("the N-Quads are longer than the limit", code="INPUT_TOO_LARGE")
    quads: list[Quad] = []
    for number, line in enumerate(re.split(r"\r\n|[\r\n]", text), start=1):
        statement = _LINE.fullmatch(line)
        if statement is None:
            raise ParsingError(f"line {number} is not a statement of N-Quads")
        if statement["subject"] is None:
            continue
        if len(quads) == limits.quads:
            raise LimitExceeded(f"more than {limits.quads} quads")
        try:
            quads.append(_quad(statement))
        except ProofTransformationError as error:
            raise ParsingError(f"line {number}: {error.detail}") from error
    return quads


def _quad(statement: re.Match[str]) -> Quad:
    subject, predicate, value, text, datatype, language, graph = statement.groups()
    if value is not None:
        object_ = _node(value)
    elif datatype is not None:
        object_ = literal(_unescaped(text), datatype=_unescaped(datatype[1:-1]))
    else:
        object_ = literal(_unescaped(text), language=language)
    return _node(subject), _node(predicate), object_, "" if graph is None else _node(graph)


def _node(term: str) -> str:
    return term if term.startswith("_:") else iri(_unescaped(term[1:-1]))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    letter, digits = escape[0][1], escape[0][2:]
    if not digits:
        return _ECHAR[letter]
    if int(digits, 16) > sys.maxunicode:
        raise ProofTransformationError("an escape for a character beyond Unicode")
    return chr(int(digits, 16))
