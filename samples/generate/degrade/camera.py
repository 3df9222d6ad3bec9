"""What a scanner or a camera makes of a sheet: turned, askew, seen from the side, badly lit, soft, coarse, and screens photographed."""

import cv2
import numpy as np

from samples.generate.degrade.office import desk_of
from samples.generate.degrade.sheet import Sheet


def turned(sheet: Sheet, clockwise: int) -> Sheet:
    """By 90, 180 or 270 degrees."""
    return sheet.showing(np.rot90(sheet.picture, -clockwise // 90))


def skewed(sheet: Sheet, most: float, rng: np.random.Generator) -> Sheet:
    """By up to `most` degrees either way, and by 0.8 of that at least, on a canvas that loses no corner."""
    angle = float(rng.uniform(0.8, 1.0) * most * rng.choice((-1, 1)))
    high, wide = sheet.picture.shape[:2]
    forth = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1.0)
    across, down = (round(length) for length in np.abs(forth[:, :2]) @ (wide, high))
    forth[:, 2] += (across - wide) / 2, (down - high) / 2
    return sheet.showing(
        cv2.warpAffine(sheet.picture, forth, (across, down), flags=cv2.INTER_AREA, borderValue=(248, 248, 246))
    )


def tilted(sheet: Sheet, warp: float, rng: np.random.Generator) -> Sheet:
    """On a desk, seen from the side: the far edge shorter by `warp`, the corners off by a third of that, the whole turned a little."""
    picture = sheet.picture
    high, wide = picture.shape[:2]
    corners = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    seen = corners - (wide / 2, high / 2)
    far = int(rng.integers(4))
    for corner, way in ((far, 1), ((far + 1) % 4, -1)):
        edge = (corners[(far + 1) % 4] - corners[far]) * warp / 2
        seen[corner] += way * edge
    seen += rng.uniform(-1, 1, (4, 2)) * warp / 3 * (wide, high)
    angle = np.radians(rng.uniform(-40, 40) * warp)
    seen = seen @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    margin = rng.uniform(0.05, 0.12, 2) * (wide, high)
    seen = seen - seen.min(axis=0) + margin
    out_wide, out_high = (round(length) for length in seen.max(axis=0) + margin)
    lens = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    laid = cv2.warpPerspective(picture, lens, (out_wide, out_high), flags=cv2.INTER_AREA)
    inside = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), lens, (out_wide, out_high), flags=cv2.INTER_AREA)
    dark = cv2.GaussianBlur(np.roll(inside, (8, 6), (0, 1)), (0, 0), 8)
    desk = desk_of(out_high, out_wide, rng) * (1 - 0.35 * dark[:, :, None] / 255.0)
    share = inside[:, :, None] / 255.0
    return sheet.showing(laid * share * 0.97 + desk * (1 - share))


def shadowed(sheet: Sheet, depth: float, rng: np.random.Generator) -> Sheet:
    """Lit from one side, with the soft-edged shadow of a hand or a phone over part of it; `depth` is the light that is lost."""
    high, wide = sheet.picture.shape[:2]
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    towards = rng.uniform(0, 2 * np.pi)
    slope = 0.5 * depth * (np.cos(towards) * (x / wide - 0.5) + np.sin(towards) * (y / high - 0.5))
    edge, lean = rng.uniform(0.35, 0.65), rng.uniform(-0.35, 0.35)
    over = (x / wide - edge + lean * (y / high - 0.5)) * rng.choice((-1, 1))
    fall = depth / (1 + np.exp(-over * rng.uniform(25, 90)))
    light = np.clip(1 + slope - fall, 0.12, 1.1)[:, :, None] * np.array((1.0, 0.985, 0.955), np.float32)
    return sheet.showing(sheet.picture * light)


def blurred(sheet: Sheet, sigma: float, rng: np.random.Generator) -> Sheet:
    """Out of focus by `sigma` pixels at 200 dots per inch, and moved by as much while the shutter was open."""
    sigma *= sheet.dpi / 200
    soft = cv2.GaussianBlur(sheet.picture, (0, 0), sigma)
    length, angle = 2 * round(sigma) + 1, rng.uniform(0, np.pi)
    path = np.zeros((length, length), np.float32)
    reach = (length - 1) / 2 * np.array((np.cos(angle), np.sin(angle)))
    ends = [tuple(round(v) for v in (length // 2 + sign * reach).tolist()) for sign in (-1, 1)]
    cv2.line(path, ends[0], ends[1], 1.0)
    return sheet.showing(cv2.filter2D(soft, -1, path / path.sum()))


def compressed(sheet: Sheet, quality: int) -> Sheet:
    """Saved as JPEG of that quality."""
    _, jpeg = cv2.imencode(".jpg", sheet.picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return sheet.showing(np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR))[:, :, ::-1])


def coarsened(sheet: Sheet, dpi: float) -> Sheet:
    """At a lower resolution."""
    scale = dpi / sheet.dpi
    return sheet.showing(cv2.resize(sheet.picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dpi)


def screened(sheet: Sheet, depth: float, rng: np.random.Generator) -> Sheet:
    """Photographed from a screen: two gratings, the screen's and the sensor's, beat in coloured bands; `depth` is how deep they are."""
    high, wide = sheet.picture.shape[:2]
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    bulge = 1 + 0.03 * np.square((x / wide - 0.5) + (y / high - 0.5))
    angle = rng.uniform(0.02, 0.12)
    along = (x * np.cos(angle) + y * np.sin(angle)) * bulge
    over = (y * np.cos(angle) - x * np.sin(angle)) * bulge
    pitch = rng.uniform(2.3, 2.7)
    beat = rng.uniform(28, 60)
    scene = sheet.picture.astype(np.float32) * 0.86 + 22
    for channel in range(3):
        phase = 2 * np.pi * channel / 3
        grid = 0.5 + 0.5 * np.sin(2 * np.pi * along / pitch + phase) * np.sin(2 * np.pi * over / pitch)
        bands = 0.5 + 0.5 * np.sin(2 * np.pi * (along / beat + over / (1.7 * beat)) + phase)
        scene[:, :, channel] *= 1 - depth * (0.55 * grid + 0.45 * bands)
    return sheet.showing(cv2.GaussianBlur(scene, (0, 0), 0.6))
