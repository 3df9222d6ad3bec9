"""The light and dark of creases taken off a page: where paper was folded, a thin dark line runs from edge to edge, brighter on one side.

Such a line would be a rule through every table, and the letters on it blots. What is printed reaches from edge to edge nowhere.
"""

from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from extractor.ocr import Image
from extractor.rulings import Grey, millimetre

_COARSE = 2.0  # pixels to a millimetre of the picture in which creases are sought
_BANDS = 24  # of the page along a crease; it is followed from one to the next
_LEANS = 24  # coarse pixels by which its ends may lie aside from each other
_BESIDE = 3  # coarse pixels to either side of a crease, where the paper shows how bright it is
_DIP = 0.035  # the share of brightness that a crease lacks at the least
_SHOWN = 0.75  # of a band's length, on which a crease shows at the least
_HIDDEN = 0.4  # of the bands, in which it may not: print lies over it
_END = 3  # coarse rows at either end, in which a crease shows and no table does
_DEEP = 0.6  # of brightness; what lacks more has print on it
_MARGIN = 4.0  # millimetres beside an edge, where the scanner's lid and the paper's own edge are dark
_FREE = 0.85  # of the bands; in so many a rule may run along the crease, and the others show the crease alone
_BLACK = 0.2  # of the paper's brightness; what is darker is print
_APART = 8.0  # millimetres between two creases
_MOST = 6  # creases one way; more are the lines of ruled paper, or a pattern
_SEAM = 3  # pixels to either side of the crease, in which its line may not be where it was thought
_FAINT = 0.45  # of brightness; what lacks no more is no ink there
_REACH = 8.0  # millimetres to either side, over which the step in brightness is made a slope

Shares = NDArray[np.float32]
"""Bands × columns of the coarse picture, 0..1."""

Path = NDArray[np.float64]
"""How far from the left a crease lies in each row, in pixels."""


def smoothed(image: Image) -> Image:
    """The page without the dark lines of its creases, with slopes of brightness in place of steps; itself where it has none."""
    unit = millimetre(image.shape)
    scale = min(1.0, _COARSE / unit)
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    if min(grey.shape) * scale < 2 * _BANDS:
        return image
    coarse = np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    for turned in (False, True):
        found = _creases(np.ascontiguousarray(coarse.T) if turned else coarse)
        if not found:
            continue
        page = np.ascontiguousarray(image.transpose(1, 0, 2)) if turned else image.copy()
        seen = np.ascontiguousarray(grey.T) if turned else grey
        for bands in found:
            exact = _settled(seen, (bands.astype(np.float64) + 0.5) / scale, max(2, round(2 / scale)))
            if exact is not None:
                path = np.interp(np.arange(len(seen)), _middles(len(seen)), exact)
                _lighten(page, seen, path, round(_REACH * unit))
                image = page
        if image is page and turned:
            image = np.ascontiguousarray(page.transpose(1, 0, 2))
    return image


def _creases(coarse: Grey) -> list[NDArray[np.intp]]:
    """For each crease that runs from the top of the coarse picture to its bottom, where it lies in each band."""
    bands, rim = _bands(len(coarse)), max(_BESIDE, round(_MARGIN * _COARSE))
    ends = [_shown(_depths(coarse, *rows), rim) for rows in ((0, _END), (len(coarse) - _END, len(coarse)))]
    if not all((end >= _SHOWN).any() for end in ends):
        return []
    depths = [_depths(coarse, *band) for band in bands]
    shown = np.array([_shown(each, rim) for each in depths])
    shown[0], shown[-1] = np.minimum(shown[0], ends[0]), np.minimum(shown[-1], ends[1])
    deep = np.array([_padded(np.median(each, axis=0)) for each in depths])
    creases = []
    while (found := _followed(shown, deep)) is not None:
        creases.append(found)
        if len(creases) > _MOST:
            return []
        apart = round(_APART * _COARSE)
        for band, at in enumerate(found.tolist()):
            shown[band, max(0, at - apart) : at + apart + 1] = 0.0
    return creases


def _depths(coarse: Grey, top: int, bottom: int) -> Shares:
    """By how much each pixel of a band, but for its outer columns, is darker than the brighter of its two sides."""
    band = coarse[top:bottom].astype(np.float32) + 1
    return np.asarray(1 - band[:, _BESIDE:-_BESIDE] / np.maximum(band[:, : -2 * _BESIDE], band[:, 2 * _BESIDE :]))


def _shown(depths: Shares, rim: int) -> Shares:
    """In what share of a band's rows each column is darker than its sides; none is beside the picture's edges."""
    shown = _padded((depths > _DIP).mean(axis=0))
    shown[:rim] = shown[-rim:] = 0.0
    return shown


def _padded(columns: NDArray[Any]) -> Shares:
    return np.pad(columns.astype(np.float32), _BESIDE)


