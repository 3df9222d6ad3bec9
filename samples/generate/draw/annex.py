"""CNAS 认可证书附件 in the layouts G1 (2007–2011), G2 (2012–2017) and G3 (since 2017)."""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from samples.generate.draw import ink
from samples.generate.draw.flow import Flow, Furniture
from samples.generate.draw.fonts import HEI, HEI_BOLD, SONG, SONG_BOLD, Face
from samples.generate.draw.grid import Column, Grid, HeaderCell, Leaf
from samples.generate.facts import Annex, Capability, Signatory

FORM_CODE = {"G1": "CNAS-PD19/06-A/1", "G2": "CNAS-PD20/09-B/1", "G3": "CNAS-PD20/09-B/1"}
DEFINITIVE = "The scope of the accreditation in Chinese remains the definitive version."


@dataclass(frozen=True, slots=True)
class DrawnAnnex:
    """The file, how many pages its footers count, and the pages of each row (its place among Chinese, then English rows)."""

    pdf: bytes
    page_count: int
    pages_of_row: dict[int, set[int]]


def draw_annex(annex: Annex) -> DrawnAnnex:
    """The annex as a PDF with a text layer."""
    flow = Flow(top=76, bottom=58, left=42)
    {"G1": first_generation, "G2": second_generation, "G3": third_generation}[annex.generation](flow, annex)
    pdf = flow.pdf(f"{annex.registration_number} 证书附件", furniture_of(annex), annex.lost_page)
    return DrawnAnnex(pdf, len(flow.pages), flow.placed)


def furniture_of(annex: Annex) -> Furniture:
    number = annex.registration_number.removeprefix("CNAS ")

    def furniture(c: Canvas, page: int, pages: int) -> None:
        right = 595.27 - 42
        if annex.generation == "G3":
            ink.text(c, 42, 800, "ISO/IEC 17025 认可证书", 9, SONG)
            ink.text(c, right, 800, FORM_CODE["G3"], 9, SONG, "right")
            ink.rules(c, [(42, 795, right, 795)], "stroke", 0.4)
        else:
            ink.text(c, 42, 796, "ISO/IEC 17025 认可证书", 10.5, SONG)
            ink.text(c, right, 796, FORM_CODE[annex.generation], 10.5, SONG, "right")
        footer = f"第 {page} 页 共 {pages} 页"
        ink.text(c, 42, 32, f"No. CNAS {number}", 9, SONG)
        ink.text(c, right, 32, footer, 9, SONG, "right")

    return furniture


# --- G1 ---------------------------------------------------------------------------------------------------------------


def first_generation(flow: Flow, annex: Annex) -> None:
    """A letter-spaced title, the number in brackets, one line of dates, then 附件1-1 and 附件1-2."""
    number = annex.registration_number
    flow.line("实验室认可证书附件", 18, HEI_BOLD, "centre", spread=9, gap=2.0)
    flow.line(f"(No. {number})", 12, SONG, "centre", gap=2.0)
    flow.line(f"名称:{annex.name}", 10.5)
    flow.line(f"地址:{'　'.join(site.address for site in annex.sites)}", 10.5)
    flow.line(f"签发日期:{chinese(annex.issued_on)}    有效期至:{chinese(annex.expires_on)}", 10.5, gap=2.2)
    for site in annex.sites:
        rows = rows_at(annex.rows, "testing", site.code)
        if not rows:
            continue
        heading = "附件1-1 认可的检测能力范围"
        flow.line(heading if len(annex.sites) == 1 else f"{heading}（地址{site.code}）", 12, HEI, "centre", gap=2.0)
        testing_table(flow, annex, rows)
        flow.space(14)
    if calibration := rows_at(annex.rows, "calibration", None):
        flow.line("附件2-1 认可的校准能力范围", 12, HEI, "centre", gap=2.0)
        calibration_table(flow, annex, calibration)
        flow.space(14)
    flow.need(120)
    flow.line("附件1-2 认可的授权签字人及领域", 12, HEI, "centre", gap=2.0)
    signatory_table(flow, annex, annex.signatories)
    english_sections(flow, annex)


# --- G2 ---------------------------------------------------------------------------------------------------------------


