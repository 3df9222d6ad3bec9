"""Dossiers: worst first, nothing lost, sections that open alone, numbers of persons masked where they may not be read."""

import datetime as dt
import json
import zlib
from dataclasses import replace

import pytest

from api.http.pages.finding import finding_view
from api.render.dossier import Dossier, Sheet, dossier, masked_finding, ordered
from api.render.json import finding_json
from api.render.sheets import pictures_of, sheets_of
from extractor.packing import Malformed
from models.field import Field, Region, Snapshot
from models.finding import Basis, Bilingual, Comparison, Finding, Outcome, Severity, Side
from models.layout import Box
from models.papers import ApplicationForm, CapabilityRow, PaperSource, Section
from models.report import Decision, Recommendation, Report, RowDecision, RunInfo
from tests.browser.given_case import line_box, pdf

SHA, PHONE = "c" * 64, "13812345678"


def region(page: int = 1, line: int = 0) -> Region:
    return Region(SHA, page, line_box(line), "")


def finding(
    check: str, severity: Severity, outcome: Outcome = Outcome.MISMATCH, sure: float = 1.0, subject: str = ""
) -> Finding:
    return Finding(
        check, Bilingual("标题", "title"), outcome, severity, Bilingual(f"电话 {PHONE}", f"call {PHONE}"), (Basis("法"),),
        Side("左", f"电话 {PHONE}", "", None, (region(2, 3),), sure),
        Side("右", "别的", "", None, (Snapshot("library", "2026-10-31", "d" * 64),)),
        Comparison(outcome, 0.5, Bilingual("", ""), "", (("core", "甲", "乙", 0.0), ("form", "", "", 1.0))), subject=subject,
    )  # fmt: skip


