"""Experts: fields in the library's domains, and panels that cover what people must decide, drawn so that anyone can check."""

import dataclasses
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from api.commands_experts import applicant_of
from api.draw import Person
from api.experts import Need, domains_of, needs_of, propose, unplaced, verify_panel
from api.render.json import report_json
from api.terminal import LOOK, NOTHING_TO_OBJECT, UNUSABLE
from matchers.rules import load_rules
from matchers.standards import index_library
from models.errors import InputError
from models.records import LibraryRecord
from models.report import Decision, Report
from models.standards import StandardRef

DAY = dt.date(2026, 11, 22)
APPLICANT = {"names": ["海口椰风检测技术有限公司"], "codes": ["91460100MAA9ABC12W"]}
EXPERTS = [
    Person("E1", "王琼", "省食品检验所", fields=("食品理化",)),
    Person("E2", "符海燕", "省环境监测站", fields=("环境监测", "水质")),
    Person("E3", "李文昌", "海口椰风检测技术有限公司", fields=("食品",)),
    Person("E4", "陈保亭", "某大学", fields=("食品微生物", "生态环境"), workload=5),
    Person("E5", "林东方", "省质检院", fields=("食品", "建筑材料"), workload=2),
]
NEEDS = [Need("食品检验", (1, 4)), Need("生态环境监测", (2,)), Need("司法鉴定检测", (7,))]


def panel(seed: str = "1", needs: list[Need] = NEEDS, **terms: int) -> dict[str, Any]:
    return propose(seed, "", DAY, needs, EXPERTS, APPLICANT, **terms)


@pytest.mark.parametrize(
    ("field", "domains"),
    [
        ("食品理化检验", ("食品检验",)),
        ("环境监测（水和废水）", ("生态环境监测",)),
        ("建筑材料、机动车", ("产品质量检验", "机动车排放、安全技术检验")),
        ("产品质量检验", ("产品质量检验",)),
        ("古籍修复", ()),
    ],
)
def test_fields_belong_to_the_librarys_domains(field: str, domains: tuple[str, ...]) -> None:
    assert domains_of([field]) == domains
    assert unplaced([field]) == (() if domains else (field,))


def row(method: str, decision: str = "human", thing: str = "") -> dict[str, Any]:
    keys = [{"key": ref.key} for ref in ([StandardRef.parse(method)] if method else [])]
    return {"decision": decision, "row": {"object": thing, "parameter": "", "method": method, "standards": keys}}


def test_rows_need_the_domain_of_their_standard_else_of_their_words() -> None:
    code = "GB 5009.12-2017"
    library = index_library([LibraryRecord("食品检验", "铅", code, "", StandardRef.parse(code))], load_rules())
    rows = [
        row("GB 5009.12-2023"),  # another year of a series that the library holds
        row("HJ 670-2013", thing="地表水 水质"),
        row(code, "issue"),
        row("", thing="其他"),
    ]
    assert needs_of(rows, library) == ([Need("生态环境监测", (2,)), Need("食品检验", (1,))], (4,))
    assert needs_of([row(code, thing="白酒")]) == ([], (1,))


def test_every_domain_is_covered_by_those_who_may_and_can() -> None:
    record = panel()
    assert record["uncovered"] == ["司法鉴定检测"]
    assert record["avoided"] == [{"expert": "E3", "why": "现工作单位 employer"}]
    assert record["busy"] == ["E4"]
    assert {seat["for"] for seat in record["seats"]} == {"食品检验", "生态环境监测"}
    assert {seat["expert"] for seat in record["seats"]} <= {"E1", "E2", "E5"}
    assert next(seat for seat in record["seats"] if seat["for"] == "食品检验")["among"] == 2


def test_one_who_knows_both_takes_both_and_the_busy_come_seldom() -> None:
    needs = NEEDS[:2]
    free = [dataclasses.replace(person, workload=0) for person in EXPERTS]
    panels = [propose(f"{n}", "", DAY, needs, free, APPLICANT) for n in range(60)]
    assert any([s["expert"] for s in p["seats"]] == ["E4"] for p in panels)
    first = [panel(f"{n}", NEEDS[:1])["seats"][0]["expert"] for n in range(300)]
    assert 145 < first.count("E1") < 230  # 5 lots of 8: 187 expected, four standard deviations are 34


