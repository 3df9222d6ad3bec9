"""What was seen on a page: words, rulings, cells, tables; geometry only, no meaning.

One coordinate system everywhere: PDF points, origin at the top left of the page as it is *displayed* (rotation and crop applied),
pages count from 1. A picture counts as a page at 72 points per inch of its own resolution, 72 if it states none.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Origin(StrEnum):
    """Where a text comes from: the file's own text layer, or recognition of the picture."""

    TEXT = "text"
    OCR = "ocr"


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in page points: `x0 <= x1` grows to the right, `top <= bottom` grows downwards."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def centre(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2

    def contains(self, x: float, y: float) -> bool:
        return self.x0 <= x < self.x1 and self.top <= y < self.bottom

    def intersects(self, other: "Box") -> bool:
        return self.x0 < other.x1 and other.x0 < self.x1 and self.top < other.bottom and other.top < self.bottom

    def overlap_x(self, other: "Box") -> float:
        """Length of the common horizontal range, 0 where there is none."""
        return max(0.0, min(self.x1, other.x1) - max(self.x0, other.x0))

    def overlap_y(self, other: "Box") -> float:
        """Length of the common vertical range, 0 where there is none."""
        return max(0.0, min(self.bottom, other.bottom) - max(self.top, other.top))

    def expanded(self, by: float) -> "Box":
        return Box(self.x0 - by, self.top - by, self.x1 + by, self.bottom + by)

    @staticmethod
    def around(boxes: Iterable["Box"]) -> "Box":
        """The smallest box that holds all of `boxes`; ValueError where there are none."""
        all_boxes = list(boxes)
        if not all_boxes:
            raise ValueError("no boxes to surround")
        return Box(
            min(b.x0 for b in all_boxes),
            min(b.top for b in all_boxes),
            max(b.x1 for b in all_boxes),
            max(b.bottom for b in all_boxes),
        )


@dataclass(frozen=True, slots=True)
class Word:
    """A run of characters that stand together on one line and in one table cell; it never crosses a vertical ruling.

    The box's vertical centre lies on the text's optical middle (baseline raised by about 0.4 em), so "the cell that holds the
    centre" is the cell that holds the text, whatever the font says of its own height. `other` is what another reading of the
    same ink says where the two differ, "" where there is none.
    """

    text: str
    box: Box
    confidence: float = 1.0
    origin: Origin = Origin.TEXT
    other: str = ""


