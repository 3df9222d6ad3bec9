"""Finished cases put into the store as the workers would leave them, without reading or recognising anything for minutes."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from api import clock
from api.inputs import uploads_in
from api.jobs.parcels import pack
from api.jobs.showing import Judged, kept
from api.jobs.tasks import summary, versions
from api.reading import parse_files
from api.render.dossier import Sheet, dossier
from api.render.json import report_json
from api.review import judge
from api.store import Store, reviews
from api.store.dossiers import keep_dossier
from api.store.retention import retention_of
from api.store.reviews import Summary
from extractor.registries import open_snapshots
from models.field import Field, Region, Snapshot
from models.finding import Basis, Bilingual, Comparison, Finding, Outcome, Severity, Side
from models.layout import Box, Origin
from models.papers import ApplicationForm, BusinessLicence, CapabilityRow, PaperSource, Section
from models.report import Decision, Recommendation, Report, RowDecision, RunInfo
from models.standards import StandardRef

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "cases"
AS_OF = dt.date(2026, 11, 1)
PAGE, LINES, TOP, STEP = (595.0, 842.0), 34, 64.0, 22.0
_OBJECTS = ("生活饮用水", "大米", "蔬菜", "土壤", "水泥", "涂料", "茶叶", "饲料")
_PARAMETERS = ("铅", "镉", "总砷", "水分", "灰分", "蛋白质", "氨氮", "总磷", "密度", "色度")


@dataclass(frozen=True)
class File:
    name: str
    data: bytes


def keep_case(store: Store, files: list[File], judged: Judged, sheets: list[Sheet] | None = None) -> str:
    """The id of a finished review of these files. With `sheets` its dossier is kept as well, as the judge does it."""
    now, report = clock.now(), judged.report
    row, _ = reviews.create_review(store, files, as_of=report.as_of, actor="test", now=now)
    packed = pack(judged)
    done = reviews.finish(
        store,
        row.id,
        json.dumps(report_json(report), ensure_ascii=False).encode(),
        Summary(**summary(report)),
        retention=retention_of("review=2190,other=365"),
        actor="worker",
        now=now,
        versions=versions(report),
        packed=packed,
    )
    assert done
    if sheets is not None:
        name = reviews.get_review(store, row.id).packed_sha256
        assert name is not None
        keep_dossier(store, row.id, name, dossier(report, sheets), now)
    return row.id


def sample_case(store: Store, name: str) -> str:
    """One of the committed sample cases, its digital papers read and judged; the page makes the dossier itself."""
    folder = SAMPLES / name
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    uploads = uploads_in([folder])
    reading = parse_files(uploads)
    report = judge(reading, open_snapshots(folder / "registry"), dt.date.fromisoformat(truth["as_of"]))
    return keep_case(store, [File(upload.name, upload.data) for upload in uploads], kept(report, reading))


def pdf(pages: list[list[str]]) -> bytes:
    """A light PDF: lines of Latin text in a grid, a page for each list."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    kids = []
    for lines in pages:
        drawn = [f"BT /F 10 Tf {STEP} TL 50 {PAGE[1] - TOP:g} Td"]
        drawn += [f"({line}) Tj T*" for line in lines]
        drawn += ["ET", "0.6 w"]
        drawn += [
            f"44 {PAGE[1] - TOP - 8 - STEP * n:g} m 551 {PAGE[1] - TOP - 8 - STEP * n:g} l S" for n in range(LINES)
        ]
        content = "\n".join(drawn).encode()
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        media = b"/MediaBox [0 0 %g %g] /Resources << /Font << /F 3 0 R >> >>" % PAGE
        objects.append(b"<< /Type /Page /Parent 2 0 R %s /Contents %d 0 R >>" % (media, len(objects)))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def line_box(line: int) -> Box:
    """Where a line of such a page stands."""
    bottom = TOP + 8 + STEP * line
    return Box(44, bottom - STEP, 551, bottom)


