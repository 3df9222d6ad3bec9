"""Seals and stamps as objects on a page: their shape, colour and place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from extractor import seals
from extractor.ocr import Image
from extractor.rulings import Grey, Mask, millimetre
from extractor.textlines import Area

_WORKING = 800  # pixels of the long side
_JOIN = 2.5  # millimetres between the letters of one stamp
_SEAL = (
    10.0,
    75.0,
)  # millimetres, the sides of a red one; company seals measure 38 to 58 (GA/T 1106 and local rules), small ones 14 and up
_STAMP = (6.0, 120.0)
_LONGEST = 1.8  # long by short side of a red seal
_INKED = (0.04, 0.42)  # of the box; emblems and logos are solid
_FRAMED = 0.6  # of a blue stamp's outline is ink; handwriting has none
_RECTANGLE, _ROUND = 0.89, 1.16  # hull by its tightest rectangle, 0.79 for an ellipse; long by short side
_RING = (16.0, 27.0)  # millimetres, the radius of a company seal
_AROUND = 0.75  # of a circle is ink
_SEAM = (45.0, 10.0, 60.0)
"""Millimetres, the largest width of a seal's part at a page's edge, its least and its largest height."""
_EDGE = 6.0  # millimetres from the picture's edge to the sheet's
_SEEN = 0.35  # of a circle lies on the page
_FILLED = 0.6  # of the place that ink of one colour takes; so much is no seals, but a picture, or noise
_MOST_RINGS = 8  # seals on each other
_WIDER, _DARKER = 4.0, 25
"""Millimetres that no ring is thick; its ink is darker than what lies so near by so many of 255 levels."""


@dataclass(frozen=True, slots=True)
class Imprint:
    """Where a seal or stamp lies; `shape` and `colour` in the words of `models.layout.Mark`."""

    area: Area
    shape: str
    colour: str

    @property
    def is_plain(self) -> bool:
        """Whether it is one by its looks alone: logos are round and blue too."""
        return self.colour != "blue" or self.shape == "rectangle"


def find_imprints(image: Image, *, of_any_colour: bool = False) -> list[Imprint]:
    """The red seals and the blue stamps of a page, by their colour, size and openness; a blue one has a frame or a ring.

    On a page without any colour: its rings, which count as grey; `of_any_colour` also where nothing is plainly an imprint.
    """
    factor = max(1, round(max(image.shape[:2]) / _WORKING))
    small = cv2.resize(image, None, fx=1 / factor, fy=1 / factor, interpolation=cv2.INTER_AREA) if factor > 1 else image
    if seals.is_colourless(small):
        return _rings_on(small, factor)
    unit = millimetre(small.shape)
    found: list[Imprint] = []
    for colour, ink in zip(("red", "blue"), seals.coloured(np.asarray(small, np.uint8)), strict=True):
        if ink.any():
            found += _of_colour(ink, colour, unit)
            found += _on_seam(ink, unit, found) if colour == "red" else []
    outer = [
        Imprint(_times(one.area, factor), one.shape, one.colour)
        for one in found
        if not any(one.area.common(other.area) == one.area for other in found if other is not one)
    ]
    if of_any_colour and not any(imprint.is_plain for imprint in outer):
        outer += _rings_on(small, factor)
    return outer


def _rings_on(small: Image, factor: int) -> list[Imprint]:
    grey = np.ascontiguousarray(small[:, :, 1])
    rings = _circles(grey, millimetre(grey.shape))
    return [Imprint(_times(ring, factor), "part" if _is_cut(ring) else "round", "grey") for ring in rings]


def _is_cut(ring: Area) -> bool:
    """Whether less of a circle's box lies on the page than makes it round."""
    return max(ring.width, ring.height) > _ROUND * min(ring.width, ring.height)


