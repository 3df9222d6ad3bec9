"""The evaluation counts what agrees, and names what does not."""

import hashlib
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import api.reading
from api.accuracy import agrees, compare_papers
from api.calibration import calibration_json
from api.evaluate import compare_findings, evaluate, evaluation_json, expected_checks
from api.render.evaluation import evaluation_text
from api.render.evaluation_files import evaluation_files
from api.render.json import paper_json
from api.tally import Said, Tally
from models.errors import InputError
from models.field import Field, Region
from models.layout import Box, Document
from models.papers import BusinessLicence, CnasAnnex
from models.report import Report

ANNEX_ROWS = [
    {
        "object": "食品",
        "parameter": "水分",
        "method": "食品中水分的测定GB 5009.3-2016",
        "standards": ["GB 5009.3-2016"],
    },
    {"object": "食品", "parameter": "铅", "method": "食品中铅的测定 GB 5009.12-2017", "standards": ["GB 5009.12-2017"]},
    {"object": "食品", "parameter": "吊白块", "method": "自编方法 HNJC-03", "standards": []},
]


def truth(paper: BusinessLicence | CnasAnnex, **fields: object) -> dict[str, Any]:
    return {"kind": paper.kind, "file": paper.source.file, "fields": fields}


def tallied(truths: list[dict[str, Any]], *papers: BusinessLicence | CnasAnnex) -> Tally:
    tally = Tally()
    compare_papers(tally, "case", truths, [paper_json(paper) for paper in papers])
    return tally


def test_fields_count_by_kind_and_source(licence: BusinessLicence) -> None:
    expected = truth(
        licence,
        name="海口椰风检测技术有限公司",
        registered_capital={"amount": "5000000", "currency": "CNY"},
        term={"from": "2019-03-14", "to": "9999-12-31"},
        address="海口市",
        entity_type="有限责任公司",
        issued_on=None,
    )
    tally = tallied([expected], licence)
    figures = evaluation_json(tally)["fields"]
    assert (figures["exact"], figures["total"]) == (4, 6)
    assert figures["by_kind"]["business_licence"]["share"] == pytest.approx(4 / 6, abs=1e-6)
    assert figures["by_source"] == {
        "absent": {"exact": 0, "total": 1, "share": 0.0},
        "ocr": {"exact": 4, "total": 5, "share": 0.8},
    }
    assert figures["sure_and_wrong"] == 0  # the wrong address was read with 0.83
    assert figures["by_confidence"] == {
        "0.70": {"exact": 0, "total": 1, "share": 0.0},
        "0.99": {"exact": 3, "total": 3, "share": 1.0},
    }
    assert figures["unexpected"] == 4
    assert [mistake.place for mistake in tally.mistakes] == ["business_licence.address", "business_licence.entity_type"]


def test_a_sure_and_wrong_field_is_counted(licence: BusinessLicence) -> None:
    assert tallied([truth(licence, name="另一家")], licence).sure_and_wrong == 1


def test_a_paper_taken_for_another_kind_loses_all_its_fields(licence: BusinessLicence) -> None:
    expected = truth(licence, name="x", address="y") | {"kind": "cnas_certificate"}
    tally = tallied([expected], licence)
    assert (tally.kinds.right, tally.kinds.total, tally.fields.right, tally.fields.total) == (0, 1, 0, 2)
    (mistake,) = tally.mistakes
    assert (mistake.truth, mistake.read) == ("cnas_certificate", ["business_licence"])


def test_lists_beside_the_rows_are_fields_too(annex: CnasAnnex) -> None:
    expected = truth(annex) | {"signatories": [{"name": "王琼", "field": "全部检测项目", "site": "A"}], "sites": []}
    tally = tallied([expected], annex)
    assert (tally.fields.right, tally.fields.total) == (1, 2)


