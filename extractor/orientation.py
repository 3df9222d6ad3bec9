"""Which way up a page lies, judged by how surely its lines can be read; a page that reads well is never turned."""

from collections.abc import Sequence

import numpy as np

from extractor.crops import height, is_tall, straightened, width
from extractor.ocr import Image, OcrEngine, Reading

READS_WELL = 0.75
_CLEARLY_BETTER = 0.12
_LINES = 8


def certainty(readings: Sequence[Reading]) -> float:
    """The mean confidence of `readings`, each weighing as many characters as it has; 0.0 where nothing was read."""
    weight = sum(len(r.text) for r in readings)
    return sum(len(r.text) * r.confidence for r in readings) / weight if weight else 0.0


def clockwise_turn(image: Image, ocr: OcrEngine) -> int:
    """The clockwise turn, 0, 90, 180 or 270 degrees, that makes the page upright.

    The longest lines are read both ways along their own direction; anything but 0 must be clearly surer than leaving the page as it is.
    """
    quads = sorted(ocr.detect(image), key=lambda quad: max(width(quad), height(quad)), reverse=True)[:_LINES]
    if not quads:
        return 0
    tall = sum(is_tall(quad) for quad in quads) > len(quads) / 2
    crops = [straightened(image, quad) for quad in quads if is_tall(quad) == tall]
    # np.rot90 turns anticlockwise: one step brings a page upright that needs 270 degrees clockwise.
    steps = {90: 3, 270: 1} if tall else {0: 0, 180: 2}
    turned = {turn: [np.ascontiguousarray(np.rot90(crop, k)) for crop in crops] for turn, k in steps.items()}
    if tall:
        turned[0] = crops
    readings = ocr.recognise([crop for group in turned.values() for crop in group])
    size = len(crops)
    scores = {turn: certainty(readings[i * size : (i + 1) * size]) for i, turn in enumerate(turned)}
    best = max(scores, key=lambda turn: scores[turn])
    return best if scores[best] > scores[0] + _CLEARLY_BETTER else 0
