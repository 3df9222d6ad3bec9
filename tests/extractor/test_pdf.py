"""Each quirk of PDF files in a file drawn for it: what comes out is what one sees on the page."""

import io
import random

import numpy as np
import pytest
from reportlab.lib import pdfencrypt
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extractor import pdfium_drawing
from extractor.pdf import DigitalPage, open_pdf
from extractor.tables import build
from models import errors
from models.layout import Direction
from tests.extractor.drawn import file, pdf, rules, stream, text

XS, YS = [50.0, 150.0, 250.0], [100.0, 140.0, 180.0]
TABLE = rules(XS, YS) + text(55, 165, "a") + text(155, 165, "b") + text(55, 115, "c") + text(155, 115, "d")


def read(data: bytes, number: int = 1) -> DigitalPage:
    with open_pdf(data) as opened:
        return opened.read_page(number)


def cells(data: bytes) -> list[list[str]]:
    """The texts of the only table, covered positions included."""
    page = read(data)
    (table,), _ = build(page.words, page.rulings)
    return [[cell.text for cell in row] for row in table.grid()]


def words(data: bytes) -> list[str]:
    return [word.text for word in read(data).words]


# --- where things stand ------------------------------------------------------------------------------------------------


def test_words_and_rules_stand_in_displayed_points() -> None:
    page = read(pdf(text(50, 200, "Hello", size=10) + b"50 100 m 250 100 l S"))
    assert (page.number, page.width, page.height) == (1, 400.0, 300.0)
    (word,) = page.words
    assert word.text == "Hello"
    assert (word.box.x0, word.box.centre[1]) == pytest.approx((50, 300 - 200 - 4), abs=0.5)  # baseline raised by 0.4 em
    (rule,) = page.rulings
    assert rule.direction is Direction.HORIZONTAL
    assert (rule.position, rule.start, rule.end) == pytest.approx((200, 50, 250), abs=1.1)


@pytest.mark.parametrize(
    ("turn", "matrix"),
    [
        (90, "0 1 -1 0 300 0"),  # what undoes the turn: the page then reads upright
        (180, "-1 0 0 -1 400 300"),
        (270, "0 -1 1 0 0 400"),
    ],
)
def test_a_rotated_page_reads_as_it_is_displayed(turn: int, matrix: str) -> None:
    box = "0 0 400 300" if turn == 180 else "0 0 300 400"
    data = pdf(f"q {matrix} cm\n".encode() + TABLE + b"Q", page=f"/MediaBox [{box}] /Rotate {turn}".encode())
    page = read(data)
    assert (page.width, page.height) == (400.0, 300.0)
    assert cells(data) == [["a", "b"], ["c", "d"]]
    (table,), outside = build(page.words, page.rulings)
    assert outside == ()
    assert (table.box.x0, table.box.top, table.box.x1, table.box.bottom) == pytest.approx((50, 120, 250, 200), abs=1)
    assert not page.unsound


def test_text_that_a_rotated_page_turns_on_its_side_is_unsound() -> None:
    page = read(pdf(text(50, 200, "sideways"), page=b"/MediaBox [0 0 400 300] /Rotate 90"))
    assert page.unsound
    assert "turned_text" in page.notes
    assert [word.text for word in page.words] == ["sideways"]


def test_a_crop_box_moves_the_origin_and_hides_what_is_outside() -> None:
    data = pdf(TABLE + text(5, 290, "hidden"), page=b"/MediaBox [0 0 400 300] /CropBox [40 50 300 200]")
    page = read(data)
    assert (page.width, page.height) == (260.0, 150.0)
    assert cells(data) == [["a", "b"], ["c", "d"]]
    assert "hidden" not in [word.text for word in page.words]
    assert min(r.start for r in page.rulings) == pytest.approx(10, abs=1.1)


def test_boxes_that_a_page_inherits_count() -> None:
    data = pdf(TABLE, page=b"").replace(
        b"/Type /Pages", b"/Type /Pages /MediaBox [0 0 400 300] /CropBox [40 50 300 200]"
    )
    assert read(data).width == 260.0
    assert cells(data) == [["a", "b"], ["c", "d"]]


