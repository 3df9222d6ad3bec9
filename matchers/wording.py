"""Capability rows in words: what a row claims, and how far it goes beyond the rows it must rest on."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from matchers.capabilities import Capability, Gap, Pairing
from models.finding import Bilingual

_GAPS = {
    Gap.STANDARD: Bilingual("没有标准“{standard}”", "the standard “{standard}” is not there"),
    Gap.YEAR: Bilingual("没有标准“{standard}”，只有同一标准的其他年号", "“{standard}” is there with another year only"),
    Gap.SITE: Bilingual("该能力只在其他场所获认可", "it is accredited at another site only"),
    Gap.PARAMETER: Bilingual(
        "标准“{standard}”之下没有参数“{parameter}”", "“{standard}” is there without the parameter “{parameter}”"
    ),
    Gap.OBJECT: Bilingual(
        "标准“{standard}”之下没有检测对象“{object}”", "“{standard}” is there without the object “{object}”"
    ),
}
_OBJECT = Bilingual("没有检测对象“{object}”", "the object “{object}” is not there")
"""Said of all rows of one object at once, whatever their standards."""


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a row is not covered: the words, the nearest row on the other side, and whether words alone could tell.

    `cause` is the same for rows that lack the same thing for the same reason, such as all rows of an object whose name is misread.
    """

    zh: str
    en: str
    other: str | None
    partner: int | None
    certain: bool = True
    cause: Hashable = None


def named(row: Capability) -> str:
    """A row as a report shows it: object, parameter, standards and limit."""
    standards = "、".join(ref.key for ref in row.standards) or row.method
    limit = f"（{row.limitation}）" if row.limitation else ""
    site = f"[{row.site}] " if row.site else ""
    return f"{site}{'／'.join(part for part in (row.object, row.parameter, standards) if part)}{limit}"


def missing(row: Capability, pairings: Sequence[Pairing], others: Sequence[Capability]) -> Explained | None:
    """Which of the row's standards have no counterpart, and at which level they part; None where all have one."""
    lacking = [pairing for pairing in pairings if pairing.gap is not None]
    if not lacking:
        return None
    words = {"parameter": row.parameter or "", "object": row.object or ""}
    said = [(_GAPS[pairing.gap], pairing.standard) for pairing in lacking if pairing.gap is not None]
    zh = "；".join(label.zh.format(standard=standard, **words) for label, standard in said)
    en = "; ".join(label.en.format(standard=standard, **words) for label, standard in said)
    nearest = next((pairing.nearest for pairing in lacking if pairing.nearest is not None), None)
    near = others[nearest] if nearest is not None else None
    gaps = {pairing.gap for pairing in lacking}
    if gaps == {Gap.OBJECT}:
        cause: Hashable = (Gap.OBJECT, row.site, row.object, near and near.object)
        zh, en = (text.format(object=row.object or "") for text in (_OBJECT.zh, _OBJECT.en))
    else:  # a parameter is a row's own; a standard may be that of many rows
        own = row.parameter if Gap.PARAMETER in gaps else ""
        cause = (tuple((pairing.gap, pairing.standard) for pairing in lacking), row.site, row.object, own)
    return Explained(zh, en, named(near) if near is not None else None, nearest, cause=cause)


def exceeding(row: Capability, pairings: Sequence[Pairing], others: Sequence[Capability]) -> Explained | None:
    """Whether the row drops or widens a limit of its counterpart; None where it does not."""
    wider = [pairing for pairing in pairings if pairing.partner is not None and pairing.wider is not False]
    if not wider:
        return None
    worst = next((pairing for pairing in wider if pairing.wider), wider[0])
    partner = worst.partner or 0
    mine, theirs = row.limitation or "无", others[partner].limitation or "（见标准条款或说明）"
    verdict = ("宽于", "is wider than") if worst.wider else ("与之不能直接比较的是", "cannot be compared with")
    zh = f"“{worst.standard}”的限制范围“{mine}”{verdict[0]}“{theirs}”"
    en = f"for “{worst.standard}” the limit “{mine}” {verdict[1]} “{theirs}”"
    if worst.wider and not row.limitation:
        zh = f"“{worst.standard}”未写限制范围，而认可的限制范围为“{theirs}”"
        en = f"for “{worst.standard}” no limit is stated, where the accredited one is “{theirs}”"
    cause = (worst.standard, mine, theirs, worst.wider)
    return Explained(zh, en, named(others[partner]), partner, bool(worst.wider), cause)
