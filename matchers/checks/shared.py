"""What the applicant shares with others or with itself: CNAS number, files, rows it holds already, place of work (DU-02 to DU-05)."""

from collections.abc import Iterator

from matchers.addresses import compare_addresses
from matchers.applied import applied_sites, testing_rows
from matchers.basis import CMA_RULES, CNAS_RULES
from matchers.capabilities import Capability, align, rows_with
from matchers.check import check, every
from matchers.checks.duplicates import certificates_held, is_in_force
from matchers.claims import claimed_side, indices_of, places_of
from matchers.lookup import accreditation_of, cnas_number_of, same_code, same_registration
from matchers.page_prints import page_prints
from matchers.rules import Rules
from matchers.sides import match, mismatch, not_applicable, recorded, shown, unavailable
from models.case import Case, Sighting, SightingKind
from models.finding import Bilingual, Outcome, Remark, Severity, Side
from models.papers import ApplicationForm, BusinessLicence, CapabilityRow, CmaAnnex, CnasAnnex
from models.records import RegistryKind
from models.text import key


@check(
    "DU-02",
    severity=Severity.BLOCKING,
    basis=CNAS_RULES.whole(),
    on=(Case,),
    needs=(RegistryKind.CNAS,),
    advice=(
        "该认可注册号属于其他主体，请核实认可证书是否为申请人所有或有集团授权。",
        "The accreditation belongs to another body; verify whose it is.",
    ),
)
def accreditation_is_used_by_nobody_else(case: Case) -> Iterator[Remark]:
    """认可注册号没有被其他主体使用。 Nobody else uses the applicant's CNAS number."""
    number = cnas_number_of(case)
    if number is None:
        yield not_applicable("材料中没有认可注册号。", "No paper bears a registration number.")
        return
    printed, side = shown("CNAS 注册号", number)
    own, owner = codes_of(case), _owning_code(case)
    record, snapshot = accreditation_of(case), case.registries.cnas.snapshot
    code = record.unified_social_credit_code if record is not None else ""
    strangers = [
        sighting
        for sighting in case.sightings(SightingKind.ACCREDITATION)
        if same_registration(sighting.value, printed) and _is_stranger(sighting, own)
    ]
    for sighting in strangers:
        zh = f"认可注册号“{printed}”也被“{sighting.body}”（{sighting.unified_social_credit_code}）用于申请。"
        yield mismatch(zh, f"“{sighting.body}” uses “{printed}” too.", side, _met(sighting), subject=sighting.body)
    if record is not None and code and own:
        right = recorded("CNAS 名录的统一社会信用代码", code, snapshot)
        if not any(same_code(code, each) for each in own):
            zh = f"CNAS 名录中“{printed}”属于统一社会信用代码“{code}”（{record.name}），申请人为“{'、'.join(own)}”。"
            yield mismatch(zh, f"The directory gives “{printed}” to “{code}”.", side, right, subject=code)
        elif owner and same_code(code, owner):
            zh = f"CNAS 名录中“{printed}”属于申请人所属法人“{code}”。"
            message = Bilingual(zh, "The accreditation belongs to the applicant's legal person.")
            yield Remark(Outcome.TOLERATED, message, side, right)
        else:
            yield match(f"CNAS 名录中“{printed}”属于申请人（{code}）。", "It is the applicant's.", side, right)
    elif not strangers:
        yield not_applicable(
            "CNAS 名录未载明统一社会信用代码，无可比对。", "The directory states no credit code.", side
        )


def codes_of(case: Case) -> tuple[str, ...]:
    """The credit codes under which the applicant appears: of its licences, its form, and its legal person."""
    fields = [licence.unified_social_credit_code for licence in case.all(BusinessLicence)]
    for form in case.all(ApplicationForm):
        fields += [form.unified_social_credit_code] if form.unified_social_credit_code is not None else []
    owner = _owning_code(case)
    codes = [field.value for field in fields if field.value] + ([owner] if owner else [])
    return tuple(dict.fromkeys(codes))


def _owning_code(case: Case) -> str | None:
    """The code of 所属法人单位 where it is not the applicant's own."""
    form = case.application
    if form is None or form.legal_entity is None or form.legal_entity.unified_social_credit_code is None:
        return None
    code = form.legal_entity.unified_social_credit_code.value
    own = form.unified_social_credit_code.value if form.unified_social_credit_code is not None else None
    return code if code and not (own and same_code(code, own)) else None


