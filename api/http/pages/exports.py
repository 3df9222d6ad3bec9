"""Documents from the decided state, to be saved: the report as HTML, PDF and workbook, the draft 附表, the draft 补正通知."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.http import deciding
from api.http.pages.opened import note_unmasking, open_case
from api.http.pages.shell import SignedIn
from api.store.errors import EntryMissing

router = APIRouter()


@router.get("/cases/{review_id}/export/{form}")
def export(
    request: Request, person: SignedIn, review_id: str, form: str, unmask: Annotated[bool, Query()] = False
) -> Response:
    """One of the documents. Numbers of persons are masked unless `unmask`, which is written down."""
    if form not in deciding.FORMS:
        raise EntryMissing
    case = open_case(request, review_id)
    if unmask:
        note_unmasking(request, review_id, form)
    content = deciding.document(request, case, form, unmask)
    headers = {
        "Content-Disposition": f'attachment; filename="{review_id}-{form}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=deciding.FORMS[form], headers=headers)
