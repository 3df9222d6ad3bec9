"""What signatories may sign, by which title, and for whom else (SG-02 to SG-04)."""

from collections.abc import Iterator

from matchers.applied import testing_rows
from matchers.basis import REVIEW_CRITERIA, SUPERVISION
from matchers.capabilities import site_key
from matchers.check import check, every
from matchers.claims import alike, claimed_side, doubt, indices_of, library_of, places_of
from matchers.coverage import covers
from matchers.names import Relation, compare_persons, unit_relation
from matchers.rules import Rules
from matchers.sides import UnreadField, match, mismatch, not_applicable, not_provided, place_side
from matchers.standards import Library
from models.case import Case, SightingKind
from models.finding import Outcome, Remark, Severity, Side
from models.papers import (
    ApplicationForm,
    BusinessLicence,
    CapabilityRow,
    CmaAnnex,
    CnasCertificate,
    Signatory,
)
from models.phrases import SigningField
from models.text import key


@check(
    "SG-02",
    severity=Severity.MAJOR,
    basis=SUPERVISION.article(11),
    on=(every(CapabilityRow), Case, Rules),
    advice=(
        "请申请人增补相应领域的授权签字人，或由审查人员判断授权签字领域是否涵盖。",
        "Have a signatory added, or decide by eye whether a field covers the rows.",
    ),
)
def every_row_has_a_signatory(_: object, case: Case, rules: Rules) -> Iterator[Remark]:
    """每项申请能力均有授权签字人可以签发。 Every claimed row is within the field of a signatory at its site."""
    people = _signatories(case)
    if not people:
        yield not_provided("申请书和 CNAS 附件均未见授权签字人，无法核对签字领域。", "There are no signatories.")
        return
    library, rows = library_of(case, rules), testing_rows(case)
    signed = [(person, _field_of(person)) for person in people]
    sites = {site_key(site.code) for form in case.all(ApplicationForm) for site in form.sites}
    uncovered = [
        (index, row)
        for index, row in rows
        if not any(_is_at(person, row, sites) and _takes_in(field, row, library) for person, field in signed)
    ]
    fields = "；".join(dict.fromkeys(f"{person.name}：{person.field}" for person in people))
    right = Side("授权签字人及领域", fields, fields, people[0].origin, people[0].evidence, people[0].confidence)
    for group in alike(uncovered, lambda _, row: (site_key(row.site), key(row.object or ""))):
        thing = group[0][1].object or "（未列检测对象）"
        yield mismatch(
            f"{places_of(group)}（检测对象“{thing}”，场所{site_key(group[0][1].site)}）不在任何授权签字人的签字领域（{fields}）之内。",
            f"No signatory's field covers {len(group)} rows on “{thing}”.",
            claimed_side(group),
            right,
            rows=indices_of(group),
            subject=f"{site_key(group[0][1].site)} {thing}{doubt(group)}",
        )
    if len(uncovered) < len(rows):
        zh = f"申请的{len(rows)}项中{len(rows) - len(uncovered)}项在授权签字人的签字领域之内。"
        yield match(zh, f"{len(rows) - len(uncovered)} rows are covered.", claimed_side(list(rows)), right)
    elif not rows:
        yield not_applicable("没有申请检测或检验能力项。", "No row is claimed.")


def _signatories(case: Case) -> tuple[Signatory, ...]:
    """Those whom the form applies for, with rows of its own; else those whom CNAS accredited."""
    applied = tuple(person for form in case.all(ApplicationForm) for person in form.signatories)
    accredited = tuple(person for annex in case.annexes for person in annex.signatories if person.language == "zh")
    own = any(form.rows for form in case.all(ApplicationForm))
    return (applied or accredited) if own else (accredited or applied)


def _is_at(person: Signatory, row: CapabilityRow, sites: set[str]) -> bool:
    """Whether the person signs at the row's site; one without a site signs everywhere, a row at no listed site is AD-04's."""
    site = site_key(row.site)
    return person.site is None or site_key(person.site) == site or bool(sites and site not in sites)


def _takes_in(field: SigningField, row: CapabilityRow, library: Library) -> bool:
    """Whether a field of signing takes in a row, by what the row is about or by the domains of its standards."""
    domains = [record.domain for ref in row.standards for record in library.exact.get(ref.key, ())]
    return covers(field, row, domains).outcome is not Outcome.MISMATCH


def _field_of(person: Signatory) -> SigningField:
    """What the person may sign; `UnreadField` where nobody read what the words mean."""
    if person.signs is None:
        raise UnreadField(place_side(f"授权签字人“{person.name}”的签字领域", person, person.field))
    return person.signs


