"""QR codes: on drawn and real licences, turned, small, many; and only where papers may carry one."""

from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray

from extractor.barcodes import MOST, barcodes_on
from extractor.classify import classify
from extractor.document import read
from extractor.images import decode
from models.layout import Barcode, Box

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "samples" / "cases"
LICENCES = ROOT.parent / "shared" / "corpus" / "licences"
real = pytest.mark.skipif(not LICENCES.is_dir(), reason="the real documents are not here")


def code(text: str, module: int = 4) -> NDArray[np.uint8]:
    """A QR code, `module` pixels to a module, as an RGB picture."""
    drawn = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=module)
    return np.repeat(np.array(drawn)[:, :, None], 3, axis=2)


def sheet(*placed: tuple[int, int, NDArray[np.uint8]]) -> NDArray[np.uint8]:
    image = np.full((1200, 900, 3), 255, np.uint8)
    for x, y, picture in placed:
        image[y : y + picture.shape[0], x : x + picture.shape[1]] = picture
    return image


def test_what_a_code_says_and_where_it_stands() -> None:
    drawn = code("https://www.cnas.org.cn/?id=检")
    (found,) = barcodes_on(sheet((100, 300, drawn)), 0.5)
    assert (found.text, found.format) == ("https://www.cnas.org.cn/?id=检", "QR")
    middle = Box(50, 150, 50 + drawn.shape[1] / 2, 150 + drawn.shape[0] / 2).centre
    assert found.box.centre == pytest.approx(middle, abs=3)
    assert found.box.width == pytest.approx(drawn.shape[1] / 2, rel=0.25)


def test_codes_from_top_to_bottom_even_turned() -> None:
    image = sheet((500, 700, code("二")), (100, 100, np.rot90(code("一")).copy()))
    assert [c.text for c in barcodes_on(image, 1.0)] == ["一", "二"]


def test_a_code_with_too_few_pixels_is_looked_at_again() -> None:
    text = "https://zzapp.example/ebl?" + "0123456789ABCDEFGHJK" * 8
    small = cv2.resize(code(text, 8), None, fx=0.22, fy=0.22, interpolation=cv2.INTER_AREA)
    image = sheet((300, 300, small))
    plain = zxingcpp.read_barcodes(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), formats=zxingcpp.BarcodeFormat.QRCode)
    found = [c.text for c in barcodes_on(image, 1.0)]
    assert found == [text]
    assert len(plain) <= 1


def test_no_more_than_anyone_wants() -> None:
    drawn = code("1", 2)
    step = drawn.shape[0] + 6
    image = sheet(*((10 + step * (i % 8), 10 + step * (i // 8), drawn) for i in range(48)))
    assert 1 < len(barcodes_on(image, 1.0)) <= MOST


def test_a_blank_page_has_none() -> None:
    assert barcodes_on(sheet(), 1.0) == ()


def test_a_drawn_licence_says_its_credit_code() -> None:
    document = read((CASES / "clean_company_g3" / "营业执照副本.pdf").read_bytes(), "执照.pdf")
    ((_, source),) = classify(document)
    assert [c.text for c in document.pages[0].barcodes or ()] == ["https://www.gsxt.gov.cn/%7B91460000MA7LRCD60H%7D"]
    (evidence,) = source.barcodes
    assert (evidence.document, evidence.page, evidence.text) == (document.sha256, 1, document.pages[0].barcodes[0].text)  # type: ignore[index]


def test_mostly_tables_and_long_documents_are_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    monkeypatch.setattr("extractor.barcodes.barcodes_on", lambda *_: looked.append(1) or ())
    long = read((CASES / "clean_60_page_annex" / "附件.pdf").read_bytes(), "附件.pdf")
    assert long.page_count > 20
    assert not looked
    assert all(page.barcodes is None for page in long.pages)
    short = read((CASES / "clean_company_g3" / "CNAS证书.pdf").read_bytes(), "证书.pdf")
    assert len(looked) == 1
    assert short.pages[0].barcodes == ()


def on_picture(path: Path) -> tuple[Barcode, ...]:
    picture = next(decode(path.read_bytes()))
    return barcodes_on(picture.image, 72.0 / (picture.dpi or 72.0))


@real
@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("cicba_demo_business_01.png", "uniscid=91440101MA5CM85X0A"),
        ("xunhang_electronic_licence_2024.png", '"ei":"91420111MADANHD04J"'),
    ],
)
def test_real_licences(name: str, holds: str) -> None:
    (found,) = on_picture(LICENCES / name)
    assert holds in found.text


@pytest.mark.parametrize("case", ["demo_mixed", "clean_photo_licence"])
def test_photos_of_drawn_licences(case: str) -> None:
    (found,) = on_picture(CASES / case / "营业执照副本.jpg")
    assert found.text.startswith("https://www.gsxt.gov.cn/%7B91")


def test_noise_is_read_in_time() -> None:
    noise = np.random.default_rng(7).integers(0, 2, (1600, 1200, 1), np.uint8) * 255
    assert len(partial(barcodes_on, np.repeat(noise, 3, axis=2))(1.0)) <= MOST
