"""Who applies: the code, the name and the person on the licence, in the registry, on the certificate and on the form (ID)."""

from collections.abc import Iterator

from matchers.basis import CMA_RULES, CNAS_RULES, CREDIT_CODE_STANDARD, HAINAN_DRAFT
from matchers.check import check
from matchers.lookup import accreditation_of, enterprise_by_code, enterprise_of, same_code
from matchers.names import (
    Relation,
    compare_names,
    compare_persons,
    former_names,
    is_former_name,
    unit_relation,
)
from matchers.sides import (
    compared,
    match,
    mismatch,
    not_applicable,
    not_provided,
    recorded,
    shown,
    side_of,
    unavailable,
    unreadable,
    value_of,
)
from models.case import Case
from models.codes import InvalidChecksum, InvalidCode, InvalidLength, uscc
from models.field import Field
from models.finding import Bilingual, Outcome, Remark, Severity, Side
from models.papers import ApplicationForm, BusinessLicence, CnasCertificate
from models.records import EnterpriseRecord, RegistryKind
from models.text import key

_CODE = Bilingual("统一社会信用代码", "unified social credit code")
_NAME = Bilingual("机构名称", "name of the body")
_PERSON = Bilingual("法定代表人（负责人）", "legal representative")
_PERSON_ITEMS = ("法定代表人", "负责人", "投资人", "经营者", "执行事务合伙人")


@check(
    "ID-01",
    severity=Severity.BLOCKING,
    basis=(CREDIT_CODE_STANDARD.whole(), CMA_RULES.article(9)),
    on=(BusinessLicence, Case),
    advice=(
        "请对照营业执照原件和国家企业信用信息公示系统核实统一社会信用代码。",
        "Check the code against the original licence and the register.",
    ),
)
def licence_code_is_valid(licence: BusinessLicence, case: Case) -> Iterator[Remark]:
    """营业执照的统一社会信用代码有效。 The licence's unified social credit code is valid."""
    code, side = shown("营业执照的统一社会信用代码", licence.unified_social_credit_code)
    rule = Side("GB 32100 校验规则", None, "18 位，末位为校验码")
    try:
        uscc.validate(code)
    except InvalidCode as fault:
        if enterprise_by_code(case, code) is not None:
            zh = f"统一社会信用代码“{code}”的校验位不符，但登记数据中确有此代码，视为有效。"
            en = f"The check digit of “{code}” fails, but the register holds this very code."
            snapshot = case.registries.enterprises.snapshot
            yield Remark(Outcome.TOLERATED, Bilingual(zh, en), side, recorded("登记数据中的代码", code, snapshot))
            return
        reading = uscc.repair(code)
        hint = f"可能应为“{reading}”。" if reading else ""
        zh = f"营业执照的统一社会信用代码“{code}”{_fault(fault)}。{hint}"
        en = f"The licence's code “{code}” breaks GB 32100.{f' It may stand for {reading}.' if reading else ''}"
        yield mismatch(zh, en, side, rule)
        return
    if "repaired" in licence.unified_social_credit_code.flags:
        zh = f"统一社会信用代码“{code}”经校验位唯一还原（原识别为“{side.text}”），校验通过。"
        en = f"The code “{code}” was restored by its check digits (read as “{side.text}”) and is valid."
        yield Remark(Outcome.TOLERATED, Bilingual(zh, en), side, rule)
        return
    advisory = "" if uscc.organisation_code_is_valid(code) else "（其中组织机构代码的校验位不符，仅供参考。）"
    yield match(
        f"统一社会信用代码“{code}”长度、字符和校验位均符合 GB 32100。{advisory}",
        f"The code “{code}” is valid.",
        side,
        rule,
    )


@check(
    "ID-02",
    severity=Severity.BLOCKING,
    basis=(CMA_RULES.article(9), HAINAN_DRAFT.whole()),
    on=(BusinessLicence, Case),
    advice=(
        "请核对营业执照、申请书和登记信息是否属于同一主体，并要求申请人更正。",
        "Make sure that all papers belong to one entity; have them corrected.",
    ),
)
def one_code_everywhere(licence: BusinessLicence, case: Case) -> Iterator[Remark]:
    """营业执照、登记信息和申请书的统一社会信用代码相同。 Licence, register and form bear the same unified social credit code."""
    code, side = shown("营业执照的统一社会信用代码", licence.unified_social_credit_code)
    yield _registered(licence, code, side, case)
    if case.application is not None:
        yield from _applied_for(case.application, code, side, _another_applies(licence, case))