def _circles(grey: Grey, unit: float) -> list[Area]:
    """Circles of a company seal's size that are inked almost all the way round; `unit` is a millimetre.

    Circles that letters and rules suggest by chance are inked for less than half of it.
    """
    smooth = cv2.medianBlur(grey, 3)
    radii = round(_RING[0] * unit), round(_RING[1] * unit)
    rim = radii[1]
    found = cv2.HoughCircles(
        cv2.copyMakeBorder(smooth, 0, 0, rim, rim, cv2.BORDER_REPLICATE),
        cv2.HOUGH_GRADIENT, 1.5, 60, param1=100, param2=40, minRadius=radii[0], maxRadius=radii[1],
    )  # fmt: skip
    if found is None:
        return []
    side = np.ones((round(_WIDER * unit),) * 2, np.uint8)
    ink = np.asarray(cv2.morphologyEx(smooth, cv2.MORPH_BLACKHAT, side) > _DARKER, np.uint8)
    page = Area(0, 0, grey.shape[1], grey.shape[0])
    return [
        Area(round(x - r), round(y - r), round(x + r), round(y + r)).common(page)
        for x, y, r in (np.asarray(found)[0] - (rim, 0, 0)).tolist()
        if _inked_round(ink, x, y, r) >= _AROUND
    ]


def _of_colour(ink: Mask, colour: str, unit: float) -> Iterator[Imprint]:
    reach = max(3, round(_JOIN * unit))
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    least, most = _SEAL if colour == "red" else _STAMP
    for index, (left, top, width, height, _) in enumerate(stats[:count].tolist()):
        short, long = sorted((int(width), int(height)))
        if index == 0 or short < least * unit:
            continue
        area = Area(left, top, left + width, top + height)
        own = labels[area.top : area.bottom, area.left : area.right] == index
        part = np.where(own, area.of(ink), 0).astype(np.uint8)
        share = np.count_nonzero(part) / part.size
        if not part.any():
            continue
        shape, framed = _shape(part)
        whole = long <= most * unit and (colour == "blue" or long <= _LONGEST * short) and share <= _INKED[1]
        rings: list[Area] = []
        if not whole or shape == "oval":  # perhaps seals that lie on each other, or on other ink of their colour
            rings = list(_rings(part, unit))
        if not whole or len(rings) > 1:
            for ring in rings:
                yield Imprint(ring.shifted(left, top), "round", colour)
        elif share >= _INKED[0] and (colour == "red" or framed >= _FRAMED):
            yield Imprint(area, shape, colour)


def _on_seam(ink: Mask, unit: float, whole: Sequence[Imprint]) -> list[Imprint]:
    """The page's part of a seal that was put across the edges of all pages of a paper (骑缝章); ornaments stand at both edges."""
    left, right = _at_right_edge(ink[:, ::-1], unit), _at_right_edge(ink, unit)
    if left and right:
        return []
    width = ink.shape[1]
    areas = right or [Area(width - area.right, area.top, width - area.left, area.bottom) for area in left]
    # What passes for a small seal inside a part is a piece of it; a part of what reaches beyond is none.
    beyond = [imprint.area for imprint in whole if not any(area.common(imprint.area) == imprint.area for area in areas)]
    return [Imprint(area, "part", "red") for area in areas if not any(area.meets(other) for other in beyond)]


