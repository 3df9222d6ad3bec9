"""Near misses beside `faults_scope`: variations in what is claimed and who claims it that a reviewer tolerates."""

import datetime as dt
import random
from dataclasses import replace

from samples.generate.calendar import years_after
from samples.generate.codes import credit_code
from samples.generate.edit import change_application, change_directory, change_enterprise, change_world, claimed_row
from samples.generate.facts import Case, LibraryLine, StandardLine
from samples.generate.faults import dated
from samples.generate.faults_scope import (
    WATER,
    audited,
    change_cma,
    change_register,
    claim_product,
    claimed_standard,
    decided,
    insert_row,
    issue,
    later,
    method_of_its_own,
    register,
    row_held_already,
)
from samples.generate.near_misses import near_miss


@near_miss("SC-08")
def same_row_with_another_limit(case: Case, rng: random.Random) -> Case:
    """A capability is claimed once as it is and once more narrowly."""
    row = claimed_row(case, lambda row: not row.limitation and len(row.citations) == 1, rng)
    return insert_row(case, row, replace(row, parameter_number=f"{row.object_number}.98", limitation="仅限委托检验"))


@near_miss("SC-09")
def method_listed_by_name(case: Case, rng: random.Random) -> Case:
    """A method without a number stands in the library by its name."""
    before = set(case.application.rows) if case.application else set()
    case = method_of_its_own.apply(case)
    assert case.application
    title = next(row for row in case.application.rows if row not in before).citations[0].standard.title
    return change_world(case, library=(*case.world.library, LibraryLine("食品检验", title, "")))


@near_miss("SC-10", objects=2)
def cited_method_claimed(case: Case, rng: random.Random) -> Case:
    """A standard for a product cites a method that is claimed with another year, and a standard for packaging."""
    case = claim_product(case, rng, "")
    code = (
        claimed_row(case, lambda row: dated(row) and row.citations[0].standard != WATER, rng).citations[0].standard.code
    )
    return change_register(case, WATER.code, cites=f"GB/T 191-2025；{code[:-5]}")


@near_miss("ST-01", "AU-06")
def withdrawn_soon(case: Case, rng: random.Random) -> Case:
    """The register says that a standard will be withdrawn."""
    return change_register(case, claimed_standard(case, rng).code, status="现行（即将废止）")


@near_miss("ST-02")
def newer_edition_announced(case: Case, rng: random.Random) -> Case:
    """A newer edition is published and not yet in effect."""
    standard = claimed_standard(case, rng)
    return register(case, StandardLine(later(standard.code, 9), standard.title, "即将实施"))


@near_miss("ST-03")
def amendment_announced(case: Case, rng: random.Random) -> Case:
    """An amendment is published and not yet in effect."""
    standard = claimed_standard(case, rng)
    return register(
        case, StandardLine(f"{standard.code}/XG1-{later(standard.code, 2)[-4:]}", standard.title, "即将实施")
    )


@near_miss("ST-04", "SC-02")
def title_shortened(case: Case, rng: random.Random) -> Case:
    """A row shortens the name of a standard that the register has in full."""
    row = claimed_row(case, lambda row: dated(row) and len(row.citations) == 1, rng)
    code = row.citations[0].standard.code
    full = "国家标准 检验检测方法 " + row.citations[0].standard.title
    return change_register(case, code, title=full)


@near_miss("SG-02", groups=("food_basic",))
def one_signs_for_food(case: Case, rng: random.Random) -> Case:
    """Nobody signs for everything, but the field of food and farm products takes in every row."""
    assert case.application
    people = (replace(person, field="食品、农产品检测") for person in case.application.signatories)
    return change_application(case, signatories=tuple(people))


@near_miss("SG-03")
def equal_competence(case: Case, rng: random.Random) -> Case:
    """A signatory without a title states equal competence."""
    assert case.application
    first, *others = case.application.signatories
    return change_application(case, signatories=(*others, replace(first, title="检测部主任/同等能力")))


@near_miss("SG-04", holds_cma=True, sites=1, entity="partnership")
def own_certificate_in_other_brackets(case: Case, rng: random.Random) -> Case:
    """The certificate prints the applicant's own name with full-width brackets."""
    assert case.cma
    return replace(case, cma=replace(case.cma, name=case.cma.name.replace("(", "（").replace(")", "）")))


@near_miss("CR-02")
def certificate_withdrawn_long_ago(case: Case, rng: random.Random) -> Case:
    """A certificate was withdrawn more than three years ago."""
    return decided(case, "撤销行政许可", "以欺骗手段取得，撤销资质认定证书", rng.randint(1100, 2000))


@near_miss("CR-03")
def false_material_long_ago(case: Case, rng: random.Random) -> Case:
    """The refusal for false material is more than a year old."""
    return decided(case, "不予行政许可", "申请资质认定时提供虚假材料，不予许可", rng.randint(370, 900))


