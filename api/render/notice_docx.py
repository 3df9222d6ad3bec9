"""The draft 补正通知 as a Word document on A4, in the usual form of an official letter."""

from docx.document import Document as Paper
from docx.shared import Pt
from docx.text.paragraph import Paragraph

from api.render.annex_tables import DRAFT
from api.render.grid import Column, Grid
from api.render.notice import Item, Notice
from api.render.printed import RED, add_line, add_table, new_paper, saved

TITLE = "检验检测机构资质认定申请材料补正通知书"
NOTHING = "经审查，未发现需要你单位补正的事项，无需补交材料。"

_INDENT = 28  # two characters of the body text
_SPACING = 1.4


def notice_docx(notice: Notice) -> bytes:
    """The letter; where nothing is to be corrected it says so in one sentence."""
    paper = new_paper(landscape=False, header=DRAFT, size=14, font="仿宋")
    add_line(paper, TITLE, 20, font="黑体", centred=True, spacing=_SPACING)
    add_line(paper, f"{DRAFT}：由系统拟制，经审批人员核对、修改并加盖印章后发出", 10.5, colour=RED, centred=True)
    if notice.set_aside:
        aside = f"另有 {notice.set_aside} 项疑似识别错误，未列入本稿，请先对照原件核实（发出前删除本行）。"
        add_line(paper, aside, 10.5, colour=RED, centred=True)
    add_line(paper, "编号：待编号", 12, centred=True)
    add_line(paper, f"\n{notice.name}：", spacing=_SPACING)
    if notice.asks_nothing:
        _paragraph(paper, NOTHING)
    else:
        _demands(paper, notice)
    for line in ("\n　　　　　　　　　　　　（审批机关名称、印章）", "　　　　　　　　　　　　　　　　年　　月　　日"):
        add_line(paper, line, spacing=_SPACING)
    return saved(paper)


def _demands(paper: Paper, notice: Notice) -> None:
    count = len(notice.items) + len(notice.rows)
    _paragraph(
        paper,
        f"你单位提交的检验检测机构资质认定申请材料经审查（审查日 {notice.as_of.isoformat()}），共有 {count} 处需要补正。"
        "请于　　　　年　　月　　日前一次性提交补正材料；逾期未补正的，将依法处理。",
    )
    if notice.items:
        _heading(paper, "一、需要补正的材料")
        for number, item in enumerate(notice.items, 1):
            _numbered(paper, number, item)
    if notice.rows:
        _heading(paper, f"{'二' if notice.items else '一'}、可以修改的能力项")
        _paragraph(
            paper,
            "下列能力项按现有材料不能列入或不能确认列入批准范围，可以修改后与上述材料一并提交；不修改的，不影响其他能力项的办理。"
            if notice.items
            else "下列能力项按现有材料不能列入或不能确认列入批准范围，可以修改后提交；不修改的，不影响其他能力项的办理。",
        )
        add_table(paper, _rows(notice), 10)
    _heading(paper, "法律依据").paragraph_format.space_before = Pt(8)
    for number, basis in enumerate(notice.bases, 1):
        _paragraph(paper, f"{number}. {basis}")
    _paragraph(paper, "联系人：　　　　　　　联系电话：")


def _numbered(paper: Paper, number: int, item: Item) -> None:
    _paragraph(paper, f"{number}. {item.wrong}")
    for value in item.values:
        _paragraph(paper, f"· {value}")
    _paragraph(paper, f"请提交：{item.hand_in}" if not item.hand_in.startswith("请") else item.hand_in)


def _rows(notice: Notice) -> Grid:
    columns = (
        Column("序号", 8, centred=True),
        Column("申请序号", 14, centred=True),
        Column("能力项或标准", 24),
        Column("问题", 38),
        Column("如何修改", 26),
    )
    lines = tuple(
        (str(number), row.places, row.what, row.wrong, row.hand_in) for number, row in enumerate(notice.rows, 1)
    )
    return Grid(columns, lines, (None,) * len(columns), "")


def _heading(paper: Paper, text: str) -> Paragraph:
    heading = add_line(paper, text, font="黑体", indent=_INDENT, spacing=_SPACING)
    heading.paragraph_format.keep_with_next = True
    return heading


def _paragraph(paper: Paper, text: str) -> None:
    add_line(paper, text, indent=_INDENT, spacing=_SPACING)