def _at_right_edge(ink: Mask, unit: float) -> list[Area]:
    """Groups of ink along the edge, each as high as one seal at the most: of a narrow slice it may be the ends of the ring alone."""
    rim, widest, least, most = (round(length * unit) for length in (_EDGE, *_SEAM))
    start = max(0, ink.shape[1] - rim - widest)
    reach = max(3, round(_JOIN * unit))
    joined = cv2.morphologyEx(ink[:, start:], cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    groups: list[Area] = []
    for x, y, across, down, _ in sorted(stats[1:count].tolist(), key=lambda piece: piece[1]):
        if start + x + across < ink.shape[1] - rim or x == 0:
            continue
        piece = Area(start + x, y, start + x + across, y + down)
        if groups and (both := Area.around([groups[-1], piece])).height <= most:
            groups[-1] = both
        else:
            groups.append(piece)
    return [
        area
        for area in groups
        if least <= area.height <= most and _INKED[0] <= np.count_nonzero(area.of(ink)) / area.size <= _FILLED
    ]


def _rings(ink: Mask, unit: float) -> Iterator[Area]:
    """Circles of a company seal's size that are inked almost all the way round, best first; each without the ink of those before it.

    Seals that lie on each other break each other's rings into arcs and fill their insides, so every place is tried with every radius.
    """
    low, high = (round(radius * unit) for radius in _RING)
    left = cv2.dilate(ink, np.ones((3, 3), np.uint8))
    if cv2.countNonZero(left) > _FILLED * left.size:
        return
    for _ in range(_MOST_RINGS):
        best, radius, (x, y) = max(
            (_best_place(left, radius) for radius in range(low, min(high, min(ink.shape) // 2 + 1) + 1, 2)),
            default=(0.0, 0, (0, 0)),
        )
        if best < _AROUND:
            return
        whole = Area(0, 0, ink.shape[1], ink.shape[0])
        yield Area(x, y, x + 1, y + 1).expanded(radius + 2, radius + 2).common(whole)  # a ring is a millimetre thick
        cv2.circle(left, (x, y), radius, 0, max(9, radius // 5))


def _best_place(ink: Mask, radius: int) -> tuple[float, int, tuple[int, int]]:
    """Where a circle of the radius has most of its way on ink: the share of it, the radius, the middle."""
    kernel = np.zeros((2 * radius + 1, 2 * radius + 1), np.float32)
    cv2.circle(kernel, (radius, radius), radius, 1.0, 1)
    kernel /= 255 * kernel.sum()
    shares = cv2.filter2D(ink, cv2.CV_32F, kernel, borderType=cv2.BORDER_CONSTANT)
    _, best, _, (x, y) = cv2.minMaxLoc(shares)
    return best, radius, (x, y)


def _shape(part: Mask) -> tuple[str, float]:
    """What the outline is, and how much of it is ink."""
    hull = cv2.convexHull(cv2.findNonZero(part))
    _, (width, height), _ = cv2.minAreaRect(hull)
    short, long = max(1.0, min(width, height)), max(1.0, width, height)
    outline = np.zeros_like(part)
    if cv2.contourArea(hull) > _RECTANGLE * short * long:
        cv2.polylines(outline, [cv2.boxPoints(cv2.minAreaRect(hull)).round().astype(np.int32)], True, 255, 1)
        shape = "rectangle"
    else:
        cv2.polylines(outline, [hull], True, 255, 1)
        shape = "round" if long <= _ROUND * short else "oval"
    near = cv2.dilate(part, np.ones((5, 5), np.uint8))
    return shape, float(np.count_nonzero(outline & near)) / max(1.0, float(np.count_nonzero(outline)))


def _times(area: Area, factor: int) -> Area:
    return Area(area.left * factor, area.top * factor, area.right * factor, area.bottom * factor)


def _inked_round(ink: Mask, x: float, y: float, radius: float) -> float:
    """The share of a circle that is ink, 1 where there is some, at the best radius near the one given.

    0 where most of the circle lies beyond the page.
    """
    angle = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    radii = np.arange(radius - 3, radius + 3.1, 0.5)[:, None]
    across, down = ((middle + radii * way(angle)).round().astype(int) for middle, way in ((x, np.cos), (y, np.sin)))
    seen = (across >= 0) & (across < ink.shape[1]) & (down >= 0) & (down < ink.shape[0])
    if seen.mean() < _SEEN:
        return 0.0
    inked = ink[np.clip(down, 0, ink.shape[0] - 1), np.clip(across, 0, ink.shape[1] - 1)] * seen
    return float((inked.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)).max())
