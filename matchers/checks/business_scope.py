"""What the licence allows the entity to do (BS)."""

from collections.abc import Iterator

from matchers.basis import CMA_RULES
from matchers.check import check, every
from matchers.rules import Rules
from matchers.sides import UnreadField, match, mismatch, not_applicable, row_side, side_of, value_of
from models.case import Case
from models.field import Field
from models.finding import Remark, Severity, Side
from models.papers import BusinessLicence, CapabilityRow
from models.phrases import Activity, ActivityKind
from models.text import key


@check(
    "BS-01",
    severity=Severity.MAJOR,
    basis=CMA_RULES.article(9),
    on=(BusinessLicence,),
    advice=(
        "请核实主体是否可以从事检验检测，必要时要求变更经营范围。",
        "Find out whether the entity may test; its scope may have to be changed.",
    ),
)
def business_scope_covers_testing(licence: BusinessLicence) -> Iterator[Remark]:
    """经营范围包含检验检测。 The business scope covers testing."""
    scope = licence.business_scope
    if scope is None:
        yield not_applicable("该证照不载明经营范围。", "This licence states no business scope.")
        return
    activities, side = _activities(licence, scope), side_of("经营范围", scope)
    allowed = [activity.text for activity in activities if _allows_testing(activity)]
    right = Side("检验检测活动", "、".join(allowed) or None)
    if allowed:
        zh = f"经营范围中有检验检测活动“{'、'.join(allowed[:_SHOWN])}”。"
        yield match(zh, f"The scope allows testing (“{allowed[0]}”).", side, right)
        return
    excluded = [a.text for a in activities if a.excluded and a.kind is ActivityKind.TESTING]
    traded = [a.text for a in activities if not a.excluded and a.kind is ActivityKind.TRADE]
    why = f"；“{'、'.join(excluded[:_SHOWN])}”已注明除外" if excluded else ""
    why += f"；“{'、'.join(traded[:_SHOWN])}”是仪器设备或技术的经营，不是检测" if traded else ""
    zh = f"经营范围的{len(activities)}项活动中没有检验检测{why}：“{(scope.value or '')[:80]}”。"
    yield mismatch(zh, "No activity of the business scope is testing.", side, right)


def _activities(licence: BusinessLicence, scope: Field[str]) -> tuple[Activity, ...]:
    """What the scope allows and excludes; `UnreadField` where it could not be read."""
    value_of("经营范围", scope)
    if licence.activities is None:
        raise UnreadField(side_of("经营范围", scope))
    return licence.activities


def _allows_testing(activity: Activity) -> bool:
    return activity.kind is ActivityKind.TESTING and not activity.excluded


@check(
    "BS-02",
    severity=Severity.MINOR,
    basis=CMA_RULES.article(9),
    on=(BusinessLicence, every(CapabilityRow), Case, Rules),
    advice=(
        "该领域从业另有专门规定，请核实经营范围和相应资格。",
        "This field is regulated by rules of its own; verify the scope and the qualification.",
    ),
)
def business_scope_covers_regulated_fields(
    licence: BusinessLicence, rows: tuple[CapabilityRow, ...], case: Case, rules: Rules
) -> Iterator[Remark]:
    """经营范围包含申请的专门领域。 The business scope covers the regulated fields that are applied for."""
    scope = licence.business_scope
    if scope is None:
        yield not_applicable("该证照不载明经营范围。", "This licence states no business scope.")
        return
    allowed = [key(activity.text) for activity in _activities(licence, scope) if _allows_testing(activity)]
    side = side_of("经营范围", scope)
    domains = {record.standard.key: key(record.domain) for record in case.registries.library.records if record.standard}
    regulated = False
    for word, wordings in rules.regulated_fields:
        touched = [row for row in rows if any(word in text for text in _fields_of(row, domains))]
        if not touched:
            continue
        regulated = True
        right = row_side(f"申请的{word}能力项", touched, f"{len(touched)} 项")
        if found := next((text for text in allowed if any(wording in text for wording in wordings)), None):
            zh = f"申请的{len(touched)}项属“{word}”领域，经营范围中有“{found}”。"
            yield match(zh, f"The scope names “{found}”.", side, right, subject=word)
        else:
            zh = f"申请的{len(touched)}项属“{word}”领域，经营范围中没有“{'、'.join(wordings)}”等活动：“{(scope.value or '')[:80]}”。"
            yield mismatch(zh, f"The scope names nothing of “{word}”.", side, right, subject=word)
    if not regulated:
        yield not_applicable("申请的能力项不涉及有专门规定的领域。", "No row belongs to a regulated field.", side)


def _fields_of(row: CapabilityRow, domains: dict[str, str]) -> Iterator[str]:
    """What says to which field a row belongs: its object, and the library domains of its standards."""
    yield key(row.object or "")
    yield from (domains[ref.key] for ref in row.standards if ref.key in domains)


_SHOWN = 5
"""Activities named in a message; the side holds them all."""
