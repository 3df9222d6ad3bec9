"""Whether the boxes of the application form are ticked rightly: legal standing, class, facilities (FM-04, FM-05)."""

from collections.abc import Iterator, Sequence

from matchers.basis import CMA_RULES
from matchers.branches import is_branch
from matchers.capabilities import site_key
from matchers.check import check
from matchers.sides import (
    match,
    mismatch,
    not_applicable,
    place_side,
    side_of,
)
from models.case import Case, Purpose
from models.codes import uscc
from models.field import Field
from models.finding import Bilingual, Outcome, Remark, Severity, Side
from models.papers import ApplicationForm
from models.text import key

_CLASSES = {"9": "企业法人", "1": "事业法人", "5": "社团法人"}
"""法人类别 by the first character of the credit code; 其他 is right for everyone."""
_SEVERAL = "多场所"


@check(
    "FM-04",
    severity=Severity.MAJOR,
    basis=CMA_RULES.article(9),
    on=(ApplicationForm, Case),
    purpose=Purpose.APPLICATION,
    advice=(
        "请核对申请机构是否独立法人、属于哪一类法人。",
        "Find out whether the body is a legal person, and of which class.",
    ),
)
def legal_standing_is_as_ticked(form: ApplicationForm, case: Case) -> Iterator[Remark]:
    """申请书勾选的法律地位与证照相符。 The legal standing that the form ticks is the true one."""
    reasons = list(_dependence(form, case))
    if form.independent is None and not form.source.pages:
        yield not_applicable("申请数据未填写法律地位。", "The application states no legal standing.")
    elif form.independent is None:
        side = Side("法律地位", None)
        zh = "申请书的“独立法人／非独立法人”未能识别，是否独立法人由 ID-04 判断。"
        yield Remark(Outcome.UNREADABLE, Bilingual(zh, "The boxes could not be read."), side, severity=Severity.MINOR)
    else:
        ticked = "独立法人检验检测机构" if form.independent else "非独立法人检验检测机构"
        left = Side("申请书勾选的法律地位", ticked, ticked, evidence=form.name.evidence)
        if form.independent and reasons:
            zh = f"申请书勾选“{ticked}”，但{reasons[0][0]}。"
            yield mismatch(
                zh, f"The form ticks independence, but {reasons[0][1]}.", left, reasons[0][2], subject="法律地位"
            )
        elif not form.independent and form.legal_entity is None:
            zh = f"申请书勾选“{ticked}”，但未填写所属法人单位。"
            yield mismatch(zh, "The form ticks dependence, but names no legal person.", left, subject="法律地位")
        else:
            right = reasons[0][2] if reasons else None
            yield match(
                f"申请书勾选“{ticked}”，与证照相符。", "The ticked standing is right.", left, right, subject="法律地位"
            )
    yield from _legal_class(form, case)


def _dependence(form: ApplicationForm, case: Case) -> Iterator[tuple[str, str, Side]]:
    """What shows that the body is no legal person itself: (Chinese, English, the side that shows it)."""
    licence = case.licence
    if licence is not None and is_branch(licence):
        yield (
            f"营业执照“{licence.name.value}”是分支机构",
            "the licence is a branch's",
            side_of("营业执照名称", licence.name),
        )
    owner = form.legal_entity
    if owner is not None and owner.name.value and key(owner.name.value) != key(form.name.value or ""):
        yield (
            f"填写了所属法人单位“{owner.name.value}”",
            "it names a legal person",
            side_of("所属法人单位名称", owner.name),
        )
    certificate = case.certificate
    named = certificate.legal_entity if certificate is not None else None
    if (
        certificate is not None
        and named is not None
        and named.value
        and key(named.value) != key(certificate.name.value or "")
    ):
        yield (
            f"认可证书载明其法人为“{named.value}”",
            "the certificate names a legal person",
            side_of("认可证书所载法人", named),
        )


def _legal_class(form: ApplicationForm, case: Case) -> Iterator[Remark]:
    """法人类别 against the registering department in the credit code."""
    licence, field = case.licence, form.legal_class
    code = uscc.compact(licence.unified_social_credit_code.value or "") if licence is not None else ""
    expected = _CLASSES.get(code[:1])
    if licence is None or field is None or field.value is None or expected is None:
        return
    left, right = side_of("法人类别", field), side_of("营业执照的统一社会信用代码", licence.unified_social_credit_code)
    stated = set(field.value.split("、"))
    if stated & {expected, "其他"} or not stated & set(_CLASSES.values()):
        yield match(
            f"法人类别“{field.value}”与信用代码“{code}”相符。", "The class fits.", left, right, subject="法人类别"
        )
    else:
        zh = f"法人类别勾选“{field.value}”，而信用代码“{code}”属{expected}。"
        en = f"The class “{field.value}” does not fit the code “{code}”."
        yield mismatch(zh, en, left, right, severity=Severity.MINOR, subject="法人类别")


@check(
    "FM-05",
    severity=Severity.MINOR,
    basis=CMA_RULES.article(9),
    on=(ApplicationForm, Case),
    purpose=Purpose.APPLICATION,
    advice=("请核对各场所的设施特点。", "Check what kind of facility each site is."),
)
def facilities_are_as_accredited(form: ApplicationForm, case: Case) -> Iterator[Remark]:
    """申请书的设施特点与场所、认可附件相符。 The facilities that the form states fit its sites and the annex."""
    said = False
    if form.features is not None and form.features.value is not None and form.sites:
        said = True
        yield _number_of_sites(form.features, form.features.value, form)
    accredited = {site_key(site.code): site for annex in case.annexes for site in annex.sites if site.features}
    for site in form.sites:
        other = accredited.get(site_key(site.code))
        if other is None or not site.features or not other.features:
            continue
        said = True
        left, right = (
            place_side("申请书设施特点", site, site.features),
            place_side("CNAS 设施特点", other, other.features),
        )
        subject = f"场所 {site_key(site.code)}"
        if _facilities(site.features) == _facilities(other.features):
            yield match(
                f"{subject}的设施特点均为“{other.features}”。", "The facilities agree.", left, right, subject=subject
            )
        else:
            zh = f"{subject}的设施特点不同：申请书为“{site.features}”，CNAS 附件为“{other.features}”。"
            yield mismatch(zh, f"“{site.features}” and “{other.features}” differ.", left, right, subject=subject)
    if not said:
        yield not_applicable("申请书或附件没有载明设施特点。", "Neither form nor annex states the facilities.")


def _number_of_sites(field: Field[str], ticked: str, form: ApplicationForm) -> Remark:
    left = side_of("设施特点", field)
    right = Side(
        "申请的场所数", str(len(form.sites)), evidence=tuple(e for site in form.sites for e in site.evidence[:1])
    )
    if (_SEVERAL in ticked) == (len(form.sites) > 1):
        return match(
            f"设施特点“{ticked}”与{len(form.sites)}个场所相符。", "The facilities fit the number of sites.", left, right
        )
    zh = f"设施特点勾选“{ticked}”，而申请的场所有{len(form.sites)}个。"
    return mismatch(zh, f"“{ticked}” is ticked, but there are {len(form.sites)} sites.", left, right, subject="多场所")


def _facilities(text: str) -> frozenset[str]:
    """固定设施 and 固定 are one; several are divided by 、 or the like."""
    parts: Sequence[str] = key(text).replace("设施", "").replace("场所", "").split(";")
    return frozenset(part for part in parts if part)
