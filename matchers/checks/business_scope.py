"""What the licence allows the entity to do (BS)."""

from collections.abc import Iterator

from matchers.basis import CMA_RULES
from matchers.check import check
from matchers.rules import Rules
from matchers.sides import match, mismatch, not_applicable, side_of, value_of
from models.finding import Remark, Severity, Side
from models.papers import BusinessLicence
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
