"""Reviews that ask live registries: what a gateway says is judged as a file's data is, and one that is down matches nothing."""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.reading import Reading
from api.registries import open_registries
from api.review import judge
from api.settings import Settings
from api.store import Store, open_store
from api.store.snapshots import upload_snapshot
from models.finding import Outcome
from models.papers import BusinessLicence
from models.records import RegistryKind
from models.report import Recommendation, Report
from tests.api.store.given import NOW
from tests.extractor.registries.served import Answer, Asked, Registry, paged, served

DAY = dt.date(2026, 11, 22)
ENTRY = """
[enterprises]
gateway = "{url}"
ask = {{uscc = "tyshxydm", name = "qymc"}}
lag_days = 3
tries = 1
timeout_seconds = 2
[enterprises.answer]
records = "data.list"
as_of = "data.updated"
[enterprises.columns]
tyshxydm = "unified_social_credit_code"
qymc = "name"
djzt = "status"
fddbr = "responsible_person"
zs = "address"
"""


@pytest.fixture
def registry() -> Iterator[Registry]:
    with served() as registry:
        yield registry


@pytest.fixture
def settings(tmp_path: Path, registry: Registry) -> Settings:
    made = Settings(data=tmp_path)
    made.registry.mkdir()
    (made.registry / "registry.toml").write_text(ENTRY.format(url=registry.url), "utf-8")
    return made


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings)
    yield opened
    opened.close()


def judged(licence: BusinessLicence, settings: Settings, store: Store | None = None) -> Report:
    reading = Reading((licence,), (), (), "", 1, 0.0)
    return judge(reading, open_registries(settings, store, {}), DAY)


def outcomes(report: Report, prefix: str = "ID-") -> set[Outcome]:
    """Of the checks whose right side is the registry of enterprises."""
    return {
        finding.outcome
        for finding in report.findings
        if finding.check.startswith(prefix) and finding.right is not None and "登记" in finding.right.label
    }


def test_what_a_gateway_says_is_judged(licence: BusinessLicence, settings: Settings) -> None:
    report = judged(licence, settings)
    assert Outcome.MATCH in outcomes(report)
    assert report.problems == ()
    (snapshot,) = report.run.registries
    assert (snapshot.registry, snapshot.as_of, snapshot.lag_days) == ("enterprises", "2026-11-20", 3)


def test_a_gateway_that_is_down_matches_nothing(
    licence: BusinessLicence, settings: Settings, registry: Registry
) -> None:
    registry.answer = lambda _: Answer({}, 500)
    report = judged(licence, settings)
    assert outcomes(report) == set()
    silent = [finding for finding in report.findings if finding.outcome is Outcome.SOURCE_UNAVAILABLE]
    assert {"ID-02", "ID-03"} <= {finding.check for finding in silent}
    assert report.recommendation is not Recommendation.APPROVE
    assert [(problem.file, problem.code) for problem in report.problems] == [("enterprises", "registry_unavailable")]
    assert report.run.registries == ()


def test_a_changed_gateway_is_a_problem_of_its_own(
    licence: BusinessLicence, settings: Settings, registry: Registry
) -> None:
    registry.answer = lambda _: Answer(b"<html></html>")
    report = judged(licence, settings)
    assert outcomes(report) == set()
    assert [problem.code for problem in report.problems] == ["registry_changed"]


def test_a_stale_answer_is_used_and_said_to_be(
    licence: BusinessLicence, settings: Settings, registry: Registry
) -> None:
    text = (settings.registry / "registry.toml").read_text("utf-8")
    (settings.registry / "registry.toml").write_text(text.replace("lag_days = 3", "fresh_hours = 0"), "utf-8")
    fresh = judged(licence, settings)
    registry.answer = lambda _: Answer({}, 503)
    stale = judged(licence, settings)
    assert stale.findings == fresh.findings
    assert {problem.code for problem in stale.problems} == {"registry_notice"}
    assert all("取得的结果" in problem.message for problem in stale.problems)


def test_a_mismatch_within_the_lag_says_so(licence: BusinessLicence, settings: Settings, registry: Registry) -> None:
    def former(asked: Asked) -> Answer:
        answer = json.loads(json.dumps(paged(asked).body))
        for row in answer["data"]["list"]:
            row["fddbr"] = "王旧人"
        return Answer(answer)

    registry.answer = former
    issued_on = dataclasses.replace(licence.name, value=dt.date(2026, 11, 18), text="2026年11月18日")
    for paper, told in ((dataclasses.replace(licence, issued_on=issued_on), True), (licence, False)):
        mismatches = [
            finding
            for finding in judged(paper, settings).findings
            if finding.outcome is Outcome.MISMATCH and finding.right is not None and "王旧人" in finding.right.text
        ]
        assert mismatches
        assert all(("可能滞后" in finding.message.zh) is told for finding in mismatches)


def test_live_comes_before_stored_and_stored_before_the_folder(settings: Settings, store: Store) -> None:
    (settings.registry / "library.csv").write_text(
        "领域,标准名称,标准编号,备注\n食品检验,旧,GB 5009.3-2010,\n", "utf-8"
    )
    with (settings.registry / "registry.toml").open("a", encoding="utf-8") as manifest:
        manifest.write('[library]\nfile = "library.csv"\nas_of = 2026-01-01\n')
    assert open_registries(settings, store, {}).registries[RegistryKind.LIBRARY].snapshot.as_of == "2026-01-01"
    for kind, text in (
        (RegistryKind.LIBRARY, "领域,标准名称,标准编号,备注\n食品检验,新,GB 5009.3-2016,\n"),
        (RegistryKind.ENTERPRISES, "统一社会信用代码,企业名称\n91460100MAA9ABC12W,别的公司\n"),
    ):
        upload_snapshot(store, kind, "x.csv", text.encode(), dt.date(2026, 6, 1), actor="t", now=NOW)
    found = open_registries(settings, store, {}).registries
    assert found[RegistryKind.LIBRARY].snapshot.as_of == "2026-06-01"
    (record,) = found[RegistryKind.ENTERPRISES].find({"uscc:91460100MAA9ABC12W"})
    assert record.name == "海口椰风检测技术有限公司"


def test_without_any_configuration_nothing_is_asked(tmp_path: Path) -> None:
    assert open_registries(Settings(data=tmp_path), None, {}).registries == {}
