"""Faults that each put exactly one discrepancy into a clean case, and declare which checks must fire for it."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from samples.generate.calendar import years_after
from samples.generate.catalogue import Citation, standards
from samples.generate.codes import break_credit_code, cma_number
from samples.generate.edit import (
    change_annex,
    change_application,
    change_certificate,
    change_directory,
    change_enterprise,
    change_licence,
    change_world,
    claimed_row,
    listed,
    one_character_off,
    other_address,
    own_enterprise,
    replace_row,
    shift_dates,
)
from samples.generate.facts import Capability, Case, IndexLine, IssuedCma, LibraryLine, Site
from samples.generate.plan import Plan

Change = Callable[[Case, random.Random], Case]


@dataclass(frozen=True, slots=True)
class Fault:
    """A named discrepancy: `checks` must fire, `also` may fire with them; `plan` changes the plan of the case that it needs."""

    name: str
    checks: tuple[str, ...]
    also: tuple[str, ...]
    plan: dict[str, Any]
    change: Change
    title: str

    def planned(self, plan: Plan) -> Plan:
        return replace(plan, **self.plan)

    def apply(self, case: Case) -> Case:
        return self.change(case, random.Random(f"{self.name} {case.seed}"))


FAULTS: dict[str, Fault] = {}
"""Every fault by name."""


def fault(*checks: str, also: tuple[str, ...] = (), **plan: Any) -> Callable[[Change], Fault]:
    """Makes a fault of a function; the first line of its docstring is its title."""

    def declare(change: Change) -> Fault:
        made = Fault(change.__name__, checks, also, plan, change, (change.__doc__ or "").partition("\n")[0])
        FAULTS[made.name] = made
        return made

    return declare


# --- identity and premises --------------------------------------------------------------------------------------------


@fault("ID-03")
def wrong_name_one_char(case: Case, rng: random.Random) -> Case:
    """The registered name differs from the one on every paper by a single character of the 字号."""
    return change_enterprise(case, name=one_character_off(case.licence.name))


@fault("ID-03", entity="company")
def old_name_after_change(case: Case, rng: random.Random) -> Case:
    """The licence was issued after the registered change of name and still carries the old name."""
    new = one_character_off(case.licence.name, 2)
    changed = case.licence.issued_on - dt.timedelta(days=rng.randint(60, 400))
    return change_enterprise(case, name=new, changes=(("名称变更", case.licence.name, new, changed),))


@fault("ID-01", "ID-02", also=("ID-03", "AD-01", "VA-07"))
def uscc_wrong_digit(case: Case, rng: random.Random) -> Case:
    """One digit of the credit code on the licence is wrong."""
    return change_licence(case, code=break_credit_code(case.licence.code, rng))


@fault("ID-04", entity="company", unit="检测中心")
def legal_person_differs(case: Case, rng: random.Random) -> Case:
    """The certificate names another legal entity than the licence."""
    other = one_character_off(case.licence.name, 2)
    return change_directory(change_certificate(case, legal_entity=other), legal_entity=other)


@fault("ID-05")
def application_name_differs(case: Case, rng: random.Random) -> Case:
    """The application is made in a name that neither licence nor certificate bears."""
    return change_application(case, name=one_character_off(case.licence.name, 2))


@fault("ID-06")
def representative_differs(case: Case, rng: random.Random) -> Case:
    """The registry names another representative, without any recorded change."""
    return change_enterprise(case, person="莫" + rng.choice(("知行", "思齐", "闻溪")))


@fault("AD-01")
def moved_address(case: Case, rng: random.Random) -> Case:
    """The registered address has another road and number than the licence."""
    return change_enterprise(case, address=other_address(case.licence.address))


@fault("AD-02")
def site_not_accredited(case: Case, rng: random.Random) -> Case:
    """The application names a place of work that is not in the annex."""
    assert case.application
    extra = Site("C", "海南省定安县定城镇见龙大道19号实验楼2层", "Ding'an", "571200")
    return change_application(case, sites=(*case.application.sites, extra))


@fault("AD-03", sites=2)
def site_outside_hainan(case: Case, rng: random.Random) -> Case:
    """An accredited place of work lies outside Hainan and is applied for."""
    away = replace(case.annex.sites[1], address="广东省湛江市赤坎区海北路12号检测楼3层", postcode="524033")
    case = change_annex(case, sites=(case.annex.sites[0], away, *case.annex.sites[2:]))
    return change_application(case, sites=case.annex.sites)


# --- validity ---------------------------------------------------------------------------------------------------------


@fault("VA-01")
def expired_certificate(case: Case, rng: random.Random) -> Case:
    """Certificate, annex and directory agree that the accreditation ended before the day of judgement."""
    effective = case.as_of - dt.timedelta(days=6 * 365 + rng.randint(40, 200))
    return shift_dates(case, effective, years_after(effective, 6))


@fault("VA-02")
def not_yet_effective(case: Case, rng: random.Random) -> Case:
    """The accreditation begins after the day of judgement."""
    effective = case.as_of + dt.timedelta(days=rng.randint(10, 60))
    return shift_dates(case, effective, years_after(effective, 6))


@fault("VA-03")
def suspended(case: Case, rng: random.Random) -> Case:
    """The directory says that the whole accreditation is suspended."""
    return change_directory(case, status="暂停")


@fault("VA-04", also=("VA-06",))
def doctored_date(case: Case, rng: random.Random) -> Case:
    """The certificate ends later than annex and directory say."""
    assert case.certificate
    end = case.certificate.expires_on
    return change_certificate(case, expires_on=end.replace(year=end.year + 2, day=min(end.day, 28)))


@fault("VA-04", generation="G3")
def old_annex(case: Case, rng: random.Random) -> Case:
    """The annex ends earlier than certificate and directory say: it belongs to an older certificate."""
    end = case.annex.expires_on
    return change_annex(case, expires_on=end.replace(year=end.year - 1, day=min(end.day, 28)))


@fault("VA-05")
def annex_outdated(case: Case, rng: random.Random) -> Case:
    """The directory was updated after the annex was issued."""
    return change_directory(
        case, updated_on=min(case.as_of - dt.timedelta(days=20), case.annex.issued_on + dt.timedelta(days=90))
    )


@fault("VA-07")
def dissolved(case: Case, rng: random.Random) -> Case:
    """The registry says that the applicant was struck off."""
    return change_enterprise(case, status=rng.choice(("注销", "吊销，未注销")))


# --- completeness and consistency -------------------------------------------------------------------------------------


@fault("CP-01")
def missing_document(case: Case, rng: random.Random) -> Case:
    """There is no letter of commitment."""
    return replace(case, commitment=None)


@fault(
    "CC-05",
    "CP-02",
    also=("CP-04", "CP-05", "CC-03"),
    generation="G3",
    objects=4,
    parameters=14,
    carry="repeat",
    split_rows=False,
)
def annex_page_missing(case: Case, rng: random.Random) -> Case:
    """A page of the annex is missing; its rows are not applied for."""
    return change_annex(case, lost_page=3)


@fault("CP-03", generation="G2", calibration=False)
def section_missing(case: Case, rng: random.Random) -> Case:
    """The index of the annex lists a section of calibration that was not handed in."""
    line = IndexLine("A", "校准能力(中文)", case.annex.assessment, case.annex.issued_on)
    return change_annex(case, index=(*case.annex.index, line))


@fault("CC-01")
def annex_number_differs(case: Case, rng: random.Random) -> Case:
    """The annex carries another registration number than certificate and directory."""
    number = case.annex.registration_number
    wrong = number[:-1] + str((int(number[-1]) + 3) % 10)
    return change_annex(case, registration_number=wrong)


@fault("CC-02", entity="company", generation="G3")
def annex_name_differs(case: Case, rng: random.Random) -> Case:
    """The annex names another body than the certificate."""
    return change_annex(case, name=one_character_off(case.annex.name, 2))


@fault("CC-03", english=True, sites=1, objects=2)
def english_codes_differ(case: Case, rng: random.Random) -> Case:
    """A standard of the English section has another year than in the Chinese one."""
    rows = list(case.annex.english_rows)
    place = next(
        n for n, row in enumerate(rows) if len(row.citations) == 1 and row.citations[0].standard.key[-5] == "-"
    )
    standard = rows[place].citations[0].standard
    earlier = str(int(standard.key[-4:]) - 7)
    wrong = replace(standard, code=standard.code[:-4] + earlier, key=standard.key[:-4] + earlier)
    rows[place] = replace(rows[place], citations=(replace(rows[place].citations[0], standard=wrong),))
    return change_annex(case, english_rows=tuple(rows))


@fault("CC-05", also=("CP-04",))
def annex_row_not_in_directory(case: Case, rng: random.Random) -> Case:
    """The annex holds a row that the CNAS directory does not list."""
    row = claimed_row(case, lambda row: row.section == "testing", rng)
    return change_world(case, cnas_rows=tuple(r for r in case.world.cnas_rows if r != row))


# --- scope and standards ----------------------------------------------------------------------------------------------


@fault("SC-01", also=("SC-04",), calibration=True)
def calibration_row(case: Case, rng: random.Random) -> Case:
    """A row of calibration is applied for."""
    assert case.application
    row = next(row for row in case.annex.rows if row.section == "calibration")
    return change_application(case, rows=(*case.application.rows, row))


@fault("SC-02")
def claimed_row_not_accredited(case: Case, rng: random.Random) -> Case:
    """The application claims a parameter that the annex does not have."""
    assert case.application
    row = claimed_row(case, lambda row: len(row.citations) == 1, rng)
    parameter, code = (
        ("六价铬(迁移量)", "HJ 1082-2019") if "GB 5009" in row.keys()[0] else ("镍(总量)", "GB 5009.268-2016")
    )
    extra = replace(
        row, parameter_number=f"{row.object_number}.99", parameter=parameter, limitation="", citations=(Citation(standards()[code]),)
    )  # fmt: skip
    rows = case.application.rows
    after = max(n for n, other in enumerate(rows) if (other.site, other.object) == (row.site, row.object)) + 1
    return change_application(case, rows=(*rows[:after], extra, *rows[after:]))


@fault("SC-03", groups=("food_basic",), parameters=14)
def dropped_limit(case: Case, rng: random.Random) -> Case:
    """The application leaves out the limitation that the annex sets."""
    row = claimed_row(case, lambda row: row.limitation.startswith("只"), rng)
    return replace_row(case, row, replace(row, limitation=""), accredited=False)


@fault("SC-04")
def series_only_standard(case: Case, rng: random.Random) -> Case:
    """The library has only another year of a standard that is applied for."""
    standard = claimed_row(case, dated, rng).citations[0].standard
    newer = standard.code[:-4] + str(int(standard.code[-4:]) + 5)
    return change_library(case, standard.code, lambda line: replace(line, code=newer))


@fault("SC-05", also=("SC-04",))
def abolished_standard(case: Case, rng: random.Random) -> Case:
    """The library marks a standard that is applied for as withdrawn."""
    standard = claimed_row(case, dated, rng).citations[0].standard
    return change_library(case, standard.code, lambda line: replace(line, remark=rng.choice(("废止", "作废"))))


@fault("SC-06")
def item_not_listed(case: Case, rng: random.Random) -> Case:
    """The list of matters lacks the domain of some rows."""
    domain = claimed_row(case, lambda row: True, rng).citations[0].standard.domain
    return change_world(case, domains=tuple(d for d in case.world.domains if d != domain))


@fault("SC-07", also=("CC-03",))
def excluded_domain(case: Case, rng: random.Random) -> Case:
    """A row on medical devices, accredited and in the library, is applied for by the commitment route."""
    assert case.application
    site = case.annex.rows[0].site
    number = str(
        max(int(row.object_number) for row in case.annex.rows if row.section == "testing" and row.site == site) + 1
    )
    code = None if case.annex.generation == "G3" else "0701"
    row = Capability(
        "testing",
        site,
        number,
        "医用外科口罩",
        f"{number}.1",
        "细菌过滤效率",
        code,
        (Citation(standards()["YY 0469-2023"]),),
    )
    rows = (*case.annex.rows, row)
    rows = tuple(sorted(rows, key=lambda r: r.section != "testing" or r.site != site))
    order = {r: n for n, r in enumerate(rows)}
    case = change_world(change_annex(case, rows=rows), cnas_rows=rows)
    return change_application(case, rows=tuple(sorted((*case.application.rows, row), key=order.__getitem__)))  # type: ignore[union-attr]


@fault("SC-04", "ST-05", also=("ST-01", "ST-04", "CC-03"))
def year_missing(case: Case, rng: random.Random) -> Case:
    """A standard is cited without its year, in the annex and in the application."""
    row = claimed_row(case, lambda row: dated(row) and len(row.citations) == 1, rng)
    standard = row.citations[0].standard
    bare = replace(standard, code=standard.code[:-5], key=standard.key[:-5])
    return replace_row(case, row, replace(row, citations=(replace(row.citations[0], standard=bare),)))


# --- people, scope of business, credit, duplicates --------------------------------------------------------------------


@fault("SG-01")
def extra_signatory(case: Case, rng: random.Random) -> Case:
    """The application names a signatory who is not accredited."""
    assert case.application
    someone = replace(
        case.application.signatories[-1], name="蒙" + rng.choice(("启航", "若水")), title="检测部主任/工程师"
    )
    return change_application(case, signatories=(*case.application.signatories, someone))


@fault("BS-01", entity="company")
def scope_without_testing(case: Case, rng: random.Random) -> Case:
    """The registered scope of business has nothing to do with testing."""
    scope = "一般项目：实验分析仪器销售；办公用品销售；会议及展览服务（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）"
    return change_enterprise(change_licence(case, scope=scope), scope=scope)


@fault("CR-01")
def serious_breach(case: Case, rng: random.Random) -> Case:
    """The applicant is on the list of serious breaches of trust."""
    return listed(case, "严重失信主体名单", "出具虚假检验检测报告，造成严重后果", rng)


@fault("CR-06")
def abnormal_list(case: Case, rng: random.Random) -> Case:
    """The applicant is on the list of abnormal operations."""
    return listed(case, "经营异常名录", "通过登记的住所或者经营场所无法联系", rng)


@fault("DU-01")
def duplicate_certificate(case: Case, rng: random.Random) -> Case:
    """A first application though the applicant holds a valid certificate."""
    enterprise = own_enterprise(case)
    issued = case.as_of - dt.timedelta(days=rng.randint(200, 900))
    held = IssuedCma(
        cma_number(rng, issued.year),
        enterprise.name,
        enterprise.code,
        case.annex.sites[0].address,
        issued,
        years_after(issued, 6),
    )
    return change_world(case, cma=(*case.world.cma, held))


def dated(row: Capability) -> bool:
    """Whether the first standard ends in a four-digit year after a hyphen."""
    code = row.citations[0].standard.code
    return code[-5] == "-" and code[-4:].isdigit()


def change_library(case: Case, code: str, change: Callable[[LibraryLine], LibraryLine]) -> Case:
    return change_world(case, library=tuple(change(line) if line.code == code else line for line in case.world.library))


from samples.generate import faults_identity, faults_scope  # noqa: E402, F401 - enter their faults; they need what stands above
