"""Light made even: paper in shadow becomes as bright as the rest, ink stays ink, and an evenly lit page is left as it is."""

import cv2
import numpy as np
import pytest

from extractor.lighting import evened
from extractor.ocr import Image


def page() -> Image:
    paper = np.full((1169, 827, 3), (250, 248, 242), np.uint8)
    for y in range(100, 1100, 40):
        cv2.putText(paper, "GB/T 5009.3-2016 GB/T 5009.4-2016", (60, y), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (10, 10, 10), 2)
    cv2.rectangle(paper, (60, 1110), (760, 1140), (190, 190, 190), -1)  # a grey heading
    cv2.circle(paper, (600, 500), 60, (220, 40, 40), 6)  # a seal
    return paper


def shaded(paper: Image, depth: float, softness: float) -> Image:
    away = np.arange(paper.shape[1]) - 400
    light = 1 - depth / (1 + np.exp(-away / softness))
    return np.asarray(paper * light[None, :, None], np.uint8)


@pytest.mark.parametrize("depth", [0.45, 0.65])
@pytest.mark.parametrize("softness", [4.0, 40.0])
def test_shadow_becomes_paper_and_ink_stays_ink(depth: float, softness: float) -> None:
    flat = page()
    clear = evened(shaded(flat, depth, softness))
    bare, inked = flat.min(axis=2) > 240, flat.max(axis=2) < 20
    assert np.percentile(clear[bare], 5) > 205
    assert np.percentile(clear[inked], 95) < 40
    red = (flat[:, :, 0] > 200) & (flat[:, :, 1] < 60)
    seal = clear[red].astype(int)
    assert np.percentile(seal[:, 0] - seal[:, 1], 10) > 110


def test_paper_beside_a_large_coloured_area_in_the_shade_is_lit_like_the_rest() -> None:
    """What lay around a seal in the shade stayed dark, and the date in it was lost."""
    flat = page()
    cv2.circle(flat, (620, 700), 90, (205, 30, 30), -1)
    cv2.putText(flat, "2023", (690, 830), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (10, 10, 10), 2)
    clear = evened(shaded(flat, 0.6, 20.0))
    beside = np.zeros(flat.shape[:2], np.uint8)
    cv2.circle(beside, (620, 700), 130, 255, -1)
    cv2.circle(beside, (620, 700), 96, 0, -1)
    bare = (beside > 0) & (flat.min(axis=2) > 240)
    assert np.percentile(clear[bare].min(axis=1), 5) > 190


def test_a_large_coloured_area_is_no_shade() -> None:
    flat = page()
    cv2.circle(flat, (300, 400), 90, (213, 200, 40), -1)  # a gold seal
    flat[1000:] = (40, 50, 120)
    assert evened(flat) is flat


def test_an_evenly_lit_page_is_left_as_it_is() -> None:
    for paper in (page(), shaded(page(), 0.06, 40.0), np.full((300, 200, 3), 7, np.uint8)):
        assert evened(paper) is paper
