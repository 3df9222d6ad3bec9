"""Annexes drawn for the benchmark of digital pages: their rows are known, their pages look like those of an accreditation.

检测对象 and its number are merged over many rows and over pages, the header has two rows, codes wrap inside narrow columns,
rows are split by page breaks, and each page ends with a second small table.
"""

import io
import random
from collections.abc import Sequence
from itertools import pairwise

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

#: Stroked rules; a thin filled rectangle for every edge and corner; all rules in one path.
STYLES = ("stroke", "rect", "path")
FONT, SIZE, LEADING = "STSong-Light", 7.0, 8.4
WIDTHS = (26, 70, 40, 92, 36, 200, 54, 120, 76)
LEFT, TOP, BOTTOM, PADDING = 48.0, 560.0, 84.0, 2.5

Row = tuple[str, ...]

_OBJECTS = ("食品", "生活饮用水", "水和废水", "土壤和沉积物", "环境空气和废气", "化妆品", "饲料", "肥料", "建筑材料")
_ITEMS = (
    "水分",
    "灰分",
    "蛋白质",
    "铅",
    "总汞",
    "pH值",
    "菌落总数",
    "六价铬",
    "挥发酚",
    "溶解性总固体",
    "邻苯二甲酸二(2-乙基)己酯",
)
_TITLES = (
    "食品安全国家标准食品中{}的测定",
    "生活饮用水标准检验方法第4部分:{}",
    "水质{}的测定电感耦合等离子体质谱法",
    "土壤和沉积物{}的测定微波消解/原子荧光法",
)
_WAYS = (
    "",
    "第一法",
    "及第1号修改单 附录A 电感耦合等离子体发射光谱法(ICP-OES)",
    "Determination by inductively coupled plasma mass spectrometry",
)
_LIMITS = (
    "",
    "只用第一法",
    "不测进出口食品及保健食品, 不做现场采样",
    "只用直接干燥法和减压干燥法; 只测固体样品",
    "Only for liquid samples, method B",
)
_NOTES = ("", "", "2024-06-30", "标准变更, 维持认可", "2025-03-18 新增场所A")


def facts(rows: int, seed: int = 7) -> list[Row]:
    """The truth: number, object, item number, item, code, method, standard, limit, note."""
    rng = random.Random(seed)
    found: list[Row] = []
    number = 0
    while len(found) < rows:
        number += 1
        thing = rng.choice(_OBJECTS)
        for item in range(1, rng.choice((1, 3, 8, 25, 60)) + 1):
            name = rng.choice(_ITEMS)
            title = f"{rng.choice(_TITLES).format(name)} {rng.choice(_WAYS)}"
            standard = rng.choice(
                ("GB/T 5009.{}-2016", "GB 5009.{}-2003", "HJ {}-2011", "CJ/T {}-2018", "GB/T 5750.{}-2023 5.1")
            )
            found.append((
                str(number), thing, f"{number}.{item}", name, f"{rng.randrange(10**4):04d}", title,
                standard.format(rng.randrange(1, 900)), rng.choice(_LIMITS), rng.choice(_NOTES),
            ))  # fmt: skip
    return found[:rows]


def wrap(text: str, width: float) -> list[str]:
    """Lines no wider than `width`, broken anywhere, as narrow columns are."""
    lines = [""]
    for letter in text:
        if lines[-1] and pdfmetrics.stringWidth(lines[-1] + letter, FONT, SIZE) > width:
            lines.append("")
        lines[-1] += letter
    return lines


