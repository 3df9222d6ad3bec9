"""The tables of an annex: index, places of work, signatories, testing in three forms, calibration."""

from collections.abc import Sequence
from itertools import accumulate

from samples.generate.draw.flow import Flow
from samples.generate.draw.fonts import HEI, SONG_BOLD, Face
from samples.generate.draw.grid import Column, Grid, HeaderCell, Leaf
from samples.generate.facts import Annex, Capability, MethodStyle, Signatory

Placed = tuple[int, Capability]


def rows_at(rows: Sequence[Capability], section: str, site: str | None, first: int = 0) -> list[Placed]:
    """The rows of a section at a site with their place in the annex; rows without a site stand at every single site."""
    return [(first + i, row) for i, row in enumerate(rows) if row.section == section and row.site in (None, site)]


def testing_table(flow: Flow, annex: Annex, rows: Sequence[Placed]) -> None:
    grid = {"G1": grid_with_codes, "G2": grid_with_codes, "G3": grid_of_today}[annex.generation](annex)
    flow.table(grid, [testing_leaf(grid, annex, place, row, coded=annex.generation != "G3") for place, row in rows])


def testing_leaf(grid: Grid, annex: Annex, place: int, row: Capability, *, coded: bool) -> Leaf:
    """A row of the table; several standards of one cell stand under each other, the limitation beside its own."""
    printed = row.lines(annex.style)
    method_column = 5 if coded else 4
    wrapped = [grid.wrapped(line, method_column) for line in printed]
    beside = row.limitation and len(printed) > 1
    above = sum(len(lines) for lines in wrapped[: row.beside]) if beside else 0
    codes = (row.field_code or "",) if coded else ()
    cells = [row.object_number, row.object, row.parameter_number, row.parameter, *codes]
    lines = [grid.wrapped(cell, n) for n, cell in enumerate(cells)]
    lines.append(tuple(line for part in wrapped for line in part))
    lines.append(("",) * above + grid.wrapped(row.limitation, method_column + 1))
    lines.append(grid.wrapped("" if row.section == "testing" else row.note, method_column + 2))
    from_top = frozenset((method_column, method_column + 1)) if beside else frozenset()
    joints = frozenset(accumulate(len(part) for part in wrapped))
    groups = (row.object_number, row.object), (row.parameter_number, row.parameter)
    return Leaf(tuple(lines), *groups, place, from_top, joints)


def grid_with_codes(annex: Annex) -> Grid:
    """序号, 产品/产品类别, 项目/参数 (序号, 名称), 领域代码, 检测标准(方法)名称及编号(含年号), 限制范围, 说明."""
    widths = (24, 62, 34, 82, 38, 170, 60, 41)
    levels = (0, 0, 1, 1, 1, 2, 2, 2)
    aligns = ("centre", "centre", "centre", "centre", "centre", "left", "left", "left")
    header = (
        HeaderCell(("序", "号"), 0, 0, 2),
        HeaderCell(("产品/", "产品类别") if annex.generation == "G1" else ("检测对象",), 0, 1, 2),
        HeaderCell(("项目/参数",), 0, 2, 1, 2),
        HeaderCell(("序号",), 1, 2),
        HeaderCell(("名称",), 1, 3),
        HeaderCell(("领域", "代码"), 0, 4, 2),
        HeaderCell(("检测标准(方法)名称及", "编号(含年号)"), 0, 5, 2),
        HeaderCell(("限制", "范围"), 0, 6, 2),
        HeaderCell(("说", "明"), 0, 7, 2),
    )
    return Grid(
        tuple(Column(w, level, align) for w, level, align in zip(widths, levels, aligns, strict=True)), header, (20, 20),
        size=9, leading=12.5, carry=annex.carry, ruling=annex.ruling, split_rows=annex.split_rows,
    )  # fmt: skip


def grid_of_today(annex: Annex) -> Grid:
    """序号, 检测对象, 项目/参数 (序号, 名称), 检测标准（方法）, 限制范围, 说明."""
    widths = (30, 72, 40, 90, 170, 68, 41)
    levels = (0, 0, 1, 1, 2, 2, 2)
    aligns = ("centre", "centre", "centre", "centre", "left", "left", "left")
    header = (
        HeaderCell(("序号",), 0, 0, 2),
        HeaderCell(("检测对象",), 0, 1, 2),
        HeaderCell(("项目/参数",), 0, 2, 1, 2),
        HeaderCell(("序号",), 1, 2),
        HeaderCell(("名称",), 1, 3),
        HeaderCell(("检测标准（方法）",), 0, 4, 2),
        HeaderCell(("限制范围",), 0, 5, 2),
        HeaderCell(("说明",), 0, 6, 2),
    )
    return Grid(
        tuple(Column(w, level, align) for w, level, align in zip(widths, levels, aligns, strict=True)), header, (19, 19),
        size=9, leading=12.5, carry=annex.carry, ruling=annex.ruling, split_rows=annex.split_rows,
    )  # fmt: skip


def english_table(flow: Flow, annex: Annex, rows: Sequence[Placed]) -> None:
    """№, Test Object, Item/Parameter (№, Name), Title, Code of Standard or Method, Limitation, Note."""
    widths = (26, 82, 36, 92, 170, 70, 35)
    levels = (0, 0, 1, 1, 2, 2, 2)
    header = (
        HeaderCell(("No.",), 0, 0, 2),
        HeaderCell(("Test Object",), 0, 1, 2),
        HeaderCell(("Item/Parameter",), 0, 2, 1, 2),
        HeaderCell(("No.",), 1, 2),
        HeaderCell(("Item/", "Parameter"), 1, 3),
        HeaderCell(("Title, Code of Standard or", "Method"), 0, 4, 2),
        HeaderCell(("Limitation",), 0, 5, 2),
        HeaderCell(("Note",), 0, 6, 2),
    )
    grid = Grid(
        tuple(Column(w, level, "left" if n > 3 else "centre") for n, (w, level) in enumerate(zip(widths, levels, strict=True))),
        header, (18, 30), size=9, leading=11.5, carry=annex.carry, ruling=annex.ruling, split_rows=annex.split_rows, header_face=SONG_BOLD,
    )  # fmt: skip
    flow.table(grid, [testing_leaf(grid, annex, place, row, coded=False) for place, row in rows])


