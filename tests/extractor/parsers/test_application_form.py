"""Application forms: blanks that are meant to be blank."""

import pytest

from extractor.parsers import parse
from models.papers import ApplicationForm
from tests.extractor.pages import document, page


def form(owner: str, certificate: str) -> ApplicationForm:
    face = page(
        [
            (200, 100, "检验检测机构资质认定申请书"),
            (80, 200, "机构名称：海南椰风检测技术有限公司"),
            (80, 230, "统一社会信用代码：91460000MA5TE5T076"),
            (80, 260, f"所属法人单位名称：{owner}"),
            (80, 290, f"原证书编号：{certificate}"),
        ],
        width=595,
        height=842,
    )
    found = [paper for paper in parse(document(face)) if isinstance(paper, ApplicationForm)]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("stroke", ["/", "／", "—", "无", "1", "l", "|", "丨"])
def test_a_stroke_is_nobodys_name_however_it_was_recognised(stroke: str) -> None:
    blank = form(stroke, stroke)
    assert blank.legal_entity is None
    assert blank.cma_number is None


def test_what_is_stated_is_kept() -> None:
    stated = form("海南椰风集团有限公司", "222112050321")
    assert stated.legal_entity is not None
    assert stated.legal_entity.name.value == "海南椰风集团有限公司"
    assert stated.cma_number is not None
    assert stated.cma_number.value == "222112050321"
