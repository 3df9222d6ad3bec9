"""Near misses beside `faults_identity`: variations in who applies and with what papers that a reviewer tolerates."""

import datetime as dt
import random
from dataclasses import replace

from samples.generate.calendar import chinese_date
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
    recode,
    replace_rows,
)
from samples.generate.facts import Capability, Case
from samples.generate.faults import change_library
from samples.generate.faults_identity import CHINA, change_parent, handle, moment
from samples.generate.handling import Handling
from samples.generate.near_misses import near_miss
from samples.generate.paste import Paste


@near_miss("ID-07", entity="partnership")
def partnership(case: Case, rng: random.Random) -> Case:
    """A partnership is no legal person, but an organisation that may apply."""
    return case


@near_miss("ID-08", entity="company")
def capital_in_another_unit(case: Case, rng: random.Random) -> Case:
    """The register keeps the capital in 万元 and prints it as if it were yuan."""
    assert case.licence.capital
    return change_enterprise(case, capital=case.licence.capital / 10000)


@near_miss("ID-08", entity="company", form="electronic")
def bureau_renamed(case: Case, rng: random.Random) -> Case:
    """The licence names the bureau of before the reform of 2018."""
    authority = "海口市市场监督管理局"
    case = change_licence(case, authority="海口市工商行政管理局")
    return change_enterprise(case, authority=authority)


@near_miss("ID-09", entity="company")
def code_of_another_county(case: Case, rng: random.Random) -> Case:
    """The code was given in another county of Hainan, before the entity moved."""
    return recode(case, credit_code(rng, "91", "469007" if "东方" not in case.licence.address else "460200"))


@near_miss("AD-04", sites=2)
def sites_with_a_word(case: Case, rng: random.Random) -> Case:
    """The form's list says 场所A and 场所B where its rows say A and B."""
    assert case.application
    return change_application(
        case, sites=tuple(replace(site, code=f"场所{site.code}") for site in case.application.sites)
    )


@near_miss("VA-06")
def reissued_within_the_cycle(case: Case, rng: random.Random) -> Case:
    """The certificate was issued anew within its cycle and keeps the expiry date."""
    later = case.annex.effective_on + dt.timedelta(days=rng.randint(30, 100))
    return change_certificate(change_annex(case, effective_on=later), effective_on=later)


@near_miss("VA-08", entity="institution")
def term_ends_today(case: Case, rng: random.Random) -> Case:
    """The term ends on the very day of judgement."""
    assert case.licence.term
    start = case.licence.term[0]
    assert start
    text = f"自{chinese_date(start)}至{chinese_date(case.as_of)}"
    case = change_licence(case, term=(start, case.as_of), term_text=text)
    return change_enterprise(case, term=(start, case.as_of))


@near_miss("VA-09")
def criteria_in_half_width(case: Case, rng: random.Random) -> Case:
    """The criteria are printed with a colon of half width."""
    return change_certificate(case, standard="ISO/IEC 17025:2017")


@near_miss("CP-04", "CC-05", groups=("food_metal",), generation="G3")
def directory_divides_rows(case: Case, rng: random.Random) -> Case:
    """A cell of the annex holds two standards; the directory gives each a row of its own."""
    plain = [row for row in case.annex.rows if len(row.citations) == 1 and not row.limitation]
    row, other = next((a, b) for a in plain for b in plain if a.keys() != b.keys())
    both = replace(row, citations=(*row.citations, *other.citations))
    case = replace_rows(case, lambda rows: tuple(both if line == row else line for line in rows))
    parts = tuple(replace(both, citations=(citation,)) for citation in both.citations)
    rows = (part for line in case.world.cnas_rows for part in (parts if line == both else (line,)))
    return change_world(case, cnas_rows=tuple(rows))


@near_miss("CP-05")
def number_used_twice(case: Case, rng: random.Random) -> Case:
    """The last row of an object bears the number of the row before it."""
    rows = [row for row in case.annex.rows if row.section == "testing"]
    before, last = next(
        (a, b)
        for a, b, after in zip(rows, rows[1:], [*rows[2:], None], strict=False)
        if (a.site, a.object_number) == (b.site, b.object_number)
        and a.parameter_number != b.parameter_number
        and (after is None or (after.site, after.object_number) != (b.site, b.object_number))
    )

    def renumbered(row: Capability) -> Capability:
        return replace(row, parameter_number=before.parameter_number) if row == last else row

    return replace_rows(case, lambda rows: tuple(renumbered(row) for row in rows))


@near_miss("BS-02", entity="company")
def regulated_field_in_scope(case: Case, rng: random.Random) -> Case:
    """The regulated field that is applied for is named in the scope of business."""
    standard = claimed_row(case, lambda row: row.section == "testing", rng).citations[0].standard
    scope = case.licence.scope.replace("检验检测服务", "检验检测服务；机动车检验检测服务", 1)
    case = change_enterprise(change_licence(case, scope=scope), scope=scope)
    return change_library(case, standard.code, lambda line: replace(line, domain="机动车排放、安全技术检验"))


