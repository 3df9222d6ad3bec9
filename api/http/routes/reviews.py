"""Reviews: hand in files, see how far they are, take the report, cancel, list."""

import asyncio
import datetime as dt
import logging
import re
import time
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Header, Query, Request, Response, UploadFile
from fastapi.responses import JSONResponse
from pydantic import Json
from starlette.concurrency import run_in_threadpool

from api import clock, webhooks
from api.http.access import Lister, Reader, Submitter, visible
from api.http.answers import errors, example
from api.http.context import Context, context_of
from api.http.examples import REPORT
from api.http.intake import admit, idempotency_of, uploads_of
from api.http.personal import Unmask, note_unmasking
from api.http.problems import Refused, Said
from api.http.shapes import ReviewPage, ReviewRequest, ReviewView
from api.masking import masked, masked_json
from api.store import reviews as stored
from api.store.deletion import delete_review
from api.store.keys import ApiKey
from api.store.listing import Filters, list_reviews
from api.store.reviews import OPEN, ReviewRow, State

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/v1/reviews", tags=["reviews"])

LONGEST_WAIT = 60.0
_LOOK_EVERY = 0.25
POLL_SECONDS = "2"


@router.post(
    "",
    status_code=202,
    response_model=ReviewView,
    responses={
        202: {"description": "已受理，见 Location。 Accepted; see Location."},
        200: example("已完成（Prefer: wait 时限内）：报告。 Done within the wait: the report.", REPORT),
        **errors(409, 413, 415),
    },
)
async def submit(
    request: Request,
    key: Submitter,
    files: Annotated[list[UploadFile], File(description="申请材料。 The papers.")],
    data: Annotated[Json[ReviewRequest] | None, Form(description="JSON：见 ReviewRequest。")] = None,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
    prefer: Annotated[str | None, Header(description="wait=30：最多等待的秒数。")] = None,
) -> Response:
    """提交一份申请的全部材料，返回审查编号；带 `Prefer: wait=N` 时在 N 秒内等待报告（Content-Location 为其地址）。

    Hand in the papers of one application. The same Idempotency-Key with the same content is the same review, however often it is sent.
    """
    context = context_of(request)
    asked = data or ReviewRequest()
    row = await run_in_threadpool(_create, context, key, files, asked, idempotency_key)
    if (seconds := wait_of(prefer)) > 0:
        row = await ended(context, row, seconds)
        if row.state is State.DONE and (report := await run_in_threadpool(masked_report, context, row)):
            headers = {"Preference-Applied": f"wait={seconds:g}", "Content-Location": f"/v1/reviews/{row.id}/report"}
            return Response(report, media_type="application/json", headers=headers)
    view = ReviewView.of(row)
    return JSONResponse(
        view.model_dump(mode="json"),
        202,
        {"Location": f"/v1/reviews/{row.id}", "Retry-After": POLL_SECONDS},
    )


