"""Which way up a page lies, judged by how surely its lines can be read; a page that reads well is never turned."""

from collections.abc import Sequence

import numpy as np

from extractor.crops import height, is_tall, straightened, width
from extractor.ocr import Image, OcrEngine, Quad, Reading

READS_WELL = 0.75
_CLEARLY_BETTER = 0.12
_LINES = 8
_EXPECTED = 0.35  # characters for each height of a line's width; 1 in Chinese text, half of it where it is spaced out


def legibility(lines: Sequence[tuple[Reading, float]]) -> float:
    """How well lines were read, 0..1, each given with its width divided by its height, which is also its weight.

    A long line of which few characters come out was not read, however sure those are: upside-down text gives such readings.
    """
    weight = sum(aspect for _, aspect in lines)
    read = sum(aspect * r.confidence * min(1.0, len(r.text) / (_EXPECTED * aspect)) for r, aspect in lines)
    return read / weight if weight else 0.0


def clockwise_turn(image: Image, quads: Sequence[Quad], ocr: OcrEngine) -> int:
    """The clockwise turn, 0, 90, 180 or 270 degrees, that makes the page upright; `quads` are its detected lines.

    The longest lines are read both ways along their direction; anything but 0 must be clearly surer than leaving the page as it is.
    """
    tall = sum(is_tall(quad) for quad in quads) > len(quads) / 2
    longest = sorted((q for q in quads if is_tall(q) == tall), key=lambda q: max(width(q), height(q)), reverse=True)[
        :_LINES
    ]
    crops = [straightened(image, quad) for quad in longest]
    # np.rot90 turns anticlockwise: a line that it rights in one step needs 270 degrees clockwise.
    steps = {0: 0, 90: 3, 270: 1} if tall else {0: 0, 180: 2}
    turned = [np.ascontiguousarray(np.rot90(crop, step)) for step in steps.values() for crop in crops]
    readings = iter(ocr.recognise(turned))
    scores = {turn: legibility([(next(readings), aspect(q)) for q in longest]) for turn in steps}
    best = max(scores, key=lambda turn: scores[turn])
    return best if scores[best] > scores[0] + _CLEARLY_BETTER else 0


def aspect(quad: Quad) -> float:
    """The line's length divided by its thickness, whichever way it runs."""
    return max(width(quad), height(quad)) / max(1.0, min(width(quad), height(quad)))
