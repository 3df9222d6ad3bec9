"""Fields that were read under a seal or stamp, flagged so that a person looks at them twice."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from models.field import Field, Region
from models.layout import Box, Document, Mark, MarkKind, Origin

V = TypeVar("V")
FLAG = "seal_overlap"
_LEAST = 0.04
"""Of a line's place must lie under the mark: a ring that touches its edge hides nothing."""


def flagged(paper: V, document: Document) -> V:
    """The paper with `seal_overlap` on every recognised field whose place lies partly under a seal or stamp of its page."""
    marks = {
        page.number: [mark for mark in page.marks or () if mark.kind is not MarkKind.HANDWRITING]
        for page in document.pages
    }
    return _flagged(paper, marks) if any(marks.values()) else paper


def _flagged(value: V, marks: Mapping[int, Sequence[Mark]]) -> V:
    if isinstance(value, Field):
        if value.origin is not Origin.OCR:
            return value
        regions = [place for place in value.evidence if isinstance(place, Region)]
        hidden = any(_lies_on(mark, region.box) for region in regions for mark in marks.get(region.page, ()))
        return cast(V, value.flagged(FLAG)) if hidden else value
    if isinstance(value, tuple):
        return cast(V, tuple(_flagged(item, marks) for item in value))
    if is_dataclass(value) and not isinstance(value, type):
        old: dict[str, Any] = {f.name: getattr(value, f.name) for f in fields(value)}
        changes = {
            name: new for name, item in old.items() if (new := _flagged(item, marks)) is not item and new != item
        }
        return cast(V, replace(value, **changes)) if changes else value
    return value


def _lies_on(mark: Mark, box: Box) -> bool:
    """Whether the mark covers part of the box; of a round one only the disc counts, not the corners of its box."""
    common = mark.box.overlap_x(box) * mark.box.overlap_y(box)
    if common < _LEAST * box.width * box.height:
        return False
    if mark.shape not in ("round", "oval"):
        return True
    (x, y), across, down = mark.box.centre, mark.box.width / 2, mark.box.height / 2
    near_x, near_y = min(max(x, box.x0), box.x1), min(max(y, box.top), box.bottom)
    return ((near_x - x) / across) ** 2 + ((near_y - y) / down) ** 2 < 1.0
