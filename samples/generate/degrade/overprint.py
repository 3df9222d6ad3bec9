"""What people put on a finished paper: watermarks, red seals, also across its pages' edges, a blue stamp that limits its use, notes."""

import re
from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from samples.generate.degrade.sheet import Picture, Rectangle, Sheet
from samples.generate.draw.fonts import FILES, ROOT, register

Ink = NDArray[np.float32]
"""Height x width, 0..1: how much of the paper the ink covers."""

RED, BLUE, PEN, PALE = (214, 26, 34), (34, 62, 176), (28, 30, 70), (120, 120, 120)
SEAL_NAME, SEAL_USE = "海南琼岭检验检测服务", "检验检测专用章"
STAMP = ("仅供资质认定申请使用", "再次复印无效")
NOTES = ("已核", "同意", "见附件", "原件已阅", "补正", "第2页", "3/14")
_DATE = re.compile(r"\d{4}\s*年|\d{4}-\d\d?-\d\d?|(?:19|20)\d\d$")
_NAME = re.compile(r"(?:公司|中心|研究院|研究所|检测站)$")
_FINE = 2  # pictures of ink are drawn at twice the size


def watermarked(sheet: Sheet, cover: float, rng: np.random.Generator) -> Sheet:
    """The words of a stamp, large, grey and aslant, all over the page; `cover` is how dark they are."""
    high, wide = sheet.picture.shape[:2]
    side = round(1.5 * max(high, wide))
    canvas, size = Image.new("L", (side, side)), round(sheet.millimetres(8))
    draw, font = ImageDraw.Draw(canvas), _font("Hei", size)
    for row, y in enumerate(range(0, side, size * 4)):
        for x in range(-size * 4 * (row % 2), side, size * 13):
            draw.text((x, y), STAMP[0], 255, font)
    turned = canvas.rotate(float(rng.uniform(22, 38)), Image.Resampling.BILINEAR)
    left, top = (side - wide) // 2, (side - high) // 2
    ink = np.asarray(turned, np.float32)[top : top + high, left : left + wide] / 255
    return sheet.showing(_printed(sheet.picture, ink * cover, PALE))


def sealed(sheet: Sheet, seals: int, cover: float, rng: np.random.Generator) -> Sheet:
    """Round red seals, at most `seals`, centred near the page's dates first and then its names; `cover` is how thick the ink lies."""
    picture = sheet.picture
    chosen: list[Rectangle] = []
    for place in (*_places(sheet, _DATE), *_places(sheet, _NAME)):
        radius = sheet.millimetres(float(rng.uniform(19, 21)))
        if len(chosen) < seals and all(abs(place[1] - other[1]) > radius for other in chosen):
            chosen.append(place)
            x = rng.uniform(0.35, 0.75) * (place[2] - place[0]) + place[0]
            y = (place[1] + place[3]) / 2 + rng.uniform(-0.35, 0.35) * radius
            ink = _worn(_turned(_seal(round(radius)), rng.uniform(-25, 25)), rng)
            picture = _put(picture, ink * cover, x, y, RED)
    return sheet.showing(picture)


def bound(sheet: Sheet, part: float, cover: float, rng: np.random.Generator) -> Sheet:
    """So many millimetres of a seal that was put across the edges of all pages, at the right one."""
    radius = sheet.millimetres(float(rng.uniform(19, 21)))
    high, wide = sheet.picture.shape[:2]
    ink = _worn(_turned(_seal(round(radius)), rng.uniform(-25, 25)), rng)
    x, y = wide - sheet.millimetres(part) + ink.shape[1] / 2, rng.uniform(0.3, 0.7) * high
    return sheet.showing(_put(sheet.picture, ink * cover, float(x), float(y), RED))