class Direction(StrEnum):
    """How a ruling runs."""

    HORIZONTAL = "h"
    VERTICAL = "v"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A straight rule, from vectors or from pixels: at `position` across its direction, from `start` to `end` along it."""

    direction: Direction
    position: float
    start: float
    end: float

    @property
    def length(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell; a merged cell is one cell with a span. `row` and `column` count from 0. `text` joins its words in reading order."""

    box: Box
    row: int
    column: int
    row_span: int
    column_span: int
    words: tuple[Word, ...]
    text: str

    @property
    def confidence(self) -> float:
        """The least sure of its words; 1.0 for an empty cell."""
        return min((w.confidence for w in self.words), default=1.0)

    @property
    def origin(self) -> Origin:
        """OCR as soon as one of its words was recognised."""
        return Origin.OCR if any(w.origin is Origin.OCR for w in self.words) else Origin.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table: `rows` by `columns` grid positions, each covered by exactly one cell. `cells` are in reading order.

    `complete` is False where a region of the grid is not a rectangle (a broken rule in a scan): its rows want a second look.
    """

    box: Box
    rows: int
    columns: int
    cells: tuple[Cell, ...]
    complete: bool = True

    def grid(self) -> list[list[Cell]]:
        """rows × columns; a merged cell stands in every position that it covers."""
        lattice: list[list[Cell | None]] = [[None] * self.columns for _ in range(self.rows)]
        for cell in self.cells:
            for r in range(cell.row, cell.row + cell.row_span):
                for c in range(cell.column, cell.column + cell.column_span):
                    lattice[r][c] = cell
        if any(cell is None for line in lattice for cell in line):
            raise ValueError("a table position is covered by no cell")
        return [[cell for cell in line if cell is not None] for line in lattice]


class MarkKind(StrEnum):
    """What a mark looks like."""

    SEAL = "seal"
    STAMP = "stamp"
    HANDWRITING = "handwriting"


@dataclass(frozen=True, slots=True)
class Mark:
    """Ink that is neither print nor rule: a seal, a blue stamp that limits the use of a copy, or strokes such as a signature.

    Of a seal or stamp: `shape` (`round`, `oval`, `rectangle`, or `part` of a seal across the edges of several pages, 骑缝章), `colour`
    (`red`, `blue`, `grey` where the page has none), and `text` as far as it is legible: the name on the arc, then the lines inside.
    """

    kind: MarkKind
    box: Box
    shape: str = ""
    colour: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Barcode:
    """A code made for machines: what it says, its kind (`QR`), and where it is printed."""

    text: str
    format: str
    box: Box


@dataclass(frozen=True, slots=True)
class TwoReadings:
    """One place of a digital page read both ways: what the text layer says, what recognition read in the picture, how surely."""

    box: Box
    layer: str
    picture: str
    confidence: float


_ROUNDS = 30

Shifts = tuple[tuple[float, ...], ...]
"""Lengths at nodes that are spread evenly over a page, row by row."""


@dataclass(frozen=True, slots=True)
class Bend:
    """By how much what stands on a page that does not lie flat is seen `across` and `down` from there; linear from node to node."""

    across: Shifts
    down: Shifts

    def at(self, u: float, v: float) -> tuple[float, float]:
        """Both at a place, its coordinates from 0 to 1 over the page."""
        return _between(self.across, u, v), _between(self.down, u, v)

    def scaled(self, factor: float) -> "Bend":
        """The same in another unit of length."""
        across, down = (tuple(tuple(factor * x for x in row) for row in way) for way in (self.across, self.down))
        return Bend(across, down)


def _between(shifts: Shifts, u: float, v: float) -> float:
    x, y = (min(max(place, 0.0), 1.0) * (count - 1) for place, count in ((u, len(shifts[0])), (v, len(shifts))))
    i, j = min(int(x), len(shifts[0]) - 2), min(int(y), len(shifts) - 2)
    upper, lower = ((1 - x + i) * row[i] + (x - i) * row[i + 1] for row in shifts[j : j + 2])
    return (1 - y + j) * upper + (y - j) * lower


@dataclass(frozen=True, slots=True)
class Lens:
    """How a flat, level page of `width` × `height` points appears on the page as given: `matrix`, row by row, takes its points there.

    A page that does not lie flat is bent before, by `bend` in points. `seen` and `flat` undo each other exactly: around a box's centre
    the lens counts as a shear, which for a box of one line of text differs from the truth by less than a point. Good for turns of
    less than 45 degrees.
    """

    width: float
    height: float
    matrix: tuple[float, float, float, float, float, float, float, float, float]
    bend: Bend | None = None

    def seen(self, box: Box) -> Box:
        """The upright box around a box of the flat page, on the page as given."""
        x, y, (a, b, c, d) = self._at(*self._bent(*box.centre))
        width, height = a * box.width + b * box.height, c * box.width + d * box.height
        return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def flat(self, box: Box) -> Box:
        """The box of the flat page that is seen inside this upright one."""
        x, y = self._back(*box.centre)
        _, _, (a, b, c, d) = self._at(x, y)
        x, y = self._unbent(x, y)
        area = a * d - b * c
        width = max(0.0, (d * box.width - b * box.height) / area)
        height = max(0.0, (a * box.height - c * box.width) / area)
        return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def _bent(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the flat page lies on the bent one."""
        if self.bend is None:
            return x, y
        across, down = self.bend.at(x / self.width, y / self.height)
        return x + across, y + down

    def _unbent(self, x: float, y: float) -> tuple[float, float]:
        """The point of the flat page that lies at a point of the bent one; each round comes nearer by the slope of the bend."""
        flat = x, y
        for _ in range(_ROUNDS if self.bend else 0):
            across, down = (bent - place for bent, place in zip(self._bent(*flat), flat, strict=True))
            flat = x - across, y - down
        return flat

    def _at(self, x: float, y: float) -> tuple[float, float, tuple[float, float, float, float]]:
        """Where a point of the flat page is seen, and how much of a step across and down there goes across and down."""
        a, b, c, d, e, f, g, h, i = self.matrix
        depth = g * x + h * y + i
        across, down = (a * x + b * y + c) / depth, (d * x + e * y + f) / depth
        steps = (a - g * across, b - h * across, d - g * down, e - h * down)
        p, q, r, s = (abs(step / depth) for step in steps)
        return across, down, (p, q, r, s)

    def _back(self, x: float, y: float) -> tuple[float, float]:
        """The point of the flat page that is seen at a point (Cramer's rule)."""
        a, b, c, d, e, f, g, h, i = self.matrix
        p, q, r = a - g * x, b - h * x, i * x - c
        s, t, u = d - g * y, e - h * y, i * y - f
        area = p * t - q * s
        return (r * t - q * u) / area, (p * u - r * s) / area


