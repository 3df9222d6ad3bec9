"""VA-01 to VA-05 and VA-07, on the days that matter."""

import datetime as dt

import pytest

from matchers.checks.validity import is_suspended
from models.finding import Outcome, Severity
from models.papers import AnnexSection, ApplicationForm, BusinessLicence, CnasAnnex, CnasCertificate, Section
from models.records import AccreditationStatus, EntityStatus
from tests.matchers.factory import (
    AS_OF,
    EXPIRES,
    ROWS,
    accreditation,
    annex,
    answered,
    certificate,
    enterprise,
    field,
    form,
    licence,
    make_case,
    run,
    said,
    source,
    unavailable,
)

X, T, NA, NP = Outcome.MISMATCH, Outcome.TOLERATED, Outcome.NOT_APPLICABLE, Outcome.NOT_PROVIDED
UNREAD, SILENT = Outcome.UNREADABLE, Outcome.SOURCE_UNAVAILABLE
B, M, N = Severity.BLOCKING, Severity.MAJOR, Severity.MINOR


def directory(**more: object) -> dict[str, object]:
    return {"cnas": answered("cnas", accreditation(**more))}


@pytest.mark.parametrize(
    ("left", "expected"),
    [(-1, [(X, B)]), (0, [(X, M)]), (29, [(X, M)]), (30, [(X, N)]), (89, [(X, N)]), (90, []), (1000, [])],
)
def test_va_01(left: int, expected: list[tuple[Outcome, Severity]]) -> None:
    case = make_case(certificate(expires_on=field(AS_OF + dt.timedelta(days=left))))
    assert said("VA-01", case) == expected


def test_va_01_without() -> None:
    assert said("VA-01", make_case(certificate(expires_on=field(None)))) == [(UNREAD, M)]
    assert said("VA-01", make_case(without=[CnasCertificate])) == [(NP, M)]


@pytest.mark.parametrize(("day", "expected"), [(AS_OF, []), (AS_OF + dt.timedelta(days=1), [(X, B)])])
def test_va_02(day: dt.date, expected: list[tuple[Outcome, Severity]]) -> None:
    assert said("VA-02", make_case(certificate(effective_on=field(day)))) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (AccreditationStatus.VALID, []),
        (AccreditationStatus.SUSPENDED, [(X, B)]),
        (AccreditationStatus.WITHDRAWN, [(X, B)]),
        (AccreditationStatus.CANCELLED, [(X, B)]),
        (AccreditationStatus.EXPIRED, [(X, B)]),
        (AccreditationStatus.PARTLY_SUSPENDED, [(X, M)]),
        (AccreditationStatus.UNKNOWN, [(UNREAD, M)]),
    ],
)
def test_va_03(status: AccreditationStatus, expected: list[tuple[Outcome, Severity]]) -> None:
    assert said("VA-03", make_case(**directory(status=status, status_text=""))) == expected


def test_va_03_suspended_rows() -> None:
    (finding,) = run(
        "VA-03", make_case(**directory(status=AccreditationStatus.PARTLY_SUSPENDED, suspended_items="铅；GB/T 1-2020"))
    )
    assert finding.rows == ()
    by_name = make_case(**directory(status=AccreditationStatus.PARTLY_SUSPENDED, suspended_items="铅、镉"))
    (finding,) = run("VA-03", by_name)
    assert (finding.rows, finding.severity) == ((2,), B)
    assert is_suspended(ROWS[0], "暂停 GB 5009.3-2016 水分")
    assert not is_suspended(ROWS[1], "暂停 GB 5009.3-2016 灰分")
    assert not is_suspended(ROWS[1], "")


def test_va_03_without() -> None:
    assert said("VA-03", make_case(cnas=answered("cnas"))) == [(X, B)]
    assert said("VA-03", make_case(**unavailable("cnas"))) == [(SILENT, M)]
    assert said("VA-03", make_case(without=[CnasCertificate, CnasAnnex, ApplicationForm])) == [(NP, M)]
    assert said("VA-03", make_case(form(cnas_number=None), without=[CnasCertificate, CnasAnnex])) == [(NP, M)]
    assert said("VA-03", make_case(without=[CnasCertificate, CnasAnnex])) == []
    unread = make_case(certificate(registration_number=field(None)), without=[CnasAnnex, ApplicationForm])
    assert said("VA-03", unread) == [(UNREAD, M)]


