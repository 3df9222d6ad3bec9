"""The plots of an evaluation as PNG: reliability of what was recognised, and accuracy by degradation and field."""

import io
from typing import TYPE_CHECKING, Any

from models.errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Json = dict[str, Any]

_INK, _SECOND, _WEAK = "#3a6ea5", "#2e8b57", "#c43d2f"
_FIELDS_SHOWN = 30


def evaluation_plots(figures: Json) -> dict[str, bytes]:
    """Name of the file -> PNG; a plot without anything to show is left out. InputError where matplotlib is not installed."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise InputError(
            "绘图需要 matplotlib：pip install 'zhengshen[evaluation]'。 Plots need matplotlib: pip install 'zhengshen[evaluation]'."
        ) from error
    drawn = {
        "reliability.png": _reliability(Figure(figsize=(9, 4.6), layout="constrained"), figures["calibration"]),
        "degradation.png": _degradation(Figure(figsize=(8, 4), layout="constrained"), figures),
        "fields.png": _fields(Figure(figsize=(8, 7), layout="constrained"), figures["fields"]["by_field"]),
    }
    return {name: _png(figure) for name, figure in drawn.items() if figure is not None}


def _reliability(figure: "Figure", calibration: Json) -> "Figure | None":
    """Said against true, a point a bin, its size by the readings in it; on the line, saying and share are the same."""
    if not any(calibration[what]["total"] for what in ("fields", "rows")):
        return None
    left, right = figure.subplots(1, 2)
    for axes, low in ((left, 0.0), (right, 0.9)):
        axes.plot((low, 1), (low, 1), color="#999999", linewidth=0.8, linestyle="--")
        for what, colour in (("fields", _INK), ("rows", _SECOND)):
            bins = [each for each in calibration[what]["bins"] if each["floor"] >= low]
            said, share = [each["said"] for each in bins], [each["share"] for each in bins]
            axes.plot(said, share, color=colour, linewidth=1, marker="o", markersize=4, label=what)
            for each in bins:
                axes.annotate(str(each["total"]), (each["said"], each["share"]), fontsize=7, color=colour)
        axes.set(xlabel="confidence said", ylabel="share right", xlim=(low, 1.005), ylim=(low, 1.01))
    left.set_title("Reliability of recognised values")
    right.set_title("The sure end")
    left.legend(loc="upper left", frameon=False)
    return figure


def _degradation(figure: "Figure", figures: Json) -> "Figure | None":
    """Fields and rows exact for each degradation."""
    fields, rows = figures["fields"]["by_degradation"], figures["rows"]["by_degradation"]
    if not fields:
        return None
    axes = figure.subplots()
    places = range(len(fields))
    _bars(axes, [p - 0.2 for p in places], [score["share"] for score in fields.values()], _INK, "fields")
    _bars(axes, [p + 0.2 for p in places], [(rows.get(name) or {}).get("exact") for name in fields], _SECOND, "rows")
    axes.set_xticks(list(places), list(fields), rotation=45, ha="right", fontsize=8)
    axes.set(ylabel="share exact", title="Exact by degradation", ylim=(_lowest(figures), 1.002))
    axes.legend(frameon=False)
    return figure


def _bars(axes: "Axes", places: list[float], shares: list[float | None], colour: str, label: str) -> None:
    axes.bar(places, [share or 0.0 for share in shares], 0.38, color=colour, label=label)


def _lowest(figures: Json) -> float:
    """Where the axis begins: a tenth below the weakest share, so that high shares can be told apart."""
    shares = [score["share"] for score in figures["fields"]["by_degradation"].values()]
    shares += [rows["exact"] for rows in figures["rows"]["by_degradation"].values()]
    return max(0.0, min([share for share in shares if share is not None], default=0.0) - 0.1)


def _fields(figure: "Figure", by_field: Json) -> "Figure | None":
    """The weakest fields."""
    weak = sorted(
        ((name, score["share"]) for name, score in by_field.items() if score["exact"] < score["total"]),
        key=lambda each: float(each[1]),
    )[:_FIELDS_SHOWN]
    if not weak:
        return None
    axes = figure.subplots()
    axes.barh([name for name, _ in weak][::-1], [share for _, share in weak][::-1], color=_WEAK)
    axes.set(xlabel="share exact", title="The weakest fields", xlim=(0, 1))
    axes.tick_params(axis="y", labelsize=8)
    return figure


def _png(figure: "Figure") -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=110)
    return buffer.getvalue()
