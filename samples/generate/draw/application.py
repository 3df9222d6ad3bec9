"""检验检测机构资质认定申请书: cover, 概况 as a form with ticked boxes, and the annex tables of claimed capability and signatories."""

from collections.abc import Sequence

from reportlab.pdfgen.canvas import Canvas

from samples.generate.draw import emblems, ink
from samples.generate.draw.annex_tables import calibration_table, chinese, spaced_name
from samples.generate.draw.flow import Flow
from samples.generate.draw.fonts import HEI, HEI_BOLD, KAI, SONG
from samples.generate.draw.grid import Column, Grid, HeaderCell, Leaf
from samples.generate.facts import Application, Capability, Site

TYPES = ("首次", "扩项", "地址变更", "复查", "标准变更", "授权签字人变更", "其他")
FEATURES = ("固定", "临时", "可移动", "多场所")
CLASSES = ("社团法人", "事业法人", "企业法人", "其他")
ROUND = {True: "●", False: "○"}
SQUARE = {True: "☑", False: "□"}


def draw_application(form: Application) -> bytes:
    """The form as a PDF with a text layer."""
    flow = Flow(top=70, bottom=56, left=52)
    cover(flow, form)
    overview(flow, form)
    flow.new_page()
    flow.line("附表1", 12, HEI)
    flow.line("申请资质认定的检验检测能力表", 15, HEI_BOLD, "centre", gap=2.0)
    claims(flow, form)
    if calibration := [(n, row) for n, row in enumerate(form.rows) if row.section == "calibration"]:
        flow.space(20)
        flow.need(120)
        flow.line("申请的校准和测量能力范围", 15, HEI_BOLD, "centre", gap=2.0)
        calibration_table(flow, calibration, form.style, "repeat", "stroke")
    flow.new_page()
    flow.line("附表2", 12, HEI)
    flow.line("授权签字人汇总表", 15, HEI_BOLD, "centre", gap=2.0)
    signatories(flow, form)
    return flow.pdf("检验检测机构资质认定申请书", furniture)


def furniture(c: Canvas, page: int, pages: int) -> None:
    if page > 1:
        ink.text(c, 297, 30, f"— {page - 1} —", 9, SONG, "centre")


def cover(flow: Flow, form: Application) -> None:
    """Title and the lines to fill in, each value on a rule."""
    flow.space(60)
    flow.line("检验检测机构资质认定", 28, HEI_BOLD, "centre", gap=1.7, spread=3)
    flow.line("申 请 书", 34, HEI_BOLD, "centre", gap=3.6)
    for label, value in (
        ("机构名称（印章）", form.name),
        ("主管部门", form.legal_entity.name if form.legal_entity else "/"),
        ("申请日期", chinese(form.applied_on)),
        ("专业领域类别", "、".join(form.fields)),
        ("希望评审日期", "按告知承诺程序办理"),
    ):
        lines = ink.wrap(value, 14, 270, SONG)
        y = flow.y - 16
        flow.put(lambda c, y=y, label=label: ink.justified(c, 92, y, label, 15, 120, HEI))
        for n, line in enumerate(lines):
            flow.put(lambda c, y=y - n * 22, line=line: ink.text(c, 226, y, line, 14, KAI))
            flow.put(lambda c, y=y - n * 22: ink.rules(c, [(222, y - 4, 500, y - 4)], "stroke", 0.6))
        flow.space(20 + 22 * len(lines))
    flow.put(lambda c: emblems.seal(c, 430, 470, 52, form.name, turn=-3))
    flow.space(80)
    flow.line("国家市场监督管理总局制", 14, SONG, "centre")
    flow.new_page()


def overview(flow: Flow, form: Application) -> None:
    """概况: one ruled form; labels in Hei, values in Song, boxes ticked."""
    flow.line("一、检验检测机构概况", 13, HEI, gap=2.0)
    owner = form.legal_entity
    rows: list[tuple[str, ...]] = [
        ("机构名称", form.name),
        ("地址", form.address),
        ("邮编", form.postcode, "传真", "/", "E-mail", "lab@example.com"),
        ("负责人", form.director, "职务", "主任", "固定电话", form.phone),
        ("联络人", form.contact, "职务", "质量负责人", "手机", "138****0000"),
        ("社会信用代码", form.code, "法定代表人" if owner is None else "负责人(登记)", form.person),
        ("设施特点", boxes(FEATURES, form.features, SQUARE)),
        (
            "法律地位",
            f"{ROUND[form.independent]}独立法人检验检测机构    {ROUND[not form.independent]}非独立法人检验检测机构",
        ),
        ("法人类别", boxes(CLASSES, form.entity_class, SQUARE)),
        ("所属法人单位名称", owner.name if owner else "/"),
        ("所属法人单位地址", owner.address if owner else "/"),
        ("所属法人负责人", owner.person if owner else "/", "社会信用代码", owner.code if owner else "/"),
        ("申请类型", boxes(TYPES, form.application_type, SQUARE)),
        (
            "原证书编号",
            form.cma_number or "/",
            "有效期截止日",
            chinese(form.cma_expires_on) if form.cma_expires_on else "/",
        ),
        ("CNAS认可注册号", form.cnas_number, "申请程序", "□一般程序  ☑告知承诺程序"),
        (
            "资源概况",
            "检验检测人员 38 人，其中高级职称 9 人、中级职称 15 人；实验室面积 2160 m²；仪器设备 214 台（套）。",
        ),
    ]
    for cells in rows:
        form_row(flow, cells)
    flow.space(18)
    flow.line("二、检验检测场所", 13, HEI, gap=2.0)
    site_table(flow, form.sites)


