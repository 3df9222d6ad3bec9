"""PDFium's C functions as bare prototypes that `map` can drive over thousands of objects without a Python frame a call.

The prototypes take handles and output addresses as plain integers and keep the interpreter lock, so that a call takes
about 0.3 µs; the argument types that pypdfium2 declares for the same functions cost several times as much. They are for
short look-ups only: loading and rendering go through pypdfium2 itself. PDFium is not thread-safe: see `extractor.pdf`.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from ctypes import PYFUNCTYPE, c_double, c_int, c_size_t, c_uint, c_void_p, cast
from itertools import repeat
from typing import Any

import numpy as np
import pypdfium2.raw as raw
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def handle(pointer: Any) -> int:
    """The address in a pypdfium2 handle, for the prototypes below; 0 for a null handle."""
    return cast(pointer, c_void_p).value or 0


def _prototype(function: Any, result: Any, *arguments: Any) -> Any:
    return PYFUNCTYPE(result, *arguments)(handle(function))


_H = c_void_p  # a handle or an output address, as an integer

page_objects = _prototype(raw.FPDFPage_CountObjects, c_int, _H)
page_object = _prototype(raw.FPDFPage_GetObject, c_size_t, _H, c_int)
form_objects = _prototype(raw.FPDFFormObj_CountObjects, c_int, _H)
form_object = _prototype(raw.FPDFFormObj_GetObject, c_size_t, _H, c_uint)
object_type = _prototype(raw.FPDFPageObj_GetType, c_int, _H)
object_transparent = _prototype(raw.FPDFPageObj_HasTransparency, c_int, _H)
object_bounds = _prototype(raw.FPDFPageObj_GetBounds, c_int, _H, _H, _H, _H, _H)
object_matrix = _prototype(raw.FPDFPageObj_GetMatrix, c_int, _H, _H)
path_length = _prototype(raw.FPDFPath_CountSegments, c_int, _H)
path_segment = _prototype(raw.FPDFPath_GetPathSegment, c_size_t, _H, c_int)
path_draw_mode = _prototype(raw.FPDFPath_GetDrawMode, c_int, _H, _H, _H)
segment_point = _prototype(raw.FPDFPathSegment_GetPoint, c_int, _H, _H, _H)
segment_type = _prototype(raw.FPDFPathSegment_GetType, c_int, _H)
char_count = _prototype(raw.FPDFText_CountChars, c_int, _H)
text_units = _prototype(raw.FPDFText_GetText, c_int, _H, c_int, c_int, _H)
char_code = _prototype(raw.FPDFText_GetUnicode, c_uint, _H, c_int)
char_box = _prototype(raw.FPDFText_GetLooseCharBox, c_int, _H, c_int, _H)
char_matrix = _prototype(raw.FPDFText_GetMatrix, c_int, _H, c_int, _H)
char_font_size = _prototype(raw.FPDFText_GetFontSize, c_double, _H, c_int)
char_object = _prototype(raw.FPDFText_GetTextObject, c_size_t, _H, c_int)
char_unmapped = _prototype(raw.FPDFText_HasUnicodeMapError, c_int, _H, c_int)
text_render_mode = _prototype(raw.FPDFTextObj_GetTextRenderMode, c_int, _H)
text_font = _prototype(raw.FPDFTextObj_GetFont, c_size_t, _H)
font_embedded = _prototype(raw.FPDFFont_GetIsEmbedded, c_int, _H)


def run(calls: Iterable[object]) -> None:
    """Exhaust a `map` whose calls matter for what they write, not for what they return."""
    deque(calls, maxlen=0)


def table(
    function: Any, columns: int, dtype: Any, *arguments: Iterable[Any], count: int, spread: bool = True
) -> NDArray[Any]:
    """What `function(*arguments, address…)` writes, called once a row: `count` rows of `columns` numbers, 0 if it failed.

    With `spread` the function gets one address a number, else one a row.
    """
    out = np.zeros((count, columns), dtype)
    step, size, start = out.itemsize * columns, out.itemsize, out.ctypes.data
    offsets = range(0, step, size) if spread else (0,)
    addresses = (range(start + o, start + o + step * count, step) for o in offsets)
    run(map(function, *arguments, *addresses))
    return out


def bounds(objects: Sequence[int]) -> Floats:
    """Left, bottom, right, top of page objects, in the space of the page or form that holds them."""
    return table(object_bounds, 4, np.float32, objects, count=len(objects)).astype(np.float64)


def matrix(page_object_handle: int) -> tuple[float, float, float, float, float, float]:
    """The six numbers a, b, c, d, e, f of an object's matrix; the identity where PDFium knows none."""
    numbers = table(object_matrix, 6, np.float32, (page_object_handle,), count=1, spread=False)[0]
    if not numbers.any():
        return 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
    a, b, c, d, e, f = (float(v) for v in numbers)
    return a, b, c, d, e, f


def integers(function: Any, *arguments: Iterable[Any]) -> Ints:
    """The integers that `function` returns over its arguments."""
    return np.fromiter(map(function, *arguments), np.int64)


def over(owner: int, indices: Iterable[int]) -> tuple[Iterable[int], Iterable[int]]:
    """The two arguments of a call on each of `indices` of one page, text page, form or path."""
    return repeat(owner), indices
