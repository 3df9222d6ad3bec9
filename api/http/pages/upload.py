"""Handing in papers: files by drag and drop, and what the applicant typed into a form; makes a review as POST /v1/reviews does."""

import datetime as dt
import json
import secrets
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from api import clock
from api.application import application_form
from api.http.context import context_of
from api.http.intake import MOST_FILES, admit, idempotency_of, uploads_of
from api.http.pages.shell import english_of, needs_role, page, redirect, today
from api.http.pages.worklist import DUE, UPLOADERS
from api.http.problems import Said, parted, problem
from api.http.routes.reviews import tell_jobs
from api.render.words import word
from api.store import reviews as stored
from api.store.people import Person
from models.codes import uscc
from models.errors import InputError

router = APIRouter()
Uploader = Annotated[Person, Depends(needs_role(*UPLOADERS))]

TEXTS = (
    "name",
    "unified_social_credit_code",
    "address",
    "responsible_person",
    "application_type",
    "cnas_number",
    "cma_number",
)
DAYS = ("applied_on", "cma_expires_on")
TYPES = ("首次", "扩项", "复查", "地址变更", "标准变更", "授权签字人变更", "其他")
MOST_TYPED = 5_000_000


@router.get("/upload")
def upload_form(request: Request, person: Uploader) -> Response:
    """The form."""
    return _form(request)


@router.post("/upload")
async def upload(request: Request, person: Uploader) -> Response:
    """A review of what was handed in; the same form sent twice is one review."""
    form = await request.form(max_files=MOST_FILES + 2, max_fields=100)
    return await run_in_threadpool(_hand_in, request, person, form)


def _hand_in(request: Request, person: Person, form: FormData) -> Response:
    context, now = context_of(request), clock.now()
    fields = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
    wrong: dict[str, Said] = {}
    application = _application(form, fields, wrong)
    as_of, due_on = _day("as_of", fields, wrong), _day("due_on", fields, wrong)
    files = [file for file in form.getlist("files") if isinstance(file, UploadFile) and file.filename]
    if not files:
        wrong["files"] = Said("请选择要提交的文件。", "Choose the files to hand in.")
    if wrong:
        return _refused(request, fields, wrong)
    try:
        admit(context)
        uploads = uploads_of(context, files)
    except InputError as error:
        return _refused(request, fields, {"files": parted(str(error))})
    asked = json.dumps([application, str(as_of), str(due_on), fields.get("due_for")], ensure_ascii=False).encode()
    once = f"{person.actor} {fields['once'][:64]}" if fields.get("once") else None
    row, new = stored.create_review(
        context.store,
        uploads,
        as_of=as_of or today(),
        application=application or None,
        due_on=due_on,
        due_for=fields.get("due_for") if due_on and fields.get("due_for") in DUE else None,
        idempotency=idempotency_of(once, uploads, asked),
        actor=person.actor,
        now=now,
    )
    if new:
        tell_jobs(context, row.id)
    return redirect(request, f"/cases/{row.id}")


def _application(form: FormData, fields: Mapping[str, str], wrong: dict[str, Said]) -> dict[str, Any]:
    """What was typed in over what a JSON file says; what is wrong with either goes into `wrong`, by the name of the field."""
    data: dict[str, Any] = {}
    file = form.get("data")
    if isinstance(file, UploadFile) and file.filename:
        data = _from_file(file.file.read(MOST_TYPED + 1), wrong)
    data |= {name: fields[name] for name in TEXTS if fields.get(name)}
    data |= {name: day.isoformat() for name in DAYS if (day := _day(name, fields, wrong))}
    if code := data.get("unified_social_credit_code"):  # a wrong one is for the checks to find
        data["unified_social_credit_code"] = uscc.compact(code) if isinstance(code, str) else code
    try:
        application_form(data)
    except InputError as error:
        wrong["data"] = parted(str(error))
    return data


def _from_file(content: bytes, wrong: dict[str, Said]) -> dict[str, Any]:
    if len(content) > MOST_TYPED:
        wrong["data"] = Said("申请数据文件超过 5 MB。", "The file with the application's data is larger than 5 MB.")
        return {}
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        wrong["data"] = Said(
            "申请数据文件应为 JSON 对象。", "The file with the application's data must be a JSON object."
        )
        return {}
    return data


def _day(name: str, fields: Mapping[str, str], wrong: dict[str, Said]) -> dt.date | None:
    if not fields.get(name):
        return None
    try:
        return dt.date.fromisoformat(fields[name])
    except ValueError:
        wrong[name] = Said("请填写有效的日期，如 2026-11-01。", "Give a valid date, such as 2026-11-01.")
        return None


def _refused(request: Request, fields: Mapping[str, str], wrong: Mapping[str, Said]) -> Response:
    """The form again with a word at each field, or the same as a problem where a script sent it."""
    if "text/html" in request.headers.get("accept", ""):
        return _form(request, fields, wrong, 422)
    english = english_of(request)
    errors = [
        {"pointer": f"/{name}", "detail": said.in_language(english), "code": "invalid"} for name, said in wrong.items()
    ]
    return problem(request, 422, "invalid_form", Said("请更正标出的内容。", "Correct what is marked."), errors=errors)


def _form(
    request: Request,
    fields: Mapping[str, str] | None = None,
    wrong: Mapping[str, Said] | None = None,
    status: int = 200,
) -> Response:
    settings = context_of(request).settings
    return page(
        request,
        "upload.html",
        status=status,
        fields=dict(fields or {}),
        wrong=dict(wrong or {}),
        word=word,
        texts=TEXTS,
        types=TYPES,
        day=today(),
        once=secrets.token_hex(16),
        most_files=MOST_FILES,
        most_mb=settings.max_file_bytes // 1_000_000,
        most_request_mb=settings.max_request_bytes // 1_000_000,
    )
