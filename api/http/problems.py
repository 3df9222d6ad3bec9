"""Errors as RFC 9457 problems, in the caller's language: what went wrong and what to do, never how the program is made inside."""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from api.jobs.desk import DeskDied, DesksClosed, TaskFailed, TaskRefused
from api.jobs.showing import NoSuchPage
from api.store import errors as stored
from models.errors import EmptyFile, InputError, RegistryInvalid, ReviewError, TooLarge, TooManyPages, UnsupportedFile

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

STATUSES: tuple[tuple[type[ReviewError], int], ...] = (
    (stored.StoreUnavailable, 503),
    (stored.IdempotencyConflict, 422),
    (stored.EditConflict, 409),
    (stored.UnderLegalHold, 409),
    (stored.ReviewMissing, 404),
    (stored.EntryMissing, 404),
    (stored.BlobMissing, 410),
    (stored.StoreError, 500),
    (TooLarge, 413),
    (TooManyPages, 413),
    (UnsupportedFile, 415),
    (EmptyFile, 422),
    (RegistryInvalid, 422),
    (InputError, 422),
    (ReviewError, 500),
)
"""The first that fits decides."""

_RETRY_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in both languages."""

    zh: str
    en: str

    def in_language(self, english: bool) -> str:
        return self.en if english else self.zh


TITLES = {
    400: Said("请求无法理解", "The request cannot be understood"),
    401: Said("缺少有效的 API 密钥", "A valid API key is missing"),
    403: Said("密钥没有此权限", "The key does not allow this"),
    404: Said("没有找到", "Not found"),
    405: Said("不支持该方法", "Method not allowed"),
    409: Said("与当前状态冲突", "In conflict with the present state"),
    410: Said("内容已不再保存", "No longer kept"),
    413: Said("内容过大", "Too large"),
    415: Said("不支持的类型", "Unsupported type"),
    422: Said("内容无法使用", "The content cannot be used"),
    429: Said("请求过于频繁", "Too many requests"),
    500: Said("程序出错", "The service failed"),
    503: Said("暂时无法受理", "Unavailable for the moment"),
}


class Refused(Exception):
    """A request that is answered with a problem: a status, a stable code and a sentence in both languages."""

    def __init__(self, status: int, code: str, said: Said, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(said.en)
        self.status, self.code, self.said, self.headers = status, code, said, dict(headers or {})


def install(app: FastAPI) -> None:
    """Let the app answer every error with a problem."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(ReviewError, _review_error)
    app.add_exception_handler(TaskRefused, _task_refused)
    for kind in (DeskDied, TaskFailed):
        app.add_exception_handler(kind, _not_drawn)
    app.add_exception_handler(DesksClosed, _closing)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _plain_http)
    app.add_exception_handler(Exception, unexpected)


def problem(
    request: Request,
    status: int,
    code: str,
    said: Said | None,
    headers: Mapping[str, str] | None = None,
    errors: Sequence[Mapping[str, Any]] = (),
) -> Response:
    """The answer: `type` is stable, `instance` is the id under which the log knows the request.

    A browser that asks for a page gets one that says the same, drawn by `app.state.problem_page`.
    """
    chosen = english_chosen(request)
    english = prefers_english(request.headers.get("accept-language", "")) if chosen is None else chosen
    title = TITLES.get(status) or Said(HTTPStatus(status).phrase, HTTPStatus(status).phrase)
    draw = getattr(request.app.state, "problem_page", None)
    if draw is not None and "text/html" in request.headers.get("accept", ""):
        page: Response = draw(request, status, title, said)
        page.headers.update(headers or {})
        return page
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": title.in_language(english),
        "status": status,
        "code": code,
        "instance": f"urn:request:{getattr(request.state, 'request_id', '')}",
    }
    if said is not None:
        body["detail"] = said.in_language(english)
    if errors:
        body["errors"] = list(errors)
    extra = {"Content-Language": "en" if english else "zh", "Vary": "Accept-Language", **(headers or {})}
    if status == 503:
        extra.setdefault("Retry-After", str(_RETRY_SECONDS))
    return JSONResponse(body, status, extra, MEDIA_TYPE)


def english_chosen(request: Request) -> bool | None:
    """The language chosen in the page, which keeps it in a cookie; None where nobody chose."""
    chosen = request.cookies.get("lang")
    return chosen == "en" if chosen in {"zh", "en"} else None


def prefers_english(accepted: str) -> bool:
    """Whether an Accept-Language header asks for English before Chinese; Chinese unless it does."""
    wanted: dict[str, float] = {}
    for part in accepted.split(",")[:20]:
        tag, _, weight = part.strip().partition(";")
        match = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", weight)
        wanted.setdefault(tag.strip().lower().partition("-")[0], float(match[1]) if match else 1.0)
    return wanted.get("en", 0.0) > wanted.get("zh", 0.0)


def parted(message: str) -> Said:
    """A message of the form `中文。 English.` as its two halves; one that is in one language stands for both."""
    match = re.match(r"(.*?[\u3002\uff01\uff1b])\s+(?=[A-Z\d])(.*)", message, re.DOTALL)
    return Said(match[1], match[2]) if match else Said(message, message)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return problem(request, error.status, error.code, error.said, error.headers)


async def _review_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ReviewError)
    status = next(status for kind, status in STATUSES if isinstance(error, kind))
    if status >= 500:
        logger.error("%s: %s", type(error).__name__, error)
    return problem(request, status, error.code, parted(str(error)))


async def _task_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, TaskRefused)
    status = 404 if error.code == NoSuchPage.code else 422
    return problem(request, status, error.code, parted(str(error)))


async def _not_drawn(request: Request, error: Exception) -> Response:
    logger.error("a desk failed: %s", type(error).__name__)
    said = Said(
        "该内容无法生成，请下载原件查看。", "This could not be made; the file may be damaged. Look at the original."
    )
    return problem(request, 422, "not_drawable", said)


async def _closing(request: Request, _: Exception) -> Response:
    return problem(
        request, 503, "closing", Said("服务正在停止，请稍后重试。", "The service is stopping; try again later.")
    )


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = [
        {"pointer": "/" + "/".join(str(step) for step in one["loc"]), "detail": one["msg"], "code": one["type"]}
        for one in error.errors()
    ]
    said = Said("请求的内容不符合要求，详见 errors。", "The request does not have the required form; see errors.")
    return problem(request, 422, "invalid_request", said, errors=found)


async def _plain_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    codes = {400: "bad_request", 404: "not_found", 405: "method_not_allowed", 413: "too_large"}
    code = codes.get(error.status_code, f"http_{error.status_code}")
    return problem(request, error.status_code, code, None, error.headers)


async def unexpected(request: Request, error: Exception) -> Response:
    """What nobody foresaw: the log has it all, the caller its number."""
    logger.error("request failed", exc_info=error)
    said = Said(
        "程序出错，请凭 instance 中的编号联系管理员。", "The service failed; give the operator the number in instance."
    )
    return problem(request, 500, "internal_error", said)
