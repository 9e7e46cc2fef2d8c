"""Charts as inline SVG. Every text that goes in is escaped, and nothing outside of the page is referred to."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

_WIDTH: Final = 720
_ROW: Final = 26
_LABEL: Final = 300
_HEIGHT: Final = 180
_LONGEST: Final = 46


def text(value: str) -> str:
    """`value` as text of a page. What is no sign to be seen, or could turn the writing, is shown by its number."""
    return escape("".join(each if each.isprintable() else ascii(each)[1:-1] for each in value))


def bars(values: Sequence[tuple[str, int, str]], *, title: str) -> str:
    """A bar for each label with its number, in the colour of its class."""
    most = max((number for _, number, _ in values), default=0) or 1
    room = _WIDTH - _LABEL - 90
    drawn = []
    for row, (label, number, kind) in enumerate(values):
        y = row * _ROW
        length = max(1, round(room * number / most)) if number else 0
        drawn.append(
            f"<g><title>{text(label)}: {number:,}</title>"
            f'<text x="{_LABEL - 10}" y="{y + 17}" text-anchor="end">{text(_shortened(label))}</text>'
            f'<rect x="{_LABEL}" y="{y + 4}" width="{length}" height="{_ROW - 8}" class="{kind}"/>'
            f'<text x="{_LABEL + length + 6}" y="{y + 17}">{number:,}</text></g>'
        )
    return _svg("".join(drawn), len(values) * _ROW, title)


def line(points: Sequence[tuple[float, float]], *, title: str, x_unit: str, y_unit: str) -> str:
    """A line through the points, from 0 on both axes, with the largest value of each beside its axis."""
    most_x = max((x for x, _ in points), default=0.0) or 1.0
    most_y = max((y for _, y in points), default=0.0) or 1.0
    left, right, bottom = 90, _WIDTH - 20, _HEIGHT - 30
    path = " ".join(
        f"{left + (right - left) * x / most_x:.1f},{bottom - (bottom - 20) * y / most_y:.1f}" for x, y in points
    )
    drawn = (
        f'<path d="M{left},10 V{bottom} H{right}" class="axis"/><polyline points="{path}" class="line"/>'
        f'<text x="{left - 6}" y="26" text-anchor="end">{most_y:,.0f} {text(y_unit)}</text>'
        f'<text x="{left - 6}" y="{bottom}" text-anchor="end">0</text>'
        f'<text x="{right}" y="{_HEIGHT - 10}" text-anchor="end">{most_x:,.1f} {text(x_unit)}</text>'
    )
    return _svg(drawn, _HEIGHT, title)


def _shortened(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST // 2]}…{label[-_LONGEST // 2 + 1 :]}"


def _svg(drawn: str, height: int, title: str) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {max(height, 1)}" role="img" aria-label="{text(title)}" '
        f'xmlns="http://www.w3.org/2000/svg">{drawn}</svg>'
    )
