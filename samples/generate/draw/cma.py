"""检验检测机构资质认定证书 and its 附表: what an applicant already holds."""

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from samples.generate.draw import emblems, ink
from samples.generate.draw.annex_tables import chinese, spaced_name
from samples.generate.draw.flow import Flow, canvas
from samples.generate.draw.fonts import HEI, HEI_BOLD, SONG
from samples.generate.draw.grid import Column, Grid, HeaderCell, Leaf
from samples.generate.facts import Capability, CmaCertificate, MethodStyle

WIDTH, HEIGHT = A4


def draw_cma_certificate(cma: CmaCertificate) -> bytes:
    """The certificate as one portrait page: emblem on top, brown double border, the seal over both dates."""
    c, buffer = canvas(A4, "检验检测机构资质认定证书")
    c.setFillColor(HexColor("#fdf8ec"))
    c.rect(30, 30, WIDTH - 60, HEIGHT - 60, stroke=0, fill=1)
    c.setFillColor(HexColor("#000000"))
    c.setStrokeColor(HexColor("#8a5a2b"))
    for inset, thick in ((30, 3.2), (37, 1.0), (44, 0.5)):
        c.setLineWidth(thick)
        c.rect(inset, inset, WIDTH - 2 * inset, HEIGHT - 2 * inset)
    emblems.watermark(
        c, "CMA", [(110 + 125 * (n % 4), 130 + 95 * (n // 4)) for n in range(28)], 34, Color(0.8, 0.6, 0.3, alpha=0.06)
    )
    c.setStrokeColor(HexColor("#000000"))
    emblems.emblem(c, WIDTH / 2, HEIGHT - 104, 42)
    ink.text(c, WIDTH / 2, HEIGHT - 200, "检验检测机构", 32, HEI_BOLD, "centre", 6)
    ink.text(c, WIDTH / 2, HEIGHT - 248, "资质认定证书", 38, HEI_BOLD, "centre", 8)
    ink.text(c, WIDTH - 90, HEIGHT - 292, f"证书编号:{cma.number}", 13, SONG, "right")
    y = labelled(c, HEIGHT - 334, "名称:", cma.name)
    y = labelled(c, y - 6, "地址:", cma.address)
    y -= 12
    for content in (
        "经审查，你机构已具备国家有关法律、行政法规规定的基本条件和能力，现予批准，可以向社会出具具有证明作用的数据和结果，特发此证。"
        "资质认定包括检验检测机构计量认证。",
        "检验检测能力及授权签字人见证书附表。",
        f"你机构对外出具检验检测报告或证书的法律责任由{cma.name}承担。",
    ):
        for line in ink.wrap("　　" + content, 13.5, WIDTH - 180, SONG):
            ink.text(c, 90, y, line, 13.5, SONG)
            y -= 22
    ink.text(c, 90, 268, "许可使用标志", 13, HEI)
    mark(c, 132, 216)
    ink.text(c, 132, 168, cma.number, 12, SONG, "centre")
    for n, (label, value) in enumerate(
        (("发证日期:", chinese(cma.issued_on)), ("有效期至:", chinese(cma.expires_on)), ("发证机关:", ""))
    ):
        ink.text(c, 300, 252 - 34 * n, label, 14, HEI)
        ink.text(c, 374, 252 - 34 * n, value, 14, SONG)
    emblems.seal(c, 430, 216, 56, cma.authority, turn=-4)
    ink.text(c, WIDTH / 2, 118, "请在有效期届满前3个月提出复查申请，不再另行通知。", 10.5, SONG, "centre")
    ink.text(
        c, WIDTH / 2, 66, "本证书由国家认证认可监督管理委员会监制，在中华人民共和国境内有效。", 10.5, SONG, "centre"
    )
    c.showPage()
    c.save()
    return buffer.getvalue()


def labelled(c: Canvas, y: float, label: str, value: str) -> float:
    ink.text(c, 90, y, label, 15, HEI)
    return ink.paragraph(c, 136, y, ink.wrap(value, 15, WIDTH - 226, SONG), 15, 24, SONG)


def mark(c: Canvas, x: float, y: float) -> None:
    """The letters MA inside an open ring that makes the C."""
    c.saveState()
    c.setStrokeColor(HexColor("#c01820"))
    c.setFillColor(HexColor("#c01820"))
    c.setLineWidth(6)
    c.arc(x - 34, y - 26, x + 34, y + 26, 40, 280)
    c.translate(x + 4, y - 9)
    emblems.outlined(c, 0, 0, "MA", 25, HEI_BOLD, "centre")
    c.restoreState()


def draw_cma_annex(cma: CmaCertificate) -> bytes:
    """附表: 批准…检验检测的能力范围, then 批准…授权签字人及领域表."""
    flow = Flow(top=128, bottom=60, left=46)
    grid = capability_grid()
    flow.line("一、检验检测能力范围", 12, HEI, gap=2.0)
    flow.table(grid, [leaf(grid, place, row) for place, row in enumerate(cma.rows)])
    flow.new_page()
    flow.line("二、授权签字人及领域", 12, HEI, gap=2.0)
    signers = Grid(
        tuple(Column(w, 2, "centre") for w in (40, 80, 130, 183, 70)),
        tuple(HeaderCell((t,), 0, n) for n, t in enumerate(("序号", "姓名", "职务/职称", "授权签字领域", "备注"))),
        (26,),
        size=10,
        leading=14,
    )
    flow.table(signers, [
        Leaf(tuple(signers.wrapped(cell, n) for n, cell in enumerate((str(i + 1), spaced_name(s.name), s.title, s.field, ""))), i, i, -1)
        for i, s in enumerate(cma.signatories)
    ])  # fmt: skip

    def furniture(c: Canvas, page: int, pages: int) -> None:
        last = page == pages
        ink.text(c, WIDTH / 2, 790, f"批准{cma.name}", 15, HEI_BOLD, "centre")
        ink.text(c, WIDTH / 2, 768, "授权签字人及领域表" if last else "检验检测的能力范围", 15, HEI_BOLD, "centre")
        ink.text(c, 46, 744, f"证书编号：{cma.number}", 10, SONG)
        ink.text(c, WIDTH - 46, 744, f"第{page}页 共{pages}页", 10, SONG, "right")
        ink.text(c, 46, 728, f"批准日期：{chinese(cma.issued_on)}    有效日期：{chinese(cma.expires_on)}", 10, SONG)
        ink.text(c, 46, 40, f"地址：{cma.address}", 9, SONG)

    return flow.pdf("资质认定证书附表", furniture)


def capability_grid() -> Grid:
    """序号, 类别(产品/项目/参数), 产品/项目/参数 (序号, 名称), 依据的标准(方法)名称及编号(含年号), 限制范围, 说明."""
    header = (
        HeaderCell(("序号",), 0, 0, 2),
        HeaderCell(("类别(产品/", "项目/参数)"), 0, 1, 2),
        HeaderCell(("产品/项目/参数",), 0, 2, 1, 2),
        HeaderCell(("序号",), 1, 2),
        HeaderCell(("名称",), 1, 3),
        HeaderCell(("依据的标准（方法）名称", "及编号（含年号）"), 0, 4, 2),
        HeaderCell(("限制范围",), 0, 5, 2),
        HeaderCell(("说明",), 0, 6, 2),
    )
    widths, levels = (30, 66, 36, 84, 180, 66, 41), (0, 0, 1, 1, 2, 2, 2)
    columns = tuple(
        Column(w, level, "left" if n > 3 else "centre") for n, (w, level) in enumerate(zip(widths, levels, strict=True))
    )
    return Grid(columns, header, (20, 20), size=9, leading=12.5, carry="repeat", ruling="rect", split_rows=False)


def leaf(grid: Grid, place: int, row: Capability) -> Leaf:
    cells = (
        row.object_number,
        row.object,
        row.parameter_number,
        row.parameter,
        "\n".join(row.lines(MethodStyle())),
        row.limitation,
        "",
    )
    group = (row.site, row.object_number, row.object)
    return Leaf(
        tuple(grid.wrapped(cell, n) for n, cell in enumerate(cells)),
        group,
        (row.parameter_number, row.parameter),
        place,
    )
