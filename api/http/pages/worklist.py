"""The work list: every case with where it stands, what was found and what it is due for."""

import datetime as dt
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response

from api import clock
from api.http.context import context_of
from api.http.pages.shell import SignedIn, is_partial, page, today
from api.http.problems import Said, parted
from api.masking import masked
from api.render.words import word
from api.store import worklist as counted
from api.store.listing import Filters, list_reviews
from api.store.people import Role, names_by_actor
from api.store.reviews import OPEN, ReviewRow, State, get_review
from api.store.worklist import FinalDecision
from models.finding import Bilingual
from models.report import Recommendation

router = APIRouter()

ROWS = 50
SOON = dt.timedelta(days=7)
UPLOADERS = (Role.REVIEWER, Role.SECOND_REVIEWER, Role.ADMIN)
STATES = {
    State.QUEUED: Said("排队中", "Waiting"),
    State.READING: Said("读取中", "Reading"),
    State.JUDGING: Said("核查中", "Checking"),
    State.DONE: Said("待决定", "To be decided"),
    State.FAILED: Said("未完成", "Failed"),
    State.CANCELLED: Said("已撤销", "Cancelled"),
}
DUE = {
    "correction": Said("补正", "Correction"),
    "verification": Said("承诺核查", "Verification"),
    None: Said("期限", "Due"),
}
VIEWS = {
    "all": (Said("全部", "All"), Filters()),
    "open": (Said("处理中", "Under way"), Filters(states=OPEN)),
    "waiting": (Said("待决定", "To be decided"), Filters(states=(State.DONE,), decided=False)),
    "decided": (Said("已决定", "Decided"), Filters(states=(State.DONE,), decided=True)),
    "without": (Said("未完成", "Without report"), Filters(states=(State.FAILED, State.CANCELLED))),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A case as the list shows it; names without the numbers of persons."""

    row: ReviewRow
    state: Said
    recommendation: Bilingual | None
    decision: Bilingual | None
    decided_by: str
    title: str
    files: int
    error: Said | None
    due: Said | None
    due_in: int
    age: Said

    @property
    def open(self) -> bool:
        return self.row.state in OPEN


@router.get("/")
def work_list(
    request: Request,
    person: SignedIn,
    view: str = "all",
    q: Annotated[str, Query(max_length=200)] = "",
    recommendation: Annotated[str, Query(max_length=40)] = "",
    due: Annotated[str, Query(max_length=10)] = "",
    after: Annotated[str | None, Query(max_length=400)] = None,
) -> Response:
    """The list, newest first, narrowed as asked for; only the table where HTMX asks."""
    store = context_of(request).store
    view, asked = (view if view in VIEWS else "all"), q.strip()
    chosen = VIEWS[view][1]
    filters = Filters(
        states=chosen.states,
        decided=False if due else chosen.decided,
        recommendations=(recommendation,) if recommendation else (),
        due_until={"week": today() + SOON, "late": today() - dt.timedelta(days=1)}.get(due),
        text=asked,
    )
    rows, following = list_reviews(store, filters, after, ROWS)
    kept = {
        name: value
        for name, value in (("view", view), ("q", asked), ("recommendation", recommendation), ("due", due))
        if value
    }
    return page(
        request,
        "worklist/list.html" if is_partial(request) else "worklist/page.html",
        lines=_lines(request, rows),
        counts=counted.counts(store, today(), SOON),
        views=VIEWS,
        view=view,
        q=asked,
        recommendation=recommendation,
        recommendations={one.value: word("recommendations", one) for one in Recommendation},
        due=due,
        narrowed=bool(asked or recommendation or due or view != "all"),
        first="/?" + urlencode(kept) if after else None,
        following="/?" + urlencode({**kept, "after": following}) if following else None,
        may_upload=person.may(*UPLOADERS),
    )


@router.get("/worklist/live")
def live(request: Request, _: SignedIn, ids: Annotated[str, Query(max_length=4_000)] = "") -> Response:
    """The lines of cases that were under way, as they are now; those still under way are asked for again."""
    store = context_of(request).store
    wanted = [one for one in ids.split(",") if one][:ROWS]
    rows = list_reviews(store, Filters(ids=wanted), limit=ROWS)[0] if wanted else []
    return page(request, "worklist/live.html", lines=_lines(request, rows))


def line_of(request: Request, review_id: str) -> Line:
    """One case as the list shows it; ReviewMissing."""
    return _lines(request, [get_review(context_of(request).store, review_id)])[0]


def _lines(request: Request, rows: list[ReviewRow]) -> list[Line]:
    store = context_of(request).store
    decided = counted.decided_among(store, [row.id for row in rows])
    names = names_by_actor(store) if decided else {}
    now, day = clock.now(), today()
    return [_line(row, decided.get(row.id), names, now, day) for row in rows]


def _line(row: ReviewRow, final: FinalDecision | None, names: dict[str, str], now: dt.datetime, day: dt.date) -> Line:
    return Line(
        row,
        Said("已决定", "Decided") if final else STATES[row.state],
        word("recommendations", row.recommendation) if row.recommendation else None,
        word("recommendations", final.decision) if final else None,
        names.get(final.actor, final.actor) if final else "",
        masked(row.name or (row.files[0].name if row.files else row.id)),
        len(row.files),
        parted(masked(row.error_message)) if row.error_message else None,
        DUE.get(row.due_for, DUE[None]) if row.due_on else None,
        (row.due_on - day).days if row.due_on else 0,
        age_of(now - row.created_at),
    )


def age_of(passed: dt.timedelta) -> Said:
    """How long ago something was, in its largest unit."""
    minutes = max(0, int(passed.total_seconds() // 60))
    if minutes < 1:
        return Said("刚刚", "now")
    if minutes < 60:
        return Said(f"{minutes} 分钟", f"{minutes} min")
    if minutes < 24 * 60:
        return Said(f"{minutes // 60} 小时", f"{minutes // 60} h")
    days = minutes // (24 * 60)
    return Said(f"{days} 天", f"{days} d")