def test_va_04() -> None:
    day = EXPIRES + dt.timedelta(days=1)
    assert said("VA-04", make_case(annex(expires_on=field(day)))) == [(X, M)]
    assert said("VA-04", make_case(**directory(expires_on=day))) == [(X, M)]
    assert said("VA-04", make_case(annex(), annex(expires_on=field(day), source=source("annex2.pdf")))) == [(X, M)]
    english = certificate(language="en", expires_on=field(day), source=source("en.pdf"))
    assert said("VA-04", make_case(english, certificate())) == [(X, M)]
    assert said("VA-04", make_case(annex(expires_on=field(None)))) == [(UNREAD, M)]
    assert said("VA-04", make_case(**unavailable("cnas"))) == [(SILENT, M)]
    assert said("VA-04", make_case(annex(expires_on=None), **directory(expires_on=None))) == [(NA, M)]
    assert said("VA-04", make_case(**directory(expires_on=None))) == []


def test_va_04_says_with_whom_the_directory_agrees() -> None:
    day = EXPIRES + dt.timedelta(days=1)
    (old,) = [f for f in run("VA-04", make_case(annex(expires_on=field(day)))) if f.outcome is X]
    assert "与认可证书相同" in old.message.zh
    assert old.advice is not None
    assert "附件" in old.advice.zh
    doctored = make_case(annex(expires_on=field(day)), **directory(expires_on=day))
    papers, listed = [f for f in run("VA-04", doctored) if f.outcome is X]
    assert "与附件相同" in papers.message.zh
    assert {f.advice.zh if f.advice else "" for f in (papers, listed)} == {listed.advice and listed.advice.zh}
    assert "证书原件" in (listed.advice.zh if listed.advice else "")
    other = directory(expires_on=day + dt.timedelta(days=9))
    assert "与两者均不同" in run("VA-04", make_case(annex(expires_on=field(day)), **other))[0].message.zh


def test_va_05() -> None:
    newer = directory(updated_on=dt.date(2025, 6, 11))
    assert said("VA-05", make_case(**newer)) == [(X, M)]
    assert said("VA-05", make_case()) == []
    later = AnnexSection("检测能力", Section.TESTING, "zh", "A", dt.date(2025, 6, 11), (3,))
    assert said("VA-05", make_case(annex(sections=(later,)), **newer)) == []
    assert said("VA-05", make_case(annex(issued_on=None), **newer)) == [(NA, M)]
    assert said("VA-05", make_case(annex(issued_on=field(None)), **newer)) == [(UNREAD, M)]
    assert said("VA-05", make_case(**directory(updated_on=None))) == [(NA, M)]
    assert said("VA-05", make_case(cnas=answered("cnas"))) == [(NA, M)]
    assert said("VA-05", make_case(without=[CnasAnnex])) == [(NP, M)]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (EntityStatus.ACTIVE, []),
        (EntityStatus.WARN, [(X, M)]),
        (EntityStatus.DEAD, [(X, B)]),
        (EntityStatus.MOVED, [(X, B)]),
        (EntityStatus.UNKNOWN, [(UNREAD, M)]),
    ],
)
def test_va_07(status: EntityStatus, expected: list[tuple[Outcome, Severity]]) -> None:
    case = make_case(enterprises=answered("enterprises", enterprise(status=status, status_text="")))
    assert said("VA-07", case) == expected


def test_va_07_without() -> None:
    assert said("VA-07", make_case(**unavailable("enterprises"))) == [(SILENT, M)]
    assert said("VA-07", make_case(without=[BusinessLicence])) == [(NP, M)]
    assert said("VA-07", make_case(licence(unified_social_credit_code=field(None)))) == [(UNREAD, M)]


def test_va_05_without_a_number() -> None:
    unread = field(None)
    case = make_case(certificate(registration_number=unread), annex(registration_number=unread), form(cnas_number=None))
    assert said("VA-05", case) == [(UNREAD, M)]
