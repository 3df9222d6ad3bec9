"""The list of deadlines, and where the verification of a certificate's promises is written down."""

import os
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request, Response

from api import clock
from api.deadlines import deadlines
from api.due import Due, DueKind, DueState, pressing
from api.http.context import context_of
from api.http.pages.shell import SignedIn, needs_role, page, redirect, today
from api.masking import masked
from api.render.due import KINDS, OUTCOMES, STATES, due_ics, due_xlsx, left_of
from api.store.people import Role
from api.store.supervision import record_verification
from models.records import Verified

router = APIRouter()

WITHIN = 90
ROWS = 500
BADGES = {DueState.OVERDUE: "bad", DueState.WARNING: "warn", DueState.UNKNOWN: "warn", DueState.DONE: "good"}
ICONS = {DueState.OVERDUE: "alert", DueState.WARNING: "clock", DueState.UNKNOWN: "alert", DueState.DONE: "check"}
VERIFIERS = (Role.REVIEWER, Role.SECOND_REVIEWER, Role.ADMIN)
_may_verify = needs_role(*VERIFIERS)


@router.get("/due")
def due_list(
    request: Request, person: SignedIn, kind: Annotated[str, Query(max_length=20)] = "", all: bool = False
) -> Response:
    """What is overdue or near, the most urgent first; with `all` whatever there is."""
    found = _found(request)
    shown = [due for due in (found if all else pressing(found, WITHIN)) if not kind or due.kind.value == kind]
    return page(
        request,
        "due/page.html",
        dues=shown[:ROWS],
        more=max(0, len(shown) - ROWS),
        overdue=sum(due.state is DueState.OVERDUE for due in shown),
        soon=sum(due.state is DueState.WARNING for due in shown),
        kinds=KINDS,
        kind=kind,
        everything=all,
        within=WITHIN,
        states=STATES,
        badges=BADGES,
        symbols=ICONS,
        left_of=left_of,
        masked=masked,
        outcomes=OUTCOMES,
        verification=DueKind.VERIFICATION,
        done=DueState.DONE,
        may_verify=person.may(*VERIFIERS),
        day=today().isoformat(),
    )


@router.get("/due.xlsx")
def due_workbook(request: Request, _: SignedIn) -> Response:
    """The whole list as a workbook."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _file(due_xlsx(_found(request)), kind, "due.xlsx")


@router.get("/due.ics")
def due_calendar(request: Request, _: SignedIn) -> Response:
    """What is open as a calendar."""
    warn = context_of(request).settings.rules.commitment_warn_days
    return _file(due_ics(_found(request), clock.now(), warn), "text/calendar; charset=utf-8", "due.ics")


@router.post("/due/verify")
def verify(
    request: Request,
    certificate: Annotated[str, Form(max_length=40)],
    outcome: Annotated[Verified, Form()],
    note: Annotated[str, Form(max_length=2_000)] = "",
) -> Response:
    """Write down what the verification of a certificate's promises came to, today."""
    person, store = _may_verify(request), context_of(request).store
    record_verification(store, certificate, today(), outcome, actor=person.actor, now=clock.now(), note=note)
    return redirect(request, "/due")


def _found(request: Request) -> list[Due]:
    context = context_of(request)
    return deadlines(context.settings, context.store, os.environ, today())


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