def test_forms_within_forms_are_read_through_their_matrices() -> None:
    inner = stream(
        TABLE,
        b"/Type /XObject /Subtype /Form /BBox [0 0 400 300] /Matrix [0.5 0 0 0.5 10 20] /Resources << /Font << /F1 50 0 R >> >>",
    )
    outer = stream(
        b"q 1.6 0 0 1.6 0 0 cm /X Do Q",
        b"/Type /XObject /Subtype /Form /BBox [0 0 400 300] /Matrix [1 0 0 1 5 0] /Resources << /XObject << /X 100 0 R >> >>",
    )
    data = pdf(b"q 1 0 0 1 0 7 cm /Outer Do Q", xobjects={"Outer": outer}, extra={100: inner})
    assert cells(data) == [["a", "b"], ["c", "d"]]
    page = read(data)
    assert min(r.start for r in page.rulings if r.direction is Direction.HORIZONTAL) == pytest.approx(
        (50 * 0.5 + 10) * 1.6 + 5, abs=1.1
    )


def test_a_form_that_holds_itself_ends() -> None:
    form = stream(
        b"/X Do " + text(50, 200, "once"),
        b"/Type /XObject /Subtype /Form /BBox [0 0 400 300] /Resources << /XObject << /X 52 0 R >> /Font << /F1 50 0 R >> >>",
    )
    assert "once" in " ".join(words(pdf(b"/X Do", xobjects={"X": form})))


def test_what_is_filled_in_or_stamped_on_is_read_too() -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 300))
    canvas.drawString(50, 205, "Name")
    canvas.acroForm.textfield(name="name", value="Nanhai Lab", x=100, y=200, width=200, height=20, fontSize=10)
    canvas.save()
    with open_pdf(buffer.getvalue()) as opened:
        assert opened.raster(1, 36).shape == (150, 200, 3)
        for _ in range(2):
            assert sorted(word.text for word in opened.read_page(1).words) == ["Name", "Nanhai Lab"]
        assert opened.raster(1, 36).shape == (150, 200, 3)


# --- rules -------------------------------------------------------------------------------------------------------------

_BARS = b"".join(b"50 %g 200 0.5 re f\n" % (y - 0.25) for y in YS) + b"".join(
    b"%g 100 0.5 80 re f\n" % (x - 0.25) for x in XS
)
_ONE_PATH = (
    b"".join(b"50 %g m 250 %g l\n" % (y, y) for y in YS)
    + b"".join(b"%g 100 m %g 180 l\n" % (x, x) for x in XS)
    + b"S\n"
)
_ONE_FILL = _BARS.replace(b" f\n", b"\n") + b"f\n"
_BOXES = b"".join(b"%g %g 100 40 re S\n" % (x, y) for x in XS[:2] for y in YS[:2])
_PIECES = b"".join(b"%g %g m %g %g l S\n" % (x, y, x + 25, y) for y in YS for x in range(50, 250, 25)) + b"".join(
    b"%g %g m %g %g l S\n" % (x, y, x, y + 20) for x in XS for y in range(100, 180, 20)
)
_DASHED = b"[2 2] 0 d\n" + _ONE_PATH
_DOUBLE = (
    _ONE_PATH + b"".join(b"50 %g m 250 %g l S\n" % (y + 2.6, y + 2.6) for y in YS) + b"147.5 100 m 147.5 180 l S\n"
)
_BACKGROUND = b"0.9 g 50 140 100 40 re f 152 100 90 30 re f 0 g\n" + _ONE_PATH
_UNDERLINES = _ONE_PATH + b"160 160 m 200 160 l S 55 112 60 0.5 re f\n"


