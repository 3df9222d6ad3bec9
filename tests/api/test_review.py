"""The pipeline with a stubbed reader: one file's trouble stays its own, and what was used is recorded."""

import datetime as dt
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import api.reading
from api.reading import OnceMade, Upload, parse_files
from api.review import review, rules_version, worst_first
from extractor.pool import Pool, Rules
from extractor.registries import open_snapshots
from matchers.rules import load_rules
from models.errors import CorruptPdf, EmptyFile, InputError
from models.finding import Finding, Outcome, Severity
from models.layout import Document, PageFault
from models.papers import ApplicationForm, BusinessLicence
from models.report import Report
from tests.extractor.engines import HARMLESS, Engines, marked

DAY = dt.date(2026, 11, 22)


@pytest.fixture
def reader(licence: BusinessLicence, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(data: bytes, name: str, *_: object) -> Document:
        if not data:
            raise EmptyFile
        if data == b"broken":
            raise CorruptPdf
        if data == b"bug":
            raise ZeroDivisionError
        fault = (PageFault(2, "ocr_failed", "识别失败"),) if data == b"page" else ()
        return Document(name, "0" * 64, "application/pdf", 1, (), fault)

    monkeypatch.setattr(api.reading.documents, "read", read)
    monkeypatch.setattr(api.reading, "parse", lambda _: (licence,))


def run(*files: Upload, **more: object) -> Report:
    return review(files, open_snapshots(None), DAY, **more)  # type: ignore[arg-type]


@pytest.mark.usefixtures("reader")
def test_each_file_that_fails_is_a_problem_of_its_own() -> None:
    files = [
        Upload("好.pdf", b"x"),
        Upload("空.pdf", b""),
        Upload("坏.pdf", b"broken"),
        Upload("错.pdf", b"bug"),
        Upload("页.pdf", b"page"),
    ]
    report = run(*files)
    assert [(problem.file, problem.page, problem.code) for problem in report.problems] == [
        ("空.pdf", None, "empty_file"),
        ("坏.pdf", None, "corrupt_pdf"),
        ("错.pdf", None, "internal_error"),
        ("页.pdf", 2, "ocr_failed"),
    ]
    assert len(report.papers) == 2
    assert report.recommendation.value != "approve"


@pytest.mark.usefixtures("reader")
def test_no_usable_file_is_an_error_that_names_each() -> None:
    with pytest.raises(InputError, match=r"坏\.pdf"):
        run(Upload("坏.pdf", b"broken"), Upload("空.pdf", b""))


@pytest.mark.usefixtures("reader")
def test_typed_in_data_is_a_paper_of_its_own() -> None:
    report = run(Upload("好.pdf", b"x"), application={"name": "海口椰风检测技术有限公司"})
    form = report.papers[-1]
    assert isinstance(form, ApplicationForm)
    assert form.name.value == "海口椰风检测技术有限公司"


@pytest.mark.usefixtures("reader")
def test_the_report_names_the_rules_of_the_route() -> None:
    rules = replace(load_rules(), route="general", version="7", sha256="0123456789abcdef")
    assert run(Upload("好.pdf", b"x"), rules=rules).run.rules == f"general 7 0123456789ab / {rules_version()}"
    assert run(Upload("好.pdf", b"x")).run.rules.startswith(f"{load_rules().route} {load_rules().version} ")


@pytest.mark.usefixtures("reader")
def test_an_unusable_registry_is_a_problem_and_never_a_match(tmp_path: Path) -> None:
    (tmp_path / "registry.toml").write_text('[enterprises]\nfile = "gone.csv"\nas_of = 2026-10-31\n')
    report = review([Upload("好.pdf", b"x")], open_snapshots(tmp_path), DAY)
    assert [problem.file for problem in report.problems] == ["enterprises"]
    asked = [finding for finding in report.findings if finding.check == "ID-03"]
    assert [finding.outcome for finding in asked] == [Outcome.SOURCE_UNAVAILABLE]
    assert report.run.registries == ()


@pytest.mark.usefixtures("reader")
def test_progress_ends_where_the_files_end() -> None:
    told: list[tuple[str, int, int]] = []
    parse_files([Upload("甲.pdf", b"x"), Upload("乙.pdf", b"")], progress=lambda *told_: told.append(told_))
    assert told[-1] == ("", 2, 2)


@pytest.mark.slow
def test_files_read_by_several_processes_come_in_the_order_given(tmp_path: Path) -> None:
    picture = BytesIO()
    Image.fromarray(np.full((400, 600, 3), 255, np.uint8)).save(picture, "PNG")
    files = [
        Upload("甲.pdf", marked(*[HARMLESS] * 9)),
        Upload("乙.pdf", b"%PDF-"),
        Upload("丙.png", picture.getvalue()),
        Upload("丁.pdf", marked(HARMLESS)),
    ]
    shown: list[str] = []
    engines = Engines(tmp_path / "log")
    with Pool(engines, Rules(workers=2)) as pool:
        found = parse_files(files, seen=lambda document: shown.append(document.name), pool=pool)
    alone = parse_files(files, engines)
    assert [paper.source.file for paper in found.papers] == ["甲.pdf", "丙.png", "丁.pdf"]
    assert sorted(shown) == ["丁.pdf", "丙.png", "甲.pdf"]
    assert replace(found, seconds=0.0) == replace(alone, seconds=0.0)


def test_findings_stand_worst_first(report: Report) -> None:
    ordered = worst_first(report.findings[::-1])
    objections = [
        finding
        for finding in ordered
        if finding.outcome not in {Outcome.MATCH, Outcome.TOLERATED, Outcome.NOT_APPLICABLE}
    ]
    assert ordered[: len(objections)] == tuple(objections)
    assert [finding.severity for finding in objections] == sorted(
        (f.severity for f in objections), key=list(Severity).index
    )
    assert ordered[0].check == "ID-03"


def test_equals_keep_the_order_of_the_catalogue(report: Report) -> None:
    same: list[Finding] = [report.findings[0]] * 2 + [report.findings[1]]
    assert worst_first(same) == tuple(same)


def test_the_rules_have_a_version_that_stays(report: Report) -> None:
    assert rules_version() == rules_version()
    count, _, digest = rules_version().partition("-")
    assert int(count) > 20
    assert len(digest) == 12


def test_the_engine_is_made_once_and_only_when_needed() -> None:
    made: list[object] = []

    class Engine:
        name = "stub 1"

    def make() -> Engine:
        made.append(None)
        return Engine()

    once = OnceMade(make)  # type: ignore[arg-type]
    assert (once.name, made) == ("", [])
    assert once() is once()
    assert (once.name, len(made)) == ("stub 1", 1)
