"""Rules into grids, words into cells: drawn examples, and random grids with merged cells that must come back."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.tables import Grid, build, find_grids
from models.layout import Box, Direction, Ruling, Word

H, V = Direction.HORIZONTAL, Direction.VERTICAL


def h(y: float, x0: float, x1: float) -> Ruling:
    return Ruling(H, y, x0, x1)


def v(x: float, top: float, bottom: float) -> Ruling:
    return Ruling(V, x, top, bottom)


def lattice(xs: Sequence[float], ys: Sequence[float]) -> list[Ruling]:
    return [h(y, xs[0], xs[-1]) for y in ys] + [v(x, ys[0], ys[-1]) for x in xs]


def at(text: str, x: float, y: float, size: float = 8.0) -> Word:
    """A word in the middle of whose box is (x, y)."""
    width = size / 2 * len(text)
    return Word(text, Box(x - width / 2, y - size / 2, x + width / 2, y + size / 2))


def shape(grid: Grid) -> tuple[int, int, int]:
    return len(grid.ys) - 1, len(grid.xs) - 1, len(grid.cells)


# --- single cases --------------------------------------------------------------------------------------------------------


def test_a_lattice_is_a_grid_and_words_stand_in_its_cells() -> None:
    rulings = lattice([10, 60, 110], [20, 40, 60])
    words = [at("a", 30, 30), at("b", 80, 30), at("c", 30, 50), at("out", 200, 50)]
    (table,), outside = build(words, rulings)
    assert (table.rows, table.columns, table.complete) == (2, 2, True)
    assert [[cell.text for cell in row] for row in table.grid()] == [["a", "b"], ["c", ""]]
    assert [word.text for word in outside] == ["out"]
    assert table.box == Box(10, 20, 110, 60)


def test_a_missing_edge_merges_two_cells() -> None:
    rulings = [h(20, 10, 110), h(60, 10, 110), h(40, 60, 110), v(10, 20, 60), v(60, 20, 60), v(110, 20, 60)]
    (grid,) = find_grids(rulings)
    assert shape(grid) == (2, 2, 3)
    (tall,) = [cell for cell in grid.cells if cell.row_span == 2]
    assert (tall.row, tall.column, tall.column_span, tall.box) == (0, 0, 1, Box(10, 20, 60, 60))


def test_an_edge_is_there_when_half_of_it_is_inked() -> None:
    frame = lattice([10, 110, 210], [20, 60])
    assert shape(find_grids([*frame, h(40, 10, 110), h(40, 160, 210)])[0])[2] == 4
    merged = find_grids([*frame, h(40, 10, 110), h(40, 165, 210)])[0]
    assert [cell.row_span for cell in merged.cells if cell.column == 1] == [2]


def test_double_rules_are_one() -> None:
    rulings = lattice([10, 60, 110], [20, 40, 60]) + lattice([7.5, 62.5, 112.5], [17.5, 42.5, 62.5])
    assert [shape(grid) for grid in find_grids(rulings)] == [(2, 2, 4)]


def test_two_tables_on_a_page_are_two_even_side_by_side() -> None:
    rulings = (
        lattice([10, 60, 110], [20, 40, 60])
        + lattice([10, 60, 110], [80, 100, 120])
        + lattice([130, 180, 230], [21, 41])
    )
    assert [shape(grid) for grid in find_grids(rulings)] == [(2, 2, 4), (1, 2, 2), (2, 2, 4)]


def test_a_band_that_is_open_on_both_sides_separates_two_tables() -> None:
    # one long rule on each side of nothing: the inner rule runs on through the gap, as in careless drawings
    rulings = [*lattice([10, 60, 110], [20, 40]), *lattice([10, 60, 110], [70, 90]), h(55, 5, 20), h(55, 100, 115)]
    assert [shape(grid) for grid in find_grids(rulings)] == [(1, 2, 2), (1, 2, 2)]


def test_a_frame_around_a_page_is_no_table() -> None:
    frame = lattice([5, 590], [5, 830])
    inner_frame = lattice([12, 583], [12, 823])
    words = [at("certificate", 300, 400)]
    assert build(words, frame + inner_frame) == ((), tuple(words))


def test_a_decorated_border_with_crossing_corners_is_no_table() -> None:
    border = [h(y, 5, 590) for y in (10, 15, 820, 825)] + [v(x, 5, 830) for x in (10, 15, 580, 585)]
    words = [at("certificate", 300, 400)]
    assert build(words, border)[1] == tuple(words)


def test_a_frame_around_a_table_leaves_it_whole() -> None:
    inner = lattice([60, 110, 160], [70, 90, 110])
    words = [at("a", 80, 80), at("title", 110, 40)]
    (table,), outside = build(words, lattice([5, 590], [5, 830]) + inner)
    assert (table.rows, table.columns) == (2, 2)
    assert table.cells[0].text == "a"
    assert [word.text for word in outside] == ["title"]


def test_a_table_in_a_cell_of_another_is_a_table_of_its_own() -> None:
    outer, inner = lattice([10, 200, 400], [10, 200]), lattice([220, 300, 380], [50, 80, 110])
    words = [at("left", 100, 100), at("inner", 250, 60), at("right", 300, 180)]
    (first, second), outside = build(words, outer + inner)
    assert outside == ()
    assert [cell.text for cell in first.cells] == ["left", "right"]
    assert [cell.text for cell in second.cells] == ["inner", "", "", ""]


def test_underlines_and_loose_rules_are_ignored() -> None:
    rulings = [*lattice([10, 60, 110], [20, 40, 60]), h(35, 20, 50), v(80, 25, 35), h(300, 10, 500), v(400, 200, 350)]
    assert [shape(grid) for grid in find_grids(rulings)] == [(2, 2, 4)]


def test_outer_sides_may_be_missing() -> None:
    rulings = [h(y, 10, 210) for y in (20, 40, 60, 80)] + [v(x, 20, 80) for x in (80, 150)]
    (grid,) = find_grids(rulings)
    assert shape(grid) == (3, 3, 9)
    assert grid.xs == (10, 80, 150, 210)


def test_a_single_inner_rule_is_enough_for_a_table_without_sides() -> None:
    rulings = [h(y, 10, 210) for y in (20, 40, 60, 80)] + [v(80, 20, 80)]
    assert [shape(grid) for grid in find_grids(rulings)] == [(3, 2, 6)]


def test_tables_without_sides_one_below_the_other_stay_two() -> None:
    rulings = [h(y, 10, 210) for y in (20, 40, 60, 100, 120, 140)]
    rulings += [v(x, top, top + 40) for x in (80, 150) for top in (20, 100)]
    assert [shape(grid) for grid in find_grids(rulings)] == [(2, 3, 6), (2, 3, 6)]


def test_a_row_that_goes_on_from_the_page_before_or_onto_the_next_needs_no_rule_there() -> None:
    inner = [h(y, 10, 210) for y in (40, 60, 80)]
    standing = [v(x, 20, 100) for x in (10, 80, 150, 210)]
    (grid,) = find_grids(inner + standing)
    assert grid.ys == (20, 40, 60, 80, 100)
    assert shape(grid) == (4, 3, 12)
    words = [at("18:00", 115, 30), at("20:00", 115, 90)]
    (table,), free = build(words, inner + standing)
    assert (table.grid()[0][1].text, table.grid()[3][1].text, free) == ("18:00", "20:00", ())


def test_rules_that_stick_out_a_little_or_apart_close_nothing() -> None:
    inner = [h(y, 10, 210) for y in (40, 60, 80)]
    for tops in ((35, 35, 35, 35), (20, 22.5, 25, 27.5), (20, 20, 40, 40)):
        rulings = inner + [v(x, top, 80) for x, top in zip((10, 80, 150, 210), tops, strict=True)]
        (grid,) = find_grids(rulings)
        assert grid.ys[0] == 40, tops


def test_lines_of_a_form_or_a_chart_are_no_table() -> None:
    assert find_grids([h(y, 10, 210) for y in (20, 40, 60, 80)]) == []
    assert find_grids([h(y, 10, 210) for y in (20, 40, 60, 80)] + [v(10, 20, 80)]) == []


def test_a_page_header_rule_as_wide_as_the_table_stays_outside() -> None:
    rulings = [h(5, 10, 210), *[h(y, 10, 210) for y in (20, 40, 60)], *[v(x, 20, 60) for x in (80, 150)]]
    (grid,) = find_grids(rulings)
    assert grid.ys[0] == 20


def test_cells_that_flow_into_a_corner_are_cut_and_flagged() -> None:
    # four cells, two edges missing around one corner: an L of three positions
    rulings = [*lattice([10, 110], [20, 100]), h(60, 10, 60), v(60, 20, 60), h(60, 0, 12), v(60, 10, 22)]
    (grid,) = find_grids(rulings)
    assert not grid.complete
    (table,), _ = build([], rulings)
    assert len(table.grid()) == 2
    assert sum(cell.row_span * cell.column_span for cell in grid.cells) == 4


def test_a_map_with_thousands_of_rules_costs_little() -> None:
    rng = random.Random(3)
    hatching = [h(rng.uniform(0, 600), x, x + rng.uniform(1, 9)) for x in [rng.uniform(0, 600) for _ in range(6000)]]
    hatching += [v(rng.uniform(0, 600), y, y + rng.uniform(1, 9)) for y in [rng.uniform(0, 600) for _ in range(6000)]]
    for grid in find_grids(hatching):
        assert len(grid.cells) > 1


def test_nothing_comes_of_nothing() -> None:
    assert find_grids([]) == []
    assert build([], []) == ((), ())


@pytest.mark.parametrize("y", [40.6, 39.4])
def test_a_word_belongs_to_the_cell_of_its_middle(y: float) -> None:
    (table,), _ = build([at("x", 30, y)], lattice([10, 60, 110], [20, 40, 60]))
    assert [cell.text for cell in table.cells] == (["x", "", "", ""] if y < 40 else ["", "", "x", ""])


# --- random grids ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Truth:
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[tuple[int, int, int, int], ...]  # row, column, row span, column span

    def box(self, cell: tuple[int, int, int, int]) -> Box:
        row, column, rows, columns = cell
        return Box(self.xs[column], self.ys[row], self.xs[column + columns], self.ys[row + rows])


@st.composite
def truths(draw: st.DrawFn) -> Truth:
    """A grid with merged cells, in which every line still carries an edge somewhere."""
    rows, columns = draw(st.integers(1, 9)), draw(st.integers(2, 7))
    widths = draw(st.lists(st.floats(12, 90), min_size=columns, max_size=columns))
    heights = draw(st.lists(st.floats(10, 60), min_size=rows, max_size=rows))
    xs, ys = [40.0], [50.0]
    for width in widths:
        xs.append(xs[-1] + width)
    for height in heights:
        ys.append(ys[-1] + height)
    owner: dict[tuple[int, int], tuple[int, int, int, int]] = {}
    for row in range(rows):
        for column in range(columns):
            if (row, column) in owner:
                continue
            tall, wide = 1, 1
            if draw(st.integers(0, 3)) == 0:
                tall, wide = draw(st.integers(1, rows - row)), draw(st.integers(1, columns - column))
                free = [(r, c) not in owner for r in range(row, row + tall) for c in range(column, column + wide)]
                if not all(free):
                    tall, wide = 1, 1
            cell = (row, column, tall, wide)
            owner.update({(r, c): cell for r in range(row, row + tall) for c in range(column, column + wide)})
    cells = sorted(set(owner.values()))
    inner_x = {c for _, column, _, wide in cells for c in (column, column + wide)}
    inner_y = {r for row, _, tall, _ in cells for r in (row, row + tall)}
    keep_x, keep_y = sorted(inner_x), sorted(inner_y)
    renamed = tuple(
        (keep_y.index(r), keep_x.index(c), keep_y.index(r + t) - keep_y.index(r), keep_x.index(c + w) - keep_x.index(c))
        for r, c, t, w in cells
    )
    return Truth(tuple(xs[i] for i in keep_x), tuple(ys[i] for i in keep_y), renamed)


def drawn(truth: Truth, rng: random.Random, jitter: float) -> list[Ruling]:
    """Each cell's four sides, some in two pieces, all a little off, in any order."""
    rulings: list[Ruling] = []
    for cell in truth.cells:
        box = truth.box(cell)
        for direction, position, start, end in (
            (H, box.top, box.x0, box.x1),
            (H, box.bottom, box.x0, box.x1),
            (V, box.x0, box.top, box.bottom),
            (V, box.x1, box.top, box.bottom),
        ):
            cut = rng.uniform(start, end)
            for a, b in [(start, cut), (cut, end)] if rng.random() < 0.3 else [(start, end)]:
                rulings.append(Ruling(direction, position + rng.uniform(-jitter, jitter), a, b))
    rng.shuffle(rulings)
    return rulings