@dataclass(frozen=True, slots=True)
class Page:
    """One page as displayed. `words` are those outside every table; a table's words are in its cells.

    `width` and `height` are in points. `rotation` is the clockwise turn in degrees that made a scan upright, `skew` the remaining
    angle that was taken out (degrees, clockwise positive), both 0.0 for a digital page; boxes refer to the page *as given*
    after the turn by `rotation`. `lens` says how that page lay where it was photographed from the side, and then holds the skew
    as well, which is given for the page's middle. `notes` are stable words about how the page was read, such as `invisible_text_layer`.
    `marks` are the seals and signatures, `barcodes` the codes made for machines, `readings` the places of a digital page that were
    read both ways; None where nobody looked for them.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    tables: tuple[Table, ...]
    origin: Origin
    rotation: int = 0
    skew: float = 0.0
    notes: tuple[str, ...] = ()
    marks: tuple[Mark, ...] | None = None
    barcodes: tuple[Barcode, ...] | None = None
    readings: tuple[TwoReadings, ...] | None = None
    lens: Lens | None = None

    def all_words(self) -> list[Word]:
        """Every word of the page, those in tables included; tables' words follow the free ones."""
        return [*self.words, *(w for t in self.tables for c in t.cells for w in c.words)]


@dataclass(frozen=True, slots=True)
class PageFault:
    """A page that could not be read, and why: stable `code`, Chinese and English `message`."""

    page: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was seen: `sha256` of its bytes, its media type, its pages in order, and the pages that could not be read.

    `page_count` is what the file claims; `info` holds what the file says of itself, where it says anything. Of a PDF:

    - `producer`, `creator`: the programs; `created`, `modified`: the times, as written (`D:20240229153000+08'00'`);
    - `revisions`: how often it was saved, `1` for a file that nothing was appended to; absent where that cannot be told;
    - `signatures`: how many digital signatures it has, and where it has any:
      `signature_valid`: `true` where every one still fits what it signed, `false` where one does not, else `unknown` (damaged, or an
      algorithm such as SM2 that cannot be computed here); nothing is said of whom the certificate may be trusted by;
      `signed_by`: the names in the certificates, `signed_on`: the times as the signers gave them (ISO 8601), each joined by `；`;
      `covers_whole_file`: `true` where a signature covers the file to its end, `false` where something was appended to all of them.
    """

    name: str
    sha256: str
    media_type: str
    page_count: int
    pages: tuple[Page, ...]
    faults: tuple[PageFault, ...] = ()
    info: dict[str, str] = field(default_factory=dict)
