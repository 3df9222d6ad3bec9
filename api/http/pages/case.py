"""The page of a case: the papers on the left, on the right what was found in them, asked for piece by piece."""

import datetime as dt
import zlib
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from api import clock
from api.http.context import context_of
from api.http.pages.finding import finding_view
from api.http.pages.history import steps
from api.http.pages.opened import MAY_UNMASK, Case, note_unmasking, open_case
from api.http.pages.shell import SignedIn, english_of, page, person_of
from api.masking import masked_values
from api.render.dossier import masked_finding
from api.render.words import word
from api.store import log, reviews
from api.store.decisions import opened
from api.store.errors import EntryMissing
from api.store.people import names_by_actor
from api.store.reviews import OPEN, State
from models.finding import Bilingual

router = APIRouter()

Unmask = Annotated[bool, Query()]
LOG_ENTRIES = 500
ROW = Bilingual("能力项", "Row")


@router.get("/cases/{review_id}")
def case(request: Request, person: SignedIn, review_id: str) -> Response:
    """The page, or how far the review is, or why there is nothing to see."""
    context = context_of(request)
    review = reviews.get_review(context.store, review_id)
    if review.state is not State.DONE:
        background = "x-background" in request.headers
        answer = page(request, "case/waiting.html", review=review, waiting=review.state in OPEN, background=background)
        if background and review.state not in OPEN:
            answer.headers["HX-Refresh"] = "true"
        return answer
    if "x-background" in request.headers:
        return Response(headers={"HX-Refresh": "true"})
    found = open_case(request, review_id)
    opened(context.store, review_id, person.actor, clock.now())
    return page(request, "case/case.html", review=review, standing=found.standing, ahead=_ahead(found))


@router.get("/cases/{review_id}/outline")
def outline(request: Request, person: SignedIn, review_id: str) -> Response:
    """Every finding in a line, the files and their pages: JSON as the dossier has it, compressed since it was made."""
    found = open_case(request, review_id)
    language = "en" if english_of(request) else "zh"
    tag = f'"{found.standing.packed_sha256}.{language}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Cookie, Accept-Encoding"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    content = found.dossier.packed(f"outline.{language}")
    if "deflate" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "deflate"
    else:
        content = zlib.decompress(content)
    return Response(content, media_type="application/json", headers=headers)


@router.get("/cases/{review_id}/words")
def words(request: Request, person: SignedIn, review_id: str) -> JSONResponse:
    """What people said of the findings so far: [verdict, whether a second person agreed, who] by fingerprint."""
    found, names = open_case(request, review_id), _names(request)
    said = {
        fingerprint: [spoken.verdict.value, bool(spoken.seconded_by), names.get(spoken.by, spoken.by)]
        for fingerprint, spoken in found.standing.words.items()
    }
    return JSONResponse({"seen": found.standing.number, "words": said}, headers={"Cache-Control": "no-store"})


@router.get("/cases/{review_id}/boxes")
def boxes(
    request: Request,
    person: SignedIn,
    review_id: str,
    file: Annotated[int, Query(ge=0, le=10_000)],
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)],
) -> JSONResponse:
    """What was read where on a page: [x0, top, x1, bottom, name, text, confidence, claimed row or -1] each."""
    found = open_case(request, review_id).dossier.boxes(file, number)
    english = english_of(request)
    names = {name: ROW if name == "row" else word("fields", name) for name in {box[4] for box in found}}
    shown = [[*box[:4], names[box[4]].en if english else names[box[4]].zh, *box[5:]] for box in found]
    return JSONResponse(shown, headers={"Cache-Control": "private, max-age=300"})


@router.get("/cases/{review_id}/findings/{fingerprint}")
def finding(request: Request, person: SignedIn, review_id: str, fingerprint: str, unmask: Unmask = False) -> Response:
    """One finding in full."""
    if unmask:
        note_unmasking(request, review_id, f"finding {fingerprint}")
    return finding_partial(request, review_id, fingerprint, unmask=unmask)


def finding_partial(request: Request, review_id: str, fingerprint: str, *, unmask: bool = False) -> Response:
    """A finding as it stands at this moment, with what people said of it. EntryMissing where the report has none such."""
    found = open_case(request, review_id)
    try:
        whole = found.dossier.finding(fingerprint)
    except KeyError:
        raise EntryMissing from None
    shown = whole if unmask else masked_finding(whole)
    spoken = found.standing.words.get(fingerprint)
    return page(
        request,
        "case/finding.html",
        review=found.review,
        standing=found.standing,
        finding=shown,
        word=spoken,
        names=_names(request) if spoken else {},
        view=finding_view(shown, found.opened.files()),
        masked=shown != whole,
        may_unmask=person_of(request).may(*MAY_UNMASK),
        name=word,
        tell=lambda sentence: sentence["en" if english_of(request) else "zh"],
    )


@router.get("/cases/{review_id}/fields")
def fields(request: Request, person: SignedIn, review_id: str, unmask: Unmask = False) -> Response:
    """The fields of each paper, every value with its confidence."""
    if unmask:
        note_unmasking(request, review_id, "fields")
    found = open_case(request, review_id)
    papers = found.dossier.read("papers")
    shown = papers if unmask else masked_values(papers)
    may = person.may(*MAY_UNMASK)
    values = {"papers": shown, "masked": shown != papers, "may_unmask": may, "name": word, "review": found.review}
    return page(request, "case/fields.html", **values)


@router.get("/cases/{review_id}/registries")
def registries(request: Request, person: SignedIn, review_id: str) -> Response:
    """Which snapshots of registries were asked, how old they were, and what could not be asked or read."""
    found = open_case(request, review_id)
    told = found.dossier.read("outline.en" if english_of(request) else "outline.zh")
    ages = [_days(one["as_of"], found.review.as_of) for one in told["run"]["registries"]]
    values = {"run": told["run"], "problems": told["problems"], "ages": ages, "name": word}
    return page(request, "case/registries.html", review=found.review, **values)


@router.get("/cases/{review_id}/history")
def history(request: Request, person: SignedIn, review_id: str) -> Response:
    """Every step of the case in the audit log, newest first."""
    store = context_of(request).store
    review = reviews.get_review(store, review_id)
    entries = log.entries(store, review_id, limit=LOG_ENTRIES)
    told = steps(entries, _names(request), english=english_of(request))
    return page(request, "case/history.html", review=review, steps=told)


def _ahead(found: Case) -> list[str]:
    """What the page asks for first, below its own address: the browser fetches it while the scripts are still on their way."""
    asked = ["outline", "words"]
    prints = found.dossier.read("prints")
    if not prints:
        return asked
    first = found.dossier.finding(prints[0])
    files = {file["sha256"]: file for file in found.opened.files()}
    sides = [side for side in (first["left"], first["right"]) if side]
    places = [place for side in sides for place in side["evidence"] if place.get("document") in files]
    for place in places[:1]:
        turn = files[place["document"]]["pages"][place["page"] - 1][3]
        asked.append(f"pages/{place['document']}/{place['page']}/page{f'?turn={turn}' if turn else ''}")
    return [*asked, f"findings/{prints[0]}"]


def _days(as_of: str, until: dt.date) -> int | None:
    """How old a snapshot was on a day; None where its date is none."""
    try:
        return (until - dt.date.fromisoformat(as_of[:10])).days
    except ValueError:
        return None


def _names(request: Request) -> dict[str, str]:
    """The names of people by the actors of the log; other actors stand for themselves."""
    return names_by_actor(context_of(request).store)
