"""Deciding by programs of the authority's own: words, rows, corrections, the decision, undo, and documents of the decided state.

A key is no person: it never counts as the second pair of eyes.
"""

from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api.http import deciding
from api.http.access import Reviewer
from api.http.answers import errors, example
from api.http.context import context_of
from api.http.pages.opened import open_case
from api.http.personal import Unmask, note_unmasking
from api.http.routes.reviews import actor
from api.masking import masked_values
from api.store.decisions import Who
from api.store.keys import ApiKey
from models.finding import Verdict
from models.report import Decision, Recommendation

router = APIRouter(prefix="/v1/reviews/{review_id}", tags=["verdicts"])

Reason = Annotated[str, Field(max_length=1_000, description="推翻程序结论时必填。 Required to overrule the program.")]
Seen = Annotated[int, Field(ge=0, le=1_000_000, description="最近一次读到的 seen。 `seen` as last read.")]
Json = dict[str, Any]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class VerdictRequest(_Body):
    """A word on a finding; null takes the word before it back. `seen_version` is that of the word that was seen, 0 for none."""

    fingerprint: Annotated[str, Field(min_length=1, max_length=64)]
    verdict: Verdict | None
    seen_version: Seen = 0
    reason: Reason = ""


class RowsRequest(_Body):
    """A decision on claimed rows, by their places in the report's `rows`, from 0."""

    rows: Annotated[list[Annotated[int, Field(ge=0, le=1_000_000)]], Field(min_length=1, max_length=100_000)]
    decision: Decision
    seen: Seen
    reason: Reason = ""


class CorrectionRequest(_Body):
    """What really stands at a place of a paper; null where it is illegible."""

    place: Annotated[str, Field(max_length=200)]
    value: Annotated[str, Field(min_length=1, max_length=4_000)] | None
    seen: Seen
    reason: Reason = ""


class DecisionRequest(_Body):
    """The final decision."""

    decision: Recommendation
    seen: Seen
    seen_words: Seen
    reason: Reason = ""


class UndoRequest(_Body):
    """An act to take back, by its number."""

    act: Annotated[int, Field(ge=1, le=1_000_000)]
    seen: Seen
    reason: Reason = ""


class Form(StrEnum):
    """The documents that are made from the decided state."""

    REPORT_HTML = "report.html"
    REPORT_PDF = "report.pdf"
    REPORT_XLSX = "report.xlsx"
    ANNEX_XLSX = "annex.xlsx"
    ANNEX_DOCX = "annex.docx"
    NOTICE_DOCX = "notice.docx"


_STANDING = {
    "seen": 1,
    "seen_words": 1,
    "verdicts": [
        {
            "fingerprint": "0f3c5a7e9d1b2c4f",
            "version": 1,
            "verdict": "confirmed",
            "reason": "",
            "by": "符文昌",
            "at": "2026-11-22T08:00:00+00:00",
            "seconded_by": "",
        }
    ],
    "rows": [{"row": 3, "decision": "exclude", "reason": "设备未到位", "by": "符文昌", "act": 1}],
    "corrections": [],
    "decision": None,
}
_ANSWER = {200: example("处理后的状态。 How the case now stands.", _STANDING), **errors(404, 409, 410)}


@router.get("/verdicts", responses=_ANSWER)
def standing(request: Request, key: Reviewer, review_id: str) -> Json:
    """已作出的处理：发现、能力项、更正和决定。 What was decided so far; `seen` and `seen_words` go with the next request."""
    return _stands(request, review_id)


@router.post("/verdicts", responses=_ANSWER)
def verdict(request: Request, key: Reviewer, review_id: str, body: VerdictRequest) -> Json:
    """确认、排除或撤回对一条发现的处理。 A word on a finding."""
    deciding.say(request, review_id, body.fingerprint, body.verdict, _who(key), body.seen_version, body.reason)
    return _stands(request, review_id)


@router.post("/rows", responses=_ANSWER)
def rows(request: Request, key: Reviewer, review_id: str, body: RowsRequest) -> Json:
    """批量决定能力项。 Decide on rows together."""
    deciding.decide_rows(request, review_id, body.rows, body.decision, _who(key), body.seen, body.reason)
    return _stands(request, review_id)


@router.get(
    "/places",
    responses={
        200: example("可更正的位置。 Places that can be corrected.", {"places": []}),
        **errors(404, 409, 410),
    },
)
def places(
    request: Request, key: Reviewer, review_id: str, fingerprint: Annotated[str | None, Query(max_length=64)] = None
) -> Json:
    """可更正的位置：一条发现所比较的，或全部字段。 What can be corrected: what a finding compares, or every field."""
    return {"places": masked_values(deciding.places(request, open_case(request, review_id), fingerprint))}


@router.post("/corrections", responses=_ANSWER)
def correct(request: Request, key: Reviewer, review_id: str, body: CorrectionRequest) -> Json:
    """更正一个值并立即重新核查；`changes` 是有变化的发现。 Correct a value; everything is checked again at once."""
    done = deciding.correct(request, review_id, body.place, body.value, _who(key), body.seen, body.reason)
    return {**_stands(request, review_id), "changes": masked_values(done.changes)}


@router.post("/decision", responses=_ANSWER)
def decide(request: Request, key: Reviewer, review_id: str, body: DecisionRequest) -> Json:
    """作出决定；有阻断性发现的案件须由另一名复核人员在页面上复核后生效。 Decide; with blocking findings a person must second it."""
    deciding.decide(request, review_id, body.decision, _who(key), body.seen, body.seen_words, body.reason)
    return _stands(request, review_id)


@router.post("/undo", responses=_ANSWER)
def undo(request: Request, key: Reviewer, review_id: str, body: UndoRequest) -> Json:
    """撤销一步（能力项、更正或决定）。 Take an act back."""
    done = deciding.undo(request, review_id, body.act, _who(key), body.seen, body.reason)
    return {**_stands(request, review_id), "changes": masked_values(done.changes)}


@router.get(
    "/decided/{form}",
    response_class=Response,
    responses={
        200: {
            "description": "文件。 The file.",
            "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in deciding.FORMS.values()},
        },
        **errors(404, 409, 410),
    },
)
def document(
    request: Request, key: Reviewer, review_id: str, form: Annotated[Form, Path()], unmask: Unmask = False
) -> Response:
    """按处理后的结果生成的文书。 A document from the decided state."""
    case = open_case(request, review_id)
    if unmask:
        note_unmasking(context_of(request), key, review_id, form)
    content = deciding.document(request, case, form, unmask)
    headers = {"Content-Disposition": f'attachment; filename="{review_id}-{form.value}"'}
    return Response(content, media_type=deciding.FORMS[form], headers=headers)


def _who(key: ApiKey) -> Who:
    return Who(actor(key))


def _stands(request: Request, review_id: str) -> Json:
    return deciding.standing_json(open_case(request, review_id), deciding.namer(context_of(request)))
