"""Text lines to and from the recogniser's numbers: crops in, characters with their certainty and place out."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from extractor.ocr import Image, Reading

HEIGHT = 48
"""Pixels; the only height that the recogniser takes."""

# Each new width costs the runtime memory and compile time once, so crops are padded to one of these; steps of about a sixth.
WIDTHS = (
    48,
    64,
    80,
    96,
    112,
    128,
    160,
    192,
    224,
    256,
    304,
    352,
    416,
    480,
    560,
    640,
    752,
    880,
    1024,
    1200,
    1408,
    1632,
    1920,
)
_STRIDE = 8  # pixels of width to one time step


def prepare(crop: Image) -> tuple[NDArray[np.float32], float]:
    """The crop as 1 × 3 × 48 × padded width (BGR, -1..1, the padding 0), and the fraction of the padded width that it fills."""
    height, width = crop.shape[:2]
    target = min(WIDTHS[-1], max(1, math.ceil(HEIGHT * width / height)))
    padded = next(w for w in WIDTHS if w >= target)
    resized = cv2.resize(crop, (target, HEIGHT))
    tensor = np.zeros((1, 3, HEIGHT, padded), np.float32)
    tensor[0, :, :, :target] = resized[:, :, ::-1].transpose(2, 0, 1)
    tensor[0, :, :, :target] *= 2 / 255
    tensor[0, :, :, :target] -= 1
    return tensor, target / padded


def best(probabilities: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Of 1 × steps × classes: the best class of each step and its probability."""
    steps = probabilities[0]
    classes = steps.argmax(axis=1)
    return classes, steps[np.arange(len(steps)), classes]


def decode(
    classes: NDArray[np.intp], probabilities: NDArray[np.float32], characters: list[str], filled: float
) -> Reading:
    """Greedy CTC: equal neighbours are one character, class 0 is none, the class after the last character is a space.

    The confidence is half the mean and half the minimum of the characters' probabilities: one doubtful character in a long name
    hardly moves the mean, yet the name cannot be called sure.
    """
    if not classes.size:
        return Reading("", 0.0)
    starts = np.flatnonzero(np.concatenate(([True], classes[1:] != classes[:-1])))
    ends = np.append(starts[1:], len(classes))
    kept = classes[starts] != 0
    starts, ends = starts[kept], ends[kept]
    if not starts.size:
        return Reading("", 0.0)
    text = "".join(characters[c - 1] if c <= len(characters) else " " for c in classes[starts])
    certainty = probabilities[starts]
    confidence = float(certainty.mean() + certainty.min()) / 2
    positions = np.clip((starts + ends) / 2 / (len(classes) * filled), 0.0, 1.0)
    # A class can stand for more than one code point, so the positions follow the text, not the classes.
    spread = [
        p
        for c, p in zip(classes[starts], positions.tolist(), strict=True)
        for _ in (characters[c - 1] if c <= len(characters) else " ")
    ]
    return Reading(text, min(1.0, confidence), tuple(spread))
