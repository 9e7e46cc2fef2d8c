"""The report of a job for people: one page of HTML with charts, that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Any, Final

from vc_core.batch.charts import bars, line, text
from vc_core.batch.log import Moment
from vc_core.batch.summary import NOT_FETCHED, Summary, failures
from vc_core.errors import CODES
from vc_core.result import Verdict

_MOST_ROWS: Final = 20
_STYLE: Final = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-top: 2rem } svg { width: 100%; height: auto }
svg text { font: 12px system-ui, sans-serif; fill: #444 } table { border-collapse: collapse; width: 100% }
td, th { text-align: left; padding: .2rem .6rem .2rem 0; vertical-align: top; overflow-wrap: anywhere }
.verified { fill: #2e7d4f } .rejected { fill: #b3352b } .undecided { fill: #c08a1e } .problem { fill: #5b6b7c }
.axis { stroke: #999; fill: none } .line { stroke: #2f5f8f; fill: none; stroke-width: 2 } .small { color: #666 }
"""


def report(summary: Summary, manifest: Mapping[str, Any], moments: Sequence[Moment]) -> bytes:
    """The page. Whatever comes from records is text in it, and never markup."""
    body = "".join(
        (
            "<h1>Verification of many credentials</h1>",
            f"<p>{summary.records:,} records, as of {text(str(manifest['now']))}.</p>",
            _verdicts(summary),
            _used_up(summary),
            _problems(summary),
            _issuers(summary),
            _rates(moments),
            _basis(manifest),
        )
    )
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Verification of {summary.records:,} records</title><style>{_STYLE}</style></head>"
        f"<body>{body}</body></html>\n"
    ).encode("utf-8", "replace")


def _verdicts(summary: Summary) -> str:
    values = [(verdict.value, summary.verdicts[verdict.value], verdict.value) for verdict in Verdict]
    return f"<h2>Verdicts</h2>{bars(values, title='Records by verdict')}"


def _used_up(summary: Summary) -> str:
    words = ", ".join(summary.used_up)
    return f"<p>{text(NOT_FETCHED)}: {text(words)}.</p>" if words else ""


def _problems(summary: Summary) -> str:
    if not summary.codes:
        return "<h2>Problems</h2><p>None.</p>"
    found = summary.codes.most_common()
    found.sort(key=lambda item: (-item[1], item[0]))
    rows = ((code, f"{count:,}", CODES[code].title if code in CODES else "") for code, count in found)
    chart = bars([(code, count, "problem") for code, count in found[:_MOST_ROWS]], title="Problems by code")
    return f"<h2>Problems by code</h2>{chart}{_table(('code', 'problems', 'meaning'), rows)}"


def _issuers(summary: Summary) -> str:
    failing = [issuer for issuer in summary.by_failures() if failures(summary.issuers[issuer])]
    if not failing:
        return ""
    shown = failing[:_MOST_ROWS]
    values = [(issuer, failures(summary.issuers[issuer]), "problem") for issuer in shown]
    rows = (
        (issuer, *(f"{summary.issuers[issuer][verdict.value]:,}" for verdict in Verdict))  # in the order of the heads
        for issuer in shown
    )
    more = f"<p class='small'>And {len(failing) - len(shown):,} more.</p>" if len(failing) > len(shown) else ""
    return (
        "<h2>Records that are not verified, by issuer</h2>"
        "<p class='small'>Whom a record names as its issuer is only proven where it is verified.</p>"
        f"{bars(values, title='Records that are not verified, by issuer')}"
        f"{_table(('issuer', *(verdict.value for verdict in Verdict)), rows)}{more}"
    )


def _rates(moments: Sequence[Moment]) -> str:
    charts = "".join(
        f"<h3 class='small'>Run {number}</h3>{line(points, title='Rate', x_unit='s', y_unit='/s')}"
        for number, points in _runs(moments)
        if len(points) > 1
    )
    return f"<h2>Records a second</h2>{charts}" if charts else ""


def _runs(moments: Sequence[Moment]) -> Iterator[tuple[int, list[tuple[float, float]]]]:
    """Of the last runs, the rate between one moment and the next, in steps of no less than a hundredth of the run."""
    runs = [(number, list(each)) for number, each in groupby(moments, key=lambda moment: moment.run)]
    for number, found in runs[-_MOST_ROWS:]:
        step = found[-1].seconds / 100
        kept = [Moment(number, 0.0, 0)]
        kept += [moment for moment in found if moment.seconds > 0]
        thinned = kept[:1]
        for moment in kept[1:]:
            if moment.seconds - thinned[-1].seconds > step:
                thinned.append(moment)
        yield number, [(b.seconds, (b.records - a.records) / (b.seconds - a.seconds)) for a, b in pairwise(thinned)]


def _basis(manifest: Mapping[str, Any]) -> str:
    rows = (
        ("input, SHA-256", manifest["input"]["sha256"]),
        ("evidence, SHA-256", manifest["evidence"]),
        ("versions", ", ".join(f"{name} {version}" for name, version in manifest["versions"].items())),
        ("policy", ", ".join(f"{name}: {value}" for name, value in manifest["policy"].items() if name != "limits")),
    )
    return f"<h2>What it rests on</h2>{_table(('', ''), rows)}"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = "".join(f"<th>{text(each)}</th>" for each in heads)
    body = "".join(f"<tr>{''.join(f'<td>{text(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"
