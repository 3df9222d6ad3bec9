"""Pastes a picture of other words over words of a finished PDF: the page shows one thing, its text layer says another."""

import io
from dataclasses import dataclass

import pypdfium2 as pypdfium
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from samples.generate.draw.fonts import FILES, ROOT

_SCALE = 4
"""Pixels of the picture to a point."""


@dataclass(frozen=True, slots=True)
class Paste:
    """Where `covered` stands on the first page, a picture of `shown` is laid over it; `blur` is in points."""

    covered: str
    shown: str
    blur: float = 0.0


def paste(document: pypdfium.PdfDocument, patch: Paste) -> None:
    """ValueError where the words that are to be covered stand nowhere on the page in one line."""
    page = document[0]
    left, bottom, right, top = _place(page, patch.covered)
    image = pypdfium.PdfImage.new(document)
    image.load_jpeg(_picture(patch, right - left, top - bottom))
    image.set_matrix(pypdfium.PdfMatrix().scale(right - left, top - bottom).translate(left, bottom))
    page.insert_obj(image)
    page.gen_content()
    page.close()


def _place(page: pypdfium.PdfPage, words: str) -> tuple[float, float, float, float]:
    """Around the words, in PDF space, with a little of the paper."""
    text = page.get_textpage()
    found = text.search(words).get_next()
    if found is None:
        raise ValueError(f"{words} does not stand on the page")
    boxes = [text.get_charbox(found[0] + i, loose=True) for i in range(found[1])]
    return (
        min(box[0] for box in boxes) - 0.5,
        min(box[1] for box in boxes) - 0.5,
        max(box[2] for box in boxes) + 0.5,
        max(box[3] for box in boxes) + 0.5,
    )


def _picture(patch: Paste, width: float, height: float) -> io.BytesIO:
    """The words in black on white, as wide as the place."""
    file, face, _ = FILES["Hei"]
    font = ImageFont.truetype(str(ROOT / file), round(0.8 * height * _SCALE), index=face)
    drawn = Image.new("RGB", (round(font.getlength(patch.shown)) + 2 * _SCALE, round(height * _SCALE)), "white")
    ImageDraw.Draw(drawn).text((_SCALE, drawn.height / 2), patch.shown, "black", font, anchor="lm")
    drawn = drawn.resize((round(width * _SCALE), drawn.height), Image.Resampling.LANCZOS)
    if patch.blur:
        drawn = drawn.filter(ImageFilter.GaussianBlur(patch.blur * _SCALE))
    jpeg = io.BytesIO()
    drawn.save(jpeg, "JPEG", quality=90)
    jpeg.seek(0)
    return jpeg