def stamped(sheet: Sheet, cover: float, rng: np.random.Generator) -> Sheet:
    """A blue rectangle with the words that limit the use of a copy, over the print."""
    ink = _worn(_turned(_box(round(sheet.millimetres(62))), rng.uniform(-7, 7)), rng)
    names = _places(sheet, _NAME) or _places(sheet, re.compile(""))
    high, wide = sheet.picture.shape[:2]
    left, top, right, bottom = (
        names[int(rng.integers(len(names)))] if names else (0.2 * wide, 0.4 * high, 0.8 * wide, 0.5 * high)
    )
    x = np.clip(rng.uniform(left, right), ink.shape[1] / 2, max(ink.shape[1] / 2, wide - ink.shape[1] / 2))
    return sheet.showing(_put(sheet.picture, ink * cover, float(x), (top + bottom) / 2, BLUE))


def annotated(sheet: Sheet, notes: int, rng: np.random.Generator) -> Sheet:
    """So many notes by hand where the paper is free, beside printed lines."""
    picture, taken = sheet.picture, [place for _, place in sheet.lines]
    high, wide = picture.shape[:2]
    size = round(sheet.millimetres(7))
    for _ in range(notes):
        ink = _handwritten(NOTES[int(rng.integers(len(NOTES)))], size, rng)
        tall, broad = ink.shape
        for _ in range(200):
            x = float(rng.uniform(broad / 2, wide - broad / 2))
            y = float(rng.uniform(0.1 * high, 0.93 * high))
            place = (x - broad / 2, y - tall / 2, x + broad / 2, y + tall / 2)
            if not any(_meet(place, other) for other in taken):
                picture = _put(picture, ink * 0.92, x, y, PEN)
                taken.append(place)
                break
    return sheet.showing(picture)


def _places(sheet: Sheet, wanted: re.Pattern[str]) -> list[Rectangle]:
    return [place for text, place in sheet.lines if wanted.search(text)]


def _meet(one: Rectangle, other: Rectangle) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    register()
    file, face, _ = FILES[name]
    return ImageFont.truetype(str(ROOT / file), size, index=face)


