"""What other cases hold in common with one: found in their reports, told apart from the applicant's own."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.elsewhere import shared, traces, traces_in
from api.render.json import parse_json
from matchers.checks import CHECKS
from matchers.page_prints import LEAST
from models.case import Sighting, SightingKind
from models.errors import InputError
from models.finding import Outcome
from models.papers import ApplicationForm, Paper, Signatory, Site
from tests.matchers.factory import ADDRESS, CODE, NAME, NUMBER, OTHER_CODE, annex, field, form, licence, make_case, row

OTHER = "海南绿岛检测有限公司"
ELSEWHERE = "海南省三亚市吉阳区荔枝沟路9号"


def other_papers(**more: Any) -> tuple[Paper, ...]:
    """The papers of another applicant, at another place, with other people; `more` changes its form."""
    values: dict[str, Any] = {
        "name": field(OTHER),
        "unified_social_credit_code": field(OTHER_CODE),
        "address": field(ELSEWHERE),
        "sites": (Site("A", ELSEWHERE),),
        "signatories": (Signatory("郑启明", "全部检测项目", "A"),),
        "cnas_number": field("CNAS L7777"),
    } | more
    other: ApplicationForm = form(**values)
    return (replace(other, source=replace(other.source, sha256="e" * 64)),)


def of(papers: tuple[Paper, ...], case: str = "2026-0042") -> tuple[Sighting, ...]:
    return traces(parse_json(papers)["papers"], case)


def test_traces_of_a_case() -> None:
    found = {(sighting.kind, sighting.value) for sighting in of((licence(), annex(), form()))}
    assert {
        (SightingKind.ACCREDITATION, NUMBER),
        (SightingKind.PLACE, ADDRESS),
        (SightingKind.SIGNATORY, "陈立新"),
        (SightingKind.FILE, form().source.sha256),
    } <= found
    assert {(s.body, s.unified_social_credit_code, s.case) for s in of((annex(), licence()))} == {
        (NAME, CODE, "2026-0042")
    }
    assert of(()) == ()


@pytest.mark.parametrize(
    ("more", "check"),
    [
        ({}, None),
        ({"cnas_number": field("No.CNAS L9901")}, "DU-02"),
        ({"sites": (Site(None, ADDRESS.removeprefix("海南省")),)}, "DU-05"),
        ({"signatories": (Signatory("陳立新", "食品检测"),)}, "SG-04"),
    ],
)
def test_what_another_case_shares_is_found_by_its_check(more: dict[str, Any], check: str | None) -> None:
    case = make_case()
    met = replace(case, elsewhere=shared(case.papers, of(other_papers(**more))))
    found = {f.check for each in CHECKS for f in each(met) if f.outcome is Outcome.MISMATCH}
    assert found == ({check} if check else set())


def test_the_same_file_of_another_body() -> None:
    case = make_case()
    (paper,) = other_papers()
    same = (replace(paper, source=form().source),)
    met = replace(case, elsewhere=shared(case.papers, of(same)))
    found = [f for each in CHECKS for f in each(met) if f.outcome is Outcome.MISMATCH]
    assert [f.check for f in found] == ["DU-03"]
    assert OTHER in found[0].message.zh


def test_a_page_of_another_bodys_annex() -> None:
    rows = tuple(row(n, "水分", f"GB 5009.{n + 3}-2016") for n in range(LEAST))
    others = annex(rows=rows, registration_number=field("CNAS L7777"), sites=(), signatories=())
    theirs = replace(others, source=replace(others.source, sha256="f" * 64))
    case = make_case(annex(rows=rows))
    met = replace(case, elsewhere=shared(case.papers, of((*other_papers(), theirs))))
    found = [f for each in CHECKS if each.id == "DU-03" for f in each(met)]
    assert [(f.outcome, OTHER in f.message.zh) for f in found] == [(Outcome.MISMATCH, True)]


@pytest.mark.parametrize("code", [field(CODE), None])
def test_the_applicants_own_other_cases_are_nobody_elses(code: Any) -> None:
    own = other_papers(name=field(NAME), unified_social_credit_code=code, sites=(Site("A", ADDRESS),))
    assert shared(make_case().papers, of(own)) == ()


def test_reports_of_a_folder(tmp_path: Path) -> None:
    report = {"papers": parse_json(other_papers())["papers"], "findings": []}
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "report.json").write_text(json.dumps(report), "utf-8")
    (tmp_path / "b.json").write_text(json.dumps(report), "utf-8")
    (tmp_path / "truth.json").write_text("{}", "utf-8")
    assert {sighting.case for sighting in traces_in(tmp_path)} == {"a", "b"}
    (tmp_path / "c.json").write_text('{"papers": 3, "findings": []}', "utf-8")
    with pytest.raises(InputError, match=r"c\.json"):
        traces_in(tmp_path)
    with pytest.raises(InputError, match="nowhere"):
        traces_in(tmp_path / "nowhere")
