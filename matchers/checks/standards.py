"""Standard numbers as they are printed (ST)."""

from collections.abc import Iterator

from matchers.applied import testing_rows
from matchers.basis import CNAS_RULES
from matchers.check import check, every
from matchers.sides import match, mismatch, not_applicable, row_side
from matchers.standards import undated
from models.case import Case
from models.finding import Bilingual, Outcome, Remark, Severity
from models.papers import CapabilityRow
from models.text import key


@check(
    "ST-05",
    severity=Severity.MAJOR,
    basis=CNAS_RULES.whole("检测标准（方法）名称及编号（含年号）"),
    on=(every(CapabilityRow), Case),
    advice=("请要求申请人补注标准年号。", "Have the year added."),
)
def standards_bear_their_year(_: object, case: Case) -> Iterator[Remark]:
    """申请的标准均注明年号。 Every claimed standard bears its year."""
    rows = testing_rows(case)
    without: dict[tuple[str, bool], list[tuple[int, CapabilityRow]]] = {}
    for index, row in rows:
        for ref in undated(row.standards):
            latest = "最新版本" in key(f"{row.method}{row.limitation or ''}{row.note or ''}")
            without.setdefault((ref.key, latest), []).append((index, row))
    for (code, latest), found in without.items():
        left = row_side("申请能力项", [row for _, row in found], code)
        indices = tuple(dict.fromkeys(index for index, _ in found))
        if latest:
            zh = f"标准“{code}”未注年号，但注明采用最新版本（{len(found)}处）。"
            yield Remark(
                Outcome.TOLERATED, Bilingual(zh, f"“{code}” is dated by its latest edition."), left, subject=code
            )
        else:
            zh = f"标准“{code}”未注年号，涉及申请第 {'、'.join(str(index + 1) for index in indices[:8])} 项等{len(indices)}项。"
            yield mismatch(zh, f"“{code}” bears no year; {len(indices)} rows.", left, rows=indices, subject=code)
    bad = {index for found in without.values() for index, _ in found}
    good = [row for index, row in rows if index not in bad and row.standards]
    if good:
        yield match(
            f"{len(good)}项的标准均注明年号。",
            f"{len(good)} rows bear the year.",
            row_side("申请能力项", good, f"{len(good)} 项"),
        )
    elif not without:
        yield not_applicable("申请的能力项没有标准编号。", "No claimed row cites a standard.")
