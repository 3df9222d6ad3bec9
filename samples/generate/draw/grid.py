"""Tables over many pages: repeated headers, cells merged downwards, rows cut by page breaks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from reportlab.pdfgen.canvas import Canvas

from samples.generate.draw import ink
from samples.generate.draw.fonts import HEI, SONG, Face


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A cell of the header: its lines and the grid places it covers."""

    lines: tuple[str, ...]
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1


@dataclass(frozen=True, slots=True)
class Column:
    """`level` says what merges its cells: 0 the outer group, 1 the inner group, 2 nothing."""

    width: float
    level: int = 2
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Grid:
    """The form of a table. `carry` is what a merged cell shows at the top of a page: blank or repeat."""

    columns: tuple[Column, ...]
    header: tuple[HeaderCell, ...]
    header_rows: tuple[float, ...]
    size: float = 9
    leading: float = 12.5
    padding: float = 3
    carry: str = "blank"
    ruling: str = "stroke"
    split_rows: bool = True
    face: Face = SONG
    header_face: Face = HEI

    @property
    def width(self) -> float:
        return sum(column.width for column in self.columns)

    @property
    def header_height(self) -> float:
        return sum(self.header_rows)

    def edges(self, x: float) -> list[float]:
        """The x of every column's left edge and of the right end."""
        edges = [x]
        for column in self.columns:
            edges.append(edges[-1] + column.width)
        return edges

    def wrapped(self, cell: str, column: int) -> tuple[str, ...]:
        lines = ink.wrap(cell, self.size, self.columns[column].width - 2 * self.padding, self.face) if cell else []
        return tuple(lines)


@dataclass(frozen=True, slots=True)
class Leaf:
    """The lowest row: wrapped lines of each cell, and the groups it belongs to. Cells of the columns `from_top` are not centred."""

    lines: tuple[tuple[str, ...], ...]
    outer: object
    inner: object
    index: int
    from_top: frozenset[int] = frozenset()
    joints: frozenset[int] = frozenset()
    """Numbers of lines after which no page may break, since what follows would look like a row of its own."""

    def group(self, level: int) -> object:
        return (self.outer, (self.outer, self.inner), self)[level]


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a leaf that stands on one page. `first` and `last` say whether the leaf begins and ends here."""

    leaf: Leaf
    lines: tuple[tuple[str, ...], ...]
    height: float
    first: bool = True
    last: bool = True
    middle: bool = True


@dataclass(slots=True)
class Slice:
    """What one page shows of a table."""

    pieces: list[Piece] = field(default_factory=list)
    continued: tuple[object, object] | None = None
    """Outer and inner group that run on from the page before."""

    @property
    def height(self) -> float:
        return sum(piece.height for piece in self.pieces)


def paginate(grid: Grid, leaves: Sequence[Leaf], first_room: float, room: float) -> list[Slice]:
    """Cuts the rows into slices; `first_room` and `room` are the heights left for rows on the first and on later pages."""
    heights = leaf_heights(grid, leaves)
    slices, left = [Slice()], first_room
    for place, leaf in enumerate(leaves):
        height = heights[place]
        lines, first, gone = leaf.lines, True, 0
        while True:
            needed = opening_height(grid, leaves, place, slices[-1]) if first else 0.0
            if max(height, min(needed, sum(heights[place:]))) <= left or (not slices[-1].pieces and height >= room):
                break
            cut = 0
            if grid.split_rows and needed <= left:
                cut = int((left - 2 * grid.padding) // grid.leading)
                cut -= cut + gone in leaf.joints
            rest = max((len(cell) for n, cell in enumerate(lines) if grid.columns[n].level == 2), default=0)
            if cut >= 2 and rest - cut >= 1:
                head = tuple(cell[:cut] if grid.columns[n].level == 2 else cell for n, cell in enumerate(lines))
                slices[-1].pieces.append(Piece(leaf, head, left, first, False, middle=False))
                lines = tuple(cell[cut:] if grid.columns[n].level == 2 else cell for n, cell in enumerate(lines))
                height = grid.leading * (rest - cut) + 2 * grid.padding
                first, gone = False, gone + cut
            previous = slices[-1].pieces[-1].leaf if slices[-1].pieces else None
            slices.append(Slice(continued=(previous.group(0), previous.group(1)) if previous else None))
            left = room
            if grid.carry == "repeat":
                height = max(height, repeated_height(grid, leaves, heights, place, slices[-1]))
        slices[-1].pieces.append(Piece(leaf, lines, height, first, middle=first))
        left -= height
    return slices


def leaf_heights(grid: Grid, leaves: Sequence[Leaf]) -> list[float]:
    """Heights so that every cell fits and merged cells have room for their text."""
    heights = []
    for leaf in leaves:
        count = max(
            (len(cell) for n, cell in enumerate(leaf.lines) if grid.columns[n].level == 2),
            default=1,
        )
        heights.append(max(1, count) * grid.leading + 2 * grid.padding)
    for level in (1, 0):
        for members in groups(leaves, level):
            lack = group_height(grid, leaves[members[0]], level) - sum(heights[place] for place in members)
            if lack > 0:
                heights[members[-1]] += lack
    return heights


def group_height(grid: Grid, leaf: Leaf, level: int) -> float:
    """Height that the merged text of this level needs."""
    count = max((len(cell) for n, cell in enumerate(leaf.lines) if grid.columns[n].level == level), default=0)
    return count * grid.leading + 2 * grid.padding if count else 0.0


def opening_height(grid: Grid, leaves: Sequence[Leaf], place: int, page: Slice) -> float:
    """Height that must be left on the page so that the merged cells opening at this leaf can show their text."""
    before = page.pieces[-1].leaf if page.pieces else None
    return max(
        (group_height(grid, leaves[place], level) for level in (0, 1)
         if before is None or before.group(level) != leaves[place].group(level)),
        default=0.0,
    )  # fmt: skip


def repeated_height(grid: Grid, leaves: Sequence[Leaf], heights: Sequence[float], place: int, page: Slice) -> float:
    """Extra height of the first row of a page so that repeated merged text fits above what is left of its group."""
    needed = 0.0
    for level in (0, 1):
        if page.continued and page.continued[level] == leaves[place].group(level):
            rest = 0.0
            for following in range(place + 1, len(leaves)):
                if leaves[following].group(level) != leaves[place].group(level):
                    break
                rest += heights[following]
            needed = max(needed, group_height(grid, leaves[place], level) - rest)
    return needed


def groups(leaves: Sequence[Leaf], level: int) -> Iterator[list[int]]:
    """Places of consecutive leaves of the same group."""
    current: list[int] = []
    for place, leaf in enumerate(leaves):
        if current and leaves[current[-1]].group(level) != leaf.group(level):
            yield current
            current = []
        current.append(place)
    if current:
        yield current


def draw_slice(c: Canvas, grid: Grid, page: Slice, x: float, top: float, *, header: bool = True) -> float:
    """Draws header and rows with the table's top at `top`; returns the y of its bottom."""
    edges = grid.edges(x)
    segments: list[ink.Segment] = []
    y = top
    if header and grid.header:
        y = draw_header(c, grid, edges, top, segments)
    else:
        segments.append((edges[0], top, edges[-1], top))
    tops = [y]
    for piece in page.pieces:
        tops.append(tops[-1] - piece.height)
    for n in range(len(grid.columns)):
        draw_column(c, grid, page, n, edges, tops, segments)
        segments.append((edges[n], tops[-1], edges[n], tops[0]))
    segments.append((edges[-1], tops[-1], edges[-1], tops[0]))
    ink.rules(c, segments, grid.ruling)
    return tops[-1]


