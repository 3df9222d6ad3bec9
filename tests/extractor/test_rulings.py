"""Rules and skew found in drawn pixels, under the faults of scanners."""

import cv2
import numpy as np
import pytest

from extractor.rulings import Grey, find_rulings, ink, skew
from extractor.tables import find_grids
from models.layout import Direction, Ruling

XS = (100, 220, 520, 760, 1060)
YS = (120, 200, 280, 420, 500)


def table(thickness: int = 2, tone: int = 0) -> Grey:
    """A page of 1169 × 827 pixels (100 dpi) with a grid of 4 by 4 cells and some letters of strokes."""
    page = np.full((827, 1169), 255, np.uint8)
    for x in XS:
        cv2.line(page, (x, YS[0]), (x, YS[-1]), tone, thickness)
    for y in YS:
        cv2.line(page, (XS[0], y), (XS[-1], y), tone, thickness)
    for x in XS[:-1]:
        for y in YS[:-1]:
            cv2.putText(page, "GB/T 5009", (x + 12, y + 40), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 0, 1)
    return page


def turned(page: Grey, clockwise: float) -> Grey:
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -clockwise, 1.0)
    return cv2.warpAffine(page, matrix, (width, height), borderValue=(255,)).astype(np.uint8)


def grid_of(page: Grey) -> tuple[list[int], list[int]]:
    """Where the one grid's lines lie, in whole pixels."""
    (grid,) = find_grids(find_rulings(ink(page)))
    return [round(x) for x in grid.xs], [round(y) for y in grid.ys]


def assert_table(page: Grey, within: int = 2) -> None:
    xs, ys = grid_of(page)
    assert len(xs) == len(XS)
    assert len(ys) == len(YS)
    assert max(abs(a - b) for a, b in zip(xs + ys, XS + YS, strict=True)) <= within


@pytest.mark.parametrize("thickness", [1, 2, 4])
@pytest.mark.parametrize("tone", [0, 150])
def test_rules_of_any_thickness_and_tone_are_found(thickness: int, tone: int) -> None:
    assert_table(table(thickness, tone))


def test_noise_shade_and_compression_do_not_hide_rules() -> None:
    page = table().astype(np.float64)
    page += np.random.default_rng(5).normal(0, 8, page.shape)
    page *= np.linspace(0.55, 1.0, page.shape[1])[None, :]
    _, packed = cv2.imencode(".jpg", np.clip(page, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 50])
    assert_table(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE).astype(np.uint8))


def test_a_black_blob_and_a_dark_border_are_no_rules() -> None:
    page = table()
    cv2.circle(page, (900, 680), 60, 0, -1)
    page[:, :30] = 0
    assert_table(page)


def test_letters_alone_have_no_rules() -> None:
    page = np.full((827, 1169), 255, np.uint8)
    for y in range(60, 800, 30):
        cv2.putText(
            page, "Measurement of lead, cadmium and arsenic GB/T 5009", (60, y), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 0, 1
        )
    assert find_grids(find_rulings(ink(page))) == []


def test_a_bowed_rule_comes_in_pieces_that_follow_it() -> None:
    page = np.full((827, 1169), 255, np.uint8)
    xs = np.arange(100, 1060)
    bow = (300 + 12 * np.sin((xs - 100) / 960 * np.pi)).astype(int)
    for x, y in zip(xs, bow, strict=True):
        page[y : y + 2, x] = 0
    pieces = [r for r in find_rulings(ink(page)) if r.direction is Direction.HORIZONTAL]
    assert len(pieces) > 3
    for piece in pieces:
        middle = int((piece.start + piece.end) / 2)
        assert abs(piece.position - bow[middle - 100]) < 4
    covered = {x for p in pieces for x in range(int(p.start), int(p.end))}
    assert len(covered & set(xs.tolist())) > 0.9 * len(xs)


@pytest.mark.parametrize("angle", [-4.0, -1.3, -0.4, 0.0, 0.3, 2.0, 5.0])
def test_skew_is_measured_to_a_tenth_of_a_degree(angle: float) -> None:
    assert skew(turned(table(), angle)) == pytest.approx(angle, abs=0.1)


