"""Seals and stamps: found with shape and colour, read where legible, taken off the print below them, and flagged on fields."""

import re

import cv2
import numpy as np
import pytest

from extractor.bleaching import bleached, has_strokes_aslant, is_crossed
from extractor.document import read
from extractor.imprint_text import with_texts
from extractor.imprints import find_imprints
from extractor.marks import marks_on
from extractor.ocr import Image, Reading
from extractor.overprinted import FLAG, flagged
from extractor.parsers import parse
from extractor.passages import Passage, part
from extractor.scan import read_scan
from extractor.seals import agreed, believed, cleared, is_residue
from extractor.textlines import Area
from models.field import Field, Region
from models.layout import Box, Document, Mark, MarkKind, Origin, Page, Word
from models.papers import CmaCertificate
from samples.generate.degrade import filed, parse_wears, scanned, worn
from samples.generate.draw.cma import draw_cma_certificate
from samples.generate.draw.fonts import missing_packages
from samples.generate.invent import invent
from samples.generate.plan import Plan
from tests.cases import engine

needs_fonts = pytest.mark.skipif(
    bool(missing_packages()), reason=f"drawing needs fonts: apt-get install {' '.join(missing_packages())}"
)
POINTS = 72 / 200


@pytest.fixture(scope="module")
def certificate() -> bytes:
    cma = invent(7, Plan(generation="G2", objects=1, parameters=2, holds_cma=True)).cma
    assert cma is not None
    return draw_cma_certificate(cma)


def page(*stamps: str) -> Image:
    """White paper with a ring or a frame of that colour on black print, 200 dots per inch."""
    image = np.full((1600, 1200, 3), 252, np.uint8)
    for y in range(300, 1400, 60):
        cv2.putText(image, "2024-03-14 CERTIFICATE 0123456789", (120, y), 0, 1.2, (20, 20, 20), 3)
    for stamp in stamps:
        colour = {"red": (214, 26, 34), "blue": (34, 62, 176)}[stamp.split()[0]]
        over = np.full_like(image, 255)
        if stamp.endswith("ring"):
            cv2.circle(over, (420, 500), 150, colour, 9)
            cv2.putText(over, "SEAL", (340, 520), 0, 2.0, colour, 5)
        else:
            cv2.rectangle(over, (560, 900), (1040, 1040), colour, 6)
            cv2.putText(over, "FOR USE ONLY", (590, 990), 0, 1.8, colour, 5)
        image = np.asarray(image * (over / 255.0), np.uint8)
    return image


@pytest.mark.parametrize(
    ("stamps", "found"),
    [
        ((), []),
        (("red ring",), [("round", "red")]),
        (("blue frame",), [("rectangle", "blue")]),
        (("red ring", "blue frame"), [("round", "red"), ("rectangle", "blue")]),
    ],
)
def test_imprints_have_shape_and_colour(stamps: tuple[str, ...], found: list[tuple[str, str]]) -> None:
    assert [(imprint.shape, imprint.colour) for imprint in find_imprints(page(*stamps))] == found


def test_a_seal_in_the_shade_is_found() -> None:
    """A letter photographed half in shadow counted as not sealed."""
    shade = np.where(np.arange(1200) > 100, 0.17, 1.0)
    (seal,) = marks_on((page("red ring") * shade[None, :, None]).astype(np.uint8), [], POINTS)[:1]
    assert (seal.kind, seal.shape, seal.colour) == (MarkKind.SEAL, "round", "red")


def bound(part: float, *, left: bool = False, fan: int = 0) -> Image:
    """A page with that part of a seal of 44 mm across its edge; of pages spread like a fan, with the last `fan` pixels of it."""
    over = np.full((1600, 1800, 3), 255, np.uint8)
    middle = (round(1200 + 120 * (1 - 2 * part)), 800)
    cv2.circle(over, middle, 120, (214, 26, 34), 7)
    cv2.putText(over, "*", (middle[0] - 30, 840), 0, 3.0, (214, 26, 34), 8)
    for turn in range(-160, 161, 20):  # letters of a name on an arc
        x, y = (round(m + 92 * float(f(np.radians(turn)))) for m, f in zip(middle, (np.sin, np.cos), strict=True))
        cv2.putText(over, "X", (x - 12, y + 12), 0, 1.0, (214, 26, 34), 4)
    if fan:
        over[:, : 1200 - fan] = 255
    sheet = np.asarray(page() * (over[:, :1200] / 255.0), np.uint8)
    return np.ascontiguousarray(sheet[:, ::-1]) if left else sheet


