"""Whether certificate, annex and directory say the same (CC)."""

from collections import Counter
from collections.abc import Iterator

from matchers.addresses import compare_addresses
from matchers.applied import ISSUED_SECTIONS, claimed_pairings, unread_annex_pages
from matchers.basis import CNAS_RULES
from matchers.capabilities import align, rows_with
from matchers.check import check, every
from matchers.claims import alike
from matchers.lookup import canonical_registration, cnas_number_of, same_registration
from matchers.names import compare_names
from matchers.rules import Rules
from matchers.sides import (
    compared,
    match,
    mismatch,
    not_applicable,
    place_side,
    recorded,
    row_side,
    shown,
    side_of,
    unreadable,
    value_of,
)
from matchers.wording import exceeding, missing, named
from models.case import Case
from models.finding import Bilingual, Outcome, Remark, Severity, Side
from models.papers import CapabilityRow, CnasAnnex, CnasCertificate, Section
from models.records import RegistryKind

_NUMBER = Bilingual("CNAS 注册号", "registration number")


@check(
    "CC-01",
    severity=Severity.BLOCKING,
    basis=CNAS_RULES.whole(),
    on=(CnasCertificate, Case),
    advice=("附件与证书不是同一认可，请要求申请人提交本证书的附件。", "Ask for the annex of this very certificate."),
)
def one_registration_number_everywhere(certificate: CnasCertificate, case: Case) -> Iterator[Remark]:
    """证书、附件各页和申请书的 CNAS 注册号相同。 Certificate, every annex page and the form bear the same registration number."""
    number, side = shown("认可证书注册号", certificate.registration_number)
    fields = [
        ("英文认可证书注册号", c.registration_number, c.source.file)
        for c in case.all(CnasCertificate)
        if c is not certificate
    ]
    fields += [("附件注册号", annex.registration_number, annex.source.file) for annex in case.annexes]
    if case.application is not None and case.application.cnas_number is not None:
        fields.append(("申请书所填注册号", case.application.cnas_number, case.application.source.file))
    for label, field, file in fields:
        right = side_of(label, field)
        if field.value is None:
            yield unreadable(right)
        elif same_registration(number, field.value):
            yield match(
                f"认可证书与{label.removesuffix('注册号')}的注册号均为“{number}”。",
                f"Both bear “{number}”.",
                side,
                right,
                subject=file,
            )
        else:
            zh = f"注册号不同：认可证书为“{number}”，{label}为“{field.value}”。"
            yield mismatch(
                zh, f"The certificate bears “{number}”, the other “{field.value}”.", side, right, subject=file
            )
    for annex in case.annexes:
        yield from _strange_pages(annex, number, side)
    if not fields:
        yield not_applicable("没有附件可与认可证书比对。", "There is no annex to compare with.", side)


def _strange_pages(annex: CnasAnnex, number: str, side: Side) -> Iterator[Remark]:
    """Pages whose header or footer bears another number than the certificate, by that number."""
    strange: dict[str, list[int]] = {}
    for stamp in annex.stamps:
        if stamp.registration_number and not same_registration(stamp.registration_number, number):
            strange.setdefault(canonical_registration(stamp.registration_number), []).append(stamp.page)
    for other, pages in strange.items():
        evidence = tuple(region for stamp in annex.stamps if stamp.page in pages for region in stamp.evidence)
        listed = "、".join(map(str, pages))
        zh = f"附件“{annex.source.file}”第 {listed} 页所印注册号为“{other}”，与认可证书“{number}”不同。"
        right = Side("附件页所印注册号", other, other, evidence=evidence)
        yield mismatch(
            zh,
            f"Pages {listed} bear “{other}”, the certificate “{number}”.",
            side,
            right,
            subject=f"{annex.source.file} {other}",
        )


