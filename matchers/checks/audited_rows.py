"""The audit of an issued certificate, its rows and signatories: still accredited, listed, and by standards in force (AU)."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from matchers.applied import ISSUED_SECTIONS, accredited_rows
from matchers.basis import CMA_RULES, CNAS_RULES, HAINAN_DRAFT, SUPERVISION
from matchers.capabilities import Pairing, align, rows_with
from matchers.check import check, every
from matchers.checks.validity import is_suspended
from matchers.claims import Rows, alike, library_of
from matchers.lookup import accreditation_of, cnas_number_of, same_registration
from matchers.names import compare_persons
from matchers.register import StandardState, register_of, state_of
from matchers.rules import Rules
from matchers.sides import (
    match,
    mismatch,
    not_applicable,
    not_provided,
    place_side,
    recorded,
    row_side,
    side_of,
    value_of,
)
from matchers.standards import LibraryState
from matchers.wording import Explained, exceeding, missing, named
from models.case import Case, Purpose, SightingKind
from models.finding import Outcome, Remark, Severity, Side
from models.papers import CapabilityRow, CmaAnnex, CnasAnnex
from models.records import AccreditationStatus, RegistryKind, ScopeRecord

_LISTED = (LibraryState.IN_LIB, LibraryState.CITE_ONLY, LibraryState.TYPE_VARIANT)


@check(
    "AU-01",
    severity=Severity.MAJOR,
    basis=HAINAN_DRAFT.whole(),
    on=(every(CmaAnnex), every(CnasAnnex), Case, Rules),
    needs=(RegistryKind.LIBRARY,),
    advice=("该项超出可直接发证的范围，请核查发证依据。", "The row is beyond what may be issued directly."),
    purpose=Purpose.AUDIT,
)
def issued_rows_were_issuable(_: object, __: object, case: Case, rules: Rules) -> Iterator[Remark]:
    """已发能力项均在 CNAS 认可范围和能力项目库之内。 Every issued row is accredited and in the library."""
    issued, accredited = issued_rows(case), accredited_rows(case)
    library, snapshot = library_of(case, rules), case.registries.library.snapshot
    faults: dict[int, Explained] = {}
    for index, pairings in _rests(issued, accredited, rules).items():
        if fault := missing(issued[index], pairings, accredited) or exceeding(issued[index], pairings, accredited):
            faults[index] = fault
    for group in alike([(index, issued[index]) for index in faults], lambda index, _: faults[index].cause):
        fault, what = faults[group[0][0]], _some(group)
        right = Side("CNAS 附件能力项", fault.other)
        zh = f"已发能力项{what}与 CNAS 附件不符：{fault.zh}。"
        left = _issued_side([row for _, row in group])
        yield mismatch(zh, f"{what}: {fault.en}.", left, right, subject=f"认可 {group[0][0] + 1}")
    beyond = set(faults)
    for code, rows in _standards_of(issued).items():
        ref = next(ref for ref in issued[rows[0]].standards if ref.key == code)
        standing = library.standing(ref)
        if standing.state in _LISTED or standing.state is LibraryState.ABOLISHED:  # what was abolished since: AU-06
            continue
        beyond.update(rows)
        zh = f"已发能力项的标准“{code}”未收录于能力项目库（涉及{len(rows)}项）。"
        left, right = (
            _issued_side([issued[index] for index in rows], code),
            recorded("能力项目库", standing.suggestion, snapshot),
        )
        yield mismatch(zh, f"“{code}” is not in the library; {len(rows)} rows.", left, right, subject=f"入库 {code}")
    if len(beyond) < len(issued):
        zh = f"已发{len(issued)}项能力中{len(issued) - len(beyond)}项在 CNAS 认可范围和能力项目库之内。"
        right = recorded("能力项目库", f"{len(library.exact)} 个标准", snapshot)
        yield match(
            zh, f"{len(issued) - len(beyond)} of {len(issued)} rows were issuable.", _issued_side(issued), right
        )
    elif not issued:
        yield not_provided("资质认定证书附表没有可读的能力项。", "The annex of the certificate shows no rows.")


@check(
    "AU-02",
    severity=Severity.MAJOR,
    basis=CNAS_RULES.whole(),
    on=(every(CmaAnnex), Case, Rules),
    needs=(RegistryKind.CNAS, RegistryKind.CNAS_ROWS),
    advice=(
        "认可已失效、暂停或缩小的部分，请责令停止使用并办理变更。",
        "What is no longer accredited must not be used.",
    ),
    purpose=Purpose.AUDIT,
)
def accreditation_still_stands(_: object, case: Case, rules: Rules) -> Iterator[Remark]:
    """发证所依据的 CNAS 认可目前仍然有效且未缩小。 The accreditation behind the certificate still stands, undiminished."""
    number = cnas_number_of(case)
    if number is None:
        yield not_provided("材料中没有 CNAS 注册号，无法查询认可现状。", "No paper bears a CNAS number.")
        return
    side, printed, snapshot = (
        side_of("CNAS 注册号", number),
        value_of("CNAS 注册号", number),
        case.registries.cnas.snapshot,
    )
    record = accreditation_of(case)
    if record is None:
        right = recorded("CNAS 名录", None, snapshot)
        yield mismatch(f"CNAS 名录中已查不到“{printed}”。", f"“{printed}” is no longer listed.", side, right)
        return
    status = recorded("CNAS 名录状态", record.status_text or record.status.value, snapshot)
    lapsed = record.expires_on is not None and record.expires_on < case.as_of
    if record.status not in (AccreditationStatus.VALID, AccreditationStatus.PARTLY_SUSPENDED) or lapsed:
        until = f"，有效期至{record.expires_on}" if lapsed else ""
        zh = f"“{printed}”目前的认可状态为“{status.value}”{until}，不再有效。"
        yield mismatch(zh, f"“{printed}” is not in force.", side, status, subject="状态")
        return
    issued = issued_rows(case)
    directory = [row for row in case.registries.cnas_rows.records if same_registration(row.owner, printed)]
    partly = record.status is AccreditationStatus.PARTLY_SUSPENDED
    suspended = [row for row in issued if partly and is_suspended(row, record.suspended_items)]
    dropped = {
        index: fault
        for index, pairings in _rests(issued, directory, rules).items()
        if (fault := missing(issued[index], pairings, directory)) is not None
    }
    for row in suspended:
        zh = f"已发能力项“{named(row)}”的认可已被暂停（{record.suspended_items}）。"
        yield mismatch(zh, f"“{named(row)}” is suspended.", _issued_side([row]), status, subject=f"暂停 {named(row)}")
    for group in alike([(index, issued[index]) for index in dropped], lambda index, _: dropped[index].cause):
        fault, what = dropped[group[0][0]], _some(group)
        right = recorded("CNAS 名录能力范围", fault.other, case.registries.cnas_rows.snapshot)
        zh = f"已发能力项{what}已不在 CNAS 名录的能力范围之内：{fault.zh}。"
        left = _issued_side([row for _, row in group])
        yield mismatch(zh, f"{what} is no longer accredited.", left, right, subject=f"缩小 {what}")
    if not suspended and not dropped:
        zh = f"“{printed}”的认可现行有效，已发{len(issued)}项能力仍在其中。"
        yield match(zh, "The accreditation stands undiminished.", side, status)


@check(
    "AU-06",
    severity=Severity.MAJOR,
    basis=CMA_RULES.article(14),
    on=(every(CmaAnnex), Case, Rules),
    needs=(RegistryKind.STANDARDS,),
    advice=("请责令机构办理标准变更或取消该项。", "Have the standard changed or the row cancelled."),
    purpose=Purpose.AUDIT,
)
def issued_standards_are_in_force(_: object, case: Case, rules: Rules) -> Iterator[Remark]:
    """已发能力项的标准目前现行有效。 The standards of the issued rows are still in force."""
    issued, register = issued_rows(case), register_of(case, rules)
    good, snapshot = 0, case.registries.standards.snapshot
    for code, rows in _standards_of(issued).items():
        ref = next(ref for ref in issued[rows[0]].standards if ref.key == code)
        record = register.record(ref)
        state = state_of(record, case.as_of, rules) if record is not None else StandardState.UNKNOWN
        if record is not None and state in (StandardState.ABOLISHED, StandardState.SUPERSEDED):
            instead = f"，代替标准为“{record.replaced_by}”" if record.replaced_by else ""
            since = f"（{record.abolished_on}起）" if record.abolished_on else ""
            word = "废止" if state is StandardState.ABOLISHED else "被代替"
            yield mismatch(
                f"已发能力项的标准“{code}”已{word}{since}{instead}，涉及{len(rows)}项。",
                f"“{code}” is {state.value}; {len(rows)} rows.",
                _issued_side([issued[index] for index in rows], code),
                recorded("标准状态信息", record.replaced_by or record.status, snapshot),
                subject=code,
                severity=Severity.MINOR if record.replaced_by else None,
            )
        else:
            good += state is StandardState.CURRENT
    if good:
        right = recorded("标准状态信息", f"{good} 个标准", snapshot)
        yield match(
            f"已发能力项中{good}个标准现行有效。", f"{good} standards are in force.", _issued_side(issued), right
        )
    else:
        yield not_applicable(
            "标准状态信息中没有其他已发能力项的标准。", "The register holds none of the other standards."
        )


@check(
    "AU-10",
    severity=Severity.MAJOR,
    basis=(CMA_RULES.article(14), SUPERVISION.article(7)),
    on=(every(CmaAnnex), Case),
    advice=("请核实授权签字人是否在岗，并办理签字人变更。", "Find out whether the signatory is still there."),
    purpose=Purpose.AUDIT,
)
def issued_signatories_are_still_there(annexes: tuple[CmaAnnex, ...], case: Case) -> Iterator[Remark]:
    """证书附表的授权签字人仍为 CNAS 认可的授权签字人，且不在其他机构任职。 The certified signatories are still accredited, here alone."""
    people = {person.name: person for annex in annexes for person in annex.signatories if person.language == "zh"}
    accredited = [p.name for annex in case.annexes for p in annex.signatories if p.language == "zh"]
    if not people or not accredited:
        which = "资质认定证书附表" if not people else "CNAS 附件"
        yield not_provided(f"{which}未见授权签字人，无法比对。", "There are no signatories to compare.")
        return
    everyone = "、".join(dict.fromkeys(accredited))
    right, bad = Side("CNAS 认可的授权签字人", everyone), set[str]()
    for name, person in people.items():
        left = place_side("证书附表的授权签字人", person, name)
        if all(compare_persons(name, other).outcome is Outcome.MISMATCH for other in accredited):
            bad.add(name)
            zh = f"证书附表的授权签字人“{name}”已不在 CNAS 认可的授权签字人（{everyone}）之中。"
            yield mismatch(zh, f"“{name}” is no longer accredited.", left, right, subject=f"离任 {name}")
        for sighting in case.sightings(SightingKind.SIGNATORY):
            if compare_persons(name, sighting.value).outcome is not Outcome.MISMATCH:
                bad.add(name)
                zh = f"证书附表的授权签字人“{name}”同时是“{sighting.body}”的授权签字人。"
                other = Side(f"“{sighting.body}”的授权签字人", sighting.value, sighting.case)
                yield mismatch(
                    zh,
                    f"“{name}” signs for “{sighting.body}” too.",
                    left,
                    other,
                    subject=f"兼任 {name} {sighting.body}",
                )
    if len(bad) < len(people):
        named_people = "、".join(name for name in people if name not in bad)
        zh = f"授权签字人{named_people}仍为 CNAS 认可的授权签字人。"
        yield match(zh, "They are still accredited.", Side("证书附表的授权签字人", named_people), right)


def issued_rows(case: Case) -> tuple[CapabilityRow, ...]:
    """The Chinese testing and inspection rows of every annex of the certificate, in reading order."""
    rows = (row for annex in case.all(CmaAnnex) for row in annex.rows)
    return tuple(row for row in rows if row.language == "zh" and row.section in ISSUED_SECTIONS)


def _rests(
    issued: Sequence[CapabilityRow], others: Sequence[CapabilityRow] | Sequence[ScopeRecord], rules: Rules
) -> dict[int, list[Pairing]]:
    """Issued rows against accredited ones. Annexes of certificates often leave the site out: such a row may rest on any site's."""
    placed = [(index, row) for index, row in enumerate(issued) if row.site]
    loose = [(index, row) for index, row in enumerate(issued) if not row.site]
    anywhere = [replace(row, site=None) for row in others]
    pairings = [
        replace(pairing, claimed=rows[pairing.claimed][0])
        for rows, ground in ((placed, others), (loose, anywhere))
        for pairing in align([row for _, row in rows], ground, object_likeness=rules.object_likeness)
    ]
    return rows_with(sorted(pairings, key=lambda pairing: pairing.claimed))


def _standards_of(rows: tuple[CapabilityRow, ...]) -> dict[str, list[int]]:
    """Each standard with a number, and the rows that cite it."""
    found: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        for ref in row.standards:
            if ref.kind == "standard":
                found.setdefault(ref.key, []).append(index)
    return found


def _issued_side(rows: Sequence[CapabilityRow], value: str = "") -> Side:
    shown = value or (named(rows[0]) if len(rows) == 1 else f"{len(rows)} 项")
    return row_side("资质认定证书附表能力项", rows, shown)


def _some(rows: Rows) -> str:
    """The first row by name, and how many there are."""
    return f"“{named(rows[0][1])}”" + (f"等{len(rows)}项" if len(rows) > 1 else "")
