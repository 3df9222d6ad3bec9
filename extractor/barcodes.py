"""QR codes on a page, as texts; a code that is printed too small for the picture is looked at again, enlarged."""

import cv2
import numpy as np
from numpy.typing import NDArray

from models.layout import Barcode, Box

MOST = 20
"""Codes on a page that are worth knowing of."""
_ENLARGED = (4, 3)
_QUIET = 0.5
"""Paper kept around a code when it is enlarged, as a share of its side."""


def barcodes_on(image: NDArray[np.uint8], points_per_pixel: float) -> tuple[Barcode, ...]:
    """The QR codes on a page (height × width × 3, RGB), turned or not, from top to bottom; boxes in points. 5–30 ms for a page."""
    import zxingcpp

    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    found: list[Barcode] = []
    for code in zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormat.QRCode, return_errors=True)[: 2 * MOST]:
        corners = (
            code.position.top_left,
            code.position.top_right,
            code.position.bottom_right,
            code.position.bottom_left,
        )
        xs, ys = [corner.x for corner in corners], [corner.y for corner in corners]
        text = code.text if code.valid else _enlarged(grey, min(xs), min(ys), max(xs), max(ys))
        box = Box(*(edge * points_per_pixel for edge in (min(xs), min(ys), max(xs), max(ys))))
        if text and not any(text == other.text and box.intersects(other.box) for other in found):
            found.append(Barcode(text, "QR", box))
    return tuple(sorted(found[:MOST], key=lambda code: (code.box.top, code.box.x0)))


def _enlarged(grey: NDArray[np.uint8], x0: int, top: int, x1: int, bottom: int) -> str:
    """The text of a code that was seen but not read; "" where it still cannot be."""
    import zxingcpp

    around = round(_QUIET * max(x1 - x0, bottom - top))
    part = grey[max(0, top - around) : bottom + around, max(0, x0 - around) : x1 + around]
    for scale in _ENLARGED:
        if part.size and max(part.shape) * scale <= 4_000:
            # Lanczos keeps the edges of modules of two or three pixels; with softer filters such codes stay unread.
            larger = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_LANCZOS4)
            if codes := zxingcpp.read_barcodes(larger, formats=zxingcpp.BarcodeFormat.QRCode):
                return str(codes[0].text)
    return ""
