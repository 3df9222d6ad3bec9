"""The page of quality: dismissals per check, fields corrected, minutes a case takes, re-inspections; and the labelled pairs to save."""

import datetime as dt
import json
import statistics
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from api import clock
from api.http.context import context_of
from api.http.pages.shell import english_of, needs_role, page
from api.masking import masked, masked_values
from api.render.plots import Bar, bars, histogram
from api.render.words import group_of, word
from api.store import log, quality
from api.store.people import Person, Role, names_by_actor
from matchers.checks import CHECKS

router = APIRouter()

SEERS = (Role.REVIEWER, Role.SECOND_REVIEWER, Role.AUDITOR, Role.ADMIN)
TAKERS = (Role.AUDITOR, Role.ADMIN)
Seer = Annotated[Person, Depends(needs_role(*SEERS))]
Taker = Annotated[Person, Depends(needs_role(*TAKERS))]
Days = Annotated[int, Query(ge=1, le=3_660)]
PERIODS = (30, 90, 365)
SHOWN = 20


@router.get("/quality")
def quality_page(request: Request, person: Seer, days: Days = 90) -> Response:
    """How often people agree with the program, and what deciding costs them."""
    context, english = context_of(request), english_of(request)
    since = clock.now() - dt.timedelta(days=days)
    shares = quality.dismissals(context.store, since)
    fields = quality.corrections(context.store, since)
    times = quality.minutes(context.store, since)
    settings = context.settings
    drawn = quality.inspections(context.store, settings.reinspect_percent, settings.reinspect_seed)
    spent = [each.minutes for each in times]
    titles = {check.id: check.title.en if english else check.title.zh for check in CHECKS}
    most = max((each.corrected + each.illegible for each in fields), default=1)
    return page(
        request,
        "quality/quality.html",
        days=days,
        periods=PERIODS,
        shares=shares[:SHOWN],
        fields=fields[:SHOWN],
        spoken=sum(each.said for each in shares),
        dismissed=sum(each.dismissed for each in shares),
        corrected=sum(each.corrected + each.illegible for each in fields),
        cases=len(times),
        median=statistics.median(spent) if spent else None,
        plots={
            "shares": bars(
                "Dismissed" if english else "排除率",
                [
                    Bar(each.check, each.share, f"{each.share:.0%} · {each.dismissed}/{each.said}")
                    for each in shares[:SHOWN]
                ],
            ),
            "fields": bars(
                "Corrected" if english else "更正次数",
                [
                    Bar(
                        _field(each.name, english),
                        (each.corrected + each.illegible) / most,
                        str(each.corrected + each.illegible),
                    )
                    for each in fields[:SHOWN]
                ],
            ),
            "minutes": histogram("Minutes" if english else "用时", spent, " min" if english else " 分"),
        },
        drawn=[(each, masked(each.review.name)) for each in drawn],
        missed=sum(each.found == "missed" for each in drawn),
        inspected=sum(bool(each.found) for each in drawn),
        percent=settings.reinspect_percent,
        titles=titles,
        group=group_of,
        name=word,
        names=names_by_actor(context.store),
        may_take=person.may(*TAKERS),
        tell=lambda both: both.en if english else both.zh,
    )


@router.get("/quality/pairs.jsonl")
def labelled_pairs(request: Request, person: Taker, days: Days = 365) -> Response:
    """What the machine said and what people said of it, a JSON object a line; numbers of persons are masked."""
    store, now = context_of(request).store, clock.now()
    log.record(store, person.actor, "labels.exported", "quality", now, days=days)

    def lines() -> Iterator[str]:
        for pair in quality.pairs(store, now - dt.timedelta(days=days)):
            yield json.dumps(masked_values(pair), ensure_ascii=False) + "\n"

    headers = {"Content-Disposition": 'attachment; filename="labelled-pairs.jsonl"', "Cache-Control": "no-store"}
    return StreamingResponse(lines(), media_type="application/jsonl", headers=headers)


def _field(name: str, english: bool) -> str:
    spoken = word("fields", name.split(".")[-1])
    return spoken.en if english else spoken.zh
