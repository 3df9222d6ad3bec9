"""The coloured ink of seals and stamps: where it is, what lies under it, and which of two readings to believe."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from extractor.ocr import Image, Reading
from extractor.rulings import Grey, Mask
from extractor.textlines import Area

_COLOURED = 28  # levels by which red or blue exceeds the others, on paper made white
_SEALED = 0.02  # the share of coloured pixels from which a line under a seal is read a second time
_DISAGREEMENT = 0.3
_MONTH, _DAY = "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12]\\d|3[01])"
_YEAR = re.compile(r"(?:19|20)\s?\d\s?\d\s?年")
WHOLE_DATE = re.compile(rf"(?:19|20)\d\d年(?:(?:{_MONTH}|[1-9])月(?:{_DAY}|[1-9])|{_MONTH}[日目曰](?:{_DAY}|[1-9]))日")
"""A date with every digit of it; the 月 behind a month of two may be misread, for it is known all the same."""
_UNENDED = re.compile(rf"(?:19|20)\d\d年{_MONTH}月{_DAY}$")
_WEIGHTS, _DATE_WEIGHTS = (1.2, 1.0, 0.4, 0.6), (1.0, 1.0, 1.1, 0.6)
"""Of readings of a line with the seal taken out, faded, with what it veils brought out, and as printed; and of those of a date.

What is brought out may be the seal's own letters, but digits hardly: of 257 dates under seals (strong; in shadow and askew; as JPEG
photographs) the four had 199, 234, 245 and 209 right to the sign.
"""
_AS_PRINTED, _DOUBTS = 0.015, 0.05
"""How much less sure a line is of which only the reading with its seal says something else, and how much less sure that one must be."""
_HIDDEN = 0.97  # what is left of the confidence in a line that could be read under coloured ink
_COLOUR = 60  # levels between the brightest and the darkest channel of coloured ink; tinted paper has fewer
_TINTED = (40, 0.0005)  # so many levels on so small a share of the pixels: a stamp may be the only colour on a page
_DARK = 130  # the brightest channel of black ink at most, thin strokes included
_VEILED = 0.02  # the share of a line that is coloured, and that is black
_LIGHTER = (0.15, 1.0)  # how many times its colour is added to a coloured pixel to make it paper
_VEILED_TONES = (0.5, 0.8, 0.93)
"""Of the paper's brightness, where ink was: between the first two lies what becomes black; the last becomes paper."""
_DARKEST = 3  # per cent of coloured ink that have print under them, where any has
_OUTLINE = 0.78  # of the paper's brightness: what a seal leaves at its edges is lighter than this
_RESIDUE = 0.6  # of the paper's brightness: print has strokes of 0.25 and less, the remains of a seal none below 0.7
_PRINT = 0.5  # per cent of a seal's picture that are surely print, where any lies under it
_NEAR_TONE = 0.14  # of the way from print to paper: how far a grey seal's ink varies
_APART = 0.12  # of the same: how much darker print must be
_EDGE = 0.009  # of a seal's diameter: what is narrower is a stroke of print, or its edge
_GREY_INK = 0.42  # from the tone of print to that of paper: red ink in grey is lighter than this


def red(image: Image) -> Mask:
    """Where the ink is red; see `coloured`."""
    return coloured(image)[0]


def coloured(image: Image) -> tuple[Mask, Mask]:
    """Where the ink is red, and where it is blue; the colour of the light is taken out first, so that warm light on paper is neither."""
    sample = image[::8, ::8].reshape(-1, 3)
    paper = np.maximum(np.percentile(sample, 90, axis=0), 64.0)
    balance = [np.clip(np.arange(256) * (255 / level), 0, 255).astype(np.uint8) for level in paper]
    r, g, b = (cv2.LUT(channel, table) for channel, table in zip(cv2.split(image), balance, strict=True))
    # Orange and gold, the colours of titles and emblems, have far more green than blue.
    reddish = cv2.subtract(cv2.subtract(r, cv2.max(g, b)), cv2.absdiff(g, b))
    bluish = cv2.subtract(b, cv2.max(r, g))
    first, second = (cv2.threshold(ink, _COLOURED, 255, cv2.THRESH_BINARY)[1] for ink in (reddish, bluish))
    return np.asarray(first, np.uint8), np.asarray(second, np.uint8)


