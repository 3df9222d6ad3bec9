"""Pictures of the pages of a case: in three widths, drawn at a desk, kept by the service for a while and by the browser for a day."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from api.http.context import Context, context_of
from api.http.drawing import Wanted
from api.http.pages.shell import SignedIn
from api.http.routes.pictures import answered, stored_file
from api.store import reviews

router = APIRouter()

WIDTHS = {"thumb": 144, "page": 1100, "sharp": 2200}
"""Pixels: of thumbnails, of a page as wide as its half of the window, and of one looked at closely."""
THUMBS_AT_ONCE = 8
Turn = Annotated[int, Query(ge=0, le=270, multiple_of=90)]


@router.get("/cases/{review_id}/pages/{sha256}/{page}/{size}")
async def picture(
    request: Request,
    person: SignedIn,
    review_id: str,
    sha256: Annotated[str, Path(pattern="^[0-9a-f]{64}$")],
    page: Annotated[int, Path(ge=1, le=100_000)],
    size: Annotated[str, Path(pattern="^(thumb|page|sharp)$")],
    turn: Turn = 0,
    last: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    """A page as JPEG. `last` is the file's last page: thumbnails that follow are then drawn on the way."""
    context = context_of(request)
    await run_in_threadpool(_of_the_review, context, review_id, sha256)
    wanted = Wanted(sha256, page, WIDTHS[size], turn)
    following = range(page + 1, min(last, page + THUMBS_AT_ONCE - 1) + 1) if size == "thumb" and not turn else ()
    beside = [Wanted(sha256, number, WIDTHS[size]) for number in following]
    return answered(await context.drawing.picture(context.drawn, context.store, context.desks, wanted, beside))


def _of_the_review(context: Context, review_id: str, sha256: str) -> None:
    stored_file(context, reviews.get_review(context.store, review_id), sha256)
