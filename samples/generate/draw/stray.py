"""A paper that is none of ours though it looks like one: a management system certificate that carries a CNAS mark."""

import random

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4

from samples.generate.draw import emblems, ink
from samples.generate.draw.annex_tables import chinese
from samples.generate.draw.flow import canvas
from samples.generate.draw.fonts import HEI, HEI_BOLD, KAI, SONG, SONG_BOLD
from samples.generate.facts import Licence

WIDTH, HEIGHT = A4


def draw_stray(licence: Licence) -> bytes:
    """质量管理体系认证证书 of the applicant, by an invented certification body."""
    c, buffer = canvas(A4, "质量管理体系认证证书")
    rng = random.Random(licence.code)
    c.setStrokeColor(HexColor("#f2b43c"))
    c.setLineWidth(16)
    c.rect(24, 24, WIDTH - 48, HEIGHT - 48)
    c.setStrokeColor(HexColor("#4a5aa8"))
    c.setLineWidth(6)
    c.rect(48, 48, WIDTH - 96, HEIGHT - 96)
    c.setFillColor(HexColor("#4a5aa8"))
    emblems.outlined(c, WIDTH / 2, HEIGHT - 150, "QHC", 48, HEI_BOLD, "centre")
    c.setFillColor(HexColor("#000000"))
    c.setStrokeColor(HexColor("#000000"))
    middle = WIDTH / 2
    ink.text(c, middle, HEIGHT - 226, "质量管理体系认证证书", 25, HEI_BOLD, "centre")
    ink.text(
        c,
        middle,
        HEIGHT - 262,
        f"证书编号：{rng.randint(10**4, 10**5 - 1)}Q{rng.randint(1000, 9999)}R0S",
        11,
        SONG,
        "centre",
    )
    ink.text(c, middle, HEIGHT - 292, "兹证明", 12, SONG, "centre")
    ink.text(c, middle, HEIGHT - 326, licence.name, 19, KAI, "centre")
    ink.text(c, middle, HEIGHT - 352, f"统一社会信用代码:{licence.code}", 10, SONG, "centre")
    ink.text(c, middle, HEIGHT - 368, f"住所:{licence.address}", 10, SONG, "centre")
    ink.text(c, middle, HEIGHT - 410, "管理体系符合", 12, SONG, "centre")
    ink.text(c, middle, HEIGHT - 432, "GB/T 19001-2016/ISO 9001:2015", 14, SONG_BOLD, "centre")
    ink.text(c, middle, HEIGHT - 474, "覆盖的范围", 12, SONG, "centre")
    ink.text(c, middle, HEIGHT - 498, "检验检测服务、技术咨询", 14, KAI, "centre")
    ink.text(c, 130, 234, f"生效日期：{chinese(licence.issued_on)}", 11, HEI)
    ink.text(
        c, 130, 214, f"有效期至：{chinese(licence.issued_on.replace(year=licence.issued_on.year + 3, day=1))}", 11, HEI
    )
    emblems.seal(c, 420, 222, 46, "琼华衡认证集团有限公司", turn=5)
    emblems.cnas_mark(c, 190, 130, 36)
    for n, line in enumerate(("中国认可", "国际互认", "管理体系", "MANAGEMENT SYSTEM", "CNAS C009-M")):
        ink.text(c, 250, 152 - 11 * n, line, 8.5, HEI)
    ink.text(c, middle, 70, "本证书信息可在国家认证认可监督管理委员会官方网站 www.cnca.gov.cn 查询", 8, SONG, "centre")
    c.showPage()
    c.save()
    return buffer.getvalue()
