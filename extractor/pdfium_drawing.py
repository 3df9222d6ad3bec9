"""What a PDF page draws beside its text: straight rules from its paths, and the boxes of its pictures."""

from collections.abc import Callable, Sequence
from ctypes import string_at
from dataclasses import dataclass, field
from itertools import compress, repeat
from typing import Any

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

from extractor import pdfium_calls as pdfium
from extractor.pdfium_calls import Floats, Ints
from extractor.pieces import Pieces, join
from models.layout import Box

#: A painted bar up to this thick is a rule; a thicker one is a background or a block.
THICKEST_RULE = 3.0
#: An edge that leans by less than this, in points, is straight.
STRAIGHT = 0.5
#: Path segments looked at on one page; maps and outlined lettering have more, tables never.
MOST_SEGMENTS = 60_000
#: A rectangle has at most this many segments: one filled alone, too thick for a rule, is a background.
_ONE_BOX = 5
#: Forms may hold forms; a file that nests them deeper is damaged or hostile.
DEEPEST_FORM = 12

Matrix = tuple[float, float, float, float, float, float]


def multiply(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that applies `inner`, then `outer`."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def transform_points(points: Floats, matrix: Matrix) -> Floats:
    """Rows of (x, y) under a matrix."""
    a, b, c, d, e, f = matrix
    x, y = points.T
    return np.column_stack((a * x + c * y + e, b * x + d * y + f))


def transform_boxes(boxes: NDArray[np.floating[Any]], matrix: Matrix) -> Floats:
    """The upright boxes (x0, top, x1, bottom) around rows of (x0, y0, x1, y1) under a matrix."""
    a, b, c, d, e, f = matrix
    x0, y0, x1, y1 = np.array(boxes.T, np.float64, order="C")
    x, y, half_x, half_y = (x0 + x1) / 2, (y0 + y1) / 2, np.abs(x1 - x0) / 2, np.abs(y1 - y0) / 2
    middle_x, middle_y = a * x + c * y + e, b * x + d * y + f
    reach_x, reach_y = abs(a) * half_x + abs(c) * half_y, abs(b) * half_x + abs(d) * half_y
    return np.array((middle_x - reach_x, middle_y - reach_y, middle_x + reach_x, middle_y + reach_y)).T


@dataclass(frozen=True, slots=True)
class Picture:
    """A raster image: its box in displayed points, the text objects drawn before it, and whether they show through."""

    box: Box
    texts_below: int
    transparent: bool


@dataclass(slots=True)
class Drawing:
    """Rules in displayed points, joined; pictures; and how many objects there are of any kind, and of text."""

    horizontal: Pieces = field(default_factory=lambda: np.empty((0, 3)))
    vertical: Pieces = field(default_factory=lambda: np.empty((0, 3)))
    pictures: list[Picture] = field(default_factory=list)
    objects: int = 0
    texts: int = 0


def read_drawing(page: int, display: Matrix, width: float, height: float) -> Drawing:
    """The rules and pictures of a page; `display` turns PDF space into displayed points, `width` by `height`."""
    reader = _Reader()
    reader.read(page, display, pdfium.page_objects(page), pdfium.page_object, depth=0)
    drawing = reader.drawing
    edges = np.concatenate(reader.edges) if reader.edges else np.empty((0, 4))
    shown = (edges[:, 0] <= width) & (edges[:, 1] <= height) & (edges[:, 2] >= 0) & (edges[:, 3] >= 0)
    x0, top, x1, bottom = np.minimum(np.maximum(edges[shown], 0.0), (width, height, width, height)).T
    lying, standing = (x1 - x0 >= bottom - top) & (x1 > x0), bottom - top > x1 - x0
    drawing.horizontal = join(np.column_stack(((top + bottom) / 2, x0, x1))[lying], snap=0.3, bridge=1.0)
    drawing.vertical = join(np.column_stack(((x0 + x1) / 2, top, bottom))[standing], snap=0.3, bridge=1.0)
    return drawing


class _Reader:
    """Walks a page's objects, forms included, and gathers straight edges as rows of (x0, top, x1, bottom)."""

    def __init__(self) -> None:
        self.drawing = Drawing()
        self.edges: list[Floats] = []
        self.segments = 0

    def read(self, owner: int, matrix: Matrix, count: int, get: Callable[[int, int], int], depth: int) -> None:
        handles = list(map(get, repeat(owner), range(count)))
        kinds = pdfium.integers(pdfium.object_type, handles)
        self.drawing.objects += max(count, 0)
        paths = kinds == raw.FPDF_PAGEOBJ_PATH
        if paths.any():
            self._read_paths(list(compress(handles, paths.tolist())), matrix)
        done = 0
        for i in np.flatnonzero((kinds == raw.FPDF_PAGEOBJ_IMAGE) | (kinds == raw.FPDF_PAGEOBJ_FORM)).tolist():
            self._count_texts(kinds[done:i])
            done = i
            if kinds[i] == raw.FPDF_PAGEOBJ_IMAGE:
                box = Box(*transform_boxes(pdfium.bounds([handles[i]]), matrix)[0].tolist())
                see_through = bool(pdfium.object_transparent(handles[i]))
                self.drawing.pictures.append(Picture(box, self.drawing.texts, see_through))
            elif depth < DEEPEST_FORM:
                inner = multiply(pdfium.matrix(handles[i]), matrix)
                self.read(handles[i], inner, pdfium.form_objects(handles[i]), pdfium.form_object, depth + 1)
        self._count_texts(kinds[done:])

    def _count_texts(self, kinds: Ints) -> None:
        self.drawing.texts += int(np.count_nonzero(kinds == raw.FPDF_PAGEOBJ_TEXT))

    def _read_paths(self, paths: list[int], matrix: Matrix) -> None:
        boxes = transform_boxes(pdfium.bounds(paths), matrix)
        thin = np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) <= THICKEST_RULE
        self.edges.append(boxes[thin])
        for i in np.flatnonzero(~thin).tolist():
            self._read_outline(paths[i], matrix)

    def _read_outline(self, path: int, matrix: Matrix) -> None:
        """A path too thick for one rule: the edges of what is stroked, the thin bars of what is filled, of a background none.

        The edge that closes a figure needs no look: PDFium draws it as a segment like the others.
        """
        length = pdfium.path_length(path)
        _, stroked = pdfium.table(pdfium.path_draw_mode, 2, np.int32, (path,), count=1)[0].tolist()
        self.segments += length
        if length <= 0 or (not stroked and length <= _ONE_BOX) or self.segments > MOST_SEGMENTS:
            return
        places, kinds = _segments(path, length)
        points = transform_points(places.astype(np.float64), multiply(pdfium.matrix(path), matrix))
        moves = np.flatnonzero(kinds == raw.FPDF_SEGMENT_MOVETO)
        if not len(moves) or moves[0] != 0:
            return
        if not stroked:
            boxes = np.concatenate((np.minimum.reduceat(points, moves), np.maximum.reduceat(points, moves)), axis=1)
            self.edges.append(boxes[np.min(boxes[:, 2:] - boxes[:, :2], axis=1) <= THICKEST_RULE])
            return
        ends = np.flatnonzero(kinds == raw.FPDF_SEGMENT_LINETO)
        a, b = points[ends - 1], points[ends]
        straight = np.min(np.abs(a - b), axis=1) <= STRAIGHT
        self.edges.append(np.concatenate((np.minimum(a, b), np.maximum(a, b)), axis=1)[straight])


