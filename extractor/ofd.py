"""OFD files (GB/T 33190): the text objects and path rules of their pages, read from their XML; seals and pictures are not looked at."""

import math
import posixpath
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from xml.etree.ElementTree import Element

from extractor.archive import Archive, local
from extractor.tables import build
from models.errors import CorruptFile, EmptyFile, TooLarge, TooManyPages, UnsupportedFile
from models.layout import Box, Direction, Origin, Page, Ruling, Word

POINTS = 72.0 / 25.4
"""To a millimetre, the unit of OFD."""
_A4 = (0.0, 0.0, 210.0, 297.0)
_MOST_CHARACTERS, _MOST_RULES = 200_000, 50_000
_THIN = 0.6
"""A filled area narrower than this, in millimetres, is a rule."""
_SLANT = 0.2
_GAP = 0.6
"""Of the letters' size: a wider gap parts words."""
_NUMBER = re.compile(r"-?(?:\d{1,9}(?:\.\d*)?|\.\d+)(?:[eE]-?\d{1,2})?")
_OPERATOR = re.compile(r"[A-Za-z]|-?\d*\.?\d+(?:[eE]-?\d+)?")
_ARGUMENTS = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class OfdFile:
    """An opened file: the parts of its pages in order, the templates below them, and what it says of itself."""

    archive: Archive
    pages: tuple[str, ...]
    templates: dict[str, str]
    box: tuple[float, ...]
    info: dict[str, str]

    def read_page(self, number: int) -> Page:
        """A page, counted from 1. CorruptFile where it is damaged; UnsupportedFile where it shows no text but a picture."""
        root = self.archive.xml(_named(self.archive, self.pages[number - 1]))
        layers = [root]
        for reference in (e for e in root if local(e) == "Template"):
            part = self.templates.get(reference.get("TemplateID", ""))
            if part is not None:
                layers.insert(0, self.archive.xml(_named(self.archive, part)))
        left, top, width, height = _physical_box(root) or self.box
        drawn = [e for layer in layers for e in layer.iter()]
        rulings = [r for e in drawn if local(e) == "PathObject" for r in _rulings(e, (-left, -top))]
        if (
            sum(len(e.text or "") for e in drawn if local(e) == "TextCode") > _MOST_CHARACTERS
            or len(rulings) > _MOST_RULES
        ):
            raise TooLarge(
                f"OFD 第 {number} 页内容过多，请转换为 PDF 后上传。 "
                f"Page {number} of the OFD holds too much; please convert the file to PDF and upload again."
            )
        upright = sorted((r for r in rulings if r.direction is Direction.VERTICAL), key=_position)
        words = [w for e in drawn if local(e) == "TextObject" for w in _words(e, (-left, -top), upright)]
        if not words and any(local(e) == "ImageObject" for e in drawn):
            raise UnsupportedFile(
                f"OFD 第 {number} 页是图片，请转换为 PDF 后上传。 "
                f"Page {number} of the OFD is a picture; please convert the file to PDF and upload again."
            )
        tables, free = build(words, rulings)
        return Page(number, width * POINTS, height * POINTS, free, tables, Origin.TEXT)


def open_ofd(data: bytes, *, max_pages: int) -> OfdFile:
    """CorruptFile, EncryptedFile, TooLarge (from the archive), EmptyFile without pages, TooManyPages."""
    archive = Archive(data)
    body = next((e for e in archive.xml("OFD.xml") if local(e) == "DocBody"), None)
    root = next((e.text or "" for e in body if local(e) == "DocRoot"), "") if body is not None else ""
    if body is None or not root:
        raise CorruptFile
    document = archive.xml(_named(archive, root.strip()))
    folder = posixpath.dirname(root.strip().lstrip("/"))
    pages = tuple(_inside(folder, e.get("BaseLoc", "")) for part in document if local(part) == "Pages" for e in part)
    if not pages:
        raise EmptyFile
    if len(pages) > max_pages:
        raise TooManyPages
    common = [e for part in document if local(part) == "CommonData" for e in part]
    templates = {e.get("ID", ""): _inside(folder, e.get("BaseLoc", "")) for e in common if local(e) == "TemplatePage"}
    box = next((box for e in common if local(e) == "PageArea" and (box := _box_in(e))), _A4)
    return OfdFile(archive, pages, templates, box, _info(body))


