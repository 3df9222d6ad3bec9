"""CNAS 实验室认可证书 in Chinese and in English, as issued since 2018."""

import random

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from samples.generate.draw import emblems, ink
from samples.generate.draw.flow import canvas
from samples.generate.draw.fonts import HEI, HEI_BOLD, HEI_ONLY, KAI, SONG, SONG_BOLD, Face
from samples.generate.facts import Certificate

WIDTH, HEIGHT = A4
CENTRE = WIDTH / 2

CHINESE_TEXT = (
    "符合 {criteria}《检测和校准实验室能力的通用要求》（CNAS-CL01《检测和校准实验室能力认可准则》）的要求，"
    "具备承担本证书附件所列服务能力，予以认可。",
    "获认可的能力范围见标有相同认可注册号的证书附件，证书附件是本证书组成部分。",
)

ENGLISH_TEXT = (
    "is accredited in accordance with ISO/IEC 17025:2017 General Requirements for the Competence of Testing and Calibration"
    " Laboratories (CNAS-CL01 Accreditation Criteria for the Competence of Testing and Calibration Laboratories) for the"
    " competence to undertake the service described in the schedule attached to this certificate.",
    "The scope of accreditation is detailed in the attached schedule bearing the same registration number as above."
    " The schedule forms an integral part of this certificate.",
)
"""The paragraphs between holder and dates."""


def draw_certificate(certificate: Certificate) -> bytes:
    """The certificate as one A4 page."""
    c, buffer = canvas(A4, f"{certificate.registration_number} 认可证书")
    rng = random.Random(certificate.registration_number)
    waves(c)
    emblems.mra_mark(c, 225, 742, 46)
    emblems.cnas_mark(c, 362, 742, 60)
    (chinese_face if certificate.language == "zh" else english_face)(c, certificate, rng)
    c.showPage()
    c.save()
    return buffer.getvalue()


def waves(c: Canvas) -> None:
    """Two blue waves along the foot of the page."""
    for colour, left, low, right in (("#5aa0e0", 96, 30, 96), ("#3a55b8", 74, 8, 88), ("#2a2a7a", 40, -8, 60)):
        c.setFillColor(HexColor(colour))
        path = c.beginPath()
        path.moveTo(0, 0)
        path.lineTo(0, left)
        path.curveTo(WIDTH * 0.3, low, WIDTH * 0.7, low, WIDTH, right)
        path.lineTo(WIDTH, 0)
        path.close()
        c.drawPath(path, stroke=0, fill=1)
    c.setFillColor(HexColor("#000000"))


def chinese_face(c: Canvas, certificate: Certificate, rng: random.Random) -> None:
    ink.text(c, CENTRE, 652, "中国合格评定国家认可委员会", 29, HEI_BOLD, "centre", 3)
    ink.text(c, CENTRE, 606, "实验室认可证书", 27, HEI, "centre", 2)
    ink.text(c, CENTRE, 560, f"（注册号：{certificate.registration_number}）", 14, HEI, "centre")
    ink.text(c, 90, 512, "兹证明：", 14, HEI)
    y = centred(c, 482, certificate.name, 16, HEI_BOLD)
    if certificate.legal_entity:
        c.saveState()
        c.translate(CENTRE, y + 2)
        c.skew(0, -14)
        ink.text(c, 0, 0, f"（法人：{certificate.legal_entity}）", 10.5, HEI_BOLD, "centre")
        c.restoreState()
    y -= 32
    for line in ink.wrap(f"{certificate.address}，{certificate.postcode}", 15, 420, HEI_ONLY):
        emblems.underlined(c, CENTRE, y, line, 15, HEI_ONLY)
        y -= 33
    y -= 2
    for content in CHINESE_TEXT:
        y = indented(c, y, content.format(criteria=certificate.standard), 13, 24, HEI_ONLY)
    ink.text(c, 90, y, f"生效日期：{certificate.effective_on}", 13, HEI)
    ink.text(c, 90, y - 24, f"截止日期：{certificate.expires_on}", 13, HEI)
    emblems.gold_seal(c, 305, y - 14, 50, "中国合格评定国家认可委员会")
    ink.text(c, 66, 156, "中国合格评定国家认可委员会授权人", 14.5, HEI_BOLD, spread=2)
    emblems.signature(c, 372, 160, rng.choice(("肖远", "乔之衡", "宋令行")), 25, rng)
    for n, line in enumerate((
        "中国合格评定国家认可委员会（CNAS）经国家认证认可监督管理委员会（CNCA）授权，负责实施合格评定国家认可制度。",
        "CNAS是国际实验室认可合作组织（ILAC）和亚太认可合作组织（APAC）的互认协议成员。",
        "本证书的有效性可登陆www.cnas.org.cn获认可的机构名录查询。",
    )):  # fmt: skip
        ink.text(c, 66, 130 - n * 12, line, 9, HEI)


