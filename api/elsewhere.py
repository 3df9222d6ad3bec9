"""What other cases known here hold in common with one: files, signatories, places of work, accreditations."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from api.render.json import parse_json
from matchers.address_parts import parse_address
from matchers.addresses import compare_addresses
from matchers.lookup import canonical_registration, same_code
from matchers.page_prints import Row, page_prints
from models.case import Sighting, SightingKind
from models.errors import InputError
from models.finding import Outcome
from models.papers import Paper
from models.text import key

_NAMED_BY = ("business_licence", "application_form", "cma_certificate", "cnas_certificate", "cnas_annex")
"""Papers that say whose case it is, the surest first."""
_ACCREDITATION = ("registration_number", "cnas_number")

Json = Mapping[str, Any]


def traces(papers: Sequence[Json], case: str = "") -> tuple[Sighting, ...]:
    """What may be met again in another case, from the `papers` of a report or of `parse --json`; each once.

    Nothing where no paper says whose case it is. `case` is the name by which a person finds the case again. KeyError, TypeError and
    the like for papers of another shape.
    """
    body, code = _body(papers)

    def found() -> Iterator[tuple[SightingKind, str]]:
        for paper in papers:
            yield SightingKind.FILE, paper["sha256"]
            if paper["kind"] in ("cnas_annex", "cma_annex"):
                for print_of_page in page_prints(_placed(paper.get("rows", ()))).values():
                    yield SightingKind.PAGE, print_of_page
            for person in paper.get("signatories", ()):
                yield SightingKind.SIGNATORY, person["name"]
            if paper["kind"] in ("application_form", "cnas_annex", "cma_annex"):
                for site in paper.get("sites", ()):
                    yield SightingKind.PLACE, site["address"]
            for name in _ACCREDITATION:
                yield SightingKind.ACCREDITATION, _value(paper, name)

    if not (body or code):
        return ()
    return tuple(Sighting(kind, value, body, code, case) for kind, value in dict.fromkeys(found()) if value)


def shared(papers: Iterable[Paper], known: Iterable[Sighting]) -> tuple[Sighting, ...]:
    """The known traces of other bodies' cases that these papers show too."""
    own = traces(parse_json(papers)["papers"])
    if not own:
        return ()
    exact = {_exactly(sighting) for sighting in own}
    places = [sighting.value for sighting in own if sighting.kind is SightingKind.PLACE]
    return tuple(
        sighting
        for sighting in known
        if not _is_same_body(sighting, own[0])
        and (_is_at(sighting.value, places) if sighting.kind is SightingKind.PLACE else _exactly(sighting) in exact)
    )


def met_by(sighting: Sighting) -> str:
    """A hash by which to look for the same thing in other cases: what is one thing has one hash, and few others have it too.

    A place goes by its road and number, for those must agree in any two addresses of one place.
    """
    kind, value = _exactly(sighting)
    if kind is SightingKind.PLACE:
        address = parse_address(sighting.value)
        value = f"{address.road} {address.number}"
    return hashlib.sha256(f"{kind.value} {value}".encode()).hexdigest()


def traces_in(folder: Path) -> tuple[Sighting, ...]:
    """The traces in every report (`review --json`) of a folder, by the name of its file; InputError where a file is none."""
    if not folder.is_dir():
        raise InputError(f"案件目录不存在：{folder}。 There is no folder of cases {folder}.")
    found: list[Sighting] = []
    for path in sorted(folder.rglob("*.json")):
        try:
            report = json.loads(path.read_text("utf-8-sig"))
            if isinstance(report, dict) and {"papers", "findings"} <= report.keys():
                name = path.parent.name if path.name == "report.json" else path.stem
                found += traces(report["papers"], name)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(f"{path}：不是可读的审查报告。 {path} is no readable report.") from error
    return tuple(found)


def _body(papers: Sequence[Json]) -> tuple[str, str]:
    """Whose case it is: name and credit code as the surest papers state them; empty where none does."""
    ranked = sorted((p for p in papers if p["kind"] in _NAMED_BY), key=lambda p: _NAMED_BY.index(p["kind"]))
    name = next((name for paper in ranked if (name := _value(paper, "name"))), "")
    return name, next((code for paper in ranked if (code := _value(paper, "unified_social_credit_code"))), "")


def _placed(rows: Iterable[Json]) -> Iterator[Row]:
    """The Chinese rows by the page on which each begins."""
    for row in rows:
        if row["evidence"] and row["language"] == "zh":
            yield row["evidence"][0]["page"], row["parameter_number"], [each["key"] for each in row["standards"]]


def _value(paper: Json, name: str) -> str:
    field = paper["fields"].get(name)
    return str(field["value"] or "") if field else ""


def _exactly(sighting: Sighting) -> tuple[SightingKind, str]:
    spelt = canonical_registration if sighting.kind is SightingKind.ACCREDITATION else key
    return sighting.kind, spelt(sighting.value)


def _is_at(address: str, places: Iterable[str]) -> bool:
    return any(compare_addresses(address, place).outcome is not Outcome.MISMATCH for place in places)


def _is_same_body(one: Sighting, other: Sighting) -> bool:
    """By credit code where both have one, else by name."""
    if one.unified_social_credit_code and other.unified_social_credit_code:
        return same_code(one.unified_social_credit_code, other.unified_social_credit_code)
    return key(one.body) == key(other.body)
