"""What makes papers look official: round seals, signatures, ornamental borders, an emblem that is none, marks, QR codes."""

import math
import random

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import Color, HexColor, white
from reportlab.pdfgen.canvas import Canvas

from samples.generate.draw import ink
from samples.generate.draw.fonts import HEI, HEI_BOLD, KAI, SONG_BOLD, Face, width
from samples.generate.draw.outlines import trace

SEAL_RED = Color(0.87, 0.08, 0.1, alpha=0.78)


def star(c: Canvas, x: float, y: float, radius: float, turn: float = 0) -> None:
    """A filled five-pointed star."""
    path = c.beginPath()
    for point in range(10):
        r = radius if point % 2 == 0 else radius * 0.382
        angle = math.pi / 2 + turn + point * math.pi / 5
        (path.moveTo if point == 0 else path.lineTo)(x + r * math.cos(angle), y + r * math.sin(angle))
    path.close()
    c.drawPath(path, stroke=0, fill=1)


def seal(
    c: Canvas, x: float, y: float, radius: float, around: str, below: str = "", number: str = "", turn: float = 0
) -> None:
    """A round red seal centred at x, y: name on an arc over a star, a line below it, small digits at the bottom."""
    c.saveState()
    c.translate(x, y)
    c.rotate(turn)
    c.setStrokeColor(SEAL_RED)
    c.setFillColor(SEAL_RED)
    c.setLineWidth(radius * 0.06)
    c.circle(0, 0, radius, stroke=1, fill=0)
    star(c, 0, 0, radius * 0.3)
    size = min(radius * 0.3, radius * 4.0 / max(8, len(around)))
    reach = math.radians(min(280, 26 * len(around)))
    arc(c, around, radius * 0.72, math.pi / 2 + reach / 2, -reach, size, HEI)
    if below:
        outlined(c, 0, -radius * 0.55, below, radius * 0.2, HEI, "centre")
    if number:
        arc(c, number, radius * 0.86, math.radians(245), math.radians(50), radius * 0.1, HEI, inside=True)
    c.restoreState()


def outlined(c: Canvas, x: float, y: float, line: str, size: float, face: Face, align: str = "left") -> None:
    """Text as filled outlines: what a seal, a signature or a watermark shows is never in a file's text layer."""
    total = width(line, face, size)
    x -= {"left": 0.0, "centre": total / 2}[align]
    for character in line:
        font = face.font_of(character)
        path = c.beginPath()
        trace(path, font, character, x, y, size)
        c.drawPath(path, stroke=0, fill=1)
        x += width(character, face, size)


def arc(
    c: Canvas, line: str, radius: float, start: float, reach: float, size: float, face: Face, *, inside: bool = False
) -> None:
    """Characters standing on an arc; `inside` turns their feet outwards."""
    step = reach / max(1, len(line) - 1)
    for place, character in enumerate(line):
        angle = start + place * step
        c.saveState()
        c.translate(radius * math.cos(angle), radius * math.sin(angle))
        c.rotate(math.degrees(angle) + (90 if inside else -90))
        c.scale(0.78, 1.15)
        outlined(c, 0, -size * 0.35, character, size, face, "centre")
        c.restoreState()


def signature(c: Canvas, x: float, y: float, name: str, size: float, rng: random.Random) -> None:
    """A name written by hand in haste: slanted, shaken, uneven characters, joined by a pen that hardly leaves the paper."""
    c.saveState()
    c.setFillColor(HexColor("#1a1a2e"))
    c.setStrokeColor(HexColor("#1a1a2e"))
    for place, character in enumerate(name):
        c.saveState()
        c.translate(x + place * size * 0.74, y + rng.uniform(-0.15, 0.15) * size)
        c.rotate(rng.uniform(-16, 14))
        c.skew(0, rng.uniform(-24, -10))
        c.scale(rng.uniform(0.75, 1.05), rng.uniform(0.95, 1.4))
        path = c.beginPath()
        trace(path, KAI.chinese, character, 0, 0, size, lambda: rng.uniform(-0.012, 0.012) * size)
        c.drawPath(path, stroke=0, fill=1)
        c.restoreState()
    c.setLineWidth(1.1)
    for place in range(len(name)):
        left = x + place * size * 0.74 + rng.uniform(0.3, 0.6) * size
        path = c.beginPath()
        path.moveTo(left, y + rng.uniform(0.1, 0.6) * size)
        path.curveTo(
            left + rng.uniform(0.1, 0.6) * size, y + rng.uniform(-0.5, 0.2) * size,
            left + rng.uniform(-0.4, 0.3) * size, y + rng.uniform(-0.6, 0.1) * size,
            left + rng.uniform(0.5, 1.0) * size, y + rng.uniform(-0.2, 0.7) * size,
        )  # fmt: skip
        c.drawPath(path)
    c.restoreState()


