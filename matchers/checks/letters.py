"""Whether the letter of commitment is the applicant's own (FM-02)."""

import datetime as dt
from collections.abc import Iterator

from matchers.basis import COMMITMENT
from matchers.check import check
from matchers.names import Relation, compare_names, compare_persons, unit_relation
from matchers.sides import compared, match, mismatch, not_applicable, not_provided, shown, side_of, unreadable
from models.case import Case, Purpose
from models.field import Field
from models.finding import Bilingual, Outcome, Remark, Severity, Side
from models.papers import BusinessLicence, CommitmentLetter


@check(
    "FM-02",
    severity=Severity.MAJOR,
    basis=COMMITMENT.whole(),
    on=(Case,),
    purpose=Purpose.APPLICATION,
    advice=(
        "请核对承诺书由谁作出、何时签署，必要时重新签署。",
        "Find out who promises and since when; have it signed anew if need be.",
    ),
)
def letter_is_the_applicants(case: Case) -> Iterator[Remark]:
    """告知承诺书由申请机构作出，签署日期不晚于审查日。 The letter is the applicant's own and dated no later than the day of judgement.

    Handwriting and the text of the seal are not read: whose they are is for a person to see.
    """
    letters = case.all(CommitmentLetter)
    if not letters:
        yield not_applicable(
            "没有告知承诺书可供核对（由 CP-01 说明）。", "There is no letter to look at; CP-01 says so."
        )
    for letter in letters:
        yield _promising_body(letter, case)
        if letter.signatory is not None:
            yield from _promising_person(letter.signatory, case)
        if letter.signed_on is None:
            yield not_provided(
                "告知承诺书上没有读到签署日期。", "The letter bears no date.", Severity.MINOR, "签署日期"
            )
        elif letter.signed_on.value is None:
            yield unreadable(side_of("承诺书签署日期", letter.signed_on))
        else:
            yield _promised_on(letter.signed_on, case)


def _promising_body(letter: CommitmentLetter, case: Case) -> Remark:
    name, left = shown("承诺书机构名称", letter.name)
    fields = [("营业执照名称", licence.name) for licence in case.all(BusinessLicence)]
    if case.application is not None:
        fields.append(("申请书机构名称", case.application.name))
        if case.application.legal_entity is not None:
            fields.append(("所属法人单位名称", case.application.legal_entity.name))
    known = [(label, field, field.value) for label, field in fields if field.value]
    if not known:
        return not_provided(
            "没有可与承诺书比对的机构名称。", "There is no name to compare the letter with.", subject="机构名称"
        )
    found = [(compare_names(name, value), label, field, value) for label, field, value in known]
    comparison, label, field, value = max(
        found, key=lambda entry: (entry[0].outcome is not Outcome.MISMATCH, entry[0].score)
    )
    related = Relation.UNIT in (unit_relation(name, value), unit_relation(value, name))
    if comparison.outcome is Outcome.MISMATCH and related:
        zh = f"承诺书由“{name}”作出，是“{value}”的下属单位或其法人。"
        return Remark(
            Outcome.TOLERATED, Bilingual(zh, "A unit of the body or its legal person."), left, side_of(label, field)
        )
    return compared(
        Bilingual("承诺机构", "promising body"), comparison, left, side_of(label, field), subject="机构名称"
    )


def _promising_person(signatory: Field[str], case: Case) -> Iterator[Remark]:
    left = side_of("承诺书签署人", signatory)
    form = case.application
    fields = [licence.responsible_person for licence in case.all(BusinessLicence)]
    fields += [form.responsible_person] if form is not None else []
    fields += [form.legal_entity.responsible_person] if form is not None and form.legal_entity is not None else []
    known = [field for field in fields if field is not None and field.value is not None]
    if signatory.value is None or not known:
        return
    found = [(compare_persons(signatory.value, field.require()), field) for field in known]
    comparison, field = max(found, key=lambda pair: (pair[0].outcome is not Outcome.MISMATCH, pair[0].score))
    what = Bilingual("承诺书签署人与法定代表人（负责人）", "person who promises")
    yield compared(what, comparison, left, side_of("法定代表人（负责人）", field), subject="签署人")


def _promised_on(signed_on: Field[dt.date], case: Case) -> Remark:
    day, left = signed_on.require(), side_of("承诺书签署日期", signed_on)
    today = Side("审查日期", case.as_of.isoformat())
    if day > case.as_of:
        zh = f"承诺书签署日期{day}晚于审查日{case.as_of}。"
        return mismatch(zh, f"The letter is dated {day}, after {case.as_of}.", left, today, subject="签署日期")
    return match(f"承诺书签署于{day}，不晚于审查日。", f"The letter is dated {day}.", left, today, subject="签署日期")
