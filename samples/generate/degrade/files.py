"""Pictures of pages as one file: what scanners, cameras and copiers write."""

import io

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from samples.generate.degrade.office import LEVELS
from samples.generate.degrade.sheet import Picture


def encoded(pictures: list[Picture], suffix: str, level: str, dpi: int = 200, *, grey: bool = False) -> bytes:
    """The pictures as one file of a level's JPEG quality: .pdf and .tiff hold every page, .jpg, .png and .webp the first."""
    return filed(pictures, suffix, LEVELS[level].quality, dpi, grey=grey)


def filed(pictures: list[Picture], suffix: str, quality: int, dpi: int = 200, *, grey: bool = False) -> bytes:
    """The pictures as one file of this JPEG quality; .jpg and .webp state no resolution, as those from a camera."""
    images = [Image.fromarray(picture).convert("L" if grey else "RGB") for picture in pictures]
    buffer = io.BytesIO()
    if suffix == ".pdf":
        return image_pdf(images, quality, dpi)
    if suffix == ".tiff":
        images[0].save(
            buffer, "TIFF", save_all=True, append_images=images[1:], compression="jpeg", quality=quality, dpi=(dpi, dpi)
        )
    elif suffix == ".png":
        images[0].save(buffer, "PNG", optimize=True, dpi=(dpi, dpi))
    elif suffix == ".webp":
        images[0].save(buffer, "WEBP", quality=quality, method=4)
    else:
        images[0].save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def image_pdf(images: list[Image.Image], quality: int, dpi: int) -> bytes:
    """A PDF of JPEG pages without any text, as scanners write it."""
    buffer = io.BytesIO()
    c = Canvas(buffer, invariant=1)
    for image in images:
        wide, high = image.width * 72 / dpi, image.height * 72 / dpi
        jpeg = io.BytesIO()
        image.save(jpeg, "JPEG", quality=quality)
        jpeg.seek(0)
        c.setPageSize((wide, high))
        c.drawImage(ImageReader(jpeg), 0, 0, wide, high)
        c.showPage()
    c.save()
    return buffer.getvalue()