def second_generation(flow: Flow, annex: Annex) -> None:
    """An index page in Chinese (and English), then the sections that the index lists."""
    number = annex.registration_number.removeprefix("CNAS ")
    cover(
        flow,
        annex,
        f"机构名称:{annex.name}",
        f"注册号:{number}",
        "地  址:",
        [f"{s.code}:{s.address}" for s in annex.sites],
    )
    flow.line("获准认可能力索引", 14, HEI, "centre", gap=2.2)
    index_table(flow, annex, english=False)
    if annex.english_rows:
        flow.space(16)
        flow.line(DEFINITIVE, 9)
        flow.new_page()
        cover(
            flow,
            annex,
            f"Name:{annex.english_name}",
            f"Registration No.:{number}",
            "ADDRESS:",
            [f"{s.code}: {s.english}" for s in annex.sites],
        )
        flow.line("INDEX OF ACCREDITED SIGNATORIES", 12, SONG_BOLD, "centre", gap=2.2)
        index_table(flow, annex, english=True)
    for site in annex.sites:
        signers = [s for s in annex.signatories if s.site in (None, site.code)]
        if signers:
            section_heading(flow, annex, "授权签字人及领域", site.code, "附件1")
            signatory_table(flow, annex, signers)
    for site in annex.sites:
        if rows := rows_at(annex.rows, "testing", site.code):
            section_heading(flow, annex, "认可的检测能力范围", site.code, "附件2")
            testing_table(flow, annex, rows)
    if calibration := rows_at(annex.rows, "calibration", None):
        section_heading(flow, annex, "认可的校准能力范围", annex.sites[0].code, "附件3")
        calibration_table(flow, annex, calibration)
    english_sections(flow, annex)


def cover(flow: Flow, annex: Annex, name: str, number: str, label: str, addresses: Sequence[str]) -> None:
    """Name and number side by side, the addresses below, each after its code."""
    y = flow.y - 11
    flow.put(lambda c: ink.text(c, flow.left, y, name, 10.5, SONG))
    flow.put(lambda c: ink.text(c, flow.size[0] - flow.left, y, number, 10.5, SONG, "right"))
    flow.space(20)
    for place, address in enumerate(addresses):
        top = flow.y - 11
        if place == 0:
            flow.put(lambda c, top=top: ink.text(c, flow.left, top, label, 10.5, SONG))
        flow.line(address, 10.5, indent=62)
    flow.space(8)


def section_heading(flow: Flow, annex: Annex, title: str, site: str, numbered: str) -> None:
    flow.new_page()
    flow.line(f"{numbered}  {title}", 13, HEI, "centre", gap=1.9)
    flow.line(f"地址：{site}    评审类型：{annex.assessment}    更新时间：{chinese(annex.issued_on)}", 10, gap=2.0)


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
        tuple(HeaderCell((title,), 0, n) for n, title in enumerate(titles)), (22,), size=10, leading=14, ruling=annex.ruling, carry="repeat",
        header_face=SONG_BOLD if english else HEI,
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


# --- G3 ---------------------------------------------------------------------------------------------------------------


def third_generation(flow: Flow, annex: Annex) -> None:
    """The print-out of the CNAS system: heading, 附件1 sites, 附件2 signatories, 附件3 testing, 附件4 calibration, then English."""
    flow.line("中国合格评定国家认可委员会", 18, HEI_BOLD, "centre", gap=1.7)
    flow.line("认可证书附件", 16, HEI, "centre", gap=1.7, spread=4)
    flow.line(f"（注册号：{annex.registration_number}）", 11, SONG, "centre", gap=2.2)
    flow.line(f"名称:{annex.name}", 10.5)
    flow.line(f"地址:{annex.sites[0].address}", 10.5)
    flow.line("认可依据：ISO/IEC 17025:2017 以及 CNAS 特定认可要求", 10.5)
    flow.line(f"签发日期：{annex.issued_on}", 10.5)
    flow.line(f"生效日期：{annex.effective_on}    截止日期：{annex.expires_on}", 10.5, gap=2.4)
    flow.line("附件1 认可的实验室关键场所", 12, HEI, "centre", gap=2.0)
    site_table(flow, annex)
    flow.space(18)
    flow.need(130)
    flow.line("附件2 认可的授权签字人及领域", 12, HEI, "centre", gap=2.0)
    for site in annex.sites if len(annex.sites) > 1 else ():
        flow.need(80)
        flow.line(f"地址：{site.code}", 10.5)
        signatory_table(flow, annex, [s for s in annex.signatories if s.site in (None, site.code)])
        flow.space(10)
    if len(annex.sites) == 1:
        signatory_table(flow, annex, annex.signatories)
    flow.new_page()
    flow.line("附件3 认可的检测能力范围", 12, HEI, "centre", gap=2.0)
    for site in annex.sites:
        if rows := rows_at(annex.rows, "testing", site.code):
            if len(annex.sites) > 1:
                flow.need(90)
                flow.line(f"地址：{site.code}", 10.5)
            testing_table(flow, annex, rows)
            flow.space(12)
    if calibration := rows_at(annex.rows, "calibration", None):
        flow.new_page()
        flow.line("附件4 认可的校准和测量能力范围", 12, HEI, "centre", gap=2.0)
        calibration_table(flow, annex, calibration)
    english_sections(flow, annex)


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