def test_a_date_whose_last_sign_a_seal_hid_is_whole_where_another_reading_has_it() -> None:
    short, other, lost = ("2022年12月04", 0.999), ("2022年1月04日", 0.857), ("2022年场月04日", 0.785)
    found = believed(*(Reading(*each) for each in (other, short, short, lost)))
    assert (found.text, found.other) == ("2022年12月04日", "2022年1月04日")
    # Where none has it, 30 may be 3 and a 日 that was taken for a 0.
    alone = Reading("2022年12月30", 0.99)
    assert believed(alone, alone, alone, alone).text == "2022年12月30"


@pytest.mark.parametrize("left", [False, True])
@pytest.mark.parametrize(("part", "fan"), [(0.5, 0), (0.2, 0), (0.55, 0), (0.5, 60), (0.7, 45)])
def test_a_seal_across_the_edges_of_pages_is_found_as_a_part(part: float, fan: int, *, left: bool) -> None:
    (imprint,) = find_imprints(bound(part, left=left, fan=fan))
    assert (imprint.shape, imprint.colour, imprint.is_plain) == ("part", "red", True)
    width = fan or part * 240
    assert abs(imprint.area.width - width) < 12
    assert (imprint.area.left < 6) is left


@pytest.mark.parametrize("left", [False, True])
def test_half_a_seal_on_a_grey_page_is_found_by_its_ring(*, left: bool) -> None:
    grey = np.repeat(cv2.cvtColor(bound(0.5, left=left), cv2.COLOR_RGB2GRAY)[:, :, None], 3, axis=2)
    (imprint,) = find_imprints(grey)
    assert (imprint.shape, imprint.colour) == ("part", "grey")
    assert imprint.area.height == pytest.approx(240, abs=15)


def test_ornaments_at_both_edges_are_no_seal() -> None:
    both = bound(0.4)
    both[:, :600] = both[:, :599:-1]
    assert find_imprints(both) == []


def test_seals_that_lie_on_each_other_are_found_one_by_one() -> None:
    image = page()
    over = np.full_like(image, 255)
    for x, y in (middles := ((400, 500), (420, 590), (350, 690), (460, 730))):
        cv2.circle(over, (x, y), 108, (214, 26, 34), 7)
        for turn in range(-100, 101, 25):  # letters of a name on an arc
            letter = (round(x + 82 * np.sin(np.radians(turn))), round(y - 82 * np.cos(np.radians(turn))))
            cv2.drawMarker(over, letter, (214, 26, 34), cv2.MARKER_TILTED_CROSS, 24, 5)
    found = find_imprints(np.asarray(image * (over / 255.0), np.uint8))
    assert [(one.shape, one.colour) for one in found] == [("round", "red")] * 4
    places = sorted(((one.area.left + one.area.right) / 2, (one.area.top + one.area.bottom) / 2) for one in found)
    assert np.abs(np.subtract(places, sorted(middles))).max() < 12


def test_a_seal_of_a_page_without_colour_is_found_by_its_ring() -> None:
    grey = np.repeat(cv2.cvtColor(page("red ring"), cv2.COLOR_RGB2GRAY)[:, :, None], 3, axis=2)
    (imprint,) = find_imprints(grey)
    assert (imprint.shape, imprint.colour) == ("round", "grey")
    assert imprint.area.width == pytest.approx(300, abs=30)


def test_ink_is_taken_off_and_print_stays() -> None:
    stamped, clean = page("red ring", "blue frame"), page()
    areas = [imprint.area.expanded(6, 6) for imprint in find_imprints(stamped)]
    clear, opaque = cleared(stamped, areas)
    assert opaque == []
    print_ = clean.max(axis=2) < 100
    for area in areas:
        below = area.of(print_.astype(np.uint8)) > 0
        tones = area.of(clear).max(axis=2)
        assert tones[below].mean() < 110
        assert (tones[~below] > 200).mean() > 0.93
    assert cleared(clean, [])[0] is clean


def test_a_seal_in_grey_is_taken_off_where_it_is_lighter_than_print() -> None:
    tones = cv2.cvtColor(page("red ring"), cv2.COLOR_RGB2GRAY)
    grey, clean = (np.repeat(tone[:, :, None], 3, axis=2) for tone in (tones, cv2.cvtColor(page(), cv2.COLOR_RGB2GRAY)))
    (area,) = (imprint.area.expanded(6, 6) for imprint in find_imprints(grey))
    clear, opaque = cleared(grey, [area])
    below = area.of(clean)[:, :, 0] < 100
    assert opaque == []
    assert area.of(clear)[:, :, 0][below].mean() < 110
    assert (area.of(clear)[:, :, 0][~below] > 200).mean() > 0.93