def _registered(licence: BusinessLicence, code: str, side: Side, case: Case) -> Remark:
    answer = case.registries.enterprises
    if not answer.available:
        return unavailable(RegistryKind.ENTERPRISES, answer)
    record = enterprise_by_code(case, code)
    if record is not None:
        right = recorded("登记信息的统一社会信用代码", record.unified_social_credit_code, answer.snapshot)
        zh = f"登记信息中有代码为“{code}”的主体“{record.name}”。"
        return match(zh, f"The register holds “{record.name}” under “{code}”.", side, right, subject="登记信息")
    name = licence.name.value or ""
    namesake = next((r for r in answer.records if compare_names(r.name, name).outcome is Outcome.MATCH), None)
    if namesake is not None:
        found = namesake.unified_social_credit_code
        right = recorded("登记信息的统一社会信用代码", found, answer.snapshot)
        zh = f"营业执照的代码为“{code}”，而登记信息中“{name}”的代码为“{found}”，两者不同。"
        return mismatch(
            zh, f"The licence bears “{code}”, the register has “{found}” for “{name}”.", side, right, subject="登记信息"
        )
    right = recorded("登记信息的统一社会信用代码", None, answer.snapshot)
    zh = f"登记信息中没有查到代码为“{code}”的主体。"
    return mismatch(zh, f"The register holds no entity with the code “{code}”.", side, right, subject="登记信息")


def _another_applies(licence: BusinessLicence, case: Case) -> set[str]:
    """Codes on licences of other names: with a branch's licence its legal person's is often submitted too."""
    name = licence.name.value or ""
    others = [
        paper
        for paper in case.all(BusinessLicence)
        if compare_names(paper.name.value or "", name).outcome is Outcome.MISMATCH
    ]
    return {uscc.compact(paper.unified_social_credit_code.value or "") for paper in others}


def _applied_for(form: ApplicationForm, code: str, side: Side, others: set[str]) -> Iterator[Remark]:
    """The form's code is the applicant's own, or for a laboratory that is no legal person that of its legal person."""
    owner = form.legal_entity.unified_social_credit_code if form.legal_entity is not None else None
    fields = [field for field in (form.unified_social_credit_code, owner) if field is not None]
    if not fields:
        yield not_applicable("申请书未填写统一社会信用代码。", "The form states no code.")
        return
    read = [field for field in fields if field.value is not None]
    if not read:
        yield unreadable(side_of("申请书的统一社会信用代码", fields[0]))
        return
    same = next((field for field in read if same_code(field.require(), code)), None)
    right = side_of("申请书的统一社会信用代码", same or read[0])
    if same is not None:
        yield match(
            f"营业执照与申请书的统一社会信用代码均为“{code}”。", f"Both bear “{code}”.", side, right, subject="申请书"
        )
        return
    if any(uscc.compact(field.require()) in others for field in read):
        zh = f"申请书的统一社会信用代码“{right.value}”与另一份营业执照相同，与本执照“{code}”不作比对。"
        yield not_applicable(zh, "The form bears the code of another licence submitted with this one.", side)
        return
    zh = f"统一社会信用代码不同：营业执照为“{code}”，申请书为“{right.value}”。"
    yield mismatch(zh, f"The licence bears “{code}”, the form “{right.value}”.", side, right, subject="申请书")


@check(
    "ID-03",
    severity=Severity.BLOCKING,
    basis=(CMA_RULES.article(9), CMA_RULES.article(14)),
    on=(BusinessLicence, EnterpriseRecord, Case),
    advice=(
        "请核对登记名称；如已更名，要求申请人提交换发后的营业执照。",
        "Check the registered name; if it changed, ask for the renewed licence.",
    ),
)
def licence_name_is_the_registered_name(
    licence: BusinessLicence, record: EnterpriseRecord, case: Case
) -> Iterator[Remark]:
    """执照名称与登记名称一致。 The name on the licence is the registered name."""
    name = value_of("营业执照名称", licence.name)
    side, right = (
        side_of("营业执照名称", licence.name),
        recorded("登记名称", record.name, case.registries.enterprises.snapshot),
    )
    if not name.strip("*＊ "):
        yield not_applicable("营业执照未起字号（名称栏为星号），无名称可比。", "The licence bears no name.", side)
        return
    issued = licence.issued_on.value if licence.issued_on is not None else None
    comparison = compare_names(name, record.name, former=former_names(record.changes), on=issued)
    severity = Severity.MAJOR if is_former_name(name, record.changes) else None
    yield compared(
        _NAME, comparison, side, right, severity=severity if comparison.outcome is Outcome.MISMATCH else None
    )


