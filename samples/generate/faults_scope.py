"""Faults in what is claimed and who claims it: rows, standards, signatories, credit, what others share, and issued certificates."""

import datetime as dt
import random
from dataclasses import replace

from samples.generate.calendar import years_after
from samples.generate.catalogue import Citation, Standard, standards
from samples.generate.codes import cma_number, credit_code
from samples.generate.edit import (
    change_application,
    change_directory,
    change_enterprise,
    change_world,
    claimed_row,
    other_address,
    own_enterprise,
    replace_row,
)
from samples.generate.facts import Capability, Case, CreditEntry, IssuedCma, LibraryLine, StandardLine
from samples.generate.faults import dated, fault

# --- rows and standards -----------------------------------------------------------------------------------------------


def insert_row(case: Case, row: Capability, extra: Capability) -> Case:
    """Claims a further row behind the last one of the same object."""
    assert case.application
    rows = case.application.rows
    after = max(n for n, other in enumerate(rows) if (other.site, other.object) == (row.site, row.object)) + 1
    return change_application(case, rows=(*rows[:after], extra, *rows[after:]))


def change_register(case: Case, code: str, **changes: str) -> Case:
    """Changes the line of a standard in the register of standards."""
    lines = (replace(line, **changes) if line.code == code else line for line in case.world.standards)
    return change_world(case, standards=tuple(lines))


def register(case: Case, *lines: StandardLine) -> Case:
    """Adds lines to the register of standards."""
    return change_world(case, standards=(*case.world.standards, *lines))


def claimed_standard(case: Case, rng: random.Random) -> Standard:
    """A dated standard that is applied for."""
    return claimed_row(case, dated, rng).citations[0].standard


def later(code: str, years: int) -> str:
    """The code of a later edition."""
    return code[:-4] + str(int(code[-4:]) + years)


@fault("SC-08")
def row_claimed_twice(case: Case, rng: random.Random) -> Case:
    """The application claims one capability twice under two numbers."""
    row = claimed_row(case, lambda row: True, rng)
    return insert_row(case, row, replace(row, parameter_number=f"{row.object_number}.98"))


@fault("SC-09", also=("SC-04", "CC-03"))
def method_of_its_own(case: Case, rng: random.Random) -> Case:
    """A row rests on a method that the laboratory wrote itself, without a standard number."""
    row = claimed_row(case, lambda row: len(row.citations) == 1 and not row.limitation, rng)
    own = Standard("", "", "-", f"本机构自编方法 {row.parameter}的快速测定")
    return replace_row(case, row, replace(row, citations=(Citation(own),)))


WATER = Standard("GB 19298-2014", "GB 19298-2014", "食品检验", "食品安全国家标准 包装饮用水")
"""A standard for a product."""


def claim_product(case: Case, rng: random.Random, cites: str) -> Case:
    """A row rests on the standard for a product, of which register and library know, and which cites other standards."""
    row = claimed_row(case, lambda row: len(row.citations) == 1 and not row.limitation, rng)
    case = replace_row(case, row, replace(row, citations=(Citation(WATER),)))
    line = LibraryLine(WATER.domain, WATER.title, WATER.code)
    case = change_world(case, library=(*case.world.library, line))
    return register(case, StandardLine(WATER.code, WATER.title, "现行", cites=f"GB/T 191；{cites}"))


@fault("SC-10", also=("CC-03",), objects=2)
def cited_method_not_claimed(case: Case, rng: random.Random) -> Case:
    """A standard for a product is applied for without a method of test that it cites."""
    assert case.application
    claimed = {cited.standard.key for row in case.application.rows for cited in row.citations}
    other = rng.choice([s for s in standards().values() if s.domain == "食品检验" and s.key and s.key not in claimed])
    return claim_product(case, rng, other.code)


@fault("ST-01")
def standard_withdrawn(case: Case, rng: random.Random) -> Case:
    """The register shows a standard that is applied for as withdrawn; the library still lists it."""
    return change_register(case, claimed_standard(case, rng).code, status=rng.choice(("废止", "作废")))


@fault("ST-02")
def newer_edition(case: Case, rng: random.Random) -> Case:
    """The register has a newer edition in force beside the one that is applied for."""
    standard = claimed_standard(case, rng)
    return register(case, StandardLine(later(standard.code, 9), standard.title, "现行"))


@fault("ST-03")
def amendment_not_cited(case: Case, rng: random.Random) -> Case:
    """The register has an amendment in force that neither annex nor application cite."""
    standard = claimed_standard(case, rng)
    return register(case, StandardLine(f"{standard.code}/XG1-{later(standard.code, 2)[-4:]}", standard.title, "现行"))


@fault("ST-04")
def title_of_another_standard(case: Case, rng: random.Random) -> Case:
    """A row prints the number of one standard beside the name of another."""
    row = claimed_row(case, lambda row: dated(row) and len(row.citations) == 1, rng)
    citation = row.citations[0]
    wrong = replace(citation.standard, title="道路用沥青混合料马歇尔稳定度试验规程")
    return replace_row(case, row, replace(row, citations=(replace(citation, standard=wrong),)))


