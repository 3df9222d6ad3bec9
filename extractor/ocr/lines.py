"""Text lines to and from the recogniser's numbers: crops in, characters with their certainty and place out."""

import math
import unicodedata
from collections.abc import Iterable

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


class Alphabet:
    """The recogniser's classes: 0 is none, then one a character, last a space; and which of them print the same character.

    Full and half width of one sign, such as `（` and `(`, look alike in a small picture, and the network divides its certainty
    between them. Which width it was does not matter to a reader, so the certainty of a sign is that of all its twins.
    """

    def __init__(self, characters: list[str]) -> None:
        self._characters = ["", *characters, " "]
        forms: dict[str, list[int]] = {}
        for index, character in enumerate(self._characters):
            forms.setdefault(unicodedata.normalize("NFKC", character), []).append(index)
        self._twins = {i: np.array(group) for group in forms.values() if len(group) > 1 for i in group if i}

    def text(self, classes: Iterable[int]) -> list[str]:
        """What each class prints."""
        return [self._characters[c] for c in classes]

    def best(self, probabilities: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Of 1 × steps × classes: the best class of each step and its certainty."""
        steps = probabilities[0]
        classes = steps.argmax(axis=1)
        certainty = steps[np.arange(len(steps)), classes]
        for step in np.flatnonzero(classes):
            if (twins := self._twins.get(int(classes[step]))) is not None:
                certainty[step] = steps[step, twins].sum()
        return classes, certainty


def decode(classes: NDArray[np.intp], certainty: NDArray[np.float32], alphabet: Alphabet, filled: float) -> Reading:
    """Greedy CTC over what `Alphabet.best` found: equal neighbours are one character.

    The confidence is half the mean and half the minimum of the characters' certainties: one doubtful character in a long name hardly
    moves the mean, yet the name cannot be called sure. Spaces do not count, they decide nothing.
    """
    starts = np.flatnonzero(np.concatenate(([True], classes[1:] != classes[:-1])))
    ends = np.append(starts[1:], len(classes))
    kept = classes[starts] != 0
    starts, ends = starts[kept], ends[kept]
    signs = alphabet.text(classes[starts].tolist())
    counted = certainty[starts][[not sign.isspace() for sign in signs]]
    if not counted.size:
        return Reading("", 0.0)
    confidence = min(1.0, float(counted.mean() + counted.min()) / 2)
    centres = np.clip((starts + ends) / 2 / (len(classes) * filled), 0.0, 1.0).tolist()
    # A class can print more than one code point; the positions follow the text.
    positions = tuple(centre for sign, centre in zip(signs, centres, strict=True) for _ in sign)
    return Reading("".join(signs), confidence, positions)
