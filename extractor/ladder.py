"""Lines that were read with doubt are read again in other ways, until two readings agree or all ways are tried."""

import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from extractor import ticks
from extractor.crops import Line
from extractor.ocr import Image, OcrEngine, Reading
from extractor.seals import WHOLE_DATE, ended
from models.text import to_simplified

DOUBT = 0.95
"""A line read with less certainty is read again. Of clean lines one in a hundred is."""
_REACH = 0.75
"""Of a line's height: ink farther than this from the middle of every character belongs to none that was read.

Measured on 772 lines of scans: up to 0.65 where all was read, from 0.93 on where a 、 was lost.
"""
_LEAST_INK = 0.012
"""Of the square of a line's height: less ink than this is dust. A full stop has three times as much."""
_UNEXPLAINED = 0.6
"""By this a reading's certainty falls that leaves ink unexplained."""
_DISAGREEMENT, _OUTVOTED = 0.3, 0.15
"""By these shares of its rival's certainty a reading's own falls, where no two agree and where two agree against the rival."""
_CLEARLY = 0.15
_HALF = 0.5  # of the first one's certainty: what two later readings agree on with less is no better known
_ON_A_RULE = 0.85
_STRETCH = 1.7
_SHARPEN = 1.0
_AT_ONCE = 9
"""Up to so many pictures are read in one go: six took two cores 79 ms, on three rungs one after the other 114."""

_SIGNS = {**dict.fromkeys("、丶·'`", "、"), **{sign: sign for sign in "。;；"}, **dict.fromkeys(",，", "，")}
"""What a sign at the end of a line is read as -> what may stand there."""
_DASHES = "-一—_~"

Picture = Callable[[Line], Image | None]
"""Another picture of a line; None where that would be none other."""


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of the ladder on one page: how many lines were read on it, and of how many it gave the text in the end."""

    name: str
    lines: int
    gained: int


@dataclass(slots=True)
class _Climb:
    """A doubtful line: its place among the page's lines, the readings so far, each with the rung that gave it."""

    index: int
    line: Line
    readings: list[tuple[str, Reading]]

    def settled(self) -> bool:
        """Whether two readings that leave no ink unexplained say the same."""
        return bool(self._agreed(self._explained(self.readings)))

    def outcome(self) -> tuple[str, Reading]:
        """The reading to keep and the rung that gave it.

        What two readings agree on is as sure as the surer of them, and counts if that is sure enough beside the first one. Where none
        agree, the first one is kept unless another is clearly surer, or unless it leaves ink unexplained that another accounts for.
        A rival that explains the ink as well makes it less sure, the more so the surer that rival is. Under a seal half a date, and what
        has fewer digits than the first, is only ever a rival.
        """
        readings = self._whole()
        first = readings[0]
        explained = self._explained(readings)
        agreed = self._agreed(explained)
        others = self._agreed(readings)
        if not agreed and len(others) > 2 and _surest(others) >= first[1].confidence + _CLEARLY:
            # What the first one took the ink for was dirt: the text is known, the line stays unsure.
            agreed, explained = others, []
        if agreed and first in explained and first not in agreed and _surest(agreed) < self._enough(first[1]):
            agreed = []
        if agreed and self.line.sealed and _digits(agreed) < _digits(readings[:1]):
            agreed = []  # a seal takes digits away, it adds none
        name, best = max(agreed or explained or readings, key=_certainty)
        alone = not agreed and first in (explained or readings)
        if alone and (self.line.sealed or best.confidence < first[1].confidence + _CLEARLY):
            name, best = first
        rivals = [reading for _, reading in self.readings if _plain(reading.text) != _plain(best.text)]
        rival = max(rivals, key=lambda reading: reading.confidence, default=None)
        against = [r.confidence for r in rivals if not unexplained(self.line, r)]
        weight = _OUTVOTED if agreed else _DISAGREEMENT
        confidence = best.confidence * (1 - weight * max(against, default=0.0))
        if not explained:
            confidence *= _UNEXPLAINED
        if self.line.sealed:  # every picture lacks the ink that the seal took with it, so agreement proves little
            confidence = min(confidence, first[1].confidence)
        return name, replace(best, confidence=confidence, other=rival.text if rival else first[1].other)

    def _enough(self, first: Reading) -> float:
        """How sure two later readings must be to outvote the first one, which under a seal was made of several itself."""
        return first.confidence + _CLEARLY if self.line.sealed else _HALF * first.confidence

    def _whole(self) -> list[tuple[str, Reading]]:
        """The readings to choose from: under a seal those with a whole date, where any has one."""
        dated = [entry for entry in self.readings if self.line.sealed and WHOLE_DATE.search(entry[1].text)]
        return dated or self.readings

    def _explained(self, readings: Sequence[tuple[str, Reading]]) -> list[tuple[str, Reading]]:
        return [entry for entry in readings if not unexplained(self.line, entry[1])]

    def _agreed(self, readings: Sequence[tuple[str, Reading]]) -> list[tuple[str, Reading]]:
        """The surest readings among these that say the same, two at least; none where no two do."""
        groups: dict[str, list[tuple[str, Reading]]] = {}
        for entry in readings:
            groups.setdefault(_plain(entry[1].text), []).append(entry)
        return max((group for group in groups.values() if len(group) > 1), key=_surest, default=[])


