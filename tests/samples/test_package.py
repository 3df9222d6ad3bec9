"""What is written: the same bytes each time, text that can be read back, truth that counts the drawn rows."""

import hashlib
import json
import tomllib
from pathlib import Path

import pypdfium2
import pytest

from samples.generate.cases import FOLDER, RECIPES
from samples.generate.degrade import encoded, photographed, scanned
from samples.generate.draw.annex import draw_annex
from samples.generate.draw.fonts import missing_packages
from samples.generate.draw.licence import draw_licence
from samples.generate.invent import invent
from samples.generate.package import Delivery, write_case
from samples.generate.plan import Plan

needs_fonts = pytest.mark.skipif(
    bool(missing_packages()), reason=f"drawing needs fonts: apt-get install {' '.join(missing_packages())}"
)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [document[n].get_textpage().get_text_range() for n in range(len(document))]
    finally:
        document.close()
    return "".join("".join(pages).split())


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@needs_fonts
def test_a_case_is_written_byte_for_byte_again(tmp_path: Path) -> None:
    case = invent(7, Plan(generation="G2", objects=2, parameters=4, holds_cma=True))
    deliveries = {"licence": Delivery("photo", ".jpg", "medium"), "commitment": Delivery("scan", ".tiff")}
    for name in ("one", "two"):
        write_case(case, tmp_path / name, (), deliveries)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


@needs_fonts
@pytest.mark.parametrize("generation", ["G1", "G2", "G3"])
def test_every_row_of_the_annex_is_printed(generation: str) -> None:
    case = invent(
        11, Plan(generation=generation, objects=3, parameters=12, english=generation == "G2", calibration=True)
    )
    drawn = draw_annex(case.annex)
    assert set(drawn.pages_of_row) == set(range(len(case.annex.rows) + len(case.annex.english_rows)))
    printed = text_of(drawn.pdf)
    footer = f"第{drawn.page_count}页共{drawn.page_count}页"
    assert footer in printed
    for row in case.annex.rows:
        assert "".join(row.parameter.split()) in printed
        for line in row.lines(case.annex.style):
            assert "".join(line.split()) in printed or len(drawn.pages_of_row[case.annex.rows.index(row)]) > 1
    for name in (case.annex.name, *(s.address for s in case.annex.sites)):
        assert name in printed


@needs_fonts
def test_a_lost_page_takes_its_rows_out_of_the_truth(tmp_path: Path) -> None:
    from samples.generate.faults import FAULTS

    fault = FAULTS["annex_page_missing"]
    case = fault.apply(invent(3, fault.planned(Plan(entity="company"))))
    write_case(case, tmp_path / "case", (fault,))
    papers = {
        paper["kind"]: paper for paper in json.loads((tmp_path / "case" / "truth.json").read_text("utf-8"))["papers"]
    }
    annex = papers["cnas_annex"]
    assert 0 < len(annex["rows"]) < len(case.annex.rows)
    document = pypdfium2.PdfDocument(tmp_path / "case" / "附件.pdf")
    assert len(document) == annex["fields"]["page_count_stated"] - 1
    document.close()
    keys = [(row["object"], row["parameter"], row["method"]) for row in annex["rows"]]
    assert all((row["object"], row["parameter"], row["method"]) in keys for row in papers["application_form"]["rows"])


@needs_fonts
@pytest.mark.parametrize("form", ["landscape", "portrait", "electronic"])
def test_the_licence_can_be_read_back(form: str) -> None:
    licence = invent(5, Plan(entity="company", form=form)).licence
    printed = text_of(draw_licence(licence))
    for value in (licence.code, licence.name, licence.person, licence.capital_text, licence.scope, licence.address):
        assert "".join(value.split()) in printed
    seal_only = form != "electronic"
    assert (licence.authority in printed) != seal_only


@needs_fonts
def test_scans_and_photographs_depend_on_their_seed_only() -> None:
    pdf = draw_licence(invent(5, Plan(entity="company", form="portrait")).licence)
    first, again, other = (encoded(scanned(pdf, "medium", seed, 90), ".jpg", "medium") for seed in (1, 1, 2))
    assert first == again != other
    assert encoded(photographed(pdf, "light", 1, 900), ".webp", "light") == encoded(
        photographed(pdf, "light", 1, 900), ".webp", "light"
    )


def test_kept_cases_are_complete() -> None:
    for recipe in RECIPES:
        folder = FOLDER / recipe.name
        truth = json.loads((folder / "truth.json").read_text("utf-8"))
        assert [fault["name"] for fault in truth["faults"]] == list(recipe.faults)
        assert all((folder / paper["file"]).exists() for paper in truth["papers"])
        registry = tomllib.loads((folder / "registry" / "registry.toml").read_text("utf-8"))
        assert all((folder / "registry" / entry["file"]).exists() for entry in registry.values())
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 26_000_000


def test_the_long_annex_has_sixty_pages() -> None:
    document = pypdfium2.PdfDocument(FOLDER / "clean_60_page_annex" / "附件.pdf")
    assert len(document) >= 60
    document.close()
