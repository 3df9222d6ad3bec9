"""What each snapshot changes for issued certificates: found once, with its date, at a cost that follows the change."""

import datetime as dt
import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from api.cli import main
from api.consequences import follow
from api.store import Store, log
from api.store.consequences import Touched, runs, touched
from api.store.database import Database
from api.store.issued import digests
from api.store.snapshots import upload_snapshot
from api.terminal import LOOK, NOTHING_TO_OBJECT
from matchers.rules import load_rules
from models.records import RegistryKind
from tests.api.store.given import NOW

FIRST, SECOND = "242120340001", "242120340002"
COCONUT, BAY = "91460100MAA9ABC12W", "91460000MA5TE5T076"
CMA = [
    "证书编号,机构名称,统一社会信用代码,状态,有效期至",
    f"{FIRST},海口椰风检测技术有限公司,{COCONUT},有效,2030-01-01",
    f"{SECOND},三亚海湾检测有限公司,,有效,2030-01-01",
    "202120340003,琼海旧证检测有限公司,,有效,2026-01-01",
]
ROWS = [
    "证书编号,类别,产品/项目/参数,依据的标准",
    f"{FIRST},食品,水分,食品中水分的测定 GB 5009.3-2016",
    f"{FIRST},食品,铅,食品中铅的测定 GB 5009.12-2017",
    f"{FIRST},食品,镉,食品中铅的测定 GB 5009.12-2017 第二法",
    f"{SECOND},食品,铅,食品中铅的测定 GB 5009.12-2023",
    f"{SECOND},水,总磷,水和废水监测分析方法",
]
LIBRARY = [
    "领域,标准名称,标准编号,备注",
    "食品检验,食品中水分的测定,GB 5009.3-2016,",
    "食品检验,食品中铅的测定,GB 5009.12-2017,",
    "食品检验,食品中铅的测定,GB 5009.12-2023,",
    "生态环境监测,水和废水监测分析方法,,",
]