def test_a_panel_is_filled_to_its_size_or_says_what_is_missing() -> None:
    assert [len(panel(size=3)["seats"]), panel(size=3)["missing"]] == [3, 0]
    assert [len(panel(size=4)["seats"]), panel(size=4)["missing"]] == [3, 1]


def test_a_panels_record_is_verified_and_tampering_found() -> None:
    record = json.loads(json.dumps(panel(size=3)))
    assert verify_panel(record) == []
    record["seats"][0]["expert"] = "E3"
    assert "seats.0.expert" in verify_panel(record)
    record["experts"]["entries"][3]["workload"] = 0
    assert {"experts.sha256", "busy"} <= set(verify_panel(record))
    with pytest.raises(InputError):
        verify_panel({"seed": "1"})
    with pytest.raises(InputError):
        propose("", "", DAY, NEEDS, EXPERTS, APPLICANT)
    with pytest.raises(InputError, match="重复"):
        propose("1", "", DAY, NEEDS, [EXPERTS[0], EXPERTS[0]], APPLICANT)


def test_the_applicant_and_its_legal_person_are_kept_away_from() -> None:
    legal = {"name": {"value": "椰风集团有限公司"}, "unified_social_credit_code": {"value": "91460000MA5TE5T076"}}
    papers = [
        {"fields": {"name": {"value": "甲中心"}, "legal_entity": {"value": "乙公司"}}},
        {"fields": {"name": {"value": None}, "legal_entity": legal}},
    ]
    assert applicant_of(papers) == {
        "names": ["甲中心", "乙公司", "椰风集团有限公司"],
        "codes": ["91460000MA5TE5T076"],
    }


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("ZHENGSHEN_DATA", str(tmp_path / "data"))
    (tmp_path / "experts.csv").write_text(
        "专家编号,姓名,工作单位,专业领域\nE1,王琼,省食品检验所,食品理化\nE2,符海燕,省环境监测站,水质\n"
        "E3,李文昌,海口椰风检测技术有限公司,食品\n",
        "utf-8",
    )
    return lambda *words: CliRunner().invoke(main, [*map(str, words)], prog_name="zhengshen")


def test_the_commands_from_import_to_verification(run: Callable[..., Result], report: Report, tmp_path: Path) -> None:
    assert run("registry", "import", "experts", tmp_path / "experts.csv", "--as-of", "2026-11-01").exit_code == 0
    listed = json.loads(run("experts", "list", "--json").stdout)
    assert [(e["id"], e["domains"]) for e in listed][:2] == [("E1", ["食品检验"]), ("E2", ["生态环境监测"])]
    waiting = dataclasses.replace(
        report, rows=tuple(dataclasses.replace(each, decision=Decision.HUMAN) for each in report.rows)
    )
    (tmp_path / "report.json").write_text(json.dumps(report_json(waiting)), "utf-8")
    out = tmp_path / "panel.json"
    words = ("experts", "panel", tmp_path / "report.json", "--seed", "7", "--assign", "--output", out)
    result = run(*words)
    assert result.exit_code == NOTHING_TO_OBJECT, result.output
    assert "王琼" in result.stdout
    assert "回避 李文昌：现工作单位" in result.stdout
    assert run("draw", "--verify", out).exit_code == NOTHING_TO_OBJECT
    assert json.loads(run("experts", "list", "--json").stdout)[0]["workload"] == 1
    sha256 = json.loads(out.read_text("utf-8"))["sha256"]
    assert run("experts", "done", sha256).exit_code == NOTHING_TO_OBJECT
    assert json.loads(run("experts", "list", "--json").stdout)[0]["workload"] == 0
    assert run("experts", "done", sha256).exit_code == UNUSABLE
    assert run(*words[:-2], "--size", 3).exit_code == LOOK
    (tmp_path / "report.json").write_text("{}", "utf-8")
    assert run(*words).exit_code == UNUSABLE
