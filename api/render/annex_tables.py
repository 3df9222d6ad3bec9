"""The tables of the draft 附表: columns, cells, and which equal neighbours are one cell."""

from collections.abc import Sequence

from api.render.annex import NONE_GIVEN, DraftAnnex, HeldRow, Reason, by_standard, shown
from api.render.grid import Column, Grid

ISSUED_TITLE = "批准{name}检验检测的能力范围"
SIGNATORIES_TITLE = "批准{name}授权签字人及领域表"
REFUSED_TITLE = "{name}：不予列入附表的能力项及理由"
UNDECIDED_TITLE = "{name}：须由审批人员逐项决定的能力项"
DRAFT = "草稿 DRAFT"
DISCLAIMER = "本稿由系统根据申请材料和登记数据拟制，仅为建议；是否批准由审批人员决定。"
NO_MORE = "（以下空白）"
CONCERNS_TITLE = "{name}：涉及整个申请、须由审批人员决定的事项"


def issued_table(draft: DraftAnnex) -> Grid:
    """The capability table in the layout of an issued 附表."""
    over, sites = "产品/项目/参数", draft.shows_sites
    columns = [
        Column("序号", 6, centred=True),
        Column("类别\n（产品/项目/参数）", 16),
        Column("序号", 7, over, centred=True),
        Column("名称", 17, over),
        Column("依据的标准（方法）名称及编号（含年号）", 35 if sites else 39),
        Column("限制范围", 14 if sites else 15),
        Column("说明", 9 if sites else 10),
    ]
    columns += [Column("所在场所", 6, centred=True)] if sites else []
    lines = tuple(
        (str(row.group), row.category, row.number, row.parameter, row.method, row.limitation, row.note)
        + ((row.site,) if sites else ())
        for row in draft.issued
    )
    groups, numbers = [row.group for row in draft.issued], [row.number for row in draft.issued]
    blocks = (groups, groups, numbers, numbers, None, None, None, *([groups] if sites else []))
    return Grid(tuple(columns), lines, blocks, "没有建议批准的能力项。")


def signatories_table(draft: DraftAnnex) -> Grid:
    """The people who may sign; who is not proposed stands among what a person must decide."""
    sites = draft.shows_sites
    columns = [
        Column("序号", 6, centred=True),
        Column("姓名", 14, centred=True),
        Column("职务/职称", 20, centred=True),
        Column("授权签字领域", 46 if sites else 54),
        Column("备注", 14 if sites else 16),
    ]
    columns += [Column("所在场所", 10, centred=True)] if sites else []
    lines = tuple(
        (str(number), shown(person.name), shown(person.title), shown(person.field), shown(person.note))
        + ((shown(person.site) or NONE_GIVEN,) if sites else ())
        for number, person in enumerate(draft.signatories, 1)
    )
    return Grid(tuple(columns), lines, (None,) * len(columns), "没有可以直接建议批准的授权签字人。")


def refused_table(draft: DraftAnnex) -> Grid:
    """What cannot be issued, a line for each reason."""
    return _held_table(draft.refused, draft.shows_sites, "不予列入的理由", "没有不予列入的能力项。")


def undecided_table(draft: DraftAnnex) -> Grid:
    """The rows that a person must decide, a line for each reason."""
    return _held_table(draft.undecided, draft.shows_sites, "需要判断的原因", "没有须由审批人员逐项决定的能力项。")


def concerns_table(draft: DraftAnnex) -> Grid:
    """What a person must weigh about the case as a whole."""
    columns = (
        Column("序号", 6, centred=True),
        Column("事项", 60),
        Column("依据", 24),
        Column("处理建议", 20),
    )
    lines = tuple((str(number), *_words(reason)) for number, reason in enumerate(draft.concerns, 1))
    return Grid(columns, lines, (None,) * 4, "没有涉及整个申请的问题。")


def _held_table(rows: Sequence[HeldRow], sites: bool, why: str, empty: str) -> Grid:
    row_columns = [
        Column("申请\n序号", 6, centred=True),
        Column("类别", 10),
        Column("项目/参数", 10),
        Column("依据的标准（方法）", 18),
        Column("限制范围", 8),
        *([Column("场所", 5, centred=True)] if sites else []),
    ]
    columns = (
        *row_columns,
        Column(why, 25 if sites else 28),
        Column("依据", 15 if sites else 17),
        Column("处理建议", 13),
    )
    lines = tuple(
        (
            str(held.claimed),
            shown(held.row.object) or NONE_GIVEN,
            shown(held.row.parameter) or NONE_GIVEN,
            by_standard(held.row),
            shown(held.row.limitation),
            *([shown(held.row.site)] if sites else []),
            *_words(reason),
        )
        for held in rows
        for reason in held.reasons
    )
    places = [held.claimed for held in rows for _ in held.reasons]
    return Grid(columns, lines, (places,) * len(row_columns) + (None,) * 3, empty)


def _words(reason: Reason) -> tuple[str, str, str]:
    return shown(reason.found), shown(reason.basis), shown(reason.advice)


def head_lines(draft: DraftAnnex) -> tuple[tuple[str, str], ...]:
    """Label and text above the capability table; what the authority fills in is left open."""
    return (
        ("证书编号", "待编号"),
        ("名称", draft.name),
        *([("所属法人单位", draft.legal_entity)] if draft.legal_entity else []),
        ("地址", draft.address or NONE_GIVEN),
        *([("场所", "\n".join(draft.sites))] if len(draft.sites) > 1 else []),
        ("批准日期", "　　　　年　　月　　日"),
        ("有效日期", "　　　　年　　月　　日"),
    )


def opinion(draft: DraftAnnex) -> str:
    """What the machine recommends, in one paragraph for the reader of the draft."""
    counts = (
        f"建议批准 {len(draft.issued)} 项，不予列入 {len(draft.refused)} 项，须人工决定 {len(draft.undecided)} 项。"
    )
    return f"审查建议：{draft.recommendation}。{draft.why}{counts}{''.join(draft.notes)}"
