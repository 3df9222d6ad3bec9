"""Creases of folded paper: gone where they are, and a page without any is left as it is."""

import cv2
import numpy as np
import pytest

from extractor.creases import smoothed
from extractor.ocr import Image
from extractor.rulings import find_rulings, ink
from models.layout import Direction

HEIGHT, WIDTH = 2339, 1654


def page() -> Image:
    """A table of 5 by 4 cells with strokes of letters, on white paper of 200 dpi."""
    paper = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    for y in range(400, 1601, 300):
        cv2.line(paper, (150, y), (1500, y), (20, 20, 20), 2)
    for x in (150, 400, 900, 1200, 1500):
        cv2.line(paper, (x, 400), (x, 1600), (20, 20, 20), 2)
    for y in range(440, 1560, 60):
        cv2.putText(paper, "GB/T 5009.3-2016 GB/T 5009.4", (430, y), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (0, 0, 0), 2)
    return paper


def creased(paper: Image, at: float, shade: float, lean: float = 0.0, *, lying: bool = False) -> Image:
    """Folded at that share of the width (of the height if `lying`), dark on one side; `lean` in pixels from one end to the other."""
    high, wide = paper.shape[:2]
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    along, over, length, reach = (y, x, high, wide) if lying else (x, y, wide, high)
    away = along - at * length - lean * over / reach
    light = 1 - shade * np.exp(-np.abs(away) / 140) * (away > 0) - 0.6 * shade * np.exp(-np.square(away / 2.8))
    return np.asarray(np.clip(paper * light[:, :, None], 0, 255), np.uint8)


def rules_at(paper: Image, direction: Direction) -> list[int]:
    """Where the rules of one direction lie that are no pieces, in tens of pixels."""
    found = find_rulings(ink(np.asarray(cv2.cvtColor(paper, cv2.COLOR_RGB2GRAY), np.uint8)))
    return sorted(
        {round(rule.position / 10) for rule in found if rule.direction is direction and rule.end - rule.start > 30}
    )


@pytest.mark.parametrize("shade", [0.12, 0.25, 0.42])
@pytest.mark.parametrize("lean", [0.0, 12.0, -30.0])
@pytest.mark.parametrize("lying", [False, True])
def test_a_crease_is_no_rule_once_it_is_smoothed(shade: float, lean: float, *, lying: bool) -> None:
    flat = page()
    folded = creased(flat, 0.46 if lying else 0.42, shade, lean, lying=lying)
    direction = Direction.HORIZONTAL if lying else Direction.VERTICAL
    assert rules_at(smoothed(folded), direction) == rules_at(flat, direction)


def test_creases_that_cross_go_together_and_the_paper_between_keeps_its_print() -> None:
    flat = page()
    folded = creased(creased(creased(flat, 0.33, 0.4, lying=True), 0.5, 0.4), 0.7, 0.4, lying=True)
    clear = smoothed(folded)
    for direction in Direction:
        assert rules_at(clear, direction) == rules_at(flat, direction)
    left = clear[400:1600, 430:800].astype(int) - flat[400:1600, 430:800]
    assert np.percentile(np.abs(left[flat[400:1600, 430:800] < 100]), 90) < 25


@pytest.mark.parametrize("beside", [0, 6, 20, 45, 62])
def test_rules_that_run_along_a_crease_stay(beside: int) -> None:
    flat = page()
    folded = creased(flat, (1000 - beside) / HEIGHT, 0.25, lying=True)
    assert rules_at(smoothed(folded), Direction.HORIZONTAL) == rules_at(flat, Direction.HORIZONTAL)


def test_a_page_without_a_crease_is_left_as_it_is() -> None:
    flat = page()
    assert smoothed(flat) is flat
    framed = flat.copy()
    cv2.rectangle(framed, (45, 45), (WIDTH - 46, HEIGHT - 46), (20, 20, 20), 6)
    assert smoothed(framed) is framed
    lidded = flat.copy()
    lidded[:, -25:] = 30
    lidded[:18] = 30
    assert smoothed(lidded) is lidded
    shaded = creased(flat, 0.5, 0.0)
    shaded = np.asarray(shaded * np.linspace(1, 0.4, WIDTH)[None, :, None], np.uint8)
    assert smoothed(shaded) is shaded
    for margin in (0, 12):
        table = np.full((900, 1400, 3), 255, np.uint8)
        for y in range(margin, 900, 150):
            cv2.line(table, (margin, y), (1399 - margin, y), (30, 30, 30), 2)
        for x in range(margin, 1400, 200):
            cv2.line(table, (x, margin), (x, 899 - margin), (30, 30, 30), 2)
        assert smoothed(table) is table  # a picture of nothing but a table
    ruled = np.full((2339, 1654, 3), 250, np.uint8)
    ruled[100::80] = 170
    assert smoothed(ruled) is ruled
    noise = np.random.default_rng(1).integers(0, 255, (600, 900, 3)).astype(np.uint8)
    assert smoothed(noise) is noise
    tiny = np.zeros((20, 20, 3), np.uint8)
    assert smoothed(tiny) is tiny
