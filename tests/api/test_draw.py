"""Draws: reproducible from the record alone, by hand too; weighted by risk; nobody inspects whom he must avoid."""

import dataclasses
import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from api.cli import main
from api.draw import Body, Person, Terms, bodies_in, draw, list_hash, load_risk_table, persons_in, verify
from api.draw.persons import must_avoid
from api.draw.risk import RiskTable, full_years
from api.settings import Settings
from api.store import log, open_store
from api.store.snapshots import upload_snapshot
from api.store.supervision import record_verification
from api.terminal import LOOK, NOTHING_TO_OBJECT, UNUSABLE
from models.errors import InputError
from models.records import RegistryKind, Verified
from tests.api.store.given import NOW, given_done

DAY = dt.date(2026, 11, 22)
SEED = "体育彩票 2026-11-22 第 26134 期 0418293"
TABLE = load_risk_table()
BODIES = [
    Body("91460100MAA9ABC12W", "海口椰风检测技术有限公司", blocking=2, complaints=3, last_inspected_on="2024-05-01"),
    Body("91460000MA5TE5T076", "三亚海湾检测有限公司", last_inspected_on="2026-06-01"),
    Body("12460000428200003X", "琼海市农产品质量检测中心", major=3),
    Body("92460100MA5TX0Y763", "儋州永信检测有限公司", last_inspected_on="2025-01-01"),
]
INSPECTORS = [Person(f"J{number}", f"检查员{number}", "海口市市场监督管理局") for number in range(1, 7)]


TWO = Terms(DAY, 2)


def drawn(terms: Terms = TWO, seed: str = SEED, **changes: object) -> dict[str, object]:
    given = {"bodies": BODIES, "inspectors": INSPECTORS} | changes
    return draw(seed, "", terms, given["bodies"], given["inspectors"], TABLE)  # type: ignore[arg-type]


