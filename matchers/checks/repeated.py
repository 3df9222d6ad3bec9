"""The claim in itself: rows that are claimed twice, and rows whose method has no standard number (SC-08, SC-09)."""

from collections.abc import Iterator

from matchers.applied import testing_rows
from matchers.basis import LIBRARY_NOTICE, REVIEW_CRITERIA
from matchers.capabilities import site_key
from matchers.check import check, every
from matchers.claims import Rows, alike, claimed_side, doubt, indices_of, library_of, places_of
from matchers.rules import Rules
from matchers.sides import match, mismatch, not_applicable, recorded, row_side
from matchers.standards import LibraryState
from matchers.wording import named
from models.case import Case
from models.finding import Bilingual, Outcome, Remark, Severity
from models.papers import CapabilityRow
from models.text import key


@check(
    "SC-08",
    severity=Severity.MINOR,
    basis=REVIEW_CRITERIA.whole(),
    on=(every(CapabilityRow), Case),
    advice=("重复的能力项批准时只列一次。", "List the capability once."),
)
def no_row_is_claimed_twice(_: object, case: Case) -> Iterator[Remark]:
    """申请的能力项没有重复。 No capability is claimed twice."""
    rows = testing_rows(case)
    groups: dict[tuple[object, ...], Rows] = {}
    for numbered in rows:
        for claimed in _capabilities(numbered[1]):
            groups.setdefault(claimed, []).append(numbered)
    said: dict[tuple[int, ...], Rows] = {}
    for group in groups.values():
        if len(group) > 1:
            said.setdefault(indices_of(group), group)
    for indices, group in said.items():
        first, again = group[0][1], "、".join(str(index + 1) for index in indices)
        yield mismatch(
            f"申请第 {again} 项为同一能力：“{named(first)}”，场所、对象、参数、标准和限制范围均相同。",
            f"Rows {again} claim the same: “{named(first)}”.",
            row_side("申请能力项", [first], named(first)),
            row_side("重复的申请能力项", [row for _, row in group[1:]], named(group[1][1])),
            rows=indices,
            subject=f"第{again}项",
        )
    if len({index for indices in said for index in indices}) < len(rows):
        listed = row_side("申请能力项", [row for _, row in rows], f"{len(rows)} 项")
        yield match(f"申请的{len(rows)}项中，其余各项没有重复。", "No other row is claimed twice.", listed)
    elif not said:
        yield not_applicable("没有申请检测或检验能力项。", "No row is claimed.")


def _capabilities(row: CapabilityRow) -> set[tuple[object, ...]]:
    """What the row claims, standard by standard; another clause or limit is another capability."""
    place = (site_key(row.site), key(row.object or ""), key(row.parameter or ""))
    limit = (key(row.limitation or ""), key(row.note or ""))
    if not row.standards:
        return {(*place, key(row.method), *limit)}
    return {
        (*place, ref.key, ref.amendment or "", key(ref.clause or ""), key(ref.limitation or ""), *limit)
        for ref in row.standards
    }


@check(
    "SC-09",
    severity=Severity.MAJOR,
    basis=LIBRARY_NOTICE.whole(),
    on=(every(CapabilityRow), Case, Rules),
    advice=(
        "非标准方法、自编方法或书刊方法请人工审查；未收录于能力项目库的不得直接批准。",
        "Methods without a standard number need a person; what the library lacks is not issued directly.",
    ),
)
def methods_have_a_standard_number(_: object, case: Case, rules: Rules) -> Iterator[Remark]:
    """申请的方法均有标准编号。 Every claimed method has a standard number."""
    rows = testing_rows(case)
    uncoded = [(index, row) for index, row in rows if all(ref.kind == "document" for ref in row.standards)]
    library, answer = library_of(case, rules), case.registries.library
    for group in alike(uncoded, lambda _, row: key(row.method)):
        row = group[0][1]
        standing = library.standing(row.standards[0]) if row.standards else library.titled(row.method)
        left, what = claimed_side(group, row.method or "（方法栏为空）"), row.method or "方法栏为空"
        subject = f"{what}{doubt(group)}"
        if answer.available and standing.state is LibraryState.IN_LIB:
            right = recorded("能力项目库", standing.records[0].title, answer.snapshot)
            zh = f"“{what}”没有标准编号，但能力项目库收录有同名方法，涉及{places_of(group)}。"
            message = Bilingual(zh, f"“{what}” has no number, but the library lists it by its name.")
            yield Remark(Outcome.TOLERATED, message, left, right, subject=subject)
        else:
            zh = f"“{what}”没有标准编号（非标方法、自编方法或书刊方法），涉及{places_of(group)}。"
            yield mismatch(zh, f"“{what}” has no standard number.", left, rows=indices_of(group), subject=subject)
    coded = [row for _, row in rows if any(ref.kind == "standard" for ref in row.standards)]
    if coded:
        side = row_side("申请能力项", coded, f"{len(coded)} 项")
        yield match(f"{len(coded)}项的方法有标准编号。", f"{len(coded)} rows cite a standard.", side)
    elif not uncoded:
        yield not_applicable("没有申请检测或检验能力项。", "No row is claimed.")
