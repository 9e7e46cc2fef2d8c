"""A chart of ratios as SVG: text that is the same for the same numbers, readable on light and on dark ground."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final, NamedTuple

_WIDTH: Final = 860
_LEFT: Final = 230
"""Where the bars begin."""
_RIGHT: Final = 190
"""What is left for the label of a bar of full length."""
_TOP: Final = 74
_BAR: Final = 15
_GAP: Final = 11
_STYLE: Final = """
    text { font: 12px system-ui, sans-serif; fill: #1f2328; }
    .title { font-size: 15px; font-weight: 600; }
    .number { font-weight: 600; }
    .line { stroke: #d1d9e0; }
    .whole { stroke: #59636e; stroke-dasharray: 4 3; }
    .bar0 { fill: #0969da; } .bar1 { fill: #bc4c00; } .bar2 { fill: #1a7f37; } .bar3 { fill: #8250df; }
    .bar4 { fill: #6e7781; }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc; }
      .line { stroke: #3d444d; }
      .whole { stroke: #9198a1; }
      .bar0 { fill: #58a6ff; } .bar1 { fill: #f0883e; } .bar2 { fill: #3fb950; } .bar3 { fill: #bc8cff; }
      .bar4 { fill: #9198a1; }
    }
"""


class Group(NamedTuple):
    """Bars that belong together, by their names."""

    label: str
    bars: Mapping[str, float]


def svg(title: str, caption: str, groups: Sequence[Group]) -> str:
    """The chart. Bars of one name have one colour; where they end, there is the name with the number.

    The scale goes from 0 to 1, where there is a dashed line; a longer bar is drawn as far as the scale goes on.
    """
    names = list(dict.fromkeys(name for group in groups for name in group.bars))
    unit = _WIDTH - _LEFT - _RIGHT
    height = _TOP + sum(_BAR * len(group.bars) + _GAP for group in groups) + 8
    size = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{escape(title)}">',
        f"  <style>{_STYLE}  </style>",
        f'  <text class="title" x="12" y="24">{escape(title)}</text>',
        f'  <text x="12" y="43">{escape(caption)}</text>',
    ]
    for share in (0, 0.25, 0.5, 0.75, 1):
        x, kind = _LEFT + share * unit, "whole" if share == 1 else "line"
        parts.append(f'  <line class="{kind}" x1="{x:g}" y1="{_TOP - 8}" x2="{x:g}" y2="{height - 8}"/>')
        parts.append(f'  <text x="{x:g}" y="{_TOP - 13}" text-anchor="middle">{share:g}</text>')
    y = _TOP
    for group in groups:
        middle = y + _BAR * len(group.bars) / 2 + 4
        parts.append(f'  <text x="{_LEFT - 10}" y="{middle:g}" text-anchor="end">{escape(group.label)}</text>')
        for name, ratio in group.bars.items():
            parts += _bar(name, ratio, y=y, colour=min(names.index(name), 4), unit=unit)
            y += _BAR
        y += _GAP
    return "\n".join([*parts, "</svg>", ""])


def _bar(name: str, ratio: float, *, y: int, colour: int, unit: int) -> list[str]:
    length = max(min(ratio, 1 + _GAP / unit) * unit, 1)
    number = f'<tspan class="number">{ratio:.{2 if ratio >= 0.1 else 3}f}</tspan>'
    return [
        f'  <rect class="bar{colour}" x="{_LEFT}" y="{y}" width="{length:.1f}" height="{_BAR - 3}" rx="2"/>',
        f'  <text x="{_LEFT + length + 6:.1f}" y="{y + _BAR - 5}">{number} {escape(name)}</text>',
    ]