def calibration_table(flow: Flow, rows: Sequence[Placed], style: MethodStyle, carry: str, ruling: str) -> None:
    """序号, 测量仪器名称, 被测量, 校准规范, 测量范围, 扩展不确定度(k=2), 说明."""
    widths = (30, 80, 55, 140, 92, 80, 34)
    header = tuple(
        HeaderCell(lines, 0, n)
        for n, lines in enumerate(
            (
                ("序号",),
                ("测量仪器名称",),
                ("被测量",),
                ("校准规范", "名称及代号"),
                ("测量范围",),
                ("扩展不确定度", "(k=2)"),
                ("说明",),
            )
        )
    )
    grid = Grid(
        tuple(Column(w, 0 if n < 2 else 2, "centre" if n < 3 else "left") for n, w in enumerate(widths)), header, (32,),
        carry=carry, ruling=ruling, split_rows=False,
    )  # fmt: skip
    leaves = []
    for place, row in rows:
        cells = (
            row.object_number,
            row.object,
            row.parameter,
            "".join(row.lines(style)),
            row.limitation,
            row.note,
            "",
        )
        leaves.append(
            Leaf(
                tuple(grid.wrapped(cell, n) for n, cell in enumerate(cells)),
                (row.object_number, row.object),
                place,
                place,
            )
        )
    flow.table(grid, leaves)


def signatory_table(flow: Flow, annex: Annex, signatories: Sequence[Signatory]) -> None:
    """序号, 姓名, 授权签字领域, 说明."""
    grid = plain_grid(annex, (40, 90, 281, 100), (("序号",), ("姓名",), ("授权签字领域",), ("说明",)))
    flow.table(grid, [
        Leaf(tuple(grid.wrapped(cell, n) for n, cell in enumerate((str(i + 1), spaced_name(s.name), s.field, s.note))), i, i, -1)
        for i, s in enumerate(signatories)
    ])  # fmt: skip


def plain_grid(annex: Annex, widths: Sequence[float], titles: Sequence[tuple[str, ...]], face: Face = HEI) -> Grid:
    """A table without merged cells."""
    return Grid(
        tuple(Column(w, 2, "centre") for w in widths), tuple(HeaderCell(lines, 0, n) for n, lines in enumerate(titles)), (24,),
        size=10, leading=14, padding=4, ruling=annex.ruling, header_face=face, split_rows=False,
    )  # fmt: skip


def index_table(flow: Flow, annex: Annex, *, english: bool) -> None:
    """序号, 地址, 能力范围, 评审类型, 更新时间; the address code is merged over its lines."""
    titles = (
        ("No.", "Address", "Range", "Type", "Update date")
        if english
        else ("序号", "地址", "能力范围", "评审类型", "更新时间")
    )
    widths = (45, 60, 170, 110, 126)
    grid = Grid(
        tuple(Column(w, 0 if n == 1 else 2, "centre") for n, w in enumerate(widths)),
        tuple(HeaderCell((title,), 0, n) for n, title in enumerate(titles)), (22,), size=10, leading=14,
        ruling=annex.ruling, carry="repeat", header_face=SONG_BOLD if english else HEI,
    )  # fmt: skip
    names = {
        "授权签字人": "Approved signatories",
        "检测能力": "Testing capability",
        "校准能力": "Calibration capability",
    }
    types = {
        "复评": "Reassessment",
        "扩项": "Extending assessment",
        "监督": "Surveillance",
        "变更": "Change",
        "初评": "Initial assessment",
    }
    leaves = []
    for place, line in enumerate(annex.index):
        title, language = line.text.removesuffix(")").split("(")
        cells = (
            (str(place + 1), line.site, f"{names[title]} ({'Chinese' if language == '中文' else 'English'})",
             "+ ".join(types[t] for t in line.assessment.split("+")), line.updated_on.isoformat())
            if english
            else (str(place + 1), line.site, line.text, line.assessment, chinese(line.updated_on))
        )  # fmt: skip
        leaves.append(Leaf(tuple(grid.wrapped(cell, n) for n, cell in enumerate(cells)), line.site, place, -1))
    flow.table(grid, leaves)


def site_table(flow: Flow, annex: Annex) -> None:
    widths = (58, 190, 50, 72, 90, 51)
    titles = (("地址代码",), ("地址",), ("邮编",), ("设施特点",), ("主要活动",), ("说明",))
    grid = plain_grid(annex, widths, titles)
    leaves = [
        Leaf(
            tuple(
                grid.wrapped(cell, n)
                for n, cell in enumerate((s.code, s.address, s.postcode, s.features, s.activities, ""))
            ),
            i,
            i,
            -1,
        )
        for i, s in enumerate(annex.sites)
    ]
    flow.table(grid, leaves)


def spaced_name(name: str) -> str:
    """Two-character names are printed with a blank between them: 王　芳."""
    return f"{name[0]}　{name[1]}" if len(name) == 2 else name


def chinese(day: object) -> str:
    year, month, date = str(day).split("-")
    return f"{year}年{month}月{date}日"
