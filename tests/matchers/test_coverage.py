"""授权签字领域: which rows a field of signing takes in."""

import pytest

from extractor.signing import read_signing
from matchers.coverage import covers
from models.finding import Outcome
from models.papers import Signatory
from tests.matchers.factory import form, make_case, row, run, said


@pytest.mark.parametrize(
    ("field", "thing", "parameter", "outcome"),
    [
        ("全部检测项目", "食品", "水分", Outcome.MATCH),
        ("全部检测项目（微生物除外）", "食品", "水分", Outcome.MATCH),
        ("全部检测项目（菌落总数除外）", "食品", "菌落总数", Outcome.MISMATCH),
        ("食品检测", "食品", "水分", Outcome.MATCH),
        ("食品检测（不含水分）", "食品", "水分", Outcome.MISMATCH),
        ("水和废水、噪声检测", "废水", "总磷", Outcome.MATCH),
        ("建筑材料检测", "建筑用砂", "含泥量", Outcome.TOLERATED),
        ("建筑材料检测", "肉及肉制品", "脂肪", Outcome.MISMATCH),
        ("检测报告签发", "食品", "水分", Outcome.TOLERATED),
        ("理化检测（农药残留、兽药残留）", "蔬菜", "农药残留", Outcome.MATCH),
    ],
)
def test_covers(field: str, thing: str, parameter: str, outcome: Outcome) -> None:
    claimed = row(object=thing, parameter=parameter, method="GB/T 1-2020")
    assert covers(read_signing(field), claimed).outcome is outcome


def test_the_domain_of_a_standard_counts() -> None:
    claimed = row(object="大米", parameter="镉", method="GB 5009.15-2023")
    assert covers(read_signing("食品检测"), claimed).outcome is Outcome.MISMATCH
    assert covers(read_signing("食品检测"), claimed, ["食品检验"]).outcome is Outcome.MATCH


def test_sg_02_hears_the_exception() -> None:
    def person(field: str) -> tuple[Signatory, ...]:
        return (Signatory("陈立新", field, "A", title="工程师", signs=read_signing(field)),)

    assert said("SG-02", make_case(form(signatories=person("全部检测项目")))) == []
    excepted = make_case(form(signatories=person("全部检测项目（水分除外）")))
    (found,) = [finding for finding in run("SG-02", excepted) if finding.outcome is Outcome.MISMATCH]
    assert found.rows == (0,)