# --- the files themselves ---------------------------------------------------------------------------------------------


@near_miss("TP-01", "TP-02", "TP-08")
def printed_and_stamped_the_same_day(case: Case, rng: random.Random) -> Case:
    """The annex was printed to PDF, and saved again two hours later by a program that merges files."""
    made = moment(case.annex.issued_on + dt.timedelta(days=5))
    later = made + dt.timedelta(hours=2)
    return handle(case, Handling("annex", producer="pdftk 3.3.3 merge", created=made, modified=later))


@near_miss("TP-02", "TP-08")
def clock_never_set(case: Case, rng: random.Random) -> Case:
    """The scanner's clock was never set: its files claim to be of 1970."""
    made = dt.datetime(1970, 1, 1, tzinfo=CHINA)
    return handle(case, Handling("annex", created=made, modified=moment(case.annex.issued_on)))


@near_miss("TP-03", "TP-07", generation="G3", objects=4, parameters=14)
def pages_cut_a_little(case: Case, rng: random.Random) -> Case:
    """One page is two points wider than the others: the printer cut it so."""
    return handle(case, Handling("annex", resized_page=2, wider=2.0))


@near_miss("TP-06", "TP-10")
def signed_digitally(case: Case, rng: random.Random) -> Case:
    """The annex bears a digital signature that holds; signing appended it to the file."""
    return handle(case, Handling("annex", signed="CNAS"))


@near_miss("TP-09", entity="company", form="landscape")
def code_in_small_letters(case: Case, rng: random.Random) -> Case:
    """The QR code on the licence holds the credit code in small letters."""
    return change_licence(case, coded=case.licence.code.lower())


@near_miss("CC-04", generation="G3")
def picture_too_poor_to_tell(case: Case, rng: random.Random) -> Case:
    """The date of expiry lies under a worn copy of itself, which recognition can hardly read."""
    assert case.certificate
    printed = case.certificate.expires_on.isoformat()
    return handle(case, Handling("certificate", pasted=Paste(printed, printed, blur=1.7)))


@near_miss("CC-04", entity="company", form="landscape")
def name_in_another_hand(case: Case, rng: random.Random) -> Case:
    """The name on the licence was pasted over with the same name in another type."""
    return handle(case, Handling("licence", pasted=Paste(case.licence.name, case.licence.name)))


@near_miss("CP-06")
def letter_a_little_tilted(case: Case, rng: random.Random) -> Case:
    """The letter of commitment was put on the scanner by hand."""
    return handle(case, Handling("commitment", tilted=1.2))


# --- branches, the form and the letter --------------------------------------------------------------------------------


@near_miss("BR-01", entity="branch")
def legal_person_in_other_words(case: Case, rng: random.Random) -> Case:
    """The register calls the company 开业, as older ones do."""
    return change_parent(case, status="开业")


@near_miss("BR-02", "ID-04", "ID-05", entity="branch", sites=1)
def parent_accredited_at_the_branch(case: Case, rng: random.Random) -> Case:
    """The certificate names the company, but at the branch's own place."""
    assert case.application
    assert case.application.legal_entity
    name = case.application.legal_entity.name
    case = change_directory(case, name=name)
    return change_certificate(change_annex(case, name=name), name=name)


@near_miss("BR-03", "FM-04", entity="company", unit="检测中心")
def authorised_unit(case: Case, rng: random.Random) -> Case:
    """A laboratory that is no legal person hands in the authorisation by its company."""
    return case


@near_miss("FM-01", holds_cma=True)
def renewal_of_a_held_certificate(case: Case, rng: random.Random) -> Case:
    """A renewal (复查) of the certificate held is applied for."""
    return change_application(case, application_type="复查")


@near_miss("FM-02")
def letter_of_today(case: Case, rng: random.Random) -> Case:
    """The letter of commitment is dated on the day of judgement."""
    assert case.commitment
    return replace(case, commitment=replace(case.commitment, signed_on=case.as_of))


@near_miss("FM-03")
def form_address_without_building(case: Case, rng: random.Random) -> Case:
    """The form prints its address with full-width figures."""
    assert case.application
    address = case.application.address.translate({ord("0") + n: ord("０") + n for n in range(10)})
    return change_application(case, address=address)


@near_miss("FM-04", entity="company")
def other_class_ticked(case: Case, rng: random.Random) -> Case:
    """A company ticks 其他 as its class."""
    return change_application(case, entity_class="其他")


@near_miss("FM-05", generation="G3")
def facility_in_other_words(case: Case, rng: random.Random) -> Case:
    """The form says 固定设施 where the annex says 固定, or the other way round."""
    assert case.application
    other = {"固定": "固定设施", "固定设施": "固定"}
    sites = tuple(replace(site, features=other[site.features]) for site in case.application.sites)
    return change_application(case, sites=sites)


@near_miss("FM-06", "FM-01", holds_cma=True)
def number_letter_spaced(case: Case, rng: random.Random) -> Case:
    """The certificate number is printed with blanks between its digits."""
    assert case.application
    return change_application(case, cma_number=" ".join(case.application.cma_number))