def annex(pages: int, style: str, seed: int = 7) -> tuple[bytes, list[Row]]:
    """A PDF of so many pages, its rules drawn in one of the STYLES, and the rows that it holds."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    rows = facts(30 * pages, seed)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(842, 595), pageCompression=1)
    rng = random.Random(seed)
    waiting = [[wrap(text, width - 2 * PADDING) for text, width in zip(row, WIDTHS, strict=True)] for row in rows]
    for i in range(len(rows) - 1, 0, -1):
        if rows[i][:2] == rows[i - 1][:2]:
            waiting[i][:2] = [[], []]  # 序号 and 检测对象 stand once, in a merged cell
    waiting.reverse()
    for number in range(1, pages + 1):
        page = _Page(canvas, style)
        page.title(number, pages)
        page.header()
        while page.room(waiting[-1]) >= 0:
            cells = waiting.pop()
            page.row(cells, merged=() if cells[0] or page.empty else (0, 1))
        if number < pages and page.lines_left() >= 1 and rng.random() < 0.7:
            lines = page.lines_left()
            cells = waiting.pop()
            page.row([cell[:lines] for cell in cells], merged=() if cells[0] or page.empty else (0, 1))
            waiting.append([cell[lines:] for cell in cells])
        page.close()
    canvas.save()
    return buffer.getvalue(), rows[: len(rows) - len(waiting)]


class _Page:
    """One page while it is drawn: rows from the top, their edges kept until the rules are drawn."""

    def __init__(self, canvas: Canvas, style: str) -> None:
        self.canvas, self.style, self.y, self.empty = canvas, style, TOP, True
        self.xs = [LEFT + sum(WIDTHS[:i]) for i in range(len(WIDTHS) + 1)]
        self.edges: list[tuple[float, float, float, float]] = []
        canvas.setFont(FONT, SIZE)

    def title(self, number: int, total: int) -> None:
        self.canvas.drawString(LEFT, TOP + 19, "中国合格评定国家认可委员会 认可证书附件 (注册号: CNAS L9901)")
        self.canvas.drawString(LEFT, TOP + 9, "附件2 认可的检测能力范围")
        self.canvas.drawString(LEFT + 620, TOP + 9, f"第 {number} 页 共 {total} 页")

    def header(self) -> None:
        first = ("序号", "检测对象", "项目/参数", "", "领域代码", "检测标准(方法)名称", "标准编号", "限制范围", "说明")
        self.row([[text] if text else [] for text in first], flowing=(3,))
        second = [[], [], ["序号"], ["名称"], [], [], [], [], []]
        self.row(second, merged=(0, 1, 4, 5, 6, 7, 8))
        self.empty = True

    def lines_left(self) -> int:
        return int((self.y - BOTTOM - 2 * PADDING) / LEADING)

    def room(self, cells: list[list[str]]) -> int:
        return self.lines_left() - max(map(len, cells))

    def row(self, cells: list[list[str]], merged: Sequence[int] = (), flowing: Sequence[int] = ()) -> None:
        """Cells as lines; `merged` columns go on from the row above, `flowing` ones from the column on their left."""
        bottom = self.y - max(map(len, cells)) * LEADING - 2 * PADDING
        for column, lines in enumerate(cells):
            x0, x1 = self.xs[column : column + 2]
            for number, text in enumerate(lines):
                self.canvas.drawString(x0 + PADDING, self.y - PADDING - SIZE * 0.9 - number * LEADING, text)
            if column not in merged:
                self.edges.append((x0, self.y, x1, self.y))
            if column not in flowing:
                self.edges.append((x0, bottom, x0, self.y))
        self.edges.append((self.xs[-1], bottom, self.xs[-1], self.y))
        self.y, self.empty = bottom, False

    def close(self) -> None:
        """Close the table, add the second one below it, draw all rules."""
        self.edges += [(x0, self.y, x1, self.y) for x0, x1 in pairwise(self.xs)]
        tops, sides = (64.0, 50.0, 36.0), (LEFT, LEFT + 120, LEFT + 420)
        for i, top in enumerate(tops):
            self.edges += [(x0, top, x1, top) for x0, x1 in pairwise(sides)]
            if i:
                self.edges += [(x, top, x, tops[i - 1]) for x in sides]
                for x, text in zip(sides, ("以下空白", "本页共有检测能力如上表所列"), strict=False):
                    self.canvas.drawString(x + PADDING, top + 4, text)
        if self.style == "rect":
            for x0, y0, x1, y1 in self.edges:  # as word processors do: a bar for each edge, a square for each corner
                self.canvas.rect(x0 - 0.25, y0 - 0.25, x1 - x0 + 0.5, y1 - y0 + 0.5, stroke=0, fill=1)
                for x, y in ((x0, y0), (x1, y1)):
                    self.canvas.rect(x - 0.25, y - 0.25, 0.5, 0.5, stroke=0, fill=1)
        elif self.style == "path":
            path = self.canvas.beginPath()
            for x0, y0, x1, y1 in self.edges:
                path.moveTo(x0, y0)
                path.lineTo(x1, y1)
            self.canvas.drawPath(path)
        else:
            self.canvas.setLineWidth(0.5)
            self.canvas.lines(self.edges)
        self.canvas.showPage()
