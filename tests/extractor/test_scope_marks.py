"""Recognised scopes: marks and fixed sentences put right, all else left as it was read."""

import pytest

from extractor.scope_marks import mended
from models.field import Field
from models.layout import Origin

LICENSED = "（依法须经批准的项目，经相关部门批准后方可开展经营活动，具体经营项目以相关部门批准文件或许可证件为准）"
GENERAL = "（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）"
STANDARD = f"许可项目：检验检测服务；室内环境检测{LICENSED}一般项目：标准化服务；技术开发、技术咨询{GENERAL}"


def read(text: str, confidence: float = 0.8, origin: Origin = Origin.OCR) -> Field[str]:
    return Field(text, text, (), confidence, origin)


@pytest.mark.parametrize(
    ("misread", "why"),
    [
        (STANDARD.replace("服务；室内", "服务：室内"), "a colon stands behind headings only"),
        (STANDARD.replace("；", ":"), "all of them"),
        (STANDARD.replace("开发、技术", "开发·技术"), "parts of an entry are joined by 、"),
        (STANDARD.replace("的项目，经", "的项目·经"), "clauses of a sentence are joined by ，"),
        (STANDARD.replace("的项目外，凭", "的项目外、凭"), "in its second sentence, too"),
        (STANDARD.replace("许可项目：", "许可项目；"), "a heading ends with a colon"),
        (STANDARD.replace("一般项目：", "一般项目；"), "so does the second one"),
        (STANDARD.replace("（依法须", "（依法频"), "a sentence that registration adds"),
        (STANDARD.replace("除依法", "除依2法"), "a scrap of a watermark in it"),
        (STANDARD.replace("许可证件为准", "许可证仵为"), "two letters of a long one"),
        (STANDARD.removesuffix("）"), "its last bracket"),
        (f"s{STANDARD}", "a small letter before it"),
    ],
)
def test_marks_and_sentences_are_put_right(misread: str, why: str) -> None:
    scope = mended(read(misread))
    assert scope.value == STANDARD, why
    assert scope.text == misread
    assert scope.flags == ("repaired",)
    assert scope.confidence == 0.8


@pytest.mark.parametrize(
    "scope",
    [
        STANDARD,
        "许可项目：检验检测服务（依法需经批准的项目，经相关部门批准后方可开展经营活动）",  # printed with 需 as well
        "销售：电子产品、仪器仪表；批发：化工产品",  # the old form, with colons of its own
        "环境检测：水、气、声",
        "一般项目：检测仅器销售（",  # no sentence, no mark
        "为社会提供检验检测服务·认证服务",
        "",
    ],
)
def test_what_may_be_printed_so_stays(scope: str) -> None:
    assert mended(read(scope)) == read(scope)


def test_letters_that_were_read_with_certainty_stay() -> None:
    printed = STANDARD.replace("（依法须", "（依法频")
    assert mended(read(printed, confidence=0.99)).value == printed


def test_marks_are_put_right_however_sure_they_were() -> None:
    assert mended(read(STANDARD.removesuffix("）"), confidence=0.99)).value == STANDARD
    assert mended(read(STANDARD.replace("服务；室内", "服务：室内"), confidence=0.99)).value == STANDARD


def test_what_a_file_says_itself_stays() -> None:
    printed = read(STANDARD.replace("服务；室内", "服务：室内"), origin=Origin.TEXT)
    assert mended(printed) is printed
    nothing: Field[str] = Field(None, "", (), 0.0, Origin.OCR)
    assert mended(nothing) is nothing
