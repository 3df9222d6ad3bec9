"""The runner: missing papers, silent registries, unread fields, misreadings, failures, and several copies of a licence."""

import logging
from collections.abc import Iterator

import pytest

from matchers.basis import CMA_RULES
from matchers.check import CONFIDENCE_FLOOR, Check, check, every
from matchers.rules import Rules, load_rules
from matchers.sides import match, mismatch, side_of, value_of
from models.case import Case
from models.errors import Unread
from models.finding import Bilingual, Outcome, Remark, Severity, Side
from models.papers import ApplicationForm, BusinessLicence, CmaCertificate, CnasAnnex, CnasCertificate
from models.records import AccreditationRecord, EnterpriseRecord, RegistryKind
from tests.matchers.factory import (
    OTHER_CODE,
    answered,
    enterprise,
    field,
    form,
    licence,
    make_case,
    source,
    unavailable,
)


def checked(
    severity: Severity = Severity.BLOCKING, confidence: float = 1.0, outcome: Outcome = Outcome.MISMATCH
) -> Check:
    @check("XX-01", severity=severity, basis=CMA_RULES.article(9), on=(BusinessLicence,), advice=("核对。", "Check."))
    def everything_is_right(paper: BusinessLicence) -> Iterator[Remark]:
        """一切正确。 Everything is right."""
        sides = (Side("左", "1"), Side("右", "2", confidence=confidence))
        yield Remark(outcome, Bilingual("不同。", "Different."), *sides)

    return everything_is_right


def test_a_check_is_a_value() -> None:
    made = checked()
    assert (made.id, made.title, made.severity) == (
        "XX-01",
        Bilingual("一切正确", "Everything is right"),
        Severity.BLOCKING,
    )
    assert made.basis == (CMA_RULES.article(9),)
    assert made(make_case()) == made.run(make_case(), load_rules())


def test_a_title_needs_both_languages() -> None:
    with pytest.raises(ValueError, match="docstring"):

        @check("XX-02", severity=Severity.MINOR, basis=CMA_RULES.article(9), on=(Case,))
        def nothing(case: Case) -> Iterator[Remark]:
            """只有中文。"""
            yield match("", "")


@pytest.mark.parametrize(
    ("severity", "confidence", "lowered", "suspected"),
    [
        (Severity.BLOCKING, CONFIDENCE_FLOOR, Severity.BLOCKING, False),
        (Severity.BLOCKING, CONFIDENCE_FLOOR - 0.01, Severity.MAJOR, True),
        (Severity.MAJOR, 0.5, Severity.MINOR, True),
        (Severity.MINOR, 0.5, Severity.MINOR, True),
    ],
)
def test_a_doubtful_reading_lowers_a_mismatch(
    severity: Severity, confidence: float, lowered: Severity, suspected: bool
) -> None:
    (finding,) = checked(severity, confidence)(make_case())
    assert (finding.severity, finding.suspected_misreading) == (lowered, suspected)
    assert ("疑似识别错误" in finding.message.zh) is suspected
    assert finding.advice == Bilingual("核对。", "Check.")


def test_a_doubtful_reading_leaves_a_match_alone() -> None:
    (finding,) = checked(confidence=0.3, outcome=Outcome.MATCH)(make_case())
    assert (finding.severity, finding.suspected_misreading, finding.advice) == (Severity.BLOCKING, False, None)


def test_a_missing_paper_is_not_provided() -> None:
    (finding,) = checked()(make_case(without=[BusinessLicence]))
    assert (finding.outcome, finding.severity) == (Outcome.NOT_PROVIDED, Severity.MAJOR)
    assert "营业执照" in finding.message.zh


def test_a_missing_paper_among_many_is_not_provided() -> None:
    @check("XX-03", severity=Severity.MINOR, basis=CMA_RULES.article(9), on=(every(CmaCertificate), Rules))
    def something(papers: tuple[CmaCertificate, ...], rules: Rules) -> Iterator[Remark]:
        """有证书。 There is one."""
        yield match("", "")

    assert [(f.outcome, f.severity) for f in something(make_case())] == [(Outcome.NOT_PROVIDED, Severity.MINOR)]


@check("XX-04", severity=Severity.BLOCKING, basis=CMA_RULES.article(9), on=(BusinessLicence, EnterpriseRecord))
def name_is_registered(paper: BusinessLicence, record: EnterpriseRecord) -> Iterator[Remark]:
    """名称已登记。 The name is registered."""
    yield match("先说一句。", "First.")
    if value_of("名称", paper.name) != record.name:
        yield mismatch("不同。", "Different.", side_of("名称", paper.name))