@needs_fonts
@pytest.mark.parametrize("seed", [1, 2])
def test_dates_under_a_seal_in_grey_are_read(certificate: bytes, seed: int) -> None:
    tones = cv2.cvtColor(scanned(certificate, "strong", seed, 200)[0], cv2.COLOR_RGB2GRAY)
    page = read_scan(np.repeat(tones[:, :, None], 3, axis=2), POINTS, engine())
    said = "".join("".join(word.text.split()) for word in page.words)
    assert {"2025年04月13日", "2031年04月12日"} <= set(re.findall(r"\d{4}年\d\d月\d\d日", said))


@pytest.mark.parametrize("tone", [0, 128, 255])
def test_a_patch_of_one_tone_is_cleared_without_harm(tone: int) -> None:
    for colour in ((tone, tone, tone), (tone, 0, 0)):
        flat = np.full((80, 60, 3), colour, np.uint8)
        clear, _ = cleared(flat, [Area(5, 5, 50, 50)])
        assert clear.shape == flat.shape


def test_a_seal_as_dark_as_print_stays() -> None:
    copied = np.where(page("red ring").min(axis=2, keepdims=True) < 128, 0, 255).astype(np.uint8).repeat(3, axis=2)
    (area,) = (imprint.area.expanded(6, 6) for imprint in find_imprints(copied))
    clear, opaque = cleared(copied, [area])
    assert clear is copied
    assert opaque == [area]


@needs_fonts
def test_seals_and_stamps_are_read_and_fields_under_them_flagged(certificate: bytes) -> None:
    sheets = worn(certificate, parse_wears("stamp:medium"), 2)
    picture = sheets[0].picture
    marks = with_texts(marks_on(picture, [], POINTS), picture, POINTS, engine())
    texts = {mark.kind: mark.text for mark in marks if mark.text}
    assert texts == {MarkKind.SEAL: "海南省市场监督管理局", MarkKind.STAMP: "仅供资质认定申请使用 再次复印无效"}
    (paper,) = parse(read(filed([picture], ".pdf", 92), "a.pdf", engine))
    assert isinstance(paper, CmaCertificate)
    assert FLAG in paper.issued_on.flags
    assert FLAG in paper.expires_on.flags
    assert FLAG not in paper.number.flags


@pytest.mark.parametrize(
    ("box", "origin", "hit"),
    [
        (Box(0, 90, 200, 110), Origin.OCR, True),
        (Box(0, 90, 200, 110), Origin.TEXT, False),
        (Box(0, 52, 60, 58), Origin.OCR, False),  # in the corner of the box, outside the disc
        (Box(300, 90, 400, 110), Origin.OCR, False),
    ],
)
def test_only_what_was_recognised_under_the_disc_is_flagged(box: Box, origin: Origin, hit: bool) -> None:
    seal = Mark(MarkKind.SEAL, Box(50, 50, 150, 150), "round", "red")
    document = Document("a", "0", "image/png", 1, (Page(1, 500.0, 500.0, (), (), Origin.OCR, marks=(seal,)),))
    field = Field("x", "x", (Region("0", 1, box),), 0.9, origin)
    assert (FLAG in flagged((field,), document)[0].flags) is hit


def test_a_whole_date_is_believed_before_half_of_one() -> None:
    half, whole = Reading("2031年0020日", 0.98), Reading("2031年09月20日", 0.7)
    won = believed(half, half, half, whole)
    assert (won.text, won.other) == (whole.text, half.text)
    assert won.confidence < 0.55


def test_what_only_the_line_with_its_seal_denies_is_nearly_as_sure() -> None:
    read = Reading("2026年10月23日", 0.999)
    noisy, sure = Reading("2026年10月234日", 0.89), Reading("2025年10月23日", 0.98)
    assert believed(read, read, read, noisy).confidence > 0.95
    assert believed(read, read, read, noisy).other == noisy.text
    assert believed(read, read, read, sure).confidence < 0.8
    assert believed(read, read, noisy, noisy).confidence < 0.8


def test_most_believed_reading_wins_and_the_other_is_kept() -> None:
    three, two = Reading("2024年03月14日", 0.9), Reading("2024年02月14日", 0.95)
    won = believed(three, Reading("2024年03月14日", 0.8), two, two)
    assert (won.text, won.other) == (three.text, two.text)
    assert won.confidence < 0.85
    same = believed(three, three, three, three)
    assert (same.text, same.other) == (three.text, "")
    assert 0.85 < same.confidence < 0.9
    assert believed(Reading("", 0.0), Reading(" ", 0.1), Reading("", 0.0), two).text == two.text
    assert agreed(three, two).other == three.text