def suppressed(image: Image) -> Image:
    """The picture without its coloured ink, in grey: each pixel at its brightest channel, and the lighter the more colour it has.

    How much lighter is learned from the coloured pixels, red and blue ones apart, so that ink of either colour becomes paper; what is
    black stays darker than that, under such ink too. In a picture without colour all that is lighter than print becomes paper.
    """
    brightest, colour = _colour(image)
    r, _, b = cv2.split(image)
    if is_colourless(image):
        light = _without_grey_ink(brightest)
    else:
        paper = float(np.percentile(brightest[::2, ::2], 90))
        warm, cool = (_lighter(brightest, colour, side, paper) for side in (r > b, b > r))
        share = np.where(b > r, np.float32(cool), np.float32(warm))
        light = np.clip(brightest + share * colour, 0, 255).astype(np.uint8)
    return np.asarray(cv2.merge((light, light, light)), np.uint8)


def _lighter(brightest: Mask, colour: Mask, side: NDArray[np.bool_], paper: float) -> float:
    """How many times its colour is missing from the ink of one side of the spectrum to be paper."""
    ink = side & (colour >= _COLOUR)
    if np.count_nonzero(ink) < 20:
        return _LIGHTER[0]
    # The lighter half of it has no print under it.
    return float(np.clip((paper - np.percentile(brightest[ink], 60)) / np.percentile(colour[ink], 60), *_LIGHTER))


def _without_grey_ink(grey: Grey) -> Grey:
    sample = grey[::2, ::2]
    print_, paper = (float(np.percentile(sample, share)) for share in (1, 90))
    reach = max(24.0, _GREY_INK * (paper - print_))
    return np.asarray(np.clip((grey - np.float32(print_)) * (255 / reach), 0, 255), np.uint8)


def cleared(image: Image, stamps: Sequence[Area]) -> tuple[Image, list[Area]]:
    """The picture with the ink of `stamps` taken out, and those whose ink stays: on a page without colour, where it is as dark as print."""
    if not stamps:
        return image, []
    grey = is_colourless(image)
    clear, opaque = image.copy(), []
    for stamp in stamps:
        part = stamp.of(image)
        without = _without_tone(part) if grey else _without_edges(part)
        if without is None:
            opaque.append(stamp)
        else:
            stamp.of(clear)[:] = without
    return (image if len(opaque) == len(stamps) else clear), opaque