def reread(
    lines: Sequence[Line],
    readings: Sequence[Reading],
    ocr: OcrEngine,
    second: Callable[[], OcrEngine] | None = None,
    finer: Picture | None = None,
) -> tuple[list[Reading], tuple[Step, ...]]:
    """The readings, those of doubtful lines replaced by what the ladder made of them, and what each rung did.

    A line is doubtful that was read with less certainty than `DOUBT`, or in which ink is left that no character accounts for; what is
    a box or circle to be ticked is known by its shape.
    `finer` gives a line's picture at a higher resolution where there is one; `second` makes another engine, asked last.
    """
    found = [_ticked(line, reading) for line, reading in zip(lines, readings, strict=True)]
    steps = _overprinted(lines, found, ocr)
    climbs = [
        _Climb(i, line, [("", reading)])
        for i, (line, reading) in enumerate(zip(lines, found, strict=True))
        if line.beyond is None and reading.text.strip() and (reading.confidence < DOUBT or unexplained(line, reading))
    ]
    if not climbs:
        return found, steps
    rungs: list[tuple[str, Picture]] = [
        ("closer", closer),
        ("wider", wider),
        ("sharper", lambda line: sharper(line.pixels)),
    ]
    # A few lines leave cores idle: all pictures of these are read at once, though a line may be settled by the first.
    flights = [rungs] if len(climbs) * len(rungs) <= _AT_ONCE else [[rung] for rung in rungs]
    if finer is not None:  # takes a picture of the whole page
        flights.insert(0, [("finer", finer)])
    used: dict[str, int] = {}
    for flight in flights:
        _climb(climbs, flight, ocr, used)
    if second is not None and not all(climb.settled() for climb in climbs):
        _climb(climbs, [("second", lambda line: line.pixels)], second(), used)
    gains: dict[str, int] = {}
    for climb in climbs:
        name, kept = climb.outcome()
        if _plain(kept.text) != _plain(found[climb.index].text):
            gains[name] = gains.get(name, 0) + 1
        found[climb.index] = kept
    return found, (*steps, *(Step(name, count, gains.get(name, 0)) for name, count in used.items()))


def _climb(
    climbs: Sequence[_Climb], rungs: Sequence[tuple[str, Picture]], ocr: OcrEngine, used: dict[str, int]
) -> None:
    """Reads the lines that are not settled on these rungs, all at once; of what was read a line takes what it needs to be settled."""
    shown = [
        (name, climb, image)
        for name, picture in rungs
        for climb in climbs
        if not climb.settled() and (image := picture(climb.line)) is not None
    ]
    readings = ocr.recognise([image for *_, image in shown], doubtful=True) if shown else []
    for (name, climb, _), reading in zip(shown, readings, strict=True):
        if climb.settled():
            continue
        used[name] = used.get(name, 0) + 1
        if climb.line.sealed:
            reading = ended(reading, (earlier for _, earlier in climb.readings))
        if reading.text.strip():
            climb.readings.append((name, _ticked(climb.line, reading)))


