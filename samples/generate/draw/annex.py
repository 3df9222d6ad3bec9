"""CNAS 认可证书附件 in the layouts G1 (2007–2011), G2 (2012–2017) and G3 (since 2017)."""

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from samples.generate.draw import ink
from samples.generate.draw.annex_tables import (
    calibration_table,
    chinese,
    english_table,
    index_table,
    plain_grid,
    rows_at,
    signatory_table,
    site_table,
    testing_table,
)
from samples.generate.draw.flow import Flow, Furniture
from samples.generate.draw.fonts import HEI, HEI_BOLD, SONG, SONG_BOLD
from samples.generate.draw.grid import Leaf
from samples.generate.facts import Annex

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
    for place, site in enumerate(annex.sites):
        code = f"{site.code}:" if len(annex.sites) > 1 else ""
        flow.line(f"{'地址:' if place == 0 else '　　 '}{code}{site.address}", 10.5)
    flow.line(f"签发日期:{chinese(annex.issued_on)}    有效期至:{chinese(annex.expires_on)}", 10.5, gap=2.2)
    for site in annex.sites:
        rows = rows_at(annex.rows, "testing", site.code)
        if not rows:
            continue
        heading = "附件1-1 认可的检测能力范围"
        flow.line(heading if len(annex.sites) == 1 else f"{heading}（地址{site.code}）", 12, HEI, "centre", gap=2.0)
        testing_table(flow, annex, rows)
        flow.space(14)
    if calibration := rows_at(annex.rows, "calibration", annex.sites[0].code):
        flow.line("附件2-1 认可的校准能力范围", 12, HEI, "centre", gap=2.0)
        calibration_table(flow, calibration, annex.style, annex.carry, annex.ruling)
        flow.space(14)
    for site in annex.sites:
        flow.need(120)
        heading = "附件1-2 认可的授权签字人及领域"
        flow.line(heading if len(annex.sites) == 1 else f"{heading}（地址{site.code}）", 12, HEI, "centre", gap=2.0)
        signatory_table(flow, annex, [s for s in annex.signatories if s.site in (None, site.code)])
        flow.space(14)
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
    if calibration := rows_at(annex.rows, "calibration", annex.sites[0].code):
        section_heading(flow, annex, "认可的校准能力范围", annex.sites[0].code, "附件3")
        calibration_table(flow, calibration, annex.style, annex.carry, annex.ruling)
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
    if calibration := rows_at(annex.rows, "calibration", annex.sites[0].code):
        flow.new_page()
        flow.line("附件4 认可的校准和测量能力范围", 12, HEI, "centre", gap=2.0)
        calibration_table(flow, calibration, annex.style, annex.carry, annex.ruling)
    english_sections(flow, annex)


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
            if len(annex.sites) > 1 or g2:
                flow.need(90)
                flow.line(f"ADDRESS: {site.code}", 10.5)
            english_table(flow, annex, rows)
            flow.space(12)
