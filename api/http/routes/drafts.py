"""What is made from a finished report: the draft 附表, the draft 补正通知, the report to read and as a workbook."""

from enum import StrEnum
from typing import Any

from fastapi import APIRouter, Request, Response

from api.http.access import Reader, visible
from api.http.answers import errors
from api.http.context import context_of
from api.http.personal import Unmask, note_unmasking
from api.http.problems import Refused, Said
from api.http.routes.reviews import finished
from api.store import reviews as stored

router = APIRouter(prefix="/v1/reviews/{review_id}", tags=["drafts"])

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_HTML = "text/html; charset=utf-8"


def _file(*media_types: str) -> dict[str, Any]:
    binary = {"schema": {"type": "string", "format": "binary"}}
    return {"description": "文件。 The file.", "content": dict.fromkeys(media_types, binary)}


class AnnexForm(StrEnum):
    """The forms of the draft 附表."""

    XLSX = "xlsx"
    DOCX = "docx"


@router.get("/annex", response_class=Response, responses={200: _file(_EXCEL, _WORD), **errors(404, 409, 410)})
def annex(request: Request, key: Reader, review_id: str, form: AnnexForm = AnnexForm.XLSX) -> Response:
    """附表草稿：可发的能力项、不发的及理由、待人工决定的。 The draft 附表 as XLSX or DOCX."""
    return _made(request, key, review_id, f"annex.{form.value}", _EXCEL if form is AnnexForm.XLSX else _WORD)


@router.get("/notice", response_class=Response, responses={200: _file(_WORD), **errors(404, 409, 410)})
def notice(request: Request, key: Reader, review_id: str) -> Response:
    """补正通知草稿（DOCX）。 The draft letter that asks for corrections."""
    return _made(request, key, review_id, "notice.docx", _WORD)


@router.get("/report.html", response_class=Response, responses={200: _file("text/html"), **errors(404, 409, 410)})
def page(request: Request, key: Reader, review_id: str, unmask: Unmask = False) -> Response:
    """可独立打开的报告网页，含证据截图。 The report as one self-contained page with pictures of the evidence."""
    return _made(request, key, review_id, "report.html", "text/html; charset=utf-8", unmask)


@router.get("/report.xlsx", response_class=Response, responses={200: _file(_EXCEL), **errors(404, 409, 410)})
def workbook(request: Request, key: Reader, review_id: str, unmask: Unmask = False) -> Response:
    """报告的 XLSX 形式。 Findings and rows as a workbook."""
    return _made(request, key, review_id, "report.xlsx", _EXCEL, unmask)


def _made(request: Request, key: Reader, review_id: str, form: str, media_type: str, unmask: bool = False) -> Response:
    context = context_of(request)
    row = finished(visible(key, stored.get_review(context.store, review_id)))
    packed = stored.packed_report_of(context.store, row)
    if packed is None:
        said = Said(
            "该审查只读取了材料，没有可据以拟制的报告。",
            "This review only read papers; there is no report to draft from.",
        )
        raise Refused(409, "no_report", said)
    kept = [file for file in row.files if file.deleted_at is None] if form == "report.html" else []
    if unmask:
        note_unmasking(context, key, review_id, form)
    files = [context.store.blobs.get(file.sha256) for file in kept]
    _, (content,) = context.desks.do({"task": "render", "form": form, "unmask": unmask}, [packed, *files])
    disposition = f'attachment; filename="{review_id}-{form}"'
    return Response(content, media_type=media_type, headers={"Content-Disposition": disposition})