def _overprinted(lines: Sequence[Line], readings: list[Reading], ocr: OcrEngine) -> tuple[Step, ...]:
    """Puts signs that are printed on the rule behind a line at the end of its reading; a line whose sign cannot be read is unsure."""
    places = [i for i, line in enumerate(lines) if line.beyond is not None and readings[i].text.strip()]
    pictures = [image for i in places if (image := lines[i].beyond) is not None]
    gained = 0
    for i, beyond in zip(places, ocr.recognise(pictures) if pictures else (), strict=True):
        reading, more = readings[i], _plain(beyond.text)
        text = _plain(reading.text)
        # The shape of 、 says what recognition does not see, or takes for a hyphen.
        falls = lines[i].beyond_falls and more in {text, *(text + dash for dash in _DASHES)}
        sign = "、" if falls else _SIGNS.get(more[-1:], "")
        if falls or (sign and more[:-1] == text):
            gained += 1
            confidence = _ON_A_RULE * min(reading.confidence, beyond.confidence)
            readings[i] = Reading(reading.text.rstrip() + sign, confidence, (), reading.text)
        else:
            readings[i] = replace(reading, confidence=_UNEXPLAINED * reading.confidence, other=beyond.text)
    return (Step("beyond", len(places), gained),) if places else ()


def _ticked(line: Line, reading: Reading) -> Reading:
    """The reading with the boxes and circles to be ticked that it lacks."""
    return ticks.marked(line, reading) if ticks.has_signs(reading.text) or unexplained(line, reading) else reading


def unexplained(line: Line, reading: Reading) -> bool:
    """Whether ink stands in the line where no character was read; never where the engine does not say where its characters stand."""
    if not reading.positions or not line.ink.size:
        return False
    height, width = line.ink.shape
    margin, reach = (line.pixels.shape[1] - width) / 2, _REACH * height
    far = line.ink.copy()
    for position in reading.positions:
        centre = position * line.pixels.shape[1] - margin
        far[:, max(0, math.ceil(centre - reach)) : max(0, math.floor(centre + reach) + 1)] = 0
    return bool(cv2.countNonZero(far) >= _LEAST_INK * height**2)


def closer(line: Line) -> Image | None:
    """The line cut tight around its ink: its signs are larger at the height that the recogniser takes."""
    dark = _dark(line.pixels)
    rows = np.flatnonzero(np.count_nonzero(dark, axis=1) >= 2)
    if not rows.size:
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    return line.pixels[top:bottom] if bottom - top < line.pixels.shape[0] and bottom - top >= 6 else None


def wider(line: Line) -> Image | None:
    """The line stretched along: the recogniser then looks at each sign at more places."""
    size = max(1, round(line.pixels.shape[1] * _STRETCH)), line.pixels.shape[0]
    return np.asarray(cv2.resize(line.pixels, size, interpolation=cv2.INTER_CUBIC), np.uint8)


def sharper(pixels: Image) -> Image:
    """A line from black to white, its strokes sharpened."""
    low, high = np.percentile(pixels, (1, 90))
    levels = np.clip((np.arange(256) - low) * (255 / max(1.0, high - low)), 0, 255).astype(np.uint8)
    full = cv2.LUT(pixels, levels)
    soft = cv2.GaussianBlur(full, (0, 0), 1.2)
    return np.asarray(cv2.addWeighted(full, 1 + _SHARPEN, soft, -_SHARPEN, 0), np.uint8)


def _dark(pixels: Image) -> NDArray[np.bool_]:
    """What is nearer to the line's ink than to its paper."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    ink, paper = np.percentile(grey, (1, 90))
    dark: NDArray[np.bool_] = grey < (ink + paper) / 2
    return dark


def _plain(text: str) -> str:
    """What two readings must share to be the same: signs in one width and form, without blanks."""
    return "".join(to_simplified(unicodedata.normalize("NFKC", text)).split())


def _digits(entries: list[tuple[str, Reading]]) -> int:
    """How many digits the first of these readings has."""
    return sum(sign.isdigit() for sign in entries[0][1].text)


def _certainty(entry: tuple[str, Reading]) -> float:
    return entry[1].confidence


def _surest(group: list[tuple[str, Reading]]) -> float:
    return max(map(_certainty, group))