def _is_stranger(sighting: Sighting, own: tuple[str, ...]) -> bool:
    code = sighting.unified_social_credit_code
    return not any(same_code(code, each) for each in own)


def _met(sighting: Sighting) -> Side:
    return Side(f"“{sighting.body}”的案件", sighting.case or sighting.value, sighting.value)


@check(
    "DU-03",
    severity=Severity.MAJOR,
    basis=CMA_RULES.article(33),
    on=(Case,),
    advice=("请核实同一文件为何重复出现。", "Find out why the same file appears again."),
)
def every_file_is_submitted_once(case: Case) -> Iterator[Remark]:
    """提交的文件互不相同，也未见于其他申请人的案件。 No file is submitted twice or by another applicant too."""
    files: dict[str, dict[str, None]] = {}
    for paper in case.papers:
        files.setdefault(paper.source.sha256, {})[paper.source.file] = None
    hits = 0
    for sha256, names in files.items():
        named = "”与“".join(names)
        left = Side("提交的文件", named, sha256)
        if len(names) > 1:
            hits += 1
            zh = f"文件“{named}”内容完全相同，同一文件被作为不同材料提交。"
            yield mismatch(zh, f"“{named}” are one and the same file.", left, subject=named, severity=Severity.MINOR)
        for sighting in case.sightings(SightingKind.FILE):
            if sighting.value == sha256 and _is_stranger(sighting, codes_of(case)):
                hits += 1
                zh = f"文件“{named}”与“{sighting.body}”提交的文件完全相同。"
                yield mismatch(
                    zh,
                    f"“{sighting.body}” submitted the same file.",
                    left,
                    _met(sighting),
                    subject=f"{named} {sighting.body}",
                )
    for copied in _copied_pages(case):
        hits += 1
        yield copied
    if files and not hits:
        beyond = "" if case.elsewhere is not None else "（未与其他案件比对）"
        zh = f"提交的{len(files)}个文件互不相同{beyond}。"
        yield match(zh, "All files differ.", Side("提交的文件", f"{len(files)} 个"))
    elif not files:
        yield not_applicable("没有可比对的文件。", "There is no file.")


def _copied_pages(case: Case) -> Iterator[Remark]:
    """Pages of an annex that another body's annex has too, row by row: one remark for each body."""
    met: dict[str, list[tuple[Sighting, str, CapabilityRow]]] = {}
    annexes: tuple[CnasAnnex | CmaAnnex, ...] = (*case.annexes, *case.all(CmaAnnex))
    for annex in annexes:
        rows = [row for row in annex.rows if row.evidence and row.language == "zh"]
        first = {row.evidence[0].page: row for row in reversed(rows)}
        placed = ((row.evidence[0].page, row.parameter_number, [ref.key for ref in row.standards]) for row in rows)
        for page, printed in page_prints(placed).items():
            for sighting in case.sightings(SightingKind.PAGE):
                if sighting.value == printed and _is_stranger(sighting, codes_of(case)):
                    named = f"“{annex.source.file}”第{page}页"
                    met.setdefault(sighting.body, []).append((sighting, named, first[page]))
    for body, found in met.items():
        pages = "、".join(dict.fromkeys(named for _, named, _ in found))
        zh = f"{pages}逐行所列的序号和标准，与“{body}”的附件完全相同。"
        en = f"{len(found)} pages of the annex list row by row what a page of “{body}” lists."
        left = Side("附件的页", pages, pages, evidence=tuple(row.evidence[0] for *_, row in found))
        right = Side(f"“{body}”的案件", found[0][0].case or body, body)
        yield mismatch(zh, en, left, right, subject=f"{body} {pages}")