# --- signatories ------------------------------------------------------------------------------------------------------


@fault("SG-02", groups=("food_basic",))
def nobody_signs_for_food(case: Case, rng: random.Random) -> Case:
    """The signatories that are applied for may sign for building materials only, the rows are on food."""
    assert case.application
    people = (replace(person, field="建筑材料、混凝土外加剂检测") for person in case.application.signatories)
    return change_application(case, signatories=tuple(people))


@fault("SG-03")
def junior_signatory(case: Case, rng: random.Random) -> Case:
    """A signatory holds a junior title."""
    assert case.application
    first, *others = case.application.signatories
    title = rng.choice(("检测员/助理工程师", "检测部/技术员"))
    return change_application(case, signatories=(*others, replace(first, title=title)))


@fault("SG-04", holds_cma=True, sites=1, entity="company")
def signatory_of_another_body(case: Case, rng: random.Random) -> Case:
    """The certificate among the papers is another body's, and its signatories are the applicant's."""
    assert case.cma
    return replace(case, cma=replace(case.cma, name="海南珊格计量检验有限公司"))


# --- credit -----------------------------------------------------------------------------------------------------------


def decided(case: Case, category: str, reason: str, days: int, **more: object) -> Case:
    """A credit record of the applicant, decided so many days before the day of judgement."""
    day = case.as_of - dt.timedelta(days=days)
    number = f"琼市监〔{day.year}〕{100 + days % 800}号"
    entry = CreditEntry(case.licence.code, case.licence.name, category, reason, "海南省市场监督管理局", number, day)
    return change_world(case, credit=(*case.world.credit, replace(entry, **more)))  # type: ignore[arg-type]


@fault("CR-02")
def certificate_withdrawn(case: Case, rng: random.Random) -> Case:
    """A CMA certificate of the applicant was withdrawn less than three years ago."""
    return decided(case, "撤销行政许可", "以欺骗手段取得，撤销资质认定证书", rng.randint(100, 1000))


@fault("CR-03")
def false_material(case: Case, rng: random.Random) -> Case:
    """The applicant was refused for false material less than a year ago."""
    return decided(case, "不予行政许可", "申请资质认定时提供虚假材料，不予许可", rng.randint(20, 340))


@fault("CR-04")
def false_promise(case: Case, rng: random.Random) -> Case:
    """A promise of the applicant was found to be false years ago."""
    return decided(case, "信用承诺", "告知承诺核查：承诺内容不实，虚假承诺", rng.randint(300, 2500))


@fault("CR-05")
def commitment_withdrawn(case: Case, rng: random.Random) -> Case:
    """The applicant once withdrew an application under commitment."""
    return decided(case, "行政许可终止", "申请人撤回告知承诺申请", rng.randint(100, 900))


@fault("CR-07")
def penalty_for_testing(case: Case, rng: random.Random) -> Case:
    """The applicant was punished for a breach in testing less than two years ago."""
    return decided(case, "行政处罚", "出具的检验检测报告数据不完整", rng.randint(60, 650))


@fault("CR-08")
def debtor_in_default(case: Case, rng: random.Random) -> Case:
    """A court lists the applicant as a debtor in default."""
    return decided(case, "失信被执行人", "有履行能力而拒不履行生效法律文书", rng.randint(60, 400))


@fault("CR-09")
def case_pending(case: Case, rng: random.Random) -> Case:
    """An inspection of the applicant is not closed."""
    return decided(case, rng.choice(("监督检查", "立案调查")), "现场检查发现问题，尚未办结", rng.randint(10, 80))


# --- what is shared ---------------------------------------------------------------------------------------------------


@fault("DU-02")
def accreditation_of_another_code(case: Case, rng: random.Random) -> Case:
    """The directory gives the accreditation to another credit code."""
    return change_directory(case, code=credit_code(rng, "91", "460200"))


@fault("DU-03")
def one_file_twice(case: Case, rng: random.Random) -> Case:
    """The letter of commitment is handed in twice under two names."""
    return replace(case, copies=(("commitment", "设备清单"),))


@fault("DU-04", holds_cma=True, sites=1)
def row_held_already(case: Case, rng: random.Random) -> Case:
    """An extension asks for rows that the certificate has already."""
    assert case.cma
    assert case.application
    return hold(case, case.application.rows[:2])


def hold(case: Case, rows: tuple[Capability, ...]) -> Case:
    """The certificate has further rows, on paper and in the register."""
    assert case.cma
    held = tuple((case.cma.number, row) for row in rows)
    case = replace(case, cma=replace(case.cma, rows=(*case.cma.rows, *rows)))
    return change_world(case, cma_rows=(*case.world.cma_rows, *held))


