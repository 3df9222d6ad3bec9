"""Standards for products and the methods of test that they cite (SC-10)."""

from collections.abc import Iterator

from matchers.applied import testing_rows
from matchers.basis import REVIEW_CRITERIA
from matchers.check import check, every
from matchers.claims import Claim, claimed_side, claims_of, indices_of, library_of, places_of
from matchers.register import Register, register_of
from matchers.rules import Rules
from matchers.sides import match, mismatch, not_applicable, recorded
from matchers.standards import LibraryState
from models.case import Case
from models.finding import Remark, Severity
from models.papers import CapabilityRow
from models.records import RegistryKind, StandardRecord
from models.standards import StandardRef
from models.text import key

_TESTABLE = (LibraryState.IN_LIB, LibraryState.CITE_ONLY)


@check(
    "SC-10",
    severity=Severity.MINOR,
    basis=REVIEW_CRITERIA.whole(),
    on=(every(CapabilityRow), Case, Rules),
    needs=(RegistryKind.STANDARDS, RegistryKind.LIBRARY),
    advice=(
        "请申请人确认是否具备所引用方法的检验能力；不具备的，应在限制范围中注明不做的项目。",
        "Ask whether these methods can be carried out; what cannot be tested belongs into the limits.",
    ),
)
def cited_methods_are_claimed(_: object, case: Case, rules: Rules) -> Iterator[Remark]:
    """申请的产品标准所引用的方法标准也已申请。 The methods that a claimed product standard cites are claimed too."""
    register, claimed = register_of(case, rules), {ref.series for _, row in testing_rows(case) for ref in row.standards}
    snapshot, judged = case.registries.standards.snapshot, 0
    sides = []
    for claim in claims_of(case, rules):
        record = _product(claim, register, rules)
        methods = [ref for ref in record.cites if _is_method(ref, case, register, rules)] if record else []
        if not methods:
            continue
        judged += 1
        sides.append(claimed_side(claim.rows, claim.code))
        lacking = [ref for ref in methods if ref.series not in claimed]
        if lacking:
            named = "、".join(dict.fromkeys(ref.key for ref in lacking))
            yield mismatch(
                f"产品标准“{claim.code}”（{places_of(claim.rows)}）引用的方法标准中，{named}未申请。",
                f"“{claim.code}” cites methods that are not claimed: {named}.",
                sides[-1],
                recorded("标准所引用的方法", named, snapshot),
                rows=indices_of(claim.rows),
                subject=claim.code,
            )
        else:
            zh = f"产品标准“{claim.code}”引用的{len(methods)}个方法标准均已申请。"
            yield match(zh, f"All methods that “{claim.code}” cites are claimed.", sides[-1], subject=claim.code)
    if not judged:
        yield not_applicable(
            "申请中没有产品标准，或标准数据没有列出其规范性引用文件。",
            "No product standard is claimed, or the register lists no references.",
        )


def _product(claim: Claim, register: Register, rules: Rules) -> StandardRecord | None:
    """The register's record of a claimed standard that is no method itself; None for methods and for what is not registered."""
    ref = next((ref for ref in claim.rows[0][1].standards if ref.key == claim.code), None)
    record = register.record(ref) if ref is not None else None
    return None if record is None or _says_method(record.title, rules) else record


def _is_method(ref: StandardRef, case: Case, register: Register, rules: Rules) -> bool:
    """Whether a cited standard is a method of test that could be applied for: in the library, by a title that says so."""
    library = library_of(case, rules)
    listed = library.exact.get(ref.key) if ref.year is not None else library.series.get(ref.series)
    titles = [record.title for record in listed or ()] + [r.title for r in register.series.get(ref.series, ())]
    active = bool(listed) and (ref.year is None or library.standing(ref).state in _TESTABLE)
    return active and any(_says_method(title, rules) for title in titles)


def _says_method(title: str, rules: Rules) -> bool:
    return any(word in key(title) for word in rules.method_words)