def row(index: int) -> CapabilityRow:
    return CapabilityRow(
        index, Section.TESTING, None, "1", "大米", "1.1", f"铅{index}", None, "GB 5009.12-2023", (), None,
        evidence=(region(1 + index // 20, index % 20),)
    )  # fmt: skip


def report(*findings: Finding, rows: int = 0) -> Report:
    claimed = tuple(row(n) for n in range(rows))
    paper = ApplicationForm(
        PaperSource("申请书.pdf", SHA, (1, 2)),
        Field(f"某公司 {PHONE}", "", (region(1, 5),), 0.5),
        None,
        None,
        None,
        claimed,
        (),
        (),
    )
    decided = tuple(RowDecision(one, Decision.HUMAN) for one in claimed)
    return Report(
        Recommendation.CORRECT,
        Bilingual("因为", "because"),
        dt.date(2026, 11, 1),
        findings,
        decided,
        (paper,),
        RunInfo("1", "2", "3"),
    )


def test_findings_stand_worst_first_by_area_and_there_least_sure_first() -> None:
    passed = finding("ID-03", Severity.BLOCKING, Outcome.MATCH)
    minor = finding("ID-05", Severity.MINOR)
    scope = finding("SC-04", Severity.BLOCKING)
    sure, unsure = finding("ID-04", Severity.BLOCKING), finding("ID-06", Severity.BLOCKING, sure=0.4)
    assert ordered([passed, minor, scope, sure, unsure]) == [unsure, sure, scope, minor, passed]
    assert ordered([sure, sure]) == [sure]


def test_every_finding_row_and_box_is_found_again() -> None:
    findings = [finding("SC-04", Severity.MAJOR, subject=str(n)) for n in range(150)]
    opened = Dossier(dossier(report(*findings, rows=45), [Sheet(SHA, 1, 595, 842), Sheet(SHA, 2, 842, 595, 90)]))
    for one in findings:
        assert opened.finding(one.fingerprint) == finding_json(one)
    with pytest.raises(KeyError):
        opened.finding("0" * 16)
    outline = opened.read("outline.en")
    assert [line[0] for line in outline["findings"]] == opened.read("prints")
    assert outline["files"][0]["pages"] == [[1, 595, 842, 0], [2, 842, 595, 90]]
    assert outline["findings"][0][6] == [[0, 2, *(round(edge, 1) for edge in (44, 116, 551, 138)), 0]]
    rows = opened.read("rows")
    assert [line[0] for line in rows] == list(range(45))
    assert rows[44][14][:2] == [0, 3]
    assert [box[7] for box in opened.boxes(0, 2)] == list(range(20, 40))
    assert opened.boxes(0, 99) == []


def test_numbers_of_persons_are_masked_but_where_a_person_may_ask_for_them() -> None:
    one = finding("ID-03", Severity.MAJOR)
    opened = Dossier(dossier(report(one, rows=2)))
    for name in ("outline.zh", "outline.en", "rows", "boxes.0.0"):
        assert PHONE not in zlib.decompress(opened.packed(name)).decode()
    whole = opened.finding(one.fingerprint)
    assert PHONE in json.dumps(whole)
    assert PHONE not in json.dumps(masked_finding(whole))
    assert masked_finding(whole)["fingerprint"] == one.fingerprint
    assert PHONE in json.dumps(opened.read("papers"))


@pytest.mark.parametrize(
    "data", [b"", b"ZSD", b"ZSD\x00\x00\x00\x00\x00", b"ZSD\x01\xff\xff\xff\x7f{", b"PK\x03\x04" + bytes(40)]
)
def test_what_is_no_dossier_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        Dossier(data)


def test_a_finding_shows_both_sides_what_differs_and_where() -> None:
    one = finding("ID-03", Severity.MAJOR)
    left = replace(one.left, value="三亚汐正检测有限公司", confidence=0.5)  # type: ignore[type-var]
    right = replace(one.right, value="三亚恒正检测有限公司")  # type: ignore[type-var]
    view = finding_view(finding_json(replace(one, left=left, right=right)), [{"sha256": SHA, "name": "申请书.pdf"}])
    assert [str(side.value) for side in view.sides] == [
        "三亚<del>汐</del>正检测有限公司",
        "三亚<ins>恒</ins>正检测有限公司",
    ]
    assert [(place.file, place.page, place.box) for place in view.sides[0].places] == [(0, 2, "44,116,551,138")]
    assert view.sides[0].unsure
    assert not view.sides[1].unsure
    assert view.sides[1].registries[0].as_of == "2026-10-31"
    assert [part[0].zh for part in view.parts] == ["字号"]  # what neither side has is not told
    assert view.wide
    assert not view.long


def test_pages_are_as_large_as_they_say_and_pictures_as_wide_as_asked() -> None:
    data = pdf([["one"], ["two"], ["three"]])
    sheets = sheets_of(data, {})
    assert [(sheet.page, sheet.width, sheet.height) for sheet in sheets] == [(n, 595, 842) for n in (1, 2, 3)]
    turned = sheets_of(data, {(sheets[0].sha256, 2): 90})[1]
    assert (turned.width, turned.height, turned.turn) == (842, 595, 90)
    assert sheets_of(b"PK\x03\x04 a Word file", {}) == []
    first, second = (_size(picture) for picture in pictures_of(data, [1, 2], 300, {2: 90}))
    assert first == (300, round(842 * 300 / 595))
    assert second == (300, pytest.approx(595 * 300 / 842, abs=1))
    with pytest.raises(LookupError):
        list(pictures_of(data, [4], 300, {}))


def _size(picture: bytes) -> tuple[int, int]:
    import io

    from PIL import Image

    return Image.open(io.BytesIO(picture)).size


def test_a_line_of_the_list_is_never_longer_than_it_can_be_shown() -> None:
    long = replace(finding("ID-03", Severity.MAJOR), message=Bilingual("很长" * 300, "long " * 300))
    outline = Dossier(dossier(report(long))).read("outline.zh")
    assert len(outline["findings"][0][4]) == 120
    assert Box(*outline["findings"][0][6][0][2:6]).width == 507