def test_rows_align_in_order(annex: CnasAnnex) -> None:
    tally = tallied([truth(annex) | {"rows": ANNEX_ROWS}], annex)
    assert (tally.rows.right, tally.rows.true, tally.rows.read, tally.rows.cells.share) == (3, 3, 3, 1.0)
    wrong = [ANNEX_ROWS[0], {**ANNEX_ROWS[1], "parameter": "镉"}, {**ANNEX_ROWS[1], "parameter": "汞"}, ANNEX_ROWS[2]]
    tally = tallied([truth(annex) | {"rows": wrong}], annex)
    assert (tally.rows.right, tally.rows.true, tally.rows.read) == (2, 4, 3)
    assert [mistake.place for mistake in tally.mistakes] == ["rows[1].parameter", "rows[2] missing"]
    assert (tally.rows.cells.right, tally.rows.cells.total) == (2 * 4 + 3, 4 * 4)
    assert evaluation_json(tally)["rows"]["f1"] == pytest.approx(4 / 7, abs=1e-6)
    tally = tallied([truth(annex) | {"rows": ANNEX_ROWS[1:]}], annex)
    assert [mistake.place for mistake in tally.mistakes] == ["row too many before rows[0]"]


@pytest.mark.parametrize(
    ("true", "read", "agree"),
    [
        ("食品 中水分", "食品中水分", True),
        ("GB 5009.3", "GB5009.3", True),
        ("HJ 84-2016； Water", "HJ 84-2016；Water", True),
        ("HJ 84-2016; Water", "HJ 84-2016;Water", True),
        ("Lead content", "Leadcontent", True),
        ("GB 5009.3", "GB 5009.8", False),
        ("1", 1, False),
        (True, 1, False),
        (None, None, True),
        (None, "", False),
        ({"code": None}, {"code": None, "postcode": "570100"}, True),
        (["a", "b"], ["b", "a"], False),
    ],
)
def test_agreement(true: object, read: object, agree: bool) -> None:
    assert agrees(true, read) is agree


def test_checks_are_counted_against_the_seeded_faults(report: Report) -> None:
    expected = expected_checks(
        [{"name": "name_differs", "checks": ["ID-03", "AD-01"]}, {"name": "x", "checks": ["SC-04", "BS-01"]}]
    )
    tally = Tally()
    compare_findings(tally, "faulty", expected, report)
    figures = evaluation_json(tally)["checks"]
    assert figures["recall"] == 0.75
    assert figures["precision"] == 0.75
    assert figures["false_mismatches_per_clean_case"] is None
    compare_findings(tally, "clean", frozenset(), report)
    figures = evaluation_json(tally)["checks"]
    assert figures["false_mismatches_per_clean_case"] == 3
    assert figures["false_mismatches"] == {"AD-01": 1, "ID-03": 1, "VA-01": 1}


def test_recall_and_precision_by_check(report: Report) -> None:
    tally = Tally()
    compare_findings(tally, "faulty", frozenset({"ID-03", "SC-04", "BS-01"}), report, frozenset({"AD-01"}))
    figures = evaluation_json(tally)["checks"]["by_check"]
    assert figures["ID-03"] == {"expected": 1, "found": 1, "fired": 1, "recall": 1.0, "precision": 1.0}
    assert figures["SC-04"]["found"] == 1
    assert figures["BS-01"] == {"expected": 1, "found": 0, "fired": 0, "recall": 0.0, "precision": None}
    assert "AD-01" not in figures  # may fire with this fault, need not
    assert figures["VA-01"] == {"expected": 0, "found": 0, "fired": 1, "recall": None, "precision": 0.0}
    assert "VA-01" in evaluation_text(evaluation_json(tally), 0)


def test_comparators_are_judged_by_labelled_pairs(
    tmp_path: Path, licence: BusinessLicence, monkeypatch: pytest.MonkeyPatch
) -> None:
    labelled = (
        "left\tright\tagrees\twhy\n海南南溟检测\t海南南溟检测\tyes\tthe same\n海南南溟\t海南海晟\tyes\twrong label\n"
    )
    (tmp_path / "labelled").mkdir()
    (tmp_path / "labelled" / "names.tsv").write_text(labelled, "utf-8")
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "truth.json").write_text('{"papers": []}', "utf-8")
    (tmp_path / "case" / "x.pdf").write_bytes(b"x")
    monkeypatch.setattr(api.reading.documents, "read", lambda _, name, *__: Document(name, "0" * 64, "", 1, ()))
    monkeypatch.setattr(api.reading, "parse", lambda _: (licence,))
    tally = evaluate(tmp_path, checks=False, labelled=tmp_path / "labelled")
    figures = evaluation_json(tally)
    expected = {"pairs": 2, "exact": 1, "recall": 0.5, "precision": 1.0, "missed": 1, "false": 0}
    assert figures["comparators"] == {"names": expected}
    assert "机构名称" in evaluation_text(figures, 1)
    assert [mistake.place.partition(":")[0] for mistake in tally.mistakes] == ["line 3"]