# --- sections that all generations share ------------------------------------------------------------------------------


def english_sections(flow: Flow, annex: Annex) -> None:
    """Signatories and testing rows in English."""
    if not annex.english_rows:
        return
    flow.new_page()
    g2 = annex.generation == "G2"
    if not g2:
        flow.line(f"Name: {annex.english_name}", 10.5)
        flow.line(f"Address: {annex.sites[0].english}", 10.5)
        flow.line(DEFINITIVE, 9, gap=2.2)
    flow.line("APPENDIX ACCREDITED SIGNATORIES AND SCOPE", 12, SONG_BOLD, "centre", gap=2.0)
    grid = plain_grid(
        annex, (40, 130, 251, 90), (("No.",), ("Name",), ("Authorized Scope of Signature",), ("Note",)), SONG_BOLD
    )
    scopes = {"全部检测项目": "All testing items"}
    seen = list(
        dict.fromkeys((s.english, scopes.get(s.field, "Testing items of his or her field")) for s in annex.signatories)
    )
    flow.table(grid, [
        Leaf(tuple(grid.wrapped(cell, n) for n, cell in enumerate((str(i + 1), *signer, ""))), i, i, -1) for i, signer in enumerate(seen)
    ])  # fmt: skip
    flow.new_page()
    flow.line("APPENDIX ACCREDITED TESTING SCOPE", 12, SONG_BOLD, "centre", gap=2.0)
    for site in annex.sites:
        if rows := rows_at(annex.english_rows, "testing", site.code, first=len(annex.rows)):
            if len(annex.sites) > 1:
                flow.need(90)
                flow.line(f"ADDRESS: {site.code}", 10.5)
            english_table(flow, annex, rows)
            flow.space(12)


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
    offsets = {}
    if row.limitation and len(printed) > 1:
        offsets[method_column + 1] = sum(len(lines) for lines in wrapped[: row.beside])
        offsets[method_column] = 0
    codes = (row.field_code or "",) if coded else ()
    cells = [row.object_number, row.object, row.parameter_number, row.parameter, *codes]
    lines = [grid.wrapped(cell, n) for n, cell in enumerate(cells)]
    lines.append(tuple(line for part in wrapped for line in part))
    lines.append(grid.wrapped(row.limitation, method_column + 1))
    lines.append(grid.wrapped("" if row.section == "testing" else row.note, method_column + 2))
    return Leaf(tuple(lines), (row.object_number, row.object), (row.parameter_number, row.parameter), place, offsets)


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


def calibration_table(flow: Flow, annex: Annex, rows: Sequence[Placed]) -> None:
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
        carry=annex.carry, ruling=annex.ruling, split_rows=False,
    )  # fmt: skip
    leaves = []
    for place, row in rows:
        cells = (
            row.object_number,
            row.object,
            row.parameter,
            "".join(row.lines(annex.style)),
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


def spaced_name(name: str) -> str:
    """Two-character names are printed with a blank between them: 王　芳."""
    return f"{name[0]}　{name[1]}" if len(name) == 2 else name


def chinese(day: object) -> str:
    year, month, date = str(day).split("-")
    return f"{year}年{month}月{date}日"
