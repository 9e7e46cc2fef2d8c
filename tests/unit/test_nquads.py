from __future__ import annotations

import re

import pytest

from vc_core.canonical.nquads import iri, lines, literal, parse
from vc_core.errors import LimitExceeded, ParsingError, ProofTransformationError
from vc_core.limits import Limits

XSD = "http://www.w3.org/2001/XMLSchema#"

HOSTILE_IRIS = [
    "",
    "relative",
    "/path",
    "#fragment",
    ":no-scheme",
    "1http://digit.example",
    "http://example.org/a b",
    "http://example.org/\n",
    "http://example.org/\r",
    "http://example.org/\t",
    "http://example.org/\0",
    "http://example.org/\x1f",
    "http://example.org/\x7f",
    "http://example.org/\x85",
    "http://example.org/>",
    "http://example.org/> . <urn:s> <urn:p> <urn:o",
    "http://example.org/<",
    'http://example.org/"',
    "http://example.org/{x}",
    "http://example.org/|",
    "http://example.org/^",
    "http://example.org/`",
    "http://example.org/\\u0041",
    "http://example.org/\ud800",
    "http://example.org/\udfff",
    "http://example.org/\ufffe",
    "http://example.org/\uffff",
    "http://example.org\n",
    "_:b0",
]
HOSTILE_LANGUAGES = [
    "",
    "en .\n<urn:s> <urn:p> <urn:o",
    "en\n",
    "en ",
    " en",
    "en_GB",
    "en--GB",
    "-en",
    "en-",
    "1en",
    "ninechars",
    "en-ninechars",
    "én",
    "en\0",
    'en"',
    "en@fr",
    "en^^<urn:d>",
    "en\ud800",
]


@pytest.mark.parametrize(
    "text",
    [
        "urn:x",
        "http://example.org/",
        "did:key:z6Mk#z6Mk",
        "http://example.org/ā?q=%20#🌍",
        "a+b-c.d:e",
        "tag:",
    ],
)
def test_an_absolute_iri_is_written_as_it_is(text: str) -> None:
    assert iri(text) == f"<{text}>"


@pytest.mark.parametrize("text", HOSTILE_IRIS)
def test_what_is_no_absolute_iri_is_refused(text: str) -> None:
    with pytest.raises(ProofTransformationError) as refused:
        iri(text)
    assert refused.value.code == "DATA_LOSS_DETECTION_ERROR"
    assert refused.value.detail.isprintable()
    with pytest.raises(ProofTransformationError):
        literal("text", datatype=text)


@pytest.mark.parametrize("language", ["en", "lv", "en-GB", "zh-Hant-TW", "x-a", "de-1996", "EN"])
def test_a_language_tag_keeps_its_case(language: str) -> None:
    assert literal("text", language=language) == f'"text"@{language}'


@pytest.mark.parametrize("language", HOSTILE_LANGUAGES)
def test_what_is_no_language_tag_is_refused(language: str) -> None:
    with pytest.raises(ProofTransformationError) as refused:
        literal("text", language=language)
    assert refused.value.code == "DATA_LOSS_DETECTION_ERROR"
    assert refused.value.detail.isprintable()


def test_a_string_is_written_without_its_datatype() -> None:
    assert literal("text") == literal("text", datatype=f"{XSD}string") == '"text"'
    assert literal("1", datatype=f"{XSD}integer") == f'"1"^^<{XSD}integer>'


def test_a_literal_has_not_both_a_datatype_and_a_language() -> None:
    with pytest.raises(ProofTransformationError) as refused:
        literal("text", datatype="urn:d", language="en")
    assert refused.value.code == "PROOF_TRANSFORMATION_ERROR"


@pytest.mark.parametrize("text", ["\ud800", "a\udfff", "\udc00\ud800", '"\ud800'])
def test_a_lone_surrogate_is_refused(text: str) -> None:
    with pytest.raises(ProofTransformationError) as refused:
        literal(text)
    assert refused.value.code == "PROOF_TRANSFORMATION_ERROR"