@check(
    "ID-04",
    severity=Severity.BLOCKING,
    basis=(CMA_RULES.article(9), CNAS_RULES.whole()),
    on=(CnasCertificate, BusinessLicence, Case),
    advice=(
        "请核对认可证书所属法人；不是同一法人的，不得以该认可证书申请。",
        "Check whose accreditation it is; another body's cannot be relied on.",
    ),
)
def accreditation_is_the_applicants(
    certificate: CnasCertificate, licence: BusinessLicence, case: Case
) -> Iterator[Remark]:
    """CNAS 认可属于营业执照上的法人。 The CNAS accreditation belongs to the legal person on the licence."""
    if certificate.language != "zh":
        yield not_provided(
            "只有英文认可证书，无法核对机构名称，请提交中文证书。",
            "There is only the English certificate; please submit the Chinese one.",
        )
        return
    owner, right = shown("营业执照名称", licence.name)
    named, left = _legal_person(certificate, case)
    record = enterprise_of(case, licence)
    changes = former_names(record.changes) if record is not None else ()
    comparison = compare_names(named, owner, former=changes, on=certificate.effective_on.value)
    if comparison.outcome is not Outcome.MISMATCH:
        yield compared(Bilingual("认可机构与营业执照的法人", "legal person"), comparison, left, right)
        return
    relation = unit_relation(named, owner)
    if unit_relation(owner, named) is Relation.UNIT:  # the licence of a branch of the accredited legal person
        relation = Relation.UNIT
    both_zh, both_en = (
        f"认可证书为“{named}”，营业执照为“{owner}”",
        f"the certificate says “{named}”, the licence “{owner}”",
    )
    if relation is Relation.UNIT:
        zh = f"认可机构是营业执照法人的下属单位：{both_zh}，两者之差只是内设机构或分支机构名称。"
        yield Remark(
            Outcome.TOLERATED, Bilingual(zh, f"A unit of the legal person: {both_en}."), left, right, comparison
        )
    elif relation is Relation.UNPROVEN:
        yield mismatch(
            f"认可机构与营业执照法人的隶属关系未得到证明：{both_zh}。",
            f"It is not proven that the one belongs to the other: {both_en}.",
            left,
            right,
            comparison=comparison,
            severity=Severity.MAJOR,
            advice=Bilingual("请要求申请人提交法人授权文件或设立批文。", "Ask for the legal person's authorisation."),
        )
    else:
        zh = f"认可机构与营业执照不是同一法人：{both_zh}。{comparison.detail.zh}"
        yield mismatch(zh, f"Another legal person: {both_en}.", left, right, comparison=comparison)


def _legal_person(certificate: CnasCertificate, case: Case) -> tuple[str, Side]:
    """Whom the accreditation names as legal person: the certificate's 法人, else the directory's, else the body itself."""
    if certificate.legal_entity is not None:
        return value_of("认可证书所载法人", certificate.legal_entity), side_of(
            "认可证书所载法人", certificate.legal_entity
        )
    record = accreditation_of(case)
    if record is not None and record.legal_entity:
        return record.legal_entity, recorded("CNAS 名录所载法人", record.legal_entity, case.registries.cnas.snapshot)
    return value_of("认可证书机构名称", certificate.name), side_of("认可证书机构名称", certificate.name)


