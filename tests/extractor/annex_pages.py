"""Pages of CNAS annexes, made of words and tables, and the annex that is parsed from them."""

from extractor.parsers import parse
from models.papers import CnasAnnex
from tests.extractor.pages import document

XS = [40, 70, 140, 170, 250, 300, 560, 640, 700]
HEADER = [
    [
        "序\n号",
        "产品/\n产品类别",
        "项目/参数",
        "",
        "领域\n代码",
        "检测标准（方法）名称及编号（含年号）",
        "限制\n范围",
        "说\n明",
    ],
    [None, None, "序号", "名称", None, None, None, None],
]
TOP = [
    (60.0, 20.0, "ISO/IEC 17025 认可证书"),
    (640.0, 20.0, "CNAS-PD19/06-A/1"),
    (330.0, 40.0, "实 验 室 认 可 证 书 附 件"),
]


def foot(n: int, of: int, number: str = "CNAS L0867") -> list[tuple[float, float, str]]:
    return [(60.0, 570.0, f"No. {number}"), (600.0, 570.0, f"第 {n} 页 共 {of} 页")]


def merged_header(rows: list[list[str | None]]) -> list[list[str | None]]:
    return [*HEADER, *rows]


def annex_of(*pages: object) -> CnasAnnex:
    papers = parse(document(*pages))  # type: ignore[arg-type]
    assert len(papers) == 1, [p.kind for p in papers]
    assert isinstance(papers[0], CnasAnnex)
    return papers[0]