def large_case(store: Store, rows: int = 10_000, pages: int = 300, findings: int = 600) -> str:
    """A case of so many rows on so many pages, with so many findings on them and as many that passed; invented."""
    edges = [rows * page // pages for page in range(pages + 1)]
    where = [(page, n - first) for page, first in enumerate(edges[:-1]) for n in range(first, edges[page + 1])]
    shown = [
        [
            f"{n + 1}   Object {n % 8}   Parameter {n % 10}   GB/T {5000 + n % 900}.{n % 30}-2016"
            for n in range(first, last)
        ]
        for first, last in pairwise(edges)
    ]
    form = File("申请书.pdf", pdf(shown))
    source = PaperSource(form.name, _sha256(form.data), tuple(range(1, len(shown) + 1)), ("申请书",))
    claimed = tuple(_row(number, source.sha256, *place) for number, place in enumerate(where))
    paper = ApplicationForm(
        source, _field("海南蓝洋检测技术有限公司", source.sha256, 0), _field("91460000MA5TE5T076", source.sha256, 1),
        _field("海口市龙华区滨涯路18号 13812345678", source.sha256, 2), None, claimed, (), (),
    )  # fmt: skip
    every = rows // findings
    found = tuple(_finding(claimed[n * every], n) for n in range(findings))
    passed = tuple(replace(one, outcome=Outcome.MATCH, subject=f"{one.subject} ok") for one in found[:20])
    held = {row for finding in found for row in finding.rows}
    decisions = tuple(
        RowDecision(
            row, Decision.EXCLUDE if row.index in held else Decision.ISSUE, ("SC-04",) if row.index in held else ()
        )
        for row in claimed
    )
    report = Report(
        Recommendation.APPROVE_IN_PART, Bilingual("部分能力项不能列入。", "Some rows cannot be listed."), AS_OF,
        found + passed, decisions, (paper,), RunInfo("1", "rules", "none", (Snapshot("library", "2026-10-31", "a" * 64),)),
    )  # fmt: skip
    sheets = [Sheet(source.sha256, page, *PAGE) for page in source.pages]
    return keep_case(store, [form], Judged(report), sheets)


def small_case(store: Store) -> str:
    """A case of 40 rows on two pages with eight findings; somebody's telephone number stands in it. Invented."""
    return large_case(store, 40, 2, 8)


def hostile_case(store: Store) -> str:
    """A case whose file name, values and printed texts are markup."""
    evil = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"
    licence = File(f"{evil}.pdf", pdf([[f"line {n}" for n in range(20)]] * 2))
    source = PaperSource(licence.name, _sha256(licence.data), (1, 2))
    paper = BusinessLicence(
        source, "business_licence", _field(evil, source.sha256, 2), _field(evil, source.sha256, 3), address=_field(evil, source.sha256, 4)
    )  # fmt: skip
    side = Side(evil, evil, evil, Origin.OCR, (Region(source.sha256, 1, line_box(3), evil),), 0.7)
    other = Side(evil, f"{evil}!", "", None, (Snapshot("enterprises", "2026-10-31", "b" * 64),))
    finding = Finding(
        "ID-03", Bilingual(evil, evil), Outcome.MISMATCH, Severity.BLOCKING, Bilingual(evil, evil),
        (Basis(evil, evil, evil, "javascript:x"),),
        side, other, Comparison(Outcome.MISMATCH, 0.5, Bilingual(evil, evil), evil, (("core", evil, evil, 0.2),)), Bilingual(evil, evil),
        subject=evil,
    )  # fmt: skip
    row = replace(_row(0, source.sha256, 0, 5), object=evil, parameter=evil, method=evil, limitation=evil)
    report = Report(
        Recommendation.CORRECT, Bilingual(evil, evil), AS_OF, (finding,), (RowDecision(row, Decision.HUMAN, (evil,), evil),),
        (paper,), RunInfo(evil, evil, evil),
    )  # fmt: skip
    return keep_case(store, [licence], Judged(report))


def _finding(row: CapabilityRow, number: int) -> Finding:
    (place,) = row.evidence
    key = row.standards[0].key
    year = str(int(key[-4:]) + 3)
    severity = (Severity.BLOCKING, Severity.MAJOR, Severity.MAJOR, Severity.MINOR)[number % 4]
    right = Side("能力项目库", f"{key[:-4]}{year}", "", None, (Snapshot("library", "2026-10-31", "a" * 64),))
    return Finding(
        ("SC-04", "ST-02", "SC-03", "ST-05")[number % 4],
        Bilingual("申请的标准（含年号）收录于能力项目库", "Every claimed standard, year included, is in the library"),
        Outcome.MISMATCH,
        severity,
        Bilingual(f"“{key}”在能力项目库中只有其他年号。", f"“{key}” is in the library with another year only."),
        (Basis("市场监管总局关于能力项目库和事项清单的公告", "第3条", "公告2026年第14号"),),
        Side("申请能力项", key, key, Origin.TEXT, (place,), 1.0 - (number % 7) / 50),
        right,
        Comparison(Outcome.MISMATCH, 0.8, Bilingual("年号不同", "years differ"), "", (("year", key[-4:], year, 0.0),)),
        Bilingual("请申请人改用现行标准。", "Have the current edition applied for."),
        (row.index,),
        f"{key} {number}",
    )


def _row(index: int, sha256: str, page: int, line: int) -> CapabilityRow:
    key = f"GB/T {5000 + index % 900}.{index % 30}-2016"
    thing, what = _OBJECTS[index % len(_OBJECTS)], _PARAMETERS[index % len(_PARAMETERS)]
    return CapabilityRow(
        index, Section.TESTING, "A", str(index // 60 + 1), f"{thing}{index // 60 + 1}", f"{index // 60 + 1}.{index % 60 + 1}",
        f"{what}{index}",
        None, f"{thing}中{what}的测定 {key}", (StandardRef.parse(key),), "只用第一法" if index % 9 == 0 else None,
        evidence=(Region(sha256, page + 1, line_box(line)),),
    )  # fmt: skip


def _field(value: str, sha256: str, line: int) -> Field[str]:
    return Field(value, value, (Region(sha256, 1, line_box(line), value),), 0.98, Origin.OCR)


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