def _seal(radius: int) -> Image.Image:
    """A ring, a star, a name on the arc over it and a line below it."""
    r = radius * _FINE
    canvas = Image.new("L", (2 * r + 8, 2 * r + 8))
    draw, middle = ImageDraw.Draw(canvas), r + 4
    draw.ellipse((4, 4, 2 * r + 4, 2 * r + 4), outline=255, width=max(3, r // 16))
    corners = []
    for point in range(10):
        reach, angle = (0.3 if point % 2 == 0 else 0.115) * r, np.pi * point / 5
        corners.append((middle + reach * np.sin(angle), middle - reach * np.cos(angle)))
    draw.polygon(corners, 255)
    font = _font("Hei", round(0.24 * r))
    step = min(28.0, 250 / len(SEAL_NAME))
    for place, character in enumerate(SEAL_NAME):
        angle = step * (place - (len(SEAL_NAME) - 1) / 2)
        letter = Image.new("L", (round(0.3 * r), round(0.3 * r)))
        ImageDraw.Draw(letter).text((letter.width / 2, letter.height / 2), character, 255, font, anchor="mm")
        letter = letter.rotate(-angle, Image.Resampling.BICUBIC, expand=True)
        x, y = middle + 0.76 * r * np.sin(np.radians(angle)), middle - 0.76 * r * np.cos(np.radians(angle))
        canvas.paste(255, (round(x - letter.width / 2), round(y - letter.height / 2)), letter)
    draw.text((middle, middle + 0.56 * r), SEAL_USE, 255, _font("Hei", round(0.17 * r)), anchor="mm")
    return canvas


def _box(width: int) -> Image.Image:
    """Two lines of text in a frame."""
    wide = width * _FINE
    canvas = Image.new("L", (wide, round(0.32 * wide)))
    draw = ImageDraw.Draw(canvas)
    draw.rectangle((3, 3, wide - 4, canvas.height - 4), outline=255, width=max(3, wide // 90))
    for line, (text, share) in enumerate(zip(STAMP, (0.086, 0.075), strict=True)):
        draw.text((wide / 2, canvas.height * (0.32 + 0.38 * line)), text, 255, _font("Hei", round(share * wide)), "mm")
    return canvas


def _handwritten(text: str, size: int, rng: np.random.Generator) -> Ink:
    """Characters slanted and shaken, each its own way, as one stroke of a pen."""
    cell = size * _FINE
    canvas = Image.new("L", (round(cell * (0.8 * len(text) + 0.8)), 2 * cell))
    for place, character in enumerate(text):
        letter = Image.new("L", (2 * cell, 2 * cell))
        ImageDraw.Draw(letter).text(
            (cell, cell), character, 255, _font("Kai", round(cell * rng.uniform(0.8, 1.1))), "mm"
        )
        letter = letter.rotate(float(rng.uniform(-14, 12)), Image.Resampling.BICUBIC)
        x = round(cell * (0.8 * place - 0.3))
        canvas.paste(255, (x, round(rng.uniform(-0.12, 0.12) * cell)), letter)
    drawn = np.asarray(canvas, np.float32) / 255
    waves = [cv2.GaussianBlur(rng.normal(0, 1, drawn.shape).astype(np.float32), (0, 0), cell / 8) for _ in range(2)]
    y, x = np.mgrid[0 : drawn.shape[0], 0 : drawn.shape[1]].astype(np.float32)
    shake = cell * 0.9
    drawn = cv2.remap(drawn, x + shake * waves[0], y + shake * waves[1], cv2.INTER_LINEAR)
    ys, xs = np.nonzero(drawn > 0.2)
    drawn = drawn[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
    return _reduced(drawn)


def _turned(drawn: Image.Image, angle: float) -> Ink:
    turned = drawn.rotate(float(angle), Image.Resampling.BICUBIC, expand=True)
    return _reduced(np.asarray(turned, np.float32) / 255)


def _reduced(drawn: Ink) -> Ink:
    size = max(1, drawn.shape[1] // _FINE), max(1, drawn.shape[0] // _FINE)
    return np.asarray(cv2.resize(drawn, size, interpolation=cv2.INTER_AREA), np.float32)


def _worn(ink: Ink, rng: np.random.Generator) -> Ink:
    """Unevenly inked, as a rubber stamp is: patches that took less ink, and specks that took none."""
    patches = cv2.GaussianBlur(rng.normal(0, 1, ink.shape).astype(np.float32), (0, 0), max(2.0, ink.shape[0] / 20))
    patches *= 0.12 / max(1e-6, float(patches.std()))
    specks = (rng.random(ink.shape) < 0.04).astype(np.float32) * 0.5
    return np.asarray(ink * np.clip(0.94 + patches - cv2.GaussianBlur(specks, (0, 0), 0.6), 0, 1), np.float32)


def _put(picture: Picture, ink: Ink, x: float, y: float, colour: Iterable[int]) -> Picture:
    """The picture with the ink centred at x, y, as far as it lies on the page."""
    sheet = np.zeros(picture.shape[:2], np.float32)
    left, top = round(x - ink.shape[1] / 2), round(y - ink.shape[0] / 2)
    low, start = max(0, top), max(0, left)
    part = ink[low - top : sheet.shape[0] - top, start - left : sheet.shape[1] - left]
    sheet[low : low + part.shape[0], start : start + part.shape[1]] = part
    return _printed(picture, sheet, colour)


def _printed(picture: Picture, ink: Ink, colour: Iterable[int]) -> Picture:
    """Transparent ink: where it lies the paper reflects less of what the ink's colour lacks, and black print stays black."""
    kept = 1 - ink[:, :, None] * (1 - np.array(list(colour), np.float32) / 255)
    return np.asarray(np.clip(picture * kept, 0, 255), np.uint8)