def test_a_draw_can_be_made_again_by_hand() -> None:
    """With sha256 alone: what a doubter would type, not our own functions."""
    record = drawn()
    hashes = [record["bodies"]["sha256"], record["inspectors"]["sha256"]]  # type: ignore[index]
    for name, listed in zip(hashes, (BODIES, INSPECTORS), strict=True):
        lines = [
            json.dumps(one.entry(), ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
            for one in sorted(listed, key=lambda one: one.id)  # type: ignore[attr-defined]
        ]
        assert hashlib.sha256("".join(lines).encode()).hexdigest() == name
    best = {}
    for weight in record["weights"]:  # type: ignore[attr-defined]
        texts = ["\n".join([SEED, *hashes, "body", weight["id"], str(n)]) for n in range(1, weight["lots"] + 1)]
        best[weight["id"]] = min(hashlib.sha256(text.encode()).hexdigest() for text in texts)
    first, second = record["drawn"]  # type: ignore[misc]
    assert [first["body"], second["body"]] == sorted(best, key=best.__getitem__)[:2]
    order = sorted(
        hashlib.sha256("\n".join([SEED, *hashes, "inspector", first["body"], p.id]).encode()).hexdigest()
        for p in INSPECTORS
    )
    assert [member["lot"] for member in first["team"]] == order[:2]


def test_the_same_seed_and_lists_give_the_same_record_in_whatever_order() -> None:
    record = drawn()
    assert drawn(bodies=BODIES[::-1], inspectors=INSPECTORS[::-1]) == record
    assert verify(json.loads(json.dumps(record))) == []
    assert drawn(seed=SEED + "0")["drawn"] != record["drawn"]
    other = [*INSPECTORS[:-1], dataclasses.replace(INSPECTORS[-1], name="另一人")]
    assert drawn(inspectors=other)["drawn"][0]["lot"] != record["drawn"][0]["lot"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("path", "value", "differs"),
    [
        (("drawn", 0, "body"), "92460100MA5TX0Y763", "drawn.0.body"),
        (("drawn", 0, "team", 0, "inspector"), "J9", "drawn.0.team.0.inspector"),
        (("seed",), "another", "drawn.0.lot"),
        (("bodies", "entries", 0, "complaints"), 9, "bodies.sha256"),
        (("weights", 1, "lots"), 8, "weights.1.lots"),
        (("inspectors", "sha256"), "00", "inspectors.sha256"),
        (("risk", "points", "complaint"), 5, "sha256"),
    ],
)
def test_a_record_that_was_touched_is_found_out(path: tuple[str | int, ...], value: object, differs: str) -> None:
    record = json.loads(json.dumps(drawn()))
    place = record
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert differs in verify(record)


@pytest.mark.parametrize(
    "spoil", [{"algorithm": "other"}, {"drawn_on": "soon"}, {"terms": {"many": 1}}, {"bodies": {}}]
)
def test_what_is_no_record_is_refused(spoil: dict[str, object]) -> None:
    with pytest.raises(InputError):
        verify({**drawn(), **spoil})


def test_points_class_and_lots_follow_the_record_of_a_body() -> None:
    weights = {w["id"]: (w["points"], w["class"], w["lots"]) for w in drawn()["weights"]}  # type: ignore[attr-defined]
    assert weights == {
        "91460100MAA9ABC12W": (2 * 8 + 3 * 4 + 2 * 2, "C", 4),
        "91460000MA5TE5T076": (0, "A", 1),
        "12460000428200003X": (3 * 3 + 6 * 2, "C", 4),  # never inspected
        "92460100MA5TX0Y763": (2, "A", 1),
    }


def test_who_has_more_lots_is_drawn_more_often() -> None:
    wins = Counter(drawn(Terms(DAY, 1, 1), f"{n}")["drawn"][0]["body"] for n in range(600))  # type: ignore[index]
    assert 190 < wins["91460100MAA9ABC12W"] < 290  # 4 of 10 lots: 240 expected, four standard deviations are 48
    assert 30 < wins["91460000MA5TE5T076"] < 95  # 1 of 10


@examples(max_examples=30)
@given(st.text("0123456789abcdef", min_size=1), st.integers(1, 4), st.integers(1, 3), st.integers(0, 2))
def test_nobody_goes_where_he_must_not_nor_too_often(seed: str, count: int, team: int, most: int) -> None:
    tied = Person("J0", "陈海涛", former_units=("三亚海湾检测有限公司",), avoid=("91460100MAA9ABC12W",))
    record = drawn(Terms(DAY, count, team, most), seed, inspectors=[tied, *INSPECTORS])
    tasks: Counter[str] = Counter()
    for each in record["drawn"]:  # type: ignore[attr-defined]
        members = [member["inspector"] for member in each["team"]]
        assert len(set(members)) == len(members) == team - each["missing"]
        if each["body"] in ("91460000MA5TE5T076", "91460100MAA9ABC12W"):
            assert "J0" not in members
        tasks.update(members)
    assert len(record["drawn"]) == count  # type: ignore[arg-type]
    assert not most or max(tasks.values(), default=0) <= most


@pytest.mark.parametrize(
    ("person", "why"),
    [
        (Person("1", "甲", "海口椰风检测技术有限公司"), "employer"),
        (Person("1", "甲", "海口 椰风检测技术有限公司 "), "employer"),
        (Person("1", "甲", "某局", former_units=("海口椰风检测技术有限公司",)), "former employer"),
        (Person("1", "甲", "某中心", legal_entity="椰风集团有限公司"), "same legal person"),
        (Person("1", "甲", "某中心", unified_social_credit_code="91460100MAA9ABC12W"), "same legal person"),
        (Person("1", "甲", "某局", avoid=("242120340001",)), "declared"),
        (Person("1", "甲", "海口椰凤检测技术有限公司"), ""),
        (Person("1", "甲"), ""),
    ],
)
def test_why_somebody_must_keep_away(person: Person, why: str) -> None:
    said = must_avoid(person, ("海口椰风检测技术有限公司", "椰风集团有限公司"), ("91460100MAA9ABC12W", "242120340001"))
    assert said.endswith(why) if why else said == ""


def test_full_years_are_those_that_are_over() -> None:
    assert full_years(dt.date(2024, 11, 23), DAY) == 1
    assert full_years(dt.date(2024, 11, 22), DAY) == 2
    assert full_years(dt.date(2024, 2, 29), dt.date(2025, 2, 28)) == 1
    assert full_years(dt.date(2027, 1, 1), DAY) == 0


def test_lists_that_cannot_be_drawn_from_are_refused() -> None:
    for changes in ({"bodies": [BODIES[0], BODIES[0]]}, {"inspectors": [Person("a\nb", "甲")]}):
        with pytest.raises(InputError):
            drawn(**changes)
    with pytest.raises(InputError, match="种子"):
        drawn(seed=" ")
    with pytest.raises(ValueError, match="begin at 0"):
        RiskTable.of({"points": {}, "classes": [["A", 5, 1]]})


def test_bodies_of_several_certificates_are_one() -> None:
    row = {"name": "甲检测有限公司", "unified_social_credit_code": "91460100MAA9ABC12W", "complaints": "2"}
    found = bodies_in(
        [{**row, "number": "242120340001"}, {**row, "number": "242120340002", "last_inspected_on": "2025.3.1"}]
    )
    (body,) = found
    assert (body.certificates, body.complaints) == (("242120340001", "242120340002"), 2)
    assert body.last_inspected_on == "2025-03-01"
    assert bodies_in([{}]) == []
    assert (
        persons_in([{"name": "甲", "status": "退出"}, {"expert_id": "2", "name": "乙", "workload": "3"}])[0].workload
        == 3
    )


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("ZHENGSHEN_DATA", str(tmp_path / "data"))
    (tmp_path / "bodies.csv").write_text(
        "统一社会信用代码,机构名称,投诉数,上次检查日期\n91460100MAA9ABC12W,海口椰风检测技术有限公司,3,2024-05-01\n"
        "91460000MA5TE5T076,三亚海湾检测有限公司,0,2026-06-01\n",
        "utf-8",
    )
    (tmp_path / "people.csv").write_text(
        "执法证号,姓名,单位\nJ1,检查员甲,省局\nJ2,检查员乙,省局\nJ3,检查员丙,三亚海湾检测有限公司\n", "utf-8"
    )
    lists = ("--bodies", str(tmp_path / "bodies.csv"), "--inspectors", str(tmp_path / "people.csv"))
    return lambda *words: CliRunner().invoke(main, ["draw", *lists, *map(str, words)], prog_name="zhengshen")


def test_the_command_draws_and_verifies(run: Callable[..., Result], tmp_path: Path) -> None:
    hashes = json.loads(run("--json").stdout)
    out = tmp_path / "record.json"
    words = ("--seed", SEED, "--seed-source", "体彩网", "--count", 2, "--as-of", "2026-11-22", "--output", out)
    result = run(*words)
    assert result.exit_code == NOTHING_TO_OBJECT, result.stderr
    assert "检查员丙：现工作单位" in result.stdout
    record = json.loads(out.read_text("utf-8"))
    assert {name: record[name]["sha256"] for name in hashes} == hashes  # the lists that were published before
    assert run("--verify", out).exit_code == NOTHING_TO_OBJECT
    record["drawn"][0]["team"][0]["inspector"] = "J3"
    out.write_text(json.dumps(record), "utf-8")
    result = run("--verify", out, "--json")
    assert result.exit_code == LOOK
    assert "drawn.0.team.0.inspector" in json.loads(result.stdout)["differing"]
    (tmp_path / "bodies.csv").write_text(
        "统一社会信用代码,机构名称\n91460000MA5TE5T076,三亚海湾检测有限公司\n", "utf-8"
    )
    assert "bodies.sha256" in json.loads(run("--verify", out, "--json").stdout)["differing"]


def test_a_draw_that_comes_out_short_is_said(run: Callable[..., Result], tmp_path: Path) -> None:
    result = run("--seed", SEED, "--count", 3, "--team", 3)
    assert result.exit_code == LOOK
    assert "short of inspectors" in result.stdout
    assert CliRunner().invoke(main, ["draw", "--seed", "1"], prog_name="zhengshen").exit_code == UNUSABLE
    (tmp_path / "bad.json").write_text("[]", "utf-8")
    assert run("--verify", tmp_path / "bad.json").exit_code == UNUSABLE


def test_lists_hash_the_same_whatever_their_order() -> None:
    entries = [body.entry() for body in BODIES]
    assert list_hash(entries) == list_hash(entries[::-1])


def test_issued_certificates_are_drawn_with_what_the_service_knows_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHENGSHEN_DATA", str(tmp_path))
    store = open_store(Settings(data=tmp_path))
    given_done(store)  # one blocking and two major findings
    lines = [
        "证书编号,机构名称,统一社会信用代码,承诺核查日期",
        "242120340001,海口椰风检测技术有限公司,91460100MAA9ABC12W,2024-03-01",
        "242120340002,三亚海湾检测有限公司,91460000MA5TE5T076,",
    ]
    upload_snapshot(store, RegistryKind.CMA, "cma.csv", "\n".join(lines).encode(), DAY, actor="user:li", now=NOW)
    record_verification(store, "242120340001", dt.date(2025, 11, 1), Verified.TRUE, actor="user:li", now=NOW)
    store.close()
    (tmp_path / "people.csv").write_text("执法证号,姓名,单位\nJ1,检查员甲,省局\nJ2,检查员乙,省局\n", "utf-8")
    words = [
        "draw",
        "--inspectors",
        str(tmp_path / "people.csv"),
        "--seed",
        SEED,
        "--count",
        "2",
        "--as-of",
        "2026-11-22",
    ]
    record = json.loads(CliRunner().invoke(main, [*words, "--json"], prog_name="zhengshen").stdout)
    points = {weight["id"]: weight["points"] for weight in record["weights"]}
    assert points == {"91460100MAA9ABC12W": 8 + 2 * 3 + 2, "91460000MA5TE5T076": 12}
    store = open_store(Settings(data=tmp_path))
    assert log.entries(store, subject=record["sha256"])[0].action == "draw.made"
    store.close()