def test_skew_shows_in_lines_of_text_too() -> None:
    page = np.full((1169, 827), 255, np.uint8)
    for y in range(120, 1000, 34):
        cv2.putText(page, "the laboratory is accredited to ISO 17025", (80, y), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 0, 2)
    assert skew(turned(page, 1.5)) == pytest.approx(1.5, abs=0.3)


def test_a_blank_page_has_neither_skew_nor_rules() -> None:
    blank = np.full((600, 400), 255, np.uint8)
    assert skew(blank) == 0.0
    assert find_rulings(ink(blank)) == []


def test_rulings_are_given_along_their_direction() -> None:
    page = np.full((400, 600), 255, np.uint8)
    page[100:102, 50:550] = 0
    page[50:350, 300:302] = 0
    found = {r.direction: r for r in find_rulings(ink(page))}
    level, upright = found[Direction.HORIZONTAL], found[Direction.VERTICAL]
    assert level == Ruling(
        Direction.HORIZONTAL, pytest.approx(101, abs=1), pytest.approx(50, abs=2), pytest.approx(550, abs=2)
    )
    assert upright == Ruling(
        Direction.VERTICAL, pytest.approx(301, abs=1), pytest.approx(50, abs=2), pytest.approx(350, abs=2)
    )


def short_rule(*, lettered: bool) -> Grey:
    """A rule of 8 mm on an empty page; below strokes of letters if `lettered`."""
    page = np.full((827, 1169), 255, np.uint8)
    cv2.line(page, (100, 300), (131, 300), 0, 2)
    for x in range(102, 131, 4) if lettered else ():
        cv2.line(page, (x, 291), (x, 296), 0, 2)
    return page


def test_strokes_of_bold_letters_that_meet_are_no_rule_but_a_short_rule_by_itself_is() -> None:
    (rule,) = find_rulings(ink(short_rule(lettered=False)))
    assert rule.direction is Direction.HORIZONTAL
    assert find_rulings(ink(short_rule(lettered=True))) == []


def test_serifs_of_a_long_word_that_meet_at_slightly_different_heights_are_no_rule() -> None:
    dark = np.zeros((2376, 1680), np.uint8)  # 8 pixels to a millimetre
    for letter in range(14):
        left, foot = 300 + 9 * letter, 700 + 2 * (letter % 2)
        dark[foot - 18 : foot, left + 3 : left + 6] = 255
        dark[foot - 1 : foot, left : left + 9] = 255
    assert find_rulings(dark) == []
    dark[705, 270:456] = 255  # a faint rule of a table, and the word stands on it
    dark[640:760, (269, 270, 456, 457)] = 255
    (rule,) = (r for r in find_rulings(dark) if r.direction is Direction.HORIZONTAL)
    assert (rule.position, rule.start, rule.end) == pytest.approx((705, 270, 456), abs=3)


def test_serifs_that_meet_in_a_soft_picture_are_no_rule() -> None:
    dark = np.zeros((2376, 1680), np.uint8)
    for left in range(300, 460, 11):
        dark[682:700, left : left + 7] = 255
    dark[697:701, 299:462] = 255
    assert find_rulings(dark) == []


def test_a_short_piece_with_text_close_to_it_goes_on_with_its_rule() -> None:
    page = short_rule(lettered=True)
    cv2.line(page, (141, 300), (400, 300), 0, 2)
    assert sorted(round(rule.start) for rule in find_rulings(ink(page))) == pytest.approx([100, 141], abs=3)


def test_rules_that_a_copier_broke_up_into_dots_are_found_on_a_copy() -> None:
    rng = np.random.default_rng(4)
    dark = np.zeros((2376, 1680), np.uint8)
    inked = rng.random((3, 900)) < 0.4
    dark[500:503, 300:1200][inked] = 255
    for left in range(300, 1200, 24):  # a line of text: its strokes meet in no thin run
        dark[600:618, left : left + 3] = dark[600:618, left + 12 : left + 15] = 255
        dark[606:609, left : left + 15] = 255
    assert find_rulings(dark) == []
    (rule,) = find_rulings(dark, dotted=True)
    assert (rule.direction, rule.position) == (Direction.HORIZONTAL, pytest.approx(501.5, abs=1.5))
    assert (rule.start, rule.end) == pytest.approx((300, 1200), abs=8)