def _info(body: Element) -> dict[str, str]:
    names = {"Creator": "creator", "CreationDate": "created", "ModDate": "modified"}
    entries = (e for part in body if local(part) == "DocInfo" for e in part)
    info = {names[local(e)]: e.text.strip() for e in entries if local(e) in names and e.text}
    signed = any(local(e) == "Signatures" for e in body)
    return info | ({"signatures": "1", "signature_valid": "unknown"} if signed else {"signatures": "0"})


def _named(archive: Archive, name: str) -> str:
    """The entry with this name, whatever the case of its letters. CorruptFile without one."""
    wanted = posixpath.normpath(name.lstrip("/"))
    if wanted in archive:
        return wanted
    found = next((e.filename for e in archive.entries if e.filename.lower() == wanted.lower()), None)
    if found is None:
        raise CorruptFile
    return found


def _inside(folder: str, name: str) -> str:
    return name if name.startswith("/") else posixpath.join(folder, name)


def _physical_box(page: Element) -> tuple[float, ...] | None:
    return next((_box_in(e) for e in page if local(e) == "Area"), None)


def _box_in(area: Element) -> tuple[float, ...] | None:
    text = next((e.text or "" for e in area if local(e) == "PhysicalBox"), "")
    box = _numbers(text)
    return tuple(box) if len(box) == 4 and 0 < box[2] < 1e4 and 0 < box[3] < 1e4 else None


def _numbers(text: str | None) -> list[float]:
    return [float(n) for n in _NUMBER.findall(text or "")]


def _placing(element: Element, shift: Point) -> Matrix:
    """From the object's own space to points on the page."""
    boundary, ctm = _numbers(element.get("Boundary")), _numbers(element.get("CTM"))
    a, b, c, d, e, f = ctm if len(ctm) == 6 else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    x, y = (boundary[0] + shift[0], boundary[1] + shift[1]) if len(boundary) == 4 else shift
    return a * POINTS, b * POINTS, c * POINTS, d * POINTS, (e + x) * POINTS, (f + y) * POINTS


