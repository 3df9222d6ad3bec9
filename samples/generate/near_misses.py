"""Variations that a reviewer tolerates: each names the checks that must stay quiet although something looks different."""

import datetime as dt
import random
import re
from dataclasses import replace

from samples.generate.calendar import years_after
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
    replace_row,
    shift_dates,
)
from samples.generate.facts import Case, IssuedCma, MethodStyle
from samples.generate.faults import Change, Fault

NEAR_MISSES: dict[str, Fault] = {}
"""Every near miss by name; `checks` are those that must not fire."""


def near_miss(*quiet: str, **plan: object) -> "Declare":
    """Makes a near miss of a function; the first line of its docstring is its title."""
    return Declare(quiet, plan)


class Declare:
    """Enters a change under its function's name."""

    def __init__(self, quiet: tuple[str, ...], plan: dict[str, object]) -> None:
        self.quiet, self.plan = quiet, plan

    def __call__(self, change: Change) -> Fault:
        made = Fault(change.__name__, self.quiet, (), self.plan, change, (change.__doc__ or "").partition("\n")[0])
        NEAR_MISSES[made.name] = made
        return made


@near_miss("ID-03", "ID-04", "ID-05", entity="partnership")
def full_width_brackets(case: Case, rng: random.Random) -> Case:
    """The registry writes the brackets of the name in full width."""
    return change_enterprise(case, name=case.licence.name.replace("(", "（").replace(")", "）"))


@near_miss("ID-03", entity="company")
def renamed_after_the_licence(case: Case, rng: random.Random) -> Case:
    """The name was changed after the licence was issued, and the registry records the change."""
    new = one_character_off(case.licence.name, 2)
    changed = case.licence.issued_on + dt.timedelta(days=rng.randint(20, 200))
    return change_enterprise(case, name=new, changes=(("名称变更", case.licence.name, new, changed),))


@near_miss("AD-01")
def province_dropped(case: Case, rng: random.Random) -> Case:
    """One of licence and registry leaves out the province."""
    address = case.licence.address
    return change_enterprise(
        case, address=address.removeprefix("海南省") if address.startswith("海南省") else "海南省" + address
    )


@near_miss("AD-01")
def building_words(case: Case, rng: random.Random) -> Case:
    """栋 and 幢, 层 and 楼, 房 and 室 stand for each other, and figures are of full width."""
    address = case.licence.address.replace("栋", "幢")
    address = re.sub(r"(?<=\d)层", "楼", re.sub(r"(?<=\d)房", "室", address))
    return change_enterprise(case, address=address.translate({ord("0") + n: ord("０") + n for n in range(10)}))


@near_miss("AD-03")
def city_without_province(case: Case, rng: random.Random) -> Case:
    """A place of work is written without 海南省."""
    sites = tuple(replace(site, address=site.address.removeprefix("海南省")) for site in case.annex.sites)
    case = change_application(change_annex(case, sites=sites), sites=sites, address=sites[0].address)
    return change_directory(change_certificate(case, address=sites[0].address), address=sites[0].address)


@near_miss("ID-04", "ID-05", entity="company", unit="检测中心")
def unit_of_the_legal_entity(case: Case, rng: random.Random) -> Case:
    """The accredited body is a unit of the licensed company, and the certificate says so."""
    return case


@near_miss("ID-06")
def dots_in_a_name(case: Case, rng: random.Random) -> Case:
    """The dot inside a minority name is printed in two ways."""
    case = change_application(change_licence(case, person="古丽娜·买买提"), person="古丽娜·买买提")
    case = replace(case, commitment=case.commitment and replace(case.commitment, person="古丽娜·买买提"))
    return change_enterprise(case, person="古丽娜•买买提")


@near_miss("VA-01")
def expires_in_four_months(case: Case, rng: random.Random) -> Case:
    """The accreditation still runs for more than ninety days."""
    expires = case.as_of + dt.timedelta(days=rng.randint(100, 130))
    start = expires + dt.timedelta(days=1)
    return shift_dates(case, start.replace(year=start.year - 6, day=min(start.day, 28)), expires)


@near_miss("VA-05")
def annex_newer_than_directory(case: Case, rng: random.Random) -> Case:
    """The annex was printed from the system after the date that the directory shows."""
    return change_directory(case, updated_on=case.annex.issued_on - dt.timedelta(days=10))


@near_miss("CC-01")
def number_without_zero(case: Case, rng: random.Random) -> Case:
    """The annex prints L856 where the certificate has L0856."""
    case = change_directory(case, registration_number="CNAS L0856")
    case = change_application(change_certificate(case, registration_number="CNAS L0856"), cnas_number="CNAS L0856")
    return change_annex(case, registration_number="CNAS L856")


@near_miss("CC-02", "ID-04", entity="partnership")
def brackets_on_the_annex(case: Case, rng: random.Random) -> Case:
    """The annex prints the name with full-width brackets."""
    return change_annex(case, name=case.annex.name.replace("(", "（").replace(")", "）"))


@near_miss("SC-02", "SC-04", generation="G3")
def codes_without_blanks(case: Case, rng: random.Random) -> Case:
    """The application prints GB5009.3-2016 where the annex has GB 5009.3-2016."""
    return change_application(case, style=MethodStyle(tight=True))


@near_miss("SC-02", "SC-03")
def narrower_limit(case: Case, rng: random.Random) -> Case:
    """The application limits a row that the annex leaves without limits."""
    row = claimed_row(case, lambda row: not row.limitation and len(row.citations) == 1, rng)
    return replace_row(case, row, replace(row, limitation="仅限委托检验"), accredited=False)


@near_miss("SC-04", "SC-05")
def withdrawn_edition_beside(case: Case, rng: random.Random) -> Case:
    """The library also lists an older, withdrawn year of a standard whose current year it has."""
    standard = claimed_row(case, lambda row: row.citations[0].standard.code[-5] == "-", rng).citations[0].standard
    line = next(line for line in case.world.library if line.code == standard.code)
    older = replace(line, code=standard.code[:-4] + str(int(standard.code[-4:]) - 9), remark="废止")
    return change_world(case, library=(*case.world.library, older))


@near_miss("CR-01")
def breach_removed(case: Case, rng: random.Random) -> Case:
    """The applicant was on the list of serious breaches and has been removed."""
    return listed(case, "严重失信主体名单", "未按规定整改", rng, removed=True)


@near_miss("CR-06")
def left_the_abnormal_list(case: Case, rng: random.Random) -> Case:
    """The applicant was on the list of abnormal operations and has been moved out."""
    return listed(case, "经营异常名录", "未按规定公示年度报告", rng, removed=True)


@near_miss("DU-01", holds_cma=True)
def extension_of_a_held_certificate(case: Case, rng: random.Random) -> Case:
    """The applicant holds a valid certificate and asks for an extension."""
    return case


@near_miss("DU-01")
def expired_certificate_held(case: Case, rng: random.Random) -> Case:
    """The certificate that the applicant once held has run out."""
    issued = case.as_of - dt.timedelta(days=7 * 365)
    held = IssuedCma(
        "192120340099",
        case.licence.name,
        case.licence.code,
        case.annex.sites[0].address,
        issued,
        years_after(issued, 6),
        "过期",
    )
    return change_world(case, cma=(*case.world.cma, held))


from samples.generate import near_misses_identity, near_misses_papers, near_misses_scope  # noqa: E402, F401 - enter theirs; they need what stands above
