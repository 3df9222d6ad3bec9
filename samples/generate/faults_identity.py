"""Faults in who applies and with what papers: entity, terms, numbering, regulated fields, branches, the form, the files themselves."""

import datetime as dt
import random
from dataclasses import replace

from samples.generate.accredited import english_of
from samples.generate.calendar import chinese_date, years_after
from samples.generate.codes import credit_code
from samples.generate.edit import (
    change_annex,
    change_application,
    change_certificate,
    change_directory,
    change_enterprise,
    change_licence,
    change_world,
    claimed_row,
    one_character_off,
    other_address,
    own_enterprise,
    recode,
    replace_rows,
    shift_dates,
)
from samples.generate.facts import Case
from samples.generate.faults import change_library, fault
from samples.generate.handling import Handling
from samples.generate.paste import Paste

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
    """A row is missing from the middle of the annex in both languages, from the directory and from the form: its number is skipped."""
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
    english = tuple(row for row in case.annex.english_rows if row not in english_of((gone,)))
    case = change_annex(case, english_rows=english)
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


# --- the files themselves ---------------------------------------------------------------------------------------------

CHINA = dt.timezone(dt.timedelta(hours=8))


def moment(day: dt.date, hour: int = 10) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, 24), CHINA)


def handle(case: Case, *handlings: Handling) -> Case:
    return replace(case, handlings=(*case.handlings, *handlings))


@fault("TP-01", also=("TP-06",))
def written_by_an_editor(case: Case, rng: random.Random) -> Case:
    """The licence was saved by a program for editing pictures."""
    return handle(case, Handling("licence", producer=rng.choice(("Adobe Photoshop CC 2019", "GIMP 2.10.34"))))


@fault("TP-02", also=("TP-06",))
def saved_again(case: Case, rng: random.Random) -> Case:
    """The certificate was changed and saved months after it was made."""
    made = moment(case.annex.issued_on + dt.timedelta(days=3))
    return handle(case, Handling("certificate", created=made, modified=made + dt.timedelta(days=rng.randint(30, 90))))


@fault("TP-01", "TP-02", also=("TP-06",))
def edited_and_saved_again(case: Case, rng: random.Random) -> Case:
    """The annex was saved anew by an editor months after it was made."""
    made = moment(case.annex.issued_on + dt.timedelta(days=3))
    later = made + dt.timedelta(days=rng.randint(30, 90))
    return handle(case, Handling("annex", producer="Wondershare PDFelement 9.5", created=made, modified=later))


@fault("TP-03", generation="G3", objects=4, parameters=14)
def one_page_of_another_size(case: Case, rng: random.Random) -> Case:
    """One page of the annex is wider than the others."""
    return handle(case, Handling("annex", resized_page=2))


@fault("TP-04", also=("CP-02", "CC-05", "CP-04", "CP-05"), generation="G3", objects=4, parameters=14)
def one_page_scanned(case: Case, rng: random.Random) -> Case:
    """One page of the digital annex is a scanned picture."""
    return handle(case, Handling("annex", scanned_page=3))


@fault("TP-05", generation="G3")
def hidden_text(case: Case, rng: random.Random) -> Case:
    """A page of the annex holds text that is not shown."""
    return handle(case, Handling("annex", hidden_page=1))


@fault("TP-07", generation="G3", objects=8, parameters=20)
def page_number_elsewhere(case: Case, rng: random.Random) -> Case:
    """The page number of one page stands higher than on the others."""
    return handle(case, Handling("annex", moved_page=3))


@fault("TP-08", also=("TP-06",), generation="G3")
def older_than_its_paper(case: Case, rng: random.Random) -> Case:
    """The file of the annex was made before the date of issue that it prints."""
    made = moment(case.annex.issued_on - dt.timedelta(days=rng.randint(100, 300)))
    return handle(case, Handling("annex", created=made, modified=made))


@fault("TP-06", generation="G3")
def appended_to(case: Case, rng: random.Random) -> Case:
    """Something was appended to the file of the annex after it was written."""
    return handle(case, Handling("annex", appended=True))


@fault("TP-09", entity="company", form="landscape")
def code_of_another_company(case: Case, rng: random.Random) -> Case:
    """The QR code on the licence holds another company's credit code than the print."""
    return change_licence(case, coded=credit_code(rng, "91", "460105"))


@fault("TP-10", generation="G3")
def signature_broken(case: Case, rng: random.Random) -> Case:
    """The annex was changed after it had been signed digitally."""
    return handle(case, Handling("annex", signed="CNAS", altered=True))


@fault("TP-06", "TP-10")
def appended_after_the_signature(case: Case, rng: random.Random) -> Case:
    """Something was appended to the certificate after it had been signed digitally."""
    return handle(case, Handling("certificate", signed="CNAS", appended=True))


@fault("CC-04", generation="G3")
def picture_shows_a_later_expiry(case: Case, rng: random.Random) -> Case:
    """A picture over the date of expiry makes the certificate look valid for longer than its text says."""
    assert case.certificate
    printed = case.certificate.expires_on
    shown = printed.replace(year=printed.year + rng.randint(2, 5))
    return handle(case, Handling("certificate", pasted=Paste(printed.isoformat(), shown.isoformat())))


