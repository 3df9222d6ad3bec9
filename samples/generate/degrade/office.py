"""Whole scans and photographs at a level: everything that an office does to paper at once, a little or a lot."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from samples.generate.degrade.sheet import Picture, rendered


@dataclass(frozen=True, slots=True)
class Level:
    """How bad it gets. Angles in degrees, blur as sigma in pixels, noise as sigma in grey levels, warp as a share of the side."""

    skew: float
    blur: float
    noise: float
    shadow: float
    warp: float
    quality: int


LEVELS = {
    "light": Level(skew=0.35, blur=0.3, noise=2.0, shadow=0.06, warp=0.01, quality=82),
    "medium": Level(skew=0.9, blur=0.6, noise=4.0, shadow=0.16, warp=0.025, quality=68),
    "strong": Level(skew=1.5, blur=0.9, noise=7.0, shadow=0.3, warp=0.05, quality=52),
}


def scanned(pdf: bytes, level: str, seed: int, dpi: int = 200, *, grey: bool = True) -> list[Picture]:
    """The pages as a flat-bed scanner gives them: a little askew, a little soft, grain, uneven lamp."""
    wear = LEVELS[level]
    rng = np.random.default_rng(seed)
    return [scan_page(page, wear, rng, grey=grey) for page in rendered(pdf, dpi)]


def scan_page(page: Picture, wear: Level, rng: np.random.Generator, *, grey: bool) -> Picture:
    high, wide = page.shape[:2]
    angle = rng.uniform(0.3, 1.0) * wear.skew * rng.choice((-1, 1))
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0)
    turn[:, 2] += rng.uniform(-6, 6, 2)
    askew = cv2.warpAffine(
        page, turn, (wide, high), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_CONSTANT, borderValue=(250, 250, 250)
    )
    lamp = 1 - wear.shadow * 0.4 * np.linspace(0, 1, wide)[None, :, None] * rng.choice((0.0, 1.0))
    worn = grained(askew.astype(np.float32) * lamp * 0.985, wear, rng)
    if grey:
        worn = np.repeat(cv2.cvtColor(worn, cv2.COLOR_RGB2GRAY)[:, :, None], 3, axis=2)
    return worn


def photographed(pdf: bytes, level: str, seed: int, longest: int = 2200) -> list[Picture]:
    """Each page lying on a desk, seen a little from the side, under a lamp and a shadow; `longest` is the longer side in pixels."""
    wear = LEVELS[level]
    rng = np.random.default_rng(seed)
    return [photograph_page(page, wear, rng, longest) for page in rendered(pdf, 170)]


def photograph_page(page: Picture, wear: Level, rng: np.random.Generator, longest: int) -> Picture:
    high, wide = page.shape[:2]
    scale = longest * 0.88 / max(high, wide)
    page = cv2.resize(page, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    high, wide = page.shape[:2]
    out_high, out_wide = int(high * 1.14), int(wide * 1.14)
    desk = desk_of(out_high, out_wide, rng)
    margin_y, margin_x = (out_high - high) / 2, (out_wide - wide) / 2
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    shift = rng.uniform(-1, 1, (4, 2)) * (wide * wear.warp, high * wear.warp)
    seen = (corners + np.array((margin_x, margin_y)) + shift).astype(np.float32)
    lens = cv2.getPerspectiveTransform(corners, seen)
    laid = cv2.warpPerspective(page, lens, (out_wide, out_high), flags=cv2.INTER_AREA)
    inside = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), lens, (out_wide, out_high))
    dark = cv2.GaussianBlur(inside, (0, 0), 9)
    desk = desk * (1 - 0.35 * (np.roll(dark, (10, 8), (0, 1)) / 255.0)[:, :, None])
    share = (inside / 255.0)[:, :, None]
    scene = laid * share + desk * (1 - share)
    return grained(scene * light_of(out_high, out_wide, wear.shadow, rng), wear, rng)


def desk_of(high: int, wide: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """A wooden top: bands of brown with a grain along them."""
    grain = rng.normal(0, 1, (high // 6 + 1, 1)).repeat(6, axis=0)[:high]
    waves = cv2.GaussianBlur(grain.astype(np.float32), (0, 0), 3) * 14 + rng.normal(0, 2, (high, wide))
    return np.clip(np.array((148.0, 112.0, 78.0)) + waves[:, :, None], 0, 255)


def light_of(high: int, wide: int, shadow: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """A bright side, a dark side, and the soft edge of somebody's shadow."""
    y, x = np.mgrid[0:high, 0:wide]
    towards = rng.uniform(0, 2 * np.pi)
    slope = (np.cos(towards) * (x / wide - 0.5) + np.sin(towards) * (y / high - 0.5)) * shadow
    edge = rng.uniform(0.55, 0.85)
    across = (x / wide * np.cos(towards / 2) + y / high * np.sin(towards / 2)) - edge
    fall = shadow * 0.6 / (1 + np.exp(-across * 40))
    return np.clip(1 + slope - fall, 0.3, 1.15)[:, :, None]


def grained(picture: NDArray[Any], wear: Level, rng: np.random.Generator) -> Picture:
    """Soft focus and sensor noise."""
    soft = cv2.GaussianBlur(picture.astype(np.float32), (0, 0), wear.blur)
    noise = rng.normal(0, wear.noise, soft.shape[:2]).astype(np.float32)
    return np.clip(soft + noise[:, :, None], 0, 255).astype(np.uint8)