def _without_edges(part: Image) -> Image:
    """A coloured seal's picture in the tint of paper, without its ink and the pale outlines where that fades, as in every JPEG file."""
    light = suppressed(part)[:, :, 0]
    inked = cv2.dilate((_colour(part)[1] >= _COLOUR).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    paper = max(1.0, float(np.percentile(light, 90)))
    light = np.where(inked & (light < paper), np.clip(light / _OUTLINE, 0, paper), light)
    tint = np.percentile(part.reshape(-1, 3), 90, axis=0) / paper  # a white patch would be an object of its own
    return np.asarray(np.clip(np.minimum(light, paper)[:, :, None] * tint, 0, 255), np.uint8)


def _without_tone(part: Image) -> Image | None:
    """A round seal's picture in grey without what has the tone of its ring; None where that is hardly lighter than print, or is paper's.

    The seal is where that tone fills more than a stroke's edge; only there pixels change, so that thin strokes of print keep theirs,
    and not beside what is as dark as print, whose own edges have that tone.
    """
    grey = part.max(axis=2)
    print_, paper = (float(np.percentile(grey, share)) for share in (_PRINT, 90))
    tone = _ring_tone(grey)
    near = _NEAR_TONE * (paper - print_)
    if tone - near - print_ < max(1.0, _APART * (paper - print_)) or tone + near > paper:
        return None
    side = max(2, round(_EDGE * max(grey.shape)))
    beside = cv2.dilate(cv2.inRange(grey, 0, tone - near), np.ones((side | 1, side | 1), np.uint8))
    inked = cv2.inRange(grey, max(0.0, tone - near), min(255.0, tone + near))
    inked = cv2.morphologyEx(inked, cv2.MORPH_OPEN, np.ones((side, side), np.uint8)) & ~beside
    inked = cv2.dilate(inked | _never_darker(grey, tone - near, paper), np.ones((5, 5), np.uint8)) & ~beside
    lifted = np.clip((grey - print_) * (paper / (tone - near - print_)), 0, paper)
    light = np.where(inked > 0, np.maximum(lifted, grey), grey).astype(np.uint8)
    return np.asarray(cv2.merge((light, light, light)), np.uint8)


def _never_darker(grey: Grey, least: float, paper: float) -> Mask:
    """The pieces of ink that are nowhere darker than `least`."""
    ink = cv2.inRange(grey, 0, (least + paper) / 2)
    count, pieces = cv2.connectedComponents(ink, connectivity=8)
    dark = np.zeros(count, bool)
    dark[np.unique(pieces[grey < least])] = True
    return np.where((ink > 0) & ~dark[pieces], 255, 0).astype(np.uint8)


def _ring_tone(grey: Grey) -> float:
    """How dark a seal's ring is that fills the picture: what half of it is darker than, on the circle with most ink."""
    height, width = grey.shape
    angle = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    half = min(height, width) / 2
    radii = np.arange(0.7 * half, half, 1.0)[:, None]
    across = np.clip((width / 2 + radii * np.cos(angle)).round().astype(int), 0, width - 1)
    down = np.clip((height / 2 + radii * np.sin(angle)).round().astype(int), 0, height - 1)
    return float(np.median(grey[down, across], axis=1).min())


def unveiled(line: Image) -> Image:
    """The line without coloured ink and the pale outlines that this leaves; print that an opaque ink has veiled is brought out.

    What is left of the ink can come out with it: another way to look at a line, not the surer one.
    """
    if is_colourless(line):
        return suppressed(line)
    ink = line.max(axis=2) - line.min(axis=2) >= _COLOUR
    inked = cv2.dilate(ink.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    tone = _tone(line)
    least, most, high = _VEILED_TONES
    low = float(np.clip(np.percentile(tone[ink], _DARKEST), least, most)) if ink.any() else most
    tone = np.clip(np.where(inked, (tone - low) / (high - low), tone / high), 0, 1)
    return np.asarray(cv2.merge(((255 * tone).astype(np.uint8),) * 3), np.uint8)


def _tone(part: Image) -> NDArray[np.float32]:
    """How bright each pixel is without its coloured ink, of the paper's brightness."""
    light = suppressed(part)[:, :, 0]
    return np.asarray(light / np.float32(max(1.0, float(np.percentile(light, 90)))), np.float32)


def grey_without(image: Image, seals: Sequence[Area]) -> Grey:
    """The picture in grey, with the coloured ink of `seals` taken out."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
    for seal in seals:
        seal.of(grey)[:] = cv2.cvtColor(_without_edges(seal.of(image)), cv2.COLOR_RGB2GRAY)
    return grey


def is_sealed(line: Image) -> bool:
    """Whether a line where a seal lies has ink of the seal in it, as far as that can be told: in grey it may."""
    first, second = coloured(line)
    if float(cv2.max(first, second).mean()) / 255 > _SEALED:
        return True
    return is_colourless(line)


def is_residue(line: Image, ink: Mask) -> bool:
    """Whether a line holds only what a seal's ink left when it was taken out: pale everywhere, where strokes of print have a core."""
    if not ink.any():
        return True
    brightest = line.max(axis=2)
    core = np.percentile(brightest[ink > 0], 5)
    return bool(core > _RESIDUE * np.percentile(brightest, 90))


def is_colourless(image: Image) -> bool:
    """Whether a picture is grey, but for what a camera adds."""
    colour = _colour(np.ascontiguousarray(image[::2, ::2]))[1]
    return cv2.countNonZero(cv2.inRange(colour, _TINTED[0], 255)) < _TINTED[1] * colour.size


def is_veiled(line: Image) -> bool:
    """Whether coloured ink, of a seal or a watermark, lies on a line of black text."""
    brightest, colour = _colour(line)
    least = _VEILED * brightest.size
    return (
        cv2.countNonZero(cv2.inRange(colour, _COLOUR, 255)) >= least
        and cv2.countNonZero(cv2.inRange(brightest, 0, _DARK)) >= least
    )


def _colour(image: Image) -> tuple[Grey, Grey]:
    """Each pixel's brightest channel, and by how much that exceeds its darkest one."""
    r, g, b = cv2.split(image)
    brightest = cv2.max(cv2.max(r, g), b)
    return np.asarray(brightest, np.uint8), np.asarray(cv2.subtract(brightest, cv2.min(cv2.min(r, g), b)), np.uint8)


def agreed(plain: Reading, without: Reading) -> Reading:
    """The surer of two readings of one line, as it is and without its coloured ink.

    Where they differ it is less sure than it says, the more so the surer the other one is, which is kept beside it.
    """
    if not without.text.strip():
        return plain
    worse, better = sorted((plain, without), key=lambda reading: reading.confidence)
    if _plain(plain.text) == _plain(without.text):
        return replace(better, confidence=_HIDDEN * better.confidence)
    return replace(
        better, confidence=better.confidence * (1 - _DISAGREEMENT * worse.confidence), other=worse.text.strip()
    )


def is_dated(reading: Reading) -> bool:
    """Whether a reading has a date, or what is left of one."""
    return bool(_YEAR.search(reading.text))


def ended(reading: Reading, others: Iterable[Reading]) -> Reading:
    """A date with the 日 that a seal hid at its end, where another reading has it behind the same two digits.

    Alone, a day of two digits may be one of one digit whose 日 was taken for another.
    """
    said = _plain(reading.text)
    if not _UNENDED.search(said) or not any(f"{said[-2:]}日" in _plain(other.text) for other in others):
        return reading
    return replace(
        reading, text=reading.text.rstrip() + "日", positions=reading.positions and (*reading.positions, 1.0)
    )


def believed(clear: Reading, faded: Reading, veiled: Reading, printed: Reading) -> Reading:
    """What a line under a seal says, by its readings with the seal's ink taken out, faded, with veiled print brought out, and as printed.

    The text that most speaks for; less sure than it says where another one differs, which is kept beside it.
    """
    given = (clear, faded, veiled, printed)
    *_, printed = readings = [ended(reading, given) for reading in given]
    weights = _DATE_WEIGHTS if any(map(is_dated, readings)) else _WEIGHTS
    found = [(r, weight) for r, weight in zip(readings, weights, strict=True) if r.text.strip()]
    if not found:
        return clear
    votes: dict[str, float] = {}
    for reading, weight in found:
        votes[_plain(reading.text)] = votes.get(_plain(reading.text), 0.0) + weight * reading.confidence
    # What a seal hides or adds leaves half a date: where one reading has a whole one, the halves do not count.
    whole = [said for said in votes if WHOLE_DATE.search(said)]
    text = max(whole or votes, key=lambda said: votes[said])
    agreeing = [r for r, _ in found if _plain(r.text) == text]
    best = max(agreeing, key=lambda r: r.confidence)
    differing = [r for r, _ in found if _plain(r.text) != text]
    if not differing:
        return replace(best, confidence=_HIDDEN * sum(r.confidence for r in agreeing) / len(agreeing))
    other = max(differing, key=lambda r: r.confidence)
    unsure = printed.confidence < min(r.confidence for r in agreeing) - _DOUBTS
    if differing == [printed] and len(agreeing) == 3 and unsure:  # strokes of the seal were taken for print
        return replace(best, confidence=_HIDDEN * (1 - _AS_PRINTED) * best.confidence, other=other.text.strip())
    # What the seal adds at either end of a line as printed is no other reading of the line.
    share = 0.5 if other is printed and text in _plain(printed.text) else 1.0
    sure = best.confidence * (1 - share * _DISAGREEMENT * other.confidence)
    return replace(best, confidence=sure, other=other.text.strip())


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
