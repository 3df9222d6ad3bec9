"""SC-10: the methods that a claimed product standard cites."""

import pytest

from models.finding import Outcome, Severity
from models.records import LibraryRecord
from tests.matchers.factory import LIBRARY, ROWS, answered, make_case, ref, run, said, unavailable, with_rows
from tests.matchers.faults_scope import WATER, citing_case

X, NA, SILENT = Outcome.MISMATCH, Outcome.NOT_APPLICABLE, Outcome.SOURCE_UNAVAILABLE
N = Severity.MINOR


@pytest.mark.parametrize(
    ("cites", "expected"),
    [
        ((), [(NA, N)]),
        (("GB 5009.3-2016",), []),  # claimed
        (("GB 5009.3",), []),  # claimed, whatever the year
        (("GB 5009.3-2010",), [(NA, N)]),  # an edition that nobody can apply for
        (("GB 5009.12-2023",), [(X, N)]),
        (("GB 5009.12",), [(X, N)]),
        (("GB/T 191-2025", "GB 7718-2025"), [(NA, N)]),  # packaging and labels are no methods in the library
        (("GB 5009.4-2016", "GB 5009.12-2023", "GB 5009.3-2016"), [(X, N)]),
    ],
)
def test_citations(cites: tuple[str, ...], expected: list[object]) -> None:
    assert said("SC-10", citing_case(*cites)) == expected


def test_the_finding_names_what_lacks_and_where() -> None:
    (finding,) = [f for f in run("SC-10", citing_case("GB 5009.4-2016", "GB 5009.12-2023")) if f.outcome is X]
    assert "GB 5009.4-2016、GB 5009.12-2023未申请" in finding.message.zh
    assert finding.rows == (1,)
    assert finding.subject == WATER


def test_a_method_that_cites_others_is_no_product() -> None:
    assert said("SC-10", citing_case("GB 5009.12-2023", title="包装饮用水检验方法")) == [(NA, N)]


def test_without_registers() -> None:
    assert said("SC-10", make_case(**unavailable("standards"))) == [(SILENT, N)]
    assert said("SC-10", make_case(**unavailable("library"))) == [(SILENT, N)]
    product = LibraryRecord("食品检验", "包装饮用水", WATER, "", ref(WATER))
    unregistered = with_rows(*ROWS, library=answered("library", *LIBRARY, product))
    assert said("SC-10", unregistered) == [(NA, N)]