def _bands(height: int) -> list[tuple[int, int]]:
    """The first row of each band, and the one behind its last."""
    return list(pairwise(np.linspace(0, height, _BANDS + 1).round().astype(int).tolist()))


def _middles(height: int) -> list[float]:
    return [(top + bottom) / 2 for top, bottom in _bands(height)]


def _followed(shown: Shares, deep: Shares) -> NDArray[np.intp] | None:
    """For each band where the crease lies, of those that go straight from edge to edge the deepest; None where there is none.

    Rules of tables are as deep, but end before the edges do.
    """
    width, bands = shown.shape[1], np.arange(_BANDS)
    best: tuple[float, NDArray[np.intp]] = 0.0, bands
    for lean in range(-_LEANS, _LEANS + 1):
        aside = np.round(lean * bands / (_BANDS - 1)).astype(np.intp)
        starts = np.flatnonzero((shown[0] >= _SHOWN) & (np.roll(shown[-1], -lean) >= _SHOWN))
        starts = starts[(starts + lean >= 0) & (starts + lean < width)]
        ways = starts + aside[:, None]
        along, depth = shown[bands[:, None], ways], deep[bands[:, None], ways]
        whole = (np.quantile(along, _HIDDEN, axis=0) >= _SHOWN) & (np.median(depth, axis=0) <= _DEEP)
        if whole.any():
            worth = np.where(whole, (along + np.minimum(depth, _DEEP)).sum(axis=0), 0.0)
            best = max(best, (float(worth.max()), ways[:, worth.argmax()]), key=lambda each: each[0])
    return best[1] if best[0] else None


def _settled(grey: Grey, near: Path, reach: int) -> Path | None:
    """Where exactly the crease lies in each band: where the paper is darkest close to `near`, on one line if it is nearly straight.

    None where it is black: a rule, on a picture of nothing but a table.
    """
    exact = np.full(_BANDS, np.nan)
    for band, (top, bottom) in enumerate(_bands(len(grey))):
        left = max(0, round(near[band]) - reach)
        across = np.median(grey[top:bottom, left : left + 2 * reach + 1], axis=0)
        if across.min() >= _BLACK * across.max():  # else it is a rule that lies there
            exact[band] = left + float(np.flatnonzero(across == across.min()).mean())
    places, seen = np.arange(_BANDS), np.isfinite(exact)
    if seen.sum() < _HIDDEN / 2 * _BANDS or not (seen[0] and seen[-1]):
        return None
    one, other = (places[seen][index] for index in np.triu_indices(int(seen.sum()), 1))
    lean = np.median((exact[other] - exact[one]) / (other - one))  # where print lies on it does not count
    line = lean * places + np.median((exact - lean * places)[seen])
    straight = np.median(np.abs(line - exact)[seen]) <= 1.0
    return np.asarray(line if straight else np.interp(places, places[seen], exact[seen]), np.float64)


def _shade(beside: Grey, away: Shares) -> Path:
    """How bright the paper of a band is at each distance from the crease, of what a slope from end to end would make it.

    Thin lines of print beside the crease do not count.
    """
    paper = np.percentile(beside, 60, axis=0).astype(np.float32) + 1
    closed = cv2.morphologyEx(paper[None], cv2.MORPH_CLOSE, np.ones((1, 4 * _SEAM + 1), np.uint8))[0]
    paper = np.where(np.abs(away) <= 2 * _SEAM, paper, closed)
    return np.asarray(paper / np.interp(away, away[[0, -1]], paper[[0, -1]]), np.float64)


def _lighten(page: Image, grey: Grey, path: Path, reach: int) -> None:
    """Takes the crease off the page: beside it each pixel is divided by how bright the paper is there, of what a slope would make it."""
    height, width = grey.shape
    away = np.arange(-reach, reach + 1, dtype=np.float32)
    xs = (path[:, None] + away).astype(np.float32)
    ys = np.broadcast_to(np.arange(height, dtype=np.float32)[:, None], xs.shape)
    beside = cv2.remap(grey, xs, np.ascontiguousarray(ys), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    profile = np.quantile([_shade(part, away) for part in np.array_split(beside, _BANDS)], _FREE, axis=0)
    left, right = max(0, int(path.min()) - reach), min(width, int(path.max()) + reach + 1)
    offsets = np.arange(left, right)[None, :] - path[:, None]
    factor = np.interp(offsets, away, 1 / profile, left=1.0, right=1.0)
    strip = page[:, left:right]
    even = np.clip(strip * factor[:, :, None], 0, 255).astype(np.uint8)
    # Along the crease itself a pixel may be half in the dark: what is a little darker than its surroundings there is no ink.
    closed = cv2.morphologyEx(even, cv2.MORPH_CLOSE, np.ones((1, 4 * _SEAM + 1), np.uint8))
    seam = (np.abs(offsets) <= _SEAM)[:, :, None] & (even > (1 - _FAINT) * closed)
    strip[:] = np.where(seam, closed, even)
