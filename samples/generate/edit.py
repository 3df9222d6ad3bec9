"""Small changes to one part of a case, from which faults and near misses are made."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from samples.generate.facts import Capability, Case, CreditEntry, Enterprise

LOOK_ALIKE = {
    "琼": "京",
    "澄": "橙",
    "衡": "横",
    "谱": "普",
    "测": "侧",
    "安": "案",
    "屿": "与",
    "海": "梅",
    "南": "楠",
    "正": "政",
}
"""Characters of 字号 and one that is easily taken for each."""


def one_character_off(name: str, place: int | None = None) -> str:
    """The name with one character of its 字号 replaced by another; `place` counts from the end of the region's name."""
    start = next((name.index(region) + len(region) for region in REGIONS if name.startswith(region)), 0)
    at = start if place is None else min(start + place - 1, len(name) - 5)
    character = name[at]
    return name[:at] + LOOK_ALIKE.get(character, "恒" if character != "恒" else "盛") + name[at + 1 :]


REGIONS = ("海南省", "陵水黎族自治县", "海口市", "三亚市", "儋州市", "文昌市", "琼海市", "澄迈县", "东方市",
           "海南", "海口", "三亚", "儋州", "文昌", "琼海", "澄迈", "陵水", "东方")  # fmt: skip


def other_address(address: str) -> str:
    """The same city with another road and number."""
    ends = [address.index(mark) + 1 for mark in ("区", "镇", "县", "市") if mark in address]
    return address[: min(end for end in ends if end > 3)] + "和平大道157号启明楼7层"


def own_enterprise(case: Case) -> Enterprise:
    """The applicant's own record in the registry."""
    code = case.application.code if case.application else case.licence.code
    return next(e for e in case.world.enterprises if e.code == code)


def change_enterprise(case: Case, **changes: Any) -> Case:
    own = own_enterprise(case)
    return change_world(
        case, enterprises=tuple(replace(e, **changes) if e is own else e for e in case.world.enterprises)
    )


def change_directory(case: Case, **changes: Any) -> Case:
    """Changes the applicant's own line in the CNAS directory."""
    number = case.annex.registration_number
    lines = (replace(line, **changes) if line.registration_number == number else line for line in case.world.cnas)
    return change_world(case, cnas=tuple(lines))


def change_world(case: Case, **changes: Any) -> Case:
    return replace(case, world=replace(case.world, **changes))


def change_licence(case: Case, **changes: Any) -> Case:
    return replace(case, licence=replace(case.licence, **changes))


def change_certificate(case: Case, **changes: Any) -> Case:
    return replace(case, certificate=case.certificate and replace(case.certificate, **changes))


def change_annex(case: Case, **changes: Any) -> Case:
    return replace(case, annex=replace(case.annex, **changes))


def change_application(case: Case, **changes: Any) -> Case:
    return replace(case, application=case.application and replace(case.application, **changes))


def shift_dates(case: Case, effective: dt.date, expires: dt.date) -> Case:
    """Moves the accreditation in time, on every paper and in the directory."""
    dates = {"effective_on": effective, "expires_on": expires}
    issued = min(effective, case.as_of - dt.timedelta(days=5))
    index = tuple(replace(line, updated_on=issued) for line in case.annex.index)
    case = change_directory(case, updated_on=issued, **dates)
    return change_certificate(change_annex(case, issued_on=issued, index=index, **dates), **dates)


def claimed_row(case: Case, fits: Callable[[Capability], bool], rng: random.Random) -> Capability:
    """A row of the application that fits; StopIteration would mean that the plan of the fault is wrong."""
    assert case.application
    return rng.choice([row for row in case.application.rows if fits(row)])


def replace_row(case: Case, old: Capability, new: Capability, *, accredited: bool = True) -> Case:
    """Replaces a row in the application and, where `accredited`, in the annex and the directory."""

    def swap(rows: tuple[Capability, ...]) -> tuple[Capability, ...]:
        return tuple(new if row == old else row for row in rows)

    assert case.application
    case = change_application(case, rows=swap(case.application.rows))
    if accredited:
        case = change_world(change_annex(case, rows=swap(case.annex.rows)), cnas_rows=swap(case.world.cnas_rows))
    return case


def replace_rows(case: Case, change: Callable[[tuple[Capability, ...]], tuple[Capability, ...]]) -> Case:
    """The rows changed in the annex, in the directory and in the application alike."""
    assert case.application
    case = change_application(case, rows=change(case.application.rows))
    return change_world(change_annex(case, rows=change(case.annex.rows)), cnas_rows=change(case.world.cnas_rows))


def recode(case: Case, code: str) -> Case:
    """Gives the applicant another credit code, on every paper and in every register."""
    old, world = case.licence.code, case.world
    case = change_enterprise(case, code=code)
    credit = tuple(replace(entry, code=code) if entry.code == old else entry for entry in world.credit)
    cma = tuple(replace(held, code=code) if held.code == old else held for held in world.cma)
    return change_application(change_licence(change_world(case, credit=credit, cma=cma), code=code), code=code)


def listed(case: Case, category: str, reason: str, rng: random.Random, removed: bool = False) -> Case:
    """Puts the applicant on a list of the credit platform."""
    day = case.as_of - dt.timedelta(days=rng.randint(90, 500))
    entry = CreditEntry(
        case.licence.code, case.licence.name, category, reason, "海南省市场监督管理局", f"琼市监〔{day.year}〕{rng.randint(3, 90)}号", day,
        day + dt.timedelta(days=60) if removed else None,
    )  # fmt: skip
    return change_world(case, credit=(*case.world.credit, entry))
