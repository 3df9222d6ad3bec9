"""A paper that runs over pages: blocks and tables one after the other, page furniture drawn when the number of pages is known."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from samples.generate.draw import fonts, ink
from samples.generate.draw.fonts import SONG, Face
from samples.generate.draw.grid import Grid, Leaf, draw_slice, paginate

Ink = Callable[[Canvas], None]
Furniture = Callable[[Canvas, int, int], None]
"""Draws the header and footer of a page: canvas, page number from 1, number of pages."""


def canvas(size: tuple[float, float], title: str) -> tuple[Canvas, io.BytesIO]:
    """A canvas whose bytes depend on nothing but what is drawn."""
    fonts.register()
    rl_config.useA85 = 0
    buffer = io.BytesIO()
    c = Canvas(buffer, pagesize=size, invariant=1, pageCompression=1)
    c.setTitle(title)
    return c, buffer


@dataclass(slots=True)
class Flow:
    """Pages being filled from the top. `placed` remembers on which pages each indexed row stands."""

    size: tuple[float, float] = A4
    left: float = 50
    top: float = 70
    bottom: float = 60
    pages: list[list[Ink]] = field(default_factory=lambda: [[]])
    placed: dict[int, set[int]] = field(default_factory=dict)
    y: float = 0

    def __post_init__(self) -> None:
        self.y = self.size[1] - self.top

    @property
    def width(self) -> float:
        return self.size[0] - 2 * self.left

    def new_page(self) -> None:
        self.pages.append([])
        self.y = self.size[1] - self.top

    def room(self) -> float:
        return self.y - self.bottom

    def need(self, height: float) -> None:
        """Begins a new page where less than `height` is left."""
        if self.room() < height:
            self.new_page()

    def space(self, height: float) -> None:
        self.y -= height

    def put(self, draw: Ink) -> None:
        self.pages[-1].append(draw)

    def line(
        self,
        content: str,
        size: float = 10.5,
        face: Face = SONG,
        align: str = "left",
        gap: float = 1.6,
        indent: float = 0,
        spread: float = 0,
    ) -> None:
        """One line of text; long ones wrap with the same indent."""
        for part in ink.wrap(content, size, self.width - indent, face) if not spread else [content]:
            self.need(size * gap)
            at = {"left": self.left + indent, "centre": self.size[0] / 2, "right": self.size[0] - self.left}[align]
            y = self.y - size
            self.put(lambda c, at=at, y=y, part=part: ink.text(c, at, y, part, size, face, align, spread))
            self.y -= size * gap

    def table(self, grid: Grid, leaves: Sequence[Leaf], *, repeat_header: bool = True) -> None:
        """A table from here on, over as many pages as it takes."""
        full = self.size[1] - self.top - self.bottom
        minimum = grid.header_height + 2 * grid.leading + 2 * grid.padding
        self.need(minimum)
        slices = paginate(
            grid, leaves, self.room() - grid.header_height, full - (grid.header_height if repeat_header else 0)
        )
        if slices and not slices[0].pieces and len(slices) > 1:
            self.new_page()
            slices = slices[1:]
        for number, page in enumerate(slices):
            if number:
                self.new_page()
            header = repeat_header or number == 0
            top = self.y
            self.put(
                lambda c, page=page, top=top, header=header: void(
                    draw_slice(c, grid, page, self.left, top, header=header)
                )
            )
            self.y -= page.height + (grid.header_height if header else 0)
            for piece in page.pieces:
                if piece.leaf.index >= 0:
                    self.placed.setdefault(piece.leaf.index, set()).add(len(self.pages))

    def pdf(self, title: str, furniture: Furniture, lost_page: int | None = None) -> bytes:
        """The finished file; `lost_page` is left out though it is counted."""
        c, buffer = canvas(self.size, title)
        for number, inks in enumerate(self.pages, 1):
            if number == lost_page:
                continue
            furniture(c, number, len(self.pages))
            for draw in inks:
                draw(c)
            c.showPage()
        c.save()
        return buffer.getvalue()


def void(_: object) -> None:
    """Drops a value."""