def boxes(options: Sequence[str], chosen: str, glyph: dict[bool, str]) -> str:
    return "  ".join(glyph[option == chosen] + option for option in options)


def form_row(flow: Flow, cells: Sequence[str]) -> None:
    """A row of label, value, label, value…; widths follow the number of cells."""
    widths = {2: (96, 395), 4: (96, 180, 84, 131), 6: (96, 84, 52, 80, 62, 117)}[len(cells)]
    wrapped = [
        ink.wrap(cell, 10.5, across - 10, HEI if n % 2 == 0 else SONG)
        for n, (cell, across) in enumerate(zip(cells, widths, strict=True))
    ]
    height = max(len(lines) for lines in wrapped) * 15 + 10
    flow.need(height)
    top = flow.y

    def draw(c: Canvas) -> None:
        x = flow.left
        segments = [
            (x, top, x + sum(widths), top),
            (x, top - height, x + sum(widths), top - height),
            (x, top - height, x, top),
        ]
        for n, (lines, across) in enumerate(zip(wrapped, widths, strict=True)):
            y = top - (height - len(lines) * 15) / 2 - 11.5
            if n % 2 == 0:
                ink.paragraph(c, x + across / 2, y, lines, 10.5, 15, HEI, "centre")
            else:
                ink.paragraph(c, x + 5, y, lines, 10.5, 15, SONG)
            x += across
            segments.append((x, top - height, x, top))
        ink.rules(c, segments, "stroke", 0.6)

    flow.put(draw)
    flow.y -= height


def table_of(
    widths: Sequence[float],
    header: Sequence[HeaderCell],
    heights: Sequence[float],
    levels: Sequence[int],
    left_from: int,
) -> Grid:
    columns = tuple(
        Column(w, level, "left" if n >= left_from else "centre")
        for n, (w, level) in enumerate(zip(widths, levels, strict=True))
    )
    return Grid(
        columns, tuple(header), tuple(heights), size=9, leading=12.5, padding=3.5, carry="repeat", split_rows=False
    )


def site_table(flow: Flow, sites: Sequence[Site]) -> None:
    grid = table_of(
        (60, 281, 60, 90),
        [HeaderCell((t,), 0, n) for n, t in enumerate(("场所代码", "地址", "邮编", "设施特点"))],
        (22,),
        (2, 2, 2, 2),
        9,
    )
    flow.table(grid, [plain_leaf(grid, i, (s.code, s.address, s.postcode, s.features)) for i, s in enumerate(sites)])


def plain_leaf(grid: Grid, place: int, cells: Sequence[str]) -> Leaf:
    return Leaf(tuple(grid.wrapped(cell, n) for n, cell in enumerate(cells)), place, place, -1)


def claims(flow: Flow, form: Application) -> None:
    """序号, 类别(检测对象), 产品/项目/参数 (序号, 名称), 依据的标准(方法)名称及编号(含年号), 限制范围, 说明[, 所在场所]."""
    several = len(form.sites) > 1
    header = [
        HeaderCell(("序号",), 0, 0, 2),
        HeaderCell(("类别", "(检测对象)"), 0, 1, 2),
        HeaderCell(("产品/项目/参数",), 0, 2, 1, 2),
        HeaderCell(("序号",), 1, 2),
        HeaderCell(("名称",), 1, 3),
        HeaderCell(("依据的标准(方法)名称", "及编号(含年号)"), 0, 4, 2),
        HeaderCell(("限制范围",), 0, 5, 2),
        HeaderCell(("说明",), 0, 6, 2),
    ]
    widths, levels = [30, 66, 36, 82, 172, 64, 41], [0, 0, 1, 1, 2, 2, 2]
    if several:
        header.append(HeaderCell(("所在", "场所"), 0, 7, 2))
        widths, levels = [28, 62, 34, 78, 158, 62, 35, 34], [*levels, 2]
    grid = table_of(widths, header, (18, 18), levels, 4)
    flow.table(
        grid,
        [
            claim_leaf(grid, form, place, row, several=several)
            for place, row in enumerate(form.rows)
            if row.section == "testing"
        ],
    )


def claim_leaf(grid: Grid, form: Application, place: int, row: Capability, *, several: bool) -> Leaf:
    cells = [
        row.object_number,
        row.object,
        row.parameter_number,
        row.parameter,
        "\n".join(row.lines(form.style)),
        row.limitation,
        "",
    ]
    if several:
        cells.append(row.site or "")
    group = (row.site, row.object_number, row.object)
    return Leaf(
        tuple(grid.wrapped(cell, n) for n, cell in enumerate(cells)),
        group,
        (row.parameter_number, row.parameter),
        place,
    )


def signatories(flow: Flow, form: Application) -> None:
    """序号, 姓名, 职务/职称, 授权签字领域, 备注 (the site where there are several)."""
    titles = ("序号", "姓名", "职务/职称", "授权签字领域", "备注")
    grid = table_of((36, 76, 124, 185, 70), [HeaderCell((t,), 0, n) for n, t in enumerate(titles)], (24,), (2,) * 5, 9)
    flow.table(grid, [
        plain_leaf(grid, i, (str(i + 1), spaced_name(s.name), s.title, s.field, f"场所{s.site}" if len(form.sites) > 1 else ""))
        for i, s in enumerate(form.signatories)
    ])  # fmt: skip
