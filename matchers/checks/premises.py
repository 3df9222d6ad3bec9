"""Where the work is done: registered address, accredited sites, applied sites, and Hainan (AD)."""

from collections.abc import Iterator

from matchers.addresses import compare_addresses, in_hainan
from matchers.applied import AppliedSite, accredited_sites, applied_sites, rows_at
from matchers.basis import CMA_RULES, CNAS_RULES, HAINAN_DRAFT
from matchers.capabilities import site_key
from matchers.check import check, every
from matchers.sides import (
    compared,
    match,
    mismatch,
    not_applicable,
    not_provided,
    recorded,
    row_side,
    side_of,
    value_of,
)
from models.case import Case
from models.finding import Bilingual, Comparison, Outcome, Remark, Severity, Side
from models.papers import ApplicationForm, BusinessLicence, CapabilityRow, Site
from models.records import EnterpriseRecord

_NO_ACCREDITED = ("没有可供比对的 CNAS 认可地址", "There is no accredited address")
_ADDRESS = Bilingual("住所（经营场所）", "registered address")


@check(
    "AD-01",
    severity=Severity.MAJOR,
    basis=CMA_RULES.article(14),
    on=(BusinessLicence, EnterpriseRecord, Case),
    advice=(
        "请核对登记住所；已变更的，要求提交换发后的营业执照。",
        "Check the registered address; if it changed, ask for the renewed licence.",
    ),
)
def licence_address_is_the_registered_address(
    licence: BusinessLicence, record: EnterpriseRecord, case: Case
) -> Iterator[Remark]:
    """执照住所与登记住所一致。 The address on the licence is the registered address."""
    if licence.address is None or not record.address:
        yield not_applicable("营业执照或登记信息未载明住所。", "The licence or the register states no address.")
        return
    address = value_of("营业执照住所", licence.address)
    right = recorded("登记住所", record.address, case.registries.enterprises.snapshot)
    yield compared(
        _ADDRESS, compare_addresses(address, record.address), side_of("营业执照住所", licence.address), right
    )


@check(
    "AD-02",
    severity=Severity.BLOCKING,
    basis=(CNAS_RULES.whole(), CMA_RULES.article(9)),
    on=(ApplicationForm, Case),
    advice=(
        "该场所未获 CNAS 认可，其能力项不能按本路径发证；请更正场所或改走一般程序。",
        "The site is not accredited; its rows cannot be issued by this route.",
    ),
)
def applied_sites_are_accredited(form: ApplicationForm, case: Case) -> Iterator[Remark]:
    """申请的场所均在 CNAS 认可场所之内。 Every applied site is an accredited site."""
    applied, accredited = applied_sites(form), accredited_sites(case)
    if not applied or not accredited:
        zh, en = ("申请书未填写场所地址", "The form states no site") if not applied else _NO_ACCREDITED
        yield not_provided(f"{zh}，无法核对场所。", f"{en}, so the sites could not be checked.")
        return
    for site in applied:
        address = value_of(site.side.label, site.field)
        known = [other for other in accredited if other.field.value is not None]
        if not known:
            value_of(accredited[0].side.label, accredited[0].field)
        comparison, nearest = _nearest(address, known)
        if comparison.outcome is Outcome.MISMATCH:
            rows = rows_at(case, site)
            zh = f"申请的场所“{address}”不在 CNAS 认可的场所之中；最接近的认可地址为“{nearest.field.value}”。{comparison.detail.zh}"
            en = f"The applied site “{address}” is not accredited; the nearest accredited address is “{nearest.field.value}”."
            severity = None if rows else Severity.MAJOR
            yield mismatch(
                zh,
                en,
                site.side,
                nearest.side,
                comparison=comparison,
                rows=rows,
                subject=site.subject,
                severity=severity,
            )
        else:
            what = Bilingual("实验场所地址", "address of the site")
            yield compared(what, comparison, site.side, nearest.side, subject=site.subject)
    yield from _beside_the_registered_address(applied, case)


def _beside_the_registered_address(applied: tuple[AppliedSite, ...], case: Case) -> Iterator[Remark]:
    """A laboratory may lie elsewhere than the 住所, given proof of the premises: worth saying, no discrepancy."""
    licence = case.licence
    if licence is None or licence.address is None or licence.address.value is None:
        return
    registered = licence.address.value
    for site in applied:
        if site.field.value and compare_addresses(site.field.value, registered).outcome is Outcome.MISMATCH:
            zh = f"申请的场所“{site.field.value}”与营业执照住所“{registered}”不同；申请书已列明该场所，请核对场所使用证明。"
            en = f"The site “{site.field.value}” is not the registered address “{registered}”; check the proof of premises."
            right = side_of("营业执照住所", licence.address)
            yield Remark(Outcome.TOLERATED, Bilingual(zh, en), site.side, right, subject=f"{site.subject} 住所")