@check(
    "ID-05",
    severity=Severity.MAJOR,
    basis=CMA_RULES.article(33),
    on=(ApplicationForm, Case),
    advice=(
        "请核对申请书的机构名称，要求申请人更正或说明。",
        "Check the applicant's name on the form; have it corrected or explained.",
    ),
)
def form_names_the_accredited_body(form: ApplicationForm, case: Case) -> Iterator[Remark]:
    """申请书的机构名称与认可证书、营业执照一致。 The form names the body of the certificate and of the licence."""
    name, side = shown("申请书机构名称", form.name)
    others: list[tuple[str, Field[str]]] = []
    if case.certificate is not None and case.certificate.language == "zh":
        others.append(("认可证书机构名称", case.certificate.name))
    others.extend(("营业执照名称", licence.name) for licence in case.all(BusinessLicence))
    if not others:
        yield not_provided(
            "没有可与申请书比对的认可证书或营业执照。", "There is no certificate or licence to compare the form with."
        )
    for label, field in others:
        if field.value is None:
            yield unreadable(side_of(label, field))
            continue
        comparison = compare_names(name, field.value)
        related = Relation.UNIT in (unit_relation(name, field.value), unit_relation(field.value, name))
        if comparison.outcome is Outcome.MISMATCH and related:
            zh = f"机构名称相符：申请书为“{name}”，{label}为“{field.value}”，两者是法人与其下属单位。"
            en = f"“{name}” and “{field.value}” are a legal person and its unit."
            yield Remark(Outcome.TOLERATED, Bilingual(zh, en), side, side_of(label, field), comparison, subject=label)
        else:
            yield compared(_NAME, comparison, side, side_of(label, field), subject=label)


@check(
    "ID-06",
    severity=Severity.MAJOR,
    basis=CMA_RULES.article(14),
    on=(BusinessLicence, Case),
    advice=(
        "请核对法定代表人（负责人）；已变更的，要求提交换发后的营业执照或更正申请书。",
        "Check who represents the body; ask for the renewed licence or a corrected form.",
    ),
)
def one_representative_everywhere(licence: BusinessLicence, case: Case) -> Iterator[Remark]:
    """营业执照、登记信息和申请书的法定代表人（负责人）相同。 Licence, register and form name the same representative."""
    field = licence.responsible_person
    if field is None:
        yield not_applicable("该证照不载明法定代表人或负责人。", "This licence names no representative.")
        return
    label = f"营业执照{field.label or '法定代表人'}"
    name, side = value_of(label, field), side_of(label, field)
    answer = case.registries.enterprises
    record = enterprise_of(case, licence)
    if not answer.available:
        yield unavailable(RegistryKind.ENTERPRISES, answer)
    elif record is not None and record.responsible_person:
        right = recorded("登记的法定代表人（负责人）", record.responsible_person, answer.snapshot)
        yield _registered_person(licence, record, name, side, right)
    form = case.application
    applied = _applied_person(form, licence) if form is not None else None
    if applied is not None:
        right = side_of("申请书法定代表人（负责人）", applied)
        if applied.value is None:
            yield unreadable(right)
        else:
            yield compared(_PERSON, compare_persons(name, applied.value), side, right, subject="申请书")


def _registered_person(
    licence: BusinessLicence, record: EnterpriseRecord, name: str, side: Side, right: Side
) -> Remark:
    comparison = compare_persons(name, record.responsible_person)
    issued = licence.issued_on.value if licence.issued_on is not None else None
    changed = [c.on for c in record.changes if c.on is not None and any(item in c.item for item in _PERSON_ITEMS)]
    if comparison.outcome is Outcome.MISMATCH and issued is not None and any(on > issued for on in changed):
        zh = f"证照未换发：营业执照为“{name}”，登记信息在该执照核发（{issued}）之后已变更为“{record.responsible_person}”。"
        en = f"The licence was not renewed: it names “{name}”, the register since names “{record.responsible_person}”."
        return mismatch(zh, en, side, right, comparison=comparison, severity=Severity.MINOR, subject="登记信息")
    return compared(_PERSON, comparison, side, right, subject="登记信息")


def _applied_person(form: ApplicationForm, licence: BusinessLicence) -> Field[str] | None:
    """Who the form says represents the holder of this licence: the legal person where the licence is its own, else the applicant."""
    owner = form.legal_entity
    if owner is not None and owner.responsible_person is not None and _same_name(owner.name, licence.name):
        return owner.responsible_person
    return form.responsible_person


def _same_name(left: Field[str], right: Field[str]) -> bool:
    return left.value is not None and right.value is not None and key(left.value) == key(right.value)


def _fault(fault: InvalidCode) -> str:
    if isinstance(fault, InvalidLength):
        return "不是 18 位"
    return "校验位不符" if isinstance(fault, InvalidChecksum) else "含有不允许的字符"
