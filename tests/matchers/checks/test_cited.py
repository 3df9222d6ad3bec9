"""SC-10: the methods that a claimed product standard cites."""

from dataclasses import replace

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


def test_what_may_only_be_cited_says_who_cites_it() -> None:
    case = citing_case("GB 5009.12-2023", claimed="GB 5009.12-2023")
    remark = "废止，仅限能力项目库范围内现行有效产品标准引用本标准及监督抽检时申请"
    records = [
        replace(record, remark=remark) if record.code == "GB 5009.12-2023" else record
        for record in case.registries.library.records
    ]
    restricted = replace(case, registries=replace(case.registries, library=answered("library", *records)))
    (finding,) = [f for f in run("SC-05", restricted) if f.outcome is X]
    assert f"所申请的{WATER}引用了该标准" in finding.message.zh
    assert finding.severity is Severity.MAJOR
    uncited = citing_case("GB 5009.4-2016", claimed="GB 5009.12-2023")
    alone = replace(uncited, registries=replace(uncited.registries, library=answered("library", *records)))
    (finding,) = [f for f in run("SC-05", alone) if f.outcome is X]
    assert "引用了该标准" not in finding.message.zh


def test_without_registers() -> None:
    assert said("SC-10", make_case(**unavailable("standards"))) == [(SILENT, N)]
    assert said("SC-10", make_case(**unavailable("library"))) == [(SILENT, N)]
    product = LibraryRecord("食品检验", "包装饮用水", WATER, "", ref(WATER))
    unregistered = with_rows(*ROWS, library=answered("library", *LIBRARY, product))
    assert said("SC-10", unregistered) == [(NA, N)]