@pytest.mark.parametrize(
    "drawing",
    [_BARS, _ONE_PATH, _ONE_FILL, _BOXES, _PIECES, _DASHED, _DOUBLE, _BACKGROUND, _UNDERLINES],
    ids=["bars", "one path", "one filled path", "boxes", "pieces", "dashed", "double", "backgrounds", "underlines"],
)
def test_rules_however_they_are_drawn_make_one_table(drawing: bytes) -> None:
    letters = text(55, 165, "a") + text(155, 165, "b") + text(55, 115, "c") + text(155, 115, "d")
    assert cells(pdf(drawing + letters)) == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize(
    "drawing", [_ONE_PATH, _ONE_FILL, b"10 10 m 90 10 l 90 90 l h 20 20 50 30 re 5 5 m 9 80 70 9 60 5 c 60 95 l S\n"]
)
def test_a_path_is_the_same_read_at_once_or_point_by_point(drawing: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = read(pdf(drawing)).rulings
    monkeypatch.setattr(pdfium_drawing, "_POINT", np.dtype(np.uint8))  # no path is kept like that
    assert at_once == read(pdf(drawing)).rulings != ()


def test_backgrounds_alone_are_no_rules() -> None:
    page = read(pdf(b"0.8 g 50 140 100 40 re f 150 140 100 40 re f 50 100 200 40 re f 0 g"))
    assert page.rulings == ()


def test_pictures_are_reported_with_their_boxes() -> None:
    image = stream(
        b"\x00" * 3, b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceRGB"
    )
    page = read(pdf(b"q 60 0 0 40 100 200 cm /I Do Q", xobjects={"I": image}))
    (box,) = page.images
    assert (box.x0, box.top, box.x1, box.bottom) == pytest.approx((100, 60, 160, 100))


# --- characters into words -----------------------------------------------------------------------------------------------


def test_content_order_does_not_matter() -> None:
    parts = [text(50 + 7 * i, 200, letter, font="F2", size=11) for i, letter in enumerate("GB/T5009.3")]
    assert words(pdf(b"".join(parts))) == ["GB/T5009.3"]
    shuffled = [parts[i] for i in (7, 2, 9, 0, 4, 1, 8, 3, 6, 5)]
    assert words(pdf(b"".join(shuffled))) == ["GB/T5009.3"]


def test_cells_drawn_in_any_order_keep_their_texts() -> None:
    letters = [text(155, 115, "d"), text(55, 165, "a"), text(55, 115, "c"), text(155, 165, "b")]
    assert cells(pdf(b"".join(letters) + rules(XS, YS))) == [["a", "b"], ["c", "d"]]


def test_gaps_make_spaces_where_no_space_is_drawn() -> None:
    shown = b"BT /F1 10 Tf 50 200 Td [(CNAS) -300 (L0867) -60 (X)] TJ ET"
    assert words(pdf(shown)) == ["CNAS L0867X"]


def test_drawn_spaces_stay_between_latin_words() -> None:
    assert words(pdf(text(50, 200, "GB 5009.3 only"))) == ["GB 5009.3 only"]


def test_a_wide_gap_ends_a_word() -> None:
    assert words(pdf(b"BT /F1 10 Tf 50 200 Td [(left) -3000 (right)] TJ ET")) == ["left", "right"]


def test_a_rule_ends_a_word_that_is_one_text_object() -> None:
    data = pdf(rules([50, 110.6, 171.2], [190, 215]) + text(52, 200, "0123456789abcd000000", font="F2", size=9.767))
    # Courier is 0.6 em wide: ten letters end at the rule, within a tenth of a letter
    assert words(data) == ["0123456789", "abcd000000"]


def test_text_that_strays_over_a_rule_stays_whole_in_the_cell_of_its_middle() -> None:
    data = pdf(rules(XS, [190, 215]) + text(70, 200, "a long standard 17"[:18]))
    assert cells(data) == [["a long standard 17", ""]]


def test_a_line_that_touches_a_horizontal_rule_belongs_above_it() -> None:
    data = pdf(rules(XS, YS) + text(55, 141, "gap", size=14) + text(155, 128, "Ay", size=14))
    assert cells(data) == [["gap", ""], ["", "Ay"]]


def test_bold_that_is_drawn_twice_is_read_once() -> None:
    twice = text(50, 200, "11 bottles") + text(50.4, 200, "11 bottles") + text(50.2, 200.2, "11 bottles")
    assert words(pdf(twice)) == ["11 bottles"]


def test_equal_letters_side_by_side_are_not_taken_for_bold() -> None:
    parts = [text(50 + 2.3 * i, 200, "l") for i in range(4)]
    assert words(pdf(b"".join(parts))) == ["llll"]


def test_one_text_object_a_character_makes_the_same_words() -> None:
    width = {"C": 7.22, "N": 7.22, "A": 6.67, "S": 6.67}
    x, parts = 50.0, []
    for letter in "CNAS":
        parts.append(text(x, 200, letter))
        x += width[letter]
    assert words(pdf(b"".join(parts))) == ["CNAS"]


def test_a_hyphen_at_the_end_of_a_line_stays_a_hyphen() -> None:
    data = pdf(rules(XS, YS) + text(55, 165, "GB/T 5009.3-") + text(55, 150, "2016"))
    assert cells(data)[0][0] == "GB/T 5009.3-2016"
    assert words(data) == ["GB/T 5009.3-", "2016"]


def test_a_ligature_keeps_all_its_letters() -> None:
    cmap = stream(
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n"
        b"3 beginbfchar <41> <00660066> <42> <0041> <43> <D842DFB7> endbfchar endcmap end end"
    )
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /ToUnicode 100 0 R >>"
    # 'A' is a ligature of two f; 'B' is an A; 'C' a character beyond the first plane
    assert words(pdf(text(50, 200, "BABC", font="F3"), fonts={"F3": font}, extra={100: cmap})) == ["AffA\U00020bb7"]


def test_raised_figures_read_in_their_place() -> None:
    data = pdf(rules(XS, YS) + text(55, 160, "m") + text(63.5, 164, "3", size=6) + text(67, 160, "/h"))
    assert cells(data)[0][0] == "m3/h"


def test_chinese_without_an_embedded_font() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 300))
    canvas.setFont("STSong-Light", 10)
    canvas.drawString(50, 200, "食品 中水分的测定 GB 5009.3-2016")
    canvas.save()
    page = read(buffer.getvalue())
    assert [word.text for word in page.words] == ["食品中水分的测定 GB 5009.3-2016"]
    assert page.notes == ("font_not_embedded",)
    assert not page.unsound