def test_a_silent_registry_is_said() -> None:
    (finding,) = name_is_registered(make_case(**unavailable("enterprises")))
    assert (finding.outcome, finding.severity) == (Outcome.SOURCE_UNAVAILABLE, Severity.MAJOR)
    assert "没有快照" in finding.message.zh


def test_a_needed_registry_that_is_silent_is_said() -> None:
    @check("XX-05", severity=Severity.MINOR, basis=CMA_RULES.article(9), on=(Case,), needs=(RegistryKind.ITEMS,))
    def items_are_there(case: Case) -> Iterator[Remark]:
        """有清单。 There is a list."""
        yield match("", "")

    assert [f.outcome for f in items_are_there(make_case())] == [Outcome.MATCH]
    assert [f.outcome for f in items_are_there(make_case(**unavailable("items")))] == [Outcome.SOURCE_UNAVAILABLE]


def test_an_entity_that_is_not_registered_is_left_to_others() -> None:
    case = make_case(enterprises=answered("enterprises", enterprise(unified_social_credit_code=OTHER_CODE)))
    (finding,) = name_is_registered(case)
    assert finding.outcome is Outcome.NOT_APPLICABLE


def test_an_unread_field_is_unreadable_and_what_was_said_stands() -> None:
    first, second = name_is_registered(make_case(licence(name=field(None, 0.2, "海南■■"))))
    assert first.outcome is Outcome.MATCH
    assert (second.outcome, second.severity) == (Outcome.UNREADABLE, Severity.MAJOR)
    assert second.left is not None
    assert second.left.text == "海南■■"
    assert second.left.evidence


def test_unread_without_its_field_is_unreadable_too() -> None:
    @check("XX-06", severity=Severity.MAJOR, basis=CMA_RULES.article(9), on=(ApplicationForm, every(CnasAnnex)))
    def nothing_is_read(*papers: object) -> Iterator[Remark]:
        """能读出。 It is read."""
        raise Unread("某栏")
        yield

    (finding,) = nothing_is_read(make_case())
    assert finding.outcome is Outcome.UNREADABLE
    assert "某栏" in finding.message.zh


def test_a_failure_is_an_error_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    @check("XX-07", severity=Severity.BLOCKING, basis=(CMA_RULES.article(9),), on=(Case,))
    def it_fails(case: Case) -> Iterator[Remark]:
        """不出错。 It does not fail."""
        yield match("先说一句。", "First.")
        raise ZeroDivisionError

    with caplog.at_level(logging.ERROR):
        first, second = it_fails(make_case())
    assert (first.outcome, second.outcome, second.severity) == (Outcome.MATCH, Outcome.ERROR, Severity.MAJOR)
    assert "XX-07" in caplog.text


def test_every_copy_of_the_licence_is_judged() -> None:
    copies = (
        licence(copy=field("正本")),
        licence(copy=field("副本"), name=field("海南别家检测有限公司")),
        licence(source=source("e-licence.png")),
    )
    findings = name_is_registered(make_case(*copies))
    assert [(f.outcome, f.subject) for f in findings] == [
        (Outcome.MATCH, "营业执照（正本）"),
        (Outcome.MATCH, "营业执照（副本）"),
        (Outcome.MISMATCH, "营业执照（副本）"),
        (Outcome.MATCH, "营业执照（e-licence.png）"),
    ]
    assert len({f.fingerprint for f in findings}) == 4


def test_a_record_without_its_paper_is_the_chief_ones() -> None:
    @check("XX-08", severity=Severity.MINOR, basis=CMA_RULES.article(9), on=(EnterpriseRecord,))
    def there_is_a_record(record: EnterpriseRecord) -> Iterator[Remark]:
        """有登记。 There is a record."""
        yield match(record.name, record.name)

    assert [f.outcome for f in there_is_a_record(make_case())] == [Outcome.MATCH]
    assert [f.outcome for f in there_is_a_record(make_case(without=[BusinessLicence]))] == [Outcome.NOT_APPLICABLE]


def test_an_accreditation_without_any_number_is_left_to_others() -> None:
    @check("XX-09", severity=Severity.MINOR, basis=CMA_RULES.article(9), on=(AccreditationRecord,))
    def there_is_an_entry(record: AccreditationRecord) -> Iterator[Remark]:
        """有名录记录。 There is an entry."""
        yield match(record.name, record.name)

    assert [f.outcome for f in there_is_an_entry(make_case())] == [Outcome.MATCH]
    case = make_case(form(cnas_number=None), without=[CnasCertificate, CnasAnnex])
    assert [f.outcome for f in there_is_an_entry(case)] == [Outcome.NOT_APPLICABLE]
