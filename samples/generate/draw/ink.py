"""Puts text and lines on a canvas: mixed Chinese and Latin runs, letter-spaced titles, justified labels, wrapped values, rules."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from reportlab.pdfgen.canvas import Canvas

from samples.generate.draw.fonts import SONG, Face, width

Segment = tuple[float, float, float, float]
"""A straight rule: x0, y0, x1, y1 in points, origin bottom left."""

NOT_FIRST = "，。；：、）》！？’”)]},.;:!?℃%"
"""Characters that may not begin a line."""

NOT_LAST = "（《‘“(["
"""Characters that may not end a line."""

TOKEN = re.compile(r"[!-~±μ]*?-(?=[0-9A-Za-z])|[!-~±μ]+|\s+|.")
"""A Latin word up to a hyphen, blanks, or one Chinese character."""


def text(
    c: Canvas, x: float, y: float, line: str, size: float, face: Face = SONG, align: str = "left", spread: float = 0
) -> None:
    """One line with its baseline at `y`; `align` is left, centre or right of `x`; `spread` is put after each character."""
    total = width(line, face, size) + spread * max(0, len(line) - 1)
    x -= {"left": 0.0, "centre": total / 2, "right": total}[align]
    for font, run in groupby(line, key=face.font_of):
        characters = "".join(run)
        draw_run(c, x, y, characters, font, size, spread, bold=face.bold and font == face.chinese)
        x += width(characters, face, size) + spread * len(characters)


def draw_run(c: Canvas, x: float, y: float, run: str, font: str, size: float, spread: float, *, bold: bool) -> None:
    body = c.beginText(x, y)
    body.setFont(font, size)
    if spread:
        body.setCharSpace(spread)
    if bold:
        c.setLineWidth(size * 0.03)
        body.setTextRenderMode(2)
    body.textOut(run)
    if bold:
        body.setTextRenderMode(0)
    if spread:
        body.setCharSpace(0)
    c.drawText(body)


def justified(c: Canvas, x: float, y: float, label: str, size: float, across: float, face: Face) -> None:
    """A label spread over `across` points, as 名　　称 and 法定代表人 stand under each other on licences."""
    gap = (across - width(label, face, size)) / max(1, len(label) - 1)
    for character in label:
        text(c, x, y, character, size, face)
        x += width(character, face, size) + gap


def wrap(line: str, size: float, across: float, face: Face = SONG) -> list[str]:
    """Breaks a line at Chinese characters, blanks and hyphens so that every part fits; newlines are kept."""
    parts: list[str] = []
    for hard in line.split("\n"):
        parts.extend(wrap_one(hard, size, across, face))
    return parts


def wrap_one(line: str, size: float, across: float, face: Face) -> list[str]:
    lines, current, used = [], "", 0.0
    for token in TOKEN.findall(line):
        while len(token) > 1 and token[0] in NOT_FIRST:
            current, used, token = current + token[0], used + width(token[0], face, size), token[1:]
        extent = width(token, face, size)
        if current and used + extent > across and token[0] not in NOT_FIRST:
            held = current[-1] if current[-1] in NOT_LAST and len(current) > 1 else ""
            lines.append(current.removesuffix(held).rstrip())
            current, used = held, width(held, face, size)
            token = token.lstrip()
            extent = width(token, face, size)
        while extent > across and len(token) > 1:
            keep = next(n for n in range(len(token), 0, -1) if n == 1 or width(token[:n], face, size) <= across)
            lines.append(token[:keep])
            token = token[keep:]
            extent = width(token, face, size)
        current += token
        used += extent
    return [*lines, current.rstrip()] if current.strip() or not lines else lines


def paragraph(
    c: Canvas, x: float, y: float, lines: Iterable[str], size: float, leading: float, face: Face = SONG, align: str = "left"
) -> float:  # fmt: skip
    """Lines under each other, the first baseline at `y`; returns the baseline after the last line."""
    for line in lines:
        if line:
            text(c, x, y, line, size, face, align)
        y -= leading
    return y


def rules(c: Canvas, segments: Sequence[Segment], mode: str, thickness: float = 0.5) -> None:
    """Table lines as single strokes, as thin filled rectangles (Word, Excel) or as one path with many moves."""
    c.saveState()
    c.setLineWidth(thickness)
    half = thickness / 2
    if mode == "path":
        path = c.beginPath()
        for x0, y0, x1, y1 in segments:
            path.moveTo(x0, y0)
            path.lineTo(x1, y1)
        c.drawPath(path)
    for x0, y0, x1, y1 in segments if mode != "path" else ():
        if mode == "stroke":
            c.line(x0, y0, x1, y1)
        else:
            c.rect(
                x0 - half,
                y1 - half if y1 < y0 else y0 - half,
                x1 - x0 + thickness,
                abs(y1 - y0) + thickness,
                stroke=0,
                fill=1,
            )
    c.restoreState()