@check(
    "CC-02",
    severity=Severity.MAJOR,
    basis=CNAS_RULES.whole(),
    on=(CnasCertificate, every(CnasAnnex)),
    advice=(
        "附件可能是更名或搬迁前的版本，请核对最新附件。",
        "The annex may precede a change of name or address; check the latest one.",
    ),
)
def annex_names_the_certificates_body(certificate: CnasCertificate, annexes: tuple[CnasAnnex, ...]) -> Iterator[Remark]:
    """附件所载机构名称、地址与证书一致。 The annex bears the name and the address of the certificate."""
    if certificate.language != "zh":
        yield not_applicable("只有英文认可证书，不与中文附件比对名称地址。", "There is only the English certificate.")
        return
    for annex in annexes:
        if annex.name is not None:
            name = value_of("认可证书机构名称", certificate.name)
            right = side_of("附件机构名称", annex.name)
            if annex.name.value is None:
                yield unreadable(right)
            else:
                left = side_of("认可证书机构名称", certificate.name)
                what = Bilingual("机构名称", "name")
                yield compared(
                    what, compare_names(name, annex.name.value), left, right, subject=f"{annex.source.file} 名称"
                )
        places = [site for site in annex.sites if site.address]
        if places:
            address, left = shown("认可证书地址", certificate.address)
            found = [(compare_addresses(address, site.address), site) for site in places]
            comparison, site = max(found, key=lambda pair: (pair[0].outcome is not Outcome.MISMATCH, pair[0].score))
            right = place_side("附件地址", site, site.address)
            yield compared(Bilingual("地址", "address"), comparison, left, right, subject=f"{annex.source.file} 地址")
    if all(annex.name is None and not annex.sites for annex in annexes):
        yield not_applicable("附件未印机构名称和地址。", "The annex prints neither name nor address.")


@check(
    "CC-03",
    severity=Severity.MINOR,
    basis=CNAS_RULES.whole("以中文版为准"),
    on=(every(CnasAnnex), Case),
    advice=("中英文附件的标准不一致，以中文为准；请提示申请人。", "The Chinese version prevails; tell the applicant."),
)
def english_rows_cite_the_same_standards(annexes: tuple[CnasAnnex, ...], case: Case) -> Iterator[Remark]:
    """附件中英文部分所列标准相同。 The Chinese and the English rows of the annex cite the same standards."""
    rows = [row for annex in annexes for row in annex.rows]
    english = [row for row in rows if row.language != "zh"]
    if not english:
        yield not_applicable("附件没有英文能力表。", "The annex has no English rows.")
        return
    chinese = [row for row in rows if row.language == "zh"]
    left, right = (
        row_side("中文能力表", chinese, f"{len(chinese)} 行"),
        row_side("英文能力表", english, f"{len(english)} 行"),
    )
    sections = {(row.section, row.site) for row in english}
    ours = _codes(row for row in chinese if (row.section, row.site) in sections)
    theirs = _codes(english)
    only_zh, only_en = sorted((ours - theirs).elements()), sorted((theirs - ours).elements())
    if (only_zh or only_en) and (unread := unread_annex_pages(case)):
        message = Bilingual(f"{unread}无法读取，中英文能力表无法比对。", "A page of the annex could not be read.")
        yield Remark(Outcome.UNREADABLE, message, left, right)
    elif only_zh or only_en:
        zh = f"中英文能力表所列标准不一致：仅中文有“{_some(only_zh)}”，仅英文有“{_some(only_en)}”。"
        yield mismatch(zh, f"Only in Chinese: {_some(only_zh)}; only in English: {_some(only_en)}.", left, right)
    else:
        yield match(f"中英文能力表所列标准相同（{sum(ours.values())}处）。", "The standards agree.", left, right)


def _codes(rows: Iterator[CapabilityRow] | list[CapabilityRow]) -> Counter[str]:
    return Counter(ref.key for row in rows for ref in row.standards)


def _some(codes: list[str]) -> str:
    shown = "、".join(codes[:10]) or "无"
    return f"{shown}等{len(codes)}处" if len(codes) > 10 else shown