def qr(c: Canvas, x: float, y: float, side: float, content: str) -> None:
    """A QR code with its lower left corner at x, y."""
    widget = QrCodeWidget(content, barLevel="M", barBorder=0)
    x0, y0, x1, y1 = widget.getBounds()
    drawing = Drawing(side, side, transform=[side / (x1 - x0), 0, 0, side / (y1 - y0), 0, 0])
    drawing.add(widget)
    renderPDF.draw(drawing, c, x, y)


def emblem(c: Canvas, x: float, y: float, radius: float) -> None:
    """A red and gold disc with stars and a gate, in the place of the national emblem; it is deliberately not that emblem."""
    gold, red = HexColor("#f0c000"), HexColor("#d7141a")
    c.saveState()
    c.setFillColor(gold)
    c.circle(x, y, radius, stroke=0, fill=1)
    c.setFillColor(red)
    c.circle(x, y, radius * 0.8, stroke=0, fill=1)
    c.setStrokeColor(red)
    c.setLineWidth(radius * 0.02)
    for n in range(36):
        angle = n * math.pi / 18
        c.line(
            x + radius * 0.8 * math.cos(angle),
            y + radius * 0.8 * math.sin(angle),
            x + radius * math.cos(angle + 0.12),
            y + radius * math.sin(angle + 0.12),
        )
    c.setFillColor(gold)
    star(c, x, y + radius * 0.38, radius * 0.22)
    for dx in (-0.4, -0.16, 0.16, 0.4):
        star(c, x + dx * radius, y + radius * (0.2 if abs(dx) > 0.3 else 0.05), radius * 0.08)
    c.rect(x - radius * 0.45, y - radius * 0.4, radius * 0.9, radius * 0.14, stroke=0, fill=1)
    c.rect(x - radius * 0.3, y - radius * 0.26, radius * 0.6, radius * 0.12, stroke=0, fill=1)
    c.rect(x - radius * 0.38, y - radius * 0.15, radius * 0.76, radius * 0.05, stroke=0, fill=1)
    c.setFillColor(red)
    c.rect(x - radius * 0.5, y - radius * 1.12, radius, radius * 0.3, stroke=0, fill=1)
    c.setFillColor(gold)
    c.circle(x, y - radius * 0.84, radius * 0.17, stroke=0, fill=1)
    c.restoreState()


def guilloche_border(c: Canvas, x: float, y: float, across: float, high: float, thick: float, colour: str) -> None:
    """A frame of overlapping scales between thin lines, as security printing has it."""
    tone = HexColor(colour)
    c.saveState()
    c.setStrokeColor(tone)
    c.setFillColor(Color(tone.red, tone.green, tone.blue, alpha=0.25))
    c.setLineWidth(0.35)
    c.beginForm("scale", -thick, -thick, thick, thick)
    c.setLineWidth(0.35)
    for shrink in (0.62, 0.48, 0.34, 0.2):
        c.circle(0, 0, thick * shrink, stroke=1, fill=int(shrink == 0.62))
    c.endForm()
    step = thick * 0.75
    for fixed, begin, end, horizontal in (
        (y + thick / 2, x, x + across, True), (y + high - thick / 2, x, x + across, True),
        (x + thick / 2, y, y + high, False), (x + across - thick / 2, y, y + high, False),
    ):  # fmt: skip
        count = round((end - begin) / step)
        for n in range(count + 1):
            along = begin + (end - begin) * n / count
            cx, cy = (along, fixed) if horizontal else (fixed, along)
            c.saveState()
            c.translate(cx, cy)
            c.doForm("scale")
            c.restoreState()
    c.setLineWidth(1.4)
    c.rect(x - 2, y - 2, across + 4, high + 4)
    c.setLineWidth(0.5)
    c.rect(x - 4, y - 4, across + 8, high + 8)
    c.restoreState()