def draw_column(
    c: Canvas, grid: Grid, page: Slice, n: int, edges: Sequence[float], tops: Sequence[float], segments: list[ink.Segment]
) -> None:  # fmt: skip
    """The cells of one column: merged over their group where the column merges, blank where a page goes on with one."""
    column, pieces = grid.columns[n], page.pieces
    for group in groups([piece.leaf for piece in pieces], column.level):
        upper, lower = tops[group[0]], tops[group[-1] + 1]
        segments.append((edges[n], lower, edges[n + 1], lower))
        piece = pieces[group[0]]
        merges = column.level < 2
        carried = merges and page.continued and page.continued[column.level] == piece.leaf.group(column.level)
        if not (carried and group[0] == 0 and grid.carry == "blank"):
            middle = merges or (piece.middle and n not in piece.leaf.from_top)
            draw_cell(c, grid, piece.lines[n], column.align, (edges[n], edges[n + 1]), (upper, lower), middle=middle)


def draw_cell(
    c: Canvas, grid: Grid, lines: Sequence[str], align: str, xs: tuple[float, float], ys: tuple[float, float], *, middle: bool
) -> None:  # fmt: skip
    """Text of a cell, in the middle of its height or from its top; `xs` are left and right, `ys` top and bottom."""
    if not lines:
        return
    (left, right), (upper, lower) = xs, ys
    down = (upper - lower - len(lines) * grid.leading) / 2 if middle else grid.padding
    y = upper - down - grid.leading + (grid.leading - grid.size) / 2 + grid.size * 0.12
    at = {"left": left + grid.padding, "centre": (left + right) / 2, "right": right - grid.padding}[align]
    ink.paragraph(c, at, y, lines, grid.size, grid.leading, grid.face, align)


def draw_header(c: Canvas, grid: Grid, edges: Sequence[float], top: float, segments: list[ink.Segment]) -> float:
    ys = [top]
    for height in grid.header_rows:
        ys.append(ys[-1] - height)
    faced = replace(grid, face=grid.header_face)
    for cell in grid.header:
        x0, x1 = edges[cell.column], edges[cell.column + cell.column_span]
        upper, lower = ys[cell.row], ys[cell.row + cell.row_span]
        segments += [(x0, upper, x1, upper), (x0, lower, x1, lower), (x0, lower, x0, upper), (x1, lower, x1, upper)]
        draw_cell(c, faced, cell.lines, "centre", (x0, x1), (upper, lower), middle=True)
    return ys[-1]
