"""Pictures: pages of a review's files and crops of evidence, drawn at a desk; uploaded files themselves are never served."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.http.access import Reader, visible
from api.http.answers import errors
from api.http.context import Context, context_of
from api.http.problems import Refused, Said
from api.store import reviews as stored
from api.store.errors import EntryMissing
from models.errors import InputError

router = APIRouter(prefix="/v1/reviews/{review_id}/files/{sha256}/pages/{page}", tags=["pictures"])

_JPEG = {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
_DAY = "private, max-age=86400, immutable"
Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]
PageNumber = Annotated[int, Path(ge=1, le=100_000)]
Turn = Annotated[int, Query(ge=0, le=270, multiple_of=90, description="顺时针旋转角度。 Clockwise turn.")]


@router.get("", response_class=Response, responses={200: _JPEG, **errors(404, 410)})
def page(
    request: Request,
    key: Reader,
    review_id: str,
    sha256: Sha256,
    page: PageNumber,
    dpi: Annotated[int, Query(ge=20, le=300)] = 100,
    turn: Turn = 0,
) -> Response:
    """一页的图像（JPEG）。 A page as JPEG."""
    context = context_of(request)
    stored_file(context, visible(key, stored.get_review(context.store, review_id)), sha256)
    return answered(drawn(context, sha256, page, dpi=dpi, turn=turn))


@router.get("/crop", response_class=Response, responses={200: _JPEG, **errors(404, 410)})
def crop(
    request: Request,
    key: Reader,
    review_id: str,
    sha256: Sha256,
    page: PageNumber,
    box: Annotated[str, Query(max_length=100, description="x0,top,x1,bottom（点 points）", examples=["72,90,300,110"])],
    turn: Turn = 0,
) -> Response:
    """证据所在处的截图，框出证据。 The evidence with its surroundings, outlined."""
    context = context_of(request)
    stored_file(context, visible(key, stored.get_review(context.store, review_id)), sha256)
    return answered(drawn(context, sha256, page, box=box_of(box), turn=turn))


def drawn(context: Context, sha256: str, page: int, **how: object) -> bytes:
    """The picture, drawn now or kept from before."""
    key = (sha256, page, *(str(value) for value in how.values()))
    picture = context.drawn.get(key)
    if picture is None:
        _, (picture,) = context.desks.do({"task": "picture", "page": page, **how}, [context.store.blobs.get(sha256)])
        context.drawn.put(key, picture)
    return picture


def stored_file(context: Context, review: stored.ReviewRow, sha256: str) -> None:
    """EntryMissing unless the file is one of the review's, or came out of one of its bundles."""
    if sha256 not in {file.sha256 for file in review.files} and not stored.owns(context.store, review.id, sha256):
        raise EntryMissing


def box_of(text: str) -> list[float]:
    """Four numbers with commas between; InputError for anything else."""
    try:
        x0, top, x1, bottom = (float(number) for number in text.split(","))
    except ValueError as error:
        raise InputError("box 应为四个数 x0,top,x1,bottom。 box must be four numbers x0,top,x1,bottom.") from error
    if not (0 <= x0 < x1 <= 20_000 and 0 <= top < bottom <= 20_000):
        raise Refused(422, "invalid_box", Said("box 不是有效的区域。", "box is no valid area."))
    return [x0, top, x1, bottom]


def answered(picture: bytes) -> Response:
    """A JPEG that browsers may keep: the same file and page look the same for ever."""
    return Response(picture, media_type="image/jpeg", headers={"Cache-Control": _DAY})
