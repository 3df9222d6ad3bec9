"""What new snapshots change: states of standards, accreditations, issued rows and open cases, and that the rest is passed over."""

import dataclasses
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import api.holdings
from api.cli import main
from api.holdings import impact
from api.impact import (
    Change,
    HolderKind,
    Holding,
    accreditation_effects,
    differing,
    library_effects,
    status_effects,
    tally,
)
from api.reading import Reading
from api.render.impact import impact_text
from api.render.json import report_json
from api.terminal import LOOK, NOTHING_TO_OBJECT, UNUSABLE
from extractor.registries import import_snapshot, open_snapshots
from matchers.rules import load_rules
from matchers.standards import Library, index_library
from models.errors import InputError
from models.records import AccreditationRecord, LibraryRecord, RegistryKind, StandardRecord
from models.report import Report
from models.standards import StandardRef, find_references

LIBRARY = (
    ("食品检验", "食品中水分的测定", "GB 5009.3-2016", ""),
    ("食品检验", "食品中铅的测定", "GB 5009.12-2023", ""),
    ("食品检验", "食品中总汞的测定", "GB 5009.17-2021", ""),
    ("食品检验", "蜂蜜中果糖的测定", "GB/T 18932.22-2003", ""),
    ("生态环境监测", "水质 总磷的测定", "HJ 670-2013", ""),
    ("生态环境监测", "水和废水监测分析方法", "", ""),
)
ROWS = (
    ("242120340001", "水分", "食品中水分的测定 GB 5009.3-2016"),
    ("242120340001", "铅", "食品中铅的测定 GB 5009.12-2023 第一法"),
    ("242120340001", "铅", "食品中铅的测定 GB 5009.12-2017"),
    ("242120340002", "总汞", "食品中总汞的测定 GB 5009.17-2021；水质 总磷的测定 HJ 670-2013"),
    ("242120340002", "果糖", "蜂蜜中果糖的测定 GB/T 18932.22-2003"),
)


def holding(method: str, row: int = 1, holder: str = "242120340001") -> Holding:
    return Holding(HolderKind.CERTIFICATE, holder, row, "A", "食品", "铅", method, tuple(find_references(method)))


def library(*entries: tuple[str, str, str, str]) -> Library:
    records = [LibraryRecord(d, t, c, r, StandardRef.parse(c) if c else None) for d, t, c, r in entries]
    return index_library(records, load_rules())


