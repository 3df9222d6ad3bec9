"""Words into lines, lines into texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.lines import join, lines_of
from models.layout import Box, Word


def word(text: str, x: float, y: float, size: float = 10.0) -> Word:
    """A word whose baseline is at `y`; Chinese is one height wide, the rest half."""
    width = sum(size if ord(letter) > 0x2E80 else size / 2 for letter in text)
    return Word(text, Box(x, y - 0.9 * size, x + width, y + 0.1 * size))


def test_lines_run_from_top_to_bottom_and_left_to_right() -> None:
    words = [word("d", 60, 112), word("b", 50, 100), word("c", 20, 112.8), word("a", 20, 100.9)]
    assert [line.text for line in lines_of(words)] == ["a b", "c d"]
    first = lines_of(words)[0]
    assert [w.text for w in first.words] == ["a", "b"]
    assert (first.box.x0, first.box.x1) == (20, 55)


def test_sizes_may_differ_on_a_line() -> None:
    assert [line.text for line in lines_of([word("small", 60, 100, 8), word("BIG", 10, 100, 18)])] == ["BIG small"]


def test_a_raised_figure_belongs_to_its_line() -> None:
    assert join([word("m", 10, 100), word("3", 15, 96, 6), word("/h", 18.2, 100)]) == "m3/h"


def test_tight_lines_stay_apart() -> None:
    words = [word(text, 10, 100 + 10 * i) for i, text in enumerate("abc")]
    assert [line.text for line in lines_of(words)] == ["a", "b", "c"]


def test_no_words_make_no_lines() -> None:
    assert lines_of([]) == []
    assert join([]) == ""


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["GB/T 5009.3-", "2016"], "GB/T 5009.3-2016"),
        (["GB/", "T 5009"], "GB/T 5009"),
        (["GB/T", "5009"], "GB/T 5009"),
        (["食品中水", "分的测定"], "食品中水分的测定"),
        (["水分", "GB 5009.3"], "水分GB 5009.3"),
        (["method A", "（第一法）"], "method A（第一法）"),
        (["Determination of", "moisture"], "Determination of moisture"),
    ],
)
def test_lines_are_joined_as_they_read(lines: list[str], text: str) -> None:
    assert join([word(line, 10, 100 + 12 * i) for i, line in enumerate(lines)]) == text


@pytest.mark.parametrize(
    ("left", "right", "gap", "text"),
    [
        ("CNAS", "L0867", 2.1, "CNAS L0867"),
        ("CNAS", "L0867", 1.9, "CNASL0867"),
        ("名称", "海南", 40.0, "名称海南"),
        ("名称", "CNAS", 40.0, "名称CNAS"),
        ("A", "，", 9.0, "A，"),
    ],
)
def test_gaps_are_spaces_between_latin_only(left: str, right: str, gap: float, text: str) -> None:
    first = word(left, 10, 100)
    assert join([first, word(right, first.box.x1 + gap, 100)]) == text


@given(
    st.lists(st.lists(st.text("ab水1", min_size=1, max_size=6), min_size=1, max_size=4), min_size=1, max_size=5),
    st.randoms(use_true_random=False),
)
def test_order_and_small_jitter_do_not_matter(rows: list[list[str]], rng: object) -> None:
    placed = []
    for i, row in enumerate(rows):
        x = 10.0
        for text in row:
            placed.append(word(text, x, 100 + 14 * i))
            x = placed[-1].box.x1 + 12
    wanted = [line.text for line in lines_of(placed)]
    assert len(wanted) == len(rows)
    moved = [word(w.text, w.box.x0, w.box.bottom - 1 + rng.uniform(-1, 1)) for w in placed]  # type: ignore[attr-defined]
    rng.shuffle(moved)  # type: ignore[attr-defined]
    assert [line.text for line in lines_of(moved)] == wanted
