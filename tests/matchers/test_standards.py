"""Standards against each other and against the library; dates."""

import datetime as dt

import pytest

from matchers.periods import compare_dates, days_left
from matchers.rules import load_rules
from matchers.standards import LibraryState, compare_standards, index_library, remark_state, undated
from models.dates import FOREVER
from models.finding import Outcome
from models.records import LibraryRecord
from tests.matchers.factory import ref

RULES = load_rules()


def record(code: str, remark: str = "", domain: str = "食品检验", title: str = "某标准") -> LibraryRecord:
    try:
        return LibraryRecord(domain, title, code, remark, ref(code))
    except ValueError:
        return LibraryRecord(domain, title, code, remark, None)


LIBRARY = index_library(
    [
        record("GB 5009.3-2016"),
        record("GB/T 5009.11-2014", "废止"),
        record("GB 5009.11-2024"),
        record("GB/T 8538-2022", "废止，仅限能力项目库范围内现行有效产品标准引用本标准及监督抽检时申请"),
        record("GB/T 7000-2016"),
        record("GB/T 7000-2019"),
        record("GB/T 7000-2023", "废止"),
        record("HJ 91-2002", "作废", "生态环境监测"),
        record("HJ 91-2002", "", "农产品质量检验"),
        record("NY/T 10-2001", "被NY/T 10-2011代替"),
        record("自编-01", "", "生态环境监测", "浊度的测定"),
        record("中华人民共和国药典 2020年版 四部 通则0512", "", "产品质量检验", "高效液相色谱法"),
        record("T/HNX 1-2020", "废止"),
    ],
    RULES,
)


@pytest.mark.parametrize(
    ("code", "state", "suggestion"),
    [
        ("GB 5009.3-2016", LibraryState.IN_LIB, None),
        ("GB 5009.3—2016", LibraryState.IN_LIB, None),
        ("GB/T 5009.3-2016", LibraryState.TYPE_VARIANT, "GB 5009.3-2016"),
        ("GB 5009.3-2003", LibraryState.SERIES_ONLY, "GB 5009.3-2016"),
        ("GB/T 7000-2010", LibraryState.SERIES_ONLY, "GB/T 7000-2019"),
        ("T/HNX 1-2019", LibraryState.SERIES_ONLY, None),
        ("GB/T 5009.11-2014", LibraryState.ABOLISHED, "GB 5009.11-2024"),
        ("NY/T 10-2001", LibraryState.ABOLISHED, None),
        ("GB/T 8538-2022", LibraryState.CITE_ONLY, None),
        ("HJ 91-2002", LibraryState.IN_LIB, None),
        ("GB 5009.3", LibraryState.AMBIGUOUS, "GB 5009.3-2016"),
        ("GB 9999.9", LibraryState.NOT_IN_LIB, None),
        ("GB 9999.9-2020", LibraryState.NOT_IN_LIB, None),
        ("GBZ 5009.3-2016", LibraryState.NOT_IN_LIB, None),
        ("中华人民共和国药典 2020年版 四部 通则0512", LibraryState.IN_LIB, None),
        ("中华人民共和国药典 2015年版 四部 通则0512", LibraryState.NOT_IN_LIB, None),
    ],
)
def test_standing(code: str, state: LibraryState, suggestion: str | None) -> None:
    standing = LIBRARY.standing(ref(code))
    assert (standing.state, standing.suggestion) == (state, suggestion)


def test_only_the_active_domain_counts() -> None:
    assert [r.domain for r in LIBRARY.standing(ref("HJ 91-2002")).records] == ["农产品质量检验"]


def test_methods_without_a_code() -> None:
    assert LIBRARY.titled("浊度 的测定").state is LibraryState.IN_LIB
    assert LIBRARY.titled("自编-01").state is LibraryState.IN_LIB
    assert LIBRARY.titled("实验室自编方法").state is LibraryState.NOT_IN_LIB


@pytest.mark.parametrize(
    ("remark", "state"),
    [
        ("", LibraryState.IN_LIB),
        ("代替GB/T 1-2000", LibraryState.IN_LIB),
        ("废止", LibraryState.ABOLISHED),
        ("已由GB/T 2-2010替代", LibraryState.ABOLISHED),
        ("废止，仅限监督抽检时申请", LibraryState.CITE_ONLY),
        ("废止，仅限能力项目库范围内产品标准引用本标准时申请", LibraryState.CITE_ONLY),
    ],
)
def test_remarks(remark: str, state: LibraryState) -> None:
    assert remark_state(remark, RULES) is state


@pytest.mark.parametrize(
    ("left", "right", "outcome"),
    [
        ("GB 5009.3-2016", "GB5009.3—2016", Outcome.MATCH),
        ("GB 5009.3-2016", "GB/T 5009.3-2016", Outcome.TOLERATED),
        ("GB 5009.3-2016", "GB 5009.3-2010", Outcome.MISMATCH),
        ("GB 5009.3-2016", "GB 5009.4-2016", Outcome.MISMATCH),
        ("GBZ 2-2016", "GB 2-2016", Outcome.MISMATCH),
    ],
)
def test_compare(left: str, right: str, outcome: Outcome) -> None:
    there, back = compare_standards(ref(left), ref(right)), compare_standards(ref(right), ref(left))
    assert there.outcome is back.outcome is outcome
    assert there.score == back.score


def test_undated() -> None:
    refs = [ref("JB 4730"), ref("GB 5009.3-2016")]
    assert [each.key for each in undated(refs)] == ["JB 4730"]


def test_days_left_counts_the_last_day_in() -> None:
    assert [days_left(dt.date(2026, 7, day), dt.date(2026, 7, 2)) for day in (1, 2, 3)] == [-1, 0, 1]


def test_dates() -> None:
    assert compare_dates(dt.date(2026, 1, 1), dt.date(2026, 1, 1)).outcome is Outcome.MATCH
    assert "相差1天" in compare_dates(dt.date(2026, 1, 1), dt.date(2026, 1, 2)).detail.zh
    assert "长期" in compare_dates(FOREVER, dt.date(2026, 1, 2)).detail.zh
