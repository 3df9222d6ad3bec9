"""Text lines to and from the recogniser's numbers: crops in, characters with their certainty and place out."""

import math
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from extractor.ocr import Image, Reading

_ROOM = 1.05
"""Of a crop's height, between the centres of two signs: one and a half characters."""
_HALF_SIGN = (0.45, 0.6)
"""Of a crop's height, how far a Chinese character's ink reaches from its place as it is known, to the right and to the left.

Places are known a little too far to the right. A 、 or full stop stands close behind its left neighbour.
"""
_FAINT = 0.35
"""Of the contrast of a line's ink with its paper: what is paler than this is the paper's grain."""

_SHORT = 3.0
"""Width by height, of lines of few signs; narrowed, their places would be known too coarsely."""

HEIGHT = 48
"""Pixels; the only height that the recogniser takes."""

# Each new shape costs the runtime memory and compile time once, so lines are padded to one of these widths, and each width has
# one size of batch: narrow lines are read faster together. What is left over is read one by one, for a place that stays empty takes
# as long as a line; there are few such lines, and fewer widths for them.
_WIDTHS = (*range(48, 272, 16), *range(288, 672, 32), *range(704, 1088, 64), *range(1152, 2048, 128))
_TOGETHER = ((128, 8), (320, 4), (640, 2), (_WIDTHS[-1], 1))
_ALONE = (*range(64, 640, 64), *_WIDTHS[_WIDTHS.index(640) :])

_FOREIGN = (
    (0x0180, 0x0250),  # further Latin and phonetic letters, but for the ɑ and ɡ of some typefaces
    (0x0252, 0x0260),
    (0x0262, 0x02AF),
    (0x03E2, 0x1DFF),  # from Coptic over Cyrillic to the phonetic signs
    (0x2301, 0x245F),  # technical signs, but for ⌀
    (0x2613, 0x2712),  # faces, tools and ornaments, but for stars, ticks and boxes
    (0x2719, 0x2BFF),
    (0x3040, 0x31BF),  # kana, bopomofo, hangul
    (0xA000, 0xD7FF),  # hangul and other scripts
    (0xFF65, 0xFFDC),  # the same in half width
    (0x1F000, 0x1FAFF),  # pictures
)
"""Code points, from and to, of what stands in no Chinese paper."""

Batch = tuple[NDArray[np.float32], list[tuple[int, float]]]
"""Lines × 3 × 48 × width (BGR, -1..1, padding 0), and for each line its crop's index and the fraction of the width it fills."""


def batches(crops: Sequence[Image], across: float = 1.0) -> Iterator[Batch]:
    """The crops at the recogniser's height, the widest first, in batches of few shapes.

    Their width is scaled by `across` as much as their height; that of short ones, where it gains nothing, as much as that.
    """
    factors = [(across if is_narrowed(crop) else 1.0) / crop.shape[0] for crop in crops]
    widths = [
        min(_WIDTHS[-1], max(1, math.ceil(factor * HEIGHT * crop.shape[1])))
        for factor, crop in zip(factors, crops, strict=True)
    ]
    order = sorted(range(len(crops)), key=lambda index: widths[index], reverse=True)
    while order:
        padded = next(width for width in _WIDTHS if width >= widths[order[0]])
        size = next(together for most, together in _TOGETHER if padded <= most)
        if len(order) < size:
            padded, size = next(width for width in _ALONE if width >= widths[order[0]]), 1
        chosen, order = order[:size], order[size:]
        tensor = np.zeros((size, 3, HEIGHT, padded), np.float32)
        for place, index in enumerate(chosen):
            resized = cv2.resize(crops[index], (widths[index], HEIGHT)).astype(np.float32)
            tensor[place, :, :, : widths[index]] = resized[:, :, ::-1].transpose(2, 0, 1) * (2 / 255) - 1
        yield tensor, [(index, widths[index] / padded) for index in chosen]


def is_narrowed(crop: Image) -> bool:
    """Whether a crop is long enough for its width to be scaled apart from its height."""
    return bool(crop.shape[1] > _SHORT * crop.shape[0])


class Alphabet:
    """The recogniser's classes: 0 is none, then one a character, last a space; and which of them print the same character.

    Full and half width of one sign, such as `（` and `(`, look alike in a small picture, and the network divides its certainty
    between them. Which width it was does not matter to a reader, so the certainty of a sign is that of all its twins.
    Signs that no Chinese paper prints, such as kana and faces, are what dirt is taken for: the next best is read in their place.
    """

    def __init__(self, characters: list[str]) -> None:
        self._characters = ["", *characters, " "]
        forms: dict[str, list[int]] = {}
        for index, character in enumerate(self._characters):
            forms.setdefault(unicodedata.normalize("NFKC", character), []).append(index)
        self._foreign = np.array([_is_foreign(character) for character in self._characters])
        self._twins = {i: np.array(group) for group in forms.values() if len(group) > 1 for i in group if i}

    def text(self, classes: Iterable[int]) -> list[str]:
        """What each class prints."""
        return [self._characters[c] for c in classes]

    def best(self, scores: NDArray[np.float32], *, bare: bool = False) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Of lines × steps × classes: the best class of each step and, where a character begins, its certainty; 0 elsewhere.

        `scores` are probabilities, or, where `bare`, what a softmax would make these of: it is taken where it is needed only.
        """
        classes = scores.argmax(axis=2)
        for line, step in zip(*np.nonzero(self._foreign[classes]), strict=True):
            classes[line, step] = np.where(self._foreign, -np.inf, scores[line, step]).argmax()
        begins = classes != 0
        begins[:, 1:] &= classes[:, 1:] != classes[:, :-1]
        certainty = np.zeros(classes.shape, np.float32)
        for line, step in zip(*np.nonzero(begins), strict=True):
            at, best = scores[line, step], int(classes[line, step])
            alike = at[self._twins.get(best, best)]
            if bare:
                alike = np.exp(alike - at[best]) / np.exp(at - at[best]).sum()
            certainty[line, step] = alike.sum()
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


def gaping(reading: Reading, crop: Image) -> bool:
    """Whether a sign may have been passed over: beside a Chinese character there is room for one more, and ink in it.

    Such characters stand two thirds of a crop's height apart; what is lost in between is a 、 or a full stop, and the network
    does not hesitate over it.
    """
    height, width = crop.shape[:2]
    signs = zip(reading.text, reading.positions, strict=True)
    gaps = [
        (before * width, after * width)
        for (left, before), (right, after) in pairwise(signs)
        if (after - before) * width > _ROOM * height and (_is_ideograph(left) or _is_ideograph(right))
    ]
    if not gaps:
        return False
    darkest = crop.min(axis=(0, 2))
    ink, paper = float(darkest.min()), float(np.percentile(crop, 75))
    blank = darkest >= paper - _FAINT * (paper - ink)
    return not all(_is_void(blank[int(left) : math.ceil(right) + 1], height) for left, right in gaps)


def _is_void(blank: NDArray[np.bool_], height: int) -> bool:
    """Whether between the centres of two signs there is nothing but their own halves; column by column, whether it is blank."""
    columns = np.flatnonzero(blank)
    if not columns.size:
        return False
    first, last = int(columns[0]), int(columns[-1])
    before, after = first, blank.size - 1 - last
    return last - first + 1 == columns.size and before <= _HALF_SIGN[0] * height and after <= _HALF_SIGN[1] * height


def _is_foreign(character: str) -> bool:
    return any(low <= ord(sign) <= high for sign in character for low, high in _FOREIGN)


def _is_ideograph(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"
