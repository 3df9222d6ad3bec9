"""SG-01, BS-01, CR-01, CR-06 and DU-01."""

import datetime as dt

import pytest

from models.finding import Outcome, Severity
from models.papers import ApplicationForm, BusinessLicence, CmaCertificate, CnasAnnex, Signatory, Site
from models.records import CmaRecord, CreditRecord
from tests.matchers.factory import (
    ADDRESS,
    AS_OF,
    CODE,
    NAME,
    OTHER_CODE,
    annex,
    answered,
    field,
    form,
    licence,
    make_case,
    row,
    run,
    said,
    signatory,
    source,
    unavailable,
)

X, T, NA, NP = Outcome.MISMATCH, Outcome.TOLERATED, Outcome.NOT_APPLICABLE, Outcome.NOT_PROVIDED
UNREAD, SILENT = Outcome.UNREADABLE, Outcome.SOURCE_UNAVAILABLE
B, M = Severity.BLOCKING, Severity.MAJOR


def signing(*names: str, **more: object) -> tuple[Signatory, ...]:
    return tuple(signatory(name, "全部检测项目", **more) for name in names)  # type: ignore[arg-type]


def test_sg_01() -> None:
    assert said("SG-01", make_case()) == []
    assert said("SG-01", make_case(form(signatories=signing("陈立新", "王大力")))) == [(X, M)]
    assert said("SG-01", make_case(form(signatories=signing("王大力", confidence=0.5)))) == [(X, Severity.MINOR)]
    assert said("SG-01", make_case(form(signatories=signing("陳立新")))) == [(T, M)]
    assert said("SG-01", make_case(form(signatories=()))) == [(NP, M)]
    assert said("SG-01", make_case(annex(signatories=signing("Chen Lixin", language="en")))) == [(NP, M)]
    assert said("SG-01", make_case(without=[CnasAnnex])) == [(NP, M)]
    assert said("SG-01", make_case(without=[ApplicationForm])) == [(NP, M)]
    two = make_case(
        form(signatories=signing("王大力")), annex(), annex(signatories=signing("王大力"), source=source("2.pdf"))
    )
    assert said("SG-01", two) == []


@pytest.mark.parametrize(
    ("scope", "covers"),
    [
        ("检验检测服务", True),
        ("一般项目：技术服务；许可项目：检验检测服务（依法须经批准的项目，经相关部门批准后方可开展经营活动）", True),
        ("环境保护监测；职业卫生技术服务", True),
        ("机动车检验检测服务", True),
        ("食品检验", True),
        ("技术服务、技术咨询（不含检验检测）", False),
        ("技术服务（检验检测除外）", False),
        ("技术服务，不得从事检测活动", False),
        ("检测设备销售；仪器仪表制造", False),
        ("试验仪器、检测仪器的研发与维修", False),
        ("日用百货销售", False),
        ("技术服务（不含检验检测）；建设工程质量检测", True),
        ("除检验检测外的技术服务", False),
        ("检测技术开发；检测技术咨询；检测技术培训", False),
        ("技术服务（依法须经批准的项目，经相关部门批准后方可开展检验检测等活动）", False),
        ("体检预约服务；机检票服务", False),
        ("许可项目：检验检测服务", True),
        ("計量技術服務", True),
        ("从事环境检测领域内的技术开发；水质监测服务", True),
    ],
)
def test_bs_01(scope: str, covers: bool) -> None:
    assert said("BS-01", make_case(licence(business_scope=field(scope)))) == ([] if covers else [(X, M)])


def test_bs_01_says_why() -> None:
    scope = "检测仪器销售；技术服务（不含检验检测）"
    (finding,) = run("BS-01", make_case(licence(business_scope=field(scope))))
    assert "“检验检测”已注明除外" in finding.message.zh
    assert "“检测仪器销售”是仪器设备或技术的经营" in finding.message.zh


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("检验检测服务；机动车检验检测服务", []),
        ("检验检测服务；机动车安全技术检验", []),
        ("检验检测服务；机动车销售", [(X, Severity.MINOR)]),
        ("检验检测服务（不含机动车检测）", [(X, Severity.MINOR)]),
        ("检验检测服务；机动车检测设备销售", [(X, Severity.MINOR)]),
    ],
)
def test_bs_02(scope: str, expected: list[object]) -> None:
    rows = (row(0, "制动性能", "机动车安全技术检验项目和方法 GB 38900-2020", object="机动车"),)
    case = make_case(licence(business_scope=field(scope)), form(rows=rows))
    assert said("BS-02", case) == expected


def test_bs_01_without() -> None:
    assert said("BS-01", make_case(licence(activities=None))) == [(UNREAD, M)]
    assert said("BS-01", make_case(licence(business_scope=None))) == [(NA, M)]
    assert said("BS-01", make_case(licence(business_scope=field(None)))) == [(UNREAD, M)]
    assert said("BS-01", make_case(without=[BusinessLicence])) == [(NP, M)]


