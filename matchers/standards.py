"""Standard numbers against each other and against 能力项目库: the same, another type, another year, or another standard."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from matchers.rules import Rules
from models.finding import Bilingual, Comparison, Outcome
from models.records import LibraryRecord
from models.standards import StandardRef
from models.text import key


class LibraryState(StrEnum):
    """Where a standard stands in the library. Only `in_lib` may be issued directly.

    `series_only`: the number is there with another year, which is no equivalence. `type_variant`: the same number and year as GB
    instead of GB/T or the reverse. `ambiguous`: no year is printed and the library holds the number.
    """

    IN_LIB = "in_lib"
    CITE_ONLY = "cite_only"
    ABOLISHED = "abolished"
    TYPE_VARIANT = "type_variant"
    SERIES_ONLY = "series_only"
    AMBIGUOUS = "ambiguous"
    NOT_IN_LIB = "not_in_lib"


@dataclass(frozen=True, slots=True)
class Standing:
    """A standard's state with the library records it rests on, and the code to apply for instead where there is one."""

    state: LibraryState
    records: tuple[LibraryRecord, ...] = ()
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Library:
    """The library by standard key, by key without type, by series, and by title for methods without a code."""

    rules: Rules
    exact: dict[str, list[LibraryRecord]]
    typeless: dict[str, list[LibraryRecord]]
    series: dict[str, list[LibraryRecord]]
    records: tuple[LibraryRecord, ...]
    _titles: dict[str, list[LibraryRecord]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def standing(self, ref: StandardRef) -> Standing:
        """Where this standard stands; one lookup by hash, however large the library."""
        if ref.kind == "document":
            return self._of_remark(self.exact.get(ref.key) or self._titled(ref.title or ref.printed))
        if ref.year is None:
            namesakes = self.series.get(ref.series, [])
            state = LibraryState.AMBIGUOUS if namesakes else LibraryState.NOT_IN_LIB
            return Standing(state, tuple(namesakes), self._newest(namesakes))
        if found := self.exact.get(ref.key):
            return self._of_remark(found, ref.series)
        if found := self.typeless.get(ref.key_without_type):
            return Standing(LibraryState.TYPE_VARIANT, tuple(found), found[0].code)
        if found := self.series.get(ref.series):
            return Standing(LibraryState.SERIES_ONLY, tuple(found), self._newest(found))
        return Standing(LibraryState.NOT_IN_LIB)

    def titled(self, method: str) -> Standing:
        """Where a method without any standard number stands, by its title."""
        return self._of_remark(self._titled(method))

    def _titled(self, title: str) -> list[LibraryRecord]:
        """The records of this title, and those whose code has no known form, by that code as words; indexed when first asked."""
        if not self._titles:
            for record in self.records:
                self._titles.setdefault(key(record.title), []).append(record)
                if record.standard is None:
                    self._titles.setdefault(key(record.code), []).append(record)
        return self._titles.get(key(title), [])

    def _of_remark(self, found: list[LibraryRecord], series: str = "") -> Standing:
        """The best state among records of one standard, for it may stand in several 领域 with different 备注."""
        if not found:
            return Standing(LibraryState.NOT_IN_LIB)
        states = [remark_state(record.remark, self.rules) for record in found]
        best = min(states, key=_ORDER.index)
        records = tuple(record for record, state in zip(found, states, strict=True) if state is best)
        replaced = best is LibraryState.ABOLISHED
        return Standing(best, records, self._newest(self.series.get(series, [])) if replaced else None)

    def _newest(self, records: list[LibraryRecord]) -> str | None:
        """The code of the latest active record; None where none is active."""
        active = [
            r for r in records if remark_state(r.remark, self.rules) is LibraryState.IN_LIB and r.standard is not None
        ]
        return max(active, key=lambda r: ((r.standard and r.standard.year) or 0, r.code)).code if active else None


_ORDER = (LibraryState.IN_LIB, LibraryState.CITE_ONLY, LibraryState.ABOLISHED)


def index_library(records: Iterable[LibraryRecord], rules: Rules) -> Library:
    """The library ready for lookups; a record whose code has no known form is found by its title and by that code as words."""
    library = Library(rules, {}, {}, {}, tuple(records))
    for record in library.records:
        if record.standard is None:
            continue
        library.exact.setdefault(record.standard.key, []).append(record)
        library.typeless.setdefault(record.standard.key_without_type, []).append(record)
        library.series.setdefault(record.standard.series, []).append(record)
    return library


def remark_state(remark: str, rules: Rules) -> LibraryState:
    """What a 备注 says. `废止，仅限…引用` is cite_only although it holds the word 废止, so cite_only is read first."""
    text = key(remark)
    if rules.library_cite_only.search(text):
        return LibraryState.CITE_ONLY
    return LibraryState.ABOLISHED if rules.library_abolished.search(text) else LibraryState.IN_LIB


def compare_standards(left: StandardRef, right: StandardRef) -> Comparison:
    """Two references. GB and GB/T of one number and year are one text (tolerated); another year is another standard."""
    if left.key == right.key:
        return Comparison(Outcome.MATCH, 1.0, Bilingual("标准编号及年号相同。", "The same number and year."))
    if left.key_without_type == right.key_without_type:
        tolerance = "仅强制性与推荐性标识不同（GB 与 GB/T）"
        return Comparison(
            Outcome.TOLERATED,
            0.95,
            Bilingual(f"{tolerance}。", "They differ only in being mandatory or recommended."),
            tolerance,
        )
    if left.series == right.series:
        return Comparison(Outcome.MISMATCH, 0.6, Bilingual("同一标准，年号不同。", "The same standard, another year."))
    return Comparison(Outcome.MISMATCH, 0.0, Bilingual("不是同一标准。", "Different standards."))


def undated(refs: Iterable[StandardRef]) -> Iterator[StandardRef]:
    """The references that are standards and bear no year."""
    return (ref for ref in refs if ref.kind == "standard" and ref.year is None)
