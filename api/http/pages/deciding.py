"""Deciding on the page: a word on a finding, a correction, rows in bulk, the final decision, and taking each of them back."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request, Response

from api import clock
from api.http import deciding
from api.http.context import context_of
from api.http.deciding import Corrected
from api.http.pages.case import finding_partial
from api.http.pages.opened import Case, open_case
from api.http.pages.rows import matching
from api.http.pages.shell import SignedIn, english_of, needs_role, page, person_of
from api.masking import masked, masked_values
from api.render.words import word
from api.store import decisions
from api.store.acts import Kind, effective
from api.store.decisions import Who
from api.store.errors import EntryMissing
from api.store.people import Person, Role, names_by_actor
from api.store.quality import is_drawn
from models.errors import InputError
from models.finding import Verdict
from models.report import Decision, Recommendation

router = APIRouter()

MAY = (Role.REVIEWER, Role.SECOND_REVIEWER)
Decider = Annotated[Person, Depends(needs_role(*MAY))]
Reason = Annotated[str, Form(max_length=1_000)]
Seen = Annotated[int, Form(ge=0)]
RECENT_ACTS = 5


@router.post("/cases/{review_id}/findings/{fingerprint}/verdict")
def verdict(
    request: Request,
    person: Decider,
    review_id: str,
    fingerprint: str,
    verdict: Annotated[Verdict, Form()],
    seen_version: Seen,
    reason: Reason = "",
) -> Response:
    """A word on a finding; the finding as it then stands."""
    deciding.say(request, review_id, fingerprint, verdict, who(person), seen_version, reason)
    return _finding(request, review_id, fingerprint, verdict.value)


@router.post("/cases/{review_id}/findings/{fingerprint}/undo")
def take_back(request: Request, person: Decider, review_id: str, fingerprint: str, seen_version: Seen) -> Response:
    """Take the word on a finding back."""
    deciding.say(request, review_id, fingerprint, None, who(person), seen_version)
    return _finding(request, review_id, fingerprint, "")


@router.get("/cases/{review_id}/findings/{fingerprint}/correct")
def correction_form(
    request: Request, person: Decider, review_id: str, fingerprint: str, illegible: Annotated[bool, Query()] = False
) -> Response:
    """The form in which a value that the finding compares is put right, or said to be illegible."""
    case = open_case(request, review_id)
    found = deciding.places(request, case, fingerprint)
    places = masked_values([place for place in found if place["illegible"] or not illegible])
    chosen = next(iter(sorted(places, key=lambda place: place["confidence"])), None)
    text = chosen["text"] if chosen and chosen["text"] == masked(_text(found, chosen["key"])) else ""
    values = {"places": places, "chosen": chosen and chosen["key"], "text": text or "", "illegible": illegible}
    return page(
        request,
        "deciding/correct.html",
        review=case.review,
        standing=case.standing,
        fingerprint=fingerprint,
        name=word,
        **values,
    )


@router.post("/cases/{review_id}/correct")
def correct(
    request: Request,
    person: Decider,
    review_id: str,
    place: Annotated[str, Form(max_length=200)],
    seen: Seen,
    value: Annotated[str, Form(max_length=4_000)] = "",
    illegible: Annotated[bool, Form()] = False,
    fingerprint: Annotated[str, Form(max_length=64)] = "",
    reason: Reason = "",
) -> Response:
    """Put a value right and have everything checked again; the finding as it then stands, and what changed."""
    given = None if illegible else value
    if given is not None and "***" in given:
        raise InputError(
            "请填写完整的值，不要保留遮盖的星号。 Write the whole value, without the asterisks that mask it."
        )
    done = deciding.correct(request, review_id, place, given, who(person), seen, reason)
    try:
        answer = finding_partial(request, review_id, fingerprint)
    except EntryMissing:
        answer = page(request, "deciding/corrected.html", fingerprint=fingerprint, **_changed(request, done))
    else:
        answer = _with_changes(request, answer, done)
    answer.headers["HX-Trigger"] = _events("zs:rejudged")
    return answer


@router.get("/cases/{review_id}/rows/panel")
def rows_panel(request: Request, person: SignedIn, review_id: str) -> Response:
    """The form that decides on rows, and what was decided lately."""
    return _rows_panel(request, open_case(request, review_id))


@router.post("/cases/{review_id}/rows/decide")
def decide_rows(
    request: Request,
    person: Decider,
    review_id: str,
    decision: Annotated[Decision, Form()],
    seen: Seen,
    row: Annotated[list[int] | None, Form()] = None,
    all_: Annotated[bool, Form(alias="all")] = False,
    state: Annotated[str, Form(pattern="^(issue|exclude|human|decided)?$")] = "",
    q: Annotated[str, Form(max_length=200)] = "",
    reason: Reason = "",
) -> Response:
    """Decide on the rows that were chosen, or on all that match the filter."""
    case = open_case(request, review_id)
    rows = [one[0] for one in matching(case, state, q)] if all_ else row or []
    deciding.decide_rows(request, review_id, rows, decision, who(person), seen, reason)
    answer = _rows_panel(request, open_case(request, review_id))
    answer.headers["HX-Trigger"] = _events("zs:rows-decided")
    return answer


@router.get("/cases/{review_id}/decision")
def decision_panel(request: Request, person: SignedIn, review_id: str) -> Response:
    """Where the case stands, its decision, and the documents made from it."""
    return _decision_panel(request, review_id)


@router.post("/cases/{review_id}/decide")
def decide(
    request: Request,
    person: Decider,
    review_id: str,
    decision: Annotated[Recommendation, Form()],
    seen: Seen,
    seen_words: Seen,
    reason: Reason = "",
) -> Response:
    """The final decision."""
    deciding.decide(request, review_id, decision, who(person), seen, seen_words, reason)
    return _decision_panel(request, review_id, "zs:final")


@router.post("/cases/{review_id}/second")
def second(request: Request, person: Decider, review_id: str, act: Annotated[int, Form(ge=1)]) -> Response:
    """Agree with the final decision of somebody else."""
    deciding.second(request, review_id, act, who(person))
    return _decision_panel(request, review_id, "zs:final")


@router.post("/cases/{review_id}/undo")
def undo(
    request: Request,
    person: Decider,
    review_id: str,
    act: Annotated[int, Form(ge=1)],
    seen: Seen,
    from_: Annotated[str, Form(alias="from", pattern="^(rows|decision)$")],
    reason: Reason = "",
) -> Response:
    """Take back what was decided on rows, a correction, or the final decision."""
    done = deciding.undo(request, review_id, act, who(person), seen, reason)
    if from_ == "rows":
        answer = _rows_panel(request, done.case)
        answer.headers["HX-Trigger"] = _events("zs:rows-decided")
        return answer
    undone = next(one for one in done.case.standing.acts if one.number == act)
    answer = _decision_panel(request, review_id)
    if undone.kind is Kind.CORRECTION:
        answer = _with_changes(request, answer, done)
    answer.headers["HX-Trigger"] = _events("zs:rejudged" if undone.kind is Kind.CORRECTION else "zs:final")
    return answer


@router.post("/cases/{review_id}/inspection")
def inspection(
    request: Request,
    person: Decider,
    review_id: str,
    missed: Annotated[bool, Form()],
    reason: Reason = "",
) -> Response:
    """What a re-inspection found."""
    open_case(request, review_id)
    decisions.inspect(context_of(request).store, review_id, who(person), now=clock.now(), missed=missed, reason=reason)
    return _decision_panel(request, review_id)


def who(person: Person) -> Who:
    """How a person acts."""
    return Who(person.actor, person.may(Role.SECOND_REVIEWER))


def _finding(request: Request, review_id: str, fingerprint: str, verdict: str) -> Response:
    answer = finding_partial(request, review_id, fingerprint)
    decided = {"fingerprint": fingerprint, "verdict": verdict, "next": bool(verdict)}
    answer.headers["HX-Trigger"] = json.dumps({"zs:decided": decided, "zs:words": {}})
    return answer


def _events(*names: str) -> str:
    return json.dumps({name: {} for name in names})


def _text(places: list[dict[str, Any]], key: str) -> str:
    return next((place["text"] or "" for place in places if place["key"] == key), "")


def _changed(request: Request, done: Corrected) -> dict[str, Any]:
    return {
        "changes": masked_values(done.changes),
        "tell": lambda sentence: sentence["en" if english_of(request) else "zh"],
    }


def _with_changes(request: Request, answer: Response, done: Corrected) -> Response:
    """The answer with what changed behind it, put in its place by HTMX."""
    told = page(request, "deciding/changes.html", **_changed(request, done))
    kept = {name: value for name, value in answer.headers.items() if name not in ("content-length", "content-type")}
    return Response(bytes(answer.body) + bytes(told.body), headers=kept, media_type="text/html")


def _rows_panel(request: Request, case: Case) -> Response:
    acts = [act for act in effective(case.standing.acts) if act.kind is Kind.ROWS]
    return page(
        request,
        "deciding/rows_panel.html",
        review=case.review,
        standing=case.standing,
        acts=acts[: -RECENT_ACTS - 1 : -1],
        may=person_of(request).may(*MAY),
        names=_names(request),
        name=word,
    )


def _decision_panel(request: Request, review_id: str, *events: str) -> Response:
    case = open_case(request, review_id)
    person, settings = person_of(request), context_of(request).settings
    answer = page(
        request,
        "deciding/decision.html",
        review=case.review,
        standing=case.standing,
        outlook=deciding.outlook(request, case),
        drawn=is_drawn(case.review, settings.reinspect_percent, settings.reinspect_seed),
        may=person.may(*MAY),
        second=person.may(Role.SECOND_REVIEWER),
        names=_names(request),
        name=word,
        tell=lambda sentence: sentence["en" if english_of(request) else "zh"],
    )
    if events:
        answer.headers["HX-Trigger"] = _events(*events)
    return answer


def _names(request: Request) -> dict[str, str]:
    return names_by_actor(context_of(request).store)