def issue(case: Case, rng: random.Random, **more: object) -> Case:
    """A further certificate in the register, in force, of the applicant at its first site unless said otherwise."""
    own, issued = own_enterprise(case), case.as_of - dt.timedelta(days=rng.randint(200, 900))
    line = IssuedCma(
        cma_number(rng, issued.year), own.name, own.code, case.annex.sites[0].address, issued, years_after(issued, 6)
    )
    return change_world(case, cma=(*case.world.cma, replace(line, **more)))  # type: ignore[arg-type]


@fault("DU-05")
def another_body_in_the_same_rooms(case: Case, rng: random.Random) -> Case:
    """Another legal person holds a certificate for the very rooms of the applicant."""
    return issue(case, rng, name="海南珊格计量检验有限公司", code=credit_code(rng, "91", "460100"))


# --- audits of issued certificates ------------------------------------------------------------------------------------


def audited(case: Case, days: int = 40) -> Case:
    """The case as the audit of the certificate; its promises were verified so many days after issue."""
    assert case.cma
    number, checked = case.cma.number, case.cma.issued_on + dt.timedelta(days=days)
    lines = (replace(line, checked_on=checked) if line.number == number else line for line in case.world.cma)
    return replace(change_world(case, cma=tuple(lines)), purpose="audit")


def change_cma(case: Case, **changes: object) -> Case:
    """Changes the certificate on paper, and what the register and the form say of it likewise."""
    assert case.cma
    assert case.application
    number = case.cma.number
    known = {
        key: value for key, value in changes.items() if key in ("number", "name", "address", "issued_on", "expires_on")
    }
    lines = (replace(line, **known) if line.number == number else line for line in case.world.cma)  # type: ignore[arg-type]
    case = replace(change_world(case, cma=tuple(lines)), cma=replace(case.cma, **changes))  # type: ignore[arg-type]
    assert case.cma
    return change_application(case, cma_number=case.cma.number, cma_expires_on=case.cma.expires_on)


@fault("AU-01", also=("AU-02",), holds_cma=True, sites=1)
def issued_beyond_scope(case: Case, rng: random.Random) -> Case:
    """The certificate lists a row that was never accredited."""
    assert case.cma
    row = replace(
        case.cma.rows[0], parameter="镍(总量)", limitation="", beside=0, citations=(Citation(standards()["GB 5009.268-2016"]),)
    )  # fmt: skip
    return audited(hold(case, (row,)))


@fault("AU-02", also=("VA-03",), holds_cma=True, sites=1)
def suspended_since_issue(case: Case, rng: random.Random) -> Case:
    """Since issue a part of the accreditation has been suspended."""
    assert case.cma
    standard = case.cma.rows[0].citations[0].standard
    return audited(change_directory(case, status="部分暂停", suspended=f"{standard.title} {standard.code}"))


@fault("AU-03", holds_cma=True, sites=1)
def moved_since_issue(case: Case, rng: random.Random) -> Case:
    """The applicant moved after the certificate was issued, and the certificate was not changed."""
    assert case.cma
    on = case.cma.issued_on + dt.timedelta(days=rng.randint(60, 300))
    change = ("住所变更", other_address(case.licence.address), case.licence.address, on)
    return audited(change_enterprise(case, changes=(change,)))


@fault("AU-04", holds_cma=True, sites=1)
def promises_never_verified(case: Case, rng: random.Random) -> Case:
    """The promises were verified later than two months after issue."""
    return audited(case, days=rng.randint(80, 300))


@fault("AU-05", holds_cma=True, sites=1)
def certificate_for_eight_years(case: Case, rng: random.Random) -> Case:
    """The certificate is to run for eight years."""
    assert case.cma
    return audited(change_cma(case, expires_on=years_after(case.cma.issued_on, 8)))


@fault("AU-06", also=("ST-01",), holds_cma=True, sites=1)
def standard_withdrawn_since_issue(case: Case, rng: random.Random) -> Case:
    """A standard of the certificate has been withdrawn since."""
    assert case.cma
    return audited(change_register(case, case.cma.rows[0].citations[0].standard.code, status="废止"))


@fault("AU-07", holds_cma=True, sites=1)
def punished_since_issue(case: Case, rng: random.Random) -> Case:
    """The applicant was punished for something else than testing after the certificate was issued."""
    return audited(decided(case, "行政处罚", "未按规定报送年度报告", rng.randint(60, 350)))


@fault("AU-08", holds_cma=True, sites=1)
def certified_at_another_place(case: Case, rng: random.Random) -> Case:
    """The certificate names a place that is no accredited site."""
    assert case.cma
    return audited(change_cma(case, address=other_address(case.cma.address)))


@fault("AU-09", holds_cma=True, sites=1)
def second_certificate(case: Case, rng: random.Random) -> Case:
    """The register has a second certificate in force for the same place."""
    return issue(audited(case), rng)


@fault("AU-10", holds_cma=True, sites=1)
def signatory_gone(case: Case, rng: random.Random) -> Case:
    """A signatory of the certificate is accredited no longer."""
    assert case.cma
    first, *others = case.cma.signatories
    gone = replace(first, name="蒙" + rng.choice(("启航", "若水")))
    return audited(replace(case, cma=replace(case.cma, signatories=(gone, *others))))