@settings(max_examples=80, deadline=None)
@given(truths().filter(lambda truth: len(truth.cells) > 1), st.randoms(use_true_random=False))
def test_a_random_grid_comes_back_with_its_words(truth: Truth, rng: random.Random) -> None:
    rulings = drawn(truth, rng, jitter=0.8)
    words = []
    for number, cell in enumerate(truth.cells):
        box = truth.box(cell)
        words.append(
            at(str(number), rng.uniform(box.x0 + 2, box.x1 - 2), rng.uniform(box.top + 2, box.bottom - 2), size=4)
        )
    (table,), outside = build(words, rulings)
    assert outside == ()
    assert table.complete
    assert (table.rows, table.columns) == (len(truth.ys) - 1, len(truth.xs) - 1)
    found = {(cell.row, cell.column, cell.row_span, cell.column_span): cell.text for cell in table.cells}
    assert found == {cell: str(number) for number, cell in enumerate(truth.cells)}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            Ruling,
            st.sampled_from(Direction),
            st.floats(0, 300),
            st.floats(0, 150),
            st.floats(150, 300),
        ),
        max_size=25,
    ),
    st.lists(st.tuples(st.floats(0, 300), st.floats(0, 300)), max_size=10),
)
def test_any_rules_give_tables_that_hold_together(rulings: list[Ruling], places: list[tuple[float, float]]) -> None:
    words = [at("w", x, y) for x, y in places]
    tables, outside = build(words, rulings)
    for table in tables:
        grid = table.grid()  # raises where a position is not covered
        assert (len(grid), len(grid[0])) == (table.rows, table.columns)
        assert sum(cell.row_span * cell.column_span for cell in table.cells) == table.rows * table.columns
    placed = [word for table in tables for cell in table.cells for word in cell.words]
    assert sorted(map(id, [*placed, *outside])) == sorted(map(id, words))
