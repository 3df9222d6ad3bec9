"""What the licence allows the entity to do (BS)."""

from collections.abc import Iterator

from matchers.basis import CMA_RULES
from matchers.check import check, every
from matchers.rules import Rules
from matchers.sides import match, mismatch, not_applicable, row_side, side_of, value_of
from models.case import Case
from models.finding import Remark, Severity, Side
from models.papers import BusinessLicence, CapabilityRow
from models.text import key


@check(
    "BS-01",
    severity=Severity.MAJOR,
    basis=CMA_RULES.article(9),
    on=(BusinessLicence, Rules),
    advice=(
        "请核实主体是否可以从事检验检测，必要时要求变更经营范围。",
        "Find out whether the entity may test; its scope may have to be changed.",
    ),
)
def business_scope_covers_testing(licence: BusinessLicence, rules: Rules) -> Iterator[Remark]:
    """经营范围包含检验检测。 The business scope covers testing."""
    if licence.business_scope is None:
        yield not_applicable("该证照不载明经营范围。", "This licence states no business scope.")
        return
    scope = value_of("经营范围", licence.business_scope)
    side = side_of("经营范围", licence.business_scope)
    words = testing_words(scope, rules)
    right = Side("检验检测用语", "、".join(words) or None)
    if words:
        yield match(
            f"经营范围中有检验检测用语“{'、'.join(words)}”。", f"The scope names testing ({words[0]}).", side, right
        )
    else:
        zh = f"经营范围中没有检验检测用语（已排除“不含检验检测”之类的除外语）：“{scope[:80]}”。"
        yield mismatch(zh, "The business scope names no testing.", side, right)


def testing_words(scope: str, rules: Rules) -> tuple[str, ...]:
    """The words of testing in a business scope, after exclusions and the trade in instruments were cut out."""
    plain = rules.not_testing.sub("", key(scope))
    return tuple(word for word in rules.testing_words if word in plain)


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
    if licence.business_scope is None:
        yield not_applicable("该证照不载明经营范围。", "This licence states no business scope.")
        return
    scope = value_of("经营范围", licence.business_scope)
    plain, side = rules.not_testing.sub("", key(scope)), side_of("经营范围", licence.business_scope)
    domains = {record.standard.key: key(record.domain) for record in case.registries.library.records if record.standard}
    regulated = False
    for word, wordings in rules.regulated_fields:
        touched = [row for row in rows if any(word in text for text in _fields_of(row, domains))]
        if not touched:
            continue
        regulated = True
        right = row_side(f"申请的{word}能力项", touched, f"{len(touched)} 项")
        if found := next((wording for wording in wordings if wording in plain), None):
            zh = f"申请的{len(touched)}项属“{word}”领域，经营范围中有“{found}”。"
            yield match(zh, f"The scope names “{found}”.", side, right, subject=word)
        else:
            zh = f"申请的{len(touched)}项属“{word}”领域，经营范围中没有“{'、'.join(wordings)}”等用语：“{scope[:80]}”。"
            yield mismatch(zh, f"The scope names nothing of “{word}”.", side, right, subject=word)
    if not regulated:
        yield not_applicable("申请的能力项不涉及有专门规定的领域。", "No row belongs to a regulated field.", side)


def _fields_of(row: CapabilityRow, domains: dict[str, str]) -> Iterator[str]:
    """What says to which field a row belongs: its object, and the library domains of its standards."""
    yield key(row.object or "")
    yield from (domains[ref.key] for ref in row.standards if ref.key in domains)
