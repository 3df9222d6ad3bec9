"""Writes a case as an applicant would upload it: files with everyday names, `truth.json`, and the `registry/` folder."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

from samples.generate.draw.annex import DrawnAnnex, draw_annex
from samples.generate.draw.application import draw_application
from samples.generate.draw.certificate import draw_certificate
from samples.generate.draw.commitment import draw_commitment
from samples.generate.draw.licence import draw_licence
from samples.generate.facts import Case
from samples.generate.registries import write_registry
from samples.generate.truth import (
    Truth,
    annex_truth,
    application_truth,
    certificate_truth,
    commitment_truth,
    licence_truth,
)


@dataclass(frozen=True, slots=True)
class SeededFault:
    """What `truth.json` says of a fault: the checks that must fire, and those that may fire with them."""

    name: str
    checks: tuple[str, ...]
    also: tuple[str, ...] = ()


def write_case(case: Case, folder: Path, faults: tuple[SeededFault, ...] = ()) -> None:
    """Draws every paper of the case into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = draw_annex(case.annex)
    case, lost = without_lost_rows(case, drawn)
    papers: list[tuple[str, bytes, Truth]] = [
        ("营业执照副本.pdf", draw_licence(case.licence), licence_truth(case.licence))
    ]
    if case.certificate:
        papers.append(("CNAS证书.pdf", draw_certificate(case.certificate), certificate_truth(case.certificate)))
    if case.english_certificate:
        papers.append(
            (
                "CNAS证书英文.pdf",
                draw_certificate(case.english_certificate),
                certificate_truth(case.english_certificate),
            )
        )
    papers.append(("附件.pdf", drawn.pdf, annex_truth(case.annex, drawn.page_count, lost)))
    if case.application:
        papers.append(("申请书.pdf", draw_application(case.application), application_truth(case.application)))
    if case.commitment:
        papers.append(("告知承诺书.pdf", draw_commitment(case.commitment), commitment_truth(case.commitment)))
    for name, data, _ in papers:
        (folder / name).write_bytes(data)
    truth = {
        "as_of": case.as_of.isoformat(),
        "papers": [{"kind": t["kind"], "file": name, **t} for name, _, t in papers],
        "faults": [{"name": f.name, "checks": list(f.checks), "also": list(f.also)} for f in faults],
    }
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", "utf-8")
    write_registry(case.world, case.as_of, folder / "registry")


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
