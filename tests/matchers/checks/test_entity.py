"""ID-07 to ID-09: what kind of entity, its particulars, where its code was given."""

import datetime as dt
from decimal import Decimal

import pytest

from models.finding import Outcome, Severity
from models.layout import Origin
from models.money import Money
from models.papers import BusinessLicence
from tests.matchers.factory import answered, enterprise, field, licence, make_case, run, said, unavailable

MISMATCH, TOLERATED, UNREAD = Outcome.MISMATCH, Outcome.TOLERATED, Outcome.UNREADABLE
MAJOR, MINOR, BLOCKING = Severity.MAJOR, Severity.MINOR, Severity.BLOCKING
FOUNDED = dt.date(2015, 5, 6)


def yuan(amount: int, currency: str = "CNY") -> Money:
    return Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("kind", "code", "expected"),
    [
        ("有限责任公司(自然人投资或控股)", "91460000MA5TE5T076", []),
        ("普通合伙企业", "91460000MA5TE5T076", []),
        (None, "12460000428200003X", []),
        ("个体工商户", "92460100MA5TX0Y763", [(MISMATCH, MAJOR)]),
        (None, "92460100MA5TX0Y763", [(MISMATCH, MAJOR)]),
        ("自然人", "91460000MA5TE5T076", [(MISMATCH, BLOCKING)]),
        (None, "Z1460000MA5TE5T076", []),
    ],
)
def test_kind_of_applicant(kind: str | None, code: str, expected: list[object]) -> None:
    paper = licence(entity_type=field(kind) if kind else None, unified_social_credit_code=field(code))
    assert said("ID-07", make_case(paper)) == expected


def test_an_applicant_without_a_code_cannot_be_judged() -> None:
    assert said("ID-07", make_case(licence(unified_social_credit_code=field(None)))) == [(UNREAD, MAJOR)]
    assert said("ID-07", make_case(without=[BusinessLicence])) == [(Outcome.NOT_PROVIDED, MAJOR)]


@pytest.mark.parametrize(
    ("printed", "registered", "expected"),
    [
        (yuan(10_000_000), yuan(10_000_000), []),
        (yuan(10_000_000), yuan(1_000), [TOLERATED]),
        (yuan(10_000_000), yuan(5_000_000), [MISMATCH]),
        (yuan(10_000_000), yuan(10_000_000, "USD"), [MISMATCH]),
    ],
)
def test_capital(printed: Money, registered: Money, expected: list[Outcome]) -> None:
    paper = licence(registered_capital=field(printed), established_on=None)
    case = make_case(paper, enterprises=answered("enterprises", enterprise(registered_capital=registered)))
    assert said("ID-08", case) == [(outcome, MINOR) for outcome in expected]


@pytest.mark.parametrize(
    ("printed", "registered", "expected"),
    [
        ("海口市市场监督管理局", "海口市市场监督管理局", []),
        ("海口市工商行政管理局", "海南省海口市市场监督管理局", [TOLERATED]),
        ("海口市工商行政管理局", "三亚市市场监督管理局", [MISMATCH]),
        ("海口市民政局", "海口市事业单位登记管理局", [MISMATCH]),
        ("治县事业单陵水黎族自治县事业单位登记管理局", "陵水黎族自治县事业单位登记管理局", [TOLERATED]),
        ("海口市龙华区市场监督管理局", "海口市市场监督管理局", [MISMATCH]),
    ],
)
def test_authority(printed: str, registered: str, expected: list[Outcome]) -> None:
    paper = licence(registration_authority=field(printed), established_on=None)
    case = make_case(paper, enterprises=answered("enterprises", enterprise(registration_authority=registered)))
    assert said("ID-08", case) == [(outcome, MINOR) for outcome in expected]


@pytest.mark.parametrize(
    ("read", "origin", "outcome"),
    [
        ("澄近县民政局", Origin.OCR, TOLERATED),
        ("澄近具民政局", Origin.OCR, TOLERATED),
        ("澄近具民政局", Origin.TEXT, MISMATCH),  # nobody misreads a text layer
        ("临近县民政局", Origin.OCR, MISMATCH),
        ("澄迈县财政局", Origin.OCR, MISMATCH),
        ("澄迈县民政", Origin.OCR, MISMATCH),
    ],
)
def test_an_authority_as_recognition_may_misread_it(read: str, origin: Origin, outcome: Outcome) -> None:
    paper = licence(registration_authority=field(read, origin=origin), established_on=None)
    case = make_case(paper, enterprises=answered("enterprises", enterprise(registration_authority="澄迈县民政局")))
    assert said("ID-08", case) == [(outcome, MINOR)]


def test_several_particulars_that_differ_weigh_more() -> None:
    paper = licence(registered_capital=field(yuan(100)), established_on=field(FOUNDED))
    record = enterprise(registered_capital=yuan(300), established_on=dt.date(2014, 1, 1))
    case = make_case(paper, enterprises=answered("enterprises", record))
    assert said("ID-08", case) == [(MISMATCH, MAJOR), (MISMATCH, MAJOR)]
    assert "可能被改动" in run("ID-08", case)[0].message.zh


def test_particulars_that_cannot_be_compared() -> None:
    assert run("ID-08", make_case())[0].outcome is Outcome.NOT_APPLICABLE
    unread = make_case(
        licence(established_on=field(None, text="二〇一?")),
        enterprises=answered("enterprises", enterprise(established_on=FOUNDED)),
    )
    assert said("ID-08", unread) == [(UNREAD, MINOR)]
    assert said("ID-08", make_case(**unavailable("enterprises"))) == [(Outcome.SOURCE_UNAVAILABLE, MINOR)]


@pytest.mark.parametrize(
    ("code", "address", "expected"),
    [
        ("91460100MAA9ABC12W", "海南省海口市龙华区滨涯路18号", []),
        ("91460200MA5TE5T076", "海南省海口市龙华区滨涯路18号", [(TOLERATED, MINOR)]),
        ("12100000428200003X", "海南省海口市龙华区滨涯路18号", [(TOLERATED, MINOR)]),
        ("91440101MA5TE5T076", "海南省海口市龙华区滨涯路18号", [(MISMATCH, MINOR)]),
        ("91990101MA5TE5T076", "海南省海口市龙华区滨涯路18号", [(MISMATCH, MINOR)]),
    ],
)
def test_where_the_code_was_given(code: str, address: str, expected: list[object]) -> None:
    case = make_case(licence(unified_social_credit_code=field(code), address=field(address)))
    assert said("ID-09", case) == expected


def test_a_code_without_an_address_in_hainan() -> None:
    for paper in (licence(address=None), licence(address=field("广东省湛江市人民大道9号"))):
        assert said("ID-09", make_case(paper)) == [(Outcome.NOT_APPLICABLE, MINOR)]
    assert said("ID-09", make_case(licence(address=field(None)))) == [(UNREAD, MINOR)]
