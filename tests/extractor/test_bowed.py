"""Pages that do not lie flat: their rules are made straight, and boxes go back to where they are seen."""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from extractor import bowed, rulings, tables
from extractor.pdf import open_pdf
from extractor.scan import read_scan
from models.layout import Bend, Box, Lens, Table
from samples.generate.degrade import rendered
from samples.generate.draw.annex import draw_annex
from samples.generate.invent import invent
from samples.generate.plan import Plan
from tests.cases import engine

Pixels = NDArray[np.uint8]
POINTS = 72 / 200


def ruled(height: int = 1654, width: int = 2339) -> Pixels:
    """A page of 20 rows and 8 columns, without text."""
    page = np.full((height, width, 3), 255, np.uint8)
    for y in np.linspace(150, height - 150, 21).astype(int).tolist():
        page[y : y + 3, 120:-120] = 0
    for x in np.linspace(120, width - 123, 9).astype(int).tolist():
        page[150 : height - 147, x : x + 3] = 0
    return page


def bent(page: Pixels, down: float = 0.0, across: float = 0.0, *, spine: bool = False) -> Pixels:
    """The page with its middle so many pixels further down, or to the right; with `spine`, its left edge instead."""
    height, width = page.shape[:2]
    x, y = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    lies = np.exp(-x / (0.12 * width)) if spine else np.sin(np.pi * x / width)
    map_x = x[None, :] + across * np.sin(np.pi * y / height)[:, None]
    map_y = y[:, None] + down * lies[None, :]
    return np.asarray(
        cv2.remap(
            page, map_x.astype(np.float32), map_y.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        ),
        np.uint8,
    )


def found(page: Pixels) -> Bend | None:
    dark = rulings.ink(np.asarray(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), np.uint8))
    return bowed.bend_of(dark, rulings.find_rulings(dark))


def annex_page(seed: int) -> tuple[Pixels, tuple[Table, ...]]:
    """A page of an annex as a scan without wear, and its tables."""
    pdf = draw_annex(invent(seed, Plan(generation="G3", objects=5, parameters=12)).annex).pdf
    with open_pdf(pdf) as file:
        page = file.read_page(2)
    return rendered(pdf, 200)[1], tables.build(page.words, page.rulings)[0]


def test_a_flat_page_is_left_as_it_is() -> None:
    assert found(ruled()) is None
    assert found(annex_page(3)[0]) is None
    assert found(np.full((1654, 2339, 3), 255, np.uint8)) is None


@pytest.mark.parametrize(
    ("down", "across", "spine"), [(30, 0, False), (-60, 0, False), (0, 30, False), (25, 25, False), (60, 0, True)]
)
def test_bent_rules_become_straight(down: float, across: float, spine: bool) -> None:
    page = bent(ruled(), down, across, spine=spine)
    bend = found(page)
    assert bend is not None
    flat = bowed.flattened(page, bend)
    assert found(flat) is None
    dark = rulings.ink(np.asarray(cv2.cvtColor(flat, cv2.COLOR_RGB2GRAY), np.uint8))
    rows = np.count_nonzero(dark[:, 400:-400], axis=1) > 0.9 * (dark.shape[1] - 800)
    assert np.count_nonzero(np.diff(np.concatenate(([0], rows.astype(int), [0]))) == 1) == 21, (
        "each rule in rows of its own"
    )


@pytest.mark.slow
@pytest.mark.parametrize(("down", "across", "spine"), [(45, 0, False), (0, 30, False), (60, 0, True)])
def test_a_bent_table_is_read_like_a_flat_one(down: float, across: float, spine: bool) -> None:
    page, (truth, *_) = annex_page(11)
    seen = read_scan(bent(page, down, across, spine=spine), POINTS, engine())
    assert seen.lens is not None
    assert seen.lens.bend is not None
    (table, *_) = seen.tables
    assert (table.rows, table.columns) == (truth.rows, truth.columns)
    texts = {(cell.row, cell.column): "".join(cell.text.split()) for cell in table.cells}
    wrong = [c for c in truth.cells if texts.get((c.row, c.column)) != "".join(c.text.split())]
    assert len(wrong) <= 1
    # What stands at a place of the flat page is seen where the page was bent to.
    for own, other in zip(truth.cells, table.cells, strict=True):
        x, y = own.box.centre
        lies = np.exp(-x / (0.12 * seen.width)) if spine else np.sin(np.pi * x / seen.width)
        expected = x - POINTS * across * np.sin(np.pi * y / seen.height), y - POINTS * down * lies
        assert other.box.centre == pytest.approx(expected, abs=4.0)


def test_boxes_come_back_from_a_bent_page() -> None:
    down = tuple(tuple(8.0 * np.sin(3.0 * i / 24) * (1 + j / 9) for i in range(25)) for j in range(5))
    lens = Lens(842.0, 595.0, (1.0, 0.02, 3.0, -0.02, 1.0, 5.0, 0.0, 0.0, 1.0), Bend(((0.0, 4.0), (2.0, 0.0)), down))
    for box in (Box(10, 20, 60, 30), Box(400, 300, 640, 312), Box(800, 560, 830, 590)):
        back = lens.flat(lens.seen(box))
        assert (back.x0, back.top, back.x1, back.bottom) == pytest.approx(
            (box.x0, box.top, box.x1, box.bottom), abs=1e-6
        )


def test_a_page_full_of_rules_is_judged_by_some_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    page = np.full((1654, 2339, 3), 255, np.uint8)
    for y in range(60, 1600, 22):
        page[y : y + 2, 60:-60] = 0
    for x in range(60, 2300, 70):
        page[60:1600, x : x + 2] = 0
    used: list[int] = []
    fitted = bowed._fitted

    def counting(rules: Sequence[bowed._Trace], shape: tuple[int, ...]) -> tuple[bowed.Shifts, float]:
        used.append(len(rules))
        return fitted(rules, shape)

    monkeypatch.setattr(bowed, "_fitted", counting)
    assert found(bent(page, 30)) is not None
    assert 20 <= used[0] <= 60
