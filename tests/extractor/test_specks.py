"""Specks of a copy in black and white: those between the print go, what may be print stays, other pages are left as they are."""

import cv2
import numpy as np
import pytest

from extractor.ocr import Image
from extractor.specks import cleared, told


def page() -> Image:
    """Black letters on white, 200 dpi, nothing between; the last word ends in a full stop of 4 by 4 pixels."""
    paper = np.full((2339, 1654), 255, np.uint8)
    for y in range(300, 1500, 100):
        cv2.putText(paper, "GB/T 5009.3-2016", (200, y), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 0, 3, cv2.LINE_8)
    paper[1396:1400, 560:564] = 0
    return np.repeat(paper[:, :, None], 3, axis=2)


def specked(paper: Image, many: int, seed: int = 3) -> Image:
    rng = np.random.default_rng(seed)
    worn = paper.copy()
    for y, x in zip(rng.integers(0, 2300, many), rng.integers(900, 1640, many), strict=True):
        worn[y : y + 2, x : x + 2] = 0
    return worn


def test_specks_between_the_print_go_and_the_print_stays() -> None:
    flat = page()
    clear = cleared(specked(flat, 1500))
    assert np.array_equal(clear[:, :850], flat[:, :850])
    left = np.count_nonzero(clear[:, 900:, 0] < 128)
    assert left < 0.02 * np.count_nonzero(specked(flat, 1500)[:, 900:, 0] < 128)


def test_a_comma_on_a_line_of_print_stays() -> None:
    """It stands further from thin print than a full stop does, and is larger than specks are."""
    listed = page()
    cv2.putText(listed, "AB", (160, 2060), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (0, 0, 0), 2)
    right = int(np.flatnonzero(listed[2030:2065, 150:260, 0].min(axis=0) == 0)[-1]) + 150
    listed[2055:2058, right + 12 : right + 16] = 0
    worn = specked(listed, 1500)
    worn[2120:2122, right + 12 : right + 14] = 0  # a speck between two lines
    clear = cleared(worn)
    assert np.array_equal(clear[2020:2070, 150:300], listed[2020:2070, 150:300])
    assert clear[2110:2130, 150:300].min() == 255


def test_pieces_of_a_broken_letter_stay() -> None:
    broken = page()
    rng = np.random.default_rng(5)
    for y, x in zip(rng.integers(1700, 1712, 12), rng.integers(200, 212, 12), strict=True):
        broken[y : y + 2, x : x + 2] = 0
    clear = cleared(specked(broken, 1500))
    assert np.array_equal(clear[1650:1800, 150:300], broken[1650:1800, 150:300])


def test_other_pages_are_left_as_they_are() -> None:
    flat = page()
    assert cleared(flat) is flat
    few = specked(flat, 60)
    assert cleared(few) is few
    grey = np.asarray(cv2.GaussianBlur(specked(flat, 1500), (0, 0), 1.5), np.uint8)
    assert cleared(grey) is grey
    black = np.zeros((300, 200, 3), np.uint8)
    assert cleared(black) is black


def test_specks_beside_rules_go_with_the_pale_rim_that_enlarging_gave_them() -> None:
    ruled = page()
    ruled[200:1600, 1100:1103] = ruled[200:1600, 1300:1303] = 0
    worn = specked(ruled, 1500)
    worn[1000:1002, 1105:1107] = 0
    worn[999:1003, 1104] = 220
    clear = cleared(worn)
    assert np.array_equal(clear[990:1010, 1095:1110], ruled[990:1010, 1095:1110])


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("• . Eggs and egg produçts .", "Eggs and egg products"),
        ("Testing itéms • of his field", "Testing items of his field"),
        (".项目/参数", "项目/参数"),
        ("1 . . .", "1"),
        ("·1.4.", "1.4"),
        ("水分及挥发物.", "水分及挥发物"),
        ("•", ""),
        ("GB 5009.239-2016 No. 3", "GB 5009.239-2016 No. 3"),
        ("食品、农产品。", "食品、农产品。"),
        ("± 0.5 ℃", "± 0.5 ℃"),
        ("Method·1 of·the part", "Method 1 of the part"),
        ("JJF.1376-2012", "JJF 1376-2012"),
        ("食品中钙的测定.GB 5009.92-2016", "食品中钙的测定GB 5009.92-2016"),
        ("U=0.006.mg~0.008mg", "U=0.006mg~0.008mg"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
    ],
)
def test_what_specks_were_taken_for(read: str, meant: str) -> None:
    assert told(read) == meant
