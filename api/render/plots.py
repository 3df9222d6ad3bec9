"""Plots as SVG made here: bars in a row and a histogram, coloured by the page's style sheet, with every number in words as well."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

BAR, GAP, LABEL, WIDTH, NUMBER = 20, 6, 120, 640, 120
HEIGHT, FOOT, BINS = 140, 22, 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `value` in [0, 1] of the full width, `told` stands behind it."""

    label: str
    value: float
    told: str


def bars(title: str, given: Sequence[Bar]) -> Markup:
    """Bars from the left, one below the other, in the order given."""
    height = len(given) * (BAR + GAP) + GAP
    room = WIDTH - LABEL - NUMBER
    lines = [_open(title, height)]
    for place, bar in enumerate(given):
        top = GAP + place * (BAR + GAP)
        length = max(1.0, room * min(1.0, bar.value))
        lines += [
            f'<text class="plot-label" x="{LABEL - 8}" y="{top + 15}" text-anchor="end">{escape(bar.label)}</text>',
            f'<rect class="plot-ground" x="{LABEL}" y="{top}" width="{room}" height="{BAR}" rx="3"/>',
            f'<rect class="plot-bar" x="{LABEL}" y="{top}" width="{length:.1f}" height="{BAR}" rx="3"/>',
            f'<text class="plot-number" x="{LABEL + room + 8}" y="{top + 15}">{escape(bar.told)}</text>',
        ]
    return _closed(lines)


def histogram(title: str, values: Sequence[float], unit: str) -> Markup:
    """How many values fall between equal steps from nothing to the greatest, with a line at the median."""
    top = max((*values, 1.0))
    step = top / BINS
    counts = [0] * BINS
    for value in values:
        counts[min(BINS - 1, int(value / step))] += 1
    most, wide = max((*counts, 1)), WIDTH / BINS
    lines = [_open(title, HEIGHT + FOOT)]
    for place, count in enumerate(counts):
        tall = (HEIGHT - 18) * count / most
        left = place * wide
        lines.append(
            f'<rect class="plot-bar" x="{left + 2:.1f}" y="{HEIGHT - tall:.1f}" width="{wide - 4:.1f}" height="{tall:.1f}" rx="2"/>'
        )
        if count:
            middle = f'x="{left + wide / 2:.1f}" y="{HEIGHT - tall - 4:.1f}"'
            lines.append(f'<text class="plot-number" {middle} text-anchor="middle">{count}</text>')
        lines.append(
            f'<text class="plot-label" x="{left + 2:.1f}" y="{HEIGHT + 16}">{place * step:.0f}{escape(unit) if not place else ""}</text>'
        )
    if values:
        at = WIDTH * min(1.0, statistics.median(values) / top)
        lines.append(f'<line class="plot-line" x1="{at:.1f}" x2="{at:.1f}" y1="0" y2="{HEIGHT}"/>')
    return _closed(lines)


def _open(title: str, height: float) -> str:
    return f'<svg class="plot" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">'


def _closed(lines: Sequence[str]) -> Markup:
    return Markup("".join([*lines, "</svg>"]))  # noqa: S704 - every text in it was escaped
