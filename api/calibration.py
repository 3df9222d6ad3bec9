"""Whether a confidence means what it says: shares that were right against what was said, bin by bin."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from api.tally import Said, Score
from matchers.check import CONFIDENCE_FLOOR

Json = dict[str, Any]

EDGES = (0.0, 0.5, 0.7, 0.85, 0.9, 0.95, 0.98, 0.99)
"""A bin holds the readings said to be worth at least this much and less than the next; the last one reaches 1."""

SURE = 0.99
"""Readings said to be worth this much should be right 99 times in 100."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Readings from `floor` upwards to the next bin: how many, how many right, and the mean of what was said."""

    floor: float
    score: Score
    said: float


def reliability(readings: Iterable[Said]) -> tuple[Bin, ...]:
    """The bins that hold any reading, from the least sure upwards."""
    filled: dict[float, list[Said]] = {}
    for reading in readings:
        filled.setdefault(max(edge for edge in EDGES if edge <= reading.confidence), []).append(reading)
    return tuple(
        Bin(floor, Score(sum(r.right for r in held), len(held)), sum(r.confidence for r in held) / len(held))
        for floor, held in sorted(filled.items())
    )


def expected_error(bins: Sequence[Bin]) -> float | None:
    """Expected calibration error: by how much share and saying differ, weighted by the bins' sizes; None without readings."""
    total = sum(each.score.total for each in bins)
    off = sum(abs(each.score.right - each.said * each.score.total) for each in bins)
    return round(off / total, 6) if total else None


def calibration_json(readings: Sequence[Said]) -> Json:
    """Of fields and of rows that were recognised in pictures, together and by degradation; null where there were none.

    `sure` are those said to be worth 0.99 or more; `sure_and_wrong` those at or above the floor under which a mismatch is doubted.
    """
    recognised = [reading for reading in readings if reading.source == "ocr"]
    worn = sorted({reading.degradation for reading in recognised})
    return {
        what: {
            **_figures([reading for reading in recognised if reading.what == name]),
            "by_degradation": {
                each: _figures([r for r in recognised if r.what == name and r.degradation == each]) for each in worn
            },
        }
        for what, name in (("fields", "field"), ("rows", "row"))
    }


def _figures(readings: Sequence[Said]) -> Json:
    bins = reliability(readings)
    sure = Score()
    for reading in readings:
        if reading.confidence >= SURE:
            sure.add(reading.right)
    wrong = sum(not reading.right and reading.confidence >= CONFIDENCE_FLOOR for reading in readings)
    return {
        "total": len(readings),
        "expected_calibration_error": expected_error(bins),
        "sure": {"exact": sure.right, "total": sure.total, "share": sure.share},
        "sure_and_wrong": {"count": wrong, "share": Score(wrong, len(readings)).share},
        "bins": [
            {
                "floor": each.floor,
                "said": round(each.said, 4),
                "exact": each.score.right,
                "total": each.score.total,
                "share": each.score.share,
            }
            for each in bins
        ],
    }
