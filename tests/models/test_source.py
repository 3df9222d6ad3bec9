"""What the QR codes of a paper name."""

import pytest

from models.field import Region
from models.layout import Box
from models.papers import PaperSource


@pytest.mark.parametrize(
    ("payload", "numbers"),
    [
        ("https://www.gsxt.gov.cn/%7B91460000MA7LRCD60H%7D", ("91460000MA7LRCD60H",)),
        ("http://www.gsxt.gov.cn/index.html?uniscid=91440101MA5CM85X0A", ("91440101MA5CM85X0A",)),
        ('{"ei":"91460000ma7lrcd60h","ei2":"91460000MA7LRCD60H"}', ("91460000MA7LRCD60H",)),
        ("https://www.cnas.org.cn/query?no=CNAS%20L0867", ("CNAS L0867",)),
        ("CNAS L0867 91460000MA7LRCD60H", ("91460000MA7LRCD60H", "CNAS L0867")),
        ("91460000MA7LRCD60J L0867", ()),
        ("", ()),
        ("A" * 4296, ()),
    ],
)
def test_numbers_in_codes(payload: str, numbers: tuple[str, ...]) -> None:
    source = PaperSource("a.pdf", "0" * 64, (1,), barcodes=(Region("0" * 64, 1, Box(0, 0, 1, 1), payload),))
    assert source.coded_numbers == numbers


def test_without_codes() -> None:
    assert PaperSource("a.pdf", "0" * 64, (1,)).coded_numbers == ()
