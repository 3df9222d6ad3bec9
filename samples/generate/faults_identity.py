"""Faults in who applies and with what papers: entity, terms, numbering, regulated fields, branches, the form, the files themselves."""

import datetime as dt
import random
from dataclasses import replace

from samples.generate.calendar import chinese_date, years_after
from samples.generate.codes import credit_code
from samples.generate.edit import (
    change_application,
    change_certificate,
    change_enterprise,
    change_licence,
    change_world,
    claimed_row,
    own_enterprise,
    recode,
    replace_rows,
    shift_dates,
)
from samples.generate.facts import Case
from samples.generate.faults import change_library, fault

# --- entity -----------------------------------------------------------------------------------------------------------


@fault("ID-07", entity="individual")
def individual_business(case: Case, rng: random.Random) -> Case:
    """The applicant is an individual business (个体工商户)."""
    return case


@fault("ID-08", entity="company")
def other_capital(case: Case, rng: random.Random) -> Case:
    """The register has another registered capital than the licence."""
    assert case.licence.capital
    return change_enterprise(case, capital=case.licence.capital + rng.choice((500000, 1230000)))


@fault("ID-08", entity="company")
def altered_particulars(case: Case, rng: random.Random) -> Case:
    """Capital and date of establishment on the licence are not the registered ones."""
    assert case.licence.capital
    assert case.licence.established_on
    earlier = case.licence.established_on - dt.timedelta(days=rng.randint(200, 900))
    return change_enterprise(case, capital=case.licence.capital / 5, established_on=earlier)


@fault("ID-09", entity="company")
def code_of_another_province(case: Case, rng: random.Random) -> Case:
    """The credit code was given in another province though the address is in Hainan."""
    return recode(case, credit_code(rng, "91", rng.choice(("440106", "450103"))))


@fault("AD-04", sites=3)
def rows_at_an_unlisted_site(case: Case, rng: random.Random) -> Case:
    """The form claims rows at a site that its list of sites leaves out."""
    assert case.application
    row = next(row for row in case.annex.rows if row.section == "testing" and row.site == "C")
    rows = case.application.rows if any(r.site == "C" for r in case.application.rows) else (*case.application.rows, row)
    return change_application(case, sites=case.application.sites[:2], rows=rows)


# --- terms ------------------------------------------------------------------------------------------------------------


@fault("VA-06")
def odd_term(case: Case, rng: random.Random) -> Case:
    """The accreditation runs for four years, on every paper and in the directory."""
    return shift_dates(case, case.annex.effective_on, years_after(case.annex.effective_on, 4))


@fault("VA-08", entity="institution")
def institution_term_ended(case: Case, rng: random.Random) -> Case:
    """The certificate of a public institution ran out before the day of judgement."""
    return ended(case, case.as_of - dt.timedelta(days=rng.randint(20, 200)))


@fault("VA-08", entity="company", form="portrait")
def licence_term_ended(case: Case, rng: random.Random) -> Case:
    """The term on the licence, and in the register, ended before the day of judgement."""
    return ended(case, case.as_of - dt.timedelta(days=rng.randint(20, 200)))


@fault("VA-09")
def old_criteria(case: Case, rng: random.Random) -> Case:
    """The certificate rests on the edition of 2005."""
    return change_certificate(case, standard="ISO/IEC 17025：2005")


# --- numbering --------------------------------------------------------------------------------------------------------


@fault("CP-04", "CC-05")
def directory_has_more_rows(case: Case, rng: random.Random) -> Case:
    """The directory lists a row that the annex lacks."""
    row = claimed_row(case, lambda row: row.section == "testing", rng)
    return change_world(case, cnas_rows=(*case.world.cnas_rows, replace(row, parameter=row.parameter + "(总量)")))


@fault("CP-05", parameters=9)
def number_skipped(case: Case, rng: random.Random) -> Case:
    """A row is missing from the middle of the annex, from the directory and from the form: its number is skipped."""
    numbers = [(row.site, row.object_number, row.parameter_number) for row in case.annex.rows]
    inner = [
        row
        for place, row in enumerate(case.annex.rows[:-1])
        if row.section == "testing"
        and numbers.count(numbers[place]) == 1
        and place > 0
        and numbers[place - 1][:2] == numbers[place][:2] == numbers[place + 1][:2]
    ]
    gone = rng.choice(inner)
    return replace_rows(case, lambda rows: tuple(row for row in rows if row != gone))


@fault("BS-02", entity="company")
def regulated_field_not_in_scope(case: Case, rng: random.Random) -> Case:
    """A standard that is applied for belongs to a field of its own rules, of which the scope of business says nothing."""
    standard = claimed_row(case, lambda row: row.section == "testing", rng).citations[0].standard
    return change_library(case, standard.code, lambda line: replace(line, domain="机动车排放、安全技术检验"))


def ended(case: Case, end: dt.date) -> Case:
    """The licence's term ends on that day, in print and in the register."""
    start = end - dt.timedelta(days=5 * 365)
    text = f"自{chinese_date(start)}至{chinese_date(end)}"
    own = own_enterprise(case)
    case = change_licence(case, term=(start, end), term_text=text)
    return change_enterprise(case, term=(start, end)) if own.code == case.licence.code else case
