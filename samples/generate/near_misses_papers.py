"""Near misses in how papers and registers put things: spellings, statuses, sections and dates at the edge that a reviewer accepts."""

import random
from dataclasses import replace

from samples.generate.calendar import years_after
from samples.generate.catalogue import Citation, Standard
from samples.generate.codes import credit_code_with_odd_body
from samples.generate.edit import (
    change_annex,
    change_application,
    change_directory,
    change_enterprise,
    change_licence,
    change_world,
    claimed_row,
    recode,
    replace_row,
    replace_rows,
    shift_dates,
)
from samples.generate.facts import Capability, Case, IndexLine
from samples.generate.faults_identity import handle
from samples.generate.handling import Handling
from samples.generate.near_misses import near_miss


@near_miss("ID-01", entity="company")
def code_with_an_odd_body(case: Case, rng: random.Random) -> Case:
    """The credit code is valid although the organisation code inside it has a check digit of its own that does not fit."""
    return recode(case, credit_code_with_odd_body(rng, "91", "460100"))


@near_miss("ID-02", "DU-01", "CR-01")
def code_in_groups(case: Case, rng: random.Random) -> Case:
    """The form prints the credit code in small letters and in groups of four."""
    assert case.application
    code = case.application.code.lower()
    return change_application(case, code=" ".join(code[at : at + 4] for at in range(0, len(code), 4)))


@near_miss("AD-02", "AD-03", "FM-03")
def site_in_other_words(case: Case, rng: random.Random) -> Case:
    """The form writes its sites without the province and with # for 号."""
    assert case.application
    sites = tuple(
        replace(site, address=site.address.removeprefix("海南省").replace("号", "#")) for site in case.application.sites
    )
    return change_application(case, sites=sites)


@near_miss("VA-02", "VA-06")
def effective_today(case: Case, rng: random.Random) -> Case:
    """The accreditation begins on the very day of judgement."""
    return shift_dates(case, case.as_of, years_after(case.as_of, 6))


@near_miss("VA-03")
def status_in_other_words(case: Case, rng: random.Random) -> Case:
    """The directory calls an accreditation in force by another word."""
    return change_directory(case, status=rng.choice(("正常", "已认可", "获认可", "Valid")))


@near_miss("VA-04", "CC-01", "CC-02", english_certificate=True)
def english_certificate_beside(case: Case, rng: random.Random) -> Case:
    """The certificate is handed in in English too, with its dates as English prints them."""
    return case


@near_miss("VA-07")
def status_in_full(case: Case, rng: random.Random) -> Case:
    """The register spells the status out, or in the words of other provinces."""
    return change_enterprise(case, status=rng.choice(("在业", "开业", "正常")))


@near_miss("CP-01", "ID-07", entity="institution")
def certificate_of_an_institution(case: Case, rng: random.Random) -> Case:
    """A public institution hands in its own certificate where others have a business licence."""
    return case


@near_miss("CP-02", "CP-03", "CC-03", english=True, generation="G2")
def english_section_behind(case: Case, rng: random.Random) -> Case:
    """The annex has English sections with page numbers of their own language."""
    return case


@near_miss("CP-03", english=False, generation="G2")
def english_section_left_out(case: Case, rng: random.Random) -> Case:
    """The index lists an English section that was not handed in; the Chinese one prevails."""
    line = IndexLine("A", "检测能力(英文)", case.annex.assessment, case.annex.issued_on)
    return change_annex(case, index=(*case.annex.index, line))


@near_miss("SC-01", calibration=True)
def calibration_not_claimed(case: Case, rng: random.Random) -> Case:
    """The body is accredited to calibrate too and does not apply for that."""
    return case


@near_miss("SC-06")
def matter_letter_spaced(case: Case, rng: random.Random) -> Case:
    """The list of matters prints its domains with blanks between the characters."""
    return change_world(case, domains=tuple(" ".join(domain) for domain in case.world.domains))


@near_miss("SC-07")
def excluded_objects_excepted(case: Case, rng: random.Random) -> Case:
    """An object of test names what the route excludes, to except it."""
    thing = claimed_row(case, lambda row: row.section == "testing", rng).object

    def renamed(row: Capability) -> Capability:
        return replace(row, object=f"{thing}(保健食品除外)") if row.object == thing else row

    return replace_rows(case, lambda rows: tuple(renamed(row) for row in rows))


@near_miss("ST-05")
def book_of_methods(case: Case, rng: random.Random) -> Case:
    """A method stands in a book, which has an edition instead of a number with its year."""
    row = claimed_row(case, lambda row: len(row.citations) == 1 and not row.limitation, rng)
    book = Standard("", "", "-", "《水和废水监测分析方法》（第四版增补版）国家环境保护总局")
    return replace_row(case, row, replace(row, citations=(Citation(book),)))


@near_miss("SG-01", "SG-04")
def names_letter_spaced(case: Case, rng: random.Random) -> Case:
    """The form prints the names of its signatories with a wide blank between the characters."""
    assert case.application
    people = tuple(replace(person, name="　".join(person.name)) for person in case.application.signatories)
    return change_application(case, signatories=people)


@near_miss("BS-01", entity="company")
def exclusion_beside_testing(case: Case, rng: random.Random) -> Case:
    """The scope of business excludes one kind of testing and allows another."""
    scope = "许可项目：检验检测服务；一般项目：技术服务（不含特种设备检验检测）；试验仪器销售（除依法须经批准的项目外，凭营业执照自主经营）"
    return change_enterprise(change_licence(case, scope=scope), scope=scope)


@near_miss("TP-04", "TP-05")
def searchable_scan(case: Case, rng: random.Random) -> Case:
    """The letter is a scan with the text that a scanner's program recognised hidden behind it; all other papers are digital."""
    return handle(case, Handling("commitment", tilted=0.5, hidden_page=1))