def _at(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _words(element: Element, shift: Point, upright: Sequence[Ruling]) -> Iterator[Word]:
    """The text of an object, cut at wide gaps and upright rules; text that does not run to the right is left out."""
    matrix = _placing(element, shift)
    size = next(iter(_numbers(element.get("Size"))), 0.0) * math.hypot(matrix[2], matrix[3])
    if element.get("Visible") == "false" or size <= 0 or matrix[0] <= 0 or abs(matrix[1]) > _SLANT * matrix[0]:
        return
    for code in (e for e in element if local(e) == "TextCode"):
        run: list[tuple[str, float, float]] = []  # character, left, right
        baseline = 0.0
        for character, left, right, y in _characters(code, matrix, size):
            if run and (abs(y - baseline) > _SLANT * size or _parted(run[-1], left, y - 0.4 * size, size, upright)):
                yield from _word(run, baseline, size)
                run = []
            baseline = y
            run.append((character, left, right))
        yield from _word(run, baseline, size)


def _characters(code: Element, matrix: Matrix, size: float) -> Iterator[tuple[str, float, float, float]]:
    """Each character with its left and right edge and its baseline, in points."""
    text = code.text or ""
    steps = [_deltas(code.get(name), len(text)) for name in ("DeltaX", "DeltaY")]
    x, y = (next(iter(_numbers(code.get(name))), 0.0) for name in ("X", "Y"))
    for i, character in enumerate(text):
        left, baseline = _at(matrix, x, y)
        natural = size * (1.0 if character >= "\u2e80" else 0.5)
        step = steps[0][i] if i < len(steps[0]) else natural / matrix[0]
        yield character, left, left + min(natural, max(step * matrix[0], 0.25 * size)), baseline
        x += step
        y += steps[1][i] if i < len(steps[1]) else 0.0


def _deltas(text: str | None, count: int) -> list[float]:
    """`g 3 5.0` stands for three times 5.0."""
    found: list[float] = []
    tokens = iter((text or "").split())
    for token in tokens:
        times = 1
        if token == "g":  # noqa: S105 - the standard's mark for a group
            times, token = int(next(iter(_numbers(next(tokens, ""))), 0)), next(tokens, "")
        found += _numbers(token)[:1] * max(0, min(times, count - len(found)))
        if len(found) >= count:
            break
    return found


def _parted(last: tuple[str, float, float], left: float, middle: float, size: float, upright: Sequence[Ruling]) -> bool:
    """Whether a wide gap or an upright rule lies between two characters; `upright` rules stand from left to right."""
    if left - last[2] > _GAP * size:
        return True
    near = bisect_left(upright, last[2] - 1, key=_position)
    between = takewhile(lambda r: r.position <= left + 1, upright[near : near + 100])
    return left > last[2] and any(r.start <= middle <= r.end for r in between)


def _position(ruling: Ruling) -> float:
    return ruling.position


def _word(run: list[tuple[str, float, float]], baseline: float, size: float) -> Iterator[Word]:
    """Its middle is the baseline raised by 0.4 em, as `Word` asks."""
    while run and run[-1][0].isspace():
        run.pop()
    while run and run[0][0].isspace():
        run.pop(0)
    if run:
        box = Box(run[0][1], baseline - 0.9 * size, max(run[-1][2], run[0][1]), baseline + 0.1 * size)
        yield Word("".join(character for character, _, _ in run), box)


def _rulings(element: Element, shift: Point) -> Iterator[Ruling]:
    """The straight edges of a stroked path that run along the page, and filled areas that are as thin as rules."""
    if element.get("Visible") == "false":
        return
    matrix = _placing(element, shift)
    filled, stroked = element.get("Fill") == "true", element.get("Stroke", "true") != "false"
    for path in _paths("".join(e.text or "" for e in element if local(e) == "AbbreviatedData")):
        points = [_at(matrix, x, y) for x, y in path]
        if filled and len(points) > 2:
            box = Box.around(Box(x, y, x, y) for x, y in points)
            if min(box.width, box.height) <= _THIN * POINTS < max(box.width, box.height):
                yield from (
                    _ruling((box.x0, box.centre[1]), (box.x1, box.centre[1]))
                    if box.width > box.height
                    else _ruling((box.centre[0], box.top), (box.centre[0], box.bottom))
                )
                continue
        if stroked:
            for a, b in pairwise(points):
                yield from _ruling(a, b)


def _ruling(a: Point, b: Point) -> Iterator[Ruling]:
    across, down = abs(a[0] - b[0]), abs(a[1] - b[1])
    if down <= 0.5 < across:
        yield Ruling(Direction.HORIZONTAL, (a[1] + b[1]) / 2, min(a[0], b[0]), max(a[0], b[0]))
    elif across <= 0.5 < down:
        yield Ruling(Direction.VERTICAL, (a[0] + b[0]) / 2, min(a[1], b[1]), max(a[1], b[1]))


def _paths(text: str) -> Iterator[list[Point]]:
    """The corners of each part of a path; curves end one part and begin another."""
    tokens = _OPERATOR.findall(text)
    path: list[Point] = []
    i = 0
    while i < len(tokens):
        operator = tokens[i]
        count = _ARGUMENTS.get(operator)
        if count is None or i + count >= len(tokens):
            break
        try:
            values = [float(token) for token in tokens[i + 1 : i + 1 + count]]
        except ValueError:
            break
        i += 1 + count
        if operator == "C":
            path += path[:1]
        elif operator == "L":
            path.append((values[0], values[1]))
        else:
            yield path
            path = [(values[-2], values[-1])]
    yield path
