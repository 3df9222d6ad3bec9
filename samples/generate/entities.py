"""The kinds of applicant: what each is called, which paper it holds and which labels stand on it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EntityKind:
    """`authority` is the first two characters of the credit code; an empty label means the paper has no such line.

    `names` are patterns over {place} (省 or 市 without suffix), {word} (字号), {trade} (行业) and {city}.
    """

    name: str
    entity_type: str
    authority: str
    person_label: str
    capital_label: str
    place_label: str
    date_label: str
    term_label: str
    scope_label: str
    names: tuple[str, ...]
    forms: tuple[str, ...] = ("landscape", "electronic", "portrait")
    entity_class: str = "企业法人"
    registrar: str = "{city}市场监督管理局"
    may_apply: bool = True
    """Whether such an entity is a legal person or another organisation."""


KINDS = {
    kind.name: kind
    for kind in (
        EntityKind(
            "company", "有限责任公司(自然人投资或控股)", "91", "法定代表人", "注册资本", "住所", "成立日期", "营业期限", "经营范围",
            ("{place}{word}{trade}有限公司", "{word}{trade}({place})有限公司", "{place}{word}{trade}有限责任公司"),
        ),
        EntityKind(
            "joint_stock", "股份有限公司(非上市、自然人投资或控股)", "91", "法定代表人", "注册资本", "住所", "成立日期",
            "营业期限", "经营范围", ("{place}{word}{trade}股份有限公司",),
        ),
        EntityKind(
            "branch", "有限责任公司分公司(自然人投资或控股)", "91", "负责人", "", "经营场所", "成立日期", "营业期限", "经营范围",
            ("{place}{word}{trade}有限公司{city}分公司",), entity_class="其他",
        ),
        EntityKind(
            "partnership", "普通合伙企业", "91", "执行事务合伙人", "出资额", "主要经营场所", "成立日期", "合伙期限", "经营范围",
            ("{place}{word}{trade}中心(普通合伙)",), entity_class="其他",
        ),
        EntityKind(
            "special_partnership", "特殊普通合伙企业", "91", "执行事务合伙人", "出资额", "主要经营场所", "成立日期", "合伙期限", "经营范围",
            ("{place}{word}{trade}事务所(特殊普通合伙)",), entity_class="其他",
        ),
        EntityKind(
            "sole_proprietorship", "个人独资企业", "91", "投资人", "出资额", "住所", "成立日期", "", "经营范围",
            ("{place}{word}{trade}服务中心",), entity_class="其他",
        ),
        EntityKind(
            "individual", "个体工商户", "92", "经营者", "", "经营场所", "注册日期", "", "经营范围",
            ("{place}{word}{trade}服务部",), ("landscape", "portrait"), "其他", may_apply=False,
        ),
        EntityKind(
            "cooperative", "农民专业合作社", "93", "法定代表人", "成员出资总额", "住所", "成立日期", "", "业务范围",
            ("{place}{word}农产品检测专业合作社",), ("landscape", "portrait"),
        ),
        EntityKind(
            "state_owned", "全民所有制", "91", "法定代表人", "注册资金", "住所", "成立日期", "经营期限", "经营范围",
            ("{place}{word}产品质量检验站",), ("portrait", "landscape"),
        ),
        EntityKind(
            "institution", "事业单位", "12", "法定代表人", "开办资金", "住所", "", "有效期", "宗旨和业务范围",
            ("{place}{word}食品检验检测中心", "{place}{word}环境监测站"), ("institution",), "事业法人", "{city}事业单位登记管理局",
        ),
        EntityKind(
            "private_non_enterprise", "民办非企业单位(法人)", "52", "法定代表人", "开办资金", "住所", "", "有效期", "业务范围",
            ("{place}{word}检验检测研究院",), ("private",), "社团法人", "{city}民政局",
        ),
        EntityKind(
            "social_organisation", "社会团体", "51", "法定代表人", "注册资金", "住所", "", "有效期", "业务范围",
            ("{place}{word}检验检测协会",), ("social",), "社团法人", "{city}民政局",
        ),
    )
}  # fmt: skip
"""Every kind of applicant by its English name."""
