"""The JSON of the outward contract: shapes, rounding, absent against null."""

import json

import pytest

from api.render.json import paper_json, parse_json, report_json
from models.papers import BusinessLicence, CnasAnnex, CnasCertificate
from models.report import Report


def test_a_field_has_the_contracts_shape(licence: BusinessLicence) -> None:
    shape = paper_json(licence)
    assert (shape["kind"], shape["file"], shape["pages"], shape["confidence"]) == (
        "business_licence",
        "营业执照.jpg",
        1,
        0.99,
    )
    assert shape["fields"]["responsible_person"] == {
        "value": "陈海涛",
        "text": "陈海涛",
        "confidence": 1.0,
        "source": "ocr",
        "evidence": [{"page": 1, "box": [100.0, 200.0, 260.0, 216.1]}],
        "flags": [],
        "label": "法定代表人",
    }


def test_what_a_licence_does_not_carry_is_absent_and_what_could_not_be_read_is_null(licence: BusinessLicence) -> None:
    fields = paper_json(licence)["fields"]
    assert "entity_type" not in fields
    assert fields["issued_on"]["value"] is None
    assert fields["issued_on"]["flags"] == ["seal_overlap"]


def test_values_in_their_json_form(licence: BusinessLicence, certificate: CnasCertificate) -> None:
    fields = paper_json(licence)["fields"]
    assert fields["registered_capital"]["value"] == {"amount": "5000000", "currency": "CNY"}
    assert fields["term"]["value"] == {"from": "2019-03-14", "to": "9999-12-31"}
    assert fields["established_on"]["value"] == "2019-03-14"
    assert paper_json(certificate)["fields"]["language"]["value"] == "zh"


def test_rows_hold_every_column(annex: CnasAnnex) -> None:
    first, _, third = paper_json(annex)["rows"]
    assert set(first) >= {
        *("section", "site", "object_number", "object", "parameter_number", "parameter", "field_code", "method"),
        *("standards", "limitation", "note", "effective_on", "confidence", "source", "evidence"),
    }
    assert first["standards"] == [
        {"key": "GB 5009.3-2016", "clause": None, "amendment": None, "title": "食品中水分的测定"}
    ]
    assert (first["limitation"], first["note"], first["confidence"]) == ("只用第一法", None, 0.9877)
    assert third["standards"] == []


def test_sites_and_signatories_stand_among_the_fields_and_beside_the_rows(annex: CnasAnnex) -> None:
    shape = paper_json(annex)
    assert shape["fields"]["sites"]["value"][0]["code"] == "A"
    assert shape["fields"]["sites"]["confidence"] == 0.97
    assert shape["signatories"][0] | {"evidence": []} == {
        "name": "王琼",
        "field": "全部检测项目",
        "site": "A",
        "note": None,
        "title": None,
        "language": "zh",
        "confidence": 1.0,
        "source": "text",
        "evidence": [],
    }


def test_a_report_has_the_contracts_shape(report: Report) -> None:
    shape = report_json(report)
    assert json.loads(json.dumps(shape)) == shape
    assert set(shape) >= {"recommendation", "as_of", "findings", "rows", "papers", "problems", "run"}
    first = shape["findings"][0]
    assert (first["check"], first["outcome"], first["severity"]) == ("ID-03", "mismatch", "blocking")
    assert first["left"] == {
        "label": "营业执照名称",
        "value": "海口椰风检测技术有限公司",
        "text": "海口椰风检测技术有限公司",
        "source": "ocr",
        "evidence": [{"document": "1" * 64, "page": 1, "box": [100.0, 200.0, 260.0, 216.1]}],
        "confidence": 0.83,
    }
    assert first["right"]["evidence"][0]["registry"] == "enterprises"
    assert (first["score"], first["tolerance"]) == (0.9612, None)
    assert first["basis"]["clause"] == "第9条"
    assert [basis["verified"] for basis in first["bases"]] == [True, False]
    assert first["fingerprint"] == report.findings[0].fingerprint
    decision = shape["rows"][1]
    assert (decision["decision"], decision["reasons"], decision["suggestion"]) == (
        "exclude",
        ["SC-04"],
        "GB 5009.12-2023",
    )
    assert shape["run"]["registries"][0] == {"name": "enterprises", "as_of": "2026-11-01", "sha256": "cd" * 32}
    assert shape["problems"][1] == {"file": "CNAS附件.pdf", "page": 2, "code": "ocr_failed", "message": "识别失败。"}


def test_parse_json_holds_papers_and_problems(report: Report) -> None:
    shape = parse_json(report.papers, report.problems)
    assert [paper["kind"] for paper in shape["papers"]] == ["business_licence", "cnas_certificate", "cnas_annex"]
    assert len(shape["problems"]) == 2


def test_what_has_no_json_form_is_refused() -> None:
    from api.render.json import plain

    with pytest.raises(TypeError, match="complex"):
        plain(1j)