class Given:
    """A store that snapshots come into, a minute apart."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder, self.now = store, folder, NOW

    def upload(self, kind: RegistryKind, lines: list[str], day: str) -> None:
        self.now += dt.timedelta(minutes=1)
        data = "\n".join([*lines, ""]).encode()
        upload_snapshot(
            self.store, kind, f"{kind}.csv", data, dt.date.fromisoformat(day), actor="user:li", now=self.now
        )

    def follow(self) -> list[int]:
        followed = follow(self.store, self.folder, load_rules(), actor="user:li", now=self.now)
        return [run.findings for _, run in followed]

    def change(self, kind: RegistryKind, old: list[str], new: list[str], days: tuple[str, str]) -> list[Touched]:
        for lines, day in zip((old, new), days, strict=True):
            self.upload(kind, lines, day)
        self.follow()
        return touched(self.store)


@pytest.fixture
def given(store: Store, tmp_path: Path) -> Given:
    given = Given(store, tmp_path / "registries")
    given.upload(RegistryKind.CMA, CMA, "2026-06-01")
    given.upload(RegistryKind.CMA_ROWS, ROWS, "2026-06-01")
    return given


def said(found: list[Touched]) -> set[tuple[str, ...]]:
    return {(t.check_id, t.certificate, t.change, t.subject, t.severity, str(t.true_on)) for t in found}


DAYS = ("2026-06-01", "2026-09-01")


def test_a_changed_library_touches_those_who_rest_on_what_changed(given: Given) -> None:
    new = [line.replace("GB 5009.12-2017,", "GB 5009.12-2017,废止") for line in LIBRARY if "水和废水" not in line]
    found = given.change(RegistryKind.LIBRARY, LIBRARY, new, DAYS)
    assert said(found) == {
        ("AU-06", FIRST, "abolished", "GB 5009.12-2017", "major", "2026-09-01"),
        ("AU-06", SECOND, "removed", "水和废水监测分析方法", "major", "2026-09-01"),
    }
    lead = next(t for t in found if t.certificate == FIRST)
    assert (lead.first_row, lead.rows, lead.suggestion, lead.stated) == (2, 2, "GB 5009.12-2023", False)
    assert log.entries(given.store)[-1].action == "snapshot.compared"


def test_a_snapshot_is_followed_once_and_the_first_of_its_kind_changes_nothing(given: Given) -> None:
    given.upload(RegistryKind.LIBRARY, LIBRARY, DAYS[0])
    assert given.follow() == [0, 0, 0]
    assert given.follow() == []
    given.upload(RegistryKind.LIBRARY, LIBRARY[:-1], DAYS[1])
    assert given.follow() == [1]
    assert given.follow() == []
    assert len(runs(given.store)) == 4


def test_abolished_standards_have_the_date_of_the_register(given: Given) -> None:
    head = "标准编号,标准名称,状态,代替标准,废止日期"
    old = [head, "GB 5009.12-2017,铅,现行,,", "GB 5009.3-2016,水分,现行,,"]
    new = [head, "GB 5009.12-2017,铅,废止,GB 5009.12-2023,2026-07-15", "GB 5009.3-2016,水分,现行,,2027-03-01"]
    (found,) = given.change(RegistryKind.STANDARDS, old, new, DAYS)
    assert said([found]) == {("AU-06", FIRST, "abolished", "GB 5009.12-2017", "major", "2026-07-15")}
    assert (found.stated, found.suggestion) == (True, "GB 5009.12-2023")


def test_a_suspended_accreditation_touches_its_bodys_certificates(given: Given) -> None:
    head = "注册编号,机构名称,统一社会信用代码,认可状态,更新日期"
    old = [head, f"CNAS L9876,某检测中心,{COCONUT},有效,2024-01-01", "CNAS L1111,三亚海湾检测有限公司,,有效,"]
    new = [head, f"CNAS L9876,某检测中心,{COCONUT},暂停,2026-08-20", "CNAS L1111,三亚海湾检测有限公司,,撤销,"]
    assert said(given.change(RegistryKind.CNAS, old, new, DAYS)) == {
        ("AU-02", FIRST, "status", "CNAS L9876", "major", "2026-08-20"),
        ("AU-02", SECOND, "status", "CNAS L1111", "major", "2026-09-01"),
    }


def test_dissolved_and_renamed_bodies_are_told(given: Given) -> None:
    head = "名称,统一社会信用代码,登记状态,变更事项,变更前,变更后,变更日期"
    old = [head, f"海口椰风检测技术有限公司,{COCONUT},存续,,,,", f"三亚海湾检测有限公司,{BAY},存续,,,,"]
    change = "名称变更,海口椰风检测技术有限公司,海口椰林检测技术有限公司,2026-08-03"
    new = [head, f"海口椰林检测技术有限公司,{COCONUT},存续,{change}", f"三亚海湾检测有限公司,{BAY},注销,,,,"]
    assert said(given.change(RegistryKind.ENTERPRISES, old, new, DAYS)) == {
        ("AU-03", FIRST, "renamed", f"名称 {COCONUT}", "major", "2026-08-03"),
        ("AU-03", SECOND, "status", f"登记状态 {BAY}", "major", "2026-09-01"),
    }


def test_new_credit_records_and_their_end_are_told_praise_is_not(given: Given) -> None:
    head = "名称,统一社会信用代码,记录类型,决定书文号,列入日期,移出日期"
    abnormal = f"海口椰风检测技术有限公司,{COCONUT},经营异常名录,琼市监异〔2026〕8号,2026-07-01,"
    praise = f"海口椰风检测技术有限公司,{COCONUT},守信激励,琼〔2026〕1号,2026-07-02,"
    namesake = f"三亚海湾检测有限公司,{BAY},行政处罚,琼市监罚〔2026〕3号,2026-07-05,"
    found = given.change(RegistryKind.CREDIT, [head, praise], [head, praise, abnormal, namesake], DAYS)
    assert said(found) == {
        ("AU-07", FIRST, "listed", "琼市监异〔2026〕8号", "major", "2026-07-01"),
        (
            "AU-07",
            SECOND,
            "listed",
            "琼市监罚〔2026〕3号",
            "major",
            "2026-07-05",
        ),  # by name: its certificate has no code
    }
    given.upload(RegistryKind.CREDIT, [head, praise, abnormal + "2026-09-20", namesake], "2026-10-01")
    assert given.follow() == [1]
    ended = next(t for t in touched(given.store) if t.change == "ended")
    assert (ended.severity, ended.true_on, ended.certificate) == ("minor", dt.date(2026, 9, 20), FIRST)


def test_only_certificates_that_changed_are_indexed_anew(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    given.follow()
    before = digests(given.store)
    assert set(before) == {FIRST, SECOND}  # the third had lapsed
    written: list[str] = []
    import api.consequences

    def watched(store: Store, certificates: object) -> int:
        found = list(certificates)  # type: ignore[call-overload]
        written.extend(each.number for each in found)
        return index_certificates(store, found)

    index_certificates = api.consequences.index_certificates
    monkeypatch.setattr(api.consequences, "index_certificates", watched)
    given.upload(RegistryKind.CMA_ROWS, [*ROWS, f"{SECOND},食品,总汞,GB 5009.17-2021"], "2026-07-01")
    given.follow()
    assert written == [SECOND]
    given.upload(RegistryKind.CMA, CMA[:2], "2026-07-02")
    given.follow()
    assert set(digests(given.store)) == {FIRST}


def test_what_did_not_change_is_never_asked_for(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    given.upload(RegistryKind.LIBRARY, LIBRARY, DAYS[0])
    given.follow()
    given.upload(RegistryKind.LIBRARY, [*LIBRARY, "食品检验,锌,GB 5009.14-2017,"], DAYS[1])
    asked: list[object] = []
    execute = sa.engine.Connection.execute

    def watched(connection: sa.engine.Connection, statement: object, *more: object, **others: object) -> object:
        if "issued_keys" in str(statement):
            asked.append(statement)
        return execute(connection, statement, *more, **others)  # type: ignore[call-overload]

    monkeypatch.setattr(sa.engine.Connection, "execute", watched)
    assert given.follow() == [0]
    assert len(asked) == 1  # one look by the one key that changed
    assert isinstance(given.store.database, Database)


def test_the_command_follows_and_tells(given: Given, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ZHENGSHEN_DATA", str(tmp_path))
    url = given.store.database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("ZHENGSHEN_DATABASE_URL", url)
    run = lambda *words: CliRunner().invoke(main, ["impact", "--stored", *words], prog_name="zhengshen")  # noqa: E731
    assert run().exit_code == NOTHING_TO_OBJECT
    given.upload(RegistryKind.LIBRARY, LIBRARY, DAYS[0])
    given.upload(RegistryKind.LIBRARY, LIBRARY[:-1], DAYS[1])
    result = run("--json")
    assert result.exit_code == LOOK
    shape = json.loads(result.stdout)
    assert [each["findings"] for each in shape["snapshots"]] == [0, 1]
    assert shape["findings"][0]["name"] == "三亚海湾检测有限公司"
    text = run("--certificate", SECOND).stdout
    assert "AU-06" in text
    assert "2026-09-01 前" in text
    assert run("--certificate", FIRST).exit_code == NOTHING_TO_OBJECT