def test_characters_are_escaped_as_the_canonical_form_demands() -> None:
    short = {0x08: "\\b", 0x09: "\\t", 0x0A: "\\n", 0x0C: "\\f", 0x0D: "\\r", 0x22: '\\"', 0x5C: "\\\\"}
    long = {*range(0x20), 0x7F, 0xFFFE, 0xFFFF} - short.keys()
    for code in [*range(0x800), 0x2028, 0xD7FF, 0xE000, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x1F600, 0x10FFFF]:
        expected = short.get(code, f"\\u{code:04X}" if code in long else chr(code))
        assert literal(chr(code)) == f'"{expected}"', hex(code)
        assert literal(f"a{chr(code)}b") == f'"a{expected}b"', hex(code)


@pytest.mark.parametrize("text", ['" .\n<urn:s> <urn:p> "', "\\", '\\"', "_:b0", "<urn:x>", "\r\n", "\u2028", "'"])
def test_no_text_gets_out_of_its_literal(text: str) -> None:
    term = literal(text)
    (line,) = lines([("<urn:s>", "<urn:p>", term, "")], {"_:b0": "_:c14n0"})
    assert line == f"<urn:s> <urn:p> {term} .\n"
    assert parse(line) == [("<urn:s>", "<urn:p>", term, "")]


def test_lines_are_sorted_and_name_whole_terms_only() -> None:
    quads = [
        ("_:a", "<urn:_:a>", '"_:a"', "_:a"),
        ("_:a", "<urn:p>", "_:aa", ""),
        ("<urn:s>", "<urn:p>", '"\U00010000"', ""),
        ("<urn:s>", "<urn:p>", '"\uffe0"', ""),
    ]
    assert lines(quads, {"_:a": "_:z"}) == [
        '<urn:s> <urn:p> "\uffe0" .\n',
        '<urn:s> <urn:p> "\U00010000" .\n',
        '_:z <urn:_:a> "_:a" _:z .\n',
        "_:z <urn:p> _:aa .\n",
    ]


def test_a_document_is_read_into_canonical_terms() -> None:
    document = (
        "# a comment\r\n"
        "<urn:s><urn:p><urn:\\u00e9>.\r"
        "\n"
        '\t_:a.b-1 \t <urn:p> "\\u0041\\U0001F600\\t\\\'\\"\\\\" _:g .  # a comment\n'
        f'<urn:s> <urn:p> "x"^^<{XSD}string> .\n'
        '<urn:s> <urn:p> "1" ^^ <urn:d> <urn:g> .\n'
        '<urn:s> <urn:p> "a\x85b\u2028c\x0bd"@en-GB .\n'
        '<urn:s> <urn:p> "\\u007F\\uFFFE" .'
    )
    assert parse(document) == [
        ("<urn:s>", "<urn:p>", "<urn:é>", ""),
        ("_:a.b-1", "<urn:p>", '"A😀\\t\'\\"\\\\"', "_:g"),
        ("<urn:s>", "<urn:p>", '"x"', ""),
        ("<urn:s>", "<urn:p>", '"1"^^<urn:d>', "<urn:g>"),
        ("<urn:s>", "<urn:p>", '"a\x85b\u2028c\\u000Bd"@en-GB', ""),
        ("<urn:s>", "<urn:p>", '"\\u007F\\uFFFE"', ""),
    ]


def test_quads_are_read_in_order_and_as_often_as_they_are_there() -> None:
    quad, other = ("_:b", "<urn:p>", "_:b", ""), ("_:a", "<urn:p>", "_:b", "")
    assert parse("".join(lines([quad], {}) + lines([other], {}) + lines([quad], {}))) == [quad, other, quad]
    assert parse("") == parse("\n\r\n \t\n#") == []