def test_a_field_shows_the_other_reading_of_its_part() -> None:
    word = Word("有效期至：2031年04月12日", Box(0, 0, 150, 10), 0.7, Origin.OCR, "有效期至：2031年04月17日")
    value = part(word, 5, len(word.text))
    assert value.other == "2031年04月17日"
    assert part(word, 0, 5).other == ""
    field = Passage.of([value], 1).field("0", str)
    assert (field.value, field.other) == ("2031年04月12日", "2031年04月17日")
    assert field.map(len).other == field.other


def test_pale_letters_aslant_are_bleached() -> None:
    clean = page()
    veil = np.full_like(clean, 255)
    for y in range(100, 1600, 200):
        cv2.putText(veil, "COPY COPY COPY", (100, y), 0, 3.0, (150, 150, 150), 9)
    crossed = np.asarray(clean * (veil / 255.0), np.uint8)
    print_ = clean.max(axis=2) < 100
    tones = bleached(crossed)[:, :, 0]
    assert (tones[~cv2.dilate(print_.astype(np.uint8), np.ones((5, 5))).astype(bool)] > 200).mean() > 0.98
    assert tones[print_].mean() < 90


@pytest.mark.parametrize(("tone", "residue"), [(190, True), (160, True), (90, False), (20, False)])
def test_what_a_seal_leaves_is_paler_than_print(tone: int, residue: bool) -> None:
    line = np.full((30, 120, 3), 252, np.uint8)
    cv2.putText(line, "0214", (10, 24), 0, 0.8, (tone,) * 3, 2, cv2.LINE_AA)
    assert is_residue(line, np.where(line[:, :, 0] < 240, 255, 0).astype(np.uint8)) is residue


def test_print_under_coloured_ink_is_not_bleached() -> None:
    """Files store colour more coarsely than brightness, so thin strokes under red ink are red and dark."""
    clean = np.full((400, 1200, 3), 252, np.uint8)
    cv2.putText(clean, "2024-08-04 0386938", (120, 220), 0, 1.6, (20, 20, 20), 1, cv2.LINE_AA)
    over = np.full_like(clean, 255)
    cv2.line(over, (100, 215), (700, 190), (214, 26, 34), 12)
    stored = cv2.imencode(
        ".jpg", np.asarray(clean * (over / 255.0), np.uint8)[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80]
    )
    sealed = np.ascontiguousarray(cv2.imdecode(stored[1], cv2.IMREAD_COLOR)[:, :, ::-1])
    tones = bleached(np.asarray(sealed, np.uint8))[:, :, 0]
    inked, print_ = over.min(axis=2) < 255, clean.max(axis=2) < 100
    assert tones[inked & print_].mean() < 35
    assert (tones[inked & ~cv2.dilate(print_.astype(np.uint8), np.ones((5, 5))).astype(bool)] > 200).mean() > 0.97


def test_lines_aslant_tell_a_watermark() -> None:
    level = np.array([[0, 0], [200, 0], [200, 20], [0, 20]], np.float32)
    turn = cv2.getRotationMatrix2D((100, 10), 30, 1.0)
    aslant = cv2.transform(level[None], turn)[0].astype(np.float32)
    assert is_crossed([aslant] * 4)
    assert not is_crossed([level] * 20 + [aslant] * 3)


def aslant(image: Image, drawn: Image, angle: float = 30.0) -> Image:
    """The page with what is drawn on white laid over it, turned anticlockwise."""
    turn = cv2.getRotationMatrix2D((image.shape[1] / 2, image.shape[0] / 2), angle, 1.0)
    turned = cv2.warpAffine(drawn, turn, (image.shape[1], image.shape[0]), borderValue=(255, 255, 255))
    return np.asarray(image * (turned / 255.0), np.uint8)


@pytest.mark.parametrize("tone", [120, 170])
def test_a_watermark_over_a_table_is_told_by_its_strokes(tone: int) -> None:
    table = page()
    for y in range(260, 1500, 60):
        table[y : y + 2, 100:1100] = 40
    table[260:1500, 400:402] = 40
    assert not has_strokes_aslant(table)
    letters = np.full_like(table, 255)
    for y in range(100, 1600, 220):
        cv2.putText(letters, "HEFT TILT HEFT", (0, y), 0, 3.5, (tone,) * 3, 12)
    assert has_strokes_aslant(aslant(table, letters))
    fringes = np.full_like(table, 255)
    fringes[:] = (255 - 60 * (np.arange(table.shape[0]) // 12 % 2)).astype(np.uint8)[:, None, None]
    assert not has_strokes_aslant(aslant(table, fringes))


def test_a_page_full_of_coloured_noise_has_no_seals_and_takes_no_longer_for_it() -> None:
    noise = np.random.default_rng(4).integers(0, 256, (766, 574, 3)).astype(np.uint8)
    assert find_imprints(noise) == []
