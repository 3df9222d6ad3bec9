"""Pages of a clean PDF as pictures, and where their text stands, so that dirt can be put where it hurts."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pypdfium2
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Height x width x 3, RGB."""

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom, in pixels."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page on its way through the office: pixels, dots per inch, and its printed lines where they stood before anything moved them."""

    picture: Picture
    dpi: float
    lines: tuple[tuple[str, Rectangle], ...] = ()

    def showing(self, picture: NDArray[Any], dpi: float | None = None) -> "Sheet":
        """The same sheet with other pixels, clipped to 0..255."""
        pixels = np.ascontiguousarray(np.clip(picture, 0, 255).astype(np.uint8))
        return replace(self, picture=pixels, dpi=self.dpi if dpi is None else dpi)

    def millimetres(self, length: float) -> float:
        """A length on paper in pixels."""
        return length * self.dpi / 25.4


def rendered(pdf: bytes, dpi: int) -> list[Picture]:
    """Every page as a picture."""
    return [sheet.picture for sheet in sheets(pdf, dpi)]


def sheets(pdf: bytes, dpi: int) -> list[Sheet]:
    """Every page as a picture together with the lines of its text layer."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_sheet(page, dpi) for page in document]
    finally:
        document.close()


def _sheet(page: pypdfium2.PdfPage, dpi: int) -> Sheet:
    picture = np.asarray(page.render(scale=dpi / 72).to_pil().convert("RGB"))
    return Sheet(picture, dpi, tuple(_lines(page, dpi / 72)))


def _lines(page: pypdfium2.PdfPage, scale: float) -> Iterator[tuple[str, Rectangle]]:
    """The text layer's runs, those beside each other as one: figures are often set in another font than the signs around them."""
    height = page.get_height()
    text = page.get_textpage()
    runs = [text.get_rect(number) for number in range(text.count_rects())]
    lines: list[Rectangle] = []
    for left, bottom, right, top in sorted(runs, key=lambda run: (-round(run[1] / 4), run[0])):
        if lines:
            before = lines[-1]
            level = min(top, before[3]) - max(bottom, before[1]) > 0.5 * min(top - bottom, before[3] - before[1])
            if level and left - before[2] < top - bottom:
                lines[-1] = before[0], min(bottom, before[1]), max(right, before[2]), max(top, before[3])
                continue
        lines.append((left, bottom, right, top))
    for left, bottom, right, top in lines:
        shown = text.get_text_bounded(left, bottom, right, top).strip()
        if shown:
            yield shown, (left * scale, (height - top) * scale, right * scale, (height - bottom) * scale)
    text.close()