@check(
    "CC-05",
    severity=Severity.BLOCKING,
    basis=CNAS_RULES.whole(),
    on=(every(CnasAnnex), Case, Rules),
    needs=(RegistryKind.CNAS_ROWS,),
    advice=(
        "该能力项在 CNAS 名录中查不到，不得据此发证；请向 CNAS 核实附件真伪。",
        "The row is not in the directory; verify the annex with CNAS.",
    ),
)
def annex_rows_are_in_the_directory(annexes: tuple[CnasAnnex, ...], case: Case, rules: Rules) -> Iterator[Remark]:
    """附件所列能力项均在 CNAS 名录之中。 Every row of the annex is in the CNAS directory."""
    number = cnas_number_of(case)
    owner = value_of("CNAS 注册号", number) if number is not None else ""
    directory = [row for row in case.registries.cnas_rows.records if same_registration(row.owner, owner)]
    snapshot = case.registries.cnas_rows.snapshot
    printed = [row for row in case.accredited_rows if row.section in (*ISSUED_SECTIONS, Section.CALIBRATION)]
    if not directory:
        zh = f"CNAS 名录能力范围中没有“{owner}”的任何能力项。"
        right = recorded("CNAS 名录能力范围", None, snapshot)
        yield mismatch(zh, f"The directory lists no rows for “{owner}”.", None, right, severity=Severity.MAJOR)
        return
    pairings = align(printed, directory, object_likeness=rules.object_likeness)
    faults = {
        index: fault
        for index, ours in rows_with(pairings).items()
        if printed[index].section in ISSUED_SECTIONS  # a directory of testing rows holds no calibration
        and (fault := missing(printed[index], ours, directory) or exceeding(printed[index], ours, directory))
        is not None
    }
    resting = _claimed_on(case, printed, rules) if faults else {}
    unlisted = [(index, printed[index]) for index in faults]
    for group in alike(unlisted, lambda index, _: (faults[index].cause, index in resting)):
        (index, row), fault = group[0], faults[group[0][0]]
        what = f"“{named(row)}”" + (f"等{len(group)}项" if len(group) > 1 else "")
        yield mismatch(
            f"附件能力项{what}与 CNAS 名录不符：{fault.zh}。",
            f"{len(group)} annex rows (“{named(row)}”) are not in the directory: {fault.en}.",
            row_side("附件能力项", [each for _, each in group], named(row)),
            recorded("CNAS 名录能力范围", fault.other, snapshot),
            rows=tuple(dict.fromkeys(claimed for each, _ in group for claimed in resting.get(each, ()))),
            subject=what,
            severity=None if fault.certain and index in resting else Severity.MAJOR,
        )
    met = {pairing.partner for pairing in pairings} | {pairing.nearest for pairing in pairings}
    unprinted = [row for index, row in enumerate(directory) if index not in met]
    if unprinted:
        some = "；".join(named(row) for row in unprinted[:5])
        zh = f"名录中有{len(unprinted)}项未见于附件，如：{some}。"
        right = recorded("CNAS 名录能力范围", some, snapshot)
        advice = Bilingual(
            "附件可能不全或非最新版；申请人未申请这些项的，不影响发证。",
            "The annex may be incomplete; rows not applied for do not matter.",
        )
        en = f"{len(unprinted)} rows of the directory are not in the annex."
        yield mismatch(zh, en, None, right, severity=Severity.MINOR, advice=advice, subject="仅名录有")
    if len(faults) < len(printed):
        left = row_side("附件能力项", printed, f"{len(printed)} 项")
        right = recorded("CNAS 名录能力范围", f"{len(directory)} 项", snapshot)
        zh = f"附件{len(printed)}项中{len(printed) - len(faults)}项与 CNAS 名录相符。"
        yield match(zh, f"{len(printed) - len(faults)} of {len(printed)} rows agree with the directory.", left, right)


def _claimed_on(case: Case, printed: list[CapabilityRow], rules: Rules) -> dict[int, tuple[int, ...]]:
    """Printed row -> the claimed rows that rest on it."""
    resting: dict[int, tuple[int, ...]] = {}
    for pairing in claimed_pairings(case, printed, rules):
        if pairing.partner is not None:
            resting[pairing.partner] = (*resting.get(pairing.partner, ()), pairing.claimed)
    return {index: tuple(dict.fromkeys(rows)) for index, rows in resting.items()}