@check(
    "SG-03",
    severity=Severity.MAJOR,
    basis=REVIEW_CRITERIA.article(9),
    on=(ApplicationForm, Rules),
    advice=(
        "请核对授权签字人的职称证书或同等能力证明。",
        "Look at the certificate of the title, or proof of equal competence.",
    ),
)
def signatories_hold_the_title(form: ApplicationForm, rules: Rules) -> Iterator[Remark]:
    """授权签字人具有中级及以上职称或同等能力。 Signatories hold an intermediate title or equal competence."""
    if not form.signatories:
        yield not_provided("申请书未列授权签字人，无法核对职称。", "The form lists no signatories.")
        return
    good = []
    for person in form.signatories:
        printed = "、".join(part for part in (person.title, person.note) if part)
        if not printed:
            zh = f"申请书未填写授权签字人“{person.name}”的职务/职称。"
            yield not_provided(zh, f"The form states no title of “{person.name}”.", subject=person.name)
        elif not _is_qualified(printed, rules):
            yield mismatch(
                f"授权签字人“{person.name}”的职务/职称为“{printed}”，未见中级及以上职称或同等能力。",
                f"The title of “{person.name}” is “{printed}”, below what is required.",
                place_side("授权签字人职务/职称", person, printed),
                Side("评审准则的要求", "中级及以上专业技术职称或同等能力"),
                subject=person.name,
            )
        else:
            good.append(person)
    if good:
        said = "；".join(f"{person.name} {person.title or person.note}" for person in good)
        side = place_side("授权签字人职务/职称", good[0], said)
        yield match(f"{len(good)}名授权签字人具有中级及以上职称或同等能力：{said}。", "They hold the title.", side)


def _is_qualified(title: str, rules: Rules) -> bool:
    plain = key(title)
    for word in rules.junior_titles:
        plain = plain.replace(word, ";")
    return any(word in plain for word in rules.qualified_titles)


@check(
    "SG-04",
    severity=Severity.MAJOR,
    basis=SUPERVISION.article(7),
    on=(ApplicationForm, Case),
    advice=(
        "请核实是否为同一人（可能同名）；检验检测人员不得同时在两个以上机构从业。",
        "Find out whether it is the same person; nobody may work for two bodies.",
    ),
)
def signatories_sign_for_one_body(form: ApplicationForm, case: Case) -> Iterator[Remark]:
    """授权签字人不在其他机构任授权签字人。 No signatory signs for another body too."""
    others = list(_elsewhere(case))
    if not others and case.elsewhere is None:
        zh = "材料中没有其他机构的授权签字人，也未比对其他案件，无可比对。"
        yield not_applicable(zh, "No other body's signatories are known here.")
        return
    hits = 0
    for name, person in {person.name: person for person in form.signatories}.items():
        left = place_side("申请的授权签字人", person, name)
        for other, body, side in others:
            comparison = compare_persons(name, other)
            if comparison.outcome is not Outcome.MISMATCH:
                hits += 1
                yield mismatch(
                    f"申请的授权签字人“{name}”同时是“{body}”的授权签字人“{other}”。",
                    f"“{name}” is a signatory of “{body}” too.",
                    left,
                    side,
                    comparison=comparison,
                    subject=f"{name} {body}",
                )
    if not hits:
        zh = "申请的授权签字人未见于其他机构。"
        side = Side("申请的授权签字人", "、".join(person.name for person in form.signatories) or None)
        yield match(zh, "None of them signs for another body.", side)


def _elsewhere(case: Case) -> Iterator[tuple[str, str, Side]]:
    """Signatories of other bodies with their body: on certificates of other bodies among the papers, and in other cases."""
    for paper in case.all(CmaAnnex):
        body = paper.name.value if paper.name is not None else None
        if body and is_another_body(body, case):
            for person in paper.signatories:
                yield person.name, body, place_side(f"“{body}”的授权签字人", person, person.name)
    for sighting in case.sightings(SightingKind.SIGNATORY):
        side = Side(f"“{sighting.body}”的授权签字人", sighting.value, sighting.case)
        yield sighting.value, sighting.body, side


def is_another_body(name: str, case: Case) -> bool:
    """Whether a name belongs to nobody in this case: not to the applicant, its legal person, or a unit of either."""
    own = [licence.name.value for licence in case.all(BusinessLicence)]
    for form in case.all(ApplicationForm):
        own += [form.name.value, form.legal_entity.name.value if form.legal_entity is not None else None]
    for certificate in case.all(CnasCertificate):
        own += [
            certificate.name.value,
            certificate.legal_entity.value if certificate.legal_entity is not None else None,
        ]
    known = [each for each in own if each]
    return bool(known) and all(
        unit_relation(left, right) is Relation.OTHER for each in known for left, right in ((name, each), (each, name))
    )
