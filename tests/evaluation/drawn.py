"""Cases drawn for an evaluation, and what was read of them: every recognised value with how it was read and whether it is right."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from api.accuracy import compare_papers
from api.inputs import uploads_in
from api.render.json import paper_json
from api.tally import Tally
from extractor.confidence import Circumstances, circumstances, sources
from extractor.document import read
from extractor.ocr import OcrEngine
from extractor.parsers import parsed
from models.layout import Document
from models.papers import Paper
from samples.generate.__main__ import deliveries_of
from samples.generate.degrade import DEGRADATIONS
from samples.generate.invent import invent
from samples.generate.package import write_case
from samples.generate.plan import Plan

ENTITIES = ("company", "branch", "institution", "joint_stock", "sole_proprietorship", "private_non_enterprise")
PARTS = (
    ("licence", "certificate", "cma", "commitment"),
    ("licence", "cma_annex", "english_certificate"),
    ("licence", "certificate", "cma", "commitment"),
    ("annex",),
    ("licence", "certificate", "cma", "commitment"),
    ("application", "licence"),
)
"""The papers of one case after another: short ones for the most part, which hold the most fields a page."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One recognised value (`field` or `row`), named as `paper.field`, as the recogniser left it, and whether it is right."""

    what: str
    name: str
    degradation: str
    seen: Circumstances
    right: bool


def degradations(count: int, first: int = 0) -> list[str]:
    """So many of them in turn, beginning with another one for another `first`: the levels, and each that has a name, all strengths."""
    named = [f"{name}:{strength}" for strength in ("medium", "strong", "light") for name in DEGRADATIONS]
    levels = ("strong", "medium", "light")
    mixed = [each for i, name in enumerate(named) for each in ((levels[i // 2 % 3], name) if i % 2 else (name,))]
    return [mixed[(first + i) % len(mixed)] for i in range(count)]


def draw(
    folder: Path, seed: int, degradation: str, parts: Sequence[str] | None = None, objects: int = 1, parameters: int = 4
) -> Path:
    """One small clean case; `parts` None lets the seed choose."""
    wanted = parts or PARTS[seed % len(PARTS)]
    entity, generation = ENTITIES[seed % len(ENTITIES)], ("G1", "G2", "G3")[seed // 2 % 3]
    plan = Plan(
        entity=entity,
        generation=generation,
        sites=1,
        objects=objects,
        parameters=parameters,
        holds_cma=bool({"cma", "cma_annex"} & {*wanted}),
        english_certificate="english_certificate" in wanted,
        claim=0.1 if "cma_annex" in wanted else 0.7,  # what is not applied for may be held already
    )
    case = invent(seed, plan)
    place = folder / f"case_{seed}"
    write_case(case, place, (), deliveries_of(degradation, seed), degradation, frozenset(wanted))
    return place


def observed(case: Path, ocr: Callable[[], OcrEngine]) -> Iterator[Observation]:
    """Every recognised value of a case, with its circumstances before any rating."""
    truth = json.loads((case / "truth.json").read_text("utf-8"))
    for upload in uploads_in([case]):
        document = read(upload.data, upload.name, ocr)
        papers = parsed(document)
        for stated in truth["papers"]:
            found = next((paper for paper in papers if paper.kind == stated["kind"]), None)
            if stated["file"] == upload.name and found is not None:
                yield from _of_paper(document, found, stated, truth.get("degradation", "none"))


def _of_paper(document: Document, paper: Paper, truth: dict[str, Any], degradation: str) -> Iterator[Observation]:
    tally = Tally()
    compare_papers(tally, "", [truth], [paper_json(paper)])
    pages = sources(document.pages)
    for said in tally.said:
        if said.source != "ocr":
            continue
        reading: Any = paper.rows[int(said.name)] if said.what == "row" else getattr(paper, said.name)  # type: ignore[union-attr]
        if hasattr(reading, "evidence"):  # a list of places or signatories has the confidences of its lines
            yield Observation(
                said.what, f"{paper.kind}.{said.name}", degradation, circumstances(reading, pages), said.right
            )
