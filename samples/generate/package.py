"""Writes a case as an applicant would upload it: files with everyday names, `truth.json`, and the `registry/` folder."""

import json
import random
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from samples.generate import degrade, truth
from samples.generate.draw.annex import DrawnAnnex, draw_annex
from samples.generate.draw.application import draw_application
from samples.generate.draw.authorisation import draw_authorisation
from samples.generate.draw.certificate import draw_certificate
from samples.generate.draw.cma import draw_cma_annex, draw_cma_certificate
from samples.generate.draw.commitment import draw_commitment
from samples.generate.draw.licence import draw_licence
from samples.generate.draw.stray import draw_stray
from samples.generate.facts import Case
from samples.generate.faults import Fault
from samples.generate.handling import handled
from samples.generate.registries import write_registry
from samples.generate.truth import Truth


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a paper reaches the reviewer. `mode` is digital, scan, photo, or worn by `wears`; `suffix` of the file; `dpi` of a scan."""

    mode: str = "digital"
    suffix: str = ".pdf"
    level: str = "light"
    grey: bool = True
    dpi: int = 200
    wears: tuple[degrade.Wear, ...] = ()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A paper on its way into the folder: which it is, the name of its file without suffix, its clean PDF, its truth."""

    part: str
    name: str
    pdf: bytes
    truth: Truth


DIGITAL = Delivery()
ON_PAPER = ("certificate", "english_certificate", "annex", "application", "commitment", "cma", "cma_annex", "stray")
"""The parts besides the licence that may be scanned."""
PARTS = ("licence", *ON_PAPER, "authorisation")
"""Everything that a case may hold."""


def write_case(
    case: Case,
    folder: Path,
    faults: tuple[Fault, ...] = (),
    deliveries: Mapping[str, Delivery] | None = None,
    degradation: str = "",
    parts: frozenset[str] | None = None,
) -> None:
    """Draws every paper of the case into `folder`, which is emptied first; `deliveries` names parts that are not digital.

    `degradation` says in the truth what was done to them, for an evaluation that groups by it; `parts` names those that are wanted.
    """
    keep = folder / "report.json"
    golden = keep.read_bytes() if keep.exists() else None
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if golden is not None:
        keep.write_bytes(golden)
    papers = []
    for place, drawn in enumerate(draw_papers(case)):
        if parts is not None and drawn.part not in parts:
            continue
        delivery = (deliveries or {}).get(drawn.part, DIGITAL)
        for handling in case.handlings:
            if handling.part == drawn.part:
                drawn = replace(drawn, pdf=handled(drawn.pdf, handling))
        name = drawn.name + delivery.suffix
        (folder / name).write_bytes(delivered(drawn.pdf, delivery, case.seed * 100 + place))
        papers.append({"kind": drawn.truth["kind"], "file": name, **drawn.truth})
        for copy in (f"{stem}{delivery.suffix}" for part, stem in case.copies if part == drawn.part):
            shutil.copyfile(folder / name, folder / copy)
            papers.append({"kind": drawn.truth["kind"], "file": copy, **drawn.truth})
    seeded = [{"name": fault.name, "checks": list(fault.checks), "also": list(fault.also)} for fault in faults]
    told = {"as_of": case.as_of.isoformat(), "papers": papers, "faults": seeded}
    if case.purpose != "application":
        told["purpose"] = case.purpose
    if degradation:
        told["degradation"] = degradation
    (folder / "truth.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", "utf-8")
    write_registry(case.world, case.as_of, folder / "registry")


