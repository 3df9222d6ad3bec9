"""Named degradations: each one changes the picture at every strength, the same way for the same seed, and can be spelled."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from samples.generate.__main__ import degradation_of
from samples.generate.degrade import DEGRADATIONS, STRENGTHS, Sheet, Wear, filed, parse_wears, sheets, told, worn
from samples.generate.draw.cma import draw_cma_certificate
from samples.generate.draw.fonts import missing_packages
from samples.generate.invent import invent
from samples.generate.package import worn_deliveries, write_case
from samples.generate.plan import Plan

needs_fonts = pytest.mark.skipif(
    bool(missing_packages()), reason=f"drawing needs fonts: apt-get install {' '.join(missing_packages())}"
)
DPI = 60


@pytest.fixture(scope="module")
def certificate() -> bytes:
    cma = invent(7, Plan(generation="G2", objects=1, parameters=2, holds_cma=True)).cma
    assert cma is not None
    return draw_cma_certificate(cma)


def by(pdf: bytes, name: str, strength: str, seed: int = 1) -> Sheet:
    return worn(pdf, [Wear(name, strength)], seed, 200 if name in ("resolution", "blur") else DPI)[0]


@needs_fonts
@pytest.mark.parametrize("name", DEGRADATIONS)
def test_every_degradation_changes_the_picture_and_the_same_seed_repeats_it(certificate: bytes, name: str) -> None:
    (clean,) = sheets(certificate, 200 if name == "blur" else DPI)
    seen = [by(certificate, name, strength).picture for strength in STRENGTHS]
    assert all(picture.dtype == np.uint8 and picture.ndim == 3 for picture in seen)
    for picture in seen:
        assert picture.shape != clean.picture.shape or not np.array_equal(picture, clean.picture)
    assert len({picture.tobytes() for picture in seen}) == len(STRENGTHS)
    assert np.array_equal(by(certificate, name, "medium").picture, seen[1])


@needs_fonts
@pytest.mark.parametrize(
    "name",
    ["seal", "seam", "fold", "bend", "cut", "photocopy", "perspective", "skew", "shadow", "moire", "handwriting"],
)
def test_another_seed_gives_another_picture(certificate: bytes, name: str) -> None:
    one, other = (by(certificate, name, "strong", seed).picture for seed in (1, 2))
    assert one.shape != other.shape or not np.array_equal(one, other)


@needs_fonts
@pytest.mark.parametrize(
    "name", ["watermark", "seal", "seam", "stamp", "shadow", "moire", "blur", "jpeg", "photocopy", "fold", "bend"]
)
def test_stronger_is_further_from_the_clean_page(certificate: bytes, name: str) -> None:
    (clean,) = sheets(certificate, 200 if name == "blur" else DPI)
    off = [float(cv2.absdiff(by(certificate, name, strength).picture, clean.picture).mean()) for strength in STRENGTHS]
    assert off[0] < off[2]


@needs_fonts
def test_seals_lie_on_the_dates(certificate: bytes) -> None:
    (clean,) = sheets(certificate, DPI)
    dates = [place for text, place in clean.lines if "年" in text and "月" in text and text[:4].isdigit()]
    assert len(dates) == 2
    red = by(certificate, "seal", "light").picture.astype(int) - clean.picture
    changed = np.argwhere(red.sum(axis=2) < -60)
    (top, left), (bottom, right) = changed.min(axis=0), changed.max(axis=0)
    assert any(
        left < (x0 + x1) / 2 + (right - left) / 2 and top <= (y0 + y1) / 2 <= bottom and x0 < right and left < x1
        for x0, y0, x1, y1 in dates
    )


@needs_fonts
def test_degradations_add_up_in_the_order_of_the_table(certificate: bytes) -> None:
    both = worn(certificate, parse_wears("resolution:strong,seal:strong,rotation:light"), 3)[0]
    assert both.dpi == 100
    assert both.picture.shape[0] < both.picture.shape[1]
    red = both.picture[:, :, 0].astype(int) - both.picture[:, :, 1:].max(axis=2)
    (clean,) = worn(certificate, parse_wears("resolution:strong"), 3)
    before = clean.picture[:, :, 0].astype(int) - clean.picture[:, :, 1:].max(axis=2)
    assert (red > 60).sum() > 1.4 * (before > 60).sum()


def test_they_are_spelled_with_or_without_strength() -> None:
    wears = parse_wears("skew, seal:strong")
    assert wears == (Wear("seal", "strong"), Wear("skew", "medium"))
    assert parse_wears(told(wears)) == wears
    assert (degradation_of("medium"), degradation_of("none")) == ("medium", "none")
    assert degradation_of("skew,seal:strong") == "seal:strong,skew:medium"


@pytest.mark.parametrize("text", ["", "rain", "seal:great", "seal,seal:light", "seal:"])
def test_what_is_not_known_is_said(text: str) -> None:
    if text == "seal:":
        assert parse_wears(text) == (Wear("seal", "medium"),)
        return
    with pytest.raises(ValueError, match=r"unknown|twice"):
        parse_wears(text)


@needs_fonts
def test_the_truth_names_the_degradation(tmp_path: Path) -> None:
    case = invent(7, Plan(generation="G2", objects=1, parameters=2))
    wears = parse_wears("jpeg:strong,resolution:strong")
    write_case(case, tmp_path / "case", (), worn_deliveries(wears), told(wears), frozenset({"licence"}))
    truth = json.loads((tmp_path / "case" / "truth.json").read_text("utf-8"))
    assert truth["degradation"] == "resolution:strong,jpeg:strong"
    assert [paper["kind"] for paper in truth["papers"]] == ["business_licence"]
    assert (tmp_path / "case" / truth["papers"][0]["file"]).read_bytes()[:2] == b"\xff\xd8"


def test_a_file_states_its_resolution_where_it_can() -> None:
    page = np.full((100, 50, 3), 250, np.uint8)
    assert b"MediaBox [ 0 0 36 72 ]" in filed([page], ".pdf", 90, 100)
