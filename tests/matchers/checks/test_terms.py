"""VA-06, VA-08, VA-09: the cycle, the licence's term, the edition of the criteria."""

import datetime as dt

import pytest

from models.dates import FOREVER, Period
from models.finding import Outcome, Severity
from models.papers import CnasCertificate
from tests.matchers.factory import (
    AS_OF,
    accreditation,
    answered,
    certificate,
    enterprise,
    field,
    licence,
    make_case,
    said,
    unavailable,
)

MISMATCH, TOLERATED, UNREAD, NONE = Outcome.MISMATCH, Outcome.TOLERATED, Outcome.UNREADABLE, Outcome.NOT_APPLICABLE
MAJOR, MINOR, BLOCKING = Severity.MAJOR, Severity.MINOR, Severity.BLOCKING
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (dt.date(2024, 3, 15), dt.date(2030, 3, 14), []),
        (dt.date(2024, 3, 15), dt.date(2030, 3, 15), []),
        (dt.date(2024, 2, 29), dt.date(2030, 2, 28), []),
        (dt.date(2009, 2, 10), dt.date(2012, 2, 9), []),
        (dt.date(2024, 3, 15), dt.date(2027, 3, 14), [(MISMATCH, MINOR)]),
        (dt.date(2024, 3, 15), dt.date(2030, 3, 20), [(MISMATCH, MINOR)]),
        (dt.date(2024, 3, 15), dt.date(2024, 3, 15), [(MISMATCH, MAJOR)]),
    ],
)
def test_cycle(first: dt.date, last: dt.date, expected: list[object]) -> None:
    assert said("VA-06", make_case(certificate(effective_on=field(first), expires_on=field(last)))) == expected


def test_a_certificate_reissued_within_its_cycle() -> None:
    paper = certificate(effective_on=field(dt.date(2025, 3, 15)))
    began = answered("cnas", accreditation(effective_on=dt.date(2024, 3, 15)))
    assert said("VA-06", make_case(paper, cnas=began)) == [(TOLERATED, MINOR)]
    assert said("VA-06", make_case(paper, **unavailable("cnas"))) == [(MISMATCH, MINOR)]
    odd = answered("cnas", accreditation(effective_on=dt.date(2023, 1, 1)))
    assert said("VA-06", make_case(paper, cnas=odd)) == [(MISMATCH, MINOR)]


def test_a_cycle_that_cannot_be_read() -> None:
    assert said("VA-06", make_case(certificate(effective_on=field(None)))) == [(UNREAD, MINOR)]
    assert said("VA-06", make_case(without=[CnasCertificate])) == [(Outcome.NOT_PROVIDED, MINOR)]


@pytest.mark.parametrize(
    ("form", "end", "expected"),
    [
        ("business_licence", FOREVER, []),
        ("business_licence", None, []),
        ("business_licence", AS_OF, []),
        ("business_licence", AS_OF - DAY, [(MISMATCH, MAJOR)]),
        ("public_institution", AS_OF - DAY, [(MISMATCH, BLOCKING)]),
        ("private_non_enterprise", AS_OF - DAY, [(MISMATCH, BLOCKING)]),
    ],
)
def test_term(form: str, end: dt.date | None, expected: list[object]) -> None:
    assert said("VA-08", make_case(licence(form=form, term=field(Period(None, end))))) == expected


def test_a_term_that_is_not_stated_not_read_or_extended() -> None:
    assert said("VA-08", make_case(licence(term=None))) == [(NONE, MAJOR)]
    assert said("VA-08", make_case(licence(term=field(None)))) == [(UNREAD, MAJOR)]
    ended = licence(term=field(Period(None, AS_OF - DAY)))
    for end, expected in ((AS_OF, MINOR), (AS_OF - DAY, MAJOR), (None, MAJOR)):
        record = answered("enterprises", enterprise(term_to=end))
        assert said("VA-08", make_case(ended, enterprises=record)) == [(MISMATCH, expected)]
    assert said("VA-08", make_case(ended, **unavailable("enterprises"))) == [(MISMATCH, MAJOR)]


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ("ISO/IEC 17025：2017《检测和校准实验室能力的通用要求》(CNAS-CL01)", []),
        ("CNAS-CL01:2018", []),
        ("ISO/IEC 17020-2012", []),
        ("ISO/IEC 17025:2005", [(MISMATCH, MAJOR)]),
        ("CNAS-CL01:2006", [(MISMATCH, MAJOR)]),
        ("检测和校准实验室能力认可准则", [(UNREAD, MAJOR)]),
        (None, [(UNREAD, MAJOR)]),
    ],
)
def test_edition(criteria: str | None, expected: list[object]) -> None:
    assert said("VA-09", make_case(certificate(criteria=field(criteria)))) == expected
