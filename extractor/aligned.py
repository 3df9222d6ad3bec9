"""Lists without rules: columns found by how the words stand under a heading that we know, rows by the gaps between lines."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from extractor.headers import column_named, recognise
from extractor.lines import Line, lines_of
from extractor.tables import build
from models.layout import Direction, Page, Ruling, Table, Word

_HEADINGS = 3  # of a line must be names of columns for it to be a heading
_STACKED = 1.2  # line heights from a heading's first line to the next that still belongs to it
_END = 4.0  # line heights of paper after which the list is over
_CROSSING = 0.1  # of the lines may have a word across the edge of a column; where more have one there are no columns
_KEYS = ("parameter_number", "parameter", "person", "address", "number")


def with_aligned_table(page: Page) -> Page:
    """The page with the list on it as a table, where it has no ruled table and its words stand in columns under a known heading."""
    if page.tables:
        return page
    lines = lines_of(page.words)
    for first, line in enumerate(lines):
        if sum(column_named(word.text) is not None for word in line.words) >= _HEADINGS:
            table = _table(lines[first:])
            if table is not None:
                free = tuple(word for word in page.words if not table.box.contains(*word.box.centre))
                return replace(page, words=free, tables=(table,))
    return page


def _table(lines: Sequence[Line]) -> Table | None:
    """The list that begins with these lines; None where the words under the heading stand in no columns."""
    height = lines[0].box.height
    heading = [lines[0]]
    for line in lines[1:]:
        if _gap(heading[-1], line) > _STACKED * height or not _under(line, heading[0]):
            break
        heading.append(line)
    body: list[Line] = []
    for line in lines[len(heading) :]:
        if _gap((heading + body)[-1], line) > _END * height:
            break
        body.append(line)
    names = list(heading[0].words)
    edges, key = _edges(names, body), _key_column(names)
    if not body or edges is None or key is None:
        return None
    words = [word for line in heading + body for word in line.words]
    xs = [min(w.box.x0 for w in words) - 1, *edges, max(w.box.x1 for w in words) + 1]
    ys = _row_edges(heading, body, (xs[key], xs[key + 1]))
    rules = [Ruling(Direction.HORIZONTAL, y, xs[0], xs[-1]) for y in ys]
    rules += [Ruling(Direction.VERTICAL, x, ys[0], ys[-1]) for x in xs]
    tables, _ = build(words, rules)
    return tables[0] if len(tables) == 1 and recognise(tables[0]) is not None else None


def _under(line: Line, heading: Line) -> bool:
    """Whether the line goes on with the heading: fewer words, each below one of its words, none with a figure."""
    return len(line.words) < len(heading.words) and all(
        not any(c.isdigit() for c in word.text) and any(word.box.overlap_x(above.box) > 0 for above in heading.words)
        for word in line.words
    )


def _edges(names: Sequence[Word], body: Sequence[Line]) -> list[float] | None:
    """Between each two neighbouring headings the middle of the widest gap that the fewest words cross."""
    boxes = [word.box for line in body for word in line.words]
    edges = []
    for before, after in pairwise(names):
        low, high = before.box.centre[0], after.box.centre[0]
        near = [*boxes, before.box, after.box]
        cuts = sorted({low, high, *(x for box in near for x in (box.x0, box.x1) if low < x < high)})
        crossed = [sum(box.x0 < (a + b) / 2 < box.x1 for box in near) for a, b in pairwise(cuts)]
        fewest = min(crossed)
        if fewest > _CROSSING * len(body):
            return None
        gaps = [gap for gap, count in zip(pairwise(cuts), crossed, strict=True) if count == fewest]
        left, right = max(gaps, key=lambda gap: gap[1] - gap[0])
        edges.append((left + right) / 2)
    return edges


def _key_column(names: Sequence[Word]) -> int | None:
    """The column of which each row fills one cell: the parameter's number, else the parameter; None where no heading is one of `_KEYS`."""
    columns = [column_named(word.text) for word in names]
    key = next((columns.index(name) for name in _KEYS if name in columns), None)
    if key and columns[key] == "parameter" and columns[key - 1] == "number":
        return key - 1
    return key


def _row_edges(heading: Sequence[Line], body: Sequence[Line], key: tuple[float, float]) -> list[float]:
    """Where rows begin and end: between two lines that fill the key column, in the widest gap, the last of equals."""
    filled = [i for i, line in enumerate(body) if any(key[0] <= word.box.centre[0] < key[1] for word in line.words)]
    starts = [0]
    for above, below in pairwise(filled):
        starts.append(max(range(above + 1, below + 1), key=lambda i: (round(_gap(body[i - 1], body[i]), 1), i)))
    everything = [*heading, *body]
    tops = [_middle(everything[len(heading) + i - 1], everything[len(heading) + i]) for i in starts]
    return [heading[0].box.top - 1, *tops, max(line.box.bottom for line in body) + 1]


def _gap(above: Line, below: Line) -> float:
    return below.box.top - above.box.bottom


def _middle(above: Line, below: Line) -> float:
    return (above.box.bottom + below.box.top) / 2
