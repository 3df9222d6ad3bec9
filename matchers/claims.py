"""The claim by its standards and by kinds of rows: what one remark speaks of at once, sure and unsure readings apart."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from matchers.applied import testing_rows
from matchers.check import CONFIDENCE_FLOOR
from matchers.rules import Rules
from matchers.sides import row_side
from matchers.standards import Library, Standing, index_library
from matchers.wording import named
from models.case import Case
from models.finding import Side
from models.papers import CapabilityRow

Rows = list[tuple[int, CapabilityRow]]
"""Claimed rows, each with its index among all claimed rows."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One standard of the claim, or a method without one: its rows, where it stands, and what it is called."""

    code: str
    standing: Standing
    rows: Rows


def library_of(case: Case, rules: Rules) -> Library:
    """The library as it answered for this case, indexed once; an empty one where it could not be asked."""
    return case.once(_library_of, rules)


def _library_of(case: Case, rules: Rules) -> Library:
    answer = case.registries.library
    return index_library(answer.records if answer.available else (), rules)


def claims_of(case: Case, rules: Rules) -> tuple[Claim, ...]:
    """Each standard once, with every row that claims it, worked out once for a case; sure and unsure readings apart."""
    return case.once(_claims_of, rules)


def _claims_of(case: Case, rules: Rules) -> tuple[Claim, ...]:
    library = library_of(case, rules)
    grouped: dict[tuple[str, bool], Rows] = {}
    standings: dict[str, Standing] = {}
    for numbered in testing_rows(case):
        row = numbered[1]
        sure = row.confidence >= CONFIDENCE_FLOOR
        for ref in row.standards:
            code = ref.key
            if code not in standings:
                standings[code] = library.standing(ref)
            grouped.setdefault((code, sure), []).append(numbered)
        if not row.standards:
            words = row.method or "（方法栏为空）"
            standings[words] = library.titled(row.method)
            grouped.setdefault((words, sure), []).append(numbered)
    return tuple(Claim(code, standings[code], rows) for (code, _), rows in grouped.items())


def alike(rows: Sequence[tuple[int, CapabilityRow]], of: Callable[[int, CapabilityRow], object]) -> Iterable[Rows]:
    """Rows with the same answer of `of`, sure and unsure readings apart, in order."""
    groups: dict[tuple[object, bool], Rows] = {}
    for numbered in rows:
        index, row = numbered
        groups.setdefault((of(index, row), row.confidence >= CONFIDENCE_FLOOR), []).append(numbered)
    return groups.values()


def claimed_side(rows: Rows, value: str = "") -> Side:
    """The rows as one side of a comparison, shown by `value`, else by the first of them."""
    return row_side("申请能力项", [row for _, row in rows], value or named(rows[0][1]))


def indices_of(rows: Rows) -> tuple[int, ...]:
    """The indices among all claimed rows, each once."""
    return tuple(dict.fromkeys(index for index, _ in rows))


def places_of(rows: Rows) -> str:
    """The rows by their numbers as people count: 第 1、2、3 项."""
    indices = indices_of(rows)
    shown = "、".join(str(index + 1) for index in indices[:_SHOWN])
    return f"申请第 {shown} 项" if len(indices) <= _SHOWN else f"申请第 {shown} 等{len(indices)}项"


def doubt(rows: Rows) -> str:
    """What tells a group of unsure readings from the sure ones with the same subject."""
    return " 识别存疑" if rows[0][1].confidence < CONFIDENCE_FLOOR else ""


_SHOWN = 8
