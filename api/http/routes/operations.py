"""For those who run the service: whether it lives, whether it is ready, its version and its figures."""

from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST

from api import clock
from api.http.access import Lister
from api.http.answers import errors
from api.http.context import context_of
from api.review import rules_version
from api.store.errors import StoreError
from api.store.workers import workers
from api.version import version

router = APIRouter(tags=["operations"])

_SILENT = 60.0


@router.get("/livez")
def live() -> dict[str, str]:
    """进程在运行。 The process runs."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"description": "尚不可用，见各项。 Not ready; see the parts."}})
def ready(request: Request) -> Response:
    """数据库可达、且有工作进程在运行。 The database answers and a worker is alive."""
    context = context_of(request)
    parts: dict[str, str] = {}
    try:
        context.store.database.read(lambda connection: connection.execute(sa.select(1)))
        parts["database"] = "ok"
        now = clock.now()
        alive = [w for w in workers(context.store) if (now - w.beat_at).total_seconds() < _SILENT]
        parts["workers"] = "ok" if alive else "none"
    except StoreError:
        parts["database"] = "away"
    good = set(parts.values()) == {"ok"}
    return JSONResponse({"status": "ok" if good else "not ready", **parts}, 200 if good else 503)


@router.get("/version")
def versions() -> dict[str, str]:
    """程序与规则的版本。 Versions of code and rules."""
    return {"code": version(), "rules": rules_version()}


@router.get("/metrics", response_class=Response, responses=errors())
def metrics(request: Request, _: Lister) -> Response:
    """Prometheus 指标。 Figures for Prometheus."""
    return Response(context_of(request).meters.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})


@router.get("/v1/workers", responses=errors())
def working(request: Request, _: Lister) -> list[dict[str, Any]]:
    """工作进程及其最近一次心跳。 The workers and when each was last alive."""
    return [
        {"id": w.id, "role": w.role, "host": w.host, "pid": w.pid, "beat_at": w.beat_at, "facts": dict(w.facts)}
        for w in workers(context_of(request).store)
    ]