def draw_papers(case: Case) -> list[Drawn]:
    """Every paper that was handed in, clean, with what is true of it."""
    annex = draw_annex(case.annex)
    case, lost = without_lost_rows(case, annex)
    papers = [Drawn("licence", "营业执照副本", draw_licence(case.licence), truth.licence_truth(case.licence))]
    if case.certificate:
        papers.append(
            Drawn(
                "certificate", "CNAS证书", draw_certificate(case.certificate), truth.certificate_truth(case.certificate)
            )
        )
    if english := case.english_certificate:
        papers.append(
            Drawn("english_certificate", "CNAS证书英文", draw_certificate(english), truth.certificate_truth(english))
        )
    papers.append(Drawn("annex", "附件", annex.pdf, truth.annex_truth(case.annex, annex.page_count, lost)))
    if form := case.application:
        papers.append(Drawn("application", "申请书", draw_application(form), truth.application_truth(form)))
    if letter := case.commitment:
        papers.append(Drawn("commitment", "告知承诺书", draw_commitment(letter), truth.commitment_truth(letter)))
    if cma := case.cma:
        papers.append(Drawn("cma", "资质认定证书", draw_cma_certificate(cma), truth.cma_certificate_truth(cma)))
        papers.append(Drawn("cma_annex", "资质认定证书附表", draw_cma_annex(cma), truth.cma_annex_truth(cma)))
    if case.application and case.authorised and (owner := case.application.legal_entity):
        letter_pdf = draw_authorisation(owner, case.application.name, case.application.applied_on)
        papers.append(Drawn("authorisation", "法人授权书", letter_pdf, {"kind": "unknown", "fields": {}}))
    if case.stray_paper:
        papers.append(Drawn("stray", "ISO9001证书", draw_stray(case.licence), {"kind": "unknown", "fields": {}}))
    return papers


def without_lost_rows(case: Case, drawn: DrawnAnnex) -> tuple[Case, set[int]]:
    """Where a page is left out, its rows are in nobody's hands: the application does not ask for them either."""
    page = case.annex.lost_page
    if page is None:
        return case, set()
    lost = {place for place, pages in drawn.pages_of_row.items() if page in pages}
    gone = {row for place, row in enumerate(case.annex.rows) if place in lost}
    form = case.application
    if form:
        form = replace(form, rows=tuple(row for row in form.rows if row not in gone))
    return replace(case, application=form), lost


def delivered(pdf: bytes, delivery: Delivery, seed: int) -> bytes:
    """The bytes of the file as uploaded."""
    if delivery.mode == "digital":
        return pdf
    if delivery.mode == "worn":
        sheets = degrade.worn(pdf, delivery.wears, seed)
        return degrade.filed([sheet.picture for sheet in sheets], delivery.suffix, 92, round(sheets[0].dpi))
    if delivery.mode == "photo":
        return degrade.encoded(degrade.photographed(pdf, delivery.level, seed), delivery.suffix, delivery.level)
    pages = degrade.scanned(pdf, delivery.level, seed, delivery.dpi, grey=delivery.grey)
    return degrade.encoded(pages, delivery.suffix, delivery.level, delivery.dpi, grey=delivery.grey)


def random_deliveries(seed: int, level: str) -> dict[str, Delivery]:
    """Everything on paper once: the licence as a photograph or a scan, the rest scanned in grey or colour, in several formats."""
    rng = random.Random(f"deliveries {seed}")
    licence = rng.choice((
        Delivery("photo", ".jpg", level), Delivery("photo", ".webp", level), Delivery("scan", ".jpg", level, grey=False),
        Delivery("scan", ".png", level, grey=False, dpi=150),
    ))  # fmt: skip
    scans = {
        part: Delivery("scan", rng.choice((".pdf", ".pdf", ".tiff")), level, grey=rng.random() < 0.7)
        for part in ON_PAPER
    }
    return {"licence": licence, **scans}


def worn_deliveries(wears: tuple[degrade.Wear, ...]) -> dict[str, Delivery]:
    """Everything on paper and worn alike: the licence as a picture, the rest as scanned pages."""
    return {
        "licence": Delivery("worn", ".jpg", wears=wears),
        **{part: Delivery("worn", wears=wears) for part in ON_PAPER},
    }
