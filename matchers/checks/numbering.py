"""How many rows the annex has, and whether its own numbering runs through (CP-04, CP-05)."""

from collections import Counter
from collections.abc import Iterable, Iterator

from matchers.applied import accredited_rows
from matchers.basis import CNAS_RULES
from matchers.capabilities import Capability, site_key
from matchers.check import check, every
from matchers.lookup import cnas_number_of, same_registration
from matchers.sides import match, mismatch, not_applicable, recorded, row_side, value_of
from models.case import Case
from models.finding import Bilingual, Outcome, Remark, Severity
from models.numbering import holes
from models.papers import CapabilityRow, CnasAnnex
from models.records import RegistryKind
from models.text import key

_SHOWN = 5


@check(
    "CP-04",
    severity=Severity.MAJOR,
    basis=CNAS_RULES.whole(),
    on=(every(CnasAnnex), Case),
    needs=(RegistryKind.CNAS_ROWS,),
    advice=(
        "附件与名录的能力项数不同，请逐项核对附件是否完整、是否最新。",
        "Compare row by row; the annex may be incomplete, old or altered.",
    ),
)
def annex_has_as_many_rows_as_the_directory(_: object, case: Case) -> Iterator[Remark]:
    """附件的能力项数与 CNAS 名录相同。 The annex has as many rows as the CNAS directory."""
    number = cnas_number_of(case)
    owner = value_of("CNAS 注册号", number) if number is not None else ""
    directory = [row for row in case.registries.cnas_rows.records if same_registration(row.owner, owner)]
    printed = accredited_rows(case)
    if not directory or not printed:
        yield not_applicable(
            "名录或附件中没有可计数的检测能力项（由 CC-05、CP-03 说明）。", "There are no rows to count on one side."
        )
        return
    left = row_side("附件能力项", printed, f"{len(printed)} 项")
    right = recorded("CNAS 名录能力范围", f"{len(directory)} 项", case.registries.cnas_rows.snapshot)
    if len(directory) in (len(printed), len(case.accredited_rows)):
        yield match(f"附件与名录均为{len(directory)}项。", f"Both have {len(directory)} rows.", left, right)
        return
    ours, theirs = _methods(printed), _methods(directory)
    said = f"附件{len(printed)}项，名录{len(directory)}项"
    if ours == theirs:
        zh = f"{said}；按参数和标准拆开后均为{ours.total()}项，只是分行方式不同。"
        yield Remark(Outcome.TOLERATED, Bilingual(zh, "The same methods, differently divided into rows."), left, right)
        return
    zh = f"能力项数不同：{said}。仅附件有：{_listed(ours - theirs)}；仅名录有：{_listed(theirs - ours)}。"
    en = f"The annex has {len(printed)} rows, the directory {len(directory)}."
    yield mismatch(zh, en, left, right)


def _methods(rows: Iterable[Capability]) -> Counter[str]:
    """Every parameter with every standard, however the rows divide them."""
    return Counter(f"{key(row.parameter or '')} {ref.key_without_type}" for row in rows for ref in row.standards)


def _listed(methods: Counter[str]) -> str:
    shown = "、".join(list(methods)[:_SHOWN]) or "无"
    return f"{shown}等{len(methods)}项" if len(methods) > _SHOWN else shown


@check(
    "CP-05",
    severity=Severity.MINOR,
    basis=CNAS_RULES.whole(),
    on=(every(CnasAnnex),),
    advice=(
        "附件序号有缺，请核对是否缺页、缺行，或该项已被撤销。",
        "Find out whether rows or pages are missing or were withdrawn.",
    ),
)
def annex_numbering_has_no_holes(annexes: tuple[CnasAnnex, ...]) -> Iterator[Remark]:
    """附件的序号连续、没有缺号。 The annex's row numbers run through without holes."""
    rows = [row for annex in annexes for row in annex.rows if row.language == "zh" and row.object_number]
    if not rows:
        yield not_applicable("附件能力表没有序号。", "The annex numbers no rows.")
        return
    lists: dict[tuple[str, str], list[CapabilityRow]] = {}
    for row in rows:
        lists.setdefault((row.section.value, site_key(row.site)), []).append(row)
    found = [hole for listed in lists.values() for hole in holes(listed)]
    if not found:
        yield match(
            "附件能力表的序号连续。", "The numbering has no holes.", row_side("附件能力表", rows, f"{len(rows)} 行")
        )
        return
    said = "；".join(numbers for numbers, _ in found[:_SHOWN]) + (f"等{len(found)}处" if len(found) > _SHOWN else "")
    left = row_side("缺号之后的行", [row for _, row in found], said)
    yield mismatch(f"附件能力表缺号：{said}。", f"{len(found)} holes in the numbering: {said}.", left)