def _nearest(address: str, sites: list[AppliedSite]) -> tuple[Comparison, AppliedSite]:
    compared_sites = [(compare_addresses(address, site.field.require()), site) for site in sites]
    return max(compared_sites, key=lambda pair: (pair[0].outcome is not Outcome.MISMATCH, pair[0].score))


@check(
    "AD-03",
    severity=Severity.BLOCKING,
    basis=HAINAN_DRAFT.whole("适用范围"),
    on=(Case,),
    advice=("海南省外的住所或场所不适用本办理方式。", "A place outside Hainan is not covered by this procedure."),
)
def everything_is_in_hainan(case: Case) -> Iterator[Remark]:
    """住所和实验场所均在海南省内。 The registered address and every site lie in Hainan."""
    form = case.application
    sites = (applied_sites(form) if form is not None else ()) or accredited_sites(case)
    licences = [
        AppliedSite(
            None, licence.address, side_of("营业执照住所", licence.address), f"住所 {number}" if number else "住所"
        )
        for number, licence in enumerate(case.all(BusinessLicence))
        if licence.address is not None
    ]
    if not sites and not licences:
        yield not_provided("没有可供核对的住所或场所地址。", "There is no address to check.")
    told = {site.subject: in_hainan(site.field.value) for site in sites if site.field.value}
    for site in (*licences, *sites):
        address = value_of(site.side.label, site.field)
        where = in_hainan(address)
        side = Side("海南省行政区划", "海南省")
        if where:
            yield match(
                f"{site.side.label}“{address}”位于海南省内。",
                f"“{address}” lies in Hainan.",
                site.side,
                side,
                subject=site.subject,
            )
        elif where is None:
            zh = f"{site.side.label}“{address}”未写明省、市、县，无法判断是否在海南省内。"
            en = f"“{address}” names no province or city, so it cannot be told whether it lies in Hainan."
            yield Remark(Outcome.UNREADABLE, Bilingual(zh, en), site.side, side, subject=site.subject)
        else:
            partly = site in sites and any(told.values())
            zh = f"{site.side.label}“{address}”不在海南省内。"
            rows = rows_at(case, site) if partly else ()
            yield mismatch(zh, f"“{address}” lies outside Hainan.", site.side, side, rows=rows, subject=site.subject)


@check(
    "AD-04",
    severity=Severity.MAJOR,
    basis=CNAS_RULES.whole(),
    on=(every(CapabilityRow), Case),
    advice=(
        "请核对这些能力项所在的场所，要求申请人更正场所代码。",
        "Find out where these rows are carried out; have the site codes corrected.",
    ),
)
def rows_are_at_listed_sites(_: object, case: Case) -> Iterator[Remark]:
    """能力项所标场所均在场所清单之中。 Every row's site code is in the list of sites."""
    form = case.application
    if form is not None and form.rows:
        yield from _unlisted(
            "申请书", case.claimed_rows, form.sites or tuple(s for a in case.annexes for s in a.sites), True
        )
    for annex in case.annexes:
        rows = tuple(row for row in annex.rows if row.language == "zh")
        yield from _unlisted(f"附件“{annex.source.file}”", rows, annex.sites, form is None or not form.rows)


def _unlisted(paper: str, rows: tuple[CapabilityRow, ...], sites: tuple[Site, ...], claimed: bool) -> Iterator[Remark]:
    """The rows of one paper whose site its list does not have; a row without a code belongs to the main site A."""
    if not rows:
        return
    listed = {site_key(site.code) for site in sites} | {"A"}
    right = Side(
        f"{paper}场所清单", "、".join(sorted(listed)), evidence=tuple(e for site in sites for e in site.evidence[:1])
    )
    strange: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        if site_key(row.site) not in listed:
            strange.setdefault(site_key(row.site), []).append(index)
    for code, places in strange.items():
        left = row_side(f"{paper}能力项所标场所", [rows[place] for place in places], code)
        zh = f"{paper}有{len(places)}项能力标为场所“{code}”，而场所清单只有“{right.value}”。"
        en = f"{len(places)} rows are at site “{code}”; the list has only “{right.value}”."
        yield mismatch(zh, en, left, right, rows=tuple(places) if claimed else (), subject=f"{paper} {code}")
    if not strange:
        left = row_side(f"{paper}能力项", rows, f"{len(rows)} 项")
        yield match(
            f"{paper}{len(rows)}项能力的场所均在清单之中。", "Every site is listed.", left, right, subject=paper
        )