# --- is the text layer sound? --------------------------------------------------------------------------------------------

_GREY = stream(
    b"\x80", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray"
)
_FULL = b"q 400 0 0 300 0 0 cm /I Do Q\n"
_LINES = b"".join(text(20, 280 - 12 * i, "a line of the certificate and of its annex") for i in range(10))


def test_an_invisible_layer_over_a_picture_is_unsound() -> None:
    hidden = b"".join(text(20, 280 - 12 * i, "recognised once, nobody knows how", before="3 Tr") for i in range(10))
    page = read(pdf(_FULL + hidden, xobjects={"I": _GREY}))
    assert page.unsound
    assert "invisible_text" in page.notes
    assert len(page.words) == 10


def test_invisible_words_among_visible_ones_are_left_out() -> None:
    page = read(pdf(_LINES + text(20, 20, "not shown", before="3 Tr")))
    assert not page.unsound
    assert "invisible_text" in page.notes
    assert "not shown" not in [word.text for word in page.words]


def test_visible_text_over_a_picture_is_sound_and_under_it_is_not() -> None:
    assert not read(pdf(_FULL + _LINES, xobjects={"I": _GREY})).unsound
    under = read(pdf(_LINES + _FULL, xobjects={"I": _GREY}))
    assert under.unsound
    assert "text_under_picture" in under.notes


def test_a_stamp_on_a_scan_does_not_make_it_digital() -> None:
    page = read(pdf(_FULL + text(20, 20, "page 1 of 3"), xobjects={"I": _GREY}))
    assert page.unsound
    assert "picture_page" in page.notes


def test_characters_without_a_meaning_are_unsound() -> None:
    cmap = stream(
        b"begincmap 1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <20> <7E> <E020> endbfrange endcmap"
    )
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 100 0 R >>"
    page = read(pdf(text(50, 200, "private", font="F3"), fonts={"F3": font}, extra={100: cmap}))
    assert page.unsound
    assert "no_unicode_map" in page.notes


def test_a_font_without_a_unicode_map_is_unsound() -> None:
    descendant = (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Lost /FontDescriptor 101 0 R /DW 1000 "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
    )
    descriptor = (
        b"<< /Type /FontDescriptor /FontName /Lost /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 "
        b"/Ascent 900 /Descent -100 /CapHeight 700 /StemV 80 >>"
    )
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /Lost /Encoding /Identity-H /DescendantFonts [100 0 R] >>"
    data = pdf(
        b"BT /F3 10 Tf 50 200 Td <012301240125> Tj ET", fonts={"F3": font}, extra={100: descendant, 101: descriptor}
    )
    page = read(data)
    assert page.unsound
    assert "no_unicode_map" in page.notes or "no_text" in page.notes


def test_a_page_without_text_is_unsound_only_if_something_is_drawn() -> None:
    blank, drawn = read(pdf(b"")), read(pdf(b"50 50 m 100 100 l S"))
    assert (blank.notes, blank.unsound) == (("no_text",), False)
    assert (drawn.notes, drawn.unsound) == (("no_text",), True)


# --- files that cannot be used -------------------------------------------------------------------------------------------


