"""Dataclass instances made a column at a time are what their constructor makes of each row."""

import dataclasses

import pytest

from extractor.columns import instances
from models.layout import Box, Cell, Word

BOXES = [Box(1.0, 2.0, 3.0, 4.0), Box(5.0, 6.0, 7.0, 8.0)]


def test_columns_make_the_same_as_rows() -> None:
    assert instances(Box, 2, [1.0, 5.0], [2.0, 6.0], [3.0, 7.0], [4.0, 8.0]) == BOXES
    cells = instances(Cell, 2, BOXES, [0, 1], [2, 3], [1, 1], [1, 2], [(), ()], ["a", "b"])
    assert cells == [Cell(BOXES[0], 0, 2, 1, 1, (), "a"), Cell(BOXES[1], 1, 3, 1, 2, (), "b")]
    assert hash(cells[0]) == hash(Cell(BOXES[0], 0, 2, 1, 1, (), "a"))


def test_fields_without_a_column_get_their_default() -> None:
    assert instances(Word, 2, ["a", "b"], BOXES) == [Word("a", BOXES[0]), Word("b", BOXES[1])]


def test_what_is_made_stays_frozen() -> None:
    (box,) = instances(Box, 1, [1.0], [2.0], [3.0], [4.0])
    with pytest.raises(dataclasses.FrozenInstanceError):
        box.x0 = 9.0  # type: ignore[misc]


def test_nothing_comes_of_no_rows() -> None:
    assert instances(Box, 0, [], [], [], []) == []
