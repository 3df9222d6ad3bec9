"""The catalogue of checks, and what the codes of problems mean."""

import inspect
from typing import Any

from fastapi import APIRouter, Request

from api.http.access import Reader
from api.http.answers import errors
from api.http.problems import STATUSES, parted
from api.jobs import showing, tasks
from api.render.catalogue import catalogue_json
from api.store import errors as stored
from matchers.checks import CHECKS
from models import errors as plain
from models.errors import ReviewError

router = APIRouter(tags=["catalogue"])


@router.get("/v1/checks", responses=errors())
def checks(request: Request, _: Reader) -> list[dict[str, Any]]:
    """核查项目录：级别、依据、建议。 Every check with its severity, legal basis and advice."""
    return catalogue_json(CHECKS)


@router.get("/problems/{code}")
def problem(code: str) -> dict[str, Any]:
    """问题代码的含义。 What a problem's code means."""
    for kind in _kinds():
        if kind.code == code:
            said = parted(" ".join((inspect.getdoc(kind) or "").split("\n\nReviewError")[0].split()))
            status = next(status for known, status in STATUSES if issubclass(kind, known))
            return {"code": code, "status": status, "zh": said.zh, "en": said.en}
    return {"code": code, "status": None, "zh": "见响应中的 detail。", "en": "See detail in the answer."}


def _kinds() -> list[type[ReviewError]]:
    modules = (plain, stored, showing, tasks)
    return [
        kind
        for module in modules
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, ReviewError)
    ]
