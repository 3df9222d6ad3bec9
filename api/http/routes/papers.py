"""Papers alone: what the files are and what they say, without registries and judgement."""

from typing import Annotated, Any

from fastapi import APIRouter, File, Header, Request, Response, UploadFile
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from api import clock
from api.http.access import Submitter
from api.http.answers import errors, example
from api.http.context import Context, context_of
from api.http.examples import PAPERS
from api.http.intake import admit, idempotency_of, uploads_of
from api.http.routes.reviews import POLL_SECONDS, actor, ended, finished, masked_report, tell_jobs, wait_of
from api.http.shapes import ReviewView
from api.store import reviews as stored
from api.store.keys import ApiKey
from api.store.reviews import OPEN, ReviewRow

router = APIRouter(prefix="/v1/parse", tags=["papers"])

_WAIT = 30.0
_PAPERS: dict[int | str, dict[str, Any]] = {
    200: example("材料及字段，同 `zhengshen parse --json`。 The papers with their fields.", PAPERS),
    202: {"description": "仍在读取，见 Location。 Still reading; see Location.", "model": ReviewView},
}


@router.post("", responses={**_PAPERS, **errors(409, 413, 415)})
async def parse(
    request: Request,
    key: Submitter,
    files: Annotated[list[UploadFile], File(description="材料。 The papers.")],
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
    prefer: Annotated[str | None, Header(description="wait=30")] = None,
) -> Response:
    """读取材料：种类、字段及其位置；不查登记数据、不作判断。 Read papers: kind and fields with evidence."""
    context = context_of(request)
    row = await run_in_threadpool(_create, context, key, files, idempotency_key)
    row = await ended(context, row, wait_of(prefer) or _WAIT)
    if row.state in OPEN:
        headers = {"Location": f"/v1/reviews/{row.id}", "Retry-After": POLL_SECONDS}
        return JSONResponse(ReviewView.of(row).model_dump(mode="json"), 202, headers)
    content = await run_in_threadpool(masked_report, context, finished(row))
    return Response(content, media_type="application/json")


def _create(context: Context, key: ApiKey, files: list[UploadFile], idempotency_key: str | None) -> ReviewRow:
    admit(context)
    uploads, now = uploads_of(context, files), clock.now()
    row, new = stored.create_review(
        context.store,
        uploads,
        as_of=now.date(),
        purpose="parse",
        api_key_id=key.id,
        idempotency=idempotency_of(idempotency_key, uploads, b"parse"),
        actor=actor(key),
        now=now,
    )
    if new:
        tell_jobs(context, row.id)
    return row
