"""AD-01 to AD-03."""

from models.finding import Outcome, Severity
from models.papers import ApplicationForm, BusinessLicence, CnasAnnex, CnasCertificate, Site
from tests.matchers.factory import (
    ADDRESS,
    ROWS,
    annex,
    answered,
    certificate,
    enterprise,
    field,
    form,
    licence,
    make_case,
    row,
    run,
    said,
    unavailable,
)

X, T, NA, NP = Outcome.MISMATCH, Outcome.TOLERATED, Outcome.NOT_APPLICABLE, Outcome.NOT_PROVIDED
UNREAD, SILENT = Outcome.UNREADABLE, Outcome.SOURCE_UNAVAILABLE
B, M = Severity.BLOCKING, Severity.MAJOR
ELSEWHERE = "海南省三亚市吉阳区荔枝沟路9号"
MAINLAND = "广东省湛江市霞山区人民大道9号"


def registered(address: str) -> dict[str, object]:
    return {"enterprises": answered("enterprises", enterprise(address=address))}


def test_ad_01() -> None:
    assert said("AD-01", make_case()) == []
    assert said("AD-01", make_case(**registered(ADDRESS.replace("栋", "幢").removeprefix("海南省")))) == [(T, M)]
    assert said("AD-01", make_case(**registered(ADDRESS.replace("501室", "502室")))) == [(X, M)]
    assert said("AD-01", make_case(**registered(""))) == [(NA, M)]
    assert said("AD-01", make_case(licence(address=None))) == [(NA, M)]
    assert said("AD-01", make_case(licence(address=field(None)))) == [(UNREAD, M)]
    assert said("AD-01", make_case(**unavailable("enterprises"))) == [(SILENT, M)]
    assert said("AD-01", make_case(without=[BusinessLicence])) == [(NP, M)]


def test_ad_02_blocks_the_rows_of_a_strange_site() -> None:
    sites = (Site("A", ADDRESS), Site("B", ELSEWHERE))
    rows = (*ROWS, row(3, "砷", "GB 5009.11-2024", site="B"))
    findings = run("AD-02", make_case(form(sites=sites, rows=rows)))
    (strange,) = [f for f in findings if f.outcome is X]
    assert (strange.severity, strange.rows) == (B, (3,))
    assert ELSEWHERE in strange.message.zh
    assert any(f.outcome is T and "住所" in f.subject for f in findings)


def test_ad_02_a_single_site_concerns_every_row() -> None:
    (strange,) = [f for f in run("AD-02", make_case(form(sites=(Site(None, ELSEWHERE),)))) if f.outcome is X]
    assert strange.rows == (0, 1, 2)


def test_ad_02_a_strange_site_without_rows_is_for_a_person() -> None:
    sites = (Site("A", ADDRESS), Site("C", ELSEWHERE))
    assert said("AD-02", make_case(form(sites=sites)))[0] == (X, M)


def test_ad_02_more_sides() -> None:
    near = Site("A", ADDRESS.replace("海南省海口市", "海口"))
    assert said("AD-02", make_case(form(sites=(near,)))) == [(T, B)]
    assert said("AD-02", make_case(form(sites=(), address=field(ADDRESS)))) == []
    assert said("AD-02", make_case(form(sites=(), address=None))) == [(NP, M)]
    assert said("AD-02", make_case(form(sites=(), address=field(None)))) == [(UNREAD, M)]
    assert said("AD-02", make_case(without=[ApplicationForm])) == [(NP, M)]
    assert said("AD-02", make_case(annex(sites=()))) == []
    assert said("AD-02", make_case(annex(sites=()), certificate(address=field(None)))) == [(UNREAD, M)]
    assert said("AD-02", make_case(without=[CnasAnnex, CnasCertificate])) == [(NP, M)]
    assert said("AD-02", make_case(licence(address=None))) == []
    assert said("AD-02", make_case(without=[BusinessLicence])) == []


def test_ad_03() -> None:
    assert said("AD-03", make_case()) == []
    assert said("AD-03", make_case(licence(address=field(MAINLAND)))) == [(X, B)]
    assert said("AD-03", make_case(licence(address=field("广东省湛江市", 0.5)))) == [(X, M)]
    assert said("AD-03", make_case(form(sites=(Site(None, MAINLAND),)))) == [(X, B)]
    assert said("AD-03", make_case(form(sites=(Site(None, "滨涯路18号"),)))) == [(UNREAD, M)]
    assert said("AD-03", make_case(licence(address=None), without=[ApplicationForm])) == []
    nothing = make_case(licence(address=None), without=[ApplicationForm, CnasAnnex, CnasCertificate])
    assert said("AD-03", nothing) == [(NP, M)]
    assert said("AD-03", make_case(form(sites=(Site("A", ""),)))) == [(UNREAD, M)]


def test_ad_03_one_of_several_sites_blocks_its_rows_only() -> None:
    rows = (*ROWS, row(3, "砷", "GB 5009.11-2024", site="B"))
    case = make_case(form(sites=(Site("A", ADDRESS), Site("B", MAINLAND)), rows=rows))
    (outside,) = [f for f in run("AD-03", case) if f.outcome is X]
    assert (outside.rows, outside.severity) == ((3,), B)