def credit(category: str, **more: object) -> dict[str, object]:
    values: dict[str, object] = {"unified_social_credit_code": CODE, "name": NAME, "category": category, **more}
    return {"credit": answered("credit", CreditRecord(**values))}  # type: ignore[arg-type]


YESTERDAY = AS_OF - dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("record", "cr_01", "cr_06"),
    [
        (credit("严重违法失信名单"), [(X, B)], []),
        (credit("严重失信主体名单", listed_on=AS_OF), [(X, B)], []),
        (credit("严重违法失信名单", removed_on=YESTERDAY), [(T, B)], []),
        (credit("严重违法失信名单", removed_on=AS_OF), [(X, B)], []),
        (credit("严重违法失信名单", repaired_on=YESTERDAY, reason="虚假广告"), [(T, B)], []),
        (credit("严重违法失信名单", unified_social_credit_code=OTHER_CODE), [], []),
        (credit("严重违法失信名单", unified_social_credit_code=""), [(X, B)], []),
        (credit("严重违法失信名单", unified_social_credit_code="", name="海南绿岛检测有限公司"), [], []),
        (credit("经营异常名录"), [], [(X, M)]),
        (credit("经营异常名录", removed_on=YESTERDAY), [], [(T, M)]),
        (credit("行政处罚"), [], []),
    ],
)
def test_credit(
    record: dict[str, object], cr_01: list[tuple[Outcome, Severity]], cr_06: list[tuple[Outcome, Severity]]
) -> None:
    assert said("CR-01", make_case(**record)) == cr_01
    assert said("CR-06", make_case(**record)) == cr_06


@pytest.mark.parametrize("id", ["CR-01", "CR-06"])
def test_credit_without(id: str) -> None:
    assert said(id, make_case(**unavailable("credit"))) == [(SILENT, M)]
    assert said(id, make_case(without=[BusinessLicence])) == [(NP, M)]
    assert said(id, make_case(licence(unified_social_credit_code=field(None)))) == [(UNREAD, M)]


def issued(**more: object) -> dict[str, object]:
    values: dict[str, object] = {
        "number": "232120990001",
        "name": NAME,
        "unified_social_credit_code": CODE,
        "address": ADDRESS,
        "expires_on": AS_OF,
        "status": "有效",
        **more,
    }
    return {"cma": answered("cma", CmaRecord(**values))}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (issued(), [(X, B)]),
        (issued(expires_on=YESTERDAY), []),
        (issued(expires_on=None), [(X, B)]),
        (issued(status="已注销"), []),
        (issued(address=""), [(X, B)]),
        (issued(address="海南省三亚市吉阳区荔枝沟路9号"), []),
        (issued(unified_social_credit_code=OTHER_CODE), []),
        (issued(unified_social_credit_code=""), [(X, B)]),
        (issued(unified_social_credit_code="", name="海南绿岛检测有限公司"), []),
    ],
)
def test_du_01(record: dict[str, object], expected: list[tuple[Outcome, Severity]]) -> None:
    assert said("DU-01", make_case(**record)) == expected


def test_du_01_other_types_are_consistent() -> None:
    assert said("DU-01", make_case(form(application_type=field("扩项")), **issued())) == [(T, B)]
    assert said("DU-01", make_case(form(application_type=None))) == [(NA, M)]
    assert said("DU-01", make_case(form(application_type=field(None)))) == [(UNREAD, M)]
    assert said("DU-01", make_case(without=[ApplicationForm])) == [(NP, M)]
    assert said("DU-01", make_case(**unavailable("cma"))) == [(SILENT, M)]


def uploaded(last_day: dt.date | None) -> CmaCertificate:
    day = field(last_day)
    return CmaCertificate(source("cma.pdf"), field("232120990001"), field(NAME), field(ADDRESS), field(AS_OF), day)


def test_du_01_an_uploaded_certificate() -> None:
    assert said("DU-01", make_case(uploaded(AS_OF), **issued())) == [(X, B)]
    assert said("DU-01", make_case(uploaded(YESTERDAY))) == []
    assert said("DU-01", make_case(uploaded(None))) == [(X, B)]
    assert said("DU-01", make_case(uploaded(AS_OF), **unavailable("cma"))) == [(X, B), (SILENT, M)]


def test_du_01_without_an_address_or_code() -> None:
    bare = form(sites=(Site("A", ""),), unified_social_credit_code=None)
    assert said("DU-01", make_case(bare, **issued())) == [(X, B)]
    assert [f.outcome for f in run("DU-01", make_case(bare, without=[BusinessLicence], **issued()))] == [Outcome.MATCH]
