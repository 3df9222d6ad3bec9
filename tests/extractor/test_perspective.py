"""Pages photographed from the side: corners found, laid flat only where that helps, boxes put back where they were seen."""

import cv2
import numpy as np
import pytest

from extractor.levelling import _inside, lens_of, levelled
from extractor.ocr import Image
from extractor.perspective import flattened, is_tilted, page_corners
from extractor.textlines import Area
from models.layout import Box, Direction
from samples.generate.degrade import camera
from samples.generate.degrade.sheet import Sheet

DESK = (96, 122, 150)
WIDE, HIGH = 620, 880
FLAT = np.array([[0, 0], [WIDE, 0], [WIDE, HIGH], [0, HIGH]], np.float32)
TILTED = np.array([[90, 70], [640, 110], [690, 900], [60, 940]], np.float32)


def sheet() -> Image:
    """A page of lines that begin and end together, as print does."""
    paper = np.full((HIGH, WIDE, 3), 246, np.uint8)
    for y in range(80, HIGH - 60, 34):
        cv2.rectangle(paper, (70, y), (WIDE - 70, y + 12), (25, 25, 25), -1)
        for x in range(70, WIDE - 70, 15):
            cv2.rectangle(paper, (x, y), (x + 3, y + 12), (246, 246, 246), -1)
    return paper


def photo(corners: np.ndarray) -> Image:
    lens = cv2.getPerspectiveTransform(FLAT, corners.astype(np.float32))
    scene = cv2.warpPerspective(sheet(), lens, (780, 1000), borderMode=cv2.BORDER_CONSTANT, borderValue=DESK)
    noise = np.random.default_rng(1).normal(0, 3, scene.shape)
    return np.clip(scene + noise, 0, 255).astype(np.uint8)


def test_the_corners_of_the_page_are_found_and_laid_flat() -> None:
    picture = photo(TILTED)
    corners = page_corners(picture)
    assert corners is not None
    assert np.abs(corners - TILTED).max() < 4
    laid, back = flattened(picture, corners)
    x, y, depth = back @ (0, 0, 1)
    assert (x / depth, y / depth) == pytest.approx(tuple(corners[0]), abs=0.01)
    assert laid[5:-5, 5:-5].reshape(-1, 3)[:, 0].mean() > 150  # no desk is left


@pytest.mark.parametrize("seed", [2, 5, 9, 12])
def test_the_edge_of_a_shadow_is_no_edge_of_the_page(seed: int) -> None:
    """The lit part of a sheet is a light quadrilateral; taken for the page, the rest would be lost without a word."""
    paper = cv2.resize(sheet(), (1240, 1754))
    foot = 1754 - 60 - 330 * np.square(np.linspace(-1, 1, 1240))
    paper[np.arange(1754)[:, None] > foot] = (
        40,
        60,
        140,
    )  # as certificates end: the whole sheet is no pale quadrilateral
    rng = np.random.default_rng(seed)
    lit = camera.tilted(Sheet(paper, 150), 0.09, rng)
    corners, dark = page_corners(lit.picture), camera.shadowed(lit, 0.45, rng).picture
    assert corners is not None
    found = page_corners(dark)  # the desk is as brown in the shade as in the light, and the paper as white
    assert found is not None
    assert np.abs(found - corners).max() < 0.01 * max(dark.shape)
    grey = cv2.cvtColor(cv2.cvtColor(dark, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    assert page_corners(np.asarray(grey, np.uint8)) is None


@pytest.mark.parametrize(
    "picture",
    [
        sheet(),
        photo(np.add(FLAT, (70, 50))),  # a rectangle on a desk
        np.full((900, 700, 3), 120, np.uint8),
        np.zeros((40, 30, 3), np.uint8),
    ],
)
def test_pages_without_perspective_are_left_as_they_are(picture: Image) -> None:
    corners = page_corners(picture)
    assert corners is None or not is_tilted(corners)
    assert not levelled(picture).flattened


def test_a_cut_edge_is_no_perspective() -> None:
    picture = sheet()
    cv2.fillPoly(picture, [np.array([[0, 0], [WIDE, 0], [WIDE, 10], [0, 62]])], (40, 40, 40))
    cv2.fillPoly(picture, [np.array([[0, 0], [12, 0], [60, HIGH], [0, HIGH]])], (40, 40, 40))
    assert not levelled(picture).flattened


def test_boxes_go_back_to_where_they_were_seen() -> None:
    level = levelled(photo(TILTED))
    assert level.flattened
    lens = lens_of(level, 0.5)
    assert (lens.width, lens.height) == pytest.approx((level.image.shape[1] / 2, level.image.shape[0] / 2))
    for x, y in ((0.2, 0.2), (0.8, 0.3), (0.5, 0.9)):
        seen = cv2.perspectiveTransform(
            np.array([[[x * WIDE, y * HIGH]]], np.float32), cv2.getPerspectiveTransform(FLAT, TILTED)
        )
        box = Box(x * lens.width - 20, y * lens.height - 4, x * lens.width + 20, y * lens.height + 4)
        assert lens.seen(box).centre == pytest.approx(tuple(seen[0, 0] / 2), abs=3)
        back = lens.flat(lens.seen(box))
        assert (back.x0, back.top, back.x1, back.bottom) == pytest.approx(
            (box.x0, box.top, box.x1, box.bottom), abs=1e-6
        )


def test_creases_of_a_sheet_that_lies_on_a_desk_end_where_the_sheet_does() -> None:
    folded = photo(np.add(FLAT, (70, 50)))
    over = np.abs(np.arange(1000) - (50 + HIGH * 0.47))[:, None]
    crease = 1 - 0.3 * np.exp(-np.square(over / 2.5))
    crease = np.where((np.arange(780) >= 70) & (np.arange(780) < 70 + WIDE), crease, 1.0)
    folded = np.asarray(folded * crease[:, :, None], np.uint8)
    along = [
        rule
        for rule in levelled(folded).rules
        if rule.end - rule.start > WIDE / 2 and rule.direction is Direction.HORIZONTAL
    ]
    assert not [rule for rule in along if abs(rule.position - (50 + HIGH * 0.47)) < 6]


def test_a_sheet_that_reaches_out_of_the_picture_is_looked_at_as_far_as_it_is_seen() -> None:
    corners = np.array([[-30, 40], [600, 42], [602, 700], [-28, 702]], np.float32)
    assert _inside(corners, (650, 620, 3)) == Area(0, 46, 596, 650)
    assert _inside(np.array([[300, 0], [600, 300], [300, 600], [0, 300]], np.float32), (650, 620, 3)) is None
