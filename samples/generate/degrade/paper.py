"""What happens to the sheet itself: folds, leaves that do not lie flat, cut edges, and a copy of a copy in black and white."""

import cv2
import numpy as np

from samples.generate.degrade.sheet import Sheet


def folded(sheet: Sheet, creases: int, shade: float, rng: np.random.Generator) -> Sheet:
    """Creased across, then down, then across again: light falls off to one side, the paper kinks, the parts lie at a slant."""
    picture = sheet.picture.astype(np.float32)
    high, wide = picture.shape[:2]
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    light = np.ones((high, wide), np.float32)
    across, down = x.copy(), y.copy()
    for number in range(creases):
        lies = number % 2 == 0
        along, over, length = (y, x, high) if lies else (x, y, wide)
        at = length * (0.5 if creases < 3 else (1 / 3, 0.5, 2 / 3)[number]) + rng.uniform(-0.03, 0.03) * length
        from_crease = along - at
        reach = sheet.millimetres(18)
        side = rng.choice((-1, 1))
        falling = np.exp(-np.abs(from_crease) / reach)
        light *= (
            1
            - shade * falling * (side * from_crease > 0)
            - 0.6 * shade * np.exp(-np.square(from_crease / sheet.millimetres(0.35)))
        )
        kink = sheet.millimetres(3.2) * shade * falling
        slant = 0.055 * shade * rng.choice((-1, 1)) * np.clip(from_crease / length, 0, None)
        lean = slant * (over - over.mean())
        if lies:
            down += kink + lean
        else:
            across += kink + lean
    bent = cv2.remap(picture, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return sheet.showing(bent * light[:, :, None])


def bent(sheet: Sheet, rise: float, rng: np.random.Generator) -> Sheet:
    """A leaf that does not lie flat, seen from 400 mm above: it rises by so many millimetres towards the spine, or in its middle.

    What is nearer to the camera is larger, what slopes is narrower and darker.
    """
    high, wide = sheet.picture.shape[:2]
    along = np.arange(wide) / wide
    up = sheet.millimetres(rise) * (np.exp(-along / 0.15) if rng.random() < 0.5 else np.sin(np.pi * along))
    slope = np.gradient(up)
    height = sheet.millimetres(400)
    over = np.array((wide / 2, high * rng.uniform(0.2, 0.8)))
    nearer = height / (height - up)
    seen = over[0] + (np.cumsum(np.cos(np.arctan(slope))) - over[0]) * nearer
    source = np.interp(np.arange(wide), seen, np.arange(wide)).astype(np.float32)
    shrunk = np.interp(source, np.arange(wide), 1 / nearer)
    down = over[1] + (np.arange(high)[:, None] - over[1]) * shrunk[None, :]
    across = np.repeat(source[None, :], high, axis=0)
    lies = cv2.remap(sheet.picture, across, down.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    light = 1 - 0.8 * np.abs(np.interp(source, np.arange(wide), np.arctan(slope)))
    return sheet.showing(lies * light[None, :, None])


def cut(sheet: Sheet, share: float, rng: np.random.Generator) -> Sheet:
    """Two edges cut aslant, `share` of the way from the edge to the print; what lay there is the dark lid of the scanner."""
    high, wide = sheet.picture.shape[:2]
    if not sheet.lines:
        return sheet
    rectangles = np.array([rectangle for _, rectangle in sheet.lines])
    gap = sheet.millimetres(1.0)
    free = (
        rectangles[:, 0].min() - gap, rectangles[:, 1].min() - gap,
        wide - rectangles[:, 2].max() - gap, high - rectangles[:, 3].max() - gap,
    )  # fmt: skip
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    from_edge = (x, y, wide - 1 - x, high - 1 - y)
    along = (y / high, x / wide, y / high, x / wide)
    gone = np.zeros((high, wide), bool)
    for edge in rng.choice(4, 2, replace=False):
        begin, end = (share * max(0.0, free[edge]) * rng.uniform(0.5, 1.0) for _ in range(2))
        ragged = cv2.GaussianBlur(rng.normal(0, 1, max(high, wide)).astype(np.float32), (0, 0), 4).ravel()
        place = y if edge in (0, 2) else x
        gone |= from_edge[edge] < begin + (end - begin) * along[edge] + 4 * ragged[place.astype(np.intp)]
    lid = np.float32(46) + rng.normal(0, 3, (high, wide)).astype(np.float32)
    return sheet.showing(np.where(gone[:, :, None], lid[:, :, None], sheet.picture))


def photocopied(sheet: Sheet, wear: float, rng: np.random.Generator) -> Sheet:
    """Black and white, nothing between: ragged strokes, specks, a dark rim; `wear` 0..1 grows with each copy of a copy."""
    grey = cv2.cvtColor(sheet.picture, cv2.COLOR_RGB2GRAY).astype(np.float32)
    high, wide = grey.shape
    soft = cv2.GaussianBlur(grey, (0, 0), 0.5 + 0.7 * wear)
    drum = cv2.GaussianBlur(rng.normal(0, 1, (high // 8 + 1, wide // 8 + 1)).astype(np.float32), (0, 0), 12)
    drum = cv2.resize(drum / max(1e-6, float(drum.std())), (wide, high))
    grain = rng.normal(0, 10 + 22 * wear, grey.shape)
    white = soft + grain > 138 + 16 * wear * drum
    for share, shade in ((0.0002 + 0.0012 * wear, False), (0.0002 + 0.0008 * wear, True)):
        specks = (rng.random((high, wide)) < share).astype(np.uint8)
        white = np.where(cv2.dilate(specks, np.ones((2, 2), np.uint8)) > 0, shade, white)
    rim = round(sheet.millimetres(2.5 * wear))
    if rim:
        white[:, :rim] &= rng.random((high, rim)) < 0.4
    return sheet.showing(np.repeat(white[:, :, None] * np.uint8(255), 3, axis=2))