@check(
    "DU-04",
    severity=Severity.MINOR,
    basis=(CMA_RULES.article(13), CMA_RULES.article(14)),
    on=(ApplicationForm, every(CapabilityRow), Case, Rules),
    advice=("已获资质认定的能力项不必再次申请。", "Rows that are held already need not be applied for."),
)
def no_row_is_held_already(form: ApplicationForm, _: object, case: Case, rules: Rules) -> Iterator[Remark]:
    """申请的能力项未曾获得资质认定。 No claimed row is held already under a certificate in force."""
    numbers = {number for number, _, _ in certificates_held(form, case)}
    if not numbers:
        if not case.registries.cma.available:
            yield unavailable(RegistryKind.CMA, case.registries.cma)
        else:
            yield not_applicable("申请人没有有效的资质认定证书。", "The applicant holds no certificate in force.")
        return
    held = list(_held_rows(case, numbers))
    if not held and not case.registries.cma_rows.available:
        yield unavailable(RegistryKind.CMA_ROWS, case.registries.cma_rows)
        return
    if len(applied_sites(form)) > 1:  # without a site nobody can tell where a held row belongs
        held = [row for row in held if row.site]
    rows = testing_rows(case)
    pairings = rows_with(align([row for _, row in rows], held, object_likeness=rules.object_likeness))
    again = [
        rows[at] for at, found in pairings.items() if all(p.partner is not None and p.wider is False for p in found)
    ]
    right = Side("已获资质认定的能力项", f"{len(held)} 项", "、".join(sorted(numbers)))
    if not again:
        zh = f"申请的{len(rows)}项均未见于已持有的资质认定能力项（{len(held)}项）。"
        yield match(zh, "None of the rows is held already.", claimed_side(list(rows)) if rows else None, right)
        return
    zh = f"{places_of(again)}已在资质认定证书“{'、'.join(sorted(numbers))}”之内"
    kind = form.application_type.value if form.application_type is not None else None
    if kind and any(word in key(kind) for word in rules.renewal):
        message = Bilingual(f"{zh}，申请类型为“{kind}”，属正常。", f"{len(again)} rows are renewed.")
        yield Remark(Outcome.TOLERATED, message, claimed_side(again), right)
    else:
        yield mismatch(
            f"{zh}，属重复申请。",
            f"{len(again)} rows are held already.",
            claimed_side(again),
            right,
            rows=indices_of(again),
        )


def _held_rows(case: Case, numbers: set[str]) -> Iterator[Capability]:
    """The rows of the certificates with these numbers: as uploaded, and as issued."""
    for annex in case.all(CmaAnnex):
        if annex.number.value in numbers:
            yield from (row for row in annex.rows if row.language == "zh")
    yield from (record for record in case.registries.cma_rows.records if record.owner in numbers)


@check(
    "DU-05",
    severity=Severity.MAJOR,
    basis=CMA_RULES.article(9),
    on=(ApplicationForm, Case),
    needs=(RegistryKind.CMA,),
    advice=(
        "两个法人在同一地址检验检测，请核实场所、设备和人员是否独立。",
        "Verify that premises, equipment and staff are its own.",
    ),
)
def no_other_body_works_there(form: ApplicationForm, case: Case) -> Iterator[Remark]:
    """申请场所没有其他检验检测机构。 No other testing body works at an applied site."""
    own, hits = codes_of(case), 0
    sites = [site for site in applied_sites(form) if site.field.value]
    for site in sites:
        for body, code, address, side in _bodies(case):
            known = not code or any(same_code(code, each) for each in own)
            if known or not _is_same_place(site.field.value or "", address):
                continue
            hits += 1
            zh = f"{site.subject}“{site.field.value}”同时是“{body}”（{code}）的检验检测场所“{address}”。"
            yield mismatch(zh, f"“{body}” works there too.", site.side, side, subject=f"{site.subject} {body}")
    if sites and not hits:
        zh = f"申请的{len(sites)}个场所未查到其他检验检测机构。"
        yield match(
            zh,
            "No other body is known there.",
            sites[0].side,
            recorded("已发资质认定证书", None, case.registries.cma.snapshot),
        )
    elif not sites:
        yield not_applicable("申请书没有可比对的场所地址。", "The form states no address.")


def _bodies(case: Case) -> Iterator[tuple[str, str, str, Side]]:
    """Bodies with a certificate in force, and those of other cases: name, code, address."""
    for record in case.registries.cma.records:
        if record.address and is_in_force(record, case):
            side = recorded("已发资质认定证书", f"{record.number} {record.address}", case.registries.cma.snapshot)
            yield record.name, record.unified_social_credit_code, record.address, side
    for sighting in case.sightings(SightingKind.PLACE):
        yield sighting.body, sighting.unified_social_credit_code, sighting.value, _met(sighting)


def _is_same_place(left: str, right: str) -> bool:
    """The same to the last part: an address that leaves out building or room may be any neighbour's."""
    comparison = compare_addresses(left, right)
    return comparison.outcome is not Outcome.MISMATCH and all(
        bool(mine) is bool(theirs) or part in _UPPER for part, mine, theirs, _ in comparison.parts
    )


_UPPER = ("province", "city", "district", "township", "zone")
