"""Rules erased in patches, stamps that look like rules, and what must not be drawn on: overhangs, underlines, merged cells."""

from collections.abc import Sequence

import numpy as np
import pytest

from extractor.broken_rules import mended
from extractor.tables import find_grids
from extractor.textlines import Area
from models.layout import Direction, Ruling

UNIT = 4.0  # pixels to a millimetre
XS = (100.0, 160.0, 400.0, 520.0, 900.0)
YS = (100.0, 150.0, 200.0, 250.0, 300.0, 350.0)
Piece = tuple[float, float, float]


def h(*pieces: Piece) -> list[Ruling]:
    return [Ruling(Direction.HORIZONTAL, *piece) for piece in pieces]


def v(*pieces: Piece) -> list[Ruling]:
    return [Ruling(Direction.VERTICAL, *piece) for piece in pieces]


def table() -> list[Ruling]:
    """Five rows and four columns; the first column's cells in rows 2 to 4 are one."""
    merged = [(y, XS[1] if y in YS[2:4] else XS[0], XS[-1]) for y in YS]
    return h(*merged) + v(*((x, YS[0], YS[-1]) for x in XS))


def cells(rules: Sequence[Ruling]) -> set[tuple[int, int, int, int]]:
    (grid,) = find_grids(rules)
    return {(c.row, c.column, c.row_span, c.column_span) for c in grid.cells}


WHOLE = cells(table())


def torn(rules: Sequence[Ruling], gaps: Sequence[tuple[float, float]], shortest: float = 20.0) -> list[Ruling]:
    """The rules without what lies in `gaps` along their way; what is left and shorter than `shortest` is not seen."""
    pieces = []
    for rule in rules:
        left = [(rule.start, rule.end)]
        for low, high in gaps:
            left = [part for a, b in left for part in ((a, min(b, low)), (max(a, high), b)) if part[1] > part[0]]
        pieces += [Ruling(rule.direction, rule.position, a, b) for a, b in left if b - a >= shortest]
    return pieces


def test_whole_rules_stay_as_they_are() -> None:
    assert set(mended(table(), UNIT)) == set(table())


@pytest.mark.parametrize("gap", [(205, 211), (440, 490), (150, 170), (345, 349), (500, 540)])
def test_a_patch_that_is_erased_across_the_table_changes_no_cell(gap: tuple[float, float]) -> None:
    assert cells(mended(torn(table(), [gap]), UNIT)) == WHOLE


def test_many_small_gaps_are_filled() -> None:
    rng = np.random.default_rng(4)
    spoilt = []
    for rule in table():
        starts = rng.uniform(rule.start + 22, rule.end - 30, max(1, int(rule.length // 120)))
        spoilt += torn([rule], [(start, start + 8) for start in starts])
    assert len(spoilt) > len(table())
    assert cells(mended(spoilt, UNIT)) == WHOLE


def test_a_rule_whose_middle_is_gone_is_drawn_on_from_both_sides() -> None:
    rules = [r for r in table() if not (r.direction is Direction.HORIZONTAL and r.position == YS[1])]
    rules += h((YS[1], XS[0], 440), (YS[1], 492, XS[-1]))
    assert cells(mended(rules, UNIT)) == WHOLE


def test_a_rule_that_is_bowed_is_mended_along_its_way() -> None:
    bow = [(YS[1] + 8 * i, XS[0] + 200 * i, XS[0] + 200 * i + 190) for i in range(4)]
    assert len(mended(h(*bow), UNIT)) == 4  # the pieces lie on different lines and meet nothing
    steps = [(YS[1] + i, XS[0] + 200 * i, XS[0] + 200 * i + 192) for i in range(4)]
    added = [rule for rule in mended(h(*steps), UNIT) if rule not in h(*steps)]
    assert [(rule.start, rule.end) for rule in added] == [(292, 300), (492, 500), (692, 700)]


def test_merged_cells_stay_merged() -> None:
    """A rule that ends where another one crosses ends there, though it goes on farther to the right."""
    rules = table() + h((225, XS[1], XS[2]), (225, XS[3], XS[4]))
    assert set(mended(rules, UNIT)) == set(rules)


@pytest.mark.parametrize(
    "extra",
    [
        h((125, 420, 500)),  # an underline in a cell touches no rule
        h((125, 530, 880)),
        h((YS[0], XS[0] - 6, XS[-1] + 6)),  # rules that cross a little at the corner
        v((XS[2], YS[-1], YS[-1] + 7)),
        h((40, 100, 900)),  # the line under a page's head
    ],
)
def test_what_does_not_belong_is_not_drawn_on(extra: list[Ruling]) -> None:
    rules = table() + extra
    assert set(mended(rules, UNIT)) == set(rules)


def test_strokes_of_a_stamp_are_no_rules_but_rules_through_it_are() -> None:
    stamp = Area(420, 90, 620, 290)
    strokes = v((432.0, 160, 220), (608.0, 150, 230)) + h((110.0, 480, 560), (280.0, 470, 570))
    assert cells(mended(table() + strokes, UNIT, [stamp])) == WHOLE
    assert cells(mended(table() + strokes, UNIT)) != WHOLE


def test_the_soft_edge_of_a_ring_beside_its_box_is_no_rule() -> None:
    stamp = Area(420, 90, 620, 290)
    arcs = v((417.0, 150, 240), (623.0, 148, 232))
    assert cells(mended(table() + arcs, UNIT, [stamp])) == WHOLE


def test_rules_of_a_table_that_lie_in_a_stamp_from_end_to_end_stay() -> None:
    """A large stamp hides whole rules: those that reach from one rule to another are the table's, though both may lie in it."""
    stamp = Area(390, 90, 910, 360)
    rules = [r for r in table() if r.position not in XS[2:4]] + v(*((x, YS[0], YS[-1]) for x in XS[2:4]))
    rules += h((125.0, XS[2], XS[3])) + v((460.0, YS[0], 125.0))
    strokes = v((432.0, 160, 220), (608.0, 150, 230)) + h((110.0, 480, 560), (280.0, 470, 570))
    assert cells(mended(rules + strokes, UNIT, [stamp])) == cells(rules)