@fault("CC-04", entity="company", form="landscape")
def picture_shows_another_name(case: Case, rng: random.Random) -> Case:
    """A picture over the name makes the licence look like another company's."""
    name = case.licence.name
    return handle(case, Handling("licence", pasted=Paste(name, one_character_off(name, 2))))


@fault("CP-06", also=("CP-01", "FM-02"))
def letter_tilted(case: Case, rng: random.Random) -> Case:
    """The letter of commitment was put on the scanner askew."""
    return handle(case, Handling("commitment", tilted=rng.choice((-6.2, 5.8, 6.4))))


# --- branches ---------------------------------------------------------------------------------------------------------


@fault("BR-01", entity="branch")
def legal_person_dissolved(case: Case, rng: random.Random) -> Case:
    """The company that the branch belongs to was struck off."""
    return change_parent(case, status=rng.choice(("注销", "吊销，未注销")))


@fault("BR-01", entity="branch")
def branch_not_authorised(case: Case, rng: random.Random) -> Case:
    """The branch hands in no authorisation by its legal person."""
    return replace(case, authorised=False)


@fault("BR-02", entity="branch", sites=1)
def parent_only_accredited(case: Case, rng: random.Random) -> Case:
    """The certificate names the company alone, at a place that is not the branch's."""
    assert case.application
    assert case.application.legal_entity
    name = case.application.legal_entity.name
    away = replace(case.annex.sites[0], address=other_address(case.annex.sites[0].address))
    case = change_application(case, sites=(away,), address=away.address)
    case = change_directory(case, name=name, address=away.address)
    return change_certificate(change_annex(case, name=name, sites=(away,)), name=name, address=away.address)


@fault("BR-03", entity="company", unit="检测中心")
def unit_not_authorised(case: Case, rng: random.Random) -> Case:
    """A laboratory that is no legal person hands in no authorisation."""
    return replace(case, authorised=False)


# --- the form and the letter ------------------------------------------------------------------------------------------


@fault("FM-01")
def extension_of_nothing(case: Case, rng: random.Random) -> Case:
    """An extension is applied for, but no certificate is stated."""
    return change_application(case, application_type=rng.choice(("扩项", "复查", "标准变更")))


@fault("FM-01", holds_cma=True)
def unknown_certificate_stated(case: Case, rng: random.Random) -> Case:
    """The form states a certificate number that nobody issued."""
    assert case.application
    number = case.application.cma_number
    return change_application(case, cma_number=number[:-4] + f"{(int(number[-4:]) + 1777) % 9999 + 1:04d}")


@fault("FM-02")
def letter_of_another_body(case: Case, rng: random.Random) -> Case:
    """The letter of commitment is made in another body's name."""
    assert case.commitment
    return replace(case, commitment=replace(case.commitment, name=one_character_off(case.commitment.name, 2)))


@fault("FM-02")
def letter_dated_ahead(case: Case, rng: random.Random) -> Case:
    """The letter of commitment is dated after the day of judgement."""
    assert case.commitment
    return replace(
        case, commitment=replace(case.commitment, signed_on=case.as_of + dt.timedelta(days=rng.randint(5, 60)))
    )


@fault("FM-03")
def unknown_address_stated(case: Case, rng: random.Random) -> Case:
    """The form states an address that is neither the registered one nor a site's."""
    assert case.application
    return change_application(case, address=other_address(case.application.address))


@fault("FM-04", entity="branch")
def branch_ticks_independence(case: Case, rng: random.Random) -> Case:
    """A branch ticks 独立法人."""
    return change_application(case, claims_independence=True)


@fault("FM-04", entity="company")
def wrong_class_ticked(case: Case, rng: random.Random) -> Case:
    """A company ticks 事业法人."""
    return change_application(case, entity_class="事业法人")


@fault("FM-05", sites=1)
def several_sites_ticked(case: Case, rng: random.Random) -> Case:
    """多场所 is ticked though there is one site."""
    return change_application(case, ticked_features="多场所")


@fault("FM-05", generation="G3")
def other_facility_stated(case: Case, rng: random.Random) -> Case:
    """The form calls a site movable that the annex lists as fixed."""
    assert case.application
    first, *others = case.application.sites
    return change_application(case, sites=(replace(first, features="可移动设施"), *others))


@fault("FM-06", holds_cma=True)
def certificate_of_another_province(case: Case, rng: random.Random) -> Case:
    """The certificate held, on every paper and in the register, was issued in another province."""
    assert case.cma
    old = case.cma.number
    new = old[:2] + "19" + old[4:]
    held = tuple(replace(c, number=new) if c.number == old else c for c in case.world.cma)
    rows = tuple((new if number == old else number, row) for number, row in case.world.cma_rows)
    case = replace(change_world(case, cma=held, cma_rows=rows), cma=replace(case.cma, number=new))
    return change_application(case, cma_number=new)


def change_parent(case: Case, **changes: object) -> Case:
    """Changes the register's entry of the legal person that the form names."""
    assert case.application
    assert case.application.legal_entity
    code = case.application.legal_entity.code
    changed = tuple(replace(e, **changes) if e.code == code else e for e in case.world.enterprises)  # type: ignore[arg-type]
    return change_world(case, enterprises=changed)
