"""Standards as they are printed and as the register of standards knows them (ST)."""

from collections.abc import Iterator

from matchers.applied import testing_rows
from matchers.basis import CMA_RULES, CNAS_RULES
from matchers.check import check, every
from matchers.claims import Claim, Rows, claimed_side, claims_of, doubt, indices_of, places_of
from matchers.register import Register, StandardState, register_of, state_of, title_likeness
from matchers.rules import Rules
from matchers.sides import match, mismatch, not_applicable, recorded, row_side
from matchers.standards import undated
from models.case import Case
from models.field import Snapshot
from models.finding import Bilingual, Comparison, Outcome, Remark, Severity, Side
from models.papers import CapabilityRow
from models.records import RegistryKind, StandardRecord
from models.standards import StandardRef
from models.text import key

_STANDARD_CHANGE = CMA_RULES.article(14)
_ENDED = {
    StandardState.SUPERSEDED: Bilingual("已被代替", "superseded"),
    StandardState.ABOLISHED: Bilingual("已废止", "withdrawn"),
}
_CHANGE = Bilingual(
    "请申请人改用现行标准，办理标准变更后再批准该项。", "Have the current edition applied for (标准变更)."
)


@check(
    "ST-01",
    severity=Severity.MAJOR,
    basis=_STANDARD_CHANGE,
    on=(every(CapabilityRow), Case, Rules),
    needs=(RegistryKind.STANDARDS,),
)
def standards_are_in_force(_: object, case: Case, rules: Rules) -> Iterator[Remark]:
    """申请的标准在审查日现行有效。 Every claimed standard is in force on the day of judgement."""
    good, others = list[Claim](), 0
    for claim, _ref, record in _registered(case, rules):
        state = state_of(record, case.as_of, rules)
        left, right = claimed_side(claim.rows, claim.code), _register_side(case, record)
        others += state in (*_ENDED, StandardState.FUTURE)
        if state in _ENDED:
            instead = f"，代替标准为“{record.replaced_by}”" if record.replaced_by else ""
            since = f"（{record.abolished_on}起）" if record.abolished_on else ""
            yield mismatch(
                f"“{claim.code}”{_ENDED[state].zh}{since}{instead}，涉及{places_of(claim.rows)}。",
                f"“{claim.code}” is {_ENDED[state].en}; {len(claim.rows)} rows.",
                left,
                right,
                rows=indices_of(claim.rows),
                subject=f"{claim.code}{doubt(claim.rows)}",
                advice=_CHANGE,
            )
        elif state is StandardState.FUTURE:
            zh = f"“{claim.code}”即将实施（{record.effective_on or '实施日期不详'}），到审查日{case.as_of}尚未实施。"
            message = Bilingual(zh, f"“{claim.code}” is published and not yet in effect.")
            yield Remark(
                Outcome.TOLERATED,
                message,
                left,
                right,
                severity=Severity.MINOR,
                subject=f"{claim.code}{doubt(claim.rows)}",
            )
        elif state is StandardState.CURRENT:
            good.append(claim)
    yield from _passed(good, case, "的标准现行有效", others)


@check(
    "ST-02",
    severity=Severity.MAJOR,
    basis=_STANDARD_CHANGE,
    on=(every(CapabilityRow), Case, Rules),
    needs=(RegistryKind.STANDARDS,),
)
def no_newer_edition_is_in_force(_: object, case: Case, rules: Rules) -> Iterator[Remark]:
    """申请的标准没有已实施的更新版本。 No newer edition of a claimed standard is in force."""
    register, good, others = register_of(case, rules), list[Claim](), 0
    for claim, ref in _cited(case, rules):
        newer = register.newer(ref, case.as_of)
        if newer is None:
            good.append(claim)
            continue
        others += 1
        left, right = claimed_side(claim.rows, claim.code), recorded("标准状态信息", newer.code, _snapshot(case))
        if state_of(newer, case.as_of, rules) is StandardState.FUTURE:
            zh = f"“{claim.code}”的新版“{newer.code}”将于{newer.effective_on or '日期不详'}实施，此前两版均有效。"
            message = Bilingual(zh, f"“{newer.code}” will replace “{claim.code}”; until then both are valid.")
            yield Remark(Outcome.TOLERATED, message, left, right, subject=f"{claim.code}{doubt(claim.rows)}")
            continue
        yield mismatch(
            f"“{claim.code}”已有新版“{newer.code}”，涉及{places_of(claim.rows)}。",
            f"“{newer.code}” is a newer edition of “{claim.code}”; {len(claim.rows)} rows.",
            left,
            right,
            rows=indices_of(claim.rows),
            subject=f"{claim.code}{doubt(claim.rows)}",
            advice=_CHANGE,
        )
    yield from _passed(good, case, "的标准没有更新版本", others)