@near_miss("CR-04")
def promise_of_another(case: Case, rng: random.Random) -> Case:
    """A false promise of another body stands in the records."""
    other = credit_code(rng, "91", "460100")
    return decided(case, "信用承诺", "承诺内容不实，虚假承诺", 200, code=other, name="海南珊格计量检验有限公司")


@near_miss("CR-05")
def other_application_withdrawn(case: Case, rng: random.Random) -> Case:
    """The applicant withdrew an application for another licence."""
    return decided(case, "行政许可终止", "申请人撤回食品经营许可申请", rng.randint(100, 900))


@near_miss("CR-07")
def penalty_for_something_else(case: Case, rng: random.Random) -> Case:
    """The applicant was punished for something that has nothing to do with testing."""
    return decided(case, "行政处罚", "未按规定设置消防设施", rng.randint(60, 650))


@near_miss("CR-08")
def debt_settled(case: Case, rng: random.Random) -> Case:
    """The applicant was listed as a debtor and has been removed."""
    return decided(case, "失信被执行人", "未履行", 300, removed_on=case.as_of - dt.timedelta(days=30))


@near_miss("CR-09")
def inspection_closed(case: Case, rng: random.Random) -> Case:
    """An inspection of the applicant has been closed."""
    return decided(case, "监督检查", "现场检查发现问题", 120, removed_on=case.as_of - dt.timedelta(days=15))


@near_miss("DU-02")
def directory_with_own_code(case: Case, rng: random.Random) -> Case:
    """The directory prints the applicant's own credit code."""
    assert case.application
    return change_directory(case, code=case.application.code.lower())


@near_miss("DU-03")
def another_file_beside(case: Case, rng: random.Random) -> Case:
    """A paper that nobody asked for lies beside the others; no file is there twice."""
    return replace(case, stray_paper=True)


@near_miss("DU-04", holds_cma=True, sites=1)
def held_rows_renewed(case: Case, rng: random.Random) -> Case:
    """The rows that are held already are renewed."""
    return change_application(row_held_already.apply(case), application_type="复查")


@near_miss("DU-05")
def neighbour_in_the_same_building(case: Case, rng: random.Random) -> Case:
    """Another legal person holds a certificate for a number in the same road, whose rooms are not said."""
    address = case.annex.sites[0].address
    street = address[: address.index("号") + 1] if "号" in address else address + "附属楼9层"
    return issue(case, rng, name="海南珊格计量检验有限公司", code=credit_code(rng, "91", "460100"), address=street)


@near_miss("AU-01", "AU-02", "AU-06", "AU-10", holds_cma=True, sites=2)
def audit_of_two_sites(case: Case, rng: random.Random) -> Case:
    """The annex of the audited certificate does not say to which site a row belongs."""
    return audited(case)


@near_miss("AU-03", holds_cma=True, sites=1)
def scope_of_business_changed(case: Case, rng: random.Random) -> Case:
    """Since issue only the scope of business was changed in the register."""
    assert case.cma
    change = ("经营范围变更", "检验检测服务", case.licence.scope, case.cma.issued_on + dt.timedelta(days=60))
    return audited(change_enterprise(case, changes=(change,)))


@near_miss("AU-04", holds_cma=True, sites=1)
def verified_in_the_second_month(case: Case, rng: random.Random) -> Case:
    """The promises were verified in the last days of the term."""
    return audited(case, days=58)


@near_miss("AU-05", holds_cma=True, sites=1)
def former_expiry_kept(case: Case, rng: random.Random) -> Case:
    """A change re-issued the certificate, which keeps its former day of expiry."""
    assert case.cma
    return audited(change_cma(case, expires_on=years_after(case.cma.issued_on, 5)))


@near_miss("AU-07", holds_cma=True, sites=1)
def punished_before_issue(case: Case, rng: random.Random) -> Case:
    """The applicant was punished before the certificate was issued."""
    assert case.cma
    days = (case.as_of - case.cma.issued_on).days + rng.randint(10, 200)
    return audited(decided(case, "行政处罚", "未按规定报送年度报告", days))


@near_miss("AU-08", holds_cma=True, sites=1)
def certified_without_province(case: Case, rng: random.Random) -> Case:
    """The certificate leaves out the name of the province."""
    assert case.cma
    return audited(change_cma(case, address=case.cma.address.removeprefix("海南省")))


@near_miss("AU-09", holds_cma=True, sites=1)
def former_certificate(case: Case, rng: random.Random) -> Case:
    """The register still has the certificate before this one, which has run out."""
    gone = case.as_of - dt.timedelta(days=500)
    return issue(audited(case), rng, issued_on=gone - dt.timedelta(days=2191), expires_on=gone, status="过期")