@pytest.mark.parametrize(
    "statement",
    [
        "<urn:s> <urn:p> <urn:o>",
        "<urn:s> <urn:p> <urn:o> . .",
        "<urn:s> <urn:p> <urn:o> . <urn:s> <urn:p> <urn:o> .",
        "<urn:s> <urn:p> .",
        "<urn:s> _:p <urn:o> .",
        '"s" <urn:p> <urn:o> .',
        '<urn:s> "p" <urn:o> .',
        '<urn:s> <urn:p> <urn:o> "g" .',
        "<urn:s> <urn:p> 'o' .",
        "<urn:s> <urn:p> \"o'' .",
        '<urn:s> <urn:p> "\\x" .',
        '<urn:s> <urn:p> "\\u00g0" .',
        '<urn:s> <urn:p> "\\u004" .',
        '<urn:s> <urn:p> "\\ud800" .',
        '<urn:s> <urn:p> "\\ud83d\\ude00" .',
        '<urn:s> <urn:p> "\\U00110000" .',
        '<urn:s> <urn:p> "\\UFFFFFFFF" .',
        '<urn:s> <urn:p> "\ud800" .',
        "<urn:\ud800> <urn:p> <urn:o> .",
        "<urn:s\\u0020> <urn:p> <urn:o> .",
        "<urn:s\\u003E> <urn:p> <urn:o> .",
        "<urn:\\UFFFFFFFF> <urn:p> <urn:o> .",
        "<urn:s> <p> <urn:o> .",
        "<> <urn:p> <urn:o> .",
        '<urn:s> <urn:p> "o"@ .',
        '<urn:s> <urn:p> "o"@toolongtag .',
        '<urn:s> <urn:p> "o"@en^^<urn:d> .',
        '<urn:s> <urn:p> "o"^^<d> .',
        '<urn:s> <urn:p> "o"^^_:d .',
        "_:a. <urn:p> <urn:o> .",
        "_: <urn:p> <urn:o> .",
        "_:-a <urn:p> <urn:o> .",
        "_:a:b <urn:p> <urn:o> .",
        "<urn:s> <urn:p> <urn:o> .\x0c",
        "\ufeff<urn:s> <urn:p> <urn:o> .",
        "\xa0<urn:s> <urn:p> <urn:o> .",
        "<<urn:s> <urn:p> <urn:o>> <urn:p> <urn:o> .",
        "@prefix a: <urn:a> .",
        "# \ud800",
    ],
)
def test_what_is_no_statement_is_refused_with_its_line(statement: str) -> None:
    with pytest.raises(ParsingError) as refused:
        parse(f"<urn:s> <urn:p> <urn:o> .\n{statement}")
    assert refused.value.code == "PARSING_ERROR"
    assert re.match("line 2", refused.value.detail)
    assert refused.value.detail.isprintable()


def test_the_limits_hold_for_characters_and_quads() -> None:
    line = "<urn:s> <urn:p> <urn:o> .\n"
    assert len(parse(line * 2, limits=Limits(document_bytes=2 * len(line), quads=2))) == 2
    with pytest.raises(LimitExceeded) as too_long:
        parse(line * 2, limits=Limits(document_bytes=2 * len(line) - 1))
    assert too_long.value.code == "INPUT_TOO_LARGE"
    with pytest.raises(LimitExceeded) as too_many:
        parse(line * 2, limits=Limits(quads=1))
    assert too_many.value.code == "WORK_LIMIT_EXCEEDED"


@pytest.mark.parametrize("part", ["<", '"', "_:a.", "\\", '"\\', "<urn:s>", "_:", "@a-", "<\\u0041", "."])
@pytest.mark.parametrize("start", ["", "<urn:s> <urn:p> ", '<urn:s> <urn:p> "', "<urn:s> <urn:p> _:a"])
def test_long_nonsense_is_refused_without_trying_to_read_it_otherwise(start: str, part: str) -> None:
    """A reader that took terminals apart again would not come back from these."""
    with pytest.raises(ParsingError, match="line 1 is not a statement"):
        parse(start + part * 200_000)
