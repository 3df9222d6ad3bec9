"""营业执照 in the landscape form of 2019, the portrait form of 2014 and the electronic form, and the certificates of public bodies."""

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from samples.generate.draw import emblems, ink
from samples.generate.draw.flow import canvas
from samples.generate.draw.fonts import HEI, HEI_BOLD, KAI, SONG
from samples.generate.facts import Licence

LABEL_WIDTH = 84
BROWN = "#8a7a3c"


def draw_licence(licence: Licence) -> bytes:
    """The licence as one page of its own form."""
    painter = {
        "landscape": landscape_form, "electronic": landscape_form, "portrait": portrait_form,
        "institution": public_form, "private": public_form, "social": public_form,
    }[licence.form]  # fmt: skip
    size = A4 if painter is portrait_form else landscape(A4)
    c, buffer = canvas(size, licence.name)
    painter(c, licence)
    c.showPage()
    c.save()
    return buffer.getvalue()


def landscape_form(c: Canvas, licence: Licence) -> None:
    """Landscape A4 (2019): title in the middle, code on the left, QR code on the right, two columns."""
    width, height = landscape(A4)
    electronic = licence.form == "electronic"
    paper(
        c, 34, 52, width - 68, height - 122, "#fdf1e8" if electronic else "#f7f5ea", BROWN if electronic else "#8c9a3c"
    )
    emblems.watermark(
        c,
        "SCJDGL",
        [(92 + 122 * (n % 6) + 40 * (n // 6 % 2), 120 + 82 * (n // 6)) for n in range(30)],
        21,
        Color(0.9, 0.5, 0.4, alpha=0.06),
    )
    emblems.watermark(c, "市 场 监 督 管 理", [(width / 2, 288)], 26, Color(0.9, 0.5, 0.4, alpha=0.08))
    emblems.emblem(c, width / 2, height - 62, 42)
    c.setFillColor(HexColor("#c8780a" if electronic else "#111111"))
    c.setStrokeColor(HexColor("#c8780a" if electronic else "#111111"))
    ink.text(c, width / 2, height - 196, "营业执照", 56, HEI_BOLD, "centre", 34)
    c.setFillColor(HexColor("#111111"))
    c.setStrokeColor(HexColor("#111111"))
    if licence.copy == "副本":
        ink.text(c, width / 2, height - 222, "（副　本）", 17, KAI, "centre")
    top = height - 150
    if licence.serial:
        ink.text(c, 84, top, f"编号: {licence.serial}", 10.5, SONG)
    justified_pair(c, 84, top - 20, "统一社会信用代码", 124, 12)
    ink.text(c, 84, top - 39, licence.code, 12, SONG)
    emblems.qr(c, width - 196, top - 52, 54, f"https://www.gsxt.gov.cn/%7B{licence.coded or licence.code}%7D")
    caption = (
        "电子营业执照文件仅供信息参考，具体信息请登录公示系统查验或用电子营业执照软件扫码查验。"
        if electronic
        else "扫描二维码登录‘国家企业信用信息公示系统’了解更多登记、备案、许可、监管信息。"
    )
    ink.paragraph(c, width - 138, top - 6, ink.wrap(caption, 7, 66 if not electronic else 74, SONG), 7, 9.5, SONG)
    left_pairs = [
        ("名称", licence.name),
        ("类型", licence.entity_type),
        (licence.person_label, licence.person),
        (licence.scope_label, licence.scope),
    ]
    right_pairs = [
        (licence.capital_label, licence.capital_text), (licence.date_label, chinese(licence.established_on)),
        (licence.term_label, licence.term_text), (licence.place_label, licence.address),
    ]  # fmt: skip
    column(c, 84, height - 276, 280, left_pairs, 29)
    column(c, 476, height - 276, 208, right_pairs, 29)
    authority_and_date(c, licence, 640, 112, electronic=electronic)
    ink.text(c, 34, 34, "国家企业信用信息公示系统网址：  http://www.gsxt.gov.cn", 9, SONG)
    if not electronic and licence.copy == "副本":
        ink.text(c, 400, 37, "市场主体应当于每年1月1日至6月30日通过", 8.5, SONG)
        ink.text(c, 400, 26, "国家企业信用信息公示系统报送公示年度报告", 8.5, SONG)
    ink.text(c, width - 34, 34, "国家市场监督管理总局监制", 10.5, SONG, "right")
    if electronic:
        emblems.watermark(c, "电 子 营 业 执 照", [(width / 2, 250)], 60, Color(0.4, 0.4, 0.4, alpha=0.34), KAI, -35)
        note = [
            "说 明:",
            f"1、本营业执照于{chinese(licence.issued_on)}由{licence.person}({licence.person_label})留存(打印)",
            f"2、数字签名：{fake_signature(licence.code)}",
        ]
        c.setFillColor(HexColor("#666666"))
        ink.paragraph(c, 76, 108, note, 7.5, 11.5, SONG)
        c.setFillColor(HexColor("#000000"))


def paper(c: Canvas, x: float, y: float, across: float, high: float, tint: str, border: str) -> None:
    """The tinted sheet inside an ornamental border."""
    c.setFillColor(HexColor(tint))
    c.rect(x, y, across, high, stroke=0, fill=1)
    c.setFillColor(HexColor("#000000"))
    emblems.guilloche_border(c, x + 6, y + 6, across - 12, high - 12, 11, border)


def column(c: Canvas, x: float, y: float, across: float, pairs: list[tuple[str, str]], step: float) -> None:
    """Label and value pairs under each other; long values wrap, the last one in smaller type."""
    for label, value in pairs:
        if not label:
            continue
        ink.justified(c, x, y, label, 14, LABEL_WIDTH, HEI)
        size = 12.5 if len(value) < 46 else 9.5 if len(value) < 150 else 8.5
        lines = ink.wrap(value, size, across, SONG)
        ink.paragraph(c, x + LABEL_WIDTH + 9, y + (0 if len(lines) < 3 else 2), lines, size, size * 1.28, SONG)
        y -= max(step, (len(lines) - 1) * size * 1.28 + step)


def justified_pair(c: Canvas, x: float, y: float, label: str, across: float, size: float) -> None:
    ink.justified(c, x, y, label, size, across, HEI)


def authority_and_date(c: Canvas, licence: Licence, x: float, y: float, *, electronic: bool) -> None:
    """登记机关 with its seal over the date; the electronic form prints the name instead of a seal."""
    day = licence.issued_on
    if electronic:
        ink.text(c, x - 70, y + 14, "登记机关", 15, HEI, "centre", 7)
        ink.text(c, x - 6, y + 15, licence.authority, 10.5, SONG)
        ink.text(c, x + 20, y - 14, f"{day.year}  年 {day.month:02d}月{day.day:02d} 日", 13, SONG)
        return
    ink.text(c, x - 96, y + 26, "登记机关", 14, HEI, "left", 8)
    for number, unit, across in (
        (str(day.year), "年", 0),
        (f"{day.month:02d}", "月", 50),
        (f"{day.day:02d}", "日", 94),
    ):
        ink.text(c, x + across - 16, y - 22, number, 12.5, SONG, "right")
        ink.text(c, x + across - 10, y - 18, unit, 13, HEI)
    emblems.seal(c, x + 52, y + 22, 46, licence.authority, turn=licence.issued_on.day % 9 - 4)


def portrait_form(c: Canvas, licence: Licence) -> None:
    """Portrait A4 (2014): one column of labels, small serial of the copy, annual report reminder at the foot."""
    width, height = A4
    paper(c, 34, 60, width - 68, height - 130, "#fbf6e6", "#b48a4a")
    emblems.watermark(
        c,
        "GSXT",
        [(110 + 130 * (n % 4), 130 + 90 * (n // 4)) for n in range(28)],
        30,
        Color(0.8, 0.55, 0.3, alpha=0.08),
    )
    emblems.emblem(c, width / 2, height - 108, 40)
    ink.text(c, width / 2, height - 224, "营业执照", 52, HEI_BOLD, "centre", 30)
    if licence.copy == "副本":
        ink.text(c, width / 2, height - 252, "（副 本）", 15, KAI, "centre")
        ink.text(c, width - 92, height - 250, "(1-1)", 11, SONG, "right")
    ink.text(c, width / 2, height - 288, f"统一社会信用代码  {licence.code}", 12.5, HEI, "centre")
    y = height - 326
    pairs = [
        ("名称", licence.name), ("类型", licence.entity_type), (licence.place_label, licence.address),
        (licence.person_label, licence.person), (licence.capital_label, licence.capital_text),
        (licence.date_label, chinese(licence.established_on)), (licence.term_label, licence.term_text),
        (licence.scope_label, licence.scope),
    ]  # fmt: skip
    for label, value in pairs:
        if not label:
            continue
        ink.justified(c, 92, y, label, 13, LABEL_WIDTH, HEI)
        size = 12 if len(value) < 60 else 9.5
        lines = ink.wrap(value, size, 308, KAI)
        ink.paragraph(c, 196, y, lines, size, size * 1.35, KAI)
        y -= max(26, (len(lines) - 1) * size * 1.35 + 24)
    day = licence.issued_on
    ink.text(c, 300, 172, "登记机关", 14, HEI, "left", 8)
    ink.text(c, 352, 118, f"{day.year} 年 {day.month:02d} 月 {day.day:02d} 日", 13, SONG)
    emblems.seal(c, 432, 150, 48, licence.authority, turn=day.day % 7 - 3)
    emblems.qr(c, 92, 104, 62, f"http://www.gsxt.gov.cn/{licence.coded or licence.code}")
    ink.text(c, 48, 46, "企业信用信息公示系统网址：http://www.gsxt.gov.cn", 8.5, SONG)
    ink.text(c, 48, 34, "每年1月1日至6月30日报送公示年度报告", 8.5, SONG)
    ink.text(c, width - 48, 40, "中华人民共和国国家工商行政管理总局监制", 9, SONG, "right")


def public_form(c: Canvas, licence: Licence) -> None:
    """事业单位法人证书, 民办非企业单位登记证书, 社会团体法人登记证书: title on top, one column, term beside the seal."""
    width, height = landscape(A4)
    title, body = {
        "institution": ("事业单位法人证书", "举办单位"),
        "private": ("民办非企业单位登记证书", "业务主管单位"),
        "social": ("社会团体法人登记证书", "业务主管单位"),
    }[licence.form]  # fmt: skip
    paper(c, 34, 44, width - 68, height - 88, "#fdf7e8", "#a8652e")
    emblems.emblem(c, width / 2, height - 92, 34)
    ink.text(c, width / 2, height - 168, title, 36, HEI_BOLD, "centre", 8)
    if licence.copy == "副本":
        ink.text(c, width / 2, height - 192, "（副本）", 14, KAI, "centre")
    ink.text(c, 92, height - 196, "统一社会信用代码", 12, HEI)
    ink.text(c, 92, height - 214, licence.code, 13, SONG)
    sponsor = licence.authority.replace("事业单位登记管理局", "市场监督管理局").replace("民政局", "市场监督管理局")
    purse = [("经费来源", "财政补助收入、事业收入")] if licence.form == "institution" else []
    left = [
        ("名称", licence.name),
        (licence.scope_label, licence.scope),
        (licence.place_label, licence.address),
        (licence.person_label, licence.person),
    ]
    right = [
        *purse,
        (licence.capital_label, licence.capital_text),
        (body, sponsor),
        (licence.term_label, licence.term_text),
    ]
    long_column(c, 92, height - 252, 250, left)
    long_column(c, 472, height - 252, 210, right)
    authority_label = "登记管理机关" if licence.form == "institution" else "发证机关"
    day = licence.issued_on
    ink.text(c, 520, 150, authority_label, 13, HEI)
    ink.text(c, 604, 150, licence.authority, 11, SONG)
    ink.text(c, 604, 110, f"{day.year}年{day.month}月{day.day}日", 13, SONG)
    emblems.seal(c, 668, 138, 46, licence.authority, turn=day.day % 7 - 3)
    ink.text(
        c,
        width / 2,
        62,
        "国家事业单位登记管理局监制" if licence.form == "institution" else "中华人民共和国民政部印制",
        9.5,
        SONG,
        "centre",
    )


def long_column(c: Canvas, x: float, y: float, across: float, pairs: list[tuple[str, str]]) -> None:
    """As `column`, with labels of up to eight characters broken into two lines."""
    for label, value in pairs:
        if not label:
            continue
        if len(label) > 6:
            ink.justified(c, x, y, label[:3], 13, LABEL_WIDTH, HEI)
            ink.justified(c, x, y - 16, label[3:], 13, LABEL_WIDTH, HEI)
        else:
            ink.justified(c, x, y, label, 13, LABEL_WIDTH, HEI)
        lines = ink.wrap(value, 12, across, SONG)
        ink.paragraph(c, x + LABEL_WIDTH + 10, y, lines, 12, 16, SONG)
        y -= max(34 if len(label) > 6 else 26, len(lines) * 16 + 12)


def fake_signature(code: str) -> str:
    """Something that looks like a digital signature."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    state, out = int(code, 36), []
    for _ in range(88):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        out.append(letters[state >> 58])
    return "".join(out) + "="


def chinese(day: object) -> str:
    """2019年01月01日; empty for None."""
    if day is None:
        return ""
    year, month, date = str(day).split("-")
    return f"{year}年{month}月{date}日"
