"""Row by row: accredited, within its limits, in the library, among the matters, and fit for this route (SC)."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

from matchers.applied import (
    ISSUED_SECTIONS,
    accredited_pairings,
    accredited_rows,
    testing_rows,
    unread_annex_pages,
)
from matchers.basis import CMA_RULES, COMMITMENT, HAINAN_DRAFT, LIBRARY_NOTICE
from matchers.check import CONFIDENCE_FLOOR, check, every
from matchers.claims import Claim, alike, claimed_side, claims_of, doubt, indices_of, places_of
from matchers.register import Register, register_of
from matchers.rules import Rules
from matchers.sides import match, mismatch, not_applicable, recorded, row_side, unavailable
from matchers.standards import LibraryState
from matchers.wording import Explained, exceeding, missing, named
from models.case import Case
from models.finding import Bilingual, Outcome, Remark, Severity, Side
from models.papers import CapabilityRow, CnasAnnex, Section
from models.records import ItemRecord, RegistryKind
from models.text import key

_EXCLUDE = Bilingual(
    "该项不能按本路径发证，请从批准范围中剔除。", "The row cannot be issued by this route; leave it out."
)


@check("SC-01", severity=Severity.MINOR, basis=CMA_RULES.article(2), on=(every(CapabilityRow),))
def rows_are_testing_or_inspection(rows: tuple[CapabilityRow, ...]) -> Iterator[Remark]:
    """申请的能力项均为检测或检验能力。 Every claimed row is a testing or inspection capability."""
    others = [(index, row) for index, row in enumerate(rows) if row.section not in ISSUED_SECTIONS]
    for group in alike(others, lambda _, row: row.section):
        what = "校准能力" if group[0][1].section is Section.CALIBRATION else "非检测、检验能力"
        zh = f"申请的{len(group)}项为{what}，不属于资质认定范围，如“{named(group[0][1])}”。"
        en = f"{len(group)} rows are {group[0][1].section.value}, which CMA does not cover."
        yield mismatch(zh, en, claimed_side(group), rows=indices_of(group), subject=what, advice=_EXCLUDE)
    if len(others) < len(rows):
        kept = [row for row in rows if row.section in ISSUED_SECTIONS]
        zh = f"申请的{len(rows)}项中{len(kept)}项为检测或检验能力。"
        yield match(zh, f"{len(kept)} rows are testing or inspection.", row_side("申请能力项", kept, f"{len(kept)} 项"))


@check(
    "SC-02",
    severity=Severity.BLOCKING,
    basis=HAINAN_DRAFT.whole(),
    on=(every(CapabilityRow), every(CnasAnnex), Case, Rules),
)
def rows_are_accredited(_: object, annexes: tuple[CnasAnnex, ...], case: Case, rules: Rules) -> Iterator[Remark]:
    """申请的能力项均在 CNAS 附件之中。 Every claimed row is in the CNAS annex."""
    yield from _against_annex(case, rules, exceeding_only=False)


@check(
    "SC-03",
    severity=Severity.BLOCKING,
    basis=CMA_RULES.article(19),
    on=(every(CapabilityRow), every(CnasAnnex), Case, Rules),
)
def limits_are_kept(_: object, annexes: tuple[CnasAnnex, ...], case: Case, rules: Rules) -> Iterator[Remark]:
    """申请的限制范围不宽于 CNAS 认可的限制范围。 No claimed row is wider than the accredited limits."""
    yield from _against_annex(case, rules, exceeding_only=True)


def _against_annex(case: Case, rules: Rules, *, exceeding_only: bool) -> Iterator[Remark]:
    """One remark for the rows that are not covered (or go beyond their limits) for one cause, and one for the rest."""
    accredited, claimed = accredited_rows(case), case.claimed_rows
    judged, tolerances = 0, set[str]()
    faults: dict[int, Explained] = {}
    for index, pairings in accredited_pairings(case, rules).items():
        row = claimed[index]
        gap = missing(row, pairings, accredited)
        fault = exceeding(row, pairings, accredited) if exceeding_only else gap
        judged += 0 if exceeding_only and all(pairing.partner is None for pairing in pairings) else 1
        tolerances.update(pairing.tolerance for pairing in pairings if pairing.tolerance)
        if fault is not None:
            faults[index] = fault
    what = "限制范围超出认可范围" if exceeding_only else "不在 CNAS 附件之中"
    unread = "" if exceeding_only else unread_annex_pages(case)
    for group in alike([(index, claimed[index]) for index in faults], lambda index, _: faults[index].cause):
        fault, row, places = faults[group[0][0]], group[0][1], places_of(group)
        partners = [accredited[found] for index, _ in group if (found := faults[index].partner) is not None]
        partners = partners or _misread(row, accredited)
        left = claimed_side(group)
        right = (
            row_side("CNAS 附件能力项", partners, fault.other or named(partners[0]))
            if partners
            else Side("CNAS 附件能力项", None)
        )
        shown = f"{places}{'，如' if len(group) > 1 else ''}“{named(row)}”"
        if unread:
            zh = f"{shown}不见于 CNAS 附件已读出的各页，可能在未能读取的{unread}。"
            message = Bilingual(zh, f"{len(group)} rows are on none of the pages of the annex that could be read.")
            yield Remark(
                Outcome.UNREADABLE, message, left, right, advice=_UNREAD, rows=indices_of(group), subject=places
            )
            continue
        yield mismatch(
            f"{shown}{what}：{fault.zh}。",
            f"Rows {', '.join(str(index + 1) for index in indices_of(group))}, “{named(row)}”: {fault.en}.",
            left,
            right,
            rows=indices_of(group),
            subject=places,
            severity=None if fault.certain else Severity.MAJOR,
            advice=_COMPARE if not fault.certain else _NARROW if exceeding_only else _EXCLUDE,
        )
    bad = len(faults)
    if bad < judged:
        yield _rest(case, judged, bad, tolerances, "限制范围不宽于" if exceeding_only else "见于")
    elif not judged:
        yield not_applicable("没有可与 CNAS 附件比对的检测或检验能力项。", "There is no row to compare with the annex.")


def _misread(row: CapabilityRow, accredited: Sequence[CapabilityRow]) -> list[CapabilityRow]:
    """The accredited row, read with doubt, that reads most like the claimed one: it may be the same one misread."""
    doubtful = [each for each in accredited if each.confidence < CONFIDENCE_FLOOR][:_MOST_DOUBTFUL]
    texts = [_wording(each) for each in doubtful]
    found = process.extractOne(_wording(row), texts, scorer=fuzz.ratio, score_cutoff=_RESEMBLING)
    return [doubtful[found[2]]] if found else []


def _wording(row: CapabilityRow) -> str:
    return key(f"{row.object or ''}{row.parameter or ''}{row.method}")


_RESEMBLING = 70.0
"""Of 100, by edits: what two readings of one row have in common at the least."""
_MOST_DOUBTFUL = 2_000
"""Rows looked through for one that was misread; an annex with more of them is not readable."""
_UNREAD = Bilingual(
    "请对照附件原件该页，或要求申请人重新上传清晰文件。", "Look at the original page, or ask for a clearer file."
)
_COMPARE = Bilingual("请人工比对两处限制范围。", "Compare the two limits by eye.")
_NARROW = Bilingual(
    "该项不能按申请的范围发证：由申请人按 CNAS 附件写明限制范围后可以列入，否则请剔除。",
    "It cannot be issued as claimed: with the accredited limit it can, else take it out.",
)


def _rest(case: Case, judged: int, bad: int, tolerances: set[str], what: str) -> Remark:
    rows = testing_rows(case)
    left = row_side("申请能力项", [row for _, row in rows], f"{judged} 项")
    right = row_side("CNAS 附件能力项", accredited_rows(case), f"{len(accredited_rows(case))} 项")
    source = (
        "" if case.application is not None and case.application.rows else "（申请书未附能力表，按附件全部能力项审查）"
    )
    zh = f"申请的{judged}项中{judged - bad}项{what} CNAS 附件{source}。"
    if tolerances:
        examples = "；".join(sorted(tolerances)[:3])
        message = Bilingual(
            f"{zh}其中容许的差异：{examples}。", f"{judged - bad} of {judged} rows agree, some with tolerances."
        )
        return Remark(Outcome.TOLERATED, message, left, right)
    return match(zh, f"{judged - bad} of {judged} rows agree with the annex.", left, right)


_OUTSIDE = {
    LibraryState.NOT_IN_LIB: Bilingual("未收录于能力项目库", "is not in the library"),
    LibraryState.SERIES_ONLY: Bilingual("在能力项目库中只有其他年号", "is in the library with another year only"),
    LibraryState.TYPE_VARIANT: Bilingual(
        "在能力项目库中为另一标识（GB 与 GB/T）", "is in the library as GB instead of GB/T or the reverse"
    ),
    LibraryState.AMBIGUOUS: Bilingual(
        "未注明年号，能力项目库中有该标准，无法确定是哪一版", "bears no year, so its edition cannot be told"
    ),
}
_FOR_A_PERSON = {LibraryState.TYPE_VARIANT, LibraryState.AMBIGUOUS}


@check(
    "SC-04",
    severity=Severity.BLOCKING,
    basis=(LIBRARY_NOTICE.whole(), HAINAN_DRAFT.whole()),
    on=(every(CapabilityRow), Case, Rules),
    needs=(RegistryKind.LIBRARY,),
)
def standards_are_in_the_library(_: object, case: Case, rules: Rules) -> Iterator[Remark]:
    """申请的标准（含年号）收录于能力项目库。 Every claimed standard, year included, is in the capability library."""
    claims = claims_of(case, rules)
    usable = {index for claim in claims if claim.standing.state not in _OUTSIDE for index, _ in claim.rows}
    for claim in claims:
        label = _OUTSIDE.get(claim.standing.state)
        if label is None:
            continue
        instead = f"；可改为申请“{claim.standing.suggestion}”" if claim.standing.suggestion else ""
        right = recorded("能力项目库", claim.standing.suggestion, case.registries.library.snapshot)
        uncoded = not any(ref.key == claim.code for _, row in claim.rows for ref in row.standards)
        human = claim.standing.state in _FOR_A_PERSON or uncoded
        mixed = [(index, row) for index, row in claim.rows if index in usable]
        whole = [(index, row) for index, row in claim.rows if index not in usable]
        for rows, partly in ((whole, False), (mixed, True)):
            if not rows:
                continue
            beside = "（该项所列的其他标准已收录，请人工确定批准范围）" if partly else ""
            yield mismatch(
                f"“{claim.code}”{label.zh}，涉及{places_of(rows)}{instead}{beside}。",
                f"“{claim.code}” {label.en}; {len(rows)} rows.",
                claimed_side(rows, claim.code),
                right,
                rows=indices_of(rows),
                subject=f"{claim.code}{' 部分' if partly else ''}{doubt(rows)}",
                severity=Severity.MAJOR if human or partly else None,
                advice=Bilingual("请人工核对标准编号后决定。", "Check the number and decide.")
                if human or partly
                else _EXCLUDE,
            )
    good = [claim for claim in claims if claim.standing.state not in _OUTSIDE]
    yield from _summary(good, case, "的标准收录于能力项目库")


@check(
    "SC-05",
    severity=Severity.BLOCKING,
    basis=LIBRARY_NOTICE.whole(),
    on=(every(CapabilityRow), Case, Rules),
    needs=(RegistryKind.LIBRARY,),
)
def library_remarks_allow_issue(_: object, case: Case, rules: Rules) -> Iterator[Remark]:
    """能力项目库备注不限制所申请的标准。 No remark in the library restricts a claimed standard."""
    claims = claims_of(case, rules)
    citing = _citing(claims, register_of(case, rules))
    for claim in claims:
        if claim.standing.state not in (LibraryState.CITE_ONLY, LibraryState.ABOLISHED):
            continue
        remark = claim.standing.records[0].remark
        cited = claim.standing.state is LibraryState.CITE_ONLY
        instead = f"可改为申请“{claim.standing.suggestion}”。" if claim.standing.suggestion else ""
        right = recorded(
            "能力项目库备注", claim.standing.suggestion if not cited else remark, case.registries.library.snapshot
        )
        verdict = "只能在被现行产品标准引用或监督抽检时申请" if cited else "已废止"
        series = {ref.series for ref in claim.rows[0][1].standards if ref.key == claim.code}
        if cited and (by := dict.fromkeys(code for each in series for code in citing.get(each, ()))):
            verdict += f"；所申请的{'、'.join(by)}引用了该标准"
        yield mismatch(
            f"“{claim.code}”在能力项目库的备注为“{remark}”，{verdict}，涉及{places_of(claim.rows)}。{instead}",
            f"The library remarks “{remark}” on “{claim.code}”; {len(claim.rows)} rows.",
            claimed_side(claim.rows, claim.code),
            right,
            rows=indices_of(claim.rows),
            subject=f"{claim.code}{doubt(claim.rows)}",
            severity=Severity.MAJOR if cited else None,
            advice=Bilingual("请核对申请人是否为该引用情形。", "Find out whether it is cited so.")
            if cited
            else _EXCLUDE,
        )
    yield from _summary(
        [claim for claim in claims if claim.standing.state is LibraryState.IN_LIB], case, "的标准备注无限制"
    )


def _citing(claims: Sequence[Claim], register: Register) -> dict[str, list[str]]:
    """Series -> the claimed standards in the library that cite one of it, as far as the register lists what they cite."""
    found: dict[str, list[str]] = {}
    for claim in claims:
        if claim.standing.state is LibraryState.IN_LIB:
            for record in register.editions.get(claim.code, ()):
                for cited in record.cites:
                    found.setdefault(cited.series, []).append(claim.code)
    return found


@check(
    "SC-06",
    severity=Severity.BLOCKING,
    basis=(LIBRARY_NOTICE.whole(), CMA_RULES.article(5)),
    on=(every(CapabilityRow), Case, Rules),
    needs=(RegistryKind.LIBRARY, RegistryKind.ITEMS),
)
def domains_are_among_the_matters(_: object, case: Case, rules: Rules) -> Iterator[Remark]:
    """申请能力所属领域列入资质认定事项清单。 The domain of every claimed standard is in the list of matters."""
    domains = {key(item.domain) for item in case.registries.items.records if _in_effect(item, case)}
    listed = (LibraryState.IN_LIB, LibraryState.CITE_ONLY)  # what the library lacks or has abolished is said elsewhere
    claims = [claim for claim in claims_of(case, rules) if claim.standing.state in listed]
    outside = [c for c in claims if not any(key(record.domain) in domains for record in c.standing.records)]
    snapshot = case.registries.items.snapshot
    for claim in outside:
        named_domains = "、".join(dict.fromkeys(record.domain for record in claim.standing.records))
        yield mismatch(
            f"“{claim.code}”所属领域“{named_domains}”不在资质认定事项清单之中，涉及{places_of(claim.rows)}。",
            f"The domain “{named_domains}” of “{claim.code}” is not in the list of matters; {len(claim.rows)} rows.",
            claimed_side(claim.rows, claim.code),
            recorded("资质认定事项清单", None, snapshot),
            rows=indices_of(claim.rows),
            subject=f"{claim.code}{doubt(claim.rows)}",
            advice=_EXCLUDE,
        )
    yield from _summary([claim for claim in claims if claim not in outside], case, "所属领域在事项清单之中")


@check(
    "SC-07",
    severity=Severity.BLOCKING,
    basis=COMMITMENT.whole("特殊食品、医疗器械除外"),
    on=(every(CapabilityRow), Case, Rules),
)
def nothing_is_excluded_from_the_route(_: object, case: Case, rules: Rules) -> Iterator[Remark]:
    """申请能力不涉及特殊食品和医疗器械。 No claimed row concerns special foods or medical devices."""
    answer = case.registries.library
    claims = claims_of(case, rules)
    reasons: dict[int, tuple[str, bool]] = {}
    for claim in claims:
        whole, some = _excluded_domain(claim, rules)
        titles = " ".join([record.title for record in claim.standing.records] + [claim.code])
        titled = _excluded_word(titles, rules)
        for index, row in claim.rows:
            thing = _excluded_word(row.object or "", rules)
            if whole:
                reasons[index] = (f"所属领域“{whole}”", True)
            elif thing or titled:
                certain = bool(titled or _excluded_word(row.method, rules))
                reasons.setdefault(index, (f"检测对象或标准涉及“{thing or titled}”", certain))
            elif some:
                reasons.setdefault(index, (f"标准同时属于领域“{some}”", False))
    rows = testing_rows(case)
    for group in alike([(i, r) for i, r in rows if i in reasons], lambda index, _: reasons[index]):
        why, certain = reasons[group[0][0]]
        yield mismatch(
            f"{places_of(group)}{why}，属于特殊食品或医疗器械，不适用告知承诺方式，应走一般程序。",
            f"{len(group)} rows concern special foods or medical devices ({why}); they need the general procedure.",
            claimed_side(group),
            Side("告知承诺不适用的领域", why),
            rows=indices_of(group),
            subject=f"{why}{doubt(group)}",
            severity=None if certain else Severity.MAJOR,
            advice=_EXCLUDE
            if certain
            else Bilingual("所用为通用标准，请人工判断是否属于特殊食品检验。", "A general standard; decide by eye."),
        )
    free = [row for index, row in rows if index not in reasons]
    if free:
        zh = f"申请的{len(rows)}项中{len(free)}项的检测对象、标准和领域不涉及特殊食品和医疗器械。"
        yield match(zh, f"{len(free)} rows concern neither.", row_side("申请能力项", free, f"{len(free)} 项"))
    if not answer.available:
        yield unavailable(RegistryKind.LIBRARY, answer)


def _excluded_domain(claim: Claim, rules: Rules) -> tuple[str, str]:
    """The excluded domain where all of the standard's domains are excluded, and where only some are."""
    domains = [record.domain for record in claim.standing.records]
    hit = [domain for domain in domains if any(word in key(domain) for word in rules.excluded_domains)]
    return (hit[0], "") if hit and len(hit) == len(domains) else ("", hit[0] if hit else "")


@lru_cache(maxsize=65536)
def _excluded_word(text: str, rules: Rules) -> str:
    """The excluded thing that the words name, unless they only say that it is not meant."""
    plain = key(text)
    for phrase in rules.not_excluded:
        plain = plain.replace(phrase, "")
    return next((word for word in rules.excluded_objects if word in plain), "")


def _in_effect(item: ItemRecord, case: Case) -> bool:
    begun = item.effective_from is None or item.effective_from <= case.as_of
    return begun and (item.effective_to is None or item.effective_to >= case.as_of)


def _summary(good: Sequence[Claim], case: Case, what: str) -> Iterator[Remark]:
    rows = {index: row for claim in good for index, row in claim.rows}
    if not rows:
        yield not_applicable(f"没有申请能力项{what}。", "No claimed row comes into question here.")
        return
    left = row_side("申请能力项", rows.values(), f"{len(rows)} 项")
    right = recorded("能力项目库", f"{len(good)} 个标准", case.registries.library.snapshot)
    yield match(
        f"申请的{len(testing_rows(case))}项中{len(rows)}项{what}（{len(good)}个标准）。",
        f"{len(rows)} rows pass.",
        left,
        right,
    )