#: How PDFium keeps the points of a path, in one array.
_POINT = np.dtype([("place", np.float32, 2), ("kind", np.uint8), ("closes", np.uint8), ("rest", np.uint16)])


def _segments(path: int, length: int) -> tuple[NDArray[np.float32], Ints]:
    """The place (x, y) where each segment of a path ends, in the path's own space, and its kind.

    A segment's handle is the address of its point. Where the handles are as far apart as points are, and the first and the
    last point are as PDFium says, the points are read where they stand; else PDFium is asked for each.
    """
    first, second, last = (pdfium.path_segment(path, i) for i in (0, min(1, length - 1), length - 1))
    if second - first == _POINT.itemsize and last - first == _POINT.itemsize * (length - 1):
        points = np.frombuffer(string_at(first, _POINT.itemsize * length), _POINT)
        places, kinds = _asked((first, last))
        if np.array_equal(points["place"][[0, -1]], places) and np.array_equal(points["kind"][[0, -1]], kinds):
            return points["place"], points["kind"].astype(np.int64)
    return _asked(list(map(pdfium.path_segment, repeat(path), range(length))))


def _asked(segments: Sequence[int]) -> tuple[NDArray[np.float32], Ints]:
    places = pdfium.table(pdfium.segment_point, 2, np.float32, segments, count=len(segments))
    return places, pdfium.integers(pdfium.segment_type, segments)