def watermark(
    c: Canvas,
    words: str,
    places: list[tuple[float, float]],
    size: float,
    colour: Color,
    face: Face = HEI_BOLD,
    turn: float = 0,
) -> None:
    """Pale words under the print."""
    name = "watermark" + words.encode().hex()
    c.beginForm(name, -size * 10, -size, size * 10, size * 2)
    outlined(c, 0, 0, words, size, face, "centre")
    c.endForm()
    for x, y in places:
        c.saveState()
        c.translate(x, y)
        c.rotate(turn)
        c.setFillColor(colour)
        c.doForm(name)
        c.restoreState()


def cnas_mark(c: Canvas, x: float, y: float, size: float) -> None:
    """The letters CNAS between two crescents."""
    blue = HexColor("#171a4a")
    c.saveState()
    c.setFillColor(blue)
    for sign in (1, -1):
        path = c.beginPath()
        path.moveTo(x - size * 0.85, y + sign * size * 0.32)
        path.curveTo(
            x - size * 0.4,
            y + sign * size * 1.02,
            x + size * 0.4,
            y + sign * size * 1.02,
            x + size * 0.85,
            y + sign * size * 0.32,
        )
        path.curveTo(
            x + size * 0.3,
            y + sign * size * 0.75,
            x - size * 0.3,
            y + sign * size * 0.5,
            x - size * 0.85,
            y + sign * size * 0.32,
        )
        path.close()
        c.drawPath(path, stroke=0, fill=1)
    c.translate(x, y)
    c.skew(0, -12)
    ink.text(c, 0, -size * 0.22, "CNAS", size * 0.66, HEI_BOLD, "centre")
    c.restoreState()


def mra_mark(c: Canvas, x: float, y: float, size: float) -> None:
    """A ring of ticks round arcs with the letters of a mutual recognition mark."""
    c.saveState()
    c.setStrokeColor(HexColor("#171a4a"))
    c.setLineWidth(0.9)
    for n in range(60):
        angle = n * math.pi / 30
        c.line(
            x + size * 0.86 * math.cos(angle),
            y + size * 0.86 * math.sin(angle),
            x + size * math.cos(angle),
            y + size * math.sin(angle),
        )
    for n in range(1, 5):
        r = size * 0.17 * n
        c.arc(x - r, y - size * 0.75 - r, x + r, y - size * 0.75 + r, 25, 130)
        c.arc(x - r, y + size * 0.75 - r, x + r, y + size * 0.75 + r, 205, 130)
    c.setFillColor(white)
    c.rect(x - size, y - size * 0.2, size * 2, size * 0.42, stroke=0, fill=1)
    c.setFillColor(HexColor("#171a4a"))
    ink.text(c, x, y - size * 0.15, "ilac-MRA", size * 0.46, HEI_BOLD, "centre")
    c.restoreState()


def gold_seal(c: Canvas, x: float, y: float, radius: float, around: str) -> None:
    """An embossed gold sticker with a scalloped edge."""
    c.saveState()
    c.setFillColor(HexColor("#d8cf2a"))
    for n in range(32):
        angle = n * math.pi / 16
        c.circle(
            x + radius * 0.95 * math.cos(angle), y + radius * 0.95 * math.sin(angle), radius * 0.11, stroke=0, fill=1
        )
    c.circle(x, y, radius * 0.97, stroke=0, fill=1)
    c.setStrokeColor(HexColor("#b3aa12"))
    c.setFillColor(HexColor("#b3aa12"))
    c.setLineWidth(0.8)
    c.circle(x, y, radius * 0.88)
    c.circle(x, y, radius * 0.5)
    star(c, x, y, radius * 0.2)
    c.translate(x, y)
    arc(c, around, radius * 0.68, math.radians(215), math.radians(-250), radius * 0.2, SONG_BOLD)
    c.restoreState()


def underlined(c: Canvas, x: float, y: float, line: str, size: float, face: Face) -> None:
    """A centred line with a rule under it."""
    across = width(line, face, size)
    ink.text(c, x, y, line, size, face, "centre")
    ink.rules(c, [(x - across / 2 - 3, y - size * 0.25, x + across / 2 + 3, y - size * 0.25)], "stroke", 0.9)