def english_face(c: Canvas, certificate: Certificate, rng: random.Random) -> None:
    ink.text(c, CENTRE, 658, "China National Accreditation Service", 22, SONG_BOLD, "centre")
    ink.text(c, CENTRE, 632, "for Conformity Assessment", 22, SONG_BOLD, "centre")
    ink.text(c, CENTRE, 596, "LABORATORY ACCREDITATION CERTIFICATE", 17, HEI_BOLD, "centre")
    ink.text(c, CENTRE, 566, f"(Registration No. {certificate.registration_number})", 13, HEI, "centre")
    ink.text(c, 90, 524, "This is to certify that", 13, SONG)
    y = centred(c, 490, certificate.name, 17, SONG_BOLD)
    if certificate.legal_entity:
        ink.text(c, CENTRE, y, f"(Legal Entity: {certificate.legal_entity})", 11, KAI, "centre")
    y -= 24
    for line in ink.wrap(f"{certificate.address}, {certificate.postcode}", 13, 400, SONG):
        emblems.underlined(c, CENTRE, y, line, 13, SONG)
        y -= 26
    for content in ENGLISH_TEXT:
        for line in ink.wrap(content, 12, 420, SONG):
            ink.text(c, 88, y, line, 12, SONG)
            y -= 17
        y -= 6
    ink.text(c, 90, y - 8, f"Effective Date: {certificate.effective_on}", 12.5, SONG)
    ink.text(c, 90, y - 28, f"Expiry Date: {certificate.expires_on}", 12.5, SONG)
    emblems.gold_seal(c, 330, y - 42, 44, "中国合格评定国家认可委员会")
    emblems.signature(c, 392, 168, rng.choice(("肖远", "乔之衡", "宋令行")), 25, rng)
    ink.text(
        c,
        66,
        150,
        "Signed on behalf of China National Accreditation Service for Conformity Assessment",
        11.5,
        SONG_BOLD,
    )
    for n, line in enumerate((
        "China National Accreditation Service for Conformity Assessment (CNAS) is authorized by Certification and"
        " Accreditation Administration",
        "of the People's Republic of China (CNCA). CNAS is the signatory of the ILAC and APAC Mutual Recognition Arrangement.",
        "The validity of the certificate can be checked on CNAS website at http://www.cnas.org.cn.",
    )):  # fmt: skip
        ink.text(c, 66, 130 - n * 11, line, 8, SONG)


def centred(c: Canvas, y: float, content: str, size: float, face: Face) -> float:
    """Centred lines; returns the baseline for what follows."""
    for line in ink.wrap(content, size, 430, face):
        ink.text(c, CENTRE, y, line, size, face, "centre")
        y -= size * 1.7
    return y


def indented(c: Canvas, y: float, content: str, size: float, leading: float, face: Face) -> float:
    """A paragraph whose first line is indented by two characters."""
    for line in ink.wrap("　　" + content, size, 428, face):
        ink.text(c, 90, y, line, size, face)
        y -= leading
    return y