def test_a_folder_of_cases(tmp_path: Path, licence: BusinessLicence, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.reading.documents, "read", lambda _, name, *__: Document(name, "0" * 64, "", 1, ()))
    monkeypatch.setattr(api.reading, "parse", lambda _: (licence,))
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / licence.source.file).write_bytes(b"x")
        expected = {"papers": [truth(licence, name="海口椰风检测技术有限公司")], "faults": [], "as_of": "2026-11-22"}
        (tmp_path / name / "truth.json").write_text(json.dumps(expected), "utf-8")
    figures = evaluation_json(evaluate(tmp_path))
    assert (figures["cases"], figures["fields"]["exact"], figures["checks"]["clean_cases"]) == (2, 2, 2)
    assert "100.00 %" in evaluation_text(figures, 0)
    figures = evaluation_json(evaluate(tmp_path / "one", checks=False))
    assert (figures["cases"], figures["checks"]["clean_cases"]) == (1, 0)


@pytest.mark.parametrize("content", [None, "{", "[]"])
def test_no_truth_or_a_broken_one(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "truth.json").write_text(content)
    with pytest.raises(InputError, match=r"truth\.json"):
        evaluate(tmp_path)


def test_files_of_an_evaluation(licence: BusinessLicence) -> None:
    page = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(page, "PNG")
    sha256 = hashlib.sha256(page.getvalue()).hexdigest()
    place = Field(None, "", (Region(sha256, 1, Box(100, 100, 300, 120)),)).evidence
    address = replace(licence.address, evidence=place)
    licence = replace(licence, source=replace(licence.source, sha256=sha256), address=address)
    tally = tallied(
        [truth(licence, name="另一家", address="海口市", issued_on=None) | {"degradation": "blur:medium"}], licence
    )
    tally.pages, tally.seconds = 1, 0.5
    files = evaluation_files(evaluation_json(tally), tally.mistakes, lambda case, file: page.getvalue())
    assert {name for name in files if name.endswith(".jpg")} == {"failures/001.jpg", "failures/002.jpg"}
    assert all(files[f"{plot}.png"].startswith(b"\x89PNG") for plot in ("reliability", "degradation", "fields"))
    crop = Image.open(io.BytesIO(files["failures/002.jpg"]))
    assert crop.width > crop.height  # a strip around the line, not the page
    text = files["evaluation.md"].decode()
    assert "blur:medium" in text
    assert "![business_licence.name](failures/001.jpg)" in text  # said to be surer than the address, so it comes first
    written = json.loads(files["evaluation.json"])
    assert written["fields"]["by_degradation"]["blur:medium"]["total"] == 3
    assert len(written["worst"]) == 2


def test_the_calibration_counts_what_was_recognised() -> None:
    said = [
        Said("field", "name", "ocr", "light", sure, right)
        for sure, right in ((0.995, True), (0.995, True), (0.97, False), (0.4, False))
    ]
    figures = calibration_json(
        [*said, Said("field", "name", "text", "none", 1.0, False), Said("row", "0", "ocr", "light", 0.9, True)]
    )
    fields = figures["fields"]
    assert (fields["total"], fields["sure"], fields["sure_and_wrong"]) == (
        4,
        {"exact": 2, "total": 2, "share": 1.0},
        {"count": 1, "share": 0.25},
    )
    assert [(each["floor"], each["exact"], each["total"]) for each in fields["bins"]] == [
        (0.0, 0, 1),
        (0.95, 0, 1),
        (0.99, 2, 2),
    ]
    assert fields["expected_calibration_error"] == pytest.approx((0.4 + 0.97 + 0.01) / 4)
    assert figures["rows"]["total"] == 1
    assert calibration_json([])["fields"]["expected_calibration_error"] is None
