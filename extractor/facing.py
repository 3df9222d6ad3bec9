"""Two pages that lie side by side in one picture, as an opened booklet is scanned, taken apart."""

from dataclasses import replace
from itertools import chain

from models.layout import Box, Page

_WIDE = 1.2  # times as wide as high, from which on two pages may lie in one
_MIDDLE = (0.42, 0.58)  # of the width: where the edge between them lies
_MARGINS = 0.02  # of the width: nothing stands so near to it, that of both pages together


def halves(page: Page) -> tuple[Page, ...]:
    """The left and the right page, in this order and at their places in the picture; the page itself where it is one."""
    if not page.tables or page.width < _WIDE * page.height:
        return (page,)
    middle = page.width / 2
    left: list[Box] = []
    right: list[Box] = []
    for box in chain((table.box for table in page.tables), (word.box for word in page.words)):
        (left if box.x0 + box.x1 < 2 * middle else right).append(box)
    if not left or not right:
        return (page,)
    end, start = max(box.x1 for box in left), min(box.x0 for box in right)
    gutter = (end + start) / 2
    if start - end < _MARGINS * page.width or not _MIDDLE[0] <= gutter / page.width <= _MIDDLE[1]:
        return (page,)
    return tuple(
        replace(
            page,
            words=tuple(word for word in page.words if (word.box.x0 < gutter) is is_left),
            tables=tuple(table for table in page.tables if (table.box.x0 < gutter) is is_left),
        )
        for is_left in (True, False)
    )