@check(
    "ST-03",
    severity=Severity.MINOR,
    basis=_STANDARD_CHANGE,
    on=(every(CapabilityRow), Case, Rules),
    needs=(RegistryKind.STANDARDS,),
    advice=("请确认检测时已采用该修改单。", "Make sure that the amendment is applied."),
)
def amendments_are_cited(_: object, case: Case, rules: Rules) -> Iterator[Remark]:
    """已实施的修改单均已列明。 Amendments in force are cited with the standard."""
    register, good, others = register_of(case, rules), list[Claim](), 0
    for claim, ref in _cited(case, rules):
        amendments = register.amendments_of(ref, case.as_of)
        if not amendments:
            good.append(claim)
            continue
        others += 1
        named = "、".join(record.code for record in amendments)
        yield mismatch(
            f"“{claim.code}”已有修改单“{named}”，所列标准未注明，涉及{places_of(claim.rows)}。",
            f"“{claim.code}” has the amendment “{named}”, which is not cited.",
            claimed_side(claim.rows, claim.code),
            recorded("标准状态信息", named, _snapshot(case)),
            rows=indices_of(claim.rows),
            subject=f"{claim.code}{doubt(claim.rows)}",
        )
    yield from _passed(good, case, "的标准没有未列明的修改单", others)


@check(
    "ST-04",
    severity=Severity.MAJOR,
    basis=CNAS_RULES.whole("检测标准（方法）名称及编号（含年号）"),
    on=(every(CapabilityRow), Case, Rules),
    needs=(RegistryKind.STANDARDS,),
    advice=("名称与编号不对应，请对照附件原件核实编号。", "Name and number conflict; compare the original."),
)
def titles_belong_to_their_numbers(_: object, case: Case, rules: Rules) -> Iterator[Remark]:
    """标准名称与标准编号相符。 The printed name of a standard belongs to its number."""
    good, others = list[Claim](), 0
    for claim, _ref, record in _registered(case, rules):
        strange = 0
        for title, rows in _titles(claim).items():
            score, shortened = title_likeness(title, record.title)
            if shortened or score >= rules.title_likeness:
                continue
            strange += 1
            detail = Bilingual(f"名称相似度{score:.2f}，低于{rules.title_likeness}。", f"Likeness {score:.2f}.")
            yield mismatch(
                f"“{claim.code}”所注名称为“{title}”，而该编号的标准名称是“{record.title}”，涉及{places_of(rows)}。",
                f"“{claim.code}” is printed as “{title}”, but is called “{record.title}”.",
                claimed_side(rows, title),
                recorded("标准状态信息", record.title, _snapshot(case)),
                comparison=Comparison(Outcome.MISMATCH, score, detail),
                rows=indices_of(rows),
                subject=f"{claim.code} {title}{doubt(rows)}",
            )
        others += strange
        good += [] if strange else [claim]
    yield from _passed(good, case, "的标准名称与编号相符", others)


def _cited(case: Case, rules: Rules) -> Iterator[tuple[Claim, StandardRef]]:
    """Every claimed standard with one reference to it; methods without a number and documents are left out."""
    for claim in claims_of(case, rules):
        ref = next((ref for ref in claim.rows[0][1].standards if ref.key == claim.code), None)
        if ref is not None and ref.kind == "standard":
            yield claim, ref


def _registered(case: Case, rules: Rules) -> Iterator[tuple[Claim, StandardRef, StandardRecord]]:
    """Those that the register holds: what it lacks is unknown, not invalid."""
    register: Register = register_of(case, rules)
    for claim, ref in _cited(case, rules):
        record = register.record(ref)
        if record is not None:
            yield claim, ref, record


def _titles(claim: Claim) -> dict[str, Rows]:
    """Each name under which the claim prints its standard, with its rows; rows that print none are left out."""
    titles: dict[str, dict[int, CapabilityRow]] = {}
    for index, row in claim.rows:
        for ref in row.standards:
            if ref.key == claim.code and ref.title:
                titles.setdefault(ref.title, {})[index] = row
    return {title: list(rows.items()) for title, rows in titles.items()}


def _passed(good: list[Claim], case: Case, what: str, others: int) -> Iterator[Remark]:
    """One remark for the standards that pass; that there was none to compare only where nothing was said of others."""
    rows = {index: row for claim in good for index, row in claim.rows}
    if not rows:
        if not others:
            yield not_applicable(
                "标准状态信息中没有所申请的标准可供比对。", "The register holds none of the standards."
            )
        return
    yield match(
        f"{len(good)}个标准（涉及{len(rows)}项）{what}。",
        f"{len(good)} standards pass.",
        row_side("申请能力项", rows.values(), f"{len(good)} 个标准"),
        recorded("标准状态信息", f"{len(good)} 个标准", _snapshot(case)),
    )


def _register_side(case: Case, record: StandardRecord) -> Side:
    return recorded("标准状态信息", record.replaced_by or record.status, _snapshot(case))


def _snapshot(case: Case) -> Snapshot | None:
    return case.registries.standards.snapshot


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