def encrypted(user: str) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=pdfencrypt.StandardEncryption(user, ownerPassword="owner", strength=128))
    canvas.drawString(50, 700, "locked")
    canvas.save()
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", errors.EmptyFile),
        (b"no such thing", errors.UnsupportedFile),
        (b" " * 1024 + b"%PDF-1.7", errors.UnsupportedFile),
        (b"%PDF-1.7 and then nothing", errors.CorruptPdf),
        (pdf(TABLE)[:300], errors.CorruptPdf),
        (encrypted("secret"), errors.EncryptedPdf),
    ],
    ids=["no bytes", "no pdf", "mark too late", "mark only", "cut off", "password"],
)
def test_files_that_cannot_be_used_say_so(data: bytes, error: type[errors.InputError]) -> None:
    with pytest.raises(error), open_pdf(data) as opened:
        opened.read_page(1)


def test_a_file_without_pages_is_empty() -> None:
    data = file({1: b"<< /Type /Catalog /Pages 2 0 R >>", 2: b"<< /Type /Pages /Count 0 /Kids [] >>"})
    with pytest.raises(errors.EmptyFile), open_pdf(data):
        pass


def test_an_empty_password_opens() -> None:
    assert words(encrypted("")) == ["locked"]


def test_bytes_before_the_mark_are_tolerated() -> None:
    assert words(b"\n\n" + pdf(text(50, 200, "still"))) == ["still"]


def test_the_page_limit_holds() -> None:
    data = pdf([b"", b"", b""])
    with pytest.raises(errors.TooManyPages), open_pdf(data, max_pages=2):
        pass
    with open_pdf(data, max_pages=3) as opened:
        assert opened.page_count == 3


def test_a_page_that_is_missing_leaves_the_others_readable() -> None:
    data = pdf([text(50, 200, "one"), text(50, 200, "two")]).replace(b"[3 0 R 5 0 R]", b"[3 0 R 9 0 R]")
    with open_pdf(data) as opened:
        assert [word.text for word in opened.read_page(1).words] == ["one"]
        with pytest.raises(errors.CorruptPdf):
            opened.read_page(2)


def test_the_information_dictionary_is_given_as_written() -> None:
    data = file(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 10 10] >>",
            4: b"<< /Producer (Maker) /Creator (Writer) /CreationDate (D:20240102030405) /Title (not asked for) >>",
        },
        trailer=b"/Info 4 0 R",
    )
    with open_pdf(data) as opened:
        assert opened.info == {"producer": "Maker", "creator": "Writer", "created": "D:20240102030405"}


@pytest.mark.parametrize(
    "content",
    [
        b"1e38 0 0 1e38 0 0 cm " + TABLE,
        b"1e-38 0 0 1e-38 0 0 cm " + TABLE,
        b"q 0 0 0 0 0 0 cm " + TABLE + b" Q",
        text(50, 200, "far", before="1e30 Ts") + text(1e30, 1e30, "further") + b"-1e37 -1e37 m 1e37 -1e37 l S",
        text(50, 200, "flat", size=0) + text(50, 200, "back", size=-10),
    ],
)
def test_numbers_beyond_all_bounds_break_nothing(content: bytes) -> None:
    page = read(pdf(content + text(50, 100, "", size=1)))
    build(page.words, page.rulings)
    assert all(0 <= word.box.centre[0] <= 400 for word in page.words)


@pytest.mark.parametrize("boxes", [b"/MediaBox [0 0 0 0]", b"/MediaBox [10 10 5 5]", b"", b"/MediaBox [0 0 400]"])
def test_pages_with_senseless_boxes_are_read(boxes: bytes) -> None:
    page = read(pdf(text(1, 1, "here"), page=boxes))
    assert page.width >= 0


def test_damaged_files_are_read_or_refused_never_more() -> None:
    whole = pdf([TABLE + _BARS, TABLE])
    outcomes = set()
    for seed in range(120):
        rng = random.Random(seed)
        data = bytearray(whole)
        for _ in range(rng.randrange(1, 30)):
            data[rng.randrange(8, len(data))] = rng.randrange(256)
        try:
            with open_pdf(bytes(data)) as opened:
                for number in range(1, opened.page_count + 1):
                    page = opened.read_page(number)
                    build(page.words, page.rulings)
                    outcomes.add("read")
        except errors.InputError as error:
            outcomes.add(error.code)
    assert {"read", "corrupt_pdf"} <= outcomes