@router.get("", response_model=ReviewPage, responses=errors())
def listed(
    request: Request,
    _: Lister,
    state: Annotated[list[State] | None, Query()] = None,
    recommendation: Annotated[list[str] | None, Query(max_length=10)] = None,
    name: Annotated[str, Query(max_length=200, description="名称的一部分。 A part of the name.")] = "",
    unified_social_credit_code: Annotated[str, Query(max_length=18)] = "",
    registration_number: Annotated[str, Query(max_length=40)] = "",
    certificate_number: Annotated[str, Query(max_length=40)] = "",
    created_from: dt.datetime | None = None,
    created_before: dt.datetime | None = None,
    due_until: dt.date | None = None,
    after: Annotated[str | None, Query(max_length=400, description="上一页的 next。")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ReviewPage:
    """审查列表，新的在前。 Reviews, newest first."""
    filters = Filters(
        states=state or (),
        recommendations=recommendation or (),
        name=name,
        unified_social_credit_code=unified_social_credit_code,
        registration_number=registration_number,
        certificate_number=certificate_number,
        created_from=_aware(created_from),
        created_before=_aware(created_before),
        due_until=due_until,
    )
    rows, following = list_reviews(context_of(request).store, filters, after, limit)
    return ReviewPage(reviews=[ReviewView.of(row) for row in rows], next=following)


@router.get("/{review_id}", response_model=ReviewView, responses=errors(404))
def status(request: Request, response: Response, key: Reader, review_id: str) -> ReviewView:
    """审查的状态与进度。 How far a review is."""
    row = visible(key, stored.get_review(context_of(request).store, review_id))
    if row.state in OPEN:
        response.headers["Retry-After"] = POLL_SECONDS
    return ReviewView.of(row)


@router.get(
    "/{review_id}/report",
    responses={
        200: example("差异报告。 The report, as `zhengshen review --json` prints it.", REPORT),
        **errors(404, 409, 410),
    },
)
def report(request: Request, key: Reader, review_id: str, unmask: Unmask = False) -> Response:
    """审查报告；可重复取用，直至保存期满；身份证号和电话号码默认遮盖。

    The report, as often as wanted until its retention ends; identity card and phone numbers are masked.
    """
    context = context_of(request)
    row = finished(visible(key, stored.get_review(context.store, review_id)))
    if unmask:
        note_unmasking(context, key, review_id, "report")
        return Response(stored.report_of(context.store, row), media_type="application/json")
    content = masked_report(context, row)
    return Response(content, media_type="application/json", headers={"ETag": f'"{row.report_sha256}"'})


@router.delete(
    "/{review_id}",
    response_model=ReviewView,
    responses={204: {"description": "已删除。 Deleted."}, **errors(404, 409)},
)
def cancel(
    request: Request,
    key: Submitter,
    review_id: str,
    erase: Annotated[bool, Query(description="同时删除材料与报告。 Delete files and report too.")] = False,
) -> Any:
    """撤销未完成的审查；`erase=true` 连同材料与报告一并删除。 Cancel a review that has not ended; erase it with its files if asked."""
    context = context_of(request)
    row = visible(key, stored.get_review(context.store, review_id))
    now = clock.now()
    if row.state in OPEN:
        stored.cancel(context.store, review_id, retention=context.retention, actor=actor(key), now=now)
        tell_jobs(context, review_id, cancelled=True)
    elif not erase:
        said = Said(
            "审查已结束，不能撤销；如需删除请加 erase=true。", "The review has ended; to delete it add erase=true."
        )
        raise Refused(409, "already_ended", said)
    if erase:
        delete_review(context.store, review_id, actor=actor(key), now=now, reason="asked for over HTTP")
        return Response(status_code=204)
    return ReviewView.of(stored.get_review(context.store, review_id))


def actor(key: ApiKey) -> str:
    """How the log names a caller."""
    return f"key:{key.id}"


def finished(row: ReviewRow) -> ReviewRow:
    """The row of a review that has a report; a problem that says why not otherwise."""
    match row.state:
        case State.DONE:
            return row
        case State.FAILED:
            raise Refused(
                409,
                row.error_code or "failed",
                Said(
                    masked(row.error_message or "审查未能完成。"), "The review ended without a report; see its error."
                ),
            )
        case State.CANCELLED:
            raise Refused(409, "cancelled", Said("审查已撤销。", "The review was cancelled."))
        case _:
            said = Said("审查尚未完成，请稍后再取。", "The review has not ended yet; try again later.")
            raise Refused(409, "not_finished", said, {"Retry-After": POLL_SECONDS})


def masked_report(context: Context, row: ReviewRow) -> bytes | None:
    """The report with the numbers of persons masked; None where there is none."""
    content = stored.report_of(context.store, row)
    return content and masked_json(content)


def wait_of(prefer: str | None) -> float:
    """The seconds of a `Prefer: wait=N`, at most LONGEST_WAIT; 0 without one."""
    match = re.search(r"(?:^|[,;\s])wait=(\d{1,4})(?=$|[,;\s])", prefer or "")
    return min(float(match[1]), LONGEST_WAIT) if match else 0.0


async def ended(context: Context, row: ReviewRow, seconds: float) -> ReviewRow:
    """The row when the review has ended, or as it is after so many seconds."""
    until = time.monotonic() + seconds
    while row.state in OPEN and time.monotonic() < until:
        await asyncio.sleep(_LOOK_EVERY)
        row = await run_in_threadpool(stored.get_review, context.store, row.id)
    return row


def _create(
    context: Context, key: ApiKey, files: list[UploadFile], asked: ReviewRequest, idempotency_key: str | None
) -> ReviewRow:
    uploads = uploads_of(context, files)
    idempotency = idempotency_of(idempotency_key, uploads, asked.model_dump_json().encode())
    if earlier := stored.earlier_review(context.store, key.id, idempotency):
        return earlier
    admit(context)
    if asked.callback:
        webhooks.resolve(asked.callback.url, context.settings.webhook_hosts)
        for secret in asked.callback.secrets:
            webhooks.secret_bytes(secret)
    now = clock.now()
    row, new = stored.create_review(
        context.store,
        uploads,
        as_of=asked.as_of or now.date(),
        purpose=asked.purpose,
        application=asked.application,
        callback_url=asked.callback.url if asked.callback else None,
        callback_secrets=asked.callback.secrets if asked.callback else (),
        due_on=asked.due_on,
        api_key_id=key.id,
        idempotency=idempotency,
        actor=actor(key),
        now=now,
    )
    if new:
        tell_jobs(context, row.id)
    return row


def tell_jobs(context: Context, review_id: str, cancelled: bool = False) -> None:
    """The reviews table is what counts: where the job engine cannot be told now, the workers find the review by themselves."""
    try:
        context.jobs.cancel(review_id) if cancelled else context.jobs.submit(review_id)
    except Exception:
        logger.exception("the job engine could not be told of %s", review_id)


def _aware(moment: dt.datetime | None) -> dt.datetime | None:
    return moment.replace(tzinfo=dt.UTC) if moment is not None and moment.tzinfo is None else moment