def write_library(path: Path, entries: tuple[tuple[str, str, str, str], ...]) -> Path:
    lines = ["领域,标准名称,标准编号,备注", *(",".join(entry) for entry in entries)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A registry folder: the old library, issued rows and certificates, the old CNAS directory."""
    place = tmp_path / "registry"
    place.mkdir()
    write_library(place / "library.csv", LIBRARY)
    rows = "\n".join(f"{owner},A,食品,{parameter},{method}," for owner, parameter, method in ROWS)
    head = "证书编号,所在场所,类别,产品/项目/参数,依据的标准（方法）名称及编号（含年号）,限制范围\n"
    (place / "cma_rows.csv").write_text(f"{head}{rows}\n", "utf-8")
    (place / "cma.csv").write_text(
        "证书编号,机构名称,统一社会信用代码\n242120340001,海口椰风检测技术有限公司,91460100MAA9ABC12W\n", "utf-8"
    )
    (place / "cnas.csv").write_text(directory("有效"), "utf-8")
    (place / "registry.toml").write_text(
        "".join(f'[{k}]\nfile = "{k}.csv"\nas_of = 2026-06-01\n' for k in ("library", "cma_rows", "cma", "cnas")),
        "utf-8",
    )
    return place


def directory(status: str) -> str:
    return f"注册编号,机构名称,认可状态\nCNAS L9876,海口椰风检测技术有限公司,{status}\nCNAS L1111,三亚某某检测有限公司,有效\n"


def changed(*, without: str = "", **remarks: str) -> tuple[tuple[str, str, str, str], ...]:
    """The library with other 备注 by code (blanks, dots and dashes as underscores), or without a code."""
    return tuple(
        (domain, title, code, remarks.get("".join(c if c.isalnum() else "_" for c in code), remark))
        for domain, title, code, remark in LIBRARY
        if not without or code != without
    )


def library_impact(
    new: Path, old: Path, folder: Path, cases: Path | None = None
) -> dict[str, tuple[Change, list[tuple[str, int]]]]:
    found, _ = impact([(RegistryKind.LIBRARY, new, old)], open_snapshots(folder), cases)
    return {e.subject: (e.change, [(h.holder, h.row) for h in e.holdings]) for e in found.effects}


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (("食品检验", "铅", "GB 5009.12-2023", ""), None, Change.REMOVED),
        (None, ("食品检验", "铅", "GB 5009.12-2023", ""), Change.ADDED),
        (("食品检验", "铅", "GB 5009.12-2023", ""), ("食品检验", "铅", "GB 5009.12-2023", "废止"), Change.ABOLISHED),
        (
            ("食品检验", "铅", "GB 5009.12-2023", ""),
            ("食品检验", "铅", "GB 5009.12-2023", "废止，仅限现行有效产品标准引用时申请"),
            Change.CITE_ONLY,
        ),
        (("食品检验", "铅", "GB 5009.12-2023", ""), ("食品检验", "铅", "GB 5009.12-2025", ""), Change.SERIES_ONLY),
        (("食品检验", "铅", "GB 5009.12-2023", ""), ("食品检验", "铅", "GB/T 5009.12-2023", ""), Change.TYPE_VARIANT),
        (("食品检验", "铅", "GB 5009.12-2023", ""), ("医疗器械检验", "铅", "GB 5009.12-2023", ""), Change.MOVED),
        (("食品检验", "铅", "GB 5009.12-2023", ""), ("食品检验", "铅的测定", "GB 5009.12-2023", ""), None),
        (("食品检验", "铅", "GB 5009.12-2017", ""), ("食品检验", "铅", "GB 5009.12-2025", ""), None),
    ],
)
def test_what_becomes_of_a_standard(
    before: tuple[str, str, str, str] | None, after: tuple[str, str, str, str] | None, change: Change | None
) -> None:
    old, new = (library(*([entry] if entry else [])) for entry in (before, after))
    held = [holding("食品中铅的测定 GB 5009.12-2023"), holding("食品中铅的测定 GB 5009.12-2023 第二法", 2)]
    effects = library_effects(held, old, new)
    assert [effect.change for effect in effects] == ([change] if change else [])
    assert all(effect.holdings == tuple(held) and effect.subject == "GB 5009.12-2023" for effect in effects)
    if change is Change.SERIES_ONLY:
        assert effects[0].suggestion == "GB 5009.12-2025"


def test_a_method_without_a_number_is_found_by_its_title() -> None:
    method = "自编方法 水和土的分析"
    entry = ("生态环境监测", method, "", "")
    (effect,) = library_effects([Holding(HolderKind.CASE, "甲", 1, method=method)], library(entry), library())
    assert (effect.change, effect.subject) == (Change.REMOVED, method)


def test_rows_that_only_moved_differ_in_nothing() -> None:
    rows = [{"code": "a", "remark": "x"}, {"code": "b"}, {"code": "b"}]
    assert differing(rows, rows[::-1]) == ([], [])
    removed, added = differing(rows, [{"code": "a", "remark": "y"}, {"code": "b"}, {"code": "c"}])
    assert sorted(row["code"] for row in removed) == ["a", "b"]
    assert sorted(row["code"] for row in added) == ["a", "c"]
    assert tally(removed, added, "code") == (1, 1, 1)


def test_only_the_issued_rows_that_rest_on_the_change_are_named(folder: Path, tmp_path: Path) -> None:
    new = write_library(tmp_path / "new.csv", changed(GB_5009_12_2023="废止", without="HJ 670-2013"))
    assert library_impact(new, folder, folder) == {
        "GB 5009.12-2023": (Change.ABOLISHED, [("242120340001", 2)]),
        "HJ 670-2013": (Change.REMOVED, [("242120340002", 1)]),
    }


def test_an_index_a_folder_and_a_plain_file_give_the_same(folder: Path, tmp_path: Path) -> None:
    new = write_library(tmp_path / "new.csv", changed(GB_T_18932_22_2003="作废"))
    expected = library_impact(new, folder / "library.csv", folder)
    assert expected == {"GB/T 18932.22-2003": (Change.ABOLISHED, [("242120340002", 2)])}
    import_snapshot(RegistryKind.LIBRARY, new, dt.date(2026, 10, 1), tmp_path / "later")
    assert library_impact(tmp_path / "later", folder, folder) == expected
    rows = folder / "cma_rows.csv"
    import_snapshot(RegistryKind.CMA_ROWS, rows, dt.date(2026, 6, 1), tmp_path / "later")
    assert library_impact(tmp_path / "later", folder, tmp_path / "later") == expected


def test_only_what_rests_on_the_change_is_parsed(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []
    build = api.holdings.build
    monkeypatch.setattr(
        api.holdings, "build", lambda kind, row: (built.append(row.get("code") or row["method"]), build(kind, row))[1]
    )
    monkeypatch.setattr(api.holdings, "_keys_in", api.holdings._keys_in.__wrapped__)
    new = write_library(tmp_path / "new.csv", changed(HJ_670_2013="废止"))
    assert library_impact(new, folder, folder)
    # both sides of the difference, the standard in both libraries, one issued row
    assert sorted(built) == sorted(["HJ 670-2013"] * 4 + [ROWS[3][2]])


def test_equal_snapshots_change_nothing(folder: Path) -> None:
    found, _ = impact(
        [(RegistryKind.LIBRARY, folder / "library.csv", folder)], open_snapshots(folder), Path("/nowhere")
    )
    assert found.effects == ()
    assert "没有受影响" in impact_text(found)


def test_cases_are_taken_from_their_reports(folder: Path, tmp_path: Path, report: Report) -> None:
    (tmp_path / "cases" / "甲").mkdir(parents=True)
    shape = json.dumps(report_json(report), ensure_ascii=False)
    (tmp_path / "cases" / "甲" / "report.json").write_text(shape, "utf-8")
    (tmp_path / "cases" / "乙.json").write_text(shape, "utf-8")
    (tmp_path / "cases" / "manifest.json").write_text("{}", "utf-8")
    new = write_library(tmp_path / "new.csv", changed(GB_5009_3_2016="作废"))
    found = library_impact(new, folder, folder, tmp_path / "cases")
    assert found == {"GB 5009.3-2016": (Change.ABOLISHED, [("242120340001", 1), ("乙", 1), ("甲", 1)])}


def test_a_case_without_a_report_is_read(
    folder: Path, tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cases" / "丙").mkdir(parents=True)
    (tmp_path / "cases" / "丙" / "附件.pdf").write_bytes(b"%PDF-1.7")
    reading = Reading(report.papers, report.problems[:1], (), "", 1, 0.0)
    monkeypatch.setattr(api.holdings, "parse_files", lambda *_: reading)
    new = write_library(tmp_path / "new.csv", changed(GB_5009_3_2016="作废"))
    pairs = [(RegistryKind.LIBRARY, new, folder)]
    found, problems = impact(pairs, open_snapshots(None), tmp_path / "cases")
    assert [(h.holder, h.row, h.parameter) for e in found.effects for h in e.holdings] == [("丙", 1, "水分")]
    assert [problem.file for problem in problems] == ["丙/空白.pdf"]


@pytest.mark.parametrize("shape", ["[", '{"rows": [{}], "papers": [], "findings": []}'])
def test_a_report_that_is_none_is_named(folder: Path, tmp_path: Path, shape: str) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "坏.json").write_text(shape, "utf-8")
    new = write_library(tmp_path / "new.csv", changed(GB_5009_3_2016="作废"))
    with pytest.raises(InputError, match="坏"):
        library_impact(new, folder, folder, tmp_path / "cases")


def test_the_status_of_a_standard_by_its_very_number() -> None:
    def record(code: str, status: str, replaced_by: str = "") -> StandardRecord:
        return StandardRecord(code, "", status, StandardRef.parse(code), replaced_by)

    held = [holding("GB 5009.12-2017"), holding("GB 5009.12-2023", 2)]
    old = [record("GB 5009.12-2017", "现行"), record("GB 5009.12-2023", "即将实施")]
    new = [record("GB 5009.12-2017", "废止", "GB 5009.12-2023"), record("GB 5009.12-2023", "即将实施")]
    (effect,) = status_effects(held, old, new)
    assert (effect.subject, effect.before, effect.after) == ("GB 5009.12-2017", "现行", "废止")
    assert (effect.suggestion, effect.holdings) == ("GB 5009.12-2023", (held[0],))


def test_an_accreditation_touches_who_rests_on_it(folder: Path, tmp_path: Path, report: Report) -> None:
    (tmp_path / "cnas.csv").write_text(directory("暂停"), "utf-8")
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "甲.json").write_text(json.dumps(report_json(report)), "utf-8")
    pairs = [(RegistryKind.CNAS, tmp_path / "cnas.csv", folder)]
    found, _ = impact(pairs, open_snapshots(folder), tmp_path / "cases")
    (effect,) = found.effects
    assert (effect.subject, effect.before, effect.after) == ("CNAS L9876", "有效", "暂停")
    assert [(h.kind.value, h.holder, h.row) for h in effect.holdings] == [
        ("certificate", "242120340001", 0),
        ("case", "甲", 0),
    ]
    assert "全部能力项" in impact_text(found)


def test_an_accreditation_nobody_rests_on_is_passed_over() -> None:
    old = AccreditationRecord("CNAS L1111", "三亚某某检测有限公司")
    assert accreditation_effects([old], [], lambda _: []) == []
    (effect,) = accreditation_effects([old], [], lambda _: [holding("GB 1-2020")])
    assert effect.change is Change.REMOVED


@pytest.fixture
def run(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setenv("ZHENGSHEN_DATA", str(tmp_path / "data"))
    return lambda *words: CliRunner().invoke(main, ["impact", *map(str, words)], prog_name="zhengshen")


def test_the_command_prints_words_and_json(run: Callable[..., Result], folder: Path, tmp_path: Path) -> None:
    new = write_library(tmp_path / "new.csv", changed(GB_5009_12_2023="废止"))
    result = run("--library", new, "--against", folder, "--registry", folder)
    assert result.exit_code == LOOK
    assert "2026-06-01 → new.csv：增 0，删 0，改 1" in result.stdout
    assert "证书 242120340001" in result.stdout
    assert "第 2 行" in result.stdout
    shape = json.loads(run("--library", new, "--registry", folder, "--json").stdout)
    assert shape["differences"][0]["changed"] == 1
    (effect,) = shape["effects"]
    assert (effect["change"], effect["before"], effect["after"]) == ("abolished", "in_lib", "abolished")
    assert effect["rows"][0] | {"method": ""} == {
        "holder": "certificate",
        "name": "242120340001",
        "row": 2,
        "site": "A",
        "object": "食品",
        "parameter": "铅",
        "method": "",
    }
    assert run("--library", folder, "--registry", folder).exit_code == NOTHING_TO_OBJECT


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "--library"),
        (("--library", "{new}"), "--against"),
        (("--library", "{new}", "--against", "{folder}"), "--cases"),
        (("--library", "/nowhere.csv", "--registry", "{folder}"), "文件不存在"),
        (("--standards", "{folder}", "{folder}", "--registry", "{folder}"), "没有 standards"),
        (("--library", "{new}", "--registry", "/nowhere"), "登记数据目录不存在"),
        (("--library", "{new}", "--registry", "{folder}", "--cases", "/nowhere"), "案件目录不存在"),
    ],
)
def test_what_cannot_be_compared_ends_with_2_and_says_why(
    run: Callable[..., Result], folder: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    new = write_library(tmp_path / "new.csv", changed(GB_5009_12_2023="废止"))
    result = run(*(word.format(new=new, folder=folder) for word in words))
    assert result.exit_code == UNUSABLE
    assert said in result.stderr


def test_long_lists_are_shortened_unless_asked_for() -> None:
    held = tuple(holding("GB 5009.12-2023", row) for row in range(1, 21))
    (effect,) = library_effects(held, library(("食品检验", "铅", "GB 5009.12-2023", "")), library())
    found = api.holdings.Impact((), (dataclasses.replace(effect, holdings=held),))
    assert "另有 15 行" in impact_text(found)
    assert impact_text(found, verbose=True).count("证书 242120340001") == 20


def test_the_librarys_remarks_mean_what_the_rules_of_the_route_say(
    run: Callable[..., Result], folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = write_library(tmp_path / "new.csv", changed(GB_5009_12_2023="不再受理"))
    assert run("--library", new, "--registry", folder).exit_code == NOTHING_TO_OBJECT
    from matchers.data import read_bytes

    rules = (
        read_bytes("rules.toml")
        .decode()
        .replace('abolished = ["废止", "作废", "被.*', 'abolished = ["不再受理", "被.*')
    )
    (tmp_path / "rules.toml").write_text(rules, "utf-8")
    monkeypatch.setenv("ZHENGSHEN_RULES", str(tmp_path / "rules.toml"))
    shape = json.loads(run("--library", new, "--registry", folder, "--json").stdout)
    assert [(each["subject"], each["change"]) for each in shape["effects"]] == [("GB 5009.12-2023", "abolished")]
