"""The summary of an audit as one HTML file with its plots inside: no script, nothing from the network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from api.audit.lines import Line
from api.audit.tally import OVERDUE, Tally
from api.render.words import word
from models.finding import Severity

Bars = Sequence[tuple[str, Sequence[tuple[str, int]]]]
"""Of each bar its name, and its pieces: colour class and length."""

MOST_BARS = 30
_LABEL, _WIDTH, _BAR, _GAP = 250, 860, 16, 8
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Plot:
    """A bar chart with what it shows in words; `left_out` are bars that it has no room for."""

    title: str
    note: str
    picture: Markup
    left_out: int = 0


def audit_html(tally: Tally, worst: Sequence[Line], head: Mapping[str, Any]) -> str:
    """The page. `worst` are the lines of the certificates that most needs to be done about."""
    page: str = _template().render(
        head=head,
        tally=tally,
        plots=[plot for plot in plots(tally) if plot is not None],
        worst=worst,
        severities=[(severity.value, word("severities", severity).zh) for severity in Severity],
        word=word,
    )
    return page


def plots(tally: Tally) -> list[Plot | None]:
    """Findings by check, district and field; ageing of expiries; due dates. None where there is nothing to show."""
    checks: Bars = [
        (
            f"{check} {tally.titles[check]}",
            [(severity.value, counts[severity]) for severity in Severity if counts[severity]],
        )
        for check, counts in sorted(tally.checks.items(), key=lambda pair: (-pair[1].total(), pair[0]))
    ]
    return [
        _plot("按核查项 Findings by check", "异议条数，颜色为级别。 Objections, coloured by severity.", checks),
        _plot("按市县区 By district", "异议条数，按证书地址。 Objections, by the certificate's address.", _most(tally.districts)),
        _plot("按领域 By field", "异议条数，按证书编号中的领域。 Objections, by the field in the number.", _most(tally.fields)),
        _plot(
            "到期 Expiry",
            "证书张数，按距有效期届满的时间；届满三个月前应申请延续。 Certificates, by the time left.",
            [(name, [("major" if at < 2 else "plain", number)]) for at, (name, number) in enumerate(tally.expiries_in_order())],
        ),
        _plot(
            "承诺核查 Verification of promises",
            "证书张数，按发证后两个月内核查的期限。 Certificates, by when verification is due.",
            [(name, [("blocking" if name == OVERDUE else "plain", number)]) for name, number in tally.due_in_order()],
        ),
    ]  # fmt: skip


def _most(counted: Mapping[str, int]) -> Bars:
    ordered = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(name, [("plain", number)]) for name, number in ordered]


def _plot(title: str, note: str, bars: Bars) -> Plot | None:
    if not any(length for _, pieces in bars for _, length in pieces):
        return None
    return Plot(title, note, _drawn(title, bars[:MOST_BARS]), max(0, len(bars) - MOST_BARS))


def _drawn(title: str, bars: Bars) -> Markup:
    """Horizontal bars as SVG, each with its name on the left and its number behind it."""
    longest = max(sum(length for _, length in pieces) for _, pieces in bars)
    room = _WIDTH - _LABEL - 60
    height = len(bars) * (_BAR + _GAP)
    drawn = [
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg">'
    ]
    for at, (name, pieces) in enumerate(bars):
        top, x = at * (_BAR + _GAP), float(_LABEL)
        short = name if len(name) <= 19 else f"{name[:18]}…"
        drawn.append(
            f'<text x="{_LABEL - 8}" y="{top + _BAR - 4}" text-anchor="end">{escape(short)}<title>{escape(name)}</title></text>'
        )
        for colour, length in pieces:
            width = room * length / longest
            drawn.append(f'<rect class="{colour}" x="{x:.1f}" y="{top}" width="{width:.1f}" height="{_BAR}"/>')
            x += width
        drawn.append(f'<text x="{x + 6:.1f}" y="{top + _BAR - 4}">{sum(length for _, length in pieces)}</text>')
    return Markup("".join([*drawn, "</svg>"]))  # noqa: S704 - made of numbers and escaped texts


@cache
def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("summary.html")
