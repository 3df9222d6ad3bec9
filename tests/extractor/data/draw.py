"""Draws the pictures in this folder, with the fonts of Debian's fonts-wqy-zenhei and fonts-arphic-uming; run it as a program."""

import json
import math
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont

HERE = Path(__file__).parent
SONG = "/usr/share/fonts/truetype/arphic/uming.ttc"
HEI = "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc"

COLUMNS = (70, 150, 90, 200, 110, 480, 230)  # pixels at 200 dpi
ROWS: tuple[tuple[str, ...], ...] = (
    ("序号", "检测对象", "序号", "项目/参数名称", "领域代码", "检测标准（方法）名称及编号", "限制范围"),
    ("1", "生活饮用水", "1.1", "浑浊度", "0226", "生活饮用水标准检验方法 第4部分\nGB/T 5750.4-2023", "只用散射法"),
    ("1", "生活饮用水", "1.2", "pH值", "0226", "生活饮用水标准检验方法 第4部分\nGB/T 5750.4-2023", ""),
    ("1", "生活饮用水", "1.3", "总硬度", "0226", "水质 钙和镁总量的测定 GB/T 7477-1987", "不做现场采样"),
    ("2", "食品", "2.1", "水分", "0301", "食品中水分的测定 GB 5009.3-2016", ""),
    ("2", "食品", "2.2", "二氧化硫", "0302", "食品中二氧化硫的测定\nGB 5009.34-2022", "只测：干果、糖"),
)
CERTIFICATE = {
    "title": "检验检测机构资质认定证书",
    "number": "证书编号：252104090017",
    "name": "名称：海口椰岛检测技术有限公司",
    "address": "地址：海南省海口市龙华区金盘路18号3层",
    "issued": "发证日期：2025年03月14日",
    "expires": "有效期至：2031年03月13日",
}


def annex() -> Image.Image:
    """A ruled table of seven columns with two merged cells, and a line of text above it."""
    page = Image.new("L", (1480, 640), 255)
    pen = ImageDraw.Draw(page)
    song = ImageFont.truetype(SONG, 26)
    pen.text((76, 40), "№ CNAS L99001", font=song, fill=0)
    pen.text((1180, 40), "第 3 页 共 12 页", font=song, fill=0)
    xs = [76]
    for width in COLUMNS:
        xs.append(xs[-1] + width)
    heights = [60, 80, 80, 60, 60, 80]
    ys = [100]
    for height in heights:
        ys.append(ys[-1] + height)
    spans = {(1, 0): 3, (1, 1): 3, (4, 0): 2, (4, 1): 2}
    for r, row in enumerate(ROWS):
        for c, text in enumerate(row):
            if c < 2 and r and (r, c) not in spans:
                continue
            bottom = ys[r + spans.get((r, c), 1)]
            pen.rectangle((xs[c], ys[r], xs[c + 1], bottom), outline=0, width=2)
            lines = text.split("\n")
            for k, line in enumerate(lines):
                middle = (ys[r] + bottom) / 2 + (k - (len(lines) - 1) / 2) * 33
                pen.text(((xs[c] + xs[c + 1]) / 2, middle), line, font=song, fill=0, anchor="mm")
    return page


def certificate() -> Image.Image:
    """A certificate in a double frame, a red seal over its two dates."""
    page = Image.new("RGB", (1000, 1414), "white")
    pen = ImageDraw.Draw(page)
    for inset, width in ((40, 8), (60, 3)):
        pen.rectangle((inset, inset, 1000 - inset, 1414 - inset), outline=(120, 80, 40), width=width)
    pen.text((500, 240), CERTIFICATE["title"], font=ImageFont.truetype(HEI, 52), fill=0, anchor="mm")
    hei = ImageFont.truetype(HEI, 28)
    for place, key in (((560, 360), "number"), ((130, 480), "name"), ((130, 560), "address")):
        pen.text(place, CERTIFICATE[key], font=hei, fill=0)
    for place, key in (((520, 1080), "issued"), ((520, 1140), "expires")):
        pen.text(place, CERTIFICATE[key], font=hei, fill=0)
    seal = Image.new("RGBA", page.size, (0, 0, 0, 0))
    stamp = ImageDraw.Draw(seal)
    red, centre, radius = (214, 30, 38, 205), (700, 1115), 118
    stamp.circle(centre, radius, outline=red, width=7)
    star = [
        (centre[0] + r * math.sin(k * math.pi / 5), centre[1] - r * math.cos(k * math.pi / 5))
        for k, r in enumerate([36, 14] * 5)
    ]
    stamp.polygon(star, fill=red)
    for k, sign in enumerate("海南省市场监督管理局"):
        angle = math.radians(-120 + k * 240 / 9)
        tile = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
        ImageDraw.Draw(tile).text((30, 30), sign, font=ImageFont.truetype(HEI, 30), fill=red, anchor="mm")
        at = centre[0] + 88 * math.sin(angle) - 30, centre[1] - 88 * math.cos(angle) - 30
        seal.alpha_composite(
            tile.rotate(-math.degrees(angle), resample=Image.Resampling.BICUBIC), (round(at[0]), round(at[1]))
        )
    # Stamp ink is translucent: it darkens paper to red and leaves black black.
    white = Image.new("RGBA", page.size, "white")
    ink = Image.alpha_composite(white, seal).convert("RGB")
    return ImageChops.multiply(page, ink)


if __name__ == "__main__":
    annex().quantize(16).save(HERE / "annex.png", optimize=True)
    certificate().quantize(32).save(HERE / "certificate.png", optimize=True)
    (HERE / "annex.json").write_text(json.dumps(ROWS, ensure_ascii=False, indent=1), encoding="utf-8")
    (HERE / "certificate.json").write_text(json.dumps(CERTIFICATE, ensure_ascii=False, indent=1), encoding="utf-8")
